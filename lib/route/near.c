/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which needs are near which, and the order of needs in memory: near ones lie
 * together.  Seats that share no needs make components of their own.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "geo/kdtree.h"
#include "route/engine.h"

#define RANKED 5        /* times as many near needs are looked at where time counts as well */
#define MOST_RANKED 400 /* and never more than that; also the most neighbours */

static int32_t comp_of(const struct engine *e, int32_t need)
{
	const struct rt_need *n = &e->p->needs[need];

	return n->seat_set < 0 ? 0 : e->seat_comp[e->p->seat_set[e->p->seat_set_off[n->seat_set]]];
}

struct plane {
	struct leg_pt *pt; /* per need of the problem */
	struct geo_xy *xy;
	int32_t *off;      /* placeable needs of each component: list[off[c]..] */
	int32_t *list;
};

static void plane_make(struct engine *e, struct plane *pl)
{
	const struct rt_problem *p = e->p;
	double half = 0;
	int32_t n = 0;

	pl->xy = bp_xcalloc((size_t)p->n_needs + 1, sizeof(*pl->xy));
	pl->pt = bp_xcalloc((size_t)p->n_needs + 1, sizeof(*pl->pt));
	pl->off = bp_xcalloc((size_t)e->n_comps + 2, sizeof(*pl->off));
	pl->list = bp_xcalloc((size_t)p->n_needs + 1, sizeof(*pl->list));
	for (int32_t i = 0; i < p->n_needs; i++) {
		if (!en_placeable(e, i))
			continue;
		pl->pt[i] = leg_pt_of(p->metric, &p->places[p->needs[i].place]);
		half += pl->pt[i].half_cos;
		n++;
		pl->off[comp_of(e, i) + 2]++;
	}
	for (int32_t c = 0; c < e->n_comps; c++)
		pl->off[c + 2] += pl->off[c + 1];
	for (int32_t i = 0; i < p->n_needs; i++) {
		if (!en_placeable(e, i))
			continue;
		pl->xy[i].x = pl->pt[i].x * (p->metric == RT_GEO ? 2 * half / n : 1);
		pl->xy[i].y = pl->pt[i].y;
		pl->list[pl->off[comp_of(e, i) + 1]++] = i;
	}
}

struct rank {
	int64_t key;
	int32_t need;
};

static int by_rank(const void *a, const void *b)
{
	const struct rank *x = a, *y = b;

	return x->key != y->key ? (x->key < y->key ? -1 : 1) : x->need < y->need ? -1 : 1;
}

/* Seconds from u to v with a fifth of the waiting and all the lateness that no timing between them avoids
 * (Vidal, Crainic, Gendreau and Prins 2013). */
static int64_t in_time(const struct rt_problem *p, const struct rt_need *u, const struct rt_need *v,
	int64_t leg)
{
	int64_t leave = u->service + leg, wait = 0, late = 0;

	if (u->n_windows && v->n_windows) {
		const struct rt_window *first = &p->windows[v->window];

		wait = first->from - p->windows[u->window + u->n_windows - 1].to - leave;
		late = p->windows[u->window].from + leave - first[v->n_windows - 1].to;
	}
	return leg + (wait > 0 ? wait / 5 : 0) + (late > 0 ? late : 0);
}

/* Put those first of the needs near to `need` that can follow or precede it soonest. */
static void rank_in_time(const struct engine *e, const struct plane *pl, int32_t need, int32_t *list, int32_t n)
{
	const struct rt_problem *p = e->p;
	struct rank r[MOST_RANKED];

	for (int32_t i = 0; i < n; i++) {
		const struct rt_need *u = &p->needs[need], *v = &p->needs[list[i]];
		int32_t leg = leg_seconds(&e->rules[0], &pl->pt[need], &pl->pt[list[i]], true);
		int64_t there = in_time(p, u, v, leg), back = in_time(p, v, u, leg);

		r[i] = (struct rank){there < back ? there : back, list[i]};
	}
	qsort(r, (size_t)n, sizeof(*r), by_rank);
	for (int32_t i = 0; i < n; i++)
		list[i] = r[i].need;
}

void near_order(struct engine *e)
{
	struct plane pl;
	int32_t *inner = bp_xmalloc(sizeof(*inner) * ((size_t)e->p->n_needs + 1)), at = 0;

	/* Visits of one day that mostly have windows: near in space alone is not near. */
	bool in_time = rt_days(e->p) == 1 && 2 * (int64_t)e->p->n_windows >= e->p->n_needs;
	bool stop = false;
	int32_t most = in_time ? RANKED * e->k : e->k;

	most = most < MOST_RANKED ? most : MOST_RANKED;
	plane_make(e, &pl);
	e->near = bp_xmalloc(sizeof(*e->near) * ((size_t)e->n_needs * (size_t)e->k + 1));
	e->near_leg = bp_xmalloc(sizeof(*e->near_leg) * ((size_t)e->n_needs * (size_t)e->k + 1));
	for (int32_t c = 0; c < e->n_comps; c++) {
		struct geo_kdtree t;
		int32_t n = pl.off[c + 1] - pl.off[c], from = at;

		geo_kdtree_init(&t, pl.xy, pl.list + pl.off[c], n);
		for (int32_t i = 0; i < n; i++, at++) {
			e->ext[at] = t.perm[i];
			inner[t.perm[i]] = at;
			e->need_comp[at] = c;
		}
		for (int32_t i = from; i < at; i++) {
			int32_t *near = &e->near[(int64_t)i * e->k], list[MOST_RANKED];
			int32_t got = stop ? 0 : geo_kdtree_nearest(&t, pl.xy[e->ext[i]], e->ext[i], most, list,
				NULL);

			/* Stopped before there is a plan: nothing will be asked of the rest. */
			stop = stop || (i % 256 == 0 && en_stop(e));
			if (in_time)
				rank_in_time(e, &pl, e->ext[i], list, got);
			got = got < e->k ? got : e->k;
			for (int32_t k = 0; k < got; k++)
				near[k] = inner[list[k]];
			for (int32_t k = got; k < e->k; k++)
				near[k] = RT_NONE;
		}
		geo_kdtree_release(&t);
	}
	free(pl.pt);
	free(pl.xy);
	free(pl.off);
	free(pl.list);
	free(inner);
}

void near_legs(struct engine *e)
{
	for (int32_t i = 0; i < e->n_needs && !en_stop(e); i++)
		for (int32_t k = 0; k < e->k; k++) {
			int32_t u = e->near[(int64_t)i * e->k + k];

			e->near_leg[(int64_t)i * e->k + k] =
				u < 0 ? INT32_MAX : en_leg(e, 0, i, u, true);
		}
}
