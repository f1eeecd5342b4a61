/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * beatplan bench planners [--planners N]: that many planners at work for a while, nineteen of twenty on a unit of 5,000 outlets and
 * the others on one of 50,000, against a Beatplan of its own that is started for it and removed again.
 */
#include <arpa/inet.h>
#include <curl/curl.h>
#include <fcntl.h>
#include <getopt.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "auth/auth.h"
#include "base/time.h"
#include "daemon/bench_memory.h"
#include "daemon/bench_planner.h"
#include "daemon/cmd.h"
#include "daemon/import_run.h"
#include "daemon/state.h"
#include "queries.h"

int bench_planners(int argc, char **argv);

enum { UNIT_LEAST = 2000, PLANNERS_MOST = 400, RACES = 40, SEAT_OUTLETS = 640, DAYS = 20, READ_OUTLETS = 2000 };
struct options {
	long planners, small, big;
	double seconds, think;
	const char *work, *state;
	bool json;
};
struct bench {
	struct options o;
	char dir[200], port[8], base[64];
	struct bp_state state;
	struct bp_conf conf;
	struct bp_db *db;
	struct bp_arena arena;
	struct bp_planner planner[PLANNERS_MOST], rival[2];
	char cookie[PLANNERS_MOST + 2][BP_AUTH_TOKEN_SIZE];
};

static bool parse(int argc, char **argv, struct options *o)
{
	static const struct option known[] = {{"planners", required_argument, NULL, 'p'}, {"seconds", required_argument, NULL, 't'},
		{"think", required_argument, NULL, 'k'}, {"outlets", required_argument, NULL, 'n'}, {"large", required_argument, NULL, 'l'},
		{"work", required_argument, NULL, 'w'}, {"state", required_argument, NULL, 's'}, {"json", no_argument, NULL, 'j'}, {NULL, 0, NULL, 0}};
	int c;

	optind = 1;
	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (c == 'p')
			o->planners = strtol(optarg, NULL, 10);
		else if (c == 't')
			o->seconds = strtod(optarg, NULL);
		else if (c == 'k')
			o->think = strtod(optarg, NULL);
		else if (c == 'n')
			o->small = strtol(optarg, NULL, 10);
		else if (c == 'l')
			o->big = strtol(optarg, NULL, 10);
		else if (c == 'w')
			o->work = optarg;
		else if (c == 's')
			o->state = optarg;
		else if (c == 'j')
			o->json = true;
		else
			break;
	}
	if (c == -1 && o->planners >= 2 && o->planners <= PLANNERS_MOST && o->seconds >= 5 && o->seconds <= 7200 && o->think >= 0 && o->think <= 60 &&
		o->small >= UNIT_LEAST && o->small <= 50000 && o->big >= UNIT_LEAST && o->big <= 50000)
		return true;
	fprintf(stderr, "usage: beatplan bench planners [--planners 2..%d] [--seconds 5..7200] [--think SECONDS] [--outlets N] [--large N]\n"
		"                               [--state DIR] [--work DIR] [--json]\n"
		"  --think: between two actions of a planner, in the mean; --outlets, --large: of a usual unit, and of that of every twentieth\n"
		"  --work: where its Beatplan is made for the time, /var/tmp; the programs are those of --state, which is left alone\n", PLANNERS_MOST);
	return false;
}

static long outlets_of(const struct options *o, long planner)
{
	return planner % 20 == 19 ? o->big : o->small;
}

/* --- a Beatplan of its own --- */

static bool free_port(char out[8])
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool ok = fd >= 0 && !bind(fd, (struct sockaddr *)&a, n) && !getsockname(fd, (struct sockaddr *)&a, &n);

	if (fd >= 0)
		close(fd);
	snprintf(out, 8, "%d", ntohs(a.sin_port));
	return ok;
}

/* A subcommand of ours in a process of its own, silent; its exit status. */
static int command(const char *what, const char *dir, const char *option, const char *value)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC), status;

	status = bp_run((const char *const[]){"/proc/self/exe", what, "--state", dir, option, value, NULL}, null);
	close(null);
	return status;
}

