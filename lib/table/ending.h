/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_TABLE_ENDING_H
#define BP_TABLE_ENDING_H
/* The ending of a file's name against what its first bytes are: what calls itself one thing and is another was mixed up on its way, or
 * is meant to deceive.  Endings that are not known, and none, say nothing. */
#include "table/table.h"

/* What the first bytes are of that holds no table which is read here ("a PDF file"); NULL = none of these. */
const char *tb_foreign(const char *head, size_t n);

/* May a file of this name (after its last slash) begin so?  IMPORT_FORMAT with the name, what it looks like and what to do. An
 * empty file is anything. */
enum bp_error tb_ending_fits(const char *name, const char *head, size_t n, struct bp_fail *f);
/* The same of an archive, once it is known whether it is a workbook. */
enum bp_error tb_ending_fits_archive(const char *name, bool workbook, struct bp_fail *f);

#endif
