/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "route/pcache.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "route/pattern.h"

#define WORKS 4 /* different sets of working days that are told apart in one seat list */

struct pkey {
	int32_t set, work, visits, gap;
	uint64_t days;
	int32_t list;
};

struct works {
	uint64_t days[WORKS];
	int32_t n;
};

static void works_add(struct works *w, const struct rt_problem *p, int32_t seat)
{
	uint64_t days = p->seats[seat].days;
	int32_t total = rt_days(p), i;

	if (total < 64)
		days &= ((uint64_t)1 << total) - 1;
	for (int32_t d = 0; p->seat_day_shift && d < total; d++)
		if (p->seat_day_shift[(int64_t)seat * total + d] <= 0)
			days &= ~((uint64_t)1 << d);
	for (i = 0; i < w->n && w->days[i] != days; i++)
		;
	if (i == w->n && w->n < WORKS)
		w->days[w->n++] = days;
}

void pcache_init(struct pcache *c, const struct rt_problem *p)
{
	int32_t sets = p->n_seat_sets + 1;

	memset(c, 0, sizeof(*c));
	c->works = bp_xcalloc((size_t)sets, sizeof(*c->works));
	c->works_like = bp_xcalloc((size_t)sets, sizeof(*c->works_like));
	for (int32_t g = 0; g < sets; g++) {
		if (g == p->n_seat_sets)
			for (int32_t s = 0; s < p->n_seats; s++)
				works_add(&c->works[g], p, s);
		else
			for (int32_t i = p->seat_set_off[g]; i < p->seat_set_off[g + 1]; i++)
				works_add(&c->works[g], p, p->seat_set[i]);
		c->works_like[g] = g;
		for (int32_t k = 0; k < g && k < 64; k++)
			if (!memcmp(&c->works[k], &c->works[g], sizeof(c->works[k]))) {
				c->works_like[g] = k;
				break;
			}
	}
}

static struct pkey *pcache_find(struct pcache *c, const struct pkey *k)
{
	uint64_t h = k->days * 0x9E3779B97F4A7C15u + (uint64_t)(k->visits * 64 + k->gap) +
		     (uint64_t)(k->set + 1) * 1000003u + (uint64_t)k->work * 7919;

	h ^= h >> 29;
	for (uint64_t i = h;; i++) {
		struct pkey *s = &c->slots[i & (uint64_t)(c->cap - 1)];

		if (s->visits == 0 || (s->visits == k->visits && s->gap == k->gap &&
						s->days == k->days && s->set == k->set && s->work == k->work))
			return s;
	}
}

static void pcache_grow(struct pcache *c)
{
	struct pkey *old = c->slots;
	int32_t cap = c->cap;

	c->cap = cap ? cap * 2 : 64;
	c->slots = bp_xcalloc((size_t)c->cap, sizeof(*c->slots));
	for (int32_t i = 0; i < cap; i++)
		if (old[i].visits)
			*pcache_find(c, &old[i]) = old[i];
	free(old);
}

int32_t pcache_add(struct pcache *c, const uint64_t *masks, int32_t n)
{
	if (c->n_lists + 2 > c->cap_lists) {
		c->cap_lists = c->cap_lists ? c->cap_lists * 2 : 64;
		c->off = bp_xrealloc(c->off, sizeof(*c->off) * (size_t)c->cap_lists);
		c->off[0] = 0;
	}
	while (c->n_masks + n > c->cap_masks) {
		c->cap_masks = c->cap_masks ? c->cap_masks * 2 : 1024;
		c->masks = bp_xrealloc(c->masks, sizeof(*c->masks) * (size_t)c->cap_masks);
	}
	if (n)
		memcpy(c->masks + c->n_masks, masks, sizeof(*masks) * (size_t)n);
	c->n_masks += n;
	c->off[++c->n_lists] = c->n_masks;
	return c->n_lists - 1;
}

int32_t pcache_get(struct pcache *c, const struct rt_problem *p, const struct rt_need *n)
{
	int32_t work = c->works_like[n->seat_set < 0 ? p->n_seat_sets : n->seat_set], m = 0;
	struct pkey k = {n->pattern_set, work, n->visits, n->gap, pattern_allowed(p, n), 0}, *s;
	uint64_t masks[PATTERN_MAX];

	if (2 * (c->n + 1) > c->cap)
		pcache_grow(c);
	s = pcache_find(c, &k);
	if (s->visits)
		return s->list;
	/* Seats on leave on some day get patterns of their own. */
	for (int32_t i = 0; i < c->works[work].n; i++) {
		uint64_t days = k.days & (n->pattern_set < 0 ? c->works[work].days[i] : ~(uint64_t)0);
		bool part;

		m = pattern_list_need(p, n, days, masks, m, &part);
		if (n->pattern_set >= 0)
			break;
	}
	k.list = pcache_add(c, masks, m);
	c->n++;
	*s = k;
	return k.list;
}

void pcache_release(struct pcache *c)
{
	free(c->slots);
	free(c->works);
	free(c->works_like);
}
