/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "territory/drawing.h"

#include <math.h>
#include <stdlib.h>

#include "base/shape.h"
#include "design/design.h"
#include "geo/outline.h"
#include "setting/setting.h"
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
	return e;
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
	return e;
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

static void put_feature(struct bp_buf *out, const struct tr_drawing *d, const struct geo_outlines *o, int32_t from, int32_t to, double shrink)
{
	const struct q_design_units *u = &d->unit[o->ring[from].unit];

	bp_buf_printf(out, "{\"type\":\"Feature\",\"properties\":{\"number\":%lld,\"territoryId\":", (long long)u->number);
	if (u->territory_id.set)
		bp_buf_int(out, u->territory_id.v);
	else
		bp_buf_str(out, "null");
	bp_buf_str(out, ",\"code\":");
	bp_json_string(out, u->code);
	bp_buf_str(out, ",\"name\":");
	bp_json_string(out, u->name);
	bp_buf_printf(out, ",\"outlets\":%lld,\"hours\":%.1f},\"geometry\":{\"type\":\"MultiPolygon\",\"coordinates\":[", (long long)u->outlets, u->work / 60);
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
		if (i)
			bp_buf_chr(out, ',');
		put_feature(out, d, &o, i, j, shrink);
	}
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
