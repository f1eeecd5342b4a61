/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules of chains: what a banner has from its chain, and visit lists without the dates on which nobody is received. */
#include "base/time.h"
#include "plan/chain.h"
#include "plan/version.h"
#include "tests/db/db.h"

/* Chain 1 has banner 2, which has format 3; 4 stands alone.  Plan 1 of unit 5 visits an outlet of each every week; outlet 5 has no account
 * and outlet 6 belongs to the banner, in general trade. */
static int fresh(void **state)
{
	(void)state;
	dbt_sql("DELETE FROM visit; DELETE FROM plan_stop; DELETE FROM plan_version; DELETE FROM plan; DELETE FROM need; DELETE FROM outlet; DELETE FROM account;"
		"DELETE FROM account_rule; DELETE FROM account_window; DELETE FROM account_blackout; DELETE FROM territory_closure;"
		"INSERT INTO territory_closure (ancestor, descendant, depth) VALUES (5, 5, 0);"
		"INSERT INTO account (id, parent_id, code, name) VALUES (1, NULL, 'C', 'Chain'), (2, 1, 'B', 'Banner'), (3, 2, 'F', 'Format'), (4, NULL, 'O', 'Other');"
		"INSERT INTO outlet (id, code, name, channel, territory_id, account_id, created_at, updated_at) SELECT seq, seq, seq, IF(seq = 6, 'GT', 'MT'), 5,"
		" CASE seq WHEN 5 THEN NULL WHEN 6 THEN 2 ELSE seq END, UTC_TIMESTAMP(3), UTC_TIMESTAMP(3) FROM seq_1_to_6;"
		"INSERT INTO need (id, outlet_id) SELECT seq, seq FROM seq_1_to_6;"
		"INSERT INTO plan (id, territory_id, channel, anchor, weeks, current_version) VALUES (1, 5, 'MT', UTC_DATE(), 1, 1);"
		"INSERT INTO plan_version (id, plan_id, number, kind, anchor, weeks, effective_date, created_by, created_at) VALUES (1, 1, 1, 'COMMIT', UTC_DATE(), 1,"
		" UTC_DATE(), 1, UTC_TIMESTAMP(3));"
		"INSERT INTO plan_stop (version_id, need_id, day, seq, seat_id, pos) SELECT 1, seq, 3, 0, 7, seq FROM seq_1_to_6;"
		"INSERT INTO visit (plan_id, day, need_id, seat_id, pos, version_id) SELECT 1, DATE_ADD(UTC_DATE(), INTERVAL 3 + 7 * w.seq DAY), n.seq, 7, n.seq, 1"
		" FROM seq_1_to_6 n JOIN seq_0_to_9 w;");
	return 0;
}

struct put {
	uint64_t account;
	struct plan_chain_rules r;
};

static enum bp_error put_tx(struct bp_db *db, void *ctx)
{
	const struct put *p = ctx;

	return plan_chain_put(db, &dbt.arena, p->account, &p->r, 1);
}

static void put(uint64_t account, struct plan_chain_rules r)
{
	struct put p = {account, r};

	assert_int_equal(bp_db_tx(dbt.app, put_tx, &p), BP_E_OK);
}

static struct plan_chains load(void)
{
	struct plan_chains all;

	assert_int_equal(plan_chains_load(dbt.app, &dbt.arena, &all), BP_E_OK);
	return all;
}

