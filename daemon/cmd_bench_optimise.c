/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * beatplan bench optimise [--outlets N] [--seconds S]: a country-like unit is imported into a database of
 * its own, planned by an optimizer daemon through the job table, adopted and kept, as a planner would; the plan
 * stands beside the obvious one for the same visits and hard rules.
 */
#include <fcntl.h>
#include <getopt.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/bench_db.h"
#include "daemon/cmd.h"
#include "daemon/journey_case.h"
#include "daemon/optimize_run.h"
#include "db/rights.h"
#include "plan/optimize.h"
#include "plan/session.h"

int bench_optimise(int argc, char **argv);

struct options {
	const char *state;
	long outlets, seconds, iterations;
	bool json;
};

static bool parse(int argc, char **argv, struct options *o)
{
	static const struct option known[] = {{"state", required_argument, NULL, 's'}, {"outlets", required_argument, NULL, 'n'},
		{"seconds", required_argument, NULL, 't'}, {"iterations", required_argument, NULL, 'i'}, {"json", no_argument, NULL, 'j'}, {NULL, 0, NULL, 0}};
	int c;

	optind = 1;
	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (c == 's')
			o->state = optarg;
		else if (c == 'n')
			o->outlets = strtol(optarg, NULL, 10);
		else if (c == 't')
			o->seconds = strtol(optarg, NULL, 10);
		else if (c == 'i')
			o->iterations = strtol(optarg, NULL, 10);
		else if (c == 'j')
			o->json = true;
		else
			break;
	}
	if (c != -1 || o->outlets < 100 || o->outlets > PLAN_NEEDS_MOST || o->seconds < 1 || o->seconds > 300 || o->iterations < 0) {
		fprintf(stderr, "usage: beatplan bench optimise [--outlets 100..%d] [--seconds 1..300 | --iterations N] [--state DIR] [--json]\n",
			PLAN_NEEDS_MOST);
		return false;
	}
	return true;
}

enum { OUTLETS, DISTRIBUTORS, SEATS, FILES };
enum { REGION = 3 }; /* rank of the level that the column "state" fills */
static const char *const names[FILES] = {"outlets.csv", "distributors.csv", "seats.csv"};

/* The case as the files of an import. */
static void write_case(const struct rt_problem *p, FILE *const *fp)
{
	fputs("outlet_code,outlet_name,latitude,longitude,country,state,distributor_code,channel,class\n", fp[OUTLETS]);
	for (int32_t i = 0; i < p->n_needs; i++) {
		const struct rt_place *at = &p->places[p->needs[i].place];

		fprintf(fp[OUTLETS], "O-%06d,Shop %d,%.6f,%.6f,Benchland,Bench,DT-%03d,GT,%c\n", i, i, at->y / 1e6, at->x / 1e6,
			p->needs[i].seat_set, "ABC"[p->needs[i].kind]);
	}
	fputs("dt_code,dt_name\n", fp[DISTRIBUTORS]);
	for (int32_t d = 0; d < p->n_seat_sets; d++)
		fprintf(fp[DISTRIBUTORS], "DT-%03d,Traders %d\n", d, d);
	fputs("seat_code,seat_name,person_code,person,state,dt_code,channel,vehicle,home_lat,home_lon,max_calls\n", fp[SEATS]);
	for (int32_t s = 0; s < p->n_seats; s++) {
		const struct rt_place *at = &p->places[p->seats[s].start];

		fprintf(fp[SEATS], "S-%04d,Seat %d,P-%04d,Person %d,Bench,DT-%03d,GT,two-wheeler,%.6f,%.6f,%d\n", s, s, s, s,
			p->seats[s].balance_group, at->y / 1e6, at->x / 1e6, p->seats[s].max_calls);
	}
}

static enum bp_error import_case(struct bp_bench *b, struct bp_arena *a, long outlets, struct bp_fail *f)
{
	/* Seats for 65 % of the time: the planning parameters count breaks and lost minutes that the case does not. */
	const struct journey_case c = {.outlets = (int32_t)outlets, .distributors = (int32_t)(outlets / 2000 + 1), .seed = 1, .load = 0.65,
		.places = bp_sprintf(a, "%s/share/beatplan/conf/demo/" JOURNEY_PLACES, b->state.app)};
	struct bp_import_files in = {.path = names, .n = FILES, .name = "bench", .quiet = true};
	struct bp_import_outcome out;
	struct rt_problem p;
	FILE *fp[FILES];
	int fd[FILES];
	enum bp_error e = journey_case_make(&c, &p, a, f);

