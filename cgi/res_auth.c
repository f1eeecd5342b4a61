/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_auth.c - sign in and out, and who I am. */
#include "auth/factor.h"
#include "auth/known.h"
#include "auth/password.h"
#include "cgi/once.h"
#include "cgi/res_users.h"
#include "queries.h"

struct me_user {
	int64_t id;
	const char *username, *name, *email, *locale;
};
BP_SHAPE(me_user_shape, me_user,
	BP_INT(me_user, id, BP_REQ, 1, 9e15, "user"),
	BP_STR(me_user, username, BP_REQ, 1, 64, "name to sign in with"),
	BP_STR(me_user, name, BP_REQ, 1, 120, "name of the person"),
	BP_STR(me_user, email, BP_REQ, 0, 200, "mail address"),
	BP_STR(me_user, locale, BP_REQ, 2, 8, "language of the screens"));

struct me {
	struct me_user *user;
	const char *csrf;
	struct bp_list permissions, world_permissions, scopes, off, level_names;
	int64_t map_points;
	bool demo;
	const char *by, *program, *viewer;
	bool second_factor, second_factor_asked;
	struct bp_opt_int temporary_until;
};
static const char *const ways[] = {"session", "token", "key", NULL}; /* as enum bp_by */
BP_SHAPE(me_level, q_level_names,
	BP_STR(q_level_names, code, BP_REQ, 1, 128, "its code"),
	BP_STR(q_level_names, name, BP_REQ, 1, 256, "what people call it"));
BP_SHAPE(me_shape, me,
	BP_OBJ(me, user, BP_REQ, &me_user_shape, "the person"),
	BP_STR(me, csrf, BP_NUL, 43, 43, "send it as X-CSRF-Token with every change; null for a program, which needs none"),
	BP_LIST_STR(me, permissions, BP_REQ, 64, "permissions held on at least one territory"),
	BP_LIST_STR(me, world_permissions, BP_REQ, 64, "permissions held everywhere: imports, users and audit ask for these"),
	BP_LIST(me, scopes, BP_REQ, 10000, &bp_user_scope_shape, "roles by territory"),
	BP_LIST_STR(me, off, BP_REQ, 64, "features that an administrator switched off"),
	BP_INT(me, map_points, BP_REQ, 1, 1000000, "outlets that a map draws one by one whatever they cover; of more that crowd in one spot the best tier stands for all"),
	BP_LIST(me, level_names, BP_REQ, 8, &me_level, "levels of the sales geography that were renamed"),
	BP_BOOL(me, demo, BP_REQ, "a demo user with a known password"),
	BP_ENUM(me, by, BP_REQ, ways, "how this call came"),
	BP_STR(me, program, BP_NUL, 1, 80, "what the program is called that calls"),
	BP_STR(me, viewer, BP_NUL, 1, 120, "the administrator who looks through the eyes of this user"),
	BP_BOOL(me, second_factor, BP_REQ, "a second factor is set up"),
	BP_BOOL(me, second_factor_asked, BP_REQ, "a role asks for one: nothing else is open until it is set up"),
	BP_TIME(me, temporary_until, BP_NUL, "what signs in was made by others and is good until then; null: the person chose it"));

struct login_body {
	const char *username, *password, *code;
};
BP_SHAPE(login_body, login_body,
	BP_STR(login_body, username, BP_REQ, 1, 64, "user name"),
	BP_STR(login_body, password, BP_REQ, 1, BP_PASSWORD_MAX, "password"),
	BP_STR(login_body, code, BP_NUL, 1, BP_FACTOR_CODE_MOST, "of the second factor, or a recovery code"));

struct proof_body {
	const char *password;
};
BP_SHAPE(proof_body, proof_body,
	BP_STR(proof_body, password, BP_REQ, 1, BP_PASSWORD_MAX, "my password"));

