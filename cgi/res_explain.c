/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_explain.c - why a plan is as it is, and what would change it. */
#include <stdlib.h>
#include <string.h>

#include "cgi/of_plan.h"
#include "job/job.h"
#include "plan/explain.h"
#include "plan/session.h"

static const char *const whats[] = {"place", "missing", "coverage", "person", "day", "curve", "repeat", "replay", NULL};
enum { SEARCH_SECONDS_MOST = 600 };
struct body {
	const char *what;
	struct bp_opt_int session_id, version_id, need, date, seat, percent, seconds;
	struct bp_list budgets;
};
BP_SHAPE(explain_body, body,
	BP_ENUM(body, what, BP_REQ, whats, "place: why a visit stands here and the next best places; missing: the smallest relaxation that places one; "
		"coverage: how many people; person, day: what one more is worth; curve: saving against changes; repeat: a run once more; replay: the changes that led to a version once more"),
	BP_INT(body, session_id, BP_NUL, 1, 9e15, "of this draft; none: of a version"),
	BP_INT(body, version_id, BP_NUL, 1, 9e15, "of this version; none: of the committed one"),
	BP_INT(body, need, BP_NUL, 1, 9e15, "place, missing: which need"),
	BP_DATE(body, date, BP_NUL, "place: any date of its cycle day; day: the day to add"),
	BP_INT(body, seat, BP_NUL, 1, 9e15, "person, day: like which seat"),
	BP_INT(body, percent, BP_NUL, 1, 100, "coverage: share of visits to be served; none = 95"),
	BP_LIST_INT(body, budgets, BP_NUL, 12, "curve: numbers of changed visits, ascending"),
	BP_INT(body, seconds, BP_NUL, 1, 300, "wall seconds of each search; none = 20"));

struct reply {
	int64_t job_id, estimated_seconds;
};
BP_SHAPE(explain_reply, reply,
	BP_INT(reply, job_id, BP_REQ, 1, 9e15, "job; its result has the answer"),
	BP_INT(reply, estimated_seconds, BP_REQ, 0, 9e15, "how long it will take once it begins"));

static bool is(const struct body *in, const char *what)
{
	return !strcmp(in->what, what);
}

/* Each question wants its own members. */
static enum bp_error check(struct bp_req *rq, const struct body *in)
{
	const int64_t *budgets = in->budgets.v;

	if ((is(in, "place") || is(in, "missing")) && !in->need.set)
		bp_req_field(rq, "/need", "is required");
	if ((is(in, "place") || is(in, "day")) && !in->date.set)
		bp_req_field(rq, "/date", "is required");
	if ((is(in, "person") || is(in, "day")) && !in->seat.set)
		bp_req_field(rq, "/seat", "is required");
	if ((is(in, "repeat") || is(in, "replay")) && !in->version_id.set)
		bp_req_field(rq, "/versionId", "is required");
	if (is(in, "curve") && !in->budgets.n)
		bp_req_field(rq, "/budgets", "must name at least one number of changes");
	for (size_t i = 0; i < in->budgets.n; i++)
		if (budgets[i] < 0 || budgets[i] > PLAN_VISITS_MOST || (i && budgets[i] <= budgets[i - 1]))
			return bp_req_field(rq, "/budgets", "must be numbers of visits that ascend");
	/* One question does not hold up everybody's optimisations for long. */
	if (in->seconds.set && in->seconds.v * (int64_t)in->budgets.n > SEARCH_SECONDS_MOST)
		bp_req_field(rq, "/seconds", "all searches together may take ten minutes: ask for fewer budgets, or for shorter searches");
	return json_array_size(rq->fields) ? BP_E_FIELDS : BP_E_OK;
}

/* Draft and version are those of this plan. */
static enum bp_error belongs(struct bp_req *rq, const struct body *in)
{
	enum bp_error e = in->session_id.set ? bp_session_of_plan(rq, in->session_id.v) : BP_E_OK;

	return !e && in->version_id.set ? bp_version_of_plan(rq, in->version_id.v) : e;
}

static const char *payload_of(struct bp_req *rq, const struct body *in)
{
	const struct {
		const char *name;
		struct bp_opt_int v;
	} numbers[] = {{"session", in->session_id}, {"version", in->version_id}, {"need", in->need}, {"date", in->date}, {"seat", in->seat},
		{"percent", in->percent}, {"seconds", in->seconds}};
	json_t *o = json_object(), *list = json_array();
	const int64_t *budgets = in->budgets.v;
	const char *kept;
	char *text;

	json_object_set_new(o, "what", json_string(in->what));
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		if (numbers[i].v.set)
			json_object_set_new(o, numbers[i].name, json_integer(numbers[i].v.v));
	for (size_t i = 0; i < in->budgets.n; i++)
		json_array_append_new(list, json_integer(budgets[i]));
	json_object_set_new(o, "budgets", list);
	text = json_dumps(o, JSON_COMPACT);
	kept = bp_strdup(rq->arena, text);
	free(text);
	json_decref(o);
	return kept;
}

static enum bp_error explain(struct bp_req *rq)
{
	struct body *in = rq->body;
	struct reply *r = bp_alloc(rq->arena, sizeof(*r));
	bool quick = is(in, "place") || is(in, "missing") || is(in, "replay");
	int64_t seconds = in->seconds.set ? in->seconds.v : 20;
	uint64_t job = 0;
	enum bp_error e = check(rq, in);

	if (!e)
		e = belongs(rq, in);
	/* Searching is work for all cores. */
	if (!e && !quick)
		e = bp_req_need(rq, BP_PERM_OPTIMIZE_ROUTES, rq->territory);
	if (!e && !quick)
		e = bp_req_feature(rq, BP_SETTING_optimizer);
	if (!e)
		e = bp_job_add(rq->db, quick ? BP_JOB_EXPLAIN : BP_JOB_WHAT_IF, rq->arg[0], rq->territory, payload_of(rq, in), 0, rq->user.id,
			rq->correlation, &job);
	*r = (struct reply){(int64_t)job, quick ? 3 : is(in, "curve") ? seconds * (int64_t)in->budgets.n : seconds * 2};
	rq->audit.resource_type = "plan";
	rq->audit.channel = rq->channel;
	bp_audit_change(&rq->audit, "what", NULL, in->what);
	rq->reply = r;
	return e;
}

static const struct bp_endpoint ep[] = {
	{"POST", "/plans/{id}/explain", "Ask why a plan is as it is, and what would change it", BP_SCOPE_PLAN, BP_PERM_VIEW_TERRITORY, 0,
		.body = &explain_body, .reply = &explain_reply, .audit = BP_ACTION_PLAN_EXPLAIN, .fails = {BP_E_NOT_FOUND, BP_E_FEATURE_OFF}, .handle = explain},
};
BP_RESOURCE(explain, ep);
