/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_comparison.c - two ways to cut a territory into units beside each other: their figures, and the outlets that they put elsewhere. */
#include "base/buf.h"
#include "cgi/endpoint.h"
#include "design/design.h"
#include "territory/compare.h"

struct sides {
	struct bp_opt_int left, right, limit, after;
};
#define SIDES \
	BP_INT(sides, left, BP_NUL, 1, 9e15, "scenario; none = as it is today"), \
	BP_INT(sides, right, BP_NUL, 1, 9e15, "another one; none = as it is today")
BP_SHAPE(comparison_query, sides, SIDES);
BP_SHAPE(comparison_page_query, sides, SIDES,
	BP_INT(sides, limit, BP_NUL, 1, BP_PAGE_MOST, "rows a page"),
	BP_INT(sides, after, BP_NUL, 0, 9e15, "cursor"));

BP_SHAPE(comparison_side, tr_figures,
	BP_STR(tr_figures, name, BP_NUL, 1, 480, "how the scenario was made; none = as it is today"),
	BP_STR(tr_figures, status, BP_NUL, 1, 16, "where it stands: READY, APPROVED, PUBLISHED or UNDONE"),
	BP_INT(tr_figures, units, BP_REQ, 0, DESIGN_UNITS_MOST, "units that have outlets"),
	BP_INT(tr_figures, outlets, BP_REQ, 0, 9e9, "outlets"),
	BP_INT(tr_figures, moved, BP_REQ, 0, 9e9, "of these in another unit than when it was made"),
	BP_INT(tr_figures, seats, BP_REQ, 0, 9e9, "seats that visit one of the latter"),
	BP_NUM(tr_figures, max_deviation_pct, BP_REQ, 0, 1e9, "largest difference between the work of a unit and its share"),
	BP_NUM(tr_figures, compactness, BP_REQ, 0, 1e300, "minutes x square metres to the centre of the unit: less is more compact"),
	BP_INT(tr_figures, whole, BP_REQ, 0, DESIGN_UNITS_MOST, "units in one piece"));
struct comparison {
	struct tr_figures *left, *right;
	struct bp_list same;
	int64_t differ;
};
BP_SHAPE(comparison_shape, comparison,
	BP_OBJ(comparison, left, BP_REQ, &comparison_side, "one side"),
	BP_OBJ(comparison, right, BP_REQ, &comparison_side, "the other"),
	BP_LIST_INT(comparison, same, BP_REQ, 2 * DESIGN_UNITS_MOST,
		"units that are the same: number on the left, number on the right, and so on. Units that publishing makes are paired by the outlets they share"),
	BP_INT(comparison, differ, BP_REQ, 0, 9e9, "outlets in different units"));

static enum bp_error load(struct bp_req *rq, struct tr_comparison *c)
{
	const struct sides *q = rq->query;
	const uint64_t scenario[2] = {(uint64_t)(q->left.set ? q->left.v : 0), (uint64_t)(q->right.set ? q->right.v : 0)};

	return tr_compare(rq->db, rq->arena, rq->territory, scenario, c);
}

static enum bp_error figures(struct bp_req *rq, struct bp_opt_int scenario, struct tr_figures **out)
{
	*out = bp_alloc(rq->arena, sizeof(**out));
	return tr_figures(rq->db, rq->arena, rq->territory, (uint64_t)(scenario.set ? scenario.v : 0), *out, &rq->fail);
}

/* Judging what is now takes seconds where there are many outlets: it is kept until something changes. */
static enum bp_error held(struct bp_req *rq, bool *has)
{
	const struct sides *q = rq->query;
	struct q_design_drawn_version left, right;
	struct q_design_planned planned;
	enum bp_error e = q_design_drawn_version(rq->db, rq->arena, (int64_t)rq->territory, q->left, &left);

	if (!e)
		e = q_design_drawn_version(rq->db, rq->arena, (int64_t)rq->territory, q->right, &right);
	if (!e)
		e = q_design_planned(rq->db, rq->arena, &planned);
	*has = !e && bp_req_kept(rq, bp_sprintf(rq->arena, "%s %s %lld", left.version, right.version, (long long)planned.sum));
	return e;
}

static enum bp_error compare(struct bp_req *rq)
{
	const struct sides *q = rq->query;
	struct comparison *r = bp_alloc(rq->arena, sizeof(*r));
	struct tr_comparison c;
	bool has;
	enum bp_error e = held(rq, &has);

	if (e || has)
		return e;
	e = load(rq, &c);
	if (!e)
		e = figures(rq, q->left, &r->left);
	if (!e)
		e = figures(rq, q->right, &r->right);
	if (e)
		return e;
	r->same = (struct bp_list){c.same, 2 * c.n_same};
	r->differ = (int64_t)c.n_differ;
	rq->reply = r;
	return BP_E_OK;
}

struct difference {
	int64_t outlet_id;
	const char *code, *name, *city, *left, *right, *seat;
};
BP_SHAPE(comparison_difference, difference,
	BP_INT(difference, outlet_id, BP_REQ, 1, 9e15, "outlet"),
	BP_STR(difference, code, BP_REQ, 1, 256, "its code"),
	BP_STR(difference, name, BP_REQ, 0, 800, "its name"),
	BP_STR(difference, city, BP_REQ, 0, 480, "its town"),
	BP_STR(difference, left, BP_REQ, 1, 480, "its unit on one side"),
	BP_STR(difference, right, BP_REQ, 1, 480, "and on the other"),
	BP_STR(difference, seat, BP_NUL, 0, 256, "code of the seat that visits it now"));
