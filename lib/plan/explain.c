/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/explain.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "plan/version.h"

/* A version's rows are those of a draft. */
_Static_assert(sizeof(struct q_draft_stops) == sizeof(struct q_plan_version_stops), "same columns");

enum bp_error plan_explain_load(struct bp_db *db, struct bp_arena *a, const struct plan_explained *what, struct plan_model *m,
	struct bp_fail *f)
{
	struct q_plan_version_stops *kept = NULL;
	struct q_draft_stops *rows = NULL;
	uint64_t version = what->version;
	struct plan_cycle cycle;
	size_t n = 0;
	enum bp_error e = plan_cycle_of(db, a, what->plan, what->session, version, &cycle);

	if (!e)
		e = plan_model_load(db, a, what->plan, &cycle, NULL, m);
	if (!e && !what->session && !version && !m->plan.current_version.set)
		return bp_fail(f, BP_E_NOT_FOUND, "the plan has no committed version: name a version or a planning session");
	if (!e && !version && m->plan.current_version.set)
		version = (uint64_t)m->plan.current_version.v;
	if (!e && what->session) {
		e = q_draft_stops(db, a, (int64_t)what->session, &rows, &n);
	} else if (!e) {
		e = q_plan_version_stops(db, a, (int64_t)version, &kept, &n);
		rows = (struct q_draft_stops *)(void *)kept;
	}
	if (!e && (what->session || version))
		e = plan_model_pins(db, m, what->session, version);
	if (!e)
		plan_optimize_given(m, rows, n);
	return e;
}

static double minutes(int64_t seconds)
{
	return (double)seconds / 60;
}

/* The given plan as a solution; what it lacks is unserved.  Released by the caller. */
static void given_solution(const struct plan_model *m, struct rt_solution *s)
{
	int32_t *placed = bp_xcalloc(m->n_needs + 1, sizeof(*placed));

	rt_solution_init(s);
	s->visits = bp_xcalloc((size_t)m->p.n_given + 1, sizeof(*s->visits));
	s->unserved = bp_xcalloc(m->n_needs + 1, sizeof(*s->unserved));
	for (int32_t i = 0; i < m->p.n_given; i++) {
		const struct rt_given *g = &m->p.given[i];

		s->visits[s->n_visits++] = (struct rt_visit){g->need, g->day, g->seat, g->position};
		placed[g->need]++;
	}
	rt_visits_sort(s->visits, s->n_visits);
	for (size_t i = 0; i < m->n_needs; i++)
		if (placed[i] < m->p.needs[i].visits)
			s->unserved[s->n_unserved++] = (struct rt_unserved){(int32_t)i, m->p.needs[i].visits - placed[i], RT_NOT_WORTH_IT};
	free(placed);
}

/* A move is judged as the plan stands: what was moved before has been paid for. */
static struct rt_params as_it_stands(const struct plan_model *m)
{
	struct rt_params a = m->params;

	a.price_day = a.price_person = a.price_beat = 0;
	a.max_changed = -1;
	return a;
}

static const struct {
	uint32_t bit;
	const char *rule;
} rules[] = {
	{RT_BROKEN_SHIFT, "SHIFT"}, {RT_BROKEN_CALLS, "MAX_CALLS"}, {RT_BROKEN_LOAD, "LOAD"}, {RT_BROKEN_WINDOW, "WINDOW"},
	{RT_BROKEN_DAY, "CLOSED_DAY"}, {RT_BROKEN_SEAT, "SEAT"}, {RT_BROKEN_FIRST, "FIRST"}, {RT_BROKEN_PATTERN, "GAP"},
	{RT_BROKEN_PERSON, "PERSON"}, {RT_BROKEN_CHAIN, "CHAIN"},
};

static json_t *rules_of(uint32_t broken)
{
	json_t *list = json_array();

	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		if (broken & rules[i].bit)
			json_array_append_new(list, json_string(rules[i].rule));
	return list;
}

/* --- why here --- */

