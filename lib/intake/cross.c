/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What only the whole session shows: duplicates, references to nothing, and the delta against what is
 * stored.  Set operations in one transaction that first takes back what an earlier check found.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "intake/delta.h"
#include "intake/kind.h"
#include "intake/match.h"
#include "intake/overlay.h"
#include "queries.h"
#include "territory/tree.h"

enum bp_error im_tell(struct im_work *w, const char *step, double percent, uint64_t done, uint64_t total)
{
	return w->report ? w->report(w->ctx, step, percent, done, total) : BP_E_OK;
}

/* {S} in the statement becomes the session number: bulk statements take no parameters. */
enum bp_error im_bulk(struct im_work *w, const char *sql, uint64_t *affected)
{
	char text[4096];
	size_t n = 0;

	for (; *sql && n + 24 < sizeof(text); sql++) {
		if (strncmp(sql, "{S}", 3)) {
			text[n++] = *sql;
			continue;
		}
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%" PRIu64, w->session);
		sql += 2;
	}
	if (*sql)
		return bp_fail(w->fail, BP_E_INTERNAL, "a bulk statement is too long");
	text[n] = '\0';
	return bp_db_bulk(w->db, text, affected);
}

enum bp_error im_run_all(struct im_work *w, const char *step, double percent, const char *const *sql, size_t n)
{
	enum bp_error e = BP_E_OK;

	for (size_t i = 0; !e && i < n; i++) {
		e = im_tell(w, step, percent, i, n);
		if (!e)
			e = im_bulk(w, sql[i], NULL);
	}
	return e;
}
#define RUN(w, list) im_run_all(w, "comparing", 84, list, sizeof(list) / sizeof(list[0]))

/* The rules that are judged here. */
#define FOUND_HERE \
	"rule IN ('DUPLICATE','UNKNOWN_DT','UNKNOWN_OUTLET','UNKNOWN_SEAT','UNKNOWN_TERRITORY','NEW_DT','KEY_MANY','KEY_OTHER','KEY_NONE')"
/* Take back what an earlier check marked. */
static const char *const forget[] = {
	"UPDATE stage_distributors SET bad = 0 WHERE session_id = {S} AND bad > 0",
	"UPDATE stage_outlets SET bad = 0 WHERE session_id = {S} AND bad > 0",
	"UPDATE stage_seats SET bad = 0 WHERE session_id = {S} AND bad > 0",
	"UPDATE stage_dt_mapping SET bad = 0 WHERE session_id = {S} AND bad > 0",
	"UPDATE stage_plan SET bad = 0 WHERE session_id = {S} AND bad > 0",
	"DELETE FROM import_issue WHERE session_id = {S} AND " FOUND_HERE,
	"DELETE FROM import_issue_group WHERE session_id = {S} AND " FOUND_HERE,
	"UPDATE stage_ref SET l5 = '', target_id = NULL WHERE session_id = {S} AND kind = 'DT'",
};

/* Statistics of tables that were filled a moment ago say little: joins name their order and index themselves.
 * The first row of a key stays, in the order of files and lines; (file, line) as one number finds it. */
#define FILE_STEP "1099511627776"
#define DUPLICATES(table, index, key, pair) \
	"UPDATE " table " s FORCE INDEX (" index ") JOIN (SELECT " key ", MIN(file_id * " FILE_STEP " + row_no) AS first FROM " table \
	" WHERE session_id = {S} AND bad = 0 GROUP BY " key " HAVING COUNT(*) > 1) d ON " pair \
	" SET s.bad = 1 WHERE s.session_id = {S} AND s.bad = 0 AND s.file_id * " FILE_STEP " + s.row_no > d.first"

/* Issues of the rows that were marked; first = where the kept row stands. */
#define ISSUES(table, mark, col, rule, value) \
	"INSERT INTO import_issue (session_id, file_id, row_no, col, rule, severity, value, suggestion)" \
	" SELECT s.session_id, s.file_id, s.row_no, '" col "', '" rule "', 'error', COALESCE(" value ", ''), ''" \
	" FROM " table " s WHERE s.session_id = {S} AND s.bad = " mark
