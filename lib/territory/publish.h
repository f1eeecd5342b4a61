/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_TERRITORY_PUBLISH_H
#define BP_TERRITORY_PUBLISH_H
/* What deciding about a scenario begins with.  Private to this room. */
#include "queries.h"
#include "territory/scenario.h"

/* From one of the states of the list to another.  NOT_FOUND; CONFLICT in another state. */
enum bp_error tr_scenario_move(struct bp_db *db, struct bp_arena *a, uint64_t id, uint64_t territory, const char *from, const char *to, uint64_t user,
	struct q_design_get *s, struct bp_fail *f);
/* CONFLICT while a job publishes or undoes it, or is about to. */
enum bp_error tr_scenario_idle(struct bp_db *db, struct bp_arena *a, uint64_t id, struct bp_fail *f);

#endif
