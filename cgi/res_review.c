/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_review.c - what a plan has been through: the ledger of changes, what differs, and how the work is shared. */
#include <string.h>

#include "cgi/of_plan.h"
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
	struct bp_opt_num price;
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
	BP_NUM(entry, minutes, BP_REQ, 0, 0, "minutes of work in a cycle"),
	BP_NUM(entry, price, BP_NUL, 0, 0, "its price in minutes, missed visits and all others with it; null = made before that was counted"),
	BP_BOOL(entry, undone, BP_REQ, "was undone: it costs nothing"),
	BP_BOOL(entry, override, BP_REQ, "a rule that is never broken was overridden"),
	BP_LIST_STR(entry, rules, BP_REQ, 20, "rules that held no more"),
	BP_LIST_INT(entry, needs, BP_REQ, 20, "needs concerned, the first twenty"));
struct sum {
	const char *user, *reason_code, *reason_label;
	int64_t changes;
	double minutes, price;
};
BP_SHAPE(ledger_sum, sum,
	BP_STR(sum, user, BP_NUL, 0, 120, "who"),
	BP_STR(sum, reason_code, BP_REQ, 0, 24, "from the list of reasons; empty = none"),
	BP_STR(sum, reason_label, BP_NUL, 0, 120, "the same as people read it"),
	BP_INT(sum, changes, BP_REQ, 0, 9e15, "how many changes that count"),
	BP_NUM(sum, minutes, BP_REQ, 0, 0, "minutes of work"),
	BP_NUM(sum, price, BP_REQ, 0, 0, "their price"));
BP_SHAPE(ledger_outlet, q_ledger_outlets,
	BP_INT(q_ledger_outlets, outlet, BP_REQ, 1, 9e15, "outlet"),
	BP_STR(q_ledger_outlets, code, BP_REQ, 1, 64, "its code"),
	BP_STR(q_ledger_outlets, name, BP_REQ, 0, 255, "its name"),
	BP_INT(q_ledger_outlets, n, BP_REQ, 1, 9e15, "changes that name it among their first twenty"),
	BP_INT(q_ledger_outlets, overridden, BP_REQ, 0, 9e15, "of these, with a rule overridden"));
struct ledger {
	struct bp_list items, sums, outlets;
	int64_t changes;
	double minutes, price;
	const char *next;
};
BP_SHAPE(ledger_shape, ledger,
	BP_LIST(ledger, items, BP_REQ, BP_PAGE_MOST, &ledger_entry, "changes, latest first"),
	BP_LIST(ledger, sums, BP_REQ, 10000, &ledger_sum, "by person and reason, the dearest first"),
	BP_LIST(ledger, outlets, BP_REQ, BP_PAGE_MOST, &ledger_outlet, "by outlet, the most changed ones first"),
	BP_INT(ledger, changes, BP_REQ, 0, 9e15, "all changes that count"),
	BP_NUM(ledger, minutes, BP_REQ, 0, 0, "their minutes of work together"),
	BP_NUM(ledger, price, BP_REQ, 0, 0, "their price together"),
	BP_STR(ledger, next, BP_NUL, 0, 20, "cursor of the next page"));

/* Rules and needs stand in the operation's own record. */
static void read_body(struct bp_arena *a, const char *body, struct entry *v)
{
	json_t *o = json_loads(body, 0, NULL), *rules = json_object_get(o, "broken"), *needs = json_object_get(o, "needs"), *x;
	const char **names = bp_alloc_array(a, json_object_size(rules) + 1, sizeof(*names)), *rule;
	size_t told = json_array_size(needs) < 20 ? json_array_size(needs) : 20;
	int64_t *ids = bp_alloc_array(a, told + 1, sizeof(*ids));
	size_t i;

	v->rules.v = names;
	json_object_foreach(rules, rule, x) {
		names[v->rules.n++] = bp_strdup(a, rule);
		v->override = v->override || !strcmp(json_string_value(x), "block");
	}
	for (i = 0; i < told; i++)
		ids[i] = json_integer_value(json_array_get(needs, i));
	v->needs = (struct bp_list){ids, told};
	json_decref(o);
}

static enum bp_error ledger(struct bp_req *rq)
{
	struct ledger_query *q = rq->query;
	struct ledger *l = bp_alloc(rq->arena, sizeof(*l));
	int64_t limit = bp_page_limit(q->limit), plan = (int64_t)rq->arg[0];
	struct q_ledger_rows *r = NULL;
	struct q_ledger_sums *s = NULL;
	struct q_ledger_outlets *o = NULL;
	struct entry *v;
	struct sum *sums;
	size_t n = 0, n_sums = 0;
	enum bp_error e = q_ledger_rows(rq->db, rq->arena, plan, q->session, q->user, q->after.v, limit, &r, &n);

