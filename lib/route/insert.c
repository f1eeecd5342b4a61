/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Recreate: put a need's missing visits where they cost least, next to its nearest
 * needs only, with "blinks" that now and then overlook a place (Christiaens and Vanden
 * Berghe 2020).  A periodic need first learns the cheapest place of every (seat, day)
 * around it and then picks the day pattern with the smallest sum.
 */
#include <stddef.h>

#include "route/engine.h"

#define SLOTS 10 /* seats weighed for one need */
#define SHORT 8  /* a tour of so few calls is weighed at all its places */

struct spot {
	int64_t cost; /* travel and priced overtime and lateness */
	int32_t after, route;
};

/* Does a pinned first call forbid need c between a and b? */
static bool pinned(const struct engine *e, const struct en_need *n, int32_t a, int32_t b)
{
	if (n->flags & RT_PIN_FIRST)
		return en_is_visit(e, a) ||
		       (en_is_visit(e, b) && (e->needs[e->nodes[b].need].flags & RT_PIN_FIRST));
	return !en_is_visit(e, a) && en_is_visit(e, b) &&
	       (e->needs[e->nodes[b].need].flags & RT_PIN_FIRST);
}

/* Weigh need c between node a and its successor b with legs da, db. */
static inline void weigh(const struct engine *e, int32_t c, int32_t route, int32_t a, int32_t b,
	int32_t da, int32_t db, struct spot *best)
{
	const struct en_need *n = &e->needs[c];
	const struct en_route *r = &e->routes[route];
	int64_t cost = (int64_t)da + db - e->nodes[a].dnext, few = e->few ? en_few(e, r, r->n + 1) - en_few(e, r, r->n) : 0, dur, extra;

	if (r->n == 0)
		cost += r->fixed;
	if (cost + few >= best->cost)
		return;
	dur = r->dur + cost + n->service - (r->n == 0 ? r->fixed : 0);
	if (dur > r->max_dur || (e->any_pin && pinned(e, n, a, b)))
		return;
	cost += few;
	if (e->any_window && (r->windowed || n->n_windows)) {
		if (!window_fits(e, r, c, a, b, da, db, &extra) || !window_within(e, r, c, a, da, db))
			return;
		cost += extra;
	} else if (dur > r->shift) {
		cost += (dur - r->shift) * e->a->overtime_permille / 1000 - r->priced;
	}
	if (dur > r->even)
		cost += en_uneven(e, r, dur) - en_uneven(e, r, r->dur);
	if (e->crowds)
		cost += en_crowds(e, route, n);
	if (e->frames && cost < best->cost) {
		struct compact_sums s = en_spread(e, r, c, 1);

		cost += compact_cost(&s, e->a->compact_price) - r->scattered;
	}
	if (cost < best->cost) {
		best->cost = cost;
		best->after = a;
		best->route = route;
	}
}

static void weigh_at(const struct engine *e, int32_t c, int32_t route, int32_t a, struct spot *best)
{
	const struct en_route *r = &e->routes[route];
	int32_t b = e->nodes[a].next, da = 0, db = 0;

	if (en_is_visit(e, a))
		da = en_leg(e, r->profile, e->nodes[a].need, c, true);
	else if (r->start_pt >= 0)
		da = en_leg(e, r->profile, r->start_pt, c, true);
	if (en_is_visit(e, b))
		db = en_leg(e, r->profile, c, e->nodes[b].need, true);
	else if (r->end_pt >= 0)
		db = en_leg(e, r->profile, c, r->end_pt, false);
	weigh(e, c, route, a, b, da, db, best);
}

/* Do the windows alone forbid c right before or right behind visit v, d seconds away? */
static inline bool too_late_before(const struct engine *e, const struct en_need *n, int32_t v, int32_t d)
{
	return n->one_window && (int64_t)n->from + n->service + d > e->late[v];
}

static inline bool too_late_behind(const struct engine *e, const struct en_need *n, int32_t v, int32_t d)
{
	return n->one_window &&
	       (int64_t)e->early[v] + e->needs[e->nodes[v].need].service + d > n->to;
}

/* Before and behind visit v, whose leg to c is d.  A place where d is the nearer of the two
 * new legs costs at least 2 d less the leg it replaces. */
