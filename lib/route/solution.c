/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "route/solution.h"

#include <stdlib.h>
#include <string.h>

static const char *const reason_names[RT_REASON__MAX] = {
	[RT_SERVED] = "SERVED",
	[RT_NO_COORDINATES] = "NO_COORDINATES",
	[RT_NO_SEAT_IN_REACH] = "NO_SEAT_IN_REACH",
	[RT_CLOSED_DAYS] = "CLOSED_DAYS",
	[RT_PATTERN_TOO_LONG] = "PATTERN_TOO_LONG",
	[RT_WINDOW] = "WINDOW",
	[RT_CAPACITY_CALLS] = "CAPACITY_CALLS",
	[RT_CAPACITY_LOAD] = "CAPACITY_LOAD",
	[RT_CAPACITY_CHAIN] = "CAPACITY_CHAIN",
	[RT_CAPACITY_TIME] = "CAPACITY_TIME",
	[RT_NOT_WORTH_IT] = "NOT_WORTH_IT",
	[RT_BUDGET_OF_CHANGES] = "BUDGET_OF_CHANGES",
};

const char *rt_reason_name(enum rt_reason r)
{
	return r < RT_REASON__MAX ? reason_names[r] : "?";
}

void rt_solution_init(struct rt_solution *s)
{
	memset(s, 0, sizeof(*s));
}

void rt_solution_release(struct rt_solution *s)
{
	free(s->visits);
	free(s->unserved);
	memset(s, 0, sizeof(*s));
}

static int order(const struct rt_visit *v, int32_t seat, int32_t day)
{
	if (v->seat != seat)
		return v->seat < seat ? -1 : 1;
	return v->day == day ? 0 : v->day < day ? -1 : 1;
}

const struct rt_visit *rt_solution_tour(const struct rt_solution *s, int32_t seat, int32_t day,
	int32_t *n)
{
	int32_t lo = 0, hi = s->n_visits, end;

	while (lo < hi) {
		int32_t mid = lo + (hi - lo) / 2;

		if (order(&s->visits[mid], seat, day) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (end = lo; end < s->n_visits && order(&s->visits[end], seat, day) == 0; end++)
		;
	*n = end - lo;
	return s->visits + lo;
}

static int by_tour(const void *a, const void *b)
{
	const struct rt_visit *x = a, *y = b;
	int o = order(x, y->seat, y->day);

	if (o)
		return o;
	if (x->position != y->position)
		return x->position < y->position ? -1 : 1;
	return x->need < y->need ? -1 : x->need > y->need;
}

void rt_visits_sort(struct rt_visit *visits, int32_t n)
{
	int32_t sorted = 1;

	while (sorted < n && by_tour(&visits[sorted - 1], &visits[sorted]) <= 0)
		sorted++;
	if (sorted < n)
		qsort(visits, (size_t)n, sizeof(*visits), by_tour);
	for (int32_t i = 0; i < n; i++)
		visits[i].position = i && order(&visits[i - 1], visits[i].seat, visits[i].day) == 0
					     ? visits[i - 1].position + 1
					     : 0;
}

static uint64_t fnv(uint64_t h, uint64_t v)
{
	for (int i = 0; i < 64; i += 8)
		h = (h ^ (v >> i & 255)) * 0x100000001B3u;
	return h;
}

uint64_t rt_plan_hash(const struct rt_problem *p, const struct rt_visit *visits, int32_t n)
{
	uint64_t h = 0xCBF29CE484222325u;

	for (int32_t i = 0; i < n; i++) {
		h = fnv(h, p->needs[visits[i].need].id);
		h = fnv(h, (uint64_t)visits[i].day);
		h = fnv(h, p->seats[visits[i].seat].id);
		h = fnv(h, (uint64_t)visits[i].position);
	}
	return h;
}
