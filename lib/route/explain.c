/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Why not, and what would it take: the smallest relaxation for an unserved need, seats for
 * a coverage, saving against disturbance.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "route/edit.h"
#include "route/pattern.h"

/* How far does the window have to open?  Seconds that the visit would begin outside. */
static int64_t window_gap(const struct rt_problem *p, const struct rt_params *a,
	const struct rt_solution *plan, int32_t need, const struct rt_option *o)
{
	const struct rt_need *nd = &p->needs[need];
	int32_t n, *needs, *at;
	const struct rt_visit *v = rt_solution_tour(plan, o->seat, o->day, &n);
	int64_t late = 0;
	struct rt_tour t;

	needs = bp_xmalloc(sizeof(*needs) * ((size_t)n + 1));
	at = bp_xmalloc(sizeof(*at) * ((size_t)n + 1));
	for (int32_t i = 0, k = 0; i <= n; i++)
		needs[i] = i == o->position ? need : v[k++].need;
	rt_tour_eval(p, a, o->seat, o->day, needs, n + 1, &t, at);
	if (nd->n_windows) {
		int32_t to = p->windows[nd->window + nd->n_windows - 1].to;

		late = at[o->position] > to ? at[o->position] - to : 0;
	}
	free(needs);
	free(at);
	return late;
}

/* What single rule stands against this place, and by how much? */
static void judge(const struct rt_problem *p, const struct rt_params *a, const struct rt_solution *plan,
	int32_t need, const struct rt_option *o, struct rt_relax *r)
{
	const struct rt_seat *s = &p->seats[o->seat];
	const struct rt_tour *t = &o->price.to;

	*r = (struct rt_relax){RT_RELAX_NONE, o->seat, o->day, o->position, 0, o->price.total};
	switch (o->price.broken) {
	case RT_BROKEN_SHIFT:
		r->kind = RT_RELAX_SHIFT;
		r->amount = t->overtime - s->overtime_max;
		break;
	case RT_BROKEN_CALLS:
		r->kind = RT_RELAX_CALLS;
		r->amount = t->calls - s->max_calls;
		break;
	case RT_BROKEN_LOAD:
		r->kind = RT_RELAX_LOAD;
		r->amount = t->load - s->capacity;
		break;
	case RT_BROKEN_WINDOW:
		r->kind = RT_RELAX_WINDOW;
		r->amount = window_gap(p, a, plan, need, o);
		break;
	case RT_BROKEN_DAY:
		r->kind = RT_RELAX_DAY;
		r->amount = 1;
		break;
	case RT_BROKEN_SEAT:
		r->kind = RT_RELAX_SEAT;
		r->amount = 1;
		break;
	case RT_BROKEN_PATTERN:
		r->kind = RT_RELAX_GAP;
		r->amount = 1;
		break;
	default:
		break;
	}
}

/* Order of preference: a price in seconds for each kind of change; overtime costs itself. */
static int64_t weight(const struct rt_relax *r)
{
	static const int64_t unit[] = {[RT_RELAX_NONE] = INT32_MAX, [RT_RELAX_SHIFT] = 1,
		[RT_RELAX_CALLS] = 600, [RT_RELAX_LOAD] = 600, [RT_RELAX_WINDOW] = 1,
		[RT_RELAX_DAY] = 1800, [RT_RELAX_SEAT] = 3600, [RT_RELAX_GAP] = 1800,
		[RT_RELAX_VISITS] = 7200, [RT_RELAX_COORD] = INT32_MAX};

	return unit[r->kind] * r->amount;
}

void rt_relax(const struct rt_problem *p, const struct rt_params *a, const struct rt_solution *plan,
	int32_t need, struct rt_relax *out)
{
	int32_t seats[ED_SEATS + 1], n, own = RT_NONE;
	bool planned_all = true;

	*out = (struct rt_relax){RT_RELAX_NONE, RT_NONE, RT_NONE, RT_NONE, 0, 0};
	if (p->places[p->needs[need].place].x == RT_NO_COORD) {
		out->kind = RT_RELAX_COORD;
		out->amount = 1;
		return;
	}
	for (int32_t i = 0; i < plan->n_visits && own < 0; i++)
		if (plan->visits[i].need == need)
			own = plan->visits[i].seat;
	n = edit_near_seats(p, plan, need, own, seats);
	/* One seat that is not allowed may still be the answer. */
	if (n == 0)
		for (int32_t s = 0; s < p->n_seats && n == 0; s++)
			seats[n++] = s;
	for (int32_t i = 0; i < n; i++)
		for (int32_t d = 0; d < rt_days(p); d++) {
			struct rt_option o = {.seat = seats[i], .day = d};
			struct rt_relax r;

			rt_price_insert(p, a, plan, need, seats[i], d, RT_NONE, &o.price);
			o.position = o.price.position;
			planned_all &= o.price.broken != 0;
			judge(p, a, plan, need, &o, &r);
			if (r.kind && (!out->kind || weight(&r) < weight(out) ||
					      (weight(&r) == weight(out) && r.price < out->price)))
				*out = r;
		}
	/* Single days are open but no whole pattern is: one visit fewer. */
	if ((!planned_all || !out->kind) && p->needs[need].visits > 1) {
		out->kind = RT_RELAX_VISITS;
		out->amount = 1;
		out->seat = out->day = out->position = RT_NONE;
	}
}

static int64_t served(const struct rt_problem *p, const struct rt_solution *s, int64_t *all)
{
	int64_t missing = 0;

	*all = 0;
	for (int32_t i = 0; i < p->n_needs; i++)
		*all += p->needs[i].visits;
	for (int32_t i = 0; i < s->n_unserved; i++)
		missing += s->unserved[i].missing;
	return *all - missing;
}

