/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which seat serves which need to begin with.  The needs of each component of seats are cut by recursive bisection
 * into as many compact cells of equal work as there are seats, the seats with them by where they start, and
 * pairs of cells are swapped while that shortens the ways (region partitioning, Simchi-Levi and
 * others).  Then the borders move: every need goes to the seat with the shortest way from its start and from the
 * middle of its cell, plus a price of the seat that rises while it has too much to do - the dual of the
 * transportation problem, ascended by the sign of its subgradient, with moving centres as
 * in capacitated k-means.
 */
#include "route/cells.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "geo/kdtree.h"

#define SWAPS 50        /* most passes of swapping cells between seats */
#define NTH 3           /* on one day a seat meets the fourth nearest next, as the others have other days */
#define RECUTS 4        /* cuts, each knowing from the last how far the seats have to go */
#define PASSES 40       /* moves of the borders, */
#define PASSES_ALL 8    /* the last of them with all needs, the others with a sample */
#define SAMPLE 100      /* needs a seat in it */
#define CANDIDATES 16   /* seats asked for each need: those of the nearest cells */
#define CENTRE 0.5      /* a second to the middle of the cell weighs as much as this of the way from the start */
#define STEP 0.3        /* of the mean way: first change of a price; it grows while a seat stays on one side of */
#define GROW 1.3        /* its share and shrinks when it changes sides (Rprop: Riedmiller and Braun 1993) */
#define SHRINK 0.5
#define SOON 0.2        /* nearer to its share than this the step is a part */
#define WAY_MOST 0.7    /* of a shift: longer ways count as that long */

static int by_key(const void *a, const void *b)
{
	const struct cut *x = a, *y = b;

	return x->key < y->key ? -1 : x->key > y->key ? 1 : x->need < y->need ? -1 : 1;
}

/* Sort the seats by where they start; those that may begin anywhere stand first. */
static void sort_seats(const struct cake *c, int32_t *seats, int32_t k, bool x)
{
	struct cut *by = bp_xmalloc(sizeof(*by) * (size_t)k);

	for (int32_t i = 0; i < k; i++) {
		const struct leg_pt *pt = &c->start[seats[i]];

		by[i] = (struct cut){!c->starts[seats[i]] ? -1e300 : x ? pt->x : pt->y, seats[i]};
	}
	qsort(by, (size_t)k, sizeof(*by), by_key);
	for (int32_t i = 0; i < k; i++)
		seats[i] = by[i].need;
	free(by);
}

void cells_cut(const struct cake *c, struct cut *list, int32_t n, int32_t *seats, int32_t k, int32_t label)
{
	double lo[2] = {1e300, 1e300}, hi[2] = {-1e300, -1e300};
	int64_t all = 0, part = 0;
	int32_t at;
	bool x;

	if (k <= 1 || n == 0) {
		for (int32_t i = 0; i < n; i++)
			c->label[list[i].need] = label;
		return;
	}
	for (int32_t i = 0; i < n; i++) {
		const struct leg_pt *p = &c->e->pt[list[i].need];
		double v[2] = {p->x * 2 * p->half_cos, p->y};

		for (int j = 0; j < 2; j++) {
			lo[j] = v[j] < lo[j] ? v[j] : lo[j];
			hi[j] = v[j] > hi[j] ? v[j] : hi[j];
		}
		all += c->weight[list[i].need];
	}
	x = hi[0] - lo[0] > hi[1] - lo[1];
	for (int32_t i = 0; i < n; i++)
		list[i].key = x ? c->e->pt[list[i].need].x : c->e->pt[list[i].need].y;
	qsort(list, (size_t)n, sizeof(*list), by_key);
	for (at = 0; at < n && part * k < all * (k / 2); at++)
		part += c->weight[list[at].need];
	if (seats)
		sort_seats(c, seats, k, x);
	cells_cut(c, list, at, seats, k / 2, label);
	cells_cut(c, list + at, n - at, seats ? seats + k / 2 : NULL, k - k / 2, label + k / 2);
}

