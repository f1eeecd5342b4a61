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
static void given_town(struct town *t, int32_t scale, uint64_t seed, struct rt_solution *s)
{
	int32_t needs = NEEDS * scale;
	struct rt_params a;
	struct bp_fail f = {0};

	town_init(t, needs, SEATS * scale, 4, seed);
	for (int32_t i = 0; i < needs; i++) {
		t->p.needs[i].visits = i % 10 == 0 ? 4 : i % 3 == 0 ? 2 : 1;
		t->p.needs[i].gap = rt_gap_default(t->p.needs[i].visits, 20, 5);
		if (i >= needs - 40)
			t->p.needs[i].days = 0;
	}
	rt_params_default(&a);
	a.iterations = 6000;
	a.seed = seed;
	rt_solution_init(s);
	if (rt_solve(&t->p, &a, s, &f) != BP_E_OK)
		fail_msg("%s", f.detail);
	town_give(t, s);
	for (int32_t i = needs - 40; i < needs; i++)
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
	given_town(&t, 1, 3, &s);
	rt_params_default(&a);
	a.price_day = a.price_person = a.price_beat = 0;
	a.max_changed = 40;
	a.iterations = 8000;
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

/* One visit of each of the first needs with several goes to another seat, where that breaks no rule but the one person. */
static int32_t move_by_hand(struct town *t, const struct rt_solution *s, int32_t needs)
{
	struct rt_problem *p = &t->p;
	uint8_t *tours = calloc((size_t)(p->n_seats * rt_days(p)), 1), *done = calloc((size_t)p->n_needs, 1);
	struct rt_params a;
	int32_t n = 0;

	rt_params_default(&a);
	for (int32_t i = 0; i < p->n_given; i++) {
		struct rt_given *g = &p->given[i];
		int32_t to = (g->seat + 1) % p->n_seats;
		struct rt_price price;

		if (g->need >= needs || done[g->need] || p->needs[g->need].visits < 2 || tours[g->day * p->n_seats + to])
			continue;
		rt_price_move(p, &a, s, i, to, g->day, RT_NONE, &price);
		if (price.broken != RT_BROKEN_PERSON)
			continue;
		tours[g->day * p->n_seats + to] = done[g->need] = 1;
		g->seat = to;
		g->position = price.position;
		n++;
	}
	free(tours);
	free(done);
	return n;
}

/* Needs by several seats; the visits of these that are not the given ones go into *off. */
static int32_t split_needs(const struct rt_problem *p, const struct rt_solution *s, int32_t *off)
{
	int32_t *seat = calloc((size_t)p->n_needs, sizeof(*seat)), n = 0;

	*off = 0;
	for (int32_t i = 0; i < s->n_visits; i++) {
		int32_t *first = &seat[s->visits[i].need];

		if (*first > 0 && *first != 1 + s->visits[i].seat) {
			*first = -1;
			n++;
		} else if (!*first) {
			*first = 1 + s->visits[i].seat;
		}
	}
	for (int32_t i = 0; i < s->n_visits; i++) {
		const struct rt_visit *v = &s->visits[i];
		int32_t k = 0;

		while (seat[v->need] < 0 && k < p->n_given &&
			(p->given[k].need != v->need || p->given[k].seat != v->seat || p->given[k].day != v->day))
			k++;
		*off += k == p->n_given;
	}
	free(seat);
	return n;
}

static void visits_moved_by_hand_are_no_changes(void **unused)
{
	static const int32_t budgets[] = {0, 1, 40, 1000, -1};
	struct rt_solution s, again;
	struct rt_params a;
	struct bp_fail f = {0};
	struct town t;
	int32_t moved, off;

	(void)unused;
	given_town(&t, 1, 7, &s);
	moved = move_by_hand(&t, &s, 400);
	assert_true(moved > 40);
	rt_params_default(&a);
	a.price_day = a.price_person = a.price_beat = 0;
	a.iterations = 10000;
	rt_solution_init(&again);
	for (int k = 0; k < 5; k++) {
		a.max_changed = budgets[k];
		a.seed = 1 + (uint64_t)k;
		if (rt_solve(&t.p, &a, &again, &f) != BP_E_OK)
			fail_msg("%d changes allowed: %s", budgets[k], f.detail);
		print_message("%d changes allowed, %d made\n", budgets[k], again.cost.changed);
		assert_int_equal(again.cost.changed, changes(&t.p, &again));
		if (budgets[k] >= 0) {
			assert_in_range(again.cost.changed, 0, budgets[k]);
			assert_int_equal(split_needs(&t.p, &again, &off), moved);
			assert_int_equal(off, 0);
		} else { /* all visits of a need by one */
			assert_int_equal(split_needs(&t.p, &again, &off), 0);
			assert_true(again.cost.changed >= moved);
		}
	}
	rt_solution_release(&s);
	rt_solution_release(&again);
	town_release(&t);
}

/* Frozen ones stay without a budget, too, in problems that are cut into parts. */
static void a_frozen_need_stays_with_its_several_seats(void **unused)
{
	struct rt_solution s, again;
	struct rt_params a;
	struct bp_fail f = {0};
	struct town t;
	int32_t moved, off;

	(void)unused;
	given_town(&t, 3, 8, &s);
	moved = move_by_hand(&t, &s, 1000);
	for (int32_t i = 0; i < 1000; i++)
		t.p.needs[i].flags |= RT_FROZEN;
	rt_params_default(&a);
	a.iterations = 20000;
	a.threads = 2;
	rt_solution_init(&again);
	if (rt_solve(&t.p, &a, &again, &f) != BP_E_OK)
		fail_msg("%s", f.detail);
	assert_true(moved > 200);
	assert_int_equal(split_needs(&t.p, &again, &off), moved);
	assert_int_equal(off, 0);
	assert_int_equal(again.cost.changed, changes(&t.p, &again));
	rt_solution_release(&s);
	rt_solution_release(&again);
	town_release(&t);
}

/* What is told of one visit is true with the others' needs apart: the plan costs so much, and they stay apart. */
static void options_leave_others_apart(void **unused)
{
	struct rt_solution s, again, then;
	struct rt_option o[2];
	struct rt_params a;
	struct rt_verdict v;
	struct bp_fail f = {0};
	struct town t;
	int32_t moved, off, n = 0;

	(void)unused;
	given_town(&t, 1, 9, &s);
	moved = move_by_hand(&t, &s, 400);
	rt_params_default(&a);
	a.max_changed = 0;
	rt_solution_init(&again);
	rt_solution_init(&then);
	assert_int_equal(rt_solve(&t.p, &a, &again, &f), BP_E_OK);
	for (int32_t visit = 7; visit < again.n_visits; visit += again.n_visits / 4) {
		int32_t k = rt_alternatives(&t.p, &a, &again, visit, o, 2);

		for (int32_t i = 0; i < k; i++, n++) {
			rt_alternative_plan(&t.p, &a, &again, visit, &o[i], &then);
			assert_int_equal(rt_check(&t.p, &a, &then, &v, &f), BP_E_OK);
			if (v.broken & ~(uint32_t)RT_BROKEN_CHANGES)
				fail_msg("%#x: %s", v.broken, v.what);
			assert_int_equal(v.cost.total, again.cost.total + o[i].price.total);
			assert_int_equal(split_needs(&t.p, &then, &off), moved);
			assert_int_equal(off, 0);
		}
	}
	assert_true(n > 5);
	rt_solution_release(&s);
	rt_solution_release(&again);
	rt_solution_release(&then);
	town_release(&t);
}

static void disturbance_0_returns_the_given_plan(void **unused)
{
	struct rt_solution s, again;
	struct rt_params a;
	struct bp_fail f = {0};
	struct town t;

	(void)unused;
	given_town(&t, 1, 4, &s);
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
	given_town(&t, 1, 5, &s);
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
		cmocka_unit_test(visits_moved_by_hand_are_no_changes),
		cmocka_unit_test(a_frozen_need_stays_with_its_several_seats),
		cmocka_unit_test(options_leave_others_apart),
		cmocka_unit_test(disturbance_0_returns_the_given_plan),
		cmocka_unit_test(the_curve_of_saving_never_rises),
		cmocka_unit_test(a_changed_calendar_leaves_the_other_weeks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
