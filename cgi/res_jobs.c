/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_jobs.c - background jobs: how far they are, and stopping them. */
#include "cgi/res_jobs.h"

#include <string.h>

static const struct bp_field error_fields[] = {
	BP_STR(bp_job_error, code, BP_REQ, 1, 24, "code, as in error replies"),
	BP_STR(bp_job_error, message, BP_REQ, 1, 200, "what it means"),
	BP_STR(bp_job_error, detail, BP_NUL, 0, 1000, "the place and the remedy"),
};
const struct bp_shape bp_job_error_shape = {"job_error", sizeof(struct bp_job_error), error_fields,
	sizeof(error_fields) / sizeof(*error_fields), 0};
static const char *const states[] = {"queued", "running", "done", "failed", "cancelled", NULL};
static const struct bp_field job_fields[] = {
	BP_INT(bp_job_out, id, BP_REQ, 1, 9e15, "job"),
	BP_STR(bp_job_out, kind, BP_REQ, 1, 24, "what it does"),
	BP_ENUM(bp_job_out, state, BP_REQ, states, "where it stands"),
	BP_INT(bp_job_out, subject, BP_REQ, 0, 9e15, "what it is about"),
	BP_STR(bp_job_out, territory, BP_NUL, 0, 120, "where, in words"),
	BP_NUM(bp_job_out, percent, BP_REQ, 0, 100, "how far it is"),
	BP_STR(bp_job_out, step, BP_REQ, 0, 40, "what it is doing"),
	BP_JSON(bp_job_out, progress, BP_NUL, "figures on the way, by kind"),
	BP_JSON(bp_job_out, result, BP_NUL, "figures at the end, by kind"),
	BP_OBJ(bp_job_out, error, BP_NUL, &bp_job_error_shape, "why it failed"),
	BP_STR(bp_job_out, by, BP_NUL, 1, 120, "who asked for it; null = the clock, or the shell"),
	BP_TIME(bp_job_out, created_at, BP_REQ, "asked for"),
	BP_TIME(bp_job_out, started_at, BP_NUL, "begun"),
	BP_TIME(bp_job_out, finished_at, BP_NUL, "ended"),
};
const struct bp_shape bp_job_shape = {"job", sizeof(struct bp_job_out), job_fields,
	sizeof(job_fields) / sizeof(*job_fields), 0};

struct page {
	struct bp_list items;
	const char *next;
};
BP_SHAPE(job_page, page,
	BP_LIST(page, items, BP_REQ, BP_PAGE_MOST, &bp_job_shape, "jobs, newest first"),
	BP_STR(page, next, BP_NUL, 0, 20, "cursor of the next page"));

struct query {
	const char *kind, *state;
	struct bp_opt_int limit, after;
};
BP_SHAPE(job_query, query,
	BP_STR(query, kind, BP_NUL, 1, 24, "only this kind"),
	BP_ENUM(query, state, BP_NUL, states, "only in this state"),
	BP_INT(query, limit, BP_NUL, 1, BP_PAGE_MOST, "rows a page"),
	BP_INT(query, after, BP_NUL, 1, 9e15, "cursor"));

static const char *const steps[] = {"begun", "step", "again", "stop_wanted", "retried", "done", "failed", "cancelled", NULL};
struct entry {
	int64_t at, attempt;
	const char *what, *text;
};
static const struct bp_field entry_fields[] = {
	BP_TIME(entry, at, BP_REQ, "when"),
	BP_INT(entry, attempt, BP_REQ, 0, 65535, "of which attempt; 0 = of none"),
	BP_ENUM(entry, what, BP_REQ, steps, "what happened"),
	BP_STR(entry, text, BP_REQ, 0, 1000, "the machine where it begun, the step, or what went wrong"),
};
static const struct bp_shape entry_shape = {"job_log_entry", sizeof(struct entry), entry_fields, sizeof(entry_fields) / sizeof(*entry_fields), 0};
BP_SHAPE(job_log, page,
	BP_LIST(page, items, BP_REQ, BP_PAGE_MOST, &entry_shape, "what happened, in its order"),
	BP_STR(page, next, BP_NUL, 0, 20, "cursor of the next page"));
BP_SHAPE(job_log_query, bp_page_query,
	BP_INT(bp_page_query, limit, BP_NUL, 1, BP_PAGE_MOST, "rows a page"),
	BP_INT(bp_page_query, after, BP_NUL, 1, 9e15, "cursor"));

struct bp_job_error *bp_job_error_of(struct bp_arena *a, const char *code, const char *detail)
{
	struct bp_job_error *e;

	if (!code)
		return NULL;
	e = bp_alloc(a, sizeof(*e));
	*e = (struct bp_job_error){code, code, detail};
	for (int i = 0; i < BP_E__MAX; i++)
		if (!strcmp(bp_errors[i].code, code))
			e->message = bp_errors[i].message;
	return e;
}

/* Two queries give rows of the same columns. */
#define JOB_OF(a, r) \
	((struct bp_job_out){(r).id, (r).kind, (r).state, (r).subject, (r).territory, (r).percent, (r).step, (r).progress, \
		(r).result, bp_job_error_of(a, (r).error_code, (r).error_detail), (r).by, (r).created_at, (r).started_at, (r).finished_at})

enum bp_error bp_job_read(struct bp_req *rq, uint64_t id)
{
	struct bp_job_out *j = bp_alloc(rq->arena, sizeof(*j));
	struct q_job_get r;
	enum bp_error e = q_job_get(rq->db, rq->arena, (int64_t)id, &r);

