/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Balance by flow: how much work must cross each border is found for all borders at once, as the current in a net of
 * conductors that are as wide as the borders (optimal diffusion: Hu and Blake 1999).  Then outlets go over each
 * border, those first that lose least by it, until the amount is reached: overfull units give through their neighbours
 * to those that have room, however far away these are.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "design/engine.h"

#define ROUNDS 80
#define INSIDE 0.9   /* of the tolerance: what is aimed at, so that single outlets fit in between */
#define BLOCKED 0.3  /* a border that did not let through what it should gets this width */
#define TINY 1e-9

struct crossing {
	double key; /* cost for each minute of work */
	int32_t i, from, to;
};

struct heap {
	struct crossing *v;
	int32_t n, cap;
};

struct net {
	struct engine *e;
	int32_t k;
	double *width;  /* k x k: links between two units, times what experience says */
	double *ease;   /* k x k: that experience */
	double *height; /* k: potential; work flows down */
	struct heap border; /* outlets at borders that are to be crossed, sorted by border and key */
};

static int by_border(const void *a, const void *b)
{
	const struct crossing *x = a, *y = b;

	if (x->from != y->from || x->to != y->to)
		return x->from != y->from ? (x->from < y->from ? -1 : 1) : (x->to < y->to ? -1 : 1);
	return x->key < y->key ? -1 : x->key > y->key ? 1 : x->i < y->i ? -1 : x->i > y->i;
}

static void append(struct heap *h, struct crossing c)
{
	if (h->n == h->cap) {
		h->cap = h->cap ? 2 * h->cap : 1024;
		h->v = bp_xrealloc(h->v, sizeof(*h->v) * (size_t)h->cap);
	}
	h->v[h->n++] = c;
}

static bool less(const struct crossing *a, const struct crossing *b)
{
	return a->key < b->key || (!(a->key > b->key) && a->i < b->i);
}

static void push(struct heap *h, struct crossing c)
{
	int32_t at = h->n;

	append(h, c);
	for (; at && less(&c, &h->v[(at - 1) / 2]); at = (at - 1) / 2)
		h->v[at] = h->v[(at - 1) / 2];
	h->v[at] = c;
}

static struct crossing pop(struct heap *h)
{
	struct crossing top = h->v[0], last = h->v[--h->n];
	int32_t at = 0, child;

	while ((child = 2 * at + 1) < h->n) {
		if (child + 1 < h->n && less(&h->v[child + 1], &h->v[child]))
			child++;
		if (!less(&h->v[child], &last))
			break;
		h->v[at] = h->v[child];
		at = child;
	}
	h->v[at] = last;
	return top;
}

static struct crossing crossing_of(const struct engine *e, int32_t i, int32_t to)
{
	int32_t from = e->unit[i];

	return (struct crossing){en_delta(e, i, from, to) / fmax(e->p->work[i], TINY), i, from, to};
}

/* What each unit should have, no further from what it has than need be: within the tolerance, all together the work
 * that there is.  One level is added to all, each cut off at its limits; the level is found by halving. */
static void goals(const struct engine *e, double tolerance, double *goal)
{
	double all = 0, low = 0, high;

	for (int32_t u = 0; u < e->p->k; u++)
		all += e->load[u];
	high = all;
	low = -all;
	for (int32_t step = 0; step < 60; step++) {
		double level = (low + high) / 2, sum = 0;

		for (int32_t u = 0; u < e->p->k; u++) {
			double least = e->target[u] * (1 - tolerance), most = e->target[u] * (1 + tolerance);

			goal[u] = fmin(fmax(e->load[u] + level, least), most);
			sum += goal[u];
		}
		if (sum < all)
			low = level;
		else
			high = level;
	}
}

static void measure_borders(struct net *t)
{
	const struct engine *e = t->e;

	memset(t->width, 0, sizeof(*t->width) * (size_t)t->k * (size_t)t->k);
	for (int32_t i = 0; i < e->p->n; i++)
		for (int32_t at = e->g->off[i]; at < e->g->off[i + 1]; at++) {
			int32_t a = e->unit[i], b = e->unit[e->g->to[at]];

			if (a != b)
				t->width[(int64_t)a * t->k + b] += t->ease[(int64_t)a * t->k + b];
		}
}

static double flow(const struct net *t, int32_t from, int32_t to)
{
	return t->width[(int64_t)from * t->k + to] * (t->height[from] - t->height[to]);
}

