/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_plans.c - plans and their versions: read, save, commit, export. */
#include <string.h>

#include "base/time.h"
#include "cgi/draft_view.h"
#include "cgi/res_plans.h"
#include "export/export.h"
#include "job/job.h"
#include "lock/lock.h"
#include "notice/notice.h"
#include "plan/announce.h"
#include "plan/approval.h"
#include "plan/visits.h"

struct version {
	int64_t id, number, calls, unserved, created_at;
	const char *kind, *notes, *created_by, *plan_hash;
	double travel_minutes, km;
	bool committed, waits;
	struct bp_opt_int effective_date;
	const char *run;
	int64_t anchor, weeks;
};
static const struct bp_field version_fields[] = {
	BP_INT(version, id, BP_REQ, 1, 9e15, "version"),
	BP_INT(version, number, BP_REQ, 0, 9e15, "number within the plan; 0 = as imported"),
	BP_STR(version, kind, BP_REQ, 1, 10, "IMPORT, OPTIMISE, SAVE, COMMIT"),
	BP_STR(version, notes, BP_REQ, 0, 1000, "what the planner wrote"),
	BP_TIME(version, created_at, BP_REQ, "made"),
	BP_STR(version, created_by, BP_NUL, 0, 120, "by whom"),
	BP_INT(version, calls, BP_REQ, 0, 9e15, "visits in a cycle"),
	BP_NUM(version, travel_minutes, BP_REQ, 0, 0, "minutes under way"),
	BP_NUM(version, km, BP_REQ, 0, 0, "road kilometres"),
	BP_INT(version, unserved, BP_REQ, 0, 9e15, "visits that are missing"),
	BP_STR(version, plan_hash, BP_REQ, 0, 16, "the same for the same plan"),
	BP_BOOL(version, committed, BP_REQ, "was committed"),
	BP_BOOL(version, waits, BP_REQ, "was just submitted: it waits for somebody else's approval; elsewhere false, see GET /plans/{id}/submissions"),
	BP_DATE(version, effective_date, BP_NUL, "first date it holds for"),
	BP_DATE(version, anchor, BP_REQ, "date of day 0 of its cycle"),
	BP_INT(version, weeks, BP_REQ, 1, 8, "weeks of its cycle"),
	BP_JSON(version, run, BP_NUL, "run record of a proposal: request, seed, iterations, build, hashes of input and plan"),
};
const struct bp_shape bp_version_shape = {"version_shape", sizeof(struct version), version_fields, sizeof(version_fields) / sizeof(*version_fields), 0};

struct plan {
	int64_t id, territory_id, anchor, weeks;
	const char *channel;
	struct version *current;
};
BP_SHAPE(plan_shape, plan,
	BP_INT(plan, id, BP_REQ, 1, 9e15, "plan"),
	BP_INT(plan, territory_id, BP_REQ, 1, 9e15, "unit"),
	BP_STR(plan, channel, BP_REQ, 2, 2, "GT or MT"),
	BP_DATE(plan, anchor, BP_REQ, "date of cycle day 0"),
	BP_INT(plan, weeks, BP_REQ, 1, 8, "weeks of the cycle"),
	BP_OBJ(plan, current, BP_NUL, &bp_version_shape, "the committed version"));

struct page {
	struct bp_list items;
	const char *next;
};
BP_SHAPE(plan_page, page,
	BP_LIST(page, items, BP_REQ, BP_PAGE_MOST, &plan_shape, "plans"),
	BP_STR(page, next, BP_NUL, 0, 20, "cursor of the next page"));
BP_SHAPE(version_page, page,
	BP_LIST(page, items, BP_REQ, BP_PAGE_MOST, &bp_version_shape, "versions, newest first"),
	BP_STR(page, next, BP_NUL, 0, 20, "cursor of the next page"));

struct list_query {
	struct bp_opt_int territory, limit, after;
	const char *channel;
};
BP_SHAPE(plan_query, list_query,
	BP_INT(list_query, territory, BP_NUL, 1, 9e15, "only this unit and those beneath it"),
	BP_ENUM(list_query, channel, BP_NUL, bp_channels, "only this channel"),
	BP_INT(list_query, limit, BP_NUL, 1, BP_PAGE_MOST, "rows a page"),
	BP_INT(list_query, after, BP_NUL, 0, 9e15, "cursor"));
