/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "route/pattern.h"

#define SLIDE 2 /* days a visit may slide from a closed day (PLANNING: make-up within 2 days) */

struct list {
	int32_t weeks, dpw, days, visits, gap;
	uint64_t allowed;
	uint64_t *out;
	int32_t n;
};

bool pattern_gap_ok(uint64_t mask, int32_t gap, int32_t days)
{
	int32_t first = -1, last = -1;

	if (gap <= 1)
		return true;
	for (int32_t d = 0; d < days; d++) {
		if (!(mask >> d & 1))
			continue;
		if (last >= 0 && d - last < gap)
			return false;
		if (first < 0)
			first = d;
		last = d;
	}
	return first < 0 || first + days - last >= gap || first == last;
}

static void add(struct list *l, uint64_t mask)
{
	if (l->n == PATTERN_MAX || __builtin_popcountll(mask) != l->visits || (mask & ~l->allowed) ||
		!pattern_gap_ok(mask, l->gap, l->days))
		return;
	for (int32_t i = 0; i < l->n; i++)
		if (l->out[i] == mask)
			return;
	l->out[l->n++] = mask;
}

/* A regular pattern, or the same with visits slid off closed days. */
static void add_sliding(struct list *l, uint64_t mask)
{
	uint64_t bad = mask & ~l->allowed, fixed = mask & l->allowed;

	if (__builtin_popcountll(bad) * 2 > l->visits && l->visits > 1)
		return;
	while (bad) {
		int32_t d = __builtin_ctzll(bad), k;

		for (k = 1; k <= 2 * SLIDE; k++) {
			int32_t to = d + (k % 2 ? (k + 1) / 2 : -(k / 2));
			uint64_t with = fixed | (bad & (bad - 1)) | (uint64_t)1 << (to & 63);

			if (to >= 0 && to < l->days && (l->allowed >> to & 1) &&
				!(fixed >> to & 1) && pattern_gap_ok(with, l->gap, l->days))
				break;
		}
		if (k > 2 * SLIDE)
			return;
		fixed |= (uint64_t)1 << (d + (k % 2 ? (k + 1) / 2 : -(k / 2)));
		bad &= bad - 1;
	}
	add(l, fixed);
}

/* All subsets of `left` more weekdays from weekday `from`, in the weeks of week_mask. */
static void weekdays(struct list *l, uint64_t week, int32_t from, int32_t left, uint64_t week_mask)
{
	uint64_t mask = 0;

	if (left == 0) {
		for (int32_t w = 0; w < l->weeks; w++)
			if (week_mask >> w & 1)
				mask |= week << (w * l->dpw);
		add_sliding(l, mask);
		return;
	}
	for (int32_t d = from; d + left <= l->dpw; d++)
		weekdays(l, week | (uint64_t)1 << d, d + 1, left - 1, week_mask);
}

/* Choose `left` more weeks from `from` on, as evenly as the gap allows, one visit in each. */
static void some_weeks(struct list *l, uint64_t weeks, int32_t from, int32_t left)
{
	if (left == 0) {
		weekdays(l, 0, 0, 1, weeks);
		return;
	}
	for (int32_t w = from; w + left <= l->weeks; w++)
		some_weeks(l, weeks | (uint64_t)1 << w, w + 1, left - 1);
}

/* Irregular: choose day by day, beginning late enough each time; `steps` bounds the search. */
static void any_days(struct list *l, uint64_t mask, int32_t from, int32_t left, int32_t *steps)
{
	if (left == 0) {
		add(l, mask);
		return;
	}
	for (int32_t d = from; d < l->days && l->n < PATTERN_MAX && (*steps)-- > 0; d++)
		if (l->allowed >> d & 1)
			any_days(l, mask | (uint64_t)1 << d, d + (l->gap > 1 ? l->gap : 1), left - 1,
				steps);
}

