/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_AUTH_AUTH_H
#define BP_AUTH_AUTH_H
/*
 * Who is there and what may he do.  Sessions are cookies of 32 random bytes of
 * which the table holds the hash; what a user may do is read from the tables at
 * each request, so that a right taken away is gone at once.
 */
#include <stdbool.h>
#include <stdint.h>

#include "auth/perm.h"
#include "db/db.h"

#define BP_AUTH_COOKIE "bp_session"
/* Under HTTPS: browsers take a name that begins so from this host alone, and for all of it. */
#define bp_auth_cookie(secure) ((secure) ? "__Host-" BP_AUTH_COOKIE : BP_AUTH_COOKIE)
#define BP_AUTH_TOKEN_SIZE 44      /* base64url of 32 bytes, with NUL */
#define BP_AUTH_ADDRESS_FAILURES_MOST 64 /* per address, as sign_in_failures of an account: a whole office may stand behind one */
#define BP_AUTH_HASHES_MOST 2      /* argon2id computations at once in a process: 64 MiB each */
#define BP_PASSWORD_MIN 10
#define BP_PASSWORD_MAX 200
#define BP_AUTH_GENERATED 30       /* of a password that is made, with NUL */

enum bp_by { BP_BY_SESSION, BP_BY_TOKEN, BP_BY_KEY };

struct bp_user {
	uint64_t id; /* 0 = nobody */
	const char *username, *name, *email, *locale, *csrf;
	bool demo;
	uint64_t anywhere; /* permissions held on at least one territory */
	uint64_t world;    /* permissions held everywhere */
	uint64_t scopes_of; /* whose rows of user_scope count: the user, or a key that holds for one territory */
	uint64_t most;      /* permissions beyond these are not held: what a key allows */
	enum bp_by by;
	uint64_t by_id;      /* session, family of tokens or key */
	const char *program; /* what a family or key is called */
	uint64_t viewer;     /* the administrator who looks through the eyes of this user; 0 = the user itself */
	const char *viewer_name;
	bool factor;         /* a second factor is set up */
	struct bp_opt_int password_until; /* of a session: others made the password, and it is good until then */
	int64_t proof;       /* seconds since this session gave the password */
};

struct bp_sign_in {
	const char *username, *password, *code; /* code: of the second factor, NULL = none given */
	const char *ip, *agent, *dir;           /* dir: where token.keys lies */
	int retry_after;                        /* AUTH_THROTTLED: seconds to wait */
	const char *known;                      /* what the browser says of having been here before (auth/known.h), NULL = nothing */
};

/* Check password and second factor. AUTH_CREDENTIALS, AUTH_THROTTLED, AUTH_CODE_NEEDED, AUTH_CODE. Takes about 80 ms of CPU;
 * not inside a transaction. */
enum bp_error bp_auth_prove(struct bp_db *db, struct bp_arena *a, struct bp_sign_in *in, struct bp_user *user);
/* Open a session of who has proved to be that: `token` gets the cookie's value. */
enum bp_error bp_auth_open(struct bp_db *db, struct bp_arena *a, const struct bp_sign_in *in, char token[BP_AUTH_TOKEN_SIZE], struct bp_user *user);
/* Both. */
enum bp_error bp_auth_login(struct bp_db *db, struct bp_arena *a, struct bp_sign_in *in, char token[BP_AUTH_TOKEN_SIZE],
	struct bp_user *user);
/* Seconds that an account waits after so many failures, the oldest of which is `age` seconds old. */
int bp_auth_wait(int64_t failures, int64_t age);
/* Count a failure of the account, or of a browser that is known to it, and of the address, as a wrong password is. */
enum bp_error bp_auth_failed(struct bp_db *db, struct bp_arena *a, const struct bp_sign_in *in);
/* AUTH_THROTTLED when either has failed too often of late; in->retry_after says how long that lasts. */
enum bp_error bp_auth_throttled(struct bp_db *db, struct bp_arena *a, struct bp_sign_in *in);
/* The user behind a cookie value; BP_E_AUTH_TOKEN when there is none. Keeps the session alive. */
enum bp_error bp_auth_user(struct bp_db *db, struct bp_arena *a, const char *token, struct bp_user *user);
/* Read what the user may do into `anywhere` and `world`. */
enum bp_error bp_auth_rights(struct bp_db *db, struct bp_arena *a, struct bp_user *u);
/* Whose tries are counted together: an IPv4 address, or the /64 of an IPv6 one, since every site is given that many. Borrowed or in `a`. */
const char *bp_auth_network(struct bp_arena *a, const char *ip);
/* Does one of these roles ("admin, analyst"; "off" = none) that the user holds ask for a second factor? */
enum bp_error bp_auth_factor_asked(struct bp_db *db, struct bp_arena *a, const struct bp_user *u, const char *roles, bool *asked);
enum bp_error bp_auth_logout(struct bp_db *db, const char *token);
/* End everything that stays signed in: sessions and families of tokens; with `keys` also API keys, where somebody else may have
 * made them. */
enum bp_error bp_auth_end_all(struct bp_db *db, uint64_t user, bool keys);
/* End all sessions and families of tokens of the user but the session with this cookie value. */
enum bp_error bp_auth_logout_others(struct bp_db *db, uint64_t user, const char *token);

/* True when the user holds the permission on the territory or on one above it. 0 = the whole world. */
enum bp_error bp_auth_may(struct bp_db *db, const struct bp_user *u, enum bp_perm p, uint64_t territory, bool *may);

/* Store a new password (BP_PASSWORD_MIN..MAX bytes) as argon2id; not inside a transaction. */
enum bp_error bp_auth_hash(const char *password, char out[128]);
/* BP_E_OK when it is the user's password. */
enum bp_error bp_auth_verify(struct bp_db *db, struct bp_arena *a, uint64_t user, const char *password);
/* A secret of 32 random bytes as text, and what of it is kept. */
void bp_auth_secret(char out[BP_AUTH_TOKEN_SIZE]);
struct bp_bytes bp_auth_hash_of(const char *secret, unsigned char out[32]);
/* A random password of 24 letters and digits without look-alikes: more than 128 bits. */
void bp_auth_generate(char out[BP_AUTH_GENERATED]);

#endif
