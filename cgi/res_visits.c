/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_visits.c - the visit list of a seat: the committed plan unfolded over dates, without what holidays, leave and chains forbid. */
#include "cgi/endpoint.h"
#include "queries.h"

enum { DAYS_MOST = 62 };

struct query {
	int64_t seat, from, to;
};
BP_SHAPE(visits_query, query,
	BP_INT(query, seat, BP_REQ, 1, 9e15, "whose visits"),
	BP_DATE(query, from, BP_REQ, "first date"),
	BP_DATE(query, to, BP_REQ, "last date, not more than 62 days later"));
BP_SHAPE(dated_visit, q_visits_of_seat,
	BP_DATE(q_visits_of_seat, day, BP_REQ, "date"),
	BP_INT(q_visits_of_seat, need, BP_REQ, 1, 9e15, "need"),
	BP_INT(q_visits_of_seat, outlet, BP_REQ, 1, 9e15, "outlet"),
	BP_STR(q_visits_of_seat, code, BP_REQ, 1, 64, "its code"),
	BP_STR(q_visits_of_seat, name, BP_REQ, 0, 255, "its name"),
	BP_STR(q_visits_of_seat, line, BP_REQ, 0, 64, "sales line"));
struct page {
	struct bp_list items;
	const char *next;
};
BP_SHAPE(visits_page, page,
	BP_LIST(page, items, BP_REQ, 0, &dated_visit, "visits by date, in their order"),
	BP_STR(page, next, BP_NUL, 0, 20, "always null: they come at once"));

static enum bp_error list(struct bp_req *rq)
{
	const struct query *q = rq->query;
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	struct q_visits_of_seat *r = NULL;
	enum bp_error e;

	if (q->to < q->from || q->to - q->from > DAYS_MOST)
		return bp_req_field(rq, "/to", "must be the first date or one of the 62 days after it");
	e = q_visits_of_seat(rq->db, rq->arena, (int64_t)rq->arg[0], q->seat, q->from, q->to, &r, &p->items.n);
	p->items.v = r;
	rq->reply = p;
	return e;
}

static const struct bp_endpoint ep[] = {
	{"GET", "/plans/{id}/visits", "The visit list of a seat, as it is exported", BP_SCOPE_PLAN, BP_PERM_VIEW_TERRITORY, 0,
		.query = &visits_query, .reply = &visits_page, .fails = {BP_E_NOT_FOUND}, .handle = list},
};
BP_RESOURCE(visits, ep);
