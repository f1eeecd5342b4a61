/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The job kind SNAPSHOT; subject = the territory, the sums of whose plans follow what it tells. And, by the clock, what is missing or not
 * needed any more. */
#include <string.h>

#include "base/log.h"
#include "daemon/jobs.h"
#include "daemon/kinds.h"
#include "plan/recount.h"
#include "queries.h"
#include "snapshot/snapshot.h"

enum { VERIFY_SECONDS = 10 }; /* each hour, after which the other duties have their turn */

static enum bp_error count_tx(struct bp_db *db, void *ctx)
{
	struct bp_arena a;
	enum bp_error e;

	bp_arena_init(&a, 1u << 30);
	e = plan_recount(db, &a, ctx);
	bp_arena_release(&a);
	return e;
}

/* The sums of its plans follow. */
static enum bp_error count_plan(struct bp_job_run *run, const struct q_recount_plans *plan, const char *snapshot)
{
	bool data = strcmp(plan->counted, snapshot) != 0;
	struct q_recount_due *r;
	size_t n = 0;
	enum bp_error e = plan_recount_due(run->db, run->arena, plan->id, data, &r, &n);

	for (size_t i = 0; i < n && !e; i++) {
		e = bp_job_report(run, "counting", 50 + 50.0 * (double)i / (double)n, NULL);
		if (!e)
			e = bp_db_tx(run->db, count_tx, &r[i]);
	}
	return e || !data ? e : q_recount_done(run->db, plan->id, snapshot, NULL);
}

enum bp_error bp_kind_snapshot(struct bp_job_run *run)
{
	struct q_recount_plans *p;
	struct sn_info info;
	size_t n = 0;
	enum bp_error e = bp_job_report(run, "building", 10, NULL);

	if (!e)
		e = sn_build(run->db, run->arena, bp_jobs_conf()->snapshot_dir, run->subject, &info, &run->fail);
	if (!e)
		e = q_recount_plans(run->db, run->arena, (int64_t)run->subject, &p, &n);
	for (size_t i = 0; i < n && !e; i++)
		e = count_plan(run, &p[i], info.hash);
	if (e)
		return e;
	run->result = json_object();
	json_object_set_new(run->result, "hash", json_string(info.hash));
	json_object_set_new(run->result, "outlets", json_integer((json_int_t)info.outlets));
	json_object_set_new(run->result, "bytes", json_integer((json_int_t)(info.core.bytes + info.details.bytes)));
	return BP_E_OK;
}

/* Health tells of it: when they were last good, or which was not; that is an alarm for a day. */
static enum bp_error verify_some(struct bp_db *db, struct bp_arena *a, const char *dir, struct bp_fail *f)
{
	char place[BP_PLACE_SIZE];
	struct sn_round r;
	enum bp_error e, told;

	bp_conf_place(bp_jobs_conf(), place);
	e = q_duty_keep(db, "snapshots", place, "", NULL);
	if (!e)
		e = q_duty_take(db, "snapshots", place, 0, NULL);
	if (e)
		return e;
	e = sn_verify_some(db, a, dir, VERIFY_SECONDS, &r, f);
	if (r.verified)
		bp_log(BP_LOG_INFO, "ev=snapshots_verified n=%llu differed=%llu", (unsigned long long)r.verified, (unsigned long long)r.differed);
	told = r.differed ? q_duty_ill(db, "snapshots", r.last, 0, NULL) : e ? BP_E_OK : q_snapshots_good(db, NULL);
	return e ? e : told;
}

enum bp_error bp_schedule_snapshots(struct bp_db *db, struct bp_fail *f)
{
	const char *dir = bp_jobs_conf()->snapshot_dir;
	struct bp_arena a;
	enum bp_error e;

	bp_arena_init(&a, (size_t)1 << 30);
	e = sn_mend(db, &a, dir);
	sn_sweep(db, dir);
	if (!e)
		e = verify_some(db, &a, dir, f);
	bp_arena_release(&a);
	return e;
}
