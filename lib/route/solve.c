/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The whole run: first plan, then rounds of annealing.  A large plan is cut into
 * parts anew each round (whole seats, or whole tours where any vehicle will do); parts share
 * nothing, so threads take them in any order and the result is the same.  The
 * cuts are a function of the plan alone, never of the number of threads.
 */
#include <assert.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "route/engine.h"

#define ROUNDS 12
#define ROUNDS_WHOLE 4  /* when there is but one part */
/* First temperature in permille of the mean leg weighed by length; the others of the plain mean leg.  Journey plans
 * begin near a good partition and lose by more. */
#define HEAT 1300
#define HEAT_JOURNEY 600
#define HEAT_PRIZES 30
#define HEAT_FULL 1000  /* vehicles so full that loads are soft */
#define FULL 0.97       /* of their load, with the fewest tours */
#define NO_BEST ((int64_t)1 << 60) /* a part that has seen no plan without overload */
#define FLEET 0.4       /* share of the budget for driving the number of tours down, when asked for */
#define TICK 0.5        /* seconds between two calls of progress */
/* Wall time kept for storing and checking the result: what these took with the first plan, and a little. */
#define TAIL 1.1
#define TAIL_AT_LEAST 0.0005
#define REASONS 0.01    /* share of the budget kept for the reasons of unserved needs, at most */
#define REASONS_STOPPED 0.03 /* seconds for them when the run was stopped */
#define ASKED 200       /* unserved needs of the first plan whose reasons are timed */

struct part {
	int64_t best, cur, iterations; /* results, relative to the round's start */
};

struct run {
	struct engine *e;
	const struct rt_params *a;
	struct part *parts;
	int32_t *by_size;
	struct en_node *best_nodes, *gbest;
	uint8_t *dirty;
	int64_t start_cost, gbest_cost;
	int64_t iterations, visits_missing;
	int64_t travel;           /* and balance: for the progress, as the round began */
	double balance_pct;
	int64_t lost; /* given visits of needs that no plan can serve: changes, whatever is done */
	int32_t round, rounds;
	double scale, long_leg;   /* mean leg of the first plan, see mean_leg */
	double t_from, t_to, begin, search_begin, round_begin, deadline, end, last_tick;
	double check_seconds;     /* what storing and checking take, as measured; 0: not known */
	int64_t round_iterations;
	int64_t shown;            /* cost to show before the search; RT_NONE: that of the plan as it grows */
	int64_t scattered;        /* debug builds: what the engine pays for it */
	atomic_int next, cancelled;
	sem_t ended;              /* counts workers that have no part left */
	atomic_llong done_iterations, gained;
	pthread_t main_thread;
};

static uint64_t mix(uint64_t seed, uint64_t a, uint64_t b)
{
	uint64_t s = seed + a * 0xD1342543DE82EF95u + b * 0x2545F4914F6CDD1Du;

	return en_rand(&s);
}

/* ---- rounds ---- */

static bool due(struct run *x, double *now)
{
	if (!x->a->progress || !pthread_equal(pthread_self(), x->main_thread))
		return false;
	*now = clock_now();
	if (*now - x->last_tick < TICK)
		return false;
	x->last_tick = *now;
	return true;
}

static void show(struct run *x, double now, int64_t iterations, int64_t cost)
{
	struct rt_progress p = {.seconds = now - x->begin, .iterations = iterations, .cost = cost,
		.unserved = (int32_t)x->visits_missing, .travel = x->travel, .balance_pct = x->balance_pct};

	p.fraction = x->a->iterations ? (double)iterations / (double)x->a->iterations
				      : (now - x->begin) / (x->end - x->begin);
	if (p.fraction > 1)
		p.fraction = 1;
	if (!x->a->progress(x->a->progress_ctx, &p))
		atomic_store(&x->cancelled, 1);
}

static bool told_to_stop(const struct run *x)
{
	return atomic_load_explicit(&x->cancelled, memory_order_relaxed) ||
	       (x->a->stop && atomic_load_explicit(x->a->stop, memory_order_relaxed));
}

