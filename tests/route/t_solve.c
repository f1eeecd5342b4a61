/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The solver as a whole: every plan passes the checker, budgets, reasons, warm starts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/route/run.h"

static int32_t reason(const struct rt_solution *s, int32_t need)
{
	for (int32_t i = 0; i < s->n_unserved; i++)
		if (s->unserved[i].need == need)
			return s->unserved[i].reason;
	return RT_SERVED;
}

static void same_input_and_seed_give_the_same_plan_on_two_threads(void **unused)
{
	struct rt_params a = params(3000);
	struct rt_solution one, two, again;
	struct town t;

	(void)unused;
	/* Large enough for several parts. */
	town_init(&t, 9000, 14, 4, 5);
	solve(&t, &a, &one);
	solve(&t, &a, &again);
	a.threads = 2;
	solve(&t, &a, &two);
	assert_int_equal(one.plan_hash, again.plan_hash);
	assert_int_equal(one.plan_hash, two.plan_hash);
	assert_int_equal(one.iterations, two.iterations);
	a.seed = 2;
	rt_solution_release(&two);
	solve(&t, &a, &two);
	assert_int_not_equal(one.plan_hash, two.plan_hash);
	rt_solution_release(&one);
	rt_solution_release(&two);
	rt_solution_release(&again);
	town_release(&t);
}

static bool cancel(void *ctx, const struct rt_progress *p)
{
	*(double *)ctx = p->seconds;
	return false;
}

static void wall_budget_and_cancel_are_obeyed(void **unused)
{
	struct rt_params a = params(0);
	struct rt_solution s;
	struct town t;
	double t0 = wall(), at = 0;

	(void)unused;
	town_init(&t, 400, 2, 4, 5);
	a.seconds = 1;
	solve(&t, &a, &s);
	assert_true(wall() - t0 < 3);
	assert_true(s.iterations > 100);
	rt_solution_release(&s);
	a.seconds = 30;
	a.progress = cancel;
	a.progress_ctx = &at;
	t0 = wall();
	solve(&t, &a, &s);
	assert_true(at > 0.4 && wall() - t0 - at < 2);
	assert_true(s.n_visits > 0);
	rt_solution_release(&s);
	town_release(&t);
}

/* Told to stop before there is anything: a complete plan with nothing in it, and a reason for all. */
static void a_stop_before_the_first_plan_gives_reasons(void **unused)
{
	struct rt_params a = params(0);
	struct rt_solution s;
	atomic_int stop = 1;
	struct town t;

	(void)unused;
	town_init(&t, 3000, 4, 4, 5);
	a.stop = &stop;
	solve(&t, &a, &s); /* checked inside */
	assert_int_equal(s.n_visits, 0);
	assert_int_equal(s.n_unserved, 3000);
	for (int32_t i = 0; i < s.n_unserved; i++)
		assert_int_not_equal(s.unserved[i].reason, RT_SERVED);
	rt_solution_release(&s);
	town_release(&t);
}

/* More unserved needs than can be asked in the time that the budget leaves: the rest is told quickly. */
static void every_reason_is_told_in_time(void **unused)
{
	struct rt_params a = params(0);
	struct rt_solution s;
	struct town t;

	(void)unused;
	town_init(&t, 20000, 1, 4, 5);
	t.p.seats[0].max_calls = 12;
	a.seconds = 2;
	solve(&t, &a, &s);
	assert_int_equal(s.n_unserved, 20000 - s.n_visits);
	for (int32_t i = 0; i < s.n_unserved; i++)
		assert_int_not_equal(s.unserved[i].reason, RT_SERVED);
	rt_solution_release(&s);
	town_release(&t);
}

struct heard {
	double last, most;
	int32_t times, stop_at;
};

static bool listen(void *ctx, const struct rt_progress *p)
{
	struct heard *h = ctx;

	h->most = p->seconds - h->last > h->most ? p->seconds - h->last : h->most;
	h->last = p->seconds;
	return ++h->times != h->stop_at;
}

