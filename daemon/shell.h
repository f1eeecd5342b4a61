/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_DAEMON_SHELL_H
#define BP_DAEMON_SHELL_H
/* What is done from the shell, in the audit trail: the address is "shell", the program "beatplan COMMAND, by ACCOUNT". */
#include "audit/audit.h"
#include "daemon/state.h"

#define BP_SHELL_ADDRESS "shell"

/* The account of the operating system that sat down at this machine, as it was when this process began: who signed in, whoever they
 * became since; where nobody signed in, as by the clock, whose process it is. */
const char *bp_shell_who(void);
/* At the start, before a right is given up. */
void bp_shell_begin(void);
/* Write an event of a command ("setting"), in the transaction of what it tells. */
enum bp_error bp_shell_wrote(struct bp_db *db, const char *command, struct bp_audit *au);

#endif
