/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/backup_drill.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "audit/chain.h"
#include "base/log.h"
#include "base/time.h"
#include "daemon/private_db.h"
#include "queries.h"
#include "setting/setting.h"

#define TABLE_MOST 64 /* of a table's name, with NUL */

/* --- a backup as a new state --- */

static void schema_dir(char out[BP_STATE_PATH + 64])
{
	char self[BP_STATE_PATH];

	bp_state_bin(self, sizeof(self));
	/* Installed beside bin/, or as it was built. */
	snprintf(out, BP_STATE_PATH + 64, "%s/../share/beatplan/sql/schema", self);
	if (access(out, F_OK))
		snprintf(out, BP_STATE_PATH + 64, "%s", BP_SCHEMA_DIR);
}

enum bp_error bp_backup_open(struct bp_opened *o, const char *dir, const char *from, const char *key, struct bp_fail *f)
{
	char path[BP_STATE_PATH + 32], schema[BP_STATE_PATH + 64];
	struct bp_state *s = &o->state;
	struct stat st;
	enum bp_error e;

	memset(o, 0, sizeof(*o));
	e = bp_state_init(s, dir, f);
	if (!e && bp_state_supervisor(s))
		return bp_fail(f, BP_E_CONFLICT, "a Beatplan runs in %s: name another folder", s->dir);
	bp_state_path(s, "beatplan.conf", path, sizeof(path));
	if (!e && !access(path, F_OK))
		return bp_fail(f, BP_E_CONFLICT, "there is a Beatplan in %s already: name another folder", s->dir);
	if (!e && !realpath(from, o->from))
		return bp_fail(f, BP_E_NOT_FOUND, "there is no %s", from);
	bp_state_path(s, "tmp/unsealed", o->unsealed, sizeof(o->unsealed));
	o->sealed = !e && !stat(o->from, &st) && S_ISREG(st.st_mode);
	if (o->sealed)
		e = bp_state_create(s, f);
	else if (!e && key)
		e = bp_fail(f, BP_E_CONFLICT, "--key is for the encrypted file of a backup, and %s is none", from);
	if (!e && o->sealed) /* as whoever calls, since the key is theirs */
		e = bp_backup_unseal(s, from, key, o->unsealed, o->from, f);
	schema_dir(schema);
	if (!e)
		e = bp_backup_check(o->from, schema, &o->manifest, f);
	if (!e)
		e = bp_state_create(s, f);
	if (!e && !geteuid())
		e = bp_run((const char *const[]){"chmod", "-R", "u+rwX", s->dir, NULL}, -1) ? BP_E_INTERNAL : BP_E_OK;
	return e ? e : bp_state_drop(s, f);
}

void bp_backup_close(struct bp_opened *o)
{
	if (o->sealed && !bp_state_drop(&o->state, NULL))
		bp_run((const char *const[]){"rm", "-rf", "--", o->unsealed, NULL}, -1);
	json_decref(o->manifest);
	o->manifest = NULL;
}

/* --- what two databases hold --- */

/* All tables at one moment, and where the log of transactions stood then: NAME TAB ROWS, then beatplan.NAME TAB CHECKSUM. */
static const char *const script =
	"SET SESSION group_concat_max_len = 4000000; START TRANSACTION WITH CONSISTENT SNAPSHOT; SHOW STATUS LIKE 'binlog_snapshot_%'; "
	"SELECT GROUP_CONCAT('SELECT ''', TABLE_NAME, ''', COUNT(*) FROM `', TABLE_NAME, '`' ORDER BY TABLE_NAME SEPARATOR ' UNION ALL '), "
	"CONCAT('CHECKSUM TABLE `', GROUP_CONCAT(TABLE_NAME ORDER BY TABLE_NAME SEPARATOR '`, `'), '` EXTENDED') INTO @counts, @sums "
	"FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'BASE TABLE'; "
	"EXECUTE IMMEDIATE @counts; EXECUTE IMMEDIATE @sums; COMMIT;";

struct contents {
	json_t *rows, *sums;                  /* by table */
	char file[32];                        /* of the log of transactions; "" = there is none */
	int64_t position;
};

static void take_line(struct contents *c, char *line)
{
	char *tab = strchr(line, '\t'), *value = tab ? tab + 1 : line;

	if (!tab)
		return;
	*tab = '\0';
	value[strcspn(value, "\n")] = '\0';
	if (!strcmp(line, "Binlog_snapshot_file"))
		snprintf(c->file, sizeof(c->file), "%.31s", value);
	else if (!strcmp(line, "Binlog_snapshot_position"))
		c->position = strtoll(value, NULL, 10);
	else if (!strncmp(line, "beatplan.", 9))
		json_object_set_new(c->sums, line + 9, json_string(value));
	else
		json_object_set_new(c->rows, line, json_integer(strtoll(value, NULL, 10)));
}

