/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_DAEMON_CMD_SOLVE_H
#define BP_DAEMON_CMD_SOLVE_H
/* Subcommands of `beatplan` around the solver; argv[0] is the subcommand's name. */
int solve_main(int argc, char **argv);
int verify_main(int argc, char **argv);
int bench_journey_main(int argc, char **argv);
#endif
