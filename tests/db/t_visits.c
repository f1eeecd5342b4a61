/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The visit list of a committed plan: whatever it held before, it is what the version says, and no row is written in vain. */
#include "base/time.h"
#include "plan/holiday.h"
#include "plan/visits.h"
#include "tests/db/db.h"

#define ANCHOR 20454 /* 2026-01-01 */
#define VERSION_ROW "(id, plan_id, number, kind, anchor, weeks, created_by, created_at)"

/* Plan 1 of unit 5, two weeks long. Version 1: fifty needs on days 0 to 9. Version 2: one need on another day, one by another seat,
 * one elsewhere in its tour, one gone, one new, one with an end, one that is two stops with different dates. */
static int fresh(void **state)
{
	(void)state;
	dbt_sql("DROP TABLE IF EXISTS was; DELETE FROM visit; DELETE FROM plan_stop; DELETE FROM plan_version; DELETE FROM plan; DELETE FROM holiday; DELETE FROM seat_absence;"
		"DELETE FROM territory_closure;"
		"INSERT INTO territory_closure (ancestor, descendant, depth) VALUES (5, 5, 0), (4, 4, 0), (4, 5, 1);"
		"INSERT INTO plan (id, territory_id, channel, anchor, weeks) VALUES (1, 5, 'GT', '2026-01-01', 2), (2, 4, 'GT', '2026-01-01', 2);"
		"INSERT INTO plan_version " VERSION_ROW " VALUES (1, 1, 0, 'IMPORT', '2026-01-01', 2, 1, UTC_TIMESTAMP(3)),"
		" (2, 1, 1, 'COMMIT', '2026-01-01', 2, 1, UTC_TIMESTAMP(3)), (3, 2, 0, 'COMMIT', '2026-01-01', 2, 1, UTC_TIMESTAMP(3));"
		"INSERT INTO plan_stop (version_id, need_id, day, seq, seat_id, beat_id, pos) SELECT 1, seq, seq % 10, 0, 7, IF(seq % 3, seq % 3, NULL), seq"
		" FROM seq_1_to_50;"
		"INSERT INTO plan_stop SELECT 2, need_id, day, seq, seat_id, beat_id, pos, from_date, to_date FROM plan_stop WHERE version_id = 1;"
		"INSERT INTO plan_stop SELECT 3, need_id, day, seq, seat_id, beat_id, pos, from_date, to_date FROM plan_stop WHERE version_id = 1;"
		"UPDATE plan_stop SET day = 12 WHERE version_id = 2 AND need_id = 1; UPDATE plan_stop SET seat_id = 8 WHERE version_id = 2 AND need_id = 2;"
		"UPDATE plan_stop SET pos = 99 WHERE version_id = 2 AND need_id = 3; DELETE FROM plan_stop WHERE version_id = 2 AND need_id = 4;"
		"INSERT INTO plan_stop (version_id, need_id, day, seq, seat_id, pos) VALUES (2, 51, 3, 0, 7, 51);"
		"UPDATE plan_stop SET to_date = '2026-02-20' WHERE version_id = 2 AND need_id IN (5, 6);"
		"INSERT INTO plan_stop (version_id, need_id, day, seq, seat_id, pos, from_date) VALUES (2, 6, 6, 1, 8, 6, '2026-02-21');"
		"UPDATE plan_stop SET beat_id = 9 WHERE version_id = 2 AND need_id = 7;");
	return 0;
}

struct commit {
	uint64_t version;
	int64_t effective;
};

static enum bp_error commit_tx(struct bp_db *db, void *ctx)
{
	const struct commit *c = ctx;

	return plan_version_commit(db, &dbt.arena, c->version, c->effective);
}

static void commit(uint64_t version, int64_t effective)
{
	struct commit c = {version, effective};

	assert_int_equal(bp_db_tx(dbt.app, commit_tx, &c), BP_E_OK);
}