struct place {
	const struct plan_model *m;
	struct rt_problem p;
	struct rt_params a;
	struct rt_solution s;
	int32_t need, visit;
};

static enum bp_error place_init(struct place *w, const struct plan_model *m, int64_t need, int day, struct bp_fail *f)
{
	*w = (struct place){.m = m, .p = m->p, .a = as_it_stands(m), .need = plan_model_need(m, need), .visit = RT_NONE};
	w->p.n_given = 0;
	given_solution(m, &w->s);
	for (int32_t i = 0; i < w->s.n_visits && w->need != RT_NONE; i++)
		if (w->s.visits[i].need == w->need && w->s.visits[i].day == day)
			w->visit = i;
	if (w->visit == RT_NONE)
		return bp_fail(f, BP_E_PLAN_OP, "need %lld has no standing visit on that day: it was moved or removed", (long long)need);
	if (m->p.places[m->p.needs[w->need].place].x == RT_NO_COORD)
		return bp_fail(f, BP_E_PLAN_OP, "the outlet of need %lld has no coordinates: nothing can be said of its ways", (long long)need);
	return BP_E_OK;
}

/* The visit alone on each other working day of its seat. */
static json_t *days_of(const struct place *w)
{
	const struct rt_visit *v = &w->s.visits[w->visit];
	json_t *list = json_array();

	for (int32_t d = 0; d < rt_days(&w->p); d++) {
		struct rt_price price;

		if (d == v->day || !(w->p.seats[v->seat].days >> d & 1))
			continue;
		rt_price_move(&w->p, &w->a, &w->s, w->visit, v->seat, d, RT_NONE, &price);
		json_array_append_new(list, json_pack("{s:i,s:f,s:o}", "day", (int)d, "minutes", minutes(price.total), "broken",
			rules_of(price.broken)));
	}
	return list;
}

static bool same_tour(const struct rt_visit *x, const struct rt_visit *y, int32_t n)
{
	for (int32_t i = 0; i < n; i++)
		if (x[i].need != y[i].need)
			return false;
	return true;
}

/* The tours that differ between two plans, as they are in the second. */
static json_t *changed_tours(const struct place *w, const struct rt_solution *to)
{
	json_t *list = json_array();

	for (int32_t s = 0; s < w->p.n_seats; s++)
		for (int32_t d = 0; d < rt_days(&w->p); d++) {
			int32_t n, k;
			const struct rt_visit *a = rt_solution_tour(&w->s, s, d, &n), *b = rt_solution_tour(to, s, d, &k);
			json_t *order;

			if (n == k && same_tour(a, b, n))
				continue;
			order = json_array();
			for (int32_t i = 0; i < k; i++)
				json_array_append_new(order, json_integer(w->m->needs[b[i].need].id));
			json_array_append_new(list, json_pack("{s:I,s:i,s:o}", "seat", (json_int_t)w->m->seats[s].id, "day", (int)d, "order", order));
		}
	return list;
}

/* A need's seat and days in one number; plans that differ for it almost never agree in it. */
static void fingerprints(const struct rt_solution *s, uint64_t *out)
{
	for (int32_t i = 0; i < s->n_visits; i++)
		out[s->visits[i].need] += ((uint64_t)s->visits[i].seat * RT_MAX_DAYS + (uint64_t)s->visits[i].day + 1) * UINT64_C(0x9e3779b97f4a7c15);
}

static int others_moved(const struct place *w, const struct rt_solution *to)
{
	uint64_t *a = bp_xcalloc(w->m->n_needs + 1, sizeof(*a)), *b = bp_xcalloc(w->m->n_needs + 1, sizeof(*b));
	int n = 0;

	fingerprints(&w->s, a);
	fingerprints(to, b);
	for (size_t i = 0; i < w->m->n_needs; i++)
		n += a[i] != b[i] && (int32_t)i != w->need;
	free(a);
	free(b);
	return n;
}

/* What one click does: the move alone, or where a tour has no room for it, all that has to give way. */
struct taken {
	double minutes;
	json_t *v;
};

