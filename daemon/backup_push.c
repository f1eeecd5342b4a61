/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The newest daily backup goes where it outlives this machine: looked through, encrypted, sent; tried again each hour until it arrives. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "daemon/backup.h"
#include "daemon/shell.h"
#include "health/sending.h"
#include "queries.h"

#define ENDING ".tar.gpg"

/* By the operator's program, or by rsync; neither removes anything there. */
static enum bp_error send_file(const struct bp_state *s, const struct bp_conf *conf, const char *file, struct bp_fail *f)
{
	char shell[BP_STATE_PATH + 128], to[600];
	/* A server of its own would be reached by that shell too, if there were one. */
	const char *const argv[] = {"rsync", "--times", "--chmod=F600", "--timeout=600", bp_sending_ssh(conf) ? shell : "--no-motd", "--", file, to, NULL};
	bool named = strcmp(conf->backup_ssh, "off");

	if (bp_sending_program(conf))
		return bp_backup_tell(s, (const char *const[]){conf->backup_push, file, NULL}, conf->backup_push, f);
	snprintf(shell, sizeof(shell), "--rsh=ssh%s%s -o BatchMode=yes -o ConnectTimeout=30 -o ServerAliveInterval=30", named ? " -F " : "", named ? conf->backup_ssh : "");
	/* A folder, also where it is not there yet. */
	snprintf(to, sizeof(to), "%.500s%s", conf->backup_push, conf->backup_push[strlen(conf->backup_push) - 1] == '/' ? "" : "/");
	return bp_backup_tell(s, argv, "rsync", f);
}

/* What an earlier try left. */
static void clear(const char *dir)
{
	DIR *d = opendir(dir);
	char path[2 * BP_STATE_PATH];

	for (struct dirent *x; d && (x = readdir(d));)
		if (bp_backup_named(x->d_name) && !strcmp(x->d_name + BP_BACKUP_NAME, ENDING)) {
			snprintf(path, sizeof(path), "%s/%s", dir, x->d_name);
			unlink(path);
		}
	if (d)
		closedir(d);
}

static enum bp_error push(const struct bp_state *s, const struct bp_conf *conf, struct bp_sent *out, struct bp_fail *f)
{
	char schema[BP_STATE_PATH + 64], file[BP_STATE_PATH + 16];
	json_t *manifest = NULL;
	enum bp_error e;

	snprintf(schema, sizeof(schema), "%s/share/beatplan/sql/schema", s->app);
	snprintf(file, sizeof(file), "%s" ENDING, out->backup);
	e = bp_backup_check(out->backup, schema, &manifest, f);
	json_decref(manifest);
	if (!e)
		e = bp_backup_seal(s, out->backup, conf->backup_key, file, f);
	if (!e)
		e = bp_backup_sha256(file, out->sha256, &out->bytes);
	if (!e)
		e = send_file(s, conf, file, f);
	unlink(file);
	return e;
}

static enum bp_error push_due(const struct bp_state *s, const struct bp_conf *conf, struct bp_db *db, struct bp_sent *out, struct bp_fail *f)
{
	struct q_backup_push_state row;
	struct bp_arena a;
	char why[300];
	enum bp_error e;

	bp_arena_init(&a, 1u << 16);
	e = q_backup_push_state(db, &a, out->backup, conf->backup_push, &row);
	bp_arena_release(&a);
	if (e)
		return e == BP_E_NOT_FOUND ? bp_fail(f, e, "the database was restored since and knows nothing of %s: the next daily backup is sent", out->backup) : e;
	out->due = !row.arrived;
	if (!out->due)
		return BP_E_OK;
	e = q_backup_push_begin(db, row.id, conf->backup_push, NULL);
	if (!e)
		e = bp_sending_fault(conf, why, sizeof(why)) ? bp_fail(f, BP_E_CONFLICT, "%s", why) : push(s, conf, out, f);
	bp_fail(f, e, "%s", bp_errors[e].message);
	q_backup_push_end(db, row.id, e ? f->detail : "", out->bytes, out->sha256, NULL);
	return e;
}

enum bp_error bp_backup_push(const struct bp_state *s, const struct bp_conf *conf, struct bp_sent *out, struct bp_fail *f)
{
	struct bp_db_conf dc = bp_conf_db(conf, BP_ACCOUNT_APP);
	struct bp_db *db = NULL;
	int lock;
	enum bp_error e;

	*out = (struct bp_sent){.due = false};
	if (!bp_backup_newest(conf->backup_dir, out->backup))
		return BP_E_OK;
	/* A slow line holds up no backup: it has a lock of its own. */
	lock = bp_backup_lock(conf->backup_dir, ".sending");
	if (lock < 0)
		return bp_fail(f, BP_E_CONFLICT, "cannot lock %s: %s", conf->backup_dir, errno == EWOULDBLOCK ? "a backup is being sent" : strerror(errno));
	clear(conf->backup_dir);
	e = bp_db_open(&db, &dc, f);
	if (!e)
		e = bp_sending(conf) ? push_due(s, conf, db, out, f) : q_backup_push_none(db, NULL);
	bp_db_free(db);
	close(lock);
	if (!e && out->due)
		bp_shell_note(s, BP_ACTION_BACKUP_PUSH, "sent", strrchr(out->backup, '/') + 1);
	return e;
}
