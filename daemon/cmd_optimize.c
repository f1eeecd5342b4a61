/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beatplan optimize: plan units from the shell, through the same lock, session, job and commit as the screens. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/cmd.h"
#include "daemon/optimize_run.h"
#include "daemon/state.h"

static enum bp_error plan_unit(struct bp_optimize *o, const struct q_plan_units *unit)
{
	struct bp_fail f = {0};
	enum bp_error e;

	o->unit = (uint64_t)unit->id;
	o->channel = unit->channel;
	e = bp_optimize_run(o, &f);
	if (e) {
		fprintf(stderr, "beatplan optimize: %s %s: %s\n", unit->name, unit->channel, *f.detail ? f.detail : bp_errors[e].message);
		return e;
	}
	printf("%-24s %s  %6lld needs  %7lld calls  %8.0f min under way  %6.0f km  %5lld missing\n", unit->name, unit->channel,
		(long long)unit->needs, (long long)o->version.calls, (double)o->version.travel_seconds / 60, (double)o->version.metres / 1000,
		(long long)o->version.unserved);
	if (o->dropped)
		printf("%-24s %s  %6lld outlets went to another unit: nobody visits them until its plan is committed too\n", unit->name, unit->channel,
			(long long)o->dropped);
	fflush(stdout);
	return BP_E_OK;
}

static int usage(const char *why)
{
	if (why)
		fprintf(stderr, "beatplan optimize: %s\n", why);
	fprintf(stderr, "usage: beatplan optimize [--territory CODE] [--channel GT|MT] [--seconds N | --iterations N] [--cycle]\n"
			"                         [--commit] [--user NAME] [--state DIR]\n"
			"  plans every unit, or those with that code; --cycle: in the cycle that its parameters ask for by now, from the\n"
			"  coming week on; without --commit the plan is kept as a saved version\n");
	return 2;
}

/* A whole number of 0 to `most`, -1 when it is none. */
static long whole(const char *s, long most)
{
	char *end;
	long v = strtol(s, &end, 10);

	return *s && !*end && v >= 0 && v <= most ? v : -1;
}

int cmd_optimize(int argc, char **argv)
{
	static const struct option known[] = {{"state", required_argument, NULL, 's'}, {"territory", required_argument, NULL, 't'},
		{"channel", required_argument, NULL, 'c'}, {"seconds", required_argument, NULL, 'n'},
		{"iterations", required_argument, NULL, 'i'}, {"cycle", no_argument, NULL, 'k'}, {"commit", no_argument, NULL, 'y'},
		{"user", required_argument, NULL, 'u'}, {NULL, 0, NULL, 0}};
	const char *state = NULL, *territory = NULL, *channel = NULL, *user_name = "admin";
	struct bp_arena a;
	struct bp_fail f = {0};
	struct bp_optimize r = {.arena = &a};
	struct q_user_login user;
	struct q_plan_units *units;
	struct bp_conf conf = {0};
	struct bp_state s;
	size_t n = 0;
	int c, failures = 0;
	enum bp_error e;

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		switch (c) {
		case 's': state = optarg; break;
		case 't': territory = optarg; break;
		case 'c': channel = optarg; break;
		case 'n': r.seconds = whole(optarg, 300); break;
		case 'i': r.iterations = whole(optarg, 1000000000000); break;
		case 'k': r.cycle = true; break;
		case 'y': r.commit = true; break;
		case 'u': user_name = optarg; break;
		default: return usage(NULL);
		}
	}
	if (r.seconds < 0)
		return usage("--seconds takes a whole number of 1 to 300");
	if (r.iterations < 0)
		return usage("--iterations takes a whole number");
	if (channel && strcmp(channel, "GT") && strcmp(channel, "MT"))
		return usage("--channel takes GT or MT");
	if (optind < argc)
		return usage("it takes no other words: name a unit with --territory");
	if (bp_state_init(&s, bp_cmd_state(state), &f) || bp_state_open(&s, &conf, &r.db, false, &f))
		return bp_cmd_failed("optimize", &f);
	bp_arena_init(&a, (size_t)4 << 30);
	e = q_user_login(r.db, &a, user_name, &user);
	r.user = e ? 0 : (uint64_t)user.id;
	if (e)
		bp_fail(&f, e, "there is no user '%s': name one with --user", user_name);
	if (!e)
		e = q_plan_units(r.db, &a, territory, channel, &units, &n);
	if (!e && !n)
		e = bp_fail(&f, BP_E_TERRITORY_NONE, "there is nothing to plan: no unit with outlets and seats%s%s",
			territory ? " has the code " : "", territory ? territory : "");
	if (e) {
		failures = bp_cmd_failed("optimize", &f);
		n = 0;
	}
	for (size_t i = 0; i < n && e != BP_E_CANCELLED; i++) {
		e = plan_unit(&r, &units[i]);
		failures += e != BP_E_OK;
	}
	bp_arena_release(&a);
	bp_db_free(r.db);
	bp_conf_release(&conf);
	return failures ? 1 : 0;
}
