/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is asked, in which order, and whether it can be asked. */
#include "design/design.h"

#include <glpk.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "design/engine.h"

#define ROUNDS 3          /* of balance and borders */
#define ANNEAL_MOST 3000  /* outlets */
#define EXACT_MS 2000

#define EARTH 6371008.8
#define RADIAN 0.017453292519943295

void design_params_default(struct design_params *a)
{
	*a = (struct design_params){.seed = 1, .tolerance = 0.03, .contiguous = true, .redraw = true};
}

void design_project(const double *lon, const double *lat, int32_t n, struct geo_xy *xy)
{
	double low = INFINITY, high = -INFINITY, shrink;

	for (int32_t i = 0; i < n; i++) {
		low = fmin(low, lat[i]);
		high = fmax(high, lat[i]);
	}
	shrink = cos((low + high) / 2 * RADIAN);
	for (int32_t i = 0; i < n; i++)
		xy[i] = (struct geo_xy){EARTH * RADIAN * lon[i] * shrink, EARTH * RADIAN * lat[i]};
}

int32_t design_units_for(double work, double capacity, double tolerance)
{
	double k = capacity > 0 ? ceil(work * (1 + tolerance) / capacity) : 0;

	return k >= 1 && k <= DESIGN_UNITS_MOST ? (int32_t)k : 0;
}

static enum bp_error check_outlets(const struct design_problem *p, struct bp_fail *f)
{
	bool apart = false;
	double all = 0;

	for (int32_t i = 0; i < p->n; i++) {
		if (!isfinite(p->xy[i].x) || !isfinite(p->xy[i].y))
			return bp_fail(f, BP_E_OPT_INPUT, "outlet %d: its coordinates are no place on earth; mend them or leave it out",
				(int)i + 1);
		if (!isfinite(p->work[i]) || p->work[i] < 0)
			return bp_fail(f, BP_E_OPT_INPUT, "outlet %d: its work is no number of minutes from 0; mend it",
				(int)i + 1);
		all += p->work[i];
		apart |= p->xy[i].x != p->xy[0].x || p->xy[i].y != p->xy[0].y;
	}
	if (!(all > 0))
		return bp_fail(f, BP_E_OPT_INPUT, "there is no work to deal out: give frequencies and service times, or 1 for each outlet");
	if (!apart && p->k > 1)
		return bp_fail(f, BP_E_OPT_INPUT, "all %d outlets lie on one point: there is nothing to draw; mend their coordinates",
			(int)p->n);
	return BP_E_OK;
}

static enum bp_error check_sets(const struct design_problem *p, struct bp_fail *f)
{
	bool *used = bp_xcalloc((size_t)p->k, sizeof(*used)), any = false;
	enum bp_error err = BP_E_OK;

	for (int32_t s = 0; s < p->n_sets && !err; s++) {
		if (p->set_off[s + 1] <= p->set_off[s])
			err = bp_fail(f, BP_E_OPT_INPUT, "set %d allows no unit: what is both allowed and forbidden must be decided first",
				(int)s + 1);
		for (int32_t at = p->set_off[s]; at < p->set_off[s + 1] && !err; at++)
			if (p->set[at] < 0 || p->set[at] >= p->k)
				err = bp_fail(f, BP_E_OPT_INPUT, "set %d names unit %d: there are %d", (int)s + 1,
					(int)p->set[at] + 1, (int)p->k);
	}
	for (int32_t i = 0; i < p->n && !err; i++) {
		int32_t s = p->allow[i];

		if (s < DESIGN_NONE || s >= p->n_sets)
			err = bp_fail(f, BP_E_OPT_INPUT, "outlet %d: its set of units is number %d of %d", (int)i + 1,
				(int)s + 1, (int)p->n_sets);
		any |= s == DESIGN_NONE;
		for (int32_t at = err || s < 0 ? 0 : p->set_off[s]; !err && s >= 0 && at < p->set_off[s + 1]; at++)
			used[p->set[at]] = true;
	}
	for (int32_t u = 0; u < p->k && !err && !any; u++)
		if (!used[u])
			err = bp_fail(f, BP_E_OPT_INPUT, "no outlet may belong to unit %d: allow some, or draw one unit less",
				(int)u + 1);
	free(used);
	return err;
}

