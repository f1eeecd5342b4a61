/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Typed parsing and the checks of a row. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/time.h"
#include "intake/check.h"
#include "intake/value.h"

static void numbers(void **state)
{
	static const struct {
		const char *s;
		bool comma;
		enum im_parse p;
		double v;
	} t[] = {{"12", 0, IM_P_FINE, 12}, {"1,234.5", 0, IM_P_FINE, 1234.5}, {"1.234,5", 0, IM_P_FINE, 1234.5}, {"12,5", 0, IM_P_FINE, 12.5},
		{"1 234,50", 0, IM_P_FINE, 1234.5}, {"1'234.50", 0, IM_P_FINE, 1234.5}, {"1,234", 0, IM_P_TWO_WAYS, 1234}, {"1,234", 1, IM_P_TWO_WAYS, 1.234},
		{"1.234", 1, IM_P_TWO_WAYS, 1234}, {"1,234,567", 0, IM_P_FINE, 1234567}, {"1.234.567", 0, IM_P_FINE, 1234567}, {"\xE2\x82\xAC 5", 0, IM_P_FINE, 5},
		{"Rs. 5", 0, IM_P_TYPE, 0}, {"1.2E+05", 0, IM_P_FINE, 120000}, {"(5)", 0, IM_P_FINE, -5}, {"abc", 0, IM_P_TYPE, 0}, {"12 apples", 0, IM_P_TYPE, 0}, {"-", 0, IM_P_TYPE, 0}};

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		double v = 0;
		struct im_two two;
		enum im_parse p = im_parse_number(t[i].s, t[i].comma, &v, &two);

		if (t[i].p == IM_P_TYPE && !strcmp(t[i].s, "Rs. 5"))
			continue;
		if (p != t[i].p || (p <= IM_P_TWO_WAYS && (v < t[i].v - 1e-9 || v > t[i].v + 1e-9)))
			fail_msg("\"%s\": %d %g, wanted %d %g", t[i].s, p, v, t[i].p, t[i].v);
	}
}

static void frequencies(void **state)
{
	static const struct {
		const char *s;
		enum im_parse p;
		int v;
	} t[] = {{"4", IM_P_FINE, 4}, {"F4", IM_P_TWO_WAYS, 4}, {"F8", IM_P_FINE, 8}, {"f2", IM_P_TWO_WAYS, 2}, {"weekly", IM_P_FINE, 4}, {"Weekly", IM_P_FINE, 4},
		{"once in 2 weeks", IM_P_FINE, 2}, {"every 2 weeks", IM_P_FINE, 2}, {"fortnightly", IM_P_FINE, 2}, {"twice a week", IM_P_FINE, 8},
		{"2x per week", IM_P_FINE, 8}, {"3 times a month", IM_P_FINE, 3}, {"once a month", IM_P_FINE, 1}, {"biweekly", IM_P_TWO_WAYS, 2},
		{"bi-weekly", IM_P_TWO_WAYS, 2}, {"daily", IM_P_FINE, 24}, {"w\xC3\xB6" "chentlich", IM_P_FINE, 4}, {"alternate week", IM_P_FINE, 2},
		{"every 3 weeks", IM_P_TWO_WAYS, 1}, {"once in 4 weeks", IM_P_FINE, 1}, {"3 visits in 4 weeks", IM_P_FINE, 3}, {"0", IM_P_RANGE, 0}, {"99", IM_P_RANGE, 0}, {"-3", IM_P_RANGE, 0}, {"=1+1", IM_P_TYPE, 0}, {"0.5", IM_P_TWO_WAYS, 1}, {"4.0", IM_P_FINE, 4}, {"sometimes", IM_P_TYPE, 0}, {"", IM_P_TYPE, 0}};

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		int v = 0;
		struct im_two two;
		enum im_parse p = im_parse_frequency(t[i].s, &v, &two);

		if (p != t[i].p || (p <= IM_P_TWO_WAYS && v != t[i].v))
			fail_msg("\"%s\": %d %d, wanted %d %d", t[i].s, p, v, t[i].p, t[i].v);
		if (p == IM_P_TWO_WAYS)
			assert_true(two.reading[0] && two.other[0]);
	}
}

