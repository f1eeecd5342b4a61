/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_sessions.c - planning sessions: open, change, undo, save, commit. */
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "cgi/draft_view.h"
#include "cgi/res_sessions.h"
#include "job/job.h"
#include "lock/lock.h"
#include "notice/notice.h"
#include "plan/version.h"

struct session {
	int64_t id, plan_id, territory_id, seq, opened_at, last_saved_at;
	const char *channel, *status;
	struct bp_opt_int base_version;
};
BP_SHAPE(session_shape, session,
	BP_INT(session, id, BP_REQ, 1, 9e15, "planning session"),
	BP_INT(session, plan_id, BP_REQ, 1, 9e15, "plan"),
	BP_INT(session, territory_id, BP_REQ, 1, 9e15, "unit"),
	BP_STR(session, channel, BP_REQ, 2, 2, "GT or MT"),
	BP_STR(session, status, BP_REQ, 1, 12, "ACTIVE, COMMITTED or CLOSED"),
	BP_INT(session, seq, BP_REQ, 0, 9e15, "count of changes"),
	BP_INT(session, base_version, BP_NUL, 1, 9e15, "version it began from"),
	BP_TIME(session, opened_at, BP_REQ, "opened"),
	BP_TIME(session, last_saved_at, BP_REQ, "last change, kept"));
struct page {
	struct bp_list items;
	const char *next;
};
BP_SHAPE(session_page, page,
	BP_LIST(page, items, BP_REQ, BP_PAGE_MOST, &session_shape, "my drafts, latest first"),
	BP_STR(page, next, BP_NUL, 0, 20, "always null"));

BP_SHAPE(op_visit_shape, plan_op_visit,
	BP_INT(plan_op_visit, need, BP_REQ, 1, 9e15, "need"),
	BP_DATE(plan_op_visit, date, BP_REQ, "date of the visit"));
BP_SHAPE(op_tour_shape, plan_op_tour,
	BP_INT(plan_op_tour, seat, BP_REQ, 1, 9e15, "seat"),
	BP_DATE(plan_op_tour, date, BP_REQ, "any date of that day of the cycle"),
	BP_LIST_INT(plan_op_tour, order, BP_REQ, 1000, "the needs that it visits from now on, in order"));
static const struct bp_field op_fields[] = {
	BP_STR(plan_op, client_id, BP_REQ, 1, 40, "made by the client; the same one is not applied twice"),
	BP_ENUM(plan_op, kind, BP_REQ, plan_op_kinds, "what to do"),
	BP_ENUM(plan_op, reach, BP_NUL, plan_reaches, "this date, from here onward, or the standing plan (default)"),
	BP_STR(plan_op, reason, BP_NUL, 0, 500, "why, in words; needed to override a rule"),
	BP_STR(plan_op, reason_code, BP_NUL, 0, 24, "why, as a code of GET /reasons; needed to override a rule"),
	BP_LIST(plan_op, visits, BP_NUL, PLAN_OP_VISITS_MOST, &op_visit_shape, "move, remove, join: the visits"),
	BP_INT(plan_op, seat, BP_NUL, 1, 9e15, "to this seat"),
	BP_DATE(plan_op, date, BP_NUL, "to this date"),
	BP_INT(plan_op, shift, BP_NUL, -56, 56, "move: by so many days, where no date is given"),
	BP_INT(plan_op, pos, BP_NUL, 0, 1000, "to this place in the tour, 0 = first; none = the cheapest"),
	BP_INT(plan_op, beat, BP_NUL, 1, 9e15, "beat: which; join: the one that the visits are to belong to"),
	BP_DATE(plan_op, from_date, BP_NUL, "beat: from this weekday"),
	BP_INT(plan_op, need, BP_NUL, 1, 9e15, "place: which need"),
	BP_LIST_INT(plan_op, order, BP_NUL, 1000, "sequence: the needs in their new order"),
	BP_BOOL(plan_op, auto_, BP_NUL, "sequence: the best order"),
	BP_BOOL(plan_op, reverse, BP_NUL, "sequence: turn it round"),
	BP_LIST(plan_op, tours, BP_NUL, PLAN_OP_TOURS_MOST, &op_tour_shape, "arrange: the standing tours as they are to become"),
	BP_LIST_INT(plan_op, needs, BP_NUL, PLAN_OP_VISITS_MOST, "pin: the needs"),
	BP_ENUM(plan_op, hold, BP_NUL, plan_holds, "pin: what the optimiser keeps of their visits; none unpins them"),
};
const struct bp_shape bp_op_shape = {"op_shape", sizeof(struct plan_op), op_fields, sizeof(op_fields) / sizeof(*op_fields), 0};
BP_SHAPE(ops_body_shape, bp_ops,
	BP_INT(bp_ops, seq, BP_REQ, 0, 9e15, "the count of changes you have seen"),
	BP_LIST(bp_ops, ops, BP_REQ, PLAN_OPS_MOST, &bp_op_shape, "operations, in order"),
	BP_BOOL(bp_ops, together, BP_NUL, "undo and redo take them all at once, named as one of the first's kind"));
