/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/hold.h"

#include <stdlib.h>
#include <string.h>

bool plan_listed(const int64_t *sorted, size_t n, int64_t outlet)
{
	return n && bsearch(&outlet, sorted, n, sizeof(*sorted), plan_compare_id);
}

/* Where a need stands. */
struct standing {
	uint64_t days;
	int32_t seat;
	bool split; /* with several persons */
};

static void stand(struct standing *s, int32_t seat, int32_t day)
{
	s->split |= s->days && s->seat != seat;
	s->seat = seat;
	s->days |= UINT64_C(1) << day;
}

static struct standing *standing_of(const struct plan_model *m)
{
	struct standing *at = bp_xcalloc(m->n_needs + 1, sizeof(*at));

	for (int32_t i = 0; i < m->p.n_given; i++)
		stand(&at[m->p.given[i].need], m->p.given[i].seat, m->p.given[i].day);
	return at;
}

/* What a pin holds of its need (or RT_NONE), all of which stand as `at` says. Several persons are kept with their days. */
static int held(const struct plan_model *m, const struct q_draft_pins *pin, const struct standing *at, int32_t need)
{
	int hold = (int)pin->hold;

	if (need == RT_NONE || !at[need].days || !m->p.needs[need].days)
		return 0;
	return hold & PLAN_HOLD_PERSON && at[need].split ? hold | PLAN_HOLD_DAYS : hold;
}

int plan_pins_unheld(const struct plan_model *m, const struct rt_solution *out)
{
	struct standing *was = standing_of(m), *is = bp_xcalloc(m->n_needs + 1, sizeof(*is));
	int n = 0;

	for (int32_t i = 0; i < out->n_visits; i++)
		stand(&is[out->visits[i].need], out->visits[i].seat, out->visits[i].day);
	for (size_t k = 0; k < m->n_pins; k++) {
		int32_t i = plan_model_need(m, m->pins[k].need);
		int hold = held(m, &m->pins[k], was, i);

		n += hold && (!is[i].days || (hold & PLAN_HOLD_DAYS && was[i].days & ~is[i].days));
	}
	free(was);
	free(is);
	return n;
}

/* One list for each seat alone, behind the others; the index of the first. */
static int32_t add_seat_sets(struct plan_model *m)
{
	struct rt_problem *p = &m->p;
	int32_t first = p->n_seat_sets, used = first ? p->seat_set_off[first] : 0, *off, *set;

	off = bp_alloc_array(m->arena, (size_t)(first + p->n_seats) + 1, sizeof(*off));
	set = bp_alloc_array(m->arena, (size_t)(used + p->n_seats) + 1, sizeof(*set));
	for (int32_t i = 0; i <= first && first; i++)
		off[i] = p->seat_set_off[i];
	for (int32_t i = 0; i < used; i++)
		set[i] = p->seat_set[i];
	for (int32_t s = 0; s < p->n_seats; s++) {
		set[used + s] = s;
		off[first + s + 1] = used + s + 1;
	}
	p->n_seat_sets = first + p->n_seats;
	p->seat_set_off = off;
	p->seat_set = set;
	return first;
}

/* The need may be only where it stands, lists, closed days and gaps or not: a planner put it there knowing them.  Where nothing is left
 * open, or several persons share it, the solver keeps it whole. */
static void hold_need(struct rt_need *n, int hold, const struct standing *s, int32_t seat_sets)
{
	int visits = __builtin_popcountll(s->days);

	if (hold & PLAN_HOLD_PERSON)
		n->seat_set = s->split ? RT_NONE : seat_sets + s->seat;
	if (hold & PLAN_HOLD_DAYS) {
		n->days = s->days;
		n->gap = 0;
		n->visits = visits > n->visits ? visits : n->visits;
	}
	if (hold == (PLAN_HOLD_PERSON | PLAN_HOLD_DAYS))
		n->flags |= RT_FROZEN;
}

void plan_hold(struct plan_model *m)
{
	struct standing *at;
	int32_t sets;

	if (!m->n_pins && !m->n_only)
		return;
	at = standing_of(m);
	sets = add_seat_sets(m);
	for (size_t k = 0; k < m->n_pins; k++) {
		int32_t i = plan_model_need(m, m->pins[k].need);
		int hold = held(m, &m->pins[k], at, i);

		if (hold)
			hold_need(&m->p.needs[i], hold, &at[i], sets);
	}
	for (size_t i = 0; i < m->n_needs && m->n_only; i++) {
		if (plan_listed(m->only, m->n_only, m->needs[i].outlet))
			continue;
		if (at[i].days && m->p.needs[i].days)
			hold_need(&m->p.needs[i], PLAN_HOLD_PERSON | PLAN_HOLD_DAYS, &at[i], sets);
		else
			m->p.needs[i].days = 0;
	}
	free(at);
}

/* --- what the solver cannot weigh --- */

static bool has_place(const struct rt_problem *p, int32_t need)
{
	return p->places[p->needs[need].place].x != RT_NO_COORD;
}

/* A copy that may be changed. */
static void *own(struct bp_arena *a, const void *v, int32_t n, size_t size)
{
	void *out = bp_alloc_array(a, (size_t)n + 1, size);

	return v ? memcpy(out, v, (size_t)n * size) : out;
}

