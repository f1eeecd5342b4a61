/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_GEO_KDTREE_H
#define BP_GEO_KDTREE_H
/*
 * A static k-d tree over planar points for nearest-neighbour lists (Bentley
 * 1975).  Only a permutation is stored: the median of each half is the node.
 * The permutation is also a good memory order, since near points lie together.
 * Ties are broken by index, so results do not depend on the machine.
 */
#include <stdint.h>

struct geo_xy {
	double x, y;
};

struct geo_kdtree {
	const struct geo_xy *xy; /* borrowed, not changed while the tree lives */
	int32_t *perm;           /* point indices in tree order; owned */
	int32_t n;
};

/* Build over the n points with indices index[0..n-1] (NULL: 0..n-1).  O(n log n). */
void geo_kdtree_init(struct geo_kdtree *t, const struct geo_xy *xy, const int32_t *index,
	int32_t n);
void geo_kdtree_release(struct geo_kdtree *t);

/* The k points nearest to q, nearest first, without point `self` (-1: none).
 * out and dist2 (may be NULL) hold k elements; returns how many were found. */
int32_t geo_kdtree_nearest(const struct geo_kdtree *t, struct geo_xy q, int32_t self, int32_t k,
	int32_t *out, double *dist2);

#endif
