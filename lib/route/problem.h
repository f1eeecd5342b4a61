/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_ROUTE_PROBLEM_H
#define BP_ROUTE_PROBLEM_H
/*
 * The planning problem as plain arrays.  Things name each other by index, never
 * by pointer; -1 (RT_NONE) means "none".  All units are integers: seconds,
 * metres, micro-degrees, pieces.  Whoever makes a problem owns its arrays; the
 * solver borrows them for the length of a call and never writes to them.
 *
 * Words: a *need* is what is planned (an outlet in one sales line).  It asks for
 * `visits` visits per cycle.  A *seat* is a position held by one person (or one
 * vehicle).  A *tour* is one day of one seat.  The *cycle* has weeks x
 * days_per_week cycle-days, numbered from 0; it repeats, so gaps wrap round.
 * Only working days are cycle-days: with a five-day week Monday of the second
 * week is day 5.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

#define RT_NONE (-1)
#define RT_MAX_DAYS 56 /* eight weeks of seven days */
#define RT_DAY_SECONDS 86400
/* Above these the integers of the solver might overflow. */
#define RT_MAX_TIME 1200000000  /* end of a shift with overtime; windows; legs given */
#define RT_MAX_PLANAR 250000000 /* planar coordinates, either way */
#define RT_MAX_PRICE ((int64_t)1 << 60) /* all missed visits and all tours together */

enum rt_area { RT_URBAN = 0, RT_RURAL = 1 };

/* How two places are measured; see rt_leg in travel.h for the exact formulas. */
enum rt_metric {
	RT_GEO = 0,    /* x = longitude, y = latitude in 1e-6 degrees; a leg is seconds */
	RT_EUC_ROUND,  /* planar; a leg is the distance / scale, rounded to nearest (TSPLIB EUC_2D) */
	RT_EUC_UP,     /* planar; a leg is the distance / scale, rounded up (conservative for windows) */
	RT_EUC_DOWN,   /* planar; a leg is the distance / scale, rounded down */
};

#define RT_NO_COORD INT32_MIN /* x of a place that has no coordinates */

struct rt_place {
	int32_t x, y;      /* RT_GEO: longitude, latitude in 1e-6 degrees; else planar */
	uint8_t area;      /* enum rt_area: choose road factor and speed */
};

/* Seconds of the day in which a visit may begin. */
struct rt_window {
	int32_t from, to;
	uint8_t soft; /* 0: never broken; 1: beginning late costs params.price_late per second */
};

/* Flags of a need. */
enum {
	RT_MANDATORY = 1 << 0, /* counted in unserved_mandatory; else it has only its value */
	RT_PIN_FIRST = 1 << 1, /* the first call of its tour */
	RT_FROZEN = 1 << 2,    /* keeps every given visit: seat, day (needs a given plan) */
};

struct rt_need {
	uint64_t id;            /* opaque to the solver, goes into plan hash and reports */
	int32_t place;          /* index of a place */
	int32_t service;        /* seconds at the place, each visit */
	int32_t visits;         /* per cycle, at least 1 */
	int32_t gap;            /* smallest distance between two visits in cycle-days, wrapping; 0, 1: any */
	uint64_t days;          /* bit d: cycle-day d is allowed (closed days, pins of the day are given here) */
	int32_t pattern_set;    /* index of an explicit list of day sets, or RT_NONE: derived from visits, gap, days */
	int32_t window, n_windows; /* slice of problem.windows; none: any time */
	int32_t seat_set;       /* index of a list of allowed seats, or RT_NONE: every seat */
	uint32_t skills;        /* bits that a seat must have */
	int32_t demand;         /* load units, against seat.capacity */
	int32_t chain;          /* 1 + index into problem.chain_most, 0: of none */
	int64_t missed_price;   /* cost seconds of one missed visit */
	int32_t day_value;      /* offset of `days` values in problem.day_values, or RT_NONE */
	uint64_t delivery_days; /* cycle-days on which goods come; 0: not coupled */
	uint8_t delivery_min, delivery_max; /* the call lies that many cycle-days before a delivery */
	uint8_t flags;
	uint8_t kind;           /* caller's class (tier), for reports only */
};

struct rt_seat {
	uint64_t id;
	int32_t start, end;     /* places, or RT_NONE: the tour begins (ends) at its first (last) call */
	uint64_t days;          /* bit d: works on cycle-day d */
	int32_t shift_start;    /* second of the day */
	int32_t shift;          /* net seconds of a day for travel, service and waiting */
	int32_t overtime_max;   /* seconds beyond `shift` that may be bought; 0: none */
	int32_t max_duration;   /* seconds from leaving to being back, 0: no limit but the shift; a tour then leaves
	                         * as late as its windows allow, to wait less */
	int32_t max_calls;      /* hard, 0: any number */
	int32_t min_calls;      /* soft: a tour in use with fewer costs rt_params.price_few for each; 0: none */
	int32_t capacity;       /* load units of a tour, 0: not limited */
	int64_t fixed;          /* cost of using the tour at all (0 for people on a pay-roll) */
	int32_t profile;        /* index of a vehicle profile */
	uint32_t skills;
	int32_t balance_group;  /* seats with equal numbers should carry equal work; RT_NONE: left out */
};

