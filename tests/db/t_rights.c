/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each program's account may do what the program can ask, and nothing else: lib/db/rights.def, really given, and tried. */
#include <ctype.h>
#include <string.h>
#include <unistd.h>

#include "tests/db/db.h"

static const struct bp_query *list[BP_QUERY_COUNT];

static struct bp_db *connected(enum bp_account who)
{
	struct bp_db_conf dc = bp_conf_db(&dbt.conf, who);
	struct bp_db *db = NULL;
	struct bp_fail f = {0};

	dc.multi = true;
	if (bp_db_open(&db, &dc, &f))
		fail_msg("%s: %s", dc.user, f.detail);
	return db;
}

/* The queries that a program can ask at all, as the linker left them in it; tests/db/run writes them down. */
static size_t linked(enum bp_account who)
{
	const char *folder = getenv("BP_TEST_LINKED");
	FILE *in = folder ? fopen(bp_sprintf(&dbt.arena, "%s/%s", folder, bp_account_names[who]), "re") : NULL;
	char line[100];
	size_t n = 0;

	if (!in)
		skip();
	while (fgets(line, sizeof(line), in)) {
		line[strcspn(line, "\n")] = '\0';
		for (size_t i = 0; i < BP_QUERY_COUNT; i++)
			if (!strcmp(bp_queries[i]->name, line))
				list[n++] = bp_queries[i];
	}
	fclose(in);
	assert_in_range(n, 10, BP_QUERY_COUNT - 50);
	return n;
}

static void each_program_can_ask_all_its_queries(void **state)
{
	(void)state;
	for (enum bp_account who = BP_ACCOUNT_WEB; who < BP_ACCOUNT__MAX; who++) {
		struct bp_db *db = connected(who);
		size_t n = linked(who);
		int faults = bp_db_check_queries(db, list, n);

		if (faults)
			fail_msg("%d queries of %s are not allowed: see the lines above and lib/db/rights.def", faults, bp_account_names[who]);
		bp_db_free(db);
	}
}

static bool names(const struct bp_query *q, const char *table)
{
	size_t n = strlen(table);

	for (const char *p = strstr(q->sql, table); p; p = strstr(p + 1, table))
		if ((p == q->sql || !(isalnum((unsigned char)p[-1]) || p[-1] == '_')) && !(isalnum((unsigned char)p[n]) || p[n] == '_'))
			return true;
	return false;
}

/* Is there a query that misses the right once it is taken away? */
static bool missed(enum bp_account who, size_t n, const char *table, const char *verb)
{
	struct bp_db *db;
	bool found = false;

	dbt_sql(bp_sprintf(&dbt.arena, "REVOKE %s ON bp_test.`%s` FROM 'bp_%s'@'localhost'", verb, table, bp_account_names[who]));
	db = connected(who);
	for (size_t i = 0; i < n && !found; i++)
		found = names(list[i], table) && bp_db_check_queries(db, &list[i], 1);
	bp_db_free(db);
	dbt_sql(bp_sprintf(&dbt.arena, "GRANT %s ON bp_test.`%s` TO 'bp_%s'@'localhost'", verb, table, bp_account_names[who]));
	return found;
}

/* What im_unstage_file of the web clears, by statements that are no named queries. */
static bool staged(const char *table)
{
	return !strncmp(table, "stage_", 6) || !strncmp(table, "import_issue", 12) || !strcmp(table, "import_fix_use") || !strcmp(table, "import_profile");
}

/* The worker's imports and their undoing are no named queries either. */
static void nothing_more_is_given_to_web_and_optimizer(void **state)
{
	struct q_rights_of *had;
	size_t tables, faults = 0;
	int err = dup(STDERR_FILENO);

	(void)state;
	assert_non_null(freopen("/dev/null", "w", stderr)); /* what is refused is told there */
	for (enum bp_account who = BP_ACCOUNT_WEB; who < BP_ACCOUNT__MAX; who++) {
		size_t n = linked(who);
		const char *grantee = bp_sprintf(&dbt.arena, "'bp_%s'@'localhost'", bp_account_names[who]);

		if (who == BP_ACCOUNT_WORKER)
			continue;
		assert_int_equal(q_rights_of(dbt.admin, &dbt.arena, grantee, "bp_test", &had, &tables), BP_E_OK);
		for (size_t i = 0; i < tables; i++) {
			char *save = NULL, *verbs = bp_strdup(&dbt.arena, had[i].rights);

			for (char *verb = strchr(verbs, '(') ? NULL : strtok_r(verbs, ", ", &save); verb; verb = strtok_r(NULL, ", ", &save))
				if (!(staged(had[i].table) && strchr("SD", *verb)) && !missed(who, n, had[i].table, verb)) {
					printf("# no query of %s needs %s on %s\n", bp_account_names[who], verb, had[i].table);
					faults++;
				}
		}
	}
	fflush(stderr);
	dup2(err, STDERR_FILENO);
	close(err);
	assert_int_equal(faults, 0);
}

