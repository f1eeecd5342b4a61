/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "auth/limit.h"

#include <pthread.h>

#define SLOTS 4096 /* callers at once; where two meet in a slot the later one begins to count anew */
#define SECOND INT64_C(1000000000)
#define MINUTE (60 * SECOND)

static struct slot {
	uint64_t who;
	int64_t whole; /* when all calls are at hand again, in nanoseconds: each puts it off by its share of a minute */
} slots[SLOTS];
static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;

static int seconds(int64_t ns)
{
	return (int)((ns + SECOND - 1) / SECOND);
}

struct bp_limit bp_limit_take(uint64_t who, long most_a_minute, int64_t now)
{
	struct slot *s = &slots[(who * UINT64_C(0x9e3779b97f4a7c15)) >> 52];
	int64_t each = MINUTE / most_a_minute, used, late;

	now *= 1000;
	pthread_mutex_lock(&guard);
	if (s->who != who || s->whole < now)
		*s = (struct slot){who, now};
	late = s->whole + each - now - MINUTE;
	if (late <= 0)
		s->whole += each;
	used = s->whole - now;
	pthread_mutex_unlock(&guard);
	return (struct bp_limit){used < MINUTE ? (long)((MINUTE - used) / each) : 0, seconds(used), late > 0 ? seconds(late) : 0};
}
