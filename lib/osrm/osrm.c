/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "osrm/osrm.h"

#include <curl/curl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "geo/kdtree.h"
#include "osrm/table.h"
#include "route/travel.h"

#define TABLE 100                  /* places in one request: the default limit of a server */
#define SOURCES 24                 /* of these, those whose neighbours are asked for */
#define REPLY_MOST ((size_t)4 << 20)
#define CONNECT_SECONDS 5L

struct ask {
	const struct osrm_options *o;
	const struct rt_problem *p;
	struct bp_fail *f;
	CURL *curl;
	struct bp_buf url, reply;
	double deadline;
	int32_t *place;             /* distinct places with coordinates, near ones together */
	int32_t n_places, profile;
	struct rt_leg_fix *legs;    /* as they come in: both directions, doubly */
	int32_t n, cap;
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static size_t take(char *data, size_t one, size_t n, void *ctx)
{
	struct ask *k = ctx;

	bp_buf_add(&k->reply, data, one * n);
	return k->reply.over ? 0 : one * n;
}

/* The places of needs, each once, in an order that keeps near ones together. */
static void order_places(struct ask *k, struct bp_arena *a, struct geo_xy **xy, struct geo_kdtree *tree)
{
	const struct rt_problem *p = k->p;
	uint8_t *used = bp_alloc_array(a, (size_t)p->n_places + 1, 1);
	int32_t *index = bp_alloc_array(a, (size_t)p->n_places + 1, sizeof(*index)), n = 0;

	*xy = bp_alloc_array(a, (size_t)p->n_places + 1, sizeof(**xy));
	for (int32_t i = 0; i < p->n_needs; i++) {
		int32_t at = p->needs[i].place;

		if (used[at] || p->places[at].x == RT_NO_COORD)
			continue;
		used[at] = 1;
		index[n++] = at;
		(*xy)[at].y = p->places[at].y;
		(*xy)[at].x = p->places[at].x * cos(p->places[at].y * 1e-6 * 3.14159265358979323846 / 180);
	}
	geo_kdtree_init(tree, *xy, index, n);
	k->place = tree->perm;
	k->n_places = n;
}

static bool walked(const struct ask *k, int32_t a, int32_t b)
{
	const struct rt_profile *r = &k->p->profiles[k->profile];

	/* Road metres are at least straight ones: a generous bound. */
	return r->walk_max > 0 && rt_leg_metres(k->p, k->profile, a, b) * 1000.0 / r->road_urban <= r->walk_max;
}

static void add(struct ask *k, int32_t from, int32_t to, double seconds, double metres)
{
	if (seconds < 0) /* no road leads there */
		return;
	if (metres < 0)
		metres = rt_leg_metres(k->p, k->profile, from, to);
	if (k->n == k->cap) {
		k->cap = k->cap ? 2 * k->cap : 4096;
		k->legs = bp_xrealloc(k->legs, sizeof(*k->legs) * (size_t)k->cap);
	}
	k->legs[k->n++] = (struct rt_leg_fix){from < to ? from : to, from < to ? to : from,
		(int32_t)(seconds + 0.5) + k->p->profiles[k->profile].lost, (int32_t)(metres + 0.5)};
}

/* One reply: rows are the sources, columns all places of the request; want[] marks the pairs asked for. */
static enum bp_error read_reply(struct ask *k, const int32_t *at, int32_t sources, int32_t all, const uint8_t *want)
{
	double seconds[SOURCES * TABLE], metres[SOURCES * TABLE];
	enum bp_error e = osrm_table_read(k->reply.data, k->reply.len, sources, all, k->o->url, seconds, metres, k->f);

	for (int32_t i = 0; i < sources && !e; i++)
		for (int32_t j = 0; j < all; j++)
			if (want[i * TABLE + j])
				add(k, at[i], at[j], seconds[i * all + j], metres[i * all + j]);
	return e;
}

static enum bp_error request(struct ask *k, const int32_t *at, int32_t sources, int32_t all, const uint8_t *want)
{
	double left = k->deadline - now();
	CURLcode c;
	long status = 0;

