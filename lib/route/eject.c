/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ejection (Nagata and Braysy 2009): a need that fits nowhere takes the place of up
 * to EJECT_MOST others that count least together.  All ways to leave out one visit are
 * weighed first, then two, and so on, since a way with more is never better than their number.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "route/engine.h"

#define STEPS 4000 /* most nodes of the search in one tour */
#define TOUR 1024  /* longer tours are passed over */
#define NOISE 30   /* most percent by which a way may seem longer */

struct walk {
	struct worker *w;
	const struct en_route *r;
	const int64_t *counts;
	int32_t need, n, most, steps;
	int32_t node[TOUR + 1];
	int64_t late[TOUR + 1]; /* latest arrival from which the rest of the tour holds */
	int64_t way[TOUR + 1];  /* legs up to the node */
	/* the way that is being tried */
	int32_t out[EJECT_MOST], after;
	/* the best so far */
	int64_t best;
	int64_t best_legs;
	int32_t best_n, best_out[EJECT_MOST], best_after, best_route;
};

struct state {
	int32_t pos, last, k, load;
	int64_t t, sum, legs;
	bool in;
};

static int64_t arc(const struct walk *x, int32_t a, int32_t b)
{
	return en_arc(x->w->e, x->r, a, b);
}

/* The need and those that stay arrive in time: is that better than what was found so far?  Among
 * equal sums the shorter way, roughly. */
static void take(struct walk *x, const struct state *s, int32_t leg)
{
	int64_t legs = s->legs + leg - x->way[s->pos];

	legs += (legs < 0 ? -legs : legs) * en_below(&x->w->rng, NOISE) / 100;
	if (s->sum > x->best || (s->sum == x->best && legs >= x->best_legs))
		return;
	x->best = s->sum;
	x->best_legs = legs;
	x->best_n = s->k;
	x->best_after = x->after;
	x->best_route = (int32_t)(x->r - x->w->e->routes);
	for (int32_t i = 0; i < s->k; i++)
		x->best_out[i] = x->out[i];
}

/* Go on from s: every way to put the need in (once) and to leave others out. */
static void walk(struct walk *x, struct state s) /* NOLINT: as deep as EJECT_MOST + 1 */
{
	const struct engine *e = x->w->e;
	int32_t c = x->need, node = e->needs[c].first;

	for (;; s.pos++) {
		int32_t v = x->node[s.pos], b;
		const struct en_need *n;

		if (--x->steps < 0)
			return;
		if (s.in) {
			if (s.load <= x->r->cap && x->r->n + 1 - s.k <= x->r->max_calls &&
				s.t + arc(x, s.last, v) <= x->late[s.pos]) {
				take(x, &s, arc(x, s.last, v));
				return;
			}
		} else {
			struct state with = s;

			with.legs += arc(x, s.last, node);
			b = window_begin(e, &e->needs[c], (int32_t)(s.t + arc(x, s.last, node)));
			if (b == INT32_MAX)
				return;
			x->after = s.last;
			with.in = true;
			with.last = node;
			with.t = (int64_t)b + e->needs[c].service;
			walk(x, with);
		}
		if (s.pos == x->n)
			return;
		n = &e->needs[e->nodes[v].need];
		if (s.k < x->most && !(n->flags & RT_FROZEN) &&
			s.sum + x->counts[e->nodes[v].need] <= x->best) {
			struct state without = s;

			x->out[without.k++] = v;
			without.sum += x->counts[e->nodes[v].need];
			without.load -= n->demand;
			without.pos++;
			walk(x, without);
		}
		s.legs += arc(x, s.last, v);
		b = window_begin(e, n, (int32_t)(s.t + arc(x, s.last, v)));
		if (b == INT32_MAX)
			return;
		s.t = (int64_t)b + n->service;
		s.last = v;
	}
}

static void try_tour(struct walk *x, int32_t route)
{
	const struct engine *e = x->w->e;
	const struct en_route *r = &e->routes[route];
	int32_t s = e->n_visits + route, v;
	int64_t limit = r->shift_start + r->span;

	if (r->n > TOUR || r->limit != INT64_MAX || !en_seat_ok(e, &e->needs[x->need], r->seat))
		return;
	x->r = r;
	x->n = 0;
	x->way[0] = e->nodes[e->nodes[s].next].dprev;
	for (v = e->nodes[s].next; v != s; v = e->nodes[v].next) {
		x->node[x->n] = v;
		x->way[x->n + 1] = x->way[x->n] + e->nodes[v].dnext;
		x->n++;
	}
	x->node[x->n] = s;
	if (limit > INT32_MAX / 2)
		limit = INT32_MAX / 2;
	x->late[x->n] = limit;
	for (int32_t i = x->n - 1; i >= 0; i--) {
		const struct en_need *n = &e->needs[e->nodes[x->node[i]].need];

		limit = window_latest(e, n, (int32_t)(limit - e->nodes[x->node[i]].dnext - n->service));
		x->late[i] = limit;
	}
	x->steps = STEPS;
	walk(x, (struct state){0, s, 0, r->load + e->needs[x->need].demand, r->shift_start, 0, 0, false});
}

int32_t eject(struct worker *w, int32_t need, const int64_t *counts, int32_t out[EJECT_MOST])
{
	struct walk *x = bp_xcalloc(1, sizeof(*x));
	struct engine *e = w->e;
	int32_t n = RT_NONE;

	x->w = w;
	x->counts = counts;
	x->need = need;
	x->best = INT64_MAX;
	for (x->most = 0; x->most <= EJECT_MOST && x->best >= x->most; x->most++)
		for (int32_t t = 0; t < e->n_types; t++)
			for (int32_t i = 0; i < w->used[t] && x->best > 0; i++)
				try_tour(x, w->order[w->type_off[t] + i]);
	if (x->best != INT64_MAX) {
		n = x->best_n;
		for (int32_t i = 0; i < n; i++) {
			out[i] = e->nodes[x->best_out[i]].need;
			tour_remove(w, x->best_out[i]);
		}
		tour_insert(w, e->needs[need].first, x->best_after, x->best_route);
	}
	free(x);
	return n;
}
