/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A copy of the database on another machine: filling it, following, and taking over. */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/time.h"
#include "daemon/machine.h"
#include "queries.h"

#define SEEDED_FILE "db/beatplan-follows"
#define PATH_SIZE (BP_STATE_PATH + 64)
#define LOG "machine.log"
#define APPLY_PATIENCE_US 600000000LL

/* A value of follow.cnf. */
static enum bp_error follow_value(const struct bp_state *s, const char *key, char *out, size_t size, struct bp_fail *f)
{
	char path[PATH_SIZE], line[512];
	size_t n = strlen(key);
	bool found = false;
	FILE *in;

	bp_state_path(s, BP_MACHINE_FOLLOW, path, sizeof(path));
	in = fopen(path, "re");
	while (in && !found && fgets(line, sizeof(line), in))
		if (!strncmp(line, key, n) && !strncmp(line + n, " = ", 3)) {
			snprintf(out, size, "%.*s", (int)strcspn(line + n + 3, "\n"), line + n + 3);
			found = true;
		}
	if (in)
		fclose(in);
	return found ? BP_E_OK : bp_fail(f, BP_E_INTERNAL, "%s says no %s: join again with a new kit", path, key);
}

/* Everything as it is over there, with the place in its log where that was; nobody there waits for it. */
static enum bp_error seed(const struct bp_state *s, struct bp_fail *f)
{
	char cnf[PATH_SIZE], ca[PATH_SIZE], dump[PATH_SIZE + 32], file[PATH_SIZE], socket[128], user[80], source[PATH_SIZE + 64];
	enum bp_error e;

	snprintf(cnf, sizeof(cnf), "--defaults-file=%s/" BP_MACHINE_FOLLOW, s->dir);
	snprintf(ca, sizeof(ca), "--ssl-ca=%s/" BP_MACHINE_CA, s->dir);
	snprintf(dump, sizeof(dump), "--result-file=%s/tmp/seed.sql", s->dir);
	bp_state_path(s, "tmp/seed.sql", file, sizeof(file));
	snprintf(socket, sizeof(socket), "--socket=%s/db", s->run);
	snprintf(user, sizeof(user), "--user=%s", s->user);
	snprintf(source, sizeof(source), "source %s", file);
	e = bp_state_run(s, LOG, (const char *const[]){"mariadb-dump", cnf, ca, "--single-transaction", "--quick", "--routines", "--triggers", "--master-data=1", "--gtid",
		"--system=users", "--insert-ignore", dump, "--databases", "beatplan", NULL}, "copying the database", f);
	if (!e)
		e = bp_state_run(s, LOG, (const char *const[]){"mariadb", "--no-defaults", socket, user, "--init-command", "SET SESSION sql_log_bin = 0", "--execute", source, NULL},
			"filling the copy", f);
	unlink(file);
	return e;
}

enum bp_error bp_machine_follow(const struct bp_state *s, struct bp_db *db, struct bp_fail *f)
{
	char host[200], port[16], user[120], password[80], ca[PATH_SIZE], mark[PATH_SIZE], *sql;
	struct bp_arena a;
	enum bp_error e;

	if (bp_state_has(s, SEEDED_FILE)) /* it has started following by itself */
		return BP_E_OK;
	e = seed(s, f);
	if (!e)
		e = follow_value(s, "host", host, sizeof(host), f);
	if (!e)
		e = follow_value(s, "port", port, sizeof(port), f);
	if (!e)
		e = follow_value(s, "user", user, sizeof(user), f);
	if (!e)
		e = follow_value(s, "password", password, sizeof(password), f);
	if (e)
		return e;
	bp_arena_init(&a, 65536);
	bp_state_path(s, BP_MACHINE_CA, ca, sizeof(ca));
	sql = bp_sprintf(&a, "CHANGE MASTER TO MASTER_HOST = %s, MASTER_PORT = %ld, MASTER_USER = %s, MASTER_PASSWORD = %s, MASTER_SSL = 1,"
		" MASTER_SSL_CA = %s, MASTER_SSL_VERIFY_SERVER_CERT = 1, MASTER_CONNECT_RETRY = 2, MASTER_HEARTBEAT_PERIOD = 2,"
		" MASTER_USE_GTID = slave_pos; SET GLOBAL slave_net_timeout = 6; START SLAVE", bp_db_text(&a, host), strtol(port, NULL, 10), bp_db_text(&a, user),
		bp_db_text(&a, password), bp_db_text(&a, ca));
	e = bp_db_bulk(db, sql, NULL);
	sodium_memzero(sql, strlen(sql));
	bp_arena_release(&a);
	if (e)
		return bp_fail(f, e, "%s", bp_db_failure(db)->detail);
	bp_state_path(s, SEEDED_FILE, mark, sizeof(mark));
	return bp_state_put(s, SEEDED_FILE, "", 0, f);
}

