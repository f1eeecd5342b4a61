/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/state.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "setting/setting.h"

#define SERVICE_USER "beatplan"

static enum bp_error find_user(struct bp_state *s, struct bp_fail *f)
{
	struct passwd *pw = geteuid() ? getpwuid(geteuid()) : getpwnam(SERVICE_USER);

	if (!pw)
		return bp_fail(f, BP_E_INTERNAL, geteuid() ? "your user id has no name" :
			"there is no user '" SERVICE_USER "': make it with `useradd --system " SERVICE_USER "`");
	snprintf(s->user, sizeof(s->user), "%s", pw->pw_name);
	s->uid = pw->pw_uid;
	s->gid = pw->pw_gid;
	return BP_E_OK;
}

void bp_state_bin(char *out, size_t size)
{
	ssize_t n = readlink("/proc/self/exe", out, size - 1);
	char *slash;

	out[n > 0 ? n : 0] = '\0';
	slash = strrchr(out, '/');
	if (slash)
		*slash = '\0';
}

enum bp_error bp_state_init(struct bp_state *s, const char *dir, struct bp_fail *f)
{
	unsigned char hash[16];
	char hex[9], cwd[BP_STATE_PATH];
	int n;

	memset(s, 0, sizeof(*s));
	if (*dir == '/')
		n = snprintf(s->dir, sizeof(s->dir), "%s", dir);
	else
		n = snprintf(s->dir, sizeof(s->dir), "%s/%s", getcwd(cwd, sizeof(cwd)) ? cwd : "", dir);
	if (n >= (int)sizeof(s->dir) || strchr(s->dir, '\n') || strchr(s->dir, '"') || strchr(s->dir, ';'))
		return bp_fail(f, BP_E_INTERNAL, "the path of the state folder is too long or odd: %.200s", dir);
	while (n > 1 && s->dir[n - 1] == '/')
		s->dir[--n] = '\0';
	crypto_generichash(hash, sizeof(hash), (const unsigned char *)s->dir, strlen(s->dir), NULL, 0);
	sodium_bin2hex(hex, sizeof(hex), hash, 4);
	snprintf(s->run, sizeof(s->run), "%s/beatplan-%s", geteuid() ? "/tmp" : "/run", hex);
	if (bp_state_installed(s))
		snprintf(s->run, sizeof(s->run), "%s", BP_INSTALLED_RUN);
	snprintf(s->app, sizeof(s->app), "%s/app", s->dir);
	return find_user(s, f);
}

void bp_state_path(const struct bp_state *s, const char *name, char *out, size_t size)
{
	snprintf(out, size, "%s/%s", s->dir, name);
}

/*
 * A folder without following links, but one of root's: Debian's package puts the logs elsewhere.  By descriptors, since whoever
 * runs as the services' user may rename what lies in his folder while root looks.
 */
static int open_folder(const char *path)
{
	int fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC), real;
	char target[BP_STATE_PATH] = "";
	struct stat st;

	if (fd >= 0 && !fstat(fd, &st) && S_ISLNK(st.st_mode) && !st.st_uid && readlinkat(fd, "", target, sizeof(target) - 1) > 0)
		path = target;
	real = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd >= 0)
		close(fd);
	return real;
}

/* The folder is ours, and nobody else may write to it. */
static enum bp_error own_folder(const struct bp_state *s, const char *path, mode_t mode, struct bp_fail *f)
{
	enum bp_error e = BP_E_OK;
	struct stat st;
	int fd;

	if (mkdir(path, mode) && errno != EEXIST)
		return bp_fail(f, bp_error_of_errno(errno), "cannot make the folder %s: %s", path, strerror(errno));
	fd = open_folder(path);
	if (fd < 0 || fstat(fd, &st))
		e = bp_fail(f, BP_E_INTERNAL, "%s is no folder", path);
	else if (geteuid() && st.st_uid != s->uid)
		e = bp_fail(f, BP_E_INTERNAL, "the folder %s belongs to another user", path);
	else if (fchmod(fd, mode) || (!geteuid() && fchown(fd, s->uid, s->gid)))
		e = bp_fail(f, BP_E_INTERNAL, "cannot take over the folder %s: %s", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return e;
}

enum bp_error bp_state_create(const struct bp_state *s, struct bp_fail *f)
{
	static const char *const folders[] = {"uploads", "snapshots", "exports", "drop", "mail", "audit", "binlog", "log", "tmp", NULL};
	char path[BP_STATE_PATH + 32];
	enum bp_error e = own_folder(s, s->dir, 0711, f);

