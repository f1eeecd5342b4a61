/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The price of a manual change: one visit moved, taken out, or put in. */
#include "route/edit.h"

static void put_and_price(struct edit *e, int32_t need, int32_t seat, int32_t day, int32_t position,
	struct rt_price *out)
{
	if (seat >= 0)
		position = edit_put(e, need, seat, day, position);
	edit_price(e, out);
	out->position = seat >= 0 ? position : RT_NONE;
	if (seat >= 0)
		out->to = edit_tour(e, seat, day)->is;
}

void rt_price_move(const struct rt_problem *p, const struct rt_params *a,
	const struct rt_solution *plan, int32_t visit, int32_t seat, int32_t day, int32_t position,
	struct rt_price *out)
{
	const struct rt_visit *v = &plan->visits[visit];
	struct ed_base b;
	struct edit e;

	edit_base_init(&b, p, a, plan);
	edit_init(&e, &b);
	edit_take(&e, v->need, v->seat, v->day);
	put_and_price(&e, v->need, seat, day, position, out);
	out->from = edit_tour(&e, v->seat, v->day)->is;
	edit_release(&e);
	edit_base_release(&b);
}

void rt_price_insert(const struct rt_problem *p, const struct rt_params *a,
	const struct rt_solution *plan, int32_t need, int32_t seat, int32_t day, int32_t position,
	struct rt_price *out)
{
	struct ed_base b;
	struct edit e;

	edit_base_init(&b, p, a, plan);
	edit_init(&e, &b);
	put_and_price(&e, need, seat, day, position, out);
	edit_release(&e);
	edit_base_release(&b);
}