/* A vehicle: see PLANNING defaults in rt_profile_default(). */
struct rt_profile {
	int32_t mps_urban, mps_rural;          /* speed in mm/s (16 km/h = 4444) */
	int32_t road_urban, road_rural;        /* road factor in permille (1.3 = 1300) */
	int32_t lost;                          /* seconds lost at each stop (parking, finding the door) */
	int32_t walk_max;                      /* straight metres up to which a leg may be walked; 0: never */
	int32_t walk_mps, walk_road, walk_lost; /* mm/s, permille, seconds */
};

/* One visit of a given (former) plan.
 *
 * With same_seat, given visits of one need may yet be of several seats: a person moved single ones.  Where the plan is to be
 * kept, under a budget of changes or when the need is frozen, such a need is held: its visits stay with their seats and
 * days.  A search that is free brings them to one seat, at the price of another person.  Changes are counted visit by
 * visit either way; of several given visits of one need and day the first counts. */
struct rt_given {
	int32_t need, seat, day, position;
};

/* A leg known better than the formula gives it; looked up in both directions. */
struct rt_leg_fix {
	int32_t a, b; /* places, a < b */
	int32_t seconds, metres;
};

struct rt_problem {
	int32_t weeks, days_per_week;
	uint8_t metric;  /* enum rt_metric */
	int32_t scale;   /* planar metrics: leg = distance / scale; 0 is taken as 1 */
	bool same_seat;  /* all visits of a need by one seat (journey plans); false: any (PVRP) */
	bool same_start; /* without same_seat: by seats that start at one place (MDPVRP) */

	int32_t n_places, n_needs, n_seats, n_profiles, n_windows;
	struct rt_place *places;
	struct rt_need *needs;
	struct rt_seat *seats;
	struct rt_profile *profiles;
	struct rt_window *windows;

	/* Lists shared by many needs: list i is items[off[i] .. off[i + 1] - 1], ascending. */
	int32_t n_seat_sets, n_pattern_sets;
	int32_t *seat_set_off, *seat_set;
	int32_t *pattern_off;
	uint64_t *patterns; /* bit d: a visit on cycle-day d */

	int32_t n_chains, *chain_most; /* most visits of a chain in one tour */
	int32_t *chain_price;          /* of each visit beyond, cost seconds; 0: hard; NULL: all are */

	int32_t *seat_day_shift; /* NULL, or [seat * days + day]: net seconds that day (0: off, half-days) */
	int32_t *day_values;     /* cost seconds gained by a visit on that day (NPPD), see need.day_value */
	int32_t n_day_values;

	int32_t n_given; /* the plan to start from, or 0 */
	struct rt_given *given;
	int32_t n_leg_fixes; /* sorted by (a, b) */
	struct rt_leg_fix *leg_fixes;
};

/* weeks * days_per_week. */
static inline int32_t rt_days(const struct rt_problem *p)
{
	return p->weeks * p->days_per_week;
}

/* Two-wheeler, car, van, walking with the trade's defaults. */
enum rt_vehicle { RT_TWO_WHEELER, RT_CAR, RT_VAN, RT_WALK };
struct rt_profile rt_profile_default(enum rt_vehicle v);

/* Trade default of the smallest gap for `visits` per cycle of `days` cycle-days:
 * days / visits rounded down, but 2 when there are two visits a week or more. */
int32_t rt_gap_default(int32_t visits, int32_t days, int32_t days_per_week);

/* Who may share the visits of a need with this seat, named by one of them: itself (same_seat), the
 * first seat that starts at the same point (same_start), or all (RT_NONE).  O(seats). */
int32_t rt_team(const struct rt_problem *p, int32_t seat);

/* Is every index inside its array, every number inside its range?  OPT_INPUT with
 * the place and the value in *f when not.  A place without coordinates, a window that no
 * shift meets or a pattern that does not fit is NOT an error: those needs come out
 * unserved with their reason. */
enum bp_error rt_problem_check(const struct rt_problem *p, struct bp_fail *f);

/* OPT_TOO_LARGE when the run would pass the limits (PLANNING: 60,000 needs or 250,000 visits);
 * *f says how many parts would do.  Not called by rt_solve: the caller decides. */
enum bp_error rt_problem_size_check(const struct rt_problem *p, int64_t max_needs,
	int64_t max_visits, struct bp_fail *f);

#endif
