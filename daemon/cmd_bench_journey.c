/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * beatplan bench journey [--outlets N] [--seconds S] [--threads T] [--seed K] [--places CSV]
 * Our plan beside the obvious way (nearest seat, sweep, nearest neighbour and 2-opt) for the
 * same visits and hard rules.  One JSON object on the last line: the figures of our plan, and under "obvious" those
 * of the other.
 */
#include <getopt.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "cmd_solve.h"
#include "journey_case.h"

static double now(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double peak_mb(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)u.ru_maxrss / 1024;
}

static bool show(void *ctx, const struct rt_progress *p)
{
	(void)ctx;
	fprintf(stderr, "%6.1f s %5.1f %% cost %.0f min unserved %d iterations %" PRId64 "\n",
		p->seconds, 100 * p->fraction, (double)p->cost / 60, p->unserved, p->iterations);
	return true;
}

/* What a plan amounts to, as members of an object. */
static void print_figures(const char *name, const struct rt_problem *p, const struct rt_params *a,
	const struct rt_solution *s, double seconds, double travel_ratio)
{
	struct rt_verdict v;
	struct bp_fail f = {0};

	rt_check(p, a, s, &v, &f);
	printf("\"seconds\":%.2f,\"unserved_mandatory\":%d,\"broken_hard\":%d,\"visits\":%d,\"travel_minutes\":%.0f,"
	       "\"travel_ratio\":%.4f,\"balance_pct\":%.2f,\"day_spread_pct\":%.2f,\"weekday_stability_pct\":%.2f,"
	       "\"compactness\":%.0f,\"compact_minutes\":%.0f,\"tours\":%d,\"below_min_calls\":%d,"
	       "\"cost_minutes\":%.0f,\"iterations\":%" PRId64 ",\"plan_hash\":\"%016" PRIx64 "\"",
		seconds, v.unserved_mandatory, v.broken != 0, s->n_visits, (double)v.cost.travel / 60, travel_ratio,
		v.cost.balance_pct, v.cost.day_spread_pct, v.cost.weekday_stability_pct, v.cost.compactness_m,
		(double)v.cost.compact / 60, v.cost.tours, v.cost.below_min_calls, (double)v.cost.total / 60,
		s->iterations, s->plan_hash);
	if (v.broken)
		fprintf(stderr, "%s: %s\n", name, v.what);
}

/* Mean milliseconds of pricing a move to another day, over 200 visits spread over the plan. */
static double price_ms(const struct rt_problem *p, const struct rt_params *a, const struct rt_solution *s)
{
	double t0 = now(CLOCK_PROCESS_CPUTIME_ID);
	int32_t n = 0;

	for (int32_t i = 0; i < s->n_visits; i += s->n_visits / 200 + 1, n++) {
		struct rt_price price;

		rt_price_move(p, a, s, i, s->visits[i].seat, (s->visits[i].day + 1) % rt_days(p),
			RT_NONE, &price);
	}
	return n ? 1000 * (now(CLOCK_PROCESS_CPUTIME_ID) - t0) / n : 0;
}

struct options {
	struct journey_case c;
	bool progress, times, alone;
};

