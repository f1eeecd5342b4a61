/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_ROUTE_COMPACT_H
#define BP_ROUTE_COMPACT_H
/*
 * How compact a day is, as a cost: the moment of inertia of its calls (Weaver and Hess 1963), as its root.  For n
 * calls whose root mean square distance from their centre is R, n * R = sqrt(J) with J the sum of the
 * squared distances of all pairs, which sums of coordinates give as n * Q - X * X - Y * Y: a call comes or goes in
 * O(1).  The price is in seconds for one call one kilometre (rms) from the centre.
 *
 * Coordinates are integers, 1e-6 degrees from the start of the seat; longitudes are shrunk by its cosine
 * in 1/32768; both are cut off at 2^21 (233 km).  RT_GEO only: planar problems have no price.  Private to this
 * room.
 */
#include <math.h>

#include "route/travel.h"

#define COMPACT_MOST (1 << 21)

struct compact_frame {
	int32_t x0, y0, shrink; /* 0: no price */
};

struct compact_sums {
	int64_t n, x, y, q;
};

static inline struct compact_frame compact_frame_of(const struct rt_problem *p, int32_t price, int32_t seat)
{
	const struct rt_seat *s = &p->seats[seat];
	int32_t place = s->start >= 0 ? s->start : s->end;
	struct compact_frame f = {0, 0, 0};

	if (price <= 0 || p->metric != RT_GEO)
		return f;
	/* A seat that begins and ends anywhere: any outlet will do. */
	for (int32_t i = 0; (place < 0 || p->places[place].x == RT_NO_COORD) && i < p->n_needs; i++)
		place = p->needs[i].place;
	if (place < 0 || p->places[place].x == RT_NO_COORD)
		return f;
	f.x0 = p->places[place].x;
	f.y0 = p->places[place].y;
	f.shrink = (int32_t)(cos(f.y0 * 1e-6 * 0.017453292519943295) * 32768 + 0.5);
	f.shrink = f.shrink > 0 ? f.shrink : 1;
	return f;
}

static inline int64_t compact_cut(int64_t v)
{
	return v > COMPACT_MOST ? COMPACT_MOST : v < -COMPACT_MOST ? -COMPACT_MOST : v;
}

static inline void compact_xy(const struct compact_frame *f, int32_t lon, int32_t lat, int64_t *x, int64_t *y)
{
	int64_t dx = (int64_t)lon - f->x0;

	if (dx > 180000000)
		dx -= 360000000;
	if (dx < -180000000)
		dx += 360000000;
	*x = compact_cut(dx * f->shrink / 32768);
	*y = compact_cut((int64_t)lat - f->y0);
}

static inline void compact_add(struct compact_sums *s, const struct compact_frame *f, int32_t lon, int32_t lat,
	int32_t sign)
{
	int64_t x, y;

	compact_xy(f, lon, lat, &x, &y);
	s->n += sign;
	s->x += sign * x;
	s->y += sign * y;
	s->q += sign * (x * x + y * y);
}

/* Cost seconds of a day whose J is given. */
static inline int64_t compact_price(__int128 j, int32_t price)
{
	int64_t r = (int64_t)sqrt((double)j);

	/* Right to one: made exact. */
	while (r > 0 && (__int128)r * r > j)
		r--;
	while ((__int128)(r + 1) * (r + 1) <= j)
		r++;
	return r * 111195 / 1000000 * price / 1000;
}

static inline int64_t compact_cost(const struct compact_sums *s, int32_t price)
{
	if (s->n < 2)
		return 0;
	return compact_price((__int128)s->n * s->q - (__int128)s->x * s->x - (__int128)s->y * s->y, price);
}

#endif