BP_SHAPE(version_query, list_query,
	BP_INT(list_query, limit, BP_NUL, 1, BP_PAGE_MOST, "rows a page"),
	BP_INT(list_query, after, BP_NUL, 1, 9e15, "cursor"));

struct draft_query {
	struct bp_opt_int version;
};
BP_SHAPE(plan_draft_query, draft_query,
	BP_INT(draft_query, version, BP_NUL, 1, 9e15, "version; none = the committed one"));

BP_SHAPE(save_body, bp_keep,
	BP_INT(bp_keep, session_id, BP_REQ, 1, 9e15, "planning session"),
	BP_STR(bp_keep, notes, BP_NUL, 0, 1000, "what this state is"));
BP_SHAPE(commit_body, bp_keep,
	BP_INT(bp_keep, session_id, BP_REQ, 1, 9e15, "planning session"),
	BP_STR(bp_keep, notes, BP_NUL, 0, 1000, "what changes and why"),
	BP_DATE(bp_keep, effective_date, BP_NUL, "first date it holds for; none = tomorrow. Earlier visits stay as they are, "
		"and those of the plan in force until the cycle begins"),
	BP_BOOL(bp_keep, keep_lock, BP_NUL, "go on planning"));

struct export_query {
	const char *what, *format;
	struct bp_opt_int version, base, from, to, seat, beat;
};
/* What is exported, asked for by a query or a body. */
#define EXPORT_FIELDS \
	BP_ENUM(export_query, what, BP_REQ, export_whats, "the standing plan, the dated visits, the stops in which two versions differ, what people changed and why, what they said, or how the work is shared"), \
	BP_ENUM(export_query, format, BP_REQ, export_formats, "file format; ics: visits; geojson: plan and visits"), \
	BP_INT(export_query, version, BP_NUL, 1, 9e15, "plan, changes, fairness: which version; none = the committed one"), \
	BP_INT(export_query, base, BP_NUL, 1, 9e15, "changes: against which version"), \
	BP_INT(export_query, seat, BP_NUL, 1, 9e15, "only this seat"), \
	BP_INT(export_query, beat, BP_NUL, 1, 9e15, "only this beat"), \
	BP_DATE(export_query, from, BP_NUL, "visits: first date; none = today"), \
	BP_DATE(export_query, to, BP_NUL, "visits: last date; none = the end of the unfolded list")
BP_SHAPE(plan_export_query, export_query, EXPORT_FIELDS);

#define VERSION_OF(r) \
	((struct version){(r).id, (r).number, (r).calls, (r).unserved, (r).created_at, (r).kind, (r).notes, (r).user, \
		(r).plan_hash, (double)(r).travel_seconds / 60, (double)(r).metres / 1000, (r).committed_at.set, false, (r).effective_date, (r).run_record, \
		(r).anchor, (r).weeks})

static enum bp_error read_version(struct bp_req *rq, int64_t id, struct version **out)
{
	struct q_plan_version_get r;
	enum bp_error e = q_plan_version_get(rq->db, rq->arena, id, &r);

	*out = bp_alloc(rq->arena, sizeof(**out));
	if (!e)
		**out = VERSION_OF(r);
	return e;
}

static enum bp_error list(struct bp_req *rq)
{
	struct list_query *q = rq->query;
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	struct q_plan_list *r;
	struct plan *v;
	size_t n;
	enum bp_error e = q_plan_list(rq->db, rq->arena, (int64_t)rq->user.scopes_of, q->territory, q->channel, q->after.v,
		bp_page_limit(q->limit), &r, &n);

	v = bp_alloc_array(rq->arena, n, sizeof(*v));
	for (size_t i = 0; i < n && !e; i++) {
		v[i] = (struct plan){r[i].id, r[i].territory_id, r[i].anchor, r[i].weeks, r[i].channel, NULL};
		if (r[i].current_version.set)
			e = read_version(rq, r[i].current_version.v, &v[i].current);
	}
	p->items = (struct bp_list){v, n};
	p->next = n ? bp_page_next(rq->arena, n, bp_page_limit(q->limit), r[n - 1].id) : NULL;
	rq->reply = p;
	return e;
}

static enum bp_error versions(struct bp_req *rq)
{
	struct list_query *q = rq->query;
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	struct q_plan_versions *r;
	struct version *v;
	size_t n;
	enum bp_error e = q_plan_versions(rq->db, rq->arena, (int64_t)rq->arg[0], q->after.set ? q->after.v : INT64_MAX,
		bp_page_limit(q->limit), &r, &n);

