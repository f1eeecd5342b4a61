/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * beatplan bench territory [--outlets N] [--k K] [--seed S] [--tolerance PERCENT] [--places CSV] [--json]
 * Units of equal work for a country-like case, drawn anew beside balanced k-means in the same run, and made from the
 * present ones (the outlets of each distributor) with few moved outlets; then small cases beside their proven optimum.
 * One JSON object on the last line.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/time.h"
#include "daemon/bench_db.h"
#include "daemon/journey_case.h"
#include "design/design.h"

#define UNIT_OUTLETS 5000
#define EVEN 0.03 /* of a share: so far work may be from even in a k-means that is compared with */
#define SMALL_CASES 10
#define SMALL_OUTLETS 40
#define SMALL_UNITS 3
#define SMALL_TOLERANCE 0.05
#define SMALL_MS 20000

int bench_territory(int argc, char **argv);

struct options {
	struct journey_case c;
	int32_t k;
	double tolerance;
};

struct bench {
	const struct options *o;
	struct design_problem p;
	struct design_graph g;
	struct geo_xy *xy;
	double *work;
	int32_t *present;
};

static double seconds_since(int64_t us)
{
	return (double)(bp_monotonic_us() - us) / 1e6;
}

/* Minutes a cycle: visits, each with its service and the time that a stop costs. */
static enum bp_error make_case(struct bench *b, struct bp_fail *f)
{
	size_t n = (size_t)b->o->c.outlets;
	double *lon = bp_xmalloc(sizeof(*lon) * n), *lat = bp_xmalloc(sizeof(*lat) * n);
	struct rt_problem p;
	struct bp_arena arena;
	enum bp_error e;

	bp_arena_init(&arena, (size_t)16 << 30);
	e = journey_case_make(&b->o->c, &p, &arena, f);
	b->xy = bp_xmalloc(sizeof(*b->xy) * n);
	b->work = bp_xmalloc(sizeof(*b->work) * n);
	b->present = bp_xmalloc(sizeof(*b->present) * n);
	for (size_t i = 0; !e && i < n; i++) {
		lon[i] = p.places[i].x / 1e6;
		lat[i] = p.places[i].y / 1e6;
		b->work[i] = p.needs[i].visits * (p.needs[i].service / 60.0 + 1.5);
		b->present[i] = p.needs[i].seat_set;
	}
	if (!e)
		design_project(lon, lat, (int32_t)n, b->xy);
	bp_arena_release(&arena);
	free(lon);
	free(lat);
	b->p = (struct design_problem){.n = (int32_t)n, .k = b->o->k, .xy = b->xy, .work = b->work, .present = b->present};
	return e;
}

static void print_figures(const struct design_result *r, double seconds)
{
	printf("\"seconds\":%.2f,\"max_deviation_pct\":%.3f,\"contiguous_pct\":%.2f,\"moved\":%d,\"compactness\":%.5g",
		seconds, 100 * r->now.max_deviation, 100.0 * r->now.whole / r->k, r->now.moved, r->now.compactness);
}

static enum bp_error redraw(struct bench *b, struct design_result *r, double *seconds, struct bp_fail *f)
{
	struct design_params a;
	int64_t t0 = bp_monotonic_us();
	enum bp_error e = design_graph_make(b->xy, b->p.n, &b->g, f);

	design_params_default(&a);
	a.seed = b->o->c.seed;
	a.tolerance = b->o->tolerance;
	if (!e)
		e = design_make(&b->p, &b->g, &a, r, f);
	*seconds = seconds_since(t0);
	return e;
}

/* k-means beside it: by prices alone, or dealt out by capacity. */
static void kmeans(struct bench *b, bool capacity, struct design_result *r, double *seconds)
{
	int32_t *unit = bp_xmalloc(sizeof(*unit) * (size_t)b->p.n);
	int64_t t0 = bp_monotonic_us();

	design_kmeans(&b->p, b->o->c.seed, capacity, unit, NULL);
	*seconds = seconds_since(t0);
	design_check(&b->p, &b->g, unit, r);
	free(unit);
}

