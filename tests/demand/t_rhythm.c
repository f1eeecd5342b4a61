/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When the next purchase is due, on numbers that were worked out by hand. */
#include "demand/rhythm.h"
#include "tests/base/test.h"

static void the_median_gap_and_its_spread(void **state)
{
	/* Gaps 7, 7, 8, 6, 21: median 7; deviations 0, 0, 1, 1, 14: median 1, and 1.48 is less than two days. */
	const int64_t days[] = {100, 107, 114, 122, 128, 149};
	/* Gaps 10, 20, 30, 40: median 25; deviations 15, 5, 5, 15: median 10. */
	const int64_t wide[] = {0, 10, 30, 60, 100};
	struct dm_rhythm r = dm_rhythm_of(days, 6);

	(void)state;
	assert_int_equal(r.gaps, 5);
	assert_float_equal(r.every, 7, 1e-9);
	assert_float_equal(r.spread, 2, 1e-9);
	r = dm_rhythm_of(wide, 5);
	assert_float_equal(r.every, 25, 1e-9);
	assert_float_equal(r.spread, 14.8, 1e-9);
}

static void only_the_last_eight_gaps_count(void **state)
{
	/* Ten gaps: two of 50 days, then eight of a week. */
	const int64_t days[] = {0, 50, 100, 107, 114, 121, 128, 135, 142, 149, 156};
	struct dm_rhythm r = dm_rhythm_of(days, 11);

	(void)state;
	assert_int_equal(r.gaps, 8);
	assert_float_equal(r.every, 7, 1e-9);
	r = dm_rhythm_of(days, 1);
	assert_int_equal(r.gaps, 0);
	r = dm_rhythm_of(days, 0);
	assert_int_equal(r.gaps, 0);
}

static void the_score_is_the_chance_that_it_is_due(void **state)
{
	(void)state;
	assert_float_equal(dm_score(50, 4, 50), 50, 1e-9);
	assert_float_equal(dm_score(50, 4, 54), 84.134474607, 1e-6);
	assert_float_equal(dm_score(50, 4, 42), 2.275013195, 1e-6);
	assert_float_equal(dm_score(50, 2, 100), 100, 1e-9);
}

static void a_score_tells_its_day(void **state)
{
	(void)state;
	assert_float_equal(dm_due_of_score(50, 7, 100), 100, 1e-6);
	assert_float_equal(dm_due_of_score(84.134474607, 4, 54), 50, 1e-6);
	for (int s = 1; s <= 99; s++)
		assert_float_equal(dm_score(dm_due_of_score(s, 7, 30), 7, 30), s, 1e-6);
	/* Nothing is certain: 0 and 100 are taken as 1 and 99. */
	assert_float_equal(dm_due_of_score(0, 7, 30), dm_due_of_score(1, 7, 30), 1e-9);
	assert_float_equal(dm_due_of_score(100, 7, 30), dm_due_of_score(99, 7, 30), 1e-9);
}

static void the_day_it_is_due_is_nearest(void **state)
{
	(void)state;
	assert_float_equal(dm_nearness(20, 0, 2, 0, 20), 1, 1e-9);
	assert_float_equal(dm_nearness(20, 0, 2, 0, 22), 0.317310508, 1e-6);
	assert_float_equal(dm_nearness(20, 0, 2, 0, 18), 0.317310508, 1e-6);
	assert_float_equal(dm_nearness(20, 0, 2, 0, 5), 0, 1e-6);
	/* Overdue: the first day is the nearest, and it falls from there. */
	assert_float_equal(dm_nearness(3, 0, 2, 10, 10), 1, 1e-9);
	assert_true(dm_nearness(3, 0, 2, 10, 11) > dm_nearness(3, 0, 2, 10, 12));
	/* It comes again, less surely: between two of them it is far from both. */
	assert_float_equal(dm_nearness(5, 14, 2, 0, 19), 1, 1e-9);
	assert_true(dm_nearness(5, 14, 2, 0, 12) < 0.05);
	assert_true(dm_nearness(5, 14, 2, 0, 21) > dm_nearness(5, 14, 2, 0, 7));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_median_gap_and_its_spread), cmocka_unit_test(only_the_last_eight_gaps_count),
		cmocka_unit_test(the_score_is_the_chance_that_it_is_due), cmocka_unit_test(a_score_tells_its_day),
		cmocka_unit_test(the_day_it_is_due_is_nearest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
