/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What only many rows together show: one point for many outlets, a place far from its territory's others, a chain with two
 * channels, a territory with two ways to it.  All are warnings; fixes say that a cause is right as it is, or leave the
 * coordinates out.  Set operations on the staged rows, inside the transaction of the cross check.
 */
#include <stdio.h>
#include <string.h>

#include "intake/intake.h"
#include "queries.h"

#define FILE_STEP "1099511627776"
#define SHARED_LEAST "20" /* outlets on one point */

struct looking {
	struct im_work *w;
	struct q_import_fixes *fix;
	size_t n;
};

static const struct q_import_fixes *fix_for(const struct looking *l, const char *rule, const char *kind)
{
	for (size_t i = 0; i < l->n; i++)
		if (!strcmp(l->fix[i].rule, rule) && (!kind || !strcmp(l->fix[i].kind, kind)))
			return &l->fix[i];
	return NULL;
}

static enum bp_error load(struct looking *l, struct im_work *w)
{
	*l = (struct looking){.w = w};
	return q_import_fixes(w->db, w->arena, BP_SOME_INT(w->session), 0, 2000, &l->fix, &l->n);
}

/* As find_duplicates of cross.c, with the last row of a key staying. */
#define ALL_BUT_LAST(table, index, key, pair) \
	"UPDATE " table " s FORCE INDEX (" index ") JOIN (SELECT " key ", MAX(file_id * " FILE_STEP " + row_no) AS last FROM " table \
	" WHERE session_id = {S} AND bad = 0 GROUP BY " key " HAVING COUNT(*) > 1) d ON " pair \
	" SET s.bad = 1 WHERE s.session_id = {S} AND s.bad = 0 AND s.file_id * " FILE_STEP " + s.row_no < d.last"

enum bp_error im_choose_duplicates(struct im_work *w, bool *chosen)
{
	static const char *const sql[IM_ENTITY__MAX] = {
		[IM_DISTRIBUTORS] = ALL_BUT_LAST("stage_distributors", "code", "code", "d.code = s.code"),
		[IM_OUTLETS] = ALL_BUT_LAST("stage_outlets", "code", "code", "d.code = s.code"),
		[IM_SEATS] = ALL_BUT_LAST("stage_seats", "code", "code", "d.code = s.code"),
		[IM_DT_MAPPING] = ALL_BUT_LAST("stage_dt_mapping", "outlet_code", "outlet_code, line", "d.outlet_code = s.outlet_code AND d.line = s.line"),
	};
	struct looking l;
	enum bp_error e = load(&l, w);

	*chosen = false;
	for (size_t i = 0; !e && i < l.n; i++) {
		enum im_entity entity = im_entity_of(l.fix[i].entity);
		uint64_t n = 0;

		if (strcmp(l.fix[i].kind, "LAST") || entity == IM_ENTITY__MAX || !sql[entity])
			continue;
		e = im_bulk(w, sql[entity], &n);
		*chosen |= n > 0;
		if (!e)
			e = q_import_fix_used_now(w->db, (int64_t)w->session, l.fix[i].id, (int64_t)n, NULL);
	}
	return e;
}

/* Rows that `found` selects as (file_id, row_no, value, suggestion) break the rule: the first thousand are kept, all are
 * counted.  A fix that says it is right so keeps them quiet. */
static enum bp_error tell(struct looking *l, const char *rule, const char *col, const char *found)
{
	const struct q_import_fixes *keep = fix_for(l, rule, "KEEP");
	char sql[3000];
	uint64_t n = 0;
	enum bp_error e;

	snprintf(sql, sizeof(sql), "CREATE TEMPORARY TABLE found ENGINE=InnoDB AS %s", found);
	e = im_bulk(l->w, sql, &n);
	if (e)
		return e;
	if (keep) {
		e = q_import_fix_used_now(l->w->db, (int64_t)l->w->session, keep->id, (int64_t)n, NULL);
	} else if (n) {
		snprintf(sql, sizeof(sql), "INSERT INTO import_issue (session_id, file_id, row_no, col, rule, severity, value, suggestion)"
			" SELECT {S}, file_id, row_no, '%s', '%s', 'warning', LEFT(value, 200), LEFT(suggestion, 200) FROM found"
			" ORDER BY file_id, row_no LIMIT 1000", col, rule);
		e = im_bulk(l->w, sql, NULL);
		snprintf(sql, sizeof(sql), "INSERT INTO import_issue_group (file_id, rule, col, session_id, severity, n)"
			" SELECT file_id, '%s', '%s', {S}, 'warning', COUNT(*) FROM found GROUP BY file_id", rule, col);
		if (!e)
			e = im_bulk(l->w, sql, NULL);
	}
	if (!e)
		e = im_bulk(l->w, "DROP TEMPORARY TABLE found", NULL);
	else
		im_bulk(l->w, "DROP TEMPORARY TABLE IF EXISTS found", NULL);
	return e;
}

