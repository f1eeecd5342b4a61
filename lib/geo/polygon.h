/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_GEO_POLYGON_H
#define BP_GEO_POLYGON_H
/*
 * Areas with holes, in whole numbers: every answer is exact.  Coordinates are at most 2^29 in size (millionths of degrees are).
 * A place on a border lies in exactly one of two areas that share it.  Pure.
 */
#include <stdbool.h>
#include <stdint.h>

struct geo_place {
	int64_t x, y;
};

struct geo_area {
	const struct geo_place *corner; /* borrowed; rings one after the other, the first corner is not said again */
	const int32_t *ring;            /* n_rings + 1: where they begin in corner[] */
	int32_t n_rings;
	struct geo_place low, high;     /* of geo_area_span */
};

void geo_area_span(struct geo_area *a);
/* Within it: inside of an odd number of its rings. */
bool geo_area_holds(const struct geo_area *a, struct geo_place p);

enum geo_crossing { GEO_NOWHERE, GEO_CROSSES, GEO_TOO_MUCH };
/* Do two of its sides cross?  *at gets the corner before the first such place; GEO_TOO_MUCH when it cannot be told within
 * `budget` pairs of sides. */
enum geo_crossing geo_area_crosses(const struct geo_area *a, int64_t budget, struct geo_place *at);

/* Do two areas share more than a margin of so many units along their borders?  *at gets a place in both.  What is thinner than a hundredth of
 * their common height is seen where a corner of one lies in the other.  GEO_TOO_MUCH when it takes more than *budget sides looked at. */
enum geo_crossing geo_areas_overlap(const struct geo_area *a, const struct geo_area *b, int64_t margin, int64_t *budget, struct geo_place *at);

#endif