/* The curve of balance against moved outlets, from the units of today. */
static enum bp_error rebalance(struct bench *b, struct bp_fail *f)
{
	const double tolerance[] = {0.2, 0.1, 0.05, 0.03, 0.01};
	struct design_params a;
	struct design_result r;
	enum bp_error e = BP_E_OK;

	design_params_default(&a);
	a.redraw = false;
	design_result_init(&r);
	design_check(&b->p, &b->g, b->present, &r);
	printf("\"present\":{");
	print_figures(&r, 0);
	printf("},\"rebalanced\":[");
	for (size_t i = 0; !e && i < sizeof(tolerance) / sizeof(*tolerance); i++) {
		int64_t t0 = bp_monotonic_us();

		a.tolerance = tolerance[i];
		e = design_make(&b->p, &b->g, &a, &r, f);
		if (e)
			break;
		printf("%s{\"tolerance_pct\":%g,", i ? "," : "", 100 * tolerance[i]);
		print_figures(&r, seconds_since(t0));
		printf("}");
	}
	printf("],");
	design_result_release(&r);
	return e;
}

/* One small case: outlets of the large one next to each other, centres of k-means, search and optimum.  Gap in per
 * cent; below 0: not proven in time. */
static double small_gap(const struct bench *b, int32_t nth, double *search_s, double *exact_s)
{
	int32_t near[SMALL_OUTLETS], unit[SMALL_OUTLETS], from = (int32_t)((int64_t)b->p.n * nth / SMALL_CASES);
	struct geo_xy xy[SMALL_OUTLETS], site[SMALL_UNITS];
	double work[SMALL_OUTLETS], least = 0, cost = 0;
	struct design_problem p = {.n = SMALL_OUTLETS, .k = SMALL_UNITS, .xy = xy, .work = work};
	struct design_params a;
	struct design_graph g;
	struct design_result r;
	struct geo_kdtree t;
	bool proven = false;
	int64_t t0;

	geo_kdtree_init(&t, b->xy, NULL, b->p.n);
	geo_kdtree_nearest(&t, b->xy[from], -1, SMALL_OUTLETS, near, NULL);
	geo_kdtree_release(&t);
	for (int32_t i = 0; i < SMALL_OUTLETS; i++) {
		xy[i] = b->xy[near[i]];
		work[i] = b->work[near[i]];
	}
	design_params_default(&a);
	a.seed = (uint64_t)nth + 1;
	a.tolerance = SMALL_TOLERANCE;
	a.search_only = true;
	a.site = site;
	design_kmeans(&p, a.seed, true, unit, site);
	design_result_init(&r);
	t0 = bp_monotonic_us();
	if (design_graph_make(xy, p.n, &g, NULL) || design_make(&p, &g, &a, &r, NULL))
		return -1;
	cost = r.now.max_deviation <= SMALL_TOLERANCE + 1e-9 && r.now.whole == r.k ? design_cost(&p, &g, &a, r.unit) : 1e300;
	*search_s += seconds_since(t0);
	t0 = bp_monotonic_us();
	design_exact(&p, &g, &a, SMALL_MS, unit, &least, &proven);
	*exact_s += seconds_since(t0);
	design_result_release(&r);
	design_graph_release(&g);
	return proven ? 100 * (cost / least - 1) : -1;
}

static void exact(const struct bench *b)
{
	double worst = 0, sum = 0, search_s = 0, exact_s = 0;
	int32_t proven = 0;

	for (int32_t i = 0; i < SMALL_CASES && b->p.n >= SMALL_OUTLETS; i++) {
		double gap = small_gap(b, i, &search_s, &exact_s);

		if (gap < -0.001)
			continue;
		proven++;
		sum += gap;
		worst = gap > worst ? gap : worst;
	}
	printf("\"exact\":{\"cases\":%d,\"outlets\":%d,\"k\":%d,\"tolerance_pct\":%g,\"proven\":%d,\"mean_gap_pct\":%.4f,"
	       "\"worst_gap_pct\":%.4f,\"search_seconds\":%.2f,\"exact_seconds\":%.2f},",
		SMALL_CASES, SMALL_OUTLETS, SMALL_UNITS, 100 * SMALL_TOLERANCE, proven, proven ? sum / proven : 0, worst,
		search_s, exact_s);
}

