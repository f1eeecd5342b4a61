/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_DAEMON_DEMO_H
#define BP_DAEMON_DEMO_H
/* The demo territories: the files of conf/demo through the same import as everybody's. */
#include "base/conf.h"
#include "db/db.h"

/* Import what stands in `dir` (…/conf/demo) unless there are outlets already; *loaded says whether it did.
 * `db` has local_infile. Snapshots follow as jobs of the worker. */
enum bp_error bp_demo_import(struct bp_db *db, const struct bp_conf *conf, const char *dir, bool *loaded, struct bp_fail *f);

#endif
