/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_TABLE_TABLE_H
#define BP_TABLE_TABLE_H
/*
 * Tables in any wrapper: a text, a text in gzip, files in a ZIP, the sheets of a workbook (XLSX), records in XML, JSON
 * (an array of objects, one object a line, or an object that holds such an array).  What is no plain text comes out as
 * one CSV text for each table: UTF-8, comma, one header line of field names for XML and JSON, and for a workbook the
 * sheet's own rows, so that line N of the text is row N of the sheet as long as no cell holds a line break.
 *
 * Everything is a stream.  Memory grows with the width of a row and with a workbook's shared strings (at most
 * TB_STRINGS_MOST bytes), never with the number of rows.  What unpacks beyond all reason is refused.
 */
#include <stddef.h>

#include "base/error.h"

enum { TB_STRINGS_MOST = 512 << 20, TB_TABLES_MOST = 32, TB_ENTRIES_MOST = 10000, TB_COLUMNS_MOST = 1000 };

enum tb_form { TB_TEXT, TB_GZIP, TB_ZIP, TB_XML, TB_JSON };

/* What the first bytes of a file (64 are enough) say. */
enum tb_form tb_form_of(const char *head, size_t n);

/* Takes the tables one after the other.  An error of these ends the work and is returned. */
struct tb_sink {
	/* A table begins; `part` names it within the file, "" when it is the only one.  Borrowed for the call. */
	enum bp_error (*begin)(void *ctx, const char *part, struct bp_fail *f);
	enum bp_error (*write)(void *ctx, const void *p, size_t n, struct bp_fail *f);
	enum bp_error (*end)(void *ctx, struct bp_fail *f);
	void *ctx;
};

/*
 * Unwrap the file `fd`, which is read from its beginning and may be read twice.  `name` is what it is called: the endings of it, and of
 * what is packed in it, must fit what they hold (table/ending.h; NULL: it has none).  `row` names the XML element that is
 * one row (NULL: the shallowest element that repeats).  Plain text in gzip or ZIP is passed on as it is.
 * Errors: IMPORT_FORMAT with the reason and the place (broken, cut off, encrypted, a DOCTYPE, beyond the limits, no
 * table within, an ending that lies), those of the sink, INTERNAL when the file cannot be read.
 */
enum bp_error tb_unwrap(int fd, const char *name, const char *row, const struct tb_sink *sink, struct bp_fail *f);

#endif
