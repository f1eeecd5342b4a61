/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_INTAKE_SOURCE_H
#define BP_INTAKE_SOURCE_H
/*
 * Where files come from: a source is known again by the columns of its files.  What was mapped by hand the last time is
 * proposed the next time, whoever uploads it and by whatever way, and what changed since is told.
 */
#include <jansson.h>

#include "db/db.h"
#include "intake/registry.h"
#include "intake/sniff.h"

enum { IM_SOURCES_MOST = 300 }; /* that are looked through, the last used ones */

struct im_source {
	int64_t id; /* 0 = no source is like this file */
	enum im_entity entity;
	json_t *mapping; /* of the file, as import_file keeps it; the caller decrefs */
	const char *match_by; /* the columns by which its files find outlets */
	json_t *memory;  /* {name, used, new, missing}; the caller decrefs */
};

/* The source that a file with these columns is of; `entity` IM_ENTITY__MAX = of any.  Columns that it did not have are
 * mapped as suggest(ctx) says of them: an array like a file's mapping, which is taken over. */
enum bp_error im_source_find(struct bp_db *db, struct bp_arena *a, enum im_entity entity, const struct im_sniffed *sn,
	json_t *(*suggest)(void *, enum im_entity, const struct im_sniffed *, struct bp_arena *), void *ctx, struct im_source *out);

/* Keep how a file is mapped for the next one of its source; a file without a source begins one. */
enum bp_error im_source_remember(struct bp_db *db, struct bp_arena *a, int64_t file);

/* Use a kept mapping for a file: header texts are the same whatever their case, accents and spaces.  NOT_FOUND when nothing is kept
 * under that name. */
enum bp_error im_schema_apply(struct bp_db *db, struct bp_arena *a, const char *upload_dir, const char *schema, uint64_t file, struct bp_fail *f);

/* The chain of an entry in which columns are numbers, with header texts instead, and back.  What is not there any more
 * is left out. New references, NULL = no steps. */
json_t *im_steps_by_name(json_t *steps, json_t *columns);
json_t *im_steps_by_number(json_t *steps, const struct im_sniffed *sn);

#endif
