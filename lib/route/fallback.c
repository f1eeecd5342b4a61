/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The obvious way, for when the engine is not to be had, and as the yardstick it is
 * measured against: every need to its nearest seat that has time left, the needs of a seat
 * swept by angle into weekdays, nearest neighbour and 2-opt within the day.  It
 * shares no code with the engine.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "route/leg.h"
#include "route/pattern.h"
#include "route/route.h"

#define SEATS_TRIED 30 /* nearest seats asked to take what found no place */
#define SHORTER 900     /* seconds */

struct tour_list {
	int32_t *needs, n, cap;
	int64_t work; /* travel and service, while known; 0: not known */
};

struct sweep {
	const struct rt_problem *p;
	const struct rt_params *a;
	int32_t days;
	struct tour_list *tours; /* [seat * days + day] */
	int64_t *left;           /* seconds a seat has left over the cycle */
	int32_t *seat;           /* of each need, RT_NONE: none */
	uint64_t *mask;          /* days of each need */
	struct leg_pt *pt;       /* of each place */
	struct leg_rule *rules;  /* of each profile */
};

struct key {
	double angle;
	int32_t seat, need;
};

static void append(struct tour_list *t, int32_t at, int32_t need)
{
	if (t->n == t->cap) {
		t->cap = t->cap ? 2 * t->cap : 32;
		t->needs = bp_xrealloc(t->needs, sizeof(*t->needs) * (size_t)t->cap);
	}
	memmove(t->needs + at + 1, t->needs + at, sizeof(*t->needs) * (size_t)(t->n - at));
	t->needs[at] = need;
	t->n++;
	t->work = 0;
}

static void drop(struct tour_list *t, int32_t need)
{
	int32_t i = 0;

	while (i < t->n && t->needs[i] != need)
		i++;
	if (i == t->n)
		return;
	t->n--;
	t->work = 0;
	memmove(t->needs + i, t->needs + i + 1, sizeof(*t->needs) * (size_t)(t->n - i));
}

static struct leg_pt where(const struct sweep *s, int32_t place)
{
	return s->pt[place];
}

/* rt_leg() of points that are made but once. */
static int32_t leg(const struct sweep *s, int32_t profile, int32_t a, int32_t b, bool stop)
{
	if (s->p->n_leg_fixes)
		return rt_leg(s->p, profile, a, b, stop);
	return leg_seconds(&s->rules[profile], &s->pt[a], &s->pt[b], stop);
}

static bool usable(const struct sweep *s, int32_t need)
{
	return s->p->places[s->p->needs[need].place].x != RT_NO_COORD;
}

static double apart(const struct sweep *s, int32_t need, int32_t seat)
{
	int32_t start = s->p->seats[seat].start;
	struct leg_pt a, b;

	if (start < 0 || s->p->places[start].x == RT_NO_COORD)
		return 0;
	a = where(s, s->p->needs[need].place);
	b = where(s, start);
	return s->p->metric == RT_GEO ? leg_straight(&a, &b) : hypot(a.x - b.x, a.y - b.y);
}

/* The nearest allowed seat whose cycle still has the time. */
static void to_seats(struct sweep *s)
{
	for (int32_t i = 0; i < s->p->n_needs; i++) {
		const struct rt_need *n = &s->p->needs[i];
		int32_t from = 0, to = s->p->n_seats, best = RT_NONE;
		int64_t work = (int64_t)n->visits * (n->service + 180);
		double near = 1e300;

		s->seat[i] = RT_NONE;
		if (!usable(s, i))
			continue;
		if (n->seat_set >= 0) {
			from = s->p->seat_set_off[n->seat_set];
			to = s->p->seat_set_off[n->seat_set + 1];
		}
		for (int32_t k = from; k < to; k++) {
			int32_t seat = n->seat_set >= 0 ? s->p->seat_set[k] : k;
			double d;

			if (s->left[seat] < work || (n->skills & ~s->p->seats[seat].skills))
				continue;
			d = apart(s, i, seat);
			if (d < near) {
				near = d;
				best = seat;
			}
		}
		s->seat[i] = best;
		if (best >= 0)
			s->left[best] -= work;
	}
}

static int by_angle(const void *a, const void *b)
{
	const struct key *x = a, *y = b;

	if (x->seat != y->seat)
		return x->seat < y->seat ? -1 : 1;
	return x->angle < y->angle ? -1 : x->angle > y->angle ? 1 : x->need < y->need ? -1 : 1;
}

