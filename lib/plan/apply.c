/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/near.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- loading what an operation touches --- */

/* The first date on which a stop holds; false when there is none, as of what stays before a visit moved for once. */
static bool first_date(const struct plan_model *m, const struct q_draft_needs_of_beat *r, int64_t *date)
{
	*date = m->plan.anchor + r->day;
	if (r->from.set && r->from.v > *date)
		*date += (r->from.v - *date + m->days - 1) / m->days * m->days;
	return !r->to.set || *date <= r->to.v;
}

/* A move of a beat is a move of its visits of that weekday, or of all when only the seat changes. */
static enum bp_error resolve_beat(struct plan_near *w, const struct plan_op *op, struct plan_op *out, struct bp_fail *f)
{
	struct q_draft_needs_of_beat *r;
	struct plan_op_visit *v;
	int64_t shift = op->date.set && op->from_date.set ? op->date.v - op->from_date.v : 0, date;
	size_t n = 0, k = 0;
	enum bp_error e;

	if (!op->beat.set || (!op->seat.set && !shift))
		return bp_fail(f, BP_E_PLAN_OP, "moving a beat needs the beat and a seat or two dates");
	e = q_draft_needs_of_beat(w->db, w->a, w->session, op->beat.v, &r, &n);
	if (!e && !n)
		return bp_fail(f, BP_E_PLAN_OP, "beat %lld has no visits", (long long)op->beat.v);
	v = bp_alloc_array(w->a, n, sizeof(*v));
	for (size_t i = 0; i < n && !e; i++)
		if (first_date(w->m, &r[i], &date) && !(shift && (date - op->from_date.v) % 7))
			v[k++] = (struct plan_op_visit){r[i].need, date};
	if (!e && !k)
		return bp_fail(f, BP_E_PLAN_OP, "beat %lld has no visits on that weekday", (long long)op->beat.v);
	*out = *op;
	out->kind = "move";
	out->visits = (struct bp_list){v, k};
	out->date = BP_NO_INT;
	out->shift = BP_SOME_INT(shift);
	return e;
}

static enum bp_error beat_is_there(struct plan_near *w, int64_t plan, int64_t beat, struct bp_fail *f)
{
	struct q_beat_get row;
	enum bp_error e = q_beat_get(w->db, w->a, plan, beat, &row);

	return e == BP_E_NOT_FOUND ? bp_fail(f, BP_E_PLAN_OP, "beat %lld is not one of this plan's", (long long)beat) : e;
}

/* The needs that an operation names, each once; how many. */
static size_t needs_of(struct bp_arena *a, const struct plan_op *op, int64_t **out)
{
	const struct plan_op_visit *v = op->visits.v;
	const struct plan_op_tour *t = op->tours.v;
	size_t n = 0, most = op->visits.n + op->needs.n + 1;
	int64_t *needs;

	for (size_t i = 0; i < op->tours.n; i++)
		most += t[i].order.n;
	*out = needs = bp_alloc_array(a, most, sizeof(*needs));
	for (size_t i = 0; i < op->visits.n; i++)
		needs[n++] = v[i].need;
	if (op->need.set)
		needs[n++] = op->need.v;
	for (size_t i = 0; i < op->needs.n; i++)
		needs[n++] = ((const int64_t *)op->needs.v)[i];
	for (size_t i = 0; i < op->tours.n; i++)
		for (size_t k = 0; k < t[i].order.n; k++)
			needs[n++] = ((const int64_t *)t[i].order.v)[k];
	return plan_unique_ids(needs, n);
}

