/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_choices.c - the level of planning: what another one would change, choosing it, and taking that back. */
#include "cgi/endpoint.h"
#include "snapshot/snapshot.h"
#include "territory/choose.h"

enum { TOLD_MOST = 200 /* plans that are named */ };

struct plan {
	int64_t territory_id, number;
	const char *unit, *channel;
	bool waits;
};
BP_SHAPE(choice_plan, plan,
	BP_INT(plan, territory_id, BP_REQ, 1, 9e15, "unit that ends"),
	BP_STR(plan, unit, BP_REQ, 1, 480, "its name"),
	BP_STR(plan, channel, BP_REQ, 2, 2, "GT or MT"),
	BP_INT(plan, number, BP_REQ, 0, 9e9, "version in force"),
	BP_BOOL(plan, waits, BP_REQ, "a version of it waits for approval, which has to be decided first"));
BP_SHAPE(choice_lock, q_choice_locks,
	BP_STR(q_choice_locks, name, BP_REQ, 1, 480, "unit that is being planned"),
	BP_STR(q_choice_locks, channel, BP_REQ, 2, 2, "GT or MT"),
	BP_STR(q_choice_locks, holder, BP_NUL, 0, 480, "by whom"));
struct change {
	const char *level;
	int64_t begun, ended, kept, plans, uncovered, seats;
	struct bp_opt_int least, most;
	struct bp_list first_plans, locks;
};
BP_SHAPE(choice_change, change,
	BP_STR(change, level, BP_REQ, 1, 32, "level"),
	BP_INT(change, begun, BP_REQ, 0, 9e9, "territories that become planning units"),
	BP_INT(change, ended, BP_REQ, 0, 9e9, "units that end"),
	BP_INT(change, kept, BP_REQ, 0, 9e9, "units that stay"),
	BP_INT(change, least, BP_NUL, 0, 9e9, "outlets of the smallest unit then"),
	BP_INT(change, most, BP_NUL, 0, 9e9, "and of the largest"),
	BP_INT(change, plans, BP_REQ, 0, 9e9, "plans that are put out of force: their versions stay, and their visits until the plan of the unit that has taken over is committed"),
	BP_LIST(change, first_plans, BP_REQ, TOLD_MOST, &choice_plan, "the first of these, by name"),
	BP_LIST(change, locks, BP_REQ, 100, &choice_lock, "who plans here: the units change once no lock is left"),
	BP_INT(change, uncovered, BP_REQ, 0, 9e9, "outlets that lie in no territory of the level, and then in no unit"),
	BP_INT(change, seats, BP_REQ, 0, 9e9, "seats that belong to none of them: no unit plans these"));

static struct bp_list plans_of(struct bp_arena *a, const struct tr_choice *c)
{
	size_t n = c->n_plans < TOLD_MOST ? c->n_plans : TOLD_MOST;
	struct plan *v = bp_alloc_array(a, n, sizeof(*v));

	for (size_t i = 0; i < n; i++)
		v[i] = (struct plan){c->plan[i].territory, c->plan[i].number, c->plan[i].name, c->plan[i].channel, c->plan[i].waits};
	return (struct bp_list){v, n};
}

static void reply(struct bp_req *rq, const struct tr_choice *c)
{
	struct change *r = bp_alloc(rq->arena, sizeof(*r));

	*r = (struct change){.level = c->level, .begun = c->begun, .ended = c->ended, .kept = (int64_t)c->n_units - c->begun - c->ended,
		.plans = (int64_t)c->n_plans, .uncovered = c->uncovered, .seats = c->seats, .first_plans = plans_of(rq->arena, c), .locks = {c->lock, c->n_locks}};
	for (size_t i = 0; i < c->n_units; i++) {
		int64_t n = c->unit[i].outlets;

		if (!c->unit[i].became)
			continue;
		r->least = BP_SOME_INT(r->least.set && r->least.v < n ? r->least.v : n);
		r->most = BP_SOME_INT(r->most.set && r->most.v > n ? r->most.v : n);
	}
	rq->reply = r;
}

struct asked {
	const char *level;
};
BP_SHAPE(choice_asked, asked, BP_STR(asked, level, BP_REQ, 1, 32, "COUNTRY, ZONE, REGION, AREA or DT"));

