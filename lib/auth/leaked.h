/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_AUTH_LEAKED_H
#define BP_AUTH_LEAKED_H
/*
 * A file of passwords that were stolen somewhere, which the operator downloads: one line for each with its SHA-1 in hexadecimal, sorted
 * by that, with or without `:` and how often it was seen, as "Pwned Passwords" is handed out.  It is some 40 GB; a question reads a few
 * blocks of it and nothing stays in memory.  Thread-safe.
 */
#include <stdbool.h>

#include "base/error.h"

/* Does the password stand in the file?  false also when it cannot be read, which is logged: nobody is locked out by that, and `beatplan
 * doctor` says so. */
bool bp_leaked(const char *file, const char *password);
/* What is wrong with the file, in words; OK when a look at some hundred places finds nothing. */
enum bp_error bp_leaked_sound(const char *file, struct bp_fail *f);

#endif