static struct taken option_of(const struct place *w, const struct rt_option *o)
{
	struct rt_solution then;
	struct rt_price alone;
	struct taken t;
	bool fits;

	rt_solution_init(&then);
	rt_option_alone(&w->p, &w->a, &w->s, w->visit, o, &alone, &then);
	fits = !alone.broken;
	if (!fits) {
		rt_solution_release(&then);
		rt_solution_init(&then);
		rt_alternative_plan(&w->p, &w->a, &w->s, w->visit, o, &then);
	}
	t.minutes = minutes(fits ? alone.total : o->price.total);
	t.v = json_pack("{s:I,s:i,s:f,s:f,s:f,s:i,s:o}", "seat", (json_int_t)w->m->seats[o->seat].id, "day", (int)o->day, "minutes", t.minutes,
		"after", minutes(o->cost), "within", minutes(o->within), "others", others_moved(w, &then), "tours", changed_tours(w, &then));
	rt_solution_release(&then);
	return t;
}

static int cheaper(const void *x, const void *y)
{
	double a = ((const struct taken *)x)->minutes, b = ((const struct taken *)y)->minutes;

	return (a > b) - (a < b);
}

/* Does one of these tours have a visit on single dates, which the price does not know of?  On that date it may be too much. */
static bool meets_dated(const struct plan_model *m, const json_t *tours)
{
	const json_t *t;
	size_t i;

	json_array_foreach(tours, i, t)
		for (size_t k = 0; k < m->n_dated; k++)
			if (m->dated[k].seat == json_integer_value(json_object_get(t, "seat")) && m->dated[k].day == json_integer_value(json_object_get(t, "day")))
				return true;
	return false;
}

static json_t *options_of(const struct place *w)
{
	struct rt_option options[PLAN_OPTIONS];
	struct taken taken[PLAN_OPTIONS];
	int32_t n = rt_alternatives(&w->p, &w->a, &w->s, w->visit, options, PLAN_OPTIONS);
	json_t *list = json_array();

	for (int32_t i = 0; i < n; i++)
		taken[i] = option_of(w, &options[i]);
	qsort(taken, (size_t)n, sizeof(*taken), cheaper);
	for (int32_t i = 0; i < n; i++) {
		if (!meets_dated(w->m, json_object_get(taken[i].v, "tours")))
			json_array_append(list, taken[i].v);
		json_decref(taken[i].v);
	}
	return list;
}

/* The purchase that is due next, as of the day on which the visit comes next; null where nothing is known. */
static json_t *due_of(const struct plan_model *m, int32_t need, int day)
{
	const struct plan_due *d = &m->needs[need].due;
	int32_t value = m->p.needs[need].day_value;
	char date[BP_DATE_SIZE];

	if (!d->known)
		return json_null();
	bp_date_format((int64_t)floor(d->date + 0.5), date);
	return json_pack("{s:s,s:b,s:b,s:f,s:f,s:f,s:b}", "date", date, "imported", d->imported, "late", d->late, "every", d->every, "score",
		plan_due_score(d, plan_model_date(m, day)), "worth", value == RT_NONE ? 0 : minutes(m->p.day_values[value + day]), "counts",
		PLAN_GET(&m->profile, nppd) > 0);
}

enum bp_error plan_explain_place(const struct plan_model *m, int64_t need, int day, json_t **out, struct bp_fail *f)
{
	struct rt_price gone;
	struct place w;
	enum bp_error e = place_init(&w, m, need, day, f);

	if (!e) {
		rt_price_move(&w.p, &w.a, &w.s, w.visit, RT_NONE, RT_NONE, RT_NONE, &gone);
		*out = json_pack("{s:I,s:I,s:i,s:f,s:o,s:o,s:o}", "need", (json_int_t)need, "seat", (json_int_t)m->seats[w.s.visits[w.visit].seat].id,
			"day", day, "detour", -minutes(gone.travel), "days", days_of(&w), "options", options_of(&w),
			"due", due_of(m, w.need, day));
	}
	rt_solution_release(&w.s);
	return e;
}

