/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_territories.c - the tree with its figures, snapshots, who serves what, and the seats. */
#include <string.h>

#include "base/time.h"
#include "cgi/endpoint.h"
#include "lock/lock.h"
#include "queries.h"
#include "snapshot/snapshot.h"
#include "territory/check.h"
#include "territory/tree.h"


struct lock {
	const char *channel;
	int64_t user_id;
	const char *user;
	int64_t since, last_seen;
	bool stale, mine;
	struct bp_opt_int session_id;
};
BP_SHAPE(territory_lock_state, lock,
	BP_STR(lock, channel, BP_REQ, 2, 2, "GT or MT"),
	BP_INT(lock, user_id, BP_REQ, 1, 9e15, "who holds it"),
	BP_STR(lock, user, BP_NUL, 0, 120, "the holder's name"),
	BP_TIME(lock, since, BP_REQ, "since when"),
	BP_TIME(lock, last_seen, BP_REQ, "last sign of life"),
	BP_BOOL(lock, stale, BP_REQ, "no sign of life for a quarter of an hour"),
	BP_BOOL(lock, mine, BP_REQ, "it is the caller's"),
	BP_INT(lock, session_id, BP_NUL, 1, 9e15, "planning session that works under it"));
struct plan {
	int64_t id;
	const char *channel;
	struct bp_opt_int version, committed_at, unserved;
};
BP_SHAPE(territory_plan, plan,
	BP_INT(plan, id, BP_REQ, 1, 9e15, "plan"),
	BP_STR(plan, channel, BP_REQ, 2, 2, "GT or MT"),
	BP_INT(plan, version, BP_NUL, 0, 9e9, "number of the current version"),
	BP_TIME(plan, committed_at, BP_NUL, "committed"),
	BP_INT(plan, unserved, BP_NUL, 0, 9e9, "visits that found no place"));
struct step {
	int64_t id;
	const char *name;
};
BP_SHAPE(territory_step, step,
	BP_INT(step, id, BP_REQ, 1, 9e15, "territory"),
	BP_STR(step, name, BP_REQ, 1, 120, "its name"));
struct territory {
	int64_t id;
	const char *code, *name, *level, *level_name;
	struct bp_opt_int parent_id;
	bool unit;
	int64_t outlets, placed, seats, partners, model_id;
	struct bp_opt_int visits;
	struct bp_opt_num hours;
	const char *warning;
	struct bp_opt_int warning_limit;
	struct plan *plan;
	struct bp_list locks;
	const char *snapshot;
	struct bp_list path;
	const char *bounds; /* JSON */
};
#define TERRITORY_FIELDS \
	BP_INT(territory, id, BP_REQ, 1, 9e15, "territory"), \
	BP_STR(territory, code, BP_REQ, 1, 64, "code in the files"), \
	BP_STR(territory, name, BP_REQ, 1, 120, "its name"), \
	BP_INT(territory, model_id, BP_REQ, 1, 9e15, "territory model, 1 = the sales geography, in which planning is made"), \
	BP_STR(territory, level, BP_REQ, 1, 32, "COUNTRY, ZONE, REGION, AREA or DT; of another model as it is called there"), \
	BP_STR(territory, level_name, BP_REQ, 1, 256, "what people call the level"), \
	BP_INT(territory, parent_id, BP_NUL, 1, 9e15, "the one above"), \
	BP_BOOL(territory, unit, BP_REQ, "planned and locked as one"), \
	BP_INT(territory, outlets, BP_REQ, 0, 9e9, "outlets in it and beneath"), \
	BP_INT(territory, placed, BP_REQ, 0, 9e9, "of these with coordinates"), \
	BP_INT(territory, visits, BP_NUL, 0, 9e12, "visits in four weeks; null beneath a planning unit, and until it is reckoned"), \
	BP_NUM(territory, hours, BP_NUL, 0, 1e12, "work in four weeks, at the outlets and for the stops; null as before"), \
	BP_INT(territory, seats, BP_REQ, 0, 9e9, "seats in it and beneath"), \
	BP_INT(territory, partners, BP_REQ, 0, 9e9, "distributors that serve its outlets"), \
	BP_ENUM(territory, warning, BP_NUL, tr_unit_faults, "a unit of an awkward size: TOO_LARGE, LARGE, TOO_SMALL or EMPTY; the others are told by the check of units"), \
	BP_INT(territory, warning_limit, BP_NUL, 0, 9e9, "outlets that it should have at most, or at least"), \
	BP_OBJ(territory, plan, BP_NUL, &territory_plan, "its plan"), \
	BP_LIST(territory, locks, BP_REQ, 16, &territory_lock_state, "who plans it now"), \
	BP_STR(territory, snapshot, BP_NUL, 1, 32, "hash of the current snapshot")
