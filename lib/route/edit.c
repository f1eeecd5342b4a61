/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "route/edit.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "route/pattern.h"

void edit_base_init(struct ed_base *b, const struct rt_problem *p, const struct rt_params *a,
	const struct rt_solution *plan)
{
	*b = (struct ed_base){.p = p, .a = a, .plan = plan};
	b->mask = bp_xcalloc((size_t)p->n_needs + 1, sizeof(*b->mask));
	b->apart = bp_xcalloc((size_t)p->n_needs + 1, sizeof(*b->apart));
	b->seat = bp_xmalloc(sizeof(*b->seat) * ((size_t)p->n_needs + 1));
	b->work = bp_xmalloc(sizeof(*b->work) * ((size_t)p->n_seats + 1));
	for (int32_t i = 0; i < p->n_needs; i++)
		b->seat[i] = RT_NONE;
	for (int32_t i = 0; i < p->n_seats; i++)
		b->work[i] = -1;
	for (int32_t i = 0; i < plan->n_visits; i++) {
		const struct rt_visit *v = &plan->visits[i];

		b->apart[v->need] |= p->same_seat && b->mask[v->need] && b->seat[v->need] != v->seat;
		b->mask[v->need] |= (uint64_t)1 << v->day;
		b->seat[v->need] = v->seat;
	}
}

void edit_base_release(struct ed_base *b)
{
	free(b->mask);
	free(b->apart);
	free(b->seat);
	free(b->work);
}

void edit_init(struct edit *e, struct ed_base *b)
{
	*e = (struct edit){.b = b};
}

void edit_clear(struct edit *e)
{
	for (int32_t i = 0; i < e->n_tours; i++)
		free(e->tours[i].needs);
	e->n_tours = e->n_needs = 0;
}

void edit_copy(struct edit *e, const struct edit *from)
{
	edit_clear(e);
	for (int32_t i = 0; i < from->n_tours; i++)
		edit_set_tour(e, from->tours[i].seat, from->tours[i].day, from->tours[i].needs, from->tours[i].n);
	for (int32_t i = 0; i < from->n_needs; i++)
		edit_note(e, from->needs[i].need, from->needs[i].seat, from->needs[i].mask);
}

void edit_release(struct edit *e)
{
	edit_clear(e);
	free(e->tours);
	free(e->needs);
}

struct ed_tour *edit_tour(const struct edit *e, int32_t seat, int32_t day)
{
	for (int32_t i = 0; i < e->n_tours; i++)
		if (e->tours[i].seat == seat && e->tours[i].day == day)
			return &e->tours[i];
	return NULL;
}

/* The tour, with room for one more visit. */
static struct ed_tour *tour(struct edit *e, int32_t seat, int32_t day)
{
	struct ed_tour *t = edit_tour(e, seat, day);
	const struct rt_visit *v;

	if (!t) {
		e->tours = bp_xrealloc(e->tours, sizeof(*e->tours) * ((size_t)e->n_tours + 1));
		t = &e->tours[e->n_tours++];
		*t = (struct ed_tour){.seat = seat, .day = day};
		v = rt_solution_tour(e->b->plan, seat, day, &t->n);
		t->needs = bp_xmalloc(sizeof(*t->needs) * ((size_t)t->n + 1));
		for (int32_t i = 0; i < t->n; i++)
			t->needs[i] = v[i].need;
		rt_tour_eval(e->b->p, e->b->a, seat, day, t->needs, t->n, &t->was, NULL);
	} else {
		t->needs = bp_xrealloc(t->needs, sizeof(*t->needs) * ((size_t)t->n + 1));
	}
	return t;
}

static struct ed_need *need_of(struct edit *e, int32_t need)
{
	for (int32_t i = 0; i < e->n_needs; i++)
		if (e->needs[i].need == need)
			return &e->needs[i];
	e->needs = bp_xrealloc(e->needs, sizeof(*e->needs) * ((size_t)e->n_needs + 1));
	e->needs[e->n_needs] = (struct ed_need){need, e->b->seat[need], e->b->mask[need], false};
	return &e->needs[e->n_needs++];
}

void edit_take(struct edit *e, int32_t need, int32_t seat, int32_t day)
{
	struct ed_tour *t = tour(e, seat, day);
	int32_t k = 0;

	for (int32_t i = 0; i < t->n; i++)
		if (t->needs[i] != need)
			t->needs[k++] = t->needs[i];
	t->n = k;
	need_of(e, need)->mask &= ~((uint64_t)1 << day);
}

