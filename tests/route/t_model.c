/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The model: travel, patterns, tours, prices, bad problems. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "make.h"
#include "route/pattern.h"

static void a_leg_is_what_the_formula_says(void **unused)
{
	struct town t;
	struct rt_problem *p = &t.p;

	(void)unused;
	town_init(&t, 3, 1, 1, 1);
	/* One hundredth of a degree north: 1111.9 m; urban 1.3 at 18 km/h, 90 s lost. */
	p->places[0] = (struct rt_place){77000000, 12000000, RT_URBAN};
	p->places[1] = (struct rt_place){77000000, 12010000, RT_URBAN};
	p->places[2] = (struct rt_place){77000000, 12010000, RT_RURAL};
	p->places[3] = (struct rt_place){77000000, 12001000, RT_URBAN};
	assert_int_equal(rt_leg(p, 0, 0, 1, true), 379);  /* 1111.949 * 0.26 + 90 = 379.1 */
	assert_int_equal(rt_leg(p, 0, 0, 1, false), 289);
	assert_int_equal(rt_leg(p, 0, 1, 0, true), 379);
	/* Half urban, half rural pace: (0.26 + 1.4 / 8.333) / 2 = 0.21400. */
	assert_int_equal(rt_leg(p, 0, 0, 2, true), 328);
	/* 111 m are walked: 111.19 * 1.3 / 1.111 + 30 = 160 s is more than riding (119 s). */
	assert_int_equal(rt_leg(p, 0, 0, 3, true), 119);
	assert_int_equal(rt_leg_metres(p, 0, 0, 1), 1446);
	/* Across the date line the short way is taken. */
	p->places[1] = (struct rt_place){-179990000, 0, RT_RURAL};
	p->places[2] = (struct rt_place){179990000, 0, RT_RURAL};
	assert_in_range(rt_leg(p, 0, 1, 2, false), 370, 380);
	town_release(&t);
}

static void fortnightly_stays_fourteen_days_apart(void **unused)
{
	uint64_t m[PATTERN_MAX];
	int32_t n = pattern_list(4, 5, 2, 10, ~(uint64_t)0, m, 0);

	(void)unused;
	assert_int_equal(n, 10);
	for (int32_t i = 0; i < n; i++) {
		int32_t a = __builtin_ctzll(m[i]), b = 63 - __builtin_clzll(m[i]);

		assert_int_equal(b - a, 10);
	}
	/* Over the end of the cycle, too: days 9 and 19 are fine, 0 and 14 are not. */
	assert_true(pattern_gap_ok(1u << 9 | 1u << 19, 10, 20));
	assert_false(pattern_gap_ok(1u << 0 | 1u << 14, 10, 20));
}

static void a_holiday_moves_one_visit_only(void **unused)
{
	uint64_t m[PATTERN_MAX], closed = (uint64_t)1 << 5; /* Monday of the second week */
	int32_t n = pattern_list(4, 5, 4, 4, ~closed, m, 0), mondays = 0;

	(void)unused;
	for (int32_t i = 0; i < n; i++) {
		assert_int_equal(m[i] & closed, 0);
		assert_int_equal(__builtin_popcountll(m[i]), 4);
		if ((m[i] & 1) && (m[i] >> 10 & 1) && (m[i] >> 15 & 1))
			mondays++;
	}
	assert_int_equal(mondays, 1); /* the other Mondays stand, this one slides to Tuesday */
	assert_int_equal(n, 5);
}

static void patterns_that_cannot_be_give_none(void **unused)
{
	uint64_t m[PATTERN_MAX];

	(void)unused;
	assert_int_equal(pattern_list(1, 5, 6, 1, ~(uint64_t)0, m, 0), 0);
	assert_int_equal(pattern_list(1, 5, 3, 3, ~(uint64_t)0, m, 0), 0);
	assert_int_equal(pattern_list(4, 5, 1, 20, 0, m, 0), 0);
	assert_int_equal(pattern_list(4, 5, 1, 20, 1, m, 0), 1);
}

