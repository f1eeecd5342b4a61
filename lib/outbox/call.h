/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_OUTBOX_CALL_H
#define BP_OUTBOX_CALL_H
/*
 * Calling an address outside.  Addresses are the operator's and stand in beatplan.conf: nobody can have the server call one by the web,
 * and it follows no redirect, so that whoever is called cannot send it elsewhere, as into the network behind it.  Of what is answered
 * only the status counts; nothing of it is kept or shown.
 */
#include <stdatomic.h>
#include <stdbool.h>

#include "base/error.h"

#define BP_SIGNATURE_SIZE 72 /* "sha256=" and 64 hexadecimal digits */
#define BP_TARGET_SIZE 200

struct bp_call {
	const char *url;
	const char *body;           /* posted; NULL = the address is only asked */
	const char *const *headers; /* "Name: value", ended by NULL; NULL = none */
	long seconds;               /* for all of it */
	const atomic_bool *stop;    /* set by others: end at once; NULL = nobody does */
};
/* OK: any 2xx.  CONFLICT: it answered 4xx, which is about this call.  BUSY: no answer, too late, 3xx or 5xx, which is about whoever is called. */
enum bp_error bp_call(const struct bp_call *c, struct bp_fail *f);

/* HMAC-SHA-256 of the body, as the header Beatplan-Signature holds it. */
void bp_call_sign(const char *secret, const char *body, char out[BP_SIGNATURE_SIZE]);

/* Of an address what is no secret: "https://hooks.example.org:8443", without user, path and query. What is wrong with the address, in
 * words, or NULL when it can be called. */
const char *bp_call_target(const char *url, char out[BP_TARGET_SIZE]);

#endif
