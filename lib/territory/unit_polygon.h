/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_TERRITORY_UNIT_POLYGON_H
#define BP_TERRITORY_UNIT_POLYGON_H
/*
 * Units that somebody drew elsewhere: each polygon of a file with outlets in it becomes a unit of a scenario.  A polygon that has the code
 * or the name of a unit of today goes on as that unit, others as the unit with which they share most outlets.  Outlets in none of them go
 * to the unit of the nearest that lies in one.
 */
#include "territory/boundary.h"

/* Count which outlets of a design lie in them; unit[d->p.n] gets the first boundary of each, DESIGN_NONE = none.  OPT_INPUT when
 * so many corners lie around so many outlets that it would take longer than seconds. */
enum bp_error tr_unit_polygons_count(struct tr_boundaries *b, const struct tr_design *d, int32_t *unit, struct bp_fail *f);
/* Keep them as a scenario, inside the caller's transaction.  OPT_INPUT while one has a fault, or no outlet lies in any. */
enum bp_error tr_unit_polygons_keep(struct tr_boundaries *b, struct bp_db *db, struct bp_arena *a, const struct tr_design *d, uint64_t territory,
	uint64_t user, int32_t *unit, uint64_t *scenario, struct bp_fail *f);

#endif