/* Both kinds of k-means; the one to compare with is that by prices, where its work came out even, else the dealt one. */
static double references(struct bench *b, const char **which)
{
	struct design_result dealt, priced;
	double dealt_seconds, priced_seconds, reference;

	design_result_init(&dealt);
	design_result_init(&priced);
	kmeans(b, true, &dealt, &dealt_seconds);
	kmeans(b, false, &priced, &priced_seconds);
	printf("\"capacitated_kmeans\":{");
	print_figures(&dealt, dealt_seconds);
	printf("},\"balanced_kmeans\":{");
	print_figures(&priced, priced_seconds);
	printf("},");
	*which = priced.now.max_deviation <= EVEN ? "balanced_kmeans" : "capacitated_kmeans";
	reference = priced.now.max_deviation <= EVEN ? priced.now.compactness : dealt.now.compactness;
	design_result_release(&dealt);
	design_result_release(&priced);
	return reference;
}

static enum bp_error run(struct bench *b, struct bp_fail *f)
{
	struct design_result ours;
	double seconds, case_mb, reference;
	const char *which;
	enum bp_error e = make_case(b, f);

	if (e)
		return e;
	case_mb = bp_bench_rss_mb();
	design_result_init(&ours);
	e = redraw(b, &ours, &seconds, f);
	if (!e) {
		printf("{\"outlets\":%d,\"k\":%d,\"seed\":%llu,\"tolerance_pct\":%g,\"links\":%d,", b->p.n, b->p.k,
			(unsigned long long)b->o->c.seed, 100 * b->o->tolerance, b->g.links);
		reference = references(b, &which);
		e = rebalance(b, f);
		exact(b);
		print_figures(&ours, seconds);
		printf(",\"compactness_ratio\":%.4f,\"reference\":\"%s\",\"case_rss_mb\":%.1f,\"peak_rss_mb\":%.1f}\n",
			ours.now.compactness / reference, which, case_mb, bp_bench_rss_mb());
	}
	design_result_release(&ours);
	return e;
}

static bool parse(int argc, char **argv, struct options *o)
{
	static const struct option longs[] = {{"outlets", 1, 0, 'n'}, {"k", 1, 0, 'k'}, {"seed", 1, 0, 's'},
		{"tolerance", 1, 0, 't'}, {"places", 1, 0, 'p'}, {"json", 0, 0, 'j'}, {0, 0, 0, 0}};
	int c;

	optind = 1;
	while ((c = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		switch (c) {
		case 'n':
			o->c.outlets = (int32_t)strtol(optarg, NULL, 10);
			break;
		case 'k':
			o->k = (int32_t)strtol(optarg, NULL, 10);
			break;
		case 's':
			o->c.seed = strtoull(optarg, NULL, 10);
			break;
		case 't':
			o->tolerance = strtod(optarg, NULL) / 100;
			break;
		case 'p':
			o->c.places = optarg;
			break;
		case 'j': /* as of the other benchmarks; the last line is one object in any case */
			break;
		default:
			return false;
		}
	}
	if (!o->k)
		o->k = o->c.outlets / UNIT_OUTLETS > 1 ? o->c.outlets / UNIT_OUTLETS : 2;
	o->c.distributors = o->k;
	return optind == argc && o->c.outlets > 0 && o->c.outlets <= DESIGN_OUTLETS_MOST && o->k > 0 &&
	       o->k <= DESIGN_UNITS_MOST;
}

int bench_territory(int argc, char **argv)
{
	char places[4096];
	struct options o = {.c = {.outlets = 50000, .seed = 1, .load = 0.85}, .tolerance = 0.02};
	struct bench b = {.o = &o};
	struct bp_fail f = {0};
	enum bp_error e;

	o.c.places = journey_case_places(places, sizeof(places));
	if (!parse(argc, argv, &o)) {
		fputs("usage: beatplan bench territory [--outlets N] [--k K] [--seed S] [--tolerance PERCENT] [--places CSV] [--json]\n",
			stderr);
		return 2;
	}
	e = run(&b, &f);
	if (e)
		fprintf(stderr, "beatplan bench territory: %s: %s\n", bp_errors[e].message, f.detail);
	free(b.xy);
	free(b.work);
	free(b.present);
	design_graph_release(&b.g);
	return e ? 1 : 0;
}
