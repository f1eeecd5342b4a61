/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_TERRITORY_CONFLICT_H
#define BP_TERRITORY_CONFLICT_H
/* Where the data of today contradict each other in who serves what: an outlet in two places, a visit by somebody else than it is bound to, more
 * work than a seat has time for, an outlet that nobody can serve. */
#include "db/db.h"

enum tr_cause {
#define CAUSE(name, kind, what, remedy) TR_CAUSE_##name,
#include "territory/conflicts.def"
#undef CAUSE
	TR_CAUSE__MAX
};
extern const char *const tr_causes[];         /* their names, ending with NULL */
extern const char *const tr_conflict_kinds[]; /* MULTI_TERRITORY, MULTI_ADVISOR, CAPACITY, ORPHAN, ending with NULL */
struct tr_cause_info {
	const char *kind, *what, *remedy;
};
extern const struct tr_cause_info tr_cause_infos[TR_CAUSE__MAX];

struct tr_conflict {
	enum tr_cause cause;
	int64_t id; /* ascends within a cause */
	struct bp_opt_int outlet_id;
	const char *outlet_code, *outlet_name, *unit, *seat, *other; /* NULL where the cause knows none */
	int64_t outlets;                                             /* that it is about */
	struct bp_opt_num hours, has_hours;                          /* of work in four weeks bound to the seat, and its time for calls */
};
/* Told one by one, by cause and id; strings live for the call.  Anything but OK ends it. */
typedef enum bp_error tr_conflict_fn(void *ctx, const struct tr_conflict *c);
/* All at and beneath a territory: of outlets there, and of the plans of units there.  Reads all of them, seconds for a country. */
enum bp_error tr_conflicts(struct bp_db *db, struct bp_arena *a, uint64_t territory, tr_conflict_fn *fn, void *ctx);

#endif