struct password_body {
	const char *current, *next;
};
BP_SHAPE(password_body, password_body,
	BP_STR(password_body, current, BP_REQ, 1, BP_PASSWORD_MAX, "the password so far"),
	BP_STR(password_body, next, BP_REQ, BP_PASSWORD_MIN, BP_PASSWORD_MAX, "the new one"));

struct bp_list bp_perm_names(struct bp_arena *a, uint64_t mask)
{
	const char **v = bp_alloc_array(a, BP_PERM__MAX, sizeof(*v));
	size_t n = 0;

	for (int p = 0; p < BP_PERM__MAX; p++)
		if (mask & BP_PERM_BIT(p))
			v[n++] = bp_perms[p].name;
	return (struct bp_list){v, n};
}

static enum bp_error fill_me(struct bp_req *rq)
{
	struct me *m = bp_alloc(rq->arena, sizeof(*m));
	struct q_level_names *names = NULL;
	size_t n_names = 0;
	enum bp_error e = q_level_names(rq->db, rq->arena, &names, &n_names);

	m->level_names = (struct bp_list){names, e ? 0 : n_names};
	m->permissions = bp_perm_names(rq->arena, rq->user.anywhere);
	m->world_permissions = bp_perm_names(rq->arena, rq->user.world);
	m->off = bp_features_off(rq->arena);
	m->map_points = bp_setting(BP_SETTING_map_points);
	m->user = bp_alloc(rq->arena, sizeof(*m->user));
	*m->user = (struct me_user){(int64_t)rq->user.id, rq->user.username, rq->user.name, rq->user.email, rq->user.locale};
	m->csrf = rq->user.by == BP_BY_SESSION ? rq->user.csrf : NULL;
	m->demo = rq->user.demo;
	m->by = ways[rq->user.by];
	m->program = rq->user.program;
	m->viewer = rq->user.viewer ? rq->user.viewer_name : NULL;
	m->second_factor = rq->user.factor;
	m->temporary_until = rq->user.password_until;
	rq->reply = m;
	if (!e && rq->user.by == BP_BY_SESSION && !rq->user.viewer && !rq->user.factor)
		e = bp_auth_factor_asked(rq->db, rq->arena, &rq->user, rq->app->conf->second_factor_roles, &m->second_factor_asked);
	return e ? e : bp_user_scopes(rq, (int64_t)rq->user.scopes_of, &m->scopes);
}

enum bp_error bp_req_sign_in(struct bp_req *rq, struct bp_sign_in *in, enum bp_error e)
{
	if (e == BP_E_AUTH_THROTTLED) {
		bp_buf_printf(rq->headers, "Retry-After: %d\r\n", in->retry_after);
		return bp_fail(&rq->fail, e, "try again in %d seconds", in->retry_after);
	}
	if (!e) {
		rq->audit.user = rq->audit.resource_id = rq->user.id;
		rq->audit.resource_type = "user";
	}
	return e;
}

static const char *known_cookie(const struct bp_req *rq)
{
	return bp_conf_secure(rq->app->conf) ? "__Host-" BP_KNOWN_COOKIE : BP_KNOWN_COOKIE;
}

/* As if whoever is signed in signed in anew. */
static struct bp_sign_in mine(struct bp_req *rq)
{
	return (struct bp_sign_in){.username = rq->user.username, .ip = rq->ip, .dir = rq->app->conf->dir, .known = bp_req_cookie(rq, known_cookie(rq))};
}

enum bp_error bp_req_throttle(struct bp_req *rq)
{
	struct bp_sign_in in = mine(rq);
	enum bp_error e = bp_auth_throttled(rq->db, rq->arena, &in);

	if (e == BP_E_AUTH_THROTTLED)
		bp_buf_printf(rq->headers, "Retry-After: %d\r\n", in.retry_after);
	return e;
}

enum bp_error bp_req_failed(struct bp_req *rq)
{
	struct bp_sign_in in = mine(rq);

	return bp_auth_failed(rq->db, rq->arena, &in);
}

