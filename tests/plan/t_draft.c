/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Edits of a draft: which dates and orders they leave, what they cost, which rules they break. */
#include <math.h>

#include "make.h"
#include "plan/session.h"

/* --- how far a change reaches --- */

static void a_single_date_splits_the_stop(void **state)
{
	struct bench *b = *state;
	size_t living = 0;

	stand_row(b, 1);
	assert_int_equal(move(b, 101, 28, 29, -1, -1, "date"), BP_E_OK);
	DATES_ARE(b, 101, 0, 29, 56, 84);
	/* Before, the date, and after, each under its own number; the old one stays for undo. */
	assert_true(b->d.stops[0].dead);
	for (size_t i = 1; i < b->d.n; i++) {
		living += !b->d.stops[i].dead;
		assert_true(b->d.stops[i].fresh);
		for (size_t k = 0; k < i; k++)
			assert_false(b->d.stops[k].day == b->d.stops[i].day && b->d.stops[k].seq == b->d.stops[i].seq);
	}
	assert_int_equal(living, 3);
	assert_int_equal(plan_draft_visits(&b->d, 101), 1);
	/* And back: the visit is where it was on every date. */
	assert_int_equal(move(b, 101, 29, 28, -1, -1, "date"), BP_E_OK);
	DATES_ARE(b, 101, 0, 28, 56, 84);
}

static void onward_leaves_what_was(void **state)
{
	struct bench *b = *state;

	stand_row(b, 1);
	assert_int_equal(move(b, 101, 28, 30, -1, -1, "onward"), BP_E_OK);
	DATES_ARE(b, 101, 0, 30, 58, 86);
	assert_int_equal(plan_draft_visits(&b->d, 101), 1);
	assert_int_equal(move(b, 101, 58, 60, DRIVER, -1, "date"), BP_E_OK);
	DATES_ARE(b, 101, 0, 30, 60, 86);
	TOUR_IS(b, DRIVER, 60, 101);
	TOUR_IS(b, RIDER, 86, 101);
	/* An earlier day of the same cycle. */
	assert_int_equal(move(b, 101, 86, 85, -1, -1, "onward"), BP_E_OK);
	DATES_ARE(b, 101, 0, 30, 60, 85);
}

static void standing_moves_every_date(void **state)
{
	struct bench *b = *state;

	stand_row(b, 1);
	assert_int_equal(move(b, 101, 28, 33, DRIVER, -1, NULL), BP_E_OK);
	DATES_ARE(b, 101, 5, 33, 61, 89);
	TOUR_IS(b, DRIVER, 5, 101);
	TOUR_IS(b, RIDER, 5, 0);
	assert_int_equal(plan_draft_visits(&b->d, 101), 1);
}

static void standing_keeps_the_bounds_of_a_part(void **state)
{
	struct bench *b = *state;

	plan_draft_add(&b->d, &(struct plan_stop){.need = 101, .seat = RIDER, .from = BP_SOME_INT(b->anchor + 20),
		.to = BP_SOME_INT(b->anchor + 70)});
	DATES_ARE(b, 101, 28, 56);
	assert_int_equal(move(b, 101, 28, 29, -1, -1, "standing"), BP_E_OK);
	DATES_ARE(b, 101, 29, 57);
}

static void removing(void **state)
{
	struct bench *b = *state;

	stand_row(b, 3);
	assert_int_equal(removal(b, 101, 28, "date"), BP_E_OK);
	DATES_ARE(b, 101, 0, 56, 84);
	assert_int_equal(removal(b, 102, 28, "onward"), BP_E_OK);
	DATES_ARE(b, 102, 0);
	assert_int_equal(plan_draft_visits(&b->d, 102), 0);
	assert_int_equal(removal(b, 103, 28, "standing"), BP_E_OK);
	dates_are(b, 103, (const int[]){-1});
	TOUR_IS(b, RIDER, 0, 101, 102);
	TOUR_IS(b, RIDER, 28, 0);
}

static void placing(void **state)
{
	struct bench *b = *state;

	stand_row(b, 2);
	assert_int_equal(place(b, 103, RIDER, 28, 1, "date"), BP_E_OK);
	DATES_ARE(b, 103, 28);
	TOUR_IS(b, RIDER, 28, 101, 103, 102);
	TOUR_IS(b, RIDER, 0, 101, 102);
	assert_int_equal(place(b, 104, RIDER, 28, 0, "onward"), BP_E_OK);
	DATES_ARE(b, 104, 28, 56, 84);
	/* On its first date it is not there yet, later it would be twice. */
	assert_int_equal(place(b, 104, DRIVER, 0, -1, NULL), BP_E_PLAN_OP);
	assert_int_equal(place(b, 104, DRIVER, 2, -1, NULL), BP_E_OK);
	assert_int_equal(move(b, 104, 2, 0, -1, -1, NULL), BP_E_PLAN_OP);
	assert_int_equal(place(b, 105, DRIVER, 1, -1, NULL), BP_E_OK);
	DATES_ARE(b, 105, 1, 29, 57, 85);
	assert_int_equal(place(b, 999, RIDER, 1, -1, NULL), BP_E_PLAN_OP);
	assert_int_equal(place(b, 106, 999, 1, -1, NULL), BP_E_PLAN_OP);
	dates_are(b, 106, (const int[]){-1});
}

