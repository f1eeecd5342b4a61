/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_audit.c - the audit trail, newest first. */
#include <string.h>

#include "cgi/endpoint.h"
#include "queries.h"

struct change {
	const char *field, *old, *new;
};
BP_SHAPE(audit_change_out, change,
	BP_STR(change, field, BP_REQ, 1, 64, "field"),
	BP_STR(change, old, BP_NUL, 0, 1000, "value before"),
	BP_STR(change, new, BP_NUL, 0, 1000, "value after"));

struct event {
	int64_t id, at, resource_id;
	const char *user, *action, *label, *resource_type, *territory, *reason, *ip;
	struct bp_list changes;
};
BP_SHAPE(audit_event_out, event,
	BP_INT(event, id, BP_REQ, 1, 9e15, "event"),
	BP_TIME(event, at, BP_REQ, "when"),
	BP_STR(event, user, BP_NUL, 0, 120, "who; null = the system itself"),
	BP_STR(event, action, BP_REQ, 1, 40, "what, as a code"),
	BP_STR(event, label, BP_REQ, 0, 80, "what, in words"),
	BP_STR(event, resource_type, BP_REQ, 0, 24, "on what kind of thing"),
	BP_INT(event, resource_id, BP_REQ, 0, 9e15, "on which"),
	BP_STR(event, territory, BP_NUL, 0, 120, "where, in words"),
	BP_STR(event, reason, BP_REQ, 0, 500, "why, as the person said"),
	BP_STR(event, ip, BP_REQ, 0, 45, "from where"),
	BP_LIST(event, changes, BP_REQ, BP_AUDIT_CHANGES_MOST, &audit_change_out, "fields that changed"));

struct page {
	struct bp_list items;
	const char *next;
};
BP_SHAPE(audit_page, page,
	BP_LIST(page, items, BP_REQ, BP_PAGE_MOST, &audit_event_out, "events, newest first"),
	BP_STR(page, next, BP_NUL, 0, 20, "cursor of the next page"));

struct query {
	const char *action, *who, *resource_type;
	struct bp_opt_int user, resource_id, from, to, limit, after;
};
BP_SHAPE(audit_query, query,
	BP_STR(query, action, BP_NUL, 1, 40, "only this action"),
	BP_INT(query, user, BP_NUL, 0, 9e15, "only this user"),
	BP_STR(query, who, BP_NUL, 1, 100, "part of the name or user name of who did it"),
	BP_STR(query, resource_type, BP_NUL, 1, 24, "only this kind of thing"),
	BP_INT(query, resource_id, BP_NUL, 0, 9e15, "only this thing"),
	BP_DATE(query, from, BP_NUL, "first day, UTC"),
	BP_DATE(query, to, BP_NUL, "last day, UTC"),
	BP_INT(query, limit, BP_NUL, 1, BP_PAGE_MOST, "rows a page"),
	BP_INT(query, after, BP_NUL, 1, 9e15, "cursor"));

static const char *label_of(const char *action)
{
	for (int i = 0; i < BP_ACTION__MAX; i++)
		if (!strcmp(bp_actions[i].name, action))
			return bp_actions[i].what;
	return action;
}

static enum bp_error list(struct bp_req *rq)
{
	struct query *q = rq->query;
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	struct q_audit_list *r;
	struct event *v;
	size_t n;
	enum bp_error e = q_audit_list(rq->db, rq->arena, q->action, q->user, q->who, q->resource_type, q->resource_id, q->from, q->to,
		q->after.set ? q->after.v : INT64_MAX, bp_page_limit(q->limit), &r, &n);

	v = bp_alloc_array(rq->arena, n, sizeof(*v));
	for (size_t i = 0; i < n && !e; i++) {
		struct q_audit_changes *c;
		struct change *changes;
		size_t k;

		e = q_audit_changes(rq->db, rq->arena, r[i].id, &c, &k);
		changes = bp_alloc_array(rq->arena, k, sizeof(*changes));
		for (size_t j = 0; j < k; j++)
			changes[j] = (struct change){c[j].field, c[j].old_value, c[j].new_value};
		v[i] = (struct event){r[i].id, r[i].at, r[i].resource_id, r[i].user, r[i].action, label_of(r[i].action),
			r[i].resource_type, r[i].territory, r[i].reason, r[i].ip, {changes, k}};
	}
	p->items = (struct bp_list){v, n};
	p->next = n ? bp_page_next(rq->arena, n, bp_page_limit(q->limit), r[n - 1].id) : NULL;
	rq->reply = p;
	return e;
}

struct action {
	const char *action, *label;
};
BP_SHAPE(audit_action, action,
	BP_STR(action, action, BP_REQ, 1, 40, "code, as in events and in the filter"),
	BP_STR(action, label, BP_REQ, 1, 80, "in words"));
BP_SHAPE(audit_action_page, page,
	BP_LIST(page, items, BP_REQ, BP_ACTION__MAX, &audit_action, "all that the trail can say"),
	BP_STR(page, next, BP_NUL, 0, 20, "always null"));

static enum bp_error list_actions(struct bp_req *rq)
{
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	struct action *v = bp_alloc_array(rq->arena, BP_ACTION__MAX, sizeof(*v));

	for (int i = 1; i < BP_ACTION__MAX; i++)
		v[i - 1] = (struct action){bp_actions[i].name, bp_actions[i].what};
	p->items = (struct bp_list){v, BP_ACTION__MAX - 1};
	rq->reply = p;
	return BP_E_OK;
}

static const struct bp_endpoint ep[] = {
	{"GET", "/audit/actions", "List what the audit trail can say", BP_SCOPE_WORLD, BP_PERM_VIEW_AUDIT, 0,
		.reply = &audit_action_page, .handle = list_actions},
	{"GET", "/audit", "Read the audit trail", BP_SCOPE_WORLD, BP_PERM_VIEW_AUDIT, 0, .query = &audit_query,
		.reply = &audit_page, .handle = list},
};
BP_RESOURCE(audit, ep);
