/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_HEALTH_DOORS_H
#define BP_HEALTH_DOORS_H
/*
 * Maintenance: while the doors are closed people and programs are told to come back, what runs may end, and nothing is begun, on any
 * machine.  It is one row of the database.  Each program keeps what that says in memory, a thread of it looks each second, and says
 * in turn what it obeys and what it is still at.  Whoever begins something counts himself in before he looks: so who is told that a
 * program obeys a turn and is at nothing knows that it changes nothing any more.
 *
 * What a program knows is good for a few seconds.  One that was cut off has to ask before it begins anything again.
 *
 * DIR/maintenance is the same for the web server of a machine, which answers where no program and no database does.  Without a
 * database `beatplan maintenance` writes it alone; then it counts for this machine, whatever the database says, until it is opened.
 */
#include <stdbool.h>

#include "base/conf.h"
#include "db/db.h"
#include "queries.h"

#define BP_DOORS_FILE "maintenance"
#define BP_DOORS_ALONE "alone\n"     /* what it holds where no database was there to ask */
#define BP_DOORS_CLOSED "closed\n"
#define BP_PROGRAM_LIVE 30           /* seconds since a program last said that it is there; it does each ten */

/* At the start of a program that obeys. */
void bp_doors_begin(const struct bp_conf *c, const char *program);
/* Look, and say what is obeyed: for a thread of its own, each second. */
void bp_doors_look(struct bp_db *db);
/* At its end: it is there no more. `db` may be NULL. */
void bp_doors_end(struct bp_db *db);

/* Something that changes nothing is begun: OK, or MAINTENANCE. */
enum bp_error bp_doors_ask(struct bp_db *db, struct bp_fail *f);
/* The same of a change, which is counted until bp_doors_leave; of another result than OK nothing is to be left. */
enum bp_error bp_doors_enter(struct bp_db *db, struct bp_fail *f);
void bp_doors_leave(void);

/* Is this machine's web server told that they are closed, and is that by this machine alone? */
bool bp_doors_file(const char *dir, bool *alone);

#endif
