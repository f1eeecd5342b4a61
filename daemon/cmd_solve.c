/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beatplan solve FILE [--seconds S | --iterations N] [--seed K] [--threads T] [--sol OUT] [--json] */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "cmd_solve.h"
#include "osrm/osrm.h"
#include "route/read.h"

static double cpu_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
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
	const struct rt_file *file = ctx;

	fprintf(stderr, "%7.1f s  %5.1f %%  %12.2f  unserved %d  iterations %" PRId64 "\n", p->seconds,
		p->fraction * 100, (double)p->cost / file->unit, p->unserved, p->iterations);
	return true;
}

static int usage(void)
{
	fputs("usage: beatplan solve FILE [--seconds S | --iterations N] [--seed K] [--threads T]\n"
	      "                [--sol OUT] [--json] [--progress] [--fallback] [--osrm URL] [--set NAME=VALUE]\n"
	      "  URL: the table service of a travel-time server, e.g. http://127.0.0.1:5000/table/v1/driving\n",
		stderr);
	return 2;
}

/* --set: any whole-number parameter by name, for experiments. */
static bool set_param(struct rt_params *a, const char *text)
{
	const struct {
		const char *name;
		int32_t *at;
	} known[] = {
		{"neighbours", &a->neighbours}, {"ruin_mean", &a->ruin_mean},
		{"string_max", &a->string_max}, {"heat", &a->heat_permille},
		{"cold", &a->cold_permille}, {"balance_tolerance", &a->balance_tolerance},
		{"balance_permille", &a->balance_permille}, {"max_changed", &a->max_changed},
		{"overtime_permille", &a->overtime_permille}, {"price_day", &a->price_day},
		{"even_tolerance", &a->even_tolerance}, {"even_permille", &a->even_permille},
		{"compact_price", &a->compact_price}, {"price_few", &a->price_few}, {"price_person", &a->price_person}, {"price_beat", &a->price_beat},
	};
	const char *eq = strchr(text, '=');

	for (size_t i = 0; eq && i < sizeof(known) / sizeof(known[0]); i++)
		if (!strncmp(known[i].name, text, (size_t)(eq - text)) &&
			!known[i].name[eq - text]) {
			*known[i].at = (int32_t)strtol(eq + 1, NULL, 10);
			return true;
		}
	return false;
}

struct options {
	const char *path, *sol, *osrm;
	const char *travel;
	bool json, progress, fallback;
};