#define ISSUES_DUP(table, col, pair) \
	"INSERT INTO import_issue (session_id, file_id, row_no, col, rule, severity, value, suggestion)" \
	" SELECT s.session_id, s.file_id, s.row_no, '" col "', 'DUPLICATE', 'error', s." col "," \
	" CONCAT('kept: line ', (SELECT f.row_no FROM " table " f FORCE INDEX (" col ") WHERE f.session_id = {S} AND f.bad <> 1 AND " pair \
	" ORDER BY f.file_id, f.row_no LIMIT 1)) FROM " table " s WHERE s.session_id = {S} AND s.bad = 1"
#define DT_OF(s) "(SELECT r.l1 FROM stage_ref r WHERE r.session_id = {S} AND r.kind = 'DT' AND r.no = " s ".dt)"

/* A mark on rows, and the issues of those that have it: most files have none of a kind. */
struct mark {
	const char *set, *tell;
};

static enum bp_error run_marks(struct im_work *w, const struct mark *m, size_t n, bool tell_all)
{
	enum bp_error e = BP_E_OK;

	for (size_t i = 0; !e && i < n; i++) {
		uint64_t marked = 0;

		e = im_bulk(w, m[i].set, &marked);
		if (!e && (marked || tell_all) && m[i].tell)
			e = im_bulk(w, m[i].tell, NULL);
	}
	return e;
}
#define MARK(w, list, tell_all) run_marks(w, list, sizeof(list) / sizeof(list[0]), tell_all)

static const struct mark duplicates[] = {
	{DUPLICATES("stage_distributors", "code", "code", "d.code = s.code"), ISSUES_DUP("stage_distributors", "code", "f.code = s.code")},
	{DUPLICATES("stage_outlets", "code", "code", "d.code = s.code"), ISSUES_DUP("stage_outlets", "code", "f.code = s.code")},
	{DUPLICATES("stage_seats", "code", "code", "d.code = s.code"), ISSUES_DUP("stage_seats", "code", "f.code = s.code")},
	{DUPLICATES("stage_dt_mapping", "outlet_code", "outlet_code, line", "d.outlet_code = s.outlet_code AND d.line = s.line"),
		ISSUES_DUP("stage_dt_mapping", "outlet_code", "f.outlet_code = s.outlet_code AND f.line = s.line")},
	{DUPLICATES("stage_plan", "outlet_code", "outlet_code, line, date, week, weekday, from_date",
		"d.outlet_code = s.outlet_code AND d.line = s.line AND d.date <=> s.date AND d.week <=> s.week AND"
		" d.weekday <=> s.weekday AND d.from_date <=> s.from_date"),
		ISSUES_DUP("stage_plan", "outlet_code", "f.outlet_code = s.outlet_code AND f.line = s.line AND f.date <=> s.date AND f.week <=> s.week AND"
		" f.weekday <=> s.weekday AND f.from_date <=> s.from_date")},
};

static const struct mark unknown_partners[] = {
	{"UPDATE stage_outlets s STRAIGHT_JOIN stage_ref r ON r.session_id = s.session_id AND r.kind = 'DT' AND r.no = s.dt AND r.l5 = 'unknown'"
		" SET s.bad = 2 WHERE s.session_id = {S} AND s.bad = 0", ISSUES("stage_outlets", "2", "dt_code", "UNKNOWN_DT", DT_OF("s"))},
	{"UPDATE stage_dt_mapping s STRAIGHT_JOIN stage_ref r ON r.session_id = s.session_id AND r.kind = 'DT' AND r.no = s.dt AND r.l5 = 'unknown'"
		" SET s.bad = 2 WHERE s.session_id = {S} AND s.bad = 0", ISSUES("stage_dt_mapping", "2", "dt_code", "UNKNOWN_DT", DT_OF("s"))},
};

/* An outlet or a seat that is neither stored nor in the files of the session. */
#define UNKNOWN(table, mark, column, other) \
	"UPDATE " table " s LEFT JOIN " other " o ON o.code = s." column \
	" LEFT JOIN stage_" other "s t FORCE INDEX (code) ON t.session_id = s.session_id AND t.code = s." column " AND t.bad = 0" \
	" SET s.bad = " mark " WHERE s.session_id = {S} AND s.bad = 0 AND s." column " <> '' AND o.id IS NULL AND t.code IS NULL"
