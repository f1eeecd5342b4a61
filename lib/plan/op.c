/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/op.h"

#include <stdlib.h>
#include <string.h>

#include "base/time.h"

const char *const plan_op_kinds[] = {"move", "beat", "sequence", "remove", "place", "arrange", "pin", "join", NULL};
const char *const plan_reaches[] = {"date", "onward", "standing", NULL};

static bool is(const struct plan_op *op, const char *kind)
{
	return !strcmp(op->kind, kind);
}

static enum plan_reach reach_of(const struct plan_op *op)
{
	for (int i = 0; plan_reaches[i] && op->reach; i++)
		if (!strcmp(plan_reaches[i], op->reach))
			return (enum plan_reach)i;
	return PLAN_STANDING;
}

int plan_op_hold(const struct plan_op *op)
{
	for (int i = 0; plan_holds[i] && op->hold; i++)
		if (!strcmp(plan_holds[i], op->hold))
			return i;
	return 0;
}

const char *plan_op_label(struct bp_arena *a, const struct plan_op *op)
{
	if (is(op, "sequence"))
		return op->auto_ ? "re-sequence a tour" : op->reverse ? "reverse a tour" : "change the order of a tour";
	if (is(op, "beat"))
		return "move a beat";
	if (is(op, "place"))
		return "place a visit";
	if (is(op, "arrange"))
		return bp_sprintf(a, "rearrange %zu day%s", op->tours.n, op->tours.n == 1 ? "" : "s");
	if (is(op, "pin"))
		return bp_sprintf(a, "%s %zu outlet%s", plan_op_hold(op) ? "pin" : "unpin", op->needs.n, op->needs.n == 1 ? "" : "s");
	if (is(op, "join"))
		return bp_sprintf(a, "put %zu visit%s into a beat", op->visits.n, op->visits.n == 1 ? "" : "s");
	return bp_sprintf(a, "%s %zu visit%s", op->kind, op->visits.n, op->visits.n == 1 ? "" : "s");
}

static void add_key(struct plan_tour_key *keys, size_t *n, int64_t seat, int64_t date)
{
	for (size_t i = 0; i < *n; i++)
		if (keys[i].seat == seat && keys[i].date == date)
			return;
	keys[(*n)++] = (struct plan_tour_key){seat, date};
}

static enum bp_error not_there(struct bp_fail *f, int64_t need, int64_t date)
{
	char text[BP_DATE_SIZE];

	bp_date_format(date, text);
	return bp_fail(f, BP_E_PLAN_OP, "need %lld has no visit on %s: it was moved or removed", (long long)need, text);
}

/* Where a move takes a visit of that date. */
static int64_t target_date(const struct plan_op *op, int64_t date)
{
	return op->date.set ? op->date.v : date + (op->shift.set ? op->shift.v : 0);
}

enum bp_error plan_op_tours(
	const struct plan_draft *d, const struct plan_op *op, struct plan_tour_key *out, size_t *n, struct bp_fail *f)
{
	const struct plan_op_visit *v = op->visits.v;
	const struct plan_op_tour *t = op->tours.v;

	*n = 0;
	for (size_t i = 0; i < op->tours.n; i++)
		add_key(out, n, t[i].seat, t[i].date);
	for (size_t i = 0; i < op->visits.n; i++) {
		long at = plan_draft_find(d, v[i].need, v[i].date);

		if (at < 0)
			return not_there(f, v[i].need, v[i].date);
		add_key(out, n, d->stops[at].seat, v[i].date);
		if (is(op, "move"))
			add_key(out, n, op->seat.set ? op->seat.v : d->stops[at].seat, target_date(op, v[i].date));
	}
	if (is(op, "place") || is(op, "sequence"))
		add_key(out, n, op->seat.v, op->date.v);
	return BP_E_OK;
}

/* --- rules --- */

static const struct {
	uint32_t bit;
	const char *rule, *message;
} hard_rules[] = {
	{RT_BROKEN_CALLS, "MAX_CALLS", "more calls than the seat may have on a day"},
	{RT_BROKEN_SHIFT, "SHIFT", "longer than the shift"},
	{RT_BROKEN_CHAIN, "CHAIN", "more visits of a chain than a seat may make on a day"},
	{RT_BROKEN_WINDOW, "WINDOW", "a visit falls outside its hours"},
	{RT_BROKEN_DAY, "CLOSED_DAY", "an outlet is closed, or the seat does not work, on this day"},
};
#define HARD_RULES (sizeof(hard_rules) / sizeof(*hard_rules))

