/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The job kind TERRITORY_DESIGN: deal the outlets beneath a territory out to planning units, in several ways, and keep
 * each as a scenario.  The search runs in a child process with a memory limit, so that its crash ends nothing but this run.
 */
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/jobs.h"
#include "daemon/kinds.h"
#include "daemon/pipe.h"
#include "queries.h"
#include "territory/scenario.h"

enum message { PROGRESS, DESIGNED, FAILED };

struct outcome {
	int32_t *unit;
	bool exact;
};

struct designing {
	struct bp_job_run *run;
	struct tr_design d;
	struct tr_design_wish wish;
	struct tr_way way[TR_WAYS_MOST];
	struct outcome out[TR_WAYS_MOST];
	struct q_design_job_kept *kept; /* what became of them, or what an earlier attempt had kept */
	size_t n_kept;
	int ways, done; /* done: ways that came back */
	int fd;         /* of the child: where it tells */
	double percent;
};

static bool tell(void *ctx, double fraction)
{
	struct designing *g = ctx;
	int32_t kind = PROGRESS;
	double percent = 100 * (g->done + fraction) / g->ways;

	return bp_pipe_put(g->fd, &kind, sizeof(kind)) && bp_pipe_put(g->fd, &percent, sizeof(percent));
}

/* In the child. Nothing of the parent's connections may be touched, hence _exit. */
static _Noreturn void design_here(struct designing *g)
{
	rlim_t most = (rlim_t)bp_jobs_conf()->solver_memory_mb << 20;
	struct design_result r;
	struct bp_fail f = {0};

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGPIPE, SIG_DFL);
	setrlimit(RLIMIT_DATA, &(struct rlimit){most, most});
	design_result_init(&r);
	for (; g->done < g->ways; g->done++) {
		struct design_params *a = &g->way[g->done].a;
		int32_t kind = DESIGNED, exact;

		a->progress = tell;
		a->ctx = g;
		if (design_make(&g->d.p, &g->d.g, a, &r, &f)) {
			kind = FAILED;
			bp_pipe_put(g->fd, &kind, sizeof(kind));
			bp_pipe_put(g->fd, f.detail, sizeof(f.detail));
			_exit(0);
		}
		exact = r.exact;
		bp_pipe_put(g->fd, &kind, sizeof(kind));
		bp_pipe_put(g->fd, &exact, sizeof(exact));
		bp_pipe_put(g->fd, r.unit, sizeof(*r.unit) * (size_t)r.n);
	}
	_exit(0);
}

/* One message of the child; false: it is gone. */
static bool hear(struct designing *g, int in, enum bp_error *e)
{
	char detail[sizeof(g->run->fail.detail)] = "";
	struct outcome *o = &g->out[g->done];
	int32_t kind, exact;

	if (!bp_pipe_get(in, &kind, sizeof(kind)))
		return false;
	if (kind == PROGRESS)
		return bp_pipe_get(in, &g->percent, sizeof(g->percent));
	if (kind == FAILED) {
		bp_pipe_get(in, detail, sizeof(detail));
		*e = bp_fail(&g->run->fail, BP_E_OPT_INPUT, "%s", detail);
		return true;
	}
	if (!bp_pipe_get(in, &exact, sizeof(exact)))
		return false;
	o->exact = exact;
	o->unit = bp_alloc_array(g->run->arena, (size_t)g->d.p.n, sizeof(*o->unit));
	g->done++;
	return bp_pipe_get(in, o->unit, sizeof(*o->unit) * (size_t)g->d.p.n);
}

/* Hear the child until all ways are there; between its messages somebody may want it stopped. */
static enum bp_error hear_all(struct designing *g, int in)
{
	enum bp_error e = BP_E_OK;

	while (!e && g->done < g->ways) {
		struct pollfd p = {in, POLLIN, 0};

		if (poll(&p, 1, 200) > 0 && !hear(g, in, &e))
			return bp_fail(&g->run->fail, BP_E_OPT_FAILED,
				"the search ended abruptly: it may have needed more memory than solver_memory_mb allows");
		if (!e)
			e = bp_job_report(g->run, "designing", g->percent, NULL);
	}
	return e;
}

static enum bp_error design_in_child(struct designing *g)
{
	int ends[2], status;
	enum bp_error e;
	pid_t pid;

