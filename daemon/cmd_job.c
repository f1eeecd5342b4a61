/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beatplan job: what works in the background and by the clock, from the shell; several at once are changed all or none. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/audit.h"
#include "base/time.h"
#include "daemon/cmd.h"
#include "daemon/state.h"
#include "job/job.h"
#include "job/schedule.h"
#include "queries.h"

#define LIST_MOST 100
#define LOG_MOST 10000

struct work {
	const struct verb *verb;
	const char *kind, *state;
	char **words;
	int n;
	struct bp_arena *a;
	struct bp_fail *f;
};
struct verb {
	const char *name;
	enum bp_error (*fn)(struct bp_db *, struct work *, const char *word);
	bool words, changes; /* it takes words, one call each; in one transaction */
};

static int usage(const char *why)
{
	if (why)
		fprintf(stderr, "beatplan job: %s\n", why);
	fprintf(stderr, "usage: beatplan job list [--kind KIND] [--in queued|running|done|failed|cancelled] | show ID... [--state DIR]\n"
		"       beatplan job cancel ID... | retry ID...\n"
		"       beatplan job clock | run NAME...    what is done by the clock, and having it done now\n");
	return 2;
}

static enum bp_error list(struct bp_db *db, struct work *w, const char *word)
{
	struct q_job_list *r = NULL;
	char at[BP_INSTANT_SIZE];
	size_t n = 0;
	enum bp_error e = q_job_list(db, w->a, w->kind, w->state, BP_NO_INT, INT64_MAX, LIST_MOST, &r, &n);

	(void)word;
	for (size_t i = 0; i < n; i++) {
		bp_instant_format(r[i].created_at, at);
		printf("%8lld  %s  %-17s  %-9s  %3.0f %%  %s%s%s\n", (long long)r[i].id, at, r[i].kind, r[i].state, r[i].percent, r[i].territory ? r[i].territory : "",
			r[i].by ? "  by " : "", r[i].by ? r[i].by : "");
	}
	return e;
}

static uint64_t id_of(const char *word)
{
	char *end;
	unsigned long long id = strtoull(word, &end, 10);

	return *end || *word == '-' ? 0 : id;
}

static enum bp_error show(struct bp_db *db, struct work *w, const char *word)
{
	struct q_job_get j;
	struct q_job_log *r = NULL;
	char at[BP_INSTANT_SIZE];
	size_t n = 0;
	enum bp_error e = q_job_get(db, w->a, (int64_t)id_of(word), &j);

	if (!e)
		e = q_job_log(db, w->a, j.id, 0, LOG_MOST, &r, &n);
	if (e)
		return e == BP_E_NOT_FOUND ? bp_fail(w->f, e, "there is no job %s", word) : e;
	printf("%lld %s %s %.0f %%%s%s\n", (long long)j.id, j.kind, j.state, j.percent, j.by ? " by " : "", j.by ? j.by : "");
	for (size_t i = 0; i < n; i++) {
		bp_instant_format(r[i].at, at);
		printf("  %s  %lld  %-11s  %s\n", at, (long long)r[i].attempt, r[i].what, r[i].text);
	}
	return BP_E_OK;
}

static enum bp_error trail(struct bp_db *db, enum bp_action action, const char *type, uint64_t id, const char *name)
{
	struct bp_audit au = {.action = action, .resource_type = type, .resource_id = id};

	if (name)
		bp_audit_change(&au, type, NULL, name);
	return bp_audit_write(db, &au);
}

static enum bp_error cancel(struct bp_db *db, struct work *w, const char *word)
{
	struct q_job_get j;
	enum bp_error e = q_job_get(db, w->a, (int64_t)id_of(word), &j);

	if (e)
		return e == BP_E_NOT_FOUND ? bp_fail(w->f, e, "there is no job %s", word) : e;
	e = bp_job_cancel(db, (uint64_t)j.id);
	return e ? e : trail(db, BP_ACTION_JOB_CANCEL, "job", (uint64_t)j.id, NULL);
}

static enum bp_error retry(struct bp_db *db, struct work *w, const char *word)
{
	enum bp_error e = bp_job_retry(db, w->a, id_of(word), w->f);

	if (e)
		return e == BP_E_NOT_FOUND ? bp_fail(w->f, e, "there is no job %s", word) : e;
	return trail(db, BP_ACTION_JOB_RETRY, "job", id_of(word), NULL);
}

static enum bp_error show_clock(struct bp_db *db, struct work *w, const char *word)
{
	struct q_schedules *r = NULL;
	char last[BP_INSTANT_SIZE] = "never", next[BP_INSTANT_SIZE];
	size_t n = 0;
	enum bp_error e = q_schedules(db, w->a, &r, &n);

	(void)word;
	for (size_t i = 0; i < n; i++) {
		if (r[i].begun_at.set)
			bp_instant_format(r[i].begun_at.v, last);
		bp_instant_format(r[i].next_at, next);
		printf("%-14s  last %s on %s, next %s%s%s\n", r[i].name, last, r[i].machine, next, r[i].problem ? ": " : "", r[i].problem ? r[i].problem : "");
	}
	return e;
}

static enum bp_error run_now(struct bp_db *db, struct work *w, const char *word)
{
	enum bp_error e = bp_schedule_now(db, word);

	if (e)
		return e == BP_E_NOT_FOUND ? bp_fail(w->f, e, "nothing by the name of %s is done by the clock: see `beatplan job clock`", word) : e;
	return trail(db, BP_ACTION_SCHEDULE_RUN, "schedule", 0, word);
}

static const struct verb verbs[] = {{"list", list, false, false}, {"show", show, true, false}, {"cancel", cancel, true, true}, {"retry", retry, true, true},
	{"clock", show_clock, false, false}, {"run", run_now, true, true}};

static enum bp_error each(struct bp_db *db, void *ctx)
{
	struct work *w = ctx;
	enum bp_error e = BP_E_OK;

	bp_fail_clear(w->f);
	if (!w->verb->words)
		return w->verb->fn(db, w, NULL);
	for (int i = 0; i < w->n && !e; i++)
		e = w->verb->fn(db, w, w->words[i]);
	return e;
}

int cmd_job(int argc, char **argv)
{
	static const struct option known[] = {{"state", required_argument, NULL, 's'}, {"kind", required_argument, NULL, 'k'}, {"in", required_argument, NULL, 'i'},
		{NULL, 0, NULL, 0}};
	const char *state = NULL;
	struct bp_fail f = {0};
	struct bp_arena a;
	struct work w = {.a = &a, .f = &f};
	int c, rc;

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		switch (c) {
		case 's': state = optarg; break;
		case 'k': w.kind = optarg; break;
		case 'i': w.state = optarg; break;
		default: return usage(NULL);
		}
	}
	for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs) && optind < argc; i++)
		if (!strcmp(verbs[i].name, argv[optind]))
			w.verb = &verbs[i];
	if (!w.verb)
		return usage("say what to do");
	w.words = argv + optind + 1;
	w.n = argc - optind - 1;
	if (w.verb->words != (w.n > 0))
		return usage(w.n ? "that takes no name" : "say of which");
	bp_arena_init(&a, 64u << 20);
	rc = bp_cmd_in_state(&(struct bp_cmd_work){"job", bp_cmd_state(state), w.verb->changes, each, &w, &f});
	bp_arena_release(&a);
	return rc;
}