/* What a list says that was never there before. */
static void written_anew(int64_t effective)
{
	dbt_sql("CREATE TABLE was AS SELECT * FROM visit WHERE plan_id = 1");
	dbt_sql("DELETE FROM visit WHERE plan_id = 1 AND day >= '2026-01-15'");
	commit(2, effective);
	assert_int_equal(dbt_count("visit v LEFT JOIN was w USING (plan_id, day, need_id, seat_id, pos)", "v.plan_id = 1 AND (w.plan_id IS NULL OR"
		" NOT v.beat_id <=> w.beat_id)"), 0);
	assert_int_equal(dbt_count("was", "1"), dbt_count("visit", "plan_id = 1"));
	dbt_sql("DROP TABLE was");
}

static void a_commit_leaves_what_the_version_says(void **state)
{
	(void)state;
	commit(1, ANCHOR);
	assert_int_equal(dbt_count("visit", "plan_id = 1"), 50 * PLAN_VISITS_DAYS / 14);
	commit(2, ANCHOR + 14);
	/* The days before are as they were; the list reaches two weeks further. */
	assert_int_equal(dbt_count("visit", "plan_id = 1 AND day < '2026-01-15' AND version_id = 1"), 50);
	assert_int_equal(dbt_count("visit", "plan_id = 1 AND need_id = 1 AND day >= '2026-01-15' AND DATEDIFF(day, '2026-01-01') % 14 <> 12"), 0);
	assert_int_equal(dbt_count("visit", "plan_id = 1 AND need_id = 1 AND day >= '2026-01-15'"), 8);
	assert_int_equal(dbt_count("visit", "plan_id = 1 AND need_id = 2 AND day >= '2026-01-15' AND seat_id = 8"), 8);
	assert_int_equal(dbt_count("visit", "plan_id = 1 AND need_id = 3 AND day >= '2026-01-15' AND pos = 99"), 8);
	assert_int_equal(dbt_count("visit", "plan_id = 1 AND need_id = 4 AND day >= '2026-01-15'"), 0);
	assert_int_equal(dbt_count("visit", "plan_id = 1 AND need_id = 51"), 8);
	assert_int_equal(dbt_count("visit", "plan_id = 1 AND need_id = 5 AND day > '2026-02-20'"), 0);
	assert_int_equal(dbt_count("visit", "plan_id = 1 AND need_id = 6 AND seat_id = 8 AND day > '2026-02-20'"), 5);
	/* 43 needs are as they were, on the seven dates that both lists reach: those rows nobody wrote. */
	assert_int_equal(dbt_count("visit", "plan_id = 1 AND version_id = 1 AND day >= '2026-01-15' AND need_id > 7"), 43 * 7);
	written_anew(ANCHOR + 14);
}

static void a_holiday_that_came_since_is_free(void **state)
{
	(void)state;
	commit(1, ANCHOR);
	commit(3, ANCHOR);
	dbt_sql("INSERT INTO holiday (territory_id, day, name) VALUES (4, '2026-01-16', 'Founding day'), (0, '2026-01-20', 'All'), (6, '2026-01-21', 'Others')");
	commit(2, ANCHOR + 14);
	assert_int_equal(dbt_count("visit", "plan_id = 1 AND day IN ('2026-01-16', '2026-01-20')"), 0);
	assert_int_equal(dbt_count("visit", "plan_id = 1 AND day = '2026-01-21'"), 5);
	assert_int_equal(dbt_count("visit", "plan_id = 2"), 50 * PLAN_VISITS_DAYS / 14); /* another plan's are not touched */
	written_anew(ANCHOR + 14);
}

