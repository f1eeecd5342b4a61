/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_audit.c - the audit trail, newest first. */
#include <sodium.h>
#include <string.h>

#include "audit/trail.h"
#include "base/time.h"
#include "cgi/endpoint.h"

struct change {
	const char *field, *old, *new;
};
BP_SHAPE(audit_change_out, change,
	BP_STR(change, field, BP_REQ, 1, 64, "field"),
	BP_STR(change, old, BP_NUL, 0, 1000, "value before"),
	BP_STR(change, new, BP_NUL, 0, 1000, "value after"));

struct event {
	int64_t id, at, resource_id, session;
	const char *user, *action, *label, *resource_type, *territory, *reason, *ip, *agent, *channel, *correlation;
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
	BP_STR(event, agent, BP_REQ, 0, 255, "by what: the browser or program as it names itself; before it 'key N NAME; ' or 'token N NAME; ' of a program's, 'looking as user N; ' of who looks through the eyes of another"),
	BP_STR(event, channel, BP_REQ, 0, 4, "sales channel, where it is about one"),
	BP_INT(event, session, BP_REQ, 0, 9e15, "draft or import that it was done in; 0 = none"),
	BP_STR(event, correlation, BP_REQ, 0, 40, "correlation id, to be looked for in the logs"),
	BP_LIST(event, changes, BP_REQ, BP_AUDIT_CHANGES_MOST, &audit_change_out, "fields that changed"));

struct page {
	struct bp_list items;
	const char *next;
};
BP_SHAPE(audit_page, page,
	BP_LIST(page, items, BP_REQ, BP_PAGE_MOST, &audit_event_out, "events, newest first"),
	BP_STR(page, next, BP_NUL, 0, 20, "cursor of the next page"));

struct query {
	const char *action, *who, *resource_type, *format;
	struct bp_opt_int user, resource_id, from, to, limit, after;
};
#define FILTERS \
	BP_STR(query, action, BP_NUL, 1, 40, "only this action"), \
	BP_INT(query, user, BP_NUL, 0, 9e15, "only this user"), \
	BP_STR(query, who, BP_NUL, 1, 100, "part of the name or user name of who did it"), \
	BP_STR(query, resource_type, BP_NUL, 1, 24, "only this kind of thing"), \
	BP_INT(query, resource_id, BP_NUL, 0, 9e15, "only this thing"), \
	BP_DATE(query, from, BP_NUL, "first day, UTC"), \
	BP_DATE(query, to, BP_NUL, "last day, UTC")
BP_SHAPE(audit_query, query, FILTERS,
	BP_INT(query, limit, BP_NUL, 1, BP_PAGE_MOST, "rows a page"),
	BP_INT(query, after, BP_NUL, 1, 9e15, "cursor"));
BP_SHAPE(audit_export_query, query, FILTERS,
	BP_ENUM(query, format, BP_REQ, bp_audit_formats, "form of the file"));

static struct bp_audit_filter filter_of(const struct query *q)
{
	return (struct bp_audit_filter){q->action, q->who, q->resource_type, q->user, q->resource_id, q->from, q->to};
}

static enum bp_error list(struct bp_req *rq)
{
	struct query *q = rq->query;
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	struct bp_audit_filter f = filter_of(q);
	struct bp_audit_entry *r;
	struct event *v;
	size_t n = 0;
	enum bp_error e = bp_audit_page(rq->db, rq->arena, &f, q->after.set ? q->after.v : INT64_MAX, bp_page_limit(q->limit), &r, &n);

	v = bp_alloc_array(rq->arena, n, sizeof(*v));
	for (size_t i = 0; i < n && !e; i++) {
		struct change *changes = bp_alloc_array(rq->arena, r[i].n, sizeof(*changes));

		for (size_t j = 0; j < r[i].n; j++)
			changes[j] = (struct change){r[i].change[j].field, r[i].change[j].old_value, r[i].change[j].new_value};
		v[i] = (struct event){r[i].e.id, r[i].e.at, r[i].e.resource_id, r[i].e.session_id, r[i].e.user, r[i].e.action, bp_audit_label(r[i].e.action),
			r[i].e.resource_type, r[i].e.territory, r[i].e.reason, r[i].e.ip, r[i].e.agent, r[i].e.channel, r[i].e.correlation, {changes, r[i].n}};
	}
	p->items = (struct bp_list){v, n};
	p->next = n && !e ? bp_page_next(rq->arena, n, bp_page_limit(q->limit), r[n - 1].e.id) : NULL;
	rq->reply = p;
	return e;
}

