/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beatplan-workerd - imports, snapshots and whatever else is not solving. */
#include "daemon/jobs.h"
#include "daemon/kinds.h"
#include "daemon/outside.h"
#include "health/doors.h"
#include "job/schedule.h"
#include "queries.h"

static enum bp_error (*const run[BP_JOB__MAX])(struct bp_job_run *) = {
	[BP_JOB_IMPORT_CHECK] = bp_kind_import_check,
	[BP_JOB_IMPORT_PUBLISH] = bp_kind_import_publish,
	[BP_JOB_IMPORT_CLEAR] = bp_kind_import_clear,
	[BP_JOB_IMPORT_WATCH] = bp_kind_import_watch,
	[BP_JOB_IMPORT_UNDO] = bp_kind_import_undo,
	[BP_JOB_OUTLET_WORDS] = bp_kind_outlet_words,
	[BP_JOB_SNAPSHOT] = bp_kind_snapshot,
	[BP_JOB_VISIT_LIST] = bp_kind_visit_list,
	[BP_JOB_EXPORT] = bp_kind_export,
	[BP_JOB_EXPLAIN] = bp_kind_explain,
	[BP_JOB_RESET_MAIL] = bp_kind_reset_mail,
	[BP_JOB_TERRITORY_PUBLISH] = bp_kind_territory_publish,
	[BP_JOB_TERRITORY_UNDO] = bp_kind_territory_undo,
	[BP_JOB_FILE_LEVELS] = bp_kind_file_levels,
	[BP_JOB_PURCHASES_DUE] = bp_kind_purchases_due,
	[BP_JOB_NOTICE_MAIL] = bp_kind_notice_mail,
};

static int threads(const struct bp_conf *c)
{
	return (int)c->workers;
}

static enum bp_error (*const schedules[BP_SCHEDULE__MAX])(struct bp_db *, struct bp_fail *) = {
	[BP_SCHEDULE_SWEEP] = bp_schedule_sweep,
	[BP_SCHEDULE_SNAPSHOTS] = bp_schedule_snapshots,
	[BP_SCHEDULE_AUDIT_PUBLISH] = bp_schedule_audit_publish,
	[BP_SCHEDULE_AUDIT_ARCHIVE] = bp_schedule_audit_archive,
	[BP_SCHEDULE_PURCHASES_DUE] = bp_schedule_due,
	[BP_SCHEDULE_VISIT_LISTS] = bp_schedule_visit_lists,
};

/* What watches goes on while the doors are closed, and the trail is sealed; nothing else is begun. */
static void tick(struct bp_db *db)
{
	struct bp_fail f = {0};

	q_heartbeat(db, NULL);
	bp_audit_tick(db);
	bp_alarm_tick(db);
	if (bp_doors_enter(db, &f))
		return;
	q_job_clock(db, NULL);
	q_watch_clock(db, NULL);
	bp_import_tick(db);
	bp_notice_tick(db);
	bp_schedule_work(db, schedules);
	bp_doors_leave();
}

int main(int argc, char **argv)
{
	int status = bp_jobs_main(argc, argv, "workerd", BP_JOB_WORKER, run, threads, tick);

	bp_outside_end();
	return status;
}
