/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Balanced k-means.  Each centre has a price in square metres, and an outlet goes where squared distance and price
 * together are least: the cells are those of a power diagram, and there are prices for which their work is what it
 * should be (Aurenhammer, Hoffmann and Aronov 1998).  These are found by Newton's method: the work close to the border of
 * two cells tells how much of it a change of prices moves over (Kitagawa, Merigot and Thibert 2019).  The centres move
 * as in Lloyd's method meanwhile.  Starts are tried on a sample.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "design/engine.h"
#include "geo/delaunay.h"

#define STARTS 12       /* on the sample */
#define SAMPLE 150      /* outlets of it for each unit, */
#define SAMPLE_LEAST 4000
#define PASSES_SAMPLE 60
#define MOVE_EVERY 3    /* passes: prices first, then the centres */
#define PASSES 30       /* on all outlets, with centres and prices; then with prices alone */
#define PASSES_PRICE 40
#define NEAR_MOST 64    /* centres looked at for each outlet */
#define CLOSE 0.2       /* to a border: costs that differ by this part of the squared distance of the two centres */
#define FLOOR 0.1       /* of the share: work thought to be there at least between near centres */
#define OWN 0.5         /* of the way to a neighbour is within the cell of a centre that got nothing */
#define EMPTY 5         /* how uneven an empty unit is */
#define DAMP_LEAST 0.01 /* of a Newton step */
#define EVEN 0.002      /* near enough */
#define UNEVEN 3.0      /* how much dearer a start is for each mean deviation */

struct power {
	const struct design_problem *p;
	const double *target;
	int32_t k, m;           /* units; outlets looked at: */
	int32_t *list;          /* m */
	double scale;           /* of the work, so that the sample has all of it */
	int32_t *unit;          /* n */
	struct geo_xy *site;    /* k */
	double *price, *load;   /* k */
	double *was, *rise, *excess; /* k: prices before the last step, its direction, what it is to move */
	double damp, uneven;    /* how much of it was taken; mean deviation before it */
	double *border;         /* k x k: work that a unit of price moves over */
	int32_t *near, *near_off, *n_beside; /* near centres of each centre: itself, its neighbours (so many), theirs */
	char *beside;           /* k x k: 1 = neighbours, 2 = neighbours of these */
	struct geo_xy *pin;     /* k: middle of what is pinned there, */
	int32_t *pins;          /* how many these are */
	bool fixed;             /* the centres stay */
};

/* What an outlet would take if it did not get the best. */
struct second {
	int32_t unit;
	double more; /* cost */
};

static double square(struct geo_xy a, struct geo_xy b)
{
	return (a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y);
}

static void power_init(struct power *w, const struct design_problem *p, const double *target, int32_t *unit)
{
	size_t k = (size_t)p->k;

	*w = (struct power){.p = p, .target = target, .k = p->k, .unit = unit, .scale = 1};
	w->list = bp_xmalloc(sizeof(*w->list) * (size_t)p->n);
	w->site = bp_xcalloc(k, sizeof(*w->site));
	w->price = bp_xcalloc(5 * k, sizeof(*w->price));
	w->load = w->price + k;
	w->was = w->load + k;
	w->rise = w->was + k;
	w->excess = w->rise + k;
	w->border = bp_xmalloc(sizeof(*w->border) * k * k);
	w->near = bp_xmalloc(sizeof(*w->near) * k * NEAR_MOST);
	w->near_off = bp_xcalloc(2 * k + 2, sizeof(*w->near_off));
	w->n_beside = w->near_off + k + 1;
	w->beside = bp_xmalloc(k * k);
	w->pin = bp_xcalloc(k, sizeof(*w->pin));
	w->pins = bp_xcalloc(k, sizeof(*w->pins));
}

static void power_release(struct power *w)
{
	free(w->list);
	free(w->site);
	free(w->price);
	free(w->border);
	free(w->near);
	free(w->near_off);
	free(w->beside);
	free(w->pin);
	free(w->pins);
}

static void note_neighbours(void *ctx, int32_t a, int32_t b, int32_t left, int32_t right)
{
	struct power *w = ctx;

	(void)left;
	(void)right;
	w->beside[(int64_t)a * w->k + b] = w->beside[(int64_t)b * w->k + a] = 1;
}

