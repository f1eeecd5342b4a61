/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_users.c - users, their roles by territory, and what the roles may do. */
#include <string.h>

#include "auth/factor.h"
#include "cgi/res_users.h"
#include "notice/notice.h"
#include "queries.h"
#include "territory/tree.h"

static const struct bp_field scope_fields[] = {
	BP_INT(bp_user_scope, territory_id, BP_NUL, 0, 9e15, "territory, null = the whole world"),
	BP_STR(bp_user_scope, territory_name, BP_NUL, 0, 120, "its name"),
	BP_STR(bp_user_scope, role, BP_REQ, 1, 32, "role held there"),
};
const struct bp_shape bp_user_scope_shape = {"user_scope", sizeof(struct bp_user_scope), scope_fields,
	sizeof(scope_fields) / sizeof(*scope_fields), 0};
BP_SHAPE(user_scope_in, bp_user_scope,
	BP_INT(bp_user_scope, territory_id, BP_NUL, 1, 9e15, "territory, null = the whole world"),
	BP_STR(bp_user_scope, role, BP_REQ, 1, 32, "a role of GET /roles"));

struct user {
	int64_t id;
	const char *username, *name, *email, *locale;
	bool active, second_factor;
	struct bp_opt_int last_login;
	int64_t sign_ins, programs, locked;
	struct bp_list scopes;
};
BP_SHAPE(user_out, user,
	BP_INT(user, id, BP_REQ, 1, 9e15, "user"),
	BP_STR(user, username, BP_REQ, 1, 64, "name to sign in with"),
	BP_STR(user, name, BP_REQ, 1, 120, "name of the person"),
	BP_STR(user, email, BP_REQ, 0, 200, "mail address"),
	BP_STR(user, locale, BP_REQ, 2, 8, "language of the screens"),
	BP_BOOL(user, active, BP_REQ, "may sign in"),
	BP_TIME(user, last_login, BP_NUL, "last sign-in"),
	BP_BOOL(user, second_factor, BP_REQ, "a second factor is set up"),
	BP_INT(user, sign_ins, BP_REQ, 0, 1e9, "browsers that are signed in"),
	BP_INT(user, programs, BP_REQ, 0, 1e9, "API keys, and programs with tokens"),
	BP_INT(user, locked, BP_REQ, 0, 3600, "seconds until the next try, after too many failed ones"),
	BP_LIST(user, scopes, BP_REQ, 10000, &bp_user_scope_shape, "roles by territory"));

struct page {
	struct bp_list items;
	const char *next;
};
BP_SHAPE(user_page, page,
	BP_LIST(page, items, BP_REQ, BP_PAGE_MOST, &user_out, "users by id"),
	BP_STR(page, next, BP_NUL, 0, 20, "cursor of the next page"));

struct list_query {
	const char *q;
	struct bp_opt_int limit, after;
	struct bp_opt_int active;
};
BP_SHAPE(user_query, list_query,
	BP_STR(list_query, q, BP_NUL, 1, 100, "part of user name, name or mail address"),
	BP_INT(list_query, active, BP_NUL, 0, 1, "1 = may sign in, 0 = may not"),
	BP_INT(list_query, limit, BP_NUL, 1, BP_PAGE_MOST, "rows a page"),
	BP_INT(list_query, after, BP_NUL, 0, 9e15, "cursor"));

struct new_user {
	const char *username, *name, *email, *locale;
	struct bp_list scopes;
};
static const char *const locales[] = {"en", "fr", NULL};
BP_SHAPE(user_new, new_user,
	BP_STR(new_user, username, BP_REQ, 2, 64, "name to sign in with: letters, digits, . _ - @"),
	BP_STR(new_user, name, BP_REQ, 1, 120, "name of the person"),
	BP_STR(new_user, email, BP_NUL, 0, 200, "mail address"),
	BP_ENUM(new_user, locale, BP_NUL, locales, "language of the screens"),
	BP_LIST(new_user, scopes, BP_REQ, 1000, &user_scope_in, "roles by territory"));

struct patch {
	uint64_t seen;
	const char *name, *email, *locale;
	bool active;
	struct bp_list scopes;
};
enum { P_NAME, P_EMAIL, P_LOCALE, P_ACTIVE, P_SCOPES };
#define SEEN(p, f) ((p)->seen >> (f) & 1)
BP_PATCH(user_patch, patch,
	BP_STR(patch, name, BP_DEF, 1, 120, "name of the person"),
	BP_STR(patch, email, BP_DEF, 0, 200, "mail address"),
	BP_ENUM(patch, locale, BP_DEF, locales, "language of the screens"),
	BP_BOOL(patch, active, BP_DEF, "may sign in"),
	BP_LIST(patch, scopes, 0, 1000, &user_scope_in, "roles by territory: replaces all"));

