/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A large plan cut into parts: whole seats, or whole tours where any vehicle will do.  The cuts are a function of
 * the plan and the seed alone.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "route/engine.h"

#define PART_NEEDS 4000 /* needs in a part: large enough for the borders not to hurt, small enough for the cache */

struct centre {
	double x, y;
	int32_t n, id, part;
};

static int by_xy(const void *a, const void *b, bool x)
{
	const struct centre *p = a, *q = b;
	double u = x ? p->x : p->y, v = x ? q->x : q->y;

	return u < v ? -1 : u > v ? 1 : p->id < q->id ? -1 : 1;
}

static int by_x(const void *a, const void *b)
{
	return by_xy(a, b, true);
}

static int by_y(const void *a, const void *b)
{
	return by_xy(a, b, false);
}

/* Cut c[0..n-1] (seats or tours) into halves until none has more than PART_NEEDS; the share at which
 * is cut is drawn anew, so that borders lie elsewhere in each round. */
static void cut(struct centre *c, int32_t n, uint64_t *rng, int32_t *n_parts)
{
	double lo[2] = {1e300, 1e300}, hi[2] = {-1e300, -1e300};
	int64_t all = 0, at = 0;
	int32_t i, share;

	for (i = 0; i < n; i++) {
		all += c[i].n;
		lo[0] = c[i].x < lo[0] ? c[i].x : lo[0];
		hi[0] = c[i].x > hi[0] ? c[i].x : hi[0];
		lo[1] = c[i].y < lo[1] ? c[i].y : lo[1];
		hi[1] = c[i].y > hi[1] ? c[i].y : hi[1];
	}
	if (all <= PART_NEEDS || n < 2) {
		for (i = 0; i < n; i++)
			c[i].part = *n_parts;
		*n_parts += n > 0;
		return;
	}
	qsort(c, (size_t)n, sizeof(*c), hi[0] - lo[0] > hi[1] - lo[1] ? by_x : by_y);
	share = 35 + en_below(rng, 31);
	for (i = 0; i < n - 1 && at * 100 < all * share; i++)
		at += c[i].n;
	cut(c, i ? i : 1, rng, n_parts);
	cut(c + (i ? i : 1), n - (i ? i : 1), rng, n_parts);
}

/* Centres of the units that stay whole: seats (same_seat) or routes. */
static int32_t centres(const struct engine *e, struct centre *c, int32_t *unit_of_route)
{
	int32_t n = 0;

	for (int32_t r = 0; r < e->n_routes; r++) {
		const struct en_route *ro = &e->routes[r];
		int32_t s = e->n_visits + r;

		if (!e->same_seat || r == 0 || ro->seat != ro[-1].seat)
			c[n++] = (struct centre){0, 0, 0, r, 0};
		unit_of_route[r] = n - 1;
		for (int32_t v = e->nodes[s].next; v != s; v = e->nodes[v].next) {
			const struct leg_pt *p = &e->pt[e->nodes[v].need];

			c[n - 1].x += p->x * 2 * p->half_cos;
			c[n - 1].y += p->y;
			c[n - 1].n++;
		}
	}
	return n;
}

/* A need not served joins the part of its nearest served neighbour, or of its home seat. */
static int32_t adopt(const struct engine *e, int32_t need)
{
	const struct en_need *d = &e->needs[need];

	if (d->home >= 0)
		for (int32_t k = 0; k < e->days; k++) {
			int32_t r = e->route_of[(int64_t)d->home * e->days + k];

			if (r >= 0)
				return e->routes[r].part;
		}
	for (int32_t k = 0; k < e->k; k++) {
		int32_t u = e->near[(int64_t)need * e->k + k];

		if (u >= 0 && e->needs[u].mask)
			return e->need_part[u];
	}
	return 0;
}

/* Lists of what each part holds, so that its worker need not look at all. */
static void list_parts(struct engine *e)
{
	int32_t parts = e->n_parts;

	e->part_off = bp_xrealloc(e->part_off, sizeof(*e->part_off) * 2 * ((size_t)parts + 1));
	e->part_list = bp_xrealloc(e->part_list,
		sizeof(*e->part_list) * ((size_t)e->n_needs + (size_t)e->n_routes + 1));
	e->part_route_off = e->part_off + parts + 1;
	e->part_routes = e->part_list + e->n_needs;
	memset(e->part_off, 0, sizeof(*e->part_off) * 2 * ((size_t)parts + 1));
	for (int32_t i = 0; i < e->n_needs; i++)
		e->part_off[e->need_part[i] + 1]++;
	for (int32_t r = 0; r < e->n_routes; r++)
		e->part_route_off[e->routes[r].part + 1]++;
	for (int32_t i = 0; i < parts; i++) {
		e->part_off[i + 1] += e->part_off[i];
		e->part_route_off[i + 1] += e->part_route_off[i];
	}
	/* Filled behind their begins, which then stand one list too far. */
	for (int32_t i = 0; i < e->n_needs; i++)
		e->part_list[e->part_off[e->need_part[i]]++] = i;
	for (int32_t r = 0; r < e->n_routes; r++)
		e->part_routes[e->part_route_off[e->routes[r].part]++] = r;
	for (int32_t i = parts; i > 0; i--) {
		e->part_off[i] = e->part_off[i - 1];
		e->part_route_off[i] = e->part_route_off[i - 1];
	}
	e->part_off[0] = e->part_route_off[0] = 0;
}

void parts_make(struct engine *e, bool whole, uint64_t rng)
{
	struct centre *c = bp_xcalloc((size_t)e->n_routes + 1, sizeof(*c));
	int32_t *unit = bp_xcalloc((size_t)e->n_routes + 1, sizeof(*unit)), *part_of, n, used = 0;
	int32_t parts = 0;

	n = centres(e, c, unit);
	part_of = bp_xcalloc((size_t)n + 1, sizeof(*part_of));
	for (int32_t i = 0; i < n; i++)
		c[i].id = i;
	/* Empty units have no centre: they are dealt out in turn below. */
	for (int32_t i = 0; i < n; i++) {
		part_of[i] = RT_NONE;
		if (c[i].n) {
			struct centre t = c[i];

			t.x /= t.n;
			t.y /= t.n;
			c[used++] = t;
		}
	}
	if (whole) {
		parts = 1;
		memset(part_of, 0, sizeof(*part_of) * (size_t)n);
	} else {
		cut(c, used, &rng, &parts);
		if (parts == 0)
			parts = 1;
		for (int32_t i = 0; i < used; i++)
			part_of[c[i].id] = c[i].part;
		for (int32_t i = 0, at = 0; i < n; i++)
			if (part_of[i] < 0)
				part_of[i] = at++ % parts;
	}
	for (int32_t r = 0; r < e->n_routes; r++)
		e->routes[r].part = part_of[unit[r]];
	for (int32_t i = 0; i < e->n_needs; i++) {
		const struct en_need *d = &e->needs[i];

		for (int32_t v = d->first; d->mask && v < d->first + d->visits; v++)
			if (e->nodes[v].route >= 0)
				e->need_part[i] = e->routes[e->nodes[v].route].part;
	}
	for (int32_t i = 0; i < e->n_needs; i++)
		if (!e->needs[i].mask)
			e->need_part[i] = adopt(e, i);
	e->n_parts = parts;
	list_parts(e);
	free(c);
	free(unit);
	free(part_of);
}
