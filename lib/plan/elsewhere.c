/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/elsewhere.h"

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
