/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_designs.c - planning units: how they are, scenarios of others, and what becomes of these. */
#include <stdlib.h>
#include <string.h>

#include "cgi/endpoint.h"
#include "job/job.h"
#include "queries.h"
#include "setting/setting.h"
#include "territory/check.h"
#include "territory/edit.h"
#include "territory/scenario.h"
#include "territory/tree.h"

/* --- how they are --- */

BP_SHAPE(design_size, tr_unit_size,
	BP_INT(tr_unit_size, id, BP_REQ, 1, 9e15, "unit"),
	BP_STR(tr_unit_size, name, BP_REQ, 1, 480, "its name"),
	BP_INT(tr_unit_size, outlets, BP_REQ, 0, 9e9, "outlets that are not closed"),
	BP_INT(tr_unit_size, placed, BP_REQ, 0, 9e9, "of these with coordinates"),
	BP_NUM(tr_unit_size, hours, BP_REQ, 0, 1e12, "work in four weeks, at the outlets and for the stops, as planning takes it"),
	BP_INT(tr_unit_size, visits, BP_REQ, 0, 9e12, "visits in four weeks"),
	BP_INT(tr_unit_size, bytes, BP_REQ, 0, 9e15, "of its snapshot, core and details"),
	BP_ENUM(tr_unit_size, fault, BP_NUL, tr_unit_faults,
		"what is wrong: more outlets than a plan can do with, or than it should have, too few, none at all, beneath another unit, a snapshot that loads slowly, more work than it should have, much more or less of it than the others"));
BP_SHAPE(design_spread, tr_spread,
	BP_NUM(tr_spread, least, BP_REQ, 0, 1e18, "of the smallest"),
	BP_NUM(tr_spread, median, BP_REQ, 0, 1e18, "half have less, half more"),
	BP_NUM(tr_spread, most, BP_REQ, 0, 1e18, "of the largest"));
BP_SHAPE(design_level, tr_level_size,
	BP_STR(tr_level_size, level, BP_REQ, 1, 32, "COUNTRY, ZONE, REGION, AREA or DT"),
	BP_STR(tr_level_size, name, BP_REQ, 1, 256, "what people call it"),
	BP_INT(tr_level_size, nodes, BP_REQ, 0, 9e9, "territories of this level"),
	BP_INT(tr_level_size, units, BP_REQ, 0, 9e9, "of these planning units"),
	BP_INT(tr_level_size, small, BP_REQ, 0, 9e9, "with fewer outlets than a plan should have"),
	BP_INT(tr_level_size, good, BP_REQ, 0, 9e9, "of a good size"),
	BP_INT(tr_level_size, large, BP_REQ, 0, 9e9, "with more than a plan should have"),
	BP_INT(tr_level_size, in_small, BP_REQ, 0, 9e9, "outlets in the small ones"),
	BP_INT(tr_level_size, in_good, BP_REQ, 0, 9e9, "in those of a good size"),
	BP_INT(tr_level_size, in_large, BP_REQ, 0, 9e9, "in the large ones"),
	BP_INT(tr_level_size, heavy, BP_REQ, 0, 9e9, "with a snapshot that loads slowly"),
	BP_INT(tr_level_size, overworked, BP_REQ, 0, 9e9, "with more work than a unit should have: large, too"),
	BP_OBJ(tr_level_size, outlets, BP_REQ, &design_spread, "outlets of one"),
	BP_OBJ(tr_level_size, hours, BP_REQ, &design_spread, "hours of work of one"),
	BP_OBJ(tr_level_size, bytes, BP_REQ, &design_spread, "bytes of the snapshot of one, estimated where there is none; 0 = there is nothing to go by"),
	BP_INT(tr_level_size, most, BP_REQ, 0, 9e9, "outlets of the largest, as outlets/most"),
	BP_BOOL(tr_level_size, recommended, BP_REQ, "most outlets lie in territories of a good size here"));
BP_SHAPE(design_chosen, q_choice_last,
	BP_STR(q_choice_last, level, BP_REQ, 1, 32, "level"),
	BP_TIME(q_choice_last, at, BP_REQ, "when"),
	BP_STR(q_choice_last, person, BP_NUL, 0, 480, "by whom"),
	BP_STR(q_choice_last, reason, BP_REQ, 0, 2000, "why"));
