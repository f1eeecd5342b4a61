/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Why is a need not served?  Before the search: what no plan could serve, from the
 * need and the seats alone.  After it: which hard rule closes the tours around it.
 */
#include <stddef.h>

#include "route/engine.h"
#include "route/pattern.h"

#define ASKED_NEAR 64 /* tours asked for the reason of one need */

/* Could this seat serve the need alone on some day?  Otherwise a reason. */
static int32_t seat_reason(const struct rt_problem *p, const struct rt_need *n, int32_t seat)
{
	const struct rt_seat *s = &p->seats[seat];
	int64_t out = s->shift_start, back, home = 0;
	bool met = n->n_windows == 0;

	if (s->start >= 0 && p->places[s->start].x != RT_NO_COORD)
		out += rt_leg(p, s->profile, s->start, n->place, true);
	if (s->end >= 0 && p->places[s->end].x != RT_NO_COORD)
		home = rt_leg(p, s->profile, n->place, s->end, false);
	back = out;
	for (int32_t i = 0; i < n->n_windows && !met; i++) {
		const struct rt_window *w = &p->windows[n->window + i];

		if (out > w->to && !w->soft)
			continue;
		back = out > w->from ? out : w->from;
		met = w->soft || back + n->service + home <=
					 (int64_t)s->shift_start + s->shift + s->overtime_max;
	}
	if (!met)
		return RT_WINDOW;
	if (back + n->service + home > (int64_t)s->shift_start + s->shift + s->overtime_max)
		return RT_NO_SEAT_IN_REACH;
	if (s->capacity > 0 && n->demand > s->capacity)
		return RT_CAPACITY_LOAD;
	return RT_SERVED;
}

static uint64_t works(const struct rt_problem *p, int32_t seat)
{
	uint64_t days = p->seats[seat].days;

	for (int32_t d = 0; p->seat_day_shift && d < rt_days(p); d++)
		if (rt_shift(p, seat, d) <= 0)
			days &= ~((uint64_t)1 << d);
	return days;
}

/* Seats are asked in turn; the last answers stay cached for needs that ask for the same days. */
struct pattern_memo {
	int32_t set, visits, gap;
	uint64_t days;
	bool exists, part, ever;
};

static void remember(struct pattern_memo *m, const struct rt_problem *p, const struct rt_need *n, uint64_t days)
{
	uint64_t masks[PATTERN_MAX];
	bool part;

	*m = (struct pattern_memo){n->pattern_set, n->visits, n->gap, days, false, false, false};
	m->exists = pattern_list_need(p, n, days, masks, 0, &part) > 0;
	m->part = m->exists && part;
	m->exists = m->exists && !part;
	m->ever = m->exists || (pattern_list_need(p, n, ~(uint64_t)0, masks, 0, &part) > 0 && !part);
}

static int32_t reason_of(const struct rt_problem *p, const struct rt_need *n, struct pattern_memo *m, bool *part)
{
	uint64_t allowed = pattern_allowed(p, n), work = 0;
	int32_t from = 0, to = p->n_seats, worst = RT_NO_SEAT_IN_REACH;
	bool served = false;

	if (p->places[n->place].x == RT_NO_COORD)
		return RT_NO_COORDINATES;
	if (n->seat_set >= 0) {
		from = p->seat_set_off[n->seat_set];
		to = p->seat_set_off[n->seat_set + 1];
	}
	for (int32_t i = from; i < to && !(served && (allowed & ~work) == 0); i++) {
		int32_t s = n->seat_set >= 0 ? p->seat_set[i] : i, r;

		if (n->skills & ~p->seats[s].skills)
			continue;
		work |= works(p, s);
		if (served)
			continue;
		r = seat_reason(p, n, s);
		if (r == RT_SERVED)
			served = true;
		else if (r != RT_NO_SEAT_IN_REACH)
			worst = r;
	}
	if (!served)
		return worst;
	allowed &= work;
	if (!m->visits || m->set != n->pattern_set || m->visits != n->visits || m->gap != n->gap ||
		m->days != allowed)
		remember(m, p, n, allowed);
	*part = m->part;
	if (m->exists)
		return RT_SERVED;
	return m->ever ? RT_CLOSED_DAYS : RT_PATTERN_TOO_LONG;
}

void reason_before_all(const struct rt_problem *p, int32_t *reasons, uint8_t *part)
{
	struct pattern_memo m = {0};

	for (int32_t i = 0; i < p->n_needs; i++) {
		bool some = false;

		reasons[i] = reason_of(p, &p->needs[i], &m, &some);
		part[i] = some;
	}
}

