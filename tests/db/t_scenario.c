/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scenarios of planning units against the tables: what imports, locks and other scenarios do to them. */
#include "tests/db/scenario.h"

static void an_import_does_not_bring_an_ended_unit_back(void **state)
{
	uint64_t id = kept(110, 1, 30);
	struct tr_check out;

	(void)state;
	assert_int_equal(dbt_count("design_scenario", "outlets = 31 AND unplaced = 1"), 1);
	publish(id, 110);
	assert_int_equal(units(), 1);
	assert_int_equal(dbt_count("outlet", "territory_id = 111 AND id IN (31, 32)"), 2);
	import();
	assert_int_equal(units(), 1);
	dbt_sql("INSERT INTO outlet (id, code, name, territory_id, created_at, updated_at) VALUES (50, 'O50', 'New', 122, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3))");
	import();
	assert_int_equal(units(), 1);
	assert_int_equal(tr_check(dbt.app, &dbt.arena, 110, &out), BP_E_OK);
	assert_int_equal(out.uncovered, 1);
	undo(id, 110);
	assert_int_equal(units(), 2);
	/* As it has been all along, once somebody plans. */
	dbt_sql("INSERT INTO plan_lock (territory_id, channel, user_id, since, last_seen) VALUES (111, 'GT', 1, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3))");
	import();
	assert_int_equal(dbt_count("territory", "is_unit = 1 AND id IN (111, 112)"), 2);
}

static void an_import_keeps_units_made_at_another_level(void **state)
{
	uint64_t id;

	(void)state;
	dbt_sql("UPDATE territory SET is_unit = (id = 110)");
	id = kept(110, 2, 15);
	publish(id, 110);
	assert_int_equal(units(), 2);
	import();
	assert_int_equal(units(), 2);
	assert_int_equal(dbt_count("territory", "is_unit = 1 AND parent_id = 110 AND id NOT IN (111, 112)"), 2);
}

static void the_older_scenario_is_not_undone_first(void **state)
{
	uint64_t first = kept(110, 3, 10), second;
	struct act a = act_on(first, 110);

	(void)state;
	publish(first, 110);
	second = kept(110, 1, 30);
	publish(second, 110);
	assert_int_equal(bp_db_tx(dbt.app, undo_tx, &a), BP_E_CONFLICT);
	assert_non_null(strstr(a.fail.detail, bp_sprintf(&dbt.arena, "scenario %llu \"By hand\" of Zone", (unsigned long long)second)));
	undo(second, 110);
	assert_int_equal(units(), 3);
	undo(first, 110);
	assert_int_equal(units(), 2);
}

static void a_unit_without_placed_outlets_is_no_beginning(void **state)
{
	struct tr_design_wish w = {.tolerance = 0.05};
	struct tr_way way[TR_WAYS_MOST];
	struct tr_design d = {0};
	struct bp_fail f = {0};
	int n;

	(void)state;
	assert_int_equal(tr_design_load(dbt.app, &dbt.arena, 110, &w, &d, &f), BP_E_OK);
	assert_int_equal(tr_design_ways(&d, &w, way), 3);
	assert_false(way[0].a.redraw);
	tr_design_release(&d);
	dbt_sql("UPDATE outlet SET lat = NULL, lon = NULL WHERE territory_id = 122");
	d = (struct tr_design){0};
	assert_int_equal(tr_design_load(dbt.app, &dbt.arena, 110, &w, &d, &f), BP_E_OK);
	n = tr_design_ways(&d, &w, way);
	assert_in_range(n, 1, TR_WAYS_MOST);
	for (int i = 0; i < n; i++)
		assert_int_equal(design_validate(&d.p, &way[i].a, &f), BP_E_OK);
	tr_design_release(&d);
}

static size_t swept(int64_t days)
{
	size_t n;

	assert_int_equal(tr_scenarios_sweep(dbt.app, &dbt.arena, days, &n), BP_E_OK);
	return n;
}

static void made_ago(uint64_t id, int days)
{
	dbt_sql(bp_sprintf(&dbt.arena, "UPDATE design_scenario SET created_at = UTC_TIMESTAMP(3) - INTERVAL %d DAY, changed_at = changed_at - INTERVAL %d DAY WHERE id = %llu",
		days, days, (unsigned long long)id));
}