struct check {
	struct bp_list units, levels;
	const char *next;
	int64_t uncovered, least, most, warn, bytes, hours_most, load_percent;
	struct bp_opt_int nowhere, outside;
	struct q_choice_last *chosen;
};
BP_SHAPE(design_check_shape, check,
	BP_LIST(check, units, BP_REQ, BP_PAGE_MOST, &design_size, "planning units at or beneath the territory, by id"),
	BP_STR(check, next, BP_NUL, 0, 20, "cursor of the next page of units"),
	BP_LIST(check, levels, BP_REQ, 8, &design_level, "its levels, widest first"),
	BP_OBJ(check, chosen, BP_NUL, &design_chosen, "the level that somebody chose for it last, which can be taken back"),
	BP_INT(check, uncovered, BP_REQ, 0, 9e9, "outlets beneath it that no unit covers"),
	BP_INT(check, nowhere, BP_NUL, 0, 9e9, "all outlets of no territory, for those who see everything"),
	BP_INT(check, outside, BP_NUL, 0, 9e9, "outlets that lie outside of their territory's imported boundary; null = none was imported here, or there are too many outlets to look at"),
	BP_INT(check, least, BP_REQ, 0, 9e9, "outlets that a plan should have at least"),
	BP_INT(check, most, BP_REQ, 0, 9e9, "and at most"),
	BP_INT(check, warn, BP_REQ, 0, 9e9, "beyond these it is too large"),
	BP_INT(check, bytes, BP_REQ, 0, 9e15, "of a snapshot that loads quickly"),
	BP_INT(check, hours_most, BP_REQ, 0, 9e9, "hours of work in four weeks that a unit should have at most"),
	BP_INT(check, load_percent, BP_REQ, 0, 9e9, "by which they may differ from the mean of the units"));

/* The units from a place on, at most so many. */
static struct bp_list page_of(const struct tr_check *c, int64_t after, size_t limit)
{
	size_t from = 0, n;

	while (from < c->n_units && c->unit[from].id <= after)
		from++;
	n = c->n_units - from;
	return (struct bp_list){c->unit + from, n < limit ? n : limit};
}

static enum bp_error check(struct bp_req *rq)
{
	struct check *r = bp_alloc(rq->arena, sizeof(*r));
	struct bp_page_query *q = rq->query;
	size_t limit = (size_t)bp_page_limit(q->limit);
	struct q_choice_last *chosen;
	struct bp_list units;
	struct tr_check c;
	size_t n = 0;
	enum bp_error e = tr_check(rq->db, rq->arena, rq->arg[0], &c);

	if (!e)
		e = q_choice_last(rq->db, rq->arena, (int64_t)rq->arg[0], &chosen, &n);
	if (e)
		return e;
	units = page_of(&c, q->after.set ? q->after.v : 0, limit);
	*r = (struct check){.units = units, .chosen = n ? chosen : NULL, .levels = {c.level, c.n_levels}, .uncovered = c.uncovered, .outside = c.outside,
		.nowhere = {c.nowhere, (rq->user.world & BP_PERM_BIT(BP_PERM_VIEW_TERRITORY)) != 0},
		.least = c.limits.least, .most = c.limits.most, .warn = c.limits.warn, .bytes = c.limits.bytes, .hours_most = c.limits.hours, .load_percent = c.limits.load};
	if (units.n)
		r->next = bp_page_next(rq->arena, units.n, bp_page_limit(q->limit), ((struct tr_unit_size *)units.v)[units.n - 1].id);
	rq->reply = r;
	return BP_E_OK;
}

/* --- having them designed --- */

struct wish {
	struct bp_opt_int units, seed, border_scenario;
	struct bp_opt_num capacity_hours, tolerance_pct, keep_price, border_price;
	const char *border;
	bool redraw;
	struct bp_list pins;
};
BP_SHAPE(design_pin, tr_pin,
	BP_INT(tr_pin, outlet, BP_REQ, 1, 9e15, "outlet"),
	BP_INT(tr_pin, unit, BP_REQ, 1, 9e15, "unit of today that it stays in or comes to"));
BP_SHAPE(design_wish, wish,
	BP_INT(wish, units, BP_NUL, 1, DESIGN_UNITS_MOST, "how many; none = as many as today, or as the capacity says"),
	BP_NUM(wish, capacity_hours, BP_NUL, 1, 1e9, "most hours of work of a unit in four weeks, at the outlets"),
	BP_NUM(wish, tolerance_pct, BP_NUL, 0.5, 100, "by how much the work of a unit may differ from its share; none = 5"),
	BP_BOOL(wish, redraw, BP_REQ, "also ways that draw all anew; else only the units of today, made even"),
	BP_NUM(wish, keep_price, BP_NUL, 0, 1000, "of an outlet that changes its unit, in mean costs of an outlet; none = 0"),
	BP_ENUM(wish, border, BP_NUL, tr_borders, "outlets to keep together: of one distributor, of one postal code, or of one unit of another scenario"),
	BP_INT(wish, border_scenario, BP_NUL, 1, 9e15, "SCENARIO: which one of the territory, such as one of boundaries"),
	BP_NUM(wish, border_price, BP_NUL, 0, 1000, "of two of them that are neighbours and are parted; none = 0.5"),
	BP_INT(wish, seed, BP_NUL, 0, 9e15, "seed; none = 1"),
	BP_LIST(wish, pins, BP_NUL, TR_PINS_MOST, &design_pin, "pinned outlets; whitelist and blacklist of units hold too, a pin before the whitelist"));
