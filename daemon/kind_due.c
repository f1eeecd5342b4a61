/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The job kind PURCHASES_DUE; subject = 0, all outlets. And, by the clock, when it is time for one. */
#include "daemon/jobs.h"
#include "daemon/kinds.h"
#include "plan/due.h"
#include "queries.h"
#include "snapshot/snapshot.h"

static enum bp_error more(void *ctx)
{
	return bp_job_report(ctx, "counting", 50, NULL);
}

enum bp_error bp_kind_purchases_due(struct bp_job_run *run)
{
	struct q_due_now at;
	struct q_due_units *u;
	size_t n = 0;
	enum bp_error e = q_due_now(run->db, run->arena, &at);

	if (!e)
		e = plan_due_count(run->db, at.now, more, run);
	if (!e)
		e = q_due_units(run->db, run->arena, at.now, &u, &n);
	for (size_t i = 0; i < n && !e; i++)
		e = sn_request(run->db, run->arena, (uint64_t)u[i].id, run->user, run->correlation);
	if (!e)
		e = q_due_drop(run->db, at.now, NULL);
	return e ? e : q_due_made(run->db, at.now, NULL);
}

enum bp_error bp_schedule_due(struct bp_db *db, struct bp_fail *f)
{
	struct q_due_stale r;
	struct bp_arena a;
	enum bp_error e;

	(void)f;
	bp_arena_init(&a, 1u << 16);
	e = q_due_stale(db, &a, &r);
	if (!e && r.stale)
		e = bp_job_add(db, BP_JOB_PURCHASES_DUE, 0, 0, "{}", 0, 0, "", NULL);
	bp_arena_release(&a);
	return e;
}
