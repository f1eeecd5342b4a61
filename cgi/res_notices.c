/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_notices.c - what I am told, and asking for somebody's lock. */
#include <string.h>

#include "cgi/endpoint.h"
#include "lock/lock.h"
#include "notice/notice.h"
#include "queries.h"

struct notice {
	int64_t id, territory_id, at;
	const char *kind, *what, *territory, *channel, *from, *text;
	bool seen;
};
BP_SHAPE(notice_shape, notice,
	BP_INT(notice, id, BP_REQ, 1, 9e15, "notice"),
	BP_STR(notice, kind, BP_REQ, 1, 24, "LOCK_ASKED, LOCK_KEPT, LOCK_FREE, LOCK_BROKEN, RULE_OVERRIDDEN, PLAN_COMMITTED, PLAN_SUBMITTED, PLAN_APPROVED, PLAN_SENT_BACK, PLAN_WITHDRAWN, PROGRAM_ENDED, ALARM_BEGAN, ALARM_STANDS, ALARM_ENDED"),
	BP_STR(notice, what, BP_REQ, 1, 200, "the same in words"),
	BP_INT(notice, territory_id, BP_REQ, 0, 9e15, "territory, 0 = none"),
	BP_STR(notice, territory, BP_NUL, 0, 120, "its name"),
	BP_STR(notice, channel, BP_REQ, 0, 4, "channel"),
	BP_STR(notice, from, BP_NUL, 0, 120, "who did it"),
	BP_STR(notice, text, BP_REQ, 0, 500, "in their own words, or of which alarm, with its machine in brackets"),
	BP_TIME(notice, at, BP_REQ, "when"),
	BP_BOOL(notice, seen, BP_REQ, "was read"));
struct page {
	struct bp_list items;
	int64_t unread;
	bool mail;
	const char *next;
};
BP_SHAPE(notice_page, page,
	BP_LIST(page, items, BP_REQ, BP_PAGE_MOST, &notice_shape, "newest first"),
	BP_INT(page, unread, BP_REQ, 0, 9e15, "how many are not read"),
	BP_BOOL(page, mail, BP_REQ, "they come by mail too, where the account has an address"),
	BP_STR(page, next, BP_NUL, 0, 20, "cursor of the next page"));
BP_SHAPE(notice_query, bp_page_query,
	BP_INT(bp_page_query, limit, BP_NUL, 1, BP_PAGE_MOST, "rows a page"),
	BP_INT(bp_page_query, after, BP_NUL, 1, 9e15, "cursor"));
struct read_body {
	int64_t upto;
};
BP_SHAPE(notice_read_body, read_body,
	BP_INT(read_body, upto, BP_REQ, 1, 9e15, "the newest that was read"));

static const char *words_of(const char *kind)
{
	for (int i = 0; i < BP_NOTICE__MAX; i++)
		if (!strcmp(bp_notices[i].name, kind))
			return bp_notices[i].what;
	return kind;
}

static enum bp_error read_page(struct bp_req *rq, int64_t before, int64_t limit)
{
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	struct q_notice_count c = {0};
	struct q_notice_mail_get mail = {0};
	struct q_notices *r = NULL;
	struct notice *v;
	size_t n = 0;
	enum bp_error e = q_notices(rq->db, rq->arena, (int64_t)rq->user.id, before, limit, &r, &n);

	if (!e)
		e = q_notice_count(rq->db, rq->arena, (int64_t)rq->user.id, &c);
	if (!e)
		e = q_notice_mail_get(rq->db, rq->arena, (int64_t)rq->user.id, &mail);
	v = bp_alloc_array(rq->arena, n + 1, sizeof(*v));
	for (size_t i = 0; i < n; i++)
		v[i] = (struct notice){r[i].id, r[i].territory_id, r[i].at, r[i].kind, words_of(r[i].kind), r[i].territory, r[i].channel, r[i].from_name,
			r[i].text, r[i].seen};
	*p = (struct page){{v, n}, c.n, mail.wanted, n ? bp_page_next(rq->arena, n, limit, r[n - 1].id) : NULL};
	rq->reply = p;
	return e;
}

static enum bp_error list(struct bp_req *rq)
{
	struct bp_page_query *q = rq->query;

	return read_page(rq, q->after.set ? q->after.v : INT64_MAX, bp_page_limit(q->limit));
}

static enum bp_error mark(struct bp_req *rq)
{
	enum bp_error e = q_notice_read(rq->db, (int64_t)rq->user.id, ((struct read_body *)rq->body)->upto, NULL);

	return e ? e : read_page(rq, INT64_MAX, BP_PAGE_DEFAULT);
}

struct mail_body {
	bool mail;
};
BP_SHAPE(notice_mail_body, mail_body,
	BP_BOOL(mail_body, mail, BP_REQ, "send them by mail too"));

