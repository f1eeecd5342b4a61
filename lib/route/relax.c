/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Why not: the smallest change of the rules that would place one missing visit.  Each day of the nearest
 * seats is tried; what stands in the way there, one rule or two, is weighed in seconds.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "route/edit.h"
#include "route/pattern.h"

/* Seconds that the visit at o->position begins behind its last window; 0 when it is another visit that
 * would miss its window. */
static int64_t window_gap(const struct edit *e, const struct ed_tour *t, int32_t position)
{
	const struct rt_problem *p = e->b->p;
	int32_t *at = bp_xmalloc(sizeof(*at) * ((size_t)t->n + 1));
	struct rt_tour sum;
	int64_t late = 0;
	bool others = false;

	rt_tour_eval(p, e->b->a, t->seat, t->day, t->needs, t->n, &sum, at);
	for (int32_t i = 0; i < t->n; i++) {
		const struct rt_need *n = &p->needs[t->needs[i]];
		const struct rt_window *w = p->windows + n->window;
		bool missed = n->n_windows > 0 && at[i] > w[n->n_windows - 1].to;

		for (int32_t k = 0; k < n->n_windows; k++)
			missed &= !w[k].soft;
		if (missed && i == position)
			late = at[i] - w[n->n_windows - 1].to;
		others |= missed && i != position;
	}
	free(at);
	return others ? 0 : late;
}

/* By how many days are the visits closer than the gap? */
static int64_t gap_short(const struct rt_problem *p, int32_t need, uint64_t mask)
{
	for (int32_t gap = p->needs[need].gap; gap > 0; gap--)
		if (pattern_gap_ok(mask, gap, rt_days(p)))
			return p->needs[need].gap > gap ? p->needs[need].gap - gap : 1;
	return 1;
}

/* Seconds beyond the shift with its overtime, or beyond the longest tour. */
static int64_t too_long(const struct rt_seat *s, const struct rt_tour *t)
{
	int64_t late = t->overtime - s->overtime_max, more = s->max_duration > 0 ? t->work - s->max_duration : 0;

	return late > more ? late : more;
}

/* The kinds of change that would mend these broken rules, at most two; false: no such change. */
static bool mend(const struct edit *e, int32_t need, uint32_t broken, struct rt_relax *r)
{
	const struct rt_seat *s = &e->b->p->seats[r->seat];
	const struct ed_tour *t = edit_tour(e, r->seat, r->day);
	const struct {
		uint32_t bit;
		int32_t kind;
		int64_t amount;
	} rules[] = {
		{RT_BROKEN_SHIFT, RT_RELAX_SHIFT, too_long(s, &t->is)},
		{RT_BROKEN_CALLS, RT_RELAX_CALLS, t->is.calls - s->max_calls},
		{RT_BROKEN_LOAD, RT_RELAX_LOAD, t->is.load - s->capacity},
		{RT_BROKEN_WINDOW, RT_RELAX_WINDOW,
			broken & RT_BROKEN_WINDOW ? window_gap(e, t, r->position) : 0},
		{RT_BROKEN_DAY, RT_RELAX_DAY, 1},
		{RT_BROKEN_SEAT, RT_RELAX_SEAT, 1},
		{RT_BROKEN_FIRST, RT_RELAX_FIRST, 1},
		{RT_BROKEN_CHAIN, RT_RELAX_CHAIN, rt_chain_over(e->b->p, t->needs, t->n)},
		{RT_BROKEN_PATTERN, RT_RELAX_GAP, gap_short(e->b->p, need, edit_need(e, need).mask)},
	};

	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++) {
		if (!(broken & rules[i].bit))
			continue;
		if (rules[i].amount <= 0 || r->kind2)
			return false;
		if (r->kind) {
			r->kind2 = rules[i].kind;
			r->amount2 = rules[i].amount;
		} else {
			r->kind = rules[i].kind;
			r->amount = rules[i].amount;
		}
		broken &= ~rules[i].bit;
	}
	return !broken;
}

/* Order of preference: a price in seconds for each kind of change; overtime costs itself. */
static int64_t weight_of(int32_t kind, int64_t amount)
{
	static const int64_t unit[] = {[RT_RELAX_NONE] = 0, [RT_RELAX_SHIFT] = 1, [RT_RELAX_CALLS] = 600,
		[RT_RELAX_LOAD] = 600, [RT_RELAX_WINDOW] = 1, [RT_RELAX_DAY] = 1800, [RT_RELAX_SEAT] = 3600,
		[RT_RELAX_GAP] = 1800, [RT_RELAX_FIRST] = 900, [RT_RELAX_PRICE] = 1,
		[RT_RELAX_VISITS] = 7200, [RT_RELAX_FITS] = 0, [RT_RELAX_CHAIN] = 900};

	return unit[kind] * amount;
}

static int64_t weight(const struct rt_relax *r)
{
	return weight_of(r->kind, r->amount) + weight_of(r->kind2, r->amount2);
}

static void try_place(struct edit *e, int32_t need, int32_t seat, int32_t day, struct rt_relax *out)
{
	struct rt_relax r = {.seat = seat, .day = day};
	struct rt_price price;

	edit_clear(e);
	r.position = edit_put(e, need, seat, day, RT_NONE);
	edit_price(e, &price);
	if (price.broken & RT_BROKEN_FIRST) {
		/* Two calls pinned as the first: this one comes second. */
		edit_clear(e);
		r.position = edit_put(e, need, seat, day, 1);
		edit_price(e, &price);
		if (!(e->b->p->needs[need].flags & RT_PIN_FIRST))
			return;
	}
	r.price = price.total;
	if (!price.broken) {
		/* Nothing forbids it: it costs more than it is worth, or the search did not get there. */
		r.kind = price.total > 0 ? RT_RELAX_PRICE : RT_RELAX_FITS;
		r.amount = price.total > 0 ? price.total : 0;
	} else if (!mend(e, need, price.broken, &r)) {
		return;
	}
	if (!out->kind || weight(&r) < weight(out) || (weight(&r) == weight(out) && r.price < out->price))
		*out = r;
}

void rt_relax(const struct rt_problem *p, const struct rt_params *a, const struct rt_solution *plan,
	int32_t need, struct rt_relax *out)
{
	int32_t seats[2 * ED_SEATS], n = 0, own;
	struct ed_base b;
	struct edit e;

	*out = (struct rt_relax){.seat = RT_NONE, .day = RT_NONE, .position = RT_NONE};
	if (p->places[p->needs[need].place].x == RT_NO_COORD) {
		out->kind = RT_RELAX_COORD;
		out->amount = 1;
		return;
	}
	edit_base_init(&b, p, a, plan);
	edit_init(&e, &b);
	own = b.seat[need];
	if (own >= 0 && p->same_seat)
		seats[n++] = own;
	else
		n = edit_near_seats(p, plan, need, RT_NONE, true, seats);
	/* One that is not allowed may still be the answer. */
	if (own < 0 || !p->same_seat)
		n += edit_near_seats(p, plan, need, RT_NONE, false, seats + n);
	for (int32_t i = 0; i < n; i++)
		for (int32_t d = 0; d < rt_days(p); d++)
			if (!(b.mask[need] >> d & 1) && rt_shift(p, seats[i], d) > 0)
				try_place(&e, need, seats[i], d, out);
	if (!out->kind && p->needs[need].visits > 1) {
		out->kind = RT_RELAX_VISITS;
		out->amount = p->needs[need].visits - __builtin_popcountll(b.mask[need]);
	}
	edit_release(&e);
	edit_base_release(&b);
}
