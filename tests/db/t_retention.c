/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Versions that were kept long enough go, with all that is theirs; what somebody needs stays. */
#include "plan/retention.h"
#include "queries.h"
#include "tests/db/db.h"

#define VERSIONS "INSERT INTO plan_version (id, plan_id, number, kind, parent_id, anchor, weeks, created_by, created_at) VALUES "

/* Plan 1: versions 1 to 7, five years old but for the newest; 4 is in force. Of each one stop, tour, unserved need and pin. */
static int fresh(void **state)
{
	(void)state;
	dbt_sql("DELETE FROM plan_comment; DELETE FROM plan_submission; DELETE FROM planning_session; DELETE FROM plan_op; DELETE FROM plan_version; DELETE FROM plan;"
		"DELETE FROM plan_stop; DELETE FROM plan_tour; DELETE FROM plan_unserved; DELETE FROM plan_pin;"
		"INSERT INTO plan (id, territory_id, channel, anchor, weeks, current_version) VALUES (1, 5, 'GT', '2020-01-01', 2, 4);"
		VERSIONS "(1, 1, 0, 'IMPORT', NULL, '2020-01-01', 2, 1, UTC_TIMESTAMP(3) - INTERVAL 1900 DAY),"
		"(2, 1, 1, 'SAVE', 1, '2020-01-01', 2, 1, UTC_TIMESTAMP(3) - INTERVAL 1890 DAY),"
		"(3, 1, 2, 'COMMIT', 2, '2020-01-01', 2, 1, UTC_TIMESTAMP(3) - INTERVAL 1880 DAY),"
		"(4, 1, 3, 'COMMIT', 3, '2020-01-01', 2, 1, UTC_TIMESTAMP(3) - INTERVAL 1870 DAY),"
		"(5, 1, 4, 'AUTO', 4, '2020-01-01', 2, 1, UTC_TIMESTAMP(3) - INTERVAL 100 DAY),"
		"(6, 1, 5, 'SAVE', 4, '2020-01-01', 2, 1, UTC_TIMESTAMP(3) - INTERVAL 99 DAY),"
		"(7, 1, 6, 'AUTO', 4, '2020-01-01', 2, 1, UTC_TIMESTAMP(3) - INTERVAL 98 DAY);"
		"INSERT INTO plan_stop (version_id, need_id, day, seq, seat_id, pos) SELECT id, 9, 0, 0, 7, 1 FROM plan_version;"
		"INSERT INTO plan_tour SELECT id, 7, 0, 1, 2, 3, 4, 5, 6 FROM plan_version;"
		"INSERT INTO plan_unserved SELECT id, 10, 1, 'NO_TIME' FROM plan_version;"
		"INSERT INTO plan_pin (version_id, need_id, hold) SELECT id, 9, 1 FROM plan_version;");
	return 0;
}

static void swept(int64_t auto_days, int64_t days, size_t want)
{
	size_t n = 99;

	assert_int_equal(plan_versions_sweep(dbt.app, &dbt.arena, auto_days, days, 100, &n), BP_E_OK);
	assert_int_equal(n, want);
	for (size_t i = 0; i < 4; i++) {
		static const char *const theirs[] = {"plan_stop", "plan_tour", "plan_unserved", "plan_pin"};

		assert_int_equal(dbt_count(theirs[i], "version_id NOT IN (SELECT id FROM plan_version)"), 0);
		assert_int_equal(dbt_count(theirs[i], "TRUE"), dbt_count("plan_version", "TRUE"));
	}
}

static void old_ones_go_with_all_that_is_theirs(void **state)
{
	(void)state;
	dbt_sql("INSERT INTO plan_comment (plan_id, version_id, base_id, need_id, text, user_id, at) VALUES (1, 4, 3, 9, 'x', 1, UTC_TIMESTAMP(3)),"
		" (1, 4, NULL, NULL, 'y', 1, UTC_TIMESTAMP(3))");
	swept(90, 1095, 4); /* 1, 2, 3 by their age, 5 as an automatic one; 4 is in force, 7 the newest */
	assert_int_equal(dbt_count("plan_version", "id IN (4, 6, 7)"), 3);
	assert_int_equal(dbt_count("plan_version", "parent_id NOT IN (SELECT id FROM plan_version)"), 0);
	assert_int_equal(dbt_count("plan_comment", "TRUE"), 1); /* what was said of a change from a version that is gone went too */
	swept(90, 1095, 0);
}

