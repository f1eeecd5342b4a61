/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_DB_RIGHTS_H
#define BP_DB_RIGHTS_H
/* What each program's account may do in the database: rights.def, given to the accounts and looked after. */
#include "base/conf.h"
#include "db/db.h"

/* Give the database user, from wherever it may connect, just the rights of that account on `database`, the one in use, and take back others. */
enum bp_error bp_rights_give(struct bp_db *db, const char *database, const char *user, enum bp_account account, struct bp_fail *f);
/* What analysts may, the views bi_...: each is a user of the database that has this role. */
#define BP_ANALYST_ROLE "bp_analyst"
/* The same for all accounts of the configuration, and that role. */
enum bp_error bp_rights_give_all(struct bp_db *db, const struct bp_conf *c, struct bp_fail *f);

/* How many tables, or rights beside those on tables, whoever is connected has other rights on; `found` is told of the first ones, in words. */
enum bp_error bp_rights_differ(struct bp_db *db, struct bp_arena *a, enum bp_account account, const char **found, size_t *n);

#endif
