/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/match.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "queries.h"

const char *const im_match_columns[] = {"code", "tax_no", "phone", "email", "name", "address", "city", "postcode", NULL};

enum bp_error im_match_parse(const char *match_by, uint32_t *columns, struct bp_fail *f)
{
	uint32_t code = 1u << im_column_index(IM_OUTLETS, im_match_columns[0]);
	size_t n = 0;

	*columns = 0;
	for (const char *p = match_by; *p; n++) {
		size_t len = strcspn(p, ","), i = 0;
		uint32_t bit;

		while (im_match_columns[i] && (strlen(im_match_columns[i]) != len || memcmp(im_match_columns[i], p, len)))
			i++;
		if (!im_match_columns[i])
			return bp_fail(f, BP_E_FIELDS, "outlets are not found by \"%.*s\": take code, or some of tax_no, phone, email, name, address, city, postcode",
				(int)len, p);
		bit = 1u << im_column_index(IM_OUTLETS, im_match_columns[i]);
		if (*columns & bit)
			return bp_fail(f, BP_E_FIELDS, "\"%s\" is named twice", im_match_columns[i]);
		*columns |= bit;
		p += len + (p[len] != 0);
	}
	if (!n || n > IM_MATCH_MOST)
		return bp_fail(f, BP_E_FIELDS, "a key has 1 to %d columns", IM_MATCH_MOST);
	if ((*columns & code) && n > 1)
		return bp_fail(f, BP_E_FIELDS, "the code finds an outlet alone: leave the other columns out, or the code");
	return BP_E_OK;
}

uint32_t im_required(enum im_entity e, const char *match_by)
{
	struct bp_fail f = {0};
	uint32_t required = 0, by;
	size_t n;
	const struct im_column *col = im_columns_of(e, &n);

	for (size_t c = 0; c < n; c++)
		required |= (uint32_t)((col[c].flags & IM_F_REQUIRED) != 0) << c;
	if (e != IM_OUTLETS || im_match_parse(match_by, &by, &f))
		return required;
	return (required & ~(1u << im_column_index(e, im_match_columns[0]))) | by;
}

/* The form in which a column is compared, of table alias `t`; it is empty where there is too little to go by. */
static const char *part(struct bp_arena *a, const char *t, const char *column)
{
	if (!strcmp(column, "phone"))
		return bp_sprintf(a, "RIGHT(REGEXP_REPLACE(%s.phone, '[^0-9]', ''), 9)", t);
	return bp_sprintf(a, "LOWER(REGEXP_REPLACE(%s.%s, '[[:space:][:punct:]]', ''))", t, column);
}

/* All parts of a key as one, and the condition that none is empty. */
struct key {
	const char *sql, *full, *first; /* its first column */
};

static struct key key_of(struct bp_arena *a, const char *t, uint32_t by)
{
	struct key k = {"", "", NULL};

	for (size_t i = 0; im_match_columns[i]; i++) {
		if (!(by >> im_column_index(IM_OUTLETS, im_match_columns[i]) & 1))
			continue;
		k.sql = bp_sprintf(a, "%s, %s", k.sql, part(a, t, im_match_columns[i]));
		k.full = bp_sprintf(a, "%s AND %s <> ''", k.full, part(a, t, im_match_columns[i]));
		k.first = k.first ? k.first : im_match_columns[i];
	}
	k.sql = bp_sprintf(a, "UNHEX(MD5(CONCAT_WS(CHAR(31)%s)))", k.sql);
	return k;
}

/*
 * Keys first, then rows: rows of the same key get the same code, whatever codes they say, so that the search for duplicates finds
 * them.  match_key.n counts the outlets of a key; -1 = none, but the code that the row says is that of an outlet with another key.
 */