/* The drive for fewer tours and the search after it both tell of their progress, and stop when told. */
static void fewer_tours_tell_of_progress(void **unused)
{
	struct rt_params a = params(0);
	struct heard h = {0}, cut = {.stop_at = 1};
	struct rt_solution s;
	struct town t;
	double t0;

	(void)unused;
	town_init(&t, 300, 40, 1, 6);
	t.p.days_per_week = 1;
	t.p.same_seat = false;
	a.minimise_fleet = true;
	a.seconds = 2;
	a.progress = listen;
	a.progress_ctx = &h;
	solve(&t, &a, &s);
	assert_in_range(h.times, 2, 4);
	assert_true(h.most < 0.8);
	rt_solution_release(&s);
	a.seconds = 30;
	a.progress_ctx = &cut;
	t0 = wall();
	solve(&t, &a, &s);
	assert_true(cut.last > 0.4 && cut.last < 2 && wall() - t0 - cut.last < 0.5);
	assert_int_equal(s.n_unserved, 0);
	rt_solution_release(&s);
	town_release(&t);
}

static void odd_sizes_come_out_as_plans_with_reasons(void **unused)
{
	struct rt_params a = params(200);
	struct rt_solution s;
	struct town t;

	(void)unused;
	town_init(&t, 0, 1, 4, 1); /* no outlet */
	solve(&t, &a, &s);
	assert_int_equal(s.n_visits + s.n_unserved, 0);
	rt_solution_release(&s);
	town_release(&t);

	town_init(&t, 1, 1, 4, 1); /* one outlet */
	solve(&t, &a, &s);
	assert_int_equal(s.n_visits, 1);
	rt_solution_release(&s);
	town_release(&t);

	town_init(&t, 3, 0, 4, 1); /* no seat */
	solve(&t, &a, &s);
	assert_int_equal(reason(&s, 2), RT_NO_SEAT_IN_REACH);
	rt_solution_release(&s);
	town_release(&t);

	town_init(&t, 60, 1, 1, 1); /* all on one point */
	for (int32_t i = 0; i <= 60; i++)
		t.p.places[i] = t.p.places[0];
	solve(&t, &a, &s);
	assert_int_equal(s.n_visits, 60);
	rt_solution_release(&s);
	town_release(&t);
}

static void every_reason_is_told(void **unused)
{
	struct rt_params a = params(500);
	struct rt_solution s;
	struct town t;

	(void)unused;
	town_init(&t, 12, 1, 1, 1);
	t.p.places[0].x = RT_NO_COORD;
	t.p.places[1].y = 40000000; /* a month on the road */
	t.p.needs[2].days = 0;
	t.p.needs[3].visits = 6; /* more than the cycle has days */
	t.p.needs[4].skills = 1;
	t.p.windows[0] = (struct rt_window){0, 3600, 0};
	t.p.n_windows = 1;
	t.p.needs[5].n_windows = 1;
	t.p.needs[6].demand = 100;
	t.p.seats[0].capacity = 50;
	t.p.needs[7].flags = 0;
	t.p.needs[7].missed_price = 0;
	solve(&t, &a, &s);
	assert_int_equal(reason(&s, 0), RT_NO_COORDINATES);
	assert_int_equal(reason(&s, 1), RT_NO_SEAT_IN_REACH);
	assert_int_equal(reason(&s, 2), RT_CLOSED_DAYS);
	assert_int_equal(reason(&s, 3), RT_PATTERN_TOO_LONG);
	assert_int_equal(reason(&s, 4), RT_NO_SEAT_IN_REACH);
	assert_int_equal(reason(&s, 5), RT_WINDOW);
	assert_int_equal(reason(&s, 6), RT_CAPACITY_LOAD);
	assert_int_equal(reason(&s, 7), RT_NOT_WORTH_IT);
	assert_int_equal(reason(&s, 8), RT_SERVED);
	rt_solution_release(&s);
	town_release(&t);

	town_init(&t, 60, 1, 1, 1);
	t.p.seats[0].max_calls = 5;
	solve(&t, &a, &s);
	assert_int_equal(s.n_visits, 25);
	assert_int_equal(s.unserved[0].reason, RT_CAPACITY_CALLS);
	rt_solution_release(&s);
	t.p.seats[0].max_calls = 0;
	t.p.seats[0].shift = 3600;
	solve(&t, &a, &s);
	assert_int_equal(s.unserved[0].reason, RT_CAPACITY_TIME);
	rt_solution_release(&s);
	town_release(&t);
}

