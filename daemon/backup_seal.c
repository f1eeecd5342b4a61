/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A backup as one encrypted file, and back, by tar and GnuPG: the machine holds a public key, so that it cannot read what it has sent. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/backup.h"

#define SAID_MOST 16384
#define KEY_ID "[GNUPG:] ENC_TO "

/* What programs say: read by us, and kept in the log. */
static enum bp_error begin_said(int *fd, struct bp_fail *f)
{
	*fd = memfd_create("said", MFD_CLOEXEC);
	return *fd < 0 ? bp_fail(f, bp_error_of_errno(errno), "no memory for what programs say") : BP_E_OK;
}

static void end_said(const struct bp_state *s, int fd, char text[SAID_MOST])
{
	char log[BP_STATE_PATH + 32];
	ssize_t n = pread(fd, text, SAID_MOST - 1, 0);
	int out;

	close(fd);
	text[n > 0 ? n : 0] = '\0';
	bp_state_path(s, "log/backup.log", log, sizeof(log));
	/* Root writes nothing where the services' user may have put a link. */
	out = geteuid() ? open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
	if (out < 0)
		return;
	dprintf(out, "%s", text);
	close(out);
}

/* The first line that is not for programs; "" = there is none. */
static void first_line(const char *text, char *out, size_t size)
{
	while (*text && (isspace((unsigned char)*text) || !strncmp(text, "[GNUPG:]", 8)))
		text += isspace((unsigned char)*text) ? 1 : strcspn(text, "\n");
	snprintf(out, size, "%.*s", (int)strcspn(text, "\r\n"), text);
}

enum bp_error bp_backup_tell(const struct bp_state *s, const char *const argv[], const char *what, struct bp_fail *f)
{
	char text[SAID_MOST], line[300];
	int fd, rc;
	enum bp_error e = begin_said(&fd, f);

	if (e)
		return e;
	rc = bp_run(argv, fd);
	end_said(s, fd, text);
	first_line(text, line, sizeof(line));
	return rc ? bp_fail(f, BP_E_INTERNAL, "%s gave %d%s%s", what, rc, *line ? ": " : "", line) : BP_E_OK;
}

