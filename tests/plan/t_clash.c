/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Limits that no plan can keep together. */
#include "make.h"
#include "plan/clash.h"

static struct plan_profile usual(void)
{
	struct plan_profile q = {{0}, {false}};

	for (int i = 0; i < PLAN_P__MAX; i++)
		q.v[i] = plan_params[i].value[0];
	return q;
}

/* The only clash is of this kind and tier, says these figures, and names n parameters of which `first` is the first. */
static void clash_is(const struct plan_profile *q, enum plan_clash_kind kind, int tier, double asked, double left, size_t n, enum plan_param first)
{
	struct plan_clash c[PLAN_CLASHES_MOST];

	assert_int_equal(plan_clashes_of_profile(q, c), 1);
	assert_int_equal(c[0].kind, kind);
	assert_int_equal(c[0].tier, tier);
	assert_float_equal(c[0].asked, asked, 1e-9);
	assert_float_equal(c[0].left, left, 1e-9);
	assert_int_equal(c[0].n_params, n);
	assert_int_equal(c[0].param[0], first);
}

static void parameters_alone(void **state)
{
	struct plan_clash c[PLAN_CLASHES_MOST];
	struct plan_profile q = usual();

	(void)state;
	assert_int_equal(plan_clashes_of_profile(&q, c), 0);
	q.v[PLAN_P_min_calls] = 41;
	clash_is(&q, PLAN_CLASH_CALLS, 0, 41, 40, 2, PLAN_P_min_calls);
	q = usual();
	q.v[PLAN_P_service_gold] = 401; /* 480 less 30, 20 and 30 */
	clash_is(&q, PLAN_CLASH_VISIT_LONG, 1, 401, 400, 5, PLAN_P_service_gold);
	q = usual();
	q.v[PLAN_P_shift_minutes] = 80;
	clash_is(&q, PLAN_CLASH_DAY_EMPTY, 0, 80, 80, 4, PLAN_P_shift_minutes);
	q.v[PLAN_P_count_end_legs] = 1; /* whoever starts somewhere has 30 minutes more, for visits of 12 */
	assert_int_equal(plan_clashes_of_profile(&q, c), 0);
	q = usual();
	q.v[PLAN_P_work_weekdays] = 1; /* Mondays: once a week is all there is */
	q.v[PLAN_P_frequency_silver] = 5;
	clash_is(&q, PLAN_CLASH_GAP, 2, 5, 4, 3, PLAN_P_frequency_silver);
	q = usual();
	q.v[PLAN_P_gap_gold] = 8; /* weekly visits eight days apart */
	clash_is(&q, PLAN_CLASH_GAP, 1, 4, 3, 3, PLAN_P_frequency_gold);
	q = usual();
	q.v[PLAN_P_weeks] = 1; /* a single visit of the cycle is its own neighbour, whatever the gap */
	q.v[PLAN_P_gap_weekly] = 8;
	assert_int_equal(plan_clashes_of_profile(&q, c), 0);
}

static void needs_and_seats(void **state)
{
	struct bench *b = *state;
	struct plan_clash c[PLAN_CLASHES_MOST];

	assert_int_equal(plan_clashes_of_model(&b->m, c), 0);
	for (int i = 0; i < 2; i++)
		b->m.p.seats[i].days = 1;
	b->m.p.seats[0].max_calls = b->m.p.seats[1].max_calls = 4;
	assert_int_equal(plan_clashes_of_model(&b->m, c), 1);
	assert_int_equal(c[0].kind, PLAN_CLASH_CALLS_ALL);
	assert_float_equal(c[0].asked, 9, 0); /* eight needs, one of them twice */
	assert_float_equal(c[0].left, 8, 0);
	b->m.p.places[0].x = RT_NO_COORD; /* an outlet that no plan can have */
	assert_int_equal(plan_clashes_of_model(&b->m, c), 0);
	b->m.p.seats[0].shift = b->m.p.seats[1].shift = 2000;
	assert_int_equal(plan_clashes_of_model(&b->m, c), 1);
	assert_int_equal(c[0].kind, PLAN_CLASH_TIME);
	assert_float_equal(c[0].asked, 80, 0);
	b->m.p.seats[1].days = 0;
	assert_int_equal(plan_clashes_of_model(&b->m, c), 3);
	assert_int_equal(c[0].kind, PLAN_CLASH_IDLE);
	assert_float_equal(c[0].left, 1, 0);
}

