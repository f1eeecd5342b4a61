/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_HEALTH_MEMORY_H
#define BP_HEALTH_MEMORY_H
/* How much memory is left: of the machine, and of what a control group allows its programs, where one limits them (systemd's MemoryMax). */
#include <stdbool.h>
#include <stdint.h>

enum bp_memory_of { BP_MEMORY_MACHINE, BP_MEMORY_PROGRAMS, BP_MEMORY__MAX };
extern const char *const bp_memories_of[]; /* "machine", "programs", NULL */
struct bp_memory {
	int64_t free, size; /* bytes; size 0: it cannot be told, or nothing limits it */
	bool full;          /* fuller than memory_full_percent */
};
/* Of /proc/meminfo: what may be had without writing anything out first. */
bool bp_memory_machine(const char *meminfo, struct bp_memory *out);
/* The tightest of the groups that hold this process, of /proc/self/cgroup and below `root`; what files are kept in memory counts as free. */
bool bp_memory_group(const char *self, const char *root, struct bp_memory *out);
/* Both as they are here, and whether one is full. */
bool bp_memories(struct bp_memory out[BP_MEMORY__MAX]);

#endif
