/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values that people give outlets, and what imports do with them. */
#include "intake/overlay.h"
#include "intake/search.h"
#include "db/journal.h"
#include "tests/intake/session.h"

#define HEAD "code,name,phone,lat,lon,region,class,frequency\n"

static uint64_t import(const char *rows, bool all_the_way)
{
	uint64_t s = open_session();

	add_file(s, "outlets.csv", bp_sprintf(&dbt.arena, HEAD "%s", rows));
	check(s);
	if (all_the_way)
		publish(s);
	return s;
}

struct giving {
	const char *code;
	const struct im_overlay_value *v;
	size_t n, changed, bad;
};

static enum bp_error give_tx(struct bp_db *d, void *ctx)
{
	struct giving *g = ctx;

	bp_fail_clear(&fail);
	return im_overlay_give(d, &dbt.arena, id_of(g->code), g->v, g->n, 0, "seen there", &g->changed, &g->bad, &fail);
}

static size_t give(const char *code, const char *field, const char *value)
{
	struct im_overlay_value v = {field, value};
	struct giving g = {.code = code, .v = &v, .n = 1};

	if (bp_db_tx(db, give_tx, &g))
		fail_msg("%s of %s: %s %s", field, code, fail.detail, bp_db_failure(db)->detail);
	return g.changed;
}

static void assert_phone(const char *code, const char *phone)
{
	if (dbt_count("outlet", bp_sprintf(&dbt.arena, "code = '%s' AND phone = '%s'", code, phone)) != 1)
		fail_msg("the phone of %s is not %s", code, phone);
}

/* value NULL = nobody says anything beside the source. */
static void assert_source(const char *code, const char *field, const char *value)
{
	const char *that = bp_sprintf(&dbt.arena, "outlet_id = %llu AND field = '%s'", (unsigned long long)id_of(code), field);

	if (dbt_count("outlet_edit", that) != (value != NULL))
		fail_msg("%s of %s is %s", field, code, value ? "not a person's" : "a person's");
	if (value && dbt_count("outlet_edit", bp_sprintf(&dbt.arena, "%s AND source_value = '%s'", that, value)) != 1)
		fail_msg("the source of %s does not say %s of %s", code, value, field);
}

static void policy(const char *field, const char *wins)
{
	assert_int_equal(q_field_policy_put(db, field, wins, NULL), BP_E_OK);
}

static void values_are_given_and_taken_back(void **state)
{
	(void)state;
	import("A1,One,0205550111,10.1,20.1,North,A,4\nA2,Two,0205550222,10.2,20.2,North,B,2\nA3,Three,0205550333,10.3,20.3,North,C,1\n", true);
	assert_int_equal(give("A1", "phone", "+91 1"), 1);
	assert_phone("A1", "+91 1");
	assert_source("A1", "phone", "0205550111");
	assert_int_equal(give("A1", "phone", "+91 2"), 1);
	assert_source("A1", "phone", "0205550111"); /* what the source says is no guess from the last value */
	assert_int_equal(give("A1", "position", "11.5, 21.5"), 1);
	assert_int_equal(dbt_count("outlet", "code = 'A1' AND lat = 11500000 AND lon = 21500000"), 1);
	assert_int_equal(give("A1", "tier", "Bronze"), 1);
	assert_int_equal(give("A1", "frequency", ""), 1);
	assert_int_equal(dbt_count("need n JOIN outlet o ON o.id = n.outlet_id", "o.code = 'A1' AND n.visits_per_4w IS NULL AND o.tier = 3"), 1);
	assert_source("A1", "frequency", "4");
	assert_int_equal(dbt_count("row_change r JOIN change_set s ON s.id = r.set_id", "s.kind = 'EDIT' AND s.reason = 'seen there' AND r.field = 'lat'"), 1);
	assert_int_equal(give("A1", "frequency", NULL), 1);
	assert_int_equal(give("A1", "tier", "Gold"), 1); /* what the source says anyway */
	assert_source("A1", "frequency", NULL);
	assert_source("A1", "tier", NULL);
	assert_int_equal(give("A1", "owner", NULL), 0); /* nobody had said anything */
	assert_int_equal(give("A1", "position", NULL), 1);
	assert_int_equal(dbt_count("outlet", "code = 'A1' AND lat = 10100000 AND lon = 20100000"), 1);
}