BP_SHAPE(price_body_shape, bp_ops,
	BP_LIST(bp_ops, ops, BP_REQ, PLAN_OPS_MOST, &bp_op_shape, "operations, in order"));
BP_SHAPE(seq_body_shape, bp_ops,
	BP_INT(bp_ops, seq, BP_REQ, 0, 9e15, "the count of changes you have seen"));

struct adopt_body {
	int64_t version_id;
	const char *reason;
};
BP_SHAPE(adopt_body_shape, adopt_body,
	BP_INT(adopt_body, version_id, BP_REQ, 1, 9e15, "version of the same plan: a proposal or an older state"),
	BP_STR(adopt_body, reason, BP_NUL, 0, 500, "why"));

struct cycle_body {
	int64_t anchor, weeks;
	const char *reason;
};
BP_SHAPE(cycle_body_shape, cycle_body,
	BP_DATE(cycle_body, anchor, BP_REQ, "date of cycle day 0, a first day of the week"),
	BP_INT(cycle_body, weeks, BP_REQ, 1, 8, "weeks"),
	BP_STR(cycle_body, reason, BP_NUL, 0, 500, "why"));

static struct session session_of(const struct q_session_get *r)
{
	return (struct session){.id = r->id, .plan_id = r->plan_id, .territory_id = r->territory_id, .seq = r->seq,
		.opened_at = r->opened_at, .last_saved_at = r->saved_at, .channel = r->channel, .status = r->status,
		.base_version = r->base_version};
}

static enum bp_error read_session(struct bp_req *rq, uint64_t id, struct session *out)
{
	struct q_session_get r;
	enum bp_error e = q_session_get(rq->db, rq->arena, (int64_t)id, &r);

	if (!e)
		*out = session_of(&r);
	return e;
}

static enum bp_error get(struct bp_req *rq)
{
	struct session *s = bp_alloc(rq->arena, sizeof(*s));

	rq->reply = s;
	return read_session(rq, rq->arg[0], s);
}

static enum bp_error list(struct bp_req *rq)
{
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	struct q_session_list *r;
	struct session *v;
	size_t n;
	enum bp_error e = q_session_list(rq->db, rq->arena, (int64_t)rq->user.id, BP_PAGE_MOST, &r, &n);

	v = bp_alloc_array(rq->arena, n, sizeof(*v));
	for (size_t i = 0; i < n && !e; i++)
		e = read_session(rq, (uint64_t)r[i].id, &v[i]);
	p->items = (struct bp_list){v, n};
	rq->reply = p;
	return e;
}

static enum bp_error open_session(struct bp_req *rq)
{
	struct bp_unit_body *in = rq->body;
	struct session *s = bp_alloc(rq->arena, sizeof(*s));
	uint64_t id = 0;
	enum bp_error e = bp_req_territory(rq, in->territory_id);

	if (!e)
		e = bp_req_need_channel(rq, in->channel, (uint64_t)in->territory_id);
	if (!e)
		e = plan_session_open(rq->db, rq->arena, (uint64_t)in->territory_id, in->channel, rq->user.id, &id, &rq->fail);
	if (!e)
		e = read_session(rq, id, s);
	rq->audit.resource_type = "session";
	rq->audit.resource_id = rq->audit.session = id;
	rq->audit.territory = (uint64_t)in->territory_id;
	rq->audit.channel = in->channel;
	rq->reply = s;
	return e;
}

static enum bp_error draft(struct bp_req *rq)
{
	struct session s;
	enum bp_error e = read_session(rq, rq->arg[0], &s);

