/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_DAEMON_SHELL_H
#define BP_DAEMON_SHELL_H
/*
 * What is done from the shell, in the audit trail: the address is "shell", the program "beatplan COMMAND, by ACCOUNT".
 *
 * What changes rows writes its event with them (bp_audit_write).  What changes none, as a backup, notes it here: at once where the
 * database answers, else as a file DIR/trail.TIME, which is written when it is back: by the next start, or by a worker of this machine.
 */
#include "audit/audit.h"
#include "daemon/state.h"

/* At the start of the command, before it gives up a right: who signed in at this machine, whoever they became since; where nobody did,
 * as by the clock, whose process it is. */
void bp_shell_begin(const char *command);
/* The account of the operating system. */
const char *bp_shell_who(void);

/* Note an event of the system, `what` of it with a value (NULL = no more to say), and why. What it tells is done, so that a failure
 * is only told. */
void bp_shell_note(const struct bp_state *s, enum bp_action action, const char *what, const char *value);
/* The same where no database can be there: for its next start. */
void bp_shell_note_later(const struct bp_state *s, enum bp_action action, const char *what, const char *value);

/* trail.c: write what waits in a state folder; *restored: it is of a backup that was restored, which starts for the first time. */
#define BP_SHELL_FILE "trail."
enum bp_error bp_shell_catch_up(struct bp_db *db, const char *dir, bool *restored);

#endif
