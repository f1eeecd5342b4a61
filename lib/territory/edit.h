/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_TERRITORY_EDIT_H
#define BP_TERRITORY_EDIT_H
/*
 * A scenario changed by hand, as long as it is READY: outlets are moved between its units, or out of them into one that
 * is made of them; a unit that loses its last one ends when the scenario is published.  What a move would lead to is
 * known before it counts.  Every move is a step that can be undone and redone.
 *
 * Outlets that came since it was made go with what their unit of today mostly becomes, and one that nobody knew goes on as it is;
 * outlets that are gone are left out.  The scenario is brought up to date with the next step, or when it is published.
 *
 * All of it inside the caller's transaction.  Errors: NOT_FOUND when the territory has no such scenario, CONFLICT when it
 * is not READY or when others moved outlets between its units or ended one, OPT_INPUT for outlets or units that are not there.
 */
#include "queries.h"
#include "territory/scenario.h"

enum { TR_MOVE_MOST = 200000 };

struct tr_edit {
	uint64_t id, territory;
	struct tr_design d;
	struct q_design_units *unit; /* by number; their figures are those of tr_edit_judge */
	size_t n_units, n_kept;      /* those from n_kept on are not kept yet */
	int32_t *number, *kept;      /* of each of d.outlet: its unit now, and when it was loaded */
	int32_t *stored;             /* and as it is kept, DESIGN_NONE = not yet */
	bool *came;                  /* it goes with most of its unit */
	int64_t *gone;               /* outlets that are there no longer */
	size_t n_gone;
	bool anew;                   /* more than the units of a step is to be counted */
	int32_t units;               /* that have outlets */
	int64_t moved;               /* outlets that change their unit of today */
	struct design_figures now;
};

struct tr_move {
	const int64_t *outlet;
	size_t n;
	struct bp_opt_int from; /* and all outlets of that unit */
	struct bp_opt_int to; /* number of a unit; none = a new one */
	const char *name;     /* of the new one; NULL = one is made up */
};

/* CONFLICT when others moved outlets between the units of a scenario since it was made, or ended one. */
enum bp_error tr_scenario_overtaken(struct bp_db *db, struct bp_arena *a, uint64_t id, uint64_t territory, struct bp_fail *f);
/* Bring one in whatever state up to date: outlets that came and went, and its figures. */
enum bp_error tr_scenario_follow(struct bp_db *db, struct bp_arena *a, uint64_t id, uint64_t territory, struct bp_fail *f);
/* Load it; release it. */
enum bp_error tr_edit_load(struct bp_db *db, struct bp_arena *a, uint64_t id, uint64_t territory, struct tr_edit *t, struct bp_fail *f);
void tr_edit_release(struct tr_edit *t);
/* Move outlets in memory. */
enum bp_error tr_edit_move(struct tr_edit *t, struct bp_arena *a, const struct tr_move *m, struct bp_fail *f);
/* Count everything anew. */
void tr_edit_judge(struct tr_edit *t, struct bp_arena *a);
/* Keep what was moved as one step; what had been undone is forgotten. */
enum bp_error tr_edit_keep(struct tr_edit *t, struct bp_db *db, struct bp_arena *a, uint64_t user);
/* Take the last step back, or the next one again; then load it as it is now.  CONFLICT when there is none. */
enum bp_error tr_edit_step(struct bp_db *db, struct bp_arena *a, uint64_t id, uint64_t territory, bool back, struct tr_edit *t, struct bp_fail *f);
/* Name a unit; publishing gives it that name. */
enum bp_error tr_edit_rename(struct bp_db *db, struct bp_arena *a, uint64_t id, uint64_t territory, int64_t number, const char *name,
	struct bp_fail *f);

#endif
