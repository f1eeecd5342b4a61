/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_TERRITORY_MEMBER_H
#define BP_TERRITORY_MEMBER_H
/*
 * Where outlets lie in a territory model beside the sales geography, changed by people.  Each change is a change set of its own: an
 * outlet knows it from its history, and it is taken back as a whole, but for what changed since.
 */
#include "base/arena.h"
#include "db/db.h"
#include "territory/tree.h"

enum { TR_MEMBERS_MOST = 200000 };

struct tr_members {
	uint64_t model;
	uint64_t territory;                 /* of the model that gets them; 0 = the one of `path` */
	const char *path[TR_MODEL_LEVELS];  /* widest first, made where it is missing; none = they lie in no territory of it from now on */
	const int64_t *outlet;
	size_t n;
	uint64_t user;
	const char *reason;
};
/* Inside the caller's transaction.  *changed gets how many lay elsewhere, *set the change set, 0 when there was nothing to do.
 * NOT_FOUND: no such model, or an outlet or a territory that it does not have; CONFLICT: the sales geography. */
enum bp_error tr_members_put(struct bp_db *db, struct bp_arena *a, const struct tr_members *m, int64_t *changed, uint64_t *set, struct bp_fail *f);
/* Take a change back.  NOT_FOUND: the model has no such change; CONFLICT: it has been taken back. */
enum bp_error tr_members_undo(struct bp_db *db, struct bp_arena *a, const struct tr_members *m, uint64_t set, int64_t *back, int64_t *kept,
	struct bp_fail *f);

#endif
