/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_TESTS_DB_SCENARIO_H
#define BP_TESTS_DB_SCENARIO_H
/* A zone to make scenarios of, and what is done about them. */
#include "lock/lock.h"
#include "territory/check.h"
#include "territory/edit.h"
#include "territory/scenario.h"
#include "territory/tree.h"
#include "tests/db/db.h"

/* A zone 110 of two regions, 111 with 20 outlets and 112 with 10, one without coordinates and one that is closed. Beside it a
 * distributor 143 on its own. */
static int fresh(void **state)
{
	(void)state;
	dbt_sql("SET FOREIGN_KEY_CHECKS = 0; DELETE FROM design_cell; DELETE FROM design_edit_outlet; DELETE FROM design_edit; DELETE FROM design_outlet; DELETE FROM design_unit; DELETE FROM design_ended; DELETE FROM design_scenario;"
		"DELETE FROM plan_lock; DELETE FROM outlet_list; DELETE FROM outlet_edit; DELETE FROM outlet; DELETE FROM territory_closure; DELETE FROM territory;"
		"SET FOREIGN_KEY_CHECKS = 1;"
		"INSERT INTO territory (id, rank, parent_id, code, name, is_unit) VALUES (110, 2, NULL, 'Z', 'Zone', 0), (111, 3, 110, 'R1', 'One', 1),"
		" (112, 3, 110, 'R2', 'Two', 1), (121, 4, 111, 'A1', 'Area one', 0), (122, 4, 112, 'A2', 'Area two', 0), (143, 5, NULL, 'D', 'Distributor', 1);"
		"INSERT INTO territory_closure (ancestor, descendant, depth) VALUES (110, 110, 0), (111, 111, 0), (112, 112, 0), (121, 121, 0),"
		" (122, 122, 0), (143, 143, 0), (110, 111, 1), (110, 112, 1), (110, 121, 2), (110, 122, 2), (111, 121, 1), (112, 122, 1);"
		"INSERT INTO outlet (id, code, name, lat, lon, territory_id, created_at, updated_at) SELECT seq, CONCAT('O', seq), 'Shop',"
		" 12000000 + 1000 * (seq % 5), 77000000 + 1000 * (seq DIV 5), IF(seq <= 20, 121, 122), UTC_TIMESTAMP(3), UTC_TIMESTAMP(3) FROM seq_1_to_30;"
		"INSERT INTO outlet (id, code, name, lat, lon, territory_id, status, created_at, updated_at) VALUES"
		" (31, 'O31', 'Nowhere', NULL, NULL, 122, 'active', UTC_TIMESTAMP(3), UTC_TIMESTAMP(3)),"
		" (32, 'O32', 'Shut', 12000000, 77000000, 122, 'closed', UTC_TIMESTAMP(3), UTC_TIMESTAMP(3)),"
		" (41, 'O41', 'Alone', 13000000, 77000000, 143, 'active', UTC_TIMESTAMP(3), UTC_TIMESTAMP(3)),"
		" (42, 'O42', 'Alone', 13000100, 77000000, 143, 'active', UTC_TIMESTAMP(3), UTC_TIMESTAMP(3));"
		"UPDATE outlet SET first_seen = 1");
	return 0;
}

static int64_t units(void)
{
	return dbt_count("territory", "is_unit = 1 AND id <> 143");
}

/* A scenario of a territory: outlets in the order of their ids, the first to unit 0 and so on, `each` to a unit. */
static uint64_t kept(uint64_t territory, int64_t k, int each)
{
	struct tr_design_wish w = {.units = k, .tolerance = 0.05, .redraw = true};
	struct tr_way way = {.name = "By hand", .a = {.redraw = true}};
	struct tr_design d = {0};
	struct bp_fail f = {0};
	uint64_t id = 0;
	int32_t unit[64];

	if (tr_design_load(dbt.app, &dbt.arena, territory, &w, &d, &f))
		fail_msg("%s", f.detail);
	for (int32_t i = 0; i < d.p.n; i++)
		unit[i] = i / each < k ? i / each : (int32_t)k - 1;
	assert_int_equal(tr_scenario_keep(dbt.app, &dbt.arena, &d, &(struct tr_scenario){territory, 1, 1, &way, unit, false, NULL}, &id), BP_E_OK);
	tr_design_release(&d);
	return id;
}

struct act {
	struct tr_decision d;
	struct bp_fail fail;
};

static struct act act_on(uint64_t id, uint64_t territory)
{
	return (struct act){.d = {.id = id, .territory = territory, .user = 1, .reason = "why not"}};
}

static enum bp_error publish_tx(struct bp_db *db, void *ctx)
{
	struct act *a = ctx;
	enum bp_error e = tr_scenario_approve(db, &dbt.arena, a->d.id, a->d.territory, 1, &a->fail);

	return e ? e : tr_scenario_publish(db, &dbt.arena, &a->d, &a->fail);
}

static enum bp_error undo_tx(struct bp_db *db, void *ctx)
{
	struct act *a = ctx;
	int64_t back, stay;

	return tr_scenario_undo(db, &dbt.arena, &a->d, &back, &stay, &a->fail);
}

static enum bp_error import_tx(struct bp_db *db, void *ctx)
{
	(void)ctx;
	return tr_choose_units(db, &dbt.arena);
}

static void publish(uint64_t id, uint64_t territory)
{
	struct act a = act_on(id, territory);

	if (bp_db_tx(dbt.app, publish_tx, &a))
		fail_msg("%s", a.fail.detail);
}

static void undo(uint64_t id, uint64_t territory)
{
	struct act a = act_on(id, territory);

	if (bp_db_tx(dbt.app, undo_tx, &a))
		fail_msg("%s", a.fail.detail);
}

/* What every publication and undo of an import ends with. */
static void import(void)
{
	assert_int_equal(bp_db_tx(dbt.app, import_tx, NULL), BP_E_OK);
}

#endif
