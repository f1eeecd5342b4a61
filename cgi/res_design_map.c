/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_design_map.c - planning units on a map: places of the outlets, outlines of the units, outlets without a place. */
#include <math.h>

#include "cgi/endpoint.h"
#include "design/design.h"
#include "queries.h"
#include "setting/setting.h"
#include "territory/drawing.h"
#include "territory/overview.h"

struct of {
	struct bp_opt_int design, model;
	struct bp_opt_num zoom;
};
BP_SHAPE(design_map_query, of,
	BP_INT(of, design, BP_NUL, 1, 9e15, "scenario; none = as it is today"),
	BP_INT(of, model, BP_NUL, 2, 9e15, "in its place the territories of a model beside the sales geography, for those who see everything; the last unit, without an id, has the outlets of none"));
BP_SHAPE(design_outline_query, of,
	BP_INT(of, design, BP_NUL, 1, 9e15, "scenario; none = as it is today"),
	BP_NUM(of, zoom, BP_NUL, 0, 24, "of the map that shows them, a world of 512 pixels at 0: no finer than a pixel; none = as fine as they are"));

struct drawn_unit {
	int64_t number, outlets;
	struct bp_opt_int territory_id;
	const char *code, *name;
	double hours;
};
BP_SHAPE(design_drawn_unit, drawn_unit,
	BP_INT(drawn_unit, number, BP_REQ, 0, 100000, "within the scenario, or within those of today"),
	BP_INT(drawn_unit, territory_id, BP_NUL, 1, 9e15, "the unit of today; none = publishing makes it"),
	BP_STR(drawn_unit, code, BP_REQ, 1, 256, "its code"),
	BP_STR(drawn_unit, name, BP_REQ, 1, 480, "its name"),
	BP_INT(drawn_unit, outlets, BP_REQ, 0, 9e9, "outlets with coordinates"),
	BP_NUM(drawn_unit, hours, BP_REQ, 0, 1e12, "work in four weeks"));
struct places {
	struct bp_list units, today, id, lat, lon, unit, was, work;
};
BP_SHAPE(design_places, places,
	BP_LIST(places, units, BP_REQ, 100001, &design_drawn_unit, "units by number"),
	BP_LIST_INT(places, today, BP_REQ, 100000, "units of today by id"),
	BP_LIST_INT(places, id, BP_REQ, TR_DRAWN_MOST, "outlets, each as the difference to the one before"),
	BP_LIST_INT(places, lat, BP_REQ, TR_DRAWN_MOST, "1e-5 degrees"),
	BP_LIST_INT(places, lon, BP_REQ, TR_DRAWN_MOST, "1e-5 degrees"),
	BP_LIST_INT(places, unit, BP_REQ, TR_DRAWN_MOST, "place in units"),
	BP_LIST_INT(places, was, BP_REQ, TR_DRAWN_MOST, "place in today"),
	BP_LIST_INT(places, work, BP_REQ, TR_DRAWN_MOST, "tenths of minutes in four weeks"));

static struct bp_list units_of(struct bp_arena *a, const struct tr_drawing *d)
{
	struct drawn_unit *v = bp_alloc_array(a, d->n_units, sizeof(*v));

	for (size_t i = 0; i < d->n_units; i++) {
		const struct q_design_units *u = &d->unit[i];

		v[i] = (struct drawn_unit){u->number, u->outlets, u->territory_id, u->code, u->name, u->work / 60};
	}
	return (struct bp_list){v, d->n_units};
}

/* Has the client what it asks for, or is it kept?  It is not worked out then. */
static enum bp_error held(struct bp_req *rq, bool *has)
{
	const struct of *q = rq->query;
	struct q_design_drawn_version v;
	enum bp_error e = q_design_drawn_version(rq->db, rq->arena, (int64_t)rq->arg[0], q->design, &v);
	bool few = !q->zoom.set || q->zoom.v == floor(q->zoom.v); /* as many as there are zooms between two are not kept */

	*has = !e && (few ? bp_req_kept : bp_req_same)(rq, bp_sprintf(rq->arena, "%s/%lld", v.version, (long long)bp_setting(BP_SETTING_map_drawn)));
	return e;
}

