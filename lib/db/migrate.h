/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_DB_MIGRATE_H
#define BP_DB_MIGRATE_H
/*
 * Schema patches.  sql/schema/NNNN-topic.sql are applied in the order of their
 * names and remembered with a checksum; a patch that was changed after it had
 * been applied is refused, since nobody could say what the tables then hold.
 */
#include "db/db.h"

/* Apply what is missing from `dir`; *applied = how many. `db` needs rights on the schema and conf.multi. */
enum bp_error bp_migrate(struct bp_db *db, const char *dir, unsigned *applied, struct bp_fail *f);

#endif
