/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beatplan profile: who changed parameters and holidays of a territory, and the way back, from the shell as on the screen. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "daemon/cmd.h"
#include "daemon/state.h"
#include "plan/config.h"
#include "queries.h"
#include "snapshot/snapshot.h"

#define ENTRIES_MOST 10000

struct work {
	const char *verb, *territory, *reason;
	int64_t entry;
	bool anyway;
	struct plan_config c;
	struct bp_audit au;
	struct bp_arena *a;
	struct bp_fail *f;
};

static int usage(const char *why)
{
	if (why)
		fprintf(stderr, "beatplan profile: %s\n", why);
	fprintf(stderr, "usage: beatplan profile history --territory CODE --channel GT|MT                      changes of parameters and holidays, the newest first\n"
		"       beatplan profile revert CHANGE --territory CODE --channel GT|MT --reason TEXT [--anyway]   put back what held before it;\n"
		"       what was changed again since stays, unless --anyway says otherwise                 [--state DIR]\n");
	return 2;
}

static enum bp_error history(struct bp_db *db, const struct work *w)
{
	struct q_audit_profile *r = NULL;
	char at[BP_INSTANT_SIZE];
	size_t n = 0;
	enum bp_error e = q_audit_profile(db, w->a, (int64_t)w->c.territory, w->c.channel, INT64_MAX, ENTRIES_MOST, &r, &n);

	for (size_t i = 0; i < n; i++) {
		if (!i || r[i].id != r[i - 1].id) {
			bp_instant_format(r[i].at, at);
			printf("%8lld  %s  %s: %s\n", (long long)r[i].id, at, r[i].user ? r[i].user : "the shell", r[i].reason);
		}
		printf("%10s%s  %s -> %s\n", "", r[i].field, r[i].old_value ? r[i].old_value : "-", r[i].new_value ? r[i].new_value : "-");
	}
	return e;
}

static enum bp_error revert(struct bp_db *db, void *ctx)
{
	struct work *w = ctx;
	struct plan_config c = w->c;
	json_t *faults = json_array(), *now = NULL;
	enum bp_error e = w->anyway ? plan_config_now(db, w->a, &c, w->entry, &now) : BP_E_OK;

	bp_fail_clear(w->f);
	w->au = (struct bp_audit){.resource_type = "territory", .territory = c.territory, .reason = w->reason, .correlation = "shell"};
	c.seen = now;
	if (!e || e == BP_E_NOT_FOUND)
		e = plan_config_back(db, w->a, &c, w->entry, &w->au, faults, w->f);
	if (e == BP_E_FIELDS) /* what once was allowed */
		e = bp_fail(w->f, e, "%s is out of range now", json_string_value(json_object_get(json_array_get(faults, 0), "pointer")) + 1);
	json_decref(faults);
	json_decref(now);
	if (!e && w->au.action == BP_ACTION_PROFILE_CHANGE)
		e = sn_request_units(db, w->a, c.territory, 0, "shell");
	return e ? e : bp_audit_write(db, &w->au);
}

static enum bp_error work(struct bp_db *db, void *ctx)
{
	struct work *w = ctx;
	struct q_territory_of_code t;
	enum bp_error e = q_territory_of_code(db, w->a, w->territory, &t);

	if (e)
		return e == BP_E_NOT_FOUND ? bp_fail(w->f, e, "there is no territory %s", w->territory) : e;
	w->c.territory = (uint64_t)t.id;
	if (strcmp(w->verb, "revert"))
		return history(db, w);
	e = bp_db_tx(db, revert, w);
	for (size_t i = 0; !e && i < w->au.n_changes; i++)
		printf("%s is %s again\n", w->au.changes[i].field, w->au.changes[i].new_value ? w->au.changes[i].new_value : "not set");
	return e;
}

/* What is wrong with the words, NULL = nothing. */
static const char *wrong(const struct work *w, int words)
{
	bool back = !strcmp(w->verb, "revert");

	if (!back && strcmp(w->verb, "history"))
		return "say what to do";
	if (!w->territory)
		return "--territory CODE is missing";
	if (!w->c.channel || (strcmp(w->c.channel, "GT") && strcmp(w->c.channel, "MT")))
		return "--channel GT or MT is missing";
	if (back && (words != 1 || w->entry < 1))
		return "say which change, by its number in the history";
	if (back && (!w->reason || !*w->reason || strlen(w->reason) > 500))
		return "--reason TEXT is missing";
	return back || !words ? NULL : "history takes no further word";
}

int cmd_profile(int argc, char **argv)
{
	static const struct option known[] = {{"state", required_argument, NULL, 's'}, {"reason", required_argument, NULL, 'r'},
		{"territory", required_argument, NULL, 't'}, {"channel", required_argument, NULL, 'c'}, {"anyway", no_argument, NULL, 'a'}, {NULL, 0, NULL, 0}};
	const char *state = NULL;
	struct bp_fail f = {0};
	struct bp_arena a;
	struct work w = {.a = &a, .f = &f, .c.by.correlation = "shell"};
	int c, rc;

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		const char **to = c == 's' ? &state : c == 'r' ? &w.reason : c == 't' ? &w.territory : c == 'c' ? &w.c.channel : NULL;

		if (c == 'a')
			w.anyway = true;
		else if (!to)
			return usage(NULL);
		else
			*to = optarg;
	}
	w.verb = optind < argc ? argv[optind++] : "";
	w.entry = optind < argc ? strtoll(argv[optind], NULL, 10) : 0;
	if (wrong(&w, argc - optind))
		return usage(wrong(&w, argc - optind));
	bp_arena_init(&a, 256u << 20);
	rc = bp_cmd_in_state(&(struct bp_cmd_work){"profile", bp_cmd_state(state), false, work, &w, &f});
	bp_arena_release(&a);
	return rc;
}
