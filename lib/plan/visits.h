/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_PLAN_VISITS_H
#define BP_PLAN_VISITS_H
/* The dated visit list of a plan, made of the version that is committed. Functions run inside the caller's transaction. */
#include "plan/version.h"

/* Make the visit list of a plan say what a version says from one date to another, without holidays, the dates on which chains
 * receive nobody, and those on which the person is away; `old` = the version of the same cycle that it says by now (0 = none). In a transaction. */
enum bp_error plan_visits_unfold(struct bp_db *db, int64_t plan, int64_t version, int64_t old, int64_t territory, int64_t anchor, int days, int64_t from,
	int64_t to);

/* Make all of a list say anew what its version says, from today, or from the day on which the version holds. In a transaction. */
struct plan_list;
enum bp_error plan_visits_renew(struct bp_db *db, struct bp_arena *a, const struct plan_list *l, int64_t effective);

/* Make the version the plan's current one from `effective` on: the visit list before that date stays as it is. Where there is such a list it
 * goes on until the cycle of the version begins. */
enum bp_error plan_version_commit(struct bp_db *db, struct bp_arena *a, uint64_t version, int64_t effective);
/* Lay the visits of a committed version from a day on anew, and put it in force; nothing of it may be in force. */
enum bp_error plan_version_again(struct bp_db *db, struct bp_arena *a, uint64_t version, int64_t from);

#endif
