/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "plan/windows.h"
#include "plan/work.h"

/* An outlet on the whitelist gives way last: missing it costs so many times as much. */
enum { WHITE_PRICE = 10 };

static int32_t seconds(double minutes)
{
	return (int32_t)floor(minutes * 60 + 0.5);
}

static int32_t mmps(double kmh)
{
	return (int32_t)floor(kmh * 1e6 / 3600 + 0.5);
}

int plan_model_day(const struct plan_model *m, int64_t date)
{
	int64_t d = (date - m->plan.anchor) % m->days;

	return (int)(d < 0 ? d + m->days : d);
}

int64_t plan_model_date(const struct plan_model *m, int day)
{
	return m->today + (day - plan_model_day(m, m->today) + m->days) % m->days;
}

int plan_compare_id(const void *key, const void *item)
{
	int64_t a = *(const int64_t *)key, b = *(const int64_t *)item;

	return (a > b) - (a < b);
}

int32_t plan_model_need(const struct plan_model *m, int64_t id)
{
	const struct plan_need *n = m->n_needs ? bsearch(&id, m->needs, m->n_needs, sizeof(*n), plan_compare_id) : NULL;

	return n ? (int32_t)(n - m->needs) : RT_NONE;
}

int32_t plan_model_seat(const struct plan_model *m, int64_t id)
{
	const struct q_plan_seats *s = m->n_seats ? bsearch(&id, m->seats, m->n_seats, sizeof(*s), plan_compare_id) : NULL;

	return s ? (int32_t)(s - m->seats) : RT_NONE;
}

bool plan_model_serves(const struct plan_model *m, int32_t seat, int32_t need)
{
	bool limited = false;

	for (size_t i = 0; i < m->n_seat_partners; i++)
		if (m->seat_partners[i].seat_id == m->seats[seat].id) {
			limited = true;
			if (m->needs[need].partner.set && m->seat_partners[i].partner_id == m->needs[need].partner.v)
				return true;
		}
	/* A need without a distributor and a seat without a list go with anybody. */
	return !limited || !m->needs[need].partner.set;
}

size_t plan_first_row(const void *rows, size_t n, size_t size, int64_t outlet)
{
	size_t from = 0, to = n;

	while (from < to) {
		size_t mid = (from + to) / 2;
		int64_t at;

		memcpy(&at, (const char *)rows + mid * size, sizeof(at));
		if (at < outlet)
			from = mid + 1;
		else
			to = mid;
	}
	return from;
}

bool plan_model_listed(const struct plan_model *m, int32_t seat, int32_t need)
{
	int64_t outlet = m->needs[need].outlet;
	bool white = false, is_white = false;

	for (size_t i = plan_first_row(m->listed, m->n_listed, sizeof(*m->listed), outlet); i < m->n_listed && m->listed[i].outlet_id == outlet; i++) {
		bool this = m->listed[i].seat_id == m->seats[seat].id;

		if (this && !m->listed[i].white)
			return false; /* the blacklist goes before */
		white |= m->listed[i].white;
		is_white |= this;
	}
	return !white || is_white;
}

const char *const plan_holds[] = {"none", "person", "days", "both", NULL};
_Static_assert(sizeof(struct q_draft_pins) == sizeof(struct q_plan_version_pins), "same columns");

enum bp_error plan_model_pins(struct bp_db *db, struct plan_model *m, uint64_t session, uint64_t version)
{
	return session ? q_draft_pins(db, m->arena, (int64_t)session, &m->pins, &m->n_pins)
		       : q_plan_version_pins(db, m->arena, (int64_t)version, (struct q_plan_version_pins **)(void *)&m->pins, &m->n_pins);
}

int plan_model_hold(const struct plan_model *m, int64_t need)
{
	const struct q_draft_pins *p = m->n_pins ? bsearch(&need, m->pins, m->n_pins, sizeof(*p), plan_compare_id) : NULL;

	return p ? (int)p->hold : 0;
}

