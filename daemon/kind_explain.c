/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The job kind EXPLAIN: why a visit stands where it stands, why one is missing, whether the changes that led to a version give it; subject = the plan. */
#include <string.h>

#include "daemon/kinds.h"
#include "plan/explain.h"
#include "plan/replay.h"

enum bp_error bp_kind_explain(struct bp_job_run *run)
{
	const char *what = json_string_value(json_object_get(run->payload, "what"));
	int64_t need = json_integer_value(json_object_get(run->payload, "need"));
	struct plan_explained of = {run->subject, (uint64_t)json_integer_value(json_object_get(run->payload, "session")),
		(uint64_t)json_integer_value(json_object_get(run->payload, "version"))};
	struct plan_model m;
	enum bp_error e = bp_job_report(run, "loading", 0, NULL);

	if (!e && !strcmp(what ? what : "", "replay"))
		return plan_replay(run->db, run->arena, of.version, &run->result, &run->fail);
	if (!e)
		e = plan_explain_load(run->db, run->arena, &of, &m, &run->fail);
	if (!e)
		e = rt_problem_size_check(&m.p, PLAN_NEEDS_MOST, PLAN_VISITS_MOST, &run->fail);
	if (!e)
		e = bp_job_report(run, "searching", 20, NULL);
	if (!e && !strcmp(what ? what : "", "place"))
		e = plan_explain_place(&m, need, plan_model_day(&m, json_integer_value(json_object_get(run->payload, "date"))), &run->result, &run->fail);
	else if (!e)
		e = plan_explain_missing(&m, need, &run->result, &run->fail);
	if (e && !run->fail.code)
		bp_fail(&run->fail, e, "%s", bp_db_failure(run->db)->detail);
	return e;
}