	v = bp_alloc_array(rq->arena, n, sizeof(*v));
	for (size_t i = 0; i < n && !e; i++)
		v[i] = VERSION_OF(r[i]);
	p->items = (struct bp_list){v, n};
	p->next = n ? bp_page_next(rq->arena, n, bp_page_limit(q->limit), r[n - 1].number) : NULL;
	rq->reply = p;
	return e;
}

/* A version of this very plan, or the committed one when none is named. */
static enum bp_error pick_version(struct bp_req *rq, struct bp_opt_int wanted, uint64_t *out)
{
	struct q_plan_version_get v;
	struct q_plan_get plan;
	enum bp_error e = q_plan_get(rq->db, rq->arena, (int64_t)rq->arg[0], &plan);

	*out = 0;
	if (e)
		return e;
	if (!wanted.set) {
		*out = plan.current_version.set ? (uint64_t)plan.current_version.v : 0;
		return BP_E_OK;
	}
	e = q_plan_version_get(rq->db, rq->arena, wanted.v, &v);
	if (e || v.plan_id != plan.id)
		return e ? e : BP_E_NOT_FOUND;
	*out = (uint64_t)v.id;
	return BP_E_OK;
}

static enum bp_error draft(struct bp_req *rq)
{
	struct draft_query *q = rq->query;
	uint64_t version;
	enum bp_error e = pick_version(rq, q->version, &version);

	return e ? e : bp_draft_reply(rq, rq->arg[0], 0, version);
}

/* --- save and commit --- */

static enum bp_error keep(struct bp_req *rq, const struct bp_keep *in, const char *kind, struct q_session_get *s, uint64_t *version)
{
	struct plan_version_new v;
	enum bp_error e = plan_session_writable(rq->db, rq->arena, (uint64_t)in->session_id, rq->user.id, s, &rq->fail);

	if (e)
		return e;
	if (rq->arg[0] && s->plan_id != (int64_t)rq->arg[0])
		return bp_fail(&rq->fail, BP_E_NOT_FOUND, "the planning session belongs to another plan");
	/* The draft is older than today's rights. */
	e = bp_req_need_channel(rq, s->channel, (uint64_t)s->territory_id);
	if (e)
		return e;
	v = plan_version_of(s, kind, rq->user.id, in->notes);
	rq->audit.resource_type = "plan";
	rq->audit.resource_id = v.plan;
	rq->audit.session = (uint64_t)s->id;
	rq->audit.territory = (uint64_t)s->territory_id;
	rq->audit.channel = s->channel;
	rq->audit.reason = in->notes;
	return plan_version_from_draft(rq->db, rq->arena, &v, (uint64_t)s->id, version);
}

static enum bp_error reply_version(struct bp_req *rq, uint64_t version)
{
	struct version *v;
	enum bp_error e = read_version(rq, (int64_t)version, &v);

	if (e)
		return e;
	bp_audit_change(&rq->audit, "version", NULL, bp_sprintf(rq->arena, "%lld", (long long)v->number));
	bp_audit_change(&rq->audit, "planHash", NULL, v->plan_hash);
	rq->reply = v;
	return BP_E_OK;
}

enum bp_error bp_plan_save(struct bp_req *rq, const struct bp_keep *in)
{
	struct q_session_get s;
	uint64_t version = 0;
	enum bp_error e = keep(rq, in, "SAVE", &s, &version);

	return e ? e : reply_version(rq, version);
}

static enum bp_error save(struct bp_req *rq)
{
	return bp_plan_save(rq, rq->body);
}

/* The version waits, the draft stays: its author goes on with it if it is sent back. */
static enum bp_error submit(struct bp_req *rq, const struct bp_keep *in, const struct q_session_get *s, uint64_t version, int64_t effective)
{
	enum bp_error e = plan_approval_submit(rq->db, s, version, rq->user.id, effective, &rq->fail);

	rq->audit.action = BP_ACTION_PLAN_SUBMIT;
	if (!e)
		e = bp_notice_tell_all(rq->db, BP_NOTICE_PLAN_SUBMITTED, BP_PERM_APPROVE_PLAN,
			&(struct bp_notice_of){(uint64_t)s->territory_id, rq->user.id, s->channel, in->notes});
	return e || in->keep_lock ? e : q_session_set_status(rq->db, s->id, "CLOSED", NULL);
}

