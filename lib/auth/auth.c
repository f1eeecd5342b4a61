/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "auth/auth.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <semaphore.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "auth/factor.h"
#include "auth/known.h"
#include "base/conf.h"
#include "base/log.h"
#include "queries.h"
#include "setting/setting.h"

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

/* What was hashed by the cost of a former version gets that of today, now that the password is known. Nobody waits for it to work: the
 * next sign-in tries again. */
static void renew_hash(struct bp_db *db, int64_t user, const char *stored, const char *password)
{
	char hash[128];

	if (crypto_pwhash_str_needs_rehash(stored, crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE) &&
		!bp_auth_hash(password, hash) && !q_user_rehash(db, user, hash, stored, NULL))
		bp_log(BP_LOG_INFO, "ev=password_rehashed user=%lld", (long long)user);
}

static bool password_right(const char *stored, const char *password)
{
	int rc;

	hashes_enter();
	rc = crypto_pwhash_str_verify(stored, password, strlen(password));
	sem_post(&hashes);
	return rc == 0;
}

void bp_auth_generate(char out[BP_AUTH_GENERATED])
{
	static const char letters[] = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

	for (int i = 0; i < BP_AUTH_GENERATED - 1; i++)
		out[i] = i % 5 == 4 ? '-' : letters[randombytes_uniform(sizeof(letters) - 1)];
	out[BP_AUTH_GENERATED - 1] = '\0';
}

