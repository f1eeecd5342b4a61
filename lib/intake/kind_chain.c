/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules of chains and banners: the rows of an account add up to all that it says, and take the place of what it said. */
#include "intake/kind.h"
#include "plan/chain.h"
#include "queries.h"
#include "snapshot/snapshot.h"

/* Of the account's rows before this one. */
#define EARLIER(what) \
	"EXISTS (SELECT 1 FROM stage_chain_rules t WHERE t.session_id = {S} AND t.bad = 0 AND t.account = s.account" \
	" AND (t.file_id, t.row_no) < (s.file_id, s.row_no) AND " what ")"
#define OF_ACCOUNT(what) "(SELECT " what " FROM stage_chain_rules t WHERE t.session_id = {S} AND t.bad = 0 AND t.account = s.account)"
#define HOURS(x) "IF(" x ".opens IS NULL, 0, IF(" x ".window_days IS NULL, 1, BIT_COUNT(" x ".window_days)))"
#define LAST(x) "COALESCE(" x ".closed_to, " x ".closed_from)"

/* Known and the same when all that the file says of the account, and no more, is stored. */
#define STORED_HOURS \
	"(SELECT COUNT(*) FROM account_window w WHERE w.account_id = a.id AND w.opens = s.opens AND w.closes = s.closes AND w.hard = COALESCE(s.hard, 1)" \
	" AND IF(s.window_days IS NULL, w.weekday = 0, w.weekday > 0 AND s.window_days >> (w.weekday - 1) & 1))"
#define ALONE(col) "(g.least_" col " <=> g." col " AND r." col " <=> g." col ")"
#define BOTH(col) "MAX(" col ") AS " col ", MIN(" col ") AS least_" col
static const char compare[] =
	"UPDATE stage_chain_rules s JOIN account a ON a.code = s.account JOIN account_rule r ON r.account_id = a.id JOIN (SELECT x.account, "
	BOTH("weekdays") ", " BOTH("most_per_day") ", " BOTH("most_price") ", " BOTH("gap_days") ", " BOTH("least_minutes") ", SUM(" HOURS("x") ") AS hours,"
	" SUM(closed_from IS NOT NULL) AS dates FROM stage_chain_rules x WHERE x.session_id = {S} AND x.bad = 0 GROUP BY x.account) g"
	" ON g.account = s.account"
	" SET s.state = IF(" ALONE("weekdays") " AND " ALONE("most_per_day") " AND " ALONE("most_price") " AND " ALONE("gap_days") " AND " ALONE("least_minutes")
	" AND g.hours = (SELECT COUNT(*) FROM account_window w WHERE w.account_id = a.id) AND g.dates = (SELECT COUNT(*) FROM account_blackout b"
	" WHERE b.account_id = a.id) AND (s.opens IS NULL OR " STORED_HOURS " = " HOURS("s") ") AND (s.closed_from IS NULL OR EXISTS (SELECT 1"
	" FROM account_blackout b WHERE b.account_id = a.id AND b.from_date = s.closed_from AND b.to_date = " LAST("s")
	" AND BINARY b.name = BINARY s.closed_for)), 2, 1)" IM_FINE;

/* One account's rows. */
static enum bp_error put(struct im_work *w, const struct q_import_staged_chains *r, size_t n)
{
	struct q_chain_windows_of *windows = bp_alloc_array(w->arena, n * 7 + 1, sizeof(*windows));
	struct q_chain_blackouts_of *dates = bp_alloc_array(w->arena, n + 1, sizeof(*dates));
	struct plan_chain_rules all = {.windows = windows, .blackouts = dates};
	struct q_chain_units *u = NULL;
	size_t units = 0;
	enum bp_error e;

	for (size_t i = 0; i < n; i++) {
		all.weekdays = r[i].weekdays.set ? r[i].weekdays : all.weekdays;
		all.most = r[i].most.set ? r[i].most : all.most;
		all.price = r[i].price.set ? r[i].price : all.price;
		all.gap = r[i].gap.set ? r[i].gap : all.gap;
		all.minutes = r[i].minutes.set ? r[i].minutes : all.minutes;
		for (int d = 0; d <= 7 && r[i].opens.set; d++)
			if (d ? r[i].window_days.set && r[i].window_days.v >> (d - 1) & 1 : !r[i].window_days.set)
				windows[all.n_windows++] = (struct q_chain_windows_of){d, r[i].opens.v, r[i].closes.v, r[i].hard};
		if (r[i].from.set)
			dates[all.n_blackouts++] = (struct q_chain_blackouts_of){r[i].from.v, r[i].to.v, r[i].name};
	}
	e = plan_chain_put(w->db, w->arena, (uint64_t)r->account, &all, w->user);
	if (!e)
		e = q_chain_units(w->db, w->arena, r->account, &u, &units);
	for (size_t i = 0; i < units && !e; i++)
		e = sn_request(w->db, w->arena, (uint64_t)u[i].id, w->user, w->correlation);
	return e;
}

static enum bp_error publish(struct im_work *w)
{
	struct q_import_staged_chains *r;
	size_t n = 0;
	enum bp_error e = q_import_staged_chains(w->db, w->arena, (int64_t)w->session, &r, &n);

	for (size_t i = 0, end; i < n && !e; i = end) {
		for (end = i; end < n && r[end].account == r[i].account; end++)
			;
		e = put(w, r + i, end - i);
		if (!e)
			e = im_tell(w, "chain_rules", 92, end, n);
	}
	return e;
}

const struct im_kind im_kinds_chain[] = {
	{.entity = IM_CHAIN_RULES, .key = "account, weekdays, most_per_day, most_price, gap_days, least_minutes, window_days, opens, closed_from",
		.refuse = {{"account", "UNKNOWN_ACCOUNT", "NOT EXISTS (SELECT 1 FROM account a WHERE a.code = s.account) AND NOT EXISTS (SELECT 1"
				" FROM stage_accounts t WHERE t.session_id = {S} AND t.bad = 0 AND t.code = s.account)"},
			{"account", "CHAIN_OTHER", EARLIER("(t.weekdays <> s.weekdays OR t.most_per_day <> s.most_per_day OR t.most_price <> s.most_price OR t.gap_days <> s.gap_days"
				" OR t.least_minutes <> s.least_minutes)")},
			{"window_days", "CHAIN_DAY", "s.window_days & ~" OF_ACCOUNT("COALESCE(BIT_OR(NULLIF(t.weekdays, 0)), 0) | IF(COUNT(t.weekdays) = 0, 127, 0)")},
			{"opens", "CHAIN_HOURS", EARLIER("t.opens < s.closes AND s.opens < t.closes AND (t.window_days & s.window_days OR"
				" (t.window_days IS NULL AND s.window_days IS NULL))")},
			{"closed_from", "CHAIN_DATES", "(DATEDIFF(" LAST("s") ", s.closed_from) > 366 OR " EARLIER("t.closed_from <= " LAST("s")
				" AND s.closed_from <= " LAST("t")) ")"},
			{"account", "CHAIN_MANY", "(" OF_ACCOUNT("SUM(" HOURS("t") ")") " > 28 OR " OF_ACCOUNT("COUNT(t.closed_from)") " > 60)"}},
		.compare = compare, .finish = publish},
	{.key = NULL},
};
_Static_assert(PLAN_CHAIN_WINDOWS == 28 && PLAN_CHAIN_BLACKOUTS == 60 && PLAN_BLACKOUT_DAYS == 366, "as the statements and rules.def say");