/* Neighbours of a centre in the Delaunay triangulation, and theirs; the nearest alone may all lie in one town. */
static void find_near(struct power *w)
{
	int32_t k = w->k, end = 0;

	memset(w->beside, 0, (size_t)k * (size_t)k);
	geo_delaunay(w->site, k, 0.1, note_neighbours, w);
	for (int32_t u = 0; u < k; u++) {
		char *mine = w->beside + (int64_t)u * k;

		w->near_off[u] = end;
		w->near[end++] = u;
		for (int32_t v = 0; v < k && end - w->near_off[u] < NEAR_MOST; v++)
			if (mine[v] == 1)
				w->near[end++] = v;
		w->n_beside[u] = end - w->near_off[u];
		for (int32_t at = w->near_off[u] + 1, last = end; at < last; at++)
			for (int32_t v = 0; v < k && end - w->near_off[u] < NEAR_MOST; v++)
				if (v != u && !mine[v] && w->beside[(int64_t)w->near[at] * k + v] == 1) {
					mine[v] = 2;
					w->near[end++] = v;
				}
	}
	w->near_off[k] = end;
}

/* The cheapest unit for i among those near its present one, or among all; *second: the next best and what it costs more.
 *  Units with more than full[] (NULL: none) are left out.  DESIGN_NONE: none of these. */
static int32_t cheapest(const struct power *w, int32_t i, const double *full, bool all, struct second *second)
{
	const int32_t *near = w->near + w->near_off[w->unit[i]];
	int32_t n = all ? w->k : w->near_off[w->unit[i] + 1] - w->near_off[w->unit[i]], best = DESIGN_NONE;
	double least = INFINITY, next = INFINITY;

	second->unit = DESIGN_NONE;
	for (int32_t c = 0; c < n; c++) {
		int32_t u = all ? c : near[c];
		double cost = square(w->p->xy[i], w->site[u]) + w->price[u];

		if (cost >= next || (full && w->load[u] >= full[u]) || !en_may(w->p, i, u))
			continue;
		if (cost < least) {
			next = least;
			second->unit = best;
			least = cost;
			best = u;
		} else {
			next = cost;
			second->unit = u;
		}
	}
	second->more = next - least;
	return best;
}

static void set_centres(struct power *w, const double *sum)
{
	for (int32_t u = 0; u < w->k && !w->fixed; u++)
		if (sum[3 * u + 2] > 0)
			w->site[u] = (struct geo_xy){sum[3 * u] / sum[3 * u + 2], sum[3 * u + 1] / sum[3 * u + 2]};
}

/* Between near centres there is thought to be some work, so that no cell is cut off and no step is boundless. */
static void floor_borders(struct power *w)
{
	memset(w->border, 0, sizeof(*w->border) * (size_t)w->k * (size_t)w->k);
	for (int32_t u = 0; u < w->k; u++)
		for (int32_t c = 1; c < w->n_beside[u]; c++) {
			int32_t v = w->near[w->near_off[u] + c];
			double least = FLOOR * w->target[u] / (square(w->site[u], w->site[v]) + 1);

			w->border[(int64_t)u * w->k + v] += least;
			w->border[(int64_t)v * w->k + u] += least;
		}
}

/* An outlet close to the border of its unit. */
static void note_border(struct power *w, int32_t u, const struct second *next, double work)
{
	double width = next->unit < 0 ? 0 : CLOSE * square(w->site[u], w->site[next->unit]);

	if (!(width > 0) || next->more >= width)
		return;
	w->border[(int64_t)u * w->k + next->unit] += work / (2 * width);
	w->border[(int64_t)next->unit * w->k + u] += work / (2 * width);
}

/* A price at which the centre lies well within its own cell: no unit stays empty. */
static double own_price(const struct power *w, int32_t u)
{
	double least = INFINITY;

	for (int32_t c = 1; c < w->n_beside[u]; c++) {
		int32_t v = w->near[w->near_off[u] + c];

		least = fmin(least, w->price[v] + OWN * square(w->site[u], w->site[v]));
	}
	return least;
}

/* A Newton step, as much of it as makes the work more even than before: else half of the last one. */
static void set_prices(struct power *w, double uneven)
{
	double *excess = w->excess;

	if (uneven > w->uneven && w->damp > DAMP_LEAST) {
		w->damp /= 2;
	} else {
		for (int32_t u = 0; u < w->k; u++)
			excess[u] = w->load[u] - w->target[u];
		memcpy(w->was, w->price, sizeof(*w->was) * (size_t)w->k);
		en_heights(w->border, w->k, excess, w->rise);
		w->damp = fmin(1, 2 * w->damp);
		w->uneven = uneven;
	}
	for (int32_t u = 0; u < w->k; u++)
		w->price[u] = w->was[u] + w->damp * w->rise[u];
	for (int32_t u = 0; u < w->k; u++)
		if (!(w->load[u] > 0))
			w->price[u] = fmin(w->price[u], own_price(w, u));
}

