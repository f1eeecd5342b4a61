/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_CGI_ONCE_H
#define BP_CGI_ONCE_H
/*
 * A change that is asked for twice is made once (Idempotency-Key, draft-ietf-httpapi-idempotency-key-header): the key is kept with the
 * reply in the transaction that makes the change, so there is either both or neither, whatever dies in between.  A refused change
 * keeps no key: nothing was done, and asking again asks anew.  A key belongs to a user, method and path, for a day; where nobody is
 * known, the secret in the path makes it that one's.
 */
#include "cgi/endpoint.h"

#define BP_ONCE_KEY_MOST 80 /* bytes */

/* Does a key count for this row?  For every change whose row does not say why it does not. */
bool bp_once_counts(const struct bp_endpoint *ep);

/* Read the key of a request, with the body where the dispatcher has read that; what is no key is a bad field. */
enum bp_error bp_once_read(struct bp_req *rq, const struct bp_buf *body);
/* Was it done before?  rq->once.again says so, rq->replay is the reply then. REQUEST_KEY when it was something else, REQUEST_DONE when
 * the reply is not kept. */
enum bp_error bp_once_known(struct bp_req *rq);
/* In the transaction of the change, first: take the key, or know it as above. Waits for another request that holds it. */
enum bp_error bp_once_take(struct bp_req *rq);
/* Last in that transaction: keep rq->reply, which becomes rq->replay, for whoever asks again. Where no body is sent, rq->replay may be
 * anything that the handler wants to know then. */
enum bp_error bp_once_keep(struct bp_req *rq);
/* What was done under the key came to nothing behind its transaction: asking again asks anew. */
void bp_once_forget(struct bp_req *rq);

#endif
