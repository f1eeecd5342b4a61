/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_ROUTE_ENGINE_H
#define BP_ROUTE_ENGINE_H
/*
 * The engine: a plan as doubly linked tours that moves can change in O(1) and
 * take back in O(1).  Private to this room.
 *
 * Needs are renumbered so that near ones lie together in memory; needs that can
 * never be placed are left out.  Need i owns the nodes first..first+visits-1, one
 * per visit.  After the n_visits visit nodes come the sentinels: node n_visits + r
 * is start and end of route r, so an empty route is a sentinel linked to itself.
 * Every number is an integer; the cost kept while moving is exact, and debug
 * builds count it again from scratch.
 *
 * Parts: routes and needs carry a part number.  A worker only reads and writes
 * what carries its own number, so workers share these arrays without locks and
 * the outcome does not depend on who ran when.
 */
#include <semaphore.h>
#include <stdatomic.h>
#include <stddef.h>

#include "route/compact.h"
#include "route/leg.h"
#include "route/route.h"

struct en_node {
	int32_t prev, next;
	int32_t route;        /* RT_NONE: not in a tour */
	int32_t need;         /* owner; RT_NONE for sentinels */
	int32_t dprev, dnext; /* legs from prev and to next */
};

struct en_route {
	int32_t seat, day, profile, part;
	int32_t n, max_calls, min_calls; /* min_calls: 0 where fewer have no price */
	int64_t load, cap;
	int32_t start_pt, end_pt; /* points of start and end, or RT_NONE */
	int32_t type;             /* routes of one type are interchangeable */
	int32_t windowed;         /* visits with windows in it */
	int32_t shift_start;
	bool holds;               /* hard time rules; a removal may break them where legs break the
	                           * triangle inequality */
	bool simulate;            /* overtime or lateness may change behind an insertion */
	int64_t dur, max_dur, shift; /* travel + service; most of it; end without overtime */
	int64_t span, limit;      /* hard end; most seconds under way, INT64_MAX: any */
	int64_t even;             /* work beyond which the day counts as uneven; renewed between rounds */
	int64_t priced;           /* overtime and lateness of a simulated route, priced */
	int64_t fixed;
	int32_t fat_at, roomy_at; /* positions in its worker's lists of overfull tours and of those with room */
	struct compact_sums spread; /* of its calls, and what that costs; where compactness has a price */
	int64_t scattered;
};

struct en_need {
	/* What insertions read, within one line of the cache. */
	int32_t first, visits;
	int32_t service, demand;
	int32_t chain;            /* as in the problem */
	int32_t from, to;         /* of its only window when one_window */
	int32_t n_windows, seat_set;
	uint64_t mask;            /* state: days it is visited */
	int32_t seat;             /* state: team of its visits, see en_team */
	int32_t absent_at;        /* state: position in its worker's list of absent needs, or RT_NONE */
	uint32_t stamp;           /* state: iteration in which it was last taken out */
	uint8_t flags;
	bool one_window;          /* at most one window, and hard: from..to */
	bool held;                /* given visits of several seats that stay as they are, see rt_given; `seat` is that of any of them */
	bool split;               /* given visits of several seats, held or not */
	int64_t missed;
	uint32_t skills;
	int32_t pset;             /* engine pattern list */
	int32_t window;
	int32_t value;            /* offset into day values, or RT_NONE */
	uint64_t days;            /* union of its patterns */
	int32_t given_seat;       /* of most of its given visits */
	int32_t home;             /* seat to try first, see construct.c; or RT_NONE */
	uint64_t given_days;
};

struct engine {
	const struct rt_problem *p;
	const struct rt_params *a;
	int32_t days, n_needs, n_visits, n_routes, n_types, k;
	bool same_seat, flat;     /* flat: one day, one visit each, any vehicle */
	bool plain;               /* no values, no given plan: need cost is missed visits only */
	bool any_window, any_pin, balance;
	bool crowds;              /* more of a chain in a tour may be had for a price */
	bool few;                 /* tours in use with fewer calls than their seats' least have a price */
	bool keep_fleet;          /* no more tours than there are: fleet.c has brought them down */
	bool quick;               /* moves.c knows all its rules */
	bool soft_load;           /* so full that the search passes through overfull tours */

