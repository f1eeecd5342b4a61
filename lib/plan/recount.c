/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/recount.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "plan/version.h"

/* FNV-1a. */
static uint64_t mix(uint64_t h, const void *v, size_t n)
{
	const unsigned char *c = v;

	for (size_t i = 0; i < n; i++)
		h = (h ^ c[i]) * UINT64_C(1099511628211);
	return h;
}

void plan_reckoning(const struct plan_model *m, char out[PLAN_RECKONING_SIZE])
{
	/* The parameters of the day, of travel and of visits stand together in profile.def; how prices and pauses are set is no matter. */
	const double *first = &m->profile.v[PLAN_P_shift_start], *end = &m->profile.v[PLAN_P_price_overtime];
	uint64_t h = mix(UINT64_C(14695981039346656037), first, (size_t)(end - first) * sizeof(*first));

	for (size_t i = 0; i < m->n_seats; i++) {
		const struct rt_seat *s = &m->p.seats[i];
		const struct rt_place *at = s->start == RT_NONE ? NULL : &m->p.places[s->start];
		int64_t v[] = {(int64_t)s->id, s->profile, s->shift, s->shift_start, at ? at->x : RT_NO_COORD, at ? at->y : 0, at ? at->area : 0};

		h = mix(h, v, sizeof(v));
	}
	snprintf(out, PLAN_RECKONING_SIZE, "%016llx", (unsigned long long)h);
}

enum bp_error plan_recount_due(struct bp_db *db, struct bp_arena *a, int64_t plan, bool data, struct q_recount_due **out, size_t *n)
{
	char reckoning[PLAN_RECKONING_SIZE];
	struct plan_model m;
	enum bp_error e = plan_model_load(db, a, (uint64_t)plan, NULL, "[]", &m);

	if (!e)
		plan_reckoning(&m, reckoning);
	return e ? e : q_recount_due(db, a, plan, reckoning, data, out, n);
}

/* A draft or version while it is counted. */
struct count {
	struct bp_db *db;
	struct bp_arena *a;
	int64_t session, version;
	struct plan_cycle cycle;
	struct plan_model m;
	struct q_draft_stops *stops;
	size_t n_stops;
};

/* Standing visits of each need of the model. */
static int32_t *placed(const struct count *c)
{
	int32_t *n = bp_alloc_array(c->a, c->m.n_needs + 1, sizeof(*n));

	memset(n, 0, (c->m.n_needs + 1) * sizeof(*n));
	for (size_t i = 0; i < c->n_stops; i++) {
		int32_t k = c->stops[i].to.set ? RT_NONE : plan_model_need(&c->m, c->stops[i].need);

		if (k != RT_NONE)
			n[k]++;
	}
	return n;
}

/* What is missing; a need that asks for more than before has not been planned so yet, and one that came into the unit since is new to what is a plan already. */
static void missing_rows(const struct count *c, const struct q_draft_unserved *was, size_t n_was, struct bp_buf *rows)
{
	const int32_t *have = placed(c);

	bp_buf_chr(rows, '[');
	for (size_t k = 0; k < c->m.n_needs; k++) {
		const struct plan_need *n = &c->m.needs[k];
		const struct q_draft_unserved *row = n_was ? bsearch(&n->id, was, n_was, sizeof(*was), plan_compare_id) : NULL;

		if (n->visits > have[k] && (c->n_stops || row))
			bp_buf_printf(rows, "%s{\"n\":%lld,\"m\":%d,\"r\":\"%s\"}", rows->len > 1 ? "," : "", (long long)n->id, n->visits - (int)have[k],
				row ? row->reason : have[k] ? "NOT_PLANNED" : "NEW");
	}
	bp_buf_chr(rows, ']');
}

_Static_assert(sizeof(struct q_draft_unserved) == sizeof(struct q_plan_version_unserved), "same columns");

