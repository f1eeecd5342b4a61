/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "territory/drawing.h"

#include <math.h>
#include <stdlib.h>

#include "base/shape.h"
#include "design/design.h"
#include "geo/outline.h"
#include "setting/setting.h"
#include "territory/boundary.h"
#include "territory/weigh.h"

#define METRES_A_DEGREE 111195.08
#define METRES_A_PIXEL 78271.517 /* at the equator, zoom 0, the world 512 pixels wide */

/* --- what is drawn --- */

static int by_id(const void *a, const void *b)
{
	int64_t p = *(const int64_t *)a, q = ((const struct q_design_units_of_today *)b)->id;

	return p < q ? -1 : p > q;
}

static int32_t place_of(const struct tr_drawing *d, int64_t unit)
{
	const struct q_design_units_of_today *u = bsearch(&unit, d->today, d->n_today, sizeof(*u), by_id);

	return u ? (int32_t)(u - d->today) : -1;
}

struct q_design_units *tr_units_as_planned(struct bp_arena *a, const struct q_design_units_of_today *u, size_t n)
{
	struct q_design_units *v = bp_alloc_array(a, n, sizeof(*v));

	for (size_t i = 0; i < n; i++)
		v[i] = (struct q_design_units){.number = (int64_t)i, .territory_id = BP_SOME_INT(u[i].id), .code = u[i].code, .name = u[i].name};
	return v;
}

static void as_today(struct tr_drawing *d, struct bp_arena *a)
{
	d->n_units = d->n_today;
	d->unit = tr_units_as_planned(a, d->today, d->n_today);
	for (size_t i = 0; i < d->n; i++) {
		d->in[i] = d->was[i];
		d->unit[d->in[i]].outlets++;
		d->unit[d->in[i]].work += d->outlet[i].work;
	}
}

static enum bp_error as_planned(struct tr_drawing *d, struct bp_db *db, struct bp_arena *a, uint64_t scenario)
{
	struct q_design_numbers *v;
	size_t n = 0, at = 0, kept = 0;
	enum bp_error e = q_design_units(db, a, (int64_t)scenario, &d->unit, &d->n_units);

	if (!e)
		e = q_design_numbers(db, a, (int64_t)scenario, &v, &n);
	if (e || !n)
		return e ? e : BP_E_NOT_FOUND;
	/* Outlets that came since have no unit in it. */
	for (size_t i = 0; i < d->n; i++) {
		while (at < n && v[at].outlet_id < d->outlet[i].id)
			at++;
		if (at == n || v[at].outlet_id != d->outlet[i].id || (size_t)v[at].number >= d->n_units)
			continue;
		d->outlet[kept] = d->outlet[i];
		d->was[kept] = d->was[i];
		d->in[kept++] = (int32_t)v[at].number;
	}
	d->n = kept;
	return BP_E_OK;
}

static enum bp_error load_outlets(struct tr_drawing *d, struct bp_db *db, struct bp_arena *a, uint64_t territory)
{
	size_t n = 0;
	enum bp_error e = tr_weigh_outlets(db, a, territory, &d->outlet, &n);

	d->in = bp_alloc_array(a, n, sizeof(*d->in));
	d->was = bp_alloc_array(a, n, sizeof(*d->was));
	for (size_t i = 0; !e && i < n; i++) {
		int32_t was = place_of(d, d->outlet[i].unit);

		if (was < 0 || !d->outlet[i].lat.set || !d->outlet[i].lon.set)
			continue;
		d->outlet[d->n] = d->outlet[i];
		d->was[d->n++] = was;
	}
	return e;
}

enum bp_error tr_drawing_load(struct bp_db *db, struct bp_arena *a, uint64_t territory, uint64_t scenario, struct tr_drawing *d, struct bp_fail *f)
{
	struct q_design_extent extent;
	struct q_design_list *s;
	size_t n = 0;
	enum bp_error e = q_design_extent(db, a, (int64_t)territory, &extent);

