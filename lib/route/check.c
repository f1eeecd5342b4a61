/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The independent checker: every hard rule and every part of the cost, counted
 * from the list of visits alone.  It knows nothing of the engine.
 */
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "route/compact.h"
#include "route/leg.h"
#include "route/pattern.h"
#include "route/route.h"

struct check {
	const struct rt_problem *p;
	const struct rt_params *a;
	const struct rt_solution *s;
	struct rt_verdict *v;
	uint64_t *mask;     /* per need: days visited */
	int32_t *seat;      /* per need: seat of its first visit */
	int64_t *work;      /* per seat: travel + service */
	double *squares;    /* per seat: of the works of its days */
	uint64_t *given;    /* per need: given days */
	int32_t *given_seat; /* of its first given visit */
	bool *split;        /* per need: its given visits are of several seats */
	int32_t *kept;      /* per need: given visits that are in the plan */
	int32_t *apart;     /* per need: a visit of another seat than its first, or 0 */
};

static void found(struct check *c, uint32_t bit, int32_t visit, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

static void found(struct check *c, uint32_t bit, int32_t visit, const char *fmt, ...)
{
	va_list ap;

	if (!c->v->broken) {
		va_start(ap, fmt);
		vsnprintf(c->v->what, sizeof(c->v->what), fmt, ap);
		va_end(ap);
		c->v->first_bad_visit = visit;
	}
	c->v->broken |= bit;
}

static enum bp_error indices(const struct rt_problem *p, const struct rt_solution *s, struct bp_fail *f)
{
	for (int32_t i = 0; i < s->n_visits; i++) {
		const struct rt_visit *v = &s->visits[i];

		if (v->need < 0 || v->need >= p->n_needs || v->seat < 0 || v->seat >= p->n_seats ||
			v->day < 0 || v->day >= rt_days(p))
			return bp_fail(f, BP_E_OPT_INPUT, "visit %d: need %d, seat %d, day %d", i,
				v->need, v->seat, v->day);
	}
	for (int32_t i = 0; i < s->n_unserved; i++)
		if (s->unserved[i].need < 0 || s->unserved[i].need >= p->n_needs)
			return bp_fail(f, BP_E_OPT_INPUT, "unserved entry %d: need %d", i,
				s->unserved[i].need);
	return BP_E_OK;
}

static double spread(const struct rt_problem *p, const int32_t *needs, int32_t n)
{
	struct leg_pt c = {0}, pt;
	double sum = 0;

	for (int32_t i = 0; i < n; i++) {
		pt = leg_pt_of(p->metric, &p->places[p->needs[needs[i]].place]);
		c.x += pt.x / n;
		c.y += pt.y / n;
		c.half_cos += pt.half_cos / n;
	}
	for (int32_t i = 0; i < n; i++) {
		pt = leg_pt_of(p->metric, &p->places[p->needs[needs[i]].place]);
		if (p->metric == RT_GEO)
			sum += leg_straight(&c, &pt);
		else
			sum += sqrt((pt.x - c.x) * (pt.x - c.x) + (pt.y - c.y) * (pt.y - c.y));
	}
	return sum;
}

/* What the scatter of a day costs, pair by pair: the root of the sum of squared distances. */
static int64_t scatter(const struct check *c, int32_t seat, const int32_t *needs, int32_t n)
{
	struct compact_frame f = compact_frame_of(c->p, c->a->compact_price, seat);
	__int128 sum = 0;

	for (int32_t i = 0; f.shrink && i < n; i++) {
		const struct rt_place *a = &c->p->places[c->p->needs[needs[i]].place];
		int64_t x, y;

		if (a->x == RT_NO_COORD)
			continue;
		compact_xy(&f, a->x, a->y, &x, &y);
		for (int32_t k = 0; k < i; k++) {
			const struct rt_place *b = &c->p->places[c->p->needs[needs[k]].place];
			int64_t u, v;

			if (b->x == RT_NO_COORD)
				continue;
			compact_xy(&f, b->x, b->y, &u, &v);
			sum += (u - x) * (u - x) + (v - y) * (v - y);
		}
	}
	return compact_price(sum, c->a->compact_price);
}

/* Each visit that has as many of its chain before it as may be without a price. */
static int64_t crowded(const struct check *c, const int32_t *needs, int32_t n)
{
	int64_t cost = 0;

	for (int32_t i = 0; c->p->chain_price && i < n; i++) {
		int32_t chain = c->p->needs[needs[i]].chain, before = 0;

		for (int32_t k = 0; k < i; k++)
			before += c->p->needs[needs[k]].chain == chain;
		if (chain && before >= c->p->chain_most[chain - 1])
			cost += c->p->chain_price[chain - 1];
	}
	return cost;
}

static void tours(struct check *c)
{
	const struct rt_solution *s = c->s;
	struct rt_cost *cost = &c->v->cost;
	int32_t *needs = bp_xcalloc((size_t)s->n_visits + 1, sizeof(*needs));
	double far = 0;

	for (int32_t i = 0, n; i < s->n_visits; i += n) {
		const struct rt_visit *v = &s->visits[i];
		const struct rt_seat *seat = &c->p->seats[v->seat];
		struct rt_tour t;

		for (n = 0; i + n < s->n_visits && v[n].seat == v->seat && v[n].day == v->day; n++) {
			needs[n] = v[n].need;
			if (v[n].position != n)
				found(c, RT_BROKEN_LISTS, i + n,
					"seat %" PRIu64 " day %d: position %d twice or missing", seat->id,
					v->day, n);
		}
		rt_tour_eval(c->p, c->a, v->seat, v->day, needs, n, &t, NULL);
		if (t.broken)
			found(c, t.broken, i,
				"seat %" PRIu64 " day %d: rules %#x broken (calls %d, work %d, overtime %d)",
				seat->id, v->day, t.broken, n, (int)t.work, (int)t.overtime);
		cost->travel += t.travel;
		cost->metres += t.metres;
		cost->service += t.service;
		cost->waiting += t.waiting;
		cost->overtime += t.overtime * c->a->overtime_permille / 1000;
		cost->late += t.late * c->a->late_permille / 1000;
		cost->fixed += seat->fixed;
		cost->crowded += crowded(c, needs, n);
		cost->compact += scatter(c, v->seat, needs, n);
		cost->few += n < seat->min_calls ? (int64_t)(seat->min_calls - n) * c->a->price_few : 0;
		cost->tours++;
		cost->below_min_calls += n < seat->min_calls;
		c->work[v->seat] += t.travel + t.service;
		c->squares[v->seat] += (double)(t.travel + t.service) * (double)(t.travel + t.service);
		if (!(t.broken & RT_BROKEN_COORD))
			far += spread(c->p, needs, n);
	}
	cost->compactness_m = s->n_visits ? far / s->n_visits : 0;
	free(needs);
}

static void order(struct check *c)
{
	for (int32_t i = 1; i < c->s->n_visits; i++) {
		const struct rt_visit *a = &c->s->visits[i - 1], *b = a + 1;

		if (a->seat > b->seat || (a->seat == b->seat && a->day > b->day))
			found(c, RT_BROKEN_LISTS, i, "visit %d is out of order", i);
	}
}

static bool start_alike(const struct rt_problem *p, int32_t a, int32_t b)
{
	int32_t i = p->seats[a].start, j = p->seats[b].start;

	if (i < 0 || j < 0)
		return i == j;
	return p->places[i].x == p->places[j].x && p->places[i].y == p->places[j].y;
}

static bool held(const struct check *c, int32_t need)
{
	return c->split[need] && (c->a->max_changed >= 0 || (c->p->needs[need].flags & RT_FROZEN));
}

static void needs_of_visits(struct check *c)
{
	for (int32_t i = 0; i < c->s->n_visits; i++) {
		const struct rt_visit *v = &c->s->visits[i];
		uint64_t bit = (uint64_t)1 << v->day;

		if (c->mask[v->need] & bit)
			found(c, RT_BROKEN_PATTERN, i, "need %" PRIu64 " twice on day %d",
				c->p->needs[v->need].id, v->day);
		if (c->p->same_seat && c->mask[v->need] && c->seat[v->need] != v->seat)
			c->apart[v->need] = i;
		if (c->p->same_start && c->mask[v->need] && !start_alike(c->p, c->seat[v->need], v->seat))
			found(c, RT_BROKEN_PERSON, i, "need %" PRIu64 " from two starts, by seats %" PRIu64 " and %" PRIu64,
				c->p->needs[v->need].id, c->p->seats[c->seat[v->need]].id,
				c->p->seats[v->seat].id);
		if (!c->mask[v->need])
			c->seat[v->need] = v->seat;
		c->mask[v->need] |= bit;
	}
}

/* Is it in the plan?  Without same_seat the day is all that counts. */
static bool kept(const struct check *c, const struct rt_given *g)
{
	int32_t n;
	const struct rt_visit *v = rt_solution_tour(c->s, g->seat, g->day, &n);

	while (n > 0 && v->need != g->need)
		v++, n--;
	return c->p->same_seat ? n > 0 : c->mask[g->need] >> g->day & 1;
}

/* The given visits held against the plan one by one. */
static void given(struct check *c)
{
	for (int32_t i = 0; i < c->p->n_given; i++) {
		const struct rt_given *g = &c->p->given[i];

		if (!rt_given_stands(c->p, g) || (c->given[g->need] >> g->day & 1))
			continue;
		if (!c->given[g->need])
			c->given_seat[g->need] = g->seat;
		c->split[g->need] |= c->p->same_seat && g->seat != c->given_seat[g->need];
		c->given[g->need] |= (uint64_t)1 << g->day;
		c->kept[g->need] += kept(c, g);
	}
}

/* Visits by several seats are only those of a need that was given so and is held, and then just the given ones. */
static void persons(struct check *c)
{
	for (int32_t i = 0; i < c->p->n_needs; i++)
		if (c->apart[i] && (!held(c, i) || c->kept[i] != __builtin_popcountll(c->mask[i])))
			found(c, RT_BROKEN_PERSON, c->apart[i], "need %" PRIu64 " by seats %" PRIu64 " and %" PRIu64, c->p->needs[i].id,
				c->p->seats[c->seat[i]].id, c->p->seats[c->s->visits[c->apart[i]].seat].id);
}

static bool listed_pattern(const struct rt_problem *p, const struct rt_need *n, uint64_t mask)
{
	for (int32_t i = p->pattern_off[n->pattern_set]; i < p->pattern_off[n->pattern_set + 1]; i++)
		if (!(mask & ~p->patterns[i]))
			return true;
	return false;
}

static void patterns(struct check *c)
{
	for (int32_t i = 0; i < c->p->n_needs; i++) {
		const struct rt_need *n = &c->p->needs[i];
		bool ok = __builtin_popcountll(c->mask[i]) <= n->visits;

		if (ok && c->mask[i])
			ok = n->pattern_set >= 0 ? listed_pattern(c->p, n, c->mask[i])
						 : pattern_gap_ok(c->mask[i], n->gap, rt_days(c->p));
		if (!ok)
			found(c, RT_BROKEN_PATTERN, RT_NONE, "need %" PRIu64 ": days %#" PRIx64 " break its pattern",
				n->id, c->mask[i]);
		if ((n->flags & RT_FROZEN) && c->given[i] && (c->mask[i] != c->given[i] || c->kept[i] != __builtin_popcountll(c->given[i])))
			found(c, RT_BROKEN_FROZEN, RT_NONE, "need %" PRIu64 " is frozen but moved", n->id);
	}
}

static void unserved(struct check *c)
{
	const struct rt_solution *s = c->s;
	int32_t at = 0;

	for (int32_t i = 0; i < c->p->n_needs; i++) {
		const struct rt_need *n = &c->p->needs[i];
		int32_t missing = n->visits - __builtin_popcountll(c->mask[i]), told = 0;

		if (at < s->n_unserved && s->unserved[at].need == i)
			told = s->unserved[at++].missing;
		if (told != missing)
			found(c, RT_BROKEN_LISTS, RT_NONE, "need %" PRIu64 ": %d visits missing, %d listed",
				n->id, missing, told);
		c->v->missing += missing;
		c->v->cost.missed += n->missed_price * missing;
		if (n->flags & RT_MANDATORY)
			c->v->unserved_mandatory += missing;
	}
	if (at != s->n_unserved)
		found(c, RT_BROKEN_LISTS, RT_NONE, "the unserved list is out of order");
}

static void values_and_changes(struct check *c)
{
	const struct rt_problem *p = c->p;
	struct rt_cost *cost = &c->v->cost;
	int32_t dpw = p->days_per_week, days = rt_days(p);

	for (int32_t i = 0; i < p->n_needs; i++) {
		uint64_t is = 0, was = 0, m = c->mask[i];
		bool moved = p->same_seat && !held(c, i) && (c->split[i] || c->seat[i] != c->given_seat[i]);

		for (int32_t d = 0; d < days; d++) {
			is |= (m >> d & 1) << (d % dpw);
			was |= (c->given[i] >> d & 1) << (d % dpw);
			if ((m >> d & 1) && p->needs[i].day_value >= 0)
				cost->value -= p->day_values[p->needs[i].day_value + d];
		}
		cost->changed += __builtin_popcountll(c->given[i]) - c->kept[i];
		if (!m || !c->given[i])
			continue;
		cost->disturbance += (int64_t)c->a->price_day * __builtin_popcountll(m & ~c->given[i]);
		cost->disturbance += moved ? c->a->price_person : 0;
		cost->disturbance += moved || (is & ~was) ? c->a->price_beat : 0;
	}
	if (c->a->max_changed >= 0 && cost->changed > c->a->max_changed)
		found(c, RT_BROKEN_CHANGES, RT_NONE, "%d visits changed, %d allowed", cost->changed,
			c->a->max_changed);
}

static void balance(struct check *c)
{
	const struct rt_problem *p = c->p;
	struct rt_cost *cost = &c->v->cost;
	int32_t groups = 0, *n;
	int64_t *mean;

	for (int32_t s = 0; s < p->n_seats; s++)
		if (p->seats[s].balance_group >= groups)
			groups = p->seats[s].balance_group + 1;
	n = bp_xcalloc((size_t)groups + 1, sizeof(*n));
	mean = bp_xcalloc((size_t)groups + 1, sizeof(*mean));
	for (int32_t s = 0; s < p->n_seats; s++)
		if (p->seats[s].balance_group >= 0) {
			n[p->seats[s].balance_group]++;
			mean[p->seats[s].balance_group] += c->work[s];
		}
	for (int32_t s = 0; s < p->n_seats; s++) {
		int32_t g = p->seats[s].balance_group;
		int64_t m, off;

		if (g < 0)
			continue;
		m = mean[g] / n[g];
		off = llabs(c->work[s] - m);
		if (m > 0 && 100.0 * (double)off / (double)m > cost->balance_pct)
			cost->balance_pct = 100.0 * (double)off / (double)m;
		off -= m * c->a->balance_tolerance / 1000;
		if (off > 0 && p->same_seat)
			cost->balance += off * c->a->balance_permille / 1000;
	}
	free(n);
	free(mean);
}

/* How far the days of a seat are from its mean day, all seats together, in percent of the mean. */
static double day_spread(const struct check *c)
{
	double off = 0, mean = 0;

	for (int32_t s = 0; s < c->p->n_seats; s++) {
		int32_t days = 0;

		for (int32_t d = 0; d < rt_days(c->p); d++)
			days += rt_shift(c->p, s, d) > 0;
		if (!days)
			continue;
		off += c->squares[s] - (double)c->work[s] * (double)c->work[s] / days;
		mean += (double)c->work[s] * (double)c->work[s] / days;
	}
	return mean > 0 && off > 0 ? 100 * sqrt(off / mean) : 0;
}

/* Of the visits of needs that are seen in several weeks: how many fall on that need's commonest
 * weekdays (as many weekdays as it has visits a week)? */
static double stability(const struct check *c)
{
	int32_t dpw = c->p->days_per_week, weeks = c->p->weeks;
	int64_t all = 0, on = 0;

	for (int32_t i = 0; i < c->p->n_needs; i++) {
		int32_t count[7] = {0}, visits = __builtin_popcountll(c->mask[i]), take;

		if (visits < 2 || c->p->needs[i].visits < 2 || weeks < 2)
			continue;
		for (uint64_t m = c->mask[i]; m; m &= m - 1)
			count[__builtin_ctzll(m) % dpw]++;
		take = (c->p->needs[i].visits + weeks - 1) / weeks;
		all += visits;
		for (; take > 0; take--) {
			int32_t best = 0;

			for (int32_t d = 1; d < dpw; d++)
				best = count[d] > count[best] ? d : best;
			on += count[best];
			count[best] = 0;
		}
	}
	return all ? 100.0 * (double)on / (double)all : 100;
}

enum bp_error rt_check(const struct rt_problem *p, const struct rt_params *a,
	const struct rt_solution *plan, struct rt_verdict *v, struct bp_fail *f)
{
	struct check c = {.p = p, .a = a, .s = plan, .v = v};
	struct rt_cost *cost = &v->cost;
	enum bp_error err;
	size_t n;

	memset(v, 0, sizeof(*v));
	v->first_bad_visit = RT_NONE;
	v->visits = plan->n_visits;
	err = rt_problem_check(p, f);
	if (err == BP_E_OK)
		err = indices(p, plan, f);
	if (err != BP_E_OK)
		return err;
	n = (size_t)p->n_needs + 1;
	c.mask = bp_xcalloc(n, sizeof(*c.mask));
	c.seat = bp_xcalloc(n, sizeof(*c.seat));
	c.given = bp_xcalloc(n, sizeof(*c.given));
	c.given_seat = bp_xcalloc(n, sizeof(*c.given_seat));
	c.split = bp_xcalloc(n, sizeof(*c.split));
	c.apart = bp_xcalloc(n, sizeof(*c.apart));
	c.kept = bp_xcalloc(n, sizeof(*c.kept));
	c.work = bp_xcalloc((size_t)p->n_seats + 1, sizeof(*c.work));
	c.squares = bp_xcalloc((size_t)p->n_seats + 1, sizeof(*c.squares));
	order(&c);
	needs_of_visits(&c);
	given(&c);
	persons(&c);
	tours(&c);
	patterns(&c);
	unserved(&c);
	values_and_changes(&c);
	balance(&c);
	cost->weekday_stability_pct = stability(&c);
	cost->day_spread_pct = day_spread(&c);
	cost->total = cost->travel + cost->overtime + cost->late + cost->missed + cost->balance +
		      cost->crowded + cost->compact + cost->few + cost->disturbance + cost->fixed + cost->value;
	free(c.mask);
	free(c.seat);
	free(c.given);
	free(c.given_seat);
	free(c.split);
	free(c.apart);
	free(c.kept);
	free(c.work);
	free(c.squares);
	return BP_E_OK;
}
