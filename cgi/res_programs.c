/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_programs.c - how programs get in: tokens that they renew, and API keys. */
#include <string.h>

#include "auth/factor.h"
#include "auth/program.h"
#include "base/time.h"
#include "cgi/res_users.h"
#include "queries.h"

#define DAY_US INT64_C(86400000000)
#define KEYS_MOST 100 /* of one user */

struct grant_body {
	const char *username, *password, *code, *name;
};
BP_SHAPE(token_grant_body, grant_body,
	BP_STR(grant_body, username, BP_REQ, 1, 64, "user name"),
	BP_STR(grant_body, password, BP_REQ, 1, BP_PASSWORD_MAX, "password"),
	BP_STR(grant_body, code, BP_NUL, 1, BP_FACTOR_CODE_MOST, "of the second factor, or a recovery code"),
	BP_STR(grant_body, name, BP_REQ, 1, 80, "what the program is called"));

struct named {
	const char *name;
};
BP_SHAPE(token_new, named,
	BP_STR(named, name, BP_REQ, 1, 80, "what the program is called"));

struct refresh_body {
	const char *refresh_token;
};
BP_SHAPE(token_refresh_body, refresh_body,
	BP_STR(refresh_body, refresh_token, BP_REQ, 1, 100, "the one that came with the access token; good for one use"));

struct granted {
	int64_t id, expires_in, refresh_expires_in;
	const char *access_token, *token_type, *refresh_token;
};
BP_SHAPE(token_grant, granted,
	BP_INT(granted, id, BP_REQ, 1, 9e15, "number of the grant"),
	BP_STR(granted, access_token, BP_REQ, 1, BP_TOKEN_SIZE, "send it as Authorization: Bearer TOKEN"),
	BP_STR(granted, token_type, BP_REQ, 6, 6, "Bearer"),
	BP_INT(granted, expires_in, BP_REQ, 1, 86400, "seconds"),
	BP_STR(granted, refresh_token, BP_REQ, 1, 100, "for POST /auth/refresh"),
	BP_INT(granted, refresh_expires_in, BP_REQ, 1, 1e8, "seconds"));

struct page {
	struct bp_list items;
	const char *next;
};
struct token_row {
	int64_t id, created_at, expires_at;
	const char *name, *last_address, *ended;
	struct bp_opt_int last_used;
};
BP_SHAPE(token_row_shape, token_row,
	BP_INT(token_row, id, BP_REQ, 1, 9e15, "number of the grant"),
	BP_STR(token_row, name, BP_REQ, 1, 80, "what the program is called"),
	BP_TIME(token_row, created_at, BP_REQ, "since when"),
	BP_TIME(token_row, expires_at, BP_REQ, "until when, however often it renews its tokens"),
	BP_TIME(token_row, last_used, BP_NUL, "last call, to the minute"),
	BP_STR(token_row, last_address, BP_REQ, 0, 45, "from where"),
	BP_STR(token_row, ended, BP_NUL, 1, 16, "REVOKED, or REUSED: a refresh token came twice"));
BP_SHAPE(token_page, page,
	BP_LIST(page, items, BP_REQ, 200, &token_row_shape, "the newest first"),
	BP_STR(page, next, BP_NUL, 0, 20, "always null"));

struct key_row {
	int64_t id, created_at;
	const char *name, *hint, *territory, *last_address;
	struct bp_list permissions;
	struct bp_opt_int territory_id, expires_at, last_used;
};
BP_SHAPE(api_key_row, key_row,
	BP_INT(key_row, id, BP_REQ, 1, 9e15, "key"),
	BP_STR(key_row, name, BP_REQ, 1, 80, "what it is for"),
	BP_STR(key_row, hint, BP_REQ, 8, 8, "how it begins"),
	BP_LIST_STR(key_row, permissions, BP_REQ, 64, "what it may do at most: its owner must hold that too"),
	BP_INT(key_row, territory_id, BP_NUL, 1, 9e15, "where, null = wherever its owner may"),
	BP_STR(key_row, territory, BP_NUL, 0, 120, "its name"),
	BP_TIME(key_row, created_at, BP_REQ, "since when"),
	BP_TIME(key_row, expires_at, BP_NUL, "until when"),
	BP_TIME(key_row, last_used, BP_NUL, "last call, to the minute"),
	BP_STR(key_row, last_address, BP_REQ, 0, 45, "from where"));
