/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_AUTH_LIMIT_H
#define BP_AUTH_LIMIT_H
/*
 * How often somebody may call.  Each has so many calls at hand; they come back evenly, so that whoever used them all up goes on
 * in a moment, and not with the next minute.  Counted in the memory of this process: it costs no write, and each pool of each
 * machine counts for itself.
 */
#include <stdint.h>

struct bp_limit {
	long left; /* calls that are at hand after this one */
	int reset; /* seconds until all of them are again */
	int wait;  /* 0 = go on; else this one is too much, and the next may be made in so many seconds */
};
/* Count one call of `who` (a hash or number that tells callers apart). `now` in microseconds. */
struct bp_limit bp_limit_take(uint64_t who, long most_a_minute, int64_t now);

#endif