static const struct mark references[] = {
	{"UPDATE stage_seats s SET s.territory_id = (SELECT t.id FROM territory t WHERE t.model_id = 1 AND t.code = s.territory ORDER BY t.is_unit DESC, t.rank"
		" LIMIT 1) WHERE s.session_id = {S} AND s.territory <> ''", NULL},
	{"UPDATE stage_seats s SET s.territory_id = (SELECT t.id FROM territory t WHERE t.model_id = 1 AND t.name = s.territory ORDER BY t.is_unit DESC, t.rank"
		" LIMIT 1) WHERE s.session_id = {S} AND s.territory <> '' AND s.territory_id IS NULL", NULL},
	{"UPDATE stage_seats s SET s.bad = 5 WHERE s.session_id = {S} AND s.bad = 0 AND s.territory <> '' AND s.territory_id IS NULL"
		" AND NOT EXISTS (SELECT 1 FROM stage_ref r WHERE r.session_id = {S} AND r.kind = 'PLACE'"
		" AND s.territory IN (r.l1, r.l2, r.l3, r.l4, r.l5))", ISSUES("stage_seats", "5", "territory", "UNKNOWN_TERRITORY", "s.territory")},
	{UNKNOWN("stage_dt_mapping", "3", "outlet_code", "outlet"), ISSUES("stage_dt_mapping", "3", "outlet_code", "UNKNOWN_OUTLET", "s.outlet_code")},
	{UNKNOWN("stage_dt_mapping", "4", "seat", "seat"), ISSUES("stage_dt_mapping", "4", "seat", "UNKNOWN_SEAT", "s.seat")},
	{UNKNOWN("stage_plan", "3", "outlet_code", "outlet"), ISSUES("stage_plan", "3", "outlet_code", "UNKNOWN_OUTLET", "s.outlet_code")},
	{UNKNOWN("stage_plan", "4", "seat", "seat"), ISSUES("stage_plan", "4", "seat", "UNKNOWN_SEAT", "s.seat")},
};

static const char tell_new_partners[] =
	/* one warning for each distributor that will be made, on the first row that names it */
	"INSERT INTO import_issue (session_id, file_id, row_no, col, rule, severity, value, suggestion)"
		" SELECT {S}, MIN(s.first) DIV " FILE_STEP ", MIN(s.first) MOD " FILE_STEP ", 'dt_code', 'NEW_DT', 'warning', r.l1, r.l2 FROM stage_ref r"
		" JOIN (SELECT dt, MIN(file_id * " FILE_STEP " + row_no) AS first FROM stage_outlets WHERE session_id = {S} AND bad = 0 GROUP BY dt"
		" UNION ALL SELECT dt, MIN(file_id * " FILE_STEP " + row_no) FROM stage_dt_mapping WHERE session_id = {S} AND bad = 0 GROUP BY dt) s"
		" ON s.dt = r.no WHERE r.session_id = {S} AND r.kind = 'DT' AND r.l5 = 'new' GROUP BY r.no, r.l1, r.l2";
static const char count_issues[] =
	"INSERT INTO import_issue_group (file_id, rule, col, session_id, severity, n)"
		" SELECT file_id, rule, col, session_id, severity, COUNT(*) FROM import_issue WHERE session_id = {S} AND " FOUND_HERE
		" GROUP BY file_id, rule, col, session_id, severity";

/*
 * Codes of distributors that nobody knows: made when the file names them, or when it knows not one of its
 * codes (then the column defines them); otherwise they are typing errors and their rows are refused.
 */
static enum bp_error judge_partners(struct im_work *w)
{
	static const char unknown[] = "UPDATE stage_ref r LEFT JOIN partner p ON p.kind = 'DT' AND p.code = r.l1"
		" LEFT JOIN stage_distributors d FORCE INDEX (code) ON d.session_id = r.session_id AND d.code = r.l1 AND d.bad = 0"
		" SET r.l5 = IF(r.l2 = '', 'unknown', 'new') WHERE r.session_id = {S} AND r.kind = 'DT' AND p.id IS NULL AND d.code IS NULL";
	static const char all_new[] = "UPDATE stage_ref SET l5 = 'new' WHERE session_id = {S} AND kind = 'DT' AND l5 = 'unknown'";
	struct q_import_dt_refs n;
	uint64_t strangers = 0;
	enum bp_error e = q_import_dt_refs(w->db, w->arena, (int64_t)w->session, &n);

