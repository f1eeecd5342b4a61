/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The next purchases of outlets, counted from their invoices. */
#include "base/time.h"
#include "plan/due.h"
#include "tests/db/db.h"

/* Outlet 1..6 are Gold in general trade; 7 is Gold in modern trade. */
static int fresh(void **state)
{
	(void)state;
	dbt_sql("DELETE FROM invoice; DELETE FROM outlet_due; DELETE FROM change_set; DELETE FROM outlet; DELETE FROM territory_closure; DELETE FROM territory;"
		"INSERT INTO territory (id, rank, code, name, is_unit) VALUES (5, 1, 'U', 'Unit', 1);"
		"INSERT INTO territory_closure (ancestor, descendant, depth) VALUES (5, 5, 0);"
		"UPDATE sales_rule SET due_at = NULL;"
		"INSERT INTO outlet (id, code, name, channel, tier, territory_id, created_at, updated_at) SELECT seq, seq, seq, IF(seq = 7, 'MT', 'GT'), 1, 5,"
		" UTC_TIMESTAMP(3), UTC_TIMESTAMP(3) FROM seq_1_to_7");
	return 0;
}

/* Invoices of an outlet so many days ago. */
static void billed(int outlet, const char *ago, const char *net)
{
	char sql[600];

	snprintf(sql, sizeof(sql), "INSERT INTO invoice (number, day, outlet_id, store_by, net, import_id) SELECT CONCAT('%d-', j.d, '-%s'),"
		" DATE_SUB(UTC_DATE(), INTERVAL j.d DAY), %d, 'CODE', %s, 1 FROM JSON_TABLE('[%s]', '$[*]' COLUMNS (d INT PATH '$')) j", outlet, net, outlet, net, ago);
	dbt_sql(sql);
}

static enum bp_error go_on(void *ctx)
{
	(void)ctx;
	return BP_E_OK;
}

static void count(void)
{
	struct q_due_now at;

	assert_int_equal(q_due_now(dbt.app, &dbt.arena, &at), BP_E_OK);
	assert_int_equal(plan_due_count(dbt.app, at.now, go_on, NULL), BP_E_OK);
	assert_int_equal(q_due_drop(dbt.app, at.now, NULL), BP_E_OK);
	assert_int_equal(q_due_made(dbt.app, at.now, NULL), BP_E_OK);
}

static struct q_due_of_outlet due(int outlet)
{
	struct q_due_of_outlet r;

	assert_int_equal(q_due_of_outlet(dbt.app, &dbt.arena, outlet, &r), BP_E_OK);
	return r;
}

static void a_rhythm_of_its_own(void **state)
{
	int64_t today = bp_today();
	struct q_due_of_outlet r;

	(void)state;
	billed(1, "3,10,17,24,31", "100");
	billed(1, "5", "-20"); /* a note of credit is no purchase */
	billed(1, "10", "7");  /* nor do two invoices of a day make two */
	billed(2, "180,190,200,210", "1");
	count();
	r = due(1);
	assert_int_equal(r.last.v, today - 3);
	assert_int_equal(r.due.v, today + 4);
	assert_float_equal(r.every.v, 7, 1e-9);
	assert_float_equal(r.spread.v, 2, 1e-9);
	assert_int_equal(r.gaps.v, 4);
	assert_false(due(2).due.set); /* what is older than 26 weeks tells nothing: one day is left */
	assert_false(due(3).due.set);
}

static void fewer_than_three_gaps_are_those_of_the_tier(void **state)
{
	int64_t today = bp_today();

	(void)state;
	billed(1, "0,7,14,21", "1");
	billed(2, "0,10,20,30", "1");
	billed(3, "0,14,28,42", "1");
	billed(4, "2,3,4", "1");
	billed(5, "6", "1");
	billed(7, "6", "1"); /* modern trade has none to go by */
	count();
	/* Medians 7, 10, 14: the middle one; deviations 3, 0, 4, of which the middle one is 3. */
	assert_int_equal(due(4).due.v, today - 2 + 10);
	assert_float_equal(due(4).every.v, 10, 1e-9);
	assert_float_equal(due(4).spread.v, 4.44, 1e-9);
	assert_int_equal(due(4).gaps.v, 2);
	assert_int_equal(due(5).due.v, today - 6 + 10);
	assert_int_equal(due(5).gaps.v, 0);
	assert_false(due(7).due.set);
}