static int32_t patterns_of(const struct sweep *s, int32_t need, uint64_t *masks)
{
	const struct rt_problem *p = s->p;
	const struct rt_need *n = &p->needs[need];
	uint64_t allowed = pattern_allowed(p, n);
	int32_t m = 0;

	if (n->pattern_set < 0)
		return pattern_list(p->weeks, p->days_per_week, n->visits, n->gap, allowed, masks, 0);
	for (int32_t i = p->pattern_off[n->pattern_set];
		i < p->pattern_off[n->pattern_set + 1] && m < PATTERN_MAX; i++)
		if (!(p->patterns[i] & ~allowed))
			masks[m++] = p->patterns[i];
	return m;
}

/* The patterns with most visits on that weekday take turns. */
static uint64_t pattern_on(const struct sweep *s, int32_t need, int32_t weekday, int32_t turn)
{
	uint64_t masks[PATTERN_MAX], best[PATTERN_MAX];
	int32_t n = patterns_of(s, need, masks), most = -1, k = 0;

	for (int32_t i = 0; i < n; i++) {
		int32_t on = 0;

		for (uint64_t m = masks[i]; m; m &= m - 1) {
			int32_t d = __builtin_ctzll(m);

			on += d % s->p->days_per_week == weekday;
			if (rt_shift(s->p, s->seat[need], d) <= 0)
				on -= 100;
		}
		if (on > most) {
			most = on;
			k = 0;
		}
		if (on == most)
			best[k++] = masks[i];
	}
	return k ? best[turn % k] : 0;
}

static void put(struct sweep *s, int32_t need, int32_t seat, uint64_t mask)
{
	s->seat[need] = seat;
	s->mask[need] = mask;
	for (; mask; mask &= mask - 1) {
		struct tour_list *t = &s->tours[(int64_t)seat * s->days + __builtin_ctzll(mask)];

		append(t, t->n, need);
	}
}

static void to_days(struct sweep *s)
{
	struct key *keys = bp_xcalloc((size_t)s->p->n_needs + 1, sizeof(*keys));
	int32_t n = 0;

	for (int32_t i = 0; i < s->p->n_needs; i++) {
		struct leg_pt a, b;

		if (s->seat[i] < 0)
			continue;
		a = where(s, s->p->needs[i].place);
		keys[n] = (struct key){0, s->seat[i], i};
		if (s->p->seats[s->seat[i]].start >= 0) {
			b = where(s, s->p->seats[s->seat[i]].start);
			keys[n].angle = atan2(a.y - b.y, (a.x - b.x) * (a.half_cos + b.half_cos));
		}
		n++;
	}
	qsort(keys, (size_t)n, sizeof(*keys), by_angle);
	for (int32_t i = 0, to; i < n; i = to) {
		int64_t all = 0, done = 0;

		for (to = i; to < n && keys[to].seat == keys[i].seat; to++)
			all += (int64_t)s->p->needs[keys[to].need].visits *
			       (s->p->needs[keys[to].need].service + 180);
		for (int32_t k = i; k < to; k++) {
			int32_t need = keys[k].need, day;

			day = (int32_t)(done * s->p->days_per_week / (all ? all : 1));
			put(s, need, keys[k].seat, pattern_on(s, need, day, k));
			done += (int64_t)s->p->needs[need].visits *
				(s->p->needs[need].service + 180);
		}
	}
	free(keys);
}

static void nearest_neighbour(const struct sweep *s, int32_t seat, struct tour_list *t)
{
	int32_t at = s->p->seats[seat].start, profile = s->p->seats[seat].profile;

	for (int32_t i = 0; i < t->n; i++) {
		int32_t best = i, near = INT32_MAX, tmp;

		for (int32_t k = i; k < t->n && at >= 0; k++) {
			int32_t d = leg(s, profile, at, s->p->needs[t->needs[k]].place, true);

			if (d < near) {
				near = d;
				best = k;
			}
		}
		tmp = t->needs[i];
		t->needs[i] = t->needs[best];
		t->needs[best] = tmp;
		at = s->p->needs[t->needs[i]].place;
	}
	for (int32_t i = 1; i < t->n; i++)
		if (s->p->needs[t->needs[i]].flags & RT_PIN_FIRST) {
			int32_t tmp = t->needs[0];

			t->needs[0] = t->needs[i];
			t->needs[i] = tmp;
			break;
		}
}

