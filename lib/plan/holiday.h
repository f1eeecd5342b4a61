/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_PLAN_HOLIDAY_H
#define BP_PLAN_HOLIDAY_H
/*
 * Days on which nobody of a territory visits.  A holiday holds for its territory and everything beneath it, so that a town's takes
 * only its own outlets out of the plan of the unit around it.  The standing plan stays as it is; the visit lists that are unfolded
 * from it leave the day out.  The past never changes.
 */
#include "db/db.h"

/* Who wants it, as jobs name them. */
struct plan_asker {
	uint64_t user;
	const char *correlation;
};

/* Have the visit list of a plan made anew soon, by a job; one that waits will see this change too. In a transaction. */
enum bp_error plan_list_request(struct bp_db *db, struct bp_arena *a, const struct plan_asker *by, int64_t plan, int64_t territory);

/* Put a holiday on `day` (days since 1970) of a territory, or give it another name; the visit lists that it concerns follow by jobs, one a
 * plan. In a transaction. */
enum bp_error plan_holiday_put(struct bp_db *db, struct bp_arena *a, const struct plan_asker *by, uint64_t territory, int64_t day, const char *name);
/* Take it back; visits come back as the committed plans have them. NOT_FOUND when there is none. In a transaction. */
enum bp_error plan_holiday_drop(struct bp_db *db, struct bp_arena *a, const struct plan_asker *by, uint64_t territory, int64_t day);
/* The planning parameters say something else of what becomes of their visits. In a transaction. */
enum bp_error plan_holiday_rule_changed(struct bp_db *db, struct bp_arena *a, const struct plan_asker *by, uint64_t territory);

/* A plan stands until another takes its place: have the lists made longer of which less than fifteen weeks are left. In a transaction. */
enum bp_error plan_lists_lengthen(struct bp_db *db, struct bp_arena *a);

/* Make the visit list of a plan, from today on, say what its version, its holidays and their rule say, and visit the outlets that are its own: what such a job does. In a
 * transaction. */
enum bp_error plan_holiday_renew(struct bp_db *db, struct bp_arena *a, uint64_t plan);

#endif
