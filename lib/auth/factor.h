/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_AUTH_FACTOR_H
#define BP_AUTH_FACTOR_H
/*
 * The second factor: six digits of an authenticator that change every half
 * minute (TOTP, RFC 6238 with HMAC-SHA-1, which every authenticator knows), or
 * one of ten recovery codes.  Each code counts once.  `dir` is where token.keys
 * lies: its box seals the secrets.
 */
#include "db/db.h"

#define BP_FACTOR_SECRET 20      /* bytes */
#define BP_FACTOR_TEXT 33        /* the secret in base32, with NUL */
#define BP_FACTOR_STEP 30        /* seconds */
#define BP_FACTOR_RECOVERIES 10
#define BP_FACTOR_RECOVERY 35    /* "abcd-efgh-jkmn-pqrs-tuvw-xyz2-3456", with NUL: more than 128 bits */
#define BP_FACTOR_CODE_MOST 60   /* characters of a code as people type it */

/* The six digits of a half minute. */
unsigned bp_totp(const unsigned char secret[BP_FACTOR_SECRET], uint64_t step);
/* RFC 4648, without padding. */
void bp_base32(const unsigned char *in, size_t n, char *out);

/* Make a secret that waits for its first code. CONFLICT when a second factor is set up already. */
enum bp_error bp_factor_begin(struct bp_db *db, struct bp_arena *a, const char *dir, uint64_t user, char text[BP_FACTOR_TEXT]);
/* The first code: from now on codes are asked for. AUTH_CODE when it is wrong, CONFLICT when nothing waits. */
enum bp_error bp_factor_confirm(struct bp_db *db, struct bp_arena *a, const char *dir, uint64_t user, const char *code,
	char codes[BP_FACTOR_RECOVERIES][BP_FACTOR_RECOVERY]);
/* OK when it is a code of the user's, which is spent by that; else AUTH_CODE. */
enum bp_error bp_factor_check(struct bp_db *db, struct bp_arena *a, const char *dir, uint64_t user, const char *code);
/* New recovery codes; the former ones are void. */
enum bp_error bp_factor_recoveries(struct bp_db *db, const char *dir, uint64_t user, char codes[BP_FACTOR_RECOVERIES][BP_FACTOR_RECOVERY]);
enum bp_error bp_factor_drop(struct bp_db *db, uint64_t user);

#endif
