/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The first plan.  A given plan is loaded as far as it holds.  What is left of a journey
 * problem is cut like a cake: the needs into one cell for each seat (cells.c), each cell again into one zone for
 * every weekday; that settles seat and pattern of most needs, and the nearest-neighbour order makes
 * the tours.  Whatever does not fit goes in by cheapest insertion.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "route/cells.h"

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
		if (r->load + e->needs[c].demand <= r->cap && r->n < r->max_calls && en_chain_room(e, r, &e->needs[c]) &&
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
		cells_cut(c, list, n, NULL, zones, 0);
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
	struct cake c;
	struct cut *list = bp_xcalloc((size_t)e->n_needs + 1, sizeof(*list));
	int32_t *off = bp_xcalloc((size_t)e->p->n_seats + 2, sizeof(*off)), at = 0;

	cake_init(&c, e);
	/* Needs stand sorted by component. */
	for (int32_t comp = 0; comp < e->n_comps; comp++) {
		int32_t n = 0;

		for (; at < e->n_needs && e->need_comp[at] == comp; at++)
			list[n++].need = at;
		if (n && !en_stop(e))
			cells_homes(&c, comp, list, n);
	}
	for (int32_t i = 0; i < e->n_needs; i++)
		if (e->needs[i].home >= 0)
			off[e->needs[i].home + 1]++;
	for (int32_t s = 0; s < e->p->n_seats; s++)
		off[s + 1] += off[s];
	for (int32_t i = 0; i < e->n_needs; i++)
		if (e->needs[i].home >= 0)
			list[off[e->needs[i].home]++].need = i;
	for (int32_t s = 0, from = 0; s < e->p->n_seats && !en_stop(e); from = off[s++])
		plan_seat(w, &c, s, list + from, off[s] - from);
	cake_release(&c);
	free(list);
	free(off);
}

/* The visits of one given tour, frozen ones only or all others too; what is planned already stays. */
static bool load_tour(struct worker *w, const struct rt_visit *v, int32_t n, bool frozen)
{
	bool all = true;

	for (int32_t i = 0; i < n; i++) {
		const struct en_need *d = &w->e->needs[v[i].need];

		if ((d->mask >> v[i].day & 1) || (frozen && !(d->flags & RT_FROZEN)))
			continue;
		if (!insert_given(w, v[i].need, v[i].seat, v[i].day))
			all &= !(d->flags & RT_FROZEN);
		w->n_log = 0;
	}
	return all;
}

/* Lay the whole tour as it was given; false: it does not hold.  Where legs break the triangle inequality it may hold
 * while its beginning alone does not. */
static bool lay_tour(struct worker *w, const struct rt_visit *v, int32_t n, int32_t route)
{
	struct engine *e = w->e;
	int32_t s = e->n_visits + route, at = s;

	for (int32_t i = 0; i < n; i++) {
		int32_t c = v[i].need, node;

		if (given_route(w, c, v[i].seat, v[i].day) < 0 || ((e->needs[c].flags & RT_PIN_FIRST) && at != s))
			return false;
		for (node = e->needs[c].first; e->nodes[node].route >= 0;)
			node++;
		tour_insert(w, node, at, route);
		w->n_log = 0;
		at = node;
	}
	return e->routes[route].holds;
}

static void empty_tour(struct worker *w, int32_t route)
{
	const struct en_node *s = &w->e->nodes[w->e->n_visits + route];

	while (en_is_visit(w->e, s->next))
		tour_remove(w, s->next);
	w->n_log = 0;
}

/* A tour that does not hold as given is loaded visit by visit, and if that loses a frozen one again, those before the
 * others. */
static void given_tour(struct worker *w, const struct rt_visit *v, int32_t n)
{
	struct engine *e = w->e;
	int32_t route = e->route_of[(int64_t)v->seat * e->days + v->day];

	if (route < 0 || lay_tour(w, v, n, route))
		return;
	empty_tour(w, route);
	if (load_tour(w, v, n, false))
		return;
	empty_tour(w, route);
	load_tour(w, v, n, true);
	load_tour(w, v, n, false);
}

/* Load the given plan as far as the hard rules allow. */
static void given(struct worker *w)
{
	const struct rt_visit *v = w->e->given;

	for (int32_t i = 0, n; i < w->e->n_given; i += n) {
		for (n = 1; i + n < w->e->n_given && v[i + n].seat == v[i].seat && v[i + n].day == v[i].day;)
			n++;
		given_tour(w, v + i, n);
	}
}

void construct(struct engine *e, uint64_t seed, double deadline)
{
	uint8_t *dirty = bp_xcalloc((size_t)e->n_visits + (size_t)e->n_routes + 1, 1);
	struct worker w;
	int32_t *order;

	worker_init(&w, e, 0, seed, NULL, dirty);
	if (e->p->n_given)
		given(&w);
	else if (en_stop(e))
		;
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

		if ((i & 63) == 0 && ((deadline > 0 && clock_now() > deadline) || en_stop(e)))
			break;
		if (__builtin_popcountll(d->mask) < d->visits && !(d->flags & RT_FROZEN))
			insert_need(&w, order[i], false, &delta);
		w.n_log = 0;
	}
	free(order);
	worker_release(&w);
	free(dirty);
}