static void what_was_changed_by_hand_or_decided_about_is_kept(void **state)
{
	static const int64_t one[] = {1};
	uint64_t hand = kept(110, 2, 15), named = kept(110, 2, 15), good = kept(110, 2, 15);
	struct tr_move m = {.outlet = one, .n = 1, .to = BP_SOME_INT(1)};
	struct bp_fail f = {0};
	struct tr_edit t;

	(void)state;
	made_ago(hand, 31);
	made_ago(named, 31);
	made_ago(good, 31);
	assert_int_equal(swept(0), 0); /* for ever */
	assert_int_equal(swept(32), 0);
	assert_int_equal(tr_edit_load(dbt.app, &dbt.arena, hand, 110, &t, &f), BP_E_OK);
	assert_int_equal(tr_edit_move(&t, &dbt.arena, &m, &f), BP_E_OK);
	tr_edit_judge(&t, &dbt.arena);
	assert_int_equal(tr_edit_keep(&t, dbt.app, &dbt.arena, 1), BP_E_OK);
	tr_edit_release(&t);
	assert_int_equal(q_design_unit_name(dbt.app, (int64_t)named, 1, "East", NULL), BP_E_OK);
	assert_int_equal(tr_scenario_approve(dbt.app, &dbt.arena, good, 110, 1, &f), BP_E_OK);
	assert_int_equal(swept(30), 0);
	/* Taking a change back is one. */
	made_ago(hand, 31);
	assert_int_equal(tr_edit_step(dbt.app, &dbt.arena, hand, 110, true, &t, &f), BP_E_OK);
	tr_edit_release(&t);
	assert_int_equal(swept(30), 0);
	made_ago(hand, 31);
	made_ago(named, 31);
	assert_int_equal(swept(30), 2);
	assert_int_equal(dbt_count("design_scenario", "status = 'DISCARDED'"), 2);
	assert_int_equal(dbt_count("design_scenario", "status = 'APPROVED'"), 1);
}

static void discarded_and_old_scenarios_keep_only_their_head(void **state)
{
	uint64_t a = kept(110, 3, 10), b = kept(110, 2, 15), c = kept(110, 1, 30);
	struct bp_fail f = {0};

	(void)state;
	assert_int_equal(tr_scenario_discard(dbt.app, &dbt.arena, a, 110, 1, &f), BP_E_OK);
	assert_int_equal(dbt_count("design_outlet", "1"), 64);
	assert_int_equal(dbt_count("design_unit", "1"), 3);
	made_ago(b, 31);
	assert_int_equal(swept(30), 1);
	assert_int_equal(dbt_count("design_outlet", bp_sprintf(&dbt.arena, "scenario_id = %llu", (unsigned long long)c)), 32);
	assert_int_equal(dbt_count("design_outlet", "1"), 32);
	assert_int_equal(dbt_count("design_scenario", "status = 'DISCARDED'"), 2);
	assert_int_equal(dbt_count("design_scenario", "status = 'READY'"), 1);
}

/* Each grid has every placed outlet of every unit once. */
static void assert_counted(void)
{
	assert_int_equal(dbt_count("design_unit u JOIN (SELECT DISTINCT level FROM design_cell) g",
		"u.outlets <> (SELECT COALESCE(SUM(c.outlets), 0) FROM design_cell c WHERE c.scenario_id = u.scenario_id AND c.number = u.number AND c.level = g.level)"), 0);
}

static void what_a_map_counts_of_a_scenario_goes_with_it(void **state)
{
	static const int64_t two[] = {1, 2};
	uint64_t a = kept(110, 2, 15);
	struct tr_move m = {.outlet = two, .n = 2, .to = BP_SOME_INT(1)};
	struct bp_fail f = {0};
	struct tr_edit t;

	(void)state;
	assert_int_equal(dbt_count("(SELECT DISTINCT level FROM design_cell) g", "1"), 4);
	assert_counted();
	assert_int_equal(tr_edit_load(dbt.app, &dbt.arena, a, 110, &t, &f), BP_E_OK);
	assert_int_equal(tr_edit_move(&t, &dbt.arena, &m, &f), BP_E_OK);
	tr_edit_judge(&t, &dbt.arena);
	assert_int_equal(tr_edit_keep(&t, dbt.app, &dbt.arena, 1), BP_E_OK);
	tr_edit_release(&t);
	assert_int_equal(dbt_count("design_unit", "number = 0 AND outlets = 13"), 1);
	assert_counted();
	assert_int_equal(tr_edit_step(dbt.app, &dbt.arena, a, 110, true, &t, &f), BP_E_OK);
	tr_edit_release(&t);
	assert_int_equal(dbt_count("design_unit", "number = 0 AND outlets = 15"), 1);
	assert_counted();
	assert_int_equal(tr_scenario_discard(dbt.app, &dbt.arena, a, 110, 1, &f), BP_E_OK);
	assert_int_equal(dbt_count("design_cell", "1"), 0);
}

static enum bp_error lock_meanwhile_tx(struct bp_db *db, void *ctx)
{
	struct bp_lock *got, *refused;
	size_t n, n_refused;
	struct bp_db *other = dbt_connect();
	enum bp_error e = publish_tx(db, ctx);

