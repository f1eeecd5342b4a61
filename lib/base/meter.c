/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/meter.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAGIC 0x62706d6574657233ULL /* changes with the layout */
#define SERIES 4096
#define MINUTE_US 60000000

struct slot {
	atomic_bool ready; /* name and histogram stay as they are from then on */
	bool histogram;
	char name[BP_METER_NAME];
	_Atomic int64_t value; /* of a histogram: microseconds */
	_Atomic int64_t bucket[BP_METER_BUCKETS + 1];
};
struct minute {
	_Atomic int64_t at; /* minutes since 1970: others are of an hour ago */
	_Atomic int64_t n, failed, bucket[BP_METER_BUCKETS + 1];
};
struct file {
	uint64_t magic, notes;
	struct minute minute[BP_METER_MINUTES];
	struct bp_meter_note note[BP_METER_NOTES];
	struct slot slot[SERIES];
};
static struct file *meters;
static int meters_fd;
static pthread_mutex_t alone = PTHREAD_MUTEX_INITIALIZER;

const double bp_meter_bounds[BP_METER_BUCKETS] = {.005, .01, .025, .05, .1, .25, .5, 1, 2, 5, 10};

/*
 * One thread of all programs at a time makes a series, or writes or reads notes.  A lock on the file ends with its program; what
 * that leaves is whole enough: a slot that is not ready, a note cut off.
 */
static void lock(void)
{
	pthread_mutex_lock(&alone);
	flock(meters_fd, LOCK_EX);
}

static void unlock(void)
{
	flock(meters_fd, LOCK_UN);
	pthread_mutex_unlock(&alone);
}

/* The file, locked; empty when it is to be made.  One of another layout is left to the programs that may still count in it. */
static int open_locked(const char *path)
{
	struct stat st, there;

	for (;;) {
		int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
		uint64_t magic = 0;

		if (fd < 0)
			return -1;
		/* Meanwhile somebody may have put another in its place. */
		if (!flock(fd, LOCK_EX) && !fstat(fd, &st) && !stat(path, &there) && there.st_ino == st.st_ino) {
			if (!st.st_size || (st.st_size == sizeof(struct file) && pread(fd, &magic, sizeof(magic), 0) == sizeof(magic) && magic == MAGIC))
				return fd;
			unlink(path);
		}
		close(fd);
	}
}

bool bp_meter_open(const char *path)
{
	if (!strcmp(path, "off"))
		return true;
	meters_fd = open_locked(path);
	if (meters_fd < 0)
		return false;
	/* All of it is allotted now: a full disk must not kill who counts. */
	meters = posix_fallocate(meters_fd, 0, sizeof(struct file)) ? MAP_FAILED
		: mmap(NULL, sizeof(struct file), PROT_READ | PROT_WRITE, MAP_SHARED, meters_fd, 0);
	if (meters == MAP_FAILED) {
		meters = NULL;
		close(meters_fd);
		return false;
	}
	meters->magic = MAGIC;
	flock(meters_fd, LOCK_UN);
	return true;
}

static uint32_t hash(const char *s)
{
	uint32_t h = 2166136261u;

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 16777619u;
	return h;
}

/* The slot of a name, or the free one that would be; NULL when all are taken. */
static struct slot *place(const char *name)
{
	for (uint32_t i = 0, at = hash(name) % SERIES; i < SERIES; i++, at = (at + 1) % SERIES)
		if (!atomic_load(&meters->slot[at].ready) || !strcmp(meters->slot[at].name, name))
			return &meters->slot[at];
	return NULL;
}

/* One after the other, so that none is there twice. */
static struct slot *make(const char *name, bool histogram)
{
	struct slot *s;

	lock();
	s = place(name);
	if (s && !atomic_load(&s->ready)) {
		snprintf(s->name, sizeof(s->name), "%s", name);
		s->histogram = histogram;
		atomic_store(&s->ready, true);
	}
	unlock();
	return s;
}

static struct slot *find(const char *name, bool histogram)
{
	struct slot *s = meters ? place(name) : NULL;

	return s && !atomic_load(&s->ready) ? make(name, histogram) : s;
}

