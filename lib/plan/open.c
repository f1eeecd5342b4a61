/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening planning sessions, and whether they may be changed and committed. */
#include <string.h>

#include "base/time.h"
#include "lock/lock.h"
#include "plan/recount.h"
#include "plan/session.h"
#include "plan/version.h"

enum bp_error plan_cycle_to_come(struct bp_db *db, uint64_t territory, const char *channel, struct plan_cycle *out)
{
	struct plan_profile profile;
	int64_t today = bp_today();
	enum bp_error e = plan_profile_load(db, territory, channel, &profile);

	out->anchor = today + (7 + (int)PLAN_GET(&profile, week_start) - bp_date_weekday(today)) % 7;
	out->weeks = (int64_t)PLAN_GET(&profile, weeks);
	return e;
}

static enum bp_error make_plan(struct bp_db *db, uint64_t territory, const char *channel)
{
	struct plan_cycle c;
	enum bp_error e = plan_cycle_to_come(db, territory, channel, &c);

	return e ? e : q_plan_add(db, (int64_t)territory, channel, c.anchor, c.weeks, NULL);
}

static bool same(struct bp_opt_int a, struct bp_opt_int b)
{
	return a.set == b.set && (!a.set || a.v == b.v);
}

static enum bp_error resume(struct bp_db *db, struct bp_arena *a, int64_t session, struct bp_opt_int current)
{
	struct q_session_get row;
	struct q_op_count edits;
	enum bp_error e = q_session_get(db, a, session, &row);

	if (!e)
		e = q_op_count(db, a, session, &edits);
	if (!e && !edits.n && current.set && !same(row.base_version, current)) {
		e = q_op_forget_undone(db, session, NULL);
		if (!e)
			e = plan_version_to_draft(db, (uint64_t)current.v, (uint64_t)session);
		if (!e)
			e = q_session_set_base(db, session, current, NULL);
		if (!e)
			e = q_session_set_began(db, session, current.v, NULL);
	}
	return e ? e : q_session_set_status(db, session, "ACTIVE", NULL);
}

enum bp_error plan_session_current(struct bp_db *db, struct bp_arena *a, const struct q_session_get *row, struct bp_fail *f)
{
	struct q_plan_version_get v;
	enum bp_error e;

	if (same(row->base_version, row->current_version))
		return BP_E_OK;
	e = q_plan_version_get(db, a, row->current_version.v, &v);
	return e ? e : bp_fail(f, BP_E_SESSION_CONFLICT, "version %lld was committed by %s since this draft began: take it over first; "
		"save the draft as a version to keep it", (long long)v.number, v.user ? v.user : "an import");
}

/* What is placed in an empty draft is counted by what holds now. */
static enum bp_error begin(struct bp_db *db, struct bp_arena *a, int64_t plan, uint64_t session)
{
	char reckoning[PLAN_RECKONING_SIZE];
	struct plan_model m;
	enum bp_error e = plan_model_load(db, a, (uint64_t)plan, NULL, "[]", &m);

	if (!e)
		plan_reckoning(&m, reckoning);
	return e ? e : q_session_reckoned(db, (int64_t)session, reckoning, NULL);
}

enum bp_error plan_session_open(struct bp_db *db, struct bp_arena *a, uint64_t territory, const char *channel, uint64_t user,
	uint64_t *session, struct bp_fail *f)
{
	struct q_session_open_of mine;
	struct q_plan_of_unit plan;
	enum bp_error e = bp_lock_held(db, a, territory, channel, user, f);

	if (e)
		return e;
	e = q_plan_of_unit(db, a, (int64_t)territory, channel, &plan);
	if (e == BP_E_NOT_FOUND) {
		e = make_plan(db, territory, channel);
		if (!e)
			e = q_plan_of_unit(db, a, (int64_t)territory, channel, &plan);
	}
	if (e)
		return e;
	e = q_session_open_of(db, a, plan.id, (int64_t)user, &mine);
	if (!e) {
		*session = (uint64_t)mine.id;
		return resume(db, a, mine.id, plan.current_version);
	}
	if (e != BP_E_NOT_FOUND)
		return e;
	e = q_session_add(db, plan.id, (int64_t)user, plan.current_version, plan.anchor, plan.weeks, NULL);
	*session = bp_db_insert_id(db);
	if (e)
		return e;
	return plan.current_version.set ? plan_version_fill_draft(db, (uint64_t)plan.current_version.v, *session) : begin(db, a, plan.id, *session);
}

enum bp_error plan_session_writable(struct bp_db *db, struct bp_arena *a, uint64_t session, uint64_t user,
	struct q_session_get *row, struct bp_fail *f)
{
	enum bp_error e = q_session_get(db, a, (int64_t)session, row);

	if (e)
		return e;
	if (row->user_id != (int64_t)user)
		return bp_fail(f, BP_E_NOT_FOUND, "this planning session is somebody else's");
	if (strcmp(row->status, "ACTIVE"))
		return bp_fail(f, BP_E_SESSION_OVER, "it was %s: open the plan again",
			!strcmp(row->status, "COMMITTED") ? "committed" : "closed");
	return bp_lock_held(db, a, (uint64_t)row->territory_id, row->channel, user, f);
}
