/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "auth/password.h"

#include <stddef.h> /* crack.h needs it and does not say so */

#include <crack.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "auth/leaked.h"

#define PRODUCT "beatplan"

/* cracklib ends the process when it cannot open its list, and keeps what it works on in one place. */
static pthread_mutex_t alone = PTHREAD_MUTEX_INITIALIZER;

int bp_password_list_there(void)
{
	static const char *const parts[] = {"pwd", "pwi", "hwm"};
	char path[512];

	for (int i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s.%s", GetDefaultCracklibDict(), parts[i]);
		if (access(path, R_OK))
			return 0;
	}
	return 1;
}

const char *bp_password_guessed(const char *password, const char *username, const char *name)
{
	const char *why = NULL;

	if (strcasestr(password, PRODUCT) || (strlen(username) > 2 && strcasestr(password, username)))
		return "holds a name that is tried first: choose other words";
	pthread_mutex_lock(&alone);
	if (bp_password_list_there())
		why = FascistCheckUser(password, GetDefaultCracklibDict(), username, name);
	pthread_mutex_unlock(&alone);
	return why ? "is among those that are guessed first, as a word with little added: three words that have nothing to do with each other are better" : NULL;
}

const char *bp_password_refused(const char *leaked, const char *password, const char *username, const char *name)
{
	const char *why = bp_password_guessed(password, username, name);

	if (why || !strcmp(leaked, "off") || !bp_leaked(leaked, password))
		return why;
	return "was stolen somewhere and stands in lists that are tried: choose one that you use nowhere else";
}
