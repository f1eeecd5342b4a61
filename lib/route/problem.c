/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "route/problem.h"

#include <inttypes.h>

struct rt_profile rt_profile_default(enum rt_vehicle v)
{
	/* Speeds, road factors and minutes lost per stop as in the trade's defaults. */
	static const struct rt_profile defaults[] = {
		[RT_TWO_WHEELER] = {5000, 8333, 1300, 1400, 90, 250, 1111, 1300, 30},
		[RT_CAR] = {4444, 10556, 1300, 1400, 180, 250, 1111, 1300, 30},
		[RT_VAN] = {3889, 8333, 1300, 1400, 240, 250, 1111, 1300, 30},
		[RT_WALK] = {1111, 1111, 1300, 1400, 30, 0, 1111, 1300, 30},
	};

	return defaults[v];
}

int32_t rt_gap_default(int32_t visits, int32_t days, int32_t days_per_week)
{
	if (visits <= 1)
		return days;
	if (visits * days_per_week >= 2 * days)
		return days / visits < 2 ? days / visits : 2;
	return days / visits;
}

#define CHECK(ok, ...)                                                                             \
	do {                                                                                       \
		if (!(ok))                                                                         \
			return bp_fail(f, BP_E_OPT_INPUT, __VA_ARGS__);                            \
	} while (0)

static bool index_ok(int32_t i, int32_t n)
{
	return i >= RT_NONE && i < n;
}

static enum bp_error check_places(const struct rt_problem *p, struct bp_fail *f)
{
	for (int32_t i = 0; i < p->n_places; i++) {
		const struct rt_place *pl = &p->places[i];

		CHECK(pl->area <= RT_RURAL, "place %d: area %d is neither urban nor rural", i,
			pl->area);
		if (pl->x == RT_NO_COORD)
			continue;
		CHECK(p->metric == RT_GEO || (pl->x >= -RT_MAX_PLANAR && pl->x <= RT_MAX_PLANAR &&
						     pl->y >= -RT_MAX_PLANAR && pl->y <= RT_MAX_PLANAR),
			"place %d: coordinates %d, %d are too large", i, pl->x, pl->y);
		if (p->metric != RT_GEO)
			continue;
		CHECK(pl->x >= -180000000 && pl->x <= 180000000 && pl->y >= -90000000 &&
				pl->y <= 90000000,
			"place %d: coordinates %d, %d lie outside the earth", i, pl->y, pl->x);
	}
	for (int32_t i = 0; i < p->n_profiles; i++) {
		const struct rt_profile *r = &p->profiles[i];

		CHECK(r->mps_urban > 0 && r->mps_rural > 0 && r->road_urban > 0 && r->road_rural > 0 &&
				r->lost >= 0 && r->walk_lost >= 0 &&
				(r->walk_max <= 0 || (r->walk_mps > 0 && r->walk_road > 0)),
			"profile %d: speeds and road factors must be above 0", i);
		/* Half round the earth may take less than 2^30 seconds. */
		CHECK(r->road_urban / 40 <= r->mps_urban && r->road_rural / 40 <= r->mps_rural &&
				(r->walk_max <= 0 || r->walk_road / 40 <= r->walk_mps),
			"profile %d: slower than 25 metres in 1000 seconds", i);
	}
	return BP_E_OK;
}

static enum bp_error check_window(const struct rt_problem *p, int32_t need, struct bp_fail *f)
{
	const struct rt_need *n = &p->needs[need];

	CHECK(n->n_windows >= 0 && (n->n_windows == 0 || (n->window >= 0 && n->window <= p->n_windows - n->n_windows)),
		"need %d: its windows %d..%d are not in the list", need, n->window,
		n->window + n->n_windows);
	for (int32_t k = 0; k < n->n_windows; k++) {
		const struct rt_window *w = &p->windows[n->window + k];

		CHECK(w->from >= 0 && w->from <= w->to && w->to <= RT_MAX_TIME && (k == 0 || w[-1].to < w->from),
			"need %d: window %d (%d to %d) is empty or out of order", need, k, w->from,
			w->to);
	}
	return BP_E_OK;
}

static enum bp_error check_needs(const struct rt_problem *p, struct bp_fail *f)
{
	int64_t visits = 0, price = 0;

