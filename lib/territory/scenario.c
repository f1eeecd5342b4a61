/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "territory/scenario.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/shape.h"
#include "queries.h"
#include "territory/boundary.h"
#include "territory/publish.h"
#include "territory/overview.h"
#include "territory/rows.h"
#include "territory/tree.h"
#include "territory/weigh.h"

#define TRIFLE 1e-4 /* of the mean work of an outlet */
#define BORDER_PRICE 0.5 /* when a border is to be kept and no price is said */

const char *const tr_borders[] = {"NONE", "DT", "POSTCODE", "SCENARIO", "BOUNDARY", NULL};

/* --- what is designed --- */

static int32_t unit_index(const struct tr_design *d, int64_t id)
{
	for (size_t u = 0; u < d->n_units; u++)
		if (d->unit[u].id == id)
			return (int32_t)u;
	return DESIGN_NONE;
}

/* Numbers of postal codes in the order in which they come. */
struct postcode {
	const char *text;
	int32_t i;
};

static int by_text(const void *a, const void *b)
{
	return strcmp(((const struct postcode *)a)->text, ((const struct postcode *)b)->text);
}

static int32_t *postcodes(const struct tr_design *d, struct bp_arena *a)
{
	size_t n = (size_t)d->p.n;
	struct postcode *v = bp_alloc_array(a, n, sizeof(*v));
	int32_t *group = bp_alloc_array(a, n, sizeof(*group)), number = 0;

	for (size_t i = 0; i < n; i++)
		v[i] = (struct postcode){d->outlet[d->placed[i]].postcode, (int32_t)i};
	qsort(v, n, sizeof(*v), by_text);
	for (size_t i = 0; i < n; i++) {
		number += i && strcmp(v[i].text, v[i - 1].text);
		group[v[i].i] = *v[i].text ? number : DESIGN_NONE;
	}
	return group;
}

static int32_t *partners(const struct tr_design *d, struct bp_arena *a)
{
	int32_t *group = bp_alloc_array(a, (size_t)d->p.n, sizeof(*group));

	for (int32_t i = 0; i < d->p.n; i++) {
		const struct q_design_outlets *o = &d->outlet[d->placed[i]];

		group[i] = o->partner.set ? (int32_t)(o->partner.v & INT32_MAX) : DESIGN_NONE;
	}
	return group;
}

static int by_outlet(const void *id, const void *row)
{
	int64_t a = *(const int64_t *)id, b = ((const struct q_design_border *)row)->outlet_id;

	return (a > b) - (a < b);
}

static enum bp_error scenario_units(struct bp_db *db, struct bp_arena *a, uint64_t territory, const struct tr_design *d, int32_t **group, struct bp_fail *f)
{
	struct q_design_border *v;
	size_t n = 0;
	enum bp_error e = q_design_border(db, a, (int64_t)d->border_of, (int64_t)territory, &v, &n);

	if (!e && !n)
		e = bp_fail(f, BP_E_OPT_INPUT, "scenario %llu, whose units are to be kept together, is none of this territory or was discarded", (unsigned long long)d->border_of);
	if (e)
		return e;
	*group = bp_alloc_array(a, (size_t)d->p.n, sizeof(**group));
	for (int32_t i = 0; i < d->p.n; i++) {
		const struct q_design_border *at = bsearch(&d->outlet[d->placed[i]].id, v, n, sizeof(*v), by_outlet);

		(*group)[i] = at ? (int32_t)at->number : DESIGN_NONE;
	}
	return BP_E_OK;
}

/* The narrowest imported boundary that an outlet lies in. */
static enum bp_error boundaries(struct bp_db *db, struct bp_arena *a, uint64_t territory, const struct tr_design *d, int32_t **group, struct bp_fail *f)
{
	struct tr_boundaries b;
	int64_t sides = 0;
	enum bp_error e = tr_boundaries_load(db, a, &(int64_t){(int64_t)territory}, 1, &b);