static enum bp_error check_present(const struct design_problem *p, bool redraw, struct bp_fail *f)
{
	int32_t *count = bp_xcalloc((size_t)p->k, sizeof(*count));
	enum bp_error err = BP_E_OK;

	for (int32_t i = 0; i < p->n && !err; i++) {
		if (p->present[i] < DESIGN_NONE)
			err = bp_fail(f, BP_E_OPT_INPUT, "outlet %d: its present unit is number %d", (int)i + 1,
				(int)p->present[i] + 1);
		else if (p->present[i] != DESIGN_NONE && p->present[i] < p->k)
			count[p->present[i]]++;
		else if (p->present[i] >= p->k && !redraw)
			err = bp_fail(f, BP_E_OPT_INPUT, "outlet %d is in unit %d of %d: redraw when the number of units changes",
				(int)i + 1, (int)p->present[i] + 1, (int)p->k);
	}
	for (int32_t u = 0; u < p->k && !err && !redraw; u++)
		if (!count[u])
			err = bp_fail(f, BP_E_OPT_INPUT, "unit %d has no outlet to begin with: leave it out, or redraw", (int)u + 1);
	free(count);
	return err;
}

enum bp_error design_validate(const struct design_problem *p, const struct design_params *a, struct bp_fail *f)
{
	enum bp_error err = BP_E_OK;

	if (p->n < 1 || p->n > DESIGN_OUTLETS_MOST)
		return bp_fail(f, BP_E_OPT_INPUT, "%d outlets: from 1 to %d can be designed at once", (int)p->n,
			DESIGN_OUTLETS_MOST);
	if (p->k < 1 || p->k > DESIGN_UNITS_MOST)
		return bp_fail(f, BP_E_OPT_INPUT, "%d units: from 1 to %d can be drawn at once", (int)p->k, DESIGN_UNITS_MOST);
	if (p->k > p->n)
		return bp_fail(f, BP_E_OPT_INPUT, "%d units of %d outlets: some would be empty; ask for at most %d", (int)p->k,
			(int)p->n, (int)p->n);
	if (!(a->tolerance >= 0.005 && a->tolerance <= 1))
		return bp_fail(f, BP_E_OPT_INPUT, "a tolerance of %g: between 0.005 and 1 is possible", a->tolerance);
	if (!(a->keep_price >= 0) || !(a->border_price >= 0))
		return bp_fail(f, BP_E_OPT_INPUT, "a price below 0: 0 and more are possible");
	if (!a->redraw && !p->present)
		return bp_fail(f, BP_E_OPT_INPUT, "there are no present units to begin with: redraw");
	for (int32_t u = 0; p->share && u < p->k; u++)
		if (!isfinite(p->share[u]) || p->share[u] <= 0)
			return bp_fail(f, BP_E_OPT_INPUT, "unit %d: its share of the work is not above 0", (int)u + 1);
	err = check_outlets(p, f);
	if (!err && p->allow)
		err = check_sets(p, f);
	if (!err && p->present)
		err = check_present(p, a->redraw, f);
	return err;
}

/* Vertex and arc of the assignment problem, as GLPK keeps them. */
struct side {
	int set;
};
struct pairing {
	double overlap;
	int chosen;
};

