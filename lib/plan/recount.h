/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_PLAN_RECOUNT_H
#define BP_PLAN_RECOUNT_H
/*
 * The sums of a plan - minutes and metres of each day, visits that are missing - are stored with every version and draft.  What shapes
 * them may change without a run: speeds, hours, service times, where a seat starts.  So each bears the reckoning that it was counted by,
 * a hash of all that; who shows sums tells when another one holds, and the worker counts them anew with the snapshot of the unit.
 * Versions of another cycle than today's stay as they are.
 */
#include "plan/model.h"

enum { PLAN_RECKONING_SIZE = 17 };

/* What the sums of this model are counted by; needs do not matter. */
void plan_reckoning(const struct plan_model *m, char out[PLAN_RECKONING_SIZE]);

/* The drafts and versions of a plan that are to be counted anew; `data` = places or needs have changed. */
enum bp_error plan_recount_due(struct bp_db *db, struct bp_arena *a, int64_t plan, bool data, struct q_recount_due **out, size_t *n);
/* Count one of them anew. In a transaction of its own. */
enum bp_error plan_recount(struct bp_db *db, struct bp_arena *a, const struct q_recount_due *of);

#endif
