/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_TESTS_ROUTE_RUN_H
#define BP_TESTS_ROUTE_RUN_H
/* Solving a town within a test: after cmocka.h. */
#include <time.h>

#include "tests/route/make.h"

static inline struct rt_params params(int64_t iterations)
{
	struct rt_params a;

	rt_params_default(&a);
	a.iterations = iterations;
	return a;
}

/* The test fails in the solver's words when it refuses. */
static inline void solve(const struct town *t, const struct rt_params *a, struct rt_solution *s)
{
	struct bp_fail f = {0};

	rt_solution_init(s);
	if (rt_solve(&t->p, a, s, &f) != BP_E_OK)
		fail_msg("%s", f.detail);
}

static inline double wall(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

#endif