	assert_int_equal(e, BP_E_OK);
	assert_int_equal(bp_db_bulk(other, "SET SESSION innodb_lock_wait_timeout = 1", NULL), BP_E_OK);
	assert_int_equal(bp_lock_take(other, &dbt.arena, 112, "GT", 2, &got, &n, &refused, &n_refused, NULL), BP_E_DB_RETRY);
	bp_db_free(other);
	return e;
}

static void nobody_locks_a_unit_while_it_changes(void **state)
{
	struct act a = act_on(kept(110, 1, 30), 110);

	(void)state;
	assert_int_equal(bp_db_tx(dbt.app, lock_meanwhile_tx, &a), BP_E_OK);
	assert_int_equal(units(), 1);
}

/* The ways of a design with these lists and pins: in every one outlet `o` is in unit `u`, or is not. */
static void designed(const struct tr_pin *pin, size_t n_pins, int64_t o, int64_t u, bool in)
{
	struct tr_design_wish w = {.tolerance = 0.3, .redraw = true, .seed = 1, .pin = pin, .n_pins = n_pins};
	struct tr_way way[TR_WAYS_MOST];
	struct tr_design d = {0};
	struct bp_fail f = {0};
	int n;

	if (tr_design_load(dbt.app, &dbt.arena, 110, &w, &d, &f) || tr_design_allow(dbt.app, &dbt.arena, 110, &w, &d, &f))
		fail_msg("%s", f.detail);
	n = tr_design_ways(&d, &w, way);
	for (int i = 0; i < n; i++) {
		struct design_result r;

		design_result_init(&r);
		assert_int_equal(design_make(&d.p, &d.g, &way[i].a, &r, &f), BP_E_OK);
		assert_int_equal(r.now.misplaced, 0);
		for (int32_t at = 0; at < d.p.n; at++)
			if (d.outlet[d.placed[at]].id == o)
				assert_int_equal(d.unit[r.unit[at]].id == u, in);
		design_result_release(&r);
	}
	tr_design_release(&d);
}

#define LISTED "DELETE FROM outlet_list; INSERT INTO outlet_list (outlet_id, list, territory_id, seat_id, from_date, to_date, import_id) VALUES "

/* Outlet 1 is in the far corner of unit 111, outlet 30 in that of 112. */
static void lists_hold_in_a_design(void **state)
{
	(void)state;
	designed(NULL, 0, 1, 111, true);
	dbt_sql(LISTED "(1, 'WHITE', 112, 0, NULL, NULL, 1)");
	designed(NULL, 0, 1, 112, true);
	dbt_sql(LISTED "(1, 'BLACK', 111, 0, NULL, NULL, 1)");
	designed(NULL, 0, 1, 111, false);
	/* Neither a list of a seat, nor one that is over or has not begun. */
	dbt_sql(LISTED "(1, 'WHITE', 112, 5, NULL, NULL, 1), (1, 'BLACK', 111, 0, NULL, UTC_DATE() - INTERVAL 1 DAY, 1)");
	designed(NULL, 0, 1, 111, true);
	dbt_sql(LISTED "(1, 'WHITE', 112, 0, UTC_DATE() + INTERVAL 1 DAY, NULL, 1)");
	designed(NULL, 0, 1, 111, true);
	dbt_sql("DELETE FROM outlet_list");
}

static void a_pin_goes_before_the_whitelist_and_the_blacklist_before_both(void **state)
{
	const struct tr_pin pin = {1, 112};
	struct tr_design_wish w = {.tolerance = 0.3, .redraw = true, .seed = 1, .pin = &pin, .n_pins = 1};
	struct tr_design d = {0};
	struct bp_fail f = {0};

	(void)state;
	dbt_sql(LISTED "(1, 'WHITE', 111, 0, NULL, NULL, 1)");
	designed(&pin, 1, 1, 112, true);
	dbt_sql(LISTED "(1, 'BLACK', 112, 0, NULL, NULL, 1)");
	assert_int_equal(tr_design_load(dbt.app, &dbt.arena, 110, &w, &d, &f), BP_E_OK);
	assert_int_equal(tr_design_allow(dbt.app, &dbt.arena, 110, &w, &d, &f), BP_E_OPT_INPUT);
	assert_non_null(strstr(f.detail, "outlet 1 may be in no unit"));
	tr_design_release(&d);
	dbt_sql("DELETE FROM outlet_list");
}

static enum bp_error ask_tx(struct bp_db *db, void *ctx)
{
	struct act *a = ctx;
	uint64_t job;

	return tr_scenario_ask(db, &dbt.arena, &a->d, false, &job, &a->fail);
}

static enum bp_error publish_only_tx(struct bp_db *db, void *ctx)
{
	struct act *a = ctx;

	return tr_scenario_publish(db, &dbt.arena, &a->d, &a->fail);
}