void edit_set_tour(struct edit *e, int32_t seat, int32_t day, const int32_t *needs, int32_t n)
{
	struct ed_tour *t = tour(e, seat, day);

	t->needs = bp_xrealloc(t->needs, sizeof(*t->needs) * ((size_t)n + 1));
	if (n)
		memcpy(t->needs, needs, sizeof(*needs) * (size_t)n);
	t->n = n;
}

void edit_note(struct edit *e, int32_t need, int32_t seat, uint64_t mask)
{
	*need_of(e, need) = (struct ed_need){need, seat, mask, false};
}

struct ed_need edit_need(const struct edit *e, int32_t need)
{
	for (int32_t i = 0; i < e->n_needs; i++)
		if (e->needs[i].need == need)
			return e->needs[i];
	return (struct ed_need){need, e->b->seat[need], e->b->mask[need], false};
}

static void put_at(struct ed_tour *t, int32_t need, int32_t at)
{
	memmove(t->needs + at + 1, t->needs + at, sizeof(*t->needs) * (size_t)(t->n - at));
	t->needs[at] = need;
	t->n++;
}

static void cut_at(struct ed_tour *t, int32_t at)
{
	t->n--;
	memmove(t->needs + at, t->needs + at + 1, sizeof(*t->needs) * (size_t)(t->n - at));
}

/* The position that costs least, of those that break least. */
static int32_t best_position(const struct ed_base *b, struct ed_tour *t, int32_t need)
{
	int64_t least = INT64_MAX;
	int32_t best = t->n;

	for (int32_t i = 0, n = t->n; i <= n; i++) {
		struct rt_tour sum;
		int64_t cost;

		put_at(t, need, i);
		rt_tour_eval(b->p, b->a, t->seat, t->day, t->needs, t->n, &sum, NULL);
		cut_at(t, i);
		cost = sum.cost + (int64_t)__builtin_popcount(sum.broken) * ((int64_t)1 << 40);
		if (cost < least) {
			least = cost;
			best = i;
		}
	}
	return best;
}

int32_t edit_put(struct edit *e, int32_t need, int32_t seat, int32_t day, int32_t position)
{
	struct ed_tour *t = tour(e, seat, day);
	struct ed_need *n = need_of(e, need);

	if (position == RT_NONE)
		position = best_position(e->b, t, need);
	else if (position > t->n)
		position = t->n;
	put_at(t, need, position);
	n->twice |= n->mask >> day & 1;
	n->mask |= (uint64_t)1 << day;
	n->seat = seat;
	return position;
}

void edit_resequence(struct edit *e)
{
	for (int32_t i = 0; i < e->n_tours; i++)
		rt_resequence(e->b->p, e->b->a, e->tours[i].seat, e->tours[i].day, e->tours[i].needs,
			e->tours[i].n);
}

/* ---- the terms of a need ---- */

static int64_t values(const struct ed_base *b, const struct rt_need *n, uint64_t mask)
{
	int64_t v = n->missed_price * (n->visits - __builtin_popcountll(mask));

	for (uint64_t m = mask; m && n->day_value >= 0; m &= m - 1)
		v -= b->p->day_values[n->day_value + __builtin_ctzll(m)];
	return v;
}

/* What was given of one need. */
struct given {
	uint64_t days;
	int32_t seat;
	bool split, held; /* by several seats; and they stay as they are, see rt_given */
};

static struct given given_of(const struct ed_base *b, int32_t need)
{
	struct given w = {.seat = RT_NONE};

	for (int32_t i = 0; i < b->p->n_given; i++) {
		const struct rt_given *g = &b->p->given[i];

		if (g->need != need || !rt_given_stands(b->p, g) || (w.days >> g->day & 1))
			continue;
		w.split |= b->p->same_seat && w.days && g->seat != w.seat;
		w.days |= (uint64_t)1 << g->day;
		w.seat = g->seat;
	}
	w.held = w.split && (b->a->max_changed >= 0 || (b->p->needs[need].flags & RT_FROZEN));
	return w;
}

/* Disturbance of the need standing on these days at this seat, against what was given. */
static int64_t disturbance(const struct ed_base *b, const struct given *w, uint64_t mask, int32_t seat)
{
	int32_t dpw = b->p->days_per_week;
	uint64_t is = 0, was = 0, given = w->days;
	bool moved = b->p->same_seat && !w->held && (w->split || seat != w->seat);

	if (!given || !mask)
		return 0;
	for (int32_t d = 0; d < rt_days(b->p); d++) {
		is |= (mask >> d & 1) << (d % dpw);
		was |= (given >> d & 1) << (d % dpw);
	}
	return (int64_t)b->a->price_day * __builtin_popcountll(mask & ~given) +
	       (moved ? b->a->price_person : 0) + (moved || (is & ~was) ? b->a->price_beat : 0);
}

