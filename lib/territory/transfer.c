/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "territory/transfer.h"

#include <stdlib.h>

#include "base/buf.h"
#include "plan/model.h"
#include "queries.h"
#include "territory/weigh.h"

struct sum {
	int64_t outlets, seats;
	double minutes;
};
struct changes {
	struct q_transfer_lost *lost; /* by seat */
	size_t n_lost;
	struct q_design_outlets *outlet; /* by id, with their work */
	size_t n_outlets;
	struct sum *come; /* to each unit, by number */
	size_t n_units;
};

static double minutes_of(const struct changes *w, int64_t outlet)
{
	const struct q_design_outlets *o = bsearch(&outlet, w->outlet, w->n_outlets, sizeof(*o), plan_compare_id);

	return o ? o->work : 0;
}

static enum bp_error count_come(struct bp_db *db, struct bp_arena *a, uint64_t scenario, struct changes *w)
{
	struct q_transfer_moved *m;
	struct q_design_units *u;
	size_t n = 0;
	enum bp_error e = q_transfer_moved(db, a, (int64_t)scenario, &m, &n);

	if (!e)
		e = q_design_units(db, a, (int64_t)scenario, &u, &w->n_units);
	if (e)
		return e;
	w->come = bp_alloc_array(a, w->n_units, sizeof(*w->come));
	for (size_t i = 0; i < n; i++) {
		struct sum *s = (size_t)m[i].number < w->n_units ? &w->come[m[i].number] : NULL;

		if (s) {
			s->outlets++;
			s->minutes += minutes_of(w, m[i].outlet);
		}
	}
	return BP_E_OK;
}

/* The seats that lose something, as JSON. */
static const char *losers(struct bp_arena *a, const struct changes *w)
{
	int64_t *id = bp_alloc_array(a, w->n_lost, sizeof(*id));
	size_t n = 0;

	for (size_t i = 0; i < w->n_lost; i++)
		if (!i || w->lost[i].seat != w->lost[i - 1].seat)
			id[n++] = w->lost[i].seat;
	return bp_ids_text(a, id, n);
}

static int by_seat(const void *a, const void *b)
{
	int64_t p = *(const int64_t *)a, q = ((const struct q_transfer_lost *)b)->seat;

	return (p > q) - (p < q);
}

/* An outlet that comes to the unit of the seat is none that it loses. */
static void count_lost(const struct changes *w, const struct q_transfer_seats *s, struct tr_seat_change *v)
{
	const struct q_transfer_lost *at = bsearch(&s->id, w->lost, w->n_lost, sizeof(*at), by_seat);

	while (at && at > w->lost && at[-1].seat == s->id)
		at--;
	for (; at && at < w->lost + w->n_lost && at->seat == s->id; at++)
		if (!s->number.set || s->number.v != at->number) {
			v->lost++;
			v->lost_hours += minutes_of(w, at->outlet) / 60;
		}
}

static size_t tell(const struct changes *w, const struct q_transfer_seats *s, size_t n, struct tr_seat_change *v)
{
	size_t k = 0;

	for (size_t i = 0; i < n; i++)
		if (s[i].number.set && (size_t)s[i].number.v < w->n_units)
			w->come[s[i].number.v].seats++;
	for (size_t i = 0; i < n; i++) {
		const struct sum *c = s[i].number.set && (size_t)s[i].number.v < w->n_units ? &w->come[s[i].number.v] : &(struct sum){0};

		v[k] = (struct tr_seat_change){.seat = s[i].id, .code = s[i].code, .name = s[i].name, .person = s[i].person, .unit = s[i].unit,
			.come = c->outlets, .come_hours = c->minutes / 60, .sharing = c->seats};
		count_lost(w, &s[i], &v[k]);
		k += v[k].lost || v[k].come;
	}
	return k;
}

enum bp_error tr_seat_changes(struct bp_db *db, struct bp_arena *a, uint64_t territory, uint64_t scenario, struct tr_seat_change **v, size_t *n)
{
	struct q_design_list *s;
	struct q_transfer_seats *seat;
	struct changes w = {0};
	size_t m = 0;
	enum bp_error e = q_design_list(db, a, (int64_t)territory, BP_SOME_INT(scenario), 0, 1, &s, &m);

	if (!e && !m)
		return BP_E_NOT_FOUND;
	if (!e)
		e = tr_weigh_outlets(db, a, territory, &w.outlet, &w.n_outlets);
	if (!e)
		e = q_transfer_lost(db, a, (int64_t)scenario, &w.lost, &w.n_lost);
	if (!e)
		e = count_come(db, a, scenario, &w);
	if (!e)
		e = q_transfer_seats(db, a, (int64_t)scenario, (int64_t)territory, losers(a, &w), &seat, &m);
	if (e)
		return e;
	*v = bp_alloc_array(a, m + 1, sizeof(**v));
	*n = tell(&w, seat, m, *v);
	return BP_E_OK;
}
