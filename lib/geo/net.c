/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/net.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

/* A line of pieces from junction to junction, or all round: corners at from..to of line.at. */
struct arc {
	int32_t from, to, left, right;
};

struct net {
	const struct geo_net *in;
	int32_t *off, *at;  /* pieces at each corner: as 2 x piece, + 1 where it ends there */
	bool *used;         /* by piece */
	int32_t *line, n_line; /* corners of all arcs, one after the other */
	struct arc *arc;
	int32_t n_arcs;
	bool *gone;         /* by place in line: left out */
	/* corners that are still there, in cells */
	double x0, y0, cell;
	int32_t cols, rows, *first, *next; /* next: by corner */
	bool *there;        /* by corner */
};

/* --- lines --- */

static void list_corners(struct net *m)
{
	const struct geo_net *in = m->in;

	m->off = bp_xcalloc((size_t)in->n_corners + 2, sizeof(*m->off));
	m->at = bp_xmalloc(sizeof(*m->at) * (2 * (size_t)in->n_pieces + 1));
	for (int32_t i = 0; i < in->n_pieces; i++) {
		m->off[in->piece[i].from + 2]++;
		m->off[in->piece[i].to + 2]++;
	}
	for (int32_t c = 2; c <= in->n_corners + 1; c++)
		m->off[c] += m->off[c - 1];
	for (int32_t i = 0; i < in->n_pieces; i++) {
		m->at[m->off[in->piece[i].from + 1]++] = 2 * i;
		m->at[m->off[in->piece[i].to + 1]++] = 2 * i + 1;
	}
}

static int32_t left_of(const struct net *m, int32_t way)
{
	const struct geo_piece *p = &m->in->piece[way / 2];

	return way & 1 ? p->right : p->left;
}

/* Where somebody arrives who goes a way from the corner where it is listed. */
static int32_t end_of(const struct net *m, int32_t way)
{
	const struct geo_piece *p = &m->in->piece[way / 2];

	return way & 1 ? p->from : p->to;
}

/* The way on from a corner that is no junction, -1 = it is one. */
static int32_t way_on(const struct net *m, int32_t corner, int32_t came)
{
	int32_t a = m->off[corner], other;

	if (m->off[corner + 1] - a != 2)
		return -1;
	other = m->at[a] == (came ^ 1) ? m->at[a + 1] : m->at[a];
	return left_of(m, other) == left_of(m, came) && left_of(m, other ^ 1) == left_of(m, came ^ 1) ? other : -1;
}

static void walk(struct net *m, int32_t corner, int32_t way)
{
	struct arc *a = &m->arc[m->n_arcs++];
	int32_t begin = corner;

	*a = (struct arc){m->n_line, 0, left_of(m, way), left_of(m, way ^ 1)};
	m->line[m->n_line++] = corner;
	while (way >= 0 && !m->used[way / 2]) {
		m->used[way / 2] = true;
		corner = end_of(m, way);
		m->line[m->n_line++] = corner;
		way = corner == begin ? -1 : way_on(m, corner, way);
	}
	a->to = m->n_line;
}

static bool junction(const struct net *m, int32_t corner)
{
	int32_t a = m->off[corner];

	return m->off[corner + 1] > a && way_on(m, corner, m->at[a] ^ 1) < 0;
}

static void draw_lines(struct net *m)
{
	size_t n = (size_t)m->in->n_pieces;

	m->used = bp_xcalloc(n + 1, sizeof(*m->used));
	m->line = bp_xmalloc(sizeof(*m->line) * (2 * n + 2));
	m->arc = bp_xmalloc(sizeof(*m->arc) * (n + 1));
	for (int32_t c = 0; c < m->in->n_corners; c++)
		for (int32_t i = m->off[c]; i < m->off[c + 1] && junction(m, c); i++)
			if (!m->used[m->at[i] / 2])
				walk(m, c, m->at[i]);
	for (int32_t i = 0; i < m->in->n_pieces; i++)
		if (!m->used[i])
			walk(m, m->in->piece[i].from, 2 * i);
	m->gone = bp_xcalloc((size_t)m->n_line + 1, sizeof(*m->gone));
}

/* --- what is left of them --- */

static int32_t cell_of(const struct net *m, double v, double from, int32_t most)
{
	int32_t c = (int32_t)((v - from) / m->cell);

	return c < 0 ? 0 : c >= most ? most - 1 : c;
}

