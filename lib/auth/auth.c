/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "auth/auth.h"

#include <pthread.h>
#include <semaphore.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "queries.h"

static sem_t hashes;
static pthread_once_t hashes_once = PTHREAD_ONCE_INIT;

/* The hash of a random text: a name that does not exist must take as long to refuse as one that does. */
static char nobody[crypto_pwhash_STRBYTES];

static void hashes_setup(void)
{
	char secret[BP_AUTH_TOKEN_SIZE];

	sem_init(&hashes, 0, BP_AUTH_HASHES_MOST);
	randombytes_buf(secret, sizeof(secret));
	if (crypto_pwhash_str(nobody, secret, sizeof(secret), crypto_pwhash_OPSLIMIT_INTERACTIVE,
		    crypto_pwhash_MEMLIMIT_INTERACTIVE))
		nobody[0] = '\0';
}

/* One computation holds 64 MiB: let only a few run at once, the others wait their turn. */
static void hashes_enter(void)
{
	pthread_once(&hashes_once, hashes_setup);
	while (sem_wait(&hashes))
		;
}

enum bp_error bp_auth_hash(const char *password, char out[128])
{
	int rc;

	hashes_enter();
	rc = crypto_pwhash_str(out, password, strlen(password), crypto_pwhash_OPSLIMIT_INTERACTIVE,
		crypto_pwhash_MEMLIMIT_INTERACTIVE);
	sem_post(&hashes);
	return rc ? BP_E_BUSY : BP_E_OK;
}

static bool password_right(const char *stored, const char *password)
{
	int rc;

	hashes_enter();
	rc = crypto_pwhash_str_verify(stored, password, strlen(password));
	sem_post(&hashes);
	return rc == 0;
}

void bp_auth_generate(char out[20])
{
	static const char letters[] = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

	for (int i = 0; i < 19; i++)
		out[i] = i % 5 == 4 ? '-' : letters[randombytes_uniform(sizeof(letters) - 1)];
	out[19] = '\0';
}

