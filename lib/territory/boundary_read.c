/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GeoJSON to areas.  Pure: a file of somebody's, and nothing else. */
#include <math.h>
#include <string.h>

#include "territory/boundary.h"

#define PAIRS_MOST 20000000 /* of sides that are looked at, of one boundary */
#define AREA_LEAST 8000 /* millionths of degrees squared: ten metres by ten at the equator */

const char *const tr_boundary_faults[] = {"NO_AREA", "NO_DEGREES", "CROSSES", "SHORT", "DENSE", "HOLE", "SMALL", "UNKNOWN", "SEVERAL", "AGAIN", "OVERLAPS", NULL};

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

/* Corners on one line or at one place cover nothing: they cross nothing either. */
static bool too_small(const struct geo_area *a)
{
	double most = 0;

	for (int32_t r = 0; r < a->n_rings; r++) {
		struct geo_place o = a->corner[a->ring[r]];
		double twice = 0;

		for (int32_t i = a->ring[r], j = a->ring[r + 1] - 1; i < a->ring[r + 1]; j = i++)
			twice += (double)(a->corner[j].x - o.x) * (double)(a->corner[i].y - o.y) - (double)(a->corner[i].x - o.x) * (double)(a->corner[j].y - o.y);
		most = fmax(most, fabs(twice) / 2);
	}
	return most < AREA_LEAST;
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
	if (!b->fault && too_small(&b->area))
		b->fault = TR_BOUNDARY_SMALL;
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

enum bp_error tr_boundaries_refuse(const struct tr_boundaries *b, struct bp_fail *f)
{
	static const char *const remedy[] = {"is no polygon: leave it out", "is not in degrees, unless latitude comes first in it: swap them", "crosses itself: mend its ring there",
		"has a ring of fewer than three corners: leave the ring out", "has too many corners to be checked: make it simpler",
		"has a hole outside of it: make the hole a polygon of its own, or leave it out", "is too small, or its corners lie on one line: draw it larger, or leave it out", "names no territory here: give it the code of one, or leave it out",
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
