/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_AUDIT_TRAIL_H
#define BP_AUDIT_TRAIL_H
/* Reading the trail: pages for the screen, files for others. */
#include "queries.h"

struct bp_audit_filter {
	const char *action, *who, *type; /* NULL = any */
	struct bp_opt_int user, resource, from, to; /* from, to: dates */
};
struct bp_audit_entry {
	struct q_audit_list e;
	struct q_audit_changes *change;
	size_t n;
};
/* Events older than `before`, newest first, at most `limit`. */
enum bp_error bp_audit_page(struct bp_db *db, struct bp_arena *a, const struct bp_audit_filter *f, int64_t before, int64_t limit,
	struct bp_audit_entry **entries, size_t *n);
/* What an action is in words. */
const char *bp_audit_label(const char *action);

enum bp_audit_format { BP_AUDIT_CSV, BP_AUDIT_XML };
extern const char *const bp_audit_formats[]; /* "csv", "xml", NULL */
const char *bp_audit_media(enum bp_audit_format format);
/* The same as a file, a line for each change; write() false = the reader went away, BP_E_ABORTED. */
enum bp_error bp_audit_export(struct bp_db *db, const struct bp_audit_filter *f, enum bp_audit_format format,
	bool (*write)(void *ctx, const char *data, size_t n), void *ctx);

#endif
