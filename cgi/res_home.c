/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_home.c - where my planning stands, on one page. */
#include "cgi/res_jobs.h"

struct counts {
	int64_t outlets, missing_coordinates, territories, seats, plans;
};
BP_SHAPE(home_counts, counts,
	BP_INT(counts, outlets, BP_REQ, 0, 9e15, "outlets in my territories"),
	BP_INT(counts, missing_coordinates, BP_REQ, 0, 9e15, "of these without coordinates"),
	BP_INT(counts, territories, BP_REQ, 0, 9e15, "planning units"),
	BP_INT(counts, seats, BP_REQ, 0, 9e15, "seats"),
	BP_INT(counts, plans, BP_REQ, 0, 9e15, "committed plans"));
struct draft {
	int64_t id, territory_id, opened_at, last_saved_at;
	const char *territory, *channel;
};
BP_SHAPE(home_draft, draft,
	BP_INT(draft, id, BP_REQ, 1, 9e15, "planning session"),
	BP_INT(draft, territory_id, BP_REQ, 1, 9e15, "unit"),
	BP_STR(draft, territory, BP_REQ, 1, 120, "its name"),
	BP_STR(draft, channel, BP_REQ, 2, 2, "channel"),
	BP_TIME(draft, opened_at, BP_REQ, "opened"),
	BP_TIME(draft, last_saved_at, BP_REQ, "last change"));
struct lock {
	int64_t territory_id, since;
	const char *territory, *channel;
};
BP_SHAPE(home_lock, lock,
	BP_INT(lock, territory_id, BP_REQ, 1, 9e15, "unit"),
	BP_STR(lock, territory, BP_REQ, 1, 120, "its name"),
	BP_STR(lock, channel, BP_REQ, 2, 2, "channel"),
	BP_TIME(lock, since, BP_REQ, "since when"));
struct home {
	struct counts *counts;
	struct bp_list jobs, drafts, locks;
	const char *next;
};
BP_SHAPE(home_shape, home,
	BP_OBJ(home, counts, BP_REQ, &home_counts, "figures"),
	BP_LIST(home, jobs, BP_REQ, 10, &bp_job_shape, "my latest jobs"),
	BP_LIST(home, drafts, BP_REQ, 10, &home_draft, "my drafts, latest first"),
	BP_LIST(home, locks, BP_REQ, 10, &home_lock, "locks that I hold"),
	BP_STR(home, next, BP_REQ, 1, 10, "what comes next: import, plan or export"));

static enum bp_error get(struct bp_req *rq)
{
	struct home *h = bp_alloc(rq->arena, sizeof(*h));
	struct q_home_counts c;
	struct q_home_drafts *d;
	struct q_home_locks *l;
	struct draft *drafts;
	struct lock *locks;
	size_t n_drafts, n_locks;
	enum bp_error e = q_home_counts(rq->db, rq->arena, (int64_t)rq->user.scopes_of, &c);

	if (!e)
		e = q_home_drafts(rq->db, rq->arena, (int64_t)rq->user.id, &d, &n_drafts);
	if (!e)
		e = q_home_locks(rq->db, rq->arena, (int64_t)rq->user.id, &l, &n_locks);
	if (!e)
		e = bp_jobs_of(rq, rq->user.id, 6, &h->jobs);
	if (e)
		return e;
	h->counts = bp_alloc(rq->arena, sizeof(*h->counts));
	*h->counts = (struct counts){c.outlets, c.missing_coordinates, c.territories, c.seats, c.plans};
	drafts = bp_alloc_array(rq->arena, n_drafts, sizeof(*drafts));
	for (size_t i = 0; i < n_drafts; i++)
		drafts[i] = (struct draft){d[i].id, d[i].territory_id, d[i].opened_at, d[i].saved_at, d[i].territory, d[i].channel};
	locks = bp_alloc_array(rq->arena, n_locks, sizeof(*locks));
	for (size_t i = 0; i < n_locks; i++)
		locks[i] = (struct lock){l[i].territory_id, l[i].since, l[i].territory, l[i].channel};
	h->drafts = (struct bp_list){drafts, n_drafts};
	h->locks = (struct bp_list){locks, n_locks};
	h->next = !c.outlets ? "import" : n_drafts || c.plans < c.territories ? "plan" : "export";
	rq->reply = h;
	return BP_E_OK;
}

static const struct bp_endpoint ep[] = {
	{"GET", "/home", "Where my planning stands", BP_SCOPE_SELF, 0, 0, .reply = &home_shape, .handle = get},
};
BP_RESOURCE(home, ep);
