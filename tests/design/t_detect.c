/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The hierarchy in the columns of a table. */
#include "tests/base/test.h"

#include "design/detect.h"

enum { CODE, CITY, REGION, REGION_NAME, ZONE, TIER, SALES, COLUMNS };
static const char *const names[COLUMNS] = {"code", "city", "region", "region name", "zone", "tier", "sales"};

static uint64_t state;

static int draw(int below)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (int)((state >> 33) % (uint64_t)below);
}

/* Outlets in 40 cities of 8 regions of 3 zones. `break_row` may change the cells of a row. */
static void fill(struct detect_table *t, struct bp_arena *a, int rows, void (*break_row)(struct bp_arena *, int, const char **))
{
	state = 1;
	bp_arena_init(a, 256 << 20);
	detect_table_init(t, a, names, COLUMNS);
	for (int i = 0; i < rows; i++) {
		int city = draw(40), region = city % 8;
		const char *cell[COLUMNS] = {bp_sprintf(a, "o%d", i), bp_sprintf(a, "city %d", city), bp_sprintf(a, "R%d", region),
			bp_sprintf(a, "Region %d", region), bp_sprintf(a, "Z%d", region % 3), bp_sprintf(a, "%d", draw(3)),
			bp_sprintf(a, "%d", draw(900))};

		if (break_row)
			break_row(a, i, cell);
		assert_int_equal(detect_table_add(t, cell, NULL), BP_E_OK);
	}
}

static void levels_come_from_what_determines_what(void **unused)
{
	struct detect_table t;
	struct detect_result r;
	struct bp_arena a;

	(void)unused;
	fill(&t, &a, 2000, NULL);
	assert_int_equal(detect_hierarchy(&t, &r, NULL, NULL), BP_E_OK);
	assert_int_equal(r.n_levels, 3);
	assert_int_equal(r.levels[0].column, ZONE);
	assert_int_equal(r.levels[1].column, REGION);
	assert_int_equal(r.levels[1].n_same, 1);
	assert_int_equal(r.levels[1].same[0], REGION_NAME);
	assert_int_equal(r.levels[2].column, CITY);
	assert_int_equal(r.levels[2].values, 40);
	assert_int_equal(r.n_others, 0);
	assert_int_equal(r.n_exceptions, 0);
	detect_table_release(&t);
	bp_arena_release(&a);
}

/* City 5 lies in R5; in every sixth of its rows it stands under R2, region, name and zone alike. */
static void city_in_two_regions(struct bp_arena *a, int i, const char **cell)
{
	(void)a;
	if (strcmp(cell[CITY], "city 5") || i % 3)
		return;
	cell[REGION] = "R2";
	cell[REGION_NAME] = "Region 2";
	cell[ZONE] = "Z2";
}

static void a_city_under_two_regions_is_told_with_its_rows(void **unused)
{
	struct detect_table t;
	struct detect_result r;
	struct bp_arena a;
	int there = 0, rows = 0;

	(void)unused;
	fill(&t, &a, 2000, city_in_two_regions);
	assert_int_equal(detect_hierarchy(&t, &r, NULL, NULL), BP_E_OK);
	for (int i = 0; i < t.n_rows; i++)
		if (!strcmp(detect_text(&t, CITY, t.cell[CITY][i]), "city 5")) {
			rows++;
			there += !strcmp(detect_text(&t, REGION, t.cell[REGION][i]), "R2");
		}
	assert_true(there > 5);
	assert_int_equal(r.n_levels, 3);
	assert_int_equal(r.n_exceptions, 1);
	assert_string_equal(detect_text(&t, CITY, r.exceptions[0].value), "city 5");
	assert_string_equal(detect_text(&t, REGION, r.exceptions[0].usual), "R5");
	assert_string_equal(detect_text(&t, REGION, r.exceptions[0].other), "R2");
	assert_int_equal(r.exceptions[0].other_rows, there);
	assert_int_equal(r.exceptions[0].usual_rows, rows - there);
	/* A third of its rows: that is no slip of the pen. */
	assert_false(r.exceptions[0].error);
	assert_int_equal(r.n_wrong_rows, 0);
	detect_table_release(&t);
	bp_arena_release(&a);
}

