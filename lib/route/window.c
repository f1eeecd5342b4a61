/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Time windows.  Arriving earlier is never worse, since one can wait; so a tour
 * is described by the earliest begin of each visit (forwards) and by the latest
 * arrival from which the rest still holds (backwards), also with several windows a
 * visit.  An insertion is then checked in O(1) (Savelsbergh 1992).  Only where lateness or
 * overtime has a price must the rest of the tour be simulated.
 */
#include <stddef.h>

#include "route/engine.h"

static const struct rt_window *windows(const struct engine *e, const struct en_need *n)
{
	return &e->p->windows[n->window];
}

int32_t window_begin_any(const struct engine *e, const struct en_need *n, int32_t t)
{
	const struct rt_window *w = windows(e, n);
	bool soft = false;

	for (int32_t i = 0; i < n->n_windows; i++) {
		if (t <= w[i].to)
			return t > w[i].from ? t : w[i].from;
		soft |= w[i].soft;
	}
	return soft ? t : INT32_MAX;
}

/* Seconds late when beginning at t. */
static int32_t lateness(const struct engine *e, const struct en_need *n, int32_t t)
{
	const struct rt_window *w = n->one_window ? NULL : windows(e, n);

	return w && t > w[n->n_windows - 1].to ? t - w[n->n_windows - 1].to : 0;
}

int32_t window_latest_any(const struct engine *e, const struct en_need *n, int32_t limit)
{
	const struct rt_window *w = windows(e, n);
	bool soft = false;

	for (int32_t i = 0; i < n->n_windows; i++)
		soft |= w[i].soft;
	if (soft && limit > w[n->n_windows - 1].to)
		return limit;
	for (int32_t i = n->n_windows - 1; i >= 0; i--) {
		int32_t s = limit < w[i].to ? limit : w[i].to;

		if (s >= w[i].from)
			return s;
	}
	return INT32_MIN / 2;
}

static int64_t end_limit(const struct en_route *r)
{
	return r->shift_start + r->span;
}

static int64_t price(const struct engine *e, int64_t late, int64_t over)
{
	return late * e->a->late_permille / 1000 + over * e->a->overtime_permille / 1000;
}

static int64_t overtime(const struct en_route *r, int64_t back)
{
	return back - r->shift_start > r->shift ? back - r->shift_start - r->shift : 0;
}

/* Until when may a visit begin that begins at b, in the window it has? */
static int64_t until(const struct engine *e, const struct en_need *n, int64_t b)
{
	const struct rt_window *w = windows(e, n);

	for (int32_t i = 0; i < n->n_windows; i++)
		if (b <= w[i].to)
			return w[i].to;
	return n->n_windows ? b : INT64_MAX / 2;
}

/* Where a tour is, and by how much later it might have left. */
struct slack {
	int64_t t, waited, least;
};

static bool step(const struct engine *e, const struct en_need *n, int64_t leg, struct slack *s)
{
	int64_t at = s->t + leg, u;
	int32_t b = window_begin(e, n, (int32_t)at);

	if (b == INT32_MAX)
		return false;
	s->waited += b - at;
	u = s->waited + until(e, n, b) - b;
	s->least = u < s->least ? u : s->least;
	s->t = (int64_t)b + n->service;
	return true;
}

/* May the tour, with `need` (or RT_NONE) behind node a, be done within the limit?  It leaves as late as it can without
 * being back later: the forward time slack of its start (Savelsbergh 1992).  O(visits). */
static bool within_limit(const struct engine *e, const struct en_route *r, int32_t need, int32_t a, int32_t leg_in,
	int32_t leg_out)
{
	int32_t s = e->n_visits + (int32_t)(r - e->routes), i = s;
	struct slack k = {r->shift_start, 0, INT64_MAX / 2};
	int64_t leg;

	do {
		leg = e->nodes[i].dnext;
		if (i == a && need >= 0) {
			if (!step(e, &e->needs[need], leg_in, &k))
				return false;
			leg = leg_out;
		}
		i = e->nodes[i].next;
		if (i != s && !step(e, &e->needs[e->nodes[i].need], leg, &k))
			return false;
	} while (i != s);
	return k.t + leg - r->shift_start - (k.least < k.waited ? k.least : k.waited) <= r->limit;
}

