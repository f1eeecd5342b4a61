/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_INTAKE_CHECK_H
#define BP_INTAKE_CHECK_H
/*
 * One row of a file, mapped and checked: cells -> values in the form in which they are stored, and
 * what is wrong with them.  Knows nothing of other rows and of the database; duplicates and references
 * are found later by set operations.
 *
 * A value is NULL when the file does not say it (not mapped, empty where empty means "as before", or
 * left out by a warning); texts that are mapped and empty are "".
 */
#include "base/arena.h"
#include "intake/fix.h"
#include "intake/reader.h"
#include "intake/registry.h"
#include "intake/sniff.h"
#include "intake/transform.h"
#include "intake/value.h"

/* How one target is fed.  source -1 = not mapped (then `fallback` still counts). */
struct im_feed {
	int source;
	struct im_chain *chain; /* what is done with the text; NULL = nothing. Whoever compiled it frees it */
	const char *fallback; /* for empty cells, may be NULL */
	enum im_reading reading; /* of values with two readings, as a person chose it; ASK = the column decides, or nobody */
};

enum { IM_ISSUES_MOST = 40 }; /* of one row; more would not help anybody */

struct im_issue {
	int column; /* index of the target, -1 = the whole row */
	enum im_rule rule;
	const char *value, *suggestion; /* may be "" */
};

/* A cell that a person corrected: the text counts instead of the file's, behind the chain. */
struct im_edit {
	uint64_t line;
	int column; /* index of the target */
	const char *value;
};

struct im_checked {
	const char *value[IM_COLUMNS_MOST];
	struct im_issue issue[IM_ISSUES_MOST];
	size_t n_issues;
	bool rejected; /* an issue is an error */
};

struct im_checker {
	enum im_entity entity;
	const struct im_column *col;
	size_t n_cols;
	struct im_feed feed[IM_COLUMNS_MOST];
	size_t width;        /* columns of the header */
	uint32_t required;   /* targets that a row must say, as bits; those of the registry, until it is set otherwise */
	bool decimal_comma;
	bool empty_says_nothing; /* an empty cell leaves what is stored as it is */
	int lat, lon;        /* indexes of the targets, -1 = the entity has none */
	int country;         /* index of the target, -1 = the entity has none */
	char country_said[64]; /* the last one that a row said ... */
	int country_known;   /* ... and which that is, -1 = none */
	bool centre_known;
	int64_t centre_lat, centre_lon; /* median of the sample, micro-degrees */
	struct im_lexicon *lexicon;
	enum im_severity severity[IM_R__MAX];
	enum im_reading reading[IM_COLUMNS_MOST]; /* of values with two readings, as the column decides */
	struct im_fixes *fixes; /* NULL = none */
	const struct im_edit *edit; /* of the row that is checked next; the caller sets both */
	size_t n_edits;
	struct bp_arena *arena; /* for values; the caller clears it between rows or batches */
};

/* `feed` has one entry per column of the entity; the sample gives the file's number style and where its
 * places lie.  The lexicon is made in `keep`, which outlives the checker. */
void im_checker_init(struct im_checker *k, enum im_entity e, const struct im_feed *feed, const struct im_sniffed *sample,
	struct bp_arena *keep, struct bp_arena *rows);
/* Where stored outlets lie (micro-degrees).  A file that lies elsewhere, but there with its coordinates swapped, has them
 * swapped: in the file alone nothing would show it. */
void im_checker_known_place(struct im_checker *k, int64_t lat, int64_t lon);
void im_check_row(struct im_checker *k, const struct im_row *row, struct im_checked *out);
/* Row r of a sample in the form in which rows come. */
struct im_row im_sample_row(const struct im_sniffed *sn, size_t r, struct bp_arena *a);
/* The text that feeds a target, behind its chain and edits, "" for none, NULL = not mapped; *fault as im_chain_run(). */
const char *im_cell(const struct im_checker *k, const struct im_row *row, int column, enum im_step_fault *fault, const char **remedy);
/* What the values of a date column decide together: votes of one more row. */
void im_vote_row(const struct im_checker *k, const struct im_row *row, struct im_date_votes v[IM_COLUMNS_MOST]);

#endif
