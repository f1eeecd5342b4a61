/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Outlines of units: they hold their own, never overlap, and stay so when they are made simpler. */
#include "tests/base/test.h"
#include "tests/design/town.h"

#include <math.h>

#include "geo/outline.h"

#define N 600
#define K 7

static double cross(struct geo_xy a, struct geo_xy b, struct geo_xy c)
{
	return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

static double ring_area(const struct geo_outlines *o, const struct geo_ring *r)
{
	double twice = 0;

	for (int32_t i = r->from, j = r->to - 1; i < r->to; j = i++)
		twice += o->xy[j].x * o->xy[i].y - o->xy[i].x * o->xy[j].y;
	return twice / 2;
}

static double area(const struct geo_outlines *o, int32_t unit)
{
	double sum = 0;

	for (int32_t i = 0; i < o->n_rings; i++)
		if (o->ring[i].unit == unit)
			sum += ring_area(o, &o->ring[i]);
	return sum;
}

/* Strictly within a unit, holes taken off: by how much, in metres; negative outside. */
static double depth(const struct geo_outlines *o, int32_t unit, struct geo_xy p)
{
	double near = INFINITY;
	bool in = false;

	for (int32_t k = 0; k < o->n_rings; k++) {
		const struct geo_ring *r = &o->ring[k];

		for (int32_t i = r->from, j = r->to - 1; i < r->to && r->unit == unit; j = i++) {
			struct geo_xy a = o->xy[i], b = o->xy[j];
			double l2 = (b.x - a.x) * (b.x - a.x) + (b.y - a.y) * (b.y - a.y);
			double t = l2 > 0 ? fmax(0, fmin(1, ((p.x - a.x) * (b.x - a.x) + (p.y - a.y) * (b.y - a.y)) / l2)) : 0;

			near = fmin(near, hypot(a.x + t * (b.x - a.x) - p.x, a.y + t * (b.y - a.y) - p.y));
			if ((a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x)
				in = !in;
		}
	}
	return in ? near : -near;
}

static bool properly_cross(struct geo_xy a, struct geo_xy b, struct geo_xy c, struct geo_xy d)
{
	double e = 1e-6;
	double p = cross(a, b, c), q = cross(a, b, d), r = cross(c, d, a), s = cross(c, d, b);

	return ((p > e && q < -e) || (p < -e && q > e)) && ((r > e && s < -e) || (r < -e && s > e));
}

static int32_t crossings(const struct geo_outlines *o)
{
	int32_t n = 0;

	for (int32_t k = 0; k < o->n_rings; k++)
		for (int32_t l = k; l < o->n_rings; l++)
			for (int32_t i = o->ring[k].from, j = o->ring[k].to - 1; i < o->ring[k].to; j = i++)
				for (int32_t g = o->ring[l].from, h = o->ring[l].to - 1; g < o->ring[l].to; h = g++)
					n += properly_cross(o->xy[i], o->xy[j], o->xy[g], o->xy[h]);
	return n;
}

static void rings_are_sound(const struct geo_outlines *o)
{
	for (int32_t i = 0; i < o->n_rings; i++) {
		const struct geo_ring *r = &o->ring[i];

		assert_true(r->to - r->from >= 3);
		assert_true(r->outer < 0 ? ring_area(o, r) > 0 : ring_area(o, r) < 0);
		if (r->outer >= 0) {
			assert_true(r->outer < i);
			assert_int_equal(o->ring[r->outer].unit, r->unit);
			assert_true(o->ring[r->outer].outer < 0);
		}
		if (i)
			assert_true(o->ring[i - 1].unit <= r->unit);
	}
}

/* Units by the nearest of K places, with some outlets that lie in the midst of others. */
static void deal(const struct town *t, uint64_t seed, int32_t *unit)
{
	for (int32_t i = 0; i < t->p.n; i++) {
		double least = INFINITY;

		for (int32_t k = 0; k < K; k++) {
			double d = hypot(t->xy[i].x - t->xy[(uint64_t)k * 83 % N].x, t->xy[i].y - t->xy[(uint64_t)k * 83 % N].y);

			if (d < least) {
				least = d;
				unit[i] = k;
			}
		}
		if ((uint64_t)i * (seed + 7) % 41 == 0)
			unit[i] = (int32_t)((uint64_t)i % K);
	}
}

static void outlines_hold_their_own_and_nobody_else(void **unused)
{
	int32_t unit[N];

	(void)unused;
	for (uint64_t seed = 1; seed < 6; seed++) {
		struct geo_outlines o;
		struct town t;

		town_init(&t, N, 2, seed);
		deal(&t, seed, unit);
		geo_outline(t.xy, unit, N, 0, &o);
		rings_are_sound(&o);
		for (int32_t i = 0; i < N; i++)
			for (int32_t k = 0; k < K; k++)
				if (k == unit[i])
					assert_true(depth(&o, k, t.xy[i]) > -0.2);
				else
					assert_true(depth(&o, k, t.xy[i]) < 0.2);
		assert_int_equal(crossings(&o), 0);
		geo_outlines_release(&o);
		town_release(&t);
	}
}

static void simpler_ones_do_not_overlap_either(void **unused)
{
	int32_t unit[N];

	(void)unused;
	for (uint64_t seed = 1; seed < 6; seed++) {
		struct geo_outlines fine, o;
		struct town t;
		double all = 0, left = 0;

		town_init(&t, N, 2, seed);
		deal(&t, seed, unit);
		geo_outline(t.xy, unit, N, 0, &fine);
		for (double tolerance = 100; tolerance < 100000; tolerance *= 6) {
			geo_outline(t.xy, unit, N, tolerance, &o);
			rings_are_sound(&o);
			assert_true(o.n_xy < fine.n_xy);
			assert_int_equal(o.n_rings, fine.n_rings);
			assert_int_equal(crossings(&o), 0);
			geo_outlines_release(&o);
		}
		geo_outline(t.xy, unit, N, 100, &o);
		for (int32_t k = 0; k < K; k++) {
			all += area(&fine, k);
			left += area(&o, k);
		}
		assert_true(fabs(left / all - 1) < 0.05);
		geo_outlines_release(&o);
		geo_outlines_release(&fine);
		town_release(&t);
	}
}

/* A chessboard of points a kilometre apart, from (x, y). */
static int32_t board(struct geo_xy *xy, int32_t w, int32_t h, double x, double y)
{
	for (int32_t i = 0; i < w * h; i++)
		xy[i] = (struct geo_xy){x + 1000 * (i % w), y + 1000 * (double)(i / w)};
	return w * h;
}

static void a_unit_within_another_is_a_hole_of_it(void **unused)
{
	struct geo_xy xy[49];
	int32_t unit[49];
	struct geo_outlines o;

	(void)unused;
	board(xy, 7, 7, 0, 0);
	for (int32_t i = 0; i < 49; i++)
		unit[i] = i % 7 >= 2 && i % 7 < 5 && i / 7 >= 2 && i / 7 < 5;
	geo_outline(xy, unit, 49, 0, &o);
	assert_int_equal(o.n_rings, 3);
	assert_int_equal(o.ring[1].outer, 0);
	assert_int_equal(o.ring[2].outer, -1);
	assert_float_equal(area(&o, 0) + area(&o, 1), 36e6, 1);
	assert_float_equal(area(&o, 1), 9e6, 1e6);
	assert_int_equal(o.n_borders, 1);
	assert_float_equal(o.border[0].metres, 12000, 1300);
	geo_outlines_release(&o);
}

static void far_parts_are_outlines_of_their_own(void **unused)
{
	struct geo_xy xy[51];
	int32_t unit[51] = {0};
	struct geo_outlines o;

	(void)unused;
	board(xy, 5, 5, 0, 0);
	board(xy + 25, 5, 5, 90000, 0);
	xy[50] = (struct geo_xy){0, 90000};
	geo_outline(xy, unit, 51, 0, &o);
	assert_int_equal(o.n_rings, 3);
	assert_int_equal(o.n_borders, 0);
	assert_float_equal(area(&o, 0), 32e6, 1e6);
	assert_true(depth(&o, 0, xy[50]) > 10);
	geo_outlines_release(&o);
}

static void a_bay_stays_outside(void **unused)
{
	struct geo_xy xy[200];
	int32_t unit[200] = {0}, n = 0;
	struct geo_outlines o;

	(void)unused;
	for (int32_t i = 0; i < 200; i++) /* a horseshoe */
		if (i % 20 < 5 || i % 20 > 14 || i / 20 < 3) {
			unit[n] = i / 20 < 3 ? 2 : i % 20 > 9;
			xy[n++] = (struct geo_xy){1000 * (i % 20), 1000 * (double)(i / 20)};
		}
	geo_outline(xy, unit, n, 0, &o);
	assert_int_equal(o.n_rings, 3);
	assert_true(depth(&o, 0, (struct geo_xy){9500, 8000}) < 0);
	assert_true(depth(&o, 1, (struct geo_xy){9500, 8000}) < 0);
	/* Two look at each other across it. */
	assert_int_equal(o.n_borders, 3);
	assert_float_equal(o.border[0].metres, 0, 0);
	assert_true(o.border[1].metres > 1000 && o.border[2].metres > 1000);
	geo_outlines_release(&o);
}

static void few_points_have_rings_too(void **unused)
{
	static const struct geo_xy line[] = {{0, 0}, {1000, 0}, {3000, 0}, {3000, 0}, {6000, 0}, {3000, 0}};
	static const int32_t unit[] = {0, 0, 1, 2, 2, 0};
	struct geo_outlines o;

	(void)unused;
	for (int32_t n = 1; n <= 6; n++) {
		geo_outline(line, unit, n, 10, &o);
		rings_are_sound(&o);
		assert_int_equal(o.n_rings, n > 5 ? 4 : n > 3 ? n - 1 : n);
		assert_int_equal(crossings(&o), 0);
		geo_outlines_release(&o);
	}
	geo_outline(NULL, NULL, 0, 10, &o);
	assert_int_equal(o.n_rings, 0);
	geo_outlines_release(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(outlines_hold_their_own_and_nobody_else),
		cmocka_unit_test(simpler_ones_do_not_overlap_either),
		cmocka_unit_test(a_unit_within_another_is_a_hole_of_it),
		cmocka_unit_test(far_parts_are_outlines_of_their_own),
		cmocka_unit_test(a_bay_stays_outside),
		cmocka_unit_test(few_points_have_rings_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
