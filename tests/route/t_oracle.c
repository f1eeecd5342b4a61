/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * On problems small enough an exact model agrees.  All feasible tours of a small capacitated
 * problem are listed with their best order (dynamic programming over subsets), and GLPK
 * chooses the cheapest partition; for periodic needs a pattern is chosen as well.  A second model has everything
 * that a tour or a need may have - windows soft and hard, overtime, pins, two different seats, one person a
 * need or any, day values, optional needs, needs served in part: its tours are judged in every order by rt_tour_eval.
 * t_oracle [COUNT] tries more of these.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <glpk.h>

#include "make.h"
#include "route/pattern.h"

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

#define M 6
#define DAYS 3

/* Cheapest order of every set of needs for a seat on a day; INT64_MAX: none holds. */
static void best_orders(const struct rt_problem *p, const struct rt_params *a, int32_t seat, int32_t day, int64_t *best)
{
	int32_t order[M], n = 0, next[M + 1] = {0};
	uint32_t used = 0;

	for (int32_t m = 0; m < 1 << M; m++)
		best[m] = INT64_MAX;
	/* All sequences, depth first. */
	while (n >= 0) {
		int32_t i = next[n];

		while (i < M && (used >> i & 1))
			i++;
		if (i == M) {
			if (--n >= 0)
				used &= ~(1u << order[n]);
			continue;
		}
		next[n] = i + 1;
		order[n++] = i;
		used |= 1u << i;
		next[n] = 0;
		{
			struct rt_tour t;

			rt_tour_eval(p, a, seat, day, order, n, &t, NULL);
			if (!t.broken && t.cost < best[used])
				best[used] = t.cost;
		}
	}
}

/* Rows: what stands (need, seat or 0, day), one tour a (seat, day), one choice of days a need. */
static int row_of(const struct rt_problem *p, int32_t need, int32_t seat, int32_t day)
{
	return 1 + ((p->same_seat ? seat : 0) * DAYS + day) * M + need;
}

static void add_tours(glp_prob *lp, const struct rt_problem *p, const struct rt_params *a, int one_tour)
{
	static int64_t best[1 << M];

	for (int32_t s = 0; s < p->n_seats; s++)
		for (int32_t d = 0; d < DAYS; d++) {
			best_orders(p, a, s, d, best);
			for (int32_t m = 1; m < 1 << M; m++) {
				int ind[M + 2], k = 0, col;
				double val[M + 2];

				if (best[m] == INT64_MAX)
					continue;
				col = glp_add_cols(lp, 1);
				glp_set_col_kind(lp, col, GLP_BV);
				glp_set_obj_coef(lp, col, (double)best[m]);
				for (int32_t i = 0; i < M; i++)
					if (m >> i & 1)
						ind[++k] = row_of(p, i, s, d), val[k] = 1;
				ind[++k] = one_tour + s * DAYS + d;
				val[k] = 1;
				glp_set_mat_col(lp, col, k, ind, val);
			}
		}
}

/* Every set of days that keeps the need's rules, with the visits that are then missing. */
static void add_choices(glp_prob *lp, const struct rt_problem *p, int one_choice)
{
	for (int32_t i = 0; i < M; i++)
		for (int32_t s = 0; s < (p->same_seat ? p->n_seats : 1); s++)
			for (uint64_t mask = 0; mask < 1 << DAYS; mask++) {
				const struct rt_need *n = &p->needs[i];
				int32_t visits = __builtin_popcountll(mask);
				double cost = (double)(n->missed_price * (n->visits - visits));
				int ind[DAYS + 2], k = 0, col;
				double val[DAYS + 2];

				if (visits > n->visits || !pattern_gap_ok(mask, n->gap, DAYS))
					continue;
				col = glp_add_cols(lp, 1);
				glp_set_col_kind(lp, col, GLP_BV);
				for (int32_t d = 0; d < DAYS; d++)
					if (mask >> d & 1) {
						cost -= n->day_value >= 0 ? p->day_values[n->day_value + d] : 0;
						ind[++k] = row_of(p, i, s, d);
						val[k] = -1;
					}
				glp_set_obj_coef(lp, col, cost);
				ind[++k] = one_choice + i;
				val[k] = 1;
				glp_set_mat_col(lp, col, k, ind, val);
			}
}

