/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/draft.h"

#include <stdlib.h>
#include <string.h>

#include "base/time.h"

struct plan_stop *plan_draft_add(struct plan_draft *d, const struct plan_stop *s)
{
	if (d->n == d->room) {
		d->stops = bp_grow_array(d->m->arena, d->stops, d->n, d->room ? d->room * 2 : 64, sizeof(*d->stops));
		d->room = d->room ? d->room * 2 : 64;
	}
	d->stops[d->n] = *s;
	return &d->stops[d->n++];
}

bool plan_stop_on(const struct plan_draft *d, const struct plan_stop *s, int64_t date)
{
	return !s->dead && s->day == plan_model_day(d->m, date) && (!s->from.set || s->from.v <= date) &&
		(!s->to.set || date <= s->to.v);
}

long plan_draft_find(const struct plan_draft *d, int64_t need, int64_t date)
{
	for (size_t i = 0; i < d->n; i++)
		if (d->stops[i].need == need && plan_stop_on(d, &d->stops[i], date))
			return (long)i;
	return -1;
}

/* Insertion sort by position: tours are short and mostly in order. */
static void sort_tour(const struct plan_draft *d, size_t *tour, size_t n)
{
	for (size_t i = 1; i < n; i++)
		for (size_t k = i; k && d->stops[tour[k]].pos < d->stops[tour[k - 1]].pos; k--) {
			size_t swap = tour[k];

			tour[k] = tour[k - 1];
			tour[k - 1] = swap;
		}
}

size_t plan_draft_tour(const struct plan_draft *d, int64_t seat, int64_t date, size_t *out)
{
	size_t n = 0;

	for (size_t i = 0; i < d->n; i++)
		if (d->stops[i].seat == seat && plan_stop_on(d, &d->stops[i], date))
			out[n++] = i;
	sort_tour(d, out, n);
	return n;
}

size_t plan_draft_standing(const struct plan_draft *d, int64_t seat, int day, size_t *out)
{
	size_t n = 0;

	for (size_t i = 0; i < d->n; i++)
		if (d->stops[i].seat == seat && d->stops[i].day == day && !d->stops[i].dead && !d->stops[i].to.set)
			out[n++] = i;
	sort_tour(d, out, n);
	return n;
}

/* Indices of the needs of a tour; those that are not in the model any more are left out. */
static int32_t needs_of(const struct plan_draft *d, const size_t *tour, size_t n, int32_t *out)
{
	int32_t k = 0;

	for (size_t i = 0; i < n; i++) {
		out[k] = plan_model_need(d->m, d->stops[tour[i]].need);
		k += out[k] != RT_NONE;
	}
	return k;
}

void plan_draft_eval(const struct plan_draft *d, int64_t seat, int day, const size_t *tour, size_t n, struct rt_tour *out)
{
	int32_t s = plan_model_seat(d->m, seat), *needs = bp_xmalloc((n + 1) * sizeof(*needs));

	memset(out, 0, sizeof(*out));
	if (s != RT_NONE)
		rt_tour_eval(&d->m->p, &d->m->params, s, day, needs, needs_of(d, tour, n, needs), out, NULL);
	free(needs);
}

/* A number that tells this stop from the others of its need and day. */
static int free_seq(const struct plan_draft *d, int64_t need, int day)
{
	int seq = 0;

	/* Dead ones count: a row may be removed and put back by undo. */
	for (bool taken = true; taken;) {
		taken = false;
		for (size_t i = 0; i < d->n && !taken; i++)
			taken = d->stops[i].need == need && d->stops[i].day == day && d->stops[i].seq == seq;
		seq += taken;
	}
	return seq;
}

/* Replace stop i by a fresh copy; copies of copies are changed in place. */
static struct plan_stop *renew(struct plan_draft *d, size_t i)
{
	struct plan_stop copy = d->stops[i];

	if (copy.fresh)
		return &d->stops[i];
	d->stops[i].dead = true;
	copy.fresh = true;
	copy.seq = free_seq(d, copy.need, copy.day);
	return plan_draft_add(d, &copy);
}

static void kill_stop(struct plan_draft *d, size_t i)
{
	d->stops[i].dead = true;
}

