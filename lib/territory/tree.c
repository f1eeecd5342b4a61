/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "territory/tree.h"

#include <string.h>

#include "queries.h"
#include "territory/check.h"
#include "territory/weigh.h"

static enum bp_error child_of(struct bp_db *db, struct bp_arena *a, uint64_t model, int rank, uint64_t parent, const char *code, const char *name,
	bool create, uint64_t *id)
{
	struct bp_opt_int up = parent ? BP_SOME_INT(parent) : BP_NO_INT;
	struct q_territory_find row;
	enum bp_error e = q_territory_find(db, a, (int64_t)model, rank, up, code, &row);

	*id = 0;
	if (!e)
		*id = (uint64_t)row.id;
	if (e != BP_E_NOT_FOUND)
		return e;
	if (!create)
		return BP_E_OK;
	e = q_territory_add(db, (int64_t)model, rank, up, code, name && *name ? name : code, NULL);
	if (e)
		return e;
	*id = bp_db_insert_id(db);
	return q_territory_closure_add(db, (int64_t)*id, up, NULL);
}

enum bp_error tr_child(struct bp_db *db, struct bp_arena *a, int rank, uint64_t parent, const char *code, const char *name,
	bool create, uint64_t *id)
{
	return child_of(db, a, TR_SALES, rank, parent, code, name, create, id);
}

enum bp_error tr_model_path(struct bp_db *db, struct bp_arena *a, uint64_t model, const char *const level[TR_MODEL_LEVELS], bool create, uint64_t *id)
{
	uint64_t parent = 0;
	enum bp_error e = BP_E_OK;

	*id = 0;
	for (int i = 0; !e && i < TR_MODEL_LEVELS && level[i] && *level[i]; i++) {
		e = child_of(db, a, model, i + 1, parent, level[i], NULL, create, id);
		if (!e && !*id)
			return BP_E_OK; /* not there, and not to be made */
		parent = *id;
	}
	return e;
}

enum bp_error tr_count(struct bp_db *db)
{
	enum bp_error e = q_territory_stat_clear(db, NULL);

	if (!e)
		e = q_territory_stat_fill(db, NULL);
	if (!e)
		e = q_territory_stat_fill_models(db, BP_NO_INT, NULL);
	return e ? e : tr_weigh_models(db, BP_NO_INT);
}

enum bp_error tr_path(struct bp_db *db, struct bp_arena *a, const char *const level[TR_LEVELS], const char *dt_name,
	bool create, uint64_t *id)
{
	uint64_t parent = 0;
	enum bp_error e = BP_E_OK;

	*id = 0;
	for (int i = 0; !e && i < TR_LEVELS; i++) {
		if (!level[i] || !*level[i])
			continue;
		if (!parent && i) {
			struct q_territory_find_any any;

			e = q_territory_find_any(db, a, i + 1, level[i], &any);
			if (!e && any.n == 1) {
				parent = (uint64_t)any.id;
				continue;
			}
		}
		if (!e)
			e = tr_child(db, a, i + 1, parent, level[i], i == TR_LEVELS - 1 ? dt_name : NULL, create, id);
		if (!e && !*id)
			return BP_E_OK; /* not there, and not to be made */
		parent = *id;
	}
	if (!e && !parent)
		e = tr_child(db, a, 1, 0, "ALL", "All outlets", create, &parent);
	*id = parent;
	return e;
}

/* The level that suits planning best; 0 = no outlet lies anywhere. */
static enum bp_error best_rank(struct bp_db *db, struct bp_arena *a, int *rank)
{
	struct q_territory_sizes *s;
	size_t n = 0;
	int64_t most = 0;
	double least = 0;
	struct tr_limits limits = tr_limits();
	enum bp_error e = q_territory_sizes(db, a, limits.least, limits.most, &s, &n);

	*rank = 0;
	for (size_t i = 0; !e && i < n; i++)
		if (s[i].fitting && s[i].fitting >= most) {
			most = s[i].fitting;
			*rank = (int)s[i].rank;
		}
	for (size_t i = 0; !e && !most && i < n; i++)
		if (!*rank || s[i].misfit < least) {
			least = s[i].misfit;
			*rank = (int)s[i].rank;
		}
	return e;
}

enum bp_error tr_choose_units(struct bp_db *db, struct bp_arena *a)
{
	struct q_territory_unit_rank now;
	int rank = 0;
	enum bp_error e = tr_count(db);

	if (!e)
		e = q_territory_unit_rank(db, a, &now);
	if (!e && now.rank.set && now.planned)
		e = q_territory_add_units(db, now.rank.v, NULL);
	else if (!e && !(e = best_rank(db, a, &rank)) && rank)
		e = q_territory_set_units(db, rank, NULL);
	return e ? e : q_territory_orphan_units(db, NULL);
}
