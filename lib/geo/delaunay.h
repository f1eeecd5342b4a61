/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_GEO_DELAUNAY_H
#define BP_GEO_DELAUNAY_H
/*
 * Delaunay triangulation of planar points, by insertion with a walk to each point's place (Bowyer 1981, Watson 1981)
 * in rounds that are drawn at random and sorted in space (Amenta, Choi and Rote 2003).  Points are rounded to a grid,
 * so that every predicate is exact in 128-bit integers: any input gives a sound triangulation.  O(n log n).
 */
#include "geo/kdtree.h"

/*
 * Hand every edge a-b once to `edge`, with the points opposite to it in the triangles on its left and right, -1 where
 * there is none: at the hull, between points of one line, and where several points fall on one grid point, which are
 * all joined to the first of them.  Points are at most 2^28 grid widths from the origin in x and y.
 */
void geo_delaunay(const struct geo_xy *xy, int32_t n, double grid,
	void (*edge)(void *ctx, int32_t a, int32_t b, int32_t left, int32_t right), void *ctx);

#endif
