/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_TERRITORY_PIN_H
#define BP_TERRITORY_PIN_H
/*
 * Outlets that a person pins to a planning unit, with a reason: each design leaves them there or brings them there, before what the whitelist
 * says, but not against the blacklist (territory/scenario.h). A pin itself moves nothing.
 */
#include "base/arena.h"
#include "db/db.h"

struct tr_pinning {
	uint64_t territory;     /* the outlets lie beneath it, and the unit */
	const int64_t *outlet;
	size_t n;
	struct bp_opt_int unit; /* none = they are pinned no more */
	const char *reason;
	uint64_t user;          /* 0 = from the shell */
};
/* Inside the caller's transaction.  OPT_INPUT: no such unit; NOT_FOUND: an outlet lies elsewhere; the first one is named. */
enum bp_error tr_pins_put(struct bp_db *db, struct bp_arena *a, const struct tr_pinning *p, struct bp_fail *f);

#endif