	if (!e && !b.n)
		e = bp_fail(f, BP_E_OPT_INPUT, "no boundary was imported at or beneath this territory: import some, or keep something else together");
	if (e)
		return e;
	*group = bp_alloc_array(a, (size_t)d->p.n, sizeof(**group));
	for (int32_t i = 0; i < d->p.n; i++) {
		const struct q_design_outlets *o = &d->outlet[d->placed[i]];
		const struct tr_boundary *in = tr_boundaries_find(&b, (struct geo_place){o->lon.v, o->lat.v}, &sides);

		(*group)[i] = in ? (int32_t)(in - b.v) : DESIGN_NONE;
	}
	return sides > TR_SIDES_MOST ? bp_fail(f, BP_E_OPT_INPUT, "the boundaries have too many corners around %d outlets: make them simpler", d->p.n) : BP_E_OK;
}

static enum bp_error keep_together(struct bp_db *db, struct bp_arena *a, uint64_t territory, struct tr_design *d, struct bp_fail *f)
{
	int32_t *group = NULL;
	enum bp_error e = BP_E_OK;

	if (d->border == TR_BORDER_DT)
		group = partners(d, a);
	else if (d->border == TR_BORDER_POSTCODE)
		group = postcodes(d, a);
	else if (d->border == TR_BORDER_SCENARIO)
		e = scenario_units(db, a, territory, d, &group, f);
	else if (d->border == TR_BORDER_BOUNDARY)
		e = boundaries(db, a, territory, d, &group, f);
	d->p.group = group;
	return e;
}

static void fill_problem(struct tr_design *d, struct bp_arena *a)
{
	double *lon = bp_alloc_array(a, d->n_outlets, sizeof(*lon)), *lat = bp_alloc_array(a, d->n_outlets, sizeof(*lat));
	double *work = bp_alloc_array(a, d->n_outlets, sizeof(*work));
	int32_t *present = bp_alloc_array(a, d->n_outlets, sizeof(*present));
	struct geo_xy *xy = bp_alloc_array(a, d->n_outlets, sizeof(*xy));
	int32_t n = 0;

	d->placed = bp_alloc_array(a, d->n_outlets, sizeof(*d->placed));
	for (size_t i = 0; i < d->n_outlets; i++) {
		const struct q_design_outlets *o = &d->outlet[i];

		d->n_closed += o->closed != 0;
		if (!o->lat.set || !o->lon.set)
			continue;
		lon[n] = (double)o->lon.v / 1e6;
		lat[n] = (double)o->lat.v / 1e6;
		work[n] = o->work;
		d->work += o->work;
		present[n] = unit_index(d, o->unit);
		d->placed[n++] = (int32_t)i;
	}
	if (n)
		design_project(lon, lat, n, xy);
	/* One that asks for nothing goes with what lies around it: for that it weighs a trifle. Where none asks for anything, all count alike. */
	for (int32_t i = 0; i < n; i++)
		work[i] = d->work > 0 ? fmax(work[i], TRIFLE * d->work / n) : 1;
	d->p = (struct design_problem){.n = n, .xy = xy, .work = work, .present = present};
}

/* New units would lie beside it, beneath a territory that nobody asked for. */
bool tr_design_lowest(const struct tr_design *d, uint64_t territory)
{
	return (uint64_t)d->unit[0].id == territory && d->unit[0].rank >= TR_LEVELS;
}

static void find_gaps(struct tr_design *d, struct bp_arena *a, bool left_out)
{
	size_t n = 0;

	d->gap = bp_alloc_array(a, d->n_outlets, sizeof(*d->gap));
	for (size_t i = 0; i < d->n_outlets; i++)
		if (d->outlet[i].unit || !left_out) {
			d->gap[n] = !d->outlet[i].unit;
			d->outlet[n++] = d->outlet[i];
		}
	d->n_outlets = n;
}

/* From the outlets of units outwards, from neighbour to neighbour; where nothing leads to, the first unit. */
static void fill_gaps(struct tr_design *d, struct bp_arena *a)
{
	int32_t *present = bp_alloc_array(a, (size_t)d->p.n, sizeof(*present)), *queue = bp_alloc_array(a, (size_t)d->p.n, sizeof(*queue)), n = 0;

	for (int32_t i = 0; i < d->p.n; i++) {
		present[i] = d->p.present[i];
		if (present[i] != DESIGN_NONE)
			queue[n++] = i;
	}
	for (int32_t at = 0; at < n; at++)
		for (int32_t k = d->g.off[queue[at]]; k < d->g.off[queue[at] + 1]; k++)
			if (present[d->g.to[k]] == DESIGN_NONE) {
				present[d->g.to[k]] = present[queue[at]];
				queue[n++] = d->g.to[k];
			}
	for (int32_t i = 0; i < d->p.n; i++)
		if (d->gap[d->placed[i]]) {
			present[i] = present[i] == DESIGN_NONE ? 0 : present[i];
			d->outlet[d->placed[i]].unit = d->unit[present[i]].id;
		}
	d->p.present = present;
}

