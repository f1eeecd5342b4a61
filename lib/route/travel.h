/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_ROUTE_TRAVEL_H
#define BP_ROUTE_TRAVEL_H
/*
 * How long a leg takes.  This is the only place that knows; solver, checker,
 * price of a manual change and (rewritten in JavaScript) the map use this formula:
 *
 *   RT_GEO, from place a to place b, profile f:
 *     k  = 0.111194927 metres per 1e-6 degree      (sphere of radius 6,371,008.8 m)
 *     dy = k * (b.y - a.y)
 *     dx = k * (b.x - a.x) * (cos(a.lat) + cos(b.lat)) / 2   (longitudes taken the short way)
 *     m  = sqrt(dx * dx + dy * dy)                  straight metres
 *     pace(area) = road[area] / mps[area]           seconds per metre: (permille/1000) / (mm/s / 1000)
 *     ride = m * (pace(a.area) + pace(b.area)) / 2 + (lost, when b is a stop)
 *     walk = m * walk_road / walk_mps + (walk_lost, when b is a stop),  only when m <= walk_max
 *     seconds = floor(min(ride, walk) + 0.5)
 *   "b is a stop": not the end place of the tour.  metres shown = floor(m * road factor mean + 0.5).
 *
 *   The projection is within 0.1 % of the great circle up to 200 km outside the polar circles.
 *   Planar: distance / scale rounded as the metric says; no lost seconds.
 *
 * A leg fix of the problem overrides seconds and metres of its pair (lost seconds are then part
 * of the given seconds).
 */
#include "route/problem.h"

/* Seconds from place a to place b (indices, both valid and with coordinates). */
int32_t rt_leg(const struct rt_problem *p, int32_t profile, int32_t a, int32_t b, bool b_is_stop);
/* Road metres of the same leg (planar: the leg itself). */
int32_t rt_leg_metres(const struct rt_problem *p, int32_t profile, int32_t a, int32_t b);

/* Both at once, for half the price. */
int32_t rt_leg_both(const struct rt_problem *p, int32_t profile, int32_t a, int32_t b, bool b_is_stop,
	int32_t *metres);

/* Net seconds of the seat on that day, 0 when it is off. */
int64_t rt_shift(const struct rt_problem *p, int32_t seat, int32_t day);
/* May this given visit stay where it is: coordinates, day, seat?  One that may not was changed by the rules,
 * not by the plan: it is neither counted against the budget of changes nor priced, nor can it be frozen. */
bool rt_given_stands(const struct rt_problem *p, const struct rt_given *g);
/* By how many visits is the fullest chain of these needs over what may be in one tour?  0: none is, or at a
 * price only. */
int32_t rt_chain_over(const struct rt_problem *p, const int32_t *needs, int32_t n);
/* That price, of all chains. */
int64_t rt_chain_crowded(const struct rt_problem *p, const int32_t *needs, int32_t n);
/* Is the seat in the need's list, with all its skills? */
bool rt_seat_allowed(const struct rt_problem *p, const struct rt_need *n, int32_t seat);

#endif