	return e ? e : bp_draft_reply(rq, (uint64_t)s.plan_id, rq->arg[0], 0);
}

void bp_session_audit(struct bp_req *rq, uint64_t session, int64_t seq)
{
	rq->audit.resource_type = "session";
	rq->audit.session = session;
	bp_audit_change(&rq->audit, "seq", NULL, bp_sprintf(rq->arena, "%lld", (long long)seq));
}

/* Reasons are those that are offered; most operations of a list have the same. */
static enum bp_error check_reasons(struct bp_req *rq, const struct bp_list *ops, const char *at)
{
	const struct plan_op *op = ops->v;
	const char *good = "";
	struct q_reason_offered row;
	enum bp_error e = BP_E_OK;

	for (size_t i = 0; i < ops->n && !e; i++) {
		if (!op[i].reason_code || !*op[i].reason_code || !strcmp(op[i].reason_code, good))
			continue;
		e = q_reason_offered(rq->db, rq->arena, op[i].reason_code, &row);
		if (!e)
			good = op[i].reason_code;
		else if (e == BP_E_NOT_FOUND)
			return bp_req_field(rq, bp_sprintf(rq->arena, "%s/%zu/reasonCode", at, i), "is not, or no longer, a reason that is offered: choose another of the list");
	}
	return e;
}

/* What an operation of a kind must bring along. */
void bp_ops_check(struct bp_req *rq, const struct bp_list *ops, const char *at)
{
	const struct plan_op *op = ops->v;

	for (size_t i = 0; i < ops->n; i++) {
		bool join = !strcmp(op[i].kind, "join"), visits = join || !strcmp(op[i].kind, "move") || !strcmp(op[i].kind, "remove");
		bool tour = !strcmp(op[i].kind, "sequence") || !strcmp(op[i].kind, "place");

		if (visits && !op[i].visits.n)
			bp_req_field(rq, bp_sprintf(rq->arena, "%s/%zu/visits", at, i), "must name at least one visit");
		if (!strcmp(op[i].kind, "move") && !op[i].seat.set && !op[i].date.set && !op[i].shift.set)
			bp_req_field(rq, bp_sprintf(rq->arena, "%s/%zu", at, i), "needs a seat, a date or a shift");
		if (join && !op[i].beat.set)
			bp_req_field(rq, bp_sprintf(rq->arena, "%s/%zu/beat", at, i), "is required");
		if (tour && (!op[i].seat.set || !op[i].date.set))
			bp_req_field(rq, bp_sprintf(rq->arena, "%s/%zu", at, i), "needs a seat and a date");
		if (strcmp(op[i].kind, "arrange") ? op[i].tours.n : !op[i].tours.n)
			bp_req_field(rq, bp_sprintf(rq->arena, "%s/%zu/tours", at, i),
				strcmp(op[i].kind, "arrange") ? "belongs to arrange only" : "must name at least one tour");
		if (strcmp(op[i].kind, "pin") ? op[i].needs.n : !op[i].needs.n)
			bp_req_field(rq, bp_sprintf(rq->arena, "%s/%zu/needs", at, i),
				strcmp(op[i].kind, "pin") ? "belongs to pin only" : "must name at least one need");
		if (!strcmp(op[i].kind, "pin") && !op[i].hold)
			bp_req_field(rq, bp_sprintf(rq->arena, "%s/%zu/hold", at, i), "is required: none, person, days or both");
		if (!strcmp(op[i].kind, "place") && !op[i].need.set)
			bp_req_field(rq, bp_sprintf(rq->arena, "%s/%zu/need", at, i), "is required");
	}
}

static enum bp_error apply(struct bp_req *rq, struct plan_apply *w, const struct bp_list *ops, const char *at, struct plan_change *c)
{
	enum bp_error e;

	bp_ops_check(rq, ops, at);
	if (json_array_size(rq->fields))
		return BP_E_FIELDS;
	e = check_reasons(rq, ops, at);
	w->user = rq->user.id;
	w->ops = ops->v;
	w->n_ops = ops->n;
	if (!e)
		e = bp_auth_may(rq->db, &rq->user, BP_PERM_OVERRIDE_CHANGES, rq->territory, &w->may_override);
	return e ? e : plan_session_apply(rq->db, rq->arena, w, c, &rq->fail);
}