/* 300 shops within 400 m, ten on one pin: never more than 40 calls a day. */
static void calls_per_day_are_never_passed(void **unused)
{
	struct rt_params a = params(3000);
	struct rt_solution s;
	struct town t;
	int32_t most = 0;

	(void)unused;
	town_init(&t, 300, 2, 1, 8);
	for (int32_t i = 0; i <= 300; i++) {
		t.p.places[i].x = 77590000 + (t.p.places[i].x - 77590000) / 8;
		t.p.places[i].y = 12970000 + (t.p.places[i].y - 12970000) / 8;
		if (i < 10)
			t.p.places[i] = t.p.places[0];
	}
	for (int32_t i = 0; i < 300; i++)
		t.p.needs[i].service = 60;
	t.p.seats[0].max_calls = t.p.seats[1].max_calls = 40;
	solve(&t, &a, &s);
	assert_int_equal(s.n_visits, 300);
	for (int32_t i = 0; i < s.n_visits; i++)
		most = s.visits[i].position > most ? s.visits[i].position : most;
	assert_true(most < 40);
	rt_solution_release(&s);
	town_release(&t);
}

/* 400 outlets of F12 and one person: how many are needed?  Service alone: 400 x 12 x 6 min of 400. */
static void coverage_tells_how_many_people(void **unused)
{
	struct rt_params a = params(6000);
	struct rt_solution s;
	struct bp_fail f = {0};
	struct town t;
	int32_t extra;

	(void)unused;
	town_init(&t, 400, 1, 4, 9);
	for (int32_t i = 0; i < 400; i++) {
		t.p.needs[i].visits = 12;
		t.p.needs[i].service = 480;
	}
	t.p.seats[0].max_calls = 40;
	rt_solution_init(&s);
	assert_int_equal(rt_seats_for_coverage(&t.p, &a, 0, 950, &extra, &s, &f), BP_E_OK);
	assert_in_range(extra, 4, 8);
	rt_solution_release(&s);
	town_release(&t);
}

static void disturbance_budget_is_never_passed(void **unused)
{
	struct rt_params a = params(2000);
	struct rt_solution s, again;
	struct rt_cost curve[4];
	struct bp_fail f = {0};
	int32_t budgets[4] = {0, 10, 40, 200};
	struct town t;

	(void)unused;
	town_init(&t, 400, 3, 4, 12);
	for (int32_t i = 0; i < 400; i += 2)
		t.p.needs[i].visits = 2, t.p.needs[i].gap = 10;
	solve(&t, &a, &s);
	town_give(&t, &s);
	a.max_changed = 0;
	solve(&t, &a, &again);
	assert_int_equal(again.plan_hash, s.plan_hash);
	rt_solution_release(&again);
	a.price_day = a.price_person = a.price_beat = 0;
	a.iterations = 20000;
	a.max_changed = 40;
	solve(&t, &a, &again);
	assert_true(again.cost.changed <= 40);
	assert_true(again.cost.total <= s.cost.total);
	rt_solution_release(&again);
	a.iterations = 5000;
	assert_int_equal(rt_disturbance_curve(&t.p, &a, budgets, 4, curve, &f), BP_E_OK);
	for (int i = 0; i < 4; i++)
		assert_true(curve[i].changed <= budgets[i]);
	for (int i = 1; i < 4; i++)
		assert_true(curve[i].total <= curve[i - 1].total);
	rt_solution_release(&s);
	town_release(&t);
}

