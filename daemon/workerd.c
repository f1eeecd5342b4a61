/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beatplan-workerd - imports, snapshots and whatever else is not solving. */
#include "daemon/jobs.h"
#include "daemon/kinds.h"

static enum bp_error (*const run[BP_JOB__MAX])(struct bp_job_run *) = {
	NULL,
};

static int threads(const struct bp_conf *c)
{
	return (int)c->workers;
}

int main(int argc, char **argv)
{
	return bp_jobs_main(argc, argv, "workerd", BP_JOB_WORKER, run, threads);
}