	if (!e)
		e = im_bulk(w, unknown, &strangers);
	if (!e && n.known == 0 && n.total > 0)
		e = im_bulk(w, all_new, NULL);
	if (!e && strangers)
		e = MARK(w, unknown_partners, false);
	return !e && strangers ? im_bulk(w, tell_new_partners, NULL) : e;
}

/* A seat may name several distributors: each must be known. */
static enum bp_error judge_seat_partners(struct im_work *w)
{
	static const char refuse[] = "UPDATE stage_seats s SET s.bad = 2 WHERE s.session_id = {S} AND s.bad = 0 AND s.dt_codes <> '' AND"
		" EXISTS (SELECT 1 FROM (WITH RECURSIVE part (file_id, row_no, code, rest) AS ("
		" SELECT file_id, row_no, IF(dt_codes = '', dt_codes, ''), CONCAT(REPLACE(REPLACE(dt_codes, '|', ';'), ',', ';'), ';') FROM stage_seats"
		" WHERE session_id = {S} AND dt_codes <> '' UNION ALL SELECT file_id, row_no, TRIM(SUBSTRING_INDEX(rest, ';', 1)),"
		" SUBSTRING(rest, LOCATE(';', rest) + 1) FROM part WHERE rest <> '') SELECT file_id, row_no, code FROM part WHERE code <> '') x"
		" LEFT JOIN partner p ON p.kind = 'DT' AND p.code = x.code"
		" LEFT JOIN stage_distributors d FORCE INDEX (code) ON d.session_id = {S} AND d.code = x.code AND d.bad = 0"
		" LEFT JOIN stage_ref r ON r.session_id = {S} AND r.kind = 'DT' AND r.l1 = x.code AND r.l5 = 'new'"
		" WHERE x.file_id = s.file_id AND x.row_no = s.row_no AND p.id IS NULL AND d.code IS NULL AND r.no IS NULL)";

	static const struct mark m = {refuse, ISSUES("stage_seats", "2", "dt_codes", "UNKNOWN_DT", "s.dt_codes")};

	return run_marks(w, &m, 1, false);
}

static enum bp_error cross_tx(struct bp_db *db, void *ctx)
{
	struct im_work *w = ctx;
	struct q_import_checked before;
	bool chosen = false;
	enum bp_error e = q_import_checked(db, w->arena, (int64_t)w->session, &before);

	if (!e)
		e = q_import_epoch_note(db, (int64_t)w->session, NULL);
	if (!e && before.checked)
		e = RUN(w, forget);
	if (!e && before.checked)
		e = im_kinds_forget(w);
	if (!e)
		e = im_match(w);
	if (!e)
		e = im_choose_duplicates(w, &chosen);
	if (!e)
		e = MARK(w, duplicates, chosen);
	if (!e)
		e = judge_partners(w);
	if (!e)
		e = judge_seat_partners(w);
	if (!e)
		e = MARK(w, references, false);
	if (!e)
		e = im_overlay_hold(w);
	if (!e) /* before the issues are counted */
		e = im_kinds_judge(w);
	if (!e)
		e = im_bulk(w, count_issues, NULL);
	if (!e)
		e = im_plausible(w);
	if (!e)
		e = im_resolve(w, false);
	if (!e)
		e = im_find_changed(w);
	if (!e)
		e = im_find_vanished(w);
	return e ? e : im_count_delta(w);
}

enum bp_error im_resolve(struct im_work *w, bool create)
{
	static const char *const find[] = {
		"UPDATE stage_ref r JOIN account a ON a.code = r.l1 SET r.target_id = a.id WHERE r.session_id = {S} AND r.kind = 'ACCOUNT'",
		"UPDATE stage_ref r JOIN partner p ON p.kind = 'DT' AND p.code = r.l1 SET r.target_id = p.id WHERE r.session_id = {S} AND r.kind = 'DT'",
	};
	static const char *const make[] = {
		"INSERT IGNORE INTO account (code, name) SELECT LEFT(l1, 64), l1 FROM stage_ref WHERE session_id = {S} AND kind = 'ACCOUNT'"
			" AND l1 NOT IN (SELECT code FROM account)",
		"INSERT IGNORE INTO partner (kind, code, name, created_at, updated_at) SELECT 'DT', l1, IF(l2 = '', l1, l2), UTC_TIMESTAMP(3),"
			" UTC_TIMESTAMP(3) FROM stage_ref WHERE session_id = {S} AND kind = 'DT' AND l5 = 'new'",
	};
	struct q_import_refs *r;
	size_t n = 0;
	enum bp_error e = create ? RUN(w, make) : BP_E_OK;

