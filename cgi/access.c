/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cgi/access.h"

#include <sodium.h>
#include <string.h>

#include "auth/limit.h"
#include "auth/program.h"
#include "base/time.h"
#include "queries.h"

/* --- what handlers ask beyond their row --- */

enum bp_error bp_req_need(struct bp_req *rq, enum bp_perm p, uint64_t territory)
{
	bool may = false;
	enum bp_error e = bp_auth_may(rq->db, &rq->user, p, territory, &may);

	if (e || may)
		return e;
	return bp_fail(&rq->fail, BP_E_AUTH_PERMISSION, "this needs the permission %s", bp_perms[p].name);
}

enum bp_error bp_req_need_channel(struct bp_req *rq, const char *channel, uint64_t territory)
{
	return bp_req_need(rq, !strcmp(channel, "MT") ? BP_PERM_PLAN_MT_ROUTES : BP_PERM_PLAN_GT_ROUTES, territory);
}

enum bp_error bp_req_territory(struct bp_req *rq, int64_t id)
{
	struct q_scope_territory t;
	bool see = false;
	enum bp_error e = q_scope_territory(rq->db, rq->arena, id, &t);

	if (!e)
		e = bp_auth_may(rq->db, &rq->user, BP_PERM_VIEW_TERRITORY, (uint64_t)id, &see);
	rq->territory = (uint64_t)id;
	return e == BP_E_NOT_FOUND || (!e && !see) ? BP_E_TERRITORY_NONE : e;
}

/* --- who is it --- */

const char *bp_req_cookie(struct bp_req *rq, const char *name)
{
	size_t n = strlen(name);

	for (const char *c = rq->cookie; c && *c; c = strchr(c, ';') ? strchr(c, ';') + 1 : NULL) {
		c += strspn(c, " ");
		if (!strncmp(c, name, n) && c[n] == '=')
			return bp_strndup(rq->arena, c + n + 1, strcspn(c + n + 1, "; "));
	}
	return NULL;
}

/* The token of "Authorization: Bearer TOKEN", NULL when there is none: other schemes are for whoever stands before us. */
static const char *bearer(const struct bp_req *rq)
{
	return rq->authorization && !strncasecmp(rq->authorization, "Bearer ", 7) ? rq->authorization + 7 + strspn(rq->authorization + 7, " ") : NULL;
}

/* A role may ask for a second factor: without one only what sets it up is open, to people and to their programs. */
static enum bp_error factor_missing(struct bp_req *rq)
{
	bool asked = false;
	enum bp_error e = BP_E_OK;

	if (!rq->user.factor && !(rq->ep->flags & BP_EP_ACCOUNT))
		e = bp_auth_factor_asked(rq->db, rq->arena, &rq->user, rq->app->conf->second_factor_roles, &asked);
	return e || !asked ? e : BP_E_AUTH_FACTOR;
}

/*
 * Too many calls? A program is counted by its key or family of tokens.  A person is counted and not a session: anybody may sign in
 * as often as they like, so that a limit of each session would hold nobody up.
 */
static enum bp_error within_limit(struct bp_req *rq)
{
	const struct bp_user *u = &rq->user;
	bool person = u->by == BP_BY_SESSION;
	uint64_t id = !person ? u->by_id : u->viewer ? u->viewer : u->id;
	long most = (long)bp_setting(person ? BP_SETTING_session_calls_a_minute : BP_SETTING_program_calls_a_minute);
	struct bp_limit l = bp_limit_take((uint64_t)u->by << 60 | id, most, bp_monotonic_us());

	bp_buf_printf(rq->headers, "RateLimit-Limit: %ld\r\nRateLimit-Remaining: %ld\r\nRateLimit-Reset: %d\r\n", most, l.left, l.reset);
	if (!l.wait)
		return BP_E_OK;
	bp_buf_printf(rq->headers, "Retry-After: %d\r\n", l.wait);
	return bp_fail(&rq->fail, BP_E_AUTH_RATE, "a %s may call %ld times a minute: go on in %d s", person ? "person" : "program", most, l.wait);
}

static enum bp_error by_program(struct bp_req *rq, const char *token)
{
	enum bp_error e = bp_program_user(rq->db, rq->arena, rq->app->conf->dir, token, rq->ip, &rq->user);

