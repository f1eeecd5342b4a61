/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Why here: the next best places of a placed visit.  Insertion is priced on every day of the nearest seats;
 * the best of these are repaired - the search goes on for a moment in the tours of the seats concerned, the
 * need held where it was put - and ranked by what is left of the difference.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "route/edit.h"
#include "route/leg.h"
#include "route/pattern.h"

#define REPAIRED 2      /* candidates repaired for each option shown */
#define SCREENED 2000    /* iterations of the repair that chooses among these, */
#define ITERATIONS 16000 /* and of the one that prices those shown */
/* A tour too full for the visit may be relieved by the repair. */
#define FULL (RT_BROKEN_SHIFT | RT_BROKEN_CALLS | RT_BROKEN_LOAD | RT_BROKEN_CHAIN)

int32_t edit_near_seats(const struct rt_problem *p, const struct rt_solution *plan, int32_t need,
	int32_t own, bool allowed, int32_t *seats)
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
			if (s != own && near[s] >= 0 && rt_seat_allowed(p, nd, s) == allowed &&
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
		if (o->cost >= list[i - 1].cost)
			return;
		i--;
	} else {
		++*n;
	}
	for (; i > 0 && list[i - 1].cost > o->cost; i--)
		list[i] = list[i - 1];
	list[i] = *o;
}

/* The days of the need once its visit of day `from` goes to `to`: that one alone, or when its gaps forbid it all
 * visits shifted by as many days.  0: cannot be. */
static uint64_t days_then(const struct ed_base *b, int32_t need, int32_t from, int32_t to, uint64_t allowed)
{
	int32_t total = rt_days(b->p), by = (to - from + total) % total;
	uint64_t mask = b->mask[need], all = ((uint64_t)1 << total) - 1, one, shifted;

	one = (mask & ~((uint64_t)1 << from)) | (uint64_t)1 << to;
	shifted = ((mask << by) | (mask >> (total - by))) & all;
	if (edit_pattern_holds(b->p, need, one) || !edit_pattern_holds(b->p, need, mask))
		return one;
	return b->p->same_seat && !(shifted & ~allowed) && edit_pattern_holds(b->p, need, shifted) ? shifted : 0;
}

/* The seats near a visit, its own first. */
struct around {
	int32_t seats[ED_SEATS + 1], n;
};

/* The visit moves on to o's seat and day; with same_seat the need's other visits follow. */
static void move(struct edit *e, const struct rt_visit *v, const struct rt_option *o)
{
	struct ed_base *b = e->b;
	uint64_t was = b->mask[v->need] & ~((uint64_t)1 << v->day), is = o->days, stay;

	stay = b->p->same_seat && o->seat != v->seat ? 0 : was & is;
	edit_take(e, v->need, v->seat, v->day);
	for (uint64_t m = was & ~stay; m; m &= m - 1)
		edit_take(e, v->need, v->seat, __builtin_ctzll(m));
	for (uint64_t m = is & ~stay; m; m &= m - 1)
		edit_put(e, v->need, o->seat, __builtin_ctzll(m), RT_NONE);
}

/* The seats whose tours are searched again: both concerned, then the nearest. */
static int32_t concerned(const struct around *a, int32_t own, int32_t other, int32_t *seats)
{
	int32_t n = 0;

	seats[n++] = own;
	if (other != own)
		seats[n++] = other;
	for (int32_t i = 0; i < a->n && n < ED_REPAIRED; i++)
		if (a->seats[i] != own && a->seats[i] != other)
			seats[n++] = a->seats[i];
	for (int32_t i = 1; i < n; i++)
		for (int32_t k = i; k > 0 && seats[k] < seats[k - 1]; k--) {
			int32_t t = seats[k];

			seats[k] = seats[k - 1];
			seats[k - 1] = t;
		}
	return n;
}

/* The plan that options of one set of seats are weighed against: the search around, the visit where it stands.  The options
 * start from it, so that what more search finds anyway is in both. */
struct yardstick {
	bool known;
	struct edit from;
	int64_t gain; /* what as much search as an option gets saves from there on, all in all */
};

/* Which of the sets of seats is o's?  Where these are all seats there are, they are the same for each option. */
static int32_t set_of(const struct around *a, const struct rt_option *o)
{
	int32_t k = 0;

	while (a->n > ED_REPAIRED && a->seats[k] != o->seat)
		k++;
	return k;
}

static void yardstick_make(struct yardstick *y, struct ed_base *b, const struct around *a, const struct rt_visit *v,
	int32_t other)
{
	int32_t seats[ED_REPAIRED], n = concerned(a, v->seat, other, seats);

	edit_init(&y->from, b);
	y->known = true;
	y->gain = 0;
	if (b->p->same_seat)
		edit_repair(&y->from, seats, n, v->need, ITERATIONS);
}

static void yardstick_weigh(struct yardstick *y, const struct around *a, const struct rt_visit *v, int32_t other)
{
	int32_t seats[ED_REPAIRED], n = concerned(a, v->seat, other, seats);
	struct ed_base *b = y->from.b;
	struct rt_price price;
	struct edit e;

	if (!b->p->same_seat)
		return;
	edit_init(&e, b);
	edit_copy(&e, &y->from);
	edit_repair(&e, seats, n, v->need, ITERATIONS);
	edit_price(&e, &price);
	y->gain = price.broken ? 0 : price.total;
	edit_release(&e);
}

