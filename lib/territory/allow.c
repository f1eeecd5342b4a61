/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which units an outlet may belong to in a run: a pin goes before the whitelist, the blacklist before both. */
#include <stdlib.h>
#include <string.h>

#include "queries.h"
#include "territory/scenario.h"

enum kind { PIN, WHITE, BLACK, KINDS };
struct rule {
	int32_t place, unit; /* of placed outlets; number */
	enum kind kind;
};

struct allowing {
	struct tr_design *d;
	struct bp_arena *a;
	struct bp_fail *f;
	struct rule *rule;
	size_t n, at; /* at: of sets */
	int32_t *allow, *off, *set;
	int32_t *common; /* [KINDS][k]: the set of a single rule + 1 */
};

static int by_place(const void *a, const void *b)
{
	const struct rule *p = a, *q = b;

	return p->place != q->place ? (p->place < q->place ? -1 : 1) : (int)p->kind - (int)q->kind;
}

static int by_id(const void *a, const void *b)
{
	int64_t p = *(const int64_t *)a, q = ((const struct q_design_outlets *)b)->id;

	return p < q ? -1 : p > q;
}

static int by_index(const void *a, const void *b)
{
	int32_t p = *(const int32_t *)a, q = *(const int32_t *)b;

	return p < q ? -1 : p > q;
}

/* False: there is no such outlet on the map. */
static bool add(struct allowing *w, int64_t outlet, int32_t unit, enum kind kind)
{
	const struct q_design_outlets *o = bsearch(&outlet, w->d->outlet, w->d->n_outlets, sizeof(*o), by_id);
	int32_t i = o ? (int32_t)(o - w->d->outlet) : -1;
	const int32_t *at = o ? bsearch(&i, w->d->placed, (size_t)w->d->p.n, sizeof(*at), by_index) : NULL;

	if (at)
		w->rule[w->n++] = (struct rule){(int32_t)(at - w->d->placed), unit, kind};
	return at != NULL;
}

static int32_t unit_of(const struct tr_design *d, int64_t id)
{
	for (size_t u = 0; u < d->n_units && u < (size_t)d->p.k; u++)
		if (d->unit[u].id == id)
			return (int32_t)u;
	return DESIGN_NONE;
}

/* One set for the rules of an outlet; the strongest kind that says where it belongs, less what the blacklist says. */
static enum bp_error put_set(struct allowing *w, const struct rule *r, size_t n)
{
	int32_t k = w->d->p.k, *shared = n == 1 ? &w->common[(int32_t)r->kind * k + r->unit] : NULL, from = w->off[w->at], to = from;
	bool only = r->kind != BLACK;

	if (shared && *shared) {
		w->allow[r->place] = *shared - 1;
		return BP_E_OK;
	}
	for (int32_t u = 0; u < k; u++) {
		bool in = !only, out = false;

		for (size_t i = 0; i < n; i++) {
			in |= r[i].unit == u && r[i].kind == r->kind && only;
			out |= r[i].unit == u && r[i].kind == BLACK;
		}
		if (in && !out)
			w->set[to++] = u;
	}
	if (to == from)
		return bp_fail(w->f, BP_E_OPT_INPUT, "outlet %lld may be in no unit: pins and whitelist contradict the blacklist",
			(long long)w->d->outlet[w->d->placed[r->place]].id);
	w->allow[r->place] = (int32_t)w->at;
	w->off[++w->at] = to;
	if (shared)
		*shared = (int32_t)w->at;
	return BP_E_OK;
}

static enum bp_error put_sets(struct allowing *w)
{
	size_t k = (size_t)w->d->p.k;
	enum bp_error e = BP_E_OK;

	qsort(w->rule, w->n, sizeof(*w->rule), by_place);
	w->allow = bp_alloc_array(w->a, (size_t)w->d->p.n, sizeof(*w->allow));
	w->off = bp_alloc_array(w->a, w->n + 1, sizeof(*w->off));
	w->common = bp_alloc_array(w->a, KINDS * k, sizeof(*w->common));
	/* Single rules share their sets; the others are few. */
	w->set = bp_alloc_array(w->a, k * (KINDS * k < w->n ? KINDS * k + w->n / 2 : w->n), sizeof(*w->set));
	for (int32_t i = 0; i < w->d->p.n; i++)
		w->allow[i] = DESIGN_NONE;
	for (size_t i = 0, j; !e && i < w->n; i = j) {
		for (j = i + 1; j < w->n && w->rule[j].place == w->rule[i].place; j++)
			;
		e = put_set(w, &w->rule[i], j - i);
	}
	w->d->p.allow = w->allow;
	w->d->p.set_off = w->off;
	w->d->p.set = w->set;
	w->d->p.n_sets = (int32_t)w->at;
	return e;
}

/* *placed: it is on the map; else it goes with its unit whatever anybody says. */
static enum bp_error pin(struct allowing *w, int64_t outlet, int64_t unit, bool *placed)
{
	int32_t u = unit_of(w->d, unit);

	if (u == DESIGN_NONE)
		return bp_fail(w->f, BP_E_OPT_INPUT, "outlet %lld is pinned to unit %lld, which is none of today beneath this territory, or is not kept by so few units: "
			"forget the pin, or ask for more units", (long long)outlet, (long long)unit);
	*placed = add(w, outlet, u, PIN);
	return BP_E_OK;
}

/* A pin of this one run goes before a kept one. */
static bool in_wish(const struct tr_design_wish *w, int64_t outlet)
{
	for (size_t i = 0; i < w->n_pins; i++)
		if (w->pin[i].outlet == outlet)
			return true;
	return false;
}

enum bp_error tr_design_allow(struct bp_db *db, struct bp_arena *a, uint64_t territory, const struct tr_design_wish *w, struct tr_design *d,
	struct bp_fail *f)
{
	struct allowing v = {.d = d, .a = a, .f = f};
	struct q_design_listed *l;
	size_t n = 0;
	enum bp_error e = q_design_listed(db, a, (int64_t)territory, &l, &n);

	if (e || !(n + w->n_pins))
		return e;
	v.rule = bp_alloc_array(a, n + w->n_pins, sizeof(*v.rule));
	for (size_t i = 0; !e && i < w->n_pins; i++) {
		bool placed = false;

		e = pin(&v, w->pin[i].outlet, w->pin[i].unit, &placed);
		if (!e && !placed)
			return bp_fail(f, BP_E_OPT_INPUT, "outlet %lld is pinned, but has no place beneath this territory", (long long)w->pin[i].outlet);
	}
	for (size_t i = 0; !e && i < n; i++) {
		int32_t u = unit_of(d, l[i].territory_id);

		if (l[i].pinned)
			e = in_wish(w, l[i].outlet_id) ? BP_E_OK : pin(&v, l[i].outlet_id, l[i].territory_id, &(bool){false});
		else if (u != DESIGN_NONE)
			add(&v, l[i].outlet_id, u, l[i].white ? WHITE : BLACK);
	}
	return e || !v.n ? e : put_sets(&v);
}
