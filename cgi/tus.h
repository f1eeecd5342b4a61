/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_CGI_TUS_H
#define BP_CGI_TUS_H
/* The requests of the tus protocol, for both ways in: by a person's session and by a ticket. */
#include "cgi/endpoint.h"
#include "intake/transfer.h"

/* What a new transfer is for. */
struct bp_tus_new {
	uint64_t session, user;
	struct bp_opt_int ticket;
	const char *name, *entity, *row; /* entity and row may be NULL */
	int64_t modified;
};

/* Say what the server can: OPTIONS. */
enum bp_error bp_tus_options(struct bp_req *rq);
/* Is the request one of our version of the protocol? UPLOAD_VERSION otherwise. The replies carry the version from here on. */
enum bp_error bp_tus_begin(struct bp_req *rq);
/* Why PATCH takes no Idempotency-Key. */
#define BP_TUS_OFFSETS "Upload-Offset says which bytes they are, and none is taken twice"
/* POST. *id gets the new transfer, or that which was begun under its Idempotency-Key; the caller tells its address as Location. */
enum bp_error bp_tus_create(struct bp_req *rq, const struct bp_tus_new *what, uint64_t *id);
/* HEAD, PATCH and DELETE of a transfer that the request may go on with. */
enum bp_error bp_tus_head(struct bp_req *rq, uint64_t id);
enum bp_error bp_tus_patch(struct bp_req *rq, uint64_t id);
enum bp_error bp_tus_delete(struct bp_req *rq, uint64_t id);
/* Give a transfer up to make room for another: DELETE without its Idempotency-Key. */
enum bp_error bp_tus_drop(struct bp_req *rq, uint64_t id);

/* im_read_fn over the body of a request (ctx = struct bp_tus_body): -ECONNABORTED when the sender went away. */
struct bp_tus_body {
	struct bp_req *rq;
	int64_t bytes;
};
long bp_tus_read(void *ctx, void *buf, size_t n);

#endif
