/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "make.h"

#include <string.h>

int32_t town_draw(struct town *t, int32_t below)
{
	uint64_t z = (t->rng += 0x9E3779B97F4A7C15u);

	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	return (int32_t)((z >> 33) % (uint64_t)below);
}

void town_init(struct town *t, int32_t needs, int32_t seats, int32_t weeks, uint64_t seed)
{
	struct rt_problem *p = &t->p;

	memset(t, 0, sizeof(*t));
	t->rng = seed;
	bp_arena_init(&t->arena, (size_t)1 << 30);
	p->weeks = weeks;
	p->days_per_week = 5;
	p->same_seat = true;
	p->n_places = needs + 2;
	p->n_needs = needs;
	p->n_seats = seats;
	p->n_profiles = 1;
	p->places = bp_alloc_array(&t->arena, (size_t)needs + 2, sizeof(*p->places));
	p->needs = bp_alloc_array(&t->arena, (size_t)needs + 1, sizeof(*p->needs));
	p->seats = bp_alloc_array(&t->arena, (size_t)seats + 1, sizeof(*p->seats));
	p->profiles = bp_alloc_array(&t->arena, 1, sizeof(*p->profiles));
	p->windows = bp_alloc_array(&t->arena, 2 * (size_t)needs + 1, sizeof(*p->windows));
	p->profiles[0] = rt_profile_default(RT_TWO_WHEELER);
	for (int32_t i = 0; i <= needs; i++)
		p->places[i] = (struct rt_place){77590000 + town_draw(t, 60000) - 30000,
			12970000 + town_draw(t, 60000) - 30000, RT_URBAN};
	p->places[needs + 1] = p->places[needs];
	for (int32_t i = 0; i < needs; i++)
		p->needs[i] = (struct rt_need){.id = 100 + (uint64_t)i, .place = i, .service = 360,
			.visits = 1, .gap = 1, .days = ~(uint64_t)0, .pattern_set = RT_NONE,
			.seat_set = RT_NONE, .missed_price = 14400, .day_value = RT_NONE,
			.flags = RT_MANDATORY};
	for (int32_t s = 0; s < seats; s++)
		p->seats[s] = (struct rt_seat){.id = 900 + (uint64_t)s, .start = needs, .end = needs,
			.days = ~(uint64_t)0, .shift_start = 32400, .shift = 24000, .max_calls = 35,
			.balance_group = 0};
}

static void random_need(struct town *t, struct rt_need *n)
{
	struct rt_problem *p = &t->p;

	n->visits = 1 + town_draw(t, 2 * p->weeks);
	n->gap = town_draw(t, 3) ? rt_gap_default(n->visits, rt_days(p), 5) : town_draw(t, 6);
	n->service = 60 * town_draw(t, 40);
	n->demand = town_draw(t, 4);
	n->missed_price = town_draw(t, 5) ? 3600 * (1 + town_draw(t, 8)) : 0;
	if (town_draw(t, 4) == 0)
		n->days = (uint64_t)town_draw(t, 1 << 30);
	if (town_draw(t, 5) == 0 && p->n_seat_sets)
		n->seat_set = town_draw(t, p->n_seat_sets);
	if (town_draw(t, 12) == 0)
		n->skills = 1u << town_draw(t, 2);
	if (town_draw(t, 20) == 0)
		n->flags |= RT_PIN_FIRST;
	if (town_draw(t, 6) == 0)
		n->flags &= (uint8_t)~RT_MANDATORY;
	if (town_draw(t, 8) == 0) {
		n->delivery_days = (uint64_t)town_draw(t, 1 << 20);
		n->delivery_min = 1;
		n->delivery_max = 2;
	}
	if (town_draw(t, 4) == 0) {
		int32_t from = 30000 + town_draw(t, 20000);

		n->window = p->n_windows;
		n->n_windows = 1 + town_draw(t, 2);
		for (int32_t k = 0; k < n->n_windows; k++, from += 8000)
			p->windows[p->n_windows++] = (struct rt_window){from,
				from + 600 + town_draw(t, 5000), (uint8_t)(town_draw(t, 3) == 0)};
	}
}

