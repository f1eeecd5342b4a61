/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/announce.h"

#include <stdio.h>

#include "job/job.h"
#include "notice/notice.h"
#include "outbox/outbox.h"

enum bp_error plan_announce(struct bp_db *db, const struct plan_committed *c)
{
	char event[200];
	enum bp_error e;

	snprintf(event, sizeof(event), "{\"planId\":%llu,\"versionId\":%llu,\"territoryId\":%llu,\"channel\":\"%s\"}", (unsigned long long)c->plan,
		(unsigned long long)c->version, (unsigned long long)c->territory, c->channel);
	e = bp_outbox_add(db, "plan.committed", c->plan, event);
	if (!e)
		e = bp_job_add(db, BP_JOB_SNAPSHOT, c->territory, c->territory, "{}", 0, c->user, c->correlation, NULL);
	return e ? e : bp_notice_tell_commit(db, c->version, &(struct bp_notice_of){c->territory, c->user, c->channel, c->notes});
}
