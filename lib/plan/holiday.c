/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/holiday.h"

#include "base/time.h"
#include "job/job.h"
#include "plan/claim.h"
#include "plan/makeup.h"
#include "plan/visits.h"
#include "queries.h"

enum bp_error plan_list_request(struct bp_db *db, struct bp_arena *a, const struct plan_asker *by, int64_t plan, int64_t territory)
{
	struct q_job_waiting w;
	enum bp_error e = q_job_waiting(db, a, bp_job_kinds[BP_JOB_VISIT_LIST].name, plan, NULL, &w);

	return e != BP_E_NOT_FOUND ? e : bp_job_add(db, BP_JOB_VISIT_LIST, (uint64_t)plan, (uint64_t)territory, "{}", 0, by->user, by->correlation, NULL);
}

static enum bp_error lists_follow(struct bp_db *db, struct bp_arena *a, const struct plan_asker *by, uint64_t territory, int64_t day)
{
	struct q_holiday_plans *p = NULL;
	size_t n = 0;
	enum bp_error e = day < bp_today() ? BP_E_OK : q_holiday_plans(db, a, (int64_t)territory, day, &p, &n);

	for (size_t i = 0; !e && i < n; i++)
		e = plan_list_request(db, a, by, p[i].id, p[i].territory_id);
	return e;
}

enum bp_error plan_holiday_rule_changed(struct bp_db *db, struct bp_arena *a, const struct plan_asker *by, uint64_t territory)
{
	struct q_makeup_plans *p;
	size_t n = 0;
	enum bp_error e = q_makeup_plans(db, a, (int64_t)territory, bp_today(), &p, &n);

	for (size_t i = 0; !e && i < n; i++)
		e = plan_list_request(db, a, by, p[i].id, p[i].territory_id);
	return e;
}

enum bp_error plan_lists_lengthen(struct bp_db *db, struct bp_arena *a)
{
	struct q_visits_short *p;
	size_t n = 0;
	enum bp_error e = q_visits_short(db, a, bp_today() + PLAN_VISITS_DAYS - 7, &p, &n);

	for (size_t i = 0; !e && i < n; i++)
		e = plan_list_request(db, a, &(struct plan_asker){0, "clock"}, p[i].id, p[i].territory_id);
	return e;
}

enum bp_error plan_holiday_put(struct bp_db *db, struct bp_arena *a, const struct plan_asker *by, uint64_t territory, int64_t day, const char *name)
{
	enum bp_error e = q_holiday_put(db, (int64_t)territory, day, name, NULL);

	return e ? e : lists_follow(db, a, by, territory, day);
}

enum bp_error plan_holiday_drop(struct bp_db *db, struct bp_arena *a, const struct plan_asker *by, uint64_t territory, int64_t day)
{
	uint64_t gone = 0;
	enum bp_error e = q_holiday_drop(db, (int64_t)territory, day, &gone);

	if (!e && !gone)
		return BP_E_NOT_FOUND;
	return e ? e : lists_follow(db, a, by, territory, day);
}

enum bp_error plan_holiday_renew(struct bp_db *db, struct bp_arena *a, uint64_t plan)
{
	struct q_holiday_plan p;
	struct plan_list l;
	bool back;
	/* Locked: a commit would make the list at the same time. */
	enum bp_error e = q_holiday_plan(db, a, (int64_t)plan, &p);

	if (e)
		return e == BP_E_NOT_FOUND ? BP_E_OK : e; /* nothing is committed */
	l = (struct plan_list){p.id, p.version_id, p.territory_id, p.anchor, (int)p.weeks * 7};
	e = plan_claim(db, a, &l, p.channel, p.effective > bp_today() ? p.effective : bp_today(), &back);
	return e ? e : plan_visits_renew(db, a, &l, p.effective);
}
