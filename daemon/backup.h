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
/* Below state/: the configuration that an administrator wrote outside the state folder. */
#define BP_BACKUP_INCLUDED "included.conf"
#define BP_BACKUP_NAME 16 /* 20261126T093000Z */

/* Copy the running state to a new folder below `to`, whose path goes to `made`. */
enum bp_error bp_backup_make(const struct bp_state *s, const struct bp_conf *conf, const char *to, char made[BP_STATE_PATH], struct bp_fail *f);
/* What hourly care of `backup_dir` does: copies the log of transactions, makes the day's backup when it is due, sends it, removes old ones. */
enum bp_error bp_backup_care(const struct bp_state *s, const struct bp_conf *conf, struct bp_fail *f);
/* Is every file what the manifest says, and can these programs read it? The manifest, owned by the caller. */
enum bp_error bp_backup_check(const char *from, const char *schema_dir, json_t **manifest, struct bp_fail *f);

/* Where to go on to from a backup, by the log of transactions. */
#define BP_MOMENT_SIZE 20
struct bp_moment {
	const char *until;            /* of SQL's form, UTC; or NULL, and */
	const char *file;             /* the last of the logs, up to */
	int64_t position;
	const char *binlogs;          /* the folder of the logs */
	char folder[BP_STATE_PATH + 40]; /* of them, the one with those of this database */
	json_t *logs;                 /* their paths, from the one where the backup ends; owned by the caller */
	char reached[BP_MOMENT_SIZE]; /* of the last transaction before it */
};
/* Make the state `s`, where there is none, of a backup that was checked; `to` NULL = as it was. */
enum bp_error bp_backup_restore(const struct bp_state *s, const char *from, const json_t *manifest, struct bp_moment *to, struct bp_fail *f);

bool bp_backup_named(const char *name); /* does it begin as one is named? */
bool bp_backup_newest(const char *dir, char out[BP_STATE_PATH]);
enum bp_error bp_backup_sha256(const char *path, char hex[65], int64_t *bytes); /* `bytes` grows by its size */
/* One at a time: -1 while another one runs. */
int bp_backup_lock(const char *dir, const char *name);

/* backup_seal.c */
/* One file of a backup, that only whoever has the private key of `key` can read. */
enum bp_error bp_backup_seal(const struct bp_state *s, const char *from, const char *key, const char *file, struct bp_fail *f);
/* The backup of such a file, unpacked below the new folder `into`, with its path in `out`. `key`: a file with the private key; NULL = the
 * GnuPG of whoever runs this has it, or its agent. CONFLICT when the file is not whole, or the key another one. */
enum bp_error bp_backup_unseal(const struct bp_state *s, const char *file, const char *key, const char *into, char out[BP_STATE_PATH], struct bp_fail *f);
/* Run a program; what it said goes to log/backup.log, and its first line into the failure. */
enum bp_error bp_backup_tell(const struct bp_state *s, const char *const argv[], const char *what, struct bp_fail *f);

/* backup_push.c */
struct bp_sent {
	bool due; /* it had not arrived yet */
	char backup[BP_STATE_PATH], sha256[65]; /* "" = there is none */
	int64_t bytes;
};
/* Send the newest backup of `backup_dir` to `backup_push`, encrypted, unless it has arrived. The row of the backup says how it went. */
enum bp_error bp_backup_push(const struct bp_state *s, const struct bp_conf *conf, struct bp_sent *out, struct bp_fail *f);

/* backup_forward.c */
/*
 * Logs of several databases have the same names: of one that was promoted, restored, or taken back by an upgrade.  Each folder of logs says
 * of which it is by a number that is drawn when the database begins it, the generation; copies lie in a folder of that name, backups
 * bear it, and one goes on by logs of its own generation only.
 */
#define BP_GENERATION_FILE "generation"
#define BP_GENERATION_SIZE 33
/* Of a folder of logs; false with "" when it does not say. */
bool bp_backup_generation(const char *dir, char out[BP_GENERATION_SIZE]);
/* Before the database starts: the folder of its logs says one. */
enum bp_error bp_backup_generation_begin(const struct bp_state *s, struct bp_fail *f);
/* Do the logs lead from the backup to the moment? Fills `logs` and `reached`. */
enum bp_error bp_backup_reach(const json_t *manifest, struct bp_moment *m, struct bp_fail *f);
/* Remove what no backup goes on from: logs older than BP_BINLOG_DAYS and than the oldest backup in `dir`, which the database has removed too. */
#define BP_BINLOG_DAYS 35
void bp_backup_prune(const struct bp_state *s, const char *dir);
enum bp_error bp_backup_forward(const struct bp_state *s, const json_t *manifest, const struct bp_moment *m, struct bp_fail *f);

#endif