/* --- order --- */

static void insertion_renumbers_those_in_the_way(void **state)
{
	struct bench *b = *state;

	stand_row(b, 4);
	stand(b, 105, RIDER, 1, 0);
	assert_int_equal(move(b, 105, 1, 0, -1, 1, NULL), BP_E_OK);
	TOUR_IS(b, RIDER, 0, 101, 105, 102, 103, 104);
	/* Within its own tour: the place counts without itself. */
	assert_int_equal(move(b, 101, 0, 0, -1, 2, NULL), BP_E_OK);
	TOUR_IS(b, RIDER, 0, 105, 102, 101, 103, 104);
	assert_int_equal(move(b, 104, 0, 0, -1, 0, NULL), BP_E_OK);
	TOUR_IS(b, RIDER, 0, 104, 105, 102, 101, 103);
	/* The last place but one. */
	stand(b, 106, RIDER, 1, 0);
	assert_int_equal(move(b, 106, 1, 0, -1, 4, NULL), BP_E_OK);
	TOUR_IS(b, RIDER, 0, 104, 105, 102, 101, 106, 103);
}

static void insertion_leaves_alone_what_is_not_in_the_way(void **state)
{
	struct bench *b = *state;

	for (int i = 0; i < 3; i++)
		stand(b, 101 + i, RIDER, 0, 10 * i);
	stand(b, 104, RIDER, 1, 0);
	assert_int_equal(move(b, 104, 1, 0, -1, 1, NULL), BP_E_OK);
	TOUR_IS(b, RIDER, 0, 101, 104, 102, 103);
	assert_false(b->d.stops[0].dead);
	assert_true(b->d.stops[1].dead);
	assert_false(b->d.stops[2].dead);
}

static void without_a_place_it_goes_where_it_is_cheapest(void **state)
{
	struct bench *b = *state;

	stand(b, 101, RIDER, 0, 0);
	stand(b, 103, RIDER, 0, 1);
	stand(b, 104, RIDER, 0, 2);
	stand(b, 102, RIDER, 1, 0);
	assert_int_equal(move(b, 102, 1, 0, -1, -1, NULL), BP_E_OK);
	TOUR_IS(b, RIDER, 0, 101, 102, 103, 104);
	assert_int_equal(place(b, 106, RIDER, 0, -1, NULL), BP_E_OK);
	TOUR_IS(b, RIDER, 0, 101, 102, 103, 104, 106);
}

static enum bp_error order(struct bench *b, int date, const int64_t *needs, size_t n, const char *reach)
{
	struct plan_op op = {.kind = "sequence", .reach = reach, .seat = BP_SOME_INT(RIDER), .date = BP_SOME_INT(b->anchor + date),
		.order = {(void *)(uintptr_t)needs, n}};

	return apply(b, &op);
}

static void an_order_is_taken_when_it_names_the_tour(void **state)
{
	static const int64_t good[] = {103, 101, 102, 104}, short_[] = {103, 101, 102}, twice[] = {103, 101, 101, 104},
			     foreign[] = {103, 101, 102, 105}, much[] = {103, 101, 102, 104, 105};
	struct bench *b = *state;
	size_t before;

	stand_row(b, 4);
	stand(b, 105, RIDER, 1, 0);
	before = b->d.n;
	assert_int_equal(order(b, 0, short_, 3, NULL), BP_E_PLAN_OP);
	assert_int_equal(order(b, 0, twice, 4, NULL), BP_E_PLAN_OP);
	assert_int_equal(order(b, 0, foreign, 4, NULL), BP_E_PLAN_OP);
	assert_int_equal(order(b, 0, much, 5, NULL), BP_E_PLAN_OP);
	assert_int_equal(order(b, 0, NULL, 0, NULL), BP_E_PLAN_OP);
	assert_int_equal(b->d.n, before);
	TOUR_IS(b, RIDER, 0, 101, 102, 103, 104);
	assert_int_equal(order(b, 28, good, 4, "date"), BP_E_OK);
	TOUR_IS(b, RIDER, 0, 101, 102, 103, 104);
	TOUR_IS(b, RIDER, 28, 103, 101, 102, 104);
	TOUR_IS(b, RIDER, 56, 101, 102, 103, 104);
	assert_int_equal(order(b, 56, good, 4, "onward"), BP_E_OK);
	TOUR_IS(b, RIDER, 0, 101, 102, 103, 104);
	TOUR_IS(b, RIDER, 84, 103, 101, 102, 104);
	for (int i = 1; i <= 4; i++)
		DATES_ARE(b, 100 + i, 0, 28, 56, 84);
}

