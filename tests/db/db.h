/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_TESTS_DB_DB_H
#define BP_TESTS_DB_DB_H
/*
 * A fresh migrated database per test program, in the server that tests/db/run
 * started: dbt.admin may do anything, dbt.app is what the programs are.
 */
#include "db/db.h"
#include "db/migrate.h"
#include "db/rights.h"
#include "queries.h"
#include "tests/base/test.h"

struct dbt {
	struct bp_conf conf; /* the accounts of the programs */
	struct bp_db_conf admin_conf, app_conf;
	struct bp_db *admin, *app;
	struct bp_arena arena;
};
extern struct dbt dbt;

/* For cmocka's group set-up and tear-down. */
int dbt_init(void **state);
int dbt_release(void **state);

/* Run statements as the administrator; the test fails when they do. */
void dbt_sql(const char *sql);
/* COUNT(*) of a table with a condition. */
int64_t dbt_count(const char *table, const char *where);
/* Another connection as the programs have it. Free with bp_db_free. */
struct bp_db *dbt_connect(void);

#endif