	*d = (struct tr_drawing){0};
	if (!e && extent.outlets > bp_setting(BP_SETTING_map_drawn))
		return bp_fail(f, BP_E_OPT_TOO_LARGE, "%lld outlets lie beneath it, a map shows at most %lld: choose a territory beneath it",
			(long long)extent.outlets, (long long)bp_setting(BP_SETTING_map_drawn));
	if (!e && scenario)
		e = q_design_list(db, a, (int64_t)territory, BP_SOME_INT(scenario), 0, 1, &s, &n);
	if (!e && scenario && !n)
		return BP_E_NOT_FOUND;
	if (!e)
		e = q_design_units_of_today(db, a, (int64_t)territory, &d->today, &d->n_today);
	if (!e)
		e = load_outlets(d, db, a, territory);
	if (!e && scenario)
		return as_planned(d, db, a, scenario);
	if (!e)
		as_today(d, a);
	return e ? e : tr_boundaries_load(db, a, &(int64_t){(int64_t)territory}, 1, &d->own);
}

static int by_unit(const void *a, const void *b)
{
	int64_t p = *(const int64_t *)a, q = ((const struct q_member_nodes *)b)->id;

	return p < q ? -1 : p > q;
}

static void as_members(struct tr_drawing *d, struct bp_arena *a, const struct q_member_nodes *node, size_t n, const struct q_member_places *p, size_t n_places)
{
	size_t at = 0;

	d->n_units = n + 1;
	d->unit = bp_alloc_array(a, d->n_units, sizeof(*d->unit));
	for (size_t i = 0; i < n; i++)
		d->unit[i] = (struct q_design_units){.number = (int64_t)i, .territory_id = BP_SOME_INT(node[i].id), .code = node[i].code, .name = node[i].name};
	d->unit[n] = (struct q_design_units){.number = (int64_t)n, .code = "-", .name = "-"};
	for (size_t i = 0; i < d->n; i++) {
		const struct q_member_nodes *in = NULL;

		while (at < n_places && p[at].outlet_id < d->outlet[i].id)
			at++;
		if (n && at < n_places && p[at].outlet_id == d->outlet[i].id)
			in = bsearch(&p[at].territory_id, node, n, sizeof(*node), by_unit);
		d->in[i] = (int32_t)(in ? (size_t)(in - node) : n);
		d->unit[d->in[i]].outlets++;
		d->unit[d->in[i]].work += d->outlet[i].work;
	}
}

enum bp_error tr_drawing_members(struct bp_db *db, struct bp_arena *a, uint64_t territory, uint64_t model, struct tr_drawing *d, struct bp_fail *f)
{
	struct q_member_nodes *node;
	struct q_member_places *p;
	struct q_model_levels_of l;
	size_t n = 0, m = 0;
	enum bp_error e = q_model_levels_of(db, a, (int64_t)model, &l);

	if (!e && !l.levels)
		return bp_fail(f, BP_E_NOT_FOUND, "there is no such territory model");
	if (!e)
		e = tr_drawing_load(db, a, territory, 0, d, f);
	if (!e)
		e = q_member_nodes(db, a, (int64_t)model, &node, &n);
	if (!e)
		e = q_member_places(db, a, (int64_t)territory, (int64_t)model, &p, &m);
	if (!e)
		as_members(d, a, node, n, p, m);
	d->own.n = 0; /* of the sales geography */
	return e;
}

/* --- a territory and what lies around it --- */

struct around {
	struct tr_drawing *d;
	struct bp_arena *arena;
	const struct q_line_nodes *node; /* places of unit[], by id */
	size_t cap;
};

static int by_node(const void *a, const void *b)
{
	int64_t p = *(const int64_t *)a, q = ((const struct q_line_nodes *)b)->id;

	return p < q ? -1 : p > q;
}

static enum bp_error on_place(void *ctx, const void *row)
{
	const struct q_line_outlets *r = row;
	struct around *w = ctx;
	struct tr_drawing *d = w->d;
	const struct q_line_nodes *at = bsearch(&r->node, w->node, d->n_units, sizeof(*at), by_node);

