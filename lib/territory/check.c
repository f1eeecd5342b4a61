/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "territory/check.h"

#include <math.h>
#include <stdlib.h>

#include "plan/model.h"
#include "plan/work.h"
#include "queries.h"
#include "setting/setting.h"
#include "territory/boundary.h"
#include "territory/tree.h"

const char *const tr_unit_faults[] = {"TOO_LARGE", "LARGE", "TOO_SMALL", "EMPTY", "NESTED", "HEAVY", "OVERWORKED", "UNEVEN", NULL};

static int64_t larger(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

struct tr_limits tr_limits(void)
{
	struct tr_limits l = {.least = bp_setting(BP_SETTING_unit_least), .bytes = bp_setting(BP_SETTING_unit_snapshot_kb) << 10,
		.hours = bp_setting(BP_SETTING_unit_hours_most), .load = bp_setting(BP_SETTING_unit_load_percent)};

	l.most = larger(l.least, bp_setting(BP_SETTING_unit_most));
	l.warn = larger(l.most, bp_setting(BP_SETTING_unit_warn));
	return l;
}

const char *tr_size_fault(const struct tr_limits *l, int64_t outlets, int64_t *limit)
{
	*limit = outlets > l->warn ? l->warn : outlets > l->most ? l->most : l->least;
	return !outlets ? "EMPTY" : outlets > l->warn ? "TOO_LARGE" : outlets > l->most ? "LARGE" : outlets < l->least ? "TOO_SMALL" : NULL;
}

/* --- what lies in each territory, all beneath it included --- */

struct sum {
	int64_t outlets, placed;
	struct plan_work work;
};
struct tree {
	struct q_check_nodes *node; /* by id */
	struct sum *sum;
	size_t n;
	struct plan_policies policies;
};

static struct q_check_nodes *node_of(const struct tree *t, int64_t id)
{
	return bsearch(&id, t->node, t->n, sizeof(*t->node), plan_compare_id);
}

static void add(struct tree *t, int64_t territory, struct sum s)
{
	struct q_check_nodes *at = node_of(t, territory);

	while (at) {
		struct sum *v = &t->sum[at - t->node];

		v->outlets += s.outlets;
		v->placed += s.placed;
		v->work.visits += s.work.visits;
		v->work.minutes += s.work.minutes;
		at = at->parent_id.set ? node_of(t, at->parent_id.v) : NULL;
	}
}

static enum bp_error on_work(void *ctx, const void *row)
{
	const struct q_plan_work_kinds *r = row;
	struct tree *t = ctx;
	struct plan_work w = plan_work_of(&t->policies, r->territory_id, PLAN_ASKED(r));

	add(t, r->territory_id, (struct sum){.work = {w.visits * (double)r->needs, w.minutes * (double)r->needs}});
	return BP_E_OK;
}

static enum bp_error load(struct bp_db *db, struct bp_arena *a, int64_t territory, struct tree *t, int64_t *uncovered)
{
	struct q_check_outlets *o = NULL;
	size_t n = 0;
	enum bp_error e = q_check_nodes(db, a, territory, &t->node, &t->n);

	if (!e)
		e = q_check_outlets(db, a, territory, &o, &n);
	if (!e)
		e = plan_policies_load(db, a, (uint64_t)territory, &t->policies);
	if (e)
		return e;
	t->sum = bp_alloc_array(a, t->n, sizeof(*t->sum));
	for (size_t i = 0; i < n; i++) {
		const struct q_check_nodes *at = node_of(t, o[i].territory_id);

		add(t, o[i].territory_id, (struct sum){.outlets = o[i].outlets, .placed = o[i].placed});
		*uncovered += at && !at->unit && !at->above ? o[i].outlets : 0;
	}
	return q_plan_work_kinds(db, territory, on_work, t);
}

/* --- units --- */

/* `mean` is the hours of work of a unit. */
static const char *fault_of(const struct q_check_nodes *u, const struct sum *s, double mean, const struct tr_limits *l)
{
	int64_t limit;
	const char *size = tr_size_fault(l, s->outlets, &limit);
	double hours = s->work.minutes / 60;

	if (s->outlets && u->above)
		return "NESTED";
	return size ? size : hours > (double)l->hours ? "OVERWORKED" : u->bytes > l->bytes ? "HEAVY" : fabs(hours - mean) > mean * (double)l->load / 100 ? "UNEVEN" : NULL;
}

/* Of those that have outlets. */
static double mean_hours(const struct tree *t)
{
	double hours = 0;
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++)
		if (t->node[i].unit && t->sum[i].outlets) {
			hours += t->sum[i].work.minutes / 60;
			n++;
		}
	return n ? hours / (double)n : 0;
}

static void units(struct bp_arena *a, const struct tree *t, struct tr_check *c)
{
	double mean = mean_hours(t);

	c->unit = bp_alloc_array(a, t->n, sizeof(*c->unit));
	for (size_t i = 0; i < t->n; i++) {
		const struct q_check_nodes *u = &t->node[i];
		const struct sum *s = &t->sum[i];

		if (u->unit)
			c->unit[c->n_units++] = (struct tr_unit_size){u->id, s->outlets, s->placed, llround(s->work.visits), u->bytes, u->name,
				fault_of(u, s, mean, &c->limits), s->work.minutes / 60};
	}
}

