/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_optimize.c - ask the optimiser for a proposal. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cgi/res_jobs.h"
#include "plan/elsewhere.h"
#include "plan/optimize.h"

struct body {
	int64_t session_id;
	struct bp_opt_int seconds, iterations, seed, max_changed;
	struct bp_list exclude, only;
};
BP_SHAPE(optimize_body, body,
	BP_INT(body, session_id, BP_REQ, 1, 9e15, "planning session"),
	BP_INT(body, seconds, BP_NUL, 1, 300, "wall seconds; none = as the planning parameters say"),
	BP_INT(body, iterations, BP_NUL, 1, 1e12, "a budget that gives the same plan each time; then seconds do not count"),
	BP_INT(body, seed, BP_NUL, 0, 9e15, "seed; none = 1"),
	BP_INT(body, max_changed, BP_NUL, 0, 9e15, "change at most so many visits of the draft"),
	BP_LIST_INT(body, exclude, BP_NUL, 60000, "outlets to leave out"),
	BP_LIST_INT(body, only, BP_NUL, 60000, "outlets that may change; visits of all others keep person and day. none = all"));

struct reason {
	const char *reason;
	int64_t count;
};
BP_SHAPE(excluded_reason, reason,
	BP_STR(reason, reason, BP_REQ, 1, 24, "NO_COORDINATES, EXCLUDED, or KEPT: not among those that may change"),
	BP_INT(reason, count, BP_REQ, 0, 9e15, "outlets"));
struct reply {
	int64_t job_id, optimisable, excluded, estimated_seconds;
	struct bp_list excluded_reasons;
};
BP_SHAPE(optimize_shape, reply,
	BP_INT(reply, job_id, BP_REQ, 1, 9e15, "job"),
	BP_INT(reply, optimisable, BP_REQ, 0, 9e15, "needs that can be planned"),
	BP_INT(reply, excluded, BP_REQ, 0, 9e15, "needs that cannot"),
	BP_LIST(reply, excluded_reasons, BP_REQ, 10, &excluded_reason, "why"),
	BP_INT(reply, estimated_seconds, BP_REQ, 0, 9e15, "how long it will take once it begins, as runs before it did"));

static json_t *ids_of(const struct bp_list *l)
{
	json_t *list = json_array();
	const int64_t *ids = l->v;

	for (size_t i = 0; i < l->n; i++)
		json_array_append_new(list, json_integer(ids[i]));
	return list;
}

static char *payload_of(struct bp_req *rq, const struct body *in)
{
	json_t *o = json_object();
	char *text, *kept;

	json_object_set_new(o, "session", json_integer(in->session_id));
	if (in->seconds.set)
		json_object_set_new(o, "seconds", json_integer(in->seconds.v));
	if (in->iterations.set)
		json_object_set_new(o, "iterations", json_integer(in->iterations.v));
	json_object_set_new(o, "seed", json_integer(in->seed.set ? in->seed.v : 1));
	if (in->max_changed.set)
		json_object_set_new(o, "maxChanged", json_integer(in->max_changed.v));
	json_object_set_new(o, "exclude", ids_of(&in->exclude));
	if (in->only.n)
		json_object_set_new(o, "only", ids_of(&in->only));
	text = json_dumps(o, JSON_COMPACT);
	kept = bp_strdup(rq->arena, text);
	free(text);
	json_decref(o);
	return kept;
}

static enum bp_error start(struct bp_req *rq)
{
	struct body *in = rq->body;
	struct reply *r = bp_alloc(rq->arena, sizeof(*r));
	struct reason *why = bp_alloc_array(rq->arena, 3, sizeof(*why));
	const struct plan_choice choice = {in->exclude.v, in->only.v, in->exclude.n, in->only.n};
	struct q_session_get s;
	struct plan_size size;
	struct plan_pace pace;
	uint64_t job = 0;
	enum bp_error e = plan_session_writable(rq->db, rq->arena, (uint64_t)in->session_id, rq->user.id, &s, &rq->fail);

