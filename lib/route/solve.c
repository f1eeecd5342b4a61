/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The whole run: first plan, then rounds of annealing.  A large plan is cut into
 * parts anew each round (whole seats, or whole tours where any vehicle will do); parts share
 * nothing, so threads take them in any order and the result is the same.  The
 * cuts are a function of the plan alone, never of the number of threads.
 */
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "route/engine.h"

#define PART_NEEDS 4000 /* needs in a part: large enough for the borders not to hurt, small enough for the cache */
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
/* Wall time kept for storing and checking the result: about what making the engine takes, and a little. */
#define TAIL_PER_START 1.0
#define TAIL 0.002      /* share of the budget */

struct part {
	int32_t size;
	int64_t best, cur, iterations; /* results, relative to the round's start */
};

struct run {
	struct engine *e;
	const struct rt_params *a;
	struct part *parts;
	int32_t n_parts, *by_size;
	struct en_node *best_nodes, *gbest;
	uint8_t *dirty;
	int64_t start_cost, gbest_cost;
	int64_t iterations, visits_missing;
	int64_t travel;           /* and balance: for the progress, as the round began */
	double balance_pct;
	int64_t lost; /* given visits of needs that no plan can serve: changes, whatever is done */
	int32_t round, rounds;
	double scale, long_leg;   /* mean leg of the first plan, see mean_leg */
	double t_from, t_to, begin, search_begin, deadline, last_tick;
	int64_t round_iterations;
	atomic_int next, cancelled;
	atomic_llong done_iterations, gained;
	pthread_t main_thread;
};

static uint64_t mix(uint64_t seed, uint64_t a, uint64_t b)
{
	uint64_t s = seed + a * 0xD1342543DE82EF95u + b * 0x2545F4914F6CDD1Du;

	return en_rand(&s);
}

/* ---- parts ---- */

struct centre {
	double x, y;
	int32_t n, id, part;
};

static int by_xy(const void *a, const void *b, bool x)
{
	const struct centre *p = a, *q = b;
	double u = x ? p->x : p->y, v = x ? q->x : q->y;

	return u < v ? -1 : u > v ? 1 : p->id < q->id ? -1 : 1;
}

static int by_x(const void *a, const void *b)
{
	return by_xy(a, b, true);
}

static int by_y(const void *a, const void *b)
{
	return by_xy(a, b, false);
}

/* Cut c[0..n-1] (seats or tours) into halves until none has more than PART_NEEDS; the share at which
 * is cut is drawn anew, so that borders lie elsewhere in each round. */
static void cut(struct centre *c, int32_t n, uint64_t *rng, int32_t *n_parts)
{
	double lo[2] = {1e300, 1e300}, hi[2] = {-1e300, -1e300};
	int64_t all = 0, at = 0;
	int32_t i, share;

	for (i = 0; i < n; i++) {
		all += c[i].n;
		lo[0] = c[i].x < lo[0] ? c[i].x : lo[0];
		hi[0] = c[i].x > hi[0] ? c[i].x : hi[0];
		lo[1] = c[i].y < lo[1] ? c[i].y : lo[1];
		hi[1] = c[i].y > hi[1] ? c[i].y : hi[1];
	}
	if (all <= PART_NEEDS || n < 2) {
		for (i = 0; i < n; i++)
			c[i].part = *n_parts;
		*n_parts += n > 0;
		return;
	}
	qsort(c, (size_t)n, sizeof(*c), hi[0] - lo[0] > hi[1] - lo[1] ? by_x : by_y);
	share = 35 + en_below(rng, 31);
	for (i = 0; i < n - 1 && at * 100 < all * share; i++)
		at += c[i].n;
	cut(c, i ? i : 1, rng, n_parts);
	cut(c + (i ? i : 1), n - (i ? i : 1), rng, n_parts);
}

/* Centres of the units that stay whole: seats (same_seat) or routes. */
static int32_t centres(const struct engine *e, struct centre *c, int32_t *unit_of_route)
{
	int32_t n = 0;

	for (int32_t r = 0; r < e->n_routes; r++) {
		const struct en_route *ro = &e->routes[r];
		int32_t s = e->n_visits + r;

		if (!e->same_seat || r == 0 || ro->seat != ro[-1].seat)
			c[n++] = (struct centre){0, 0, 0, r, 0};
		unit_of_route[r] = n - 1;
		for (int32_t v = e->nodes[s].next; v != s; v = e->nodes[v].next) {
			const struct leg_pt *p = &e->pt[e->nodes[v].need];

			c[n - 1].x += p->x * 2 * p->half_cos;
			c[n - 1].y += p->y;
			c[n - 1].n++;
		}
	}
	return n;
}