BP_SHAPE(api_key_page, page,
	BP_LIST(page, items, BP_REQ, 200, &api_key_row, "the newest first"),
	BP_STR(page, next, BP_NUL, 0, 20, "always null"));

struct new_key {
	const char *name;
	struct bp_list permissions;
	struct bp_opt_int territory_id, days;
};
BP_SHAPE(api_key_new, new_key,
	BP_STR(new_key, name, BP_REQ, 1, 80, "what it is for"),
	BP_LIST_STR(new_key, permissions, BP_REQ, 64, "of those that I hold"),
	BP_INT(new_key, territory_id, BP_NUL, 1, 9e15, "only there and below, null = wherever I may"),
	BP_INT(new_key, days, BP_NUL, 1, 3650, "how long it is good, null = until it is revoked"));
struct key_made {
	int64_t id;
	const char *key;
};
BP_SHAPE(api_key_made, key_made,
	BP_INT(key_made, id, BP_REQ, 1, 9e15, "key"),
	BP_STR(key_made, key, BP_REQ, 40, 60, "send it as Authorization: Bearer KEY; shown this once"));

/* --- tokens --- */

static enum bp_error reply_grant(struct bp_req *rq, const struct bp_grant *g)
{
	struct granted *out = bp_alloc(rq->arena, sizeof(*out));

	*out = (struct granted){(int64_t)g->family, BP_TOKEN_SECONDS, BP_REFRESH_DAYS * 86400, bp_strdup(rq->arena, g->access), "Bearer",
		bp_strdup(rq->arena, g->refresh)};
	rq->reply = out;
	rq->secret = true;
	return BP_E_OK;
}

static enum bp_error grant(struct bp_req *rq, const char *name)
{
	struct bp_grant g;
	enum bp_error e = bp_grant(rq->db, rq->arena, rq->app->conf->dir, rq->user.id, name, rq->ip, &g);

	if (e == BP_E_CONFLICT)
		return bp_fail(&rq->fail, e, "%d programs of this user have tokens: shut one out first", BP_FAMILIES_MOST);
	rq->audit.resource_type = "program";
	rq->audit.resource_id = g.family;
	bp_audit_change(&rq->audit, "name", NULL, name);
	return e ? e : reply_grant(rq, &g);
}

static enum bp_error grant_tx(struct bp_db *db, void *ctx)
{
	struct bp_req *rq = ctx;

	(void)db;
	return grant(rq, ((struct grant_body *)rq->body)->name);
}

static enum bp_error grant_by_password(struct bp_req *rq)
{
	struct grant_body *body = rq->body;
	struct bp_sign_in in = {body->username, body->password, body->code, rq->ip, rq->agent, rq->app->conf->dir, 0, NULL};
	bool asked = false;
	enum bp_error e = bp_req_sign_in(rq, &in, bp_auth_prove(rq->db, rq->arena, &in, &rq->user));

	if (!e && !rq->user.factor)
		e = bp_auth_factor_asked(rq->db, rq->arena, &rq->user, rq->app->conf->second_factor_roles, &asked);
	if (!e && asked)
		e = BP_E_AUTH_FACTOR;
	return e ? e : bp_req_tx(rq, grant_tx, rq);
}

static enum bp_error grant_by_person(struct bp_req *rq)
{
	return grant(rq, ((struct named *)rq->body)->name);
}

static enum bp_error refresh(struct bp_req *rq)
{
	struct refresh_body *body = rq->body;
	struct bp_grant g;
	enum bp_error e = bp_grant_refresh(rq->db, rq->arena, rq->app->conf->dir, body->refresh_token, rq->ip, &g);

	if (e && g.reused) {
		/* The family is ended whatever becomes of this reply; an event of its own, since the request is refused. */
		struct bp_audit au = {.action = BP_ACTION_TOKEN_REUSED, .user = g.user, .resource_type = "program", .resource_id = g.family,
			.ip = rq->ip, .agent = rq->agent, .correlation = rq->correlation};

		bp_audit_write(rq->db, &au);
	}
	return e ? e : reply_grant(rq, &g);
}