static void each_kind_has_its_time_and_0_is_for_ever(void **state)
{
	(void)state;
	swept(0, 0, 0);
	swept(101, 0, 0);
	swept(0, 1885, 2);
	assert_int_equal(dbt_count("plan_version", "id IN (1, 2)"), 0);
}

static void what_somebody_works_on_or_waits_for_stays(void **state)
{
	(void)state;
	dbt_sql("INSERT INTO planning_session (id, plan_id, user_id, base_version, status, opened_at, saved_at) VALUES"
		" (1, 1, 1, 2, 'ACTIVE', UTC_TIMESTAMP(3) - INTERVAL 101 DAY, UTC_TIMESTAMP(3));"
		"INSERT INTO plan_submission (plan_id, version_id, session_id, seq, effective_date, user_id, base_version, state, at) VALUES (1, 3, 1, 1, '2030-01-01', 1, 1, 'WAITING', UTC_TIMESTAMP(3))");
	swept(90, 1095, 0); /* 2 is the base, 5 can be undone to, 3 waits with 1 */
	dbt_sql("UPDATE planning_session SET status = 'COMMITTED'; UPDATE plan_submission SET state = 'WITHDRAWN'");
	swept(90, 1095, 4);
}

static void changes_jobs_and_notices_have_theirs(void **state)
{
	uint64_t n;

	(void)state;
	dbt_sql("DELETE FROM job; DELETE FROM notice; DELETE FROM import_session;"
		"INSERT INTO planning_session (id, plan_id, user_id, status, opened_at, saved_at) VALUES"
		" (1, 1, 1, 'ACTIVE', '2020-01-01', '2020-01-01'), (2, 1, 1, 'COMMITTED', '2020-01-01', '2020-01-01'), (3, 1, 1, 'COMMITTED', '2020-01-01', UTC_TIMESTAMP(3));"
		"INSERT INTO plan_op (session_id, seq, client_id, kind, label, body, removed, added, user_id, at) SELECT seq, 1, 'x', 'move', '', '{}', '', '', 1, UTC_TIMESTAMP(3) FROM seq_1_to_3;"
		"INSERT INTO job (id, kind, state, payload, not_before, created_at, finished_at) VALUES (1, 'EXPORT', 'done', '{}', '2020-01-01', '2020-01-01', '2020-01-01'),"
		" (2, 'IMPORT_CHECK', 'done', '{}', '2020-01-01', '2020-01-01', '2020-01-01'), (3, 'EXPORT', 'running', '{}', '2020-01-01', '2020-01-01', NULL),"
		" (4, 'EXPORT', 'failed', '{}', '2020-01-01', '2020-01-01', UTC_TIMESTAMP(3));"
		"INSERT INTO import_session (name, job_id, created_by, created_at) VALUES ('x', 2, 1, '2020-01-01');"
		"INSERT INTO notice (user_id, kind, at) VALUES (1, 'LOCK_ASKED', '2020-01-01'), (1, 'LOCK_ASKED', UTC_TIMESTAMP(3))");
	assert_int_equal(q_op_sweep(dbt.app, 0, &n), BP_E_OK);
	assert_int_equal(n, 0);
	assert_int_equal(q_op_sweep(dbt.app, 1095, &n), BP_E_OK);
	assert_int_equal(n, 1);
	assert_int_equal(dbt_count("plan_op", "session_id IN (1, 3)"), 2);
	assert_int_equal(q_job_sweep(dbt.app, 90, &n), BP_E_OK);
	assert_int_equal(n, 1);
	assert_int_equal(dbt_count("job", "id = 1"), 0);
	assert_int_equal(q_notice_sweep(dbt.app, 90, &n), BP_E_OK);
	assert_int_equal(n, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(old_ones_go_with_all_that_is_theirs, fresh),
		cmocka_unit_test_setup(each_kind_has_its_time_and_0_is_for_ever, fresh),
		cmocka_unit_test_setup(what_somebody_works_on_or_waits_for_stays, fresh),
		cmocka_unit_test_setup(changes_jobs_and_notices_have_theirs, fresh),
	};

	return cmocka_run_group_tests(tests, dbt_init, dbt_release);
}
