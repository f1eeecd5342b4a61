/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The exact model for given centres: x[i][u] = 1 when outlet i is in unit u.  Contiguity comes as it is broken: of two
 * outlets that a set of others parts, both may be in a unit only with one of that set (Validi, Buchanan and Lykhovyd
 * 2022, "Imposing contiguity constraints in political districting models").
 */
#include <glpk.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "design/engine.h"

#define ROUNDS 100 /* of separators */
#define PER_PIECE 4 /* outlets of a piece that get separators */

struct model {
	const struct design_problem *p;
	const struct design_graph *g;
	const struct design_params *a;
	glp_prob *lp;
	int32_t *unit; /* n: of the last solution */
	int *ind;
	double *val;
};

static int column(const struct model *m, int32_t i, int32_t u)
{
	return (int)(i * m->p->k + u) + 1;
}

static void add_row(struct model *m, int n, int type, double low, double high)
{
	int row = glp_add_rows(m->lp, 1);

	glp_set_row_bnds(m->lp, row, type, low, high);
	glp_set_mat_row(m->lp, row, n, m->ind, m->val);
}

/* A pair of one group costs when its outlets are in two units: y >= x[i][u] - x[j][u] for every u. */
static void add_border(struct model *m, int32_t i, int32_t j, double price)
{
	int y = glp_add_cols(m->lp, 1);

	glp_set_col_bnds(m->lp, y, GLP_DB, 0, 1);
	glp_set_obj_coef(m->lp, y, price);
	for (int32_t u = 0; u < m->p->k; u++) {
		m->ind[1] = y;
		m->val[1] = 1;
		m->ind[2] = column(m, i, u);
		m->val[2] = -1;
		m->ind[3] = column(m, j, u);
		m->val[3] = 1;
		add_row(m, 3, GLP_LO, 0, 0);
	}
}

static void add_columns(struct model *m, double keep)
{
	const struct design_problem *p = m->p;

	glp_add_cols(m->lp, (int)(p->n * p->k));
	for (int32_t i = 0; i < p->n; i++)
		for (int32_t u = 0; u < p->k; u++) {
			double dx = p->xy[i].x - m->a->site[u].x, dy = p->xy[i].y - m->a->site[u].y;
			double cost = p->work[i] * (dx * dx + dy * dy);
			int c = column(m, i, u);

			if (p->present && p->present[i] != DESIGN_NONE && p->present[i] != u)
				cost += keep;
			glp_set_col_kind(m->lp, c, GLP_BV);
			if (!en_may(p, i, u))
				glp_set_col_bnds(m->lp, c, GLP_FX, 0, 0);
			glp_set_obj_coef(m->lp, c, cost);
		}
}

static void add_rules(struct model *m, double border)
{
	const struct design_problem *p = m->p;
	double *target = bp_xmalloc(sizeof(*target) * (size_t)p->k);

	en_targets(p, target);
	for (int32_t i = 0; i < p->n; i++) {
		for (int32_t u = 0; u < p->k; u++) {
			m->ind[u + 1] = column(m, i, u);
			m->val[u + 1] = 1;
		}
		add_row(m, (int)p->k, GLP_FX, 1, 1);
	}
	for (int32_t u = 0; u < p->k; u++) {
		for (int32_t i = 0; i < p->n; i++) {
			m->ind[i + 1] = column(m, i, u);
			m->val[i + 1] = p->work[i];
		}
		add_row(m, (int)p->n, GLP_DB, target[u] * (1 - m->a->tolerance), target[u] * (1 + m->a->tolerance));
		for (int32_t i = 0; i < p->n; i++)
			m->val[i + 1] = 1;
		add_row(m, (int)p->n, GLP_LO, 1, 0);
	}
	for (int32_t i = 0; border > 0 && p->group && i < p->n; i++)
		for (int32_t at = m->g->off[i]; at < m->g->off[i + 1]; at++)
			if (m->g->to[at] > i && p->group[i] != DESIGN_NONE && p->group[m->g->to[at]] == p->group[i])
				add_border(m, i, m->g->to[at], border);
	free(target);
}

/* The piece of its unit in which `from` lies: part[] gets `mark`.  Returns its size. */
static int32_t flood(const struct model *m, int32_t from, int32_t mark, int32_t *part, int32_t *queue)
{
	int32_t end = 1;

	queue[0] = from;
	part[from] = mark;
	for (int32_t at = 0; at < end; at++)
		for (int32_t k = m->g->off[queue[at]]; k < m->g->off[queue[at] + 1]; k++) {
			int32_t j = m->g->to[k];

			if (part[j] < 0 && m->unit[j] == m->unit[from]) {
				part[j] = mark;
				queue[end++] = j;
			}
		}
	return end;
}

