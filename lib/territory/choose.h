/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_TERRITORY_CHOOSE_H
#define BP_TERRITORY_CHOOSE_H
/*
 * The level of planning, chosen by a person: the territories of a level at and beneath one that have outlets become the planning units, in
 * place of those of today.  A choice is a change set, and is taken back as a whole.
 *
 * A plan in force of a unit that ends is put out of force: its versions stay to be read, its visits stay listed until the plan of a unit that
 * has taken over is committed.  Taking the choice back puts it in force again.
 */
#include "base/arena.h"
#include "db/db.h"
#include "queries.h"

struct tr_choice {
	const char *level; /* its code, as in territory_level */
	struct q_choice_units *unit; /* by id: what is a unit, or would be one */
	size_t n_units;
	int64_t begun, ended; /* of these */
	struct q_choice_plans *plan; /* of those that end; in force, or waiting for approval */
	size_t n_plans;
	struct q_choice_locks *lock;
	size_t n_locks;
	int64_t uncovered, seats; /* outlets that would lie in no unit, seats that would belong to none */
};

/* --- inside the caller's transaction --- */

/* What it would change.  NOT_FOUND: no territory of that level with outlets lies there. */
enum bp_error tr_choice_look(struct bp_db *db, struct bp_arena *a, uint64_t territory, const char *level, struct tr_choice *c, struct bp_fail *f);

struct tr_chooser {
	uint64_t territory, user;
	const char *reason;
	bool end_plans; /* plans in force may be put out of force */
};
/*
 * Do it.  As above; CONFLICT when it changes nothing, while the territory lies in a unit, while a job draws on the units, while a plan of one
 * that ends waits for approval, or is in force and may not be ended; LOCK_TAKEN while somebody plans one.
 */
enum bp_error tr_choose(struct bp_db *db, struct bp_arena *a, const struct tr_chooser *who, const char *level, struct tr_choice *c, struct bp_fail *f);
/* The last choice of this territory is taken back; *unit gets the ids of what is a unit again.  CONFLICT when there is none, while a job draws
 * on the units, when something was decided later, or a plan of a unit that it made is in force; LOCK_TAKEN. */
enum bp_error tr_unchoose(struct bp_db *db, struct bp_arena *a, const struct tr_chooser *who, int64_t **unit, size_t *n, struct bp_fail *f);

#endif