BP_SHAPE(territory_row, territory, TERRITORY_FIELDS);
BP_SHAPE(territory_detail, territory, TERRITORY_FIELDS,
	BP_LIST(territory, path, BP_REQ, 16, &territory_step, "from the top down to itself"),
	BP_JSON(territory, bounds, BP_NUL, "[west, south, east, north] in degrees"));

struct page {
	struct bp_list items;
	const char *next;
};
BP_SHAPE(territory_page, page,
	BP_LIST(page, items, BP_REQ, BP_PAGE_MOST, &territory_row, "territories by id"),
	BP_STR(page, next, BP_NUL, 0, 20, "cursor of the next page"));
struct query {
	struct bp_opt_int model, units, parent, beneath;
	const char *q, *channel, *level;
	struct bp_opt_int limit, after;
};
BP_SHAPE(territory_query, query,
	BP_INT(query, model, BP_NUL, 1, 9e15, "territory model; without it the sales geography. Others are seen by those who see all territories"),
	BP_INT(query, units, BP_NUL, 0, 1, "1 = planning units only, 0 = the others only"),
	BP_INT(query, parent, BP_NUL, 1, 9e15, "only directly beneath this one"),
	BP_INT(query, beneath, BP_NUL, 1, 9e15, "only this one and what lies beneath it"),
	BP_STR(query, level, BP_NUL, 1, 32, "only of this level"),
	BP_STR(query, q, BP_NUL, 1, 100, "part of the name, or beginning of the code"),
	BP_ENUM(query, channel, BP_NUL, bp_channels, "the plan of this channel; without it the first that is committed"),
	BP_INT(query, limit, BP_NUL, 1, BP_PAGE_MOST, "rows a page"),
	BP_INT(query, after, BP_NUL, 0, 9e15, "cursor"));

static bool sees_all(const struct bp_req *rq)
{
	return rq->user.world & BP_PERM_BIT(BP_PERM_VIEW_TERRITORY);
}

static struct bp_list locks_of(struct bp_req *rq, const struct q_territory_locks *l, size_t n, int64_t territory)
{
	struct lock *v = bp_alloc_array(rq->arena, 4, sizeof(*v));
	size_t k = 0;

	for (size_t i = 0; i < n && k < 4; i++)
		if (l[i].territory_id == territory)
			v[k++] = (struct lock){l[i].channel, l[i].user_id, l[i].user, l[i].since, l[i].last_seen, bp_lock_stale(l[i].last_seen),
				(uint64_t)l[i].user_id == rq->user.id, (uint64_t)l[i].user_id == rq->user.id ? l[i].session_id : BP_NO_INT};
	return (struct bp_list){v, k};
}

static struct territory territory_of(struct bp_req *rq, const struct q_territory_list *r, const struct q_territory_locks *l, size_t n)
{
	struct territory t = {.id = r->id, .code = r->code, .name = r->name, .level = r->level, .level_name = r->level_name, .parent_id = r->parent_id, .unit = r->unit,
		.model_id = r->model_id, .visits = r->visits, .hours = {r->minutes.v / 60, r->minutes.set},
		.outlets = r->outlets, .placed = r->placed, .seats = r->seats, .partners = r->partners, .snapshot = r->snapshot,
		.locks = locks_of(rq, l, n, r->id)};
	struct tr_limits limits = tr_limits();
	int64_t limit;

	t.warning = r->unit ? tr_size_fault(&limits, r->outlets, &limit) : NULL;
	if (t.warning)
		t.warning_limit = BP_SOME_INT(limit);
	if (r->plan_id.set) {
		t.plan = bp_alloc(rq->arena, sizeof(*t.plan));
		*t.plan = (struct plan){r->plan_id.v, r->plan_channel, r->plan_version, r->committed_at, r->unserved};
	}
	if (r->west.set)
		t.bounds = bp_sprintf(rq->arena, "[%.6f,%.6f,%.6f,%.6f]", (double)r->west.v / 1e6, (double)r->south.v / 1e6,
			(double)r->east.v / 1e6, (double)r->north.v / 1e6);
	return t;
}

