/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cgi/once.h"

#include <sodium.h>
#include <string.h>

#include "auth/token.h"
#include "base/buf.h"
#include "queries.h"

enum { REPLY_MOST = 1 << 20 };

bool bp_once_counts(const struct bp_endpoint *ep)
{
	return bp_endpoint_changes(ep) && !ep->unkeyed;
}

/* Each with its end, so that what one has more the next cannot have less. */
static void add(crypto_generichash_state *h, const char *text)
{
	crypto_generichash_update(h, (const unsigned char *)(text ? text : ""), (text ? strlen(text) : 0) + 1);
}

enum bp_error bp_once_read(struct bp_req *rq, const struct bp_buf *body)
{
	const char *key = bp_req_header(rq, "HTTP_IDEMPOTENCY_KEY");
	crypto_generichash_state h;
	struct bp_token_keys k;

	if (!key || !bp_once_counts(rq->ep))
		return BP_E_OK;
	if (strlen(key) > BP_ONCE_KEY_MOST)
		return bp_req_field(rq, "/Idempotency-Key", "may have 80 bytes: another text for each change");
	if (bp_token_keys_load(rq->app->conf->dir, &k, &rq->fail))
		return BP_E_INTERNAL;
	crypto_generichash_init(&h, NULL, 0, sizeof(rq->once.request));
	crypto_generichash_update(&h, (const unsigned char *)&rq->user.id, sizeof(rq->user.id));
	add(&h, rq->method);
	add(&h, rq->path);
	add(&h, key);
	crypto_generichash_final(&h, rq->once.request, sizeof(rq->once.request));
	/* There may be a password in it, at which whoever reads the table must not be able to guess. */
	crypto_generichash_init(&h, k.box, sizeof(k.box), sizeof(rq->once.asked));
	add(&h, rq->query_string);
	crypto_generichash_update(&h, (const unsigned char *)body->data, body->len);
	crypto_generichash_final(&h, rq->once.asked, sizeof(rq->once.asked));
	sodium_memzero(&k, sizeof(k));
	rq->once.keyed = true;
	return BP_E_OK;
}

static struct bp_bytes request(const struct bp_req *rq)
{
	return (struct bp_bytes){rq->once.request, sizeof(rq->once.request)};
}

enum bp_error bp_once_known(struct bp_req *rq)
{
	struct q_request_key_get r;
	enum bp_error e = rq->once.keyed ? q_request_key_get(rq->db, rq->arena, request(rq), &r) : BP_E_NOT_FOUND;

	if (e)
		return e == BP_E_NOT_FOUND ? BP_E_OK : e;
	if (r.asked.n != sizeof(rq->once.asked) || memcmp(r.asked.p, rq->once.asked, r.asked.n))
		return BP_E_REQUEST_KEY;
	if (!r.reply.p)
		return BP_E_REQUEST_DONE;
	rq->replay = r.reply;
	rq->once.again = true;
	bp_req_reply_header(rq, "Idempotency-Replayed", "true");
	return BP_E_OK;
}

enum bp_error bp_once_take(struct bp_req *rq)
{
	enum bp_error e = BP_E_OK;

	if (rq->once.keyed)
		e = q_request_key_add(rq->db, request(rq), (struct bp_bytes){rq->once.asked, sizeof(rq->once.asked)}, NULL);
	return e == BP_E_CONFLICT ? bp_once_known(rq) : e;
}

void bp_once_forget(struct bp_req *rq)
{
	if (rq->once.keyed)
		q_request_key_forget(rq->db, request(rq), NULL);
}

enum bp_error bp_once_keep(struct bp_req *rq)
{
	struct bp_buf b;
	enum bp_error e = BP_E_OK;

	if (!rq->once.keyed || rq->began || rq->secret)
		return BP_E_OK;
	bp_buf_init(&b, REPLY_MOST);
	bp_req_encode(rq, &b);
	if (!b.over) {
		rq->replay = (struct bp_bytes){bp_strndup(rq->arena, b.data, b.len), b.len};
		e = q_request_key_reply(rq->db, request(rq), rq->replay, NULL);
	}
	bp_buf_release(&b);
	return e;
}