static void what_does_not_fit_is_told(void **state)
{
	static const struct {
		struct im_overlay_value v;
		const char *why;
	} bad[] = {{{"name", ""}, "missing"}, {{"channel", "ZZ"}, "word is not known"}, {{"channel", ""}, "empty"}, {{"position", "0, 0"}, "ocean"},
		{{"position", "95, 20"}, "swapped"}, {{"position", "95, 200"}, "earth"}, {{"position", "12.5"}, "latitude and longitude"}, {{"frequency", "often"}, "type"},
		{{"postcode", "123456789012345678901"}, "longer"}, {{"service_minutes", "900"}, "range"}};
	struct giving g = {.code = "A1"};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		const struct im_overlay_value v[] = {{"phone", "999"}, bad[i].v};

		g.v = v;
		g.n = 2;
		g.bad = 7;
		assert_int_equal(bp_db_tx(db, give_tx, &g), BP_E_FIELDS);
		assert_int_equal(g.bad, 1);
		if (!strstr(fail.detail, bad[i].why))
			fail_msg("%s '%s': %s", bad[i].v.field, bad[i].v.value, fail.detail);
	}
	g.v = (const struct im_overlay_value[]){{"phone", "1"}, {"phone", "2"}};
	assert_int_equal(bp_db_tx(db, give_tx, &g), BP_E_FIELDS);
	g.code = "";
	assert_int_equal(bp_db_tx(db, give_tx, &g), BP_E_NOT_FOUND);
	assert_phone("A1", "+91 2");
}

static void a_persons_value_stays(void **state)
{
	uint64_t s = import("A1,One renamed,0205550112,10.1,20.1,North,A,4\nA2,Two,0205550222,10.2,20.2,North,B,2\n", false);
	struct q_import_held h;

	(void)state;
	assert_int_equal(q_import_held(db, &dbt.arena, (int64_t)s, &h), BP_E_OK);
	assert_int_equal(h.n, 1);
	check(s); /* once more: the row says again what the file says, and steps aside again */
	publish(s);
	assert_phone("A1", "+91 2");
	assert_int_equal(dbt_count("outlet", "code = 'A1' AND name = 'One renamed'"), 1);
	assert_source("A1", "phone", "0205550112");
	/* a file that is read again after a fix does not meet its former values */
	s = import("A1,One renamed,0205550113,10.1,20.1,North,A,4\n", false);
	dbt_sql("UPDATE stage_held SET value = 'former'");
	dbt_sql("UPDATE import_file SET dirty = 1 ORDER BY id DESC LIMIT 1");
	check(s);
	publish(s);
	assert_source("A1", "phone", "0205550113");
	/* where it says the same, nobody stands beside it any more */
	import("A1,One renamed,+91 2,10.1,20.1,North,A,4\n", true);
	assert_source("A1", "phone", NULL);
}

static void undo(uint64_t session)
{
	struct im_work w = work_of(session);

	q_import_session_move(db, (int64_t)session, "COMPLETED", "UNDOING", NULL);
	if (im_undo_session(&w))
		fail_msg("undo: %s %s", fail.detail, bp_db_failure(db)->detail);
}

static void the_source_wins_where_it_is_said(void **state)
{
	uint64_t s;

	(void)state;
	policy("phone", "SOURCE");
	give("A2", "phone", "900");
	give("A2", "name", "Too");
	s = import("A2,Two,0205550222,10.2,20.2,North,B,2\n", false);
	policy("phone", "PERSON"); /* said between check and publication: what was checked counts */
	publish(s);
	assert_phone("A2", "0205550222");
	assert_source("A2", "phone", NULL);
	assert_int_equal(dbt_count("outlet", "code = 'A2' AND name = 'Too'"), 1);
	undo(s);
	assert_phone("A2", "900");
	assert_source("A2", "phone", "0205550222");
}

static void the_newest_wins_where_it_is_said(void **state)
{
	(void)state;
	policy("phone", "NEWEST");
	give("A3", "phone", "930");
	import("A3,Three,0205550333,10.3,20.3,North,C,1\n", true);
	assert_phone("A3", "930"); /* the source says what it said before */
	assert_source("A3", "phone", "0205550333");
	import("A3,Three,0205550334,10.3,20.3,North,C,1\n", true);
	assert_phone("A3", "0205550334");
	assert_source("A3", "phone", NULL);
}

static void an_outlet_of_which_people_speak_is_not_undone(void **state)
{
	uint64_t s = import("A4,Four,0205550444,10.4,20.4,North,C,1\nA5,Five,0205550555,10.4,20.4,North,C,1\n", true);

	(void)state;
	give("A4", "frequency", "2");
	undo(s);
	assert_int_equal(dbt_count("outlet", "code IN ('A4', 'A5')"), 1);
	assert_source("A4", "frequency", "1");
}