static inline void weigh_around(const struct engine *e, int32_t c, int32_t v, int32_t d,
	struct spot *best)
{
	const struct en_node *nd = &e->nodes[v];
	const struct en_route *r = &e->routes[nd->route];
	const struct en_need *n = &e->needs[c];
	int32_t o, p;

	if (2 * (int64_t)d - nd->dprev < best->cost && !(r->windowed && too_late_before(e, n, v, d))) {
		p = nd->prev;
		o = 0;
		if (en_is_visit(e, p))
			o = en_leg(e, r->profile, e->nodes[p].need, c, true);
		else if (r->start_pt >= 0)
			o = en_leg(e, r->profile, r->start_pt, c, true);
		weigh(e, c, nd->route, p, v, o, d, best);
	}
	if (2 * (int64_t)d - nd->dnext < best->cost && !(r->windowed && too_late_behind(e, n, v, d))) {
		p = nd->next;
		o = 0;
		if (en_is_visit(e, p))
			o = en_leg(e, r->profile, c, e->nodes[p].need, true);
		else if (r->end_pt >= 0)
			o = en_leg(e, r->profile, c, r->end_pt, false);
		weigh(e, c, nd->route, v, p, d, o, best);
	}
}

static inline bool room(const struct engine *e, const struct en_route *r, const struct en_need *n)
{
	return r->load + n->demand <= r->cap && r->n < r->max_calls && en_chain_room(e, r, n);
}

/* What the load beyond the capacity counts that the need would bring; INT64_MAX: it may not come. */
static inline int64_t overload(const struct worker *w, const struct en_route *r, const struct en_need *n)
{
	int64_t over = r->load + n->demand - r->cap;

	if (r->n >= r->max_calls)
		return INT64_MAX;
	if (over <= 0)
		return 0;
	return w->over_price ? (over < n->demand ? over : n->demand) * w->over_price / 1024 : INT64_MAX;
}

/* Count down to the next place that is overlooked, one in a hundred on average. */
static inline bool blinks(struct worker *w)
{
	if (--w->blink > 0)
		return false;
	w->blink = 1 + en_below(&w->rng, w->blink_most);
	return true;
}

/* The same for patterns, one in twenty: greedy choices of days are harder to undo than places. */
static inline bool overlooks(struct worker *w)
{
	if (--w->overlook > 0)
		return false;
	w->overlook = 1 + en_below(&w->rng, w->overlook_most);
	return true;
}

/* An empty route of each type. */
static void weigh_empty(const struct worker *w, int32_t c, struct spot *best)
{
	const struct engine *e = w->e;

	for (int32_t t = 0; t < e->n_types; t++) {
		int32_t r = tour_unused(w, t);

		if (r >= 0 && room(e, &e->routes[r], &e->needs[c]) &&
			en_seat_ok(e, &e->needs[c], e->routes[r].seat))
			weigh_at(e, c, r, e->n_visits + r, best);
	}
}

/* Some tour with room, near or not: at its ends, which the ways there and back pass by, or all along a short one.
 * Near needs alone never bring up a tour that goes on to the next village, and what is left of each village would
 * keep a tour of its own. */
static void weigh_roomy(struct worker *w, int32_t c, struct spot *best)
{
	const struct engine *e = w->e;
	int32_t route = w->roomy[en_below(&w->rng, w->n_roomy)], s = e->n_visits + route;
	const struct en_route *r = &e->routes[route];
	int64_t over = overload(w, r, &e->needs[c]);

	if (over >= best->cost || !en_seat_ok(e, &e->needs[c], r->seat))
		return;
	best->cost -= over;
	weigh_at(e, c, route, s, best);
	if (r->n <= SHORT)
		for (int32_t a = e->nodes[s].next; a != s; a = e->nodes[a].next)
			weigh_at(e, c, route, a, best);
	else
		weigh_at(e, c, route, e->nodes[s].prev, best);
	best->cost += over;
}

