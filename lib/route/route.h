/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_ROUTE_ROUTE_H
#define BP_ROUTE_ROUTE_H
/*
 * The solver: journey plans (needs to seats, visits to days, order within the
 * day) and, as special cases of the same model, CVRP, VRPTW, MDVRP, PVRP,
 * MDPVRP and prize collecting.  Pure: memory in, memory out; no database, no
 * clock but for the wall budget, no global state, no randomness but the seed.
 * README.md in this folder tells the model and the moves.
 *
 * Hard rules are never broken: shift plus overtime_max, max_calls, capacity, visits of a chain,
 * allowed days and seats, working days, patterns and gaps, hard windows, pins,
 * skills, the budget of changes.  A need that does not fit stays unserved at its price, with
 * a reason.  Everything else is a price in cost seconds.
 *
 * Reproducible: with a budget in iterations the same problem, parameters and
 * seed give the same plan hash on any number of threads.
 */
#include <stdatomic.h>

#include "route/problem.h"
#include "route/solution.h"
#include "route/travel.h"

/* What the progress callback sees: the best complete plan so far. */
struct rt_progress {
	double seconds;      /* since rt_solve began */
	double fraction;     /* of the budget, 0..1 */
	int64_t iterations;
	int64_t cost;        /* total in cost seconds */
	int32_t unserved;    /* missing visits */
	int64_t travel;      /* legs of the plan at the begin of the round, 0: not known yet */
	double balance_pct;  /* its largest deviation of a seat's work from its group's mean */
};

/* Every parameter has a default with its reason: rt_params_default(). */
struct rt_params {
	uint64_t seed;             /* 1 */
	int64_t iterations;        /* budget; 0: use `seconds` */
	double seconds;            /* wall budget, construction and clean-up included; 120 */
	int32_t threads;           /* 1; the plan does not depend on it */

	/* Prices in cost seconds (60 = one minute). */
	int32_t overtime_permille; /* 1500: a second of overtime costs 1.5 of travel */
	int32_t late_permille;     /* 1000: a second late at a soft window costs as one on the road */
	int32_t price_day;         /* 480: 8 minutes for each visit on another day than given */
	int32_t price_person;      /* 1200: 20 minutes for each need given to another seat */
	int32_t price_beat;        /* 360: 6 minutes for each need that leaves its weekdays */
	int32_t balance_tolerance; /* 100 permille: imbalance below 10 % is free */
	int32_t balance_permille;  /* 500: a second beyond the tolerance costs 0.5 */
	int32_t price_few;         /* 0: for each call that a tour in use has less than its seat's min_calls */

	/* Even days: not a cost of the plan (see rt_cost.day_spread_pct), but what the search pays for a
	 * second of a day beyond the mean day of its seat and the tolerance. */
	int32_t even_tolerance;    /* 50 permille */
	int32_t even_permille;     /* 0: days may be as uneven as they like */

	int32_t compact_price;     /* 0: days may lie as scattered as they like.  Else seconds for one call one kilometre
	                            * (root mean square) from the centre of its day; RT_GEO only, see compact.h */

	int32_t max_changed;       /* hard: most visits that may change day or seat; -1: no limit */

	/* Search; measured defaults, none depends on an instance. */
	int32_t neighbours;        /* 40: nearest needs among which a removed one is put back */
	int32_t ruin_mean;         /* 10: needs removed per iteration on average */
	int32_t string_max;        /* 10: longest string taken out of one tour */
	int32_t heat_permille;     /* first temperature in permille of the mean leg; 0: what was measured for
	                            * the kind of problem, see solve.c */
	int32_t cold_permille;     /* 3000: last temperature, 1/100000 of the mean leg */
	bool minimise_fleet;       /* false: first drive the number of tours down (VRPTW) */

	/* Called about twice a second from the thread that called rt_solve; false: stop
	 * now and return the best complete plan.  May be NULL. */
	bool (*progress)(void *ctx, const struct rt_progress *now);
	void *progress_ctx;
	const atomic_int *stop;    /* non-zero: stop within 200 ms; may be NULL */
};

