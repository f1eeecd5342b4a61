/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/delaunay.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

#define GHOST (-1) /* the point at infinity: triangles with it lie outside of the hull */
#define ROUNDS 16

__extension__ typedef __int128 wide;

/* Corners counter-clockwise; to[i] is the triangle across from v[i]. */
struct triangle {
	int32_t v[3], to[3];
	bool gone;
};

struct mesh {
	int64_t *x, *y;          /* grid coordinates */
	struct triangle *t;
	int32_t n, cap, last;    /* triangles; where the next walk begins */
	int32_t *free_slots, n_free;
	int32_t *hole, n_hole;   /* triangles whose circle holds the new point */
	int32_t *starts;         /* by corner + 1: the new triangle whose outer edge starts there */
	int32_t *twin;           /* by point: the point on the same grid point, -1 = none */
};

/* > 0 when a, b, c turn left. */
static int64_t turn(const struct mesh *m, int32_t a, int32_t b, int32_t c)
{
	return (m->x[b] - m->x[a]) * (m->y[c] - m->y[a]) - (m->y[b] - m->y[a]) * (m->x[c] - m->x[a]);
}

/* Does p lie on the line a-b strictly between them?  It is known to lie on the line. */
static bool between(const struct mesh *m, int32_t a, int32_t b, int32_t p)
{
	return (m->x[p] - m->x[a]) * (m->x[b] - m->x[p]) + (m->y[p] - m->y[a]) * (m->y[b] - m->y[p]) > 0;
}

/* Is p within the circle through the corners?  A ghost's circle is the half-plane beyond its hull edge. */
static bool in_circle(const struct mesh *m, const struct triangle *t, int32_t p)
{
	wide lift[3], cross[3];

	for (int i = 0; i < 3; i++)
		if (t->v[i] == GHOST) {
			int32_t a = t->v[(i + 1) % 3], b = t->v[(i + 2) % 3];
			int64_t side = turn(m, a, b, p);

			return side > 0 || (side == 0 && between(m, a, b, p));
		}
	for (int i = 0; i < 3; i++) {
		int64_t dx = m->x[t->v[i]] - m->x[p], dy = m->y[t->v[i]] - m->y[p];
		int64_t ex = m->x[t->v[(i + 1) % 3]] - m->x[p], ey = m->y[t->v[(i + 1) % 3]] - m->y[p];

		lift[i] = (wide)dx * dx + (wide)dy * dy;
		cross[i] = (wide)dx * ey - (wide)dy * ex;
	}
	return lift[0] * cross[1] + lift[1] * cross[2] + lift[2] * cross[0] > 0;
}

static int32_t new_triangle(struct mesh *m, int32_t a, int32_t b, int32_t c)
{
	int32_t at = m->n_free ? m->free_slots[--m->n_free] : m->n++;

	m->t[at] = (struct triangle){{a, b, c}, {-1, -1, -1}, false};
	return at;
}

/* Walk towards p: the triangle that holds it, or the ghost beyond whose edge it lies. */
static int32_t locate(const struct mesh *m, int32_t p)
{
	int32_t at = m->last;

	for (int i = 0; i < 3; i++)
		if (m->t[at].v[i] == GHOST) {
			at = m->t[at].to[i];
			break;
		}
	for (;;) {
		const struct triangle *t = &m->t[at];
		int i;

		if (t->v[0] == GHOST || t->v[1] == GHOST || t->v[2] == GHOST)
			return at;
		for (i = 0; i < 3; i++)
			if (turn(m, t->v[(i + 1) % 3], t->v[(i + 2) % 3], p) < 0)
				break;
		if (i == 3)
			return at;
		at = t->to[i];
	}
}

static bool same(const struct mesh *m, int32_t a, int32_t b)
{
	return m->x[a] == m->x[b] && m->y[a] == m->y[b];
}

