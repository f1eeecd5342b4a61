/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the machine tells: processes, files, disk, clock. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/time.h"
#include "health/doctor.h"
#include "health/doors.h"
#include "health/memory.h"
#include "health/room.h"
#include "setting/setting.h"

#define PATH_SIZE 1200
#define LOGS_MOST (2LL << 30)
#define MIB (1LL << 20)
#define INSTALLED_COMMAND "/usr/bin/beatplan"

/* Programs, their sockets, and what of `runs` they belong to. */
static const struct {
	const char *name, *socket, *part;
} programs[] = {{"mariadbd", "db", "database"}, {"mariadbd", "db", "replica"}, {"pool", "api", "web"}, {"slow", "slow", "web"}, {"uploads", "up", "web"},
	{"events", "events", "web"}, {"health", "health", "web"}, {"workerd", NULL, "worker"}, {"optimizerd", NULL, "optimizer"}, {"nginx", NULL, "web"}};
enum { PROGRAMS = sizeof(programs) / sizeof(*programs) };

/* The process that the supervisor noted under a name, 0 = it is gone. */
static pid_t process_of(const struct bp_look *l, const char *name)
{
	char path[PATH_SIZE], line[32] = "";
	pid_t pid;
	FILE *in;

	snprintf(path, sizeof(path), "%s/%s.child", l->run, name);
	in = fopen(path, "re");
	if (in && !fgets(line, sizeof(line), in))
		*line = '\0';
	if (in)
		fclose(in);
	pid = (pid_t)strtol(line, NULL, 10);
	return pid > 0 && (!kill(pid, 0) || errno == EPERM) ? pid : 0;
}

void bp_look_running(struct bp_look *l)
{
	for (int i = 0; i < PROGRAMS; i++)
		if (bp_conf_runs(l->conf, programs[i].part) && !process_of(l, programs[i].name))
			bp_look_found(l, "%s does not", programs[i].name);
}

void bp_look_sockets(struct bp_look *l)
{
	for (int i = 0; i < PROGRAMS; i++) {
		struct sockaddr_un sa = {.sun_family = AF_UNIX};
		int fd;

		if (!programs[i].socket || !bp_conf_runs(l->conf, programs[i].part))
			continue;
		fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
		snprintf(sa.sun_path, sizeof(sa.sun_path), "%.90s/%s", l->run, programs[i].socket);
		if (fd < 0)
			continue;
		/* EAGAIN: it listens, and has much to do. */
		if (connect(fd, (struct sockaddr *)&sa, sizeof(sa)) && errno != EAGAIN)
			bp_look_found(l, "%s: %s", sa.sun_path, strerror(errno));
		close(fd);
	}
}

void bp_look_log_copy(struct bp_look *l)
{
	struct sockaddr_un sa = {.sun_family = AF_UNIX};
	int fd;

	l->skipped = !strcmp(l->conf->log_copy, "off");
	fd = l->skipped ? -1 : socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	snprintf(sa.sun_path, sizeof(sa.sun_path), "%s", l->conf->log_copy);
	if (connect(fd, (struct sockaddr *)&sa, sizeof(sa)))
		bp_look_found(l, "%s: %s", sa.sun_path, strerror(errno));
	close(fd);
}

/* A library that was replaced under a program is still mapped, as deleted. */
static bool maps_deleted(pid_t pid, char name[128])
{
	char path[64], line[1024];
	bool hit = false;
	FILE *in;

	snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
	in = fopen(path, "re");
	while (in && !hit && fgets(line, sizeof(line), in)) {
		const char *so = strstr(line, ".so"), *slash = strrchr(line, '/');

		hit = so && slash && strstr(line, " (deleted)");
		if (hit)
			snprintf(name, 128, "%.*s", (int)strcspn(slash + 1, " \n"), slash + 1);
	}
	if (in)
		fclose(in);
	return hit;
}

void bp_look_old_programs(struct bp_look *l)
{
	for (int i = 0; i < PROGRAMS; i++) {
		pid_t pid = bp_conf_runs(l->conf, programs[i].part) ? process_of(l, programs[i].name) : 0;
		char path[64], exe[PATH_SIZE], library[128];
		ssize_t n;

		if (!pid)
			continue;
		snprintf(path, sizeof(path), "/proc/%d/exe", (int)pid);
		n = readlink(path, exe, sizeof(exe) - 1);
		exe[n > 0 ? n : 0] = '\0';
		if (n > 10 && !strcmp(exe + n - 10, " (deleted)"))
			bp_look_found(l, "%s was replaced", programs[i].name);
		else if (maps_deleted(pid, library))
			bp_look_found(l, "%s was replaced under %s", library, programs[i].name);
	}
}

static bool same_file(const char *a, const char *b)
{
	FILE *x = fopen(a, "re"), *y = fopen(b, "re");
	bool same = x && y;
	int c = 0;

	while (same && c != EOF) {
		c = getc(x);
		same = c == getc(y);
	}
	if (x)
		fclose(x);
	if (y)
		fclose(y);
	return same;
}

void bp_look_waiting(struct bp_look *l)
{
	char runs[PATH_SIZE], next[PATH_SIZE];

	snprintf(runs, sizeof(runs), "%s/app/bin/beatplan-cli", l->conf->dir);
	snprintf(next, sizeof(next), "%s/app.next", l->conf->dir);
	if (!access(next, F_OK))
		bp_look_found(l, "other programs lie in %s", next);
	/* Only the state of Debian's package follows what is installed. */
	else if (!strcmp(l->conf->include, "off") || access(INSTALLED_COMMAND, F_OK))
		l->skipped = true;
	else if (!same_file(runs, INSTALLED_COMMAND))
		bp_look_found(l, "%s is another version", INSTALLED_COMMAND);
}