static enum bp_error list(struct bp_req *rq)
{
	struct query *q = rq->query;
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	struct q_territory_list *r;
	struct q_territory_locks *l;
	struct territory *v;
	size_t n = 0, k = 0;
	enum bp_error e = q_territory_list(rq->db, rq->arena, (int64_t)rq->user.scopes_of, sees_all(rq), BP_NO_INT, q->model.set ? q->model.v : TR_SALES,
		q->units, q->channel, q->q, q->parent, q->beneath, q->level,
		q->after.set ? q->after.v : 0, bp_page_limit(q->limit), &r, &n);

	if (!e)
		e = q_territory_locks(rq->db, rq->arena, BP_NO_INT, &l, &k);
	v = bp_alloc_array(rq->arena, n, sizeof(*v));
	for (size_t i = 0; !e && i < n; i++)
		v[i] = territory_of(rq, &r[i], l, k);
	p->items = (struct bp_list){v, n};
	p->next = n ? bp_page_next(rq->arena, n, bp_page_limit(q->limit), r[n - 1].id) : NULL;
	rq->reply = p;
	return e;
}

static enum bp_error get(struct bp_req *rq)
{
	struct territory *t = bp_alloc(rq->arena, sizeof(*t));
	struct bp_opt_int id = BP_SOME_INT(rq->arg[0]);
	struct q_territory_list *r;
	struct q_territory_locks *l;
	struct q_territory_path *path;
	struct step *steps;
	size_t n = 0, k = 0, m = 0;
	enum bp_error e = q_territory_list(rq->db, rq->arena, 0, 1, id, TR_SALES, BP_NO_INT, NULL, NULL, BP_NO_INT, BP_NO_INT, NULL, 0, 1, &r, &n);

	if (!e && !n)
		return BP_E_TERRITORY_NONE;
	if (!e)
		e = q_territory_locks(rq->db, rq->arena, id, &l, &k);
	if (!e)
		e = q_territory_path(rq->db, rq->arena, id.v, &path, &m);
	if (e)
		return e;
	*t = territory_of(rq, r, l, k);
	steps = bp_alloc_array(rq->arena, m, sizeof(*steps));
	for (size_t i = 0; i < m; i++)
		steps[i] = (struct step){path[i].id, path[i].name};
	t->path = (struct bp_list){steps, m};
	rq->reply = t;
	return BP_E_OK;
}

struct snapshot_query {
	const char *v;
};
BP_SHAPE(territory_snapshot_query, snapshot_query,
	BP_STR(snapshot_query, v, BP_NUL, 1, 32, "hash of the wanted snapshot: lets the browser keep the reply for ever"));
BP_SHAPE(territory_snapshot_details_query, snapshot_query,
	BP_STR(snapshot_query, v, BP_REQ, 1, 32, "`details` of the snapshot to which they belong"));

/* The file itself is sent by the web server after this check. One that is over is none, whatever lies on the disk: it would be kept
 * under the wrong name, or read beside a core that it does not belong to. Who asks for what is current is not shown one that lacks a
 * change, nor told of a unit that it has none yet: it is built now, whether or not the job that will do it has begun. */
static enum bp_error send_part(struct bp_req *rq, bool details)
{
	const char *wanted = ((struct snapshot_query *)rq->query)->v, *name;
	struct q_snapshot_territory t;
	enum bp_error e = q_snapshot_territory(rq->db, rq->arena, (int64_t)rq->arg[0], &t);

	if (!e && (t.hash ? t.stale : t.unit) && !details) {
		struct sn_info info;

		e = sn_build(rq->db, rq->arena, rq->app->snapshot_dir, rq->arg[0], &info, &rq->fail);
		if (e)
			return bp_fail(&rq->fail, BP_E_NOT_FOUND, "the snapshot of this territory is being made: ask again");
		e = q_snapshot_territory(rq->db, rq->arena, (int64_t)rq->arg[0], &t);
	}
	if (e)
		return e == BP_E_NOT_FOUND ? BP_E_TERRITORY_NONE : e;
	name = details ? t.details : t.hash;
	if (!name)
		return bp_fail(&rq->fail, BP_E_NOT_FOUND, "there is no snapshot of this territory: they are made of planning units");
	if (wanted && strcmp(wanted, name))
		return bp_fail(&rq->fail, BP_E_NOT_FOUND, "this snapshot is over: %s is the current one", t.hash);
	bp_req_plain_length(rq, sn_plain_size(rq->arena, rq->app->snapshot_dir, name));
	rq->accel = bp_sprintf(rq->arena, "/private/snapshots/%s.json", name);
	return BP_E_OK;
}

