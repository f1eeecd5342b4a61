/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_DAEMON_JOURNEY_CASE_H
#define BP_DAEMON_JOURNEY_CASE_H
/*
 * A seeded, country-like journey problem for benchmarks and tests: towns of Pareto size
 * (or real coordinates, resampled and jittered), walking quarters, distributors of very different size
 * each with its own representatives, three tiers with mixed frequencies, some appointment
 * windows and closed weekdays, a cycle of four weeks.
 */
#include "base/arena.h"
#include "route/route.h"

struct journey_case {
	int32_t outlets, distributors;
	uint64_t seed;
	const char *places; /* CSV with longitude, latitude first; NULL: synthetic towns */
	double load;        /* share of the seats' time that the work should fill, e.g. 0.85 */
};

/* Fill *p; the arrays belong to the arena.  IMPORT_FORMAT when the places cannot be read. */
enum bp_error journey_case_make(const struct journey_case *c, struct rt_problem *p,
	struct bp_arena *arena, struct bp_fail *f);

#endif
