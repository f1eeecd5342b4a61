/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fewest tours first, after Nagata and Braysy 2009: drop a tour, then bring its needs back
 * one by one.  A need that fits nowhere pushes out those that have been hard to place least often
 * (eject.c); between two such steps the plan is shaken by ruin and recreate (Christiaens and Vanden
 * Berghe 2020), where a plan is taken when its absent needs count less, or the same and the
 * cost is accepted.  When none is absent the next tour is dropped.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "route/engine.h"

#define LIST 256
#define SHAKES 1000  /* ruins between two ejections */
#define HEAT 0.3     /* their temperature, in mean legs */
#define FILLED 0.99  /* so full on average: all the search would serve the load */
#define PATIENCE 0.3 /* of the phase's budget without a tour less: enough, */
#define NEARLY 0.95  /* unless the load alone needs nearly as many tours */

struct fleet {
	struct worker w;
	int64_t *times; /* how often each need was found hard to place, from 1 */
	struct en_node *saved;
};

static int64_t weight_of(const struct fleet *f, const int32_t *list, int32_t n)
{
	int64_t sum = 0;

	for (int32_t i = 0; i < n; i++)
		if (!f->w.e->needs[list[i]].mask)
			sum += f->times[list[i]];
	return sum;
}

static int64_t missed_of(const struct fleet *f, const int32_t *list, int32_t n)
{
	int64_t sum = 0;

	for (int32_t i = 0; i < n; i++)
		if (!f->w.e->needs[list[i]].mask)
			sum += f->w.e->needs[list[i]].missed;
	return sum;
}

static void iterate(struct fleet *f, double temperature)
{
	struct worker *w = &f->w;
	int32_t list[LIST], n, before_n = w->n_absent;
	int64_t delta = 0, was, is, missed_was = 0, missed_is;

	w->n_log = 0;
	/* The weight of what stands absent among the needs concerned, before and after. */
	n = ruin_strings(w, list, LIST, &delta);
	was = 0;
	for (int32_t i = 0; i < n; i++)
		if (w->e->needs[list[i]].absent_at >= 0) {
			was += f->times[list[i]];
			missed_was += w->e->needs[list[i]].missed;
		}
	ruin_order(w, list, n);
	/* Seldom placed needs go first, half of the time. */
	if (before_n && (en_rand(&w->rng) & 1))
		for (int32_t i = 1; i < n; i++) {
			int32_t c = list[i], j = i;

			for (; j > 0 && f->times[list[j - 1]] < f->times[c]; j--)
				list[j] = list[j - 1];
			list[j] = c;
		}
	for (int32_t i = 0; i < n; i++)
		insert_need(w, list[i], true, &delta);
	is = weight_of(f, list, n);
	missed_is = missed_of(f, list, n);
	delta -= missed_is - missed_was;
	if (tours_hold(w) && (is < was || (is == was && delta <= anneal_threshold(w, temperature))))
		w->cur += delta;
	else
		tour_undo(w, 0);
	worker_sort_absent(w, list, n);
}

/* Bring back the need that came last to the absent ones. */
static void bring_back(struct fleet *f)
{
	struct worker *w = &f->w;
	int32_t list[EJECT_MOST + 1], n;

	list[0] = w->absent[w->n_absent - 1];
	n = eject(w, list[0], f->times, list + 1);
	w->n_log = 0;
	if (n != 0)
		f->times[list[0]]++;
	if (n >= 0)
		worker_sort_absent(w, list, n + 1);
}

/* Take out the tour whose needs were absent least. */
static void drop_tour(struct fleet *f)
{
	struct worker *w = &f->w;
	struct engine *e = w->e;
	int32_t best = RT_NONE, list[1];
	int64_t least = INT64_MAX;

	for (int32_t r = 0; r < e->n_routes; r++) {
		int64_t sum = 0;

		if (!e->routes[r].n)
			continue;
		for (int32_t v = e->nodes[e->n_visits + r].next; en_is_visit(e, v); v = e->nodes[v].next)
			sum += f->times[e->nodes[v].need];
		if (sum < least || (sum == least && e->routes[r].n < e->routes[best].n)) {
			least = sum;
			best = r;
		}
	}
	while (best >= 0 && e->routes[best].n) {
		list[0] = e->nodes[e->nodes[e->n_visits + best].next].need;
		tour_remove(w, e->nodes[e->n_visits + best].next);
		worker_sort_absent(w, list, 1);
	}
	w->n_log = 0;
	w->max_used = w->n_used;
}

double fleet_fill(const struct engine *e)
{
	int64_t load = 0, room = 1;

	for (int32_t i = 0; i < e->n_routes; i++)
		if (e->routes[i].n) {
			load += e->routes[i].load;
			room += e->routes[i].cap;
		}
	return (double)load / (double)room;
}

/* As many tours as the load needs; one more where they would be so full that nothing could move any more. */
static int32_t enough_tours(const struct engine *e)
{
	int64_t load = 0, cap = 1, least;

	for (int32_t i = 0; i < e->n_needs; i++)
		load += e->needs[i].demand;
	for (int32_t r = 0; r < e->n_routes; r++)
		cap = e->routes[r].cap > cap ? e->routes[r].cap : cap;
	least = (load + cap - 1) / cap;
	return (int32_t)least + ((double)load > FILLED * (double)(least * cap));
}

static int32_t tours_used(const struct engine *e)
{
	int32_t n = 0;

	for (int32_t r = 0; r < e->n_routes; r++)
		n += e->routes[r].n > 0;
	return n;
}

int64_t fleet_minimise(struct engine *e, uint64_t seed, double scale, int64_t iterations,
	double deadline)
{
	size_t nodes = (size_t)e->n_visits + (size_t)e->n_routes + 1;
	uint8_t *dirty = bp_xcalloc(nodes, 1);
	struct fleet f = {.times = bp_xcalloc((size_t)e->n_needs + 1, sizeof(int64_t)),
		.saved = bp_xmalloc(sizeof(*f.saved) * nodes)};
	int32_t enough = enough_tours(e);
	double begin = clock_now(), now = begin, last = begin;
	int64_t i, last_i = 0;

	worker_init(&f.w, e, 0, seed, NULL, dirty);
	for (int32_t k = 0; k < e->n_needs; k++)
		f.times[k] = 1;
	for (i = 0; !iterations || i < iterations; i++) {
		if (f.w.n_absent == 0) {
			memcpy(f.saved, e->nodes, sizeof(*f.saved) * (nodes - 1));
			if (tours_used(e) <= enough)
				break;
			drop_tour(&f);
			worker_string_max(&f.w);
			last = now;
			last_i = i;
		}
		e->spent = i;
		if ((i & 63) == 0 && en_stop(e))
			break;
		if (i % (SHAKES + 1) == 0) {
			now = clock_now();
			if (!iterations && now >= deadline)
				break;
			if (enough < NEARLY * f.w.n_used &&
				(iterations ? i - last_i > (int64_t)(PATIENCE * (double)iterations)
					    : now - last > PATIENCE * (deadline - begin)))
				break;
			bring_back(&f);
		} else {
			iterate(&f, scale * HEAT);
		}
	}
	memcpy(e->nodes, f.saved, sizeof(*f.saved) * (nodes - 1));
	engine_rebuild(e);
	worker_release(&f.w);
	free(dirty);
	free(f.times);
	free(f.saved);
	return i;
}