/* Asked for once; nobody discards it or plans a unit meanwhile, also of a territory above or beneath. */
static void what_is_asked_for_keeps_others_away(void **state)
{
	struct act a = act_on(kept(110, 1, 30), 110);
	struct bp_lock *got, *refused;
	size_t n, n_refused;

	(void)state;
	dbt_sql("DELETE FROM job");
	assert_int_equal(bp_db_tx(dbt.app, ask_tx, &a), BP_E_CONFLICT);
	assert_int_equal(tr_scenario_approve(dbt.app, &dbt.arena, a.d.id, 110, 1, &a.fail), BP_E_OK);
	dbt_sql("INSERT INTO plan_lock (territory_id, channel, user_id, since, last_seen) VALUES (111, 'MT', 1, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3))");
	assert_int_equal(bp_db_tx(dbt.app, ask_tx, &a), BP_E_LOCK_TAKEN);
	dbt_sql("DELETE FROM plan_lock");
	assert_int_equal(bp_db_tx(dbt.app, ask_tx, &a), BP_E_OK);
	bp_fail_clear(&a.fail);
	assert_int_equal(bp_db_tx(dbt.app, ask_tx, &a), BP_E_CONFLICT);
	assert_non_null(strstr(a.fail.detail, "at work on it"));
	assert_int_equal(tr_scenario_discard(dbt.app, &dbt.arena, a.d.id, 110, 1, &a.fail), BP_E_CONFLICT);
	for (uint64_t at = 110; at <= 112; at++)
		assert_int_equal(bp_lock_take(dbt.app, &dbt.arena, at, "GT", 2, &got, &n, &refused, &n_refused, &a.fail), BP_E_LOCK_TAKEN);
	assert_int_equal(bp_lock_take(dbt.app, &dbt.arena, 143, "GT", 2, &got, &n, &refused, &n_refused, &a.fail), BP_E_OK);
	dbt_sql("UPDATE job SET state = 'cancelled'");
	assert_int_equal(bp_lock_take(dbt.app, &dbt.arena, 111, "GT", 2, &got, &n, &refused, &n_refused, &a.fail), BP_E_OK);
}

static enum bp_error stop_at_outlets(void *ctx, const char *step, double percent)
{
	(void)ctx;
	(void)percent;
	return strcmp(step, "outlets") ? BP_E_OK : BP_E_CANCELLED;
}

static void a_job_that_is_stopped_leaves_nothing_and_one_that_ended_does_nothing_twice(void **state)
{
	struct act a = act_on(kept(110, 1, 30), 110);
	int64_t sets = dbt_count("change_set", "1");

	(void)state;
	assert_int_equal(tr_scenario_approve(dbt.app, &dbt.arena, a.d.id, 110, 1, &a.fail), BP_E_OK);
	a.d.job = 77;
	a.d.report = stop_at_outlets;
	assert_int_equal(bp_db_tx(dbt.app, publish_only_tx, &a), BP_E_CANCELLED);
	assert_int_equal(dbt_count("design_scenario", "status = 'APPROVED' AND decided_job IS NULL"), 1);
	assert_int_equal(units(), 2);
	a.d.report = NULL;
	assert_int_equal(bp_db_tx(dbt.app, publish_only_tx, &a), BP_E_OK);
	assert_int_equal(bp_db_tx(dbt.app, publish_only_tx, &a), BP_E_OK); /* its lease had run out */
	assert_int_equal(dbt_count("change_set", "1"), sets + 1);
	a.d.job = 78;
	assert_int_equal(bp_db_tx(dbt.app, publish_only_tx, &a), BP_E_CONFLICT);
}

static void a_distributor_is_not_cut_beside_itself(void **state)
{
	struct tr_design_wish w = {.units = 2, .tolerance = 0.05, .redraw = true};
	struct tr_design d = {0};
	struct bp_fail f = {0};

	(void)state;
	assert_int_equal(tr_design_load(dbt.app, &dbt.arena, 143, &w, &d, &f), BP_E_OPT_INPUT);
	assert_non_null(strstr(f.detail, "from the territory above"));
	tr_design_release(&d);
	w.units = 1;
	d = (struct tr_design){0};
	assert_int_equal(tr_design_load(dbt.app, &dbt.arena, 143, &w, &d, &f), BP_E_OK);
	tr_design_release(&d);
}

static uint64_t by_hand(uint64_t territory)
{
	struct bp_fail f = {0};
	uint64_t id = 0;

	if (tr_scenario_by_hand(dbt.app, &dbt.arena, territory, 1, &id, &f))
		fail_msg("%s", f.detail);
	return id;
}

/* All outlets of a unit of a scenario of 110 to another, or some to a new one. */
static enum bp_error moved(uint64_t id, uint64_t territory, struct tr_move m, struct bp_fail *f)
{
	struct tr_edit t;
	enum bp_error e = tr_edit_load(dbt.app, &dbt.arena, id, territory, &t, f);