enum bp_error tr_design_load(struct bp_db *db, struct bp_arena *a, uint64_t territory, const struct tr_design_wish *w, struct tr_design *d,
	struct bp_fail *f)
{
	enum bp_error e = q_design_units_of_today(db, a, (int64_t)territory, &d->unit, &d->n_units);

	if (!e)
		e = tr_weigh_outlets(db, a, territory, &d->outlet, &d->n_outlets);
	if (e)
		return e;
	if (!d->n_units)
		return bp_fail(f, BP_E_OPT_INPUT, "there is no planning unit at or beneath this territory: choose the level of planning first");
	for (size_t i = 1; i < d->n_outlets; i++)
		if (d->outlet[i].id == d->outlet[i - 1].id)
			return bp_fail(f, BP_E_OPT_INPUT, "outlet %lld lies in two planning units, one beneath the other: choose the level of planning anew",
				(long long)d->outlet[i].id);
	find_gaps(d, a, w->as_is);
	fill_problem(d, a);
	if (!d->p.n)
		return bp_fail(f, BP_E_OPT_INPUT, "no outlet here has coordinates: there is nothing to draw");
	d->p.k = w->units ? (int32_t)w->units : w->capacity > 0 ? design_units_for(d->work, w->capacity, w->tolerance) : (int32_t)d->n_units;
	if (d->p.k > 1 && tr_design_lowest(d, territory))
		return bp_fail(f, BP_E_OPT_INPUT, "there is no level beneath this territory to make units of: design from the territory above");
	d->border = w->border;
	d->border_of = w->border_of;
	e = keep_together(db, a, territory, d, f);
	if (!e)
		e = design_graph_make(d->p.xy, d->p.n, &d->g, f);
	if (!e)
		fill_gaps(d, a);
	return e;
}

void tr_design_release(struct tr_design *d)
{
	design_graph_release(&d->g);
}

/* Whether the units of today can be begun with: as many as are wanted, and each has a placed outlet. */
static bool begun(const struct tr_design *d)
{
	bool *seen = bp_xcalloc(d->n_units, sizeof(*seen));
	size_t n = 0;

	for (int32_t i = 0; i < d->p.n; i++)
		if (d->p.present[i] >= 0 && !seen[d->p.present[i]]) {
			seen[d->p.present[i]] = true;
			n++;
		}
	free(seen);
	return (size_t)d->p.k == d->n_units && n == d->n_units && n > 1;
}

/* From few moves to the most compact units; every way is even within its tolerance. */
int tr_design_ways(const struct tr_design *d, const struct tr_design_wish *w, struct tr_way way[TR_WAYS_MOST])
{
	static const struct {
		const char *name;
		double factor;
	} looser[] = {{"Few moves", 5}, {"Less even", 2.5}, {"Even", 1}};
	struct design_params a;
	int n = 0;

	design_params_default(&a);
	a.seed = w->seed;
	a.tolerance = w->tolerance;
	a.keep_price = w->keep_price;
	a.border_price = w->border == TR_BORDER_NONE ? 0 : w->border_price > 0 ? w->border_price : BORDER_PRICE;
	for (size_t i = 0; begun(d) && i < 3; i++) {
		way[n] = (struct tr_way){looser[i].name, a};
		way[n].a.redraw = false;
		way[n++].a.tolerance = fmin(1, w->tolerance * looser[i].factor);
	}
	if (!w->redraw && n)
		return n;
	if ((size_t)d->p.k == d->n_units && d->p.k > 1) {
		way[n] = (struct tr_way){"Redrawn, keeping much", a};
		way[n++].a.keep_price = fmax(1, w->keep_price);
	}
	way[n++] = (struct tr_way){"Redrawn", a};
	return n;
}

/* --- keeping a scenario --- */

/* Units of a redraw have the numbers of the units of today that they follow, as far as there are any, and one that a pin or a list names
 * is that unit, even when nobody of today is left in it; a unit that is the whole
 * territory is cut into units beneath it, and ends. */
