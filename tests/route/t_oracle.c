/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * On problems small enough an exact model agrees.  All feasible tours of a small capacitated
 * problem are listed with their best order (dynamic programming over subsets), and GLPK
 * chooses the cheapest partition; for periodic needs a pattern is chosen as well.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <glpk.h>

#include "make.h"

#define N 7

/* Cheapest closed tour of every subset: Held and Karp 1962. */
static void tours(const struct rt_problem *p, int32_t *best)
{
	static int32_t end[1 << N][N];

	for (int32_t m = 1; m < 1 << N; m++) {
		best[m] = INT32_MAX;
		for (int32_t j = 0; j < N; j++) {
			int32_t prev = m & ~(1 << j);

			end[m][j] = INT32_MAX / 2;
			if (!(m >> j & 1))
				continue;
			if (!prev)
				end[m][j] = rt_leg(p, 0, N, j, true);
			for (int32_t i = 0; i < N; i++)
				if ((prev >> i & 1) && end[prev][i] + rt_leg(p, 0, i, j, true) < end[m][j])
					end[m][j] = end[prev][i] + rt_leg(p, 0, i, j, true);
			if (end[m][j] + rt_leg(p, 0, j, N, false) < best[m])
				best[m] = end[m][j] + rt_leg(p, 0, j, N, false);
		}
	}
}

/* One binary per tour and day, one per pattern of a need: cheapest choice. */
static double exact(const struct rt_problem *p, const int32_t *cost, int32_t days, int32_t per_day)
{
	glp_prob *lp = glp_create_prob();
	glp_iocp io;
	int32_t rows = N * days + days + N;
	double value;

	glp_term_out(GLP_OFF);
	glp_set_obj_dir(lp, GLP_MIN);
	glp_add_rows(lp, rows);
	for (int32_t i = 1; i <= N * days; i++)
		glp_set_row_bnds(lp, i, GLP_FX, 0, 0);
	for (int32_t d = 0; d < days; d++)
		glp_set_row_bnds(lp, N * days + 1 + d, GLP_UP, 0, per_day);
	for (int32_t i = 0; i < N; i++)
		glp_set_row_bnds(lp, N * days + days + 1 + i, GLP_FX, 1, 1);
	for (int32_t d = 0; d < days; d++)
		for (int32_t m = 1; m < 1 << N; m++) {
			int ind[N + 2], k = 0, col, load = 0;
			double val[N + 2];

			for (int32_t i = 0; i < N; i++)
				load += m >> i & 1 ? p->needs[i].demand : 0;
			if (load > p->seats[0].capacity)
				continue;
			col = glp_add_cols(lp, 1);
			glp_set_col_kind(lp, col, GLP_BV);
			glp_set_obj_coef(lp, col, cost[m]);
			for (int32_t i = 0; i < N; i++)
				if (m >> i & 1)
					ind[++k] = N * d + i + 1, val[k] = 1;
			ind[++k] = N * days + 1 + d;
			val[k] = 1;
			glp_set_mat_col(lp, col, k, ind, val);
		}
	for (int32_t i = 0; i < N; i++)
		for (int32_t q = p->pattern_off[i]; q < p->pattern_off[i + 1]; q++) {
			int ind[16], k = 0, col = glp_add_cols(lp, 1);
			double val[16];

			glp_set_col_kind(lp, col, GLP_BV);
			for (int32_t d = 0; d < days; d++)
				if (p->patterns[q] >> d & 1)
					ind[++k] = N * d + i + 1, val[k] = -1;
			ind[++k] = N * days + days + 1 + i;
			val[k] = 1;
			glp_set_mat_col(lp, col, k, ind, val);
		}
	glp_init_iocp(&io);
	io.presolve = GLP_ON;
	assert_int_equal(glp_intopt(lp, &io), 0);
	assert_int_equal(glp_mip_status(lp), GLP_OPT);
	value = glp_mip_obj_val(lp);
	glp_delete_prob(lp);
	return value;
}

static void agree(uint64_t seed, int32_t days)
{
	struct rt_params a;
	struct rt_solution s;
	struct bp_fail f = {0};
	struct town t;
	struct rt_problem *p = &t.p;
	int32_t cost[1 << N];

	rt_params_default(&a);
	a.iterations = 4000;
	town_init(&t, N, 3, 1, seed);
	p->days_per_week = days;
	p->same_seat = false;
	p->metric = RT_EUC_ROUND;
	p->n_pattern_sets = N;
	p->pattern_off = bp_alloc_array(&t.arena, N + 1, sizeof(int32_t));
	p->patterns = bp_alloc_array(&t.arena, 8 * N, sizeof(uint64_t));
	for (int32_t i = 0; i <= N; i++)
		p->places[i] = (struct rt_place){town_draw(&t, 1000), town_draw(&t, 1000), 0};
	for (int32_t i = 0, at = 0; i < N; i++) {
		p->needs[i].demand = 1 + town_draw(&t, 5);
		p->needs[i].missed_price = 1000000;
		p->needs[i].pattern_set = i;
		p->needs[i].visits = days > 1 ? 1 + town_draw(&t, 2) : 1;
		for (int32_t d = 0; d < days; d++)
			p->patterns[at++] = p->needs[i].visits == 1 ? (uint64_t)1 << d
					    : d + 1 < days ? (uint64_t)3 << d
							   : (uint64_t)1 | (uint64_t)1 << d;
		p->pattern_off[i + 1] = at;
	}
	for (int32_t k = 0; k < 3; k++) {
		p->seats[k].capacity = 12;
		p->seats[k].shift = 1000000;
		p->seats[k].max_calls = 0;
	}
	tours(p, cost);
	rt_solution_init(&s);
	if (rt_solve(p, &a, &s, &f) != BP_E_OK)
		fail_msg("%s", f.detail);
	assert_int_equal(s.n_unserved, 0);
	assert_int_equal(s.cost.total, (int64_t)(exact(p, cost, days, 3) + 0.5));
	rt_solution_release(&s);
	town_release(&t);
}

static void one_day_is_optimal(void **unused)
{
	(void)unused;
	for (uint64_t seed = 1; seed <= 20; seed++)
		agree(seed, 1);
}

static void three_days_with_patterns_are_optimal(void **unused)
{
	(void)unused;
	for (uint64_t seed = 1; seed <= 6; seed++)
		agree(seed, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_day_is_optimal),
		cmocka_unit_test(three_days_with_patterns_are_optimal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
