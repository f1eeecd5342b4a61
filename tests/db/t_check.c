/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The work that outlets ask for, the check of planning units, and conflicts of who serves what: all as planning takes them. */
#include <math.h>

#include "base/buf.h"
#include "plan/work.h"
#include "setting/setting.h"
#include "territory/check.h"
#include "territory/conflict.h"
#include "territory/scenario.h"
#include "tests/db/db.h"

/* A zone 110 of three regions: 111 with 20 outlets of general trade (Bronze), 112 with 10 of modern trade (Gold), 113 with none. */
static int fresh(void **state)
{
	(void)state;
	dbt_sql("SET FOREIGN_KEY_CHECKS = 0; DELETE FROM need; DELETE FROM snapshot; DELETE FROM plan_profile; DELETE FROM account_rule; DELETE FROM account;"
		"DELETE FROM outlet_list; DELETE FROM outlet; DELETE FROM territory_closure; DELETE FROM territory; DELETE FROM setting_change;"
		"SET FOREIGN_KEY_CHECKS = 1;"
		"INSERT INTO territory (id, rank, parent_id, code, name, is_unit) VALUES (110, 2, NULL, 'Z', 'Zone', 0), (111, 3, 110, 'R1', 'One', 1),"
		" (112, 3, 110, 'R2', 'Two', 1), (113, 3, 110, 'R3', 'Three', 1), (121, 4, 111, 'A1', 'Area one', 0);"
		"INSERT INTO territory_closure (ancestor, descendant, depth) VALUES (110, 110, 0), (111, 111, 0), (112, 112, 0), (113, 113, 0), (121, 121, 0),"
		" (110, 111, 1), (110, 112, 1), (110, 113, 1), (110, 121, 2), (111, 121, 1);"
		"INSERT INTO outlet (id, code, name, lat, lon, channel, tier, territory_id, created_at, updated_at) SELECT seq, CONCAT('O', seq), 'Shop',"
		" 12000000 + 1000 * (seq % 5), 77000000 + 1000 * (seq DIV 5), IF(seq <= 20, 'GT', 'MT'), IF(seq <= 20, 3, 1), IF(seq <= 20, 121, 112),"
		" UTC_TIMESTAMP(3), UTC_TIMESTAMP(3) FROM seq_1_to_30;"
		"INSERT INTO need (outlet_id) SELECT id FROM outlet");
	return 0;
}

static const struct tr_unit_size *unit(int64_t id)
{
	static struct tr_check c;

	assert_int_equal(tr_check(dbt.app, &dbt.arena, 110, &c), BP_E_OK);
	for (size_t i = 0; i < c.n_units; i++)
		if (c.unit[i].id == id)
			return &c.unit[i];
	fail_msg("no unit %lld", (long long)id);
	return NULL;
}

/* Minutes of an outlet's work in the design, and of the whole. */
static double minutes(int64_t outlet)
{
	struct tr_design_wish w = {.tolerance = 0.05};
	struct tr_design d = {0};
	struct bp_fail f = {0};
	double is = -1;

	assert_int_equal(tr_design_load(dbt.app, &dbt.arena, 110, &w, &d, &f), BP_E_OK);
	for (size_t i = 0; i < d.n_outlets; i++)
		if (d.outlet[i].id == outlet)
			is = d.outlet[i].work;
	tr_design_release(&d);
	return is;
}

static bool near(double a, double b)
{
	return fabs(a - b) < 1e-6 * (1 + fabs(b));
}

static void work_is_that_of_the_channel(void **state)
{
	(void)state;
	assert_true(near(minutes(1), 1 * (6 + 1.5)));
	assert_true(near(minutes(30), 8 * (60 + 3.0)));
	assert_true(near(unit(111)->hours, 20 * 7.5 / 60));
	assert_true(near(unit(112)->hours, 10 * 8 * 63.0 / 60));
	assert_int_equal(unit(112)->visits, 80);
}

