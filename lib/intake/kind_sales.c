/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What outlets bought: invoices and sales figures, both appended. */
#include "intake/kind.h"
#include "intake/stores.h"
#include "intake/volume.h"
#include "queries.h"

/* --- sales figures: a figure for the same month or day replaces the former one --- */
#define PERIOD "STR_TO_DATE(IF(LENGTH(s.period) = 7, CONCAT(s.period, '-01'), s.period), '%Y-%m-%d')"
#define GRAIN "IF(LENGTH(s.period) = 7, 'MONTH', 'DAY')"
static const char compare_sales[] =
	"UPDATE stage_sales s STRAIGHT_JOIN outlet o ON o.code = s.outlet_code JOIN sales_line l ON l.code = s.line JOIN sales_fact f ON f.outlet_id = o.id"
	" AND f.period = " PERIOD " AND f.grain = " GRAIN " AND f.line_id = l.id"
	" SET s.state = IF(f.amount = s.amount AND COALESCE(s.quantity, f.quantity) <=> f.quantity, 2, 1)" IM_FINE;
static const char *const publish_sales[] = {
	"INSERT IGNORE INTO sales_line (code, name) SELECT DISTINCT s.line, s.line FROM stage_sales s" IM_FINE,
	"INSERT INTO sales_fact (outlet_id, period, grain, line_id, amount, quantity, import_id) SELECT o.id, " PERIOD ", " GRAIN ", l.id, s.amount,"
		" s.quantity, {S} FROM stage_sales s STRAIGHT_JOIN outlet o ON o.code = s.outlet_code JOIN sales_line l ON l.code = s.line" IM_TO_WRITE
		" ON DUPLICATE KEY UPDATE amount = VALUES(amount), quantity = COALESCE(VALUES(quantity), sales_fact.quantity), import_id = {S}",
	NULL};

/* --- invoices: lines that are stored stay as they are --- */
#define REF(alias, what) " LEFT JOIN stage_ref " alias " ON " alias ".session_id = {S} AND " alias ".kind = '" what "' AND " alias ".no = "
#define NET "COALESCE(s.net, s.gross - COALESCE(s.tax, 0), ROUND(s.quantity * s.unit_price, 4), 0)"
#define TAX "COALESCE(s.tax, s.gross - s.net, 0)"
#define GROSS "COALESCE(s.gross, " NET " + " TAX ")"
/* Lines bear their own number, or that of their product. */
#define ITEM "COALESCE(s.line_no, 1000000000 + COALESCE(p.target_id, 0))"

static const char *const find_products[] = {
	"UPDATE stage_ref r JOIN product p ON p.code = r.l1 SET r.target_id = p.id WHERE r.session_id = {S} AND r.kind = 'PRODUCT'", NULL};
static const char compare_invoices[] =
	"UPDATE stage_invoices s" REF("e", "SELLER") "s.seller" REF("p", "PRODUCT") "s.product JOIN invoice i ON i.number = s.invoice_no AND"
	" i.seller = COALESCE(e.l1, '') JOIN invoice_line l ON l.invoice_id = i.id AND l.item = " ITEM
	" SET s.state = IF(l.net = " NET " AND COALESCE(s.quantity, l.quantity) <=> l.quantity AND i.day = s.date, 2, 1)" IM_FINE;

/* One warning for each store that is not found, on the first row that names it. */
static const char *const warn_invoices[] = {
	"INSERT INTO import_issue (session_id, file_id, row_no, col, rule, severity, value, suggestion)"
		" SELECT {S}, MIN(s.file_id), MIN(s.row_no), 'outlet_code', 'NO_STORE', 'warning', LEFT(COALESCE(NULLIF(r.l1, ''), NULLIF(r.l4, ''),"
		" NULLIF(r.l2, ''), r.l3), 200), CASE r.how WHEN 'AMBIGUOUS' THEN 'several outlets fit' ELSE '' END FROM stage_ref r"
		" JOIN stage_invoices s ON s.session_id = {S} AND s.store = r.no AND s.bad = 0"
		" WHERE r.session_id = {S} AND r.kind = 'STORE' AND r.how IN ('UNKNOWN', 'AMBIGUOUS') GROUP BY r.no, r.l1, r.l2, r.l3, r.l4, r.how",
	NULL};

