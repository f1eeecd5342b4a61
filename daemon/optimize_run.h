/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_DAEMON_OPTIMIZE_RUN_H
#define BP_DAEMON_OPTIMIZE_RUN_H
/* Planning one unit from the shell: through the same lock, session, job and commit as the screens. */
#include "base/conf.h"
#include "db/db.h"
#include "queries.h"

struct bp_optimize {
	struct bp_db *db;
	struct bp_arena *arena;
	uint64_t user, unit;
	const char *channel;       /* GT or MT */
	long seconds, iterations;  /* 0 = as the planning parameters say, no budget of iterations */
	bool commit;               /* else the plan is kept as a saved version */
	bool cycle;                /* begin that of the planning parameters first, where the draft has another one */
	/* out */
	struct q_plan_version_get version;
	int64_t dropped; /* by the commit: outlets that went to another unit and that nobody visits from now on */
	double job_seconds, keep_seconds; /* from the request to the proposal, and from there to the kept version */
};

/* An optimizer daemon must serve the database. The lock is given up again. Errors of locks, sessions, jobs and
 * versions; OPT_FAILED with the job's own words, CANCELLED. */
enum bp_error bp_optimize_run(struct bp_optimize *o, struct bp_fail *f);

#endif