static void a_policy_changes_it_where_it_is_inherited(void **state)
{
	(void)state;
	dbt_sql("INSERT INTO plan_profile (territory_id, channel, fields, updated_at, updated_by) VALUES (110, 'GT', '{\"frequencyBronze\":4}', UTC_TIMESTAMP(3), 1),"
		" (111, 'GT', '{\"serviceBronze\":10}', UTC_TIMESTAMP(3), 1)");
	assert_true(near(minutes(1), 4 * 11.5));
	assert_true(near(unit(111)->hours, 20 * 4 * 11.5 / 60));
	assert_true(near(unit(112)->hours, 10 * 8 * 63.0 / 60));
	/* What is set beneath the unit does not hold for its plan. */
	dbt_sql("INSERT INTO plan_profile (territory_id, channel, fields, updated_at, updated_by) VALUES (121, 'GT', '{\"serviceBronze\":100}', UTC_TIMESTAMP(3), 1)");
	assert_true(near(unit(111)->hours, 20 * 4 * 11.5 / 60));
	dbt_sql("INSERT INTO plan_profile (territory_id, channel, fields, updated_at, updated_by) VALUES (0, 'MT', '{\"vehicle\":\"walk\",\"frequencyGold\":4}', UTC_TIMESTAMP(3), 1)");
	assert_true(near(minutes(30), 4 * 60.5));
}

static void what_was_imported_goes_before_the_policy(void **state)
{
	(void)state;
	dbt_sql("UPDATE need SET visits_per_4w = 2, service_minutes = 20 WHERE outlet_id = 1");
	assert_true(near(minutes(1), 2 * 21.5));
	assert_true(near(unit(111)->hours, (19 * 7.5 + 43) / 60));
	/* A chain asks for longer visits. */
	dbt_sql("INSERT INTO account (id, code, name) VALUES (5, 'C', 'Chain'); UPDATE outlet SET account_id = 5 WHERE id = 30;"
		"INSERT INTO account_rule (account_id, least_minutes, updated_at, updated_by) VALUES (5, 90, UTC_TIMESTAMP(3), 1)");
	assert_true(near(minutes(30), 8 * 93.0));
	assert_true(near(unit(112)->hours, (9 * 8 * 63.0 + 8 * 93.0) / 60));
}

static void who_is_not_planned_is_no_work(void **state)
{
	(void)state;
	dbt_sql("UPDATE outlet SET status = ELT(id, 'universe', 'dormant', 'closed', 'wholesale', 'assigned') WHERE id <= 5");
	for (int64_t id = 1; id <= 4; id++)
		assert_true(minutes(id) == 0);
	assert_true(near(minutes(5), 7.5));
	assert_true(near(unit(111)->hours, 16 * 7.5 / 60));
	assert_int_equal(unit(111)->outlets, 19); /* the closed one is gone, the others may be visited some day */
}

static void wholesale(int64_t territory, int on)
{
	dbt_sql(bp_sprintf(&dbt.arena, "REPLACE INTO plan_profile (territory_id, channel, fields, updated_at, updated_by) VALUES (%lld, 'GT', '{\"planWholesale\":%d}', UTC_TIMESTAMP(3), 1)",
		(long long)territory, on));
}

static void wholesale_is_planned_unless_the_parameters_keep_it_out(void **state)
{
	(void)state;
	dbt_sql("UPDATE outlet SET channel = 'WS' WHERE id IN (1, 2)");
	assert_true(near(minutes(1), 11.5));
	wholesale(110, 0);
	assert_true(minutes(1) == 0 && minutes(2) == 0);
	assert_true(near(unit(111)->hours, 18 * 7.5 / 60));
	assert_int_equal(unit(111)->outlets, 20);
	/* One outlet that is wanted by name, then the unit, which says otherwise. */
	dbt_sql("INSERT INTO outlet_list (outlet_id, list, import_id) VALUES (1, 'WHITE', 0)");
	assert_true(near(minutes(1), 11.5) && minutes(2) == 0);
	wholesale(111, 1);
	assert_true(near(minutes(2), 11.5));
	/* What is said everywhere goes last, and what is said beneath the unit does not hold for its plan. */
	wholesale(0, 0);
	wholesale(121, 0);
	assert_true(near(minutes(2), 11.5));
	dbt_sql("DELETE FROM plan_profile WHERE territory_id IN (110, 111)");
	assert_true(minutes(2) == 0);
}