static void clash_of_chain_is(const struct bench *b, enum plan_clash_kind kind, double asked, double left)
{
	struct plan_clash c[PLAN_CLASHES_MOST];

	assert_int_equal(plan_clashes_of_model(&b->m, c), 1);
	assert_int_equal(c[0].kind, kind);
	assert_int_equal(c[0].account, 9);
	assert_int_equal(c[0].n_params, 0);
	assert_float_equal(c[0].asked, asked, 0);
	assert_float_equal(c[0].left, left, 0);
}

/* Four stores of a chain, of which one is visited twice: each rule by itself leaves too little. */
static void rules_of_a_chain(void **state)
{
	struct bench *b = *state;
	struct rt_window early = {6 * 3600, 8 * 3600, 0};
	struct q_chain_blackouts closed = {9, b->anchor, b->anchor + 40, "stock taking"};
	struct plan_chain chain = {.account = 9};
	struct plan_clash c[PLAN_CLASHES_MOST];

	b->m.chains = (struct plan_chains){&chain, 1};
	b->m.today = b->anchor;
	for (int i = 4; i < 8; i++)
		b->m.needs[i].chain = &chain;
	assert_int_equal(plan_clashes_of_model(&b->m, c), 0);
	chain.gap = 20; /* what is asked for twice goes into four weeks once */
	b->m.p.needs[6].gap = 20;
	clash_of_chain_is(b, PLAN_CLASH_CHAIN_DAYS, 2, 1);
	chain.gap = 0;
	b->m.p.needs[6].gap = 10;
	chain.n_windows = 1; /* six to eight, and the shift begins later */
	b->m.p.windows = &early;
	for (int i = 4; i < 8; i++)
		b->m.p.needs[i].n_windows = 1;
	clash_of_chain_is(b, PLAN_CLASH_CHAIN_HOURS, 4, 0);
	early.to = 18 * 3600;
	early.from = 17 * 3600 + 3000; /* it may begin, and does not end within the shift */
	b->m.p.seats[0].shift_start = b->m.p.seats[1].shift_start = 9 * 3600;
	b->m.p.seats[0].shift = b->m.p.seats[1].shift = 9 * 3600;
	b->m.p.needs[4].service = 700;
	clash_of_chain_is(b, PLAN_CLASH_CHAIN_HOURS, 4, 3);
	chain.n_windows = 0;
	chain.most = 1;
	chain.most_of = 9;
	for (int i = 4; i < 8; i++)
		b->m.p.needs[i].days = 3; /* two days, two seats */
	b->m.p.needs[6].gap = 1;
	clash_of_chain_is(b, PLAN_CLASH_CHAIN_MOST, 5, 4);
	chain.most = 0;
	chain.blackouts = &closed;
	chain.n_blackouts = 1;
	clash_of_chain_is(b, PLAN_CLASH_CHAIN_DATES, 2, 0);
	b->m.today = b->anchor + 41;
	assert_int_equal(plan_clashes_of_model(&b->m, c), 0);
	assert_string_equal(plan_chain_closed(&chain, b->anchor + 40), "stock taking");
	assert_null(plan_chain_closed(&chain, b->anchor + 41));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(parameters_alone), cmocka_unit_test_setup_teardown(needs_and_seats, set_up, tear_down),
		cmocka_unit_test_setup_teardown(rules_of_a_chain, set_up, tear_down)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