	if (!e)
		e = q_ledger_sums(rq->db, rq->arena, plan, q->session, q->user, &s, &n_sums);
	if (!e)
		e = q_ledger_outlets(rq->db, rq->arena, plan, q->session, q->user, limit, &o, &l->outlets.n);
	l->outlets.v = o;
	v = bp_alloc_array(rq->arena, n + 1, sizeof(*v));
	for (size_t i = 0; i < n; i++) {
		v[i] = (struct entry){.session = r[i].session, .seq = r[i].seq, .at = r[i].at, .user = r[i].user, .kind = r[i].kind,
			.label = r[i].label, .reason = r[i].reason, .reason_code = r[i].code, .reason_label = r[i].code_label, .minutes = r[i].minutes, .price = r[i].price, .undone = r[i].undone};
		read_body(rq->arena, r[i].body, &v[i]);
	}
	sums = bp_alloc_array(rq->arena, n_sums + 1, sizeof(*sums));
	for (size_t i = 0; i < n_sums; i++) {
		sums[i] = (struct sum){s[i].user, s[i].code, s[i].code_label, s[i].n, s[i].minutes, s[i].price};
		l->changes += s[i].n;
		l->minutes += s[i].minutes;
		l->price += s[i].price;
	}
	l->items = (struct bp_list){v, n};
	l->sums = (struct bp_list){sums, n_sums};
	l->next = bp_page_next(rq->arena, n, limit, q->after.v + limit);
	rq->reply = l;
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
	BP_INT(plan_diff_group, id, BP_REQ, 0, 9e15, "outlet, seat, beat (0 = none), territory, or day of the cycle: the longer one, the first "
		"where they are as long"),
	BP_STR(plan_diff_group, code, BP_NUL, 0, 64, "its code; null = a day, or no longer there"),
	BP_STR(plan_diff_group, name, BP_NUL, 0, 255, "its name"),
	BP_INT(plan_diff_group, removed, BP_REQ, 0, 9e15, "standing visits that only the first state has"),
	BP_INT(plan_diff_group, added, BP_REQ, 0, 9e15, "standing visits that only the second has"),
	BP_LIST_INT(plan_diff_group, needs, BP_REQ, PLAN_VISITS_MOST, "needs that they belong to"),
	BP_LIST_INT(plan_diff_group, gone, BP_REQ, PLAN_VISITS_MOST, "of these, needs that have left the plan since: closed, or of another territory or channel by now. "
		"Their visits can be taken out, none can be put back"));
struct differences {
	struct bp_list items;
	const char *next;
};
BP_SHAPE(diff_shape, differences,
	BP_LIST(differences, items, BP_REQ, PLAN_VISITS_MOST, &diff_group, "groups with a change, by id"),
	BP_STR(differences, next, BP_NUL, 0, 20, "always null: they come at once"));

static enum bp_error diff(struct bp_req *rq)
{
	const struct diff_query *q = rq->query;
	struct differences *p = bp_alloc(rq->arena, sizeof(*p));
	struct plan_diff_group *g = NULL;
	enum bp_error e = bp_version_of_plan(rq, q->version);

	if (q->base.set == q->session.set)
		return bp_req_field(rq, "/base", "or session is required, one of them");
	if (!e)
		e = q->base.set ? bp_version_of_plan(rq, q->base.v) : bp_session_of_plan(rq, q->session.v);
	if (!e)
		e = plan_diff(rq->db, rq->arena, q->by, (int64_t)rq->territory, q->base.v, q->session.v, q->version, &g, &p->items.n);
	p->items.v = g;
	rq->reply = p;
	return e;
}

/* --- what has left --- */

struct departed_query {
	struct bp_opt_int session, version, limit, after;
};
BP_SHAPE(departed_query, departed_query,
	BP_INT(departed_query, session, BP_NUL, 1, 9e15, "of this draft"),
	BP_INT(departed_query, version, BP_NUL, 1, 9e15, "of this version; neither: of the committed one"),
	BP_INT(departed_query, limit, BP_NUL, 1, BP_PAGE_MOST, "rows a page"),
	BP_INT(departed_query, after, BP_NUL, 0, 9e15, "cursor"));