/* At the settings at once. */
static void look(void)
{
	bp_settings_begin(&(struct bp_conf){.mail_from = ""});
	bp_settings_fresh(dbt.app);
}

static void set(const char *name, const char *value)
{
	struct bp_setting_change c = {.setting = bp_setting_find(name), .value = value, .reason = "a test"};

	dbt_sql(bp_sprintf(&dbt.arena, "DELETE FROM setting_change WHERE name = '%s'", name)); /* as if nobody had set it before */
	assert_int_equal(bp_setting_put(dbt.app, &dbt.arena, &c, NULL), BP_E_OK);
	look();
}

static void each_fault_is_told(void **state)
{
	(void)state;
	assert_string_equal(unit(111)->fault, "TOO_SMALL");
	assert_string_equal(unit(113)->fault, "EMPTY");
	/* 2.5 hours and 84, of 43.25 in the mean. */
	set("unit_least", "5");
	assert_string_equal(unit(111)->fault, "UNEVEN");
	assert_string_equal(unit(112)->fault, "UNEVEN");
	set("unit_load_percent", "95");
	assert_null(unit(111)->fault);
	assert_null(unit(112)->fault);
	set("unit_load_percent", "94");
	assert_string_equal(unit(111)->fault, "UNEVEN");
	set("unit_load_percent", "95");
	set("unit_hours_most", "83");
	assert_string_equal(unit(112)->fault, "OVERWORKED");
	set("unit_hours_most", "8000");
	set("unit_most", "15");
	assert_string_equal(unit(111)->fault, "LARGE");
	set("unit_warn", "18");
	assert_string_equal(unit(111)->fault, "TOO_LARGE");
	assert_null(unit(112)->fault);
	set("unit_snapshot_kb", "1");
	dbt_sql("INSERT INTO snapshot (territory_id, hash, details, outlets, bytes, details_bytes, made_at) VALUES (112, 'a', 'b', 10, 600, 500, UTC_TIMESTAMP(3))");
	assert_string_equal(unit(112)->fault, "HEAVY");
	assert_int_equal(unit(112)->bytes, 1100);
	dbt_sql("UPDATE territory SET is_unit = 1 WHERE id = 110");
	assert_string_equal(unit(112)->fault, "NESTED");
	dbt_sql("DELETE FROM setting_change");
	look();
}

static void levels_stand_side_by_side(void **state)
{
	struct tr_check c;
	const struct tr_level_size *v;

	(void)state;
	set("unit_least", "15");
	dbt_sql("INSERT INTO snapshot (territory_id, hash, details, outlets, bytes, details_bytes, made_at) VALUES (112, 'a', 'b', 10, 600, 400, UTC_TIMESTAMP(3))");
	assert_int_equal(tr_check(dbt.app, &dbt.arena, 110, &c), BP_E_OK);
	assert_int_equal(c.n_levels, 3);
	v = &c.level[1];
	assert_string_equal(v->level, "REGION");
	assert_int_equal(v->nodes, 3);
	assert_int_equal(v->good, 1);
	assert_int_equal(v->in_good, 20);
	assert_int_equal(v->in_small, 10);
	assert_true(v->outlets->least == 0 && v->outlets->median == 10 && v->outlets->most == 20);
	assert_true(near(v->hours->most, 84) && near(v->hours->median, 2.5));
	assert_true(near(v->bytes->most, 2000)); /* a hundred an outlet */
	assert_true(c.level[0].recommended && !v->recommended); /* the zone holds all thirty */
	dbt_sql("DELETE FROM setting_change");
	look();
}

static void a_level_with_too_much_work_is_not_recommended(void **state)
{
	struct tr_check c;

	(void)state;
	set("unit_least", "5");
	assert_int_equal(tr_check(dbt.app, &dbt.arena, 110, &c), BP_E_OK);
	assert_true(c.level[1].recommended && !c.level[0].recommended); /* the narrower one of two with all outlets in good ones */
	set("unit_hours_most", "83");
	assert_int_equal(tr_check(dbt.app, &dbt.arena, 110, &c), BP_E_OK);
	assert_int_equal(c.level[1].overworked, 1);
	assert_int_equal(c.level[1].in_good, 20);
	assert_int_equal(c.level[1].in_large, 10);
	assert_int_equal(c.level[0].overworked, 1);
	assert_int_equal(c.level[0].in_good, 0);
	assert_true(c.level[2].recommended); /* the area has as many in a good one, and is narrower */
	dbt_sql("DELETE FROM setting_change");
	look();
}