struct started {
	int64_t job_id;
};
BP_SHAPE(design_started, started, BP_INT(started, job_id, BP_REQ, 1, 9e15, "job; its result names the scenarios of a design, and of an undo how many outlets are back and how many stay"));

static const char *pins_of(struct bp_req *rq, const struct bp_list *list)
{
	const struct tr_pin *v = list->v;
	const char *text;
	struct bp_buf b;

	bp_buf_init(&b, 1 << 20);
	for (size_t i = 0; i < list->n; i++)
		bp_buf_printf(&b, "%s[%lld,%lld]", i ? "," : "", (long long)v[i].outlet, (long long)v[i].unit);
	text = bp_strndup(rq->arena, b.data, b.len);
	bp_buf_release(&b);
	return text;
}

static const char *payload_of(struct bp_req *rq, const struct wish *in)
{
	return bp_sprintf(rq->arena, "{\"units\":%lld,\"capacity\":%.3f,\"tolerance\":%.6f,\"redraw\":%s,\"keepPrice\":%.6f,\"border\":\"%s\","
		"\"borderScenario\":%lld,\"borderPrice\":%.6f,\"seed\":%lld,\"pins\":[%s]}", (long long)(in->units.set ? in->units.v : 0),
		in->capacity_hours.set ? 60 * in->capacity_hours.v : 0, in->tolerance_pct.set ? in->tolerance_pct.v / 100 : 0.05,
		in->redraw ? "true" : "false", in->keep_price.set ? in->keep_price.v : 0, in->border ? in->border : "NONE",
		(long long)(in->border_scenario.set ? in->border_scenario.v : 0), in->border_price.set ? in->border_price.v : 0, (long long)(in->seed.set ? in->seed.v : 1), pins_of(rq, &in->pins));
}

static enum bp_error border_is_known(struct bp_req *rq)
{
	const struct wish *in = rq->body;
	struct q_design_border_known r = {0};
	enum bp_error e;

	if (!in->border || strcmp(in->border, tr_borders[TR_BORDER_SCENARIO]) != 0)
		return BP_E_OK;
	e = q_design_border_known(rq->db, rq->arena, in->border_scenario.set ? in->border_scenario.v : 0, (int64_t)rq->territory, &r);
	return e || r.known ? e : bp_req_field(rq, "/borderScenario", "names no scenario of this territory that is still kept");
}

static enum bp_error start(struct bp_req *rq)
{
	struct started *r = bp_alloc(rq->arena, sizeof(*r));
	uint64_t job = 0;
	enum bp_error e = border_is_known(rq);

	if (!e)
		e = bp_job_add(rq->db, BP_JOB_TERRITORY_DESIGN, rq->territory, rq->territory, payload_of(rq, rq->body), 0, rq->user.id,
		rq->correlation, &job);

	r->job_id = (int64_t)job;
	rq->audit.resource_type = "territory";
	rq->audit.resource_id = rq->territory;
	rq->reply = r;
	return e;
}

/* --- scenarios --- */

static const char *const statuses[] = {"READY", "APPROVED", "PUBLISHED", "UNDONE", NULL};
struct unit {
	int64_t number, outlets, pieces;
	struct bp_opt_int territory_id;
	bool made;
	const char *code, *name;
	double hours;
	struct bp_opt_num lat, lon;
};
BP_SHAPE(design_unit, unit,
	BP_INT(unit, number, BP_REQ, 0, DESIGN_UNITS_MOST, "within the scenario"),
	BP_INT(unit, territory_id, BP_NUL, 1, 9e15, "the unit of today that it goes on as, or the one made of it"),
	BP_BOOL(unit, made, BP_REQ, "publishing makes it"),
	BP_STR(unit, code, BP_REQ, 1, 256, "its code"),
	BP_STR(unit, name, BP_REQ, 1, 480, "its name"),
	BP_INT(unit, outlets, BP_REQ, 0, 9e9, "outlets with coordinates"),
	BP_NUM(unit, hours, BP_REQ, 0, 1e12, "work in four weeks"),
	BP_INT(unit, pieces, BP_REQ, 0, 9e9, "pieces that it lies in; 1 = it hangs together"),
	BP_NUM(unit, lat, BP_NUL, -90, 90, "its centre"),
	BP_NUM(unit, lon, BP_NUL, -180, 180, "its centre"));
