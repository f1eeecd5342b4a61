/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "territory/unit_polygon.h"

#include <string.h>

#include "geo/kdtree.h"
#include "queries.h"
#include "territory/tree.h"

#define SIDES_MOST 1000000000 /* that are passed in counting outlets: some seconds */

/* --- outlets in them --- */

static bool usable(const struct tr_boundary *b)
{
	return b->area.n_rings && (b->fault == TR_BOUNDARY_SOUND || b->fault == TR_BOUNDARY_CROSSES);
}

/* The sides of boundaries around a place, which have to be looked at one by one. */
static int64_t sides_around(const struct tr_boundaries *b, struct geo_place p)
{
	int64_t n = 0;

	for (size_t k = 0; k < b->n; k++) {
		const struct geo_area *a = &b->v[k].area;

		if (usable(&b->v[k]) && p.x >= a->low.x && p.x <= a->high.x && p.y >= a->low.y && p.y <= a->high.y)
			n += b->v[k].corners;
	}
	return n;
}

enum bp_error tr_unit_polygons_count(struct tr_boundaries *b, const struct tr_design *d, int32_t *unit, struct bp_fail *f)
{
	int64_t sides = 0;

	for (int32_t i = 0; i < d->p.n; i++) {
		const struct q_design_outlets *o = &d->outlet[d->placed[i]];

		sides += sides_around(b, (struct geo_place){o->lon.v, o->lat.v}) + sides_around(b, (struct geo_place){o->lat.v, o->lon.v});
	}
	if (sides > SIDES_MOST)
		return bp_fail(f, BP_E_OPT_INPUT, "the boundaries have too many corners around %d outlets: make them simpler", d->p.n);
	for (int32_t i = 0; i < d->p.n; i++) {
		const struct q_design_outlets *o = &d->outlet[d->placed[i]];
		struct geo_place p = {o->lon.v, o->lat.v}, turned = {o->lat.v, o->lon.v};
		bool other = false;
		int found = 0;

		unit[i] = DESIGN_NONE;
		for (size_t k = 0; k < b->n; k++) {
			if (!usable(&b->v[k]))
				continue;
			other |= geo_area_holds(&b->v[k].area, turned);
			if (!geo_area_holds(&b->v[k].area, p))
				continue;
			if (!found++) {
				unit[i] = (int32_t)k;
				b->v[k].outlets++;
			}
		}
		b->swapped += other;
		b->inside += found > 0;
		b->outside += !found;
		b->twice += found > 1;
	}
	return BP_E_OK;
}

/* --- as a scenario --- */

/* Outlets in none go where the nearest one is. */
static void reach_out(const struct tr_design *d, struct bp_arena *a, int32_t *unit)
{
	int32_t *in = bp_alloc_array(a, (size_t)d->p.n, sizeof(*in)), n = 0;
	struct geo_kdtree tree;

	for (int32_t i = 0; i < d->p.n; i++)
		if (unit[i] != DESIGN_NONE)
			in[n++] = i;
	geo_kdtree_init(&tree, d->p.xy, in, n);
	for (int32_t i = 0; i < d->p.n; i++) {
		int32_t nearest;

		if (unit[i] == DESIGN_NONE && geo_kdtree_nearest(&tree, d->p.xy[i], i, 1, &nearest, NULL))
			unit[i] = unit[nearest];
	}
	geo_kdtree_release(&tree);
}

/* Boundaries with outlets, closely numbered; unit[] follows.  v[i] is the boundary of number i. */
static int32_t number_them(const struct tr_boundaries *b, const struct tr_design *d, struct bp_arena *a, int32_t *unit, const struct tr_boundary **v)
{
	int32_t *number = bp_alloc_array(a, b->n, sizeof(*number)), k = 0;

	for (size_t i = 0; i < b->n; i++)
		if (b->v[i].outlets) {
			v[k] = &b->v[i];
			number[i] = k++;
		}
	for (int32_t i = 0; i < d->p.n; i++)
		unit[i] = number[unit[i]];
	return k;
}

/* Which unit of today each goes on as: by code or name first, then by the outlets they share. */
static struct tr_drawn *go_on_as(const struct tr_design *d, struct bp_arena *a, uint64_t territory, const int32_t *unit,
	const struct tr_boundary *const *v, int32_t k)
{
	struct tr_drawn *out = bp_alloc_array(a, (size_t)k, sizeof(*out));
	int32_t *shared = bp_alloc_array(a, (size_t)k * d->n_units, sizeof(*shared));
	bool *taken = bp_alloc_array(a, d->n_units, sizeof(*taken)), cut = d->n_units == 1 && k > 1 && (uint64_t)d->unit[0].id == territory;

	for (int32_t i = 0; i < d->p.n; i++)
		shared[(size_t)unit[i] * d->n_units + (size_t)d->p.present[i]]++;
	for (int32_t i = 0; i < k; i++) {
		out[i] = (struct tr_drawn){DESIGN_NONE, 0, v[i]->name};
		for (size_t u = 0; u < d->n_units; u++) {
			bool called = !strcmp(d->unit[u].code, v[i]->code) || !strcmp(d->unit[u].name, v[i]->name);

			if (shared[(size_t)i * d->n_units + u] > shared[(size_t)i * d->n_units + (size_t)out[i].beside])
				out[i].beside = (int32_t)u;
			if (called && !taken[u] && !cut && out[i].goes_on == DESIGN_NONE) {
				out[i].goes_on = (int32_t)u;
				taken[u] = true;
			}
		}
	}
	for (int32_t i = 0; i < k && !cut; i++)
		if (out[i].goes_on == DESIGN_NONE && !taken[out[i].beside] && shared[(size_t)i * d->n_units + (size_t)out[i].beside]) {
			out[i].goes_on = out[i].beside;
			taken[out[i].beside] = true;
		}
	return out;
}

enum bp_error tr_unit_polygons_keep(struct tr_boundaries *b, struct bp_db *db, struct bp_arena *a, const struct tr_design *d, uint64_t territory,
	uint64_t user, int32_t *unit, uint64_t *scenario, struct bp_fail *f)
{
	static const struct tr_way way = {"Boundaries", {.tolerance = 1, .redraw = true}};
	const struct tr_boundary **v = bp_alloc_array(a, b->n, sizeof(*v));
	struct tr_design drawn = *d;

	if (tr_boundaries_refuse(b, f))
		return f->code;
	if (!b->inside)
		return bp_fail(f, BP_E_OPT_INPUT, "no outlet lies in any of the boundaries");
	reach_out(d, a, unit);
	drawn.p.k = number_them(b, d, a, unit, v);
	if (drawn.p.k > 1 && tr_design_lowest(d, territory))
		return bp_fail(f, BP_E_OPT_INPUT, "there is no level beneath this territory to make units of: take boundaries from the territory above");
	return tr_scenario_keep(db, a, &drawn, &(struct tr_scenario){territory, 0, user, &way, unit, false,
		go_on_as(&drawn, a, territory, unit, v, drawn.p.k)}, scenario);
}
