/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Schema patches, rights, and every named query against the tables as they are. */
#include <dirent.h>
#include <sys/stat.h>

#include "audit/audit.h"
#include "tests/db/db.h"

static void every_named_query_fits_the_tables(void **state)
{
	const struct bp_query *list[BP_QUERY_COUNT];
	size_t n = 0;

	(void)state;
	/* As the programs, so that a missing right is found too; only the migration writes down its patches. */
	for (size_t i = 0; i < BP_QUERY_COUNT; i++)
		if (strcmp(bp_queries[i]->name, "schema_patch_add"))
			list[n++] = bp_queries[i];
	assert_int_equal(n, BP_QUERY_COUNT - 1);
	assert_int_equal(bp_db_check_queries(dbt.app, list, n), 0);
}

/* The check itself finds a misspelt column, a wrong count and a NULL that nobody expects. */
static void the_query_check_sees_faults(void **state)
{
	static const struct bp_db_col one[] = {{BP_DB_STR, false, 0}}, opt[] = {{BP_DB_STR, true, 0}};
	static const struct bp_query bad[] = {
		{.index = 0, .name = "misspelt", .sql = "SELECT usrname FROM user", .cols = one, .n_cols = 1, .row_size = 8},
		{.index = 0, .name = "count", .sql = "SELECT id, name FROM user", .cols = one, .n_cols = 1, .row_size = 8},
		{.index = 0, .name = "null", .sql = "SELECT password FROM user", .cols = one, .n_cols = 1, .row_size = 8},
	};
	static const struct bp_query good = {.name = "good", .sql = "SELECT password FROM user", .cols = opt, .n_cols = 1,
		.row_size = 8};
	const struct bp_query *list[1] = {&good};
	struct bp_db *db;
	int err;

	(void)state;
	db = dbt_connect();
	assert_int_equal(bp_db_check_queries(db, list, 1), 0);
	bp_db_free(db);
	err = dup(STDERR_FILENO);
	assert_non_null(freopen("/dev/null", "w", stderr));
	for (size_t i = 0; i < 3; i++) {
		db = dbt_connect();
		list[0] = &bad[i];
		assert_int_equal(bp_db_check_queries(db, list, 1), 1);
		bp_db_free(db);
	}
	fflush(stderr);
	dup2(err, STDERR_FILENO);
	close(err);
}

static void a_second_migration_changes_nothing(void **state)
{
	struct bp_fail f = {0};
	unsigned applied = 99;

	(void)state;
	assert_int_equal(bp_migrate(dbt.admin, getenv("BP_TEST_SCHEMA"), &applied, &f), BP_E_OK);
	assert_int_equal(applied, 0);
}

/* A migration that was killed starts again: what it had done may be done twice. */
static void every_patch_may_be_applied_twice(void **state)
{
	int64_t patches = dbt_count("schema_patch", "1");
	struct bp_fail f = {0};
	unsigned applied = 0;

	(void)state;
	dbt_sql("DELETE FROM schema_patch");
	if (bp_migrate(dbt.admin, getenv("BP_TEST_SCHEMA"), &applied, &f))
		fail_msg("%s", f.detail);
	assert_int_equal(applied, patches);
}

static void scopes_of_nobody_are_cleared(void **state)
{
	struct bp_fail f = {0};
	unsigned applied = 0;

	(void)state;
	dbt_sql("INSERT INTO user (id, username, name, created_at) VALUES (31, 'ann', 'Ann', UTC_TIMESTAMP(3));"
		"INSERT INTO api_key (id, user_id, name, key_hash, hint, perms, territory_id, created_at, revoked_at) VALUES"
		" (41, 31, 'k', REPEAT('a', 32), '', 1, 7, UTC_TIMESTAMP(3), NULL), (42, 31, 'k', REPEAT('b', 32), '', 1, 7, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3));"
		"INSERT INTO user_scope (user_id, territory_id, role) VALUES (31, 0, 'admin'), (32, 0, 'admin'), (1 << 62 | 41, 7, 'admin'),"
		" (1 << 62 | 42, 7, 'admin'), (1 << 62 | 43, 7, 'admin');"
		"DELETE FROM schema_patch WHERE name = '0111-scopes-of-nobody.sql'");
	assert_int_equal(bp_migrate(dbt.admin, getenv("BP_TEST_SCHEMA"), &applied, &f), BP_E_OK);
	assert_int_equal(applied, 1);
	assert_int_equal(dbt_count("user_scope", "user_id IN (31, 1 << 62 | 41)"), 2);
	assert_int_equal(dbt_count("user_scope", "1"), 2);
	dbt_sql("DELETE FROM user_scope; DELETE FROM user WHERE id = 31");
}

static void put(const char *dir, const char *name, const char *text)
{
	FILE *out = fopen(bp_sprintf(&dbt.arena, "%s/%s", dir, name), "we");

	assert_non_null(out);
	fputs(text, out);
	fclose(out);
}

