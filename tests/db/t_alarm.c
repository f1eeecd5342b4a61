/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Alarms are told once, also where several look; events go out in their order, at least once, and nothing waits for nobody. */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/time.h"
#include "health/alarm.h"
#include "health/memory.h"
#include "outbox/outbox.h"
#include "setting/setting.h"
#include "tests/db/db.h"

#define MINUTE 60000000LL
#define HOUR (60 * MINUTE)

static const struct bp_alarm_limits limits = {2 * MINUTE, 10 * MINUTE, 24 * HOUR};

/* --- one alarm --- */

static void it_stands_after_a_while_is_told_again_and_ends(void **state)
{
	struct bp_alarm_state s = {0};
	int64_t t = 1000 * HOUR;

	(void)state;
	assert_int_equal(bp_alarm_step(&s, true, t, &limits), BP_ALARM_NO_NEWS);
	assert_int_equal(bp_alarm_step(&s, true, t + MINUTE, &limits), BP_ALARM_NO_NEWS);
	assert_int_equal(bp_alarm_step(&s, true, t + 2 * MINUTE, &limits), BP_ALARM_BEGAN);
	assert_int_equal(s.began, t);
	for (int64_t m = 3; m < 24 * 60 + 2; m++)
		assert_int_equal(bp_alarm_step(&s, true, t + m * MINUTE, &limits), BP_ALARM_NO_NEWS);
	t += 24 * HOUR + 2 * MINUTE;
	assert_int_equal(bp_alarm_step(&s, true, t, &limits), BP_ALARM_STANDS);
	assert_int_equal(bp_alarm_step(&s, false, t + MINUTE, &limits), BP_ALARM_NO_NEWS);
	assert_int_equal(bp_alarm_step(&s, false, t + 11 * MINUTE, &limits), BP_ALARM_ENDED);
	assert_false(s.stands);
}

static void what_comes_and_goes_does_not_flood(void **state)
{
	static const int64_t periods[] = {1, 2, 3, 5, 12, 15, 30, 61};

	(void)state;
	for (size_t p = 0; p < sizeof(periods) / sizeof(*periods); p++) {
		struct bp_alarm_state s = {0};
		int told = 0;

		for (int64_t m = 0; m < 24 * 60; m++)
			told += bp_alarm_step(&s, m / periods[p] % 2 == 0, 1000 * HOUR + m * MINUTE, &limits) != BP_ALARM_NO_NEWS;
		assert_in_range(told, 0, 8);
	}
}

static void a_clock_that_was_put_back_does_not_silence_it(void **state)
{
	struct bp_alarm_state s = {0};

	(void)state;
	bp_alarm_step(&s, true, 1000 * HOUR, &limits);
	bp_alarm_step(&s, true, 900 * HOUR, &limits);
	assert_int_equal(bp_alarm_step(&s, true, 900 * HOUR + 2 * MINUTE, &limits), BP_ALARM_BEGAN);
	bp_alarm_step(&s, true, 800 * HOUR, &limits);
	assert_int_equal(bp_alarm_step(&s, true, 824 * HOUR, &limits), BP_ALARM_STANDS);
}

/* --- in the tables --- */

static int fresh(void **state)
{
	(void)state;
	dbt_sql("DELETE FROM alarm; DELETE FROM duty; DELETE FROM outbox; DELETE FROM notice; DELETE FROM user_scope; DELETE FROM user;"
		"INSERT INTO user (id, username, name, email, locale, notice_mail, created_at) VALUES"
		" (1, 'root', 'Ruth', 'r@example.org', 'en', 1, UTC_TIMESTAMP()), (2, 'plan', 'Paul', '', 'en', 0, UTC_TIMESTAMP());"
		"INSERT INTO user_scope (user_id, territory_id, role) VALUES (1, 0, 'admin'), (2, 0, 'gt_planner')");
	return 0;
}

static void webhook(void)
{
	dbt_sql("INSERT INTO duty (name, place, at) VALUES ('webhook', 'here', UTC_TIMESTAMP(3))");
}

