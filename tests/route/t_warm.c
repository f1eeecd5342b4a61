/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Warm starts on a territory of three thousand needs: budgets of changes, the given plan kept, calendars that change. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "make.h"

#define NEEDS 3000
#define SEATS 12

/* A plan as it was left by last month's run, and what has changed since: 40 new outlets. */
static void given_town(struct town *t, uint64_t seed, struct rt_solution *s)
{
	struct rt_params a;
	struct bp_fail f = {0};

	town_init(t, NEEDS, SEATS, 4, seed);
	for (int32_t i = 0; i < NEEDS; i++) {
		t->p.needs[i].visits = i % 10 == 0 ? 4 : i % 3 == 0 ? 2 : 1;
		t->p.needs[i].gap = rt_gap_default(t->p.needs[i].visits, 20, 5);
		if (i >= NEEDS - 40)
			t->p.needs[i].days = 0;
	}
	rt_params_default(&a);
	a.iterations = 6000;
	a.seed = seed;
	rt_solution_init(s);
	if (rt_solve(&t->p, &a, s, &f) != BP_E_OK)
		fail_msg("%s", f.detail);
	town_give(t, s);
	for (int32_t i = NEEDS - 40; i < NEEDS; i++)
		t->p.needs[i].days = ~(uint64_t)0;
}

/* Given visits that stand on another day or with another seat, counted by hand. */
static int32_t changes(const struct rt_problem *p, const struct rt_solution *s)
{
	int32_t days = rt_days(p), n = 0;
	uint8_t *seat_on = calloc((size_t)p->n_needs * (size_t)days, 1);

	for (int32_t i = 0; i < s->n_visits; i++)
		seat_on[s->visits[i].need * days + s->visits[i].day] = (uint8_t)(1 + s->visits[i].seat);
	for (int32_t i = 0; i < p->n_given; i++)
		n += seat_on[p->given[i].need * days + p->given[i].day] != 1 + p->given[i].seat;
	free(seat_on);
	return n;
}

static void forty_changes_never_make_forty_one(void **unused)
{
	struct rt_solution s, again;
	struct rt_params a;
	struct bp_fail f = {0};
	struct town t;
	int32_t most = 0;

	(void)unused;
	given_town(&t, 3, &s);
	rt_params_default(&a);
	a.price_day = a.price_person = a.price_beat = 0;
	a.max_changed = 40;
	a.iterations = 20000;
	rt_solution_init(&again);
	for (a.seed = 1; a.seed <= 4; a.seed++) {
		int32_t n;

		if (rt_solve(&t.p, &a, &again, &f) != BP_E_OK)
			fail_msg("%s", f.detail);
		n = changes(&t.p, &again);
		assert_in_range(n, 0, 40);
		assert_int_equal(n, again.cost.changed);
		assert_int_equal(again.n_unserved, 0); /* new outlets are no changes */
		most = n > most ? n : most;
	}
	assert_true(most > 30); /* and the budget is used */
	rt_solution_release(&s);
	rt_solution_release(&again);
	town_release(&t);
}

static void disturbance_0_returns_the_given_plan(void **unused)
{
	struct rt_solution s, again;
	struct rt_params a;
	struct bp_fail f = {0};
	struct town t;

	(void)unused;
	given_town(&t, 4, &s);
	rt_params_default(&a);
	a.max_changed = 0;
	rt_solution_init(&again);
	assert_int_equal(rt_solve(&t.p, &a, &again, &f), BP_E_OK);
	assert_int_equal(again.plan_hash, s.plan_hash);
	assert_int_equal(again.n_visits, s.n_visits);
	assert_int_equal(changes(&t.p, &again), 0);
	assert_int_equal(again.n_unserved, 40);
	rt_solution_release(&s);
	rt_solution_release(&again);
	town_release(&t);
}

