/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <limits.h>

#include "base/buf.h"
#include "tests/base/test.h"

static void appends_grow_and_stay_ended(void **state)
{
	struct bp_buf b;

	(void)state;
	bp_buf_init(&b, 100000);
	assert_string_equal(b.data, "");
	for (int i = 0; i < 1000; i++) {
		bp_buf_str(&b, "0123456789");
		bp_buf_chr(&b, '\n');
		assert_int_equal(b.data[b.len], '\0');
	}
	assert_int_equal(b.len, 11000);
	assert_int_equal(strlen(b.data), 11000);
	assert_memory_equal(b.data + 10989, "0123456789\n", 11);
	bp_buf_clear(&b);
	assert_int_equal(b.len, 0);
	assert_string_equal(b.data, "");
	bp_buf_release(&b);
	assert_null(b.data);
	assert_int_equal(b.cap, 0);
}

static void beyond_the_ceiling_nothing_is_added(void **state)
{
	struct bp_buf b;

	(void)state;
	bp_buf_init(&b, 10);
	bp_buf_str(&b, "0123456789");
	assert_false(b.over);
	assert_int_equal(b.len, 10);
	bp_buf_chr(&b, 'x');
	assert_true(b.over);
	assert_string_equal(b.data, "0123456789");
	/* What comes later must not be let in although it would fit: half a document is worse than none. */
	bp_buf_clear(&b);
	assert_false(b.over);
	bp_buf_str(&b, "abcdefghijk");
	bp_buf_str(&b, "abc");
	assert_true(b.over);
	assert_int_equal(b.len, 0);
	assert_null(bp_buf_reserve(&b, 1));
	bp_buf_release(&b);
	bp_buf_init(&b, 10);
	assert_null(bp_buf_reserve(&b, SIZE_MAX));
	bp_buf_release(&b);
	bp_buf_init(&b, 0);
	bp_buf_str(&b, "");
	assert_false(b.over);
	bp_buf_release(&b);
}

static void formatted_text_and_numbers(void **state)
{
	char want[64];
	struct bp_buf b;

	(void)state;
	bp_buf_init(&b, 4096);
	bp_buf_printf(&b, "%s=%d", "a", -5);
	assert_string_equal(b.data, "a=-5");
	bp_buf_printf(&b, "%*d", 4000, 1);
	assert_int_equal(b.len, 4004);
	bp_buf_printf(&b, "%*d", 4000, 1);
	assert_true(b.over);
	bp_buf_clear(&b);
	bp_buf_int(&b, LLONG_MIN);
	bp_buf_chr(&b, ' ');
	bp_buf_int(&b, LLONG_MAX);
	bp_buf_chr(&b, ' ');
	bp_buf_int(&b, -5);
	snprintf(want, sizeof(want), "%lld %lld -5", LLONG_MIN, LLONG_MAX);
	assert_string_equal(b.data, want);
	bp_buf_release(&b);
}

static void cells_are_quoted_and_no_formulas(void **state)
{
	static const char *const cells[][2] = {{"", ""}, {"Shop 5", "Shop 5"}, {"a,b", "\"a,b\""}, {"say \"hi\"", "\"say \"\"hi\"\"\""},
		{"two\nlines", "\"two\nlines\""}, {"=1+1", "\"'=1+1\""}, {"@SUM(A1)", "\"'@SUM(A1)\""}, {"-77.036871", "-77.036871"},
		{"+91 20-2553 (12)", "+91 20-2553 (12)"}, {"-", "-"}, {"-A1", "\"'-A1\""}, {"+cmd|' /C calc'!A0", "\"'+cmd|' /C calc'!A0\""},
		{"-2+3+cmd|' /C calc'!A0", "\"'-2+3+cmd|' /C calc'!A0\""}, {"+ 1+A1", "\"'+ 1+A1\""}, {"a=b", "a=b"}};
	struct bp_buf b;

	(void)state;
	bp_buf_init(&b, 1000);
	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
		bp_buf_clear(&b);
		bp_buf_csv(&b, cells[i][0]);
		assert_string_equal(b.data, cells[i][1]);
	}
	bp_buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cells_are_quoted_and_no_formulas),
		cmocka_unit_test(appends_grow_and_stay_ended),
		cmocka_unit_test(beyond_the_ceiling_nothing_is_added),
		cmocka_unit_test(formatted_text_and_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
