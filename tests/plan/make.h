/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_TESTS_PLAN_MAKE_H
#define BP_TESTS_PLAN_MAKE_H
/*
 * A small plan by hand: two seats, eight needs 556 metres apart on a meridian, a
 * cycle of four weeks from a Monday, Sundays off.  No database.
 */
#include "../base/test.h"
#include "base/time.h"
#include "plan/op.h"
#include "plan/review.h"

enum { RIDER = 10, DRIVER = 20, NEEDS = 8, TWICE = 107, FOREIGN = 108, ALL_DATES = 112 };

struct bench {
	struct bp_arena arena;
	struct plan_model m;
	struct plan_draft d;
	int64_t anchor; /* Monday 2026-12-07: the second cycle begins in 2027 */
	struct plan_impact impact;
	struct bp_fail fail;
	bool blocked;
};

static inline void bench_init(struct bench *b)
{
	static const struct q_plan_seat_partners partners[] = {{RIDER, 5}, {DRIVER, 5}, {DRIVER, 7}};
	struct plan_model *m = &b->m;
	uint64_t days = 0;

	memset(b, 0, sizeof(*b));
	bp_arena_init(&b->arena, (size_t)1 << 26);
	b->anchor = bp_date_of(2026, 12, 7);
	b->d.m = m;
	m->arena = &b->arena;
	m->plan = (struct q_plan_get){.id = 1, .anchor = b->anchor, .weeks = 4};
	m->days = 28;
	for (int i = 0; i < 28; i++)
		if (i % 7 != 6)
			days |= UINT64_C(1) << i;
	m->n_seats = 2;
	m->seats = bp_alloc_array(&b->arena, 2, sizeof(*m->seats));
	m->seats[0].id = RIDER;
	m->seats[1].id = DRIVER;
	m->n_seat_partners = 3;
	m->seat_partners = bp_alloc_array(&b->arena, 3, sizeof(*partners));
	memcpy(m->seat_partners, partners, sizeof(partners));
	m->n_needs = NEEDS;
	m->needs = bp_alloc_array(&b->arena, NEEDS, sizeof(*m->needs));
	m->p = (struct rt_problem){.weeks = 4, .days_per_week = 7, .metric = RT_GEO, .same_seat = true, .n_places = NEEDS,
		.n_needs = NEEDS, .n_seats = 2, .n_profiles = 2};
	m->p.places = bp_alloc_array(&b->arena, NEEDS, sizeof(*m->p.places));
	m->p.needs = bp_alloc_array(&b->arena, NEEDS, sizeof(*m->p.needs));
	m->p.seats = bp_alloc_array(&b->arena, 2, sizeof(*m->p.seats));
	m->p.profiles = bp_alloc_array(&b->arena, 2, sizeof(*m->p.profiles));
	for (int i = 0; i < NEEDS; i++) {
		int64_t id = 101 + i;
		int visits = id == TWICE ? 2 : 1;

		m->needs[i] = (struct plan_need){id, id, BP_SOME_INT(id == FOREIGN ? 7 : 5), BP_NO_INT, 1, visits, NULL, {0}};
		m->p.places[i] = (struct rt_place){73850000, 18520000 + 5000 * i, RT_URBAN};
		m->p.needs[i] = (struct rt_need){.id = (uint64_t)id, .place = i, .service = 600, .visits = visits,
			.gap = visits == 2 ? 10 : 20, .days = days, .pattern_set = RT_NONE, .seat_set = RT_NONE, .day_value = RT_NONE};
	}
	for (int i = 0; i < 2; i++)
		m->p.seats[i] = (struct rt_seat){.id = (uint64_t)m->seats[i].id, .start = RT_NONE, .end = RT_NONE, .days = days,
			.shift_start = 33600, .shift = 24000, .max_calls = 40, .profile = i};
	m->p.profiles[0] = rt_profile_default(RT_TWO_WHEELER);
	m->p.profiles[1] = rt_profile_default(RT_CAR);
	rt_params_default(&m->params);
}

static inline int set_up(void **state)
{
	bench_init(*state = bp_xcalloc(1, sizeof(struct bench)));
	return 0;
}

