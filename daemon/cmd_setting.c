/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beatplan setting: what is changed while it runs, from the shell; several at once are changed all or none. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/audit.h"
#include "base/time.h"
#include "daemon/cmd.h"
#include "daemon/state.h"
#include "queries.h"
#include "setting/setting.h"

struct work {
	const char *verb, *reason, *to;
	char **words; /* NAME or NAME=VALUE */
	int n;
	struct bp_arena *a;
	struct bp_fail *f;
	struct q_settings_now *now;
	size_t n_now;
};

static int usage(const char *why)
{
	if (why)
		fprintf(stderr, "beatplan setting: %s\n", why);
	fprintf(stderr, "usage: beatplan setting list | get NAME... | history NAME [--state DIR]\n"
		"       beatplan setting set NAME=VALUE... --reason TEXT    VALUE: a number, on, off, an address, or `default`\n"
		"       beatplan setting revert NAME... [--to CHANGE] --reason TEXT    without --to: to what held before the newest change\n");
	return 2;
}

static const struct q_settings_now *newest(const struct work *w, enum bp_setting s)
{
	for (size_t i = 0; i < w->n_now; i++)
		if (!strcmp(w->now[i].name, bp_settings[s].name))
			return &w->now[i];
	return NULL;
}

static const char *value_of(const struct work *w, enum bp_setting s)
{
	const struct q_settings_now *r = newest(w, s);

	return r && r->value ? r->value : bp_setting_default(s);
}

static void show(const struct work *w, enum bp_setting s)
{
	const struct bp_setting_info *i = &bp_settings[s];
	const struct q_settings_now *r = newest(w, s);
	char at[BP_INSTANT_SIZE];

	printf("%-24s %12s %-9s", i->name, value_of(w, s), i->unit);
	if (r) {
		bp_instant_format(r->at, at);
		printf(" (default %s) %s by %s: %s", bp_setting_default(s), at, r->user ? r->user : "the shell", r->reason);
	}
	printf("\n%-24s %s\n", "", i->what);
}

static enum bp_error history(struct bp_db *db, const struct work *w)
{
	struct q_setting_history *r = NULL;
	char at[BP_INSTANT_SIZE];
	size_t n = 0;
	enum bp_error e = q_setting_history(db, w->a, w->words[0], INT64_MAX, 100000, &r, &n);

	for (size_t i = 0; i < n; i++) {
		bp_instant_format(r[i].at, at);
		printf("%4lld  %s  %-12s %s: %s", (long long)r[i].seq, at, r[i].value ? r[i].value : "default", r[i].user ? r[i].user : "the shell", r[i].reason);
		if (r[i].reverts.set)
			printf(" (back to %lld)", (long long)r[i].reverts.v);
		putchar('\n');
	}
	return e;
}

/* One word: what it asks for, or why not. */
static enum bp_error change(struct bp_db *db, struct work *w, const char *word)
{
	size_t n = strcspn(word, "=");
	bool set = !strcmp(w->verb, "set");
	struct bp_setting_change c = {.setting = bp_setting_find(bp_strndup(w->a, word, n)), .reason = w->reason};
	const struct q_settings_now *now = newest(w, c.setting);
	struct bp_audit au = {.action = set ? BP_ACTION_SETTING_CHANGE : BP_ACTION_SETTING_REVERT, .resource_type = "setting", .reason = w->reason};
	const char *fault = NULL;
	enum bp_error e = BP_E_OK;

	c.seen = now ? now->seq : 0;
	if (set)
		c.value = strcmp(word + n + 1, "default") ? word + n + 1 : NULL;
	else
		e = bp_setting_back(db, w->a, w->to ? BP_SOME_INT(strtoll(w->to, NULL, 10)) : BP_NO_INT, &c, w->f);
	if (!e && set && c.value)
		fault = bp_setting_fault(w->a, c.setting, c.value);
	if (fault)
		return bp_fail(w->f, BP_E_FIELDS, "%s %s", bp_settings[c.setting].name, fault);
	if (!e)
		e = bp_setting_put(db, w->a, &c, w->f);
	au.resource_id = (uint64_t)c.seen + 1;
	bp_audit_change(&au, bp_settings[c.setting].name, value_of(w, c.setting), c.value ? c.value : bp_setting_default(c.setting));
	return e ? e : bp_audit_write(db, &au);
}