/* The triangles whose circle holds p hang together: from the first one outwards. */
static void dig(struct mesh *m, int32_t from, int32_t p)
{
	m->n_hole = 0;
	m->hole[m->n_hole++] = from;
	m->t[from].gone = true;
	for (int32_t at = 0; at < m->n_hole; at++)
		for (int i = 0; i < 3; i++) {
			int32_t to = m->t[m->hole[at]].to[i];

			if (m->t[to].gone || !in_circle(m, &m->t[to], p))
				continue;
			m->t[to].gone = true;
			m->hole[m->n_hole++] = to;
		}
}

/* Which side of `t` looks at `other`? */
static int side_of(const struct triangle *t, int32_t other)
{
	return t->to[0] == other ? 0 : t->to[1] == other ? 1 : 2;
}

/* A triangle from p to every edge round the hole. */
static void fill(struct mesh *m, int32_t p)
{
	int32_t made = 0, edges = 0;

	for (int32_t at = 0; at < m->n_hole; at++) {
		struct triangle old = m->t[m->hole[at]];

		for (int i = 0; i < 3; i++) {
			int32_t a = old.v[(i + 1) % 3], b = old.v[(i + 2) % 3], out = old.to[i], t;

			if (m->t[out].gone)
				continue;
			t = new_triangle(m, p, a, b);
			m->t[t].to[0] = out;
			m->t[out].to[side_of(&m->t[out], m->hole[at])] = t;
			m->starts[a + 1] = t;
			made = t;
			edges++;
		}
	}
	/* Each meets the one that starts where it ends. */
	for (int32_t i = 0, t = made; i < edges; i++) {
		int32_t next = m->starts[m->t[t].v[2] + 1];

		m->t[t].to[1] = next;
		m->t[next].to[2] = t;
		t = next;
	}
	for (int32_t at = 0; at < m->n_hole; at++)
		m->free_slots[m->n_free++] = m->hole[at];
	m->last = made;
}

static void insert(struct mesh *m, int32_t p)
{
	int32_t at = locate(m, p);

	for (int i = 0; i < 3; i++)
		if (m->t[at].v[i] != GHOST && same(m, m->t[at].v[i], p)) {
			m->twin[p] = m->t[at].v[i];
			return;
		}
	dig(m, at, p);
	fill(m, p);
}

/* Three points that turn left, with their ghosts around. */
static void begin(struct mesh *m, int32_t a, int32_t b, int32_t c)
{
	int32_t v[3] = {a, b, c}, t = new_triangle(m, a, b, c), g[3];

	for (int i = 0; i < 3; i++) /* across from v[i]: the edge seen from outside */
		g[i] = new_triangle(m, v[(i + 2) % 3], v[(i + 1) % 3], GHOST);
	for (int i = 0; i < 3; i++) {
		m->t[t].to[i] = g[i];
		m->t[g[i]].to[2] = t;
		m->t[g[i]].to[0] = g[(i + 2) % 3]; /* across from v[i + 2]: the edge from v[i + 1] to infinity */
		m->t[g[i]].to[1] = g[(i + 1) % 3];
	}
	m->last = t;
}

/* Points of one line: each is joined to the next. */
struct on_line {
	int64_t x, y;
	int32_t i;
};

static int along(const void *a, const void *b)
{
	const struct on_line *p = a, *q = b;

	return p->x != q->x ? (p->x < q->x ? -1 : 1) : p->y != q->y ? (p->y < q->y ? -1 : 1) : p->i < q->i ? -1 : 1;
}

static void join_line(const struct mesh *m, int32_t n, void (*edge)(void *, int32_t, int32_t, int32_t, int32_t), void *ctx)
{
	struct on_line *p = bp_xmalloc(sizeof(*p) * ((size_t)n + 1));

	for (int32_t i = 0; i < n; i++)
		p[i] = (struct on_line){m->x[i], m->y[i], i};
	qsort(p, (size_t)n, sizeof(*p), along);
	for (int32_t i = 1; i < n; i++)
		edge(ctx, p[i - 1].i, p[i].i, -1, -1);
	free(p);
}