/* Bring everything that the operation touches into the draft: first its visits, which tell the tours, then those. */
static enum bp_error load_near(struct plan_near *w, uint64_t plan, const struct plan_op *op, struct plan_tour_key **tours,
	size_t *n_tours, struct bp_fail *f)
{
	int64_t *needs;
	size_t n = needs_of(w->a, op, &needs);
	enum bp_error e;

	*tours = bp_alloc_array(w->a, plan_op_tours_room(op), sizeof(**tours));
	e = plan_near_stops(w, needs, n, NULL, 0);
	if (!e)
		e = plan_op_tours(w->d, op, *tours, n_tours, f);
	if (!e)
		e = plan_near_stops(w, needs, n, *tours, *n_tours);
	/* An arrangement may take any visit of its tours out: their needs count whole. */
	if (!e && op->tours.n) {
		needs = bp_grow_array(w->a, needs, n, n + w->d->n, sizeof(*needs));
		for (size_t i = 0; i < w->d->n; i++)
			needs[n + i] = w->d->stops[i].need;
		n = plan_unique_ids(needs, n + w->d->n);
		e = plan_near_stops(w, needs, n, *tours, *n_tours);
	}
	return e ? e : plan_near_model(w, plan, needs, n);
}

/* --- what undo, redo and the ledger need of it --- */

static char *dump(struct bp_arena *a, json_t *v)
{
	char *text = json_dumps(v, JSON_COMPACT), *kept = bp_strdup(a, text);

	free(text);
	json_decref(v);
	return kept;
}

/* How many visits each touched need now lacks; what was not lacking before is the planner's doing. */
static enum bp_error collect_unserved(struct plan_near *w, const int64_t *needs, size_t n, json_t *removed, json_t *added)
{
	struct q_draft_unserved *r;
	size_t n_rows;
	enum bp_error e = q_draft_unserved(w->db, w->a, w->session, &r, &n_rows);

	for (size_t i = 0; i < n && !e; i++) {
		int32_t k = plan_model_need(w->m, needs[i]);
		int missing = k == RT_NONE ? 0 : w->m->needs[k].visits - plan_draft_visits(w->d, needs[i]);
		const char *reason = "PLANNER";
		int64_t before = 0;

		for (size_t j = 0; j < n_rows; j++)
			if (r[j].need == needs[i]) {
				reason = r[j].reason;
				before = r[j].missing;
			}
		missing = missing < 0 ? 0 : missing;
		if (missing == before)
			continue;
		/* A row with 0 missing tells undo and redo that there is none. */
		json_array_append_new(removed, json_pack("{s:I,s:I,s:s}", "n", (json_int_t)needs[i], "m", (json_int_t)before, "r", reason));
		json_array_append_new(added, json_pack("{s:I,s:i,s:s}", "n", (json_int_t)needs[i], "m", missing, "r", reason));
	}
	return e;
}

/* What is pinned of each need, before and after; a row of 0 tells undo and redo that nothing is. */
static void collect_pins(const struct plan_near *w, const struct plan_op *op, json_t *removed, json_t *added)
{
	const int64_t *needs = op->needs.v;
	int hold = plan_op_hold(op);

	for (size_t i = 0; i < op->needs.n; i++) {
		int before = plan_model_hold(w->m, needs[i]);

		if (before == hold)
			continue;
		json_array_append_new(removed, json_pack("{s:I,s:i}", "n", (json_int_t)needs[i], "h", before));
		json_array_append_new(added, json_pack("{s:I,s:i}", "n", (json_int_t)needs[i], "h", hold));
	}
}

enum { NEEDS_TOLD = 20 };

struct op_record {
	const char *removed, *added, *body;
};

/* What the ledger tells of an operation: the rules that were overridden, and the needs concerned: all of those, else not more than a few. */
static json_t *body_of(const struct plan_op *op, const struct plan_impact *impact, const int64_t *needs, size_t n_needs)
{
	const struct plan_broken *b = impact->broken.v;
	json_t *rules = json_object(), *list = json_array();
	bool blocked = false;

	for (size_t i = 0; i < impact->broken.n; i++) {
		json_object_set_new(rules, b[i].rule, json_string(b[i].severity));
		blocked = blocked || !strcmp(b[i].severity, "block");
	}
	for (size_t i = 0; i < n_needs && (blocked || i < NEEDS_TOLD); i++)
		json_array_append_new(list, json_integer(needs[i]));
	return json_pack("{s:s,s:s?,s:i,s:o,s:o}", "kind", op->kind, "reach", op->reach, "visits", (int)op->visits.n, "broken", rules, "needs", list);
}