/* Beside the cities each tier is of one of two classes. */
static void classes_of_tiers(struct bp_arena *a, int i, const char **cell)
{
	(void)a;
	(void)i;
	cell[SALES] = *cell[TIER] == '0' ? "class A" : "class B";
}

static void columns_beside_the_hierarchy_hold_others(void **unused)
{
	struct detect_table t;
	struct detect_result r;
	struct bp_arena a;

	(void)unused;
	fill(&t, &a, 2000, classes_of_tiers);
	assert_int_equal(detect_hierarchy(&t, &r, NULL, NULL), BP_E_OK);
	assert_int_equal(r.n_levels, 3);
	assert_int_equal(r.n_others, 1);
	assert_int_equal(r.others[0].n, 2);
	assert_int_equal(r.others[0].levels[0].column, SALES);
	assert_int_equal(r.others[0].levels[1].column, TIER);
	assert_int_equal(r.others[0].levels[1].values, 3);
	assert_int_equal(r.n_exceptions, 0);
	detect_table_release(&t);
	bp_arena_release(&a);
}

/* Branches lie above towns, as the regions do, and neither of these above the other. */
static void branches_of_cities(struct bp_arena *a, int i, const char **cell)
{
	(void)i;
	cell[SALES] = bp_sprintf(a, "branch %d", (int)(strtol(cell[CITY] + 5, NULL, 10) % 5));
}

static void a_column_that_lies_above_a_level_shares_it(void **unused)
{
	struct detect_table t;
	struct detect_result r;
	struct bp_arena a;

	(void)unused;
	fill(&t, &a, 2000, branches_of_cities);
	assert_int_equal(detect_hierarchy(&t, &r, NULL, NULL), BP_E_OK);
	assert_int_equal(r.n_levels, 3);
	assert_int_equal(r.levels[2].column, CITY);
	assert_int_equal(r.n_others, 1);
	assert_int_equal(r.others[0].n, 2);
	assert_int_equal(r.others[0].levels[0].column, SALES);
	assert_int_equal(r.others[0].levels[0].values, 5);
	assert_int_equal(r.others[0].levels[1].column, CITY);
	assert_true(r.others[0].levels[1].confidence > 0.99);
	detect_table_release(&t);
	bp_arena_release(&a);
}

static void other_levels_have_contradictions_of_their_own(void **unused)
{
	static const int32_t by_zone[] = {ZONE, CITY}, by_name[] = {REGION_NAME, CITY}, turned[] = {CITY, ZONE};
	struct detect_table t;
	struct detect_result r;
	struct bp_arena a;

	(void)unused;
	fill(&t, &a, 2000, city_in_two_regions);
	assert_int_equal(detect_hierarchy(&t, &r, NULL, NULL), BP_E_OK);
	assert_int_equal(r.n_exceptions, 1);
	detect_contradictions(&t, &r, by_name, 2);
	assert_int_equal(r.n_exceptions, 1);
	assert_string_equal(detect_text(&t, REGION_NAME, r.exceptions[0].other), "Region 2");
	assert_int_equal(r.exceptions[0].above, REGION_NAME);
	detect_contradictions(&t, &r, by_zone, 2);
	assert_int_equal(r.n_exceptions, 0); /* both regions lie in one zone */
	detect_contradictions(&t, &r, turned, 2); /* a zone is in no one city: that is no contradiction, it does not lie below */
	assert_int_equal(r.n_exceptions, 0);
	detect_contradictions(&t, &r, by_name, 2);
	assert_int_equal(r.n_exceptions, 1);
	assert_int_equal(r.n_levels, 3);
	detect_table_release(&t);
	bp_arena_release(&a);
}

static bool broken[4000];

