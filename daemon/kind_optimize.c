/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The job kind OPTIMIZE: read the problem, ask for travel times where a server is configured, solve in a child
 * process, keep the plan as a version.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/time.h"
#include "daemon/jobs.h"
#include "daemon/kinds.h"
#include "daemon/solve_child.h"
#include "osrm/osrm.h"
#include "plan/elsewhere.h"
#include "plan/hold.h"
#include "plan/repeat.h"
#include "plan/version.h"

#define HISTORY_MOST 400

struct watch {
	struct bp_job_run *run;
	struct bp_buf history;
	int points;
	double last_point;
	int64_t told;
	bool stopping;
};

static enum bp_error report(struct watch *w, const struct rt_progress *now)
{
	const char *phase = w->stopping ? "stopping" : "searching";
	struct bp_buf b;
	enum bp_error e;

	if (w->points < HISTORY_MOST && now->seconds > w->last_point) {
		bp_buf_printf(&w->history, "%s[%.1f,%.1f]", w->points ? "," : "", now->seconds, (double)now->cost / 60);
		w->points++;
		w->last_point = now->seconds;
	}
	bp_buf_init(&b, 1u << 20);
	bp_buf_printf(&b, "{\"phase\":\"%s\",\"iterations\":%lld,\"seconds\":%.1f,\"cost\":%.1f,\"unserved\":%d,\"travel\":%.1f,\"balance\":%.1f,"
		"\"history\":[%s]}", phase, (long long)now->iterations, now->seconds, (double)now->cost / 60,
		(int)now->unserved, (double)now->travel / 60, now->balance_pct, w->history.data);
	e = bp_job_report(w->run, phase, now->fraction * 100, b.data);
	bp_buf_release(&b);
	return e;
}

/* A cancelled job keeps the best plan; a daemon that must end gives the job back. */
static enum bp_error on_tick(void *ctx, const struct rt_progress *now)
{
	struct watch *w = ctx;
	enum bp_error e;

	if (bp_monotonic_us() - w->told < 200000)
		return BP_E_OK;
	w->told = bp_monotonic_us();
	e = report(w, now);
	w->stopping |= e == BP_E_CANCELLED;
	return e;
}

static enum bp_error solve(struct bp_job_run *run, struct plan_model *m, struct rt_solution *s, bool *cancelled)
{
	struct watch w = {.run = run};
	struct solve_child c = {bp_jobs_conf()->solver_memory_mb, on_tick, &w};
	enum bp_error e;

	m->params.threads = (int32_t)bp_jobs_conf()->solver_threads;
	bp_buf_init(&w.history, 1u << 16);
	e = solve_child(&c, m, s, cancelled, &run->fail);
	bp_buf_release(&w.history);
	return e;
}

static bool on_roads(void *ctx, int32_t done, int32_t all)
{
	return bp_job_report(ctx, "roads", all ? 100.0 * done / all : 0, NULL) == BP_E_OK;
}

/* Travel times of roads between near outlets.  Without the server the formula stands, and the record says why. */
static enum bp_error roads(struct bp_job_run *run, struct plan_model *m, const char **why)
{
	struct osrm_options o = {.url = bp_jobs_conf()->osrm_url, .tick = on_roads, .ctx = run};
	struct bp_fail f = {0};
	enum bp_error e;

	*why = NULL;
	if (!strcmp(o.url, "off"))
		return BP_E_OK;
	e = osrm_legs(&o, &m->p, run->arena, &m->p.leg_fixes, &m->p.n_leg_fixes, &f);
	if (e == BP_E_CANCELLED)
		return bp_job_report(run, "roads", 0, NULL);
	*why = e ? bp_strdup(run->arena, f.detail) : "";
	return BP_E_OK;
}

struct outcome {
	struct bp_job_run *run;
	struct plan_model *m;
	struct rt_solution *s;
	uint64_t version;
	int dated_ended;
	const char *roads; /* NULL: not configured; "": used; else why not */
	uint64_t draft;    /* version equal to the draft that the run began from, 0: none was needed */
	char input[17];    /* plan_input_hash */
};

/* What it takes to repeat the run, and what is to be known of it. */
static const char *record_of(const struct outcome *o)
{
	char hash[17];
	json_t *j;
	char *text;
	const char *kept;

	snprintf(hash, sizeof(hash), "%016llx", (unsigned long long)o->s->plan_hash);
	j = json_pack("{s:I,s:I,s:f,s:s,s:s,s:s}", "seed", (json_int_t)o->s->seed, "iterations", (json_int_t)o->s->iterations,
		"seconds", o->s->seconds, "build", PACKAGE_VERSION, "solverHash", hash, "travel",
		o->roads && !*o->roads ? "roads" : "formula");
	json_object_set(j, "request", o->run->payload);
	json_object_set_new(j, "input", json_string(o->input));
	if (o->draft)
		json_object_set_new(j, "draft", json_integer((json_int_t)o->draft));
	if (o->roads && *o->roads)
		json_object_set_new(j, "roadsFailed", json_string(o->roads));
	if (o->s->fallback)
		json_object_set_new(j, "fallback", json_true());
	text = json_dumps(j, JSON_COMPACT | JSON_REAL_PRECISION(6));
	kept = bp_strdup(o->run->arena, text);
	free(text);
	json_decref(j);
	return kept;
}

