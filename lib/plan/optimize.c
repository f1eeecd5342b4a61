/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/optimize.h"

#include <math.h>
#include <stdlib.h>

#include "base/time.h"
#include "job/job.h"
#include "plan/elsewhere.h"
#include "plan/hold.h"

static int64_t *sorted_copy(struct bp_arena *a, const int64_t *ids, size_t n)
{
	int64_t *out = bp_alloc_array(a, n, sizeof(*out));

	for (size_t i = 0; i < n; i++)
		out[i] = ids[i];
	qsort(out, n, sizeof(*out), plan_compare_id);
	return out;
}

/* Outlet ids of a list of the request, sorted. */
static int64_t *requested(struct plan_model *m, json_t *list, size_t *n)
{
	int64_t *ids = bp_alloc_array(m->arena, json_array_size(list), sizeof(*ids));
	json_t *v;
	size_t i;

	json_array_foreach(list, i, v)
		ids[i] = json_integer_value(v);
	*n = json_array_size(list);
	qsort(ids, *n, sizeof(*ids), plan_compare_id);
	return ids;
}

static void take_out(struct plan_model *m, const int64_t *exclude, size_t n)
{
	for (size_t i = 0; i < m->n_needs; i++)
		if (plan_listed(exclude, n, m->needs[i].outlet))
			m->p.needs[i].days = 0;
}

enum bp_error plan_optimize_size(struct bp_db *db, struct bp_arena *a, const struct q_session_get *s, const struct plan_choice *c,
	struct plan_size *out, struct bp_fail *f)
{
	const int64_t *exclude = sorted_copy(a, c->exclude, c->n_exclude), *only = sorted_copy(a, c->only, c->n_only);
	struct plan_model m;
	enum bp_error e = plan_model_load(db, a, (uint64_t)s->plan_id, &(struct plan_cycle){s->anchor, s->weeks}, NULL, &m);

