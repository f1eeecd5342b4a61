/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "territory/overview.h"

#include <math.h>
#include <stdlib.h>

#include "base/buf.h"
#include "geo/cell.h"

static int by_id(const void *a, const void *b)
{
	int64_t p = *(const int64_t *)a, q = ((const struct q_overview_units *)b)->id;

	return p < q ? -1 : p > q;
}

int64_t tr_overview_unit(const struct tr_overview *o, int64_t unit)
{
	const struct q_overview_units *u = o->n_units ? bsearch(&unit, o->unit, o->n_units, sizeof(*u), by_id) : NULL;

	return u ? u - o->unit : -1;
}

/* The finest grid that has not too many cells over a box. */
static int level_of(const struct tr_box *b)
{
	for (int g = GEO_GRIDS - 1; g > 0; g--) {
		struct geo_cell p = geo_cell_of(b->north, b->west, geo_grid_level[g]), q = geo_cell_of(b->south, b->east, geo_grid_level[g]);

		if (q.x - p.x < TR_OVERVIEW_CELLS && q.y - p.y < TR_OVERVIEW_CELLS)
			return geo_grid_level[g];
	}
	return geo_grid_level[0];
}

/* Cells of several units at one place become one, of that with most outlets there: it comes first. */
static int64_t merge(struct tr_overview *o)
{
	size_t kept = 0;
	int64_t all = 0;

	for (size_t i = 0; i < o->n_cells; i++) {
		struct q_overview_cells *last = kept ? &o->cell[kept - 1] : NULL;

		all += o->cell[i].outlets;
		if (last && last->x == o->cell[i].x && last->y == o->cell[i].y)
			last->outlets += o->cell[i].outlets;
		else
			o->cell[kept++] = o->cell[i];
	}
	o->n_cells = kept;
	return all;
}

/* The units in sight, as JSON. */
static void put_units(const struct tr_overview *o, struct bp_arena *a, struct bp_buf *out)
{
	bool *seen = bp_alloc_array(a, o->n_units, sizeof(*seen));
	size_t n = 0;

	for (size_t i = 0; i < o->n_cells; i++)
		seen[tr_overview_unit(o, o->cell[i].unit)] = true;
	for (size_t u = 0; u < o->n_units; u++)
		if (seen[u])
			bp_buf_printf(out, "%s%lld", n++ ? "," : "[", (long long)o->unit[u].id);
	bp_buf_str(out, n ? "]" : "[]");
}

static int64_t micro(double degrees)
{
	return llround(degrees * 1e6);
}

enum bp_error tr_overview(struct bp_db *db, struct bp_arena *a, uint64_t territory, const struct tr_box *box, struct tr_overview *out)
{
	static const struct tr_box world = {-180, -90, 180, 90};
	const struct tr_box *b = box ? box : &world;
	struct geo_cell p, q;
	struct bp_buf units;
	enum bp_error e;

	*out = (struct tr_overview){.level = level_of(b)};
	p = geo_cell_of(b->north, b->west, out->level);
	q = geo_cell_of(b->south, b->east, out->level);
	e = q_overview_units(db, a, (int64_t)territory, &out->unit, &out->n_units);
	if (!e)
		e = q_overview_cells(db, a, (int64_t)territory, out->level, p.x, q.x, p.y, q.y, &out->cell, &out->n_cells);
	if (e)
		return e;
	bp_buf_init(&units, 1 << 20);
	put_units(out, a, &units); /* before merging: a unit may have most nowhere */
	if (merge(out) <= TR_OVERVIEW_POINTS && box) {
		out->level = 0;
		e = q_overview_outlets(db, a, units.data, micro(b->west), micro(b->south), micro(b->east), micro(b->north), &out->outlet, &out->n_outlets);
	}
	bp_buf_release(&units);
	return e;
}
