/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beatplan-optimizerd - claims optimisation jobs; one at a time, since the solver uses all cores it may. */
#include "daemon/jobs.h"
#include "daemon/kinds.h"

static enum bp_error (*const run[BP_JOB__MAX])(struct bp_job_run *) = {
	[BP_JOB_OPTIMIZE] = bp_kind_optimize,
	[BP_JOB_WHAT_IF] = bp_kind_what_if,
	[BP_JOB_TERRITORY_DESIGN] = bp_kind_design,
};

static int threads(const struct bp_conf *c)
{
	(void)c;
	return 1;
}

int main(int argc, char **argv)
{
	return bp_jobs_main(argc, argv, "optimizerd", BP_JOB_OPTIMIZER, run, threads, NULL);
}
