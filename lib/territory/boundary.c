/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "territory/boundary.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "db/journal.h"
#include "queries.h"
#include "setting/setting.h"

/* --- those in force --- */

static void read_area(struct bp_arena *a, const char *text, struct tr_boundary *b)
{
	json_t *geometry = json_pack("{s:s, s:o}", "type", "MultiPolygon", "coordinates", json_loads(text, 0, NULL));

	tr_boundary_read(a, geometry, false, b);
	json_decref(geometry);
}

enum bp_error tr_boundaries_load(struct bp_db *db, struct bp_arena *a, const int64_t *territory, size_t n, struct tr_boundaries *b)
{
	struct q_boundary_areas *r;
	size_t found = 0;
	enum bp_error e = q_boundary_areas(db, a, bp_ids_text(a, territory, n), &r, &found);

	*b = (struct tr_boundaries){.v = bp_alloc_array(a, found, sizeof(*b->v))};
	for (size_t i = 0; !e && i < found; i++) {
		b->v[i] = (struct tr_boundary){.name = r[i].name, .code = r[i].code, .of = r[i].name, .territory = r[i].territory_id, .rank = r[i].rank};
		read_area(a, r[i].area, &b->v[i]);
		b->n++;
	}
	return e;
}

/* --- whose they are --- */

static enum bp_error find(struct bp_db *db, struct bp_arena *a, uint64_t territory, const char *level, struct tr_boundaries *b, size_t at)
{
	struct tr_boundary *v = &b->v[at];
	struct q_boundary_named *t;
	size_t n = 0;
	enum bp_error e = *v->code ? q_boundary_named(db, a, (int64_t)territory, v->code, level, &t, &n) : BP_E_OK;

	if (e)
		return e;
	if (n == 1) {
		v->territory = t->id;
		v->rank = t->rank;
		v->of = t->name;
	}
	if (v->fault)
		return BP_E_OK;
	v->fault = !n ? TR_BOUNDARY_UNKNOWN : n > 1 ? TR_BOUNDARY_SEVERAL : TR_BOUNDARY_SOUND;
	for (size_t i = 0; i < at && !v->fault; i++)
		if (b->v[i].territory == v->territory)
			v->fault = TR_BOUNDARY_AGAIN;
	return BP_E_OK;
}

/* Two of one level share nothing; one that is replaced does not count. */
static void compare(struct tr_boundary *v, const struct tr_boundary *other, int64_t *budget)
{
	struct geo_place at;
	enum geo_crossing c;

	if (v->fault || other->fault || v->rank != other->rank || v->territory == other->territory)
		return;
	c = geo_areas_overlap(&v->area, &other->area, TR_BOUNDARY_MARGIN, budget, &at);
	if (c == GEO_NOWHERE)
		return;
	v->fault = c == GEO_CROSSES ? TR_BOUNDARY_OVERLAPS : TR_BOUNDARY_DENSE;
	v->other = other->name;
	if (c == GEO_CROSSES)
		v->at = at;
}

static bool replaced(const struct tr_boundaries *b, int64_t territory)
{
	for (size_t i = 0; i < b->n; i++)
		if (b->v[i].territory == territory)
			return true;
	return false;
}

static enum bp_error find_overlaps(struct bp_db *db, struct bp_arena *a, uint64_t territory, struct tr_boundaries *b)
{
	struct tr_boundaries are = {0};
	struct q_territory_path *path;
	int64_t budget = TR_SIDES_MOST;
	size_t n = 0;
	enum bp_error e = q_territory_path(db, a, (int64_t)territory, &path, &n);

	if (!e)
		e = tr_boundaries_load(db, a, &path[0].id, n > 0, &are);
	for (size_t k = 0; !e && k < are.n; k++) {
		bool again = replaced(b, are.v[k].territory);

		for (size_t i = 0; i < b->n; i++) {
			b->v[i].replaces |= b->v[i].territory == are.v[k].territory;
			if (!again)
				compare(&b->v[i], &are.v[k], &budget);
		}
	}
	for (size_t i = 1; !e && i < b->n; i++)
		for (size_t k = 0; k < i; k++)
			compare(&b->v[i], &b->v[k], &budget);
	return e;
}

enum bp_error tr_boundaries_match(struct bp_db *db, struct bp_arena *a, uint64_t territory, const char *level, struct tr_boundaries *b)
{
	enum bp_error e = BP_E_OK;

	for (size_t i = 0; !e && i < b->n; i++)
		e = find(db, a, territory, level, b, i);
	if (!e)
		e = find_overlaps(db, a, territory, b);
	b->faults = 0;
	for (size_t i = 0; i < b->n; i++)
		b->faults += b->v[i].fault != TR_BOUNDARY_SOUND;
	return e;
}

