/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The level of planning as a person chooses it, against the tables: what becomes of units and plans, and what imports do to it. */
#include "territory/choose.h"
#include "territory/scenario.h"
#include "territory/tree.h"
#include "tests/db/db.h"

/* A zone 110 of two regions, 111 and 112, of which the second has two areas with outlets and one without any; the regions are planned. */
static int fresh(void **state)
{
	(void)state;
	dbt_sql("SET FOREIGN_KEY_CHECKS = 0; DELETE FROM unit_choice_plan; DELETE FROM unit_choice_territory; DELETE FROM unit_choice; DELETE FROM job; DELETE FROM plan_lock;"
		"DELETE FROM plan_submission; DELETE FROM visit; DELETE FROM plan_version; DELETE FROM plan; DELETE FROM design_scenario; DELETE FROM seat; DELETE FROM need; DELETE FROM outlet;"
		"DELETE FROM territory_closure; DELETE FROM territory; SET FOREIGN_KEY_CHECKS = 1;"
		"INSERT INTO territory (id, rank, parent_id, code, name, is_unit) VALUES (110, 2, NULL, 'Z', 'Zone', 0), (111, 3, 110, 'R1', 'One', 1),"
		" (112, 3, 110, 'R2', 'Two', 1), (121, 4, 111, 'A1', 'Area one', 0), (122, 4, 112, 'A2', 'Area two', 0), (123, 4, 112, 'A3', 'Area three', 0),"
		" (124, 4, 112, 'A4', 'Area four', 0);"
		"INSERT INTO territory_closure (ancestor, descendant, depth) SELECT id, id, 0 FROM territory;"
		"INSERT INTO territory_closure (ancestor, descendant, depth) SELECT parent_id, id, 1 FROM territory WHERE parent_id IS NOT NULL;"
		"INSERT INTO territory_closure (ancestor, descendant, depth) SELECT 110, id, 2 FROM territory WHERE rank = 4;"
		"INSERT INTO outlet (id, code, name, lat, lon, territory_id, created_at, updated_at) SELECT seq, CONCAT('O', seq), 'Shop',"
		" 12000000 + 1000 * seq, 77000000, IF(seq <= 20, 121, IF(seq <= 26, 122, 123)), UTC_TIMESTAMP(3), UTC_TIMESTAMP(3) FROM seq_1_to_30;"
		"INSERT INTO outlet (id, code, name, territory_id, created_at, updated_at) VALUES (31, 'O31', 'Of no area', 112, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3));"
		"INSERT INTO need (id, outlet_id) SELECT id, id FROM outlet;"
		"INSERT INTO seat (id, code, name, territory_id, channel) VALUES (61, 'S1', 'Of the region', 111, 'GT'), (62, 'S2', 'Of the area', 122, 'GT')");
	return 0;
}

struct act {
	struct tr_chooser who;
	const char *level;
	struct tr_choice c;
	int64_t *unit;
	size_t n;
	struct bp_fail fail;
};

static enum bp_error choose_tx(struct bp_db *db, void *ctx)
{
	struct act *a = ctx;

	return tr_choose(db, &dbt.arena, &a->who, a->level, &a->c, &a->fail);
}

static enum bp_error undo_tx(struct bp_db *db, void *ctx)
{
	struct act *a = ctx;

	return tr_unchoose(db, &dbt.arena, &a->who, &a->unit, &a->n, &a->fail);
}

static enum bp_error import_tx(struct bp_db *db, void *ctx)
{
	(void)ctx;
	return tr_choose_units(db, &dbt.arena);
}

static struct act of(uint64_t territory, const char *level)
{
	return (struct act){.who = {territory, 1, "a test", false}, .level = level};
}

static void chosen(uint64_t territory, const char *level)
{
	struct act a = of(territory, level);

	a.who.end_plans = true;
	if (bp_db_tx(dbt.app, choose_tx, &a))
		fail_msg("%s", a.fail.detail);
}

/* Refused, in words that hold these. */
static void refused(enum bp_error (*tx)(struct bp_db *, void *), struct act a, enum bp_error e, const char *words)
{
	assert_int_equal(bp_db_tx(dbt.app, tx, &a), e);
	if (!strstr(a.fail.detail, words))
		fail_msg("%s", a.fail.detail);
}

