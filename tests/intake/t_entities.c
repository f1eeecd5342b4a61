/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What else can be imported: each kind once as it should be, once more, with rows that must not go in. */
#include "plan/model.h"
#include "tests/intake/session.h"

static uint64_t last; /* session */

/* One file in a session of its own, checked and published; the counts at the end. */
static struct q_import_file_get import_file(const char *name, const char *text)
{
	uint64_t s = last = open_session(), f = add_file(s, name, text);

	check(s);
	publish(s);
	return counts(f);
}

static void undo_last(void)
{
	struct im_work w = work_of(last);

	w.reason = "the wrong file";
	q_import_session_move(db, (int64_t)last, "COMPLETED", "UNDOING", NULL);
	assert_int_equal(im_undo_session(&w), BP_E_OK);
}

static void expect(struct q_import_file_get c, int inserted, int updated, int unchanged, int rejected, int duplicate)
{
	if (c.n_inserted != inserted || c.n_updated != updated || c.n_unchanged != unchanged || c.n_rejected + c.n_refused != rejected ||
		c.n_duplicate != duplicate)
		fail_msg("%s (%s): %d new, %d changed, %d unchanged, %d rejected, %d duplicate", c.name, c.entity, (int)c.n_inserted, (int)c.n_updated,
			(int)c.n_unchanged, (int)(c.n_rejected + c.n_refused), (int)c.n_duplicate);
}

static void a_world(void **state)
{
	uint64_t s = open_session();

	(void)state;
	add_file(s, "outlets.csv", "code,name,lat,lon,region,area,postcode,phone,GSTIN,class\n"
		"A1,One,10.1,20.1,North,Hill,1001,+91 98 7654 3210,27AAAAA,A\nA2,Two Brothers,10.2,20.2,North,Hill,1002,,27BBBBB,B\n"
		"A3,Three,10.3,20.3,North,Lake,1003,040 123 4567,27CCCCC,C\nA4,Twin,10.4,20.4,South,Sea,1004,,27DDDDD,C\n"
		"A5,Twin,10.5,20.5,South,Sea,1004,,,C\n");
	add_file(s, "seats.csv", "seat_code,seat_name,person,territory\nS1,Seat one,Ann,North\nS2,Seat two,Bob,North\n");
	add_file(s, "distributors.csv", "dt code,dt name,address,city,phone,email,gstin\nD1,First,4 Yard,Pune,020 1,d@x.in,27DT\n");
	check(s);
	publish(s);
	assert_int_equal(dbt_count("outlet", "1"), 5);
	assert_int_equal(dbt_count("partner", "city = 'Pune' AND phone = '020 1' AND email = 'd@x.in' AND tax_no = '27DT'"), 1);
}

static void accounts(void **state)
{
	static const char text[] = "account code,account name,parent\nMEGA,MegaMart,GROUP\nGROUP,Mega Group,\n";

	(void)state;
	expect(import_file("accounts.csv", text), 2, 0, 0, 0, 0);
	expect(import_file("accounts.csv", text), 0, 0, 2, 0, 0);
	assert_int_equal(dbt_count("account a JOIN account p ON p.id = a.parent_id", "a.code = 'MEGA' AND p.code = 'GROUP'"), 1);
	expect(import_file("accounts.csv", "account code,account name,parent\nMEGA,Mega Mart,\nMEGA,Again,\nX,Lost,NOBODY\nY,Self,Y\n,None,\nP,Ping,Q\nQ,Pong,P\n"),
		0, 1, 0, 5, 1);
	assert_int_equal(dbt_count("account", "code = 'MEGA' AND name = 'Mega Mart' AND parent_id IS NULL"), 1);
	assert_int_equal(dbt_count("account", "code IN ('X', 'Y', 'P', 'Q')"), 0);
	assert_int_equal(dbt_count("import_issue", "rule = 'UNKNOWN_ACCOUNT' AND value = 'NOBODY'"), 1);
	assert_int_equal(dbt_count("import_issue_group", "rule = 'ACCOUNT_LOOP' AND n = 3"), 1);
}

