/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_TERRITORY_PLACE_H
#define BP_TERRITORY_PLACE_H
/*
 * Outlets put into a territory of the sales geography by a person, with a reason: gaps are filled so.  Imports go around it as they do around
 * a published scenario.  Each time is a change set, and is taken back as a whole, but for what changed since.
 */
#include "base/arena.h"
#include "db/db.h"

enum { TR_PLACED_MOST = 50000 };

struct tr_placing {
	uint64_t territory; /* that gets them */
	const int64_t *outlet;
	size_t n;
	uint64_t user;
	const char *reason, *correlation;
};
/* Territories, without repetition; `none`: some of the outlets lie, or lay, in no territory. */
struct tr_places_of {
	int64_t *id;
	size_t n;
	bool none;
};

/* Where they lie now: whoever puts them elsewhere must be allowed to there. */
enum bp_error tr_place_from(struct bp_db *db, struct bp_arena *a, const struct tr_placing *p, struct tr_places_of *out);
/* Inside the caller's transaction.  *moved gets how many lay elsewhere, *set the change set, `units` those whose outlets change.  NOT_FOUND: an outlet that
 * is not there; CONFLICT: a territory of another model, or the blacklist; LOCK_TAKEN: somebody plans one of the units. */
enum bp_error tr_place(struct bp_db *db, struct bp_arena *a, const struct tr_placing *p, int64_t *moved, uint64_t *set, struct tr_places_of *units, struct bp_fail *f);
/* The same for taking a placing into p->territory back.  NOT_FOUND: there is none; CONFLICT: it has been taken back; LOCK_TAKEN. */
enum bp_error tr_place_undo_from(struct bp_db *db, struct bp_arena *a, uint64_t set, struct tr_places_of *out);
enum bp_error tr_place_undo(struct bp_db *db, struct bp_arena *a, const struct tr_placing *p, uint64_t set, int64_t *back, int64_t *kept,
	struct tr_places_of *units, struct bp_fail *f);

/* LOCK_TAKEN when somebody plans one of these units; nobody takes one before the transaction ends. */
enum bp_error tr_refuse_locked(struct bp_db *db, struct bp_arena *a, const int64_t *unit, size_t n, struct bp_fail *f);

#endif
