/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Small moves between two tours, drawn next to near needs: a visit goes over (relocate), two
 * visits change places (exchange), the ends of two tours change places (2-opt*, Potvin and Rousseau
 * 1995).  A move is weighed before anything is touched, and carried out by insert and
 * remove.  Ruin and recreate alone seldom carries a load from tour to tour, since it puts each
 * visit where that is cheapest by itself.
 */
#include <assert.h>
#include <stddef.h>

#include "route/engine.h"

#define NEAR 20	 /* so many near needs are tried */
#define TAIL 256 /* longer ends of tours stay where they are */

struct pair {
	struct worker *w;
	struct engine *e;
	struct en_route *a, *b; /* tours of i and of j */
	int32_t i, j;		/* nodes */
	int64_t most;		/* a move may cost so much, with what overload counts */
};

static int64_t over(const struct en_route *r, int64_t load)
{
	return load > r->cap ? load - r->cap : 0;
}

/* What overload counts more when `load` goes from a to b; much where it is forbidden. */
static int64_t penalty(const struct pair *p, int64_t load)
{
	int64_t more = over(p->a, p->a->load - load) + over(p->b, p->b->load + load) -
		       over(p->a, p->a->load) - over(p->b, p->b->load);

	if (!p->w->over_price)
		return more > 0 ? INT64_MAX / 4 : 0;
	return more * p->w->over_price / 1024;
}

static bool in_time(const struct pair *p, const struct en_route *r, int32_t need, int32_t a,
	int32_t b, int32_t leg_in, int32_t leg_out)
{
	int64_t extra;

	return !p->e->any_window || !(r->windowed || p->e->needs[need].n_windows) ||
	       window_fits(p->e, r, need, a, b, leg_in, leg_out, &extra);
}

/* Within the hours, without overtime, when the work grows by `more`? */
static bool lasts(const struct en_route *r, int64_t more)
{
	return r->dur + more <= (r->max_dur < r->shift ? r->max_dur : r->shift);
}

static bool welcome(const struct engine *e, int32_t need, const struct en_route *r)
{
	const struct en_need *n = &e->needs[need];

	return (n->seat_set < 0 && !n->skills) || en_seat_ok(e, n, r->seat);
}

static int32_t number(const struct pair *p, const struct en_route *r)
{
	return (int32_t)(r - p->e->routes);
}

/* The move was carried out, and was to cost at most `cost`.  The limit of the time under way shows only now. */
static bool done(struct pair *p, int64_t was, int64_t cost)
{
	if (!p->a->holds || !p->b->holds) {
		tour_undo(p->w, 0);
		p->w->cur = was;
		return false;
	}
#ifdef BP_DEBUG
	assert(p->w->cur - was <= cost);
#else
	(void)p;
	(void)cost;
#endif
	return true;
}

/* i goes between `at` and its successor in the tour of j. */
static bool relocate(struct pair *p, int32_t at)
{
	struct engine *e = p->e;
	const struct en_node *ni = &e->nodes[p->i];
	const struct en_need *n = &e->needs[ni->need];
	int32_t in = en_arc(e, p->b, at, p->i), out = en_arc(e, p->b, p->i, e->nodes[at].next);
	int64_t more_b = (int64_t)in + out - e->nodes[at].dnext, was = p->w->cur, cost;
	int64_t more_a = (int64_t)en_arc(e, p->a, ni->prev, ni->next) - ni->dprev - ni->dnext;

	cost = more_a + more_b - (p->a->n == 1 ? p->a->fixed : 0);
	if (cost + penalty(p, n->demand) > p->most || p->b->n >= p->b->max_calls ||
		!lasts(p->b, more_b + n->service) || !lasts(p->a, more_a - n->service) ||
		!welcome(e, ni->need, p->b) ||
		!in_time(p, p->b, ni->need, at, e->nodes[at].next, in, out))
		return false;
	p->w->cur += tour_remove(p->w, p->i);
	p->w->cur += tour_insert(p->w, p->i, at, number(p, p->b));
	return done(p, was, cost);
}

/* i and k, a visit of the tour of j, change places. */
static bool exchange(struct pair *p, int32_t k)
{
	struct engine *e = p->e;
	const struct en_node *ni = &e->nodes[p->i], *nk = &e->nodes[k];
	const struct en_need *n = &e->needs[ni->need], *m = &e->needs[nk->need];
	int32_t in_b = en_arc(e, p->b, nk->prev, p->i), out_b = en_arc(e, p->b, p->i, nk->next);
	int32_t in_a = en_arc(e, p->a, ni->prev, k), out_a = en_arc(e, p->a, k, ni->next);
	int64_t more_a = (int64_t)in_a + out_a - ni->dprev - ni->dnext, was = p->w->cur;
	int64_t more_b = (int64_t)in_b + out_b - nk->dprev - nk->dnext;
	int32_t service = n->service - m->service, before_i = ni->prev, before_k = nk->prev;

	if (more_a + more_b + penalty(p, (int64_t)n->demand - m->demand) > p->most ||
		!lasts(p->b, more_b + service) || !lasts(p->a, more_a - service) ||
		!welcome(e, ni->need, p->b) || !welcome(e, nk->need, p->a) ||
		!in_time(p, p->b, ni->need, nk->prev, nk->next, in_b, out_b) ||
		!in_time(p, p->a, nk->need, ni->prev, ni->next, in_a, out_a))
		return false;
	p->w->cur += tour_remove(p->w, p->i);
	p->w->cur += tour_remove(p->w, k);
	p->w->cur += tour_insert(p->w, p->i, before_k, number(p, p->b));
	p->w->cur += tour_insert(p->w, k, before_i, number(p, p->a));
	return done(p, was, more_a + more_b);
}