/* In 2 % of the rows one of the levels is any. */
static void any_level(struct bp_arena *a, int i, const char **cell)
{
	static const struct {
		int column, values;
	} level[] = {{CITY, 40}, {REGION, 8}, {ZONE, 3}};
	int l = draw(3);
	char was[64];

	broken[i] = draw(50) == 0;
	if (!broken[i])
		return;
	snprintf(was, sizeof(was), "%s", cell[level[l].column]);
	while (!strcmp(was, cell[level[l].column])) {
		char any[64];

		snprintf(any, sizeof(any), l == 0 ? "city %d" : l == 1 ? "R%d" : "Z%d", draw(level[l].values));
		cell[level[l].column] = bp_strdup(a, any);
	}
}

static void rows_with_a_wrong_cell_are_listed_and_no_others(void **unused)
{
	struct detect_table t;
	struct detect_result r;
	struct bp_arena a;
	int all = 0, hits = 0;

	(void)unused;
	fill(&t, &a, 4000, any_level);
	assert_int_equal(detect_hierarchy(&t, &r, NULL, NULL), BP_E_OK);
	assert_int_equal(r.n_levels, 3);
	for (int i = 0; i < 4000; i++)
		all += broken[i];
	for (int i = 0; i < r.n_wrong_rows; i++)
		hits += broken[r.wrong_rows[i]];
	assert_int_equal(hits, r.n_wrong_rows);
	/* Unseen are those whose wrong city lies in the same region. */
	assert_true(hits > all * 8 / 10);
	detect_table_release(&t);
	bp_arena_release(&a);
}

static void chance(struct bp_arena *a, int i, const char **cell)
{
	(void)i;
	for (int c = CITY; c <= ZONE; c++)
		cell[c] = bp_sprintf(a, "%d", draw(5 + 10 * c));
}

static void nothing_is_found_where_nothing_is(void **unused)
{
	struct detect_table t;
	struct detect_result r;
	struct bp_arena a;

	(void)unused;
	fill(&t, &a, 2000, chance);
	assert_int_equal(detect_hierarchy(&t, &r, NULL, NULL), BP_E_OK);
	assert_int_equal(r.n_levels, 0);
	assert_int_equal(r.n_exceptions, 0);
	detect_table_release(&t);
	bp_arena_release(&a);
	fill(&t, &a, 0, NULL);
	assert_int_equal(detect_hierarchy(&t, &r, NULL, NULL), BP_E_OK);
	assert_int_equal(r.n_levels, 0);
	detect_table_release(&t);
	bp_arena_release(&a);
}

static void half_empty(struct bp_arena *a, int i, const char **cell)
{
	(void)a;
	if (i % 2)
		cell[ZONE] = i % 4 == 1 ? "" : NULL;
}

static void empty_cells_speak_neither_for_nor_against(void **unused)
{
	struct detect_table t;
	struct detect_result r;
	struct bp_arena a;

	(void)unused;
	fill(&t, &a, 2000, half_empty);
	assert_int_equal(detect_hierarchy(&t, &r, NULL, NULL), BP_E_OK);
	assert_int_equal(r.n_levels, 3);
	assert_int_equal(r.levels[0].column, ZONE);
	assert_int_equal(r.n_exceptions, 0);
	detect_table_release(&t);
	bp_arena_release(&a);
}

/* One value nearly everywhere, another only in one region: a fact, but no level. */
static void nearly_constant(struct bp_arena *a, int i, const char **cell)
{
	(void)a;
	(void)i;
	cell[TIER] = strcmp(cell[CITY], "city 5") ? "0" : "1";
}

static void a_column_that_cuts_nothing_is_no_level(void **unused)
{
	struct detect_table t;
	struct detect_result r;
	struct bp_arena a;

	(void)unused;
	fill(&t, &a, 2000, nearly_constant);
	assert_int_equal(detect_hierarchy(&t, &r, NULL, NULL), BP_E_OK);
	assert_int_equal(r.n_levels, 3);
	assert_int_equal(r.levels[0].column, ZONE);
	detect_table_release(&t);
	bp_arena_release(&a);
}