BP_SHAPE(departed_outlet, q_departed,
	BP_INT(q_departed, outlet, BP_REQ, 1, 9e15, "outlet"),
	BP_STR(q_departed, code, BP_REQ, 1, 256, "its code"),
	BP_STR(q_departed, name, BP_REQ, 0, 800, "its name"),
	BP_INT(q_departed, visits, BP_REQ, 0, 9e15, "its standing visits; 0 = the draft or version has none where the plan in force has: once it is committed nobody visits it"),
	BP_STR(q_departed, unit, BP_NUL, 0, 480, "the unit in which it lies now; null = in none"),
	BP_DATE(q_departed, until, BP_NUL, "from this day on another plan visits it; null = the plan in force here does, until that of its unit is committed with it"));
struct departed {
	struct bp_list items;
	int64_t outlets, dropped;
	const char *next;
};
BP_SHAPE(departed_shape, departed,
	BP_LIST(departed, items, BP_REQ, BP_PAGE_MOST, &departed_outlet, "outlets, by id"),
	BP_INT(departed, outlets, BP_REQ, 0, 9e15, "all of them"),
	BP_INT(departed, dropped, BP_REQ, 0, 9e15, "of these, without a visit in the draft or version"),
	BP_STR(departed, next, BP_NUL, 0, 20, "cursor of the next page"));

/* A draft or a version of the plan, or the committed one; *version = 0 for a draft. */
static enum bp_error state_of(struct bp_req *rq, struct bp_opt_int session, struct bp_opt_int version, int64_t *out)
{
	struct q_plan_get plan;
	enum bp_error e = q_plan_get(rq->db, rq->arena, (int64_t)rq->arg[0], &plan);

	*out = 0;
	if (e || session.set)
		return e ? e : bp_session_of_plan(rq, session.v);
	if (version.set)
		e = bp_version_of_plan(rq, version.v);
	*out = version.set ? version.v : plan.current_version.v;
	return e;
}

static enum bp_error departed(struct bp_req *rq)
{
	const struct departed_query *q = rq->query;
	struct departed *p = bp_alloc(rq->arena, sizeof(*p));
	int64_t version, limit = bp_page_limit(q->limit);
	struct q_departed *r = NULL;
	size_t n = 0;
	enum bp_error e = state_of(rq, q->session, q->version, &version);

	if (!e)
		e = q_departed(rq->db, rq->arena, (int64_t)rq->arg[0], q->session.v, version, q->after.v, limit, &r, &n);
	p->items = (struct bp_list){r, n};
	p->outlets = n ? r[0].outlets : 0;
	p->dropped = n ? r[0].dropped : 0;
	p->next = n ? bp_page_next(rq->arena, n, limit, r[n - 1].outlet) : NULL;
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
	int64_t version;
	enum bp_error e = state_of(rq, q->session, q->version, &version);

	if (!e)
		e = plan_fairness(rq->db, rq->arena, rq->arg[0], q->session.set ? (uint64_t)q->session.v : 0, (uint64_t)version, &f);
	*r = (struct fairness){{f.seats, f.n}, f.mean_minutes, f.mean_calls, f.mean_value, f.worst_minutes_pct, f.worst_calls_pct, f.worst_value_pct};
	rq->reply = r;
	return e;
}

static const struct bp_endpoint ep[] = {
	{"GET", "/plans/{id}/ledger", "Every change by hand with its price, and their sum", BP_SCOPE_PLAN, BP_PERM_VIEW_TERRITORY, 0,
		.query = &ledger_query, .reply = &ledger_shape, .fails = {BP_E_NOT_FOUND}, .handle = ledger},
	{"GET", "/plans/{id}/diff", "What differs between two states, by outlet, seat, beat, day or territory", BP_SCOPE_PLAN, BP_PERM_VIEW_TERRITORY, 0,
		.query = &diff_query, .reply = &diff_shape, .fails = {BP_E_NOT_FOUND}, .handle = diff},
	{"GET", "/plans/{id}/departed", "List the outlets that went to another unit, and that a plan visits all the same, or leaves out", BP_SCOPE_PLAN, BP_PERM_VIEW_TERRITORY, BP_EP_SLOW,
		.query = &departed_query, .reply = &departed_shape, .fails = {BP_E_NOT_FOUND}, .handle = departed},
	{"GET", "/plans/{id}/fairness", "How the work is shared among the seats", BP_SCOPE_PLAN, BP_PERM_VIEW_TERRITORY, 0,
		.query = &fairness_query, .reply = &fairness_shape, .fails = {BP_E_NOT_FOUND}, .handle = fairness},
};
BP_RESOURCE(review, ep);