struct findings {
	struct bp_arena *a;
	struct plan_broken *v;
	size_t n, room;
	bool blocked;
};

static void find(struct findings *w, const char *rule, bool block, const char *message, int64_t need, int64_t seat, int64_t date)
{
	if (w->n == w->room) {
		w->v = bp_grow_array(w->a, w->v, w->n, w->room ? w->room * 2 : 16, sizeof(*w->v));
		w->room = w->room ? w->room * 2 : 16;
	}
	w->v[w->n++] = (struct plan_broken){rule, block ? "block" : "warn", message, {need, need != 0}, {seat, seat != 0},
		{date, date != 0}};
	w->blocked = w->blocked || block;
}

/* Rules of one tour that hold no more. One that was broken before counts only when it gets worse. */
static void check_tour(struct findings *w, const struct plan_tour_key *key, const struct rt_tour *before, const struct rt_tour *after)
{
	for (size_t i = 0; i < HARD_RULES; i++) {
		uint32_t bit = hard_rules[i].bit;
		bool worse = !(before->broken & bit) || after->calls > before->calls;

		if (after->broken & bit && worse)
			find(w, hard_rules[i].rule, true, hard_rules[i].message, 0, key->seat, key->date);
	}
	if (after->few > before->few)
		find(w, "MIN_CALLS", false, "fewer calls than a day is to have", 0, key->seat, key->date);
}

/* A visit of that very date, moved to where nobody makes it; of the standing plan only that date is left out. */
static void check_away(struct findings *w, const struct plan_draft *d, enum plan_reach reach, const struct plan_tour_key *key, const struct rt_tour *before,
	const struct rt_tour *after)
{
	if (after->calls > before->calls && plan_model_away(d->m, key->seat, key->date))
		find(w, "AWAY", reach == PLAN_DATE, reach == PLAN_DATE ? "the person is away on this date" : "the person is away on this date, which the visit list leaves out",
			0, key->seat, key->date);
}

/* The pin is the need's; rules of tours do not know whose fault a broken one is. `seat_before` and `gap_before` are those of the visit that is changed, 0 for a new one. */
static void check_need(struct findings *w, const struct plan_draft *d, int64_t need, int64_t seat, int64_t date, int64_t seat_before,
	int gap_before)
{
	int32_t i = plan_model_need(d->m, need), s = plan_model_seat(d->m, seat);
	int gap = plan_draft_least_gap(d, need, date);

	if (i == RT_NONE || s == RT_NONE)
		return;
	if (gap && gap < d->m->p.needs[i].gap && (gap < gap_before || !gap_before))
		find(w, "GAP", false,
			bp_sprintf(w->a, "visits %d days apart, %d are wanted", gap, (int)d->m->p.needs[i].gap), need, seat, date);
	if (d->m->p.places[d->m->p.needs[i].place].x == RT_NO_COORD)
		find(w, "NO_COORDINATES", false, "the outlet has no coordinates: its travel is not counted", need, seat, date);
	if (seat != seat_before && d->m->needs[i].pinned.set && d->m->needs[i].pinned.v != seat)
		find(w, "PINNED_SEAT", true, "the outlet is to be visited by another seat only", need, seat, date);
	else if (seat != seat_before && !plan_model_listed(d->m, s, i))
		find(w, "LISTED", true, "the whitelist or the blacklist of the outlet does not allow this seat", need, seat, date);
	else if (seat != seat_before && !plan_model_serves(d->m, s, i))
		find(w, "DT_CHANGE", true, "the seat does not work for the outlet's distributor", need, seat, date);
}

/* A visit goes elsewhere, or nowhere (seat 0), though it is pinned. */
static void check_pin(struct findings *w, const struct plan_draft *d, const struct plan_stop *was, int64_t seat, int day, int64_t date)
{
	int hold = plan_model_hold(d->m, was->need);

	if ((hold & PLAN_HOLD_PERSON && seat != was->seat) || (hold & PLAN_HOLD_DAYS && day != was->day) || (hold && !seat))
		find(w, "PINNED", true, hold == PLAN_HOLD_PERSON ? "the outlet is pinned to its person" : hold == PLAN_HOLD_DAYS ? "the outlet is pinned to its days"
			: "the outlet is pinned to its person and days", was->need, was->seat, date);
}