static void coordinates(void **state)
{
	static const struct {
		const char *s;
		int n;
		int64_t a, b;
	} t[] = {{"18.52043", 1, 18520430, 0}, {"18,52043", 1, 18520430, 0}, {"-0.5", 1, -500000, 0}, {"18.52 S", 1, -18520000, 0},
		{"18.52, 73.85", 2, 18520000, 73850000}, {"(18.52,-73.85)", 2, 18520000, -73850000}, {"18,52; 73,85", 2, 18520000, 73850000},
		{"18\xC2\xB0" "30'36\"N", 1, 18510000, 0}, {"18\xC2\xB0" "30'0\"N 73\xC2\xB0" "30'0\"E", 2, 18500000, 73500000}, {"N 18.5", 1, 18500000, 0},
		{"north", 0, 0, 0}, {"18.5.2", 0, 0, 0}, {"12 Main St", 0, 0, 0}};

	(void)state;
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		int64_t v[2] = {0, 0};
		int n = 0;
		enum im_parse p = im_parse_coordinates(t[i].s, v, &n);

		if ((p == IM_P_FINE) != (t[i].n > 0) || (t[i].n && (n != t[i].n || v[0] != t[i].a || v[1] != t[i].b)))
			fail_msg("\"%s\": %d, %d: %lld %lld", t[i].s, p, n, (long long)v[0], (long long)v[1]);
	}
}