	for (int i = 0; folders[i] && !e; i++) {
		bp_state_path(s, folders[i], path, sizeof(path));
		/* Others reach the drop folders below theirs, and see no names. */
		e = own_folder(s, path, strcmp(folders[i], "drop") ? 0700 : 0711, f);
	}
	return e ? e : own_folder(s, s->run, 0700, f);
}

enum bp_error bp_state_drop(const struct bp_state *s, struct bp_fail *f)
{
	if (geteuid())
		return BP_E_OK;
	if (initgroups(s->user, s->gid) || setgid(s->gid) || setuid(s->uid))
		return bp_fail(f, BP_E_INTERNAL, "cannot become user %s: %s", s->user, strerror(errno));
	if (chdir("/"))
		return BP_E_INTERNAL;
	if (access(s->dir, R_OK | W_OK | X_OK))
		return bp_fail(f, BP_E_INTERNAL, "user %s cannot reach the state folder %s: open the folders above it "
			"(chmod o+x) or choose another with --state", s->user, s->dir);
	return BP_E_OK;
}

pid_t bp_state_supervisor(const struct bp_state *s)
{
	char path[96], text[32];
	ssize_t n;
	pid_t pid = 0;
	int fd;

	snprintf(path, sizeof(path), "%s/supervisor.pid", s->run);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	/* Its lock is what tells that it lives; the number is only how to reach it. */
	if (flock(fd, LOCK_SH | LOCK_NB) && errno == EWOULDBLOCK) {
		n = read(fd, text, sizeof(text) - 1);
		text[n > 0 ? n : 0] = '\0';
		pid = (pid_t)strtol(text, NULL, 10);
	}
	close(fd);
	return pid;
}

enum bp_error bp_state_take_programs(const struct bp_state *s, const char *name, struct bp_fail *f)
{
	char part[BP_STATE_PATH + 64], to[BP_STATE_PATH + 32], bin[BP_STATE_PATH + 96], libexec[BP_STATE_PATH + 96], share[BP_STATE_PATH + 96];
	int rc;

	bp_state_path(s, name, to, sizeof(to));
	snprintf(part, sizeof(part), "%s.part", to);
	snprintf(bin, sizeof(bin), "%s/bin", part);
	snprintf(libexec, sizeof(libexec), "%s/libexec", part);
	snprintf(share, sizeof(share), "%s/share", part);
	rc = bp_run((const char *const[]){"rm", "-rf", "--", part, to, NULL}, -1);
	if (!rc)
		rc = bp_run((const char *const[]){"mkdir", "-p", "-m", "755", "--", part, bin, libexec, share, NULL}, -1);
	if (!rc)
		rc = bp_run((const char *const[]){"cp", "-R", "--", "/usr/libexec/beatplan", libexec, NULL}, -1);
	if (!rc)
		rc = bp_run((const char *const[]){"cp", "-R", "--", "/usr/share/beatplan", share, NULL}, -1);
	snprintf(bin, sizeof(bin), "%s/bin/" BP_STATE_COMMAND, part);
	if (!rc)
		rc = bp_run((const char *const[]){"cp", "--", BP_INSTALLED_BIN "/beatplan", bin, NULL}, -1);
	if (!rc)
		rc = bp_run((const char *const[]){"chmod", "-R", "u+rwX,go+rX", "--", part, NULL}, -1);
	return rc || rename(part, to) ? bp_fail(f, BP_E_INTERNAL, "the installed programs cannot be copied to %s", to) : BP_E_OK;
}

enum bp_error bp_state_put(const struct bp_state *s, const char *name, const char *text, size_t n, struct bp_fail *f)
{
	char path[BP_STATE_PATH + 32], temp[BP_STATE_PATH + 40];
	int fd;

