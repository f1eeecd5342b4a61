/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_BASE_METER_H
#define BP_BASE_METER_H
/*
 * Counters that all programs of one Beatplan share: one file, mapped by each, of atomic numbers.  Whoever is asked for them sees
 * the sum of all pools and daemons; counting takes no lock and no call into the kernel, but where it makes a series; and what was
 * counted outlives a program that is killed, since the pages belong to the file.  The file lies beside the sockets: it begins anew
 * with `up`.
 *
 * A series is named as Prometheus writes it, "beatplan_jobs_total{kind=\"IMPORT\"}".  Without a file everything here does nothing.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define BP_METER_NAME 120
#define BP_METER_BUCKETS 11
/* Upper bounds in seconds, ended by infinity, which has no entry. */
extern const double bp_meter_bounds[BP_METER_BUCKETS];

/* Map the file, make it when it is not there or of another layout; "off" = do without. False when it cannot be had. */
bool bp_meter_open(const char *path);
/* The name of a series is made by printf rules; one that does not fit is not counted. */
void bp_meter_add(int64_t n, const char *name, ...) __attribute__((format(printf, 2, 3)));
void bp_meter_set(int64_t n, const char *name, ...) __attribute__((format(printf, 2, 3)));
/* A span into a histogram. `labels` without braces, or "". */
void bp_meter_time(int64_t us, const char *metric, const char *labels);
int64_t bp_meter_get(const char *name);
/* Sum of all series whose name begins so. */
int64_t bp_meter_sum(const char *beginning);

/* Each series once, in no order: its name, and of a histogram the buckets (BP_METER_BUCKETS + 1, not summed up) with the sum in us. */
struct bp_meter_series {
	const char *name;
	bool histogram;
	int64_t value, bucket[BP_METER_BUCKETS + 1];
};
void bp_meter_each(void (*fn)(void *ctx, const struct bp_meter_series *s), void *ctx);
/* All series as Prometheus' text, those of one metric together. */
void bp_meter_print(struct bp_buf *out);

/* Requests worth a look: slow or failed, the newest BP_METER_NOTES of them. */
#define BP_METER_NOTES 256
struct bp_meter_note {
	int64_t at, us;
	int32_t status;
	char what[72], correlation[40];
};
void bp_meter_note(const struct bp_meter_note *n);
/* Newest first; gives how many, at most `most`. */
size_t bp_meter_notes(struct bp_meter_note *out, size_t most);

/* Requests of the last minutes: a window over them tells how it goes now, which counters since `up` do not. `us` -1: how long it took says
 * nothing. */
#define BP_METER_MINUTES 60
struct bp_meter_window {
	int64_t n, failed, bucket[BP_METER_BUCKETS + 1]; /* not summed up */
};
void bp_meter_lately(int64_t us, bool failed, int64_t now);
/* Of the last `minutes`, at most BP_METER_MINUTES, with the one that has begun. */
void bp_meter_window(int minutes, int64_t now, struct bp_meter_window *out);
/* The seconds that a share `q` of the requests stays below, as Prometheus' histogram_quantile has it; -1 = there were none. */
double bp_meter_quantile(const struct bp_meter_window *w, double q);

#endif