static enum bp_error look(const struct bp_state *scratch, const char *socket_path, struct contents *c, struct bp_fail *f)
{
	char path[BP_STATE_PATH + 32], socket[160], line[TABLE_MOST + 200];
	int fd;
	FILE *io;

	*c = (struct contents){.rows = json_object(), .sums = json_object()};
	bp_state_path(scratch, "tmp/contents", path, sizeof(path));
	snprintf(socket, sizeof(socket), "--socket=%s", socket_path);
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || bp_run((const char *const[]){"mariadb", "--no-defaults", "--skip-column-names", "--batch", socket, "--execute", script, "beatplan", NULL}, fd)) {
		if (fd >= 0)
			close(fd);
		return bp_fail(f, BP_E_INTERNAL, "the tables at %s cannot be summed up", socket_path);
	}
	io = fdopen(fd, "r");
	rewind(io);
	while (fgets(line, sizeof(line), io))
		take_line(c, line);
	fclose(io);
	unlink(path);
	return json_object_size(c->rows) && json_object_size(c->rows) == json_object_size(c->sums) ? BP_E_OK
		: bp_fail(f, BP_E_INTERNAL, "the tables at %s cannot be summed up", socket_path);
}

static void forget(struct contents *c)
{
	json_decref(c->rows);
	json_decref(c->sums);
}

static void differs(struct bp_drilled *d, const char *what)
{
	size_t n = strlen(d->detail);

	snprintf(d->detail + n, sizeof(d->detail) - n, "%s%s", n ? "; " : "", what);
}

static void compare_tables(const struct contents *there, const struct contents *here, struct bp_drilled *d)
{
	const char *table;
	char what[TABLE_MOST + 120];
	json_t *rows, *others;

	json_object_foreach(here->rows, table, rows) {
		others = json_object_get(there->rows, table);
		d->tables++;
		d->rows += json_integer_value(rows);
		if (json_equal(rows, others) && json_equal(json_object_get(here->sums, table), json_object_get(there->sums, table)))
			continue;
		if (!others)
			snprintf(what, sizeof(what), "%.63s is missing", table);
		else if (json_equal(rows, others))
			snprintf(what, sizeof(what), "%.63s has other rows", table);
		else
			snprintf(what, sizeof(what), "%.63s has %lld rows, not %lld", table, (long long)json_integer_value(others), (long long)json_integer_value(rows));
		if (d->tables_differ++ < 5)
			differs(d, what);
	}
}

/* Plans of the restored database that the running one does not hold in the same form: later ones may be there only. */
static enum bp_error compare_plans(struct bp_db *there, struct bp_db *here, struct bp_drilled *d)
{
	struct q_backup_plans *old, *now;
	struct bp_arena a;
	size_t n, m, k = 0;
	enum bp_error e;

	bp_arena_init(&a, (size_t)1 << 30);
	e = q_backup_plans(there, &a, &old, &n);
	if (!e)
		e = q_backup_plans(here, &a, &now, &m);
	d->plans = e ? 0 : n;
	for (size_t i = 0; !e && i < n; i++) {
		while (k < m && now[k].version_id < old[i].version_id)
			k++;
		d->plans_differ += k == m || now[k].version_id != old[i].version_id || now[k].stops != old[i].stops || now[k].sum != old[i].sum ||
			strcmp(now[k].plan_hash, old[i].plan_hash);
	}
	bp_arena_release(&a);
	if (d->plans_differ)
		differs(d, "plans are not the same");
	return e;
}

static enum bp_error compare(struct bp_private_db *p, struct bp_db *here, const struct contents *now, struct bp_drilled *d, struct bp_fail *f)
{
	struct bp_audit_verdict v = {0};
	struct contents restored;
	char socket[128];
	enum bp_error e = compare_plans(p->db, here, d);

	if (!e && *now->file) {
		snprintf(socket, sizeof(socket), "%s/db", p->state->run);
		e = look(p->state, socket, &restored, f);
		if (!e)
			compare_tables(&restored, now, d);
		forget(&restored);
	}
	if (!e) /* the published heads are younger than the copy of the rows: its tail need not hold them */
		e = bp_audit_verify(p->db, NULL, &v, f);
	d->events = v.tables;
	d->audit_whole = !e && !v.broken;
	if (!e && v.broken)
		differs(d, "the audit trail is broken");
	return e;
}

/* --- a drill --- */