static void reversed_and_put_in_order(void **state)
{
	struct bench *b = *state;
	struct plan_op op = {.kind = "sequence", .seat = BP_SOME_INT(RIDER), .date = BP_SOME_INT(b->anchor), .reverse = true};

	stand(b, 101, RIDER, 0, 0);
	stand(b, 104, RIDER, 0, 1);
	stand(b, 102, RIDER, 0, 2);
	stand(b, 103, RIDER, 0, 3);
	assert_int_equal(apply(b, &op), BP_E_OK);
	TOUR_IS(b, RIDER, 0, 103, 102, 104, 101);
	TOUR_IS(b, RIDER, 28, 103, 102, 104, 101);
	op.reverse = false;
	op.auto_ = true;
	assert_int_equal(apply(b, &op), BP_E_OK);
	assert_true(b->impact.minutes < 0);
	if (b->d.stops[plan_draft_find(&b->d, 101, b->anchor)].pos)
		TOUR_IS(b, RIDER, 0, 104, 103, 102, 101);
	else
		TOUR_IS(b, RIDER, 0, 101, 102, 103, 104);
	/* Nothing left to gain. */
	assert_int_equal(apply(b, &op), BP_E_OK);
	assert_true(fabs(b->impact.minutes) < 1e-9);
}

/* --- refusals --- */

static enum bp_error arrange(struct bench *b, const struct plan_op_tour *tours, size_t n)
{
	struct plan_op op = {.kind = "arrange", .tours = {(void *)(uintptr_t)tours, n}};

	return apply(b, &op);
}

static void an_arrangement_changes_tours_at_once(void **state)
{
	struct bench *b = *state;
	int64_t first[] = {104, 101, 102}, second[] = {103, 105};
	struct plan_op_tour tours[] = {{RIDER, b->anchor, {first, 3}}, {DRIVER, b->anchor + 2, {second, 2}}};

	stand_row(b, 3);
	stand(b, 104, DRIVER, 2, 0);
	stand(b, 105, DRIVER, 2, 1);
	assert_int_equal(arrange(b, tours, 2), BP_E_OK);
	TOUR_IS(b, RIDER, 0, 104, 101, 102);
	TOUR_IS(b, RIDER, 28, 104, 101, 102);
	TOUR_IS(b, DRIVER, 2, 103, 105);
	assert_int_equal(plan_draft_visits(&b->d, 103), 1);
	assert_int_equal(b->impact.tours.n, 2);
	/* What is not named leaves. */
	assert_int_equal(arrange(b, &(struct plan_op_tour){RIDER, b->anchor, {first, 1}}, 1), BP_E_OK);
	TOUR_IS(b, RIDER, 0, 104);
	assert_int_equal(plan_draft_visits(&b->d, 101), 0);
}

static void an_arrangement_leaves_single_dates(void **state)
{
	struct bench *b = *state;
	int64_t order[] = {102, 101};

	stand_row(b, 2);
	assert_int_equal(place(b, 103, RIDER, 28, 1, "date"), BP_E_OK);
	assert_int_equal(arrange(b, &(struct plan_op_tour){RIDER, b->anchor, {order, 2}}, 1), BP_E_OK);
	TOUR_IS(b, RIDER, 0, 102, 101);
	DATES_ARE(b, 103, 28);
}

static void a_seat_that_has_left_only_gives_visits_up(void **state)
{
	struct bench *b = *state;
	const int64_t one[] = {101}, here[] = {102}, more[] = {101, 102};
	const struct plan_op_tour give[] = {{99, b->anchor, {(void *)(uintptr_t)one, 1}}, {RIDER, b->anchor, {(void *)(uintptr_t)here, 1}}},
				  take[] = {{99, b->anchor, {(void *)(uintptr_t)more, 2}}};

	stand(b, 101, 99, 0, 0);
	stand(b, 102, 99, 0, 1);
	assert_int_equal(arrange(b, give, 2), BP_E_OK);
	TOUR_IS(b, 99, 0, 101);
	TOUR_IS(b, RIDER, 0, 102);
	assert_int_equal(arrange(b, take, 1), BP_E_PLAN_OP);
}

