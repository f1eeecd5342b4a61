/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The chain of the audit trail: what breaks it is found and named, what is lawful does not break it. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "audit/audit.h"
#include "audit/chain.h"
#include "base/time.h"
#include "tests/db/db.h"

static char dir[64];

/* A trail of `n` events, every third with changes, so many days ago. */
static void events(int n, int days)
{
	for (int i = 0; i < n; i++)
		dbt_sql(bp_sprintf(&dbt.arena, "INSERT INTO audit_event (at, user_id, action, resource_type, resource_id, reason, ip, user_agent, "
			"correlation_id) VALUES (UTC_TIMESTAMP(3) - INTERVAL %d DAY - INTERVAL 1 HOUR, %d, 'LOGIN', 'user', 1, 'grund %d \"ü\"', '::1', 'x', '');"
			"%s", days, i % 5, i, i % 3 ? "DO 0" : "INSERT INTO audit_change VALUES (LAST_INSERT_ID(), 0, 'a', NULL, '1'), (LAST_INSERT_ID(), 1, 'b', '', 'zwei')"));
}

static int fresh(void **state)
{
	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/bp-audit.XXXXXX");
	assert_non_null(mkdtemp(dir));
	dbt_sql("DELETE FROM audit_event; DELETE FROM audit_change; DELETE FROM audit_seal; DELETE FROM audit_archive; DELETE FROM erasable_change");
	return 0;
}

