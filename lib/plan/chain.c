/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/chain.h"

#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "plan/model.h"
#include "plan/visits.h"

/* What the tables hold, each sorted by account. */
struct tables {
	struct q_chain_rules *rules;
	struct q_chain_windows *windows;
	struct q_chain_blackouts *blackouts;
	size_t n_rules, n_windows, n_blackouts;
};

static size_t rows_of(const void *rows, size_t n, size_t size, int64_t account, size_t *from)
{
	*from = plan_first_row(rows, n, size, account);
	return plan_first_row(rows, n, size, account + 1) - *from;
}

/* What one account says is heard where none nearer has said it. */
static void hear(struct plan_chain *c, const struct tables *t, const struct q_chain_rules *r)
{
	size_t from, n = rows_of(t->windows, t->n_windows, sizeof(*t->windows), r->rule_id, &from);

	/* The two queries have the same columns, and so the same row. */
	_Static_assert(sizeof(struct q_chain_windows) == sizeof(struct q_plan_windows), "same columns");
	if (!c->n_windows && n) {
		c->windows = (const struct q_plan_windows *)(const void *)(t->windows + from);
		c->n_windows = n;
	}
	c->weekdays = c->weekdays ? c->weekdays : r->weekdays.set ? (int)r->weekdays.v : 0;
	c->gap = c->gap ? c->gap : r->gap.set ? (int)r->gap.v : 0;
	c->minutes = c->minutes ? c->minutes : r->minutes.set ? (int)r->minutes.v : 0;
	if (!c->most && r->most.set) {
		c->most = (int)r->most.v;
		c->most_of = r->rule_id;
		c->price = r->price.set ? (int)r->price.v : 0;
	}
	n = rows_of(t->blackouts, t->n_blackouts, sizeof(*t->blackouts), r->rule_id, &from);
	if (n)
		memcpy(c->blackouts + c->n_blackouts, t->blackouts + from, n * sizeof(*t->blackouts));
	c->n_blackouts += n;
}

enum bp_error plan_chains_load(struct bp_db *db, struct bp_arena *a, struct plan_chains *out)
{
	struct tables t = {0};
	enum bp_error e = q_chain_rules(db, a, &t.rules, &t.n_rules);

	*out = (struct plan_chains){0};
	if (!e && t.n_rules)
		e = q_chain_windows(db, a, &t.windows, &t.n_windows);
	if (!e && t.n_rules)
		e = q_chain_blackouts(db, a, &t.blackouts, &t.n_blackouts);
	if (e)
		return e;
	out->v = bp_alloc_array(a, t.n_rules + 1, sizeof(*out->v));
	for (size_t i = 0, end; i < t.n_rules; i = end) {
		struct plan_chain *c = &out->v[out->n++];

		for (end = i; end < t.n_rules && t.rules[end].account_id == t.rules[i].account_id; end++)
			;
		c->account = t.rules[i].account_id;
		c->blackouts = bp_alloc_array(a, (end - i) * PLAN_CHAIN_BLACKOUTS + 1, sizeof(*c->blackouts));
		for (size_t k = i; k < end; k++)
			hear(c, &t, &t.rules[k]);
	}
	return BP_E_OK;
}

const struct plan_chain *plan_chain_of(const struct plan_chains *c, struct bp_opt_int account)
{
	return c->n && account.set ? bsearch(&account.v, c->v, c->n, sizeof(*c->v), plan_compare_id) : NULL;
}

const char *plan_chain_closed(const struct plan_chain *c, int64_t date)
{
	for (size_t i = 0; c && i < c->n_blackouts; i++)
		if (date >= c->blackouts[i].from && date <= c->blackouts[i].to)
			return c->blackouts[i].name;
	return NULL;
}

/* From the first to the last of the dates, those of before among them, the visit lists say anew what holds now. */
static enum bp_error renew(struct bp_db *db, struct bp_arena *a, uint64_t account, int64_t from, int64_t to)
{
	struct q_chain_plans *p = NULL;
	size_t n = 0;
	enum bp_error e = BP_E_OK;

	from = from < bp_today() ? bp_today() : from;
	if (from <= to)
		e = q_chain_plans(db, a, (int64_t)account, bp_today(), &p, &n);
	for (size_t i = 0; i < n && !e; i++) {
		int64_t first = p[i].effective > from ? p[i].effective : from, last = p[i].last < to ? p[i].last : to;

		if (first > last)
			continue;
		e = q_visits_drop_days(db, p[i].id, first, last, NULL);
		if (!e)
			e = plan_visits_unfold(db, p[i].id, p[i].version_id, 0, p[i].territory_id, p[i].anchor, (int)p[i].weeks * 7, first, last);
	}
	return e;
}

enum bp_error plan_chain_put(struct bp_db *db, struct bp_arena *a, uint64_t account, const struct plan_chain_rules *r, uint64_t user)
{
	struct q_chain_blackouts_of *was = NULL;
	bool said = r->weekdays.set || r->most.set || r->gap.set || r->minutes.set || r->n_windows || r->n_blackouts;
	int64_t id = (int64_t)account, from = INT64_MAX, to = INT64_MIN;
	size_t n = 0;
	enum bp_error e = q_chain_blackouts_of(db, a, id, &was, &n);

	for (size_t i = 0; i < n + r->n_blackouts; i++) {
		const struct q_chain_blackouts_of *b = i < n ? &was[i] : &r->blackouts[i - n];

		from = b->from < from ? b->from : from;
		to = b->to > to ? b->to : to;
	}
	if (!e)
		e = q_chain_windows_drop(db, id, NULL);
	if (!e)
		e = q_chain_blackouts_drop(db, id, NULL);
	if (!e)
		e = said ? q_chain_rule_put(db, id, r->weekdays, r->most, r->price, r->gap, r->minutes, (int64_t)user, NULL) : q_chain_rule_drop(db, id, NULL);
	for (size_t i = 0; i < r->n_windows && !e; i++)
		e = q_chain_window_add(db, id, r->windows[i].weekday, r->windows[i].opens, r->windows[i].closes, r->windows[i].hard, NULL);
	for (size_t i = 0; i < r->n_blackouts && !e; i++)
		e = q_chain_blackout_add(db, id, r->blackouts[i].from, r->blackouts[i].to, r->blackouts[i].name, NULL);
	return e ? e : renew(db, a, account, from, to);
}

enum bp_error plan_chain_renew(struct bp_db *db, struct bp_arena *a, uint64_t account)
{
	return renew(db, a, account, bp_today(), INT64_MAX);
}
