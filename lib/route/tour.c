/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What one tour costs: the plain definition of the model, walked call by call.
 */
#include <string.h>

#include "route/compact.h"
#include "route/pattern.h"
#include "route/route.h"

static bool has_place(const struct rt_problem *p, int32_t place)
{
	return place >= 0 && p->places[place].x != RT_NO_COORD;
}

bool rt_seat_allowed(const struct rt_problem *p, const struct rt_need *n, int32_t seat)
{
	if (n->skills & ~p->seats[seat].skills)
		return false;
	if (n->seat_set < 0)
		return true;
	for (int32_t i = p->seat_set_off[n->seat_set]; i < p->seat_set_off[n->seat_set + 1]; i++)
		if (p->seat_set[i] == seat)
			return true;
	return false;
}

int64_t rt_shift(const struct rt_problem *p, int32_t seat, int32_t day)
{
	const struct rt_seat *s = &p->seats[seat];

	if (!(s->days >> day & 1))
		return 0;
	return p->seat_day_shift ? p->seat_day_shift[(int64_t)seat * rt_days(p) + day] : s->shift;
}

bool rt_given_stands(const struct rt_problem *p, const struct rt_given *g)
{
	const struct rt_need *n = &p->needs[g->need];

	return has_place(p, n->place) && (pattern_allowed(p, n) >> g->day & 1) &&
	       rt_shift(p, g->seat, g->day) > 0 && rt_seat_allowed(p, n, g->seat);
}

/* When a visit begins that is reached at t, and until when it might; lateness and a missed hard window go into sum. */
static int64_t begin(const struct rt_problem *p, const struct rt_need *n, int64_t t, int64_t *until, struct rt_tour *sum)
{
	const struct rt_window *w = p->windows + n->window;
	bool soft = false;

	*until = n->n_windows ? t : INT64_MAX / 2;
	if (n->n_windows == 0)
		return t;
	for (int32_t i = 0; i < n->n_windows; i++) {
		*until = w[i].to;
		if (t <= w[i].to)
			return t > w[i].from ? t : w[i].from;
		soft |= w[i].soft;
	}
	*until = t;
	if (soft)
		sum->late += t - w[n->n_windows - 1].to;
	else
		sum->broken |= RT_BROKEN_WINDOW;
	return t;
}

static void add_leg(const struct rt_problem *p, int32_t profile, int32_t from, int32_t to, bool stop,
	struct rt_tour *sum, int64_t *t)
{
	int32_t leg, metres;

	if (!has_place(p, from) || !has_place(p, to))
		return;
	leg = rt_leg_both(p, profile, from, to, stop, &metres);
	sum->travel += leg;
	sum->metres += metres;
	*t += leg;
}

/* Visits of the need's chain among needs[0..n-1] beyond what may be in one tour. */
static int32_t beyond(const struct rt_problem *p, const int32_t *needs, int32_t n, int32_t chain)
{
	int32_t k = 0;

	for (int32_t j = 0; j < n; j++)
		k += p->needs[needs[j]].chain == chain;
	return k > p->chain_most[chain - 1] ? k - p->chain_most[chain - 1] : 0;
}

int32_t rt_chain_over(const struct rt_problem *p, const int32_t *needs, int32_t n)
{
	int32_t over = 0;

	for (int32_t i = 0; i < n && p->n_chains; i++) {
		int32_t chain = p->needs[needs[i]].chain, k;

		if (!chain || (p->chain_price && p->chain_price[chain - 1]))
			continue;
		k = beyond(p, needs, n, chain);
		over = k > over ? k : over;
	}
	return over;
}

int64_t rt_chain_crowded(const struct rt_problem *p, const int32_t *needs, int32_t n)
{
	int64_t cost = 0;

	for (int32_t c = 0; c < p->n_chains && p->chain_price; c++)
		if (p->chain_price[c])
			cost += (int64_t)beyond(p, needs, n, c + 1) * p->chain_price[c];
	return cost;
}