/* --- outlets outside of them --- */

const struct tr_boundary *tr_boundaries_find(const struct tr_boundaries *b, struct geo_place p, int64_t *sides)
{
	const struct tr_boundary *found = NULL;

	for (size_t i = 0; i < b->n; i++) {
		const struct tr_boundary *v = &b->v[i];

		if ((found && v->rank <= found->rank) || p.x < v->area.low.x || p.x > v->area.high.x || p.y < v->area.low.y || p.y > v->area.high.y)
			continue;
		if ((*sides += v->corners) <= TR_SIDES_MOST && geo_area_holds(&v->area, p))
			found = v;
	}
	return found;
}

struct looking {
	struct bp_arena *arena;
	struct tr_boundaries *b;
	struct tr_boundary **by; /* by territory */
	size_t n_by;
	struct tr_outside *v;
	size_t n, cap;
	int64_t sides, last;
};

static int by_territory(const void *p, const void *q)
{
	const struct tr_boundary *a = *(struct tr_boundary *const *)p, *b = *(struct tr_boundary *const *)q;

	return (a->territory > b->territory) - (a->territory < b->territory);
}

static int of_territory(const void *id, const void *row)
{
	int64_t a = *(const int64_t *)id, b = (*(struct tr_boundary *const *)row)->territory;

	return (a > b) - (a < b);
}

static enum bp_error on_outlet(void *ctx, const void *row)
{
	const struct q_boundary_outlets *r = row;
	struct looking *l = ctx;
	struct tr_boundary **at = bsearch(&r->territory_id, l->by, l->n_by, sizeof(*l->by), of_territory);

	if (!at)
		return BP_E_OK;
	if ((l->sides += 2 * (*at)->corners) > TR_SIDES_MOST)
		return BP_E_OPT_INPUT;
	if (geo_area_holds(&(*at)->area, (struct geo_place){r->lat, r->lon}))
		l->b->swapped++;
	if (geo_area_holds(&(*at)->area, (struct geo_place){r->lon, r->lat})) {
		(*at)->outlets++;
		l->b->inside++;
		return BP_E_OK;
	}
	(*at)->outside++;
	l->b->outside++;
	if (l->last == r->id)
		return BP_E_OK;
	l->last = r->id;
	if (l->n == l->cap)
		l->v = bp_grow_array(l->arena, l->v, l->n, l->cap = l->cap ? 2 * l->cap : 64, sizeof(*l->v));
	l->v[l->n++] = (struct tr_outside){r->id, r->territory_id};
	return BP_E_OK;
}

enum bp_error tr_boundaries_outside(struct bp_db *db, struct bp_arena *a, struct tr_boundaries *b, struct tr_outside **v, size_t *n, struct bp_fail *f)
{
	struct looking l = {.arena = a, .b = b, .by = bp_alloc_array(a, b->n, sizeof(*l.by))};
	int64_t *id = bp_alloc_array(a, b->n, sizeof(*id));
	enum bp_error e;

	for (size_t i = 0; i < b->n; i++)
		if (b->v[i].territory && b->v[i].area.n_rings && b->v[i].fault != TR_BOUNDARY_AGAIN)
			l.by[l.n_by++] = &b->v[i];
	qsort(l.by, l.n_by, sizeof(*l.by), by_territory);
	for (size_t i = 0; i < l.n_by; i++)
		id[i] = l.by[i]->territory;
	e = q_boundary_outlets(db, bp_ids_text(a, id, l.n_by), on_outlet, &l);
	if (e == BP_E_OPT_INPUT)
		bp_fail(f, e, "the boundaries have too many corners around their outlets: make them simpler, or choose a territory beneath it");
	*v = l.v;
	*n = l.n;
	return e;
}

enum bp_error tr_boundaries_may_count(struct bp_db *db, struct bp_arena *a, uint64_t territory, bool *may)
{
	struct q_design_extent extent;
	enum bp_error e = q_design_extent(db, a, (int64_t)territory, &extent);

	*may = !e && extent.outlets <= bp_setting(BP_SETTING_map_drawn);
	return e;
}

/* --- changes --- */

static int64_t to_grid(int64_t v, int64_t grid)
{
	return grid > 1 ? (v + (v < 0 ? -grid / 2 : grid / 2)) / grid * grid : v;
}

static bool same(struct geo_place a, struct geo_place b)
{
	return a.x == b.x && a.y == b.y;
}

