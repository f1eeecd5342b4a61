/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_HEALTH_MACHINES_H
#define BP_HEALTH_MACHINES_H
/* Which machines there are, and whether the copies of the database follow it. */
#include "base/conf.h"
#include "db/db.h"

/* This machine is there: for its programs to call as often as they like, the table is written each minute. */
void bp_machine_seen(struct bp_db *db, const struct bp_conf *c);
/* Look at each of db_host, and note how it stands. The account needs no right but to read the heartbeat, which a worker writes all the
 * time and a copy gets like everything else: the two are compared, so that no clock matters. */
enum bp_error bp_databases_look(struct bp_db *db, struct bp_arena *a, const struct bp_conf *c);

#endif
