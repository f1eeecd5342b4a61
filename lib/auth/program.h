/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_AUTH_PROGRAM_H
#define BP_AUTH_PROGRAM_H
/*
 * Programs that call for a user.  Either with an access token of minutes, which
 * they renew by a refresh token of one use: what came from one grant is a family
 * and ends as a whole, at the latest when a used refresh token comes again.  Or
 * with an API key: a part of what its owner may do, until it expires or is
 * revoked.  Of refresh tokens and keys only hashes are kept.  `dir` is where
 * token.keys lies.
 */
#include "auth/auth.h"
#include "auth/token.h"

#define BP_REFRESH_DAYS 30   /* without a refresh */
#define BP_FAMILY_DAYS 180   /* however often it is refreshed */
#define BP_FAMILIES_MOST 50  /* alive, of one user */
#define BP_PROGRAM_SECRET 48 /* "bpr_" or "bpk_" and a secret, with NUL */

struct bp_grant {
	uint64_t user, family;
	char access[BP_TOKEN_SIZE], refresh[BP_PROGRAM_SECRET];
	bool reused; /* the refresh token had been used: the family was ended */
};
/* Begin a family. CONFLICT when the user has too many. */
enum bp_error bp_grant(struct bp_db *db, struct bp_arena *a, const char *dir, uint64_t user, const char *name, const char *ip,
	struct bp_grant *g);
/* The next pair for a refresh token. AUTH_TOKEN when it is not good; g->reused tells why, and then g names user and family. */
enum bp_error bp_grant_refresh(struct bp_db *db, struct bp_arena *a, const char *dir, const char *refresh, const char *ip,
	struct bp_grant *g);

struct bp_new_key {
	const char *name;
	uint64_t perms, territory;
	struct bp_opt_int expires;
};
/* Make a key; `secret` is shown once. */
enum bp_error bp_key_add(struct bp_db *db, uint64_t user, const struct bp_new_key *in, char secret[BP_PROGRAM_SECRET], uint64_t *id);
/* NOT_FOUND when the user has no such key that still holds. */
enum bp_error bp_key_revoke(struct bp_db *db, uint64_t user, uint64_t id);

/* The user behind "Authorization: Bearer TEXT"; AUTH_TOKEN for whatever is wrong with it. */
enum bp_error bp_program_user(struct bp_db *db, struct bp_arena *a, const char *dir, const char *text, const char *ip,
	struct bp_user *user);

#endif