/* Run a line of the shell, which tests may. */
static int shell(const char *line)
{
	int status = -1;
	pid_t pid = fork();

	if (!pid) {
		execl("/bin/sh", "sh", "-c", line, (char *)NULL);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static int drop(void **state)
{
	(void)state;
	return shell(bp_sprintf(&dbt.arena, "rm -rf %s", dir));
}

static int64_t last_event(void)
{
	struct q_audit_seal_last r;

	assert_int_equal(q_audit_seal_last(dbt.app, &dbt.arena, &r), BP_E_OK);
	return r.event_id;
}

static int64_t seal(void)
{
	int64_t n = -1;

	assert_int_equal(bp_audit_seal(dbt.app, &n), BP_E_OK);
	return n;
}

static struct bp_audit_verdict verify(void)
{
	struct bp_audit_verdict v;
	struct bp_fail f = {0};

	if (bp_audit_verify(dbt.app, dir, &v, &f))
		fail_msg("%s", f.detail);
	return v;
}

static void publish(void)
{
	struct bp_fail f = {0};

	assert_int_equal(bp_audit_publish(dbt.app, dir, &f), BP_E_OK);
}

static void events_are_sealed_in_turn_and_once(void **state)
{
	struct bp_audit_verdict v;

	(void)state;
	events(1005, 0);
	assert_int_equal(seal(), 1005);
	assert_int_equal(seal(), 0);
	events(3, 0);
	assert_int_equal(seal(), 3);
	publish();
	publish();
	v = verify();
	if (v.broken)
		fail_msg("%s at %lld", v.what, (long long)v.at.event);
	assert_int_equal(v.tables, 1008);
	assert_int_equal(v.published, 1);
	assert_int_equal(v.waiting, 0);
	assert_int_equal(v.head.seal, 1008);
	assert_int_equal(dbt_count("audit_seal", "seal BETWEEN 1 AND 1008"), 1008);
}

static void what_is_new_waits_for_its_elders(void **state)
{
	struct bp_audit au = {.action = BP_ACTION_LOGIN, .user = 7, .resource_type = "user"};

	(void)state;
	assert_int_equal(bp_audit_write(dbt.app, &au), BP_E_OK);
	assert_int_equal(seal(), 0);
	assert_int_equal(verify().waiting, 1);
}

/* A transaction with a lower number that commits after one with a higher number. */
static void a_late_commit_leaves_no_gap(void **state)
{
	static const char add[] = "INSERT INTO audit_event (at, user_id, action, resource_type, resource_id, ip, user_agent, correlation_id) "
		"VALUES (UTC_TIMESTAMP(3) - INTERVAL 1 HOUR, 1, 'LOGIN', 'user', 1, '', '', '')";
	struct bp_db *late = dbt_connect();

	(void)state;
	events(2, 0);
	assert_int_equal(bp_db_bulk(late, "START TRANSACTION", NULL), BP_E_OK);
	assert_int_equal(bp_db_bulk(late, add, NULL), BP_E_OK);
	events(2, 0);
	assert_int_equal(seal(), 0);
	assert_int_equal(bp_db_bulk(late, "COMMIT", NULL), BP_E_OK);
	assert_int_equal(seal(), 5);
	assert_false(verify().broken);
	/* One that is rolled back leaves a hole in the numbers, and none in the chain. */
	assert_int_equal(bp_db_bulk(late, "START TRANSACTION", NULL), BP_E_OK);
	assert_int_equal(bp_db_bulk(late, add, NULL), BP_E_OK);
	events(1, 0);
	assert_int_equal(bp_db_bulk(late, "ROLLBACK", NULL), BP_E_OK);
	assert_int_equal(seal(), 1);
	assert_false(verify().broken);
	bp_db_free(late);
}

static void the_first_broken_row_is_named(void **state)
{
	static const struct {
		const char *sql, *what;
		int seal;
	} tampers[] = {
		{"UPDATE audit_event SET reason = 'x' WHERE id = (SELECT event_id FROM audit_seal WHERE seal = 40)", "it was changed", 40},
		{"UPDATE audit_change SET new_value = 'x' WHERE event_id = (SELECT event_id FROM audit_seal WHERE seal = 40) AND seq = 1", "it was changed", 40},
		{"DELETE FROM audit_change WHERE event_id = (SELECT event_id FROM audit_seal WHERE seal = 40) AND seq = 0", "it was changed", 40},
		{"INSERT INTO audit_change VALUES ((SELECT event_id FROM audit_seal WHERE seal = 41), 0, 'x', NULL, 'x')", "it was changed", 41},
		{"DELETE FROM audit_event WHERE id = (SELECT event_id FROM audit_seal WHERE seal = 40)", "it was taken out", 40},
		{"DELETE FROM audit_seal WHERE seal = 40", "its seal was taken out", 40},
		{"DELETE e, s FROM audit_event e JOIN audit_seal s ON s.event_id = e.id WHERE s.seal = 40", "its seal was taken out", 40},
		{"UPDATE audit_event SET id = id + 5 WHERE id > (SELECT e FROM (SELECT event_id e FROM audit_seal WHERE seal = 60) x) ORDER BY id DESC", "it was taken out", 61},
		{"SET @a = (SELECT event_id FROM audit_seal WHERE seal = 40), @b = (SELECT event_id FROM audit_seal WHERE seal = 43);"
			"UPDATE audit_event SET id = 1000000000 WHERE id = @a; UPDATE audit_event SET id = @a WHERE id = @b;"
			"UPDATE audit_event SET id = @b WHERE id = 1000000000", "it was changed", 40},
		{"SET @a = (SELECT event_id FROM audit_seal WHERE seal = 40), @b = (SELECT event_id FROM audit_seal WHERE seal = 41);"
			"UPDATE audit_seal SET event_id = 0 WHERE seal = 40; UPDATE audit_seal SET event_id = @a WHERE seal = 41;"
			"UPDATE audit_seal SET event_id = @b WHERE seal = 40", "it was put in later", 40},
		{"DELETE e, s FROM audit_event e JOIN audit_seal s ON s.event_id = e.id WHERE s.seal > 95", "it was published once and is missing", 96},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(tampers) / sizeof(*tampers); i++) {
		struct bp_audit_verdict v;

		drop(NULL);
		fresh(NULL);
		events(100, 0);
		assert_int_equal(seal(), 100);
		publish();
		assert_false(verify().broken);
		dbt_sql(tampers[i].sql);
		v = verify();
		if (!v.broken || v.at.seal != tampers[i].seal || !strstr(v.what, tampers[i].what))
			fail_msg("%s: broken %d at %lld: %s", tampers[i].sql, v.broken, (long long)v.at.seal, v.what);
	}
}

static void a_row_put_in_between_is_found(void **state)
{
	struct bp_audit_verdict v;

	(void)state;
	events(10, 0);
	dbt_sql("DELETE FROM audit_event WHERE id = (SELECT id FROM (SELECT id FROM audit_event ORDER BY id LIMIT 1 OFFSET 4) x);"
		"DELETE FROM audit_change WHERE event_id NOT IN (SELECT id FROM audit_event)");
	assert_int_equal(seal(), 9);
	assert_false(verify().broken);
	dbt_sql("INSERT INTO audit_event SELECT MIN(a.id) + 1, at, 1, 'LOGIN', 'user', 1, 0, '', 0, '', '', '', '' FROM audit_event a "
		"WHERE NOT EXISTS (SELECT 1 FROM audit_event b WHERE b.id = a.id + 1)");
	v = verify();
	assert_true(v.broken);
	assert_non_null(strstr(v.what, "put in later"));
	assert_int_equal(v.at.seal, 5);
}

/* Who may write to every table makes the whole chain anew: only what was published tells. */
static void a_chain_made_anew_is_found(void **state)
{
	struct bp_audit_verdict v;

	(void)state;
	events(30, 0);
	seal();
	publish();
	dbt_sql("UPDATE audit_event SET reason = 'never happened' ORDER BY id LIMIT 1");
	dbt_sql("DELETE FROM audit_seal");
	assert_int_equal(seal(), 30);
	v = verify();
	assert_true(v.broken);
	assert_int_equal(v.at.seal, 30);
	assert_non_null(strstr(v.what, "made anew"));
}

static void months_go_to_archives_and_leave_the_tables(void **state)
{
	struct bp_audit_verdict v;
	struct bp_fail f = {0};
	int64_t made = 0, before;
	char path[200];

	(void)state;
	events(20, 200);
	events(20, 130);
	events(20, 0);
	assert_int_equal(seal(), 60);
	publish();
	assert_int_equal(bp_audit_archive(dbt.app, dir, bp_now(), &made, &f), BP_E_OK);
	assert_int_equal(made, 2);
	assert_int_equal(bp_audit_archive(dbt.app, dir, bp_now(), &made, &f), BP_E_OK);
	assert_int_equal(made, 0);
	before = dbt_count("audit_event", "1");
	assert_int_equal(bp_audit_prune(dbt.app, 190), BP_E_OK);
	assert_int_equal(dbt_count("audit_event", "1"), before - 20);
	assert_int_equal(bp_audit_prune(dbt.app, 90), BP_E_OK);
	assert_int_equal(bp_audit_prune(dbt.app, 0), BP_E_OK);
	assert_int_equal(dbt_count("audit_event", "1"), 20);
	v = verify();
	if (v.broken)
		fail_msg("%s at seal %lld", v.what, (long long)v.at.seal);
	assert_int_equal(v.archived, 40);
	assert_int_equal(v.tables, 20);
	assert_int_equal(v.published, 1);
	events(2, 0);
	assert_int_equal(seal(), 2);
	assert_false(verify().broken);
	/* An archive by itself, and one that somebody has been at. */
	assert_int_equal(shell(bp_sprintf(&dbt.arena, "cd %s && cp 2*-1.jsonl.gz good.gz && gzip -dc good.gz | head -n 15 | gzip > short.gz && "
		"gzip -dc good.gz | sed '5s/grund/grand/' | gzip > bad.gz", dir)), 0);
	snprintf(path, sizeof(path), "%s/good.gz", dir);
	assert_int_equal(bp_audit_verify_file(path, &v, &f), BP_E_OK);
	assert_false(v.broken);
	assert_int_equal(v.archived, 20);
	snprintf(path, sizeof(path), "%s/bad.gz", dir);
	assert_int_equal(bp_audit_verify_file(path, &v, &f), BP_E_OK);
	assert_true(v.broken);
	assert_int_equal(v.at.seal, 4);
	snprintf(path, sizeof(path), "%s/short.gz", dir);
	assert_int_equal(bp_audit_verify_file(path, &v, &f), BP_E_OK);
	assert_true(v.broken);
	assert_int_equal(v.at.seal, 15);
	assert_int_equal(bp_audit_verify_file("/nonexistent", &v, &f), BP_E_NOT_FOUND);
}

static void *verify_beside(void *ctx)
{
	struct bp_db *db = dbt_connect();
	struct bp_fail f = {0};

	if (bp_audit_verify(db, dir, ctx, &f))
		snprintf(((struct bp_audit_verdict *)ctx)->what, 300, "%.250s", f.detail);
	bp_db_free(db);
	return NULL;
}

/* Old rows leave the tables while they are held against the chain: held up behind their seals, it reads on when they are gone. */
static void rows_that_leave_meanwhile_break_nothing(void **state)
{
	struct bp_db *lock = NULL;
	struct bp_audit_verdict v = {0};
	struct bp_fail f = {0};
	int64_t made = 0;
	pthread_t beside;

	(void)state;
	events(20, 200);
	events(20, 0);
	assert_int_equal(seal(), 40);
	assert_int_equal(bp_audit_archive(dbt.app, dir, bp_now(), &made, &f), BP_E_OK);
	assert_int_equal(bp_db_open(&lock, &dbt.admin_conf, &f), BP_E_OK);
	assert_int_equal(bp_db_bulk(lock, "LOCK TABLES audit_event WRITE", NULL), BP_E_OK);
	assert_int_equal(pthread_create(&beside, NULL, verify_beside, &v), 0);
	for (int i = 0; i < 500 && !dbt_count("information_schema.processlist", "state LIKE 'Waiting for table%'"); i++)
		usleep(10000);
	assert_int_equal(bp_db_bulk(lock, "DELETE FROM audit_event WHERE at < UTC_TIMESTAMP() - INTERVAL 100 DAY", NULL), BP_E_OK);
	dbt_sql("DELETE FROM audit_seal WHERE seal <= 20");
	assert_int_equal(bp_db_bulk(lock, "UNLOCK TABLES", NULL), BP_E_OK);
	pthread_join(beside, NULL);
	bp_db_free(lock);
	if (v.broken || *v.what)
		fail_msg("%s at seal %lld", v.what, (long long)v.at.seal);
	assert_int_equal(v.tables, 40);
	v = verify();
	assert_false(v.broken);
	assert_int_equal(v.tables, 20);
	assert_int_equal(v.archived, 20);
}

static void rows_leave_only_by_the_one_way_out(void **state)
{
	(void)state;
	events(5, 200);
	seal();
	/* In no archive: nothing goes, whatever is asked for. */
	assert_int_equal(bp_audit_prune(dbt.app, 0), BP_E_OK);
	assert_int_equal(dbt_count("audit_event", "1"), 5);
	/* Nor what is young, whatever the programs write of an archive. */
	events(4, 2);
	seal();
	assert_int_equal(bp_db_bulk(dbt.app, "INSERT INTO audit_archive (first_seal, last_seal, last_event, last_hash, newest, name, made_at)"
		" SELECT 1, MAX(seal) + 100, MAX(event_id), UNHEX(REPEAT('00', 32)), '2000-01-01', 'forged', UTC_TIMESTAMP(3) FROM audit_seal", NULL), BP_E_OK);
	assert_int_equal(bp_audit_prune(dbt.app, 0), BP_E_OK);
	assert_int_equal(dbt_count("audit_event e", "e.at > UTC_TIMESTAMP() - INTERVAL 30 DAY"), 4);
	assert_int_not_equal(bp_db_bulk(dbt.app, "DELETE FROM audit_seal", NULL), BP_E_OK);
	assert_int_not_equal(bp_db_bulk(dbt.app, "UPDATE audit_seal SET hash = ''", NULL), BP_E_OK);
	assert_int_not_equal(bp_db_bulk(dbt.app, "DELETE FROM audit_archive", NULL), BP_E_OK);
}

static void a_person_is_forgotten_and_the_chain_holds(void **state)
{
	struct bp_audit au = {.action = BP_ACTION_USER_CHANGE, .user = 7, .resource_type = "user", .resource_id = 9};
	struct q_audit_changes *c;
	size_t n;

	(void)state;
	bp_audit_change(&au, "name", "Anna Alt", "Anna Neu");
	bp_audit_change(&au, "email", NULL, "anna@example.org");
	bp_audit_change(&au, "active", "1", "0");
	assert_int_equal(bp_audit_write(dbt.app, &au), BP_E_OK);
	dbt_sql("UPDATE audit_event SET at = at - INTERVAL 1 MINUTE");
	assert_int_equal(seal(), 1);
	assert_int_equal(dbt_count("audit_change", "old_value LIKE '%Anna%' OR new_value LIKE '%anna%'"), 0);
	assert_int_equal(q_audit_changes(dbt.app, &dbt.arena, last_event(), &c, &n), BP_E_OK);
	assert_int_equal(n, 3);
	assert_string_equal(c[0].old_value, "Anna Alt");
	assert_null(c[1].old_value);
	assert_false(verify().broken);
	/* What lies beside the trail cannot be changed unseen either. */
	dbt_sql("UPDATE erasable_change SET new_value = 'Otto' WHERE seq = 0");
	assert_true(verify().broken);
	assert_int_equal(q_erasable_change_drop(dbt.app, 9, NULL), BP_E_OK);
	assert_int_equal(q_audit_changes(dbt.app, &dbt.arena, last_event(), &c, &n), BP_E_OK);
	assert_string_equal(c[0].old_value, "(erased)");
	assert_string_equal(c[2].new_value, "0");
	assert_false(verify().broken);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fresh, drop)

int main(void)
{
	static const struct CMUnitTest tests[] = {TEST(events_are_sealed_in_turn_and_once), TEST(what_is_new_waits_for_its_elders),
		TEST(a_late_commit_leaves_no_gap), TEST(the_first_broken_row_is_named), TEST(a_row_put_in_between_is_found),
		TEST(a_chain_made_anew_is_found), TEST(months_go_to_archives_and_leave_the_tables), TEST(rows_that_leave_meanwhile_break_nothing), TEST(rows_leave_only_by_the_one_way_out),
		TEST(a_person_is_forgotten_and_the_chain_holds)};

	return cmocka_run_group_tests(tests, dbt_init, dbt_release);
}
