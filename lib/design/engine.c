/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "design/engine.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

/* splitmix64 (Steele, Lea and Flood 2014). */
double en_uniform(uint64_t *rng)
{
	uint64_t z = (*rng += 0x9E3779B97F4A7C15u);

	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	return (double)((z ^ z >> 31) >> 11) / 9007199254740992.0;
}

bool en_may(const struct design_problem *p, int32_t i, int32_t unit)
{
	int32_t set = p->allow ? p->allow[i] : DESIGN_NONE;

	for (int32_t at = set < 0 ? 0 : p->set_off[set]; set >= 0 && at < p->set_off[set + 1]; at++)
		if (p->set[at] == unit)
			return true;
	return set < 0;
}

void en_targets(const struct design_problem *p, double *target)
{
	double all = 0, shares = 0;

	for (int32_t i = 0; i < p->n; i++)
		all += p->work[i];
	for (int32_t u = 0; u < p->k; u++)
		shares += p->share ? p->share[u] : 1;
	for (int32_t u = 0; u < p->k; u++)
		target[u] = all * (p->share ? p->share[u] : 1) / shares;
}

/* About what an outlet of a compact design costs: the moment of all of it, which k cells make k times smaller. */
static double mean_cost(const struct design_problem *p)
{
	double x = 0, y = 0, sum = 0;

	for (int32_t i = 0; i < p->n; i++) {
		x += (p->xy[i].x - x) / (i + 1);
		y += (p->xy[i].y - y) / (i + 1);
	}
	for (int32_t i = 0; i < p->n; i++) {
		double dx = p->xy[i].x - x, dy = p->xy[i].y - y;

		sum += p->work[i] * (dx * dx + dy * dy);
	}
	return sum / p->n / p->k;
}

void en_init(struct engine *e, const struct design_problem *p, const struct design_graph *g,
	const struct design_params *a)
{
	size_t n = (size_t)p->n, k = (size_t)p->k;
	double mean = a->keep_price > 0 || a->border_price > 0 ? mean_cost(p) : 0;

	*e = (struct engine){.p = p, .g = g, .a = a, .rng = a->seed, .keep = a->keep_price * mean,
		.border = a->border_price * mean};
	e->unit = bp_xcalloc(n, sizeof(*e->unit));
	e->target = bp_xcalloc(2 * k, sizeof(*e->target));
	e->load = e->target + k;
	e->size = bp_xcalloc(k, sizeof(*e->size));
	e->site = bp_xcalloc(k, sizeof(*e->site));
	e->reached = bp_xcalloc(n, sizeof(*e->reached));
	e->next = bp_xcalloc(n, sizeof(*e->next));
	e->piece = bp_xcalloc(n, sizeof(*e->piece));
	en_targets(p, e->target);
}

void en_release(struct engine *e)
{
	free(e->unit);
	free(e->target);
	free(e->size);
	free(e->site);
	free(e->reached);
	free(e->next);
	free(e->piece);
}

void en_count(struct engine *e)
{
	memset(e->load, 0, sizeof(*e->load) * (size_t)e->p->k);
	memset(e->size, 0, sizeof(*e->size) * (size_t)e->p->k);
	for (int32_t i = 0; i < e->p->n; i++)
		if (e->unit[i] >= 0) {
			e->load[e->unit[i]] += e->p->work[i];
			e->size[e->unit[i]]++;
		}
}

void en_centre(struct engine *e)
{
	size_t k = (size_t)e->p->k;
	double *weight = bp_xcalloc(k, sizeof(*weight));

	if (e->a->site) {
		memcpy(e->site, e->a->site, sizeof(*e->site) * k);
	} else {
		for (int32_t i = 0; i < e->p->n; i++) {
			int32_t u = e->unit[i];
			double w = e->p->work[i];

			if (!(w > 0) || u < 0)
				continue;
			weight[u] += w;
			e->site[u].x += (e->p->xy[i].x - e->site[u].x) * w / weight[u];
			e->site[u].y += (e->p->xy[i].y - e->site[u].y) * w / weight[u];
		}
	}
	free(weight);
}

