/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * First plan of problems with one day and any vehicle: parallel savings (Clarke and
 * Wright 1964), of pairs of near needs only, so that it is O(n k log nk).  Each need
 * counts on its nearest start; chains that find no free vehicle are left to insertion.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "route/engine.h"

struct saving {
	int32_t gain, a, b;
};

struct chains {
	struct engine *e;
	int32_t *up;        /* union-find */
	int32_t *link;      /* [2 * need + side]: neighbours in the chain, or RT_NONE */
	int64_t *load, *dur; /* of each root: demand; inner legs and service */
	int32_t *calls;     /* of each root */
	int32_t *type;      /* nearest start of each need, as a route type */
};

static int by_gain(const void *x, const void *y)
{
	const struct saving *a = x, *b = y;

	if (a->gain != b->gain)
		return a->gain > b->gain ? -1 : 1;
	return a->a != b->a ? (a->a < b->a ? -1 : 1) : a->b < b->b ? -1 : a->b > b->b;
}

static int32_t root(int32_t *up, int32_t i)
{
	while (up[i] != i)
		i = up[i] = up[up[i]];
	return i;
}

static const struct en_route *route_of_type(const struct worker *w, int32_t type)
{
	return &w->e->routes[w->order[w->type_off[type]]];
}

static int32_t out_leg(const struct engine *e, const struct en_route *r, int32_t need)
{
	return r->start_pt < 0 ? 0 : en_leg(e, r->profile, r->start_pt, need, true);
}

static int32_t home_leg(const struct engine *e, const struct en_route *r, int32_t need)
{
	return r->end_pt < 0 ? 0 : en_leg(e, r->profile, need, r->end_pt, false);
}

static void nearest_types(const struct worker *w, struct chains *c)
{
	struct engine *e = w->e;

	for (int32_t i = 0; i < e->n_needs; i++) {
		int32_t best = INT32_MAX;

		c->type[i] = RT_NONE;
		for (int32_t t = 0; t < e->n_types; t++) {
			int32_t d;

			if (w->type_off[t] == w->type_off[t + 1] ||
				!en_seat_ok(e, &e->needs[i], route_of_type(w, t)->seat))
				continue;
			d = out_leg(e, route_of_type(w, t), i) + home_leg(e, route_of_type(w, t), i);
			if (d < best) {
				best = d;
				c->type[i] = t;
			}
		}
	}
}

static bool lists(const struct engine *e, int32_t of, int32_t what)
{
	for (int32_t k = 0; k < e->k; k++)
		if (e->near[(int64_t)of * e->k + k] == what)
			return true;
	return false;
}

static int64_t savings(const struct worker *w, const struct chains *c, struct saving *out)
{
	struct engine *e = w->e;
	int64_t n = 0;

	for (int32_t i = 0; i < e->n_needs; i++)
		for (int32_t k = 0; k < e->k; k++) {
			int32_t u = e->near[(int64_t)i * e->k + k];
			const struct en_route *r;

			if (u < 0 || c->type[i] < 0 || c->type[u] != c->type[i] ||
				(u < i && lists(e, u, i)))
				continue;
			r = route_of_type(w, c->type[i]);
			out[n++] = (struct saving){home_leg(e, r, i) + out_leg(e, r, u) -
							   en_leg(e, r->profile, i, u, true),
				i, u};
		}
	return n;
}

static void merge(const struct worker *w, struct chains *c, const struct saving *s)
{
	struct engine *e = w->e;
	const struct en_route *r = route_of_type(w, c->type[s->a]);
	int32_t ra = root(c->up, s->a), rb = root(c->up, s->b);
	int32_t sa = c->link[2 * s->a] < 0 ? 0 : 1, sb = c->link[2 * s->b] < 0 ? 0 : 1;
	int64_t dur;

	if (ra == rb || c->link[2 * s->a + sa] >= 0 || c->link[2 * s->b + sb] >= 0 ||
		c->load[ra] + c->load[rb] > r->cap || c->calls[ra] + c->calls[rb] > r->max_calls)
		return;
	dur = c->dur[ra] + c->dur[rb] + en_leg(e, r->profile, s->a, s->b, true);
	/* Exact only for the ends that stay; the farther of the two bounds it well enough: what
	 * does not fit in the end is taken out again by the loading below. */
	if (dur + out_leg(e, r, s->a) + home_leg(e, r, s->b) > r->max_dur)
		return;
	c->link[2 * s->a + sa] = s->b;
	c->link[2 * s->b + sb] = s->a;
	c->up[rb] = ra;
	c->load[ra] += c->load[rb];
	c->calls[ra] += c->calls[rb];
	c->dur[ra] = dur;
}

/* Lay the chain that begins at `first` into an unused route, as far as it fits. */
static void lay(struct worker *w, struct chains *c, int32_t first)
{
	struct engine *e = w->e;
	int32_t route = tour_unused(w, c->type[first]), at, before = RT_NONE;
	const struct en_route *r;

	if (route < 0)
		return;
	r = &e->routes[route];
	at = e->n_visits + route;
	for (int32_t i = first, next; i >= 0; before = i, i = next) {
		const struct en_need *n = &e->needs[i];
		int32_t in;

		next = c->link[2 * i] >= 0 && c->link[2 * i] != before ? c->link[2 * i]
								       : c->link[2 * i + 1];
		if (next == before)
			next = RT_NONE;
		in = en_is_visit(e, at) ? en_leg(e, r->profile, e->nodes[at].need, i, true)
					: out_leg(e, r, i);
		/* The other end of the chain may have been laid before. */
		if (n->mask || r->n >= r->max_calls || r->load + n->demand > r->cap ||
			r->dur - e->nodes[at].dnext + in + n->service + home_leg(e, r, i) > r->max_dur)
			continue;
		tour_insert(w, n->first, at, route);
		at = n->first;
		w->n_log = 0;
	}
}

void construct_savings(struct worker *w)
{
	struct engine *e = w->e;
	size_t n = (size_t)e->n_needs;
	struct saving *s = bp_xmalloc(sizeof(*s) * (n * (size_t)e->k + 1));
	struct chains c = {e, bp_xmalloc(sizeof(int32_t) * (n + 1)),
		bp_xmalloc(sizeof(int32_t) * (2 * n + 1)), bp_xmalloc(sizeof(int64_t) * (n + 1)),
		bp_xmalloc(sizeof(int64_t) * (n + 1)), bp_xmalloc(sizeof(int32_t) * (n + 1)),
		bp_xmalloc(sizeof(int32_t) * (n + 1))};
	int64_t m;

	for (int32_t i = 0; i < e->n_needs; i++) {
		c.up[i] = i;
		c.link[2 * i] = c.link[2 * i + 1] = RT_NONE;
		c.calls[i] = 1;
		c.load[i] = e->needs[i].demand;
		c.dur[i] = e->needs[i].service;
	}
	nearest_types(w, &c);
	m = savings(w, &c, s);
	qsort(s, (size_t)m, sizeof(*s), by_gain);
	for (int64_t i = 0; i < m && s[i].gain > 0; i++)
		merge(w, &c, &s[i]);
	for (int32_t i = 0; i < e->n_needs; i++)
		if (c.type[i] >= 0 && c.link[2 * i + 1] < 0 && !e->needs[i].mask &&
			(c.link[2 * i] < 0 || !e->needs[c.link[2 * i]].mask))
			lay(w, &c, i);
	free(s);
	free(c.up);
	free(c.link);
	free(c.load);
	free(c.dur);
	free(c.calls);
	free(c.type);
}
