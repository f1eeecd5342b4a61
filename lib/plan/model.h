/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_PLAN_MODEL_H
#define BP_PLAN_MODEL_H
/*
 * The planning problem of a unit and channel, read from the tables into the
 * arrays of the solver.  Cycle days are calendar days (7 a week) from the anchor
 * of the cycle; days off are days on which no seat works.
 *
 * Needs and seats are ordered by id, so that the same tables give the same
 * problem.  Everything lives in the arena that was handed in.
 */
#include "db/db.h"
#include "plan/chain.h"
#include "plan/due.h"
#include "plan/profile.h"
#include "queries.h"
#include "route/route.h"

struct plan_need {
	int64_t id, outlet;
	struct bp_opt_int partner, pinned; /* distributor; the only seat that may visit it */
	int tier; /* 1..3 */
	int visits;
	const struct plan_chain *chain; /* whose rules hold; NULL: none */
	struct plan_due due;
};

/* What the tables say of a given visit beyond the solver's arrays. */
struct plan_given {
	struct bp_opt_int beat, from;
	int seq;
};

/*
 * Pins.  A pin says what the optimiser keeps of a need's visits: who makes them, on which days of the cycle, or both; a move by hand that
 * breaks one is an override.  It belongs to the need as it stands in a draft or version, not to single visits: it goes on to hold where a visit
 * is moved in spite of it, and holds nothing while there is none.
 *
 * An import makes versions without pins, and touches those of no draft or version.  Where it changes a pinned need, what stands is
 * kept: of visits that it asks for beyond those, none is placed until the days are free again; visits that it asks for no more stay.
 * A need or seat that has left the plan takes its pin along.
 */
enum plan_hold { PLAN_HOLD_PERSON = 1, PLAN_HOLD_DAYS = 2 };
extern const char *const plan_holds[]; /* names of their sums: none, person, days, both */

/*
 * Absences.  A person is away on dates, the cycle repeats: one missed week leaves the others as they were.  So the standing plan keeps
 * its visits, as it does for holidays; the visit list leaves the dates out, the board shows them, and who plans moves what must not be
 * missed, this date only.  A cycle day is no working day of a seat for the optimiser where the seat is away on each of its dates that
 * the visit list covers: a post that is vacant for months gets no work, one leave takes none away.  Where somebody stands in, nothing
 * is missed.
 */
enum { PLAN_VISITS_DAYS = 112 }; /* how far ahead the visit list is unfolded: two of the longest cycles */

struct plan_model {
	struct bp_arena *arena;
	struct q_plan_get plan; /* with the cycle that was asked for */
	int days; /* of the cycle */
	int64_t today; /* visits before it have been made and never change; 0 = nothing has */
	struct plan_profile profile;
	struct plan_chains chains; /* of modern trade */
	int64_t *chain_of;         /* accounts of p.chain_most */
	struct q_plan_seats *seats;
	size_t n_seats;
	struct q_plan_seat_partners *seat_partners; /* by seat, partner */
	size_t n_seat_partners;
	struct q_plan_outlet_seats *listed; /* seats that whitelist and blacklist name, by outlet */
	size_t n_listed;
	struct plan_need *needs;
	size_t n_needs;
	struct plan_given *given;     /* of p.given, which plan/optimize.h fills; NULL: none */
	struct q_draft_stops *dated;  /* given visits that end on a date not yet past: single visits moved by hand, and the like */
	size_t n_dated;
	const int64_t *only; /* outlets that a run may change, sorted; NULL: all */
	size_t n_only;
	struct q_draft_pins *pins; /* by need, which plan_model_pins() fills */
	size_t n_pins;
	struct q_absence_of_unit *absences; /* by seat and date, from the last cycle on */
	size_t n_absences;
	bool *closed; /* days: holidays and weekdays on which nobody works */
	int32_t *elsewhere; /* NULL, or [seat * days + day]: seconds that its person works for other plans (plan/elsewhere.h) */
	struct rt_problem p;
	struct rt_params params;
};

/* Drafts and versions have cycles of their own; a plan has that of its committed version. */
struct plan_cycle {
	int64_t anchor, weeks; /* date of day 0 */
};
/* That of a draft, or of a version where there is no session, or of the plan where there is neither. */
enum bp_error plan_cycle_of(struct bp_db *db, struct bp_arena *a, uint64_t plan, uint64_t session, uint64_t version, struct plan_cycle *out);

/* Read a plan, in that cycle (NULL: its own), with all needs of its unit, or with just those that `ids` names (a JSON array, may name
 * needs that have since left the unit). */
enum bp_error plan_model_load(struct bp_db *db, struct bp_arena *a, uint64_t plan, const struct plan_cycle *cycle, const char *ids,
	struct plan_model *m);

/* The pins of a draft, or of a version where there is no session. */
enum bp_error plan_model_pins(struct bp_db *db, struct plan_model *m, uint64_t session, uint64_t version);
/* What is pinned of a need: a sum of enum plan_hold. */
int plan_model_hold(const struct plan_model *m, int64_t need);

/* For qsort and bsearch of ids, and of structs that begin with theirs. */
int plan_compare_id(const void *x, const void *y);
/* Index of the first row of an outlet, of the next one's when it has none; rows begin with their outlet and are sorted by it. */
size_t plan_first_row(const void *rows, size_t n, size_t size, int64_t outlet);
/* Indices by id, RT_NONE when not in the model. */
int32_t plan_model_need(const struct plan_model *m, int64_t id);
int32_t plan_model_seat(const struct plan_model *m, int64_t id);
/* May this seat serve the need's distributor? */
bool plan_model_serves(const struct plan_model *m, int32_t seat, int32_t need);
/* Do whitelist and blacklist of the outlet leave this seat? */
bool plan_model_listed(const struct plan_model *m, int32_t seat, int32_t need);
/* The date on which a cycle day next comes, today or later. */
int64_t plan_model_date(const struct plan_model *m, int day);
/* The absence that keeps a seat from its visits on a date; NULL when it works, or somebody stands in. */
const struct q_absence_of_unit *plan_model_away(const struct plan_model *m, int64_t seat, int64_t date);
/* Cycle day of a date; the date is any, before or after the anchor. */
int plan_model_day(const struct plan_model *m, int64_t date);

#endif
