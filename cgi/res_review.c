/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_review.c - what a plan has been through: the ledger of changes, comments, what differs, and how the work is shared. */
#include <string.h>

#include "cgi/endpoint.h"
#include "plan/optimize.h"
#include "plan/review.h"
#include "plan/session.h"

/* --- the ledger --- */

struct ledger_query {
	struct bp_opt_int session, user, limit, after;
};
BP_SHAPE(ledger_query, ledger_query,
	BP_INT(ledger_query, session, BP_NUL, 1, 9e15, "only of this planning session"),
	BP_INT(ledger_query, user, BP_NUL, 1, 9e15, "only of this user"),
	BP_INT(ledger_query, limit, BP_NUL, 1, BP_PAGE_MOST, "rows a page"),
	BP_INT(ledger_query, after, BP_NUL, 0, 9e15, "cursor"));
struct entry {
	int64_t session, seq, at;
	const char *user, *kind, *label, *reason, *reason_code, *reason_label;
	double minutes;
	bool undone, override;
	struct bp_list rules, needs;
};
BP_SHAPE(ledger_entry, entry,
	BP_INT(entry, session, BP_REQ, 1, 9e15, "planning session"),
	BP_INT(entry, seq, BP_REQ, 1, 9e15, "number within it"),
	BP_TIME(entry, at, BP_REQ, "when"),
	BP_STR(entry, user, BP_NUL, 0, 120, "who"),
	BP_STR(entry, kind, BP_REQ, 1, 16, "kind of the operation"),
	BP_STR(entry, label, BP_REQ, 0, 200, "what was done"),
	BP_STR(entry, reason, BP_REQ, 0, 500, "why, as given"),
	BP_STR(entry, reason_code, BP_REQ, 0, 24, "why, from the list of reasons; empty = none"),
	BP_STR(entry, reason_label, BP_NUL, 0, 120, "the same as people read it"),
	BP_NUM(entry, minutes, BP_REQ, 0, 0, "its price: minutes of work in a cycle"),
	BP_BOOL(entry, undone, BP_REQ, "was undone: it costs nothing"),
	BP_BOOL(entry, override, BP_REQ, "a rule that is never broken was overridden"),
	BP_LIST_STR(entry, rules, BP_REQ, 20, "rules that held no more"),
	BP_LIST_INT(entry, needs, BP_REQ, 20, "needs concerned, the first twenty"));
struct sum {
	const char *user, *reason, *reason_code, *reason_label;
	int64_t changes;
	double minutes;
};
BP_SHAPE(ledger_sum, sum,
	BP_STR(sum, user, BP_NUL, 0, 120, "who"),
	BP_STR(sum, reason, BP_REQ, 0, 500, "why; empty = without a reason"),
	BP_STR(sum, reason_code, BP_REQ, 0, 24, "from the list of reasons; empty = none"),
	BP_STR(sum, reason_label, BP_NUL, 0, 120, "the same as people read it"),
	BP_INT(sum, changes, BP_REQ, 0, 9e15, "how many changes that count"),
	BP_NUM(sum, minutes, BP_REQ, 0, 0, "their price"));
struct ledger {
	struct bp_list items, sums;
	int64_t changes;
	double minutes;
	const char *next;
};
BP_SHAPE(ledger_shape, ledger,
	BP_LIST(ledger, items, BP_REQ, BP_PAGE_MOST, &ledger_entry, "changes, latest first"),
	BP_LIST(ledger, sums, BP_REQ, 10000, &ledger_sum, "by person and reason, the dearest first"),
	BP_INT(ledger, changes, BP_REQ, 0, 9e15, "all changes that count"),
	BP_NUM(ledger, minutes, BP_REQ, 0, 0, "their price together"),
	BP_STR(ledger, next, BP_NUL, 0, 20, "cursor of the next page"));

/* Rules and needs stand in the operation's own record. */
static void read_body(struct bp_arena *a, const char *body, struct entry *v)
{
	json_t *o = json_loads(body, 0, NULL), *rules = json_object_get(o, "broken"), *needs = json_object_get(o, "needs"), *x;
	const char **names = bp_alloc_array(a, json_object_size(rules) + 1, sizeof(*names)), *rule;
	int64_t *ids = bp_alloc_array(a, json_array_size(needs) + 1, sizeof(*ids));
	size_t i;

	v->rules.v = names;
	json_object_foreach(rules, rule, x) {
		names[v->rules.n++] = bp_strdup(a, rule);
		v->override = v->override || !strcmp(json_string_value(x), "block");
	}
	json_array_foreach(needs, i, x)
		ids[i] = json_integer_value(x);
	v->needs = (struct bp_list){ids, json_array_size(needs)};
	json_decref(o);
}