static enum bp_error places(struct bp_req *rq)
{
	const struct of *q = rq->query;
	struct places *p = bp_alloc(rq->arena, sizeof(*p));
	struct bp_list *const column[] = {&p->id, &p->lat, &p->lon, &p->unit, &p->was, &p->work};
	int64_t *v[6], *today, last = 0;
	struct tr_drawing d;
	bool has;
	enum bp_error e = q->model.set && !(rq->user.world & BP_PERM_BIT(BP_PERM_VIEW_TERRITORY)) ? BP_E_NOT_FOUND : held(rq, &has);

	if (e || has)
		return e;
	e = q->model.set ? tr_drawing_members(rq->db, rq->arena, rq->arg[0], (uint64_t)q->model.v, &d, &rq->fail)
		: tr_drawing_load(rq->db, rq->arena, rq->arg[0], (uint64_t)(q->design.set ? q->design.v : 0), &d, &rq->fail);

	if (e)
		return e;
	today = bp_alloc_array(rq->arena, d.n_today, sizeof(*today));
	for (size_t i = 0; i < d.n_today; i++)
		today[i] = d.today[i].id;
	p->units = units_of(rq->arena, &d);
	p->today = (struct bp_list){today, d.n_today};
	for (int c = 0; c < 6; c++)
		*column[c] = (struct bp_list){v[c] = bp_alloc_array(rq->arena, d.n, sizeof(int64_t)), d.n};
	for (size_t i = 0; i < d.n; i++) {
		const struct q_design_outlets *o = &d.outlet[i];
		const int64_t row[] = {o->id - last, llround((double)o->lat.v / 10), llround((double)o->lon.v / 10), d.in[i], d.was[i],
			llround(10 * o->work)};

		last = o->id;
		for (int c = 0; c < 6; c++)
			v[c][i] = row[c];
	}
	rq->reply = p;
	return BP_E_OK;
}

struct view {
	struct bp_opt_int design;
	struct bp_opt_num west, south, east, north;
};
BP_SHAPE(design_view_query, view,
	BP_INT(view, design, BP_NUL, 1, 9e15, "scenario; none = as it is today"),
	BP_NUM(view, west, BP_NUL, -180, 180, "box in degrees; without one of its sides all of it"),
	BP_NUM(view, south, BP_NUL, -90, 90, "of the box"),
	BP_NUM(view, east, BP_NUL, -180, 180, "of the box"),
	BP_NUM(view, north, BP_NUL, -90, 90, "of the box"));
struct counted_unit {
	int64_t number, outlets;
	struct bp_opt_int territory_id;
	const char *code, *name;
	struct bp_opt_num hours;
};
BP_SHAPE(design_counted_unit, counted_unit,
	BP_INT(counted_unit, number, BP_REQ, 0, 100000, "within the scenario, or within those of today"),
	BP_INT(counted_unit, territory_id, BP_NUL, 1, 9e15, "the unit of today; none = publishing makes it"),
	BP_STR(counted_unit, code, BP_REQ, 1, 256, "its code"),
	BP_STR(counted_unit, name, BP_REQ, 1, 480, "its name"),
	BP_INT(counted_unit, outlets, BP_REQ, 0, 9e9, "open outlets with coordinates"),
	BP_NUM(counted_unit, hours, BP_NUL, 0, 1e12, "work in four weeks, which is known of a scenario"));
struct overview {
	struct bp_list units, x, y, outlets, id, lat, lon, unit;
	struct bp_opt_int level;
};
#define OVERVIEW_MOST 1000000
BP_SHAPE(design_overview, overview,
	BP_LIST(overview, units, BP_REQ, 100000, &design_counted_unit, "units by number"),
	BP_INT(overview, level, BP_NUL, 1, 24, "of the cells: the world in Web Mercator has 2^level in a row; none = single outlets, few enough to be shown"),
	BP_LIST_INT(overview, x, BP_REQ, OVERVIEW_MOST, "columns of the cells from the west"),
	BP_LIST_INT(overview, y, BP_REQ, OVERVIEW_MOST, "rows of the cells from the north"),
	BP_LIST_INT(overview, outlets, BP_REQ, OVERVIEW_MOST, "outlets in each cell"),
	BP_LIST_INT(overview, id, BP_REQ, TR_OVERVIEW_POINTS, "outlets, each as the difference to the one before"),
	BP_LIST_INT(overview, lat, BP_REQ, TR_OVERVIEW_POINTS, "1e-5 degrees"),
	BP_LIST_INT(overview, lon, BP_REQ, TR_OVERVIEW_POINTS, "1e-5 degrees"),
	BP_LIST_INT(overview, unit, BP_REQ, OVERVIEW_MOST, "place in units: of each outlet, or of that which has most of a cell"));

