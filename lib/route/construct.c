/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The first plan.  A given plan is loaded as far as it holds.  What is left of a journey
 * problem is cut like a cake: the needs of each component of seats by recursive bisection
 * into as many compact cells of equal work as there are seats, each cell again into
 * one zone for every weekday (Simchi-Levi and others call it region partitioning);
 * that settles seat and pattern of most needs, and the nearest-neighbour order makes
 * the tours.  Whatever does not fit goes in by cheapest insertion.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "route/engine.h"

#define SWAPS 50 /* most passes of swapping cells between seats */
#define RECUTS 8 /* cuts, each knowing from the last how far the seats have to go */

struct cut {
	double key;
	int32_t need;
};

struct cake {
	struct engine *e;
	int64_t *plain;  /* per need: seconds of work over the cycle, next to its neighbour */
	int64_t *weight; /* per need: the same with its share of the way from home */
	int32_t *label;  /* per need: result */
};

static int by_key(const void *a, const void *b)
{
	const struct cut *x = a, *y = b;

	return x->key < y->key ? -1 : x->key > y->key ? 1 : x->need < y->need ? -1 : 1;
}

/* Cut list[0..n-1] into k cells of equal weight, across the longer side each time. */
static void bisect(const struct cake *c, struct cut *list, int32_t n, int32_t k, int32_t label)
{
	double lo[2] = {1e300, 1e300}, hi[2] = {-1e300, -1e300};
	int64_t all = 0, part = 0;
	int32_t at;
	bool x;

	if (k <= 1 || n == 0) {
		for (int32_t i = 0; i < n; i++)
			c->label[list[i].need] = label;
		return;
	}
	for (int32_t i = 0; i < n; i++) {
		const struct leg_pt *p = &c->e->pt[list[i].need];
		double v[2] = {p->x * 2 * p->half_cos, p->y};

		for (int j = 0; j < 2; j++) {
			lo[j] = v[j] < lo[j] ? v[j] : lo[j];
			hi[j] = v[j] > hi[j] ? v[j] : hi[j];
		}
		all += c->weight[list[i].need];
	}
	x = hi[0] - lo[0] > hi[1] - lo[1];
	for (int32_t i = 0; i < n; i++)
		list[i].key = x ? c->e->pt[list[i].need].x : c->e->pt[list[i].need].y;
	qsort(list, (size_t)n, sizeof(*list), by_key);
	for (at = 0; at < n && part * k < all * (k / 2); at++)
		part += c->weight[list[at].need];
	bisect(c, list, at, k / 2, label);
	bisect(c, list + at, n - at, k - k / 2, label + k / 2);
}

/* Seconds from the start of a seat to a point, 0 when the seat may begin anywhere. */
static double way_to(const struct engine *e, int32_t seat, const struct leg_pt *to)
{
	int32_t place = e->p->seats[seat].start;
	struct leg_pt from;

	if (place < 0 || e->p->places[place].x == RT_NO_COORD)
		return 0;
	from = leg_pt_of(e->p->metric, &e->p->places[place]);
	return leg_seconds(&e->rules[e->p->seats[seat].profile], &from, to, true);
}

/* Give the cells to seats: each cell in turn to the nearest seat that is left, then pairs swap as long as it
 * helps.  Squares, so that no one gets a cell that fills the day with the way there.  seat_of[] is filled. */
static void man_cells(const struct engine *e, const struct leg_pt *centre, const int32_t *seats,
	int32_t n, int32_t *seat_of)
{
	double *d2 = bp_xmalloc(sizeof(*d2) * (size_t)n * (size_t)n);
	int32_t *at = bp_xmalloc(sizeof(*at) * (size_t)n);
	bool better = true;

	for (int32_t c = 0; c < n; c++) {
		at[c] = c;
		for (int32_t s = 0; s < n; s++) {
			double d = way_to(e, seats[s], &centre[c]);

			d2[(int64_t)c * n + s] = d * d;
		}
	}
	for (int32_t pass = 0; better && pass < SWAPS; pass++) {
		better = false;
		for (int32_t c = 0; c < n; c++)
			for (int32_t k = c + 1; k < n; k++) {
				const double *x = d2 + (int64_t)c * n, *y = d2 + (int64_t)k * n;
				int32_t t = at[c];

				if (x[at[k]] + y[t] >= x[t] + y[at[k]])
					continue;
				at[c] = at[k];
				at[k] = t;
				better = true;
			}
	}
	for (int32_t c = 0; c < n; c++)
		seat_of[c] = seats[at[c]];
	free(d2);
	free(at);
}