static void an_arrangement_that_does_not_fit(void **state)
{
	struct bench *b = *state;
	int64_t twice[] = {101, 101}, other[] = {101}, unknown[] = {999};

	stand_row(b, 2);
	assert_int_equal(arrange(b, &(struct plan_op_tour){RIDER, b->anchor, {twice, 2}}, 1), BP_E_PLAN_OP);
	assert_int_equal(arrange(b, &(struct plan_op_tour){RIDER, b->anchor, {unknown, 1}}, 1), BP_E_PLAN_OP);
	/* The tour that it leaves is not named. */
	assert_int_equal(arrange(b, &(struct plan_op_tour){DRIVER, b->anchor, {other, 1}}, 1), BP_E_PLAN_OP);
	assert_non_null(strstr(b->fail.detail, "twice"));
}

static void a_visit_that_is_not_there(void **state)
{
	struct bench *b = *state;

	stand_row(b, 1);
	assert_int_equal(move(b, 101, 1, 2, -1, -1, NULL), BP_E_PLAN_OP);
	assert_non_null(strstr(b->fail.detail, "2026-12-08"));
	assert_int_equal(removal(b, 102, 0, NULL), BP_E_PLAN_OP);
	assert_int_equal(removal(b, 101, 0, "date"), BP_E_OK);
	assert_int_equal(move(b, 101, 0, 2, -1, -1, NULL), BP_E_PLAN_OP);
	DATES_ARE(b, 101, 28, 56, 84);
}

static void one_visit_a_day(void **state)
{
	struct bench *b = *state;

	stand(b, TWICE, RIDER, 0, 0);
	stand(b, TWICE, RIDER, 14, 0);
	assert_int_equal(move(b, TWICE, 14, 0, -1, -1, NULL), BP_E_PLAN_OP);
	assert_int_equal(move(b, TWICE, 14, 0, DRIVER, -1, "date"), BP_E_PLAN_OP);
	assert_int_equal(place(b, TWICE, DRIVER, 14, -1, NULL), BP_E_PLAN_OP);
	DATES_ARE(b, TWICE, 0, 14, 28, 42, 56, 70, 84, 98);
	/* To another seat on its own day is no second visit. */
	assert_int_equal(move(b, TWICE, 14, 14, DRIVER, -1, NULL), BP_E_OK);
	DATES_ARE(b, TWICE, 0, 14, 28, 42, 56, 70, 84, 98);
}

/* --- rules --- */

static void gaps_go_round_the_turn_of_the_cycle(void **state)
{
	struct bench *b = *state;
	const struct plan_broken *f;

	stand(b, TWICE, RIDER, 0, 0);
	stand(b, TWICE, RIDER, 14, 0);
	assert_int_equal(plan_draft_least_gap(&b->d, TWICE, b->anchor), 14);
	assert_int_equal(plan_draft_least_gap(&b->d, 101, b->anchor), 0);
	/* Day 22 is 22 days after the last visit and 6 before the next, which is in the next cycle. */
	assert_int_equal(move(b, TWICE, 14, 22, -1, -1, NULL), BP_E_OK);
	assert_int_equal(plan_draft_least_gap(&b->d, TWICE, b->anchor), 6);
	f = finding(b, "GAP");
	assert_non_null(f);
	assert_string_equal(f->severity, "warn");
	assert_true(f->need.set && f->need.v == TWICE);
	assert_false(b->blocked);
	/* Still too close, but better than it was: the planner is not told again. */
	assert_int_equal(move(b, TWICE, 22, 21, -1, -1, NULL), BP_E_OK);
	assert_int_equal(plan_draft_least_gap(&b->d, TWICE, b->anchor), 7);
	assert_null(finding(b, "GAP"));
	/* One date alone is seen too. */
	assert_int_equal(move(b, TWICE, 21, 14, -1, -1, NULL), BP_E_OK);
	assert_int_equal(move(b, TWICE, 42, 54, -1, -1, "date"), BP_E_OK);
	assert_non_null(finding(b, "GAP"));
}