static int round_of(int32_t i)
{
	uint32_t h = ((uint32_t)i + 1) * 2654435761u;

	h ^= h >> 15;
	h *= 2246822519u;
	h ^= h >> 13;
	h = h ? (uint32_t)__builtin_ctz(h) : ROUNDS;
	return h < ROUNDS ? (int)h : ROUNDS - 1;
}

static void insert_all(struct mesh *m, const struct geo_xy *xy, int32_t n, const int32_t corner[3])
{
	struct geo_kdtree order;

	geo_kdtree_init(&order, xy, NULL, n);
	for (int r = ROUNDS - 1; r >= 0; r--)
		for (int32_t at = 0; at < n; at++) {
			int32_t p = order.perm[at];

			if (round_of(p) == r && p != corner[0] && p != corner[1] && p != corner[2])
				insert(m, p);
		}
	geo_kdtree_release(&order);
}

static void give_edges(const struct mesh *m, int32_t n, void (*edge)(void *, int32_t, int32_t, int32_t, int32_t), void *ctx)
{
	for (int32_t at = 0; at < m->n; at++) {
		const struct triangle *t = &m->t[at];

		for (int i = 0; i < 3 && !t->gone; i++) {
			int32_t a = t->v[(i + 1) % 3], b = t->v[(i + 2) % 3];
			const struct triangle *u = &m->t[t->to[i]];

			if (a == GHOST || b == GHOST || a > b)
				continue;
			edge(ctx, a, b, t->v[i], u->v[side_of(u, at)]);
		}
	}
	for (int32_t i = 0; i < n; i++)
		if (m->twin[i] >= 0)
			edge(ctx, m->twin[i], i, -1, -1);
}

/* The first point, one elsewhere and one off their line; false: there are no such three. */
static bool find_corners(const struct mesh *m, int32_t n, int32_t corner[3])
{
	int32_t at = 1;

	corner[0] = 0;
	while (at < n && same(m, 0, at))
		at++;
	corner[1] = at;
	while (at < n && turn(m, 0, corner[1], at) == 0)
		at++;
	corner[2] = at;
	if (at >= n)
		return false;
	if (turn(m, corner[0], corner[1], corner[2]) < 0) {
		corner[1] = corner[2];
		corner[2] = 0;
		for (corner[2] = 1; same(m, 0, corner[2]); corner[2]++)
			;
	}
	return true;
}

void geo_delaunay(const struct geo_xy *xy, int32_t n, double grid,
	void (*edge)(void *ctx, int32_t a, int32_t b, int32_t left, int32_t right), void *ctx)
{
	size_t most = 2 * (size_t)n + 8;
	struct mesh m = {0};
	int32_t corner[3];

	m.x = bp_xmalloc(sizeof(*m.x) * ((size_t)n + 1));
	m.y = bp_xmalloc(sizeof(*m.y) * ((size_t)n + 1));
	m.twin = bp_xmalloc(sizeof(*m.twin) * ((size_t)n + 1));
	for (int32_t i = 0; i < n; i++) {
		m.x[i] = (int64_t)floor(xy[i].x / grid + 0.5);
		m.y[i] = (int64_t)floor(xy[i].y / grid + 0.5);
		m.twin[i] = -1;
	}
	if (!find_corners(&m, n, corner)) {
		join_line(&m, n, edge, ctx);
	} else {
		/* New triangles are made before those of the hole are given back. */
		m.t = bp_xmalloc(sizeof(*m.t) * 2 * most);
		m.free_slots = bp_xmalloc(sizeof(*m.free_slots) * 2 * most);
		m.hole = bp_xmalloc(sizeof(*m.hole) * most);
		m.starts = bp_xmalloc(sizeof(*m.starts) * ((size_t)n + 2));
		begin(&m, corner[0], corner[1], corner[2]);
		insert_all(&m, xy, n, corner);
		give_edges(&m, n, edge, ctx);
	}
	free(m.x);
	free(m.y);
	free(m.twin);
	free(m.t);
	free(m.free_slots);
	free(m.hole);
	free(m.starts);
}