void rt_params_default(struct rt_params *a);

/* Solve.  *out is initialised by the caller (rt_solution_init) and owned by it.
 * OPT_INPUT for an ill-formed problem; CANCELLED is never returned: a stopped run
 * gives its best plan.  params.max_changed == 0 returns the given plan as it is; a budget (or frozen needs) that
 * the rules themselves do not allow - more calls in a given tour than may be - is OPT_INPUT with the first
 * need concerned.  Given visits that cannot stand (rt_given_stands) do not count. */
enum bp_error rt_solve(const struct rt_problem *p, const struct rt_params *a,
	struct rt_solution *out, struct bp_fail *f);

/* The simple plan (nearest seat, sweep into days, nearest neighbour and 2-opt) under the same hard
 * rules, for when the engine is not to be had; out->fallback is set. */
enum bp_error rt_fallback(const struct rt_problem *p, const struct rt_params *a,
	struct rt_solution *out, struct bp_fail *f);

/* ---- one tour: the cost code that solver, manual edits and reports share ---- */

/* Hard rules, as bits of rt_tour.broken and of rt_check. */
enum {
	RT_BROKEN_SHIFT = 1 << 0,    /* back later than shift + overtime_max, or longer under way than max_duration */
	RT_BROKEN_CALLS = 1 << 1,    /* more than max_calls */
	RT_BROKEN_LOAD = 1 << 2,     /* more than capacity */
	RT_BROKEN_WINDOW = 1 << 3,   /* a hard window missed */
	RT_BROKEN_DAY = 1 << 4,      /* day not allowed for the need, or the seat is off */
	RT_BROKEN_SEAT = 1 << 5,     /* seat not allowed, or skill missing */
	RT_BROKEN_FIRST = 1 << 6,    /* a pinned first call is not first */
	RT_BROKEN_COORD = 1 << 7,    /* a place without coordinates is visited */
	RT_BROKEN_PATTERN = 1 << 8,  /* number of visits, gap, or explicit pattern (checker only) */
	RT_BROKEN_PERSON = 1 << 9,   /* visits of one need by several seats or from several starts */
	RT_BROKEN_CHANGES = 1 << 10, /* more changes than max_changed (checker only) */
	RT_BROKEN_LISTS = 1 << 11,   /* unserved list does not complete the visits (checker only) */
	RT_BROKEN_FROZEN = 1 << 12,  /* a frozen need moved (checker only) */
	RT_BROKEN_CHAIN = 1 << 13,   /* more visits of a chain than may be in one tour */
};

/* What one tour amounts to. */
struct rt_tour {
	int64_t travel;    /* seconds (planar: distance) */
	int64_t metres;
	int64_t service, waiting;
	int64_t work;      /* travel + service + waiting */
	int64_t leaves;    /* second of the day */
	int64_t overtime;  /* seconds beyond the shift (not priced) */
	int64_t late;      /* seconds late at soft windows (not priced) */
	int64_t load;
	int32_t calls;
	uint32_t broken;   /* RT_BROKEN_* */
	int64_t crowded;   /* priced visits of chains beyond what they like */
	int64_t compact;   /* priced scatter of the calls, see rt_params.compact_price */
	int64_t few;       /* priced calls that it has less than min_calls */
	int64_t cost;      /* travel + priced overtime + priced lateness + fixed + crowded + compact + few */
};

/* Evaluate the tour of `seat` on `day` that calls at needs[0..n-1] in this order.
 * The tour begins at shift_start, or where max_duration is given as much later as saves waiting and keeps
 * each visit in the window it would have (forward time slack, Savelsbergh 1992); waiting counts as work.  arrivals may be NULL, else
 * n seconds of the day at which each visit begins.  Any needs may be given: what does
 * not hold is told in sum->broken.  O(n). */
void rt_tour_eval(const struct rt_problem *p, const struct rt_params *a, int32_t seat, int32_t day,
	const int32_t *needs, int32_t n, struct rt_tour *sum, int32_t *arrivals);