static void sort_corners(struct net *m)
{
	const struct geo_xy *c = m->in->corner;
	double x1 = -INFINITY, y1 = -INFINITY;
	int32_t n = 0;

	m->there = bp_xcalloc((size_t)m->in->n_corners + 1, sizeof(*m->there));
	m->next = bp_xmalloc(sizeof(*m->next) * ((size_t)m->in->n_corners + 1));
	m->x0 = m->y0 = INFINITY;
	for (int32_t i = 0; i < m->n_line; i++) {
		int32_t p = m->line[i];

		n += !m->there[p];
		m->there[p] = true;
		m->x0 = fmin(m->x0, c[p].x);
		m->y0 = fmin(m->y0, c[p].y);
		x1 = fmax(x1, c[p].x);
		y1 = fmax(y1, c[p].y);
	}
	m->cell = fmax(1, sqrt(fmax(1, (x1 - m->x0) * (y1 - m->y0)) / (n + 1)));
	/* A long thin net has cells that are longer than it is wide. */
	m->cell = fmax(m->cell, fmax(x1 - m->x0, y1 - m->y0) / (n + 1));
	m->cols = (int32_t)((x1 - m->x0) / m->cell) + 1;
	m->rows = (int32_t)((y1 - m->y0) / m->cell) + 1;
	m->first = bp_xmalloc(sizeof(*m->first) * (size_t)m->cols * (size_t)m->rows);
	memset(m->first, -1, sizeof(*m->first) * (size_t)m->cols * (size_t)m->rows);
	for (int32_t p = 0; p < m->in->n_corners; p++) {
		int32_t *f;

		if (!m->there[p])
			continue;
		f = &m->first[cell_of(m, c[p].y, m->y0, m->rows) * m->cols + cell_of(m, c[p].x, m->x0, m->cols)];
		m->next[p] = *f;
		*f = p;
	}
}