static enum bp_error snapshot(struct bp_req *rq)
{
	return send_part(rq, false);
}

static enum bp_error snapshot_details(struct bp_req *rq)
{
	return send_part(rq, true);
}

struct assignment {
	int64_t outlet_id;
	const char *outlet_code, *outlet_name, *partner, *seat;
};
BP_SHAPE(territory_assignment, assignment,
	BP_INT(assignment, outlet_id, BP_REQ, 1, 9e15, "outlet"),
	BP_STR(assignment, outlet_code, BP_REQ, 1, 256, "its code"),
	BP_STR(assignment, outlet_name, BP_REQ, 0, 800, "its name"),
	BP_STR(assignment, partner, BP_NUL, 0, 800, "distributor"),
	BP_STR(assignment, seat, BP_NUL, 0, 256, "code of the seat that visits it"));
BP_SHAPE(territory_assignment_page, page,
	BP_LIST(page, items, BP_REQ, BP_PAGE_MOST, &territory_assignment, "outlets by id"),
	BP_STR(page, next, BP_NUL, 0, 20, "cursor of the next page"));

static enum bp_error assignments(struct bp_req *rq)
{
	struct bp_page_query *q = rq->query;
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	struct q_territory_assignments *r;
	struct assignment *v;
	size_t n = 0;
	enum bp_error e = q_territory_assignments(rq->db, rq->arena, (int64_t)rq->arg[0], q->after.set ? q->after.v : 0,
		bp_page_limit(q->limit), &r, &n);

	v = bp_alloc_array(rq->arena, n, sizeof(*v));
	for (size_t i = 0; !e && i < n; i++)
		v[i] = (struct assignment){r[i].outlet_id, r[i].outlet_code, r[i].outlet_name, r[i].partner, r[i].seat};
	p->items = (struct bp_list){v, n};
	p->next = n ? bp_page_next(rq->arena, n, bp_page_limit(q->limit), r[n - 1].outlet_id) : NULL;
	rq->reply = p;
	return e;
}

struct seat {
	int64_t id;
	const char *code, *name, *person;
	struct bp_opt_int person_since, person_until;
	const char *successor;
	struct bp_opt_int successor_from;
	const char *vehicle;
	struct bp_opt_int territory_id;
	const char *territory, *channel;
	struct bp_opt_num lat, lon;
	struct bp_opt_int shift_start, shift_minutes, work_weekdays, max_calls;
	struct bp_list partners;
};
BP_SHAPE(seat_row, seat,
	BP_INT(seat, id, BP_REQ, 1, 9e15, "seat"),
	BP_STR(seat, code, BP_REQ, 1, 256, "its code"),
	BP_STR(seat, name, BP_REQ, 0, 480, "its name"),
	BP_STR(seat, person, BP_NUL, 0, 480, "who holds it, null = vacant"),
	BP_DATE(seat, person_since, BP_NUL, "since when"),
	BP_DATE(seat, person_until, BP_NUL, "last day, null = no end is known"),
	BP_STR(seat, successor, BP_NUL, 0, 480, "who comes next, null = nobody is known"),
	BP_DATE(seat, successor_from, BP_NUL, "from when"),
	BP_STR(seat, vehicle, BP_NUL, 0, 12, "walk, two-wheeler, car or van; null = as the profile says"),
	BP_INT(seat, territory_id, BP_NUL, 1, 9e15, "where it belongs"),
	BP_STR(seat, territory, BP_NUL, 0, 480, "its name"),
	BP_STR(seat, channel, BP_REQ, 2, 2, "GT, MT or WS"),
	BP_NUM(seat, lat, BP_NUL, -90, 90, "where the day starts"),
	BP_NUM(seat, lon, BP_NUL, -180, 180, "where the day starts"),
	BP_INT(seat, shift_start, BP_NUL, 0, 1440, "minute of the day; null, as in the next three, = as the profile says"),
	BP_INT(seat, shift_minutes, BP_NUL, 0, 1440, "minutes of work"),
	BP_INT(seat, work_weekdays, BP_NUL, 0, 127, "bit 0 = Monday .. bit 6 = Sunday"),
	BP_INT(seat, max_calls, BP_NUL, 0, 9999, "most calls a day"),
	BP_LIST_STR(seat, partners, BP_REQ, 300, "codes of its distributors, none = all"));
