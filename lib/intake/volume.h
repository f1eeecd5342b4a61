/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_INTAKE_VOLUME_H
#define BP_INTAKE_VOLUME_H
/*
 * The sales volume of outlets from what they bought.  Months are counted back from the newest month that has figures
 * of any outlet, not from today: old figures stay comparable with each other.  Sales figures go before invoices where an
 * outlet has both, since both tell the same sales.  The rule (table sales_rule) says how many months, and whether
 * figures go before the column of the outlet file.
 */
#include "db/db.h"

/* Bring outlet.sales_volume up to date for the outlets that the session speaks of, or for all when a newer month has
 * come.  session 0: for all, without a log.  Changes are logged under the session.  In a transaction. */
enum bp_error im_volume_refresh(struct bp_db *db, struct bp_arena *a, uint64_t session);

#endif