static void the_nearest_account_is_heard(void **state)
{
	const struct q_chain_windows_of morning = {0, 360, 600, 1}, noon = {2, 600, 720, 0};
	const struct q_chain_blackouts_of xmas = {20000, 20006, "Christmas"}, counting = {20100, 20100, "counting"};
	const struct plan_chain *c;
	struct plan_chains all = load();

	(void)state;
	assert_int_equal(all.n, 0);
	put(1, (struct plan_chain_rules){.weekdays = BP_SOME_INT(10), .most = BP_SOME_INT(2), .windows = &morning, .n_windows = 1, .blackouts = &xmas, .n_blackouts = 1});
	put(2, (struct plan_chain_rules){.gap = BP_SOME_INT(3), .minutes = BP_SOME_INT(45), .windows = &noon, .n_windows = 1, .blackouts = &counting, .n_blackouts = 1});
	all = load();
	assert_int_equal(all.n, 3);
	assert_null(plan_chain_of(&all, BP_SOME_INT(4)));
	assert_null(plan_chain_of(&all, BP_NO_INT));
	c = plan_chain_of(&all, BP_SOME_INT(1));
	assert_int_equal(c->windows[0].closes, 600);
	assert_int_equal(c->gap, 0);
	assert_int_equal(c->n_blackouts, 1);
	c = plan_chain_of(&all, BP_SOME_INT(3)); /* the format says nothing: hours and gap of the banner, the rest of the chain */
	assert_int_equal(c->n_windows, 1);
	assert_int_equal(c->windows[0].opens, 600);
	assert_int_equal(c->weekdays, 10);
	assert_int_equal(c->gap, 3);
	assert_int_equal(c->minutes, 45);
	assert_int_equal(c->most, 2);
	assert_int_equal(c->most_of, 1);
	assert_string_equal(plan_chain_closed(c, 20006), "Christmas");
	assert_string_equal(plan_chain_closed(c, 20100), "counting");
	assert_null(plan_chain_closed(c, 20007));
	put(1, (struct plan_chain_rules){.most = BP_NO_INT});
	put(2, (struct plan_chain_rules){.most = BP_NO_INT});
	assert_int_equal(dbt_count("account_rule", "1") + dbt_count("account_window", "1") + dbt_count("account_blackout", "1"), 0);
}

/* One week of the ten is closed for the chain: its stores and those of its banners, in modern trade. */
static void visit_lists_leave_its_dates_out(void **state)
{
	struct q_chain_blackouts_of b = {bp_today() + 14, bp_today() + 20, "stock taking"};
	const char *week = "plan_id = 1 AND day = DATE_ADD(UTC_DATE(), INTERVAL 17 DAY)";

	(void)state;
	dbt_sql("UPDATE plan_stop SET seat_id = 8 WHERE need_id = 4"); /* so the dates alone are made anew */
	put(1, (struct plan_chain_rules){.blackouts = &b, .n_blackouts = 1});
	assert_int_equal(dbt_count("visit", week), 3);
	assert_int_equal(dbt_count("visit", bp_sprintf(&dbt.arena, "%s AND need_id IN (4, 5, 6)", week)), 3);
	assert_int_equal(dbt_count("visit", "plan_id = 1"), 57);
	assert_int_equal(dbt_count("visit", "seat_id = 8"), 1);
	b.from = b.to = bp_today() + 24;
	put(1, (struct plan_chain_rules){.blackouts = &b, .n_blackouts = 1});
	assert_int_equal(dbt_count("visit", week), 6);
	assert_int_equal(dbt_count("visit", "plan_id = 1 AND day = DATE_ADD(UTC_DATE(), INTERVAL 24 DAY)"), 3);
	put(1, (struct plan_chain_rules){.most = BP_SOME_INT(1)});
	assert_int_equal(dbt_count("visit", "plan_id = 1"), 60);
}

/* What is over stays as it was, and nothing comes beyond the end of the list. */
static void what_is_over_stays(void **state)
{
	const struct q_chain_blackouts_of b = {bp_today() - 30, bp_today() + 400, "closed down"};

	(void)state;
	dbt_sql("INSERT INTO visit (plan_id, day, need_id, seat_id, pos, version_id) SELECT 1, DATE_SUB(UTC_DATE(), INTERVAL 4 DAY), seq, 7, seq, 1 FROM seq_1_to_6");
	put(1, (struct plan_chain_rules){.blackouts = &b, .n_blackouts = 1});
	assert_int_equal(dbt_count("visit", "day < UTC_DATE()"), 6);
	assert_int_equal(dbt_count("visit", "day >= UTC_DATE()"), 30);
	put(1, (struct plan_chain_rules){.most = BP_NO_INT});
	assert_int_equal(dbt_count("visit", "day >= UTC_DATE()"), 60);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test_setup(the_nearest_account_is_heard, fresh), cmocka_unit_test_setup(visit_lists_leave_its_dates_out, fresh),
		cmocka_unit_test_setup(what_is_over_stays, fresh)};

	return cmocka_run_group_tests(tests, dbt_init, dbt_release);
}
