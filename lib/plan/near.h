/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_PLAN_NEAR_H
#define BP_PLAN_NEAR_H
/*
 * What a change of a draft touches: loaded, counted anew and written back, whether an operation is applied (apply.c) or
 * stepped over (step.c).  Everything runs inside the caller's transaction.
 */
#include "plan/session.h"

struct plan_near {
	struct bp_db *db;
	struct bp_arena *a;
	int64_t session;
	struct plan_model *m; /* with the draft's anchor and days; its needs come with plan_near_model */
	struct plan_draft *d;
};

/* Take the session's row for this transaction: SESSION_CONFLICT for a client that has not seen the latest change (-1 = any),
 * and what plan_session_writable says. */
enum bp_error plan_near_begin(struct bp_db *db, struct bp_arena *a, uint64_t session, uint64_t user, int64_t seq,
	struct q_session_get *row, struct bp_fail *f);

/* Load stops of the needs and of the tours, each row once. Days of the tours come from the model's anchor. */
enum bp_error plan_near_stops(struct plan_near *w, const int64_t *needs, size_t n_needs, const struct plan_tour_key *tours, size_t n_tours);

/* Load the model of these needs and of all that have a stop in the draft, and their pins. */
enum bp_error plan_near_model(struct plan_near *w, uint64_t plan, const int64_t *needs, size_t n);

/* Write the standing sums of these tours; one that stands there twice is written once. */
enum bp_error plan_near_put_tours(struct plan_near *w, const struct plan_tour_key *tours, size_t n);

/* Take out the rows of one side of an operation and put in those of the other. */
enum bp_error plan_near_swap(struct bp_db *db, int64_t session, const char *out, const char *in);

/* Sort, each once; how many are left. */
size_t plan_unique_ids(int64_t *v, size_t n);

#endif