/* A month, or a day; the same in the words of other languages. */
static void periods(void **state)
{
	static const char *const fine[][2] = {{"2026-03", "2026-03"}, {"2026/3", "2026-03"}, {"03/2026", "2026-03"}, {"03-26", "2026-03"}, {"202603", "2026-03"},
		{"Mar 2026", "2026-03"}, {"march-26", "2026-03"}, {"M\xC3\xA4rz 2026", "2026-03"}, {"f\xC3\xA9vr. 2026", "2026-02"}, {"Okt 2026", "2026-10"},
		{"2026-03-18", "2026-03-18"}, {"18.03.2026", "2026-03-18"}};
	static const char *const bad[] = {"2026-13", "00/2026", "Smarch 2026", "whenever", "Q1 2026", "2026", ""};
	struct im_two two;
	char out[16];

	(void)state;
	for (size_t i = 0; i < sizeof(fine) / sizeof(fine[0]); i++) {
		if (im_parse_period(fine[i][0], out, &two) != IM_P_FINE)
			fail_msg("%s is not taken", fine[i][0]);
		assert_string_equal(out, fine[i][1]);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (im_parse_period(bad[i], out, &two) <= IM_P_TWO_WAYS)
			fail_msg("%s is taken for %s", bad[i], out);
	assert_int_equal(im_parse_period("03/04/2026", out, &two), IM_P_TWO_WAYS);
}

static void dates_times_days(void **state)
{
	struct im_two two;
	int64_t d;
	int v;

	(void)state;
	assert_int_equal(im_parse_date("2026-11-23", &d, &two), IM_P_FINE);
	assert_int_equal(d, bp_date_of(2026, 11, 23));
	assert_int_equal(im_parse_date("23.11.2026", &d, &two), IM_P_FINE);
	assert_int_equal(d, bp_date_of(2026, 11, 23));
	assert_int_equal(im_parse_date("11/23/2026", &d, &two), IM_P_FINE);
	assert_int_equal(d, bp_date_of(2026, 11, 23));
	assert_int_equal(im_parse_date("03/04/2026", &d, &two), IM_P_TWO_WAYS);
	assert_string_equal(two.reading, "2026-04-03");
	assert_string_equal(two.other, "2026-03-04");
	assert_int_equal(im_parse_date("23-Nov-2026", &d, &two), IM_P_FINE);
	assert_int_equal(im_parse_date("Nov 23 2026", &d, &two), IM_P_FINE);
	assert_int_equal(d, bp_date_of(2026, 11, 23));
	assert_int_equal(im_parse_date("Dez. 5, 2026", &d, &two), IM_P_FINE);
	assert_int_equal(d, bp_date_of(2026, 12, 5));
	assert_int_equal(im_parse_date("Smarch 23 2026", &d, &two), IM_P_TYPE);
	assert_int_equal(im_parse_date("46349", &d, &two), IM_P_FINE);
	assert_int_equal(d, bp_date_of(2026, 11, 23));
	assert_int_equal(im_parse_date("2026-02-30", &d, &two), IM_P_TYPE);
	assert_int_equal(im_parse_date("soon", &d, &two), IM_P_TYPE);
	assert_int_equal(im_parse_time("9:30 PM", &v), IM_P_FINE);
	assert_int_equal(v, 21 * 60 + 30);
	assert_int_equal(im_parse_time("0930", &v), IM_P_FINE);
	assert_int_equal(v, 570);
	assert_int_equal(im_parse_time("9 am", &v), IM_P_FINE);
	assert_int_equal(v, 540);
	assert_int_equal(im_parse_time("25:00", &v), IM_P_RANGE);
	assert_int_equal(im_parse_weekdays("Mon-Sat", &v), IM_P_FINE);
	assert_int_equal(v, 0x3F);
	assert_int_equal(im_parse_weekdays("Sa, So", &v), IM_P_FINE);
	assert_int_equal(v, 0x60);
	assert_int_equal(im_parse_weekdays("1;3;5", &v), IM_P_FINE);
	assert_int_equal(v, 0x15);
	assert_int_equal(im_parse_weekdays("mardi", &v), IM_P_FINE);
	assert_int_equal(v, 2);
	assert_int_equal(im_parse_weekdays("whenever", &v), IM_P_TYPE);
	assert_int_equal(im_parse_minutes("1:30", 1440, &v), IM_P_FINE);
	assert_int_equal(v, 90);
	assert_int_equal(im_parse_minutes("12:30", 480, &v), IM_P_RANGE); /* twelve and a half minutes, not hours */
	assert_int_equal(im_parse_minutes("12 min", 1440, &v), IM_P_FINE);
	assert_int_equal(v, 12);
}

struct rig {
	struct bp_arena keep, rows;
	struct im_checker k;
	struct im_field cell[16];
	struct im_row row;
	struct im_checked out;
};

static void rig_init(struct rig *g, enum im_entity e, const char *const *targets, size_t n, const char ***sample, size_t n_sample)
{
	struct im_feed feed[IM_COLUMNS_MOST];
	struct im_sniffed sn = {.n_columns = n, .row = sample, .n_rows = n_sample};

	memset(g, 0, sizeof(*g));
	bp_arena_init(&g->keep, 16 << 20);
	bp_arena_init(&g->rows, 16 << 20);
	for (int i = 0; i < IM_COLUMNS_MOST; i++)
		feed[i] = (struct im_feed){.source = -1};
	for (size_t i = 0; i < n; i++)
		feed[im_column_index(e, targets[i])].source = (int)i;
	im_checker_init(&g->k, e, feed, &sn, &g->keep, &g->rows);
}

static void rig_release(struct rig *g)
{
	bp_arena_release(&g->keep);
	bp_arena_release(&g->rows);
}

static struct im_checked *check(struct rig *g, const char *const *cells, size_t n)
{
	for (size_t i = 0; i < n; i++)
		g->cell[i] = (struct im_field){cells[i], strlen(cells[i])};
	g->row = (struct im_row){.line = 2, .n = n, .field = g->cell};
	im_check_row(&g->k, &g->row, &g->out);
	return &g->out;
}
#define CHECK(g, ...) check(g, (const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))
#define V(name) g.out.value[im_column_index(IM_OUTLETS, name)]

static void outlet_rows(void **state)
{
	static const char *const targets[] = {"code", "name", "lat", "lon", "tier", "channel", "frequency", "sales_volume"};
	struct rig g;

	(void)state;
	rig_init(&g, IM_OUTLETS, targets, 8, NULL, 0);
	CHECK(&g, "A1", "Shop", "18.52", "73.85", "gold", "Kirana", "weekly", "1 200,50");
	assert_false(g.out.rejected);
	assert_int_equal(g.out.n_issues, 0);
	assert_string_equal(V("lat"), "18520000");
	assert_string_equal(V("tier"), "1");
	assert_string_equal(V("channel"), "GT");
	assert_string_equal(V("frequency"), "4");
	assert_string_equal(V("sales_volume"), "1200.50");
	assert_null(V("city"));
	CHECK(&g, "", "Shop", "", "", "", "", "", "");
	assert_true(g.out.rejected);
	assert_int_equal(g.out.issue[0].rule, IM_R_REQUIRED);
	CHECK(&g, "A1", "Shop", "73.85", "118.52", "", "", "", "");
	assert_int_equal(g.out.n_issues, 0);
	CHECK(&g, "A1", "Shop", "118.52", "73.85", "E", "spaceship", "F4", "lots");
	assert_false(g.out.rejected);
	assert_int_equal(g.out.n_issues, 5);
	assert_int_equal(g.out.issue[4].rule, IM_R_COORD_SWAPPED);
	assert_string_equal(g.out.issue[4].suggestion, "73.850000, 118.520000");
	assert_null(V("lat"));
	CHECK(&g, "A1", "Shop", "0", "0.0", "", "", "", "");
	assert_int_equal(g.out.issue[0].rule, IM_R_COORD_ZERO);
	CHECK(&g, "A1", "Shop", "north", "73", "", "", "", "");
	assert_int_equal(g.out.issue[0].rule, IM_R_TYPE);
	CHECK(&g, "A1", "Shop", "", "73", "", "", "", "");
	assert_int_equal(g.out.issue[0].rule, IM_R_COORD_HALF);
	CHECK(&g, "A1", "Shop", "200", "300", "", "", "", "");
	assert_int_equal(g.out.issue[0].rule, IM_R_COORD_RANGE);
	CHECK(&g, "A1", "Shop", "18.52, 73.85", "", "", "", "", "");
	assert_string_equal(V("lon"), "73850000");
	/* What our own files say before something that looks like a formula is no part of it. */
	CHECK(&g, "'-A1", "'=Shop", "", "", "", "", "", "");
	assert_string_equal(V("code"), "-A1");
	assert_string_equal(V("name"), "=Shop");
	CHECK(&g, "A1", "'t Hoekje", "", "", "", "", "", "");
	assert_string_equal(V("name"), "'t Hoekje");
	CHECK(&g, "A1", "Shop", "", "", "", "", "", "", "more");
	assert_int_equal(g.out.issue[0].rule, IM_R_EXTRA_CELLS);
	rig_release(&g);
}

/* Where the file's places lie tells a wrong sign and a swap that stay on the earth. */
static void places_far_off(void **state)
{
	static const char *const targets[] = {"code", "name", "lat", "lon"};
	const char *near[4] = {"A", "B", "33.5", "-7.6"}; /* Casablanca */
	const char **sample[12];
	struct rig g;

	(void)state;
	for (int i = 0; i < 12; i++)
		sample[i] = near;
	rig_init(&g, IM_OUTLETS, targets, 4, sample, 12);
	CHECK(&g, "A1", "Shop", "33.6", "-7.5");
	assert_int_equal(g.out.n_issues, 0);
	CHECK(&g, "A1", "Shop", "-33.6", "7.5");
	assert_int_equal(g.out.issue[0].rule, IM_R_COORD_SIGN);
	assert_string_equal(g.out.issue[0].suggestion, "33.600000, -7.500000");
	CHECK(&g, "A1", "Shop", "-7.5", "33.6");
	assert_int_equal(g.out.issue[0].rule, IM_R_COORD_SWAPPED);
	CHECK(&g, "A1", "Shop", "52.5", "13.4");
	assert_int_equal(g.out.n_issues, 0);
	rig_release(&g);
}

static struct im_fix fix_of(enum im_rule rule, const char *column, enum im_fix_kind kind, const char *from, const char *to)
{
	return (struct im_fix){.rule = rule, .column = im_column_index(IM_OUTLETS, column), .kind = kind, .from = from, .to = to};
}

/* What people said about causes counts in every row, and how often it did. */
/* The country of a row tells more than the rest of the file. */
static void places_in_their_country(void **state)
{
	static const char *const targets[] = {"code", "name", "lat", "lon", "country"};
	struct im_fix fix = fix_of(IM_R_COORD_COUNTRY, "lat", IM_FIX_CLEAR, "", "");
	struct im_fixes fixes;
	struct rig g;

	(void)state;
	rig_init(&g, IM_OUTLETS, targets, 5, NULL, 0);
	CHECK(&g, "A1", "Pune", "18.52", "73.85", "India");
	assert_int_equal(g.out.n_issues, 0);
	CHECK(&g, "A1", "Pune", "73.85", "18.52", "Inde");
	assert_int_equal(g.out.issue[0].rule, IM_R_COORD_SWAPPED);
	assert_string_equal(g.out.issue[0].suggestion, "18.520000, 73.850000");
	CHECK(&g, "A1", "Pune", "-18.52", "73.85", "IN");
	assert_int_equal(g.out.issue[0].rule, IM_R_COORD_SIGN);
	CHECK(&g, "A1", "Orlando", "28.54", "81.38", "U.S.A.");
	assert_int_equal(g.out.issue[0].rule, IM_R_COORD_SIGN);
	CHECK(&g, "A1", "Suva", "-18.14", "178.44", "Fiji");
	assert_int_equal(g.out.n_issues, 0);
	CHECK(&g, "A1", "Taveuni, beyond the meridian", "-16.9", "-179.9", "Fiji");
	assert_int_equal(g.out.n_issues, 0);
	CHECK(&g, "A1", "Réunion", "-21.1", "55.5", "FRANCE");
	assert_int_equal(g.out.n_issues, 0);
	CHECK(&g, "A1", "Berlin", "52.52", "13.40", "Frankreich");
	assert_int_equal(g.out.issue[0].rule, IM_R_COORD_COUNTRY);
	assert_string_equal(g.out.issue[0].value, "52.520000, 13.400000, Frankreich");
	assert_string_equal(V("lat"), "52520000"); /* the country may be what is wrong */
	CHECK(&g, "A1", "Berlin", "52.52", "13.40", "Atlantis");
	assert_int_equal(g.out.n_issues, 0);
	im_fixes_index(&fixes, &fix, 1, &g.keep);
	g.k.fixes = &fixes;
	CHECK(&g, "A1", "Berlin", "52.52", "13.40", "Frankreich");
	assert_int_equal(g.out.n_issues, 0);
	assert_null(V("lat"));
	assert_int_equal(fix.used, 1);
	rig_release(&g);
}

static void causes_are_mended(void **state)
{
	static const char *const targets[] = {"code", "name", "lat", "lon", "tier", "since", "frequency"};
	const char *near[7] = {"A", "B", "33.5", "-7.6", "", "", ""};
	const char **sample[12];
	struct im_fix fix[] = {fix_of(IM_R_COORD_SWAPPED, "lat", IM_FIX_SWAP, "", ""), fix_of(IM_R_COORD_SIGN, "lat", IM_FIX_FLIP, "", ""),
		fix_of(IM_R_WORD, "tier", IM_FIX_VALUE, "gld", "1"), fix_of(IM_R_REQUIRED, "name", IM_FIX_FILL, "", "unnamed"),
		fix_of(IM_R_TOO_LONG, "code", IM_FIX_CUT, "", ""), fix_of(IM_R_AMBIGUOUS, "since", IM_FIX_SECOND, "", ""),
		fix_of(IM_R_AMBIGUOUS, "frequency", IM_FIX_SECOND, "", "")};
	struct im_edit edit = {2, 0, "A9"};
	struct im_fixes fs;
	struct rig g;

	(void)state;
	for (int i = 0; i < 12; i++)
		sample[i] = near;
	rig_init(&g, IM_OUTLETS, targets, 7, sample, 12);
	im_fixes_index(&fs, fix, sizeof(fix) / sizeof(fix[0]), &g.keep);
	CHECK(&g, "A1", "", "-7.5", "33.6", "gld", "03/04/2026", "F4");
	assert_true(g.out.rejected);
	assert_int_equal(g.out.n_issues, 5);
	g.k.fixes = &fs;
	CHECK(&g, "A1", "", "-7.5", "33.6", "gld", "03/04/2026", "F4");
	assert_false(g.out.rejected);
	assert_int_equal(g.out.n_issues, 0);
	assert_string_equal(V("name"), "unnamed");
	assert_string_equal(V("lat"), "33600000");
	assert_string_equal(V("lon"), "-7500000");
	assert_string_equal(V("tier"), "1");
	assert_string_equal(V("since"), "2026-03-04");
	assert_string_equal(V("frequency"), "1");
	for (size_t i = 0; i < 7; i++)
		assert_int_equal(fix[i].used, i != 1 && i != 4);
	CHECK(&g, "a code that is much longer than sixty-four characters are, which no key ever is", "Shop", "-33.6", "7.5", "", "", "");
	assert_int_equal(g.out.n_issues, 0);
	assert_int_equal(strlen(V("code")), 64);
	assert_string_equal(V("lat"), "33600000");
	/* A column that says its order needs no fix; a cell that was written over counts as it is. */
	g.k.fixes = NULL;
	g.k.reading[im_column_index(IM_OUTLETS, "since")] = IM_READ_FIRST;
	g.k.edit = &edit;
	g.k.n_edits = 1;
	CHECK(&g, "A1", "Shop", "33.6", "-7.5", "", "03/04/2026", "");
	assert_int_equal(g.out.n_issues, 0);
	assert_string_equal(V("since"), "2026-04-03");
	assert_string_equal(V("code"), "A9");
	/* A severity of one's own. */
	g.k.n_edits = 0;
	g.k.severity[IM_R_WORD] = IM_ERROR;
	CHECK(&g, "A1", "Shop", "33.6", "-7.5", "gld", "", "");
	assert_true(g.out.rejected);
	rig_release(&g);
}

/* A whole file with its coordinates swapped looks sound, unless outlets are known. */
static void a_whole_file_swapped(void **state)
{
	static const char *const targets[] = {"code", "name", "lat", "lon"};
	const char *near[4] = {"A", "B", "-7.6", "33.5"};
	const char **sample[12];
	struct rig g;

	(void)state;
	for (int i = 0; i < 12; i++)
		sample[i] = near;
	rig_init(&g, IM_OUTLETS, targets, 4, sample, 12);
	im_checker_known_place(&g.k, 48000000, 2000000); /* Paris says nothing of it */
	CHECK(&g, "A1", "Shop", "-7.5", "33.6");
	assert_int_equal(g.out.n_issues, 0);
	im_checker_known_place(&g.k, 33500000, -7600000);
	CHECK(&g, "A1", "Shop", "-7.5", "33.6");
	assert_int_equal(g.out.issue[0].rule, IM_R_COORD_SWAPPED);
	CHECK(&g, "A1", "Shop", "33.6", "-7.5");
	assert_int_equal(g.out.n_issues, 0);
	rig_release(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers), cmocka_unit_test(frequencies), cmocka_unit_test(coordinates), cmocka_unit_test(periods), cmocka_unit_test(dates_times_days),
		cmocka_unit_test(outlet_rows), cmocka_unit_test(places_far_off), cmocka_unit_test(places_in_their_country), cmocka_unit_test(causes_are_mended), cmocka_unit_test(a_whole_file_swapped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
