/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Why here: the next best places of a placed visit, each after a short repair around it.  Insertion is priced
 * on every day of the nearest seats; the best of these are repaired (both tours in their best order; when
 * the target is full, the visit is made room for by moving one other) and ranked again.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "route/edit.h"
#include "route/leg.h"
#include "route/pattern.h"

#define REPAIRED 3 /* candidates repaired for each option shown */
#define ASIDE 6    /* visits tried as the one that makes room */
#define FULL (RT_BROKEN_SHIFT | RT_BROKEN_CALLS | RT_BROKEN_LOAD)

/* The seats whose visits lie nearest to the need, nearest first; the need's own seat leads. */
int32_t edit_near_seats(const struct rt_problem *p, const struct rt_solution *plan, int32_t need,
	int32_t own, int32_t *seats)
{
	const struct rt_need *nd = &p->needs[need];
	struct leg_pt here = leg_pt_of(p->metric, &p->places[nd->place]);
	double *near = bp_xmalloc(sizeof(*near) * ((size_t)p->n_seats + 1));
	int32_t n = 0;

	for (int32_t s = 0; s < p->n_seats; s++)
		near[s] = 1e300;
	for (int32_t i = 0; i < plan->n_visits; i++) {
		const struct rt_visit *v = &plan->visits[i];
		struct leg_pt pt;
		double dx, dy;

		if (v->need == need)
			continue;
		pt = leg_pt_of(p->metric, &p->places[p->needs[v->need].place]);
		dx = (pt.x - here.x) * (p->metric == RT_GEO ? 2 * here.half_cos : 1);
		dy = pt.y - here.y;
		if (dx * dx + dy * dy < near[v->seat])
			near[v->seat] = dx * dx + dy * dy;
	}
	if (own >= 0)
		seats[n++] = own;
	while (n < ED_SEATS) {
		int32_t best = RT_NONE;

		for (int32_t s = 0; s < p->n_seats; s++)
			if (s != own && near[s] >= 0 && rt_seat_allowed(p, nd, s) &&
				(best < 0 || near[s] < near[best]))
				best = s;
		if (best < 0)
			break;
		near[best] = -1;
		seats[n++] = best;
	}
	free(near);
	return n;
}

/* Insert o into the list of at most max, cheapest first. */
static void keep(struct rt_option *list, int32_t *n, int32_t max, const struct rt_option *o)
{
	int32_t i = *n;

	if (i == max) {
		if (o->price.total >= list[i - 1].price.total)
			return;
		i--;
	} else {
		++*n;
	}
	for (; i > 0 && list[i - 1].price.total > o->price.total; i--)
		list[i] = list[i - 1];
	list[i] = *o;
}

/* The visit moved to o's seat and day; with same_seat the need's other visits follow on their days. */
static void move(struct edit *e, const struct rt_visit *v, const struct rt_option *o)
{
	struct ed_base *b = e->b;
	uint64_t others = b->mask[v->need] & ~((uint64_t)1 << v->day);

	edit_clear(e);
	edit_take(e, v->need, v->seat, v->day);
	for (uint64_t m = others; m && b->p->same_seat && o->seat != v->seat; m &= m - 1) {
		edit_take(e, v->need, v->seat, __builtin_ctzll(m));
		edit_put(e, v->need, o->seat, __builtin_ctzll(m), RT_NONE);
	}
	edit_put(e, v->need, o->seat, o->day, RT_NONE);
}

struct lighter {
	int64_t cost;
	int32_t need;
};

static int by_cost(const void *a, const void *b)
{
	const struct lighter *x = a, *y = b;

	if (x->cost != y->cost)
		return x->cost < y->cost ? -1 : 1;
	return x->need < y->need ? -1 : x->need > y->need;
}

/* The visits of the full tour without which it would hold and cost least; returns how many, at most ASIDE. */
static int32_t aside(const struct edit *e, const struct ed_tour *t, int32_t need, struct lighter *out)
{
	const struct rt_problem *p = e->b->p;
	int32_t *less = bp_xmalloc(sizeof(*less) * ((size_t)t->n + 1)), n = 0;
	struct lighter *all = bp_xmalloc(sizeof(*all) * ((size_t)t->n + 1));

	for (int32_t i = 0; i < t->n; i++) {
		struct rt_tour sum;
		int32_t k = 0;

		if (t->needs[i] == need || (p->needs[t->needs[i]].flags & RT_FROZEN))
			continue;
		for (int32_t j = 0; j < t->n; j++)
			if (j != i)
				less[k++] = t->needs[j];
		rt_tour_eval(p, e->b->a, t->seat, t->day, less, k, &sum, NULL);
		if (!(sum.broken & ~t->was.broken))
			all[n++] = (struct lighter){sum.cost, t->needs[i]};
	}
	qsort(all, (size_t)n, sizeof(*all), by_cost);
	n = n < ASIDE ? n : ASIDE;
	for (int32_t i = 0; i < n; i++)
		out[i] = all[i];
	free(less);
	free(all);
	return n;
}