static void random_lists(struct town *t)
{
	struct rt_problem *p = &t->p;
	int32_t days = rt_days(p);

	p->n_seat_sets = 3;
	p->seat_set_off = bp_alloc_array(&t->arena, 4, sizeof(int32_t));
	p->seat_set = bp_alloc_array(&t->arena, 3 * (size_t)p->n_seats, sizeof(int32_t));
	for (int32_t g = 0, at = 0; g < 3; g++) {
		for (int32_t s = 0; s < p->n_seats; s++)
			if (town_draw(t, 2))
				p->seat_set[at++] = s;
		p->seat_set_off[g + 1] = at;
	}
	p->n_day_values = days;
	p->day_values = bp_alloc_array(&t->arena, (size_t)days, sizeof(int32_t));
	for (int32_t d = 0; d < days; d++)
		p->day_values[d] = town_draw(t, 900);
	p->n_leg_fixes = p->n_places > 4 ? 2 : 0;
	p->leg_fixes = bp_alloc_array(&t->arena, 2, sizeof(*p->leg_fixes));
	p->leg_fixes[0] = (struct rt_leg_fix){0, 2, 1234, 5000};
	p->leg_fixes[1] = (struct rt_leg_fix){1, 3, 4, 5};
	if (town_draw(t, 3) == 0) {
		p->seat_day_shift = bp_alloc_array(&t->arena, (size_t)(p->n_seats * days), sizeof(int32_t));
		for (int32_t i = 0; i < p->n_seats * days; i++)
			p->seat_day_shift[i] = town_draw(t, 5) * 6000;
	}
}

/* Explicit patterns: two sets of days, each with as many days as the need has visits. */
static void random_patterns(struct town *t)
{
	struct rt_problem *p = &t->p;
	int32_t at = 0;

	p->pattern_off = bp_alloc_array(&t->arena, (size_t)p->n_needs + 1, sizeof(int32_t));
	p->patterns = bp_alloc_array(&t->arena, 2 * (size_t)p->n_needs + 1, sizeof(uint64_t));
	for (int32_t i = 0; i < p->n_needs; i++) {
		struct rt_need *n = &p->needs[i];

		for (int32_t k = 0; k < 2 && n->visits <= rt_days(p) && town_draw(t, 2); k++) {
			uint64_t mask = 0;

			while (__builtin_popcountll(mask) < n->visits)
				mask |= (uint64_t)1 << town_draw(t, rt_days(p));
			p->patterns[at++] = mask;
			n->pattern_set = i;
		}
		p->pattern_off[i + 1] = at;
	}
	p->n_pattern_sets = p->n_needs;
}

/* The odd ones: everything on one point; more pins than a tour has room for; more visits than days. */
static void random_oddity(struct town *t)
{
	struct rt_problem *p = &t->p;

	switch (town_draw(t, 12)) {
	case 0:
		for (int32_t i = 1; i < p->n_places; i++)
			if (p->places[i].x != RT_NO_COORD && p->places[0].x != RT_NO_COORD)
				p->places[i] = p->places[0];
		break;
	case 1:
		for (int32_t i = 0; i < p->n_needs && i < 12; i++) {
			p->needs[i].days = 1;
			p->needs[i].flags |= i % 2 ? RT_PIN_FIRST : 0;
		}
		for (int32_t s = 0; s < p->n_seats; s++)
			p->seats[s].max_calls = 3;
		break;
	case 2:
		for (int32_t i = 0; i < p->n_needs; i += 3) {
			p->needs[i].visits = rt_days(p) + town_draw(t, 3);
			p->needs[i].gap = town_draw(t, 3);
		}
		break;
	case 3:
		for (int32_t i = 0; i < p->n_windows; i++)
			p->windows[i].soft = 1;
		break;
	default:
		break;
	}
}

/* A die of its own: all else is as it would be without chains. */
static void random_chains(struct town *t, struct town *dice)
{
	struct rt_problem *p = &t->p;

	if (town_draw(dice, 4))
		return;
	p->n_chains = 2;
	p->chain_most = bp_alloc_array(&t->arena, 2, sizeof(int32_t));
	p->chain_price = bp_alloc_array(&t->arena, 2, sizeof(int32_t));
	for (int32_t i = 0; i < 2; i++) {
		p->chain_most[i] = 1 + town_draw(dice, 3);
		p->chain_price[i] = t->p.n_needs % 2 ? 0 : 300 * town_draw(dice, 9);
	}
	for (int32_t i = 0; i < p->n_needs; i++)
		p->needs[i].chain = town_draw(dice, 3);
}