static void what_comes_out_otherwise_is_known(void **state)
{
	struct q_due_units *u;
	struct q_due_now at;
	size_t n;

	(void)state;
	billed(1, "3,10,17,24", "1");
	billed(2, "3,10,17,24", "1");
	count();
	assert_int_equal(dbt_count("outlet_due", "changed_at = made_at"), 2);
	dbt_sql("UPDATE outlet_due SET made_at = '2020-01-01', changed_at = '2020-01-01'");
	dbt_sql("DELETE FROM invoice WHERE outlet_id = 2");
	assert_int_equal(q_due_now(dbt.app, &dbt.arena, &at), BP_E_OK);
	assert_int_equal(plan_due_count(dbt.app, at.now, go_on, NULL), BP_E_OK);
	assert_int_equal(dbt_count("outlet_due", "changed_at = '2020-01-01' AND outlet_id = 1"), 1);
	assert_int_equal(q_due_units(dbt.app, &dbt.arena, at.now, &u, &n), BP_E_OK); /* because of outlet 2, which is to go */
	assert_int_equal(n, 1);
	count();
	assert_int_equal(dbt_count("outlet_due", "1"), 1);
	billed(1, "1", "1");
	count();
	assert_int_equal(dbt_count("outlet_due", "changed_at > '2020-01-01'"), 1);
	dbt_sql("DELETE FROM outlet WHERE id = 1");
	assert_int_equal(dbt_count("outlet_due", "1"), 0);
}

static bool stale(void)
{
	struct q_due_stale r;

	assert_int_equal(q_due_stale(dbt.app, &dbt.arena, &r), BP_E_OK);
	return r.stale;
}

static void it_is_counted_each_day_and_after_each_import(void **state)
{
	(void)state;
	assert_false(stale()); /* without invoices there is nothing to count */
	billed(1, "3", "1");
	assert_true(stale());
	count();
	assert_false(stale());
	dbt_sql("INSERT INTO change_set (kind, user_id, at) VALUES ('IMPORT', 1, UTC_TIMESTAMP(3) + INTERVAL 1 SECOND)");
	assert_true(stale());
	dbt_sql("INSERT INTO job (kind, payload, not_before, created_at) VALUES ('PURCHASES_DUE', '{}', UTC_TIMESTAMP(3), UTC_TIMESTAMP(3))");
	assert_false(stale());
	dbt_sql("DELETE FROM job; DELETE FROM change_set; UPDATE sales_rule SET due_at = UTC_DATE() - INTERVAL 1 SECOND");
	assert_true(stale());
}

static void a_score_of_the_file_goes_before(void **state)
{
	const struct bp_opt_int none = BP_NO_INT, date = BP_SOME_INT(1000), score = BP_SOME_INT(84);
	const struct bp_opt_num week = BP_SOME_NUM(7), spread = BP_SOME_NUM(2);
	struct plan_due d = plan_due_of(none, none, (struct bp_opt_num){0}, (struct bp_opt_num){0}, 1000);

	(void)state;
	assert_false(d.known);
	assert_float_equal(plan_due_nearness(&d, 1000, 1000), 0, 1e-9);
	d = plan_due_of(none, date, week, spread, 1002);
	assert_float_equal(d.date, 1000, 1e-9);
	assert_float_equal(plan_due_score(&d, 1002), 84.134, 0.001);
	assert_false(d.late);
	d = plan_due_of(score, date, week, spread, 1010);
	assert_true(d.imported);
	assert_float_equal(d.date, 1008, 0.02);
	assert_float_equal(plan_due_score(&d, 1010), 84, 0.001);
	d = plan_due_of(score, none, (struct bp_opt_num){0}, (struct bp_opt_num){0}, 1010);
	assert_float_equal(d.date, 1003, 0.1); /* a week is its spread */
	/* Late by more than three gaps: no day is better than another. */
	d = plan_due_of(none, date, week, spread, 1021);
	assert_false(d.late);
	assert_float_equal(plan_due_nearness(&d, 1021, 1021), 1, 1e-9);
	d = plan_due_of(none, date, week, spread, 1022);
	assert_true(d.late);
	assert_float_equal(plan_due_nearness(&d, 1022, 1022), 0, 1e-9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_rhythm_of_its_own, fresh), cmocka_unit_test_setup(fewer_than_three_gaps_are_those_of_the_tier, fresh),
		cmocka_unit_test_setup(what_comes_out_otherwise_is_known, fresh), cmocka_unit_test_setup(it_is_counted_each_day_and_after_each_import, fresh),
		cmocka_unit_test(a_score_of_the_file_goes_before),
	};

	return cmocka_run_group_tests(tests, dbt_init, dbt_release);
}