/* Re-order needs[] into the best order found (2-opt and or-opt to a local optimum); never
 * worse, never breaks what held before.  A pinned first stays first. */
void rt_resequence(const struct rt_problem *p, const struct rt_params *a, int32_t seat,
	int32_t day, int32_t *needs, int32_t n);

/* The price of moving one visit: what a drag would cost. */
struct rt_price {
	/* Differences in cost seconds; value holds day values and the price of missed visits. */
	int64_t travel, overtime, late, fixed, crowded, compact, few, balance, disturbance, value;
	int64_t total;
	int32_t position;   /* where the visit comes to stand */
	uint32_t broken;    /* hard rules that the change would newly break, or break further by a call more (tour and pattern) */
	struct rt_tour from, to; /* both tours after the change */
};

/* Price moving the visit plan->visits[visit] to (seat, day), position `position` or
 * RT_NONE for the cheapest.  seat == RT_NONE: take the visit out (missed).  O(two tours
 * + seats of one balance group). */
void rt_price_move(const struct rt_problem *p, const struct rt_params *a,
	const struct rt_solution *plan, int32_t visit, int32_t seat, int32_t day,
	int32_t position, struct rt_price *out);
/* The same for a visit that is not planned yet. */
void rt_price_insert(const struct rt_problem *p, const struct rt_params *a,
	const struct rt_solution *plan, int32_t need, int32_t seat, int32_t day,
	int32_t position, struct rt_price *out);

/* ---- the independent checker ---- */

struct rt_verdict {
	uint32_t broken;         /* RT_BROKEN_* of the whole plan */
	int32_t first_bad_visit; /* index into visits, or RT_NONE */
	char what[160];          /* the first finding in words, "" when all holds */
	struct rt_cost cost;     /* from scratch */
	int32_t visits, missing;    /* planned, and not planned */
	int32_t unserved_mandatory; /* missing visits of mandatory needs */
};

/* Check a plan against all hard rules and count its cost from scratch.  Shares no code with the
 * moves.  BP_E_OK also for a plan that breaks rules (see v->broken); OPT_INPUT when indices lie. */
enum bp_error rt_check(const struct rt_problem *p, const struct rt_params *a,
	const struct rt_solution *plan, struct rt_verdict *v, struct bp_fail *f);

/* ---- explanations ---- */

#define RT_OPTION_WITHIN 1500 /* seconds; 19 of 20 lie within ten minutes; t_alternatives tests it */
struct rt_option {
	int32_t seat, day, position;
	uint64_t days;                 /* all days of the need then */
	int64_t cost;                  /* what the move itself costs: price.total - gain */
	int64_t gain;                  /* <= 0: what the same search saves with the visit where it stands */
	int64_t within;                /* solve all of it again with the need here, and with the need where it stands: the
	                                * difference is cost, this much off at most (RT_OPTION_WITHIN) */
	struct rt_price price;         /* price.broken == 0 for options offered */
};

/* The next best `max` places of one placed visit, cheapest first, other than where it stands; where the
 * need's gaps forbid the day alone, its other visits shift by as many days.  With same_seat an option of another
 * seat takes all visits of the need there; one whose visits stand with several seats has none.  The price is that of a
 * whole plan, rt_alternative_plan: after a short search in the tours of the two seats concerned and the nearest two others (same_seat; else the touched tours
 * are brought into their best order).  That search may also find what has nothing to do with the move: `gain`.  So every
 * option starts from what it finds with the visit where it stands, and is weighed against as much search from there.
 * Returns how many were found.  16,000 iterations for each option shown, twice that for each set of seats with the
 * visit where it stands, 2,000 for each of 2 x max candidates: a few seconds. */
int32_t rt_alternatives(const struct rt_problem *p, const struct rt_params *a,
	const struct rt_solution *plan, int32_t visit, struct rt_option *options, int32_t max);
/* The plan after one of these options; its total is the plan's plus price.total. *out is initialised by
 * the caller; its cost is not counted (rt_check does). */