/* Pair new units with present ones so that most outlets keep their number; number[k] is filled. */
static void pair_up(const double *overlap, int32_t k, int32_t *number)
{
	glp_graph *g = glp_create_graph(sizeof(struct side), sizeof(struct pairing));
	bool *taken = bp_xcalloc((size_t)k, sizeof(*taken));
	double sum;

	glp_add_vertices(g, 2 * (int)k);
	for (int32_t u = 0; u < k; u++) {
		((struct side *)g->v[1 + u]->data)->set = 0;
		((struct side *)g->v[1 + k + u]->data)->set = 1;
		number[u] = DESIGN_NONE;
	}
	for (int32_t u = 0; u < k; u++)
		for (int32_t w = 0; w < k; w++)
			if (overlap[(int64_t)u * k + w] > 0) {
				glp_arc *a = glp_add_arc(g, 1 + u, 1 + k + w);

				((struct pairing *)a->data)->overlap = overlap[(int64_t)u * k + w];
			}
	glp_term_out(GLP_OFF);
	if (!glp_asnprob_okalg(GLP_ASN_MMP, g, offsetof(struct side, set), offsetof(struct pairing, overlap), &sum,
		    offsetof(struct pairing, chosen)))
		for (int32_t u = 0; u < k; u++)
			for (glp_arc *a = g->v[1 + u]->out; a; a = a->t_next)
				if (((struct pairing *)a->data)->chosen)
					number[u] = a->head->i - 1 - k;
	for (int32_t u = 0; u < k; u++)
		if (number[u] >= 0)
			taken[number[u]] = true;
	for (int32_t u = 0, next = 0; u < k; u++) {
		while (number[u] < 0 && taken[next])
			next++;
		if (number[u] < 0)
			number[u] = next++;
	}
	glp_delete_graph(g);
	free(taken);
}

/* New units take the numbers of the present ones that they follow.  Where a number means something else - pins,
 * shares, centres - they keep theirs. */
static void keep_numbers(struct engine *e)
{
	const struct design_problem *p = e->p;
	size_t k = (size_t)p->k;
	double *overlap;
	int32_t *number;

	if (!p->present || p->allow || p->share || e->a->site)
		return;
	overlap = bp_xcalloc(k * k, sizeof(*overlap));
	number = bp_xmalloc(sizeof(*number) * k);
	for (int32_t i = 0; i < p->n; i++)
		if (p->present[i] != DESIGN_NONE && p->present[i] < p->k)
			overlap[(int64_t)e->unit[i] * p->k + p->present[i]]++;
	pair_up(overlap, p->k, number);
	for (int32_t i = 0; i < p->n; i++)
		e->unit[i] = number[e->unit[i]];
	free(overlap);
	free(number);
}

static void start(struct engine *e)
{
	if (e->a->redraw) {
		en_start(e);
		keep_numbers(e);
	} else {
		memcpy(e->unit, e->p->present, sizeof(*e->unit) * (size_t)e->p->n);
	}
	en_fill(e);
}

/* Where the model is small enough, the best for these centres takes the place of what was found. */
static bool prove(struct engine *e)
{
	struct design_params at = *e->a;
	int32_t *unit;
	double least;
	bool proven;

	if ((int64_t)e->p->n * e->p->k > DESIGN_EXACT_MOST || e->stopped || e->a->search_only)
		return false;
	at.site = e->site;
	unit = bp_xmalloc(sizeof(*unit) * (size_t)e->p->n);
	design_exact(e->p, e->g, &at, EXACT_MS, unit, &least, &proven);
	if (proven)
		memcpy(e->unit, unit, sizeof(*unit) * (size_t)e->p->n);
	free(unit);
	return proven;
}

static bool search(struct engine *e)
{
	start(e);
	if (e->p->k == 1 || en_stop(e, 0.4))
		return false;
	for (int32_t round = 0; round < ROUNDS && !e->stopped; round++) {
		if (e->a->contiguous)
			en_connect(e);
		en_balance(e, e->a->tolerance);
		if (e->a->redraw || e->keep > 0 || e->border > 0)
			en_refine(e);
	}
	if (e->p->n <= ANNEAL_MOST && (e->a->redraw || e->keep > 0 || e->border > 0))
		en_anneal(e);
	return e->a->redraw && prove(e);
}

enum bp_error design_make(const struct design_problem *p, const struct design_graph *g, const struct design_params *a,
	struct design_result *out, struct bp_fail *f)
{
	struct engine e;
	enum bp_error err = design_validate(p, a, f);
	bool exact;

	if (err)
		return err;
	en_init(&e, p, g, a);
	exact = search(&e);
	design_check(p, g, e.unit, out);
	out->exact = exact;
	en_release(&e);
	return err;
}