static void outlets_of_no_territory_and_of_no_unit_are_counted(void **state)
{
	struct tr_check c;

	(void)state;
	dbt_sql("INSERT INTO outlet (id, code, name, territory_id, created_at, updated_at) VALUES (51, 'L1', 'Lost', NULL, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3)),"
		" (52, 'L2', 'Lost', NULL, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3)); UPDATE territory SET is_unit = 0 WHERE id = 112");
	assert_int_equal(tr_check(dbt.app, &dbt.arena, 110, &c), BP_E_OK);
	assert_int_equal(c.nowhere, 2);
	assert_int_equal(c.uncovered, 10);
}

static enum bp_error note_conflict(void *ctx, const struct tr_conflict *c)
{
	struct bp_buf *b = ctx;

	bp_buf_printf(b, "%s %s %s %s %s %lld\n", tr_causes[c->cause], c->outlet_code ? c->outlet_code : "-", c->unit ? c->unit : "-", c->seat ? c->seat : "-",
		c->other ? c->other : "-", (long long)c->outlets);
	return BP_E_OK;
}

static void assert_conflicts(uint64_t territory, const char *wanted)
{
	struct bp_buf b;

	bp_buf_init(&b, 1 << 16);
	assert_int_equal(tr_conflicts(dbt.app, &dbt.arena, territory, note_conflict, &b), BP_E_OK);
	bp_buf_chr(&b, '\0');
	assert_string_equal(b.data, wanted);
	bp_buf_release(&b);
}

/* Region One has two seats of general trade, Two one of modern trade; all is well. */
static int peopled(void **state)
{
	fresh(state);
	dbt_sql("DELETE FROM seat; DELETE FROM seat_partner; DELETE FROM plan; DELETE FROM plan_stop;"
		"INSERT INTO seat (id, code, name, territory_id, channel) VALUES (11, 'S11', 'a', 121, 'GT'), (12, 'S12', 'b', 111, 'WS'), (21, 'S21', 'c', 112, 'MT');"
		"INSERT INTO partner (id, code, name, created_at, updated_at) VALUES (8, 'D8', 'Dee Eight', UTC_TIMESTAMP(3), UTC_TIMESTAMP(3)), (9, 'D9', 'Dee Nine', UTC_TIMESTAMP(3), UTC_TIMESTAMP(3))"
		" ON DUPLICATE KEY UPDATE name = VALUES(name);"
		"UPDATE need SET seat_id = 11 WHERE outlet_id IN (1, 2, 3)");
	return 0;
}

static void where_all_agrees_nothing_is_told(void **state)
{
	(void)state;
	assert_conflicts(110, "");
}

static void who_cannot_serve_what_is_bound_to_him_is_told(void **state)
{
	(void)state;
	dbt_sql("UPDATE need SET seat_id = 21 WHERE outlet_id = 1");
	assert_conflicts(110, "OTHER_CHANNEL O1 Area one S21 GT 1\nOTHER_UNIT O1 One S21 Two 1\n");
	assert_conflicts(112, "");
	dbt_sql("UPDATE need SET seat_id = 11 WHERE outlet_id = 1; UPDATE seat SET active = 0 WHERE id = 11");
	assert_conflicts(110, "SEAT_ENDED O1 Area one S11 - 1\nSEAT_ENDED O2 Area one S11 - 1\nSEAT_ENDED O3 Area one S11 - 1\n");
	/* Who has a list of distributors serves these, and whoever has none. */
	dbt_sql("UPDATE seat SET active = 1 WHERE id = 11; INSERT INTO seat_partner (seat_id, partner_id) VALUES (11, 8); UPDATE outlet SET partner_id = 9 WHERE id IN (1, 2);"
		"UPDATE need SET partner_id = 8 WHERE outlet_id = 2");
	assert_conflicts(111, "OTHER_DISTRIBUTOR O1 Area one S11 Dee Nine 1\n");
	/* Outlets of status universe are not planned. */
	dbt_sql("UPDATE outlet SET status = 'universe' WHERE id = 1");
	assert_conflicts(110, "");
}

