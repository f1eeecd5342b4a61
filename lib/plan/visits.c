/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/visits.h"

#include "base/time.h"
#include "plan/claim.h"
#include "plan/draft.h"
#include "plan/makeup.h"
#include "plan/rows.h"

_Static_assert(sizeof(struct q_draft_stops) == sizeof(struct q_visits_stops), "same columns");

/* Where stops become visits, or theirs go: in a list, between two days. */
struct stretch {
	struct bp_db *db;
	const struct plan_list *l;
	int64_t from, to;
};

static enum bp_error put_visits(void *ctx, const char *rows)
{
	const struct stretch *t = ctx;

	return q_visits_unfold(t->db, t->l->plan, t->l->version, t->l->territory, t->l->anchor, t->l->days, t->from, t->to, rows, NULL);
}

static enum bp_error drop_visits(void *ctx, const char *rows)
{
	const struct stretch *t = ctx;

	return q_visits_drop_replaced(t->db, t->l->plan, t->l->anchor, t->l->days, t->from, t->to, rows, NULL);
}

/* What is done with the stops of a version that another (0: none) does not have. */
static enum bp_error stops_without(struct stretch t, int64_t version, int64_t other, enum bp_error (*act)(void *ctx, const char *rows))
{
	const struct plan_list *l = t.l;
	struct q_visits_stops *r;
	struct bp_arena a;
	struct plan_rows b;
	size_t n = 0;
	enum bp_error e;

	bp_arena_init(&a, 1u << 30);
	e = q_visits_stops(t.db, &a, version, other, t.from == t.to ? BP_SOME_INT((t.from - l->anchor) % l->days) : BP_NO_INT, &r, &n);
	plan_rows_init_to(&b, act, &t);
	for (size_t i = 0; i < n; i++)
		plan_rows_stop(&b, (const struct q_draft_stops *)(const void *)&r[i]);
	bp_arena_release(&a);
	if (e)
		b.e = e;
	return plan_rows_end(&b);
}

static enum bp_error unfold_days(struct bp_db *db, const struct plan_list *l, int64_t old, int64_t from, int64_t to)
{
	enum bp_error e = stops_without((struct stretch){db, l, from, to}, l->version, old, put_visits);

	if (!e)
		e = q_holiday_drop_visits(db, l->plan, l->territory, from, to, NULL);
	if (!e)
		e = q_absence_drop_visits(db, l->plan, from, to, NULL);
	return e ? e : q_chain_drop_visits(db, l->plan, from, to, NULL);
}

/* Takes back what holidays have moved: the list is again as the version says, without them. */
static enum bp_error put_back(struct bp_db *db, struct bp_arena *a, const struct plan_list *l, int64_t from)
{
	struct q_makeup_days *d;
	size_t n;
	enum bp_error e = plan_makeup_undo(db, a, l, from, &d, &n);

	for (size_t i = 0; i < n && !e; i++)
		e = unfold_days(db, l, 0, d[i].day, d[i].day);
	return e;
}

/* A version holds from a day on; what was moved before is the past's, or another version's. */
static enum bp_error movable_from(struct bp_db *db, struct bp_arena *a, int64_t version, int64_t *from)
{
	struct q_plan_version_get v;
	enum bp_error e = q_plan_version_get(db, a, version, &v);

	*from = bp_today();
	if (!e && v.effective_date.set && v.effective_date.v > *from)
		*from = v.effective_date.v;
	return e;
}

enum bp_error plan_visits_unfold(struct bp_db *db, int64_t plan, int64_t version, int64_t old, int64_t territory, int64_t anchor, int days, int64_t from,
	int64_t to)
{
	const struct plan_list l = {plan, version, territory, anchor, days};
	struct bp_arena a;
	int64_t movable;
	enum bp_error e;

	bp_arena_init(&a, 1u << 30);
	e = movable_from(db, &a, version, &movable);
	if (!e)
		e = put_back(db, &a, &l, movable);
	if (!e && from <= to)
		e = unfold_days(db, &l, old, from, to);
	if (!e)
		e = plan_makeup_soon(db, &a, &l, movable);
	bp_arena_release(&a);
	return e;
}

enum bp_error plan_visits_renew(struct bp_db *db, struct bp_arena *a, const struct plan_list *l, int64_t effective)
{
	int64_t from = effective > bp_today() ? effective : bp_today(), to = from + PLAN_VISITS_DAYS - 1;
	struct q_makeup_days *moved;
	size_t n;
	enum bp_error e = plan_makeup_undo(db, a, l, from, &moved, &n);

	if (!e)
		e = q_visits_drop_holidays(db, l->plan, l->territory, from, to, NULL);
	if (!e && from <= to)
		e = unfold_days(db, l, 0, from, to);
	return e ? e : plan_makeup_do(db, a, l, from);
}

/* The days from which on the visit list is to say what a version says. */
struct unfolding {
	struct bp_db *db;
	const struct q_plan_get *plan; /* as it was before the commit */
	const struct q_plan_version_get *v;
	int64_t from, to;
	struct plan_list l;
};

static enum bp_error unfold(const struct unfolding *u, int64_t old, int64_t from, int64_t to)
{
	return from > to ? BP_E_OK : unfold_days(u->db, &u->l, old, from, to);
}