void cake_init(struct cake *c, struct engine *e)
{
	const struct rt_problem *p = e->p;
	size_t n = (size_t)e->n_needs + 1;

	*c = (struct cake){e, bp_xcalloc(n, sizeof(*c->plain)), bp_xcalloc(n, sizeof(*c->weight)),
		bp_xcalloc(n, sizeof(*c->label)), bp_xcalloc((size_t)p->n_seats + 1, sizeof(*c->start)),
		bp_xcalloc((size_t)p->n_seats + 1, sizeof(*c->starts))};
	for (int32_t s = 0; s < p->n_seats; s++) {
		int32_t place = p->seats[s].start;

		c->starts[s] = place >= 0 && p->places[place].x != RT_NO_COORD;
		if (c->starts[s])
			c->start[s] = leg_pt_of(p->metric, &p->places[place]);
	}
	for (int32_t i = 0; i < e->n_needs; i++) {
		int32_t nth = e->k > NTH ? NTH : e->k - 1, near = e->near[(int64_t)i * e->k + nth];
		int32_t leg = near < 0 ? 0 : e->near_leg[(int64_t)i * e->k + nth];

		c->plain[i] = (int64_t)e->needs[i].visits * (e->needs[i].service + leg) + 1;
	}
}

void cake_release(struct cake *c)
{
	free(c->plain);
	free(c->weight);
	free(c->label);
	free(c->start);
	free(c->starts);
}

/* Seconds from the start of a seat to a point, 0 when the seat may begin anywhere. */
static double way_to(const struct cake *c, int32_t seat, const struct leg_pt *to)
{
	return c->starts[seat]
		? leg_seconds(&c->e->rules[c->e->p->seats[seat].profile], &c->start[seat], to, true)
		: 0;
}

/* Give the cells to seats: cell i to seats[i], then pairs swap as long as it
 * helps.  Squares, so that no one gets a cell that fills the day with the way there.  seat_of[] is filled. */
static void man_cells(const struct cake *cake, const struct leg_pt *centre, const int32_t *seats,
	int32_t n, int32_t *seat_of)
{
	double *d2 = bp_xmalloc(sizeof(*d2) * (size_t)n * (size_t)n);
	int32_t *at = bp_xmalloc(sizeof(*at) * (size_t)n);
	bool better = true;

	for (int32_t c = 0; c < n; c++) {
		at[c] = c;
		for (int32_t s = 0; s < n; s++) {
			double d = way_to(cake, seats[s], &centre[c]);

			d2[(int64_t)c * n + s] = d * d;
		}
	}
	for (int32_t pass = 0; better && pass < SWAPS; pass++) {
		better = false;
		for (int32_t c = 0; c < n; c++)
			for (int32_t k = c + 1; k < n; k++) {
				const double *x = d2 + (int64_t)c * n, *y = d2 + (int64_t)k * n;
				int32_t t = at[c];

				if (x[at[k]] + y[t] >= x[t] + y[at[k]])
					continue;
				at[c] = at[k];
				at[k] = t;
				better = true;
			}
	}
	for (int32_t c = 0; c < n; c++)
		seat_of[c] = seats[at[c]];
	free(d2);
	free(at);
}

/* Centres of the cells that the labels of list[] make. */
static void centres(const struct cake *c, const struct cut *list, int32_t n, int32_t cells, struct leg_pt *centre)
{
	int32_t *count = bp_xcalloc((size_t)cells + 1, sizeof(*count));

	memset(centre, 0, sizeof(*centre) * (size_t)cells);
	for (int32_t i = 0; i < n; i++) {
		const struct leg_pt *p = &c->e->pt[list[i].need];
		int32_t l = c->label[list[i].need];

		centre[l].x += p->x;
		centre[l].y += p->y;
		centre[l].half_cos += p->half_cos;
		centre[l].area = p->area;
		count[l]++;
	}
	for (int32_t l = 0; l < cells; l++)
		if (count[l]) {
			centre[l].x /= count[l];
			centre[l].y /= count[l];
			centre[l].half_cos /= count[l];
		}
	free(count);
}

/* Work of a need over the cycle, with its share of the way from and to the seat. */
static double weight_of(const struct cake *c, int32_t need, int32_t seat)
{
	const struct en_need *d = &c->e->needs[need];
	double own = (double)c->plain[need] / d->visits, shift = c->e->p->seats[seat].shift;
	double way = 2 * way_to(c, seat, &c->e->pt[need]);

	/* A tour has time for (shift - way) / own calls. */
	way = way < WAY_MOST * shift ? way : WAY_MOST * shift;
	return (own + way * own / (shift - way + 1)) * d->visits;
}

static void weigh_needs(const struct cake *c, const struct cut *list, int32_t n)
{
	for (int32_t i = 0; i < n; i++) {
		int32_t need = list[i].need, home = c->e->needs[need].home;

		c->weight[need] = home < 0 ? c->plain[need] : (int64_t)weight_of(c, need, home) + 1;
	}
}