void rt_alternative_plan(const struct rt_problem *p, const struct rt_params *a,
	const struct rt_solution *plan, int32_t visit, const struct rt_option *option, struct rt_solution *out);

/* One of these options with nothing around put in order: price->total is the plan's difference, price->broken tells what
 * has to give way (a tour too full).  *out, initialised by the caller, becomes the plan; its cost is not counted. */
void rt_option_alone(const struct rt_problem *p, const struct rt_params *a, const struct rt_solution *plan, int32_t visit,
	const struct rt_option *option, struct rt_price *price, struct rt_solution *out);

/* The smallest change of the rules that would place one missing visit of a need. */
enum rt_relax_kind {
	RT_RELAX_NONE = 0,   /* nothing found: no seat, or more than two rules on every day */
	RT_RELAX_SHIFT,      /* `amount` seconds more on (seat, day): shift, overtime, longest tour */
	RT_RELAX_CALLS,      /* `amount` more calls on (seat, day) */
	RT_RELAX_LOAD,       /* `amount` more load units */
	RT_RELAX_WINDOW,     /* begin `amount` seconds behind the last window */
	RT_RELAX_DAY,        /* allow `day` */
	RT_RELAX_SEAT,       /* allow `seat`: list of seats, or skill */
	RT_RELAX_GAP,        /* a gap smaller by `amount` days; or this set of days */
	RT_RELAX_VISITS,     /* `amount` visits fewer per cycle */
	RT_RELAX_COORD,      /* give it coordinates */
	RT_RELAX_FIRST,      /* not pinned as the first call */
	RT_RELAX_PRICE,      /* no rule forbids it: a missed visit must be worth `amount` seconds more */
	RT_RELAX_FITS,       /* no rule forbids it and it pays: more search, or a larger budget of changes */
	RT_RELAX_CHAIN,      /* `amount` more visits of its chain on (seat, day) */
};
#define RT_RELAX__MAX (RT_RELAX_CHAIN + 1)
struct rt_relax {
	int32_t kind, seat, day, position;
	int64_t amount;
	int64_t price; /* cost seconds of the visit once allowed */
	/* A second rule that must give way, too, or RT_RELAX_NONE. */
	int32_t kind2;
	int64_t amount2;
};
void rt_relax(const struct rt_problem *p, const struct rt_params *a, const struct rt_solution *plan,
	int32_t need, struct rt_relax *out);

/* What one more person like `seat`, or one more day of a seat, is worth: the problem solved with and without,
 * both from the problem's given plan or else from `plan`, each with the whole of a's budget. */
struct rt_worth {
	struct rt_cost without, with;
	int64_t served_without, served_with; /* visits */
	int64_t gain;                        /* cost seconds saved per cycle; wages are not in it */
};
enum bp_error rt_price_seat(const struct rt_problem *p, const struct rt_params *a,
	const struct rt_solution *plan, int32_t seat, struct rt_worth *out, struct bp_fail *f);
/* OPT_INPUT when the seat works on that day already. */
enum bp_error rt_price_day(const struct rt_problem *p, const struct rt_params *a,
	const struct rt_solution *plan, int32_t seat, int32_t day, struct rt_worth *out, struct bp_fail *f);

/* How many seats like `seat` (added copies) bring the share of served visits to `permille`?
 * Estimated from the work of the unserved visits, then proven by solving with `a`'s budget (halved each
 * try).  *extra = 0 when reached already; RT_NONE when no number helps (reasons other than capacity). */
enum bp_error rt_seats_for_coverage(const struct rt_problem *p, const struct rt_params *a,
	int32_t seat, int32_t permille, int32_t *extra, struct rt_solution *with, struct bp_fail *f);

/* Saving against disturbance: solve with each hard budget of changes in budgets[0..n-1]
 * (ascending, each with the whole of a's budget of time or iterations); a plan of a smaller budget is kept
 * when it is better, so costs[i] falls or stays. */
enum bp_error rt_disturbance_curve(const struct rt_problem *p, const struct rt_params *a,
	const int32_t *budgets, int32_t n, struct rt_cost *costs, struct bp_fail *f);

#endif
