/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_PLAN_REVIEW_H
#define BP_PLAN_REVIEW_H
/*
 * How the work of a plan is shared among its seats: minutes, calls and value of a cycle; and what differs between two states of it.
 */
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

/* Changes that belong together: a need is one of them when its standing visits differ there. What is pinned is not among them: a draft
 * and each version tell their own pins. */
struct plan_diff_group {
	int64_t id, removed, added; /* id: of the outlet, seat, beat (0 = none), territory, or the cycle day; the others count visits */
	const char *code, *name;    /* NULL for a day, and for what is no longer there */
	struct bp_list needs, gone; /* int64_t; gone: those of them that have left the plan since */
};
extern const char *const plan_diff_bys[]; /* "outlet", "seat", "beat", "day", "territory" */
/* From a version, or (base 0) from the draft of a session, to a version; groups by id, in the arena. */
enum bp_error plan_diff(struct bp_db *db, struct bp_arena *a, const char *by, int64_t unit, int64_t base, int64_t session, int64_t version,
	struct plan_diff_group **groups, size_t *n);

#endif