static enum bp_error match_file(struct im_work *w, int64_t file, uint32_t by)
{
	struct bp_arena *a = w->arena;
	struct key row = key_of(a, "s", by), outlet = key_of(a, "o", by);
	bool alone = !(by & (by - 1));
	const char *const sql[] = {
		bp_sprintf(a, "UPDATE stage_outlets SET said_code = COALESCE(said_code, code), code = said_code WHERE session_id = {S} AND file_id = %" PRId64, file),
		bp_sprintf(a, "DELETE FROM import_issue WHERE file_id = %" PRId64 " AND rule IN ('KEY_MANY', 'KEY_OTHER', 'KEY_NONE')", file),
		bp_sprintf(a, "CREATE OR REPLACE TEMPORARY TABLE match_row (k BINARY(16), PRIMARY KEY (row_no), KEY (k)) SELECT s.row_no, s.said_code,"
			" LEFT(s.%s, 64) AS said_key, %s AS k FROM stage_outlets s WHERE s.session_id = {S} AND s.file_id = %" PRId64 "%s", row.first, row.sql, file, row.full),
		bp_sprintf(a, "CREATE OR REPLACE TEMPORARY TABLE match_outlet (k BINARY(16), KEY (k), KEY (code)) SELECT o.code, %s AS k FROM outlet o WHERE 1%s",
			outlet.sql, outlet.full),
		"CREATE OR REPLACE TEMPORARY TABLE match_key (k BINARY(16), n INT NOT NULL, PRIMARY KEY (k)) SELECT r.k, COUNT(DISTINCT o.code) AS n,"
			" LEFT(GROUP_CONCAT(DISTINCT o.code ORDER BY o.code SEPARATOR ', '), 200) AS code, MIN(r.row_no) AS first"
			" FROM match_row r LEFT JOIN match_outlet o ON o.k = r.k GROUP BY r.k",
		bp_sprintf(a, "UPDATE match_key m JOIN match_row r ON r.row_no = m.first SET m.code = COALESCE(NULLIF(r.said_code, ''), %s) WHERE m.n = 0",
			alone ? "r.said_key" : "CONCAT('K-', LEFT(HEX(m.k), 12))"),
		"UPDATE match_key m JOIN match_outlet o ON o.code = m.code SET m.n = -1 WHERE m.n = 0",
		bp_sprintf(a, "UPDATE match_row r JOIN match_key m ON m.k = r.k JOIN stage_outlets s ON s.session_id = {S} AND s.file_id = %" PRId64
			" AND s.row_no = r.row_no SET s.code = IF(m.n IN (0, 1), m.code, r.said_code), s.bad = CASE WHEN m.n > 1 THEN 6 WHEN m.n < 0 THEN 7 ELSE 0 END", file),
		bp_sprintf(a, "UPDATE stage_outlets SET bad = 8 WHERE session_id = {S} AND file_id = %" PRId64 " AND code = '' AND bad = 0", file),
		bp_sprintf(a, "INSERT INTO import_issue (session_id, file_id, row_no, col, rule, severity, value, suggestion) SELECT {S}, s.file_id, s.row_no, '%s',"
			" CASE s.bad WHEN 6 THEN 'KEY_MANY' WHEN 7 THEN 'KEY_OTHER' ELSE 'KEY_NONE' END, 'error', LEFT(s.%s, 200), COALESCE(m.code, '')"
			" FROM stage_outlets s LEFT JOIN match_row r ON r.row_no = s.row_no LEFT JOIN match_key m ON m.k = r.k"
			" WHERE s.session_id = {S} AND s.file_id = %" PRId64 " AND s.bad BETWEEN 6 AND 8", row.first, row.first, file),
		"DROP TEMPORARY TABLE match_row, match_outlet, match_key"};

	return im_run_all(w, "matching", 83, sql, sizeof(sql) / sizeof(sql[0]));
}

enum bp_error im_match(struct im_work *w)
{
	struct q_import_files *f;
	size_t n = 0;
	enum bp_error e = q_import_files(w->db, w->arena, (int64_t)w->session, &f, &n);

	for (size_t i = 0; !e && i < n; i++) {
		uint32_t by;

		if (strcmp(f[i].entity, im_entities[IM_OUTLETS].name) || !strcmp(f[i].match_by, im_match_columns[0]))
			continue;
		e = im_match_parse(f[i].match_by, &by, w->fail);
		if (!e)
			e = match_file(w, f[i].id, by);
	}
	return e;
}
