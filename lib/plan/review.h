/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_PLAN_REVIEW_H
#define BP_PLAN_REVIEW_H
/* How the work of a plan is shared among its seats: minutes, calls and value of a cycle. */
#include "plan/model.h"

/* Differences are percent of the mean of the seats that have work; a seat without any has none. */
struct plan_share {
	int64_t seat, calls, days, outlets;
	const char *code, *name, *person; /* person: NULL = vacant */
	double minutes, travel_minutes, overtime_minutes, km, value;
	double minutes_pct, calls_pct, value_pct;
};
struct plan_fairness {
	struct plan_share *seats; /* in the arena, by code */
	size_t n;
	/* The largest differences, and the means. */
	double worst_minutes_pct, worst_calls_pct, worst_value_pct, mean_minutes, mean_calls, mean_value;
};

/* Of the draft of a session, or (session 0) of a version. */
enum bp_error plan_fairness(struct bp_db *db, struct bp_arena *a, uint64_t plan, uint64_t session, uint64_t version,
	struct plan_fairness *out);
/* Means and differences from the figures of the seats. Pure. */
void plan_fairness_settle(struct plan_fairness *f);

#endif
