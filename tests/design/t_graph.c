/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The graph of neighbours, and the judge of designs, against the plain way. */
#include "tests/base/test.h"
#include "tests/design/town.h"

#include <math.h>

#define N 400

static bool linked(const struct design_graph *g, int32_t a, int32_t b)
{
	for (int32_t at = g->off[a]; at < g->off[a + 1]; at++)
		if (g->to[at] == b)
			return true;
	return false;
}

static double far(const struct town *t, int32_t a, int32_t b)
{
	return hypot(t->xy[a].x - t->xy[b].x, t->xy[a].y - t->xy[b].y);
}

/* How many outlets are nearer to a than b is. */
static int32_t rank_of(const struct town *t, int32_t a, int32_t b)
{
	int32_t nearer = 0;

	for (int32_t i = 0; i < t->p.n; i++)
		nearer += i != a && i != b && (far(t, a, i) < far(t, a, b) || (!(far(t, a, i) > far(t, a, b)) && i < b));
	return nearer;
}

static void neighbours_are_the_eight_nearest_of_either(void **unused)
{
	struct town t;
	int32_t links = 0;

	(void)unused;
	town_init(&t, N, 2, 1);
	for (int32_t a = 0; a < N; a++)
		for (int32_t b = a + 1; b < N; b++) {
			bool near = rank_of(&t, a, b) < 8 || rank_of(&t, b, a) < 8;

			assert_int_equal(linked(&t.g, a, b), linked(&t.g, b, a));
			if (near)
				assert_true(linked(&t.g, a, b));
			links += !near && linked(&t.g, a, b);
		}
	assert_int_equal(links, t.g.links);
	assert_true(links > 0);
	town_release(&t);
}

/* Colours spread from each outlet to its neighbours until nothing changes. */
static int32_t pieces(const struct design_graph *g)
{
	int32_t colour[N], n = 0;
	bool more = true;

	for (int32_t i = 0; i < N; i++)
		colour[i] = i;
	while (more) {
		more = false;
		for (int32_t i = 0; i < N; i++)
			for (int32_t at = g->off[i]; at < g->off[i + 1]; at++)
				if (colour[g->to[at]] < colour[i]) {
					colour[i] = colour[g->to[at]];
					more = true;
				}
	}
	for (int32_t i = 0; i < N; i++)
		n += colour[i] == i;
	return n;
}

static void the_graph_is_one_piece(void **unused)
{
	(void)unused;
	for (uint64_t seed = 1; seed < 8; seed++) {
		struct town t;

		town_init(&t, N, 2, seed);
		assert_int_equal(pieces(&t.g), 1);
		town_release(&t);
	}
}

/* Two outlets between which none lies are neighbours: nobody within the circle over them (Gabriel and Sokal 1969). */
static void outlets_with_nobody_between_are_neighbours(void **unused)
{
	struct town t;
	int32_t pairs = 0;

	(void)unused;
	town_init(&t, N, 2, 4);
	for (int32_t a = 0; a < N; a++)
		for (int32_t b = a + 1; b < N; b++) {
			bool clear = true;

			for (int32_t c = 0; c < N && clear; c++)
				clear = c == a || c == b ||
					hypot(far(&t, a, c), far(&t, b, c)) > far(&t, a, b) + 1;
			if (!clear)
				continue;
			pairs++;
			assert_true(linked(&t.g, a, b));
		}
	assert_true(pairs > N);
	town_release(&t);
}

static void long_ways_along_the_outline_are_no_links(void **unused)
{
	struct geo_xy xy[61];
	struct design_graph g;

	(void)unused;
	for (int32_t i = 0; i <= 60; i++) /* a bow: its ends see each other only over the open side */
		xy[i] = (struct geo_xy){10000 * cos(i * 0.02), 10000 * sin(i * 0.02)};
	assert_int_equal(design_graph_make(xy, 61, &g, NULL), BP_E_OK);
	assert_false(linked(&g, 0, 60));
	assert_false(linked(&g, 10, 50));
	assert_true(linked(&g, 10, 11));
	design_graph_release(&g);
}