static void set_cookie(struct bp_req *rq, const char *name, const char *value, const char *more)
{
	bp_buf_printf(rq->headers, "Set-Cookie: %s=%s; Path=/; HttpOnly; SameSite=Strict%s%s\r\n", name, value, bp_conf_secure(rq->app->conf) ? "; Secure" : "", more);
}

static const char *session_cookie(const struct bp_req *rq)
{
	return bp_auth_cookie(bp_conf_secure(rq->app->conf));
}

/* From now on this browser is known to the user. */
static enum bp_error keep_known(struct bp_req *rq, const struct bp_sign_in *in)
{
	char value[BP_KNOWN_SIZE];
	bool known = in->known && bp_known_is(in->dir, in->username, in->known);
	enum bp_error e = known ? BP_E_OK : bp_known_new(in->dir, in->username, value);

	if (!e)
		set_cookie(rq, known_cookie(rq), known ? in->known : value, bp_sprintf(rq->arena, "; Max-Age=%d", BP_KNOWN_SECONDS));
	return e;
}

struct signing_in {
	struct bp_req *rq;
	struct bp_sign_in in;
	char token[BP_AUTH_TOKEN_SIZE];
};

static enum bp_error open_session(struct bp_db *db, void *ctx)
{
	struct signing_in *x = ctx;
	struct bp_req *rq = x->rq;
	enum bp_error e = bp_auth_open(db, rq->arena, &x->in, x->token, &rq->user);

	/* One session a browser: what the new cookie replaces nobody could end later. */
	return e || !rq->token ? e : bp_auth_logout(db, rq->token);
}

static enum bp_error login(struct bp_req *rq)
{
	struct login_body *body = rq->body;
	struct signing_in x = {rq, {body->username, body->password, body->code, rq->ip, rq->agent, rq->app->conf->dir, 0, bp_req_cookie(rq, known_cookie(rq))}, ""};
	enum bp_error e = bp_req_sign_in(rq, &x.in, bp_auth_prove(rq->db, rq->arena, &x.in, &rq->user));

	if (!e)
		e = bp_req_tx(rq, open_session, &x);
	if (e)
		return e;
	set_cookie(rq, session_cookie(rq), x.token, "");
	e = keep_known(rq, &x.in);
	return e ? e : fill_me(rq);
}

/* A program that signs out ends its family of tokens; a key is revoked by its owner. */
static enum bp_error logout(struct bp_req *rq)
{
	rq->audit.resource_type = "user";
	rq->audit.resource_id = rq->user.id;
	if (rq->user.by == BP_BY_KEY)
		return BP_E_AUTH_PERSON;
	if (rq->user.by == BP_BY_TOKEN)
		return q_token_family_end(rq->db, (int64_t)rq->user.id, (int64_t)rq->user.by_id, "REVOKED", NULL);
	set_cookie(rq, session_cookie(rq), "", "; Max-Age=0");
	bp_buf_str(rq->headers, "Clear-Site-Data: \"cache\"\r\n"); /* the next person at this browser finds no snapshots */
	return bp_auth_logout(rq->db, rq->token);
}

static enum bp_error logout_everywhere(struct bp_req *rq)
{
	rq->audit.resource_type = "user";
	rq->audit.resource_id = rq->user.id;
	return bp_auth_end_all(rq->db, rq->user.id, false);
}

/* The password of whoever is signed in, given in a field of the body. It counts as at sign-in. Not a 401: that would send the
 * person to the login page. */
static enum bp_error own_password(struct bp_req *rq, const char *given, const char *field)
{
	enum bp_error e = bp_req_throttle(rq);

	if (!e)
		e = bp_auth_verify(rq->db, rq->arena, rq->user.id, given);
	if (e != BP_E_AUTH_CREDENTIALS)
		return e;
	e = bp_req_failed(rq);
	return e ? e : bp_req_field(rq, field, "is not the password");
}

static enum bp_error prove_tx(struct bp_db *db, void *ctx)
{
	struct bp_req *rq = ctx;

