/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_sales.c - what outlets bought: invoices with their lines, months, and the rule for the sales volume. */
#include <string.h>

#include "cgi/endpoint.h"
#include "db/journal.h"
#include "intake/volume.h"
#include "queries.h"

struct invoice {
	int64_t id;
	const char *number, *seller;
	int64_t date;
	struct bp_opt_int outlet_id;
	const char *outlet, *store_by, *outlet_code, *outlet_name, *currency, *salesperson;
	int64_t lines;
	double net, tax, gross;
};
static const char *const ways[] = {"CODE", "TAX", "PHONE", "NAME", "NONE", "UNKNOWN", "AMBIGUOUS", NULL};
BP_SHAPE(invoice_row, invoice,
	BP_INT(invoice, id, BP_REQ, 1, 9e15, "invoice"),
	BP_STR(invoice, number, BP_REQ, 1, 256, "its number"),
	BP_STR(invoice, seller, BP_REQ, 0, 800, "the distributor that wrote it, by name where known; empty = ourselves"),
	BP_DATE(invoice, date, BP_REQ, "its date"),
	BP_INT(invoice, outlet_id, BP_NUL, 1, 9e15, "whom it is for; null = not known"),
	BP_STR(invoice, outlet, BP_NUL, 0, 800, "name of the outlet"),
	BP_ENUM(invoice, store_by, BP_REQ, ways, "by what the outlet was found, or why not: NONE = the invoice says nothing of it, AMBIGUOUS = several fit"),
	BP_STR(invoice, outlet_code, BP_REQ, 0, 256, "code that the invoice says"),
	BP_STR(invoice, outlet_name, BP_REQ, 0, 800, "name that the invoice says"),
	BP_STR(invoice, currency, BP_REQ, 0, 32, "currency"),
	BP_STR(invoice, salesperson, BP_REQ, 0, 480, "who sold"),
	BP_INT(invoice, lines, BP_REQ, 0, 9e9, "lines"),
	BP_NUM(invoice, net, BP_REQ, -1e15, 1e15, "without tax"),
	BP_NUM(invoice, tax, BP_REQ, -1e15, 1e15, "tax"),
	BP_NUM(invoice, gross, BP_REQ, -1e15, 1e15, "with tax"));
struct page {
	struct bp_list items;
	const char *next;
};
BP_SHAPE(invoice_page, page,
	BP_LIST(page, items, BP_REQ, BP_PAGE_MOST, &invoice_row, "invoices, those that came last first"),
	BP_STR(page, next, BP_NUL, 0, 20, "cursor of the next page"));
struct query {
	const char *q, *store;
	struct bp_opt_int outlet, limit, after;
};
static const char *const stores[] = {"lost", NULL};
BP_SHAPE(invoice_query, query,
	BP_STR(query, q, BP_NUL, 1, 100, "beginning of the number, code of the outlet, or part of the name on the invoice"),
	BP_ENUM(query, store, BP_NUL, stores, "only those whose outlet is not known"),
	BP_INT(query, outlet, BP_NUL, 1, 9e15, "only of this outlet"),
	BP_INT(query, limit, BP_NUL, 1, BP_PAGE_MOST, "rows a page"),
	BP_INT(query, after, BP_NUL, 1, 9e15, "cursor"));

static enum bp_error invoices(struct bp_req *rq)
{
	struct query *q = rq->query;
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	bool world = rq->user.world & BP_PERM_BIT(BP_PERM_VIEW_TERRITORY);
	struct q_invoice_list *r;
	struct invoice *v;
	size_t n = 0;
	enum bp_error e = q_invoice_list(rq->db, rq->arena, (int64_t)rq->user.scopes_of, world, q->outlet, q->q, q->store ? BP_SOME_INT(1) : BP_NO_INT,
		q->after.set ? q->after.v : INT64_MAX, bp_page_limit(q->limit), &r, &n);

	v = bp_alloc_array(rq->arena, n, sizeof(*v));
	for (size_t i = 0; !e && i < n; i++)
		v[i] = (struct invoice){r[i].id, r[i].number, r[i].partner ? r[i].partner : r[i].seller, r[i].day, r[i].outlet_id, r[i].outlet, r[i].store_by,
			r[i].outlet_code, r[i].outlet_name, r[i].currency, r[i].salesperson, r[i].n_lines, r[i].net, r[i].tax, r[i].gross};
	p->items = (struct bp_list){v, n};
	p->next = n ? bp_page_next(rq->arena, n, bp_page_limit(q->limit), r[n - 1].id) : NULL;
	rq->reply = p;
	return e;
}