static void who_looks_after_the_system_is_told_once(void **state)
{
	bool sounds[BP_ALARM__MAX] = {[BP_ALARM_JOBS_WAIT] = true, [BP_ALARM_DISK_LOW] = true};
	int64_t t = bp_now() - HOUR;

	(void)state;
	webhook();
	for (int m = 0; m < 20; m++) {
		assert_int_equal(bp_alarms_take(dbt.app, "", sounds, t + m * MINUTE), BP_E_OK);
		assert_int_equal(bp_alarms_take(dbt.app, "web1:/srv", sounds, t + m * MINUTE), BP_E_OK);
	}
	assert_int_equal(dbt_count("notice", "kind = 'ALARM_BEGAN'"), 2);
	assert_int_equal(dbt_count("notice", "user_id = 1 AND mail = 1 AND text LIKE '%(web1)'"), 1);
	assert_int_equal(dbt_count("alarm", "stands = 1 AND told = '[1]'"), 2);
	assert_int_equal(dbt_count("outbox", "topic = 'alarm.began' AND JSON_VALID(payload)"), 2);
	memset(sounds, 0, sizeof(sounds));
	for (int m = 20; m < 40; m++)
		assert_int_equal(bp_alarms_take(dbt.app, "", sounds, t + m * MINUTE), BP_E_OK);
	assert_int_equal(dbt_count("notice", "kind = 'ALARM_ENDED'"), 1);
	assert_int_equal(dbt_count("alarm", "stands = 1"), 1);
}

static void nobody_to_tell_is_no_fault(void **state)
{
	bool sounds[BP_ALARM__MAX] = {[BP_ALARM_JOBS_WAIT] = true};

	(void)state;
	dbt_sql(bp_sprintf(&dbt.arena, "INSERT INTO notice (user_id, kind, text, at) VALUES (2, 'ALARM_BEGAN', '%s', UTC_TIMESTAMP(3));"
		"DELETE FROM user_scope", bp_alarms[BP_ALARM_JOBS_WAIT].what));
	for (int m = 0; m < 4; m++)
		assert_int_equal(bp_alarms_take(dbt.app, "", sounds, bp_now() - HOUR + m * MINUTE), BP_E_OK);
	assert_int_equal(dbt_count("alarm", "stands = 1 AND told = '[]'"), 1);
}

static void one_of_several_takes_the_turn(void **state)
{
	uint64_t first, second, third;

	(void)state;
	assert_int_equal(q_duty_keep(dbt.app, "alarms", "a", "", NULL), BP_E_OK);
	dbt_sql("UPDATE duty SET at = at - INTERVAL 2 MINUTE");
	q_duty_take(dbt.app, "alarms", "a", 60, &first);
	q_duty_take(dbt.app, "alarms", "b", 60, &second);
	dbt_sql("UPDATE duty SET at = at + INTERVAL 1 DAY"); /* a clock that was ahead */
	q_duty_take(dbt.app, "alarms", "b", 60, &third);
	assert_int_equal(first, 1);
	assert_int_equal(second, 0);
	assert_int_equal(third, 1);
}

static void without_a_webhook_nothing_waits(void **state)
{
	(void)state;
	assert_int_equal(bp_outbox_add(dbt.app, "plan.committed", 1, "{}"), BP_E_OK);
	assert_int_equal(dbt_count("outbox", "1"), 0);
	webhook();
	assert_int_equal(bp_outbox_add(dbt.app, "plan.committed", 1, "{}"), BP_E_OK);
	assert_int_equal(dbt_count("outbox", "LENGTH(event) = 36"), 1);
	dbt_sql("UPDATE outbox SET created_at = created_at - INTERVAL 1 DAY");
	q_outbox_unwanted(dbt.app, NULL);
	assert_int_equal(dbt_count("outbox", "1"), 1);
	q_duty_drop(dbt.app, "webhook", "elsewhere", NULL);
	assert_int_equal(dbt_count("duty", "1"), 1);
	q_duty_drop(dbt.app, "webhook", "here", NULL);
	q_outbox_unwanted(dbt.app, NULL);
	assert_int_equal(dbt_count("outbox", "1"), 0);
}

static int64_t next(void)
{
	struct q_outbox_next r;

	return q_outbox_next(dbt.app, &dbt.arena, &r) ? 0 : r.id;
}