	if (left <= 0)
		return bp_fail(k->f, BP_E_BUSY, "%s: not done in %.0f seconds", k->o->url, k->o->seconds);
	bp_buf_clear(&k->url);
	bp_buf_clear(&k->reply);
	bp_buf_printf(&k->url, "%s/", k->o->url);
	for (int32_t i = 0; i < all; i++)
		bp_buf_printf(&k->url, "%s%.6f,%.6f", i ? ";" : "", k->p->places[at[i]].x / 1e6,
			k->p->places[at[i]].y / 1e6);
	bp_buf_str(&k->url, "?annotations=duration,distance&sources=");
	for (int32_t i = 0; i < sources; i++)
		bp_buf_printf(&k->url, "%s%d", i ? ";" : "", i);
	curl_easy_setopt(k->curl, CURLOPT_URL, k->url.data);
	curl_easy_setopt(k->curl, CURLOPT_TIMEOUT_MS, (long)(left * 1000) + 1);
	c = curl_easy_perform(k->curl);
	curl_easy_getinfo(k->curl, CURLINFO_RESPONSE_CODE, &status);
	if (c != CURLE_OK)
		return bp_fail(k->f, BP_E_BUSY, "%s: %s", k->o->url,
			k->reply.over ? "a reply that is too large" : curl_easy_strerror(c));
	if (status != 200)
		return bp_fail(k->f, BP_E_BUSY, "%s: HTTP status %ld: %.100s", k->o->url, status, k->reply.data);
	return read_reply(k, at, sources, all, want);
}

/* Sources first..: a table of them and of all their neighbours, in as many requests as it takes. */
static enum bp_error ask_batch(struct ask *k, const struct geo_kdtree *tree, const struct geo_xy *xy, int32_t first,
	int32_t sources)
{
	int32_t at[TABLE], all = sources, near[32], i = 0;
	uint8_t want[SOURCES * TABLE] = {0};

	memcpy(at, k->place + first, sizeof(*at) * (size_t)sources);
	for (; i < sources; i++) {
		int32_t n = geo_kdtree_nearest(tree, xy[at[i]], at[i], k->o->neighbours, near, NULL);

		for (int32_t m = 0; m < n; m++) {
			int32_t j = 0;

			if (walked(k, at[i], near[m]))
				continue;
			while (j < all && at[j] != near[m])
				j++;
			if (j == TABLE) /* scattered places: the rest of this source's neighbours is not asked for */
				break;
			if (j == all)
				at[all++] = near[m];
			want[i * TABLE + j] = 1;
		}
	}
	return all > sources || memchr(want, 1, sizeof(want)) ? request(k, at, sources, all, want) : BP_E_OK;
}

static int by_places(const void *a, const void *b)
{
	const struct rt_leg_fix *x = a, *y = b;

	if (x->a != y->a)
		return x->a < y->a ? -1 : 1;
	return x->b < y->b ? -1 : x->b > y->b;
}

/* Sorted, and the mean of what is known of each pair. */
static int32_t merge(struct rt_leg_fix *l, int32_t n)
{
	int32_t out = 0;

	if (n)
		qsort(l, (size_t)n, sizeof(*l), by_places);
	for (int32_t i = 0, j; i < n; i = j) {
		int64_t s = 0, m = 0;

		for (j = i; j < n && by_places(&l[i], &l[j]) == 0; j++) {
			s += l[j].seconds;
			m += l[j].metres;
		}
		l[out++] = (struct rt_leg_fix){l[i].a, l[i].b, (int32_t)(s / (j - i)), (int32_t)(m / (j - i))};
	}
	return out;
}

static enum bp_error open_curl(struct ask *k)
{
	k->curl = curl_easy_init();
	if (!k->curl)
		return bp_fail(k->f, BP_E_BUSY, "no room for a connection");
	curl_easy_setopt(k->curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(k->curl, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
	curl_easy_setopt(k->curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(k->curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(k->curl, CURLOPT_WRITEDATA, k);
	curl_easy_setopt(k->curl, CURLOPT_USERAGENT, "beatplan");
	return BP_E_OK;
}

static enum bp_error one_profile(struct ask *k)
{
	if (k->p->metric != RT_GEO)
		return bp_fail(k->f, BP_E_OPT_INPUT, "roads are known for problems on the earth only");
	for (int32_t s = 0; s < k->p->n_seats; s++) {
		k->profile = k->p->seats[0].profile;
		if (k->p->seats[s].profile != k->profile)
			return bp_fail(k->f, BP_E_OPT_INPUT, "the seats use several vehicles, %s knows one", k->o->url);
	}
	return BP_E_OK;
}

enum bp_error osrm_legs(const struct osrm_options *options, const struct rt_problem *p, struct bp_arena *a,
	struct rt_leg_fix **fixes, int32_t *n, struct bp_fail *f)
{
	struct osrm_options o = *options;
	struct ask k = {.o = &o, .p = p, .f = f};
	struct geo_kdtree tree;
	struct geo_xy *xy;
	enum bp_error e;

	*n = 0;
	if (o.neighbours <= 0 || o.neighbours > 32)
		o.neighbours = o.neighbours > 32 ? 32 : 8;
	if (o.seconds <= 0)
		o.seconds = 60;
	k.deadline = now() + o.seconds;
	e = rt_problem_check(p, f);
	if (!e)
		e = one_profile(&k);
	if (!e)
		e = open_curl(&k);
	if (e)
		return e;
	bp_buf_init(&k.url, (size_t)1 << 16);
	bp_buf_init(&k.reply, REPLY_MOST);
	order_places(&k, a, &xy, &tree);
	for (int32_t i = 0; i < k.n_places && !e; i += SOURCES) {
		if (o.tick && !o.tick(o.ctx, i, k.n_places))
			e = BP_E_CANCELLED;
		else
			e = ask_batch(&k, &tree, xy, i, k.n_places - i < SOURCES ? k.n_places - i : SOURCES);
	}
	if (!e) {
		*n = merge(k.legs, k.n);
		*fixes = bp_alloc_array(a, (size_t)*n + 1, sizeof(**fixes));
		if (*n)
			memcpy(*fixes, k.legs, sizeof(**fixes) * (size_t)*n);
	}
	free(k.legs);
	geo_kdtree_release(&tree);
	bp_buf_release(&k.url);
	bp_buf_release(&k.reply);
	curl_easy_cleanup(k.curl);
	return e;
}