	if (!e)
		e = tr_edit_move(&t, &dbt.arena, &m, f);
	if (!e) {
		tr_edit_judge(&t, &dbt.arena);
		e = tr_edit_keep(&t, dbt.app, &dbt.arena, 1);
	}
	tr_edit_release(&t);
	return e;
}

static void what_is_today_is_changed_by_hand(void **state)
{
	uint64_t id;
	struct bp_fail f = {0};

	(void)state;
	/* A region whose only outlet nobody knows the place of stays as it is. */
	dbt_sql("INSERT INTO territory (id, rank, parent_id, code, name, is_unit) VALUES (113, 3, 110, 'R3', 'Three', 1);"
		"INSERT INTO territory_closure (ancestor, descendant, depth) VALUES (113, 113, 0), (110, 113, 1); UPDATE outlet SET territory_id = 113 WHERE id = 31");
	id = by_hand(110);
	assert_int_equal(dbt_count("design_scenario", "name = 'By hand' AND units = 3 AND moved = 0 AND status = 'READY' AND job_id = 0"), 1);
	assert_int_equal(dbt_count("design_outlet", "moved = 1"), 0);
	assert_int_equal(moved(id, 110, (struct tr_move){.from = BP_SOME_INT(17), .to = BP_SOME_INT(0)}, &f), BP_E_OPT_INPUT);
	assert_non_null(strstr(f.detail, "no unit 17"));
	bp_fail_clear(&f);
	assert_int_equal(moved(id, 110, (struct tr_move){.from = BP_SOME_INT(1), .to = BP_SOME_INT(0)}, &f), BP_E_OK);
	assert_int_equal(dbt_count("design_outlet", "moved = 1 AND number = 0"), 11); /* the closed one too */
	publish(id, 110);
	assert_int_equal(dbt_count("territory", "is_unit = 1 AND id IN (111, 113)"), 2);
	assert_int_equal(units(), 2);
	assert_int_equal(dbt_count("outlet", "territory_id = 113"), 1);
	undo(id, 110);
	assert_int_equal(units(), 3);
}

static void a_whole_territory_is_cut_by_hand_into_units_beneath_it(void **state)
{
	static const int64_t two[] = {1, 2};
	struct tr_move m = {.outlet = two, .n = 2};
	struct bp_fail f = {0};
	uint64_t id;

	(void)state;
	assert_int_equal(tr_scenario_by_hand(dbt.app, &dbt.arena, 143, 1, &id, &f), BP_E_OPT_INPUT);
	assert_non_null(strstr(f.detail, "the territory above"));
	bp_fail_clear(&f);
	/* No unit can lie beside one that goes on as the whole territory: both would be beneath it. */
	assert_int_equal(moved(kept(111, 1, 20), 111, m, &f), BP_E_OPT_INPUT);
	assert_non_null(strstr(f.detail, "\"One\" is the whole territory"));
	bp_fail_clear(&f);
	id = by_hand(111);
	assert_int_equal(moved(id, 111, m, &f), BP_E_OK);
	publish(id, 111);
	assert_int_equal(dbt_count("territory", "is_unit = 1 AND parent_id = 111"), 2);
	assert_int_equal(dbt_count("territory", "is_unit = 1 AND id = 111"), 0);
}

static void an_outlet_in_two_units_is_refused_by_name(void **state)
{
	struct tr_design_wish w = {.tolerance = 0.05};
	struct tr_design d = {0};
	struct bp_fail f = {0};

	(void)state;
	dbt_sql("UPDATE territory SET is_unit = 1 WHERE id = 121");
	assert_int_equal(tr_design_load(dbt.app, &dbt.arena, 110, &w, &d, &f), BP_E_OPT_INPUT);
	assert_string_equal(f.detail, "outlet 1 lies in two planning units, one beneath the other: choose the level of planning anew");
	tr_design_release(&d);
}

/* Characters of three bytes: neither 40 nor 100 is a multiple. */
static void names_of_made_units_are_whole_characters(void **state)
{
	(void)state;
	dbt_sql("UPDATE territory SET code = REPEAT(_utf8mb4 0xE0A495, 20), name = REPEAT(_utf8mb4 0xE0A495, 60) WHERE id = 111");
	kept(110, 3, 10);
	assert_int_equal(dbt_count("design_unit", "made = 1 AND name = CONCAT(REPEAT(_utf8mb4 0xE0A495, 33), ' ', number + 1)"
		" AND code LIKE CONCAT(REPEAT(_utf8mb4 0xE0A495, 13), '-%')"), dbt_count("design_unit", "made = 1 AND beside = 111"));
	assert_int_not_equal(dbt_count("design_unit", "made = 1 AND beside = 111"), 0);
}

static int64_t at(const char *ids, int64_t territory)
{
	return dbt_count("outlet", bp_sprintf(&dbt.arena, "id IN (%s) AND territory_id = %lld", ids, (long long)territory));
}