static bool insert_flat(struct worker *w, int32_t c, bool blink, int64_t *delta)
{
	struct engine *e = w->e;
	const struct en_need *n = &e->needs[c];
	const int32_t *near = &e->near[(int64_t)c * e->k], *legs = &e->near_leg[(int64_t)c * e->k];
	bool other = e->p->n_profiles > 1;
	struct spot best = {INT64_MAX, RT_NONE, RT_NONE};
	int64_t over;

	for (int32_t i = 0; i < e->k && near[i] >= 0; i++) {
		int32_t u = near[i], route, d = legs[i];
		const struct en_node *nd = &e->nodes[u];

		/* Ask the cheapest question first: neither side can beat the best place. */
		if (e->need_part[u] != w->part || (route = nd->route) < 0 ||
			2 * (int64_t)d - (nd->dprev > nd->dnext ? nd->dprev : nd->dnext) >= best.cost)
			continue;
		over = overload(w, &e->routes[route], n);
		if (over >= best.cost || (blink && blinks(w)))
			continue;
		if ((n->seat_set >= 0 || n->skills) && !en_seat_ok(e, n, e->routes[route].seat))
			continue;
		if (other)
			d = en_leg(e, e->routes[route].profile, u, c, true);
		best.cost -= over;
		weigh_around(e, c, u, d, &best);
		best.cost += over;
	}
	if (w->n_roomy)
		weigh_roomy(w, c, &best);
	weigh_empty(w, c, &best);
	if (best.route < 0 || (best.cost >= n->missed && !w->force))
		return false;
	*delta += tour_insert(w, n->first, best.after, best.route);
	return true;
}

struct slot {
	int32_t seat; /* or start, see en_team */
	struct spot day[RT_MAX_DAYS];
};

struct slots {
	struct slot s[SLOTS];
	int32_t n;
	uint64_t want;
};

static struct slot *slot_of(struct worker *w, struct slots *all, int32_t c, int32_t seat)
{
	struct engine *e = w->e;
	const struct en_need *n = &e->needs[c];
	struct slot *s;

	for (int32_t i = 0; i < all->n; i++)
		if (all->s[i].seat == seat)
			return &all->s[i];
	if (all->n == SLOTS || (n->mask && seat != n->seat) || (e->same_seat && !en_seat_ok(e, n, seat)))
		return NULL;
	s = &all->s[all->n++];
	s->seat = seat;
	for (uint64_t m = all->want; m; m &= m - 1)
		s->day[__builtin_ctzll(m)] = (struct spot){INT64_MAX, RT_NONE, RT_NONE};
	return s;
}

/* A seat that no neighbour brought up, when it belongs to this worker. */
static void consider(struct worker *w, struct slots *all, int32_t c, int32_t seat)
{
	struct engine *e = w->e;

	if (seat < 0)
		return;
	for (int32_t d = 0; d < e->days; d++) {
		int32_t r = e->route_of[(int64_t)seat * e->days + d];

		if (r < 0)
			continue;
		if (e->routes[r].part == w->part)
			slot_of(w, all, c, seat);
		return;
	}
}

static bool idle(const struct worker *w, int32_t seat)
{
	const struct engine *e = w->e;
	bool mine = false;

	for (int32_t d = 0; d < e->days; d++) {
		int32_t r = e->route_of[(int64_t)seat * e->days + d];

		if (r >= 0 && (e->routes[r].part != w->part || e->routes[r].n > 0))
			return false;
		mine |= r >= 0;
	}
	return mine;
}

/* A seat of this worker that has no visits: no neighbour would ever bring it up. */
static int32_t idle_seat(struct worker *w)
{
	while (w->idle < w->e->p->n_seats && !idle(w, w->idle))
		w->idle++;
	return w->idle < w->e->p->n_seats ? w->idle : RT_NONE;
}

static void gather(struct worker *w, struct slots *all, int32_t c, bool blink)
{
	struct engine *e = w->e;
	const struct en_need *n = &e->needs[c];
	const int32_t *near = &e->near[(int64_t)c * e->k], *legs = &e->near_leg[(int64_t)c * e->k];

	for (int32_t i = 0; i < e->k && near[i] >= 0; i++) {
		const struct en_need *nu = &e->needs[near[i]];
		struct slot *s = NULL;

		if (e->need_part[near[i]] != w->part || !(nu->mask & all->want))
			continue;
		if (e->same_seat && !nu->held && !(s = slot_of(w, all, c, nu->seat)))
			continue;
		for (int32_t v = nu->first; v < nu->first + nu->visits; v++) {
			int32_t route = e->nodes[v].route, d = legs[i];
			const struct en_route *r = &e->routes[route];

			if (route < 0 || !(all->want >> r->day & 1) || !room(e, r, n))
				continue;
			if (nu->held && !(s = r->part == w->part ? slot_of(w, all, c, r->seat) : NULL))
				continue;
			if (s && 2 * (int64_t)d - (e->nodes[v].dprev > e->nodes[v].dnext
							     ? e->nodes[v].dprev
							     : e->nodes[v].dnext) >=
					 s->day[r->day].cost)
				continue;
			if (!e->same_seat && (!en_seat_ok(e, n, r->seat) ||
						     !(s = slot_of(w, all, c, en_team(e, r->seat)))))
				continue;
			if (blink && blinks(w))
				continue;
			if (e->p->n_profiles > 1)
				d = en_leg(e, r->profile, near[i], c, true);
			weigh_around(e, c, v, d, &s->day[r->day]);
		}
	}
}