static void are_units(const char *ids)
{
	assert_int_equal(dbt_count("territory", "is_unit = 1"), dbt_count("territory", bp_sprintf(&dbt.arena, "is_unit = 1 AND id IN (%s)", ids)));
	assert_int_equal(dbt_count("territory", bp_sprintf(&dbt.arena, "is_unit = 0 AND id IN (%s)", ids)), 0);
}

static void planned(const char *unit)
{
	dbt_sql(bp_sprintf(&dbt.arena, "INSERT INTO plan (id, territory_id, channel, anchor, weeks, current_version) VALUES (%s, %s, 'GT', '2027-01-04', 1, %s);"
		"INSERT INTO plan_version (id, plan_id, number, kind, anchor, weeks, created_by, created_at) VALUES (%s, %s, 4, 'COMMIT', '2027-01-04', 1, 1, UTC_TIMESTAMP(3))",
		unit, unit, unit, unit, unit));
}

static void the_territories_of_a_level_take_over_and_give_back(void **state)
{
	struct act a = of(110, "AREA");

	(void)state;
	assert_int_equal(tr_choice_look(dbt.app, &dbt.arena, 110, "AREA", &a.c, &a.fail), BP_E_OK);
	assert_int_equal(a.c.begun, 3);
	assert_int_equal(a.c.ended, 2);
	assert_int_equal(a.c.uncovered, 1);
	assert_int_equal(a.c.seats, 1);
	are_units("111, 112");
	assert_int_equal(bp_db_tx(dbt.app, choose_tx, &a), BP_E_OK);
	are_units("121, 122, 123"); /* not 124, which has no outlet */
	refused(choose_tx, of(110, "AREA"), BP_E_CONFLICT, "are of this level already");
	assert_int_equal(bp_db_tx(dbt.app, undo_tx, &a), BP_E_OK);
	assert_int_equal(a.n, 2);
	are_units("111, 112");
	refused(undo_tx, of(110, ""), BP_E_CONFLICT, "no level was chosen");
	assert_int_equal(dbt_count("change_set", "kind = 'EDIT' AND undone_by IS NOT NULL AND reason = 'a test'"), 1);
}

static void only_beneath_the_territory(void **state)
{
	(void)state;
	chosen(112, "AREA");
	are_units("111, 122, 123");
	refused(undo_tx, of(110, ""), BP_E_CONFLICT, "no level was chosen");
	chosen(110, "ZONE");
	are_units("110");
	refused(choose_tx, of(112, "AREA"), BP_E_CONFLICT, "lies in the planning unit Zone");
	refused(undo_tx, of(112, ""), BP_E_CONFLICT, "the level ZONE was chosen later for Zone");
}

static void what_it_is_refused_for(void **state)
{
	(void)state;
	refused(choose_tx, of(110, "DT"), BP_E_NOT_FOUND, "no territory of the level DT");
	refused(choose_tx, of(110, "area"), BP_E_NOT_FOUND, "no territory of the level area");
	refused(choose_tx, of(124, "AREA"), BP_E_NOT_FOUND, "with outlets lies here");
	dbt_sql("INSERT INTO plan_lock (territory_id, channel, user_id, since, last_seen) VALUES (112, 'MT', 1, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3))");
	refused(choose_tx, of(110, "AREA"), BP_E_LOCK_TAKEN, "Two is being planned by");
	dbt_sql("DELETE FROM plan_lock; INSERT INTO job (id, kind, subject, territory_id, state, payload, not_before, created_at) VALUES"
		" (9, 'TERRITORY_DESIGN', 112, 112, 'queued', '{}', UTC_TIMESTAMP(3), UTC_TIMESTAMP(3))");
	refused(choose_tx, of(110, "AREA"), BP_E_CONFLICT, "job 9 is at work");
	refused(undo_tx, of(110, ""), BP_E_CONFLICT, "job 9 is at work");
	are_units("111, 112");
}

