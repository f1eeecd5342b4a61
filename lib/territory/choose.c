/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "territory/choose.h"

#include "base/buf.h"
#include "db/journal.h"

enum { ROWS_MOST = 16 << 20 };

/* --- what it would change --- */

static enum bp_error look_at_plans(struct bp_db *db, struct bp_arena *a, struct tr_choice *c)
{
	int64_t *ended = bp_alloc_array(a, c->n_units, sizeof(*ended));

	for (size_t i = 0; i < c->n_units; i++)
		if (!c->unit[i].was)
			c->begun++;
		else if (!c->unit[i].became)
			ended[c->ended++] = c->unit[i].id;
	return q_choice_plans(db, a, bp_ids_text(a, ended, (size_t)c->ended), &c->plan, &c->n_plans);
}

/* Of the level that is asked for; 0 = nothing here is. */
static int64_t rank_of(const struct tr_choice *c)
{
	for (size_t i = 0; i < c->n_units; i++)
		if (c->unit[i].became)
			return c->unit[i].rank;
	return 0;
}

enum bp_error tr_choice_look(struct bp_db *db, struct bp_arena *a, uint64_t territory, const char *level, struct tr_choice *c, struct bp_fail *f)
{
	struct q_choice_left left;
	enum bp_error e;

	*c = (struct tr_choice){.level = level};
	e = q_choice_units(db, a, (int64_t)territory, level, &c->unit, &c->n_units);
	if (!e && !rank_of(c))
		return bp_fail(f, BP_E_NOT_FOUND, "no territory of the level %s with outlets lies here: the check of the units lists the levels", level);
	if (!e)
		e = look_at_plans(db, a, c);
	if (!e)
		e = q_choice_locks(db, a, (int64_t)territory, &c->lock, &c->n_locks);
	if (!e)
		e = q_choice_left(db, a, (int64_t)territory, rank_of(c), &left);
	if (!e) {
		c->uncovered = left.outlets;
		c->seats = left.seats;
	}
	return e;
}

/* --- what it is refused for --- */

static enum bp_error refuse_busy(struct bp_db *db, struct bp_arena *a, uint64_t territory, struct bp_fail *f)
{
	struct q_choice_work *j;
	struct q_choice_lock *l;
	size_t n = 0, m = 0;
	enum bp_error e = q_choice_work(db, a, (int64_t)territory, &j, &n);

	if (!e && n)
		return bp_fail(f, BP_E_CONFLICT, "job %lld is at work on these units: wait until it has ended, or cancel it", (long long)j[0].id);
	if (!e)
		e = q_choice_lock(db, a, (int64_t)territory, &l, &m);
	return e || !m ? e : bp_fail(f, BP_E_LOCK_TAKEN, "%s is being planned by %s: the units can change once the lock is given back", l[0].name,
		l[0].holder ? l[0].holder : "somebody");
}

static enum bp_error refuse_beneath(struct bp_db *db, struct bp_arena *a, uint64_t territory, struct bp_fail *f)
{
	struct q_choice_above *u;
	size_t n = 0;
	enum bp_error e = q_choice_above(db, a, (int64_t)territory, &u, &n);

	return e || !n ? e : bp_fail(f, BP_E_CONFLICT, "it lies in the planning unit %s: choose the level from there, or from above it", u[0].name);
}

static enum bp_error refuse_planned(const struct tr_choice *c, bool end_plans, struct bp_fail *f)
{
	for (size_t i = 0; i < c->n_plans; i++)
		if (c->plan[i].waits)
			return bp_fail(f, BP_E_CONFLICT, "the plan of %s (%s) waits for approval: let it be decided first", c->plan[i].name, c->plan[i].channel);
	if (!c->n_plans || end_plans)
		return BP_E_OK;
	return bp_fail(f, BP_E_CONFLICT, "%zu plans are in force, the first of %s (%s, version %lld): say that plans of units that end are put out of force",
		c->n_plans, c->plan[0].name, c->plan[0].channel, (long long)c->plan[0].number);
}

/* --- doing it --- */

static enum bp_error put_rows(struct bp_db *db, const struct tr_choice *c, int64_t set)
{
	struct bp_buf rows;
	enum bp_error e;

	bp_buf_init(&rows, ROWS_MOST);
	for (size_t i = 0; i < c->n_units; i++)
		bp_buf_printf(&rows, "%c[%lld,%d,%d]", i ? ',' : '[', (long long)c->unit[i].id, (int)c->unit[i].was, (int)c->unit[i].became);
	bp_buf_chr(&rows, ']');
	e = q_choice_put(db, set, rows.data, NULL);
	bp_buf_release(&rows);
	return e;
}

