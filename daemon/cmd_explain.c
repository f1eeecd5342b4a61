/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beatplan explain: why a committed plan is as it is and what would change it, as JSON on standard output. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "daemon/cmd.h"
#include "daemon/state.h"
#include "plan/explain.h"
#include "plan/review.h"

static int usage(const char *why)
{
	if (why)
		fprintf(stderr, "beatplan explain: %s\n", why);
	fprintf(stderr, "usage: beatplan explain place --territory CODE --outlet CODE --date YYYY-MM-DD    why a visit stands there, the next best places\n"
			"       beatplan explain missing --territory CODE --outlet CODE    the smallest relaxation that places a missing visit\n"
			"       beatplan explain coverage --territory CODE [--percent 95]  how many people would serve that share of the visits\n"
			"       beatplan explain person --territory CODE --seat CODE       what one more person like that brings\n"
			"       beatplan explain day --territory CODE --seat CODE --date YYYY-MM-DD    what one more day of a seat brings\n"
			"       beatplan explain curve --territory CODE --changes 0,10,40  what so many changes save\n"
			"       beatplan explain fairness --territory CODE                 minutes, calls and value of each seat\n"
			"       [--channel GT|MT] [--seconds N] [--state DIR]; of the committed plan, in minutes\n");
	return 2;
}

struct question {
	const char *what, *territory, *channel, *outlet, *seat, *date, *changes;
	long percent, seconds;
	int64_t day; /* of `date` */
};

static enum bp_error need_of(struct bp_db *db, struct bp_arena *a, const struct plan_model *m, const struct question *q, int64_t *need,
	struct bp_fail *f)
{
	struct q_needs_of_code *r;
	size_t n = 0;
	enum bp_error e = q_needs_of_code(db, a, m->plan.territory_id, q->outlet, &r, &n);

	if (!e && !n)
		return bp_fail(f, BP_E_NOT_FOUND, "there is no outlet with the code %s in %s", q->outlet, q->territory);
	*need = n ? r[0].id : 0;
	return e;
}

static enum bp_error seat_of(const struct plan_model *m, const struct question *q, int64_t *seat, struct bp_fail *f)
{
	for (size_t i = 0; i < m->n_seats; i++)
		if (!strcmp(m->seats[i].code, q->seat)) {
			*seat = m->seats[i].id;
			return BP_E_OK;
		}
	return bp_fail(f, BP_E_NOT_FOUND, "there is no seat with the code %s in %s", q->seat, q->territory);
}

static enum bp_error curve(const struct plan_model *m, const struct question *q, json_t **out, struct bp_fail *f)
{
	int32_t budgets[12];
	int n = 0;
	char *end;

	for (const char *p = q->changes; *p && n < 12; p = *end ? end + 1 : end) {
		long v = strtol(p, &end, 10);

		if (end == p || (*end && *end != ',') || v < 0 || v > PLAN_VISITS_MOST)
			return bp_fail(f, BP_E_FIELDS, "--changes takes numbers of visits that ascend, parted by commas");
		budgets[n++] = (int32_t)v;
	}
	return plan_explain_curve(m, budgets, n, out, f);
}

static enum bp_error shares(struct bp_db *db, struct bp_arena *a, const struct plan_model *m, json_t **out)
{
	struct plan_fairness r;
	json_t *list = json_array();
	enum bp_error e = plan_fairness(db, a, (uint64_t)m->plan.id, 0, (uint64_t)m->plan.current_version.v, &r);

	for (size_t i = 0; !e && i < r.n; i++) {
		const struct plan_share *s = &r.seats[i];

		json_array_append_new(list, json_pack("{s:s,s:s?,s:I,s:I,s:f,s:f,s:f,s:f,s:f}", "seat", s->code, "person", s->person, "calls",
			(json_int_t)s->calls, "outlets", (json_int_t)s->outlets, "minutes", s->minutes, "value", s->value, "minutesPct", s->minutes_pct,
			"callsPct", s->calls_pct, "valuePct", s->value_pct));
	}
	*out = json_pack("{s:o}", "seats", list);
	return e;
}

static enum bp_error answer(struct bp_db *db, struct bp_arena *a, struct plan_model *m, const struct question *q, json_t **out, struct bp_fail *f)
{
	int64_t need = 0, seat = 0;
	enum bp_error e = q->outlet ? need_of(db, a, m, q, &need, f) : q->seat ? seat_of(m, q, &seat, f) : BP_E_OK;

