/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_profiles.c - planning parameters of a territory, with the reason of each default. */
#include "cgi/endpoint.h"
#include "plan/clash.h"
#include "plan/config.h"
#include "queries.h"
#include "snapshot/snapshot.h"

struct query {
	const char *channel;
};
BP_SHAPE(profile_query, query,
	BP_ENUM(query, channel, BP_REQ, bp_channels, "channel"));

struct param {
	const char *name, *type, *what, *why, *value_text;
	struct bp_opt_num value, value_default;
	double least, most;
	bool own;
};
BP_SHAPE(profile_param, param,
	BP_STR(param, name, BP_REQ, 1, 40, "name, to be sent with PUT"),
	BP_STR(param, type, BP_REQ, 1, 10, "number or vehicle"),
	BP_NUM(param, value, BP_NUL, 0, 0, "number that holds here"),
	BP_STR(param, value_text, BP_NUL, 0, 20, "vehicle that holds here"),
	BP_NUM(param, value_default, BP_NUL, 0, 0, "trade default"),
	BP_NUM(param, least, BP_REQ, 0, 0, "least"),
	BP_NUM(param, most, BP_REQ, 0, 0, "most"),
	BP_BOOL(param, own, BP_REQ, "set on this very territory"),
	BP_STR(param, what, BP_REQ, 1, 120, "what it is"),
	BP_STR(param, why, BP_REQ, 1, 120, "why the default is what it is"));
struct profile {
	int64_t territory_id;
	const char *channel;
	struct bp_list params;
};
BP_SHAPE(profile_shape, profile,
	BP_INT(profile, territory_id, BP_REQ, 1, 9e15, "territory"),
	BP_STR(profile, channel, BP_REQ, 2, 2, "channel"),
	BP_LIST(profile, params, BP_REQ, PLAN_P__MAX, &profile_param, "all parameters"));

struct body {
	json_t *set, *seen;
	const char *reason;
};
BP_SHAPE(profile_body, body,
	BP_JSON(body, set, BP_REQ, "object of parameter names and values; null puts one back to the inherited value"),
	BP_JSON(body, seen, BP_NUL, "object of names and what the territory itself says of them, as you saw it, null = nothing: when one is not so any more, nothing is changed"),
	BP_STR(body, reason, BP_REQ, 1, 500, "why; it stands in the history"));
struct revert {
	int64_t entry;
	json_t *seen;
	const char *reason;
};
BP_SHAPE(profile_revert, revert,
	BP_INT(revert, entry, BP_REQ, 1, 9e15, "the change of the history that is taken back"),
	BP_JSON(revert, seen, BP_NUL, "what holds now of its parameters, or of the holiday by its date, as you saw it; without it what the change itself set"),
	BP_STR(revert, reason, BP_REQ, 1, 500, "why; it stands in the history"));

struct clash {
	const char *kind;
	struct bp_opt_int tier;
	struct bp_list params;
	double asked, left;
	struct bp_opt_int account_id;
	const char *account;
};
BP_SHAPE(profile_clash, clash,
	BP_ENUM(clash, kind, BP_REQ, plan_clash_kinds, "DAY_EMPTY, VISIT_LONG: minutes of a day; GAP: visits in the cycle; CALLS: calls a day; TIME: minutes of the cycle;"
		" CALLS_ALL: calls of the cycle; IDLE: seats; of a chain CHAIN_DAYS: visits of a store in the cycle; CHAIN_HOURS: stores; CHAIN_MOST: visits of the cycle;"
		" CHAIN_DATES: days of the next cycle"),
	BP_INT(clash, tier, BP_NUL, 1, 3, "1 = Gold .. 3 = Bronze; null = of all"),
	BP_LIST_STR(clash, params, BP_REQ, PLAN_CLASH_PARAMS, "parameters that stand against each other"),
	BP_NUM(clash, asked, BP_REQ, 0, 0, "what is asked for"),
	BP_NUM(clash, left, BP_REQ, 0, 0, "what the others leave"),
	BP_INT(clash, account_id, BP_NUL, 1, 9e15, "chain whose rules it is about; null = of no chain"),
	BP_STR(clash, account, BP_NUL, 0, 800, "its name"));
struct clashes {
	struct bp_list items;
	const char *next;
};
BP_SHAPE(profile_clashes, clashes,
	BP_LIST(clashes, items, BP_REQ, PLAN_CLASHES_MOST * 2, &profile_clash, "limits that no plan can keep together"),
	BP_STR(clashes, next, BP_NUL, 0, 20, "always null"));

static struct clash clash_of(struct bp_arena *a, const struct plan_clash *c)
{
	const char **names = bp_alloc_array(a, c->n_params + 1, sizeof(*names));