/* Ids as a JSON array; the buffer is the caller's. */
static void put_ids(struct bp_buf *b, int64_t id)
{
	bp_buf_printf(b, "%s%lld", b->len > 1 ? "," : "", (long long)id);
}

/* Told of an override: the persons whose days change, those who visit the same outlets otherwise, the planner who holds the
 * territory or committed it last, whoever may override, and of a change of distributor the users of distributors. */
static enum bp_error tell_concerned(struct bp_req *rq, uint64_t session, const struct bp_list *ops, const struct plan_change *c, const char *text)
{
	const struct plan_tour_change *t = c->impact.tours.v;
	const struct plan_op *op = ops->v;
	const struct plan_broken *b = c->impact.broken.v;
	struct bp_buf seats, needs;
	bool distributor = false;
	enum bp_error e;

	for (size_t i = 0; i < c->impact.broken.n; i++)
		distributor |= !strcmp(b[i].rule, "DT_CHANGE");
	bp_buf_init(&seats, 4u << 20);
	bp_buf_init(&needs, 16u << 20);
	bp_buf_chr(&seats, '[');
	bp_buf_chr(&needs, '[');
	for (size_t i = 0; i < c->impact.tours.n; i++)
		put_ids(&seats, t[i].seat);
	for (size_t i = 0; i < ops->n; i++) {
		const struct plan_op_visit *v = op[i].visits.v;

		for (size_t k = 0; k < op[i].visits.n; k++)
			put_ids(&needs, v[k].need);
	}
	for (size_t i = 0; i < c->n_needs; i++)
		put_ids(&needs, c->needs[i]);
	bp_buf_chr(&seats, ']');
	bp_buf_chr(&needs, ']');
	e = bp_notice_tell_concerned(rq->db, BP_NOTICE_RULE_OVERRIDDEN, BP_PERM_OVERRIDE_CHANGES,
		&(struct bp_notice_plan){session, seats.data, needs.data, distributor},
		&(struct bp_notice_of){rq->territory, rq->user.id, rq->channel, text});
	bp_buf_release(&seats);
	bp_buf_release(&needs);
	return e;
}

/* An override stands in the audit event with its rules and its reason, and those concerned are told. */
static enum bp_error note_override(struct bp_req *rq, uint64_t session, const struct bp_list *list, const struct plan_change *c)
{
	const struct plan_broken *b = c->impact.broken.v;
	const struct plan_op *ops = list->v, *why = NULL;
	const char *rule = NULL;

	for (size_t i = 0; i < list->n && !why; i++)
		why = ops[i].reason_code && *ops[i].reason_code && ops[i].reason ? &ops[i] : NULL;
	for (size_t i = 0; i < c->impact.broken.n; i++)
		if (!strcmp(b[i].severity, "block") && (!rule || strcmp(rule, b[i].rule))) {
			bp_audit_change(&rq->audit, "override", NULL, b[i].rule);
			rule = rule ? rule : b[i].rule;
		}
	if (why)
		rq->audit.reason = bp_sprintf(rq->arena, "%s: %s", why->reason_code, why->reason);
	return rule && why ? tell_concerned(rq, session, list, c, bp_sprintf(rq->arena, "%s, %s: %s", rule, why->reason_code, why->reason)) : BP_E_OK;
}

enum bp_error bp_ops_change(struct bp_req *rq, const struct bp_ops *in, const char *at, const char *joint, const char *label)
{
	const uint64_t session = (uint64_t)in->session_id;
	struct plan_apply w = {.session = session, .seq = in->seq, .together = in->together, .joint = joint, .label = label, .keep = true};
	const struct plan_op *ops = in->ops.v;
	struct plan_change c;
	enum bp_error e = apply(rq, &w, &in->ops, at, &c);

	if (e)
		return e;
	bp_session_audit(rq, session, c.seq);
	for (size_t i = 0; i < in->ops.n; i++) {
		bp_audit_change(&rq->audit, ops[i].kind, NULL, plan_op_label(rq->arena, &ops[i]));
		if (ops[i].reason && *ops[i].reason)
			rq->audit.reason = ops[i].reason;
	}
	e = note_override(rq, session, &in->ops, &c);
	if (e)
		return e;
	/* Several operations may touch each other's tours: then the whole draft is the plain answer. */
	return bp_change_reply(rq, session, &c, in->ops.n > 1);
}

