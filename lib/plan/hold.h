/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_PLAN_HOLD_H
#define BP_PLAN_HOLD_H
/* What a run of the optimiser leaves as it stands: what is pinned, and, where only some outlets may change, all others. */
#include "plan/optimize.h"

/* Is the outlet in the list, sorted? */
bool plan_listed(const int64_t *sorted, size_t n, int64_t outlet);

/* Apply the model's pins and `only` to its problem, whose given plan is filled. What the request leaves out stays out. */
void plan_hold(struct plan_model *m);

/* How many needs, pinned to their person or days alone, a solution leaves out or visits less: limits leave them no room, as where those
 * were broken by hand. One that is pinned to both is never left out. */
int plan_pins_unheld(const struct plan_model *m, const struct rt_solution *s);

/* Given tours that are held but break a limit, or lie where their person is off: a planner made them so, and the solver would refuse them.
 * How many there are. */
int plan_tours_beyond(const struct plan_model *m);

struct plan_aside {
	struct rt_problem whole; /* the problem as it was */
	struct rt_visit *visits;
	int32_t n;
	int32_t *of_need;        /* how many of these a need has */
};

/* Take such tours out of the problem; nobody else is called on by them then. Memory is the model's arena's. */
void plan_set_aside(struct plan_model *m, struct plan_aside *aside);

/* Restore the problem and add what was set aside to its solution (NULL: there is none), with lists, costs and hash as of the whole. */
enum bp_error plan_put_back(struct plan_model *m, const struct plan_aside *aside, struct rt_solution *s, struct bp_fail *f);

#endif
