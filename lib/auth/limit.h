/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_AUTH_LIMIT_H
#define BP_AUTH_LIMIT_H
/* How often a program may call: counters in the memory of this process, a minute each. */
#include <stdint.h>

/* Count one call of `who` (a hash or number that tells callers apart). 0 = go on, else the seconds to wait. `now` in seconds. */
int bp_limit_take(uint64_t who, long most_a_minute, int64_t now);

#endif
