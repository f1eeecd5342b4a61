/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The short repair around an edit: the tours of a few seats as a problem of their own, solved by the
 * engine from the plan as edited.  Balance is that among these seats, and disturbance is left out of that
 * search; edit_price counts both for the whole plan afterwards, and what came out worse is not taken.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "route/edit.h"

struct sub {
	struct rt_problem p;
	int32_t seats[ED_REPAIRED], n;
	int32_t *need; /* need of the sub-problem -> of the whole */
	struct bp_arena arena;
};

static void sub_seats(struct sub *u, const struct rt_problem *p)
{
	int32_t days = rt_days(p);

	u->p.n_seats = u->n;
	u->p.seats = bp_alloc_array(&u->arena, (size_t)u->n, sizeof(*u->p.seats));
	if (p->seat_day_shift)
		u->p.seat_day_shift = bp_alloc_array(&u->arena, (size_t)(u->n * days), sizeof(int32_t));
	for (int32_t i = 0; i < u->n; i++) {
		u->p.seats[i] = p->seats[u->seats[i]];
		if (p->seat_day_shift)
			memcpy(u->p.seat_day_shift + i * days, p->seat_day_shift + (int64_t)u->seats[i] * days,
				sizeof(int32_t) * (size_t)days);
	}
	/* List m holds the seats whose bits are set in m. */
	u->p.n_seat_sets = 1 << u->n;
	u->p.seat_set_off = bp_alloc_array(&u->arena, ((size_t)1 << u->n) + 1, sizeof(int32_t));
	u->p.seat_set = bp_alloc_array(&u->arena, (size_t)u->n << u->n, sizeof(int32_t));
	for (int32_t m = 0, at = 0; m < 1 << u->n; m++) {
		for (int32_t i = 0; i < u->n; i++)
			if (m >> i & 1)
				u->p.seat_set[at++] = i;
		u->p.seat_set_off[m + 1] = at;
	}
}

/* Which of the seats is it?  RT_NONE: none. */
static int32_t own_of(const struct sub *u, int32_t seat)
{
	for (int32_t k = 0; k < u->n; k++)
		if (u->seats[k] == seat)
			return k;
	return RT_NONE;
}

/* Per need whose visits stand with several seats: the days on which these make them. */
static uint64_t *apart_days(struct sub *u, const struct edit *e)
{
	const struct rt_problem *p = e->b->p;
	uint64_t *days = bp_alloc_array(&u->arena, (size_t)p->n_needs + 1, sizeof(*days));

	memset(days, 0, sizeof(*days) * (size_t)p->n_needs);
	for (int32_t k = 0; k < u->n; k++)
		for (int32_t d = 0; d < rt_days(p); d++) {
			int32_t n;
			const struct rt_visit *v = rt_solution_tour(e->b->plan, u->seats[k], d, &n);

			for (int32_t i = 0; i < n; i++)
				if (e->b->apart[v[i].need])
					days[v[i].need] |= (uint64_t)1 << d;
		}
	return days;
}

/* No rule but this one: those days. */
static void only_on(struct rt_need *n, uint64_t days)
{
	n->visits = __builtin_popcountll(days);
	n->days = days;
	n->gap = 0;
	n->pattern_set = RT_NONE;
	n->delivery_days = 0;
	n->skills = 0;
}

