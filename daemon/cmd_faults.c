/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beatplan faults: harm is done at moments that a seed chooses while clients work; is anything lost that was promised? */
#include <getopt.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "audit/chain.h"
#include "base/time.h"
#include "daemon/cmd.h"
#include "daemon/faults.h"
#include "daemon/harm.h"
#include "daemon/supervisor.h"
#include "health/room.h"
#include "queries.h"

#define CLIENTS 3
#define SETTLE_US 120000000
#define SMALL_DISK (3LL << 30)
#define RECOVERY_S 10

static void rest_us(int64_t us)
{
	struct timespec t = {us / 1000000, us % 1000000 * 1000};

	nanosleep(&t, NULL);
}

/* What is to be done of each kind: how often, or for how many seconds. */
static const struct {
	const char *option, *json;
	bool lasts;
	long usual, most;
} kinds[HARM__KINDS] = {
	[HARM_KILL] = {"kills", "kill", false, 200, 100000},
	[HARM_CUT] = {"cuts", "cut", false, 0, 100000},
	[HARM_CLOCK] = {"clock-jumps", "clock", false, 0, 100000},
	[HARM_STOP] = {"stop-database", "database_stopped", true, 0, 600},
	[HARM_DELAY] = {"delay-database", "database_delayed", true, 0, 600},
	[HARM_FULL] = {"fill-disk", "disk_full", true, 0, 600},
};

struct orders {
	long seed, n[HARM__KINDS];
	const char *dir, *port;
};

struct result {
	struct faults_sum sum;
	int64_t jobs_left;
	bool back, audit_whole;
};

/* Until no job waits or runs; how many do all the same. */
static int64_t settle(struct bp_db *db)
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
	return open.n;
}

static enum bp_error judge(const struct bp_state *s, const struct faults_client *c, struct result *r, struct bp_fail *f)
{
	struct bp_audit_verdict v;
	struct bp_conf conf = {0};
	struct bp_db *db = NULL;
	enum bp_error e = bp_state_open(s, &conf, &db, false, f);

	if (!e)
		r->jobs_left = settle(db);
	for (int i = 0; i < CLIENTS && !e; i++)
		e = faults_check(db, &c[i], &r->sum);
	if (!e)
		e = faults_check_jobs(db, &r->sum);
	if (!e)
		e = bp_audit_verify(db, conf.audit_dir, &v, f);
	r->audit_whole = !e && !v.broken;
	bp_db_free(db);
	bp_conf_release(&conf);
	return e;
}

/* What is done once and again, in an order that the seed chooses; then what lasts. */
static bool do_harm(struct harm *h, const struct orders *o)
{
	long left[HARM__KINDS], sum = 0;
	bool back = true;

	for (int k = 0; k < HARM__KINDS; k++) {
		left[k] = kinds[k].lasts ? 0 : o->n[k];
		sum += left[k];
	}
	for (; sum && back; sum--) {
		long at = (long)harm_dice(h, (uint64_t)sum);
		int k = 0;

		while (at >= left[k])
			at -= left[k++];
		left[k]--;
		back = harm_do(h, (enum harm_kind)k, 0);
	}
	for (int k = 0; k < HARM__KINDS && back; k++)
		if (kinds[k].lasts && o->n[k])
			back = harm_do(h, (enum harm_kind)k, (int)o->n[k]);
	return back;
}

static enum bp_error campaign(struct harm *h, const struct orders *o, atomic_long *kept, struct result *r, struct bp_fail *f)
{
	static const char *const users[CLIENTS] = {"planner", "manager", "admin"};
	static void *(*const work[CLIENTS])(void *) = {faults_edit, faults_plan, faults_import};
	struct faults_client c[CLIENTS];
	pthread_t t[CLIENTS];
	atomic_bool stop = false;
	const char *name;
	pid_t pid;
	enum bp_error e;

	while (bp_supervised(h->state, h->children, &name, &pid))
		h->children++;
	for (int i = 0; i < CLIENTS; i++) {
		c[i] = (struct faults_client){.base = h->base, .user = users[i], .turn = i, .seed = (uint64_t)o->seed, .stop = &stop, .kept = kept};
		pthread_create(&t[i], NULL, work[i], &c[i]);
	}
	r->back = do_harm(h, o);
	rest_us(2000000);
	atomic_store(&stop, true);
	for (int i = 0; i < CLIENTS; i++)
		pthread_join(t[i], NULL);
	e = judge(h->state, c, r, f);
	for (int i = 0; i < CLIENTS; i++)
		faults_release(&c[i]);
	return e;
}

static int usage(const char *why)
{
	if (why)
		fprintf(stderr, "beatplan faults: %s\n", why);
	fprintf(stderr, "usage: beatplan faults --state NEW [--seed N] [--port N] [--kills N] [--cuts N] [--clock-jumps N]\n"
			"         [--stop-database SECONDS] [--delay-database SECONDS] [--fill-disk SECONDS]\n"
			"  makes a demo in a folder of its own, works and does harm there, and prints what was lost as JSON; the folder stays for a look\n");
	return 2;
}