/* Leave the coordinates of the rows out that `found` gives as (file_id, row_no, ...). */
static enum bp_error clear(struct looking *l, const char *rule, const char *found)
{
	const struct q_import_fixes *f = fix_for(l, rule, "CLEAR");
	char sql[3000];
	uint64_t n = 0;
	enum bp_error e;

	if (!f)
		return BP_E_OK;
	snprintf(sql, sizeof(sql), "UPDATE stage_outlets o JOIN (%s) x ON x.file_id = o.file_id AND x.row_no = o.row_no"
		" SET o.lat = NULL, o.lon = NULL WHERE o.session_id = {S}", found);
	e = im_bulk(l->w, sql, &n);
	/* Counted once: those that were cleared by an earlier check of the same rows are not found again. */
	return e || !n ? e : q_import_fix_used_now(l->w->db, (int64_t)l->w->session, f->id, (int64_t)n, NULL);
}

#define PLACE_TEXT "CONCAT(TRIM(TRAILING '.' FROM TRIM(TRAILING '0' FROM s.lat / 1000000)), ', ', TRIM(TRAILING '.' FROM TRIM(TRAILING '0' FROM s.lon / 1000000)))"
/* Sorted (SQL_BIG_RESULT): a table of a million points to count in takes twenty times as long. */
static const char shared[] = "SELECT STRAIGHT_JOIN s.file_id, s.row_no, " PLACE_TEXT " AS value, CONCAT(d.n, ' rows') AS suggestion FROM stage_outlets s"
	" JOIN (SELECT SQL_BIG_RESULT lat, lon, COUNT(*) AS n FROM stage_outlets WHERE session_id = {S} AND bad = 0 AND lat IS NOT NULL GROUP BY lat, lon"
	" HAVING COUNT(*) >= " SHARED_LEAST ") d ON d.lat = s.lat AND d.lon = s.lon WHERE s.session_id = {S} AND s.bad = 0";
/* From the middle of at least thirty: more than four times their spread and more than one and a half degrees. */
static const char far[] = "SELECT STRAIGHT_JOIN s.file_id, s.row_no, " PLACE_TEXT " AS value,"
	" CONCAT('the others lie near ', ROUND(d.lat / 1000000, 3), ', ', ROUND(d.lon / 1000000, 3)) AS suggestion FROM stage_outlets s"
	" JOIN (SELECT place, AVG(lat) AS lat, AVG(lon) AS lon, STDDEV_POP(lat) AS dlat, STDDEV_POP(lon) AS dlon FROM stage_outlets"
	" WHERE session_id = {S} AND bad = 0 AND lat IS NOT NULL AND place IS NOT NULL GROUP BY place HAVING COUNT(*) >= 30"
	" AND (MAX(lat) - MIN(lat) > 1500000 OR MAX(lon) - MIN(lon) > 1500000)) d ON d.place = s.place"
	" WHERE s.session_id = {S} AND s.bad = 0 AND (ABS(s.lat - d.lat) > GREATEST(1500000, 4 * d.dlat)"
	" OR ABS(s.lon - d.lon) > GREATEST(1500000, 4 * d.dlon))";
#define CHANNELS "SELECT account, channel, COUNT(*) AS n FROM stage_outlets WHERE session_id = {S} AND bad = 0 AND account IS NOT NULL" \
	" AND channel IS NOT NULL GROUP BY account, channel"
static const char channels[] = "SELECT STRAIGHT_JOIN s.file_id, s.row_no, s.channel AS value, d.usual AS suggestion FROM stage_outlets s"
	" JOIN (SELECT c.account, SUM(c.n) AS total, MAX(c.n) AS most, SUBSTRING_INDEX(GROUP_CONCAT(c.channel ORDER BY c.n DESC), ',', 1) AS usual"
	" FROM (" CHANNELS ") c GROUP BY c.account HAVING total >= 10 AND most < total AND most >= 0.8 * total) d ON d.account = s.account"
	" WHERE s.session_id = {S} AND s.bad = 0 AND s.channel <> d.usual";