struct page {
	struct bp_list items;
	const char *next;
};
BP_SHAPE(comparison_page, page,
	BP_LIST(page, items, BP_REQ, BP_PAGE_MOST, &comparison_difference, "outlets in different units, by id"),
	BP_STR(page, next, BP_NUL, 0, 20, "cursor of the next page"));

/* Some of the outlets that differ, with their names. */
static enum bp_error named(struct bp_db *db, struct bp_arena *a, const struct tr_comparison *c, size_t from, size_t n, struct bp_list *out)
{
	struct q_design_named *r;
	struct difference *v = bp_alloc_array(a, n, sizeof(*v));
	struct bp_buf ids;
	size_t m = 0, k = 0;
	enum bp_error e;

	bp_buf_init(&ids, 1 << 20);
	for (size_t i = 0; i < n; i++)
		bp_buf_printf(&ids, "%s%lld", i ? "," : "[", (long long)c->differ[from + i].outlet);
	bp_buf_str(&ids, n ? "]" : "[]");
	e = q_design_named(db, a, ids.data, &r, &m);
	bp_buf_release(&ids);
	for (size_t i = 0; !e && i < m; i++) {
		const struct tr_placed *p;

		while (c->differ[from + k].outlet != r[i].id)
			k++;
		p = &c->differ[from + k];
		v[i] = (struct difference){r[i].id, r[i].code, r[i].name, r[i].city, c->unit[0][p->number[0]].name, c->unit[1][p->number[1]].name, r[i].seat};
	}
	*out = (struct bp_list){v, m};
	return e;
}

static enum bp_error differences(struct bp_req *rq)
{
	const struct sides *q = rq->query;
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	size_t limit = (size_t)bp_page_limit(q->limit), from = 0, n;
	struct tr_comparison c;
	enum bp_error e = load(rq, &c);

	if (e)
		return e;
	while (q->after.set && from < c.n_differ && c.differ[from].outlet <= q->after.v)
		from++;
	n = c.n_differ - from < limit ? c.n_differ - from : limit;
	e = named(rq->db, rq->arena, &c, from, n, &p->items);
	p->next = n ? bp_page_next(rq->arena, n, (int64_t)limit, c.differ[from + n - 1].outlet) : NULL;
	rq->reply = p;
	return e;
}

static bool write_rows(struct bp_req *rq, struct bp_buf *b, const struct bp_list *list)
{
	const struct difference *v = list->v;

	bp_buf_clear(b);
	for (size_t i = 0; i < list->n; i++) {
		const char *const cell[] = {v[i].code, v[i].name, v[i].city, v[i].left, v[i].right, v[i].seat ? v[i].seat : ""};

		for (size_t k = 0; k < sizeof(cell) / sizeof(*cell); k++) {
			if (k)
				bp_buf_chr(b, ',');
			bp_buf_csv(b, cell[k]);
		}
		bp_buf_str(b, "\r\n");
	}
	return bp_req_write(rq, b->data, b->len);
}

enum { ROWS = 2000 };

static enum bp_error rows(struct bp_req *rq)
{
	static const char head[] = "outlet,name,city,left,right,seat\r\n";
	struct tr_comparison c;
	struct bp_arena page;
	struct bp_list list;
	struct bp_buf b;
	enum bp_error e = load(rq, &c);

	if (e)
		return e;
	bp_arena_init(&page, 64u << 20);
	bp_buf_init(&b, 8 << 20);
	bp_req_begin(rq, "differences.csv");
	e = bp_req_write(rq, head, sizeof(head) - 1) ? BP_E_OK : BP_E_ABORTED;
	for (size_t i = 0; !e && i < c.n_differ; i += ROWS) {
		bp_arena_clear(&page);
		e = named(rq->db, &page, &c, i, c.n_differ - i < ROWS ? c.n_differ - i : ROWS, &list);
		if (!e && !write_rows(rq, &b, &list))
			e = BP_E_ABORTED;
	}
	bp_buf_release(&b);
	bp_arena_release(&page);
	return e;
}

#define VIEW BP_SCOPE_TERRITORY, BP_PERM_VIEW_TERRITORY
static const struct bp_endpoint ep[] = {
	{"GET", "/territories/{id}/comparison", "Compare two scenarios of planning units, or one and what is now", VIEW, BP_EP_SLOW | BP_EP_ONE_STATE,
		.query = &comparison_query, .reply = &comparison_shape, .fails = {BP_E_TERRITORY_NONE, BP_E_NOT_FOUND, BP_E_OPT_INPUT}, .handle = compare},
	{"GET", "/territories/{id}/differences", "List the outlets that two scenarios put in different units", VIEW, BP_EP_ONE_STATE,
		.query = &comparison_page_query, .reply = &comparison_page, .fails = {BP_E_TERRITORY_NONE, BP_E_NOT_FOUND}, .handle = differences},
	{"GET", "/territories/{id}/differences/rows", "Download the outlets that two scenarios put in different units", VIEW, BP_EP_STREAM_OUT | BP_EP_ONE_STATE,
		.query = &comparison_query, .media = "text/csv; charset=utf-8", .fails = {BP_E_TERRITORY_NONE, BP_E_NOT_FOUND}, .handle = rows},
};
BP_RESOURCE(comparison, ep);
