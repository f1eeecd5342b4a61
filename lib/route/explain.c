/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What would it take: the worth of one more person or day, seats for a coverage, saving against
 * disturbance.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "route/route.h"

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

/* Solve p from the plan it was given, or else from `plan`, which then may be left at no price. */
static enum bp_error solve_from(const struct rt_problem *p, const struct rt_params *a,
	const struct rt_solution *plan, struct rt_solution *out, struct bp_fail *f)
{
	struct rt_problem from = *p;
	struct rt_params free_of = *a;
	enum bp_error err;

	free_of.max_changed = -1;
	if (!p->n_given) {
		from.given = bp_xcalloc((size_t)plan->n_visits + 1, sizeof(*from.given));
		for (int32_t i = 0; i < plan->n_visits; i++) {
			const struct rt_visit *v = &plan->visits[i];

			from.given[from.n_given++] = (struct rt_given){v->need, v->seat, v->day, v->position};
		}
		free_of.price_day = free_of.price_person = free_of.price_beat = 0;
	}
	err = rt_solve(&from, &free_of, out, f);
	if (!p->n_given) {
		free(from.given);
		out->cost.changed = 0;
	}
	return err;
}

static enum bp_error worth(const struct rt_problem *p, const struct rt_problem *more, const struct rt_params *a,
	const struct rt_solution *plan, struct rt_worth *out, struct bp_fail *f)
{
	struct rt_solution s;
	enum bp_error err;
	int64_t all;

	rt_solution_init(&s);
	err = solve_from(p, a, plan, &s, f);
	out->without = s.cost;
	out->served_without = err == BP_E_OK ? served(p, &s, &all) : 0;
	if (err == BP_E_OK)
		err = solve_from(more, a, plan, &s, f);
	out->with = s.cost;
	out->served_with = err == BP_E_OK ? served(more, &s, &all) : 0;
	out->gain = out->without.total - out->with.total;
	rt_solution_release(&s);
	return err;
}

enum bp_error rt_price_seat(const struct rt_problem *p, const struct rt_params *a,
	const struct rt_solution *plan, int32_t seat, struct rt_worth *out, struct bp_fail *f)
{
	struct more m;
	enum bp_error err;

	memset(out, 0, sizeof(*out));
	if (seat < 0 || seat >= p->n_seats)
		return bp_fail(f, BP_E_OPT_INPUT, "no seat %d", seat);
	more_seats(&m, p, seat, 1);
	err = worth(p, &m.p, a, plan, out, f);
	bp_arena_release(&m.arena);
	return err;
}

enum bp_error rt_price_day(const struct rt_problem *p, const struct rt_params *a,
	const struct rt_solution *plan, int32_t seat, int32_t day, struct rt_worth *out, struct bp_fail *f)
{
	struct more m;
	enum bp_error err;

	memset(out, 0, sizeof(*out));
	if (seat < 0 || seat >= p->n_seats || day < 0 || day >= rt_days(p))
		return bp_fail(f, BP_E_OPT_INPUT, "no seat %d, or no day %d", seat, day);
	if (rt_shift(p, seat, day) > 0)
		return bp_fail(f, BP_E_OPT_INPUT, "the seat works on day %d already", day);
	more_seats(&m, p, seat, 0);
	m.p.seats[seat].days |= (uint64_t)1 << day;
	if (m.p.seat_day_shift)
		m.p.seat_day_shift[(int64_t)seat * rt_days(p) + day] = p->seats[seat].shift;
	err = worth(p, &m.p, a, plan, out, f);
	bp_arena_release(&m.arena);
	return err;
}

static bool capacity_reason(int32_t r)
{
	return r == RT_CAPACITY_CALLS || r == RT_CAPACITY_LOAD || r == RT_CAPACITY_TIME || r == RT_CAPACITY_CHAIN;
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