/* A territory that rows reach by two ways, or three, becomes as many; one of more parents has a common name ("Centre"), and then only a way of few
 * rows beside one of many is odd.  The first row of each way but the usual. */
#define WAYS(child, parent) "SELECT r." child " AS name, r." parent " AS parent, SUM(p.n) AS n, MIN(p.first) AS first FROM stage_ref r" \
	" JOIN (SELECT place, COUNT(*) AS n, MIN(file_id * " FILE_STEP " + row_no) AS first FROM stage_outlets WHERE session_id = {S} AND bad = 0" \
	" GROUP BY place) p ON p.place = r.no WHERE r.session_id = {S} AND r.kind = 'PLACE' AND r." child " <> '' AND r." parent " <> ''" \
	" GROUP BY r." child ", r." parent
#define ODD_WAYS(child, parent) "SELECT x.first DIV " FILE_STEP " AS file_id, x.first MOD " FILE_STEP " AS row_no," \
	" CONCAT(x.parent, ' > ', x.name) AS value, CONCAT(y.usual, ' > ', x.name, ' (', y.most, ' rows; here ', x.n, ')') AS suggestion FROM (" WAYS(child, parent) ") x" \
	" JOIN (SELECT z.name, MAX(z.n) AS most, COUNT(*) AS ways, SUBSTRING_INDEX(GROUP_CONCAT(z.parent ORDER BY z.n DESC, z.parent SEPARATOR '\x1F'), '\x1F', 1) AS usual FROM (" \
	WAYS(child, parent) ") z GROUP BY z.name HAVING COUNT(*) > 1) y ON y.name = x.name AND x.parent <> y.usual WHERE y.ways <= 3 OR x.n < 0.1 * y.most"

static const char *const forget[] = {
	"DELETE FROM import_issue WHERE session_id = {S} AND rule IN ('COORD_SHARED','COORD_FAR','CHANNEL_MIX','TERRITORY_MIX')",
	"DELETE FROM import_issue_group WHERE session_id = {S} AND rule IN ('COORD_SHARED','COORD_FAR','CHANNEL_MIX','TERRITORY_MIX')",
	"DELETE FROM import_issue_value WHERE session_id = {S} AND rule LIKE 'UNKNOWN\\_%' AND rule <> 'UNKNOWN_WORD'",
	/* the words behind references to nothing, so that they can be read as others */
	"INSERT INTO import_issue_value (file_id, rule, col, value, session_id, n) SELECT file_id, rule, col, value, session_id, COUNT(*)"
	" FROM import_issue WHERE session_id = {S} AND rule IN ('UNKNOWN_OUTLET','UNKNOWN_DT','UNKNOWN_SEAT','UNKNOWN_TERRITORY','UNKNOWN_ACCOUNT')"
	" AND value <> '' GROUP BY file_id, rule, col, value ORDER BY COUNT(*) DESC LIMIT 1000",
};

enum bp_error im_plausible(struct im_work *w)
{
	struct looking l;
	enum bp_error e = load(&l, w);

	for (size_t i = 0; !e && i < sizeof(forget) / sizeof(forget[0]); i++)
		e = im_bulk(w, forget[i], NULL);
	if (!e)
		e = im_tell(w, "comparing places", 88, 0, 0);
	if (!e)
		e = clear(&l, "COORD_SHARED", shared);
	if (!e)
		e = tell(&l, "COORD_SHARED", "lat", shared);
	if (!e)
		e = clear(&l, "COORD_FAR", far);
	if (!e)
		e = tell(&l, "COORD_FAR", "lat", far);
	if (!e)
		e = tell(&l, "CHANNEL_MIX", "channel", channels);
	if (!e)
		e = tell(&l, "TERRITORY_MIX", "zone", ODD_WAYS("l2", "l1"));
	if (!e)
		e = tell(&l, "TERRITORY_MIX", "region", ODD_WAYS("l3", "l2"));
	return e ? e : tell(&l, "TERRITORY_MIX", "area", ODD_WAYS("l4", "l3"));
}
