/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "job/job.h"

#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/meter.h"
#include "base/time.h"
#include "queries.h"

#define JOB_ARENA_MOST ((size_t)2 << 30)
#define RETRY_DELAY_MS 2000
#define RUNNING_MOST 64
#define QUIET_MOST_US INT64_C(3600000000)

const struct bp_job_kind_info bp_job_kinds[BP_JOB__MAX] = {
#define KIND(name, daemon, lease, tries, what) {#name, BP_JOB_##daemon, lease, tries, what},
#include "job/kinds.def"
#undef KIND
};

static char machine[65];

static void ask_name(void)
{
	if (gethostname(machine, sizeof(machine) - 1))
		snprintf(machine, sizeof(machine), "?");
}

const char *bp_job_machine(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, ask_name);
	return machine;
}

enum bp_error bp_job_add(struct bp_db *db, enum bp_job_kind kind, uint64_t subject, uint64_t territory,
	const char *payload, int delay_ms, uint64_t user, const char *correlation, uint64_t *id)
{
	enum bp_error e = q_job_add(db, bp_job_kinds[kind].name, (int64_t)subject, (int64_t)territory, payload, delay_ms,
		(int64_t)user, correlation ? correlation : "", NULL);

	if (!e && id)
		*id = bp_db_insert_id(db);
	return e;
}

enum bp_error bp_job_cancel(struct bp_db *db, uint64_t id)
{
	uint64_t n = 0;
	enum bp_error e = q_job_cancel_queued(db, (int64_t)id, &n);

	if (!e && n) {
		e = q_job_log_add(db, (int64_t)id, 0, "cancelled", "", NULL);
		return e ? e : q_job_settle_session(db, (int64_t)id, NULL);
	}
	if (!e)
		e = q_job_cancel_running(db, (int64_t)id, &n);
	return e || !n ? e : q_job_log_add(db, (int64_t)id, 0, "stop_wanted", "", NULL);
}

/* --- what runs in this process --- */

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static struct bp_job_run *running;

static void enter(struct bp_job_run *run)
{
	atomic_store(&run->said, bp_monotonic_us());
	pthread_mutex_lock(&guard);
	run->next = running;
	running = run;
	pthread_mutex_unlock(&guard);
}

static void leave(const struct bp_job_run *run)
{
	struct bp_job_run **at = &running;

	pthread_mutex_lock(&guard);
	while (*at != run)
		at = &(*at)->next;
	*at = run->next;
	pthread_mutex_unlock(&guard);
}

struct lease {
	struct bp_arena *arena;
	uint64_t id, token;
	int seconds;
};

/* The row may be locked by a transaction of the job itself, which then needs no lease: nobody can claim it. */
static enum bp_error keep_lease(struct bp_db *db, void *ctx)
{
	const struct lease *l = ctx;
	struct q_job_held row;
	enum bp_error e = q_job_held(db, l->arena, (int64_t)l->id, (int64_t)l->token, &row);

	return e ? e : q_job_keep(db, (int64_t)l->id, l->seconds, NULL);
}

enum bp_error bp_job_keep(struct bp_db *db)
{
	struct lease lease[RUNNING_MOST];
	struct bp_arena a;
	enum bp_error e = BP_E_OK;
	size_t n = 0;

	bp_arena_init(&a, 1u << 20);
	pthread_mutex_lock(&guard);
	for (const struct bp_job_run *r = running; r && n < RUNNING_MOST; r = r->next)
		if (bp_monotonic_us() - atomic_load(&r->said) < QUIET_MOST_US)
			lease[n++] = (struct lease){&a, r->id, r->token, bp_job_kinds[r->kind].lease_seconds};
	pthread_mutex_unlock(&guard);
	for (size_t i = 0; i < n && (!e || e == BP_E_NOT_FOUND); i++)
		e = bp_db_tx(db, keep_lease, &lease[i]);
	bp_arena_release(&a);
	return e == BP_E_NOT_FOUND ? BP_E_OK : e;
}

enum bp_error bp_job_report(struct bp_job_run *run, const char *step, double percent, const char *progress)
{
	struct q_job_wanted row;
	enum bp_error e = q_job_renew(run->db, (int64_t)run->id, (int64_t)run->token,
		bp_job_kinds[run->kind].lease_seconds, step, percent, progress, NULL);