static enum bp_error start(struct bench *b, struct bp_fail *f)
{
	snprintf(b->dir, sizeof(b->dir), "%s/beatplan-bench.XXXXXX", b->o.work);
	if (bp_state_init(&b->state, bp_cmd_state(b->o.state), f))
		return f->code;
	if (!mkdtemp(b->dir) || chmod(b->dir, 0755) || !free_port(b->port))
		return bp_fail(f, BP_E_INTERNAL, "cannot make a folder in %s", b->o.work);
	if (bp_run((const char *const[]){"cp", "-a", b->state.app, b->dir, NULL}, -1))
		return bp_fail(f, BP_E_NOT_FOUND, "there are no programs in %s: make one with `beatplan up`, or name another with --state", b->state.dir);
	snprintf(b->base, sizeof(b->base), "http://127.0.0.1:%s/api/v1", b->port);
	if (command("up", b->dir, "--port", b->port))
		return bp_fail(f, BP_E_INTERNAL, "no Beatplan could be started in %s", b->dir);
	if (bp_state_init(&b->state, b->dir, f) || bp_state_open(&b->state, &b->conf, &b->db, true, f))
		return f->code;
	return BP_E_OK;
}

static void stop(struct bench *b)
{
	bp_db_free(b->db);
	bp_conf_release(&b->conf);
	command("down", b->dir, NULL, NULL);
	bp_run((const char *const[]){"rm", "-rf", b->dir, NULL}, -1);
}

/* --- what is planned --- */

enum { OUTLETS, SEATS, PLAN, FILES };
static const char *const names[FILES] = {"outlets.csv", "seats.csv", "plan.csv"};

static long seats_of(long outlets)
{
	return (outlets + SEAT_OUTLETS - 1) / SEAT_OUTLETS;
}

/* The outlets of a unit in rows to and fro, so that those that follow each other lie side by side: each seat has a stretch of them,
 * and of that each day. */
static void write_unit(const struct options *o, long u, FILE *const fp[FILES])
{
	static const char *const weekday[] = {"Mon", "Tue", "Wed", "Thu", "Fri"};
	long n = outlets_of(o, u), side = 1, seats = seats_of(n);
	double lat = 10 + (double)(u / 20) * 1.5, lon = 70 + (double)(u % 20) * 1.5;

	while (side * side < n)
		side++;
	for (long s = 0; s < seats; s++)
		fprintf(fp[SEATS], "S%03ld-%03ld,Seat %ld,U%03ld,GT,two-wheeler,%.6f,%.6f\n", u, s, s, u, lat, lon);
	for (long i = 0; i < n; i++) {
		long row = i / side, col = row % 2 ? side - 1 - i % side : i % side, at = i * seats * DAYS / n, day = at % DAYS;

		fprintf(fp[OUTLETS], "U%03ld-%05ld,Shop %ld,%.6f,%.6f,Benchland,U%03ld,GT,C,1\n", u, i, i, lat + (double)row * 0.003, lon + (double)col * 0.003, u);
		fprintf(fp[PLAN], "U%03ld-%05ld,S%03ld-%03ld,%ld,%s\n", u, i, u, at / DAYS, day / 5 + 1, weekday[day % 5]);
	}
}

static enum bp_error import_files(struct bench *b, size_t first, size_t n, struct bp_fail *f)
{
	struct bp_import_files in = {.path = names + first, .n = n, .name = "bench", .quiet = true};
	struct bp_import_outcome out;
	int fd[FILES];
	enum bp_error e;

	for (size_t i = 0; i < n; i++)
		fd[i] = open(bp_sprintf(&b->arena, "%s/%s", b->dir, names[first + i]), O_RDONLY | O_CLOEXEC);
	in.fd = fd;
	e = bp_import_run(b->db, &b->conf, &in, &out, f);
	for (size_t i = 0; i < n; i++)
		close(fd[i]);
	return !e && out.rejected + out.duplicate ? bp_fail(f, BP_E_INTERNAL, "%lld rows were rejected", (long long)(out.rejected + out.duplicate)) : e;
}

