/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/private_db.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/time.h"

#define PATIENCE_US 120000000

static void run(const struct bp_state *s)
{
	char data[BP_STATE_PATH + 32], socket[128], pid[128], tmp[BP_STATE_PATH + 32], log[BP_STATE_PATH + 32];
	const char *const argv[] = {"mariadbd", "--no-defaults", data, socket, pid, tmp, "--skip-networking", "--character-set-server=utf8mb4",
		"--collation-server=utf8mb4_unicode_520_nopad_ci", "--skip-log-bin", "--max-allowed-packet=64M", "--default-time-zone=+00:00", NULL};
	int fd;

	snprintf(data, sizeof(data), "--datadir=%s/db", s->dir);
	snprintf(socket, sizeof(socket), "--socket=%s/db", s->run);
	snprintf(pid, sizeof(pid), "--pid-file=%s/db.pid", s->run);
	snprintf(tmp, sizeof(tmp), "--tmpdir=%s/tmp", s->dir);
	bp_state_path(s, "log/restore-db.log", log, sizeof(log));
	fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
	dup2(fd, STDOUT_FILENO);
	dup2(fd, STDERR_FILENO);
	execvp(argv[0], (char *const *)(uintptr_t)argv);
	_exit(127);
}

enum bp_error bp_private_db_start(struct bp_private_db *p, const struct bp_state *s, struct bp_fail *f)
{
	int64_t until = bp_monotonic_us() + PATIENCE_US;
	char socket[128];
	struct bp_db_conf conf = {.socket = socket, .user = s->user, .database = "beatplan", .multi = true};
	enum bp_error e = BP_E_DB_DOWN;

	snprintf(socket, sizeof(socket), "%s/db", s->run);
	*p = (struct bp_private_db){.state = s, .pid = fork()};
	if (p->pid < 0)
		return bp_fail(f, BP_E_INTERNAL, "cannot start a process");
	if (!p->pid)
		run(s);
	while (e && bp_monotonic_us() < until) {
		struct timespec pause = {0, 50000000};
		int status;

		bp_fail_clear(f);
		if (access(socket, F_OK) || (e = bp_db_open(&p->db, &conf, f)))
			nanosleep(&pause, NULL);
		if (e && waitpid(p->pid, &status, WNOHANG) == p->pid) {
			p->pid = 0;
			bp_fail_clear(f);
			return bp_fail(f, BP_E_INTERNAL, "the database ended at once: see %s/log/restore-db.log", s->dir);
		}
	}
	if (e)
		bp_private_db_stop(p);
	return e;
}

void bp_private_db_stop(struct bp_private_db *p)
{
	int status;

	bp_db_free(p->db);
	p->db = NULL;
	if (p->pid > 0 && !kill(p->pid, SIGTERM))
		waitpid(p->pid, &status, 0);
	p->pid = 0;
}