static bool write_part(void *ctx, const char *data, size_t n)
{
	return bp_req_write(ctx, data, n);
}

static enum bp_error download(struct bp_req *rq)
{
	struct query *q = rq->query;
	struct bp_audit_filter f = filter_of(q);
	enum bp_audit_format format = strcmp(q->format, "xml") ? BP_AUDIT_CSV : BP_AUDIT_XML;

	rq->audit.resource_type = "audit";
	bp_req_begin_type(rq, bp_audit_media(format), bp_sprintf(rq->arena, "audit.%s", q->format));
	return bp_audit_export(rq->db, &f, format, write_part, rq);
}

struct chain {
	int64_t seal, event, waiting, archives;
	struct bp_opt_int sealed_at, archived_until;
	const char *head;
};
BP_SHAPE(audit_chain, chain,
	BP_INT(chain, seal, BP_REQ, 0, 9e15, "number of the newest seal; 0 = nothing is sealed"),
	BP_INT(chain, event, BP_REQ, 0, 9e15, "the event it closes"),
	BP_TIME(chain, sealed_at, BP_NUL, "when"),
	BP_STR(chain, head, BP_NUL, 64, 64, "the seal itself, in hexadecimal: what to note down elsewhere"),
	BP_INT(chain, waiting, BP_REQ, 0, 9e15, "events whose turn to be sealed has not come"),
	BP_INT(chain, archives, BP_REQ, 0, 9e15, "months that lie in archives"),
	BP_TIME(chain, archived_until, BP_NUL, "newest event in an archive"));

static enum bp_error get_chain(struct bp_req *rq)
{
	struct chain *c = bp_alloc(rq->arena, sizeof(*c));
	struct q_audit_seal_last last;
	struct q_audit_waiting waiting;
	struct q_audit_archives *r;
	size_t n = 0;
	enum bp_error e = q_audit_seal_last(rq->db, rq->arena, &last);

	*c = (struct chain){0};
	if (!e) {
		char *hex = bp_alloc(rq->arena, 65);

		sodium_bin2hex(hex, 65, last.hash.p, last.hash.n < 32 ? last.hash.n : 32);
		*c = (struct chain){.seal = last.seal, .event = last.event_id, .sealed_at = BP_SOME_INT(last.sealed_at), .head = hex};
	}
	if (!e || e == BP_E_NOT_FOUND)
		e = q_audit_waiting(rq->db, rq->arena, c->event, bp_now(), &waiting);
	if (!e)
		e = q_audit_archives(rq->db, rq->arena, &r, &n);
	if (e)
		return e;
	c->waiting = waiting.n;
	c->archives = (int64_t)n;
	if (n)
		c->archived_until = BP_SOME_INT(r[n - 1].newest);
	rq->reply = c;
	return BP_E_OK;
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
	{"GET", "/audit", "Read the audit trail", BP_SCOPE_WORLD, BP_PERM_VIEW_AUDIT, BP_EP_MAY_LAG, .query = &audit_query,
		.reply = &audit_page, .handle = list},
	{"GET", "/audit/export", "The audit trail as a file, a row for each change", BP_SCOPE_WORLD, BP_PERM_VIEW_AUDIT, BP_EP_STREAM_OUT,
		.query = &audit_export_query, .media = "text/csv", .audit = BP_ACTION_AUDIT_EXPORT, .handle = download},
	{"GET", "/audit/chain", "How far the audit trail is sealed and archived", BP_SCOPE_WORLD, BP_PERM_VIEW_AUDIT, BP_EP_MAY_LAG, .reply = &audit_chain,
		.handle = get_chain},
};
BP_RESOURCE(audit, ep);