struct scenario {
	int64_t id, job_id, units, outlets, unplaced, moved, whole, cut, created_at;
	const char *name, *status, *author;
	bool redraw, exact;
	double tolerance_pct, max_deviation_pct, compactness;
	struct bp_opt_int decided_at, work_job_id, discarded_at;
	int64_t undo, redo, came, gone, strayed, plans;
	const char *strayed_from, *strayed_to, *ended_unit;
	struct bp_list cells;
};
#define SCENARIO_FIELDS \
	BP_INT(scenario, id, BP_REQ, 1, 9e15, "scenario"), \
	BP_INT(scenario, job_id, BP_REQ, 0, 9e15, "its job; alternatives have the same"), \
	BP_STR(scenario, name, BP_REQ, 1, 480, "how it was made"), \
	BP_ENUM(scenario, status, BP_REQ, statuses, "where it stands"), \
	BP_BOOL(scenario, redraw, BP_REQ, "drawn anew; else begun with the units of today"), \
	BP_NUM(scenario, tolerance_pct, BP_REQ, 0, 100, "what was asked for"), \
	BP_INT(scenario, units, BP_REQ, 1, DESIGN_UNITS_MOST, "how many units"), \
	BP_INT(scenario, outlets, BP_REQ, 0, 9e9, "outlets"), \
	BP_INT(scenario, unplaced, BP_REQ, 0, 9e9, "of these without coordinates: they go with most of their unit"), \
	BP_INT(scenario, moved, BP_REQ, 0, 9e9, "outlets that change their unit"), \
	BP_NUM(scenario, max_deviation_pct, BP_REQ, 0, 1e9, "largest difference between the work of a unit and its share"), \
	BP_NUM(scenario, compactness, BP_REQ, 0, 1e300, "minutes x square metres to the centre of the unit: less is more compact"), \
	BP_INT(scenario, whole, BP_REQ, 0, DESIGN_UNITS_MOST, "units in one piece"), \
	BP_INT(scenario, cut, BP_REQ, 0, 9e9, "neighbours of one border group in two units"), \
	BP_BOOL(scenario, exact, BP_REQ, "proven best for its centres"), \
	BP_TIME(scenario, created_at, BP_REQ, "made"), \
	BP_STR(scenario, author, BP_NUL, 0, 480, "by whom"), \
	BP_TIME(scenario, decided_at, BP_NUL, "when its state changed last"), \
	BP_INT(scenario, work_job_id, BP_NUL, 1, 9e15, "job that publishes or undoes it just now"), \
	BP_TIME(scenario, discarded_at, BP_NUL, "when it will be discarded unless somebody approves or changes it; null = it stays")
BP_SHAPE(design_scenario, scenario, SCENARIO_FIELDS);
BP_SHAPE(design_scenario_detail, scenario, SCENARIO_FIELDS,
	BP_INT(scenario, undo, BP_REQ, 0, 9e9, "changes by hand that can be undone"),
	BP_INT(scenario, redo, BP_REQ, 0, 9e9, "changes by hand that can be redone"),
	BP_INT(scenario, came, BP_REQ, 0, 9e9, "outlets that came since it was made: they go with most of their unit"),
	BP_INT(scenario, gone, BP_REQ, 0, 9e9, "outlets that are gone since, or lie elsewhere: they are left out"),
	BP_INT(scenario, strayed, BP_REQ, 0, 9e9, "outlets that others moved between its units since: while there is one it cannot be changed or published"),
	BP_STR(scenario, strayed_from, BP_NUL, 0, 480, "from where most of these came"),
	BP_STR(scenario, strayed_to, BP_NUL, 0, 480, "and where they lie now"),
	BP_STR(scenario, ended_unit, BP_NUL, 0, 480, "a unit that it began with and that is none any more: it cannot be changed or published"),
	BP_INT(scenario, plans, BP_REQ, 0, 9e9, "plans in force of units that its publication ends: their visits stay until the plan of the unit that takes over is committed"),
	BP_LIST(scenario, cells, BP_REQ, DESIGN_UNITS_MOST, &design_unit, "its units"));
struct page {
	struct bp_list items;
	const char *next;
};
BP_SHAPE(design_page, page,
	BP_LIST(page, items, BP_REQ, BP_PAGE_MOST, &design_scenario, "scenarios by id"),
	BP_STR(page, next, BP_NUL, 0, 20, "cursor of the next page"));

/* When the sweep takes it, if nobody decides about it or changes it. */
static struct bp_opt_int discarded_at(const struct q_design_list *r)
{
	int64_t days = bp_setting(BP_SETTING_scenario_keep_days);

	return days && !strcmp(r->status, statuses[0]) ? BP_SOME_INT(r->changed_at + days * 86400000000LL) : BP_NO_INT;
}

static struct scenario scenario_of(const struct q_design_list *r)
{
	return (struct scenario){.id = r->id, .job_id = r->job_id, .units = r->units, .outlets = r->outlets, .unplaced = r->unplaced, .moved = r->moved,
		.whole = r->whole, .cut = r->cut, .created_at = r->created_at, .name = r->name, .status = r->status, .author = r->author,
		.redraw = r->redraw, .exact = r->exact, .tolerance_pct = 100 * r->tolerance, .max_deviation_pct = 100 * r->max_deviation,
		.compactness = r->compactness, .decided_at = r->decided_at, .work_job_id = r->work_job, .discarded_at = discarded_at(r)};
}

