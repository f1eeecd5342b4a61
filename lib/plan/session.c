/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/session.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "plan/version.h"

/* Take the session's row for this transaction and refuse a client that has not seen the latest change. */
static enum bp_error begin_change(struct bp_db *db, struct bp_arena *a, uint64_t session, uint64_t user, int64_t seq,
	struct q_session_get *row, struct bp_fail *f)
{
	struct q_session_lock_row now;
	enum bp_error e = plan_session_writable(db, a, session, user, row, f);

	if (!e)
		e = q_session_lock_row(db, a, (int64_t)session, &now);
	if (e)
		return e;
	row->seq = now.seq;
	if (seq >= 0 && seq != now.seq)
		return bp_fail(f, BP_E_SESSION_CONFLICT, "you have seen change %lld, the plan is at %lld", (long long)seq,
			(long long)now.seq);
	return BP_E_OK;
}

/* --- loading what an operation touches --- */

static void put_json_ids(struct bp_buf *b, const int64_t *ids, size_t n)
{
	bp_buf_chr(b, '[');
	for (size_t i = 0; i < n; i++) {
		if (i)
			bp_buf_chr(b, ',');
		bp_buf_int(b, ids[i]);
	}
	bp_buf_chr(b, ']');
}

struct near {
	struct bp_db *db;
	struct bp_arena *a;
	int64_t session;
	struct plan_model *m;
	struct plan_draft *d;
};

/* Load stops of the needs and of the tours, each row once. Days of the tours come from the plan's anchor. */
static enum bp_error load_stops(struct near *w, const int64_t *needs, size_t n_needs, const struct plan_tour_key *tours, size_t n_tours)
{
	struct q_draft_stops_near *r;
	struct bp_buf ids, keys;
	enum bp_error e;
	size_t n;

	bp_buf_init(&ids, 16u << 20);
	bp_buf_init(&keys, 16u << 20);
	put_json_ids(&ids, needs, n_needs);
	bp_buf_chr(&keys, '[');
	for (size_t i = 0; i < n_tours; i++)
		bp_buf_printf(&keys, "%s{\"s\":%lld,\"d\":%d}", i ? "," : "", (long long)tours[i].seat,
			plan_model_day(w->m, tours[i].date));
	bp_buf_chr(&keys, ']');
	e = q_draft_stops_near(w->db, w->a, w->session, ids.data, keys.data, &r, &n);
	bp_buf_release(&ids);
	bp_buf_release(&keys);
	*w->d = (struct plan_draft){.m = w->m};
	for (size_t i = 0; i < n && !e; i++)
		plan_draft_add(w->d, &(struct plan_stop){.need = r[i].need, .seat = r[i].seat, .beat = r[i].beat, .from = r[i].from,
			.to = r[i].to, .day = (int)r[i].day, .pos = (int)r[i].pos, .seq = (int)r[i].seq});
	return e;
}

static size_t unique(int64_t *v, size_t n)
{
	size_t k = 0;

	qsort(v, n, sizeof(*v), plan_compare_id);
	for (size_t i = 0; i < n; i++)
		if (!i || v[i] != v[i - 1])
			v[k++] = v[i];
	return k;
}

/* The first date on which a stop holds; false when there is none, as of what stays before a visit moved for once. */
static bool first_date(const struct plan_model *m, const struct q_draft_needs_of_beat *r, int64_t *date)
{
	*date = m->plan.anchor + r->day;
	if (r->from.set && r->from.v > *date)
		*date += (r->from.v - *date + m->days - 1) / m->days * m->days;
	return !r->to.set || *date <= r->to.v;
}

/* A move of a beat is a move of its visits of that weekday, or of all when only the seat changes. */
static enum bp_error resolve_beat(struct near *w, const struct plan_op *op, struct plan_op *out, struct bp_fail *f)
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
	return unique(needs, n);
}