	if (pipe(ends))
		return bp_fail(&g->run->fail, BP_E_OPT_FAILED, "no room for another process");
	pid = fork();
	if (!pid) {
		close(ends[0]);
		g->fd = ends[1];
		design_here(g);
	}
	close(ends[1]);
	e = pid < 0 ? bp_fail(&g->run->fail, BP_E_OPT_FAILED, "no room for another process") : hear_all(g, ends[0]);
	if (pid > 0) {
		if (e)
			kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
	}
	close(ends[0]);
	return e;
}

static double number_of(const json_t *o, const char *key, double otherwise)
{
	const json_t *v = json_object_get(o, key);

	return json_is_number(v) ? json_number_value(v) : otherwise;
}

static struct tr_pin *pins_of(struct bp_arena *a, const json_t *list)
{
	struct tr_pin *v = bp_alloc_array(a, json_array_size(list), sizeof(*v));

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *p = json_array_get(list, i);

		v[i] = (struct tr_pin){json_integer_value(json_array_get(p, 0)), json_integer_value(json_array_get(p, 1))};
	}
	return v;
}

static struct tr_design_wish wish_of(struct bp_arena *a, const json_t *o)
{
	const char *border = json_string_value(json_object_get(o, "border"));
	struct tr_design_wish w = {.units = (int64_t)number_of(o, "units", 0), .capacity = number_of(o, "capacity", 0),
		.tolerance = number_of(o, "tolerance", 0.05), .redraw = json_is_true(json_object_get(o, "redraw")),
		.keep_price = number_of(o, "keepPrice", 0), .border_price = number_of(o, "borderPrice", 0),
		.seed = (uint64_t)number_of(o, "seed", 1), .pin = pins_of(a, json_object_get(o, "pins")), .n_pins = json_array_size(json_object_get(o, "pins"))};

	for (int i = 0; border && tr_borders[i]; i++)
		if (!strcmp(border, tr_borders[i]))
			w.border = (enum tr_border)i;
	w.border_of = (uint64_t)number_of(o, "borderScenario", 0);
	return w;
}

/* All of them or none; those of an earlier attempt stay, somebody may have decided about them already. */
static enum bp_error keep(struct bp_db *db, void *ctx)
{
	struct designing *g = ctx;
	const struct bp_job_run *r = g->run;
	uint64_t id;
	enum bp_error e = q_design_job_kept(db, r->arena, (int64_t)r->id, &g->kept, &g->n_kept);

	if (e || g->n_kept)
		return e;
	for (int i = 0; !e && i < g->ways; i++)
		e = tr_scenario_keep(db, r->arena, &g->d, &(struct tr_scenario){r->subject, r->id, r->user, &g->way[i], g->out[i].unit,
			g->out[i].exact, NULL}, &id);
	return e ? e : q_design_job_kept(db, r->arena, (int64_t)r->id, &g->kept, &g->n_kept);
}

static json_t *result_of(const struct designing *g)
{
	json_t *ids = json_array();

	for (size_t i = 0; i < g->n_kept; i++)
		json_array_append_new(ids, json_integer((json_int_t)g->kept[i].id));
	return json_pack("{s:o,s:i,s:i}", "scenarios", ids, "outlets", (int)g->kept[0].outlets, "units", (int)g->kept[0].units);
}

static enum bp_error design_and_keep(struct designing *g)
{
	struct bp_job_run *run = g->run;
	enum bp_error e = tr_design_load(run->db, run->arena, run->subject, &g->wish, &g->d, &run->fail);

	if (!e)
		e = tr_design_allow(run->db, run->arena, run->subject, &g->wish, &g->d, &run->fail);
	if (!e) {
		g->ways = tr_design_ways(&g->d, &g->wish, g->way);
		e = design_in_child(g);
	}
	if (!e)
		e = bp_job_report(run, "keeping", 99, NULL);
	return e ? e : bp_db_tx(run->db, keep, g);
}

enum bp_error bp_kind_design(struct bp_job_run *run)
{
	struct designing g = {.run = run, .wish = wish_of(run->arena, run->payload)};
	enum bp_error e = bp_job_report(run, "loading", 0, NULL);

	if (!e)
		e = q_design_job_kept(run->db, run->arena, (int64_t)run->id, &g.kept, &g.n_kept);
	if (!e && !g.n_kept)
		e = design_and_keep(&g);
	if (!e)
		run->result = result_of(&g);
	if (e && !run->fail.code)
		bp_fail(&run->fail, e, "%s", bp_db_failure(run->db)->detail);
	tr_design_release(&g.d);
	return e;
}
