/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_holidays.c - days on which nobody of a territory visits. */
#include "base/time.h"
#include "cgi/endpoint.h"
#include "plan/config.h"
#include "queries.h"

struct holiday {
	int64_t territory_id;
	const char *territory;
	int64_t day;
	const char *name;
	bool own;
};
BP_SHAPE(holiday_shape, holiday,
	BP_INT(holiday, territory_id, BP_REQ, 0, 9e15, "where it was set, 0 = everywhere"),
	BP_STR(holiday, territory, BP_NUL, 0, 120, "name of that territory"),
	BP_DATE(holiday, day, BP_REQ, "date"),
	BP_STR(holiday, name, BP_REQ, 0, 120, "what is celebrated"),
	BP_BOOL(holiday, own, BP_REQ, "set on this very territory, not on one above it"));
struct page {
	struct bp_list items;
	int64_t pending;
	const char *next;
};
BP_SHAPE(holiday_page, page,
	BP_LIST(page, items, BP_REQ, 100000, &holiday_shape, "holidays by date"),
	BP_INT(page, pending, BP_REQ, 0, 9e9, "visit lists of plans there that do not yet follow what was changed: jobs VISIT_LIST"),
	BP_STR(page, next, BP_NUL, 0, 20, "always null"));
struct query {
	struct bp_opt_int from;
};
BP_SHAPE(holiday_query, query,
	BP_DATE(query, from, BP_NUL, "first date; none = today"));
struct body {
	int64_t day;
	const char *name, *reason;
};
BP_SHAPE(holiday_body, body,
	BP_DATE(body, day, BP_REQ, "date, not in the past"),
	BP_STR(body, name, BP_REQ, 1, 120, "what is celebrated"),
	BP_STR(body, reason, BP_REQ, 1, 500, "why; it stands in the history"));
struct drop_query {
	int64_t day;
	const char *reason;
};
BP_SHAPE(holiday_drop_query, drop_query,
	BP_DATE(drop_query, day, BP_REQ, "date"),
	BP_STR(drop_query, reason, BP_REQ, 1, 500, "why; it stands in the history"));

static enum bp_error list_from(struct bp_req *rq, int64_t from)
{
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	struct q_holiday_pending pending = {0};
	struct q_holiday_list *r;
	struct holiday *v;
	size_t n = 0;
	enum bp_error e = q_holiday_list(rq->db, rq->arena, (int64_t)rq->territory, from, &r, &n);

	if (!e)
		e = q_holiday_pending(rq->db, rq->arena, (int64_t)rq->territory, &pending);

	v = bp_alloc_array(rq->arena, n, sizeof(*v));
	for (size_t i = 0; !e && i < n; i++)
		v[i] = (struct holiday){r[i].territory_id, r[i].territory, r[i].day, r[i].name, r[i].territory_id == (int64_t)rq->territory};
	p->items = (struct bp_list){v, n};
	p->pending = pending.lists;
	rq->reply = p;
	return e;
}

static enum bp_error list(struct bp_req *rq)
{
	struct query *q = rq->query;

	return list_from(rq, q->from.set ? q->from.v : bp_today());
}

static enum bp_error change(struct bp_req *rq, int64_t day, const char *name, const char *reason)
{
	struct plan_config c = {.territory = rq->territory, .by = {rq->user.id, rq->correlation}, .channel = ""};

	rq->audit.resource_type = "territory";
	rq->audit.reason = reason;
	return plan_config_holiday(rq->db, rq->arena, &c, day, name, &rq->audit, &rq->fail);
}

static enum bp_error put(struct bp_req *rq)
{
	struct body *in = rq->body;
	enum bp_error e = in->day < bp_today() ? bp_req_field(rq, "/day", "lies in the past") : change(rq, in->day, in->name, in->reason);

	return e ? e : list_from(rq, bp_today());
}

static enum bp_error drop(struct bp_req *rq)
{
	struct drop_query *q = rq->query;

	return change(rq, q->day, NULL, q->reason);
}

static const struct bp_endpoint ep[] = {
	{"GET", "/territories/{id}/holidays", "List the holidays that hold in a territory", BP_SCOPE_TERRITORY, BP_PERM_VIEW_TERRITORY, 0,
		.query = &holiday_query, .reply = &holiday_page, .handle = list},
	{"PUT", "/territories/{id}/holidays", "Set a holiday for a territory and everything beneath it", BP_SCOPE_TERRITORY,
		BP_PERM_MANAGE_TERRITORIES, 0, .body = &holiday_body, .reply = &holiday_page, .audit = BP_ACTION_HOLIDAY_PUT, .handle = put},
	{"DELETE", "/territories/{id}/holidays", "Take a holiday back", BP_SCOPE_TERRITORY, BP_PERM_MANAGE_TERRITORIES, 0,
		.query = &holiday_drop_query, .audit = BP_ACTION_HOLIDAY_DROP, .fails = {BP_E_NOT_FOUND}, .handle = drop},
};
BP_RESOURCE(holidays, ep);
