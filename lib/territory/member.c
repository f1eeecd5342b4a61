/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "territory/member.h"

#include "base/buf.h"
#include "db/journal.h"
#include "queries.h"
#include "territory/weigh.h"

static enum bp_error find_model(struct bp_db *db, struct bp_arena *a, uint64_t model, struct bp_fail *f)
{
	struct q_model_levels_of l;
	enum bp_error e = q_model_levels_of(db, a, (int64_t)model, &l);

	if (!e && !l.levels)
		return bp_fail(f, BP_E_NOT_FOUND, "there is no such territory model");
	if (!e && model == TR_SALES)
		return bp_fail(f, BP_E_CONFLICT, "in the sales geography outlets are planned: they move with a scenario of planning units");
	return e;
}

/* The territory that gets them, 0 = none. */
static enum bp_error target(struct bp_db *db, struct bp_arena *a, const struct tr_members *m, uint64_t *id, struct bp_fail *f)
{
	struct q_territory_model_of of;
	struct q_model_levels_of l;
	enum bp_error e;
	int n = 0;

	if (m->territory) {
		*id = m->territory;
		e = q_territory_model_of(db, a, (int64_t)m->territory, &of);
		return e == BP_E_NOT_FOUND || (!e && (uint64_t)of.model_id != m->model)
			? bp_fail(f, BP_E_NOT_FOUND, "the model has no territory %llu", (unsigned long long)m->territory) : e;
	}
	while (n < TR_MODEL_LEVELS && m->path[n])
		n++;
	e = q_model_levels_of(db, a, (int64_t)m->model, &l);
	if (!e && n > l.levels)
		return bp_fail(f, BP_E_NOT_FOUND, "the model has %lld levels, not %d", (long long)l.levels, n);
	return e ? e : tr_model_path(db, a, m->model, m->path, true, id);
}

static enum bp_error refuse_unknown(struct bp_db *db, struct bp_arena *a, const char *ids, struct bp_fail *f)
{
	struct q_member_unknown u;
	enum bp_error e = q_member_unknown(db, a, ids, &u);

	return e || !u.n ? e : bp_fail(f, BP_E_NOT_FOUND, "%lld of these outlets are not there, the first is %lld", (long long)u.n, (long long)u.first.v);
}

static enum bp_error count(struct bp_db *db, uint64_t model)
{
	enum bp_error e = q_model_drop_stat(db, (int64_t)model, NULL);

	if (!e)
		e = q_territory_stat_fill_models(db, BP_SOME_INT(model), NULL);
	return e ? e : tr_weigh_models(db, BP_SOME_INT(model));
}

static enum bp_error write(struct bp_db *db, struct bp_arena *a, const struct tr_members *m, const char *ids, int64_t *changed, uint64_t *set,
	struct bp_fail *f)
{
	int64_t model = (int64_t)m->model;
	uint64_t id = 0, n = 0;
	enum bp_error e = refuse_unknown(db, a, ids, f);

	if (!e)
		e = bp_journal_open(db, &(struct bp_change_set){"EDIT", 0, m->user, m->reason}, set);
	if (!e)
		e = target(db, a, m, &id, f);
	if (!e)
		e = q_member_note(db, model, (int64_t)id, (int64_t)*set, ids, &n);
	if (!e)
		e = id ? q_member_put(db, model, (int64_t)id, ids, NULL) : q_member_drop(db, model, ids, NULL);
	if (!e)
		e = q_model_change_add(db, model, (int64_t)*set, (int64_t)id, (int64_t)n, NULL);
	*changed = (int64_t)n;
	return e ? e : count(db, m->model);
}

enum bp_error tr_members_put(struct bp_db *db, struct bp_arena *a, const struct tr_members *m, int64_t *changed, uint64_t *set, struct bp_fail *f)
{
	enum bp_error e = find_model(db, a, m->model, f);

	*changed = 0;
	*set = 0;
	if (e || !m->n)
		return e;
	return write(db, a, m, bp_ids_text(a, m->outlet, m->n), changed, set, f);
}

static enum bp_error put_back(struct bp_db *db, struct bp_arena *a, int64_t model, int64_t set, int64_t territory, int64_t *back)
{
	struct q_member_undo_rows *r;
	uint64_t moved = 0, came = 0;
	struct bp_buf rows;
	size_t n = 0;
	enum bp_error e = q_member_undo_rows(db, a, model, set, &r, &n);

	bp_buf_init(&rows, 16 << 20);
	for (size_t i = 0; !e && i < n; i++) {
		bp_buf_printf(&rows, "%s[%lld,", i ? "," : "[", (long long)r[i].outlet);
		bp_buf_printf(&rows, r[i].was.set ? "%lld]" : "null]", (long long)r[i].was.v);
	}
	bp_buf_str(&rows, n ? "]" : "[]");
	if (!e)
		e = territory ? q_member_back(db, model, territory, rows.data, &moved) : q_member_again(db, model, rows.data, &moved);
	if (!e && territory)
		e = q_member_leave(db, model, territory, rows.data, &came);
	bp_buf_release(&rows);
	*back = (int64_t)(moved + came);
	return e;
}

/* Nodes that the change made and in which nothing lies go. */
static enum bp_error drop_made(struct bp_db *db, struct bp_arena *a, int64_t model, int64_t set)
{
	struct q_member_made *made;
	size_t n = 0;
	enum bp_error e = q_member_made(db, a, set, &made, &n);

	if (!e)
		e = q_model_drop_stat(db, model, NULL);
	for (size_t i = 0; !e && i < n; i++)
		e = q_member_node_drop(db, made[i].id, NULL);
	return e ? e : q_territory_closure_sweep(db, NULL);
}

enum bp_error tr_members_undo(struct bp_db *db, struct bp_arena *a, const struct tr_members *m, uint64_t set, int64_t *back, int64_t *kept,
	struct bp_fail *f)
{
	struct q_model_change_get c;
	uint64_t own;
	enum bp_error e = find_model(db, a, m->model, f);

	if (!e)
		e = q_model_change_get(db, a, (int64_t)m->model, (int64_t)set, &c);
	if (e)
		return e == BP_E_NOT_FOUND && !*f->detail ? bp_fail(f, e, "the model has no change %llu", (unsigned long long)set) : e;
	if (c.undone_by.set)
		return bp_fail(f, BP_E_CONFLICT, "this change has been taken back already");
	e = bp_journal_open(db, &(struct bp_change_set){"UNDO", 0, m->user, m->reason}, &own);
	if (!e)
		e = q_journal_undone(db, (int64_t)set, (int64_t)own, NULL);
	if (!e)
		e = put_back(db, a, (int64_t)m->model, (int64_t)set, c.territory, back);
	if (!e)
		e = q_member_note_back(db, (int64_t)set, (int64_t)own, NULL);
	if (!e)
		e = drop_made(db, a, (int64_t)m->model, (int64_t)set);
	*kept = c.outlets - *back;
	return e ? e : count(db, m->model);
}
