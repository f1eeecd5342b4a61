/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The price of a manual change: both tours before and after, by the same cost code that
 * judges whole plans, and the terms of the need and of its balance group.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "route/pattern.h"
#include "route/route.h"

struct change {
	const struct rt_problem *p;
	const struct rt_params *a;
	const struct rt_solution *plan;
	int32_t need;
	int32_t from_seat, from_day; /* RT_NONE: not planned yet */
	int32_t to_seat, to_day;     /* RT_NONE: taken out */
	int32_t position;
	struct rt_price *out;
};

/* The needs of a tour, `extra` more places kept free; caller frees. */
static int32_t *tour_needs(const struct rt_solution *s, int32_t seat, int32_t day, int32_t *n)
{
	const struct rt_visit *v = rt_solution_tour(s, seat, day, n);
	int32_t *needs = bp_xmalloc(sizeof(*needs) * ((size_t)*n + 2));

	for (int32_t i = 0; i < *n; i++)
		needs[i] = v[i].need;
	return needs;
}

static int32_t without(int32_t *needs, int32_t n, int32_t need)
{
	int32_t k = 0;

	for (int32_t i = 0; i < n; i++)
		if (needs[i] != need)
			needs[k++] = needs[i];
	return k;
}

static void with(int32_t *needs, int32_t n, int32_t need, int32_t at)
{
	memmove(needs + at + 1, needs + at, sizeof(*needs) * (size_t)(n - at));
	needs[at] = need;
}

static void add(struct rt_price *out, const struct change *c, const struct rt_tour *was,
	const struct rt_tour *is)
{
	out->travel += is->travel - was->travel;
	out->overtime += is->overtime * c->a->overtime_permille / 1000 -
			 was->overtime * c->a->overtime_permille / 1000;
	out->late += is->late * c->a->late_permille / 1000 - was->late * c->a->late_permille / 1000;
	out->broken |= is->broken & ~was->broken;
}

/* The position that costs least, of those that break least. */
static int32_t best_position(const struct change *c, int32_t *needs, int32_t n)
{
	int64_t least = INT64_MAX;
	int32_t best = n;

	for (int32_t i = 0; i <= n; i++) {
		struct rt_tour t;
		int64_t cost;

		with(needs, n, c->need, i);
		rt_tour_eval(c->p, c->a, c->to_seat, c->to_day, needs, n + 1, &t, NULL);
		without(needs, n + 1, c->need);
		cost = t.cost + (int64_t)__builtin_popcount(t.broken) * ((int64_t)1 << 40);
		if (cost < least) {
			least = cost;
			best = i;
		}
	}
	return best;
}

/* Where the need is visited now: days and, when same_seat, its seat.  O(visits of its seat). */
static uint64_t days_now(const struct change *c, int32_t *seat)
{
	const struct rt_solution *s = c->plan;
	uint64_t mask = 0;

	*seat = RT_NONE;
	for (int32_t i = 0; i < s->n_visits; i++)
		if (s->visits[i].need == c->need) {
			mask |= (uint64_t)1 << s->visits[i].day;
			*seat = s->visits[i].seat;
		}
	return mask;
}

static int64_t values(const struct change *c, uint64_t mask)
{
	const struct rt_need *n = &c->p->needs[c->need];
	int64_t v = n->missed_price * (n->visits - __builtin_popcountll(mask));

	for (uint64_t m = mask; m && n->day_value >= 0; m &= m - 1)
		v -= c->p->day_values[n->day_value + __builtin_ctzll(m)];
	return v;
}

/* Disturbance of the need standing on these days at this seat. */
static int64_t disturbance(const struct change *c, uint64_t mask, int32_t seat)
{
	uint64_t given = 0, is = 0, was = 0;
	int32_t given_seat = RT_NONE, dpw = c->p->days_per_week;
	bool moved;

	for (int32_t i = 0; i < c->p->n_given; i++)
		if (c->p->given[i].need == c->need && rt_given_stands(c->p, &c->p->given[i])) {
			given |= (uint64_t)1 << c->p->given[i].day;
			given_seat = c->p->given[i].seat;
		}
	if (!given || !mask)
		return 0;
	moved = c->p->same_seat && seat != given_seat;
	for (int32_t d = 0; d < rt_days(c->p); d++) {
		is |= (mask >> d & 1) << (d % dpw);
		was |= (given >> d & 1) << (d % dpw);
	}
	return (int64_t)c->a->price_day * __builtin_popcountll(mask & ~given) +
	       (moved ? c->a->price_person : 0) + (moved || (is & ~was) ? c->a->price_beat : 0);
}

static bool pattern_holds(const struct change *c, uint64_t mask)
{
	const struct rt_need *n = &c->p->needs[c->need];

	if (n->pattern_set < 0)
		return pattern_gap_ok(mask, n->gap, rt_days(c->p));
	for (int32_t i = c->p->pattern_off[n->pattern_set]; i < c->p->pattern_off[n->pattern_set + 1]; i++)
		if (!(mask & ~c->p->patterns[i]))
			return true;
	return false;
}