static enum bp_error list_tokens(struct bp_req *rq)
{
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	struct q_token_family_list *r;
	struct token_row *v;
	size_t n = 0;
	enum bp_error e = q_token_family_list(rq->db, rq->arena, (int64_t)rq->user.id, &r, &n);

	v = bp_alloc_array(rq->arena, n, sizeof(*v));
	for (size_t i = 0; i < n && !e; i++)
		v[i] = (struct token_row){r[i].id, r[i].created_at, r[i].expires_at, r[i].name, r[i].last_ip, *r[i].ended_why ? r[i].ended_why : NULL,
			r[i].last_used};
	p->items = (struct bp_list){v, n};
	rq->reply = p;
	return e;
}

static enum bp_error end_token(struct bp_req *rq)
{
	uint64_t changed = 0;
	enum bp_error e = q_token_family_end(rq->db, (int64_t)rq->user.id, (int64_t)rq->arg[0], "REVOKED", &changed);

	rq->audit.resource_type = "program";
	return e || changed ? e : BP_E_NOT_FOUND;
}

/* --- keys --- */

static enum bp_error list_keys(struct bp_req *rq)
{
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	struct q_api_key_list *r;
	struct key_row *v;
	size_t n = 0;
	enum bp_error e = q_api_key_list(rq->db, rq->arena, (int64_t)rq->user.id, &r, &n);

	v = bp_alloc_array(rq->arena, n, sizeof(*v));
	for (size_t i = 0; i < n && !e; i++)
		v[i] = (struct key_row){.id = r[i].id, .created_at = r[i].created_at, .name = r[i].name, .hint = r[i].hint, .territory = r[i].territory,
			.last_address = r[i].last_ip, .permissions = bp_perm_names(rq->arena, (uint64_t)r[i].perms),
			.territory_id = {r[i].territory_id, r[i].territory_id != 0}, .expires_at = r[i].expires_at, .last_used = r[i].last_used};
	p->items = (struct bp_list){v, n};
	rq->reply = p;
	return e;
}

/* The set that the names say: each must be one, and held by the owner there. */
static enum bp_error perms_of(struct bp_req *rq, const struct bp_list *names, uint64_t territory, uint64_t *perms)
{
	const char *const *name = names->v;

	*perms = 0;
	for (size_t i = 0; i < names->n; i++) {
		bool may = false;
		int p = 0;

		while (p < BP_PERM__MAX && strcmp(bp_perms[p].name, name[i]))
			p++;
		if (p < BP_PERM__MAX && territory) {
			enum bp_error e = bp_auth_may(rq->db, &rq->user, (enum bp_perm)p, territory, &may);

			if (e)
				return e;
		} else if (p < BP_PERM__MAX) {
			may = rq->user.anywhere & BP_PERM_BIT(p);
		}
		if (!may)
			bp_req_field(rq, bp_sprintf(rq->arena, "/permissions/%zu", i), "is no permission that you hold there");
		else
			*perms |= BP_PERM_BIT(p);
	}
	if (!names->n)
		bp_req_field(rq, "/permissions", "a key must be allowed something");
	return json_array_size(rq->fields) ? BP_E_FIELDS : BP_E_OK;
}

static const char *perms_text(struct bp_req *rq, const struct bp_list *names)
{
	const char *const *name = names->v;
	const char *text = "";

	for (size_t i = 0; i < names->n; i++)
		text = bp_sprintf(rq->arena, "%s%s%s", text, i ? ", " : "", name[i]);
	return text;
}

static enum bp_error add_key(struct bp_req *rq)
{
	struct new_key *in = rq->body;
	struct key_made *made = bp_alloc(rq->arena, sizeof(*made));
	struct bp_new_key key = {.name = in->name, .territory = in->territory_id.set ? (uint64_t)in->territory_id.v : 0};
	struct q_api_key_list *have;
	char secret[BP_PROGRAM_SECRET];
	uint64_t id = 0;
	size_t n = 0;
	enum bp_error e = in->territory_id.set ? bp_req_territory(rq, in->territory_id.v) : BP_E_OK;