	*out = (struct plan_size){0};
	if (e)
		return e;
	for (size_t i = 0; i < m.n_needs; i++) {
		if (plan_listed(exclude, c->n_exclude, m.needs[i].outlet)) {
			out->excluded++;
		} else if (c->n_only && !plan_listed(only, c->n_only, m.needs[i].outlet)) {
			out->kept++;
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

enum { RUNS_MOST = 40, RUNS_ENOUGH = 3, SIZE_APART = 2 };

static int compare_num(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *v, size_t n)
{
	qsort(v, n, sizeof(*v), compare_num);
	return n ? v[n / 2] : 0;
}

/* By the runs that are no more than so many times as large or as small; how many they are. */
static size_t pace_of(const struct q_job_runs *r, size_t n, double visits, double apart, struct plan_pace *out)
{
	double around[RUNS_MOST], steps[RUNS_MOST];
	size_t k = 0, n_steps = 0;

	for (size_t i = 0; i < n; i++) {
		json_t *o = json_loads(r[i].result, 0, NULL);
		double calls = json_number_value(json_object_get(o, "calls")), search = json_number_value(json_object_get(o, "seconds")),
		       done = json_number_value(json_object_get(o, "iterations"));

		json_decref(o);
		if (calls <= 0 || calls > visits * apart || calls * apart < visits)
			continue;
		around[k++] = r[i].seconds > search ? r[i].seconds - search : 0;
		if (done > 0)
			steps[n_steps++] = search * 1e6 / done;
	}
	out->runs = (int64_t)k;
	out->overhead = median(around, k);
	out->per_million = median(steps, n_steps);
	return k;
}

enum bp_error plan_optimize_pace(struct bp_db *db, struct bp_arena *a, int64_t visits, struct plan_pace *out)
{
	struct q_job_runs *r;
	struct q_job_unended open;
	size_t n = 0;
	enum bp_error e = q_job_runs(db, a, bp_job_kinds[BP_JOB_OPTIMIZE].name, RUNS_MOST, &r, &n);

	*out = (struct plan_pace){0};
	if (!e)
		e = q_job_unended(db, a, bp_job_kinds[BP_JOB_OPTIMIZE].name, &open);
	if (e)
		return e;
	if (pace_of(r, n, (double)visits, SIZE_APART, out) < RUNS_ENOUGH)
		pace_of(r, n, (double)visits, INFINITY, out);
	out->ahead = open.n;
	return BP_E_OK;
}

double plan_optimize_takes(const struct plan_pace *p, double seconds, double steps)
{
	return p->overhead + (steps > 0 ? steps / 1e6 * p->per_million : seconds);
}

void plan_optimize_given(struct plan_model *m, const struct q_draft_stops *r, size_t n)
{
	struct rt_given *g = bp_alloc_array(m->arena, n, sizeof(*g));
	int32_t last_seat = RT_NONE, last_day = RT_NONE, position = 0;
	int64_t today = bp_today();

	m->given = bp_alloc_array(m->arena, n, sizeof(*m->given));
	m->dated = bp_alloc_array(m->arena, n, sizeof(*m->dated));
	for (size_t i = 0; i < n; i++) {
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
	plan_hold(m);
}

static enum bp_error load_given(struct bp_db *db, struct bp_arena *a, uint64_t session, struct plan_model *m)
{
	struct q_draft_stops *r;
	size_t n;
	enum bp_error e = q_draft_stops(db, a, (int64_t)session, &r, &n);

	if (!e)
		e = plan_model_pins(db, m, session, 0);
	if (!e)
		plan_optimize_given(m, r, n);
	return e;
}

void plan_optimize_request(struct plan_model *m, json_t *request)
{
	json_t *v;
	size_t n;
	const int64_t *exclude = requested(m, json_object_get(request, "exclude"), &n);

	take_out(m, exclude, n);
	m->only = requested(m, json_object_get(request, "only"), &m->n_only);
	m->params.seed = (uint64_t)json_integer_value(json_object_get(request, "seed"));
	m->params.iterations = json_integer_value(json_object_get(request, "iterations"));
	if ((v = json_object_get(request, "seconds")))
		m->params.seconds = (double)json_integer_value(v);
	m->params.max_changed = (v = json_object_get(request, "maxChanged")) ? (int32_t)json_integer_value(v) : -1;
	plan_elsewhere_apply(m, json_object_get(request, "elsewhere"));
}

enum bp_error plan_optimize_load(struct bp_db *db, struct bp_arena *a, uint64_t session, json_t *request, struct plan_model *m)
{
	struct q_session_get s;
	enum bp_error e = q_session_get(db, a, (int64_t)session, &s);

	if (!e)
		e = plan_model_load(db, a, (uint64_t)s.plan_id, &(struct plan_cycle){s.anchor, s.weeks}, NULL, m);
	if (e)
		return e;
	plan_optimize_request(m, request);
	return load_given(db, a, session, m);
}

/* A day of one call beside one of forty is nothing that a representative would walk.  A cap on calls and a small price
 * of uneven days together: on the demo's territories the days are then 47 and 21 % off their mean, for less travel than with
 * either alone; a price of 500 gives 34 and 11 % for 7 % more, and visits stay out. */
#define EVEN_DAYS 1.12
#define EVEN_PERMILLE 250
#define EVEN_SHARE 0.85 /* of the budget; the rest mends what the even days left out, or polishes */

/* Mean calls of a working day, spread over the seats alike. */
static double mean_calls(const struct plan_model *m)
{
	double visits = 0, days = 0;

	for (int32_t i = 0; i < m->p.n_needs; i++)
		if (m->p.places[m->p.needs[i].place].x != RT_NO_COORD && m->p.needs[i].days)
			visits += m->p.needs[i].visits;
	for (int32_t s = 0; s < m->p.n_seats; s++)
		days += __builtin_popcountll(m->p.seats[s].days);
	return days > 0 ? visits / days : 0;
}

static bool left_out(const struct rt_solution *s)
{
	for (int32_t i = 0; i < s->n_unserved; i++)
		if (s->unserved[i].reason >= RT_CAPACITY_CALLS) /* also where calls and hours together are in the way */
			return true;
	return false;
}

/* The found plan as the one to go on from; moving away from it costs nothing. */
static void go_on_from(struct plan_model *m, const struct rt_solution *s)
{
	m->p.given = bp_alloc_array(m->arena, (size_t)s->n_visits + 1, sizeof(*m->p.given));
	m->p.n_given = s->n_visits;
	m->given = NULL;
	for (int32_t i = 0; i < s->n_visits; i++)
		m->p.given[i] = (struct rt_given){s->visits[i].need, s->visits[i].seat, s->visits[i].day, s->visits[i].position};
	m->params.price_day = m->params.price_person = m->params.price_beat = 0;
}

/* What has to stay and cannot be weighed is no part of the search. */
static enum bp_error solve_around(struct plan_model *m, struct rt_solution *out, struct bp_fail *f)
{
	struct plan_aside aside;
	enum bp_error e, back;

	plan_set_aside(m, &aside);
	e = rt_solve(&m->p, &m->params, out, f);
	back = plan_put_back(m, &aside, e ? NULL : out, f);
	return e ? e : back;
}

static enum bp_error solve_days(struct plan_model *m, struct rt_solution *out, struct bp_fail *f)
{
	int32_t cap = (int32_t)(mean_calls(m) * EVEN_DAYS + 1), *most;
	struct rt_params whole = m->params;
	struct rt_solution even;
	enum bp_error e;

	m->params.even_permille = whole.even_permille = EVEN_PERMILLE;
	/* A plan that is changed keeps its days as they are. */
	if (m->p.n_given || m->params.max_changed >= 0)
		return solve_around(m, out, f);
	most = bp_alloc_array(m->arena, m->n_seats + 1, sizeof(*most));
	for (size_t s = 0; s < m->n_seats; s++) {
		most[s] = m->p.seats[s].max_calls;
		if (!most[s] || most[s] > cap)
			m->p.seats[s].max_calls = cap;
	}
	m->params.seconds = whole.seconds * EVEN_SHARE;
	m->params.iterations = (int64_t)((double)whole.iterations * EVEN_SHARE) + (whole.iterations > 0);
	rt_solution_init(&even);
	e = rt_solve(&m->p, &m->params, &even, f);
	for (size_t s = 0; s < m->n_seats && !e && left_out(&even); s++)
		m->p.seats[s].max_calls = most[s];
	if (!e) {
		go_on_from(m, &even);
		m->params.seconds = whole.seconds - even.seconds;
		m->params.iterations = whole.iterations ? whole.iterations - even.iterations : 0;
		if (m->params.seconds < 0.1)
			m->params.seconds = 0.1;
		if (whole.iterations && m->params.iterations < 1)
			m->params.iterations = 1;
		e = rt_solve(&m->p, &m->params, out, f);
		out->iterations += even.iterations;
		out->seconds += even.seconds;
		/* Nothing was given to begin with. */
		out->cost.changed = 0;
	}
	rt_solution_release(&even);
	return e;
}

/* What other plans take of a day is no part of it while a plan is sought; what it costs is told by whole days, as ever. */
static enum bp_error with_days_left(struct plan_model *m, enum bp_error (*solve)(struct plan_model *, struct rt_solution *, struct bp_fail *),
	struct rt_solution *out, struct bp_fail *f)
{
	struct rt_verdict v;
	int32_t changed;
	enum bp_error e;

	m->p.seat_day_shift = plan_elsewhere_left(m);
	e = solve(m, out, f);
	m->p.seat_day_shift = NULL;
	changed = out->cost.changed;
	if (!e && m->elsewhere && !(e = rt_check(&m->p, &m->params, out, &v, f))) {
		out->cost = v.cost;
		out->cost.changed = changed;
	}
	return e;
}

enum bp_error plan_optimize_solve(struct plan_model *m, struct rt_solution *out, struct bp_fail *f)
{
	return with_days_left(m, solve_days, out, f);
}

static enum bp_error solve_simply(struct plan_model *m, struct rt_solution *out, struct bp_fail *f)
{
	return rt_fallback(&m->p, &m->params, out, f);
}

enum bp_error plan_optimize_simply(struct plan_model *m, struct rt_solution *out, struct bp_fail *f)
{
	return with_days_left(m, solve_simply, out, f);
}
