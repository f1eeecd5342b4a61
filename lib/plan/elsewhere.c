/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/elsewhere.h"

#include <stdlib.h>
#include <string.h>

#include "base/time.h"

/* Days from today to a day of a cycle when it comes next. */
static int64_t days_to(int64_t today, int64_t anchor, int days, int day)
{
	int64_t n = (anchor + day - today) % days;

	return n < 0 ? n + days : n;
}

void plan_elsewhere_add(int32_t *busy, int64_t today, int64_t anchor, int days, int day, int32_t seconds)
{
	for (int64_t i = days_to(today, anchor, days, day); i < PLAN_VISITS_DAYS; i += days)
		busy[i] += seconds;
}

/* One seat's dates as days of the cycle. */
static void put(json_t *out, const struct q_session_get *s, int64_t today, int64_t seat, const int32_t *busy)
{
	int days = (int)s->weeks * 7;

	for (int day = 0; day < days; day++) {
		int32_t most = 0;

		for (int64_t i = days_to(today, s->anchor, days, day); i < PLAN_VISITS_DAYS; i += days)
			most = busy[i] > most ? busy[i] : most;
		if (most)
			json_array_append_new(out, json_pack("[I,i,i]", (json_int_t)seat, day, (int)most));
	}
}

enum bp_error plan_elsewhere(struct bp_db *db, struct bp_arena *a, uint64_t session, json_t **out)
{
	int32_t busy[PLAN_VISITS_DAYS];
	int64_t today = bp_today();
	struct q_elsewhere *r = NULL;
	struct q_session_get s;
	size_t n = 0;
	enum bp_error e = q_session_get(db, a, (int64_t)session, &s);

	if (!e)
		e = q_elsewhere(db, a, (int64_t)session, &r, &n);
	*out = e ? NULL : json_array();
	for (size_t i = 0; i < n && !e; i++) {
		if (!i || r[i].seat != r[i - 1].seat)
			memset(busy, 0, sizeof(busy));
		plan_elsewhere_add(busy, today, r[i].anchor, (int)r[i].weeks * 7, (int)r[i].day, (int32_t)r[i].seconds);
		if (i + 1 == n || r[i].seat != r[i + 1].seat)
			put(*out, &s, today, r[i].seat, busy);
	}
	return e;
}

void plan_elsewhere_apply(struct plan_model *m, json_t *list)
{
	json_t *v;
	size_t i;

	if (json_array_size(list))
		m->elsewhere = bp_alloc_array(m->arena, m->n_seats * (size_t)m->days, sizeof(*m->elsewhere));
	json_array_foreach(list, i, v) {
		int32_t seat = plan_model_seat(m, json_integer_value(json_array_get(v, 0)));
		json_int_t day = json_integer_value(json_array_get(v, 1));

		if (seat != RT_NONE && day >= 0 && day < m->days)
			m->elsewhere[seat * m->days + day] = (int32_t)json_integer_value(json_array_get(v, 2));
	}
}

/* The given tours, one after the other, have the room that they take. */
static void keep_given(const struct plan_model *m, int32_t *left)
{
	int32_t *needs = bp_xmalloc(((size_t)m->p.n_given + 1) * sizeof(*needs));
	const struct rt_given *v = m->p.given;

	for (int32_t i = 0, n; i < m->p.n_given; i += n) {
		int64_t at = (int64_t)v[i].seat * m->days + v[i].day, shift = rt_shift(&m->p, v[i].seat, v[i].day);
		struct rt_tour t;

		for (n = 0; i + n < m->p.n_given && v[i + n].seat == v[i].seat && v[i + n].day == v[i].day; n++)
			needs[n] = v[i + n].need;
		rt_tour_eval(&m->p, &m->params, v[i].seat, v[i].day, needs, n, &t, NULL);
		t.work = t.work > shift ? shift : t.work;
		left[at] = left[at] < t.work ? (int32_t)t.work : left[at];
	}
	free(needs);
}

int32_t *plan_elsewhere_left(struct plan_model *m)
{
	int32_t n = m->p.n_seats * m->days, *left;

	if (!m->elsewhere)
		return NULL;
	left = bp_alloc_array(m->arena, (size_t)n, sizeof(*left));
	for (int32_t i = 0; i < n; i++) {
		int64_t shift = rt_shift(&m->p, i / m->days, i % m->days);

		left[i] = shift > m->elsewhere[i] ? (int32_t)shift - m->elsewhere[i] : 0;
	}
	if (m->params.max_changed >= 0)
		keep_given(m, left);
	return left;
}