	if (e)
		return e;
	if (!strcmp(q->what, "place"))
		return plan_explain_place(m, need, plan_model_day(m, q->day), out, f);
	if (!strcmp(q->what, "missing"))
		return plan_explain_missing(m, need, out, f);
	if (!strcmp(q->what, "coverage"))
		return plan_explain_coverage(m, (double)q->percent, out, f);
	if (!strcmp(q->what, "person"))
		return plan_explain_worth(m, seat, -1, out, f);
	if (!strcmp(q->what, "day"))
		return plan_explain_worth(m, seat, plan_model_day(m, q->day), out, f);
	return strcmp(q->what, "curve") ? shares(db, a, m, out) : curve(m, q, out, f);
}

/* What each question wants to be told. */
static const char *lacks(const struct question *q)
{
	bool visit = !strcmp(q->what, "place") || !strcmp(q->what, "missing"), more = !strcmp(q->what, "person") || !strcmp(q->what, "day");

	if (!visit && !more && strcmp(q->what, "coverage") && strcmp(q->what, "curve") && strcmp(q->what, "fairness"))
		return "say what: place, missing, coverage, person, day, curve or fairness";
	if (!q->territory)
		return "--territory CODE is missing";
	if (strcmp(q->channel, "GT") && strcmp(q->channel, "MT"))
		return "--channel takes GT or MT";
	if (visit && !q->outlet)
		return "--outlet CODE is missing";
	if (more && !q->seat)
		return "--seat CODE is missing";
	if ((!strcmp(q->what, "place") || !strcmp(q->what, "day")) && !q->date)
		return "--date YYYY-MM-DD is missing";
	if (!strcmp(q->what, "curve") && !q->changes)
		return "--changes N,N,... is missing";
	if (q->percent < 1 || q->percent > 100)
		return "--percent takes a whole number of 1 to 100";
	return q->seconds < 1 || q->seconds > 300 ? "--seconds takes a whole number of 1 to 300" : NULL;
}

static enum bp_error ask(struct bp_db *db, struct bp_arena *a, const struct question *q, json_t **out, struct bp_fail *f)
{
	struct plan_explained of = {0};
	struct q_plan_by_code plan;
	struct plan_model m;
	enum bp_error e = q_plan_by_code(db, a, q->territory, q->channel, &plan);

	if (e == BP_E_NOT_FOUND)
		return bp_fail(f, e, "there is no committed %s plan of a unit with the code %s", q->channel, q->territory);
	if (e)
		return e;
	of.plan = (uint64_t)plan.id;
	e = plan_explain_load(db, a, &of, &m, f);
	m.params.seconds = (double)q->seconds;
	return e ? e : answer(db, a, &m, q, out, f);
}

int cmd_explain(int argc, char **argv)
{
	static const struct option known[] = {{"state", required_argument, NULL, 's'}, {"territory", required_argument, NULL, 't'},
		{"channel", required_argument, NULL, 'c'}, {"outlet", required_argument, NULL, 'o'}, {"seat", required_argument, NULL, 'e'},
		{"date", required_argument, NULL, 'd'}, {"percent", required_argument, NULL, 'p'}, {"seconds", required_argument, NULL, 'n'},
		{"changes", required_argument, NULL, 'k'}, {NULL, 0, NULL, 0}};
	struct question q = {.what = "", .channel = "GT", .percent = 95, .seconds = 20};
	const char *state = NULL;
	struct bp_conf conf = {0};
	struct bp_fail f = {0};
	json_t *out = NULL;
	struct bp_state s;
	struct bp_db *db;
	struct bp_arena a;
	enum bp_error e;
	int c;

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		switch (c) {
		case 's': state = optarg; break;
		case 't': q.territory = optarg; break;
		case 'c': q.channel = optarg; break;
		case 'o': q.outlet = optarg; break;
		case 'e': q.seat = optarg; break;
		case 'd': q.date = optarg; break;
		case 'p': q.percent = strtol(optarg, NULL, 10); break;
		case 'n': q.seconds = strtol(optarg, NULL, 10); break;
		case 'k': q.changes = optarg; break;
		default: return usage(NULL);
		}
	}
	q.what = optind + 1 == argc ? argv[optind] : "";
	if (lacks(&q))
		return usage(lacks(&q));
	if (q.date && !bp_date_parse(q.date, &q.day))
		return usage("--date takes a date like 2026-12-07");
	if (bp_state_init(&s, bp_cmd_state(state), &f) || bp_state_open(&s, &conf, &db, false, &f))
		return bp_cmd_failed("explain", &f);
	bp_arena_init(&a, (size_t)4 << 30);
	e = ask(db, &a, &q, &out, &f);
	if (!e) {
		json_dumpf(out, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(8));
		putchar('\n');
	}
	json_decref(out);
	bp_arena_release(&a);
	bp_db_free(db);
	bp_conf_release(&conf);
	bp_fail(&f, e, "%s", bp_errors[e].message);
	return e ? bp_cmd_failed("explain", &f) : 0;
}
