/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_ROUTE_EDIT_H
#define BP_ROUTE_EDIT_H
/*
 * A plan with a few visits moved, and what that costs: the touched tours before and after by
 * rt_tour_eval, the terms of the touched needs, the balance of the touched groups.  The price is the exact
 * difference of two whole plans.  Private to this room; price.c and alternatives.c stand on it.
 *
 * A base belongs to one plan and serves many edits; it reads the plan once, and works out the seats' work
 * only of groups that an edit touches.  An edit must not outlive its base.
 */
#include "route/route.h"

struct ed_base {
	const struct rt_problem *p;
	const struct rt_params *a;
	const struct rt_solution *plan;
	uint64_t *mask;  /* per need: days visited */
	int32_t *seat;   /* per need: of its last visit; of all when same_seat, unless */
	bool *apart;     /* they stand with several seats, as a person moved them */
	int64_t *work;   /* per seat: travel + service, -1: not yet known */
};

struct ed_tour {
	int32_t seat, day, n, *needs;
	struct rt_tour was, is; /* `is` after edit_price */
};

struct ed_need {
	int32_t need, seat; /* seat after the edit, or RT_NONE */
	uint64_t mask;      /* days after the edit */
	bool twice;         /* put twice on one day */
};

struct edit {
	struct ed_base *b;
	struct ed_tour *tours;
	struct ed_need *needs;
	int32_t n_tours, n_needs;
};

void edit_base_init(struct ed_base *b, const struct rt_problem *p, const struct rt_params *a,
	const struct rt_solution *plan);
void edit_base_release(struct ed_base *b);

void edit_init(struct edit *e, struct ed_base *b);
void edit_release(struct edit *e);
#define ED_SEATS 6 /* nearest seats whose tours are asked */
/* The seats whose visits lie nearest to the need, nearest first, of those allowed or of those not; its `own` (or
 * RT_NONE) leads.  Returns how many, at most ED_SEATS.  (alternatives.c) */
int32_t edit_near_seats(const struct rt_problem *p, const struct rt_solution *plan, int32_t need,
	int32_t own, bool allowed, int32_t *seats);

/* Everything as it was. */
void edit_clear(struct edit *e);
/* e becomes what `from` is, an edit of the same base. */
void edit_copy(struct edit *e, const struct edit *from);

/* Take the visit of `need` out of the tour (it must be there). */
void edit_take(struct edit *e, int32_t need, int32_t seat, int32_t day);
/* Put a visit in: at `position`, or RT_NONE: where it breaks least and then costs least.  Returns where. */
int32_t edit_put(struct edit *e, int32_t need, int32_t seat, int32_t day, int32_t position);
/* The best order found for all touched tours. */
void edit_resequence(struct edit *e);
#define ED_REPAIRED 4 /* most seats whose tours are searched again */
/* Search the tours of up to ED_REPAIRED seats (same_seat) again, from the edit as it stands, for `iterations`; the
 * need `pin` keeps its days and seat (RT_NONE: none).  Worse is not taken. (repair.c) */
void edit_repair(struct edit *e, const int32_t *seats, int32_t n, int32_t pin, int64_t iterations);
/* The whole tour as it shall be; edit_note tells of each need whose days or seat changed by it. */
void edit_set_tour(struct edit *e, int32_t seat, int32_t day, const int32_t *needs, int32_t n);
void edit_note(struct edit *e, int32_t need, int32_t seat, uint64_t mask);
/* Days and seat of a need as the edit stands. */
struct ed_need edit_need(const struct edit *e, int32_t need);
/* Sum up; position, from and to are left to the caller. */
void edit_price(struct edit *e, struct rt_price *out);
/* Do these days keep the number of visits, the gap and the explicit patterns of the need? */
bool edit_pattern_holds(const struct rt_problem *p, int32_t need, uint64_t mask);
/* The touched tour, or NULL. */
struct ed_tour *edit_tour(const struct edit *e, int32_t seat, int32_t day);
/* The whole plan after the edit. */
void edit_store(const struct edit *e, struct rt_solution *out);

#endif
