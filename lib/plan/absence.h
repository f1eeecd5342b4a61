/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_PLAN_ABSENCE_H
#define BP_PLAN_ABSENCE_H
/*
 * When the people of seats are away; what that means for plans stands in plan/model.h.  The visit lists follow from today on: the past
 * never changes.  All in a transaction; who writes has the seat's turn first.
 */
#include "db/db.h"
#include "queries.h"

extern const char *const plan_absence_kinds[]; /* LEAVE, SICK ..., ended by NULL */

struct plan_absence {
	int64_t id, seat; /* id 0: a new one */
	int64_t from;
	struct bp_opt_int to;            /* the last day; not set: until further notice */
	const char *kind, *relief, *note; /* relief: who stands in, "" = nobody visits */
};

/* Take the turn, then look for another absence of the seat in that time: NOT_FOUND when there is none. */
enum bp_error plan_absence_clash(struct bp_db *db, struct bp_arena *a, const struct plan_absence *x, struct q_absence_clash *other);
/* Add it (its id is set then), or change it; NOT_FOUND where the seat has none of that id. */
enum bp_error plan_absence_put(struct bp_db *db, struct bp_arena *a, struct plan_absence *x);
/* Take it back; NOT_FOUND as above. */
enum bp_error plan_absence_drop(struct bp_db *db, struct bp_arena *a, int64_t seat, int64_t id);
/* After they changed otherwise: visit lists say anew what holds from a date on, up to another. */
enum bp_error plan_absence_renew(struct bp_db *db, struct bp_arena *a, int64_t seat, int64_t from, int64_t to);

#endif