/* The standing plan leaves such a date out by itself; a visit of that very date is moved there by hand. */
static void check_chain(struct findings *w, const struct plan_draft *d, enum plan_reach reach, int64_t need, int64_t seat, int64_t date)
{
	int32_t i = plan_model_need(d->m, need);
	const char *name = reach != PLAN_DATE || i == RT_NONE ? NULL : plan_chain_closed(d->m->needs[i].chain, date);

	if (name)
		find(w, "BLACKOUT", true, bp_sprintf(w->a, "the chain receives nobody on this date: %s", name), need, seat, date);
}

/* --- applying --- */

#define LATER ": it has a visit there that begins on a later date"
/* Two visits that end on no date meet sooner or later, though none may be there on the date that was named. */
static enum bp_error visited_once(const struct plan_draft *d, int64_t need, int day, const char *how, struct bp_fail *f)
{
	int n = 0;

	for (size_t i = 0; i < d->n; i++)
		n += d->stops[i].need == need && d->stops[i].day == day && !d->stops[i].dead && !d->stops[i].to.set;
	return n > 1 ? bp_fail(f, BP_E_PLAN_OP, "need %lld would be visited twice on one day%s", (long long)need, how) : BP_E_OK;
}

static enum bp_error apply_move(struct plan_draft *d, const struct plan_op *op, struct findings *w, struct bp_fail *f)
{
	const struct plan_op_visit *v = op->visits.v;
	enum plan_reach reach = reach_of(op);
	enum bp_error e = BP_E_OK;

	for (size_t i = 0; i < op->visits.n && !e; i++) {
		int64_t date = target_date(op, v[i].date), seat;
		long at = plan_draft_find(d, v[i].need, v[i].date), there;
		int gap = plan_draft_least_gap(d, v[i].need, v[i].date);
		struct plan_stop old;

		if (at < 0)
			return not_there(f, v[i].need, v[i].date);
		old = d->stops[at];
		seat = op->seat.set ? op->seat.v : old.seat;
		there = plan_draft_find(d, v[i].need, date);
		if (there >= 0 && there != at)
			return bp_fail(f, BP_E_PLAN_OP, "need %lld is already visited on that day", (long long)v[i].need);
		plan_draft_take(d, (size_t)at, v[i].date, reach);
		plan_draft_put(d, old.need, seat, old.beat, date, op->pos.set ? (int)op->pos.v + (int)i : -1, reach, &old);
		check_need(w, d, old.need, seat, date, old.seat, gap);
		check_pin(w, d, &old, seat, plan_model_day(d->m, date), date);
		check_chain(w, d, reach, old.need, seat, date);
		if (reach != PLAN_DATE)
			e = visited_once(d, old.need, plan_model_day(d->m, date), LATER, f);
	}
	return e;
}

static enum bp_error apply_remove(struct plan_draft *d, const struct plan_op *op, struct findings *w, struct bp_fail *f)
{
	const struct plan_op_visit *v = op->visits.v;

	for (size_t i = 0; i < op->visits.n; i++) {
		long at = plan_draft_find(d, v[i].need, v[i].date);

		if (at < 0)
			return not_there(f, v[i].need, v[i].date);
		check_pin(w, d, &d->stops[at], 0, 0, v[i].date);
		plan_draft_take(d, (size_t)at, v[i].date, reach_of(op));
	}
	return BP_E_OK;
}

static enum bp_error apply_place(struct plan_draft *d, const struct plan_op *op, struct findings *w, struct bp_fail *f)
{
	int gap = plan_draft_least_gap(d, op->need.v, op->date.v);

	if (plan_model_need(d->m, op->need.v) == RT_NONE)
		return bp_fail(f, BP_E_PLAN_OP, "need %lld is not in this plan", (long long)op->need.v);
	if (plan_draft_find(d, op->need.v, op->date.v) >= 0)
		return bp_fail(f, BP_E_PLAN_OP, "need %lld is already visited on that day", (long long)op->need.v);
	plan_draft_put(d, op->need.v, op->seat.v, BP_NO_INT, op->date.v, op->pos.set ? (int)op->pos.v : -1, reach_of(op), NULL);
	check_need(w, d, op->need.v, op->seat.v, op->date.v, 0, gap);
	check_chain(w, d, reach_of(op), op->need.v, op->seat.v, op->date.v);
	return reach_of(op) == PLAN_DATE ? BP_E_OK : visited_once(d, op->need.v, plan_model_day(d->m, op->date.v), LATER, f);
}

/* What belongs to a beat stays where it is: no rule knows it. */
static enum bp_error apply_join(struct plan_draft *d, const struct plan_op *op, struct bp_fail *f)
{
	const struct plan_op_visit *v = op->visits.v;

