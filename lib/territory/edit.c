/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "territory/edit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/shape.h"
#include "territory/overview.h"
#include "territory/rows.h"

/* --- loading --- */

static enum bp_error get_ready(struct bp_db *db, struct bp_arena *a, uint64_t id, uint64_t territory, struct q_design_get *s, struct bp_fail *f)
{
	enum bp_error e = q_design_get(db, a, (int64_t)id, (int64_t)territory, s);

	if (!e && strcmp(s->status, "READY") != 0)
		return bp_fail(f, BP_E_CONFLICT, "the scenario is %s: only a draft can be changed", s->status);
	return e;
}

static enum bp_error load_units(struct bp_db *db, struct bp_arena *a, uint64_t id, struct tr_edit *t)
{
	struct q_design_units *u;
	enum bp_error e = q_design_units(db, a, (int64_t)id, &u, &t->n_units);

	t->n_kept = t->n_units;
	if (!e) /* with room for one that a step makes, and for those that came */
		t->unit = bp_grow_array(a, u, t->n_units, DESIGN_UNITS_MOST + 1, sizeof(*u));
	return e;
}

enum bp_error tr_scenario_overtaken(struct bp_db *db, struct bp_arena *a, uint64_t id, uint64_t territory, struct bp_fail *f)
{
	struct q_design_no_units *u;
	struct q_design_strayed *o;
	size_t n = 0;
	enum bp_error e = q_design_no_units(db, a, (int64_t)id, &u, &n);

	if (!e && n)
		return bp_fail(f, BP_E_CONFLICT, "%s is no planning unit any more, as it was when the scenario was made: have it designed again", u->name);
	if (!e)
		e = q_design_strayed(db, a, (int64_t)id, (int64_t)territory, &o, &n);
	if (e || !n)
		return e;
	return bp_fail(f, BP_E_CONFLICT, "%lld outlets were moved to another unit since the scenario was made, %lld of them from %s to %s: move them back, or have it designed again",
		(long long)o->all, (long long)o->n, o->from, o->to);
}

static int by_unit_id(const void *a, const void *b)
{
	int64_t p = *(const int64_t *)a, q = ((const struct q_design_units_of_today *)b)->id;

	return p < q ? -1 : p > q;
}

static const struct q_design_units_of_today *unit_of_id(const struct tr_edit *t, int64_t id)
{
	return bsearch(&id, t->d.unit, t->d.n_units, sizeof(*t->d.unit), by_unit_id);
}

static size_t unit_of_today(const struct tr_edit *t, size_t outlet)
{
	return (size_t)(unit_of_id(t, t->d.outlet[outlet].unit) - t->d.unit);
}

/* What is kept of each outlet of today; false: one lies in another unit than it did, or its unit is none any more. */
static bool join(struct tr_edit *t, struct bp_arena *a, const struct q_design_numbers *v, size_t n)
{
	bool same = true;
	size_t k = 0;

	t->gone = bp_alloc_array(a, n, sizeof(*t->gone));
	for (size_t i = 0; i < t->d.n_outlets || k < n;) {
		int64_t at = i < t->d.n_outlets ? t->d.outlet[i].id : INT64_MAX;

		if (k < n && v[k].outlet_id < at) {
			same &= !v[k].was || unit_of_id(t, v[k].was);
			t->gone[t->n_gone++] = v[k++].outlet_id;
			continue;
		}
		t->stored[i] = t->number[i] = DESIGN_NONE;
		t->came[i] = true;
		if (k < n && v[k].outlet_id == at) {
			same &= (v[k].was == t->d.outlet[i].unit || !v[k].was || t->d.gap[i]) && (size_t)v[k].number < t->n_units;
			t->number[i] = (int32_t)v[k].number;
			t->stored[i] = t->d.gap[i] == !v[k].was ? t->number[i] : DESIGN_NONE;
			t->came[i] = v[k].came || (!v[k].was && !t->d.gap[i]); /* somebody filled the gap meanwhile */
			k++;
		}
		i++;
	}
	return same;
}

