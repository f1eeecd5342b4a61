/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_PLAN_CLASH_H
#define BP_PLAN_CLASH_H
/*
 * Limits that no plan can keep together, told before anything is solved: each clash names the parameters that stand against each
 * other, what is asked for and what they leave.  Necessary conditions only: without a clash a plan may still have to leave visits out.
 */
#include "plan/model.h"

enum plan_clash_kind {
	PLAN_CLASH_DAY_EMPTY,  /* minutes: breaks, meeting and legs take the whole shift */
	PLAN_CLASH_VISIT_LONG, /* minutes: one visit of the tier does not fit into a day */
	PLAN_CLASH_GAP,        /* visits in the cycle: working days and the least gap leave room for fewer */
	PLAN_CLASH_CALLS,      /* calls a day: at least more than at most */
	PLAN_CLASH_TIME,       /* minutes of the cycle: visits and stops ask for more than all seats have, travel not counted */
	PLAN_CLASH_CALLS_ALL,  /* calls of the cycle: more than all seats may make */
	PLAN_CLASH_IDLE,       /* seats that work on none of the working days */
	PLAN_CLASH_CHAIN_DAYS, /* visits of a store in the cycle: weekdays, hours and days between visits of its chain leave room for fewer */
	PLAN_CLASH_CHAIN_HOURS, /* stores of a chain: no shift meets the hours of so many, the length of the visit counted */
	PLAN_CLASH_CHAIN_MOST, /* visits of the cycle: more than all seats together may make at a chain */
	PLAN_CLASH_CHAIN_DATES, /* days of the next cycle on which a chain receives visitors: it is closed on all of them */
	PLAN_CLASH__MAX
};
extern const char *const plan_clash_kinds[PLAN_CLASH__MAX + 1]; /* names, ending with NULL */

enum { PLAN_CLASHES_MOST = 16, PLAN_CLASH_PARAMS = 6 };
struct plan_clash {
	enum plan_clash_kind kind;
	int tier; /* 1..3, 0 = of all */
	int64_t account; /* the chain, 0 = no chain is concerned */
	enum plan_param param[PLAN_CLASH_PARAMS];
	size_t n_params;
	double asked, left;
};

/* Those of the parameters alone, for a cycle of their weeks; returns how many. */
size_t plan_clashes_of_profile(const struct plan_profile *q, struct plan_clash out[PLAN_CLASHES_MOST]);
/* Those of the needs, seats and chains of a unit; returns how many. */
size_t plan_clashes_of_model(const struct plan_model *m, struct plan_clash out[PLAN_CLASHES_MOST]);

#endif