static void fill_overview(struct bp_arena *a, const struct tr_overview *o, bool scenario, struct overview *r)
{
	struct bp_list *const column[] = {&r->x, &r->y, &r->outlets, &r->id, &r->lat, &r->lon, &r->unit};
	struct counted_unit *u = bp_alloc_array(a, o->n_units, sizeof(*u));
	size_t n = o->level ? o->n_cells : o->n_outlets, from = o->level ? 0 : 3;
	int64_t last = 0;

	for (size_t i = 0; i < o->n_units; i++)
		u[i] = (struct counted_unit){scenario ? o->unit[i].id : (int64_t)i, o->unit[i].outlets, o->unit[i].territory, o->unit[i].code, o->unit[i].name,
			{o->unit[i].work.v / 60, o->unit[i].work.set}};
	r->units = (struct bp_list){u, o->n_units};
	r->level = (struct bp_opt_int){o->level, o->level != 0};
	for (int c = 0; c < 3; c++)
		*column[from + (size_t)c] = (struct bp_list){bp_alloc_array(a, n, sizeof(int64_t)), n};
	r->unit = (struct bp_list){bp_alloc_array(a, n, sizeof(int64_t)), n};
	for (size_t i = 0; i < n; i++) {
		const struct q_overview_cells *k = o->level ? &o->cell[i] : NULL;
		const struct q_overview_outlets *p = k ? NULL : &o->outlet[i];
		const int64_t row[] = {k ? k->x : p->id - last, k ? k->y : llround((double)p->lat.v / 10), k ? k->outlets : llround((double)p->lon.v / 10)};

		last = k ? 0 : p->id;
		for (int c = 0; c < 3; c++)
			((int64_t *)column[from + (size_t)c]->v)[i] = row[c];
		((int64_t *)r->unit.v)[i] = tr_overview_unit(o, k ? k->unit : p->unit);
	}
}

static enum bp_error overview(struct bp_req *rq)
{
	const struct view *q = rq->query;
	struct overview *r = bp_alloc(rq->arena, sizeof(*r));
	bool part = q->west.set && q->south.set && q->east.set && q->north.set;
	struct tr_box box = {q->west.v, q->south.v, q->east.v, q->north.v};
	struct q_overview_version now;
	struct q_design_drawn_version made = {.version = ""};
	struct tr_overview o;
	enum bp_error e = q_overview_version(rq->db, rq->arena, (int64_t)rq->arg[0], &now);

	if (!e && q->design.set)
		e = q_design_drawn_version(rq->db, rq->arena, (int64_t)rq->arg[0], q->design, &made);
	/* All of it is kept, of parts there are too many. */
	if (e || (part ? bp_req_same : bp_req_kept)(rq, bp_sprintf(rq->arena, "%s/%s/%lld", now.version, made.version, (long long)bp_setting(BP_SETTING_map_points))))
		return e;
	e = tr_overview(rq->db, rq->arena, rq->arg[0], (uint64_t)(q->design.set ? q->design.v : 0), part ? &box : NULL, &o, &rq->fail);
	if (e)
		return e;
	fill_overview(rq->arena, &o, q->design.set, r);
	rq->reply = r;
	return BP_E_OK;
}

static const char *const collection[] = {"FeatureCollection", NULL};
struct outlines {
	const char *type, *features;
	struct bp_list borders;
};
BP_SHAPE(design_outlines, outlines,
	BP_ENUM(outlines, type, BP_REQ, collection, "GeoJSON (RFC 7946)"),
	BP_JSON(outlines, features, BP_REQ, "one a unit: MultiPolygon; number, territoryId, code, name, outlets, hours"),
	BP_LIST_INT(outlines, borders, BP_REQ, 6 * DESIGN_UNITS_MOST * 3, "units that lie beside each other: number, number, kilometres, and so on"));

static enum bp_error outlines(struct bp_req *rq)
{
	const struct of *q = rq->query;
	struct outlines *r = bp_alloc(rq->arena, sizeof(*r));
	struct tr_drawing d;
	struct bp_buf b;
	int64_t *border;
	size_t n;
	bool has;
	enum bp_error e = held(rq, &has);

