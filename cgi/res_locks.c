/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_locks.c - the exclusive right to plan a unit. */
#include <string.h>

#include "cgi/endpoint.h"
#include "lock/lock.h"
#include "notice/notice.h"
#include "queries.h"

struct body {
	const char *channel;
};
BP_SHAPE(lock_body, body,
	BP_ENUM(body, channel, BP_REQ, bp_channels, "channel"));
struct query {
	const char *channel, *reason;
};
BP_SHAPE(unlock_query, query,
	BP_ENUM(query, channel, BP_REQ, bp_channels, "channel"),
	BP_STR(query, reason, BP_NUL, 1, 500, "why; needed to break somebody else's lock"));

struct refused {
	int64_t territory_id, since, last_seen;
	const char *name, *holder;
};
BP_SHAPE(lock_refused, refused,
	BP_INT(refused, territory_id, BP_REQ, 1, 9e15, "unit"),
	BP_STR(refused, name, BP_REQ, 0, 120, "its name"),
	BP_STR(refused, holder, BP_REQ, 0, 120, "who holds it"),
	BP_TIME(refused, since, BP_REQ, "since when"),
	BP_TIME(refused, last_seen, BP_REQ, "last sign of life"));
struct reply {
	int64_t lock_id, territory_id, since;
	struct bp_opt_int expires_at;
	const char *status, *channel, *holder;
	struct bp_list units, refused;
};
BP_SHAPE(lock_shape, reply,
	BP_INT(reply, lock_id, BP_REQ, 1, 9e15, "lock of the first unit"),
	BP_STR(reply, status, BP_REQ, 1, 10, "ACQUIRED: all of it, PARTIAL: some units are held by others"),
	BP_TIME(reply, expires_at, BP_NUL, "null: a lock never lapses by itself"),
	BP_INT(reply, territory_id, BP_REQ, 1, 9e15, "what was asked for"),
	BP_STR(reply, channel, BP_REQ, 2, 2, "channel"),
	BP_STR(reply, holder, BP_REQ, 0, 120, "you"),
	BP_TIME(reply, since, BP_REQ, "since when"),
	BP_LIST_INT(reply, units, BP_REQ, 10000, "units that you hold now"),
	BP_LIST(reply, refused, BP_REQ, 10000, &lock_refused, "units that others hold"));

static void fill(struct bp_req *rq, struct reply *r, const char *channel, const struct bp_lock *got, size_t n)
{
	int64_t *units = bp_alloc_array(rq->arena, n, sizeof(*units));

	for (size_t i = 0; i < n; i++)
		units[i] = (int64_t)got[i].territory;
	*r = (struct reply){.lock_id = (int64_t)got[0].id, .territory_id = (int64_t)rq->territory, .since = got[0].since, .status = "ACQUIRED",
		.channel = channel, .holder = rq->user.name, .units = {units, n}};
	rq->audit.resource_type = "territory";
	rq->audit.channel = channel;
	rq->reply = r;
}

static enum bp_error take_channel(struct bp_req *rq, const char *channel)
{
	struct reply *r = bp_alloc(rq->arena, sizeof(*r));
	struct bp_lock *got, *others;
	struct refused *v;
	size_t n, n_others;
	enum bp_error e = bp_req_need_channel(rq, channel, rq->territory);

	if (!e)
		e = bp_lock_take(rq->db, rq->arena, rq->territory, channel, rq->user.id, &got, &n, &others, &n_others, &rq->fail);
	if (e)
		return e;
	fill(rq, r, channel, got, n);
	v = bp_alloc_array(rq->arena, n_others, sizeof(*v));
	for (size_t i = 0; i < n_others; i++)
		v[i] = (struct refused){(int64_t)others[i].territory, others[i].since, others[i].last_seen, others[i].unit, others[i].holder};
	r->status = n_others ? "PARTIAL" : "ACQUIRED";
	r->refused = (struct bp_list){v, n_others};
	return BP_E_OK;
}

