/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/claim.h"

#include "base/time.h"
#include "plan/makeup.h"
#include "queries.h"

enum bp_error plan_claim(struct bp_db *db, struct bp_arena *a, const struct plan_list *l, const char *channel, int64_t from, bool *back)
{
	struct q_claim_lost was, is;
	struct q_claim_new more;
	uint64_t n = 0;
	enum bp_error e = q_claim_new(db, a, l->plan, l->version, from, &more);

	*back = false;
	if (e || !more.n) /* as most commits: it visits what it visited */
		return e;
	e = q_claim_lost(db, a, l->plan, &was);
	if (!e)
		e = q_claim_put(db, l->plan, l->version, l->territory, channel, from, &n);
	if (e || !n)
		return e;
	e = q_claim_lost(db, a, l->plan, &is);
	*back = !e && is.n < was.n;
	if (!e)
		e = q_claim_end(db, l->plan, from, NULL);
	return e ? e : q_claim_drop_visits(db, l->plan, from, from + 2 * PLAN_VISITS_DAYS, NULL);
}

enum bp_error plan_claim_back(struct bp_db *db, struct bp_arena *a, const struct plan_asker *by)
{
	struct q_claim_back *p;
	size_t n = 0;
	enum bp_error e = q_claim_back(db, a, bp_today(), &p, &n);

	for (size_t i = 0; i < n && !e; i++)
		e = plan_list_request(db, a, by, p[i].id, p[i].territory_id);
	return e;
}