	for (size_t i = 0; i < c->n_params; i++) {
		char *wire = bp_alloc(a, 64);

		bp_wire_name(plan_params[c->param[i]].name, wire);
		names[i] = wire;
	}
	return (struct clash){plan_clash_kinds[c->kind], {c->tier, c->tier > 0}, {names, c->n_params}, c->asked, c->left, {c->account, c->account > 0}, NULL};
}

/* Of the parameters; and of needs and seats where the territory has a plan. */
static enum bp_error clashes(struct bp_req *rq)
{
	const char *channel = ((struct query *)rq->query)->channel;
	struct clash *v = bp_alloc_array(rq->arena, PLAN_CLASHES_MOST * 2, sizeof(*v));
	struct clashes *out = bp_alloc(rq->arena, sizeof(*out));
	struct plan_clash found[PLAN_CLASHES_MOST];
	struct plan_profile p;
	struct plan_model m;
	struct q_plan_of_unit plan;
	size_t n = 0;
	enum bp_error e = plan_profile_load(rq->db, rq->territory, channel, &p);

	if (e)
		return e;
	n = plan_clashes_of_profile(&p, found);
	for (size_t i = 0; i < n; i++)
		v[i] = clash_of(rq->arena, &found[i]);
	e = q_plan_of_unit(rq->db, rq->arena, (int64_t)rq->territory, channel, &plan);
	if (!e && !(e = plan_model_load(rq->db, rq->arena, (uint64_t)plan.id, NULL, NULL, &m))) {
		size_t more = plan_clashes_of_model(&m, found);

		for (size_t i = 0; i < more && !e; i++, n++) {
			struct q_chain_account a;

			v[n] = clash_of(rq->arena, &found[i]);
			if (found[i].account && !(e = q_chain_account(rq->db, rq->arena, found[i].account, &a)))
				v[n].account = a.name;
		}
	}
	out->items = (struct bp_list){v, n};
	rq->reply = out;
	return e == BP_E_NOT_FOUND ? BP_E_OK : e;
}

static enum bp_error get(struct bp_req *rq)
{
	const char *channel = ((struct query *)rq->query)->channel;
	struct param *v = bp_alloc_array(rq->arena, PLAN_P__MAX, sizeof(*v));
	struct profile *r = bp_alloc(rq->arena, sizeof(*r));
	struct plan_profile p;
	enum bp_error e = plan_profile_load(rq->db, rq->territory, channel, &p);

	for (int i = 0; i < PLAN_P__MAX; i++) {
		const struct plan_param_info *info = &plan_params[i];
		bool vehicle = info->type == PLAN_PARAM_VEHICLE;
		char *wire = bp_alloc(rq->arena, 64);

		bp_wire_name(info->name, wire);
		v[i] = (struct param){.name = wire, .type = vehicle ? "vehicle" : "number", .what = info->what, .why = info->why,
			.value = {p.v[i], !vehicle}, .value_text = vehicle ? plan_vehicles[(int)p.v[i]] : NULL,
			.value_default = {info->value[channel[0] == 'M'], !vehicle}, .least = info->least, .most = info->most, .own = p.own[i]};
	}
	*r = (struct profile){(int64_t)rq->territory, channel, {v, PLAN_P__MAX}};
	rq->reply = r;
	return e;
}

/* Snapshots tell the visits and minutes of the policy. */
static enum bp_error changed(struct bp_req *rq, const char *reason)
{
	rq->audit.resource_type = "territory";
	rq->audit.reason = reason;
	return rq->audit.action == BP_ACTION_PROFILE_CHANGE ? sn_request_units(rq->db, rq->arena, rq->territory, rq->user.id, rq->correlation) : BP_E_OK;
}

static enum bp_error seen_of(struct bp_req *rq, json_t *seen, struct plan_config *c)
{
	*c = (struct plan_config){rq->territory, {rq->user.id, rq->correlation}, ((struct query *)rq->query)->channel, seen};
	return !seen || json_is_object(seen) ? BP_E_OK : bp_req_field(rq, "/seen", "must be an object");
}

static enum bp_error put(struct bp_req *rq)
{
	struct body *in = rq->body;
	struct plan_config c;
	enum bp_error e = seen_of(rq, in->seen, &c);

	if (!e)
		e = plan_config_params(rq->db, rq->arena, &c, in->set, &rq->audit, rq->fields, &rq->fail);
	if (!e)
		e = changed(rq, in->reason);
	return e ? e : get(rq);
}

static enum bp_error revert(struct bp_req *rq)
{
	struct revert *in = rq->body;
	struct plan_config c;
	enum bp_error e = seen_of(rq, in->seen, &c);

	if (!e)
		e = plan_config_back(rq->db, rq->arena, &c, in->entry, &rq->audit, rq->fields, &rq->fail);
	if (!e)
		e = changed(rq, in->reason);
	return e ? e : get(rq);
}

/* --- what was changed --- */

