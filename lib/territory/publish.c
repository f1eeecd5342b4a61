/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Publishing a scenario and undoing it: outlets move, new units are made and emptied ones end, in one change set. */
#include "territory/publish.h"

#include <string.h>

#include "base/time.h"
#include "db/journal.h"
#include "job/job.h"
#include "plan/claim.h"
#include "plan/visits.h"
#include "territory/edit.h"
#include "territory/place.h"
#include "territory/tree.h"

enum { AT_ONCE = 20000 /* outlets that move between two looks at whether to go on */ };

/* In one of the states of the list? */
static enum bp_error in_state(struct bp_db *db, struct bp_arena *a, uint64_t id, uint64_t territory, const char *list, struct q_design_get *s,
	struct bp_fail *f)
{
	enum bp_error e = q_design_get(db, a, (int64_t)id, (int64_t)territory, s);

	return e || strstr(list, s->status) ? e : bp_fail(f, BP_E_CONFLICT, "the scenario is %s: it has to be %s", s->status, list);
}

enum bp_error tr_scenario_move(struct bp_db *db, struct bp_arena *a, uint64_t id, uint64_t territory, const char *from, const char *to, uint64_t user,
	struct q_design_get *s, struct bp_fail *f)
{
	enum bp_error e = in_state(db, a, id, territory, from, s, f);

	return e ? e : q_design_move(db, (int64_t)id, s->status, to, (int64_t)user, BP_NO_INT, NULL);
}

enum bp_error tr_scenario_idle(struct bp_db *db, struct bp_arena *a, uint64_t id, struct bp_fail *f)
{
	struct q_design_at_work *j;
	size_t n = 0;
	enum bp_error e = q_design_at_work(db, a, (int64_t)id, &j, &n);

	return e || !n ? e : bp_fail(f, BP_E_CONFLICT, "job %lld is at work on it: wait until it has ended, or cancel it", (long long)j[0].id);
}

/* Units that it leaves as they are may be planned meanwhile. */
static enum bp_error refuse_locked(struct bp_db *db, struct bp_arena *a, uint64_t id, struct bp_fail *f)
{
	struct q_design_touched *u;
	size_t n = 0;
	enum bp_error e = q_design_touched(db, a, (int64_t)id, &u, &n);
	int64_t *unit = bp_alloc_array(a, n, sizeof(*unit));

	for (size_t i = 0; i < n; i++)
		unit[i] = u[i].id;
	return e ? e : tr_refuse_locked(db, a, unit, n, f);
}

static enum bp_error refuse_overtaken(struct bp_db *db, struct bp_arena *a, const struct q_design_get *s, uint64_t territory, struct bp_fail *f)
{
	struct q_design_later *l;
	struct q_choice_later *c;
	size_t n = 0, m = 0;
	enum bp_error e = q_design_later(db, a, s->id, &l, &n);

	if (!e && n)
		return bp_fail(f, BP_E_CONFLICT, "scenario %lld \"%s\" of %s was published later and has the same units: undo that one first",
			(long long)l[0].id, l[0].name, l[0].territory);
	if (!e)
		e = q_choice_later(db, a, (int64_t)territory, s->change_set.v, &c, &m);
	return e || !m || c[0].id ? e : bp_fail(f, BP_E_CONFLICT, "the level %s was chosen later for %s: take that back first", c[0].name, c[0].territory);
}

/* Outlets that came or went do not hold it up: what the scenario says of their unit says where they belong. */
static enum bp_error follow(struct bp_db *db, struct bp_arena *a, const struct tr_decision *d, struct bp_fail *f)
{
	struct q_design_since since;
	enum bp_error e = tr_scenario_overtaken(db, a, d->id, d->territory, f);

	if (!e)
		e = q_design_since(db, a, (int64_t)d->id, (int64_t)d->territory, &since);
	return e || !(since.fresh + since.gone) ? e : tr_scenario_follow(db, a, d->id, d->territory, f);
}

enum bp_error tr_scenario_ask(struct bp_db *db, struct bp_arena *a, const struct tr_decision *d, bool undo, uint64_t *job, struct bp_fail *f)
{
	json_t *payload = json_pack("{s:s}", "reason", d->reason);
	char *text = payload ? json_dumps(payload, JSON_COMPACT) : NULL;
	struct q_design_get s;
	enum bp_error e = text ? in_state(db, a, d->id, d->territory, undo ? "PUBLISHED" : "APPROVED", &s, f) : BP_E_INTERNAL;