static enum bp_error take(struct bp_req *rq)
{
	return take_channel(rq, ((struct body *)rq->body)->channel);
}

/* The older form (register X-40) names the territory in the body. */
static enum bp_error take_older(struct bp_req *rq)
{
	const struct bp_unit_body *in = rq->body;
	enum bp_error e = bp_req_territory(rq, in->territory_id);

	return e ? e : take_channel(rq, in->channel);
}

/* --- sets --- */

struct set_body {
	const char *channel;
	struct bp_list territories;
};
BP_SHAPE(lock_set_body, set_body,
	BP_ENUM(set_body, channel, BP_REQ, bp_channels, "channel"),
	BP_LIST_INT(set_body, territories, BP_REQ, BP_LOCK_SET_MOST, "territories to lock as one"));
struct mine {
	int64_t lock_id, territory_id, since, last_seen;
	struct bp_opt_int set_id;
	const char *name, *channel, *holder;
	bool stale;
};
BP_SHAPE(lock_mine, mine,
	BP_INT(mine, lock_id, BP_REQ, 1, 9e15, "lock"),
	BP_INT(mine, territory_id, BP_REQ, 1, 9e15, "unit"),
	BP_STR(mine, name, BP_REQ, 0, 120, "its name"),
	BP_STR(mine, channel, BP_REQ, 2, 2, "channel"),
	BP_STR(mine, holder, BP_NUL, 1, 120, "who holds it"),
	BP_TIME(mine, since, BP_REQ, "since when"),
	BP_TIME(mine, last_seen, BP_REQ, "last sign of life"),
	BP_BOOL(mine, stale, BP_REQ, "no sign of life for a quarter of an hour"),
	BP_INT(mine, set_id, BP_NUL, 1, 9e15, "those with the same are given back together; null = it stands alone"));
struct mine_page {
	struct bp_list items;
	const char *next;
};
BP_SHAPE(lock_page, mine_page,
	BP_LIST(mine_page, items, BP_REQ, 10000, &lock_mine, "locks, by name of the unit"),
	BP_STR(mine_page, next, BP_NUL, 0, 20, "always null"));

struct list_query {
	bool all;
};
BP_SHAPE(lock_list_query, list_query, BP_BOOL(list_query, all, BP_NUL, "those of everybody, where I may break them"));

static enum bp_error list(struct bp_req *rq)
{
	const bool all = ((struct list_query *)rq->query)->all;
	struct mine_page *p = bp_alloc(rq->arena, sizeof(*p));
	struct q_lock_list *r = NULL;
	struct mine *v;
	size_t n = 0, kept = 0;
	enum bp_error e = q_lock_list(rq->db, rq->arena, all ? BP_NO_INT : BP_SOME_INT(rq->user.id), &r, &n);

	v = bp_alloc_array(rq->arena, n + 1, sizeof(*v));
	for (size_t i = 0; i < n && !e; i++) {
		bool may = !all;

		if (all)
			e = bp_auth_may(rq->db, &rq->user, BP_PERM_FORCE_UNLOCK, (uint64_t)r[i].territory, &may);
		if (may)
			v[kept++] = (struct mine){r[i].id, r[i].territory, r[i].since, r[i].last_seen, r[i].set, r[i].name, r[i].channel, r[i].holder, bp_lock_stale(r[i].last_seen)};
	}
	p->items = (struct bp_list){v, kept};
	rq->reply = p;
	return e;
}

static enum bp_error take_set(struct bp_req *rq)
{
	const struct set_body *in = rq->body;
	const int64_t *ids = in->territories.v;
	struct bp_lock *got;
	size_t n = 0;
	enum bp_error e = BP_E_OK;

