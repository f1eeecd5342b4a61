/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cgi/draft_view.h"

#include <string.h>

#include "base/time.h"
#include "plan/recount.h"

#define MANY 1000000

BP_SHAPE(visits_columns, bp_visits_view,
	BP_LIST_INT(bp_visits_view, need, BP_REQ, MANY, "need"),
	BP_LIST_INT(bp_visits_view, day, BP_REQ, MANY, "cycle day, 0 = the anchor"),
	BP_LIST_INT(bp_visits_view, seat, BP_REQ, MANY, "seat"),
	BP_LIST_INT(bp_visits_view, beat, BP_REQ, MANY, "beat, 0 = none"),
	BP_LIST_INT(bp_visits_view, pos, BP_REQ, MANY, "order in the tour"),
	BP_LIST_DATE(bp_visits_view, from, BP_REQ, MANY, "first date, null = always"),
	BP_LIST_DATE(bp_visits_view, to, BP_REQ, MANY, "last date, null = for ever"));
BP_SHAPE(tours_columns, bp_tours_view,
	BP_LIST_INT(bp_tours_view, seat, BP_REQ, MANY, "seat"),
	BP_LIST_INT(bp_tours_view, day, BP_REQ, MANY, "cycle day"),
	BP_LIST_INT(bp_tours_view, calls, BP_REQ, MANY, "calls"),
	BP_LIST_INT(bp_tours_view, travel, BP_REQ, MANY, "seconds under way"),
	BP_LIST_INT(bp_tours_view, service, BP_REQ, MANY, "seconds at outlets"),
	BP_LIST_INT(bp_tours_view, wait, BP_REQ, MANY, "seconds of waiting"),
	BP_LIST_INT(bp_tours_view, metres, BP_REQ, MANY, "road metres"),
	BP_LIST_INT(bp_tours_view, over, BP_REQ, MANY, "seconds beyond the shift"));
BP_SHAPE(unserved_columns, bp_unserved_view,
	BP_LIST_INT(bp_unserved_view, need, BP_REQ, MANY, "need"),
	BP_LIST_INT(bp_unserved_view, missing, BP_REQ, MANY, "visits that are missing"),
	BP_LIST_STR(bp_unserved_view, reason, BP_REQ, MANY, "why: CAPACITY_TIME, NO_COORDINATES, PLANNER ..."));
BP_SHAPE(pins_columns, bp_pins_view,
	BP_LIST_INT(bp_pins_view, need, BP_REQ, MANY, "need"),
	BP_LIST_INT(bp_pins_view, hold, BP_REQ, MANY, "what the optimiser keeps of its visits: 1 = the person, 2 = the days, 3 = both"));
BP_SHAPE(overridden_columns, bp_overridden_view,
	BP_LIST_INT(bp_overridden_view, need, BP_REQ, MANY, "need"),
	BP_LIST_STR(bp_overridden_view, rules, BP_REQ, MANY, "rules that were overridden, with blanks between them"));
static const struct bp_field totals_fields[] = {
	BP_INT(bp_totals_view, calls, BP_REQ, 0, 9e15, "visits in a cycle"),
	BP_NUM(bp_totals_view, travel_minutes, BP_REQ, 0, 0, "minutes under way"),
	BP_NUM(bp_totals_view, service_minutes, BP_REQ, 0, 0, "minutes at outlets"),
	BP_NUM(bp_totals_view, overtime_minutes, BP_REQ, 0, 0, "minutes beyond shifts"),
	BP_NUM(bp_totals_view, km, BP_REQ, 0, 0, "road kilometres"),
	BP_INT(bp_totals_view, unserved, BP_REQ, 0, 9e15, "visits that are missing"),
	BP_NUM(bp_totals_view, balance_pct, BP_REQ, 0, 0, "largest deviation of a seat's work from the mean, percent"),
	BP_INT(bp_totals_view, seats, BP_REQ, 0, 9e15, "seats that work"),
};
const struct bp_shape bp_totals_shape = {"totals", sizeof(struct bp_totals_view), totals_fields,
	sizeof(totals_fields) / sizeof(*totals_fields), 0};
BP_SHAPE(cycle_shape, bp_cycle_view,
	BP_DATE(bp_cycle_view, anchor, BP_REQ, "date of cycle day 0"),
	BP_INT(bp_cycle_view, weeks, BP_REQ, 1, 8, "weeks"),
	BP_INT(bp_cycle_view, days, BP_REQ, 7, 56, "days"),
	BP_INT(bp_cycle_view, week_start, BP_REQ, 1, 7, "1 = Monday"),
	BP_LIST_INT(bp_cycle_view, work_weekdays, BP_REQ, 7, "weekdays on which somebody may work"),
	BP_LIST_INT(bp_cycle_view, closed, BP_REQ, 56, "cycle days on which nobody works"));