/* The tour when it leaves at t; returns by how much later it could leave and be back at the same time. */
static int64_t walk(const struct rt_problem *p, const struct rt_params *a, int32_t seat, int32_t day,
	const int32_t *needs, int32_t n, int64_t t, struct rt_tour *sum, int32_t *arrivals)
{
	const struct rt_seat *s = &p->seats[seat];
	int64_t shift = rt_shift(p, seat, day), slack = INT64_MAX / 2, back;
	struct compact_frame frame = compact_frame_of(p, a->compact_price, seat);
	struct compact_sums sums = {0};
	int32_t at = s->start;

	memset(sum, 0, sizeof(*sum));
	sum->leaves = t;
	if (shift <= 0)
		sum->broken |= RT_BROKEN_DAY;
	for (int32_t i = 0; i < n; i++) {
		const struct rt_need *d = &p->needs[needs[i]];
		int64_t b, until;

		if (!has_place(p, d->place))
			sum->broken |= RT_BROKEN_COORD;
		if (!(pattern_allowed(p, d) >> day & 1))
			sum->broken |= RT_BROKEN_DAY;
		if (!rt_seat_allowed(p, d, seat))
			sum->broken |= RT_BROKEN_SEAT;
		if (i > 0 && (d->flags & RT_PIN_FIRST))
			sum->broken |= RT_BROKEN_FIRST;
		add_leg(p, s->profile, at, d->place, true, sum, &t);
		b = begin(p, d, t, &until, sum);
		sum->waiting += b - t;
		if (sum->waiting + until - b < slack)
			slack = sum->waiting + until - b;
		if (arrivals)
			arrivals[i] = (int32_t)b;
		if (frame.shrink && has_place(p, d->place))
			compact_add(&sums, &frame, p->places[d->place].x, p->places[d->place].y, 1);
		sum->service += d->service;
		sum->load += d->demand;
		t = b + d->service;
		at = d->place;
	}
	add_leg(p, s->profile, at, s->end, false, sum, &t);
	back = t - s->shift_start;
	sum->calls = n;
	sum->work = t - sum->leaves;
	sum->overtime = back > shift ? back - shift : 0;
	if (sum->overtime > s->overtime_max || (s->max_duration > 0 && sum->work > s->max_duration))
		sum->broken |= RT_BROKEN_SHIFT;
	if (s->max_calls > 0 && n > s->max_calls)
		sum->broken |= RT_BROKEN_CALLS;
	if (s->capacity > 0 && sum->load > s->capacity)
		sum->broken |= RT_BROKEN_LOAD;
	if (rt_chain_over(p, needs, n))
		sum->broken |= RT_BROKEN_CHAIN;
	sum->crowded = rt_chain_crowded(p, needs, n);
	sum->compact = compact_cost(&sums, a->compact_price);
	sum->few = n < s->min_calls ? (int64_t)(s->min_calls - n) * a->price_few : 0;
	sum->cost = sum->travel + s->fixed + sum->crowded + sum->compact + sum->few + sum->overtime * a->overtime_permille / 1000 +
		    sum->late * a->late_permille / 1000;
	return slack < sum->waiting ? slack : sum->waiting;
}

void rt_tour_eval(const struct rt_problem *p, const struct rt_params *a, int32_t seat, int32_t day,
	const int32_t *needs, int32_t n, struct rt_tour *sum, int32_t *arrivals)
{
	const struct rt_seat *s = &p->seats[seat];
	int64_t later;

	if (n == 0) {
		memset(sum, 0, sizeof(*sum));
		return;
	}
	later = walk(p, a, seat, day, needs, n, s->shift_start, sum, arrivals);
	if (later > 0 && s->max_duration > 0)
		walk(p, a, seat, day, needs, n, s->shift_start + later, sum, arrivals);
}
