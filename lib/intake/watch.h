/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_INTAKE_WATCH_H
#define BP_INTAKE_WATCH_H
/*
 * Drop folders: other systems leave files there, each becomes an import session of its own, is checked, and published or left
 * for a person.  A file that was taken lies in FOLDER/processed/DATE/SESSION, one that was refused in FOLDER/refused/DATE
 * with a text beside it that says why.  A file is taken once, whatever dies in between.
 */
#include "intake/intake.h"
#include "queries.h"

struct im_watch_conf {
	const char *drop_dir; /* "off" = there are none */
	const char *upload_dir;
	int64_t settle_seconds;
	const char *correlation;
};

/* A folder below drop_dir: plain names parted by '/', none of them hidden, "processed" or "refused". */
bool im_watch_folder_ok(const char *folder);

/* Take every file that lies in the folder, matches and has settled; *taken counts them.  What stops all of it (there is no
 * such folder, the disk is full) is returned, and kept for the screen as well. */
enum bp_error im_watch_look(struct bp_db *db, struct bp_arena *a, const struct im_watch_conf *c, uint64_t watch, size_t *taken, struct bp_fail *f);

/* The job of a session has ended: publish what passed, if that is wanted, or note how it ended.  Harmless for others. */
enum bp_error im_watch_settle(struct bp_db *db, struct bp_arena *a, const struct im_watch_conf *c, uint64_t session);

/* Queue a job for each folder whose turn it is. */
enum bp_error im_watch_turn(struct bp_db *db, struct bp_arena *a);

/* Remove processed and refused files older than `days`. */
void im_watch_sweep(struct bp_db *db, struct bp_arena *a, const char *drop_dir, int64_t days);

#endif
