/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_boundaries.c - boundaries of territories that were imported or drawn: checked, kept, read, removed, taken back; outlets outside of them; lines for maps. */
#include "cgi/change_set.h"
#include "queries.h"
#include "territory/boundary.h"
#include "territory/drawing.h"

/* --- checking and keeping --- */

struct importing {
	json_t *geojson;
	bool swap, keep;
	const char *named, *level, *reason;
};
BP_SHAPE(boundaries_new, importing,
	BP_JSON(importing, geojson, BP_REQ, "GeoJSON: a FeatureCollection of Polygons and MultiPolygons, each of which names a territory by its code"),
	BP_BOOL(importing, swap, BP_REQ, "latitude comes before longitude in it"),
	BP_STR(importing, named, BP_NUL, 1, 120, "the property with the code; none = code"),
	BP_STR(importing, level, BP_NUL, 1, 32, "level of the territories, where codes are used on several; none = any"),
	BP_BOOL(importing, keep, BP_REQ, "keep them in place of those there are; else only say what is in it"),
	BP_STR(importing, reason, BP_NUL, 3, 500, "why: it is kept with the history; to keep them it is needed"));

struct boundary {
	int64_t number, rings, corners;
	const char *name, *code, *territory, *fault, *other;
	struct bp_opt_int territory_id, inside, outside;
	bool replaces;
	struct bp_opt_num lat, lon;
};
BP_SHAPE(boundary_checked, boundary,
	BP_INT(boundary, number, BP_REQ, 1, TR_BOUNDARIES_MOST, "within the file"),
	BP_STR(boundary, name, BP_REQ, 1, 4 << 20, "its name, or its number"),
	BP_STR(boundary, code, BP_REQ, 0, 4 << 20, "the code that it gives"),
	BP_INT(boundary, territory_id, BP_NUL, 1, 9e15, "the territory of that code"),
	BP_STR(boundary, territory, BP_NUL, 1, 480, "its name"),
	BP_BOOL(boundary, replaces, BP_REQ, "the territory has a boundary, which it replaces"),
	BP_INT(boundary, rings, BP_REQ, 0, TR_CORNERS_MOST, "outer rings and holes"),
	BP_INT(boundary, corners, BP_REQ, 0, TR_CORNERS_MOST, "corners"),
	BP_INT(boundary, inside, BP_NUL, 0, 9e9, "outlets of the territory in it; null = there are too many to look at"),
	BP_INT(boundary, outside, BP_NUL, 0, 9e9, "outlets of the territory outside of it"),
	BP_ENUM(boundary, fault, BP_NUL, tr_boundary_faults, "why it cannot be used; UNKNOWN, SEVERAL, AGAIN: its code; HOLE: a hole lies outside of it; SMALL: it covers nothing; OVERLAPS: another one of the level"),
	BP_STR(boundary, other, BP_NUL, 1, 4 << 20, "the one that it overlaps"),
	BP_NUM(boundary, lat, BP_NUL, -90, 90, "where its fault is, or its first corner"),
	BP_NUM(boundary, lon, BP_NUL, -180, 180, "where its fault is, or its first corner"));
struct told {
	struct bp_list boundaries;
	int64_t faults;
	bool swapped;
	struct bp_opt_int id, outside;
};
BP_SHAPE(boundaries_checked, told,
	BP_LIST(told, boundaries, BP_REQ, TR_BOUNDARIES_MOST, &boundary_checked, "as they came"),
	BP_INT(told, faults, BP_REQ, 0, TR_BOUNDARIES_MOST, "boundaries that cannot be used"),
	BP_INT(told, outside, BP_NUL, 0, 9e9, "outlets outside of the boundary of their territory; null = there are too many to look at"),
	BP_BOOL(told, swapped, BP_REQ, "latitude and longitude seem to come in the other order"),
	BP_INT(told, id, BP_NUL, 1, 9e15, "the change that kept them, to take it back"));

static struct bp_list list_of(struct bp_arena *a, const struct tr_boundaries *b, bool counted)
{
	struct boundary *v = bp_alloc_array(a, b->n, sizeof(*v));