static void needs(void **state)
{
	static const char text[] = "outlet code,sales line,frequency,service time,seat,value,mandatory\nA1,ALL,weekly,15,S1,90,yes\nA1,ICE,2,,,,no\n";

	(void)state;
	expect(import_file("needs.csv", text), 1, 1, 0, 0, 0); /* every outlet has one of the line ALL */
	expect(import_file("needs.csv", text), 0, 0, 2, 0, 0);
	assert_int_equal(dbt_count("need n JOIN outlet o ON o.id = n.outlet_id JOIN seat s ON s.id = n.seat_id", "o.code = 'A1' AND n.line_id = 1 AND"
		" visits_per_4w = 4 AND service_minutes = 15 AND s.code = 'S1' AND value = 90 AND mandatory = 1"), 1);
	assert_int_equal(dbt_count("need", "line_id > 1 AND visits_per_4w = 2 AND mandatory = 0 AND value IS NULL"), 1);
	assert_int_equal(dbt_count("row_change", "tbl = 'outlet' AND field = 'need ALL' AND new_value = '4 visits in 4 weeks, 15 minutes, S1, missed: 90.00 minutes'"), 1);
	expect(import_file("needs.csv", "outlet code,sales line,frequency,seat\nA1,ALL,2,\nA1,ALL,1,\nNOBODY,ALL,1,\nA2,ALL,1,S9\n"), 0, 1, 0, 2, 1);
}

static void tiers(void **state)
{
	(void)state;
	expect(import_file("tiers.csv", "rank,name,aliases\n1,Platinum,Royal;Key shop\n2,Silver,\n"), 0, 1, 1, 0, 0);
	expect(import_file("tiers.csv", "rank,name,aliases\n1,Gold,Royal;Key shop\n1,Again,\n7,Lead,\n2,Silver,\n3,Bronze,\nx,Odd,\n"), 0, 1, 2, 2, 1);
	/* what the company writes is understood from now on */
	expect(import_file("outlets.csv", "code,name,class\nA5,Twin,key shop\n"), 0, 1, 0, 0, 0);
	assert_int_equal(dbt_count("outlet", "code = 'A5' AND tier = 1"), 1);
}

static void windows(void **state)
{
	static const char text[] = "outlet code,weekday,opens,closes,hard\nA1,Mon-Fri,09:00,12:00,yes\nA1,Mon-Fri,15:00,18:00,no\nA2,,8am,1 pm,\n";

	(void)state;
	expect(import_file("windows.csv", text), 3, 0, 0, 0, 0);
	expect(import_file("windows.csv", text), 0, 0, 3, 0, 0);
	assert_int_equal(dbt_count("time_window", "1"), 11);
	assert_int_equal(dbt_count("time_window", "weekday = 0 AND opens = 480 AND closes = 780 AND hard = 1"), 1);
	assert_int_equal(dbt_count("row_change", "tbl = 'outlet' AND field = 'time windows'"), 2);
	assert_int_equal(dbt_count("row_change", "tbl = 'outlet' AND field = 'time windows' AND new_value LIKE 'Mon 09:00-12:00; Mon 15:00-18:00 if possible; Tue%'"), 1);
	/* those of the file take the place of all that the outlet had */
	expect(import_file("windows.csv", "outlet code,weekday,opens,closes\nA1,Mon,10:00,11:00\nA3,Mon,12:00,11:00\nNOBODY,,10:00,11:00\nA4,,soon,11:00\nA1,Mon,10:00,12:00\n"),
		0, 1, 0, 3, 1);
	assert_int_equal(dbt_count("time_window w JOIN outlet o ON o.id = w.outlet_id", "o.code = 'A1' AND w.weekday = 1 AND opens = 600"), 1);
	assert_int_equal(dbt_count("time_window", "1"), 2);
}

static void closed_days(void **state)
{
	(void)state;
	expect(import_file("closed days.csv", "outlet code,closed days\nA1,Sun\nA1,Sat\nA2,Sun\n"), 3, 0, 0, 0, 0);
	assert_int_equal(dbt_count("outlet", "code = 'A1' AND closed_days = 96"), 1);
	expect(import_file("closed days.csv", "outlet code,closed days\nA1,Sat;Sun\nA2,Mon\nA2,Mon\nNOBODY,Mon\nA3,never\n"), 0, 1, 1, 2, 1);
	assert_int_equal(dbt_count("outlet", "code = 'A2' AND closed_days = 1"), 1);
	assert_int_equal(dbt_count("row_change", "tbl = 'outlet' AND field = 'closed_days' AND old_value = '64' AND new_value = '1'"), 1);
}

#define CHAIN_HEAD "account code,weekdays,most per day,gap days,least minutes,window days,opens,closes,hard,closed from,closed to,closed for\n"