static enum bp_error look(struct bp_req *rq)
{
	struct tr_choice c;
	enum bp_error e = tr_choice_look(rq->db, rq->arena, rq->territory, ((const struct asked *)rq->query)->level, &c, &rq->fail);

	if (!e)
		reply(rq, &c);
	return e;
}

struct choosing {
	const char *level, *reason;
	bool end_plans;
};
BP_SHAPE(choice_choosing, choosing,
	BP_STR(choosing, level, BP_REQ, 1, 32, "COUNTRY, ZONE, REGION, AREA or DT: its territories at and beneath this one become the planning units"),
	BP_STR(choosing, reason, BP_REQ, 3, 500, "why: it is kept with the history"),
	BP_BOOL(choosing, end_plans, BP_NUL, "plans in force of units that end are put out of force; without it they are a reason to refuse"));

static void note(struct bp_req *rq, const char *reason)
{
	rq->audit.resource_type = "territory";
	rq->audit.resource_id = rq->territory;
	rq->audit.territory = rq->territory;
	rq->audit.reason = reason;
}

static enum bp_error choose(struct bp_req *rq)
{
	const struct choosing *in = rq->body;
	struct tr_choice c;
	enum bp_error e = tr_choose(rq->db, rq->arena, &(struct tr_chooser){rq->territory, rq->user.id, in->reason, in->end_plans}, in->level, &c, &rq->fail);

	for (size_t i = 0; !e && i < c.n_units; i++)
		if (!c.unit[i].was)
			e = sn_request(rq->db, rq->arena, (uint64_t)c.unit[i].id, rq->user.id, rq->correlation);
	if (!e)
		reply(rq, &c);
	note(rq, in->reason);
	return e;
}

struct why {
	const char *reason;
};
BP_SHAPE(choice_why, why, BP_STR(why, reason, BP_REQ, 3, 500, "why: it is kept with the history"));
struct back {
	int64_t units;
};
BP_SHAPE(choice_back, back, BP_INT(back, units, BP_REQ, 0, 9e9, "planning units at or beneath the territory now"));

static enum bp_error undo(struct bp_req *rq)
{
	const struct why *in = rq->body;
	struct back *r = bp_alloc(rq->arena, sizeof(*r));
	int64_t *unit;
	size_t n = 0;
	enum bp_error e = tr_unchoose(rq->db, rq->arena, &(struct tr_chooser){rq->territory, rq->user.id, in->reason, false}, &unit, &n, &rq->fail);

	for (size_t i = 0; !e && i < n; i++)
		e = sn_request(rq->db, rq->arena, (uint64_t)unit[i], rq->user.id, rq->correlation);
	r->units = (int64_t)n;
	rq->reply = r;
	note(rq, in->reason);
	return e;
}

static const struct bp_endpoint ep[] = {
	{"GET", "/territories/{id}/units/choice", "What would change if the territories of a level became the planning units", BP_SCOPE_TERRITORY,
		BP_PERM_MANAGE_TERRITORIES, 0, .query = &choice_asked, .reply = &choice_change, .fails = {BP_E_TERRITORY_NONE, BP_E_NOT_FOUND}, .handle = look},
	{"PUT", "/territories/{id}/units", "Make the territories of a level at and beneath this one the planning units", BP_SCOPE_TERRITORY,
		BP_PERM_MANAGE_TERRITORIES, BP_EP_ROOM, .body = &choice_choosing, .reply = &choice_change, .audit = BP_ACTION_UNITS_CHOOSE,
		.fails = {BP_E_TERRITORY_NONE, BP_E_NOT_FOUND, BP_E_CONFLICT, BP_E_LOCK_TAKEN}, .handle = choose},
	{"POST", "/territories/{id}/units/undo", "Take the level back that was chosen last: the units are those of before", BP_SCOPE_TERRITORY,
		BP_PERM_MANAGE_TERRITORIES, 0, .body = &choice_why, .reply = &choice_back, .audit = BP_ACTION_UNITS_UNDO,
		.fails = {BP_E_TERRITORY_NONE, BP_E_CONFLICT, BP_E_LOCK_TAKEN}, .handle = undo},
};
BP_RESOURCE(choices, ep);