static enum bp_error change_all(struct bp_db *db, void *ctx)
{
	struct work *w = ctx;
	enum bp_error e;

	bp_fail_clear(w->f);
	e = q_settings_now(db, w->a, &w->now, &w->n_now);
	for (int i = 0; i < w->n && !e; i++)
		e = change(db, w, w->words[i]);
	return e;
}

static enum bp_error work(struct bp_db *db, void *ctx)
{
	struct work *w = ctx;
	bool all = !strcmp(w->verb, "list");
	enum bp_error e;

	if (!strcmp(w->verb, "history"))
		return history(db, w);
	e = all || !strcmp(w->verb, "get") ? BP_E_OK : bp_db_tx(db, change_all, w);
	if (!e)
		e = q_settings_now(db, w->a, &w->now, &w->n_now);
	for (int s = 1; s < BP_SETTING__MAX && !e && all; s++)
		show(w, (enum bp_setting)s);
	for (int i = 0; i < w->n && !e; i++)
		show(w, bp_setting_find(bp_strndup(w->a, w->words[i], strcspn(w->words[i], "="))));
	return e;
}

/* What is wrong with the words, NULL = nothing. */
static const char *faults(const struct work *w)
{
	static const char *const verbs[] = {"list", "get", "set", "revert", "history"};
	bool known = false, changes = !strcmp(w->verb, "set") || !strcmp(w->verb, "revert");

	for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++)
		known = known || !strcmp(w->verb, verbs[i]);
	if (!known)
		return "say what to do";
	if (strcmp(w->verb, "list") ? !w->n : w->n)
		return w->n ? "list takes no name" : "a setting is missing";
	if (changes && (!w->reason || !*w->reason || strlen(w->reason) > 500))
		return "--reason TEXT is missing";
	if (w->to && (!*w->to || strlen(w->to) > 9 || strspn(w->to, "0123456789") != strlen(w->to)))
		return "--to takes the number of a change, 0 = the default";
	for (int i = 0; i < w->n; i++) {
		size_t n = strcspn(w->words[i], "=");

		if (!strcmp(w->verb, "set") && !w->words[i][n])
			return "say NAME=VALUE";
		if (!bp_setting_find(bp_strndup(w->a, w->words[i], n)) || (strcmp(w->verb, "set") && w->words[i][n]))
			return bp_sprintf(w->a, "there is no setting %s", w->words[i]);
	}
	return NULL;
}

int cmd_setting(int argc, char **argv)
{
	static const struct option known[] = {{"state", required_argument, NULL, 's'}, {"reason", required_argument, NULL, 'r'},
		{"to", required_argument, NULL, 't'}, {NULL, 0, NULL, 0}};
	const char *state = NULL, *wrong;
	struct bp_fail f = {0};
	struct bp_arena a;
	struct work w = {.a = &a, .f = &f};
	int c, rc;

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (c == 's')
			state = optarg;
		else if (c == 'r')
			w.reason = optarg;
		else if (c == 't')
			w.to = optarg;
		else
			return usage(NULL);
	}
	bp_arena_init(&a, 64u << 20);
	w.verb = optind < argc ? argv[optind++] : "";
	w.words = argv + optind;
	w.n = argc - optind;
	wrong = faults(&w);
	rc = wrong ? usage(wrong) : bp_cmd_in_state(&(struct bp_cmd_work){"setting", bp_cmd_state(state), false, work, &w, &f});
	bp_arena_release(&a);
	return rc;
}
