/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_PLAN_DUE_H
#define BP_PLAN_DUE_H
/*
 * The next purchase of an outlet (NPPD): as its file says by a score, or counted from its invoices (demand/rhythm.h).  A score of a file
 * goes before, and is as of today; where there are fewer than three gaps of an outlet's own, those of its channel and tier stand in.
 */
#include "db/db.h"

struct plan_due {
	bool known;
	bool imported;        /* told by a score of the outlet file */
	bool late;            /* by more than three gaps: it is to be won back, and no day is nearer to a purchase than another */
	double date;          /* on which it is due; days as of bp_today() */
	double every, spread; /* days; every = 0: nothing is known of a rhythm */
};

/* From a row of outlet and outlet_due. */
struct plan_due plan_due_of(struct bp_opt_int score, struct bp_opt_int date, struct bp_opt_num every, struct bp_opt_num spread, int64_t today);

/* The chance in percent that it is due by then. */
double plan_due_score(const struct plan_due *d, int64_t date);
/* How near a visit on this date is to a purchase, 0 .. 1. */
double plan_due_nearness(const struct plan_due *d, int64_t today, int64_t date);

/* Count anew from the invoices of the last 26 weeks, as of `now`.  `more` is called before each batch and ends it by an error.  What is
 * not counted again stays, with an older made_at. */
enum bp_error plan_due_count(struct bp_db *db, int64_t now, enum bp_error (*more)(void *ctx), void *ctx);

#endif
