/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_PLAN_MAKEUP_H
#define BP_PLAN_MAKEUP_H
/*
 * What becomes of the visits of a holiday.  The standing plan and its anchor stay; the visit list leaves the day out, and, as the
 * planning parameters say,
 *   SKIP     they are not made;
 *   MAKE_UP  each is made by the same person, after the other visits, on the nearest of the two days after and before on which nothing is
 *            broken by it: hours, calls, windows, closed days, least days between visits.  One that fits nowhere is left out;
 *   SLIDE    the person's days of that week, from the holiday on, are each worked one working day later; the last one is left out, and
 *            so is a visit whose outlet is closed on the later day.
 * Where only a place within the territory has a holiday the person works that day elsewhere, so that no week is pushed on: by either rule the
 * visits there are made up.
 */
#include "plan/model.h"

enum { PLAN_HOLIDAY_SKIP, PLAN_HOLIDAY_MAKE_UP, PLAN_HOLIDAY_SLIDE };

/* The list of a version as it is to be unfolded. */
struct plan_list {
	int64_t plan, version, territory, anchor;
	int days; /* of the cycle */
};

/* Takes all that was moved back, from today or from the day on which the version holds; *days: whose they were. */
enum bp_error plan_makeup_undo(struct bp_db *db, struct bp_arena *a, const struct plan_list *l, int64_t from, struct q_makeup_days **days, size_t *n);
/* Moves what is to be moved, in a list that leaves holidays out. */
enum bp_error plan_makeup_do(struct bp_db *db, struct bp_arena *a, const struct plan_list *l, int64_t from);
/* The same where nobody need wait for it long; of a large unit - more outlets than `unit_most` - a job does it soon, and until then the list
 * leaves holidays out. */
enum bp_error plan_makeup_soon(struct bp_db *db, struct bp_arena *a, const struct plan_list *l, int64_t from);

#endif
