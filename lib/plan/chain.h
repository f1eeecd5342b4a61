/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_PLAN_CHAIN_H
#define BP_PLAN_CHAIN_H
/*
 * Rules that hold for all stores of a chain or banner in modern trade: weekdays, hours, dates on which it receives nobody, how many
 * of its stores one seat may visit on a day, days between two visits, least length of a visit.
 *
 * Accounts form a tree.  Of each kind of rule the nearest account that says it is heard; dates are those of all accounts above
 * together; how many a day counts all stores of the account that says it.  Hours that a store has of its own go before the hours
 * and weekdays of its chain.
 */
#include "db/db.h"
#include "queries.h"

enum { PLAN_CHAIN_WINDOWS = 28, PLAN_CHAIN_BLACKOUTS = 60, PLAN_BLACKOUT_DAYS = 366 };

struct plan_chain {
	int64_t account;
	int weekdays, gap, minutes, most;    /* bit 0 = Monday; 0 = nothing is said */
	int64_t most_of;                     /* the account that says `most` */
	int price;                           /* minutes for each visit beyond; 0 = never more */
	const struct q_plan_windows *windows; /* with the account in the place of the outlet */
	size_t n_windows;
	struct q_chain_blackouts *blackouts;
	size_t n_blackouts;
};
struct plan_chains {
	struct plan_chain *v; /* by account */
	size_t n;
};

/* All accounts for which rules hold. */
enum bp_error plan_chains_load(struct bp_db *db, struct bp_arena *a, struct plan_chains *out);
/* The rules of an account; NULL = none hold. */
const struct plan_chain *plan_chain_of(const struct plan_chains *c, struct bp_opt_int account);
/* What the dates of the chain say of one: the name, or NULL when it receives visitors. `c` may be NULL. */
const char *plan_chain_closed(const struct plan_chain *c, int64_t date);

/* The rules of one account, all anew; nothing said = none.  Visit lists follow the dates from today on.  In a transaction. */
struct plan_chain_rules {
	struct bp_opt_int weekdays, most, price, gap, minutes; /* no price without most */
	const struct q_chain_windows_of *windows;
	size_t n_windows;
	const struct q_chain_blackouts_of *blackouts;
	size_t n_blackouts;
};
/* After its dates changed otherwise: visit lists say anew what holds from today on. */
enum bp_error plan_chain_renew(struct bp_db *db, struct bp_arena *a, uint64_t account);
enum bp_error plan_chain_put(struct bp_db *db, struct bp_arena *a, uint64_t account, const struct plan_chain_rules *r, uint64_t user);

#endif
