/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chains of steps on a column: what they make of texts, what they refuse, and that no pattern can stop a file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/time.h"
#include "intake/check.h"
#include "intake/profile.h"

static struct bp_arena arena;

static enum bp_error compile(const char *json, struct im_chain **c, struct bp_fail *f)
{
	json_t *steps = json_loads(json, 0, NULL);
	enum bp_error e;

	assert_non_null(steps);
	memset(f, 0, sizeof(*f));
	e = im_chain_compile(steps, 4, &arena, c, f);
	json_decref(steps);
	return e;
}

/* What a chain makes of a text, or the fault in words. */
static const char *run(const char *json, const char *s)
{
	static const char *const faults[] = {NULL, "(form)", "(lookup)", "(regex)"};
	struct im_field cell[4] = {{s, strlen(s)}, {"two", 3}, {"", 0}, {"four", 4}};
	struct im_row row = {.line = 1, .n = 4, .field = cell};
	enum im_step_fault fault;
	struct im_chain *c;
	struct bp_fail f;
	const char *why, *out;

	assert_int_equal(compile(json, &c, &f), BP_E_OK);
	out = im_chain_run(c, s, &row, &arena, &fault, &why);
	im_chain_release(c);
	return fault ? faults[fault] : out;
}

static void steps_on_texts(void **state)
{
	(void)state;
	assert_string_equal(run("[{\"kind\":\"UPPER\"}]", "stra\xC3\x9F" "e \xC3\xA9 \xD0\xB6"), "STRA\xC3\x9F" "E \xC3\x89 \xD0\x96");
	assert_string_equal(run("[{\"kind\":\"LOWER\"}]", "\xC3\x89T\xC3\x89"), "\xC3\xA9t\xC3\xA9");
	assert_string_equal(run("[{\"kind\":\"TRIM\"}]", "\xC2\xA0 a   b\xC2\xA0"), "a b");
	assert_string_equal(run("[{\"kind\":\"DATE_FORMAT\",\"pattern\":\"MM/DD/YYYY\"}]", "03/04/2026"), "2026-03-04");
	assert_string_equal(run("[{\"kind\":\"DATE_FORMAT\",\"pattern\":\"D-MMM-YY\"}]", "4-March-26"), "2026-03-04");
	assert_string_equal(run("[{\"kind\":\"DATE_FORMAT\",\"pattern\":\"YYYYMMDD\"}]", "20260304"), "2026-03-04");
	assert_string_equal(run("[{\"kind\":\"DATE_FORMAT\",\"pattern\":\"DD.MM.YYYY HH:MI:SS\"}]", "04.03.2026 17:05:00"), "2026-03-04");
	assert_string_equal(run("[{\"kind\":\"DATE_FORMAT\",\"pattern\":\"DD/MM/YYYY\"}]", "31/02/2026"), "(form)");
	assert_string_equal(run("[{\"kind\":\"DATE_FORMAT\",\"pattern\":\"DD/MM/YYYY\"}]", "03/04/2026x"), "(form)");
	assert_string_equal(run("[{\"kind\":\"NUMBER_LOCALE\",\"decimal\":\",\",\"group\":\".\"}]", "-1.234.567,89"), "-1234567.89");
	assert_string_equal(run("[{\"kind\":\"NUMBER_LOCALE\",\"decimal\":\".\",\"group\":\",\"}]", "1.234"), "1.2340");
	assert_string_equal(run("[{\"kind\":\"NUMBER_LOCALE\",\"decimal\":\",\",\"group\":\" \"}]", "12\xC2\xA0" "345,5"), "12345.5");
	assert_string_equal(run("[{\"kind\":\"NUMBER_LOCALE\",\"decimal\":\",\",\"group\":\".\"}]", "12 pieces"), "(form)");
	assert_string_equal(run("[{\"kind\":\"LOOKUP\",\"table\":[{\"from\":\"Kl. A\",\"to\":\"Gold\"}]}]", "kl a"), "Gold");
	assert_string_equal(run("[{\"kind\":\"LOOKUP\",\"table\":[{\"from\":\"A\",\"to\":\"Gold\"}]}]", "B"), "(lookup)");
	assert_string_equal(run("[{\"kind\":\"LOOKUP\",\"table\":[{\"from\":\"A\",\"to\":\"Gold\"}],\"default\":\"Bronze\"}]", "B"), "Bronze");
	assert_string_equal(run("[{\"kind\":\"SPLIT_LATLON\",\"part\":\"LAT\"}]", "18.52, 73.85"), "18.520000");
	assert_string_equal(run("[{\"kind\":\"SPLIT_LATLON\",\"part\":\"LAT\",\"order\":\"LONLAT\"}]", "73.85; 18.52"), "18.520000");
	assert_string_equal(run("[{\"kind\":\"SPLIT_LATLON\",\"part\":\"LON\"}]", "18.52"), "(form)");
	assert_string_equal(run("[{\"kind\":\"REGEX\",\"pattern\":\"^0+(\\\\d)\",\"replacement\":\"$1\"}]", "000120"), "120");
	assert_string_equal(run("[{\"kind\":\"CONCAT\",\"columns\":[1,2,3],\"separator\":\"-\"}]", "one"), "one-two-four");
	assert_string_equal(run("[{\"kind\":\"CONCAT\",\"columns\":[1]}]", ""), "two");
	assert_string_equal(run("[{\"kind\":\"TRIM\"},{\"kind\":\"CONCAT\",\"columns\":[1]},{\"kind\":\"UPPER\"}]", " a "), "A TWO");
	assert_string_equal(run("[]", "as it is"), "as it is");
}

