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

/* Give the user `app`, from wherever it may connect, just what the programs need: to read and write rows, but only to add to the audit trail. */
enum bp_error bp_migrate_grant(struct bp_db *db, const char *database, const char *app, struct bp_fail *f);

#endif