static void follow(const struct tr_design *d, uint64_t territory, const int32_t *unit, struct tr_drawn *v)
{
	size_t k = (size_t)d->p.k, n = d->n_units;
	int32_t *overlap = bp_xcalloc(k * n, sizeof(*overlap));
	bool *named = bp_xcalloc(k, sizeof(*named));
	bool cut = n == 1 && k > 1 && (uint64_t)d->unit[0].id == territory && d->unit[0].rank < 5;

	for (int32_t i = 0; i < d->p.n; i++)
		if (d->p.present[i] >= 0)
			overlap[(size_t)unit[i] * n + (size_t)d->p.present[i]]++;
	for (int32_t i = 0; d->p.allow && i < d->p.n; i++)
		named[unit[i]] |= d->p.allow[i] != DESIGN_NONE;
	for (size_t u = 0; u < k; u++) {
		size_t best = 0;

		for (size_t w = 1; w < n; w++)
			if (overlap[u * n + w] > overlap[u * n + best])
				best = w;
		v[u] = (struct tr_drawn){u < n && !cut && (overlap[u * n + u] > 0 || named[u]) ? (int32_t)u : DESIGN_NONE, (int32_t)best, NULL};
	}
	free(overlap);
	free(named);
}

/* Where an outlet without coordinates goes: with most of its unit. */
static int32_t *most_of(const struct tr_design *d, const int32_t *unit, struct bp_arena *a)
{
	size_t k = (size_t)d->p.k, n = d->n_units;
	int32_t *count = bp_xcalloc(k * n, sizeof(*count)), *to = bp_alloc_array(a, n, sizeof(*to));

	for (int32_t i = 0; i < d->p.n; i++)
		count[(size_t)d->p.present[i] * k + (size_t)unit[i]]++;
	for (size_t w = 0; w < n; w++) {
		to[w] = w < k ? (int32_t)w : 0; /* with no other in it, its number is all there is to go by */
		for (size_t u = 0; u < k; u++)
			if (count[w * k + u] > count[w * k + (size_t)to[w]])
				to[w] = (int32_t)u;
	}
	free(count);
	return to;
}

/* The beginning of a text, whole characters of at most so many bytes. */
static const char *cut(struct bp_arena *a, const char *text, size_t most)
{
	size_t n = strnlen(text, most + 1);

	if (n > most)
		for (n = most; n && ((unsigned char)text[n] & 0xC0) == 0x80;)
			n--;
	return bp_sprintf(a, "%.*s", (int)n, text);
}

const char *tr_unit_code(struct bp_arena *a, const char *beside, uint64_t scenario, int number)
{
	return bp_sprintf(a, "%s-%llu-%d", cut(a, beside, 40), (unsigned long long)scenario, number);
}

const char *tr_unit_name(struct bp_arena *a, const char *beside, int number)
{
	return bp_sprintf(a, "%s %d", cut(a, beside, 100), number);
}

static enum bp_error put_units(struct bp_db *db, struct bp_arena *a, const struct tr_design *d, uint64_t scenario, const struct tr_drawn *v,
	const struct design_result *r, const double *lat, const double *lon)
{
	struct tr_rows b;

	tr_rows_init(&b, db, scenario, 0, q_design_units_put, NULL);
	for (int32_t u = 0; u < d->p.k; u++) {
		const struct q_design_units_of_today *w = &d->unit[v[u].beside], *on = v[u].goes_on >= 0 ? &d->unit[v[u].goes_on] : NULL;

		tr_rows_next(&b);
		bp_buf_printf(&b.text, "{\"n\":%d,\"t\":", (int)u);
		if (on)
			bp_buf_int(&b.text, on->id);
		else
			bp_buf_str(&b.text, "null");
		bp_buf_printf(&b.text, ",\"b\":%lld,\"c\":", (long long)w->id);
		bp_json_string(&b.text, on ? on->code : tr_unit_code(a, w->code, scenario, (int)u + 1));
		bp_buf_str(&b.text, ",\"m\":");
		bp_json_string(&b.text, on ? on->name : v[u].name ? cut(a, v[u].name, 120) : tr_unit_name(a, w->name, (int)u + 1));
		bp_buf_printf(&b.text, ",\"o\":%d,\"w\":%.3f,\"p\":%d,\"a\":%lld,\"l\":%lld}", (int)r->outlets[u], r->work[u], (int)r->pieces[u],
			llround(lat[u] * 1e6), llround(lon[u] * 1e6));
	}
	return tr_rows_end(&b);
}