	atomic_store(&run->said, bp_monotonic_us());
	if (!e && strncmp(run->step, step, sizeof(run->step) - 1)) {
		snprintf(run->step, sizeof(run->step), "%s", step);
		e = q_job_log_add(run->db, (int64_t)run->id, run->attempt, "step", step, NULL);
	}
	if (!e)
		e = q_job_wanted(run->db, run->arena, (int64_t)run->id, (int64_t)run->token, &row);
	if (e)
		return e == BP_E_NOT_FOUND ? BP_E_CONFLICT : e;
	if (row.cancel_wanted)
		return BP_E_CANCELLED;
	return run->stop && atomic_load(run->stop) ? BP_E_BUSY : BP_E_OK;
}

enum bp_error bp_job_checkpoint(struct bp_job_run *run, const char *checkpoint)
{
	uint64_t n;
	enum bp_error e = q_job_checkpoint(run->db, (int64_t)run->id, (int64_t)run->token, checkpoint, &n);

	return e;
}

enum bp_error bp_job_retry(struct bp_db *db, struct bp_arena *a, uint64_t id, struct bp_fail *f)
{
	/* What a session does while such a job works, and where a failure left it. */
	static const struct {
		const char *kind, *failed, *works;
	} sessions[] = {{"IMPORT_CHECK", "FAILED", "VALIDATING"}, {"IMPORT_PUBLISH", "FAILED", "PROCESSING"}, {"IMPORT_UNDO", "COMPLETED", "UNDOING"}};
	struct q_job_get j;
	uint64_t n = 0;
	enum bp_error e = q_job_get(db, a, (int64_t)id, &j);

	if (!e)
		e = q_job_retry(db, (int64_t)id, &n);
	if (!e && !n)
		return bp_fail(f, BP_E_CONFLICT, "the job is %s: only a failed one is tried again", j.state);
	if (!e)
		e = q_job_log_add(db, (int64_t)id, 0, "retried", "", NULL);
	for (size_t i = 0; !e && i < sizeof(sessions) / sizeof(*sessions); i++)
		if (!strcmp(j.kind, sessions[i].kind)) {
			e = q_job_retry_session(db, (int64_t)id, sessions[i].failed, sessions[i].works, &n);
			if (!e && !n)
				e = bp_fail(f, BP_E_IMPORT_STATE, "the session has gone on without it");
		}
	return e;
}

struct claim {
	struct bp_arena *arena;
	enum bp_job_kind kind;
	int imports;
	uint64_t token;
	struct q_job_claim_pick row;
};

static enum bp_error claim(struct bp_db *db, void *ctx)
{
	struct claim *c = ctx;
	/* What looks for files or takes them in is done at once; what works on rows waits for its turn. */
	bool import = c->kind == BP_JOB_IMPORT_CHECK || c->kind == BP_JOB_IMPORT_PUBLISH;
	enum bp_error e = q_job_claim_pick(db, c->arena, bp_job_kinds[c->kind].name, "IMPORT_", import ? c->imports : 0, &c->row);

	if (!e)
		e = q_job_claim_take(db, c->row.id, (int64_t)c->token, bp_job_kinds[c->kind].lease_seconds, NULL);
	return e ? e : q_job_log_add(db, c->row.id, c->row.attempts + 1, "begun", bp_job_machine(), NULL);
}

/* Write how it ended. A cancelled job may still have a result: the best plan so far. */
static enum bp_error finish(struct bp_job_run *run, enum bp_error outcome)
{
	const char *state = outcome == BP_E_OK ? "done" : outcome == BP_E_CANCELLED ? "cancelled" : "failed";
	char *result = run->result ? json_dumps(run->result, JSON_COMPACT) : NULL;
	bool failed = outcome && outcome != BP_E_CANCELLED;
	bool again = outcome == BP_E_BUSY ||
		((outcome == BP_E_DB_DOWN || outcome == BP_E_DB_RETRY) && run->attempt < bp_job_kinds[run->kind].most_attempts);
	uint64_t mine = 0; /* 0: another daemon has it now */
	enum bp_error e;