	for (size_t i = 0; i < op->visits.n; i++) {
		long at = plan_draft_find(d, v[i].need, v[i].date);

		if (at < 0)
			return not_there(f, v[i].need, v[i].date);
		plan_draft_join(d, (size_t)at, op->beat.v);
	}
	return BP_E_OK;
}

/* A visit that comes to a tour, with what its need had before. */
struct newcomer {
	int64_t need, seat, date, seat_before;
	int gap_before;
};

static int64_t seat_of(const struct plan_draft *d, int64_t need)
{
	for (size_t i = 0; i < d->n; i++)
		if (d->stops[i].need == need && !d->stops[i].dead)
			return d->stops[i].seat;
	return 0;
}

/* Every need of a tour is ours and named once. */
static enum bp_error check_order(const struct plan_draft *d, const struct plan_op_tour *t, struct bp_fail *f)
{
	const int64_t *order = t->order.v;

	for (size_t i = 0; i < t->order.n; i++) {
		if (plan_model_need(d->m, order[i]) == RT_NONE)
			return bp_fail(f, BP_E_PLAN_OP, "need %lld is not in this plan", (long long)order[i]);
		for (size_t k = 0; k < i; k++)
			if (order[k] == order[i])
				return bp_fail(f, BP_E_PLAN_OP, "need %lld is named twice in the tour of seat %lld", (long long)order[i],
					(long long)t->seat);
	}
	return BP_E_OK;
}

/* A visit that left the tour stands elsewhere as its pin has it, or breaks it: a pinned need with nothing new keeps to neither. */
static void check_left(struct findings *w, const struct plan_draft *d, const struct plan_stop *was)
{
	int hold = plan_model_hold(d->m, was->need), day = -1;
	int64_t seat = 0;

	for (size_t i = 0; hold && i < d->n; i++) {
		const struct plan_stop *s = &d->stops[i];

		if (s->need != was->need || s->dead || s->to.set)
			continue;
		if (s->seat == was->seat && s->day == was->day)
			return;
		/* The nearest to what the pin asks for counts. */
		if (s->fresh && (!seat || (hold == PLAN_HOLD_PERSON ? s->seat == was->seat : s->day == was->day))) {
			seat = s->seat;
			day = s->day;
		}
	}
	check_pin(w, d, was, seat, day, d->m->plan.anchor + was->day);
}

/* All tours at once, so that visits may change places between them. */
static enum bp_error apply_arrange(struct plan_draft *d, const struct plan_op *op, struct findings *w, struct bp_fail *f)
{
	const struct plan_op_tour *t = op->tours.v;
	struct newcomer *in;
	size_t n = 0, most = 0;
	enum bp_error e = BP_E_OK;

	for (size_t i = 0; i < op->tours.n && !e; i++) {
		most += t[i].order.n;
		e = check_order(d, &t[i], f);
	}
	if (e)
		return e;
	in = bp_alloc_array(d->m->arena, most + 1, sizeof(*in));
	for (size_t i = 0; i < op->tours.n; i++)
		for (size_t k = 0; k < t[i].order.n; k++) {
			int64_t need = ((const int64_t *)t[i].order.v)[k];

			if (plan_draft_stands(d, need, t[i].seat, plan_model_day(d->m, t[i].date)) < 0)
				in[n++] = (struct newcomer){need, t[i].seat, t[i].date, seat_of(d, need),
					plan_draft_least_gap(d, need, t[i].date)};
		}
	for (size_t i = 0; i < op->tours.n; i++)
		plan_draft_arrange(d, t[i].seat, plan_model_day(d->m, t[i].date), t[i].order.v, t[i].order.n);
	for (size_t i = 0; i < d->n; i++)
		if (d->stops[i].dead && !d->stops[i].fresh)
			check_left(w, d, &(struct plan_stop){.need = d->stops[i].need, .seat = d->stops[i].seat, .day = d->stops[i].day});
	for (size_t i = 0; i < n && !e; i++) {
		check_need(w, d, in[i].need, in[i].seat, in[i].date, in[i].seat_before, in[i].gap_before);
		e = visited_once(d, in[i].need, plan_model_day(d->m, in[i].date), ": name the tour that it leaves too", f);
	}
	return e;
}

/* Only what stands can be pinned; each once, or two pins might differ. */
static enum bp_error check_pins(const struct plan_draft *d, const struct plan_op *op, struct bp_fail *f)
{
	const int64_t *needs = op->needs.v;
	int64_t *sorted = bp_grow_array(d->m->arena, (void *)(uintptr_t)needs, op->needs.n, op->needs.n + 1, sizeof(*sorted));

