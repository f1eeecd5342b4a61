/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_beats.c - the named standing areas of a plan. Which visits belong to one is said by operations on a draft; its code and name are the
 * same in all drafts and versions. */
#include "cgi/endpoint.h"
#include "queries.h"

struct beat {
	const char *code, *name;
};
BP_SHAPE(beat_body, beat,
	BP_STR(beat, code, BP_REQ, 1, 64, "its code, which no other beat of the plan has"),
	BP_STR(beat, name, BP_REQ, 1, 120, "its name"));
struct change {
	const char *code, *name, *reason;
};
BP_SHAPE(beat_change, change,
	BP_STR(change, code, BP_REQ, 1, 64, "its code, which no other beat of the plan has"),
	BP_STR(change, name, BP_REQ, 1, 120, "its name"),
	BP_STR(change, reason, BP_REQ, 1, 500, "why"));
struct made {
	int64_t id;
};
BP_SHAPE(beat_made, made,
	BP_INT(made, id, BP_REQ, 1, 9e15, "beat"));

static void told(struct bp_req *rq, const struct q_beat_get *was, const struct beat *is)
{
	rq->audit.resource_type = "plan";
	rq->audit.resource_id = rq->arg[0];
	bp_audit_change(&rq->audit, "beat", was ? bp_sprintf(rq->arena, "%s: %s", was->code, was->name) : NULL,
		is ? bp_sprintf(rq->arena, "%s: %s", is->code, is->name) : NULL);
}

static enum bp_error clash(struct bp_req *rq, enum bp_error e, const struct beat *b)
{
	return e == BP_E_CONFLICT ? bp_fail(&rq->fail, e, "the plan has a beat with the code %s: take another", b->code) : e;
}

static enum bp_error add(struct bp_req *rq)
{
	const struct beat *b = rq->body;
	struct made *out = bp_alloc(rq->arena, sizeof(*out));
	enum bp_error e = q_beat_add(rq->db, (int64_t)rq->arg[0], b->code, b->name, NULL);

	out->id = e ? 0 : (int64_t)bp_db_insert_id(rq->db);
	rq->reply = out;
	told(rq, NULL, b);
	return clash(rq, e, b);
}

static enum bp_error change(struct bp_req *rq)
{
	const struct change *in = rq->body;
	const struct beat b = {in->code, in->name};
	struct q_beat_get was;
	enum bp_error e = q_beat_get(rq->db, rq->arena, (int64_t)rq->arg[0], (int64_t)rq->arg[1], &was);

	if (e)
		return e;
	told(rq, &was, &b);
	rq->audit.reason = in->reason;
	return clash(rq, q_beat_change(rq->db, was.id, b.code, b.name, NULL), &b);
}

static enum bp_error drop(struct bp_req *rq)
{
	struct q_beat_get was;
	struct q_beat_used used;
	enum bp_error e = q_beat_get(rq->db, rq->arena, (int64_t)rq->arg[0], (int64_t)rq->arg[1], &was);

	if (!e)
		e = q_beat_used(rq->db, rq->arena, (int64_t)rq->arg[0], was.id, &used);
	if (e)
		return e;
	if (used.used)
		return bp_fail(&rq->fail, BP_E_CONFLICT, "beat %s has visits in a draft or version of the plan: it stays for their sake", was.code);
	told(rq, &was, NULL);
	return q_beat_drop(rq->db, was.id, NULL);
}

static const struct bp_endpoint ep[] = {
	{"POST", "/plans/{id}/beats", "Make a beat; operations put visits into it", BP_SCOPE_PLAN, BP_PERM_PLAN_GT_ROUTES, BP_EP_PLAN_CHANNEL, .body = &beat_body,
		.reply = &beat_made, .audit = BP_ACTION_BEAT_ADD, .fails = {BP_E_NOT_FOUND, BP_E_CONFLICT}, .handle = add},
	{"PUT", "/plans/{id}/beats/{beat}", "Rename a beat, in all drafts and versions", BP_SCOPE_PLAN, BP_PERM_PLAN_GT_ROUTES, BP_EP_PLAN_CHANNEL,
		.body = &beat_change, .audit = BP_ACTION_BEAT_CHANGE, .fails = {BP_E_NOT_FOUND, BP_E_CONFLICT}, .handle = change},
	{"DELETE", "/plans/{id}/beats/{beat}", "Remove a beat that has never had a visit, or has none any more", BP_SCOPE_PLAN, BP_PERM_PLAN_GT_ROUTES,
		BP_EP_PLAN_CHANNEL, .audit = BP_ACTION_BEAT_DROP, .fails = {BP_E_NOT_FOUND, BP_E_CONFLICT}, .handle = drop},
};
BP_RESOURCE(beats, ep);
