/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/time.h"
#include "daemon/backup.h"
#include "daemon/machine.h"
#include "daemon/rotate.h"
#include "daemon/shell.h"
#include "db/migrate.h"
#include "db/rights.h"
#include "queries.h"

#define ARGS_MOST 48
#define RESTART_PAUSE_US 500000 /* after a quick death, so that a broken child does not spin */
#define STOP_PATIENCE_US 15000000
#define BACKUP_EVERY_US 3600000000LL
#define ROTATE_EVERY_US 5000000
#define LOGROTATE "/usr/sbin/logrotate"
#define LOGROTATE_CONF "/etc/logrotate.d/beatplan"
#define DB_PATIENCE_US 60000000 /* crash recovery after a power cut takes a while */

struct child {
	const char *name;
	bool wanted; /* it runs on this machine */
	const char *argv[ARGS_MOST];
	pid_t pid;
	int64_t started;
};
enum { DB, POOL, SLOW, UPLOADS, EVENTS, HEALTH, WORKER, OPTIMIZER, NGINX, CHILDREN };
static const char *const child_names[CHILDREN] = {"mariadbd", "pool", "slow", "uploads", "events", "health", "workerd", "optimizerd",
	"nginx"};

struct supervisor {
	const struct bp_state *state;
	struct child child[CHILDREN];
	struct bp_arena arena;
	struct bp_conf conf;
	bool backups;  /* a folder for them is configured */
	int64_t cared; /* when it was last looked after */
	int64_t rotated;
};

#define text(s, ...) bp_sprintf(&(s)->arena, __VA_ARGS__)

/* A quarter of the memory for the database, 128 MiB to 4 GiB. */
static long buffer_pool_mib(void)
{
	struct sysinfo si;
	long mib = 256;

	if (!sysinfo(&si))
		mib = (long)(si.totalram / 4 * si.mem_unit >> 20);
	return mib < 128 ? 128 : mib > 4096 ? 4096 : mib;
}

/* The log of changes: a sixteenth of the free disk, 96 MiB to 1 GiB.  An import of millions writes gigabytes in one transaction, and
 * waits for pages to be written each time the log is full. */
static long log_mib(const char *dir)
{
	struct statvfs v;
	unsigned long long mib = statvfs(dir, &v) ? 0 : (unsigned long long)v.f_bavail * v.f_frsize >> 24;

	return mib < 96 ? 96 : mib > 1024 ? 1024 : (long)mib;
}

static void add(struct child *c, const char *arg)
{
	size_t n = 0;

	while (c->argv[n])
		n++;
	if (n + 1 < ARGS_MOST)
		c->argv[n] = arg;
}

/*
 * Other machines may connect, with a password and encrypted, and copies of the database follow it by the log of its transactions.  A
 * commit is answered when one that follows holds it too, so that it is not lost with this machine; where none does, nothing waits.
 */
static void describe_network(struct supervisor *s, bool replica)
{
	const char *dir = s->state->dir;
	struct child *db = &s->child[DB];

	if (!strcmp(s->conf.db_listen, "off")) {
		add(db, "--skip-networking");
	} else {
		add(db, text(s, "--bind-address=%s", s->conf.db_listen));
		add(db, text(s, "--port=%ld", s->conf.db_port));
		add(db, text(s, "--ssl-cert=%s/" BP_MACHINE_CERTIFICATE, dir));
		add(db, text(s, "--ssl-key=%s/" BP_MACHINE_KEY, dir));
		add(db, "--skip-name-resolve");
		add(db, text(s, "--server-id=%ld", s->conf.db_server));
		add(db, "--log-slave-updates");
		add(db, text(s, "--relay-log=%s/binlog/relay", dir));
		add(db, "--gtid-strict-mode=ON");
		add(db, "--rpl-semi-sync-master-enabled=ON");
		add(db, "--rpl-semi-sync-master-wait-point=AFTER_SYNC");
		add(db, "--rpl-semi-sync-master-timeout=3000"); /* once, when a copy is cut off; then it goes on without */
		add(db, "--rpl-semi-sync-master-wait-no-slave=OFF");
		add(db, "--rpl-semi-sync-slave-enabled=ON");
	}
	if (replica)
		add(db, "--read-only");
}

