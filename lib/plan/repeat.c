/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/repeat.h"

#include <stdio.h>
#include <string.h>

static void mix(uint64_t *h, const void *data, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		*h ^= ((const unsigned char *)data)[i];
		*h *= UINT64_C(1099511628211);
	}
}

static void number(uint64_t *h, int64_t v)
{
	mix(h, &v, sizeof(v));
}

/* Struct by struct and number by number: padding has no say. */
static void mix_need(uint64_t *h, const struct rt_problem *p, const struct rt_need *n)
{
	const int64_t v[] = {(int64_t)n->id, p->places[n->place].x, p->places[n->place].y, p->places[n->place].area, n->service, n->visits, n->gap,
		(int64_t)n->days, n->n_windows, n->seat_set, (int64_t)n->skills, n->demand, n->missed_price, n->flags};

	mix(h, v, sizeof(v));
	if (n->chain) /* hashes of before there were chains hold on */
		number(h, p->chain_most[n->chain - 1] * INT64_C(100000) + n->chain);
	if (n->chain && p->chain_price && p->chain_price[n->chain - 1])
		number(h, p->chain_price[n->chain - 1]);
	for (int32_t d = 0; d < rt_days(p) && n->day_value >= 0; d++)
		number(h, p->day_values[n->day_value + d]);
	for (int32_t i = 0; i < n->n_windows; i++) {
		number(h, p->windows[n->window + i].from);
		number(h, p->windows[n->window + i].to);
		number(h, p->windows[n->window + i].soft);
	}
}

static void mix_seat(uint64_t *h, const struct rt_problem *p, const struct rt_seat *s)
{
	const int64_t v[] = {(int64_t)s->id, s->start, s->end, (int64_t)s->days, s->shift_start, s->shift, s->overtime_max, s->max_duration,
		s->max_calls, s->min_calls, s->capacity, s->fixed, s->profile, (int64_t)s->skills, s->balance_group};

	mix(h, v, sizeof(v));
	if (s->start != RT_NONE) {
		number(h, p->places[s->start].x);
		number(h, p->places[s->start].y);
	}
}

static void mix_params(uint64_t *h, const struct rt_params *a)
{
	const int64_t v[] = {a->overtime_permille, a->late_permille, a->price_day, a->price_person, a->price_beat, a->balance_tolerance,
		a->balance_permille, a->compact_price, a->max_changed};

	mix(h, v, sizeof(v));
	if (a->price_few) /* hashes of before it had a price hold on */
		number(h, a->price_few);
}

uint64_t plan_input_hash(const struct plan_model *m)
{
	const struct rt_problem *p = &m->p;
	uint64_t h = UINT64_C(14695981039346656037);

	number(&h, p->weeks);
	number(&h, m->plan.anchor);
	for (int32_t i = 0; i < p->n_needs; i++)
		mix_need(&h, p, &p->needs[i]);
	for (int32_t i = 0; i < p->n_seats; i++)
		mix_seat(&h, p, &p->seats[i]);
	for (int32_t i = 0; i < p->n_profiles; i++)
		mix(&h, &p->profiles[i], sizeof(p->profiles[i]));
	for (int32_t i = 0; i < p->n_seat_sets; i++) {
		number(&h, p->seat_set_off[i + 1] - p->seat_set_off[i]);
		for (int32_t k = p->seat_set_off[i]; k < p->seat_set_off[i + 1]; k++)
			number(&h, p->seat_set[k]);
	}
	for (int32_t i = 0; i < p->n_given; i++)
		mix(&h, &p->given[i], sizeof(p->given[i]));
	for (int32_t i = 0; m->elsewhere && i < p->n_seats * m->days; i++)
		number(&h, m->elsewhere[i]);
	for (int32_t i = 0; i < p->n_leg_fixes; i++)
		mix(&h, &p->leg_fixes[i], sizeof(p->leg_fixes[i]));
	mix_params(&h, &m->params);
	return h;
}

enum bp_error plan_repeat_load(struct bp_db *db, struct bp_arena *a, uint64_t version, struct plan_model *m, struct bp_fail *f)
{
	struct q_plan_version_stops *rows = NULL;
	struct q_plan_version_get v;
	json_t *record, *from, *request;
	size_t n = 0;
	enum bp_error e = q_plan_version_get(db, a, (int64_t)version, &v);

	if (e)
		return e;
	if (!v.run_record)
		return bp_fail(f, BP_E_NOT_FOUND, "version %lld was not made by the optimiser: choose a proposal", (long long)v.number);
	record = json_loads(v.run_record, 0, NULL);
	from = json_object_get(record, "draft");
	request = json_object_get(record, "request");
	if (!json_integer_value(json_object_get(request, "iterations")))
		e = bp_fail(f, BP_E_PLAN_OP, "version %lld had a budget of seconds, which depends on the machine: optimise with a budget of steps "
			"to be able to repeat it", (long long)v.number);
	else if (!strcmp(json_string_value(json_object_get(record, "travel")), "roads"))
		e = bp_fail(f, BP_E_PLAN_OP, "version %lld used travel times of a road server, which may have changed since", (long long)v.number);
	if (!e)
		e = plan_model_load(db, a, (uint64_t)v.plan_id, &(struct plan_cycle){v.anchor, v.weeks}, NULL, m);
	if (!e && json_is_integer(from))
		e = plan_model_pins(db, m, 0, (uint64_t)json_integer_value(from));
	if (!e && json_is_integer(from))
		e = q_plan_version_stops(db, a, json_integer_value(from), &rows, &n);
	if (!e) {
		plan_optimize_request(m, request);
		plan_optimize_given(m, (struct q_draft_stops *)(void *)rows, n);
	}
	json_decref(record);
	return e;
}

enum bp_error plan_repeat(struct bp_db *db, struct bp_arena *a, uint64_t version, struct plan_model *m, json_t **out, struct bp_fail *f)
{
	struct q_plan_version_get v;
	struct rt_solution s;
	char hash[17], input[17];
	json_t *record;
	enum bp_error e = q_plan_version_get(db, a, (int64_t)version, &v);

	if (e)
		return e;
	record = json_loads(v.run_record, 0, NULL);
	snprintf(input, sizeof(input), "%016llx", (unsigned long long)plan_input_hash(m));
	rt_solution_init(&s);
	e = plan_optimize_solve(m, &s, f);
	snprintf(hash, sizeof(hash), "%016llx", (unsigned long long)s.plan_hash);
	if (!e) {
		const char *was = json_string_value(json_object_get(record, "solverHash")), *build = json_string_value(json_object_get(record, "build")),
			   *before = json_string_value(json_object_get(record, "input"));

		*out = json_pack("{s:b,s:s,s:s?,s:b,s:s,s:s?}", "same", !strcmp(was ? was : "", hash), "hash", hash, "was", was, "inputSame",
			!strcmp(before ? before : "", input), "build", PACKAGE_VERSION, "buildWas", build);
	}
	rt_solution_release(&s);
	json_decref(record);
	return e;
}