/* Bring everything that the operation touches into the draft: first its visits, which tell the tours, then those. */
static enum bp_error load_near(struct near *w, uint64_t plan, const struct plan_op *op, struct plan_tour_key **tours,
	size_t *n_tours, struct bp_fail *f)
{
	int64_t *needs;
	size_t n = needs_of(w->a, op, &needs);
	struct bp_buf ids;
	enum bp_error e;

	*tours = bp_alloc_array(w->a, plan_op_tours_room(op), sizeof(**tours));
	e = load_stops(w, needs, n, NULL, 0);
	if (!e)
		e = plan_op_tours(w->d, op, *tours, n_tours, f);
	if (!e)
		e = load_stops(w, needs, n, *tours, *n_tours);
	/* An arrangement may take any visit of its tours out: their needs count whole. */
	if (!e && op->tours.n) {
		needs = bp_grow_array(w->a, needs, n, n + w->d->n, sizeof(*needs));
		for (size_t i = 0; i < w->d->n; i++)
			needs[n + i] = w->d->stops[i].need;
		n = unique(needs, n + w->d->n);
		e = load_stops(w, needs, n, *tours, *n_tours);
	}
	if (e)
		return e;
	needs = bp_grow_array(w->a, needs, n, n + w->d->n, sizeof(*needs));
	for (size_t i = 0; i < w->d->n; i++)
		needs[n + i] = w->d->stops[i].need;
	n = unique(needs, n + w->d->n);
	bp_buf_init(&ids, 16u << 20);
	put_json_ids(&ids, needs, n);
	e = plan_model_load(w->db, w->a, plan, ids.data, w->m);
	bp_buf_release(&ids);
	return e ? e : plan_model_pins(w->db, w->m, (uint64_t)w->session, 0);
}

/* --- writing --- */

static char *dump(struct bp_arena *a, json_t *v)
{
	char *text = json_dumps(v, JSON_COMPACT), *kept = bp_strdup(a, text);

	free(text);
	json_decref(v);
	return kept;
}

static void append_tour(struct bp_buf *b, int64_t seat, int day, const struct rt_tour *t)
{
	bp_buf_printf(b, "%s{\"s\":%lld,\"d\":%d,\"c\":%d,\"t\":%lld,\"v\":%lld,\"w\":%lld,\"o\":%lld,\"m\":%lld}", b->len > 1 ? "," : "",
		(long long)seat, day, (int)t->calls, (long long)t->travel, (long long)t->service, (long long)t->waiting,
		(long long)t->overtime, (long long)t->metres);
}

/* Write the standing sums of the touched tours. */
static enum bp_error put_tours(struct near *w, const struct plan_tour_key *tours, size_t n)
{
	size_t *scratch = bp_xmalloc((w->d->n + 1) * sizeof(*scratch));
	struct rt_tour sum;
	struct bp_buf b;
	enum bp_error e;

	bp_buf_init(&b, 16u << 20);
	bp_buf_chr(&b, '[');
	for (size_t i = 0; i < n; i++) {
		int day = plan_model_day(w->m, tours[i].date);
		bool again = false;

		for (size_t k = 0; k < i && !again; k++)
			again = tours[k].seat == tours[i].seat && plan_model_day(w->m, tours[k].date) == day;
		if (again)
			continue;
		plan_draft_eval(w->d, tours[i].seat, day, scratch, plan_draft_standing(w->d, tours[i].seat, day, scratch), &sum);
		append_tour(&b, tours[i].seat, day, &sum);
	}
	bp_buf_chr(&b, ']');
	e = q_draft_take_tours(w->db, w->session, b.data, NULL);
	if (!e)
		e = q_draft_put_tours(w->db, w->session, b.data, NULL);
	free(scratch);
	bp_buf_release(&b);
	return e;
}

/* How many visits each touched need now lacks; what was not lacking before is the planner's doing. */
static enum bp_error collect_unserved(struct near *w, const int64_t *needs, size_t n, json_t *removed, json_t *added)
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
static void collect_pins(const struct near *w, const struct plan_op *op, json_t *removed, json_t *added)
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

/* Take out the rows of one side and put in those of the other. */
static enum bp_error swap_rows(struct bp_db *db, int64_t session, const char *out, const char *in)
{
	enum bp_error e = q_draft_take_stops(db, session, out, NULL);

	if (!e)
		e = q_draft_put_stops(db, session, in, NULL);
	if (!e)
		e = q_draft_take_unserved(db, session, in, NULL);
	if (!e)
		e = q_draft_put_pins(db, session, in, NULL);
	return e ? e : q_draft_put_unserved(db, session, in, NULL);
}

enum { NEEDS_TOLD = 20 };

struct op_record {
	const char *removed, *added, *body;
};

/* What the ledger tells of an operation: the rules that were overridden, and the needs concerned, not more than a few. */
static json_t *body_of(const struct plan_op *op, const struct plan_impact *impact, const int64_t *needs, size_t n_needs)
{
	const struct plan_broken *b = impact->broken.v;
	json_t *rules = json_object(), *list = json_array();

	for (size_t i = 0; i < impact->broken.n; i++)
		json_object_set_new(rules, b[i].rule, json_string(b[i].severity));
	for (size_t i = 0; i < n_needs && i < NEEDS_TOLD; i++)
		json_array_append_new(list, json_integer(needs[i]));
	return json_pack("{s:s,s:s?,s:i,s:o,s:o}", "kind", op->kind, "reach", op->reach, "visits", (int)op->visits.n, "broken", rules, "needs", list);
}

