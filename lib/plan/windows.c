/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/windows.h"

#include <string.h>

#include "base/time.h"

enum { SET_MOST = 12 }; /* windows of a day; more would say nothing */

struct set {
	struct rt_window w[SET_MOST];
	int n;
	bool closed;
};

static void add(struct set *s, struct rt_window w)
{
	if (s->n < SET_MOST)
		s->w[s->n++] = w;
}

static bool same(const struct set *a, const struct set *b)
{
	if (a->n != b->n || a->closed != b->closed)
		return false;
	for (int i = 0; i < a->n; i++)
		if (a->w[i].from != b->w[i].from || a->w[i].to != b->w[i].to || a->w[i].soft != b->w[i].soft)
			return false;
	return true;
}

/* What two days share; no windows = any time. Hard goes before soft. */
static struct set shared(const struct set *a, const struct set *b)
{
	struct set out = {.n = 0};

	if (!a->n || !b->n)
		return a->n ? *a : *b;
	for (int i = 0; i < a->n; i++)
		for (int k = 0; k < b->n; k++) {
			struct rt_window x = a->w[i], y = b->w[k];

			x.from = y.from > x.from ? y.from : x.from;
			x.to = y.to < x.to ? y.to : x.to;
			x.soft = x.soft && y.soft;
			if (x.from < x.to)
				add(&out, x);
		}
	out.closed = !out.n; /* nothing in common */
	return out;
}

/* The windows of each weekday (1..7) of an outlet. */
static void by_weekday(const struct q_plan_windows *w, size_t n, struct set day[8])
{
	bool hard = false;

	memset(day, 0, 8 * sizeof(*day));
	for (size_t i = 0; i < n; i++) {
		hard |= w[i].weekday && w[i].hard;
		add(&day[w[i].weekday > 7 ? 0 : w[i].weekday], (struct rt_window){(int32_t)w[i].opens * 60, (int32_t)w[i].closes * 60, !w[i].hard});
	}
	for (int d = 1; d <= 7; d++) {
		if (day[d].n)
			continue;
		day[d] = day[0];
		day[d].closed = !day[0].n && hard;
	}
}

/* One list for all days on which the need may be visited, and the weekdays that are left (bit 1..7). */
static struct set settle(const struct set day[8], unsigned *weekdays)
{
	struct set all = {.n = 0}, best = {.n = 0};
	int most = 0;
	unsigned open = *weekdays;

	for (int d = 1; d <= 7; d++)
		if (day[d].closed)
			open &= ~(1u << d);
	for (int d = 1; d <= 7 && !all.closed; d++)
		if (open >> d & 1)
			all = shared(&all, &day[d]);
	*weekdays = open;
	if (!all.closed)
		return all;
	for (int d = 1; d <= 7; d++) {
		unsigned alike = 0;

		for (int k = 1; k <= 7; k++)
			if (open >> d & 1 && open >> k & 1 && same(&day[d], &day[k]))
				alike |= 1u << k;
		if (__builtin_popcount(alike) > most) {
			most = __builtin_popcount(alike);
			best = day[d];
			*weekdays = alike;
		}
	}
	return best;
}

/* Days of the cycle on weekdays of the mask, bit 0 = Monday. */
static uint64_t days_on(const struct plan_model *m, int weekdays)
{
	uint64_t days = 0;

	for (int d = 0; d < m->days; d++)
		days |= (uint64_t)(weekdays >> (bp_date_weekday(m->plan.anchor + d) - 1) & 1) << d;
	return days;
}

void plan_model_windows(struct plan_model *m, const struct q_plan_windows *w, size_t n)
{
	size_t room = n + SET_MOST, used = 0;

	m->p.windows = bp_alloc_array(m->arena, room, sizeof(*m->p.windows));
	for (size_t k = 0; k < m->n_needs; k++) {
		const struct plan_chain *c = m->needs[k].chain;
		size_t i = plan_first_row(w, n, sizeof(*w), m->needs[k].outlet), last = i;
		const struct q_plan_windows *mine = w + i;
		struct rt_need *need = &m->p.needs[k];
		unsigned weekdays = 0, left;
		struct set day[8], all;

		while (last < n && w[last].outlet_id == m->needs[k].outlet)
			last++;
		last -= i;
		if (!last && c) {
			mine = c->windows;
			last = c->n_windows;
			if (c->weekdays)
				need->days &= days_on(m, c->weekdays);
		}
		if (!last)
			continue;
		by_weekday(mine, last, day);
		for (int d = 0; d < m->days; d++)
			if (need->days >> d & 1)
				weekdays |= 1u << bp_date_weekday(m->plan.anchor + d);
		left = weekdays;
		all = settle(day, &left);
		for (int d = 0; d < m->days; d++)
			if (!(left >> bp_date_weekday(m->plan.anchor + d) & 1))
				need->days &= ~(UINT64_C(1) << d);
		if (used + SET_MOST > room) {
			m->p.windows = bp_grow_array(m->arena, m->p.windows, used, room * 2, sizeof(*m->p.windows));
			room *= 2;
		}
		need->window = (int32_t)used;
		need->n_windows = all.n;
		memcpy(m->p.windows + used, all.w, (size_t)all.n * sizeof(*all.w));
		used += (size_t)all.n;
	}
	m->p.n_windows = (int32_t)used;
}