	struct leg_rule *rules;
	struct leg_pt *pt;        /* points of needs 0..n_needs-1, then of places used by seats */
	int32_t *pt_place;        /* places of the points, for leg fixes */
	int32_t n_pts;

	struct en_need *needs;
	int32_t *need_part;
	int32_t *far;             /* leg to the nearest start of a seat, for orders of insertion */
	int32_t *ext;             /* need -> index in the problem */
	int32_t *unplaceable;     /* per problem need: enum rt_reason, or RT_SERVED */
	uint8_t *part;            /* per problem need: some of its visits can be served nevertheless */
	struct rt_visit *given;   /* the given visits that count, by tour; of the engine's needs */
	int32_t n_given;
	int32_t n_held;           /* visits of held needs */
	int64_t hopeless;         /* price of the visits of placeable needs that no pattern holds */
	struct en_node *nodes;
	struct en_route *routes;
	int32_t *route_of;        /* [seat * days + day] -> route or RT_NONE */
	int32_t *chained;         /* [route * n_chains + chain]: its visits; NULL: no chains */
	int32_t *near;            /* k nearest needs of each need, RT_NONE padded */
	int32_t *near_leg;        /* their legs under profile 0 */

	int32_t *pattern_off;     /* engine pattern lists */
	uint64_t *patterns;
	uint8_t *seat_bits;       /* [seat_set * n_seats + seat]: allowed; NULL: no sets */

	int32_t *early, *late;    /* per node: begin of service; latest arrival (any_window only) */

	int32_t *where;           /* per route: position in its worker's order */

	int32_t *team;            /* of each seat; NULL: itself, or all */
	struct compact_frame *frames; /* per seat; NULL: compactness has no price */

	int64_t *seat_work;       /* travel + service of each seat over the cycle */
	int64_t *group_mean;      /* of each balance group, renewed between rounds */
	int32_t n_groups;
	int32_t *seat_group;

	/* What parts.c makes: part i holds part_list[part_off[i] .. part_off[i + 1] - 1], and its tours alike.  NULL:
	 * one part with all. */
	int32_t n_parts, *part_off, *part_list, *part_route_off, *part_routes;

	/* See en_stop(). */
	bool (*poll)(void *ctx, const struct engine *e);
	void *poll_ctx;
	int64_t spent;            /* iterations of the fleet phase so far, for the progress */

	int32_t n_comps;          /* sets of seats that share needs */
	int32_t *seat_comp, *need_comp;
};

/* Insertions skip one place in a hundred on average, and one pattern in twenty. */
#define BLINK 199
#define OVERLOOK 39
/* Where there is so little to do every seat is asked, and boldness pays (anneal.c). */
#define SMALL 40
#define SMALL_SEATS 8

/* One change of the tours, so that it can be taken back. */
struct en_op {
	int32_t node, after, route;
	int32_t kind; /* 0: removed, 1: inserted */
};

struct worker {
	struct engine *e;
	uint64_t rng;
	int32_t part;
	int32_t *needs, n_needs;
	int32_t *absent, n_absent;    /* needs with missing visits */
	/* Its routes by type: order[type_off[t] .. + used[t] - 1] are in use, then the empty ones. */
	int32_t *order, *type_off, *used;
	struct en_op *log;
	int32_t n_log, cap_log;
	int64_t cur, best;            /* costs relative to the round's start */
	int64_t changed, changed_max; /* visits off the given plan; INT64_MAX: no limit */
	int64_t pending;              /* of these, of needs being put back */
	uint8_t *dirty;               /* per node: differs from best_nodes */
	int32_t *touched, n_touched;
	struct en_node *best_nodes;
	int32_t idle;                 /* seats before this one have visits, or had */
	int32_t blink, overlook;      /* places, patterns until the next is skipped, */
	int32_t blink_most, overlook_most; /* and most of these */
	int32_t n_used, max_used;     /* tours in use, and the most that may be (any vehicle) */
	bool small;                   /* few needs and seats */
	bool part_too;                /* now and then: a part of a need even where all of it has a place */
	bool force;                   /* construct.c: place even what costs more than it is worth */
	/* Load beyond the capacities, the tours that have it, and what a unit of it counts (in 1/1024; 0: it is
	 * forbidden).  It guides the search and is no part of the costs. */
	int64_t over, over_price, over_least, over_most;
	int32_t *fat, n_fat;
	int32_t *roomy, n_roomy;      /* used tours with load to spare (any vehicle, one visit each) */
	uint32_t stamp;
	int32_t string_max;           /* min of the parameter and the mean length of a tour */
	int64_t iterations;
};