/* en_stop(): while the engine is made, and in the first plan and the fleet phase. */
static bool poll(void *ctx, const struct engine *e)
{
	struct run *x = ctx;
	int64_t cost = x->shown;
	double now;

	if (!told_to_stop(x) && due(x, &now)) {
		/* A first plan that grows: travel so far, and what is missing at its price. */
		if (cost == RT_NONE) {
			cost = e->hopeless;
			x->visits_missing = 0;
			for (int32_t i = 0; e->nodes && i < e->n_needs; i++) {
				cost += e->needs[i].missed * en_missing(&e->needs[i], e->needs[i].mask);
				x->visits_missing += en_missing(&e->needs[i], e->needs[i].mask);
			}
			for (int32_t v = 0; e->nodes && v < e->n_visits; v++)
				cost += e->nodes[v].route >= 0 ? e->nodes[v].dprev : 0;
		}
		show(x, now, e->spent, cost);
	}
	return told_to_stop(x);
}

static bool tick(void *ctx, struct worker *w)
{
	struct run *x = ctx;
	double now;

	/* Of a single thread's iterations a thousand take some hundredths of a second. */
	if (!(w->iterations & 1023) && due(x, &now)) {
		int64_t cost = x->start_cost + atomic_load(&x->gained) + w->best;

		show(x, now, x->iterations + atomic_load(&x->done_iterations) + w->iterations,
			x->gbest_cost < cost ? x->gbest_cost : cost);
	}
	return !atomic_load_explicit(&x->cancelled, memory_order_relaxed);
}

/* When a part has had its time.  Those taken last end with the round, so that no thread waits for another. */
static double part_deadline(const struct run *x, double now, double share, bool last)
{
	int32_t threads = x->e->n_parts < x->a->threads ? x->e->n_parts : x->a->threads;
	double to = x->search_begin + (x->deadline - x->search_begin) * (x->round + 1) / x->rounds;
	double planned = (to - x->round_begin) * share * threads, end = now + planned;

	if (last)
		end = to - now > planned / 2 ? to : now + planned / 2;
	return end < x->deadline ? end : x->deadline;
}

static void do_part(struct run *x, int32_t part, bool last)
{
	struct engine *e = x->e;
	struct part *pt = &x->parts[part];
	struct worker w;
	struct anneal_budget b = {.stop = x->a->stop, .tick = tick, .tick_ctx = x};
	double share = (double)(e->part_off[part + 1] - e->part_off[part]) / (e->n_needs ? e->n_needs : 1);
	double ratio = x->t_to / x->t_from;

	worker_init(&w, e, part, mix(x->a->seed, (uint64_t)x->round * 2 + 1, (uint64_t)part),
		x->best_nodes, x->dirty);
	if (x->a->max_changed >= 0)
		w.changed_max = x->a->max_changed - x->lost;
	if (e->soft_load)
		anneal_soften(&w, x->scale);
	if (w.over)
		w.best = NO_BEST;
	b.t_from = x->t_from * geometric(ratio, (double)x->round / x->rounds);
	b.t_to = x->t_from * geometric(ratio, (double)(x->round + 1) / x->rounds);
	/* So small a plan is heated anew each round, and so are depots that share their customers: who belongs to which
	 * is settled while it is hot. */
	if (w.small || (e->flat && e->n_types > 1 && e->n_parts == 1)) {
		b.t_from = x->t_from;
		b.t_to = x->t_to;
	}
	if (x->a->iterations) {
		b.iterations = (int64_t)((double)x->round_iterations * share);
		if (b.iterations < 1)
			b.iterations = 1;
	} else {
		b.start = clock_now();
		b.deadline = part_deadline(x, b.start, share, last);
	}
	if (!(x->a->iterations == 0 && b.deadline <= b.start))
		anneal(&w, &b);
	pt->cur = w.cur;
	pt->best = w.best;
	pt->iterations = w.iterations;
	atomic_fetch_add(&x->done_iterations, w.iterations);
	atomic_fetch_add(&x->gained, w.best == NO_BEST ? 0 : w.best);
	worker_release(&w);
}

static void *work(void *arg)
{
	struct run *x = arg;

	for (;;) {
		int32_t i = atomic_fetch_add(&x->next, 1);

		if (i >= x->e->n_parts)
			break;
		do_part(x, x->by_size[i], i >= x->e->n_parts - x->a->threads);
	}
	sem_post(&x->ended);
	return NULL;
}

/* Wait for `n` workers, and tell of the progress meanwhile. */
static void wait_for(struct run *x, int32_t n)
{
	while (n > 0) {
		double now;

		if (clock_wait(&x->ended, TICK / 4))
			n--;
		else if (due(x, &now))
			show(x, now, x->iterations + atomic_load(&x->done_iterations),
				x->start_cost + atomic_load(&x->gained));
	}
}

static bool stopped(const struct run *x)
{
	return told_to_stop(x) || (!x->a->iterations && clock_now() >= x->deadline);
}

