/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The job table as a state machine: queued, running, done, failed, cancelled, and what a dead daemon leaves. */
#include <pthread.h>

#include "base/log.h"
#include "job/job.h"
#include "job/schedule.h"
#include "tests/db/db.h"

typedef enum bp_error (*runner)(struct bp_job_run *);
static struct seen {
	int calls, attempt;
	uint64_t ids[64], user, subject;
	char checkpoint[32], payload[64], correlation[40];
} seen;

static int fresh(void **state)
{
	(void)state;
	memset(&seen, 0, sizeof(seen));
	dbt_sql("DELETE FROM job");
	return 0;
}

static enum bp_error note(struct bp_job_run *run)
{
	char *payload = json_dumps(run->payload, JSON_COMPACT);

	seen.ids[seen.calls++ & 63] = run->id;
	seen.attempt = run->attempt;
	seen.user = run->user;
	seen.subject = run->subject;
	snprintf(seen.payload, sizeof(seen.payload), "%s", payload);
	snprintf(seen.correlation, sizeof(seen.correlation), "%s", run->correlation);
	snprintf(seen.checkpoint, sizeof(seen.checkpoint), "%s",
		run->checkpoint ? json_string_value(json_object_get(run->checkpoint, "at")) : "");
	free(payload);
	return BP_E_OK;
}

static enum bp_error ok(struct bp_job_run *run)
{
	note(run);
	run->result = json_object();
	json_object_set_new(run->result, "n", json_integer(3));
	return bp_job_report(run, "half", 50, "{\"rows\":1}");
}
static enum bp_error fails(struct bp_job_run *run)
{
	note(run);
	return bp_fail(&run->fail, BP_E_IMPORT_FAILED, "row 7 is odd");
}
static enum bp_error clashes(struct bp_job_run *run)
{
	note(run);
	return bp_fail(&run->fail, BP_E_CONFLICT, "somebody was quicker");
}
static enum bp_error is_asked_to_end(struct bp_job_run *run)
{
	note(run);
	return BP_E_BUSY;
}
static enum bp_error loses_the_database(struct bp_job_run *run)
{
	note(run);
	return BP_E_DB_DOWN;
}
static enum bp_error is_cancelled(struct bp_job_run *run)
{
	note(run);
	assert_int_equal(bp_job_cancel(dbt.admin, run->id), BP_E_OK);
	run->result = json_object();
	return bp_job_report(run, "half", 50, NULL);
}
/* The daemon hangs so long that its lease lapses; another one takes the job before it reports. */
static enum bp_error is_taken_for_dead(struct bp_job_run *run)
{
	bool worked = false;
	runner heirs[BP_JOB__MAX] = {[BP_JOB_IMPORT_CHECK] = ok};
	struct bp_db *heir = dbt_connect();

	note(run);
	assert_int_equal(bp_job_checkpoint(run, "{\"at\":\"row 500\"}"), BP_E_OK);
	dbt_sql("UPDATE job SET lease_until = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND");
	assert_int_equal(bp_job_work(heir, BP_JOB_WORKER, 0, heirs, NULL, &worked), BP_E_OK);
	assert_true(worked);
	bp_db_free(heir);
	assert_string_equal(seen.checkpoint, "row 500");
	assert_int_equal(seen.attempt, 2);
	return bp_job_report(run, "late", 99, NULL);
}

/* A second job on the same thing waits until the first has ended: it would overtake it. */
static enum bp_error is_followed(struct bp_job_run *run)
{
	bool worked = true;
	runner others[BP_JOB__MAX] = {[BP_JOB_IMPORT_CHECK] = ok};
	struct bp_db *other = dbt_connect();

	note(run);
	assert_int_equal(bp_job_work(other, BP_JOB_WORKER, 0, others, NULL, &worked), BP_E_OK);
	assert_false(worked);
	bp_db_free(other);
	return BP_E_OK;
}

static const char lapse[] = "UPDATE job SET lease_until = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND";

/* It is at one long statement, its lease lapses, and another daemon looks: somebody beside has kept the lease. */
static enum bp_error is_kept(struct bp_job_run *run)
{
	runner heirs[BP_JOB__MAX] = {[BP_JOB_IMPORT_CHECK] = ok};
	struct bp_db *beside = dbt_connect();
	bool worked = true;