	if (!e)
		e = RUN(w, find);
	if (!e)
		e = q_import_refs(w->db, w->arena, (int64_t)w->session, &r, &n);
	for (size_t i = 0; !e && i < n; i++) {
		const char *l[TR_LEVELS] = {r[i].l1, r[i].l2, r[i].l3, r[i].l4, r[i].l5};
		const char *name = NULL;
		uint64_t id;

		if (strcmp(r[i].kind, "PLACE") || r[i].target_id.set || !r[i].no)
			continue;
		if (*l[4]) { /* a DT node bears the distributor's name */
			struct q_partner_by_code p;

			e = q_partner_by_code(w->db, w->arena, l[4], &p);
			if (!e)
				name = p.name;
			else if (e == BP_E_NOT_FOUND)
				e = BP_E_OK;
		}
		if (!e)
			e = tr_path(w->db, w->arena, l, name, create, &id);
		if (!e && id)
			e = q_import_ref_target(w->db, (int64_t)w->session, "PLACE", r[i].no, BP_SOME_INT(id), NULL);
		if (!e && i % 500 == 499)
			e = im_tell(w, "territories", 50, i, n);
	}
	return e;
}

enum bp_error im_find_changed(struct im_work *w)
{
	static const char *const find[] = {
		"DELETE FROM stage_changed WHERE session_id = {S}",
		/* what the file does not say is as before; texts are compared byte by byte */
		"INSERT INTO stage_changed (session_id, outlet_id, file_id, row_no)"
		" SELECT s.session_id, o.id, s.file_id, s.row_no FROM stage_outlets s STRAIGHT_JOIN outlet o ON o.code = s.code"
		" LEFT JOIN need n ON n.outlet_id = o.id AND n.line_id = 1 AND (s.frequency IS NOT NULL OR s.service_minutes IS NOT NULL)"
		" LEFT JOIN stage_ref ra ON ra.session_id = s.session_id AND ra.kind = 'ACCOUNT' AND ra.no = s.account"
		" LEFT JOIN stage_ref rd ON rd.session_id = s.session_id AND rd.kind = 'DT' AND rd.no = s.dt"
		" LEFT JOIN stage_ref rp ON rp.session_id = s.session_id AND rp.kind = 'PLACE' AND rp.no = s.place"
		" WHERE s.session_id = {S} AND s.bad = 0 AND s.file_id NOT IN (SELECT f.id FROM import_file f WHERE f.session_id = {S} AND f.mode = 'APPEND')"
		" AND NOT (BINARY s.name = BINARY o.name"
		" AND (s.address IS NULL OR BINARY s.address = BINARY o.address) AND (s.city IS NULL OR BINARY s.city = BINARY o.city)"
		" AND (s.postcode IS NULL OR BINARY s.postcode = BINARY o.postcode) AND (s.phone IS NULL OR BINARY s.phone = BINARY o.phone)"
		" AND (s.lat IS NULL OR (s.lat <=> o.lat AND s.lon <=> o.lon)) AND (s.channel IS NULL OR s.channel = o.channel)"
		" AND (s.tier IS NULL OR s.tier = o.tier) AND (s.status IS NULL OR s.status = o.status)"
		" AND (s.sales_volume IS NULL OR s.sales_volume = o.sales_volume) AND (s.nppd IS NULL OR s.nppd <=> o.nppd)"
		" AND (s.frequency IS NULL OR s.frequency <=> n.visits_per_4w) AND (s.service_minutes IS NULL OR s.service_minutes <=> n.service_minutes)"
		" AND (s.sales_model IS NULL OR s.sales_model = o.sales_model) AND (s.fulfilment IS NULL OR s.fulfilment = o.fulfilment)"
		" AND (s.merchandising IS NULL OR s.merchandising = o.merchandising) AND (s.closed_days IS NULL OR s.closed_days = o.closed_days)"
		" AND (s.owner IS NULL OR BINARY s.owner = BINARY o.owner) AND (s.email IS NULL OR BINARY s.email = BINARY o.email)"
		" AND (s.tax_no IS NULL OR BINARY s.tax_no = BINARY o.tax_no) AND (s.since IS NULL OR s.since <=> o.since)"
		" AND (s.account IS NULL OR ra.target_id <=> o.account_id) AND (s.dt IS NULL OR rd.target_id <=> o.partner_id)"
		" AND (s.place IS NULL OR rp.target_id <=> o.territory_id OR EXISTS (SELECT 1 FROM territory_closure x"
		" WHERE x.ancestor = rp.target_id AND x.descendant = o.territory_id) OR " IM_PLACED_BY_PERSON "))",
	};

