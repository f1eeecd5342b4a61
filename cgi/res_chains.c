/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_chains.c - rules that hold for all stores of a chain or banner in modern trade. */
#include "base/time.h"
#include "cgi/res_windows.h"
#include "plan/chain.h"
#include "queries.h"
#include "snapshot/snapshot.h"

#define STORES_MOST 100000

struct blackout {
	int64_t from, to;
	const char *name;
};
BP_SHAPE(chain_blackout, blackout,
	BP_DATE(blackout, from, BP_REQ, "first date"),
	BP_DATE(blackout, to, BP_REQ, "last date, at most a year later"),
	BP_STR(blackout, name, BP_REQ, 1, 120, "why the stores receive nobody"));
struct rules {
	struct bp_list weekdays;
	struct bp_opt_int most_per_day, most_price, gap_days, least_minutes;
	struct bp_list windows, blackouts;
	const char *reason; /* of a change */
};
#define RULES(st) \
	BP_LIST_INT(st, weekdays, BP_REQ, 7, "1 = Monday .. 7 = Sunday: when visitors are received; none = on all"), \
	BP_INT(st, most_per_day, BP_NUL, 1, 200, "visits of its stores that one seat may make on a day; null = any number"), \
	BP_INT(st, most_price, BP_NUL, 1, 1440, "minutes that each visit beyond costs; null = never more"), \
	BP_INT(st, gap_days, BP_NUL, 1, 56, "least days between two visits of a store; null = as the planning parameters say"), \
	BP_INT(st, least_minutes, BP_NUL, 1, 480, "a visit takes at least so long; null = as the planning parameters say"), \
	BP_LIST(st, windows, BP_REQ, PLAN_CHAIN_WINDOWS, &bp_window_shape, "when a visit may begin; none = any time. A store's own windows go before these and the weekdays"), \
	BP_LIST(st, blackouts, BP_REQ, PLAN_CHAIN_BLACKOUTS, &chain_blackout, "dates on which its stores receive nobody")
BP_SHAPE(chain_rules_body, rules, RULES(rules));
BP_SHAPE(chain_rules_put, rules, RULES(rules),
	BP_STR(rules, reason, BP_REQ, 1, 500, "why; it stands in the trail"));
BP_SHAPE(chain_rules_drop, rules,
	BP_STR(rules, reason, BP_REQ, 1, 500, "why; it stands in the trail"));

struct account_rules {
	int64_t account_id;
	const char *name, *parent;
	struct rules *own, *above;
	int64_t stores, own_hours;
	struct bp_opt_int at;
	const char *person;
};
BP_SHAPE(account_rules_shape, account_rules,
	BP_INT(account_rules, account_id, BP_REQ, 1, 9e15, "account"),
	BP_STR(account_rules, name, BP_REQ, 0, 800, "its name"),
	BP_STR(account_rules, parent, BP_NUL, 0, 800, "name of the account above it"),
	BP_OBJ(account_rules, own, BP_REQ, &chain_rules_body, "what it says itself"),
	BP_OBJ(account_rules, above, BP_NUL, &chain_rules_body, "what the accounts above it say: heard where it says nothing; dates hold together"),
	BP_INT(account_rules, stores, BP_REQ, 0, 9e9, "stores of modern trade, those of accounts beneath it counted"),
	BP_INT(account_rules, own_hours, BP_REQ, 0, 9e9, "of these have windows of their own"),
	BP_TIME(account_rules, at, BP_NUL, "when it was changed last"),
	BP_STR(account_rules, person, BP_NUL, 0, 480, "by whom"));

struct chain {
	int64_t account_id;
	const char *code, *name;
	struct bp_list weekdays;
	struct bp_opt_int most_per_day, most_price, most_of, gap_days, least_minutes;
	struct bp_list windows, blackouts;
};
BP_SHAPE(chain_shape, chain,
	BP_INT(chain, account_id, BP_REQ, 1, 9e15, "account"),
	BP_STR(chain, code, BP_REQ, 1, 256, "its code"),
	BP_STR(chain, name, BP_REQ, 0, 800, "its name"),
	BP_INT(chain, most_of, BP_NUL, 1, 9e15, "account whose stores count together for the most a day"),
	RULES(chain));
struct chains {
	struct bp_list items;
	struct bp_list outlet, account;
	const char *next;
};
BP_SHAPE(chains_shape, chains,
	BP_LIST(chains, items, BP_REQ, STORES_MOST, &chain_shape, "accounts of stores here, with the rules that hold"),
	BP_LIST_INT(chains, outlet, BP_REQ, STORES_MOST, "stores that belong to an account"),
	BP_LIST_INT(chains, account, BP_REQ, STORES_MOST, "that account"),
	BP_STR(chains, next, BP_NUL, 0, 20, "always null"));