BP_SHAPE(seat_absence, q_absence_of_unit,
	BP_DATE(q_absence_of_unit, from, BP_REQ, "first day"),
	BP_DATE(q_absence_of_unit, to, BP_NUL, "last day, null = until further notice"),
	BP_STR(q_absence_of_unit, kind, BP_REQ, 1, 12, "LEAVE, SICK, TRAINING, VACANT or OTHER"),
	BP_STR(q_absence_of_unit, relief, BP_REQ, 0, 480, "who stands in; empty: nobody visits"),
	BP_STR(q_absence_of_unit, note, BP_REQ, 0, 1200, "what was noted"));
BP_SHAPE(seat_view, bp_seat_view,
	BP_INT(bp_seat_view, id, BP_REQ, 1, 9e15, "seat"),
	BP_STR(bp_seat_view, code, BP_REQ, 1, 64, "code"),
	BP_STR(bp_seat_view, name, BP_REQ, 1, 120, "name"),
	BP_STR(bp_seat_view, person, BP_NUL, 0, 120, "who holds it today, null = vacant"),
	BP_INT(bp_seat_view, person_id, BP_NUL, 1, 9e15, "the same as a person, who may hold seats of other territories too"),
	BP_STR(bp_seat_view, vehicle, BP_REQ, 1, 12, "walk, two-wheeler, car, van"),
	BP_NUM(bp_seat_view, lat, BP_NUL, -90, 90, "home"),
	BP_NUM(bp_seat_view, lon, BP_NUL, -180, 180, "home"),
	BP_INT(bp_seat_view, rural, BP_REQ, 0, 1, "1 = few outlets around it, as of outlets: road factor and speed outside of towns"),
	BP_BOOL(bp_seat_view, starts, BP_REQ, "its days begin and end at home, and the way there and back counts as work"),
	BP_INT(bp_seat_view, shift_start, BP_REQ, 0, 172800, "second of the day from which it travels and visits: the start of its shift, or that of the profile, and the meeting"),
	BP_INT(bp_seat_view, shift_seconds, BP_REQ, 0, 86400, "net seconds of a day for travel and visits"),
	BP_INT(bp_seat_view, max_calls, BP_REQ, 0, 1000, "most calls a day"),
	BP_LIST_INT(bp_seat_view, work_days, BP_REQ, 56, "cycle days on which the seat works"),
	BP_LIST(bp_seat_view, absences, BP_REQ, 0, &seat_absence, "when its person is away, by date"));
BP_SHAPE(beat_view, bp_beat_view,
	BP_INT(bp_beat_view, id, BP_REQ, 1, 9e15, "beat"),
	BP_STR(bp_beat_view, code, BP_REQ, 1, 64, "code"),
	BP_STR(bp_beat_view, name, BP_REQ, 1, 120, "name"),
	BP_INT(bp_beat_view, seat, BP_REQ, 0, 9e15, "seat that walks most of it, 0 = none"));
BP_SHAPE(travel_view, bp_profile_view,
	BP_STR(bp_profile_view, vehicle, BP_REQ, 1, 12, "vehicle"),
	BP_NUM(bp_profile_view, speed_urban, BP_REQ, 0, 0, "km/h"),
	BP_NUM(bp_profile_view, speed_rural, BP_REQ, 0, 0, "km/h"),
	BP_NUM(bp_profile_view, road_factor_urban, BP_REQ, 0, 0, "road over straight line"),
	BP_NUM(bp_profile_view, road_factor_rural, BP_REQ, 0, 0, "road over straight line"),
	BP_NUM(bp_profile_view, stop_minutes, BP_REQ, 0, 0, "minutes lost per stop"),
	BP_NUM(bp_profile_view, walk_speed, BP_REQ, 0, 0, "km/h"),
	BP_NUM(bp_profile_view, walk_stop_minutes, BP_REQ, 0, 0, "minutes lost per stop on foot"),
	BP_NUM(bp_profile_view, walk_metres, BP_REQ, 0, 0, "legs up to this may be walked"));