static void wrong_chains(void **state)
{
	static const char *const wrong[][2] = {
		{"{}", "at most"}, {"[{}]", "step 1: \"kind\""}, {"[{\"kind\":\"UPPER\"},{\"kind\":\"SHOUT\"}]", "step 2: \"kind\""},
		{"[{\"kind\":\"DATE_FORMAT\"}]", "DD/MM/YYYY"}, {"[{\"kind\":\"DATE_FORMAT\",\"pattern\":\"MM-YY\"}]", "day, month and year"},
		{"[{\"kind\":\"NUMBER_LOCALE\",\"decimal\":\";\"}]", "decimal"}, {"[{\"kind\":\"NUMBER_LOCALE\",\"decimal\":\",\",\"group\":\",\"}]", "group"},
		{"[{\"kind\":\"LOOKUP\"}]", "table"}, {"[{\"kind\":\"LOOKUP\",\"table\":[{\"from\":\"a\"}]}]", "pair 1"},
		{"[{\"kind\":\"LOOKUP\",\"table\":[{\"from\":\"a\",\"to\":\"1\"},{\"from\":\"A \",\"to\":\"2\"}]}]", "twice"},
		{"[{\"kind\":\"SPLIT_LATLON\"}]", "LAT or LON"}, {"[{\"kind\":\"REGEX\"}]", "missing"}, {"[{\"kind\":\"REGEX\",\"pattern\":\"a(b\"}]", "at character"},
		{"[{\"kind\":\"REGEX\",\"pattern\":\"a\\\\Cb\"}]", "wrong at"}, {"[{\"kind\":\"REGEX\",\"pattern\":\"a\",\"replacement\":\"${\"}]", "replacement"},
		{"[{\"kind\":\"CONCAT\",\"columns\":[4]}]", "none of the file"}, {"[{\"kind\":\"CONCAT\",\"columns\":[]}]", "1 to 10"},
	};
	struct im_chain *c;
	struct bp_fail f;
	char *many = malloc(4000);

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(compile(wrong[i][0], &c, &f), BP_E_FIELDS);
		assert_null(c);
		if (!strstr(f.detail, wrong[i][1]))
			fail_msg("%s: \"%s\" does not say \"%s\"", wrong[i][0], f.detail, wrong[i][1]);
	}
	snprintf(many, 4000, "[{\"kind\":\"REGEX\",\"pattern\":\"%0600d\"}]", 0);
	assert_int_equal(compile(many, &c, &f), BP_E_FIELDS);
	free(many);
}

/* Nested repetition on a text that nearly matches: without limits one such cell runs for hours. */
static void an_evil_pattern(void **state)
{
	struct bp_arena rows; /* the chain itself lies in the other one */
	static const char evil[] = "[{\"kind\":\"REGEX\",\"pattern\":\"^(x+x+)+$\",\"replacement\":\"\"}]";
	char text[2001];
	int64_t start = bp_monotonic_us();
	enum im_step_fault fault;
	struct im_chain *c;
	struct bp_fail f;
	const char *why;
	size_t n = 0;

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 2] = '!';
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(compile(evil, &c, &f), BP_E_OK);
	for (; !im_chain_off(c) && n < 1000000; n++) {
		assert_ptr_equal(im_chain_run(c, text, NULL, &arena, &fault, &why), text);
		assert_int_equal(fault, IM_S_REGEX);
		assert_non_null(strstr(why, "x+x+"));
	}
	assert_true(im_chain_off(c));
	assert_true(bp_monotonic_us() - start < 20000000);
	start = bp_monotonic_us();
	for (size_t i = 0; i < 100000; i++)
		im_chain_run(c, text, NULL, &arena, &fault, &why);
	assert_int_equal(fault, IM_S_REGEX);
	assert_true(bp_monotonic_us() - start < 1000000);
	im_chain_release(c);
	/* An honest one never meets the limits. */
	assert_int_equal(compile("[{\"kind\":\"REGEX\",\"pattern\":\"\\\\s+\",\"replacement\":\" \"}]", &c, &f), BP_E_OK);
	bp_arena_init(&rows, (size_t)1 << 30);
	for (size_t i = 0; i < 200000; i++) {
		im_chain_run(c, "Sharma  General   Store", NULL, &rows, &fault, &why);
		if (i % 1000 == 0)
			bp_arena_clear(&rows);
		assert_int_equal(fault, IM_S_FINE);
	}
	bp_arena_release(&rows);
	assert_false(im_chain_off(c));
	im_chain_release(c);
}