/* What runs must not run out of disk for it. */
static enum bp_error has_room(const struct bp_state *s, const json_t *manifest, struct bp_fail *f)
{
	double bytes = json_number_value(json_object_get(manifest, "bytes")), free;
	struct statvfs st;

	if (statvfs(s->dir, &st))
		return bp_fail(f, BP_E_INTERNAL, "cannot look at the disk of %s: %s", s->dir, strerror(errno));
	free = (double)st.f_bavail * (double)st.f_frsize;
	return free - bytes > (double)st.f_blocks * (double)st.f_frsize / 10 ? BP_E_OK
		: bp_fail(f, BP_E_DISK_FULL, "a drill needs %.0f MB where %s lies, and a tenth of that disk beside: %.0f MB are free", bytes / 1e6, s->dir, free / 1e6);
}

/* What runs is looked at first: the restored one goes on to that moment, and no further. */
static enum bp_error drill_in(const struct bp_state *s, const struct bp_conf *conf, struct bp_opened *o, struct bp_db *here, struct bp_drilled *d, struct bp_fail *f)
{
	bool logged = json_is_object(json_object_get(o->manifest, "binlog"));
	char logs[BP_STATE_PATH + 32];
	struct contents now = {.file = ""};
	struct bp_moment to = {.binlogs = logs};
	struct bp_private_db p;
	enum bp_error e = BP_E_OK;

	e = has_room(s, o->manifest, f);
	bp_state_path(s, "binlog", logs, sizeof(logs));
	if (!e && logged)
		e = look(&o->state, conf->db_socket, &now, f);
	to.file = now.file;
	to.position = now.position;
	if (!e)
		e = bp_backup_restore(&o->state, o->from, o->manifest, *now.file ? &to : NULL, f);
	json_decref(to.logs);
	if (!e)
		e = bp_private_db_start(&p, &o->state, f);
	if (!e) {
		e = compare(&p, here, &now, d, f);
		bp_private_db_stop(&p);
	}
	forget(&now);
	return e;
}

enum bp_error bp_backup_drill(const struct bp_state *s, const struct bp_conf *conf, struct bp_db *here, const char *from, const char *key, struct bp_drilled *out,
	struct bp_fail *f)
{
	char scratch[BP_STATE_PATH + 40];
	struct bp_opened o;
	int64_t id = 0;
	enum bp_error e;

	memset(out, 0, sizeof(*out));
	snprintf(scratch, sizeof(scratch), "%s/tmp/drill-%d", s->dir, (int)getpid());
	e = q_drill_add(here, from, NULL);
	if (!e) {
		id = (int64_t)bp_db_insert_id(here);
		e = bp_backup_open(&o, scratch, from, key, f);
		if (!e)
			e = drill_in(s, conf, &o, here, out, f);
		bp_backup_close(&o);
		bp_run((const char *const[]){"rm", "-rf", "--", scratch, o.state.run, NULL}, -1);
		bp_fail(f, e, "%s", bp_errors[e].message);
		q_drill_end(here, id, e || *out->detail ? "failed" : "done", (int64_t)out->plans, (int64_t)out->tables, out->rows, out->events, e ? f->detail : out->detail, NULL);
	}
	return e;
}

enum bp_error bp_backup_drill_due(const struct bp_state *s, const struct bp_conf *conf, struct bp_db *here, struct bp_fail *f)
{
	int64_t days = bp_setting(BP_SETTING_backup_drill_days);
	char newest[BP_STATE_PATH], quoted[700];
	struct bp_drilled d;
	struct q_drill_next next;
	struct bp_arena a;
	enum bp_error e;
	int lock;

	bp_arena_init(&a, 1u << 20);
	e = days ? q_drill_next(here, &a, days, &next) : BP_E_NOT_FOUND;
	bp_arena_release(&a);
	if (e || !next.due.set || next.due.v > bp_now() || !bp_backup_newest(conf->backup_dir, newest))
		return e == BP_E_NOT_FOUND ? BP_E_OK : e;
	lock = bp_backup_lock(conf->backup_dir, ".drill");
	if (lock < 0)
		return BP_E_OK; /* it takes longer than an hour */
	e = q_drill_abandoned(here, NULL);
	if (!e)
		e = bp_backup_drill(s, conf, here, newest, NULL, &d, f);
	if (!e && *d.detail)
		e = bp_fail(f, BP_E_CONFLICT, "%s", d.detail);
	if (e)
		bp_log(BP_LOG_ERROR, "ev=backup_drill dir=%s detail=%s", newest, bp_log_quote(quoted, sizeof(quoted), f->detail));
	close(lock);
	return e;
}