	for (int32_t i = 0; i < p->n_chains; i++)
		CHECK(p->chain_most[i] > 0, "chain %d: at most %d visits in a tour", i, p->chain_most[i]);
	for (int32_t i = 0; p->chain_price && i < p->n_chains; i++)
		CHECK(p->chain_price[i] >= 0 && p->chain_price[i] <= RT_MAX_TIME, "chain %d: a price of %d", i, p->chain_price[i]);
	for (int32_t i = 0; i < p->n_needs; i++) {
		const struct rt_need *n = &p->needs[i];
		enum bp_error err;
		int64_t all;

		CHECK(n->place >= 0 && n->place < p->n_places, "need %d: no place %d", i, n->place);
		CHECK(n->service >= 0 && n->service <= INT32_MAX / 8 && n->demand >= 0,
			"need %d: service %d or demand %d is out of range", i, n->service, n->demand);
		CHECK(n->chain >= 0 && n->chain <= p->n_chains, "need %d: no chain %d", i, n->chain);
		CHECK(n->visits >= 1 && n->visits <= 10000, "need %d: %d visits per cycle", i,
			n->visits);
		CHECK(n->gap >= 0 && n->gap <= 10000, "need %d: gap %d", i, n->gap);
		CHECK(n->missed_price >= 0 && !__builtin_mul_overflow(n->missed_price, n->visits, &all) &&
				all <= RT_MAX_PRICE - price,
			"need %d: the price of a missed visit is negative, or the sum of all is too large", i);
		price += all;
		CHECK(index_ok(n->seat_set, p->n_seat_sets), "need %d: no seat list %d", i,
			n->seat_set);
		CHECK(index_ok(n->pattern_set, p->n_pattern_sets), "need %d: no pattern list %d", i,
			n->pattern_set);
		CHECK(n->day_value == RT_NONE || (n->day_value >= 0 && n->day_value <= p->n_day_values - rt_days(p)),
			"need %d: no day values at %d", i, n->day_value);
		CHECK(n->delivery_min <= n->delivery_max, "need %d: delivery after %d to %d days", i,
			n->delivery_min, n->delivery_max);
		visits += n->visits;
		err = check_window(p, i, f);
		if (err != BP_E_OK)
			return err;
	}
	CHECK(visits < INT32_MAX / 4, "too many visits: %" PRId64, visits);
	return BP_E_OK;
}

static enum bp_error check_seats(const struct rt_problem *p, struct bp_fail *f)
{
	for (int32_t i = 0; i < p->n_seats; i++) {
		const struct rt_seat *s = &p->seats[i];

		CHECK(index_ok(s->start, p->n_places) && index_ok(s->end, p->n_places),
			"seat %d: no start place %d or end place %d", i, s->start, s->end);
		CHECK(s->profile >= 0 && (s->profile < p->n_profiles || p->metric != RT_GEO),
			"seat %d: no profile %d", i, s->profile);
		CHECK(s->shift >= 0 && s->shift_start >= 0 && s->overtime_max >= 0 &&
				s->max_calls >= 0 && s->capacity >= 0 && s->fixed >= 0,
			"seat %d: a negative shift, number of calls, capacity or price", i);
		CHECK(s->max_duration >= 0, "seat %d: a tour of at most %d seconds", i, s->max_duration);
		CHECK((int64_t)s->shift_start + s->shift + s->overtime_max <= RT_MAX_TIME &&
				s->fixed <= RT_MAX_PRICE / RT_MAX_DAYS / p->n_seats,
			"seat %d: its shift or its price is too large", i);
		for (int32_t d = 0; p->seat_day_shift && d < rt_days(p); d++) {
			int32_t shift = p->seat_day_shift[i * rt_days(p) + d];

			CHECK(shift >= 0 && (int64_t)s->shift_start + shift + s->overtime_max <= RT_MAX_TIME,
				"seat %d: a shift of %d on day %d", i, shift, d);
		}
		CHECK(s->balance_group >= RT_NONE && s->balance_group < 1 << 24,
			"seat %d: balance group %d", i, s->balance_group);
	}
	return BP_E_OK;
}

static enum bp_error check_lists(const struct rt_problem *p, struct bp_fail *f)
{
	int32_t days = rt_days(p);