static enum bp_error set_mail(struct bp_req *rq)
{
	bool wanted = ((struct mail_body *)rq->body)->mail;
	enum bp_error e = q_notice_mail_put(rq->db, (int64_t)rq->user.id, wanted, NULL);

	rq->audit.resource_type = "user";
	rq->audit.resource_id = rq->user.id;
	bp_audit_change(&rq->audit, "mail", NULL, wanted ? "on" : "off");
	return e ? e : read_page(rq, INT64_MAX, BP_PAGE_DEFAULT);
}

struct ask_body {
	const char *channel, *text;
};
BP_SHAPE(lock_ask_body, ask_body,
	BP_ENUM(ask_body, channel, BP_REQ, bp_channels, "channel"),
	BP_STR(ask_body, text, BP_NUL, 0, 500, "why it is wanted, or kept"));
struct ask_reply {
	const char *holder;
};
BP_SHAPE(lock_ask_reply, ask_reply,
	BP_STR(ask_reply, holder, BP_REQ, 0, 120, "who was asked"));

/* The holder is told; the lock stays until it is given up or broken. */
static enum bp_error ask(struct bp_req *rq)
{
	const struct ask_body *in = rq->body;
	struct ask_reply *r = bp_alloc(rq->arena, sizeof(*r));
	struct bp_lock lock;
	enum bp_error e = bp_req_need_channel(rq, in->channel, rq->territory);

	if (!e)
		e = bp_lock_get(rq->db, rq->arena, rq->territory, in->channel, &lock);
	if (e == BP_E_NOT_FOUND)
		return bp_fail(&rq->fail, e, "nobody holds it: lock it yourself");
	if (!e && lock.user == rq->user.id)
		return bp_fail(&rq->fail, BP_E_CONFLICT, "you hold it yourself");
	if (!e)
		e = bp_notice_tell(rq->db, BP_NOTICE_LOCK_ASKED, lock.user,
			&(struct bp_notice_of){rq->territory, rq->user.id, in->channel, in->text});
	r->holder = e ? "" : lock.holder;
	rq->audit.resource_type = "territory";
	rq->audit.channel = in->channel;
	rq->audit.reason = in->text;
	rq->reply = r;
	return e;
}

/* The lock stays as it is; who asked need not wait in the dark. */
static enum bp_error keep(struct bp_req *rq)
{
	const struct ask_body *in = rq->body;
	struct bp_lock lock;
	enum bp_error e = bp_req_need_channel(rq, in->channel, rq->territory);

	if (!e)
		e = bp_lock_get(rq->db, rq->arena, rq->territory, in->channel, &lock);
	if (e == BP_E_NOT_FOUND || (!e && lock.user != rq->user.id))
		return bp_fail(&rq->fail, BP_E_NOT_FOUND, "you do not hold it: there is nothing to keep");
	if (!e)
		e = bp_notice_lock_kept(rq->db, &(struct bp_notice_of){rq->territory, rq->user.id, in->channel, in->text});
	rq->audit.resource_type = "territory";
	rq->audit.channel = in->channel;
	rq->audit.reason = in->text;
	return e ? e : read_page(rq, INT64_MAX, BP_PAGE_DEFAULT);
}

static const struct bp_endpoint ep[] = {
	{"GET", "/notices", "What I am told", BP_SCOPE_SELF, 0, 0, .query = &notice_query, .reply = &notice_page, .handle = list},
	{"POST", "/notices/read", "Mark what I have read", BP_SCOPE_SELF, 0, 0, .body = &notice_read_body, .reply = &notice_page,
		.audit = BP_ACTION_NOTICE_READ, .handle = mark},
	{"PUT", "/notices/mail", "Say whether notices come by mail too", BP_SCOPE_SELF, 0, BP_EP_PERSON, .body = &notice_mail_body, .reply = &notice_page,
		.audit = BP_ACTION_NOTICE_MAIL, .feature = BP_SETTING_notice_mail, .handle = set_mail},
	{"POST", "/territories/{id}/lock/ask", "Ask whoever holds the lock to hand it over", BP_SCOPE_TERRITORY, BP_PERM_PLAN_GT_ROUTES,
		BP_EP_PLAN_CHANNEL, .body = &lock_ask_body, .reply = &lock_ask_reply, .audit = BP_ACTION_LOCK_ASK,
		.fails = {BP_E_NOT_FOUND, BP_E_CONFLICT}, .handle = ask},
	{"POST", "/territories/{id}/lock/keep", "Say to those who asked for my lock that I keep it for now", BP_SCOPE_TERRITORY, BP_PERM_PLAN_GT_ROUTES,
		BP_EP_PLAN_CHANNEL, .body = &lock_ask_body, .reply = &notice_page, .audit = BP_ACTION_LOCK_KEEP, .fails = {BP_E_NOT_FOUND}, .handle = keep},
};
BP_RESOURCE(notices, ep);