static void chain_rules(void **state)
{
	static const char text[] = CHAIN_HEAD "MEGA,Mon-Thu,3,5,45,,,,,,,\nMEGA,,,,,Mon;Tue,09:00,12:00,yes,,,\nMEGA,,,,,,14:00,16:00,no,2098-12-14,2099-01-04,Christmas trade\n"
		"GROUP,,,,,,,,,2098-03-31,,Stock taking\n";

	(void)state;
	expect(import_file("chain rules.csv", text), 4, 0, 0, 0, 0);
	expect(import_file("chain rules.csv", text), 0, 0, 4, 0, 0);
	assert_int_equal(dbt_count("account_rule r JOIN account a ON a.id = r.account_id",
		"a.code = 'MEGA' AND weekdays = 15 AND most_per_day = 3 AND gap_days = 5 AND least_minutes = 45"), 1);
	assert_int_equal(dbt_count("account_window", "weekday IN (1, 2) AND opens = 540 AND closes = 720 AND hard = 1"), 2);
	assert_int_equal(dbt_count("account_window", "weekday = 0 AND opens = 840 AND hard = 0"), 1);
	assert_int_equal(dbt_count("account_blackout", "to_date = '2099-01-04' OR (from_date = to_date AND name = 'Stock taking')"), 2);
	/* those of the file take the place of all that the account said; what cannot be, and the rest of the row with it, stays out */
	expect(import_file("chain rules.csv", CHAIN_HEAD "MEGA,Mon-Thu,4,,,,,,,,,\nMEGA,,5,,,,,,,,,\nMEGA,Mon-Thu,4,,,,,,,,,\nMEGA,,,,,Fri,09:00,12:00,,,,\n"
		"MEGA,,,,,Mon,09:00,12:00,,,,\nMEGA,,,,,Mon-Tue,11:00,13:00,,,,\nMEGA,,,,,,,,,2098-01-01,2098-01-05,X\nMEGA,,,,,,,,,2098-01-05,,Y\nMEGA,,,,,,,,,2097-01-05,2098-06-05,Z\n"
		"NOBODY,,1,,,,,,,,,\nGROUP,,,,,,,,,,,\nGROUP,,,,,Mon,,,,,,\nGROUP,,,,,,10:00,,,,,\nGROUP,,,,,,10:00,09:00,,,,\nGROUP,,,,,,,,,2098-01-05,,\nGROUP,,,,,,,,,2098-01-05,2098-01-04,W\n"
		"GROUP,,,,,,,,,2098-03-31,,Stock taking\n"), 0, 3, 1, 12, 1);
	assert_int_equal(dbt_count("account_rule r JOIN account a ON a.id = r.account_id", "a.code = 'MEGA' AND most_per_day = 4 AND gap_days IS NULL"), 1);
	assert_int_equal(dbt_count("account_window", "1"), 1);
	assert_int_equal(dbt_count("import_issue_group", "rule IN ('CHAIN_OTHER', 'CHAIN_DAY', 'CHAIN_HOURS', 'CHAIN_SAYS', 'DATE_ORDER') AND n = 1"), 5);
	assert_int_equal(dbt_count("import_issue_group", "rule = 'CHAIN_DATES' AND n = 2"), 1);
	undo_last();
	assert_int_equal(dbt_count("account_rule", "most_per_day = 3 AND gap_days = 5"), 1);
	assert_int_equal(dbt_count("account_window", "1"), 3);
	assert_int_equal(dbt_count("account_blackout", "1"), 2);
}

static void a_price_for_more_of_a_chain(void **state)
{
	(void)state;
	expect(import_file("chain rules.csv", "account code,most per day,most price\nGROUP,2,30\n"), 0, 1, 0, 0, 0);
	assert_int_equal(dbt_count("account_rule", "most_per_day = 2 AND most_price = 30"), 1);
	expect(import_file("chain rules.csv", "account code,most per day,most price\nGROUP,2,30\n"), 0, 0, 1, 0, 0);
	expect(import_file("chain rules.csv", "account code,most per day,most price\nGROUP,2,40\nGROUP,,50\nGROUP,2,30\n"), 0, 1, 0, 2, 0);
	undo_last();
	assert_int_equal(dbt_count("account_rule", "most_per_day = 2 AND most_price = 30"), 1);
}

/* An account has so many hours and dates, and no more. */
static void long_chain_rules(void **state)
{
	struct bp_buf b;

	(void)state;
	bp_buf_init(&b, 1 << 16);
	bp_buf_str(&b, CHAIN_HEAD);
	for (int i = 0; i < 5; i++)
		bp_buf_printf(&b, "MEGA,,,,,Mon-Sat,%02d:00,%02d:30,,,,\n", 8 + i, 8 + i);
	for (int i = 0; i < 61; i++)
		bp_buf_printf(&b, "GROUP,,,,,,,,,2098-%02d-%02d,,Day %d\n", 1 + i / 28, 1 + i % 28, i);
	expect(import_file("chain rules.csv", b.data), 0, 0, 0, 66, 0);
	bp_buf_release(&b);
}

