/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_CGI_RES_IMPORTS_H
#define BP_CGI_RES_IMPORTS_H
/* How files of an import travel on the wire, for the resources that speak of them. */
#include "cgi/endpoint.h"
#include "job/job.h"
#include "queries.h"

struct bp_import_counts {
	int64_t read, inserted, updated, unchanged, rejected, duplicate, warnings;
};
extern const struct bp_shape bp_import_counts_shape;

struct bp_import_file {
	int64_t id;
	const char *name;
	int64_t bytes;
	const char *entity, *encoding, *delimiter;
	int64_t header_row, rows;
	const char *status, *mapping; /* mapping is JSON text */
	struct bp_import_counts *counts;
	const char *mode;
	bool complete;
};
extern const struct bp_shape bp_import_file_shape;

/* What files may hold, and what may be done to a text; ended by NULL. */
extern const char *const bp_import_entities[], *const bp_import_transforms[];

struct bp_import_file bp_import_file_of(struct bp_arena *a, const struct q_import_files *r);
/* Move the session of the path from one of `from` to `to` and queue the job that does it; the reply is the job. */
enum bp_error bp_import_start(struct bp_req *rq, const char *from, const char *to, enum bp_job_kind kind, const char *payload);
extern const struct bp_shape bp_import_started_shape;

/* Set rq->reply to the file. */
enum bp_error bp_import_file_read(struct bp_req *rq, uint64_t id);
/* IMPORT_STATE unless the session may still be changed; a checked one goes back to UPLOADING. */
enum bp_error bp_import_reopen(struct bp_req *rq, struct bp_db *db, uint64_t session);

#endif
