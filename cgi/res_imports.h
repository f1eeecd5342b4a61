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
	struct bp_list match;
	const char *sha256;
	struct bp_import_twin *same_as;
	struct bp_opt_int raw_gone_at;
};
extern const struct bp_shape bp_import_file_shape;
/* An earlier file with the same bytes. */
struct bp_import_twin {
	int64_t session;
	const char *name;
	int64_t at;
};
/* Add where a file came from: only where few are read. */
enum bp_error bp_import_file_origin(struct bp_req *rq, struct bp_import_file *f);

/* What files may hold, and what may be done to a text; ended by NULL. */
extern const char *const bp_import_entities[], *const bp_import_transforms[], *const bp_import_readings[];
#define BP_TRANSFORMS_DOC "what is done with the text, step by step: {kind: UPPER, LOWER, TRIM, DATE_FORMAT (pattern), NUMBER_LOCALE (decimal, group)," \
	" LOOKUP (table of from and to, default), SPLIT_LATLON (part, order), REGEX (pattern, replacement), CONCAT (columns, separator)}"
/* The steps that are given, or the one that stands for them; new reference, NULL = none. */
json_t *bp_import_steps(json_t *transforms, const char *transform);

struct bp_import_file bp_import_file_of(struct bp_arena *a, const struct q_import_files *r);
/* What a rule says is wrong; the rule's own name when it is unknown. */
const char *bp_import_rule_message(const char *rule);
/* Move the session of the path from one of `from` to `to` and queue the job that does it; the reply is the job. */
enum bp_error bp_import_start(struct bp_req *rq, const char *from, const char *to, enum bp_job_kind kind, const char *payload);
extern const struct bp_shape bp_import_started_shape;

/* Set rq->reply to the file. */
enum bp_error bp_import_file_read(struct bp_req *rq, uint64_t id);
/* Take the body of a request into a session as a file, once, in the transaction that uses its ticket up; sets rq->reply.  The resource's row declares bp_import_upload_shape. */
struct bp_import_taking {
	uint64_t session;
	const char *name, *entity, *row; /* entity and row may be NULL */
	uint64_t ticket;                 /* 0 = none */
};
extern const struct bp_shape bp_import_upload_shape;
enum bp_error bp_import_take(struct bp_req *rq, const struct bp_import_taking *t);

/* An address that takes one file. */
struct bp_import_address {
	const char *name, *url;
	int64_t expires_in, expires_at;
};
extern const struct bp_shape bp_import_address_shape;
/* One for each name of `files` (struct bp_list of text); `expires_in` not set = as configured. */
enum bp_error bp_import_addresses(struct bp_req *rq, uint64_t session, const struct bp_list *files, struct bp_opt_int expires_in, struct bp_list *out);
#define BP_IMPORT_ADDRESSES_MOST 50

/* The first 50 sample rows as JSON: arrays of text. */
struct im_sniffed;
const char *bp_import_rows_json(struct bp_req *rq, const struct im_sniffed *sn);

#endif