/* An empty tour of each type, with any vehicle. */
static void gather_unused(struct worker *w, struct slots *all, int32_t c)
{
	struct engine *e = w->e;

	for (int32_t t = 0; t < e->n_types; t++) {
		int32_t r = tour_unused(w, t);
		const struct en_route *route = &e->routes[r];
		struct slot *s;

		if (r >= 0 && (all->want >> route->day & 1) && room(e, route, &e->needs[c]) &&
			en_seat_ok(e, &e->needs[c], route->seat) &&
			(s = slot_of(w, all, c, en_team(e, route->seat))))
			weigh_at(e, c, r, e->n_visits + r, &s->day[route->day]);
	}
}

/* Days of which no neighbour told: an empty tour, or (thorough) also the ends of others. */
static void gather_rest(struct worker *w, struct slots *all, int32_t c, bool thorough)
{
	struct engine *e = w->e;
	const struct en_need *n = &e->needs[c];

	if (!e->same_seat) {
		gather_unused(w, all, c);
		return;
	}
	if (thorough)
		consider(w, all, c, n->mask ? n->seat : n->home);
	if (n->given_days)
		consider(w, all, c, n->given_seat);
	if (!n->mask)
		consider(w, all, c, idle_seat(w));
	for (int32_t s = 0; w->small && s < e->p->n_seats; s++)
		consider(w, all, c, s);
	for (int32_t i = 0; i < all->n; i++)
		for (uint64_t m = all->want; m; m &= m - 1) {
			int32_t d = __builtin_ctzll(m);
			int32_t r = e->route_of[(int64_t)all->s[i].seat * e->days + d];
			struct spot *sp = &all->s[i].day[d];

			if (r < 0 || sp->route >= 0 || !room(e, &e->routes[r], n) ||
				(!thorough && e->routes[r].n > 0))
				continue;
			weigh_at(e, c, r, e->n_visits + r, sp);
			if (e->routes[r].n > 0)
				weigh_at(e, c, r, e->nodes[e->n_visits + r].prev, sp);
		}
}

/* May the need take this pattern with that seat under the budget of changes? */
static bool allowed_change(const struct worker *w, const struct en_need *n, uint64_t mask, int32_t seat)
{
	if (w->changed_max == INT64_MAX)
		return true;
	return w->changed - w->pending - need_changed(w->e, n, n->mask, n->seat) +
		       need_changed(w->e, n, mask, seat) <=
	       w->changed_max;
}

/* Of a part of a pattern: is this visit none of it?  What does not pay is not; on trial a coin tells. */
static bool left_out(struct worker *w, const struct en_need *n, const struct spot *sp)
{
	if (w->part_too && w->force)
		return en_rand(&w->rng) & 1;
	return sp->cost >= n->missed;
}

/* The cheapest set of days to add for one slot; full patterns, or (partial) as much of one as pays. */
static int64_t pick(struct worker *w, const struct en_need *n, const struct slot *s, bool partial,
	bool blink, uint64_t *days)
{
	const struct engine *e = w->e;
	int64_t best = INT64_MAX, now = need_cost(e, n, n->mask, n->seat);

	for (int32_t i = e->pattern_off[n->pset]; i < e->pattern_off[n->pset + 1]; i++) {
		uint64_t mask = e->patterns[i], add = 0;
		int64_t sum = 0;

		if ((n->mask & ~mask) || (blink && overlooks(w)))
			continue;
		for (uint64_t m = mask & ~n->mask; m; m &= m - 1) {
			const struct spot *sp = &s->day[__builtin_ctzll(m)];

			if (sp->route < 0 || (partial && left_out(w, n, sp))) {
				if (partial)
					continue;
				sum = INT64_MAX;
				break;
			}
			sum += sp->cost;
			add |= m & -m;
			if (sum >= best && e->plain && !e->few && !partial)
				break;
		}
		if (sum == INT64_MAX || !add)
			continue;
		sum += need_cost(e, n, n->mask | add, s->seat) - now;
		if (sum < best && allowed_change(w, n, n->mask | add, s->seat)) {
			best = sum;
			*days = add;
		}
	}
	if (best != INT64_MAX && e->balance && s->seat >= 0) {
		int64_t work = e->seat_work[s->seat];
		int64_t more = best - need_cost(e, n, n->mask | *days, s->seat) + now +
			       (int64_t)n->service * __builtin_popcountll(*days);

		best += balance_cost(e, s->seat, work + more) - balance_cost(e, s->seat, work);
	}
	return best;
}