static void too_many_calls(void **state)
{
	struct bench *b = *state;
	const struct plan_broken *f;

	stand_row(b, 3);
	stand(b, 104, RIDER, 1, 0);
	stand(b, 105, RIDER, 1, 1);
	b->m.p.seats[0].max_calls = 3;
	assert_int_equal(move(b, 103, 0, 1, -1, -1, "date"), BP_E_OK);
	assert_false(b->blocked);
	assert_int_equal(move(b, 103, 1, 0, -1, -1, "date"), BP_E_OK);
	assert_int_equal(move(b, 104, 1, 0, -1, -1, NULL), BP_E_OK);
	f = finding(b, "MAX_CALLS");
	assert_non_null(f);
	assert_string_equal(f->severity, "block");
	assert_true(b->blocked && f->seat.v == RIDER && f->date.v == b->anchor);
	/* What is broken already does not stop the planner from making it better. */
	b->m.p.seats[0].max_calls = 2;
	assert_int_equal(move(b, 101, 0, 1, -1, -1, NULL), BP_E_OK);
	assert_null(finding(b, "MAX_CALLS"));
	assert_false(b->blocked);
	/* Nor may it get worse. */
	assert_int_equal(move(b, 101, 1, 0, -1, -1, NULL), BP_E_OK);
	assert_non_null(finding(b, "MAX_CALLS"));
	assert_true(b->blocked);
}

static void longer_than_the_shift(void **state)
{
	struct bench *b = *state;
	const struct plan_broken *f;

	stand_row(b, 2);
	stand(b, 103, RIDER, 1, 0);
	b->m.p.seats[0].shift = 1800;
	assert_int_equal(move(b, 103, 1, 0, -1, -1, NULL), BP_E_OK);
	f = finding(b, "SHIFT");
	assert_non_null(f);
	assert_string_equal(f->severity, "block");
	assert_true(b->blocked && f->seat.v == RIDER && f->date.v == b->anchor);
	assert_true(b->impact.overtime_minutes > 0);
	b->m.p.seats[0].shift = 1000;
	assert_int_equal(move(b, 103, 0, 2, -1, -1, NULL), BP_E_OK);
	assert_null(finding(b, "SHIFT"));
	assert_false(b->blocked);
}

static void a_free_day(void **state)
{
	struct bench *b = *state;

	stand_row(b, 1);
	assert_int_equal(move(b, 101, 0, 6, -1, -1, "date"), BP_E_OK);
	assert_non_null(finding(b, "CLOSED_DAY"));
	assert_true(b->blocked);
}

/* A visit of the very date is refused; the standing plan may have the day, of which the list leaves that date out. */
static void a_person_is_away(void **state)
{
	struct bench *b = *state;
	struct q_absence_of_unit away = {RIDER, b->anchor + 28, BP_SOME_INT(b->anchor + 32), "LEAVE", "", ""};

	b->m.absences = &away;
	b->m.n_absences = 1;
	stand_row(b, 1);
	assert_int_equal(move(b, 101, 28, 29, -1, -1, "date"), BP_E_OK);
	assert_string_equal(finding(b, "AWAY")->severity, "block");
	assert_true(b->blocked);
	assert_int_equal(move(b, 101, 29, 33, -1, -1, "date"), BP_E_OK);
	assert_null(finding(b, "AWAY"));
	assert_int_equal(move(b, 101, 33, 30, DRIVER, -1, "date"), BP_E_OK);
	assert_null(finding(b, "AWAY"));
	away.relief = "Ravi";
	assert_int_equal(move(b, 101, 30, 29, RIDER, -1, "date"), BP_E_OK);
	assert_null(finding(b, "AWAY"));
}

static void another_distributor(void **state)
{
	struct bench *b = *state;
	const struct plan_broken *f;

	stand(b, FOREIGN, DRIVER, 0, 0);
	assert_int_equal(move(b, FOREIGN, 0, 1, -1, -1, NULL), BP_E_OK);
	assert_null(finding(b, "DT_CHANGE"));
	assert_int_equal(move(b, FOREIGN, 1, 1, RIDER, -1, NULL), BP_E_OK);
	f = finding(b, "DT_CHANGE");
	assert_non_null(f);
	assert_string_equal(f->severity, "block");
	assert_true(f->need.v == FOREIGN && f->seat.v == RIDER && b->blocked);
	/* It is known by now. */
	assert_int_equal(move(b, FOREIGN, 1, 2, -1, -1, NULL), BP_E_OK);
	assert_null(finding(b, "DT_CHANGE"));
	assert_false(b->blocked);
}

static void a_pinned_seat(void **state)
{
	struct bench *b = *state;
	const struct plan_broken *f;

	stand_row(b, 1);
	b->m.needs[0].pinned = BP_SOME_INT(RIDER);
	assert_int_equal(move(b, 101, 0, 1, -1, -1, NULL), BP_E_OK);
	assert_null(finding(b, "PINNED_SEAT"));
	assert_int_equal(move(b, 101, 1, 1, DRIVER, -1, NULL), BP_E_OK);
	f = finding(b, "PINNED_SEAT");
	assert_non_null(f);
	assert_string_equal(f->severity, "block");
	assert_true(f->need.v == 101 && f->seat.v == DRIVER && b->blocked);
}

