/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_settings.c - what an operator changes while it runs: values, who changed them, and the way back. */
#include <string.h>

#include "cgi/endpoint.h"
#include "queries.h"

struct setting {
	const char *name, *type, *area, *unit, *what, *value, *default_, *user, *reason;
	struct bp_opt_int least, most, at;
	int64_t change;
};
BP_SHAPE(setting_shape, setting,
	BP_STR(setting, name, BP_REQ, 1, 40, "its name"),
	BP_ENUM(setting, type, BP_REQ, bp_setting_types, "what its value is"),
	BP_STR(setting, area, BP_REQ, 1, 12, "what it belongs to"),
	BP_STR(setting, what, BP_REQ, 1, 300, "what it does"),
	BP_STR(setting, unit, BP_REQ, 0, 20, "of a number"),
	BP_INT(setting, least, BP_NUL, 0, 9e15, "of a number: the least it may be"),
	BP_INT(setting, most, BP_NUL, 0, 9e15, "of a number: the most it may be"),
	BP_STR(setting, value, BP_REQ, 0, BP_SETTING_TEXT, "what is in force; on or off of a switch"),
	BP_STR(setting, default_, BP_REQ, 0, BP_SETTING_TEXT, "what holds where nobody has changed it"),
	BP_INT(setting, change, BP_REQ, 0, 4294967295.0, "the newest change, to be sent with the next one; 0 = there was none"),
	BP_STR(setting, user, BP_NUL, 0, 120, "who made it; null = nobody, or the shell"),
	BP_TIME(setting, at, BP_NUL, "when"),
	BP_STR(setting, reason, BP_NUL, 0, 500, "why"));
struct page {
	struct bp_list items;
	const char *next;
};
BP_SHAPE(setting_page, page,
	BP_LIST(page, items, BP_REQ, BP_SETTING__MAX, &setting_shape, "settings, by area"),
	BP_STR(page, next, BP_NUL, 0, 20, "always null"));
struct put {
	const char *value, *reason;
	int64_t change;
};
BP_SHAPE(setting_put, put,
	BP_STR(put, value, BP_NUL, 0, BP_SETTING_TEXT, "the new value as text; null = the default again"),
	BP_STR(put, reason, BP_REQ, 1, 500, "why"),
	BP_INT(put, change, BP_REQ, 0, 4294967295.0, "the newest change that you saw"));
struct revert {
	struct bp_opt_int to;
	const char *reason;
	int64_t change;
};
BP_SHAPE(setting_revert, revert,
	BP_INT(revert, to, BP_NUL, 0, 4294967295.0, "the change whose value shall hold again, 0 = the default; without it the one before the newest"),
	BP_STR(revert, reason, BP_REQ, 1, 500, "why"),
	BP_INT(revert, change, BP_REQ, 0, 4294967295.0, "the newest change that you saw"));
struct entry {
	int64_t change, at;
	const char *value, *reason, *user;
	struct bp_opt_int reverts;
};
BP_SHAPE(setting_entry, entry,
	BP_INT(entry, change, BP_REQ, 1, 4294967295.0, "number of the change"),
	BP_STR(entry, value, BP_NUL, 0, BP_SETTING_TEXT, "what held from then on; null = the default"),
	BP_STR(entry, reason, BP_REQ, 0, 500, "why"),
	BP_INT(entry, reverts, BP_NUL, 0, 4294967295.0, "the change it went back to, 0 = the default; null = a new value"),
	BP_STR(entry, user, BP_NUL, 0, 120, "who made it; null = the shell"),
	BP_TIME(entry, at, BP_REQ, "when"));
struct history {
	struct bp_list items;
	const char *next;
};
BP_SHAPE(setting_history, history,
	BP_LIST(history, items, BP_REQ, BP_PAGE_MOST, &setting_entry, "changes, the newest first"),
	BP_STR(history, next, BP_NUL, 0, 20, "cursor of the next page"));
BP_SHAPE(setting_history_query, bp_page_query,
	BP_INT(bp_page_query, limit, BP_NUL, 1, BP_PAGE_MOST, "rows a page"),
	BP_INT(bp_page_query, after, BP_NUL, 1, 9e15, "cursor"));

static enum bp_error read_all(struct bp_req *rq, struct setting *v)
{
	struct q_settings_now *r = NULL;
	size_t n = 0;
	enum bp_error e = q_settings_now(rq->db, rq->arena, &r, &n);

	for (int s = 1; s < BP_SETTING__MAX; s++) {
		const struct bp_setting_info *i = &bp_settings[s];
		bool number = i->type == BP_SETTING_NUMBER;

		v[s] = (struct setting){.name = i->name, .type = bp_setting_types[i->type], .area = i->area, .unit = i->unit, .what = i->what,
			.value = bp_setting_default((enum bp_setting)s), .default_ = bp_setting_default((enum bp_setting)s),
			.least = {i->least, number}, .most = {i->most, number}};
	}
	for (size_t i = 0; i < n; i++) {
		struct setting *one = &v[bp_setting_find(r[i].name)];

		one->value = r[i].value ? r[i].value : one->default_;
		one->change = r[i].seq;
		one->user = r[i].user;
		one->reason = r[i].reason;
		one->at = BP_SOME_INT(r[i].at);
	}
	return e;
}

