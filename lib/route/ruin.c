/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ruin: adjacent string removal (Christiaens and Vanden Berghe, "Slack Induction
 * by String Removals for Vehicle Routing Problems", Transportation Science 2020).
 * Around a seed, each near tour loses one string of calls.  Periodic needs then lose
 * either just those visits or, half of the time, all of theirs, so that seat and day
 * pattern are chosen afresh.
 */
#include <stddef.h>

#include "route/engine.h"

#define HITS 64

static bool listed(struct worker *w, int32_t need, int32_t *out, int32_t *n, int32_t max)
{
	struct en_need *d = &w->e->needs[need];

	if (d->stamp == w->stamp)
		return true;
	if (*n == max)
		return false;
	d->stamp = w->stamp;
	out[(*n)++] = need;
	return true;
}

static void take(struct worker *w, int32_t node, int32_t *out, int32_t *n, int32_t max, int64_t *delta)
{
	int32_t need = w->e->nodes[node].need;

	if (!(w->e->needs[need].flags & RT_FROZEN) && listed(w, need, out, n, max))
		*delta += tour_remove(w, node);
}

/* Remove `len` calls around visit v, half of the time sparing one stretch inside. */
static void string_out(struct worker *w, int32_t v, int32_t len, int32_t *out, int32_t *n, int32_t max,
	int64_t *delta)
{
	struct engine *e = w->e;
	int32_t size = e->routes[e->nodes[v].route].n, spare = 0, spare_at = -1, first = v, back;

	if (len > 1 && len < size && (en_rand(&w->rng) & 1)) {
		spare = 1;
		while (len + spare < size && en_below(&w->rng, 100) == 0)
			spare++;
	}
	back = en_below(&w->rng, len + spare);
	while (back-- > 0 && en_is_visit(e, e->nodes[first].prev))
		first = e->nodes[first].prev;
	/* Too near the end for the whole string: begin earlier. */
	for (int32_t u = first, left = len + spare - 1; left > 0; left--) {
		u = en_is_visit(e, u) ? e->nodes[u].next : u;
		if (!en_is_visit(e, u) && en_is_visit(e, e->nodes[first].prev))
			first = e->nodes[first].prev;
	}
	if (spare)
		spare_at = 1 + en_below(&w->rng, len - 1);
	for (int32_t i = 0; i < len && en_is_visit(e, first); i++) {
		int32_t next;

		for (int32_t s = 0; i == spare_at && s < spare && en_is_visit(e, first); s++)
			first = e->nodes[first].next;
		if (!en_is_visit(e, first))
			break;
		next = e->nodes[first].next;
		take(w, first, out, n, max, delta);
		first = next;
	}
}

static int32_t seed_of(struct worker *w)
{
	if (w->n_absent && en_below(&w->rng, 8) == 0)
		return w->absent[en_below(&w->rng, w->n_absent)];
	return w->needs[en_below(&w->rng, w->n_needs)];
}

/* One placed visit of the need, chosen at random, or RT_NONE. */
static int32_t some_visit(struct worker *w, const struct en_need *d)
{
	int32_t from;

	if (!d->mask)
		return RT_NONE;
	if (d->visits == 1)
		return d->first;
	from = en_below(&w->rng, d->visits);
	for (int32_t i = 0; i < d->visits; i++) {
		int32_t v = d->first + (from + i) % d->visits;

		if (w->e->nodes[v].route >= 0)
			return v;
	}
	return RT_NONE;
}

static void all_visits_out(struct worker *w, const int32_t *needs, int32_t n, int64_t *delta)
{
	for (int32_t i = 0; i < n; i++) {
		const struct en_need *d = &w->e->needs[needs[i]];

		if (d->visits == 1 || !d->mask || (d->flags & RT_FROZEN))
			continue;
		for (int32_t v = d->first; v < d->first + d->visits; v++)
			if (w->e->nodes[v].route >= 0)
				*delta += tour_remove(w, v);
	}
}

int32_t ruin_strings(struct worker *w, int32_t *out, int32_t max, int64_t *delta)
{
	struct engine *e = w->e;
	int32_t seed = seed_of(w), n = 0, n_hit = 0, hit[HITS], strings, len_max = w->string_max;
	const int32_t *near = &e->near[(int64_t)seed * e->k];
	int32_t most = 4000 * e->a->ruin_mean / (1 + len_max) - 1000; /* strings, in thousandths */

	w->stamp++;
	strings = 1 + en_below(&w->rng, most > 1000 ? most : 1000) / 1000;
	for (int32_t i = -1; i < e->k && n_hit < strings; i++) {
		int32_t c = i < 0 ? seed : near[i], v, route, j, len;
		struct en_need *d;

		if (c < 0)
			break;
		if (e->need_part[c] != w->part)
			continue;
		d = &e->needs[c];
		if (d->absent_at >= 0 && !(d->flags & RT_FROZEN))
			listed(w, c, out, &n, max);
		v = some_visit(w, d);
		route = v < 0 ? RT_NONE : e->nodes[v].route;
		if (v < 0 || (d->held && e->routes[route].part != w->part))
			continue;
		for (j = 0; j < n_hit && hit[j] != route; j++)
			;
		if (j < n_hit || n_hit == HITS)
			continue;
		hit[n_hit++] = route;
		len = e->routes[route].n < len_max ? e->routes[route].n : len_max;
		string_out(w, v, 1 + en_below(&w->rng, len), out, &n, max, delta);
	}
	if (!e->flat && (en_rand(&w->rng) & 1))
		all_visits_out(w, out, n, delta);
	return n;
}

/* Sort keys of the orders of insertion. */
static int64_t key(const struct engine *e, const struct en_need *n, int32_t need, int32_t how)
{
	switch (how) {
	case 0:
		return -(e->flat ? (int64_t)n->demand : (int64_t)n->service * n->visits);
	case 1:
		return -(int64_t)e->far[need];
	case 2:
		return e->far[need];
	case 3:
		return n->n_windows ? e->p->windows[n->window].to - e->p->windows[n->window].from
				    : INT64_MAX;
	case 4:
		return n->n_windows ? e->p->windows[n->window].from : 0;
	default:
		return n->n_windows ? -(int64_t)e->p->windows[n->window].to : INT64_MIN;
	}
}

void ruin_order(struct worker *w, int32_t *needs, int32_t n)
{
	struct engine *e = w->e;
	int32_t draw = en_below(&w->rng, e->any_window ? 17 : 11), how = -1;

	/* Weights 4, 4, 2, 1 for random, demand, far, close; 2 each for the windows' orders. */
	if (draw >= 4)
		how = draw < 8 ? 0 : draw < 10 ? 1 : draw < 11 ? 2 : draw < 13 ? 3 : draw < 15 ? 4 : 5;
	for (int32_t i = n - 1; i > 0; i--) {
		int32_t j = en_below(&w->rng, i + 1), t = needs[i];

		needs[i] = needs[j];
		needs[j] = t;
	}
	if (how < 0)
		return;
	for (int32_t i = 1; i < n; i++) {
		int32_t c = needs[i], j = i;
		int64_t kc = key(e, &e->needs[c], c, how);

		for (; j > 0 && key(e, &e->needs[needs[j - 1]], needs[j - 1], how) > kc; j--)
			needs[j] = needs[j - 1];
		needs[j] = c;
	}
}
