/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_DAEMON_SUPERVISOR_H
#define BP_DAEMON_SUPERVISOR_H
/*
 * The supervisor that belongs to `beatplan up`: it starts the database, brings
 * the schema up to date, starts pools, daemons and nginx, and starts again what
 * dies.  An installed system leaves that to systemd.
 */
#include "daemon/state.h"

/* Run until SIGTERM. `ready` is a pipe: "ok\n" or a line of what went wrong is written to it once, then it is closed. */
int bp_supervise(const struct bp_state *s, int ready);

/* The name of a child's log file (NULL: it belongs on other machines) and whether it runs, for `status`; false after the last. */
bool bp_supervised(const struct bp_state *s, int i, const char **name, pid_t *pid);

#endif