/* Centres of the cells that the labels of list[] make. */
static void centres(const struct cake *c, const struct cut *list, int32_t n, int32_t cells, struct leg_pt *centre)
{
	int32_t *count = bp_xcalloc((size_t)cells + 1, sizeof(*count));

	memset(centre, 0, sizeof(*centre) * (size_t)cells);
	for (int32_t i = 0; i < n; i++) {
		const struct leg_pt *p = &c->e->pt[list[i].need];
		int32_t l = c->label[list[i].need];

		centre[l].x += p->x;
		centre[l].y += p->y;
		centre[l].half_cos += p->half_cos;
		centre[l].area = p->area;
		count[l]++;
	}
	for (int32_t l = 0; l < cells; l++)
		if (count[l]) {
			centre[l].x /= count[l];
			centre[l].y /= count[l];
			centre[l].half_cos /= count[l];
		}
	free(count);
}

/* Work of the needs over the cycle, with their share of the way from and to the seat that has them now. */
static void weigh_needs(const struct cake *c, const struct cut *list, int32_t n)
{
	const struct engine *e = c->e;

	for (int32_t i = 0; i < n; i++) {
		int32_t need = list[i].need;
		const struct en_need *d = &e->needs[need];
		double own = (double)c->plain[need] / d->visits, way = 0, shift;

		if (d->home >= 0) {
			way = 2 * way_to(e, d->home, &e->pt[need]);
			shift = e->p->seats[d->home].shift;
			/* A tour has time for (shift - way) / own calls; when for none, the seat is wrong. */
			way = way < shift / 2 ? way * own / (shift - way) : own;
		}
		c->weight[need] = (int64_t)((own + way) * d->visits) + 1;
	}
}

/* Settle needs[i].home for all needs of one component. */
static void homes(const struct cake *c, int32_t comp, struct cut *list, int32_t n)
{
	struct engine *e = c->e;
	int32_t *seats = bp_xmalloc(sizeof(*seats) * (size_t)e->p->n_seats), ns = 0, *seat_of;
	struct leg_pt *centre;

	for (int32_t s = 0; s < e->p->n_seats; s++)
		if (e->seat_comp[s] == comp)
			seats[ns++] = s;
	seat_of = bp_xcalloc((size_t)ns + 1, sizeof(*seat_of));
	centre = bp_xcalloc((size_t)ns + 1, sizeof(*centre));
	for (int32_t pass = 0; pass < RECUTS; pass++) {
		weigh_needs(c, list, n);
		bisect(c, list, n, ns, 0);
		centres(c, list, n, ns, centre);
		man_cells(e, centre, seats, ns, seat_of);
		for (int32_t i = 0; i < n; i++)
			e->needs[list[i].need].home = seat_of[c->label[list[i].need]];
	}
	for (int32_t i = 0; i < n; i++) {
		struct en_need *d = &e->needs[list[i].need];
		double best = 1e300;

		if (en_seat_ok(e, d, d->home))
			continue;
		/* Not this seat: the one whose cell lies nearest. */
		for (int32_t k = 0; k < ns; k++) {
			double m = leg_straight(&e->pt[list[i].need], &centre[k]);

			if (en_seat_ok(e, d, seat_of[k]) && m < best) {
				best = m;
				d->home = seat_of[k];
			}
		}
	}
	free(seats);
	free(seat_of);
	free(centre);
}

/* The pattern with most visits on the weekday, and among these on the least loaded days. */
static uint64_t pattern_for(const struct engine *e, const struct en_need *n, int32_t weekday,
	uint64_t works, const int64_t *load)
{
	uint64_t best = 0;
	int64_t best_load = INT64_MAX;
	int32_t best_on = -1;

	for (int32_t i = e->pattern_off[n->pset]; i < e->pattern_off[n->pset + 1]; i++) {
		int64_t sum = 0;
		int32_t on = 0;

		if (e->patterns[i] & ~works)
			continue;
		for (uint64_t m = e->patterns[i]; m; m &= m - 1) {
			on += __builtin_ctzll(m) % e->p->days_per_week == weekday;
			sum += load[__builtin_ctzll(m)];
		}
		if (on > best_on || (on == best_on && sum < best_load)) {
			best_on = on;
			best_load = sum;
			best = e->patterns[i];
		}
	}
	return best;
}

