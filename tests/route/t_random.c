/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Random small problems of everything that the model knows: t_random [COUNT [FIRST]].  Every plan, of the
 * solver and of the fall-back, must pass the checker; where the problem lies on the earth it is also
 * written, with its plan, and verified from the files alone.  Then each plan is taken as given
 * and solved again under a budget of changes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/cmd_solve.h"
#include "make.h"

/* Offers are asked for in plans of so many visits: they cost a hundred times the plan, and larger ones have t_warm and t_alternatives. */
#define OFFERED 45

static uint64_t count = 300, first;
static char problem_file[] = "/tmp/t_random_XXXXXX", plan_file[] = "/tmp/t_random_XXXXXX";
static int32_t from_files, refused, relaxed[RT_RELAX__MAX], twice, apart;
static char why[512]; /* it was refused */

/* The plan as the files tell it: accepted, and at the same cost. */
static void verify_written(const struct town *t, const struct rt_params *a, const struct rt_solution *s,
	uint64_t seed)
{
	struct rt_file file = {.p = t->p, .unit = 1};
	struct rt_verdict v;
	struct bp_fail f = {0};
	double unit;

	if (t->p.metric != RT_GEO)
		return;
	if (rt_journey_write(problem_file, &t->p, &f) || rt_sol_write(plan_file, &file, s, &f) ||
		verify_files(problem_file, plan_file, a, &v, &unit, &f))
		fail_msg("seed %llu: %s", (unsigned long long)seed, f.detail);
	if (v.broken || v.cost.total != s->cost.total)
		fail_msg("seed %llu, from the files: cost %lld, was %lld; %s", (unsigned long long)seed,
			(long long)v.cost.total, (long long)s->cost.total, v.what);
	from_files++;
}

static void accepted(const struct town *t, const struct rt_params *a, const struct rt_solution *s, uint64_t seed,
	const char *whose)
{
	struct rt_verdict v;
	struct bp_fail f = {0};

	assert_int_equal(rt_check(&t->p, a, s, &v, &f), BP_E_OK);
	if (v.broken)
		fail_msg("seed %llu, %s: %s", (unsigned long long)seed, whose, v.what);
	for (int32_t i = 0; i < s->n_unserved; i++)
		assert_in_range(s->unserved[i].reason, RT_SERVED + 1, RT_REASON__MAX - 1);
}

/* Solve; a plan that no plan could follow within the rules may be refused, but in words. */
static bool solve(const struct town *t, const struct rt_params *a, struct rt_solution *s, uint64_t seed)
{
	struct bp_fail f = {0};
	enum bp_error err = rt_solve(&t->p, a, s, &f);

	if (err == BP_E_OPT_INPUT && t->p.n_given && f.detail[0]) {
		refused++;
		snprintf(why, sizeof(why), "%s", f.detail);
		return false;
	}
	if (err != BP_E_OK)
		fail_msg("seed %llu: %s", (unsigned long long)seed, f.detail);
	accepted(t, a, s, seed, "solver");
	verify_written(t, a, s, seed);
	return true;
}

static void give_way(struct town *t, int32_t need, const struct rt_relax *r, int32_t kind, int64_t amount)
{
	struct rt_need *n = &t->p.needs[need];
	struct rt_seat *s = &t->p.seats[r->seat];
	struct rt_window *w = &t->p.windows[n->window];

	switch (kind) {
	case RT_RELAX_SHIFT:
		s->overtime_max += (int32_t)amount;
		s->max_duration += s->max_duration ? (int32_t)amount : 0;
		break;
	case RT_RELAX_CALLS: s->max_calls += (int32_t)amount; break;
	case RT_RELAX_LOAD: s->capacity += (int32_t)amount; break;
	case RT_RELAX_WINDOW: w[n->n_windows - 1].to += (int32_t)amount; break;
	case RT_RELAX_DAY:
		n->days |= (uint64_t)1 << r->day;
		n->delivery_days = 0;
		break;
	case RT_RELAX_SEAT:
		n->seat_set = RT_NONE;
		n->skills = 0;
		break;
	case RT_RELAX_GAP:
		n->gap -= n->gap > 0 ? (int32_t)amount : 0;
		n->pattern_set = RT_NONE;
		break;
	case RT_RELAX_CHAIN: t->p.chain_most[n->chain - 1] += (int32_t)amount; break;
	case RT_RELAX_FIRST: n->flags &= (uint8_t)~RT_PIN_FIRST; break;
	default: break;
	}
}

/* The rules named give way, and the visit may stand where it is said to. */
static void holds_when_relaxed(const struct town *t, const struct rt_params *a, const struct rt_solution *s,
	int32_t need, const struct rt_relax *r)
{
	struct town u = *t;
	struct rt_price price;

	if (r->seat < 0)
		return;
	bp_arena_init(&u.arena, (size_t)1 << 24);
	u.p.needs = bp_grow_array(&u.arena, t->p.needs, (size_t)t->p.n_needs, (size_t)t->p.n_needs, sizeof(*u.p.needs));
	u.p.seats = bp_grow_array(&u.arena, t->p.seats, (size_t)t->p.n_seats, (size_t)t->p.n_seats, sizeof(*u.p.seats));
	u.p.windows = bp_grow_array(&u.arena, t->p.windows, (size_t)t->p.n_windows, (size_t)t->p.n_windows + 1,
		sizeof(*u.p.windows));
	give_way(&u, need, r, r->kind, r->amount);
	give_way(&u, need, r, r->kind2, r->amount2);
	rt_price_insert(&u.p, a, s, need, r->seat, r->day, r->position, &price);
	if (price.broken)
		fail_msg("need %d: relaxations %d (%lld) and %d (%lld) leave %#x broken", need, r->kind,
			(long long)r->amount, r->kind2, (long long)r->amount2, price.broken);
	twice += r->kind2 != RT_RELAX_NONE;
	bp_arena_release(&u.arena);
}