	for (size_t i = 0; i < b->n; i++) {
		const struct tr_boundary *s = &b->v[i];
		bool placed = s->corners > 0, whose = s->territory > 0;

		v[i] = (struct boundary){(int64_t)i + 1, s->area.n_rings, s->corners, s->name, s->code, s->of, s->fault ? tr_boundary_faults[s->fault - 1] : NULL, s->other,
			{s->territory, whose}, {s->outlets, counted && whose}, {s->outside, counted && whose}, s->replaces,
			{(double)s->at.y / 1e6, placed}, {(double)s->at.x / 1e6, placed}};
	}
	return (struct bp_list){v, b->n};
}

struct keeping {
	struct bp_req *rq;
	struct tr_boundaries b;
	struct told *r;
	bool counted;
};

/* What lies where; and whether it would be more in the other order. */
static enum bp_error look(struct bp_db *db, struct keeping *k)
{
	const struct importing *in = k->rq->body;
	struct bp_req *rq = k->rq;
	struct tr_boundaries other;
	struct tr_outside *v;
	bool no_degrees = false;
	size_t n = 0;
	enum bp_error e = tr_boundaries_match(db, rq->arena, rq->territory, in->level, &k->b);

	if (!e)
		e = tr_boundaries_may_count(db, rq->arena, rq->territory, &k->counted);
	if (e || !k->counted)
		return e;
	e = tr_boundaries_outside(db, rq->arena, &k->b, &v, &n, &rq->fail);
	k->r->outside = BP_SOME_INT((int64_t)n);
	for (size_t i = 0; i < k->b.n; i++)
		no_degrees |= k->b.v[i].fault == TR_BOUNDARY_NO_DEGREES;
	/* Degrees that are none may be some in the other order. */
	if (!e && no_degrees && !tr_boundaries_read(rq->arena, in->geojson, !in->swap, in->named, &other, &rq->fail)) {
		e = tr_boundaries_match(db, rq->arena, rq->territory, in->level, &other);
		if (!e)
			e = tr_boundaries_outside(db, rq->arena, &other, &v, &n, &rq->fail);
		k->b.swapped = other.inside;
	}
	return e;
}

static enum bp_error look_tx(struct bp_db *db, void *ctx)
{
	struct keeping *k = ctx;
	const struct importing *in = k->rq->body;
	enum bp_error e = tr_boundaries_read(k->rq->arena, in->geojson, in->swap, in->named, &k->b, &k->rq->fail); /* it may run again */

	return e ? e : look(db, k);
}

static void note(struct bp_req *rq, const char *reason)
{
	rq->audit.resource_type = "territory";
	rq->audit.resource_id = rq->arg[0];
	rq->audit.territory = rq->territory;
	rq->audit.reason = reason;
}

static enum bp_error keep_tx(struct bp_db *db, void *ctx)
{
	struct keeping *k = ctx;
	struct bp_req *rq = k->rq;
	const struct importing *in = rq->body;
	uint64_t set = 0;
	enum bp_error e = tr_boundaries_keep(db, rq->arena, &(struct tr_boundary_change){rq->territory, rq->user.id, in->reason}, &k->b, &set, &rq->fail);

	k->r->id = BP_SOME_INT((int64_t)set);
	note(rq, in->reason);
	bp_audit_change(&rq->audit, "boundaries", "", bp_sprintf(rq->arena, "%zu", k->b.n));
	return e;
}

/* Looking and keeping have a transaction each. */
static enum bp_error import(struct bp_req *rq)
{
	const struct importing *in = rq->body;
	struct keeping k = {.rq = rq, .r = bp_alloc(rq->arena, sizeof(*k.r))};
	enum bp_error e = in->keep && !in->reason ? bp_req_field(rq, "/reason", "is needed to keep them") : bp_db_tx(rq->db, look_tx, &k);

