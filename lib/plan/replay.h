/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_PLAN_REPLAY_H
#define BP_PLAN_REPLAY_H
/*
 * A version out of the changes that led to it: from the version that its draft began from, or the empty plan, each operation that is not
 * undone takes away what it took away and puts what it put, a proposal or another version that was taken over stands in the place of all
 * before.  What comes out is held against the version, and the changes against the audit trail, which is sealed.
 */
#include "plan/draft.h"

/* A plan as stops alone, whatever they stood for. Pure. */
struct plan_replay;
struct plan_replay *plan_replay_new(void);
void plan_replay_free(struct plan_replay *r);
void plan_replay_clear(struct plan_replay *r);
void plan_replay_put(struct plan_replay *r, const struct plan_stop *s);
/* One side of an operation, {"stops":[row]}, rows as plan_stop_row() writes them. False: a stop is not as the operation found it, *at. */
bool plan_replay_change(struct plan_replay *r, const char *removed, const char *added, struct plan_stop *at);

/* Where two plans part first, in the order of tours: at a place of a tour one has a need and the other one has not, or has another one. */
struct plan_parting {
	int64_t seat;
	int day, position;       /* 0 = the first of the tour */
	int64_t version, trail;  /* needs, 0 = none; the same: on other dates, or of another beat */
};
/* False when they are the same. The stops are those of a version. */
bool plan_replay_parts(const struct plan_replay *r, const struct q_draft_stops *version, size_t n, struct plan_parting *out);

/* {"same","version","hash","from","changes","accepted","steps","told","archived","difference"}: `from` is the number of the version that
 * the draft began from, null = the empty plan; `accepted` proposals and versions are among the `changes`; `steps`: undone and done again;
 * `told` by the audit trail, `archived`: that part of it lies in archives alone.  `difference`: null, or {"kind","change","label","seat",
 * "seatCode","day","position","version","trail"}: STOP (a stop is another one after all changes, or at a proposal), TAKEN (the operation took away
 * what was not there), UNTOLD (the trail has no such change, or says nothing of the version), MARK (the trail tells another mark of the version).
 * NOT_FOUND when no changes led to it, PLAN_OP when not all of them are kept, both with the reason.  The caller owns *out. */
enum bp_error plan_replay(struct bp_db *db, struct bp_arena *a, uint64_t version, json_t **out, struct bp_fail *f);

#endif
