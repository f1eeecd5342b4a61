/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_PLAN_RETENTION_H
#define BP_PLAN_RETENTION_H
/* Versions of plans that were kept long enough go. */
#include "db/db.h"

/* Remove at most `most` versions, with their stops, pins and comments, each in a transaction of its own: those that were kept by
 * themselves (AUTO) after `auto_days`, all others after `days`; 0 = never.  The plan in force, the newest version, the ones that an
 * open session began from or could undo to, and what waits for approval stay.  *removed = how many went. */
enum bp_error plan_versions_sweep(struct bp_db *db, struct bp_arena *a, int64_t auto_days, int64_t days, size_t most, size_t *removed);

#endif