static struct bp_list weekdays_of(struct bp_arena *a, int mask)
{
	int64_t *v = bp_alloc_array(a, 8, sizeof(*v));
	size_t n = 0;

	for (int d = 0; d < 7; d++)
		if (mask >> d & 1)
			v[n++] = d + 1;
	return (struct bp_list){v, n};
}

static struct bp_opt_int said(int v)
{
	return (struct bp_opt_int){.v = v, .set = v > 0};
}

/* The rules that hold, as they travel; c = NULL: none do. */
static struct rules rules_of(struct bp_arena *a, const struct plan_chain *c)
{
	struct bp_window *w = bp_alloc_array(a, (c ? c->n_windows : 0) + 1, sizeof(*w));
	struct blackout *b = bp_alloc_array(a, (c ? c->n_blackouts : 0) + 1, sizeof(*b));

	for (size_t i = 0; c && i < c->n_windows; i++)
		w[i] = (struct bp_window){c->windows[i].weekday, c->windows[i].opens, c->windows[i].closes, c->windows[i].hard};
	for (size_t i = 0; c && i < c->n_blackouts; i++)
		b[i] = (struct blackout){c->blackouts[i].from, c->blackouts[i].to, c->blackouts[i].name};
	return (struct rules){weekdays_of(a, c ? c->weekdays : 0), said(c ? c->most : 0), said(c ? c->price : 0), said(c ? c->gap : 0), said(c ? c->minutes : 0),
		{w, c ? c->n_windows : 0}, {b, c ? c->n_blackouts : 0}, NULL};
}

static enum bp_error of_territory(struct bp_req *rq)
{
	struct chains *out = bp_alloc(rq->arena, sizeof(*out));
	struct q_chain_accounts *acc = NULL;
	struct q_chain_stores *st = NULL;
	struct plan_chains all;
	struct chain *v;
	int64_t *outlet, *account;
	size_t n = 0, k = 0;
	enum bp_error e = plan_chains_load(rq->db, rq->arena, &all);

	if (!e)
		e = q_chain_accounts(rq->db, rq->arena, (int64_t)rq->territory, &acc, &n);
	if (!e)
		e = q_chain_stores(rq->db, rq->arena, (int64_t)rq->territory, STORES_MOST, &st, &k);
	v = bp_alloc_array(rq->arena, n + 1, sizeof(*v));
	for (size_t i = 0; i < n; i++) {
		const struct plan_chain *c = plan_chain_of(&all, BP_SOME_INT(acc[i].id));
		struct rules r = rules_of(rq->arena, c);

		v[i] = (struct chain){acc[i].id, acc[i].code, acc[i].name, r.weekdays, r.most_per_day, r.most_price, {.v = c ? c->most_of : 0, .set = c && c->most},
			r.gap_days, r.least_minutes, r.windows, r.blackouts};
	}
	outlet = bp_alloc_array(rq->arena, k + 1, sizeof(*outlet));
	account = bp_alloc_array(rq->arena, k + 1, sizeof(*account));
	for (size_t i = 0; i < k; i++) {
		outlet[i] = st[i].outlet_id;
		account[i] = st[i].account_id;
	}
	*out = (struct chains){{v, n}, {outlet, k}, {account, k}, NULL};
	rq->reply = out;
	return e;
}

/* What an account says itself. */
static enum bp_error own_rules(struct bp_req *rq, struct account_rules *out)
{
	int64_t id = (int64_t)rq->arg[0];
	struct q_chain_rule_get row = {0};
	struct q_chain_windows_of *w = NULL;
	struct q_chain_blackouts_of *b = NULL;
	size_t n = 0, k = 0;
	struct bp_window *windows;
	struct blackout *blackouts;
	enum bp_error e = q_chain_rule_get(rq->db, rq->arena, id, &row);