static void count_missing(struct run *x)
{
	x->visits_missing = 0;
	for (int32_t i = 0; i < x->e->n_needs; i++)
		x->visits_missing +=
			x->e->needs[i].visits - __builtin_popcountll(x->e->needs[i].mask);
}

/* Travel and balance of the plan while no worker changes it. */
static void take_figures(struct run *x)
{
	const struct engine *e = x->e;

	x->travel = 0;
	x->balance_pct = 0;
	for (int32_t v = 0; v < e->n_visits; v++)
		if (e->nodes[v].route >= 0)
			x->travel += e->nodes[v].dprev;
	for (int32_t i = 0; i < e->n_routes; i++)
		if (e->routes[i].n > 0)
			x->travel += e->nodes[e->n_visits + i].dprev;
	for (int32_t s = 0; s < e->p->n_seats; s++) {
		int64_t mean = e->seat_group[s] >= 0 ? e->group_mean[e->seat_group[s]] : 0;
		double off = mean ? 100.0 * (double)llabs(e->seat_work[s] - mean) / (double)mean : 0;

		if (off > x->balance_pct)
			x->balance_pct = off;
	}
}

/* The parts of the plan as it stands, the largest first. */
static void cut_parts(struct run *x)
{
	struct engine *e = x->e;

	parts_make(e, x->a->max_changed >= 0 || (e->days > 1 && !e->same_seat),
		mix(x->a->seed, 77, (uint64_t)x->round));
	x->parts = bp_xrealloc(x->parts, sizeof(*x->parts) * (size_t)e->n_parts);
	x->by_size = bp_xrealloc(x->by_size, sizeof(*x->by_size) * (size_t)e->n_parts);
	memset(x->parts, 0, sizeof(*x->parts) * (size_t)e->n_parts);
	for (int32_t i = 0; i < e->n_parts; i++) {
		int32_t j = i, size = e->part_off[i + 1] - e->part_off[i];

		for (; j > 0; j--) {
			int32_t k = x->by_size[j - 1];

			if (e->part_off[k + 1] - e->part_off[k] >= size)
				break;
			x->by_size[j] = k;
		}
		x->by_size[j] = i;
	}
}

static void do_round(struct run *x)
{
	struct engine *e = x->e;
	size_t bytes = sizeof(*e->nodes) * ((size_t)e->n_visits + (size_t)e->n_routes);
	pthread_t other[16];
	int32_t started = 0;
	int64_t best;

	engine_means(e);
	take_figures(x);
	cut_parts(x);
	x->round_begin = clock_now();
	x->start_cost = engine_cost(e);
	/* The means moved: the best plan is priced anew by the same yardstick only at the end. */
	memcpy(x->best_nodes, e->nodes, bytes);
	atomic_store(&x->next, 0);
	atomic_store(&x->done_iterations, 0);
	atomic_store(&x->gained, 0);
	sem_init(&x->ended, 0, 0);
	for (int32_t i = 1; i < x->a->threads && i < e->n_parts && i <= 16; i++)
		if (pthread_create(&other[started], NULL, work, x) == 0)
			started++;
	work(x);
	wait_for(x, started + 1);
	sem_destroy(&x->ended);
	for (int32_t i = 0; i < started; i++)
		pthread_join(other[i], NULL);
	best = x->start_cost;
#ifdef BP_DEBUG
	/* Every delta of the round was exact. */
	for (int32_t i = 0; i < e->n_parts; i++)
		best += x->parts[i].cur;
	assert(best == engine_cost(e));
	best = x->start_cost;
#endif
	count_missing(x);
	for (int32_t i = 0; i < e->n_parts; i++) {
		best = x->parts[i].best == NO_BEST || best == NO_BEST ? NO_BEST : best + x->parts[i].best;
		x->iterations += x->parts[i].iterations;
	}
	if (best < x->gbest_cost) {
		x->gbest_cost = best;
		memcpy(x->gbest, x->best_nodes, bytes);
	}
}

/* Mean leg of the plan as it stands, the scale of temperatures; *long_leg is the mean with legs weighed by their length,
 * which is what has to be overcome where calls lie in clusters. */
static double mean_leg(const struct engine *e, double *long_leg)
{
	double sum = 0, squares = 0;
	int64_t n = 0;

	for (int32_t v = 0; v < e->n_visits; v++)
		if (e->nodes[v].route >= 0 && e->nodes[v].dprev > 0 &&
			en_is_visit(e, e->nodes[v].prev)) {
			sum += e->nodes[v].dprev;
			squares += (double)e->nodes[v].dprev * e->nodes[v].dprev;
			n++;
		}
	*long_leg = n ? squares / sum : 1;
	return n ? sum / (double)n : 1;
}

