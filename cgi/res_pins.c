/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_pins.c - outlets that people pin to a planning unit. */
#include "cgi/endpoint.h"
#include "queries.h"
#include "territory/pin.h"
#include "territory/scenario.h"

struct pin {
	int64_t outlet_id, unit_id, at;
	const char *code, *name, *unit, *reason, *person;
	bool over;
};
BP_SHAPE(unit_pin, pin,
	BP_INT(pin, outlet_id, BP_REQ, 1, 9e15, "outlet"),
	BP_STR(pin, code, BP_REQ, 1, 256, "its code"),
	BP_STR(pin, name, BP_REQ, 0, 800, "its name"),
	BP_INT(pin, unit_id, BP_REQ, 1, 9e15, "planning unit"),
	BP_STR(pin, unit, BP_REQ, 1, 480, "its name"),
	BP_BOOL(pin, over, BP_REQ, "it is no planning unit any more: no design can be made until the pin is gone"),
	BP_STR(pin, reason, BP_REQ, 0, 2000, "why"),
	BP_STR(pin, person, BP_NUL, 0, 480, "by whom; none = by the shell"),
	BP_TIME(pin, at, BP_REQ, "when"));
struct page {
	struct bp_list items;
	const char *next;
	int64_t all;
};
BP_SHAPE(unit_pin_page, page,
	BP_LIST(page, items, BP_REQ, BP_PAGE_MOST, &unit_pin, "pins by outlet"),
	BP_STR(page, next, BP_NUL, 0, 20, "cursor of the next page"),
	BP_INT(page, all, BP_REQ, 0, 9e9, "how many there are"));

static enum bp_error list(struct bp_req *rq)
{
	const struct bp_page_query *q = rq->query;
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	struct q_pin_count c = {0};
	struct q_pin_list *r;
	struct pin *v;
	size_t n = 0;
	enum bp_error e = q_pin_list(rq->db, rq->arena, (int64_t)rq->arg[0], q->after.set ? q->after.v : 0, bp_page_limit(q->limit), &r, &n);

	if (!e)
		e = q_pin_count(rq->db, rq->arena, (int64_t)rq->arg[0], &c);
	v = bp_alloc_array(rq->arena, n, sizeof(*v));
	for (size_t i = 0; !e && i < n; i++)
		v[i] = (struct pin){r[i].outlet, r[i].unit_id, r[i].at, r[i].code, r[i].name, r[i].unit, r[i].reason, r[i].person, r[i].over};
	*p = (struct page){{v, n}, n ? bp_page_next(rq->arena, n, bp_page_limit(q->limit), r[n - 1].outlet) : NULL, c.n};
	rq->reply = p;
	return e;
}

struct pinning {
	struct bp_list outlets;
	struct bp_opt_int unit;
	const char *reason;
};
BP_SHAPE(unit_pinning, pinning,
	BP_LIST_INT(pinning, outlets, BP_REQ, TR_PINS_MOST, "outlets beneath the territory"),
	BP_INT(pinning, unit, BP_NUL, 1, 9e15, "planning unit that each design leaves them in or brings them to; none = they are pinned no more"),
	BP_STR(pinning, reason, BP_REQ, 3, 500, "why"));

static enum bp_error put(struct bp_req *rq)
{
	const struct pinning *b = rq->body;
	const struct tr_pinning p = {rq->arg[0], b->outlets.v, b->outlets.n, b->unit, b->reason, rq->user.id};

	rq->audit.resource_type = "territory";
	rq->audit.resource_id = rq->arg[0];
	rq->audit.reason = b->reason;
	bp_audit_change(&rq->audit, "outlets", "", bp_sprintf(rq->arena, "%zu", b->outlets.n));
	bp_audit_change(&rq->audit, "unit", "", b->unit.set ? bp_sprintf(rq->arena, "%lld", (long long)b->unit.v) : "");
	return tr_pins_put(rq->db, rq->arena, &p, &rq->fail);
}

static const struct bp_endpoint ep[] = {
	{"GET", "/territories/{id}/pins", "List the outlets that people pinned to a planning unit", BP_SCOPE_TERRITORY, BP_PERM_VIEW_TERRITORY, 0,
		.query = &bp_page_query_shape, .reply = &unit_pin_page, .fails = {BP_E_TERRITORY_NONE}, .handle = list},
	{"PUT", "/territories/{id}/pins", "Pin outlets to a planning unit, or forget their pins", BP_SCOPE_TERRITORY, BP_PERM_MANAGE_TERRITORIES, 0,
		.body = &unit_pinning, .audit = BP_ACTION_DESIGN_PIN, .fails = {BP_E_TERRITORY_NONE, BP_E_NOT_FOUND, BP_E_OPT_INPUT}, .handle = put},
};
BP_RESOURCE(pins, ep);