static double exact_of_all(const struct rt_problem *p, const struct rt_params *a)
{
	glp_prob *lp = glp_create_prob();
	int one_tour = 1 + (p->same_seat ? p->n_seats : 1) * DAYS * M, one_choice = one_tour + p->n_seats * DAYS;
	glp_iocp io;
	double value;

	glp_term_out(GLP_OFF);
	glp_set_obj_dir(lp, GLP_MIN);
	glp_add_rows(lp, one_choice + M - 1);
	for (int i = 1; i < one_tour; i++)
		glp_set_row_bnds(lp, i, GLP_FX, 0, 0);
	for (int i = one_tour; i < one_choice; i++)
		glp_set_row_bnds(lp, i, GLP_UP, 0, 1);
	for (int i = one_choice; i < one_choice + M; i++)
		glp_set_row_bnds(lp, i, GLP_FX, 1, 1);
	add_tours(lp, p, a, one_tour);
	add_choices(lp, p, one_choice);
	glp_init_iocp(&io);
	io.presolve = GLP_ON;
	assert_int_equal(glp_intopt(lp, &io), 0);
	value = glp_mip_obj_val(lp);
	glp_delete_prob(lp);
	return value;
}

/* Six needs, two seats that begin at different places, three days. */
static void make_all(struct town *t, uint64_t seed)
{
	struct rt_problem *p = &t->p;

	town_init(t, M, 2, 1, seed);
	p->days_per_week = DAYS;
	p->same_seat = town_draw(t, 2);
	p->n_day_values = DAYS;
	p->day_values = bp_alloc_array(&t->arena, DAYS, sizeof(int32_t));
	for (int32_t d = 0; d < DAYS; d++)
		p->day_values[d] = town_draw(t, 400);
	for (int32_t i = 0; i < M; i++) {
		struct rt_need *n = &p->needs[i];

		n->visits = 1 + town_draw(t, 2);
		n->gap = town_draw(t, 2);
		n->demand = 1 + town_draw(t, 4);
		n->missed_price = town_draw(t, 3) ? 20000 : town_draw(t, 1500);
		n->flags = n->missed_price < 20000 ? 0 : RT_MANDATORY;
		n->day_value = town_draw(t, 2) ? 0 : RT_NONE;
		n->days = town_draw(t, 4) ? ~(uint64_t)0 : (uint64_t)(1 + town_draw(t, 7));
		n->flags |= town_draw(t, 8) ? 0 : RT_PIN_FIRST;
		if (town_draw(t, 2)) {
			int32_t from = 32400 + town_draw(t, 3000);

			n->window = p->n_windows;
			n->n_windows = 1 + town_draw(t, 2);
			for (int32_t k = 0; k < n->n_windows; k++, from += 1500)
				p->windows[p->n_windows++] = (struct rt_window){from, from + 700,
					(uint8_t)(town_draw(t, 3) == 0)};
		}
	}
	p->seats[1].start = p->seats[1].end = 0;
	for (int32_t s = 0; s < 2; s++) {
		p->seats[s].shift = 2500 + town_draw(t, 2000);
		p->seats[s].overtime_max = town_draw(t, 2) * 1200;
		p->seats[s].capacity = town_draw(t, 2) * 9;
		p->seats[s].max_calls = town_draw(t, 2) * 3;
		p->seats[s].fixed = town_draw(t, 2) * 300;
		p->seats[s].max_duration = town_draw(t, 2) * (1800 + town_draw(t, 1500));
	}
}

static int32_t wanted = 40;

static void everything_at_once_is_optimal(void **unused)
{
	int32_t all = wanted, hit = 0;

	(void)unused;
	for (uint64_t seed = 1; seed <= (uint64_t)all; seed++) {
		struct rt_params a;
		struct rt_solution s;
		struct bp_fail f = {0};
		struct town t;
		int64_t best;

		rt_params_default(&a);
		a.iterations = 20000;
		a.balance_permille = 0;
		make_all(&t, seed);
		best = (int64_t)floor(exact_of_all(&t.p, &a) + 0.5);
		rt_solution_init(&s);
		if (rt_solve(&t.p, &a, &s, &f) != BP_E_OK)
			fail_msg("%s", f.detail);
		assert_true(s.cost.total >= best);
		hit += s.cost.total == best;
		if (s.cost.total != best)
			print_message("seed %llu: %lld, exact %lld, same seat %d\n", (unsigned long long)seed,
				(long long)s.cost.total, (long long)best, t.p.same_seat);
		rt_solution_release(&s);
		town_release(&t);
	}
	print_message("%d of %d proven optimal\n", hit, all);
	assert_int_equal(hit, all);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_day_is_optimal),
		cmocka_unit_test(three_days_with_patterns_are_optimal),
		cmocka_unit_test(everything_at_once_is_optimal),
	};

	if (argc > 1)
		wanted = (int32_t)strtol(argv[1], NULL, 10);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
