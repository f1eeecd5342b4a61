/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_absences.c - when the people of seats are away. */
#include "base/time.h"
#include "cgi/endpoint.h"
#include "plan/absence.h"

struct absence {
	int64_t id, seat_id;
	const char *seat_code, *person;
	int64_t from;
	struct bp_opt_int to;
	const char *kind, *relief, *note;
};
#define SAID(st) \
	BP_DATE(st, from, BP_REQ, "first day"), \
	BP_DATE(st, to, BP_NUL, "last day, null = until further notice"), \
	BP_ENUM(st, kind, BP_REQ, plan_absence_kinds, "why")
BP_SHAPE(absence_row, absence,
	BP_INT(absence, id, BP_REQ, 1, 9e15, "absence"),
	BP_INT(absence, seat_id, BP_REQ, 1, 9e15, "seat"),
	BP_STR(absence, seat_code, BP_REQ, 1, 256, "its code"),
	BP_STR(absence, person, BP_NUL, 0, 480, "who holds it today, null = vacant"),
	SAID(absence),
	BP_STR(absence, relief, BP_REQ, 0, 480, "who stands in; empty: nobody visits"),
	BP_STR(absence, note, BP_REQ, 0, 1200, "what was noted"));
struct page {
	struct bp_list items;
	const char *next;
};
BP_SHAPE(absence_page, page,
	BP_LIST(page, items, BP_REQ, BP_PAGE_MOST, &absence_row, "absences by id"),
	BP_STR(page, next, BP_NUL, 0, 20, "cursor of the next page"));
struct query {
	struct bp_opt_int territory, seat, from, limit, after;
};
BP_SHAPE(absence_query, query,
	BP_INT(query, territory, BP_NUL, 1, 9e15, "of seats in this territory and beneath"),
	BP_INT(query, seat, BP_NUL, 1, 9e15, "of this seat"),
	BP_DATE(query, from, BP_NUL, "that are not over before this date; none = today"),
	BP_INT(query, limit, BP_NUL, 1, BP_PAGE_MOST, "rows a page"),
	BP_INT(query, after, BP_NUL, 0, 9e15, "cursor"));
struct body {
	int64_t from;
	struct bp_opt_int to;
	const char *kind, *relief, *note;
};
BP_SHAPE(absence_body, body,
	SAID(body),
	BP_STR(body, relief, BP_NUL, 0, 120, "who stands in; none: nobody visits, and the visit list leaves the days out"),
	BP_STR(body, note, BP_NUL, 0, 300, "what is to be known"));
struct made {
	int64_t id;
};
BP_SHAPE(absence_made, made,
	BP_INT(made, id, BP_REQ, 1, 9e15, "absence"));

static enum bp_error list(struct bp_req *rq)
{
	struct query *q = rq->query;
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	bool world = rq->user.world & BP_PERM_BIT(BP_PERM_VIEW_TERRITORY);
	struct q_absence_list *r;
	struct absence *v;
	size_t n = 0;
	enum bp_error e = q_absence_list(rq->db, rq->arena, (int64_t)rq->user.scopes_of, world, q->territory, q->seat, q->from.set ? q->from.v : bp_today(),
		q->after.set ? q->after.v : 0, bp_page_limit(q->limit), &r, &n);

	v = bp_alloc_array(rq->arena, n, sizeof(*v));
	for (size_t i = 0; !e && i < n; i++)
		v[i] = (struct absence){r[i].id, r[i].seat_id, r[i].seat_code, r[i].person, r[i].from, r[i].to, r[i].kind, r[i].relief, r[i].note};
	p->items = (struct bp_list){v, n};
	p->next = n ? bp_page_next(rq->arena, n, bp_page_limit(q->limit), r[n - 1].id) : NULL;
	rq->reply = p;
	return e;
}

static const char *days_text(struct bp_req *rq, int64_t from, struct bp_opt_int to)
{
	char first[BP_DATE_SIZE], last[BP_DATE_SIZE] = "further notice";

	bp_date_format(from, first);
	if (to.set)
		bp_date_format(to.v, last);
	return bp_sprintf(rq->arena, "%s to %s", first, last);
}