static const char *const whats[] = {"PROFILE_CHANGE", "HOLIDAY_PUT", "HOLIDAY_DROP", NULL};
struct one {
	const char *field, *was, *is;
};
BP_SHAPE(profile_was, one,
	BP_STR(one, field, BP_REQ, 1, 64, "name of the parameter, or the holiday's date"),
	BP_STR(one, was, BP_NUL, 0, 4000, "what the territory itself said before, as JSON, or the name of the holiday; null = nothing of its own"),
	BP_STR(one, is, BP_NUL, 0, 4000, "and since"));
struct event {
	int64_t id, at;
	const char *user, *what, *reason;
	struct bp_list changes;
};
BP_SHAPE(profile_event, event,
	BP_INT(event, id, BP_REQ, 1, 9e15, "entry of the audit trail"),
	BP_TIME(event, at, BP_REQ, "when"),
	BP_STR(event, user, BP_NUL, 0, 480, "who"),
	BP_ENUM(event, what, BP_REQ, whats, "parameters, or a holiday that was set or taken back"),
	BP_STR(event, reason, BP_REQ, 0, 2000, "why"),
	BP_LIST(event, changes, BP_REQ, PLAN_P__MAX, &profile_was, "what"));
struct history {
	struct bp_list items;
	const char *next;
};
BP_SHAPE(profile_history, history,
	BP_LIST(history, items, BP_REQ, BP_PAGE_MOST, &profile_event, "changes, the newest first"),
	BP_STR(history, next, BP_NUL, 0, 20, "cursor of the next page"));
struct history_filter {
	const char *channel;
	struct bp_opt_int limit, after;
};
BP_SHAPE(profile_history_query, history_filter,
	BP_ENUM(history_filter, channel, BP_REQ, bp_channels, "channel; holidays are of both"),
	BP_INT(history_filter, limit, BP_NUL, 1, BP_PAGE_MOST, "changes a page"),
	BP_INT(history_filter, after, BP_NUL, 0, 9e15, "cursor"));

static enum bp_error history(struct bp_req *rq)
{
	const struct history_filter *q = rq->query;
	struct history *h = bp_alloc(rq->arena, sizeof(*h));
	int64_t limit = bp_page_limit(q->limit);
	struct q_audit_profile *r = NULL;
	struct event *v;
	struct one *c;
	size_t n = 0, events = 0;
	enum bp_error e = q_audit_profile(rq->db, rq->arena, (int64_t)rq->territory, q->channel, q->after.set ? q->after.v : INT64_MAX, limit, &r, &n);

	if (e)
		return e;
	v = bp_alloc_array(rq->arena, n, sizeof(*v));
	c = bp_alloc_array(rq->arena, n, sizeof(*c));
	for (size_t i = 0; i < n; i++) {
		c[i] = (struct one){r[i].field, r[i].old_value, r[i].new_value};
		if (!i || r[i].id != r[i - 1].id)
			v[events++] = (struct event){r[i].id, r[i].at, r[i].user, r[i].action, r[i].reason, {&c[i], 0}};
		v[events - 1].changes.n++;
	}
	*h = (struct history){{v, events}, events ? bp_page_next(rq->arena, events, limit, v[events - 1].id) : NULL};
	rq->reply = h;
	return BP_E_OK;
}

static const struct bp_endpoint ep[] = {
	{"GET", "/territories/{id}/profile", "Read the planning parameters", BP_SCOPE_TERRITORY, BP_PERM_VIEW_TERRITORY, 0,
		.query = &profile_query, .reply = &profile_shape, .handle = get},
	{"GET", "/territories/{id}/profile/clashes", "Which limits no plan can keep together", BP_SCOPE_TERRITORY, BP_PERM_VIEW_TERRITORY, 0,
		.query = &profile_query, .reply = &profile_clashes, .handle = clashes},
	{"GET", "/territories/{id}/profile/history", "List who changed parameters and holidays of a territory, when and why", BP_SCOPE_TERRITORY, BP_PERM_VIEW_TERRITORY, 0,
		.query = &profile_history_query, .reply = &profile_history, .handle = history},
	{"PUT", "/territories/{id}/profile", "Change planning parameters", BP_SCOPE_TERRITORY, BP_PERM_MANAGE_TERRITORIES, 0,
		.query = &profile_query, .body = &profile_body, .reply = &profile_shape, .audit = BP_ACTION_PROFILE_CHANGE,
		.fails = {BP_E_CONFLICT}, .handle = put},
	{"POST", "/territories/{id}/profile/revert", "Put parameters or a holiday back to what they were before a change of the history", BP_SCOPE_TERRITORY,
		BP_PERM_MANAGE_TERRITORIES, 0, .query = &profile_query, .body = &profile_revert, .reply = &profile_shape, .audit = BP_ACTION_PROFILE_CHANGE,
		.fails = {BP_E_CONFLICT, BP_E_NOT_FOUND}, .handle = revert},
};
BP_RESOURCE(profiles, ep);