	if (!e)
		e = within_limit(rq);
	return e ? e : rq->ep->flags & BP_EP_PERSON ? BP_E_AUTH_PERSON : factor_missing(rq);
}

static enum bp_error by_session(struct bp_req *rq)
{
	enum bp_error e;

	if (!rq->token)
		return BP_E_AUTH_TOKEN;
	e = bp_auth_user(rq->db, rq->arena, rq->token, &rq->user);
	if (!e)
		e = within_limit(rq);
	if (e)
		return e;
	if (bp_endpoint_changes(rq->ep) && (!rq->csrf || strlen(rq->csrf) != strlen(rq->user.csrf) ||
			sodium_memcmp(rq->csrf, rq->user.csrf, strlen(rq->csrf))))
		return BP_E_AUTH_CSRF;
	if (rq->user.viewer && rq->ep->flags & BP_EP_PERSON)
		return BP_E_AUTH_PERSON;
	if (rq->ep->flags & BP_EP_PROOF && rq->user.proof > bp_setting(BP_SETTING_proof_minutes) * 60)
		return BP_E_AUTH_PROOF;
	if (rq->user.viewer && bp_endpoint_changes(rq->ep) && !(rq->ep->flags & BP_EP_VIEWER))
		return BP_E_AUTH_VIEWING;
	return rq->user.viewer ? BP_E_OK : factor_missing(rq); /* who looks was asked when the looking began */
}

/* Who is it? A change by a browser carries the session's token; what a program sends no page can make a browser send. */
static enum bp_error authenticate(struct bp_req *rq)
{
	const char *token = bearer(rq);
	enum bp_error e;

	rq->token = bp_req_cookie(rq, bp_auth_cookie(bp_conf_secure(rq->app->conf)));
	if (rq->ep->scope == BP_SCOPE_PUBLIC)
		return BP_E_OK;
	e = token ? by_program(rq, token) : by_session(rq);
	if (e == BP_E_AUTH_TOKEN && token)
		bp_buf_str(rq->headers, "WWW-Authenticate: Bearer error=\"invalid_token\"\r\n");
	/* The trail says through whom it came. */
	if (!e && rq->user.by != BP_BY_SESSION)
		rq->agent = bp_sprintf(rq->arena, "%s %llu %.80s; %.120s", rq->user.by == BP_BY_KEY ? "key" : "token",
			(unsigned long long)rq->user.by_id, rq->user.program, rq->agent);
	else if (!e && rq->user.viewer)
		rq->agent = bp_sprintf(rq->arena, "looking as user %llu; %.180s", (unsigned long long)rq->user.id, rq->agent);
	return e;
}

/* --- what may they do, and where --- */

/* The territory that path argument 0 belongs to; NOT_FOUND in the words of its kind. */
static enum bp_error resolve_scope(struct bp_req *rq, uint64_t *owner)
{
	int64_t id = (int64_t)rq->arg[0];
	struct q_scope_territory t;
	struct q_scope_session s;
	struct q_scope_outlet o;
	struct q_scope_plan p;
	struct q_scope_seat x;
	struct q_scope_job j;
	enum bp_error e;

	switch (rq->ep->scope) {
	case BP_SCOPE_TERRITORY:
		e = q_scope_territory(rq->db, rq->arena, id, &t);
		if (!e)
			rq->territory = (uint64_t)t.territory_id;
		return e == BP_E_NOT_FOUND ? BP_E_TERRITORY_NONE : e;
	case BP_SCOPE_PLAN:
		e = q_scope_plan(rq->db, rq->arena, id, &p);
		if (e)
			return e;
		rq->territory = (uint64_t)p.territory_id;
		rq->channel = p.channel;
		return BP_E_OK;
	case BP_SCOPE_SESSION:
		e = q_scope_session(rq->db, rq->arena, id, &s);
		if (e)
			return e;
		rq->territory = (uint64_t)s.territory_id;
		rq->channel = s.channel;
		*owner = (uint64_t)s.user_id;
		return BP_E_OK;
	case BP_SCOPE_OUTLET:
		e = q_scope_outlet(rq->db, rq->arena, id, &o);
		if (e)
			return e;
		rq->territory = o.territory_id.set ? (uint64_t)o.territory_id.v : 0;
		return BP_E_OK;
	case BP_SCOPE_SEAT:
		e = q_scope_seat(rq->db, rq->arena, id, &x);
		if (e)
			return e;
		rq->territory = x.territory_id.set ? (uint64_t)x.territory_id.v : 0;
		return BP_E_OK;
	case BP_SCOPE_JOB:
		e = q_scope_job(rq->db, rq->arena, id, &j);
		if (e)
			return e;
		rq->territory = (uint64_t)j.territory_id;
		*owner = (uint64_t)j.user_id;
		return BP_E_OK;
	default:
		return BP_E_OK;
	}
}

