/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/work.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plan/model.h"

struct plan_policy {
	int64_t territory;
	struct plan_profile of[2]; /* general trade with wholesale, and modern trade */
};

const struct plan_chain *plan_asked_chain(const struct plan_chains *chains, const struct plan_asked *n)
{
	return strcmp(n->channel, "MT") ? NULL : plan_chain_of(chains, n->account);
}

struct plan_call plan_call_of(const struct plan_profile *q, const struct plan_chain *c, const struct plan_asked *n)
{
	struct plan_call v = {n->visits.set ? (double)n->visits.v : plan_profile_visits(q, n->tier, n->channel),
		n->minutes.set ? (double)n->minutes.v : plan_profile_minutes(q, n->tier, n->channel, n->sales_model)};

	if (c && c->minutes > v.minutes)
		v.minutes = c->minutes;
	return v;
}

/* A cycle shorter than the interval cannot say "every second cycle": then it is once a cycle. */
int plan_cycle_visits(double per4w, int64_t weeks)
{
	int visits = (int)floor(per4w * (double)weeks / 4 + 0.5), days = (int)weeks * 7;

	return visits < 1 ? 1 : visits > days ? days : visits;
}

static enum bp_error load_policy(struct bp_db *db, int64_t territory, struct plan_policy *v)
{
	enum bp_error e = plan_profile_load(db, (uint64_t)territory, "GT", &v->of[0]);

	v->territory = territory;
	return e ? e : plan_profile_load(db, (uint64_t)territory, "MT", &v->of[1]);
}

enum bp_error plan_policies_load(struct bp_db *db, struct bp_arena *a, uint64_t territory, struct plan_policies *out)
{
	int64_t *source;
	enum bp_error e;

	*out = (struct plan_policies){0};
	e = plan_chains_load(db, a, &out->chains);
	if (!e)
		e = q_plan_policy_of(db, a, (int64_t)territory, &out->of, &out->n_of);
	if (e)
		return e;
	source = bp_alloc_array(a, out->n_of + 1, sizeof(*source)); /* 0 among them */
	for (size_t i = 0; i < out->n_of; i++)
		source[i] = out->of[i].policy;
	qsort(source, out->n_of + 1, sizeof(*source), plan_compare_id);
	out->v = bp_alloc_array(a, out->n_of + 1, sizeof(*out->v));
	for (size_t i = 0; i <= out->n_of && !e; i++)
		if (!i || source[i] != source[i - 1])
			e = load_policy(db, source[i], &out->v[out->n++]);
	return e;
}

static const struct plan_profile *policy_of(const struct plan_policies *p, int64_t territory, const char *channel)
{
	const struct q_plan_policy_of *of = bsearch(&territory, p->of, p->n_of, sizeof(*of), plan_compare_id);
	const struct plan_policy *v = bsearch(of ? &of->policy : &(int64_t){0}, p->v, p->n, sizeof(*v), plan_compare_id);

	return &v->of[!strcmp(channel, "MT")];
}

struct plan_work plan_work_of(const struct plan_policies *p, int64_t territory, const struct plan_asked *n)
{
	const struct plan_profile *q = policy_of(p, territory, n->channel);
	struct plan_call c = plan_call_of(q, plan_asked_chain(&p->chains, n), n);
	double weeks = PLAN_GET(q, weeks), visits = 4 * plan_cycle_visits(c.per4w, (int64_t)weeks) / weeks;

	return (struct plan_work){visits, visits * (c.minutes + plan_profile_lost(q, (int)PLAN_GET(q, vehicle)))};
}

double plan_seat_minutes(const struct plan_policies *p, int64_t territory, const char *channel, struct bp_opt_int shift, struct bp_opt_int weekdays, bool starts)
{
	const struct plan_profile *q = policy_of(p, territory, channel);
	double net = plan_profile_net(q, shift, starts);
	int64_t days = weekdays.set ? weekdays.v : (int64_t)PLAN_GET(q, work_weekdays);

	return 4 * net * __builtin_popcountll((uint64_t)days & 127);
}
