/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The search loop: ruin, recreate, accept by simulated annealing with an
 * exponential temperature scaled by time or by iterations.  Only the tours that an
 * iteration touched are ever looked at again, so its price does not grow with the plan.
 */
#include <time.h>

#include <stddef.h>

#include "route/engine.h"

#define RUIN_MAX 256
#define MOVES 15        /* small moves after each ruin */
#define MOVES_FULL 100  /* where vehicles are full: loads must wander from tour to tour */
/* What overload of a mean demand counts, in mean legs: least, first and most, and the share by which it
 * changes in an iteration, up while there is overload. */
#define OVER_LEAST 1
#define OVER_FIRST 5
#define OVER_MOST 30
#define OVER_STEP 10000

double clock_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

bool clock_wait(sem_t *sem, double seconds)
{
	struct timespec t;
	int64_t ns;

	clock_gettime(CLOCK_REALTIME, &t);
	ns = t.tv_nsec + (int64_t)(seconds * 1e9);
	t.tv_sec += ns / 1000000000;
	t.tv_nsec = ns % 1000000000;
	return sem_timedwait(sem, &t) == 0;
}

/* -ln(u) for u uniform in (0, 1], and exp(x), from + - * / alone: the same bits everywhere. */
static double ln_1_to_2(double m)
{
	double z = (m - 1) / (m + 1), q = z * z;

	return 2 * z * (1 + q * (1.0 / 3 + q * (1.0 / 5 + q * (1.0 / 7 + q * (1.0 / 9 + q / 11)))));
}

static double minus_log(uint64_t r)
{
	uint64_t u = (r >> 12) + 1; /* 1 .. 2^52 */
	int32_t top = 63 - __builtin_clzll(u);
	double m = (double)u / (double)((uint64_t)1 << top);

	return (52 - top) * 0.693147180559945309 - ln_1_to_2(m);
}

static double plain_exp(double x)
{
	double k = 1, sum = 1, term = 1;

	while (x < -0.5) {
		x += 0.693147180559945309;
		k /= 2;
	}
	while (x > 0.5) {
		x -= 0.693147180559945309;
		k *= 2;
	}
	for (int32_t i = 1; i < 14; i++) {
		term *= x / i;
		sum += term;
	}
	return k * sum;
}

static double plain_ln(double x)
{
	double sum = 0;

	while (x >= 2) {
		x /= 2;
		sum += 0.693147180559945309;
	}
	while (x < 1) {
		x *= 2;
		sum -= 0.693147180559945309;
	}
	return sum + ln_1_to_2(x);
}

double geometric(double ratio, double share)
{
	return plain_exp(plain_ln(ratio) * share);
}

/* Keep the worker's list of absent needs true after an iteration. */
void worker_sort_absent(struct worker *w, const int32_t *list, int32_t n)
{
	struct engine *e = w->e;

	for (int32_t i = 0; i < n; i++) {
		struct en_need *d = &e->needs[list[i]];
		bool missing = en_missing(d, d->mask) > 0;

		if (missing && d->absent_at < 0) {
			d->absent_at = w->n_absent;
			w->absent[w->n_absent++] = list[i];
		} else if (!missing && d->absent_at >= 0) {
			int32_t last = w->absent[--w->n_absent];

			w->absent[d->absent_at] = last;
			e->needs[last].absent_at = d->absent_at;
			d->absent_at = RT_NONE;
		}
	}
}

static void keep_best(struct worker *w)
{
	w->best = w->cur;
	for (int32_t i = 0; i < w->n_touched; i++) {
		int32_t v = w->touched[i];

		w->best_nodes[v] = w->e->nodes[v];
		w->dirty[v] = 0;
	}
	w->n_touched = 0;
}

int64_t anneal_threshold(struct worker *w, double temperature)
{
	return (int64_t)(temperature * minus_log(en_rand(&w->rng)));
}

/* What one ruin may take out whole is soon at the end of what greedy insertion can make of it; skipping most
 * places now and then opens the rest. */
static void be_bold(struct worker *w)
{
	static const int32_t most[] = {BLINK, 19, 5, 2};
	int32_t how = en_below(&w->rng, 4);

	w->blink_most = most[how];
	w->overlook_most = most[how] < OVERLOOK ? most[how] : OVERLOOK;
	w->blink = w->overlook = 1 + en_below(&w->rng, w->overlook_most);
	w->force = en_below(&w->rng, 8) == 0;
	w->part_too = en_below(&w->rng, 4) == 0;
}

