/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The job kinds TERRITORY_PUBLISH and TERRITORY_UNDO: outlets go to the units of a scenario, or back; subject = the scenario. */
#include "audit/audit.h"
#include "daemon/jobs.h"
#include "daemon/kinds.h"
#include "queries.h"
#include "snapshot/snapshot.h"
#include "territory/scenario.h"

/* The work is one transaction on a connection of its own, so that reports do not wait for its end. */
struct deciding {
	struct bp_job_run *run;
	struct tr_decision d;
	bool undo;
	struct bp_db *db;
	struct bp_arena arena;
	int64_t back, kept;
};

static enum bp_error report(void *ctx, const char *step, double percent)
{
	return bp_job_report(((struct deciding *)ctx)->run, step, percent, NULL);
}

/* Whoever opens a unit next sees it as it is now. */
static enum bp_error request_snapshots(struct bp_db *db, struct deciding *w)
{
	struct q_design_touched *u;
	size_t n = 0;
	enum bp_error e = q_design_touched(db, &w->arena, (int64_t)w->d.id, &u, &n);

	for (size_t i = 0; !e && i < n; i++)
		if (u[i].unit)
			e = sn_request(db, &w->arena, (uint64_t)u[i].id, w->d.user, w->d.correlation);
	return e;
}

static enum bp_error decide(struct bp_db *db, void *ctx)
{
	struct deciding *w = ctx;
	struct bp_audit au = {.action = w->undo ? BP_ACTION_DESIGN_UNDO : BP_ACTION_DESIGN_PUBLISH, .user = w->d.user, .resource_type = "scenario",
		.resource_id = w->d.id, .territory = w->d.territory, .correlation = w->d.correlation, .reason = w->d.reason};
	struct q_design_get s;
	enum bp_error e = q_design_get(db, &w->arena, (int64_t)w->d.id, (int64_t)w->d.territory, &s);
	bool before = !e && s.decided_job.set && (uint64_t)s.decided_job.v == w->d.job; /* an earlier attempt did it, and wrote it down */

	if (!e)
		e = w->undo ? tr_scenario_undo(db, &w->arena, &w->d, &w->back, &w->kept, &w->run->fail)
			: tr_scenario_publish(db, &w->arena, &w->d, &w->run->fail);
	if (!e && !before)
		e = request_snapshots(db, w);
	/* The lease may have been lost in the last statement. */
	if (!e)
		e = report(w, "counting", 99);
	return e || before ? e : bp_audit_write(db, &au);
}

static enum bp_error run_decision(struct bp_job_run *run, bool undo)
{
	struct bp_db_conf dc = bp_conf_db(bp_jobs_conf(), BP_ACCOUNT_WORKER);
	struct deciding w = {.run = run, .undo = undo};
	enum bp_error e = bp_job_report(run, "checking", 0, NULL);

	w.d = (struct tr_decision){.id = run->subject, .territory = run->territory, .user = run->user, .job = run->id, .correlation = run->correlation,
		.reason = json_string_value(json_object_get(run->payload, "reason")), .report = report, .ctx = &w};
	bp_arena_init(&w.arena, (size_t)1 << 30);
	if (!e)
		e = bp_db_open(&w.db, &dc, &run->fail);
	if (!e)
		e = bp_db_tx(w.db, decide, &w);
	if (e && w.db && !run->fail.code)
		bp_fail(&run->fail, e, "%s", *bp_db_failure(w.db)->detail ? bp_db_failure(w.db)->detail : bp_errors[e].message);
	if (!e)
		run->result = undo ? json_pack("{s:I,s:I}", "back", (json_int_t)w.back, "kept", (json_int_t)w.kept) : json_object();
	bp_db_free(w.db);
	bp_arena_release(&w.arena);
	return e;
}

enum bp_error bp_kind_territory_publish(struct bp_job_run *run)
{
	return run_decision(run, false);
}

enum bp_error bp_kind_territory_undo(struct bp_job_run *run)
{
	return run_decision(run, true);
}
