/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beatplan lock: who plans where, and breaking locks from the shell; several at once are broken all or none. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/audit.h"
#include "base/time.h"
#include "daemon/cmd.h"
#include "daemon/state.h"
#include "lock/lock.h"
#include "notice/notice.h"
#include "queries.h"

struct work {
	const char *reason;
	char **words;
	int n;
	struct bp_arena *a;
	struct bp_fail *f;
	struct q_lock_list *lock;
	size_t n_locks;
};

static int usage(const char *why)
{
	if (why)
		fprintf(stderr, "beatplan lock: %s\n", why);
	fprintf(stderr, "usage: beatplan lock list | break LOCK... --reason TEXT [--state DIR]    whoever held it is told, and keeps the draft\n");
	return 2;
}

static void show(const struct work *w)
{
	char since[BP_INSTANT_SIZE], seen[BP_INSTANT_SIZE];

	for (size_t i = 0; i < w->n_locks; i++) {
		const struct q_lock_list *l = &w->lock[i];

		bp_instant_format(l->since, since);
		bp_instant_format(l->last_seen, seen);
		printf("%6lld  %s  %-30s  %s since %s, last seen %s\n", (long long)l->id, l->channel, l->name, l->holder ? l->holder : "nobody", since, seen);
	}
}

static enum bp_error break_one(struct bp_db *db, struct work *w, const char *word)
{
	char *end;
	long long id = strtoll(word, &end, 10);
	const struct q_lock_list *l = NULL;
	struct bp_audit au = {.action = BP_ACTION_LOCK_BREAK, .resource_type = "territory", .reason = w->reason};
	struct bp_lock held;
	enum bp_error e;

	for (size_t i = 0; i < w->n_locks && !*end; i++)
		if (w->lock[i].id == id)
			l = &w->lock[i];
	if (!l)
		return bp_fail(w->f, BP_E_NOT_FOUND, "there is no lock %s: see `beatplan lock list`", word);
	e = bp_lock_get(db, w->a, (uint64_t)l->territory, l->channel, &held);
	au.resource_id = au.territory = (uint64_t)l->territory;
	au.channel = l->channel;
	bp_audit_change(&au, "holder", l->holder, NULL);
	if (!e)
		e = bp_notice_tell(db, BP_NOTICE_LOCK_BROKEN, held.user, &(struct bp_notice_of){(uint64_t)l->territory, 0, l->channel, w->reason});
	if (!e)
		e = bp_lock_drop(db, (uint64_t)l->territory, l->channel);
	return e ? e : bp_audit_write(db, &au);
}

static enum bp_error work(struct bp_db *db, void *ctx)
{
	struct work *w = ctx;
	enum bp_error e = q_lock_list(db, w->a, BP_NO_INT, &w->lock, &w->n_locks);

	bp_fail_clear(w->f);
	for (int i = 0; i < w->n && !e; i++)
		e = break_one(db, w, w->words[i]);
	return e;
}

int cmd_lock(int argc, char **argv)
{
	static const struct option known[] = {{"state", required_argument, NULL, 's'}, {"reason", required_argument, NULL, 'r'}, {NULL, 0, NULL, 0}};
	const char *state = NULL, *verb;
	struct bp_fail f = {0};
	struct bp_arena a;
	struct work w = {.a = &a, .f = &f};
	int c, rc;

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (c == 's')
			state = optarg;
		else if (c == 'r')
			w.reason = optarg;
		else
			return usage(NULL);
	}
	verb = optind < argc ? argv[optind++] : "";
	w.words = argv + optind;
	w.n = argc - optind;
	if (strcmp(verb, "list") && strcmp(verb, "break"))
		return usage("say what to do");
	if (!strcmp(verb, "break") != (w.n > 0))
		return usage(w.n ? "list takes no lock" : "say which locks, by the numbers of `list`");
	if (w.n && (!w.reason || !*w.reason || strlen(w.reason) > 500))
		return usage("--reason TEXT is missing");
	bp_arena_init(&a, 64u << 20);
	rc = bp_cmd_in_state(&(struct bp_cmd_work){"lock", bp_cmd_state(state), true, work, &w, &f});
	if (!rc && !w.n)
		show(&w);
	bp_arena_release(&a);
	return rc;
}
