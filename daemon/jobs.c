/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/jobs.h"

#include <getopt.h>
#include <pthread.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/meter.h"
#include "base/time.h"
#include "health/doors.h"
#include "health/machines.h"
#include "setting/setting.h"

#define IDLE_NS 150000000
#define THREADS_MOST 16
#define TICK_SECONDS 5
#define KEEP_SECONDS 1 /* the doors; the shortest lease is 10 */

static atomic_bool stopping, ended; /* it is to end; nothing works any more */
static struct bp_conf conf;
static enum bp_account account;

const struct bp_conf *bp_jobs_conf(void)
{
	return &conf;
}

struct pool {
	enum bp_job_daemon daemon;
	enum bp_error (*const *run)(struct bp_job_run *);
	void (*tick)(struct bp_db *);
};

static void rest(int seconds, const atomic_bool *until)
{
	struct timespec pause = {0, IDLE_NS};

	for (int64_t end = bp_monotonic_us() + seconds * 1000000; !atomic_load(until) && bp_monotonic_us() < end;)
		nanosleep(&pause, NULL);
}

/* What is to be done by the clock. */
static void *watch_clock(void *ctx)
{
	const struct pool *p = ctx;
	struct bp_db_conf dc = bp_conf_db(&conf, account);
	struct bp_db *db = NULL;

	while (!atomic_load(&stopping)) {
		struct bp_fail f = {0};

		if (db || !bp_db_open(&db, &dc, &f)) {
			bp_settings_fresh(db);
			p->tick(db);
		}
		rest(TICK_SECONDS, &stopping);
	}
	bp_db_free(db);
	return NULL;
}

static void *keep_leases(void *ctx)
{
	struct bp_db_conf dc = bp_conf_db(&conf, account);
	struct bp_db *db = NULL;

	(void)ctx;
	while (!atomic_load(&ended)) {
		struct bp_fail f = {0};

		if (db || !bp_db_open(&db, &dc, &f)) {
			bp_doors_look(db);
			bp_job_keep(db);
			bp_machine_seen(db, &conf);
		}
		rest(KEEP_SECONDS, &ended);
	}
	bp_doors_end(db);
	bp_db_free(db);
	return NULL;
}

static void *work(void *ctx)
{
	const struct pool *p = ctx;
	struct bp_db_conf dc = bp_conf_db(&conf, account);
	struct bp_db *db = NULL;

	dc.local_infile = true;
	while (!atomic_load(&stopping)) {
		struct timespec pause = {0, IDLE_NS};
		struct bp_fail f = {0};
		bool worked = false;

		/* While Beatplan is looked after nothing is begun: what runs may end. */
		if ((db || !bp_db_open(&db, &dc, &f)) && !bp_doors_enter(db, &f)) {
			bp_settings_fresh(db);
			bp_job_work(db, p->daemon, (int)bp_setting(BP_SETTING_imports_at_once), p->run, &stopping, &worked);
			bp_doors_leave();
		}
		if (!worked)
			nanosleep(&pause, NULL);
	}
	bp_db_free(db);
	return NULL;
}

int bp_jobs_main(int argc, char **argv, const char *program, enum bp_job_daemon daemon,
	enum bp_error (*const run[BP_JOB__MAX])(struct bp_job_run *), int (*threads)(const struct bp_conf *),
	void (*tick)(struct bp_db *))
{
	static const struct option known[] = {{"conf", required_argument, NULL, 'c'}, {NULL, 0, NULL, 0}};
	struct pool p = {daemon, run, tick};
	pthread_t t[THREADS_MOST], clock, keeper;
	const char *path = NULL;
	struct bp_fail f = {0};
	sigset_t set;
	int c, n, sig;

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1)
		if (c == 'c')
			path = optarg;
	bp_log_setup(program, BP_LOG_INFO);
	if (!path || sodium_init() < 0 || bp_conf_load(&conf, path, &f)) {
		fprintf(stderr, "usage: %s --conf FILE (%s)\n", argv[0], f.detail);
		return 2;
	}
	account = daemon == BP_JOB_WORKER ? BP_ACCOUNT_WORKER : BP_ACCOUNT_OPTIMIZER;
	bp_log_copy(conf.log_copy);
	bp_settings_begin(&conf);
	bp_doors_begin(&conf, program);
	umask(0077);
	if (!bp_meter_open(conf.meter_file))
		bp_log(BP_LOG_WARN, "ev=no_meters file=%s", conf.meter_file);
	for (int i = 0; i < BP_JOB__MAX; i++)
		if (bp_job_kinds[i].daemon == daemon)
			bp_meter_add(0, "beatplan_jobs_ended_total{kind=\"%s\",state=\"failed\"}", bp_job_kinds[i].name);
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	n = threads(&conf);
	n = n < 1 ? 1 : n > THREADS_MOST ? THREADS_MOST : n;
	for (int i = 0; i < n; i++)
		pthread_create(&t[i], NULL, work, &p);
	pthread_create(&keeper, NULL, keep_leases, NULL);
	if (tick)
		pthread_create(&clock, NULL, watch_clock, &p);
	sigwait(&set, &sig);
	atomic_store(&stopping, true);
	if (tick)
		pthread_join(clock, NULL);
	for (int i = 0; i < n; i++)
		pthread_join(t[i], NULL);
	atomic_store(&ended, true);
	pthread_join(keeper, NULL);
	return 0;
}
