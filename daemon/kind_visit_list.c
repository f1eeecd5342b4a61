/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The job kind VISIT_LIST; subject = the plan whose dated visits follow its holidays. And, by the clock, when a list runs out. */
#include "daemon/kinds.h"
#include "plan/holiday.h"

static enum bp_error renew_tx(struct bp_db *db, void *ctx)
{
	const struct bp_job_run *run = ctx;
	struct bp_arena a;
	enum bp_error e;

	bp_arena_init(&a, 1u << 30);
	e = plan_holiday_renew(db, &a, run->subject);
	bp_arena_release(&a);
	return e;
}

enum bp_error bp_kind_visit_list(struct bp_job_run *run)
{
	enum bp_error e = bp_job_report(run, "visits", 10, NULL);

	return e ? e : bp_db_tx(run->db, renew_tx, run);
}

static enum bp_error lengthen_tx(struct bp_db *db, void *ctx)
{
	return plan_lists_lengthen(db, ctx);
}

enum bp_error bp_schedule_visit_lists(struct bp_db *db, struct bp_fail *f)
{
	struct bp_arena a;
	enum bp_error e;

	(void)f;
	bp_arena_init(&a, 1u << 22);
	e = bp_db_tx(db, lengthen_tx, &a);
	bp_arena_release(&a);
	return e;
}