int32_t pattern_list(int32_t weeks, int32_t days_per_week, int32_t visits, int32_t gap,
	uint64_t allowed, uint64_t out[PATTERN_MAX], int32_t n)
{
	int32_t days = weeks * days_per_week, steps = 20000;
	struct list l = {weeks, days_per_week, days, visits, gap, allowed, out, n};

	if (days < 64)
		l.allowed &= ((uint64_t)1 << days) - 1;
	if (visits < 1 || visits > days)
		return n;
	if (visits % weeks == 0 && visits / weeks <= days_per_week)
		weekdays(&l, 0, 0, visits / weeks, ((uint64_t)1 << weeks) - 1);
	else if (visits < weeks && weeks % visits == 0)
		for (int32_t o = 0, step = weeks / visits; o < step; o++) {
			uint64_t in = 0;

			for (int32_t w = o; w < weeks; w += step)
				in |= (uint64_t)1 << w;
			weekdays(&l, 0, 0, 1, in);
		}
	else if (visits < weeks)
		some_weeks(&l, 0, 0, visits);
	if (l.n == n)
		any_days(&l, 0, 0, visits, &steps);
	return l.n;
}

/* Keep of the masks (without closed days) those with most days. */
static void keep_most(struct list *l, const uint64_t *masks, int32_t n)
{
	int32_t most = 1;

	for (int32_t i = 0; i < n; i++) {
		int32_t k = __builtin_popcountll(masks[i] & l->allowed);

		most = k > most ? k : most;
	}
	l->visits = most;
	for (int32_t i = 0; i < n; i++)
		add(l, masks[i] & l->allowed);
}

int32_t pattern_list_part(int32_t weeks, int32_t days_per_week, int32_t visits, int32_t gap,
	uint64_t allowed, uint64_t out[PATTERN_MAX], int32_t n)
{
	int32_t days = weeks * days_per_week, m, regular;
	struct list l = {weeks, days_per_week, days, visits, gap, allowed & (((uint64_t)1 << days) - 1), out, n};
	uint64_t masks[PATTERN_MAX];

	m = pattern_list(weeks, days_per_week, visits, gap, ~(uint64_t)0, masks, 0);
	keep_most(&l, masks, m);
	regular = l.n > n ? l.visits : 0;
	/* Other days, when they hold more visits. */
	for (l.visits = visits < days ? visits : days; l.visits > regular; l.visits--) {
		int32_t steps = 2000;

		l.n = n;
		any_days(&l, 0, 0, l.visits, &steps);
		if (l.n > n)
			return l.n;
	}
	l.n = n;
	keep_most(&l, masks, m);
	return l.n;
}

int32_t pattern_list_need(const struct rt_problem *p, const struct rt_need *n, uint64_t allowed,
	uint64_t out[PATTERN_MAX], int32_t m, bool *part)
{
	int32_t from = m;

	*part = false;
	if (n->pattern_set < 0) {
		m = pattern_list(p->weeks, p->days_per_week, n->visits, n->gap, allowed, out, m);
		*part = m == from;
		return *part ? pattern_list_part(p->weeks, p->days_per_week, n->visits, n->gap, allowed, out, m) : m;
	}
	for (int32_t i = p->pattern_off[n->pattern_set]; i < p->pattern_off[n->pattern_set + 1] && m < PATTERN_MAX; i++)
		if (!(p->patterns[i] & ~allowed))
			out[m++] = p->patterns[i];
	if (m > from)
		return m;
	*part = true;
	for (int32_t i = p->pattern_off[n->pattern_set]; i < p->pattern_off[n->pattern_set + 1] && m < PATTERN_MAX; i++)
		if (p->patterns[i] & allowed)
			out[m++] = p->patterns[i] & allowed;
	return m;
}

uint64_t pattern_allowed(const struct rt_problem *p, const struct rt_need *n)
{
	int32_t total = rt_days(p);
	uint64_t all = ((uint64_t)1 << total) - 1, days = n->days & all, coupled = 0;

	if (!(n->delivery_days & all))
		return days;
	for (int32_t d = 0; d < total; d++)
		for (int32_t lead = n->delivery_min; lead <= n->delivery_max; lead++)
			if (n->delivery_days >> ((d + lead) % total) & 1)
				coupled |= (uint64_t)1 << d;
	return days & coupled;
}