/* As the services' user, whoever calls: what is written where that one may do as it likes. */
static pid_t begin_as(const struct bp_state *user, const char *const argv[], int in, int out, int said)
{
	struct bp_fail f = {0};
	pid_t pid = fork();

	if (pid)
		return pid;
	if (user && bp_state_drop(user, &f)) {
		dprintf(said, "%s\n", f.detail);
		_exit(126);
	}
	if (in >= 0)
		dup2(in, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(said, STDERR_FILENO);
	setenv("LC_ALL", "C", 1);
	execvp(argv[0], (char *const *)(uintptr_t)argv);
	dprintf(said, "%s cannot be run: %s\n", argv[0], strerror(errno));
	_exit(127);
}

static int end(pid_t pid)
{
	int status = -1;

	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

/* first | second, that as the services' user, with what both say in `text`; true when both ended well. */
static bool piped(const struct bp_state *s, const char *const first[], const char *const second[], char text[SAID_MOST], struct bp_fail *f)
{
	int ends[2], said, a, b;
	pid_t one, two;

	*text = '\0';
	if (begin_said(&said, f))
		return false;
	if (pipe2(ends, O_CLOEXEC)) {
		close(said);
		return bp_fail(f, BP_E_INTERNAL, "no pipe: %s", strerror(errno)) == BP_E_OK;
	}
	one = begin_as(NULL, first, -1, ends[1], said);
	two = begin_as(s, second, ends[0], said, said);
	close(ends[0]);
	close(ends[1]);
	a = end(one);
	b = end(two);
	end_said(s, said, text);
	return !a && !b;
}

/* A folder of GnuPG's own that goes with the work: keys of whoever runs it are not touched. */
static enum bp_error make_home(char home[64], struct bp_fail *f)
{
	/* Short, since the agent's socket lies in it; of root's in memory. */
	snprintf(home, 64, "%s/beatplan-key-XXXXXX", geteuid() ? "/tmp" : "/run");
	return mkdtemp(home) ? BP_E_OK : bp_fail(f, bp_error_of_errno(errno), "cannot make %s: %s", home, strerror(errno));
}

static void remove_home(const char *home)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	bp_run((const char *const[]){"gpgconf", "--homedir", home, "--kill", "all", NULL}, null);
	bp_run((const char *const[]){"rm", "-rf", "--", home, NULL}, null);
	close(null);
}

enum bp_error bp_backup_seal(const struct bp_state *s, const char *from, const char *key, const char *file, struct bp_fail *f)
{
	char home[64], text[SAID_MOST], line[300], folder[BP_STATE_PATH];
	const char *name = strrchr(from, '/') + 1;
	enum bp_error e = make_home(home, f);
	bool done;

	if (e)
		return e;
	snprintf(folder, sizeof(folder), "%.*s", (int)(name - from), from);
	done = piped(s, (const char *const[]){"tar", "-C", folder, "-cf", "-", "--", name, NULL},
		(const char *const[]){"gpg", "--homedir", home, "--no-options", "--batch", "--quiet", "--yes", "--no-autostart", "--trust-model", "always",
			"--recipient-file", key, "--output", file, "--encrypt", NULL}, text, f);
	first_line(text, line, sizeof(line));
	remove_home(home);
	return done ? BP_E_OK : bp_fail(f, BP_E_INTERNAL, "the backup cannot be encrypted for %s: %s", key, line);
}

/* The folder of the backup is the only one that was put there. */
static enum bp_error find_backup(const char *into, char out[BP_STATE_PATH], struct bp_fail *f)
{
	DIR *d = opendir(into);
	struct stat st;
	int n = 0, k = 0;

	for (struct dirent *x; d && (x = readdir(d));)
		if (strcmp(x->d_name, ".") && strcmp(x->d_name, "..")) {
			k = snprintf(out, BP_STATE_PATH, "%s/%s", into, x->d_name);
			n++;
		}
	if (d)
		closedir(d);
	return n == 1 && k < BP_STATE_PATH && !lstat(out, &st) && S_ISDIR(st.st_mode) ? BP_E_OK : bp_fail(f, BP_E_CONFLICT, "what was encrypted is no backup");
}

/* Of what GnuPG tells programs: only with its last word is the file whole, and what it was. */
static enum bp_error judge(const char *file, const char *text, bool ended, struct bp_fail *f)
{
	const char *id = strstr(text, KEY_ID);
	char line[300];

	first_line(text, line, sizeof(line));
	if (strstr(text, strerror(ENOSPC)))
		return bp_fail(f, BP_E_DISK_FULL, "there is no room to unpack %s: %s", file, line);
	if (!strstr(text, "[GNUPG:] GOODMDC")) {
		if (id && !strstr(text, "[GNUPG:] DECRYPTION_KEY"))
			return bp_fail(f, BP_E_CONFLICT, "%s cannot be opened: it was encrypted for the key %.16s, and this is another one, or its passphrase was not given",
				file, id + strlen(KEY_ID));
		return bp_fail(f, BP_E_CONFLICT, "%s is no encrypted backup, or was cut off or changed: fetch it again (%s)", file, *line ? line : "it has no end");
	}
	return ended ? BP_E_OK : bp_fail(f, BP_E_INTERNAL, "%s cannot be unpacked: %s", file, line);
}

enum bp_error bp_backup_unseal(const struct bp_state *s, const char *file, const char *key, const char *into, char out[BP_STATE_PATH], struct bp_fail *f)
{
	char home[64] = "", text[SAID_MOST];
	const char *gpg[16] = {"gpg", "--no-options", "--quiet", "--status-fd", "2", "--pinentry-mode", "loopback"};
	int n = 7;
	enum bp_error e = key ? make_home(home, f) : BP_E_OK;
	bool ended;

	if (!e && key)
		e = bp_backup_tell(s, (const char *const[]){"gpg", "--homedir", home, "--no-options", "--batch", "--quiet", "--import", "--", key, NULL}, "taking the key", f);
	if (key) {
		gpg[n++] = "--homedir";
		gpg[n++] = home;
	} else {
		n -= 2; /* the agent asks */
	}
	for (const char *const *x = (const char *const[]){"--output", "-", "--decrypt", "--", file, NULL}; *x; x++)
		gpg[n++] = *x;
	gpg[n] = NULL;
	if (!e && end(begin_as(s, (const char *const[]){"mkdir", "-m", "700", "--", into, NULL}, -1, STDERR_FILENO, STDERR_FILENO)))
		e = bp_fail(f, BP_E_INTERNAL, "cannot make %s", into);
	if (!e) {
		ended = piped(s, gpg, (const char *const[]){"tar", "-C", into, "-xpf", "-", "--no-same-owner", "--warning=no-timestamp", NULL}, text, f);
		e = f->code ? f->code : judge(file, text, ended, f);
	}
	if (*home)
		remove_home(home);
	return e ? e : find_backup(into, out, f);
}
