/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_PLAN_ELSEWHERE_H
#define BP_PLAN_ELSEWHERE_H
/*
 * The time that people of a plan spend for other plans.  Each plan is made for itself; whoever holds seats of several has one day for
 * all of them, so a run of the optimiser leaves free what the others take: as they are in force, or as they stand in the drafts that
 * the same user has locked, as on one board.  It stands in the run record, by which the run can be repeated whatever becomes of them.
 * The way from one to the other is not counted, and work by hand is warned of only (on a board), never refused.
 */
#include "plan/model.h"

/* [[seat id, cycle day, seconds], ...] for a session's plan; cycles of other lengths count by the fullest of the dates that the visit
 * list covers. The caller owns *out, an empty array where nobody works for others. */
enum bp_error plan_elsewhere(struct bp_db *db, struct bp_arena *a, uint64_t session, json_t **out);

/* Have a run of the model leave it free. */
void plan_elsewhere_apply(struct plan_model *m, json_t *list);

/* What is left of the days, [seat * days + day] in the model's arena; NULL where nobody works for others. With a budget of changes a
 * day has room for what stands on it, whatever the others take: a run of few changes is not asked to clear it. */
int32_t *plan_elsewhere_left(struct plan_model *m);

/* Seconds of the days from today on that a tour of a cycle falls on; busy: PLAN_VISITS_DAYS of them. Pure. */
void plan_elsewhere_add(int32_t *busy, int64_t today, int64_t anchor, int days, int day, int32_t seconds);

#endif
