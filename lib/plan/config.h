/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_PLAN_CONFIG_H
#define BP_PLAN_CONFIG_H
/*
 * Parameters and holidays as people change them: with what they saw before, so that nobody undoes unseen what somebody else did, and
 * with the way back of each entry of the trail.  All of it in a transaction that ends with the audit event, whose action and changes
 * are noted here.
 */
#include "audit/audit.h"
#include "plan/holiday.h"
#include "plan/profile.h"

struct plan_config {
	uint64_t territory;
	struct plan_asker by;
	const char *channel;
	json_t *seen; /* what holds as the person saw it, by parameter or date, null = nothing of its own; NULL = not looked at */
};

/* As plan_profile_change. CONFLICT when something of `seen` is not so any more. */
enum bp_error plan_config_params(struct bp_db *db, struct bp_arena *a, const struct plan_config *c, json_t *set, struct bp_audit *au, json_t *errors,
	struct bp_fail *f);
/* As plan_holiday_put; as plan_holiday_drop where the name is NULL. */
enum bp_error plan_config_holiday(struct bp_db *db, struct bp_arena *a, const struct plan_config *c, int64_t day, const char *name, struct bp_audit *au,
	struct bp_fail *f);
/* Put back what held before an entry of the trail. Without `seen` what that entry set must hold still, else it is a CONFLICT.
 * NOT_FOUND when the entry is none of this territory and channel. */
enum bp_error plan_config_back(struct bp_db *db, struct bp_arena *a, const struct plan_config *c, int64_t entry, struct bp_audit *au, json_t *errors,
	struct bp_fail *f);
/* What holds now of what an entry changed, as `seen` has it. To be released. */
enum bp_error plan_config_now(struct bp_db *db, struct bp_arena *a, const struct plan_config *c, int64_t entry, json_t **now);

#endif
