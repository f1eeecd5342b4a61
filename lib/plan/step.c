/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/near.h"

#include <string.h>

#include "base/time.h"
#include "plan/version.h"

static int64_t version_in(const char *rows)
{
	json_t *o = json_loads(rows, 0, NULL), *v = json_object_get(o, "version");
	int64_t id = json_is_integer(v) ? json_integer_value(v) : 0;

	json_decref(o);
	return id;
}

/* The tours that rows of an operation stand on have to be counted again. */
static enum bp_error recount_rows(struct bp_db *db, struct bp_arena *a, const struct q_session_get *session, const char *removed,
	const char *added)
{
	struct plan_model m = {.arena = a, .days = (int)session->weeks * 7};
	struct plan_draft d = {0};
	struct plan_near w = {db, a, session->id, &m, &d};
	json_t *sides[2] = {json_loads(removed, 0, NULL), json_loads(added, 0, NULL)}, *row;
	struct plan_tour_key *tours;
	size_t n = 0, most = 0, i;
	enum bp_error e;

	m.plan.anchor = session->anchor;
	for (int k = 0; k < 2; k++)
		most += json_array_size(json_object_get(sides[k], "stops"));
	tours = bp_alloc_array(a, most + 1, sizeof(*tours));
	for (int k = 0; k < 2; k++)
		json_array_foreach(json_object_get(sides[k], "stops"), i, row) {
			struct plan_tour_key t = {json_integer_value(json_object_get(row, "s")),
				session->anchor + json_integer_value(json_object_get(row, "d"))};
			bool known = false;

			for (size_t j = 0; j < n && !known; j++)
				known = tours[j].seat == t.seat && tours[j].date == t.date;
			if (!known)
				tours[n++] = t;
		}
	json_decref(sides[0]);
	json_decref(sides[1]);
	e = plan_near_stops(&w, NULL, 0, tours, n);
	if (!e)
		e = plan_near_model(&w, (uint64_t)session->plan_id, NULL, 0);
	return e ? e : plan_near_put_tours(&w, tours, n);
}

enum bp_error plan_session_commit_before(struct bp_db *db, struct bp_arena *a, const struct q_session_get *row, struct q_plan_version_get *v)
{
	struct q_op_undoable undoable;
	struct q_op_redoable redoable;
	enum bp_error e = q_op_undoable(db, a, row->id, &undoable);

	if (e == BP_E_NOT_FOUND)
		e = q_op_redoable(db, a, row->id, &redoable);
	if (e != BP_E_NOT_FOUND || !row->base_version.set || !row->current_version.set || row->base_version.v != row->current_version.v)
		return e ? e : BP_E_NOT_FOUND;
	e = q_plan_version_get(db, a, row->base_version.v, v);
	return e ? e : strcmp(v->kind, "COMMIT") || !v->parent_id.set ? BP_E_NOT_FOUND : BP_E_OK;
}

const char *plan_session_commit_label(struct bp_arena *a, const struct q_plan_version_get *v)
{
	return bp_sprintf(a, "take back the commit of version %lld", (long long)v->number);
}

/* The draft becomes what was committed before; redo brings the commit back. What is binding changes with the next commit. */
static enum bp_error take_commit_back(struct bp_db *db, struct bp_arena *a, const struct q_session_get *row, uint64_t user, int64_t *new_seq,
	const char **label, struct bp_fail *f)
{
	struct q_plan_version_get v;
	enum bp_error e = plan_session_commit_before(db, a, row, &v);

	if (e)
		return e == BP_E_NOT_FOUND ? bp_fail(f, BP_E_PLAN_OP, "there is nothing to undo") : e;
	*label = plan_session_commit_label(a, &v);
	*new_seq = row->seq + 1;
	e = plan_version_to_draft(db, (uint64_t)v.parent_id.v, (uint64_t)row->id);
	if (!e)
		e = q_op_add(db, row->id, *new_seq, bp_sprintf(a, "commit-%lld", (long long)*new_seq), "adopt", *label, "{}",
			bp_sprintf(a, "{\"version\":%lld}", (long long)v.parent_id.v), bp_sprintf(a, "{\"version\":%lld}", (long long)v.id), 0, 0, "", "",
			(int64_t)user, NULL);
	if (!e)
		e = q_op_mark(db, row->id, *new_seq, 1, NULL);
	if (!e)
		e = q_session_set_began(db, row->id, v.parent_id.v, NULL);
	return e ? e : q_session_advance(db, row->id, *new_seq, NULL);
}

