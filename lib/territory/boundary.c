/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "territory/boundary.h"

#include <math.h>
#include <string.h>

#include "geo/kdtree.h"
#include "queries.h"
#include "territory/tree.h"

#define PAIRS_MOST 20000000 /* of sides that are looked at, of one boundary */
#define SIDES_MOST 1000000000 /* that are passed in counting outlets: some seconds */

const char *const tr_boundary_faults[] = {"NO_AREA", "NO_DEGREES", "CROSSES", "SHORT", "DENSE", "HOLE", "UNKNOWN", "SEVERAL", "AGAIN", "OVERLAPS", NULL};

/* --- reading --- */

struct reader {
	struct bp_arena *arena;
	struct tr_boundaries *out;
	struct bp_fail *fail;
	size_t cap;
	bool swap;
	const char *named;
	struct geo_place *corner; /* of the boundary that is read */
	bool *hole;
	int32_t n, *ring, n_rings;
	int64_t left; /* corners that may still come */
};

static struct tr_boundary *add_boundary(struct reader *r, const json_t *properties)
{
	struct tr_boundaries *b = r->out;
	const json_t *called = json_object_get(properties, r->named);
	const char *name = json_string_value(json_object_get(properties, "name"));
	const char *code = json_is_integer(called) ? bp_sprintf(r->arena, "%lld", (long long)json_integer_value(called)) : json_string_value(called);

	if (b->n == r->cap) {
		b->v = bp_grow_array(r->arena, b->v, b->n, r->cap ? 2 * r->cap : 64, sizeof(*b->v));
		r->cap = r->cap ? 2 * r->cap : 64;
	}
	b->v[b->n] = (struct tr_boundary){.name = name && *name ? name : bp_sprintf(r->arena, "%zu", b->n + 1), .code = code ? code : ""};
	return &b->v[b->n++];
}

static bool read_corner(struct reader *r, const json_t *v, struct tr_boundary *b)
{
	const json_t *first = json_array_get(v, 0), *second = json_array_get(v, 1);
	double lon = json_number_value(r->swap ? second : first), lat = json_number_value(r->swap ? first : second);

	if (!json_is_number(first) || !json_is_number(second))
		b->fault = TR_BOUNDARY_NO_AREA;
	else if (!(fabs(lon) <= 180 && fabs(lat) <= 90))
		b->fault = TR_BOUNDARY_NO_DEGREES;
	else
		r->corner[r->n++] = (struct geo_place){llround(lon * 1e6), llround(lat * 1e6)};
	return b->fault == TR_BOUNDARY_SOUND;
}

/* A ring ends with its first corner; we do not keep it twice. */
static void read_ring(struct reader *r, const json_t *v, bool hole, struct tr_boundary *b)
{
	size_t n = json_array_size(v);
	int32_t from = r->n;

	r->hole[r->n_rings] = hole;
	r->ring[r->n_rings++] = from;
	for (size_t i = 0; i < n; i++)
		if (!read_corner(r, json_array_get(v, i), b))
			return;
	while (r->n > from + 1 && r->corner[r->n - 1].x == r->corner[from].x && r->corner[r->n - 1].y == r->corner[from].y)
		r->n--;
	if (r->n - from < 3)
		b->fault = TR_BOUNDARY_SHORT;
}

/* Every hole has a corner within the ring that it is cut from. */
static void check_holes(struct tr_boundary *b)
{
	int32_t outer = 0;

	for (int32_t r = 0; r < b->area.n_rings; r++) {
		const int32_t around[] = {b->area.ring[outer], b->area.ring[outer + 1]};
		struct geo_area ring = {.corner = b->area.corner, .ring = around, .n_rings = 1, .low = b->area.low, .high = b->area.high};
		bool in = false;

		if (!b->hole[r])
			outer = r;
		for (int32_t i = b->area.ring[r]; i < b->area.ring[r + 1] && b->hole[r] && !in; i++)
			in = geo_area_holds(&ring, b->area.corner[i]);
		if (b->hole[r] && !in) {
			b->fault = TR_BOUNDARY_HOLE;
			b->at = b->area.corner[b->area.ring[r]];
		}
	}
}

static size_t count_corners(const json_t *v, size_t *rings)
{
	size_t n = 0;

	for (size_t i = 0; i < json_array_size(v); i++) {
		n += json_array_size(json_array_get(v, i));
		++*rings;
	}
	return n;
}

static bool is_many(const json_t *geometry)
{
	const char *type = json_string_value(json_object_get(geometry, "type"));

	return type && !strcmp(type, "MultiPolygon");
}

static size_t size_of(const json_t *geometry, size_t *rings)
{
	const json_t *at = json_object_get(geometry, "coordinates");
	size_t n = 0;

	if (!is_many(geometry))
		return count_corners(at, rings);
	for (size_t i = 0; i < json_array_size(at); i++)
		n += count_corners(json_array_get(at, i), rings);
	return n;
}