struct secret {
	int64_t id;
	const char *password;
};
BP_SHAPE(user_secret, secret,
	BP_INT(secret, id, BP_REQ, 1, 9e15, "user"),
	BP_STR(secret, password, BP_REQ, 10, 40, "generated password, shown this once"));

struct role_row {
	const char *role, *label;
	struct bp_list permissions;
};
BP_SHAPE(role_shape, role_row,
	BP_STR(role_row, role, BP_REQ, 1, 32, "code"),
	BP_STR(role_row, label, BP_REQ, 1, 80, "what people call it"),
	BP_LIST_STR(role_row, permissions, BP_REQ, 64, "what it may do"));
BP_SHAPE(role_page, page,
	BP_LIST(page, items, BP_REQ, 64, &role_shape, "roles"),
	BP_STR(page, next, BP_NUL, 0, 20, "always null"));

enum bp_error bp_user_scopes(struct bp_req *rq, int64_t user, struct bp_list *out)
{
	struct q_user_scopes *s;
	struct bp_user_scope *v;
	size_t n;
	enum bp_error e = q_user_scopes(rq->db, rq->arena, user, &s, &n);

	if (e)
		return e;
	v = bp_alloc_array(rq->arena, n, sizeof(*v));
	for (size_t i = 0; i < n; i++)
		v[i] = (struct bp_user_scope){{s[i].territory_id, s[i].territory_id != 0}, s[i].territory_name, s[i].role};
	*out = (struct bp_list){v, n};
	return BP_E_OK;
}

/* Two queries give rows of the same columns. */
#define USER_OF(r) \
	((struct user){.id = (r).id, .username = (r).username, .name = (r).name, .email = (r).email, .locale = (r).locale, .active = (r).active, \
		.last_login = (r).last_login, .second_factor = (r).factor, .sign_ins = (r).sign_ins, .programs = (r).programs, \
		.locked = bp_auth_wait((r).failures, (r).age)})

static enum bp_error list(struct bp_req *rq)
{
	struct list_query *q = rq->query;
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	struct q_user_list *r;
	struct user *v;
	size_t n;
	enum bp_error e = q_user_list(rq->db, rq->arena, q->q, q->active, q->after.v, bp_page_limit(q->limit), &r, &n);

	v = bp_alloc_array(rq->arena, n, sizeof(*v));
	for (size_t i = 0; i < n && !e; i++) {
		v[i] = USER_OF(r[i]);
		e = bp_user_scopes(rq, r[i].id, &v[i].scopes);
	}
	p->items = (struct bp_list){v, n};
	p->next = n ? bp_page_next(rq->arena, n, bp_page_limit(q->limit), r[n - 1].id) : NULL;
	rq->reply = p;
	return e;
}

static enum bp_error get(struct bp_req *rq)
{
	struct user *u = bp_alloc(rq->arena, sizeof(*u));
	struct q_user_get r;
	enum bp_error e = q_user_get(rq->db, rq->arena, (int64_t)rq->arg[0], &r);

	if (e)
		return e;
	*u = USER_OF(r);
	rq->reply = u;
	return bp_user_scopes(rq, r.id, &u->scopes);
}

static enum bp_error check_scopes(struct bp_req *rq, const struct bp_list *scopes)
{
	const struct bp_user_scope *s = scopes->v;
	struct q_scope_territory t;

	for (size_t i = 0; i < scopes->n; i++) {
		enum bp_error e = s[i].territory_id.set ? q_scope_territory(rq->db, rq->arena, s[i].territory_id.v, &t) : BP_E_OK;

		if (e == BP_E_NOT_FOUND)
			bp_req_field(rq, bp_sprintf(rq->arena, "/scopes/%zu/territoryId", i), "is no territory");
		else if (!e && s[i].territory_id.set && t.model_id != TR_SALES)
			bp_req_field(rq, bp_sprintf(rq->arena, "/scopes/%zu/territoryId", i), "is of another territory model: roles are given in the sales geography");
		else if (e)
			return e;
		if (!bp_role_find(s[i].role))
			bp_req_field(rq, bp_sprintf(rq->arena, "/scopes/%zu/role", i), "is no role: see GET /roles");
	}
	return json_array_size(rq->fields) ? BP_E_FIELDS : BP_E_OK;
}

