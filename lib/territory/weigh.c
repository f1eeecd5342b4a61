/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "territory/weigh.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "plan/model.h"
#include "plan/work.h"
#include "territory/rows.h"

struct outlets {
	struct plan_policies policies;
	struct q_design_outlets *v;
	size_t n;
};

static enum bp_error on_outlet(void *ctx, const void *row)
{
	const struct q_plan_work *r = row;
	struct outlets *w = ctx;
	struct q_design_outlets *o = w->n ? bsearch(&r->outlet_id, w->v, w->n, sizeof(*o), plan_compare_id) : NULL;

	if (o)
		o->work += plan_work_of(&w->policies, o->unit, PLAN_ASKED(r)).minutes;
	return BP_E_OK;
}

/* Outlets of no unit, among the others by their ids. */
static enum bp_error add_gaps(struct bp_db *db, struct bp_arena *a, uint64_t territory, struct q_design_outlets **v, size_t *n)
{
	struct q_design_gaps *g;
	size_t gaps = 0, at = *n, to;
	enum bp_error e = q_design_gaps(db, a, (int64_t)territory, &g, &gaps);

	if (e || !gaps)
		return e;
	*v = bp_grow_array(a, *v, *n, *n + gaps, sizeof(**v));
	for (to = *n += gaps; gaps; ) {
		const struct q_design_gaps *last = &g[gaps - 1];

		if (at && (*v)[at - 1].id > last->id) {
			(*v)[--to] = (*v)[--at];
			continue;
		}
		(*v)[--to] = (struct q_design_outlets){.id = last->id, .lat = last->lat, .lon = last->lon, .partner = last->partner, .postcode = last->postcode};
		gaps--;
	}
	return BP_E_OK;
}

enum bp_error tr_weigh_outlets(struct bp_db *db, struct bp_arena *a, uint64_t territory, struct q_design_outlets **v, size_t *n)
{
	struct outlets w;
	enum bp_error e = plan_policies_load(db, a, territory, &w.policies);

	if (!e)
		e = q_design_outlets(db, a, (int64_t)territory, v, n);
	if (!e)
		e = add_gaps(db, a, territory, v, n);
	w.v = *v;
	w.n = *n;
	return e ? e : q_plan_work(db, (int64_t)territory, on_outlet, &w);
}

struct node {
	int64_t id;
	struct plan_work work;
};
struct nodes {
	struct plan_policies policies;
	struct bp_arena arena;
	struct node *v;
	size_t n, cap;
};

static enum bp_error on_node(void *ctx, const void *row)
{
	const struct q_plan_work_models *r = row;
	struct nodes *w = ctx;
	struct plan_work one = plan_work_of(&w->policies, r->territory_id, PLAN_ASKED(r));

	if (!w->n || w->v[w->n - 1].id != r->node) {
		if (w->n == w->cap)
			w->v = bp_grow_array(&w->arena, w->v, w->n, w->cap = w->cap ? 2 * w->cap : 256, sizeof(*w->v));
		w->v[w->n++] = (struct node){.id = r->node};
	}
	w->v[w->n - 1].work.visits += one.visits * (double)r->needs;
	w->v[w->n - 1].work.minutes += one.minutes * (double)r->needs;
	return BP_E_OK;
}

static enum bp_error put_work(struct bp_db *db, int64_t scenario, const char *rows, uint64_t *affected)
{
	(void)scenario;
	return q_territory_stat_work(db, rows, affected);
}

enum bp_error tr_weigh_models(struct bp_db *db, struct bp_opt_int model)
{
	struct nodes w = {0};
	struct tr_rows b;
	enum bp_error e;

	bp_arena_init(&w.arena, 256u << 20);
	tr_rows_init(&b, db, 0, 0, put_work, NULL);
	e = plan_policies_load(db, &w.arena, 0, &w.policies);
	if (!e)
		e = q_plan_work_models(db, model, on_node, &w);
	for (size_t i = 0; i < w.n && !e; i++) {
		tr_rows_next(&b);
		bp_buf_printf(&b.text, "[%lld,%.3f,%.3f]", (long long)w.v[i].id, w.v[i].work.visits, w.v[i].work.minutes);
	}
	bp_arena_release(&w.arena);
	return e ? (bp_buf_release(&b.text), e) : tr_rows_end(&b);
}