static void whom_nobody_serves_is_told_once_for_all(void **state)
{
	(void)state;
	dbt_sql("UPDATE seat SET active = 0 WHERE id = 21; INSERT INTO seat_partner (seat_id, partner_id) VALUES (11, 8), (12, 8); UPDATE outlet SET partner_id = 9 WHERE id IN (4, 5);"
		"UPDATE outlet SET partner_id = 8 WHERE id = 6");
	assert_conflicts(110, "NO_SEAT - One - Dee Nine 2\nNO_SEAT - Two - - 10\n");
	dbt_sql("INSERT INTO outlet (id, code, name, partner_id, territory_id, created_at, updated_at) VALUES (51, 'L1', 'Lost', 8, NULL, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3)),"
		" (52, 'L2', 'Lost', NULL, NULL, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3)); INSERT INTO need (outlet_id, seat_id) VALUES (51, NULL), (52, 12)");
	assert_conflicts(111, "NO_SEAT - One - Dee Nine 2\nNO_TERRITORY L1 - - Dee Eight 1\nNO_TERRITORY L2 - S12 - 1\n");
}

static void what_a_plan_has_otherwise_is_told(void **state)
{
	(void)state;
	dbt_sql("INSERT INTO plan (id, territory_id, channel, anchor, weeks, current_version) VALUES (1, 111, 'GT', '2026-01-05', 4, 5);"
		"INSERT INTO plan_stop (version_id, need_id, day, seat_id, pos, to_date) SELECT 5, n.id, d.seq, 12, 1, IF(n.outlet_id = 2, '2026-01-05', NULL) FROM need n JOIN seq_1_to_2 d"
		" WHERE n.outlet_id IN (1, 2, 4, 30)");
	assert_conflicts(111, "OTHER_PLAN O30 One S12 Two 1\nOTHER_SEAT O1 One S11 S12 1\n"); /* the stops of 2 are over */
	dbt_sql("UPDATE plan SET current_version = 6");
	assert_conflicts(111, "");
}

#define LISTED(list, outlet, territory, ended) "(" #outlet ", '" #list "', " #territory ", 0, NULL, " ended ", 1)"
#define LISTS "DELETE FROM outlet_list; INSERT INTO outlet_list (outlet_id, list, territory_id, seat_id, from_date, to_date, import_id) VALUES "

static void lists_that_contradict_each_other_or_are_not_followed_are_told(void **state)
{
	(void)state;
	dbt_sql(LISTS LISTED(WHITE, 1, 112, "NULL") "," LISTED(WHITE, 2, 111, "NULL") "," LISTED(WHITE, 3, 112, "UTC_DATE() - INTERVAL 1 DAY") "," LISTED(BLACK, 4, 111, "NULL"));
	assert_conflicts(110, "LISTED_ELSEWHERE O1 Area one - Two 1\n");
	assert_conflicts(112, "");
	/* What a person decided goes before it. */
	dbt_sql("INSERT INTO outlet_edit (outlet_id, field, user_id, at) VALUES (1, 'territory', 1, UTC_TIMESTAMP(3))");
	assert_conflicts(110, "");
	dbt_sql("DELETE FROM outlet_edit");
	/* The area lies in the region: no contradiction. */
	dbt_sql(LISTS LISTED(WHITE, 1, 111, "NULL") "," LISTED(WHITE, 1, 121, "NULL"));
	assert_conflicts(110, "");
	dbt_sql(LISTS LISTED(WHITE, 1, 111, "NULL") "," LISTED(WHITE, 1, 112, "NULL"));
	assert_conflicts(111, "LISTED_ELSEWHERE O1 Area one - Two 1\nLISTED_TWICE O1 One - Two 1\n");
	dbt_sql(LISTS LISTED(WHITE, 1, 121, "NULL") "," LISTED(BLACK, 1, 111, "NULL"));
	assert_conflicts(111, "LISTS_CONTRADICT O1 Area one - One 1\n");
	dbt_sql(LISTS LISTED(WHITE, 1, 121, "NULL") "," LISTED(BLACK, 1, 111, "UTC_DATE() - INTERVAL 1 DAY"));
	assert_conflicts(111, "");
	dbt_sql("DELETE FROM outlet_list");
}

