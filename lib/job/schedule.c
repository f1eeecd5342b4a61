/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "job/schedule.h"

#include <string.h>

#include "base/log.h"
#include "base/time.h"
#include "job/job.h"
#include "queries.h"

const struct bp_schedule_info bp_schedules[BP_SCHEDULE__MAX] = {
#define SCHEDULE(name, seconds, what) {#name, seconds, what},
#include "job/schedules.def"
#undef SCHEDULE
};

static void take_turn(struct bp_db *db, const struct bp_schedule_info *s, enum bp_error (*run)(struct bp_db *, struct bp_fail *))
{
	struct bp_fail f = {0};
	uint64_t mine = 0;
	int64_t begun = bp_monotonic_us();
	char quoted[600];
	enum bp_error e = q_schedule_turn(db, s->name, s->seconds, bp_job_machine(), &mine);

	if (e || !mine)
		return;
	e = run(db, &f);
	if (e && !f.code)
		bp_fail(&f, e, "%s", bp_errors[e].message);
	if (e && e != BP_E_DB_DOWN)
		bp_log(BP_LOG_ERROR, "ev=schedule_failed name=%s err=%s detail=%s", s->name, bp_errors[e].name, bp_log_quote(quoted, sizeof(quoted), f.detail));
	q_schedule_ended(db, s->name, (bp_monotonic_us() - begun) / 1000, e ? f.detail : NULL, NULL);
}

void bp_schedule_work(struct bp_db *db, enum bp_error (*const run[BP_SCHEDULE__MAX])(struct bp_db *, struct bp_fail *))
{
	static bool begun;

	for (int i = 0; i < BP_SCHEDULE__MAX; i++) {
		if (!begun)
			bp_schedule_now(db, bp_schedules[i].name);
		take_turn(db, &bp_schedules[i], run[i]);
	}
	begun = true;
}

enum bp_error bp_schedule_now(struct bp_db *db, const char *name)
{
	for (int i = 0; i < BP_SCHEDULE__MAX; i++)
		if (!strcmp(bp_schedules[i].name, name)) {
			q_schedule_add(db, name, NULL);
			return q_schedule_now(db, name, NULL);
		}
	return BP_E_NOT_FOUND;
}
