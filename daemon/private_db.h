/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_DAEMON_PRIVATE_DB_H
#define BP_DAEMON_PRIVATE_DB_H
/* The database of a state that does not run, started for a moment: to go on to a point in time, to look whether a backup is good. */
#include "daemon/state.h"

struct bp_private_db {
	const struct bp_state *state;
	pid_t pid;
	struct bp_db *db; /* as the operating system's user, who may do anything */
};
enum bp_error bp_private_db_start(struct bp_private_db *p, const struct bp_state *s, struct bp_fail *f);
void bp_private_db_stop(struct bp_private_db *p);

#endif