static void read_corners(struct reader *r, const json_t *geometry, struct tr_boundary *b)
{
	const char *type = json_string_value(json_object_get(geometry, "type"));
	const json_t *at = json_object_get(geometry, "coordinates");
	bool many = is_many(geometry);
	size_t polygons = many ? json_array_size(at) : 1, rings = 0, corners = size_of(geometry, &rings);

	if (!many && (!type || strcmp(type, "Polygon") != 0)) {
		b->fault = TR_BOUNDARY_NO_AREA;
		return;
	}
	r->corner = bp_alloc_array(r->arena, corners + 1, sizeof(*r->corner));
	r->ring = bp_alloc_array(r->arena, rings + 1, sizeof(*r->ring));
	r->hole = bp_alloc_array(r->arena, rings + 1, sizeof(*r->hole));
	r->n = r->n_rings = 0;
	for (size_t i = 0; i < polygons; i++) {
		const json_t *p = many ? json_array_get(at, i) : at;

		for (size_t k = 0; k < json_array_size(p) && !b->fault; k++)
			read_ring(r, json_array_get(p, k), k > 0, b);
	}
	if (!r->n_rings && !b->fault)
		b->fault = TR_BOUNDARY_NO_AREA;
	r->ring[r->n_rings] = r->n;
	b->area = (struct geo_area){.corner = r->corner, .ring = r->ring, .n_rings = r->n_rings};
	b->hole = r->hole;
	b->corners = r->n;
	geo_area_span(&b->area);
	if (r->n)
		b->at = r->corner[0];
}

void tr_boundary_read(struct bp_arena *a, const json_t *geometry, bool swap, struct tr_boundary *b)
{
	struct reader r = {.arena = a, .swap = swap};

	read_corners(&r, geometry, b);
}

static enum bp_error read_area(struct reader *r, const json_t *geometry, const json_t *properties)
{
	struct tr_boundary *b = add_boundary(r, properties);
	size_t rings = 0;

	if ((r->left -= (int64_t)size_of(geometry, &rings)) < 0)
		return bp_fail(r->fail, BP_E_OPT_INPUT, "the boundaries have more than %d corners: make them simpler", TR_CORNERS_MOST);
	read_corners(r, geometry, b);
	if (!b->fault) {
		enum geo_crossing c = geo_area_crosses(&b->area, PAIRS_MOST, &b->at);

		b->fault = c == GEO_CROSSES ? TR_BOUNDARY_CROSSES : c == GEO_TOO_MUCH ? TR_BOUNDARY_DENSE : TR_BOUNDARY_SOUND;
	}
	if (!b->fault)
		check_holes(b);
	return BP_E_OK;
}

static enum bp_error read_feature(struct reader *r, const json_t *v)
{
	const char *type = json_string_value(json_object_get(v, "type"));

	if (type && !strcmp(type, "Feature"))
		return read_area(r, json_object_get(v, "geometry"), json_object_get(v, "properties"));
	return read_area(r, v, NULL);
}

/* Older GeoJSON may name other coordinates; ours are those of GPS. */
static bool other_coordinates(const json_t *v)
{
	const char *name = json_string_value(json_object_get(json_object_get(json_object_get(v, "crs"), "properties"), "name"));

	return name && !strstr(name, "CRS84") && !strstr(name, "4326");
}

enum bp_error tr_boundaries_read(struct bp_arena *a, const json_t *geojson, bool swap, const char *named, struct tr_boundaries *b, struct bp_fail *f)
{
	struct reader r = {.arena = a, .out = b, .fail = f, .swap = swap, .named = named ? named : "code", .left = TR_CORNERS_MOST};
	const json_t *all = json_object_get(geojson, "features");
	enum bp_error e = BP_E_OK;

	*b = (struct tr_boundaries){0};
	if (!json_is_string(json_object_get(geojson, "type")))
		return bp_fail(f, BP_E_OPT_INPUT, "this is no GeoJSON: it has no type");
	if (other_coordinates(geojson))
		return bp_fail(f, BP_E_OPT_INPUT, "the boundaries are in other coordinates than WGS 84 longitude and latitude: convert them first");
	if (json_array_size(all) > TR_BOUNDARIES_MOST)
		return bp_fail(f, BP_E_OPT_INPUT, "there are more than %d boundaries", TR_BOUNDARIES_MOST);
	for (size_t i = 0; !e && i < json_array_size(all); i++)
		e = read_feature(&r, json_array_get(all, i));
	if (!e && !all)
		e = read_feature(&r, geojson);
	for (size_t i = 0; i < b->n; i++)
		b->faults += b->v[i].fault != TR_BOUNDARY_SOUND;
	return e || b->n ? e : bp_fail(f, BP_E_OPT_INPUT, "there is no boundary in it");
}

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

enum bp_error tr_boundaries_count(struct tr_boundaries *b, const struct tr_design *d, int32_t *unit, struct bp_fail *f)
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

enum bp_error tr_boundaries_refuse(const struct tr_boundaries *b, struct bp_fail *f)
{
	static const char *const remedy[] = {"is no polygon: leave it out", "is not in degrees, unless latitude comes first in it: swap them", "crosses itself: mend its ring there",
		"has a ring of fewer than three corners: leave the ring out", "has too many corners to be checked: make it simpler",
		"has a hole outside of it: make the hole a polygon of its own, or leave it out", "names no territory here: give it the code of one, or leave it out",
		"names several territories here: say of which level they are", "is of the same territory as one before it: make them one MultiPolygon",
		"overlaps another one of the same level: redraw the border between them, or remove the other one first"};

	for (size_t i = 0; i < b->n; i++) {
		const struct tr_boundary *v = &b->v[i];

		if (v->fault)
			return bp_fail(f, BP_E_OPT_INPUT, "boundary \"%s\" %s (%s%s%s, near longitude %.5f, latitude %.5f)", v->name, remedy[v->fault - 1],
				tr_boundary_faults[v->fault - 1], v->other ? " " : "", v->other ? v->other : "", (double)v->at.x / 1e6, (double)v->at.y / 1e6);
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

enum bp_error tr_boundaries_keep(struct tr_boundaries *b, struct bp_db *db, struct bp_arena *a, const struct tr_design *d, uint64_t territory,
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