/* Of some needs single visits were moved by hand; that die is another, too. */
static void random_given(struct town *t, struct town *dice)
{
	struct rt_problem *p = &t->p;

	p->given = bp_alloc_array(&t->arena, (size_t)p->n_needs * 3 + 1, sizeof(*p->given));
	for (int32_t i = 0; i < p->n_needs; i++) {
		int32_t seat = town_draw(t, p->n_seats);
		bool split = town_draw(dice, 6) == 0;

		for (int32_t k = 0; k < p->needs[i].visits && k < 3; k++)
			p->given[p->n_given++] = (struct rt_given){i, split ? town_draw(dice, p->n_seats) : seat,
				(k * 7 + town_draw(t, 3)) % rt_days(p), town_draw(t, 30)};
		if (town_draw(t, 60) == 0)
			p->needs[i].flags |= RT_FROZEN;
	}
}

void town_random(struct town *t, uint64_t seed)
{
	struct town dice = {.rng = seed};
	int32_t needs = town_draw(&dice, 40), seats = 1 + town_draw(&dice, 4);
	struct rt_problem *p = &t->p;

	town_init(t, needs, seats, 1 + town_draw(&dice, 4), seed);
	p->same_seat = town_draw(t, 3) > 0;
	p->same_start = !p->same_seat && (seed & 1);
	if (town_draw(t, 4) == 0)
		p->metric = RT_EUC_ROUND;
	if (town_draw(t, 3) == 0)
		random_lists(t);
	for (int32_t i = 0; i < needs; i++) {
		random_need(t, &p->needs[i]);
		if (p->n_day_values && town_draw(t, 4) == 0)
			p->needs[i].day_value = 0;
		if (town_draw(t, 30) == 0)
			p->places[i].x = RT_NO_COORD;
		p->places[i].area = (uint8_t)town_draw(t, 2);
		if (p->metric != RT_GEO && p->places[i].x != RT_NO_COORD)
			p->places[i] = (struct rt_place){town_draw(t, 3000), town_draw(t, 3000), 0};
	}
	if (p->metric != RT_GEO)
		p->places[needs] = p->places[needs + 1] = (struct rt_place){1500, 1500, 0};
	random_oddity(t);
	if (town_draw(t, 8) == 0)
		random_patterns(t);
	for (int32_t s = 0; s < seats; s++) {
		struct rt_seat *q = &p->seats[s];

		q->overtime_max = town_draw(t, 3) ? 0 : 3600;
		q->capacity = town_draw(t, 3) ? 0 : 10 + town_draw(t, 20);
		q->max_calls = town_draw(t, 3) ? 3 + town_draw(t, 30) : 0;
		q->start = town_draw(t, 4) ? needs : RT_NONE;
		q->end = town_draw(t, 4) ? needs + town_draw(t, 2) : RT_NONE;
		q->min_calls = town_draw(t, 4);
		q->max_duration = town_draw(t, 4) ? 0 : 4000 + town_draw(t, 12000);
		q->skills = (uint32_t)town_draw(t, 4);
		q->balance_group = town_draw(t, 2) - 1;
		q->fixed = town_draw(t, 3) ? 0 : 600;
		if (town_draw(t, 3) == 0)
			q->days = (uint64_t)town_draw(t, 1 << 20);
	}
	random_chains(t, &dice);
	if (town_draw(t, 3) == 0)
		random_given(t, &dice);
}

void town_give(struct town *t, const struct rt_solution *s)
{
	struct rt_problem *p = &t->p;

	p->given = bp_alloc_array(&t->arena, (size_t)s->n_visits + 1, sizeof(*p->given));
	p->n_given = s->n_visits;
	for (int32_t i = 0; i < s->n_visits; i++)
		p->given[i] = (struct rt_given){s->visits[i].need, s->visits[i].seat, s->visits[i].day,
			s->visits[i].position};
}

void town_release(struct town *t)
{
	bp_arena_release(&t->arena);
}
