/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_DAEMON_BENCH_MEMORY_H
#define BP_DAEMON_BENCH_MEMORY_H
/* Whether the programs of a Beatplan that runs for a benchmark grow. */
#include <stddef.h>

struct bp_memory_watch;

/* Look every `every_s` seconds, in a thread of its own, at the programs of the state folder `dir` and at its database server. */
struct bp_memory_watch *bp_memory_watch(const char *dir, double every_s);

/* Proportional set sizes in MiB, of all of our programs together and of the database server: the means over the second and over the
 * last fifth of the time - in the first, caches fill. */
struct bp_memory {
	double programs_early, programs_late, database_early, database_late;
	size_t n; /* how often was looked; all is 0 below 10 */
};

/* Ends and frees the watch. */
struct bp_memory bp_memory_watched(struct bp_memory_watch *w);

#endif
