/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_DAEMON_BACKUP_H
#define BP_DAEMON_BACKUP_H
/*
 * Backups of a state, taken while it runs.  One is a folder:
 *
 *   db/             the database, copied by mariadb-backup and prepared: a database that can be started
 *   state/          everything else of the state folder but programs, logs and what is on its way
 *   manifest.json   written last: versions, where the log of transactions goes on, and the SHA-256 of every file
 */
#include <jansson.h>

#include "daemon/state.h"

#define BP_BACKUP_MANIFEST "manifest.json"

/* Copy the running state to a new folder below `to`, whose path goes to `made`. */
enum bp_error bp_backup_make(const struct bp_state *s, const struct bp_conf *conf, const char *to, char made[BP_STATE_PATH], struct bp_fail *f);
/* What hourly care of `backup_dir` does: copies the log of transactions, makes the day's backup when it is due, removes old ones. */
enum bp_error bp_backup_care(const struct bp_state *s, const struct bp_conf *conf, struct bp_fail *f);
/* Is every file what the manifest says, and can these programs read it? The manifest, owned by the caller. */
enum bp_error bp_backup_check(const char *from, const char *schema_dir, json_t **manifest, struct bp_fail *f);
/* Make the state `s`, where there is none, of a backup that was checked; `until` (a text of SQL's form, UTC) = go on to that moment by the
 * log of transactions in `binlogs`, NULL = as it was. */
enum bp_error bp_backup_restore(const struct bp_state *s, const char *from, const json_t *manifest, const char *until, const char *binlogs, struct bp_fail *f);

/* backup_forward.c */
enum bp_error bp_backup_forward(const struct bp_state *s, const json_t *manifest, const char *until, const char *binlogs, struct bp_fail *f);

#endif
