/* SPDX-License-Identifier: GPL-3.0-or-later */
/* price.c - the full price of an operation: what the solver would pay or save by it, beside the minutes of its tours. */
#include "plan/op.h"

#include <stdlib.h>
#include <string.h>

void plan_price_add(struct plan_price *sum, const struct plan_price *one)
{
	sum->travel += one->travel;
	sum->overtime += one->overtime;
	sum->missed += one->missed;
	sum->day += one->day;
	sum->person += one->person;
	sum->beat += one->beat;
	sum->imbalance += one->imbalance;
	sum->due += one->due;
	sum->few += one->few;
	sum->other += one->other;
	sum->total = sum->travel + sum->overtime + sum->missed + sum->day + sum->person + sum->beat + sum->imbalance + sum->due + sum->few + sum->other;
}

/* Where a need stood, or stands. */
struct standing {
	int64_t seat;
	uint64_t days;
	int visits;
};

static struct standing standing_of(const struct plan_draft *d, int64_t need, bool after)
{
	struct standing w = {0};

	for (size_t i = 0; i < d->n; i++) {
		const struct plan_stop *s = &d->stops[i];

		if (s->need != need || s->to.set || (after ? s->dead : s->fresh))
			continue;
		w.seat = s->seat;
		w.days |= UINT64_C(1) << s->day;
		w.visits++;
	}
	return w;
}

static uint64_t weekdays(uint64_t days)
{
	uint64_t is = 0;

	for (; days; days >>= 7)
		is |= days & 127;
	return is;
}

static int missing(const struct plan_draft *d, int32_t need, int visits)
{
	int asked = d->m->needs[need].visits;

	return asked > visits ? asked - visits : 0;
}

static void price_need(struct plan_price *p, const struct plan_draft *d, int32_t need)
{
	const struct rt_params *a = &d->m->params;
	struct standing was = standing_of(d, d->m->needs[need].id, false), is = standing_of(d, d->m->needs[need].id, true);
	bool moved = is.seat != was.seat;

	p->missed += (double)d->m->p.needs[need].missed_price * (missing(d, need, is.visits) - missing(d, need, was.visits)) / 60;
	if (!was.days || !is.days)
		return;
	p->day += (double)a->price_day * __builtin_popcountll(is.days & ~was.days) / 60;
	p->person += moved ? (double)a->price_person / 60 : 0;
	p->beat += moved || weekdays(is.days) & ~weekdays(was.days) ? (double)a->price_beat / 60 : 0;
}

/* A single date leaves the standing plan as it was: what is done to its visits counts once. */
static void price_dates(struct plan_price *p, const struct plan_draft *d, const struct plan_op *op)
{
	const struct plan_op_visit *v = op->visits.v;
	const struct rt_params *a = &d->m->params;

	for (size_t i = 0; i < op->visits.n; i++) {
		int32_t need = plan_model_need(d->m, v[i].need);

		if (need == RT_NONE)
			continue;
		if (!strcmp(op->kind, "remove"))
			p->missed += (double)d->m->p.needs[need].missed_price / 60;
		else if (op->date.set ? op->date.v != v[i].date : op->shift.set && op->shift.v)
			p->day += (double)a->price_day / 60;
	}
	for (size_t i = 0; i < d->n; i++)
		for (size_t k = 0; d->stops[i].fresh && !d->stops[i].dead && k < d->n; k++)
			if (d->stops[k].dead && !d->stops[k].fresh && d->stops[k].need == d->stops[i].need && d->stops[k].seat != d->stops[i].seat) {
				p->person += (double)a->price_person / 60;
				break;
			}
}

void plan_price_needs(struct plan_price *p, const struct plan_draft *d, const struct plan_op *op)
{
	if (op->reach && !strcmp(op->reach, "date")) {
		price_dates(p, d, op);
		return;
	}
	for (size_t i = 0; i < d->n; i++) {
		int32_t need = plan_model_need(d->m, d->stops[i].need);
		bool seen = need == RT_NONE || d->stops[i].fresh == d->stops[i].dead;

		for (size_t k = 0; k < i && !seen; k++)
			seen = d->stops[k].need == d->stops[i].need && d->stops[k].fresh != d->stops[k].dead;
		if (!seen)
			price_need(p, d, need);
	}
}

double plan_price_imbalance(const struct plan_model *m, const int64_t *work)
{
	const struct rt_seat *s = m->p.seats;
	int64_t price = 0;

	for (int32_t i = 0; i < m->p.n_seats; i++) {
		int64_t sum = 0, n = 0, off;

		for (int32_t k = 0; k < m->p.n_seats && s[i].balance_group >= 0; k++)
			if (s[k].balance_group == s[i].balance_group) {
				sum += work[k];
				n++;
			}
		if (!n)
			continue;
		off = llabs(work[i] - sum / n) - sum / n * m->params.balance_tolerance / 1000;
		price += off > 0 ? off * m->params.balance_permille / 1000 : 0;
	}
	return (double)price / 60;
}