	note(run);
	dbt_sql(lapse);
	assert_int_equal(bp_job_keep(beside), BP_E_OK);
	assert_int_equal(dbt_count("job", "lease_until > UTC_TIMESTAMP(3) + INTERVAL 25 SECOND"), 1);
	assert_int_equal(bp_job_work(beside, BP_JOB_WORKER, 0, heirs, NULL, &worked), BP_E_OK);
	assert_false(worked);
	/* One that it has in a transaction of its own is not waited for, */
	dbt_sql("SET SESSION innodb_lock_wait_timeout = 1; BEGIN; SELECT id FROM job FOR UPDATE");
	assert_int_equal(bp_job_keep(beside), BP_E_OK);
	dbt_sql("ROLLBACK");
	/* and one that another daemon has by now is not taken back. */
	dbt_sql(lapse);
	dbt_sql("UPDATE job SET lease_token = lease_token + 1");
	assert_int_equal(bp_job_keep(beside), BP_E_OK);
	assert_int_equal(dbt_count("job", "lease_until < UTC_TIMESTAMP(3)"), 1);
	dbt_sql("UPDATE job SET lease_token = lease_token - 1");
	bp_db_free(beside);
	return BP_E_OK;
}

static bool work(runner fn)
{
	runner run[BP_JOB__MAX] = {[BP_JOB_IMPORT_CHECK] = fn};
	bool worked = false;

	if (bp_job_work(dbt.app, BP_JOB_WORKER, 0, run, NULL, &worked))
		fail_msg("%s", bp_db_failure(dbt.app)->detail);
	return worked;
}

static uint64_t add(const char *payload)
{
	uint64_t id = 0;

	assert_int_equal(bp_job_add(dbt.app, BP_JOB_IMPORT_CHECK, 5, 0, payload, 0, 7, "rq-1", &id), BP_E_OK);
	assert_true(id > 0);
	return id;
}

static void a_job_runs_once_and_ends_done(void **state)
{
	uint64_t id = add("{\"file\":9}");

	(void)state;
	assert_true(work(ok));
	assert_int_equal(seen.ids[0], id);
	assert_int_equal(seen.attempt, 1);
	assert_true(seen.user == 7 && seen.subject == 5);
	assert_string_equal(seen.payload, "{\"file\":9}");
	assert_string_equal(seen.correlation, "rq-1");
	assert_int_equal(dbt_count("job", "state = 'done' AND percent = 100 AND result = '{\"n\":3}' AND error_code IS NULL "
		"AND finished_at IS NOT NULL AND lease_until IS NULL AND progress = '{\"rows\":1}'"), 1);
	assert_false(work(ok));
	assert_int_equal(seen.calls, 1);
}

static void a_failure_says_why(void **state)
{
	(void)state;
	add("{}");
	assert_true(work(fails));
	assert_int_equal(dbt_count("job", "state = 'failed' AND error_code = 'ERR_IMPORT_003' AND error_detail = 'row 7 is odd'"), 1);
	assert_false(work(ok));
}

static void a_queued_job_is_cancelled_at_once(void **state)
{
	uint64_t id = add("{}");

	(void)state;
	assert_int_equal(bp_job_cancel(dbt.app, id), BP_E_OK);
	assert_int_equal(dbt_count("job", "state = 'cancelled'"), 1);
	assert_false(work(ok));
	/* Too late for one that has ended. */
	add("{}");
	assert_true(work(ok));
	assert_int_equal(bp_job_cancel(dbt.app, seen.ids[0]), BP_E_OK);
	assert_int_equal(dbt_count("job", "state = 'done' AND cancel_wanted = 0"), 1);
}

static void a_running_job_stops_when_it_reports(void **state)
{
	(void)state;
	add("{}");
	assert_true(work(is_cancelled));
	assert_int_equal(dbt_count("job", "state = 'cancelled' AND error_code IS NULL AND result IS NOT NULL"), 1);
}

static void a_lapsed_lease_goes_to_an_heir_with_the_checkpoint(void **state)
{
	(void)state;
	add("{}");
	assert_true(work(is_taken_for_dead));
	assert_int_equal(seen.calls, 2);
	/* The first one could neither report nor write over the heir's result. */
	assert_int_equal(dbt_count("job", "state = 'done' AND attempts = 2 AND step = 'half' AND result = '{\"n\":3}'"), 1);
}

static void a_lease_is_kept_beside_the_work(void **state)
{
	(void)state;
	add("{}");
	assert_true(work(is_kept));
	assert_int_equal(dbt_count("job", "state = 'done' AND attempts = 1"), 1);
	/* What has ended holds no lease. */
	assert_int_equal(bp_job_keep(dbt.app), BP_E_OK);
	assert_int_equal(dbt_count("job", "lease_until IS NULL"), 1);
}

