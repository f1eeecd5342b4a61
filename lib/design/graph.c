/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is whose neighbour. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "design/design.h"
#include "geo/delaunay.h"

#define NEAR 8
#define GRID 0.1 /* metres */
#define REACH (0.1 * (1 << 28))

struct link {
	int32_t a, b;
};

struct builder {
	struct geo_kdtree tree;
	const struct geo_xy *xy;
	int32_t n, *near;
	struct link *links;
	int32_t n_links, cap;
};

static void nearest(struct builder *b)
{
	for (int32_t i = 0; i < b->n; i++) {
		int32_t p = b->tree.perm[i], *out = b->near + (int64_t)p * NEAR;
		int32_t got = geo_kdtree_nearest(&b->tree, b->xy[p], p, NEAR, out, NULL);

		for (; got < NEAR; got++)
			out[got] = DESIGN_NONE;
	}
}

static bool lists(const struct builder *b, int32_t i, int32_t j)
{
	for (int32_t k = 0; k < NEAR; k++)
		if (b->near[(int64_t)i * NEAR + k] == j)
			return true;
	return false;
}

static void add_link(struct builder *b, struct link l)
{
	if (b->n_links == b->cap) {
		b->cap = b->cap ? 2 * b->cap : 64;
		b->links = bp_xrealloc(b->links, sizeof(*b->links) * (size_t)b->cap);
	}
	b->links[b->n_links++] = l;
}

/* Is the angle at c between a and b at most 120 degrees? */
static bool sees_both(const struct geo_xy *xy, int32_t c, int32_t a, int32_t b)
{
	double ax = xy[a].x - xy[c].x, ay = xy[a].y - xy[c].y, bx = xy[b].x - xy[c].x, by = xy[b].y - xy[c].y;
	double dot = ax * bx + ay * by;

	return dot >= 0 || dot * dot <= 0.25 * (ax * ax + ay * ay) * (bx * bx + by * by);
}

/* Of the Delaunay edges those stay that no third point comes between (beta skeleton of 120 degrees: Kirkpatrick and
 * Radke 1985): the long edges along the hull go, the shortest spanning tree, whose angles are at most 90, stays. */
static void keep_edge(void *ctx, int32_t a, int32_t b, int32_t left, int32_t right)
{
	struct builder *t = ctx;

	if ((left >= 0 && !sees_both(t->xy, left, a, b)) || (right >= 0 && !sees_both(t->xy, right, a, b)))
		return;
	if (!lists(t, a, b) && !lists(t, b, a))
		add_link(t, (struct link){a, b});
}

/* Give every edge to visit(): once, whichever end lists it. */
static void each_edge(const struct builder *b, void (*visit)(struct design_graph *, int32_t, int32_t),
	struct design_graph *g)
{
	for (int32_t i = 0; i < b->n; i++)
		for (int32_t k = 0; k < NEAR; k++) {
			int32_t j = b->near[(int64_t)i * NEAR + k];

			if (j >= 0 && (i < j || !lists(b, j, i)))
				visit(g, i, j);
		}
	for (int32_t l = 0; l < b->n_links; l++)
		visit(g, b->links[l].a, b->links[l].b);
}

static void count(struct design_graph *g, int32_t a, int32_t b)
{
	g->off[a + 1]++;
	g->off[b + 1]++;
}

/* off[i] is where the next neighbour of i goes, and ends where the list of i + 1 begins. */
static void store(struct design_graph *g, int32_t a, int32_t b)
{
	g->to[g->off[a]++] = b;
	g->to[g->off[b]++] = a;
}

static int ascending(const void *a, const void *b)
{
	int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;

	return x < y ? -1 : x > y;
}

static void build(const struct builder *b, struct design_graph *g)
{
	g->n = b->n;
	g->links = b->n_links;
	g->off = bp_xcalloc((size_t)b->n + 2, sizeof(*g->off));
	each_edge(b, count, g);
	for (int32_t i = 0; i < b->n; i++)
		g->off[i + 1] += g->off[i];
	g->to = bp_xmalloc(sizeof(*g->to) * ((size_t)g->off[b->n] + 1));
	each_edge(b, store, g);
	memmove(g->off + 1, g->off, sizeof(*g->off) * (size_t)b->n);
	g->off[0] = 0;
	for (int32_t i = 0; i < b->n; i++)
		qsort(g->to + g->off[i], (size_t)(g->off[i + 1] - g->off[i]), sizeof(*g->to), ascending);
}

enum bp_error design_graph_make(const struct geo_xy *xy, int32_t n, struct design_graph *g, struct bp_fail *f)
{
	struct builder b = {.xy = xy, .n = n};

	*g = (struct design_graph){0};
	if (n < 1 || n > DESIGN_OUTLETS_MOST)
		return bp_fail(f, BP_E_OPT_INPUT, "%d outlets: from 1 to %d can be designed at once", (int)n,
			DESIGN_OUTLETS_MOST);
	for (int32_t i = 0; i < n; i++)
		if (!(fabs(xy[i].x) < REACH && fabs(xy[i].y) < REACH))
			return bp_fail(f, BP_E_OPT_INPUT,
				"outlet %d: its coordinates are no place on earth; mend them or leave it out", (int)i + 1);
	b.near = bp_xmalloc(sizeof(*b.near) * NEAR * (size_t)n);
	geo_kdtree_init(&b.tree, xy, NULL, n);
	nearest(&b);
	geo_delaunay(xy, n, GRID, keep_edge, &b);
	build(&b, g);
	geo_kdtree_release(&b.tree);
	free(b.near);
	free(b.links);
	return BP_E_OK;
}

void design_graph_release(struct design_graph *g)
{
	free(g->off);
	free(g->to);
	*g = (struct design_graph){0};
}
