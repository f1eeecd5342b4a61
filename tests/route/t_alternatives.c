/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Alternatives hold their price: t_alternatives [COUNT].  Each shown alternative is pinned (its seat, its days) and
 * the problem solved again from the plan that it stands for; the original, the need pinned where it stands, is solved again
 * from the original plan with as many iterations.  The difference of the two is what the alternative really costs
 * when everything around it may move; the price may lie off it by no more than it says.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "make.h"

static int32_t wanted = 15;
static uint64_t first = 1; /* seed */

/* Solve again from `plan`, disturbance free; the need of `visit` stands as in `plan` when pinned. */
static int64_t solve_again(const struct town *t, const struct rt_solution *plan, int32_t pin, uint64_t seed)
{
	struct town u = *t;
	struct rt_params a;
	struct rt_solution s;
	struct bp_fail f = {0};
	int64_t cost;

	bp_arena_init(&u.arena, (size_t)1 << 28);
	rt_params_default(&a);
	a.price_day = a.price_person = a.price_beat = 0;
	a.iterations = 20000;
	a.heat_permille = 100;
	a.seed = seed;
	town_give(&u, plan);
	if (pin != RT_NONE) {
		u.p.needs = bp_grow_array(&u.arena, t->p.needs, (size_t)t->p.n_needs, (size_t)t->p.n_needs,
			sizeof(*u.p.needs));
		u.p.needs[pin].flags |= RT_FROZEN;
	}
	rt_solution_init(&s);
	if (rt_solve(&u.p, &a, &s, &f) != BP_E_OK)
		fail_msg("%s", f.detail);
	cost = s.cost.total;
	rt_solution_release(&s);
	bp_arena_release(&u.arena);
	return cost;
}

static int by_size(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* A busy town: two visits a cycle for every third, some windows, tours nearly full of calls. */
static void make_town(struct town *t, uint64_t seed)
{
	town_init(t, 160, 3, 2, seed);
	for (int32_t i = 0; i < 160; i++) {
		if (i % 3 == 0) {
			t->p.needs[i].visits = 2;
			t->p.needs[i].gap = 5;
		}
		if (i % 9 == 0) {
			t->p.windows[t->p.n_windows] = (struct rt_window){36000, 43200, 0};
			t->p.needs[i].window = t->p.n_windows++;
			t->p.needs[i].n_windows = 1;
		}
	}
	for (int32_t s = 0; s < 3; s++)
		t->p.seats[s].max_calls = 8;
}

static void prices_hold_when_solved_again(void **unused)
{
	int64_t *off = calloc((size_t)wanted, sizeof(*off)), price_sum = 0;
	int32_t n = 0, outside = 0;

	(void)unused;
	assert_non_null(off);
	for (uint64_t seed = first; n < wanted; seed++) {
		struct town t;
		struct rt_params a;
		struct rt_solution s;
		struct bp_fail f = {0};
		int64_t base;

		make_town(&t, seed);
		rt_params_default(&a);
		a.iterations = 60000;
		rt_solution_init(&s);
		assert_int_equal(rt_solve(&t.p, &a, &s, &f), BP_E_OK);
		for (int32_t i = (int32_t)seed % 7; i < s.n_visits && n < wanted; i += 41) {
			struct rt_option o[5];
			int32_t found = rt_alternatives(&t.p, &a, &s, i, o, 5);

			assert_true(found > 0);
			base = solve_again(&t, &s, s.visits[i].need, seed);
			for (int32_t k = 0; k < found && n < wanted; k++, n++) {
				struct rt_solution other;

				rt_solution_init(&other);
				rt_alternative_plan(&t.p, &a, &s, i, &o[k], &other);
				assert_int_equal(o[k].within, RT_OPTION_WITHIN);
				off[n] = o[k].cost - (solve_again(&t, &other, s.visits[i].need, seed) - base);
				outside += llabs(off[n]) > o[k].within;
				price_sum += o[k].cost;
				rt_solution_release(&other);
			}
		}
		rt_solution_release(&s);
		town_release(&t);
	}
	qsort(off, (size_t)n, sizeof(*off), by_size);
	print_message("%d alternatives, %d outside of their tolerance, mean cost %.0f s; price less solved difference, s: "
		      "least %lld, 5 %% %lld, median %lld, 95 %% %lld, most %lld\n", n, outside, (double)price_sum / n,
		(long long)off[0], (long long)off[n / 20], (long long)off[n / 2], (long long)off[n - 1 - n / 20],
		(long long)off[n - 1]);
	assert_int_equal(outside, 0);
	free(off);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(prices_hold_when_solved_again)};

	if (argc > 1)
		wanted = (int32_t)strtol(argv[1], NULL, 10);
	if (argc > 2)
		first = strtoull(argv[2], NULL, 10);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
