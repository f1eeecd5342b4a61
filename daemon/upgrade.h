/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_DAEMON_UPGRADE_H
#define BP_DAEMON_UPGRADE_H
/*
 * From the programs that a state runs to newer ones, and back.
 *
 *   DIR/app         what runs
 *   DIR/app.next    what is to run; `up` never touches it
 *   DIR/app.old     what ran before the last upgrade
 *   DIR/upgrade     how far one is: "switching BACKUP", then "done BACKUP". While it says switching, programs and tables may not
 *                   fit each other: whoever finds that after a crash goes back to BACKUP first.
 *   DIR/maintenance there while the doors are closed (health/doors.h)
 *
 * Each step may be broken off and done again.
 */
#include "daemon/state.h"

enum bp_upgrade_phase { BP_UPGRADE_NONE, BP_UPGRADE_SWITCHING, BP_UPGRADE_DONE };

struct bp_upgrade {
	struct bp_state *state;
	enum bp_upgrade_phase phase;
	char backup[BP_STATE_PATH];
};

/* Close or open the doors, of all machines where their database answers and has a place for it; *alone: of this one only. */
enum bp_error bp_maintenance(const struct bp_state *s, bool on, bool *alone, struct bp_fail *f);
bool bp_maintenance_on(const struct bp_state *s);
/* Machines whose programs ask our database and would not obey, with commas: older ones. On a machine with a database. */
enum bp_error bp_maintenance_deaf(const struct bp_state *s, char *out, size_t size, struct bp_fail *f);
/* Who has not closed (or opened) the doors yet, or is still at something that was begun before, with commas; "" = all have. Jobs of this
 * machine do not count: they go on from a checkpoint. */
enum bp_error bp_maintenance_waits(const struct bp_state *s, bool closed, char *out, size_t size, struct bp_fail *f);

void bp_upgrade_read(struct bp_upgrade *u);
/* Set the mark; NONE removes it. */
enum bp_error bp_upgrade_mark(struct bp_upgrade *u, enum bp_upgrade_phase phase, struct bp_fail *f);

/* By the programs that lie in DIR/app, or by systemd where it runs them. */
enum bp_error bp_upgrade_stop(const struct bp_state *s, struct bp_fail *f);
enum bp_error bp_upgrade_start(const struct bp_state *s, struct bp_fail *f);
/* A backup by the programs that run, into a folder below `to`. */
enum bp_error bp_upgrade_backup(struct bp_upgrade *u, const char *to, struct bp_fail *f);
/* Put app.next in the place of app, which becomes app.old. */
enum bp_error bp_upgrade_switch(const struct bp_state *s, struct bp_fail *f);
/* Stop, former programs, data of the backup, start. */
enum bp_error bp_upgrade_back(struct bp_upgrade *u, struct bp_fail *f);

#endif