static enum bp_error list(struct bp_req *rq)
{
	struct bp_page_query *q = rq->query;
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	struct q_design_list *r;
	struct scenario *v;
	size_t n = 0;
	enum bp_error e = q_design_list(rq->db, rq->arena, (int64_t)rq->arg[0], BP_NO_INT, q->after.set ? q->after.v : 0, bp_page_limit(q->limit), &r, &n);

	v = bp_alloc_array(rq->arena, n, sizeof(*v));
	for (size_t i = 0; !e && i < n; i++)
		v[i] = scenario_of(&r[i]);
	p->items = (struct bp_list){v, n};
	p->next = n ? bp_page_next(rq->arena, n, bp_page_limit(q->limit), r[n - 1].id) : NULL;
	rq->reply = p;
	return e;
}

static struct bp_list cells_of(struct bp_arena *a, const struct q_design_units *u, size_t n)
{
	struct unit *v = bp_alloc_array(a, n, sizeof(*v));

	for (size_t i = 0; i < n; i++)
		v[i] = (struct unit){u[i].number, u[i].outlets, u[i].pieces, u[i].territory_id, u[i].made, u[i].code, u[i].name, u[i].work / 60,
			bp_degrees(u[i].lat), bp_degrees(u[i].lon)};
	return (struct bp_list){v, n};
}

/* What others did since, as long as it is to be decided about. */
static enum bp_error since(struct bp_req *rq, struct scenario *s)
{
	int64_t id = (int64_t)rq->arg[1], territory = (int64_t)rq->arg[0];
	struct q_design_no_units *u;
	struct q_design_strayed *o;
	struct q_design_plans_count p;
	struct q_design_since c;
	size_t n = 0, m = 0;
	enum bp_error e;

	if (strcmp(s->status, statuses[0]) && strcmp(s->status, statuses[1]))
		return BP_E_OK;
	e = q_design_since(rq->db, rq->arena, id, territory, &c);
	if (!e)
		e = q_design_no_units(rq->db, rq->arena, id, &u, &n);
	if (!e)
		e = q_design_strayed(rq->db, rq->arena, id, territory, &o, &m);
	if (!e)
		e = q_design_plans_count(rq->db, rq->arena, id, territory, &p);
	if (e)
		return e;
	s->plans = p.n;
	s->came = c.came;
	s->gone = c.gone;
	s->ended_unit = n ? u->name : NULL;
	if (m) {
		s->strayed = o->all;
		s->strayed_from = o->from;
		s->strayed_to = o->to;
	}
	return BP_E_OK;
}

static enum bp_error get(struct bp_req *rq)
{
	struct scenario *s = bp_alloc(rq->arena, sizeof(*s));
	struct q_design_list *r;
	struct q_design_units *u;
	struct q_design_steps steps;
	size_t n = 0, m = 0;
	enum bp_error e = q_design_list(rq->db, rq->arena, (int64_t)rq->arg[0], BP_SOME_INT(rq->arg[1]), 0, 1, &r, &n);

	if (!e && !n)
		return BP_E_NOT_FOUND;
	if (!e)
		e = q_design_units(rq->db, rq->arena, (int64_t)rq->arg[1], &u, &m);
	if (!e)
		e = q_design_steps(rq->db, rq->arena, (int64_t)rq->arg[1], &steps);
	if (e)
		return e;
	*s = scenario_of(r);
	s->undo = steps.done;
	s->redo = steps.undone;
	s->cells = cells_of(rq->arena, u, m);
	rq->reply = s;
	return since(rq, s);
}

struct transfer {
	int64_t outlet_id;
	const char *code, *name, *from_unit, *to_unit, *seat;
	struct bp_list seats;
};
BP_SHAPE(design_transfer, transfer,
	BP_INT(transfer, outlet_id, BP_REQ, 1, 9e15, "outlet"),
	BP_STR(transfer, code, BP_REQ, 1, 256, "its code"),
	BP_STR(transfer, name, BP_REQ, 0, 800, "its name"),
	BP_STR(transfer, from_unit, BP_REQ, 1, 480, "the unit that gives it"),
	BP_STR(transfer, to_unit, BP_REQ, 1, 480, "the unit that gets it"),
	BP_STR(transfer, seat, BP_NUL, 0, 256, "the first of its seats"),
	BP_LIST_STR(transfer, seats, BP_REQ, 100, "codes of the seats that visit it today"));
BP_SHAPE(design_transfer_page, page,
	BP_LIST(page, items, BP_REQ, BP_PAGE_MOST, &design_transfer, "outlets by id"),
	BP_STR(page, next, BP_NUL, 0, 20, "cursor of the next page"));

