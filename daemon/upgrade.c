/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/upgrade.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/time.h"
#include "daemon/shell.h"
#include "health/doors.h"

#define PATIENCE_US 6000000

static const char *const phases[] = {"none", "switching", "done"};

bool bp_maintenance_on(const struct bp_state *s)
{
	bool alone;

	return bp_doors_file(s->dir, &alone);
}

static enum bp_error set_doors(struct bp_db *db, void *ctx)
{
	const bool *on = ctx;
	struct bp_audit au = {.action = *on ? BP_ACTION_MAINTENANCE_ON : BP_ACTION_MAINTENANCE_OFF, .resource_type = "system"};
	uint64_t changed = 0;
	enum bp_error e = q_doors_set(db, *on, bp_shell_who(), &changed);

	return e || !changed ? e : bp_audit_write(db, &au);
}

/* A database that is there and busy, as with a copy that was cut off, may greet nobody for some seconds. */
static enum bp_error open_patiently(const struct bp_state *s, struct bp_conf *conf, struct bp_db **db, struct bp_fail *f)
{
	int64_t until = bp_monotonic_us() + PATIENCE_US;
	enum bp_error e;

	while ((e = bp_state_open(s, conf, db, false, f)) == BP_E_DB_DOWN && bp_state_supervisor(s) && bp_monotonic_us() < until) {
		struct timespec pause = {0, 300000000};

		bp_conf_release(conf);
		bp_fail_clear(f);
		nanosleep(&pause, NULL);
	}
	return e;
}

/* In the database; *alone: there is none to ask, or it has no place for it yet. */
static enum bp_error doors_of_all(const struct bp_state *s, bool on, bool *alone, struct bp_fail *f)
{
	struct q_doors_there there = {0};
	struct bp_conf conf = {0};
	struct bp_db *db = NULL;
	struct bp_arena a;
	enum bp_error e = open_patiently(s, &conf, &db, f);

	*alone = e == BP_E_DB_DOWN;
	bp_arena_init(&a, 65536);
	if (!e)
		e = q_doors_there(db, &a, &there);
	if (!e && there.n)
		e = bp_db_tx(db, set_doors, &on);
	if (e && db)
		bp_fail(f, e, "%s", bp_db_failure(db)->detail);
	*alone = *alone || (!e && !there.n);
	if (*alone)
		fprintf(stderr, "beatplan: the database is not told: %s\n", e ? f->detail : "it is of an earlier version");
	bp_arena_release(&a);
	bp_db_free(db);
	bp_conf_release(&conf);
	if (*alone)
		bp_fail_clear(f);
	return *alone ? BP_E_OK : e;
}

enum bp_error bp_maintenance(const struct bp_state *s, bool on, bool *alone, struct bp_fail *f)
{
	char path[BP_STATE_PATH + 32];
	enum bp_error e = doors_of_all(s, on, alone, f);

	if (e)
		return e;
	/* What this machine's web server looks at, at once. */
	if (on)
		return bp_state_put(s, BP_DOORS_FILE, *alone ? BP_DOORS_ALONE : BP_DOORS_CLOSED, strlen(*alone ? BP_DOORS_ALONE : BP_DOORS_CLOSED), f);
	bp_state_path(s, BP_DOORS_FILE, path, sizeof(path));
	if (!unlink(path)) { /* a program that looked just before the doors opened may put it there again */
		struct timespec pause = {0, 300000000};

		nanosleep(&pause, NULL);
		unlink(path);
		return BP_E_OK;
	}
	return errno != ENOENT ? bp_fail(f, BP_E_INTERNAL, "cannot remove %s: %s", path, strerror(errno)) : BP_E_OK;
}