static void each_subject_keeps_its_order(void **state)
{
	uint64_t mine;

	(void)state;
	webhook();
	dbt_sql("INSERT INTO outbox (id, topic, subject, payload, created_at) VALUES (1, 'a.x', 7, '{}', UTC_TIMESTAMP(3)), (2, 'a.y', 7, '{}', UTC_TIMESTAMP(3)),"
		" (3, 'b.x', 7, '{}', UTC_TIMESTAMP(3))");
	assert_int_equal(next(), 1);
	q_outbox_claim(dbt.app, 1, 0, 60, &mine);
	assert_int_equal(mine, 1);
	q_outbox_claim(dbt.app, 1, 0, 60, &mine); /* another worker, which saw the same */
	assert_int_equal(mine, 0);
	assert_int_equal(next(), 3);              /* 2 waits for 1, which is on its way */
	q_outbox_failed(dbt.app, 1, 0, 72, "it answered 500", NULL);
	assert_int_equal(next(), 3);              /* the least tried first */
	q_outbox_delivered(dbt.app, 3, NULL);
	assert_int_equal(next(), 1);
	q_duty_ill(dbt.app, "webhook", "no answer", 300, NULL);
	assert_int_equal(next(), 0);              /* the webhook rests */
	q_duty_well(dbt.app, "webhook", NULL);
	dbt_sql("UPDATE outbox SET created_at = created_at - INTERVAL 73 HOUR WHERE id = 1");
	q_outbox_failed(dbt.app, 1, 0, 72, "it answered 400", NULL);
	assert_int_equal(dbt_count("outbox", "id = 1 AND given_up_at IS NOT NULL AND error = 'it answered 400'"), 1);
	assert_int_equal(next(), 2);
	q_outbox_again(dbt.app, &mine);
	assert_int_equal(mine, 1);
	assert_int_equal(next(), 1);
	q_outbox_failed(dbt.app, 1, 0, 72, "it answered 400", NULL);
	assert_int_equal(dbt_count("outbox", "given_up_at IS NOT NULL"), 0);
}

static void a_signature_is_what_others_reckon(void **state)
{
	char out[BP_SIGNATURE_SIZE], target[BP_TARGET_SIZE];

	(void)state;
	/* RFC 4231, case 2 */
	bp_call_sign("Jefe", "what do ya want for nothing?", out);
	assert_string_equal(out, "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	assert_null(bp_call_target("https://user:word@hooks.example.org:8443/secret?token=x", target));
	assert_string_equal(target, "https://hooks.example.org:8443");
	assert_non_null(bp_call_target("ftp://example.org/", target));
	assert_non_null(bp_call_target("hooks.example.org", target));
	assert_non_null(bp_call_target("", target));
	assert_non_null(bp_call_target("file:///etc/passwd", target));
}

/* --- what sounds --- */

static bool sounds(int alarm)
{
	struct bp_conf c = dbt.conf;
	struct bp_health h;
	char root[] = "/";

	c.dir = root;
	c.runs = "worker";
	c.upload_dir = "/";
	c.backup_dir = "off";
	assert_int_equal(bp_health_read(dbt.app, &dbt.arena, &c, &h), BP_E_OK);
	return h.alarm[alarm];
}

static void a_share_of_many_requests_has_to_fail(void **state)
{
	char path[] = "/tmp/t_alarm.XXXXXX";
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0 && bp_meter_open(path));
	for (int i = 0; i < 20; i++)
		bp_meter_lately(1000, true, bp_now());
	assert_false(sounds(BP_ALARM_ERRORS)); /* of few */
	for (int i = 0; i < 1980; i++)
		bp_meter_lately(1000, false, bp_now());
	assert_false(sounds(BP_ALARM_ERRORS)); /* one in a hundred */
	bp_meter_lately(1000, true, bp_now());
	assert_true(sounds(BP_ALARM_ERRORS));
	close(fd);
	unlink(path);
}

static void a_copy_that_is_behind_or_silent_sounds(void **state)
{
	(void)state;
	assert_int_equal(q_database_put(dbt.app, "a", false, (struct bp_opt_num){0, false}, "", NULL), BP_E_OK);
	assert_int_equal(q_database_put(dbt.app, "b", true, (struct bp_opt_num){59, true}, "", NULL), BP_E_OK);
	assert_false(sounds(BP_ALARM_REPLICA));
	assert_int_equal(q_database_put(dbt.app, "b", true, (struct bp_opt_num){61, true}, "", NULL), BP_E_OK);
	assert_true(sounds(BP_ALARM_REPLICA));
	assert_int_equal(q_database_put(dbt.app, "b", true, (struct bp_opt_num){0, false}, "gone", NULL), BP_E_OK);
	assert_true(sounds(BP_ALARM_REPLICA));
	dbt_sql("UPDATE database_host SET looked_at = looked_at - INTERVAL 2 HOUR WHERE host = 'b'");
	assert_int_equal(q_databases_gone(dbt.app, NULL), BP_E_OK);
	assert_false(sounds(BP_ALARM_REPLICA));
}