static enum bp_error ledger(struct bp_req *rq)
{
	struct ledger_query *q = rq->query;
	struct ledger *l = bp_alloc(rq->arena, sizeof(*l));
	int64_t limit = bp_page_limit(q->limit), plan = (int64_t)rq->arg[0];
	struct q_ledger_rows *r = NULL;
	struct q_ledger_sums *s = NULL;
	struct entry *v;
	struct sum *sums;
	size_t n = 0, n_sums = 0;
	enum bp_error e = q_ledger_rows(rq->db, rq->arena, plan, q->session, q->user, q->after.v, limit, &r, &n);

	if (!e)
		e = q_ledger_sums(rq->db, rq->arena, plan, q->session, q->user, &s, &n_sums);
	v = bp_alloc_array(rq->arena, n + 1, sizeof(*v));
	for (size_t i = 0; i < n; i++) {
		v[i] = (struct entry){.session = r[i].session, .seq = r[i].seq, .at = r[i].at, .user = r[i].user, .kind = r[i].kind,
			.label = r[i].label, .reason = r[i].reason, .reason_code = r[i].code, .reason_label = r[i].code_label, .minutes = r[i].minutes, .undone = r[i].undone};
		read_body(rq->arena, r[i].body, &v[i]);
	}
	sums = bp_alloc_array(rq->arena, n_sums + 1, sizeof(*sums));
	for (size_t i = 0; i < n_sums; i++) {
		sums[i] = (struct sum){s[i].user, s[i].reason, s[i].code, s[i].code_label, s[i].n, s[i].minutes};
		l->changes += s[i].n;
		l->minutes += s[i].minutes;
	}
	l->items = (struct bp_list){v, n};
	l->sums = (struct bp_list){sums, n_sums};
	l->next = bp_page_next(rq->arena, n, limit, q->after.v + limit);
	rq->reply = l;
	return e;
}

/* --- comments --- */

struct comment_query {
	struct bp_opt_int version, limit, after;
};
BP_SHAPE(comment_query, comment_query,
	BP_INT(comment_query, version, BP_NUL, 1, 9e15, "only what was said of this version"),
	BP_INT(comment_query, limit, BP_NUL, 1, BP_PAGE_MOST, "comments a page"),
	BP_INT(comment_query, after, BP_NUL, 0, 9e15, "cursor"));
struct comment {
	int64_t id, at;
	struct bp_opt_int version_id, number, base_id, need, seat, day;
	const char *text, *user;
	bool mine;
};
BP_SHAPE(comment_shape, comment,
	BP_INT(comment, id, BP_REQ, 1, 9e15, "comment"),
	BP_INT(comment, version_id, BP_NUL, 1, 9e15, "of this version; null = of the plan, whichever version"),
	BP_INT(comment, number, BP_NUL, 0, 9e15, "number of the version"),
	BP_INT(comment, base_id, BP_NUL, 1, 9e15, "on what becomes of the need between this version and that one"),
	BP_INT(comment, need, BP_NUL, 1, 9e15, "on this need; null = not on one"),
	BP_INT(comment, seat, BP_NUL, 1, 9e15, "on this seat"),
	BP_INT(comment, day, BP_NUL, 0, 55, "on this cycle day"),
	BP_STR(comment, text, BP_REQ, 1, 1000, "what was said"),
	BP_STR(comment, user, BP_NUL, 0, 120, "by whom"),
	BP_BOOL(comment, mine, BP_REQ, "you said it: you may take it back"),
	BP_TIME(comment, at, BP_REQ, "when"));
BP_SHAPE(comment_body, comment,
	BP_INT(comment, version_id, BP_NUL, 1, 9e15, "of this version; without: of the plan, and then on a need, a seat or a day"),
	BP_INT(comment, base_id, BP_NUL, 1, 9e15, "on what becomes of the need between this version and that one"),
	BP_INT(comment, need, BP_NUL, 1, 9e15, "on this need"),
	BP_INT(comment, seat, BP_NUL, 1, 9e15, "on this seat"),
	BP_INT(comment, day, BP_NUL, 0, 55, "on this cycle day"),
	BP_STR(comment, text, BP_REQ, 1, 1000, "what is to be said"));
