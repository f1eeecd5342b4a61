/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_JOB_JOB_H
#define BP_JOB_JOB_H
/*
 * Background jobs.  Whoever wants work done adds a row in the transaction of the
 * cause; a daemon claims it, works outside any transaction, keeps its lease while
 * it works, and finishes by compare-and-set on the lease token.  When a
 * daemon dies the lease lapses and the next claim goes on from the checkpoint.
 *
 * A job runner is `enum bp_error run(struct bp_job_run *)`.  It calls
 * bp_job_report every few seconds where it can, outside of any transaction of the
 * same connection, and stops with BP_E_CANCELLED when that says so, or with any
 * other error after bp_fail(&run->fail, ...).
 */
#include <jansson.h>
#include <stdatomic.h>

#include "db/db.h"

enum bp_job_daemon { BP_JOB_WORKER, BP_JOB_OPTIMIZER };
enum bp_job_kind {
#define KIND(name, daemon, lease, tries, what) BP_JOB_##name,
#include "job/kinds.def"
#undef KIND
	BP_JOB__MAX
};
struct bp_job_kind_info {
	const char *name;
	enum bp_job_daemon daemon;
	int lease_seconds, most_attempts;
	const char *what;
};
extern const struct bp_job_kind_info bp_job_kinds[BP_JOB__MAX];

/* This machine, as the log of jobs and schedules names it. */
const char *bp_job_machine(void);

/* Put a job into the queue. `subject` is what it is about, `territory` who may see it, `payload` JSON text,
 * `delay_ms` how long to wait at least. *id gets the job. */
enum bp_error bp_job_add(struct bp_db *db, enum bp_job_kind kind, uint64_t subject, uint64_t territory,
	const char *payload, int delay_ms, uint64_t user, const char *correlation, uint64_t *id);

/* Ask a job to stop: a queued one is cancelled at once, a running one when it next reports. */
enum bp_error bp_job_cancel(struct bp_db *db, uint64_t id);

/* Try a failed job again from its checkpoint.  CONFLICT when it has not failed; IMPORT_STATE when its import session has gone
 * on without it. */
enum bp_error bp_job_retry(struct bp_db *db, struct bp_arena *a, uint64_t id, struct bp_fail *f);

struct bp_job_run {
	uint64_t id, subject, territory, user;
	enum bp_job_kind kind;
	int attempt;             /* 1 = the first */
	json_t *payload;         /* borrowed */
	json_t *checkpoint;      /* of an earlier attempt, or NULL; borrowed */
	struct bp_db *db;        /* the runner's own connection */
	struct bp_arena *arena;  /* dies with the job */
	struct bp_fail fail;     /* why it failed, for the person who waits */
	json_t *result;          /* set by the runner when it has one; owned */
	const char *correlation;
	const atomic_bool *stop; /* the daemon is asked to end: return BP_E_BUSY soon, the job goes back into the queue */
	uint64_t token;
	char step[41];           /* the last that it reported */
	_Atomic int64_t said;    /* when it last reported */
	struct bp_job_run *next; /* that runs in this process */
};

/* Say how far it is and renew the lease. `progress` is JSON text or NULL. BP_E_CANCELLED when the user wants it
 * stopped, BP_E_BUSY when the daemon must end, BP_E_CONFLICT when the lease was lost to another daemon: stop at once. */
enum bp_error bp_job_report(struct bp_job_run *run, const char *step, double percent, const char *progress);
/* Renew the leases of all jobs that run in this process, on a connection of its own: a single statement of theirs may take longer
 * than that. Whoever has reported nothing for an hour is taken for dead all the same. */
enum bp_error bp_job_keep(struct bp_db *db);
/* Remember where a next attempt goes on; call it in the transaction of the batch it covers. */
enum bp_error bp_job_checkpoint(struct bp_job_run *run, const char *checkpoint);

/* Claim the next job for this daemon and run it with run[kind]; *worked = false when there was none.
 * Errors are those of the database; a job that fails is not an error here.  Of the imports at most `imports` run at once on
 * all machines together, 0 = any number. */
enum bp_error bp_job_work(struct bp_db *db, enum bp_job_daemon daemon, int imports,
	enum bp_error (*const run[BP_JOB__MAX])(struct bp_job_run *), const atomic_bool *stop, bool *worked);

#endif