static void loosen(struct plan_model *m, struct plan_aside *x)
{
	int32_t days = rt_days(&m->p);

	x->visits = bp_alloc_array(m->arena, (size_t)m->p.n_given, sizeof(*x->visits));
	x->of_need = bp_alloc_array(m->arena, m->n_needs, sizeof(*x->of_need));
	m->p.needs = own(m->arena, x->whole.needs, m->p.n_needs, sizeof(*m->p.needs));
	m->p.given = own(m->arena, x->whole.given, m->p.n_given, sizeof(*m->p.given));
	m->p.seat_day_shift = own(m->arena, x->whole.seat_day_shift, m->p.n_seats * days, sizeof(*m->p.seat_day_shift));
	for (int32_t s = 0; s < m->p.n_seats && !x->whole.seat_day_shift; s++)
		for (int32_t d = 0; d < days; d++)
			m->p.seat_day_shift[s * days + d] = (int32_t)rt_shift(&x->whole, s, d);
}

static void take(struct plan_model *m, struct plan_aside *x, const struct rt_given *g)
{
	struct rt_need *n = &m->p.needs[g->need];

	if (!(n->days >> g->day & 1)) /* a second one of that day */
		return;
	x->visits[x->n++] = (struct rt_visit){g->need, g->day, g->seat, g->position};
	x->of_need[g->need]++;
	n->days &= ~(UINT64_C(1) << g->day);
	if (n->visits > 1) /* the last one goes with its days: it comes out unserved, and is put back */
		n->visits--;
}

/* The held visits of one given tour, v[0..n-1] of the given plan; may the solver not have them? */
static bool beyond(const struct plan_model *m, const struct rt_given *v, int32_t n, int32_t *needs)
{
	struct rt_tour t;
	int32_t k = 0;

	for (int32_t i = 0; i < n; i++) {
		if (!(m->p.needs[v[i].need].flags & RT_FROZEN) || !has_place(&m->p, v[i].need))
			continue;
		if (!rt_given_stands(&m->p, &v[i]))
			return true;
		needs[k++] = v[i].need;
	}
	rt_tour_eval(&m->p, &m->params, v->seat, v->day, needs, k, &t, NULL);
	return k && t.broken;
}

/* The tour that begins at v[0]: how many of the n given visits it has. */
static int32_t tour_length(const struct rt_given *v, int32_t n)
{
	int32_t k = 1;

	while (k < n && v[k].seat == v->seat && v[k].day == v->day)
		k++;
	return k;
}

int plan_tours_beyond(const struct plan_model *m)
{
	int32_t *needs = bp_xmalloc(((size_t)m->p.n_given + 1) * sizeof(*needs));
	int beyond_limits = 0;

	for (int32_t i = 0, n; i < m->p.n_given; i += n) {
		n = tour_length(m->p.given + i, m->p.n_given - i);
		beyond_limits += beyond(m, m->p.given + i, n, needs);
	}
	free(needs);
	return beyond_limits;
}

void plan_set_aside(struct plan_model *m, struct plan_aside *x)
{
	const struct rt_given *v = m->p.given;
	int32_t *needs, left = 0;

	*x = (struct plan_aside){.whole = m->p};
	if (!m->n_pins && !m->n_only)
		return;
	needs = bp_xmalloc(((size_t)m->p.n_given + 1) * sizeof(*needs));
	loosen(m, x);
	for (int32_t i = 0, n; i < x->whole.n_given; i += n) {
		bool shut;

		n = tour_length(v + i, x->whole.n_given - i);
		shut = beyond(m, v + i, n, needs);
		if (shut)
			m->p.seat_day_shift[v[i].seat * rt_days(&m->p) + v[i].day] = 0;
		for (int32_t k = i; k < i + n; k++)
			if (x->whole.needs[v[k].need].flags & RT_FROZEN && (shut || !has_place(&m->p, v[k].need)))
				take(m, x, &v[k]);
			else
				m->p.given[left++] = v[k];
	}
	m->p.n_given = left;
	free(needs);
}

enum bp_error plan_put_back(struct plan_model *m, const struct plan_aside *x, struct rt_solution *s, struct bp_fail *f)
{
	struct rt_verdict v;
	enum bp_error e;
	int32_t n = 0;

	m->p = x->whole;
	if (!s || !x->n)
		return BP_E_OK;
	s->visits = bp_xrealloc(s->visits, ((size_t)(s->n_visits + x->n) + 1) * sizeof(*s->visits));
	memcpy(s->visits + s->n_visits, x->visits, (size_t)x->n * sizeof(*x->visits));
	s->n_visits += x->n;
	rt_visits_sort(s->visits, s->n_visits);
	for (int32_t i = 0; i < s->n_unserved; i++)
		if (x->of_need[s->unserved[i].need] < m->p.needs[s->unserved[i].need].visits)
			s->unserved[n++] = s->unserved[i];
	s->n_unserved = n;
	s->plan_hash = rt_plan_hash(&m->p, s->visits, s->n_visits);
	/* What was set aside may break rules: only the costs are asked for. */
	e = rt_check(&m->p, &m->params, s, &v, f);
	if (!e)
		s->cost = v.cost;
	return e;
}
