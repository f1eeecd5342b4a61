/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_CGI_REPLICA_H
#define BP_CGI_REPLICA_H
/*
 * Reading from a copy of the database on another machine (db_host), for rows of endpoints with BP_EP_MAY_LAG.  Each thread has a
 * connection of its own, opened when first needed.
 */
#include "base/conf.h"
#include "db/db.h"

/* What a copy tells may be so old; one that is further behind is not asked. */
#define BP_REPLICA_LAG_SECONDS 15

/* This thread's connection to a copy that is near enough; NULL when there is none: ask the database itself. */
struct bp_db *bp_replica(const struct bp_conf *c, struct bp_arena *a);
void bp_replica_close(void);

#endif