/* --- levels --- */

static int by_size(const void *a, const void *b)
{
	double p = *(const double *)a, q = *(const double *)b;

	return (p > q) - (p < q);
}

static struct tr_spread *spread(struct bp_arena *a, double *v, size_t n)
{
	struct tr_spread *s = bp_alloc(a, sizeof(*s));

	qsort(v, n, sizeof(*v), by_size);
	*s = (struct tr_spread){v[0], (v[(n - 1) / 2] + v[n / 2]) / 2, v[n - 1]};
	return s;
}

static void count(struct tr_level_size *v, const struct q_check_nodes *u, int64_t n, double hours, double bytes, const struct tr_limits *l)
{
	bool over = hours > (double)l->hours, large = n > l->most || (over && n >= l->least);

	v->nodes++;
	v->units += u->unit;
	v->heavy += bytes > (double)l->bytes;
	v->overworked += over;
	*(n < l->least ? &v->small : large ? &v->large : &v->good) += 1;
	*(n < l->least ? &v->in_small : large ? &v->in_large : &v->in_good) += n;
	if (n && (n < l->least || n > l->most))
		v->misfit += (double)n * fabs(log((double)n / (double)(n < l->least ? l->least : l->most)));
}

/* The level where most outlets lie in territories of a good size, the narrower one of two; with none, the one that misses it least. */
static void recommend(struct tr_check *c)
{
	size_t best = 0;

	for (size_t i = 1; i < c->n_levels; i++) {
		const struct tr_level_size *v = &c->level[i], *b = &c->level[best];

		if (v->in_good > b->in_good || (v->in_good == b->in_good && (v->in_good || v->misfit < b->misfit)))
			best = i;
	}
	if (c->n_levels)
		c->level[best].recommended = true;
}

/* Only what is planned has a snapshot: others are taken to have as many bytes an outlet as those. */
static double bytes_an_outlet(const struct tree *t)
{
	double bytes = 0, outlets = 0;

	for (size_t i = 0; i < t->n; i++)
		if (t->node[i].bytes) {
			bytes += (double)t->node[i].bytes;
			outlets += (double)t->sum[i].outlets;
		}
	return outlets > 0 ? bytes / outlets : 0;
}

static void levels(struct bp_arena *a, const struct tree *t, struct tr_check *c)
{
	double *outlets = bp_alloc_array(a, t->n, sizeof(double)), *hours = bp_alloc_array(a, t->n, sizeof(double)),
	       *bytes = bp_alloc_array(a, t->n, sizeof(double)), each = bytes_an_outlet(t);

	c->level = bp_alloc_array(a, TR_LEVELS, sizeof(*c->level));
	for (int64_t rank = 1; rank <= TR_LEVELS; rank++) {
		struct tr_level_size *v = &c->level[c->n_levels];
		size_t n = 0;

		for (size_t i = 0; i < t->n; i++)
			if (t->node[i].rank == rank) {
				v->level = t->node[i].level;
				v->name = t->node[i].level_name;
				outlets[n] = (double)t->sum[i].outlets;
				hours[n] = t->sum[i].work.minutes / 60;
				bytes[n] = t->node[i].bytes ? (double)t->node[i].bytes : each * outlets[n];
				count(v, &t->node[i], t->sum[i].outlets, hours[n], bytes[n], &c->limits);
				n++;
			}
		if (!n)
			continue;
		v->outlets = spread(a, outlets, n);
		v->most = (int64_t)v->outlets->most;
		v->hours = spread(a, hours, n);
		v->bytes = spread(a, bytes, n);
		c->n_levels++;
	}
	recommend(c);
}

static enum bp_error count_outside(struct bp_db *db, struct bp_arena *a, int64_t territory, struct bp_opt_int *outside)
{
	struct tr_boundaries b = {0};
	struct tr_outside *v;
	struct bp_fail f = {0};
	bool may;
	size_t n;
	enum bp_error e = tr_boundaries_may_count(db, a, (uint64_t)territory, &may);

	if (!e && may)
		e = tr_boundaries_load(db, a, &territory, 1, &b);
	if (e || !b.n)
		return e;
	e = tr_boundaries_outside(db, a, &b, &v, &n, &f);
	*outside = (struct bp_opt_int){(int64_t)n, !e};
	return e == BP_E_OPT_INPUT ? BP_E_OK : e;
}

enum bp_error tr_check(struct bp_db *db, struct bp_arena *a, uint64_t territory, struct tr_check *out)
{
	struct q_check_nowhere nowhere;
	struct tree t = {0};
	enum bp_error e;

	*out = (struct tr_check){.limits = tr_limits()};
	e = load(db, a, (int64_t)territory, &t, &out->uncovered);
	if (!e)
		e = q_check_nowhere(db, a, &nowhere);
	if (!e)
		e = count_outside(db, a, (int64_t)territory, &out->outside);
	if (e)
		return e;
	out->nowhere = nowhere.outlets;
	units(a, &t, out);
	levels(a, &t, out);
	return BP_E_OK;
}
