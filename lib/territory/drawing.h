/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_TERRITORY_DRAWING_H
#define BP_TERRITORY_DRAWING_H
/* What a map shows of planning units, those of today or those of a scenario: where each outlet lies, and outlines. */
#include "base/arena.h"
#include "base/buf.h"
#include "db/db.h"
#include "queries.h"
#include "territory/boundary.h"

enum { TR_DRAWN_MOST = 500000 /* outlets, whatever the setting */ };

struct tr_drawing {
	struct q_design_units *unit;           /* of the scenario; without one those of today, in the same form */
	struct q_design_units_of_today *today;
	size_t n_units, n_today;
	struct q_design_outlets *outlet;       /* all that are placed, by id */
	int32_t *in, *was;                     /* of each: place in unit[] and in today[] */
	size_t n;
	struct tr_boundaries own;              /* imported boundaries of units of today, which are drawn in place of outlines */
};

/* Units of today in the form of those of a scenario, numbered by their place; nothing is counted. */
struct q_design_units *tr_units_as_planned(struct bp_arena *a, const struct q_design_units_of_today *u, size_t n);

/* Load it into the arena; `scenario` 0 = as it is today.  NOT_FOUND when the territory has no such scenario, or its places were
 * discarded with it; OPT_TOO_LARGE beyond the outlets of the setting map_drawn. */
enum bp_error tr_drawing_load(struct bp_db *db, struct bp_arena *a, uint64_t territory, uint64_t scenario, struct tr_drawing *d, struct bp_fail *f);

/* The same with the territories of a model beside the sales geography as units; the last one, without an id, has the outlets that lie in
 * none.  NOT_FOUND when there is no such model. */
enum bp_error tr_drawing_members(struct bp_db *db, struct bp_arena *a, uint64_t territory, uint64_t model, struct tr_drawing *d, struct bp_fail *f);

/* A territory with what lies beneath it, and the planning units around it that a user may see; `world`: everything. */
enum bp_error tr_drawing_around(struct bp_db *db, struct bp_arena *a, uint64_t territory, uint64_t user, bool world, struct tr_drawing *d);

/*
 * Append the outlines as a JSON array of GeoJSON features, one a unit, no finer than a pixel at a zoom of the map (negative: as fine as
 * they are).  border[3 * n_borders] in the arena gets who lies beside whom: two places in unit[], and the kilometres.
 */
void tr_drawing_outlines(const struct tr_drawing *d, struct bp_arena *a, double zoom, struct bp_buf *out, int64_t **border, size_t *n_borders);

#endif