/* Begins of service from node i on, until one comes out as it was; then the rest stays, too. */
static void refresh_begins(struct engine *e, struct en_route *r, int32_t i, bool whole)
{
	int64_t late = 0, t = r->shift_start, limit = end_limit(r);
	int32_t before = e->nodes[i].prev;
	bool missed = false;

	if (en_is_visit(e, before))
		t = (int64_t)e->early[before] + e->needs[e->nodes[before].need].service;
	for (; en_is_visit(e, i); i = e->nodes[i].next) {
		const struct en_need *n = &e->needs[e->nodes[i].need];
		int32_t at = (int32_t)t + e->nodes[i].dprev, b = window_begin(e, n, at);

		if (b == e->early[i] && !whole)
			return;
		missed |= b == INT32_MAX;
		e->early[i] = b == INT32_MAX ? at : b;
		late += lateness(e, n, e->early[i]);
		t = (int64_t)e->early[i] + n->service;
	}
	t += e->nodes[i].dprev;
	r->holds = !missed && t <= limit &&
		   (r->limit == INT64_MAX || within_limit(e, r, RT_NONE, RT_NONE, 0, 0));
	r->priced = r->simulate ? price(e, late, overtime(r, t)) : 0;
}

/* The same for latest arrivals, from node i back. */
static void refresh_latest(struct engine *e, const struct en_route *r, int32_t i, bool whole)
{
	int64_t limit = end_limit(r);
	int32_t behind = e->nodes[i].next;

	if (en_is_visit(e, behind))
		limit = e->late[behind];
	else if (limit > INT32_MAX / 2)
		limit = INT32_MAX / 2;
	for (; en_is_visit(e, i); i = e->nodes[i].prev) {
		const struct en_need *n = &e->needs[e->nodes[i].need];

		limit = window_latest(e, n, (int32_t)limit - e->nodes[i].dnext - n->service);
		if (limit == e->late[i] && !whole)
			return;
		e->late[i] = (int32_t)limit;
	}
}

void window_refresh(struct engine *e, int32_t route)
{
	int32_t s = e->n_visits + route;

	refresh_begins(e, &e->routes[route], e->nodes[s].next, true);
	refresh_latest(e, &e->routes[route], e->nodes[s].prev, true);
}

void window_came(struct engine *e, int32_t route, int32_t node)
{
	/* What stands there from an earlier tour must not look as if nothing changed. */
	e->early[node] = e->late[node] = INT32_MAX;
	window_went(e, route, node, node);
}

void window_went(struct engine *e, int32_t route, int32_t from, int32_t to)
{
	struct en_route *r = &e->routes[route];

	/* Prices and broken tours are known only as a whole. */
	if (r->simulate || !r->holds || r->limit != INT64_MAX) {
		window_refresh(e, route);
		return;
	}
	refresh_begins(e, r, from, false);
	refresh_latest(e, r, to, false);
}

/* Priced lateness and overtime when the tour goes on at node b, reached at t. */
static int64_t simulate(const struct engine *e, const struct en_route *r, int32_t a, int64_t late,
	int32_t b, int64_t t)
{
	for (; en_is_visit(e, b); b = e->nodes[b].next) {
		const struct en_need *n = &e->needs[e->nodes[b].need];
		int32_t s = window_begin(e, n, (int32_t)t);

		late += lateness(e, n, s);
		t = s + n->service + e->nodes[b].dnext;
	}
	for (; en_is_visit(e, a); a = e->nodes[a].prev)
		late += lateness(e, &e->needs[e->nodes[a].need], e->early[a]);
	return price(e, late, overtime(r, t));
}

bool window_within(const struct engine *e, const struct en_route *r, int32_t need, int32_t a, int32_t leg_in,
	int32_t leg_out)
{
	return r->limit == INT64_MAX || within_limit(e, r, need, a, leg_in, leg_out);
}

bool window_fits(const struct engine *e, const struct en_route *r, int32_t need, int32_t a, int32_t b,
	int32_t leg_in, int32_t leg_out, int64_t *extra)
{
	const struct en_need *n = &e->needs[need];
	int64_t t = r->shift_start, limit;
	int32_t s;

	if (en_is_visit(e, a)) {
		/* A route without windows keeps no times: it is walked once. */
		if (r->windowed)
			t = e->early[a];
		else
			for (int32_t i = a; en_is_visit(e, i); i = e->nodes[i].prev)
				t += e->nodes[i].dprev +
				     (i == a ? 0 : e->needs[e->nodes[i].need].service);
		t += e->needs[e->nodes[a].need].service;
	}
	s = window_begin(e, n, (int32_t)(t + leg_in));
	if (s == INT32_MAX)
		return false;
	t = (int64_t)s + n->service + leg_out;
	limit = end_limit(r);
	if (en_is_visit(e, b)) {
		if (r->windowed)
			limit = e->late[b];
		else
			for (int32_t i = b; en_is_visit(e, i); i = e->nodes[i].next)
				limit -= e->nodes[i].dnext + e->needs[e->nodes[i].need].service;
	}
	if (t > limit)
		return false;
	*extra = 0;
	if (r->simulate)
		*extra = simulate(e, r, r->windowed ? a : e->n_visits, lateness(e, n, s), b, t) - r->priced;
	return true;
}
