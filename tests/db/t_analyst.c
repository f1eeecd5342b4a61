/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Analysts read the views bi_..., of them their territory alone, and nothing else. */
#include <string.h>

#include "tests/db/db.h"

static int group(void **state)
{
	if (dbt_init(state))
		return 1;
	dbt_sql("INSERT INTO territory (id, model_id, rank, parent_id, code, name, is_unit) VALUES (901, 1, 1, NULL, 'C', 'Country', 0), (902, 1, 2, 901, 'N', 'North', 1),"
		" (903, 1, 2, 901, 'S', 'South', 1);"
		"INSERT INTO territory_closure (ancestor, descendant, depth) VALUES (901, 901, 0), (902, 902, 0), (903, 903, 0), (901, 902, 1), (901, 903, 1);"
		"INSERT INTO outlet (id, code, name, address, city, postcode, phone, lat, lon, channel, territory_id, owner, email, tax_no, created_at, updated_at) VALUES"
		" (1, 'N1', 'Shop', '1 Road', 'X', '1', '555', 22706225, 77053707, 'GT', 902, 'Ann', 'ann@example.org', 'T1', UTC_TIMESTAMP(3), UTC_TIMESTAMP(3)),"
		" (2, 'S1', 'Shop', '1 Road', 'X', '1', '555', 22706225, 77053707, 'GT', 903, 'Bob', 'bob@example.org', 'T2', UTC_TIMESTAMP(3), UTC_TIMESTAMP(3)),"
		" (3, 'O1', 'Shop', '1 Road', 'X', '1', '555', 22706225, 77053707, 'GT', NULL, 'Cyd', 'cyd@example.org', 'T3', UTC_TIMESTAMP(3), UTC_TIMESTAMP(3));"
		"INSERT IGNORE INTO sales_line (id, code, name) VALUES (1, 'ALL', 'All products');"
		"INSERT INTO need (id, outlet_id, line_id, visits_per_4w, service_minutes) VALUES (1, 1, 1, 4, 10), (2, 2, 1, 4, 10), (3, 3, 1, 4, 10);"
		"INSERT INTO plan (id, territory_id, channel, anchor, weeks, current_version) VALUES (1, 902, 'GT', '2026-01-05', 4, 11), (2, 903, 'GT', '2026-01-05', 4, 12);"
		"INSERT INTO plan_version (id, plan_id, number, kind, anchor, weeks, calls, created_by, created_at, committed_at) VALUES (11, 1, 1, 'COMMIT', '2026-01-05', 4, 4, 1, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3)),"
		" (12, 2, 1, 'COMMIT', '2026-01-05', 4, 4, 1, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3));"
		"INSERT INTO seat (id, code, name, territory_id, channel, lat, lon) VALUES (1, 'SEAT1', 'Ravi', 902, 'GT', 1, 1), (2, 'SEAT2', 'Lea', 903, 'GT', 1, 1);"
		"INSERT INTO visit (plan_id, day, need_id, seat_id, beat_id, pos, version_id) VALUES (1, '2026-01-05', 1, 1, 1, 1, 11), (2, '2026-01-05', 2, 2, 2, 1, 12);"
		"INSERT INTO plan_unserved (version_id, need_id, missing, reason) VALUES (11, 1, 1, 'ROOM'), (12, 2, 2, 'ROOM');"
		"INSERT INTO sales_fact (outlet_id, period, grain, line_id, amount, quantity, import_id) VALUES (1, '2026-01-01', 'MONTH', 1, 10, 1, 1), (2, '2026-01-01', 'MONTH', 1, 20, 1, 1);"
		"INSERT INTO invoice (id, number, seller, day, outlet_id, store_by, currency, salesperson, n_lines, net, tax, gross, import_id) VALUES"
		" (1, 'I1', 's', '2026-01-05', 1, 'CODE', 'INR', 'Ravi', 1, 10, 1, 11, 1), (2, 'I2', 's', '2026-01-06', 1, 'CODE', 'INR', 'Ravi', 1, 10, 1, 11, 1),"
		" (3, 'I3', 's', '2026-01-05', 2, 'CODE', 'INR', 'Lea', 1, 10, 1, 11, 1);"
		"INSERT INTO analyst (username, territory_id, created_at, renewed_at) VALUES ('bi_north', 902, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3)),"
		" ('bi_country', 901, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3)), ('bi_all', 0, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3))");
	for (const char *const *u = (const char *const[]){"bi_north", "bi_country", "bi_all", "bi_nobody", NULL}; *u; u++)
		dbt_sql(bp_sprintf(&dbt.arena, "CREATE OR REPLACE USER '%s'@'localhost' IDENTIFIED BY 'secret'; GRANT " BP_ANALYST_ROLE " TO '%s'@'localhost';"
			"SET DEFAULT ROLE " BP_ANALYST_ROLE " FOR '%s'@'localhost'", *u, *u, *u));
	return 0;
}