/* The unit of each outlet, those without coordinates too. */
static int32_t *numbers(const struct tr_design *d, const int32_t *unit, struct bp_arena *a)
{
	int32_t *to = most_of(d, unit, a), *number = bp_alloc_array(a, d->n_outlets, sizeof(*number));

	for (size_t i = 0; i < d->n_outlets; i++)
		number[i] = to[unit_index(d, d->outlet[i].unit)];
	for (int32_t i = 0; i < d->p.n; i++)
		number[d->placed[i]] = unit[i];
	return number;
}

static bool moves(const struct tr_design *d, const struct tr_drawn *v, const int32_t *number, size_t outlet)
{
	return d->gap[outlet] || v[number[outlet]].goes_on != unit_index(d, d->outlet[outlet].unit);
}

static enum bp_error put_outlets(struct bp_db *db, const struct tr_design *d, uint64_t scenario, const struct tr_drawn *v, const int32_t *number)
{
	struct tr_rows b;

	tr_rows_init(&b, db, scenario, 0, q_design_outlets_put, NULL);
	for (size_t i = 0; i < d->n_outlets; i++) {
		tr_rows_next(&b);
		bp_buf_printf(&b.text, "[%lld,%d,%lld,%d,0]", (long long)d->outlet[i].id, (int)number[i], (long long)(d->gap[i] ? 0 : d->outlet[i].unit),
			moves(d, v, number, i));
	}
	return tr_rows_end(&b);
}

/* What a map counts in cells. */
static enum bp_error put_cells(struct bp_db *db, struct bp_arena *a, const struct tr_design *d, uint64_t scenario, const int32_t *number)
{
	const struct tr_places v = {d->outlet, number, d->n_outlets};
	int64_t *unit = bp_alloc_array(a, (size_t)d->p.k, sizeof(*unit));

	for (int32_t u = 0; u < d->p.k; u++)
		unit[u] = u;
	return tr_overview_count(db, a, scenario, &v, unit, (size_t)d->p.k);
}

static int64_t count_moved(const struct tr_design *d, const struct tr_drawn *v, const int32_t *number)
{
	int64_t moved = 0;

	for (size_t i = 0; i < d->n_outlets; i++)
		moved += moves(d, v, number, i);
	return moved;
}

void tr_design_centres(const struct tr_design *d, const int32_t *unit, double *lat, double *lon)
{
	int32_t *n = bp_xcalloc((size_t)d->p.k, sizeof(*n));

	for (int32_t i = 0; i < d->p.n; i++) {
		const struct q_design_outlets *o = &d->outlet[d->placed[i]];
		int32_t u = unit[i];

		n[u]++;
		lat[u] += ((double)o->lat.v / 1e6 - lat[u]) / n[u];
		lon[u] += ((double)o->lon.v / 1e6 - lon[u]) / n[u];
	}
	free(n);
}

enum bp_error tr_scenario_keep(struct bp_db *db, struct bp_arena *a, const struct tr_design *d, const struct tr_scenario *s, uint64_t *id)
{
	size_t k = (size_t)d->p.k;
	struct tr_drawn *v = bp_alloc_array(a, k, sizeof(*v));
	double *lat = bp_alloc_array(a, k, sizeof(*lat)), *lon = bp_alloc_array(a, k, sizeof(*lon));
	int32_t *number = numbers(d, s->unit, a);
	struct design_result r;
	enum bp_error e;

	design_result_init(&r);
	design_check(&d->p, &d->g, s->unit, &r);
	if (s->as)
		memcpy(v, s->as, k * sizeof(*v));
	else
		follow(d, s->territory, s->unit, v);
	tr_design_centres(d, s->unit, lat, lon);
	e = q_design_scenario_add(db, (int64_t)s->territory, (int64_t)s->job, s->way->name, tr_borders[d->border], d->border == TR_BORDER_SCENARIO ? BP_SOME_INT((int64_t)d->border_of) : BP_NO_INT, s->way->a.redraw, s->way->a.tolerance,
		(int64_t)s->way->a.seed, d->p.k, (int64_t)(d->n_outlets - d->n_closed), (int64_t)(d->n_outlets - d->n_closed) - d->p.n, count_moved(d, v, number),
		r.now.max_deviation, r.now.compactness, r.now.whole, r.now.cut, s->exact, (int64_t)s->user, NULL);
	*id = e ? 0 : bp_db_insert_id(db);
	if (!e)
		e = put_units(db, a, d, *id, v, &r, lat, lon);
	if (!e)
		e = put_outlets(db, d, *id, v, number);
	if (!e)
		e = put_cells(db, a, d, *id, number);
	design_result_release(&r);
	return e;
}