	if (!e)
		e = tr_scenario_idle(db, a, d->id, f);
	if (!e)
		e = refuse_locked(db, a, d->id, f);
	if (!e && undo)
		e = refuse_overtaken(db, a, &s, d->territory, f);
	if (!e)
		e = bp_job_add(db, undo ? BP_JOB_TERRITORY_UNDO : BP_JOB_TERRITORY_PUBLISH, d->id, d->territory, text, 0, d->user, d->correlation, job);
	json_decref(payload);
	free(text);
	return e;
}

/* Is this what the job did before it could say so? */
static bool done(const struct tr_decision *d, const struct q_design_get *s, const char *status)
{
	return d->job && s->decided_job.set && (uint64_t)s->decided_job.v == d->job && !strcmp(s->status, status);
}

static enum bp_error tell(const struct tr_decision *d, const char *step, double percent)
{
	return d->report ? d->report(d->ctx, step, percent) : BP_E_OK;
}

/* New nodes for the units that go on as none of today. */
static enum bp_error make_units(struct bp_db *db, struct bp_arena *a, uint64_t id, uint64_t territory)
{
	struct q_design_units *u;
	size_t n = 0;
	enum bp_error e = q_design_units(db, a, (int64_t)id, &u, &n);

	for (size_t i = 0; !e && i < n; i++) {
		struct q_design_unit_place at;
		int64_t made;

		if (u[i].territory_id.set || !u[i].outlets)
			continue;
		e = q_design_unit_place(db, a, (int64_t)id, u[i].number, (int64_t)territory, &at);
		if (!e)
			e = q_territory_add(db, TR_SALES, at.rank, at.parent, u[i].code, u[i].name, NULL);
		made = e ? 0 : (int64_t)bp_db_insert_id(db);
		if (!e)
			e = q_territory_closure_add(db, made, at.parent, NULL);
		if (!e)
			e = q_design_unit_made(db, (int64_t)id, u[i].number, made, NULL);
	}
	return e;
}

/* Outlets go to their units, and imports go around what a person decided. */
static enum bp_error move_outlets(struct bp_db *db, struct bp_arena *a, const struct tr_decision *d, int64_t moved)
{
	int64_t id = (int64_t)d->id, after = 0, gone = 0;
	struct q_design_next next;
	enum bp_error e;

	for (;;) {
		e = tell(d, "outlets", moved ? 10 + 75 * (double)gone / (double)moved : 10);
		if (!e)
			e = q_design_next(db, a, id, after, AT_ONCE, &next);
		if (e || !next.last.set)
			return e;
		e = q_design_edits_put(db, id, (int64_t)d->user, after, next.last.v, NULL);
		if (!e)
			e = q_design_outlets_go(db, id, after, next.last.v, NULL);
		if (e)
			return e;
		after = next.last.v;
		gone = gone + AT_ONCE < moved ? gone + AT_ONCE : moved;
	}
}

/* A plan that is put out of force must not be one that somebody is about to approve. */
static enum bp_error refuse_waiting(struct bp_db *db, struct bp_arena *a, int64_t id, struct bp_fail *f)
{
	struct q_design_waiting *w;
	size_t n = 0;
	enum bp_error e = q_design_waiting(db, a, id, &w, &n);

	return e || !n ? e : bp_fail(f, BP_E_CONFLICT, "the plan of %s (%s), which ends, waits for approval: let it be decided first", w[0].name, w[0].channel);
}

enum bp_error tr_scenario_publish(struct bp_db *db, struct bp_arena *a, const struct tr_decision *d, struct bp_fail *f)
{
	int64_t id = (int64_t)d->id;
	struct q_design_get s;
	uint64_t set;
	enum bp_error e = q_design_get(db, a, id, (int64_t)d->territory, &s);

