/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_unit_polygons.c - boundaries that were drawn elsewhere: checked, and kept as a scenario of planning units. */
#include "cgi/endpoint.h"
#include "territory/unit_polygon.h"

#define OUTLETS_MOST 200000 /* beneath a territory, for an answer at once */

struct drawing {
	json_t *geojson;
	bool swap, keep;
};
BP_SHAPE(polygon_drawing, drawing,
	BP_JSON(drawing, geojson, BP_REQ, "GeoJSON: a FeatureCollection, a Feature or a geometry; a property name or code says which unit it is"),
	BP_BOOL(drawing, swap, BP_REQ, "latitude comes before longitude in it"),
	BP_BOOL(drawing, keep, BP_REQ, "keep it as a scenario; else only say what it would lead to"));

struct boundary {
	int64_t number, rings, corners, outlets;
	const char *name, *code, *fault;
	struct bp_opt_num lat, lon;
};
BP_SHAPE(unit_polygon, boundary,
	BP_INT(boundary, number, BP_REQ, 1, TR_BOUNDARIES_MOST, "within the file"),
	BP_STR(boundary, name, BP_REQ, 1, 4 << 20, "its name, or its number"),
	BP_STR(boundary, code, BP_REQ, 0, 4 << 20, "its code"),
	BP_INT(boundary, rings, BP_REQ, 0, TR_CORNERS_MOST, "outer rings and holes"),
	BP_INT(boundary, corners, BP_REQ, 0, TR_CORNERS_MOST, "corners"),
	BP_INT(boundary, outlets, BP_REQ, 0, 9e9, "outlets in it, and in none before it"),
	BP_ENUM(boundary, fault, BP_NUL, tr_boundary_faults, "why it cannot be used: no polygon, no degrees, it crosses itself, a ring of fewer than three corners, a hole outside of it, too small"),
	BP_NUM(boundary, lat, BP_NUL, -90, 90, "where its fault is, or its first corner"),
	BP_NUM(boundary, lon, BP_NUL, -180, 180, "where its fault is, or its first corner"));
struct checked {
	struct bp_list boundaries;
	int64_t faults, inside, outside, twice;
	bool swapped;
	struct bp_opt_int design;
};
BP_SHAPE(unit_polygons_checked, checked,
	BP_LIST(checked, boundaries, BP_REQ, TR_BOUNDARIES_MOST, &unit_polygon, "as they came"),
	BP_INT(checked, faults, BP_REQ, 0, TR_BOUNDARIES_MOST, "boundaries that cannot be used"),
	BP_INT(checked, inside, BP_REQ, 0, 9e9, "outlets that lie in a boundary"),
	BP_INT(checked, outside, BP_REQ, 0, 9e9, "outlets in none: they go to the unit of the nearest outlet that lies in one"),
	BP_INT(checked, twice, BP_REQ, 0, 9e9, "outlets in several: the first counts"),
	BP_BOOL(checked, swapped, BP_REQ, "latitude and longitude seem to come in the other order"),
	BP_INT(checked, design, BP_NUL, 1, 9e15, "the scenario that was kept"));

static struct bp_list boundaries_of(struct bp_arena *a, const struct tr_boundaries *b)
{
	struct boundary *v = bp_alloc_array(a, b->n, sizeof(*v));

	for (size_t i = 0; i < b->n; i++) {
		const struct tr_boundary *s = &b->v[i];
		bool placed = s->corners > 0;

		v[i] = (struct boundary){(int64_t)i + 1, s->area.n_rings, s->corners, s->outlets, s->name, s->code,
			s->fault ? tr_boundary_faults[s->fault - 1] : NULL, {(double)s->at.y / 1e6, placed}, {(double)s->at.x / 1e6, placed}};
	}
	return (struct bp_list){v, b->n};
}

static bool no_degrees(const struct tr_boundaries *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->n; i++)
		n += b->v[i].fault == TR_BOUNDARY_NO_DEGREES;
	return n > 0;
}

