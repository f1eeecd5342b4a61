/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_TERRITORY_BOUND_H
#define BP_TERRITORY_BOUND_H
/*
 * Boundaries of territories that were imported: maps show them in place of outlines made from outlets, the check of the units lists outlets
 * that lie outside of them, and designs can take them as borders.  Outlets stay where they are.  Each import or removal is a change set.
 */
#include "base/buf.h"
#include "territory/boundary.h"

enum { TR_BOUND_MARGIN = 500 /* millionths of degrees by which borders drawn by different people may differ: some fifty metres */ };

/* Those in force at and beneath territories, by their numbers, into the arena. */
enum bp_error tr_bounds_load(struct bp_db *db, struct bp_arena *a, const int64_t *territory, size_t n, struct tr_boundaries *b);
/* The territory at or beneath one that each names by its code, of a level or of any (NULL), and what is wrong with that as its fault: no such
 * code, several, twice in the file, or more than the margin shared with another one of its level, be it in the file or in force. */
enum bp_error tr_bounds_match(struct bp_db *db, struct bp_arena *a, uint64_t territory, const char *level, struct tr_boundaries *b);

/* The narrowest of them that holds a place, NULL = none does. *sides counts what was looked at; beyond TR_SIDES_MOST nothing is. */
#define TR_SIDES_MOST 1000000000 /* some seconds */
const struct tr_boundary *tr_bounds_find(const struct tr_boundaries *b, struct geo_place p, int64_t *sides);

struct tr_outside {
	int64_t outlet, territory;
};
/* Open outlets with coordinates of these territories that lie outside of their boundary, by outlet, each once with the narrowest territory;
 * counts what lies in and outside of each, and what would lie in it if latitude and longitude came in the other order.  OPT_INPUT when
 * that would take longer than seconds. */
enum bp_error tr_bounds_outside(struct bp_db *db, struct bp_arena *a, struct tr_boundaries *b, struct tr_outside **v, size_t *n, struct bp_fail *f);
/* Are there so few outlets at and beneath a territory that they may be looked at one by one? */
enum bp_error tr_bounds_may_count(struct bp_db *db, struct bp_arena *a, uint64_t territory, bool *may);

struct tr_bound_change {
	uint64_t territory, user;
	const char *reason;
};
/* Keep them, inside the caller's transaction, in place of those in force.  OPT_INPUT while one has a fault. */
enum bp_error tr_bounds_keep(struct bp_db *db, struct bp_arena *a, const struct tr_bound_change *c, const struct tr_boundaries *b, uint64_t *set, struct bp_fail *f);
/* Those of these territories are there no more.  NOT_FOUND names the first that has none at or beneath the one of the change. */
enum bp_error tr_bounds_remove(struct bp_db *db, struct bp_arena *a, const struct tr_bound_change *c, const int64_t *territory, size_t n, uint64_t *set,
	struct bp_fail *f);
/* Take a change back: *back boundaries are as before, *kept were changed since and stay. */
enum bp_error tr_bounds_undo(struct bp_db *db, struct bp_arena *a, const struct tr_bound_change *c, uint64_t set, int64_t *back, int64_t *kept, struct bp_fail *f);

/* The coordinates of a MultiPolygon, none finer than `grid` millionths of degrees: what borders share they share still. false = nothing is left. */
bool tr_bound_put(struct bp_buf *out, const struct tr_boundary *b, int64_t grid);

#endif
