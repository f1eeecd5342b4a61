/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cgi/of_plan.h"

#include "queries.h"

enum bp_error bp_version_of_plan(struct bp_req *rq, int64_t version)
{
	struct q_plan_version_get v;
	enum bp_error e = q_plan_version_get(rq->db, rq->arena, version, &v);

	return e || v.plan_id == (int64_t)rq->arg[0] ? e : bp_fail(&rq->fail, BP_E_NOT_FOUND, "the version belongs to another plan");
}

enum bp_error bp_session_of_plan(struct bp_req *rq, int64_t session)
{
	struct q_session_get s;
	enum bp_error e = q_session_get(rq->db, rq->arena, session, &s);

	return e || s.plan_id == (int64_t)rq->arg[0] ? e : bp_fail(&rq->fail, BP_E_NOT_FOUND, "the planning session belongs to another plan");
}