/* No unit may hold `inside` and `outside` without one of the outlets round the piece `mark`. */
static void separate(struct model *m, const int32_t *part, int32_t mark, int32_t inside, int32_t outside)
{
	const struct design_problem *p = m->p;
	int32_t *ring = bp_xmalloc(sizeof(*ring) * (size_t)p->n), n = 0;

	for (int32_t j = 0; j < p->n; j++)
		for (int32_t k = m->g->off[j]; part[j] != mark && k < m->g->off[j + 1]; k++)
			if (part[m->g->to[k]] == mark) {
				ring[n++] = j;
				break;
			}
	for (int32_t u = 0; u < p->k; u++) {
		m->ind[1] = column(m, inside, u);
		m->val[1] = 1;
		m->ind[2] = column(m, outside, u);
		m->val[2] = 1;
		for (int32_t j = 0; j < n; j++) {
			m->ind[j + 3] = column(m, ring[j], u);
			m->val[j + 3] = -1;
		}
		add_row(m, (int)n + 2, GLP_UP, 0, 1);
	}
	free(ring);
}

/* Add separators wherever a unit is in pieces.  Returns how many pieces too many there are. */
static int32_t separate_all(struct model *m)
{
	int32_t n = m->p->n, broken = 0;
	int32_t *part = bp_xmalloc(2 * sizeof(*part) * (size_t)n), *queue = part + n;

	for (int32_t u = 0; u < m->p->k; u++) {
		int32_t first[2] = {DESIGN_NONE, DESIGN_NONE}, size[2] = {0, 0}, marks = 0;

		memset(part, 0xff, sizeof(*part) * (size_t)n);
		for (int32_t i = 0; i < n; i++) {
			int32_t got, small;

			if (m->unit[i] != u || part[i] >= 0)
				continue;
			got = flood(m, i, marks, part, queue);
			if (marks++ == 0) {
				first[0] = i;
				size[0] = got;
				continue;
			}
			first[1] = i;
			size[1] = got;
			broken++;
			small = size[1] <= size[0];
			for (int32_t j = 0, cuts = 0; j < n && cuts < PER_PIECE; j++)
				if (part[j] == (small ? marks - 1 : 0)) {
					separate(m, part, small ? marks - 1 : 0, j, first[!small]);
					cuts++;
				}
		}
	}
	free(part);
	return broken;
}

static bool optimise(struct model *m, int32_t milliseconds)
{
	glp_iocp io;

	glp_init_iocp(&io);
	io.presolve = GLP_ON;
	io.msg_lev = GLP_MSG_OFF;
	io.tm_lim = (int)milliseconds;
	if (glp_intopt(m->lp, &io) || glp_mip_status(m->lp) != GLP_OPT)
		return false;
	for (int32_t i = 0; i < m->p->n; i++)
		for (int32_t u = 0; u < m->p->k; u++)
			if (glp_mip_col_val(m->lp, column(m, i, u)) > 0.5)
				m->unit[i] = u;
	return true;
}

void design_exact(const struct design_problem *p, const struct design_graph *g, const struct design_params *a,
	int32_t milliseconds, int32_t *unit, double *cost, bool *proven)
{
	size_t n = (size_t)p->n, most = (n > (size_t)p->k ? n : (size_t)p->k) + 8;
	struct model m = {.p = p, .g = g, .a = a};
	struct engine e;
	bool solved;

	en_init(&e, p, g, a); /* for the prices */
	m.unit = bp_xcalloc(n, sizeof(*m.unit));
	m.ind = bp_xcalloc(most, sizeof(*m.ind));
	m.val = bp_xcalloc(most, sizeof(*m.val));
	glp_term_out(GLP_OFF);
	m.lp = glp_create_prob();
	add_columns(&m, e.keep);
	add_rules(&m, e.border);
	*proven = false;
	for (int32_t round = 0; round < ROUNDS; round++) {
		solved = optimise(&m, milliseconds);
		*proven = solved && (!a->contiguous || separate_all(&m) == 0);
		if (!solved || *proven)
			break;
	}
	if (*proven) {
		*cost = glp_mip_obj_val(m.lp);
		memcpy(unit, m.unit, sizeof(*unit) * n);
	}
	glp_delete_prob(m.lp);
	en_release(&e);
	free(m.unit);
	free(m.ind);
	free(m.val);
}
