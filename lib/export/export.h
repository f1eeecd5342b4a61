/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_EXPORT_EXPORT_H
#define BP_EXPORT_EXPORT_H
/*
 * Plans, visit lists, what differs between two versions, what people changed and said of a plan, and how its work is shared, as files, streamed row by row; XLSX alone is written to a
 * temporary file first.  A plan file has the columns that the import of plans takes, so that importing it gives the same
 * plan; a file of chain rules has those that their import takes.  The XML is described by conf/plan.xsd.
 */
#include "db/db.h"

enum export_what { EXPORT_PLAN, EXPORT_VISITS, EXPORT_CHANGES, EXPORT_OVERRIDES, EXPORT_COMMENTS, EXPORT_FAIRNESS, EXPORT_CHAINS, EXPORT_CONFLICTS };
enum export_format { EXPORT_CSV, EXPORT_XML, EXPORT_XLSX, EXPORT_ICS, EXPORT_GEOJSON };
/* Names on the wire and the shell, in the order of the enums, ended by NULL; the format's name is also the end of a file's.  The
 * rules of chains and the conflicts of a territory are of no plan, and so none of them. */
#define EXPORT_CHAINS_NAME "chain_rules"
#define EXPORT_CONFLICTS_NAME "conflicts"
extern const char *const export_whats[], *const export_formats[];
/* Of any, which is also that of its sheet or element. */
const char *export_name(enum export_what what);
/* Media type of a format. */
const char *export_media(enum export_format f);
/* Calendars hold dated visits, maps have no place for what differs or was said, the XML is of plans. */
bool export_knows(enum export_what what, enum export_format format);

struct export_job {
	enum export_what what;
	enum export_format format;
	uint64_t plan, version;      /* version: of EXPORT_PLAN, EXPORT_CHANGES and EXPORT_FAIRNESS */
	uint64_t base;               /* EXPORT_CHANGES: what the version is held against */
	uint64_t territory;          /* EXPORT_CONFLICTS: there and beneath */
	int64_t from, to;            /* dates: of EXPORT_VISITS */
	struct bp_opt_int seat, beat; /* only these; not set = all */
	/* Where the bytes go; false = the reader went away, the export stops with BP_E_ABORTED. */
	bool (*write)(void *ctx, const char *data, size_t n);
	void *ctx;
};
enum bp_error export_run(struct bp_db *db, const struct export_job *job);

#endif