/* Outlets that may take part of a flow over their border. */
static void list_borders(struct net *t)
{
	const struct engine *e = t->e;

	t->border.n = 0;
	for (int32_t i = 0; i < e->p->n; i++) {
		int32_t a = e->unit[i], last = DESIGN_NONE;

		for (int32_t at = e->g->off[i]; at < e->g->off[i + 1]; at++) {
			int32_t b = e->unit[e->g->to[at]];

			if (b == a || b == last || flow(t, a, b) <= 0 || !en_may(e->p, i, b))
				continue;
			append(&t->border, crossing_of(e, i, b));
			last = b;
		}
	}
	qsort(t->border.v, (size_t)t->border.n, sizeof(*t->border.v), by_border);
}

/* Move i, and what it alone held, when that brings the amount nearer.  Returns the work moved. */
static double cross(struct engine *e, const struct crossing *c, double left)
{
	double work = e->p->work[c->i];

	/* The other side may have moved away meanwhile. */
	if (e->a->contiguous && (!en_touches(e, c->i, c->to) || !en_severed(e, c->i)))
		return 0;
	if (!e->a->contiguous)
		e->n_piece = 0;
	for (int32_t j = 0; j < e->n_piece; j++) {
		if (!en_may(e->p, e->piece[j], c->to))
			return 0;
		work += e->p->work[e->piece[j]];
	}
	if (work >= 2 * left || e->n_piece + 1 >= e->size[c->from])
		return 0;
	en_move(e, c->i, c->to);
	for (int32_t j = 0; j < e->n_piece; j++)
		en_move(e, e->piece[j], c->to);
	return work;
}

static void push_neighbours(struct engine *e, struct heap *h, int32_t i, int32_t from, int32_t to)
{
	for (int32_t at = e->g->off[i]; at < e->g->off[i + 1]; at++)
		if (e->unit[e->g->to[at]] == from && en_may(e->p, e->g->to[at], to))
			push(h, crossing_of(e, e->g->to[at], to));
}

/* Let `amount` cross one border, whose outlets are at[0..n-1].  Returns what crossed. */
static double shift(struct engine *e, const struct crossing *at, int32_t n, double amount)
{
	struct heap h = {0};
	double left = amount;

	for (int32_t i = 0; i < n; i++)
		append(&h, at[i]); /* sorted, hence a heap */
	while (h.n && left > 0) {
		struct crossing c = pop(&h);
		double work = e->unit[c.i] == c.from ? cross(e, &c, left) : 0;

		if (work <= 0)
			continue;
		left -= work;
		push_neighbours(e, &h, c.i, c.from, c.to);
		for (int32_t j = 0; j < e->n_piece; j++)
			push_neighbours(e, &h, e->piece[j], c.from, c.to);
	}
	free(h.v);
	return amount - left;
}

/* All flows of one round.  Returns the work that crossed borders. */
static double run_flows(struct net *t)
{
	double all = 0;

	list_borders(t);
	for (int32_t at = 0, end; at < t->border.n; at = end) {
		const struct crossing *c = &t->border.v[at];
		double amount = flow(t, c->from, c->to), done;

		for (end = at + 1; end < t->border.n && t->border.v[end].from == c->from && t->border.v[end].to == c->to;)
			end++;
		done = shift(t->e, c, end - at, amount);
		all += done;
		if (done < amount / 2) {
			t->ease[(int64_t)c->from * t->k + c->to] *= BLOCKED;
			t->ease[(int64_t)c->to * t->k + c->from] *= BLOCKED;
		}
	}
	return all;
}

void en_balance(struct engine *e, double tolerance)
{
	size_t k = (size_t)e->p->k;
	struct net t = {.e = e, .k = e->p->k};
	double *goal = bp_xcalloc(2 * k, sizeof(*goal)), *excess = goal + k;

	t.width = bp_xmalloc(sizeof(*t.width) * k * k);
	t.ease = bp_xmalloc(sizeof(*t.ease) * k * k);
	t.height = bp_xmalloc(sizeof(*t.height) * k);
	for (size_t i = 0; i < k * k; i++)
		t.ease[i] = 1;
	for (int32_t round = 0; round < ROUNDS && en_deviation(e) > tolerance && !e->stopped; round++) {
		goals(e, tolerance * INSIDE, goal);
		for (size_t u = 0; u < k; u++)
			excess[u] = e->load[u] - goal[u];
		measure_borders(&t);
		en_heights(t.width, t.k, excess, t.height);
		if (run_flows(&t) <= 0 && round > 10)
			break;
		en_centre(e);
		en_stop(e, 0.4 + 0.3 * round / ROUNDS);
	}
	free(goal);
	free(t.width);
	free(t.ease);
	free(t.height);
	free(t.border.v);
}
