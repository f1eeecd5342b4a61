/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a publication does to what is stored, and taking it back: as if it had not been, but for what others did since. */
#include "db/journal.h"
#include "tests/intake/session.h"

static const char outlets[] = "code,name,lat,lon,region,area,chain,class\n"
	"A1,One,10.1,20.1,North,Hill,Mega,A\nA2,Two,10.2,20.2,North,Hill,Mega,B\nA3,Three,10.3,20.3,North,Lake,,C\nA4,Four,,,South,Sea,,C\n";

/* Something to change: places, people and a plan. */
static void a_first_import(void **state)
{
	uint64_t s = open_session();

	(void)state;
	add_file(s, "plan.csv", "outlet_code,seat_code,beat,week,weekday,position\nA1,S1,B1,1,Mon,1\nA2,S1,B1,1,Mon,2\n");
	add_file(s, "mapping.csv", "outlet_code,dt_code\nA1,D1\nA2,D1\nA3,D2\nA4,D2\n");
	add_file(s, "seats.csv", "seat_code,seat_name,person,territory,dt_code,vehicle\nS1,Seat one,Ann,North,D1;D2,car\n");
	add_file(s, "outlets.csv", outlets);
	add_file(s, "distributors.csv", "distributor_code,distributor_name,lat,lon\nD1,First,10,20\nD2,Second,11,21\n");
	add_file(s, "windows.csv", "outlet code,weekday,opens,closes\nA1,Mon,8:00,9:00\n");
	add_file(s, "holidays.csv", "territory,date,name\nNorth,2099-01-26,R. Day\n");
	add_file(s, "sales.csv", "outlet code,month,amount,qty\nA1,2026-01,80,5\n");
	add_file(s, "invoices.csv", "invoice no,date,customer code,line no,sku,qty,net amount\nI1,2026-03-01,A2,1,TEA,1,9\n");
	check(s);
	publish(s);
}

/* Tables that a publication changes, with what tells their rows apart from one moment to another left out. */
static const struct {
	const char *name, *columns;
} state_of[] = {
	{"outlet", "id, code, name, address, city, postcode, phone, lat, lon, channel, tier, territory_id, account_id, partner_id, sales_model, fulfilment,"
		" merchandising, status, sales_volume, nppd, closed_days, rural, owner, email, tax_no, since, first_seen, last_seen"},
	{"need", "*"}, {"partner", "id, kind, code, name, address, lat, lon"}, {"account", "*"}, {"territory", "*"}, {"territory_closure", "*"}, {"seat", "*"},
	{"seat_holder", "*"}, {"seat_partner", "*"}, {"resource", "*"}, {"sales_line", "*"}, {"plan", "*"}, {"plan_version", "*"}, {"plan_stop", "*"},
	{"visit", "*"}, {"beat", "*"}, {"time_window", "*"}, {"outlet_list", "*"}, {"holiday", "*"}, {"tier", "*"}, {"sales_fact", "*"}, {"invoice", "*"},
	{"invoice_line", "*"}, {"product", "*"}, {"plan_profile", "territory_id, channel, fields"},
	{"outlet_edit", "outlet_id, field, source_value"}};
enum { TABLES = sizeof(state_of) / sizeof(state_of[0]) };

static void remember_state(void)
{
	for (int i = 0; i < TABLES; i++)
		dbt_sql(bp_sprintf(&dbt.arena, "CREATE OR REPLACE TABLE was_%s AS SELECT %s FROM %s", state_of[i].name, state_of[i].columns, state_of[i].name));
}

/* How many rows of a table are not as they were. */
static int64_t strays(int i)
{
	const char *t = state_of[i].name, *c = state_of[i].columns;

	return dbt_count(bp_sprintf(&dbt.arena, "((SELECT %s FROM %s EXCEPT SELECT * FROM was_%s) UNION ALL (SELECT * FROM was_%s EXCEPT SELECT %s FROM %s)) x", c, t, t,
		t, c, t), "1");
}