	if (e)
		return e;
	k.r->boundaries = list_of(rq->arena, &k.b, k.counted);
	k.r->faults = (int64_t)k.b.faults;
	k.r->swapped = k.b.swapped > k.b.inside;
	rq->reply = k.r;
	if (in->keep)
		return bp_req_tx(rq, keep_tx, &k);
	rq->audit.action = BP_ACTION_NONE;
	return BP_E_OK;
}

/* --- removing and taking back --- */

struct removing {
	struct bp_list territories;
	const char *reason;
};
BP_SHAPE(boundaries_removal, removing,
	BP_LIST_INT(removing, territories, BP_REQ, TR_BOUNDARIES_MOST, "territories whose boundary is removed"),
	BP_STR(removing, reason, BP_REQ, 3, 500, "why: it is kept with the history"));
struct change {
	int64_t id;
};
BP_SHAPE(boundaries_changed, change, BP_INT(change, id, BP_REQ, 1, 9e15, "the change, to take it back"));

static enum bp_error remove_them(struct bp_req *rq)
{
	const struct removing *b = rq->body;
	struct change *r = bp_alloc(rq->arena, sizeof(*r));
	uint64_t set = 0;
	enum bp_error e;

	if (!b->territories.n)
		return bp_req_field(rq, "/territories", "must name one at least");
	note(rq, b->reason);
	e = tr_boundaries_remove(rq->db, rq->arena, &(struct tr_boundary_change){rq->territory, rq->user.id, b->reason}, b->territories.v, b->territories.n, &set, &rq->fail);
	bp_audit_change(&rq->audit, "boundaries", bp_sprintf(rq->arena, "%zu", b->territories.n), "");
	r->id = (int64_t)set;
	rq->reply = r;
	return e;
}

static enum bp_error undo(struct bp_req *rq)
{
	const struct bp_undo *b = rq->body;
	struct bp_undone *r = bp_alloc(rq->arena, sizeof(*r));

	note(rq, b->reason);
	rq->reply = r;
	return tr_boundaries_undo(rq->db, rq->arena, &(struct tr_boundary_change){rq->territory, rq->user.id, b->reason}, (uint64_t)b->id, &r->back, &r->kept, &rq->fail);
}

/* --- lists --- */

struct page {
	struct bp_list items;
	const char *next;
};
BP_SHAPE(boundary_row, q_boundary_list,
	BP_INT(q_boundary_list, id, BP_REQ, 1, 9e15, "territory"),
	BP_STR(q_boundary_list, code, BP_REQ, 1, 256, "its code"),
	BP_STR(q_boundary_list, name, BP_REQ, 1, 480, "its name"),
	BP_STR(q_boundary_list, level, BP_REQ, 1, 128, "its level"),
	BP_STR(q_boundary_list, level_name, BP_REQ, 1, 256, "what people call the level"),
	BP_INT(q_boundary_list, rings, BP_REQ, 0, TR_CORNERS_MOST, "outer rings and holes of its boundary"),
	BP_INT(q_boundary_list, corners, BP_REQ, 0, TR_CORNERS_MOST, "corners"),
	BP_INT(q_boundary_list, set, BP_REQ, 1, 9e15, "the change that imported it"),
	BP_TIME(q_boundary_list, at, BP_REQ, "when"),
	BP_STR(q_boundary_list, person, BP_NUL, 0, 480, "by whom"),
	BP_STR(q_boundary_list, reason, BP_REQ, 0, 2000, "why"));
BP_SHAPE(boundary_page, page,
	BP_LIST(page, items, BP_REQ, BP_PAGE_MOST, &boundary_row, "imported boundaries in force at and beneath the territory, by its number"),
	BP_STR(page, next, BP_NUL, 0, 20, "cursor of the next page"));
BP_SHAPE(boundary_change, q_boundary_changes,
	BP_INT(q_boundary_changes, set, BP_REQ, 1, 9e15, "the change"),
	BP_TIME(q_boundary_changes, at, BP_REQ, "when"),
	BP_STR(q_boundary_changes, person, BP_NUL, 0, 480, "by whom"),
	BP_STR(q_boundary_changes, reason, BP_REQ, 0, 2000, "why"),
	BP_INT(q_boundary_changes, put, BP_REQ, 0, 9e9, "boundaries that were imported"),
	BP_INT(q_boundary_changes, removed, BP_REQ, 0, 9e9, "that were removed"),
	BP_BOOL(q_boundary_changes, undone, BP_REQ, "it was taken back"));
