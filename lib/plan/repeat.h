/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_PLAN_REPEAT_H
#define BP_PLAN_REPEAT_H
/*
 * The run record of a proposal, and running it again: the same tables, draft, parameters, seed, budget of iterations and
 * build give the same plan, on any number of threads.  A budget of seconds depends on the machine and cannot be repeated.
 */
#include "plan/optimize.h"

/* FNV-1a over everything of the problem that a run depends on, given plan and prices included. */
uint64_t plan_input_hash(const struct plan_model *m);

/* Read the problem of the run that made a version as it is in the tables now: NOT_FOUND when it was not made by a run, PLAN_OP
 * when it cannot be repeated, both with the reason. */
enum bp_error plan_repeat_load(struct bp_db *db, struct bp_arena *a, uint64_t version, struct plan_model *m, struct bp_fail *f);
/* Run it again: {"same","hash","was","inputSame","build","buildWas"}; hashes as 16 hexadecimal digits. The caller owns *out. */
enum bp_error plan_repeat(struct bp_db *db, struct bp_arena *a, uint64_t version, struct plan_model *m, json_t **out, struct bp_fail *f);

#endif
