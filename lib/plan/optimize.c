/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/optimize.h"

#include <stdlib.h>

#include "base/time.h"

static bool excluded(const int64_t *sorted, size_t n, int64_t outlet)
{
	return n && bsearch(&outlet, sorted, n, sizeof(*sorted), plan_compare_id);
}

static void take_out(struct plan_model *m, int64_t *exclude, size_t n)
{
	qsort(exclude, n, sizeof(*exclude), plan_compare_id);
	for (size_t i = 0; i < m->n_needs; i++)
		if (excluded(exclude, n, m->needs[i].outlet))
			m->p.needs[i].days = 0;
}

enum bp_error plan_optimize_size(struct bp_db *db, struct bp_arena *a, uint64_t plan, const int64_t *exclude, size_t n_exclude,
	struct plan_size *out, struct bp_fail *f)
{
	int64_t *sorted = bp_grow_array(a, (void *)(uintptr_t)exclude, n_exclude, n_exclude + 1, sizeof(*sorted));
	struct plan_model m;
	enum bp_error e = plan_model_load(db, a, plan, NULL, &m);

	*out = (struct plan_size){0};
	if (e)
		return e;
	qsort(sorted, n_exclude, sizeof(*sorted), plan_compare_id);
	for (size_t i = 0; i < m.n_needs; i++) {
		if (excluded(sorted, n_exclude, m.needs[i].outlet)) {
			out->excluded++;
		} else if (m.p.places[m.p.needs[i].place].x == RT_NO_COORD) {
			out->no_coordinates++;
		} else {
			out->needs++;
			out->visits += m.needs[i].visits;
		}
	}
	out->seconds = (int64_t)PLAN_GET(&m.profile, seconds);
	return rt_problem_size_check(&m.p, PLAN_NEEDS_MOST, PLAN_VISITS_MOST, f);
}

static enum bp_error load_given(struct bp_db *db, struct bp_arena *a, uint64_t session, struct plan_model *m)
{
	struct q_draft_stops *r;
	struct rt_given *g;
	int32_t last_seat = RT_NONE, last_day = RT_NONE, position = 0;
	int64_t today = bp_now() / 86400000000;
	size_t n;
	enum bp_error e = q_draft_stops(db, a, (int64_t)session, &r, &n);

	g = bp_alloc_array(a, n, sizeof(*g));
	m->given = bp_alloc_array(a, n, sizeof(*m->given));
	m->dated = bp_alloc_array(a, n, sizeof(*m->dated));
	for (size_t i = 0; i < n && !e; i++) {
		int32_t need = plan_model_need(m, r[i].need), seat = plan_model_seat(m, r[i].seat);

		if (need == RT_NONE || seat == RT_NONE || r[i].day >= m->days)
			continue;
		if (r[i].to.set) {
			if (r[i].to.v >= today)
				m->dated[m->n_dated++] = r[i];
			continue;
		}
		/* Rows come in the order of the tours. */
		position = seat == last_seat && r[i].day == last_day ? position + 1 : 0;
		last_seat = seat;
		last_day = (int32_t)r[i].day;
		m->given[m->p.n_given] = (struct plan_given){r[i].beat, r[i].from, (int)r[i].seq};
		g[m->p.n_given++] = (struct rt_given){need, seat, last_day, position};
	}
	m->p.given = g;
	return e;
}

enum bp_error plan_optimize_load(struct bp_db *db, struct bp_arena *a, uint64_t session, json_t *request, struct plan_model *m)
{
	json_t *exclude = json_object_get(request, "exclude"), *v;
	int64_t *ids = bp_alloc_array(a, json_array_size(exclude), sizeof(*ids));
	struct q_session_get s;
	enum bp_error e = q_session_get(db, a, (int64_t)session, &s);
	size_t i;

	if (!e)
		e = plan_model_load(db, a, (uint64_t)s.plan_id, NULL, m);
	if (e)
		return e;
	json_array_foreach(exclude, i, v)
		ids[i] = json_integer_value(v);
	take_out(m, ids, json_array_size(exclude));
	m->params.seed = (uint64_t)json_integer_value(json_object_get(request, "seed"));
	m->params.iterations = json_integer_value(json_object_get(request, "iterations"));
	if ((v = json_object_get(request, "seconds")))
		m->params.seconds = (double)json_integer_value(v);
	m->params.max_changed = (v = json_object_get(request, "maxChanged")) ? (int32_t)json_integer_value(v) : -1;
	return load_given(db, a, session, m);
}

/* A day of one call beside one of forty is nothing that a representative would walk: the search pays a second for each
 * second beyond the mean day. On 5,000 outlets the days are then 8 % off the mean for 8 % more travel; half of the price
 * gives 11 % and 2 %, but leaves days of one and of 18 calls where outlets are few and far between. */
#define EVEN_PERMILLE 500

enum bp_error plan_optimize_solve(struct plan_model *m, struct rt_solution *out, struct bp_fail *f)
{
	m->params.even_permille = EVEN_PERMILLE;
	return rt_solve(&m->p, &m->params, out, f);
}
