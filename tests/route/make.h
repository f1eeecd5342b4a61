/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_TESTS_ROUTE_MAKE_H
#define BP_TESTS_ROUTE_MAKE_H
/* Small problems for tests: a town of outlets round one point, seats that start there. */
#include "base/arena.h"
#include "route/route.h"

struct town {
	struct rt_problem p;
	struct bp_arena arena;
	uint64_t rng;
};

/* weeks of five days; outlets within about 3 km; F1, six minutes each; seats of 400 minutes. */
void town_init(struct town *t, int32_t needs, int32_t seats, int32_t weeks, uint64_t seed);
/* Anything that the model knows, at random: tiers, windows, closed days, lists of seats, pins,
 * values, given plan, planar or not, one seat per need or any. */
void town_random(struct town *t, uint64_t seed);
/* Take a plan as the given one. */
void town_give(struct town *t, const struct rt_solution *s);
void town_release(struct town *t);
int32_t town_draw(struct town *t, int32_t below);

#endif
