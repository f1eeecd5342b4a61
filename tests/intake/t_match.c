/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that find outlets by another key than the code. */
#include "intake/match.h"
#include "tests/intake/session.h"

static uint64_t checked(const char *match, const char *text, uint64_t *session)
{
	uint64_t file;

	*session = open_session();
	file = add_file(*session, "outlets.csv", text);
	assert_int_equal(q_import_file_delta(db, (int64_t)file, "UPSERT", 0, match, NULL), BP_E_OK);
	check(*session);
	return file;
}

static void assert_issue(uint64_t session, int row, const char *rule, const char *suggestion)
{
	const char *that = bp_sprintf(&dbt.arena, "session_id = %llu AND row_no = %d AND rule = '%s' AND suggestion = '%s'", (unsigned long long)session, row,
		rule, suggestion);

	if (dbt_count("import_issue", that) != 1)
		fail_msg("not once: %s", that);
}

static void assert_outlet(const char *that, int64_t n)
{
	if (dbt_count("outlet", that) != n)
		fail_msg("not %lld outlets: %s", (long long)n, that);
}

static void keys_are_columns_of_outlets(void **state)
{
	static const struct {
		const char *match, *problem;
	} bad[] = {{"", "1 to 4"}, {"lat", "\"lat\""}, {"tax_no,", NULL}, {"tax_no,tax_no", "twice"}, {"code,phone", "alone"}, {"code", NULL}, {"Code", "\"Code\""},
		{"tax_no,phone,email,name,city", "1 to 4"}, {"name,postcode", NULL}};
	uint32_t columns;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		enum bp_error e;

		bp_fail_clear(&fail);
		e = im_match_parse(bad[i].match, &columns, &fail);
		if (bad[i].problem ? e != BP_E_FIELDS || !strstr(fail.detail, bad[i].problem) : e != BP_E_OK)
			fail_msg("\"%s\": %d %s", bad[i].match, e, fail.detail);
	}
	assert_int_equal(im_required(IM_OUTLETS, "code"), 3);                    /* code and name come first */
	assert_int_equal(im_required(IM_OUTLETS, "postcode"), 2 | 1 << im_column_index(IM_OUTLETS, "postcode"));
}

static void rows_find_their_outlet(void **state)
{
	uint64_t s = open_session(), f;

	(void)state;
	add_file(s, "outlets.csv", "code,name,phone,city,postcode,tax_no,region\nM1,One,020 555-0111,Pune,411001,AB 12,North\n"
		"M2,Two,020 555-0222,Pune,411001,,North\nM3,Three,020 555-0333,Goa,403001,CD34,North\nM4,Three,020 555-0444,Goa,403001,EF56,North\n");
	check(s);
	publish(s);
	/* no code in the file: a known key, a new one twice, none, and one without a letter */
	f = checked("tax_no", "name,city,tax_no\nOne again,Mumbai,ab-12\nNew,Goa,ZZ99\nNew twin,Goa,zz 99\nNobody,Goa,\nDashes,Goa,--\n", &s);
	assert_int_equal(counts(f).n_updated, 1);
	assert_int_equal(counts(f).n_inserted, 1);
	assert_int_equal(counts(f).n_duplicate, 1);
	assert_int_equal(counts(f).n_rejected, 1);
	assert_int_equal(counts(f).n_refused, 1);
	assert_issue(s, 6, "KEY_NONE", "");
	assert_issue(s, 5, "REQUIRED", "");
	check(s); /* a second check finds the same */
	assert_int_equal(counts(f).n_updated, 1);
	assert_int_equal(counts(f).n_refused, 1);
	assert_issue(s, 6, "KEY_NONE", "");
	publish(s);
	assert_outlet("code = 'M1' AND name = 'One again' AND city = 'Mumbai' AND tax_no = 'ab-12'", 1);
	assert_outlet("code = 'ZZ99' AND name = 'New'", 1);
	assert_outlet("1", 5);
}

static void what_fits_several_or_another_is_refused(void **state)
{
	uint64_t s, f = checked("name,postcode", "code,name,postcode,city\nX1,THREE,403 001,Panaji\nM2,Quite another,411001,Pune\nX3,two,411001,Nashik\nX4,Fresh,500001,Hyderabad\n", &s);

	(void)state;
	assert_int_equal(counts(f).n_refused, 2);
	assert_int_equal(counts(f).n_updated, 1);
	assert_int_equal(counts(f).n_inserted, 1);
	assert_issue(s, 2, "KEY_MANY", "M3, M4");
	assert_issue(s, 3, "KEY_OTHER", "M2");
	publish(s);
	assert_outlet("code = 'M2' AND name = 'two' AND city = 'Nashik'", 1); /* under the code that is ours */
	assert_outlet("code = 'X4'", 1);
	assert_outlet("code IN ('X1', 'X3')", 0);
}

static void telephones_are_compared_by_their_last_digits(void **state)
{
	uint64_t s, f = checked("phone", "name,phone\nThree,+91 20 5550333\n", &s);

	(void)state;
	assert_int_equal(counts(f).n_inserted, 0);
	assert_int_equal(counts(f).n_updated, 1);
}

static void outlets_of_others_are_seen_when_it_is_published(void **state)
{
	uint64_t s, other, f = checked("tax_no", "name,tax_no\nLate,LATE7\n", &s);

	(void)state;
	assert_int_equal(counts(f).n_inserted, 1);
	other = open_session();
	add_file(other, "outlets.csv", "code,name,tax_no\nL7,Early,LATE7\n");
	check(other);
	publish(other);
	publish(s);
	assert_outlet("tax_no = 'LATE7'", 1);
	assert_outlet("code = 'L7' AND name = 'Late'", 1);
	assert_int_equal(counts(f).n_updated, 1);
}

static void the_next_file_of_the_source_is_matched_alike(void **state)
{
	uint64_t s = open_session(), f = add_file(s, "outlets.csv", "name,tax_no\nLate,LATE7\n");

	(void)state;
	assert_string_equal(counts(f).match_by, "tax_no");
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(keys_are_columns_of_outlets), cmocka_unit_test(rows_find_their_outlet),
		cmocka_unit_test(what_fits_several_or_another_is_refused), cmocka_unit_test(telephones_are_compared_by_their_last_digits),
		cmocka_unit_test(outlets_of_others_are_seen_when_it_is_published), cmocka_unit_test(the_next_file_of_the_source_is_matched_alike)};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