	qsort(sorted, op->needs.n, sizeof(*sorted), plan_compare_id);
	for (size_t i = 0; i < op->needs.n; i++) {
		if (i && sorted[i] == sorted[i - 1])
			return bp_fail(f, BP_E_PLAN_OP, "need %lld is named twice: pin it once", (long long)sorted[i]);
		if (!seat_of(d, sorted[i]) && (plan_op_hold(op) || !plan_model_hold(d->m, sorted[i])))
			return bp_fail(f, BP_E_PLAN_OP, "need %lld has no visit in this plan: place it before it is pinned", (long long)sorted[i]);
	}
	return BP_E_OK;
}

static enum bp_error apply_sequence(struct plan_draft *d, const struct plan_op *op, struct bp_fail *f)
{
	size_t *tour = bp_xmalloc((d->n + 1) * sizeof(*tour)), n = plan_draft_tour(d, op->seat.v, op->date.v, tour);
	int64_t *order = bp_alloc_array(d->m->arena, n + 1, sizeof(*order));
	int32_t *needs = bp_alloc_array(d->m->arena, n + 1, sizeof(*needs)), seat = plan_model_seat(d->m, op->seat.v);
	bool ok = true;

	for (size_t i = 0; i < n; i++) {
		order[i] = d->stops[tour[op->reverse ? n - 1 - i : i]].need;
		needs[i] = plan_model_need(d->m, order[i]);
		ok = ok && needs[i] != RT_NONE;
	}
	free(tour);
	if (op->auto_ && ok && n > 1) {
		rt_resequence(&d->m->p, &d->m->params, seat, plan_model_day(d->m, op->date.v), needs, (int32_t)n);
		for (size_t i = 0; i < n; i++)
			order[i] = d->m->needs[needs[i]].id;
	}
	if (!op->auto_ && !op->reverse && (op->order.n != n || !plan_draft_order(d, op->seat.v, op->date.v, op->order.v, n, reach_of(op))))
		return bp_fail(f, BP_E_PLAN_OP, "the order must name each of the tour's %zu visits once", n);
	if (op->auto_ || op->reverse)
		plan_draft_order(d, op->seat.v, op->date.v, order, n, reach_of(op));
	return BP_E_OK;
}

static struct plan_tour_sum *sum_of(struct bp_arena *a, const struct rt_tour *t)
{
	struct plan_tour_sum *s = bp_alloc(a, sizeof(*s));

	*s = (struct plan_tour_sum){t->calls, (double)t->work / 60, (double)t->metres / 1000};
	return s;
}

/* Also tells, in seconds, what the day is worth for the purchases that are due at those outlets. */
static int64_t eval_on(const struct plan_draft *d, const struct plan_tour_key *key, size_t *scratch, struct rt_tour *out)
{
	int day = plan_model_day(d->m, key->date);
	size_t n = plan_draft_tour(d, key->seat, key->date, scratch);
	int64_t worth = 0;

	for (size_t i = 0; i < n; i++) {
		int32_t k = plan_model_need(d->m, d->stops[scratch[i]].need), value = k == RT_NONE ? RT_NONE : d->m->p.needs[k].day_value;

		worth += value == RT_NONE ? 0 : d->m->p.day_values[value + day];
	}
	plan_draft_eval(d, key->seat, day, scratch, n, out);
	return worth;
}

enum { HORIZON_DAYS = 731 };

static enum bp_error in_time(const struct plan_draft *d, int64_t date, struct bp_fail *f)
{
	char text[BP_DATE_SIZE];

	if (!d->m->today || (date >= d->m->today && date <= d->m->today + HORIZON_DAYS))
		return BP_E_OK;
	bp_date_format(date, text);
	return date < d->m->today ? bp_fail(f, BP_E_PLAN_OP, "%s has passed: what was visited stays as it was", text)
				  : bp_fail(f, BP_E_PLAN_OP, "%s is more than two years ahead", text);
}

/* A change of the standing plan names a day of the cycle by any of its dates; the others mean the dates themselves. */
static enum bp_error all_in_time(const struct plan_draft *d, const struct plan_op *op, struct bp_fail *f)
{
	const struct plan_op_visit *v = op->visits.v;
	enum bp_error e = BP_E_OK;

