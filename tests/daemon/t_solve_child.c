/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The solver in its child: what comes back when it ends well, is stopped, or dies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/solve_child.h"
#include "tests/route/run.h"

/* Megabytes that are enough; the address sanitizer reserves room for the whole address space. */
#ifdef __SANITIZE_ADDRESS__
#define AMPLE (1L << 26)
#else
#define AMPLE 1024
#endif

struct watch {
	double stop_at;
	enum bp_error with;
	double asked;       /* seconds of the clock when it first asked to stop */
	struct rt_progress last;
};

static enum bp_error tick(void *ctx, const struct rt_progress *p)
{
	struct watch *w = ctx;

	w->last = *p;
	if (!w->stop_at || p->seconds < w->stop_at)
		return BP_E_OK;
	w->asked = w->asked > 0 ? w->asked : wall();
	return w->with;
}

static void model(struct town *t, struct plan_model *m, int32_t needs)
{
	town_init(t, needs, needs / 100, 2, 21);
	for (int32_t i = 0; i < needs / 100; i++)
		t->p.seats[i].days = 0x3ff;
	memset(m, 0, sizeof(*m));
	m->arena = &t->arena;
	m->p = t->p;
	m->n_seats = (size_t)needs / 100;
	rt_params_default(&m->params);
	m->params.iterations = 3000;
}

static enum bp_error run(struct plan_model *m, struct watch *w, long memory_mb, struct rt_solution *s, bool *cancelled,
	struct bp_fail *f)
{
	struct solve_child c = {memory_mb, tick, w};

	*f = (struct bp_fail){0};
	rt_solution_init(s);
	return solve_child(&c, m, s, cancelled, f);
}

static void the_plan_comes_back_as_it_was_made(void **unused)
{
	struct rt_solution here, there;
	struct plan_model m;
	struct watch w = {0};
	struct bp_fail f = {0};
	struct town t;
	bool cancelled;

	(void)unused;
	model(&t, &m, 300);
	assert_int_equal(run(&m, &w, AMPLE, &there, &cancelled, &f), BP_E_OK);
	rt_solution_init(&here);
	assert_int_equal(plan_optimize_solve(&m, &here, &f), BP_E_OK);
	assert_int_equal(there.plan_hash, here.plan_hash);
	assert_int_equal(there.n_visits, 300);
	assert_memory_equal(there.visits, here.visits, sizeof(*here.visits) * 300);
	assert_false(cancelled || there.fallback);
	rt_solution_release(&here);
	rt_solution_release(&there);
	town_release(&t);
}

static void progress_shows_travel_and_balance_and_a_stop_is_quick(void **unused)
{
	struct rt_solution s;
	struct plan_model m;
	struct watch w = {.stop_at = 1, .with = BP_E_CANCELLED};
	struct bp_fail f;
	struct town t;
	bool cancelled;

	(void)unused;
	model(&t, &m, 300);
	m.params.iterations = 0;
	m.params.seconds = 30;
	assert_int_equal(run(&m, &w, AMPLE, &s, &cancelled, &f), BP_E_OK);
	assert_true(cancelled && wall() - w.asked < 10);
	assert_int_equal(s.n_visits, 300);
	assert_true(w.last.travel > 0 && w.last.balance_pct >= 0 && w.last.balance_pct < 100);
	assert_true(w.last.cost >= w.last.travel / 2 && w.last.iterations > 0 && w.last.fraction > 0);
	rt_solution_release(&s);
	/* A daemon that must end does not wait for the plan. */
	w = (struct watch){.stop_at = 0.4, .with = BP_E_BUSY};
	assert_int_equal(run(&m, &w, AMPLE, &s, &cancelled, &f), BP_E_BUSY);
	assert_true(wall() - w.asked < 10);
	town_release(&t);
}

static void a_solver_that_dies_leaves_a_simple_plan_marked_as_such(void **unused)
{
	struct rt_params a;
	struct rt_solution s;
	struct rt_verdict v;
	struct plan_model m;
	struct watch w = {0};
	struct bp_fail f;
	struct town t;
	bool cancelled;

	(void)unused;
	model(&t, &m, 20000);
	/* No room for anything: the child ends itself at the first large allocation. */
	assert_int_equal(run(&m, &w, 1, &s, &cancelled, &f), BP_E_OK);
	assert_true(s.fallback);
	assert_int_equal(f.code, BP_E_OK);
	rt_params_default(&a);
	assert_int_equal(rt_check(&m.p, &a, &s, &v, &f), BP_E_OK);
	assert_int_equal(v.broken, 0);
	assert_true(v.visits > 10000);
	/* A plan that is to be changed little is not thrown away for a simple one. */
	m.params.max_changed = 40;
	town_give(&t, &s);
	m.p = t.p;
	rt_solution_release(&s);
	assert_int_equal(run(&m, &w, 1, &s, &cancelled, &f), BP_E_OPT_FAILED);
	assert_non_null(strstr(f.detail, "solver_memory_mb"));
	assert_int_equal(s.n_visits, 0);
	town_release(&t);
}

static void a_problem_refused_is_told_in_its_own_words(void **unused)
{
	struct rt_solution s;
	struct plan_model m;
	struct watch w = {0};
	struct bp_fail f;
	struct town t;
	bool cancelled;

	(void)unused;
	model(&t, &m, 300);
	m.p.needs[4].service = -1;
	assert_int_equal(run(&m, &w, AMPLE, &s, &cancelled, &f), BP_E_OPT_INPUT);
	assert_non_null(strstr(f.detail, "need 4"));
	town_release(&t);
}

/* Above the limits of one run: how many parts would do. */
static void too_large_names_the_split(void **unused)
{
	struct bp_fail f = {0};
	struct town t;

	(void)unused;
	town_init(&t, 61000, 1, 4, 1);
	assert_int_equal(rt_problem_size_check(&t.p, PLAN_NEEDS_MOST, PLAN_VISITS_MOST, &f), BP_E_OPT_TOO_LARGE);
	assert_string_equal(bp_errors[BP_E_OPT_TOO_LARGE].code, "ERR_OPT_002");
	assert_non_null(strstr(f.detail, "2 parts"));
	for (int32_t i = 0; i < 61000; i++)
		t.p.needs[i].visits = 16;
	f = (struct bp_fail){0};
	assert_int_equal(rt_problem_size_check(&t.p, PLAN_NEEDS_MOST, PLAN_VISITS_MOST, &f), BP_E_OPT_TOO_LARGE);
	assert_non_null(strstr(f.detail, "976000 visits"));
	assert_non_null(strstr(f.detail, "4 parts"));
	t.p.n_needs = 10;
	assert_int_equal(rt_problem_size_check(&t.p, PLAN_NEEDS_MOST, PLAN_VISITS_MOST, &f), BP_E_OK);
	town_release(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_plan_comes_back_as_it_was_made),
		cmocka_unit_test(progress_shows_travel_and_balance_and_a_stop_is_quick),
		cmocka_unit_test(a_solver_that_dies_leaves_a_simple_plan_marked_as_such),
		cmocka_unit_test(a_problem_refused_is_told_in_its_own_words),
		cmocka_unit_test(too_large_names_the_split),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
