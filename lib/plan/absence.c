/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/absence.h"

#include "base/time.h"
#include "plan/visits.h"

const char *const plan_absence_kinds[] = {"LEAVE", "SICK", "TRAINING", "VACANT", "OTHER", NULL};

/* Unfolding adds what is missing, and leaves out what nobody makes. */
enum bp_error plan_absence_renew(struct bp_db *db, struct bp_arena *a, int64_t seat, int64_t from, int64_t to)
{
	struct q_absence_plans *p = NULL;
	size_t n = 0;
	enum bp_error e = BP_E_OK;

	from = from < bp_today() ? bp_today() : from;
	if (from <= to)
		e = q_absence_plans(db, a, seat, bp_today(), &p, &n);
	for (size_t i = 0; i < n && !e; i++) {
		int64_t first = p[i].effective > from ? p[i].effective : from, last = p[i].last < to ? p[i].last : to;

		if (first <= last)
			e = plan_visits_unfold(db, p[i].id, p[i].version_id, 0, p[i].territory_id, p[i].anchor, (int)p[i].weeks * 7, first, last);
	}
	return e;
}

static int64_t last_day(struct bp_opt_int to)
{
	return to.set ? to.v : INT64_MAX;
}

enum bp_error plan_absence_clash(struct bp_db *db, struct bp_arena *a, const struct plan_absence *x, struct q_absence_clash *other)
{
	struct q_absence_turn turn;
	enum bp_error e = q_absence_turn(db, a, x->seat, &turn);

	return e ? e : q_absence_clash(db, a, x->seat, x->id, x->from, x->to, other);
}

enum bp_error plan_absence_put(struct bp_db *db, struct bp_arena *a, struct plan_absence *x)
{
	struct q_absence_get was = {.from = x->from, .to = x->to};
	enum bp_error e = x->id ? q_absence_get(db, a, x->seat, x->id, &was) : BP_E_OK;

	if (!e)
		e = x->id ? q_absence_change(db, x->id, x->from, x->to, x->kind, x->relief, x->note, NULL)
			  : q_absence_add(db, x->seat, x->from, x->to, x->kind, x->relief, x->note, NULL);
	if (!e && !x->id)
		x->id = (int64_t)bp_db_insert_id(db);
	return e ? e : plan_absence_renew(db, a, x->seat, was.from < x->from ? was.from : x->from,
		last_day(was.to) > last_day(x->to) ? last_day(was.to) : last_day(x->to));
}

enum bp_error plan_absence_drop(struct bp_db *db, struct bp_arena *a, int64_t seat, int64_t id)
{
	struct q_absence_get was;
	enum bp_error e = q_absence_get(db, a, seat, id, &was);

	if (!e)
		e = q_absence_drop(db, id, NULL);
	return e ? e : plan_absence_renew(db, a, seat, was.from, last_day(was.to));
}
