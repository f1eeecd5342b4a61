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

int32_t window_begin(const struct engine *e, const struct en_need *n, int32_t t)
{
	const struct rt_window *w = n->n_windows ? windows(e, n) : NULL;
	bool soft = false;

	if (!w)
		return t;
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
	const struct rt_window *w = n->n_windows ? windows(e, n) : NULL;

	return w && t > w[n->n_windows - 1].to ? t - w[n->n_windows - 1].to : 0;
}

/* The latest arrival that still begins at `limit` or before. */
static int32_t latest(const struct engine *e, const struct en_need *n, int32_t limit)
{
	const struct rt_window *w = n->n_windows ? windows(e, n) : NULL;
	bool soft = false;

	if (!w)
		return limit;
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
	return r->shift_start + r->max_dur;
}

static int64_t price(const struct engine *e, int64_t late, int64_t over)
{
	return late * e->a->late_permille / 1000 + over * e->a->overtime_permille / 1000;
}

static int64_t overtime(const struct en_route *r, int64_t back)
{
	return back - r->shift_start > r->shift ? back - r->shift_start - r->shift : 0;
}

void window_refresh(struct engine *e, int32_t route)
{
	struct en_route *r = &e->routes[route];
	int32_t s = e->n_visits + route, i;
	int64_t t = r->shift_start, late = 0, limit = end_limit(r);
	bool missed = false;

	for (i = e->nodes[s].next; i != s; i = e->nodes[i].next) {
		const struct en_need *n = &e->needs[e->nodes[i].need];
		int32_t b = window_begin(e, n, (int32_t)t + e->nodes[i].dprev);

		e->early[i] = b == INT32_MAX ? (int32_t)t + e->nodes[i].dprev : b;
		missed |= b == INT32_MAX;
		late += lateness(e, n, e->early[i]);
		t = e->early[i] + n->service;
	}
	t += e->nodes[s].dprev;
	r->holds = !missed && t <= limit;
	r->priced = price(e, late, overtime(r, t));
	if (limit > INT32_MAX / 2)
		limit = INT32_MAX / 2;
	for (i = e->nodes[s].prev; i != s; i = e->nodes[i].prev) {
		const struct en_need *n = &e->needs[e->nodes[i].need];

		limit = latest(e, n, (int32_t)limit - e->nodes[i].dnext - n->service);
		e->late[i] = (int32_t)limit;
	}
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
