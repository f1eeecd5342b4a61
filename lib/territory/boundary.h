/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_TERRITORY_BOUNDARY_H
#define BP_TERRITORY_BOUNDARY_H
/*
 * Boundaries of territories, imported as GeoJSON (RFC 7946): maps show them in place of outlines made from outlets, the check of the units
 * lists outlets that lie outside of them, and designs can take them as borders.  Outlets stay where they are.  Each import or removal is a
 * change set.  A file whose polygons are to become units is read here too, and taken by unit_polygon.h; outlines that a map makes from
 * outlets are those of drawing.h.
 */
#include <jansson.h>

#include "base/buf.h"
#include "geo/polygon.h"
#include "territory/scenario.h"

enum { TR_BOUNDARIES_MOST = DESIGN_UNITS_MOST, TR_CORNERS_MOST = 400000 };

enum tr_boundary_fault { TR_BOUNDARY_SOUND, TR_BOUNDARY_NO_AREA, TR_BOUNDARY_NO_DEGREES, TR_BOUNDARY_CROSSES, TR_BOUNDARY_SHORT,
	TR_BOUNDARY_DENSE, /* whether it crosses itself or overlaps cannot be told in time */
	TR_BOUNDARY_HOLE, /* a hole lies outside of what it is cut from */
	TR_BOUNDARY_SMALL, /* it covers less than any territory could */
	/* of boundaries of territories alone */
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
/* OPT_INPUT names the first that has a fault, where it is and what to do about it. */
enum bp_error tr_boundaries_refuse(const struct tr_boundaries *b, struct bp_fail *f);

enum { TR_BOUNDARY_MARGIN = 500 /* millionths of degrees by which borders drawn by different people may differ: some fifty metres */ };

/* Those in force at and beneath territories, by their numbers, into the arena. */
enum bp_error tr_boundaries_load(struct bp_db *db, struct bp_arena *a, const int64_t *territory, size_t n, struct tr_boundaries *b);
/* The territory at or beneath one that each names by its code, of a level or of any (NULL), and what is wrong with that as its fault: no such
 * code, several, twice in the file, or more than the margin shared with another one of its level, be it in the file or in force. */
enum bp_error tr_boundaries_match(struct bp_db *db, struct bp_arena *a, uint64_t territory, const char *level, struct tr_boundaries *b);

/* The narrowest of them that holds a place, NULL = none does. *sides counts what was looked at; beyond TR_SIDES_MOST nothing is. */
#define TR_SIDES_MOST 1000000000 /* some seconds */
const struct tr_boundary *tr_boundaries_find(const struct tr_boundaries *b, struct geo_place p, int64_t *sides);

struct tr_outside {
	int64_t outlet, territory;
};
/* Open outlets with coordinates of these territories that lie outside of their boundary, by outlet, each once with the narrowest territory;
 * counts what lies in and outside of each, and what would lie in it if latitude and longitude came in the other order.  OPT_INPUT when
 * that would take longer than seconds. */
enum bp_error tr_boundaries_outside(struct bp_db *db, struct bp_arena *a, struct tr_boundaries *b, struct tr_outside **v, size_t *n, struct bp_fail *f);
/* Are there so few outlets at and beneath a territory that they may be looked at one by one? */
enum bp_error tr_boundaries_may_count(struct bp_db *db, struct bp_arena *a, uint64_t territory, bool *may);

struct tr_boundary_change {
	uint64_t territory, user;
	const char *reason;
};
/* Keep them, inside the caller's transaction, in place of those in force.  OPT_INPUT while one has a fault. */
enum bp_error tr_boundaries_keep(struct bp_db *db, struct bp_arena *a, const struct tr_boundary_change *c, const struct tr_boundaries *b, uint64_t *set, struct bp_fail *f);
/* Those of these territories are there no more.  NOT_FOUND names the first that has none at or beneath the one of the change. */
enum bp_error tr_boundaries_remove(struct bp_db *db, struct bp_arena *a, const struct tr_boundary_change *c, const int64_t *territory, size_t n, uint64_t *set,
	struct bp_fail *f);
/* Take a change back: *back boundaries are as before, *kept were changed since and stay. */
enum bp_error tr_boundaries_undo(struct bp_db *db, struct bp_arena *a, const struct tr_boundary_change *c, uint64_t set, int64_t *back, int64_t *kept, struct bp_fail *f);

/* The coordinates of a MultiPolygon, none finer than `grid` millionths of degrees: what borders share they share still. false = nothing is left. */
bool tr_boundary_put(struct bp_buf *out, const struct tr_boundary *b, int64_t grid);

#endif
