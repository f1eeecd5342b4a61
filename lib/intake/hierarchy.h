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
/* Where the rows that contradict lie. */
char *im_hierarchy_path(struct bp_arena *a, const char *upload_dir, uint64_t session, uint64_t file);

#endif
