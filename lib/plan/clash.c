/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/clash.h"

#include <math.h>

#define P(name) PLAN_P_##name
#define GET(name) PLAN_GET(q, name)

const char *const plan_clash_kinds[PLAN_CLASH__MAX + 1] = {"DAY_EMPTY", "VISIT_LONG", "GAP", "CALLS", "TIME", "CALLS_ALL", "IDLE",
	"CHAIN_DAYS", "CHAIN_HOURS", "CHAIN_MOST", "CHAIN_DATES"};

static void tell(struct plan_clash *out, size_t *n, struct plan_clash c)
{
	while (!c.account && c.n_params < PLAN_CLASH_PARAMS && c.param[c.n_params] != PLAN_P__MAX)
		c.n_params++;
	if (*n < PLAN_CLASHES_MOST)
		out[(*n)++] = c;
}
/* The parameters of a clash, closed by one that is none. */
#define PARAMS(...) .param = {__VA_ARGS__, PLAN_P__MAX}

/* How many visits go into a cycle that repeats, on the days of the mask, `gap` days apart. */
static int most_visits(uint64_t mask, int days, int gap)
{
	int most = 0;

	for (int first = 0; first < days; first++) {
		int n = 0, last = first;

		if (!(mask >> first & 1))
			continue;
		for (int d = first; d < first + days; d++) {
			if (!(mask >> d % days & 1) || (n && d - last < gap) || (n && first + days - d < gap))
				continue;
			last = d;
			n++;
		}
		most = n > most ? n : most;
	}
	return most;
}

static uint64_t of_weekdays(int weeks, int mask)
{
	uint64_t days = 0;

	for (int w = 0; w < weeks; w++)
		days |= (uint64_t)(mask & 127) << w * 7;
	return days;
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
	/* Where ways are counted themselves a seat that starts somewhere has no minutes taken off for them. */
	double legs = GET(count_end_legs) > 0 ? 0 : GET(end_leg_minutes), off = GET(break_minutes) + GET(meeting_minutes) + legs, net = GET(shift_minutes) - off;
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
		most = most_visits(of_weekdays(weeks, mask), weeks * 7, gap_of(q, tiers[t].gap, visits, weeks * 7, &gap));
		if (visits > most)
			tell(out, &n, (struct plan_clash){PLAN_CLASH_GAP, t + 1, .asked = visits, .left = most, PARAMS(tiers[t].frequency, P(work_weekdays), gap)});
	}
	if (GET(min_calls) > GET(max_calls))
		tell(out, &n, (struct plan_clash){PLAN_CLASH_CALLS, .asked = GET(min_calls), .left = GET(max_calls), PARAMS(P(min_calls), P(max_calls))});
	return n;
}

/* Can some seat begin a visit within the hours of the need and end it within its shift? */
static bool hours_met(const struct rt_problem *p, const struct rt_need *d)
{
	for (int32_t s = 0; s < p->n_seats; s++) {
		const struct rt_seat *t = &p->seats[s];
		int64_t end = (int64_t)t->shift_start + t->shift + t->overtime_max;

		for (int32_t i = 0; i < d->n_windows; i++) {
			const struct rt_window *w = &p->windows[d->window + i];
			int64_t at = w->from > t->shift_start ? w->from : t->shift_start;

			if (w->soft || (at <= w->to && at + d->service <= end))
				return true;
		}
	}
	return !d->n_windows;
}

/* What the needs of a chain ask for together. */
struct chained {
	int stores, met; /* and those that some shift meets */
	int asked, left; /* visits of the store that is left the fewest of what it asks for */
	uint64_t days;   /* on which one of them may be visited */
	double visits;   /* of those that count for the chain's limit, */
	int32_t on[RT_MAX_DAYS]; /* and how many of these may be visited on each day */
};

static struct chained chained_of(const struct plan_model *m, const struct plan_chain *c)
{
	struct chained x = {0};

	for (size_t i = 0; i < m->n_needs; i++) {
		const struct rt_need *d = &m->p.needs[i];
		const struct plan_chain *of = m->needs[i].chain;

		if (of && of->most && of->most_of == c->account) {
			x.visits += d->visits;
			for (int k = 0; k < m->days; k++)
				x.on[k] += (int32_t)(d->days >> k & 1);
		}
		if (of == c) {
			int most = most_visits(d->days, m->days, d->gap);

			x.stores++;
			x.met += hours_met(&m->p, d);
			x.days |= d->days;
			if (d->visits - most > x.asked - x.left) {
				x.asked = d->visits;
				x.left = most;
			}
		}
	}
	return x;
}

/* Days of the cycle that begins today on which the stores may be visited, and those of them on which the chain receives anybody. */
static void dates_of(const struct plan_model *m, const struct plan_chain *c, uint64_t days, int *all, int *open)
{
	*all = *open = 0;
	for (int64_t date = m->today; date < m->today + m->days; date++)
		if (days >> plan_model_day(m, date) & 1) {
			++*all;
			*open += !plan_chain_closed(c, date);
		}
}

static void clash_of_chain(const struct plan_model *m, const struct plan_chain *c, struct plan_clash *out, size_t *n)
{
	struct chained x = chained_of(m, c);
	double room = 0;
	int all, open;

	for (int d = 0; d < m->days; d++) {
		int32_t most = 0;

		for (int32_t s = 0; s < m->p.n_seats; s++)
			most += (int32_t)(m->p.seats[s].days >> d & 1) * c->most;
		room += most < x.on[d] ? most : x.on[d];
	}
	if (x.asked > x.left && (c->weekdays || c->n_windows || c->gap))
		tell(out, n, (struct plan_clash){PLAN_CLASH_CHAIN_DAYS, .account = c->account, .asked = x.asked, .left = x.left});
	if (x.met < x.stores && c->n_windows)
		tell(out, n, (struct plan_clash){PLAN_CLASH_CHAIN_HOURS, .account = c->account, .asked = x.stores, .left = x.met});
	if (c->most_of == c->account && !c->price && x.visits > room)
		tell(out, n, (struct plan_clash){PLAN_CLASH_CHAIN_MOST, .account = c->account, .asked = x.visits, .left = room});
	dates_of(m, c, x.days, &all, &open);
	if (x.stores && all && !open)
		tell(out, n, (struct plan_clash){PLAN_CLASH_CHAIN_DATES, .account = c->account, .asked = all, .left = open});
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

		idle += !days && !plan_model_away(m, (int64_t)t->id, m->today); /* a vacant post is no fault of the parameters */
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
	for (size_t i = 0; i < m->chains.n; i++)
		clash_of_chain(m, &m->chains.v[i], out, &n);
	return n;
}