	if (e || done(d, &s, "PUBLISHED"))
		return e;
	e = tr_scenario_move(db, a, d->id, d->territory, "APPROVED", "PUBLISHED", d->user, &s, f);
	if (!e)
		e = tell(d, "checking", 1);
	if (!e)
		e = follow(db, a, d, f);
	if (!e)
		e = q_design_end_note(db, id, (int64_t)d->territory, NULL);
	if (!e)
		e = refuse_locked(db, a, d->id, f);
	if (!e)
		e = refuse_waiting(db, a, id, f);
	if (!e)
		e = bp_journal_open(db, &(struct bp_change_set){"EDIT", 0, d->user, d->reason}, &set);
	if (!e)
		e = q_design_move(db, id, "PUBLISHED", "PUBLISHED", (int64_t)d->user, BP_SOME_INT((int64_t)set), NULL);
	if (!e)
		e = make_units(db, a, d->id, d->territory);
	if (!e)
		e = move_outlets(db, a, d, s.moved);
	if (!e)
		e = q_design_end_units(db, id, NULL);
	if (!e)
		e = q_design_note_plans(db, id, NULL);
	if (!e)
		e = q_design_end_plans(db, id, NULL);
	if (!e)
		e = q_design_begin_units(db, id, NULL);
	if (!e)
		e = plan_claim_back(db, a, &(struct plan_asker){d->user, d->correlation});
	if (!e)
		e = tell(d, "counting", 85);
	if (!e)
		e = tr_count(db);
	return e ? e : q_design_decided(db, id, (int64_t)d->job, NULL);
}

/* Plans that it put out of force are in force again, with their visits from today on; those of units that it made end with these. */
static enum bp_error plans_back(struct bp_db *db, struct bp_arena *a, int64_t id)
{
	struct q_design_ended_plans *p;
	int64_t today = bp_today();
	size_t n = 0;
	enum bp_error e = q_design_made_visits_drop(db, id, today, NULL);

	if (!e)
		e = q_design_made_plans_end(db, id, NULL);
	if (!e)
		e = q_design_visits_return(db, id, today, NULL);
	if (!e)
		e = q_design_ended_plans(db, a, id, &p, &n);
	for (size_t i = 0; !e && i < n; i++)
		e = plan_version_again(db, a, (uint64_t)p[i].version, today);
	return e;
}

static enum bp_error take_back(struct bp_db *db, struct bp_arena *a, const struct tr_decision *d, int64_t set)
{
	int64_t id = (int64_t)d->id;
	uint64_t own;
	enum bp_error e = bp_journal_open(db, &(struct bp_change_set){"UNDO", 0, d->user, d->reason}, &own);

	if (!e)
		e = tell(d, "outlets", 10);
	if (!e)
		e = q_design_guests_go(db, id, set, NULL);
	if (!e)
		e = bp_journal_revert(db, a, (uint64_t)set);
	if (!e)
		e = q_journal_undone(db, set, (int64_t)own, NULL);
	if (!e)
		e = tell(d, "counting", 85);
	if (!e)
		e = q_design_units_back(db, id, NULL);
	if (!e)
		e = plans_back(db, a, id);
	if (!e)
		e = plan_claim_back(db, a, &(struct plan_asker){d->user, d->correlation});
	if (!e)
		e = q_design_units_forget(db, id, NULL);
	if (!e)
		e = q_territory_closure_sweep(db, NULL);
	if (!e)
		e = q_territory_snapshot_sweep(db, NULL);
	if (!e)
		e = tr_count(db);
	return e ? e : q_design_decided(db, id, (int64_t)d->job, NULL);
}

enum bp_error tr_scenario_undo(struct bp_db *db, struct bp_arena *a, const struct tr_decision *d, int64_t *back, int64_t *kept, struct bp_fail *f)
{
	struct q_design_undo_count n = {0};
	struct q_design_get s;
	enum bp_error e = q_design_get(db, a, (int64_t)d->id, (int64_t)d->territory, &s);

	if (!e && !done(d, &s, "UNDONE")) {
		e = tr_scenario_move(db, a, d->id, d->territory, "PUBLISHED", "UNDONE", d->user, &s, f);
		if (!e)
			e = tell(d, "checking", 1);
		if (!e)
			e = refuse_locked(db, a, d->id, f);
		if (!e)
			e = refuse_overtaken(db, a, &s, d->territory, f);
		if (!e)
			e = take_back(db, a, d, s.change_set.v);
	}
	if (!e)
		e = q_design_undo_count(db, a, s.change_set.v, &n);
	*back = n.back;
	*kept = n.kept;
	return e;
}
