/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "route/travel.h"

#include <math.h>
#include <stdlib.h>

#include "route/leg.h"

static struct leg_pt point(const struct rt_problem *p, int32_t place)
{
	return leg_pt_of(p->metric, &p->places[place]);
}

static const struct rt_leg_fix *fix_of(const struct rt_problem *p, int32_t a, int32_t b)
{
	int32_t lo = 0, hi = p->n_leg_fixes;

	if (a > b) {
		int32_t t = a;

		a = b;
		b = t;
	}
	while (lo < hi) {
		int32_t mid = lo + (hi - lo) / 2;
		const struct rt_leg_fix *f = &p->leg_fixes[mid];

		if (f->a == a && f->b == b)
			return f;
		if (f->a < a || (f->a == a && f->b < b))
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

int32_t rt_leg_both(const struct rt_problem *p, int32_t profile, int32_t a, int32_t b, bool b_is_stop,
	int32_t *metres)
{
	const struct rt_leg_fix *fix = p->n_leg_fixes ? fix_of(p, a, b) : NULL;
	const struct rt_profile *f;
	struct leg_pt pa, pb;
	struct leg_rule rule;
	double road;

	if (fix) {
		*metres = fix->metres;
		return fix->seconds;
	}
	pa = point(p, a);
	pb = point(p, b);
	rule = leg_rule_of(p, profile);
	if (p->metric != RT_GEO)
		return *metres = leg_seconds(&rule, &pa, &pb, b_is_stop);
	f = &p->profiles[profile];
	road = (pa.area ? f->road_rural : f->road_urban) + (pb.area ? f->road_rural : f->road_urban);
	*metres = (int32_t)(leg_straight(&pa, &pb) * road / 2000 + 0.5);
	return leg_seconds(&rule, &pa, &pb, b_is_stop);
}

int32_t rt_leg(const struct rt_problem *p, int32_t profile, int32_t a, int32_t b, bool b_is_stop)
{
	int32_t metres;

	return rt_leg_both(p, profile, a, b, b_is_stop, &metres);
}

int32_t rt_leg_metres(const struct rt_problem *p, int32_t profile, int32_t a, int32_t b)
{
	int32_t metres;

	rt_leg_both(p, profile, a, b, true, &metres);
	return metres;
}

struct leg_pt leg_pt_of(uint8_t metric, const struct rt_place *pl)
{
	const double k = 0.111194927;
	struct leg_pt pt = {.x = pl->x, .y = pl->y, .half_cos = 0.5, .area = pl->area};

	if (metric == RT_GEO) {
		pt.x *= k;
		pt.y *= k;
		pt.half_cos = cos(pl->y * 1e-6 * (3.14159265358979323846 / 180)) / 2;
	}
	return pt;
}

struct leg_rule leg_rule_of(const struct rt_problem *p, int32_t profile)
{
	struct leg_rule r = {.metric = p->metric, .scale = p->scale > 1 ? p->scale : 1};

	if (p->metric == RT_GEO) {
		const struct rt_profile *f = &p->profiles[profile];
		double urban = (double)f->road_urban / f->mps_urban;
		double rural = (double)f->road_rural / f->mps_rural;

		r.pace[0] = urban;
		r.pace[1] = (urban + rural) / 2;
		r.pace[2] = rural;
		r.lost = f->lost;
		r.walk_max = f->walk_max;
		if (f->walk_max > 0)
			r.walk_pace = (double)f->walk_road / f->walk_mps;
		r.walk_lost = f->walk_lost;
	}
	return r;
}