/* Chain the visits of one tour by nearest neighbour; what does not fit is left out. */
static void chain(struct worker *w, int32_t route, int32_t *visits, int32_t n)
{
	struct engine *e = w->e;
	const struct en_route *r = &e->routes[route];
	int64_t most = r->shift < r->max_dur ? r->shift : r->max_dur;
	int32_t at = r->start_pt, last = e->n_visits + route;

	while (n) {
		int32_t best = 0, leg = INT32_MAX, home = 0, c;

		for (int32_t i = 0; i < n; i++) {
			int32_t d = at < 0 ? 0 : en_leg(e, r->profile, at, e->nodes[visits[i]].need, true);

			if (d < leg) {
				leg = d;
				best = i;
			}
		}
		c = e->nodes[visits[best]].need;
		if (r->end_pt >= 0)
			home = en_leg(e, r->profile, c, r->end_pt, false);
		if (r->load + e->needs[c].demand <= r->cap && r->n < r->max_calls &&
			r->dur - e->nodes[last].dnext + leg + e->needs[c].service + home <= most) {
			tour_insert(w, visits[best], last, route);
			last = visits[best];
			at = c;
		}
		visits[best] = visits[--n];
		w->n_log = 0;
	}
}

/* Give the needs of one seat their weekdays and patterns and chain its tours. */
static void plan_seat(struct worker *w, const struct cake *c, int32_t seat, struct cut *list, int32_t n)
{
	struct engine *e = w->e;
	int64_t load[RT_MAX_DAYS] = {0};
	int32_t weekday[7], zones = 0, *todo = bp_xmalloc(sizeof(*todo) * (size_t)(e->days * n + 1));
	int32_t count[RT_MAX_DAYS] = {0};
	uint64_t works = 0;

	for (int32_t d = 0; d < e->days; d++)
		if (e->route_of[(int64_t)seat * e->days + d] >= 0)
			works |= (uint64_t)1 << d;
	for (int32_t d = 0; d < e->p->days_per_week; d++)
		for (int32_t k = d; k < e->days; k += e->p->days_per_week)
			if (works >> k & 1) {
				weekday[zones++] = d;
				break;
			}
	if (zones)
		bisect(c, list, n, zones, 0);
	for (int32_t i = 0; i < n && zones; i++) {
		int32_t need = list[i].need;
		const struct en_need *d = &e->needs[need];
		uint64_t m = pattern_for(e, d, weekday[c->label[need]], works, load);

		if (d->n_windows || (d->flags & RT_PIN_FIRST))
			continue;
		for (int32_t v = d->first; m; m &= m - 1, v++) {
			int32_t day = __builtin_ctzll(m);

			load[day] += c->weight[need] / d->visits;
			todo[day * n + count[day]++] = v;
		}
	}
	for (int32_t d = 0; d < e->days; d++)
		if (count[d])
			chain(w, e->route_of[(int64_t)seat * e->days + d], todo + d * n, count[d]);
	free(todo);
}

static void journey(struct worker *w)
{
	struct engine *e = w->e;
	struct cake c = {e, bp_xcalloc((size_t)e->n_needs + 1, sizeof(int64_t)),
		bp_xcalloc((size_t)e->n_needs + 1, sizeof(int64_t)),
		bp_xcalloc((size_t)e->n_needs + 1, sizeof(int32_t))};
	struct cut *list = bp_xcalloc((size_t)e->n_needs + 1, sizeof(*list));
	int32_t *off = bp_xcalloc((size_t)e->p->n_seats + 2, sizeof(*off)), at = 0;

	for (int32_t i = 0; i < e->n_needs; i++) {
		int32_t near = e->near[(int64_t)i * e->k + (e->k > 1)];
		int32_t leg = near < 0 ? 0 : e->near_leg[(int64_t)i * e->k + (e->k > 1)];

		c.plain[i] = (int64_t)e->needs[i].visits * (e->needs[i].service + leg) + 1;
	}
	/* Needs stand sorted by component. */
	for (int32_t comp = 0; comp < e->n_comps; comp++) {
		int32_t n = 0;

		for (; at < e->n_needs && e->need_comp[at] == comp; at++)
			list[n++].need = at;
		if (n)
			homes(&c, comp, list, n);
	}
	for (int32_t i = 0; i < e->n_needs; i++)
		if (e->needs[i].home >= 0)
			off[e->needs[i].home + 1]++;
	for (int32_t s = 0; s < e->p->n_seats; s++)
		off[s + 1] += off[s];
	for (int32_t i = 0; i < e->n_needs; i++)
		if (e->needs[i].home >= 0)
			list[off[e->needs[i].home]++].need = i;
	for (int32_t s = 0, from = 0; s < e->p->n_seats; from = off[s++])
		plan_seat(w, &c, s, list + from, off[s] - from);
	free(c.plain);
	free(c.weight);
	free(c.label);
	free(list);
	free(off);
}