static bool parse(int argc, char **argv, struct rt_params *a, struct options *o)
{
	static const struct option longs[] = {{"outlets", 1, 0, 'n'}, {"seconds", 1, 0, 's'},
		{"threads", 1, 0, 't'}, {"seed", 1, 0, 'k'}, {"places", 1, 0, 'p'},
		{"iterations", 1, 0, 'i'}, {"distributors", 1, 0, 'd'}, {"load", 1, 0, 'l'},
		{"progress", 0, 0, 'v'}, {"heat", 1, 0, 'h'}, {"cold", 1, 0, 'c'},
		{"ruin", 1, 0, 'r'}, {"neighbours", 1, 0, 'b'}, {"times", 0, 0, 'T'}, {"alone", 0, 0, 'a'}, {"compact", 1, 0, 'm'}, {"even", 1, 0, 'e'},
		{"json", 0, 0, 'j'}, {0, 0, 0, 0}};
	int c;

	optind = 1;
	while ((c = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		switch (c) {
		case 'n':
			o->c.outlets = (int32_t)strtol(optarg, NULL, 10);
			break;
		case 's':
			a->seconds = strtod(optarg, NULL);
			break;
		case 't':
			a->threads = (int32_t)strtol(optarg, NULL, 10);
			break;
		case 'k':
			o->c.seed = a->seed = strtoull(optarg, NULL, 10);
			break;
		case 'p':
			o->c.places = optarg;
			break;
		case 'i':
			a->iterations = strtoll(optarg, NULL, 10);
			break;
		case 'd':
			o->c.distributors = (int32_t)strtol(optarg, NULL, 10);
			break;
		case 'l':
			o->c.load = strtod(optarg, NULL);
			break;
		case 'v':
			o->progress = true;
			break;
		case 'j': /* as of the other benchmarks; the last line is one object in any case */
			break;
		case 'e':
			a->even_permille = (int32_t)strtol(optarg, NULL, 10);
			break;
		case 'm':
			a->compact_price = (int32_t)strtol(optarg, NULL, 10);
			break;
		case 'a':
			o->alone = true;
			break;
		case 'T':
			o->times = true;
			break;
		case 'h':
			a->heat_permille = (int32_t)strtol(optarg, NULL, 10);
			break;
		case 'c':
			a->cold_permille = (int32_t)strtol(optarg, NULL, 10);
			break;
		case 'r':
			a->ruin_mean = (int32_t)strtol(optarg, NULL, 10);
			break;
		case 'b':
			a->neighbours = (int32_t)strtol(optarg, NULL, 10);
			break;
		default:
			return false;
		}
	}
	return optind == argc && o->c.outlets > 0 && o->c.outlets <= 5000000 &&
	       o->c.distributors > 0 && a->threads >= 1 && a->threads <= 16 && o->c.load > 0.1 &&
	       o->c.load <= 1.5;
}

/* Stops a run after some seconds, and notes when. */
struct stopper {
	atomic_int stop;
	double after, at;
};

static void *stop_later(void *arg)
{
	struct stopper *s = arg;

	nanosleep(&(struct timespec){(time_t)s->after, (long)((s->after - (double)(time_t)s->after) * 1e9)}, NULL);
	s->at = now(CLOCK_MONOTONIC);
	atomic_store(&s->stop, 1);
	return NULL;
}

/* The longest time without a word of progress. */
struct silence {
	double last, most;
};

static bool listen(void *ctx, const struct rt_progress *p)
{
	struct silence *s = ctx;

	if (p->seconds - s->last > s->most)
		s->most = p->seconds - s->last;
	s->last = p->seconds;
	return true;
}

/* One timed run; `after` > 0: stopped then.  Prints what was asked and what it took. */
static enum bp_error timed(const struct rt_problem *p, const struct rt_params *a, double seconds, double after,
	struct bp_fail *f)
{
	struct rt_params with = *a;
	struct rt_solution s;
	struct rt_verdict v;
	struct stopper stop = {.after = after};
	struct silence silence = {0};
	double t0 = now(CLOCK_MONOTONIC), took;
	pthread_t thread;
	enum bp_error err;

	rt_solution_init(&s);
	with.seconds = seconds;
	with.iterations = 0;
	with.stop = &stop.stop;
	with.progress = listen;
	with.progress_ctx = &silence;
	if (after > 0 && pthread_create(&thread, NULL, stop_later, &stop) != 0)
		return bp_fail(f, BP_E_INTERNAL, "no thread to be had");
	err = rt_solve(p, &with, &s, f);
	took = now(CLOCK_MONOTONIC) - t0;
	if (after > 0)
		pthread_join(thread, NULL);
	if (err == BP_E_OK)
		err = rt_check(p, a, &s, &v, f);
	if (err == BP_E_OK && after > 0)
		printf("{\"stop_after\":%.2f,\"obeyed_ms\":%.0f", after, 1000 * (t0 + took - stop.at));
	else if (err == BP_E_OK)
		printf("{\"budget\":%.0f,\"seconds\":%.2f,\"off_pct\":%.2f", seconds, took,
			100 * (took / seconds - 1));
	if (err == BP_E_OK)
		printf(",\"silence\":%.2f,\"unserved_mandatory\":%d,\"broken_hard\":%d}", silence.most, v.unserved_mandatory,
			v.broken != 0);
	rt_solution_release(&s);
	return err;
}

static enum bp_error run_times(const struct rt_problem *p, const struct rt_params *a, struct bp_fail *f)
{
	const double budgets[] = {2, 10, a->seconds}, stops[] = {0.05, 0.3, 0.6, 2, 7};
	enum bp_error err = BP_E_OK;

	printf("{\"outlets\":%d,\"threads\":%d,\"times\":[", p->n_needs, a->threads);
	for (size_t i = 0; i < 5 && err == BP_E_OK; i++) {
		err = timed(p, a, stops[i] + 30, stops[i], f);
		printf(",");
	}
	for (size_t i = 0; i < 3 && err == BP_E_OK; i++) {
		err = timed(p, a, budgets[i], 0, f);
		printf(i == 2 ? "]," : ",");
	}
	printf("\"peak_rss_mb\":%.1f}\n", peak_mb());
	return err;
}

static enum bp_error run(const struct options *o, struct rt_params *a, struct bp_arena *arena,
	struct bp_fail *f)
{
	struct rt_problem p;
	struct rt_solution ours, obvious;
	double t0 = now(CLOCK_MONOTONIC), made, t1, t2, cpu;
	enum bp_error err = journey_case_make(&o->c, &p, arena, f);

	if (err != BP_E_OK)
		return err;
	made = now(CLOCK_MONOTONIC) - t0;
	if (o->progress)
		a->progress = show;
	/* Balance is wanted within 5 % here, so it is priced from there on. */
	a->balance_tolerance = 30;
	a->balance_permille = 2000;
	if (o->times)
		return run_times(&p, a, f);
	rt_solution_init(&ours);
	rt_solution_init(&obvious);
	t0 = now(CLOCK_MONOTONIC);
	cpu = now(CLOCK_PROCESS_CPUTIME_ID);
	err = rt_solve(&p, a, &ours, f);
	t1 = now(CLOCK_MONOTONIC);
	cpu = now(CLOCK_PROCESS_CPUTIME_ID) - cpu;
	if (err == BP_E_OK && !o->alone)
		err = rt_fallback(&p, a, &obvious, f);
	t2 = now(CLOCK_MONOTONIC);
	if (err == BP_E_OK) {
		double base = (double)obvious.cost.travel / (obvious.n_visits ? obvious.n_visits : 1);
		double mine = (double)ours.cost.travel / (ours.n_visits ? ours.n_visits : 1);

		printf("{\"outlets\":%d,\"seats\":%d,\"distributors\":%d,\"threads\":%d,\"cpu_seconds\":%.2f,"
		       "\"generate_seconds\":%.2f,\"peak_rss_mb\":%.1f,\"price_move_ms\":%.3f,",
			p.n_needs, p.n_seats, o->c.distributors, a->threads, cpu, made, peak_mb(),
			price_ms(&p, a, &ours));
		print_figures("plan", &p, a, &ours, t1 - t0, base > 0 ? mine / base : 1);
		if (!o->alone) {
			printf(",\"obvious\":{");
			print_figures("obvious", &p, a, &obvious, t2 - t1, 1);
			printf("}");
		}
		printf("}\n");
	}
	rt_solution_release(&ours);
	rt_solution_release(&obvious);
	return err;
}

int bench_journey_main(int argc, char **argv)
{
	struct rt_params a;
	struct options o = {.c = {.outlets = 50000, .distributors = 25, .seed = 1, .load = 0.85}};
	struct bp_arena arena;
	struct bp_fail f = {0};
	enum bp_error err;
	char places[4096];

	rt_params_default(&a);
	a.threads = 2;
	o.c.places = journey_case_places(places, sizeof(places));
	if (!parse(argc, argv, &a, &o)) {
		fputs("usage: beatplan bench journey [--outlets N] [--seconds S] [--threads T] "
		      "[--seed K]\n       [--places CSV] [--distributors D] [--load X] "
		      "[--iterations N] [--progress] [--times] [--alone] [--compact SECONDS] [--even PERMILLE] [--json]\n",
			stderr);
		return 2;
	}
	bp_arena_init(&arena, (size_t)16 << 30);
	err = run(&o, &a, &arena, &f);
	if (err != BP_E_OK)
		fprintf(stderr, "beatplan bench journey: %s: %s\n", bp_errors[err].message, f.detail);
	bp_arena_release(&arena);
	return err == BP_E_OK ? 0 : 1;
}