static void pin(struct bench *b, int64_t need, int64_t hold)
{
	struct q_draft_pins *p = bp_alloc(&b->arena, sizeof(*p));

	*p = (struct q_draft_pins){need, hold};
	b->m.pins = p;
	b->m.n_pins = 1;
}

static void a_pinned_outlet_is_moved_against_the_rule(void **state)
{
	struct bench *b = *state;

	stand_row(b, 1);
	pin(b, 101, PLAN_HOLD_PERSON);
	assert_int_equal(move(b, 101, 0, 1, -1, -1, NULL), BP_E_OK);
	assert_false(b->blocked);
	assert_int_equal(move(b, 101, 1, 1, DRIVER, -1, "date"), BP_E_OK);
	assert_string_equal(finding(b, "PINNED")->severity, "block");
	assert_true(b->blocked);
	assert_int_equal(removal(b, 101, 29, NULL), BP_E_OK);
	assert_true(b->blocked && finding(b, "PINNED")->need.v == 101);
}

static void pinned_days_may_change_the_person(void **state)
{
	struct bench *b = *state;

	stand_row(b, 2);
	pin(b, 101, PLAN_HOLD_DAYS);
	assert_int_equal(move(b, 101, 0, 0, DRIVER, -1, NULL), BP_E_OK);
	assert_false(b->blocked);
	assert_int_equal(move(b, 101, 0, 2, -1, -1, NULL), BP_E_OK);
	assert_true(b->blocked);
	pin(b, 102, PLAN_HOLD_PERSON | PLAN_HOLD_DAYS);
	assert_int_equal(move(b, 102, 0, 0, DRIVER, -1, NULL), BP_E_OK);
	assert_true(b->blocked);
}

static void an_arrangement_keeps_to_pins(void **state)
{
	struct bench *b = *state;
	int64_t here[] = {102, 101}, rest[] = {102}, there[] = {101};
	struct plan_op_tour to_driver[] = {{RIDER, b->anchor, {rest, 1}}, {DRIVER, b->anchor, {there, 1}}};
	struct plan_op_tour to_tuesday[] = {{DRIVER, b->anchor, {NULL, 0}}, {DRIVER, b->anchor + 1, {there, 1}}};

	stand_row(b, 2);
	pin(b, 101, PLAN_HOLD_DAYS);
	/* Another place in its tour, and another person on its day. */
	assert_int_equal(arrange(b, &(struct plan_op_tour){RIDER, b->anchor, {here, 2}}, 1), BP_E_OK);
	assert_false(b->blocked);
	assert_int_equal(arrange(b, to_driver, 2), BP_E_OK);
	assert_false(b->blocked);
	assert_int_equal(arrange(b, to_tuesday, 2), BP_E_OK);
	assert_non_null(finding(b, "PINNED"));
	pin(b, 102, PLAN_HOLD_PERSON);
	assert_int_equal(arrange(b, &(struct plan_op_tour){RIDER, b->anchor, {NULL, 0}}, 1), BP_E_OK);
	assert_true(b->blocked);
}

static void only_what_stands_is_pinned_once(void **state)
{
	struct bench *b = *state;
	int64_t good[] = {101}, twice[] = {101, 101}, out[] = {103};
	struct plan_op op = {.kind = "pin", .hold = "both", .needs = {good, 1}};

	stand_row(b, 2);
	assert_int_equal(apply(b, &op), BP_E_OK);
	assert_string_equal(plan_op_label(&b->arena, &op), "pin 1 outlet");
	op.needs = (struct bp_list){twice, 2};
	assert_int_equal(apply(b, &op), BP_E_PLAN_OP);
	op.needs = (struct bp_list){out, 1};
	assert_int_equal(apply(b, &op), BP_E_PLAN_OP);
	/* A pin whose visits are gone can be taken off. */
	op.hold = "none";
	assert_int_equal(apply(b, &op), BP_E_PLAN_OP);
	pin(b, 103, PLAN_HOLD_DAYS);
	assert_int_equal(apply(b, &op), BP_E_OK);
	assert_string_equal(plan_op_label(&b->arena, &op), "unpin 1 outlet");
}

static void without_coordinates(void **state)
{
	struct bench *b = *state;

	stand_row(b, 2);
	b->m.p.places[2].x = RT_NO_COORD;
	assert_int_equal(place(b, 103, RIDER, 0, 2, NULL), BP_E_OK);
	assert_non_null(finding(b, "NO_COORDINATES"));
	assert_false(b->blocked);
	TOUR_IS(b, RIDER, 0, 101, 102, 103);
}