static struct slot *named(const char *fmt, va_list ap)
{
	char name[BP_METER_NAME];
	int n = vsnprintf(name, sizeof(name), fmt, ap);

	return n > 0 && (size_t)n < sizeof(name) ? find(name, false) : NULL;
}

void bp_meter_add(int64_t n, const char *name, ...)
{
	struct slot *s;
	va_list ap;

	va_start(ap, name);
	s = named(name, ap);
	va_end(ap);
	if (s)
		atomic_fetch_add_explicit(&s->value, n, memory_order_relaxed);
}

void bp_meter_set(int64_t n, const char *name, ...)
{
	struct slot *s;
	va_list ap;

	va_start(ap, name);
	s = named(name, ap);
	va_end(ap);
	if (s)
		atomic_store_explicit(&s->value, n, memory_order_relaxed);
}

static int bucket_of(int64_t us)
{
	int i = 0;

	while (i < BP_METER_BUCKETS && (double)us > bp_meter_bounds[i] * 1e6)
		i++;
	return i;
}

void bp_meter_time(int64_t us, const char *metric, const char *labels)
{
	char name[BP_METER_NAME];
	int n = snprintf(name, sizeof(name), "%s{%s}", metric, labels);
	struct slot *s = n > 0 && (size_t)n < sizeof(name) ? find(name, true) : NULL;

	if (!s)
		return;
	atomic_fetch_add_explicit(&s->bucket[bucket_of(us)], 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&s->value, us, memory_order_relaxed);
}

int64_t bp_meter_get(const char *name)
{
	struct slot *s = meters ? place(name) : NULL;

	return s ? atomic_load(&s->value) : 0;
}

void bp_meter_each(void (*fn)(void *ctx, const struct bp_meter_series *s), void *ctx)
{
	for (size_t i = 0; meters && i < SERIES; i++) {
		struct slot *s = &meters->slot[i];
		struct bp_meter_series out = {s->name, s->histogram, 0, {0}};

		if (!atomic_load(&s->ready))
			continue;
		out.value = atomic_load(&s->value);
		for (size_t k = 0; k <= BP_METER_BUCKETS; k++)
			out.bucket[k] = atomic_load(&s->bucket[k]);
		fn(ctx, &out);
	}
}

struct sum {
	const char *beginning;
	int64_t n;
};

static void add_up(void *ctx, const struct bp_meter_series *s)
{
	struct sum *sum = ctx;

	if (!strncmp(s->name, sum->beginning, strlen(sum->beginning)))
		sum->n += s->value;
}

int64_t bp_meter_sum(const char *beginning)
{
	struct sum s = {beginning, 0};

	bp_meter_each(add_up, &s);
	return s.n;
}

/* --- as text --- */

struct list {
	struct bp_meter_series v[SERIES];
	size_t n;
};

static void collect(void *ctx, const struct bp_meter_series *s)
{
	struct list *l = ctx;

	l->v[l->n++] = *s;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct bp_meter_series *)a)->name, ((const struct bp_meter_series *)b)->name);
}

static void print_histogram(struct bp_buf *out, const struct bp_meter_series *s, int metric)
{
	/* metric{labels} becomes metric_bucket{labels,le="..."} */
	const char *labels = s->name + metric + 1;
	int n = (int)strlen(labels) - 1;
	const char *comma = n > 0 ? "," : "";
	int64_t sum = 0;

	for (int i = 0; i <= BP_METER_BUCKETS; i++) {
		sum += s->bucket[i];
		bp_buf_printf(out, "%.*s_bucket{%.*s%sle=\"", metric, s->name, n, labels, comma);
		if (i < BP_METER_BUCKETS)
			bp_buf_printf(out, "%g\"} %lld\n", bp_meter_bounds[i], (long long)sum);
		else
			bp_buf_printf(out, "+Inf\"} %lld\n", (long long)sum);
	}
	bp_buf_printf(out, "%.*s_sum{%.*s} %.6f\n%.*s_count{%.*s} %lld\n", metric, s->name, n, labels, (double)s->value / 1e6, metric, s->name, n,
		labels, (long long)sum);
}