static void random_token(char out[BP_AUTH_TOKEN_SIZE])
{
	unsigned char raw[32];

	randombytes_buf(raw, sizeof(raw));
	sodium_bin2base64(out, BP_AUTH_TOKEN_SIZE, raw, sizeof(raw), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static struct bp_bytes token_hash(const char *token, unsigned char out[32])
{
	crypto_generichash(out, 32, (const unsigned char *)token, strlen(token), NULL, 0);
	return (struct bp_bytes){out, 32};
}

static enum bp_error load_rights(struct bp_db *db, struct bp_arena *a, struct bp_user *u)
{
	struct q_user_scopes *s;
	size_t n;
	enum bp_error e = q_user_scopes(db, a, (int64_t)u->id, &s, &n);

	u->anywhere = u->world = 0;
	for (size_t i = 0; i < n && !e; i++) {
		const struct bp_role *r = bp_role_find(s[i].role);

		u->anywhere |= r ? r->perms : 0;
		if (!s[i].territory_id)
			u->world |= r ? r->perms : 0;
	}
	return e;
}

/* Seconds to wait when the subject has failed too often of late, else 0. */
static enum bp_error throttled(struct bp_db *db, struct bp_arena *a, const char *subject, int most, int *seconds)
{
	struct q_login_failures row;
	enum bp_error e = q_login_failures(db, a, subject, BP_AUTH_WINDOW_SECONDS, &row);

	if (!e && row.failures >= most)
		*seconds = BP_AUTH_WINDOW_SECONDS - (int)row.age;
	return e == BP_E_NOT_FOUND ? BP_E_OK : e;
}

enum bp_error bp_auth_login(struct bp_db *db, struct bp_arena *a, const char *username, const char *password,
	const char *ip, const char *agent, char token[BP_AUTH_TOKEN_SIZE], struct bp_user *user, int *retry_after)
{
	char *by_name = bp_sprintf(a, "u:%.70s", username), *by_ip = bp_sprintf(a, "a:%.45s", ip);
	char csrf[BP_AUTH_TOKEN_SIZE];
	unsigned char hash[32];
	struct q_user_login row;
	enum bp_error e;
	bool right;

	*retry_after = 0;
	e = throttled(db, a, by_name, BP_AUTH_FAILURES_MOST, retry_after);
	if (!e)
		e = throttled(db, a, by_ip, BP_AUTH_ADDRESS_FAILURES_MOST, retry_after);
	if (e || *retry_after)
		return e ? e : BP_E_AUTH_THROTTLED;
	e = q_user_login(db, a, username, &row);
	if (e && e != BP_E_NOT_FOUND)
		return e;
	pthread_once(&hashes_once, hashes_setup);
	right = password_right(!e && row.password ? row.password : nobody, password);
	if (e || !right || !row.active || !row.password) {
		e = q_login_failed(db, by_name, BP_AUTH_WINDOW_SECONDS, NULL);
		if (!e)
			e = q_login_failed(db, by_ip, BP_AUTH_WINDOW_SECONDS, NULL);
		return e ? e : BP_E_AUTH_CREDENTIALS;
	}
	/* Nobody waits for these: the next sign-in tries again. */
	q_auth_session_sweep(db, NULL);
	q_login_failure_sweep(db, BP_AUTH_WINDOW_SECONDS, NULL);
	random_token(token);
	random_token(csrf);
	e = q_auth_session_add(db, token_hash(token, hash), row.id, csrf, ip, agent, BP_AUTH_SESSION_HOURS, NULL);
	if (!e)
		e = q_login_succeeded(db, by_name, NULL);
	if (!e)
		e = q_user_logged_in(db, row.id, NULL);
	*user = (struct bp_user){.id = (uint64_t)row.id, .username = bp_strdup(a, username), .name = row.name,
		.email = row.email, .locale = row.locale, .demo = row.demo, .csrf = bp_strdup(a, csrf)};
	return e ? e : load_rights(db, a, user);
}

enum bp_error bp_auth_user(struct bp_db *db, struct bp_arena *a, const char *token, struct bp_user *user)
{
	struct q_auth_session_get row;
	unsigned char hash[32];
	enum bp_error e;

	if (strlen(token) != BP_AUTH_TOKEN_SIZE - 1)
		return BP_E_AUTH_TOKEN;
	e = q_auth_session_get(db, a, token_hash(token, hash), &row);
	if (e)
		return e == BP_E_NOT_FOUND ? BP_E_AUTH_TOKEN : e;
	/* Not at every request: a read should not write. */
	if (row.idle > 60)
		e = q_auth_session_touch(db, token_hash(token, hash), BP_AUTH_SESSION_HOURS, NULL);
	*user = (struct bp_user){.id = (uint64_t)row.id, .username = row.username, .name = row.name, .email = row.email,
		.locale = row.locale, .demo = row.demo, .csrf = row.csrf};
	return e ? e : load_rights(db, a, user);
}

enum bp_error bp_auth_logout(struct bp_db *db, const char *token)
{
	unsigned char hash[32];

	return q_auth_session_drop(db, token_hash(token, hash), NULL);
}

enum bp_error bp_auth_logout_others(struct bp_db *db, uint64_t user, const char *token)
{
	unsigned char hash[32];

	return q_auth_session_drop_others(db, (int64_t)user, token_hash(token, hash), NULL);
}

enum bp_error bp_auth_verify(struct bp_db *db, struct bp_arena *a, uint64_t user, const char *password)
{
	struct q_user_password row;
	enum bp_error e = q_user_password(db, a, (int64_t)user, &row);

	if (e)
		return e;
	return row.password && password_right(row.password, password) ? BP_E_OK : BP_E_AUTH_CREDENTIALS;
}

enum bp_error bp_auth_may(struct bp_db *db, const struct bp_user *u, enum bp_perm p, uint64_t territory, bool *may)
{
	struct q_user_roles_on *r;
	struct bp_arena a;
	enum bp_error e = BP_E_OK;
	size_t n = 0;

	*may = u->world & BP_PERM_BIT(p);
	if (*may || !territory || !(u->anywhere & BP_PERM_BIT(p)))
		return BP_E_OK;
	bp_arena_init(&a, 1u << 20);
	e = q_user_roles_on(db, &a, (int64_t)u->id, (int64_t)territory, &r, &n);
	for (size_t i = 0; i < n && !e; i++) {
		const struct bp_role *role = bp_role_find(r[i].role);

		*may = *may || (role && role->perms & BP_PERM_BIT(p));
	}
	bp_arena_release(&a);
	return e;
}
