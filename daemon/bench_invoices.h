/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_DAEMON_BENCH_INVOICES_H
#define BP_DAEMON_BENCH_INVOICES_H
/* The invoice part of `beatplan bench import`. */
#include <stdbool.h>

#include "daemon/bench_db.h"

/* In an open, empty benchmark database: a file of the size that the requirements name, one of `rows` rows, and the same
 * rows as ten uploads at once; prints, and a line of JSON when asked. */
enum bp_error bp_bench_invoices(struct bp_bench *b, long rows, bool json, struct bp_fail *f);

#endif
