/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Time that people spend for other plans: on which days it falls, and that a run leaves it free. */
#include "make.h"
#include "plan/elsewhere.h"
#include "plan/optimize.h"
#include "plan/repeat.h"

static void a_tour_falls_on_its_dates_whatever_the_cycles(void **state)
{
	int64_t today = bp_date_of(2026, 12, 9);
	int32_t busy[PLAN_VISITS_DAYS] = {0};
	int days = 0;

	(void)state;
	plan_elsewhere_add(busy, today, today - 2, 28, 3, 600);  /* it began the day before yesterday */
	plan_elsewhere_add(busy, today, today + 30, 28, 0, 300); /* it is to begin */
	plan_elsewhere_add(busy, today, today - 700, 7, 1, 50);  /* long ago, each week */
	for (int i = 0; i < PLAN_VISITS_DAYS; i++) {
		assert_int_equal(busy[i], (i % 28 == 1 ? 600 : 0) + (i % 28 == 2 ? 300 : 0) + (i % 7 == 1 ? 50 : 0));
		days += busy[i] > 0;
	}
	assert_int_equal(days, 20);
}

/* All days of both are taken but for an hour of the rider's on two of them. */
static json_t *two_hours_left(void)
{
	json_t *list = json_array();

	for (int seat = RIDER; seat <= DRIVER; seat += DRIVER - RIDER)
		for (int d = 0; d < 28; d++)
			json_array_append_new(list, json_pack("[i,i,i]", seat, d, seat == RIDER && d == 2 ? 20400 : seat == RIDER && d == 15 ? 20400 : 30000));
	json_array_append_new(list, json_pack("[i,i,i]", 4711, 0, 600)); /* a seat that is gone since */
	json_array_append_new(list, json_pack("[i,i,i]", RIDER, 60, 600)); /* and a cycle that was longer */
	return list;
}

static void a_run_leaves_it_free(void **state)
{
	struct bench *b = *state;
	json_t *request = json_pack("{s:o,s:i,s:i}", "elsewhere", two_hours_left(), "iterations", 20000, "seed", 1);
	struct rt_solution s;
	int32_t n = 0, work[2] = {0};
	uint64_t hash;

	for (int i = 0; i < NEEDS; i++)
		b->m.p.needs[i].missed_price = 36000;
	hash = plan_input_hash(&b->m);
	plan_optimize_request(&b->m, request);
	json_decref(request);
	plan_optimize_given(&b->m, NULL, 0);
	assert_true(plan_input_hash(&b->m) != hash);
	rt_solution_init(&s);
	assert_int_equal(plan_optimize_solve(&b->m, &s, &b->fail), BP_E_OK);
	for (int32_t i = 0; i < s.n_visits; i++) {
		assert_int_equal(s.visits[i].seat, 0);
		assert_true(s.visits[i].day == 2 || s.visits[i].day == 15);
		work[s.visits[i].day == 15] += 600;
	}
	/* Five of ten minutes fill an hour with their ways; nine are asked for. */
	assert_true(s.n_visits >= 8 && work[0] <= 3600 && work[1] <= 3600);
	for (int32_t i = 0; i < s.n_unserved; i++)
		n += s.unserved[i].missing;
	assert_int_equal(n + s.n_visits, NEEDS + 1);
	/* The problem is as it was: what it costs is told by whole days. */
	assert_null(b->m.p.seat_day_shift);
	assert_int_equal(s.cost.overtime, 0);
	rt_solution_release(&s);
}

/* Where all that stands lies on a day that others take whole: how many of it are moved. */
static int moved_from_a_day_that_is_taken(struct bench *b, int32_t most)
{
	json_t *request = json_pack("{s:[[i,i,i]],s:i,s:i,s:i}", "elsewhere", RIDER, 0, 30000, "iterations", 20000, "seed", 1, "maxChanged", most);
	struct q_draft_stops rows[NEEDS];
	struct rt_solution s;
	int moved = 0, n = 0;

	for (int i = 0; i < NEEDS; i++) {
		b->m.p.needs[i].missed_price = 36000;
		if (101 + i != TWICE && 101 + i != FOREIGN)
			rows[n++] = (struct q_draft_stops){.need = 101 + i, .seat = RIDER, .day = 0, .pos = i};
	}
	if (most < 0)
		json_object_del(request, "maxChanged");
	plan_optimize_request(&b->m, request);
	json_decref(request);
	plan_optimize_given(&b->m, rows, (size_t)n);
	rt_solution_init(&s);
	assert_int_equal(plan_optimize_solve(&b->m, &s, &b->fail), BP_E_OK);
	for (int32_t i = 0; i < s.n_visits; i++)
		moved += s.visits[i].need < n && (s.visits[i].day != 0 || s.visits[i].seat != 0);
	rt_solution_release(&s);
	return moved;
}

static void few_changes_clear_no_day(void **state)
{
	assert_true(moved_from_a_day_that_is_taken(*state, 2) <= 2);
}

static void without_a_budget_what_others_take_is_cleared(void **state)
{
	assert_int_equal(moved_from_a_day_that_is_taken(*state, -1), 6);
}

static void the_simple_plan_leaves_it_free_too(void **state)
{
	struct bench *b = *state;
	json_t *list = two_hours_left();
	struct rt_solution s;

	plan_elsewhere_apply(&b->m, list);
	json_decref(list);
	rt_solution_init(&s);
	assert_int_equal(plan_optimize_simply(&b->m, &s, &b->fail), BP_E_OK);
	assert_true(s.n_visits > 0);
	for (int32_t i = 0; i < s.n_visits; i++)
		assert_true(s.visits[i].seat == 0 && (s.visits[i].day == 2 || s.visits[i].day == 15));
	rt_solution_release(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tour_falls_on_its_dates_whatever_the_cycles),
		cmocka_unit_test_setup_teardown(a_run_leaves_it_free, set_up, tear_down),
		cmocka_unit_test_setup_teardown(few_changes_clear_no_day, set_up, tear_down),
		cmocka_unit_test_setup_teardown(without_a_budget_what_others_take_is_cleared, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_simple_plan_leaves_it_free_too, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