static void frozen_needs_stay(void **unused)
{
	struct rt_params a = params(3000);
	struct rt_solution s, again;
	struct town t;

	(void)unused;
	town_init(&t, 200, 2, 4, 13);
	solve(&t, &a, &s);
	town_give(&t, &s);
	for (int32_t i = 0; i < 100; i++)
		t.p.needs[i].flags |= RT_FROZEN;
	a.price_day = a.price_person = a.price_beat = 0;
	a.seed = 4;
	solve(&t, &a, &again); /* the checker inside would refuse a moved one */
	rt_solution_release(&s);
	rt_solution_release(&again);
	town_release(&t);
}

/* Two product lines, two distributors, one shared representative. */
static void lines_are_planned_apart_by_a_shared_seat(void **unused)
{
	struct rt_params a = params(3000);
	struct rt_solution s;
	struct town t;

	(void)unused;
	town_init(&t, 80, 3, 2, 14);
	/* Needs 40..79 are the second line at the same outlets. */
	t.p.n_seat_sets = 2;
	t.p.seat_set_off = (int32_t[]){0, 2, 4};
	t.p.seat_set = (int32_t[]){0, 1, 1, 2};
	for (int32_t i = 0; i < 80; i++) {
		t.p.needs[i].place = i % 40;
		t.p.needs[i].seat_set = i / 40;
		t.p.needs[i].visits = i < 40 ? 2 : 1;
		t.p.needs[i].gap = i < 40 ? 5 : 10;
	}
	solve(&t, &a, &s);
	assert_int_equal(s.n_visits, 120);
	for (int32_t i = 0; i < s.n_visits; i++)
		assert_int_not_equal(s.visits[i].seat, s.visits[i].need < 40 ? 2 : 0);
	rt_solution_release(&s);
	town_release(&t);
}

static void balance_is_kept_within_the_tolerance(void **unused)
{
	struct rt_params a = params(20000);
	struct rt_solution s;
	struct town t;

	(void)unused;
	town_init(&t, 500, 4, 1, 15);
	a.balance_tolerance = 20;
	a.balance_permille = 3000;
	solve(&t, &a, &s);
	assert_true(s.cost.balance_pct < 5);
	assert_int_equal(s.n_unserved, 0);
	rt_solution_release(&s);
	town_release(&t);
}

/* What is offered can be had: each shown alternative, executed, costs what was said. */
static void alternatives_hold_their_price(void **unused)
{
	struct rt_params a = params(5000);
	struct rt_solution s;
	struct rt_option o[5];
	struct town t;
	int32_t shown = 0;

	(void)unused;
	town_init(&t, 150, 2, 1, 16);
	solve(&t, &a, &s);
	for (int32_t i = 0; i < s.n_visits; i += 40) {
		int32_t n = rt_alternatives(&t.p, &a, &s, i, o, 5);

		for (int32_t k = 0; k < n; k++, shown++) {
			assert_int_equal(o[k].price.broken, 0);
			assert_false(o[k].seat == s.visits[i].seat && o[k].day == s.visits[i].day);
			assert_true(k == 0 || o[k - 1].cost <= o[k].cost);
		}
	}
	assert_true(shown > 10);
	rt_solution_release(&s);
	town_release(&t);
}

/* Two days of six calls, and then no more than five may be: a seventh breaks the rule as a first one too many would. */
static void what_is_broken_already_breaks_further(void **unused)
{
	struct rt_params a = params(2000);
	struct rt_solution s;
	struct rt_price price;
	struct town t;

	(void)unused;
	town_init(&t, 12, 1, 1, 17);
	t.p.seats[0].max_calls = 6;
	t.p.seats[0].days = 3;
	solve(&t, &a, &s);
	assert_int_equal(s.n_visits, 12);
	t.p.seats[0].max_calls = 5;
	t.p.seats[0].days = 7;
	rt_price_move(&t.p, &a, &s, 0, 0, 1 - s.visits[0].day, RT_NONE, &price);
	assert_int_equal(price.broken, RT_BROKEN_CALLS);
	rt_price_move(&t.p, &a, &s, 0, 0, 2, RT_NONE, &price);
	assert_int_equal(price.broken, 0);
	rt_solution_release(&s);
	town_release(&t);
}