static void undo(uint64_t session)
{
	struct im_work w = work_of(session);

	w.reason = "the wrong file";
	q_import_session_move(db, (int64_t)session, "COMPLETED", "UNDOING", NULL);
	bp_fail_clear(&fail);
	if (im_undo_session(&w))
		fail_msg("undo: %s %s", fail.detail, bp_db_failure(db)->detail);
	assert_int_equal(dbt_count("import_session", bp_sprintf(&dbt.arena, "id = %llu AND status = 'UNDONE'", (unsigned long long)session)), 1);
}

/* New, changed and moved outlets, a new distributor, another person in a seat, a seat with other distributors, a plan for a new place. */
static uint64_t a_wide_import(void)
{
	uint64_t s = open_session();

	add_file(s, "distributors.csv", "distributor_code,distributor_name,lat,lon\nD1,First renamed,10,20\nD7,Seventh,11,21\n");
	add_file(s, "outlets.csv", "code,name,lat,lon,region,area,chain,class,phone,frequency\nA1,Uno,10.15,20.1,North,Lake,Giga,C,555,2\nW1,New,30,30,West,Far,Giga,A,,4\n"
		"W2,New too,30.1,30,West,Far,,B,,4\n");
	add_file(s, "seats.csv", "seat_code,seat_name,person,territory,dt_code,vehicle\nS1,Seat one,Bob,North,D2;D7,car\nS8,Far seat,Eve,West,D7,van\n");
	add_file(s, "mapping.csv", "outlet_code,dt_code\nA2,D7\nW1,D7\nW2,D7\n");
	add_file(s, "plan.csv", "outlet_code,seat_code,beat,week,weekday,position\nW1,S8,BW,1,Mon,1\nW2,S8,BW,1,Mon,2\nA1,S1,B1,1,Tue,1\n");
	add_file(s, "accounts.csv", "account code,account name,parent\nGiga,Giga Mart,Mega\nTera,Tera,\n");
	add_file(s, "needs.csv", "outlet code,line,frequency,value\nA2,ICE,2,10\nA2,ALL,3,5\n");
	add_file(s, "tiers.csv", "rank,name,aliases\n1,Platinum,Royal\n");
	add_file(s, "windows.csv", "outlet code,weekday,opens,closes\nA1,Mon,10:00,12:00\nW1,Tue,9:00,11:00\n");
	add_file(s, "closed days.csv", "outlet code,closed days\nA1,Sat\n");
	add_file(s, "holidays.csv", "territory,date,name\nNorth,2099-01-26,Republic Day\nNorth,2099-08-15,Another\n");
	add_file(s, "visit policies.csv", "territory,channel,tier,visits in 4 weeks,minutes\nNorth,GT,Gold,4,20\n");
	add_file(s, "blacklist.csv", "outlet code,list,reason\nA3,black,closed for good\nW1,white,new\n");
	add_file(s, "sales.csv", "outlet code,month,amount,qty\nA1,2026-01,100,5\nA1,2026-04,40,2\nW1,2026-02,50,2\n");
	add_file(s, "invoices.csv", "invoice no,date,customer code,line no,sku,qty,net amount\nI1,2026-03-01,A2,2,NUT,1,5\nI2,2026-03-01,W1,1,NUT,1,7\n");
	check(s);
	publish(s);
	assert_int_equal(dbt_count("import_file", bp_sprintf(&dbt.arena, "session_id = %llu AND (n_inserted + n_updated = 0 OR n_rejected + n_refused > 0)",
		(unsigned long long)s)), 0);
	return s;
}

static void undone_as_if_it_had_not_been(void **state)
{
	uint64_t s;

	(void)state;
	/* a person said something that the import overrules */
	assert_int_equal(q_field_policy_put(db, "phone", "SOURCE", NULL), BP_E_OK);
	assert_int_equal(q_outlet_edit_put(db, (int64_t)id_of("A1"), "phone", "", 0, NULL), BP_E_OK);
	remember_state();
	s = a_wide_import();
	for (int i = 0; i < TABLES; i++)
		if (!strays(i))
			fail_msg("the import does not touch %s", state_of[i].name);
	undo(s);
	for (int i = 0; i < TABLES; i++)
		if (strays(i))
			fail_msg("%s: %lld rows are not as they were", state_of[i].name, (long long)strays(i));
	assert_int_equal(dbt_count("audit_event", "action = 'IMPORT_UNDO' AND reason = 'the wrong file'"), 1);
	undo(s); /* a second time does nothing */
	assert_int_equal(dbt_count("audit_event", "action = 'IMPORT_UNDO'"), 1);
	/* The history of an outlet tells both. */
	assert_int_equal(dbt_count("change_set", "kind = 'UNDO' AND reason = 'the wrong file'"), 1);
}

