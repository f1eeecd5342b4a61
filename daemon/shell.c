/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/shell.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char who[40] = "nobody";

void bp_shell_begin(void)
{
	FILE *in = fopen("/proc/self/loginuid", "re");
	char line[16] = "";
	uid_t uid = getuid();
	struct passwd *pw;

	/* The kernel keeps it through su and sudo; (uid_t)-1: nobody signed in. */
	if (in && fgets(line, sizeof(line), in) && strtoul(line, NULL, 10) != (uid_t)-1)
		uid = (uid_t)strtoul(line, NULL, 10);
	if (in)
		fclose(in);
	pw = getpwuid(uid);
	if (pw)
		snprintf(who, sizeof(who), "%s", pw->pw_name);
	else
		snprintf(who, sizeof(who), "account %u", (unsigned)uid);
}

const char *bp_shell_who(void)
{
	return who;
}

enum bp_error bp_shell_wrote(struct bp_db *db, const char *command, struct bp_audit *au)
{
	char agent[100];
	enum bp_error e;

	snprintf(agent, sizeof(agent), "beatplan %s, by %s", command, who);
	au->ip = BP_SHELL_ADDRESS;
	au->agent = agent;
	e = bp_audit_write(db, au);
	au->agent = NULL;
	return e;
}