/* What each unit of today mostly becomes, by the outlets that did not come later; DESIGN_NONE = it has none of these. */
static int32_t *most_of(const struct tr_edit *t)
{
	int32_t *count = bp_xcalloc(t->d.n_units * t->n_units, sizeof(*count)), *to = bp_xcalloc(t->d.n_units, sizeof(*to));

	for (size_t i = 0; i < t->d.n_outlets; i++)
		if (!t->came[i])
			count[unit_of_today(t, i) * t->n_units + (size_t)t->number[i]]++;
	for (size_t w = 0; w < t->d.n_units; w++) {
		const int32_t *c = &count[w * t->n_units];

		for (size_t u = 1; u < t->n_units; u++)
			if (c[u] > c[to[w]])
				to[w] = (int32_t)u;
		to[w] = c[to[w]] ? to[w] : DESIGN_NONE;
	}
	free(count);
	return to;
}

static void follow(struct tr_edit *t)
{
	int32_t *to = most_of(t);

	for (size_t i = 0; i < t->d.n_outlets; i++)
		if (t->came[i])
			t->number[i] = to[unit_of_today(t, i)];
	free(to);
}

/* A unit of which the scenario has nobody goes on as it is. */
static enum bp_error add_units(struct tr_edit *t, struct bp_fail *f)
{
	int32_t *as = bp_xcalloc(t->d.n_units, sizeof(*as)); /* number + 1 */
	enum bp_error e = BP_E_OK;

	for (size_t i = 0; !e && i < t->d.n_outlets; i++) {
		size_t w = unit_of_today(t, i);
		const struct q_design_units_of_today *u = &t->d.unit[w];

		if (t->number[i] != DESIGN_NONE)
			continue;
		for (size_t k = 0; !as[w] && k < t->n_units; k++)
			as[w] = t->unit[k].territory_id.set && t->unit[k].territory_id.v == u->id ? (int32_t)k + 1 : 0;
		if (!as[w] && t->n_units == DESIGN_UNITS_MOST)
			e = bp_fail(f, BP_E_CONFLICT, "%s is a new unit, and the scenario has no room for it: have it designed again", u->name);
		else if (!as[w]) {
			as[w] = (int32_t)t->n_units + 1;
			t->unit[t->n_units] = (struct q_design_units){.number = (int64_t)t->n_units, .territory_id = BP_SOME_INT(u->id), .beside = u->id, .code = u->code, .name = u->name};
			t->n_units++;
		}
		t->number[i] = as[w] - 1;
		t->came[i] = false;
	}
	free(as);
	return e;
}

static enum bp_error load_numbers(struct bp_db *db, struct bp_arena *a, struct tr_edit *t, struct bp_fail *f)
{
	size_t n = 0, all = t->d.n_outlets;
	struct q_design_numbers *v;
	enum bp_error e = q_design_numbers(db, a, (int64_t)t->id, &v, &n);

	if (e)
		return e;
	t->number = bp_alloc_array(a, all, sizeof(*t->number));
	t->kept = bp_alloc_array(a, all, sizeof(*t->kept));
	t->stored = bp_alloc_array(a, all, sizeof(*t->stored));
	t->came = bp_alloc_array(a, all, sizeof(*t->came));
	if (!join(t, a, v, n)) {
		e = tr_scenario_overtaken(db, a, t->id, t->territory, f);
		return e ? e : BP_E_DB_RETRY;
	}
	follow(t);
	e = add_units(t, f);
	if (!e && all)
		memcpy(t->kept, t->number, all * sizeof(*t->kept));
	return e;
}

static enum bp_error load(struct bp_db *db, struct bp_arena *a, const struct q_design_get *s, struct tr_edit *t, struct bp_fail *f)
{
	struct tr_design_wish w = {.tolerance = 1};
	enum bp_error e;

	for (int i = 0; tr_borders[i]; i++)
		if (!strcmp(tr_borders[i], s->border))
			w.border = (enum tr_border)i;
	if (w.border == TR_BORDER_SCENARIO) { /* one that was discarded since keeps nothing together any more */
		w.border = s->border_of.set ? w.border : TR_BORDER_NONE;
		w.border_of = (uint64_t)s->border_of.v;
	}
	e = load_units(db, a, t->id, t);
	if (!e)
		e = tr_design_load(db, a, t->territory, &w, &t->d, f);
	return e ? e : load_numbers(db, a, t, f);
}