bool edit_pattern_holds(const struct rt_problem *p, int32_t need, uint64_t mask)
{
	const struct rt_need *n = &p->needs[need];

	if (__builtin_popcountll(mask) > n->visits)
		return false;
	if (n->pattern_set < 0 || !mask)
		return pattern_gap_ok(mask, n->gap, rt_days(p));
	for (int32_t i = p->pattern_off[n->pattern_set]; i < p->pattern_off[n->pattern_set + 1]; i++)
		if (!(mask & ~p->patterns[i]))
			return true;
	return false;
}

static int32_t team(const struct edit *e, int32_t seat)
{
	return seat < 0 ? RT_NONE : rt_team(e->b->p, seat);
}

static bool stood_in(const struct ed_base *b, int32_t need, int32_t seat, int32_t day)
{
	int32_t n, i;
	const struct rt_visit *v = rt_solution_tour(b->plan, seat, day, &n);

	for (i = 0; i < n && v[i].need != need; i++)
		;
	return i < n;
}

/* Does a visit of the need stand with another team than its last one put in? */
static bool elsewhere(const struct edit *e, const struct ed_need *n)
{
	int32_t was = e->b->seat[n->need], is = team(e, n->seat);
	uint64_t m = n->mask & e->b->mask[n->need];

	for (int32_t i = 0; i < e->n_tours; i++) {
		const struct ed_tour *t = &e->tours[i];

		if (stood_in(e->b, n->need, t->seat, t->day))
			m &= ~((uint64_t)1 << t->day);
		for (int32_t k = 0; k < t->n && team(e, t->seat) != is; k++)
			if (t->needs[k] == n->need)
				return true;
	}
	/* What is left stands in tours that were not touched. */
	return m && team(e, was) != is;
}

static void need_terms(const struct edit *e, const struct ed_need *n, struct rt_price *out)
{
	const struct ed_base *b = e->b;
	const struct rt_need *nd = &b->p->needs[n->need];
	struct given given = given_of(b, n->need);

	out->value += values(b, nd, n->mask) - values(b, nd, b->mask[n->need]);
	out->disturbance += disturbance(b, &given, n->mask, n->seat) -
			    disturbance(b, &given, b->mask[n->need], b->seat[n->need]);
	if (n->twice || (!edit_pattern_holds(b->p, n->need, n->mask) &&
				edit_pattern_holds(b->p, n->need, b->mask[n->need])))
		out->broken |= RT_BROKEN_PATTERN;
	if ((b->p->same_seat || b->p->same_start) && !b->apart[n->need] && elsewhere(e, n))
		out->broken |= RT_BROKEN_PERSON;
}

/* ---- balance ---- */

static int64_t seat_work(struct ed_base *b, int32_t seat)
{
	int32_t cap = 64, *needs;

	if (b->work[seat] >= 0)
		return b->work[seat];
	needs = bp_xmalloc(sizeof(*needs) * (size_t)cap);
	b->work[seat] = 0;
	for (int32_t d = 0; d < rt_days(b->p); d++) {
		struct rt_tour t;
		int32_t n;
		const struct rt_visit *v = rt_solution_tour(b->plan, seat, d, &n);

		if (n > cap)
			needs = bp_xrealloc(needs, sizeof(*needs) * (size_t)(cap = n));
		for (int32_t i = 0; i < n; i++)
			needs[i] = v[i].need;
		rt_tour_eval(b->p, b->a, seat, d, needs, n, &t, NULL);
		b->work[seat] += t.travel + t.service;
	}
	free(needs);
	return b->work[seat];
}

static int64_t off_balance(const struct ed_base *b, int64_t work, int64_t mean)
{
	int64_t off = llabs(work - mean) - mean * b->a->balance_tolerance / 1000;

	return off > 0 ? off * b->a->balance_permille / 1000 : 0;
}

static int64_t change_of(const struct edit *e, int32_t seat)
{
	int64_t more = 0;

	for (int32_t i = 0; i < e->n_tours; i++)
		if (e->tours[i].seat == seat)
			more += e->tours[i].is.travel + e->tours[i].is.service - e->tours[i].was.travel -
				e->tours[i].was.service;
	return more;
}

/* Balance of one group, after less before; its mean moves with the work. */
static int64_t group_balance(const struct edit *e, int32_t g)
{
	const struct rt_problem *p = e->b->p;
	int64_t before = 0, after = 0, cost = 0;
	int32_t n = 0;

	for (int32_t s = 0; s < p->n_seats; s++)
		if (p->seats[s].balance_group == g) {
			before += seat_work(e->b, s);
			after += seat_work(e->b, s) + change_of(e, s);
			n++;
		}
	for (int32_t s = 0; s < p->n_seats; s++)
		if (p->seats[s].balance_group == g)
			cost += off_balance(e->b, e->b->work[s] + change_of(e, s), after / n) -
				off_balance(e->b, e->b->work[s], before / n);
	return cost;
}