	if (!e) {
		out->at = BP_SOME_INT(row.at);
		out->person = row.person;
		e = q_chain_windows_of(rq->db, rq->arena, id, &w, &n);
	}
	if (!e)
		e = q_chain_blackouts_of(rq->db, rq->arena, id, &b, &k);
	windows = bp_alloc_array(rq->arena, n + 1, sizeof(*windows));
	for (size_t i = 0; i < n; i++)
		windows[i] = (struct bp_window){w[i].weekday, w[i].opens, w[i].closes, w[i].hard};
	blackouts = bp_alloc_array(rq->arena, k + 1, sizeof(*blackouts));
	for (size_t i = 0; i < k; i++)
		blackouts[i] = (struct blackout){b[i].from, b[i].to, b[i].name};
	out->own = bp_alloc(rq->arena, sizeof(*out->own));
	*out->own = (struct rules){weekdays_of(rq->arena, row.weekdays.set ? (int)row.weekdays.v : 0), row.most, row.price, row.gap, row.minutes, {windows, n}, {blackouts, k}, NULL};
	return e == BP_E_NOT_FOUND ? BP_E_OK : e;
}

static enum bp_error reply_rules(struct bp_req *rq)
{
	struct account_rules *out = bp_alloc(rq->arena, sizeof(*out));
	struct q_chain_account a;
	struct q_chain_counts n = {0};
	struct plan_chains all = {0};
	enum bp_error e = q_chain_account(rq->db, rq->arena, (int64_t)rq->arg[0], &a);

	if (!e)
		e = q_chain_counts(rq->db, rq->arena, a.id, &n);
	if (!e)
		e = plan_chains_load(rq->db, rq->arena, &all);
	if (e)
		return e;
	*out = (struct account_rules){.account_id = a.id, .name = a.name, .parent = a.parent, .stores = n.stores, .own_hours = n.own};
	if (plan_chain_of(&all, a.parent_id)) {
		out->above = bp_alloc(rq->arena, sizeof(*out->above));
		*out->above = rules_of(rq->arena, plan_chain_of(&all, a.parent_id));
	}
	rq->reply = out;
	return own_rules(rq, out);
}

/* The permission on every territory in which the account has outlets, or (`any`) on one of them; without outlets, everywhere. */
static enum bp_error allowed(struct bp_req *rq, enum bp_perm p, bool any)
{
	struct q_chain_territories *t = NULL;
	struct q_chain_account a;
	size_t n = 0;
	bool may = false;
	enum bp_error e = q_chain_account(rq->db, rq->arena, (int64_t)rq->arg[0], &a);

	rq->audit.resource_type = "account";
	if (!e)
		e = q_chain_territories(rq->db, rq->arena, (int64_t)rq->arg[0], &t, &n);
	if (!e && !n)
		return bp_req_need(rq, p, 0);
	for (size_t i = 0; i < n && !e && (any ? !may : may || !i); i++)
		e = bp_auth_may(rq->db, &rq->user, p, (uint64_t)t[i].territory_id, &may);
	if (e || may)
		return e;
	return any ? BP_E_NOT_FOUND : bp_fail(&rq->fail, BP_E_AUTH_PERMISSION, "the account has outlets in a territory where you do not have the permission %s", bp_perms[p].name);
}

static enum bp_error get(struct bp_req *rq)
{
	enum bp_error e = allowed(rq, BP_PERM_VIEW_TERRITORY, true);

	return e ? e : reply_rules(rq);
}

/* Dates in order and apart; hours on weekdays that are allowed. The weekdays become a mask. */
static enum bp_error check(struct bp_req *rq, const struct rules *in, int *mask)
{
	const int64_t *day = in->weekdays.v;
	const struct blackout *b = in->blackouts.v;
	const struct bp_window *w = in->windows.v;

	bp_windows_check(rq, &in->windows);
	if (in->most_price.set && !in->most_per_day.set)
		bp_req_field(rq, "/mostPrice", "is for visits beyond mostPerDay, which is not given");
	*mask = 0;
	for (size_t i = 0; i < in->weekdays.n; i++) {
		if (day[i] < 1 || day[i] > 7)
			bp_req_field(rq, bp_sprintf(rq->arena, "/weekdays/%zu", i), "must be 1 to 7");
		else
			*mask |= 1 << (day[i] - 1);
	}
	for (size_t i = 0; i < in->windows.n; i++)
		if (*mask && w[i].weekday && !(*mask >> (w[i].weekday - 1) & 1))
			bp_req_field(rq, bp_sprintf(rq->arena, "/windows/%zu/weekday", i), "is a weekday on which nobody is received");
	for (size_t i = 0; i < in->blackouts.n; i++) {
		if (b[i].to < b[i].from || b[i].to - b[i].from > PLAN_BLACKOUT_DAYS)
			bp_req_field(rq, bp_sprintf(rq->arena, "/blackouts/%zu/to", i), "must lie on the first date or at most a year after it");
		for (size_t k = 0; k < i; k++)
			if (b[i].from <= b[k].to && b[k].from <= b[i].to)
				bp_req_field(rq, bp_sprintf(rq->arena, "/blackouts/%zu", i), "overlaps other dates of the list");
	}
	return json_array_size(rq->fields) ? BP_E_FIELDS : BP_E_OK;
}