static enum bp_error change(struct bp_req *rq)
{
	struct bp_ops *in = rq->body;

	in->session_id = (int64_t)rq->arg[0];
	return bp_ops_change(rq, in, "/ops", NULL, NULL);
}

struct pricing {
	struct bp_req *rq;
	struct plan_change c;
};

/* Apply for real and roll back: the price is then exactly what the change would cost. */
static enum bp_error price_in_tx(struct bp_db *db, void *ctx)
{
	struct pricing *p = ctx;
	struct plan_apply w = {.session = p->rq->arg[0], .seq = -1};
	enum bp_error e = apply(p->rq, &w, &((struct bp_ops *)p->rq->body)->ops, "/ops", &p->c);

	(void)db;
	return e ? e : BP_E_CANCELLED;
}

static enum bp_error price(struct bp_req *rq)
{
	struct pricing p = {.rq = rq};
	enum bp_error e = bp_db_tx(rq->db, price_in_tx, &p);
	struct plan_impact *impact = bp_alloc(rq->arena, sizeof(*impact));

	*impact = p.c.impact;
	rq->reply = impact;
	return e == BP_E_CANCELLED ? BP_E_OK : e;
}

static enum bp_error step(struct bp_req *rq, bool redo)
{
	struct bp_ops *in = rq->body;
	struct plan_change c = {0};
	const char *label = "";
	enum bp_error e = plan_session_undo(rq->db, rq->arena, rq->arg[0], rq->user.id, in->seq, redo, &c.seq, &label, &rq->fail);

	if (e)
		return e;
	bp_session_audit(rq, rq->arg[0], c.seq);
	bp_audit_change(&rq->audit, "operation", NULL, label);
	return bp_change_reply(rq, rq->arg[0], &c, true);
}

static enum bp_error undo(struct bp_req *rq)
{
	return step(rq, false);
}

static enum bp_error redo(struct bp_req *rq)
{
	return step(rq, true);
}

static enum bp_error adopt(struct bp_req *rq)
{
	struct adopt_body *in = rq->body;
	struct plan_change c = {0};
	enum bp_error e = plan_session_adopt(rq->db, rq->arena, rq->arg[0], rq->user.id, (uint64_t)in->version_id, in->reason, &c.seq,
		&rq->fail);

	if (e)
		return e;
	bp_session_audit(rq, rq->arg[0], c.seq);
	bp_audit_change(&rq->audit, "version", NULL, bp_sprintf(rq->arena, "%lld", (long long)in->version_id));
	rq->audit.reason = in->reason;
	return bp_change_reply(rq, rq->arg[0], &c, true);
}

enum { CYCLE_AWAY = 366 }; /* days from today to the first one of a cycle: what is further away was typed wrong */

static enum bp_error begin_cycle(struct bp_req *rq)
{
	const struct cycle_body *in = rq->body;
	const struct plan_cycle cycle = {in->anchor, in->weeks};
	struct plan_change c = {0};
	struct plan_profile p;
	char *day = bp_alloc(rq->arena, BP_DATE_SIZE);
	enum bp_error e = plan_profile_load(rq->db, rq->territory, rq->channel, &p);

	if (!e && llabs(in->anchor - bp_today()) > CYCLE_AWAY)
		return bp_req_field(rq, "/anchor", "is more than a year away from today");
	if (!e && bp_date_weekday(in->anchor) != (int)PLAN_GET(&p, week_start))
		return bp_req_field(rq, "/anchor", "is no first day of the week by the planning parameters: choose one, or change them first");
	if (!e)
		e = plan_session_cycle(rq->db, rq->arena, rq->arg[0], rq->user.id, &cycle, in->reason, &c.seq, &rq->fail);
	if (e)
		return e;
	bp_session_audit(rq, rq->arg[0], c.seq);
	bp_date_format(in->anchor, day);
	bp_audit_change(&rq->audit, "anchor", NULL, day);
	bp_audit_change(&rq->audit, "weeks", NULL, bp_sprintf(rq->arena, "%lld", (long long)in->weeks));
	rq->audit.reason = in->reason;
	return bp_change_reply(rq, rq->arg[0], &c, true);
}

