/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/clash.h"

#include <math.h>

#define P(name) PLAN_P_##name
#define GET(name) PLAN_GET(q, name)

const char *const plan_clash_kinds[PLAN_CLASH__MAX + 1] = {"DAY_EMPTY", "VISIT_LONG", "GAP", "CALLS", "TIME", "CALLS_ALL", "IDLE"};

static void tell(struct plan_clash *out, size_t *n, struct plan_clash c)
{
	while (c.n_params < PLAN_CLASH_PARAMS && c.param[c.n_params] != PLAN_P__MAX)
		c.n_params++;
	if (*n < PLAN_CLASHES_MOST)
		out[(*n)++] = c;
}
/* The parameters of a clash, closed by one that is none. */
#define PARAMS(...) .param = {__VA_ARGS__, PLAN_P__MAX}

/* How many visits go into a cycle of `weeks` that repeats, on the weekdays of the mask (bit 0 = Monday), `gap` days apart. */
static int most_visits(int weeks, int mask, int gap)
{
	int days = weeks * 7, most = 0;

	for (int first = 0; first < 7; first++) {
		int n = 0, last = first;

		if (!(mask >> first & 1))
			continue;
		for (int d = first; d < first + days; d++) {
			if (!(mask >> d % 7 & 1) || (n && d - last < gap) || (n && first + days - d < gap))
				continue;
			last = d;
			n++;
		}
		most = n > most ? n : most;
	}
	return most;
}

/* The gap that holds for so many visits, and the parameter that says it. */
static int gap_of(const struct plan_profile *q, enum plan_param own, int visits, int days, enum plan_param *which)
{
	double every = (double)days / visits;

	*which = q->v[own] > 0 ? own : every >= 28 ? P(gap_four_weekly) : every >= 14 ? P(gap_fortnightly) : every >= 7 ? P(gap_weekly)
		: every >= 3 ? P(gap_twice_weekly) : PLAN_P__MAX;
	return *which == PLAN_P__MAX ? 1 : (int)q->v[*which];
}

size_t plan_clashes_of_profile(const struct plan_profile *q, struct plan_clash out[PLAN_CLASHES_MOST])
{
	static const struct {
		enum plan_param frequency, gap, service;
	} tiers[] = {{P(frequency_gold), P(gap_gold), P(service_gold)}, {P(frequency_silver), P(gap_silver), P(service_silver)},
		{P(frequency_bronze), P(gap_bronze), P(service_bronze)}};
	double off = GET(break_minutes) + GET(meeting_minutes) + GET(end_leg_minutes), net = GET(shift_minutes) - off;
	int weeks = (int)GET(weeks), mask = (int)GET(work_weekdays);
	size_t n = 0;

	if (net <= 0)
		tell(out, &n, (struct plan_clash){PLAN_CLASH_DAY_EMPTY, .asked = off, .left = GET(shift_minutes),
			PARAMS(P(shift_minutes), P(break_minutes), P(meeting_minutes), P(end_leg_minutes))});
	for (int t = 0; t < 3; t++) {
		int visits = (int)floor(q->v[tiers[t].frequency] * weeks / 4 + 0.5), most;
		enum plan_param gap;

		if (net > 0 && q->v[tiers[t].service] > net)
			tell(out, &n, (struct plan_clash){PLAN_CLASH_VISIT_LONG, t + 1, .asked = q->v[tiers[t].service], .left = net,
				PARAMS(tiers[t].service, P(shift_minutes), P(break_minutes), P(meeting_minutes), P(end_leg_minutes))});
		if (visits < 1)
			continue;
		most = most_visits(weeks, mask, gap_of(q, tiers[t].gap, visits, weeks * 7, &gap));
		if (visits > most)
			tell(out, &n, (struct plan_clash){PLAN_CLASH_GAP, t + 1, .asked = visits, .left = most, PARAMS(tiers[t].frequency, P(work_weekdays), gap)});
	}
	if (GET(min_calls) > GET(max_calls))
		tell(out, &n, (struct plan_clash){PLAN_CLASH_CALLS, .asked = GET(min_calls), .left = GET(max_calls), PARAMS(P(min_calls), P(max_calls))});
	return n;
}

size_t plan_clashes_of_model(const struct plan_model *m, struct plan_clash out[PLAN_CLASHES_MOST])
{
	double asked = 0, calls = 0, time = 0, room = 0;
	size_t n = 0, idle = 0;

	for (int32_t i = 0; i < m->p.n_needs; i++) {
		const struct rt_need *d = &m->p.needs[i];

		if (m->p.places[d->place].x == RT_NO_COORD)
			continue; /* left out of every plan */
		calls += d->visits;
		asked += (double)d->service * d->visits / 60;
	}
	for (int32_t s = 0; s < m->p.n_seats; s++) {
		const struct rt_seat *t = &m->p.seats[s];
		int days = __builtin_popcountll(t->days);

		idle += !days;
		room += (double)days * t->max_calls;
		time += (double)days * t->shift / 60;
	}
	if (idle)
		tell(out, &n, (struct plan_clash){PLAN_CLASH_IDLE, .asked = (double)m->p.n_seats, .left = (double)m->p.n_seats - (double)idle, PARAMS(P(work_weekdays))});
	if (asked > time)
		tell(out, &n, (struct plan_clash){PLAN_CLASH_TIME, .asked = asked, .left = time,
			PARAMS(P(frequency_gold), P(frequency_silver), P(frequency_bronze), P(shift_minutes), P(work_weekdays))});
	if (calls > room)
		tell(out, &n, (struct plan_clash){PLAN_CLASH_CALLS_ALL, .asked = calls, .left = room,
			PARAMS(P(frequency_gold), P(frequency_silver), P(frequency_bronze), P(max_calls), P(work_weekdays))});
	return n;
}