static void a_job_that_keeps_dying_fails(void **state)
{
	const int most = bp_job_kinds[BP_JOB_IMPORT_CHECK].most_attempts;

	(void)state;
	add("{}");
	dbt_sql(bp_sprintf(&dbt.arena, "UPDATE job SET state = 'running', attempts = %d, lease_until = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND",
		most));
	assert_true(work(ok));
	assert_int_equal(seen.calls, 0);
	assert_int_equal(dbt_count("job", "state = 'failed' AND error_code = 'ERR_SYS_001' AND error_detail LIKE 'the work ended abruptly%'"), 1);
}

/* A clash of the work itself is no lost lease: it ends the job. */
static void a_job_whose_work_clashes_fails(void **state)
{
	(void)state;
	add("{}");
	assert_true(work(clashes));
	assert_int_equal(dbt_count("job", "state = 'failed' AND error_code = 'ERR_DATA_004' AND error_detail = 'somebody was quicker'"), 1);
}

static void a_daemon_that_must_end_gives_the_job_back(void **state)
{
	(void)state;
	add("{}");
	for (int i = 0; i < 10; i++)
		assert_true(work(is_asked_to_end));
	assert_int_equal(dbt_count("job", "state = 'queued' AND attempts = 0"), 1);
	assert_true(work(ok));
	assert_int_equal(dbt_count("job", "state = 'done'"), 1);
}

static void a_lost_database_means_another_try_later(void **state)
{
	(void)state;
	add("{}");
	assert_true(work(loses_the_database));
	assert_int_equal(dbt_count("job", "state = 'queued' AND not_before > UTC_TIMESTAMP(3) + INTERVAL 1 SECOND"), 1);
	assert_false(work(ok));
}

static void but_not_for_ever(void **state)
{
	(void)state;
	add("{}");
	for (int i = 0; i < bp_job_kinds[BP_JOB_IMPORT_CHECK].most_attempts; i++) {
		dbt_sql("UPDATE job SET not_before = UTC_TIMESTAMP(3)");
		assert_true(work(loses_the_database));
	}
	assert_int_equal(dbt_count("job", "state = 'failed' AND error_code = 'ERR_SYS_002'"), 1);
}

/* An import session in a state, with a job that is to move it on. */
static uint64_t add_for_session(const char *status)
{
	uint64_t id;

	dbt_sql(bp_sprintf(&dbt.arena, "DELETE FROM import_session; INSERT INTO import_session (id, name, status, created_by, created_at)"
		" VALUES (5, 'x', '%s', 7, UTC_TIMESTAMP(3))", status));
	id = add("{}");
	dbt_sql(bp_sprintf(&dbt.arena, "UPDATE import_session SET job_id = %llu", (unsigned long long)id));
	return id;
}

static void a_session_does_not_wait_for_a_job_cancelled_in_the_queue(void **state)
{
	(void)state;
	assert_int_equal(bp_job_cancel(dbt.app, add_for_session("PROCESSING")), BP_E_OK);
	assert_int_equal(dbt_count("import_session", "status = 'READY'"), 1);
	assert_int_equal(bp_job_cancel(dbt.app, add_for_session("VALIDATING")), BP_E_OK);
	assert_int_equal(dbt_count("import_session", "status = 'UPLOADING'"), 1);
	assert_int_equal(bp_job_cancel(dbt.app, add_for_session("COMPLETED")), BP_E_OK);
	assert_int_equal(dbt_count("import_session", "status = 'COMPLETED'"), 1);
}

static void nor_for_one_that_keeps_dying(void **state)
{
	(void)state;
	add_for_session("PROCESSING");
	dbt_sql("UPDATE job SET state = 'running', attempts = 99, lease_until = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND");
	assert_true(work(ok));
	assert_int_equal(dbt_count("import_session", "status = 'FAILED' AND error_code = 'ERR_SYS_001' AND error_detail <> ''"), 1);
}

static void higher_priority_and_then_age_decide(void **state)
{
	uint64_t a = add("{}"), b = add("{}"), c = add("{}");

	(void)state;
	dbt_sql(bp_sprintf(&dbt.arena, "UPDATE job SET priority = 5 WHERE id = %llu", (unsigned long long)c));
	while (work(ok))
		;
	assert_int_equal(seen.calls, 3);
	assert_true(seen.ids[0] == c && seen.ids[1] == a && seen.ids[2] == b);
}

static void jobs_on_one_thing_run_one_after_the_other(void **state)
{
	uint64_t a = add("{}"), b = add("{}");

	(void)state;
	assert_true(work(is_followed));
	assert_true(work(ok));
	assert_true(seen.calls == 2 && seen.ids[0] == a && seen.ids[1] == b);
}

