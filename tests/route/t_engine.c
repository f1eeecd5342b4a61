/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the search is expected to find: fewest tours, even days, seats that stay near; and when it must stop. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/route/run.h"

/* A day of 48 calls with windows of half an hour, made so that 6 tours of 8 calls can do it. */
static void day_of_six(struct town *t, uint64_t seed)
{
	struct rt_problem *p = &t->p;

	town_init(t, 48, 30, 1, seed);
	p->days_per_week = 1;
	p->same_seat = false;
	for (int32_t v = 0; v < 6; v++) {
		int32_t at = p->seats[0].start, now = p->seats[0].shift_start;

		for (int32_t i = 8 * v; i < 8 * v + 8; i++) {
			now += rt_leg(p, 0, at, i, true) + town_draw(t, 1500);
			p->needs[i].window = p->n_windows;
			p->needs[i].n_windows = 1;
			p->windows[p->n_windows++] = (struct rt_window){now - 900, now + 900, 0};
			now += p->needs[i].service;
			at = i;
		}
	}
}

static void the_fewest_tours_are_found(void **unused)
{
	struct rt_params a = params(40000);

	(void)unused;
	a.minimise_fleet = true;
	for (uint64_t seed = 1; seed <= 10; seed++) {
		struct rt_solution s;
		struct town t;

		day_of_six(&t, seed);
		solve(&t, &a, &s);
		assert_int_equal(s.n_unserved, 0);
		assert_true(s.cost.tours <= 6);
		rt_solution_release(&s);
		town_release(&t);
	}
}

/* Loads so near the capacities that the search passes through overfull tours: none may come out. */
static void full_vehicles_are_not_overfull(void **unused)
{
	struct rt_params a = params(40000);

	(void)unused;
	a.minimise_fleet = true;
	for (uint64_t seed = 1; seed <= 10; seed++) {
		struct rt_solution s;
		struct town t;

		day_of_six(&t, seed);
		for (int32_t i = 0; i < 48; i++)
			t.p.needs[i].demand = i % 8 < 7 ? 4 + (int32_t)((uint64_t)i * 7 + seed) % 9 : 0;
		for (int32_t v = 0; v < 6; v++) {
			int32_t load = 0;

			for (int32_t i = 8 * v; i < 8 * v + 7; i++)
				load += t.p.needs[i].demand;
			t.p.needs[8 * v + 7].demand = 98 - load;
		}
		for (int32_t i = 0; i < t.p.n_seats; i++)
			t.p.seats[i].capacity = 100;
		solve(&t, &a, &s);
		assert_int_equal(s.n_unserved, 0);
		assert_true(s.cost.tours <= 7);
		for (int32_t i = 0; i < s.n_visits;) {
			int32_t load = 0, seat = s.visits[i].seat;

			for (; i < s.n_visits && s.visits[i].seat == seat; i++)
				load += t.p.needs[s.visits[i].need].demand;
			assert_true(load <= 100);
		}
		rt_solution_release(&s);
		town_release(&t);
	}
}

/* Five villages along one road, the 40 nearest of each outlet in its own: what does not fill a tour there must be
 * found by tours that drive on. */
static void remainders_of_villages_share_tours(void **unused)
{
	struct rt_params a = params(60000);
	struct rt_solution s;
	struct town t;

	(void)unused;
	town_init(&t, 5 * 63, 30, 1, 3);
	t.p.days_per_week = 1;
	t.p.same_seat = false;
	t.p.metric = RT_EUC_ROUND;
	for (int32_t i = 0; i < 5 * 63; i++) {
		t.p.needs[i].service = 0;
		t.p.needs[i].demand = 1;
		t.p.places[i].x = 1000 * (1 + i / 63) + town_draw(&t, 60);
		t.p.places[i].y = town_draw(&t, 60);
	}
	for (int32_t i = 0; i < t.p.n_seats; i++) {
		t.p.seats[i].capacity = 20;
		t.p.places[t.p.seats[i].start].x = t.p.places[t.p.seats[i].start].y = 0;
	}
	solve(&t, &a, &s);
	assert_int_equal(s.n_unserved, 0);
	/* 16 are enough for 315 outlets; each village by itself needs 4. */
	assert_in_range(s.cost.tours, 16, 17);
	rt_solution_release(&s);
	town_release(&t);
}