/* --- minutes --- */

/* The formula of travel.h, written a second time from its words. */
static double straight(const struct rt_place *a, const struct rt_place *b)
{
	const double k = 0.111194927, rad = acos(-1) / 180e6;
	double dy = k * (b->y - a->y), dx = k * (b->x - a->x) * (cos(a->y * rad) + cos(b->y * rad)) / 2;

	return sqrt(dx * dx + dy * dy);
}

static double pace(const struct rt_profile *f, int area)
{
	return area == RT_RURAL ? (f->road_rural / 1000.0) / (f->mps_rural / 1000.0) : (f->road_urban / 1000.0) / (f->mps_urban / 1000.0);
}

/* Seconds and metres of a tour that begins and ends at its calls. */
static void by_hand(const struct bench *b, int profile, const int64_t *needs, size_t n, double *seconds, double *metres)
{
	const struct rt_profile *f = &b->m.p.profiles[profile];

	for (size_t i = 0; i < n; i++) {
		const struct rt_place *to = &b->m.p.places[needs[i] - 101], *from = i ? &b->m.p.places[needs[i - 1] - 101] : to;
		double m = straight(from, to), ride = m * (pace(f, from->area) + pace(f, to->area)) / 2 + f->lost;
		double walk = m <= f->walk_max ? m * (f->walk_road / 1000.0) / (f->walk_mps / 1000.0) + f->walk_lost : ride;

		*seconds += b->m.p.needs[needs[i] - 101].service;
		if (!i)
			continue;
		*seconds += floor((walk < ride ? walk : ride) + 0.5);
		*metres += floor(m * ((from->area ? f->road_rural : f->road_urban) + (to->area ? f->road_rural : f->road_urban)) / 2000 + 0.5);
	}
}

static void minutes_are_those_of_the_formula(void **state)
{
	static const int64_t before[2][4] = {{101, 102, 103, 104}, {105, 106}}, after[2][4] = {{101, 102, 104}, {105, 103, 106}};
	struct bench *b = *state;
	double s[2] = {0}, m[2] = {0};
	const struct plan_tour_change *t;

	stand_row(b, 4);
	stand(b, 105, DRIVER, 1, 0);
	stand(b, 106, DRIVER, 1, 1);
	b->m.p.places[2] = (struct rt_place){73931234, 18611111, RT_RURAL};
	b->m.p.places[1] = (struct rt_place){73850500, 18520040, RT_URBAN}; /* walked */
	b->m.p.profiles[0].walk_max = b->m.p.profiles[1].walk_max = 300;
	b->m.p.profiles[0].walk_mps = b->m.p.profiles[1].walk_mps = 1111;
	b->m.p.profiles[0].walk_road = b->m.p.profiles[1].walk_road = 1300;
	b->m.p.profiles[0].walk_lost = b->m.p.profiles[1].walk_lost = 30;
	b->m.p.needs[4].service = 437;
	by_hand(b, 0, before[0], 4, &s[0], &m[0]);
	by_hand(b, 1, before[1], 2, &s[0], &m[0]);
	by_hand(b, 0, after[0], 3, &s[1], &m[1]);
	by_hand(b, 1, after[1], 3, &s[1], &m[1]);
	assert_int_equal(move(b, 103, 0, 1, DRIVER, 1, NULL), BP_E_OK);
	TOUR_IS(b, DRIVER, 1, 105, 103, 106);
	assert_true(fabs(b->impact.minutes - (s[1] - s[0]) / 60) < 1e-9);
	assert_true(fabs(b->impact.km - (m[1] - m[0]) / 1000) < 1e-9);
	/* The two tours on their own say the same. */
	assert_int_equal(b->impact.tours.n, 2);
	t = b->impact.tours.v;
	assert_true(fabs(t[0].before->minutes + t[1].before->minutes - s[0] / 60) < 1e-9);
	assert_true(fabs(t[0].after->minutes + t[1].after->minutes - s[1] / 60) < 1e-9);
	assert_int_equal(t[0].before->calls, 4);
	assert_int_equal(t[1].after->calls, 3);
}

/* Its visits can be taken away or given to another, but it gets none. */
static void a_seat_that_has_left(void **state)
{
	struct bench *b = *state;

	stand(b, 101, 99, 0, 0);
	stand(b, 102, 99, 0, 1);
	stand(b, 103, DRIVER, 1, 0);
	assert_int_equal(move(b, 103, 1, 0, 99, -1, NULL), BP_E_PLAN_OP);
	assert_int_equal(move(b, 101, 0, 1, -1, -1, NULL), BP_E_PLAN_OP);
	assert_int_equal(move(b, 101, 0, 1, DRIVER, -1, NULL), BP_E_OK);
	assert_int_equal(removal(b, 102, 0, NULL), BP_E_OK);
	DATES_ARE(b, 102, -1);
	assert_int_equal(b->impact.tours.n, 1);
}