/* A need not served joins the part of its nearest served neighbour, or of its home seat. */
static int32_t adopt(const struct engine *e, int32_t need)
{
	const struct en_need *d = &e->needs[need];

	if (d->home >= 0)
		for (int32_t k = 0; k < e->days; k++) {
			int32_t r = e->route_of[(int64_t)d->home * e->days + k];

			if (r >= 0)
				return e->routes[r].part;
		}
	for (int32_t k = 0; k < e->k; k++) {
		int32_t u = e->near[(int64_t)need * e->k + k];

		if (u >= 0 && e->needs[u].mask)
			return e->need_part[u];
	}
	return 0;
}

static void make_parts(struct run *x)
{
	struct engine *e = x->e;
	struct centre *c = bp_xcalloc((size_t)e->n_routes + 1, sizeof(*c));
	int32_t *unit = bp_xcalloc((size_t)e->n_routes + 1, sizeof(*unit)), *part_of, n, used = 0;
	uint64_t rng = mix(x->a->seed, 77, (uint64_t)x->round);
	int32_t parts = 0;

	n = centres(e, c, unit);
	part_of = bp_xcalloc((size_t)n + 1, sizeof(*part_of));
	for (int32_t i = 0; i < n; i++)
		c[i].id = i;
	/* Empty units have no centre: they are dealt out in turn below. */
	for (int32_t i = 0; i < n; i++) {
		part_of[i] = RT_NONE;
		if (c[i].n) {
			struct centre t = c[i];

			t.x /= t.n;
			t.y /= t.n;
			c[used++] = t;
		}
	}
	if (x->a->max_changed >= 0 || (e->days > 1 && !e->same_seat)) {
		parts = 1;
		memset(part_of, 0, sizeof(*part_of) * (size_t)n);
	} else {
		cut(c, used, &rng, &parts);
		if (parts == 0)
			parts = 1;
		for (int32_t i = 0; i < used; i++)
			part_of[c[i].id] = c[i].part;
		for (int32_t i = 0, at = 0; i < n; i++)
			if (part_of[i] < 0)
				part_of[i] = at++ % parts;
	}
	for (int32_t r = 0; r < e->n_routes; r++)
		e->routes[r].part = part_of[unit[r]];
	for (int32_t i = 0; i < e->n_needs; i++) {
		const struct en_need *d = &e->needs[i];

		for (int32_t v = d->first; d->mask && v < d->first + d->visits; v++)
			if (e->nodes[v].route >= 0)
				e->need_part[i] = e->routes[e->nodes[v].route].part;
	}
	x->parts = bp_xrealloc(x->parts, sizeof(*x->parts) * (size_t)parts);
	x->by_size = bp_xrealloc(x->by_size, sizeof(*x->by_size) * (size_t)parts);
	memset(x->parts, 0, sizeof(*x->parts) * (size_t)parts);
	for (int32_t i = 0; i < e->n_needs; i++) {
		if (!e->needs[i].mask)
			e->need_part[i] = adopt(e, i);
		x->parts[e->need_part[i]].size += 1;
	}
	x->n_parts = parts;
	for (int32_t i = 0; i < parts; i++) {
		int32_t j = i;

		for (; j > 0 && x->parts[x->by_size[j - 1]].size < x->parts[i].size; j--)
			x->by_size[j] = x->by_size[j - 1];
		x->by_size[j] = i;
	}
	free(c);
	free(unit);
	free(part_of);
}

/* ---- rounds ---- */

static bool tick(void *ctx, struct worker *w)
{
	struct run *x = ctx;
	double now;

	if (atomic_load_explicit(&x->cancelled, memory_order_relaxed))
		return false;
	if (!x->a->progress || !pthread_equal(pthread_self(), x->main_thread) || (w->iterations & 1023))
		return true;
	now = clock_now();
	if (now - x->last_tick >= 0.5) {
		struct rt_progress p = {.seconds = now - x->begin};

		x->last_tick = now;
		p.iterations = x->iterations + atomic_load(&x->done_iterations) + w->iterations;
		p.fraction = x->a->iterations ? (double)p.iterations / (double)x->a->iterations
					      : (now - x->begin) / (x->deadline - x->begin);
		if (p.fraction > 1)
			p.fraction = 1;
		p.cost = x->start_cost + atomic_load(&x->gained) + w->best;
		if (x->gbest_cost < p.cost)
			p.cost = x->gbest_cost;
		p.unserved = (int32_t)x->visits_missing;
		p.travel = x->travel;
		p.balance_pct = x->balance_pct;
		if (!x->a->progress(x->a->progress_ctx, &p)) {
			atomic_store(&x->cancelled, 1);
			return false;
		}
	}
	return true;
}