	if (!e)
		e = perms_of(rq, &in->permissions, key.territory, &key.perms);
	if (!e)
		e = q_api_key_list(rq->db, rq->arena, (int64_t)rq->user.id, &have, &n);
	if (!e && n >= KEYS_MOST)
		e = bp_fail(&rq->fail, BP_E_CONFLICT, "you have %d keys: revoke one first", KEYS_MOST);
	if (in->days.set)
		key.expires = BP_SOME_INT(bp_now() + in->days.v * DAY_US);
	if (!e)
		e = bp_key_add(rq->db, rq->user.id, &key, secret, &id);
	if (e)
		return e;
	rq->audit.resource_type = "api_key";
	rq->audit.resource_id = id;
	rq->audit.territory = key.territory;
	bp_audit_change(&rq->audit, "name", NULL, in->name);
	bp_audit_change(&rq->audit, "permissions", NULL, perms_text(rq, &in->permissions));
	*made = (struct key_made){(int64_t)id, bp_strdup(rq->arena, secret)};
	rq->reply = made;
	rq->secret = true;
	return BP_E_OK;
}

static enum bp_error revoke_key(struct bp_req *rq)
{
	rq->audit.resource_type = "api_key";
	return bp_key_revoke(rq->db, rq->user.id, rq->arg[0]);
}

#define MINE BP_SCOPE_SELF, 0, BP_EP_PERSON
static const struct bp_endpoint ep[] = {
	{"POST", "/auth/token", "Let a program in by user name and password: a pair of tokens", BP_SCOPE_PUBLIC, 0, BP_EP_NO_TX | BP_EP_NO_CSRF,
		.unkeyed = "nobody is known yet to whom a key could belong, and tokens are kept nowhere: another pair is given", .body = &token_grant_body, .reply = &token_grant, .audit = BP_ACTION_TOKEN_GRANT, .fails = {BP_E_AUTH_CREDENTIALS,
		BP_E_AUTH_THROTTLED, BP_E_AUTH_CODE_NEEDED, BP_E_AUTH_CODE, BP_E_AUTH_FIRST, BP_E_AUTH_FACTOR, BP_E_AUTH_RATE, BP_E_CONFLICT}, .handle = grant_by_password},
	{"POST", "/auth/refresh", "The next pair of tokens; the refresh token is spent by that", BP_SCOPE_PUBLIC, 0, BP_EP_NO_TX | BP_EP_NO_CSRF,
		.unkeyed = "a refresh token is good once, and tokens are kept nowhere: whoever did not get the reply signs in anew", .body = &token_refresh_body, .reply = &token_grant, .fails = {BP_E_AUTH_TOKEN, BP_E_AUTH_RATE}, .handle = refresh},
	{"GET", "/auth/tokens", "List the programs that have tokens of mine", MINE, .reply = &token_page, .handle = list_tokens},
	{"POST", "/auth/tokens", "Let a program in: a pair of tokens, shown once", MINE | BP_EP_PROOF, .body = &token_new, .reply = &token_grant,
		.audit = BP_ACTION_TOKEN_GRANT, .fails = {BP_E_CONFLICT}, .handle = grant_by_person},
	{"DELETE", "/auth/tokens/{id}", "Shut a program out", MINE, .audit = BP_ACTION_TOKEN_END, .fails = {BP_E_NOT_FOUND}, .handle = end_token},
	{"GET", "/auth/keys", "List my API keys", MINE, .reply = &api_key_page, .handle = list_keys},
	{"POST", "/auth/keys", "Make an API key, shown once", MINE | BP_EP_PROOF, .body = &api_key_new, .reply = &api_key_made, .audit = BP_ACTION_KEY_ADD,
		.fails = {BP_E_TERRITORY_NONE, BP_E_CONFLICT}, .handle = add_key},
	{"DELETE", "/auth/keys/{id}", "Revoke an API key", MINE, .audit = BP_ACTION_KEY_REVOKE, .fails = {BP_E_NOT_FOUND}, .handle = revoke_key},
};
BP_RESOURCE(programs, ep);