static void search(struct run *x)
{
	struct engine *e = x->e;
	size_t nodes = (size_t)e->n_visits + (size_t)e->n_routes + 1;
	double scale = x->scale;
	int32_t heat = e->same_seat ? HEAT_JOURNEY : HEAT;

	/* A tour full of prizes, once lost to the heat, is not found again. */
	for (int32_t i = 0; i < e->n_needs && e->flat && heat == HEAT; i++)
		if (!(e->needs[i].flags & RT_MANDATORY))
			heat = HEAT_PRIZES;
	if (e->keep_fleet && fleet_fill(e) > FULL)
		heat = HEAT_FULL;
	e->soft_load = e->quick && heat == HEAT_FULL;
	x->best_nodes = bp_xmalloc(sizeof(*e->nodes) * nodes);
	x->gbest = bp_xmalloc(sizeof(*e->nodes) * nodes);
	x->dirty = bp_xcalloc(nodes, 1);
	x->t_from = (heat == HEAT ? x->long_leg : scale) * heat / 1000;
	if (x->a->heat_permille > 0)
		x->t_from = scale * x->a->heat_permille / 1000;
	x->t_to = scale * x->a->cold_permille / 100000;
	engine_means(e);
	cut_parts(x);
	x->rounds = e->n_parts > 1 || e->n_needs <= SMALL ? ROUNDS : ROUNDS_WHOLE;
	/* What the drive for fewer tours has spent counts. */
	x->round_iterations = (x->a->iterations - x->iterations) / x->rounds;
	x->gbest_cost = engine_cost(e);
	memcpy(x->gbest, e->nodes, sizeof(*e->nodes) * (nodes - 1));
	x->search_begin = clock_now();
	for (x->round = 0; x->round < x->rounds && e->n_needs > 1 && !stopped(x); x->round++)
		do_round(x);
	memcpy(e->nodes, x->gbest, sizeof(*e->nodes) * (nodes - 1));
	engine_rebuild(e);
	free(x->best_nodes);
	free(x->gbest);
	free(x->dirty);
	free(x->parts);
	free(x->by_size);
}

/* Disturbance 0: the given plan, visit by visit. */
static void store_given(const struct rt_problem *p, struct rt_solution *out)
{
	int32_t *missing = bp_xcalloc((size_t)p->n_needs + 1, sizeof(*missing)), u = 0;

	rt_solution_release(out);
	out->visits = bp_xcalloc((size_t)p->n_given + 1, sizeof(*out->visits));
	for (int32_t i = 0; i < p->n_needs; i++)
		missing[i] = p->needs[i].visits;
	for (int32_t i = 0; i < p->n_given; i++) {
		out->visits[out->n_visits++] = (struct rt_visit){p->given[i].need, p->given[i].day,
			p->given[i].seat, p->given[i].position};
		missing[p->given[i].need]--;
	}
	rt_visits_sort(out->visits, out->n_visits);
	for (int32_t i = 0; i < p->n_needs; i++)
		u += missing[i] > 0;
	out->unserved = bp_xcalloc((size_t)u + 1, sizeof(*out->unserved));
	for (int32_t i = 0; i < p->n_needs; i++)
		if (missing[i] > 0)
			out->unserved[out->n_unserved++] = (struct rt_unserved){i, missing[i],
				p->places[p->needs[i].place].x == RT_NO_COORD ? RT_NO_COORDINATES
									      : RT_BUDGET_OF_CHANGES};
	out->plan_hash = rt_plan_hash(p, out->visits, out->n_visits);
	free(missing);
}

static enum bp_error finish(const struct rt_problem *p, const struct rt_params *a,
	const struct run *x, struct rt_solution *out, struct bp_fail *f)
{
	struct rt_verdict v;
	enum bp_error err;

	out->iterations = x->iterations;
	out->seed = a->seed;
	err = rt_check(p, a, out, &v, f);
	out->cost = v.cost;
	if (err == BP_E_OK && v.broken && !(a->max_changed == 0 && p->n_given))
		err = bp_fail(f, BP_E_OPT_FAILED, "the checker found: %s", v.what);
	out->seconds = clock_now() - x->begin;
	return err;
}