static void do_part(struct run *x, int32_t part)
{
	struct engine *e = x->e;
	struct part *pt = &x->parts[part];
	struct worker w;
	struct anneal_budget b = {.stop = x->a->stop, .tick = tick, .tick_ctx = x};
	double share = (double)pt->size / (e->n_needs ? e->n_needs : 1);
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
	if (x->a->iterations) {
		b.iterations = (int64_t)((double)x->round_iterations * share);
		if (b.iterations < 1)
			b.iterations = 1;
	} else {
		double span = x->deadline - x->search_begin;
		int32_t threads = x->n_parts < x->a->threads ? x->n_parts : x->a->threads;

		b.start = clock_now();
		b.deadline = b.start + span / x->rounds * share * threads;
		if (b.deadline > x->deadline || x->n_parts == 1)
			b.deadline = x->search_begin + span * (x->round + 1) / x->rounds;
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

		if (i >= x->n_parts)
			return NULL;
		do_part(x, x->by_size[i]);
	}
}

static bool stopped(const struct run *x)
{
	return atomic_load(&x->cancelled) || (x->a->stop && atomic_load(x->a->stop)) ||
	       (!x->a->iterations && clock_now() >= x->deadline);
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

static void do_round(struct run *x)
{
	struct engine *e = x->e;
	size_t bytes = sizeof(*e->nodes) * ((size_t)e->n_visits + (size_t)e->n_routes);
	pthread_t other[16];
	int32_t started = 0;
	int64_t best;

	engine_means(e);
	take_figures(x);
	make_parts(x);
	x->start_cost = engine_cost(e);
	/* The means moved: the best plan is priced anew by the same yardstick only at the end. */
	memcpy(x->best_nodes, e->nodes, bytes);
	atomic_store(&x->next, 0);
	atomic_store(&x->done_iterations, 0);
	atomic_store(&x->gained, 0);
	for (int32_t i = 1; i < x->a->threads && i < x->n_parts && i <= 16; i++)
		if (pthread_create(&other[started], NULL, work, x) == 0)
			started++;
	work(x);
	for (int32_t i = 0; i < started; i++)
		pthread_join(other[i], NULL);
	best = x->start_cost;
#ifdef BP_DEBUG
	/* Every delta of the round was exact. */
	for (int32_t i = 0; i < x->n_parts; i++)
		best += x->parts[i].cur;
	assert(best == engine_cost(e));
	best = x->start_cost;
#endif
	count_missing(x);
	for (int32_t i = 0; i < x->n_parts; i++) {
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
	make_parts(x);
	x->rounds = x->n_parts > 1 ? ROUNDS : ROUNDS_WHOLE;
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

	engine_store(x->e, out);
	err = rt_check(x->e->p, x->a, out, &v, f);
	x->lost = v.cost.changed;
	for (int32_t i = 0; i < x->e->n_needs; i++)
		x->lost -= need_changed(x->e, &x->e->needs[i], x->e->needs[i].mask, x->e->needs[i].seat);
	if (err == BP_E_OK && (v.broken & (RT_BROKEN_FROZEN | RT_BROKEN_CHANGES)))
		err = bp_fail(f, BP_E_OPT_INPUT, "the given plan cannot be kept under the rules: %s", v.what);
	return err;
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
	err = engine_new(p, a, &x.e, f);
	if (err != BP_E_OK)
		return err;
	x.deadline = x.begin + span * (1 - TAIL) - TAIL_PER_START * (clock_now() - x.begin);
	x.last_tick = x.begin;
	construct(x.e, mix(a->seed, 0, 0), a->iterations ? 0 : x.begin + span * 0.6, a->stop);
	if (p->n_given) {
		err = given_kept(&x, out, f);
		if (err != BP_E_OK) {
			rt_solution_release(out);
			engine_free(x.e);
			return err;
		}
	}
	count_missing(&x);
	x.scale = mean_leg(x.e, &x.long_leg);
	if (a->minimise_fleet && x.e->flat && !x.e->any_pin && !x.visits_missing) {
		x.iterations = fleet_minimise(x.e, mix(a->seed, 3, 3), x.scale,
			(int64_t)((double)a->iterations * FLEET) + (a->iterations > 0), a->iterations ? 0 : x.begin + span * FLEET,
			a->stop);
		x.e->keep_fleet = true;
	}
	search(&x);
	engine_store(x.e, out);
	engine_free(x.e);
	return finish(p, a, &x, out, f);
}
