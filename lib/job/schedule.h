/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_JOB_SCHEDULE_H
#define BP_JOB_SCHEDULE_H
/*
 * What is done by the clock, whoever asks.  Each has a row that says when its next turn is: of several machines one takes it, and an
 * administrator has it brought forward by making that now.
 */
#include "db/db.h"

enum bp_schedule {
#define SCHEDULE(name, seconds, what) BP_SCHEDULE_##name,
#include "job/schedules.def"
#undef SCHEDULE
	BP_SCHEDULE__MAX
};
struct bp_schedule_info {
	const char *name;
	int seconds;
	const char *what;
};
extern const struct bp_schedule_info bp_schedules[BP_SCHEDULE__MAX];

/* Do what is due with run[], and all of it when this process has just begun: each says in `f` what went wrong, and is tried again at its
 * next turn. */
void bp_schedule_work(struct bp_db *db, enum bp_error (*const run[BP_SCHEDULE__MAX])(struct bp_db *, struct bp_fail *));
/* Its turn is now: the worker takes it within seconds. NOT_FOUND. */
enum bp_error bp_schedule_now(struct bp_db *db, const char *name);

#endif