/* --- why not --- */

static const struct {
	const char *name, *unit;
	bool time;
} kinds[RT_RELAX__MAX] = {
	[RT_RELAX_NONE] = {"NONE", NULL, false}, [RT_RELAX_SHIFT] = {"SHIFT", "minutes", true}, [RT_RELAX_CALLS] = {"CALLS", "calls", false},
	[RT_RELAX_LOAD] = {"LOAD", "units", false}, [RT_RELAX_WINDOW] = {"WINDOW", "minutes", true}, [RT_RELAX_DAY] = {"DAY", NULL, false},
	[RT_RELAX_SEAT] = {"SEAT", NULL, false}, [RT_RELAX_GAP] = {"GAP", "days", false}, [RT_RELAX_VISITS] = {"VISITS", "visits", false},
	[RT_RELAX_COORD] = {"COORDINATES", NULL, false}, [RT_RELAX_FIRST] = {"FIRST", NULL, false},
	[RT_RELAX_PRICE] = {"PRICE", "minutes", true}, [RT_RELAX_FITS] = {"FITS", NULL, false},
	[RT_RELAX_CHAIN] = {"CHAIN", "visits", false},
};

static json_t *amount_of(int32_t kind, int64_t amount)
{
	return kinds[kind].time ? json_real(minutes(amount)) : json_integer(amount);
}

static json_t *relax_of(const struct plan_model *m, const struct rt_relax *r)
{
	json_t *o = json_object();

	json_object_set_new(o, "kind", json_string(kinds[r->kind].name));
	json_object_set_new(o, "amount", amount_of(r->kind, r->amount));
	json_object_set_new(o, "unit", kinds[r->kind].unit ? json_string(kinds[r->kind].unit) : json_null());
	json_object_set_new(o, "kind2", r->kind2 ? json_string(kinds[r->kind2].name) : json_null());
	json_object_set_new(o, "amount2", amount_of(r->kind2, r->amount2));
	json_object_set_new(o, "seat", r->seat == RT_NONE ? json_null() : json_integer(m->seats[r->seat].id));
	json_object_set_new(o, "day", r->day == RT_NONE ? json_null() : json_integer(r->day));
	json_object_set_new(o, "position", r->position == RT_NONE ? json_null() : json_integer(r->position));
	json_object_set_new(o, "minutes", json_real(minutes(r->price)));
	return o;
}

enum bp_error plan_explain_missing(const struct plan_model *m, int64_t need, json_t **out, struct bp_fail *f)
{
	int32_t i = plan_model_need(m, need), missing = 0;
	struct rt_params a = as_it_stands(m);
	struct rt_problem p = m->p;
	struct rt_solution s;
	struct rt_relax r;

	if (i == RT_NONE)
		return bp_fail(f, BP_E_PLAN_OP, "need %lld is not in this plan", (long long)need);
	p.n_given = 0;
	given_solution(m, &s);
	for (int32_t k = 0; k < s.n_unserved; k++)
		if (s.unserved[k].need == i)
			missing = s.unserved[k].missing;
	if (missing) {
		rt_relax(&p, &a, &s, i, &r);
		*out = json_pack("{s:I,s:i,s:o}", "need", (json_int_t)need, "missing", (int)missing, "relax", relax_of(m, &r));
	}
	rt_solution_release(&s);
	return missing ? BP_E_OK : bp_fail(f, BP_E_PLAN_OP, "need %lld has all the visits it asks for", (long long)need);
}

/* --- what would it take --- */

static int64_t visits_of(const struct rt_problem *p)
{
	int64_t n = 0;

	for (int32_t i = 0; i < p->n_needs; i++)
		n += p->needs[i].visits;
	return n;
}

static int64_t missing_of(const struct rt_solution *s)
{
	int64_t n = 0;

	for (int32_t i = 0; i < s->n_unserved; i++)
		n += s->unserved[i].missing;
	return n;
}