static void describe(struct supervisor *s)
{
	const char *dir = s->state->dir, *run = s->state->run, *app = s->state->app;
	const struct bp_conf *c = &s->conf;
	const bool replica = bp_conf_runs(c, "replica"), web = bp_conf_runs(c, "web");
	const bool wanted[CHILDREN] = {[DB] = replica || bp_conf_runs(c, "database"), [POOL] = web, [SLOW] = web, [UPLOADS] = web, [EVENTS] = web,
		[HEALTH] = web, [WORKER] = bp_conf_runs(c, "worker"), [OPTIMIZER] = bp_conf_runs(c, "optimizer"), [NGINX] = web};
	/* What other machines copy, or what goes on from a backup. */
	const bool logged = s->backups || strcmp(c->db_listen, "off");
	const char *conf = text(s, "%s/beatplan.conf", dir), *fcgi = text(s, "%s/libexec/beatplan/beatplan.fcgi", app);
	const char *const argv[CHILDREN][ARGS_MOST] = {
		[DB] = {"mariadbd", "--no-defaults", text(s, "--datadir=%s/db", dir), text(s, "--socket=%s/db", run),
			text(s, "--pid-file=%s/db.pid", run), text(s, "--tmpdir=%s/tmp", dir),
			"--character-set-server=utf8mb4", "--collation-server=utf8mb4_unicode_520_nopad_ci", "--local-infile=ON",
			"--max-allowed-packet=64M", text(s, "--innodb-log-file-size=%ldM", log_mib(dir)), "--innodb-io-capacity=2000", "--innodb-ft-cache-size=64000000",
			"--innodb-snapshot-isolation=ON", "--long-query-time=1", "--performance-schema=OFF",
			text(s, "--innodb-buffer-pool-size=%ldM", buffer_pool_mib()), "--max-connections=200",
			"--default-time-zone=+00:00", logged ? text(s, "--log-bin=%s/binlog/log", dir) : "--skip-log-bin",
			/* Read by nobody without a log of transactions. */
			"--binlog-format=ROW", "--sync-binlog=1", "--binlog-expire-logs-seconds=3024000", NULL},
		[POOL] = {fcgi, "--conf", conf, "--socket", text(s, "%s/api", run), "--threads", "16", NULL},
		/* Opening a draft and committing one keep a core busy for seconds: more of them at once would end no sooner. */
		[SLOW] = {fcgi, "--conf", conf, "--socket", text(s, "%s/slow", run), "--threads", "4", "--slow", NULL},
		[UPLOADS] = {fcgi, "--conf", conf, "--socket", text(s, "%s/up", run), "--threads", "12", "--uploads", NULL},
		/* More than streams may be, so that whoever comes too many is told. */
		[EVENTS] = {fcgi, "--conf", conf, "--socket", text(s, "%s/events", run), "--threads", "130", "--events", NULL},
		[HEALTH] = {fcgi, "--conf", conf, "--socket", text(s, "%s/health", run), "--threads", "2", NULL},
		[WORKER] = {text(s, "%s/libexec/beatplan/beatplan-workerd", app), "--conf", conf, NULL},
		[OPTIMIZER] = {text(s, "%s/libexec/beatplan/beatplan-optimizerd", app), "--conf", conf, NULL},
		[NGINX] = {"nginx", "-e", "stderr", "-p", text(s, "%s/tmp/", dir), "-c", text(s, "%s/nginx.conf", dir), "-g",
			"daemon off;", NULL},
	};

	for (int i = 0; i < CHILDREN; i++) {
		s->child[i].name = child_names[i];
		s->child[i].wanted = wanted[i];
		memcpy(s->child[i].argv, argv[i], sizeof(argv[i]));
	}
	describe_network(s, replica);
}

