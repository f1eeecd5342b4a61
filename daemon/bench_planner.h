/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_DAEMON_BENCH_PLANNER_H
#define BP_DAEMON_BENCH_PLANNER_H
/*
 * A planner at work, as a browser is seen by the server: loads a unit, moves visits, takes some back, looks at outlets, saves and
 * commits, with pauses between, and remembers what the server said was done.
 */
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "queries.h"

enum bp_planner_call { BP_CALL_LOAD, BP_CALL_EDIT, BP_CALL_SAVE, BP_CALL_COMMIT, BP_CALL_LAST /* the commits of all, at once */, BP_CALL_READ, BP_CALL__MAX };
extern const char *const bp_planner_calls[BP_CALL__MAX];

struct bp_planner {
	/* to be given */
	const char *base; /* http://HOST:PORT/api/v1 */
	const char *cookie;
	int64_t unit;
	const struct q_outlet_ids_in *outlet; /* some that lie in it */
	size_t n_outlets;
	int64_t until_us;     /* of bp_monotonic_us(): then it commits and ends */
	double think_seconds; /* between two actions, in the mean */
	uint64_t seed;
	/* what came of it; the caller frees ms[] */
	float *ms[BP_CALL__MAX];
	size_t n[BP_CALL__MAX];
	size_t errors, refused; /* replies that should not be; moves that a rule forbids, which is none of them */
	size_t acknowledged, lost; /* changes that the server took; those that are not in the committed plan */
	char first_error[200];
};

/* The whole of its work; a thread of its own. */
void *bp_planner_run(void *planner);
/* Ask for the lock of the planner's unit; 1 = got it, 0 = somebody has it, -1 = another answer. Give it up again. */
int bp_planner_lock(struct bp_planner *p);
void bp_planner_unlock(struct bp_planner *p);

#endif