static enum bp_error edit_tx(struct bp_db *d, void *ctx)
{
	uint64_t id;
	enum bp_error e = bp_journal_open(d, &(struct bp_change_set){"EDIT", 0, 0, "rang them"}, &id);

	return e ? e : bp_db_bulk(d, ctx, NULL);
}

static void edit(const char *sql)
{
	assert_int_equal(bp_db_tx(db, edit_tx, (void *)(uintptr_t)sql), BP_E_OK);
}

/* What people did since stays and is told; everything else goes back. */
static void undone_after_later_edits(void **state)
{
	uint64_t s;

	(void)state;
	remember_state();
	s = a_wide_import();
	edit("UPDATE outlet SET phone = '777' WHERE code = 'A1'");
	edit("UPDATE outlet SET phone = '888' WHERE code = 'W2'");
	edit("UPDATE outlet SET city = 'Else' WHERE code = 'A3'");
	undo(s);
	assert_int_equal(dbt_count("outlet", "code = 'A1' AND phone = '777' AND name = (SELECT name FROM was_outlet WHERE code = 'A1')"), 1);
	assert_int_equal(dbt_count("outlet", "code = 'A3' AND city = 'Else'"), 1);
	/* an outlet that somebody worked on stays, with what it hangs on */
	assert_int_equal(dbt_count("outlet", "code = 'W2' AND phone = '888'"), 1);
	assert_int_equal(dbt_count("outlet", "code = 'W1'"), 0);
	assert_int_equal(dbt_count("partner", "code = 'D7'"), 1);
	assert_int_equal(dbt_count("undo_count", "tbl = 'outlet' AND field = '+' AND back = 1 AND kept = 1"), 1);
	assert_int_equal(dbt_count("undo_count", "tbl = 'outlet' AND field = 'phone' AND back = 0 AND kept = 1"), 1);
	/* W2, and what was edited */
	assert_int_equal(strays(0), 2 + 2 + 1);
	dbt_sql("DELETE FROM need WHERE outlet_id = (SELECT id FROM outlet WHERE code = 'W2'); DELETE FROM outlet WHERE code = 'W2'");
}

/* A plan that somebody is working on holds its outlets. */
static void undone_under_a_plan_at_work(void **state)
{
	uint64_t s;

	(void)state;
	s = a_wide_import();
	dbt_sql("INSERT INTO planning_session (plan_id, user_id, opened_at, saved_at) SELECT p.id, 1, NOW(3), NOW(3) FROM plan p JOIN plan_version v"
		" ON v.plan_id = p.id WHERE v.import_id = (SELECT MAX(id) FROM import_session) AND v.id = p.current_version");
	undo(s);
	assert_int_equal(dbt_count("outlet", "code IN ('W1', 'W2')"), 2);
	assert_int_equal(dbt_count("undo_count", "tbl = 'plan' AND field = '+' AND kept = 1"), 1);
	assert_int_equal(dbt_count("undo_count", "tbl = 'outlet' AND field = '+' AND back = 0 AND kept = 2"), 1);
	/* what stays keeps what hangs on it */
	assert_int_equal(dbt_count("seat", "code = 'S8'"), 1);
	assert_int_equal(dbt_count("seat_holder h JOIN seat t ON t.id = h.seat_id", "t.code = 'S8' AND h.to_date IS NULL"), 1);
	assert_int_equal(dbt_count("seat_partner h JOIN seat t ON t.id = h.seat_id", "t.code = 'S8'"), 1);
	assert_int_equal(dbt_count("need n JOIN outlet o ON o.id = n.outlet_id", "o.code IN ('W1', 'W2') AND n.partner_id = o.partner_id"), 2);
	assert_int_equal(dbt_count("time_window w JOIN outlet o ON o.id = w.outlet_id", "o.code = 'W1'"), 1);
	/* what was there before has again what it had */
	assert_int_equal(dbt_count("seat_holder h JOIN seat t ON t.id = h.seat_id JOIN resource r ON r.id = h.resource_id",
		"t.code = 'S1' AND h.to_date IS NULL AND r.name = 'Ann'"), 1);
}