/* Half of the outlets lie together: without a price for it they make long days and leave others short. */
static void days_are_even_when_that_is_asked_for(void **unused)
{
	struct rt_params a = params(30000);
	struct rt_solution s;
	struct town t;
	double free;

	(void)unused;
	town_init(&t, 60, 1, 1, 3);
	for (int32_t i = 0; i < 30; i++)
		t.p.places[i] = (struct rt_place){77590000 + 40 * i, 12970000, RT_URBAN};
	solve(&t, &a, &s);
	free = s.cost.day_spread_pct;
	assert_int_equal(s.n_unserved, 0);
	rt_solution_release(&s);
	a.even_permille = 1000;
	solve(&t, &a, &s);
	assert_int_equal(s.n_unserved, 0);
	assert_true(s.cost.day_spread_pct < free / 2);
	rt_solution_release(&s);
	town_release(&t);
}

/* What is told of a visit that goes to the other one of two seats is the difference of two whole plans. */
static struct rt_price move_is_exact(const struct town *t, const struct rt_params *a, const struct rt_solution *s, int32_t visit)
{
	struct rt_solution then;
	struct rt_verdict v;
	struct bp_fail f = {0};
	struct rt_price price;

	rt_price_move(&t->p, a, s, visit, 1 - s->visits[visit].seat, s->visits[visit].day, RT_NONE, &price);
	rt_solution_init(&then);
	then.visits = bp_xcalloc((size_t)s->n_visits + 1, sizeof(*then.visits));
	for (int32_t k = 0; k < s->n_visits; k++) {
		struct rt_visit *n = &then.visits[then.n_visits++];

		*n = s->visits[k];
		n->position *= 2;
		if (k == visit) {
			n->seat = 1 - n->seat;
			n->position = 2 * price.position - 1;
		}
	}
	rt_visits_sort(then.visits, then.n_visits);
	assert_int_equal(rt_check(&t->p, a, &then, &v, &f), BP_E_OK);
	assert_int_equal(v.cost.total - s->cost.total, price.total);
	rt_solution_release(&then);
	return price;
}

/* Thin days have a price: there are fewer of them, every missing call is paid for, an edit costs what two whole plans differ in; without a
 * price the least number of calls changes nothing. */
static void days_are_fuller_when_thin_ones_have_a_price(void **unused)
{
	struct rt_params a = params(30000);
	struct rt_solution s;
	struct town t;
	uint64_t hash;
	int64_t lack = 0;
	int32_t thin, few = 0;

	(void)unused;
	town_init(&t, 60, 2, 1, 3);
	for (int32_t i = 0; i < t.p.n_needs; i++) /* else all of it goes into two days */
		t.p.needs[i].days = UINT64_C(1) << i % 5;
	for (int32_t i = 0; i < t.p.n_seats; i++)
		t.p.seats[i].min_calls = 0;
	solve(&t, &a, &s);
	hash = s.plan_hash;
	rt_solution_release(&s);
	for (int32_t i = 0; i < t.p.n_seats; i++)
		t.p.seats[i].min_calls = 10;
	solve(&t, &a, &s);
	assert_true(hash == s.plan_hash);
	assert_int_equal(s.cost.few, 0);
	thin = s.cost.below_min_calls;
	assert_true(thin > 0);
	rt_solution_release(&s);
	a.price_few = 600;
	solve(&t, &a, &s);
	assert_int_equal(s.n_unserved, 0);
	assert_true(s.cost.below_min_calls < thin);
	for (int32_t i = 0, n; i < s.n_visits; i += n) {
		for (n = 1; i + n < s.n_visits && s.visits[i + n].seat == s.visits[i].seat && s.visits[i + n].day == s.visits[i].day; n++)
			;
		lack += n < 10 ? 10 - n : 0;
	}
	assert_int_equal(s.cost.few, 600 * lack);
	assert_int_equal(s.cost.total, s.cost.travel + s.cost.overtime + s.cost.late + s.cost.missed + s.cost.balance + s.cost.disturbance +
					       s.cost.fixed + s.cost.value + s.cost.few);
	for (int32_t i = 0; i < s.n_visits; i += 13)
		few += move_is_exact(&t, &a, &s, i).few != 0;
	assert_true(few > 0);
	rt_solution_release(&s);
	town_release(&t);
}

