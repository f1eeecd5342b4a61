/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was done from the shell while no database was there to write it into. */
#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "daemon/shell.h"

static int is_noted(const struct dirent *d)
{
	size_t n = strlen(BP_SHELL_FILE);

	return !strncmp(d->d_name, BP_SHELL_FILE, n) && d->d_name[n] && strspn(d->d_name + n, "0123456789") == strlen(d->d_name + n);
}

static enum bp_error write_event(struct bp_db *db, void *ctx)
{
	return bp_audit_write(db, ctx);
}

static enum bp_error take(struct bp_db *db, const char *path, bool *restored)
{
	const char *action = "", *ip = "", *agent = "", *at = "", *what = NULL, *value = NULL;
	json_t *event = json_load_file(path, 0, NULL);
	struct bp_audit au = {.resource_type = "system"};
	enum bp_error e = BP_E_OK;

	json_unpack(event, "{s:s,s:s,s:s,s:s,s?s,s?s}", "action", &action, "ip", &ip, "agent", &agent, "at", &at, "what", &what, "value", &value);
	for (int i = 1; i < BP_ACTION__MAX; i++)
		if (!strcmp(bp_actions[i].name, action))
			au.action = (enum bp_action)i;
	au.ip = ip;
	au.agent = agent;
	if (what)
		bp_audit_change(&au, what, NULL, value);
	bp_audit_change(&au, "done_at", NULL, at);
	if (au.action)
		e = bp_db_tx(db, write_event, &au);
	else
		bp_log(BP_LOG_WARN, "ev=trail file=%s detail=\"it holds no event\"", path);
	*restored = *restored || au.action == BP_ACTION_RESTORE;
	json_decref(event);
	return e;
}

enum bp_error bp_shell_catch_up(struct bp_db *db, const char *dir, bool *restored)
{
	struct dirent **names = NULL;
	int n = scandir(dir, &names, is_noted, alphasort);
	enum bp_error e = BP_E_OK;

	for (int i = 0; i < n; i++) {
		char path[BP_STATE_PATH + 300];

		snprintf(path, sizeof(path), "%s/%s", dir, names[i]->d_name);
		if (!e)
			e = take(db, path, restored);
		if (!e)
			unlink(path);
		free(names[i]);
	}
	free(names);
	return e;
}