enum bp_error tr_choose(struct bp_db *db, struct bp_arena *a, const struct tr_chooser *who, const char *level, struct tr_choice *c, struct bp_fail *f)
{
	uint64_t set = 0;
	enum bp_error e = refuse_busy(db, a, who->territory, f); /* first: from then on nobody takes a lock */

	if (!e)
		e = tr_choice_look(db, a, who->territory, level, c, f);
	if (!e && !c->begun && !c->ended)
		return bp_fail(f, BP_E_CONFLICT, "the planning units here are of this level already");
	if (!e)
		e = refuse_beneath(db, a, who->territory, f);
	if (!e)
		e = refuse_planned(c, who->end_plans, f);
	if (!e)
		e = bp_journal_open(db, &(struct bp_change_set){"EDIT", 0, who->user, who->reason}, &set);
	if (!e)
		e = q_choice_add(db, (int64_t)set, (int64_t)who->territory, rank_of(c), NULL);
	if (!e)
		e = put_rows(db, c, (int64_t)set);
	if (!e)
		e = q_choice_do(db, (int64_t)set, NULL);
	if (!e)
		e = q_choice_note_plans(db, (int64_t)set, NULL);
	return e ? e : q_choice_end_plans(db, (int64_t)set, NULL);
}

/* --- taking it back --- */

static enum bp_error refuse_overtaken(struct bp_db *db, struct bp_arena *a, uint64_t territory, int64_t set, struct bp_fail *f)
{
	struct q_choice_later *l;
	size_t n = 0;
	enum bp_error e = q_choice_later(db, a, (int64_t)territory, set, &l, &n);

	if (e || !n)
		return e;
	return l[0].id ? bp_fail(f, BP_E_CONFLICT, "scenario %lld \"%s\" of %s was published later: undo that one first", (long long)l[0].id, l[0].name, l[0].territory)
		: bp_fail(f, BP_E_CONFLICT, "the level %s was chosen later for %s: take that back first", l[0].name, l[0].territory);
}

/* Units that would end again must have no plan. */
static enum bp_error end_again(struct bp_db *db, struct bp_arena *a, int64_t set, struct bp_fail *f)
{
	struct q_choice_since *u;
	struct q_choice_plans *p;
	const char *ids;
	int64_t *id;
	size_t n = 0, m = 0;
	enum bp_error e = q_choice_since(db, a, set, &u, &n);

	if (e)
		return e;
	id = bp_alloc_array(a, n, sizeof(*id));
	for (size_t i = 0; i < n; i++)
		id[i] = u[i].id;
	ids = bp_ids_text(a, id, n);
	e = q_choice_plans(db, a, ids, &p, &m);
	if (!e && m)
		return bp_fail(f, BP_E_CONFLICT, "%s (%s) has been planned since: choose the former level anew instead", p[0].name, p[0].channel);
	return e ? e : q_choice_end(db, ids, NULL);
}

enum bp_error tr_unchoose(struct bp_db *db, struct bp_arena *a, const struct tr_chooser *who, int64_t **unit, size_t *n, struct bp_fail *f)
{
	struct q_choice_last *c;
	struct q_lock_units *u = NULL;
	uint64_t own;
	enum bp_error e = refuse_busy(db, a, who->territory, f);

	*n = 0;
	if (!e)
		e = q_choice_last(db, a, (int64_t)who->territory, &c, n);
	if (!e && !*n)
		return bp_fail(f, BP_E_CONFLICT, "no level was chosen for this territory, or it has been taken back already");
	if (!e)
		e = refuse_overtaken(db, a, who->territory, c->set, f);
	if (!e)
		e = end_again(db, a, c->set, f);
	if (!e)
		e = bp_journal_open(db, &(struct bp_change_set){"UNDO", 0, who->user, who->reason}, &own);
	if (!e)
		e = q_journal_undone(db, c->set, (int64_t)own, NULL);
	if (!e)
		e = q_choice_back(db, c->set, NULL);
	if (!e)
		e = q_choice_plans_back(db, c->set, NULL);
	if (!e) /* what came since may lie in none */
		e = q_territory_orphan_units(db, NULL);
	if (!e)
		e = q_lock_units(db, a, (int64_t)who->territory, &u, n);
	*unit = bp_alloc_array(a, e ? 0 : *n, sizeof(**unit));
	for (size_t i = 0; !e && i < *n; i++)
		(*unit)[i] = u[i].id;
	return e;
}