static void note_pid(struct supervisor *s, const struct child *c)
{
	char path[128];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s.child", s->state->run, c->name);
	out = fopen(path, "we");
	if (!out)
		return;
	fprintf(out, "%d\n", (int)c->pid);
	fclose(out);
}

/* When memory runs out the kernel takes the solver first, then the worker, the pools, and the database last. */
static void order_of_death(const struct supervisor *s, const struct child *c)
{
	static const int score[CHILDREN] = {[POOL] = 200, [SLOW] = 200, [UPLOADS] = 200, [EVENTS] = 300, [HEALTH] = 100, [WORKER] = 400, [OPTIMIZER] = 600, [NGINX] = 100};
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	dprintf(fd, "%d\n", score[c - s->child]);
	close(fd);
}

static void start(struct supervisor *s, struct child *c)
{
	char path[BP_STATE_PATH + 64];
	pid_t parent = getpid(), pid = fork();
	sigset_t none;
	int fd;

	if (pid) {
		setpgid(pid, pid);
		c->pid = pid < 0 ? 0 : pid;
		c->started = bp_monotonic_us();
		note_pid(s, c);
		bp_log(BP_LOG_INFO, "ev=child_start name=%s child=%d", c->name, (int)pid);
		return;
	}
	setpgid(0, 0);
	snprintf(path, sizeof(path), "%s/log/%s.log", s->state->dir, c->name);
	fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
	if (fd >= 0) {
		dup2(fd, STDOUT_FILENO);
		dup2(fd, STDERR_FILENO);
	}
	order_of_death(s, c);
	/* Nothing may outlive the supervisor. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(1);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execvp(c->argv[0], (char *const *)(uintptr_t)c->argv);
	dprintf(STDERR_FILENO, "cannot run %s: %s\n", c->argv[0], strerror(errno));
	_exit(127);
}

/* Reap what died; start it again unless it died at once, then after a pause. */
static void reap(struct supervisor *s, bool again)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (int i = 0; i < CHILDREN; i++)
			if (s->child[i].pid == pid) {
				s->child[i].pid = 0;
				/* What it leaves behind would keep the sockets: nginx's workers outlive a master that was killed. */
				kill(-pid, SIGKILL);
				if (again)
					bp_log(BP_LOG_WARN, "ev=child_died name=%s child=%d status=%d", s->child[i].name, (int)pid,
						WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
			}
	for (int i = 0; i < CHILDREN && again; i++)
		if (s->child[i].wanted && !s->child[i].pid && bp_monotonic_us() - s->child[i].started > RESTART_PAUSE_US)
			start(s, &s->child[i]);
}

static void stop(struct supervisor *s, int i)
{
	int64_t until = bp_monotonic_us() + STOP_PATIENCE_US;
	struct child *c = &s->child[i];

	if (!c->pid)
		return;
	kill(c->pid, i == NGINX ? SIGQUIT : SIGTERM);
	while (c->pid && bp_monotonic_us() < until) {
		struct timespec pause = {0, 5000000};

		reap(s, false);
		if (c->pid)
			nanosleep(&pause, NULL);
	}
	if (c->pid)
		kill(c->pid, SIGKILL);
}

/* What daily backups need, each hour, in a process of its own: the log of transactions is copied, the day's backup made. */
static void care(struct supervisor *s)
{
	const char *const argv[] = {"/proc/self/exe", "backup", "--care", "--state", s->state->dir, NULL};
	char log[BP_STATE_PATH + 64];
	sigset_t none;
	int fd;

	if (!s->backups || (s->cared && bp_monotonic_us() - s->cared < BACKUP_EVERY_US))
		return;
	s->cared = bp_monotonic_us();
	if (fork())
		return;
	setpgid(0, 0);
	bp_state_path(s->state, "log/backup.log", log, sizeof(log));
	fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
	dup2(fd, STDOUT_FILENO);
	dup2(fd, STDERR_FILENO);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execv(argv[0], (char *const *)(uintptr_t)argv);
	_exit(127);
}

static void rotate(struct supervisor *s)
{
	const struct bp_conf *c = &s->conf;
	bool others = bp_state_installed(s->state) && !access(LOGROTATE, X_OK) && !access(LOGROTATE_CONF, F_OK);
	char log[BP_STATE_PATH + 64];

	if (others || c->log_most_mb <= 0 || bp_monotonic_us() - s->rotated < ROTATE_EVERY_US)
		return;
	s->rotated = bp_monotonic_us();
	bp_state_path(s->state, "log", log, sizeof(log));
	bp_rotate(log, (int64_t)c->log_most_mb << 20, c->log_keep < 0 ? 0 : c->log_keep > 99 ? 99 : (int)c->log_keep);
}

/* Wait for the database; connects as the operating system's user. */
static enum bp_error reach_database(struct supervisor *s, struct bp_db **db, struct bp_fail *f)
{
	char *socket = text(s, "%s/db", s->state->run);
	struct bp_db_conf conf = {.socket = socket, .user = s->state->user, .multi = true};
	int64_t until = bp_monotonic_us() + DB_PATIENCE_US;
	enum bp_error e;

	do {
		struct timespec pause = {0, 50000000};

		bp_fail_clear(f);
		e = bp_db_open(db, &conf, f);
		if (!e)
			return BP_E_OK;
		reap(s, false);
		if (!s->child[DB].pid) {
			bp_fail_clear(f);
			return bp_fail(f, e, "the database ended at once: see %s/log/mariadbd.log", s->state->dir);
		}
		nanosleep(&pause, NULL);
	} while (bp_monotonic_us() < until);
	return e;
}

/* The accounts of the programs on these machines, as the configuration has them now. */
static enum bp_error let_in(struct supervisor *s, struct bp_db *db, const char *host, const char *demand)
{
	enum bp_error e = BP_E_OK;

	for (enum bp_account i = 0; i < BP_ACCOUNT__MAX && !e; i++) {
		struct bp_login login = bp_conf_login(&s->conf, i);
		const char *who = text(s, "%s@%s", bp_db_text(&s->arena, login.user), bp_db_text(&s->arena, host));

		if (login.own)
			e = bp_db_bulk(db, text(s, "CREATE USER IF NOT EXISTS %s; ALTER USER %s IDENTIFIED BY %s%s", who, who,
				bp_db_text(&s->arena, login.password), demand), NULL);
	}
	return e;
}

/* Database, programs' accounts, schema, rights. */
static enum bp_error prepare_tables(struct supervisor *s, struct bp_db *db, struct bp_fail *f)
{
	const struct bp_conf *c = &s->conf;
	const char *name = bp_db_name(&s->arena, c->db_name);
	unsigned applied = 0;
	enum bp_error e = bp_db_bulk(db, text(s, "CREATE DATABASE IF NOT EXISTS %s; USE %s", name, name), NULL);

	if (!e)
		e = let_in(s, db, "localhost", "");
	if (!e && strcmp(c->db_listen, "off"))
		e = let_in(s, db, "%", " REQUIRE SSL");
	if (!e)
		e = bp_migrate(db, text(s, "%s/share/beatplan/sql/schema", s->state->app), &applied, f);
	if (!e)
		e = bp_rights_give_all(db, c, f);
	bp_log(BP_LOG_INFO, "ev=migrated applied=%u err=%s", applied, bp_errors[e].name);
	return e;
}

/* What is to be there before the programs start.  Without a database of its own a machine waits for none: its programs do. */
static enum bp_error prepare_database(struct supervisor *s, struct bp_fail *f)
{
	char place[BP_PLACE_SIZE];
	struct bp_db *db = NULL;
	bool restored = false;
	enum bp_error e;

	if (!s->child[DB].wanted)
		return BP_E_OK;
	e = bp_backup_generation_begin(s->state, f);
	if (e)
		return e;
	start(s, &s->child[DB]);
	e = reach_database(s, &db, f);
	if (!e)
		e = bp_conf_runs(&s->conf, "replica") ? bp_machine_follow(s->state, db, f) : prepare_tables(s, db, f);
	bp_conf_place(&s->conf, place);
	if (!e && bp_conf_runs(&s->conf, "database"))
		e = q_machine_begins(db, place, NULL);
	if (!e && bp_conf_runs(&s->conf, "database"))
		e = q_programs_begin(db, place, NULL);
	if (!e && bp_conf_runs(&s->conf, "database"))
		e = bp_shell_catch_up(db, s->state->dir, &restored);
	if (!e && restored) /* a new state: that the one of the backup was closed does not count */
		e = q_doors_set(db, false, "restore", NULL);
	if (!e && bp_conf_runs(&s->conf, "database") && !s->backups)
		e = q_backup_unwanted(db, place, NULL);
	if (e && db)
		bp_fail(f, e, "%s", bp_db_failure(db)->detail);
	bp_db_free(db);
	return e;
}

static void tell(int *ready, const char *line)
{
	if (*ready < 0)
		return;
	if (write(*ready, line, strlen(line)) < 0)
		bp_log(BP_LOG_WARN, "ev=nobody_waits");
	close(*ready);
	*ready = -1;
}

static int take_lock(const struct bp_state *state)
{
	char path[96];
	int fd;

	snprintf(path, sizeof(path), "%s/supervisor.pid", state->run);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB))
		return -1;
	if (ftruncate(fd, 0) || dprintf(fd, "%d\n", (int)getpid()) < 0)
		return -1;
	return fd;
}

