/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/time.h"
#include "tests/base/test.h"

static void dates_count_days_since_1970(void **state)
{
	(void)state;
	assert_int_equal(bp_date_of(1970, 1, 1), 0);
	assert_int_equal(bp_date_of(1969, 12, 31), -1);
	assert_int_equal(bp_date_of(2000, 3, 1), 11017);
	assert_int_equal(bp_date_of(2026, 11, 23), 20780);
	assert_int_equal(bp_date_of(1600, 1, 1), -135140);
}

/* Every day of 1899..2200 comes after the day before, and comes back from its parts. */
static void every_date_goes_there_and_back(void **state)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int64_t next = bp_date_of(1899, 1, 1);

	(void)state;
	for (int y = 1899; y <= 2200; y++)
		for (int m = 1; m <= 12; m++) {
			int leap = m == 2 && (y % 4 == 0 && (y % 100 || y % 400 == 0));

			for (int d = 1; d <= days[m - 1] + leap; d++, next++) {
				int y2, m2, d2;

				assert_int_equal(bp_date_of(y, m, d), next);
				bp_date_split(next, &y2, &m2, &d2);
				assert_true(y2 == y && m2 == m && d2 == d);
			}
		}
}

static void weekdays_are_iso(void **state)
{
	(void)state;
	assert_int_equal(bp_date_weekday(0), 4);
	assert_int_equal(bp_date_weekday(bp_date_of(2026, 11, 23)), 1);
	assert_int_equal(bp_date_weekday(bp_date_of(2026, 11, 22)), 7);
	for (int64_t d = -1000; d < 1000; d++)
		assert_int_equal(bp_date_weekday(d + 7), bp_date_weekday(d));
	assert_int_equal(bp_date_weekday(-4), 7);
}

static void only_real_dates_are_read(void **state)
{
	static const char *const bad[] = {"", "2026-11-3", "2026-11-23 ", " 2026-11-23", "2026/11/23", "2026-13-01", "2026-00-10",
		"2026-02-29", "2100-02-29", "2026-04-31", "2026-11-00", "1899-12-31", "2200-01-01", "20261123", "2026-1a-23",
		"-026-11-23", "２０２６-11-23"};
	char text[BP_DATE_SIZE];
	int64_t d = 42;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(bp_date_parse(bad[i], &d));
	assert_false(bp_date_parse(NULL, &d));
	assert_int_equal(d, 42);
	assert_true(bp_date_parse("2024-02-29", &d));
	bp_date_format(d, text);
	assert_string_equal(text, "2024-02-29");
	assert_true(bp_date_parse("2000-02-29", &d));
	assert_true(bp_date_parse("1900-01-01", &d));
	assert_true(bp_date_parse("2199-12-31", &d));
}

static void instants_are_printed_in_utc_to_the_millisecond(void **state)
{
	char text[BP_INSTANT_SIZE];

	(void)state;
	bp_instant_format(0, text);
	assert_string_equal(text, "1970-01-01T00:00:00.000Z");
	bp_instant_format(-1, text);
	assert_string_equal(text, "1969-12-31T23:59:59.999Z");
	bp_instant_format((bp_date_of(2026, 11, 22) * 86400 + 17 * 3600) * 1000000 + 1999, text);
	assert_string_equal(text, "2026-11-22T17:00:00.001Z");
}

static void headers_say_instants_in_their_own_form(void **state)
{
	char out[BP_HTTP_DATE_SIZE];

	(void)state;
	bp_instant_http(0, out);
	assert_string_equal(out, "Thu, 01 Jan 1970 00:00:00 GMT");
	bp_instant_http((int64_t)1795687199 * 1000000, out);
	assert_string_equal(out, "Thu, 26 Nov 2026 09:59:59 GMT");
}

static void the_clocks_go_forward(void **state)
{
	int64_t a = bp_monotonic_us(), b = bp_monotonic_us();

	(void)state;
	assert_true(b >= a);
	assert_true(bp_now() > bp_date_of(2026, 1, 1) * INT64_C(86400000000));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates_count_days_since_1970),
		cmocka_unit_test(every_date_goes_there_and_back),
		cmocka_unit_test(weekdays_are_iso),
		cmocka_unit_test(only_real_dates_are_read),
		cmocka_unit_test(instants_are_printed_in_utc_to_the_millisecond),
		cmocka_unit_test(headers_say_instants_in_their_own_form),
		cmocka_unit_test(the_clocks_go_forward),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
