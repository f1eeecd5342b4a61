/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The search for outlets by words follows what is published. */
#include "intake/search.h"

#include "job/job.h"
#include "queries.h"

enum { PART_ROWS = 20000 };

enum bp_error im_search_request(struct bp_db *db, struct bp_arena *a, uint64_t user, const char *correlation)
{
	struct q_job_waiting w;
	enum bp_error e = q_job_waiting(db, a, bp_job_kinds[BP_JOB_OUTLET_WORDS].name, 0, NULL, &w);

	if (e != BP_E_NOT_FOUND)
		return e; /* one is waiting already: it will see this change too */
	return bp_job_add(db, BP_JOB_OUTLET_WORDS, 0, 0, "{}", 0, user, correlation, NULL);
}

enum bp_error im_search_follow(struct bp_db *db, struct bp_arena *a, uint64_t after, uint64_t *next)
{
	struct q_outlet_words_part part;
	enum bp_error e = q_outlet_words_part(db, a, (int64_t)after, PART_ROWS, &part);
	int64_t upto = part.n == PART_ROWS ? part.last : INT64_MAX;

	if (!e)
		e = q_outlet_words_gone(db, (int64_t)after, upto, NULL);
	if (!e)
		e = q_outlet_words_follow(db, (int64_t)after, upto, NULL);
	*next = !e && part.n == PART_ROWS ? (uint64_t)part.last : 0;
	return e;
}

enum bp_error im_search_follow_one(struct bp_db *db, uint64_t outlet)
{
	return q_outlet_words_follow(db, (int64_t)outlet - 1, (int64_t)outlet, NULL);
}