/* Is one of the other machines' databases open to changes? */
static bool another_takes_changes(const struct bp_conf *c)
{
	struct bp_db_conf dc = bp_conf_db(c, BP_ACCOUNT_APP);
	struct bp_fail none = {0};
	struct bp_db *db = NULL;
	bool takes = !bp_db_open(&db, &dc, &none);

	bp_db_free(db);
	return takes;
}

/* beatplan.conf says what runs here, and is read at the next start. */
static enum bp_error become_primary(const struct bp_state *s, struct bp_fail *f)
{
	static const char replica[] = "replica";
	char path[PATH_SIZE], text[65536], *at;
	struct bp_buf out;
	enum bp_error e;
	size_t n;
	FILE *in;

	bp_state_path(s, "beatplan.conf", path, sizeof(path));
	in = fopen(path, "re");
	n = in ? fread(text, 1, sizeof(text) - 1, in) : 0;
	if (in)
		fclose(in);
	text[n] = '\0';
	at = strstr(text, "\nruns = ");
	at = at ? strstr(at, replica) : NULL;
	if (!at)
		return bp_fail(f, BP_E_INTERNAL, "%s does not say that a replica runs here", path);
	bp_buf_init(&out, 2 * sizeof(text));
	bp_buf_add(&out, text, (size_t)(at - text));
	bp_buf_printf(&out, "database%s", at + strlen(replica));
	e = bp_state_put(s, "beatplan.conf", out.data, out.len, f);
	bp_buf_release(&out);
	return e;
}

enum bp_error bp_machine_promote(const struct bp_state *s, const struct bp_conf *c, struct bp_db *db, bool force, struct bp_fail *f)
{
	int64_t until = bp_monotonic_us() + APPLY_PATIENCE_US;
	struct q_machine_applied row = {0};
	struct bp_arena a;
	enum bp_error e;

	if (!bp_conf_runs(c, "replica"))
		return bp_fail(f, BP_E_CONFLICT, "this machine has no replica");
	if (!force && another_takes_changes(c))
		return bp_fail(f, BP_E_CONFLICT, "another machine takes changes: stop its Beatplan first, since what it takes from now on would be lost");
	e = bp_db_bulk(db, "STOP SLAVE IO_THREAD", NULL);
	bp_arena_init(&a, 1u << 20);
	while (!e && !row.applied && bp_monotonic_us() < until) {
		struct timespec pause = {0, 50000000};

		bp_arena_clear(&a);
		e = q_machine_applied(db, &a, &row);
		if (!e && !row.applied)
			nanosleep(&pause, NULL);
	}
	bp_arena_release(&a);
	if (!e && !row.applied)
		return bp_fail(f, BP_E_CONFLICT, "what was received could not be applied within ten minutes: see %s/log/mariadbd.log", s->dir);
	if (!e)
		e = become_primary(s, f);
	if (!e)
		e = bp_db_bulk(db, "STOP SLAVE; RESET SLAVE ALL; SET GLOBAL read_only = 0", NULL);
	return e && !*f->detail ? bp_fail(f, e, "%s", bp_db_failure(db)->detail) : e;
}