#define NEW_OUTLET "INSERT INTO outlet (id, code, name, lat, lon, territory_id, first_seen, created_at, updated_at) VALUES "
#define NOW "2, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3))"

/* A region that a scenario which was made before does not know. */
static void another_region(void)
{
	dbt_sql("INSERT INTO territory (id, rank, parent_id, code, name, is_unit) VALUES (113, 3, 110, 'R3', 'Three', 1)");
	dbt_sql("INSERT INTO territory_closure (ancestor, descendant, depth) VALUES (113, 113, 0), (110, 113, 1)");
	dbt_sql(NEW_OUTLET "(63, 'O63', 'New', NULL, NULL, 113, " NOW);
}

/* 1 to 20 stay in 111, all of 112 is made part of it: so is what comes there, with a place or without; a region that nobody knew stays. */
static void outlets_that_come_and_go_do_not_overtake_a_scenario(void **state)
{
	uint64_t id = kept(110, 1, 30);

	(void)state;
	dbt_sql(NEW_OUTLET "(60, 'O60', 'New', 12000500, 77000500, 121, " NOW ", (61, 'O61', 'New', 12001500, 77004500, 122, " NOW ", (62, 'O62', 'New', NULL, NULL, 122, " NOW);
	another_region();
	dbt_sql("UPDATE outlet SET status = 'closed' WHERE id = 25; DELETE FROM outlet WHERE id = 26; UPDATE outlet SET territory_id = 143 WHERE id = 27");
	publish(id, 110);
	assert_int_equal(at("60", 121), 1);
	assert_int_equal(at("24, 25, 31, 32, 61, 62", 111), 6);
	assert_int_equal(at("63", 113), 1);
	assert_int_equal(at("27", 143), 1);
	assert_int_equal(dbt_count("territory", "is_unit = 1 AND id IN (111, 113)"), 2);
	assert_int_equal(units(), 2);
	assert_int_equal(dbt_count("design_outlet", "came = 1"), 3);
	assert_int_equal(dbt_count("design_outlet", "outlet_id IN (26, 27)"), 0);
	assert_int_equal(dbt_count("design_scenario", "outlets = 32 AND unplaced = 3"), 1);
	assert_counted();
	undo(id, 110);
	assert_int_equal(at("60", 121), 1);
	assert_int_equal(at("24, 25, 31, 32, 61, 62", 122), 6);
	assert_int_equal(at("27", 143), 1);
	assert_int_equal(units(), 3);
}

/* What comes to a unit that a publication made is not left behind in it. */
static void what_came_to_a_made_unit_goes_beside_it_when_it_is_undone(void **state)
{
	uint64_t id = kept(110, 3, 10);

	(void)state;
	publish(id, 110);
	dbt_sql("INSERT INTO outlet (id, code, name, territory_id, created_at, updated_at) SELECT 60, 'O60', 'New', territory_id, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3)"
		" FROM design_unit WHERE made = 1 LIMIT 1");
	undo(id, 110);
	assert_int_equal(dbt_count("outlet o JOIN territory t ON t.id = o.territory_id", "o.id = 60 AND t.is_unit = 1 AND t.id IN (111, 112)"), 1);
	assert_int_equal(dbt_count("territory", "rank = 3 AND parent_id = 110"), 2);
}

/* A region that is no unit, right of the others: two outlets have a place beside those of 112, one has none, one is closed. */
static void gaps_are_filled_by_what_lies_around_them(void **state)
{
	uint64_t id;

	(void)state;
	another_region();
	dbt_sql("UPDATE territory SET is_unit = 0 WHERE id = 113; INSERT INTO outlet (id, code, name, lat, lon, territory_id, first_seen, created_at, updated_at) VALUES"
		" (64, 'O64', 'New', 12001500, 77006500, 113, " NOW ", (65, 'O65', 'New', 12002500, 77007500, 113, " NOW "; UPDATE outlet SET lat = 12000000, lon = 77000000, status = 'closed' WHERE id = 63;"
		"INSERT INTO outlet (id, code, name, territory_id, created_at, updated_at) VALUES (66, 'O66', 'New', 113, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3))");
	id = kept(110, 2, 20);
	assert_int_equal(dbt_count("design_outlet", "outlet_id IN (63, 66)"), 0);
	assert_int_equal(dbt_count("design_outlet", "outlet_id IN (64, 65) AND was = 0 AND moved = 1 AND number = 1"), 2);
	assert_int_equal(dbt_count("design_scenario", "moved = 2"), 1);
	/* Meanwhile a person fills one of the gaps, and makes one. */
	dbt_sql("UPDATE outlet SET territory_id = 111 WHERE id = 65; UPDATE outlet SET territory_id = 113 WHERE id = 30");
	publish(id, 110);
	assert_int_equal(at("64, 30", 112), 2);
	assert_int_equal(at("65", 111), 1);
	assert_int_equal(at("63, 66", 113), 2);
	assert_counted();
	undo(id, 110);
	assert_int_equal(at("64, 30, 63, 66", 113), 4);
	assert_int_equal(at("65", 111), 1);
}