/* Every outlet of the list to the cheapest unit; then centres (when `move`) and prices.  Returns the largest
 * deviation found before; *cost is the moment, dearer as the work is dealt out less evenly. */
static double pass(struct power *w, bool move, double *cost)
{
	double *sum = bp_xcalloc(4 * (size_t)w->k, sizeof(*sum)), *far = sum + 3 * w->k, off = 0, uneven = 0;
	struct second second;

	find_near(w);
	floor_borders(w);
	memset(w->load, 0, sizeof(*w->load) * (size_t)w->k);
	*cost = 0;
	for (int32_t at = 0; at < w->m; at++) {
		int32_t i = w->list[at], u = cheapest(w, i, NULL, false, &second);
		double work = w->p->work[i] * w->scale, d2;

		if (u < 0)
			u = cheapest(w, i, NULL, true, &second);
		w->unit[i] = u;
		d2 = square(w->p->xy[i], w->site[u]);
		w->load[u] += work;
		far[u] += work * d2;
		note_border(w, u, &second, work);
		sum[3 * u] += work * w->p->xy[i].x;
		sum[3 * u + 1] += work * w->p->xy[i].y;
		sum[3 * u + 2] += work;
	}
	for (int32_t u = 0; u < w->k; u++) {
		double over = fabs(w->load[u] / w->target[u] - 1);

		*cost += far[u];
		uneven += (w->load[u] > 0 ? over : EMPTY) / w->k;
		off = fmax(off, over);
	}
	*cost *= 1 + UNEVEN * uneven;
	if (off > EVEN)
		set_prices(w, uneven);
	if (move) {
		set_centres(w, sum);
		w->uneven = INFINITY; /* what comes next is no worse than nothing */
	}
	free(sum);
	return off;
}

/* Outlets that may belong to one unit alone say where its centre begins. */
static void find_pins(struct power *w)
{
	const struct design_problem *p = w->p;

	for (int32_t i = 0; p->allow && i < p->n; i++) {
		int32_t set = p->allow[i], u;

		if (set == DESIGN_NONE || p->set_off[set + 1] - p->set_off[set] != 1)
			continue;
		u = p->set[p->set_off[set]];
		w->pins[u]++;
		w->pin[u].x += (p->xy[i].x - w->pin[u].x) / w->pins[u];
		w->pin[u].y += (p->xy[i].y - w->pin[u].y) / w->pins[u];
	}
}

/* Centres far from each other: each is drawn with a chance of its work times its squared distance to those before
 * (k-means++: Arthur and Vassilvitskii 2007). */
static void scatter(struct power *w, uint64_t *rng)
{
	double *d2 = bp_xmalloc(sizeof(*d2) * (size_t)w->m);

	for (int32_t at = 0; at < w->m; at++)
		d2[at] = 1;
	for (int32_t u = 0; u < w->k; u++) {
		double sum = 0, stop;
		int32_t at = 0;

		for (int32_t j = 0; j < w->m; j++)
			sum += w->p->work[w->list[j]] * d2[j];
		stop = en_uniform(rng) * sum;
		for (; at < w->m - 1 && (stop -= w->p->work[w->list[at]] * d2[at]) >= 0; at++)
			;
		w->site[u] = w->pins[u] ? w->pin[u] : w->p->xy[w->list[at]];
		for (int32_t j = 0; j < w->m; j++) {
			double d = square(w->p->xy[w->list[j]], w->site[u]);

			d2[j] = u == 0 || d < d2[j] ? d : d2[j];
		}
	}
	free(d2);
}

static bool pinned(const struct power *w)
{
	for (int32_t u = 0; u < w->k; u++)
		if (w->pins[u])
			return true;
	return false;
}

struct along {
	double key;
	int32_t i;
};

static int by_key(const void *a, const void *b)
{
	const struct along *x = a, *y = b;

	return x->key < y->key ? -1 : x->key > y->key ? 1 : x->i < y->i ? -1 : 1;
}

