/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_board.c - the drafts of several territories, worked on as one: a gesture over them is kept, undone and committed in all of them or in none. */
#include <stdlib.h>
#include <string.h>

#include "cgi/draft_view.h"
#include "cgi/res_plans.h"
#include "cgi/res_sessions.h"
#include "lock/lock.h"
#include "plan/near.h"

#define SEEN \
	BP_INT(bp_ops, session_id, BP_REQ, 1, 9e15, "planning session"), \
	BP_INT(bp_ops, seq, BP_REQ, 0, 9e15, "the count of its changes you have seen")
BP_SHAPE(board_seen, bp_ops, SEEN);
BP_SHAPE(board_ops, bp_ops, SEEN,
	BP_LIST(bp_ops, ops, BP_REQ, PLAN_OPS_MOST, &bp_op_shape, "operations on its draft, in order; none where the gesture leaves it as it is"));
struct body {
	struct bp_list parts;
	const char *notes;
	struct bp_opt_int effective_date;
	bool keep_lock;
};
#define PARTS(sh) BP_LIST(body, parts, BP_REQ, BP_LOCK_SET_MOST, sh, "all drafts of the board")
BP_SHAPE(board_ops_body, body, PARTS(&board_ops));
BP_SHAPE(board_step_body, body, PARTS(&board_seen));
BP_SHAPE(board_save_body, body, PARTS(&board_seen),
	BP_STR(body, notes, BP_NUL, 0, 1000, "what this state is"));
BP_SHAPE(board_commit_body, body, PARTS(&board_seen),
	BP_STR(body, notes, BP_NUL, 0, 1000, "what changes and why"),
	BP_DATE(body, effective_date, BP_NUL, "first date they hold for; none = tomorrow"),
	BP_BOOL(body, keep_lock, BP_NUL, "go on planning"));

struct part {
	int64_t session_id, territory_id;
	union {
		void *change, *version;
	};
};
#define OF_PART BP_INT(part, session_id, BP_REQ, 1, 9e15, "planning session"), BP_INT(part, territory_id, BP_REQ, 1, 9e15, "its unit")
BP_SHAPE(board_changed, part, OF_PART,
	BP_OBJ(part, change, BP_REQ, &bp_change_shape, "what it did to this draft"));
BP_SHAPE(board_kept, part, OF_PART,
	BP_OBJ(part, version, BP_NUL, &bp_version_shape, "as it is kept; null: nothing was changed in it"));
struct reply {
	struct bp_list parts, left;
};
BP_SHAPE(board_change, reply,
	BP_LIST(reply, parts, BP_REQ, BP_LOCK_SET_MOST, &board_changed, "the drafts that are other than they were, or whose redo is"),
	BP_LIST_STR(reply, left, BP_REQ, 1000, "territories beyond these in whose draft a part of the gesture stays: undo it there"));
BP_SHAPE(board_versions, reply,
	BP_LIST(reply, parts, BP_REQ, BP_LOCK_SET_MOST, &board_kept, "each of them"));

/* Which of them it is about stands first. */
static enum bp_error about(struct bp_req *rq, const char *unit, enum bp_error e)
{
	const struct bp_fail f = rq->fail;

	if (!e || e == BP_E_FIELDS || !unit)
		return e;
	bp_fail_clear(&rq->fail);
	return bp_fail(&rq->fail, e, "%s%s%s", unit, *f.detail ? ": " : "", f.detail);
}

struct board {
	struct bp_ops *parts;
	size_t n;
	struct q_session_unit *units;
	struct q_session_get *rows;
};

static enum bp_error take(struct bp_req *rq, struct board *b, size_t i)
{
	struct q_session_unit *u = &b->units[i];
	enum bp_error e = q_session_unit(rq->db, rq->arena, b->parts[i].session_id, u);

