/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_TERRITORY_OVERVIEW_H
#define BP_TERRITORY_OVERVIEW_H
/*
 * The planning units of a part of a map, however many outlets they have: counts in cells that were made with the snapshots of the units, or
 * with a scenario, and the outlets themselves where there are few enough in sight.
 */
#include "base/arena.h"
#include "db/db.h"
#include "queries.h"

enum {
	TR_OVERVIEW_CELLS = 128,   /* across, at most, where the grids go that far apart */
	TR_OVERVIEW_POINTS = 20000 /* outlets that are shown one by one, whatever the setting map_points */
};

struct tr_box {
	double west, south, east, north; /* degrees */
};
struct tr_overview {
	struct q_overview_units *unit; /* by id, which is a territory, or a number within a scenario */
	size_t n_units;
	int level;                     /* of the cells, geo/cell.h; 0 = these are outlets */
	struct q_overview_cells *cell; /* one of a place: all outlets in it, and the unit that has most of them */
	size_t n_cells;
	struct q_overview_outlets *outlet; /* by id */
	size_t n_outlets;
};
/* A box of NULL is all of it, in the widest cells; `scenario` 0 = as it is today.  NOT_FOUND when the territory has no such scenario, or its
 * units were discarded; OPT_TOO_LARGE when it was made before such counts were. */
enum bp_error tr_overview(struct bp_db *db, struct bp_arena *a, uint64_t territory, uint64_t scenario, const struct tr_box *box, struct tr_overview *out,
	struct bp_fail *f);
/* Place of a unit in out->unit, -1 = it is none of them. */
int64_t tr_overview_unit(const struct tr_overview *o, int64_t unit);

/* Outlets of a scenario, and the number of the unit of each. */
struct tr_places {
	const struct q_design_outlets *outlet;
	const int32_t *number;
	size_t n;
};
/* Count the placed outlets of some units of a scenario anew, inside the caller's transaction. */
enum bp_error tr_overview_count(struct bp_db *db, struct bp_arena *a, uint64_t scenario, const struct tr_places *v, const int64_t *unit, size_t n_units);

#endif
