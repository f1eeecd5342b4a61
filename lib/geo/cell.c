/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/cell.h"

#include <math.h>

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