/* Other files say fields of outlets too. */
static void files_of_needs_and_closed_days_go_around_them(void **state)
{
	uint64_t s = open_session(), id;

	(void)state;
	give("A1", "frequency", "3");
	give("A1", "closed_days", "7");
	add_file(s, "needs.csv", "outlet code,line,frequency,value\nA1,ALL,2,9\n");
	add_file(s, "closed days.csv", "outlet code,closed days\nA1,Mon\nA1,Tue\n");
	check(s);
	check(s);
	publish(s);
	id = id_of("A1");
	assert_int_equal(dbt_count("need", bp_sprintf(&dbt.arena, "outlet_id = %llu AND line_id = 1 AND visits_per_4w = 3 AND value = 9", (unsigned long long)id)), 1);
	assert_int_equal(dbt_count("outlet", "code = 'A1' AND closed_days = 64"), 1);
	assert_source("A1", "frequency", "2");
	assert_source("A1", "closed_days", "3");
	policy("closed_days", "SOURCE");
	policy("frequency", "SOURCE");
	s = open_session();
	add_file(s, "needs.csv", "outlet code,line,frequency,value\nA1,ALL,2,9\n");
	add_file(s, "closed days.csv", "outlet code,closed days\nA1,Mon\nA1,Tue\n");
	check(s);
	publish(s);
	assert_int_equal(dbt_count("need", bp_sprintf(&dbt.arena, "outlet_id = %llu AND line_id = 1 AND visits_per_4w = 2", (unsigned long long)id)), 1);
	assert_int_equal(dbt_count("outlet", "code = 'A1' AND closed_days = 3"), 1);
	assert_source("A1", "frequency", NULL);
	assert_source("A1", "closed_days", NULL);
}

static void a_status_outlives_a_list_that_lacks_the_outlet(void **state)
{
	uint64_t s = open_session(), f;

	(void)state;
	give("A2", "status", "assigned");
	f = add_file(s, "outlets.csv", HEAD "A1,One renamed,0205550111,10.1,20.1,North,A,4\n");
	dbt_sql(bp_sprintf(&dbt.arena, "UPDATE import_file SET complete = 1 WHERE id = %llu", (unsigned long long)f));
	check(s);
	assert_int_equal(q_import_vanished_set(db, (int64_t)s, "DORMANT", NULL), BP_E_OK);
	publish(s);
	assert_int_equal(dbt_count("outlet", "code = 'A2' AND status = 'assigned'"), 1);
	assert_int_equal(dbt_count("outlet", "code = 'A3' AND status = 'dormant'"), 1);
}

static void assert_windows(const char *code, const char *text)
{
	struct q_windows_text now;

	assert_int_equal(q_windows_text(db, &dbt.arena, (int64_t)id_of(code), &now), BP_E_OK);
	assert_string_equal(now.text, text);
}

static enum bp_error windows_tx(struct bp_db *d, void *ctx)
{
	struct q_windows_text before, after;
	uint64_t set, id = *(uint64_t *)ctx;
	enum bp_error e = q_windows_text(d, &dbt.arena, (int64_t)id, &before);

	if (!e)
		e = bp_journal_open(d, &(struct bp_change_set){"EDIT", 0, 0, NULL}, &set);
	if (!e)
		e = q_windows_clear(d, (int64_t)id, NULL);
	if (!e)
		e = q_windows_add(d, (int64_t)id, 3, 600, 720, 0, NULL);
	if (!e)
		e = q_windows_text(d, &dbt.arena, (int64_t)id, &after);
	return e ? e : im_overlay_windows(d, &dbt.arena, id, before.text, after.text, 0);
}

static uint64_t import_windows(const char *rows)
{
	uint64_t s = open_session(), f = add_file(s, "windows.csv", bp_sprintf(&dbt.arena, "outlet code,weekday,opens,closes,hard\n%s", rows));

	check(s);
	publish(s);
	return f;
}