/* The seats of one component with their cells, in the order of the labels. */
struct sites {
	int32_t n, *seat;
	struct leg_pt *centre;
	double *price, *load, *room; /* seconds: of the cost of a need; of work; of working hours */
	double *step;                /* of the price, with the sign of its last change */
	double *full;                /* most work that is taken */
	int32_t *near, k;            /* k nearest cells of each cell, itself first */
};

static void near_cells(const struct sites *t)
{
	struct geo_xy *xy = bp_xcalloc((size_t)t->n + 1, sizeof(*xy));
	struct geo_kdtree tree;

	for (int32_t s = 0; s < t->n; s++)
		xy[s] = (struct geo_xy){t->centre[s].x * 2 * t->centre[s].half_cos, t->centre[s].y};
	geo_kdtree_init(&tree, xy, NULL, t->n);
	for (int32_t s = 0; s < t->n; s++) {
		int32_t got = geo_kdtree_nearest(&tree, xy[s], s, t->k - 1, t->near + s * t->k + 1, NULL);

		t->near[s * t->k] = s;
		for (int32_t i = got + 1; i < t->k; i++)
			t->near[s * t->k + i] = s;
	}
	geo_kdtree_release(&tree);
	free(xy);
}

/* The best seat for a need among the n cells near[] (NULL: 0..n-1) that are not full, RT_NONE: none of these is
 * allowed.  *second gets by how much the next best is worse. */
static int32_t choose(const struct cake *c, const struct sites *t, int32_t need, const int32_t *near, int32_t n,
	double *second)
{
	const struct engine *e = c->e;
	double least = 1e300, next = 1e300;
	int32_t best = RT_NONE;

	for (int32_t i = 0; i < n; i++) {
		int32_t s = near ? near[i] : i, seat = t->seat[s];
		double cost = t->price[s];

		if (cost >= next || t->load[s] > t->full[s] || !en_seat_ok(e, &e->needs[need], seat))
			continue;
		cost += way_to(c, seat, &e->pt[need]) +
			CENTRE * leg_seconds(&e->rules[e->p->seats[seat].profile], &t->centre[s],
					 &e->pt[need], false);
		if (cost < least) {
			next = least;
			least = cost;
			best = s;
		} else if (cost < next) {
			next = cost;
		}
	}
	*second = next - least;
	return best;
}

/* One pass over every `step`th need of the list: to the best seat; then prices and centres move.  Returns how
 * uneven the work was (mean square). */
static double move_borders(const struct cake *c, struct sites *t, const struct cut *list, int32_t n, int32_t step,
	const int32_t *cell)
{
	double all = 0, room = 0, *x = bp_xcalloc(4 * (size_t)t->n + 4, sizeof(*x)), ways = 0, count = 0, off = 0;

	memset(t->load, 0, sizeof(*t->load) * (size_t)t->n);
	for (int32_t i = 0; i < n; i += step) {
		double w;
		int32_t need = list[i].need, s = choose(c, t, need, t->near + cell[i] * t->k, t->k, &w);
		const struct leg_pt *pt = &c->e->pt[need];

		if (s < 0)
			s = choose(c, t, need, NULL, t->n, &w);
		if (s < 0)
			continue;
		c->label[need] = s;
		w = weight_of(c, need, t->seat[s]);
		t->load[s] += w;
		all += w;
		ways += way_to(c, t->seat[s], pt);
		count++;
		x[4 * s] += pt->x;
		x[4 * s + 1] += pt->y;
		x[4 * s + 2] += pt->half_cos;
		x[4 * s + 3]++;
	}
	for (int32_t s = 0; s < t->n; s++)
		room += t->room[s];
	for (int32_t s = 0; s < t->n && all > 0 && room > 0; s++) {
		double over = t->room[s] > 0 ? t->load[s] * room / (all * t->room[s]) - 1 : 1;

		off += over * over;
		if (t->step[s] == 0)
			t->step[s] = STEP * (ways / count + 60) * (over > 0 ? 1 : -1);
		else
			t->step[s] *= (over > 0) == (t->step[s] > 0) ? GROW : -SHRINK;
		t->price[s] += t->step[s] * fmin(1, fabs(over) / SOON);
		if (x[4 * s + 3] > 0) {
			t->centre[s].x = x[4 * s] / x[4 * s + 3];
			t->centre[s].y = x[4 * s + 1] / x[4 * s + 3];
			t->centre[s].half_cos = x[4 * s + 2] / x[4 * s + 3];
		}
	}
	free(x);
	return off / t->n;
}

/* Prices alone cannot part outlets that stand together, and these are many: those that lose most by it choose
 * first, and nobody gets more than the share. */