/* The edit that the option stands for. */
static void carry_out(struct edit *e, const struct rt_visit *v, const struct rt_option *o)
{
	move(e, v, o);
	if (o->moved >= 0) {
		edit_take(e, o->moved, o->seat, o->day);
		edit_put(e, o->moved, o->moved_seat, o->moved_day, RT_NONE);
	}
	edit_resequence(e);
}

static void settle(struct edit *e, const struct rt_visit *v, struct rt_option *o)
{
	const struct ed_tour *to;

	carry_out(e, v, o);
	edit_price(e, &o->price);
	to = edit_tour(e, o->seat, o->day);
	for (o->position = 0; to->needs[o->position] != v->need;)
		o->position++;
	o->price.position = o->position;
	o->price.from = edit_tour(e, v->seat, v->day)->is;
	o->price.to = to->is;
}

/* Move one visit of the full target to another day of its seat, or into the tour just left. */
static void make_room(struct edit *e, const struct rt_visit *v, struct rt_option *o)
{
	struct ed_base *b = e->b;
	struct lighter list[ASIDE];
	struct rt_option best = *o;
	int32_t n;

	best.price.total = INT64_MAX;
	move(e, v, o);
	n = aside(e, edit_tour(e, o->seat, o->day), v->need, list);
	for (int32_t i = 0; i < n; i++) {
		const struct rt_need *u = &b->p->needs[list[i].need];
		uint64_t days = pattern_allowed(b->p, u) & ~b->mask[list[i].need];

		for (int32_t d = -1; d < rt_days(b->p); d++) {
			struct rt_option t = *o;

			t.moved = list[i].need;
			t.moved_seat = d < 0 ? v->seat : o->seat;
			t.moved_day = d < 0 ? v->day : d;
			if (!(days >> t.moved_day & 1) || rt_shift(b->p, t.moved_seat, t.moved_day) <= 0 ||
				(d < 0 && v->seat == o->seat))
				continue;
			move(e, v, o);
			edit_take(e, t.moved, o->seat, o->day);
			edit_put(e, t.moved, t.moved_seat, t.moved_day, RT_NONE);
			edit_price(e, &t.price);
			if (!t.price.broken && t.price.total < best.price.total)
				best = t;
		}
	}
	*o = best;
	if (o->moved >= 0)
		settle(e, v, o);
}

static void repair(struct edit *e, const struct rt_visit *v, struct rt_option *o)
{
	settle(e, v, o);
	if (o->price.broken && !(o->price.broken & ~(uint32_t)FULL))
		make_room(e, v, o);
}

int32_t rt_alternatives(const struct rt_problem *p, const struct rt_params *a,
	const struct rt_solution *plan, int32_t visit, struct rt_option *options, int32_t max)
{
	const struct rt_visit *v = &plan->visits[visit];
	uint64_t allowed = pattern_allowed(p, &p->needs[v->need]);
	struct rt_option *fits, *full;
	int32_t seats[ED_SEATS], n, n_fits = 0, n_full = 0, found = 0;
	struct ed_base b;
	struct edit e;

	if (max <= 0)
		return 0;
	fits = bp_xcalloc((size_t)max * REPAIRED, sizeof(*fits));
	full = bp_xcalloc((size_t)max, sizeof(*full));
	edit_base_init(&b, p, a, plan);
	edit_init(&e, &b);
	n = edit_near_seats(p, plan, v->need, v->seat, seats);
	for (int32_t i = 0; i < n; i++)
		for (int32_t d = 0; d < rt_days(p); d++) {
			struct rt_option o = {.seat = seats[i], .day = d, .moved = RT_NONE};

			if (!(allowed >> d & 1) || rt_shift(p, seats[i], d) <= 0 ||
				(seats[i] == v->seat && d == v->day))
				continue;
			move(&e, v, &o);
			edit_price(&e, &o.price);
			if (!o.price.broken)
				keep(fits, &n_fits, max * REPAIRED, &o);
			else if (!(o.price.broken & ~(uint32_t)FULL))
				keep(full, &n_full, max, &o);
		}
	for (int32_t i = 0; i < n_fits + n_full; i++) {
		struct rt_option o = i < n_fits ? fits[i] : full[i - n_fits];

		/* Making room costs: not where insertion alone is dearer than what is shown. */
		if (i >= n_fits && found == max && o.price.total >= options[max - 1].price.total)
			break;
		repair(&e, v, &o);
		if (!o.price.broken)
			keep(options, &found, max, &o);
	}
	edit_release(&e);
	edit_base_release(&b);
	free(fits);
	free(full);
	return found;
}

void rt_alternative_plan(const struct rt_problem *p, const struct rt_params *a,
	const struct rt_solution *plan, int32_t visit, const struct rt_option *o, struct rt_solution *out)
{
	struct ed_base b;
	struct edit e;

	edit_base_init(&b, p, a, plan);
	edit_init(&e, &b);
	carry_out(&e, &plan->visits[visit], o);
	edit_store(&e, out);
	edit_release(&e);
	edit_base_release(&b);
}
