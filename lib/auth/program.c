/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "auth/program.h"

#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "queries.h"

#define REFRESH "bpr_"
#define KEY "bpk_"
/* Above all users: user_scope holds what a key with a territory may see under this number. */
#define KEY_SCOPES (UINT64_C(1) << 62)

static void secret_of(const char *kind, char out[BP_PROGRAM_SECRET])
{
	char text[BP_AUTH_TOKEN_SIZE];

	bp_auth_secret(text);
	snprintf(out, BP_PROGRAM_SECRET, "%s%s", kind, text);
}

/* --- tokens --- */

struct granting {
	struct bp_arena *a;
	const char *name, *ip, *came;
	struct bp_grant *g;
};

static enum bp_error add_refresh(struct bp_db *db, struct granting *w)
{
	unsigned char hash[32];
	enum bp_error e = q_refresh_token_add(db, bp_auth_hash_of(w->g->refresh, hash), (int64_t)w->g->family, BP_REFRESH_DAYS, NULL);

	return e ? e : q_token_family_touch(db, (int64_t)w->g->family, w->ip, NULL);
}

static enum bp_error begin(struct bp_db *db, void *ctx)
{
	struct granting *w = ctx;
	struct q_token_family_count have;
	enum bp_error e = q_token_family_count(db, w->a, (int64_t)w->g->user, &have);

	if (!e && have.n >= BP_FAMILIES_MOST)
		return BP_E_CONFLICT;
	if (!e)
		e = q_token_family_add(db, (int64_t)w->g->user, w->name, BP_FAMILY_DAYS, NULL);
	w->g->family = bp_db_insert_id(db);
	return e ? e : add_refresh(db, w);
}

static enum bp_error rotate(struct bp_db *db, void *ctx)
{
	struct granting *w = ctx;
	struct q_refresh_token_get row;
	unsigned char hash[32];
	struct bp_bytes came = bp_auth_hash_of(w->came, hash);
	enum bp_error e = q_refresh_token_get(db, w->a, came, &row);

	if (e)
		return e == BP_E_NOT_FOUND ? BP_E_AUTH_TOKEN : e;
	w->g->user = (uint64_t)row.user_id;
	w->g->family = (uint64_t)row.family_id;
	w->g->reused = row.good && row.used;
	/* Two have the same token and only one of them should: neither goes on. */
	if (w->g->reused)
		return q_token_family_end(db, row.user_id, row.family_id, "REUSED", NULL);
	if (!row.good)
		return BP_E_AUTH_TOKEN;
	e = q_refresh_token_use(db, came, NULL);
	return e ? e : add_refresh(db, w);
}

static enum bp_error run(struct bp_db *db, const char *dir, enum bp_error (*fn)(struct bp_db *, void *), struct granting *w)
{
	struct bp_token_keys keys;
	struct bp_fail f = {0};
	int64_t now = bp_now() / 1000000;
	enum bp_error e = bp_token_keys_load(dir, &keys, &f);

	if (e)
		return BP_E_INTERNAL;
	secret_of(REFRESH, w->g->refresh);
	e = bp_db_tx(db, fn, w);
	if (!e && w->g->reused)
		e = BP_E_AUTH_TOKEN;
	if (!e)
		bp_token_sign(&keys, &(struct bp_token){w->g->user, w->g->family, now, now + BP_TOKEN_SECONDS}, w->g->access);
	return e;
}

enum bp_error bp_grant(struct bp_db *db, struct bp_arena *a, const char *dir, uint64_t user, const char *name, const char *ip,
	struct bp_grant *g)
{
	*g = (struct bp_grant){.user = user};
	return run(db, dir, begin, &(struct granting){a, name, ip, NULL, g});
}

enum bp_error bp_grant_refresh(struct bp_db *db, struct bp_arena *a, const char *dir, const char *refresh, const char *ip,
	struct bp_grant *g)
{
	*g = (struct bp_grant){0};
	return run(db, dir, rotate, &(struct granting){a, NULL, ip, refresh, g});
}

/* --- keys --- */

enum bp_error bp_key_add(struct bp_db *db, uint64_t user, const struct bp_new_key *in, char secret[BP_PROGRAM_SECRET], uint64_t *id)
{
	unsigned char hash[32];
	char hint[9];
	enum bp_error e;

	secret_of(KEY, secret);
	snprintf(hint, sizeof(hint), "%s", secret);
	e = q_api_key_add(db, (int64_t)user, in->name, bp_auth_hash_of(secret, hash), hint, (int64_t)in->perms, (int64_t)in->territory, in->expires,
		NULL);
	*id = bp_db_insert_id(db);
	return e;
}