/* On a grid everything is a tie, on a line there is no triangle. */
static void grids_and_lines_are_one_piece(void **unused)
{
	struct geo_xy xy[N];
	struct design_graph g;

	(void)unused;
	for (int32_t i = 0; i < N; i++)
		xy[i] = (struct geo_xy){i % 20 / 10 * 5000 + i % 10, i / 20 / 10 * 5000 + i / 20 % 10};
	assert_int_equal(design_graph_make(xy, N, &g, NULL), BP_E_OK);
	assert_int_equal(pieces(&g), 1);
	design_graph_release(&g);
	for (int32_t i = 0; i < N; i++)
		xy[i] = (struct geo_xy){7 * (i / 40 * 1000 + i % 20), 7};
	assert_int_equal(design_graph_make(xy, N, &g, NULL), BP_E_OK);
	assert_int_equal(pieces(&g), 1);
	design_graph_release(&g);
}

static void outlets_on_one_point_are_neighbours(void **unused)
{
	struct geo_xy xy[30] = {{0, 0}};
	struct design_graph g;

	(void)unused;
	assert_int_equal(design_graph_make(xy, 30, &g, NULL), BP_E_OK);
	assert_int_equal(g.off[1] > 0, 1);
	design_graph_release(&g);
}

static void a_point_that_is_no_number_is_named(void **unused)
{
	struct geo_xy xy[3] = {{0, 0}, {1, NAN}, {2, 2}};
	struct design_graph g;
	struct bp_fail f = {0};

	(void)unused;
	assert_int_equal(design_graph_make(xy, 3, &g, &f), BP_E_OPT_INPUT);
	assert_non_null(strstr(f.detail, "outlet 2"));
	assert_int_equal(design_graph_make(xy, 0, &g, NULL), BP_E_OPT_INPUT);
}

static void the_judge_counts_pieces_work_and_moves(void **unused)
{
	/* In a row 0..9, 100 m apart, neighbours are all: two far bazaars make the pieces. */
	struct geo_xy xy[20];
	double work[20];
	int32_t unit[20], present[20], group[20];
	struct design_problem p = {.n = 20, .k = 3, .xy = xy, .work = work, .present = present, .group = group};
	struct design_graph g;
	struct design_result r;

	(void)unused;
	for (int32_t i = 0; i < 20; i++) {
		xy[i] = (struct geo_xy){(i / 10) * 50000 + i % 10, 0};
		work[i] = 10;
		unit[i] = i < 9 ? 0 : 1;
		present[i] = i < 10 ? 0 : DESIGN_NONE;
		group[i] = i < 10 ? 7 : DESIGN_NONE;
	}
	unit[19] = 0; /* at the far end: a second piece of unit 0 */
	assert_int_equal(design_graph_make(xy, 20, &g, NULL), BP_E_OK);
	design_result_init(&r);
	design_check(&p, &g, unit, &r);
	assert_int_equal(r.pieces[0], 2);
	assert_int_equal(r.pieces[1], 1);
	assert_int_equal(r.now.whole, 1);
	assert_int_equal(r.now.empty, 1);
	assert_int_equal(r.now.moved, 1);
	assert_int_equal(r.now.cut, g.off[10] - g.off[9] - 1); /* outlet 9 has one neighbour beyond */
	assert_int_equal(r.outlets[0], 10);
	assert_true(fabs(r.work[0] - 100) < 1e-9);
	assert_true(fabs(r.now.max_deviation - 1) < 1e-9); /* unit 2 has nothing of its 66.7 */
	design_result_release(&r);
	design_graph_release(&g);
}

static void degrees_become_metres(void **unused)
{
	double lon[2] = {77, 78}, lat[2] = {28.5, 28.5};
	struct geo_xy xy[2];

	(void)unused;
	design_project(lon, lat, 2, xy);
	assert_true(fabs(xy[1].x - xy[0].x - 97719) < 10); /* cos 28.5 of 111,195 m */
	assert_true(fabs(xy[1].y - xy[0].y) < 1e-6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(neighbours_are_the_eight_nearest_of_either),
		cmocka_unit_test(the_graph_is_one_piece),
		cmocka_unit_test(outlets_with_nobody_between_are_neighbours),
		cmocka_unit_test(long_ways_along_the_outline_are_no_links),
		cmocka_unit_test(grids_and_lines_are_one_piece),
		cmocka_unit_test(outlets_on_one_point_are_neighbours),
		cmocka_unit_test(a_point_that_is_no_number_is_named),
		cmocka_unit_test(the_judge_counts_pieces_work_and_moves),
		cmocka_unit_test(degrees_become_metres),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
