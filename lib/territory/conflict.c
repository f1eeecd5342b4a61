/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "territory/conflict.h"

#include <string.h>

#include "plan/model.h"
#include "plan/work.h"

const char *const tr_causes[] = {
#define CAUSE(name, kind, what, remedy) #name,
#include "territory/conflicts.def"
#undef CAUSE
	NULL};
const char *const tr_conflict_kinds[] = {"MULTI_TERRITORY", "MULTI_ADVISOR", "CAPACITY", "ORPHAN", NULL};
const struct tr_cause_info tr_cause_infos[TR_CAUSE__MAX] = {
#define CAUSE(name, kind, what, remedy) {#kind, what, remedy},
#include "territory/conflicts.def"
#undef CAUSE
};

struct teller {
	tr_conflict_fn *fn;
	void *ctx;
};

static enum bp_error on_row(void *ctx, const void *row)
{
	const struct q_conflict_each *r = row;
	const struct teller *t = ctx;
	struct tr_conflict c = {0, r->id, r->outlet_id, r->outlet_code, r->outlet_name, r->unit, r->seat, r->other, r->outlets, BP_NO_NUM, BP_NO_NUM};

	while (strcmp(tr_causes[c.cause], r->cause))
		c.cause++;
	return t->fn(t->ctx, &c);
}

struct load {
	int64_t seat, needs;
	const char *code, *unit;
	double minutes, has;
};
struct loads {
	struct plan_policies policies;
	struct bp_arena *arena;
	struct load *v;
	size_t n, cap;
};

static enum bp_error on_bound(void *ctx, const void *row)
{
	const struct q_conflict_bound *r = row;
	struct loads *w = ctx;

	if (!w->n || w->v[w->n - 1].seat != r->seat_id) {
		if (w->n == w->cap)
			w->v = bp_grow_array(w->arena, w->v, w->n, w->cap = w->cap ? 2 * w->cap : 256, sizeof(*w->v));
		w->v[w->n++] = (struct load){.seat = r->seat_id, .code = bp_strdup(w->arena, r->seat), .unit = r->unit ? bp_strdup(w->arena, r->unit) : NULL,
			.has = plan_seat_minutes(&w->policies, r->seat_place.v, r->seat_channel, r->shift_minutes, r->work_weekdays, r->starts)};
	}
	w->v[w->n - 1].minutes += plan_work_of(&w->policies, r->territory_id, PLAN_ASKED(r)).minutes * (double)r->needs;
	w->v[w->n - 1].needs += r->needs;
	return BP_E_OK;
}

enum bp_error tr_conflicts(struct bp_db *db, struct bp_arena *a, uint64_t territory, tr_conflict_fn *fn, void *ctx)
{
	struct teller t = {fn, ctx};
	struct loads w = {.arena = a};
	enum bp_error e = q_conflict_each(db, (int64_t)territory, on_row, &t);

	if (!e)
		e = plan_policies_load(db, a, territory, &w.policies);
	if (!e)
		e = q_conflict_bound(db, (int64_t)territory, on_bound, &w);
	for (size_t i = 0; i < w.n && !e; i++)
		if (w.v[i].minutes > w.v[i].has)
			e = fn(ctx, &(struct tr_conflict){.cause = TR_CAUSE_OVERLOAD, .id = w.v[i].seat, .unit = w.v[i].unit, .seat = w.v[i].code,
				.outlets = w.v[i].needs, .hours = BP_SOME_NUM(w.v[i].minutes / 60), .has_hours = BP_SOME_NUM(w.v[i].has / 60)});
	return e;
}
