/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_TERRITORY_TREE_H
#define BP_TERRITORY_TREE_H
/*
 * The tree of territories.  Nodes are found or made by the path of level texts that imports bring
 * (COUNTRY, ZONE, REGION, AREA, DT; empty levels are skipped), and the closure table follows.  Planning
 * units are the nodes of one level, chosen by size.
 */
#include "base/arena.h"
#include "db/db.h"

enum { TR_LEVELS = 5, TR_MODEL_LEVELS = 4, TR_SALES = 1 };

/*
 * The node of a path; missing ones are made when `create`, else *id = 0.  A path that begins below the
 * top joins the one node of that level and code if there is exactly one.  A path without any level is the
 * country "ALL".  `dt_name` names a new DT node, NULL = its code.  Call it inside a transaction.
 */
enum bp_error tr_path(struct bp_db *db, struct bp_arena *a, const char *const level[TR_LEVELS], const char *dt_name,
	bool create, uint64_t *id);

/* A node below a parent, found or made; rank counts from 1. */
enum bp_error tr_child(struct bp_db *db, struct bp_arena *a, int rank, uint64_t parent, const char *code, const char *name,
	bool create, uint64_t *id);

/* The node of a path in a model beside the sales geography: levels from its widest one on, the first empty one ends it. */
enum bp_error tr_model_path(struct bp_db *db, struct bp_arena *a, uint64_t model, const char *const level[TR_MODEL_LEVELS], bool create, uint64_t *id);

/* Count what lies beneath each node (territory_stat), of all models. */
enum bp_error tr_count(struct bp_db *db);

/*
 * Count what lies beneath each node (territory_stat), then say which nodes are planning units.  While nothing is planned the level is chosen anew: the lowest one whose
 * nodes hold most outlets in units of a good size (check.h), else the level that misses these sizes least.  Afterwards
 * only new nodes of the chosen level are added.
 */
enum bp_error tr_choose_units(struct bp_db *db, struct bp_arena *a);

#endif