enum bp_error tr_edit_load(struct bp_db *db, struct bp_arena *a, uint64_t id, uint64_t territory, struct tr_edit *t, struct bp_fail *f)
{
	struct q_design_get s;
	enum bp_error e;

	*t = (struct tr_edit){.id = id, .territory = territory};
	e = get_ready(db, a, id, territory, &s, f);
	return e ? e : load(db, a, &s, t, f);
}

void tr_edit_release(struct tr_edit *t)
{
	tr_design_release(&t->d);
}

/* --- moving --- */

static int by_id(const void *a, const void *b)
{
	int64_t p = *(const int64_t *)a, q = ((const struct q_design_outlets *)b)->id;

	return p < q ? -1 : p > q;
}

/* The unit of today that gives most of a move. */
static const struct q_design_units_of_today *most_from(const struct tr_edit *t, const int32_t *at, size_t n)
{
	size_t *count = bp_xcalloc(t->d.n_units, sizeof(*count)), best = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t u = 0; u < t->d.n_units; u++)
			count[u] += t->d.unit[u].id == t->d.outlet[at[i]].unit;
	for (size_t u = 1; u < t->d.n_units; u++)
		if (count[u] > count[best])
			best = u;
	free(count);
	return &t->d.unit[best];
}

static enum bp_error new_unit(struct tr_edit *t, struct bp_arena *a, const int32_t *at, const struct tr_move *m, int32_t *to, struct bp_fail *f)
{
	const struct q_design_units_of_today *beside = most_from(t, at, m->n);
	int number = (int)t->n_units + 1;

	for (size_t i = 0; i < t->n_units; i++)
		if (t->unit[i].territory_id.set && (uint64_t)t->unit[i].territory_id.v == t->territory)
			return bp_fail(f, BP_E_OPT_INPUT, "\"%s\" is the whole territory, no other unit can lie beside it here: have it designed as several units, or change the units of the territory above",
				t->unit[i].name);
	if (t->n_units >= DESIGN_UNITS_MOST)
		return bp_fail(f, BP_E_OPT_INPUT, "a scenario has at most %d units", DESIGN_UNITS_MOST);
	if (!m->n)
		return bp_fail(f, BP_E_OPT_INPUT, "a new unit needs an outlet");
	for (size_t i = 0; m->name && i < t->n_units; i++)
		if (t->unit[i].outlets && !strcmp(t->unit[i].name, m->name))
			return bp_fail(f, BP_E_OPT_INPUT, "another unit of the scenario is named \"%s\"", m->name);
	*to = (int32_t)t->n_units;
	t->unit[t->n_units++] = (struct q_design_units){.number = *to, .made = 1, .beside = beside->id,
		.code = tr_unit_code(a, beside->code, t->id, number), .name = m->name ? m->name : tr_unit_name(a, beside->name, number)};
	return BP_E_OK;
}

/* Outlets without a place do not hold a unit that lost all others: they follow. */
static void empty_units(struct tr_edit *t, int32_t to)
{
	int32_t *placed = bp_xcalloc(t->n_units, sizeof(*placed)), *before = bp_xcalloc(t->n_units, sizeof(*before));

	for (int32_t i = 0; i < t->d.p.n; i++) {
		placed[t->number[t->d.placed[i]]]++;
		before[t->kept[t->d.placed[i]]]++;
	}
	for (size_t i = 0; i < t->d.n_outlets; i++)
		if (!placed[t->number[i]] && before[t->number[i]])
			t->number[i] = to;
	free(placed);
	free(before);
}

/* A number of a unit of the scenario, where one is said. */
static bool known(const struct tr_edit *t, struct bp_opt_int number)
{
	return !number.set || (number.v >= 0 && (size_t)number.v < t->n_units);
}

enum bp_error tr_edit_move(struct tr_edit *t, struct bp_arena *a, const struct tr_move *m, struct bp_fail *f)
{
	int32_t *at = bp_alloc_array(a, m->n, sizeof(*at)), to = (int32_t)m->to.v;