static uint32_t broken(const struct sweep *s, int32_t seat, int32_t day, const struct tour_list *t)
{
	struct rt_tour sum;

	rt_tour_eval(s->p, s->a, seat, day, t->needs, t->n, &sum, NULL);
	return sum.broken;
}

static void take_out(struct sweep *s, int32_t need)
{
	for (uint64_t m = s->mask[need]; m; m &= m - 1)
		drop(&s->tours[(int64_t)s->seat[need] * s->days + __builtin_ctzll(m)], need);
	s->mask[need] = 0;
	s->seat[need] = RT_NONE;
}

/* Take needs off tours that break a rule; their other days may then break one, so go round again. */
static void relieve(struct sweep *s)
{
	bool again = true;

	while (again) {
		again = false;
		for (int32_t seat = 0; seat < s->p->n_seats; seat++)
			for (int32_t d = 0; d < s->days; d++) {
				struct tour_list *t = &s->tours[(int64_t)seat * s->days + d];

				while (t->n && broken(s, seat, d, t)) {
					take_out(s, t->needs[t->n - 1]);
					again = true;
				}
			}
	}
}

static void sequence(struct sweep *s)
{
	for (int32_t seat = 0; seat < s->p->n_seats; seat++)
		for (int32_t d = 0; d < s->days; d++) {
			struct tour_list *t = &s->tours[(int64_t)seat * s->days + d];

			nearest_neighbour(s, seat, t);
			rt_resequence(s->p, s->a, seat, d, t->needs, t->n);
		}
	relieve(s);
}

/* Insert the need where it costs least; false (and unchanged) when a rule would break. */
static bool squeeze(struct sweep *s, int32_t need, int32_t seat, int32_t day)
{
	struct tour_list *t = &s->tours[(int64_t)seat * s->days + day];
	const struct rt_seat *st = &s->p->seats[seat];
	int32_t best = 0, place = s->p->needs[need].place;
	int64_t cost = INT64_MAX, shift = rt_shift(s->p, seat, day), work;
	struct rt_tour sum;

	if (shift <= 0 || (st->max_calls > 0 && t->n >= st->max_calls))
		return false;
	/* Most tours are full: say so without looking for a place.  A call may also shorten the way, since
	 * legs do not obey the triangle inequality, but hardly by as much as SHORTER. */
	if (t->work == 0) {
		rt_tour_eval(s->p, s->a, seat, day, t->needs, t->n, &sum, NULL);
		t->work = sum.travel + sum.service;
	}
	work = t->work;
	if (work + s->p->needs[need].service - SHORTER > shift + st->overtime_max)
		return false;
	for (int32_t i = 0; i <= t->n; i++) {
		int32_t a = i ? s->p->needs[t->needs[i - 1]].place : st->start;
		int32_t b = i < t->n ? s->p->needs[t->needs[i]].place : st->end;
		int64_t c = 0;

		if (a >= 0)
			c += leg(s, st->profile, a, place, true);
		if (b >= 0)
			c += leg(s, st->profile, place, b, i < t->n);
		if (a >= 0 && b >= 0)
			c -= leg(s, st->profile, a, b, i < t->n);
		if (c < cost) {
			cost = c;
			best = i;
		}
	}
	if (work + cost + s->p->needs[need].service > shift + st->overtime_max)
		return false;
	append(t, best, need);
	if (!broken(s, seat, day, t))
		return true;
	drop(t, need);
	t->work = work;
	return false;
}

static bool squeeze_pattern(struct sweep *s, int32_t need, int32_t seat, uint64_t mask)
{
	uint64_t done = 0;

	for (uint64_t m = mask; m; m &= m - 1) {
		if (!squeeze(s, need, seat, __builtin_ctzll(m))) {
			for (; done; done &= done - 1)
				drop(&s->tours[(int64_t)seat * s->days + __builtin_ctzll(done)], need);
			return false;
		}
		done |= m & -m;
	}
	s->seat[need] = seat;
	s->mask[need] = mask;
	return true;
}

struct reach {
	double d;
	int32_t seat;
};

static int by_reach(const void *a, const void *b)
{
	const struct reach *x = a, *y = b;

	return x->d < y->d ? -1 : x->d > y->d ? 1 : x->seat < y->seat ? -1 : x->seat > y->seat;
}