static int64_t balance(const struct edit *e)
{
	const struct rt_seat *seats = e->b->p->seats;
	int64_t cost = 0;

	if (!e->b->p->same_seat || !e->b->a->balance_permille)
		return 0;
	for (int32_t i = 0; i < e->n_tours; i++) {
		int32_t g = seats[e->tours[i].seat].balance_group, k = 0;

		while (k < i && seats[e->tours[k].seat].balance_group != g)
			k++;
		if (g >= 0 && k == i)
			cost += group_balance(e, g);
	}
	return cost;
}

void edit_price(struct edit *e, struct rt_price *out)
{
	const struct rt_params *a = e->b->a;

	memset(out, 0, sizeof(*out));
	out->position = RT_NONE;
	for (int32_t i = 0; i < e->n_tours; i++) {
		struct ed_tour *t = &e->tours[i];

		rt_tour_eval(e->b->p, a, t->seat, t->day, t->needs, t->n, &t->is, NULL);
		out->travel += t->is.travel - t->was.travel;
		out->overtime += t->is.overtime * a->overtime_permille / 1000 -
				 t->was.overtime * a->overtime_permille / 1000;
		out->late += t->is.late * a->late_permille / 1000 - t->was.late * a->late_permille / 1000;
		out->crowded += t->is.crowded - t->was.crowded;
		out->compact += t->is.compact - t->was.compact;
		out->few += t->is.few - t->was.few;
		out->fixed += ((t->is.calls > 0) - (t->was.calls > 0)) * e->b->p->seats[t->seat].fixed;
		/* A rule that was broken before counts when one more call makes it worse. */
		out->broken |= t->is.calls > t->was.calls ? t->is.broken : t->is.broken & ~t->was.broken;
	}
	for (int32_t i = 0; i < e->n_needs; i++)
		need_terms(e, &e->needs[i], out);
	out->balance = balance(e);
	out->total = out->travel + out->overtime + out->late + out->fixed + out->crowded + out->compact + out->few + out->balance +
		     out->disturbance + out->value;
}

static int by_need(const void *a, const void *b)
{
	const struct rt_unserved *x = a, *y = b;

	return (x->need > y->need) - (x->need < y->need);
}

/* What was missing and was not touched, and what is missing of the needs touched. */
static void list_missing(const struct edit *e, struct rt_solution *out)
{
	const struct rt_solution *s = e->b->plan;

	for (int32_t i = 0; i < s->n_unserved; i++)
		if (edit_need(e, s->unserved[i].need).mask == e->b->mask[s->unserved[i].need])
			out->unserved[out->n_unserved++] = s->unserved[i];
	for (int32_t i = 0; i < e->n_needs; i++) {
		const struct ed_need *n = &e->needs[i];
		int32_t missing = e->b->p->needs[n->need].visits - __builtin_popcountll(n->mask);

		if (missing > 0 && n->mask != e->b->mask[n->need])
			out->unserved[out->n_unserved++] = (struct rt_unserved){n->need, missing,
				RT_NOT_WORTH_IT};
	}
	qsort(out->unserved, (size_t)out->n_unserved, sizeof(*out->unserved), by_need);
}

void edit_store(const struct edit *e, struct rt_solution *out)
{
	const struct rt_solution *s = e->b->plan;
	int32_t n = s->n_visits;

	rt_solution_release(out);
	for (int32_t i = 0; i < e->n_tours; i++)
		n += e->tours[i].n;
	out->visits = bp_xcalloc((size_t)n + 1, sizeof(*out->visits));
	out->unserved = bp_xcalloc((size_t)s->n_unserved + (size_t)e->n_needs + 1, sizeof(*out->unserved));
	for (int32_t i = 0; i < s->n_visits; i++)
		if (!edit_tour(e, s->visits[i].seat, s->visits[i].day))
			out->visits[out->n_visits++] = s->visits[i];
	for (int32_t i = 0; i < e->n_tours; i++)
		for (int32_t k = 0; k < e->tours[i].n; k++)
			out->visits[out->n_visits++] = (struct rt_visit){e->tours[i].needs[k], e->tours[i].day,
				e->tours[i].seat, k};
	rt_visits_sort(out->visits, out->n_visits);
	list_missing(e, out);
	out->plan_hash = rt_plan_hash(e->b->p, out->visits, out->n_visits);
}