	if (!known(t, m->from) || !known(t, m->to))
		return bp_fail(f, BP_E_OPT_INPUT, "the scenario has no unit %lld", (long long)(known(t, m->to) ? m->from.v : m->to.v));
	for (size_t i = 0; i < m->n; i++) {
		const struct q_design_outlets *o = bsearch(&m->outlet[i], t->d.outlet, t->d.n_outlets, sizeof(*o), by_id);

		if (!o)
			return bp_fail(f, BP_E_OPT_INPUT, "outlet %lld does not lie beneath this territory", (long long)m->outlet[i]);
		at[i] = (int32_t)(o - t->d.outlet);
	}
	if (!m->to.set) {
		enum bp_error e = new_unit(t, a, at, m, &to, f);

		if (e)
			return e;
	}
	for (size_t i = 0; i < m->n; i++) {
		t->number[at[i]] = to;
		t->stored[at[i]] = t->came[at[i]] ? DESIGN_NONE : t->stored[at[i]];
		t->came[at[i]] = false;
	}
	follow(t);
	for (size_t i = 0; m->from.set && i < t->d.n_outlets; i++)
		if (t->number[i] == m->from.v)
			t->number[i] = to;
	empty_units(t, to);
	return BP_E_OK;
}

/* --- counting --- */

/* Units with outlets, closely numbered. */
static int32_t *dense_units(const struct tr_edit *t, struct bp_arena *a, int32_t *k)
{
	int32_t *dense = bp_alloc_array(a, t->n_units, sizeof(*dense));

	for (int32_t i = 0; i < t->d.p.n; i++)
		dense[t->number[t->d.placed[i]]] = 1;
	*k = 0;
	for (size_t u = 0; u < t->n_units; u++)
		dense[u] = dense[u] ? (*k)++ : DESIGN_NONE;
	return dense;
}

void tr_edit_judge(struct tr_edit *t, struct bp_arena *a)
{
	int32_t *dense = dense_units(t, a, &t->d.p.k), *unit = bp_alloc_array(a, (size_t)t->d.p.n, sizeof(*unit));
	double *lat = bp_alloc_array(a, (size_t)t->d.p.k, sizeof(*lat)), *lon = bp_alloc_array(a, (size_t)t->d.p.k, sizeof(*lon));
	struct design_result r;

	t->units = t->d.p.k;
	for (int32_t i = 0; i < t->d.p.n; i++)
		unit[i] = dense[t->number[t->d.placed[i]]];
	design_result_init(&r);
	design_check(&t->d.p, &t->d.g, unit, &r);
	tr_design_centres(&t->d, unit, lat, lon);
	for (size_t u = 0; u < t->n_units; u++) {
		struct q_design_units *v = &t->unit[u];
		int32_t c = dense[u];

		v->outlets = c < 0 ? 0 : r.outlets[c];
		v->pieces = c < 0 ? 0 : r.pieces[c];
		v->work = c < 0 ? 0 : r.work[c];
		v->lat = c < 0 ? BP_NO_INT : BP_SOME_INT(llround(lat[c] * 1e6));
		v->lon = c < 0 ? BP_NO_INT : BP_SOME_INT(llround(lon[c] * 1e6));
	}
	t->now = r.now;
	t->moved = 0;
	for (size_t i = 0; i < t->d.n_outlets; i++) {
		const struct q_design_units *v = &t->unit[t->number[i]];

		t->moved += t->d.gap[i] || !v->territory_id.set || v->territory_id.v != t->d.outlet[i].unit;
	}
	design_result_release(&r);
}

/* --- keeping --- */

static enum bp_error keep_figures(const struct tr_edit *t, struct bp_db *db)
{
	int64_t open = (int64_t)(t->d.n_outlets - t->d.n_closed);
	struct tr_rows b;
	enum bp_error e;

