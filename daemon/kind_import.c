/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The job kinds IMPORT_CHECK, IMPORT_PUBLISH and IMPORT_UNDO; subject = the import session. */
#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "daemon/jobs.h"
#include "daemon/kinds.h"
#include "intake/watch.h"
#include "queries.h"

/* How fast it goes: rows of the step in hand, and the whole of the work. */
struct pace {
	struct bp_job_run *run;
	int64_t begun, step_begun;
	double first_percent;
	uint64_t first_done;
	char step[41];
};

static enum bp_error report(void *ctx, const char *step, double percent, uint64_t done, uint64_t total)
{
	struct pace *p = ctx;
	int64_t now = bp_monotonic_us();
	double rate = 0, left = -1;

	if (strcmp(step, p->step) || done < p->first_done) {
		snprintf(p->step, sizeof(p->step), "%s", step);
		p->step_begun = now;
		p->first_done = done;
	}
	if (!p->begun) {
		p->begun = now;
		p->first_percent = percent;
	}
	if (now - p->step_begun > 200000 && done > p->first_done)
		rate = (double)(done - p->first_done) * 1e6 / (double)(now - p->step_begun);
	if (now - p->begun > 1000000 && percent > p->first_percent + 1)
		left = (double)(now - p->begun) / 1e6 * (100 - percent) / (percent - p->first_percent);
	return bp_job_report(p->run, step, percent, bp_sprintf(p->run->arena,
		"{\"rowsDone\":%llu,\"rowsTotal\":%llu,\"rowsPerSecond\":%.0f,\"secondsLeft\":%.0f}", (unsigned long long)done,
		(unsigned long long)total, rate, left));
}

/* The work runs on a connection of its own, so that reports and the lease do not wait for its transaction. */
static enum bp_error run_import(struct bp_job_run *run, enum bp_error (*fn)(struct im_work *))
{
	struct bp_db_conf dc = bp_conf_db(bp_jobs_conf(), BP_ACCOUNT_WORKER);
	struct pace pace = {.run = run};
	struct im_work w = {.session = run->subject, .user = run->user, .upload_dir = bp_jobs_conf()->upload_dir,
		.correlation = run->correlation, .arena = run->arena, .fail = &run->fail, .report = report, .ctx = &pace,
		.reason = json_string_value(json_object_get(run->payload, "reason"))};
	struct im_watch_conf watch = {bp_jobs_conf()->drop_dir, bp_jobs_conf()->upload_dir, 0, run->correlation};
	enum bp_error e;

	dc.local_infile = true;
	e = bp_db_open(&w.db, &dc, &run->fail);
	if (!e)
		e = fn(&w);
	bp_db_free(w.db);
	/* What comes back by itself is no failure of the session. */
	if (e == BP_E_CANCELLED) {
		q_import_session_move(run->db, (int64_t)run->subject, "VALIDATING", "UPLOADING", NULL);
		q_import_session_move(run->db, (int64_t)run->subject, "PROCESSING", "READY", NULL);
		q_import_session_move(run->db, (int64_t)run->subject, "UNDOING", "COMPLETED", NULL);
	}
	if (e && e != BP_E_CANCELLED && e != BP_E_BUSY && e != BP_E_CONFLICT &&
		((e != BP_E_DB_DOWN && e != BP_E_DB_RETRY) || run->attempt >= bp_job_kinds[run->kind].most_attempts)) {
		q_import_session_fail(run->db, (int64_t)run->subject, bp_errors[e].code,
			run->fail.detail[0] ? run->fail.detail : bp_errors[e].message, NULL);
		q_import_session_move(run->db, (int64_t)run->subject, "UNDOING", "COMPLETED", NULL); /* nothing of it was undone */
	}
	/* A file of a drop folder goes on by itself; should this fail, the next look does it. */
	if (e != BP_E_BUSY && e != BP_E_CONFLICT)
		im_watch_settle(run->db, run->arena, &watch, run->subject);
	return e;
}

enum bp_error bp_kind_import_check(struct bp_job_run *run)
{
	return run_import(run, im_check_session);
}

enum bp_error bp_kind_import_publish(struct bp_job_run *run)
{
	return run_import(run, im_publish_session);
}

enum bp_error bp_kind_import_undo(struct bp_job_run *run)
{
	return run_import(run, im_undo_session);
}

enum bp_error bp_kind_import_clear(struct bp_job_run *run)
{
	return run_import(run, im_clear_session);
}