static void holidays(void **state)
{
	(void)state;
	expect(import_file("holidays.csv", "territory,date,name\nNorth,2099-01-26,Republic Day\n,2099-12-25,Christmas\n"), 2, 0, 0, 0, 0);
	expect(import_file("holidays.csv", "territory,date,name\nNorth,2099-01-26,Republic Day\n,2099-12-25,Christmas Day\n,2099-12-25,Twice\nAtlantis,2099-01-01,X\n"
		",2001-01-01,Past\n,someday,Y\n"), 1, 1, 1, 2, 1);
	assert_int_equal(dbt_count("holiday", "territory_id = 0 AND day = '2099-12-25' AND name = 'Christmas Day'"), 1);
	assert_int_equal(dbt_count("holiday h JOIN territory t ON t.id = h.territory_id", "t.name = 'North' AND h.day = '2099-01-26'"), 1);
	assert_int_equal(dbt_count("import_issue_group", "rule = 'PAST_DAY' AND n = 1"), 1);
}

static void absences(void **state)
{
	static const char head[] = "seat,from,to,kind,relief,note\n";

	(void)state;
	dbt_sql("DELETE FROM seat_absence; INSERT IGNORE INTO seat (code, name) VALUES ('AW-1', 'Away')");
	expect(import_file("absences.csv", bp_sprintf(&dbt.arena, "%sAW-1,2099-01-05,2099-01-09,vacation,,\nAW-1,2099-02-01,,vacant,Ravi,\n", head)), 2, 0, 0, 0, 0);
	/* One shorter, so that another fits; one as it was; of two that overlap the later; one of no seat, one that ends before it begins; one twice. */
	expect(import_file("absences.csv", bp_sprintf(&dbt.arena, "%sAW-1,2099-01-05,2099-01-06,vacation,,\nAW-1,2099-01-08,2099-01-09,sick,,flu\nAW-1,2099-02-01,,vacant,Ravi,\n"
		"AW-1,2099-01-07,2099-01-08,,,\nNOBODY,2099-01-01,,,,\nAW-1,2099-01-03,2099-01-02,,,\nAW-1,2099-01-05,2099-01-05,,,\n", head)), 1, 1, 1, 3, 1);
	assert_int_equal(dbt_count("seat_absence", "kind = 'LEAVE' AND to_date = '2099-01-06'"), 1);
	assert_int_equal(dbt_count("seat_absence", "kind = 'VACANT' AND relief = 'Ravi' AND to_date IS NULL"), 1);
	assert_int_equal(dbt_count("import_issue_group", "rule = 'ABSENCE_DATES'"), 1);
}

static void policies(void **state)
{
	static const char text[] = "territory,channel,tier,visits in 4 weeks,minutes,gap\nNorth,GT,Gold,8,20,3\n,WS,Silver,2,,9\n";
	struct q_territory_find_any north;
	struct plan_profile p;

	(void)state;
	expect(import_file("visit policies.csv", text), 2, 0, 0, 0, 0);
	expect(import_file("visit policies.csv", text), 0, 0, 2, 0, 0);
	assert_int_equal(q_territory_find_any(db, &dbt.arena, 3, "North", &north), BP_E_OK);
	assert_int_equal(plan_profile_load(db, (uint64_t)north.id, "GT", &p), BP_E_OK);
	assert_int_equal(PLAN_GET(&p, frequency_gold), 8);
	assert_int_equal(PLAN_GET(&p, service_gold), 20);
	assert_int_equal(PLAN_GET(&p, gap_gold), 3);
	assert_int_equal(PLAN_GET(&p, frequency_ws_silver), 2);
	assert_int_equal(PLAN_GET(&p, gap_ws_silver), 9);
	expect(import_file("visit policies.csv", "territory,channel,tier,visits in 4 weeks,minutes\nNorth,GT,Gold,4,20\nNorth,GT,Gold,2,20\nAtlantis,GT,Gold,4,20\nNorth,GT,Dragon,4,20\n"),
		0, 1, 0, 2, 1);
}

