/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_INTAKE_INTAKE_H
#define BP_INTAKE_INTAKE_H
/*
 * The import as a whole: a session holds files; a check stages their rows in committed batches and
 * finds duplicates, loose references and the delta by set operations; a publication makes the staged
 * rows current in one transaction, with the log of what changed.
 *
 * Each row of a file ends as exactly one of inserted, updated, unchanged, rejected or duplicate.  A
 * batch and the mark that says how far the file is staged are one transaction, so that a killed worker
 * goes on without doing a row twice.
 */
#include <jansson.h>

#include "base/arena.h"
#include "db/db.h"
#include "intake/check.h"
#include "intake/sniff.h"
#include "table/table.h"

struct q_import_change_set;

/* What a check or a publication works with. */
struct im_work {
	struct bp_db *db; /* with local_infile; used by this work alone */
	uint64_t session, user;
	const char *upload_dir, *correlation;
	const char *reason; /* why it is undone, NULL = not said */
	struct bp_arena *arena;
	struct bp_fail *fail;
	/* Told every second or so; an error ends the work and is returned. May be NULL. */
	enum bp_error (*report)(void *ctx, const char *step, double percent, uint64_t done, uint64_t total);
	void *ctx;
	unsigned entities; /* of the session's files, bit 1 << entity; filled by check and publication */
};

/* Stage what is not staged yet, check rows against each other and the database, compute the delta; the session
 * becomes READY, or FAILED with its error.  Repeatable at any point.  Errors: IMPORT_STATE, IMPORT_SCHEMA (a required
 * column is not mapped, the detail names it), IMPORT_FORMAT, DISK_FULL, DB_DOWN, CANCELLED ... */
enum bp_error im_check_session(struct im_work *w);
/* Make a checked session current, in one transaction, which also queues the job that clears what was staged. COMPLETED is
 * final: a second call does nothing. */
enum bp_error im_publish_session(struct im_work *w);
/* Remove the staged rows of a session that is over. Repeatable. */
enum bp_error im_clear_session(struct im_work *w);

/*
 * Take back what a published session changed, in one transaction: values that nobody changed since, outlets and other rows
 * that it made and nothing holds, plans that nothing was built on.  What came back and what stayed is counted in
 * undo_count.  UNDONE is final: a second call does nothing.
 */
enum bp_error im_undo_session(struct im_work *w);
/* The change set of a session's publication; *why = what forbids to undo it, in words, NULL = nothing (a session at work
 * is for the caller to see).  `set` is empty when it was never published. */
enum bp_error im_undo_allowed(struct bp_db *db, struct bp_arena *a, uint64_t session, struct q_import_change_set *set, const char **why);

/* --- files --- */

/* Where the raw file lies: upload_dir/SESSION/FILE.csv. */
char *im_upload_path(struct bp_arena *a, const char *upload_dir, uint64_t session, uint64_t file);

/* A file name as it is kept: no path, no control characters, UTF-8, at most 255 bytes. */
char *im_plain_name(struct bp_arena *a, const char *s);

/* One table of an upload: a plain text in upload_dir. */
struct im_part {
	const char *name; /* as the session shows it: that of the upload, with that of the sheet or the packed file behind it */
	char *path;
	uint64_t file;       /* once added */
	const char *problem; /* why it was passed over, NULL when it was added */
};
struct im_upload {
	char *path; /* as it came; NULL when it is a table itself */
	struct im_part part[TB_TABLES_MOST];
	size_t n, added;
	char sha256[65]; /* of the upload as it came, in hexadecimal */
};

/*
 * Put what read() gives into upload_dir while it arrives - half a body is no file - and unwrap the tables in it
 * (table/table.h; `row` names the XML element that is a row, or NULL).  Release it when it has been added.
 * Errors: DISK_FULL, INTERNAL, IMPORT_FORMAT with the reason; nothing is kept then.
 */
enum bp_error im_receive(const char *upload_dir, const char *name, const char *row, im_read_fn *read, void *ctx, struct bp_arena *a,
	struct im_upload *u, struct bp_fail *f);
/* The same with a file that lies in upload_dir already; it goes with the upload. */
enum bp_error im_upload_open(const char *upload_dir, char *path, const char *name, const char *row, struct bp_arena *a, struct im_upload *u,
	struct bp_fail *f);
void im_upload_release(struct im_upload *u);
/* Add its tables to the session, each as im_file_add() does.  One among several that cannot be read is passed over;
 * IMPORT_FORMAT when none can. */
enum bp_error im_upload_add(struct bp_db *db, struct bp_arena *a, const char *upload_dir, uint64_t session, struct im_upload *u,
	enum im_entity entity /* IM_ENTITY__MAX = find out */, struct bp_fail *f);
