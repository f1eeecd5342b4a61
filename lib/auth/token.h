/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_AUTH_TOKEN_H
#define BP_AUTH_TOKEN_H
/*
 * Access tokens: JSON Web Tokens (RFC 7519) signed with Ed25519 (RFC 8037), good
 * for minutes.  There is one header that a token of a key can have, and it is
 * compared, not read: nothing in a token chooses how it is checked.
 *
 * The keys lie in one file beside beatplan.conf, made by `beatplan up` and
 * changed by `beatplan token rotate`: the first signs, each of them is taken.
 * It is read anew at each call, so that a rotation needs no restart.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"

#define BP_TOKEN_FILE "token.keys"
#define BP_TOKEN_SECONDS 600   /* how long an access token is good */
#define BP_TOKEN_SKEW 60       /* how far the clocks of two machines may be apart, seconds */
#define BP_TOKEN_AUDIENCE "beatplan"
#define BP_TOKEN_SIZE 512      /* of a token as text, with NUL */
#define BP_TOKEN_KEYS_MOST 2   /* both good while one takes over from the other */

struct bp_token_keys {
	struct {
		char id[9];
		unsigned char seed[32];
	} key[BP_TOKEN_KEYS_MOST]; /* newest first */
	int n;
	unsigned char box[32]; /* seals the secrets of second factors; never rotated */
};
struct bp_token {
	uint64_t user, family;
	int64_t issued, expires; /* seconds since 1970 */
};

/* Read DIR/token.keys. NOT_FOUND when there is none, INTERNAL when it is not well formed. */
enum bp_error bp_token_keys_load(const char *dir, struct bp_token_keys *k, struct bp_fail *f);
/* Put a new key first; the oldest one goes when there are too many. With n == 0 the seal is made too. */
void bp_token_keys_add(struct bp_token_keys *k);
/* The file as it is written. */
void bp_token_keys_print(const struct bp_token_keys *k, struct bp_buf *out);

void bp_token_sign(const struct bp_token_keys *k, const struct bp_token *t, char out[BP_TOKEN_SIZE]);
/* Is it of ours, for us, and good now (seconds since 1970)? */
bool bp_token_check(const struct bp_token_keys *k, const char *text, int64_t now, struct bp_token *t);

#endif