static enum bp_error fill(struct bench *b, struct bp_fail *f)
{
	FILE *fp[FILES];
	enum bp_error e = BP_E_OK;

	for (int i = 0; i < FILES; i++)
		if (!(fp[i] = fopen(bp_sprintf(&b->arena, "%s/%s", b->dir, names[i]), "we")))
			return bp_fail(f, BP_E_INTERNAL, "cannot write %s/%s", b->dir, names[i]);
	fputs("outlet_code,outlet_name,latitude,longitude,country,state,channel,class,frequency\n", fp[OUTLETS]);
	fputs("seat_code,seat_name,state,channel,vehicle,home_lat,home_lon\n", fp[SEATS]);
	fputs("outlet_code,seat_code,week,weekday\n", fp[PLAN]);
	for (long u = 0; u < b->o.planners; u++)
		write_unit(&b->o, u, fp);
	for (int i = 0; i < FILES; i++)
		if (fclose(fp[i]))
			e = bp_fail(f, BP_E_DISK_FULL, "cannot write %s", names[i]);
	if (!e)
		e = import_files(b, OUTLETS, 2, f);
	return e ? e : import_files(b, PLAN, 1, f);
}

/* Until the worker has nothing left to do: what is measured is the work of planners. */
static enum bp_error settle(struct bench *b, struct bp_fail *f)
{
	struct q_job_open open = {.n = 1};
	enum bp_error e = BP_E_OK;

	for (int i = 0; !e && open.n && i < 3600; i++) {
		struct timespec half = {0, 500000000};

		nanosleep(&half, NULL);
		e = q_job_open(b->db, &b->arena, &open);
	}
	return !e && open.n ? bp_fail(f, BP_E_INTERNAL, "the worker does not come to an end") : e;
}

/* --- who plans it --- */

static enum bp_error sign_in(struct bench *b, long i, int64_t unit, const char *password, const char *hash, const char **cookie, struct bp_fail *f)
{
	char *name = bp_sprintf(&b->arena, "planner-%03ld", i);
	struct bp_user user;
	enum bp_error e = q_user_add(b->db, name, name, "", "en", hash, 0, 0, NULL);

	if (!e)
		e = q_user_scope_add(b->db, (int64_t)bp_db_insert_id(b->db), unit, "planning_manager_gt", NULL);
	if (!e)
		e = bp_auth_login(b->db, &b->arena, &(struct bp_sign_in){.username = name, .password = password, .ip = "127.0.0.1", .agent = "beatplan bench",
			.dir = b->dir}, b->cookie[i], &user);
	*cookie = b->cookie[i];
	return e ? bp_fail(f, e, "planner %ld cannot sign in", i) : e;
}

static enum bp_error hire(struct bench *b, struct bp_fail *f)
{
	char password[BP_AUTH_GENERATED], hash[128];
	struct q_plan_units *u = NULL;
	size_t n = 0;
	enum bp_error e;

	bp_auth_generate(password);
	e = bp_auth_hash(password, hash);
	if (!e)
		e = q_plan_units(b->db, &b->arena, NULL, "GT", &u, &n);
	if (!e && n != (size_t)b->o.planners)
		return bp_fail(f, BP_E_INTERNAL, "the import made %zu units of %ld", n, b->o.planners);
	for (size_t i = 0; !e && i < n; i++) {
		struct bp_planner *p = &b->planner[i];
		struct q_outlet_ids_in *ids;

		*p = (struct bp_planner){.base = b->base, .unit = u[i].id, .think_seconds = b->o.think, .seed = i + 1};
		e = q_outlet_ids_in(b->db, &b->arena, p->unit, READ_OUTLETS, &ids, &p->n_outlets);
		p->outlet = ids;
		if (!e)
			e = sign_in(b, (long)i, p->unit, password, hash, &p->cookie, f);
	}
	for (size_t i = 0; !e && i < 2; i++) {
		b->rival[i] = (struct bp_planner){.base = b->base, .unit = b->planner[0].unit};
		e = sign_in(b, (long)(n + i), b->planner[0].unit, password, hash, &b->rival[i].cookie, f);
	}
	return e;
}

