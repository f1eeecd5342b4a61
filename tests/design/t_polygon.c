/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Areas with holes: what lies in them, and whether their sides cross. */
#include "tests/base/test.h"

#include "geo/polygon.h"

#define AREA(corners, ...) {.corner = corners, .ring = (const int32_t[]){__VA_ARGS__}, .n_rings = (int32_t)(sizeof((int32_t[]){__VA_ARGS__}) / sizeof(int32_t)) - 1}

static void a_hole_is_not_in_it(void **unused)
{
	static const struct geo_place c[] = {{0, 0}, {100, 0}, {100, 100}, {0, 100}, {40, 40}, {40, 60}, {60, 60}, {60, 40}};
	struct geo_area a = AREA(c, 0, 4, 8);

	(void)unused;
	geo_area_span(&a);
	assert_true(geo_area_holds(&a, (struct geo_place){10, 50}));
	assert_false(geo_area_holds(&a, (struct geo_place){50, 50}));
	assert_false(geo_area_holds(&a, (struct geo_place){150, 50}));
	assert_false(geo_area_holds(&a, (struct geo_place){-1, 50}));
	assert_int_equal(a.high.x, 100);
}

static void a_place_on_a_border_lies_in_one_of_two(void **unused)
{
	static const struct geo_place left[] = {{0, 0}, {70, 10}, {60, 90}, {0, 100}}, right[] = {{70, 10}, {200, 0}, {200, 100}, {60, 90}};
	struct geo_area a = AREA(left, 0, 4), b = AREA(right, 0, 4);

	(void)unused;
	geo_area_span(&a);
	geo_area_span(&b);
	for (int64_t x = 55; x < 75; x++)
		for (int64_t y = 20; y < 90; y++)
			assert_int_equal(geo_area_holds(&a, (struct geo_place){x, y}) + geo_area_holds(&b, (struct geo_place){x, y}), 1);
}

static void sides_that_cross_are_found(void **unused)
{
	static const struct geo_place bow[] = {{0, 0}, {100, 100}, {100, 0}, {0, 100}};
	static const struct geo_place hole_out[] = {{0, 0}, {100, 0}, {100, 100}, {0, 100}, {40, 40}, {140, 50}, {60, 60}};
	static const struct geo_place touching[] = {{0, 0}, {50, 0}, {50, 50}, {100, 50}, {100, 100}, {50, 50}, {0, 100}};
	static const struct geo_place steep[] = {{0, 0}, {10, 0}, {10, 100}, {0, 100}, {5, -20}, {6, 50}, {4, 50}};
	struct geo_area a = AREA(bow, 0, 4), b = AREA(hole_out, 0, 4, 7), c = AREA(touching, 0, 7), d = AREA(steep, 0, 4, 7);
	struct geo_place at = {-1, -1};

	(void)unused;
	assert_int_equal(geo_area_crosses(&a, 1000, &at), GEO_CROSSES);
	assert_true(at.x >= 0);
	assert_int_equal(geo_area_crosses(&b, 1000, &at), GEO_CROSSES);
	assert_int_equal(geo_area_crosses(&c, 1000, &at), GEO_NOWHERE);
	assert_int_equal(geo_area_crosses(&d, 1000, &at), GEO_CROSSES);
	assert_int_equal(geo_area_crosses(&c, 2, &at), GEO_TOO_MUCH);
}

/* Neighbours whose border differs a little do not overlap; a corner, a cross and the same area do. */
static void areas_that_share_too_much_are_found(void **unused)
{
	static const struct geo_place left[] = {{0, 0}, {1000, 0}, {1000, 1000}, {0, 1000}}, right[] = {{990, 0}, {2000, 0}, {2000, 1000}, {995, 1000}};
	static const struct geo_place corner[] = {{900, 900}, {2000, 900}, {2000, 2000}, {900, 2000}}, bar[] = {{-500, 400}, {1500, 400}, {1500, 500}, {-500, 500}};
	static const struct geo_place inside[] = {{100, 100}, {200, 100}, {200, 200}, {100, 200}}, ring[] = {{-500, -500}, {1500, -500}, {1500, 1500}, {-500, 1500}, {0, 0}, {1000, 0}, {1000, 1000}, {0, 1000}};
	struct geo_area a = AREA(left, 0, 4), others[] = {AREA(right, 0, 4), AREA(ring, 0, 4, 8), AREA(corner, 0, 4), AREA(bar, 0, 4), AREA(left, 0, 4), AREA(inside, 0, 4)};
	struct geo_place at;

	(void)unused;
	geo_area_span(&a);
	for (size_t i = 0; i < 6; i++) {
		int64_t budget = 1000000, none = 10;

		geo_area_span(&others[i]);
		assert_int_equal(geo_areas_overlap(&a, &others[i], 20, &budget, &at), i < 2 ? GEO_NOWHERE : GEO_CROSSES);
		if (i >= 2)
			assert_true(geo_area_holds(&a, at) && geo_area_holds(&others[i], at));
		assert_int_equal(geo_areas_overlap(&others[i], &a, 20, &budget, &at), i < 2 ? GEO_NOWHERE : GEO_CROSSES);
		if (i == 1)
			assert_int_equal(geo_areas_overlap(&a, &others[i], 20, &none, &at), GEO_TOO_MUCH);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_hole_is_not_in_it),
		cmocka_unit_test(a_place_on_a_border_lies_in_one_of_two),
		cmocka_unit_test(sides_that_cross_are_found),
		cmocka_unit_test(areas_that_share_too_much_are_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
