/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "geo/kdtree.h"

#define N 700

static uint64_t state = 42;

static double draw(void)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (double)(state >> 40) / 16777216.0;
}

/* The plain way: all distances, sorted by distance and index. */
static void nearest_is_what_brute_force_finds(void **unused)
{
	struct geo_xy xy[N];
	struct geo_kdtree t;

	(void)unused;
	for (int i = 0; i < N; i++) {
		xy[i] = (struct geo_xy){draw(), draw()};
		if (i % 7 == 0 && i) /* many on one point */
			xy[i] = xy[0];
	}
	geo_kdtree_init(&t, xy, NULL, N);
	for (int q = 0; q < N; q += 11) {
		int32_t got[20], taken[N] = {0};
		double d2[20];

		assert_int_equal(geo_kdtree_nearest(&t, xy[q], q, 20, got, d2), 20);
		for (int k = 0; k < 20; k++) {
			int best = -1;
			double least = 1e9;

			for (int i = 0; i < N; i++) {
				double dx = xy[i].x - xy[q].x, dy = xy[i].y - xy[q].y;

				if (i != q && !taken[i] && dx * dx + dy * dy < least) {
					least = dx * dx + dy * dy;
					best = i;
				}
			}
			taken[best] = 1;
			assert_int_equal(got[k], best);
		}
	}
	geo_kdtree_release(&t);
}

static void few_points_give_few_neighbours(void **unused)
{
	struct geo_xy xy[2] = {{0, 0}, {1, 1}};
	struct geo_kdtree t;
	int32_t got[5];

	(void)unused;
	geo_kdtree_init(&t, xy, NULL, 2);
	assert_int_equal(geo_kdtree_nearest(&t, xy[0], 0, 5, got, NULL), 1);
	assert_int_equal(got[0], 1);
	assert_int_equal(geo_kdtree_nearest(&t, xy[0], -1, 0, got, NULL), 0);
	geo_kdtree_release(&t);
	geo_kdtree_init(&t, xy, NULL, 0);
	assert_int_equal(geo_kdtree_nearest(&t, xy[0], -1, 5, got, NULL), 0);
	geo_kdtree_release(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nearest_is_what_brute_force_finds),
		cmocka_unit_test(few_points_give_few_neighbours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