/* One operation that is undone, or done again. */
struct stepped {
	int64_t seq, gesture, at;
	const char *joint, *kind, *label, *out, *in;
};

/* Which comes next; NOT_FOUND when there is none. */
static enum bp_error next_step(struct bp_db *db, struct bp_arena *a, uint64_t session, bool redo, struct stepped *out)
{
	struct q_op_undoable u;
	struct q_op_redoable r;
	enum bp_error e = redo ? q_op_redoable(db, a, (int64_t)session, &r) : q_op_undoable(db, a, (int64_t)session, &u);

	if (!e)
		*out = redo ? (struct stepped){r.seq, r.gesture, r.at, r.joint, r.kind, r.label, r.removed, r.added}
			    : (struct stepped){u.seq, u.gesture, u.at, u.joint, u.kind, u.label, u.added, u.removed};
	return e;
}

static enum bp_error step_over(struct bp_db *db, struct bp_arena *a, const struct q_session_get *row, const struct stepped *s, bool redo)
{
	enum bp_error e;

	if (!strcmp(s->kind, "adopt")) {
		e = plan_version_to_draft(db, (uint64_t)version_in(s->in), (uint64_t)row->id);
	} else {
		e = plan_near_swap(db, row->id, s->out, s->in);
		if (!e)
			e = recount_rows(db, a, row, s->out, s->in);
	}
	return e ? e : q_op_mark(db, row->id, s->seq, !redo, NULL);
}

enum bp_error plan_session_undo(struct bp_db *db, struct bp_arena *a, uint64_t session, uint64_t user, int64_t seq, bool redo,
	int64_t *new_seq, const char **label, struct bp_fail *f)
{
	struct q_session_get row;
	struct stepped s;
	int64_t gesture;
	enum bp_error e = plan_near_begin(db, a, session, user, seq, &row, f);

	if (e)
		return e;
	e = next_step(db, a, session, redo, &s);
	if (e == BP_E_NOT_FOUND)
		return redo ? bp_fail(f, BP_E_PLAN_OP, "there is nothing to redo") : take_commit_back(db, a, &row, user, new_seq, label, f);
	if (e)
		return e;
	*label = s.label;
	gesture = s.gesture;
	do {
		e = step_over(db, a, &row, &s, redo);
		if (!e && gesture)
			e = next_step(db, a, session, redo, &s);
	} while (!e && gesture && s.gesture == gesture);
	*new_seq = row.seq + 1;
	return e && e != BP_E_NOT_FOUND ? e : q_session_advance(db, (int64_t)session, *new_seq, NULL);
}

enum bp_error plan_board_undo(struct bp_db *db, struct bp_arena *a, struct plan_board_part *p, size_t n, uint64_t user, bool redo, struct q_op_joint_left **left,
	size_t *n_left, struct bp_fail *f)
{
	struct stepped *next = bp_alloc_array(a, n, sizeof(*next)), *best = NULL;
	enum bp_error e = BP_E_OK;

	*n_left = 0;
	for (size_t i = 0; i < n && !e; i++) {
		e = next_step(db, a, p[i].session, redo, &next[i]);
		if (!e && (!best || (redo ? next[i].at < best->at : next[i].at >= best->at)))
			best = &next[i];
		if (e == BP_E_NOT_FOUND)
			e = BP_E_OK; /* in this one there is none */
	}
	if (!e && !best)
		return bp_fail(f, BP_E_PLAN_OP, redo ? "there is nothing to redo" : "there is nothing to undo; a commit is taken back in the workspace of its territory");
	for (size_t i = 0; i < n && !e; i++)
		if (&next[i] == best || (next[i].joint && *best->joint && !strcmp(next[i].joint, best->joint)))
			e = plan_session_undo(db, a, p[i].session, user, p[i].seq, redo, &p[i].seq, &p[i].label, f);
	return e || !*best->joint ? e : q_op_joint_left(db, a, best->joint, (int64_t)user, redo, 0, left, n_left);
}

