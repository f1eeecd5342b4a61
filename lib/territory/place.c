/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "territory/place.h"

#include "base/buf.h"
#include "db/journal.h"
#include "plan/claim.h"
#include "queries.h"
#include "territory/tree.h"

enum bp_error tr_refuse_locked(struct bp_db *db, struct bp_arena *a, const int64_t *unit, size_t n, struct bp_fail *f)
{
	struct q_design_lock *l;
	size_t n_locks = 0;
	enum bp_error e = q_design_lock(db, a, bp_ids_text(a, unit, n), &l, &n_locks);

	if (e || !n_locks)
		return e;
	return bp_fail(f, BP_E_LOCK_TAKEN, "%s is being planned by %s: the units can change once the lock is given back", l[0].name,
		l[0].holder ? l[0].holder : "somebody");
}

static void add(struct tr_places_of *v, struct bp_opt_int id)
{
	if (id.set)
		v->id[v->n++] = id.v;
	v->none |= !id.set;
}

enum bp_error tr_place_from(struct bp_db *db, struct bp_arena *a, const struct tr_placing *p, struct tr_places_of *out)
{
	struct q_placing_from *r;
	size_t n = 0;
	enum bp_error e = q_placing_from(db, a, bp_ids_text(a, p->outlet, p->n), &r, &n);

	*out = (struct tr_places_of){.id = bp_alloc_array(a, n + 1, sizeof(*out->id))};
	for (size_t i = 0; !e && i < n; i++)
		add(out, r[i].id);
	return e;
}

enum bp_error tr_place_undo_from(struct bp_db *db, struct bp_arena *a, uint64_t set, struct tr_places_of *out)
{
	struct q_placing_undo_from *r;
	size_t n = 0;
	enum bp_error e = q_placing_undo_from(db, a, (int64_t)set, &r, &n);

	*out = (struct tr_places_of){.id = bp_alloc_array(a, n + 1, sizeof(*out->id))};
	for (size_t i = 0; !e && i < n; i++)
		add(out, r[i].id);
	return e;
}

/* The units of these places and of the territory: nobody plans one just now. */
static enum bp_error units_of(struct bp_db *db, struct bp_arena *a, const struct tr_places_of *from, uint64_t territory, struct tr_places_of *units, struct bp_fail *f)
{
	struct q_placing_units *u;
	size_t n = 0;
	enum bp_error e;

	from->id[from->n] = (int64_t)territory; /* there is room for one */
	e = q_placing_units(db, a, bp_ids_text(a, from->id, from->n + 1), &u, &n);
	*units = (struct tr_places_of){.id = bp_alloc_array(a, n, sizeof(*units->id))};
	for (size_t i = 0; !e && i < n; i++)
		units->id[units->n++] = u[i].id;
	return e ? e : tr_refuse_locked(db, a, units->id, units->n, f);
}

static enum bp_error refuse(struct bp_db *db, struct bp_arena *a, const struct tr_placing *p, const char *ids, struct bp_fail *f)
{
	struct q_territory_model_of of;
	struct q_member_unknown unknown;
	struct q_placing_barred barred;
	enum bp_error e = q_territory_model_of(db, a, (int64_t)p->territory, &of);

	if (!e && of.model_id != TR_SALES)
		return bp_fail(f, BP_E_CONFLICT, "this territory is of a model beside the sales geography: put them there on the page of the model");
	if (!e)
		e = q_member_unknown(db, a, ids, &unknown);
	if (!e && unknown.n)
		return bp_fail(f, BP_E_NOT_FOUND, "%lld of these outlets are not there, the first is %lld", (long long)unknown.n, (long long)unknown.first.v);
	if (!e)
		e = q_placing_barred(db, a, ids, (int64_t)p->territory, &barred);
	if (!e && barred.n)
		return bp_fail(f, BP_E_CONFLICT, "the blacklist keeps %lld of these outlets out of this territory, the first is %s: end its entry, or leave them out",
			(long long)barred.n, barred.first);
	return e;
}

enum bp_error tr_place(struct bp_db *db, struct bp_arena *a, const struct tr_placing *p, int64_t *moved, uint64_t *set, struct tr_places_of *units, struct bp_fail *f)
{
	const char *ids = bp_ids_text(a, p->outlet, p->n);
	int64_t to = (int64_t)p->territory;
	struct tr_places_of from;
	uint64_t n = 0;
	enum bp_error e = refuse(db, a, p, ids, f);

	if (!e)
		e = tr_place_from(db, a, p, &from);
	if (!e)
		e = units_of(db, a, &from, p->territory, units, f);
	if (!e)
		e = bp_journal_open(db, &(struct bp_change_set){"EDIT", 0, p->user, p->reason}, set);
	if (!e)
		e = q_placing_edits(db, to, (int64_t)p->user, ids, NULL);
	if (!e)
		e = q_placing_go(db, to, ids, &n);
	*moved = (int64_t)n;
	if (!e)
		e = q_placing_add(db, (int64_t)*set, to, *moved, NULL);
	if (!e)
		e = plan_claim_back(db, a, &(struct plan_asker){p->user, p->correlation});
	return e ? e : tr_count(db);
}

static enum bp_error put_back(struct bp_db *db, struct bp_arena *a, int64_t territory, int64_t set, int64_t *back)
{
	struct q_placing_rows *r;
	struct bp_buf rows;
	uint64_t moved = 0;
	size_t n = 0;
	enum bp_error e = q_placing_rows(db, a, set, &r, &n);

	bp_buf_init(&rows, 8 << 20);
	bp_buf_chr(&rows, '[');
	for (size_t i = 0; !e && i < n; i++) {
		bp_buf_printf(&rows, "%s[%lld,", i ? "," : "", (long long)r[i].outlet);
		if (r[i].was.set)
			bp_buf_int(&rows, r[i].was.v);
		else
			bp_buf_str(&rows, "null");
		bp_buf_printf(&rows, ",%d]", (int)r[i].made);
	}
	bp_buf_chr(&rows, ']');
	if (!e)
		e = q_placing_back(db, territory, rows.data, &moved);
	if (!e)
		e = q_placing_edits_end(db, rows.data, NULL);
	bp_buf_release(&rows);
	*back = (int64_t)moved;
	return e;
}

enum bp_error tr_place_undo(struct bp_db *db, struct bp_arena *a, const struct tr_placing *p, uint64_t set, int64_t *back, int64_t *kept,
	struct tr_places_of *units, struct bp_fail *f)
{
	struct q_placing_get c;
	struct tr_places_of from;
	uint64_t own;
	enum bp_error e = q_placing_get(db, a, (int64_t)p->territory, (int64_t)set, &c);

	if (e)
		return e == BP_E_NOT_FOUND ? bp_fail(f, e, "nobody put outlets here with change %llu", (unsigned long long)set) : e;
	if (c.undone_by.set)
		return bp_fail(f, BP_E_CONFLICT, "this change has been taken back already");
	e = tr_place_undo_from(db, a, set, &from);
	if (!e)
		e = units_of(db, a, &from, p->territory, units, f);
	if (!e)
		e = bp_journal_open(db, &(struct bp_change_set){"UNDO", 0, p->user, p->reason}, &own);
	if (!e)
		e = put_back(db, a, (int64_t)p->territory, (int64_t)set, back);
	if (!e)
		e = q_journal_undone(db, (int64_t)set, (int64_t)own, NULL);
	*kept = c.outlets - *back;
	if (!e)
		e = plan_claim_back(db, a, &(struct plan_asker){p->user, p->correlation});
	return e ? e : tr_count(db);
}