void plan_draft_take(struct plan_draft *d, size_t i, int64_t date, enum plan_reach reach)
{
	struct plan_stop old = d->stops[i], part = old;

	kill_stop(d, i);
	part.fresh = true;
	if (reach != PLAN_STANDING && (!old.from.set || old.from.v < date)) {
		part.to = BP_SOME_INT(date - 1);
		part.seq = free_seq(d, part.need, part.day);
		plan_draft_add(d, &part);
	}
	if (reach == PLAN_DATE && (!old.to.set || old.to.v > date)) {
		part.from = BP_SOME_INT(date + 1);
		part.to = old.to;
		part.seq = free_seq(d, part.need, part.day);
		plan_draft_add(d, &part);
	}
}

/* Where a new need costs least in the tour: try every gap. */
static int cheapest(const struct plan_draft *d, int64_t seat, int day, const size_t *tour, size_t n, int64_t need)
{
	int32_t s = plan_model_seat(d->m, seat), v = plan_model_need(d->m, need), k, *order;
	struct rt_tour sum;
	int64_t best = INT64_MAX;
	int at = 0;

	if (s == RT_NONE || v == RT_NONE)
		return (int)n;
	order = bp_xmalloc((n + 2) * sizeof(*order));
	k = needs_of(d, tour, n, order + 1);
	for (int32_t i = 0; i <= k; i++) {
		/* order[0..k] with the new need at i: it walks from the front to the back. */
		if (i)
			order[i - 1] = order[i];
		order[i] = v;
		rt_tour_eval(&d->m->p, &d->m->params, s, day, order, k + 1, &sum, NULL);
		if (sum.cost + sum.waiting < best) {
			best = sum.cost + sum.waiting;
			at = i;
		}
	}
	free(order);
	return at;
}

void plan_draft_put(struct plan_draft *d, int64_t need, int64_t seat, struct bp_opt_int beat, int64_t date, int pos,
	enum plan_reach reach, const struct plan_stop *bounds)
{
	int day = plan_model_day(d->m, date);
	size_t *tour = bp_xmalloc((d->n + 1) * sizeof(*tour)), n = plan_draft_tour(d, seat, date, tour);
	struct plan_stop s = {.need = need, .seat = seat, .beat = beat, .day = day, .fresh = true};

	if (pos < 0 || (size_t)pos > n)
		pos = cheapest(d, seat, day, tour, n, need);
	/* Positions leave no room in between: those behind move up by one where they are in the way. */
	s.pos = (size_t)pos < n ? d->stops[tour[pos]].pos : n ? d->stops[tour[n - 1]].pos + 1 : 0;
	for (size_t i = (size_t)pos, next = (size_t)s.pos + 1; i < n && (size_t)d->stops[tour[i]].pos < next; i++, next++)
		renew(d, tour[i])->pos = (int)next;
	if (reach == PLAN_DATE) {
		s.from = s.to = BP_SOME_INT(date);
	} else if (reach == PLAN_ONWARD) {
		s.from = BP_SOME_INT(date);
		s.to = bounds ? bounds->to : BP_NO_INT;
	} else if (bounds) {
		s.from = bounds->from;
		s.to = bounds->to;
	}
	s.seq = free_seq(d, need, day);
	plan_draft_add(d, &s);
	free(tour);
}

void plan_draft_join(struct plan_draft *d, size_t i, int64_t beat)
{
	if (!d->stops[i].beat.set || d->stops[i].beat.v != beat)
		renew(d, i)->beat = BP_SOME_INT(beat);
}

bool plan_draft_order(struct plan_draft *d, int64_t seat, int64_t date, const int64_t *needs, size_t n, enum plan_reach reach)
{
	size_t *tour = bp_xmalloc((d->n + 1) * sizeof(*tour)), have = plan_draft_tour(d, seat, date, tour);
	bool ok = have == n;

	for (size_t i = 0; i < n && ok; i++) {
		size_t k = 0;

		while (k < have && d->stops[tour[k]].need != needs[i])
			k++;
		ok = k < have;
		for (size_t j = 0; j < i && ok; j++)
			ok = needs[j] != needs[i];
	}
	for (size_t i = 0; i < n && ok; i++) {
		long at = plan_draft_find(d, needs[i], date);
		struct plan_stop old = d->stops[at];

		if (old.pos == (int)i && reach == PLAN_STANDING)
			continue;
		if (reach == PLAN_STANDING) {
			renew(d, (size_t)at)->pos = (int)i;
			continue;
		}
		plan_draft_take(d, (size_t)at, date, reach);
		old.fresh = true;
		old.pos = (int)i;
		old.from = BP_SOME_INT(date);
		old.to = reach == PLAN_DATE ? BP_SOME_INT(date) : old.to;
		old.seq = free_seq(d, old.need, old.day);
		plan_draft_add(d, &old);
	}
	free(tour);
	return ok;
}