/* --- the run --- */

static void *race(void *planner)
{
	return (void *)(intptr_t)bp_planner_lock(planner);
}

/* How often two who ask for one unit at the same time do not end with exactly one lock. */
static int races_lost(struct bench *b)
{
	int lost = 0;

	for (int i = 0; i < RACES; i++) {
		pthread_t t[2];
		void *got[2];

		for (int k = 0; k < 2; k++)
			pthread_create(&t[k], NULL, race, &b->rival[k]);
		for (int k = 0; k < 2; k++)
			pthread_join(t[k], &got[k]);
		lost += (intptr_t)got[0] + (intptr_t)got[1] != 1 || (intptr_t)got[0] * (intptr_t)got[1] != 0;
		for (int k = 0; k < 2; k++)
			if ((intptr_t)got[k] == 1)
				bp_planner_unlock(&b->rival[k]);
	}
	return lost;
}

static int by_size(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return (x > y) - (x < y);
}

struct spread {
	size_t n;
	double p50, p95, p99, most;
};

/* Of the calls of one kind, or of all. */
static struct spread spread_of(struct bench *b, int kind)
{
	struct spread s = {0};
	float *all;

	for (long i = 0; i < b->o.planners; i++)
		for (int k = 0; k < BP_CALL__MAX; k++)
			s.n += kind < 0 || k == kind ? b->planner[i].n[k] : 0;
	if (!s.n)
		return s;
	all = bp_xcalloc(s.n, sizeof(*all));
	s.n = 0;
	for (long i = 0; i < b->o.planners; i++)
		for (int k = 0; k < BP_CALL__MAX; k++)
			if ((kind < 0 || k == kind) && b->planner[i].n[k]) {
				memcpy(all + s.n, b->planner[i].ms[k], b->planner[i].n[k] * sizeof(*all));
				s.n += b->planner[i].n[k];
			}
	qsort(all, s.n, sizeof(*all), by_size);
	s.p50 = (double)all[s.n / 2];
	s.p95 = (double)all[s.n * 95 / 100];
	s.p99 = (double)all[s.n * 99 / 100];
	s.most = (double)all[s.n - 1];
	free(all);
	return s;
}

static bool report(struct bench *b, double seconds, int locks_wrong, const struct bp_memory *m)
{
	size_t errors = 0, lost = 0, acknowledged = 0, refused = 0;
	const char *first = "";
	struct spread all = spread_of(b, -1), read = spread_of(b, BP_CALL_READ);

	for (long i = 0; i < b->o.planners; i++) {
		const struct bp_planner *p = &b->planner[i];

		errors += p->errors;
		lost += p->lost;
		acknowledged += p->acknowledged;
		refused += p->refused;
		first = *first ? first : p->first_error;
	}
	printf("%ld planners for %.0f s, %.1f s between two actions: %.1f calls/s, p50 %.0f ms, p95 %.0f ms, p99 %.0f ms   goal: p95 500 ms\n", b->o.planners,
		seconds, b->o.think, (double)all.n / seconds, all.p50, all.p95, all.p99);
	for (int k = 0; k < BP_CALL__MAX; k++) {
		struct spread s = spread_of(b, k);

		printf("  %-11s %7zu calls   p50 %7.1f ms   p95 %7.1f ms   p99 %7.1f ms   most %7.1f ms%s\n", bp_planner_calls[k], s.n, s.p50, s.p95, s.p99, s.most,
			k == BP_CALL_READ ? "   goal: p99 50 ms" : "");
	}
	printf("  %zu changes taken, %zu forbidden by a rule, %zu errors%s%s, %zu changes lost, %d of %d races for a lock not won by one\n", acknowledged, refused,
		errors, *first ? ": " : "", first, lost, locks_wrong, RACES);
	printf("  memory: our programs %.0f MiB in the second fifth of the time, %.0f MiB in the last; the database %.0f and %.0f MiB\n", m->programs_early,
		m->programs_late, m->database_early, m->database_late);
	if (b->o.json)
		printf("{\"bench\":\"planners\",\"planners\":%ld,\"seconds\":%.1f,\"calls\":%zu,\"p50_ms\":%.1f,\"p95_ms\":%.1f,\"p99_ms\":%.1f,\"point_read_p99_ms\":%.1f,"
			"\"errors\":%zu,\"lost_operations\":%zu,\"acknowledged\":%zu,\"lock_races_wrong\":%d,\"memory_mb\":%.1f,\"memory_growth_mb\":%.1f,"
			"\"database_mb\":%.1f,\"database_growth_mb\":%.1f,\"goal_p95_ms\":500,\"goal_point_read_p99_ms\":50}\n",
			b->o.planners, seconds, all.n, all.p50, all.p95, all.p99, read.p99, errors, lost, acknowledged, locks_wrong,
			m->programs_late, m->programs_late - m->programs_early, m->database_late, m->database_late - m->database_early);
	return !errors && !lost && !locks_wrong;
}