static void the_smallest_relaxation_is_found(void **unused)
{
	struct rt_params a = params(2000);
	struct rt_solution s;
	struct rt_relax r;
	struct town t;

	(void)unused;
	town_init(&t, 30, 1, 1, 17);
	t.p.seats[0].max_calls = 5;
	t.p.needs[29].missed_price = 0;
	solve(&t, &a, &s);
	assert_int_equal(s.unserved[s.n_unserved - 1].need, 29);
	rt_relax(&t.p, &a, &s, 29, &r);
	assert_int_equal(r.kind, RT_RELAX_CALLS);
	assert_int_equal(r.amount, 1);
	rt_solution_release(&s);
	town_release(&t);
	town_init(&t, 3, 1, 1, 17);
	t.p.places[2].x = RT_NO_COORD;
	solve(&t, &a, &s);
	rt_relax(&t.p, &a, &s, 2, &r);
	assert_int_equal(r.kind, RT_RELAX_COORD);
	rt_solution_release(&s);
	town_release(&t);
}

/* One seat, one day, ten outlets of which six belong to a chain that receives two visits from a seat and day. */
static void no_tour_has_more_of_a_chain_than_may_be(void **unused)
{
	struct rt_params a = params(2000);
	struct rt_verdict v;
	struct rt_solution s;
	struct rt_relax r;
	struct town t;
	int32_t most = 2, missing[2] = {0};

	(void)unused;
	town_init(&t, 10, 1, 1, 17);
	t.p.seats[0].days = 1;
	t.p.n_chains = 1;
	t.p.chain_most = &most;
	for (int32_t i = 0; i < 6; i++)
		t.p.needs[i].chain = 1;
	solve(&t, &a, &s);
	for (int32_t i = 0; i < s.n_unserved; i++) {
		missing[s.unserved[i].need < 6]++;
		assert_int_equal(s.unserved[i].reason, RT_CAPACITY_CHAIN);
	}
	assert_int_equal(missing[1], 4);
	assert_int_equal(missing[0], 0);
	rt_relax(&t.p, &a, &s, s.unserved[0].need, &r);
	assert_int_equal(r.kind, RT_RELAX_CHAIN);
	assert_int_equal(r.amount, 1);
	most = 1;
	assert_int_equal(rt_check(&t.p, &a, &s, &v, NULL), BP_E_OK);
	assert_int_equal(v.broken, RT_BROKEN_CHAIN);
	rt_solution_release(&s);
	most = 0;
	rt_solution_init(&s);
	assert_int_equal(rt_solve(&t.p, &a, &s, NULL), BP_E_OPT_INPUT);
	most = 2;
	assert_int_equal(rt_fallback(&t.p, &a, &s, NULL), BP_E_OK);
	assert_int_equal(s.n_visits, 6);
	rt_solution_release(&s);
	town_release(&t);
}