	return RUN(w, find);
}

/* Put one kind's counts beside those of bad rows. */
static void add_counts(struct q_import_files *f, size_t n, int64_t file, int64_t good, int64_t existing, int64_t changed)
{
	for (size_t i = 0; i < n; i++)
		if (f[i].id == file) {
			f[i].n_inserted = good - existing;
			f[i].n_updated = changed;
			f[i].n_unchanged = existing - changed;
		}
}

enum bp_error im_count_delta(struct im_work *w)
{
	int64_t s = (int64_t)w->session;
	struct q_import_files *f;
	struct q_import_bad_counts *b;
	struct q_import_delta_distributors *d;
	struct q_import_delta_outlets *o;
	struct q_import_delta_seats *t;
	struct q_import_delta_dt_mapping *m;
	struct q_import_delta_plan *p;
	struct q_import_bad_states *bs;
	struct q_import_delta_states *ds;
	size_t n, k;
	enum bp_error e = q_import_files(w->db, w->arena, s, &f, &n);

	for (size_t i = 0; !e && i < n; i++)
		f[i].n_refused = f[i].n_duplicate = f[i].n_inserted = f[i].n_updated = f[i].n_unchanged = 0;
	if (!e && !(e = q_import_bad_counts(w->db, w->arena, s, &b, &k)))
		for (size_t i = 0; i < k; i++)
			for (size_t j = 0; j < n; j++)
				if (f[j].id == b[i].file_id) {
					f[j].n_duplicate = b[i].duplicate;
					f[j].n_refused = b[i].refused;
				}
	if (!e && !(e = q_import_delta_distributors(w->db, w->arena, s, &d, &k)))
		for (size_t i = 0; i < k; i++)
			add_counts(f, n, d[i].file_id, d[i].good, d[i].existing, d[i].changed);
	if (!e && !(e = q_import_delta_outlets(w->db, w->arena, s, &o, &k)))
		for (size_t i = 0; i < k; i++)
			add_counts(f, n, o[i].file_id, o[i].good, o[i].existing, o[i].changed);
	if (!e && !(e = q_import_delta_seats(w->db, w->arena, s, &t, &k)))
		for (size_t i = 0; i < k; i++)
			add_counts(f, n, t[i].file_id, t[i].good, t[i].existing, t[i].changed);
	if (!e && !(e = q_import_delta_dt_mapping(w->db, w->arena, s, &m, &k)))
		for (size_t i = 0; i < k; i++)
			add_counts(f, n, m[i].file_id, m[i].good, m[i].existing, m[i].changed);
	if (!e && !(e = q_import_delta_plan(w->db, w->arena, s, &p, &k)))
		for (size_t i = 0; i < k; i++)
			add_counts(f, n, p[i].file_id, p[i].good, 0, 0);
	if (!e && !(e = q_import_bad_states(w->db, w->arena, s, &bs, &k)))
		for (size_t i = 0; i < k; i++)
			for (size_t j = 0; j < n; j++)
				if (f[j].id == bs[i].file_id) {
					f[j].n_duplicate = bs[i].duplicate;
					f[j].n_refused = bs[i].refused;
				}
	if (!e && !(e = q_import_delta_states(w->db, w->arena, s, &ds, &k)))
		for (size_t i = 0; i < k; i++)
			add_counts(f, n, ds[i].file_id, ds[i].good, ds[i].existing, ds[i].changed);
	for (size_t i = 0; !e && i < n; i++)
		e = q_import_file_checked(w->db, f[i].id, f[i].n_refused, f[i].n_duplicate, f[i].n_inserted, f[i].n_updated,
			f[i].n_unchanged, NULL);
	return e;
}

enum bp_error im_cross_check(struct im_work *w)
{
	enum bp_error e = im_find_entities(w);

	return e ? e : bp_db_tx(w->db, cross_tx, w);
}
