/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/optimize_run.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "audit/audit.h"
#include "base/time.h"
#include "job/job.h"
#include "lock/lock.h"
#include "plan/announce.h"
#include "plan/optimize.h"
#include "plan/session.h"
#include "plan/visits.h"

struct run {
	struct bp_optimize *o;
	struct bp_fail *fail;
	uint64_t session, job, proposal, kept;
	bool locked; /* here: a lock that the user held before stays when the run fails */
};

static struct bp_audit event_of(const struct run *r, enum bp_action action)
{
	return (struct bp_audit){.action = action, .user = r->o->user, .territory = r->o->unit, .channel = r->o->channel, .session = r->session};
}

/* A change of the draft, in the trail as one made on the screen. */
static enum bp_error note(struct bp_db *db, const struct run *r, enum bp_action action, const char *reason, int64_t seq)
{
	struct bp_audit au = event_of(r, action);

	au.reason = reason;
	au.resource_type = "session";
	au.resource_id = r->session;
	bp_audit_change(&au, "seq", NULL, bp_sprintf(r->o->arena, "%lld", (long long)seq));
	return bp_audit_write(db, &au);
}

/* Weeks may differ, or the day on which they begin. */
static enum bp_error begin_cycle(struct bp_db *db, struct run *r, struct q_session_get *s)
{
	static const char why[] = "as the planning parameters say";
	struct plan_cycle wanted;
	int64_t seq;
	enum bp_error e = plan_cycle_to_come(db, r->o->unit, r->o->channel, &wanted);

	if (e || (s->weeks == wanted.weeks && (wanted.anchor - s->anchor) % 7 == 0))
		return e;
	e = plan_session_cycle(db, r->o->arena, r->session, r->o->user, &wanted, why, &seq, r->fail);
	if (!e)
		e = note(db, r, BP_ACTION_PLAN_CYCLE, why, seq);
	return e ? e : q_session_get(db, r->o->arena, (int64_t)r->session, s);
}

static enum bp_error begin(struct bp_db *db, void *ctx)
{
	struct run *r = ctx;
	struct bp_optimize *o = r->o;
	struct bp_lock held, *got, *refused;
	size_t n, n_refused;
	struct plan_size size;
	struct q_session_get s;
	char payload[200];
	enum bp_error e = bp_lock_get(db, o->arena, o->unit, o->channel, &held);

	r->locked = e == BP_E_NOT_FOUND;
	if (!e || r->locked)
		e = bp_lock_take(db, o->arena, o->unit, o->channel, o->user, &got, &n, &refused, &n_refused, r->fail);
	if (!e)
		e = plan_session_open(db, o->arena, o->unit, o->channel, o->user, &r->session, r->fail);
	if (!e)
		e = q_session_get(db, o->arena, (int64_t)r->session, &s);
	if (!e && o->cycle)
		e = begin_cycle(db, r, &s);
	if (!e)
		e = plan_optimize_size(db, o->arena, &s, &(struct plan_choice){0}, &size, r->fail);
	snprintf(payload, sizeof(payload), "{\"session\":%llu,\"seconds\":%ld,\"iterations\":%ld,\"seed\":1,\"exclude\":[]}",
		(unsigned long long)r->session, o->seconds ? o->seconds : (long)(e ? 1 : size.seconds), o->iterations);
	return e ? e : bp_job_add(db, BP_JOB_OPTIMIZE, r->session, o->unit, payload, 0, o->user, "shell", &r->job);
}

static enum bp_error finish(struct bp_db *db, void *ctx)
{
	struct run *r = ctx;
	struct bp_optimize *o = r->o;
	struct bp_audit au = event_of(r, o->commit ? BP_ACTION_PLAN_COMMIT : BP_ACTION_PLAN_SAVE);
	struct q_plan_version_get kept;
	struct plan_version_new v;
	struct q_session_get s;
	struct q_departed *gone;
	size_t n_gone = 0;
	int64_t seq;
	enum bp_error e = plan_session_adopt(db, o->arena, r->session, o->user, r->proposal, "", &seq, r->fail);