static void lists(void **state)
{
	static const char text[] = "outlet code,list,seat,territory,from,to,reason\nA1,blacklist,S2,,2026-01-01,2099-12-31,quarrel\nA2,white,,South,,,moved office\n";

	(void)state;
	expect(import_file("blacklist.csv", text), 2, 0, 0, 0, 0);
	expect(import_file("blacklist.csv", text), 0, 0, 2, 0, 0);
	assert_int_equal(dbt_count("outlet_list x JOIN seat s ON s.id = x.seat_id", "x.list = 'BLACK' AND s.code = 'S2' AND x.reason = 'quarrel'"), 1);
	assert_int_equal(dbt_count("outlet o JOIN territory t ON t.id = o.territory_id", "o.code = 'A2' AND t.name = 'South'"), 1);
	/* the outlet file does not take it away again */
	import_file("outlets.csv", "code,name,region,area\nA2,Two Brothers,North,Hill\n");
	assert_int_equal(dbt_count("outlet o JOIN territory t ON t.id = o.territory_id", "o.code = 'A2' AND t.name = 'South'"), 1);
	expect(import_file("blacklist.csv", "outlet code,list,seat,territory,from,to\nA1,black,S2,,2026-01-01,2027-12-31\nA1,black,S2,,,\nNOBODY,black,,,,\nA1,black,S9,,,\n"
		"A1,black,,Atlantis,,\nA1,grey,,,,\nA3,black,,,2026-02-01,2026-01-01\n"), 0, 1, 0, 5, 1);
}

static int64_t volume(const char *code, int64_t v)
{
	return dbt_count("outlet", bp_sprintf(&dbt.arena, "code = '%s' AND sales_volume = %lld", code, (long long)v));
}

static void sales(void **state)
{
	(void)state;
	expect(import_file("sales.csv", "outlet code,month,amount,qty\nA1,2026-01,100,5\nA1,2026-02,50,2\nA2,Mar 2025,70,\nA2,2024-03,30,\n"), 4, 0, 0, 0, 0);
	assert_int_equal(volume("A1", 150), 1);
	assert_int_equal(volume("A2", 70), 1); /* twelve months back from February 2026 */
	assert_int_equal(dbt_count("row_change", "tbl = 'outlet' AND field = 'sales_volume'"), 2);
	/* restated, for a day, taken back, a newer month for one only: the others are counted back from it as well */
	expect(import_file("sales.csv", "outlet code,month,amount,qty\nA1,2026-02,60,2\nA1,2026-01,100,5\nA1,2026-03-05,-10,\nA1,2026-01,1,\nNOBODY,2026-01,1,\nA1,whenever,1,\nA1,2026-04,much,\n"),
		1, 1, 1, 3, 1);
	assert_int_equal(volume("A1", 150), 1);
	assert_int_equal(volume("A2", 0), 1);
	/* figures go before the column of the outlet file, where there are any */
	import_file("outlets.csv", "code,name,annual sales\nA1,One,999\nA3,Three,77\n");
	assert_int_equal(volume("A1", 150), 1);
	assert_int_equal(volume("A3", 77), 1);
	dbt_sql("UPDATE sales_rule SET wins = 'FILE'");
	import_file("outlets.csv", "code,name,annual sales\nA1,One,999\nA3,Three,77\n");
	assert_int_equal(volume("A1", 999), 1);
	import_file("sales.csv", "outlet code,month,amount\nA1,2026-01,5000\nA2,2026-01,8\n");
	assert_int_equal(volume("A1", 999), 1);
	assert_int_equal(volume("A2", 8), 1);
	dbt_sql("UPDATE sales_rule SET wins = 'SALES'");
}

#define HEAD "invoice no,invoice date,customer code,customer name,gstin,phone,postcode,sku,product name,qty,unit price,net amount,tax amount\n"