/* Plan, version, visit list, outbox, lock and session in one transaction; the snapshot follows as a job. */
enum bp_error bp_plan_commit(struct bp_req *rq, const struct bp_keep *in)
{
	int64_t today = bp_today(), effective = in->effective_date.set ? in->effective_date.v : today + 1;
	struct q_session_get s;
	uint64_t version = 0;
	bool waits = false;
	enum bp_error e;

	if (effective < today)
		return bp_req_field(rq, "/effectiveDate", "lies in the past: past visits never change");
	e = keep(rq, in, "COMMIT", &s, &version);
	if (!e)
		e = bp_req_need(rq, BP_PERM_COMMIT_PLAN, (uint64_t)s.territory_id);
	if (!e)
		e = plan_session_current(rq->db, rq->arena, &s, &rq->fail);
	if (!e)
		e = plan_approval_asked(rq->db, (uint64_t)s.territory_id, s.channel, &waits);
	if (!e && waits)
		e = submit(rq, in, &s, version, effective);
	if (!e && !waits)
		e = plan_version_commit(rq->db, rq->arena, version, effective);
	if (!e && !waits)
		e = plan_announce(rq->db, &(struct plan_committed){(uint64_t)s.plan_id, (uint64_t)s.territory_id, version, rq->user.id, s.channel, in->notes,
			rq->correlation});
	if (!e && !waits)
		e = q_session_set_status(rq->db, s.id, "COMMITTED", NULL);
	if (!e && !in->keep_lock)
		e = bp_lock_drop(rq->db, (uint64_t)s.territory_id, s.channel);
	e = e ? e : reply_version(rq, version);
	if (!e)
		((struct version *)rq->reply)->waits = waits;
	return e;
}

static enum bp_error commit(struct bp_req *rq)
{
	return bp_plan_commit(rq, rq->body);
}

/* --- approval --- */

struct submission {
	int64_t id, plan_id, territory_id, version_id, number, effective_date, at;
	const char *territory, *channel, *notes, *user, *state, *decider, *reason;
	struct bp_opt_int base, decided_at;
	bool mine;
};
BP_SHAPE(submission_shape, submission,
	BP_INT(submission, id, BP_REQ, 1, 9e15, "submission"),
	BP_INT(submission, plan_id, BP_REQ, 1, 9e15, "plan"),
	BP_INT(submission, territory_id, BP_REQ, 1, 9e15, "unit"),
	BP_STR(submission, territory, BP_REQ, 0, 120, "its name"),
	BP_STR(submission, channel, BP_REQ, 2, 2, "GT or MT"),
	BP_INT(submission, version_id, BP_REQ, 1, 9e15, "what is to be committed"),
	BP_INT(submission, number, BP_REQ, 0, 9e15, "its number within the plan"),
	BP_STR(submission, notes, BP_REQ, 0, 1000, "what the author wrote"),
	BP_INT(submission, base, BP_NUL, 1, 9e15, "what was committed then"),
	BP_DATE(submission, effective_date, BP_REQ, "first date it is to hold for"),
	BP_STR(submission, user, BP_NUL, 0, 120, "who submitted it"),
	BP_BOOL(submission, mine, BP_REQ, "that was you"),
	BP_TIME(submission, at, BP_REQ, "when"),
	BP_STR(submission, state, BP_REQ, 1, 12, "WAITING, APPROVED, SENT_BACK, WITHDRAWN"),
	BP_STR(submission, decider, BP_NUL, 0, 120, "who decided"),
	BP_TIME(submission, decided_at, BP_NUL, "when"),
	BP_STR(submission, reason, BP_REQ, 0, 500, "why it was sent back"));
BP_SHAPE(submission_page, page,
	BP_LIST(page, items, BP_REQ, 500, &submission_shape, "submissions"),
	BP_STR(page, next, BP_NUL, 0, 20, "always null"));
struct decide_body {
	int64_t version_id;
	const char *reason;
};
BP_SHAPE(approve_body, decide_body,
	BP_INT(decide_body, version_id, BP_REQ, 1, 9e15, "what you have looked at"));
