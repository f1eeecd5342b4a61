/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_DAEMON_CMD_H
#define BP_DAEMON_CMD_H
/* The subcommands of `beatplan`. Each gets its own words (argv[0] is its name) and returns an exit status. */

#define CMD(name, fn, what) int fn(int argc, char **argv);
#include "daemon/cmds.def"
#undef CMD

/* The state folder that `--state DIR` or BEATPLAN_STATE names, else "var", or the one of the installed package. */
const char *bp_cmd_state(const char *given);

#endif
