/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_schedules.c - what is done by the clock, and having it done now. */
#include <string.h>

#include "cgi/endpoint.h"
#include "job/schedule.h"
#include "queries.h"

struct schedule {
	const char *name, *what, *problem, *machine;
	int64_t every, next_at;
	struct bp_opt_int begun_at, took;
};
BP_SHAPE(schedule, schedule,
	BP_STR(schedule, name, BP_REQ, 1, 24, "schedule"),
	BP_STR(schedule, what, BP_REQ, 1, 200, "what it does"),
	BP_INT(schedule, every, BP_REQ, 1, 1e9, "seconds from one turn to the next"),
	BP_TIME(schedule, next_at, BP_REQ, "its next turn"),
	BP_TIME(schedule, begun_at, BP_NUL, "when it last began"),
	BP_INT(schedule, took, BP_NUL, 0, 9e15, "milliseconds that it took; null = it has not ended"),
	BP_STR(schedule, problem, BP_NUL, 0, 400, "what went wrong"),
	BP_STR(schedule, machine, BP_REQ, 0, 64, "where it last ran"));
struct page {
	struct bp_list items;
	const char *next;
};
BP_SHAPE(schedule_page, page,
	BP_LIST(page, items, BP_REQ, 100, &schedule, "schedules, by name"),
	BP_STR(page, next, BP_NUL, 0, 20, "always null"));

static enum bp_error list(struct bp_req *rq)
{
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	struct q_schedules *r = NULL;
	struct schedule *v;
	size_t n = 0, kept = 0;
	enum bp_error e = q_schedules(rq->db, rq->arena, &r, &n);

	v = bp_alloc_array(rq->arena, n + 1, sizeof(*v));
	for (size_t i = 0; i < n; i++)
		for (int k = 0; k < BP_SCHEDULE__MAX; k++)
			if (!strcmp(bp_schedules[k].name, r[i].name))
				v[kept++] = (struct schedule){bp_schedules[k].name, bp_schedules[k].what, r[i].problem, r[i].machine, bp_schedules[k].seconds, r[i].next_at,
					r[i].begun_at, r[i].took_ms};
	p->items = (struct bp_list){v, kept};
	rq->reply = p;
	return e;
}

static enum bp_error run_now(struct bp_req *rq)
{
	enum bp_error e = bp_schedule_now(rq->db, rq->arg_text[0]);

	rq->audit.resource_type = "schedule";
	bp_audit_change(&rq->audit, "schedule", NULL, rq->arg_text[0]);
	return e ? e : list(rq);
}

#define ADMIN BP_SCOPE_WORLD, BP_PERM_ADMIN_SYSTEM, 0
static const struct bp_endpoint ep[] = {
	{"GET", "/schedules", "List what is done by the clock", ADMIN, .reply = &schedule_page, .handle = list},
	{"POST", "/schedules/{name:text}/run", "Have it done now; the worker begins within seconds", ADMIN, .reply = &schedule_page, .audit = BP_ACTION_SCHEDULE_RUN,
		.fails = {BP_E_NOT_FOUND}, .handle = run_now},
};
BP_RESOURCE(schedules, ep);