struct page {
	struct bp_list items;
	const char *next;
};
BP_SHAPE(comment_page, page,
	BP_LIST(page, items, BP_REQ, BP_PAGE_MOST, &comment_shape, "comments, oldest first"),
	BP_STR(page, next, BP_NUL, 0, 20, "cursor of the next page"));

static enum bp_error of_this_plan(struct bp_req *rq, int64_t version)
{
	struct q_plan_version_get v;
	enum bp_error e = q_plan_version_get(rq->db, rq->arena, version, &v);

	return e ? e : v.plan_id == (int64_t)rq->arg[0] ? BP_E_OK : bp_fail(&rq->fail, BP_E_NOT_FOUND, "the version belongs to another plan");
}

static enum bp_error read_comments(struct bp_req *rq, struct bp_opt_int version, int64_t after, int64_t limit, struct page *p)
{
	struct q_comments_of *r = NULL;
	struct comment *v;
	size_t n = 0;
	enum bp_error e = q_comments_of(rq->db, rq->arena, (int64_t)rq->arg[0], version, after, limit, &r, &n);

	v = bp_alloc_array(rq->arena, n + 1, sizeof(*v));
	for (size_t i = 0; i < n; i++)
		v[i] = (struct comment){.id = r[i].id, .at = r[i].at, .version_id = r[i].version, .number = r[i].number, .base_id = r[i].base, .need = r[i].need,
			.seat = r[i].seat, .day = r[i].day, .text = r[i].text, .user = r[i].user, .mine = r[i].user_id == (int64_t)rq->user.id};
	*p = (struct page){{v, n}, bp_page_next(rq->arena, n, limit, n ? r[n - 1].id : 0)};
	return e;
}

static enum bp_error comments(struct bp_req *rq)
{
	const struct comment_query *q = rq->query;
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	enum bp_error e = q->version.set ? of_this_plan(rq, q->version.v) : BP_E_OK;

	rq->reply = p;
	return e ? e : read_comments(rq, q->version, q->after.v, bp_page_limit(q->limit), p);
}

/* A comment is on something that is there, so that somebody finds it again. */
static enum bp_error check_subject(struct bp_req *rq, const struct comment *in)
{
	struct q_comment_subject s;
	enum bp_error e = BP_E_OK;

	if (!in->version_id.set && !in->need.set && !in->seat.set && !in->day.set)
		return bp_req_field(rq, "/versionId", "is required unless it is on a need, a seat or a day");
	if (in->base_id.set && (!in->version_id.set || !in->need.set || in->base_id.v == in->version_id.v))
		return bp_req_field(rq, "/baseId", "names another version than versionId, and goes with a need");
	if (in->version_id.set)
		e = of_this_plan(rq, in->version_id.v);
	if (!e && in->base_id.set)
		e = of_this_plan(rq, in->base_id.v);
	if (!e)
		e = q_comment_subject(rq->db, rq->arena, (int64_t)rq->arg[0], in->version_id, in->base_id, in->need, in->seat, &s);
	if (!e && !s.need_known)
		e = bp_req_field(rq, "/need", "is none of this plan");
	if (!e && !s.seat_known)
		e = bp_req_field(rq, "/seat", "is none of this plan");
	if (!e && in->day.set && in->day.v >= s.days)
		e = bp_req_field(rq, "/day", "is beyond the cycle");
	return e;
}

static enum bp_error comment(struct bp_req *rq)
{
	const struct comment *in = rq->body;
	struct page made = {0};
	enum bp_error e = check_subject(rq, in);

	if (!e)
		e = q_comment_add(rq->db, (int64_t)rq->arg[0], in->version_id, in->base_id, in->need, in->seat, in->day, in->text, (int64_t)rq->user.id, NULL);
	if (!e)
		e = read_comments(rq, in->version_id, (int64_t)bp_db_insert_id(rq->db) - 1, 1, &made);
	rq->audit.resource_type = "plan";
	rq->audit.channel = rq->channel;
	bp_audit_change(&rq->audit, "comment", NULL, in->text);
	rq->reply = (void *)made.items.v;
	return e;
}

/* Only whoever said it: others answer. */
static enum bp_error unsay(struct bp_req *rq)
{
	struct q_comment_get c;
	enum bp_error e = q_comment_get(rq->db, rq->arena, (int64_t)rq->arg[1], (int64_t)rq->arg[0], &c);

