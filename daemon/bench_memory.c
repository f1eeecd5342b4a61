/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/bench_memory.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"

enum { LEAST_LOOKS = 10 };

struct look {
	double programs, database;
};

struct bp_memory_watch {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t ended;
	bool over;
	char programs[256], data[256]; /* how command lines of ours begin, and what the database's has */
	double every_s;
	struct look *looks;
	size_t n;
};

/* Proportional set size, MiB; 0 when the process is gone. */
static double size_of(const char *pid)
{
	char path[64], line[128];
	long kb = 0;
	FILE *fp;

	snprintf(path, sizeof(path), "/proc/%.20s/smaps_rollup", pid);
	fp = fopen(path, "re");
	while (fp && !kb && fgets(line, sizeof(line), fp))
		if (!strncmp(line, "Pss:", 4))
			kb = strtol(line + 4, NULL, 10);
	if (fp)
		fclose(fp);
	return (double)kb / 1024;
}

/* Its words, parted by spaces; "" when the process is gone. */
static void command_of(const char *pid, char out[1024])
{
	char path[64];
	size_t n = 0;
	FILE *fp;

	snprintf(path, sizeof(path), "/proc/%.20s/cmdline", pid);
	fp = fopen(path, "re");
	if (fp) {
		n = fread(out, 1, 1023, fp);
		fclose(fp);
	}
	for (size_t i = 0; i < n; i++)
		out[i] = out[i] ? out[i] : ' ';
	out[n] = 0;
}

static struct look look(const struct bp_memory_watch *w)
{
	struct look l = {0};
	DIR *d = opendir("/proc");
	const struct dirent *e;
	char command[1024];

	while (d && (e = readdir(d))) {
		if (!isdigit((unsigned char)*e->d_name))
			continue;
		command_of(e->d_name, command);
		if (!strncmp(command, w->programs, strlen(w->programs)))
			l.programs += size_of(e->d_name);
		else if (strstr(command, w->data))
			l.database += size_of(e->d_name);
	}
	if (d)
		closedir(d);
	return l;
}

static void *watch(void *arg)
{
	struct bp_memory_watch *w = arg;
	struct timespec next;

	clock_gettime(CLOCK_REALTIME, &next);
	pthread_mutex_lock(&w->lock);
	while (!w->over) {
		w->looks = bp_xrealloc(w->looks, (w->n + 1) * sizeof(*w->looks));
		w->looks[w->n++] = look(w);
		next.tv_sec += (time_t)w->every_s;
		while (!w->over && pthread_cond_timedwait(&w->ended, &w->lock, &next) != ETIMEDOUT)
			;
	}
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

struct bp_memory_watch *bp_memory_watch(const char *dir, double every_s)
{
	struct bp_memory_watch *w = bp_xcalloc(1, sizeof(*w));

	snprintf(w->programs, sizeof(w->programs), "%s/app/libexec/beatplan/", dir);
	snprintf(w->data, sizeof(w->data), "--datadir=%s/", dir);
	w->every_s = every_s < 1 ? 1 : every_s;
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->ended, NULL);
	pthread_create(&w->thread, NULL, watch, w);
	return w;
}

static struct look mean(const struct look *l, size_t n)
{
	struct look sum = {0};

	for (size_t i = 0; i < n; i++) {
		sum.programs += l[i].programs / (double)n;
		sum.database += l[i].database / (double)n;
	}
	return sum;
}

struct bp_memory bp_memory_watched(struct bp_memory_watch *w)
{
	struct bp_memory m = {0};
	struct look early, late;

	pthread_mutex_lock(&w->lock);
	w->over = true;
	pthread_cond_signal(&w->ended);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	m.n = w->n;
	if (w->n >= LEAST_LOOKS) {
		early = mean(w->looks + w->n / 5, w->n / 5);
		late = mean(w->looks + w->n - w->n / 5, w->n / 5);
		m = (struct bp_memory){early.programs, late.programs, early.database, late.database, w->n};
	}
	pthread_mutex_destroy(&w->lock);
	pthread_cond_destroy(&w->ended);
	free(w->looks);
	free(w);
	return m;
}