void bp_auth_secret(char out[BP_AUTH_TOKEN_SIZE])
{
	unsigned char raw[32];

	randombytes_buf(raw, sizeof(raw));
	sodium_bin2base64(out, BP_AUTH_TOKEN_SIZE, raw, sizeof(raw), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

struct bp_bytes bp_auth_hash_of(const char *secret, unsigned char out[32])
{
	crypto_generichash(out, 32, (const unsigned char *)secret, strlen(secret), NULL, 0);
	return (struct bp_bytes){out, 32};
}

enum bp_error bp_auth_rights(struct bp_db *db, struct bp_arena *a, struct bp_user *u)
{
	struct q_user_scopes *s;
	size_t n;
	enum bp_error e = q_user_scopes(db, a, (int64_t)u->scopes_of, &s, &n);

	u->anywhere = u->world = 0;
	for (size_t i = 0; i < n && !e; i++) {
		const struct bp_role *r = bp_role_find(s[i].role);
		uint64_t perms = r ? r->perms & u->most : 0;

		u->anywhere |= perms;
		if (!s[i].territory_id)
			u->world |= perms;
	}
	return e;
}

enum bp_error bp_auth_factor_asked(struct bp_db *db, struct bp_arena *a, const struct bp_user *u, const char *roles, bool *asked)
{
	struct q_user_scopes *s;
	size_t n = 0;
	enum bp_error e = BP_E_OK;

	*asked = false;
	if (!strcmp(roles, "off"))
		return BP_E_OK;
	e = q_user_scopes(db, a, (int64_t)u->id, &s, &n);
	for (size_t i = 0; i < n && !e; i++)
		*asked = *asked || bp_conf_lists(roles, s[i].role);
	return e;
}

/* Seconds to wait when the subject has failed too often of late, else 0. */
static enum bp_error throttled(struct bp_db *db, struct bp_arena *a, const char *subject, int most, int *seconds)
{
	struct q_login_failures row;
	int64_t window = bp_setting(BP_SETTING_sign_in_wait_seconds);
	enum bp_error e = q_login_failures(db, a, subject, window, &row);

	if (!e && row.failures >= most)
		*seconds = (int)(window - row.age);
	return e == BP_E_NOT_FOUND ? BP_E_OK : e;
}

int bp_auth_wait(int64_t failures, int64_t age)
{
	int64_t window = bp_setting(BP_SETTING_sign_in_wait_seconds);

	return failures >= bp_setting(BP_SETTING_sign_in_failures) && age < window ? (int)(window - age) : 0;
}

/* A browser that is known to the account is counted by itself: tries of others do not count for it, nor its own for others. */
static char *by_name(struct bp_arena *a, const struct bp_sign_in *in)
{
	return in->known && bp_known_is(in->dir, in->username, in->known) ? bp_sprintf(a, "k:%.*s", BP_KNOWN_NAME, in->known)
									  : bp_sprintf(a, "u:%.70s", in->username);
}

const char *bp_auth_network(struct bp_arena *a, const char *ip)
{
	struct in6_addr v6;
	char text[INET6_ADDRSTRLEN];

	if (inet_pton(AF_INET6, ip, &v6) != 1 || IN6_IS_ADDR_V4MAPPED(&v6))
		return ip;
	memset(v6.s6_addr + 8, 0, 8);
	return bp_strdup(a, inet_ntop(AF_INET6, &v6, text, sizeof(text)));
}

static char *by_ip(struct bp_arena *a, const char *ip)
{
	return bp_sprintf(a, "a:%.45s", bp_auth_network(a, ip));
}

/* Does the account or the address wait, that so many failures are allowed and `more`? */
static enum bp_error waits(struct bp_db *db, struct bp_arena *a, struct bp_sign_in *in, int more)
{
	enum bp_error e;

	in->retry_after = 0;
	e = throttled(db, a, by_name(a, in), (int)bp_setting(BP_SETTING_sign_in_failures) + more, &in->retry_after);
	if (!e)
		e = throttled(db, a, by_ip(a, in->ip), BP_AUTH_ADDRESS_FAILURES_MOST + more, &in->retry_after);
	return e || !in->retry_after ? e : BP_E_AUTH_THROTTLED;
}

enum bp_error bp_auth_throttled(struct bp_db *db, struct bp_arena *a, struct bp_sign_in *in)
{
	return waits(db, a, in, 0);
}

enum bp_error bp_auth_failed(struct bp_db *db, struct bp_arena *a, const struct bp_sign_in *in)
{
	enum bp_error e = q_login_failed(db, by_name(a, in), bp_setting(BP_SETTING_sign_in_wait_seconds), NULL);

	return e ? e : q_login_failed(db, by_ip(a, in->ip), bp_setting(BP_SETTING_sign_in_wait_seconds), NULL);
}

static enum bp_error uncount(struct bp_db *db, struct bp_arena *a, const struct bp_sign_in *in)
{
	enum bp_error e = q_login_uncount(db, by_name(a, in), NULL);

	return e ? e : q_login_uncount(db, by_ip(a, in->ip), NULL);
}

enum bp_error bp_auth_prove(struct bp_db *db, struct bp_arena *a, struct bp_sign_in *in, struct bp_user *user)
{
	struct q_user_login row;
	enum bp_error e, counted;
	bool known, right;

	/* Counted as a failure until it is none: of many that come at once no more get through than one after the other. */
	e = bp_auth_failed(db, a, in);
	if (!e)
		e = waits(db, a, in, 1);
	if (e == BP_E_AUTH_THROTTLED) /* not looked at, and so no failure */
		return (counted = uncount(db, a, in)) ? counted : e;
	if (e)
		return e;
	e = q_user_login(db, a, in->username, &row);
	if (e && e != BP_E_NOT_FOUND)
		return e;
	pthread_once(&hashes_once, hashes_setup);
	known = !e;
	right = password_right(known && row.password ? row.password : nobody, in->password);
	if (e || !right || !row.active || !row.password)
		e = BP_E_AUTH_CREDENTIALS;
	else if (row.over) /* told to whoever knows it only */
		e = BP_E_AUTH_FIRST;
	else if (row.factor)
		e = in->code ? bp_factor_check(db, a, in->dir, (uint64_t)row.id, in->code) : BP_E_AUTH_CODE_NEEDED;
	if (e == BP_E_AUTH_CREDENTIALS || e == BP_E_AUTH_CODE) {
		/* A name that is nobody's may be a password in the wrong field: it is not written down. */
		bp_log(BP_LOG_WARN, "ev=sign_in_failed user=%lld address=%s", known ? (long long)row.id : 0LL, in->ip);
		return e;
	}
	counted = uncount(db, a, in);
	if (e || counted)
		return e ? e : counted;
	/* Nobody waits for these: the next sign-in tries again. */
	renew_hash(db, row.id, row.password, in->password);
	q_auth_session_sweep(db, NULL);
	q_token_family_sweep(db, NULL);
	q_login_failure_sweep(db, bp_setting(BP_SETTING_sign_in_wait_seconds), NULL);
	*user = (struct bp_user){.id = (uint64_t)row.id, .username = bp_strdup(a, in->username), .name = row.name, .email = row.email,
		.locale = row.locale, .demo = row.demo, .scopes_of = (uint64_t)row.id, .most = UINT64_MAX, .factor = row.factor, .password_until = row.until};
	e = q_login_succeeded(db, by_name(a, in), NULL);
	if (!e)
		e = q_user_logged_in(db, row.id, NULL);
	return e ? e : bp_auth_rights(db, a, user);
}

enum bp_error bp_auth_open(struct bp_db *db, struct bp_arena *a, const struct bp_sign_in *in, char token[BP_AUTH_TOKEN_SIZE], struct bp_user *user)
{
	unsigned char hash[32];
	char csrf[BP_AUTH_TOKEN_SIZE];
	enum bp_error e;

	bp_auth_secret(token);
	bp_auth_secret(csrf);
	user->csrf = bp_strdup(a, csrf);
	e = q_auth_session_add(db, bp_auth_hash_of(token, hash), (int64_t)user->id, csrf, in->ip, in->agent, bp_setting(BP_SETTING_session_hours), NULL);
	user->by_id = bp_db_insert_id(db);
	return e;
}

enum bp_error bp_auth_login(struct bp_db *db, struct bp_arena *a, struct bp_sign_in *in, char token[BP_AUTH_TOKEN_SIZE],
	struct bp_user *user)
{
	enum bp_error e = bp_auth_prove(db, a, in, user);

	return e ? e : bp_auth_open(db, a, in, token, user);
}

/* Whoever looks through the eyes of others must still be allowed to; else the session is its owner's again. */
static enum bp_error viewer_may(struct bp_db *db, struct bp_arena *a, const struct q_auth_session_get *row, bool *may)
{
	struct bp_user viewer = {.scopes_of = (uint64_t)row->viewer, .most = UINT64_MAX};
	enum bp_error e = bp_auth_rights(db, a, &viewer);

	*may = viewer.world & BP_PERM_BIT(BP_PERM_MANAGE_USERS);
	return e || *may ? e : q_auth_session_view(db, row->session, 0, NULL);
}

enum bp_error bp_auth_user(struct bp_db *db, struct bp_arena *a, const char *token, struct bp_user *user)
{
	struct q_auth_session_get row;
	unsigned char hash[32];
	bool may = true;
	enum bp_error e;

	if (strlen(token) != BP_AUTH_TOKEN_SIZE - 1)
		return BP_E_AUTH_TOKEN;
	e = q_auth_session_get(db, a, bp_auth_hash_of(token, hash), &row);
	if (!e && row.viewer)
		e = viewer_may(db, a, &row, &may);
	if (!e && !may)
		e = q_auth_session_get(db, a, bp_auth_hash_of(token, hash), &row);
	if (e)
		return e == BP_E_NOT_FOUND ? BP_E_AUTH_TOKEN : e;
	/* Not at every request: a read should not write. */
	if (row.idle > 60)
		e = q_auth_session_touch(db, bp_auth_hash_of(token, hash), bp_setting(BP_SETTING_session_hours),
			bp_setting(BP_SETTING_session_days), NULL);
	*user = (struct bp_user){.id = (uint64_t)row.id, .username = row.username, .name = row.name, .email = row.email,
		.locale = row.locale, .demo = row.demo, .csrf = row.csrf, .scopes_of = (uint64_t)row.id, .most = UINT64_MAX,
		.by_id = (uint64_t)row.session, .viewer = (uint64_t)row.viewer, .viewer_name = row.viewer_name, .factor = row.factor,
		.proof = row.proof, .password_until = row.until};
	return e ? e : bp_auth_rights(db, a, user);
}

enum bp_error bp_auth_logout(struct bp_db *db, const char *token)
{
	unsigned char hash[32];

	return q_auth_session_drop(db, bp_auth_hash_of(token, hash), NULL);
}

enum bp_error bp_auth_logout_others(struct bp_db *db, uint64_t user, const char *token)
{
	unsigned char hash[32];

	enum bp_error e = q_auth_session_drop_others(db, (int64_t)user, bp_auth_hash_of(token, hash), NULL);

	return e ? e : q_token_family_end_user(db, (int64_t)user, NULL);
}

struct ending {
	int64_t user;
	bool keys;
};

static enum bp_error end_all(struct bp_db *db, void *ctx)
{
	const struct ending *x = ctx;
	enum bp_error e = q_auth_session_drop_user(db, x->user, NULL);

	if (!e)
		e = q_token_family_end_user(db, x->user, NULL);
	if (!e && x->keys)
		e = q_user_scope_clear_keys(db, x->user, NULL);
	return e || !x->keys ? e : q_api_key_drop_user(db, x->user, NULL);
}

enum bp_error bp_auth_end_all(struct bp_db *db, uint64_t user, bool keys)
{
	return bp_db_tx(db, end_all, &(struct ending){(int64_t)user, keys});
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
	e = q_user_roles_on(db, &a, (int64_t)u->scopes_of, (int64_t)territory, &r, &n);
	for (size_t i = 0; i < n && !e; i++) {
		const struct bp_role *role = bp_role_find(r[i].role);

		*may = *may || (role && role->perms & BP_PERM_BIT(p));
	}
	bp_arena_release(&a);
	return e;
}