static void a_plan_ends_with_its_unit_and_comes_back(void **state)
{
	struct act a = of(110, "AREA");

	(void)state;
	planned("111");
	refused(choose_tx, a, BP_E_CONFLICT, "the first of One (GT, version 4)");
	a.who.end_plans = true;
	assert_int_equal(bp_db_tx(dbt.app, choose_tx, &a), BP_E_OK);
	assert_int_equal(dbt_count("plan", "id = 111 AND current_version IS NULL"), 1);
	assert_int_equal(dbt_count("plan_version", "id = 111"), 1);
	planned("122");
	refused(undo_tx, of(110, ""), BP_E_CONFLICT, "Area two (GT) has been planned since");
	dbt_sql("UPDATE plan SET current_version = NULL WHERE id = 122");
	assert_int_equal(bp_db_tx(dbt.app, undo_tx, &a), BP_E_OK);
	assert_int_equal(dbt_count("plan", "id = 111 AND current_version = 111"), 1);
	dbt_sql("INSERT INTO plan_submission (plan_id, version_id, session_id, seq, effective_date, user_id, at) VALUES (111, 111, 1, 1, UTC_DATE(), 1, UTC_TIMESTAMP(3))");
	refused(choose_tx, a, BP_E_CONFLICT, "the plan of One (GT) waits for approval");
}

/* What a commit of area 122's plan does with visits of plans whose units have ended; how many of these plans there are. */
static size_t ended_give_way(const char *channel, int64_t from)
{
	struct q_visits_ended_plans *p;
	struct bp_arena a;
	size_t n;

	bp_arena_init(&a, 1 << 20);
	assert_int_equal(q_visits_ended_plans(dbt.app, &a, 122, channel, from, &p, &n), BP_E_OK);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(q_visits_drop_ended(dbt.app, p[i].id, 122, from, NULL), BP_E_OK);
	bp_arena_release(&a);
	return n;
}

static void visits_stay_listed_until_another_plan_takes_over(void **state)
{
	(void)state;
	planned("112");
	dbt_sql("INSERT INTO visit (plan_id, day, need_id, seat_id, pos, version_id) VALUES (112, '2027-01-04', 22, 62, 1, 112), (112, '2027-01-11', 22, 62, 1, 112),"
		" (112, '2027-01-11', 28, 62, 1, 112)");
	chosen(110, "AREA");
	assert_int_equal(dbt_count("visit", "1"), 3);
	assert_int_equal(ended_give_way("MT", 18634), 0);
	assert_int_equal(dbt_count("visit", "1"), 3);
	/* That of area 122 from the second week on: its outlet is visited by its own plan then, the one of area 123 is not yet. */
	assert_int_equal(ended_give_way("GT", 20829), 1);
	assert_int_equal(dbt_count("visit", "1"), 2);
	assert_int_equal(dbt_count("visit", "need_id = 22 AND day = '2027-01-04'"), 1);
}

static void an_import_keeps_the_level_that_was_chosen(void **state)
{
	struct act a = of(112, "");

	(void)state;
	chosen(112, "AREA");
	dbt_sql("INSERT INTO territory (id, rank, parent_id, code, name) VALUES (113, 3, 110, 'R3', 'Three'), (125, 4, 112, 'A5', 'Area five'), (126, 4, 111, 'A6', 'Area six');"
		"INSERT INTO territory_closure (ancestor, descendant, depth) VALUES (110, 113, 1), (113, 113, 0), (125, 125, 0), (112, 125, 1), (110, 125, 2), (126, 126, 0), (111, 126, 1), (110, 126, 2);"
		"UPDATE outlet SET territory_id = 124 WHERE id = 31; UPDATE outlet SET territory_id = 125 WHERE id = 30");
	assert_int_equal(bp_db_tx(dbt.app, import_tx, NULL), BP_E_OK);
	/* Most units are areas now, but elsewhere regions are planned. One area has got an outlet since, another and a region are new. */
	are_units("111, 113, 122, 123, 124, 125");
	assert_int_equal(bp_db_tx(dbt.app, undo_tx, &a), BP_E_OK);
	are_units("111, 112, 113");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(the_territories_of_a_level_take_over_and_give_back, fresh),
		cmocka_unit_test_setup(only_beneath_the_territory, fresh),
		cmocka_unit_test_setup(what_it_is_refused_for, fresh),
		cmocka_unit_test_setup(a_plan_ends_with_its_unit_and_comes_back, fresh),
		cmocka_unit_test_setup(visits_stay_listed_until_another_plan_takes_over, fresh),
		cmocka_unit_test_setup(an_import_keeps_the_level_that_was_chosen, fresh),
	};

	return cmocka_run_group_tests(tests, dbt_init, dbt_release);
}
