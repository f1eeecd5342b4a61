/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/db/db.h"

#include <sodium.h>

struct dbt dbt;

void dbt_sql(const char *sql)
{
	if (bp_db_bulk(dbt.admin, sql, NULL))
		fail_msg("%s: %s", sql, bp_db_failure(dbt.admin)->detail);
}

int64_t dbt_count(const char *table, const char *where)
{
	static const struct bp_db_col cols[] = {{BP_DB_INT, false, 0}};
	/* A place in the connection's cache is needed for a moment: this connection is used for nothing else. */
	struct bp_db_conf conf = dbt.admin_conf;
	char *sql = bp_sprintf(&dbt.arena, "SELECT COUNT(*) FROM %s WHERE %s", table, where);
	struct bp_query q = {.name = "count", .sql = sql, .cols = cols, .n_cols = 1, .row_size = sizeof(int64_t)};
	struct bp_db *db = NULL;
	struct bp_fail f = {0};
	int64_t n = -1;

	assert_int_equal(bp_db_open(&db, &conf, &f), BP_E_OK);
	assert_int_equal(bp_db_one(db, &dbt.arena, &q, NULL, &n), BP_E_OK);
	bp_db_free(db);
	return n;
}

struct bp_db *dbt_connect(void)
{
	struct bp_db *db = NULL;
	struct bp_fail f = {0};

	if (bp_db_open(&db, &dbt.app_conf, &f))
		fail_msg("%s", f.detail);
	return db;
}

int dbt_init(void **state)
{
	const char *socket = getenv("BP_TEST_SOCKET");
	struct bp_fail f = {0};
	unsigned applied = 0;

	(void)state;
	if (!socket || sodium_init() < 0) {
		fprintf(stderr, "run me through tests/db/run\n");
		return 1;
	}
	bp_arena_init(&dbt.arena, 512u << 20);
	dbt.conf = (struct bp_conf){.db_socket = socket, .db_host = "off", .db_ca = "off", .tls_certificate = "off", .db_name = "bp_test", .db_user = "bp_app", .db_password = "secret",
		.db_web_user = "bp_web", .db_web_password = "secret", .db_worker_user = "bp_worker", .db_worker_password = "secret",
		.db_optimizer_user = "bp_optimizer", .db_optimizer_password = "secret"};
	dbt.admin_conf = (struct bp_db_conf){.socket = socket, .user = getenv("BP_TEST_USER"), .multi = true};
	if (bp_db_open(&dbt.admin, &dbt.admin_conf, &f) ||
		bp_db_bulk(dbt.admin, "DROP DATABASE IF EXISTS bp_test; CREATE DATABASE bp_test; USE bp_test;"
			"CREATE OR REPLACE USER 'bp_app'@'localhost' IDENTIFIED BY 'secret', 'bp_web'@'localhost' IDENTIFIED BY 'secret',"
			" 'bp_worker'@'localhost' IDENTIFIED BY 'secret', 'bp_optimizer'@'localhost' IDENTIFIED BY 'secret'", NULL) ||
		bp_migrate(dbt.admin, getenv("BP_TEST_SCHEMA"), &applied, &f) ||
		bp_rights_give_all(dbt.admin, &dbt.conf, &f)) {
		fprintf(stderr, "%s\n", f.detail);
		return 1;
	}
	dbt.admin_conf.database = "bp_test";
	dbt.app_conf = bp_conf_db(&dbt.conf, BP_ACCOUNT_APP);
	dbt.app = dbt_connect();
	return 0;
}

int dbt_release(void **state)
{
	(void)state;
	bp_db_free(dbt.app);
	bp_db_free(dbt.admin);
	bp_arena_release(&dbt.arena);
	return 0;
}
