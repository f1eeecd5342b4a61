/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_PLAN_VERSION_H
#define BP_PLAN_VERSION_H
/*
 * Versions of a plan: kept states, the imported one, proposals of the optimiser,
 * and the committed one, which is unfolded into the dated visit list.  Functions
 * run inside the caller's transaction.
 */
#include "plan/model.h"

struct plan_version_new {
	uint64_t plan, user;
	const char *kind, *notes, *record; /* NULL = none */
	struct bp_opt_int parent, effective;
	int64_t anchor, weeks;
};

/* A version of the session's plan, as it is to be kept. */
struct plan_version_new plan_version_of(const struct q_session_get *s, const char *kind, uint64_t user, const char *notes);
/* The sums of a version, as its tours say; `hash` and `reckoning` where they are new, NULL = as they are. */
enum bp_error plan_version_sum(struct bp_db *db, struct bp_arena *a, uint64_t version, const char *hash, const char *reckoning);
/* A version equal to the draft of a session. */
enum bp_error plan_version_from_draft(struct bp_db *db, struct bp_arena *a, const struct plan_version_new *v, uint64_t session,
	uint64_t *id);
/* The same in the cycle of `v`, another than that of the draft: what stands on a date stands there again, as far as the new cycle repeats it. */
enum bp_error plan_version_turned(struct bp_db *db, struct bp_arena *a, const struct plan_version_new *v, const struct q_session_get *s,
	uint64_t *id);
/* A version from a solution of the solver; beats are made for each seat and weekday, known ones keep their codes.
 * A need whose visits all stay keeps its single moved visits too; `*ended` = how many of the others' end. */
enum bp_error plan_version_from_solution(struct bp_db *db, struct bp_arena *a, const struct plan_version_new *v,
	const struct plan_model *m, const struct rt_solution *s, uint64_t *id, int *ended);
/* Count the tours of a version from its stops, with sums and hash: for versions whose stops were written otherwise
 * (an imported plan). */
enum bp_error plan_version_count(struct bp_db *db, struct bp_arena *a, uint64_t version);
/* The sums of each day of stops, by seat, day and place in the tour, handed to `put` as rows of `of`. */
enum bp_error plan_version_put_tours(struct bp_db *db, const struct plan_model *m, const struct q_draft_stops *r, size_t n_rows,
	enum bp_error (*put)(struct bp_db *, int64_t, const char *, uint64_t *), uint64_t of);
/* Make the draft of a session equal to a version, its cycle too. */
enum bp_error plan_version_to_draft(struct bp_db *db, uint64_t version, uint64_t session);
/* The same where the session is new. Clearing what is not there would lock the end of the table: of a hundred who open at once some would
 * stand in each other's way for good. */
enum bp_error plan_version_fill_draft(struct bp_db *db, uint64_t version, uint64_t session);

#endif