	if (!at)
		return BP_E_OK;
	if (d->n == w->cap) {
		size_t cap = w->cap ? 2 * w->cap : 1024;

		d->outlet = bp_grow_array(w->arena, d->outlet, d->n, cap, sizeof(*d->outlet));
		d->in = bp_grow_array(w->arena, d->in, d->n, cap, sizeof(*d->in));
		w->cap = cap;
	}
	d->outlet[d->n] = (struct q_design_outlets){.id = r->id, .lat = BP_SOME_INT(r->lat), .lon = BP_SOME_INT(r->lon)};
	d->in[d->n++] = (int32_t)(at - w->node);
	d->unit[at - w->node].outlets++;
	return BP_E_OK;
}

static int compare_nodes(const void *a, const void *b)
{
	return by_node(&((const struct q_line_nodes *)a)->id, b);
}

/* What is drawn, by id: the territories beneath it and the units around it, as many as a map draws outlets of. */
static struct q_line_nodes *nodes_of(struct bp_arena *a, const struct q_line_nodes *inner, size_t n_inner, const struct q_line_units *unit, size_t *n_units)
{
	struct q_line_nodes *v = bp_alloc_array(a, n_inner + *n_units, sizeof(*v));
	int64_t outlets = 0;
	size_t n = 0;

	for (size_t i = 0; i < n_inner; i++)
		v[n++] = inner[i];
	for (size_t i = 0; i < *n_units; i++) {
		outlets += unit[i].outlets;
		if (i && outlets > bp_setting(BP_SETTING_map_drawn)) {
			*n_units = i;
			break;
		}
		if (i)
			v[n++] = (struct q_line_nodes){unit[i].id, unit[i].code, unit[i].name};
	}
	qsort(v, n, sizeof(*v), compare_nodes);
	return v;
}

enum bp_error tr_drawing_around(struct bp_db *db, struct bp_arena *a, uint64_t territory, uint64_t user, bool world, struct tr_drawing *d)
{
	struct around w = {.d = d, .arena = a};
	struct q_line_units *unit;
	struct q_line_nodes *inner;
	size_t n_units = 0, n_inner = 0;
	int64_t *id;
	enum bp_error e = q_line_units(db, a, (int64_t)territory, (int64_t)user, world, &unit, &n_units);

	*d = (struct tr_drawing){0};
	if (!e)
		e = q_line_nodes(db, a, (int64_t)territory, &inner, &n_inner);
	if (e || !n_units)
		return e;
	w.node = nodes_of(a, inner, n_inner, unit, &n_units);
	d->n_units = n_inner + n_units - 1;
	d->unit = bp_alloc_array(a, d->n_units, sizeof(*d->unit));
	id = bp_alloc_array(a, n_units, sizeof(*id));
	for (size_t i = 0; i < n_units; i++)
		id[i] = unit[i].id;
	for (size_t i = 0; i < d->n_units; i++)
		d->unit[i] = (struct q_design_units){.number = (int64_t)i, .territory_id = BP_SOME_INT(w.node[i].id), .code = w.node[i].code, .name = w.node[i].name};
	e = q_line_outlets(db, bp_ids_text(a, id, n_units), (int64_t)territory, on_place, &w);
	return e ? e : tr_boundaries_load(db, a, id, n_units, &d->own);
}

/* --- outlines --- */

static void put_ring(struct bp_buf *out, const struct geo_outlines *o, const struct geo_ring *r, double shrink)
{
	bp_buf_chr(out, '[');
	for (int32_t i = 0; i <= r->to - r->from; i++) {
		struct geo_xy p = o->xy[r->from + i % (r->to - r->from)];

		bp_buf_printf(out, "%s[%.5f,%.5f]", i ? "," : "", p.x / METRES_A_DEGREE / shrink, p.y / METRES_A_DEGREE);
	}
	bp_buf_chr(out, ']');
}

static void put_properties(struct bp_buf *out, const struct q_design_units *u, bool imported)
{
	bp_buf_printf(out, "{\"type\":\"Feature\",\"properties\":{\"number\":%lld,\"territoryId\":", (long long)u->number);
	if (u->territory_id.set)
		bp_buf_int(out, u->territory_id.v);
	else
		bp_buf_str(out, "null");
	bp_buf_str(out, ",\"code\":");
	bp_json_string(out, u->code);
	bp_buf_str(out, ",\"name\":");
	bp_json_string(out, u->name);
	bp_buf_printf(out, ",\"outlets\":%lld,\"hours\":%.1f,\"imported\":%s},\"geometry\":{\"type\":\"MultiPolygon\",\"coordinates\":", (long long)u->outlets,
		u->work / 60, imported ? "true" : "false");
}