static void invoices(void **state)
{
	static const char text[] = HEAD
		"I1,2026-03-01,A3,,,,,TEA,Tea,2,10,20,3.6\nI1,2026-03-01,A3,,,,,ICE,Ice,1,5.5,,\n" /* the net amount follows */
		"I2,2026-03-02,OLD-1,,27-bbbbb,,,TEA,,1,10,10,\n"       /* by tax number */
		"I3,2026-03-02,,,,0098 7654 3210,,TEA,,1,10,10,\n"      /* by telephone */
		"I4,2026-03-02,,TWO brothers,,,1002,TEA,,1,10,10,\n"    /* by name and postcode */
		"I5,2026-03-02,,Twin,,,1004,TEA,,1,10,10,\n"            /* two of them */
		"I6,2026-03-02,GONE,Gone,,,,TEA,,-1,10,-10,\n"          /* nobody */
		"I7,2026-03-02,,,,,,TEA,,1,10,10,\n";                   /* nothing said */
	struct q_import_file_get c;

	(void)state;
	c = import_file("invoices march .csv", text); /* a blank before the point */
	expect(c, 8, 0, 0, 0, 0);
	assert_string_equal(c.entity, "invoices");
	assert_int_equal(dbt_count("invoice", "1"), 7);
	assert_int_equal(dbt_count("invoice_line", "1"), 8);
	assert_int_equal(dbt_count("invoice", "number = 'I1' AND n_lines = 2 AND net = 25.5 AND tax = 3.6 AND gross = 29.1 AND store_by = 'CODE'"), 1);
	assert_int_equal(dbt_count("invoice i JOIN outlet o ON o.id = i.outlet_id", "number = 'I2' AND store_by = 'TAX' AND o.code = 'A2'"), 1);
	assert_int_equal(dbt_count("invoice i JOIN outlet o ON o.id = i.outlet_id", "number = 'I3' AND store_by = 'PHONE' AND o.code = 'A1'"), 1);
	assert_int_equal(dbt_count("invoice i JOIN outlet o ON o.id = i.outlet_id", "number = 'I4' AND store_by = 'NAME' AND o.code = 'A2'"), 1);
	assert_int_equal(dbt_count("invoice", "number = 'I5' AND store_by = 'AMBIGUOUS' AND outlet_id IS NULL"), 1);
	assert_int_equal(dbt_count("invoice", "number = 'I6' AND store_by = 'UNKNOWN' AND outlet_id IS NULL AND net = -10"), 1);
	assert_int_equal(dbt_count("invoice", "number = 'I7' AND store_by = 'NONE'"), 1);
	assert_int_equal(dbt_count("import_issue_group", "rule = 'NO_STORE' AND n = 2"), 1);
	assert_int_equal(dbt_count("product", "code = 'TEA' AND name = 'Tea'"), 1);
	assert_int_equal(volume("A3", 26), 0);
	assert_int_equal(dbt_count("outlet", "code = 'A3' AND sales_volume = 25.5"), 1);
	expect(import_file("invoices.csv", text), 0, 0, 8, 0, 0);
	assert_int_equal(dbt_count("invoice_line", "1"), 8);
	/* a further line, one that is stored otherwise, one twice, one without a date, one without a number */
	expect(import_file("invoices.csv", HEAD "I1,2026-03-01,A3,,,,,NUT,Nut,1,4,4,\nI1,2026-03-01,A3,,,,,TEA,Tea,9,10,90,\nI1,2026-03-01,A3,,,,,NUT,Nut,2,4,8,\n"
		"I8,soon,A3,,,,,NUT,Nut,2,4,8,\n,2026-03-01,A3,,,,,NUT,Nut,2,4,8,\n"), 1, 0, 0, 3, 1);
	assert_int_equal(dbt_count("invoice", "number = 'I1' AND n_lines = 3 AND net = 29.5"), 1);
	assert_int_equal(dbt_count("import_issue_group", "rule = 'STORED_OTHERWISE' AND n = 1"), 1);
	/* the outlet comes later */
	import_file("outlets.csv", "code,name\nGONE,Gone\n");
	assert_int_equal(dbt_count("invoice i JOIN outlet o ON o.id = i.outlet_id", "number = 'I6' AND store_by = 'CODE' AND o.code = 'GONE'"), 1);
	/* the same number of two sellers is two invoices; lines by number */
	expect(import_file("invoices.csv", "invoice no,date,customer code,distributor code,line no,sku,qty,net amount\nI1,2026-03-01,A3,D1,1,TEA,1,1\n"
		"I1,2026-03-01,A3,D1,2,TEA,1,1\nI1,2026-03-01,A3,D9,1,TEA,1,1\n"), 3, 0, 0, 0, 0);
	assert_int_equal(dbt_count("invoice i LEFT JOIN partner p ON p.id = i.partner_id", "number = 'I1' AND seller IN ('D1', 'D9') AND (p.id IS NULL) = (seller = 'D9')"), 2);
	assert_int_equal(dbt_count("stage_invoices", "1"), 0);
	assert_int_equal(dbt_count("stage_volume", "1"), 0);
}

/* Outlets, their invoices and all else in one session, in any order. */
static void together(void **state)
{
	uint64_t s = open_session(), inv, need, win;

	(void)state;
	inv = add_file(s, "invoices.csv", "invoice no,date,customer code,sku,net amount\nT1,2026-03-01,N1,TEA,40\n");
	need = add_file(s, "needs.csv", "outlet code,line,frequency,value\nN1,ALL,4,10\n");
	win = add_file(s, "windows.csv", "outlet code,opens,closes\nN1,9:00,10:00\n");
	add_file(s, "outlets.csv", "code,name,region\nN1,New,North\n");
	check(s);
	publish(s);
	expect(counts(inv), 1, 0, 0, 0, 0);
	expect(counts(need), 1, 0, 0, 0, 0);
	expect(counts(win), 1, 0, 0, 0, 0);
	assert_int_equal(volume("N1", 40), 1);
	assert_int_equal(dbt_count("need n JOIN outlet o ON o.id = n.outlet_id", "o.code = 'N1' AND n.value = 10"), 1);
}