/* Many good ones come after it within an hour: it would be over before anybody looked. */
static void a_snapshot_that_differed_sounds_for_a_day(void **state)
{
	(void)state;
	assert_int_equal(q_duty_keep(dbt.app, "snapshots", "a", "", NULL), BP_E_OK);
	assert_int_equal(q_snapshots_good(dbt.app, NULL), BP_E_OK);
	assert_false(sounds(BP_ALARM_SNAPSHOT_DIFFERED));
	assert_int_equal(q_duty_ill(dbt.app, "snapshots", "U5: the database says otherwise", 0, NULL), BP_E_OK);
	assert_int_equal(q_snapshots_good(dbt.app, NULL), BP_E_OK);
	assert_true(sounds(BP_ALARM_SNAPSHOT_DIFFERED));
	assert_int_equal(dbt_count("duty", "error LIKE 'U5%' AND ok_at IS NOT NULL"), 1);
	dbt_sql("UPDATE duty SET failed_at = failed_at - INTERVAL 25 HOUR");
	assert_int_equal(q_snapshots_good(dbt.app, NULL), BP_E_OK);
	assert_false(sounds(BP_ALARM_SNAPSHOT_DIFFERED));
	assert_int_equal(dbt_count("duty", "error = '' AND failures = 0"), 1);
}

/* This machine has no folder for them: the one that had may be gone. */
static void missing_backups_sound_wherever_they_are_looked_for(void **state)
{
	(void)state;
	assert_false(sounds(BP_ALARM_BACKUP_OLD));
	assert_int_equal(q_backup_wanted(dbt.app, "first:/srv", "/mnt/backups", NULL), BP_E_OK);
	assert_true(sounds(BP_ALARM_BACKUP_OLD));
	assert_int_equal(q_backup_unwanted(dbt.app, "promoted:/srv", NULL), BP_E_OK); /* it has never made any */
	assert_true(sounds(BP_ALARM_BACKUP_OLD));
	dbt_sql("INSERT INTO backup_run (dir, state, bytes, detail, started_at, ended_at) VALUES ('x', 'done', 1, '', UTC_TIMESTAMP(3), UTC_TIMESTAMP(3))");
	assert_false(sounds(BP_ALARM_BACKUP_OLD));
	dbt_sql("UPDATE backup_run SET ended_at = ended_at - INTERVAL 26 HOUR");
	assert_true(sounds(BP_ALARM_BACKUP_OLD));
	assert_int_equal(q_backup_unwanted(dbt.app, "first:/srv", NULL), BP_E_OK);
	assert_false(sounds(BP_ALARM_BACKUP_OLD));
}

/* --- memory --- */

static void put(const char *dir, const char *name, const char *text)
{
	char path[600];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	out = fopen(path, "we");
	assert_non_null(out);
	fputs(text, out);
	fclose(out);
}

static int drop(const char *path, const struct stat *st, int type, struct FTW *where)
{
	(void)st;
	(void)type;
	(void)where;
	return remove(path);
}

static void memory_is_that_of_the_tightest_group(void **state)
{
	char root[] = "/tmp/beatplan-memory-XXXXXX", inner[100], self[100], outer[60];
	struct bp_memory m = {0};

	(void)state;
	assert_non_null(mkdtemp(root));
	snprintf(self, sizeof(self), "%s/self", root);
	snprintf(outer, sizeof(outer), "%s/system.slice", root);
	snprintf(inner, sizeof(inner), "%s/beatplan.service", outer);
	put(root, "self", "9:name=systemd:/else\n0::/system.slice/beatplan.service\n");
	assert_false(bp_memory_group(self, root, &m)); /* nothing is there */
	assert_int_equal(mkdir(outer, 0700) | mkdir(inner, 0700), 0);
	put(inner, "memory.max", "max\n");
	put(inner, "memory.current", "900\n");
	assert_false(bp_memory_group(self, root, &m)); /* nothing limits it */
	put(outer, "memory.max", "1000\n");
	put(outer, "memory.current", "950\n");
	put(outer, "memory.stat", "anon 500\ninactive_file 150\nactive_file 1\n");
	assert_true(bp_memory_group(self, root, &m));
	assert_int_equal(m.size, 1000);
	assert_int_equal(m.free, 200); /* what files are kept in memory can be had */
	put(inner, "memory.max", "2000\n");
	put(inner, "memory.current", "1990\n");
	assert_true(bp_memory_group(self, root, &m));
	assert_int_equal(m.size, 2000);
	assert_int_equal(m.free, 10);
	put(root, "self", "0::/\n");
	assert_false(bp_memory_group(self, root, &m)); /* of a container, whose files are elsewhere */
	put(root, "meminfo", "MemTotal:       100 kB\nMemFree: 1 kB\nMemAvailable:    40 kB\n");
	snprintf(self, sizeof(self), "%s/meminfo", root);
	assert_true(bp_memory_machine(self, &m));
	assert_int_equal(m.size, 102400);
	assert_int_equal(m.free, 40960);
	put(root, "meminfo", "MemTotal: x\n");
	assert_false(bp_memory_machine(self, &m));
	assert_int_equal(nftw(root, drop, 8, FTW_DEPTH | FTW_PHYS), 0);
}