/* How many corners are left; none of a ring without an area. */
static int32_t put_ring(struct bp_buf *out, const struct tr_boundary *b, int32_t r, int64_t grid, const char *before)
{
	const struct geo_place none = {INT64_MAX, INT64_MAX};
	struct geo_place last = none, first = none;
	size_t from = out->len;
	int32_t n = 0;

	bp_buf_str(out, before);
	for (int32_t i = b->area.ring[r]; i <= b->area.ring[r + 1]; i++) {
		struct geo_place c = b->area.corner[i < b->area.ring[r + 1] ? i : b->area.ring[r]], p = {to_grid(c.x, grid), to_grid(c.y, grid)};

		if (same(p, last))
			continue;
		bp_buf_printf(out, "%s[%.6f,%.6f]", n ? "," : "[", (double)p.x / 1e6, (double)p.y / 1e6);
		first = n++ ? first : p;
		last = p;
	}
	bp_buf_chr(out, ']');
	if (n < 4 || !same(first, last)) {
		bp_buf_cut(out, from);
		return 0;
	}
	return n;
}

bool tr_boundary_put(struct bp_buf *out, const struct tr_boundary *b, int64_t grid)
{
	bool any = false, outer = false;

	bp_buf_chr(out, '[');
	for (int32_t r = 0; r < b->area.n_rings; r++) {
		if (b->hole[r]) {
			if (outer)
				put_ring(out, b, r, grid, ",");
			continue;
		}
		if (outer)
			bp_buf_chr(out, ']');
		outer = put_ring(out, b, r, grid, any ? ",[" : "[") > 0;
		any |= outer;
	}
	bp_buf_str(out, outer ? "]]" : "]");
	return any;
}

enum bp_error tr_boundaries_keep(struct bp_db *db, struct bp_arena *a, const struct tr_boundary_change *c, const struct tr_boundaries *b, uint64_t *set, struct bp_fail *f)
{
	struct bp_buf text;
	enum bp_error e = tr_boundaries_refuse(b, f);

	(void)a;
	if (!e)
		e = bp_journal_open(db, &(struct bp_change_set){"EDIT", 0, c->user, c->reason}, set);
	bp_buf_init(&text, 16 << 20);
	for (size_t i = 0; !e && i < b->n; i++) {
		const struct tr_boundary *v = &b->v[i];

		bp_buf_clear(&text);
		tr_boundary_put(&text, v, 1);
		e = q_boundary_put(db, v->territory, (int64_t)*set, text.data, v->area.n_rings, v->corners, NULL);
	}
	bp_buf_release(&text);
	return e;
}

enum bp_error tr_boundaries_remove(struct bp_db *db, struct bp_arena *a, const struct tr_boundary_change *c, const int64_t *territory, size_t n, uint64_t *set,
	struct bp_fail *f)
{
	struct q_boundary_list *are;
	size_t m = 0;
	enum bp_error e = BP_E_OK;

	for (size_t i = 0; !e && i < n; i++) {
		bool there = false;

		e = q_boundary_list(db, a, (int64_t)c->territory, territory[i] - 1, 1, &are, &m);
		there = !e && m && are->id == territory[i];
		for (size_t k = 0; k < i; k++)
			there &= territory[k] != territory[i];
		if (!e && !there)
			e = bp_fail(f, BP_E_NOT_FOUND, "territory %lld has no boundary here, or is named twice", (long long)territory[i]);
	}
	if (!e)
		e = bp_journal_open(db, &(struct bp_change_set){"EDIT", 0, c->user, c->reason}, set);
	for (size_t i = 0; !e && i < n; i++)
		e = q_boundary_put(db, territory[i], (int64_t)*set, NULL, 0, 0, NULL);
	return e;
}

enum bp_error tr_boundaries_undo(struct bp_db *db, struct bp_arena *a, const struct tr_boundary_change *c, uint64_t set, int64_t *back, int64_t *kept, struct bp_fail *f)
{
	struct q_boundary_set s;
	uint64_t own;
	enum bp_error e = q_boundary_set(db, a, (int64_t)set, (int64_t)c->territory, &s);

	if (e == BP_E_NOT_FOUND || (!e && !s.beneath))
		return bp_fail(f, BP_E_NOT_FOUND, "nobody changed boundaries here with change %llu", (unsigned long long)set);
	if (!e && s.undone_by.set)
		return bp_fail(f, BP_E_CONFLICT, "this change has been taken back already");
	if (!e && s.beneath < s.n)
		return bp_fail(f, BP_E_CONFLICT, "this change was made for a wider territory, with boundaries outside of this one: take it back there");
	if (!e)
		e = bp_journal_open(db, &(struct bp_change_set){"UNDO", 0, c->user, c->reason}, &own);
	if (!e)
		e = q_journal_undone(db, (int64_t)set, (int64_t)own, NULL);
	*back = s.in_force;
	*kept = s.n - s.in_force;
	return e;
}
