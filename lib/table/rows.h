/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_TABLE_ROWS_H
#define BP_TABLE_ROWS_H
/* Rows of named cells on their way into a CSV text, for forms whose records name their fields. */
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "table/table.h"

/* The columns of a table in the order in which they first came, and the row in work. */
struct tb_rows {
	struct bp_arena arena; /* of the names */
	const char *name[TB_COLUMNS_MOST];
	struct bp_buf cell[TB_COLUMNS_MOST];
	size_t n, cursor;      /* columns; where the next name is expected */
	bool known;            /* all names are: cells are kept */
	struct bp_buf text;    /* CSV not yet handed on */
	size_t rows;
};

void tb_rows_init(struct tb_rows *r);
void tb_rows_release(struct tb_rows *r);
/* A cell of the row in work; a second one of the same name is joined by ';'.  IMPORT_FORMAT when there are too many columns. */
enum bp_error tb_rows_cell(struct tb_rows *r, const char *name, const char *value, struct bp_fail *f);
/* The first pass is over: write the header. */
enum bp_error tb_rows_header(struct tb_rows *r, const struct tb_sink *sink, const char *part, struct bp_fail *f);
/* The row is complete. */
enum bp_error tb_rows_row(struct tb_rows *r, const struct tb_sink *sink, struct bp_fail *f);
enum bp_error tb_rows_end(struct tb_rows *r, const struct tb_sink *sink, struct bp_fail *f);

/* Hand on what is in `text` when it is worth it, or whatever there is when `all`. */
enum bp_error tb_flush(struct bp_buf *text, bool all, const struct tb_sink *sink, struct bp_fail *f);

#endif
