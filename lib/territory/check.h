/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_TERRITORY_CHECK_H
#define BP_TERRITORY_CHECK_H
/* How the territories at and beneath one would do as planning units, and how the units of today do. */
#include "db/db.h"

/* Sizes of a unit, as the settings say; never one above the next. */
struct tr_limits {
	int64_t least, most; /* outlets: a good size */
	int64_t warn;        /* beyond it a unit is too large, between `most` and it only large */
	int64_t bytes;       /* of a snapshot that loads quickly */
	int64_t hours;       /* most work in four weeks */
	int64_t load;        /* percent by which that may differ from the mean of the units */
};
struct tr_limits tr_limits(void);
/* What is wrong with a unit of so many outlets, as the first of tr_unit_faults; NULL = nothing. `limit` gets the number that it should keep to. */
const char *tr_size_fault(const struct tr_limits *l, int64_t outlets, int64_t *limit);

extern const char *const tr_unit_faults[]; /* TOO_LARGE, LARGE, TOO_SMALL and EMPTY by outlets, NESTED, HEAVY, OVERWORKED and UNEVEN by work */
struct tr_unit_size {
	int64_t id, outlets, placed, visits, bytes;
	const char *name, *fault; /* NULL = none */
	double hours;             /* of work in four weeks */
};
struct tr_spread {
	double least, median, most;
};
struct tr_level_size {
	const char *level, *name; /* code, and what people call it */
	int64_t nodes, units;       /* territories, and planning units among them */
	int64_t small, good, large; /* territories by their size, and how many outlets lie in them */
	int64_t in_small, in_good, in_large;
	int64_t heavy;              /* with a snapshot that loads slowly */
	int64_t overworked;         /* with more work than a unit should have: they are no good ones, but large */
	int64_t most;               /* outlets of the largest */
	bool recommended;
	struct tr_spread *outlets, *hours, *bytes; /* of one; bytes of a snapshot, estimated where there is none */
	double misfit;              /* how far outlets are off a good size, in logarithms */
};
struct tr_check {
	struct tr_limits limits;
	struct tr_unit_size *unit; /* by id */
	struct tr_level_size *level; /* widest first */
	size_t n_units, n_levels;
	int64_t uncovered; /* outlets here that lie in no unit */
	struct bp_opt_int outside; /* that lie outside of their territory's imported boundary; none = there is no boundary, or there are too many outlets */
	int64_t nowhere;   /* outlets of no territory; those that belong here are conflicts (territory/conflict.h) */
};
enum bp_error tr_check(struct bp_db *db, struct bp_arena *a, uint64_t territory, struct tr_check *out);

#endif