/* The draft becomes a version; what it was is kept as another, so that this can be undone. */
static enum bp_error become(struct bp_db *db, struct bp_arena *a, const struct q_session_get *row, uint64_t user, uint64_t version, const char *label,
	const char *reason, int64_t *new_seq)
{
	const struct plan_version_new kept = plan_version_of(row, "AUTO", user, NULL);
	const char *after = bp_sprintf(a, "{\"version\":%llu}", (unsigned long long)version);
	uint64_t before = 0;
	enum bp_error e = plan_version_from_draft(db, a, &kept, (uint64_t)row->id, &before);

	if (!e)
		e = plan_version_to_draft(db, version, (uint64_t)row->id);
	if (!e)
		e = q_op_forget_undone(db, row->id, NULL);
	*new_seq = row->seq + 1;
	if (!e)
		e = q_op_add(db, row->id, *new_seq, bp_sprintf(a, "adopt-%lld", (long long)*new_seq), "adopt", label, after,
			bp_sprintf(a, "{\"version\":%llu}", (unsigned long long)before), after, 0, 0, reason ? reason : "", "", (int64_t)user, NULL);
	return e ? e : q_session_advance(db, row->id, *new_seq, NULL);
}

enum bp_error plan_session_adopt(struct bp_db *db, struct bp_arena *a, uint64_t session, uint64_t user, uint64_t version,
	const char *reason, int64_t *new_seq, struct bp_fail *f)
{
	struct q_plan_version_get v;
	struct q_session_get row;
	enum bp_error e = plan_near_begin(db, a, session, user, -1, &row, f);

	if (!e)
		e = q_plan_version_get(db, a, (int64_t)version, &v);
	if (e)
		return e;
	if (v.plan_id != row.plan_id)
		return bp_fail(f, BP_E_NOT_FOUND, "version %llu belongs to another plan", (unsigned long long)version);
	e = become(db, a, &row, user, version, bp_sprintf(a, "adopt version %lld", (long long)v.number), reason, new_seq);
	if (!e && row.current_version.set && row.current_version.v == (int64_t)version)
		e = q_session_set_base(db, (int64_t)session, row.current_version, NULL);
	return e;
}

enum bp_error plan_session_cycle(struct bp_db *db, struct bp_arena *a, uint64_t session, uint64_t user, const struct plan_cycle *cycle,
	const char *reason, int64_t *new_seq, struct bp_fail *f)
{
	struct plan_version_new turned;
	struct q_session_get row;
	char day[BP_DATE_SIZE];
	uint64_t version = 0;
	enum bp_error e = plan_near_begin(db, a, session, user, -1, &row, f);

	if (e)
		return e;
	if (row.anchor == cycle->anchor && row.weeks == cycle->weeks)
		return bp_fail(f, BP_E_PLAN_OP, "the draft has this cycle already: choose another first day or number of weeks");
	turned = plan_version_of(&row, "AUTO", user, NULL);
	turned.anchor = cycle->anchor;
	turned.weeks = cycle->weeks;
	e = plan_version_turned(db, a, &turned, &row, &version);
	bp_date_format(cycle->anchor, day);
	return e ? e : become(db, a, &row, user, version, bp_sprintf(a, "begin a cycle of %lld weeks on %s", (long long)cycle->weeks, day),
		reason, new_seq);
}