/* Vehicle profiles in the order of plan_vehicles. */
static void fill_profiles(struct plan_model *m)
{
	const struct plan_profile *q = &m->profile;
	const double speed[4][2] = {{PLAN_GET(q, walk_speed), PLAN_GET(q, walk_speed)},
		{PLAN_GET(q, two_wheeler_urban), PLAN_GET(q, two_wheeler_rural)},
		{PLAN_GET(q, car_urban), PLAN_GET(q, car_rural)}, {PLAN_GET(q, van_urban), PLAN_GET(q, van_rural)}};

	m->p.n_profiles = 4;
	m->p.profiles = bp_alloc_array(m->arena, 4, sizeof(*m->p.profiles));
	for (int i = 0; i < 4; i++)
		m->p.profiles[i] = (struct rt_profile){.mps_urban = mmps(speed[i][0]), .mps_rural = mmps(speed[i][1]),
			.road_urban = (int32_t)(PLAN_GET(q, road_factor_urban) * 1000 + 0.5),
			.road_rural = (int32_t)(PLAN_GET(q, road_factor_rural) * 1000 + 0.5), .lost = seconds(plan_profile_lost(q, i)),
			.walk_max = i ? (int32_t)PLAN_GET(q, walk_metres) : 0, .walk_mps = mmps(PLAN_GET(q, walk_speed)),
			.walk_road = (int32_t)(PLAN_GET(q, road_factor_urban) * 1000 + 0.5), .walk_lost = seconds(PLAN_GET(q, stop_walk))};
}

/* Holidays fall on dates, as absences do (model.h), the cycle repeats: only what every repetition has is closed in the cycle, that is the
 * weekdays off. Holidays are taken out when the plan is unfolded into dates. */
static void fill_days(struct plan_model *m)
{
	int mask = (int)PLAN_GET(&m->profile, work_weekdays);

	m->closed = bp_alloc_array(m->arena, (size_t)m->days, sizeof(*m->closed));
	for (int d = 0; d < m->days; d++)
		m->closed[d] = !(mask >> (bp_date_weekday(m->plan.anchor + d) - 1) & 1);
}

const struct q_absence_of_unit *plan_model_away(const struct plan_model *m, int64_t seat, int64_t date)
{
	for (size_t i = plan_first_row(m->absences, m->n_absences, sizeof(*m->absences), seat); i < m->n_absences && m->absences[i].seat_id == seat; i++)
		if (date >= m->absences[i].from && (!m->absences[i].to.set || date <= m->absences[i].to.v))
			return *m->absences[i].relief ? NULL : &m->absences[i];
	return NULL;
}

/* Is the seat away on all dates of a cycle day that the visit list covers? */
static bool always_away(const struct plan_model *m, int64_t seat, int day)
{
	int64_t date = m->today + (day - plan_model_day(m, m->today) + m->days) % m->days;

	while (date < m->today + PLAN_VISITS_DAYS && plan_model_away(m, seat, date))
		date += m->days;
	return date >= m->today + PLAN_VISITS_DAYS;
}

static int32_t add_place(struct plan_model *m, struct bp_opt_int lat, struct bp_opt_int lon, bool rural)
{
	struct rt_place *pl = &m->p.places[m->p.n_places];

	*pl = (struct rt_place){.x = lat.set && lon.set ? (int32_t)lon.v : RT_NO_COORD, .y = lat.set && lon.set ? (int32_t)lat.v : 0,
		.area = rural ? RT_RURAL : RT_URBAN};
	return m->p.n_places++;
}

