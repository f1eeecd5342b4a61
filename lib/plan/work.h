/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_PLAN_WORK_H
#define BP_PLAN_WORK_H
/*
 * What outlets ask for: how often somebody comes and how long that takes.  It is what the need says (imported frequencies and minutes),
 * else the visit policy of the unit as it is inherited, and a chain's least length of a visit holds besides.  Plans, snapshots and the
 * weighing of planning units take it from here.
 */
#include "plan/chain.h"
#include "plan/profile.h"

struct plan_asked {
	const char *channel, *sales_model; /* of the outlet */
	int64_t tier;
	struct bp_opt_int account, visits, minutes; /* of the outlet, and as the need says */
};
/* Of a row that has these columns. */
#define PLAN_ASKED(r) (&(struct plan_asked){(r)->channel, (r)->sales_model, (r)->tier, (r)->account_id, (r)->visits, (r)->minutes})

struct plan_call {
	double per4w, minutes; /* visits in four weeks, and the length of one */
};
/* `c` are the rules of its chain, NULL = none. */
struct plan_call plan_call_of(const struct plan_profile *q, const struct plan_chain *c, const struct plan_asked *n);
/* The rules that hold for it: chains are those of modern trade. */
const struct plan_chain *plan_asked_chain(const struct plan_chains *chains, const struct plan_asked *n);
/* How many visits a cycle of so many weeks has. */
int plan_cycle_visits(double per4w, int64_t weeks);

/* The policies of all planning units at or beneath a territory, loaded into an arena. */
struct plan_policies {
	struct plan_chains chains;
	struct q_plan_policy_of *of; /* each territory, by id, and the one whose policy holds for it */
	size_t n_of;
	struct plan_policy *v;       /* these, by id; 0 = what holds everywhere */
	size_t n;
};
/* Of all territories when `territory` is 0. */
enum bp_error plan_policies_load(struct bp_db *db, struct bp_arena *a, uint64_t territory, struct plan_policies *out);

struct plan_work {
	double visits, minutes; /* in four weeks; minutes with those that each stop costs */
};
/* The work of a need of an outlet that lies at or beneath a territory. */
struct plan_work plan_work_of(const struct plan_policies *p, int64_t territory, const struct plan_asked *n);
/* The minutes that a seat of a territory and channel has for calls in four weeks without a holiday; its own shift and weekdays (bit 0 =
 * Monday) go before the profile's; `starts`: its days begin somewhere. */
double plan_seat_minutes(const struct plan_policies *p, int64_t territory, const char *channel, struct bp_opt_int shift, struct bp_opt_int weekdays, bool starts);

#endif
