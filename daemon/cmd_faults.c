/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beatplan faults: programs are killed at moments that a seed chooses while clients work; is anything lost that was promised? */
#include <getopt.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "audit/chain.h"
#include "base/time.h"
#include "daemon/cmd.h"
#include "daemon/faults.h"
#include "daemon/state.h"
#include "daemon/supervisor.h"
#include "queries.h"

#define CLIENTS 3
#define PATIENCE_US 60000000
#define SETTLE_US 120000000

static void rest_us(int64_t us)
{
	struct timespec t = {us / 1000000, us % 1000000 * 1000};

	nanosleep(&t, NULL);
}

/* xorshift64*: the same seed, the same victims and moments. */
static uint64_t dice(uint64_t *s)
{
	*s ^= *s >> 12;
	*s ^= *s << 25;
	*s ^= *s >> 27;
	return *s * 2685821657736338717ULL;
}

static pid_t pid_of(const struct bp_state *s, int child, const char **name)
{
	pid_t pid = 0;

	return bp_supervised(s, child, name, &pid) ? pid : -1;
}

/* Another has taken its place and the whole chain answers; seconds, or -1. */
static double recovered(const struct bp_state *s, const char *base, int child, pid_t old, int64_t since)
{
	const char *name;
	pid_t now;

	for (; bp_monotonic_us() - since < PATIENCE_US; rest_us(20000)) {
		now = pid_of(s, child, &name);
		if (now > 0 && now != old && faults_healthy(base))
			return (double)(bp_monotonic_us() - since) / 1e6;
	}
	return -1;
}

/* Kill one of the programs; false when it does not come back. */
static bool strike(const struct bp_state *s, const char *base, uint64_t *seed, int children, double *worst)
{
	const char *name = "?";
	int child = (int)(dice(seed) % (uint64_t)children);
	int64_t pause = 100000 + (int64_t)(dice(seed) % 1200000), t;
	pid_t pid;
	double took;

	rest_us(pause);
	pid = pid_of(s, child, &name);
	t = bp_monotonic_us();
	if (pid > 0)
		kill(pid, SIGKILL);
	took = recovered(s, base, child, pid, t);
	if (took > *worst)
		*worst = took;
	fprintf(stderr, "%-10s after %.1f s: back in %.2f s\n", name, (double)pause / 1e6, took);
	return took >= 0;
}

/* The database is stopped for some seconds, not killed: nothing answers, nobody is told. */
static double stop_database(const struct bp_state *s, const char *base, int seconds)
{
	const char *name;
	pid_t pid = pid_of(s, 0, &name);
	int64_t t;

	kill(pid, SIGSTOP);
	rest_us(seconds * 1000000LL);
	kill(pid, SIGCONT);
	t = bp_monotonic_us();
	while (bp_monotonic_us() - t < PATIENCE_US && !faults_healthy(base))
		rest_us(20000);
	return (double)(bp_monotonic_us() - t) / 1e6;
}

/* Until no job waits or runs. */
static void settle(struct bp_db *db)
{
	int64_t until = bp_monotonic_us() + SETTLE_US;
	struct q_faults_open open = {1};
	struct bp_arena a;

	bp_arena_init(&a, 1u << 20);
	while (open.n && bp_monotonic_us() < until) {
		rest_us(200000);
		if (q_faults_open(db, &a, &open))
			open.n = 1;
	}
	bp_arena_release(&a);
}

struct result {
	int kills;
	double worst, stopped;
	struct faults_sum sum;
	bool back, audit_whole;
};

static enum bp_error judge(const struct bp_state *s, const struct faults_client *c, struct result *r, struct bp_fail *f)
{
	struct bp_audit_verdict v;
	struct bp_conf conf = {0};
	struct bp_db *db = NULL;
	enum bp_error e = bp_state_open(s, &conf, &db, false, f);

	if (!e)
		settle(db);
	for (int i = 0; i < CLIENTS && !e; i++)
		e = faults_check(db, &c[i], &r->sum);
	if (!e)
		e = bp_audit_verify(db, conf.audit_dir, &v, f);
	r->audit_whole = !e && !v.broken;
	bp_db_free(db);
	bp_conf_release(&conf);
	return e;
}

static enum bp_error campaign(const struct bp_state *s, const char *base, uint64_t seed, int kills, int stop_seconds, struct result *r, struct bp_fail *f)
{
	static const char *const users[CLIENTS] = {"planner", "manager", "admin"};
	struct faults_client c[CLIENTS];
	pthread_t t[CLIENTS];
	atomic_bool stop = false;
	int children = 0;
	const char *name;
	enum bp_error e;

