/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cgi/meter.h"

#include <stdio.h>
#include <string.h>

#include "base/meter.h"
#include "base/time.h"
#include "health/health.h"

#define NOTE_US 1000000 /* what took longer is worth a look */

static const char *pool = "api";

void bp_meter_pool(const char *socket, int threads)
{
	const char *name = strrchr(socket, '/');

	name = name ? name + 1 : socket;
	for (int i = 0; i < BP_HEALTH_POOLS; i++)
		if (!strncmp(bp_health_pools[i], name, 2)) /* the upload pool's socket is "up" */
			pool = bp_health_pools[i];
	bp_meter_set(threads, "beatplan_pool_threads{pool=\"%s\"}", pool);
	/* What has not happened yet is told as 0: a rule over something that is not there says nothing. */
	bp_meter_add(0, "beatplan_errors_total{code=\"%s\"}", bp_errors[BP_E_AUTH_THROTTLED].code);
	bp_meter_add(0, "beatplan_db_errors_total{kind=\"%s\"}", bp_errors[BP_E_DB_DOWN].name);
	bp_meter_set(0, "beatplan_pool_busy{pool=\"%s\"}", pool); /* whoever was killed has not counted down */
}

void bp_meter_busy(int n)
{
	bp_meter_add(n, "beatplan_pool_busy{pool=\"%s\"}", pool);
}

/* It refuses as it is meant to, and says when to come again or what to do; a full disk has an alarm of its own. */
static bool planned(enum bp_error e, unsigned flags)
{
	return e == BP_E_DISK_FULL || e == BP_E_MAINTENANCE || (e == BP_E_BUSY && flags & BP_EP_EVENTS);
}

void bp_meter_request(const struct bp_req *rq, enum bp_error e, int64_t us)
{
	int status = e ? bp_errors[e].http : rq->ep && rq->ep->status ? rq->ep->status : 200;
	/* Only addresses that exist, so that nobody fills the table with names. */
	const char *method = rq->ep ? rq->ep->method : "", *path = rq->ep ? rq->ep->path : "none";
	unsigned flags = rq->ep ? rq->ep->flags : 0;
	char label[BP_METER_NAME];

	snprintf(label, sizeof(label), "endpoint=\"%s %s\"", method, path);
	bp_meter_time(us, "beatplan_http_request_seconds", label);
	bp_meter_add(1, "beatplan_http_requests_total{%s,status=\"%d\"}", label, status);
	bp_meter_lately(flags & (BP_EP_EVENTS | BP_EP_STREAM_IN) ? -1 : us, status >= 500 && !planned(e, flags), bp_now());
	if (e)
		bp_meter_add(1, "beatplan_errors_total{code=\"%s\"}", bp_errors[e].code);
	if (status >= 500 || (us > NOTE_US && !(flags & BP_EP_EVENTS))) { /* a stream lasts on purpose */
		struct bp_meter_note n = {.at = bp_now(), .us = us, .status = status};

		snprintf(n.what, sizeof(n.what), "%s %s", method, path);
		snprintf(n.correlation, sizeof(n.correlation), "%s", rq->correlation);
		bp_meter_note(&n);
	}
}