static void refused(uint64_t id, const char *why)
{
	struct act a = act_on(id, 110);
	struct tr_edit t;
	struct bp_fail f = {0};

	assert_int_equal(tr_edit_load(dbt.app, &dbt.arena, id, 110, &t, &f), BP_E_CONFLICT);
	assert_string_equal(f.detail, why);
	tr_edit_release(&t);
	assert_int_equal(bp_db_tx(dbt.app, publish_tx, &a), BP_E_CONFLICT);
	assert_string_equal(a.fail.detail, why);
	assert_int_equal(dbt_count("design_scenario", "status = 'READY'"), 1);
}

static void what_others_moved_or_ended_overtakes_a_scenario(void **state)
{
	uint64_t id = kept(110, 2, 15);

	(void)state;
	dbt_sql("UPDATE outlet SET territory_id = 122 WHERE id IN (1, 2); UPDATE outlet SET territory_id = 121 WHERE id = 21");
	refused(id, "3 outlets were moved to another unit since the scenario was made, 2 of them from One to Two: move them back, or have it designed again");
	dbt_sql("UPDATE outlet SET territory_id = 121 WHERE id IN (1, 2); UPDATE outlet SET territory_id = 122 WHERE id = 21; UPDATE territory SET is_unit = 0 WHERE id = 112");
	refused(id, "Two is no planning unit any more, as it was when the scenario was made: have it designed again");
}

static void move_to(uint64_t id, const int64_t *outlet, size_t n, int64_t to)
{
	struct tr_move m = {.outlet = outlet, .n = n, .to = BP_SOME_INT(to)};
	struct bp_fail f = {0};
	struct tr_edit t;

	if (tr_edit_load(dbt.app, &dbt.arena, id, 110, &t, &f) || tr_edit_move(&t, &dbt.arena, &m, &f))
		fail_msg("%s", f.detail);
	tr_edit_judge(&t, &dbt.arena);
	assert_int_equal(tr_edit_keep(&t, dbt.app, &dbt.arena, 1), BP_E_OK);
	tr_edit_release(&t);
	assert_counted();
}

static void step(uint64_t id, bool back)
{
	struct bp_fail f = {0};
	struct tr_edit t;

	if (tr_edit_step(dbt.app, &dbt.arena, id, 110, back, &t, &f))
		fail_msg("%s", f.detail);
	tr_edit_release(&t);
	assert_counted();
}

static int64_t in_unit(int64_t outlet)
{
	return dbt_count("design_outlet", bp_sprintf(&dbt.arena, "outlet_id = %lld AND number = 1", (long long)outlet));
}

/* 1 to 20 of One are in unit 0, those of Two in unit 1. */
static void what_came_follows_its_unit_through_steps_until_a_person_moves_it(void **state)
{
	uint64_t id = kept(110, 2, 20);
	int64_t most[12], own[] = {61};

	(void)state;
	for (int i = 0; i < 12; i++)
		most[i] = i + 1;
	dbt_sql(NEW_OUTLET "(60, 'O60', 'New', 12000500, 77000500, 121, " NOW ", (61, 'O61', 'New', 12000600, 77000500, 121, " NOW);
	dbt_sql("DELETE FROM outlet WHERE id = 20");
	move_to(id, most, 1, 1);
	assert_int_equal(in_unit(60), 0);
	assert_int_equal(dbt_count("design_unit", "number = 0 AND outlets = 20"), 1);
	assert_int_equal(dbt_count("design_outlet", "outlet_id = 20"), 0);
	move_to(id, most, 12, 1);
	assert_int_equal(in_unit(60) + in_unit(61), 2);
	step(id, true);
	assert_int_equal(in_unit(60) + in_unit(61), 0);
	move_to(id, own, 1, 1);
	assert_int_equal(in_unit(60), 0);
	assert_int_equal(in_unit(61), 1);
	assert_int_equal(dbt_count("design_outlet", "outlet_id = 61 AND moved = 1 AND came = 0"), 1);
	step(id, true);
	assert_int_equal(in_unit(61), 0);
	step(id, false);
	assert_int_equal(in_unit(61), 1);
	publish(id, 110);
	assert_int_equal(at("61, 1", 112), 2);
	assert_int_equal(at("60", 121), 1);
	undo(id, 110);
	assert_int_equal(at("60, 61, 1", 121), 3);
}

#define LOCK(unit) "INSERT INTO plan_lock (territory_id, channel, user_id, since, last_seen) VALUES (" unit ", 'MT', 1, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3))"

