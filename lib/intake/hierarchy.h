/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_INTAKE_HIERARCHY_H
#define BP_INTAKE_HIERARCHY_H
/*
 * The levels of territories that the columns of an uploaded file hold (design/detect.h).  What is found is kept with the file, and the
 * rows that contradict it beside the raw file, written like rejected rows: mended and uploaded into the session they are corrections.
 */
#include "intake/intake.h"

enum { IM_EXCEPTIONS_KEPT = 1000 };

/* Look through all rows, with the corrections that people made, and keep what is found; repeatable.  `chosen` holds columns of the
 * levels whose contradictions are told, widest first; NULL or none = those found.
 * Errors: NOT_FOUND (also when the raw file is kept no longer, or a chosen column is none of it), IMPORT_FORMAT, OPT_TOO_LARGE, DISK_FULL, CANCELLED ... */
enum bp_error im_hierarchy_find(struct im_work *w, uint64_t file, const json_t *chosen, int64_t *levels, int64_t *wrong_rows);
/*
 * Columns, widest first, become the levels of a territory model beside the sales geography, so that the import says where outlets lie in
 * it: those of a file of memberships itself; a file of outlets gets one of memberships beside it, of the same bytes.  *to is that file.
 * Errors: NOT_FOUND (the file, the model, or the levels were not looked for), CONFLICT; FIELDS with what is wrong with column[*bad],
 * *bad = n when it is their number.
 */
enum bp_error im_hierarchy_model(struct bp_db *db, struct bp_arena *a, const char *upload_dir, uint64_t file, const char *model, const int32_t *column,
	size_t n, uint64_t *to, size_t *bad, struct bp_fail *f);
/* What the file of memberships beside a file of outlets is called. */
char *im_hierarchy_name(struct bp_arena *a, const char *file, const char *model);
/* Where the rows that contradict lie. */
char *im_hierarchy_path(struct bp_arena *a, const char *upload_dir, uint64_t session, uint64_t file);

#endif
