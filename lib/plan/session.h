/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_PLAN_SESSION_H
#define BP_PLAN_SESSION_H
/*
 * Planning sessions: one planner's draft of one plan.  Every change is an
 * operation that is kept with the stops it removed and added, so that undo, redo
 * and recovery after a crash need nothing else.  The draft outlives the lock;
 * changing it needs the lock.  `seq` guards against stale clients.
 *
 * All functions run inside the caller's transaction.
 */
#include "plan/op.h"

/* Open a draft of the unit's plan, or resume the user's own; one without a change goes on from the version that is
 * committed now. The plan is made when the unit has none yet. Needs the lock. */
enum bp_error plan_session_open(struct bp_db *db, struct bp_arena *a, uint64_t territory, const char *channel, uint64_t user,
	uint64_t *session, struct bp_fail *f);

/* Read the session and check that `user` may change it: LOCK_GONE, SESSION_OVER, NOT_FOUND. */
enum bp_error plan_session_writable(struct bp_db *db, struct bp_arena *a, uint64_t session, uint64_t user,
	struct q_session_get *row, struct bp_fail *f);

struct plan_change {
	int64_t seq;                 /* of the session afterwards */
	struct plan_impact impact;   /* summed over the operations */
	const struct plan_draft *draft; /* the last one, for telling what the tours look like now; NULL after undo of a version */
	struct plan_tour_key *tours; /* touched tours as (seat, any date of that cycle day) */
	size_t n_tours;
	int64_t *needs;              /* touched needs */
	size_t n_needs;
	bool pins;                   /* what is pinned has changed */
};

struct plan_apply {
	uint64_t session, user;
	bool may_override;     /* holds OVERRIDE_CHANGES there */
	int64_t seq;           /* what the client believes; -1 = any (pricing) */
	const struct plan_op *ops;
	size_t n_ops;
	bool together;         /* undo and redo take them all at once */
	const char *joint, *label; /* they are part of a gesture over several sessions: which one, and what it is called; NULL = of none */
	bool keep;             /* false: only the price is wanted, hard rules are told and not refused; the caller rolls back */
};
/* Apply operations in order. SESSION_CONFLICT for a stale seq, PLAN_RULE for a broken hard rule that is not overridden,
 * PLAN_OP for an operation that does not fit. An operation whose client id was seen before is passed over. */
enum bp_error plan_session_apply(struct bp_db *db, struct bp_arena *a, const struct plan_apply *w, struct plan_change *out,
	struct bp_fail *f);

/* The commit that undo takes back when the draft has no operation of its own: the version it began from.  NOT_FOUND when there is
 * none, or it was the first. */
enum bp_error plan_session_commit_before(struct bp_db *db, struct bp_arena *a, const struct q_session_get *row, struct q_plan_version_get *v);
const char *plan_session_commit_label(struct bp_arena *a, const struct q_plan_version_get *v);

/* Undo the last operation that is not undone - before the first one, the commit that the draft began from -, or redo the
 * first that is, with those made together with it; PLAN_OP when there is none. `label` gets its name. */
enum bp_error plan_session_undo(struct bp_db *db, struct bp_arena *a, uint64_t session, uint64_t user, int64_t seq, bool redo,
	int64_t *new_seq, const char **label, struct bp_fail *f);

/* What operations made by one gesture are called together: "move 3000 visits". */
const char *plan_ops_label(struct bp_arena *a, const struct plan_op *ops, size_t n);

/* The drafts of several territories, worked on as one. */
struct plan_board_part {
	uint64_t session;
	int64_t seq;       /* as the client has seen it, and as it becomes */
	const char *label; /* what was undone or done again in it; NULL = nothing */
};
/* Undo what was done last in all of the drafts, or redo what was undone last, with the parts of the same gesture in the others; a commit is not taken
 * back. `left` = territories whose draft has another part of the gesture and is not among these. PLAN_OP when there is nothing. */
enum bp_error plan_board_undo(struct bp_db *db, struct bp_arena *a, struct plan_board_part *p, size_t n, uint64_t user, bool redo, struct q_op_joint_left **left,
	size_t *n_left, struct bp_fail *f);

/* SESSION_CONFLICT when another version was committed since the draft began: it would be lost. */
enum bp_error plan_session_current(struct bp_db *db, struct bp_arena *a, const struct q_session_get *row, struct bp_fail *f);

/* Make the draft equal to a version of the same plan; undoable. With the committed one the draft begins anew from there. */
enum bp_error plan_session_adopt(struct bp_db *db, struct bp_arena *a, uint64_t session, uint64_t user, uint64_t version,
	const char *reason, int64_t *new_seq, struct bp_fail *f);

/* The one that the planning parameters ask for, from the coming first day of the week on. */
enum bp_error plan_cycle_to_come(struct bp_db *db, uint64_t territory, const char *channel, struct plan_cycle *out);
/* Begin another cycle in the draft: what stands on a date stands there again, as far as the new cycle repeats it; undoable. PLAN_OP when
 * the draft has this cycle already. */
enum bp_error plan_session_cycle(struct bp_db *db, struct bp_arena *a, uint64_t session, uint64_t user, const struct plan_cycle *cycle,
	const char *reason, int64_t *new_seq, struct bp_fail *f);

/* Largest deviation of a seat's work from the mean, percent; work in seconds, seats without work left out. */
double plan_balance(const int64_t *work, size_t n);

#endif