static void files_of_windows_go_around_them(void **state)
{
	static const char rows[] = "A1,Mon-Tue,09:00,12:00,yes\nA2,,08:00,10:00,yes\n";
	uint64_t id = id_of("A1"), f;
	struct q_windows_text many;
	const char *longer;

	(void)state;
	import_windows(rows);
	assert_windows("A1", "Mon 09:00-12:00; Tue 09:00-12:00");
	assert_int_equal(bp_db_tx(db, windows_tx, &id), BP_E_OK);
	assert_source("A1", "windows", "Mon 09:00-12:00; Tue 09:00-12:00");
	f = import_windows("A1,Fri,09:00,12:00,yes\nA2,,08:00,11:00,yes\n");
	assert_int_equal(counts(f).n_unchanged, 1);
	assert_int_equal(counts(f).n_updated, 1);
	assert_windows("A1", "Wed 10:00-12:00 if possible");
	assert_windows("A2", "every day 08:00-11:00");
	assert_source("A1", "windows", "Fri 09:00-12:00");
	/* as many windows as there may be, of which only the last differs */
	for (int day = 1; day <= 7; day++)
		for (int k = 0; k < 4; k++)
			assert_int_equal(q_windows_add(db, (int64_t)id_of("A2"), day, 540 + 60 * k, 570 + 60 * k, 0, NULL), BP_E_OK);
	assert_int_equal(q_windows_text(db, &dbt.arena, (int64_t)id_of("A2"), &many), BP_E_OK);
	assert_true(strlen(many.text) > 600);
	longer = bp_sprintf(&dbt.arena, "%s; Sun 20:00-21:00", many.text);
	assert_int_equal(im_overlay_windows(db, &dbt.arena, id_of("A2"), many.text, longer, 0), BP_E_OK);
	assert_source("A2", "windows", many.text);
	policy("windows", "NEWEST"); /* it says the same again */
	import_windows("A1,Fri,09:00,12:00,yes\n");
	assert_windows("A1", "Wed 10:00-12:00 if possible");
	import_windows(rows);
	assert_windows("A1", "Mon 09:00-12:00; Tue 09:00-12:00");
	assert_source("A1", "windows", NULL);
}

static void a_territory_is_the_sources_where_it_is_said(void **state)
{
	uint64_t id = id_of("A2");

	(void)state;
	assert_int_equal(q_outlet_edit_put(db, (int64_t)id, "territory", NULL, 0, NULL), BP_E_OK); /* as a scenario does */
	import("A2,Two,0205550222,10.2,20.2,South,B,2\n", true);
	assert_int_equal(dbt_count("outlet o JOIN territory t ON t.id = o.territory_id", "o.code = 'A2' AND t.name = 'North'"), 1);
	policy("territory", "SOURCE");
	import("A2,Two,0205550222,10.2,20.2,South,B,2\n", true);
	assert_int_equal(dbt_count("outlet o JOIN territory t ON t.id = o.territory_id", "o.code = 'A2' AND t.name = 'South'"), 1);
	assert_source("A2", "territory", NULL);
}

static int64_t found(const char *words)
{
	struct q_outlet_search *r;
	size_t n = 0;

	assert_int_equal(q_outlet_search(db, &dbt.arena, "none", words, BP_NO_INT, 0, 1, NULL, BP_NO_INT, BP_NO_INT, NULL, NULL, 0, 10, &r, &n), BP_E_OK);
	return (int64_t)n;
}

static void the_search_follows(void **state)
{
	uint64_t next = 0;

	(void)state;
	assert_int_equal(dbt_count("job", "kind = 'OUTLET_WORDS' AND state = 'queued'"), 1); /* one for all of these imports */
	do
		assert_int_equal(im_search_follow(db, &dbt.arena, next, &next), BP_E_OK);
	while (next);
	assert_int_equal(found("+renamed*"), 1);
	give("A1", "name", "Emporium");
	assert_int_equal(im_search_follow_one(db, id_of("A1")), BP_E_OK);
	assert_int_equal(found("+renamed*"), 0);
	assert_int_equal(found("+emporium*"), 1);
	assert_int_equal(dbt_count("outlet_words", "1"), dbt_count("outlet", "1"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(values_are_given_and_taken_back), cmocka_unit_test(what_does_not_fit_is_told),
		cmocka_unit_test(a_persons_value_stays), cmocka_unit_test(the_source_wins_where_it_is_said),
		cmocka_unit_test(the_newest_wins_where_it_is_said), cmocka_unit_test(an_outlet_of_which_people_speak_is_not_undone),
		cmocka_unit_test(files_of_needs_and_closed_days_go_around_them), cmocka_unit_test(a_status_outlives_a_list_that_lacks_the_outlet),
		cmocka_unit_test(files_of_windows_go_around_them), cmocka_unit_test(a_territory_is_the_sources_where_it_is_said),
		cmocka_unit_test(the_search_follows)};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
