/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/shell.h"

#include <jansson.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/time.h"

#define ADDRESS "shell"

static char who[40] = "nobody", agent[100];

void bp_shell_begin(const char *command)
{
	FILE *in = fopen("/proc/self/loginuid", "re");
	char line[16] = "";
	uid_t uid = getuid();
	struct passwd *pw;

	/* The kernel keeps it through su and sudo; (uid_t)-1: nobody signed in. */
	if (in && fgets(line, sizeof(line), in) && *line && (uid_t)strtoul(line, NULL, 10) != (uid_t)-1)
		uid = (uid_t)strtoul(line, NULL, 10);
	if (in)
		fclose(in);
	pw = getpwuid(uid);
	if (pw)
		snprintf(who, sizeof(who), "%s", pw->pw_name);
	else
		snprintf(who, sizeof(who), "account %u", (unsigned)uid);
	snprintf(agent, sizeof(agent), "beatplan %.40s, by %s", command, who);
	bp_audit_from(ADDRESS, agent);
}

const char *bp_shell_who(void)
{
	return who;
}

void bp_shell_note_later(const struct bp_state *s, enum bp_action action, const char *what, const char *value)
{
	json_t *event = json_pack("{s:s,s:s,s:s,s:s,s:s*,s:s*}", "action", bp_actions[action].name, "who", who, "ip", ADDRESS, "agent", agent, "what", what, "value", what ? value : NULL);
	char name[40], at[BP_INSTANT_SIZE], *text;
	struct bp_fail f = {0};

	bp_instant_format(bp_now(), at);
	json_object_set_new(event, "at", json_string(at));
	snprintf(name, sizeof(name), BP_SHELL_FILE "%lld", (long long)bp_now());
	text = json_dumps(event, JSON_COMPACT);
	if (bp_state_put(s, name, text, strlen(text), &f))
		fprintf(stderr, "beatplan: that could not be noted for the audit trail: %s\n", f.detail);
	free(text);
	json_decref(event);
}

static enum bp_error write_event(struct bp_db *db, void *ctx)
{
	return bp_audit_write(db, ctx);
}

void bp_shell_note(const struct bp_state *s, enum bp_action action, const char *what, const char *value)
{
	struct bp_audit au = {.action = action, .resource_type = "system"};
	struct bp_conf conf = {0};
	struct bp_fail none = {0};
	struct bp_db *db = NULL;
	enum bp_error e;

	if (what)
		bp_audit_change(&au, what, NULL, value);
	/* Also where the machine has no account for subcommands: as one of its programs, which may add to the trail. */
	e = bp_state_look(s, &conf, &db, &none);
	if (!e)
		e = bp_db_tx(db, write_event, &au);
	bp_db_free(db);
	bp_conf_release(&conf);
	if (e)
		bp_shell_note_later(s, action, what, value);
}
