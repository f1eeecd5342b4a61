/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/makeup.h"

#include <stdlib.h>
#include <string.h>

#include "plan/holiday.h"
#include "setting/setting.h"

enum { APART = 2, AROUND = 30 /* days of the list that are looked at on each side: the longest least gap and APART */, WINDOW = 2 * AROUND + 1 };

struct tour {
	struct q_makeup_stops *v; /* in order */
	int32_t *need;            /* their places in the model, RT_NONE = it has left the plan */
	size_t n, room;
};
struct dates {
	int64_t *v;
	size_t n, room;
};
struct work {
	struct bp_db *db;
	struct bp_arena *a;
	const struct plan_list *l;
	int64_t from;
	struct plan_model m;
	struct q_makeup_holidays *free; /* days of the whole of the territory */
	size_t n_free;
	struct q_makeup_closed *closed; /* needs of a place that is closed on a day, by day and need */
	size_t n_closed;
	/* The visit list around a holiday. */
	int64_t first;      /* date of the window */
	struct tour *tours; /* [seat * WINDOW + date - first] */
	struct dates *of;   /* of each need, in no order */
};

static struct tour *tour_on(const struct work *w, int32_t seat, int64_t date)
{
	return &w->tours[(size_t)seat * WINDOW + (size_t)(date - w->first)];
}

static void add(struct work *w, const struct q_makeup_stops *s, int64_t date)
{
	int32_t need = plan_model_need(&w->m, s->need), seat = plan_model_seat(&w->m, s->seat);
	struct tour *t = seat == RT_NONE ? NULL : tour_on(w, seat, date);
	struct dates *d = need == RT_NONE ? NULL : &w->of[need];

	if (t && t->n == t->room) {
		t->room = t->room ? 2 * t->room : 32;
		t->v = bp_grow_array(w->a, t->v, t->n, t->room, sizeof(*t->v));
		t->need = bp_grow_array(w->a, t->need, t->n, t->room, sizeof(*t->need));
	}
	if (t) {
		t->v[t->n] = *s;
		t->need[t->n++] = need;
	}
	if (d && d->n == d->room)
		d->v = bp_grow_array(w->a, d->v, d->n, d->room = d->room ? 2 * d->room : 8, sizeof(*d->v));
	if (d)
		d->v[d->n++] = date;
}

static enum bp_error look_around(struct work *w, int64_t holiday)
{
	struct q_makeup_around *v;
	size_t n = 0;
	enum bp_error e = q_makeup_around(w->db, w->a, w->l->plan, holiday - AROUND, holiday + AROUND, &v, &n);

	w->first = holiday - AROUND;
	w->tours = bp_alloc_array(w->a, w->m.n_seats * WINDOW, sizeof(*w->tours));
	w->of = bp_alloc_array(w->a, w->m.n_needs, sizeof(*w->of));
	memset(w->tours, 0, w->m.n_seats * WINDOW * sizeof(*w->tours));
	memset(w->of, 0, w->m.n_needs * sizeof(*w->of));
	for (size_t i = 0; i < n; i++)
		add(w, &(struct q_makeup_stops){v[i].need, v[i].seat, v[i].beat}, v[i].day);
	return e;
}

enum bp_error plan_makeup_undo(struct bp_db *db, struct bp_arena *a, const struct plan_list *l, int64_t from, struct q_makeup_days **days, size_t *n)
{
	enum bp_error e = q_makeup_days(db, a, l->plan, from, days, n);

	if (!e && *n)
		e = q_makeup_drop_visits(db, l->plan, from, NULL);
	return e || !*n ? e : q_makeup_forget(db, l->plan, from, NULL);
}

static bool is_free(const struct work *w, int64_t day)
{
	for (size_t i = 0; i < w->n_free; i++)
		if (w->free[i].day == day)
			return true;
	return false;
}

/* Of their days; of the same day by need. */
static int compare_closed(const void *x, const void *y)
{
	const struct q_makeup_closed *a = x, *b = y;

	return a->day != b->day ? (a->day > b->day) - (a->day < b->day) : (a->need > b->need) - (a->need < b->need);
}

/* Has the place where it lies a holiday of its own on that date? */
static bool is_closed(const struct work *w, int64_t need, int64_t date)
{
	const struct q_makeup_closed key = {.day = date, .need = need};

	return w->n_closed && bsearch(&key, w->closed, w->n_closed, sizeof(key), compare_closed);
}

/* Does the seat work on that date? */
static bool works(const struct work *w, int32_t seat, int64_t date)
{
	return w->m.p.seats[seat].days >> plan_model_day(&w->m, date) & 1 && !is_free(w, date) && !plan_model_away(&w->m, w->m.seats[seat].id, date);
}

/* Is another visit of it too near, or on that very day? */
static bool too_near(const struct work *w, int32_t need, int64_t date)
{
	for (size_t i = 0; i < w->of[need].n; i++)
		if (w->of[need].v[i] == date || llabs(w->of[need].v[i] - date) < w->m.p.needs[need].gap)
			return true;
	return false;
}