static const struct bp_field draft_fields[] = {
	BP_INT(bp_draft_view, session, BP_NUL, 1, 9e15, "planning session; null = a version, read only"),
	BP_INT(bp_draft_view, version, BP_NUL, 1, 9e15, "the version shown, or the one the draft began from"),
	BP_INT(bp_draft_view, seq, BP_REQ, 0, 9e15, "count of changes: send it with the next one"),
	BP_INT(bp_draft_view, plan_id, BP_REQ, 1, 9e15, "plan"),
	BP_INT(bp_draft_view, territory_id, BP_REQ, 1, 9e15, "unit"),
	BP_STR(bp_draft_view, channel, BP_REQ, 2, 2, "GT or MT"),
	BP_OBJ(bp_draft_view, cycle, BP_REQ, &cycle_shape, "the cycle"),
	BP_LIST(bp_draft_view, seats, BP_REQ, 10000, &seat_view, "seats"),
	BP_LIST(bp_draft_view, beats, BP_REQ, 100000, &beat_view, "beats"),
	BP_LIST(bp_draft_view, travel, BP_REQ, 4, &travel_view, "the travel model by vehicle"),
	BP_OBJ(bp_draft_view, visits, BP_REQ, &visits_columns, "standing stops, as columns"),
	BP_OBJ(bp_draft_view, tours, BP_REQ, &tours_columns, "standing tours, as columns"),
	BP_OBJ(bp_draft_view, unserved, BP_REQ, &unserved_columns, "missing visits, as columns"),
	BP_OBJ(bp_draft_view, pins, BP_REQ, &pins_columns, "pinned needs, as columns"),
	BP_OBJ(bp_draft_view, overridden, BP_REQ, &overridden_columns, "needs of the draft whose change overrode a rule that is never broken, as columns"),
	BP_OBJ(bp_draft_view, totals, BP_REQ, &bp_totals_shape, "sums"),
	BP_BOOL(bp_draft_view, stale, BP_REQ, "the sums were counted under other parameters than hold now; they are being counted anew"),
	BP_STR(bp_draft_view, undo, BP_NUL, 0, 200, "what undo would undo"),
	BP_STR(bp_draft_view, redo, BP_NUL, 0, 200, "what redo would redo"),
	BP_TIME(bp_draft_view, undo_at, BP_NUL, "when what undo would undo was done; null: there is nothing, or a commit"),
	BP_TIME(bp_draft_view, redo_at, BP_NUL, "when what redo would redo was done"),
	BP_LIST_STR(bp_draft_view, undo_left, BP_REQ, 1000, "other territories of that gesture, whose drafts keep their part when it is undone in this one alone"),
	BP_LIST_STR(bp_draft_view, redo_left, BP_REQ, 1000, "and where it stays undone when it is redone in this one alone"),
	BP_INT(bp_draft_view, edits, BP_REQ, 0, 9e15, "operations since the draft began"),
};
const struct bp_shape bp_draft_shape = {"draft", sizeof(struct bp_draft_view), draft_fields,
	sizeof(draft_fields) / sizeof(*draft_fields), 0};
BP_SHAPE(tour_sum, plan_tour_sum,
	BP_INT(plan_tour_sum, calls, BP_REQ, 0, 9e15, "calls"),
	BP_NUM(plan_tour_sum, minutes, BP_REQ, 0, 0, "minutes of work"),
	BP_NUM(plan_tour_sum, km, BP_REQ, 0, 0, "road kilometres"));
BP_SHAPE(tour_change, plan_tour_change,
	BP_INT(plan_tour_change, seat, BP_REQ, 1, 9e15, "seat"),
	BP_DATE(plan_tour_change, date, BP_REQ, "date"),
	BP_OBJ(plan_tour_change, before, BP_REQ, &tour_sum, "before"),
	BP_OBJ(plan_tour_change, after, BP_REQ, &tour_sum, "after"));
BP_SHAPE(broken_rule, plan_broken,
	BP_STR(plan_broken, rule, BP_REQ, 1, 24, "MAX_CALLS, MIN_CALLS, SHIFT, WINDOW, CLOSED_DAY, AWAY, PINNED, PINNED_SEAT, GAP, DT_CHANGE, NO_COORDINATES"),
	BP_STR(plan_broken, severity, BP_REQ, 4, 5, "block or warn"),
	BP_STR(plan_broken, message, BP_REQ, 1, 200, "in words"),
	BP_INT(plan_broken, need, BP_NUL, 1, 9e15, "need"),
	BP_INT(plan_broken, seat, BP_NUL, 1, 9e15, "seat"),
	BP_DATE(plan_broken, date, BP_NUL, "date"));