	return q_auth_session_prove(db, (int64_t)rq->user.by_id, NULL);
}

static enum bp_error prove(struct bp_req *rq)
{
	enum bp_error e = own_password(rq, ((struct proof_body *)rq->body)->password, "/password");

	rq->audit.resource_type = "user";
	rq->audit.resource_id = rq->user.id;
	return e ? e : bp_req_tx(rq, prove_tx, rq);
}

struct new_password {
	struct bp_req *rq;
	char hash[128];
};

static enum bp_error change_tx(struct bp_db *db, void *ctx)
{
	struct new_password *n = ctx;
	enum bp_error e = q_user_set_password(db, (int64_t)n->rq->user.id, n->hash, 0, NULL);

	/* Whoever learnt the old one may sit in another session. */
	return e ? e : bp_auth_logout_others(db, n->rq->user.id, n->rq->token);
}

static enum bp_error change_password(struct bp_req *rq)
{
	struct password_body *in = rq->body;
	struct new_password n = {.rq = rq};
	const char *why = bp_password_refused(rq->app->conf->leaked_passwords, in->next, rq->user.username, rq->user.name);
	enum bp_error e = bp_once_known(rq); /* the former password is wrong then */

	if (e || rq->once.again)
		return e;
	e = own_password(rq, in->current, "/current");
	if (!e && why)
		e = bp_req_field(rq, "/next", why);
	if (!e)
		e = bp_auth_hash(in->next, n.hash);
	rq->audit.resource_type = "user";
	rq->audit.resource_id = rq->user.id;
	return e ? e : bp_req_tx(rq, change_tx, &n);
}

static const struct bp_endpoint ep[] = {
	{"POST", "/auth/login", "Sign in", BP_SCOPE_PUBLIC, 0, BP_EP_NO_TX | BP_EP_NO_CSRF, .body = &login_body,
		.unkeyed = "nobody is known yet to whom a key could belong; another sign-in in the same browser ends the one before",
		.reply = &me_shape, .audit = BP_ACTION_LOGIN, .fails = {BP_E_AUTH_CREDENTIALS, BP_E_AUTH_THROTTLED, BP_E_AUTH_CODE_NEEDED, BP_E_AUTH_CODE, BP_E_AUTH_FIRST,
		BP_E_AUTH_RATE}, .handle = login},
	{"POST", "/auth/logout", "Sign out; a program with tokens is shut out", BP_SCOPE_SELF, 0, BP_EP_ACCOUNT | BP_EP_VIEWER, .audit = BP_ACTION_LOGOUT,
		.fails = {BP_E_AUTH_PERSON}, .handle = logout},
	{"POST", "/auth/logout-everywhere", "End all sessions of mine, and what programs have tokens", BP_SCOPE_SELF, 0, BP_EP_PERSON | BP_EP_ACCOUNT,
		.audit = BP_ACTION_LOGOUT_ALL,
		.handle = logout_everywhere},
	{"GET", "/auth/me", "Who I am and what I may do", BP_SCOPE_SELF, 0, BP_EP_ACCOUNT, .reply = &me_shape, .handle = fill_me},
	{"POST", "/auth/proof", "Give my password again, before what asks for that", BP_SCOPE_SELF, 0, BP_EP_NO_TX | BP_EP_PERSON | BP_EP_ACCOUNT,
		.unkeyed = "what is asked for is that the password is checked now", .body = &proof_body, .audit = BP_ACTION_PASSWORD_PROOF, .fails = {BP_E_AUTH_THROTTLED}, .handle = prove},
	{"POST", "/auth/password", "Change my password", BP_SCOPE_SELF, 0, BP_EP_NO_TX | BP_EP_PERSON | BP_EP_ACCOUNT, .body = &password_body,
		.audit = BP_ACTION_PASSWORD_CHANGE, .fails = {BP_E_AUTH_THROTTLED}, .handle = change_password},
};
BP_RESOURCE(auth, ep);
