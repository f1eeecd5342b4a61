/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_auth.c - sign in and out, and who I am. */
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
	struct bp_list permissions, world_permissions, scopes;
	bool demo;
};
BP_SHAPE(me_shape, me,
	BP_OBJ(me, user, BP_REQ, &me_user_shape, "the person"),
	BP_STR(me, csrf, BP_REQ, 43, 43, "send it as X-CSRF-Token with every change"),
	BP_LIST_STR(me, permissions, BP_REQ, 64, "permissions held on at least one territory"),
	BP_LIST_STR(me, world_permissions, BP_REQ, 64, "permissions held everywhere: imports, users and audit ask for these"),
	BP_LIST(me, scopes, BP_REQ, 10000, &bp_user_scope_shape, "roles by territory"),
	BP_BOOL(me, demo, BP_REQ, "a demo user with a known password"));

struct login_body {
	const char *username, *password;
};
BP_SHAPE(login_body, login_body,
	BP_STR(login_body, username, BP_REQ, 1, 64, "user name"),
	BP_STR(login_body, password, BP_REQ, 1, BP_PASSWORD_MAX, "password"));

struct password_body {
	const char *current, *next;
};
BP_SHAPE(password_body, password_body,
	BP_STR(password_body, current, BP_REQ, 1, BP_PASSWORD_MAX, "the password so far"),
	BP_STR(password_body, next, BP_REQ, BP_PASSWORD_MIN, BP_PASSWORD_MAX, "the new one"));

static struct bp_list names_of(struct bp_arena *a, uint64_t mask)
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

	m->permissions = names_of(rq->arena, rq->user.anywhere);
	m->world_permissions = names_of(rq->arena, rq->user.world);
	m->user = bp_alloc(rq->arena, sizeof(*m->user));
	*m->user = (struct me_user){(int64_t)rq->user.id, rq->user.username, rq->user.name, rq->user.email, rq->user.locale};
	m->csrf = rq->user.csrf;
	m->demo = rq->user.demo;
	rq->reply = m;
	return bp_user_scopes(rq, (int64_t)rq->user.id, &m->scopes);
}

static enum bp_error login(struct bp_req *rq)
{
	struct login_body *in = rq->body;
	char token[BP_AUTH_TOKEN_SIZE];
	int wait;
	enum bp_error e = bp_auth_login(rq->db, rq->arena, in->username, in->password, rq->ip, rq->agent, token, &rq->user,
		&wait);

	if (e == BP_E_AUTH_THROTTLED) {
		bp_buf_printf(rq->headers, "Retry-After: %d\r\n", wait);
		return bp_fail(&rq->fail, e, "try again in %d seconds", wait);
	}
	if (e)
		return e;
	rq->audit.user = rq->audit.resource_id = rq->user.id;
	rq->audit.resource_type = "user";
	bp_buf_printf(rq->headers, "Set-Cookie: " BP_AUTH_COOKIE "=%s; Path=/; HttpOnly; SameSite=Strict\r\n", token);
	return fill_me(rq);
}

static enum bp_error logout(struct bp_req *rq)
{
	rq->audit.resource_type = "user";
	rq->audit.resource_id = rq->user.id;
	bp_buf_str(rq->headers, "Set-Cookie: " BP_AUTH_COOKIE "=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0\r\n");
	return bp_auth_logout(rq->db, rq->token);
}

static enum bp_error logout_everywhere(struct bp_req *rq)
{
	rq->audit.resource_type = "user";
	rq->audit.resource_id = rq->user.id;
	return q_auth_session_drop_user(rq->db, (int64_t)rq->user.id, NULL);
}

static enum bp_error change_password(struct bp_req *rq)
{
	struct password_body *in = rq->body;
	char hash[128];
	enum bp_error e = bp_auth_verify(rq->db, rq->arena, rq->user.id, in->current);

	/* Not a 401: that would send the person to the login page. */
	if (e == BP_E_AUTH_CREDENTIALS)
		return bp_req_field(rq, "/current", "is not the password so far");
	if (!e)
		e = bp_auth_hash(in->next, hash);
	rq->audit.resource_type = "user";
	rq->audit.resource_id = rq->user.id;
	if (!e)
		e = q_user_set_password(rq->db, (int64_t)rq->user.id, hash, NULL);
	/* Whoever learnt the old one may sit in another session. */
	return e ? e : bp_auth_logout_others(rq->db, rq->user.id, rq->token);
}

static const struct bp_endpoint ep[] = {
	{"POST", "/auth/login", "Sign in", BP_SCOPE_PUBLIC, 0, BP_EP_NO_TX | BP_EP_NO_CSRF, .body = &login_body,
		.reply = &me_shape, .audit = BP_ACTION_LOGIN, .fails = {BP_E_AUTH_CREDENTIALS, BP_E_AUTH_THROTTLED}, .handle = login},
	{"POST", "/auth/logout", "Sign out", BP_SCOPE_SELF, 0, 0, .audit = BP_ACTION_LOGOUT, .handle = logout},
	{"POST", "/auth/logout-everywhere", "End all sessions of mine", BP_SCOPE_SELF, 0, 0, .audit = BP_ACTION_LOGOUT_ALL,
		.handle = logout_everywhere},
	{"GET", "/auth/me", "Who I am and what I may do", BP_SCOPE_SELF, 0, 0, .reply = &me_shape, .handle = fill_me},
	{"POST", "/auth/password", "Change my password", BP_SCOPE_SELF, 0, BP_EP_NO_TX, .body = &password_body,
		.audit = BP_ACTION_PASSWORD_CHANGE, .handle = change_password},
};
BP_RESOURCE(auth, ep);
