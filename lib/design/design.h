/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_DESIGN_DESIGN_H
#define BP_DESIGN_DESIGN_H
/*
 * Territory design: outlets are dealt out to k units so that each has its share of the work, lies close together and
 * hangs together, and few outlets change hands.  A pure library: arrays in, unit of each outlet out, no database,
 * no clock, no randomness but the seed; the same input gives the same units.
 *
 * Hard: pins and allowed units, then contiguity where it is asked for.  Within the tolerance of the work, compactness
 * is what is made best: the sum over outlets of work x squared distance to the centre of the unit (moment of inertia,
 * Hess and others 1965), with a price for every outlet that leaves its present unit and one for every border that cuts
 * a group (distributor, postal code) apart.
 */
#include <stdbool.h>

#include "base/error.h"
#include "geo/kdtree.h"

enum {
	DESIGN_NONE = -1,
	DESIGN_UNITS_MOST = 2000,
	DESIGN_OUTLETS_MOST = 5000000,
	DESIGN_EXACT_MOST = 400, /* outlets x units: up to here the exact model is asked as well */
};

struct design_problem {
	int32_t n, k;             /* outlets; units 0..k-1 */
	const struct geo_xy *xy;  /* n: metres on a plane (design_project) */
	const double *work;       /* n: minutes a cycle, at least 0 */
	const int32_t *present;   /* n: unit of today or DESIGN_NONE; NULL: there is none */
	const int32_t *group;     /* n: what a natural border keeps together, or DESIGN_NONE; NULL: nothing */
	const int32_t *allow;     /* n: a set of units that the outlet may belong to, or DESIGN_NONE = any; NULL: any.
				     A pin is a set of one unit. */
	const int32_t *set_off;   /* n_sets + 1: where the sets begin in set[] */
	const int32_t *set;       /* units */
	int32_t n_sets;
	const double *share;      /* k: of the work, above 0, in any unit; NULL: equal shares */
};

struct design_params {
	uint64_t seed;
	double tolerance;    /* 0.005..1: the work of a unit may differ from its share by this part of it */
	double keep_price;   /* of an outlet that leaves its present unit, in mean costs of an outlet; 0 = nothing */
	double border_price; /* of a pair of neighbours of one group that is cut apart, likewise */
	bool contiguous;     /* each unit in one piece of the neighbour graph */
	bool redraw;         /* draw all anew; else begin with the present units and move what must be moved */
	bool search_only;    /* leave the exact model out */
	const struct geo_xy *site; /* k: centres to measure from instead of those of the units, NULL: these */
	bool (*progress)(void *ctx, double fraction); /* false: stop with what there is; NULL: nobody asks */
	void *ctx;
};

/* Neighbours: the eight nearest of each outlet, in both directions, and across gaps those that no third outlet comes
 * between; together one piece. */
struct design_graph {
	int32_t n;
	int32_t *off; /* n + 1; owned */
	int32_t *to;  /* neighbours of i at off[i]..off[i+1]-1, ascending; owned */
	int32_t links;     /* edges beside those of the eight nearest */
};

/* What a design amounts to, counted anew by design_check. */
struct design_figures {
	double max_deviation; /* largest |work - share| / share of a unit */
	double compactness;   /* sum of work x squared metres to the centre of its unit */
	int32_t whole;        /* units in one piece */
	int32_t moved;        /* outlets that were somewhere and are elsewhere */
	int32_t cut;          /* pairs of neighbours of one group in two units */
	int32_t misplaced;    /* outlets in a unit that they may not belong to */
	int32_t empty;        /* units without outlet */
};

struct design_result {
	int32_t n, k;
	int32_t *unit;        /* n; owned */
	double *work;         /* k: minutes of each unit; owned */
	int32_t *outlets;     /* k; owned */
	int32_t *pieces;      /* k; owned */
	struct geo_xy *centre; /* k; owned */
	struct design_figures now;
	bool exact;           /* proven best for its centres */
};

void design_params_default(struct design_params *a);
void design_result_init(struct design_result *r);
void design_result_release(struct design_result *r);

/* Degrees to metres: equirectangular about the middle latitude, so that ways are right within a country. */
void design_project(const double *lon, const double *lat, int32_t n, struct geo_xy *xy);

/* How many units keep each at most at `capacity` minutes when loads differ by `tolerance`.  0: not to be done. */
int32_t design_units_for(double work, double capacity, double tolerance);

/* Is the problem well formed?  OPT_INPUT names the first outlet or unit that is not, and what to do. */
enum bp_error design_validate(const struct design_problem *p, const struct design_params *a, struct bp_fail *f);

/* The graph of n >= 1 points.  OPT_INPUT when one is not a number.  O(n log n). */
enum bp_error design_graph_make(const struct geo_xy *xy, int32_t n, struct design_graph *g, struct bp_fail *f);
void design_graph_release(struct design_graph *g);

/*
 * Design units.  *out (initialised) gets the outcome, judged by design_check.  Units of a redraw are numbered so that
 * most outlets keep their number.  Pins and a wide spread of shares may leave the tolerance or the contiguity unmet:
 * the figures say so, as they do when it was stopped.  OPT_INPUT as design_validate.
 */
enum bp_error design_make(const struct design_problem *p, const struct design_graph *g, const struct design_params *a,
	struct design_result *out, struct bp_fail *f);

/*
 * Balanced k-means alone, without a graph: centres and work in turn (Lloyd 1982), outlets dealt out by prices of the
 * centres (power diagram, Aurenhammer, Hoffmann and Aronov 1998).  What design_make is measured against.  With
 * `capacity` outlets are dealt out once more at last, in the order of what they would lose (Mulvey and Beck 1984), and
 * none takes more when its share is full.  unit[n] and, if not NULL, site[k] are filled.
 */
void design_kmeans(const struct design_problem *p, uint64_t seed, bool capacity, int32_t *unit, struct geo_xy *site);

/*
 * The cheapest dealing out for given centres p->k (a->site), proven: integer program with all rules, contiguity by
 * separators (Validi, Buchanan and Lykhovyd 2022) added where it is broken.  GLPK.  *unit (n) is filled, *cost the
 * least sum of work x squared distance with the prices.  For small problems; *proven is false when `milliseconds`
 * were over first or nothing fits, and unit[] then untouched.
 */
void design_exact(const struct design_problem *p, const struct design_graph *g, const struct design_params *a,
	int32_t milliseconds, int32_t *unit, double *cost, bool *proven);

/* What design_exact and the search make small: for given centres a->site. */
double design_cost(const struct design_problem *p, const struct design_graph *g, const struct design_params *a,
	const int32_t *unit);

/* Judge any dealing out, by code that knows nothing of the search.  *r (initialised) gets a copy of unit[] and all figures. */
void design_check(const struct design_problem *p, const struct design_graph *g, const int32_t *unit,
	struct design_result *r);

#endif