static bool in_country(const char *seat)
{
	return dbt_count("seat", bp_sprintf(&dbt.arena, "code = '%s' AND rural = 1", seat));
}

/* As outlets do: a square of about two kilometres with fewer than three of them. */
static void seats_start_in_town_or_country(void **state)
{
	static const char seats[] = "seat_code,person,territory,lat,lon\nT1,Tom,Square,30.01,40.01\nT2,Tim,Square,30.05,40.01\nT3,Tea,Square,,\n";

	(void)state;
	import_file("outlets.csv", "code,name,lat,lon,region\nSQ1,One,30.001,40.001,Square\nSQ2,Two,30.002,40.002,Square\nSQ3,Three,30.003,40.003,Square\n");
	import_file("seats.csv", seats);
	assert_false(in_country("T1"));
	assert_true(in_country("T2"));
	assert_false(in_country("T3"));
	/* Outlets move away, and a seat moves. */
	import_file("outlets.csv", "code,name,lat,lon\nSQ3,Three,30.083,40.003\n");
	assert_true(in_country("T1"));
	import_file("outlets.csv", "code,name,lat,lon\nSQ3,Three,30.003,40.003\n");
	import_file("seats.csv", "seat_code,person,territory,lat,lon\nT2,Tim,Square,30.019,40.019\n");
	assert_false(in_country("T1") || in_country("T2"));
	/* The journal knows nothing of it: it follows from the rest. */
	assert_int_equal(dbt_count("row_change", "tbl = 'seat' AND field = 'rural'"), 0);
}

static struct plan_model model;

/* Index of the need of an outlet on the line ALL, -1 when it is not planned. */
static int32_t need_of(const char *code)
{
	struct q_outlet_search *o;
	struct q_outlet_needs *need;
	size_t n = 0;

	assert_int_equal(q_outlet_search(db, &dbt.arena, code, NULL, BP_NO_INT, 0, 1, NULL, BP_NO_INT, BP_NO_INT, NULL, NULL, 0, 1, &o, &n), BP_E_OK);
	assert_int_equal(n, 1);
	assert_int_equal(q_outlet_needs(db, &dbt.arena, o[0].id, &need, &n), BP_E_OK);
	return plan_model_need(&model, need[0].id);
}

static void load_model(void)
{
	struct q_territory_find_any north;
	struct q_plan_of_unit p;
	enum bp_error e = q_territory_find_any(db, &dbt.arena, 3, "Plan", &north);

	assert_int_equal(e, BP_E_OK);
	e = q_plan_of_unit(db, &dbt.arena, north.id, "GT", &p);
	if (e == BP_E_NOT_FOUND) {
		assert_int_equal(q_plan_add(db, north.id, "GT", bp_date_of(2026, 11, 23), 4, NULL), BP_E_OK); /* a Monday */
		e = q_plan_of_unit(db, &dbt.arena, north.id, "GT", &p);
	}
	assert_int_equal(e, BP_E_OK);
	assert_int_equal(plan_model_load(db, &dbt.arena, (uint64_t)p.id, NULL, NULL, &model), BP_E_OK);
	assert_int_equal(rt_problem_check(&model.p, &fail), BP_E_OK);
}

/* The weekdays (bit 0 = Monday) of the first week on which a need may be visited. */
static unsigned weekdays_of(int32_t need)
{
	return (unsigned)(model.p.needs[need].days & 127);
}

static int seats_of(int32_t need)
{
	int32_t set = model.p.needs[need].seat_set;

	return set < 0 ? (int)model.n_seats : model.p.seat_set_off[set + 1] - model.p.seat_set_off[set];
}