	if (!e && c.user_id != (int64_t)rq->user.id)
		e = bp_fail(&rq->fail, BP_E_AUTH_PERMISSION, "somebody else said it");
	if (!e)
		e = q_comment_drop(rq->db, (int64_t)rq->arg[1], NULL);
	rq->audit.resource_type = "plan";
	rq->audit.channel = rq->channel;
	if (!e)
		bp_audit_change(&rq->audit, "comment", c.text, NULL);
	return e;
}

/* --- what differs --- */

struct diff_query {
	struct bp_opt_int base, session;
	int64_t version;
	const char *by;
};
BP_SHAPE(diff_query, diff_query,
	BP_INT(diff_query, base, BP_NUL, 1, 9e15, "from this version"),
	BP_INT(diff_query, session, BP_NUL, 1, 9e15, "or from the draft of this planning session"),
	BP_INT(diff_query, version, BP_REQ, 1, 9e15, "to this version"),
	BP_ENUM(diff_query, by, BP_REQ, plan_diff_bys, "what changes are gathered by; territory: the part of the unit in which the outlet lies, or else the seat"));
BP_SHAPE(diff_group, plan_diff_group,
	BP_INT(plan_diff_group, id, BP_REQ, 0, 9e15, "outlet, seat, beat (0 = none), cycle day or territory"),
	BP_STR(plan_diff_group, code, BP_NUL, 0, 64, "its code; null = a day, or no longer there"),
	BP_STR(plan_diff_group, name, BP_NUL, 0, 255, "its name"),
	BP_INT(plan_diff_group, removed, BP_REQ, 0, 9e15, "standing visits that only the first state has"),
	BP_INT(plan_diff_group, added, BP_REQ, 0, 9e15, "standing visits that only the second has"),
	BP_LIST_INT(plan_diff_group, needs, BP_REQ, PLAN_VISITS_MOST, "needs that they belong to"));
BP_SHAPE(diff_shape, page,
	BP_LIST(page, items, BP_REQ, PLAN_VISITS_MOST, &diff_group, "groups with a change, by id"),
	BP_STR(page, next, BP_NUL, 0, 20, "always null: they come at once"));

/* The draft belongs to this plan as well. */
static enum bp_error session_of_this_plan(struct bp_req *rq, int64_t session)
{
	struct q_session_get s;
	enum bp_error e = q_session_get(rq->db, rq->arena, session, &s);

	return e ? e : s.plan_id == (int64_t)rq->arg[0] ? BP_E_OK : bp_fail(&rq->fail, BP_E_NOT_FOUND, "the planning session belongs to another plan");
}

static enum bp_error diff(struct bp_req *rq)
{
	const struct diff_query *q = rq->query;
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	struct plan_diff_group *g = NULL;
	enum bp_error e = of_this_plan(rq, q->version);

	if (q->base.set == q->session.set)
		return bp_req_field(rq, "/base", "or session is required, one of them");
	if (!e)
		e = q->base.set ? of_this_plan(rq, q->base.v) : session_of_this_plan(rq, q->session.v);
	if (!e)
		e = plan_diff(rq->db, rq->arena, q->by, (int64_t)rq->territory, q->base.v, q->session.v, q->version, &g, &p->items.n);
	p->items.v = g;
	rq->reply = p;
	return e;
}

/* --- fairness --- */

struct fairness_query {
	struct bp_opt_int session, version;
};
BP_SHAPE(fairness_query, fairness_query,
	BP_INT(fairness_query, session, BP_NUL, 1, 9e15, "of this draft"),
	BP_INT(fairness_query, version, BP_NUL, 1, 9e15, "of this version; neither: of the committed one"));
BP_SHAPE(fairness_seat, plan_share,
	BP_INT(plan_share, seat, BP_REQ, 1, 9e15, "seat"),
	BP_STR(plan_share, code, BP_REQ, 1, 64, "code"),
	BP_STR(plan_share, name, BP_REQ, 1, 120, "name"),
	BP_STR(plan_share, person, BP_NUL, 0, 120, "who holds it today, null = vacant"),
	BP_INT(plan_share, calls, BP_REQ, 0, 9e15, "calls of a cycle"),
	BP_INT(plan_share, days, BP_REQ, 0, 9e15, "days with work"),
	BP_INT(plan_share, outlets, BP_REQ, 0, 9e15, "outlets"),
	BP_NUM(plan_share, minutes, BP_REQ, 0, 0, "minutes of work"),
	BP_NUM(plan_share, travel_minutes, BP_REQ, 0, 0, "of these under way"),
	BP_NUM(plan_share, overtime_minutes, BP_REQ, 0, 0, "beyond the shifts"),
	BP_NUM(plan_share, km, BP_REQ, 0, 0, "road kilometres"),
	BP_NUM(plan_share, value, BP_REQ, 0, 0, "what its outlets buy, as imported or invoiced"),
	BP_NUM(plan_share, minutes_pct, BP_REQ, 0, 0, "difference from the mean, percent"),
	BP_NUM(plan_share, calls_pct, BP_REQ, 0, 0, "difference from the mean, percent"),
	BP_NUM(plan_share, value_pct, BP_REQ, 0, 0, "difference from the mean, percent"));
