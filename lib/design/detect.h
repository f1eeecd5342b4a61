/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_DESIGN_DETECT_H
#define BP_DESIGN_DETECT_H
/*
 * The hierarchy that a table's columns hold, found without looking at their names: one column lies below another when
 * its values determine the other's (a functional dependency) but for a few rows.  How far it holds is measured by the
 * rows that would have to go (g3: Kivinen and Mannila 1995).  Columns that determine each other - code and name - are
 * one level.  The longest chain is the hierarchy; what does not fit in it is told row by row.  Chains in the other columns are
 * hierarchies of their own beside it, as service or segments have; a column that is in no chain, but lies above or below levels of one, makes
 * another together with these, as branches do with the areas of the sales geography.  Pure.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

enum { DETECT_COLUMNS_MOST = 64, DETECT_ROWS_MOST = 5000000, DETECT_OTHERS_MOST = 4, DETECT_SHARED_MOST = 4, DETECT_EMPTY = -1 };

/*
 * A table that is filled row by row; texts are kept once, cut off behind 200 bytes.  A column of a large table that has another
 * value in most rows - keys, names, coordinates - is no level: it is let go as soon as that shows, so that memory stays bounded.
 */
struct detect_table {
	struct bp_arena *arena;
	int32_t n_columns, n_rows, cap;
	const char **name;            /* of the columns */
	struct detect_values *values; /* of each column */
	int32_t **cell;               /* [column][row]: number of the value, DETECT_EMPTY = none; NULL = let go */
};

/* Release it whatever happens; names belong to the arena, and so does what is found in it. */
void detect_table_init(struct detect_table *t, struct bp_arena *arena, const char *const *name, int32_t n_columns);
void detect_table_release(struct detect_table *t);
/* One more row; a cell is NULL or "" when there is none.  OPT_TOO_LARGE beyond DETECT_ROWS_MOST. */
enum bp_error detect_table_add(struct detect_table *t, const char *const *cell, struct bp_fail *f);
int32_t detect_values(const struct detect_table *t, int32_t column);
const char *detect_text(const struct detect_table *t, int32_t column, int32_t value);

/* Does column `below` determine column `above`? */
struct detect_dependency {
	int32_t below, above;
	int32_t rows;       /* with both values, in groups of two and more: what can speak against it */
	int32_t exceptions; /* rows that do */
};

struct detect_level {
	int32_t column;     /* that names it: of those below, the one with most values */
	int32_t *same, n_same; /* columns that say the same */
	int32_t values;
	double confidence;  /* 0..1: share of the rows that agree with the level above, 1 for the widest */
};

/* A value of a level that also stands below another value of the level above, or beside another code or name. */
struct detect_exception {
	int32_t column, value;   /* of the narrower level */
	int32_t above;           /* column of the wider one, or one that should say the same */
	int32_t usual, usual_rows; /* its value in most rows */
	int32_t other, other_rows; /* its value in these */
	int32_t first_row;       /* from 0 */
	bool error;              /* these rows are so few that they are taken for errors; else it is the hierarchy's own */
	int32_t number;          /* as found, before they were sorted */
};

struct detect_chain {
	struct detect_level *levels; /* widest first */
	int32_t n;
};

struct detect_result {
	struct detect_level *levels; /* widest first */
	int32_t n_levels;
	struct detect_chain others[DETECT_OTHERS_MOST]; /* in columns that are no level of it, longest first; then those that share levels with it or with these */
	int32_t n_others;
	struct detect_exception *exceptions; /* most rows first */
	int32_t n_exceptions;
	int32_t *wrong_rows; /* rows with an error, ascending */
	int32_t *wrong_why;  /* an exception that each breaks */
	int32_t n_wrong_rows;
	struct detect_dependency *all; /* every dependency found, for levels that people choose */
	int32_t n_all;
};

/* Find it.  All arrays belong to the arena of the table.  No level at all is an outcome, not an error.  `told` hears what part is
 * done, and its error ends the work; it may be NULL. */
enum bp_error detect_hierarchy(const struct detect_table *t, struct detect_result *r, enum bp_error (*told)(void *ctx, double part), void *ctx);

/* Tell in the found result what contradicts other levels than those found: columns, widest first.  One that has the same value
 * everywhere is passed over; where a level does not lie below the next wider one at all, nothing is an exception. */
void detect_contradictions(const struct detect_table *t, struct detect_result *r, const int32_t *column, int32_t n);

#endif