static enum bp_error keep(struct bp_db *db, void *ctx)
{
	struct outcome *o = ctx;
	struct q_session_get session;
	struct plan_version_new v;
	enum bp_error e = q_session_get(db, o->run->arena, (int64_t)o->run->subject, &session);

	if (e)
		return e;
	v = plan_version_of(&session, "OPTIMISE", o->run->user,
		o->s->fallback ? "simple plan: the optimiser failed" : "proposal of the optimiser");
	/* The draft may have begun another cycle meanwhile. */
	v.anchor = o->m->plan.anchor;
	v.weeks = o->m->plan.weeks;
	v.record = record_of(o);
	e = plan_version_from_solution(db, o->run->arena, &v, o->m, o->s, &o->version, &o->dated_ended);
	if (!e) /* what was pinned meanwhile too: taking the proposal over unpins nothing */
		e = q_plan_version_pins_from_draft(db, (int64_t)o->version, (int64_t)o->run->subject, NULL);
	if (!e) /* an heir that took the job for dead makes its own version */
		e = bp_job_report(o->run, "keeping", 100, NULL);
	return e == BP_E_CANCELLED || e == BP_E_BUSY ? BP_E_OK : e;
}

/* The draft goes on to change: a run that can be repeated keeps it as it was. */
static enum bp_error keep_draft(struct bp_db *db, void *ctx)
{
	struct outcome *o = ctx;
	struct q_session_get session;
	struct plan_version_new v;
	enum bp_error e = q_session_get(db, o->run->arena, (int64_t)o->run->subject, &session);

	if (e)
		return e;
	v = plan_version_of(&session, "AUTO", o->run->user, NULL);
	return plan_version_from_draft(db, o->run->arena, &v, o->run->subject, &o->draft);
}

static json_t *cost_json(const struct rt_cost *c, int32_t unserved)
{
	return json_pack("{s:f,s:f,s:f,s:f,s:i,s:f,s:f}", "travelMinutes", (double)c->travel / 60, "serviceMinutes",
		(double)c->service / 60, "overtimeMinutes", (double)c->overtime / 60, "km", (double)c->metres / 1000, "unserved", (int)unserved,
		"balancePct", c->balance_pct, "weekdayStabilityPct", c->weekday_stability_pct);
}

static json_t *result_of(const struct outcome *o)
{
	int32_t missing = 0;

	for (int32_t i = 0; i < o->s->n_unserved; i++)
		missing += o->s->unserved[i].missing;
	return json_pack("{s:I,s:I,s:o,s:i,s:i,s:i,s:I,s:f,s:I,s:b,s:b,s:i,s:i,s:i}", "runId", (json_int_t)o->run->id, "versionId", (json_int_t)o->version, "after",
		cost_json(&o->s->cost, missing), "changed", (int)o->s->cost.changed, "datedEnded", o->dated_ended, "calls", (int)o->s->n_visits, "iterations",
		(json_int_t)o->s->iterations, "seconds", o->s->seconds, "seed", (json_int_t)o->s->seed, "fallback",
		o->s->fallback, "roads", o->roads && !*o->roads, "pins", (int)o->m->n_pins, "unheld", plan_pins_unheld(o->m, o->s), "beyond",
		plan_tours_beyond(o->m));
}

enum bp_error bp_kind_optimize(struct bp_job_run *run)
{
	struct plan_model m;
	struct rt_solution s;
	struct outcome o = {.run = run, .m = &m, .s = &s};
	json_t *elsewhere = NULL;
	bool cancelled = false;
	enum bp_error e = bp_job_report(run, "loading", 0, NULL);

	rt_solution_init(&s);
	if (!e)
		e = plan_elsewhere(run->db, run->arena, run->subject, &elsewhere);
	if (json_array_size(elsewhere))
		json_object_set(run->payload, "elsewhere", elsewhere);
	json_decref(elsewhere);
	if (!e)
		e = plan_optimize_load(run->db, run->arena, run->subject, run->payload, &m);
	if (!e)
		e = rt_problem_size_check(&m.p, PLAN_NEEDS_MOST, PLAN_VISITS_MOST, &run->fail);
	if (!e)
		e = roads(run, &m, &o.roads);
	if (!e)
		snprintf(o.input, sizeof(o.input), "%016llx", (unsigned long long)plan_input_hash(&m));
	if (!e && m.params.iterations && m.p.n_given)
		e = bp_db_tx(run->db, keep_draft, &o);
	if (!e)
		e = solve(run, &m, &s, &cancelled);
	if (!e)
		e = bp_db_tx(run->db, keep, &o);
	if (!e)
		run->result = result_of(&o);
	if (e && !run->fail.code)
		bp_fail(&run->fail, e, "%s", bp_db_failure(run->db)->detail);
	rt_solution_release(&s);
	return e ? e : cancelled ? BP_E_CANCELLED : BP_E_OK;
}