static enum bp_error transfers(struct bp_req *rq)
{
	struct bp_page_query *q = rq->query;
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	struct q_design_list *s;
	struct q_design_transfers *r;
	struct transfer *v;
	size_t n = 0, m = 0;
	enum bp_error e = q_design_list(rq->db, rq->arena, (int64_t)rq->arg[0], BP_SOME_INT(rq->arg[1]), 0, 1, &s, &m);

	if (!e && !m)
		return BP_E_NOT_FOUND;
	if (!e)
		e = q_design_transfers(rq->db, rq->arena, (int64_t)rq->arg[1], q->after.set ? q->after.v : 0, bp_page_limit(q->limit), &r, &n);
	v = bp_alloc_array(rq->arena, n, sizeof(*v));
	for (size_t i = 0; !e && i < n; i++) {
		struct bp_list seats = bp_list_split(rq->arena, r[i].seats ? r[i].seats : "", '\n');

		v[i] = (struct transfer){r[i].outlet_id, r[i].code, r[i].name, r[i].from_unit, r[i].to_unit, seats.n ? *(const char **)seats.v : NULL, seats};
	}
	p->items = (struct bp_list){v, n};
	p->next = n ? bp_page_next(rq->arena, n, bp_page_limit(q->limit), r[n - 1].outlet_id) : NULL;
	rq->reply = p;
	return e;
}

/* --- changed by hand --- */

#define BY_HAND_MOST 200000 /* outlets beneath a territory that are changed by hand */

static void note(struct bp_req *rq, const char *reason)
{
	rq->audit.resource_type = "scenario";
	rq->audit.resource_id = rq->arg[1];
	rq->audit.territory = rq->territory;
	rq->audit.reason = reason;
}

struct begun {
	int64_t design;
};
BP_SHAPE(design_begun, begun, BP_INT(begun, design, BP_REQ, 1, 9e15, "the scenario"));

static enum bp_error by_hand(struct bp_req *rq)
{
	struct begun *r = bp_alloc(rq->arena, sizeof(*r));
	struct q_design_extent x;
	uint64_t id = 0;
	enum bp_error e = q_design_extent(rq->db, rq->arena, (int64_t)rq->territory, &x);

	if (!e && x.outlets > BY_HAND_MOST)
		return bp_fail(&rq->fail, BP_E_OPT_TOO_LARGE, "at most %d outlets are changed by hand: choose a territory beneath it", BY_HAND_MOST);
	if (!e)
		e = tr_scenario_by_hand(rq->db, rq->arena, rq->territory, rq->user.id, &id, &rq->fail);
	r->design = (int64_t)id;
	rq->reply = r;
	note(rq, NULL);
	rq->audit.resource_id = id;
	return e;
}

struct moving {
	struct bp_list outlets;
	struct bp_opt_int unit, to;
	const char *name;
	bool preview;
};
BP_SHAPE(design_moving, moving,
	BP_LIST_INT(moving, outlets, BP_REQ, TR_MOVE_MOST, "outlets"),
	BP_INT(moving, unit, BP_NUL, 0, DESIGN_UNITS_MOST, "and all outlets of the unit of this number: it is merged into the other one"),
	BP_INT(moving, to, BP_NUL, 0, DESIGN_UNITS_MOST, "number of the unit that gets them; none = a new one"),
	BP_STR(moving, name, BP_NUL, 1, 120, "of the new unit"),
	BP_BOOL(moving, preview, BP_REQ, "only say what it would lead to"));
struct edited {
	int64_t units, moved, whole, undo, redo;
	double max_deviation_pct, compactness;
	struct bp_list cells;
};
BP_SHAPE(design_edited, edited,
	BP_INT(edited, units, BP_REQ, 1, DESIGN_UNITS_MOST, "units that have outlets"),
	BP_INT(edited, moved, BP_REQ, 0, 9e9, "outlets that change their unit"),
	BP_NUM(edited, max_deviation_pct, BP_REQ, 0, 1e9, "largest difference between the work of a unit and its share"),
	BP_NUM(edited, compactness, BP_REQ, 0, 1e300, "minutes x square metres to the centre of the unit"),
	BP_INT(edited, whole, BP_REQ, 0, DESIGN_UNITS_MOST, "units in one piece"),
	BP_INT(edited, undo, BP_REQ, 0, 9e9, "steps that can be undone"),
	BP_INT(edited, redo, BP_REQ, 0, 9e9, "steps that can be redone"),
	BP_LIST(edited, cells, BP_REQ, DESIGN_UNITS_MOST, &design_unit, "its units; one without outlets ends when it is published"));

static enum bp_error reply_edited(struct bp_req *rq, const struct tr_edit *t)
{
	struct edited *r = bp_alloc(rq->arena, sizeof(*r));
	struct q_design_steps s = {0};
	enum bp_error e = q_design_steps(rq->db, rq->arena, (int64_t)t->id, &s);