/* The same at a price: paid where it is less than a visit is worth, and told. */
static void more_of_a_chain_may_be_had_for_a_price(void **unused)
{
	struct rt_params a = params(2000);
	struct rt_verdict v;
	struct rt_solution s;
	struct rt_price move;
	struct town t;
	int32_t most = 2, price = 5000;

	(void)unused;
	town_init(&t, 10, 1, 1, 17);
	t.p.seats[0].days = 3;
	t.p.n_chains = 1;
	t.p.chain_most = &most;
	t.p.chain_price = &price;
	for (int32_t i = 0; i < 6; i++)
		t.p.needs[i].chain = 1;
	solve(&t, &a, &s);
	assert_int_equal(s.n_unserved, 0);
	assert_int_equal(s.cost.crowded, 2 * 5000); /* three on each of the two days, or four and two */
	for (int32_t i = 0; i < s.n_visits; i++) {
		struct rt_verdict then;
		struct rt_solution other;
		struct rt_option there = {.seat = 0, .day = 1 - s.visits[i].day, .days = (uint64_t)2 >> s.visits[i].day};

		rt_solution_init(&other);
		rt_option_alone(&t.p, &a, &s, i, &there, &move, &other);
		assert_int_equal(rt_check(&t.p, &a, &other, &then, NULL), BP_E_OK);
		assert_int_equal(then.cost.crowded, s.cost.crowded + move.crowded);
		assert_int_equal(then.cost.total, s.cost.total + move.total);
		rt_solution_release(&other);
	}
	rt_solution_release(&s);
	price = 20000; /* a missed visit costs 14400 */
	solve(&t, &a, &s);
	assert_int_equal(s.n_unserved, 2);
	assert_int_equal(s.unserved[0].reason, RT_NOT_WORTH_IT);
	assert_int_equal(rt_check(&t.p, &a, &s, &v, NULL), BP_E_OK);
	assert_int_equal(v.cost.crowded, 0);
	price = -1;
	assert_int_equal(rt_check(&t.p, &a, &s, &v, NULL), BP_E_OPT_INPUT);
	rt_solution_release(&s);
	town_release(&t);
}

/* A closed day and full tours: neither rule alone would do. */
static void two_rules_give_way_together(void **unused)
{
	struct rt_params a = params(2000);
	struct rt_solution s;
	struct rt_relax r;
	struct town t;

	(void)unused;
	town_init(&t, 31, 1, 1, 17);
	t.p.seats[0].max_calls = 6;
	t.p.seats[0].days = 3; /* two days of six calls for thirty outlets */
	t.p.needs[30].days = 4;
	t.p.needs[30].missed_price = 0;
	solve(&t, &a, &s);
	rt_relax(&t.p, &a, &s, 30, &r);
	assert_int_equal(r.kind, RT_RELAX_CALLS);
	assert_int_equal(r.amount, 1);
	assert_int_equal(r.kind2, RT_RELAX_DAY);
	assert_in_range(r.day, 0, 1);
	rt_solution_release(&s);
	town_release(&t);
}

/* One more person, one more day: what they save is counted by solving with and without. */
static void one_more_person_and_one_more_day_have_a_worth(void **unused)
{
	struct rt_params a = params(5000);
	struct rt_solution s;
	struct rt_worth w;
	struct bp_fail f = {0};
	struct town t;

	(void)unused;
	town_init(&t, 200, 1, 1, 19);
	t.p.seats[0].days = 15; /* Fridays off */
	solve(&t, &a, &s);
	assert_true(s.n_unserved > 50);
	assert_int_equal(rt_price_seat(&t.p, &a, &s, 0, &w, &f), BP_E_OK);
	assert_true(w.served_with - w.served_without > 40);
	assert_int_equal(w.gain, w.without.total - w.with.total);
	assert_true(w.gain > 40 * 10000); /* 14,400 for a missed visit, less the way there */
	assert_int_equal(rt_price_day(&t.p, &a, &s, 0, 4, &w, &f), BP_E_OK);
	assert_in_range(w.served_with - w.served_without, 20, 35);
	assert_int_equal(rt_price_day(&t.p, &a, &s, 0, 2, &w, &f), BP_E_OPT_INPUT);
	f = (struct bp_fail){0};
	assert_int_equal(rt_price_day(&t.p, &a, &s, 0, 5, &w, &f), BP_E_OPT_INPUT);
	f = (struct bp_fail){0};
	assert_int_equal(rt_price_seat(&t.p, &a, &s, 1, &w, &f), BP_E_OPT_INPUT);
	assert_non_null(strstr(f.detail, "no seat 1"));
	rt_solution_release(&s);
	town_release(&t);
}