/* false: what is wrong has been told. */
static bool read_orders(int argc, char **argv, struct orders *o)
{
	struct option known[HARM__KINDS + 4] = {{"state", required_argument, NULL, 's'}, {"seed", required_argument, NULL, 'e'}, {"port", required_argument, NULL, 'p'}};
	char *end;
	int c;

	*o = (struct orders){.seed = 1, .port = "18080"};
	for (int k = 0; k < HARM__KINDS; k++) {
		known[3 + k] = (struct option){kinds[k].option, required_argument, NULL, 256 + k};
		o->n[k] = kinds[k].usual;
	}
	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		long n = optarg ? strtol(optarg, &end, 10) : 0;

		if (c == '?' || (c != 's' && c != 'p' && (*end || n < (c == 'e') || n > (c == 'e' ? INT32_MAX : kinds[c - 256].most))))
			return usage(c == '?' ? NULL : "the seed is a number from 1 on, kills, cuts and jumps are at most 100000, and what lasts does so for at most 600 seconds") && false;
		switch (c) {
		case 's': o->dir = optarg; break;
		case 'p': o->port = optarg; break;
		case 'e': o->seed = n; break;
		default: o->n[c - 256] = n;
		}
	}
	return (optind == argc && o->dir) || (usage("name a folder that does not exist yet: --state NEW") && false);
}

/* Nobody's Beatplan, and nobody's disk. */
static const char *why_not(const struct bp_state *s, const struct orders *o)
{
	int64_t free, size;

	if (bp_state_has(s, "beatplan.conf"))
		return "there is a Beatplan in that folder: what is harmed here must be nobody's";
	if (o->n[HARM_FULL] && (!bp_disk(s->dir, &free, &size) || size > SMALL_DISK))
		return "a disk that is filled must be small and nobody's: mount one of 1.4 to 3 GB at the folder, as with `mount -t tmpfs -o size=1400m,mode=711 none FOLDER`";
	return NULL;
}

static int up(const struct bp_state *s, const char *port, const char *demo)
{
	return bp_run((const char *const[]){"/proc/self/exe", "up", "--state", s->dir, "--port", port, demo, NULL}, STDERR_FILENO);
}

static int down(const struct bp_state *s)
{
	return bp_run((const char *const[]){"/proc/self/exe", "down", "--state", s->dir, NULL}, STDERR_FILENO);
}

static int report(const struct orders *o, const struct harm *h, const struct result *r)
{
	const struct faults_sum *sum = &r->sum;
	int64_t promised = 0, bad = sum->lost + sum->twice + sum->half + sum->edits_lost + sum->edits_twice + sum->adopted_lost + sum->adopted_twice + sum->optimised_twice +
		sum->optimised_lost;
	json_t *recovery = json_object(), *out;
	double worst = 0;
	char *text;

	for (int k = 0; k < HARM__KINDS; k++) {
		if (h->done[k])
			json_object_set_new(recovery, kinds[k].json, json_real(h->back_s[k]));
		worst = h->back_s[k] > worst ? h->back_s[k] : worst;
	}
	for (int i = 0; i < FAULTS__WHATS; i++)
		promised += sum->promised[i];
	out = json_pack("{s:I,s:i,s:i,s:i,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:f,s:o,s:b,s:b}", "seed", (json_int_t)o->seed, "kills", h->done[HARM_KILL], "cuts", h->done[HARM_CUT],
		"clock_jumps", h->done[HARM_CLOCK], "promised", (json_int_t)promised, "commits", (json_int_t)sum->promised[FAULTS_COMMIT], "edits", (json_int_t)sum->promised[FAULTS_EDIT],
		"optimised", (json_int_t)sum->promised[FAULTS_OPTIMISE], "asked_again", (json_int_t)sum->again, "commits_lost", (json_int_t)sum->lost, "rows_duplicated", (json_int_t)sum->twice,
		"imports_half", (json_int_t)sum->half, "edits_lost", (json_int_t)sum->edits_lost, "edits_twice", (json_int_t)sum->edits_twice, "proposals_twice",
		(json_int_t)sum->optimised_twice, "proposals_lost", (json_int_t)sum->optimised_lost, "adoptions_wrong", (json_int_t)(sum->adopted_lost + sum->adopted_twice), "jobs_left", (json_int_t)r->jobs_left, "max_recovery_s", worst, "recovery_s",
		recovery, "audit_whole", r->audit_whole, "came_back", r->back);
	text = json_dumps(out, JSON_COMPACT | JSON_REAL_PRECISION(4));
	puts(text);
	free(text);
	json_decref(out);
	return bad || r->jobs_left || !r->audit_whole || !r->back || worst > RECOVERY_S ? 3 : 0;
}

int cmd_faults(int argc, char **argv)
{
	struct orders o;
	struct result r = {0};
	struct bp_fail f = {0};
	struct bp_state s;
	char base[64];
	atomic_long kept = 0;
	struct harm h = {.state = &s, .base = base, .kept = &kept};
	const char *why;
	enum bp_error e;

	if (!read_orders(argc, argv, &o))
		return 2;
	if (bp_state_init(&s, o.dir, &f))
		return bp_cmd_failed("faults", &f);
	why = why_not(&s, &o);
	if (why)
		return usage(why);
	h.dice = (uint64_t)o.seed * 0x9E3779B97F4A7C15ULL + 1;
	snprintf(base, sizeof(base), "http://127.0.0.1:%s/api/v1", o.port);
	if (up(&s, o.port, "--demo") || down(&s))
		return 1;
	e = harm_prepare(&h, o.n[HARM_CLOCK] > 0, &f);
	if (!e && up(&s, o.port, NULL))
		e = bp_fail(&f, BP_E_INTERNAL, "it does not start with a relay before the database");
	if (!e)
		e = campaign(&h, &o, &kept, &r, &f);
	down(&s);
	harm_end(&h);
	if (e) {
		bp_fail(&f, e, "%s", bp_errors[e].message);
		return bp_cmd_failed("faults", &f);
	}
	return report(&o, &h, &r);
}