static const char *const publish_invoices[] = {
	"INSERT IGNORE INTO product (code, name) SELECT r.l1, r.l2 FROM stage_ref r WHERE r.session_id = {S} AND r.kind = 'PRODUCT' AND r.target_id IS NULL",
	"UPDATE stage_ref r JOIN product p ON p.code = r.l1 SET r.target_id = p.id, p.name = IF(p.name = '', r.l2, p.name)"
		" WHERE r.session_id = {S} AND r.kind = 'PRODUCT' AND r.target_id IS NULL",
	"UPDATE stage_ref r JOIN partner p ON p.kind = 'DT' AND p.code = r.l1 SET r.target_id = p.id WHERE r.session_id = {S} AND r.kind = 'SELLER'",
	"INSERT INTO invoice (number, seller, partner_id, day, outlet_id, store_by, outlet_code, outlet_name, tax_no, phone, postcode, currency,"
		" salesperson, n_lines, net, tax, gross, import_id) SELECT g.invoice_no, COALESCE(e.l1, ''), e.target_id, g.day, t.target_id,"
		" COALESCE(NULLIF(t.how, ''), 'NONE'), LEFT(COALESCE(t.l1, ''), 64), COALESCE(t.l4, ''), LEFT(COALESCE(t.l2, ''), 40),"
		" LEFT(COALESCE(t.l3, ''), 40), LEFT(COALESCE(t.l5, ''), 20), g.currency, g.salesperson, g.n, g.net, g.tax, g.gross, {S}"
		" FROM (SELECT s.invoice_no, s.seller, MIN(s.date) AS day, MAX(s.store) AS store, COALESCE(MAX(s.currency), '') AS currency,"
		" COALESCE(MAX(s.salesperson), '') AS salesperson, COUNT(*) AS n, SUM(" NET ") AS net, SUM(" TAX ") AS tax, SUM(" GROSS ") AS gross"
		" FROM stage_invoices s FORCE INDEX (row_key) WHERE s.session_id = {S} AND s.bad = 0 AND s.state = 0 GROUP BY s.invoice_no, s.seller) g"
		REF("e", "SELLER") "g.seller" REF("t", "STORE") "g.store"
		" ON DUPLICATE KEY UPDATE n_lines = invoice.n_lines + VALUES(n_lines), net = invoice.net + VALUES(net), tax = invoice.tax + VALUES(tax),"
		" gross = invoice.gross + VALUES(gross)",
	"INSERT INTO invoice_line (invoice_id, item, product_id, quantity, unit, unit_price, discount, net, tax, gross, import_id)"
		" SELECT i.id, " ITEM ", p.target_id, s.quantity, COALESCE(s.unit, ''), s.unit_price, s.discount, " NET ", " TAX ", " GROSS ", {S}"
		" FROM stage_invoices s" REF("e", "SELLER") "s.seller" REF("p", "PRODUCT") "s.product"
		" STRAIGHT_JOIN invoice i ON i.number = s.invoice_no AND i.seller = COALESCE(e.l1, '')"
		" WHERE s.session_id = {S} AND s.bad = 0 AND s.state = 0",
	NULL};

static enum bp_error refresh_volume(struct im_work *w)
{
	return im_volume_refresh(w->db, w->arena, w->session);
}

enum bp_error im_sales_turn(struct im_work *w)
{
	struct q_sales_turn turn;

	return w->entities & (1u << IM_SALES | 1u << IM_INVOICES) ? q_sales_turn(w->db, w->arena, &turn) : BP_E_OK;
}

enum bp_error im_sales_of_outlets(struct im_work *w)
{
	static const char link[] = "UPDATE invoice i JOIN outlet o ON o.code = i.outlet_code SET i.outlet_id = o.id, i.store_by = 'CODE'"
		" WHERE i.outlet_id IS NULL AND i.outlet_code <> ''";
	struct q_sales_any sales;
	uint64_t linked = 0;
	enum bp_error e;

	if (!(w->entities & 1u << IM_OUTLETS))
		return BP_E_OK;
	e = q_sales_any(w->db, w->arena, &sales);
	if (e || !sales.any)
		return e;
	e = q_sales_volume_from_file(w->db, (int64_t)w->session, NULL);
	if (!e)
		e = im_bulk(w, link, &linked);
	return e ? e : im_volume_refresh(w->db, w->arena, w->session);
}

const struct im_kind im_kinds_sales[] = {
	{.entity = IM_SALES, .key = "outlet_code, period, line", .refuse = {{"outlet_code", "UNKNOWN_OUTLET", IM_OUTLET_UNKNOWN}},
		.compare = compare_sales, .publish = publish_sales, .finish = refresh_volume},
	{.entity = IM_INVOICES, .key = "invoice_no, seller, item", .find = find_products, .prepare = im_find_stores,
		.refuse = {{"invoice_no", "STORED_OTHERWISE", "s.state = 1"}},
		.compare = compare_invoices, .warn = warn_invoices, .publish = publish_invoices, .finish = refresh_volume},
	{.key = NULL},
};
