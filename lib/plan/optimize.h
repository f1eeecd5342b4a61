/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_PLAN_OPTIMIZE_H
#define BP_PLAN_OPTIMIZE_H
/* Between the tables and the solver: what goes into a run and what comes out of it. */
#include "plan/session.h"

#define PLAN_NEEDS_MOST 60000
#define PLAN_VISITS_MOST 250000

struct plan_size {
	int64_t needs, visits, no_coordinates, excluded, kept, seconds;
};
/* Outlet ids: those that are left out, and the only ones that may change, none = all. */
struct plan_choice {
	const int64_t *exclude, *only;
	size_t n_exclude, n_only;
};
/* How large a run would be. OPT_TOO_LARGE with the split that would help. */
enum bp_error plan_optimize_size(struct bp_db *db, struct bp_arena *a, const struct q_session_get *s, const struct plan_choice *c,
	struct plan_size *out, struct bp_fail *f);

/* What runs took: of those that are about as large as this one if there are enough, else of all. */
struct plan_pace {
	int64_t runs, ahead;         /* by how many it was told; how many have not ended */
	double overhead, per_million; /* seconds: around the search, and for a million of its steps; 0 when there are no runs */
};
enum bp_error plan_optimize_pace(struct bp_db *db, struct bp_arena *a, int64_t visits, struct plan_pace *out);
/* Seconds from its beginning to its end. */
double plan_optimize_takes(const struct plan_pace *p, double seconds, double steps);

/* Read the problem of a session with its draft as the plan to start from: its standing stops; those that end on a date to come are kept
 * beside. Excluded outlets lose their allowed days, so that they come out unserved. Where only some may change, all visits of the others
 * keep person and day, and what is not visited of them stays so; the order of a day may change all the same. */
enum bp_error plan_optimize_load(struct bp_db *db, struct bp_arena *a, uint64_t session, json_t *request, struct plan_model *m);

/* Seed, budget, changes and excluded outlets of a request: {"seed","iterations","seconds","maxChanged","exclude":[outlet id],
 * "only":[outlet id],"elsewhere":as plan/elsewhere.h says}. What may change is applied by plan_optimize_given, which is to follow. */
void plan_optimize_request(struct plan_model *m, json_t *request);

/* The stops of a draft or a version (their rows have the same columns) as the plan to start from; what the model's pins hold of them stays. */
void plan_optimize_given(struct plan_model *m, const struct q_draft_stops *r, size_t n);

/* Solve the model. The search is guided towards even days; in a plan made from nothing no day may carry
 * many more than the mean number of calls, unless visits would stay out for it. Errors as rt_solve. */
enum bp_error plan_optimize_solve(struct plan_model *m, struct rt_solution *out, struct bp_fail *f);
/* The same by the solver's simple plan, for when the search has failed. */
enum bp_error plan_optimize_simply(struct plan_model *m, struct rt_solution *out, struct bp_fail *f);

#endif