#define PRICE(m, note) BP_NUM(plan_price, m, BP_REQ, 0, 0, note)
BP_SHAPE(price, plan_price,
	PRICE(total, "all together"), PRICE(travel, "minutes under way"), PRICE(overtime, "overtime at its price"), PRICE(missed, "missed visits, by tier or value"),
	PRICE(day, "visits on other days"), PRICE(person, "outlets that get another person"), PRICE(beat, "outlets that leave their weekdays or person"),
	PRICE(imbalance, "work of seats beyond the tolerance"), PRICE(due, "days that purchases are due on: less than 0 is a gain"), PRICE(few, "calls that days have less than the least"), PRICE(other, "soft windows, chains and scatter"));
static const struct bp_field impact_fields[] = {
	BP_OBJ(plan_impact, price, BP_NUL, &price, "what the solver would count for it, in minutes, after minus before; null where nothing was applied"),
	BP_NUM(plan_impact, minutes, BP_REQ, 0, 0, "minutes of work, after minus before"),
	BP_NUM(plan_impact, km, BP_REQ, 0, 0, "road kilometres, after minus before"),
	BP_NUM(plan_impact, overtime_minutes, BP_REQ, 0, 0, "minutes beyond shifts, after minus before"),
	BP_NUM(plan_impact, due_minutes, BP_REQ, 0, 0, "minutes that the days are worth for purchases that are due, after minus before; 0 where visits are not drawn to them"),
	BP_NUM(plan_impact, balance_before, BP_REQ, 0, 0, "balance before, percent"),
	BP_NUM(plan_impact, balance_after, BP_REQ, 0, 0, "balance after, percent"),
	BP_LIST(plan_impact, tours, BP_REQ, 0, &tour_change, "the touched tours"),
	BP_LIST(plan_impact, broken, BP_REQ, 0, &broken_rule, "rules that hold no more"),
};
const struct bp_shape bp_impact_shape = {"impact", sizeof(struct plan_impact), impact_fields,
	sizeof(impact_fields) / sizeof(*impact_fields), 0};
static const struct bp_field change_fields[] = {
	BP_INT(bp_change_view, seq, BP_REQ, 0, 9e15, "count of changes now"),
	BP_OBJ(bp_change_view, impact, BP_NUL, &bp_impact_shape, "what it changes; null after undo and redo"),
	BP_STR(bp_change_view, undo, BP_NUL, 0, 200, "what undo would undo"),
	BP_STR(bp_change_view, redo, BP_NUL, 0, 200, "what redo would redo"),
	BP_TIME(bp_change_view, undo_at, BP_NUL, "when what undo would undo was done; null: there is nothing, or a commit"),
	BP_TIME(bp_change_view, redo_at, BP_NUL, "when what redo would redo was done"),
	BP_LIST_STR(bp_change_view, undo_left, BP_REQ, 1000, "other territories of that gesture, whose drafts keep their part when it is undone in this one alone"),
	BP_LIST_STR(bp_change_view, redo_left, BP_REQ, 1000, "and where it stays undone when it is redone in this one alone"),
	BP_BOOL(bp_change_view, reload, BP_REQ, "read the draft again: the columns below are empty"),
	BP_OBJ(bp_change_view, visits, BP_REQ, &visits_columns, "all stops of the touched tours and needs"),
	BP_OBJ(bp_change_view, tours, BP_REQ, &tours_columns, "the touched standing tours"),
	BP_OBJ(bp_change_view, unserved, BP_REQ, &unserved_columns, "all missing visits"),
	BP_OBJ(bp_change_view, pins, BP_NUL, &pins_columns, "all pinned needs; null: as before"),
	BP_OBJ(bp_change_view, overridden, BP_REQ, &overridden_columns, "all needs whose change overrode a rule"),
	BP_OBJ(bp_change_view, totals, BP_REQ, &bp_totals_shape, "sums"),
	BP_INT(bp_change_view, edits, BP_REQ, 0, 9e15, "operations since the draft began"),
};
const struct bp_shape bp_change_shape = {"change", sizeof(struct bp_change_view), change_fields,
	sizeof(change_fields) / sizeof(*change_fields), 0};

/* --- columns --- */

static int64_t *column(struct bp_arena *a, struct bp_list *list, size_t n)
{
	list->v = bp_alloc_array(a, n + 1, sizeof(int64_t));
	list->n = n;
	return list->v;
}

static struct bp_opt_int *date_column(struct bp_arena *a, struct bp_list *list, size_t n)
{
	list->v = bp_alloc_array(a, n + 1, sizeof(struct bp_opt_int));
	list->n = n;
	return list->v;
}

/* The rows of drafts and of versions have the same columns. */
_Static_assert(sizeof(struct q_draft_stops) == sizeof(struct q_plan_version_stops), "same columns");
_Static_assert(sizeof(struct q_draft_tours) == sizeof(struct q_plan_version_tours), "same columns");
_Static_assert(sizeof(struct q_draft_unserved) == sizeof(struct q_plan_version_unserved), "same columns");