static void a_drill_that_failed_or_is_missing_sounds(void **state)
{
	(void)state;
	assert_int_equal(q_backup_wanted(dbt.app, "first:/srv", "/mnt/backups", NULL), BP_E_OK);
	dbt_sql("INSERT INTO backup_run (dir, state, bytes, detail, started_at, ended_at) VALUES ('x', 'done', 1, '', UTC_TIMESTAMP(3), UTC_TIMESTAMP(3))");
	assert_false(sounds(BP_ALARM_BACKUP_DRILL)); /* not due yet */
	dbt_sql("UPDATE backup_run SET ended_at = ended_at - INTERVAL 9 DAY");
	assert_true(sounds(BP_ALARM_BACKUP_DRILL));
	dbt_sql("INSERT INTO backup_drill (dir, state, started_at, ended_at) VALUES ('x', 'done', UTC_TIMESTAMP(3), UTC_TIMESTAMP(3))");
	assert_false(sounds(BP_ALARM_BACKUP_DRILL));
	dbt_sql("INSERT INTO backup_drill (dir, state, detail, started_at) VALUES ('x', 'running', '', UTC_TIMESTAMP(3))");
	assert_false(sounds(BP_ALARM_BACKUP_DRILL));
	dbt_sql("UPDATE backup_drill SET state = 'failed', ended_at = UTC_TIMESTAMP(3) WHERE state = 'running'");
	assert_true(sounds(BP_ALARM_BACKUP_DRILL));
	dbt_sql("DELETE FROM backup_drill WHERE state = 'failed'");
	dbt_sql("UPDATE backup_drill SET started_at = started_at - INTERVAL 9 DAY");
	assert_true(sounds(BP_ALARM_BACKUP_DRILL));
	assert_int_equal(q_backup_unwanted(dbt.app, "first:/srv", NULL), BP_E_OK);
	assert_false(sounds(BP_ALARM_BACKUP_DRILL));
	dbt_sql("DELETE FROM backup_drill");
	dbt_sql("DELETE FROM backup_run");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_stands_after_a_while_is_told_again_and_ends),
		cmocka_unit_test(what_comes_and_goes_does_not_flood),
		cmocka_unit_test(a_clock_that_was_put_back_does_not_silence_it),
		cmocka_unit_test_setup(who_looks_after_the_system_is_told_once, fresh),
		cmocka_unit_test_setup(nobody_to_tell_is_no_fault, fresh),
		cmocka_unit_test_setup(one_of_several_takes_the_turn, fresh),
		cmocka_unit_test_setup(without_a_webhook_nothing_waits, fresh),
		cmocka_unit_test_setup(each_subject_keeps_its_order, fresh),
		cmocka_unit_test_setup(a_share_of_many_requests_has_to_fail, fresh),
		cmocka_unit_test_setup(a_copy_that_is_behind_or_silent_sounds, fresh),
		cmocka_unit_test_setup(a_snapshot_that_differed_sounds_for_a_day, fresh),
		cmocka_unit_test_setup(missing_backups_sound_wherever_they_are_looked_for, fresh),
		cmocka_unit_test(memory_is_that_of_the_tightest_group),
		cmocka_unit_test_setup(a_drill_that_failed_or_is_missing_sounds, fresh),
		cmocka_unit_test(a_signature_is_what_others_reckon),
	};

	return cmocka_run_group_tests_name("alarm", tests, dbt_init, dbt_release);
}