/* May it be the last visit of that day? */
static bool fits_on(const struct work *w, int32_t need, int32_t seat, int64_t date)
{
	const struct tour *on = tour_on(w, seat, date);
	int32_t *needs = bp_xmalloc((on->n + 1) * sizeof(*needs)), n = 0;
	struct rt_tour t;

	for (size_t i = 0; i < on->n; i++)
		if (on->need[i] != RT_NONE)
			needs[n++] = on->need[i];
	needs[n++] = need;
	rt_tour_eval(&w->m.p, &w->m.params, seat, plan_model_day(&w->m, date), needs, n, &t, NULL);
	free(needs);
	return !(t.broken & (RT_BROKEN_SHIFT | RT_BROKEN_CALLS | RT_BROKEN_LOAD | RT_BROKEN_WINDOW | RT_BROKEN_DAY | RT_BROKEN_CHAIN));
}

/* It is the last of that day from now on. */
static enum bp_error put(struct work *w, const struct q_makeup_stops *s, int64_t date, int64_t for_day)
{
	int64_t pos = (int64_t)tour_on(w, plan_model_seat(&w->m, s->seat), date)->n;
	enum bp_error e;

	add(w, s, date);
	e = q_makeup_put(w->db, w->l->plan, date, s->need, s->seat, s->beat, pos, w->l->version, NULL);
	return e ? e : q_makeup_note(w->db, w->l->plan, date, s->need, for_day, NULL);
}

static enum bp_error make_up(struct work *w, int64_t holiday, const struct q_makeup_stops *s, size_t n)
{
	enum bp_error e = BP_E_OK;

	for (size_t i = 0; i < n && !e; i++) {
		int32_t need = plan_model_need(&w->m, s[i].need), seat = plan_model_seat(&w->m, s[i].seat);
		bool done = need == RT_NONE || seat == RT_NONE || plan_model_away(&w->m, s[i].seat, holiday);

		/* The day after, the day before, two after ... */
		for (int k = 0; k < 2 * APART && !done && !e; k++) {
			int64_t date = holiday + (k % 2 ? -1 : 1) * (k / 2 + 1);

			if (date < w->from || !works(w, seat, date) || is_closed(w, s[i].need, date) || too_near(w, need, date) || !fits_on(w, need, seat, date))
				continue;
			e = put(w, &s[i], date, holiday);
			done = true;
		}
	}
	return e;
}

static void forget(struct dates *d, int64_t date)
{
	size_t kept = 0;

	for (size_t i = 0; i < d->n; i++)
		if (d->v[i] != date)
			d->v[kept++] = d->v[i];
	d->n = kept;
}

/* The seat's tour of a day as it stands in the list; it leaves it. */
static enum bp_error take(struct work *w, int32_t seat, int64_t date, struct q_makeup_stops **out, size_t *n)
{
	struct tour *t = tour_on(w, seat, date);
	enum bp_error e = BP_E_OK;

	for (size_t i = 0; i < t->n && !e; i++) {
		if (t->need[i] != RT_NONE)
			forget(&w->of[t->need[i]], date);
		e = q_makeup_take(w->db, w->l->plan, date, t->v[i].need, NULL);
	}
	*out = t->v;
	*n = t->n;
	*t = (struct tour){0};
	return e;
}

/* Is it visited on that date by anybody? */
static bool visited(const struct work *w, int32_t need, int64_t date)
{
	for (size_t i = 0; i < w->of[need].n; i++)
		if (w->of[need].v[i] == date)
			return true;
	return false;
}

/* It is not made; its day is known, so that it comes back when the holiday is taken back. */
static enum bp_error leave_out(struct work *w, const struct q_makeup_stops *s, int64_t for_day)
{
	return q_makeup_note(w->db, w->l->plan, for_day, s->need, for_day, NULL);
}

static enum bp_error carry(struct work *w, const struct q_makeup_stops *s, int64_t date, int64_t for_day)
{
	int32_t need = plan_model_need(&w->m, s->need);
	bool open = need != RT_NONE && w->m.p.needs[need].days >> plan_model_day(&w->m, date) & 1 && !is_closed(w, s->need, date);

	return open && !visited(w, need, date) ? put(w, s, date, for_day) : leave_out(w, s, for_day);
}

/* One seat: what is carried goes to the next working day of the week, whose own visits are carried on then. */
static enum bp_error slide_seat(struct work *w, int64_t holiday, const struct q_makeup_stops *carried, size_t n)
{
	int32_t seat = plan_model_seat(&w->m, carried->seat);
	int64_t last = holiday + 6 - plan_model_day(&w->m, holiday) % 7, for_day = holiday;
	enum bp_error e = BP_E_OK;