static int64_t seat_work(const struct change *c, int32_t seat)
{
	int64_t work = 0;

	for (int32_t d = 0; d < rt_days(c->p); d++) {
		struct rt_tour t;
		int32_t n, *needs = tour_needs(c->plan, seat, d, &n);

		rt_tour_eval(c->p, c->a, seat, d, needs, n, &t, NULL);
		work += t.travel + t.service;
		free(needs);
	}
	return work;
}

static int64_t off_balance(const struct change *c, int64_t work, int64_t mean)
{
	int64_t off = llabs(work - mean) - mean * c->a->balance_tolerance / 1000;

	return off > 0 && c->p->same_seat ? off * c->a->balance_permille / 1000 : 0;
}

/* The group's mean moves by a small part of the change only; it is held still here. */
static int64_t balance(const struct change *c, int32_t seat, int64_t change)
{
	int32_t g = seat < 0 ? RT_NONE : c->p->seats[seat].balance_group, n = 0;
	int64_t mean = 0, mine = 0;

	if (g < 0 || !change)
		return 0;
	for (int32_t s = 0; s < c->p->n_seats; s++)
		if (c->p->seats[s].balance_group == g) {
			int64_t w = seat_work(c, s);

			mean += w;
			n++;
			mine = s == seat ? w : mine;
		}
	mean /= n;
	return off_balance(c, mine + change, mean) - off_balance(c, mine, mean);
}

static int64_t work_of(const struct rt_tour *t)
{
	return t->travel + t->service;
}

static void price(struct change *c)
{
	struct rt_price *out = c->out;
	struct rt_tour was, was_to;
	bool same = c->from_seat == c->to_seat && c->from_day == c->to_day;
	int64_t less = 0, more = 0;
	int32_t n, *needs, seat;
	uint64_t mask = days_now(c, &seat), after = mask;

	memset(out, 0, sizeof(*out));
	out->position = RT_NONE;
	if (c->from_seat >= 0) {
		needs = tour_needs(c->plan, c->from_seat, c->from_day, &n);
		rt_tour_eval(c->p, c->a, c->from_seat, c->from_day, needs, n, &was, NULL);
		n = without(needs, n, c->need);
		if (same) {
			out->position = c->position == RT_NONE ? best_position(c, needs, n)
				       : c->position > n	? n
								: c->position;
			with(needs, n++, c->need, out->position);
		}
		rt_tour_eval(c->p, c->a, c->from_seat, c->from_day, needs, n, &out->from, NULL);
		add(out, c, &was, &out->from);
		out->fixed -= n ? 0 : c->p->seats[c->from_seat].fixed;
		less = work_of(&out->from) - work_of(&was);
		after &= ~((uint64_t)1 << c->from_day);
		free(needs);
	}
	if (c->to_seat >= 0 && !same) {
		needs = tour_needs(c->plan, c->to_seat, c->to_day, &n);
		rt_tour_eval(c->p, c->a, c->to_seat, c->to_day, needs, n, &was_to, NULL);
		out->fixed += n ? 0 : c->p->seats[c->to_seat].fixed;
		out->position = c->position == RT_NONE ? best_position(c, needs, n)
			       : c->position > n	? n
							: c->position;
		with(needs, n, c->need, out->position);
		rt_tour_eval(c->p, c->a, c->to_seat, c->to_day, needs, n + 1, &out->to, NULL);
		add(out, c, &was_to, &out->to);
		more = work_of(&out->to) - work_of(&was_to);
		free(needs);
	}
	if (same)
		out->to = out->from;
	if (c->to_seat >= 0) {
		if (after >> c->to_day & 1)
			out->broken |= RT_BROKEN_PATTERN;
		after |= (uint64_t)1 << c->to_day;
		if (!pattern_holds(c, after) && pattern_holds(c, mask))
			out->broken |= RT_BROKEN_PATTERN;
		if (c->p->same_seat && (after & (after - 1)) && seat != c->to_seat)
			out->broken |= RT_BROKEN_PERSON;
		if (__builtin_popcountll(after) > c->p->needs[c->need].visits)
			out->broken |= RT_BROKEN_PATTERN;
	}
	out->value = values(c, after) - values(c, mask);
	out->disturbance = disturbance(c, after, c->to_seat >= 0 ? c->to_seat : seat) -
			   disturbance(c, mask, seat);
	if (c->from_seat == c->to_seat)
		out->balance = balance(c, c->to_seat, less + more);
	else
		out->balance = balance(c, c->from_seat, less) + balance(c, c->to_seat, more);
	out->total = out->travel + out->overtime + out->late + out->fixed + out->balance +
		     out->disturbance + out->value;
}

void rt_price_move(const struct rt_problem *p, const struct rt_params *a,
	const struct rt_solution *plan, int32_t visit, int32_t seat, int32_t day, int32_t position,
	struct rt_price *out)
{
	const struct rt_visit *v = &plan->visits[visit];
	struct change c = {p, a, plan, v->need, v->seat, v->day, seat, seat < 0 ? RT_NONE : day,
		position, out};

	price(&c);
}

void rt_price_insert(const struct rt_problem *p, const struct rt_params *a,
	const struct rt_solution *plan, int32_t need, int32_t seat, int32_t day, int32_t position,
	struct rt_price *out)
{
	struct change c = {p, a, plan, need, RT_NONE, RT_NONE, seat, day, position, out};

	price(&c);
}