/* Random numbers: splitmix64 (Steele, Lea, Flood 2014). */
static inline uint64_t en_rand(uint64_t *s)
{
	uint64_t z = (*s += 0x9E3779B97F4A7C15u);

	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	return z ^ z >> 31;
}

static inline int32_t en_below(uint64_t *s, int32_t n)
{
	return (int32_t)((en_rand(s) >> 32) * (uint64_t)n >> 32);
}

/* What a day of `dur` seconds costs for being longer than its seat's others. */
static inline int64_t en_uneven(const struct engine *e, const struct en_route *r, int64_t dur)
{
	return dur > r->even ? (dur - r->even) * e->a->even_permille / 1000 : 0;
}

/* What a tour of n calls costs for being shorter than it should be; one without any is none. */
static inline int64_t en_few(const struct engine *e, const struct en_route *r, int32_t n)
{
	return n > 0 && n < r->min_calls ? (int64_t)(r->min_calls - n) * e->a->price_few : 0;
}

/* Who may share the visits of a need, see rt_team. */
static inline int32_t en_team(const struct engine *e, int32_t seat)
{
	return e->same_seat ? seat : e->team ? e->team[seat] : RT_NONE;
}

/* The spread of route r with one more (sign 1) or one less call at a need. */
static inline struct compact_sums en_spread(const struct engine *e, const struct en_route *r, int32_t need, int32_t sign)
{
	const struct rt_place *pl = &e->p->places[e->pt_place[need]];
	struct compact_sums s = r->spread;

	compact_add(&s, &e->frames[r->seat], pl->x, pl->y, sign);
	return s;
}

/* engine.c */
enum bp_error engine_new(const struct rt_problem *p, const struct rt_params *a,
	bool (*poll)(void *ctx, const struct engine *e), void *poll_ctx, struct engine **out, struct bp_fail *f);
void engine_free(struct engine *e);
int32_t engine_leg_fixed(const struct engine *e, int32_t a, int32_t b, int32_t plain);
/* Rebuild routes, needs, windows and works from the links of the nodes. */
void engine_rebuild(struct engine *e);
/* The whole cost, from scratch. */
int64_t engine_cost(const struct engine *e);
/* The plan, with reasons of what is missing: the thorough ones until that second of the clock (0: all of them),
 * then the quick ones. */
void engine_store(const struct engine *e, struct rt_solution *out, double reasons_until);
/* Renew what balance and even days are measured by. */
void engine_means(struct engine *e);

/* near.c: fills ext[], need_comp[] and near[]; then near_leg[], once the points are there. */
void near_order(struct engine *e);
void near_legs(struct engine *e);

/* Asked now and then by what takes long outside of the rounds: tells of the progress; true: stop now with what
 * there is. */
static inline bool en_stop(const struct engine *e)
{
	return e->poll && e->poll(e->poll_ctx, e);
}

static inline int32_t en_leg(const struct engine *e, int32_t profile, int32_t a, int32_t b, bool stop)
{
	int32_t s = leg_seconds(&e->rules[profile], &e->pt[a], &e->pt[b], stop);

	return e->p->n_leg_fixes ? engine_leg_fixed(e, a, b, s) : s;
}

/* Can need i of the problem be planned, in part at least? */
static inline bool en_placeable(const struct engine *e, int32_t i)
{
	return e->unplaceable[i] == RT_SERVED || e->part[i];
}

static inline bool en_is_visit(const struct engine *e, int32_t node)
{
	return node < e->n_visits;
}