/* One seat, its dates only; the person who stands in makes the visits. */
static void dates_on_which_a_person_is_away_are_left_out(void **state)
{
	(void)state;
	dbt_sql("INSERT INTO seat_absence (seat_id, from_date, to_date, kind, relief) VALUES (7, '2026-01-16', '2026-01-18', 'LEAVE', ''), (7, '2026-01-29', '2026-01-30', 'SICK', 'Ravi'),"
		" (9, '2026-01-01', NULL, 'VACANT', '')");
	commit(1, ANCHOR);
	assert_int_equal(dbt_count("visit", "plan_id = 1 AND day BETWEEN '2026-01-16' AND '2026-01-18'"), 0);
	assert_int_equal(dbt_count("visit", "plan_id = 1"), 50 * PLAN_VISITS_DAYS / 14 - 15);
}

/* From before the cycle begins, which is from its first day on, and back: what lies beyond the end of the list goes. */
static void an_earlier_commit_shortens_the_list(void **state)
{
	(void)state;
	commit(1, ANCHOR + 28);
	commit(2, ANCHOR - 7);
	assert_int_equal(dbt_count("visit", "plan_id = 1 AND day < '2026-01-01'"), 0);
	assert_int_equal(dbt_count("visit", bp_sprintf(&dbt.arena, "plan_id = 1 AND day > DATE_ADD('2026-01-01', INTERVAL %d DAY)", PLAN_VISITS_DAYS - 1)), 0);
	dbt_sql("CREATE TABLE was AS SELECT * FROM visit WHERE plan_id = 1; DELETE FROM visit WHERE plan_id = 1");
	commit(2, ANCHOR - 7);
	assert_int_equal(dbt_count("was", "1"), dbt_count("visit", "plan_id = 1"));
	dbt_sql("DROP TABLE was");
}

/* Committed from before its first day on: until then the list says what it said. */
static void another_cycle_begins_on_its_first_day(void **state)
{
	(void)state;
	dbt_sql("INSERT INTO plan_version " VERSION_ROW " VALUES (4, 1, 2, 'COMMIT', '2026-02-05', 4, 1, UTC_TIMESTAMP(3));"
		"INSERT INTO plan_stop (version_id, need_id, day, seq, seat_id, pos) SELECT 4, seq, 20, 0, 7, seq FROM seq_1_to_50");
	commit(1, ANCHOR);
	dbt_sql("CREATE TABLE was AS SELECT * FROM visit WHERE plan_id = 1 AND day < '2026-02-05'");
	commit(4, ANCHOR + 14);
	assert_int_equal(dbt_count("visit", "plan_id = 1 AND day < '2026-02-05'"), dbt_count("was", "1"));
	assert_int_equal(dbt_count("visit v JOIN was w USING (plan_id, day, need_id, seat_id, pos, version_id)", "1"), dbt_count("was", "1"));
	assert_int_equal(dbt_count("visit", "plan_id = 1 AND day >= '2026-02-05'"), 50 * PLAN_VISITS_DAYS / 28);
	assert_int_equal(dbt_count("visit", "plan_id = 1 AND day >= '2026-02-05' AND DATEDIFF(day, '2026-02-05') % 28 <> 20"), 0);
	assert_int_equal(dbt_count("plan_version", "id = 4 AND effective_date = '2026-02-05'"), 1);
	assert_int_equal(dbt_count("plan", "id = 1 AND anchor = '2026-02-05' AND weeks = 4"), 1);
	dbt_sql("DROP TABLE was");
}

/* Whatever two versions differ in, looking at the differences alone leaves what looking at everything does. */
static enum bp_error lengthen_tx(struct bp_db *db, void *ctx)
{
	(void)ctx;
	return plan_lists_lengthen(db, &dbt.arena);
}

static enum bp_error renew_tx(struct bp_db *db, void *ctx)
{
	(void)ctx;
	return plan_holiday_renew(db, &dbt.arena, 1);
}

