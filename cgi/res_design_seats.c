/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_design_seats.c - what a scenario of planning units takes from each seat, and what comes to its unit. */
#include "base/buf.h"
#include "cgi/endpoint.h"
#include "territory/transfer.h"

enum { SEATS_MOST = 100000 };

BP_SHAPE(seat_change, tr_seat_change,
	BP_INT(tr_seat_change, seat, BP_REQ, 1, 9e15, "seat"),
	BP_STR(tr_seat_change, code, BP_REQ, 1, 256, "its code"),
	BP_STR(tr_seat_change, name, BP_REQ, 0, 480, "its name"),
	BP_STR(tr_seat_change, person, BP_NUL, 0, 480, "who holds it"),
	BP_STR(tr_seat_change, unit, BP_NUL, 0, 480, "unit of the scenario that it belongs to"),
	BP_INT(tr_seat_change, lost, BP_REQ, 0, 9e9, "outlets that it visits now and that leave its unit"),
	BP_NUM(tr_seat_change, lost_hours, BP_REQ, 0, 1e12, "their work in four weeks"),
	BP_INT(tr_seat_change, come, BP_REQ, 0, 9e9, "outlets that come to its unit"),
	BP_NUM(tr_seat_change, come_hours, BP_REQ, 0, 1e12, "their work in four weeks"),
	BP_INT(tr_seat_change, sharing, BP_REQ, 0, 9e9, "seats of the unit: who of them visits what comes is decided when it is planned"));
struct page {
	struct bp_list items;
	const char *next;
};
BP_SHAPE(seat_changes, page,
	BP_LIST(page, items, BP_REQ, SEATS_MOST, &seat_change, "seats that lose an outlet or to whose unit one comes, by code"),
	BP_STR(page, next, BP_NUL, 0, 20, "always null"));

static enum bp_error seats(struct bp_req *rq)
{
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	struct tr_seat_change *v = NULL;
	size_t n = 0;
	enum bp_error e = tr_seat_changes(rq->db, rq->arena, rq->territory, rq->arg[1], &v, &n);

	p->items = (struct bp_list){v, n};
	rq->reply = p;
	return e;
}

static enum bp_error rows(struct bp_req *rq)
{
	struct tr_seat_change *v;
	struct bp_buf b;
	size_t n = 0;
	enum bp_error e = tr_seat_changes(rq->db, rq->arena, rq->territory, rq->arg[1], &v, &n);

	if (e)
		return e;
	bp_buf_init(&b, 64 << 20);
	bp_buf_str(&b, "seat,name,person,unit,outlets lost,hours lost,outlets that come to the unit,hours that come to the unit,seats of the unit\r\n");
	for (size_t i = 0; i < n; i++) {
		const char *const cell[] = {v[i].code, v[i].name, v[i].person ? v[i].person : "", v[i].unit ? v[i].unit : ""};

		for (size_t k = 0; k < sizeof(cell) / sizeof(*cell); k++) {
			bp_buf_csv(&b, cell[k]);
			bp_buf_chr(&b, ',');
		}
		bp_buf_printf(&b, "%lld,%.2f,%lld,%.2f,%lld\r\n", (long long)v[i].lost, v[i].lost_hours, (long long)v[i].come, v[i].come_hours, (long long)v[i].sharing);
	}
	bp_req_begin(rq, "seats.csv");
	e = bp_req_write(rq, b.data, b.len) ? BP_E_OK : BP_E_ABORTED;
	bp_buf_release(&b);
	return e;
}

#define VIEW BP_SCOPE_TERRITORY, BP_PERM_VIEW_TERRITORY
static const struct bp_endpoint ep[] = {
	{"GET", "/territories/{id}/designs/{design}/transfers/seats", "List what a scenario takes from each seat, and what comes to its unit", VIEW,
		BP_EP_SLOW | BP_EP_ONE_STATE, .reply = &seat_changes, .fails = {BP_E_TERRITORY_NONE, BP_E_NOT_FOUND}, .handle = seats},
	{"GET", "/territories/{id}/designs/{design}/transfers/seats/rows", "Download what a scenario takes from each seat, and what comes to its unit", VIEW,
		BP_EP_STREAM_OUT | BP_EP_ONE_STATE, .media = "text/csv; charset=utf-8", .fails = {BP_E_TERRITORY_NONE, BP_E_NOT_FOUND}, .handle = rows},
};
BP_RESOURCE(design_seats, ep);
