/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beatplan rerun: make runs of the optimiser again from their records, and tell whether the same plans come out. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/cmd.h"
#include "daemon/state.h"
#include "plan/repeat.h"

enum { SAME = 0, FAILED = 1, OTHER = 3 };

static int usage(const char *why)
{
	if (why)
		fprintf(stderr, "beatplan rerun: %s\n", why);
	fprintf(stderr, "usage: beatplan rerun [--territory CODE] [--channel GT|MT] [--version N] [--state DIR]\n"
			"       the latest run with a budget of steps of each plan, or the run that made version N of a territory's plan;\n"
			"       ends with 0 when every plan came out identical, 3 when one did not, 1 when one could not be made again\n");
	return 2;
}

static int rerun(struct bp_db *db, const struct q_plan_runs *r)
{
	struct plan_model m;
	struct bp_fail f = {0};
	struct bp_arena a;
	json_t *out = NULL;
	enum bp_error e;
	bool same;

	bp_arena_init(&a, (size_t)4 << 30);
	e = plan_repeat_load(db, &a, (uint64_t)r->version, &m, &f);
	if (!e)
		e = plan_repeat(db, &a, (uint64_t)r->version, &m, &out, &f);
	bp_arena_release(&a);
	bp_fail(&f, e, "%s", bp_errors[e].message);
	if (e)
		return bp_cmd_failed("rerun", &f), FAILED;
	same = json_is_true(json_object_get(out, "same"));
	printf("%-28s %s  version %-5lld %s  %s", r->territory, r->channel, (long long)r->number, same ? "identical" : "another plan",
		json_string_value(json_object_get(out, "hash")));
	if (!same)
		printf(", it was %s (%s)", json_string_value(json_object_get(out, "was")),
			json_is_true(json_object_get(out, "inputSame")) ? "of the same data and parameters" : "data or parameters have changed since");
	putchar('\n');
	fflush(stdout);
	json_decref(out);
	return same ? SAME : OTHER;
}

static int rerun_all(struct bp_db *db, const char *territory, const char *channel, struct bp_opt_int number)
{
	struct q_plan_runs *runs;
	struct bp_fail f = {0};
	struct bp_arena a;
	size_t n = 0;
	enum bp_error e;
	int status = SAME;

	bp_arena_init(&a, (size_t)64 << 20);
	e = q_plan_runs(db, &a, territory, channel, number, &runs, &n);
	if (!e && !n)
		e = bp_fail(&f, BP_E_NOT_FOUND, "there is no such version, or no run with a budget of steps: only those can be made again");
	bp_fail(&f, e, "%s", bp_errors[e].message);
	if (e)
		status = (bp_cmd_failed("rerun", &f), FAILED);
	for (size_t i = 0; !e && i < n; i++) {
		int s = rerun(db, &runs[i]);

		if (s && status != FAILED)
			status = s;
	}
	bp_arena_release(&a);
	return status;
}

int cmd_rerun(int argc, char **argv)
{
	static const struct option known[] = {{"state", required_argument, NULL, 's'}, {"territory", required_argument, NULL, 't'},
		{"channel", required_argument, NULL, 'c'}, {"version", required_argument, NULL, 'v'}, {NULL, 0, NULL, 0}};
	const char *state = NULL, *territory = NULL, *channel = NULL;
	struct bp_opt_int number = {0};
	struct bp_conf conf = {0};
	struct bp_fail f = {0};
	struct bp_state s;
	struct bp_db *db;
	bool bad = false;
	char *end;
	int c, status;

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		switch (c) {
		case 's': state = optarg; break;
		case 't': territory = optarg; break;
		case 'c': channel = optarg; break;
		case 'v':
			number = BP_SOME_INT(strtol(optarg, &end, 10));
			bad = bad || end == optarg || *end || number.v < 0;
			break;
		default: return usage(NULL);
		}
	}
	if (optind != argc)
		return usage("takes no words");
	if (channel && strcmp(channel, "GT") && strcmp(channel, "MT"))
		return usage("--channel takes GT or MT");
	if (bad)
		return usage("--version takes the number of a version");
	if (number.set && (!territory || !channel))
		return usage("--version goes with --territory and --channel");
	if (bp_state_init(&s, bp_cmd_state(state), &f) || bp_state_open(&s, &conf, &db, false, &f))
		return bp_cmd_failed("rerun", &f);
	status = rerun_all(db, territory, channel, number);
	bp_db_free(db);
	bp_conf_release(&conf);
	return status;
}
