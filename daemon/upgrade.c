/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/upgrade.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const phases[] = {"none", "switching", "done"};

bool bp_maintenance_on(const struct bp_state *s)
{
	char path[BP_STATE_PATH + 32];

	bp_state_path(s, "maintenance", path, sizeof(path));
	return !access(path, F_OK);
}

enum bp_error bp_maintenance(const struct bp_state *s, bool on, struct bp_fail *f)
{
	char path[BP_STATE_PATH + 32];

	bp_state_path(s, "beatplan.conf", path, sizeof(path));
	if (access(path, F_OK))
		return bp_fail(f, BP_E_NOT_FOUND, "there is no Beatplan in %s", s->dir);
	if (on)
		return bp_state_put(s, "maintenance", "closed\n", 7, f);
	bp_state_path(s, "maintenance", path, sizeof(path));
	return unlink(path) && errno != ENOENT ? bp_fail(f, BP_E_INTERNAL, "cannot remove %s: %s", path, strerror(errno)) : BP_E_OK;
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
	char cli[BP_STATE_PATH + 64], path[BP_STATE_PATH + 32], listen[80] = "", port[12] = "";
	const char *argv[] = {cli, "up", "--state", s->dir, "--service", "--listen", listen, "--port", port, NULL};
	char line[96] = "", *blank;
	FILE *in;
	int rc;

	command(s, cli, sizeof(cli));
	bp_state_path(s, "place", path, sizeof(path));
	in = fopen(path, "re");
	if (in && fgets(line, sizeof(line), in))
		line[strcspn(line, "\n")] = '\0';
	if (in)
		fclose(in);
	blank = strchr(line, ' ');
	if (blank) {
		snprintf(listen, sizeof(listen), "%.*s", (int)(blank - line), line);
		snprintf(port, sizeof(port), "%.11s", blank + 1);
	} else {
		argv[5] = NULL; /* as configured */
	}
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