	*r = (struct edited){t->units, t->moved, t->now.whole, s.done, s.undone, 100 * t->now.max_deviation, t->now.compactness,
		cells_of(rq->arena, t->unit, t->n_units)};
	rq->reply = r;
	return e;
}

static enum bp_error move(struct bp_req *rq)
{
	const struct moving *in = rq->body;
	struct tr_move m = {in->outlets.v, in->outlets.n, in->unit, in->to, in->name};
	struct tr_edit t;
	enum bp_error e = tr_edit_load(rq->db, rq->arena, rq->arg[1], rq->territory, &t, &rq->fail);

	if (!e)
		e = tr_edit_move(&t, rq->arena, &m, &rq->fail);
	if (!e)
		tr_edit_judge(&t, rq->arena);
	if (!e && !in->preview)
		e = tr_edit_keep(&t, rq->db, rq->arena, rq->user.id);
	if (!e)
		e = reply_edited(rq, &t);
	note(rq, NULL);
	if (in->preview)
		rq->audit.action = BP_ACTION_NONE;
	tr_edit_release(&t);
	return e;
}

static enum bp_error step(struct bp_req *rq, bool back)
{
	struct tr_edit t;
	enum bp_error e = tr_edit_step(rq->db, rq->arena, rq->arg[1], rq->territory, back, &t, &rq->fail);

	if (!e)
		e = reply_edited(rq, &t);
	note(rq, NULL);
	tr_edit_release(&t);
	return e;
}

static enum bp_error step_back(struct bp_req *rq)
{
	return step(rq, true);
}

static enum bp_error step_again(struct bp_req *rq)
{
	return step(rq, false);
}

struct naming {
	int64_t number;
	const char *name;
};
BP_SHAPE(design_naming, naming,
	BP_INT(naming, number, BP_REQ, 0, DESIGN_UNITS_MOST, "unit"),
	BP_STR(naming, name, BP_REQ, 1, 120, "its name from now on, when it is published"));

static enum bp_error rename_unit(struct bp_req *rq)
{
	const struct naming *in = rq->body;

	note(rq, NULL);
	return tr_edit_rename(rq->db, rq->arena, rq->arg[1], rq->territory, in->number, in->name, &rq->fail);
}

/* --- what becomes of them --- */

struct why {
	const char *reason;
};
BP_SHAPE(design_why, why, BP_STR(why, reason, BP_REQ, 3, 500, "why: it is kept with the history"));

static enum bp_error approve(struct bp_req *rq)
{
	note(rq, NULL);
	return tr_scenario_approve(rq->db, rq->arena, rq->arg[1], rq->territory, rq->user.id, &rq->fail);
}

static enum bp_error discard(struct bp_req *rq)
{
	note(rq, NULL);
	return tr_scenario_discard(rq->db, rq->arena, rq->arg[1], rq->territory, rq->user.id, &rq->fail);
}

static enum bp_error have(struct bp_req *rq, bool undo)
{
	const struct why *in = rq->body;
	struct started *r = bp_alloc(rq->arena, sizeof(*r));
	struct tr_decision d = {.id = rq->arg[1], .territory = rq->territory, .user = rq->user.id, .reason = in->reason, .correlation = rq->correlation};
	uint64_t job = 0;
	enum bp_error e = tr_scenario_ask(rq->db, rq->arena, &d, undo, &job, &rq->fail);

	note(rq, in->reason);
	r->job_id = (int64_t)job;
	rq->reply = r;
	return e;
}

static enum bp_error publish(struct bp_req *rq)
{
	return have(rq, false);
}

static enum bp_error undo(struct bp_req *rq)
{
	return have(rq, true);
}

