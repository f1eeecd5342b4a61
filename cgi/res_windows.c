/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_windows.c - when outlets can be visited: the appointment windows of a territory, and those of one outlet anew. */
#include <string.h>

#include "cgi/res_windows.h"
#include "db/journal.h"
#include "intake/overlay.h"
#include "queries.h"

#define PAGE_DEFAULT 50000
#define PAGE_MOST 100000

struct columns {
	struct bp_list outlet, weekday, opens, closes, hard;
	const char *next;
};
BP_SHAPE(windows_columns, columns,
	BP_LIST_INT(columns, outlet, BP_REQ, PAGE_MOST, "outlet"),
	BP_LIST_INT(columns, weekday, BP_REQ, PAGE_MOST, "1 = Monday .. 7 = Sunday, 0 = every day"),
	BP_LIST_INT(columns, opens, BP_REQ, PAGE_MOST, "minute of the day from which a visit may begin"),
	BP_LIST_INT(columns, closes, BP_REQ, PAGE_MOST, "minute until which it may"),
	BP_LIST_INT(columns, hard, BP_REQ, PAGE_MOST, "1 = never broken, 0 = lateness has a price"),
	BP_STR(columns, next, BP_NUL, 0, 20, "cursor of the next page: an outlet is never parted"));
BP_SHAPE(windows_query, bp_page_query,
	BP_INT(bp_page_query, limit, BP_NUL, BP_WINDOWS_MOST + 1, PAGE_MOST, "windows a page"),
	BP_INT(bp_page_query, after, BP_NUL, 0, 9e15, "cursor"));
static const struct bp_field window_fields[] = {
	BP_INT(bp_window, weekday, BP_REQ, 0, 7, "1 = Monday .. 7 = Sunday, 0 = every day"),
	BP_INT(bp_window, opens, BP_REQ, 0, 1439, "minute of the day from which a visit may begin"),
	BP_INT(bp_window, closes, BP_REQ, 1, 1440, "minute until which it may"),
	BP_BOOL(bp_window, hard, BP_REQ, "true = never broken, false = lateness has a price"),
};
const struct bp_shape bp_window_shape = {"window_shape", sizeof(struct bp_window), window_fields, sizeof(window_fields) / sizeof(*window_fields), 0};
struct windows {
	struct bp_list windows;
};
BP_SHAPE(windows_body, windows,
	BP_LIST(windows, windows, BP_REQ, BP_WINDOWS_MOST, &bp_window_shape, "all windows of the outlet; none = any time"));

static enum bp_error of_territory(struct bp_req *rq)
{
	struct columns *c = bp_alloc(rq->arena, sizeof(*c));
	struct bp_list *const lists[] = {&c->outlet, &c->weekday, &c->opens, &c->closes, &c->hard};
	struct bp_page_query *q = rq->query;
	struct q_windows_page *r = NULL;
	int64_t *v[5], limit = q->limit.set ? q->limit.v : PAGE_DEFAULT;
	size_t n = 0;
	enum bp_error e = q_windows_page(rq->db, rq->arena, (int64_t)rq->territory, q->after.set ? q->after.v : 0, limit, &r, &n);

	/* What a full page has of its last outlet comes with the next one. */
	if ((int64_t)n == limit) {
		int64_t last = r[n - 1].outlet_id;

		while (n && r[n - 1].outlet_id == last)
			n--;
		c->next = n ? bp_sprintf(rq->arena, "%lld", (long long)r[n - 1].outlet_id) : NULL;
	}

	for (int k = 0; k < 5; k++) {
		v[k] = bp_alloc_array(rq->arena, n + 1, sizeof(int64_t));
		*lists[k] = (struct bp_list){v[k], n};
	}
	for (size_t i = 0; i < n; i++) {
		const int64_t row[] = {r[i].outlet_id, r[i].weekday, r[i].opens, r[i].closes, r[i].hard};

		for (int k = 0; k < 5; k++)
			v[k][i] = row[k];
	}
	rq->reply = c;
	return e;
}

