/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/outline.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "geo/delaunay.h"
#include "geo/net.h"

#define GRID 0.1        /* metres: what the triangulation rounds to */
#define USUAL 0.97      /* of the steps from point to point are no longer than a usual gap */
#define REACH 5.0       /* usual gaps: longer sides of the rim are taken away */
#define FAR 3.0         /* reaches: across longer ones the outlines fall apart */

struct triangle {
	int32_t v[3];    /* counter-clockwise */
	int32_t to[3];   /* triangle across from v[i], -1 = none */
	int32_t edge[3]; /* number of the edge across from v[i] */
	bool gone;
};

struct edge {
	double length;
	int32_t a, b;
};

struct work {
	const struct geo_xy *xy;
	const int32_t *unit;
	int32_t n;
	struct triangle *t;
	int32_t n_t, cap_t, n_edges;
	struct edge *edge; /* of the triangulation */
	int32_t n_edge;
	double reach;
	double *room;   /* by point: how near its nearest edge or neighbour is */
	int32_t *first; /* by point: the first one on its place */
	int32_t *rim;   /* by point: sides of the rim at it */
	struct geo_piece *piece;
	int32_t n_pieces, cap_pieces;
};

static double between(struct geo_xy a, struct geo_xy b)
{
	return hypot(a.x - b.x, a.y - b.y);
}

static double from_line(struct geo_xy p, struct geo_xy a, struct geo_xy b)
{
	double l = between(a, b);

	return l > 0 ? fabs((b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x)) / l : between(p, a);
}

/* --- the triangulation --- */

static void add_triangle(struct work *w, int32_t a, int32_t b, int32_t c)
{
	if (w->n_t == w->cap_t) {
		w->cap_t = w->cap_t ? 2 * w->cap_t : 1024;
		w->t = bp_xrealloc(w->t, sizeof(*w->t) * (size_t)w->cap_t);
	}
	w->t[w->n_t++] = (struct triangle){{a, b, c}, {-1, -1, -1}, {0, 0, 0}, false};
}

/* a < b: each triangle is taken at the edge of its two lowest corners.  Points on one place are one. */
static void on_edge(void *ctx, int32_t a, int32_t b, int32_t left, int32_t right)
{
	struct work *w = ctx;
	double l = between(w->xy[a], w->xy[b]);

	if (l < 2 * GRID && left < 0 && right < 0) {
		w->first[b] = w->first[a];
		w->room[b] = 0;
		return;
	}
	a = w->first[a];
	w->room[a] = fmin(w->room[a], l);
	w->room[b] = fmin(w->room[b], l);
	w->edge[w->n_edge++] = (struct edge){l, a, b};
	if (left > b)
		add_triangle(w, a, b, left);
	if (right > b)
		add_triangle(w, b, a, right);
}

struct side {
	int32_t lo, hi, t, i;
};

static int by_ends(const void *a, const void *b)
{
	const struct side *p = a, *q = b;

	return p->lo != q->lo ? (p->lo < q->lo ? -1 : 1) : p->hi != q->hi ? (p->hi < q->hi ? -1 : 1) : p->t < q->t ? -1 : 1;
}

static void join_triangles(struct work *w)
{
	size_t n = 3 * (size_t)w->n_t;
	struct side *s = bp_xmalloc(sizeof(*s) * (n + 1));

	for (int32_t t = 0; t < w->n_t; t++)
		for (int i = 0; i < 3; i++) {
			int32_t a = w->t[t].v[(i + 1) % 3], b = w->t[t].v[(i + 2) % 3], p = w->t[t].v[i];

			s[3 * (size_t)t + (size_t)i] = (struct side){a < b ? a : b, a < b ? b : a, t, i};
			w->room[p] = fmin(w->room[p], from_line(w->xy[p], w->xy[a], w->xy[b]));
		}
	qsort(s, n, sizeof(*s), by_ends);
	for (size_t at = 0; at < n; at++) {
		bool again = at && s[at].lo == s[at - 1].lo && s[at].hi == s[at - 1].hi;

		w->n_edges += !again;
		w->t[s[at].t].edge[s[at].i] = w->n_edges - 1;
		if (again) {
			w->t[s[at].t].to[s[at].i] = s[at - 1].t;
			w->t[s[at - 1].t].to[s[at - 1].i] = s[at].t;
		}
	}
	free(s);
}