static void the_past_stays(void **state)
{
	struct bench *b = *state;

	stand(b, 101, RIDER, 0, 0);
	stand(b, 102, RIDER, 3, 0);
	b->m.today = b->anchor + 2;
	assert_int_equal(move(b, 101, 0, 3, -1, -1, "date"), BP_E_PLAN_OP);
	assert_int_equal(move(b, 102, 3, 1, -1, -1, "date"), BP_E_PLAN_OP);
	assert_int_equal(move(b, 102, 3, 1, -1, -1, "onward"), BP_E_PLAN_OP);
	assert_int_equal(removal(b, 101, 0, "date"), BP_E_PLAN_OP);
	assert_int_equal(place(b, 103, RIDER, 1, -1, "date"), BP_E_PLAN_OP);
	assert_int_equal(place(b, 103, RIDER, 800, -1, "date"), BP_E_PLAN_OP);
	assert_non_null(strstr(b->fail.detail, "ahead"));
	/* The standing plan is named by any date of the cycle, and begins with the next turn. */
	assert_int_equal(move(b, 101, 0, 1, -1, -1, "standing"), BP_E_OK);
	assert_int_equal(move(b, 102, 3, 4, -1, -1, "date"), BP_E_OK);
}

static void balance(void **state)
{
	static const int64_t even[] = {100, 100}, odd[] = {150, 50}, idle[] = {100, 0}, three[] = {300, 100, 0, 200};

	(void)state;
	assert_true(plan_balance(even, 2) < 1e-9);
	assert_true(fabs(plan_balance(odd, 2) - 50) < 1e-9);
	assert_true(plan_balance(idle, 2) < 1e-9);
	assert_true(fabs(plan_balance(three, 4) - 50) < 1e-9);
	assert_true(plan_balance(idle + 1, 1) < 1e-9);
	assert_true(plan_balance(NULL, 0) < 1e-9);
}

static void shares_are_held_against_those_who_work(void **state)
{
	struct plan_share s[] = {{.code = "a", .calls = 30, .minutes = 300, .value = 10}, {.code = "b", .calls = 10, .minutes = 100, .value = 10},
		{.code = "c"}};
	struct plan_fairness f = {.seats = s, .n = 3};

	(void)state;
	plan_fairness_settle(&f);
	assert_true(fabs(f.mean_minutes - 200) < 1e-9 && fabs(f.mean_calls - 20) < 1e-9);
	assert_true(fabs(s[0].minutes_pct - 50) < 1e-9 && fabs(s[1].calls_pct + 50) < 1e-9);
	assert_true(s[2].minutes_pct == 0 && f.worst_value_pct < 1e-9);
	assert_true(fabs(f.worst_minutes_pct - 50) < 1e-9);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_single_date_splits_the_stop),
		TEST(onward_leaves_what_was),
		TEST(standing_moves_every_date),
		TEST(standing_keeps_the_bounds_of_a_part),
		TEST(removing),
		TEST(placing),
		TEST(insertion_renumbers_those_in_the_way),
		TEST(insertion_leaves_alone_what_is_not_in_the_way),
		TEST(without_a_place_it_goes_where_it_is_cheapest),
		TEST(an_order_is_taken_when_it_names_the_tour),
		TEST(reversed_and_put_in_order),
		TEST(an_arrangement_changes_tours_at_once),
		TEST(an_arrangement_leaves_single_dates),
		TEST(a_seat_that_has_left_only_gives_visits_up),
		TEST(an_arrangement_that_does_not_fit),
		TEST(a_visit_that_is_not_there),
		TEST(one_visit_a_day),
		TEST(gaps_go_round_the_turn_of_the_cycle),
		TEST(too_many_calls),
		TEST(longer_than_the_shift),
		TEST(a_free_day),
		TEST(a_person_is_away),
		TEST(another_distributor),
		TEST(a_pinned_seat),
		TEST(a_pinned_outlet_is_moved_against_the_rule),
		TEST(pinned_days_may_change_the_person),
		TEST(an_arrangement_keeps_to_pins),
		TEST(only_what_stands_is_pinned_once),
		TEST(without_coordinates),
		TEST(a_seat_that_has_left),
		TEST(the_past_stays),
		TEST(minutes_are_those_of_the_formula),
		TEST(balance),
		TEST(shares_are_held_against_those_who_work),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