	if (e || has)
		return e;
	e = tr_drawing_load(rq->db, rq->arena, rq->arg[0], (uint64_t)(q->design.set ? q->design.v : 0), &d, &rq->fail);

	if (e)
		return e;
	bp_buf_init(&b, BP_REPLY_MOST);
	tr_drawing_outlines(&d, rq->arena, q->zoom.set ? q->zoom.v : -1, &b, &border, &n);
	*r = (struct outlines){collection[0], bp_strndup(rq->arena, b.data, b.len), {border, 3 * n}};
	if (b.over)
		e = bp_fail(&rq->fail, BP_E_OPT_TOO_LARGE, "the outlines are too large: ask for them with a zoom");
	bp_buf_release(&b);
	rq->reply = r;
	return e;
}

struct unplaced {
	int64_t id;
	const char *code, *name, *city, *postcode, *unit;
};
BP_SHAPE(design_unplaced, unplaced,
	BP_INT(unplaced, id, BP_REQ, 1, 9e15, "outlet"),
	BP_STR(unplaced, code, BP_REQ, 1, 256, "its code"),
	BP_STR(unplaced, name, BP_REQ, 0, 800, "its name"),
	BP_STR(unplaced, city, BP_REQ, 0, 480, "its town"),
	BP_STR(unplaced, postcode, BP_REQ, 0, 64, "its postal code"),
	BP_STR(unplaced, unit, BP_REQ, 0, 480, "its unit of today"));
struct page {
	struct bp_list items;
	const char *next;
};
BP_SHAPE(design_unplaced_page, page,
	BP_LIST(page, items, BP_REQ, BP_PAGE_MOST, &design_unplaced, "outlets by id"),
	BP_STR(page, next, BP_NUL, 0, 20, "cursor of the next page"));

static enum bp_error unplaced(struct bp_req *rq)
{
	struct bp_page_query *q = rq->query;
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	struct q_design_unplaced *r;
	struct unplaced *v;
	size_t n = 0;
	enum bp_error e = q_design_unplaced(rq->db, rq->arena, (int64_t)rq->arg[0], q->after.set ? q->after.v : 0, bp_page_limit(q->limit), &r, &n);

	v = bp_alloc_array(rq->arena, n, sizeof(*v));
	for (size_t i = 0; !e && i < n; i++)
		v[i] = (struct unplaced){r[i].id, r[i].code, r[i].name, r[i].city, r[i].postcode, r[i].unit};
	p->items = (struct bp_list){v, n};
	p->next = n ? bp_page_next(rq->arena, n, bp_page_limit(q->limit), r[n - 1].id) : NULL;
	rq->reply = p;
	return e;
}

static const struct bp_endpoint ep[] = {
	{"GET", "/territories/{id}/places", "Load where the outlets beneath a territory lie and which unit each belongs to, as columns", BP_SCOPE_TERRITORY,
		BP_PERM_VIEW_TERRITORY, 0, .query = &design_map_query, .reply = &design_places,
		.fails = {BP_E_TERRITORY_NONE, BP_E_NOT_FOUND, BP_E_OPT_TOO_LARGE}, .handle = places},
	{"GET", "/territories/{id}/overview", "Load a part of the map of planning units, however many outlets there are: counts in cells, or outlets where they are few",
		BP_SCOPE_TERRITORY, BP_PERM_VIEW_TERRITORY, BP_EP_ONE_STATE, .query = &design_view_query, .reply = &design_overview,
		.fails = {BP_E_TERRITORY_NONE, BP_E_NOT_FOUND, BP_E_OPT_TOO_LARGE}, .handle = overview},
	{"GET", "/territories/{id}/outlines", "Load outlines of the planning units as GeoJSON, made from their outlets", BP_SCOPE_TERRITORY,
		BP_PERM_VIEW_TERRITORY, 0, .query = &design_outline_query, .reply = &design_outlines,
		.fails = {BP_E_TERRITORY_NONE, BP_E_NOT_FOUND, BP_E_OPT_TOO_LARGE}, .handle = outlines},
	{"GET", "/territories/{id}/unplaced", "List the outlets of planning units that have no coordinates", BP_SCOPE_TERRITORY, BP_PERM_VIEW_TERRITORY, 0,
		.query = &bp_page_query_shape, .reply = &design_unplaced_page, .fails = {BP_E_TERRITORY_NONE}, .handle = unplaced},
};
BP_RESOURCE(design_map, ep);
