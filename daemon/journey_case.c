/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "journey_case.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "geo/kdtree.h"

#define SPAN_DEG 2.5 /* at 50,000 outlets the country is about 270 km wide */
#define SHIFT 25800  /* seconds of a day */
#define WAY_MOST 0.6 /* of the filled hours: what the ways from home may take when seats are counted */

struct gen {
	const struct journey_case *c;
	struct rt_problem *p;
	struct bp_arena *arena;
	uint64_t rng;
	double span;       /* degrees; the density stays the same for any number of outlets */
	double *lon, *lat; /* pool of places, already shrunk to the country */
	int32_t n_pool;
	int32_t *dist;     /* distributor of each outlet */
	int32_t *leg;      /* seconds from each outlet to its fifth neighbour */
};

static double uniform(uint64_t *s)
{
	uint64_t z = (*s += 0x9E3779B97F4A7C15u);

	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	return (double)((z ^ z >> 31) >> 11) / 9007199254740992.0;
}

/* About normal: the sum of four uniforms. */
static double spread(uint64_t *s)
{
	return (uniform(s) + uniform(s) + uniform(s) + uniform(s) - 2) * 1.7;
}

/* Real places: the whole lot is shrunk to the size of our country, its clusters with it. */
static enum bp_error read_places(struct gen *g, struct bp_fail *f)
{
	FILE *in = fopen(g->c->places, "r");
	double lo[2] = {1e9, 1e9}, hi[2] = {-1e9, -1e9}, scale;
	char line[1024];
	int32_t cap = 0;

	if (!in)
		return bp_fail(f, BP_E_NOT_FOUND, "'%s': %s", g->c->places, strerror(errno));
	while (fgets(line, sizeof(line), in)) {
		char *at = line, *stop;
		double lon = strtod(at, &stop), lat;

		if (stop == at || *stop != ',')
			continue;
		at = stop + 1;
		lat = strtod(at, &stop);
		/* One continent: far islands would blow up the frame. */
		if (stop == at || !(lon > -126 && lon < -66 && lat > 24 && lat < 50))
			continue;
		if (g->n_pool == cap) {
			int32_t more = cap ? 2 * cap : 4096;

			g->lon = bp_grow_array(g->arena, g->lon, (size_t)cap, (size_t)more, sizeof(double));
			g->lat = bp_grow_array(g->arena, g->lat, (size_t)cap, (size_t)more, sizeof(double));
			cap = more;
		}
		g->lon[g->n_pool] = lon;
		g->lat[g->n_pool++] = lat;
		lo[0] = fmin(lo[0], lon);
		hi[0] = fmax(hi[0], lon);
		lo[1] = fmin(lo[1], lat);
		hi[1] = fmax(hi[1], lat);
	}
	fclose(in);
	if (g->n_pool < 100)
		return bp_fail(f, BP_E_IMPORT_FORMAT, "'%s': fewer than 100 places", g->c->places);
	scale = g->span / fmax(hi[0] - lo[0], hi[1] - lo[1]);
	for (int32_t i = 0; i < g->n_pool; i++) {
		g->lon[i] = 77 + (g->lon[i] - lo[0]) * scale;
		g->lat[i] = 18 + (g->lat[i] - lo[1]) * scale;
	}
	return BP_E_OK;
}

/* Outlets in quarters: a place of the pool draws a bazaar of a few shops within 400 m. */
static void make_outlets(struct gen *g)
{
	struct rt_problem *p = g->p;

	for (int32_t i = 0; i < g->c->outlets;) {
		int32_t at = (int32_t)(uniform(&g->rng) * g->n_pool);
		int32_t shops = 1 + (int32_t)(3 / sqrt(1 - uniform(&g->rng)) - 3);
		double r = uniform(&g->rng) < 0.7 ? 0.0015 : 0.008;

		for (int32_t k = 0; k < shops && k < 40 && i < g->c->outlets; k++, i++)
			p->places[i] = (struct rt_place){
				(int32_t)((g->lon[at] + r * spread(&g->rng)) * 1e6),
				(int32_t)((g->lat[at] + r * spread(&g->rng)) * 1e6), RT_URBAN};
	}
}

/* Rural where the eighth neighbour is more than a kilometre away. */
static void classify(struct gen *g)
{
	struct rt_problem *p = g->p;
	int32_t n = g->c->outlets, near[8];
	struct geo_xy *xy = bp_xcalloc((size_t)n + 1, sizeof(*xy));
	struct geo_kdtree t;
	double d2[8];

	for (int32_t i = 0; i < n; i++)
		xy[i] = (struct geo_xy){p->places[i].x * 0.1, p->places[i].y * 0.111};
	geo_kdtree_init(&t, xy, NULL, n);
	for (int32_t i = 0; i < n; i++)
		if (geo_kdtree_nearest(&t, xy[i], i, 8, near, d2) == 8) {
			p->places[i].area = d2[7] > 1e6 ? RT_RURAL : RT_URBAN;
			g->leg[i] = rt_leg(p, 0, i, near[4], true);
		}
	geo_kdtree_release(&t);
	free(xy);
}