/* What a statement of theirs gives, one number; -1 = it is refused. */
static int64_t asked(const char *user, const char *sql)
{
	static const struct bp_db_col cols[] = {{BP_DB_INT, false, 0}};
	struct bp_query q = {.name = "asked", .sql = sql, .cols = cols, .n_cols = 1, .row_size = sizeof(int64_t)};
	struct bp_db_conf dc = dbt.app_conf;
	struct bp_db *db = NULL;
	struct bp_fail f = {0};
	int64_t n = -1;

	dc.user = user;
	if (bp_db_open(&db, &dc, &f))
		fail_msg("%s: %s", user, f.detail);
	if (bp_db_one(db, &dbt.arena, &q, NULL, &n))
		n = -1;
	bp_db_free(db);
	return n;
}

static void each_sees_the_rows_of_their_territory(void **state)
{
	static const struct {
		const char *view;
		int north, country, all;
	} views[] = {{"bi_territory", 1, 3, 3}, {"bi_outlet", 1, 2, 3}, {"bi_plan", 1, 2, 2}, {"bi_visit", 1, 2, 2}, {"bi_coverage", 1, 2, 3}, {"bi_sales", 1, 2, 2}, {"bi_invoice", 1, 2, 2}};

	(void)state;
	for (size_t i = 0; i < sizeof(views) / sizeof(*views); i++) {
		const char *sql = bp_sprintf(&dbt.arena, "SELECT COUNT(*) FROM %s", views[i].view);

		assert_int_equal(asked("bi_north", sql), views[i].north);
		assert_int_equal(asked("bi_country", sql), views[i].country);
		assert_true(asked("bi_all", sql) >= views[i].all);
		assert_int_equal(asked("bi_nobody", sql), 0);
	}
	assert_int_equal(dbt_count("information_schema.views", "table_schema = 'bp_test' AND table_name LIKE 'bi\\_%'"), sizeof(views) / sizeof(*views));
	assert_int_equal(asked("bi_north", "SELECT invoices FROM bi_invoice"), 2);
	assert_int_equal(asked("bi_north", "SELECT missing FROM bi_coverage"), 1);
	assert_int_equal(asked("bi_north", "SELECT CAST(lat * 100 AS INT) FROM bi_outlet"), 2271);
}

static void nothing_else_is_theirs(void **state)
{
	static const char *const refused[] = {"SELECT COUNT(*) FROM outlet", "SELECT COUNT(*) FROM user", "SELECT COUNT(*) FROM analyst", "SELECT COUNT(*) FROM analyst_sees",
		"SELECT COUNT(*) FROM invoice", "SELECT COUNT(*) FROM audit_event", "SELECT COUNT(*) FROM mysql.global_priv"};
	static const char *const changes[] = {"UPDATE bi_outlet SET name = ''", "DELETE FROM bi_territory", "CREATE TABLE mine (id INT)", "CREATE TEMPORARY TABLE mine (id INT)",
		"UPDATE analyst SET territory_id = 0", "CALL audit_prune(30)", "GRANT bp_analyst TO 'bi_nobody'@'localhost'"};
	struct bp_db_conf dc = dbt.app_conf;
	struct bp_db *db = NULL;
	struct bp_fail f = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++)
		if (asked("bi_all", refused[i]) != -1)
			fail_msg("an analyst may: %s", refused[i]);
	dc.user = "bi_all";
	dc.multi = true;
	assert_int_equal(bp_db_open(&db, &dc, &f), BP_E_OK);
	for (size_t i = 0; i < sizeof(changes) / sizeof(*changes); i++)
		if (!bp_db_bulk(db, changes[i], NULL))
			fail_msg("an analyst may: %s", changes[i]);
	bp_db_free(db);
}

/* By the names of columns, and by what the rows of this test hold. */
static void no_view_tells_of_persons(void **state)
{
	(void)state;
	assert_int_equal(dbt_count("information_schema.columns", "table_schema = 'bp_test' AND table_name LIKE 'bi\\_%' AND (column_name REGEXP"
		" 'phone|mail|owner|tax_no|address|salesperson|user|person' OR (column_name = 'name' AND table_name NOT IN ('bi_territory', 'bi_outlet')))"), 0);
	assert_int_equal(asked("bi_all", "SELECT COUNT(*) FROM bi_visit WHERE CONCAT_WS(' ', seat, outlet) REGEXP 'Ravi|Lea|Ann'"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_sees_the_rows_of_their_territory),
		cmocka_unit_test(nothing_else_is_theirs),
		cmocka_unit_test(no_view_tells_of_persons),
	};

	return cmocka_run_group_tests_name("analyst", tests, group, dbt_release);
}