struct line {
	struct bp_opt_int line;
	const char *product, *name;
	struct bp_opt_num quantity;
	const char *unit;
	struct bp_opt_num unit_price, discount;
	double net, tax, gross;
};
BP_SHAPE(invoice_line_row, line,
	BP_INT(line, line, BP_NUL, 0, 9e9, "its number on the invoice"),
	BP_STR(line, product, BP_NUL, 0, 800, "code of the product"),
	BP_STR(line, name, BP_NUL, 0, 800, "what it is called"),
	BP_NUM(line, quantity, BP_NUL, -1e15, 1e15, "less than 0 = came back"),
	BP_STR(line, unit, BP_REQ, 0, 64, "of what"),
	BP_NUM(line, unit_price, BP_NUL, -1e15, 1e15, "of one"),
	BP_NUM(line, discount, BP_NUL, -1e15, 1e15, "as the invoice shows it"),
	BP_NUM(line, net, BP_REQ, -1e15, 1e15, "without tax"),
	BP_NUM(line, tax, BP_REQ, -1e15, 1e15, "tax"),
	BP_NUM(line, gross, BP_REQ, -1e15, 1e15, "with tax"));
BP_SHAPE(invoice_line_page, page,
	BP_LIST(page, items, BP_REQ, 10000, &invoice_line_row, "lines in order"),
	BP_STR(page, next, BP_NUL, 0, 20, "always null"));

static enum bp_error lines(struct bp_req *rq)
{
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	struct q_invoice_place at;
	struct q_invoice_lines *r;
	struct line *v;
	size_t n = 0;
	enum bp_error e = q_invoice_place(rq->db, rq->arena, (int64_t)rq->arg[0], &at);

	if (!e)
		e = bp_req_need(rq, BP_PERM_VIEW_TERRITORY, at.territory_id.set ? (uint64_t)at.territory_id.v : 0);
	if (e == BP_E_AUTH_PERMISSION)
		e = BP_E_NOT_FOUND; /* of an outlet elsewhere: what is there is nobody's business */
	if (!e)
		e = q_invoice_lines(rq->db, rq->arena, at.id, 10000, &r, &n);
	v = bp_alloc_array(rq->arena, n, sizeof(*v));
	for (size_t i = 0; !e && i < n; i++)
		v[i] = (struct line){r[i].line_no, r[i].product, r[i].product_name, r[i].quantity, r[i].unit, r[i].unit_price, r[i].discount, r[i].net, r[i].tax, r[i].gross};
	p->items = (struct bp_list){v, n};
	rq->reply = p;
	return e;
}

struct month {
	int64_t month;
	struct bp_opt_num amount, quantity;
	int64_t invoices;
	struct bp_opt_num invoiced;
};
BP_SHAPE(sales_month, month,
	BP_DATE(month, month, BP_REQ, "first day of the month"),
	BP_NUM(month, amount, BP_NUL, -1e15, 1e15, "sales figures; null = none"),
	BP_NUM(month, quantity, BP_NUL, -1e15, 1e15, "pieces of them"),
	BP_INT(month, invoices, BP_REQ, 0, 9e9, "invoices"),
	BP_NUM(month, invoiced, BP_NUL, -1e15, 1e15, "sum of them without tax"));
BP_SHAPE(sales_month_page, page,
	BP_LIST(page, items, BP_REQ, 36, &sales_month, "months, newest first, at most three years"),
	BP_STR(page, next, BP_NUL, 0, 20, "always null"));

static enum bp_error months(struct bp_req *rq)
{
	struct page *p = bp_alloc(rq->arena, sizeof(*p));
	struct q_sales_months *r;
	struct month *v;
	size_t n = 0;
	enum bp_error e = q_sales_months(rq->db, rq->arena, (int64_t)rq->arg[0], 36, &r, &n);

