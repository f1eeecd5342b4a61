/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cgi/replica.h"

#include <stdatomic.h>
#include <string.h>

#include "base/meter.h"
#include "base/time.h"
#include "queries.h"

#define AGAIN_US 5000000 /* a copy that does not answer, or is behind, is left alone for so long: callers do not wait for it each time */

static _Thread_local struct bp_db *mine;
static _Atomic int64_t not_before;

struct bp_db *bp_replica(const struct bp_conf *c, struct bp_arena *a)
{
	struct bp_db_conf dc = bp_conf_db(c, BP_ACCOUNT_WEB);
	struct q_heartbeat_age age = {0};
	struct bp_fail f = {0};
	enum bp_error e = BP_E_OK;

	if (!strchr(c->db_host, ',') || bp_monotonic_us() < atomic_load(&not_before))
		return NULL;
	dc.replica = true;
	if (!mine)
		e = bp_db_open(&mine, &dc, &f);
	if (!e)
		e = q_heartbeat_age(mine, a, &age);
	if (!e && age.seconds <= BP_REPLICA_LAG_SECONDS) {
		bp_meter_add(1, "beatplan_replica_reads_total");
		return mine;
	}
	atomic_store(&not_before, bp_monotonic_us() + AGAIN_US);
	bp_replica_close();
	return NULL;
}

void bp_replica_close(void)
{
	bp_db_free(mine);
	mine = NULL;
}