	tr_rows_init(&b, db, t->id, 0, q_design_units_count, NULL);
	for (size_t u = 0; u < t->n_units; u++) {
		const struct q_design_units *v = &t->unit[u];

		tr_rows_next(&b);
		bp_buf_printf(&b.text, "{\"n\":%lld,\"o\":%lld,\"w\":%.3f,\"p\":%lld", (long long)v->number, (long long)v->outlets, v->work, (long long)v->pieces);
		if (v->lat.set)
			bp_buf_printf(&b.text, ",\"a\":%lld,\"l\":%lld", (long long)v->lat.v, (long long)v->lon.v);
		bp_buf_chr(&b.text, '}');
	}
	e = tr_rows_end(&b);
	return e ? e : q_design_figures_put(db, (int64_t)t->id, t->units, open, open - t->d.p.n, t->moved, t->now.max_deviation, t->now.compactness, t->now.whole, t->now.cut, NULL);
}

/* Units that are new: one that a step makes, and those that came. */
static enum bp_error keep_made(const struct tr_edit *t, struct bp_db *db)
{
	struct tr_rows b;

	tr_rows_init(&b, db, t->id, 0, q_design_units_put, NULL);
	for (size_t u = t->n_kept; u < t->n_units; u++) {
		const struct q_design_units *v = &t->unit[u];

		tr_rows_next(&b);
		bp_buf_printf(&b.text, "{\"n\":%lld,\"t\":", (long long)v->number);
		if (v->territory_id.set)
			bp_buf_int(&b.text, v->territory_id.v);
		else
			bp_buf_str(&b.text, "null");
		bp_buf_printf(&b.text, ",\"b\":%lld,\"c\":", (long long)v->beside);
		bp_json_string(&b.text, v->code);
		bp_buf_str(&b.text, ",\"m\":");
		bp_json_string(&b.text, v->name);
		bp_buf_str(&b.text, ",\"o\":0,\"w\":0,\"p\":0}");
	}
	return tr_rows_end(&b);
}

/* Outlets that came are of the scenario from now on, those that are gone no longer. */
static enum bp_error keep_followed(struct tr_edit *t, struct bp_db *db)
{
	struct tr_rows put, gone;
	enum bp_error e;

	tr_rows_init(&put, db, t->id, 0, q_design_outlets_put, NULL);
	tr_rows_init(&gone, db, t->id, 0, q_design_outlets_forget, NULL);
	t->anew = t->n_gone > 0;
	for (size_t i = 0; i < t->d.n_outlets; i++) {
		int32_t number = t->came[i] ? t->number[i] : t->kept[i];
		const struct q_design_units *v = &t->unit[number];

		if (t->stored[i] == number)
			continue;
		t->anew = true;
		tr_rows_next(&put);
		bp_buf_printf(&put.text, "[%lld,%d,%lld,%d,%d]", (long long)t->d.outlet[i].id, (int)number, (long long)(t->d.gap[i] ? 0 : t->d.outlet[i].unit),
			t->d.gap[i] || !v->territory_id.set || v->territory_id.v != t->d.outlet[i].unit, t->came[i]);
	}
	for (size_t i = 0; i < t->n_gone; i++) {
		tr_rows_next(&gone);
		bp_buf_int(&gone.text, t->gone[i]);
	}
	e = tr_rows_end(&put);
	return e ? (bp_buf_release(&gone.text), e) : tr_rows_end(&gone);
}

/* The map's counts of the units that a step touched, or of all of them, as they are now. */
static enum bp_error count_units(const struct tr_edit *t, struct bp_db *db, struct bp_arena *a, int64_t step)
{
	const struct tr_places v = {t->d.outlet, t->number, t->d.n_outlets};
	struct q_design_step_units *u = NULL;
	size_t n = 0;
	enum bp_error e = t->anew ? BP_E_OK : q_design_step_units(db, a, (int64_t)t->id, step, &u, &n);
	int64_t *unit = bp_alloc_array(a, t->anew ? n = t->n_units : n, sizeof(*unit));

	for (size_t i = 0; i < n; i++)
		unit[i] = t->anew ? (int64_t)i : u[i].number;
	return e ? e : tr_overview_count(db, a, t->id, &v, unit, n);
}

static enum bp_error keep_step(const struct tr_edit *t, struct bp_db *db, int64_t step)
{
	struct tr_rows b;
	enum bp_error e;

