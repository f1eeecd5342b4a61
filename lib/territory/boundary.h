/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_TERRITORY_BOUNDARY_H
#define BP_TERRITORY_BOUNDARY_H
/*
 * Boundaries that somebody drew elsewhere (GeoJSON, RFC 7946): each Polygon or MultiPolygon with outlets in it becomes a unit of a
 * scenario.  A boundary that has the code or the name of a unit of today goes on as that unit, others as the unit with which they
 * share most outlets.  Outlets in none of them go to the unit of the nearest that lies in one.
 */
#include <jansson.h>

#include "geo/polygon.h"
#include "territory/scenario.h"

enum { TR_BOUNDARIES_MOST = DESIGN_UNITS_MOST, TR_CORNERS_MOST = 400000 };

enum tr_boundary_fault { TR_BOUNDARY_SOUND, TR_BOUNDARY_NO_AREA, TR_BOUNDARY_NO_DEGREES, TR_BOUNDARY_CROSSES, TR_BOUNDARY_SHORT,
	TR_BOUNDARY_DENSE, /* whether it crosses itself or overlaps cannot be told in time */
	TR_BOUNDARY_HOLE, /* a hole lies outside of what it is cut from */
	/* of boundaries of territories alone (bound.h) */
	TR_BOUNDARY_UNKNOWN, TR_BOUNDARY_SEVERAL, TR_BOUNDARY_AGAIN, TR_BOUNDARY_OVERLAPS };
extern const char *const tr_boundary_faults[]; /* names of those but the first, ending with NULL */

struct tr_boundary {
	const char *name, *code;
	struct geo_area area;
	const bool *hole;           /* of each ring: it is cut from the ring before it that is none */
	int32_t corners;
	int64_t outlets;            /* in it, and in none before it */
	enum tr_boundary_fault fault;
	struct geo_place at;        /* where it crosses itself or overlaps, or its first corner */
	/* of boundaries of territories: whose it is, 0 = not known; which other it overlaps; its own outlets outside of it */
	int64_t territory, rank, outside;
	const char *of, *other;
	bool replaces;
};

struct tr_boundaries {
	struct tr_boundary *v;
	size_t n, faults;
	int64_t inside, outside, twice; /* placed outlets: in one, in none, in several */
	int64_t swapped;                /* that would lie in one if latitude and longitude came in the other order */
};

/* The corners of one geometry; `swap`: latitude comes first. */
void tr_boundary_read(struct bp_arena *a, const json_t *geometry, bool swap, struct tr_boundary *b);
/* Read them, into the arena; the property `named` holds their codes, NULL = code.  OPT_INPUT when it is no GeoJSON, holds nothing, is in other coordinates than WGS 84 or is too much;
 * what is wrong with a single one is told as its fault. */
enum bp_error tr_boundaries_read(struct bp_arena *a, const json_t *geojson, bool swap, const char *named, struct tr_boundaries *b, struct bp_fail *f);
/* Count which outlets of a design lie in them; unit[d->p.n] gets the first boundary of each, DESIGN_NONE = none.  OPT_INPUT when
 * so many corners lie around so many outlets that it would take longer than seconds. */
enum bp_error tr_boundaries_count(struct tr_boundaries *b, const struct tr_design *d, int32_t *unit, struct bp_fail *f);
/* OPT_INPUT names the first that has a fault, where it is and what to do about it. */
enum bp_error tr_boundaries_refuse(const struct tr_boundaries *b, struct bp_fail *f);
/* Keep them as a scenario, inside the caller's transaction.  OPT_INPUT while one has a fault, or no outlet lies in any. */
enum bp_error tr_boundaries_keep(struct tr_boundaries *b, struct bp_db *db, struct bp_arena *a, const struct tr_design *d, uint64_t territory,
	uint64_t user, int32_t *unit, uint64_t *scenario, struct bp_fail *f);

#endif
