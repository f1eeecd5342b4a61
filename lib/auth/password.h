/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_AUTH_PASSWORD_H
#define BP_AUTH_PASSWORD_H

/* Why a password that a person chose is among those that are guessed first: near a word of cracklib's list (Debian: cracklib-runtime), a
 * plain sequence, or made of the person's own name or the product's.  NULL: it is not.  Where the list is not installed, only
 * names are looked at, and `beatplan doctor` says so.  Thread-safe. */
const char *bp_password_guessed(const char *password, const char *username, const char *name);
/* Why it is not taken: that, or because it stands in the file of leaked passwords (auth/leaked.h; "off" = there is none). NULL: it is taken. */
const char *bp_password_refused(const char *leaked, const char *password, const char *username, const char *name);
/* Is the list of words there? */
int bp_password_list_there(void);

#endif