	tr_rows_init(&b, db, t->id, step, NULL, q_design_step_put);
	for (size_t i = 0; i < t->d.n_outlets; i++)
		if (t->number[i] != t->kept[i] && !t->came[i]) {
			tr_rows_next(&b);
			bp_buf_printf(&b.text, "[%lld,%d,%d]", (long long)t->d.outlet[i].id, (int)t->kept[i], (int)t->number[i]);
		}
	e = tr_rows_end(&b);
	return e ? e : q_design_step_done(db, (int64_t)t->id, step, NULL);
}

enum bp_error tr_edit_keep(struct tr_edit *t, struct bp_db *db, struct bp_arena *a, uint64_t user)
{
	struct q_design_steps s;
	enum bp_error e = q_design_steps_forget(db, (int64_t)t->id, NULL);

	if (!e)
		e = q_design_steps(db, a, (int64_t)t->id, &s);
	if (!e)
		e = q_design_step_add(db, (int64_t)t->id, s.last + 1, (int64_t)user, NULL);
	if (!e)
		e = keep_made(t, db);
	if (!e)
		e = keep_followed(t, db);
	if (!e)
		e = keep_step(t, db, s.last + 1);
	if (!e)
		e = count_units(t, db, a, s.last + 1);
	return e ? e : keep_figures(t, db);
}

enum bp_error tr_edit_step(struct bp_db *db, struct bp_arena *a, uint64_t id, uint64_t territory, bool back, struct tr_edit *t, struct bp_fail *f)
{
	struct q_design_get head;
	struct q_design_steps s;
	enum bp_error e;

	*t = (struct tr_edit){.id = id, .territory = territory};
	e = get_ready(db, a, id, territory, &head, f);
	if (!e)
		e = q_design_steps(db, a, (int64_t)id, &s);
	if (!e && !(back ? s.done : s.undone))
		return bp_fail(f, BP_E_CONFLICT, "there is no step to %s", back ? "undo" : "redo");
	if (!e)
		e = back ? q_design_step_undone(db, (int64_t)id, s.last, NULL) : q_design_step_done(db, (int64_t)id, s.next, NULL);
	if (!e)
		e = q_design_step_mark(db, (int64_t)id, back ? s.last : s.next, back, NULL);
	if (!e)
		e = tr_edit_load(db, a, id, territory, t, f);
	if (e)
		return e;
	tr_edit_judge(t, a);
	e = keep_made(t, db);
	if (!e)
		e = keep_followed(t, db);
	if (!e)
		e = count_units(t, db, a, back ? s.last : s.next);
	return e ? e : keep_figures(t, db);
}

enum bp_error tr_scenario_follow(struct bp_db *db, struct bp_arena *a, uint64_t id, uint64_t territory, struct bp_fail *f)
{
	struct tr_edit t = {.id = id, .territory = territory};
	struct q_design_get s;
	enum bp_error e = q_design_get(db, a, (int64_t)id, (int64_t)territory, &s);

	if (!e)
		e = load(db, a, &s, &t, f);
	if (!e) {
		tr_edit_judge(&t, a);
		e = keep_made(&t, db);
	}
	if (!e)
		e = keep_followed(&t, db);
	if (!e)
		e = count_units(&t, db, a, 0);
	if (!e)
		e = keep_figures(&t, db);
	tr_edit_release(&t);
	return e;
}

enum bp_error tr_edit_rename(struct bp_db *db, struct bp_arena *a, uint64_t id, uint64_t territory, int64_t number, const char *name,
	struct bp_fail *f)
{
	struct q_design_get s;
	struct q_design_units *u;
	size_t n = 0;
	enum bp_error e = get_ready(db, a, id, territory, &s, f);

	if (!e)
		e = q_design_units(db, a, (int64_t)id, &u, &n);
	if (!e && (number < 0 || (size_t)number >= n))
		return bp_fail(f, BP_E_OPT_INPUT, "the scenario has no unit %lld", (long long)number);
	for (size_t i = 0; !e && i < n; i++)
		if (u[i].number != number && u[i].outlets && !strcmp(u[i].name, name))
			return bp_fail(f, BP_E_OPT_INPUT, "another unit of the scenario is named \"%s\"", name);
	return e ? e : q_design_unit_name(db, (int64_t)id, number, name, NULL);
}