double en_deviation(const struct engine *e)
{
	double most = 0;

	for (int32_t u = 0; u < e->p->k; u++)
		most = fmax(most, fabs(e->load[u] / e->target[u] - 1));
	return most;
}

static double square(struct geo_xy a, struct geo_xy b)
{
	return (a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y);
}

double en_delta(const struct engine *e, int32_t i, int32_t from, int32_t to)
{
	const struct design_problem *p = e->p;
	double d = p->work[i] * (square(p->xy[i], e->site[to]) - square(p->xy[i], e->site[from]));

	if (e->keep > 0 && p->present)
		d += e->keep * ((p->present[i] == from) - (p->present[i] == to));
	for (int32_t at = e->g->off[i]; e->border > 0 && p->group && at < e->g->off[i + 1]; at++) {
		int32_t j = e->g->to[at];

		if (p->group[i] != DESIGN_NONE && p->group[j] == p->group[i])
			d += e->border * ((e->unit[j] == from) - (e->unit[j] == to));
	}
	return d;
}

double design_cost(const struct design_problem *p, const struct design_graph *g, const struct design_params *a,
	const int32_t *unit)
{
	double mean = mean_cost(p), cost = 0;

	for (int32_t i = 0; i < p->n; i++) {
		cost += p->work[i] * square(p->xy[i], a->site[unit[i]]);
		if (p->present && p->present[i] != DESIGN_NONE && p->present[i] != unit[i])
			cost += a->keep_price * mean;
		for (int32_t at = g->off[i]; p->group && at < g->off[i + 1]; at++)
			if (g->to[at] > i && p->group[i] != DESIGN_NONE && p->group[g->to[at]] == p->group[i] &&
				unit[g->to[at]] != unit[i])
				cost += a->border_price * mean;
	}
	return cost;
}

void en_move(struct engine *e, int32_t i, int32_t to)
{
	int32_t from = e->unit[i];

	e->load[from] -= e->p->work[i];
	e->size[from]--;
	e->unit[i] = to;
	e->load[to] += e->p->work[i];
	e->size[to]++;
}

bool en_touches(const struct engine *e, int32_t i, int32_t unit)
{
	for (int32_t at = e->g->off[i]; at < e->g->off[i + 1]; at++)
		if (e->unit[e->g->to[at]] == unit)
			return true;
	return false;
}

bool en_stop(struct engine *e, double fraction)
{
	if (!e->stopped && e->a->progress)
		e->stopped = !e->a->progress(e->a->ctx, fraction);
	return e->stopped;
}

/* y = L x, L the Laplacian of the net. */
static void laplacian(const double *width, int32_t k, const double *x, double *y)
{
	for (int32_t a = 0; a < k; a++) {
		const double *w = width + (int64_t)a * k;

		y[a] = 0;
		for (int32_t b = 0; b < k; b++)
			y[a] += w[b] * (x[a] - x[b]);
	}
}

static double dot(const double *x, const double *y, int32_t n)
{
	double sum = 0;

	for (int32_t i = 0; i < n; i++)
		sum += x[i] * y[i];
	return sum;
}

void en_heights(const double *width, int32_t k, const double *excess, double *height)
{
	double *r = bp_xcalloc(3 * (size_t)k, sizeof(*r)), *d = r + k, *q = d + k, mean = 0, rho, first;

	for (int32_t u = 0; u < k; u++)
		mean += excess[u] / k;
	for (int32_t u = 0; u < k; u++) {
		height[u] = 0;
		d[u] = r[u] = excess[u] - mean;
	}
	first = rho = dot(r, r, k);
	for (int32_t step = 0; step < 4 * k && rho > 1e-12 * first; step++) {
		double alpha, next;

		laplacian(width, k, d, q);
		alpha = rho / dot(d, q, k);
		for (int32_t u = 0; u < k; u++) {
			height[u] += alpha * d[u];
			r[u] -= alpha * q[u];
		}
		next = dot(r, r, k);
		for (int32_t u = 0; u < k; u++)
			d[u] = r[u] + next / rho * d[u];
		rho = next;
	}
	free(r);
}