	for (int32_t g = 0; g < p->n_seat_sets; g++) {
		CHECK(p->seat_set_off[g] <= p->seat_set_off[g + 1] && p->seat_set_off[0] == 0,
			"seat list %d has a negative length", g);
		for (int32_t i = p->seat_set_off[g]; i < p->seat_set_off[g + 1]; i++)
			CHECK(p->seat_set[i] >= 0 && p->seat_set[i] < p->n_seats,
				"seat list %d names seat %d", g, p->seat_set[i]);
	}
	for (int32_t g = 0; g < p->n_pattern_sets; g++)
		CHECK(p->pattern_off[g] <= p->pattern_off[g + 1] && p->pattern_off[0] == 0,
			"pattern list %d has a negative length", g);
	for (int32_t i = 0; i < p->n_needs; i++) {
		const struct rt_need *n = &p->needs[i];

		for (int32_t k = n->pattern_set < 0 ? 0 : p->pattern_off[n->pattern_set];
			n->pattern_set >= 0 && k < p->pattern_off[n->pattern_set + 1]; k++)
			CHECK(__builtin_popcountll(p->patterns[k]) == n->visits &&
					(days == 64 || p->patterns[k] >> days == 0),
				"need %d: pattern %d does not have %d days of the cycle", i, k,
				n->visits);
	}
	for (int32_t i = 0; i < p->n_given; i++) {
		const struct rt_given *g = &p->given[i];

		CHECK(g->need >= 0 && g->need < p->n_needs && g->seat >= 0 && g->seat < p->n_seats &&
				g->day >= 0 && g->day < days,
			"given visit %d: need %d, seat %d, day %d", i, g->need, g->seat, g->day);
	}
	for (int32_t i = 0; i < p->n_leg_fixes; i++) {
		const struct rt_leg_fix *l = &p->leg_fixes[i];

		CHECK(l->a >= 0 && l->a < l->b && l->b < p->n_places && l->seconds >= 0 &&
				l->seconds <= RT_MAX_TIME / 2 && l->metres >= 0 &&
				(i == 0 || l[-1].a < l->a || (l[-1].a == l->a && l[-1].b < l->b)),
			"leg %d (%d to %d) is out of order or range", i, l->a, l->b);
	}
	return BP_E_OK;
}

enum bp_error rt_problem_check(const struct rt_problem *p, struct bp_fail *f)
{
	enum bp_error err;

	CHECK(p->weeks >= 1 && p->days_per_week >= 1 && p->days_per_week <= 7 &&
			p->weeks <= RT_MAX_DAYS && p->weeks * p->days_per_week <= RT_MAX_DAYS,
		"a cycle of %d weeks of %d days", p->weeks, p->days_per_week);
	CHECK(p->metric <= RT_EUC_DOWN, "metric %d", p->metric);
	CHECK(p->n_places >= 0 && p->n_needs >= 0 && p->n_seats >= 0 && p->n_profiles >= 0 &&
			p->n_windows >= 0 && p->n_seat_sets >= 0 && p->n_pattern_sets >= 0 &&
			p->n_given >= 0 && p->n_leg_fixes >= 0 && p->n_day_values >= 0,
		"a negative count");
	CHECK(p->n_seats <= INT32_MAX / RT_MAX_DAYS / 2, "too many seats: %d", p->n_seats);
	err = check_places(p, f);
	if (err == BP_E_OK)
		err = check_needs(p, f);
	if (err == BP_E_OK)
		err = check_seats(p, f);
	return err == BP_E_OK ? check_lists(p, f) : err;
}

int32_t rt_team(const struct rt_problem *p, int32_t seat)
{
	int32_t at = p->seats[seat].start, i;

	if (p->same_seat || !p->same_start)
		return p->same_seat ? seat : RT_NONE;
	for (i = 0; i < seat; i++) {
		int32_t other = p->seats[i].start;

		if (other == at || (other >= 0 && at >= 0 && p->places[other].x == p->places[at].x &&
					   p->places[other].y == p->places[at].y))
			break;
	}
	return i;
}

enum bp_error rt_problem_size_check(const struct rt_problem *p, int64_t max_needs,
	int64_t max_visits, struct bp_fail *f)
{
	int64_t visits = 0, parts, by_visits;

	for (int32_t i = 0; i < p->n_needs; i++)
		visits += p->needs[i].visits;
	if (p->n_needs <= max_needs && visits <= max_visits)
		return BP_E_OK;
	parts = (p->n_needs + max_needs - 1) / max_needs;
	by_visits = (visits + max_visits - 1) / max_visits;
	if (by_visits > parts)
		parts = by_visits;
	return bp_fail(f, BP_E_OPT_TOO_LARGE,
		"%d needs with %" PRId64 " visits; split into %" PRId64 " parts of equal size",
		p->n_needs, visits, parts);
}
