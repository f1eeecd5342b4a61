/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_GEO_OUTLINE_H
#define BP_GEO_OUTLINE_H
/*
 * Outlines of units from their points.  Every point takes its share of the Delaunay triangles around it, so outlines of
 * neighbours share their border and never overlap, however units lie in each other.  What is wide and empty outside is
 * taken away first, from the rim inwards, while the rest stays in one piece (Duckham, Kulik, Worboys and Galton 2008);
 * only across very long gaps it may fall apart.  Borders are made simpler together, each once, by effective area
 * (Visvalingam and Whyatt 1993), and never across another corner, so that they still do not overlap.  Pure.
 */
#include "geo/kdtree.h"

struct geo_ring {
	int32_t unit;
	int32_t from, to; /* corners in xy[], not closed; the unit lies on their left */
	int32_t outer;    /* of a hole: the ring it lies in, which comes before it; -1 of an outer ring */
};

struct geo_border {
	int32_t a, b;  /* units, a < b */
	double metres; /* of the border they share; 0 = only a gap lies between them */
};

struct geo_outlines {
	struct geo_ring *ring; /* by unit; holes behind their outer ring; owned */
	int32_t n_rings;
	struct geo_xy *xy;     /* corners; owned */
	int32_t n_xy;
	struct geo_border *border; /* units that lie beside each other, by a and b; owned */
	int32_t n_borders;
};

/* unit[i] is at least 0; corners that shape less than `tolerance` squared are left out, 0 = none.  *out gets the outlines;
 * release it.  Units whose points all lie on points of others have none.  O(n log n). */
void geo_outline(const struct geo_xy *xy, const int32_t *unit, int32_t n, double tolerance, struct geo_outlines *out);
void geo_outlines_release(struct geo_outlines *o);

#endif