static struct bp_visits_view *visits_of(struct bp_arena *a, const struct q_draft_stops *r, size_t n)
{
	struct bp_visits_view *v = bp_alloc(a, sizeof(*v));
	int64_t *need = column(a, &v->need, n), *day = column(a, &v->day, n), *seat = column(a, &v->seat, n),
		*beat = column(a, &v->beat, n), *pos = column(a, &v->pos, n);
	struct bp_opt_int *from = date_column(a, &v->from, n), *to = date_column(a, &v->to, n);

	for (size_t i = 0; i < n; i++) {
		need[i] = r[i].need;
		day[i] = r[i].day;
		seat[i] = r[i].seat;
		beat[i] = r[i].beat.v;
		pos[i] = r[i].pos;
		from[i] = r[i].from;
		to[i] = r[i].to;
	}
	return v;
}

static struct bp_tours_view *tours_of(struct bp_arena *a, const struct q_draft_tours *r, size_t n)
{
	struct bp_tours_view *v = bp_alloc(a, sizeof(*v));
	int64_t *seat = column(a, &v->seat, n), *day = column(a, &v->day, n), *calls = column(a, &v->calls, n),
		*travel = column(a, &v->travel, n), *service = column(a, &v->service, n), *wait = column(a, &v->wait, n),
		*metres = column(a, &v->metres, n), *over = column(a, &v->over, n);

	for (size_t i = 0; i < n; i++) {
		seat[i] = r[i].seat;
		day[i] = r[i].day;
		calls[i] = r[i].calls;
		travel[i] = r[i].travel;
		service[i] = r[i].service;
		wait[i] = r[i].waiting;
		metres[i] = r[i].metres;
		over[i] = r[i].overtime;
	}
	return v;
}

static struct bp_unserved_view *unserved_of(struct bp_arena *a, const struct q_draft_unserved *r, size_t n, int64_t *sum)
{
	struct bp_unserved_view *v = bp_alloc(a, sizeof(*v));
	int64_t *need = column(a, &v->need, n), *missing = column(a, &v->missing, n);
	const char **reason = bp_alloc_array(a, n + 1, sizeof(*reason));

	v->reason = (struct bp_list){reason, n};
	*sum = 0;
	for (size_t i = 0; i < n; i++) {
		need[i] = r[i].need;
		missing[i] = r[i].missing;
		reason[i] = r[i].reason;
		*sum += missing[i];
	}
	return v;
}

static enum bp_error pins_of(struct bp_req *rq, uint64_t session, uint64_t version, struct bp_pins_view **out)
{
	struct bp_pins_view *v = *out = bp_alloc(rq->arena, sizeof(*v));
	struct plan_model m = {.arena = rq->arena};
	enum bp_error e = session || version ? plan_model_pins(rq->db, &m, session, version) : BP_E_OK;
	int64_t *need = column(rq->arena, &v->need, m.n_pins), *hold = column(rq->arena, &v->hold, m.n_pins);

	for (size_t i = 0; i < m.n_pins && !e; i++) {
		need[i] = m.pins[i].need;
		hold[i] = m.pins[i].hold;
	}
	return e;
}

static enum bp_error overridden_of(struct bp_req *rq, uint64_t session, struct bp_overridden_view **out)
{
	struct bp_overridden_view *v = *out = bp_alloc(rq->arena, sizeof(*v));
	struct q_draft_overridden *r = NULL;
	size_t n = 0;
	enum bp_error e = session ? q_draft_overridden(rq->db, rq->arena, (int64_t)session, &r, &n) : BP_E_OK;
	int64_t *need = column(rq->arena, &v->need, n);
	const char **rules = bp_alloc_array(rq->arena, n + 1, sizeof(*rules));

	v->rules = (struct bp_list){rules, n};
	for (size_t i = 0; i < n && !e; i++) {
		need[i] = r[i].need;
		rules[i] = r[i].rules;
	}
	return e;
}

struct bp_totals_view *bp_totals_of(struct bp_arena *a, const struct q_draft_tours *t, size_t n, int64_t unserved)
{
	struct bp_totals_view *v = bp_alloc(a, sizeof(*v));
	int64_t *work = bp_alloc_array(a, n + 1, sizeof(*work));
	size_t seats = 0;