/* Every outlet belongs to its nearest distributor; these sit in towns, so sizes differ a lot. */
static void distribute(struct gen *g)
{
	struct rt_problem *p = g->p;
	int32_t k = g->c->distributors, n = g->c->outlets;
	int32_t *centre = bp_alloc_array(g->arena, (size_t)k, sizeof(*centre));

	for (int32_t d = 0; d < k; d++)
		centre[d] = (int32_t)(uniform(&g->rng) * n);
	for (int32_t i = 0; i < n; i++) {
		double best = 1e300;

		for (int32_t d = 0; d < k; d++) {
			double dx = (p->places[i].x - p->places[centre[d]].x) * 0.92;
			double dy = p->places[i].y - p->places[centre[d]].y;

			if (dx * dx + dy * dy < best) {
				best = dx * dx + dy * dy;
				g->dist[i] = d;
			}
		}
	}
}

static void make_need(struct gen *g, int32_t i)
{
	struct rt_problem *p = g->p;
	struct rt_need *n = &p->needs[i];
	double tier = uniform(&g->rng), other = uniform(&g->rng);

	*n = (struct rt_need){.id = (uint64_t)i + 1, .place = i, .pattern_set = RT_NONE,
		.seat_set = g->dist[i], .day_value = RT_NONE, .days = ~(uint64_t)0,
		.flags = RT_MANDATORY};
	n->kind = tier < 0.1 ? 0 : tier < 0.4 ? 1 : 2;
	n->visits = 4 >> n->kind;
	n->gap = rt_gap_default(n->visits, rt_days(p), p->days_per_week);
	n->service = (12 - 3 * n->kind) * 60;
	n->missed_price = 240 * 60 >> n->kind;
	if (other < 0.01) { /* an appointment in the morning or after lunch */
		n->window = p->n_windows;
		n->n_windows = 2;
		p->windows[p->n_windows++] = (struct rt_window){36000, 43200, 0};
		p->windows[p->n_windows++] = (struct rt_window){50400, 57600, 0};
	} else if (other < 0.11) { /* closed on one weekday */
		int32_t closed = (int32_t)(uniform(&g->rng) * p->days_per_week);

		for (int32_t d = closed; d < rt_days(p); d += p->days_per_week)
			n->days &= ~((uint64_t)1 << d);
	}
}

struct spot {
	int32_t x, y, outlet;
};

/* Outlets of one distributor, and where the seats that serve them live. */
struct homes {
	struct spot *mine;
	int32_t n, *at, seats;
	double way; /* seconds to and from home, all visits together, if each visit were a tour of its own */
};

static int by_x(const void *a, const void *b)
{
	const struct spot *p = a, *q = b;

	return p->x < q->x ? -1 : p->x > q->x ? 1 : p->outlet < q->outlet ? -1 : 1;
}

static int by_y(const void *a, const void *b)
{
	const struct spot *p = a, *q = b;

	return p->y < q->y ? -1 : p->y > q->y ? 1 : p->outlet < q->outlet ? -1 : 1;
}

static double work_of(const struct gen *g, int32_t i)
{
	return (double)g->p->needs[i].visits * (g->p->needs[i].service + g->leg[i]);
}

/* People are hired where the work is: the outlets are halved until each cell has work for one of `seats`, and
 * that one lives at any of its outlets. */
static void settle(struct gen *g, struct homes *h, struct spot *mine, int32_t n, int32_t seats)
{
	int32_t lo[2] = {INT32_MAX, INT32_MAX}, hi[2] = {INT32_MIN, INT32_MIN}, at = 0, half = seats / 2;
	double all = 0, part = 0;

	if (seats <= 1 || n <= 1) {
		int32_t home = n ? mine[(int32_t)(uniform(&g->rng) * n)].outlet : h->mine[0].outlet;

		for (int32_t i = 0; i < n; i++)
			h->way += 2.0 * g->p->needs[mine[i].outlet].visits *
				  rt_leg(g->p, 0, home, mine[i].outlet, true);
		while (seats-- > 0)
			h->at[h->seats++] = home;
		return;
	}
	for (int32_t i = 0; i < n; i++) {
		lo[0] = mine[i].x < lo[0] ? mine[i].x : lo[0];
		hi[0] = mine[i].x > hi[0] ? mine[i].x : hi[0];
		lo[1] = mine[i].y < lo[1] ? mine[i].y : lo[1];
		hi[1] = mine[i].y > hi[1] ? mine[i].y : hi[1];
		all += work_of(g, mine[i].outlet);
	}
	qsort(mine, (size_t)n, sizeof(*mine), hi[0] - lo[0] > hi[1] - lo[1] ? by_x : by_y);
	while (at < n && part * seats < all * half)
		part += work_of(g, mine[at++].outlet);
	settle(g, h, mine, at, half);
	settle(g, h, mine + at, n - at, seats - half);
}

