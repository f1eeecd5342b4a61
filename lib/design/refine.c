/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Cheaper borders at the same balance.  Large designs go downhill only; small ones also take steps back that are not
 * larger than a threshold which shrinks to nothing (threshold accepting: Dueck and Scheuer 1990), work beyond the
 * tolerance at a price that rises while there is any and falls while there is none (Vidal and others 2013).
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "design/engine.h"

#define PASSES 12
#define ENOUGH 1e-5  /* of the cost: a pass that gains less is the last */
#define HEATS 16     /* of the annealing, each from the best design */
#define STEPS 60000  /* of each heat */
#define DEARER 1.2
#define CHEAPER 0.9
#define TRIES 20     /* to find somebody for an exchange */

/* Work of a unit beyond the tolerance, in minutes. */
static double beyond(const struct engine *e, int32_t u, double load)
{
	double off = fabs(load - e->target[u]) - e->a->tolerance * e->target[u];

	return off > 0 ? off : 0;
}

/* May w minutes go from one unit to the other without either leaving the tolerance, or leaving it further? */
static bool fits(const struct engine *e, double w, int32_t from, int32_t to)
{
	return beyond(e, from, e->load[from] - w) <= beyond(e, from, e->load[from]) &&
	       beyond(e, to, e->load[to] + w) <= beyond(e, to, e->load[to]);
}

/* Does the unit hang together without i? */
static bool loose(struct engine *e, int32_t i)
{
	return e->size[e->unit[i]] > 1 && (!e->a->contiguous || (en_severed(e, i) && !e->n_piece));
}

/* The neighbouring unit where i is cheapest. */
static int32_t cheapest_side(const struct engine *e, int32_t i, double *delta)
{
	int32_t best = DESIGN_NONE, last = DESIGN_NONE;

	*delta = 0;
	for (int32_t at = e->g->off[i]; at < e->g->off[i + 1]; at++) {
		int32_t u = e->unit[e->g->to[at]];
		double d;

		if (u == e->unit[i] || u == last || !en_may(e->p, i, u))
			continue;
		last = u;
		d = en_delta(e, i, e->unit[i], u);
		if (d < *delta && fits(e, e->p->work[i], e->unit[i], u)) {
			*delta = d;
			best = u;
		}
	}
	return best;
}

static double moment(const struct engine *e)
{
	double sum = 0;

	for (int32_t i = 0; i < e->p->n; i++) {
		double dx = e->p->xy[i].x - e->site[e->unit[i]].x, dy = e->p->xy[i].y - e->site[e->unit[i]].y;

		sum += e->p->work[i] * (dx * dx + dy * dy);
	}
	return sum;
}

void en_refine(struct engine *e)
{
	double whole = moment(e);

	for (int32_t pass = 0; pass < PASSES && !en_stop(e, 0.7 + 0.2 * pass / PASSES); pass++) {
		double gain = 0, delta;

		en_centre(e);
		for (int32_t i = 0; i < e->p->n; i++) {
			int32_t to = cheapest_side(e, i, &delta);

			if (to < 0 || !loose(e, i))
				continue;
			en_move(e, i, to);
			gain -= delta;
		}
		if (gain < ENOUGH * whole)
			break;
	}
	en_centre(e);
}

struct heat {
	struct engine *e;
	double cost, over;  /* distance and prices; minutes beyond the tolerance */
	double price;       /* of such a minute */
	double least;       /* cost of the best design that keeps the tolerance, in */
	int32_t *best;      /* n */
};

static double over_all(const struct engine *e)
{
	double sum = 0;

	for (int32_t u = 0; u < e->p->k; u++)
		sum += beyond(e, u, e->load[u]);
	return sum;
}

/* One outlet to another unit, if that costs no more than `threshold`; with `other` (not DESIGN_NONE) that one comes back. */
static bool step(struct heat *h, int32_t i, int32_t to, int32_t other, double threshold)
{
	struct engine *e = h->e;
	int32_t from = e->unit[i];
	double over = h->over, cost = h->cost, now;

	if (!en_may(e->p, i, to) || !loose(e, i))
		return false;
	cost += en_delta(e, i, from, to);
	en_move(e, i, to);
	if (other >= 0 && en_may(e->p, other, from) && en_touches(e, other, from) && loose(e, other)) {
		cost += en_delta(e, other, to, from);
		en_move(e, other, from);
	} else {
		other = DESIGN_NONE;
	}
	now = over_all(e);
	if (cost - h->cost + h->price * (now - over) <= threshold) {
		h->cost = cost;
		h->over = now;
		return true;
	}
	if (other >= 0)
		en_move(e, other, to);
	en_move(e, i, from);
	return false;
}

/* An outlet of `unit` at its border with `beside`, drawn. */
static int32_t partner(struct engine *e, int32_t unit, int32_t beside)
{
	for (int32_t t = 0; t < TRIES; t++) {
		int32_t i = (int32_t)(en_uniform(&e->rng) * e->p->n);

		if (e->unit[i] == unit && en_touches(e, i, beside))
			return i;
	}
	return DESIGN_NONE;
}

static void keep_best(struct heat *h)
{
	if (h->over > 0) {
		h->price *= DEARER;
		return;
	}
	h->price *= CHEAPER;
	if (h->cost >= h->least)
		return;
	h->least = h->cost;
	memcpy(h->best, h->e->unit, sizeof(*h->best) * (size_t)h->e->p->n);
}

static void run_heat(struct heat *h, double threshold)
{
	struct engine *e = h->e;

	for (int32_t s = 0; s < STEPS; s++) {
		int32_t i = (int32_t)(en_uniform(&e->rng) * e->p->n), degree = e->g->off[i + 1] - e->g->off[i];
		int32_t j = degree ? e->g->to[e->g->off[i] + (int32_t)(en_uniform(&e->rng) * degree)] : i;
		int32_t other = DESIGN_NONE;

		if (e->unit[j] != e->unit[i]) {
			if (en_uniform(&e->rng) < 0.4)
				other = partner(e, e->unit[j], e->unit[i]);
			step(h, i, e->unit[j], other, threshold * (1 - (double)s / STEPS));
		}
		if (h->over <= 0 ? h->cost < h->least : false)
			keep_best(h);
		else if (s % 50 == 0)
			keep_best(h);
	}
}

/* Sites stand still during a heat, so that a step has one price; they follow in between. */
void en_anneal(struct engine *e)
{
	size_t bytes = sizeof(*e->unit) * (size_t)e->p->n;
	struct heat h = {.e = e, .best = bp_xmalloc(bytes)};
	double all = 0;

	for (int32_t u = 0; u < e->p->k; u++)
		all += e->load[u];
	memcpy(h.best, e->unit, bytes);
	for (int32_t n = 0; n < HEATS && !en_stop(e, 0.9 + 0.1 * n / HEATS); n++) {
		double mean;

		memcpy(e->unit, h.best, bytes);
		en_count(e);
		en_centre(e);
		h.over = over_all(e);
		h.cost = moment(e);
		mean = h.cost / e->p->n;
		h.price = mean * e->p->n / all; /* as if outlets of so much work were twice as far away */
		h.least = h.over > 0 ? INFINITY : h.cost;
		run_heat(&h, mean * (n % 3 == 0 ? 1 : n % 3 == 1 ? 0.3 : 3));
	}
	memcpy(e->unit, h.best, bytes);
	en_count(e);
	en_centre(e);
	free(h.best);
}
