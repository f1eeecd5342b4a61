/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Judging a design.  Everything is counted from the units alone; nothing here is shared with the search. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "design/design.h"

static bool may(const struct design_problem *p, int32_t i, int32_t unit)
{
	int32_t set = p->allow ? p->allow[i] : DESIGN_NONE;

	if (set == DESIGN_NONE)
		return true;
	for (int32_t at = p->set_off[set]; at < p->set_off[set + 1]; at++)
		if (p->set[at] == unit)
			return true;
	return false;
}

/* Pieces by colouring: depth first, from every outlet that has no colour yet. */
static void count_pieces(const struct design_graph *g, struct design_result *r)
{
	bool *seen = bp_xcalloc((size_t)g->n, sizeof(*seen));
	int32_t *stack = bp_xmalloc(sizeof(*stack) * (size_t)g->n), top = 0;

	for (int32_t from = 0; from < g->n; from++) {
		if (seen[from])
			continue;
		r->pieces[r->unit[from]]++;
		seen[from] = true;
		stack[top++] = from;
		while (top) {
			int32_t i = stack[--top];

			for (int32_t e = g->off[i]; e < g->off[i + 1]; e++) {
				int32_t j = g->to[e];

				if (!seen[j] && r->unit[j] == r->unit[i]) {
					seen[j] = true;
					stack[top++] = j;
				}
			}
		}
	}
	free(seen);
	free(stack);
}

static void count_work(const struct design_problem *p, struct design_result *r)
{
	double *weight = bp_xcalloc((size_t)p->k, sizeof(*weight));

	for (int32_t i = 0; i < p->n; i++) {
		/* Outlets without work still have a place. */
		int32_t u = r->unit[i];
		double w = p->work[i] > 0 ? p->work[i] : 1e-9;

		r->outlets[u]++;
		r->work[u] += p->work[i];
		weight[u] += w;
		r->centre[u].x += w * p->xy[i].x;
		r->centre[u].y += w * p->xy[i].y;
	}
	for (int32_t u = 0; u < p->k; u++)
		if (r->outlets[u]) {
			r->centre[u].x /= weight[u];
			r->centre[u].y /= weight[u];
		}
	for (int32_t i = 0; i < p->n; i++) {
		double dx = p->xy[i].x - r->centre[r->unit[i]].x, dy = p->xy[i].y - r->centre[r->unit[i]].y;

		r->now.compactness += p->work[i] * (dx * dx + dy * dy);
	}
	free(weight);
}

static void judge_units(const struct design_problem *p, struct design_result *r)
{
	double all = 0, shares = 0;

	for (int32_t u = 0; u < p->k; u++) {
		all += r->work[u];
		shares += p->share ? p->share[u] : 1;
	}
	for (int32_t u = 0; u < p->k; u++) {
		double want = all * (p->share ? p->share[u] : 1) / shares;

		if (want > 0)
			r->now.max_deviation = fmax(r->now.max_deviation, fabs(r->work[u] - want) / want);
		r->now.whole += r->pieces[u] == 1;
		r->now.empty += r->outlets[u] == 0;
	}
}

static void judge_outlets(const struct design_problem *p, const struct design_graph *g, struct design_result *r)
{
	for (int32_t i = 0; i < p->n; i++) {
		if (p->present && p->present[i] != DESIGN_NONE)
			r->now.moved += p->present[i] != r->unit[i];
		r->now.misplaced += !may(p, i, r->unit[i]);
		for (int32_t e = g->off[i]; p->group && e < g->off[i + 1]; e++)
			if (g->to[e] > i && p->group[i] != DESIGN_NONE && p->group[g->to[e]] == p->group[i])
				r->now.cut += r->unit[g->to[e]] != r->unit[i];
	}
}

void design_result_init(struct design_result *r)
{
	memset(r, 0, sizeof(*r));
}

void design_result_release(struct design_result *r)
{
	free(r->unit);
	free(r->work);
	free(r->outlets);
	free(r->pieces);
	free(r->centre);
	design_result_init(r);
}

void design_check(const struct design_problem *p, const struct design_graph *g, const int32_t *unit,
	struct design_result *r)
{
	size_t k = (size_t)p->k;

	design_result_release(r);
	r->n = p->n;
	r->k = p->k;
	r->unit = bp_xmalloc(sizeof(*r->unit) * (size_t)p->n);
	memcpy(r->unit, unit, sizeof(*unit) * (size_t)p->n);
	r->work = bp_xcalloc(k, sizeof(*r->work));
	r->outlets = bp_xcalloc(k, sizeof(*r->outlets));
	r->pieces = bp_xcalloc(k, sizeof(*r->pieces));
	r->centre = bp_xcalloc(k, sizeof(*r->centre));
	count_pieces(g, r);
	count_work(p, r);
	judge_units(p, r);
	judge_outlets(p, g, r);
}
