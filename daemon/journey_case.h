/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_DAEMON_JOURNEY_CASE_H
#define BP_DAEMON_JOURNEY_CASE_H
/*
 * A seeded, country-like journey problem for benchmarks and tests: real places, resampled and jittered into
 * walking quarters and shrunk together so that the density is that of a country of small shops; distributors of
 * very different size, each with as many representatives as its work and their ways from home fill; three
 * tiers with mixed frequencies, some appointment windows and closed weekdays, a cycle of four weeks.
 */
#include "base/arena.h"
#include "route/route.h"

#define JOURNEY_PLACES "chain-places.csv" /* that come with the project, in conf/demo */

struct journey_case {
	int32_t outlets, distributors;
	uint64_t seed;
	const char *places; /* CSV with longitude, latitude first */
	double load;        /* share of the seats' time that work and ways from home should fill */
};

/* The path of the places that come with the project: of an installed program beside it, else of its sources.  It may
 * lie in buf, whose size is at least 256. */
const char *journey_case_places(char *buf, size_t size);

/* Fill *p; the arrays belong to the arena.  IMPORT_FORMAT when the places cannot be read. */
enum bp_error journey_case_make(const struct journey_case *c, struct rt_problem *p,
	struct bp_arena *arena, struct bp_fail *f);

#endif