/* As many seats as the work fills, the ways from home and back with it; these depend on where the seats live, so
 * they are counted anew until the number holds. */
static void staff(struct gen *g, struct homes *h)
{
	double work = 0, visits = 0, hours = SHIFT * g->c->load;
	int32_t seats, days = rt_days(g->p);

	for (int32_t i = 0; i < h->n; i++) {
		work += work_of(g, h->mine[i].outlet);
		visits += g->p->needs[h->mine[i].outlet].visits;
	}
	seats = h->n ? (int32_t)ceil(work / (hours * days)) : 0;
	for (h->seats = 0; h->seats < seats;) {
		double way;

		h->seats = 0;
		h->way = 0;
		settle(g, h, h->mine, h->n, seats);
		way = fmin(h->way / visits, WAY_MOST * hours);
		if (h->seats >= work / ((hours - way) * days))
			break;
		seats = (int32_t)ceil(work / ((hours - way) * days));
	}
}

static void make_seats(struct gen *g)
{
	struct rt_problem *p = g->p;
	int32_t n = g->c->outlets, k = g->c->distributors, cap = n / 8 + k + 1;
	struct homes h = {0};

	h.mine = bp_alloc_array(g->arena, (size_t)n + 1, sizeof(*h.mine));
	h.at = bp_alloc_array(g->arena, (size_t)n + 1, sizeof(*h.at));
	p->seats = bp_alloc_array(g->arena, (size_t)cap, sizeof(*p->seats));
	p->places = bp_grow_array(g->arena, p->places, (size_t)n, (size_t)(n + cap), sizeof(*p->places));
	p->seat_set_off = bp_alloc_array(g->arena, (size_t)k + 1, sizeof(int32_t));
	p->n_seat_sets = k;
	p->seat_set = bp_alloc_array(g->arena, (size_t)cap, sizeof(*p->seat_set));
	for (int32_t d = 0; d < k; d++) {
		h.n = 0;
		for (int32_t i = 0; i < n; i++)
			if (g->dist[i] == d)
				h.mine[h.n++] = (struct spot){p->places[i].x, p->places[i].y, i};
		staff(g, &h);
		for (int32_t s = 0; s < h.seats && p->n_seats < cap; s++) {
			int32_t at = n + p->n_seats;

			p->places[at] = p->places[h.at[s]];
			p->seat_set[p->n_seats] = p->n_seats;
			p->seats[p->n_seats++] = (struct rt_seat){.id = (uint64_t)(at - n) + 1,
				.start = at, .end = at, .days = ~(uint64_t)0, .shift_start = 34200,
				.shift = SHIFT, .max_calls = 40, .min_calls = 16, .balance_group = d};
		}
		p->seat_set_off[d + 1] = p->n_seats;
	}
	p->n_places = n + p->n_seats;
}

const char *journey_case_places(char *buf, size_t size)
{
	ssize_t n = readlink("/proc/self/exe", buf, size - 64);

	for (buf[n > 0 ? n : 0] = 0; n > 0 && buf[n - 1] != '/'; n--)
		buf[n - 1] = 0;
	if (n > 0) {
		snprintf(buf + n, size - (size_t)n, "../share/beatplan/conf/demo/" JOURNEY_PLACES);
		if (access(buf, R_OK) == 0)
			return buf;
	}
	return BP_CONF_DIR "/demo/" JOURNEY_PLACES;
}

enum bp_error journey_case_make(const struct journey_case *c, struct rt_problem *p,
	struct bp_arena *arena, struct bp_fail *f)
{
	struct gen g = {.c = c, .p = p, .arena = arena, .rng = c->seed};
	enum bp_error err;

	memset(p, 0, sizeof(*p));
	p->weeks = 4;
	p->days_per_week = 5;
	p->metric = RT_GEO;
	p->same_seat = true;
	g.span = SPAN_DEG * sqrt(c->outlets / 50000.0);
	err = read_places(&g, f);
	if (err != BP_E_OK)
		return err;
	p->n_needs = c->outlets;
	p->n_profiles = 1;
	p->profiles = bp_alloc_array(arena, 1, sizeof(*p->profiles));
	p->profiles[0] = rt_profile_default(RT_TWO_WHEELER);
	p->places = bp_alloc_array(arena, (size_t)c->outlets + 1, sizeof(*p->places));
	p->needs = bp_alloc_array(arena, (size_t)c->outlets + 1, sizeof(*p->needs));
	p->windows = bp_alloc_array(arena, 2 * (size_t)c->outlets + 1, sizeof(*p->windows));
	g.leg = bp_alloc_array(arena, (size_t)c->outlets + 1, sizeof(*g.leg));
	g.dist = bp_alloc_array(arena, (size_t)c->outlets + 1, sizeof(*g.dist));
	make_outlets(&g);
	classify(&g);
	distribute(&g);
	for (int32_t i = 0; i < c->outlets; i++)
		make_need(&g, i);
	make_seats(&g);
	return BP_E_OK;
}
