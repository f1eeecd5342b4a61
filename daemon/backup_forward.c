/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a backup on to a moment, by the log of transactions. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/backup.h"
#include "daemon/private_db.h"

#define LOGS_MOST 4000

/* Logs from the one where the backup stands on, in order, behind argv[n]. */
static int add_logs(const char *dir, const char *first, const char **argv, int n)
{
	struct dirent **names = NULL;
	int k = scandir(dir, &names, NULL, alphasort);

	for (int i = 0; i < k; i++) {
		const char *x = names[i]->d_name;
		size_t len = strlen(x);

		if (!strncmp(x, "log.", 4) && strspn(x + 4, "0123456789") == len - 4 && strcmp(x, first) >= 0 && n < LOGS_MOST) {
			char *path = bp_xmalloc(strlen(dir) + len + 2);

			snprintf(path, strlen(dir) + len + 2, "%s/%s", dir, x);
			argv[n++] = path;
		}
		free(names[i]);
	}
	free(names);
	return n;
}

enum bp_error bp_backup_forward(const struct bp_state *s, const json_t *manifest, const char *until, const char *binlogs, struct bp_fail *f)
{
	const json_t *at = json_object_get(manifest, "binlog");
	const char *first = json_string_value(json_object_get(at, "file"));
	char start[64], stop[64], result[BP_STATE_PATH + 64], socket[128], log[BP_STATE_PATH + 32];
	const char **argv = bp_xcalloc(LOGS_MOST + 1, sizeof(*argv));
	struct bp_private_db p;
	int n = 0, logs, fd, rc;
	enum bp_error e;

	if (!first) {
		free(argv);
		return bp_fail(f, BP_E_CONFLICT, "the backup was made without a log of transactions (no backup_dir in beatplan.conf): it cannot go on to a moment");
	}
	snprintf(start, sizeof(start), "--start-position=%lld", (long long)json_integer_value(json_object_get(at, "position")));
	snprintf(stop, sizeof(stop), "--stop-datetime=%s", until);
	snprintf(result, sizeof(result), "--result-file=%s/tmp/forward.sql", s->dir);
	snprintf(socket, sizeof(socket), "--socket=%s/db", s->run);
	bp_state_path(s, "log/backup.log", log, sizeof(log));
	for (const char *const *x = (const char *const[]){"mariadb-binlog", "--no-defaults", "--force-read", start, stop, result, NULL}; *x; x++)
		argv[n++] = *x;
	logs = n;
	n = add_logs(binlogs, first, argv, n);
	if (n == logs) {
		free(argv);
		return bp_fail(f, BP_E_NOT_FOUND, "%s does not hold %s, where the backup ends", binlogs, first);
	}
	fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	setenv("TZ", "UTC", 1);
	rc = bp_run(argv, fd);
	e = rc ? bp_fail(f, BP_E_INTERNAL, "mariadb-binlog gave %d: see %s", rc, log) : bp_private_db_start(&p, s, f);
	if (!e) {
		/* From standard input: "source" is no word of the mode that takes every byte of a row. */
		int in = open(result + strlen("--result-file="), O_RDONLY | O_CLOEXEC);

		dup2(in, STDIN_FILENO);
		close(in);
		rc = bp_run((const char *const[]){"mariadb", "--no-defaults", socket, "--binary-mode", NULL}, fd);
		e = rc ? bp_fail(f, BP_E_INTERNAL, "the log of transactions could not be applied: see %s", log) : BP_E_OK;
		bp_private_db_stop(&p);
	}
	close(fd);
	unlink(result + strlen("--result-file="));
	for (int i = logs; i < n; i++)
		free((void *)(uintptr_t)argv[i]);
	free(argv);
	return e;
}