static const struct {
	enum bp_account who;
	const char *sql;
	bool may;
} tries[] = {
	{BP_ACCOUNT_WEB, "SELECT password FROM user LIMIT 1", true},
	{BP_ACCOUNT_WEB, "CREATE TABLE mine (id INT PRIMARY KEY)", false},
	{BP_ACCOUNT_WEB, "CREATE TEMPORARY TABLE mine (id INT PRIMARY KEY)", false},
	{BP_ACCOUNT_WEB, "ALTER TABLE outlet ADD COLUMN mine INT", false},
	{BP_ACCOUNT_WEB, "DROP TABLE outlet", false},
	{BP_ACCOUNT_WEB, "DROP TRIGGER journal_outlet_UPDATE", false},
	{BP_ACCOUNT_WEB, "UPDATE audit_event SET ip = ''", false},
	{BP_ACCOUNT_WEB, "DELETE FROM audit_event", false},
	{BP_ACCOUNT_WEB, "CALL audit_prune(30)", false},
	{BP_ACCOUNT_WEB, "DELETE FROM setting_change", false},
	{BP_ACCOUNT_WEB, "UPDATE schema_patch SET sha256 = ''", false},
	{BP_ACCOUNT_WEB, "SELECT 1 INTO OUTFILE '/tmp/mine'", false},
	{BP_ACCOUNT_WORKER, "SELECT id, name, email FROM user LIMIT 1", true},
	{BP_ACCOUNT_WORKER, "SELECT password FROM user LIMIT 1", false},
	{BP_ACCOUNT_WORKER, "SELECT * FROM user LIMIT 1", false},
	{BP_ACCOUNT_WORKER, "UPDATE user SET password = NULL", false},
	{BP_ACCOUNT_WORKER, "SELECT * FROM second_factor", false},
	{BP_ACCOUNT_WORKER, "SELECT * FROM api_key", false},
	{BP_ACCOUNT_WORKER, "INSERT INTO user_scope (user_id, territory_id, role) VALUES (1, 0, 'admin')", false},
	{BP_ACCOUNT_WORKER, "SELECT * FROM auth_session", false},
	{BP_ACCOUNT_WORKER, "DELETE FROM audit_event", false},
	{BP_ACCOUNT_WORKER, "CREATE TEMPORARY TABLE mine (id INT PRIMARY KEY)", true},
	{BP_ACCOUNT_WORKER, "CREATE TABLE mine (id INT PRIMARY KEY)", false},
	{BP_ACCOUNT_OPTIMIZER, "SELECT id, name FROM user LIMIT 1", true},
	{BP_ACCOUNT_OPTIMIZER, "SELECT password FROM user LIMIT 1", false},
	{BP_ACCOUNT_OPTIMIZER, "SELECT email FROM user LIMIT 1", false},
	{BP_ACCOUNT_OPTIMIZER, "SELECT * FROM second_factor", false},
	{BP_ACCOUNT_OPTIMIZER, "SELECT * FROM recovery_code", false},
	{BP_ACCOUNT_OPTIMIZER, "SELECT * FROM refresh_token", false},
	{BP_ACCOUNT_OPTIMIZER, "SELECT * FROM password_reset", false},
	{BP_ACCOUNT_OPTIMIZER, "SELECT * FROM audit_event", false},
	{BP_ACCOUNT_OPTIMIZER, "UPDATE outlet SET name = ''", false},
	{BP_ACCOUNT_OPTIMIZER, "DROP TABLE plan", false},
	{BP_ACCOUNT_APP, "DELETE FROM audit_event", false},
	{BP_ACCOUNT_APP, "CREATE TABLE mine (id INT PRIMARY KEY)", false},
};

