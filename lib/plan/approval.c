/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/approval.h"
#include "plan/visits.h"

#include "base/time.h"

enum bp_error plan_approval_asked(struct bp_db *db, uint64_t territory, const char *channel, bool *out)
{
	struct plan_profile p;
	enum bp_error e = plan_profile_load(db, territory, channel, &p);

	*out = !e && PLAN_GET(&p, approval) > 0;
	return e;
}

enum bp_error plan_approval_submit(struct bp_db *db, const struct q_session_get *s, uint64_t version, uint64_t user, int64_t effective,
	struct bp_fail *f)
{
	uint64_t added = 0;
	enum bp_error e = q_submission_add(db, s->plan_id, (int64_t)version, s->id, s->seq, s->current_version, effective, (int64_t)user, &added);

	return e || added ? e : bp_fail(f, BP_E_CONFLICT, "another version of this plan waits for approval: it has to be decided or withdrawn first");
}

/* The draft of an approved version is done, unless it went on. */
static enum bp_error settle_draft(struct bp_db *db, struct bp_arena *a, const struct q_submission_waiting *w)
{
	struct q_session_get s;
	enum bp_error e = q_session_get(db, a, w->session_id, &s);

	if (e)
		return e;
	return s.seq == w->seq ? q_session_set_status(db, s.id, "COMMITTED", NULL)
			       : q_session_set_base(db, s.id, BP_SOME_INT(w->version_id), NULL);
}

static enum bp_error approve(struct bp_db *db, struct bp_arena *a, uint64_t plan, const struct q_submission_waiting *w, struct bp_fail *f)
{
	int64_t today = bp_today();
	struct q_plan_get p;
	enum bp_error e = q_plan_get(db, a, (int64_t)plan, &p);

	if (!e && (p.current_version.set != w->base.set || p.current_version.v != w->base.v))
		return bp_fail(f, BP_E_CONFLICT, "something else was committed since it was submitted: send it back");
	if (!e)
		e = plan_version_commit(db, a, (uint64_t)w->version_id, w->effective_date > today ? w->effective_date : today);
	return e ? e : settle_draft(db, a, w);
}

enum bp_error plan_approval_decide(struct bp_db *db, struct bp_arena *a, uint64_t plan, uint64_t version, uint64_t user, enum plan_decision d,
	const char *reason, struct q_submission_waiting *out, struct bp_fail *f)
{
	static const char *const states[] = {"APPROVED", "SENT_BACK", "WITHDRAWN"};
	enum bp_error e = q_submission_waiting(db, a, (int64_t)plan, out);

	if (e)
		return e == BP_E_NOT_FOUND ? bp_fail(f, e, "nothing of this plan waits for approval") : e;
	if (out->version_id != (int64_t)version)
		return bp_fail(f, BP_E_CONFLICT, "another version waits by now: look at it first");
	if ((out->user_id == (int64_t)user) != (d == PLAN_WITHDRAWN))
		return bp_fail(f, BP_E_CONFLICT, d == PLAN_WITHDRAWN ? "somebody else submitted it" : "you submitted it yourself: somebody else has to decide");
	if (d == PLAN_APPROVED)
		e = approve(db, a, plan, out, f);
	return e ? e : q_submission_decide(db, out->id, states[d], (int64_t)user, reason ? reason : "", NULL);
}