/* A copy of the problem with `extra` more seats like `seat`, allowed wherever that one is. */
struct more {
	struct rt_problem p;
	struct bp_arena arena;
};

static void more_seats(struct more *m, const struct rt_problem *p, int32_t seat, int32_t extra)
{
	int32_t days = rt_days(p), items = p->n_seat_sets ? p->seat_set_off[p->n_seat_sets] : 0, at = 0;

	m->p = *p;
	bp_arena_init(&m->arena, (size_t)4 << 30);
	m->p.n_seats += extra;
	m->p.seats = bp_alloc_array(&m->arena, (size_t)m->p.n_seats, sizeof(*p->seats));
	memcpy(m->p.seats, p->seats, sizeof(*p->seats) * (size_t)p->n_seats);
	for (int32_t i = 0; i < extra; i++) {
		m->p.seats[p->n_seats + i] = p->seats[seat];
		m->p.seats[p->n_seats + i].id = UINT64_MAX - (uint64_t)i;
	}
	if (p->seat_day_shift) {
		m->p.seat_day_shift = bp_alloc_array(&m->arena, (size_t)m->p.n_seats * (size_t)days,
			sizeof(int32_t));
		memcpy(m->p.seat_day_shift, p->seat_day_shift,
			sizeof(int32_t) * (size_t)p->n_seats * (size_t)days);
		for (int32_t i = 0; i < extra; i++)
			memcpy(m->p.seat_day_shift + (size_t)(p->n_seats + i) * (size_t)days,
				p->seat_day_shift + (size_t)seat * (size_t)days,
				sizeof(int32_t) * (size_t)days);
	}
	m->p.seat_set_off = bp_alloc_array(&m->arena, (size_t)p->n_seat_sets + 1, sizeof(int32_t));
	m->p.seat_set = bp_alloc_array(&m->arena,
		(size_t)items + (size_t)extra * (size_t)p->n_seat_sets + 1, sizeof(int32_t));
	for (int32_t g = 0; g < p->n_seat_sets; g++) {
		bool has = false;

		for (int32_t i = p->seat_set_off[g]; i < p->seat_set_off[g + 1]; i++) {
			has |= p->seat_set[i] == seat;
			m->p.seat_set[at++] = p->seat_set[i];
		}
		for (int32_t i = 0; has && i < extra; i++)
			m->p.seat_set[at++] = p->n_seats + i;
		m->p.seat_set_off[g + 1] = at;
	}
}

static bool capacity_reason(int32_t r)
{
	return r == RT_CAPACITY_CALLS || r == RT_CAPACITY_LOAD || r == RT_CAPACITY_TIME;
}

enum bp_error rt_seats_for_coverage(const struct rt_problem *p, const struct rt_params *a, int32_t seat,
	int32_t permille, int32_t *extra, struct rt_solution *with, struct bp_fail *f)
{
	struct rt_params half = *a;
	int64_t all, have, work = 0, day = 0, short_of;
	enum bp_error err = rt_solve(p, &half, with, f);
	int32_t tries = 8;

	*extra = 0;
	if (err != BP_E_OK)
		return err;
	if (seat < 0 || seat >= p->n_seats)
		return bp_fail(f, BP_E_OPT_INPUT, "no seat %d", seat);
	half.max_changed = -1;
	while ((have = served(p, with, &all)) * 1000 < all * permille && tries-- > 0) {
		struct more m;

		work = 0;
		for (int32_t i = 0; i < with->n_unserved; i++) {
			const struct rt_unserved *u = &with->unserved[i];

			if (capacity_reason(u->reason))
				work += (int64_t)u->missing * (p->needs[u->need].service + 240);
		}
		if (!work) {
			*extra = RT_NONE;
			return BP_E_OK;
		}
		day = 0;
		for (int32_t d = 0; d < rt_days(p); d++)
			day += rt_shift(p, seat, d);
		short_of = all * permille / 1000 - have;
		/* Only the share of the missing work that the coverage asks for. */
		work = (int64_t)((double)work * fmin(1, (double)short_of / (double)(all - have)));
		*extra += day > 0 && work / day > 0 ? (int32_t)(work / day) : 1;
		half.seconds = half.seconds / 2 > 0.5 ? half.seconds / 2 : 0.5;
		if (half.iterations)
			half.iterations = half.iterations / 2 + 1;
		more_seats(&m, p, seat, *extra);
		err = rt_solve(&m.p, &half, with, f);
		bp_arena_release(&m.arena);
		if (err != BP_E_OK)
			return err;
	}
	if (have * 1000 < all * permille)
		*extra = RT_NONE;
	return BP_E_OK;
}

enum bp_error rt_disturbance_curve(const struct rt_problem *p, const struct rt_params *a,
	const int32_t *budgets, int32_t n, struct rt_cost *costs, struct bp_fail *f)
{
	struct rt_solution best, now;
	enum bp_error err = BP_E_OK;
	bool have = false;

	rt_solution_init(&best);
	rt_solution_init(&now);
	for (int32_t i = 0; i < n && err == BP_E_OK; i++) {
		struct rt_params with = *a;

		if (i && budgets[i] < budgets[i - 1]) {
			err = bp_fail(f, BP_E_OPT_INPUT, "budgets of changes must ascend");
			break;
		}
		with.max_changed = budgets[i];
		with.seed = a->seed + (uint64_t)i;
		err = rt_solve(p, &with, &now, f);
		if (err != BP_E_OK)
			break;
		/* A plan within a smaller budget is also one within this: the curve never rises. */
		if (!have || now.cost.total < best.cost.total) {
			struct rt_solution t = best;

			best = now;
			now = t;
			have = true;
		}
		costs[i] = best.cost;
	}
	rt_solution_release(&best);
	rt_solution_release(&now);
	return err;
}