static void also(char *out, size_t size, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
static void also(char *out, size_t size, const char *fmt, ...)
{
	size_t n = strlen(out);
	va_list ap;

	va_start(ap, fmt);
	if (n && n + 3 < size)
		n += (size_t)snprintf(out + n, size - n, ", ");
	vsnprintf(out + n, size - n, fmt, ap);
	va_end(ap);
}

enum bp_error bp_maintenance_deaf(const struct bp_state *s, char *out, size_t size, struct bp_fail *f)
{
	char text[8192] = "", *save = NULL;
	int fd = memfd_create("machines", MFD_CLOEXEC), rc = fd < 0 ? -1 : 0;

	/* By a process of its own, since only the state's user may see all connections. */
	if (!rc)
		rc = bp_run((const char *const[]){"/proc/self/exe", "machine", "list", "--deaf", "--state", s->dir, NULL}, fd);
	if (!rc && pread(fd, text, sizeof(text) - 1, 0) < 0)
		rc = -1;
	if (fd >= 0)
		close(fd);
	*out = '\0';
	if (rc)
		return bp_fail(f, BP_E_INTERNAL, "which machines there are could not be seen: %.300s", text);
	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		also(out, size, "%.*s", (int)strcspn(line, " "), line);
	return BP_E_OK;
}

enum bp_error bp_maintenance_waits(const struct bp_state *s, bool closed, char *out, size_t size, struct bp_fail *f)
{
	struct q_doors_there there = {0};
	struct q_programs *p = NULL;
	struct q_doors doors = {0};
	char place[BP_PLACE_SIZE];
	struct bp_conf conf = {0};
	struct bp_db *db = NULL;
	struct bp_arena a;
	size_t n = 0;
	enum bp_error e = open_patiently(s, &conf, &db, f);

	*out = '\0';
	bp_arena_init(&a, 1u << 20);
	if (!e)
		e = q_doors_there(db, &a, &there);
	if (!e && there.n)
		e = q_doors(db, &a, &doors);
	if (!e && there.n)
		e = q_programs(db, &a, BP_PROGRAM_LIVE, &p, &n);
	bp_conf_place(&conf, place);
	/* The database was away when it was to be told, or somebody else says otherwise. */
	if (!e && there.n && !doors.closed != !closed)
		also(out, size, "the database says that the doors are %s", doors.closed ? "closed" : "open");
	for (size_t i = 0; i < n && !e; i++) {
		bool jobs_here = !strcmp(p[i].place, place) && (!strcmp(p[i].name, "workerd") || !strcmp(p[i].name, "optimizerd"));

		if (p[i].turn < doors.turn)
			also(out, size, "%s of %s has not heard of it", p[i].name, p[i].place);
		else if (p[i].busy && !jobs_here)
			also(out, size, "%s of %s is still at %lld", p[i].name, p[i].place, (long long)p[i].busy);
	}
	if (e && db)
		bp_fail(f, e, "%s", bp_db_failure(db)->detail);
	bp_arena_release(&a);
	bp_db_free(db);
	bp_conf_release(&conf);
	return e;
}

void bp_upgrade_read(struct bp_upgrade *u)
{
	char path[BP_STATE_PATH + 32], line[BP_STATE_PATH + 32] = "";
	FILE *in;

	bp_state_path(u->state, "upgrade", path, sizeof(path));
	u->phase = BP_UPGRADE_NONE;
	*u->backup = '\0';
	in = fopen(path, "re");
	if (!in)
		return;
	if (fgets(line, sizeof(line), in))
		line[strcspn(line, "\n")] = '\0';
	fclose(in);
	for (int i = 1; i <= BP_UPGRADE_DONE; i++) {
		size_t n = strlen(phases[i]);

		if (!strncmp(line, phases[i], n) && line[n] == ' ' && strlen(line + n + 1) < sizeof(u->backup)) {
			u->phase = (enum bp_upgrade_phase)i;
			snprintf(u->backup, sizeof(u->backup), "%.*s", (int)sizeof(u->backup) - 1, line + n + 1);
		}
	}
}

enum bp_error bp_upgrade_mark(struct bp_upgrade *u, enum bp_upgrade_phase phase, struct bp_fail *f)
{
	char path[BP_STATE_PATH + 32], line[BP_STATE_PATH + 32];

	u->phase = phase;
	bp_state_path(u->state, "upgrade", path, sizeof(path));
	if (phase == BP_UPGRADE_NONE)
		return unlink(path) && errno != ENOENT ? bp_fail(f, BP_E_INTERNAL, "cannot remove %s: %s", path, strerror(errno)) : BP_E_OK;
	snprintf(line, sizeof(line), "%s %s\n", phases[phase], u->backup);
	return bp_state_put(u->state, "upgrade", line, strlen(line), f);
}

/* The command that lies with the programs of this state. */
static void command(const struct bp_state *s, char *out, size_t size)
{
	snprintf(out, size, "%s/bin/" BP_STATE_COMMAND, s->app);
}

static bool by_systemd(const struct bp_state *s)
{
	return bp_state_installed(s) && !access("/run/systemd/system", F_OK);
}

enum bp_error bp_upgrade_stop(const struct bp_state *s, struct bp_fail *f)
{
	char cli[BP_STATE_PATH + 64];
	int rc;

	command(s, cli, sizeof(cli));
	rc = by_systemd(s) ? bp_run((const char *const[]){"systemctl", "stop", "beatplan.service", NULL}, -1) : 0;
	/* Also what was started by hand. */
	if (bp_state_supervisor(s))
		rc = bp_run((const char *const[]){access(cli, X_OK) ? "/proc/self/exe" : cli, "down", "--state", s->dir, NULL}, STDERR_FILENO);
	return rc ? bp_fail(f, BP_E_INTERNAL, "it does not stop: see %s/log/supervisor.log", s->dir) : BP_E_OK;
}

enum bp_error bp_upgrade_start(const struct bp_state *s, struct bp_fail *f)
{
	char cli[BP_STATE_PATH + 64], listen[80] = "", port[12] = "";
	const char *argv[] = {cli, "up", "--state", s->dir, "--service", "--listen", listen, "--port", port, NULL};
	int rc;

	command(s, cli, sizeof(cli));
	if (!bp_conf_listens(s->dir, listen, port))
		argv[5] = NULL; /* as configured */
	rc = by_systemd(s) ? bp_run((const char *const[]){"systemctl", "start", "beatplan.service", NULL}, -1) : bp_run(argv, STDERR_FILENO);
	return rc ? bp_fail(f, BP_E_INTERNAL, "it does not start: see %s/log", s->dir) : BP_E_OK;
}

enum bp_error bp_upgrade_backup(struct bp_upgrade *u, const char *to, struct bp_fail *f)
{
	char cli[BP_STATE_PATH + 64], text[BP_STATE_PATH + 64] = "";
	int out = memfd_create("backup", MFD_CLOEXEC), rc;

	command(u->state, cli, sizeof(cli));
	rc = bp_run((const char *const[]){cli, "backup", "--to", to, "--state", u->state->dir, NULL}, out);
	if (out >= 0 && pread(out, text, sizeof(text) - 1, 0) < 0)
		rc = -1;
	close(out);
	text[strcspn(text, "\n")] = '\0';
	if (rc || strncmp(text, "backup   /", 10) || strlen(text + 9) >= sizeof(u->backup))
		return bp_fail(f, BP_E_INTERNAL, "the backup failed: %.400s", text);
	snprintf(u->backup, sizeof(u->backup), "%.*s", (int)sizeof(u->backup) - 1, text + 9);
	return BP_E_OK;
}

static enum bp_error move(const struct bp_state *s, const char *from, const char *to, struct bp_fail *f)
{
	char a[BP_STATE_PATH + 32], b[BP_STATE_PATH + 32];

	bp_state_path(s, from, a, sizeof(a));
	bp_state_path(s, to, b, sizeof(b));
	if (access(a, F_OK))
		return BP_E_OK;
	if (bp_run((const char *const[]){"rm", "-rf", "--", b, NULL}, -1) || rename(a, b))
		return bp_fail(f, BP_E_INTERNAL, "cannot rename %s to %s: %s", a, to, strerror(errno));
	return BP_E_OK;
}

enum bp_error bp_upgrade_switch(const struct bp_state *s, struct bp_fail *f)
{
	enum bp_error e = move(s, "app", "app.old", f);

	return e ? e : move(s, "app.next", "app", f);
}

/* As the state's user: what root does in a folder of somebody else, that one may lead elsewhere. */
static int run_as_user(const struct bp_state *s, const char *const argv[])
{
	struct bp_fail f = {0};
	int status;
	pid_t pid = fork();

	if (pid < 0)
		return -1;
	if (!pid)
		_exit(bp_state_drop(s, &f) ? 1 : bp_run(argv, STDERR_FILENO));
	return waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Data as in the backup. The copy is made first, so that a full disk takes nothing away. */
static enum bp_error data_back(const struct bp_upgrade *u, struct bp_fail *f)
{
	const struct bp_state *s = u->state;
	char from[BP_STATE_PATH + 32], part[BP_STATE_PATH + 32], db[BP_STATE_PATH + 32], audit[BP_STATE_PATH + 32], mark[BP_STATE_PATH + 64];
	int rc;

	snprintf(from, sizeof(from), "%s/db", u->backup);
	bp_state_path(s, "db.part", part, sizeof(part));
	bp_state_path(s, "db", db, sizeof(db));
	bp_state_path(s, "audit", audit, sizeof(audit));
	snprintf(mark, sizeof(mark), "%s/beatplan-created", part);
	rc = run_as_user(s, (const char *const[]){"rm", "-rf", "--", part, NULL});
	if (!rc)
		rc = run_as_user(s, (const char *const[]){"cp", "-a", "--reflink=auto", "--", from, part, NULL});
	if (!rc)
		rc = run_as_user(s, (const char *const[]){"touch", "--", mark, NULL});
	/* The published heads are of rows that are gone with it. */
	if (!rc)
		rc = run_as_user(s, (const char *const[]){"rm", "-rf", "--", db, audit, NULL});
	if (!rc)
		rc = run_as_user(s, (const char *const[]){"mv", "-T", "--", part, db, NULL});
	/* What the database does from now on stands in no log of what it had done. */
	bp_state_path(s, "binlog", from, sizeof(from));
	bp_state_path(s, "binlog.before", part, sizeof(part));
	if (!rc)
		rc = run_as_user(s, (const char *const[]){"rm", "-rf", "--", part, NULL});
	if (!rc && !access(from, F_OK))
		rc = run_as_user(s, (const char *const[]){"mv", "-T", "--", from, part, NULL}) || run_as_user(s, (const char *const[]){"mkdir", "-m", "700", "--", from, NULL});
	snprintf(from, sizeof(from), "%s/state/.", u->backup);
	if (!rc)
		rc = run_as_user(s, (const char *const[]){"cp", "-a", "--", from, s->dir, NULL});
	return rc ? bp_fail(f, BP_E_INTERNAL, "the data of %s could not be put back: make room, and call `beatplan upgrade` again", u->backup) : BP_E_OK;
}

enum bp_error bp_upgrade_back(struct bp_upgrade *u, struct bp_fail *f)
{
	const struct bp_state *s = u->state;
	char old[BP_STATE_PATH + 32];
	enum bp_error e = bp_upgrade_mark(u, BP_UPGRADE_SWITCHING, f);

	bp_state_path(s, "app.old", old, sizeof(old));
	if (!e)
		e = bp_upgrade_stop(s, f);
	/* Once they are back, what is called app.next is no more to be put there. */
	if (!e && !access(old, F_OK)) {
		e = move(s, "app", "app.next", f);
		if (!e)
			e = move(s, "app.old", "app", f);
	}
	if (!e)
		e = data_back(u, f);
	if (!e)
		e = bp_upgrade_start(s, f);
	return e ? e : bp_upgrade_mark(u, BP_UPGRADE_NONE, f);
}