/* The leg between two nodes of route r, either of which may be its sentinel. */
static inline int32_t en_arc(const struct engine *e, const struct en_route *r, int32_t a, int32_t b)
{
	if (!en_is_visit(e, b)) {
		if (!en_is_visit(e, a) || r->end_pt < 0)
			return 0;
		return en_leg(e, r->profile, e->nodes[a].need, r->end_pt, false);
	}
	if (!en_is_visit(e, a)) {
		if (r->start_pt < 0)
			return 0;
		return en_leg(e, r->profile, r->start_pt, e->nodes[b].need, true);
	}
	return en_leg(e, r->profile, e->nodes[a].need, e->nodes[b].need, true);
}

/* Visits of the need's chain in a route; NULL: it is of none. */
static inline int32_t *en_chained(const struct engine *e, int32_t route, const struct en_need *n)
{
	return n->chain ? &e->chained[(int64_t)route * e->p->n_chains + n->chain - 1] : NULL;
}

/* Has the route room for one more visit of the need's chain? */
static inline bool en_chain_room(const struct engine *e, const struct en_route *r, const struct en_need *n)
{
	return !n->chain || *en_chained(e, (int32_t)(r - e->routes), n) < e->p->chain_most[n->chain - 1] ||
	       (e->p->chain_price && e->p->chain_price[n->chain - 1]);
}

/* What one more visit of the need's chain costs in a route where there are as many as may be without a price. */
static inline int64_t en_crowds(const struct engine *e, int32_t route, const struct en_need *n)
{
	return e->crowds && n->chain && *en_chained(e, route, n) >= e->p->chain_most[n->chain - 1]
		       ? e->p->chain_price[n->chain - 1]
		       : 0;
}

/* Visits of the need that a mask of days leaves out. */
static inline int32_t en_missing(const struct en_need *n, uint64_t mask)
{
	return n->visits == 1 ? mask == 0 : n->visits - __builtin_popcountll(mask);
}

static inline bool en_seat_ok(const struct engine *e, const struct en_need *n, int32_t seat)
{
	return (n->seat_set < 0 ||
		       e->seat_bits[(int64_t)n->seat_set * e->p->n_seats + seat]) &&
	       (n->skills & ~e->p->seats[seat].skills) == 0;
}

/* tours.c: the two primitive changes.  Both return the exact change of cost. */
void worker_init(struct worker *w, struct engine *e, int32_t part, uint64_t seed,
	struct en_node *best_nodes, uint8_t *dirty);
void worker_release(struct worker *w);
int64_t tour_insert(struct worker *w, int32_t node, int32_t after, int32_t route);
int64_t tour_remove(struct worker *w, int32_t node);
/* Do the hard time rules hold in all tours that the log touched? */
bool tours_hold(const struct worker *w);
/* Take back everything since the log held n entries. */
void tour_undo(struct worker *w, int32_t n);
/* Cost of a need standing as it does: missed visits, values, disturbance. */
int64_t need_cost(const struct engine *e, const struct en_need *n, uint64_t mask, int32_t seat);
int64_t need_changed(const struct engine *e, const struct en_need *n, uint64_t mask, int32_t seat);
int64_t balance_cost(const struct engine *e, int32_t seat, int64_t work);
/* An unused route of the type that this worker owns, or RT_NONE. */
int32_t tour_unused(const struct worker *w, int32_t type);

/* window.c: windows in tours. */
void window_refresh(struct engine *e, int32_t route);
/* The same in little time after a visit came, or after the one between `from` and `to`'s next went (the
 * forward pass begins at `from`, the backward one at `to`). */
void window_came(struct engine *e, int32_t route, int32_t node);
void window_went(struct engine *e, int32_t route, int32_t from, int32_t to);
int32_t window_begin_any(const struct engine *e, const struct en_need *n, int32_t t);
int32_t window_latest_any(const struct engine *e, const struct en_need *n, int32_t limit);

/* Begin of service of a need that is reached at t, INT32_MAX when its windows are over. */
static inline int32_t window_begin(const struct engine *e, const struct en_need *n, int32_t t)
{
	if (!n->one_window)
		return window_begin_any(e, n, t);
	return t > n->to ? INT32_MAX : t > n->from ? t : n->from;
}

/* The latest arrival that still begins at `limit` or before. */
static inline int32_t window_latest(const struct engine *e, const struct en_need *n, int32_t limit)
{
	if (!n->one_window)
		return window_latest_any(e, n, limit);
	limit = limit < n->to ? limit : n->to;
	return limit < n->from ? INT32_MIN / 2 : limit;
}

