/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_TERRITORY_WEIGH_H
#define BP_TERRITORY_WEIGH_H
/* What outlets ask for, as planning takes it (plan/work.h).  Those that are not planned ask for nothing: universe, dormant, closed, blacklisted. */
#include "db/db.h"
#include "queries.h"

/* Outlets of the units at or beneath a territory, by id, with their work; open ones with coordinates that lie in no unit have unit 0. */
enum bp_error tr_weigh_outlets(struct bp_db *db, struct bp_arena *a, uint64_t territory, struct q_design_outlets **v, size_t *n);
/* Add the work to the counts of a model beside the sales geography, or of all of them. */
enum bp_error tr_weigh_models(struct bp_db *db, struct bp_opt_int model);

#endif
