/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_PLAN_APPROVAL_H
#define BP_PLAN_APPROVAL_H
/*
 * Commits that need somebody else's approval (the planning parameter `approval`): the version waits with its effective date until it
 * is approved, sent back or withdrawn.  Functions run inside the caller's transaction.
 */
#include "plan/version.h"

enum plan_decision { PLAN_APPROVED, PLAN_SENT_BACK, PLAN_WITHDRAWN };

/* Do commits of this territory and channel wait? */
enum bp_error plan_approval_asked(struct bp_db *db, uint64_t territory, const char *channel, bool *out);
/* The version, just made of the draft of `s`, waits. CONFLICT when another of the plan does. */
enum bp_error plan_approval_submit(struct bp_db *db, const struct q_session_get *s, uint64_t version, uint64_t user, int64_t effective,
	struct bp_fail *f);
/* Decide of what waits, which `version` has to be.  Approving makes the version binding from its date or today, whichever is later: its
 * draft is committed, or goes on from there when it has changed since.  NOT_FOUND when nothing waits; CONFLICT when it is another
 * version, of the wrong person (authors withdraw their own and do not decide of it), or something else was committed since. */
enum bp_error plan_approval_decide(struct bp_db *db, struct bp_arena *a, uint64_t plan, uint64_t version, uint64_t user, enum plan_decision d,
	const char *reason, struct q_submission_waiting *out, struct bp_fail *f);

#endif
