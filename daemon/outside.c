/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a worker has to do with the outside: the webhook and the heartbeat, on a thread of their own, since whoever is called may take
 * its time, and nothing else is to wait for that; and by the clock the look at the alarms.
 */
#include "daemon/outside.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "base/log.h"
#include "base/meter.h"
#include "base/time.h"
#include "daemon/jobs.h"
#include "daemon/kinds.h"
#include "health/alarm.h"
#include "outbox/outbox.h"
#include "setting/setting.h"

#define PAUSE_NS 250000000
#define SECOND_US 1000000LL

static atomic_bool stopping;
static struct bp_outside outside = {.stop = &stopping};
static pthread_t thread;
static bool begun;

static bool due(int64_t *last, int64_t every)
{
	if (*last && bp_monotonic_us() - *last < every * SECOND_US)
		return false;
	*last = bp_monotonic_us();
	return true;
}

static void complain(const char *step, enum bp_error e)
{
	if (e && e != BP_E_DB_DOWN)
		bp_log(BP_LOG_ERROR, "ev=outside_failed step=%s err=%s", step, bp_errors[e].name);
}

/* One round; tells whether there may be more to do at once. */
static bool go_round(struct bp_db *db, int64_t *kept)
{
	bool tried = false;

	outside.seconds = (long)bp_setting(BP_SETTING_webhook_seconds);
	outside.hours = (long)bp_setting(BP_SETTING_webhook_hours);
	outside.every = (long)bp_setting(BP_SETTING_watch_seconds);
	if (due(kept, outside.every))
		complain("keep", bp_outside_keep(db, &outside));
	complain("heartbeat", bp_outside_beat(db, &outside));
	complain("webhook", bp_outbox_deliver(db, &outside, &tried));
	return tried;
}

static void *run(void *ctx)
{
	struct bp_db_conf dc = bp_conf_db(bp_jobs_conf(), BP_ACCOUNT_WORKER);
	struct bp_db *db = NULL;
	int64_t kept = 0;

	(void)ctx;
	while (!atomic_load(&stopping)) {
		const struct timespec pause = {0, PAUSE_NS};
		struct bp_fail f = {0};

		if ((!db && bp_db_open(&db, &dc, &f)) || !go_round(db, &kept))
			nanosleep(&pause, NULL);
	}
	bp_db_free(db);
	return NULL;
}

static void begin(void)
{
	begun = true;
	curl_global_init(CURL_GLOBAL_DEFAULT);
	bp_outside_begin(&outside, bp_jobs_conf());
	if (outside.webhook_fault)
		bp_log(BP_LOG_ERROR, "ev=no_webhook detail=\"%s\"", outside.webhook_fault);
	if (outside.heartbeat_fault)
		bp_log(BP_LOG_ERROR, "ev=no_heartbeat detail=\"%s\"", outside.heartbeat_fault);
	bp_meter_add(0, "beatplan_webhook_calls_total{result=\"failed\"}");
	bp_meter_add(0, "beatplan_heartbeats_total{result=\"failed\"}");
	pthread_create(&thread, NULL, run, NULL);
}

void bp_alarm_tick(struct bp_db *db)
{
	static int64_t looked;
	long every = (long)bp_setting(BP_SETTING_watch_seconds);

	if (!begun)
		begin();
	if (due(&looked, every))
		complain("alarms", bp_alarms_look(db, bp_jobs_conf(), every));
}

void bp_outside_end(void)
{
	atomic_store(&stopping, true);
	if (begun)
		pthread_join(thread, NULL);
}