static void place(struct worker *w, struct en_need *n, const struct slot *s, uint64_t days, int64_t *delta)
{
	int32_t v = n->first;

	for (; days; days &= days - 1) {
		const struct spot *sp = &s->day[__builtin_ctzll(days)];

		while (w->e->nodes[v].route >= 0)
			v++;
		*delta += tour_insert(w, v, sp->after, sp->route);
	}
}

static bool insert_pattern(struct worker *w, int32_t c, bool blink, int64_t *delta)
{
	struct engine *e = w->e;
	struct en_need *n = &e->needs[c];
	struct slots all;
	const struct slot *at = NULL;
	int64_t best = w->force ? INT64_MAX : 0;
	uint64_t days = 0;

	all.n = 0;
	all.want = n->days & ~n->mask;
	gather(w, &all, c, blink);
	/* Full patterns next to neighbours; then anywhere; then as much of one as pays. */
	for (int32_t pass = 0; pass < 3 && (!at || w->part_too); pass++) {
		if (pass == 2 && n->visits == 1)
			break;
		if (pass < 2)
			gather_rest(w, &all, c, pass == 1 || w->small);
		else if (w->force)
			best = INT64_MAX; /* a part on trial */
		for (int32_t i = 0; i < all.n; i++) {
			uint64_t d = 0;
			int64_t cost = pick(w, n, &all.s[i], pass == 2, blink, &d);

			if (cost < best) {
				best = cost;
				days = d;
				at = &all.s[i];
			}
		}
	}
	if (!at)
		return false;
	place(w, n, at, days, delta);
	return __builtin_popcountll(n->mask) == n->visits;
}

bool insert_need(struct worker *w, int32_t need, bool blink, int64_t *delta)
{
	return w->e->flat ? insert_flat(w, need, blink, delta) : insert_pattern(w, need, blink, delta);
}

/* Does the mask still fit into one of the need's patterns? */
static bool pattern_holds(const struct engine *e, const struct en_need *n, uint64_t mask)
{
	for (int32_t i = e->pattern_off[n->pset]; i < e->pattern_off[n->pset + 1]; i++)
		if (!(mask & ~e->patterns[i]))
			return true;
	return false;
}

int32_t given_route(const struct worker *w, int32_t need, int32_t seat, int32_t day)
{
	const struct engine *e = w->e;
	const struct en_need *n = &e->needs[need];
	int32_t route = e->route_of[(int64_t)seat * e->days + day];

	return route >= 0 && room(e, &e->routes[route], n) && en_seat_ok(e, n, seat) && !(n->mask >> day & 1) &&
			       (n->held || (n->split ? seat == n->given_seat : !n->mask || n->seat == en_team(e, seat))) &&
			       pattern_holds(e, n, n->mask | (uint64_t)1 << day)
		       ? route
		       : RT_NONE;
}

bool insert_given(struct worker *w, int32_t need, int32_t seat, int32_t day)
{
	struct engine *e = w->e;
	int32_t route = given_route(w, need, seat, day), v = e->needs[need].first;
	struct spot at = {INT64_MAX, RT_NONE, RT_NONE};

	if (route < 0)
		return false;
	weigh_at(e, need, route, e->nodes[e->n_visits + route].prev, &at);
	/* The given order does not hold: anywhere in the tour. */
	for (int32_t a = e->n_visits + route, b = a; at.route < 0; a = b) {
		b = e->nodes[a].next;
		if (!en_is_visit(e, b))
			return false;
		weigh_at(e, need, route, a, &at);
	}
	while (e->nodes[v].route >= 0)
		v++;
	tour_insert(w, v, at.after, at.route);
	return true;
}