static enum bp_error record(struct near *w, const struct plan_op *op, const struct plan_impact *impact, const int64_t *needs, size_t n_needs,
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

static enum bp_error balance_now(struct near *w, double *out)
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
static size_t touched(struct near *w, const struct plan_op *op, int64_t **out)
{
	size_t n = needs_of(w->a, op, out);

	if (!op->tours.n)
		return n;
	*out = bp_grow_array(w->a, *out, n, n + w->d->n, sizeof(**out));
	for (size_t i = 0; i < w->d->n; i++)
		if (w->d->stops[i].dead)
			(*out)[n++] = w->d->stops[i].need;
	return unique(*out, n);
}

/* A need that has no visit yet may come from anywhere: it has to be one of the plan's. */
static enum bp_error ours(struct near *w, const struct q_session_get *session, int64_t need, struct bp_fail *f)
{
	struct q_plan_need_of_unit row;
	enum bp_error e = q_plan_need_of_unit(w->db, w->a, need, session->territory_id, session->channel, &row);

	return e == BP_E_NOT_FOUND ? bp_fail(f, BP_E_PLAN_OP, "need %lld is not in this plan", (long long)need) : e;
}

static enum bp_error all_ours(struct near *w, const struct q_session_get *session, const struct plan_op *op, struct bp_fail *f)
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

static enum bp_error apply_one(struct near *w, const struct plan_apply *p, const struct q_session_get *session, const struct plan_op *given,
	int64_t seq, struct plan_change *out, struct plan_impact *impact, struct bp_fail *f)
{
	const struct plan_op *op = given;
	struct plan_op resolved;
	struct op_record rec;
	bool blocked = false;
	enum bp_error e = BP_E_OK;

	w->m->plan.anchor = session->anchor;
	w->m->days = (int)session->weeks * 7;
	w->m->arena = w->a;
	if (!strcmp(op->kind, "beat")) {
		e = resolve_beat(w, given, &resolved, f);
		op = &resolved;
	}
	if (e)
		return e;
	e = load_near(w, (uint64_t)session->plan_id, op, &out->tours, &out->n_tours, f);
	if (!e)
		e = all_ours(w, session, op, f);
	if (!e)
		e = balance_now(w, &impact->balance_before);
	if (!e)
		e = plan_op_apply(w->d, op, out->tours, out->n_tours, impact, &blocked, f);
	/* A price shows what is broken; a change that breaks it is refused unless it is overridden with a reason. */
	if (!e && blocked && p->keep && !(p->may_override && said(given->reason) && said(given->reason_code)))
		return bp_fail(f, BP_E_PLAN_RULE, "%s%s", first_block(w->a, impact),
			p->may_override ? "; give a reason from the list and in words to override it" : "");
	if (e)
		return e;
	out->n_needs = touched(w, op, &out->needs);
	e = record(w, given, impact, out->needs, out->n_needs, &rec);
	if (!e)
		e = swap_rows(w->db, w->session, rec.removed, rec.added);
	if (!e)
		e = put_tours(w, out->tours, out->n_tours);
	if (!e)
		e = balance_now(w, &impact->balance_after);
	return e ? e : q_op_add(w->db, w->session, seq, given->client_id, given->kind, plan_op_label(w->a, given), rec.body, rec.removed,
		rec.added, impact->minutes, given->reason ? given->reason : "", given->reason_code ? given->reason_code : "", (int64_t)p->user, NULL);
}

enum bp_error plan_session_apply(struct bp_db *db, struct bp_arena *a, const struct plan_apply *p, struct plan_change *out,
	struct bp_fail *f)
{
	struct q_session_get session;
	enum bp_error e = begin_change(db, a, p->session, p->user, p->seq, &session, f);
	struct q_op_seen seen;
	bool first = true;

	memset(out, 0, sizeof(*out));
	out->seq = e ? 0 : session.seq;
	if (!e && p->keep)
		e = q_op_forget_undone(db, (int64_t)p->session, NULL);
	for (size_t i = 0; i < p->n_ops && !e; i++) {
		struct near w = {db, a, (int64_t)p->session, bp_alloc(a, sizeof(*w.m)), bp_alloc(a, sizeof(*w.d))};
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
	return e ? e : q_session_advance(db, (int64_t)p->session, out->seq, NULL);
}

/* --- undo, redo, adopt --- */

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
	struct near w = {db, a, session->id, &m, &d};
	json_t *sides[2] = {json_loads(removed, 0, NULL), json_loads(added, 0, NULL)}, *row;
	struct plan_tour_key *tours;
	size_t n = 0, most = 0, i;
	int64_t *needs;
	struct bp_buf ids;
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
	e = load_stops(&w, NULL, 0, tours, n);
	if (e)
		return e;
	needs = bp_alloc_array(a, d.n + 1, sizeof(*needs));
	for (i = 0; i < d.n; i++)
		needs[i] = d.stops[i].need;
	bp_buf_init(&ids, 16u << 20);
	put_json_ids(&ids, needs, unique(needs, d.n));
	e = plan_model_load(db, a, (uint64_t)session->plan_id, ids.data, &m);
	bp_buf_release(&ids);
	return e ? e : put_tours(&w, tours, n);
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
			bp_sprintf(a, "{\"version\":%lld}", (long long)v.parent_id.v), bp_sprintf(a, "{\"version\":%lld}", (long long)v.id), 0, "", "",
			(int64_t)user, NULL);
	if (!e)
		e = q_op_mark(db, row->id, *new_seq, 1, NULL);
	return e ? e : q_session_advance(db, row->id, *new_seq, NULL);
}