	v->unserved = unserved;
	for (size_t i = 0; i < n; i++) {
		/* Rows come ordered by seat. */
		if (!i || t[i].seat != t[i - 1].seat)
			seats++;
		work[seats - 1] += t[i].travel + t[i].service + t[i].waiting;
		v->calls += t[i].calls;
		v->travel_minutes += (double)t[i].travel / 60;
		v->service_minutes += (double)t[i].service / 60;
		v->overtime_minutes += (double)t[i].overtime / 60;
		v->km += (double)t[i].metres / 1000;
	}
	v->seats = (int64_t)seats;
	v->balance_pct = plan_balance(work, seats);
	return v;
}

/* --- the parts that come from the model --- */

static void fill_cycle(struct bp_arena *a, struct bp_draft_view *v, const struct plan_model *m)
{
	struct bp_cycle_view *c = bp_alloc(a, sizeof(*c));
	int64_t *weekdays = column(a, &c->work_weekdays, 7), *closed = column(a, &c->closed, (size_t)m->days);
	int mask = (int)PLAN_GET(&m->profile, work_weekdays);

	c->anchor = m->plan.anchor;
	c->weeks = m->plan.weeks;
	c->days = m->days;
	c->week_start = (int64_t)PLAN_GET(&m->profile, week_start);
	c->work_weekdays.n = c->closed.n = 0;
	for (int w = 1; w <= 7; w++)
		if (mask >> (w - 1) & 1)
			weekdays[c->work_weekdays.n++] = w;
	for (int d = 0; d < m->days; d++)
		if (m->closed[d])
			closed[c->closed.n++] = d;
	v->cycle = c;
}

static void fill_seats(struct bp_arena *a, struct bp_draft_view *v, const struct plan_model *m)
{
	struct bp_seat_view *s = bp_alloc_array(a, m->n_seats + 1, sizeof(*s));

	for (size_t i = 0; i < m->n_seats; i++) {
		const struct q_plan_seats *r = &m->seats[i];
		size_t first = plan_first_row(m->absences, m->n_absences, sizeof(*m->absences), r->id);
		int64_t *days;

		s[i] = (struct bp_seat_view){.id = r->id, .code = r->code, .name = r->name, .person = r->person, .person_id = r->person_id,
			.vehicle = plan_vehicles[m->p.seats[i].profile], .lat = bp_degrees(r->lat),
			.lon = bp_degrees(r->lon), .rural = r->rural, .starts = m->p.seats[i].start != RT_NONE,
			.shift_start = m->p.seats[i].shift_start, .shift_seconds = m->p.seats[i].shift,
			.max_calls = m->p.seats[i].max_calls,
			.absences = {m->absences + first, plan_first_row(m->absences, m->n_absences, sizeof(*m->absences), r->id + 1) - first}};
		days = column(a, &s[i].work_days, (size_t)m->days);
		s[i].work_days.n = 0;
		for (int d = 0; d < m->days; d++)
			if (m->p.seats[i].days >> d & 1)
				days[s[i].work_days.n++] = d;
	}
	v->seats = (struct bp_list){s, m->n_seats};
}

static void fill_travel(struct bp_arena *a, struct bp_draft_view *v, const struct plan_model *m)
{
	struct bp_profile_view *t = bp_alloc_array(a, 4, sizeof(*t));

	for (int i = 0; i < 4; i++) {
		const struct rt_profile *p = &m->p.profiles[i];

		t[i] = (struct bp_profile_view){.vehicle = plan_vehicles[i], .speed_urban = p->mps_urban * 0.0036,
			.speed_rural = p->mps_rural * 0.0036, .road_factor_urban = p->road_urban / 1000.0,
			.road_factor_rural = p->road_rural / 1000.0, .stop_minutes = p->lost / 60.0, .walk_speed = p->walk_mps * 0.0036,
			.walk_stop_minutes = p->walk_lost / 60.0, .walk_metres = p->walk_max};
	}
	v->travel = (struct bp_list){t, 4};
}

/* The seat of a beat is the one of its first visit: a beat belongs to one seat but for single dates. */
static enum bp_error fill_beats(struct bp_req *rq, struct bp_draft_view *v, uint64_t plan)
{
	const int64_t *beats = v->visits->beat.v, *seats = v->visits->seat.v;
	struct bp_beat_view *b;
	struct q_plan_beats *r;
	int64_t *owner, first;
	size_t n;
	enum bp_error e = q_plan_beats(rq->db, rq->arena, (int64_t)plan, &r, &n);