static int by_length(const void *a, const void *b)
{
	const struct edge *p = a, *q = b;

	return p->length < q->length ? -1 : p->length > q->length ? 1 : p->a != q->a ? (p->a < q->a ? -1 : 1) : p->b < q->b ? -1 : p->b > q->b;
}

static int32_t root(int32_t *up, int32_t i)
{
	while (up[i] != i)
		i = up[i] = up[up[i]];
	return i;
}

/* Of the steps that join all points with the least way (Kruskal 1956): villages lie apart, but few steps lead from one to the next. */
static double usual_gap(struct work *w)
{
	int32_t *up = bp_xmalloc(sizeof(*up) * ((size_t)w->n + 1)), n = 0;
	double gap;

	for (int32_t i = 0; i < w->n; i++)
		up[i] = i;
	qsort(w->edge, (size_t)w->n_edge, sizeof(*w->edge), by_length);
	for (int32_t i = 0; i < w->n_edge; i++) {
		int32_t a = root(up, w->edge[i].a), b = root(up, w->edge[i].b);

		if (a == b)
			continue;
		up[a] = b;
		w->edge[n++] = w->edge[i];
	}
	gap = n ? w->edge[(int32_t)(USUAL * (n - 1))].length : 0;
	free(up);
	return gap;
}

/* --- from the rim inwards --- */

/* A side of the rim, the longest first. */
struct rim_side {
	double length;
	int32_t t, i;
};

struct rim_heap {
	struct rim_side *v;
	int32_t n;
};

static bool before(struct rim_side a, struct rim_side b)
{
	return a.length != b.length ? a.length > b.length : a.t != b.t ? a.t < b.t : a.i < b.i;
}

static void push(struct rim_heap *h, struct rim_side s)
{
	int32_t at = h->n++;

	for (; at && before(s, h->v[(at - 1) / 2]); at = (at - 1) / 2)
		h->v[at] = h->v[(at - 1) / 2];
	h->v[at] = s;
}

static struct rim_side pop(struct rim_heap *h)
{
	struct rim_side top = h->v[0], last = h->v[--h->n];
	int32_t at = 0;

	for (int32_t c; (c = 2 * at + 1) < h->n; at = c) {
		if (c + 1 < h->n && before(h->v[c + 1], h->v[c]))
			c++;
		if (!before(h->v[c], last))
			break;
		h->v[at] = h->v[c];
	}
	h->v[at] = last;
	return top;
}

static void to_rim(struct work *w, struct rim_heap *h, int32_t t, int i, int by)
{
	int32_t a = w->t[t].v[(i + 1) % 3], b = w->t[t].v[(i + 2) % 3];

	w->rim[a] += by;
	w->rim[b] += by;
	if (by > 0)
		push(h, (struct rim_side){between(w->xy[a], w->xy[b]), t, i});
}

static int side_to(const struct triangle *t, int32_t other)
{
	return t->to[0] == other ? 0 : t->to[1] == other ? 1 : 2;
}

static void erode(struct work *w)
{
	struct rim_heap h = {bp_xmalloc(sizeof(*h.v) * (3 * (size_t)w->n_t + 1)), 0};

	for (int32_t t = 0; t < w->n_t; t++)
		for (int i = 0; i < 3; i++)
			if (w->t[t].to[i] < 0)
				to_rim(w, &h, t, i, 1);
	while (h.n && h.v[0].length > w->reach) {
		struct rim_side s = pop(&h);
		struct triangle *t = &w->t[s.t];

		if (t->gone || (w->rim[t->v[s.i]] && s.length <= FAR * w->reach))
			continue;
		t->gone = true;
		for (int i = 0; i < 3; i++) {
			int32_t o = t->to[i];

			if (o < 0) {
				to_rim(w, &h, s.t, i, -1);
			} else {
				int j = side_to(&w->t[o], s.t);

				w->t[o].to[j] = -1;
				to_rim(w, &h, o, j, 1);
			}
		}
	}
	free(h.v);
}

/* --- pieces of border --- */

/* Corners of borders: points, then middles of edges, then middles of triangles. */
static int32_t middle_of_edge(const struct work *w, int32_t edge)
{
	return w->n + edge;
}