static void deal_out(const struct cake *c, struct sites *t, struct cut *list, int32_t n, const int32_t *cell)
{
	struct cut *by = bp_xmalloc(sizeof(*by) * ((size_t)n + 1));
	double all = 0, room = 0, second;

	for (int32_t s = 0; s < t->n; s++) {
		all += t->load[s];
		room += t->room[s];
	}
	memset(t->load, 0, sizeof(*t->load) * (size_t)t->n);
	for (int32_t i = 0; i < n; i++) {
		choose(c, t, list[i].need, t->near + cell[i] * t->k, t->k, &second);
		by[i] = (struct cut){-second, i};
	}
	qsort(by, (size_t)n, sizeof(*by), by_key);
	for (int32_t s = 0; s < t->n; s++)
		t->full[s] = room > 0 ? all * t->room[s] / room : all;
	for (int32_t i = 0; i < n; i++) {
		int32_t at = by[i].need, need = list[at].need;
		int32_t s = choose(c, t, need, t->near + cell[at] * t->k, t->k, &second);

		if (s < 0)
			s = choose(c, t, need, NULL, t->n, &second);
		if (s < 0)
			continue;
		c->label[need] = s;
		t->load[s] += weight_of(c, need, t->seat[s]);
	}
	free(by);
}

static void borders(const struct cake *c, struct sites *t, struct cut *list, int32_t n)
{
	int32_t *cell = bp_xmalloc(sizeof(*cell) * ((size_t)n + 1)), step = n / (SAMPLE * t->n) + 1;
	double *price = bp_xmalloc(sizeof(*price) * (size_t)t->n), *was = bp_xmalloc(sizeof(*was) * (size_t)t->n);
	double least = 1e300;
	size_t bytes = sizeof(*price) * (size_t)t->n;

	for (int32_t s = 0; s < t->n; s++) {
		t->full[s] = 1e300;
		for (int32_t d = 0; d < c->e->days; d++)
			t->room[s] += (double)rt_shift(c->e->p, t->seat[s], d);
	}
	for (int32_t i = 0; i < n; i++)
		cell[i] = c->label[list[i].need];
	near_cells(t);
	for (int32_t pass = 0; pass < PASSES && !en_stop(c->e); pass++) {
		double off;

		memcpy(was, t->price, bytes);
		off = move_borders(c, t, list, n, pass < PASSES - PASSES_ALL ? step : 1, cell);
		if (pass < PASSES - PASSES_ALL || off >= least)
			continue;
		least = off;
		memcpy(price, was, bytes);
	}
	if (least < 1e300) {
		memcpy(t->price, price, bytes);
		deal_out(c, t, list, n, cell);
	}
	free(cell);
	free(price);
	free(was);
}

void cells_homes(const struct cake *c, int32_t comp, struct cut *list, int32_t n)
{
	struct engine *e = c->e;
	int32_t *seats = bp_xmalloc(sizeof(*seats) * ((size_t)e->p->n_seats + 1));
	struct sites t = {0};
	size_t m;

	for (int32_t s = 0; s < e->p->n_seats; s++)
		if (e->seat_comp[s] == comp)
			seats[t.n++] = s;
	m = (size_t)t.n + 1;
	t.k = t.n < CANDIDATES ? t.n : CANDIDATES;
	t.seat = bp_xcalloc(m, sizeof(*t.seat));
	t.centre = bp_xcalloc(m, sizeof(*t.centre));
	t.price = bp_xcalloc(5 * m, sizeof(*t.price));
	t.load = t.price + m;
	t.room = t.load + m;
	t.step = t.room + m;
	t.full = t.step + m;
	t.near = bp_xcalloc(m * CANDIDATES, sizeof(*t.near));
	for (int32_t pass = 0; pass < RECUTS && (pass == 0 || !en_stop(e)); pass++) {
		weigh_needs(c, list, n);
		cells_cut(c, list, n, seats, t.n, 0);
		centres(c, list, n, t.n, t.centre);
		man_cells(c, t.centre, seats, t.n, t.seat);
		for (int32_t i = 0; i < n; i++)
			e->needs[list[i].need].home = t.seat[c->label[list[i].need]];
	}
	if (t.n > 1)
		borders(c, &t, list, n);
	for (int32_t i = 0; i < n; i++)
		e->needs[list[i].need].home = t.seat[c->label[list[i].need]];
	weigh_needs(c, list, n);
	free(seats);
	free(t.seat);
	free(t.centre);
	free(t.price);
	free(t.near);
}