	if (e || !n)
		return e;
	first = r[0].id;
	owner = bp_alloc_array(rq->arena, (size_t)(r[n - 1].id - first) + 1, sizeof(*owner));
	for (size_t i = 0; i < v->visits->beat.n; i++)
		if (beats[i] >= first && beats[i] <= r[n - 1].id && !owner[beats[i] - first])
			owner[beats[i] - first] = seats[i];
	b = bp_alloc_array(rq->arena, n, sizeof(*b));
	for (size_t i = 0; i < n; i++)
		b[i] = (struct bp_beat_view){r[i].id, owner[r[i].id - first], r[i].code, r[i].name};
	v->beats = (struct bp_list){b, n};
	return BP_E_OK;
}

/* Where else a gesture over several drafts is as it is in this one. */
static enum bp_error left_of(struct bp_req *rq, uint64_t session, const char *joint, bool undone, struct bp_list *out)
{
	struct q_op_joint_left *r = NULL;
	size_t n = 0;
	enum bp_error e = *joint ? q_op_joint_left(rq->db, rq->arena, joint, (int64_t)rq->user.id, undone, (int64_t)session, &r, &n) : BP_E_OK;

	*out = (struct bp_list){bp_alloc_array(rq->arena, n, sizeof(char *)), n};
	for (size_t i = 0; i < n; i++)
		((const char **)out->v)[i] = r[i].unit;
	return e;
}

static enum bp_error labels(struct bp_req *rq, uint64_t session, const char **undo, const char **redo, struct bp_opt_int *undo_at, struct bp_opt_int *redo_at,
	struct bp_list *undo_left, struct bp_list *redo_left, int64_t *edits)
{
	struct q_plan_version_get v;
	struct q_op_undoable u;
	struct q_op_redoable r;
	struct q_session_get s;
	struct q_op_count c;
	enum bp_error e = q_op_undoable(rq->db, rq->arena, (int64_t)session, &u);

	*undo = e ? NULL : u.label;
	*undo_at = e ? BP_NO_INT : BP_SOME_INT(u.at);
	if (!e)
		e = left_of(rq, session, u.joint, false, undo_left);
	if (e == BP_E_NOT_FOUND) {
		e = q_session_get(rq->db, rq->arena, (int64_t)session, &s);
		if (!e)
			e = plan_session_commit_before(rq->db, rq->arena, &s, &v);
		*undo = e ? NULL : plan_session_commit_label(rq->arena, &v);
	}
	if (e && e != BP_E_NOT_FOUND)
		return e;
	e = q_op_redoable(rq->db, rq->arena, (int64_t)session, &r);
	*redo = e ? NULL : r.label;
	*redo_at = e ? BP_NO_INT : BP_SOME_INT(r.at);
	if (!e)
		e = left_of(rq, session, r.joint, true, redo_left);
	if (e && e != BP_E_NOT_FOUND)
		return e;
	e = q_op_count(rq->db, rq->arena, (int64_t)session, &c);
	*edits = c.n;
	return e;
}

/* Were the sums counted by what holds now? */
static enum bp_error is_stale(struct bp_req *rq, const struct plan_model *m, uint64_t session, uint64_t version, bool *stale)
{
	char now[PLAN_RECKONING_SIZE];
	struct q_reckoning_of r;
	enum bp_error e = q_reckoning_of(rq->db, rq->arena, (int64_t)session, (int64_t)version, &r);

	plan_reckoning(m, now);
	*stale = !e && strcmp(now, r.reckoning) != 0;
	return e;
}

enum bp_error bp_draft_reply(struct bp_req *rq, uint64_t plan, uint64_t session, uint64_t version)
{
	struct bp_draft_view *v = bp_alloc(rq->arena, sizeof(*v));
	struct q_session_get s = {0};
	struct q_draft_stops *stops = NULL;
	struct q_draft_tours *tours = NULL;
	struct q_draft_unserved *unserved = NULL;
	size_t n_stops = 0, n_tours = 0, n_unserved = 0;
	struct plan_cycle cycle;
	struct plan_model m;
	int64_t missing;
	enum bp_error e = plan_cycle_of(rq->db, rq->arena, plan, session, version, &cycle);