static const char *scopes_text(struct bp_req *rq, const struct bp_list *scopes)
{
	const struct bp_user_scope *s = scopes->v;
	const char *text = "";

	for (size_t i = 0; i < scopes->n; i++)
		text = bp_sprintf(rq->arena, "%s%s%s@%lld", text, i ? ", " : "", s[i].role,
			(long long)(s[i].territory_id.set ? s[i].territory_id.v : 0));
	return text;
}

/* Empty, or something@something: only a mail that arrives would prove more. */
static bool is_email(const char *s)
{
	return !*s || bp_is_email(s);
}

static enum bp_error set_scopes(struct bp_req *rq, int64_t user, const struct bp_list *scopes)
{
	const struct bp_user_scope *s = scopes->v;
	enum bp_error e = q_user_scope_clear(rq->db, user, NULL);

	for (size_t i = 0; i < scopes->n && !e; i++) {
		e = q_user_scope_add(rq->db, user, s[i].territory_id.set ? s[i].territory_id.v : 0, s[i].role, NULL);
		if (e == BP_E_CONFLICT)
			e = bp_req_field(rq, bp_sprintf(rq->arena, "/scopes/%zu", i), "stands twice");
	}
	return e;
}

static enum bp_error reply_secret(struct bp_req *rq, int64_t id, const char *password)
{
	struct secret *s = bp_alloc(rq->arena, sizeof(*s));

	s->id = id;
	s->password = bp_strdup(rq->arena, password);
	rq->reply = s;
	rq->secret = true;
	return BP_E_OK;
}

static enum bp_error create(struct bp_req *rq)
{
	struct new_user *in = rq->body;
	char password[BP_AUTH_GENERATED], hash[128];
	int64_t id;
	enum bp_error e = check_scopes(rq, &in->scopes);