BP_SHAPE(send_back_body, decide_body,
	BP_INT(decide_body, version_id, BP_REQ, 1, 9e15, "what you have looked at"),
	BP_STR(decide_body, reason, BP_REQ, 1, 500, "what is to be done about it"));

static enum bp_error reply_submissions(struct bp_req *rq, struct bp_opt_int plan)
{
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	struct q_submissions *r = NULL;
	struct submission *v;
	size_t n = 0;
	enum bp_error e = q_submissions(rq->db, rq->arena, plan, (int64_t)rq->user.scopes_of, &r, &n);

	v = bp_alloc_array(rq->arena, n + 1, sizeof(*v));
	for (size_t i = 0; i < n; i++)
		v[i] = (struct submission){.id = r[i].id, .plan_id = r[i].plan_id, .territory_id = r[i].territory_id, .version_id = r[i].version_id,
			.number = r[i].number, .effective_date = r[i].effective_date, .at = r[i].at, .territory = r[i].territory, .channel = r[i].channel,
			.notes = r[i].notes, .user = r[i].user, .state = r[i].state, .decider = r[i].decider, .reason = r[i].reason, .base = r[i].base,
			.decided_at = r[i].decided_at, .mine = r[i].user_id == (int64_t)rq->user.id};
	p->items = (struct bp_list){v, n};
	rq->reply = p;
	return e;
}

static enum bp_error submissions(struct bp_req *rq)
{
	return reply_submissions(rq, BP_SOME_INT((int64_t)rq->arg[0]));
}

static enum bp_error waiting(struct bp_req *rq)
{
	return reply_submissions(rq, BP_NO_INT);
}

static enum bp_error decide(struct bp_req *rq, enum plan_decision d)
{
	const struct decide_body *in = rq->body;
	struct q_submission_waiting w;
	struct q_plan_version_get v = {0};
	enum bp_error e = plan_approval_decide(rq->db, rq->arena, rq->arg[0], (uint64_t)in->version_id, rq->user.id, d, in->reason, &w, &rq->fail);
	const struct bp_notice_of of = {rq->territory, rq->user.id, rq->channel, in->reason};

	if (!e)
		e = q_plan_version_get(rq->db, rq->arena, w.version_id, &v);
	if (!e && d == PLAN_APPROVED)
		e = plan_announce(rq->db, &(struct plan_committed){rq->arg[0], rq->territory, (uint64_t)w.version_id, rq->user.id, rq->channel, v.notes,
			rq->correlation});
	if (!e)
		e = d == PLAN_WITHDRAWN ? bp_notice_tell_all(rq->db, BP_NOTICE_PLAN_WITHDRAWN, BP_PERM_APPROVE_PLAN, &of)
			: bp_notice_tell(rq->db, d == PLAN_APPROVED ? BP_NOTICE_PLAN_APPROVED : BP_NOTICE_PLAN_SENT_BACK, (uint64_t)w.user_id, &of);
	if (e)
		return e;
	rq->audit.resource_type = "plan";
	rq->audit.channel = rq->channel;
	rq->audit.reason = in->reason;
	rq->audit.session = (uint64_t)w.session_id;
	bp_audit_change(&rq->audit, "version", NULL, bp_sprintf(rq->arena, "%lld", (long long)v.number));
	bp_audit_change(&rq->audit, "planHash", NULL, v.plan_hash);
	return submissions(rq);
}

static enum bp_error approve(struct bp_req *rq)
{
	return decide(rq, PLAN_APPROVED);
}

static enum bp_error send_back(struct bp_req *rq)
{
	return decide(rq, PLAN_SENT_BACK);
}

static enum bp_error withdraw(struct bp_req *rq)
{
	return decide(rq, PLAN_WITHDRAWN);
}

/* --- export --- */

static bool write_part(void *ctx, const char *data, size_t n)
{
	return bp_req_write(ctx, data, n);
}

static int index_in(const char *const *names, const char *name)
{
	int i = 0;

	while (names[i] && strcmp(names[i], name))
		i++;
	return i;
}

/* What the query asks for; the versions are those of this plan. */
static enum bp_error export_job_of(struct bp_req *rq, const struct export_query *q, struct export_job *job)
{
	enum bp_error e;