/* Store them, and have made anew what tells of them: visit lists, and snapshots with the length of visits. */
static enum bp_error store(struct bp_req *rq, const struct plan_chain_rules *r, const char *reason)
{
	struct q_chain_rule_text before = {0}, after = {0};
	struct q_chain_units *u = NULL;
	int64_t id = (int64_t)rq->arg[0];
	size_t n = 0;
	enum bp_error e = q_chain_rule_text(rq->db, rq->arena, id, &before);

	if (!e || e == BP_E_NOT_FOUND)
		e = plan_chain_put(rq->db, rq->arena, rq->arg[0], r, rq->user.id);
	if (!e)
		e = q_chain_rule_text(rq->db, rq->arena, id, &after);
	if (!e || e == BP_E_NOT_FOUND)
		e = q_chain_units(rq->db, rq->arena, id, &u, &n);
	for (size_t i = 0; i < n && !e; i++)
		e = sn_request(rq->db, rq->arena, (uint64_t)u[i].id, rq->user.id, rq->correlation);
	rq->audit.reason = reason;
	if (!e)
		bp_audit_change(&rq->audit, "rules", before.text, after.text);
	return e;
}

static enum bp_error put(struct bp_req *rq)
{
	const struct rules *in = rq->body;
	const struct bp_window *w = in->windows.v;
	const struct blackout *b = in->blackouts.v;
	struct q_chain_windows_of *windows = bp_alloc_array(rq->arena, in->windows.n + 1, sizeof(*windows));
	struct q_chain_blackouts_of *blackouts = bp_alloc_array(rq->arena, in->blackouts.n + 1, sizeof(*blackouts));
	int mask;
	enum bp_error e = allowed(rq, BP_PERM_MANAGE_TERRITORIES, false);

	if (!e)
		e = check(rq, in, &mask);
	if (e)
		return e;
	for (size_t i = 0; i < in->windows.n; i++)
		windows[i] = (struct q_chain_windows_of){w[i].weekday, w[i].opens, w[i].closes, w[i].hard};
	for (size_t i = 0; i < in->blackouts.n; i++)
		blackouts[i] = (struct q_chain_blackouts_of){b[i].from, b[i].to, b[i].name};
	e = store(rq, &(struct plan_chain_rules){said(mask), in->most_per_day, in->most_price, in->gap_days, in->least_minutes, windows, in->windows.n, blackouts, in->blackouts.n}, in->reason);
	return e ? e : reply_rules(rq);
}

static enum bp_error drop(struct bp_req *rq)
{
	enum bp_error e = allowed(rq, BP_PERM_MANAGE_TERRITORIES, false);

	return e ? e : store(rq, &(struct plan_chain_rules){0}, ((struct rules *)rq->query)->reason);
}

static const struct bp_endpoint ep[] = {
	{"GET", "/territories/{id}/chains", "The chains of the stores of a territory, and the rules that hold for each", BP_SCOPE_TERRITORY, BP_PERM_VIEW_TERRITORY, 0,
		.reply = &chains_shape, .handle = of_territory},
	{"GET", "/accounts/{id}/rules", "What holds for all stores of a chain or banner", BP_SCOPE_ANYWHERE, BP_PERM_VIEW_TERRITORY, 0,
		.reply = &account_rules_shape, .fails = {BP_E_NOT_FOUND}, .handle = get},
	{"PUT", "/accounts/{id}/rules", "Say what holds for all stores of a chain or banner; needs the permission wherever it has outlets", BP_SCOPE_ANYWHERE,
		BP_PERM_MANAGE_TERRITORIES, 0, .body = &chain_rules_put, .reply = &account_rules_shape, .audit = BP_ACTION_CHAIN_RULES, .fails = {BP_E_NOT_FOUND}, .handle = put},
	{"DELETE", "/accounts/{id}/rules", "Take all rules of a chain or banner back", BP_SCOPE_ANYWHERE, BP_PERM_MANAGE_TERRITORIES, 0,
		.query = &chain_rules_drop, .audit = BP_ACTION_CHAIN_RULES, .fails = {BP_E_NOT_FOUND}, .handle = drop},
};
BP_RESOURCE(chains, ep);