	if (strspn(in->username, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-@") != strlen(in->username))
		e = bp_req_field(rq, "/username", "may hold letters, digits and . _ - @ only");
	if (in->email && !is_email(in->email))
		e = bp_req_field(rq, "/email", "is no mail address");
	if (e)
		return e;
	bp_auth_generate(password);
	e = bp_auth_hash(password, hash);
	if (!e)
		e = q_user_add(rq->db, in->username, in->name, in->email ? in->email : "", in->locale ? in->locale : "en", hash, 0,
			bp_setting(BP_SETTING_first_password_days), NULL);
	if (e == BP_E_CONFLICT)
		return bp_fail(&rq->fail, e, "there is a user '%s' already", in->username);
	id = (int64_t)bp_db_insert_id(rq->db);
	if (!e)
		e = set_scopes(rq, id, &in->scopes);
	rq->audit.resource_type = "user";
	rq->audit.resource_id = (uint64_t)id;
	bp_audit_change(&rq->audit, "username", NULL, in->username);
	bp_audit_change(&rq->audit, "scopes", NULL, scopes_text(rq, &in->scopes));
	return e ? e : reply_secret(rq, id, password);
}

/* Somebody must be left who can mend what goes wrong. */
static enum bp_error keep_an_admin(struct bp_req *rq, const struct patch *in)
{
	const struct bp_user_scope *s = in->scopes.v;
	bool stays = !SEEN(in, P_ACTIVE) || in->active;
	struct q_user_admins row;
	enum bp_error e;

	if (SEEN(in, P_SCOPES) && stays) {
		stays = false;
		for (size_t i = 0; i < in->scopes.n; i++)
			stays = stays || (!s[i].territory_id.set && !strcmp(s[i].role, "admin"));
	}
	if (stays)
		return BP_E_OK;
	e = q_user_admins(rq->db, rq->arena, (int64_t)rq->arg[0], &row);
	if (!e && !row.n)
		e = bp_fail(&rq->fail, BP_E_CONFLICT, "this would leave no active administrator of the whole world: "
			"make another one first");
	return e;
}

static enum bp_error change(struct bp_req *rq)
{
	struct patch *in = rq->body;
	struct q_user_get old;
	struct bp_list before;
	enum bp_error e = q_user_get(rq->db, rq->arena, (int64_t)rq->arg[0], &old);

	if (!e)
		e = check_scopes(rq, &in->scopes);
	if (!e && SEEN(in, P_EMAIL) && !is_email(in->email))
		e = bp_req_field(rq, "/email", "is no mail address");
	if (!e)
		e = keep_an_admin(rq, in);
	if (!e)
		e = q_user_set(rq->db, old.id, in->name, in->email, in->locale,
			SEEN(in, P_ACTIVE) ? BP_SOME_INT(in->active) : BP_NO_INT, NULL);
	if (!e)
		e = bp_user_scopes(rq, old.id, &before);
	if (!e && SEEN(in, P_SCOPES))
		e = set_scopes(rq, old.id, &in->scopes);
	if (!e && SEEN(in, P_ACTIVE) && !in->active)
		e = bp_auth_end_all(rq->db, (uint64_t)old.id, true);
	if (e)
		return e;
	rq->audit.resource_type = "user";
	if (SEEN(in, P_NAME))
		bp_audit_change(&rq->audit, "name", old.name, in->name);
	if (SEEN(in, P_EMAIL))
		bp_audit_change(&rq->audit, "email", old.email, in->email);
	if (SEEN(in, P_LOCALE))
		bp_audit_change(&rq->audit, "locale", old.locale, in->locale);
	if (SEEN(in, P_ACTIVE))
		bp_audit_change(&rq->audit, "active", old.active ? "1" : "0", in->active ? "1" : "0");
	if (SEEN(in, P_SCOPES))
		bp_audit_change(&rq->audit, "scopes", scopes_text(rq, &before), scopes_text(rq, &in->scopes));
	return get(rq);
}

static enum bp_error reset_password(struct bp_req *rq)
{
	char password[BP_AUTH_GENERATED], hash[128];
	struct q_user_get old;
	enum bp_error e = q_user_get(rq->db, rq->arena, (int64_t)rq->arg[0], &old);

	if (e)
		return e;
	bp_auth_generate(password);
	e = bp_auth_hash(password, hash);
	if (!e)
		e = q_user_set_password(rq->db, old.id, hash, bp_setting(BP_SETTING_first_password_days), NULL);
	if (!e)
		e = bp_auth_end_all(rq->db, (uint64_t)old.id, true);
	rq->audit.resource_type = "user";
	return e ? e : reply_secret(rq, old.id, password);
}

/* What is done to the user of the path as a whole. */
static enum bp_error target(struct bp_req *rq, struct q_user_get *u)
{
	rq->audit.resource_type = "user";
	return q_user_get(rq->db, rq->arena, (int64_t)rq->arg[0], u);
}

static enum bp_error unlock(struct bp_req *rq)
{
	struct q_user_get u;
	enum bp_error e = target(rq, &u);

	return e ? e : q_login_succeeded(rq->db, bp_sprintf(rq->arena, "u:%s", u.username), NULL);
}

static enum bp_error sign_out(struct bp_req *rq)
{
	struct q_user_get u;
	enum bp_error e = target(rq, &u);

	return e ? e : bp_auth_end_all(rq->db, rq->arg[0], true);
}

struct knowing {
	const char *reason;
};
BP_SHAPE(factor_taking, knowing, BP_STR(knowing, reason, BP_REQ, 3, 400, "how you made sure that it is this person who asks; it stands in the trail, and they are told"));

/* Whoever has the password and talks an administrator into this has the account: the trail holds why they were believed, and its owner
 * hears of it, also by mail. What is signed in is not asked for a factor any more, so it ends. */
static enum bp_error drop_factor(struct bp_req *rq)
{
	const struct knowing *q = rq->query;
	struct q_user_get u;
	enum bp_error e = target(rq, &u);

	rq->audit.reason = q->reason;
	if (!e && !u.factor)
		e = bp_fail(&rq->fail, BP_E_CONFLICT, "this user has no second factor");
	if (!e)
		e = bp_factor_drop(rq->db, rq->arg[0]);
	if (!e)
		e = bp_auth_end_all(rq->db, rq->arg[0], false);
	return e ? e : bp_notice_tell_account(rq->db, BP_NOTICE_FACTOR_TAKEN, rq->arg[0], rq->user.id, q->reason);
}

static enum bp_error view_as(struct bp_req *rq)
{
	struct q_user_get u;
	enum bp_error e = target(rq, &u);

	if (!e && (rq->arg[0] == rq->user.id || !u.active))
		e = bp_fail(&rq->fail, BP_E_CONFLICT, u.active ? "that is you" : "this user is barred and sees nothing");
	return e ? e : q_auth_session_view(rq->db, (int64_t)rq->user.by_id, u.id, NULL);
}

static enum bp_error view_end(struct bp_req *rq)
{
	rq->audit.resource_type = "user";
	rq->audit.resource_id = rq->user.id;
	if (rq->user.by != BP_BY_SESSION)
		return BP_E_AUTH_PERSON;
	if (!rq->user.viewer)
		return bp_fail(&rq->fail, BP_E_CONFLICT, "you see what you may see yourself");
	return q_auth_session_view(rq->db, (int64_t)rq->user.by_id, 0, NULL);
}

static enum bp_error roles(struct bp_req *rq)
{
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	struct role_row *v = bp_alloc_array(rq->arena, 64, sizeof(*v));
	size_t n = 0;

	for (const struct bp_role *r = bp_roles; r->name; r++, n++) {
		const char **perms = bp_alloc_array(rq->arena, BP_PERM__MAX, sizeof(*perms));

		v[n] = (struct role_row){r->name, r->label, {perms, 0}};
		for (int i = 0; i < BP_PERM__MAX; i++)
			if (r->perms & BP_PERM_BIT(i))
				perms[v[n].permissions.n++] = bp_perms[i].name;
	}
	p->items = (struct bp_list){v, n};
	rq->reply = p;
	return BP_E_OK;
}

#define MANAGE BP_SCOPE_WORLD, BP_PERM_MANAGE_USERS
/* A program with this permission could make itself a person with all others: what lets somebody in is done by people. */
static const struct bp_endpoint ep[] = {
	{"GET", "/users", "List users", MANAGE, 0, .query = &user_query, .reply = &user_page, .handle = list},
	{"POST", "/users", "Create a user with a generated password", MANAGE, BP_EP_PERSON, .body = &user_new, .reply = &user_secret,
		.audit = BP_ACTION_USER_CREATE, .fails = {BP_E_CONFLICT}, .handle = create},
	{"GET", "/users/{id}", "Read a user", MANAGE, 0, .reply = &user_out, .fails = {BP_E_NOT_FOUND}, .handle = get},
	{"PATCH", "/users/{id}", "Change a user", MANAGE, BP_EP_PERSON, .body = &user_patch, .reply = &user_out,
		.audit = BP_ACTION_USER_CHANGE, .fails = {BP_E_NOT_FOUND, BP_E_CONFLICT}, .handle = change},
	{"POST", "/users/{id}/password", "Give a user a new generated password", MANAGE, BP_EP_PERSON, .reply = &user_secret,
		.audit = BP_ACTION_PASSWORD_RESET, .fails = {BP_E_NOT_FOUND}, .handle = reset_password},
	{"POST", "/users/{id}/unlock", "Let a user try to sign in again who failed too often", MANAGE, 0, .audit = BP_ACTION_USER_UNLOCK,
		.fails = {BP_E_NOT_FOUND}, .handle = unlock},
	{"POST", "/users/{id}/sign-out", "End all sessions of a user, and what programs have tokens and keys", MANAGE, 0, .audit = BP_ACTION_USER_SIGNOUT,
		.fails = {BP_E_NOT_FOUND}, .handle = sign_out},
	{"DELETE", "/users/{id}/second-factor", "Take a second factor away that was lost, and end the sessions", MANAGE, BP_EP_PERSON, .query = &factor_taking, .audit = BP_ACTION_FACTOR_RESET,
		.fails = {BP_E_NOT_FOUND, BP_E_CONFLICT}, .handle = drop_factor},
	{"POST", "/users/{id}/view-as", "Look through the eyes of a user, without changing anything", MANAGE, BP_EP_PERSON,
		.audit = BP_ACTION_VIEW_AS, .fails = {BP_E_NOT_FOUND, BP_E_CONFLICT}, .handle = view_as},
	{"POST", "/auth/view-end", "Stop looking through the eyes of a user", BP_SCOPE_SELF, 0, BP_EP_ACCOUNT | BP_EP_VIEWER,
		.audit = BP_ACTION_VIEW_END, .fails = {BP_E_AUTH_PERSON, BP_E_CONFLICT}, .handle = view_end},
	{"GET", "/roles", "List the roles and what they may do", BP_SCOPE_SELF, 0, 0, .reply = &role_page, .handle = roles},
};
BP_RESOURCE(users, ep);