	*job = (struct export_job){.what = (enum export_what)index_in(export_whats, q->what),
		.format = (enum export_format)index_in(export_formats, q->format), .plan = rq->arg[0], .seat = q->seat, .beat = q->beat,
		.from = q->from.set ? q->from.v : bp_today(), .to = q->to.set ? q->to.v : bp_date_of(9999, 12, 31)};
	if (!export_knows(job->what, job->format))
		return bp_req_field(rq, "/format", job->format == EXPORT_ICS ? "a calendar holds visits only" : "a map has places for the plan and its visits only");
	if (job->what == EXPORT_CHANGES && !q->base.set)
		return bp_req_field(rq, "/base", "is required: the version to hold it against");
	if (job->what > EXPORT_CHANGES && (q->seat.set || q->beat.set))
		return bp_req_field(rq, q->seat.set ? "/seat" : "/beat", "does not narrow what people changed or said, or how their work is shared");
	e = pick_version(rq, q->version, &job->version);
	if (!e && q->base.set)
		e = pick_version(rq, q->base, &job->base);
	if (!e && !job->version)
		e = bp_fail(&rq->fail, BP_E_NOT_FOUND, "the plan has no committed version: commit it, or name a version");
	return e;
}

static enum bp_error download(struct bp_req *rq)
{
	struct export_query *q = rq->query;
	struct export_job job;
	enum bp_error e = export_job_of(rq, q, &job);

	if (e)
		return e;
	job.write = write_part;
	job.ctx = rq;
	rq->audit.resource_type = "plan";
	bp_audit_change(&rq->audit, "file", NULL, bp_sprintf(rq->arena, "%s.%s", q->what, q->format));
	bp_req_begin_type(rq, export_media(job.format), bp_sprintf(rq->arena, "%s-%llu.%s", q->what, (unsigned long long)rq->arg[0], q->format));
	return export_run(rq->db, &job);
}

/* --- exports kept as files --- */

struct keep_reply {
	int64_t job_id;
};
BP_SHAPE(export_keep_reply, keep_reply,
	BP_INT(keep_reply, job_id, BP_REQ, 1, 9e15, "job; its result names the file"));
BP_SHAPE(plan_export_body, export_query, EXPORT_FIELDS);

static enum bp_error keep_file(struct bp_req *rq)
{
	struct export_query *q = rq->body;
	struct keep_reply *r = bp_alloc(rq->arena, sizeof(*r));
	struct export_job job;
	uint64_t id = 0;
	enum bp_error e = export_job_of(rq, q, &job);

	if (!e)
		e = bp_job_add(rq->db, BP_JOB_EXPORT, rq->arg[0], rq->territory,
			bp_sprintf(rq->arena, "{\"what\":%d,\"format\":%d,\"version\":%llu,\"base\":%llu,\"from\":%lld,\"to\":%lld,\"seat\":%lld,\"beat\":%lld,"
				"\"name\":\"%s-%llu.%s\"}", (int)job.what, (int)job.format, (unsigned long long)job.version, (unsigned long long)job.base,
				(long long)job.from, (long long)job.to, (long long)job.seat.v, (long long)job.beat.v, q->what, (unsigned long long)rq->arg[0], q->format),
			0, rq->user.id, rq->correlation, &id);
	r->job_id = (int64_t)id;
	rq->audit.resource_type = "plan";
	bp_audit_change(&rq->audit, "file", NULL, bp_sprintf(rq->arena, "%s.%s", q->what, q->format));
	rq->reply = r;
	return e;
}

