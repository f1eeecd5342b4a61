/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_DAEMON_JOBS_H
#define BP_DAEMON_JOBS_H
/* The loop that both daemons share: threads that claim jobs until SIGTERM. */
#include "base/conf.h"
#include "job/job.h"

/* Parse --conf FILE, then work with `threads(conf)` threads until SIGTERM; `tick`, when there is one, runs every few seconds on
 * a connection of its own. Returns an exit status. */
int bp_jobs_main(int argc, char **argv, const char *program, enum bp_job_daemon daemon,
	enum bp_error (*const run[BP_JOB__MAX])(struct bp_job_run *), int (*threads)(const struct bp_conf *),
	void (*tick)(struct bp_db *));

/* The configuration of this process, as long as it lives. */
const struct bp_conf *bp_jobs_conf(void);

#endif