/* Can the given plan be kept as far as asked?  The first plan holds all of it that rules allow. */
static enum bp_error given_kept(struct run *x, struct rt_solution *out, struct bp_fail *f)
{
	struct rt_verdict v;
	enum bp_error err;

	engine_store(x->e, out, 0);
	err = rt_check(x->e->p, x->a, out, &v, f);
	x->lost = v.cost.changed;
	for (int32_t i = 0; i < x->e->n_needs; i++)
		x->lost -= need_changed(x->e, &x->e->needs[i], x->e->needs[i].mask, x->e->needs[i].seat);
	if (err == BP_E_OK && (v.broken & (RT_BROKEN_FROZEN | RT_BROKEN_CHANGES)))
		err = bp_fail(f, BP_E_OPT_INPUT, "the given plan cannot be kept under the rules: %s", v.what);
	return err;
}

/* How long storing and checking take: done once with the first plan.  What is kept for the reasons is as much as
 * the plan needs now, and no more than a share of the budget. */
static enum bp_error keep_time(struct run *x, double span, struct rt_solution *out, struct bp_fail *f)
{
	double t0 = clock_now(), reasons = 0;
	struct rt_verdict v;
	enum bp_error err;
	int32_t asked = 0;

	engine_store(x->e, out, t0);
	err = rt_check(x->e->p, x->a, out, &v, f);
	x->check_seconds = TAIL * (clock_now() - t0) + TAIL_AT_LEAST;
	rt_solution_release(out);
	t0 = clock_now();
	for (int32_t i = 0; i < x->e->n_needs && asked < ASKED; i++)
		if (en_missing(&x->e->needs[i], x->e->needs[i].mask)) {
			reason_after(x->e, i);
			asked++;
		}
	if (asked)
		reasons = (clock_now() - t0) / asked * (double)x->visits_missing;
	reasons = reasons < REASONS * span ? reasons : REASONS * span;
	x->deadline = x->end - x->check_seconds - reasons;
	return err;
}

/* Until when the reasons may be looked for; 0: as long as it takes. */
static double reasons_until(const struct run *x)
{
	double now = clock_now(), until = x->end - x->check_seconds;

	if (x->a->iterations)
		return told_to_stop(x) ? now + REASONS_STOPPED : 0;
	return told_to_stop(x) && now + REASONS_STOPPED < until ? now + REASONS_STOPPED : until;
}

enum bp_error rt_solve(const struct rt_problem *p, const struct rt_params *a,
	struct rt_solution *out, struct bp_fail *f)
{
	struct run x = {.a = a, .begin = clock_now(), .main_thread = pthread_self()};
	enum bp_error err;
	double span = a->seconds > 0 ? a->seconds : 1;

	if (a->max_changed == 0 && p->n_given) {
		err = rt_problem_check(p, f);
		if (err != BP_E_OK)
			return err;
		store_given(p, out);
		return finish(p, a, &x, out, f);
	}
	x.end = x.deadline = x.begin + span;
	x.last_tick = x.begin;
	x.shown = RT_NONE;
	err = engine_new(p, a, poll, &x, &x.e, f);
	if (err != BP_E_OK)
		return err;
	construct(x.e, mix(a->seed, 0, 0), a->iterations ? 0 : x.begin + span * 0.6);
	count_missing(&x);
	x.scale = mean_leg(x.e, &x.long_leg);
	if (p->n_given)
		err = given_kept(&x, out, f);
	if (err == BP_E_OK && !a->iterations && !told_to_stop(&x))
		err = keep_time(&x, span, out, f);
	if (err != BP_E_OK) {
		rt_solution_release(out);
		engine_free(x.e);
		return err;
	}
	if (a->minimise_fleet && x.e->flat && !x.e->any_pin && !x.visits_missing) {
		x.shown = engine_cost(x.e);
		x.iterations = fleet_minimise(x.e, mix(a->seed, 3, 3), x.scale,
			(int64_t)((double)a->iterations * FLEET) + (a->iterations > 0), a->iterations ? 0 : x.begin + span * FLEET);
		x.e->keep_fleet = true;
	}
	search(&x);
	engine_store(x.e, out, reasons_until(&x));
#ifdef BP_DEBUG
	/* Each tour costs what the plain definition says. */
	for (int32_t r = 0; r < x.e->n_routes; r++)
		x.scattered += x.e->routes[r].scattered;
#endif
	engine_free(x.e);
	err = finish(p, a, &x, out, f);
	assert(err != BP_E_OK || x.scattered == out->cost.compact || !x.scattered);
	return err;
}
