/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Units in one piece: what an outlet holds together, and what to do with what does not hang together. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "design/engine.h"

#define REACH_MOST 4000 /* outlets looked at before it is called unknown whether a unit would break */

/* One breadth-first search from each neighbour of the outlet, in turns. */
struct wave {
	int32_t first, at, last; /* queue through e->next[]; at: the next to look round from, DESIGN_NONE = at its end */
	int32_t set;             /* waves that met have one root */
};

static int32_t root(const struct wave *w, int32_t s)
{
	while (w[s].set != s)
		s = w[s].set;
	return s;
}

static int32_t start_waves(struct engine *e, int32_t i, struct wave *w)
{
	int64_t base = ++e->calls * NEIGHBOURS_MOST;
	int32_t n = 0;

	for (int32_t at = e->g->off[i]; at < e->g->off[i + 1]; at++) {
		int32_t j = e->g->to[at];

		if (e->unit[j] != e->unit[i])
			continue;
		if (n == NEIGHBOURS_MOST)
			return DESIGN_NONE;
		e->reached[j] = base + n;
		e->next[j] = DESIGN_NONE;
		w[n] = (struct wave){j, j, j, n};
		n++;
	}
	return n;
}

/* Wave s looks round from its next outlet.  Returns how many sets of waves became one with its own. */
static int32_t spread(struct engine *e, int32_t i, struct wave *w, int32_t s, int32_t *seen)
{
	int64_t base = e->calls * NEIGHBOURS_MOST;
	int32_t from = w[s].at, met = 0;

	for (int32_t at = e->g->off[from]; at < e->g->off[from + 1]; at++) {
		int32_t j = e->g->to[at];

		if (j == i || e->unit[j] != e->unit[i])
			continue;
		if (e->reached[j] < base) {
			e->reached[j] = base + s;
			e->next[j] = DESIGN_NONE;
			e->next[w[s].last] = j;
			w[s].last = j;
			(*seen)++;
		} else {
			int32_t other = root(w, (int32_t)(e->reached[j] - base)), own = root(w, s);

			if (other != own) {
				w[other].set = own;
				met++;
			}
		}
	}
	w[s].at = e->next[from];
	return met;
}

/* How many sets still go on; *one is the last of them. */
static int32_t alive(const struct wave *w, int32_t n, int32_t *one)
{
	uint64_t sets = 0;

	*one = DESIGN_NONE;
	for (int32_t s = 0; s < n; s++)
		if (w[s].at >= 0) {
			*one = root(w, s);
			sets |= (uint64_t)1 << *one;
		}
	return __builtin_popcountll(sets);
}

/* All sets but the main one are cut off. */
static void list_piece(struct engine *e, const struct wave *w, int32_t n, int32_t main_set)
{
	for (int32_t s = 0; s < n; s++)
		for (int32_t j = w[s].first; root(w, s) != main_set && j >= 0; j = e->next[j])
			e->piece[e->n_piece++] = j;
}

/* When all came to their end, the set of most outlets is the main one. */
static int32_t largest(const struct engine *e, const struct wave *w, int32_t n)
{
	int32_t count[NEIGHBOURS_MOST] = {0}, best = root(w, 0);

	for (int32_t s = 0; s < n; s++)
		for (int32_t j = w[s].first; j >= 0; j = e->next[j])
			count[root(w, s)]++;
	for (int32_t s = 0; s < n; s++)
		if (count[s] > count[best])
			best = s;
	return best;
}

bool en_severed(struct engine *e, int32_t i)
{
	struct wave w[NEIGHBOURS_MOST];
	int32_t n = start_waves(e, i, w), sets = n, seen = n, main_set;

	e->n_piece = 0;
	if (n <= 1)
		return n >= 0;
	while (alive(w, n, &main_set) > 1) {
		for (int32_t s = 0; s < n; s++) {
			if (w[s].at >= 0)
				sets -= spread(e, i, w, s, &seen);
			if (sets == 1)
				return true;
		}
		if (seen > REACH_MOST)
			return false;
	}
	list_piece(e, w, n, main_set >= 0 ? main_set : largest(e, w, n));
	return true;
}

struct part {
	int32_t first, n; /* outlets in order[] */
	double work;
	bool loose;
};

struct parts {
	struct part *v;
	int32_t n, cap, *order, *of; /* outlets part by part; part of each outlet */
};

static void find_parts(const struct engine *e, struct parts *t)
{
	int32_t n = e->p->n, end = 0;

	t->order = bp_xmalloc(sizeof(*t->order) * (size_t)n);
	t->of = bp_xmalloc(sizeof(*t->of) * (size_t)n);
	memset(t->of, 0xff, sizeof(*t->of) * (size_t)n);
	for (int32_t from = 0; from < n; from++) {
		struct part *now;
		int32_t at = end;

		if (t->of[from] >= 0)
			continue;
		if (t->n == t->cap) {
			t->cap = t->cap ? 2 * t->cap : 256;
			t->v = bp_xrealloc(t->v, sizeof(*t->v) * (size_t)t->cap);
		}
		now = &t->v[t->n];
		*now = (struct part){end, 0, 0, true};
		t->of[from] = t->n;
		t->order[end++] = from;
		for (; at < end; at++) {
			int32_t i = t->order[at];

			now->work += e->p->work[i];
			for (int32_t k = e->g->off[i]; k < e->g->off[i + 1]; k++) {
				int32_t j = e->g->to[k];

				if (t->of[j] < 0 && e->unit[j] == e->unit[i]) {
					t->of[j] = t->n;
					t->order[end++] = j;
				}
			}
		}
		now->n = end - now->first;
		t->n++;
	}
}