int bp_supervise(const struct bp_state *state, int ready)
{
	struct supervisor s = {.state = state};
	struct bp_fail f = {0};
	bool running = true;
	sigset_t set;
	int lock = take_lock(state);

	if (lock < 0) {
		tell(&ready, "another supervisor runs in this state folder\n");
		return 1;
	}
	bp_log_setup("supervisor", BP_LOG_INFO);
	bp_arena_init(&s.arena, 8u << 20);
	if (bp_conf_load(&s.conf, text(&s, "%s/beatplan.conf", state->dir), &f)) {
		tell(&ready, text(&s, "%s\n", f.detail));
		return 1;
	}
	bp_log_copy(s.conf.log_copy);
	s.backups = strcmp(s.conf.backup_dir, "off") && bp_conf_runs(&s.conf, "database");
	describe(&s);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	if (prepare_database(&s, &f)) {
		tell(&ready, text(&s, "%s\n", f.detail));
		running = false;
	}
	for (int i = DB + 1; i < CHILDREN && running; i++)
		if (s.child[i].wanted)
			start(&s, &s.child[i]);
	if (running)
		tell(&ready, "ok\n");
	while (running) {
		struct timespec tick = {0, 300000000};
		int sig = sigtimedwait(&set, NULL, &tick);

		if (sig == SIGTERM || sig == SIGINT)
			running = false;
		else
			reap(&s, true);
		care(&s);
		rotate(&s);
	}
	bp_log(BP_LOG_INFO, "ev=stopping");
	for (int i = CHILDREN - 1; i >= 0; i--)
		stop(&s, i);
	bp_conf_release(&s.conf);
	bp_arena_release(&s.arena);
	close(lock);
	return f.code ? 1 : 0;
}

bool bp_supervised(const struct bp_state *s, int i, const char **name, pid_t *pid)
{
	char path[128], line[32];
	FILE *in;

	if (i >= CHILDREN)
		return false;
	*name = child_names[i];
	*pid = 0;
	snprintf(path, sizeof(path), "%s/%s.child", s->run, child_names[i]);
	in = fopen(path, "re");
	if (!in) /* what runs elsewhere has never been started here */
		*name = NULL;
	if (in && fgets(line, sizeof(line), in))
		*pid = (pid_t)strtol(line, NULL, 10);
	if (in)
		fclose(in);
	/* EPERM means that it is there, but not ours. */
	if (*pid && kill(*pid, 0) && errno != EPERM)
		*pid = 0;
	return true;
}