BP_SHAPE(boundary_change_page, page,
	BP_LIST(page, items, BP_REQ, BP_PAGE_MOST, &boundary_change, "changes by people, the newest first"),
	BP_STR(page, next, BP_NUL, 0, 20, "cursor of the next page"));

static void fill(struct bp_req *rq, void *v, size_t n, int64_t last)
{
	const struct bp_page_query *q = rq->query;
	struct page *p = bp_alloc(rq->arena, sizeof(*p));

	p->items = (struct bp_list){v, n};
	p->next = n ? bp_page_next(rq->arena, n, bp_page_limit(q->limit), last) : NULL;
	rq->reply = p;
}

static enum bp_error list(struct bp_req *rq)
{
	const struct bp_page_query *q = rq->query;
	struct q_boundary_list *r = NULL;
	size_t n = 0;
	enum bp_error e = q_boundary_list(rq->db, rq->arena, (int64_t)rq->arg[0], q->after.set ? q->after.v : 0, bp_page_limit(q->limit), &r, &n);

	fill(rq, r, n, n ? r[n - 1].id : 0);
	return e;
}

static enum bp_error changes(struct bp_req *rq)
{
	const struct bp_page_query *q = rq->query;
	struct q_boundary_changes *r = NULL;
	size_t n = 0;
	enum bp_error e = q_boundary_changes(rq->db, rq->arena, (int64_t)rq->arg[0], q->after.set ? q->after.v : (int64_t)9e15, bp_page_limit(q->limit), &r, &n);

	fill(rq, r, n, n ? r[n - 1].set : 0);
	return e;
}

struct out_row {
	int64_t id, territory_id;
	const char *code, *name, *city, *territory;
	double lat, lon;
};
BP_SHAPE(boundary_outside, out_row,
	BP_INT(out_row, id, BP_REQ, 1, 9e15, "outlet"),
	BP_STR(out_row, code, BP_REQ, 1, 256, "its code"),
	BP_STR(out_row, name, BP_REQ, 0, 800, "its name"),
	BP_STR(out_row, city, BP_REQ, 0, 480, "its town"),
	BP_NUM(out_row, lat, BP_REQ, -90, 90, "where it is"),
	BP_NUM(out_row, lon, BP_REQ, -180, 180, "where it is"),
	BP_INT(out_row, territory_id, BP_REQ, 1, 9e15, "its territory, outside of whose boundary it lies"),
	BP_STR(out_row, territory, BP_REQ, 0, 480, "its name"));
BP_SHAPE(boundary_outside_page, page,
	BP_LIST(page, items, BP_REQ, BP_PAGE_MOST, &boundary_outside, "outlets by id"),
	BP_STR(page, next, BP_NUL, 0, 20, "cursor of the next page"));

static enum bp_error name_them(struct bp_req *rq, const struct tr_boundaries *b, const struct tr_outside *v, size_t n)
{
	int64_t *id = bp_alloc_array(rq->arena, n, sizeof(*id));
	struct out_row *out = bp_alloc_array(rq->arena, n, sizeof(*out));
	struct q_boundary_named_outlets *o = NULL;
	size_t m = 0;
	enum bp_error e;

	for (size_t i = 0; i < n; i++)
		id[i] = v[i].outlet;
	e = q_boundary_named_outlets(rq->db, rq->arena, bp_ids_text(rq->arena, id, n), &o, &m);
	for (size_t i = 0; !e && i < m; i++) {
		out[i] = (struct out_row){o[i].id, v[i].territory, o[i].code, o[i].name, o[i].city, "", (double)o[i].lat / 1e6, (double)o[i].lon / 1e6};
		for (size_t k = 0; k < b->n; k++)
			if (b->v[k].territory == v[i].territory)
				out[i].territory = b->v[k].of;
	}
	fill(rq, out, m, m ? out[m - 1].id : 0);
	return e;
}