enum bp_error bp_windows_check(struct bp_req *rq, const struct bp_list *list)
{
	const struct bp_window *w = list->v;

	for (size_t i = 0; i < list->n; i++) {
		if (w[i].closes <= w[i].opens)
			bp_req_field(rq, bp_sprintf(rq->arena, "/windows/%zu/closes", i), "must lie after the beginning");
		for (size_t k = 0; k < i; k++)
			if (w[i].weekday == w[k].weekday && w[i].opens < w[k].closes && w[k].opens < w[i].closes)
				bp_req_field(rq, bp_sprintf(rq->arena, "/windows/%zu", i), "overlaps another window of that day");
	}
	return json_array_size(rq->fields) ? BP_E_FIELDS : BP_E_OK;
}

static enum bp_error reply_windows(struct bp_req *rq)
{
	struct windows *out = bp_alloc(rq->arena, sizeof(*out));
	struct q_windows_of *r = NULL;
	struct bp_window *v;
	size_t n = 0;
	enum bp_error e = q_windows_of(rq->db, rq->arena, (int64_t)rq->arg[0], &r, &n);

	v = bp_alloc_array(rq->arena, n + 1, sizeof(*v));
	for (size_t i = 0; i < n; i++)
		v[i] = (struct bp_window){r[i].weekday, r[i].opens, r[i].closes, r[i].hard};
	out->windows = (struct bp_list){v, n};
	rq->reply = out;
	return e;
}

static enum bp_error put(struct bp_req *rq)
{
	const struct windows *in = rq->body;
	const struct bp_window *w = in->windows.v;
	struct q_windows_outlet o;
	struct q_windows_text before, after;
	int64_t outlet = (int64_t)rq->arg[0];
	uint64_t set;
	enum bp_error e = bp_windows_check(rq, &in->windows);

	if (!e)
		e = q_windows_outlet(rq->db, rq->arena, outlet, &o);
	/* Wholesalers are planned with general trade. */
	if (!e)
		e = bp_req_need_channel(rq, strcmp(o.channel, "MT") ? "GT" : "MT", rq->territory);
	if (!e)
		e = q_windows_text(rq->db, rq->arena, outlet, &before);
	if (!e)
		e = bp_journal_open(rq->db, &(struct bp_change_set){"EDIT", 0, rq->user.id, NULL}, &set);
	if (!e)
		e = q_windows_clear(rq->db, outlet, NULL);
	for (size_t i = 0; i < in->windows.n && !e; i++)
		e = q_windows_add(rq->db, outlet, w[i].weekday, w[i].opens, w[i].closes, w[i].hard, NULL);
	if (!e)
		e = q_windows_text(rq->db, rq->arena, outlet, &after);
	if (!e)
		e = im_overlay_windows(rq->db, rq->arena, rq->arg[0], before.text, after.text, rq->user.id);
	if (!e)
		e = q_windows_note(rq->db, outlet, (int64_t)set, before.text, after.text, NULL);
	if (!e)
		bp_audit_change(&rq->audit, "windows", before.text, after.text);
	rq->audit.resource_type = "outlet";
	return e ? e : reply_windows(rq);
}

static const struct bp_endpoint ep[] = {
	{"GET", "/territories/{id}/windows", "When the outlets of a territory can be visited", BP_SCOPE_TERRITORY, BP_PERM_VIEW_TERRITORY, 0,
		.query = &windows_query, .reply = &windows_columns, .handle = of_territory},
	{"PUT", "/outlets/{id}/windows", "Say when an outlet can be visited", BP_SCOPE_OUTLET, BP_PERM_PLAN_GT_ROUTES, BP_EP_PLAN_CHANNEL, .body = &windows_body,
		.reply = &windows_body, .audit = BP_ACTION_WINDOWS_PUT, .fails = {BP_E_NOT_FOUND}, .handle = put},
};
BP_RESOURCE(windows, ep);