/* A complete list asks about outlets that it does not name; lists of other regions say nothing about them. */
static void outlets_that_vanish(void **state)
{
	static const char list[] = "code,name,region,area\nV1,One,Vanish,Hill\nV2,Two,Vanish,Lake\nV3,Three,Vanish,Lake\n";
	uint64_t s = open_session(), f;
	struct im_work w;

	(void)state;
	add_file(s, "outlets.csv", list);
	check(s);
	publish(s);
	s = open_session();
	f = add_file(s, "outlets.csv", "code,name,region,area\nV1,One,Vanish,Hill\n");
	check(s);
	assert_int_equal(dbt_count("stage_vanished", "1"), 0); /* a list of changes says nothing about others */
	assert_int_equal(q_import_file_delta(db, (int64_t)f, "UPSERT", 1, "code", NULL), BP_E_OK);
	check(s);
	assert_int_equal(dbt_count("stage_vanished v JOIN outlet o ON o.id = v.outlet_id", "o.code IN ('V2', 'V3')"), 2);
	assert_int_equal(dbt_count("stage_vanished", "1"), 2);
	w = work_of(s);
	q_import_session_move(db, (int64_t)s, "READY", "PROCESSING", NULL);
	bp_fail_clear(&fail);
	assert_int_equal(im_publish_session(&w), BP_E_IMPORT_STATE);
	assert_non_null(strstr(fail.detail, "2 outlets"));
	q_import_session_move(db, (int64_t)s, "PROCESSING", "READY", NULL);
	q_import_vanished_set(db, (int64_t)s, "DORMANT", NULL);
	publish(s);
	assert_int_equal(dbt_count("outlet", "code IN ('V2', 'V3') AND status = 'dormant'"), 2);
	assert_int_equal(dbt_count("outlet", "status = 'dormant'"), 2);
	undo(s);
	assert_int_equal(dbt_count("outlet", "status = 'dormant'"), 0);
}

static void modes_of_known_keys(void **state)
{
	static const char *const mode[] = {"APPEND", "MERGE", "UPSERT"}, *const phone[] = {"+41 22 5550001", "+41 22 5550001", ""}, *const city[] = {"Nyon", "Gland", "Gland"};
	uint64_t s = open_session(), f;

	(void)state;
	add_file(s, "outlets.csv", "code,name,phone,city\nM1,One,+41 22 5550001,Nyon\n");
	check(s);
	publish(s);
	for (int i = 0; i < 3; i++) {
		s = open_session();
		f = add_file(s, "outlets.csv", "code,name,phone,city\nM1,One,,Gland\n");
		q_import_file_delta(db, (int64_t)f, mode[i], 0, "code", NULL);
		check(s);
		publish(s);
		assert_int_equal(counts(f).n_updated, i > 0);
		assert_int_equal(dbt_count("outlet", bp_sprintf(&dbt.arena, "code = 'M1' AND phone = '%s' AND city = '%s'", phone[i], city[i])), 1);
	}
}

/* The preview names the visits of committed plans that would no longer fit. */
static void what_would_break(void **state)
{
	uint64_t s = open_session();
	struct q_import_broken_visits *b;
	size_t n = 0;

	(void)state;
	add_file(s, "outlets.csv", "code,name,lat,lon,status\nA1,One,10.1,20.2,active\nA2,Two,10.2,20.2,closed\n");
	check(s);
	assert_int_equal(q_import_broken_visits(db, &dbt.arena, (int64_t)s, 10, &b, &n), BP_E_OK);
	assert_int_equal(n, 2);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(b[i].visits > 0 && b[i].outlets == 1 && (!strcmp(b[i].reason, "MOVED") || !strcmp(b[i].reason, "CLOSED")), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(a_first_import), cmocka_unit_test(undone_as_if_it_had_not_been),
		cmocka_unit_test(undone_after_later_edits), cmocka_unit_test(undone_under_a_plan_at_work), cmocka_unit_test(outlets_that_vanish),
		cmocka_unit_test(modes_of_known_keys), cmocka_unit_test(what_would_break)};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
