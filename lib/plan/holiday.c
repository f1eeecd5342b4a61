/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/holiday.h"

#include "base/time.h"
#include "plan/version.h"
#include "queries.h"

/* Make the visit lists of a day say what holds now: the day anew from the committed plans, which skips holidays. */
static enum bp_error renew(struct bp_db *db, struct bp_arena *a, uint64_t territory, int64_t day)
{
	struct q_holiday_plans *p;
	size_t n;
	enum bp_error e;

	if (day < bp_today())
		return BP_E_OK;
	e = q_holiday_plans(db, a, (int64_t)territory, day, &p, &n);
	for (size_t i = 0; !e && i < n; i++) {
		e = q_visits_drop_days(db, p[i].id, day, day, NULL);
		if (!e)
			e = plan_visits_unfold(db, p[i].id, p[i].version_id, 0, p[i].territory_id, p[i].anchor, (int)p[i].weeks * 7, day, day);
	}
	return e;
}

enum bp_error plan_holiday_rule_changed(struct bp_db *db, struct bp_arena *a, uint64_t territory)
{
	int64_t today = bp_today();
	struct q_makeup_plans *p;
	size_t n;
	enum bp_error e = q_makeup_plans(db, a, (int64_t)territory, today, &p, &n);

	/* No day is unfolded anew but those whose visits were moved. */
	for (size_t i = 0; !e && i < n; i++)
		e = plan_visits_unfold(db, p[i].id, p[i].version_id, 0, p[i].territory_id, p[i].anchor, (int)p[i].weeks * 7, today, today - 1);
	return e;
}

enum bp_error plan_holiday_put(struct bp_db *db, struct bp_arena *a, uint64_t territory, int64_t day, const char *name)
{
	enum bp_error e = q_holiday_put(db, (int64_t)territory, day, name, NULL);

	return e ? e : renew(db, a, territory, day);
}

enum bp_error plan_holiday_drop(struct bp_db *db, struct bp_arena *a, uint64_t territory, int64_t day)
{
	uint64_t gone = 0;
	enum bp_error e = q_holiday_drop(db, (int64_t)territory, day, &gone);

	if (!e && !gone)
		return BP_E_NOT_FOUND;
	return e ? e : renew(db, a, territory, day);
}