static inline int tear_down(void **state)
{
	struct bench *b = *state;

	bp_arena_release(&b->arena);
	free(b);
	return 0;
}

/* A standing stop as it comes out of the tables. */
static inline void stand(struct bench *b, int64_t need, int64_t seat, int day, int pos)
{
	plan_draft_add(&b->d, &(struct plan_stop){.need = need, .seat = seat, .day = day, .pos = pos});
}

/* Needs 101.. on the rider's first day, in this order. */
static inline void stand_row(struct bench *b, int n)
{
	for (int i = 0; i < n; i++)
		stand(b, 101 + i, RIDER, 0, i);
}

/* Prices and applies; what it says is in the bench. */
static inline enum bp_error apply(struct bench *b, const struct plan_op *op)
{
	struct plan_tour_key *keys = bp_alloc_array(&b->arena, plan_op_tours_room(op), sizeof(*keys));
	enum bp_error e;
	size_t n;

	b->impact = (struct plan_impact){.price = bp_alloc(&b->arena, sizeof(struct plan_price))};
	b->blocked = false;
	bp_fail_clear(&b->fail);
	e = plan_op_tours(&b->d, op, keys, &n, &b->fail);
	return e ? e : plan_op_apply(&b->d, op, keys, n, &b->impact, &b->blocked, &b->fail);
}

/* Dates are days after the anchor from here on; seat and pos below 0: not given. */
static inline enum bp_error move(struct bench *b, int64_t need, int from, int to, int64_t seat, int pos, const char *reach)
{
	struct plan_op_visit v = {need, b->anchor + from};
	struct plan_op op = {.kind = "move", .reach = reach, .visits = {&v, 1}, .date = BP_SOME_INT(b->anchor + to),
		.seat = {seat, seat >= 0}, .pos = {pos, pos >= 0}};

	return apply(b, &op);
}

static inline enum bp_error removal(struct bench *b, int64_t need, int date, const char *reach)
{
	struct plan_op_visit v = {need, b->anchor + date};
	struct plan_op op = {.kind = "remove", .reach = reach, .visits = {&v, 1}};

	return apply(b, &op);
}

static inline enum bp_error place(struct bench *b, int64_t need, int64_t seat, int date, int pos, const char *reach)
{
	struct plan_op op = {.kind = "place", .reach = reach, .need = BP_SOME_INT(need), .seat = BP_SOME_INT(seat),
		.date = BP_SOME_INT(b->anchor + date), .pos = {pos, pos >= 0}};

	return apply(b, &op);
}

/* The dates of a need's visits in four cycles, unfolded day by day, are these and no others; ends with -1. */
static inline void dates_are(struct bench *b, int64_t need, const int *want)
{
	for (int t = 0; t < ALL_DATES; t++) {
		bool here = plan_draft_find(&b->d, need, b->anchor + t) >= 0, wanted = false;

		for (int i = 0; want[i] >= 0; i++)
			wanted |= want[i] == t;
		if (here != wanted)
			fail_msg("need %d: %s visit on day %d", (int)need, here ? "a" : "no", t);
	}
}
#define DATES_ARE(b, need, ...) dates_are(b, need, (const int[]){__VA_ARGS__, -1})

/* The tour of a seat on a date is these needs in this order; ends with 0. */
static inline void tour_is(struct bench *b, int64_t seat, int date, const int64_t *want)
{
	size_t tour[256], n = plan_draft_tour(&b->d, seat, b->anchor + date, tour), k = 0;

	while (want[k])
		k++;
	assert_int_equal(n, k);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(b->d.stops[tour[i]].need, want[i]);
	for (size_t i = 1; i < n; i++)
		assert_true(b->d.stops[tour[i - 1]].pos < b->d.stops[tour[i]].pos);
}
#define TOUR_IS(b, seat, date, ...) tour_is(b, seat, date, (const int64_t[]){__VA_ARGS__, 0})

/* The finding of that rule, NULL when there is none. */
static inline const struct plan_broken *finding(const struct bench *b, const char *rule)
{
	const struct plan_broken *v = b->impact.broken.v;

	for (size_t i = 0; i < b->impact.broken.n; i++)
		if (!strcmp(v[i].rule, rule))
			return &v[i];
	return NULL;
}

#endif
