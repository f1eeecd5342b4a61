/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_comments.c - what people say of a plan, its versions, and what stands in them. */
#include "cgi/of_plan.h"
#include "queries.h"

struct comment_query {
	struct bp_opt_int version, limit, after;
};
BP_SHAPE(comment_query, comment_query,
	BP_INT(comment_query, version, BP_NUL, 1, 9e15, "only what was said of this version"),
	BP_INT(comment_query, limit, BP_NUL, 1, BP_PAGE_MOST, "comments a page"),
	BP_INT(comment_query, after, BP_NUL, 0, 9e15, "cursor"));
struct comment {
	int64_t id, at;
	struct bp_opt_int version_id, number, base_id, need, seat, day;
	const char *text, *user;
	bool mine;
};
BP_SHAPE(comment_shape, comment,
	BP_INT(comment, id, BP_REQ, 1, 9e15, "comment"),
	BP_INT(comment, version_id, BP_NUL, 1, 9e15, "of this version; null = of the plan, whichever version"),
	BP_INT(comment, number, BP_NUL, 0, 9e15, "number of the version"),
	BP_INT(comment, base_id, BP_NUL, 1, 9e15, "on what becomes of the need between this version and that one"),
	BP_INT(comment, need, BP_NUL, 1, 9e15, "on this need; null = not on one"),
	BP_INT(comment, seat, BP_NUL, 1, 9e15, "on this seat"),
	BP_INT(comment, day, BP_NUL, 0, 55, "on this cycle day"),
	BP_STR(comment, text, BP_REQ, 1, 1000, "what was said"),
	BP_STR(comment, user, BP_NUL, 0, 120, "by whom"),
	BP_BOOL(comment, mine, BP_REQ, "you said it: you may take it back"),
	BP_TIME(comment, at, BP_REQ, "when"));
BP_SHAPE(comment_body, comment,
	BP_INT(comment, version_id, BP_NUL, 1, 9e15, "of this version; without: of the plan, and then on a need, a seat or a day"),
	BP_INT(comment, base_id, BP_NUL, 1, 9e15, "on what becomes of the need between this version and that one"),
	BP_INT(comment, need, BP_NUL, 1, 9e15, "on this need"),
	BP_INT(comment, seat, BP_NUL, 1, 9e15, "on this seat"),
	BP_INT(comment, day, BP_NUL, 0, 55, "on this cycle day"),
	BP_STR(comment, text, BP_REQ, 1, 1000, "what is to be said"));
struct page {
	struct bp_list items;
	const char *next;
};
BP_SHAPE(comment_page, page,
	BP_LIST(page, items, BP_REQ, BP_PAGE_MOST, &comment_shape, "comments, oldest first"),
	BP_STR(page, next, BP_NUL, 0, 20, "cursor of the next page"));

static enum bp_error read_comments(struct bp_req *rq, struct bp_opt_int version, int64_t after, int64_t limit, struct page *p)
{
	struct q_comments_of *r = NULL;
	struct comment *v;
	size_t n = 0;
	enum bp_error e = q_comments_of(rq->db, rq->arena, (int64_t)rq->arg[0], version, after, limit, &r, &n);

	v = bp_alloc_array(rq->arena, n + 1, sizeof(*v));
	for (size_t i = 0; i < n; i++)
		v[i] = (struct comment){.id = r[i].id, .at = r[i].at, .version_id = r[i].version, .number = r[i].number, .base_id = r[i].base, .need = r[i].need,
			.seat = r[i].seat, .day = r[i].day, .text = r[i].text, .user = r[i].user, .mine = r[i].user_id == (int64_t)rq->user.id};
	*p = (struct page){{v, n}, bp_page_next(rq->arena, n, limit, n ? r[n - 1].id : 0)};
	return e;
}

static enum bp_error comments(struct bp_req *rq)
{
	const struct comment_query *q = rq->query;
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	enum bp_error e = q->version.set ? bp_version_of_plan(rq, q->version.v) : BP_E_OK;