static void a_delayed_job_waits(void **state)
{
	(void)state;
	assert_int_equal(bp_job_add(dbt.app, BP_JOB_IMPORT_CHECK, 5, 0, "{}", 60000, 7, NULL, NULL), BP_E_OK);
	assert_false(work(ok));
	dbt_sql("UPDATE job SET not_before = UTC_TIMESTAMP(3)");
	assert_true(work(ok));
}

/* What was written an hour "later" is due, and what a program held then is let go; a true delay, and one that works, stay. */
static void a_clock_that_is_set_back_holds_nothing_up(void **state)
{
	uint64_t n;

	(void)state;
	assert_int_equal(bp_job_add(dbt.app, BP_JOB_IMPORT_CHECK, 5, 0, "{}", 3600000, 7, NULL, NULL), BP_E_OK);
	assert_int_equal(bp_job_add(dbt.app, BP_JOB_IMPORT_CHECK, 6, 0, "{}", 0, 7, NULL, NULL), BP_E_OK);
	dbt_sql("UPDATE job SET state = 'running', lease_token = 1, lease_until = UTC_TIMESTAMP(3) + INTERVAL 1 HOUR WHERE subject = 6");
	assert_int_equal(bp_job_add(dbt.app, BP_JOB_IMPORT_CHECK, 7, 0, "{}", 10000, 7, NULL, NULL), BP_E_OK);
	assert_false(work(ok));
	assert_int_equal(q_job_clock(dbt.app, &n), BP_E_OK);
	assert_int_equal(n, 2);
	assert_int_equal(dbt_count("job", "lease_until BETWEEN UTC_TIMESTAMP(3) AND UTC_TIMESTAMP(3) + INTERVAL 10 SECOND"), 1);
	assert_true(work(ok));
	assert_int_equal(seen.subject, 5);
	assert_false(work(ok));
	assert_int_equal(q_job_clock(dbt.app, &n), BP_E_OK);
	assert_int_equal(n, 0);
}

/* What happened to it can be read afterwards, and goes with it. */
static void a_log_tells_what_it_did(void **state)
{
	const struct {
		const char *what, *text;
		int attempt;
	} told[] = {{"begun", bp_job_machine(), 1}, {"again", "", 1}, {"begun", bp_job_machine(), 2}, {"step", "half", 2}, {"done", "", 2}};
	struct q_job_log *r;
	size_t n;
	uint64_t id;

	(void)state;
	assert_int_equal(bp_job_add(dbt.app, BP_JOB_IMPORT_CHECK, 5, 0, "{}", 0, 7, NULL, &id), BP_E_OK);
	assert_true(work(loses_the_database));
	dbt_sql("UPDATE job SET not_before = UTC_TIMESTAMP(3)");
	assert_true(work(ok));
	assert_int_equal(q_job_log(dbt.app, &dbt.arena, (int64_t)id, 0, 100, &r, &n), BP_E_OK);
	assert_int_equal(n, 5);
	for (size_t i = 0; i < n; i++) {
		assert_string_equal(r[i].what, told[i].what);
		assert_true(!*told[i].text || !strcmp(r[i].text, told[i].text));
		assert_int_equal(r[i].attempt, told[i].attempt);
	}
	dbt_sql("DELETE FROM job");
	assert_int_equal(dbt_count("job_log", "1"), 0);
}

static int turns;
static enum bp_error turn(struct bp_db *db, struct bp_fail *f)
{
	(void)db;
	return ++turns == 1 ? BP_E_OK : bp_fail(f, BP_E_DISK_FULL, "no room");
}
static void what_is_done_by_the_clock_is_done_in_its_turn_and_when_asked(void **state)
{
	enum bp_error (*run[BP_SCHEDULE__MAX])(struct bp_db *, struct bp_fail *);

	(void)state;
	for (int i = 0; i < BP_SCHEDULE__MAX; i++)
		run[i] = turn;
	bp_schedule_work(dbt.app, run);
	assert_int_equal(turns, BP_SCHEDULE__MAX);
	assert_int_equal(dbt_count("schedule", "took_ms IS NOT NULL AND problem IS NULL"), 1);
	assert_int_equal(dbt_count("schedule", "problem = 'no room'"), BP_SCHEDULE__MAX - 1);
	bp_schedule_work(dbt.app, run);
	assert_int_equal(turns, BP_SCHEDULE__MAX);
	assert_int_equal(bp_schedule_now(dbt.app, "SWEEP"), BP_E_OK);
	bp_schedule_work(dbt.app, run);
	assert_int_equal(turns, BP_SCHEDULE__MAX + 1);
	dbt_sql("UPDATE schedule SET next_at = UTC_TIMESTAMP(3) + INTERVAL 1 DAY"); /* the clock was set back */
	bp_schedule_work(dbt.app, run);
	assert_int_equal(turns, 2 * BP_SCHEDULE__MAX + 1);
	assert_int_equal(bp_schedule_now(dbt.app, "NOON"), BP_E_NOT_FOUND);
}

