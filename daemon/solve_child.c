/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/solve_child.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/pipe.h"

enum message { PROGRESS, SOLVED, FAILED };

struct link {
	const struct solve_child *c;
	struct rt_progress last;
	atomic_int *stop;
	int in, out;
	bool cancelled, abrupt;
};

static bool on_progress(void *ctx, const struct rt_progress *now)
{
	struct link *l = ctx;
	int32_t kind = PROGRESS;

	return bp_pipe_put(l->out, &kind, sizeof(kind)) && bp_pipe_put(l->out, now, sizeof(*now)) && !atomic_load(l->stop);
}

/* In the child: solve, send, end. Nothing of the parent's connections may be touched, hence _exit. */
static _Noreturn void solve_here(struct plan_model *m, struct link *l, bool simple)
{
	struct rlimit limit = {(rlim_t)l->c->memory_mb << 20, (rlim_t)l->c->memory_mb << 20};
	int32_t kind = SOLVED;
	struct rt_solution s;
	struct bp_fail f = {0};

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGPIPE, SIG_DFL);
	/* The limit is for what comes on top: the parent's arenas are shared until written to.  The simple plan
	 * needs little and is what is left when the limit was too small. */
	if (!simple)
		setrlimit(RLIMIT_DATA, &limit);
	rt_solution_init(&s);
	m->params.progress = on_progress;
	m->params.progress_ctx = l;
	m->params.stop = l->stop;
	if ((simple ? plan_optimize_simply : plan_optimize_solve)(m, &s, &f)) {
		kind = FAILED;
		bp_pipe_put(l->out, &kind, sizeof(kind));
		bp_pipe_put(l->out, f.detail, sizeof(f.detail));
		_exit(0);
	}
	bp_pipe_put(l->out, &kind, sizeof(kind));
	bp_pipe_put(l->out, &s, sizeof(s));
	bp_pipe_put(l->out, s.visits, (size_t)s.n_visits * sizeof(*s.visits));
	bp_pipe_put(l->out, s.unserved, (size_t)s.n_unserved * sizeof(*s.unserved));
	_exit(0);
}

static bool get_solution(int fd, struct rt_solution *s)
{
	if (!bp_pipe_get(fd, s, sizeof(*s)))
		return false;
	s->visits = bp_xcalloc((size_t)s->n_visits + 1, sizeof(*s->visits));
	s->unserved = bp_xcalloc((size_t)s->n_unserved + 1, sizeof(*s->unserved));
	return bp_pipe_get(fd, s->visits, (size_t)s->n_visits * sizeof(*s->visits)) &&
	       bp_pipe_get(fd, s->unserved, (size_t)s->n_unserved * sizeof(*s->unserved));
}

static enum bp_error ended_abruptly(struct link *l, struct rt_solution *s, struct bp_fail *f)
{
	rt_solution_release(s);
	l->abrupt = true;
	return bp_fail(f, BP_E_OPT_FAILED, "the solver ended abruptly: it may have needed more memory than "
		"solver_memory_mb allows");
}

/* Read messages until the solution; between them ask whether somebody wants it stopped. */
static enum bp_error follow(struct link *l, struct rt_solution *s, struct bp_fail *f)
{
	for (;;) {
		struct pollfd p = {l->in, POLLIN, 0};
		int32_t kind = PROGRESS;
		char detail[sizeof(f->detail)] = "";
		enum bp_error e;

		if (poll(&p, 1, 200) > 0) {
			if (!bp_pipe_get(l->in, &kind, sizeof(kind)) ||
				(kind == PROGRESS && !bp_pipe_get(l->in, &l->last, sizeof(l->last))))
				return ended_abruptly(l, s, f);
			if (kind == FAILED) {
				bp_pipe_get(l->in, detail, sizeof(detail));
				return bp_fail(f, BP_E_OPT_INPUT, "%s", detail);
			}
			if (kind == SOLVED)
				return get_solution(l->in, s) ? BP_E_OK : ended_abruptly(l, s, f);
		}
		e = l->c->tick(l->c->ctx, &l->last);
		if (e && e != BP_E_CANCELLED)
			return e;
		if (e) {
			l->cancelled = true;
			atomic_store(l->stop, 1);
		}
	}
}

static enum bp_error run(struct link *l, struct plan_model *m, bool simple, struct rt_solution *out, struct bp_fail *f)
{
	int ends[2], status;
	enum bp_error e;
	pid_t pid;

	if (pipe(ends))
		return bp_fail(f, BP_E_OPT_FAILED, "no room for another process");
	pid = fork();
	if (!pid) {
		close(ends[0]);
		l->out = ends[1];
		solve_here(m, l, simple);
	}
	close(ends[1]);
	l->in = ends[0];
	e = pid < 0 ? bp_fail(f, BP_E_OPT_FAILED, "no room for another process") : follow(l, out, f);
	if (pid > 0) {
		if (e)
			kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
	}
	close(ends[0]);
	return e;
}

enum bp_error solve_child(const struct solve_child *c, struct plan_model *m, struct rt_solution *out, bool *cancelled,
	struct bp_fail *f)
{
	struct link l = {.c = c};
	struct bp_fail first = {0};
	enum bp_error e;

	l.stop = mmap(NULL, sizeof(*l.stop), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (l.stop == MAP_FAILED)
		return bp_fail(f, BP_E_OPT_FAILED, "no room for another process");
	atomic_store(l.stop, 0);
	e = run(&l, m, false, out, &first);
	if (e && l.abrupt && !l.cancelled && !m->p.n_given && m->params.max_changed < 0) {
		struct bp_fail second = {0};

		if (run(&l, m, true, out, &second) == BP_E_OK)
			e = BP_E_OK;
	}
	if (e && first.code)
		bp_fail(f, first.code, "%s", first.detail);
	munmap(l.stop, sizeof(*l.stop));
	*cancelled = l.cancelled;
	return e;
}
