/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_OSRM_TABLE_H
#define BP_OSRM_TABLE_H
/* What the `table` service of an OSRM server replies, read without the network. */
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* The reply of n bytes to a request for ways from `sources` places to `all`: seconds[sources * all], row by row, -1 where no road
 * leads; metres alike, -1 where it says none.  IMPORT_FORMAT: it is no such table; the detail says why, after `url`. */
enum bp_error osrm_table_read(const char *reply, size_t n, int32_t sources, int32_t all, const char *url, double *seconds,
	double *metres, struct bp_fail *f);

#endif
