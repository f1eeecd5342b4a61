/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The job kind OPTIMIZE.  The solver runs in a child process with a memory limit,
 * so that a crash ends only this job; progress and the solution come back through
 * a pipe, the wish to stop goes there through shared memory.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/time.h"
#include "daemon/jobs.h"
#include "daemon/kinds.h"
#include "plan/optimize.h"
#include "plan/version.h"

#define HISTORY_MOST 400

enum message { PROGRESS, SOLVED, FAILED };

struct child {
	int out;
	atomic_int *stop;
};

/* Write or read all of it, whatever signals come. */
static bool transfer(int fd, void *data, size_t n, bool out)
{
	for (char *p = data; n;) {
		ssize_t k = out ? write(fd, p, n) : read(fd, p, n);

		if (k < 0 && errno == EINTR)
			continue;
		if (k <= 0)
			return false;
		p += k;
		n -= (size_t)k;
	}
	return true;
}

static bool put(int fd, const void *data, size_t n)
{
	return transfer(fd, (void *)(uintptr_t)data, n, true);
}

static bool get(int fd, void *data, size_t n)
{
	return transfer(fd, data, n, false);
}

static bool on_progress(void *ctx, const struct rt_progress *now)
{
	struct child *c = ctx;
	int32_t kind = PROGRESS;

	return put(c->out, &kind, sizeof(kind)) && put(c->out, now, sizeof(*now)) && !atomic_load(c->stop);
}

/* In the child: solve, send, end. Nothing of the parent's connections may be touched, hence _exit. */
static _Noreturn void solve_in_child(struct plan_model *m, struct child *c, long memory_mb)
{
	struct rlimit limit = {(rlim_t)memory_mb << 20, (rlim_t)memory_mb << 20};
	int32_t kind = SOLVED;
	struct rt_solution s;
	struct bp_fail f = {0};

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGPIPE, SIG_DFL);
	/* The limit is for what comes on top: the parent's arenas are shared until written to. */
	setrlimit(RLIMIT_DATA, &limit);
	rt_solution_init(&s);
	m->params.progress = on_progress;
	m->params.progress_ctx = c;
	m->params.stop = c->stop;
	if (plan_optimize_solve(m, &s, &f)) {
		kind = FAILED;
		put(c->out, &kind, sizeof(kind));
		put(c->out, f.detail, sizeof(f.detail));
		_exit(0);
	}
	put(c->out, &kind, sizeof(kind));
	put(c->out, &s, sizeof(s));
	put(c->out, s.visits, (size_t)s.n_visits * sizeof(*s.visits));
	put(c->out, s.unserved, (size_t)s.n_unserved * sizeof(*s.unserved));
	_exit(0);
}

struct watch {
	struct bp_job_run *run;
	struct child child;
	int in;
	struct bp_buf history;
	int points;
	double last_point;
	bool cancelled, stopping;
};

static enum bp_error report(struct watch *w, const struct rt_progress *now)
{
	struct bp_buf b;
	enum bp_error e;

	if (w->points < HISTORY_MOST && now->seconds > w->last_point) {
		bp_buf_printf(&w->history, "%s[%.1f,%.1f]", w->points ? "," : "", now->seconds, (double)now->cost / 60);
		w->points++;
		w->last_point = now->seconds;
	}
	bp_buf_init(&b, 1u << 20);
	bp_buf_printf(&b, "{\"phase\":\"%s\",\"iterations\":%lld,\"seconds\":%.1f,\"cost\":%.1f,\"unserved\":%d,\"travel\":%.1f,\"balance\":%.1f,"
		"\"history\":[%s]}",
		w->stopping ? "stopping" : "searching", (long long)now->iterations, now->seconds, (double)now->cost / 60,
		(int)now->unserved, (double)now->travel / 60, now->balance_pct, w->history.data);
	e = bp_job_report(w->run, w->stopping ? "stopping" : "searching", now->fraction * 100, b.data);
	bp_buf_release(&b);
	return e;
}

/* Read messages until the solution; between them look whether somebody wants it stopped. */
static enum bp_error follow(struct watch *w, struct rt_solution *s, struct rt_progress *last)
{
	int64_t looked = bp_monotonic_us();
	enum bp_error e = BP_E_OK;

	for (;;) {
		struct pollfd p = {w->in, POLLIN, 0};
		int32_t kind;

		if (poll(&p, 1, 200) == 0) {
			if (bp_monotonic_us() - looked < 200000)
				continue;
			looked = bp_monotonic_us();
			e = report(w, last);
		} else if (!get(w->in, &kind, sizeof(kind))) {
			return bp_fail(&w->run->fail, BP_E_OPT_FAILED, "the solver ended abruptly: it may have needed more memory "
				"than solver_memory_mb allows");
		} else if (kind == PROGRESS) {
			if (!get(w->in, last, sizeof(*last)))
				continue;
			e = report(w, last);
		} else if (kind == FAILED) {
			char detail[sizeof(w->run->fail.detail)] = "";

			get(w->in, detail, sizeof(detail));
			return bp_fail(&w->run->fail, BP_E_OPT_INPUT, "%s", detail);
		} else {
			if (!get(w->in, s, sizeof(*s)))
				continue;
			s->visits = bp_xcalloc((size_t)s->n_visits + 1, sizeof(*s->visits));
			s->unserved = bp_xcalloc((size_t)s->n_unserved + 1, sizeof(*s->unserved));
			if (get(w->in, s->visits, (size_t)s->n_visits * sizeof(*s->visits)) &&
				get(w->in, s->unserved, (size_t)s->n_unserved * sizeof(*s->unserved)))
				return BP_E_OK;
		}
		if (e == BP_E_CANCELLED || e == BP_E_BUSY) {
			w->cancelled = w->cancelled || e == BP_E_CANCELLED;
			w->stopping = true;
			atomic_store(w->child.stop, 1);
			/* A daemon that must end gives the job back; a cancelled one keeps the best plan. */
			if (e == BP_E_BUSY)
				return e;
		} else if (e) {
			return e;
		}
	}
}