	if (again)
		e = q_job_requeue(run->db, (int64_t)run->id, (int64_t)run->token,
			outcome == BP_E_BUSY ? 0 : RETRY_DELAY_MS, outcome == BP_E_BUSY, &mine);
	else
		e = q_job_finish(run->db, (int64_t)run->id, (int64_t)run->token, state, result,
			failed ? bp_errors[outcome].code : NULL, failed ? run->fail.detail : NULL, &mine);
	if (!e && mine)
		e = q_job_log_add(run->db, (int64_t)run->id, run->attempt, again ? "again" : state, outcome && outcome != BP_E_CANCELLED ? run->fail.detail : "", NULL);
	if (!e && outcome && !again)
		e = q_job_settle_session(run->db, (int64_t)run->id, NULL);
	free(result);
	if (!e && mine)
		bp_meter_add(1, "beatplan_jobs_ended_total{kind=\"%s\",state=\"%s\"}", bp_job_kinds[run->kind].name, again ? "again" : state);
	return e;
}

static void run_claimed(struct bp_job_run *run, enum bp_error (*fn)(struct bp_job_run *))
{
	int64_t start = bp_monotonic_us();
	enum bp_error outcome, e;
	char quoted[600];

	if (run->attempt > bp_job_kinds[run->kind].most_attempts)
		outcome = bp_fail(&run->fail, run->kind == BP_JOB_OPTIMIZE ? BP_E_OPT_FAILED : BP_E_INTERNAL,
			"the work ended abruptly %d times", run->attempt - 1);
	else
		outcome = fn(run);
	if (outcome && !run->fail.code)
		bp_fail(&run->fail, outcome, "%s", bp_errors[outcome].message);
	bp_log(outcome && outcome != BP_E_CANCELLED ? BP_LOG_WARN : BP_LOG_INFO,
		"ev=job id=%llu kind=%s attempt=%d outcome=%s ms=%lld rq=%s detail=%s", (unsigned long long)run->id,
		bp_job_kinds[run->kind].name, run->attempt, bp_errors[outcome].name,
		(long long)(bp_monotonic_us() - start) / 1000, run->correlation,
		bp_log_quote(quoted, sizeof(quoted), run->fail.detail));
	/* The database may just be coming back: the result is worth a little patience. */
	snprintf(quoted, sizeof(quoted), "kind=\"%s\"", bp_job_kinds[run->kind].name);
	bp_meter_time(bp_monotonic_us() - start, "beatplan_job_seconds", quoted);
	for (int i = 0; i < 20; i++) {
		struct timespec pause = {0, 500000000};

		e = finish(run, outcome);
		if (e != BP_E_DB_DOWN && e != BP_E_DB_RETRY)
			break;
		nanosleep(&pause, NULL);
	}
}

enum bp_error bp_job_work(struct bp_db *db, enum bp_job_daemon daemon, int imports,
	enum bp_error (*const run[BP_JOB__MAX])(struct bp_job_run *), const atomic_bool *stop, bool *worked)
{
	struct bp_arena arena;
	enum bp_error e = BP_E_OK;

	*worked = false;
	bp_arena_init(&arena, JOB_ARENA_MOST);
	for (int k = 0; k < BP_JOB__MAX && !e && !*worked; k++) {
		struct claim c = {.arena = &arena, .kind = (enum bp_job_kind)k, .imports = imports};
		struct bp_job_run r;

		if (bp_job_kinds[k].daemon != daemon || !run[k])
			continue;
		randombytes_buf(&c.token, sizeof(c.token));
		c.token >>= 1;
		e = bp_db_tx(db, claim, &c);
		if (e == BP_E_NOT_FOUND) {
			e = BP_E_OK;
			continue;
		}
		if (e)
			break;
		*worked = true;
		r = (struct bp_job_run){.id = (uint64_t)c.row.id, .subject = (uint64_t)c.row.subject,
			.territory = (uint64_t)c.row.territory_id, .user = (uint64_t)c.row.created_by, .kind = c.kind,
			.attempt = (int)c.row.attempts + 1, .db = db, .arena = &arena, .correlation = c.row.correlation_id,
			.stop = stop, .token = c.token};
		r.payload = json_loads(c.row.payload, 0, NULL);
		r.checkpoint = c.row.checkpoint ? json_loads(c.row.checkpoint, 0, NULL) : NULL;
		enter(&r);
		run_claimed(&r, run[k]);
		leave(&r);
		json_decref(r.payload);
		json_decref(r.checkpoint);
		json_decref(r.result);
	}
	bp_arena_release(&arena);
	return e;
}