/* The part with most work is the unit's own, and so is one with an outlet that may go nowhere else. */
static void keep_main(const struct engine *e, struct parts *t)
{
	const struct design_problem *p = e->p;
	int32_t *main_part = bp_xmalloc(sizeof(*main_part) * (size_t)p->k);

	memset(main_part, 0xff, sizeof(*main_part) * (size_t)p->k);
	for (int32_t c = 0; c < t->n; c++) {
		int32_t *best = &main_part[e->unit[t->order[t->v[c].first]]];

		if (*best < 0 || t->v[c].work > t->v[*best].work)
			*best = c;
	}
	for (int32_t u = 0; u < p->k; u++)
		if (main_part[u] >= 0)
			t->v[main_part[u]].loose = false;
	for (int32_t i = 0; p->allow && i < p->n; i++) {
		int32_t set = p->allow[i];

		if (set >= 0 && p->set_off[set + 1] - p->set_off[set] == 1)
			t->v[t->of[i]].loose = false;
	}
	free(main_part);
}

static bool all_may(const struct engine *e, const struct parts *t, const struct part *c, int32_t unit)
{
	for (int32_t at = c->first; e->p->allow && at < c->first + c->n; at++)
		if (!en_may(e->p, t->order[at], unit))
			return false;
	return true;
}

/* The unit with most links to a loose part that all its outlets may belong to; links[k] is zero before and after. */
static int32_t new_unit(const struct engine *e, const struct parts *t, const struct part *c, int32_t *links)
{
	int32_t best = DESIGN_NONE;

	for (int32_t pass = 0; pass < 2; pass++)
		for (int32_t at = c->first; at < c->first + c->n; at++)
			for (int32_t k = e->g->off[t->order[at]]; k < e->g->off[t->order[at] + 1]; k++) {
				int32_t j = e->g->to[k], u = e->unit[j];

				if (pass) {
					links[u] = 0;
				} else if (!t->v[t->of[j]].loose) {
					links[u]++;
					if (u != best && (best < 0 || links[u] > links[best]) && all_may(e, t, c, u))
						best = u;
				}
			}
	return best;
}

void en_connect(struct engine *e)
{
	struct parts t = {0};
	int32_t *links = bp_xcalloc((size_t)e->p->k, sizeof(*links));
	bool again = true;

	find_parts(e, &t);
	keep_main(e, &t);
	while (again) {
		again = false;
		for (int32_t c = 0; c < t.n; c++) {
			int32_t to = t.v[c].loose ? new_unit(e, &t, &t.v[c], links) : DESIGN_NONE;

			if (to < 0)
				continue;
			for (int32_t at = t.v[c].first; at < t.v[c].first + t.v[c].n; at++)
				en_move(e, t.order[at], to);
			t.v[c].loose = false;
			again = true;
		}
	}
	free(links);
	free(t.v);
	free(t.order);
	free(t.of);
}

/* The first unit that the outlet may belong to. */
static int32_t any_unit(const struct design_problem *p, int32_t i)
{
	int32_t set = p->allow ? p->allow[i] : DESIGN_NONE;

	return set < 0 ? 0 : p->set[p->set_off[set]];
}

/* Breadth first from all outlets that have a unit. */
static void adopt(struct engine *e)
{
	int32_t *queue = bp_xmalloc(sizeof(*queue) * (size_t)e->p->n), end = 0;

	for (int32_t i = 0; i < e->p->n; i++) {
		if (e->unit[i] >= 0 && !en_may(e->p, i, e->unit[i]))
			e->unit[i] = any_unit(e->p, i);
		if (e->unit[i] >= 0)
			queue[end++] = i;
	}
	for (int32_t at = 0; at < end; at++)
		for (int32_t k = e->g->off[queue[at]]; k < e->g->off[queue[at] + 1]; k++) {
			int32_t j = e->g->to[k], u = e->unit[queue[at]];

			if (e->unit[j] >= 0)
				continue;
			e->unit[j] = en_may(e->p, j, u) ? u : any_unit(e->p, j);
			queue[end++] = j;
		}
	free(queue);
}

/* The outlet that costs least where it is cut out of a unit with more than one. */
static int32_t seedling(struct engine *e, int32_t unit)
{
	int32_t best = DESIGN_NONE;
	double most = -INFINITY;

	for (int32_t i = 0; i < e->p->n; i++) {
		int32_t from = e->unit[i];
		double dx = e->p->xy[i].x - e->site[from].x, dy = e->p->xy[i].y - e->site[from].y;
		double gain = (e->load[from] / e->target[from]) * (dx * dx + dy * dy);

		if (e->size[from] < 2 || gain <= most || !en_may(e->p, i, unit) || !en_severed(e, i) || e->n_piece)
			continue;
		most = gain;
		best = i;
	}
	return best;
}

void en_fill(struct engine *e)
{
	adopt(e);
	en_count(e);
	en_centre(e);
	for (int32_t u = 0; u < e->p->k; u++) {
		int32_t i = e->size[u] ? DESIGN_NONE : seedling(e, u);

		if (i < 0)
			continue;
		en_move(e, i, u);
		if (!e->a->site)
			e->site[u] = e->p->xy[i];
	}
}
