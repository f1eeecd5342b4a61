/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_DAEMON_BACKUP_DRILL_H
#define BP_DAEMON_BACKUP_DRILL_H
/*
 * Is a backup good?  It is restored aside and held against what runs: the plans by their hashes; every table by the number and the
 * checksum of its rows, both at one position of the log of transactions, up to which the restored one goes on by that log; the
 * audit trail by its seals.
 */
#include "daemon/backup.h"

struct bp_drilled {
	size_t plans, plans_differ;
	size_t tables, tables_differ; /* 0 = not compared: there is no log of transactions to go on by */
	int64_t rows, events;
	bool audit_whole;
	char detail[400];             /* what differs, "" = nothing */
};

/* A backup that was opened to become a state, as the services' user from then on. */
struct bp_opened {
	struct bp_state state;
	char from[BP_STATE_PATH], unsealed[BP_STATE_PATH + 32];
	json_t *manifest;
	bool sealed;
};
/* `from`: a folder or an encrypted file, for which `key` is as in bp_backup_unseal. CONFLICT where `dir` holds a Beatplan already. */
enum bp_error bp_backup_open(struct bp_opened *o, const char *dir, const char *from, const char *key, struct bp_fail *f);
void bp_backup_close(struct bp_opened *o);

/* Drill a backup of the state that runs; how it went is kept in backup_drill. OK also where it is not good: `detail` says so. */
enum bp_error bp_backup_drill(const struct bp_state *s, const struct bp_conf *conf, struct bp_db *here, const char *from, const char *key, struct bp_drilled *out,
	struct bp_fail *f);
/* The newest backup of `backup_dir`, when backup_drill_days have passed since the last time. */
enum bp_error bp_backup_drill_due(const struct bp_state *s, const struct bp_conf *conf, struct bp_db *here, struct bp_fail *f);

#endif