static void a_daemon_takes_only_its_own_kinds(void **state)
{
	(void)state;
	assert_int_equal(bp_job_add(dbt.app, BP_JOB_OPTIMIZE, 5, 0, "{}", 0, 7, "rq", NULL), BP_E_OK);
	assert_false(work(ok));
	assert_int_equal(dbt_count("job", "state = 'queued'"), 1);
}

/* Four daemons, sixty jobs: each job runs exactly once. */
static int ran[61];
static uint64_t first_id;

static enum bp_error count_me(struct bp_job_run *run)
{
	__atomic_add_fetch(&ran[run->id - first_id], 1, __ATOMIC_SEQ_CST);
	return BP_E_OK;
}

static void *daemon_thread(void *ctx)
{
	runner run[BP_JOB__MAX] = {[BP_JOB_IMPORT_CHECK] = count_me};
	struct bp_fail f = {0};
	struct bp_db *db = NULL;
	bool worked = true;

	(void)ctx;
	if (bp_db_open(&db, &dbt.app_conf, &f))
		return NULL;
	for (int idle = 0; idle < 3; idle = worked ? 0 : idle + 1)
		if (bp_job_work(db, BP_JOB_WORKER, 0, run, NULL, &worked))
			worked = false;
	bp_db_free(db);
	return NULL;
}

static void many_daemons_share_the_table(void **state)
{
	pthread_t t[4];

	(void)state;
	memset(ran, 0, sizeof(ran));
	first_id = add("{}");
	for (int i = 1; i < 60; i++)
		assert_true(add("{}") - first_id == (uint64_t)i);
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&t[i], NULL, daemon_thread, NULL), 0);
	for (int i = 0; i < 4; i++)
		pthread_join(t[i], NULL);
	for (int i = 0; i < 60; i++)
		assert_int_equal(ran[i], 1);
	assert_int_equal(dbt_count("job", "state = 'done' AND attempts = 1"), 60);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_job_runs_once_and_ends_done, fresh),
		cmocka_unit_test_setup(a_failure_says_why, fresh),
		cmocka_unit_test_setup(a_queued_job_is_cancelled_at_once, fresh),
		cmocka_unit_test_setup(a_running_job_stops_when_it_reports, fresh),
		cmocka_unit_test_setup(a_lapsed_lease_goes_to_an_heir_with_the_checkpoint, fresh), cmocka_unit_test_setup(a_lease_is_kept_beside_the_work, fresh),
		cmocka_unit_test_setup(a_job_that_keeps_dying_fails, fresh),
		cmocka_unit_test_setup(a_job_whose_work_clashes_fails, fresh),
		cmocka_unit_test_setup(a_daemon_that_must_end_gives_the_job_back, fresh),
		cmocka_unit_test_setup(a_lost_database_means_another_try_later, fresh),
		cmocka_unit_test_setup(but_not_for_ever, fresh),
		cmocka_unit_test_setup(a_session_does_not_wait_for_a_job_cancelled_in_the_queue, fresh),
		cmocka_unit_test_setup(nor_for_one_that_keeps_dying, fresh),
		cmocka_unit_test_setup(higher_priority_and_then_age_decide, fresh),
		cmocka_unit_test_setup(jobs_on_one_thing_run_one_after_the_other, fresh),
		cmocka_unit_test_setup(a_delayed_job_waits, fresh),
		cmocka_unit_test_setup(a_clock_that_is_set_back_holds_nothing_up, fresh),
		cmocka_unit_test_setup(a_log_tells_what_it_did, fresh),
		cmocka_unit_test_setup(what_is_done_by_the_clock_is_done_in_its_turn_and_when_asked, fresh),
		cmocka_unit_test_setup(a_daemon_takes_only_its_own_kinds, fresh),
		cmocka_unit_test_setup(many_daemons_share_the_table, fresh),
	};

	bp_log_setup("t_job", BP_LOG_ERROR);
	return cmocka_run_group_tests(tests, dbt_init, dbt_release);
}
