/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beatplan optimize: plan units from the shell, through the same lock, session, job and commit as the screens. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "audit/audit.h"
#include "base/time.h"
#include "daemon/cmd.h"
#include "daemon/state.h"
#include "job/job.h"
#include "lock/lock.h"
#include "plan/optimize.h"
#include "plan/version.h"

struct run {
	struct bp_db *db;
	struct bp_arena a;
	struct bp_fail fail;
	const char *channel, *user_name;
	uint64_t user, unit, session, job, version;
	long seconds, iterations;
	bool commit;
};

static enum bp_error begin(struct bp_db *db, void *ctx)
{
	struct run *r = ctx;
	struct bp_lock *got, *refused;
	size_t n, n_refused;
	struct plan_size size;
	struct q_session_get s;
	char payload[200];
	enum bp_error e = bp_lock_take(db, &r->a, r->unit, r->channel, r->user, &got, &n, &refused, &n_refused, &r->fail);

	if (!e)
		e = plan_session_open(db, &r->a, r->unit, r->channel, r->user, &r->session, &r->fail);
	if (!e)
		e = q_session_get(db, &r->a, (int64_t)r->session, &s);
	if (!e)
		e = plan_optimize_size(db, &r->a, (uint64_t)s.plan_id, NULL, 0, &size, &r->fail);
	snprintf(payload, sizeof(payload), "{\"session\":%llu,\"seconds\":%ld,\"iterations\":%ld,\"seed\":1,\"exclude\":[]}",
		(unsigned long long)r->session, r->seconds ? r->seconds : (long)(e ? 1 : size.seconds), r->iterations);
	return e ? e : bp_job_add(db, BP_JOB_OPTIMIZE, r->session, r->unit, payload, 0, r->user, "shell", &r->job);
}

static enum bp_error finish(struct bp_db *db, void *ctx)
{
	struct run *r = ctx;
	struct bp_audit au = {.action = r->commit ? BP_ACTION_PLAN_COMMIT : BP_ACTION_PLAN_SAVE, .user = r->user, .resource_type = "plan",
		.territory = r->unit, .channel = r->channel, .session = r->session, .agent = "beatplan optimize"};
	struct plan_version_new v = {.user = r->user, .kind = r->commit ? "COMMIT" : "SAVE", .notes = "optimised from the shell"};
	struct q_session_get s;
	int64_t seq;
	enum bp_error e = plan_session_adopt(db, &r->a, r->session, r->user, r->version, "", &seq, &r->fail);

	if (!e)
		e = q_session_get(db, &r->a, (int64_t)r->session, &s);
	if (e)
		return e;
	v.plan = au.resource_id = (uint64_t)s.plan_id;
	v.anchor = s.anchor;
	v.weeks = s.weeks;
	e = plan_version_from_draft(db, &r->a, &v, r->session, &r->version);
	if (!e && r->commit)
		e = plan_version_commit(db, &r->a, r->version, bp_now() / 86400000000 + 1);
	if (!e && r->commit)
		e = q_session_set_status(db, (int64_t)r->session, "COMMITTED", NULL);
	if (!e)
		e = bp_job_add(db, BP_JOB_SNAPSHOT, r->unit, r->unit, "{}", 0, r->user, "shell", NULL);
	if (!e)
		e = bp_lock_drop(db, r->unit, r->channel);
	return e ? e : bp_audit_write(db, &au);
}

/* Poll the job; its progress goes to standard error on a terminal line of its own. */
static enum bp_error wait_for_job(struct run *r)
{
	for (;;) {
		struct timespec pause = {0, 200000000};
		struct q_job_get j;
		json_t *result;
		enum bp_error e = q_job_get(r->db, &r->a, (int64_t)r->job, &j);

		if (e)
			return e;
		if (!strcmp(j.state, "failed"))
			return bp_fail(&r->fail, BP_E_OPT_FAILED, "%s %s", j.error_code, j.error_detail ? j.error_detail : "");
		if (!strcmp(j.state, "done") || (!strcmp(j.state, "cancelled") && j.result)) {
			result = json_loads(j.result, 0, NULL);
			r->version = (uint64_t)json_integer_value(json_object_get(result, "versionId"));
			json_decref(result);
			return BP_E_OK;
		}
		if (!strcmp(j.state, "cancelled"))
			return BP_E_CANCELLED;
		nanosleep(&pause, NULL);
	}
}

