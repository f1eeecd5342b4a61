/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_PLAN_OP_H
#define BP_PLAN_OP_H
/*
 * Operations on a draft: what planners do by hand.  An operation is applied in
 * memory; its price and the rules it breaks come from the solver's own cost code
 * (route/route.h).  Pure but for the arena.
 */
#include "plan/draft.h"

/* As it comes over the wire; which members count is up to the kind. */
struct plan_op_visit {
	int64_t need, date;
};
/* A standing tour as it is to become. */
struct plan_op_tour {
	int64_t seat, date;
	struct bp_list order; /* int64_t needs */
};
struct plan_op {
	const char *client_id; /* given by the client: the same one is not applied twice */
	const char *kind;      /* move, beat, sequence, remove, place, arrange, pin, join */
	const char *reach;     /* date, onward, standing; NULL = standing */
	const char *reason, *reason_code; /* in words, and from the list of reasons */
	struct bp_list visits; /* of struct plan_op_visit: move, remove, join */
	struct bp_opt_int seat, date, pos, beat, from_date, need;
	struct bp_opt_int shift; /* move: by so many days, where no date is given */
	struct bp_list order;  /* int64_t needs: sequence */
	bool auto_, reverse;   /* sequence */
	struct bp_list tours;  /* of struct plan_op_tour: arrange */
	struct bp_list needs;  /* int64_t needs: pin */
	const char *hold;      /* pin: what stays, of plan_holds */
};
extern const char *const plan_op_kinds[], *const plan_reaches[];

/* A visit list long enough for a bulk move of a whole seat and cycle. */
#define PLAN_OP_VISITS_MOST 2000
#define PLAN_OPS_MOST 200
/* Tours of one arrangement, which cannot be parted: what leaves one tour comes to another.  Eight weeks of a hundred seats. */
#define PLAN_OP_TOURS_MOST 5000

struct plan_tour_sum {
	int64_t calls;
	double minutes, km;
};
struct plan_tour_change {
	int64_t seat, date;
	struct plan_tour_sum *before, *after;
};
struct plan_broken {
	const char *rule, *severity, *message;
	struct bp_opt_int need, seat, date;
};
/* The one currency of the plan, minutes, as the solver counts it: after minus before. */
struct plan_price {
	double travel, overtime, missed, day, person, beat, imbalance, due, few, other; /* few: calls that days have less than the least */
	double total;
};
void plan_price_add(struct plan_price *sum, const struct plan_price *one);
/* Add what needs lose or are put through by an operation that was applied: missed visits, other days, persons and weekdays. */
void plan_price_needs(struct plan_price *p, const struct plan_draft *d, const struct plan_op *op);
/* What of these seats' work is beyond the tolerance. */
double plan_price_imbalance(const struct plan_model *m, const int64_t *work);

/* What an operation changes; differences are after minus before. */
struct plan_impact {
	double minutes, km, overtime_minutes, balance_before, balance_after;
	struct plan_price *price;
	double due_minutes; /* what its days are worth for purchases that are due, 0 where visits are not drawn to them */
	struct bp_list tours;  /* struct plan_tour_change */
	struct bp_list broken; /* struct plan_broken, only what was not broken before */
};

/* The tours that an operation touches, once its needs' stops are in the draft: (seat, date) pairs without repeats into
 * `out` (room for plan_op_tours_room()); returns how many. PLAN_OP with a detail when a visit is not there. */
struct plan_tour_key {
	int64_t seat, date;
};
static inline size_t plan_op_tours_room(const struct plan_op *op)
{
	return op->visits.n * 2 + op->tours.n + 2;
}
enum bp_error plan_op_tours(const struct plan_draft *d, const struct plan_op *op, struct plan_tour_key *out, size_t *n,
	struct bp_fail *f);

/* Apply the operation to the draft, which holds all stops of the touched tours and needs. Fills the impact but for the
 * balance; `seconds_of` gets, for each seat of the model, by how many seconds its standing work changes. `*blocked` =
 * a rule that is never broken would be. */
enum bp_error plan_op_apply(struct plan_draft *d, const struct plan_op *op, const struct plan_tour_key *tours, size_t n_tours,
	struct plan_impact *impact, bool *blocked, struct bp_fail *f);

/* The sum of enum plan_hold that a pin asks for. */
int plan_op_hold(const struct plan_op *op);

/* What people read in the undo menu: "move 3 visits". In the arena. */
const char *plan_op_label(struct bp_arena *a, const struct plan_op *op);

#endif