	if (reach_of(op) == PLAN_STANDING)
		return BP_E_OK;
	for (size_t i = 0; i < op->visits.n && !e; i++) {
		e = in_time(d, v[i].date, f);
		if (!e && is(op, "move"))
			e = in_time(d, target_date(op, v[i].date), f);
	}
	return !e && (is(op, "place") || is(op, "sequence")) ? in_time(d, op->date.v, f) : e;
}

/* Gives this seat no visit that it has not: what may also happen to a seat that has left the unit. */
static bool only_leaves(const struct plan_draft *d, const struct plan_op *op, int64_t seat)
{
	const struct plan_op_tour *t = op->tours.v;

	for (size_t i = 0; i < op->tours.n; i++)
		for (size_t k = 0; k < t[i].order.n && t[i].seat == seat; k++)
			if (plan_draft_stands(d, ((const int64_t *)t[i].order.v)[k], seat, plan_model_day(d->m, t[i].date)) < 0)
				return false;
	return is(op, "arrange") || is(op, "remove") || is(op, "join") || (is(op, "move") && op->seat.set && op->seat.v != seat);
}

static void price_tour(struct plan_price *p, const struct rt_tour *before, const struct rt_tour *after, const struct rt_params *a)
{
	double travel = (double)(after->travel - before->travel) / 60,
	       overtime = (double)((after->overtime - before->overtime) * a->overtime_permille) / 60000;

	p->travel += travel;
	p->overtime += overtime;
	p->few += (double)(after->few - before->few) / 60;
	p->other += (double)(after->cost - before->cost - after->few + before->few) / 60 - travel - overtime;
}

enum bp_error plan_op_apply(struct plan_draft *d, const struct plan_op *op, const struct plan_tour_key *tours, size_t n_tours,
	struct plan_impact *impact, bool *blocked, struct bp_fail *f)
{
	struct bp_arena *a = d->m->arena;
	struct rt_tour *before = bp_alloc_array(a, n_tours + 1, sizeof(*before)), after;
	struct plan_tour_change *changes = bp_alloc_array(a, n_tours + 1, sizeof(*changes));
	struct findings w = {.a = a};
	struct plan_price price = {0};
	size_t *scratch;
	int64_t worth = 0;
	enum bp_error e = all_in_time(d, op, f);

	if (e)
		return e;
	for (size_t i = 0; i < n_tours; i++)
		if (plan_model_seat(d->m, tours[i].seat) == RT_NONE && !only_leaves(d, op, tours[i].seat))
			return bp_fail(f, BP_E_PLAN_OP, "seat %lld is not one of this plan's: it has left since, or was never", (long long)tours[i].seat);
	scratch = bp_xmalloc((d->n + 1) * sizeof(*scratch));
	for (size_t i = 0; i < n_tours; i++)
		worth -= eval_on(d, &tours[i], scratch, &before[i]);
	e = is(op, "move") ? apply_move(d, op, &w, f) : is(op, "remove") ? apply_remove(d, op, &w, f)
		: is(op, "place") ? apply_place(d, op, &w, f) : is(op, "sequence") ? apply_sequence(d, op, f) : is(op, "arrange") ? apply_arrange(d, op, &w, f)
		: is(op, "pin") ? check_pins(d, op, f) : is(op, "join") ? apply_join(d, op, f)
		: bp_fail(f, BP_E_PLAN_OP, "a beat has to be resolved into its visits first");
	scratch = bp_xrealloc(scratch, (d->n + 1) * sizeof(*scratch));
	for (size_t i = 0; i < n_tours && !e; i++) {
		worth += eval_on(d, &tours[i], scratch, &after);
		check_tour(&w, &tours[i], &before[i], &after);
		check_away(&w, d, reach_of(op), &tours[i], &before[i], &after);
		changes[i] = (struct plan_tour_change){tours[i].seat, tours[i].date, sum_of(a, &before[i]), sum_of(a, &after)};
		impact->minutes += (double)(after.work - before[i].work) / 60;
		impact->km += (double)(after.metres - before[i].metres) / 1000;
		impact->overtime_minutes += (double)(after.overtime - before[i].overtime) / 60;
		price_tour(&price, &before[i], &after, &d->m->params);
	}
	free(scratch);
	impact->due_minutes = (double)worth / 60;
	price.due = -impact->due_minutes;
	if (!e)
		plan_price_needs(&price, d, op);
	plan_price_add(impact->price, &price);
	impact->tours = (struct bp_list){changes, n_tours};
	impact->broken = (struct bp_list){w.v, w.n};
	*blocked = w.blocked;
	return e;
}
