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

/* --- two areas --- */

struct pair {
	const struct geo_area *a, *b;
	struct geo_place low, high; /* of what the boxes around them share */
	int64_t margin, *budget;
};

static bool both_hold(const struct pair *t, int64_t x, int64_t y)
{
	*t->budget -= t->a->ring[t->a->n_rings] + t->b->ring[t->b->n_rings];
	return geo_area_holds(t->a, (struct geo_place){x, y}) && geo_area_holds(t->b, (struct geo_place){x, y});
}

/* It and what lies around it are in both. */
static bool deep(const struct pair *t, int64_t x, int64_t y)
{
	return both_hold(t, x, y) && both_hold(t, x - t->margin, y) && both_hold(t, x + t->margin, y) && both_hold(t, x, y - t->margin) &&
		both_hold(t, x, y + t->margin);
}

/* A corner of one in the midst of the other; places a margin around it, since at its own corner nothing is in the midst of the one. */
static bool corner_in(const struct pair *t, const struct geo_area *one, struct geo_place *at)
{
	for (int32_t i = 0; i < one->ring[one->n_rings] && *t->budget >= 0; i++) {
		struct geo_place p = one->corner[i];

		if (p.x < t->low.x || p.x > t->high.x || p.y < t->low.y || p.y > t->high.y)
			continue;
		for (int64_t dx = -2; dx <= 2; dx += 2)
			for (int64_t dy = -2; dy <= 2; dy += 2)
				if (deep(t, p.x + dx * t->margin, p.y + dy * t->margin)) {
					*at = (struct geo_place){p.x + dx * t->margin, p.y + dy * t->margin};
					return true;
				}
	}
	return false;
}

static int by_value(const void *p, const void *q)
{
	int64_t a = *(const int64_t *)p, b = *(const int64_t *)q;

	return (a > b) - (a < b);
}

/* Where a line of latitude passes the sides of both, from the west. */
static int32_t passes(const struct geo_area *a, int64_t y, int64_t *x)
{
	int32_t n = 0;

	for (int32_t r = 0; r < a->n_rings; r++)
		for (int32_t i = a->ring[r], j = a->ring[r + 1] - 1; i < a->ring[r + 1]; j = i++) {
			struct geo_place u = a->corner[i], v = a->corner[j];

			if ((u.y > y) != (v.y > y))
				x[n++] = u.x + (int64_t)((double)(v.x - u.x) * (double)(y - u.y) / (double)(v.y - u.y));
		}
	return n;
}

static bool line_in(const struct pair *t, int64_t y, int64_t *x, struct geo_place *at)
{
	int32_t n = passes(t->a, y, x);

	n += passes(t->b, y, x + n);
	*t->budget -= t->a->ring[t->a->n_rings] + t->b->ring[t->b->n_rings];
	qsort(x, (size_t)n, sizeof(*x), by_value);
	for (int32_t i = 1; i < n && *t->budget >= 0; i++)
		if (x[i] - x[i - 1] > 2 * t->margin && deep(t, (x[i] + x[i - 1]) / 2, y)) {
			*at = (struct geo_place){(x[i] + x[i - 1]) / 2, y};
			return true;
		}
	return false;
}

enum geo_crossing geo_areas_overlap(const struct geo_area *a, const struct geo_area *b, int64_t margin, int64_t *budget, struct geo_place *at)
{
	enum { LINES = 100 };
	struct pair t = {a, b, {a->low.x > b->low.x ? a->low.x : b->low.x, a->low.y > b->low.y ? a->low.y : b->low.y},
		{a->high.x < b->high.x ? a->high.x : b->high.x, a->high.y < b->high.y ? a->high.y : b->high.y}, margin, budget};
	int64_t *x;
	bool found;

	if (t.high.x - t.low.x <= margin || t.high.y - t.low.y <= margin)
		return GEO_NOWHERE;
	x = bp_xmalloc(sizeof(*x) * ((size_t)a->ring[a->n_rings] + (size_t)b->ring[b->n_rings] + 1));
	found = corner_in(&t, a, at) || corner_in(&t, b, at);
	for (int i = 0; i < LINES && !found && *budget >= 0; i++)
		found = line_in(&t, t.low.y + (t.high.y - t.low.y) * (2 * i + 1) / (2 * LINES), x, at);
	free(x);
	return found ? GEO_CROSSES : *budget < 0 ? GEO_TOO_MUCH : GEO_NOWHERE;
}
