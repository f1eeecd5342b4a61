/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_INTAKE_EDITS_H
#define BP_INTAKE_EDITS_H
/*
 * Cells of a file that people wrote over, one by one or by sending the rejected rows back mended.  They count when the file
 * is staged; the raw file stays as it came.
 */
#include "intake/open.h"

/* Write over one cell; value NULL takes the correction back.  *out says what is wrong with the row now (its line is
 * sought in the raw file).  Errors: those of im_open(); FIELDS when the target is not of the file's entity, is not fed by
 * it, or the file has no such line; TOO_LARGE above IM_EDITS_MOST. */
enum bp_error im_edit_cell(struct bp_db *db, struct bp_arena *a, const char *upload_dir, uint64_t file, uint64_t line, const char *target,
	const char *value, uint64_t user, struct im_checked *out, struct bp_fail *f);

struct im_merged {
	uint64_t rows, cells, unknown; /* rows that came, cells that differ now, rows that the file has not */
};
/* Is this the header of rejected rows as they are downloaded?  The first two columns are _row and _error. */
bool im_is_rejects(const struct im_sniffed *sn);
/* Take mended rejects from a plain text: what differs from the file becomes corrections.  Errors: IMPORT_FORMAT when it is
 * no such text, or of another file. */
enum bp_error im_merge_rejects(struct bp_db *db, struct bp_arena *a, const char *upload_dir, uint64_t file, int fd, uint64_t bytes, uint64_t user,
	struct im_merged *out, struct bp_fail *f);

#endif