static const char *text_of(struct bp_req *rq, const char *kind, int64_t from, struct bp_opt_int to, const char *relief, const char *note)
{
	return bp_sprintf(rq->arena, "%s, %s%s%s%s%s", kind, days_text(rq, from, to), *relief ? ", in their place " : "", relief, *note ? ": " : "", note);
}

/* Add it, or change the one with that id. */
static enum bp_error put(struct bp_req *rq, int64_t id)
{
	struct body *in = rq->body;
	struct plan_absence x = {id, (int64_t)rq->arg[0], in->from, in->to, in->kind, in->relief ? in->relief : "", in->note ? in->note : ""};
	struct made *out = bp_alloc(rq->arena, sizeof(*out));
	struct q_absence_get was = {0};
	struct q_absence_clash other;
	enum bp_error e;

	if (in->to.set && in->to.v < in->from)
		return bp_req_field(rq, "/to", "must not lie before the first day");
	e = id ? q_absence_get(rq->db, rq->arena, x.seat, id, &was) : BP_E_OK;
	if (e)
		return e;
	e = plan_absence_clash(rq->db, rq->arena, &x, &other);
	if (!e)
		return bp_req_field(rq, "/from", bp_sprintf(rq->arena, "overlaps an absence of this seat: %s, %s; change that one, or take other days",
			other.kind, days_text(rq, other.from, other.to)));
	if (e == BP_E_NOT_FOUND)
		e = plan_absence_put(rq->db, rq->arena, &x);
	out->id = x.id;
	rq->reply = out;
	rq->audit.resource_type = "seat";
	rq->audit.resource_id = rq->arg[0];
	bp_audit_change(&rq->audit, "absence", id && was.kind ? text_of(rq, was.kind, was.from, was.to, was.relief, was.note) : NULL,
		text_of(rq, x.kind, x.from, x.to, x.relief, x.note));
	return e;
}

static enum bp_error add(struct bp_req *rq)
{
	return put(rq, 0);
}

static enum bp_error change(struct bp_req *rq)
{
	return put(rq, (int64_t)rq->arg[1]);
}

static enum bp_error drop(struct bp_req *rq)
{
	int64_t seat = (int64_t)rq->arg[0], id = (int64_t)rq->arg[1];
	struct q_absence_get was;
	enum bp_error e = q_absence_get(rq->db, rq->arena, seat, id, &was);

	if (e)
		return e;
	rq->audit.resource_type = "seat";
	rq->audit.resource_id = rq->arg[0];
	bp_audit_change(&rq->audit, "absence", text_of(rq, was.kind, was.from, was.to, was.relief, was.note), NULL);
	return plan_absence_drop(rq->db, rq->arena, seat, id);
}

static const struct bp_endpoint ep[] = {
	{"GET", "/absences", "List when the people of the seats one may see are away", BP_SCOPE_ANYWHERE, BP_PERM_VIEW_TERRITORY, 0, .query = &absence_query,
		.reply = &absence_page, .handle = list},
	{"POST", "/seats/{id}/absences", "Say when the person of a seat is away", BP_SCOPE_SEAT, BP_PERM_MANAGE_TERRITORIES, 0, .body = &absence_body,
		.reply = &absence_made, .audit = BP_ACTION_ABSENCE_ADD, .fails = {BP_E_NOT_FOUND}, .handle = add},
	{"PUT", "/seats/{id}/absences/{absence}", "Change when the person of a seat is away", BP_SCOPE_SEAT, BP_PERM_MANAGE_TERRITORIES, 0, .body = &absence_body,
		.reply = &absence_made, .audit = BP_ACTION_ABSENCE_CHANGE, .fails = {BP_E_NOT_FOUND}, .handle = change},
	{"DELETE", "/seats/{id}/absences/{absence}", "Take back that the person of a seat is away", BP_SCOPE_SEAT, BP_PERM_MANAGE_TERRITORIES, 0,
		.audit = BP_ACTION_ABSENCE_DROP, .fails = {BP_E_NOT_FOUND}, .handle = drop},
};
BP_RESOURCE(absences, ep);