	if (e == BP_E_NOT_FOUND || (!e && u->user_id != (int64_t)rq->user.id))
		return bp_fail(&rq->fail, BP_E_NOT_FOUND, "planning session %lld is none of yours: open the plan again", (long long)b->parts[i].session_id);
	if (!e)
		e = bp_req_need_channel(rq, u->channel, (uint64_t)u->territory_id);
	if (!e)
		e = plan_near_begin(rq->db, rq->arena, (uint64_t)b->parts[i].session_id, rq->user.id, b->parts[i].seq, &b->rows[i], &rq->fail);
	return about(rq, u->unit, e);
}

static int by_session(const void *a, const void *b)
{
	int64_t x = (*(struct bp_ops *const *)a)->session_id, y = (*(struct bp_ops *const *)b)->session_id;

	return (x > y) - (x < y);
}

/* Each is the caller's, with the right to plan there, its lock and no change that was not seen. Whoever takes several takes them by their ids. */
static enum bp_error begin(struct bp_req *rq, struct board *b)
{
	const struct bp_list *list = &((struct body *)rq->body)->parts;
	struct bp_ops **sorted = bp_alloc_array(rq->arena, list->n + 1, sizeof(struct bp_ops *));
	enum bp_error e = BP_E_OK;

	*b = (struct board){list->v, list->n, bp_alloc_array(rq->arena, list->n + 1, sizeof(*b->units)), bp_alloc_array(rq->arena, list->n + 1, sizeof(*b->rows))};
	if (!b->n)
		return bp_req_field(rq, "/parts", "names no draft");
	for (size_t i = 0; i < b->n; i++)
		sorted[i] = &b->parts[i];
	qsort(sorted, b->n, sizeof(struct bp_ops *), by_session);
	for (size_t i = 0; i < b->n && !e; i++) {
		if (i && sorted[i]->session_id == sorted[i - 1]->session_id)
			return bp_req_field(rq, bp_sprintf(rq->arena, "/parts/%td/sessionId", sorted[i] - b->parts), "is named twice");
		e = take(rq, b, (size_t)(sorted[i] - b->parts));
	}
	return e;
}

static struct reply *answer(struct bp_req *rq, const struct board *b)
{
	struct reply *r = bp_alloc(rq->arena, sizeof(*r));

	r->parts.v = bp_alloc_array(rq->arena, b->n, sizeof(struct part));
	return r;
}

/* What was made of one of them. */
static void put(struct bp_req *rq, const struct board *b, size_t i, struct reply *r)
{
	((struct part *)r->parts.v)[r->parts.n++] = (struct part){b->parts[i].session_id, b->units[i].territory_id, {rq->reply}};
	rq->reply = r;
}

/* What follows is about this one, in the audit trail too: an event for each, so that the trail of a territory tells all that was done to it. */
static enum bp_error turn_to(struct bp_req *rq, const struct board *b, size_t i, bool *first)
{
	enum bp_error e = *first ? BP_E_OK : bp_audit_write(rq->db, &rq->audit);

	*first = false;
	rq->territory = rq->audit.territory = (uint64_t)b->units[i].territory_id;
	rq->channel = rq->audit.channel = b->units[i].channel;
	rq->audit.resource_id = rq->audit.session = (uint64_t)b->parts[i].session_id;
	rq->audit.action = rq->ep->audit;
	rq->audit.reason = NULL;
	rq->audit.n_changes = 0;
	return e;
}

/* The gesture is new: what was undone before it is gone here too. */
static enum bp_error forget(struct bp_req *rq, const struct bp_ops *p)
{
	const struct plan_change none = {.seq = p->seq};
	enum bp_error e = q_op_forget_undone(rq->db, p->session_id, NULL);

	return e ? e : bp_change_reply(rq, (uint64_t)p->session_id, &none, false);
}

/* All operations of a gesture, one after the other, as it is called by them; none: it is not one. */
static enum bp_error name_gesture(struct bp_req *rq, const struct bp_list *list, const char **joint, const char **label)
{
	const struct bp_ops *p = list->v;
	struct plan_op *all;
	size_t n = 0, parts = 0;

