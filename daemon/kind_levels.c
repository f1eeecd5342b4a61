/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The job kind FILE_LEVELS; subject = the file of an import. */
#include "daemon/jobs.h"
#include "daemon/kinds.h"
#include "intake/hierarchy.h"

static enum bp_error report(void *ctx, const char *step, double percent, uint64_t done, uint64_t total)
{
	struct bp_job_run *run = ctx;
	char progress[100];

	snprintf(progress, sizeof(progress), "{\"rowsDone\":%llu,\"rowsTotal\":%llu}", (unsigned long long)done, (unsigned long long)total);
	return bp_job_report(run, step, percent, progress);
}

enum bp_error bp_kind_file_levels(struct bp_job_run *run)
{
	struct im_work w = {.db = run->db, .user = run->user, .upload_dir = bp_jobs_conf()->upload_dir, .correlation = run->correlation,
		.arena = run->arena, .fail = &run->fail, .report = report, .ctx = run};
	int64_t levels = 0, wrong = 0;
	enum bp_error e = im_hierarchy_find(&w, run->subject, json_object_get(run->payload, "columns"), &levels, &wrong);

	if (!e)
		run->result = json_pack("{s:I,s:I}", "levels", (json_int_t)levels, "wrongRows", (json_int_t)wrong);
	return e;
}
