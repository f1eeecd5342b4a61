/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_outlet_edits.c - values that people give outlets beside their source, and whose value counts. */
#include <string.h>

#include "cgi/endpoint.h"
#include "intake/overlay.h"
#include "intake/search.h"
#include "queries.h"
#include "snapshot/snapshot.h"

struct value {
	const char *field, *value;
};
BP_SHAPE(outlet_edit_value, value,
	BP_ENUM(value, field, BP_REQ, im_overlay_fields, "what is said"),
	BP_STR(value, value, BP_NUL, 0, 300, "as it would stand in a file; null = take what the source says"));
struct edit {
	struct bp_list values;
	const char *reason;
};
BP_SHAPE(outlet_edit, edit,
	BP_LIST(edit, values, BP_REQ, IM_OV__MAX, &outlet_edit_value, "the fields that change"),
	BP_STR(edit, reason, BP_NUL, 0, 500, "why"));
struct edited {
	int64_t changed;
};
BP_SHAPE(outlet_edited, edited,
	BP_INT(edited, changed, BP_REQ, 0, IM_OV__MAX, "fields whose value is another one now"));

/* Whoever looks next sees it: the snapshots of its units, and the search. */
static enum bp_error follow(struct bp_req *rq, int64_t outlet)
{
	struct q_outlet_units *u;
	size_t n = 0;
	enum bp_error e = q_outlet_units(rq->db, rq->arena, outlet, &u, &n);

	for (size_t i = 0; !e && i < n; i++)
		e = sn_request(rq->db, rq->arena, (uint64_t)u[i].id, rq->user.id, rq->correlation);
	return e ? e : im_search_follow_one(rq->db, (uint64_t)outlet);
}

static enum bp_error give(struct bp_req *rq)
{
	const struct edit *in = rq->body;
	const struct value *v = in->values.v;
	struct im_overlay_value *values = bp_alloc_array(rq->arena, in->values.n, sizeof(*values));
	struct edited *out = bp_alloc(rq->arena, sizeof(*out));
	size_t changed = 0, bad = 0;
	enum bp_error e;

	for (size_t i = 0; i < in->values.n; i++) {
		values[i] = (struct im_overlay_value){v[i].field, v[i].value};
		bp_audit_change(&rq->audit, v[i].field, "", v[i].value ? v[i].value : "as the source says");
	}
	e = im_overlay_give(rq->db, rq->arena, rq->arg[0], values, in->values.n, rq->user.id, in->reason, &changed, &bad, &rq->fail);
	if (e == BP_E_FIELDS)
		return bp_req_field(rq, bp_sprintf(rq->arena, "/values/%zu/value", bad), bp_strdup(rq->arena, rq->fail.detail));
	if (!e && changed)
		e = follow(rq, (int64_t)rq->arg[0]);
	rq->audit.resource_type = "outlet";
	rq->audit.reason = in->reason;
	out->changed = (int64_t)changed;
	rq->reply = out;
	return e;
}

/* --- policies --- */

static const char *const winners[] = {"PERSON", "SOURCE", "NEWEST", NULL};
struct policy {
	const char *field, *wins, *reason;
	int64_t edits;
};
#define WINS BP_ENUM(policy, wins, BP_REQ, winners, "PERSON, SOURCE, or NEWEST: the person until the source says something else than it did")
BP_SHAPE(field_policy, policy,
	BP_ENUM(policy, field, BP_REQ, im_policy_fields, "what is said"), WINS,
	BP_INT(policy, edits, BP_REQ, 0, 9e15, "outlets of which a person says something else than the source"));
BP_SHAPE(field_policy_put, policy, WINS,
	BP_STR(policy, reason, BP_REQ, 1, 500, "why; it stands in the trail"));
struct policies {
	struct bp_list items;
	const char *next;
};
BP_SHAPE(field_policies, policies,
	BP_LIST(policies, items, BP_REQ, IM_POLICY_FIELDS, &field_policy, "every field that people may change"),
	BP_STR(policies, next, BP_NUL, 0, 20, "always null"));

static enum bp_error list(struct bp_req *rq)
{
	struct policies *p = bp_alloc(rq->arena, sizeof(*p));
	struct policy *v = bp_alloc_array(rq->arena, IM_POLICY_FIELDS, sizeof(*v));
	struct q_field_policies *r;
	size_t n = 0;
	enum bp_error e = q_field_policies(rq->db, rq->arena, &r, &n);

	for (size_t i = 0; i < IM_POLICY_FIELDS; i++)
		v[i] = (struct policy){.field = im_policy_fields[i], .wins = "PERSON"};
	for (size_t k = 0; !e && k < n; k++)
		for (size_t i = 0; i < IM_POLICY_FIELDS; i++)
			if (!strcmp(r[k].field, im_policy_fields[i])) {
				v[i].wins = r[k].wins ? r[k].wins : "PERSON";
				v[i].edits = r[k].edits;
			}
	p->items = (struct bp_list){v, IM_POLICY_FIELDS};
	rq->reply = p;
	return e;
}

static enum bp_error put(struct bp_req *rq)
{
	const struct policy *in = rq->body;
	size_t i = 0;
	enum bp_error e;

	while (i < IM_POLICY_FIELDS && strcmp(im_policy_fields[i], rq->arg_text[0]))
		i++;
	if (i == IM_POLICY_FIELDS)
		return BP_E_NOT_FOUND;
	if (!strcmp(in->wins, "NEWEST") && !strcmp(im_policy_fields[i], "territory"))
		return bp_req_field(rq, "/wins", "a territory is the person's or the source's: when the source said it is not known");
	e = q_field_policy_put(rq->db, im_policy_fields[i], in->wins, NULL);
	rq->audit.resource_type = "field_policy";
	rq->audit.reason = in->reason;
	bp_audit_change(&rq->audit, im_policy_fields[i], "", in->wins);
	return e ? e : list(rq);
}

static const struct bp_endpoint ep[] = {
	{"PATCH", "/outlets/{id}", "Give an outlet values beside those of its source, or take the source's again", BP_SCOPE_OUTLET, BP_PERM_EDIT_OUTLETS, 0,
		.body = &outlet_edit, .reply = &outlet_edited, .audit = BP_ACTION_OUTLET_EDIT, .fails = {BP_E_NOT_FOUND}, .handle = give},
	{"GET", "/import/policies", "List whose value counts where a person and the source differ", BP_SCOPE_ANYWHERE, BP_PERM_VIEW_TERRITORY, 0,
		.reply = &field_policies, .handle = list},
	{"PUT", "/import/policies/{field:text}", "Say whose value of a field counts from the next import on", BP_SCOPE_WORLD, BP_PERM_MANAGE_RULES, 0,
		.body = &field_policy_put, .reply = &field_policies, .audit = BP_ACTION_FIELD_POLICY, .fails = {BP_E_NOT_FOUND}, .handle = put},
};
BP_RESOURCE(outlet_edits, ep);