static const struct bp_endpoint ep[] = {
	{"GET", "/territories/{id}/units", "Check the planning units at or beneath a territory: sizes, faults, which level suits best", BP_SCOPE_TERRITORY,
		BP_PERM_VIEW_TERRITORY, 0, .query = &bp_page_query_shape, .reply = &design_check_shape, .fails = {BP_E_TERRITORY_NONE}, .handle = check},
	{"POST", "/territories/{id}/designs", "Have planning units designed, in several ways", BP_SCOPE_TERRITORY, BP_PERM_MANAGE_TERRITORIES, BP_EP_ROOM,
		.body = &design_wish, .reply = &design_started, .audit = BP_ACTION_DESIGN_RUN, .feature = BP_SETTING_optimizer, .fails = {BP_E_TERRITORY_NONE}, .handle = start},
	{"GET", "/territories/{id}/designs", "List the scenarios of a territory", BP_SCOPE_TERRITORY, BP_PERM_VIEW_TERRITORY, 0,
		.query = &bp_page_query_shape, .reply = &design_page, .fails = {BP_E_TERRITORY_NONE}, .handle = list},
	{"GET", "/territories/{id}/designs/{design}", "Read a scenario with its units", BP_SCOPE_TERRITORY, BP_PERM_VIEW_TERRITORY, 0,
		.reply = &design_scenario_detail, .fails = {BP_E_TERRITORY_NONE, BP_E_NOT_FOUND}, .handle = get},
	{"GET", "/territories/{id}/designs/{design}/transfers", "List the outlets that a scenario moves, with the seats that lose them", BP_SCOPE_TERRITORY,
		BP_PERM_VIEW_TERRITORY, 0, .query = &bp_page_query_shape, .reply = &design_transfer_page, .fails = {BP_E_TERRITORY_NONE, BP_E_NOT_FOUND},
		.handle = transfers},
	{"POST", "/territories/{id}/designs/hand", "Begin a scenario that is as it is today, to change it by hand", BP_SCOPE_TERRITORY, BP_PERM_MANAGE_TERRITORIES,
		BP_EP_ROOM, .reply = &design_begun, .audit = BP_ACTION_DESIGN_HAND, .fails = {BP_E_TERRITORY_NONE, BP_E_OPT_INPUT, BP_E_OPT_TOO_LARGE}, .handle = by_hand},
	{"POST", "/territories/{id}/designs/{design}/moves", "Move outlets of a draft to another unit, or say what it would lead to", BP_SCOPE_TERRITORY,
		BP_PERM_MANAGE_TERRITORIES, 0, .body = &design_moving, .reply = &design_edited, .audit = BP_ACTION_DESIGN_EDIT,
		.fails = {BP_E_TERRITORY_NONE, BP_E_NOT_FOUND, BP_E_CONFLICT, BP_E_OPT_INPUT}, .handle = move},
	{"POST", "/territories/{id}/designs/{design}/moves/undo", "Take the last change of a draft back", BP_SCOPE_TERRITORY, BP_PERM_MANAGE_TERRITORIES, 0,
		.reply = &design_edited, .audit = BP_ACTION_DESIGN_EDIT, .fails = {BP_E_TERRITORY_NONE, BP_E_NOT_FOUND, BP_E_CONFLICT}, .handle = step_back},
	{"POST", "/territories/{id}/designs/{design}/moves/redo", "Make the change of a draft again that was taken back", BP_SCOPE_TERRITORY,
		BP_PERM_MANAGE_TERRITORIES, 0, .reply = &design_edited, .audit = BP_ACTION_DESIGN_EDIT,
		.fails = {BP_E_TERRITORY_NONE, BP_E_NOT_FOUND, BP_E_CONFLICT}, .handle = step_again},
	{"PUT", "/territories/{id}/designs/{design}/name", "Name a unit of a draft", BP_SCOPE_TERRITORY, BP_PERM_MANAGE_TERRITORIES, 0, .body = &design_naming,
		.audit = BP_ACTION_DESIGN_EDIT, .fails = {BP_E_TERRITORY_NONE, BP_E_NOT_FOUND, BP_E_CONFLICT, BP_E_OPT_INPUT}, .handle = rename_unit},
	{"POST", "/territories/{id}/designs/{design}/approve", "Approve a scenario", BP_SCOPE_TERRITORY, BP_PERM_MANAGE_TERRITORIES, 0,
		.audit = BP_ACTION_DESIGN_APPROVE, .fails = {BP_E_TERRITORY_NONE, BP_E_NOT_FOUND, BP_E_CONFLICT}, .handle = approve},
	{"POST", "/territories/{id}/designs/{design}/publish", "Have an approved scenario published: outlets move to its units", BP_SCOPE_TERRITORY,
		BP_PERM_MANAGE_TERRITORIES, 0, .body = &design_why, .reply = &design_started, .audit = BP_ACTION_DESIGN_ASK,
		.fails = {BP_E_TERRITORY_NONE, BP_E_NOT_FOUND, BP_E_CONFLICT, BP_E_LOCK_TAKEN}, .handle = publish},
	{"POST", "/territories/{id}/designs/{design}/undo", "Have a published scenario undone: outlets go back", BP_SCOPE_TERRITORY, BP_PERM_MANAGE_TERRITORIES, 0,
		.body = &design_why, .reply = &design_started, .audit = BP_ACTION_DESIGN_ASK,
		.fails = {BP_E_TERRITORY_NONE, BP_E_NOT_FOUND, BP_E_CONFLICT, BP_E_LOCK_TAKEN}, .handle = undo},
	{"DELETE", "/territories/{id}/designs/{design}", "Discard a scenario", BP_SCOPE_TERRITORY, BP_PERM_MANAGE_TERRITORIES, 0,
		.audit = BP_ACTION_DESIGN_DISCARD, .fails = {BP_E_TERRITORY_NONE, BP_E_NOT_FOUND, BP_E_CONFLICT}, .handle = discard},
};
BP_RESOURCE(designs, ep);
