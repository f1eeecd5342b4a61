/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_ROUTE_PCACHE_H
#define BP_ROUTE_PCACHE_H
/*
 * Day patterns of many needs: needs that ask for the same (visits, gap, allowed days,
 * working days of their seats) share one list, made when it is first asked for.  Private to this room;
 * whoever makes a cache takes off[] and masks[] out of it or frees them.
 */
#include "route/problem.h"

struct pkey;
struct works;

struct pcache {
	struct pkey *slots; /* open addressing, power of two */
	int32_t cap, n;
	int32_t *off, n_lists, cap_lists; /* list i is masks[off[i] .. off[i + 1] - 1] */
	uint64_t *masks;
	int32_t n_masks, cap_masks;
	struct works *works; /* per seat set, then one for all seats */
	int32_t *works_like; /* the first seat set with the same working days */
};

void pcache_init(struct pcache *c, const struct rt_problem *p);
/* The list of a need's patterns. */
int32_t pcache_get(struct pcache *c, const struct rt_problem *p, const struct rt_need *n);
/* A list of its own. */
int32_t pcache_add(struct pcache *c, const uint64_t *masks, int32_t n);
/* All but off[] and masks[]. */
void pcache_release(struct pcache *c);

#endif