/* *old: the version that the list holds from `from` on, when one is known and has the same cycle; else 0. *last: the last day of the list. */
static enum bp_error listed_version(const struct unfolding *u, struct bp_arena *a, int64_t *old, int64_t *last)
{
	struct q_plan_version_get was;
	struct q_visits_last end = {0};
	enum bp_error e;

	*old = 0;
	if (!u->plan->current_version.set)
		return BP_E_OK;
	e = q_plan_version_get(u->db, a, u->plan->current_version.v, &was);
	if (!e)
		e = q_visits_last(u->db, a, u->plan->id, &end);
	if (e || !end.day.set || was.anchor != u->v->anchor || was.weeks != u->v->weeks || !was.effective_date.set || was.effective_date.v > u->from)
		return e;
	*old = was.id;
	*last = end.day.v < u->to ? end.day.v : u->to;
	return BP_E_OK;
}

/* Most commits change few stops: where it can be told, the others' visits are not even looked at. */
static enum bp_error renew_visits(const struct unfolding *u, struct bp_arena *a)
{
	int64_t old, last = u->to, days = u->v->weeks * 7;
	struct q_makeup_days *moved;
	bool back;
	size_t n;
	enum bp_error e = plan_claim(u->db, a, &u->l, u->plan->channel, u->from, &back);

	if (!e)
		e = listed_version(u, a, &old, &last);
	if (!e)
		e = plan_makeup_undo(u->db, a, &u->l, u->from, &moved, &n);
	if (!e && (n || back)) /* its days lack visits */
		old = 0;
	if (!e)
		e = q_visits_drop_behind(u->db, u->plan->id, u->to, NULL);
	if (!e)
		e = q_visits_drop_holidays(u->db, u->plan->id, u->plan->territory_id, u->from, u->to, NULL);
	if (!e)
		e = old ? stops_without((struct stretch){u->db, &u->l, u->from, u->to}, old, u->v->id, drop_visits)
			: q_visits_drop_changed(u->db, u->plan->id, u->v->id, u->v->anchor, days, u->from, NULL);
	if (!e)
		e = unfold(u, old, u->from, last);
	if (!e)
		e = unfold(u, 0, last + 1 > u->from ? last + 1 : u->from, u->to);
	return e ? e : plan_makeup_soon(u->db, a, &u->l, u->from);
}

/* Until the cycle begins the list goes on with what it holds of another version, or of an earlier cycle. */
static enum bp_error first_day(struct bp_db *db, struct bp_arena *a, const struct q_plan_get *plan, const struct q_plan_version_get *v, int64_t *effective)
{
	struct q_plan_version_get was;
	enum bp_error e;

	if (!plan->current_version.set || *effective >= v->anchor)
		return BP_E_OK;
	e = q_plan_version_get(db, a, plan->current_version.v, &was);
	if (!e && (was.anchor != v->anchor || !was.effective_date.set || was.effective_date.v >= v->anchor))
		*effective = v->anchor;
	return e;
}

/* Of plans whose units have ended go the visits to what this one visits now. */
static enum bp_error drop_ended(struct bp_db *db, struct bp_arena *a, const struct q_plan_get *plan, int64_t from)
{
	struct q_visits_ended_plans *p;
	size_t n = 0;
	enum bp_error e = q_visits_ended_plans(db, a, plan->id, plan->channel, from, &p, &n);

	for (size_t i = 0; i < n && !e; i++)
		e = q_visits_drop_ended(db, p[i].id, plan->territory_id, from, NULL);
	return e;
}

enum bp_error plan_version_commit(struct bp_db *db, struct bp_arena *a, uint64_t version, int64_t effective)
{
	struct q_plan_version_get v;
	struct q_plan_get plan;
	enum bp_error e = q_plan_version_get(db, a, (int64_t)version, &v);

	if (!e)
		e = q_plan_get(db, a, v.plan_id, &plan);
	if (!e)
		e = first_day(db, a, &plan, &v, &effective);
	if (!e)
		e = q_plan_version_committed(db, (int64_t)version, effective, NULL);
	if (!e)
		e = q_plan_commit(db, v.plan_id, (int64_t)version, NULL);
	if (!e)
		e = drop_ended(db, a, &plan, effective);
	return e ? e : renew_visits(&(struct unfolding){db, &plan, &v, effective, effective + PLAN_VISITS_DAYS - 1,
		{plan.id, v.id, plan.territory_id, v.anchor, (int)v.weeks * 7}}, a);
}

enum bp_error plan_version_again(struct bp_db *db, struct bp_arena *a, uint64_t version, int64_t from)
{
	struct q_plan_version_get v;
	struct q_plan_get plan;
	enum bp_error e = q_plan_version_get(db, a, (int64_t)version, &v);

	if (!e)
		e = q_plan_get(db, a, v.plan_id, &plan);
	if (e)
		return e;
	if (v.effective_date.set && v.effective_date.v > from)
		from = v.effective_date.v;
	e = renew_visits(&(struct unfolding){db, &plan, &v, from, from + PLAN_VISITS_DAYS - 1,
		{plan.id, v.id, plan.territory_id, v.anchor, (int)v.weeks * 7}}, a);
	return e ? e : q_plan_commit(db, v.plan_id, (int64_t)version, NULL);
}
