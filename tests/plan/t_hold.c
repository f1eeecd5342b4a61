/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a run leaves as it stands: pins, and all others where only some outlets may change. */
#include "make.h"
#include "plan/hold.h"

/* A tour begins and ends at its calls: a street on one day is spread over many, but for what is pinned. */
static void the_solver_keeps_pins(void **state)
{
	struct q_draft_pins pins[] = {{101, PLAN_HOLD_PERSON | PLAN_HOLD_DAYS}, {103, PLAN_HOLD_DAYS}, {105, PLAN_HOLD_PERSON}, {TWICE, PLAN_HOLD_DAYS}};
	struct bench *b = *state;
	struct q_draft_stops rows[NEEDS];
	struct rt_solution s;
	int moved = 0;

	for (int i = 0; i < NEEDS; i++) {
		b->m.p.needs[i].missed_price = 36000;
		rows[i] = (struct q_draft_stops){.need = 101 + i, .seat = RIDER, .day = 0};
	}
	/* Two visits of the last one, closer than it wants: they were put there by hand. */
	rows[7] = (struct q_draft_stops){.need = TWICE, .seat = RIDER, .day = 3};
	b->m.pins = pins;
	b->m.n_pins = 4;
	b->m.params.price_day = b->m.params.price_person = b->m.params.price_beat = 0;
	b->m.params.seconds = 0.3;
	b->m.params.max_changed = -1;
	plan_optimize_given(&b->m, rows, NEEDS);
	rt_solution_init(&s);
	assert_int_equal(plan_optimize_solve(&b->m, &s, &b->fail), BP_E_OK);
	for (int32_t i = 0; i < s.n_visits; i++) {
		const struct rt_visit *v = &s.visits[i];

		if (v->need == 0)
			assert_true(v->seat == 0 && v->day == 0);
		else if (v->need == 2)
			assert_int_equal(v->day, 0);
		else if (v->need == 4)
			assert_int_equal(v->seat, 0);
		else if (v->need == 6)
			assert_true(v->day == 0 || v->day == 3);
		else
			moved += v->day != 0;
	}
	assert_int_equal(plan_pins_unheld(&b->m, &s), 0);
	assert_true(moved > 2);
	/* What finds no room is told. */
	s.n_visits = 0;
	assert_int_equal(plan_pins_unheld(&b->m, &s), 4);
	rt_solution_release(&s);
}

/* Where the need is visited in the solution: a bit for each day. */
static uint64_t days_of(const struct rt_solution *s, int32_t need, int32_t seat)
{
	uint64_t days = 0;

	for (int32_t i = 0; i < s->n_visits; i++)
		if (s->visits[i].need == need && s->visits[i].seat == seat)
			days |= UINT64_C(1) << s->visits[i].day;
	return days;
}

/* A planner may override any rule: what was made so is neither lost nor refused where others are planned. */
static void what_may_not_change_stays_whatever_the_rules(void **state)
{
	static const int64_t only[] = {106, FOREIGN};
	const struct q_draft_stops rows[] = {{.need = 103, .seat = RIDER, .day = 0}, {.need = 101, .seat = RIDER, .day = 0, .pos = 1},
		{.need = 102, .seat = RIDER, .day = 0, .pos = 2}, {.need = TWICE, .seat = RIDER, .day = 1}, {.need = TWICE, .seat = RIDER, .day = 3},
		{.need = 104, .seat = RIDER, .day = 6}, {.need = 105, .seat = DRIVER, .day = 2}};
	struct bench *b = *state;
	struct rt_solution s;
	const struct rt_visit *v;
	int32_t n;

	for (int i = 0; i < NEEDS; i++)
		b->m.p.needs[i].missed_price = 36000;
	b->m.p.seats[0].max_calls = 2;                    /* day 0 has a call too many */
	b->m.p.needs[6].gap = 10;                         /* days 1 and 3 are too close */
	b->m.p.places[4].x = RT_NO_COORD;                 /* 105 was placed before its place was lost */
	assert_false(b->m.p.seats[0].days >> 6 & 1);      /* 104 stands on a Sunday */
	b->m.only = only;
	b->m.n_only = 2;
	b->m.params.seconds = 0.3;
	b->m.params.max_changed = -1;
	plan_optimize_given(&b->m, rows, sizeof(rows) / sizeof(*rows));
	rt_solution_init(&s);
	assert_int_equal(plan_optimize_solve(&b->m, &s, &b->fail), BP_E_OK);
	v = rt_solution_tour(&s, 0, 0, &n);
	assert_int_equal(n, 3);
	assert_true(v[0].need == 2 && v[1].need == 0 && v[2].need == 1);
	assert_int_equal(days_of(&s, 6, 0), 1 << 1 | 1 << 3);
	assert_int_equal(days_of(&s, 3, 0), 1 << 6);
	assert_int_equal(days_of(&s, 4, 1), 1 << 2);
	/* The chosen ones come in, and nobody is left out. */
	assert_int_equal(s.n_visits, 9);
	assert_int_equal(s.n_unserved, 0);
	assert_int_equal(s.cost.service, 9 * 600);
	/* The problem is as it was. */
	assert_int_equal(b->m.p.n_given, 7);
	assert_int_equal(b->m.p.needs[0].visits, 1);
	assert_null(b->m.p.seat_day_shift);
	rt_solution_release(&s);
}

/* Pinned to person and day on a tour that is too long: kept as well, and what is not visited stays told. */
static void pins_beyond_the_limits_stay(void **state)
{
	struct q_draft_pins pins[] = {{101, PLAN_HOLD_PERSON | PLAN_HOLD_DAYS}, {TWICE, PLAN_HOLD_PERSON | PLAN_HOLD_DAYS}};
	const struct q_draft_stops rows[] = {{.need = 101, .seat = RIDER, .day = 0}, {.need = TWICE, .seat = RIDER, .day = 0, .pos = 1}};
	struct bench *b = *state;
	struct rt_solution s;

	for (int i = 0; i < NEEDS; i++)
		b->m.p.needs[i].missed_price = 36000;
	b->m.p.seats[0].shift = 1000;
	b->m.pins = pins;
	b->m.n_pins = 2;
	b->m.params.seconds = 0.3;
	b->m.params.max_changed = -1;
	plan_optimize_given(&b->m, rows, 2);
	rt_solution_init(&s);
	assert_int_equal(plan_optimize_solve(&b->m, &s, &b->fail), BP_E_OK);
	assert_int_equal(days_of(&s, 0, 0), 1);
	assert_int_equal(days_of(&s, 6, 0), 1);
	assert_int_equal(plan_pins_unheld(&b->m, &s), 0);
	/* It wants two visits and was given one. */
	assert_int_equal(s.n_unserved, 1);
	assert_true(s.unserved[0].need == 6 && s.unserved[0].missing == 1);
	rt_solution_release(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_solver_keeps_pins, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_may_not_change_stays_whatever_the_rules, set_up, tear_down),
		cmocka_unit_test_setup_teardown(pins_beyond_the_limits_stay, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