static void a_changed_or_broken_patch_is_refused(void **state)
{
	char dir[] = "/tmp/bp-patches.XXXXXX";
	struct bp_fail f = {0};
	unsigned applied;

	(void)state;
	assert_non_null(mkdtemp(dir));
	put(dir, "9001-a.sql", "CREATE TABLE IF NOT EXISTS t_patch (id INT PRIMARY KEY); INSERT IGNORE INTO t_patch VALUES (1)");
	put(dir, "README", "no patch");
	assert_int_equal(bp_migrate(dbt.admin, dir, &applied, &f), BP_E_OK);
	assert_int_equal(applied, 1);
	put(dir, "9001-a.sql", "CREATE TABLE IF NOT EXISTS t_patch (id BIGINT PRIMARY KEY)");
	assert_int_equal(bp_migrate(dbt.admin, dir, &applied, &f), BP_E_CONFLICT);
	assert_non_null(strstr(f.detail, "9001-a.sql"));
	unlink(bp_sprintf(&dbt.arena, "%s/9001-a.sql", dir));
	put(dir, "9002-b.sql", "CREATE TABLE t_broken (id INT PRIMARY KEY); INSERT INTO nowhere VALUES (1)");
	put(dir, "9003-c.sql", "CREATE TABLE t_after (id INT PRIMARY KEY)");
	bp_fail_clear(&f);
	assert_int_not_equal(bp_migrate(dbt.admin, dir, &applied, &f), BP_E_OK);
	assert_int_equal(applied, 0);
	assert_non_null(strstr(f.detail, "9002-b.sql"));
	/* Neither is the broken one remembered, nor is a later one applied. */
	assert_int_equal(dbt_count("schema_patch", "name >= '9002'"), 0);
	assert_int_equal(dbt_count("information_schema.tables", "table_name = 't_after'"), 0);
	bp_fail_clear(&f);
	assert_int_equal(bp_migrate(dbt.admin, "/nonexistent", &applied, &f), BP_E_INTERNAL);
	unlink(bp_sprintf(&dbt.arena, "%s/9002-b.sql", dir));
	unlink(bp_sprintf(&dbt.arena, "%s/9003-c.sql", dir));
	unlink(bp_sprintf(&dbt.arena, "%s/README", dir));
	rmdir(dir);
	dbt_sql("DELETE FROM schema_patch WHERE name >= '9'; DROP TABLE t_patch, t_broken");
}

static void the_audit_trail_can_only_grow(void **state)
{
	static const char *const forbidden[] = {"UPDATE audit_event SET reason = 'x'", "DELETE FROM audit_event",
		"UPDATE audit_change SET new_value = 'x'", "DELETE FROM audit_change", "TRUNCATE audit_event", "DROP TABLE audit_event",
		"ALTER TABLE audit_event ADD x INT", "REPLACE INTO audit_event (id) VALUES (1)",
		"UPDATE schema_patch SET sha256 = ''", "CREATE TABLE x (id INT PRIMARY KEY)"};
	struct bp_audit au = {.action = BP_ACTION_LOGIN, .user = 7, .resource_type = "user"};

	(void)state;
	bp_audit_change(&au, "a", "1", "2");
	bp_audit_change(&au, "same", "1", "1");
	bp_audit_change(&au, "gone", "1", NULL);
	assert_int_equal(au.n_changes, 2);
	assert_int_equal(bp_audit_write(dbt.app, &au), BP_E_OK);
	for (size_t i = 0; i < sizeof(forbidden) / sizeof(*forbidden); i++)
		if (!bp_db_bulk(dbt.app, forbidden[i], NULL))
			fail_msg("the programs may: %s", forbidden[i]);
	assert_int_equal(dbt_count("audit_event", "action = 'LOGIN' AND user_id = 7"), 1);
	assert_int_equal(dbt_count("audit_change", "1"), 2);
	au.action = BP_ACTION_NONE;
	assert_int_equal(bp_audit_write(dbt.app, &au), BP_E_OK);
	assert_int_equal(dbt_count("audit_event", "1"), 1);
}

/* Galera and our own rules: a primary key and InnoDB everywhere. */
static void every_table_has_a_primary_key(void **state)
{
	(void)state;
	assert_int_equal(dbt_count("information_schema.tables t", "t.table_schema = 'bp_test' AND t.table_type = 'BASE TABLE' AND (t.engine <> 'InnoDB' OR NOT EXISTS "
		"(SELECT 1 FROM information_schema.statistics s WHERE s.table_schema = t.table_schema AND s.table_name = t.table_name "
		"AND s.index_name = 'PRIMARY'))"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_named_query_fits_the_tables),
		cmocka_unit_test(the_query_check_sees_faults),
		cmocka_unit_test(a_second_migration_changes_nothing),
		cmocka_unit_test(every_patch_may_be_applied_twice), cmocka_unit_test(scopes_of_nobody_are_cleared),
		cmocka_unit_test(a_changed_or_broken_patch_is_refused),
		cmocka_unit_test(the_audit_trail_can_only_grow),
		cmocka_unit_test(every_table_has_a_primary_key),
	};

	return cmocka_run_group_tests(tests, dbt_init, dbt_release);
}