	if (!e)
		e = bp_req_need(rq, BP_PERM_OPTIMIZE_ROUTES, (uint64_t)s.territory_id);
	if (!e)
		e = plan_optimize_size(rq->db, rq->arena, &s, &choice, &size, &rq->fail);
	if (!e && !size.needs)
		e = bp_fail(&rq->fail, BP_E_OPT_INPUT, "there is nothing to plan: no outlet of %s with coordinates%s", s.channel,
			size.excluded ? " is left when those are taken out" : size.kept ? " is among those that may change" : " lies here");
	if (!e)
		e = plan_optimize_pace(rq->db, rq->arena, size.visits, &pace);
	if (!e)
		e = bp_job_add(rq->db, BP_JOB_OPTIMIZE, (uint64_t)in->session_id, (uint64_t)s.territory_id, payload_of(rq, in), 0,
			rq->user.id, rq->correlation, &job);
	if (e)
		return e;
	why[0] = (struct reason){"NO_COORDINATES", size.no_coordinates};
	why[1] = (struct reason){"EXCLUDED", size.excluded};
	why[2] = (struct reason){"KEPT", size.kept};
	*r = (struct reply){(int64_t)job, size.needs, size.no_coordinates + size.excluded + size.kept,
		(int64_t)ceil(plan_optimize_takes(&pace, (double)(in->seconds.set ? in->seconds.v : size.seconds), (double)in->iterations.v)), {why, 3}};
	rq->audit.resource_type = "session";
	rq->audit.resource_id = rq->audit.session = (uint64_t)in->session_id;
	rq->audit.territory = (uint64_t)s.territory_id;
	rq->audit.channel = s.channel;
	rq->reply = r;
	return BP_E_OK;
}

struct estimate {
	int64_t needs, visits, excluded, elsewhere_days, runs, ahead;
	double overhead_seconds, seconds_per_million;
};
BP_SHAPE(run_estimate, estimate,
	BP_INT(estimate, needs, BP_REQ, 0, 9e15, "needs that can be planned"),
	BP_INT(estimate, visits, BP_REQ, 0, 9e15, "visits of a cycle that they ask for"),
	BP_INT(estimate, excluded, BP_REQ, 0, 9e15, "needs that cannot"),
	BP_INT(estimate, elsewhere_days, BP_REQ, 0, 1e6, "days of the cycle, of all people together, of which they spend some on other plans: that time is left free"),
	BP_INT(estimate, runs, BP_REQ, 0, 1000, "runs that have ended, of about this size where there are enough, by which the rest is told"),
	BP_INT(estimate, ahead, BP_REQ, 0, 9e15, "runs of anybody that wait or work now"),
	BP_NUM(estimate, overhead_seconds, BP_REQ, 0, 9e15, "seconds beside the search: loading, checking, keeping; 0 without runs"),
	BP_NUM(estimate, seconds_per_million, BP_REQ, 0, 9e15, "seconds of a million steps of the search; 0 without runs"));

/* Whether it is too large is told when it is begun. */
static enum bp_error estimate(struct bp_req *rq)
{
	struct estimate *out = bp_alloc(rq->arena, sizeof(*out));
	struct q_session_get s;
	struct plan_size size = {0};
	struct plan_pace pace;
	struct bp_fail ignored = {0};
	json_t *elsewhere = NULL;
	enum bp_error e = q_session_get(rq->db, rq->arena, (int64_t)rq->arg[0], &s);

	if (!e)
		e = plan_optimize_size(rq->db, rq->arena, &s, &(struct plan_choice){0}, &size, &ignored);
	if (!e || e == BP_E_OPT_TOO_LARGE)
		e = plan_optimize_pace(rq->db, rq->arena, size.visits, &pace);
	if (!e)
		e = plan_elsewhere(rq->db, rq->arena, (uint64_t)s.id, &elsewhere);
	if (e)
		return e;
	*out = (struct estimate){size.needs, size.visits, size.no_coordinates, (int64_t)json_array_size(elsewhere), pace.runs, pace.ahead, pace.overhead, pace.per_million};
	json_decref(elsewhere);
	rq->reply = out;
	return BP_E_OK;
}

static enum bp_error get(struct bp_req *rq)
{
	return bp_job_read(rq, rq->arg[0]);
}

static const struct bp_endpoint ep[] = {
	{"POST", "/optimize", "Have a plan proposed", BP_SCOPE_ANYWHERE, BP_PERM_OPTIMIZE_ROUTES, BP_EP_ROOM, .body = &optimize_body,
		.reply = &optimize_shape, .audit = BP_ACTION_PLAN_OPTIMIZE, .feature = BP_SETTING_optimizer,
		.fails = {BP_E_NOT_FOUND, BP_E_LOCK_GONE, BP_E_SESSION_OVER, BP_E_OPT_TOO_LARGE, BP_E_OPT_INPUT}, .handle = start},
	{"GET", "/planning/sessions/{id}/estimate", "How long a run would take", BP_SCOPE_SESSION, BP_PERM_VIEW_TERRITORY, BP_EP_SLOW, .reply = &run_estimate,
		.fails = {BP_E_NOT_FOUND}, .handle = estimate},
	{"GET", "/optimize/{id}", "How far the optimisation is", BP_SCOPE_JOB, BP_PERM_VIEW_TERRITORY, 0, .reply = &bp_job_shape,
		.fails = {BP_E_NOT_FOUND}, .handle = get},
};
BP_RESOURCE(optimize, ep);
