/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/polygon.h"

#include <stdlib.h>

#include "base/arena.h"

void geo_area_span(struct geo_area *a)
{
	a->low = (struct geo_place){INT64_MAX, INT64_MAX};
	a->high = (struct geo_place){INT64_MIN, INT64_MIN};
	for (int32_t i = 0; i < a->ring[a->n_rings]; i++) {
		struct geo_place p = a->corner[i];

		a->low = (struct geo_place){p.x < a->low.x ? p.x : a->low.x, p.y < a->low.y ? p.y : a->low.y};
		a->high = (struct geo_place){p.x > a->high.x ? p.x : a->high.x, p.y > a->high.y ? p.y : a->high.y};
	}
}

/* > 0 when a, b, c turn left. */
static int64_t turn(struct geo_place a, struct geo_place b, struct geo_place c)
{
	return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

bool geo_area_holds(const struct geo_area *a, struct geo_place p)
{
	bool in = false;

	if (p.x < a->low.x || p.x > a->high.x || p.y < a->low.y || p.y > a->high.y)
		return false;
	for (int32_t r = 0; r < a->n_rings; r++)
		for (int32_t i = a->ring[r], j = a->ring[r + 1] - 1; i < a->ring[r + 1]; j = i++) {
			struct geo_place u = a->corner[i], v = a->corner[j];

			/* From the lower end to the upper one: p lies left of it. */
			if ((u.y > p.y) != (v.y > p.y))
				in ^= u.y < v.y ? turn(u, v, p) > 0 : turn(v, u, p) > 0;
		}
	return in;
}

/* A side, its end with the smaller x first. */
struct side {
	struct geo_place a, b;
};

static int by_x(const void *p, const void *q)
{
	const struct side *s = p, *t = q;

	return s->a.x != t->a.x ? (s->a.x < t->a.x ? -1 : 1) : s->a.y < t->a.y ? -1 : s->a.y > t->a.y;
}

static int sign(int64_t v)
{
	return (v > 0) - (v < 0);
}

/* Cross in the midst of both; sides that only touch do not. */
static bool cross(const struct side *s, const struct side *t)
{
	return sign(turn(s->a, s->b, t->a)) * sign(turn(s->a, s->b, t->b)) < 0 && sign(turn(t->a, t->b, s->a)) * sign(turn(t->a, t->b, s->b)) < 0;
}

enum geo_crossing geo_area_crosses(const struct geo_area *a, int64_t budget, struct geo_place *at)
{
	int32_t n = 0;
	struct side *s = bp_xmalloc(sizeof(*s) * ((size_t)a->ring[a->n_rings] + 1));
	enum geo_crossing found = GEO_NOWHERE;

	for (int32_t r = 0; r < a->n_rings; r++)
		for (int32_t i = a->ring[r], j = a->ring[r + 1] - 1; i < a->ring[r + 1]; j = i++) {
			struct geo_place u = a->corner[i], v = a->corner[j];

			s[n++] = u.x < v.x ? (struct side){u, v} : (struct side){v, u};
		}
	qsort(s, (size_t)n, sizeof(*s), by_x);
	for (int32_t i = 0; i < n && !found; i++)
		for (int32_t k = i + 1; k < n && s[k].a.x < s[i].b.x && !found; k++) {
			if (!budget--)
				found = GEO_TOO_MUCH;
			else if (cross(&s[i], &s[k]))
				found = GEO_CROSSES;
			if (found)
				*at = s[k].a;
		}
	free(s);
	return found;
}