static enum bp_error outside(struct bp_req *rq)
{
	const struct bp_page_query *q = rq->query;
	size_t limit = (size_t)bp_page_limit(q->limit), n = 0, from = 0;
	struct tr_boundaries b = {0};
	struct tr_outside *v = NULL;
	bool may;
	enum bp_error e = tr_boundaries_may_count(rq->db, rq->arena, rq->arg[0], &may);

	if (!e && !may)
		return bp_fail(&rq->fail, BP_E_OPT_TOO_LARGE, "too many outlets lie beneath it to look at each: choose a territory beneath it");
	if (!e)
		e = tr_boundaries_load(rq->db, rq->arena, &(int64_t){(int64_t)rq->arg[0]}, 1, &b);
	if (!e)
		e = tr_boundaries_outside(rq->db, rq->arena, &b, &v, &n, &rq->fail);
	while (from < n && q->after.set && v[from].outlet <= q->after.v)
		from++;
	return e ? e : name_them(rq, &b, v + from, n - from < limit ? n - from : limit);
}

/* --- one of them, to be changed by hand or elsewhere --- */

static const char *const feature[] = {"Feature", NULL};
struct own {
	const char *type, *properties, *geometry;
};
BP_SHAPE(boundary_own, own,
	BP_ENUM(own, type, BP_REQ, feature, "GeoJSON (RFC 7946), as an import of boundaries takes it"),
	BP_JSON(own, properties, BP_REQ, "code, name and level of the territory"),
	BP_JSON(own, geometry, BP_REQ, "MultiPolygon with every corner"));

static enum bp_error own(struct bp_req *rq)
{
	struct own *r = bp_alloc(rq->arena, sizeof(*r));
	struct q_boundary_area b;
	struct bp_buf properties;
	enum bp_error e = q_boundary_area(rq->db, rq->arena, (int64_t)rq->arg[0], &b);

	if (e == BP_E_NOT_FOUND)
		return bp_fail(&rq->fail, e, "this territory has no boundary of its own: draw one, or import one");
	if (e)
		return e;
	bp_buf_init(&properties, BP_REPLY_MOST);
	bp_buf_str(&properties, "{\"code\":");
	bp_json_string(&properties, b.code);
	bp_buf_str(&properties, ",\"name\":");
	bp_json_string(&properties, b.name);
	bp_buf_str(&properties, ",\"level\":");
	bp_json_string(&properties, b.level);
	bp_buf_chr(&properties, '}');
	*r = (struct own){feature[0], bp_strndup(rq->arena, properties.data, properties.len),
		bp_sprintf(rq->arena, "{\"type\":\"MultiPolygon\",\"coordinates\":%s}", b.area)};
	bp_buf_release(&properties);
	rq->reply = r;
	return BP_E_OK;
}

/* --- lines for a map of one territory --- */

struct around {
	struct bp_opt_num zoom;
};
BP_SHAPE(boundary_line_query, around, BP_NUM(around, zoom, BP_NUL, 0, 24, "of the map that shows them, a world of 512 pixels at 0: no finer than a pixel; none = as fine as they are"));
static const char *const collection[] = {"FeatureCollection", NULL};
struct lines {
	const char *type, *features;
};
BP_SHAPE(boundary_lines, lines,
	BP_ENUM(lines, type, BP_REQ, collection, "GeoJSON (RFC 7946)"),
	BP_JSON(lines, features, BP_REQ, "one a territory: MultiPolygon; territoryId, code, name, outlets, imported"));

static enum bp_error lines(struct bp_req *rq)
{
	const struct around *q = rq->query;
	struct lines *r = bp_alloc(rq->arena, sizeof(*r));
	struct q_line_version made;
	struct tr_drawing d;
	struct bp_buf b;
	int64_t *border;
	size_t n;
	enum bp_error e = q_line_version(rq->db, rq->arena, (int64_t)rq->user.id, &made);