void bp_meter_print(struct bp_buf *out)
{
	struct list *l = calloc(1, sizeof(*l));
	int before = -1;

	if (!l)
		return;
	bp_meter_each(collect, l);
	qsort(l->v, l->n, sizeof(*l->v), by_name);
	for (size_t i = 0; i < l->n; i++) {
		const struct bp_meter_series *s = &l->v[i];
		int metric = (int)strcspn(s->name, "{");
		bool counter = metric > 6 && !strncmp(s->name + metric - 6, "_total", 6);

		if (!i || before != metric || strncmp(l->v[i - 1].name, s->name, (size_t)metric))
			bp_buf_printf(out, "# TYPE %.*s %s\n", metric, s->name, s->histogram ? "histogram" : counter ? "counter" : "gauge");
		before = metric;
		if (s->histogram)
			print_histogram(out, s, metric);
		else
			bp_buf_printf(out, "%s %lld\n", s->name, (long long)s->value);
	}
	free(l);
}

/* --- notes --- */

void bp_meter_note(const struct bp_meter_note *n)
{
	if (!meters)
		return;
	lock();
	meters->note[meters->notes++ % BP_METER_NOTES] = *n;
	unlock();
}

size_t bp_meter_notes(struct bp_meter_note *out, size_t most)
{
	size_t got = 0;

	if (!meters)
		return 0;
	lock();
	for (; got < most && got < BP_METER_NOTES && got < meters->notes; got++) {
		out[got] = meters->note[(meters->notes - 1 - got) % BP_METER_NOTES];
		out[got].what[sizeof(out[got].what) - 1] = '\0';
		out[got].correlation[sizeof(out[got].correlation) - 1] = '\0';
	}
	unlock();
	return got;
}

/* --- lately --- */

/* The slot of a minute; who comes first empties it of what was an hour ago. What others count in that moment may be lost. */
static struct minute *minute_of(int64_t at)
{
	struct minute *m = &meters->minute[at % BP_METER_MINUTES];
	int64_t was = atomic_load(&m->at);

	if (was != at && atomic_compare_exchange_strong(&m->at, &was, at)) {
		atomic_store(&m->n, 0);
		atomic_store(&m->failed, 0);
		for (int i = 0; i <= BP_METER_BUCKETS; i++)
			atomic_store(&m->bucket[i], 0);
	}
	return m;
}

void bp_meter_lately(int64_t us, bool failed, int64_t now)
{
	struct minute *m = meters ? minute_of(now / MINUTE_US) : NULL;

	if (!m)
		return;
	atomic_fetch_add_explicit(&m->n, 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&m->failed, failed, memory_order_relaxed);
	if (us >= 0)
		atomic_fetch_add_explicit(&m->bucket[bucket_of(us)], 1, memory_order_relaxed);
}

void bp_meter_window(int minutes, int64_t now, struct bp_meter_window *out)
{
	int64_t at = now / MINUTE_US;

	*out = (struct bp_meter_window){0};
	for (int k = 0; meters && k < BP_METER_MINUTES; k++) {
		struct minute *m = &meters->minute[k];
		int64_t then = atomic_load(&m->at);

		if (then <= at - minutes || then > at)
			continue;
		out->n += atomic_load(&m->n);
		out->failed += atomic_load(&m->failed);
		for (int i = 0; i <= BP_METER_BUCKETS; i++)
			out->bucket[i] += atomic_load(&m->bucket[i]);
	}
}

double bp_meter_quantile(const struct bp_meter_window *w, double q)
{
	int64_t all = 0, below = 0;
	double rank;

	for (int i = 0; i <= BP_METER_BUCKETS; i++)
		all += w->bucket[i];
	rank = q * (double)all;
	for (int i = 0; i < BP_METER_BUCKETS && all; i++) {
		double from = i ? bp_meter_bounds[i - 1] : 0;

		if (w->bucket[i] && (double)(below + w->bucket[i]) >= rank)
			return from + (bp_meter_bounds[i] - from) * (rank - (double)below) / (double)w->bucket[i];
		below += w->bucket[i];
	}
	return all ? bp_meter_bounds[BP_METER_BUCKETS - 1] : -1;
}