enum bp_error plan_session_undo(struct bp_db *db, struct bp_arena *a, uint64_t session, uint64_t user, int64_t seq, bool redo,
	int64_t *new_seq, const char **label, struct bp_fail *f)
{
	struct q_session_get row;
	struct q_op_undoable op;
	struct q_op_redoable next;
	const char *out, *in;
	enum bp_error e = begin_change(db, a, session, user, seq, &row, f);

	if (e)
		return e;
	e = redo ? q_op_redoable(db, a, (int64_t)session, &next) : q_op_undoable(db, a, (int64_t)session, &op);
	if (e == BP_E_NOT_FOUND)
		return redo ? bp_fail(f, BP_E_PLAN_OP, "there is nothing to redo") : take_commit_back(db, a, &row, user, new_seq, label, f);
	if (e)
		return e;
	out = redo ? next.removed : op.added;
	in = redo ? next.added : op.removed;
	*label = redo ? next.label : op.label;
	if (!strcmp(redo ? next.kind : op.kind, "adopt")) {
		e = plan_version_to_draft(db, (uint64_t)version_in(in), session);
	} else {
		e = swap_rows(db, (int64_t)session, out, in);
		if (!e)
			e = recount_rows(db, a, &row, out, in);
	}
	if (!e)
		e = q_op_mark(db, (int64_t)session, redo ? next.seq : op.seq, !redo, NULL);
	*new_seq = row.seq + 1;
	return e ? e : q_session_advance(db, (int64_t)session, *new_seq, NULL);
}

enum bp_error plan_session_adopt(struct bp_db *db, struct bp_arena *a, uint64_t session, uint64_t user, uint64_t version,
	const char *reason, int64_t *new_seq, struct bp_fail *f)
{
	struct q_plan_version_get v;
	struct q_session_get row;
	struct plan_version_new kept;
	uint64_t before = 0;
	enum bp_error e = begin_change(db, a, session, user, -1, &row, f);

	if (!e)
		e = q_plan_version_get(db, a, (int64_t)version, &v);
	if (e)
		return e;
	if (v.plan_id != row.plan_id)
		return bp_fail(f, BP_E_NOT_FOUND, "version %llu belongs to another plan", (unsigned long long)version);
	kept = plan_version_of(&row, "AUTO", user, NULL);
	e = plan_version_from_draft(db, a, &kept, session, &before);
	if (!e)
		e = plan_version_to_draft(db, version, session);
	if (!e && row.current_version.set && row.current_version.v == (int64_t)version)
		e = q_session_set_base(db, (int64_t)session, row.current_version, NULL);
	if (!e)
		e = q_op_forget_undone(db, (int64_t)session, NULL);
	*new_seq = row.seq + 1;
	if (!e)
		e = q_op_add(db, (int64_t)session, *new_seq, bp_sprintf(a, "adopt-%lld", (long long)*new_seq), "adopt",
			bp_sprintf(a, "adopt version %lld", (long long)v.number), bp_sprintf(a, "{\"version\":%llu}", (unsigned long long)version),
			bp_sprintf(a, "{\"version\":%llu}", (unsigned long long)before), bp_sprintf(a, "{\"version\":%llu}", (unsigned long long)version),
			0, reason ? reason : "", "", (int64_t)user, NULL);
	return e ? e : q_session_advance(db, (int64_t)session, *new_seq, NULL);
}