static void the_curve_of_saving_never_rises(void **unused)
{
	static const int32_t budgets[] = {0, 10, 20, 40, 80, 160, 400, 1600};
	struct rt_cost curve[8];
	struct rt_solution s;
	struct rt_params a;
	struct bp_fail f = {0};
	struct town t;

	(void)unused;
	given_town(&t, 5, &s);
	rt_params_default(&a);
	a.price_day = a.price_person = a.price_beat = 0;
	a.iterations = 10000;
	assert_int_equal(rt_disturbance_curve(&t.p, &a, budgets, 8, curve, &f), BP_E_OK);
	for (int i = 0; i < 8; i++) {
		print_message("%4d changes allowed, %4d made: %.0f min saved\n", budgets[i], curve[i].changed,
			(double)(curve[0].total - curve[i].total) / 60);
		assert_in_range(curve[i].changed, 0, budgets[i]);
		assert_true(i == 0 || curve[i].total <= curve[i - 1].total);
	}
	assert_true(curve[7].total < curve[1].total);
	rt_solution_release(&s);
	town_release(&t);
}

/* A Monday holiday, a town closed on Tuesday, a Friday market and a day of leave: what stood elsewhere stands. */
static void a_changed_calendar_leaves_the_other_weeks(void **unused)
{
	const uint64_t monday2 = (uint64_t)1 << 5, leave = (uint64_t)1 << 12, tuesdays = 0x10842, fridays = 0x84210;
	struct rt_solution s, again;
	struct rt_params a;
	struct bp_fail f = {0};
	struct town t;
	int32_t kept = 0, stood = 0, elsewhere = 0;

	(void)unused;
	town_init(&t, 100, 2, 4, 6);
	t.p.seats[0].max_calls = t.p.seats[1].max_calls = 12; /* even days, with room for making up */
	for (int32_t i = 0; i < 100; i++) {
		t.p.needs[i].visits = 4;
		t.p.needs[i].gap = 4; /* weekly, with a day's play for making up */
	}
	rt_params_default(&a);
	a.iterations = 20000;
	rt_solution_init(&s);
	rt_solution_init(&again);
	assert_int_equal(rt_solve(&t.p, &a, &s, &f), BP_E_OK);
	assert_int_equal(s.n_unserved, 0);
	town_give(&t, &s);
	t.p.seats[0].max_calls = t.p.seats[1].max_calls = 26;
	t.p.seats[0].days = ~(monday2 | leave);
	t.p.seats[1].days = ~monday2;
	for (int32_t i = 0; i < 10; i++)
		t.p.needs[i].days = ~tuesdays;
	for (int32_t i = 10; i < 15; i++)
		t.p.needs[i].days = fridays;
	if (rt_solve(&t.p, &a, &again, &f) != BP_E_OK)
		fail_msg("%s", f.detail);
	for (int32_t i = 0; i < t.p.n_given; i++) {
		const struct rt_given *g = &t.p.given[i];
		int32_t n;
		const struct rt_visit *v = rt_solution_tour(&again, g->seat, g->day, &n);
		bool found = false;

		if (!rt_given_stands(&t.p, g) || g->need < 15) /* towns that close must move */
			continue;
		for (int32_t k = 0; k < n; k++)
			found |= v[k].need == g->need;
		stood++;
		kept += found;
	}
	for (int32_t i = 0; i < again.n_visits; i++)
		elsewhere += (again.visits[i].need < 10 && (tuesdays >> again.visits[i].day & 1)) ||
			     (again.visits[i].need >= 10 && again.visits[i].need < 15 &&
				     !(fridays >> again.visits[i].day & 1));
	print_message("%d of %d visits not concerned stand as they stood\n", kept, stood);
	assert_int_equal(again.n_unserved, 0);
	assert_int_equal(elsewhere, 0);
	assert_true(kept * 100 >= stood * 98);
	rt_solution_release(&s);
	rt_solution_release(&again);
	town_release(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forty_changes_never_make_forty_one),
		cmocka_unit_test(disturbance_0_returns_the_given_plan),
		cmocka_unit_test(the_curve_of_saving_never_rises),
		cmocka_unit_test(a_changed_calendar_leaves_the_other_weeks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