static void order_of_dates(void **state)
{
	struct im_date_votes v = {0};

	(void)state;
	im_vote_date(&v, "03/04/2026");
	im_vote_date(&v, "4/4/2026");
	im_vote_date(&v, "2026-03-04");
	im_vote_date(&v, "32/13/2026");
	assert_int_equal(v.either, 1);
	assert_int_equal(im_date_reading(&v), IM_READ_ASK);
	im_vote_date(&v, "3/25/2026 10:00");
	assert_int_equal(v.month_first, 1);
	assert_int_equal(im_date_reading(&v), IM_READ_SECOND);
	im_vote_date(&v, "25/3/2026");
	assert_int_equal(im_date_reading(&v), IM_READ_ASK);
	v.day_first = 40;
	assert_int_equal(im_date_reading(&v), IM_READ_FIRST);
}

static void profiles(void **state)
{
	struct im_profile *p = im_profile_new(2, false, &arena);
	char code[32];
	json_t *o;
	char *text;

	(void)state;
	for (int i = 0; i < 50000; i++) {
		struct im_field cell[2] = {{code, (size_t)snprintf(code, sizeof(code), "AB-%05d", i)}, {i % 4 ? (i % 2 ? "Gold" : "12.5") : "", 0}};
		struct im_row row = {.n = 2, .field = cell};

		cell[1].n = strlen(cell[1].s);
		im_profile_row(p, &row);
	}
	text = im_profile_json(p, 0);
	o = json_loads(text, 0, NULL);
	free(text);
	assert_int_equal(json_integer_value(json_object_get(o, "filled")), 50000);
	assert_in_range(json_integer_value(json_object_get(o, "distinct")), 47500, 50000);
	assert_string_equal(json_string_value(json_object_get(o, "least")), "AB-00000");
	assert_string_equal(json_string_value(json_object_get(o, "most")), "AB-49999");
	assert_string_equal(json_string_value(json_object_get(json_array_get(json_object_get(o, "patterns"), 0), "pattern")), "AA-99999");
	json_decref(o);
	text = im_profile_json(p, 1);
	o = json_loads(text, 0, NULL);
	free(text);
	assert_int_equal(json_integer_value(json_object_get(o, "filled")), 37500);
	assert_int_equal(json_integer_value(json_object_get(o, "distinct")), 2);
	assert_int_equal(json_integer_value(json_object_get(o, "numbers")), 12500);
	assert_string_equal(json_string_value(json_object_get(json_array_get(json_object_get(o, "top"), 0), "value")), "Gold");
	assert_int_equal(json_integer_value(json_object_get(json_array_get(json_object_get(o, "top"), 0), "n")), 25000);
	json_decref(o);
}

/* Every rule says what to do; every fix names rules that exist. */
static void advice(void **state)
{
	char word[32];

	(void)state;
	for (int r = 0; r < IM_R__MAX; r++)
		if (!im_rule_advice[r].remedy)
			fail_msg("advice.def has no line for %s", im_rules[r].code);
	for (int k = 0; k < IM_FIX__MAX; k++)
		for (const char *p = im_fix_kinds[k].rules; *p; p += strcspn(p, " "), p += strspn(p, " ")) {
			snprintf(word, sizeof(word), "%.*s", (int)strcspn(p, " "), p);
			if (im_rule_of(word) == IM_R__MAX)
				fail_msg("fixes.def: %s mends %s, which is no rule", im_fix_kinds[k].name, word);
		}
}

static int set_up(void **state)
{
	(void)state;
	bp_arena_init(&arena, (size_t)1 << 30);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	bp_arena_release(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(steps_on_texts), cmocka_unit_test(wrong_chains), cmocka_unit_test(an_evil_pattern),
		cmocka_unit_test(order_of_dates), cmocka_unit_test(profiles), cmocka_unit_test(advice)};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
