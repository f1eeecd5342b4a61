/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_seats.c - who holds a seat: a person comes, another one comes, or it stands vacant; and where its days begin and end. */
#include <math.h>
#include <string.h>

#include "base/time.h"
#include "cgi/endpoint.h"
#include "queries.h"
#include "snapshot/snapshot.h"

#define DAYS_MOST 366 /* from today */
#define CODE_MOST 64

struct body {
	const char *person, *code, *email, *reason;
	struct bp_opt_int from;
};
BP_SHAPE(seat_person, body,
	BP_STR(body, person, BP_NUL, 1, 120, "name or code of who holds it from then on, known or new; null = nobody: it is vacant, and its beats and its plan stay"),
	BP_STR(body, code, BP_NUL, 1, CODE_MOST, "by which other files name the person: tells two of one name apart; none: the name"),
	BP_STR(body, email, BP_NUL, 3, 200, "address of somebody new; a user with the same one is told what concerns the seat"),
	BP_DATE(body, from, BP_NUL, "first day, today or within a year; none: today"),
	BP_STR(body, reason, BP_NUL, 0, 400, "why"));

/* Their codes, to choose one. */
static const char *codes_of(struct bp_req *rq, const struct q_people_named *p, size_t n)
{
	const char *text = "";

	for (size_t i = 0; i < n; i++)
		text = bp_sprintf(rq->arena, "%s%s%s", text, i ? ", " : "", p[i].code);
	return text;
}

/* Somebody who is known is only named here: who has one territory must not rename others, nor turn their notices to another address. */
static enum bp_error known(struct bp_req *rq, const struct body *in, const struct q_people_named *p, size_t n)
{
	if (n > 1 && strcmp(p->code, in->person))
		return bp_req_field(rq, "/person", bp_sprintf(rq->arena, "is the name of several: say which by its code, as %s", codes_of(rq, p, n)));
	if (in->code && strcmp(p->name, in->person))
		return bp_req_field(rq, "/code", "is the code of somebody else");
	if (in->email && strcmp(p->email, in->email))
		return bp_req_field(rq, "/email", "is not the one of this person who is known: a file of seats changes it");
	return BP_E_OK;
}

/* *id = whom the body names; somebody unknown is added, the name as the code where none is given. */
static enum bp_error find_person(struct bp_req *rq, const struct body *in, int64_t *id)
{
	const char *code = in->code ? in->code : in->person;
	struct q_people_named *p = NULL;
	size_t n = 0;
	enum bp_error e = q_people_named(rq->db, rq->arena, in->code, in->person, &p, &n);

	if (!e && n) {
		*id = p->id;
		return known(rq, in, p, n);
	}
	if (!e && strlen(code) > CODE_MOST)
		return bp_req_field(rq, "/code", "is required where the name is longer than a code can be");
	if (!e)
		e = q_person_add(rq->db, code, in->person, in->email ? in->email : "", NULL);
	*id = (int64_t)bp_db_insert_id(rq->db);
	return e == BP_E_CONFLICT ? bp_req_field(rq, "/code", "is the code of somebody else") : e; /* added at the same moment */
}

/* Whoever holds it still holds it since when they did. */
static enum bp_error appoint(struct bp_req *rq, const struct body *in, const struct q_seat_holder_now *was, int64_t from)
{
	int64_t seat = (int64_t)rq->arg[0], person = 0;
	enum bp_error e = in->person ? find_person(rq, in, &person) : BP_E_OK;

	if (person && person == was->resource_id)
		from = was->since.v;
	if (!e)
		e = q_seat_holder_end(rq->db, seat, from, NULL);
	if (!e)
		e = q_seat_holder_drop(rq->db, seat, from, NULL);
	return e || !person ? e : q_seat_holder_add(rq->db, seat, person, from, NULL);
}

