/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_DAEMON_RELAY_H
#define BP_DAEMON_RELAY_H
/*
 * A bad line between the programs and the database, for `beatplan faults`: it passes on what comes to one Unix socket to another, late
 * or not at all.  It reads no more of MariaDB's protocol than what it takes to know a COMMIT.
 */
#include <sys/types.h>

#include "base/error.h"

struct relay;

/* What is cut: all connections; or the next that commits, before the database hears of it or when it has done it and says so. */
enum relay_cut { RELAY_NONE, RELAY_ALL, RELAY_BEFORE_COMMIT, RELAY_AFTER_COMMIT };

/* Listen at `path`, which anyone may use whom its folder lets in, and pass on to `target`. */
enum bp_error relay_open(struct relay **r, const char *path, const char *target, struct bp_fail *f);
/* From now on each request waits so long on its way, 0 = not at all. */
void relay_delay(struct relay *r, int ms);
/* Cut; what concerns a commit waits for one. RELAY_NONE takes back what still waits. How many were cut so until now. */
int relay_cut(struct relay *r, enum relay_cut what);
/* Ends all connections. NULL is fine. */
void relay_close(struct relay *r);

#endif