long plan_draft_stands(const struct plan_draft *d, int64_t need, int64_t seat, int day)
{
	for (size_t i = 0; i < d->n; i++) {
		const struct plan_stop *s = &d->stops[i];

		if (s->need == need && s->seat == seat && s->day == day && !s->dead && !s->to.set)
			return (long)i;
	}
	return -1;
}

static bool among(const int64_t *needs, size_t n, int64_t need)
{
	for (size_t i = 0; i < n; i++)
		if (needs[i] == need)
			return true;
	return false;
}

/* A beat that the need was on before, wherever. */
static struct bp_opt_int former_beat(const struct plan_draft *d, int64_t need)
{
	for (size_t i = 0; i < d->n; i++)
		if (d->stops[i].need == need && d->stops[i].beat.set)
			return d->stops[i].beat;
	return BP_NO_INT;
}

void plan_draft_arrange(struct plan_draft *d, int64_t seat, int day, const int64_t *needs, size_t n)
{
	size_t *tour = bp_xmalloc((d->n + 1) * sizeof(*tour)), have = plan_draft_standing(d, seat, day, tour);
	struct bp_opt_int beat = have ? d->stops[tour[0]].beat : BP_NO_INT;

	for (size_t i = 0; i < have; i++)
		if (!among(needs, n, d->stops[tour[i]].need))
			kill_stop(d, tour[i]);
	free(tour);
	for (size_t i = 0; i < n; i++) {
		struct plan_stop s = {.need = needs[i], .seat = seat, .day = day, .pos = (int)i, .fresh = true};
		long at = plan_draft_stands(d, needs[i], seat, day);

		if (at >= 0) {
			if (d->stops[at].pos != (int)i)
				renew(d, (size_t)at)->pos = (int)i;
			continue;
		}
		s.beat = beat.set ? beat : former_beat(d, needs[i]);
		s.seq = free_seq(d, s.need, s.day);
		plan_draft_add(d, &s);
	}
}

/* The living stops of one need; a need has few. */
static size_t stops_of(const struct plan_draft *d, int64_t need, const struct plan_stop **out, size_t most)
{
	size_t n = 0;

	for (size_t i = 0; i < d->n && n < most; i++)
		if (d->stops[i].need == need && !d->stops[i].dead)
			out[n++] = &d->stops[i];
	return n;
}

static bool visited(const struct plan_draft *d, const struct plan_stop *const *stops, size_t n, int64_t date)
{
	for (size_t i = 0; i < n; i++)
		if (plan_stop_on(d, stops[i], date))
			return true;
	return false;
}

int plan_draft_least_gap(const struct plan_draft *d, int64_t need, int64_t date)
{
	int64_t last = INT64_MIN, least = INT64_MAX;
	const struct plan_stop *stops[256];
	size_t n = stops_of(d, need, stops, 256);

	for (int64_t t = date - 60; t <= date + 120; t++) {
		if (!visited(d, stops, n, t))
			continue;
		if (last != INT64_MIN && t - last < least)
			least = t - last;
		last = t;
	}
	return least == INT64_MAX ? 0 : (int)least;
}

int plan_draft_visits(const struct plan_draft *d, int64_t need)
{
	const struct plan_stop *stops[256];
	size_t n = stops_of(d, need, stops, 256);
	int visits = 0;

	for (size_t i = 0; i < n; i++)
		visits += !stops[i]->to.set;
	return visits;
}

static json_t *date_or_null(struct bp_opt_int date)
{
	char text[BP_DATE_SIZE];

	if (!date.set)
		return json_null();
	bp_date_format(date.v, text);
	return json_string(text);
}

json_t *plan_stop_row(const struct plan_stop *s)
{
	json_t *o = json_object();

	json_object_set_new(o, "n", json_integer(s->need));
	json_object_set_new(o, "d", json_integer(s->day));
	json_object_set_new(o, "q", json_integer(s->seq));
	json_object_set_new(o, "s", json_integer(s->seat));
	json_object_set_new(o, "b", s->beat.set ? json_integer(s->beat.v) : json_null());
	json_object_set_new(o, "p", json_integer(s->pos));
	json_object_set_new(o, "f", date_or_null(s->from));
	json_object_set_new(o, "t", date_or_null(s->to));
	return o;
}
