/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_PLAN_DRAFT_H
#define BP_PLAN_DRAFT_H
/*
 * A plan in memory: standing stops with the dates between which they hold, and
 * the edits on them.  A stop says "this need, on this day of every cycle
 * repetition between from and to"; moving a single date splits a stop into the
 * part before, the date itself and the part after.  Pure: no database.
 *
 * Edits mark stops dead and add new ones, so that what was removed and what was
 * added can be written down for undo and redo.
 */
#include <jansson.h>

#include "plan/model.h"

struct plan_stop {
	int64_t need, seat;
	struct bp_opt_int beat, from, to; /* beat id; dates, not set = no bound */
	int day, pos, seq;
	bool fresh; /* made by this edit */
	bool dead;  /* removed by this edit */
};

struct plan_draft {
	const struct plan_model *m;
	struct plan_stop *stops;
	size_t n, room;
};

/* How far a change reaches. */
enum plan_reach { PLAN_DATE, PLAN_ONWARD, PLAN_STANDING };

/* Append a stop; the pointer holds until the next append. */
struct plan_stop *plan_draft_add(struct plan_draft *d, const struct plan_stop *s);

/* Does the stop hold on that date? */
bool plan_stop_on(const struct plan_draft *d, const struct plan_stop *s, int64_t date);
/* The living stop of a need on a date; its index or -1. */
long plan_draft_find(const struct plan_draft *d, int64_t need, int64_t date);

/* The tour of a seat on a date in order: indices of stops into `out` (as many as the draft has), returns how many. */
size_t plan_draft_tour(const struct plan_draft *d, int64_t seat, int64_t date, size_t *out);
/* The standing tour of a seat and cycle day: stops without an end date. */
size_t plan_draft_standing(const struct plan_draft *d, int64_t seat, int day, size_t *out);
/* What a tour of those stops amounts to. */
void plan_draft_eval(const struct plan_draft *d, int64_t seat, int day, const size_t *tour, size_t n, struct rt_tour *out);

/* Take the visit (stop i on `date`) out as far as `reach` says; what stays of it remains as stops of its own. */
void plan_draft_take(struct plan_draft *d, size_t i, int64_t date, enum plan_reach reach);
/* Put a need onto a tour at `pos` (-1 = where it is cheapest); `beat` as it was. Other stops of the tour move along.
 * `bounds` gives from and to of a standing stop that keeps its dates, NULL = none. */
void plan_draft_put(struct plan_draft *d, int64_t need, int64_t seat, struct bp_opt_int beat, int64_t date, int pos,
	enum plan_reach reach, const struct plan_stop *bounds);
/* Let a stop belong to a beat, wherever it stands. */
void plan_draft_join(struct plan_draft *d, size_t i, int64_t beat);
/* Give the stops of a tour the order of `needs` as far as `reach` says; false when those are not just its needs. */
bool plan_draft_order(struct plan_draft *d, int64_t seat, int64_t date, const int64_t *needs, size_t n, enum plan_reach reach);

/* Make the standing tour of a seat and cycle day these needs in this order, each once: what is not among them leaves, what is new
 * comes and joins the beat that is walked there.  Visits that end on a date stay as they are. */
void plan_draft_arrange(struct plan_draft *d, int64_t seat, int day, const int64_t *needs, size_t n);
/* The standing stop of a need in that tour; its index or -1. */
long plan_draft_stands(const struct plan_draft *d, int64_t need, int64_t seat, int day);

/* Smallest number of days between two visits of a need in the year around `date`; 0 when it has fewer than two. */
int plan_draft_least_gap(const struct plan_draft *d, int64_t need, int64_t date);
/* Standing visits of a need in a cycle: stops without an end date. */
int plan_draft_visits(const struct plan_draft *d, int64_t need);

/* Stops as the JSON rows of plan_op and of the queries: {"n","d","q","s","b","p","f","t"}. Owned by the caller. */
json_t *plan_stop_row(const struct plan_stop *s);

#endif