	while (pid_of(s, children, &name) >= 0)
		children++;
	for (int i = 0; i < CLIENTS; i++) {
		c[i] = (struct faults_client){.base = base, .user = users[i], .turn = i, .seed = seed, .stop = &stop};
		pthread_create(&t[i], NULL, i < 2 ? faults_plan : faults_import, &c[i]);
	}
	seed = seed * 0x9E3779B97F4A7C15ULL + 1;
	r->back = true;
	for (; r->kills < kills && r->back; r->kills++)
		r->back = strike(s, base, &seed, children, &r->worst);
	if (stop_seconds && r->back)
		r->stopped = stop_database(s, base, stop_seconds);
	rest_us(2000000);
	atomic_store(&stop, true);
	for (int i = 0; i < CLIENTS; i++)
		pthread_join(t[i], NULL);
	e = judge(s, c, r, f);
	for (int i = 0; i < CLIENTS; i++)
		faults_release(&c[i]);
	return e;
}

static int usage(const char *why)
{
	if (why)
		fprintf(stderr, "beatplan faults: %s\n", why);
	fprintf(stderr, "usage: beatplan faults --state NEW [--seed N] [--kills N] [--stop-database SECONDS] [--port N]\n"
			"  makes a demo in a folder of its own, works and kills there, and prints what was lost as JSON; the folder stays for a look\n");
	return 2;
}

int cmd_faults(int argc, char **argv)
{
	static const struct option known[] = {{"state", required_argument, NULL, 's'}, {"seed", required_argument, NULL, 'e'},
		{"kills", required_argument, NULL, 'k'}, {"stop-database", required_argument, NULL, 'd'}, {"port", required_argument, NULL, 'p'}, {NULL, 0, NULL, 0}};
	long seed = 1, kills = 200, stopped = 0;
	const char *dir = NULL, *port = "18080";
	struct result r = {0};
	struct bp_fail f = {0};
	struct bp_state s;
	char base[64], conf[BP_STATE_PATH + 32];
	enum bp_error e;
	int c;

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		switch (c) {
		case 's': dir = optarg; break;
		case 'e': seed = strtol(optarg, NULL, 10); break;
		case 'k': kills = strtol(optarg, NULL, 10); break;
		case 'd': stopped = strtol(optarg, NULL, 10); break;
		case 'p': port = optarg; break;
		default: return usage(NULL);
		}
	}
	if (optind < argc || !dir)
		return usage("name a folder that does not exist yet: --state NEW");
	if (seed < 1 || kills < 1 || kills > 100000 || stopped < 0 || stopped > 600)
		return usage("--seed and --kills are numbers from 1 on, --stop-database has at most 600 seconds");
	if (bp_state_init(&s, dir, &f))
		return bp_cmd_failed("faults", &f);
	bp_state_path(&s, "beatplan.conf", conf, sizeof(conf));
	if (!access(conf, F_OK))
		return usage("there is a Beatplan in that folder: what is killed here must be nobody's");
	if (bp_run((const char *const[]){"/proc/self/exe", "up", "--demo", "--state", s.dir, "--port", port, NULL}, STDERR_FILENO))
		return 1;
	snprintf(base, sizeof(base), "http://127.0.0.1:%s/api/v1", port);
	e = campaign(&s, base, (uint64_t)seed, (int)kills, (int)stopped, &r, &f);
	bp_run((const char *const[]){"/proc/self/exe", "down", "--state", s.dir, NULL}, STDERR_FILENO);
	bp_fail(&f, e, "%s", bp_errors[e].message);
	if (e)
		return bp_cmd_failed("faults", &f);
	printf("{\"seed\":%ld,\"kills\":%d,\"promised\":%lld,\"asked_again\":%lld,\"commits_lost\":%lld,\"rows_duplicated\":%lld,\"imports_half\":%lld,\"max_recovery_s\":%.2f,"
		"\"database_stopped_s\":%ld,\"recovery_after_stop_s\":%.2f,\"audit_whole\":%s,\"came_back\":%s}\n", seed, r.kills, (long long)r.sum.promised, (long long)r.sum.again,
		(long long)r.sum.lost, (long long)r.sum.twice, (long long)r.sum.half, r.worst, stopped, r.stopped, r.audit_whole ? "true" : "false",
		r.back ? "true" : "false");
	return r.sum.lost || r.sum.twice || r.sum.half || !r.audit_whole || !r.back || r.worst > 10 ? 3 : 0;
}
