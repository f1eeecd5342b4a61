/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_ROUTE_LEG_H
#define BP_ROUTE_LEG_H
/*
 * The formula of travel.h in the form that the inner loops need: points with
 * their cosines, a profile boiled down to paces.  Private to this room.
 */
#include <math.h>

#include "route/problem.h"

struct leg_pt {
	double x, y;     /* metres along the meridian and the equator, or planar units */
	double half_cos; /* half the cosine of the latitude */
	int32_t area;
};

struct leg_rule {
	uint8_t metric;
	double scale;
	double pace[3]; /* seconds per straight metre: urban, mixed, rural */
	double lost, walk_max, walk_pace, walk_lost;
};

struct leg_pt leg_pt_of(uint8_t metric, const struct rt_place *pl);
struct leg_rule leg_rule_of(const struct rt_problem *p, int32_t profile);

static inline double leg_straight(const struct leg_pt *a, const struct leg_pt *b)
{
	const double half_turn = 0.111194927 * 180e6;
	double dx = fabs(b->x - a->x), dy = b->y - a->y;

	if (dx > half_turn)
		dx = 2 * half_turn - dx;
	dx *= a->half_cos + b->half_cos;
	return sqrt(dx * dx + dy * dy);
}

static inline int32_t leg_seconds(const struct leg_rule *r, const struct leg_pt *a,
	const struct leg_pt *b, bool b_is_stop)
{
	double m, s, w;

	if (r->metric != RT_GEO) {
		double dx = b->x - a->x, dy = b->y - a->y;

		m = sqrt(dx * dx + dy * dy);
		if (r->scale > 1)
			m /= r->scale;
		if (r->metric == RT_EUC_ROUND)
			return (int32_t)(m + 0.5);
		s = (double)(int32_t)m;
		return (int32_t)s + (r->metric == RT_EUC_UP && m > s);
	}
	m = leg_straight(a, b);
	s = m * r->pace[a->area + b->area] + (b_is_stop ? r->lost : 0);
	if (m <= r->walk_max) {
		w = m * r->walk_pace + (b_is_stop ? r->walk_lost : 0);
		if (w < s)
			s = w;
	}
	return (int32_t)(s + 0.5);
}

#endif
