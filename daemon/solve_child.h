/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_DAEMON_SOLVE_CHILD_H
#define BP_DAEMON_SOLVE_CHILD_H
/*
 * The solver in a child process with a memory limit, so that its crash ends nothing but this run.
 * Progress and the solution come back through a pipe, the wish to stop goes there through shared memory.
 *
 * When the solver ends abruptly and the plan is to be made from nothing, a second child makes the simple plan
 * (rt_fallback), marked as such; a plan that is to be changed little is never replaced by one that knows nothing
 * of it.
 */
#include "plan/optimize.h"

struct solve_child {
	long memory_mb;   /* what the child may use on top of what it shares */
	/* Called at least five times a second with the last progress (zeros before the first); what it returns
	 * decides: OK go on, CANCELLED stop and give the best plan, anything else end at once. */
	enum bp_error (*tick)(void *ctx, const struct rt_progress *now);
	void *ctx;
};

/* As plan_optimize_solve; *cancelled tells that the best plan so far was taken.  OPT_FAILED: the solver ended abruptly
 * and there is no simple plan. */
enum bp_error solve_child(const struct solve_child *c, struct plan_model *m, struct rt_solution *out, bool *cancelled,
	struct bp_fail *f);

#endif