static int32_t middle_of_triangle(const struct work *w, int32_t t)
{
	return w->n + w->n_edges + t;
}

static void add_piece(struct work *w, int32_t from, int32_t to, int32_t left, int32_t right)
{
	if (w->n_pieces == w->cap_pieces) {
		w->cap_pieces = w->cap_pieces ? 2 * w->cap_pieces : 1024;
		w->piece = bp_xrealloc(w->piece, sizeof(*w->piece) * (size_t)w->cap_pieces);
	}
	w->piece[w->n_pieces++] = (struct geo_piece){from, to, left, right};
}

static void split_triangle(struct work *w, int32_t at)
{
	const struct triangle *t = &w->t[at];
	int32_t u[3] = {w->unit[t->v[0]], w->unit[t->v[1]], w->unit[t->v[2]]};
	int32_t m[3] = {middle_of_edge(w, t->edge[0]), middle_of_edge(w, t->edge[1]), middle_of_edge(w, t->edge[2])};

	if (u[0] != u[1] && u[1] != u[2] && u[2] != u[0]) {
		for (int i = 0; i < 3; i++) /* from the middle between i and i + 1, i on the left */
			add_piece(w, m[(i + 2) % 3], middle_of_triangle(w, at), u[i], u[(i + 1) % 3]);
		return;
	}
	for (int i = 0; i < 3; i++) /* i is alone */
		if (u[i] != u[(i + 1) % 3] && u[i] != u[(i + 2) % 3])
			add_piece(w, m[(i + 2) % 3], m[(i + 1) % 3], u[i], u[(i + 1) % 3]);
}

static void rim_pieces(struct work *w, const struct triangle *t)
{
	for (int i = 0; i < 3; i++) {
		int32_t a = t->v[(i + 1) % 3], b = t->v[(i + 2) % 3], m = middle_of_edge(w, t->edge[i]);

		if (t->to[i] >= 0)
			continue;
		if (w->unit[a] == w->unit[b]) {
			add_piece(w, a, b, w->unit[a], GEO_OUTSIDE);
		} else {
			add_piece(w, a, m, w->unit[a], GEO_OUTSIDE);
			add_piece(w, m, b, w->unit[b], GEO_OUTSIDE);
		}
	}
}

/* --- together --- */

#define LONELY 6 /* corners around a point that no triangle is left at */

/* Points that stand alone: a small ring of their own, well within what is free around them. */
static void ring_alone(struct work *w, struct geo_xy *corner, int32_t first, const bool *alone)
{
	int32_t at = first;

	for (int32_t p = 0; p < w->n; p++) {
		double r = fmin(0.3 * w->room[p], w->reach / 16);

		if (!alone[p] || !(r > 0))
			continue;
		for (int i = 0; i < LONELY; i++) {
			corner[at + i] = (struct geo_xy){w->xy[p].x + r * cos(i * M_PI / 3), w->xy[p].y + r * sin(i * M_PI / 3)};
			add_piece(w, at + i, at + (i + 1) % LONELY, w->unit[p], GEO_OUTSIDE);
		}
		at += LONELY;
	}
}

static struct geo_xy *corners_of(struct work *w, int32_t *n)
{
	int32_t fixed = w->n + w->n_edges + w->n_t, lonely = 0;
	bool *alone = bp_xmalloc((size_t)w->n + 1);
	struct geo_xy *c;

	memset(alone, true, (size_t)w->n + 1);
	for (int32_t t = 0; t < w->n_t; t++)
		for (int i = 0; i < 3 && !w->t[t].gone; i++)
			alone[w->t[t].v[i]] = false;
	for (int32_t p = 0; p < w->n; p++)
		lonely += alone[p];
	*n = fixed + LONELY * lonely;
	c = bp_xmalloc(sizeof(*c) * ((size_t)*n + 1));
	if (w->n)
		memcpy(c, w->xy, sizeof(*c) * (size_t)w->n);
	for (int32_t t = 0; t < w->n_t; t++) {
		struct geo_xy p = w->xy[w->t[t].v[0]], q = w->xy[w->t[t].v[1]], r = w->xy[w->t[t].v[2]];
		struct geo_xy v[3] = {p, q, r};

		for (int i = 0; i < 3; i++) {
			struct geo_xy a = v[(i + 1) % 3], b = v[(i + 2) % 3];

			c[middle_of_edge(w, w->t[t].edge[i])] = (struct geo_xy){(a.x + b.x) / 2, (a.y + b.y) / 2};
		}
		c[middle_of_triangle(w, t)] = (struct geo_xy){(p.x + q.x + r.x) / 3, (p.y + q.y + r.y) / 3};
	}
	ring_alone(w, c, fixed, alone);
	free(alone);
	return c;
}