static void a_unit_that_is_left_as_it_is_may_be_planned_meanwhile(void **state)
{
	static const int64_t touched[] = {111}, free_one[] = {113};
	struct act a = act_on(kept(110, 1, 30), 110);
	struct bp_lock *got, *others;
	size_t n, n_others;

	(void)state;
	another_region();
	dbt_sql("DELETE FROM job");
	assert_int_equal(tr_scenario_approve(dbt.app, &dbt.arena, a.d.id, 110, 1, &a.fail), BP_E_OK);
	dbt_sql(LOCK("112"));
	assert_int_equal(bp_db_tx(dbt.app, ask_tx, &a), BP_E_LOCK_TAKEN);
	assert_int_equal(bp_db_tx(dbt.app, publish_only_tx, &a), BP_E_LOCK_TAKEN);
	dbt_sql("DELETE FROM plan_lock");
	dbt_sql(LOCK("113"));
	assert_int_equal(bp_db_tx(dbt.app, ask_tx, &a), BP_E_OK);
	/* Before the job has ended: the one unit, not the others. */
	assert_int_equal(bp_lock_take(dbt.app, &dbt.arena, 110, "GT", 2, &got, &n, &others, &n_others, &a.fail), BP_E_OK);
	assert_int_equal(n, 1);
	assert_int_equal(got[0].territory, 113);
	assert_int_equal(n_others, 2);
	assert_int_equal(others[0].id + others[1].id, 0);
	assert_int_equal(bp_lock_take_set(dbt.app, &dbt.arena, free_one, 1, "GT", 2, &got, &n, &a.fail), BP_E_OK);
	bp_fail_clear(&a.fail);
	assert_int_equal(bp_lock_take_set(dbt.app, &dbt.arena, touched, 1, "GT", 2, &got, &n, &a.fail), BP_E_LOCK_TAKEN);
	assert_non_null(strstr(a.fail.detail, "nothing was locked. One is just being cut anew for "));
	assert_int_equal(bp_db_tx(dbt.app, publish_only_tx, &a), BP_E_OK);
	assert_int_equal(dbt_count("territory", "is_unit = 1 AND id IN (111, 112, 113)"), 2);
	dbt_sql("DELETE FROM job");
	undo(a.d.id, 110);
	assert_int_equal(units(), 3);
	assert_int_equal(dbt_count("plan_lock", "territory_id = 113"), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(an_import_does_not_bring_an_ended_unit_back, fresh),
		cmocka_unit_test_setup(an_import_keeps_units_made_at_another_level, fresh),
		cmocka_unit_test_setup(the_older_scenario_is_not_undone_first, fresh),
		cmocka_unit_test_setup(a_unit_without_placed_outlets_is_no_beginning, fresh),
		cmocka_unit_test_setup(what_was_changed_by_hand_or_decided_about_is_kept, fresh),
		cmocka_unit_test_setup(discarded_and_old_scenarios_keep_only_their_head, fresh),
		cmocka_unit_test_setup(what_a_map_counts_of_a_scenario_goes_with_it, fresh),
		cmocka_unit_test_setup(outlets_that_come_and_go_do_not_overtake_a_scenario, fresh),
		cmocka_unit_test_setup(gaps_are_filled_by_what_lies_around_them, fresh),
		cmocka_unit_test_setup(what_came_to_a_made_unit_goes_beside_it_when_it_is_undone, fresh),
		cmocka_unit_test_setup(what_others_moved_or_ended_overtakes_a_scenario, fresh),
		cmocka_unit_test_setup(what_came_follows_its_unit_through_steps_until_a_person_moves_it, fresh),
		cmocka_unit_test_setup(nobody_locks_a_unit_while_it_changes, fresh),
		cmocka_unit_test_setup(lists_hold_in_a_design, fresh),
		cmocka_unit_test_setup(a_pin_goes_before_the_whitelist_and_the_blacklist_before_both, fresh),
		cmocka_unit_test_setup(what_is_asked_for_keeps_others_away, fresh),
		cmocka_unit_test_setup(a_unit_that_is_left_as_it_is_may_be_planned_meanwhile, fresh),
		cmocka_unit_test_setup(a_job_that_is_stopped_leaves_nothing_and_one_that_ended_does_nothing_twice, fresh),
		cmocka_unit_test_setup(a_distributor_is_not_cut_beside_itself, fresh),
		cmocka_unit_test_setup(what_is_today_is_changed_by_hand, fresh),
		cmocka_unit_test_setup(a_whole_territory_is_cut_by_hand_into_units_beneath_it, fresh),
		cmocka_unit_test_setup(an_outlet_in_two_units_is_refused_by_name, fresh),
		cmocka_unit_test_setup(names_of_made_units_are_whole_characters, fresh),
	};

	return cmocka_run_group_tests(tests, dbt_init, dbt_release);
}
