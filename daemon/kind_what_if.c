/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The job kind WHAT_IF: questions that are answered by solving the plan anew, some of them several times; subject = the plan. */
#include <string.h>

#include "daemon/jobs.h"
#include "daemon/kinds.h"
#include "plan/explain.h"
#include "plan/repeat.h"

/* The search asks about twice a second whether to go on. */
struct watch {
	struct bp_job_run *run;
	enum bp_error e;
};

static bool on_progress(void *ctx, const struct rt_progress *now)
{
	struct watch *w = ctx;

	(void)now;
	if (!w->e)
		w->e = bp_job_report(w->run, "searching", 50, NULL);
	return !w->e;
}

static int64_t number(const struct bp_job_run *run, const char *name, int64_t otherwise)
{
	json_t *v = json_object_get(run->payload, name);

	return json_is_integer(v) ? json_integer_value(v) : otherwise;
}

static enum bp_error curve(struct bp_job_run *run, const struct plan_model *m)
{
	json_t *list = json_object_get(run->payload, "budgets"), *v;
	int32_t *budgets = bp_alloc_array(run->arena, json_array_size(list) + 1, sizeof(*budgets));
	size_t i;

	json_array_foreach(list, i, v)
		budgets[i] = (int32_t)json_integer_value(v);
	return plan_explain_curve(m, budgets, (int)json_array_size(list), &run->result, &run->fail);
}

static enum bp_error answer(struct bp_job_run *run, const struct plan_model *m)
{
	const char *what = json_string_value(json_object_get(run->payload, "what"));
	int64_t seat = number(run, "seat", 0);

	if (!strcmp(what, "coverage"))
		return plan_explain_coverage(m, (double)number(run, "percent", 95), &run->result, &run->fail);
	if (!strcmp(what, "person"))
		return plan_explain_worth(m, seat, -1, &run->result, &run->fail);
	if (!strcmp(what, "day"))
		return plan_explain_worth(m, seat, plan_model_day(m, number(run, "date", 0)), &run->result, &run->fail);
	return curve(run, m);
}

enum bp_error bp_kind_what_if(struct bp_job_run *run)
{
	struct plan_explained of = {run->subject, (uint64_t)number(run, "session", 0), (uint64_t)number(run, "version", 0)};
	const char *what = json_string_value(json_object_get(run->payload, "what"));
	struct watch w = {.run = run};
	struct plan_model m;
	enum bp_error e = bp_job_report(run, "loading", 0, NULL);

	if (!what)
		return bp_fail(&run->fail, BP_E_INTERNAL, "the question is missing");
	if (!e && !strcmp(what, "repeat"))
		e = plan_repeat_load(run->db, run->arena, of.version, &m, &run->fail);
	else if (!e)
		e = plan_explain_load(run->db, run->arena, &of, &m, &run->fail);
	if (!e)
		e = rt_problem_size_check(&m.p, PLAN_NEEDS_MOST, PLAN_VISITS_MOST, &run->fail);
	if (!e) {
		m.params.seconds = (double)number(run, "seconds", 20);
		m.params.threads = (int32_t)bp_jobs_conf()->solver_threads;
		m.params.progress = on_progress;
		m.params.progress_ctx = &w;
		e = strcmp(what, "repeat") ? answer(run, &m) : plan_repeat(run->db, run->arena, of.version, &m, &run->result, &run->fail);
	}
	/* A search that was told to stop has an answer, which is not one to trust. */
	if (!e && w.e) {
		json_decref(run->result);
		run->result = NULL;
		e = w.e;
	}
	if (e && !run->fail.code)
		bp_fail(&run->fail, e, "%s", bp_db_failure(run->db)->detail);
	return e;
}
