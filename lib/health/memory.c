/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "health/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "setting/setting.h"

#define PATH_SIZE 1200

const char *const bp_memories_of[] = {"machine", "programs", NULL};

/* The number behind a word at the beginning of a line ("MemTotal:", or "" = the first line); -1 when there is none. */
static int64_t number_of(const char *path, const char *word)
{
	size_t n = strlen(word);
	int64_t found = -1;
	char line[256], *end;
	FILE *in = fopen(path, "re");

	while (in && found < 0 && fgets(line, sizeof(line), in))
		if (!strncmp(line, word, n)) {
			found = strtoll(line + n, &end, 10);
			found = end == line + n ? -1 : found; /* "max" */
			if (!n)
				break;
		}
	if (in)
		fclose(in);
	return found;
}

bool bp_memory_machine(const char *meminfo, struct bp_memory *out)
{
	int64_t size = number_of(meminfo, "MemTotal:"), free = number_of(meminfo, "MemAvailable:");

	if (size <= 0 || free < 0)
		return false;
	out->size = size * 1024;
	out->free = free * 1024;
	return true;
}

static int64_t number_in(const char *dir, const char *name, const char *word)
{
	char path[PATH_SIZE + 32];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return number_of(path, word);
}

bool bp_memory_group(const char *self, const char *root, struct bp_memory *out)
{
	char line[PATH_SIZE / 2] = "", dir[PATH_SIZE];
	FILE *in = fopen(self, "re");
	bool unified = false;

	out->size = 0;
	while (in && !unified && fgets(line, sizeof(line), in))
		unified = !strncmp(line, "0::/", 4);
	if (in)
		fclose(in);
	if (!unified)
		return false;
	line[strcspn(line, "\n")] = '\0';
	snprintf(dir, sizeof(dir), "%s%s", root, strcmp(line + 3, "/") ? line + 3 : "");
	for (;;) {
		int64_t size = number_in(dir, "memory.max", ""), used = number_in(dir, "memory.current", ""), files = number_in(dir, "memory.stat", "inactive_file ");
		int64_t left = used < 0 ? 0 : size - used + (files > 0 ? files : 0);

		left = left < 0 ? 0 : left > size ? size : left;
		if (size > 0 && used >= 0 && (!out->size || left * out->size < out->free * size)) {
			out->size = size;
			out->free = left;
		}
		if (strlen(dir) <= strlen(root))
			break;
		*strrchr(dir, '/') = '\0';
	}
	return out->size > 0;
}

bool bp_memories(struct bp_memory out[BP_MEMORY__MAX])
{
	int64_t kept = 100 - bp_setting(BP_SETTING_memory_full_percent);
	bool full = false;

	memset(out, 0, BP_MEMORY__MAX * sizeof(*out));
	bp_memory_machine("/proc/meminfo", &out[BP_MEMORY_MACHINE]);
	bp_memory_group("/proc/self/cgroup", "/sys/fs/cgroup", &out[BP_MEMORY_PROGRAMS]);
	for (int i = 0; i < BP_MEMORY__MAX; i++) {
		out[i].full = out[i].size && out[i].free / 100 < out[i].size / 10000 * kept;
		full = full || out[i].full;
	}
	return full;
}
