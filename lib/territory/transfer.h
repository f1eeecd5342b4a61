/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_TERRITORY_TRANSFER_H
#define BP_TERRITORY_TRANSFER_H
/*
 * What a scenario of planning units means for the people: the outlets and hours that each seat gives up, and those that come to its unit.
 * Who of a unit visits what comes is decided when it is planned, so that several seats share it.
 */
#include "base/arena.h"
#include "db/db.h"

struct tr_seat_change {
	int64_t seat;
	const char *code, *name, *person, *unit; /* person: NULL = nobody; unit: of the scenario, NULL = it belongs to none */
	int64_t lost, come;                      /* outlets */
	double lost_hours, come_hours;           /* of work in four weeks */
	int64_t sharing;                         /* seats of the unit, to which `come` is told for each */
};
/* Seats that lose an outlet or to whose unit one comes, by code, into the arena.  NOT_FOUND: the territory has no such scenario. */
enum bp_error tr_seat_changes(struct bp_db *db, struct bp_arena *a, uint64_t territory, uint64_t scenario, struct tr_seat_change **v, size_t *n);

#endif