/* Which rules close route r to the need (bits by reason)? */
static uint32_t closed_by(const struct engine *e, int32_t need, int32_t route)
{
	const struct en_need *n = &e->needs[need];
	const struct en_route *r = &e->routes[route];
	int32_t a = e->n_visits + route;
	uint32_t why = 0;
	bool time = false, window = false;

	if (r->n >= r->max_calls)
		why |= 1u << RT_CAPACITY_CALLS;
	if (r->load + n->demand > r->cap)
		why |= 1u << RT_CAPACITY_LOAD;
	if (!en_chain_room(e, r, n))
		why |= 1u << RT_CAPACITY_CHAIN;
	do {
		int32_t b = e->nodes[a].next, da = 0, db = 0;
		int64_t extra;

		if (en_is_visit(e, a))
			da = en_leg(e, r->profile, e->nodes[a].need, need, true);
		else if (r->start_pt >= 0)
			da = en_leg(e, r->profile, r->start_pt, need, true);
		if (en_is_visit(e, b))
			db = en_leg(e, r->profile, need, e->nodes[b].need, true);
		else if (r->end_pt >= 0)
			db = en_leg(e, r->profile, need, r->end_pt, false);
		if (r->dur + da + db - e->nodes[a].dnext + n->service > r->max_dur)
			;
		else if (e->any_window && (r->windowed || n->n_windows) &&
			 (!window_fits(e, r, need, a, b, da, db, &extra) || !window_within(e, r, need, a, da, db)))
			window = true, time = time || !n->n_windows;
		else
			return why;
		a = b;
	} while (en_is_visit(e, a));
	return why | 1u << (window && !time ? RT_WINDOW : RT_CAPACITY_TIME);
}

/* What a need that is served as far as it can be lacks; else RT_SERVED. */
static int32_t beforehand(const struct engine *e, const struct en_need *n, int32_t need)
{
	if (__builtin_popcountll(n->mask) != n->visits)
		return RT_SERVED;
	return e->unplaceable[e->ext[need]] ? e->unplaceable[e->ext[need]] : RT_CLOSED_DAYS;
}

/* A tour has room: then no whole pattern does, or it is not worth it, or it is not allowed. */
static int32_t room_but(const struct engine *e, const struct en_need *n)
{
	if (e->a->max_changed >= 0 && n->given_days)
		return RT_BUDGET_OF_CHANGES;
	return (n->flags & RT_MANDATORY) && n->visits > 1 ? RT_CAPACITY_TIME : RT_NOT_WORTH_IT;
}

static bool may_take(const struct engine *e, const struct en_need *n, int32_t route)
{
	const struct en_route *r = &e->routes[route];

	return (n->days >> r->day & 1) && !(n->mask >> r->day & 1) && en_seat_ok(e, n, r->seat);
}

int32_t reason_quick(const struct engine *e, int32_t need)
{
	const struct en_need *n = &e->needs[need];
	int32_t r = beforehand(e, n, need);

	if (r)
		return r;
	for (int32_t i = 0; i < e->k; i++) {
		int32_t u = e->near[(int64_t)need * e->k + i];

		for (int32_t v = u < 0 ? 0 : e->needs[u].first; u >= 0 && v < e->needs[u].first + e->needs[u].visits; v++) {
			int32_t route = e->nodes[v].route;

			if (route < 0 || !may_take(e, n, route))
				continue;
			return e->routes[route].n >= e->routes[route].max_calls			 ? RT_CAPACITY_CALLS
			       : e->routes[route].load + n->demand > e->routes[route].cap ? RT_CAPACITY_LOAD
			       : !en_chain_room(e, &e->routes[route], n)		  ? RT_CAPACITY_CHAIN
											  : RT_CAPACITY_TIME;
		}
	}
	return RT_CAPACITY_TIME;
}

/* The tours that are asked: those that call near the need, then any. */
struct asked {
	int32_t n, list[ASKED_NEAR];
	uint32_t why; /* bits by reason */
	bool room;
};

static void ask(struct asked *a, const struct engine *e, int32_t need, int32_t route)
{
	uint32_t why;

	if (!may_take(e, &e->needs[need], route))
		return;
	for (int32_t i = 0; i < a->n && i < ASKED_NEAR; i++)
		if (a->list[i] == route)
			return;
	if (a->n < ASKED_NEAR)
		a->list[a->n] = route;
	a->n++;
	why = closed_by(e, need, route);
	a->why |= why;
	a->room |= !why;
}

int32_t reason_after(const struct engine *e, int32_t need)
{
	const struct en_need *n = &e->needs[need];
	struct asked a = {0};
	int32_t r = beforehand(e, n, need);

	if (r)
		return r;
	for (int32_t i = 0; i < e->k && a.n < ASKED_NEAR && !a.room; i++) {
		int32_t u = e->near[(int64_t)need * e->k + i];

		for (int32_t v = u < 0 ? 0 : e->needs[u].first; u >= 0 && v < e->needs[u].first + e->needs[u].visits; v++)
			if (e->nodes[v].route >= 0 && a.n < ASKED_NEAR && !a.room)
				ask(&a, e, need, e->nodes[v].route);
	}
	for (r = 0; r < e->n_routes && a.n < ASKED_NEAR && !a.room; r++)
		ask(&a, e, need, r);
	if (a.room)
		return room_but(e, n);
	for (int32_t k = RT_WINDOW; k <= RT_CAPACITY_CHAIN; k++)
		if (a.why == 1u << k)
			return k;
	if (a.why & 1u << RT_CAPACITY_CALLS)
		return RT_CAPACITY_CALLS;
	return a.why & 1u << RT_CAPACITY_TIME ? RT_CAPACITY_TIME
	       : a.why & 1u << RT_WINDOW      ? RT_WINDOW
	       : a.why & 1u << RT_CAPACITY_CHAIN ? RT_CAPACITY_CHAIN
	       : a.why			      ? RT_CAPACITY_LOAD
					      : RT_NO_SEAT_IN_REACH;
}