static void a_list_goes_on_as_long_as_the_plan_stands(void **state)
{
	int64_t long_ago = bp_today() - 70;

	(void)state;
	dbt_sql("DELETE FROM job; DELETE FROM territory WHERE id = 5; INSERT INTO territory (id, rank, parent_id, code, name, is_unit) VALUES (5, 3, NULL, 'U', 'Unit', 1)");
	commit(1, long_ago);
	assert_int_equal(bp_db_tx(dbt.app, lengthen_tx, NULL), BP_E_OK);
	assert_int_equal(bp_db_tx(dbt.app, lengthen_tx, NULL), BP_E_OK);
	assert_int_equal(dbt_count("job", "kind = 'VISIT_LIST' AND subject = 1"), 1);
	assert_int_equal(bp_db_tx(dbt.app, renew_tx, NULL), BP_E_OK);
	assert_in_range(dbt_count("visit", "plan_id = 1 AND day > UTC_DATE() + INTERVAL 104 DAY"), 1, 1000);
	assert_int_equal(dbt_count("visit", "plan_id = 1 AND day > UTC_DATE() + INTERVAL 111 DAY"), 0);
	dbt_sql("DELETE FROM job");
	assert_int_equal(bp_db_tx(dbt.app, lengthen_tx, NULL), BP_E_OK);
	assert_int_equal(dbt_count("job", "1"), 0);
	dbt_sql("DELETE FROM territory WHERE id = 5");
}

static void differences_are_enough(void **state)
{
	(void)state;
	for (int seed = 1; seed <= 6; seed++) {
		dbt_sql("DELETE FROM visit; UPDATE plan SET current_version = NULL WHERE id = 1");
		dbt_sql(bp_sprintf(&dbt.arena, "SET @r = %d; UPDATE IGNORE plan_stop SET day = RAND(@r) * 13.9 WHERE version_id = 2 AND RAND(@r + 1) < 0.3;"
			"UPDATE plan_stop SET seat_id = 7 + RAND(@r + 2) * 2, beat_id = NULLIF(FLOOR(RAND(@r + 3) * 3), 0) WHERE version_id = 2 AND RAND(@r + 4) < 0.2;"
			"UPDATE plan_stop SET from_date = DATE_ADD('2026-01-10', INTERVAL RAND(@r + 5) * 60 DAY) WHERE version_id = 2 AND RAND(@r + 6) < 0.2;"
			"UPDATE plan_stop SET to_date = DATE_ADD(IFNULL(from_date, '2026-01-10'), INTERVAL RAND(@r + 7) * 60 DAY) WHERE version_id = 1 + RAND(@r + 8) AND RAND(@r + 9) < 0.2", seed));
		commit(1, ANCHOR);
		commit(2, ANCHOR + 10 + seed);
		dbt_sql("CREATE TABLE was AS SELECT * FROM visit WHERE plan_id = 1; DELETE FROM visit; UPDATE plan SET current_version = NULL WHERE id = 1");
		commit(1, ANCHOR);
		dbt_sql("UPDATE plan_version SET effective_date = '2099-01-01' WHERE id = 1"); /* so nothing is known of the list */
		commit(2, ANCHOR + 10 + seed);
		assert_int_equal(dbt_count("visit v LEFT JOIN was w USING (plan_id, day, need_id, seat_id, pos)", "w.plan_id IS NULL OR NOT v.beat_id <=> w.beat_id"), 0);
		assert_int_equal(dbt_count("was", "1"), dbt_count("visit", "1"));
		dbt_sql("DROP TABLE was");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test_setup(a_commit_leaves_what_the_version_says, fresh),
		cmocka_unit_test_setup(dates_on_which_a_person_is_away_are_left_out, fresh), cmocka_unit_test_setup(a_holiday_that_came_since_is_free, fresh), cmocka_unit_test_setup(an_earlier_commit_shortens_the_list, fresh),
		cmocka_unit_test_setup(another_cycle_begins_on_its_first_day, fresh),
		cmocka_unit_test_setup(a_list_goes_on_as_long_as_the_plan_stands, fresh),
		cmocka_unit_test_setup(differences_are_enough, fresh)};

	return cmocka_run_group_tests(tests, dbt_init, dbt_release);
}