	if (e)
		return e;
	*j = JOB_OF(rq->arena, r);
	rq->reply = j;
	return BP_E_OK;
}

static enum bp_error get(struct bp_req *rq)
{
	return bp_job_read(rq, rq->arg[0]);
}

static enum bp_error read_log(struct bp_req *rq)
{
	const struct bp_page_query *q = rq->query;
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	int64_t limit = bp_page_limit(q->limit);
	struct q_job_log *r = NULL;
	struct entry *v;
	size_t n = 0;
	enum bp_error e = q_job_log(rq->db, rq->arena, (int64_t)rq->arg[0], q->after.set ? q->after.v : 0, limit, &r, &n);

	v = bp_alloc_array(rq->arena, n + 1, sizeof(*v));
	for (size_t i = 0; i < n; i++)
		v[i] = (struct entry){r[i].at, r[i].attempt, r[i].what, r[i].text};
	*p = (struct page){{v, n}, n ? bp_page_next(rq->arena, n, limit, r[n - 1].id) : NULL};
	rq->reply = p;
	return e;
}

/* To design units, to publish and to undo them is another right than to optimise. */
static enum bp_error may_design(struct bp_req *rq, const struct q_job_get *j)
{
	return strncmp(j->kind, "TERRITORY_", 10) ? BP_E_OK : bp_req_need(rq, BP_PERM_MANAGE_TERRITORIES, rq->territory);
}

static enum bp_error cancel(struct bp_req *rq)
{
	struct q_job_get j;
	enum bp_error e = q_job_get(rq->db, rq->arena, (int64_t)rq->arg[0], &j);

	if (!e)
		e = may_design(rq, &j);
	if (!e)
		e = bp_job_cancel(rq->db, rq->arg[0]);
	rq->audit.resource_type = "job";
	return e ? e : get(rq);
}

/* An import needs the right to import, whoever may try the other kinds again. */
static enum bp_error retry(struct bp_req *rq)
{
	struct q_job_get j;
	enum bp_error e = q_job_get(rq->db, rq->arena, (int64_t)rq->arg[0], &j);

	if (!e && !strncmp(j.kind, "IMPORT_", 7))
		e = bp_req_need(rq, BP_PERM_IMPORT_DATA, 0);
	if (!e)
		e = may_design(rq, &j);
	if (!e)
		e = bp_job_retry(rq->db, rq->arena, rq->arg[0], &rq->fail);
	rq->audit.resource_type = "job";
	return e ? e : get(rq);
}

static enum bp_error read_jobs(struct bp_req *rq, const struct query *q, struct bp_opt_int user, int64_t limit, struct bp_list *out)
{
	struct q_job_list *r;
	struct bp_job_out *v;
	size_t n;
	enum bp_error e = q_job_list(rq->db, rq->arena, q->kind, q->state, user, q->after.set ? q->after.v : INT64_MAX, limit, &r, &n);

	v = bp_alloc_array(rq->arena, n, sizeof(*v));
	for (size_t i = 0; i < n && !e; i++)
		v[i] = JOB_OF(rq->arena, r[i]);
	*out = (struct bp_list){v, n};
	return e;
}

enum bp_error bp_jobs_of(struct bp_req *rq, uint64_t user, int most, struct bp_list *out)
{
	return read_jobs(rq, &(struct query){0}, BP_SOME_INT(user), most, out);
}

/* One's own jobs; an administrator sees all. */
static enum bp_error list(struct bp_req *rq)
{
	bool all = rq->user.world & BP_PERM_BIT(BP_PERM_ADMIN_SYSTEM);
	struct query *q = rq->query;
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	int64_t limit = bp_page_limit(q->limit);
	enum bp_error e = read_jobs(rq, q, all ? BP_NO_INT : BP_SOME_INT(rq->user.id), limit, &p->items);
	const struct bp_job_out *v = p->items.v;

	p->next = p->items.n ? bp_page_next(rq->arena, p->items.n, limit, v[p->items.n - 1].id) : NULL;
	rq->reply = p;
	return e;
}

static const struct bp_endpoint ep[] = {
	{"GET", "/jobs", "List my jobs, or all for an administrator", BP_SCOPE_SELF, 0, 0, .query = &job_query,
		.reply = &job_page, .handle = list},
	{"GET", "/jobs/{id}", "Read a job", BP_SCOPE_JOB, BP_PERM_VIEW_TERRITORY, 0, .reply = &bp_job_shape,
		.fails = {BP_E_NOT_FOUND}, .handle = get},
	{"GET", "/jobs/{id}/log", "Read what a job did, and when", BP_SCOPE_JOB, BP_PERM_VIEW_TERRITORY, 0, .query = &job_log_query, .reply = &job_log,
		.fails = {BP_E_NOT_FOUND}, .handle = read_log},
	{"POST", "/jobs/{id}/cancel", "Stop a job; an optimisation keeps its best plan", BP_SCOPE_JOB,
		BP_PERM_OPTIMIZE_ROUTES, 0, .reply = &bp_job_shape, .audit = BP_ACTION_JOB_CANCEL, .fails = {BP_E_NOT_FOUND},
		.handle = cancel},
	{"POST", "/jobs/{id}/retry", "Try a failed job again from where it stood", BP_SCOPE_JOB, BP_PERM_OPTIMIZE_ROUTES, 0, .reply = &bp_job_shape,
		.audit = BP_ACTION_JOB_RETRY, .fails = {BP_E_NOT_FOUND, BP_E_CONFLICT, BP_E_IMPORT_STATE}, .handle = retry},
};
BP_RESOURCE(jobs, ep);