/* The edit that the option stands for: moved, touched tours in their best order, then the search around. */
static void carry_out(struct edit *e, const struct yardstick *y, const struct around *a, const struct rt_visit *v,
	const struct rt_option *o, int64_t iterations)
{
	int32_t seats[ED_REPAIRED], n = concerned(a, v->seat, o->seat, seats);

	edit_copy(e, &y->from);
	move(e, v, o);
	edit_resequence(e);
	if (e->b->p->same_seat)
		edit_repair(e, seats, n, v->need, iterations);
}

static void settle(struct edit *e, const struct yardstick *y, const struct around *a, const struct rt_visit *v,
	struct rt_option *o)
{
	const struct ed_tour *to, *from;

	carry_out(e, y, a, v, o, ITERATIONS);
	edit_price(e, &o->price);
	to = edit_tour(e, o->seat, o->day);
	from = edit_tour(e, v->seat, v->day);
	for (o->position = 0; o->position < to->n && to->needs[o->position] != v->need;)
		o->position++;
	o->price.position = o->position;
	o->price.from = from->is;
	o->price.to = to->is;
	o->gain = y->gain;
	o->cost = o->price.total - o->gain;
	o->within = RT_OPTION_WITHIN;
}

/* The likely options, priced by insertion alone; returns how many. */
static int32_t screen(struct edit *e, const struct around *near, const struct rt_visit *v, struct rt_option *likely,
	int32_t max)
{
	const struct rt_problem *p = e->b->p;
	uint64_t allowed = pattern_allowed(p, &p->needs[v->need]);
	int32_t n = 0;

	for (int32_t i = 0; i < near->n; i++)
		for (int32_t d = 0; d < rt_days(p); d++) {
			struct rt_option o = {.seat = near->seats[i], .day = d};

			if (!(allowed >> d & 1) || rt_shift(p, near->seats[i], d) <= 0 ||
				(d == v->day ? near->seats[i] == v->seat : (bool)(e->b->mask[v->need] >> d & 1)))
				continue;
			o.days = days_then(e->b, v->need, v->day, d, allowed);
			if (!o.days)
				continue;
			edit_clear(e);
			move(e, v, &o);
			edit_price(e, &o.price);
			o.cost = o.price.total;
			if (!(o.price.broken & ~(uint32_t)FULL))
				keep(likely, &n, max, &o);
		}
	return n;
}

int32_t rt_alternatives(const struct rt_problem *p, const struct rt_params *a,
	const struct rt_solution *plan, int32_t visit, struct rt_option *options, int32_t max)
{
	const struct rt_visit *v = &plan->visits[visit];
	struct yardstick y[ED_SEATS + 1] = {{0}};
	struct rt_option *likely, *chosen;
	struct around near;
	int32_t n_likely, n_chosen = 0, found = 0;
	struct ed_base b;
	struct edit e;

	if (max <= 0)
		return 0;
	edit_base_init(&b, p, a, plan);
	if (b.apart[v->need]) {
		edit_base_release(&b);
		return 0;
	}
	likely = bp_xcalloc((size_t)max * REPAIRED, sizeof(*likely));
	chosen = bp_xcalloc((size_t)max, sizeof(*chosen));
	edit_init(&e, &b);
	near.n = edit_near_seats(p, plan, v->need, v->seat, true, near.seats);
	n_likely = screen(&e, &near, v, likely, max * REPAIRED);
	for (int32_t i = 0; i < n_likely; i++) {
		int32_t k = set_of(&near, &likely[i]);

		if (!y[k].known) {
			yardstick_make(&y[k], &b, &near, v, likely[i].seat);
			yardstick_weigh(&y[k], &near, v, likely[i].seat);
		}
		carry_out(&e, &y[k], &near, v, &likely[i], SCREENED);
		edit_price(&e, &likely[i].price);
		likely[i].cost = likely[i].price.total - y[k].gain;
		if (!likely[i].price.broken)
			keep(chosen, &n_chosen, max, &likely[i]);
	}
	for (int32_t i = 0; i < n_chosen; i++) {
		struct rt_option o = chosen[i];

		settle(&e, &y[set_of(&near, &o)], &near, v, &o);
		if (!o.price.broken)
			keep(options, &found, max, &o);
	}
	for (int32_t k = 0; k <= ED_SEATS; k++)
		if (y[k].known)
			edit_release(&y[k].from);
	free(chosen);
	edit_release(&e);
	edit_base_release(&b);
	free(likely);
	return found;
}

void rt_alternative_plan(const struct rt_problem *p, const struct rt_params *a,
	const struct rt_solution *plan, int32_t visit, const struct rt_option *o, struct rt_solution *out)
{
	const struct rt_visit *v = &plan->visits[visit];
	struct yardstick y;
	struct around near;
	struct ed_base b;
	struct edit e;

	edit_base_init(&b, p, a, plan);
	edit_init(&e, &b);
	near.n = edit_near_seats(p, plan, v->need, v->seat, true, near.seats);
	yardstick_make(&y, &b, &near, v, o->seat);
	carry_out(&e, &y, &near, v, o, ITERATIONS);
	edit_store(&e, out);
	edit_release(&y.from);
	edit_release(&e);
	edit_base_release(&b);
}

void rt_option_alone(const struct rt_problem *p, const struct rt_params *a, const struct rt_solution *plan, int32_t visit,
	const struct rt_option *o, struct rt_price *price, struct rt_solution *out)
{
	struct ed_base b;
	struct edit e;

	edit_base_init(&b, p, a, plan);
	edit_init(&e, &b);
	move(&e, &plan->visits[visit], o);
	edit_price(&e, price);
	edit_store(&e, out);
	edit_release(&e);
	edit_base_release(&b);
}