static enum bp_error put_unserved(struct count *c)
{
	struct q_draft_unserved *was;
	struct bp_buf rows;
	size_t n;
	enum bp_error e = c->session ? q_draft_unserved(c->db, c->a, c->session, &was, &n)
				     : q_plan_version_unserved(c->db, c->a, c->version, (struct q_plan_version_unserved **)(void *)&was, &n);

	if (e)
		return e;
	bp_buf_init(&rows, 16u << 20);
	missing_rows(c, was, n, &rows);
	e = c->session ? q_draft_clear_unserved(c->db, c->session, NULL) : q_recount_drop_version_unserved(c->db, c->version, NULL);
	if (!e)
		e = c->session ? q_recount_put_draft_unserved(c->db, c->session, rows.data, NULL)
			       : q_plan_version_put_unserved(c->db, c->version, rows.data, NULL);
	bp_buf_release(&rows);
	return e;
}

/* Of a need that has left the plan the visits stand until the next run: then the model is one of the needs that have any. */
static enum bp_error needs_of_stops(struct count *c)
{
	int64_t *ids = bp_alloc_array(c->a, c->n_stops + 1, sizeof(*ids));
	bool left = false;

	for (size_t i = 0; i < c->n_stops; i++) {
		ids[i] = c->stops[i].need;
		left |= plan_model_need(&c->m, ids[i]) == RT_NONE;
	}
	return left ? plan_model_load(c->db, c->a, (uint64_t)c->m.plan.id, &c->cycle, bp_ids_text(c->a, ids, c->n_stops), &c->m) : BP_E_OK;
}

static enum bp_error put_tours(struct count *c)
{
	int64_t *seats = bp_alloc_array(c->a, c->m.n_seats + 1, sizeof(*seats)), id = c->session ? c->session : c->version;
	const char *text;
	enum bp_error e;

	for (size_t i = 0; i < c->m.n_seats; i++)
		seats[i] = c->m.seats[i].id;
	text = bp_ids_text(c->a, seats, c->m.n_seats);
	e = c->session ? q_recount_drop_draft_tours(c->db, id, text, NULL) : q_recount_drop_version_tours(c->db, id, text, NULL);
	return e ? e : plan_version_put_tours(c->db, &c->m, c->stops, c->n_stops, c->session ? q_draft_put_tours : q_plan_version_put_tours, (uint64_t)id);
}

_Static_assert(sizeof(struct q_draft_stops) == sizeof(struct q_plan_version_stops), "same columns");
_Static_assert(sizeof(struct q_recount_session) == sizeof(struct q_recount_version), "same columns");

enum bp_error plan_recount(struct bp_db *db, struct bp_arena *a, const struct q_recount_due *of)
{
	struct count c = {.db = db, .a = a, .session = of->session_id, .version = of->version_id};
	char reckoning[PLAN_RECKONING_SIZE];
	struct q_recount_version row;
	enum bp_error e = c.session ? q_recount_session(db, a, c.session, (struct q_recount_session *)(void *)&row)
				    : q_recount_version(db, a, c.version, &row);

	if (!e)
		e = c.session ? q_draft_stops(db, a, c.session, &c.stops, &c.n_stops)
			      : q_plan_version_stops(db, a, c.version, (struct q_plan_version_stops **)(void *)&c.stops, &c.n_stops);
	if (!e)
		e = plan_cycle_of(db, a, (uint64_t)row.plan_id, (uint64_t)c.session, (uint64_t)c.version, &c.cycle);
	if (!e)
		e = plan_model_load(db, a, (uint64_t)row.plan_id, &c.cycle, NULL, &c.m);
	if (e)
		return e == BP_E_NOT_FOUND ? BP_E_OK : e; /* it is gone by now */
	plan_reckoning(&c.m, reckoning);
	if (of->data || strcmp(reckoning, row.reckoning))
		e = put_unserved(&c);
	if (!e)
		e = needs_of_stops(&c);
	if (!e)
		e = put_tours(&c);
	if (e)
		return e;
	return c.session ? q_session_reckoned(db, c.session, reckoning, NULL) : plan_version_sum(db, a, (uint64_t)c.version, NULL, reckoning);
}