enum bp_error bp_key_revoke(struct bp_db *db, uint64_t user, uint64_t id)
{
	uint64_t changed = 0;
	enum bp_error e = q_api_key_revoke(db, (int64_t)user, (int64_t)id, &changed);

	if (!e && !changed)
		return BP_E_NOT_FOUND;
	return e ? e : q_user_scope_clear(db, (int64_t)(KEY_SCOPES | id), NULL);
}

/* What the owner may do within the territory of the key, as rows of the key itself; written only when they have changed. */
struct cut {
	uint64_t key;
	struct q_scopes_within *s;
	size_t n;
};

static enum bp_error store_cut(struct bp_db *db, void *ctx)
{
	struct cut *c = ctx;
	enum bp_error e = q_user_scope_clear(db, (int64_t)(KEY_SCOPES | c->key), NULL);

	for (size_t i = 0; i < c->n && !e; i++)
		e = q_user_scope_add(db, (int64_t)(KEY_SCOPES | c->key), c->s[i].territory_id, c->s[i].role, NULL);
	return e;
}

static enum bp_error cut_scopes(struct bp_db *db, struct bp_arena *a, const struct q_api_key_user *k)
{
	struct cut c = {.key = (uint64_t)k->key_id};
	struct q_user_scopes *have;
	size_t n;
	enum bp_error e = q_scopes_within(db, a, k->id, k->territory_id, &c.s, &c.n);
	bool same;

	if (!e)
		e = q_user_scopes(db, a, (int64_t)(KEY_SCOPES | c.key), &have, &n);
	if (e)
		return e;
	same = n == c.n;
	for (size_t i = 0; i < n && same; i++)
		same = have[i].territory_id == c.s[i].territory_id && !strcmp(have[i].role, c.s[i].role);
	e = same ? BP_E_OK : bp_db_tx(db, store_cut, &c);
	/* Somebody with the same key wrote the same rows meanwhile. */
	return e == BP_E_CONFLICT ? BP_E_OK : e;
}

static enum bp_error key_user(struct bp_db *db, struct bp_arena *a, const char *text, const char *ip, struct bp_user *u)
{
	struct q_api_key_user k;
	unsigned char hash[32];
	enum bp_error e = q_api_key_user(db, a, bp_auth_hash_of(text, hash), &k);

	if (e)
		return e == BP_E_NOT_FOUND ? BP_E_AUTH_TOKEN : e;
	*u = (struct bp_user){.id = (uint64_t)k.id, .username = k.username, .name = k.name, .email = k.email, .locale = k.locale, .csrf = "",
		.demo = k.demo, .scopes_of = k.territory_id ? KEY_SCOPES | (uint64_t)k.key_id : (uint64_t)k.id, .most = (uint64_t)k.perms,
		.by = BP_BY_KEY, .by_id = (uint64_t)k.key_id, .program = k.program, .factor = k.factor};
	if (k.territory_id)
		e = cut_scopes(db, a, &k);
	/* Not at every request: a read should not write. */
	return e || k.idle <= 60 ? e : q_api_key_touch(db, k.key_id, ip, NULL);
}

static enum bp_error token_user(struct bp_db *db, struct bp_arena *a, const char *dir, const char *text, const char *ip, struct bp_user *u)
{
	struct bp_token_keys keys;
	struct q_token_user r;
	struct bp_token t;
	struct bp_fail f = {0};
	enum bp_error e = bp_token_keys_load(dir, &keys, &f);

	if (e)
		return BP_E_INTERNAL;
	if (!bp_token_check(&keys, text, bp_now() / 1000000, &t))
		return BP_E_AUTH_TOKEN;
	e = q_token_user(db, a, (int64_t)t.family, (int64_t)t.user, &r);
	if (e)
		return e == BP_E_NOT_FOUND ? BP_E_AUTH_TOKEN : e;
	*u = (struct bp_user){.id = (uint64_t)r.id, .username = r.username, .name = r.name, .email = r.email, .locale = r.locale, .csrf = "",
		.demo = r.demo, .scopes_of = (uint64_t)r.id, .most = UINT64_MAX, .by = BP_BY_TOKEN, .by_id = t.family, .program = r.program,
		.factor = r.factor};
	return r.idle <= 60 ? BP_E_OK : q_token_family_touch(db, (int64_t)t.family, ip, NULL);
}

enum bp_error bp_program_user(struct bp_db *db, struct bp_arena *a, const char *dir, const char *text, const char *ip,
	struct bp_user *user)
{
	enum bp_error e = strncmp(text, KEY, strlen(KEY)) ? token_user(db, a, dir, text, ip, user) : key_user(db, a, text, ip, user);

	return e ? e : bp_auth_rights(db, a, user);
}