enum bp_error tr_scenario_by_hand(struct bp_db *db, struct bp_arena *a, uint64_t territory, uint64_t user, uint64_t *id, struct bp_fail *f)
{
	static const struct tr_way way = {"By hand", {.tolerance = 1}};
	struct tr_design d = {0};
	struct tr_drawn *as;
	enum bp_error e = tr_design_load(db, a, territory, &(struct tr_design_wish){.tolerance = 1}, &d, f);

	if (!e && tr_design_lowest(&d, territory))
		e = bp_fail(f, BP_E_OPT_INPUT, "there is no level beneath this territory to make units of: change the units of the territory above");
	as = bp_alloc_array(a, e ? 0 : d.n_units, sizeof(*as));
	for (size_t u = 0; !e && u < d.n_units; u++) /* one that is the whole territory is cut into units beneath it */
		as[u] = (struct tr_drawn){(uint64_t)d.unit[u].id == territory ? DESIGN_NONE : (int32_t)u, (int32_t)u, NULL};
	if (!e)
		e = tr_scenario_keep(db, a, &d, &(struct tr_scenario){territory, 0, user, &way, d.p.present, false, as}, id);
	tr_design_release(&d);
	return e;
}

/* --- what becomes of it --- */

enum bp_error tr_scenario_approve(struct bp_db *db, struct bp_arena *a, uint64_t id, uint64_t territory, uint64_t user, struct bp_fail *f)
{
	struct q_design_get s;

	return tr_scenario_move(db, a, id, territory, "READY", "APPROVED", user, &s, f);
}

enum bp_error tr_scenario_discard(struct bp_db *db, struct bp_arena *a, uint64_t id, uint64_t territory, uint64_t user, struct bp_fail *f)
{
	struct q_design_get s;
	enum bp_error e = tr_scenario_move(db, a, id, territory, "READY, APPROVED or UNDONE", "DISCARDED", user, &s, f);

	if (!e)
		e = tr_scenario_idle(db, a, id, f);
	if (!e)
		e = q_design_edits_drop(db, (int64_t)id, NULL);
	if (!e)
		e = q_design_outlets_drop(db, (int64_t)id, NULL);
	if (!e)
		e = q_design_cells_drop(db, (int64_t)id, NULL, NULL);
	return e ? e : q_design_units_drop(db, (int64_t)id, NULL);
}

struct old {
	struct bp_arena *arena;
	const struct q_design_old *it;
	int64_t days;
	bool gone;
};

/* Somebody may have decided about it, or changed it, since it was found. */
static enum bp_error drop_old(struct bp_db *db, void *ctx)
{
	struct old *o = ctx;
	struct q_design_old *still;
	struct q_design_get s;
	struct bp_fail f = {0};
	size_t n = 0;
	enum bp_error e = q_design_get(db, o->arena, o->it->id, o->it->territory_id, &s); /* nobody changes it from here */

	if (!e)
		e = q_design_old(db, o->arena, o->days, BP_SOME_INT(o->it->id), &still, &n);
	o->gone = !e && n;
	return o->gone ? tr_scenario_discard(db, o->arena, (uint64_t)o->it->id, (uint64_t)o->it->territory_id, 0, &f) : e;
}

enum bp_error tr_scenarios_sweep(struct bp_db *db, struct bp_arena *a, int64_t days, size_t *removed)
{
	struct q_design_old *old;
	size_t n = 0;
	enum bp_error e = q_design_old(db, a, days, BP_NO_INT, &old, &n);

	*removed = 0;
	for (size_t i = 0; !e && i < n; i++) {
		struct old o = {.arena = a, .it = &old[i], .days = days};

		e = bp_db_tx(db, drop_old, &o);
		*removed += !e && o.gone;
	}
	return e;
}