	bp_state_path(s, name, path, sizeof(path));
	snprintf(temp, sizeof(temp), "%s.new", path);
	fd = open(temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	/* Keys that are lost in a power cut cannot be made again. */
	if (fd < 0 || write(fd, text, n) != (ssize_t)n || (!geteuid() && fchown(fd, s->uid, s->gid)) || fsync(fd) || close(fd) ||
		rename(temp, path))
		return bp_fail(f, bp_error_of_errno(errno), "cannot write %s: %s", path, strerror(errno));
	fd = open(s->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	return BP_E_OK;
}

enum bp_error bp_state_put_keys(const struct bp_state *s, const struct bp_token_keys *k, struct bp_fail *f)
{
	struct bp_buf b;
	enum bp_error e;

	bp_buf_init(&b, 4096);
	bp_token_keys_print(k, &b);
	e = bp_state_put(s, BP_TOKEN_FILE, b.data, b.len, f);
	sodium_memzero(b.data, b.len);
	bp_buf_release(&b);
	return e;
}

static enum bp_error load_conf(const struct bp_state *s, struct bp_conf *conf, struct bp_fail *f)
{
	char path[BP_STATE_PATH + 32];

	bp_state_path(s, "beatplan.conf", path, sizeof(path));
	if (access(path, R_OK))
		return bp_fail(f, BP_E_NOT_FOUND, "there is no Beatplan in %s: start it with `beatplan up`, or name another "
			"folder with --state", s->dir);
	return bp_conf_load(conf, path, f);
}

static enum bp_error connect_as(const struct bp_conf *conf, enum bp_account who, bool local_infile, struct bp_db **db, struct bp_fail *f)
{
	struct bp_db_conf dc = bp_conf_db(conf, who);
	enum bp_error e;

	dc.local_infile = local_infile;
	e = bp_db_open(db, &dc, f);
	if (e)
		return e;
	bp_settings_begin(conf);
	bp_settings_fresh(*db);
	return BP_E_OK;
}

enum bp_error bp_state_open(const struct bp_state *s, struct bp_conf *conf, struct bp_db **db, bool local_infile, struct bp_fail *f)
{
	enum bp_error e = load_conf(s, conf, f);

	if (!e && !bp_conf_login(conf, BP_ACCOUNT_APP).own)
		return bp_fail(f, BP_E_CONFLICT, "this machine (%s) may ask the database only what its programs need: say it on the machine that has the database", conf->runs);
	return e ? e : connect_as(conf, BP_ACCOUNT_APP, local_infile, db, f);
}

enum bp_error bp_state_look(const struct bp_state *s, struct bp_conf *conf, struct bp_db **db, struct bp_fail *f)
{
	enum bp_account who = 0;
	enum bp_error e = load_conf(s, conf, f);

	while (!e && who + 1 < BP_ACCOUNT__MAX && !bp_conf_login(conf, who).own)
		who++;
	return e ? e : connect_as(conf, who, false, db, f);
}

enum bp_error bp_state_own(const struct bp_state *s, struct bp_conf *conf, struct bp_db **db, struct bp_fail *f)
{
	enum bp_error e = bp_state_drop(s, f);

	if (!e)
		e = load_conf(s, conf, f);
	return e ? e : bp_db_open(db, &(struct bp_db_conf){.socket = conf->db_socket, .user = s->user, .database = conf->db_name, .multi = true}, f);
}

int bp_run(const char *const argv[], int out)
{
	int status;
	pid_t pid = fork();

	if (pid < 0)
		return -1;
	if (!pid) {
		if (out >= 0) {
			dup2(out, STDOUT_FILENO);
			dup2(out, STDERR_FILENO);
		}
		execvp(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool bp_state_has(const struct bp_state *s, const char *name)
{
	char path[BP_STATE_PATH + 64];

	bp_state_path(s, name, path, sizeof(path));
	return !access(path, F_OK);
}

enum bp_error bp_state_run(const struct bp_state *s, const char *log, const char *const argv[], const char *what, struct bp_fail *f)
{
	char path[BP_STATE_PATH + 64];
	int fd, rc;

	snprintf(path, sizeof(path), "%s/log/%s", s->dir, log);
	fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	rc = bp_run(argv, fd);
	if (fd >= 0)
		close(fd);
	if (rc == 127)
		return bp_fail(f, BP_E_INTERNAL, "%s cannot be run: install its package (mariadb-backup, mariadb-client, openssl)", argv[0]);
	return rc ? bp_fail(f, BP_E_INTERNAL, "%s failed (%s gave %d): see %s", what, argv[0], rc, path) : BP_E_OK;
}

int bp_cmd_failed(const char *what, const struct bp_fail *f)
{
	fprintf(stderr, "beatplan %s: %s\n", what, *f->detail ? f->detail : bp_errors[f->code].message);
	return 1;
}

int bp_cmd_in_state(const struct bp_cmd_work *c)
{
	struct bp_conf conf = {0};
	struct bp_db *db = NULL;
	struct bp_state s;
	int rc = 0;

	if (bp_state_init(&s, c->state, c->f) || bp_state_open(&s, &conf, &db, false, c->f) || (c->tx ? bp_db_tx(db, c->work, c->ctx) : c->work(db, c->ctx)))
		rc = bp_cmd_failed(c->name, c->f->code || !db ? c->f : bp_db_failure(db));
	bp_db_free(db);
	bp_conf_release(&conf);
	return rc;
}
