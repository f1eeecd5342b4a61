/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/cell.h"

#include <math.h>
#include <stdlib.h>

const int geo_grid_level[GEO_GRIDS] = {9, 11, 13, 15};

static uint32_t place(double part, int level)
{
	double side = (double)(1u << level);

	return (uint32_t)fmin(fmax(floor(part * side), 0), side - 1);
}

struct geo_cell geo_cell_of(double lat, double lon, int level)
{
	double s = sin(fmin(fmax(lat, -89.9), 89.9) * M_PI / 180);

	return (struct geo_cell){place(lon / 360 + 0.5, level), place(0.5 - log((1 + s) / (1 - s)) / (4 * M_PI), level)};
}

static int by_place(const void *a, const void *b)
{
	const struct geo_cell *p = &((const struct geo_count *)a)->at, *q = &((const struct geo_count *)b)->at;

	return p->y != q->y ? (p->y > q->y) - (p->y < q->y) : (p->x > q->x) - (p->x < q->x);
}

size_t geo_counts_widen(struct geo_count *c, size_t n, int levels)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		c[i].at = (struct geo_cell){c[i].at.x >> levels, c[i].at.y >> levels};
	if (n)
		qsort(c, n, sizeof(*c), by_place);
	for (size_t i = 0; i < n; i++)
		if (kept && !by_place(&c[kept - 1], &c[i]))
			c[kept - 1].n += c[i].n;
		else
			c[kept++] = c[i];
	return kept;
}

int geo_grid_step(int grid)
{
	return grid == GEO_GRIDS - 1 ? 0 : geo_grid_level[grid + 1] - geo_grid_level[grid];
}