/* What found no place goes to the first seat, nearest first, and pattern that take it. */
static void leftovers(struct sweep *s)
{
	struct reach *r = bp_xcalloc((size_t)s->p->n_seats + 1, sizeof(*r));
	uint64_t masks[PATTERN_MAX];

	for (int32_t i = 0; i < s->p->n_needs; i++) {
		int32_t n = 0, m;
		bool done = false;

		if (s->mask[i] || !usable(s, i))
			continue;
		for (int32_t seat = 0; seat < s->p->n_seats; seat++)
			if (rt_seat_allowed(s->p, &s->p->needs[i], seat))
				r[n++] = (struct reach){apart(s, i, seat), seat};
		qsort(r, (size_t)n, sizeof(*r), by_reach);
		m = patterns_of(s, i, masks);
		for (int32_t k = 0; k < n && k < SEATS_TRIED && !done; k++)
			for (int32_t q = 0; q < m && !done; q++)
				done = squeeze_pattern(s, i, r[k].seat, masks[q]);
	}
	free(r);
}

static void store(const struct sweep *s, struct rt_solution *out)
{
	const struct rt_problem *p = s->p;
	int64_t tours = (int64_t)p->n_seats * s->days;
	int32_t n = 0, u = 0;

	for (int64_t i = 0; i < tours; i++)
		n += s->tours[i].n;
	rt_solution_release(out);
	out->visits = bp_xcalloc((size_t)n + 1, sizeof(*out->visits));
	for (int64_t i = 0; i < tours; i++)
		for (int32_t k = 0; k < s->tours[i].n; k++)
			out->visits[out->n_visits++] = (struct rt_visit){s->tours[i].needs[k],
				(int32_t)(i % s->days), (int32_t)(i / s->days), k};
	for (int32_t i = 0; i < p->n_needs; i++)
		u += !s->mask[i];
	out->unserved = bp_xcalloc((size_t)u + 1, sizeof(*out->unserved));
	for (int32_t i = 0; i < p->n_needs; i++)
		if (!s->mask[i])
			out->unserved[out->n_unserved++] = (struct rt_unserved){i, p->needs[i].visits,
				usable(s, i) ? RT_CAPACITY_TIME : RT_NO_COORDINATES};
	out->plan_hash = rt_plan_hash(p, out->visits, out->n_visits);
	out->fallback = true;
}

enum bp_error rt_fallback(const struct rt_problem *p, const struct rt_params *a,
	struct rt_solution *out, struct bp_fail *f)
{
	struct sweep s = {.p = p, .a = a, .days = rt_days(p)};
	int64_t tours = (int64_t)p->n_seats * s.days;
	enum bp_error err = rt_problem_check(p, f);
	struct rt_verdict v;

	if (err != BP_E_OK)
		return err;
	s.tours = bp_xcalloc((size_t)tours + 1, sizeof(*s.tours));
	s.left = bp_xcalloc((size_t)p->n_seats + 1, sizeof(*s.left));
	s.seat = bp_xcalloc((size_t)p->n_needs + 1, sizeof(*s.seat));
	s.mask = bp_xcalloc((size_t)p->n_needs + 1, sizeof(*s.mask));
	s.pt = bp_xcalloc((size_t)p->n_places + 1, sizeof(*s.pt));
	s.rules = bp_xcalloc((size_t)p->n_profiles + 1, sizeof(*s.rules));
	for (int32_t i = 0; i < p->n_places; i++)
		s.pt[i] = leg_pt_of(p->metric, &p->places[i]);
	for (int32_t i = 0; i < p->n_profiles || i == 0; i++)
		s.rules[i] = leg_rule_of(p, i);
	for (int32_t i = 0; i < p->n_seats; i++)
		for (int32_t d = 0; d < s.days; d++)
			s.left[i] += rt_shift(p, i, d) * 9 / 10;
	to_seats(&s);
	to_days(&s);
	sequence(&s);
	leftovers(&s);
	relieve(&s);
	store(&s, out);
	for (int64_t i = 0; i < tours; i++)
		free(s.tours[i].needs);
	free(s.tours);
	free(s.pt);
	free(s.rules);
	free(s.left);
	free(s.seat);
	free(s.mask);
	err = rt_check(p, a, out, &v, f);
	out->cost = v.cost;
	out->seed = a->seed;
	if (err == BP_E_OK && v.broken)
		err = bp_fail(f, BP_E_OPT_FAILED, "the checker found: %s", v.what);
	return err;
}