/* The visits of one given tour, frozen ones only or all others too; what is planned already stays. */
static bool load_tour(struct worker *w, const int32_t *inner, const struct rt_visit *v, int32_t n, bool frozen)
{
	bool all = true;

	for (int32_t i = 0; i < n; i++) {
		int32_t c = inner[v[i].need];
		const struct en_need *d = c < 0 ? NULL : &w->e->needs[c];

		if (!d || (d->mask >> v[i].day & 1) || (frozen && !(d->flags & RT_FROZEN)))
			continue;
		if (!insert_given(w, c, v[i].seat, v[i].day))
			all &= !(d->flags & RT_FROZEN);
		w->n_log = 0;
	}
	return all;
}

/* A tour that does not hold as given is loaded again, frozen visits before others. */
static void given_tour(struct worker *w, const int32_t *inner, const struct rt_visit *v, int32_t n)
{
	struct engine *e = w->e;
	int32_t route = e->route_of[(int64_t)v->seat * e->days + v->day], s = e->n_visits + route;

	if (route < 0 || load_tour(w, inner, v, n, false))
		return;
	while (e->nodes[s].next != s)
		tour_remove(w, e->nodes[s].next);
	load_tour(w, inner, v, n, true);
	load_tour(w, inner, v, n, false);
}

/* Load the given plan as far as the hard rules allow. */
static void given(struct worker *w)
{
	struct engine *e = w->e;
	const struct rt_problem *p = e->p;
	struct rt_visit *v = bp_xcalloc((size_t)p->n_given + 1, sizeof(*v));
	int32_t *inner = bp_xmalloc(sizeof(*inner) * ((size_t)p->n_needs + 1));

	for (int32_t i = 0; i < p->n_needs; i++)
		inner[i] = RT_NONE;
	for (int32_t i = 0; i < e->n_needs; i++)
		inner[e->ext[i]] = i;
	for (int32_t i = 0; i < p->n_given; i++)
		v[i] = (struct rt_visit){p->given[i].need, p->given[i].day, p->given[i].seat,
			p->given[i].position};
	rt_visits_sort(v, p->n_given);
	for (int32_t i = 0, n; i < p->n_given; i += n) {
		for (n = 1; i + n < p->n_given && v[i + n].seat == v[i].seat && v[i + n].day == v[i].day;)
			n++;
		given_tour(w, inner, v + i, n);
	}
	free(v);
	free(inner);
}

void construct(struct engine *e, uint64_t seed, double deadline, const atomic_int *stop)
{
	uint8_t *dirty = bp_xcalloc((size_t)e->n_visits + (size_t)e->n_routes + 1, 1);
	struct worker w;
	int32_t *order;

	worker_init(&w, e, 0, seed, NULL, dirty);
	if (e->p->n_given)
		given(&w);
	else if (e->same_seat)
		journey(&w);
	else if (e->flat && !e->any_window)
		construct_savings(&w);
	/* One optional visit seldom pays a tour of its own, several together may: begin with all of
	 * them and let the search give up what does not pay. */
	w.force = e->flat;
	order = bp_xmalloc(sizeof(*order) * ((size_t)e->n_needs + 1));
	for (int32_t i = 0; i < e->n_needs; i++)
		order[i] = i;
	for (int32_t i = e->n_needs - 1; i > 0; i--) {
		int32_t j = en_below(&w.rng, i + 1), t = order[i];

		order[i] = order[j];
		order[j] = t;
	}
	for (int32_t i = 0; i < e->n_needs; i++) {
		const struct en_need *d = &e->needs[order[i]];
		int64_t delta = 0;

		if ((i & 255) == 0 && ((deadline > 0 && clock_now() > deadline) || (stop && atomic_load(stop))))
			break;
		if (__builtin_popcountll(d->mask) < d->visits && !(d->flags & RT_FROZEN))
			insert_need(&w, order[i], false, &delta);
		w.n_log = 0;
	}
	free(order);
	worker_release(&w);
	free(dirty);
}
