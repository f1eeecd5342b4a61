/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "territory/overview.h"

#include <math.h>
#include <stdlib.h>

#include "base/buf.h"
#include "geo/cell.h"
#include "setting/setting.h"
#include "territory/rows.h"

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

static int by_number(const void *a, const void *b)
{
	int64_t p = *(const int64_t *)a, q = *(const int64_t *)b;

	return (p > q) - (p < q);
}

/* The units in sight. */
static const char *units_of(struct bp_arena *a, const struct q_overview_cells *cell, size_t n)
{
	int64_t *id = bp_alloc_array(a, n, sizeof(*id));
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		id[i] = cell[i].unit;
	if (n)
		qsort(id, n, sizeof(*id), by_number);
	for (size_t i = 0; i < n; i++)
		if (!kept || id[i] != id[kept - 1])
			id[kept++] = id[i];
	return bp_ids_text(a, id, kept);
}

static int64_t micro(double degrees)
{
	return llround(degrees * 1e6);
}

enum bp_error tr_overview(struct bp_db *db, struct bp_arena *a, uint64_t territory, uint64_t scenario, const struct tr_box *box, struct tr_overview *out,
	struct bp_fail *f)
{
	static const struct tr_box world = {-180, -90, 180, 90};
	const struct tr_box *b = box ? box : &world;
	struct q_overview_cells *today;
	struct geo_cell p, q;
	size_t n_today = 0;
	const char *units = NULL;
	enum bp_error e;

	*out = (struct tr_overview){.level = level_of(b)};
	p = geo_cell_of(b->north, b->west, out->level);
	q = geo_cell_of(b->south, b->east, out->level);
	e = q_overview_units(db, a, (int64_t)territory, (int64_t)scenario, &out->unit, &out->n_units);
	if (!e && scenario && !out->n_units)
		return BP_E_NOT_FOUND;
	if (!e)
		e = q_overview_cells(db, a, (int64_t)territory, 0, out->level, p.x, q.x, p.y, q.y, &today, &n_today);
	if (e)
		return e;
	units = units_of(a, today, n_today); /* before cells are put together: a unit may have most nowhere */
	out->cell = today;
	out->n_cells = n_today;
	if (scenario)
		e = q_overview_cells(db, a, (int64_t)territory, (int64_t)scenario, out->level, p.x, q.x, p.y, q.y, &out->cell, &out->n_cells);
	if (!e && scenario && !box && !out->n_cells)
		return bp_fail(f, BP_E_OPT_TOO_LARGE, "a map of so many outlets was not counted when this scenario was made: have the units designed again");
	if (e || merge(out) > bp_setting(BP_SETTING_map_points) || !box)
		return e;
	out->level = 0;
	return q_overview_outlets(db, a, units, (int64_t)scenario, micro(b->west), micro(b->south), micro(b->east), micro(b->north), &out->outlet, &out->n_outlets);
}

/* --- of a scenario --- */

/* The cells of one unit, as rows of each grid. */
static void count_unit(struct tr_rows *grid, int64_t unit, struct geo_count *c, size_t n)
{
	for (int g = GEO_GRIDS - 1; g >= 0; g--) {
		n = geo_counts_widen(c, n, geo_grid_step(g));
		for (size_t i = 0; i < n; i++) {
			tr_rows_next(&grid[g]);
			bp_buf_printf(&grid[g].text, "[%lld,%u,%u,%u]", (long long)unit, c[i].at.y, c[i].at.x, c[i].n);
		}
	}
}

/* Cells of the finest grid, unit by unit: those of unit[u] begin at start[u]; start[n_units] is the end. */
static struct geo_count *place_units(struct bp_arena *a, const struct tr_places *v, const int64_t *unit, size_t n_units, size_t *start)
{
	struct geo_count *c = bp_alloc_array(a, v->n, sizeof(*c));
	size_t *at = bp_alloc_array(a, n_units, sizeof(*at));
	int64_t *nth, last = 0; /* place of a number in unit[], from 1 */

	for (size_t u = 0; u < n_units; u++)
		last = unit[u] > last ? unit[u] : last;
	for (size_t i = 0; i < v->n; i++)
		last = v->number[i] > last ? v->number[i] : last;
	nth = bp_alloc_array(a, (size_t)last + 1, sizeof(*nth));
	for (size_t u = 0; u < n_units; u++)
		nth[unit[u]] = (int64_t)u + 1;
	for (size_t i = 0; i < v->n; i++)
		if (v->outlet[i].lat.set && v->outlet[i].lon.set)
			start[nth[v->number[i]]]++;
	start[0] = 0;
	for (size_t u = 0; u < n_units; u++) {
		at[u] = start[u];
		start[u + 1] += start[u];
	}
	for (size_t i = 0; i < v->n; i++) {
		const struct q_design_outlets *o = &v->outlet[i];
		int64_t u = nth[v->number[i]] - 1;

		if (u >= 0 && o->lat.set && o->lon.set)
			c[at[u]++] = (struct geo_count){geo_cell_of((double)o->lat.v / 1e6, (double)o->lon.v / 1e6, geo_grid_level[GEO_GRIDS - 1]), 1};
	}
	return c;
}

enum bp_error tr_overview_count(struct bp_db *db, struct bp_arena *a, uint64_t scenario, const struct tr_places *v, const int64_t *unit, size_t n_units)
{
	size_t *start = bp_alloc_array(a, n_units + 1, sizeof(*start));
	struct geo_count *c = place_units(a, v, unit, n_units, start);
	struct tr_rows grid[GEO_GRIDS];
	enum bp_error e = q_design_cells_drop(db, (int64_t)scenario, bp_ids_text(a, unit, n_units), NULL);

	for (int g = 0; g < GEO_GRIDS; g++)
		tr_rows_init(&grid[g], db, scenario, geo_grid_level[g], NULL, q_design_cells_put);
	for (size_t u = 0; !e && u < n_units; u++)
		count_unit(grid, unit[u], c + start[u], start[u + 1] - start[u]);
	for (int g = 0; g < GEO_GRIDS; g++) {
		enum bp_error at = tr_rows_end(&grid[g]);

		e = e ? e : at;
	}
	return e;
}
