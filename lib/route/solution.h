/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_ROUTE_SOLUTION_H
#define BP_ROUTE_SOLUTION_H
/*
 * A plan: which need is visited on which day by which seat in which order, what
 * is left unserved and why, and what it all costs, part by part.  Owned by the
 * caller, filled by the solver, freed with rt_solution_release.
 */
#include "route/problem.h"

struct rt_visit {
	int32_t need, day, seat, position; /* position counts from 0 in its tour */
};

/* Why a need is not (fully) served.  The first that applies in this order. */
enum rt_reason {
	RT_SERVED = 0,
	RT_NO_COORDINATES,    /* its place has none */
	RT_NO_SEAT_IN_REACH,  /* no seat is allowed, has the skill, or can be back in time */
	RT_CLOSED_DAYS,       /* allowed days and the seats' working days leave too few days */
	RT_PATTERN_TOO_LONG,  /* visits with that gap do not fit into the cycle */
	RT_WINDOW,            /* no shift meets its windows */
	RT_CAPACITY_CALLS,    /* would fit but for the calls of the tours */
	RT_CAPACITY_LOAD,     /* would fit but for the load of the tours */
	RT_CAPACITY_TIME,     /* would fit but for the hours of the tours */
	RT_CAPACITY_CHAIN,    /* would fit but for the visits of its chain in the tours */
	RT_NOT_WORTH_IT,      /* there is room, but a visit costs more than missing it does */
	RT_BUDGET_OF_CHANGES, /* would fit, but not within the allowed number of changes */
	RT_REASON__MAX
};
const char *rt_reason_name(enum rt_reason r); /* "CAPACITY_TIME" */

struct rt_unserved {
	int32_t need;
	int32_t missing; /* visits that are not planned, 1..need.visits */
	int32_t reason;  /* enum rt_reason */
};

/* All parts in cost seconds; total is their sum. */
struct rt_cost {
	int64_t travel;      /* legs (planar metrics: distance) */
	int64_t overtime;    /* priced seconds beyond the shift */
	int64_t late;        /* priced lateness at soft windows */
	int64_t missed;      /* missed visits at their price */
	int64_t balance;     /* work above or below the group's mean by more than the tolerance */
	int64_t disturbance; /* changed days, persons, beats against the given plan */
	int64_t fixed;       /* tours used */
	int64_t crowded;     /* priced visits of chains beyond what they like in a tour */
	int64_t compact;     /* priced scatter of the calls of each day */
	int64_t few;         /* priced calls that tours in use have less than min_calls */
	int64_t value;       /* day values gained, negative */
	int64_t total;
	/* Not priced, shown beside: */
	int64_t service;       /* seconds at the outlets */
	int64_t waiting;       /* seconds before windows open */
	int64_t metres;        /* of travel, RT_GEO only */
	int32_t below_min_calls; /* tours in use with fewer calls than min_calls */
	int32_t changed;       /* visits whose day or seat differs from the given plan */
	int32_t tours;         /* tours in use */
	double balance_pct;    /* largest deviation of a seat's work from its group's mean, % */
	double weekday_stability_pct; /* needs with 2+ visits in different weeks: share of visits on the need's commonest weekdays */
	double day_spread_pct; /* how far days are from their seat's mean day (root of mean square), % */
	double compactness_m;  /* mean distance of a visit from the centre of its tour, metres (planar: units) */
};

struct rt_solution {
	int32_t n_visits;
	struct rt_visit *visits; /* sorted by seat, day, position */
	int32_t n_unserved;
	struct rt_unserved *unserved; /* sorted by need */
	struct rt_cost cost;
	bool fallback; /* made by rt_fallback, not optimised */

	/* The run record: repeat it with `iterations` and `seed` for the same plan hash. */
	int64_t iterations;
	double seconds;
	uint64_t seed;
	uint64_t plan_hash; /* FNV-1a over (need id, day, seat id, position) in the order of `visits` */
};

void rt_solution_init(struct rt_solution *s);
void rt_solution_release(struct rt_solution *s);

/* First visit of tour (seat, day) and the number of its visits in *n; binary search. */
const struct rt_visit *rt_solution_tour(const struct rt_solution *s, int32_t seat, int32_t day,
	int32_t *n);

uint64_t rt_plan_hash(const struct rt_problem *p, const struct rt_visit *visits, int32_t n);

/* Sort visits by (seat, day, position) and renumber positions from 0. */
void rt_visits_sort(struct rt_visit *visits, int32_t n);

#endif