struct fairness {
	struct bp_list seats;
	double minutes, calls, value, minutes_pct, calls_pct, value_pct;
};
BP_SHAPE(fairness_shape, fairness,
	BP_LIST(fairness, seats, BP_REQ, 10000, &fairness_seat, "seats, by code"),
	BP_NUM(fairness, minutes, BP_REQ, 0, 0, "mean of those with work"),
	BP_NUM(fairness, calls, BP_REQ, 0, 0, "mean"),
	BP_NUM(fairness, value, BP_REQ, 0, 0, "mean"),
	BP_NUM(fairness, minutes_pct, BP_REQ, 0, 0, "largest difference from the mean, percent"),
	BP_NUM(fairness, calls_pct, BP_REQ, 0, 0, "largest difference"),
	BP_NUM(fairness, value_pct, BP_REQ, 0, 0, "largest difference"));

static enum bp_error fairness(struct bp_req *rq)
{
	struct fairness_query *q = rq->query;
	struct fairness *r = bp_alloc(rq->arena, sizeof(*r));
	struct plan_fairness f = {0};
	struct q_plan_get plan;
	int64_t version = q->version.v;
	enum bp_error e = q_plan_get(rq->db, rq->arena, (int64_t)rq->arg[0], &plan);

	if (!e && q->session.set) {
		e = session_of_this_plan(rq, q->session.v);
	} else if (!e && q->version.set) {
		e = of_this_plan(rq, q->version.v);
	} else if (!e) {
		version = plan.current_version.v;
	}
	if (!e)
		e = plan_fairness(rq->db, rq->arena, rq->arg[0], q->session.set ? (uint64_t)q->session.v : 0, (uint64_t)version, &f);
	*r = (struct fairness){{f.seats, f.n}, f.mean_minutes, f.mean_calls, f.mean_value, f.worst_minutes_pct, f.worst_calls_pct, f.worst_value_pct};
	rq->reply = r;
	return e;
}

static const struct bp_endpoint ep[] = {
	{"GET", "/plans/{id}/ledger", "Every change by hand with its price, and their sum", BP_SCOPE_PLAN, BP_PERM_VIEW_TERRITORY, 0,
		.query = &ledger_query, .reply = &ledger_shape, .fails = {BP_E_NOT_FOUND}, .handle = ledger},
	{"GET", "/plans/{id}/comments", "What was said of a plan, or of one version", BP_SCOPE_PLAN, BP_PERM_VIEW_TERRITORY, 0, .query = &comment_query,
		.reply = &comment_page, .fails = {BP_E_NOT_FOUND}, .handle = comments},
	{"POST", "/plans/{id}/comments", "Say something of a version, of a change between two, or of a need, a seat or a day", BP_SCOPE_PLAN,
		BP_PERM_VIEW_TERRITORY, 0, .body = &comment_body, .reply = &comment_shape, .audit = BP_ACTION_PLAN_COMMENT, .fails = {BP_E_NOT_FOUND}, .handle = comment},
	{"DELETE", "/plans/{id}/comments/{comment}", "Take back what you said", BP_SCOPE_PLAN, BP_PERM_VIEW_TERRITORY, 0,
		.audit = BP_ACTION_PLAN_UNSAY, .fails = {BP_E_NOT_FOUND}, .handle = unsay},
	{"GET", "/plans/{id}/diff", "What differs between two states, by outlet, seat, beat, day or territory", BP_SCOPE_PLAN, BP_PERM_VIEW_TERRITORY, 0,
		.query = &diff_query, .reply = &diff_shape, .fails = {BP_E_NOT_FOUND}, .handle = diff},
	{"GET", "/plans/{id}/fairness", "How the work is shared among the seats", BP_SCOPE_PLAN, BP_PERM_VIEW_TERRITORY, 0,
		.query = &fairness_query, .reply = &fairness_shape, .fails = {BP_E_NOT_FOUND}, .handle = fairness},
};
BP_RESOURCE(review, ep);
