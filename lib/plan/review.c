/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/review.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(sizeof(struct q_shares_draft) == sizeof(struct q_shares_version), "same columns");
_Static_assert(sizeof(struct q_draft_tours) == sizeof(struct q_plan_version_tours), "same columns");

static double off(double x, double mean, double *worst)
{
	double pct = mean > 0 ? (x - mean) / mean * 100 : 0;

	*worst = fmax(*worst, fabs(pct));
	return pct;
}

void plan_fairness_settle(struct plan_fairness *f)
{
	double working = 0;

	f->mean_minutes = f->mean_calls = f->mean_value = 0;
	f->worst_minutes_pct = f->worst_calls_pct = f->worst_value_pct = 0;
	for (size_t i = 0; i < f->n; i++) {
		working += f->seats[i].calls > 0;
		f->mean_minutes += f->seats[i].minutes;
		f->mean_calls += (double)f->seats[i].calls;
		f->mean_value += f->seats[i].value;
	}
	if (working > 0) {
		f->mean_minutes /= working;
		f->mean_calls /= working;
		f->mean_value /= working;
	}
	for (size_t i = 0; i < f->n; i++) {
		struct plan_share *s = &f->seats[i];

		s->minutes_pct = s->calls_pct = s->value_pct = 0;
		if (!s->calls)
			continue;
		s->minutes_pct = off(s->minutes, f->mean_minutes, &f->worst_minutes_pct);
		s->calls_pct = off((double)s->calls, f->mean_calls, &f->worst_calls_pct);
		s->value_pct = off(s->value, f->mean_value, &f->worst_value_pct);
	}
}

static void add_tour(struct plan_share *s, const struct q_draft_tours *t)
{
	s->calls += t->calls;
	s->days += t->calls > 0;
	s->minutes += (double)(t->travel + t->service + t->waiting) / 60;
	s->travel_minutes += (double)t->travel / 60;
	s->overtime_minutes += (double)t->overtime / 60;
	s->km += (double)t->metres / 1000;
}

static int by_code(const void *x, const void *y)
{
	return strcmp(((const struct plan_share *)x)->code, ((const struct plan_share *)y)->code);
}

enum bp_error plan_fairness(struct bp_db *db, struct bp_arena *a, uint64_t plan, uint64_t session, uint64_t version,
	struct plan_fairness *out)
{
	struct q_draft_tours *tours = NULL;
	struct q_shares_draft *shares = NULL;
	size_t n_tours = 0, n_shares = 0;
	struct plan_model m;
	enum bp_error e = plan_model_load(db, a, plan, NULL, "[]", &m); /* the seats alone */

	if (!e)
		e = session ? q_draft_tours(db, a, (int64_t)session, &tours, &n_tours)
			    : q_plan_version_tours(db, a, (int64_t)version, (struct q_plan_version_tours **)(void *)&tours, &n_tours);
	if (!e)
		e = session ? q_shares_draft(db, a, (int64_t)session, &shares, &n_shares)
			    : q_shares_version(db, a, (int64_t)version, (struct q_shares_version **)(void *)&shares, &n_shares);
	if (e)
		return e;
	*out = (struct plan_fairness){.seats = bp_alloc_array(a, m.n_seats + 1, sizeof(*out->seats)), .n = m.n_seats};
	for (size_t i = 0; i < m.n_seats; i++)
		out->seats[i] = (struct plan_share){.seat = m.seats[i].id, .code = m.seats[i].code, .name = m.seats[i].name, .person = m.seats[i].person};
	for (size_t i = 0; i < n_tours; i++) {
		int32_t s = plan_model_seat(&m, tours[i].seat);

		if (s != RT_NONE)
			add_tour(&out->seats[s], &tours[i]);
	}
	for (size_t i = 0; i < n_shares; i++) {
		int32_t s = plan_model_seat(&m, shares[i].seat);

		if (s != RT_NONE) {
			out->seats[s].outlets = shares[i].outlets;
			out->seats[s].value = shares[i].value;
		}
	}
	qsort(out->seats, out->n, sizeof(*out->seats), by_code);
	plan_fairness_settle(out);
	return BP_E_OK;
}

const char *const plan_diff_bys[] = {"outlet", "seat", "beat", "day", "territory", NULL};

enum bp_error plan_diff(struct bp_db *db, struct bp_arena *a, const char *by, int64_t unit, int64_t base, int64_t session, int64_t version,
	struct plan_diff_group **groups, size_t *n)
{
	struct q_diff_rows *r = NULL;
	struct plan_diff_group *g;
	size_t n_rows = 0;
	int64_t *needs, *gone;
	enum bp_error e = q_diff_rows(db, a, by, base, session, version, unit, &r, &n_rows);

	*n = 0;
	*groups = g = bp_alloc_array(a, n_rows + 1, sizeof(*g));
	needs = bp_alloc_array(a, n_rows + 1, sizeof(*needs));
	gone = bp_alloc_array(a, n_rows + 1, sizeof(*gone));
	for (size_t i = 0; !e && i < n_rows; i++) {
		if (!i || r[i].id != r[i - 1].id)
			g[(*n)++] = (struct plan_diff_group){.id = r[i].id, .code = r[i].code, .name = r[i].name, .needs = {needs + i, 0}, .gone = {gone + i, 0}};
		needs[i] = r[i].need;
		if (r[i].gone)
			((int64_t *)g[*n - 1].gone.v)[g[*n - 1].gone.n++] = r[i].need;
		g[*n - 1].needs.n++;
		g[*n - 1].removed += r[i].removed;
		g[*n - 1].added += r[i].added;
	}
	return e;
}
