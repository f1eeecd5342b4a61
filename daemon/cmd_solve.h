/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_DAEMON_CMD_SOLVE_H
#define BP_DAEMON_CMD_SOLVE_H
/* Subcommands of `beatplan` around the solver; argv[0] is the subcommand's name. */
#include "route/read.h"

int solve_main(int argc, char **argv);
int verify_main(int argc, char **argv);
int bench_journey_main(int argc, char **argv);

/* Read both files and check the plan with rt_check; *unit as in rt_file.  Errors of the readers, or v->broken. */
enum bp_error verify_files(const char *problem, const char *plan, const struct rt_params *a,
	struct rt_verdict *v, double *unit, struct bp_fail *f);
#endif