static enum bp_error solve(struct bp_job_run *run, struct plan_model *m, struct rt_solution *s, bool *cancelled)
{
	struct watch w = {.run = run};
	struct rt_progress last = {0};
	int ends[2], status;
	enum bp_error e;
	pid_t pid;

	w.child.stop = mmap(NULL, sizeof(*w.child.stop), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (w.child.stop == MAP_FAILED || pipe(ends))
		return bp_fail(&run->fail, BP_E_OPT_FAILED, "no room for another process");
	atomic_store(w.child.stop, 0);
	m->params.threads = (int32_t)bp_jobs_conf()->solver_threads;
	bp_buf_init(&w.history, 1u << 16);
	pid = fork();
	if (!pid) {
		close(ends[0]);
		w.child.out = ends[1];
		solve_in_child(m, &w.child, bp_jobs_conf()->solver_memory_mb);
	}
	close(ends[1]);
	w.in = ends[0];
	e = pid < 0 ? bp_fail(&run->fail, BP_E_OPT_FAILED, "no room for another process") : follow(&w, s, &last);
	if (pid > 0) {
		if (e)
			kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
	}
	close(ends[0]);
	munmap(w.child.stop, sizeof(*w.child.stop));
	bp_buf_release(&w.history);
	*cancelled = w.cancelled;
	return e;
}

struct outcome {
	struct bp_job_run *run;
	struct plan_model *m;
	struct rt_solution *s;
	uint64_t version;
	int dated_ended;
};

static enum bp_error keep(struct bp_db *db, void *ctx)
{
	struct outcome *o = ctx;
	struct q_session_get session;
	struct plan_version_new v;
	enum bp_error e = q_session_get(db, o->run->arena, (int64_t)o->run->subject, &session);

	if (e)
		return e;
	v = plan_version_of(&session, "OPTIMISE", o->run->user, "proposal of the optimiser");
	v.record = bp_sprintf(o->run->arena, "{\"seed\":%llu,\"iterations\":%lld,\"seconds\":%.2f,\"build\":\"%s\",\"solverHash\":\"%016llx\"}",
		(unsigned long long)o->s->seed, (long long)o->s->iterations, o->s->seconds, PACKAGE_VERSION,
		(unsigned long long)o->s->plan_hash);
	e = plan_version_from_solution(db, o->run->arena, &v, o->m, o->s, &o->version, &o->dated_ended);
	if (!e) /* an heir that took the job for dead makes its own version */
		e = bp_job_report(o->run, "keeping", 100, NULL);
	return e == BP_E_CANCELLED || e == BP_E_BUSY ? BP_E_OK : e;
}

static json_t *cost_json(const struct rt_cost *c, int32_t unserved)
{
	return json_pack("{s:f,s:f,s:f,s:f,s:i,s:f,s:f}", "travelMinutes", (double)c->travel / 60, "serviceMinutes",
		(double)c->service / 60, "overtimeMinutes", (double)c->overtime / 60, "km", (double)c->metres / 1000, "unserved", (int)unserved,
		"balancePct", c->balance_pct, "weekdayStabilityPct", c->weekday_stability_pct);
}

static json_t *result_of(const struct outcome *o)
{
	int32_t missing = 0;

	for (int32_t i = 0; i < o->s->n_unserved; i++)
		missing += o->s->unserved[i].missing;
	return json_pack("{s:I,s:I,s:o,s:i,s:i,s:i,s:I,s:f,s:I}", "runId", (json_int_t)o->run->id, "versionId", (json_int_t)o->version, "after",
		cost_json(&o->s->cost, missing), "changed", (int)o->s->cost.changed, "datedEnded", o->dated_ended, "calls", (int)o->s->n_visits, "iterations",
		(json_int_t)o->s->iterations, "seconds", o->s->seconds, "seed", (json_int_t)o->s->seed);
}

enum bp_error bp_kind_optimize(struct bp_job_run *run)
{
	struct plan_model m;
	struct rt_solution s;
	struct outcome o = {.run = run, .m = &m, .s = &s};
	bool cancelled = false;
	enum bp_error e = bp_job_report(run, "loading", 0, NULL);

	rt_solution_init(&s);
	if (!e)
		e = plan_optimize_load(run->db, run->arena, run->subject, run->payload, &m);
	if (!e)
		e = rt_problem_size_check(&m.p, PLAN_NEEDS_MOST, PLAN_VISITS_MOST, &run->fail);
	if (!e)
		e = solve(run, &m, &s, &cancelled);
	if (!e)
		e = bp_db_tx(run->db, keep, &o);
	if (!e)
		run->result = result_of(&o);
	if (e && !run->fail.code)
		bp_fail(&run->fail, e, "%s", bp_db_failure(run->db)->detail);
	rt_solution_release(&s);
	return e ? e : cancelled ? BP_E_CANCELLED : BP_E_OK;
}
