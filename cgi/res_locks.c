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

static enum bp_error take_channel(struct bp_req *rq, const char *channel)
{
	struct reply *r = bp_alloc(rq->arena, sizeof(*r));
	struct bp_lock *got, *others;
	struct refused *v;
	int64_t *units;
	size_t n, n_others;
	enum bp_error e = bp_req_need_channel(rq, channel, rq->territory);

	if (!e)
		e = bp_lock_take(rq->db, rq->arena, rq->territory, channel, rq->user.id, &got, &n, &others, &n_others, &rq->fail);
	if (e)
		return e;
	units = bp_alloc_array(rq->arena, n, sizeof(*units));
	v = bp_alloc_array(rq->arena, n_others, sizeof(*v));
	for (size_t i = 0; i < n; i++)
		units[i] = (int64_t)got[i].territory;
	for (size_t i = 0; i < n_others; i++)
		v[i] = (struct refused){(int64_t)others[i].territory, others[i].since, others[i].last_seen, others[i].unit, others[i].holder};
	*r = (struct reply){.lock_id = (int64_t)got[0].id, .territory_id = (int64_t)rq->territory, .since = got[0].since,
		.status = n_others ? "PARTIAL" : "ACQUIRED", .channel = channel, .holder = rq->user.name, .units = {units, n},
		.refused = {v, n_others}};
	rq->audit.resource_type = "territory";
	rq->audit.channel = channel;
	rq->reply = r;
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
	return e ? e : bp_lock_drop(rq->db, rq->territory, q->channel);
}

static const struct bp_endpoint ep[] = {
	{"POST", "/territories/{id}/lock", "Lock a unit, or the free units beneath a node", BP_SCOPE_TERRITORY,
		BP_PERM_PLAN_GT_ROUTES, BP_EP_PLAN_CHANNEL, .body = &lock_body, .reply = &lock_shape, .audit = BP_ACTION_LOCK_TAKE,
		.fails = {BP_E_LOCK_TAKEN}, .handle = take},
	{"POST", "/territories/lock", "Lock a unit, or the free units beneath a node (by body)", BP_SCOPE_ANYWHERE,
		BP_PERM_PLAN_GT_ROUTES, BP_EP_PLAN_CHANNEL, .body = &bp_unit_shape, .reply = &lock_shape, .audit = BP_ACTION_LOCK_TAKE,
		.fails = {BP_E_LOCK_TAKEN, BP_E_TERRITORY_NONE}, .handle = take_older},
	{"DELETE", "/territories/{id}/lock", "Give up a lock, or break somebody else's with a reason", BP_SCOPE_TERRITORY,
		BP_PERM_PLAN_GT_ROUTES, BP_EP_PLAN_CHANNEL, .query = &unlock_query, .audit = BP_ACTION_LOCK_RELEASE,
		.fails = {BP_E_NOT_FOUND}, .handle = drop},
};
BP_RESOURCE(locks, ep);