/* The permissions of which one is enough: planning asks for the one of the channel, or for either while that is not known. */
static uint64_t wanted(const struct bp_req *rq)
{
	uint64_t bits = 0;

	if (!(rq->ep->flags & BP_EP_PLAN_CHANNEL))
		return BP_PERM_BIT(rq->ep->perm);
	if (!rq->channel || !strcmp(rq->channel, "GT"))
		bits |= BP_PERM_BIT(BP_PERM_PLAN_GT_ROUTES);
	if (!rq->channel || !strcmp(rq->channel, "MT"))
		bits |= BP_PERM_BIT(BP_PERM_PLAN_MT_ROUTES);
	return bits;
}

static enum bp_error holds_one(struct bp_req *rq, uint64_t bits, uint64_t territory, bool *may)
{
	enum bp_error e = BP_E_OK;

	*may = false;
	for (int p = 0; p < BP_PERM__MAX && !*may && !e; p++)
		if (bits & BP_PERM_BIT(p))
			e = bp_auth_may(rq->db, &rq->user, (enum bp_perm)p, territory, may);
	return e;
}

static enum bp_error refuse(struct bp_req *rq)
{
	return bp_fail(&rq->fail, BP_E_AUTH_PERMISSION, "this needs the permission %s",
		rq->ep->flags & BP_EP_PLAN_CHANNEL ? "to plan this channel" : bp_perms[rq->ep->perm].name);
}

static enum bp_error authorize(struct bp_req *rq)
{
	enum bp_error e, hidden = rq->ep->scope == BP_SCOPE_TERRITORY ? BP_E_TERRITORY_NONE : BP_E_NOT_FOUND;
	uint64_t owner = 0;
	bool may = false;

	switch (rq->ep->scope) {
	case BP_SCOPE_PUBLIC:
		return BP_E_OK;
	case BP_SCOPE_SELF:
		/* A key is not its owner: what is the owner's asks for a permission too, and for no territory. */
		return rq->user.by != BP_BY_KEY || rq->ep->flags & BP_EP_ACCOUNT ||
			(rq->user.scopes_of == rq->user.id && rq->user.anywhere & wanted(rq)) ? BP_E_OK : refuse(rq);
	case BP_SCOPE_ANYWHERE:
		return rq->user.anywhere & wanted(rq) ? BP_E_OK : refuse(rq);
	case BP_SCOPE_WORLD:
		return rq->user.world & wanted(rq) ? BP_E_OK : refuse(rq);
	default:
		break;
	}
	e = resolve_scope(rq, &owner);
	if (e && e != hidden)
		return e;
	if (rq->ep->scope == BP_SCOPE_JOB && !e && owner == rq->user.id && rq->user.by != BP_BY_KEY)
		return BP_E_OK;
	/* Without the permission anywhere the answer must not tell whether the thing exists. */
	if (!(rq->user.anywhere & wanted(rq)))
		return refuse(rq);
	if (e)
		return e;
	e = holds_one(rq, wanted(rq), rq->territory, &may);
	if (e || may)
		return e;
	/* Seen but not to be touched, or not even seen? */
	e = bp_auth_may(rq->db, &rq->user, BP_PERM_VIEW_TERRITORY, rq->territory, &may);
	return e ? e : may ? refuse(rq) : hidden;
}

enum bp_error bp_access(struct bp_req *rq)
{
	enum bp_error e = authenticate(rq);

	return e ? e : authorize(rq);
}
