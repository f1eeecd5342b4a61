/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_seats.c - who holds a seat: a person comes, another one comes, or it stands vacant. */
#include <string.h>

#include "base/time.h"
#include "cgi/endpoint.h"
#include "queries.h"
#include "snapshot/snapshot.h"

#define DAYS_MOST 366 /* before and after today */

struct body {
	const char *person, *code, *email, *reason;
	struct bp_opt_int from;
};
BP_SHAPE(seat_person, body,
	BP_STR(body, person, BP_NUL, 1, 120, "who holds it from then on, null = nobody: it is vacant, and its beats and its plan stay"),
	BP_STR(body, code, BP_NUL, 1, 64, "by which other files name the person; none: the name"),
	BP_STR(body, email, BP_NUL, 3, 200, "address; a user with the same one is told what concerns the seat"),
	BP_DATE(body, from, BP_NUL, "first day, at most a year from today; none: today"),
	BP_STR(body, reason, BP_NUL, 0, 400, "why"));

/* The name stands for a code where none is given, as in a file. */
static const char *code_of(struct bp_req *rq, const struct body *in)
{
	size_t n = strlen(in->person);

	if (in->code)
		return in->code;
	for (n = n < 64 ? n : 64; n < strlen(in->person) && (in->person[n] & 0xC0) == 0x80; n--)
		;
	return bp_strndup(rq->arena, in->person, n);
}

static enum bp_error appoint(struct bp_req *rq, const struct body *in, int64_t seat, int64_t from)
{
	enum bp_error e = q_seat_holder_end(rq->db, seat, from, NULL);

	if (!e)
		e = q_seat_holder_drop(rq->db, seat, from, NULL);
	if (!e && in->person)
		e = q_person_put(rq->db, code_of(rq, in), in->person, in->email ? in->email : "", NULL);
	return e || !in->person ? e : q_seat_holder_add(rq->db, seat, code_of(rq, in), from, NULL);
}

static enum bp_error put(struct bp_req *rq)
{
	const struct body *in = rq->body;
	int64_t seat = (int64_t)rq->arg[0], from = in->from.set ? in->from.v : bp_today();
	struct q_seat_holder_now was;
	struct q_seat_units *u = NULL;
	char day[BP_DATE_SIZE];
	size_t n = 0;
	enum bp_error e;

	if (from < bp_today() - DAYS_MOST || from > bp_today() + DAYS_MOST)
		return bp_req_field(rq, "/from", "must lie within a year from today");
	e = q_seat_holder_now(rq->db, rq->arena, seat, from, &was);
	if (!e)
		e = appoint(rq, in, seat, from);
	if (!e)
		e = q_seat_units(rq->db, rq->arena, seat, &u, &n);
	for (size_t i = 0; i < n && !e; i++)
		e = sn_request(rq->db, rq->arena, (uint64_t)u[i].id, rq->user.id, rq->correlation);
	bp_date_format(from, day);
	rq->audit.resource_type = "seat";
	rq->audit.resource_id = rq->arg[0];
	rq->audit.reason = in->reason;
	bp_audit_change(&rq->audit, "person", was.person, in->person);
	bp_audit_change(&rq->audit, "from", NULL, day);
	return e;
}

static const struct bp_endpoint ep[] = {
	{"PUT", "/seats/{id}/person", "Say who holds a seat from a day on, or that nobody does", BP_SCOPE_SEAT, BP_PERM_MANAGE_TERRITORIES, 0, .body = &seat_person,
		.audit = BP_ACTION_SEAT_PERSON, .fails = {BP_E_NOT_FOUND}, .handle = put},
};
BP_RESOURCE(seats, ep);
