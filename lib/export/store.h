/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_EXPORT_STORE_H
#define BP_EXPORT_STORE_H
/* Exports kept as files, a folder for each user and date: DIR/USER/DATE/ID-NAME, until they are swept. */
#include "export/export.h"

/* Where a kept file lies; in the arena. */
const char *export_path(struct bp_arena *a, const char *dir, int64_t user, int64_t day, int64_t id, const char *name);
/* Run the export into a file of the user under today's date. `dir` "off" is CONFLICT with the remedy; a file that could not be
 * written whole is not kept. job->write and ctx are set here. */
enum bp_error export_keep(struct bp_db *db, struct bp_arena *a, const char *dir, uint64_t user, struct export_job *job, const char *name,
	uint64_t *id, uint64_t *bytes, struct bp_fail *f);
/* Remove what is older than so many days; 0 = nothing ever. */
void export_sweep(struct bp_db *db, struct bp_arena *a, const char *dir, int64_t keep_days);

#endif