void bp_look_half_upgrade(struct bp_look *l)
{
	char path[PATH_SIZE], line[300] = "";
	FILE *in;

	snprintf(path, sizeof(path), "%s/upgrade", l->conf->dir);
	in = fopen(path, "re");
	if (in && fgets(line, sizeof(line), in) && !strncmp(line, "switching ", 10))
		bp_look_found(l, "the way back is %.*s", (int)strcspn(line + 10, "\n"), line + 10);
	if (in)
		fclose(in);
}

/* As the database has it for all machines; where that is silent, or this machine was closed alone, by the file of its web server. */
void bp_look_doors(struct bp_look *l)
{
	char at[BP_INSTANT_SIZE];
	struct q_doors d = {0};
	bool alone = false, here = bp_doors_file(l->conf->dir, &alone);

	if (l->db && !q_doors(l->db, l->arena, &d) && d.closed) {
		bp_instant_format(d.at, at);
		bp_look_found(l, "people are told to come back, at all machines, since %s by %s", at, d.who);
	} else if (here && (alone || !l->db)) {
		bp_look_found(l, "people are told to come back, at this machine");
	}
}

void bp_look_disk(struct bp_look *l)
{
	struct bp_disk d[BP_FOLDER__MAX];

	bp_disks(l->conf, d);
	for (int i = 0; i < BP_FOLDER__MAX; i++)
		if (d[i].full && !bp_disk_told(d, i))
			bp_look_found(l, "%s: %lld of %lld MiB are free%s", bp_folders[i], (long long)d[i].free / MIB, (long long)d[i].size / MIB,
				i < BP_FOLDER_LOGS ? ", imports, optimisations and exports are refused" : "");
}

void bp_look_inodes(struct bp_look *l)
{
	struct statvfs v;

	/* Some file systems have no such number. */
	l->skipped = statvfs(l->conf->dir, &v) != 0 || !v.f_files;
	if (!l->skipped && v.f_favail * 100 < v.f_files * (unsigned long)(100 - bp_setting(BP_SETTING_disk_full_percent)))
		bp_look_found(l, "%lld of %lld are free", (long long)v.f_favail, (long long)v.f_files);
}

void bp_look_memory_left(struct bp_look *l)
{
	struct bp_memory m[BP_MEMORY__MAX];

	bp_memories(m);
	for (int i = 0; i < BP_MEMORY__MAX; i++)
		if (m[i].full)
			bp_look_found(l, "of the %s: %lld of %lld MiB are left", bp_memories_of[i], (long long)m[i].free / MIB, (long long)m[i].size / MIB);
}

/* Of the machine, or of the group of processes when that may have less. */
static long long memory_mib(void)
{
	struct bp_memory m[BP_MEMORY__MAX];

	bp_memories(m);
	return (m[BP_MEMORY_PROGRAMS].size ? m[BP_MEMORY_PROGRAMS].size : m[BP_MEMORY_MACHINE].size) / MIB;
}

void bp_look_memory(struct bp_look *l)
{
	/* The database takes a quarter (daemon/supervisor.c), everything else half a GB. */
	long long there = memory_mib(), database = there / 4 > 4096 ? 4096 : there / 4, need = database + l->conf->solver_memory_mb + 512;

	if (there < need)
		bp_look_found(l, "%lld MiB are there, %lld MiB may be used at once", there, need);
}

void bp_look_clock(struct bp_look *l)
{
	struct timex t = {0};

	l->skipped = adjtimex(&t) < 0;
	if (!l->skipped && (t.status & STA_UNSYNC))
		bp_look_found(l, "nothing sets it");
}

static void secret(struct bp_look *l, const char *path, mode_t not)
{
	struct stat st;

	if (stat(path, &st))
		return;
	if (st.st_mode & not)
		bp_look_found(l, "%s has the mode %03o", path, (unsigned)st.st_mode & 0777);
}

void bp_look_secrets(struct bp_look *l)
{
	char path[PATH_SIZE];

	snprintf(path, sizeof(path), "%s/beatplan.conf", l->conf->dir);
	secret(l, path, 077);
	snprintf(path, sizeof(path), "%s/token.keys", l->conf->dir);
	secret(l, path, 077);
	if (strcmp(l->conf->include, "off"))
		secret(l, l->conf->include, 027);
	if (strcmp(l->conf->tls_key, "off"))
		secret(l, l->conf->tls_key, 027);
}

void bp_look_logs(struct bp_look *l)
{
	char dir[PATH_SIZE], path[2 * PATH_SIZE];
	long long sum = 0;
	struct dirent *x;
	struct stat st;
	DIR *d;

	snprintf(dir, sizeof(dir), "%s/log", l->conf->dir);
	d = opendir(dir);
	l->skipped = !d;
	while (d && (x = readdir(d))) {
		snprintf(path, sizeof(path), "%s/%s", dir, x->d_name);
		if (!lstat(path, &st) && S_ISREG(st.st_mode))
			sum += st.st_size;
	}
	if (d)
		closedir(d);
	if (sum > LOGS_MOST)
		bp_look_found(l, "%s holds %lld MiB", dir, sum / MIB);
}