static void fill_seats(struct plan_model *m)
{
	const struct plan_profile *q = &m->profile;

	m->p.n_seats = (int32_t)m->n_seats;
	m->p.seats = bp_alloc_array(m->arena, m->n_seats, sizeof(*m->p.seats));
	for (size_t i = 0; i < m->n_seats; i++) {
		const struct q_plan_seats *s = &m->seats[i];
		struct rt_seat *t = &m->p.seats[i];
		int64_t weekdays = s->work_weekdays.set ? s->work_weekdays.v : (int64_t)PLAN_GET(q, work_weekdays);
		int vehicle = (int)PLAN_GET(q, vehicle);
		int32_t start = RT_NONE;

		for (int v = 0; plan_vehicles[v] && s->vehicle; v++)
			if (!strcmp(plan_vehicles[v], s->vehicle))
				vehicle = v;
		/* Where the first and last leg are not counted as work the tour begins and ends at its calls, and minutes are taken off for them. */
		if (PLAN_GET(q, count_end_legs) > 0 && s->lat.set && s->lon.set)
			start = add_place(m, s->lat, s->lon, s->rural);
		*t = (struct rt_seat){.id = (uint64_t)s->id, .start = start, .end = start, .profile = vehicle,
			.shift = seconds(plan_profile_net(q, s->shift_minutes, start != RT_NONE)),
			.shift_start = seconds((s->shift_start.set ? (double)s->shift_start.v : PLAN_GET(q, shift_start)) + PLAN_GET(q, meeting_minutes)),
			.max_calls = (int32_t)(s->max_calls.set ? (double)s->max_calls.v : PLAN_GET(q, max_calls)),
			.min_calls = (int32_t)PLAN_GET(q, min_calls), .balance_group = 0};
		for (int d = 0; d < m->days; d++)
			if (!m->closed[d] && weekdays >> (bp_date_weekday(m->plan.anchor + d) - 1) & 1 && !always_away(m, s->id, d))
				t->days |= UINT64_C(1) << d;
	}
}

static int32_t least_gap(const struct plan_profile *q, int visits, int days)
{
	double every = (double)days / visits;

	return (int32_t)(every >= 28 ? PLAN_GET(q, gap_four_weekly) : every >= 14 ? PLAN_GET(q, gap_fortnightly)
			: every >= 7 ? PLAN_GET(q, gap_weekly) : every >= 3 ? PLAN_GET(q, gap_twice_weekly) : 1);
}

/* What a visit on each day of the cycle is worth for the purchase that is due; nothing is noted where no day is worth more than another. */
static void fill_value(struct plan_model *m, size_t i, const struct q_plan_needs_unit *r)
{
	const struct plan_profile *q = &m->profile;
	int32_t *value = m->p.day_values + m->p.n_day_values;
	bool any = false;

	m->needs[i].due = plan_due_of(r->nppd, r->due, r->every, r->spread, m->today);
	for (int d = 0; d < m->days && PLAN_GET(q, nppd) > 0; d++)
		any |= (value[d] = seconds(PLAN_GET(q, price_due) * plan_due_nearness(&m->needs[i].due, m->today, plan_model_date(m, d)))) > 0;
	if (!any)
		return;
	m->p.needs[i].day_value = m->p.n_day_values;
	m->p.n_day_values += m->days;
}

/* Which of the chains that limit the visits of a day is it?  As the solver counts them: 0 = none. */
static int32_t chain_index(struct plan_model *m, const struct plan_chain *c)
{
	int32_t k = 0;

	if (!c || !c->most)
		return 0;
	while (k < m->p.n_chains && m->chain_of[k] != c->most_of)
		k++;
	if (k == m->p.n_chains) {
		m->chain_of[m->p.n_chains] = c->most_of;
		m->p.chain_price[m->p.n_chains] = seconds(c->price);
		m->p.chain_most[m->p.n_chains++] = c->most;
	}
	return k + 1;
}

static void fill_need(struct plan_model *m, size_t i, const struct q_plan_needs_unit *r)
{
	const struct plan_asked asked = {r->channel, r->sales_model, r->tier, r->account_id, r->visits_per_4w, r->service_minutes};
	const struct plan_chain *c = plan_asked_chain(&m->chains, &asked);
	const struct plan_profile *q = &m->profile;
	const double missed[3] = {PLAN_GET(q, price_missed_gold), PLAN_GET(q, price_missed_silver), PLAN_GET(q, price_missed_bronze)};
	int gap = plan_profile_gap(q, r->tier, r->channel);
	int tier = r->tier < 1 ? 0 : r->tier > 3 ? 2 : (int)r->tier - 1;
	double price = r->value.set ? r->value.v : missed[tier];
	struct plan_call call = plan_call_of(q, c, &asked);
	int visits = plan_cycle_visits(call.per4w, m->plan.weeks);
	struct rt_need *n = &m->p.needs[i];

	m->needs[i] = (struct plan_need){r->id, r->outlet_id, r->partner_id, r->seat_id, tier + 1, visits, c, {0}};
	*n = (struct rt_need){.id = (uint64_t)r->id, .place = add_place(m, r->lat, r->lon, r->rural), .service = seconds(call.minutes),
		.visits = visits, .gap = gap ? gap : least_gap(q, visits, m->days), .pattern_set = RT_NONE, .seat_set = RT_NONE, .day_value = RT_NONE,
		.missed_price = seconds(r->must ? price * WHITE_PRICE : price), .flags = r->mandatory || r->must ? RT_MANDATORY : 0, .kind = (uint8_t)tier,
		.chain = chain_index(m, c)};
	if (c && c->gap > n->gap)
		n->gap = c->gap;
	fill_value(m, i, r);
	for (int d = 0; d < m->days; d++)
		if (!m->closed[d] && !(r->closed_days >> (bp_date_weekday(m->plan.anchor + d) - 1) & 1))
			n->days |= UINT64_C(1) << d;
}