static enum bp_error record(struct plan_near *w, const struct plan_op *op, const struct plan_impact *impact, const int64_t *needs, size_t n_needs,
	struct op_record *out)
{
	json_t *before = json_object(), *after = json_object(), *rows[2] = {json_array(), json_array()},
	       *unserved[2] = {json_array(), json_array()}, *pins[2] = {json_array(), json_array()};
	enum bp_error e = collect_unserved(w, needs, n_needs, unserved[0], unserved[1]);

	for (size_t i = 0; i < w->d->n; i++) {
		const struct plan_stop *s = &w->d->stops[i];

		/* Made and removed within this operation: nobody needs to know. */
		if (s->fresh != s->dead)
			json_array_append_new(rows[s->fresh], plan_stop_row(s));
	}
	json_object_set_new(before, "stops", rows[0]);
	json_object_set_new(after, "stops", rows[1]);
	collect_pins(w, op, pins[0], pins[1]);
	json_object_set_new(before, "unserved", unserved[0]);
	json_object_set_new(after, "unserved", unserved[1]);
	json_object_set_new(before, "pins", pins[0]);
	json_object_set_new(after, "pins", pins[1]);
	out->removed = dump(w->a, before);
	out->added = dump(w->a, after);
	out->body = dump(w->a, body_of(op, impact, needs, n_needs));
	return e;
}

/* --- the balance --- */

double plan_balance(const int64_t *work, size_t n)
{
	double sum = 0, worst = 0, mean;
	size_t used = 0;

	for (size_t i = 0; i < n; i++) {
		sum += (double)work[i];
		used += work[i] > 0;
	}
	mean = used ? sum / (double)used : 0;
	for (size_t i = 0; i < n && mean > 0; i++)
		if (work[i] > 0)
			worst = fmax(worst, fabs((double)work[i] - mean) / mean * 100);
	return worst;
}

/* In percent, and at its price. */
static enum bp_error balance_now(struct plan_near *w, double *out, double *price)
{
	int64_t *work = bp_alloc_array(w->a, w->m->n_seats + 1, sizeof(*work));
	struct q_draft_tours *t;
	enum bp_error e;
	size_t n;

	e = q_draft_tours(w->db, w->a, w->session, &t, &n);
	for (size_t i = 0; i < n && !e; i++) {
		int32_t s = plan_model_seat(w->m, t[i].seat);

		if (s != RT_NONE)
			work[s] += t[i].travel + t[i].service + t[i].waiting;
	}
	*out = plan_balance(work, w->m->n_seats);
	*price = plan_price_imbalance(w->m, work);
	return e;
}

/* --- applying --- */

/* Tours that an earlier operation touched go on from what they were before it. */
static struct bp_list join_tours(struct bp_arena *a, const struct bp_list *sum, const struct bp_list *one)
{
	struct plan_tour_change *v = bp_grow_array(a, sum->v, sum->n, sum->n + one->n, sizeof(*v));
	const struct plan_tour_change *t = one->v;
	size_t n = sum->n;

	for (size_t i = 0; i < one->n; i++) {
		size_t k = 0;

		while (k < n && (v[k].seat != t[i].seat || v[k].date != t[i].date))
			k++;
		if (k == n)
			v[n++] = t[i];
		else
			v[k].after = t[i].after;
	}
	return (struct bp_list){v, n};
}

static struct bp_list join_broken(struct bp_arena *a, const struct bp_list *sum, const struct bp_list *one)
{
	struct plan_broken *v = bp_grow_array(a, sum->v, sum->n, sum->n + one->n, sizeof(*v));

	if (one->n)
		memcpy(v + sum->n, one->v, one->n * sizeof(*v));
	return (struct bp_list){v, sum->n + one->n};
}

