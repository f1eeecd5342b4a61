/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_DESIGN_ENGINE_H
#define BP_DESIGN_ENGINE_H
/* The state of a search.  Private to this room. */
#include "design/design.h"

#define NEIGHBOURS_MOST 64 /* neighbours of one outlet in its own unit that are told apart */

struct engine {
	const struct design_problem *p;
	const struct design_graph *g;
	const struct design_params *a;
	uint64_t rng;
	int32_t *unit;          /* n */
	double *target;         /* k: share of the work */
	double *load;           /* k */
	int32_t *size;          /* k: outlets */
	struct geo_xy *site;    /* k: what distance is measured from */
	double keep, border;    /* prices in work x square metres */
	bool stopped;

	/* severed(): who was reached from which neighbour in this call. */
	int64_t *reached;       /* n: call x NEIGHBOURS_MOST + neighbour */
	int32_t *next;          /* n: queues of the outlets reached */
	int64_t calls;
	int32_t *piece;         /* n: what would be cut off; its number is n_piece */
	int32_t n_piece;
};

void en_init(struct engine *e, const struct design_problem *p, const struct design_graph *g,
	const struct design_params *a);
void en_release(struct engine *e);

/* [0, 1) */
double en_uniform(uint64_t *rng);
bool en_may(const struct design_problem *p, int32_t i, int32_t unit);
/* Shares of the work in minutes: target[k]. */
void en_targets(const struct design_problem *p, double *target);
/* load[] and size[] counted anew from unit[]. */
void en_count(struct engine *e);
/* The sites go to the centres of their units, unless they are given. */
void en_centre(struct engine *e);
/* Largest |load - target| / target. */
double en_deviation(const struct engine *e);
/* What it costs that i is in unit u instead of b: distance and prices. */
double en_delta(const struct engine *e, int32_t i, int32_t from, int32_t to);
/* Has i a neighbour in the unit? */
bool en_touches(const struct engine *e, int32_t i, int32_t unit);
void en_move(struct engine *e, int32_t i, int32_t to);
/* Heights at which `excess` (k) flows off through a net of conductors, width[k x k] between each two: L height = excess,
 * L the Laplacian of the net, by conjugate gradients (Hestenes and Stiefel 1952). */
void en_heights(const double *width, int32_t k, const double *excess, double *height);
/* Tell how far the work is; true: stop. */
bool en_stop(struct engine *e, double fraction);

/* connect.c: may i leave its unit without cutting it in pieces?  The outlets that it would cut off, if they are few,
 * are listed in piece[] and may go along; false: too many, or not known. */
bool en_severed(struct engine *e, int32_t i);
/* What is not in the main piece of its unit goes to a neighbour, as far as its outlets may. */
void en_connect(struct engine *e);
/* Outlets without unit go to the units of their neighbours; units without outlet get one. */
void en_fill(struct engine *e);

/* balance.c: work flows between neighbouring units until each is within `tolerance`. */
void en_balance(struct engine *e, double tolerance);

/* refine.c: outlets at the borders change sides as long as it makes the whole cheaper. */
void en_refine(struct engine *e);
/* The same with steps back, for few outlets. */
void en_anneal(struct engine *e);

/* kmeans.c: centres for a start; e->unit[] is filled by price, not by contiguity. */
void en_start(struct engine *e);

#endif