/* What was imported is in the problem that the solver gets. */
static void reaches_the_plan(void **state)
{
	const struct rt_window *w;
	int32_t p1, p2, p3;

	(void)state;
	import_file("outlets.csv", "code,name,lat,lon,region,class,status\nP1,One,10.1,20.1,Plan,A,active\nP2,Two,10.2,20.2,Plan,B,active\n"
		"P3,Three,10.3,20.3,Plan,C,active\nP4,Four,10.4,20.4,Plan,C,dormant\nP5,Five,10.4,20.5,Plan,C,active\n");
	import_file("seats.csv", "seat_code,seat_name,person,territory\nQ1,Q one,Ann,Plan\nQ2,Q two,Bob,Plan\nQ3,Q three,Cid,Plan\n");
	load_model();
	assert_int_equal(need_of("P4"), -1);
	assert_int_equal(model.p.needs[need_of("P1")].visits, 4);
	assert_int_equal(weekdays_of(need_of("P1")), 63);

	import_file("needs.csv", "outlet code,line,frequency,service time,seat,value,mandatory\nP1,ALL,2,33,Q1,77,yes\nP2,ALL,,,,,no\n");
	import_file("visit policies.csv", "territory,channel,tier,visits in 4 weeks,minutes,gap\nPlan,GT,Bronze,4,21,6\n");
	import_file("closed days.csv", "outlet code,closed days\nP2,Mon\n");
	import_file("windows.csv", "outlet code,weekday,opens,closes,hard\nP1,,09:00,12:00,no\n" /* every day alike, soft */
		"P2,Tue,09:00,12:00,yes\nP2,Wed,10:00,14:00,yes\n"                               /* the days share 10 to 12 */
		"P3,Mon-Wed,09:00,10:00,yes\nP3,Fri,15:00,16:00,yes\n");                          /* nothing in common: the three days */
	import_file("blacklist.csv", "outlet code,list,seat,territory,from,to\nP1,black,,,2001-01-01,2001-12-31\nP2,black,Q2,,,\nP3,white,Q3,,,\nP4,white,,,,\nP5,black,,Plan,,\n");
	load_model();
	p1 = need_of("P1");
	p2 = need_of("P2");
	p3 = need_of("P3");
	assert_true(p1 >= 0 && p2 >= 0 && p3 >= 0);
	assert_true(need_of("P4") >= 0); /* on the whitelist */
	assert_int_equal(need_of("P5"), -1); /* on the blacklist of the region */
	assert_int_equal(model.p.needs[p1].visits, 2);
	assert_int_equal(model.p.needs[p1].service, 33 * 60);
	assert_int_equal(model.p.needs[p1].missed_price, 77 * 60);
	assert_int_equal(model.p.needs[p1].flags, RT_MANDATORY);
	assert_int_equal(seats_of(p1), 1);
	assert_int_equal(model.p.needs[p2].flags, 0);
	assert_int_equal(seats_of(p2), 2);
	assert_int_equal(seats_of(p3), 1);
	assert_int_equal(model.seats[model.p.seat_set[model.p.seat_set_off[model.p.needs[p3].seat_set]]].id, model.seats[2].id);
	assert_int_equal(model.p.needs[p3].visits, 4);
	assert_int_equal(model.p.needs[p3].service, 21 * 60);
	assert_int_equal(model.p.needs[p3].gap, 6);
	assert_int_equal(model.p.needs[p3].missed_price, 60 * 60 * 10);
	assert_int_equal(weekdays_of(p1), 63);
	assert_int_equal(model.p.needs[p1].n_windows, 1);
	w = &model.p.windows[model.p.needs[p1].window];
	assert_true(w->from == 9 * 3600 && w->to == 12 * 3600 && w->soft);
	assert_int_equal(weekdays_of(p2), 2 | 4);
	w = &model.p.windows[model.p.needs[p2].window];
	assert_true(model.p.needs[p2].n_windows == 1 && w->from == 10 * 3600 && w->to == 12 * 3600 && !w->soft);
	assert_int_equal(weekdays_of(p3), 1 | 2 | 4);
	w = &model.p.windows[model.p.needs[p3].window];
	assert_true(model.p.needs[p3].n_windows == 1 && w->from == 9 * 3600 && w->to == 10 * 3600);
	assert_false(plan_model_listed(&model, 1, p2));
	assert_true(plan_model_listed(&model, 0, p2));
	assert_false(plan_model_listed(&model, 0, p3));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(a_world), cmocka_unit_test(accounts), cmocka_unit_test(needs), cmocka_unit_test(tiers),
		cmocka_unit_test(windows), cmocka_unit_test(closed_days), cmocka_unit_test(chain_rules), cmocka_unit_test(long_chain_rules), cmocka_unit_test(absences), cmocka_unit_test(a_price_for_more_of_a_chain), cmocka_unit_test(holidays), cmocka_unit_test(policies), cmocka_unit_test(lists),
		cmocka_unit_test(sales), cmocka_unit_test(invoices), cmocka_unit_test(together), cmocka_unit_test(seats_start_in_town_or_country), cmocka_unit_test(reaches_the_plan)};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
