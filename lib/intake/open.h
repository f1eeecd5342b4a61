/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_INTAKE_OPEN_H
#define BP_INTAKE_OPEN_H
/*
 * A file of a session opened to be read and checked: with its mapping compiled, and what people said of it - fixes of its
 * source, cells they wrote over, severities of this installation.  Staging, the grid of bad rows and every preview read a
 * row through this, so that they cannot disagree.
 */
#include "intake/intake.h"
#include "queries.h"

enum { IM_EDITS_MOST = 100000 }; /* cells of one file that people may write over */

struct im_opened {
	struct q_import_file_get file;
	struct q_import_file_more more;
	enum im_entity entity;
	struct im_sniffed sn;
	struct im_feed feed[IM_COLUMNS_MOST];
	struct im_checker k;
	struct im_fixes fixes;
	struct im_edit *edit; /* by line */
	size_t n_edits, at_edit;
	struct im_date_votes dates[IM_COLUMNS_MOST]; /* what the values of date columns say of their order */
	bool whole; /* all rows said so, not only the first ones */
	int fd;
};

/* `o` is released with im_close() in any case.  Values of rows go into `rows`, the rest into `keep`.
 * Errors: NOT_FOUND (also when the raw file is kept no longer), IMPORT_SCHEMA (the file's kind is not said, or its mapping
 * is wrong), IMPORT_FORMAT. */
enum bp_error im_open(struct bp_db *db, const char *upload_dir, uint64_t file, struct bp_arena *keep, struct bp_arena *rows,
	struct im_opened *o, struct bp_fail *f);
void im_close(struct im_opened *o);
/* Check a row with the edits of its line.  Rows come in the order of the file; im_open_rewind() begins again. */
void im_open_check(struct im_opened *o, const struct im_row *row, struct im_checked *out);
void im_open_rewind(struct im_opened *o);

/* Calls fn for each of the given lines (ascending) until it says otherwise; at most `seconds` are read. */
enum bp_error im_open_lines(struct im_opened *o, const int64_t *line, size_t n, double seconds,
	enum bp_error (*fn)(void *ctx, const struct im_row *row), void *ctx, struct bp_fail *f);

#endif