static enum bp_error plan_unit(struct run *r, const struct q_plan_units *unit)
{
	struct q_plan_version_get v;
	enum bp_error e;

	r->unit = (uint64_t)unit->id;
	r->channel = unit->channel;
	bp_fail_clear(&r->fail);
	e = bp_db_tx(r->db, begin, r);
	if (!e)
		e = wait_for_job(r);
	if (!e)
		e = bp_db_tx(r->db, finish, r);
	if (!e)
		e = q_plan_version_get(r->db, &r->a, (int64_t)r->version, &v);
	if (e) {
		fprintf(stderr, "beatplan optimize: %s %s: %s\n", unit->name, unit->channel,
			*r->fail.detail ? r->fail.detail : bp_errors[e].message);
		return e;
	}
	printf("%-24s %s  %6lld needs  %7lld calls  %8.0f min under way  %6.0f km  %5lld missing\n", unit->name, unit->channel,
		(long long)unit->needs, (long long)v.calls, (double)v.travel_seconds / 60, (double)v.metres / 1000, (long long)v.unserved);
	fflush(stdout);
	return BP_E_OK;
}

static int usage(void)
{
	fprintf(stderr, "usage: beatplan optimize [--territory CODE] [--channel GT|MT] [--seconds N | --iterations N] [--commit]\n"
			"                         [--user NAME] [--state DIR]\n"
			"  plans every unit, or those with that code; without --commit the plan is kept as a saved version\n");
	return 2;
}

int cmd_optimize(int argc, char **argv)
{
	static const struct option known[] = {{"state", required_argument, NULL, 's'}, {"territory", required_argument, NULL, 't'},
		{"channel", required_argument, NULL, 'c'}, {"seconds", required_argument, NULL, 'n'},
		{"iterations", required_argument, NULL, 'i'}, {"commit", no_argument, NULL, 'y'}, {"user", required_argument, NULL, 'u'},
		{NULL, 0, NULL, 0}};
	const char *state = NULL, *territory = NULL, *channel = NULL;
	struct run r = {.user_name = "admin"};
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
		case 'n': r.seconds = strtol(optarg, NULL, 10); break;
		case 'i': r.iterations = strtol(optarg, NULL, 10); break;
		case 'y': r.commit = true; break;
		case 'u': r.user_name = optarg; break;
		default: return usage();
		}
	}
	if (optind < argc || r.seconds < 0 || r.seconds > 300 || r.iterations < 0 ||
		(channel && strcmp(channel, "GT") && strcmp(channel, "MT")))
		return usage();
	if (bp_state_init(&s, bp_cmd_state(state), &r.fail) || bp_state_open(&s, &conf, &r.db, false, &r.fail))
		return bp_cmd_failed("optimize", &r.fail);
	bp_arena_init(&r.a, (size_t)4 << 30);
	e = q_user_login(r.db, &r.a, r.user_name, &user);
	r.user = e ? 0 : (uint64_t)user.id;
	if (e)
		bp_fail(&r.fail, e, "there is no user '%s': name one with --user", r.user_name);
	if (!e)
		e = q_plan_units(r.db, &r.a, territory, channel, &units, &n);
	if (!e && !n)
		e = bp_fail(&r.fail, BP_E_TERRITORY_NONE, "there is nothing to plan: no unit with outlets and seats%s%s",
			territory ? " has the code " : "", territory ? territory : "");
	if (e)
		failures = bp_cmd_failed("optimize", &r.fail);
	for (size_t i = 0; i < n && !e; i++)
		failures += plan_unit(&r, &units[i]) != BP_E_OK;
	bp_arena_release(&r.a);
	bp_db_free(r.db);
	bp_conf_release(&conf);
	return failures ? 1 : 0;
}