static bool run(struct bench *b)
{
	pthread_t t[PLANNERS_MOST];
	int wrong = races_lost(b);
	int64_t begin = bp_monotonic_us();
	struct bp_memory_watch *w = bp_memory_watch(b->dir, b->o.seconds / 100);
	struct bp_memory m;
	bool fine;

	for (long i = 0; i < b->o.planners; i++) {
		b->planner[i].until_us = begin + (int64_t)(b->o.seconds * 1e6);
		pthread_create(&t[i], NULL, bp_planner_run, &b->planner[i]);
	}
	for (long i = 0; i < b->o.planners; i++)
		pthread_join(t[i], NULL);
	m = bp_memory_watched(w);
	fine = report(b, (double)(bp_monotonic_us() - begin) / 1e6, wrong, &m);
	for (long i = 0; i < b->o.planners + 2; i++)
		for (int k = 0; k < BP_CALL__MAX; k++)
			free(i < b->o.planners ? b->planner[i].ms[k] : b->rival[i - b->o.planners].ms[k]);
	return fine;
}

static int measure(struct bench *b)
{
	struct bp_fail f = {0};
	bool fine = false;
	enum bp_error e = fill(b, &f);

	if (!e)
		e = settle(b, &f);
	if (!e)
		e = hire(b, &f);
	if (!e)
		fine = run(b);
	if (e && !f.code)
		bp_fail(&f, e, "%s", bp_db_failure(b->db)->detail);
	return e ? bp_cmd_failed("bench planners", &f) : !fine;
}

static volatile sig_atomic_t broken_off;

static void on_stop(int signo)
{
	(void)signo;
	broken_off = 1;
}

/* In a process of its own: whoever breaks it off leaves no Beatplan behind. */
static int measure_aside(struct bench *b)
{
	int status = 1;
	pid_t child;

	if (broken_off || (child = fork()) < 0)
		return 1;
	if (!child) {
		signal(SIGINT, SIG_DFL);
		signal(SIGTERM, SIG_DFL);
		status = measure(b);
		fflush(stdout);
		_exit(status);
	}
	while (waitpid(child, &status, 0) < 0 && !broken_off)
		;
	if (broken_off) {
		fputs("beatplan bench planners: broken off\n", stderr);
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
	}
	return !broken_off && WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

int bench_planners(int argc, char **argv)
{
	static const struct sigaction stopped = {.sa_handler = on_stop};
	struct bench *b = bp_xcalloc(1, sizeof(*b));
	struct bp_fail f = {0};
	int status;

	b->o = (struct options){.planners = 100, .small = 5000, .big = 50000, .seconds = 120, .think = 4, .work = "/var/tmp"};
	if (!parse(argc, argv, &b->o)) {
		free(b);
		return 2;
	}
	curl_global_init(CURL_GLOBAL_DEFAULT);
	bp_arena_init(&b->arena, (size_t)1 << 30);
	sigaction(SIGINT, &stopped, NULL);
	sigaction(SIGTERM, &stopped, NULL);
	status = start(b, &f) ? bp_cmd_failed("bench planners", &f) : measure_aside(b);
	stop(b);
	bp_arena_release(&b->arena);
	free(b);
	return status;
}