struct taking {
	struct bp_req *rq;
	struct tr_boundaries b;
	struct tr_design d;
	int32_t *unit; /* of each placed outlet: the first boundary that it lies in */
	struct checked *r;
};

static enum bp_error load(struct bp_db *db, void *ctx)
{
	struct taking *t = ctx;

	tr_design_release(&t->d);
	return tr_design_load(db, t->rq->arena, t->rq->territory, &(struct tr_design_wish){.units = 1, .tolerance = 1}, &t->d, &t->rq->fail);
}

static enum bp_error count(struct taking *t)
{
	const struct drawing *in = t->rq->body;
	struct bp_arena *a = t->rq->arena;
	struct tr_boundaries other;
	enum bp_error e;

	if (t->d.n_outlets > OUTLETS_MOST)
		return bp_fail(&t->rq->fail, BP_E_OPT_TOO_LARGE, "boundaries are taken for at most %d outlets: choose a territory beneath it", OUTLETS_MOST);
	t->unit = bp_alloc_array(a, (size_t)t->d.p.n, sizeof(*t->unit));
	e = tr_unit_polygons_count(&t->b, &t->d, t->unit, &t->rq->fail);
	/* Degrees that are none may be some in the other order. */
	if (!e && no_degrees(&t->b) && !tr_boundaries_read(a, in->geojson, !in->swap, NULL, &other, &t->rq->fail)) {
		e = tr_unit_polygons_count(&other, &t->d, bp_alloc_array(a, (size_t)t->d.p.n, sizeof(*t->unit)), &t->rq->fail);
		t->b.swapped = other.inside;
	}
	return e;
}

static enum bp_error keep(struct bp_db *db, void *ctx)
{
	struct taking *t = ctx;
	struct bp_req *rq = t->rq;
	int32_t *unit = bp_grow_array(rq->arena, t->unit, (size_t)t->d.p.n, (size_t)t->d.p.n, sizeof(*unit)); /* it may run again */
	uint64_t design = 0;
	enum bp_error e = tr_unit_polygons_keep(&t->b, db, rq->arena, &t->d, rq->territory, rq->user.id, unit, &design, &rq->fail);

	t->r->design = BP_SOME_INT((int64_t)design);
	rq->audit.resource_id = design;
	return e;
}

/* Reading and keeping have a transaction each; what takes seconds lies between. */
static enum bp_error take(struct bp_req *rq)
{
	const struct drawing *in = rq->body;
	struct taking t = {.rq = rq, .r = bp_alloc(rq->arena, sizeof(*t.r))};
	enum bp_error e = tr_boundaries_read(rq->arena, in->geojson, in->swap, NULL, &t.b, &rq->fail);

	if (!e)
		e = bp_db_tx(rq->db, load, &t);
	if (!e)
		e = count(&t);
	if (!e)
		*t.r = (struct checked){boundaries_of(rq->arena, &t.b), (int64_t)t.b.faults, t.b.inside, t.b.outside, t.b.twice, t.b.swapped > t.b.inside, BP_NO_INT};
	rq->reply = t.r;
	rq->audit.resource_type = "scenario";
	if (!in->keep)
		rq->audit.action = BP_ACTION_NONE;
	else if (!e)
		e = bp_req_tx(rq, keep, &t);
	tr_design_release(&t.d);
	return e;
}

static const struct bp_endpoint ep[] = {
	{"POST", "/territories/{id}/boundaries", "Check boundaries (GeoJSON) of planning units, or keep them as a scenario", BP_SCOPE_TERRITORY,
		BP_PERM_MANAGE_TERRITORIES, BP_EP_NO_TX, .body = &polygon_drawing, .reply = &unit_polygons_checked, .audit = BP_ACTION_BOUNDARIES_TAKE,
		.fails = {BP_E_TERRITORY_NONE, BP_E_OPT_INPUT, BP_E_OPT_TOO_LARGE}, .handle = take},
};
BP_RESOURCE(unit_polygons, ep);
