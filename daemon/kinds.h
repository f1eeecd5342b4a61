/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_DAEMON_KINDS_H
#define BP_DAEMON_KINDS_H
/* The runners of the job kinds, one file each: kind_NAME.c. */
#include "job/job.h"

enum bp_error bp_kind_import_check(struct bp_job_run *run);
enum bp_error bp_kind_import_publish(struct bp_job_run *run);
enum bp_error bp_kind_import_clear(struct bp_job_run *run);
enum bp_error bp_kind_import_watch(struct bp_job_run *run);
enum bp_error bp_kind_file_levels(struct bp_job_run *run);
enum bp_error bp_kind_import_undo(struct bp_job_run *run);
enum bp_error bp_kind_outlet_words(struct bp_job_run *run);
enum bp_error bp_kind_snapshot(struct bp_job_run *run);
enum bp_error bp_kind_visit_list(struct bp_job_run *run);
enum bp_error bp_kind_optimize(struct bp_job_run *run);
enum bp_error bp_kind_export(struct bp_job_run *run);
enum bp_error bp_kind_explain(struct bp_job_run *run);
enum bp_error bp_kind_what_if(struct bp_job_run *run);
enum bp_error bp_kind_reset_mail(struct bp_job_run *run);
enum bp_error bp_kind_notice_mail(struct bp_job_run *run);
enum bp_error bp_kind_design(struct bp_job_run *run);
enum bp_error bp_kind_purchases_due(struct bp_job_run *run);
enum bp_error bp_kind_territory_publish(struct bp_job_run *run);
enum bp_error bp_kind_territory_undo(struct bp_job_run *run);

/* Every few seconds: drop folders whose turn it is. */
void bp_import_tick(struct bp_db *db);
/* Every few seconds: the audit trail is sealed. */
void bp_audit_tick(struct bp_db *db);
/* Every few seconds: a job for notices that are to go out by mail. */
void bp_notice_tick(struct bp_db *db);
/* Every few seconds: alarms are looked at, and told; what goes outside is begun. */
void bp_alarm_tick(struct bp_db *db);

/* By the clock, as lib/job/schedules.def says. */
enum bp_error bp_schedule_due(struct bp_db *db, struct bp_fail *f);
enum bp_error bp_schedule_visit_lists(struct bp_db *db, struct bp_fail *f);
enum bp_error bp_schedule_sweep(struct bp_db *db, struct bp_fail *f);
enum bp_error bp_schedule_snapshots(struct bp_db *db, struct bp_fail *f);
enum bp_error bp_schedule_audit_publish(struct bp_db *db, struct bp_fail *f);
enum bp_error bp_schedule_audit_archive(struct bp_db *db, struct bp_fail *f);

#endif
