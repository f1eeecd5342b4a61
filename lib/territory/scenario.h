/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_TERRITORY_SCENARIO_H
#define BP_TERRITORY_SCENARIO_H
/*
 * Scenarios of planning units.  A run deals the outlets beneath a territory out to units, in several ways; each is kept
 * as a scenario, compared, approved and published: then outlets move, new units are made and emptied ones end, in one
 * transaction and one change set, which is how it is undone.
 */
#include "base/arena.h"
#include "db/db.h"
#include "design/design.h"

/* SCENARIO: units of another scenario, such as one of boundaries that somebody drew. */
enum tr_border { TR_BORDER_NONE, TR_BORDER_DT, TR_BORDER_POSTCODE, TR_BORDER_SCENARIO, TR_BORDER_BOUNDARY };
extern const char *const tr_borders[]; /* names of these, ending with NULL */

struct tr_design_wish {
	int64_t units;       /* 0 = as many as today, or as `capacity` says */
	double capacity;     /* most minutes of work of a unit in four weeks; 0 = any */
	double tolerance;    /* of the work of a unit, as a part of its share */
	bool redraw;         /* also ways that begin with nothing; else only the units of today, made even */
	double keep_price;   /* as in design.h */
	enum tr_border border;
	uint64_t border_of;  /* of TR_BORDER_SCENARIO: one of the same territory */
	double border_price;
	uint64_t seed;
	bool as_is;               /* gaps are left out */
	const struct tr_pin *pin; /* outlets that stay in a unit of today */
	size_t n_pins;
};
struct tr_pin {
	int64_t outlet, unit;
};
enum { TR_PINS_MOST = 5000 };

/* What is designed: the placed outlets beneath a territory. */
struct tr_design {
	struct design_problem p;
	struct design_graph g;
	struct q_design_outlets *outlet; /* all, those without coordinates too */
	bool *gap;                       /* of each: it lies in no unit, and is taken into that of the outlets around it */
	size_t n_outlets, n_closed;      /* closed ones have no place, and go with most of their unit */
	int32_t *placed;                 /* index in outlet[] of each of p.n */
	struct q_design_units_of_today *unit;
	size_t n_units;
	double work;
	enum tr_border border;
	uint64_t border_of;
};

/* Load it, into the arena; release the graph.  Errors: TERRITORY_NONE, OPT_INPUT when there is nothing to design, or when
 * it would make units outside of the territory. */
enum bp_error tr_design_load(struct bp_db *db, struct bp_arena *a, uint64_t territory, const struct tr_design_wish *w, struct tr_design *d,
	struct bp_fail *f);
void tr_design_release(struct tr_design *d);
/* Is it a unit of the lowest level, which cannot be cut into units beneath it? */
bool tr_design_lowest(const struct tr_design *d, uint64_t territory);
/* Pins, whitelist and blacklist into d->p.  OPT_INPUT names the outlet that may be nowhere. (allow.c) */
enum bp_error tr_design_allow(struct bp_db *db, struct bp_arena *a, uint64_t territory, const struct tr_design_wish *w, struct tr_design *d,
	struct bp_fail *f);

/* Centres of units in degrees, means of their outlets; lat[d->p.k] and lon[d->p.k] begin as zeros. */
void tr_design_centres(const struct tr_design *d, const int32_t *unit, double *lat, double *lon);
/* Code and name of a unit that is made beside one of today. */
const char *tr_unit_code(struct bp_arena *a, const char *beside, uint64_t scenario, int number);
const char *tr_unit_name(struct bp_arena *a, const char *beside, int number);

/* The ways to try for a wish: name and parameters, at most TR_WAYS_MOST.  Returns how many. */
enum { TR_WAYS_MOST = 6 };
struct tr_way {
	const char *name;
	struct design_params a;
};
int tr_design_ways(const struct tr_design *d, const struct tr_design_wish *w, struct tr_way way[TR_WAYS_MOST]);

/* A drawn unit beside those of today. */
struct tr_drawn {
	int32_t goes_on;  /* unit of today that it is, DESIGN_NONE = it is made */
	int32_t beside;   /* unit of today that gives most */
	const char *name; /* of one that is made; NULL = after its neighbour */
};
struct tr_scenario {
	uint64_t territory, job, user;
	const struct tr_way *way;
	const int32_t *unit; /* of each placed outlet */
	bool exact;
	const struct tr_drawn *as; /* each unit; NULL: as its number says */
};
/* Keep a scenario, inside the caller's transaction; figures are counted anew.  *id gets it. */
enum bp_error tr_scenario_keep(struct bp_db *db, struct bp_arena *a, const struct tr_design *d, const struct tr_scenario *s, uint64_t *id);
/* A scenario that is as it is today, to be changed by hand, inside the caller's transaction.  Errors of tr_design_load; OPT_INPUT also for a unit
 * of the lowest level. */
enum bp_error tr_scenario_by_hand(struct bp_db *db, struct bp_arena *a, uint64_t territory, uint64_t user, uint64_t *id, struct bp_fail *f);
/* Discard scenarios that nobody decided about or changed for so many days, 0 = none; each in a transaction of its own. */
enum bp_error tr_scenarios_sweep(struct bp_db *db, struct bp_arena *a, int64_t days, size_t *removed);

/* --- inside the caller's transaction; NOT_FOUND when the territory has no such scenario --- */

/* READY -> APPROVED.  CONFLICT in another state. */
enum bp_error tr_scenario_approve(struct bp_db *db, struct bp_arena *a, uint64_t id, uint64_t territory, uint64_t user, struct bp_fail *f);
/* READY, APPROVED or UNDONE -> DISCARDED: only the head of it is kept.  CONFLICT also while it is being published or undone. */
enum bp_error tr_scenario_discard(struct bp_db *db, struct bp_arena *a, uint64_t id, uint64_t territory, uint64_t user, struct bp_fail *f);
/*
 * Publishing and undoing are jobs: with a million outlets they take minutes.  Asking for one refuses what is known at once:
 * CONFLICT in another state, while such a job of it waits or works, or (undo) while a scenario that was published later
 * draws on the same units; LOCK_TAKEN while somebody plans a unit that it changes.  From then on none of these is locked.
 */
struct tr_decision {
	uint64_t id, territory, user;
	uint64_t job; /* that does it: what it has done already is not done twice; 0 = none */
	const char *reason, *correlation;
	/* Told now and then how far it is; an error is returned and the transaction with it.  NULL = nobody asks. */
	enum bp_error (*report)(void *ctx, const char *step, double percent);
	void *ctx;
};
enum bp_error tr_scenario_ask(struct bp_db *db, struct bp_arena *a, const struct tr_decision *d, bool undo, uint64_t *job, struct bp_fail *f);
/* APPROVED -> PUBLISHED.  As above; CONFLICT when others moved outlets between its units since it was made, or ended one. */
enum bp_error tr_scenario_publish(struct bp_db *db, struct bp_arena *a, const struct tr_decision *d, struct bp_fail *f);
/* PUBLISHED -> UNDONE: every outlet that nobody moved since goes back; the others are `kept`. */
enum bp_error tr_scenario_undo(struct bp_db *db, struct bp_arena *a, const struct tr_decision *d, int64_t *back, int64_t *kept, struct bp_fail *f);

#endif