/* The end of a tour: its visits and what they take, without the leg to the first. */
struct tail {
	int32_t n, nodes[TAIL];
	int64_t load, dur;
};

static bool tail_from(const struct engine *e, int32_t v, struct tail *t)
{
	t->n = 0;
	t->load = t->dur = 0;
	for (; en_is_visit(e, v); v = e->nodes[v].next) {
		const struct en_need *n = &e->needs[e->nodes[v].need];

		if (t->n == TAIL)
			return false;
		t->nodes[t->n++] = v;
		t->load += n->demand;
		t->dur += n->service + e->nodes[v].dnext;
	}
	return true;
}

/* May b, of tour rb, follow on a, of tour ra?  Both may be the tours' own ends. */
static bool follows(const struct engine *e, const struct en_route *ra, const struct en_route *rb,
	int32_t a, int32_t b, int32_t leg)
{
	int64_t t = ra->shift_start, limit = rb->shift_start + rb->span;

	if (!ra->windowed && !rb->windowed)
		return true;
	/* A tour without windows keeps no times. */
	if (!ra->windowed || !rb->windowed)
		return false;
	if (en_is_visit(e, a))
		t = (int64_t)e->early[a] + e->needs[e->nodes[a].need].service;
	if (en_is_visit(e, b))
		limit = e->late[b];
	return t + leg <= limit;
}

static void append(struct pair *p, const struct tail *t, int32_t at, const struct en_route *r)
{
	for (int32_t k = 0; k < t->n; at = t->nodes[k++])
		p->w->cur += tour_insert(p->w, t->nodes[k], at, number(p, r));
}

/* What begins with i follows on j, and what followed on j takes its place. */
static bool ends(struct pair *p)
{
	struct engine *e = p->e;
	int32_t pi = e->nodes[p->i].prev, nj = e->nodes[p->j].next, old_a = e->nodes[p->i].dprev,
		was_n = p->a->n;
	int32_t leg_b = en_arc(e, p->b, p->j, p->i), leg_a;
	int64_t cost, more_a, was = p->w->cur;
	struct tail ta, tb;

	if (p->a->type != p->b->type || (!en_is_visit(e, pi) && !en_is_visit(e, nj)))
		return false;
	leg_a = en_arc(e, p->a, pi, en_is_visit(e, nj) ? nj : e->n_visits + number(p, p->a));
	cost = (int64_t)leg_a + leg_b - old_a - e->nodes[p->j].dnext;
	if (cost - (over(p->a, p->a->load) + over(p->b, p->b->load)) * p->w->over_price / 1024 >
			p->most ||
		!follows(e, p->b, p->a, p->j, p->i, leg_b) ||
		!follows(e, p->a, p->b, pi, nj, leg_a) || !tail_from(e, p->i, &ta) ||
		!tail_from(e, nj, &tb))
		return false;
	more_a = (int64_t)leg_a - old_a + tb.dur - ta.dur;
	if (cost + penalty(p, ta.load - tb.load) > p->most || !lasts(p->a, more_a) ||
		!lasts(p->b, cost - more_a) || was_n - ta.n + tb.n > p->a->max_calls ||
		p->b->n - tb.n + ta.n > p->b->max_calls)
		return false;
	for (int32_t k = 0; k < ta.n; k++)
		p->w->cur += tour_remove(p->w, ta.nodes[k]);
	for (int32_t k = 0; k < tb.n; k++)
		p->w->cur += tour_remove(p->w, tb.nodes[k]);
	append(p, &ta, p->j, p->b);
	append(p, &tb, pi, p->a);
	return done(p, was, cost);
}

bool move_small(struct worker *w, int32_t need, int64_t most)
{
	struct engine *e = w->e;
	struct pair p = {.w = w, .e = e, .most = most, .i = e->needs[need].first};
	int32_t u = e->near[(int64_t)need * e->k + en_below(&w->rng, e->k < NEAR ? e->k : NEAR)],
		how;

	if (u < 0 || e->need_part[u] != w->part)
		return false;
	p.j = e->needs[u].first;
	if (e->nodes[p.i].route < 0 || e->nodes[p.j].route < 0 ||
		e->nodes[p.i].route == e->nodes[p.j].route)
		return false;
	p.a = &e->routes[e->nodes[p.i].route];
	p.b = &e->routes[e->nodes[p.j].route];
	w->n_log = 0;
	how = en_below(&w->rng, 5);
	if (how < 2)
		return relocate(&p, how ? p.j : e->nodes[p.j].prev);
	if (how == 4)
		return ends(&p);
	u = how == 2 ? e->nodes[p.j].prev : e->nodes[p.j].next;
	return en_is_visit(e, u) && exchange(&p, u);
}