#define COMMIT_FAILS {BP_E_CONFLICT, BP_E_NOT_FOUND, BP_E_LOCK_GONE, BP_E_SESSION_OVER, BP_E_SESSION_CONFLICT}
static const struct bp_endpoint ep[] = {
	{"GET", "/plans", "List plans", BP_SCOPE_ANYWHERE, BP_PERM_VIEW_TERRITORY, 0, .query = &plan_query, .reply = &plan_page,
		.handle = list},
	{"GET", "/plans/{id}/versions", "List the versions of a plan", BP_SCOPE_PLAN, BP_PERM_VIEW_TERRITORY, 0,
		.query = &version_query, .reply = &version_page, .fails = {BP_E_NOT_FOUND}, .handle = versions},
	{"GET", "/plans/{id}/draft", "Read a version as the screens show it", BP_SCOPE_PLAN, BP_PERM_VIEW_TERRITORY, BP_EP_SLOW | BP_EP_ONE_STATE,
		.query = &plan_draft_query, .reply = &bp_draft_shape, .fails = {BP_E_NOT_FOUND}, .handle = draft},
	{"POST", "/plans/{id}/save", "Keep the draft as a version", BP_SCOPE_PLAN, BP_PERM_PLAN_GT_ROUTES, BP_EP_PLAN_CHANNEL | BP_EP_SLOW,
		.body = &save_body, .reply = &bp_version_shape, .audit = BP_ACTION_PLAN_SAVE,
		.fails = {BP_E_NOT_FOUND, BP_E_LOCK_GONE, BP_E_SESSION_OVER}, .handle = save},
	{"POST", "/plans/{id}/commit", "Make the draft the plan", BP_SCOPE_PLAN, BP_PERM_COMMIT_PLAN, BP_EP_SLOW, .body = &commit_body,
		.reply = &bp_version_shape, .audit = BP_ACTION_PLAN_COMMIT, .fails = COMMIT_FAILS,
		.handle = commit},
	{"GET", "/plans/{id}/submissions", "What of a plan was submitted for approval, and what became of it", BP_SCOPE_PLAN, BP_PERM_VIEW_TERRITORY, 0,
		.reply = &submission_page, .fails = {BP_E_NOT_FOUND}, .handle = submissions},
	{"GET", "/submissions", "What waits for approval", BP_SCOPE_ANYWHERE, BP_PERM_VIEW_TERRITORY, 0, .reply = &submission_page, .handle = waiting},
	{"POST", "/plans/{id}/submission/approve", "Approve what waits: it becomes the plan", BP_SCOPE_PLAN, BP_PERM_APPROVE_PLAN, BP_EP_SLOW,
		.body = &approve_body, .reply = &submission_page, .audit = BP_ACTION_PLAN_APPROVE, .fails = {BP_E_NOT_FOUND, BP_E_CONFLICT}, .handle = approve},
	{"POST", "/plans/{id}/submission/send-back", "Send what waits back to its author", BP_SCOPE_PLAN, BP_PERM_APPROVE_PLAN, 0,
		.body = &send_back_body, .reply = &submission_page, .audit = BP_ACTION_PLAN_SEND_BACK, .fails = {BP_E_NOT_FOUND, BP_E_CONFLICT}, .handle = send_back},
	{"POST", "/plans/{id}/submission/withdraw", "Take back what you submitted", BP_SCOPE_PLAN, BP_PERM_PLAN_GT_ROUTES, BP_EP_PLAN_CHANNEL,
		.body = &approve_body, .reply = &submission_page, .audit = BP_ACTION_PLAN_WITHDRAW, .fails = {BP_E_NOT_FOUND, BP_E_CONFLICT}, .handle = withdraw},
	{"POST", "/planning/save", "Keep the draft as a version (by session)", BP_SCOPE_ANYWHERE, BP_PERM_PLAN_GT_ROUTES,
		BP_EP_PLAN_CHANNEL | BP_EP_SLOW, .body = &save_body, .reply = &bp_version_shape, .audit = BP_ACTION_PLAN_SAVE,
		.fails = {BP_E_NOT_FOUND, BP_E_LOCK_GONE, BP_E_SESSION_OVER}, .handle = save},
	{"POST", "/planning/commit", "Make the draft the plan (by session)", BP_SCOPE_ANYWHERE, BP_PERM_COMMIT_PLAN, BP_EP_SLOW,
		.body = &commit_body, .reply = &bp_version_shape, .audit = BP_ACTION_PLAN_COMMIT,
		.fails = COMMIT_FAILS, .handle = commit},
	{"GET", "/plans/{id}/export", "Download the plan, its visit list, what differs between two versions, what people changed or said, or how the work is shared", BP_SCOPE_PLAN, BP_PERM_EXPORT_DATA, BP_EP_STREAM_OUT,
		.query = &plan_export_query, .media = "text/csv", .audit = BP_ACTION_PLAN_EXPORT, .fails = {BP_E_NOT_FOUND},
		.handle = download},
	{"POST", "/plans/{id}/exports", "Have an export kept as a file of mine", BP_SCOPE_PLAN, BP_PERM_EXPORT_DATA, BP_EP_ROOM, .body = &plan_export_body,
		.reply = &export_keep_reply, .audit = BP_ACTION_EXPORT_KEEP, .fails = {BP_E_NOT_FOUND}, .handle = keep_file},
};
BP_RESOURCE(plans, ep);