static void add_impact(struct bp_arena *a, struct plan_impact *sum, const struct plan_impact *one, bool first)
{
	sum->minutes += one->minutes;
	sum->km += one->km;
	sum->overtime_minutes += one->overtime_minutes;
	sum->due_minutes += one->due_minutes;
	if (first)
		sum->price = bp_alloc(a, sizeof(*sum->price));
	plan_price_add(sum->price, one->price);
	if (first)
		sum->balance_before = one->balance_before;
	sum->balance_after = one->balance_after;
	sum->tours = join_tours(a, &sum->tours, &one->tours);
	sum->broken = join_broken(a, &sum->broken, &one->broken);
}

static const char *first_block(struct bp_arena *a, const struct plan_impact *impact)
{
	const struct plan_broken *b = impact->broken.v;

	for (size_t i = 0; i < impact->broken.n; i++)
		if (!strcmp(b[i].severity, "block"))
			return bp_sprintf(a, "%s: %s", b[i].rule, b[i].message);
	return "";
}

/* The needs whose visits may have become more or fewer: those named, and those that an arrangement takes out. */
static size_t touched(struct plan_near *w, const struct plan_op *op, int64_t **out)
{
	size_t n = needs_of(w->a, op, out);

	if (!op->tours.n)
		return n;
	*out = bp_grow_array(w->a, *out, n, n + w->d->n, sizeof(**out));
	for (size_t i = 0; i < w->d->n; i++)
		if (w->d->stops[i].dead)
			(*out)[n++] = w->d->stops[i].need;
	return plan_unique_ids(*out, n);
}

/* A need that has no visit yet may come from anywhere: it has to be one of the plan's, as a former version's may have ceased to be. */
static enum bp_error ours(struct plan_near *w, const struct q_session_get *session, int64_t need, struct bp_fail *f)
{
	struct q_plan_need_of_unit row;
	struct q_replay_place at = {0};
	enum bp_error e = q_plan_need_of_unit(w->db, w->a, need, session->territory_id, session->channel, &row);

	if (e != BP_E_NOT_FOUND)
		return e;
	e = q_replay_place(w->db, w->a, need, 0, &at);
	if (e)
		return e;
	return at.outlet ? bp_fail(f, BP_E_PLAN_OP, "outlet %s (%s) is no longer here: it is closed, or belongs to another territory or channel by now; leave it out",
		at.outlet, at.name) : bp_fail(f, BP_E_PLAN_OP, "need %lld is not in this plan", (long long)need);
}

static enum bp_error all_ours(struct plan_near *w, const struct q_session_get *session, const struct plan_op *op, struct bp_fail *f)
{
	int64_t *needs;
	size_t n = op->tours.n ? needs_of(w->a, op, &needs) : 0;
	enum bp_error e = op->need.set ? ours(w, session, op->need.v, f) : BP_E_OK;

	for (size_t i = 0; i < n && !e; i++) {
		size_t k = 0;

		while (k < w->d->n && w->d->stops[k].need != needs[i])
			k++;
		if (k == w->d->n)
			e = ours(w, session, needs[i], f);
	}
	return e;
}

static bool said(const char *text)
{
	return text && *text;
}