	for (int64_t date = holiday + 1; date <= last && n && seat != RT_NONE && !e; date++) {
		struct q_makeup_stops *own;
		size_t n_own;

		if (date < w->from || !works(w, seat, date))
			continue;
		e = take(w, seat, date, &own, &n_own);
		for (size_t i = 0; i < n && !e; i++)
			e = carry(w, &carried[i], date, for_day);
		carried = own;
		n = n_own;
		for_day = date;
	}
	for (size_t i = 0; i < n && for_day > holiday && !e; i++)
		e = leave_out(w, &carried[i], for_day);
	return e;
}

static enum bp_error slide(struct work *w, int64_t holiday, const struct q_makeup_stops *s, size_t n)
{
	enum bp_error e = BP_E_OK;

	for (size_t i = 0, k; i < n && !e; i = k) {
		for (k = i; k < n && s[k].seat == s[i].seat; k++)
			;
		if (!plan_model_away(&w->m, s[i].seat, holiday))
			e = slide_seat(w, holiday, s + i, k - i);
	}
	return e;
}

/* What is missed on a day: all of it, or the visits of places that are closed. */
static enum bp_error missed(struct work *w, int64_t day, bool all, struct q_makeup_stops **out, size_t *n)
{
	enum bp_error e = q_makeup_stops(w->db, w->a, w->l->version, w->l->anchor, w->l->days, day, out, n);
	size_t kept = 0;

	for (size_t i = 0; i < *n && !e; i++)
		if (all || is_closed(w, (*out)[i].need, day))
			(*out)[kept++] = (*out)[i];
	*n = e ? 0 : kept;
	return e;
}

static enum bp_error move_day(struct work *w, int64_t day, int rule)
{
	bool all = is_free(w, day);
	struct q_makeup_stops *s;
	size_t n = 0;
	enum bp_error e = missed(w, day, all, &s, &n);

	if (!e && n)
		e = look_around(w, day);
	if (e || !n)
		return e;
	return all && rule == PLAN_HOLIDAY_SLIDE ? slide(w, day, s, n) : make_up(w, day, s, n);
}

static enum bp_error move_all(struct work *w, int rule)
{
	enum bp_error e = BP_E_OK;
	size_t i = 0, k = 0;

	/* Both by date. */
	while ((i < w->n_free || k < w->n_closed) && !e) {
		int64_t day = k == w->n_closed || (i < w->n_free && w->free[i].day <= w->closed[k].day) ? w->free[i].day : w->closed[k].day;

		e = move_day(w, day, rule);
		while (i < w->n_free && w->free[i].day == day)
			i++;
		while (k < w->n_closed && w->closed[k].day == day)
			k++;
	}
	return e;
}

/* What becomes of which days; SKIP also where there is none. */
static enum bp_error look(struct work *w, int *rule)
{
	struct q_visits_last end;
	struct q_plan_get plan;
	enum bp_error e = q_plan_get(w->db, w->a, w->l->plan, &plan);

	if (!e)
		e = plan_profile_load(w->db, (uint64_t)w->l->territory, plan.channel, &w->m.profile);
	*rule = e ? PLAN_HOLIDAY_SKIP : (int)PLAN_GET(&w->m.profile, holiday_rule);
	if (*rule == PLAN_HOLIDAY_SKIP)
		return e;
	e = q_visits_last(w->db, w->a, w->l->plan, &end);
	if (!e && end.day.set)
		e = q_makeup_holidays(w->db, w->a, w->l->territory, w->from, end.day.v, &w->free, &w->n_free);
	if (!e && end.day.set)
		e = q_makeup_closed(w->db, w->a, w->l->territory, w->from, end.day.v, &w->closed, &w->n_closed);
	if (!w->n_free && !w->n_closed)
		*rule = PLAN_HOLIDAY_SKIP;
	return e;
}

static enum bp_error move(struct work *w, int rule)
{
	enum bp_error e = plan_model_load(w->db, w->a, (uint64_t)w->l->plan, &(struct plan_cycle){w->l->anchor, w->l->days / 7}, NULL, &w->m);

	return e ? e : move_all(w, rule);
}

enum bp_error plan_makeup_do(struct bp_db *db, struct bp_arena *a, const struct plan_list *l, int64_t from)
{
	struct work w = {.db = db, .a = a, .l = l, .from = from};
	int rule;
	enum bp_error e = look(&w, &rule);

	return e || rule == PLAN_HOLIDAY_SKIP ? e : move(&w, rule);
}

enum bp_error plan_makeup_soon(struct bp_db *db, struct bp_arena *a, const struct plan_list *l, int64_t from)
{
	struct work w = {.db = db, .a = a, .l = l, .from = from};
	struct q_makeup_size size;
	int rule;
	enum bp_error e = look(&w, &rule);

	if (e || rule == PLAN_HOLIDAY_SKIP)
		return e;
	e = q_makeup_size(db, a, l->version, &size);
	if (!e && size.outlets > (int64_t)bp_setting(BP_SETTING_unit_most))
		return plan_list_request(db, a, &(struct plan_asker){0, "visits"}, l->plan, l->territory);
	return e ? e : move(&w, rule);
}