	rq->reply = p;
	return e ? e : read_comments(rq, q->version, q->after.v, bp_page_limit(q->limit), p);
}

/* A comment is on something that is there, so that somebody finds it again. */
static enum bp_error check_subject(struct bp_req *rq, const struct comment *in)
{
	struct q_comment_subject s;
	enum bp_error e = BP_E_OK;

	if (!in->version_id.set && !in->need.set && !in->seat.set && !in->day.set)
		return bp_req_field(rq, "/versionId", "is required unless it is on a need, a seat or a day");
	if (in->base_id.set && (!in->version_id.set || !in->need.set || in->base_id.v == in->version_id.v))
		return bp_req_field(rq, "/baseId", "names another version than versionId, and goes with a need");
	if (in->version_id.set)
		e = bp_version_of_plan(rq, in->version_id.v);
	if (!e && in->base_id.set)
		e = bp_version_of_plan(rq, in->base_id.v);
	if (!e)
		e = q_comment_subject(rq->db, rq->arena, (int64_t)rq->arg[0], in->version_id, in->base_id, in->need, in->seat, &s);
	if (!e && !s.need_known)
		e = bp_req_field(rq, "/need", "is none of this plan");
	if (!e && !s.seat_known)
		e = bp_req_field(rq, "/seat", "is none of this plan");
	if (!e && in->day.set && in->day.v >= s.days)
		e = bp_req_field(rq, "/day", "is beyond the cycle");
	return e;
}

static enum bp_error comment(struct bp_req *rq)
{
	const struct comment *in = rq->body;
	struct page made = {0};
	enum bp_error e = check_subject(rq, in);

	if (!e)
		e = q_comment_add(rq->db, (int64_t)rq->arg[0], in->version_id, in->base_id, in->need, in->seat, in->day, in->text, (int64_t)rq->user.id, NULL);
	if (!e)
		e = read_comments(rq, in->version_id, (int64_t)bp_db_insert_id(rq->db) - 1, 1, &made);
	rq->audit.resource_type = "plan";
	rq->audit.channel = rq->channel;
	bp_audit_change(&rq->audit, "comment", NULL, in->text);
	rq->reply = (void *)made.items.v;
	return e;
}

/* Only whoever said it: others answer. */
static enum bp_error unsay(struct bp_req *rq)
{
	struct q_comment_get c;
	enum bp_error e = q_comment_get(rq->db, rq->arena, (int64_t)rq->arg[1], (int64_t)rq->arg[0], &c);

	if (!e && c.user_id != (int64_t)rq->user.id)
		e = bp_fail(&rq->fail, BP_E_AUTH_PERMISSION, "somebody else said it");
	if (!e)
		e = q_comment_drop(rq->db, (int64_t)rq->arg[1], NULL);
	rq->audit.resource_type = "plan";
	rq->audit.channel = rq->channel;
	if (!e)
		bp_audit_change(&rq->audit, "comment", c.text, NULL);
	return e;
}

static const struct bp_endpoint ep[] = {
	{"GET", "/plans/{id}/comments", "What was said of a plan, or of one version", BP_SCOPE_PLAN, BP_PERM_VIEW_TERRITORY, 0, .query = &comment_query,
		.reply = &comment_page, .fails = {BP_E_NOT_FOUND}, .handle = comments},
	{"POST", "/plans/{id}/comments", "Say something of a version, of a change between two, or of a need, a seat or a day", BP_SCOPE_PLAN,
		BP_PERM_VIEW_TERRITORY, 0, .body = &comment_body, .reply = &comment_shape, .audit = BP_ACTION_PLAN_COMMENT, .fails = {BP_E_NOT_FOUND}, .handle = comment},
	{"DELETE", "/plans/{id}/comments/{comment}", "Take back what you said", BP_SCOPE_PLAN, BP_PERM_VIEW_TERRITORY, 0,
		.audit = BP_ACTION_PLAN_UNSAY, .fails = {BP_E_NOT_FOUND}, .handle = unsay},
};
BP_RESOURCE(comments, ep);