/* The seat that works most: the one to have more of. */
static int32_t busiest(const struct plan_model *m)
{
	int64_t most = -1;
	int32_t best = 0;

	for (int32_t s = 0; s < m->p.n_seats; s++) {
		int64_t n = 0;

		for (int32_t i = 0; i < m->p.n_given; i++)
			n += m->p.given[i].seat == s;
		if (n > most) {
			most = n;
			best = s;
		}
	}
	return best;
}

enum bp_error plan_explain_coverage(const struct plan_model *m, double percent, json_t **out, struct bp_fail *f)
{
	struct rt_params a = as_it_stands(m);
	int32_t seat = m->n_seats ? busiest(m) : RT_NONE, extra = 0;
	int64_t all = visits_of(&m->p), missing;
	struct rt_solution with;
	enum bp_error e = BP_E_OK;

	if (seat == RT_NONE)
		return bp_fail(f, BP_E_OPT_INPUT, "the territory has no seats: import seats first");
	given_solution(m, &with);
	missing = missing_of(&with);
	/* What the plan has already needs no search. */
	if ((double)(all - missing) * 100 < (double)all * percent) {
		e = rt_seats_for_coverage(&m->p, &a, seat, (int32_t)(percent * 10 + 0.5), &extra, &with, f);
		missing = missing_of(&with);
	}
	if (!e)
		*out = json_pack("{s:f,s:i,s:o,s:I,s:f}", "percent", percent, "seats", (int)m->n_seats, "extra",
			extra == RT_NONE ? json_null() : json_integer(extra), "like", (json_int_t)m->seats[seat].id, "served",
			all ? 100.0 * (double)(all - missing) / (double)all : 100.0);
	rt_solution_release(&with);
	return e;
}

enum bp_error plan_explain_worth(const struct plan_model *m, int64_t seat, int day, json_t **out, struct bp_fail *f)
{
	struct rt_params a = as_it_stands(m);
	int32_t s = plan_model_seat(m, seat);
	struct rt_worth w = {0};
	struct rt_solution plan;
	enum bp_error e;

	if (s == RT_NONE)
		return bp_fail(f, BP_E_PLAN_OP, "seat %lld is not one of this plan's", (long long)seat);
	if (day >= 0 && m->p.seats[s].days >> day & 1)
		return bp_fail(f, BP_E_PLAN_OP, "seat %s works on that day already", m->seats[s].code);
	given_solution(m, &plan);
	e = day >= 0 ? rt_price_day(&m->p, &a, &plan, s, day, &w, f) : rt_price_seat(&m->p, &a, &plan, s, &w, f);
	if (!e)
		*out = json_pack("{s:I,s:o,s:f,s:I,s:I,s:f,s:f,s:f,s:f}", "seat", (json_int_t)seat, "day", day >= 0 ? json_integer(day) : json_null(),
			"gain", minutes(w.gain), "servedWithout", (json_int_t)w.served_without, "servedWith", (json_int_t)w.served_with, "travelWithout",
			minutes(w.without.travel), "travelWith", minutes(w.with.travel), "overtimeWithout", minutes(w.without.overtime), "overtimeWith",
			minutes(w.with.overtime));
	rt_solution_release(&plan);
	return e;
}

enum bp_error plan_explain_curve(const struct plan_model *m, const int32_t *budgets, int n, json_t **out, struct bp_fail *f)
{
	struct rt_cost *costs = bp_xcalloc((size_t)n + 1, sizeof(*costs));
	json_t *points = json_array();
	enum bp_error e = rt_disturbance_curve(&m->p, &m->params, budgets, n, costs, f);

	for (int i = 0; i < n && !e; i++)
		json_array_append_new(points, json_pack("{s:i,s:i,s:f,s:f,s:f,s:f}", "budget", (int)budgets[i], "changed", (int)costs[i].changed,
			"minutes", minutes(costs[i].total), "saved", minutes(costs[0].total - costs[i].total), "travel", minutes(costs[i].travel),
			"missed", minutes(costs[i].missed)));
	if (!e)
		*out = json_pack("{s:O}", "points", points);
	json_decref(points);
	free(costs);
	return e;
}
