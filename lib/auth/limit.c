/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "auth/limit.h"

#include <pthread.h>

#define SLOTS 4096 /* programs at once; where two meet in a slot the later one begins to count anew */
#define SPAN 60

static struct slot {
	uint64_t who;
	int64_t began;
	long calls;
} slots[SLOTS];
static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;

int bp_limit_take(uint64_t who, long most_a_minute, int64_t now)
{
	struct slot *s = &slots[(who * UINT64_C(0x9e3779b97f4a7c15)) >> 52];
	int wait = 0;

	pthread_mutex_lock(&guard);
	if (s->who != who || now - s->began >= SPAN || now < s->began)
		*s = (struct slot){who, now, 0};
	if (s->calls >= most_a_minute)
		wait = (int)(s->began + SPAN - now);
	else
		s->calls++;
	pthread_mutex_unlock(&guard);
	return wait;
}