static enum bp_error list(struct bp_req *rq)
{
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	struct setting *v = bp_alloc_array(rq->arena, BP_SETTING__MAX, sizeof(*v));

	p->items = (struct bp_list){v + 1, BP_SETTING__MAX - 1};
	rq->reply = p;
	return read_all(rq, v);
}

/* The setting that the path names: what is in force, and its place in the registry. */
static enum bp_error named(struct bp_req *rq, struct setting **all, enum bp_setting *s)
{
	*s = bp_setting_find(rq->arg_text[0]);
	*all = bp_alloc_array(rq->arena, BP_SETTING__MAX, sizeof(**all));
	return *s ? read_all(rq, *all) : BP_E_NOT_FOUND;
}

/* The trail says what held before. */
static enum bp_error change(struct bp_req *rq, struct setting *all, const struct bp_setting_change *c)
{
	const char *before = all[c->setting].value;
	enum bp_error e = bp_setting_put(rq->db, rq->arena, c, &rq->fail);

	if (!e)
		e = read_all(rq, all);
	rq->audit.resource_type = "setting";
	rq->audit.resource_id = (uint64_t)all[c->setting].change;
	rq->audit.reason = c->reason;
	bp_audit_change(&rq->audit, bp_settings[c->setting].name, before, all[c->setting].value);
	rq->reply = &all[c->setting];
	return e;
}

static enum bp_error put(struct bp_req *rq)
{
	const struct put *in = rq->body;
	struct bp_setting_change c = {.value = in->value, .reason = in->reason, .seen = in->change, .user = rq->user.id};
	struct setting *all;
	const char *fault;
	enum bp_error e = named(rq, &all, &c.setting);

	if (e)
		return e;
	fault = in->value ? bp_setting_fault(rq->arena, c.setting, in->value) : NULL;
	return fault ? bp_req_field(rq, "/value", fault) : change(rq, all, &c);
}

static enum bp_error revert(struct bp_req *rq)
{
	const struct revert *in = rq->body;
	struct bp_setting_change c = {.reason = in->reason, .seen = in->change, .user = rq->user.id};
	struct setting *all;
	enum bp_error e = named(rq, &all, &c.setting);

	if (!e)
		e = bp_setting_back(rq->db, rq->arena, in->to, &c, &rq->fail);
	return e ? e : change(rq, all, &c);
}

static enum bp_error past(struct bp_req *rq)
{
	const struct bp_page_query *q = rq->query;
	struct history *h = bp_alloc(rq->arena, sizeof(*h));
	int64_t limit = bp_page_limit(q->limit);
	struct q_setting_history *r = NULL;
	struct entry *v;
	size_t n = 0;
	enum bp_error e = bp_setting_find(rq->arg_text[0]) ? BP_E_OK : BP_E_NOT_FOUND;

	if (!e)
		e = q_setting_history(rq->db, rq->arena, rq->arg_text[0], q->after.set ? q->after.v : INT64_MAX, limit, &r, &n);
	v = bp_alloc_array(rq->arena, n + 1, sizeof(*v));
	for (size_t i = 0; i < n; i++)
		v[i] = (struct entry){r[i].seq, r[i].at, r[i].value, r[i].reason, r[i].user, r[i].reverts};
	*h = (struct history){{v, n}, n ? bp_page_next(rq->arena, n, limit, r[n - 1].seq) : NULL};
	rq->reply = h;
	return e;
}

#define ADMIN BP_SCOPE_WORLD, BP_PERM_ADMIN_SYSTEM, 0
static const struct bp_endpoint ep[] = {
	{"GET", "/settings", "List the settings: what is in force, and who changed it last", ADMIN, .reply = &setting_page, .handle = list},
	{"PUT", "/settings/{name:text}", "Change a setting; in force everywhere within a second", ADMIN, .body = &setting_put, .reply = &setting_shape,
		.audit = BP_ACTION_SETTING_CHANGE, .fails = {BP_E_NOT_FOUND, BP_E_CONFLICT}, .handle = put},
	{"POST", "/settings/{name:text}/revert", "Put a setting back to what it was", ADMIN, .body = &setting_revert, .reply = &setting_shape,
		.audit = BP_ACTION_SETTING_REVERT, .fails = {BP_E_NOT_FOUND, BP_E_CONFLICT}, .handle = revert},
	{"GET", "/settings/{name:text}/history", "List what a setting was, who changed it and why", ADMIN, .query = &setting_history_query,
		.reply = &setting_history, .fails = {BP_E_NOT_FOUND}, .handle = past},
};
BP_RESOURCE(settings, ep);