/* Lists of allowed seats: one for each distributor and each pinned seat that occurs, and one for each outlet of which
 * whitelist or blacklist name seats. */
static void fill_seat_sets(struct plan_model *m, const struct q_plan_needs_unit *rows)
{
	struct {
		int64_t partner, seat, outlet;
	} *keys = bp_alloc_array(m->arena, m->n_needs + 1, sizeof(*keys));
	size_t room = 64, used = 0;
	int32_t *set = bp_alloc_array(m->arena, room, sizeof(*set)), *off, n_sets = 0, last = RT_NONE;

	off = bp_alloc_array(m->arena, m->n_needs + 2, sizeof(*off));
	for (size_t i = 0; i < m->n_needs; i++) {
		int64_t pinned = rows[i].seat_id.set ? rows[i].seat_id.v : 0, partner = rows[i].partner_id.set ? rows[i].partner_id.v : 0;
		size_t at = plan_first_row(m->listed, m->n_listed, sizeof(*m->listed), rows[i].outlet_id);
		int64_t listed = at < m->n_listed && m->listed[at].outlet_id == rows[i].outlet_id ? rows[i].outlet_id : 0;
		int32_t k;

		if (!pinned && !listed && (!partner || !m->n_seat_partners))
			continue;
#define SAME(k) (keys[k].partner == partner && keys[k].seat == pinned && keys[k].outlet == listed)
		/* Neighbours in the table mostly share their distributor: look at the last one first. */
		for (k = last >= 0 && SAME(last) ? last : 0; k < n_sets; k++)
			if (SAME(k))
				break;
#undef SAME
		if (k == n_sets) {
			keys[k].partner = partner;
			keys[k].seat = pinned;
			keys[k].outlet = listed;
			if (used + m->n_seats > room) {
				set = bp_grow_array(m->arena, set, used, (used + m->n_seats) * 2, sizeof(*set));
				room = (used + m->n_seats) * 2;
			}
			for (size_t s = 0; s < m->n_seats; s++)
				if ((pinned ? m->seats[s].id == pinned : plan_model_serves(m, (int32_t)s, (int32_t)i)) &&
					(!listed || plan_model_listed(m, (int32_t)s, (int32_t)i)))
					set[used++] = (int32_t)s;
			off[++n_sets] = (int32_t)used;
		}
		m->p.needs[i].seat_set = last = k;
	}
	m->p.n_seat_sets = n_sets;
	m->p.seat_set = set;
	m->p.seat_set_off = off;
}

static void fill_params(struct plan_model *m)
{
	const struct plan_profile *q = &m->profile;

	rt_params_default(&m->params);
	m->params.overtime_permille = (int32_t)(PLAN_GET(q, price_overtime) * 1000);
	m->params.price_few = seconds(PLAN_GET(q, price_few));
	m->params.price_day = seconds(PLAN_GET(q, price_day));
	m->params.price_person = seconds(PLAN_GET(q, price_person));
	m->params.price_beat = seconds(PLAN_GET(q, price_beat));
	m->params.balance_tolerance = (int32_t)(PLAN_GET(q, balance_tolerance) * 10);
	m->params.balance_permille = (int32_t)(PLAN_GET(q, price_imbalance) * 1000);
	m->params.seconds = PLAN_GET(q, seconds);
}

enum bp_error plan_cycle_of(struct bp_db *db, struct bp_arena *a, uint64_t plan, uint64_t session, uint64_t version, struct plan_cycle *out)
{
	struct q_plan_version_get v = {0};
	struct q_session_get s = {0};
	struct q_plan_get p = {0};
	enum bp_error e;

