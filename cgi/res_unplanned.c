/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_unplanned.c - the outlets of a territory that are not planned, why, and leaving more of them out. */
#include <string.h>

#include "base/time.h"
#include "cgi/endpoint.h"
#include "db/journal.h"
#include "queries.h"

enum { LEFT_OUT_MOST = 2000 };

static const char *const reasons[] = {"BLACKLIST", "UNIVERSE", "WHOLESALE", "DORMANT", "CLOSED", "NO_NEED", "WHOLESALE_OFF", NULL};
struct reason {
	const char *reason;
	int64_t outlets;
};
BP_SHAPE(unplanned_reason, reason,
	BP_ENUM(reason, reason, BP_REQ, reasons, "it is on the blacklist; its status is no business of ours yet, served by a wholesaler, dormant or closed; it asks for nothing; the parameters keep wholesalers out"),
	BP_INT(reason, outlets, BP_REQ, 1, 9e9, "how many"));
struct outlet {
	int64_t id;
	const char *code, *name, *reason, *note;
	struct bp_opt_int entry, until;
};
BP_SHAPE(unplanned_outlet, outlet,
	BP_INT(outlet, id, BP_REQ, 1, 9e15, "outlet"),
	BP_STR(outlet, code, BP_REQ, 1, 256, "its code"),
	BP_STR(outlet, name, BP_REQ, 0, 800, "its name"),
	BP_ENUM(outlet, reason, BP_REQ, reasons, "why it is not planned"),
	BP_STR(outlet, note, BP_NUL, 0, 1200, "BLACKLIST: what was said"),
	BP_INT(outlet, entry, BP_NUL, 1, 9e15, "BLACKLIST: the entry, which may be taken back"),
	BP_DATE(outlet, until, BP_NUL, "BLACKLIST: its last day, null = always"));
struct page {
	struct bp_list reasons, items;
	const char *next;
};
BP_SHAPE(unplanned_page, page,
	BP_LIST(page, reasons, BP_REQ, 7, &unplanned_reason, "all reasons that there are, counted"),
	BP_LIST(page, items, BP_REQ, BP_PAGE_MOST, &unplanned_outlet, "outlets by id"),
	BP_STR(page, next, BP_NUL, 0, 20, "cursor of the next page"));
struct query {
	const char *channel, *reason;
	struct bp_opt_int limit, after;
};
BP_SHAPE(unplanned_query, query,
	BP_ENUM(query, channel, BP_REQ, bp_channels, "of the plan of this channel; wholesalers belong to GT"),
	BP_ENUM(query, reason, BP_NUL, reasons, "only for this reason"),
	BP_INT(query, limit, BP_NUL, 1, BP_PAGE_MOST, "rows a page"),
	BP_INT(query, after, BP_NUL, 0, 9e15, "cursor"));

static enum bp_error list(struct bp_req *rq)
{
	const struct query *q = rq->query;
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	struct q_unplanned_counts *c = NULL;
	struct q_unplanned_list *r = NULL;
	struct reason *why;
	struct outlet *v;
	size_t n_why = 0, n = 0;
	enum bp_error e = q_unplanned_counts(rq->db, rq->arena, (int64_t)rq->arg[0], q->channel, &c, &n_why);

	if (!e)
		e = q_unplanned_list(rq->db, rq->arena, (int64_t)rq->arg[0], q->channel, q->reason, q->after.set ? q->after.v : 0, bp_page_limit(q->limit), &r, &n);
	if (e)
		return e;
	why = bp_alloc_array(rq->arena, n_why, sizeof(*why));
	v = bp_alloc_array(rq->arena, n, sizeof(*v));
	for (size_t i = 0; i < n_why; i++)
		why[i] = (struct reason){c[i].reason, c[i].outlets};
	for (size_t i = 0; i < n; i++)
		v[i] = (struct outlet){r[i].id, r[i].code, r[i].name, r[i].reason, r[i].note, r[i].entry, r[i].until};
	p->reasons = (struct bp_list){why, n_why};
	p->items = (struct bp_list){v, n};
	p->next = n ? bp_page_next(rq->arena, n, bp_page_limit(q->limit), r[n - 1].id) : NULL;
	rq->reply = p;
	return BP_E_OK;
}

struct left_out {
	struct bp_list outlets;
	const char *reason;
	struct bp_opt_int until;
};
BP_SHAPE(unplanned_add, left_out,
	BP_LIST_INT(left_out, outlets, BP_REQ, LEFT_OUT_MOST, "outlets of the territory"),
	BP_STR(left_out, reason, BP_REQ, 1, 300, "why they are not to be planned"),
	BP_DATE(left_out, until, BP_NUL, "last day, null = until it is taken back"));

static enum bp_error leave_out(struct bp_req *rq)
{
	const struct left_out *in = rq->body;
	struct q_unplanned_foreign foreign;
	const char *ids;
	uint64_t set;
	enum bp_error e;

	if (!in->outlets.n)
		return bp_req_field(rq, "/outlets", "must name at least one outlet");
	if (in->until.set && in->until.v < bp_today())
		return bp_req_field(rq, "/until", "must not lie in the past");
	ids = bp_ids_text(rq->arena, in->outlets.v, in->outlets.n);
	e = q_unplanned_foreign(rq->db, rq->arena, ids, (int64_t)rq->arg[0], &foreign);
	if (!e)
		return bp_req_field(rq, "/outlets", bp_sprintf(rq->arena, "names %lld, which lies in no part of this territory", (long long)foreign.id));
	if (e == BP_E_NOT_FOUND)
		e = bp_journal_open(rq->db, &(struct bp_change_set){"EDIT", 0, rq->user.id, NULL}, &set);
	rq->audit.resource_type = "territory";
	rq->audit.resource_id = rq->arg[0];
	rq->audit.reason = in->reason;
	bp_audit_change(&rq->audit, "outlets", NULL, ids);
	return e ? e : q_unplanned_add(rq->db, ids, in->reason, in->until, NULL);
}

static const struct bp_endpoint ep[] = {
	{"GET", "/territories/{id}/unplanned", "List the outlets of a territory that are not planned, with the reasons", BP_SCOPE_TERRITORY, BP_PERM_VIEW_TERRITORY, 0,
		.query = &unplanned_query, .reply = &unplanned_page, .fails = {BP_E_TERRITORY_NONE}, .handle = list},
	{"POST", "/territories/{id}/unplanned", "Leave outlets out of planning, by the blacklist", BP_SCOPE_TERRITORY, BP_PERM_MANAGE_TERRITORIES, 0,
		.body = &unplanned_add, .audit = BP_ACTION_LIST_ADD, .fails = {BP_E_TERRITORY_NONE}, .handle = leave_out},
};
BP_RESOURCE(unplanned, ep);
