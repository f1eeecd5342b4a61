/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_PLAN_CLAIM_H
#define BP_PLAN_CLAIM_H
/*
 * Whose visit list has the visits of a need.  An outlet that goes to another unit is visited by the plan of the one where it was, until the
 * plan of the other that has it is in force: from that day on the visits are this one's, in every list and however often these are made anew.
 */
#include "plan/holiday.h"
#include "plan/visits.h"

/* A version comes into force: what it visits is the plan's own from a day on. *back: some of it was another's until now. */
enum bp_error plan_claim(struct bp_db *db, struct bp_arena *a, const struct plan_list *l, const char *channel, int64_t from, bool *back);

/* Outlets have moved: where one lies in a unit again that lost it, a job has the plan in force there visit it as before, from today on. */
enum bp_error plan_claim_back(struct bp_db *db, struct bp_arena *a, const struct plan_asker *by);

#endif