/* Cut outlets into parts of the work of units from..from + k - 1, each time across the longer of two axes. */
static void cut(struct power *w, struct along *v, int32_t n, int32_t from, int32_t k, const struct geo_xy axis[2])
{
	double low[2] = {INFINITY, INFINITY}, high[2] = {-INFINITY, -INFINITY}, all = 0, want = 0, part = 0, n_work = 0;
	int32_t at = 0, half = k / 2;
	struct geo_xy mid = {0, 0};

	for (int32_t j = 0; j < n; j++) {
		const struct geo_xy *p = &w->p->xy[v[j].i];

		for (int a = 0; a < 2; a++) {
			double x = p->x * axis[a].x + p->y * axis[a].y;

			low[a] = fmin(low[a], x);
			high[a] = fmax(high[a], x);
		}
		n_work += w->p->work[v[j].i];
		mid.x += (p->x - mid.x) / (j + 1);
		mid.y += (p->y - mid.y) / (j + 1);
	}
	if (k == 1) {
		w->site[from] = mid;
		return;
	}
	for (int32_t u = from; u < from + k; u++) {
		all += w->target[u];
		want += u < from + half ? w->target[u] : 0;
	}
	for (int32_t j = 0, a = high[1] - low[1] > high[0] - low[0]; j < n; j++)
		v[j].key = w->p->xy[v[j].i].x * axis[a].x + w->p->xy[v[j].i].y * axis[a].y;
	qsort(v, (size_t)n, sizeof(*v), by_key);
	while (at < n && part * all < want * n_work)
		part += w->p->work[v[at++].i];
	cut(w, v, at, from, half, axis);
	cut(w, v + at, n - at, from + half, k - half, axis);
}

/* Centres of cells of equal work; the axes of the cuts are drawn. */
static void bisect(struct power *w, uint64_t *rng)
{
	struct along *v = bp_xmalloc(sizeof(*v) * (size_t)w->m);
	double t = 2 * en_uniform(rng) - 1, c = (1 - t * t) / (1 + t * t), s = 2 * t / (1 + t * t);
	struct geo_xy axis[2] = {{c, s}, {-s, c}};

	for (int32_t at = 0; at < w->m; at++)
		v[at].i = w->list[at];
	cut(w, v, w->m, 0, w->k, axis);
	free(v);
}

static void reset(struct power *w)
{
	memset(w->price, 0, sizeof(*w->price) * (size_t)w->k);
	w->damp = 1;
	w->uneven = INFINITY;
	find_near(w);
	for (int32_t at = 0; at < w->m; at++) {
		struct second second;

		w->unit[w->list[at]] = 0;
		w->unit[w->list[at]] = cheapest(w, w->list[at], NULL, true, &second);
	}
}

/* A sample that is the same for all starts: every so-many-th outlet, from a seeded shuffle of their order. */
static void draw_sample(struct power *w, uint64_t *rng)
{
	int32_t n = w->p->n, most = w->k * SAMPLE > SAMPLE_LEAST ? w->k * SAMPLE : SAMPLE_LEAST;
	double part = 0, all = 0;

	w->m = n < most ? n : most;
	for (int32_t i = 0; i < n; i++) {
		w->list[i] = i;
		all += w->p->work[i];
	}
	for (int32_t at = 0; at < w->m && w->m < n; at++) {
		int32_t with = at + (int32_t)(en_uniform(rng) * (n - at)), i = w->list[at];

		w->list[at] = w->list[with];
		w->list[with] = i;
	}
	for (int32_t at = 0; at < w->m; at++)
		part += w->p->work[w->list[at]];
	w->scale = part > 0 ? all / part : 1;
}

/* The best of some starts stays in w->site and w->price. */
static void best_start(struct power *w, uint64_t *rng)
{
	size_t k = (size_t)w->k;
	struct geo_xy *site = bp_xmalloc(sizeof(*site) * k);
	double *price = bp_xmalloc(sizeof(*price) * k), least = INFINITY, cost = 0;

	draw_sample(w, rng);
	for (int32_t s = 0; s < STARTS; s++) {
		if (pinned(w))
			scatter(w, rng);
		else
			bisect(w, rng);
		reset(w);
		for (int32_t i = 0; i < PASSES_SAMPLE; i++)
			pass(w, i < PASSES_SAMPLE - 10 && i % MOVE_EVERY == MOVE_EVERY - 1, &cost);
		if (cost >= least && s > 0)
			continue;
		least = cost;
		memcpy(site, w->site, sizeof(*site) * k);
		memcpy(price, w->price, sizeof(*price) * k);
	}
	memcpy(w->site, site, sizeof(*site) * k);
	reset(w);
	memcpy(w->price, price, sizeof(*price) * k);
	free(site);
	free(price);
}

