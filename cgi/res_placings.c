/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_placings.c - outlets that a person puts into a territory, by which gaps are filled. */
#include "cgi/change_set.h"
#include "queries.h"
#include "snapshot/snapshot.h"
#include "territory/place.h"

struct putting {
	struct bp_list outlets;
	const char *reason;
};
BP_SHAPE(placing_new, putting,
	BP_LIST_INT(putting, outlets, BP_REQ, TR_PLACED_MOST, "outlets that are to lie there"),
	BP_STR(putting, reason, BP_REQ, 3, 500, "why: it is kept with the history"));
struct put {
	int64_t id, outlets;
};
BP_SHAPE(placing_made, put,
	BP_INT(put, id, BP_REQ, 1, 9e15, "the change, to take it back"),
	BP_INT(put, outlets, BP_REQ, 0, 9e9, "outlets that lay elsewhere"));

/* Whoever opens a unit next sees it as it is now. */
static enum bp_error follow(struct bp_req *rq, const struct tr_places_of *units)
{
	enum bp_error e = BP_E_OK;

	for (size_t i = 0; !e && i < units->n; i++)
		e = sn_request(rq->db, rq->arena, (uint64_t)units->id[i], rq->user.id, rq->correlation);
	return e;
}

/* Where outlets are taken from, too, it takes the right; those of no territory belong to who sees everything. */
static enum bp_error may_take(struct bp_req *rq, const struct tr_places_of *from)
{
	enum bp_error e = BP_E_OK;

	if (from->none && !(rq->user.world & BP_PERM_BIT(BP_PERM_MANAGE_TERRITORIES)))
		return bp_fail(&rq->fail, BP_E_AUTH_PERMISSION, "some of these outlets lie in no territory: only who manages all territories may take them");
	for (size_t i = 0; !e && i < from->n; i++)
		e = bp_req_need(rq, BP_PERM_MANAGE_TERRITORIES, (uint64_t)from->id[i]);
	return e;
}

static void note(struct bp_req *rq, const char *reason)
{
	rq->audit.resource_type = "territory";
	rq->audit.resource_id = rq->arg[0];
	rq->audit.territory = rq->territory;
	rq->audit.reason = reason;
}

static enum bp_error place(struct bp_req *rq)
{
	const struct putting *b = rq->body;
	struct tr_placing p = {.territory = rq->arg[0], .outlet = b->outlets.v, .n = b->outlets.n, .user = rq->user.id, .reason = b->reason, .correlation = rq->correlation};
	struct put *r = bp_alloc(rq->arena, sizeof(*r));
	struct tr_places_of from, units;
	uint64_t set = 0;
	enum bp_error e = tr_place_from(rq->db, rq->arena, &p, &from);

	note(rq, b->reason);
	if (!e)
		e = may_take(rq, &from);
	if (!e)
		e = tr_place(rq->db, rq->arena, &p, &r->outlets, &set, &units, &rq->fail);
	if (!e)
		e = follow(rq, &units);
	r->id = (int64_t)set;
	bp_audit_change(&rq->audit, "outlets", "", bp_sprintf(rq->arena, "%lld", (long long)r->outlets));
	rq->reply = r;
	return e;
}

static enum bp_error take_back(struct bp_req *rq)
{
	const struct bp_undo *b = rq->body;
	struct bp_undone *r = bp_alloc(rq->arena, sizeof(*r));
	struct tr_placing p = {.territory = rq->arg[0], .user = rq->user.id, .reason = b->reason, .correlation = rq->correlation};
	struct tr_places_of from, units;
	enum bp_error e = tr_place_undo_from(rq->db, rq->arena, (uint64_t)b->id, &from);

	note(rq, b->reason);
	if (!e)
		e = may_take(rq, &from);
	if (!e)
		e = tr_place_undo(rq->db, rq->arena, &p, (uint64_t)b->id, &r->back, &r->kept, &units, &rq->fail);
	rq->reply = r;
	return e ? e : follow(rq, &units);
}

struct row {
	int64_t id, at, territory_id, outlets;
	const char *person, *reason, *territory;
	bool undone;
};
BP_SHAPE(placing_row, row,
	BP_INT(row, id, BP_REQ, 1, 9e15, "the change"),
	BP_TIME(row, at, BP_REQ, "when"),
	BP_STR(row, person, BP_NUL, 0, 480, "by whom"),
	BP_STR(row, reason, BP_REQ, 0, 2000, "why"),
	BP_INT(row, territory_id, BP_REQ, 1, 9e15, "where they were put"),
	BP_STR(row, territory, BP_REQ, 0, 480, "its name"),
	BP_INT(row, outlets, BP_REQ, 0, 9e9, "outlets that lay elsewhere"),
	BP_BOOL(row, undone, BP_REQ, "it was taken back"));
struct page {
	struct bp_list items;
	const char *next;
};
BP_SHAPE(placing_page, page,
	BP_LIST(page, items, BP_REQ, BP_PAGE_MOST, &placing_row, "changes by people, the newest first"),
	BP_STR(page, next, BP_NUL, 0, 20, "cursor of the next page"));

static enum bp_error list(struct bp_req *rq)
{
	const struct bp_page_query *q = rq->query;
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	struct q_placing_list *r;
	struct row *v;
	size_t n = 0;
	enum bp_error e = q_placing_list(rq->db, rq->arena, (int64_t)rq->arg[0], q->after.set ? q->after.v : (int64_t)9e15, bp_page_limit(q->limit), &r, &n);

	v = bp_alloc_array(rq->arena, n, sizeof(*v));
	for (size_t i = 0; !e && i < n; i++)
		v[i] = (struct row){r[i].set, r[i].at, r[i].territory_id, r[i].outlets, r[i].person, r[i].reason, r[i].territory, r[i].undone};
	p->items = (struct bp_list){v, n};
	p->next = n ? bp_page_next(rq->arena, n, bp_page_limit(q->limit), r[n - 1].set) : NULL;
	rq->reply = p;
	return e;
}

static const struct bp_endpoint ep[] = {
	{"POST", "/territories/{id}/placings", "Put outlets into a territory, with a reason; imports leave them there", BP_SCOPE_TERRITORY, BP_PERM_MANAGE_TERRITORIES,
		BP_EP_SLOW, .body = &placing_new, .reply = &placing_made, .audit = BP_ACTION_OUTLETS_PLACE,
		.fails = {BP_E_TERRITORY_NONE, BP_E_NOT_FOUND, BP_E_CONFLICT, BP_E_LOCK_TAKEN}, .handle = place},
	{"POST", "/territories/{id}/placings/undo", "Take back that outlets were put into a territory", BP_SCOPE_TERRITORY, BP_PERM_MANAGE_TERRITORIES,
		BP_EP_SLOW, .body = &bp_undo_shape, .reply = &bp_undone_shape, .audit = BP_ACTION_OUTLETS_PLACE_UNDO,
		.fails = {BP_E_TERRITORY_NONE, BP_E_NOT_FOUND, BP_E_CONFLICT, BP_E_LOCK_TAKEN}, .handle = take_back},
	{"GET", "/territories/{id}/placings", "List what people put into a territory and what lies beneath it", BP_SCOPE_TERRITORY, BP_PERM_VIEW_TERRITORY, 0,
		.query = &bp_page_query_shape, .reply = &placing_page, .fails = {BP_E_TERRITORY_NONE}, .handle = list},
};
BP_RESOURCE(placings, ep);