static int by_units(const void *a, const void *b)
{
	const struct geo_border *p = a, *q = b;

	return p->a != q->a ? (p->a < q->a ? -1 : 1) : p->b < q->b ? -1 : p->b > q->b;
}

static void add_border(struct geo_outlines *out, int32_t *n, int32_t a, int32_t b, double metres)
{
	out->border[(*n)++] = (struct geo_border){a < b ? a : b, a < b ? b : a, metres};
}

/* What they share, and who only look at each other across a gap. */
static void sum_borders(const struct work *w, const struct geo_xy *c, struct geo_outlines *out)
{
	int32_t n = 0;

	out->border = bp_xmalloc(sizeof(*out->border) * ((size_t)w->n_pieces + 3 * (size_t)w->n_t + 1));
	for (int32_t i = 0; i < w->n_pieces; i++) {
		const struct geo_piece *p = &w->piece[i];

		if (p->right != GEO_OUTSIDE)
			add_border(out, &n, p->left, p->right, between(c[p->from], c[p->to]));
	}
	for (int32_t t = 0; t < w->n_t; t++)
		for (int i = 0; i < 3 && w->t[t].gone; i++) {
			int32_t a = w->t[t].v[i], b = w->t[t].v[(i + 1) % 3];

			if (w->unit[a] != w->unit[b] && between(w->xy[a], w->xy[b]) < FAR * w->reach)
				add_border(out, &n, w->unit[a], w->unit[b], 0);
		}
	qsort(out->border, (size_t)n, sizeof(*out->border), by_units);
	for (int32_t i = 0; i < n; i++) {
		struct geo_border *last = out->n_borders ? &out->border[out->n_borders - 1] : NULL;

		if (last && last->a == out->border[i].a && last->b == out->border[i].b)
			last->metres += out->border[i].metres;
		else
			out->border[out->n_borders++] = out->border[i];
	}
}

void geo_outline(const struct geo_xy *xy, const int32_t *unit, int32_t n, double tolerance, struct geo_outlines *out)
{
	struct work w = {.xy = xy, .unit = unit, .n = n};
	struct geo_xy *corner;
	int32_t n_corners;

	*out = (struct geo_outlines){0};
	w.room = bp_xmalloc(sizeof(*w.room) * ((size_t)n + 1));
	w.rim = bp_xcalloc((size_t)n + 1, sizeof(*w.rim));
	w.edge = bp_xmalloc(sizeof(*w.edge) * (4 * (size_t)n + 8));
	w.first = bp_xmalloc(sizeof(*w.first) * ((size_t)n + 1));
	for (int32_t i = 0; i < n; i++) {
		w.room[i] = 1e9;
		w.first[i] = i;
	}
	geo_delaunay(xy, n, GRID, on_edge, &w);
	join_triangles(&w);
	w.reach = REACH * usual_gap(&w);
	if (!(w.reach > 0))
		w.reach = 1000; /* one point */
	erode(&w);
	for (int32_t t = 0; t < w.n_t; t++)
		if (!w.t[t].gone) {
			split_triangle(&w, t);
			rim_pieces(&w, &w.t[t]);
		}
	corner = corners_of(&w, &n_corners);
	sum_borders(&w, corner, out);
	geo_net_rings(&(struct geo_net){corner, n_corners, w.n_pieces, w.piece}, tolerance, out);
	free(corner);
	free(w.room);
	free(w.first);
	free(w.rim);
	free(w.edge);
	free(w.t);
	free(w.piece);
}

void geo_outlines_release(struct geo_outlines *o)
{
	free(o->ring);
	free(o->xy);
	free(o->border);
	*o = (struct geo_outlines){0};
}