void anneal_soften(struct worker *w, double leg)
{
	double demand = 1;

	for (int32_t i = 0; i < w->n_needs; i++)
		demand += w->e->needs[w->needs[i]].demand;
	leg *= 1024.0 * w->n_needs / demand;
	w->over_least = (int64_t)(leg * OVER_LEAST) + 1;
	w->over_price = (int64_t)(leg * OVER_FIRST) + 1;
	w->over_most = (int64_t)(leg * OVER_MOST) + 1;
}

/* Overload grows dearer as long as there is any, so that plans with and without it alternate. */
static void renew_price(struct worker *w)
{
	if (w->over && w->over_price < w->over_most)
		w->over_price += w->over_price / OVER_STEP + 1;
	else if (!w->over && w->over_price > w->over_least)
		w->over_price -= w->over_price / OVER_STEP;
}

static void small_moves(struct worker *w, double temperature)
{
	const struct engine *e = w->e;

	for (int32_t i = w->over_price ? MOVES_FULL : MOVES; i > 0; i--) {
		int32_t need = w->needs[en_below(&w->rng, w->n_needs)];

		if (w->n_fat && i % 4 == 0) {
			int32_t route = w->fat[en_below(&w->rng, w->n_fat)], v = e->n_visits + route;

			for (int32_t k = en_below(&w->rng, e->routes[route].n); k >= 0; k--)
				v = e->nodes[v].next;
			need = e->nodes[v].need;
		}
		if (move_small(w, need, anneal_threshold(w, temperature)) && w->cur < w->best && !w->over)
			keep_best(w);
	}
}

static void iterate(struct worker *w, double temperature)
{
	struct engine *e = w->e;
	int32_t list[RUIN_MAX], n;
	int64_t delta = 0, over = w->over, most = anneal_threshold(w, temperature), owed = 0;
	bool hopeless = false;

	w->n_log = 0;
	if (w->small)
		be_bold(w);
	n = ruin_strings(w, list, RUIN_MAX, &delta);
	ruin_order(w, list, n);
	if (w->changed_max != INT64_MAX)
		for (int32_t i = 0; i < n; i++)
			w->pending += need_changed(e, &e->needs[list[i]], e->needs[list[i]].mask,
				e->needs[list[i]].seat);
	/* Putting a need back saves no more than its visit is worth: once that cannot make up any more for what the
	 * others cost, the rest is not tried. */
	for (int32_t i = 0; i < n && e->flat && !w->over_price; i++)
		owed += e->needs[list[i]].missed;
	for (int32_t i = 0; i < n && !hopeless; i++) {
		struct en_need *d = &e->needs[list[i]];

		if (w->changed_max != INT64_MAX)
			w->pending -= need_changed(e, d, d->mask, d->seat);
		insert_need(w, list[i], true, &delta);
		owed -= d->missed;
		hopeless = e->flat && !w->over_price && delta - owed > most;
	}
	if (!hopeless && w->changed <= w->changed_max && tours_hold(w) &&
		delta + (w->over - over) * w->over_price / 1024 <= most) {
		w->cur += delta;
		if (w->cur < w->best && !w->over)
			keep_best(w);
	} else {
		tour_undo(w, 0);
	}
	worker_sort_absent(w, list, n);
	if (e->quick)
		small_moves(w, temperature);
	if (w->over_price)
		renew_price(w);
}

/* Strings are no longer than a tour is on average. */
void worker_string_max(struct worker *w)
{
	int64_t tours = 0, calls = 0;

	for (int32_t k = 0; k < w->e->n_types; k++)
		for (int32_t i = w->type_off[k]; i < w->type_off[k + 1]; i++) {
			calls += w->e->routes[w->order[i]].n;
			tours += w->e->routes[w->order[i]].n > 0;
		}
	w->string_max = tours ? (int32_t)(calls / tours) : 1;
	if (w->string_max > w->e->a->string_max)
		w->string_max = w->e->a->string_max;
	if (w->string_max < 1)
		w->string_max = 1;
}

void anneal(struct worker *w, const struct anneal_budget *b)
{
	double slope = plain_ln(b->t_to / b->t_from), t = b->t_from;

	worker_string_max(w);
	for (int64_t i = 0; w->n_needs && (!b->iterations || i < b->iterations); i++) {
		if ((i & 63) == 0) {
			double now = b->iterations && !b->deadline ? 0 : clock_now(), done;

			if ((b->deadline && now >= b->deadline) ||
				(b->stop && atomic_load_explicit(b->stop, memory_order_relaxed)) ||
				(b->tick && !b->tick(b->tick_ctx, w)))
				break;
			done = b->iterations ? (double)i / (double)b->iterations
					     : (now - b->start) / (b->deadline - b->start);
			t = b->t_from * plain_exp(slope * done);
		}
		iterate(w, t);
		w->iterations++;
	}
}
