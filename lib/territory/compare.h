/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_TERRITORY_COMPARE_H
#define BP_TERRITORY_COMPARE_H
/*
 * Two ways to cut the outlets beneath a territory into units, beside each other: two scenarios, or one and what is now
 * (scenario 0).  A unit that goes on is the same on both sides; one that publishing makes is taken for the one that the
 * other side makes of most of its outlets, each at most once.  What is the same has one name.
 */
#include "base/arena.h"
#include "db/db.h"
#include "queries.h"

/* What a side amounts to, counted as scenarios are. */
struct tr_figures {
	const char *name, *status; /* NULL = as it is today */
	int64_t units, outlets, moved, whole;
	int64_t seats;             /* that visit an outlet which moves */
	double max_deviation_pct, compactness;
};
/* NOT_FOUND when the territory has no such scenario; of today the errors of tr_design_load. */
enum bp_error tr_figures(struct bp_db *db, struct bp_arena *a, uint64_t territory, uint64_t scenario, struct tr_figures *out, struct bp_fail *f);

struct tr_placed {
	int64_t outlet;
	int32_t number[2]; /* of its unit on each side */
};
struct tr_comparison {
	struct q_design_units *unit[2];
	size_t n_units[2];
	int64_t *same;           /* 2 * n_same: numbers of units that are the same on both sides */
	size_t n_same;
	struct tr_placed *differ; /* outlets in different units, by id */
	size_t n_differ;
};
/* Outlets that one side does not know are left out.  NOT_FOUND as above. */
enum bp_error tr_compare(struct bp_db *db, struct bp_arena *a, uint64_t territory, const uint64_t scenario[2], struct tr_comparison *out);

#endif