	if (!e) /* only the frame of the model is wanted here: no needs */
		e = plan_model_load(rq->db, rq->arena, plan, &cycle, "[]", &m);
	if (!e && session) {
		e = q_session_get(rq->db, rq->arena, (int64_t)session, &s);
		if (!e)
			e = q_draft_stops(rq->db, rq->arena, (int64_t)session, &stops, &n_stops);
		if (!e)
			e = q_draft_tours(rq->db, rq->arena, (int64_t)session, &tours, &n_tours);
		if (!e)
			e = q_draft_unserved(rq->db, rq->arena, (int64_t)session, &unserved, &n_unserved);
		if (!e)
			e = labels(rq, session, &v->undo, &v->redo, &v->undo_at, &v->redo_at, &v->undo_left, &v->redo_left, &v->edits);
		v->version = s.base_version;
	} else if (!e && version) {
		e = q_plan_version_stops(rq->db, rq->arena, (int64_t)version, (struct q_plan_version_stops **)(void *)&stops, &n_stops);
		if (!e)
			e = q_plan_version_tours(rq->db, rq->arena, (int64_t)version, (struct q_plan_version_tours **)(void *)&tours, &n_tours);
		if (!e)
			e = q_plan_version_unserved(rq->db, rq->arena, (int64_t)version, (struct q_plan_version_unserved **)(void *)&unserved,
				&n_unserved);
		v->version = BP_SOME_INT(version);
	}
	if (!e)
		e = pins_of(rq, session, version, &v->pins);
	if (!e && n_tours)
		e = is_stale(rq, &m, session, version, &v->stale);
	if (!e)
		e = overridden_of(rq, session, &v->overridden);
	if (e)
		return e;
	v->session = (struct bp_opt_int){(int64_t)session, session != 0};
	v->seq = s.seq;
	v->plan_id = m.plan.id;
	v->territory_id = m.plan.territory_id;
	v->channel = m.plan.channel;
	v->visits = visits_of(rq->arena, stops, n_stops);
	v->tours = tours_of(rq->arena, tours, n_tours);
	v->unserved = unserved_of(rq->arena, unserved, n_unserved, &missing);
	v->totals = bp_totals_of(rq->arena, tours, n_tours, missing);
	fill_cycle(rq->arena, v, &m);
	fill_seats(rq->arena, v, &m);
	fill_travel(rq->arena, v, &m);
	rq->reply = v;
	return fill_beats(rq, v, plan);
}

/* Living stops of the draft in memory; those of tours or needs that were not touched are not in it. */
static struct bp_visits_view *living(struct bp_arena *a, const struct plan_draft *d)
{
	struct q_draft_stops *r = bp_alloc_array(a, d->n + 1, sizeof(*r));
	size_t n = 0;

	for (size_t i = 0; i < d->n; i++) {
		const struct plan_stop *s = &d->stops[i];

		if (!s->dead)
			r[n++] = (struct q_draft_stops){s->need, s->day, s->seq, s->seat, s->beat, s->pos, s->from, s->to};
	}
	return visits_of(a, r, n);
}

enum bp_error bp_change_reply(struct bp_req *rq, uint64_t session, const struct plan_change *c, bool reload)
{
	struct bp_change_view *v = bp_alloc(rq->arena, sizeof(*v));
	struct q_draft_tours *tours, *touched;
	struct q_draft_unserved *unserved;
	size_t n_tours, n_unserved, n = 0;
	int64_t missing;
	enum bp_error e = q_draft_tours(rq->db, rq->arena, (int64_t)session, &tours, &n_tours);

	if (!e)
		e = q_draft_unserved(rq->db, rq->arena, (int64_t)session, &unserved, &n_unserved);
	if (!e)
		e = labels(rq, session, &v->undo, &v->redo, &v->undo_at, &v->redo_at, &v->undo_left, &v->redo_left, &v->edits);
	if (!e && c->pins && !reload)
		e = pins_of(rq, session, 0, &v->pins);
	if (!e)
		e = overridden_of(rq, session, &v->overridden);
	if (e)
		return e;
	touched = bp_alloc_array(rq->arena, c->n_tours + 1, sizeof(*touched));
	for (size_t i = 0; i < c->n_tours && c->draft && !reload; i++) {
		int64_t day = plan_model_day(c->draft->m, c->tours[i].date);

		/* A tour that has become empty has no row any more: then all its sums are 0. */
		touched[n] = (struct q_draft_tours){.seat = c->tours[i].seat, .day = day};
		for (size_t k = 0; k < n_tours; k++)
			if (tours[k].seat == c->tours[i].seat && tours[k].day == day)
				touched[n] = tours[k];
		n++;
	}
	v->seq = c->seq;
	v->impact = c->impact.tours.n ? bp_alloc(rq->arena, sizeof(*v->impact)) : NULL;
	if (v->impact)
		*v->impact = c->impact;
	v->reload = reload;
	v->visits = c->draft && !reload ? living(rq->arena, c->draft) : visits_of(rq->arena, NULL, 0);
	v->tours = tours_of(rq->arena, touched, n);
	v->unserved = unserved_of(rq->arena, unserved, n_unserved, &missing);
	v->totals = bp_totals_of(rq->arena, tours, n_tours, missing);
	rq->reply = v;
	return BP_E_OK;
}