	for (size_t i = 0; i < list->n; i++) {
		bp_ops_check(rq, &p[i].ops, bp_sprintf(rq->arena, "/parts/%zu/ops", i));
		n += p[i].ops.n;
		parts += p[i].ops.n > 0;
	}
	if (json_array_size(rq->fields))
		return BP_E_FIELDS;
	if (!n)
		return bp_req_field(rq, "/parts", "has no operation");
	all = bp_alloc_array(rq->arena, n, sizeof(*all));
	n = 0;
	for (size_t i = 0; i < list->n; i++) {
		if (p[i].ops.n)
			memcpy(all + n, p[i].ops.v, p[i].ops.n * sizeof(*all));
		n += p[i].ops.n;
	}
	*joint = parts > 1 ? all[0].client_id : NULL;
	*label = plan_ops_label(rq->arena, all, n);
	return BP_E_OK;
}

static enum bp_error change(struct bp_req *rq)
{
	const char *joint = NULL, *label = NULL;
	struct board b;
	struct reply *r;
	bool first = true;
	enum bp_error e = name_gesture(rq, &((struct body *)rq->body)->parts, &joint, &label);

	if (!e)
		e = begin(rq, &b);
	if (e)
		return e;
	r = answer(rq, &b);
	for (size_t i = 0; i < b.n && !e; i++) {
		struct bp_ops *p = &b.parts[i];

		p->together = true;
		e = p->ops.n ? turn_to(rq, &b, i, &first) : BP_E_OK;
		if (!e)
			e = p->ops.n ? bp_ops_change(rq, p, bp_sprintf(rq->arena, "/parts/%zu/ops", i), joint, label) : forget(rq, p);
		e = about(rq, b.units[i].unit, e);
		put(rq, &b, i, r);
	}
	return e;
}

static enum bp_error step(struct bp_req *rq, bool redo)
{
	struct plan_board_part *p;
	struct q_op_joint_left *left;
	struct board b;
	struct reply *r;
	size_t n_left;
	bool first = true;
	enum bp_error e = begin(rq, &b);

	if (e)
		return e;
	p = bp_alloc_array(rq->arena, b.n, sizeof(*p));
	for (size_t i = 0; i < b.n; i++)
		p[i] = (struct plan_board_part){(uint64_t)b.parts[i].session_id, b.parts[i].seq, NULL};
	e = plan_board_undo(rq->db, rq->arena, p, b.n, rq->user.id, redo, &left, &n_left, &rq->fail);
	if (e)
		return e;
	r = answer(rq, &b);
	for (size_t i = 0; i < b.n && !e; i++) {
		const struct plan_change c = {.seq = p[i].seq};

		if (!p[i].label)
			continue;
		e = turn_to(rq, &b, i, &first);
		bp_session_audit(rq, p[i].session, c.seq);
		bp_audit_change(&rq->audit, "operation", NULL, p[i].label);
		if (!e)
			e = bp_change_reply(rq, p[i].session, &c, true);
		put(rq, &b, i, r);
	}
	r->left.v = bp_alloc_array(rq->arena, n_left + 1, sizeof(char *));
	for (size_t i = 0; i < n_left; i++)
		((const char **)r->left.v)[r->left.n++] = left[i].unit;
	return e;
}

static enum bp_error undo(struct bp_req *rq)
{
	return step(rq, false);
}

static enum bp_error redo(struct bp_req *rq)
{
	return step(rq, true);
}

/* Is there anything in the draft that its version has not? */
static enum bp_error is_changed(struct bp_req *rq, const struct q_session_get *row, bool *changed)
{
	struct q_op_count c;
	enum bp_error e = q_op_count(rq->db, rq->arena, row->id, &c);