static enum bp_error note_hours(void *ctx, const struct tr_conflict *c)
{
	*(struct tr_conflict *)ctx = *c;
	return BP_E_OK;
}

static void more_work_than_time_is_told(void **state)
{
	struct tr_conflict c = {0};

	(void)state;
	/* 400 minutes on six days of four weeks, and 3 outlets with 24 visits of 134 minutes and 1.5 for the stop. */
	dbt_sql("UPDATE need SET visits_per_4w = 24, service_minutes = 134 WHERE seat_id = 11");
	assert_conflicts(110, "OVERLOAD - Area one S11 - 3\n");
	assert_int_equal(tr_conflicts(dbt.app, &dbt.arena, 110, note_hours, &c), BP_E_OK);
	assert_true(near(c.hours.v, 3 * 24 * 135.5 / 60) && near(c.has_hours.v, 400 * 24 / 60.0));
	/* By the unit's own day: less pauses, and no minutes off for ways where they are counted from the seat's start. */
	dbt_sql("INSERT INTO plan_profile (territory_id, channel, fields, updated_at, updated_by) VALUES (111, 'GT', '{\"breakMinutes\":25,\"countEndLegs\":1}', UTC_TIMESTAMP(3), 1)");
	assert_int_equal(tr_conflicts(dbt.app, &dbt.arena, 110, note_hours, &c), BP_E_OK);
	assert_true(near(c.has_hours.v, 405 * 24 / 60.0));
	dbt_sql("UPDATE seat SET lat = 12000000, lon = 77000000 WHERE id = 11");
	assert_conflicts(110, "");
	dbt_sql("UPDATE seat SET shift_minutes = 479 WHERE id = 11; UPDATE plan_profile SET fields = '{\"breakMinutes\":100,\"countEndLegs\":1}'");
	assert_int_equal(tr_conflicts(dbt.app, &dbt.arena, 110, note_hours, &c), BP_E_OK);
	assert_true(near(c.has_hours.v, (479 - 100 - 20) * 24 / 60.0));
	dbt_sql("DELETE FROM plan_profile");
	/* The seat's own shift, seven days a week. */
	dbt_sql("UPDATE seat SET shift_minutes = 500, work_weekdays = 127 WHERE id = 11");
	assert_conflicts(110, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(work_is_that_of_the_channel, fresh),
		cmocka_unit_test_setup(a_policy_changes_it_where_it_is_inherited, fresh),
		cmocka_unit_test_setup(what_was_imported_goes_before_the_policy, fresh),
		cmocka_unit_test_setup(who_is_not_planned_is_no_work, fresh),
		cmocka_unit_test_setup(wholesale_is_planned_unless_the_parameters_keep_it_out, fresh),
		cmocka_unit_test_setup(each_fault_is_told, fresh),
		cmocka_unit_test_setup(levels_stand_side_by_side, fresh),
		cmocka_unit_test_setup(a_level_with_too_much_work_is_not_recommended, fresh),
		cmocka_unit_test_setup(outlets_of_no_territory_and_of_no_unit_are_counted, fresh),
		cmocka_unit_test_setup(where_all_agrees_nothing_is_told, peopled),
		cmocka_unit_test_setup(who_cannot_serve_what_is_bound_to_him_is_told, peopled),
		cmocka_unit_test_setup(whom_nobody_serves_is_told_once_for_all, peopled),
		cmocka_unit_test_setup(what_a_plan_has_otherwise_is_told, peopled),
		cmocka_unit_test_setup(lists_that_contradict_each_other_or_are_not_followed_are_told, peopled),
		cmocka_unit_test_setup(more_work_than_time_is_told, peopled),
	};

	return cmocka_run_group_tests(tests, dbt_init, dbt_release);
}