/* What is offered can be had, for exactly its price; whatever is asked of it, rt_relax gives an answer. */
static void explained(struct town *t, const struct rt_params *a, const struct rt_solution *s, uint64_t seed)
{
	struct rt_option o[5];
	struct rt_verdict v;
	struct bp_fail f = {0};

	for (int32_t k = 0; k < 1 && s->n_visits && s->n_visits <= OFFERED; k++) {
		int32_t visit = town_draw(t, s->n_visits), n = rt_alternatives(&t->p, a, s, visit, o, 2);

		for (int32_t i = 0; i < n; i++) {
			struct rt_solution other;

			rt_solution_init(&other);
			rt_alternative_plan(&t->p, a, s, visit, &o[i], &other);
			assert_int_equal(rt_check(&t->p, a, &other, &v, &f), BP_E_OK);
			if ((v.broken & ~(uint32_t)(RT_BROKEN_FROZEN | RT_BROKEN_CHANGES)) ||
				v.cost.total != s->cost.total + o[i].price.total)
				fail_msg("seed %llu, visit %d, option %d: %lld + %lld is %lld; %s",
					(unsigned long long)seed, visit, i, (long long)s->cost.total,
					(long long)o[i].price.total, (long long)v.cost.total, v.what);
			assert_true(i == 0 || o[i - 1].cost <= o[i].cost);
			assert_false(o[i].seat == s->visits[visit].seat && o[i].day == s->visits[visit].day);
			rt_solution_release(&other);
		}
	}
	for (int32_t i = 0; i < s->n_unserved && i < 5; i++) {
		struct rt_relax r;

		rt_relax(&t->p, a, s, s->unserved[i].need, &r);
		relaxed[r.kind]++;
		holds_when_relaxed(t, a, s, s->unserved[i].need, &r);
	}
}

/* A visit of the given plan goes to another seat by hand, where that breaks nothing. */
static bool by_hand(struct town *t, const struct rt_params *a, const struct rt_solution *s)
{
	int32_t v = t->p.same_seat && s->n_visits ? town_draw(t, s->n_visits) : RT_NONE;

	for (int32_t seat = 0; v >= 0 && seat < t->p.n_seats; seat++) {
		const struct rt_visit *x = &s->visits[v];
		struct rt_price price;

		if (seat == x->seat)
			continue;
		rt_price_move(&t->p, a, s, v, seat, x->day, RT_NONE, &price);
		if (price.broken & ~(uint32_t)RT_BROKEN_PERSON || !price.broken)
			continue;
		for (int32_t i = 0; i < t->p.n_given; i++)
			t->p.given[i].position += t->p.given[i].seat == seat && t->p.given[i].day == x->day &&
				t->p.given[i].position >= price.position;
		t->p.given[v].seat = seat;
		t->p.given[v].position = price.position;
		return true;
	}
	return false;
}

static void one(uint64_t seed)
{
	struct rt_params a;
	struct rt_solution s;
	struct bp_fail f = {0};
	struct town t;
	bool split;

	rt_params_default(&a);
	a.iterations = 300;
	a.seed = seed;
	a.compact_price = seed % 3 ? 0 : 300;
	a.price_few = seed % 4 ? 0 : 240;
	rt_solution_init(&s);
	town_random(&t, seed);
	if (t.p.n_given && town_draw(&t, 3) == 0)
		a.max_changed = 1 + town_draw(&t, 60);
	if (solve(&t, &a, &s, seed)) {
		if (seed % (1 + count / 5) == 0)
			explained(&t, &a, &s, seed);
		town_give(&t, &s);
		for (int32_t i = 0; i < t.p.n_needs; i++)
			t.p.needs[i].flags |= town_draw(&t, 5) ? 0 : RT_FROZEN;
		a.max_changed = town_draw(&t, 8) - 1;
		a.seed++;
		split = seed % 2 && by_hand(&t, &a, &s);
		apart += split;
		if (!solve(&t, &a, &s, seed))
			fail_msg("seed %llu: its own plan was refused: %s", (unsigned long long)seed, why);
		if (a.max_changed == 0)
			assert_int_equal(s.cost.changed, 0);
		if (split && a.max_changed >= 0)
			explained(&t, &a, &s, seed);
	}
	a.max_changed = -1;
	t.p.n_given = 0;
	assert_int_equal(rt_fallback(&t.p, &a, &s, &f), BP_E_OK);
	accepted(&t, &a, &s, seed, "fall-back");
	rt_solution_release(&s);
	town_release(&t);
}

static void every_plan_is_accepted(void **unused)
{
	int a = mkstemp(problem_file), b = mkstemp(plan_file);

	(void)unused;
	assert_true(a >= 0 && b >= 0);
	close(a);
	close(b);
	for (uint64_t seed = first; seed < first + count; seed++)
		one(seed);
	unlink(problem_file);
	unlink(plan_file);
	print_message("%llu problems, %d plans verified from files, %d refused\n", (unsigned long long)count, from_files,
		refused);
	for (int k = 0; k < RT_RELAX__MAX; k++)
		print_message("relaxation %d: %d times\n", k, relaxed[k]);
	print_message("two rules at once: %d times; %d plans with a visit moved by hand\n", twice, apart);
	assert_true(from_files > 0 || count < 20);
	assert_true((uint64_t)refused * 6 <= count + 60);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(every_plan_is_accepted)};

	if (argc > 1)
		count = strtoull(argv[1], NULL, 10);
	if (argc > 2)
		first = strtoull(argv[2], NULL, 10);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
