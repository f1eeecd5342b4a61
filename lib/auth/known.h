/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_AUTH_KNOWN_H
#define BP_AUTH_KNOWN_H
/*
 * Browsers in which somebody has signed in before.  They keep a cookie that says so; it opens nothing.  Wrong passwords that
 * come with it are counted for that browser alone, so that whoever guesses elsewhere cannot keep the owner of an account waiting.
 */
#include <stdbool.h>

#include "base/error.h"

#define BP_KNOWN_COOKIE "bp_known"
#define BP_KNOWN_NAME 32                     /* of the browser: 128 random bits in hex */
#define BP_KNOWN_SIZE (2 * BP_KNOWN_NAME + 1) /* the name and its seal, with NUL */
#define BP_KNOWN_SECONDS (180 * 86400)

/* A new browser of this user's. `dir` is where token.keys lies. */
enum bp_error bp_known_new(const char *dir, const char *username, char out[BP_KNOWN_SIZE]);
/* Did we give this cookie to that user? */
bool bp_known_is(const char *dir, const char *username, const char *cookie);

#endif