static void what_is_not_given_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(tries) / sizeof(*tries); i++) {
		struct bp_db *db = connected(tries[i].who);
		bool may = !bp_db_bulk(db, tries[i].sql, NULL);

		if (may != tries[i].may)
			fail_msg("%s %s: %s", bp_account_names[tries[i].who], may ? "may" : "may not", tries[i].sql);
		bp_db_free(db);
	}
}

static const char *differs(enum bp_account who)
{
	struct bp_db *db = connected(who);
	const char *found = NULL;
	size_t n = 0;

	assert_int_equal(bp_rights_differ(db, &dbt.arena, who, &found, &n), BP_E_OK);
	assert_int_equal(n > 0, *found != 0);
	bp_db_free(db);
	return found;
}

static void too_much_and_too_little_is_seen_and_mended(void **state)
{
	struct bp_fail f = {0};

	(void)state;
	for (enum bp_account who = 0; who < BP_ACCOUNT__MAX; who++)
		assert_string_equal(differs(who), "");
	dbt_sql("GRANT DELETE ON bp_test.user TO 'bp_optimizer'@'localhost'; GRANT SELECT ON bp_test.* TO 'bp_web'@'localhost';"
		"GRANT PROCESS ON *.* TO 'bp_web'@'localhost'; GRANT SELECT ON bp_test.user TO 'bp_web'@'localhost' WITH GRANT OPTION;"
		"REVOKE INSERT ON bp_test.job FROM 'bp_worker'@'localhost'");
	assert_string_equal(differs(BP_ACCOUNT_OPTIMIZER), "on user it has SELECT (id, name), DELETE, not SELECT (id, name)");
	assert_string_equal(differs(BP_ACCOUNT_WEB), "on all it has PROCESS, SELECT, not nothing; on user it has SELECT, INSERT, UPDATE, GRANT OPTION, not SELECT, INSERT, UPDATE");
	assert_string_equal(differs(BP_ACCOUNT_WORKER), "on job it has SELECT, UPDATE, DELETE, not SELECT, INSERT, UPDATE, DELETE");
	if (bp_rights_give_all(dbt.admin, &dbt.conf, &f))
		fail_msg("%s", f.detail);
	for (enum bp_account who = 0; who < BP_ACCOUNT__MAX; who++)
		assert_string_equal(differs(who), "");
}

/* In GRANT ... ON bp_test.* the _ stands for any letter. */
static void no_other_database_is_meant(void **state)
{
	struct bp_db_conf dc = bp_conf_db(&dbt.conf, BP_ACCOUNT_WORKER);
	struct bp_db *db = NULL;
	struct bp_fail f = {0};

	(void)state;
	dbt_sql("CREATE OR REPLACE DATABASE bpxtest");
	dc.database = "bpxtest";
	assert_int_not_equal(bp_db_open(&db, &dc, &f), BP_E_OK);
	dbt_sql("GRANT CREATE TEMPORARY TABLES ON bp_test.* TO 'bp_worker'@'localhost'"); /* as it was once */
	assert_int_equal(bp_rights_give_all(dbt.admin, &dbt.conf, &f), BP_E_OK);
	assert_int_not_equal(bp_db_open(&db, &dc, &f), BP_E_OK);
	dbt_sql("DROP DATABASE bpxtest");
}

static void every_table_has_a_line(void **state)
{
	(void)state;
	assert_int_equal(dbt_count("information_schema.tables t", "t.table_schema = 'bp_test' AND t.table_type = 'BASE TABLE' AND NOT EXISTS (SELECT 1 FROM"
		" information_schema.table_privileges p WHERE p.table_schema = 'bp_test' AND p.table_name = t.table_name AND p.grantee LIKE '_bp_app_@%')"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_table_has_a_line),
		cmocka_unit_test(each_program_can_ask_all_its_queries),
		cmocka_unit_test(nothing_more_is_given_to_web_and_optimizer),
		cmocka_unit_test(what_is_not_given_is_refused),
		cmocka_unit_test(too_much_and_too_little_is_seen_and_mended),
		cmocka_unit_test(no_other_database_is_meant),
	};

	return cmocka_run_group_tests_name("rights", tests, dbt_init, dbt_release);
}