	if (!in->territories.n)
		return bp_req_field(rq, "/territories", "names no territory");
	for (size_t i = in->territories.n; i-- > 0 && !e;) { /* the first is the one that the audit trail names */
		e = bp_req_territory(rq, ids[i]);
		if (!e)
			e = bp_req_need_channel(rq, in->channel, (uint64_t)ids[i]);
	}
	if (!e)
		e = bp_lock_take_set(rq->db, rq->arena, ids, in->territories.n, in->channel, rq->user.id, &got, &n, &rq->fail);
	if (e)
		return e;
	fill(rq, bp_alloc(rq->arena, sizeof(struct reply)), in->channel, got, n);
	for (size_t i = 0; i < n; i++)
		bp_audit_change(&rq->audit, "set", NULL, got[i].unit);
	return BP_E_OK;
}

static enum bp_error drop(struct bp_req *rq)
{
	struct query *q = rq->query;
	struct bp_lock lock;
	enum bp_error e = bp_lock_get(rq->db, rq->arena, rq->territory, q->channel, &lock);

	if (e)
		return e;
	if (lock.user == rq->user.id) {
		e = bp_req_need_channel(rq, q->channel, rq->territory);
	} else {
		e = bp_req_need(rq, BP_PERM_FORCE_UNLOCK, rq->territory);
		if (!e && !q->reason)
			return bp_req_field(rq, "/reason", "is required to break somebody else's lock");
		rq->audit.action = BP_ACTION_LOCK_BREAK;
		bp_audit_change(&rq->audit, "holder", lock.holder, NULL);
	}
	rq->audit.resource_type = "territory";
	rq->audit.channel = q->channel;
	rq->audit.reason = q->reason;
	if (!e && lock.user != rq->user.id)
		e = bp_notice_tell(rq->db, BP_NOTICE_LOCK_BROKEN, lock.user,
			&(struct bp_notice_of){rq->territory, rq->user.id, q->channel, q->reason});
	if (e)
		return e;
	/* The others of a set may lie where whoever breaks one has no say. */
	return lock.user == rq->user.id ? bp_lock_give_back(rq->db, rq->arena, rq->territory, q->channel) : bp_lock_drop(rq->db, rq->territory, q->channel);
}

static const struct bp_endpoint ep[] = {
	{"POST", "/territories/{id}/lock", "Lock a unit, or the free units beneath a node", BP_SCOPE_TERRITORY,
		BP_PERM_PLAN_GT_ROUTES, BP_EP_PLAN_CHANNEL, .body = &lock_body, .reply = &lock_shape, .audit = BP_ACTION_LOCK_TAKE,
		.fails = {BP_E_LOCK_TAKEN}, .handle = take},
	{"POST", "/territories/lock", "Lock a unit, or the free units beneath a node (by body)", BP_SCOPE_ANYWHERE,
		BP_PERM_PLAN_GT_ROUTES, BP_EP_PLAN_CHANNEL, .body = &bp_unit_shape, .reply = &lock_shape, .audit = BP_ACTION_LOCK_TAKE,
		.fails = {BP_E_LOCK_TAKEN, BP_E_TERRITORY_NONE}, .handle = take_older},
	{"GET", "/locks", "List my locks, or those of everybody that I may break", BP_SCOPE_SELF, 0, 0, .query = &lock_list_query, .reply = &lock_page, .handle = list},
	{"POST", "/locks", "Lock several territories as one: all or none", BP_SCOPE_ANYWHERE, BP_PERM_PLAN_GT_ROUTES, BP_EP_PLAN_CHANNEL,
		.body = &lock_set_body, .reply = &lock_shape, .audit = BP_ACTION_LOCK_TAKE, .fails = {BP_E_LOCK_TAKEN, BP_E_TERRITORY_NONE}, .handle = take_set},
	{"DELETE", "/territories/{id}/lock", "Give up a lock with those of its set, or break somebody else's alone with a reason", BP_SCOPE_TERRITORY,
		BP_PERM_PLAN_GT_ROUTES, BP_EP_PLAN_CHANNEL, .query = &unlock_query, .audit = BP_ACTION_LOCK_RELEASE,
		.fails = {BP_E_NOT_FOUND}, .handle = drop},
};
BP_RESOURCE(locks, ep);