	v = bp_alloc_array(rq->arena, n, sizeof(*v));
	for (size_t i = 0; !e && i < n; i++)
		v[i] = (struct month){r[i].month, r[i].amount, r[i].quantity, r[i].invoices, r[i].net};
	p->items = (struct bp_list){v, n};
	rq->reply = p;
	return e;
}

struct rule {
	int64_t months;
	const char *wins, *reason;
	struct bp_opt_int newest;
};
static const char *const winners[] = {"SALES", "FILE", NULL};
BP_SHAPE(sales_rule, rule,
	BP_INT(rule, months, BP_REQ, 1, 60, "back from the newest month that has figures"),
	BP_ENUM(rule, wins, BP_REQ, winners, "SALES: the figures where there are any; FILE: the column of the outlet file where it says something"),
	BP_DATE(rule, newest, BP_NUL, "first day of the newest month that has figures"));
BP_SHAPE(sales_rule_body, rule,
	BP_INT(rule, months, BP_REQ, 1, 60, "back from the newest month that has figures"),
	BP_ENUM(rule, wins, BP_REQ, winners, "SALES or FILE"),
	BP_STR(rule, reason, BP_REQ, 1, 500, "why; it stands in the trail"));

static enum bp_error get_rule(struct bp_req *rq)
{
	struct rule *out = bp_alloc(rq->arena, sizeof(*out));
	struct q_sales_rule_get r;
	enum bp_error e = q_sales_rule_get(rq->db, rq->arena, &r);

	if (!e)
		*out = (struct rule){.months = r.months, .wins = r.wins, .newest = r.newest};
	rq->reply = out;
	return e;
}

static enum bp_error put_rule(struct bp_req *rq)
{
	struct rule *in = rq->body;
	struct q_sales_turn turn;
	struct q_sales_rule_get old;
	uint64_t set;
	enum bp_error e = q_sales_turn(rq->db, rq->arena, &turn); /* no publication in between */

	if (!e)
		e = q_sales_rule_get(rq->db, rq->arena, &old);
	if (!e) /* the volumes of outlets change with it */
		e = bp_journal_open(rq->db, &(struct bp_change_set){"EDIT", 0, rq->user.id, "sales rule"}, &set);
	if (!e)
		e = q_sales_rule_put(rq->db, in->months, in->wins, NULL);
	if (!e)
		e = im_volume_refresh(rq->db, rq->arena, 0);
	if (e)
		return e;
	rq->audit.resource_type = "sales rule";
	rq->audit.reason = in->reason;
	bp_audit_change(&rq->audit, "months", bp_sprintf(rq->arena, "%lld", (long long)old.months), bp_sprintf(rq->arena, "%lld", (long long)in->months));
	bp_audit_change(&rq->audit, "wins", old.wins, in->wins);
	return get_rule(rq);
}

static const struct bp_endpoint ep[] = {
	{"GET", "/invoices", "List invoices of the outlets one may see", BP_SCOPE_ANYWHERE, BP_PERM_VIEW_TERRITORY, BP_EP_MAY_LAG, .query = &invoice_query,
		.reply = &invoice_page, .handle = invoices},
	{"GET", "/invoices/{id}/lines", "Read the lines of an invoice", BP_SCOPE_ANYWHERE, BP_PERM_VIEW_TERRITORY, BP_EP_MAY_LAG, .reply = &invoice_line_page,
		.fails = {BP_E_NOT_FOUND}, .handle = lines},
	{"GET", "/outlets/{id}/sales", "Show what an outlet bought, by month", BP_SCOPE_OUTLET, BP_PERM_VIEW_TERRITORY, BP_EP_MAY_LAG, .reply = &sales_month_page,
		.fails = {BP_E_NOT_FOUND}, .handle = months},
	{"GET", "/sales/rule", "Read how the sales volume follows from sales", BP_SCOPE_ANYWHERE, BP_PERM_VIEW_TERRITORY, 0, .reply = &sales_rule,
		.handle = get_rule},
	{"PUT", "/sales/rule", "Change how the sales volume follows from sales, and count anew", BP_SCOPE_WORLD, BP_PERM_MANAGE_RULES, 0,
		.body = &sales_rule_body, .reply = &sales_rule, .audit = BP_ACTION_SALES_RULE, .handle = put_rule},
};
BP_RESOURCE(sales, ep);