	if (e || bp_req_same(rq, made.version))
		return e;
	e = tr_drawing_around(rq->db, rq->arena, rq->arg[0], rq->user.id, rq->user.world & BP_PERM_BIT(BP_PERM_VIEW_TERRITORY), &d);
	if (e)
		return e;
	bp_buf_init(&b, BP_REPLY_MOST);
	tr_drawing_outlines(&d, rq->arena, q->zoom.set ? q->zoom.v : -1, &b, &border, &n);
	*r = (struct lines){collection[0], bp_strndup(rq->arena, b.data, b.len)};
	if (b.over)
		e = bp_fail(&rq->fail, BP_E_OPT_TOO_LARGE, "the lines are too large: ask for them with a zoom");
	bp_buf_release(&b);
	rq->reply = r;
	return e;
}

static const struct bp_endpoint ep[] = {
	{"GET", "/territories/{id}/boundaries", "List the imported boundaries at and beneath a territory", BP_SCOPE_TERRITORY, BP_PERM_VIEW_TERRITORY, 0,
		.query = &bp_page_query_shape, .reply = &boundary_page, .fails = {BP_E_TERRITORY_NONE}, .handle = list},
	{"PUT", "/territories/{id}/boundaries", "Check boundaries (GeoJSON) of the territories at and beneath one, or keep them", BP_SCOPE_TERRITORY, BP_PERM_MANAGE_TERRITORIES,
		BP_EP_NO_TX | BP_EP_SLOW, .body = &boundaries_new, .reply = &boundaries_checked, .audit = BP_ACTION_BOUNDARIES_KEEP,
		.fails = {BP_E_TERRITORY_NONE, BP_E_OPT_INPUT}, .handle = import},
	{"POST", "/territories/{id}/boundaries/removal", "Remove imported boundaries of territories, with a reason", BP_SCOPE_TERRITORY, BP_PERM_MANAGE_TERRITORIES, 0,
		.body = &boundaries_removal, .reply = &boundaries_changed, .audit = BP_ACTION_BOUNDARIES_REMOVE, .fails = {BP_E_TERRITORY_NONE, BP_E_NOT_FOUND}, .handle = remove_them},
	{"POST", "/territories/{id}/boundaries/undo", "Take a change of imported boundaries back", BP_SCOPE_TERRITORY, BP_PERM_MANAGE_TERRITORIES, 0,
		.body = &bp_undo_shape, .reply = &bp_undone_shape, .audit = BP_ACTION_BOUNDARIES_UNDO, .fails = {BP_E_TERRITORY_NONE, BP_E_NOT_FOUND, BP_E_CONFLICT}, .handle = undo},
	{"GET", "/territories/{id}/boundaries/changes", "List the changes of imported boundaries at and beneath a territory", BP_SCOPE_TERRITORY, BP_PERM_VIEW_TERRITORY, 0,
		.query = &bp_page_query_shape, .reply = &boundary_change_page, .fails = {BP_E_TERRITORY_NONE}, .handle = changes},
	{"GET", "/territories/{id}/boundaries/outside", "List the outlets that lie outside of the imported boundary of their territory", BP_SCOPE_TERRITORY,
		BP_PERM_VIEW_TERRITORY, BP_EP_SLOW, .query = &bp_page_query_shape, .reply = &boundary_outside_page,
		.fails = {BP_E_TERRITORY_NONE, BP_E_OPT_TOO_LARGE}, .handle = outside},
	{"GET", "/territories/{id}/boundary", "Read the boundary of a territory as GeoJSON, to change it and put it back", BP_SCOPE_TERRITORY, BP_PERM_VIEW_TERRITORY, 0,
		.reply = &boundary_own, .fails = {BP_E_TERRITORY_NONE, BP_E_NOT_FOUND}, .handle = own},
	{"GET", "/territories/{id}/lines", "Load the boundaries of a territory, of what lies beneath it and of the units around it, as lines for a map", BP_SCOPE_TERRITORY,
		BP_PERM_VIEW_TERRITORY, BP_EP_SLOW, .query = &boundary_line_query, .reply = &boundary_lines, .fails = {BP_E_TERRITORY_NONE}, .handle = lines},
};
BP_RESOURCE(boundaries, ep);