static double turn(struct geo_xy a, struct geo_xy b, struct geo_xy c)
{
	return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

static bool inside(struct geo_xy a, struct geo_xy b, struct geo_xy c, struct geo_xy p)
{
	double u = turn(a, b, p), v = turn(b, c, p), w = turn(c, a, p);

	return (u >= 0 && v >= 0 && w >= 0) || (u <= 0 && v <= 0 && w <= 0);
}

/* Does another corner lie in the triangle, so that a border would come to lie on its other side? */
static bool in_the_way(const struct net *m, int32_t a, int32_t b, int32_t c)
{
	const struct geo_xy *v = m->in->corner;
	int32_t x0 = cell_of(m, fmin(v[a].x, fmin(v[b].x, v[c].x)), m->x0, m->cols);
	int32_t x1 = cell_of(m, fmax(v[a].x, fmax(v[b].x, v[c].x)), m->x0, m->cols);
	int32_t y0 = cell_of(m, fmin(v[a].y, fmin(v[b].y, v[c].y)), m->y0, m->rows);
	int32_t y1 = cell_of(m, fmax(v[a].y, fmax(v[b].y, v[c].y)), m->y0, m->rows);

	for (int32_t y = y0; y <= y1; y++)
		for (int32_t x = x0; x <= x1; x++)
			for (int32_t p = m->first[y * m->cols + x]; p >= 0; p = m->next[p])
				if (m->there[p] && p != a && p != b && p != c && inside(v[a], v[b], v[c], v[p]))
					return true;
	return false;
}

/* Corners of one line with the area of the triangle to their neighbours, the smallest first. */
struct bend {
	double area;
	int32_t at;
};

struct bends {
	struct bend *v;
	int32_t n;
	int32_t *back, *on; /* by place in line: neighbours that are left */
};

static bool smaller(struct bend a, struct bend b)
{
	return a.area != b.area ? a.area < b.area : a.at < b.at;
}

static void push(struct bends *h, struct bend b)
{
	int32_t at = h->n++;

	for (; at && smaller(b, h->v[(at - 1) / 2]); at = (at - 1) / 2)
		h->v[at] = h->v[(at - 1) / 2];
	h->v[at] = b;
}

static struct bend pop(struct bends *h)
{
	struct bend top = h->v[0], last = h->v[--h->n];
	int32_t at = 0;

	for (int32_t c; (c = 2 * at + 1) < h->n; at = c) {
		if (c + 1 < h->n && smaller(h->v[c + 1], h->v[c]))
			c++;
		if (!smaller(h->v[c], last))
			break;
		h->v[at] = h->v[c];
	}
	h->v[at] = last;
	return top;
}

static double area_at(const struct net *m, const struct bends *h, int32_t i)
{
	const struct geo_xy *v = m->in->corner;

	return fabs(turn(v[m->line[h->back[i]]], v[m->line[i]], v[m->line[h->on[i]]])) / 2;
}

static void simplify(struct net *m, const struct arc *a, double tolerance, struct bends *h)
{
	int32_t left = a->to - a->from, least = m->line[a->from] == m->line[a->to - 1] ? 4 : 3;

	h->n = 0;
	for (int32_t i = a->from; i < a->to; i++) {
		h->back[i] = i - 1;
		h->on[i] = i + 1;
	}
	for (int32_t i = a->from + 1; i < a->to - 1; i++)
		push(h, (struct bend){area_at(m, h, i), i});
	while (h->n && left > least && h->v[0].area < tolerance * tolerance) {
		struct bend b = pop(h);
		int32_t p = h->back[b.at], q = h->on[b.at];

		/* What changed since comes once more. */
		if (m->gone[b.at] || b.area != area_at(m, h, b.at) || in_the_way(m, m->line[p], m->line[b.at], m->line[q]))
			continue;
		m->gone[b.at] = true;
		m->there[m->line[b.at]] = false;
		left--;
		h->on[p] = q;
		h->back[q] = p;
		if (p > a->from)
			push(h, (struct bend){area_at(m, h, p), p});
		if (q < a->to - 1)
			push(h, (struct bend){area_at(m, h, q), q});
	}
}

static void simplify_all(struct net *m, double tolerance)
{
	size_t n = (size_t)m->n_line + 1;
	struct bends h = {bp_xmalloc(sizeof(*h.v) * 3 * n), 0, bp_xmalloc(sizeof(*h.back) * n), bp_xmalloc(sizeof(*h.on) * n)};

	sort_corners(m);
	for (int32_t i = 0; i < m->n_arcs; i++)
		simplify(m, &m->arc[i], tolerance, &h);
	free(h.v);
	free(h.back);
	free(h.on);
}

/* --- rings --- */

/* A line in the direction in which a unit lies on its left. */
struct leg {
	int32_t unit, start, arc;
	bool back, done;
};

static int by_unit(const void *a, const void *b)
{
	const struct leg *p = a, *q = b;

	return p->unit != q->unit ? (p->unit < q->unit ? -1 : 1) : p->start != q->start ? (p->start < q->start ? -1 : 1)
		: p->arc != q->arc ? (p->arc < q->arc ? -1 : 1) : p->back - q->back;
}

struct rings {
	struct net *m;
	struct geo_outlines *out;
	struct leg *leg;
	int32_t n, cap_xy, cap_rings;
};

/* The corner next to the start of a leg, or next to its end, of those that are not left out. */
static struct geo_xy corner_of(const struct net *m, const struct leg *l, bool end)
{
	const struct arc *a = &m->arc[l->arc];
	int32_t at = end != l->back ? a->to - 1 : a->from, step = end != l->back ? -1 : 1;

	do
		at += step;
	while (m->gone[at]);
	return m->in->corner[m->line[at]];
}

static int32_t end_corner(const struct net *m, const struct leg *l)
{
	const struct arc *a = &m->arc[l->arc];

	return m->line[l->back ? a->from : a->to - 1];
}

/* Of the legs of the unit that start where this one ends, the first one clockwise from it: so a ring never crosses itself. */
static struct leg *follow(struct rings *r, const struct leg *l)
{
	int32_t corner = end_corner(r->m, l), lo = 0, hi = r->n;
	struct geo_xy c = r->m->in->corner[corner], from = corner_of(r->m, l, true);
	double back = atan2(from.y - c.y, from.x - c.x), least = INFINITY;
	struct leg *best = NULL;

	while (lo < hi) {
		int32_t mid = (lo + hi) / 2;
		const struct leg *p = &r->leg[mid];

		if (p->unit < l->unit || (p->unit == l->unit && p->start < corner))
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < r->n && r->leg[lo].unit == l->unit && r->leg[lo].start == corner; lo++) {
		struct geo_xy to = corner_of(r->m, &r->leg[lo], false);
		double clockwise = fmod(back - atan2(to.y - c.y, to.x - c.x) + 4 * M_PI, 2 * M_PI);

		if (clockwise < 1e-12)
			clockwise = 2 * M_PI;
		if (clockwise < least) {
			least = clockwise;
			best = &r->leg[lo];
		}
	}
	return best;
}

static void add_leg(struct rings *r, const struct leg *l)
{
	const struct arc *a = &r->m->arc[l->arc];
	struct geo_outlines *o = r->out;

	if (o->n_xy + a->to - a->from > r->cap_xy) {
		r->cap_xy = 2 * (r->cap_xy + a->to - a->from);
		o->xy = bp_xrealloc(o->xy, sizeof(*o->xy) * (size_t)r->cap_xy);
	}
	for (int32_t i = 0; i < a->to - a->from - 1; i++) {
		int32_t at = l->back ? a->to - 1 - i : a->from + i;

		if (!r->m->gone[at])
			o->xy[o->n_xy++] = r->m->in->corner[r->m->line[at]];
	}
}

static void trace(struct rings *r, struct leg *l)
{
	struct geo_outlines *o = r->out;
	int32_t from = o->n_xy, unit = l->unit;

	for (; l && !l->done; l = follow(r, l)) {
		l->done = true;
		add_leg(r, l);
	}
	if (o->n_rings == r->cap_rings) {
		r->cap_rings = r->cap_rings ? 2 * r->cap_rings : 64;
		o->ring = bp_xrealloc(o->ring, sizeof(*o->ring) * (size_t)r->cap_rings);
	}
	o->ring[o->n_rings++] = (struct geo_ring){unit, from, o->n_xy, -1};
}

static void put_together(struct net *m, struct geo_outlines *out)
{
	struct rings r = {m, out, bp_xmalloc(sizeof(*r.leg) * (2 * (size_t)m->n_arcs + 1)), 0, 0, 0};

	for (int32_t i = 0; i < m->n_arcs; i++) {
		const struct arc *a = &m->arc[i];

		if (a->left != GEO_OUTSIDE)
			r.leg[r.n++] = (struct leg){a->left, m->line[a->from], i, false, false};
		if (a->right != GEO_OUTSIDE)
			r.leg[r.n++] = (struct leg){a->right, m->line[a->to - 1], i, true, false};
	}
	qsort(r.leg, (size_t)r.n, sizeof(*r.leg), by_unit);
	for (int32_t i = 0; i < r.n; i++)
		if (!r.leg[i].done)
			trace(&r, &r.leg[i]);
	free(r.leg);
}

/* --- holes --- */

static double area_of(const struct geo_outlines *o, const struct geo_ring *r)
{
	double twice = 0;

	for (int32_t i = r->from, j = r->to - 1; i < r->to; j = i++)
		twice += o->xy[j].x * o->xy[i].y - o->xy[i].x * o->xy[j].y;
	return twice / 2;
}

static bool holds(const struct geo_outlines *o, const struct geo_ring *r, struct geo_xy p)
{
	bool in = false;

	for (int32_t i = r->from, j = r->to - 1; i < r->to; j = i++) {
		struct geo_xy a = o->xy[i], b = o->xy[j];

		if ((a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x)
			in = !in;
	}
	return in;
}

/* Rings of a unit in a new order: each outer ring with its holes behind it. */
static void sort_holes(struct geo_outlines *o, int32_t from, int32_t to, struct geo_ring *sorted, int32_t *n)
{
	int32_t *outer = bp_xmalloc(sizeof(*outer) * (size_t)(to - from + 1));

	for (int32_t i = from; i < to; i++) {
		double least = INFINITY;

		outer[i - from] = -1;
		if (area_of(o, &o->ring[i]) > 0)
			continue;
		for (int32_t j = from; j < to; j++) {
			double area = area_of(o, &o->ring[j]);
			struct geo_xy p = o->xy[o->ring[i].from], q = o->xy[o->ring[i].from + 1];

			if (area > 0 && area < least && holds(o, &o->ring[j], (struct geo_xy){(p.x + q.x) / 2, (p.y + q.y) / 2})) {
				least = area;
				outer[i - from] = j;
			}
		}
	}
	for (int32_t j = from; j < to; j++) {
		int32_t at = *n;

		if (area_of(o, &o->ring[j]) <= 0)
			continue;
		sorted[(*n)++] = o->ring[j];
		for (int32_t i = from; i < to; i++)
			if (outer[i - from] == j) {
				sorted[*n] = o->ring[i];
				sorted[(*n)++].outer = at;
			}
	}
	free(outer);
}

void geo_net_rings(const struct geo_net *in, double tolerance, struct geo_outlines *out)
{
	struct net m = {.in = in};
	struct geo_ring *sorted;
	int32_t n = 0;

	list_corners(&m);
	draw_lines(&m);
	if (in->n_pieces)
		simplify_all(&m, tolerance);
	put_together(&m, out);
	sorted = bp_xmalloc(sizeof(*sorted) * ((size_t)out->n_rings + 1));
	for (int32_t i = 0, j; i < out->n_rings; i = j) {
		for (j = i; j < out->n_rings && out->ring[j].unit == out->ring[i].unit; j++)
			;
		sort_holes(out, i, j, sorted, &n);
	}
	free(out->ring);
	out->ring = sorted;
	out->n_rings = n;
	free(m.off);
	free(m.at);
	free(m.used);
	free(m.line);
	free(m.arc);
	free(m.gone);
	free(m.first);
	free(m.next);
	free(m.there);
}