static enum bp_error apply_one(struct plan_near *w, const struct plan_apply *p, const struct q_session_get *session, const struct plan_op *given,
	int64_t seq, struct plan_change *out, struct plan_impact *impact, struct bp_fail *f)
{
	const struct plan_op *op = given;
	struct plan_op resolved;
	struct op_record rec;
	bool blocked = false;
	double before = 0, after = 0;
	enum bp_error e = BP_E_OK;

	impact->price = bp_alloc(w->a, sizeof(*impact->price));

	w->m->plan.anchor = session->anchor;
	w->m->days = (int)session->weeks * 7;
	w->m->arena = w->a;
	if (!strcmp(op->kind, "beat")) {
		e = resolve_beat(w, given, &resolved, f);
		op = &resolved;
	} else if (!strcmp(op->kind, "join")) {
		e = beat_is_there(w, session->plan_id, op->beat.v, f);
	}
	if (e)
		return e;
	e = load_near(w, (uint64_t)session->plan_id, op, &out->tours, &out->n_tours, f);
	if (!e)
		e = all_ours(w, session, op, f);
	if (!e)
		e = balance_now(w, &impact->balance_before, &before);
	if (!e)
		e = plan_op_apply(w->d, op, out->tours, out->n_tours, impact, &blocked, f);
	/* A price shows what is broken; a change that breaks it is refused unless it is overridden with a reason. */
	if (!e && blocked && p->keep && !(p->may_override && said(given->reason) && said(given->reason_code)))
		return bp_fail(f, BP_E_PLAN_RULE, "%s%s", first_block(w->a, impact),
			p->may_override ? "; give a reason from the list and in words to override it" : "");
	if (e)
		return e;
	out->n_needs = touched(w, op, &out->needs);
	out->pins |= !strcmp(op->kind, "pin");
	e = record(w, given, impact, out->needs, out->n_needs, &rec);
	if (!e)
		e = plan_near_swap(w->db, w->session, rec.removed, rec.added);
	if (!e)
		e = plan_near_put_tours(w, out->tours, out->n_tours);
	if (!e)
		e = balance_now(w, &impact->balance_after, &after);
	plan_price_add(impact->price, &(struct plan_price){.imbalance = after - before});
	return e ? e : q_op_add(w->db, w->session, seq, given->client_id, given->kind, plan_op_label(w->a, given), rec.body, rec.removed,
		rec.added, impact->minutes, impact->price->total, given->reason ? given->reason : "", given->reason_code ? given->reason_code : "", (int64_t)p->user, NULL);
}

const char *plan_ops_label(struct bp_arena *a, const struct plan_op *ops, size_t n)
{
	struct plan_op whole = ops[0];

	for (size_t i = 1; i < n; i++) {
		whole.visits.n += ops[i].visits.n;
		whole.needs.n += ops[i].needs.n;
		whole.tours.n += ops[i].tours.n;
	}
	return plan_op_label(a, &whole);
}

static enum bp_error join_gesture(struct bp_db *db, struct bp_arena *a, const struct plan_apply *p, int64_t first, int64_t last)
{
	return q_op_join(db, (int64_t)p->session, first, last, p->joint ? p->label : plan_ops_label(a, p->ops, p->n_ops), p->joint ? p->joint : "", NULL);
}

enum bp_error plan_session_apply(struct bp_db *db, struct bp_arena *a, const struct plan_apply *p, struct plan_change *out,
	struct bp_fail *f)
{
	struct q_session_get session;
	enum bp_error e = plan_near_begin(db, a, p->session, p->user, p->seq, &session, f);
	struct q_op_seen seen;
	bool first = true;

	memset(out, 0, sizeof(*out));
	out->seq = e ? 0 : session.seq;
	if (!e && p->keep)
		e = q_op_forget_undone(db, (int64_t)p->session, NULL);
	for (size_t i = 0; i < p->n_ops && !e; i++) {
		struct plan_near w = {db, a, (int64_t)p->session, bp_alloc(a, sizeof(*w.m)), bp_alloc(a, sizeof(*w.d))};
		struct plan_impact impact = {0};

		e = q_op_seen(db, a, (int64_t)p->session, p->ops[i].client_id, &seen);
		if (!e)
			continue;
		if (e != BP_E_NOT_FOUND)
			return e;
		out->draft = w.d;
		e = apply_one(&w, p, &session, &p->ops[i], out->seq + 1, out, &impact, f);
		if (e)
			return e;
		out->seq++;
		add_impact(a, &out->impact, &impact, first);
		first = false;
	}
	if (!e && ((p->together && out->seq > session.seq + 1) || (p->joint && out->seq > session.seq)))
		e = join_gesture(db, a, p, session.seq + 1, out->seq);
	return e ? e : q_session_advance(db, (int64_t)p->session, out->seq, NULL);
}
