/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_EXPORT_EXPORT_H
#define BP_EXPORT_EXPORT_H
/*
 * Plans and visit lists as files, streamed row by row in constant memory.  A plan
 * file has the columns that the import of plans takes, so that importing it gives
 * the same plan.  The XML is described by conf/plan.xsd.
 */
#include "db/db.h"

enum export_what { EXPORT_PLAN, EXPORT_VISITS };
enum export_format { EXPORT_CSV, EXPORT_XML };

struct export_job {
	enum export_what what;
	enum export_format format;
	uint64_t plan, version; /* version: of EXPORT_PLAN */
	int64_t from, to;       /* dates: of EXPORT_VISITS */
	/* Where the bytes go; false = the reader went away, the export stops with BP_E_ABORTED. */
	bool (*write)(void *ctx, const char *data, size_t n);
	void *ctx;
};
enum bp_error export_run(struct bp_db *db, const struct export_job *job);

#endif
