/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "territory/compare.h"

#include <stdlib.h>

#include "territory/drawing.h"
#include "territory/scenario.h"

static enum bp_error find(struct bp_db *db, struct bp_arena *a, uint64_t territory, uint64_t scenario, struct q_design_list **s)
{
	size_t n = 0;
	enum bp_error e = q_design_list(db, a, (int64_t)territory, BP_SOME_INT(scenario), 0, 1, s, &n);

	return e || n ? e : BP_E_NOT_FOUND;
}

/* --- figures --- */

static enum bp_error of_today(struct bp_db *db, struct bp_arena *a, uint64_t territory, struct tr_figures *out, struct bp_fail *f)
{
	struct tr_design_wish w = {.tolerance = 1, .as_is = true};
	struct tr_design d = {0};
	struct design_result r;
	enum bp_error e = tr_design_load(db, a, territory, &w, &d, f);

	design_result_init(&r);
	if (!e) {
		design_check(&d.p, &d.g, d.p.present, &r);
		*out = (struct tr_figures){.units = d.p.k - r.now.empty, .outlets = (int64_t)d.n_outlets, .whole = r.now.whole,
			.max_deviation_pct = 100 * r.now.max_deviation, .compactness = r.now.compactness};
	}
	design_result_release(&r);
	tr_design_release(&d);
	return e;
}

enum bp_error tr_figures(struct bp_db *db, struct bp_arena *a, uint64_t territory, uint64_t scenario, struct tr_figures *out, struct bp_fail *f)
{
	struct q_design_seats seats = {0};
	struct q_design_list *s;
	enum bp_error e;

	if (!scenario)
		return of_today(db, a, territory, out, f);
	e = find(db, a, territory, scenario, &s);
	if (!e)
		e = q_design_seats(db, a, (int64_t)scenario, &seats);
	if (!e)
		*out = (struct tr_figures){s->name, s->status, s->units, s->outlets, s->moved, s->whole, seats.n, 100 * s->max_deviation, s->compactness};
	return e;
}

/* --- what differs --- */

static int by_id(const void *a, const void *b)
{
	int64_t p = *(const int64_t *)a, q = ((const struct q_design_units_of_today *)b)->id;

	return p < q ? -1 : p > q;
}

static enum bp_error load_today(struct bp_db *db, struct bp_arena *a, uint64_t territory, struct q_design_units **unit, size_t *n_units,
	struct q_design_numbers **v, size_t *n)
{
	struct q_design_units_of_today *u;
	struct q_design_in_units *o;
	enum bp_error e = q_design_units_of_today(db, a, (int64_t)territory, &u, n_units);

	if (!e)
		e = q_design_in_units(db, a, (int64_t)territory, &o, n);
	if (e)
		return e;
	*unit = tr_units_as_planned(a, u, *n_units);
	*v = bp_alloc_array(a, *n, sizeof(**v));
	for (size_t i = 0; i < *n; i++) {
		const struct q_design_units_of_today *at = bsearch(&o[i].unit, u, *n_units, sizeof(*u), by_id);

		(*v)[i] = (struct q_design_numbers){.outlet_id = o[i].id, .number = at - u};
	}
	return BP_E_OK;
}

static enum bp_error load(struct bp_db *db, struct bp_arena *a, uint64_t territory, uint64_t scenario, struct q_design_units **unit, size_t *n_units,
	struct q_design_numbers **v, size_t *n)
{
	struct q_design_list *s;
	enum bp_error e;

	if (!scenario)
		return load_today(db, a, territory, unit, n_units, v, n);
	e = find(db, a, territory, scenario, &s);
	if (!e)
		e = q_design_units(db, a, (int64_t)scenario, unit, n_units);
	return e ? e : q_design_numbers(db, a, (int64_t)scenario, v, n);
}