BP_SHAPE(seat_page, page,
	BP_LIST(page, items, BP_REQ, BP_PAGE_MOST, &seat_row, "seats by id"),
	BP_STR(page, next, BP_NUL, 0, 20, "cursor of the next page"));
struct seat_filter {
	const char *q;
	struct bp_opt_int territory, limit, after;
};
BP_SHAPE(seat_query, seat_filter,
	BP_STR(seat_filter, q, BP_NUL, 1, 100, "beginning of the code, or part of the name or of the person's"),
	BP_INT(seat_filter, territory, BP_NUL, 1, 9e15, "in this territory and beneath"),
	BP_INT(seat_filter, limit, BP_NUL, 1, BP_PAGE_MOST, "rows a page"),
	BP_INT(seat_filter, after, BP_NUL, 0, 9e15, "cursor"));

static enum bp_error seats(struct bp_req *rq)
{
	struct seat_filter *q = rq->query;
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	struct q_seat_list *r;
	struct seat *v;
	size_t n = 0;
	enum bp_error e = q_seat_list(rq->db, rq->arena, (int64_t)rq->user.scopes_of, sees_all(rq), q->territory, q->q,
		q->after.set ? q->after.v : 0, bp_page_limit(q->limit), &r, &n);

	v = bp_alloc_array(rq->arena, n, sizeof(*v));
	for (size_t i = 0; !e && i < n; i++)
		v[i] = (struct seat){r[i].id, r[i].code, r[i].name, r[i].person, r[i].person_since, r[i].person_until, r[i].successor, r[i].successor_from, r[i].vehicle, r[i].territory_id,
			r[i].territory, r[i].channel, bp_degrees(r[i].lat), bp_degrees(r[i].lon), r[i].shift_start, r[i].shift_minutes,
			r[i].work_weekdays, r[i].max_calls, bp_list_split(rq->arena, r[i].partners, ';')};
	p->items = (struct bp_list){v, n};
	p->next = n ? bp_page_next(rq->arena, n, bp_page_limit(q->limit), r[n - 1].id) : NULL;
	rq->reply = p;
	return e;
}

static const struct bp_endpoint ep[] = {
	{"GET", "/territories", "List the territories one may see, with figures, plan and locks", BP_SCOPE_ANYWHERE, BP_PERM_VIEW_TERRITORY, 0,
		.query = &territory_query, .reply = &territory_page, .handle = list},
	{"GET", "/territories/{id}", "Read a territory", BP_SCOPE_TERRITORY, BP_PERM_VIEW_TERRITORY, 0, .reply = &territory_detail,
		.fails = {BP_E_TERRITORY_NONE}, .handle = get},
	{"GET", "/territories/{id}/snapshot", "Load a planning unit: places and needs of its outlets as columns of differences, distributors, seats", BP_SCOPE_TERRITORY,
		BP_PERM_VIEW_TERRITORY, BP_EP_ACCEL, .query = &territory_snapshot_query, .media = "application/json", .fails = {BP_E_TERRITORY_NONE, BP_E_NOT_FOUND}, .handle = snapshot},
	{"GET", "/territories/{id}/snapshot/details", "Load what else is told of its outlets: code, name, sales, in the order of the snapshot", BP_SCOPE_TERRITORY,
		BP_PERM_VIEW_TERRITORY, BP_EP_ACCEL, .query = &territory_snapshot_details_query, .media = "application/json", .fails = {BP_E_TERRITORY_NONE, BP_E_NOT_FOUND},
		.handle = snapshot_details},
	{"GET", "/territories/{id}/assignments", "List who serves each outlet of a territory", BP_SCOPE_TERRITORY, BP_PERM_VIEW_TERRITORY, 0,
		.query = &bp_page_query_shape, .reply = &territory_assignment_page, .fails = {BP_E_TERRITORY_NONE}, .handle = assignments},
	{"GET", "/seats", "List the seats one may see, with who holds them", BP_SCOPE_ANYWHERE, BP_PERM_VIEW_TERRITORY, 0,
		.query = &seat_query, .reply = &seat_page, .handle = seats},
};
BP_RESOURCE(territories, ep);