/* The imported boundary of a unit, NULL = it has none. */
static const struct tr_boundary *own_of(const struct tr_drawing *d, const struct q_design_units *u)
{
	for (size_t i = 0; u->territory_id.set && i < d->own.n; i++)
		if (d->own.v[i].territory == u->territory_id.v)
			return &d->own.v[i];
	return NULL;
}

static void put_own(struct bp_buf *out, const struct tr_drawing *d, double zoom)
{
	for (size_t i = 0; i < d->n_units; i++) {
		const struct tr_boundary *b = own_of(d, &d->unit[i]);
		size_t from = out->len;

		if (!b)
			continue;
		if (out->data[out->len - 1] != '[')
			bp_buf_chr(out, ',');
		put_properties(out, &d->unit[i], true);
		if (tr_boundary_put(out, b, zoom < 0 ? 1 : llround(METRES_A_PIXEL / METRES_A_DEGREE * 1e6 / exp2(zoom))))
			bp_buf_str(out, "}}");
		else
			bp_buf_cut(out, from);
	}
}

static void put_feature(struct bp_buf *out, const struct tr_drawing *d, const struct geo_outlines *o, int32_t from, int32_t to, double shrink)
{
	const struct q_design_units *u = &d->unit[o->ring[from].unit];

	put_properties(out, u, false);
	bp_buf_chr(out, '[');
	for (int32_t i = from; i < to; i++) {
		if (o->ring[i].outer < 0)
			bp_buf_str(out, i > from ? "],[" : "[");
		else
			bp_buf_chr(out, ',');
		put_ring(out, o, &o->ring[i], shrink);
	}
	bp_buf_str(out, "]]}}");
}

static double middle_of(const struct tr_drawing *d)
{
	int64_t low = INT64_MAX, high = INT64_MIN;

	for (size_t i = 0; i < d->n; i++) {
		int64_t lat = d->outlet[i].lat.v;

		low = lat < low ? lat : low;
		high = lat > high ? lat : high;
	}
	return d->n ? (double)(low + high) / 2e6 : 0;
}

void tr_drawing_outlines(const struct tr_drawing *d, struct bp_arena *a, double zoom, struct bp_buf *out, int64_t **border, size_t *n_borders)
{
	double shrink = fmax(0.05, cos(middle_of(d) * M_PI / 180));
	struct geo_xy *xy = bp_alloc_array(a, d->n, sizeof(*xy));
	struct geo_outlines o;

	for (size_t i = 0; i < d->n; i++)
		xy[i] = (struct geo_xy){(double)d->outlet[i].lon.v / 1e6 * METRES_A_DEGREE * shrink, (double)d->outlet[i].lat.v / 1e6 * METRES_A_DEGREE};
	geo_outline(xy, d->in, (int32_t)d->n, zoom < 0 ? 0 : METRES_A_PIXEL * shrink / exp2(zoom), &o);
	bp_buf_chr(out, '[');
	for (int32_t i = 0, j; i < o.n_rings; i = j) {
		for (j = i + 1; j < o.n_rings && o.ring[j].unit == o.ring[i].unit; j++)
			;
		if (own_of(d, &d->unit[o.ring[i].unit]))
			continue;
		if (out->data[out->len - 1] != '[')
			bp_buf_chr(out, ',');
		put_feature(out, d, &o, i, j, shrink);
	}
	put_own(out, d, zoom);
	bp_buf_chr(out, ']');
	*n_borders = (size_t)o.n_borders;
	*border = bp_alloc_array(a, 3 * *n_borders, sizeof(**border));
	for (size_t i = 0; i < *n_borders; i++) {
		(*border)[3 * i] = o.border[i].a;
		(*border)[3 * i + 1] = o.border[i].b;
		(*border)[3 * i + 2] = llround(o.border[i].metres / 1000);
	}
	geo_outlines_release(&o);
}
