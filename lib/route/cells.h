/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_ROUTE_CELLS_H
#define BP_ROUTE_CELLS_H
/*
 * Needs cut into cells, one for each seat, and each cell again into zones: what construct.c begins with.
 * Private to this room.
 */
#include "route/engine.h"

struct cut {
	double key;
	int32_t need;
};

struct cake {
	struct engine *e;
	int64_t *plain;  /* per need: seconds of work over the cycle, next to its neighbour */
	int64_t *weight; /* per need: the same with its share of the way from home */
	int32_t *label;  /* per need: result */
	struct leg_pt *start; /* per seat: where it begins; */
	bool *starts;         /* false: anywhere */
};

void cake_init(struct cake *c, struct engine *e);
void cake_release(struct cake *c);

/* Cut list[0..n-1] into k cells of equal weight, across the longer side each time, and label its needs
 * `label` and on.  With seats[0..k-1] (else NULL) these are cut along, by their starts: seats[i] then begins on
 * that side of the cuts on which cell label + i lies. */
void cells_cut(const struct cake *c, struct cut *list, int32_t n, int32_t *seats, int32_t k, int32_t label);

/* Settle needs[i].home for all needs of one component of seats, list[0..n-1]; c->weight[] is filled. */
void cells_homes(const struct cake *c, int32_t comp, struct cut *list, int32_t n);

#endif