	for (int i = 0; i < FILES && !e; i++) {
		const char *path = bp_sprintf(a, "%s/%s", b->work, names[i]);

		fp[i] = fopen(path, "we");
		fd[i] = open(path, O_RDONLY | O_CLOEXEC);
		if (!fp[i] || fd[i] < 0)
			return bp_fail(f, BP_E_INTERNAL, "cannot write %s", path);
	}
	if (!e)
		write_case(&p, fp);
	for (int i = 0; i < FILES && !e; i++)
		if (fclose(fp[i]))
			e = bp_fail(f, BP_E_DISK_FULL, "cannot write %s", names[i]);
	in.fd = fd;
	if (!e)
		e = bp_import_run(b->db, &b->conf, &in, &out, f);
	for (int i = 0; i < FILES && !e; i++)
		close(fd[i]);
	if (!e && out.rejected + out.duplicate)
		e = bp_fail(f, BP_E_INTERNAL, "%lld rows were rejected", (long long)(out.rejected + out.duplicate));
	return e;
}

/* An optimizer daemon of the installed programs on the benchmark's database; it ends with this process. */
static pid_t start_daemon(struct bp_bench *b, struct bp_arena *a, struct bp_fail *f)
{
	char *conf = bp_sprintf(a, "%s/beatplan.conf", b->work), *program = bp_sprintf(a, "%s/libexec/beatplan/beatplan-optimizerd", b->state.app),
	     *log = bp_sprintf(a, "%s/optimizerd.log", b->work), own[BP_STATE_PATH + 32];
	struct bp_conf real = {0};
	FILE *out;
	pid_t pid;

	bp_state_path(&b->state, "beatplan.conf", own, sizeof(own));
	out = fopen(conf, "we");
	if (!out || bp_conf_load(&real, own, f) || bp_rights_give(b->admin, b->name, real.db_user, BP_ACCOUNT_APP, f)) {
		if (out)
			fclose(out);
		return -1;
	}
	fprintf(out, "db_socket = %s\ndb_name = %s\ndb_user = %s\ndb_password = %s\nupload_dir = %s\nsnapshot_dir = %s\n", real.db_socket, b->name,
		real.db_user, real.db_password, b->up, b->snap);
	fclose(out);
	bp_conf_release(&real);
	pid = fork();
	if (!pid) {
		int fd = open(log, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

		prctl(PR_SET_PDEATHSIG, SIGTERM);
		dup2(fd, 2);
		execl(program, program, "--conf", conf, (char *)NULL);
		_exit(127);
	}
	return pid;
}

struct figures {
	int64_t needs;
	double seats, travel_ratio, balance_pct;
	double day_spread_pct; /* how far a seat's days are from its mean day, in the mean */
	int obvious_unserved;
};

/* The obvious way for the same plan: nearest seat, sweep into days, nearest neighbour and 2-opt. */
static enum bp_error compare(struct bp_bench *b, struct bp_arena *a, const struct bp_optimize *o, struct figures *out, struct bp_fail *f)
{
	struct rt_solution obvious;
	struct q_plan_version_tours *t;
	struct plan_model m;
	int64_t *work, *days;
	size_t n;
	enum bp_error e = plan_model_load(b->db, a, (uint64_t)o->version.plan_id, NULL, NULL, &m);

	rt_solution_init(&obvious);
	if (!e)
		e = q_plan_version_tours(b->db, a, o->version.id, &t, &n);
	if (!e)
		e = rt_fallback(&m.p, &m.params, &obvious, f);
	if (!e) {
		work = bp_alloc_array(a, m.n_seats + 1, sizeof(*work));
		days = bp_alloc_array(a, m.n_seats + 1, sizeof(*days));
		for (size_t i = 0; i < n; i++) {
			work[plan_model_seat(&m, t[i].seat)] += t[i].travel + t[i].service;
			days[plan_model_seat(&m, t[i].seat)]++;
		}
		for (size_t i = 0; i < n; i++) {
			int32_t s = plan_model_seat(&m, t[i].seat);
			double mean = (double)work[s] / (double)days[s];

			out->day_spread_pct += fabs((double)(t[i].travel + t[i].service) / mean - 1) * 100 / (double)n;
		}
		out->needs = (int64_t)m.n_needs;
		out->seats = (double)m.n_seats;
		out->balance_pct = plan_balance(work, m.n_seats);
		out->travel_ratio = ((double)o->version.travel_seconds / (double)o->version.calls) / ((double)obvious.cost.travel / obvious.n_visits);
		for (int32_t i = 0; i < obvious.n_unserved; i++)
			out->obvious_unserved += obvious.unserved[i].missing;
	}
	rt_solution_release(&obvious);
	return e;
}

static void report(const struct options *o, const struct bp_optimize *r, const struct figures *x, double rss_mb)
{
	const struct q_plan_version_get *v = &r->version;

	printf("optimise %lld outlets, %.0f seats: proposal after %.1f s for a budget of %ld s, kept after %.1f s more   goal: 50,000 in 120 s\n",
		(long long)x->needs, x->seats, r->job_seconds, o->seconds, r->keep_seconds);
	printf("  %lld calls, %.0f min under way, %lld missing (the obvious way: %d)\n", (long long)v->calls, (double)v->travel_seconds / 60,
		(long long)v->unserved, x->obvious_unserved);
	printf("  travel a call against the obvious way: %.3f   floor: 0.85, goal: 0.75\n", x->travel_ratio);
	printf("  work of the seats within %.1f %%, days of a seat %.1f %% off its mean day\n", x->balance_pct, x->day_spread_pct);
	printf("  memory of the optimizer: %.0f MB   floor: 600 MB\n", rss_mb);
	if (o->json)
		printf("{\"bench\":\"optimise\",\"outlets\":%lld,\"seats\":%.0f,\"budget_seconds\":%ld,\"seconds\":%.2f,\"keep_seconds\":%.2f,\"calls\":%lld,"
		       "\"travel_minutes\":%.0f,\"travel_ratio\":%.4f,\"travel_ratio_floor\":0.85,\"travel_ratio_goal\":0.75,\"unserved\":%lld,"
		       "\"unserved_obvious\":%d,\"balance_pct\":%.1f,\"day_spread_pct\":%.1f,\"peak_rss_mb\":%.0f,\"rss_floor_mb\":600}\n",
			(long long)x->needs, x->seats, o->seconds, r->job_seconds, r->keep_seconds, (long long)v->calls, (double)v->travel_seconds / 60,
			x->travel_ratio, (long long)v->unserved, x->obvious_unserved, x->balance_pct, x->day_spread_pct, rss_mb);
}

static enum bp_error plan_it(struct bp_bench *b, struct bp_arena *a, struct bp_optimize *r, struct figures *x, struct bp_fail *f)
{
	struct q_plan_units *units;
	size_t n;
	enum bp_error e = q_user_add(b->db, "bench", "Benchmark", "", "en", "", 0, 0, NULL);

	r->db = b->db;
	r->arena = a;
	r->user = bp_db_insert_id(b->db);
	/* The whole case is one unit, whatever its size. */
	if (!e)
		e = q_territory_set_units(b->db, REGION, NULL);
	if (!e)
		e = q_plan_units(b->db, a, NULL, "GT", &units, &n);
	if (!e && n != 1)
		e = bp_fail(f, BP_E_INTERNAL, "the import made %zu units", n);
	if (e)
		return e;
	r->unit = (uint64_t)units[0].id;
	r->channel = "GT";
	e = bp_optimize_run(r, f);
	return e ? e : compare(b, a, r, x, f);
}

int bench_optimise(int argc, char **argv)
{
	struct options o = {.outlets = 50000, .seconds = 120};
	struct figures x = {0};
	struct bp_optimize r = {0};
	struct rusage used = {0};
	struct bp_fail f = {0};
	struct bp_bench b;
	struct bp_arena a;
	pid_t pid = -1;
	enum bp_error e;

	if (!parse(argc, argv, &o))
		return 2;
	r.seconds = o.seconds;
	r.iterations = o.iterations;
	bp_arena_init(&a, (size_t)4 << 30);
	e = bp_bench_open(&b, bp_cmd_state(o.state), &f);
	if (!e)
		e = import_case(&b, &a, o.outlets, &f);
	if (!e && (pid = start_daemon(&b, &a, &f)) < 0)
		e = f.code;
	if (!e)
		e = plan_it(&b, &a, &r, &x, &f);
	if (pid > 0) {
		kill(pid, SIGTERM);
		waitpid(pid, NULL, 0);
		getrusage(RUSAGE_CHILDREN, &used);
	}
	if (e && !f.code)
		bp_fail(&f, e, "%s", b.db ? bp_db_failure(b.db)->detail : "");
	bp_bench_close(&b);
	bp_arena_release(&a);
	if (e)
		return bp_cmd_failed("bench optimise", &f);
	report(&o, &r, &x, (double)used.ru_maxrss / 1024);
	return 0;
}