	if (session) {
		e = q_session_get(db, a, (int64_t)session, &s);
		*out = (struct plan_cycle){s.anchor, s.weeks};
	} else if (version) {
		e = q_plan_version_get(db, a, (int64_t)version, &v);
		*out = (struct plan_cycle){v.anchor, v.weeks};
	} else {
		e = q_plan_get(db, a, (int64_t)plan, &p);
		*out = (struct plan_cycle){p.anchor, p.weeks};
	}
	return e;
}

enum bp_error plan_model_load(struct bp_db *db, struct bp_arena *a, uint64_t plan, const struct plan_cycle *cycle, const char *ids,
	struct plan_model *m)
{
	struct q_plan_needs_unit *rows = NULL;
	struct q_plan_needs_ids *some = NULL;
	struct q_plan_windows *windows = NULL;
	size_t n_windows = 0;
	enum bp_error e;

	memset(m, 0, sizeof(*m));
	m->arena = a;
	e = q_plan_get(db, a, (int64_t)plan, &m->plan);
	if (!e && cycle) {
		m->plan.anchor = cycle->anchor;
		m->plan.weeks = cycle->weeks;
	}
	if (!e)
		e = plan_profile_load(db, (uint64_t)m->plan.territory_id, m->plan.channel, &m->profile);
	if (!e)
		e = q_plan_seats(db, a, m->plan.territory_id, m->plan.channel, &m->seats, &m->n_seats);
	if (!e)
		e = q_plan_seat_partners(db, a, m->plan.territory_id, &m->seat_partners, &m->n_seat_partners);
	if (!e)
		e = q_absence_of_unit(db, a, m->plan.territory_id, bp_today() - m->plan.weeks * 7, &m->absences, &m->n_absences);
	if (!e)
		e = q_plan_outlet_seats(db, a, m->plan.territory_id, &m->listed, &m->n_listed);
	if (!e)
		e = q_plan_windows(db, a, m->plan.territory_id, &windows, &n_windows);
	if (!e && !strcmp(m->plan.channel, "MT"))
		e = plan_chains_load(db, a, &m->chains);
	if (!e && ids) {
		e = q_plan_needs_ids(db, a, ids, &some, &m->n_needs);
		/* The two queries have the same columns, and so the same row. */
		_Static_assert(sizeof(struct q_plan_needs_ids) == sizeof(struct q_plan_needs_unit), "same columns");
		rows = (struct q_plan_needs_unit *)(void *)some;
	} else if (!e) {
		e = q_plan_needs_unit(db, a, m->plan.territory_id, m->plan.channel, &rows, &m->n_needs);
	}
	if (e)
		return e;
	m->days = (int)m->plan.weeks * 7;
	m->today = bp_today();
	m->p.weeks = (int32_t)m->plan.weeks;
	m->p.days_per_week = 7;
	m->p.metric = RT_GEO;
	m->p.same_seat = true;
	m->p.n_needs = (int32_t)m->n_needs;
	m->p.places = bp_alloc_array(a, m->n_needs + m->n_seats + 1, sizeof(*m->p.places));
	m->p.needs = bp_alloc_array(a, m->n_needs, sizeof(*m->p.needs));
	m->needs = bp_alloc_array(a, m->n_needs, sizeof(*m->needs));
	m->p.day_values = bp_alloc_array(a, PLAN_GET(&m->profile, nppd) > 0 ? m->n_needs * (size_t)m->days : 0, sizeof(*m->p.day_values));
	m->chain_of = bp_alloc_array(a, m->chains.n + 1, sizeof(*m->chain_of));
	m->p.chain_price = bp_alloc_array(a, m->chains.n + 1, sizeof(*m->p.chain_price));
	m->p.chain_most = bp_alloc_array(a, m->chains.n + 1, sizeof(*m->p.chain_most));
	fill_profiles(m);
	fill_days(m);
	fill_seats(m);
	for (size_t i = 0; i < m->n_needs; i++)
		fill_need(m, i, &rows[i]);
	fill_seat_sets(m, rows);
	plan_model_windows(m, windows, n_windows);
	fill_params(m);
	return BP_E_OK;
}