	*changed = !e && (c.n || !row->base_version.set || !row->current_version.set || row->base_version.v != row->current_version.v);
	return e;
}

/* Nothing to commit in it: it only lets go. */
static enum bp_error let_go(struct bp_req *rq, const struct q_session_get *row)
{
	enum bp_error e = q_session_set_status(rq->db, row->id, "CLOSED", NULL);

	rq->audit.action = BP_ACTION_SESSION_CLOSE;
	bp_session_audit(rq, (uint64_t)row->id, row->seq);
	return e ? e : bp_lock_drop(rq->db, (uint64_t)row->territory_id, row->channel);
}

static enum bp_error keep_all(struct bp_req *rq, enum bp_error (*keep)(struct bp_req *, const struct bp_keep *), bool stay)
{
	const struct body *in = rq->body;
	struct board b;
	struct reply *r;
	size_t kept = 0;
	bool first = true;
	enum bp_error e = begin(rq, &b);

	if (e)
		return e;
	r = answer(rq, &b);
	for (size_t i = 0; i < b.n && !e; i++) {
		const struct bp_keep one = {b.parts[i].session_id, in->notes, in->effective_date, in->keep_lock};
		bool changed = false;

		rq->reply = NULL;
		e = is_changed(rq, &b.rows[i], &changed);
		if (!e && (changed || !stay))
			e = turn_to(rq, &b, i, &first);
		if (!e && changed)
			e = keep(rq, &one);
		else if (!e && !stay)
			e = let_go(rq, &b.rows[i]);
		e = about(rq, b.units[i].unit, e);
		kept += changed;
		put(rq, &b, i, r);
	}
	return e || kept ? e : bp_fail(&rq->fail, BP_E_PLAN_OP, "none of the drafts has a change");
}

static enum bp_error save(struct bp_req *rq)
{
	return keep_all(rq, bp_plan_save, true);
}

static enum bp_error commit(struct bp_req *rq)
{
	return keep_all(rq, bp_plan_commit, ((struct body *)rq->body)->keep_lock);
}

#define FAILS BP_E_PLAN_OP, BP_E_SESSION_CONFLICT, BP_E_SESSION_OVER, BP_E_LOCK_GONE, BP_E_NOT_FOUND
#define OURS BP_SCOPE_ANYWHERE, BP_PERM_PLAN_GT_ROUTES, BP_EP_PLAN_CHANNEL
static const struct bp_endpoint ep[] = {
	{"POST", "/planning/board/ops", "Change the drafts of several territories by one gesture", OURS, .body = &board_ops_body, .reply = &board_change,
		.audit = BP_ACTION_PLAN_OPERATION, .fails = {BP_E_PLAN_RULE, FAILS}, .handle = change},
	{"POST", "/planning/board/undo", "Undo the last gesture in the drafts of several territories", OURS, .body = &board_step_body, .reply = &board_change,
		.audit = BP_ACTION_PLAN_UNDO, .fails = {FAILS}, .handle = undo},
	{"POST", "/planning/board/redo", "Redo the last undone gesture in the drafts of several territories", OURS, .body = &board_step_body,
		.reply = &board_change, .audit = BP_ACTION_PLAN_REDO, .fails = {FAILS}, .handle = redo},
	{"POST", "/planning/board/save", "Keep the drafts of several territories as versions", OURS | BP_EP_SLOW, .body = &board_save_body,
		.reply = &board_versions, .audit = BP_ACTION_PLAN_SAVE, .fails = {FAILS}, .handle = save},
	{"POST", "/planning/board/commit", "Make the drafts of several territories their plans: all or none", BP_SCOPE_ANYWHERE, BP_PERM_COMMIT_PLAN, BP_EP_SLOW,
		.body = &board_commit_body, .reply = &board_versions, .audit = BP_ACTION_PLAN_COMMIT, .fails = {BP_E_CONFLICT, FAILS}, .handle = commit},
};
BP_RESOURCE(board, ep);
