/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_conflicts.c - where the data contradict each other in who serves what. */
#include <string.h>

#include "cgi/endpoint.h"
#include "export/export.h"
#include "territory/conflict.h"

struct cause {
	const char *cause, *kind, *what, *remedy;
	int64_t conflicts, outlets;
};
BP_SHAPE(conflict_cause, cause,
	BP_ENUM(cause, cause, BP_REQ, tr_causes, "cause"),
	BP_ENUM(cause, kind, BP_REQ, tr_conflict_kinds, "an outlet in several territories, or bound to somebody who cannot serve it, more work than time, or left alone"),
	BP_STR(cause, what, BP_REQ, 1, 480, "what it is, in words"),
	BP_STR(cause, remedy, BP_REQ, 1, 480, "what to do"),
	BP_INT(cause, conflicts, BP_REQ, 1, 9e9, "how many there are"),
	BP_INT(cause, outlets, BP_REQ, 1, 9e9, "needs of outlets that they are about"));
struct conflict {
	const char *cause;
	struct bp_opt_int outlet_id;
	const char *outlet_code, *outlet_name, *unit, *seat, *other;
	int64_t outlets;
	struct bp_opt_num hours, has_hours;
};
BP_SHAPE(conflict_row, conflict,
	BP_ENUM(conflict, cause, BP_REQ, tr_causes, "cause"),
	BP_INT(conflict, outlet_id, BP_NUL, 1, 9e15, "outlet, null = it is about more than one"),
	BP_STR(conflict, outlet_code, BP_NUL, 1, 256, "its code"),
	BP_STR(conflict, outlet_name, BP_NUL, 0, 800, "its name"),
	BP_STR(conflict, unit, BP_NUL, 0, 480, "the territory where it is found"),
	BP_STR(conflict, seat, BP_NUL, 0, 256, "code of the seat concerned"),
	BP_STR(conflict, other, BP_NUL, 0, 800, "what does not go with it: the other territory, distributor, seat or channel"),
	BP_INT(conflict, outlets, BP_REQ, 1, 9e9, "needs of outlets that it is about"),
	BP_NUM(conflict, hours, BP_NUL, 0, 1e12, "OVERLOAD: work in four weeks that is bound to the seat"),
	BP_NUM(conflict, has_hours, BP_NUL, 0, 1e12, "OVERLOAD: the seat's time for calls in four weeks"));
struct page {
	struct bp_list causes, items;
	const char *next;
};
BP_SHAPE(conflict_page, page,
	BP_LIST(page, causes, BP_REQ, TR_CAUSE__MAX, &conflict_cause, "the causes that there are, all counted"),
	BP_LIST(page, items, BP_REQ, BP_PAGE_MOST, &conflict_row, "conflicts of the cause that was asked for"),
	BP_STR(page, next, BP_NUL, 0, 20, "cursor of the next page"));
struct query {
	const char *cause;
	struct bp_opt_int limit, after;
};
BP_SHAPE(conflict_query, query,
	BP_ENUM(query, cause, BP_NUL, tr_causes, "list those of this cause; none = they are only counted"),
	BP_INT(query, limit, BP_NUL, 1, BP_PAGE_MOST, "rows a page"),
	BP_INT(query, after, BP_NUL, 0, 9e15, "cursor"));

struct found {
	struct bp_req *rq;
	const struct query *q;
	struct cause cause[TR_CAUSE__MAX];
	struct conflict *v;
	size_t n, limit;
	int64_t last; /* id of v[n - 1] */
};

static char *kept(struct found *w, const char *s)
{
	return s ? bp_strdup(w->rq->arena, s) : NULL;
}

static enum bp_error on_conflict(void *ctx, const struct tr_conflict *c)
{
	struct found *w = ctx;
	const char *name = tr_causes[c->cause];

	w->cause[c->cause].conflicts++;
	w->cause[c->cause].outlets += c->outlets;
	if (!w->q->cause || strcmp(w->q->cause, name) || c->id <= (w->q->after.set ? w->q->after.v : 0) || w->n == w->limit)
		return BP_E_OK;
	w->v[w->n++] = (struct conflict){name, c->outlet_id, kept(w, c->outlet_code), kept(w, c->outlet_name), kept(w, c->unit), kept(w, c->seat),
		kept(w, c->other), c->outlets, c->hours, c->has_hours};
	w->last = c->id;
	return BP_E_OK;
}

static enum bp_error list(struct bp_req *rq)
{
	struct query *q = rq->query;
	struct found w = {.rq = rq, .q = q, .limit = (size_t)bp_page_limit(q->limit)};
	struct cause *causes = bp_alloc_array(rq->arena, TR_CAUSE__MAX, sizeof(*causes));
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	size_t n = 0;
	enum bp_error e;

	w.v = bp_alloc_array(rq->arena, w.limit, sizeof(*w.v));
	e = tr_conflicts(rq->db, rq->arena, rq->arg[0], on_conflict, &w);
	for (int i = 0; i < TR_CAUSE__MAX; i++)
		if (w.cause[i].conflicts)
			causes[n++] = (struct cause){tr_causes[i], tr_cause_infos[i].kind, tr_cause_infos[i].what, tr_cause_infos[i].remedy, w.cause[i].conflicts, w.cause[i].outlets};
	p->causes = (struct bp_list){causes, n};
	p->items = (struct bp_list){w.v, w.n};
	p->next = w.n ? bp_page_next(rq->arena, w.n, (int64_t)w.limit, w.last) : NULL;
	rq->reply = p;
	return e;
}

static bool send(void *ctx, const char *data, size_t n)
{
	return bp_req_write(ctx, data, n);
}

static const char *const forms[] = {"csv", "xlsx", NULL};
struct form {
	const char *format;
};
BP_SHAPE(conflict_export_query, form,
	BP_ENUM(form, format, BP_NUL, forms, "file format; none = csv"));

static enum bp_error download(struct bp_req *rq)
{
	const struct form *q = rq->query;
	enum export_format format = q->format && !strcmp(q->format, "xlsx") ? EXPORT_XLSX : EXPORT_CSV;

	bp_req_begin_type(rq, export_media(format), bp_sprintf(rq->arena, "conflicts-%llu.%s", (unsigned long long)rq->arg[0], export_formats[format]));
	return export_run(rq->db, &(struct export_job){.what = EXPORT_CONFLICTS, .format = format, .territory = rq->arg[0], .write = send, .ctx = rq});
}

static const struct bp_endpoint ep[] = {
	{"GET", "/territories/{id}/conflicts", "Count where the data contradict each other in who serves what, and list those of a cause", BP_SCOPE_TERRITORY,
		BP_PERM_VIEW_TERRITORY, BP_EP_SLOW, .query = &conflict_query, .reply = &conflict_page, .fails = {BP_E_TERRITORY_NONE}, .handle = list},
	{"GET", "/territories/{id}/conflicts/export", "Download all of them", BP_SCOPE_TERRITORY, BP_PERM_EXPORT_DATA, BP_EP_STREAM_OUT,
		.query = &conflict_export_query, .media = "text/csv", .audit = BP_ACTION_CONFLICT_EXPORT, .fails = {BP_E_TERRITORY_NONE}, .handle = download},
};
BP_RESOURCE(conflicts, ep);