/* From centres to cells of equal work; the best prices of the last passes stay. */
static void settle(struct power *w)
{
	size_t bytes = sizeof(*w->price) * (size_t)w->k;
	double *was = bp_xmalloc(bytes), *best = bp_xmalloc(bytes), least = INFINITY, cost, off;
	int32_t moving = w->fixed ? 0 : PASSES;

	w->scale = 1;
	w->damp = 1;
	w->uneven = INFINITY;
	w->m = w->p->n;
	for (int32_t i = 0; i < w->m; i++)
		w->list[i] = i;
	for (int32_t i = 0; i < moving + PASSES_PRICE && least > EVEN; i++) {
		memcpy(was, w->price, bytes);
		off = pass(w, i < moving && i % MOVE_EVERY == MOVE_EVERY - 1, &cost);
		if (i < moving || off >= least)
			continue;
		least = off;
		memcpy(best, was, bytes);
	}
	memcpy(w->price, best, bytes);
	pass(w, false, &cost);
	memcpy(w->price, best, bytes);
	free(was);
	free(best);
}

/* Every outlet to the centre that is nearest by distance alone. */
static void nearest_all(struct power *w)
{
	struct second second;

	for (int32_t i = 0; i < w->p->n; i++) {
		w->unit[i] = 0;
		w->unit[i] = cheapest(w, i, NULL, true, &second);
	}
}

static void run(struct power *w, uint64_t seed)
{
	find_pins(w);
	best_start(w, &seed);
	nearest_all(w);
	settle(w);
}

/* The centres of the present units; false: one of them has no outlet. */
static bool present_centres(const struct design_problem *p, struct geo_xy *site)
{
	double *n = bp_xcalloc((size_t)p->k, sizeof(*n));
	bool all = p->present != NULL;

	for (int32_t i = 0; all && i < p->n; i++) {
		int32_t u = p->present[i];

		if (u == DESIGN_NONE || u >= p->k)
			continue;
		n[u]++;
		site[u].x += (p->xy[i].x - site[u].x) / n[u];
		site[u].y += (p->xy[i].y - site[u].y) / n[u];
	}
	for (int32_t u = 0; u < p->k; u++)
		all = all && n[u] > 0;
	free(n);
	return all;
}

void en_start(struct engine *e)
{
	struct power w;

	power_init(&w, e->p, e->target, e->unit);
	w.fixed = e->a->site != NULL;
	if (w.fixed)
		memcpy(w.site, e->a->site, sizeof(*w.site) * (size_t)w.k);
	if (w.fixed || (e->a->keep_price > 0 && present_centres(e->p, w.site))) {
		nearest_all(&w);
		settle(&w);
	} else {
		run(&w, e->a->seed);
	}
	memcpy(e->site, w.site, sizeof(*w.site) * (size_t)w.k);
	power_release(&w);
}

struct turn {
	double regret;
	int32_t i;
};

static int by_regret(const void *a, const void *b)
{
	const struct turn *x = a, *y = b;

	return x->regret > y->regret ? -1 : x->regret < y->regret ? 1 : x->i < y->i ? -1 : 1;
}

/* Those that lose most when they do not get what they want choose first, and nobody takes when its share is full. */
static void deal_out(struct power *w)
{
	struct turn *by = bp_xmalloc(sizeof(*by) * (size_t)w->p->n);
	struct second second;

	find_near(w);
	for (int32_t i = 0; i < w->p->n; i++) {
		cheapest(w, i, NULL, false, &second);
		by[i] = (struct turn){second.more, i};
	}
	qsort(by, (size_t)w->p->n, sizeof(*by), by_regret);
	memset(w->load, 0, sizeof(*w->load) * (size_t)w->k);
	for (int32_t at = 0; at < w->p->n; at++) {
		int32_t i = by[at].i, u = cheapest(w, i, w->target, false, &second);

		if (u < 0)
			u = cheapest(w, i, w->target, true, &second);
		if (u < 0)
			u = cheapest(w, i, NULL, true, &second);
		w->unit[i] = u;
		w->load[u] += w->p->work[i];
	}
	free(by);
}

void design_kmeans(const struct design_problem *p, uint64_t seed, bool capacity, int32_t *unit, struct geo_xy *site)
{
	double *target = bp_xmalloc(sizeof(*target) * (size_t)p->k);
	struct power w;

	en_targets(p, target);
	power_init(&w, p, target, unit);
	run(&w, seed);
	if (capacity)
		deal_out(&w);
	if (site)
		memcpy(site, w.site, sizeof(*site) * (size_t)p->k);
	power_release(&w);
	free(target);
}