/* More pins than a tour has calls: as many as fit, the others with their reason. */
static void more_pins_than_room_are_told(void **unused)
{
	struct rt_params a = params(1000);
	struct rt_solution s;
	struct bp_fail f = {0};
	struct town t;

	(void)unused;
	town_init(&t, 12, 1, 1, 20);
	t.p.seats[0].max_calls = 5;
	for (int32_t i = 0; i < 12; i++)
		t.p.needs[i].days = 1;
	solve(&t, &a, &s);
	assert_int_equal(s.n_visits, 5);
	assert_int_equal(s.n_unserved, 7);
	for (int32_t i = 0; i < 7; i++)
		assert_int_equal(s.unserved[i].reason, RT_CAPACITY_CALLS);
	rt_solution_release(&s);
	/* Frozen there by a plan that breaks the rule: said at once, with the outlet. */
	t.p.n_given = 12;
	t.p.given = bp_alloc_array(&t.arena, 12, sizeof(*t.p.given));
	for (int32_t i = 0; i < 12; i++) {
		t.p.given[i] = (struct rt_given){i, 0, 0, i};
		t.p.needs[i].flags |= RT_FROZEN;
	}
	assert_int_equal(rt_solve(&t.p, &a, &s, &f), BP_E_OPT_INPUT);
	assert_non_null(strstr(f.detail, "need 105 is frozen"));
	rt_solution_release(&s);
	town_release(&t);
}

static void the_checker_sees_what_is_wrong(void **unused)
{
	struct rt_params a = params(500);
	struct rt_solution s;
	struct rt_verdict v;
	struct bp_fail f = {0};
	struct town t;

	(void)unused;
	town_init(&t, 20, 2, 4, 18);
	for (int32_t i = 0; i < 20; i++)
		t.p.needs[i].visits = 2, t.p.needs[i].gap = 10;
	solve(&t, &a, &s);
	s.visits[0].need = s.visits[1].need;
	rt_check(&t.p, &a, &s, &v, &f);
	assert_true(v.broken & RT_BROKEN_PATTERN);
	assert_true(v.broken & RT_BROKEN_LISTS);
	rt_solution_release(&s);
	solve(&t, &a, &s);
	s.n_visits--;
	rt_check(&t.p, &a, &s, &v, &f);
	assert_int_equal(v.broken, RT_BROKEN_LISTS);
	s.visits[0].seat = 99;
	assert_int_equal(rt_check(&t.p, &a, &s, &v, &f), BP_E_OPT_INPUT);
	rt_solution_release(&s);
	town_release(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_input_and_seed_give_the_same_plan_on_two_threads),
		cmocka_unit_test(wall_budget_and_cancel_are_obeyed),
		cmocka_unit_test(a_stop_before_the_first_plan_gives_reasons),
		cmocka_unit_test(every_reason_is_told_in_time),
		cmocka_unit_test(fewer_tours_tell_of_progress),
		cmocka_unit_test(odd_sizes_come_out_as_plans_with_reasons),
		cmocka_unit_test(every_reason_is_told),
		cmocka_unit_test(calls_per_day_are_never_passed),
		cmocka_unit_test(coverage_tells_how_many_people),
		cmocka_unit_test(disturbance_budget_is_never_passed),
		cmocka_unit_test(frozen_needs_stay),
		cmocka_unit_test(lines_are_planned_apart_by_a_shared_seat),
		cmocka_unit_test(balance_is_kept_within_the_tolerance),
		cmocka_unit_test(alternatives_hold_their_price),
		cmocka_unit_test(the_smallest_relaxation_is_found),
		cmocka_unit_test(what_is_broken_already_breaks_further), cmocka_unit_test(two_rules_give_way_together), cmocka_unit_test(no_tour_has_more_of_a_chain_than_may_be),
		cmocka_unit_test(more_of_a_chain_may_be_had_for_a_price),
		cmocka_unit_test(one_more_person_and_one_more_day_have_a_worth),
		cmocka_unit_test(more_pins_than_room_are_told),
		cmocka_unit_test(the_checker_sees_what_is_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