/* Needs that these seats serve, and their visits as the plan to start from. */
static void sub_needs(struct sub *u, const struct edit *e, int32_t pin)
{
	const struct rt_problem *p = e->b->p;
	int32_t *inner = bp_alloc_array(&u->arena, (size_t)p->n_needs + 1, sizeof(*inner));
	uint64_t *apart = apart_days(u, e);
	int32_t cap = 0;

	u->p.n_needs = 0;
	u->p.needs = bp_alloc_array(&u->arena, (size_t)p->n_needs + 1, sizeof(*u->p.needs));
	u->need = bp_alloc_array(&u->arena, (size_t)p->n_needs + 1, sizeof(*u->need));
	for (int32_t i = 0; i < p->n_needs; i++) {
		struct rt_need *n = &u->p.needs[u->p.n_needs];
		int32_t own = own_of(u, e->b->seat[i]), here = 0;

		inner[i] = RT_NONE;
		if (e->b->apart[i] ? !apart[i] : !e->b->mask[i] || own < 0)
			continue;
		*n = p->needs[i];
		for (int32_t k = 0; k < u->n; k++)
			here |= rt_seat_allowed(p, n, u->seats[k]) << k;
		n->seat_set = here == (1 << u->n) - 1 || e->b->apart[i] ? RT_NONE : here ? here : 1 << own;
		/* What is served in part stays so, and what others serve, too. */
		if (i == pin || __builtin_popcountll(e->b->mask[i]) < n->visits || e->b->apart[i])
			n->flags |= RT_FROZEN;
		if (e->b->apart[i])
			only_on(n, apart[i]);
		cap += n->visits;
		u->need[u->p.n_needs] = i;
		inner[i] = u->p.n_needs++;
	}
	u->p.n_given = 0;
	u->p.given = bp_alloc_array(&u->arena, (size_t)cap + 1, sizeof(*u->p.given));
	for (int32_t k = 0; k < u->n; k++)
		for (int32_t d = 0; d < rt_days(p); d++) {
			const struct ed_tour *t = edit_tour(e, u->seats[k], d);
			int32_t n;
			const struct rt_visit *v = rt_solution_tour(e->b->plan, u->seats[k], d, &n);

			for (int32_t i = 0; i < (t ? t->n : n) && u->p.n_given < cap; i++)
				u->p.given[u->p.n_given++] = (struct rt_given){
					inner[t ? t->needs[i] : v[i].need], k, d, i};
		}
}

/* The solved sub-problem becomes the edit. */
static void take_over(const struct sub *u, struct edit *e, const struct rt_solution *s)
{
	const struct rt_problem *p = &u->p;
	uint64_t *mask = bp_xcalloc((size_t)p->n_needs + 1, sizeof(*mask));
	int32_t *seat = bp_xcalloc((size_t)p->n_needs + 1, sizeof(*seat));
	int32_t *needs = bp_xcalloc((size_t)s->n_visits + 1, sizeof(*needs));

	edit_clear(e);
	for (int32_t i = 0; i < s->n_visits; i++) {
		mask[s->visits[i].need] |= (uint64_t)1 << s->visits[i].day;
		seat[s->visits[i].need] = u->seats[s->visits[i].seat];
		needs[i] = u->need[s->visits[i].need];
	}
	for (int32_t k = 0; k < u->n; k++)
		for (int32_t d = 0; d < rt_days(p); d++) {
			int32_t n;
			const struct rt_visit *v = rt_solution_tour(s, k, d, &n);

			edit_set_tour(e, u->seats[k], d, needs + (v - s->visits), n);
		}
	for (int32_t i = 0; i < p->n_needs; i++) {
		int32_t need = u->need[i], was = e->b->seat[need];

		if (e->b->apart[need]) {
			mask[i] |= e->b->mask[need] & ~p->needs[i].days;
			seat[i] = was;
		}
		if (mask[i] != e->b->mask[need] || seat[i] != was)
			edit_note(e, need, mask[i] ? seat[i] : was, mask[i]);
	}
	free(mask);
	free(seat);
	free(needs);
}

void edit_repair(struct edit *e, const int32_t *seats, int32_t n, int32_t pin, int64_t iterations)
{
	struct sub u = {.p = *e->b->p, .n = n};
	struct rt_params a = *e->b->a;
	struct rt_solution s;
	struct rt_price was, is;
	struct edit before = *e;

	memcpy(u.seats, seats, sizeof(*seats) * (size_t)n);
	bp_arena_init(&u.arena, (size_t)1 << 30);
	sub_seats(&u, e->b->p);
	sub_needs(&u, e, pin);
	a.iterations = iterations;
	a.heat_permille = 100;
	a.seed = a.threads = 1;
	a.max_changed = -1;
	a.price_day = a.price_person = a.price_beat = 0;
	a.progress = NULL;
	a.stop = NULL;
	rt_solution_init(&s);
	edit_price(e, &was);
	if (rt_solve(&u.p, &a, &s, NULL) == BP_E_OK) {
		edit_init(e, before.b);
		take_over(&u, e, &s);
		edit_price(e, &is);
		if (is.broken || (!was.broken && is.total >= was.total)) {
			edit_release(e);
			*e = before;
		} else {
			edit_release(&before);
		}
	}
	rt_solution_release(&s);
	bp_arena_release(&u.arena);
}
