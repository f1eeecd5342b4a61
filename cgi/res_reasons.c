/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_reasons.c - the list of reasons from which overrides of rules are justified. */
#include <ctype.h>
#include <string.h>

#include "cgi/endpoint.h"
#include "queries.h"

struct reason {
	int64_t id, used;
	const char *code, *label;
	bool retired;
	const char *reason; /* of a change */
};
BP_SHAPE(reason_shape, reason,
	BP_INT(reason, id, BP_REQ, 1, 9e15, "reason"),
	BP_STR(reason, code, BP_REQ, 1, 24, "what the ledger and the audit trail tell"),
	BP_STR(reason, label, BP_REQ, 1, 120, "what people read"),
	BP_BOOL(reason, retired, BP_REQ, "is not offered any more"),
	BP_INT(reason, used, BP_REQ, 0, 9e15, "changes of plans that were justified by it"));
#define WHY BP_STR(reason, reason, BP_REQ, 1, 500, "why the list is changed; it stands in the trail")
BP_SHAPE(reason_add, reason,
	BP_STR(reason, code, BP_REQ, 2, 24, "capital letters, digits and underscores; it never changes"),
	BP_STR(reason, label, BP_REQ, 1, 120, "what people read"), WHY);
BP_SHAPE(reason_put, reason,
	BP_STR(reason, label, BP_REQ, 1, 120, "what people read"),
	BP_BOOL(reason, retired, BP_REQ, "is not offered any more"), WHY);
struct page {
	struct bp_list items;
	const char *next;
};
BP_SHAPE(reason_page, page,
	BP_LIST(page, items, BP_REQ, 10000, &reason_shape, "reasons, those that are offered first"),
	BP_STR(page, next, BP_NUL, 0, 20, "always null"));

static enum bp_error list(struct bp_req *rq)
{
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	struct q_reasons *r = NULL;
	struct reason *v;
	size_t n = 0;
	enum bp_error e = q_reasons(rq->db, rq->arena, &r, &n);

	v = bp_alloc_array(rq->arena, n + 1, sizeof(*v));
	for (size_t i = 0; i < n; i++)
		v[i] = (struct reason){.id = r[i].id, .used = r[i].used, .code = r[i].code, .label = r[i].label, .retired = r[i].retired};
	p->items = (struct bp_list){v, n};
	rq->reply = p;
	return e;
}

static bool is_code(const char *s)
{
	for (; *s; s++)
		if (!isupper((unsigned char)*s) && !isdigit((unsigned char)*s) && *s != '_')
			return false;
	return true;
}

static bool blank(const char *s)
{
	return !s[strspn(s, " \t\r\n")];
}

static enum bp_error add(struct bp_req *rq)
{
	const struct reason *in = rq->body;
	uint64_t added = 0;
	enum bp_error e;

	if (!is_code(in->code))
		return bp_req_field(rq, "/code", "may hold capital letters, digits and underscores only");
	if (blank(in->label))
		return bp_req_field(rq, "/label", "is required");
	e = q_reason_add(rq->db, in->code, in->label, &added);
	if (!e && !added)
		return bp_fail(&rq->fail, BP_E_CONFLICT, "there is a reason %s already", in->code);
	rq->audit.resource_type = "reason";
	rq->audit.reason = in->reason;
	rq->audit.resource_id = bp_db_insert_id(rq->db);
	bp_audit_change(&rq->audit, "code", NULL, in->code);
	bp_audit_change(&rq->audit, "label", NULL, in->label);
	return e ? e : list(rq);
}

static enum bp_error put(struct bp_req *rq)
{
	const struct reason *in = rq->body;
	struct q_reason_get was;
	enum bp_error e = q_reason_get(rq->db, rq->arena, (int64_t)rq->arg[0], &was);

	if (!e && blank(in->label))
		return bp_req_field(rq, "/label", "is required");
	if (!e)
		e = q_reason_put(rq->db, (int64_t)rq->arg[0], in->label, in->retired, NULL);
	if (e)
		return e;
	rq->audit.resource_type = "reason";
	rq->audit.reason = in->reason;
	rq->audit.resource_id = rq->arg[0];
	bp_audit_change(&rq->audit, "label", was.label, in->label);
	bp_audit_change(&rq->audit, "retired", was.retired ? "yes" : "no", in->retired ? "yes" : "no");
	return list(rq);
}

static const struct bp_endpoint ep[] = {
	{"GET", "/reasons", "List the reasons for overrides", BP_SCOPE_ANYWHERE, BP_PERM_VIEW_TERRITORY, 0, .reply = &reason_page, .handle = list},
	{"POST", "/reasons", "Add a reason for overrides", BP_SCOPE_WORLD, BP_PERM_MANAGE_RULES, 0, .body = &reason_add, .reply = &reason_page,
		.audit = BP_ACTION_REASON_ADD, .fails = {BP_E_CONFLICT}, .handle = add},
	{"PUT", "/reasons/{id}", "Rename a reason, retire it or offer it again", BP_SCOPE_WORLD, BP_PERM_MANAGE_RULES, 0, .body = &reason_put,
		.reply = &reason_page, .audit = BP_ACTION_REASON_CHANGE, .fails = {BP_E_NOT_FOUND}, .handle = put},
};
BP_RESOURCE(reasons, ep);
