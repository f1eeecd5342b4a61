/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_GEO_CELL_H
#define BP_GEO_CELL_H
/* Cells of equal size on a map: the world in Web Mercator, 2^level of them wide and high, counted from the north-west. */
#include <stddef.h>
#include <stdint.h>

/* Grids in which outlets are counted, widest cells first: 78, 20, 5 and 1.2 km at the equator. */
enum { GEO_GRIDS = 4 };
extern const int geo_grid_level[GEO_GRIDS];

struct geo_cell {
	uint32_t x, y;
};
/* That of a place in degrees; beyond the map it is the nearest. */
struct geo_cell geo_cell_of(double lat, double lon, int level);

struct geo_count {
	struct geo_cell at;
	uint32_t n;
};
/* Make cells `levels` levels wider, sort them from north-west to south-east, and put those of one place together: how many are left. */
size_t geo_counts_widen(struct geo_count *c, size_t n, int levels);
/* Levels between a grid and the next finer one; 0 for the finest. */
int geo_grid_step(int grid);

#endif