/* May `need` stand between nodes a and b?  *extra gets the priced change of overtime and lateness.  The limit of
 * the time under way is asked for by itself, since that takes a walk through the tour. */
bool window_within(const struct engine *e, const struct en_route *r, int32_t need, int32_t a, int32_t leg_in,
	int32_t leg_out);
bool window_fits(const struct engine *e, const struct en_route *r, int32_t need, int32_t a, int32_t b,
	int32_t leg_in, int32_t leg_out, int64_t *extra);

/* insert.c: put missing visits of a need where they cost least; false: stays absent. */
bool insert_need(struct worker *w, int32_t need, bool blink, int64_t *delta);

/* The tour of a visit of a given plan, or RT_NONE when a rule other than those of time keeps it out. */
int32_t given_route(const struct worker *w, int32_t need, int32_t seat, int32_t day);
/* Append a visit of a given plan to its tour; false when a hard rule forbids it. */
bool insert_given(struct worker *w, int32_t need, int32_t seat, int32_t day);

/* ruin.c: take out strings near a seed; fills out[] with the needs concerned. */
int32_t ruin_strings(struct worker *w, int32_t *out, int32_t max, int64_t *delta);
void ruin_order(struct worker *w, int32_t *needs, int32_t n);

/* moves.c: draw a small move of the need and do it when it costs no more than `most`; true: done, w->cur is
 * renewed. */
bool move_small(struct worker *w, int32_t need, int64_t most);

/* anneal.c */
struct anneal_budget {
	double t_from, t_to;       /* temperatures, in cost units */
	int64_t iterations;        /* 0: until `deadline` */
	double start, deadline;    /* seconds of the monotonic clock */
	const atomic_int *stop;
	bool (*tick)(void *ctx, struct worker *w); /* called now and then; false: stop */
	void *tick_ctx;
};
void anneal(struct worker *w, const struct anneal_budget *b);
/* Let loads pass the capacities at a price that begins in the middle of its range; `leg` is a mean leg. */
void anneal_soften(struct worker *w, double leg);
/* How much worse may a plan be to be accepted this time? */
int64_t anneal_threshold(struct worker *w, double temperature);
void worker_string_max(struct worker *w);
/* Keep the worker's list of absent needs true after list[0..n-1] may have changed. */
void worker_sort_absent(struct worker *w, const int32_t *list, int32_t n);

/* eject.c: put a need in, and out those with the least sum of counts that must leave for it, at most
 * EJECT_MOST; fills out[] with them.  Returns their number, RT_NONE when no way was found.  Flat problems
 * without pins only. */
#define EJECT_MOST 5
int32_t eject(struct worker *w, int32_t need, const int64_t *counts, int32_t out[EJECT_MOST]);

/* fleet.c: as few tours as can be found; only where all needs are placed.  Returns iterations done. */
int64_t fleet_minimise(struct engine *e, uint64_t seed, double scale, int64_t iterations,
	double deadline);
/* Load of the tours in use as a share of what they could carry. */
double fleet_fill(const struct engine *e);
double clock_now(void);
/* Wait so long for the semaphore; false: it was not posted. */
bool clock_wait(sem_t *sem, double seconds);
/* ratio to the power of share, from plain arithmetic. */
double geometric(double ratio, double share);

/* construct.c: a first plan. */
void construct(struct engine *e, uint64_t seed, double deadline);
/* savings.c: first plan of flat problems. */
void construct_savings(struct worker *w);

/* reason.c */
/* Per need of the problem: why no plan could serve it whole, or RT_SERVED; and whether one can serve a part. */
void reason_before_all(const struct rt_problem *p, int32_t *reasons, uint8_t *part);
/* Why the need is not (fully) served in the plan as it stands. */
int32_t reason_after(const struct engine *e, int32_t need);
/* The same judged by one tour beside it, in no time. */
int32_t reason_quick(const struct engine *e, int32_t need);

/* parts.c: cut the plan into parts of some 4,000 needs (`whole`: leave it in one) and list what each holds. */
void parts_make(struct engine *e, bool whole, uint64_t rng);

#endif