/* Circles are columns that determine each other: one level. */
static void in_a_circle(struct bp_arena *a, int i, const char **cell)
{
	int n = draw(12);

	(void)i;
	cell[CITY] = bp_sprintf(a, "a%d", n);
	cell[REGION] = bp_sprintf(a, "b%d", n);
	cell[REGION_NAME] = bp_sprintf(a, "c%d", n);
	cell[ZONE] = bp_sprintf(a, "d%d", n);
}

static void a_circle_is_no_hierarchy(void **unused)
{
	struct detect_table t;
	struct detect_result r;
	struct bp_arena a;

	(void)unused;
	fill(&t, &a, 2000, in_a_circle);
	assert_int_equal(detect_hierarchy(&t, &r, NULL, NULL), BP_E_OK);
	assert_int_equal(r.n_levels, 0);
	assert_int_equal(r.n_all, 12);
	detect_table_release(&t);
	bp_arena_release(&a);
}

/* Keys, and texts of which most rows have one of their own, cost no memory in a large table; the levels stay. */
static void keys_of_a_large_table_are_let_go(void **unused)
{
	struct detect_table t;
	struct detect_result r;
	struct bp_arena a;

	(void)unused;
	fill(&t, &a, 120000, NULL);
	assert_null(t.cell[CODE]);
	assert_int_equal(detect_values(&t, CODE), 0);
	assert_int_equal(detect_values(&t, CITY), 40);
	assert_int_equal(detect_hierarchy(&t, &r, NULL, NULL), BP_E_OK);
	assert_int_equal(r.n_levels, 3);
	assert_int_equal(r.levels[2].column, CITY);
	detect_table_release(&t);
	bp_arena_release(&a);
}

static enum bp_error stopped(void *ctx, double part)
{
	int *calls = ctx;

	assert_true(part >= 0 && part < 1);
	return ++*calls == 3 ? BP_E_CANCELLED : BP_E_OK;
}

static void whoever_is_told_can_end_it(void **unused)
{
	struct detect_table t;
	struct detect_result r;
	struct bp_arena a;
	int calls = 0;

	(void)unused;
	fill(&t, &a, 500, NULL);
	assert_int_equal(detect_hierarchy(&t, &r, stopped, &calls), BP_E_CANCELLED);
	assert_int_equal(calls, 3);
	assert_int_equal(r.n_levels, 0);
	detect_table_release(&t);
	bp_arena_release(&a);
}

/* What one wrong row breaks is told with it. */
static void a_wrong_row_names_what_it_breaks(void **unused)
{
	struct detect_table t;
	struct detect_result r;
	struct bp_arena a;

	(void)unused;
	fill(&t, &a, 4000, any_level);
	assert_int_equal(detect_hierarchy(&t, &r, NULL, NULL), BP_E_OK);
	assert_true(r.n_wrong_rows > 0);
	for (int i = 0; i < r.n_wrong_rows; i++) {
		const struct detect_exception *x = &r.exceptions[r.wrong_why[i]];

		assert_true(x->error);
		assert_int_equal(t.cell[x->column][r.wrong_rows[i]], x->value);
		assert_int_equal(t.cell[x->above][r.wrong_rows[i]], x->other);
	}
	detect_table_release(&t);
	bp_arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(levels_come_from_what_determines_what),
		cmocka_unit_test(a_city_under_two_regions_is_told_with_its_rows),
		cmocka_unit_test(columns_beside_the_hierarchy_hold_others),
		cmocka_unit_test(a_column_that_lies_above_a_level_shares_it),
		cmocka_unit_test(other_levels_have_contradictions_of_their_own),
		cmocka_unit_test(rows_with_a_wrong_cell_are_listed_and_no_others),
		cmocka_unit_test(nothing_is_found_where_nothing_is),
		cmocka_unit_test(empty_cells_speak_neither_for_nor_against),
		cmocka_unit_test(a_column_that_cuts_nothing_is_no_level),
		cmocka_unit_test(a_circle_is_no_hierarchy),
		cmocka_unit_test(keys_of_a_large_table_are_let_go),
		cmocka_unit_test(whoever_is_told_can_end_it),
		cmocka_unit_test(a_wrong_row_names_what_it_breaks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