/* Outlets that both sides know, by id, into c->differ. */
static void join(struct tr_comparison *c, struct bp_arena *a, struct q_design_numbers *const v[2], const size_t n[2])
{
	size_t k = 0;

	c->differ = bp_alloc_array(a, n[0] < n[1] ? n[0] : n[1], sizeof(*c->differ));
	for (size_t i = 0; i < n[0]; i++) {
		while (k < n[1] && v[1][k].outlet_id < v[0][i].outlet_id)
			k++;
		if (k < n[1] && v[1][k].outlet_id == v[0][i].outlet_id && (size_t)v[0][i].number < c->n_units[0] && (size_t)v[1][k].number < c->n_units[1])
			c->differ[c->n_differ++] = (struct tr_placed){v[0][i].outlet_id, {(int32_t)v[0][i].number, (int32_t)v[1][k].number}};
	}
}

struct overlap {
	int32_t unit[2], outlets;
};

static int most_first(const void *a, const void *b)
{
	const struct overlap *p = a, *q = b;

	return p->outlets != q->outlets ? (p->outlets < q->outlets) - (p->outlets > q->outlets)
		: p->unit[0] != q->unit[0] ? p->unit[0] - q->unit[0] : p->unit[1] - q->unit[1];
}

/* Units of both sides that may be the same, those with most outlets in common first. */
static struct overlap *overlaps(const struct tr_comparison *c, struct bp_arena *a, size_t *n)
{
	int32_t *count = bp_alloc_array(a, c->n_units[0] * c->n_units[1], sizeof(*count));
	struct overlap *v = bp_alloc_array(a, c->n_units[0] + c->n_differ, sizeof(*v));

	for (size_t i = 0; i < c->n_differ; i++)
		count[(size_t)c->differ[i].number[0] * c->n_units[1] + (size_t)c->differ[i].number[1]]++;
	*n = 0;
	for (size_t l = 0; l < c->n_units[0]; l++)
		for (size_t r = 0; r < c->n_units[1]; r++) {
			struct bp_opt_int p = c->unit[0][l].territory_id, q = c->unit[1][r].territory_id;
			int32_t both = count[l * c->n_units[1] + r];

			if (p.set && q.set ? p.v != q.v : p.set || q.set || !both)
				continue;
			v[(*n)++] = (struct overlap){{(int32_t)l, (int32_t)r}, both};
		}
	qsort(v, *n, sizeof(*v), most_first);
	return v;
}

/* Which units are the same: as[l] gets the number on the other side of each, or -1. */
static int32_t *pair(struct tr_comparison *c, struct bp_arena *a)
{
	int32_t *as = bp_alloc_array(a, c->n_units[0], sizeof(*as));
	bool *taken = bp_alloc_array(a, c->n_units[1], sizeof(*taken));
	size_t n;
	const struct overlap *v = overlaps(c, a, &n);

	c->same = bp_alloc_array(a, 2 * c->n_units[0], sizeof(*c->same));
	for (size_t l = 0; l < c->n_units[0]; l++)
		as[l] = -1;
	for (size_t i = 0; i < n; i++) {
		int32_t l = v[i].unit[0], r = v[i].unit[1];

		if (as[l] >= 0 || taken[r])
			continue;
		as[l] = r;
		taken[r] = true;
		c->unit[1][r].name = c->unit[0][l].name;
		c->same[2 * c->n_same] = l;
		c->same[2 * c->n_same++ + 1] = r;
	}
	return as;
}

enum bp_error tr_compare(struct bp_db *db, struct bp_arena *a, uint64_t territory, const uint64_t scenario[2], struct tr_comparison *out)
{
	struct q_design_numbers *v[2] = {NULL, NULL};
	size_t n[2] = {0, 0}, kept = 0;
	const int32_t *as;
	enum bp_error e = BP_E_OK;

	*out = (struct tr_comparison){0};
	for (int s = 0; !e && s < 2; s++)
		e = load(db, a, territory, scenario[s], &out->unit[s], &out->n_units[s], &v[s], &n[s]);
	if (e)
		return e;
	join(out, a, v, n);
	as = pair(out, a);
	for (size_t i = 0; i < out->n_differ; i++)
		if (as[out->differ[i].number[0]] != out->differ[i].number[1])
			out->differ[kept++] = out->differ[i];
	out->n_differ = kept;
	return BP_E_OK;
}