/* Its snapshots are made anew, and the trail knows why. */
static enum bp_error tell(struct bp_req *rq, const char *reason)
{
	struct q_seat_units *u = NULL;
	size_t n = 0;
	enum bp_error e = q_seat_units(rq->db, rq->arena, (int64_t)rq->arg[0], &u, &n);

	for (size_t i = 0; i < n && !e; i++)
		e = sn_request(rq->db, rq->arena, (uint64_t)u[i].id, rq->user.id, rq->correlation);
	rq->audit.resource_type = "seat";
	rq->audit.resource_id = rq->arg[0];
	rq->audit.reason = reason;
	return e;
}

static enum bp_error put(struct bp_req *rq)
{
	const struct body *in = rq->body;
	int64_t seat = (int64_t)rq->arg[0], from = in->from.set ? in->from.v : bp_today();
	struct q_seat_holder_now was;
	char day[BP_DATE_SIZE];
	enum bp_error e;

	if (from < bp_today() || from > bp_today() + DAYS_MOST)
		return bp_req_field(rq, "/from", "must be today or within a year: who held it before is what happened");
	e = q_seat_holder_now(rq->db, rq->arena, seat, from, &was);
	if (!e)
		e = appoint(rq, in, &was, from);
	if (!e)
		e = tell(rq, in->reason);
	bp_date_format(from, day);
	bp_audit_change(&rq->audit, "person", was.person, in->person);
	bp_audit_change(&rq->audit, "from", NULL, day);
	if (was.later)
		bp_audit_change(&rq->audit, "later", was.later, NULL);
	return e;
}

struct start {
	struct bp_opt_num lat, lon;
	const char *reason;
};
BP_SHAPE(seat_start, start,
	BP_NUM(start, lat, BP_NUL, -90, 90, "WGS 84 latitude of where its days begin and end; null = nowhere in particular"),
	BP_NUM(start, lon, BP_NUL, -180, 180, "WGS 84 longitude"),
	BP_STR(start, reason, BP_NUL, 0, 400, "why"));

static struct bp_opt_int micro(struct bp_opt_num degrees)
{
	return (struct bp_opt_int){llround(degrees.v * 1e6), degrees.set};
}

static const char *point_text(struct bp_req *rq, struct bp_opt_int lat, struct bp_opt_int lon)
{
	return lat.set && lon.set ? bp_sprintf(rq->arena, "%.6f, %.6f", (double)lat.v / 1e6, (double)lon.v / 1e6) : NULL;
}

static enum bp_error put_start(struct bp_req *rq)
{
	const struct start *in = rq->body;
	int64_t seat = (int64_t)rq->arg[0];
	struct q_seat_start_get was;
	enum bp_error e;

	if (in->lat.set != in->lon.set)
		return bp_req_field(rq, in->lat.set ? "/lon" : "/lat", "is required beside the other one: both or neither");
	e = q_seat_start_get(rq->db, rq->arena, seat, &was);
	if (!e)
		e = q_seat_start_put(rq->db, seat, micro(in->lat), micro(in->lon), NULL);
	if (!e)
		e = tell(rq, in->reason);
	if (!e)
		bp_audit_change(&rq->audit, "start", point_text(rq, was.lat, was.lon), point_text(rq, micro(in->lat), micro(in->lon)));
	return e;
}

static const struct bp_endpoint ep[] = {
	{"PUT", "/seats/{id}/person", "Say who holds a seat from a day on, or that nobody does", BP_SCOPE_SEAT, BP_PERM_MANAGE_TERRITORIES, 0, .body = &seat_person,
		.audit = BP_ACTION_SEAT_PERSON, .fails = {BP_E_NOT_FOUND}, .handle = put},
	{"PUT", "/seats/{id}/start", "Say where the days of a seat begin and end", BP_SCOPE_SEAT, BP_PERM_MANAGE_TERRITORIES, 0, .body = &seat_start,
		.audit = BP_ACTION_SEAT_START, .fails = {BP_E_NOT_FOUND}, .handle = put_start},
};
BP_RESOURCE(seats, ep);
