/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_LOCK_LOCK_H
#define BP_LOCK_LOCK_H
/*
 * Exclusive rights to plan.  Only planning units are locked, per channel; a lock
 * on a higher node takes the set of units beneath it that are free.  A lock never
 * lapses by itself: it is given up, committed away, or broken with a reason.
 * Locks taken as a set show signs of life and are given up together; a commit takes its own unit out.
 */
#include "db/db.h"

struct bp_lock {
	uint64_t id, territory, user, set; /* set: 0 = it stands alone */
	const char *holder, *unit; /* names */
	int64_t since, last_seen;
};

/* No sign of life for a quarter of an hour. */
bool bp_lock_stale(int64_t last_seen);

/* Who holds it; NOT_FOUND when it is free. */
enum bp_error bp_lock_get(struct bp_db *db, struct bp_arena *a, uint64_t unit, const char *channel, struct bp_lock *out);
/* BP_E_OK and the sign of life renewed when `user` holds it; LOCK_GONE otherwise. */
enum bp_error bp_lock_held(struct bp_db *db, struct bp_arena *a, uint64_t unit, const char *channel, uint64_t user,
	struct bp_fail *f);
/* Lock the unit, or the free units beneath a node. got[] and refused[] are arrays in the arena; refused are also units that a scenario which is
 * being published or undone changes: they have no lock id. LOCK_TAKEN when none could be had, TERRITORY_NONE when there is no unit at or beneath it. */
enum bp_error bp_lock_take(struct bp_db *db, struct bp_arena *a, uint64_t territory, const char *channel, uint64_t user,
	struct bp_lock **got, size_t *n_got, struct bp_lock **refused, size_t *n_refused, struct bp_fail *f);
#define BP_LOCK_SET_MOST 200
/* Lock all units at or beneath the territories, or none: LOCK_TAKEN tells which are held by whom. Those that the user holds
 * already come into the set. The caller's transaction must not be kept after an error. */
enum bp_error bp_lock_take_set(struct bp_db *db, struct bp_arena *a, const int64_t *territories, size_t n, const char *channel, uint64_t user,
	struct bp_lock **got, size_t *n_got, struct bp_fail *f);
/* Give it up with its whole set, whoever holds it: the caller has checked the right to. NOT_FOUND when it is free. */
enum bp_error bp_lock_give_back(struct bp_db *db, struct bp_arena *a, uint64_t unit, const char *channel);
/* This one alone. */
enum bp_error bp_lock_drop(struct bp_db *db, uint64_t unit, const char *channel);

#endif