/* Scattered days have a price: days become more compact, every part of the cost is shown, and what is told of
 * an edit is the difference of two whole plans. */
static void days_are_compact_when_that_has_a_price(void **unused)
{
	struct rt_params a = params(30000);
	struct rt_solution s;
	struct town t;
	int64_t travel;
	double free;

	(void)unused;
	town_init(&t, 120, 2, 1, 3);
	solve(&t, &a, &s);
	free = s.cost.compactness_m;
	travel = s.cost.travel;
	assert_int_equal(s.cost.compact, 0);
	rt_solution_release(&s);
	a.compact_price = 120;
	solve(&t, &a, &s);
	assert_int_equal(s.n_unserved, 0);
	assert_true(s.cost.compactness_m < 0.95 * free);
	assert_true(s.cost.travel < travel * 5 / 4);
	assert_true(s.cost.compact > 0);
	assert_int_equal(s.cost.total, s.cost.travel + s.cost.overtime + s.cost.late + s.cost.missed + s.cost.balance +
					       s.cost.disturbance + s.cost.fixed + s.cost.value + s.cost.compact);
	for (int32_t i = 0; i < s.n_visits; i += 17)
		assert_int_not_equal(move_is_exact(&t, &a, &s, i).compact, 0);
	rt_solution_release(&s);
	town_release(&t);
}

/* Two towns far apart, one seat at home in each: none drives to the other's. */
static void seats_get_what_lies_near_them(void **unused)
{
	struct rt_params a = params(1);
	struct rt_solution s;
	struct town t;

	(void)unused;
	town_init(&t, 81, 2, 1, 4);
	t.p.n_needs = 80;
	for (int32_t i = 40; i < 81; i++)
		t.p.places[i].x += 300000;
	t.p.seats[0].start = t.p.seats[0].end = 80;
	t.p.seats[1].start = t.p.seats[1].end = 81;
	solve(&t, &a, &s);
	assert_int_equal(s.n_unserved, 0);
	for (int32_t i = 0; i < s.n_visits; i++)
		assert_int_equal(s.visits[i].seat, s.visits[i].need < 40);
	rt_solution_release(&s);
	town_release(&t);
}

static void a_stop_before_the_start_gives_a_whole_plan(void **unused)
{
	struct rt_params a = params(0);
	atomic_int stop = 1;
	struct rt_solution s;
	struct town t;
	double t0;

	(void)unused;
	town_init(&t, 3000, 10, 4, 5);
	a.stop = &stop;
	t0 = wall();
	solve(&t, &a, &s);
	assert_true(wall() - t0 < 5);
	assert_true(s.n_visits + s.n_unserved > 0);
	rt_solution_release(&s);
	town_release(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_fewest_tours_are_found),
		cmocka_unit_test(full_vehicles_are_not_overfull),
		cmocka_unit_test(remainders_of_villages_share_tours),
		cmocka_unit_test(days_are_even_when_that_is_asked_for),
		cmocka_unit_test(days_are_fuller_when_thin_ones_have_a_price),
		cmocka_unit_test(days_are_compact_when_that_has_a_price),
		cmocka_unit_test(seats_get_what_lies_near_them),
		cmocka_unit_test(a_stop_before_the_start_gives_a_whole_plan),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