static void a_tour_tells_every_broken_rule(void **unused)
{
	struct town t;
	struct rt_params a;
	struct rt_tour sum;
	int32_t needs[] = {0, 1, 2}, at[3];

	(void)unused;
	rt_params_default(&a);
	town_init(&t, 3, 1, 1, 3);
	rt_tour_eval(&t.p, &a, 0, 0, needs, 3, &sum, at);
	assert_int_equal(sum.broken, 0);
	assert_int_equal(sum.work, sum.travel + sum.service);
	assert_int_equal(sum.service, 3 * 360);
	assert_true(at[0] > 32400 && at[1] >= at[0] + 360);
	t.p.seats[0].max_calls = 2;
	t.p.seats[0].shift = 900;
	t.p.seats[0].capacity = 1;
	t.p.needs[0].demand = 2;
	t.p.needs[1].days = 2;
	t.p.needs[1].skills = 1;
	t.p.needs[2].flags |= RT_PIN_FIRST;
	t.p.windows[0] = (struct rt_window){100, 200, 0};
	t.p.needs[0].n_windows = 1;
	t.p.n_windows = 1;
	rt_tour_eval(&t.p, &a, 0, 0, needs, 3, &sum, NULL);
	assert_int_equal(sum.broken, RT_BROKEN_CALLS | RT_BROKEN_SHIFT | RT_BROKEN_LOAD |
					     RT_BROKEN_DAY | RT_BROKEN_SEAT | RT_BROKEN_FIRST |
					     RT_BROKEN_WINDOW);
	t.p.windows[0].soft = 1;
	rt_tour_eval(&t.p, &a, 0, 0, needs, 3, &sum, NULL);
	assert_int_equal(sum.broken & RT_BROKEN_WINDOW, 0);
	assert_true(sum.late > 30000);
	rt_tour_eval(&t.p, &a, 0, 0, needs, 0, &sum, NULL);
	assert_int_equal(sum.cost, 0);
	town_release(&t);
}

static void waiting_is_counted_and_windows_in_turn(void **unused)
{
	struct town t;
	struct rt_params a;
	struct rt_tour sum;
	int32_t needs[] = {0}, at;

	(void)unused;
	rt_params_default(&a);
	town_init(&t, 1, 1, 1, 3);
	t.p.places[0] = t.p.places[1];
	t.p.windows[0] = (struct rt_window){30000, 31000, 0};
	t.p.windows[1] = (struct rt_window){36000, 37000, 0};
	t.p.n_windows = 2;
	t.p.needs[0].n_windows = 2;
	rt_tour_eval(&t.p, &a, 0, 0, needs, 1, &sum, &at);
	assert_int_equal(at, 36000);
	assert_int_equal(sum.broken, 0);
	assert_int_equal(sum.waiting, 36000 - 32400 - sum.travel);
	town_release(&t);
}

/* Under a limit of duration a tour leaves later where that only saves waiting. */
static void a_limited_tour_leaves_later_to_wait_less(void **unused)
{
	struct town t;
	struct rt_params a;
	struct rt_tour sum;
	int32_t needs[] = {0, 1}, at[2];

	(void)unused;
	rt_params_default(&a);
	town_init(&t, 2, 1, 1, 3);
	t.p.places[1] = t.p.places[0] = t.p.places[2]; /* a leg is the 30 seconds of a walk */
	t.p.windows[0] = (struct rt_window){32400, 40000, 0};
	t.p.windows[1] = (struct rt_window){43200, 46800, 0};
	t.p.n_windows = 2;
	t.p.needs[0].n_windows = t.p.needs[1].n_windows = t.p.needs[1].window = 1;
	rt_tour_eval(&t.p, &a, 0, 0, needs, 2, &sum, at);
	assert_int_equal(sum.leaves, 32400);
	assert_int_equal(sum.work, 43200 + 360 - 32400);
	/* The first window closes at 40000: 7570 seconds later are possible, and 2810 of waiting stay. */
	t.p.seats[0].max_duration = 4000;
	rt_tour_eval(&t.p, &a, 0, 0, needs, 2, &sum, at);
	assert_int_equal(sum.broken, 0);
	assert_int_equal(sum.leaves, 39970);
	assert_int_equal(at[0], 40000);
	assert_int_equal(at[1], 43200);
	assert_int_equal(sum.work, 3590);
	assert_int_equal(sum.waiting, 2810);
	t.p.seats[0].max_duration = 3589;
	rt_tour_eval(&t.p, &a, 0, 0, needs, 2, &sum, at);
	assert_int_equal(sum.broken, RT_BROKEN_SHIFT);
	/* In the other order there is but one window to be in time for. */
	needs[0] = 1;
	needs[1] = 0;
	t.p.windows[0].to = 50000;
	rt_tour_eval(&t.p, &a, 0, 0, needs, 2, &sum, at);
	assert_int_equal(sum.broken, 0);
	assert_int_equal(sum.waiting, 0);
	town_release(&t);
}

static void resequence_never_gets_worse(void **unused)
{
	struct rt_params a;

	(void)unused;
	rt_params_default(&a);
	for (uint64_t seed = 0; seed < 60; seed++) {
		struct town t;
		int32_t needs[40];
		struct rt_tour was, is;

		town_random(&t, seed);
		for (int32_t i = 0; i < t.p.n_needs; i++)
			needs[i] = i;
		rt_tour_eval(&t.p, &a, 0, 0, needs, t.p.n_needs, &was, NULL);
		rt_resequence(&t.p, &a, 0, 0, needs, t.p.n_needs);
		rt_tour_eval(&t.p, &a, 0, 0, needs, t.p.n_needs, &is, NULL);
		if (!t.p.n_windows)
			assert_true(is.travel <= was.travel);
		town_release(&t);
	}
}

