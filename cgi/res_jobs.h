/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_CGI_RES_JOBS_H
#define BP_CGI_RES_JOBS_H
/* How a job travels on the wire, for every resource that starts one. */
#include "cgi/endpoint.h"
#include "job/job.h"
#include "queries.h"

struct bp_job_error {
	const char *code, *message, *detail;
};
struct bp_job_out {
	int64_t id;
	const char *kind, *state;
	int64_t subject;
	const char *territory;
	double percent;
	const char *step, *progress, *result; /* progress and result are JSON text */
	struct bp_job_error *error;
	const char *by;
	int64_t created_at;
	struct bp_opt_int started_at, finished_at;
};
extern const struct bp_shape bp_job_shape, bp_job_error_shape;

/* Why something failed, from what its row keeps; NULL without a code. */
struct bp_job_error *bp_job_error_of(struct bp_arena *a, const char *code, const char *detail);

/* The latest `most` jobs that a user asked for, as struct bp_job_out. */
enum bp_error bp_jobs_of(struct bp_req *rq, uint64_t user, int most, struct bp_list *out);
/* Set rq->reply to the job. */
enum bp_error bp_job_read(struct bp_req *rq, uint64_t id);

#endif