/* The draft stays, the lock goes: others may plan. */
static enum bp_error close_session(struct bp_req *rq)
{
	struct q_session_get r;
	enum bp_error e = plan_session_writable(rq->db, rq->arena, rq->arg[0], rq->user.id, &r, &rq->fail);

	if (!e)
		e = q_session_set_status(rq->db, r.id, "CLOSED", NULL);
	if (!e)
		e = bp_lock_give_back(rq->db, rq->arena, rq->territory, r.channel);
	bp_session_audit(rq, rq->arg[0], r.seq);
	return e ? e : get(rq);
}

#define OURS BP_SCOPE_SESSION, BP_PERM_PLAN_GT_ROUTES, BP_EP_PLAN_CHANNEL
#define GONE BP_E_SESSION_OVER, BP_E_LOCK_GONE, BP_E_NOT_FOUND
#define STALE BP_E_SESSION_CONFLICT, GONE
static const struct bp_endpoint ep[] = {
	{"GET", "/planning/sessions", "List my drafts", BP_SCOPE_SELF, 0, 0, .reply = &session_page, .handle = list},
	{"POST", "/planning/sessions", "Open a plan, or resume my draft of it", BP_SCOPE_ANYWHERE, BP_PERM_PLAN_GT_ROUTES,
		BP_EP_PLAN_CHANNEL | BP_EP_SLOW, .body = &bp_unit_shape, .reply = &session_shape, .audit = BP_ACTION_SESSION_OPEN,
		.fails = {BP_E_LOCK_GONE, BP_E_TERRITORY_NONE}, .handle = open_session},
	{"GET", "/planning/sessions/{id}", "Read a planning session", BP_SCOPE_SESSION, BP_PERM_VIEW_TERRITORY, 0,
		.reply = &session_shape, .fails = {BP_E_NOT_FOUND}, .handle = get},
	{"GET", "/planning/sessions/{id}/draft", "Read the draft", BP_SCOPE_SESSION, BP_PERM_VIEW_TERRITORY, BP_EP_SLOW | BP_EP_ONE_STATE,
		.reply = &bp_draft_shape, .fails = {BP_E_NOT_FOUND}, .handle = draft},
	{"POST", "/planning/sessions/{id}/price", "Price operations without keeping them", OURS | BP_EP_NO_TX, .unkeyed = BP_UNKEYED_READS,
		.body = &price_body_shape, .reply = &bp_impact_shape, .fails = {BP_E_PLAN_OP, GONE}, .handle = price},
	{"POST", "/planning/sessions/{id}/ops", "Change the draft", OURS, .body = &ops_body_shape, .reply = &bp_change_shape,
		.audit = BP_ACTION_PLAN_OPERATION, .fails = {BP_E_PLAN_OP, BP_E_PLAN_RULE, STALE}, .handle = change},
	{"POST", "/planning/sessions/{id}/undo", "Undo the last change", OURS, .body = &seq_body_shape, .reply = &bp_change_shape,
		.audit = BP_ACTION_PLAN_UNDO, .fails = {BP_E_PLAN_OP, STALE}, .handle = undo},
	{"POST", "/planning/sessions/{id}/redo", "Redo the last undone change", OURS, .body = &seq_body_shape,
		.reply = &bp_change_shape, .audit = BP_ACTION_PLAN_REDO, .fails = {BP_E_PLAN_OP, STALE}, .handle = redo},
	{"POST", "/planning/sessions/{id}/adopt", "Take over a proposal or an older version", OURS | BP_EP_SLOW, .body = &adopt_body_shape,
		.reply = &bp_change_shape, .audit = BP_ACTION_PLAN_ADOPT, .fails = {GONE}, .handle = adopt},
	{"POST", "/planning/sessions/{id}/cycle", "Begin another cycle: each of its days has the visits of its date", OURS | BP_EP_SLOW,
		.body = &cycle_body_shape, .reply = &bp_change_shape, .audit = BP_ACTION_PLAN_CYCLE, .fails = {BP_E_PLAN_OP, GONE},
		.handle = begin_cycle},
	{"POST", "/planning/sessions/{id}/close", "Give up the lock and keep the draft", OURS, .reply = &session_shape,
		.audit = BP_ACTION_SESSION_CLOSE, .fails = {GONE}, .handle = close_session},
};
BP_RESOURCE(sessions, ep);