/* Remove what uploads of yesterday left that were cut off by a crash. */
void im_sweep_uploads(const char *upload_dir);

/* One source of a mapping as people change it. */
struct im_map_entry {
	int source; /* column of the file, from 0 */
	const char *target, *fallback; /* NULL = none */
	json_t *steps; /* transform.h; NULL = none; borrowed */
	const char *reading; /* FIRST or SECOND of two, NULL = find out */
};

/*
 * Look at a raw file and add it to the session with a suggested mapping.  `path` is a plain text; it is
 * linked to its place, so that it is still there when the caller's transaction is tried again.  *id gets the file.
 * Rejected rows of a file of the session, as they are downloaded, are no new file: they correct it, and *id is that one.
 * Errors: IMPORT_FORMAT with the reason; nothing is kept then.
 */
enum bp_error im_file_add(struct bp_db *db, struct bp_arena *a, const char *upload_dir, uint64_t session, const char *name,
	const char *path, enum im_entity entity /* IM_ENTITY__MAX = find out */, uint64_t *id, struct bp_fail *f);

/* Look again with wishes and an entity; no mapping given = as the source's last file, or as suggested when `fresh`.  Errors: IMPORT_FORMAT; FIELDS when a target is
 * unknown or used twice, or a source is no column of the file. */
enum bp_error im_file_change(struct bp_db *db, struct bp_arena *a, const char *upload_dir, uint64_t file, enum im_entity entity,
	const struct im_wish *wish, const struct im_map_entry *map, size_t n_map, bool map_given, bool fresh, struct bp_fail *f);

/* A file that is removed: first what was staged of it, in parts; its bytes when its row is gone. */
enum bp_error im_file_clear(struct bp_db *db, struct bp_arena *a, uint64_t session, uint64_t file);
void im_file_unlink(struct bp_arena *a, const char *upload_dir, uint64_t session, uint64_t file);

/* The mapping JSON of a file of n columns as feeds, texts in `keep`; unmapped ones get source -1. Release them in any case.
 * Errors: IMPORT_SCHEMA when a step is wrong. */
enum bp_error im_feeds_of(json_t *mapping, enum im_entity e, size_t n_columns, struct bp_arena *keep, struct im_feed feed[IM_COLUMNS_MOST],
	struct bp_fail *f);
void im_feeds_release(struct im_feed feed[IM_COLUMNS_MOST]);
/* The wish that repeats how a stored file was read. */
struct im_wish im_wish_of(const char *encoding, const char *delimiter, int64_t header_row);

/* --- when to stop --- */

/* Of one file; 0 = no limit. */
struct im_limits {
	uint64_t percent, after, rows;
	bool unattended; /* nobody looks before it is published: the share counts at the end of a short file too */
};
/* IMPORT_STOPPED, with the figures, when so many of the rows read are rejected that the rest is not worth it. */
enum bp_error im_limits_hold(const struct im_limits *l, const char *name, uint64_t read, uint64_t rejected, bool end, struct bp_fail *f);

/* --- inside the room --- */

enum bp_error im_limits_load(struct im_work *w, struct im_limits *out);

/* Stage a file from where it stands to its end. */
enum bp_error im_stage_file(struct im_work *w, uint64_t file, double from_percent, double to_percent);
/* Take everything out that was staged of a file. */
enum bp_error im_unstage_file(struct im_work *w, uint64_t file);
/* Inside the cross check: which row of a key a fix keeps, before duplicates are looked for ... */
enum bp_error im_choose_duplicates(struct im_work *w, bool *chosen);
/* ... and what only many rows together show: places, chains and territories that do not fit the others. */
enum bp_error im_plausible(struct im_work *w);
/* Duplicates and references, then the delta; counts go into import_file, the summary into the session. */
enum bp_error im_cross_check(struct im_work *w);
/* The target ids that are known already, and the rows of stage_changed. */
enum bp_error im_resolve(struct im_work *w, bool create);
enum bp_error im_find_changed(struct im_work *w);
/* New, changed and unchanged rows of each file, now. */
enum bp_error im_count_delta(struct im_work *w);
/* Staged plans become version 0 of their units; inside the publication. */
enum bp_error im_publish_plans(struct im_work *w);
/* Say anew which outlets lie in the country; inside a publication or an undoing. */
enum bp_error im_note_surroundings(struct im_work *w);
/* Bulk statements, one after the other; the step is told before each. */
enum bp_error im_run_all(struct im_work *w, const char *step, double percent, const char *const *sql, size_t n);
/* A bulk statement with {S} replaced by the session number. */
enum bp_error im_bulk(struct im_work *w, const char *sql, uint64_t *affected);
enum bp_error im_tell(struct im_work *w, const char *step, double percent, uint64_t done, uint64_t total);

#endif