static bool parse(int argc, char **argv, struct rt_params *a, struct options *o)
{
	static const struct option longs[] = {{"seconds", 1, 0, 's'}, {"iterations", 1, 0, 'i'},
		{"seed", 1, 0, 'k'}, {"threads", 1, 0, 't'}, {"sol", 1, 0, 'o'}, {"json", 0, 0, 'j'},
		{"progress", 0, 0, 'p'}, {"fallback", 0, 0, 'f'}, {"osrm", 1, 0, 'r'},
		{"set", 1, 0, 'x'}, {0, 0, 0, 0}};
	int c;

	optind = 1;
	while ((c = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		switch (c) {
		case 's':
			a->seconds = strtod(optarg, NULL);
			break;
		case 'i':
			a->iterations = strtoll(optarg, NULL, 10);
			break;
		case 'k':
			a->seed = strtoull(optarg, NULL, 10);
			break;
		case 't':
			a->threads = (int32_t)strtol(optarg, NULL, 10);
			break;
		case 'o':
			o->sol = optarg;
			break;
		case 'j':
			o->json = true;
			break;
		case 'p':
			o->progress = true;
			break;
		case 'f':
			o->fallback = true;
			break;
		case 'r':
			o->osrm = optarg;
			break;
		case 'x':
			if (!set_param(a, optarg))
				return false;
			break;
		default:
			return false;
		}
	}
	o->path = argv[optind];
	return o->path && optind + 1 == argc && a->threads >= 1 && a->threads <= 16 &&
	       (a->iterations > 0 || a->seconds > 0);
}

static void report(const struct rt_file *file, const struct rt_solution *s, const struct rt_verdict *v,
	const struct options *o, double seconds)
{
	int32_t unserved = 0;
	bool feasible = !v->broken && !v->unserved_mandatory;

	for (int32_t i = 0; i < s->n_unserved; i++)
		unserved += s->unserved[i].missing;
	if (!o->json) {
		printf("%s: cost %.2f, %d tours, %d visits, %d unserved, %.1f s%s%s\n", o->path,
			(double)v->cost.total / file->unit, v->cost.tours, s->n_visits, unserved,
			seconds, v->broken ? ", BROKEN: " : "", v->what);
		return;
	}
	printf("{\"file\":\"%s\",\"kind\":\"%s\",\"cost\":%.*f,\"feasible\":%s,\"routes\":%d,"
	       "\"unserved\":%d,\"seconds\":%.3f,\"cpu_seconds\":%.3f,\"iterations\":%" PRId64
	       ",\"peak_rss_mb\":%.1f,\"travel\":\"%s\",\"fallback\":%s,\"seed\":%" PRIu64 ",\"plan_hash\":\"%016" PRIx64 "\"}\n",
		o->path, file->kind, file->unit > 1 ? 4 : 0, (double)v->cost.total / file->unit,
		feasible ? "true" : "false", v->cost.tours, unserved, seconds, cpu_seconds(),
		s->iterations, peak_mb(), o->travel, s->fallback ? "true" : "false", s->seed, s->plan_hash);
}

/* Legs of roads where a server was named.  Without them the formula stands, and the report says so. */
static const char *ask_osrm(struct rt_file *file, const char *url)
{
	struct osrm_options o = {.url = url};
	struct rt_leg_fix *legs;
	struct bp_fail f = {0};
	int32_t n;

	if (!url)
		return "formula";
	if (osrm_legs(&o, &file->p, &file->arena, &legs, &n, &f) != BP_E_OK) {
		fprintf(stderr, "beatplan solve: going on without travel times of roads: %s\n", f.detail);
		return "formula: the travel-time server failed";
	}
	file->p.leg_fixes = legs;
	file->p.n_leg_fixes = n;
	return "roads";
}

int solve_main(int argc, char **argv)
{
	struct rt_params a;
	struct options o = {0};
	struct rt_file file;
	struct rt_solution s;
	struct rt_verdict v;
	struct bp_fail f = {0};
	enum bp_error err;
	struct timespec t0, t1;

	rt_params_default(&a);
	if (!parse(argc, argv, &a, &o))
		return usage();
	clock_gettime(CLOCK_MONOTONIC, &t0);
	err = rt_file_read(&file, o.path, &f);
	if (err != BP_E_OK) {
		fprintf(stderr, "beatplan solve: %s: %s\n", bp_errors[err].message, f.detail);
		return 1;
	}
	if (o.progress) {
		a.progress = show;
		a.progress_ctx = &file;
	}
	o.travel = ask_osrm(&file, o.osrm);
	a.minimise_fleet = file.fleet_first;
	rt_solution_init(&s);
	err = o.fallback ? rt_fallback(&file.p, &a, &s, &f) : rt_solve(&file.p, &a, &s, &f);
	if (err == BP_E_OK)
		err = rt_check(&file.p, &a, &s, &v, &f);
	if (err == BP_E_OK && o.sol)
		err = rt_sol_write(o.sol, &file, &s, &f);
	clock_gettime(CLOCK_MONOTONIC, &t1);
	if (err == BP_E_OK)
		report(&file, &s, &v, &o,
			(double)(t1.tv_sec - t0.tv_sec) + (double)(t1.tv_nsec - t0.tv_nsec) * 1e-9);
	else
		fprintf(stderr, "beatplan solve: %s: %s\n", bp_errors[err].message, f.detail);
	rt_solution_release(&s);
	rt_file_release(&file);
	return err == BP_E_OK ? 0 : 1;
}