/* The price of a move is the difference of two whole plans, but for the moving mean of balance. */
static void a_price_is_the_difference_of_two_plans(void **unused)
{
	struct rt_params a;
	int32_t tried = 0;

	(void)unused;
	rt_params_default(&a);
	a.iterations = 300;
	a.balance_permille = 0;
	for (uint64_t seed = 0; seed < 200; seed++) {
		struct town t;
		struct rt_solution s;
		struct bp_fail f = {0};
		struct rt_verdict v;
		struct rt_price price;
		int64_t before;
		int32_t k;

		town_random(&t, seed);
		rt_solution_init(&s);
		t.p.n_given = t.p.n_given && seed % 2 ? 0 : t.p.n_given;
		if (rt_solve(&t.p, &a, &s, &f) != BP_E_OK) /* a given plan that cannot be kept */
			assert_int_equal(f.code, BP_E_OPT_INPUT);
		before = s.cost.total;
		if (s.n_visits > 2) {
			int32_t seat = town_draw(&t, t.p.n_seats), day = town_draw(&t, rt_days(&t.p)), n;

			k = town_draw(&t, s.n_visits);
			rt_price_move(&t.p, &a, &s, k, seat, day, RT_NONE, &price);
			if (!price.broken) {
				int32_t from = s.visits[k].seat, from_day = s.visits[k].day, need = s.visits[k].need;

				for (int32_t i = 0; i < s.n_visits; i++)
					if (s.visits[i].seat == from && s.visits[i].day == from_day &&
						s.visits[i].position > s.visits[k].position)
						s.visits[i].position--;
				s.visits[k].seat = RT_NONE;
				for (int32_t i = 0; i < s.n_visits; i++)
					if (s.visits[i].seat == seat && s.visits[i].day == day &&
						s.visits[i].position >= price.position)
						s.visits[i].position++;
				s.visits[k] = (struct rt_visit){need, day, seat, price.position};
				n = s.n_visits;
				rt_visits_sort(s.visits, n);
				assert_int_equal(rt_check(&t.p, &a, &s, &v, &f), BP_E_OK);
				assert_int_equal(v.broken & ~(uint32_t)RT_BROKEN_FROZEN, 0);
				assert_int_equal(v.cost.total - before, price.total);
				tried++;
			}
		}
		rt_solution_release(&s);
		town_release(&t);
	}
	assert_true(tried > 20);
}

static void bad_problems_are_refused(void **unused)
{
	struct town t;
	struct bp_fail f;

	(void)unused;
#define REFUSED(change)                                                                            \
	do {                                                                                       \
		town_init(&t, 5, 2, 2, 1);                                                         \
		change;                                                                            \
		f = (struct bp_fail){0};                                                           \
		assert_int_equal(rt_problem_check(&t.p, &f), BP_E_OPT_INPUT);                      \
		assert_true(f.detail[0] != '\0');                                                  \
		town_release(&t);                                                                  \
	} while (0)
	REFUSED(t.p.weeks = 0);
	REFUSED(t.p.weeks = 9; t.p.days_per_week = 7);
	REFUSED(t.p.needs[1].place = 77);
	REFUSED(t.p.needs[1].visits = 0);
	REFUSED(t.p.needs[1].service = -1);
	REFUSED(t.p.needs[1].seat_set = 0);
	REFUSED(t.p.needs[1].n_windows = 1; t.p.needs[1].window = 5);
	REFUSED(t.p.places[1].y = 91000000);
	REFUSED(t.p.places[1].x = 181000000);
	REFUSED(t.p.seats[0].start = 99);
	REFUSED(t.p.seats[1].profile = 1);
	REFUSED(t.p.profiles[0].mps_urban = 0);
	REFUSED(t.p.windows[0] = ((struct rt_window){5, 4, 0}); t.p.n_windows = 1;
		t.p.needs[0].n_windows = 1);
#undef REFUSED
	town_init(&t, 5, 2, 2, 1);
	t.p.needs[0].visits = 100;
	f = (struct bp_fail){0};
	assert_int_equal(rt_problem_size_check(&t.p, 60000, 50, &f), BP_E_OPT_TOO_LARGE);
	assert_non_null(f.detail[0] ? f.detail : NULL);
	town_release(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_leg_is_what_the_formula_says),
		cmocka_unit_test(fortnightly_stays_fourteen_days_apart),
		cmocka_unit_test(a_holiday_moves_one_visit_only),
		cmocka_unit_test(patterns_that_cannot_be_give_none),
		cmocka_unit_test(a_tour_tells_every_broken_rule),
		cmocka_unit_test(waiting_is_counted_and_windows_in_turn),
		cmocka_unit_test(a_limited_tour_leaves_later_to_wait_less),
		cmocka_unit_test(resequence_never_gets_worse),
		cmocka_unit_test(a_price_is_the_difference_of_two_plans),
		cmocka_unit_test(bad_problems_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
