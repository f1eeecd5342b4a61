/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The legs of tests/data/legs.csv, which the screens' own formula is held against as well (tests/js/travel.test.mjs). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "route/travel.h"

/* The default travel model of PLANNING: two-wheeler and car, in town and outside. */
static struct rt_profile profiles[2] = {
	{.mps_urban = 5000, .mps_rural = 8333, .road_urban = 1300, .road_rural = 1400, .lost = 90, .walk_max = 300, .walk_mps = 1111,
		.walk_road = 1300, .walk_lost = 30},
	{.mps_urban = 4444, .mps_rural = 10556, .road_urban = 1300, .road_rural = 1400, .lost = 180, .walk_max = 300, .walk_mps = 1111,
		.walk_road = 1300, .walk_lost = 30},
};

static void legs_take_what_the_table_says(void **unused)
{
	struct rt_place places[2];
	struct rt_problem p = {.metric = RT_GEO, .places = places, .n_places = 2, .profiles = profiles, .n_profiles = 2};
	const char *top = getenv("srcdir");
	char path[4096], line[200];
	int legs = 0;
	FILE *f;

	(void)unused;
	snprintf(path, sizeof(path), "%s/tests/data/legs.csv", top ? top : ".");
	f = fopen(path, "r");
	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		int y, x, area, y2, x2, area2, stop, seconds, metres, car = !strncmp(line, "car,", 4);

		if (*line == '#')
			continue;
		assert_int_equal(sscanf(strchr(line, ','), ",%d,%d,%d,%d,%d,%d,%d,%d,%d", &y, &x, &area, &y2, &x2, &area2, &stop, &seconds, &metres), 9);
		places[0] = (struct rt_place){.x = x, .y = y, .area = (uint8_t)area};
		places[1] = (struct rt_place){.x = x2, .y = y2, .area = (uint8_t)area2};
		assert_int_equal(rt_leg(&p, car, 0, 1, stop), seconds);
		assert_int_equal(rt_leg_metres(&p, car, 0, 1), metres);
		legs++;
	}
	fclose(f);
	assert_true(legs > 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(legs_take_what_the_table_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