	if (!e)
		e = note(db, r, BP_ACTION_PLAN_ADOPT, NULL, seq);
	if (!e)
		e = q_session_get(db, o->arena, (int64_t)r->session, &s);
	if (e)
		return e;
	au.resource_type = "plan";
	au.resource_id = (uint64_t)s.plan_id;
	v = plan_version_of(&s, o->commit ? "COMMIT" : "SAVE", o->user, "optimised from the shell");
	e = plan_version_from_draft(db, o->arena, &v, r->session, &r->kept);
	if (!e && o->commit)
		e = q_departed(db, o->arena, s.plan_id, (int64_t)r->session, 0, 0, 1, &gone, &n_gone);
	o->dropped = n_gone ? gone->dropped : 0;
	if (!e && o->commit)
		e = plan_version_commit(db, o->arena, r->kept, bp_today() + 1);
	if (!e && o->commit)
		e = q_session_set_status(db, (int64_t)r->session, "COMMITTED", NULL);
	if (!e)
		e = o->commit ? plan_announce(db, &(struct plan_committed){(uint64_t)s.plan_id, o->unit, r->kept, o->user, o->channel, v.notes, "shell"})
			      : bp_job_add(db, BP_JOB_SNAPSHOT, o->unit, o->unit, "{}", 0, o->user, "shell", NULL);
	if (!e)
		e = bp_lock_drop(db, o->unit, o->channel);
	if (!e)
		e = q_plan_version_get(db, o->arena, (int64_t)r->kept, &kept);
	if (e)
		return e;
	bp_audit_change(&au, "version", NULL, bp_sprintf(o->arena, "%lld", (long long)kept.number));
	bp_audit_change(&au, "planHash", NULL, kept.plan_hash);
	return bp_audit_write(db, &au);
}

/* The draft stays for another try. */
static enum bp_error give_up(struct bp_db *db, void *ctx)
{
	struct run *r = ctx;

	return bp_lock_drop(db, r->o->unit, r->o->channel);
}

static volatile sig_atomic_t told_to_stop;

static void on_stop(int signo)
{
	(void)signo;
	told_to_stop = 1;
}

static enum bp_error wait_for_job(struct run *r)
{
	struct sigaction stop = {.sa_handler = on_stop};

	sigaction(SIGINT, &stop, NULL);
	sigaction(SIGTERM, &stop, NULL);
	for (;;) {
		struct timespec pause = {0, 200000000};
		struct q_job_get j;
		json_t *result;
		enum bp_error e = q_job_get(r->o->db, r->o->arena, (int64_t)r->job, &j);

		if (e)
			return e;
		if (told_to_stop) {
			bp_job_cancel(r->o->db, r->job);
			return bp_fail(r->fail, BP_E_CANCELLED, "stopped; the territory is free again");
		}
		if (!strcmp(j.state, "failed"))
			return bp_fail(r->fail, BP_E_OPT_FAILED, "%s %s", j.error_code, j.error_detail ? j.error_detail : "");
		if (!strcmp(j.state, "done") || (!strcmp(j.state, "cancelled") && j.result)) {
			result = json_loads(j.result, 0, NULL);
			r->proposal = (uint64_t)json_integer_value(json_object_get(result, "versionId"));
			json_decref(result);
			return BP_E_OK;
		}
		if (!strcmp(j.state, "cancelled"))
			return BP_E_CANCELLED;
		nanosleep(&pause, NULL);
	}
}

enum bp_error bp_optimize_run(struct bp_optimize *o, struct bp_fail *f)
{
	struct run r = {.o = o, .fail = f};
	int64_t start = bp_monotonic_us();
	enum bp_error e;

	bp_fail_clear(f);
	e = bp_db_tx(o->db, begin, &r);
	if (!e)
		e = wait_for_job(&r);
	o->job_seconds = (double)(bp_monotonic_us() - start) / 1e6;
	if (!e)
		e = bp_db_tx(o->db, finish, &r);
	o->keep_seconds = (double)(bp_monotonic_us() - start) / 1e6 - o->job_seconds;
	if (e && r.job && r.locked)
		bp_db_tx(o->db, give_up, &r);
	return e ? e : q_plan_version_get(o->db, o->arena, (int64_t)r.kept, &o->version);
}
