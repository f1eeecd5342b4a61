/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/kind.h"

#include <stdio.h>
#include <string.h>

#include "queries.h"

enum { SQL_MOST = 3600 };

/* The rules whose issues are made here and nowhere else; the common ones are counted by cross.c. */
#define OWN_RULES \
	"'UNKNOWN_ACCOUNT','ACCOUNT_LOOP','STORED_OTHERWISE','NO_STORE','PAST_DAY','UNKNOWN_MODEL','MODEL_LEVELS','ABSENCE_DATES'," \
	"'CHAIN_OTHER','CHAIN_DAY','CHAIN_HOURS','CHAIN_DATES','CHAIN_MANY'"

enum bp_error im_find_entities(struct im_work *w)
{
	struct q_import_files *f;
	size_t n = 0;
	enum bp_error e = q_import_files(w->db, w->arena, (int64_t)w->session, &f, &n);

	w->entities = 0;
	for (size_t i = 0; !e && i < n; i++) {
		enum im_entity x = im_entity_of(f[i].entity);

		if (x < IM_ENTITY__MAX)
			w->entities |= 1u << x;
	}
	return e;
}

/* Do something for each kind of which the session has files. */
static enum bp_error each_kind(struct im_work *w, enum bp_error (*fn)(struct im_work *, const struct im_kind *))
{
	const struct im_kind *const lists[] = {im_kinds_master, im_kinds_sales, im_kinds_chain};
	enum bp_error e = BP_E_OK;

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		for (const struct im_kind *k = lists[i]; !e && k->key; k++)
			if (w->entities & 1u << k->entity)
				e = fn(w, k);
	return e;
}

static enum bp_error run_list(struct im_work *w, const char *const *sql)
{
	enum bp_error e = BP_E_OK;

	for (; !e && sql && *sql; sql++)
		e = im_bulk(w, *sql, NULL);
	return e;
}

static const char *table_of(const struct im_kind *k)
{
	return im_entities[k->entity].name;
}

/* "d.a <=> s.a AND d.b <=> s.b" of the key "a, b". */
static const char *pairs_of(struct im_work *w, const struct im_kind *k, const char *other)
{
	const char *out = "";

	for (const char *p = k->key; *p;) {
		size_t n = strcspn(p, ",");

		out = bp_sprintf(w->arena, "%s%s%s.%.*s <=> s.%.*s", out, *out ? " AND " : "", other, (int)n, p, (int)n, p);
		p += n + strspn(p + n, ", ");
	}
	return out;
}

static enum bp_error forget(struct im_work *w, const struct im_kind *k)
{
	char sql[SQL_MOST];

	snprintf(sql, sizeof(sql), "UPDATE stage_%s SET bad = 0, state = 0 WHERE session_id = {S} AND (bad > 0 OR state > 0)", table_of(k));
	return im_bulk(w, sql, NULL);
}

enum bp_error im_kinds_forget(struct im_work *w)
{
	enum bp_error e = im_bulk(w, "DELETE FROM import_issue WHERE session_id = {S} AND rule IN (" OWN_RULES ")", NULL);

	if (!e)
		e = im_bulk(w, "DELETE FROM import_issue_group WHERE session_id = {S} AND rule IN (" OWN_RULES ")", NULL);
	return e ? e : each_kind(w, forget);
}

/* The first row of a key stays, in the order of files and lines; (file, line) as one number finds it. */
#define FILE_STEP "1099511627776"

static enum bp_error find_duplicates(struct im_work *w, const struct im_kind *k)
{
	char sql[SQL_MOST];
	uint64_t found = 0;
	const char *t = table_of(k);
	enum bp_error e;

	snprintf(sql, sizeof(sql), "UPDATE stage_%s s FORCE INDEX (row_key) JOIN (SELECT %s, MIN(file_id * " FILE_STEP " + row_no) AS first FROM stage_%s"
		" FORCE INDEX (row_key) WHERE session_id = {S} AND bad = 0 GROUP BY %s HAVING COUNT(*) > 1) d ON %s"
		" SET s.bad = 1 WHERE s.session_id = {S} AND s.bad = 0 AND s.file_id * " FILE_STEP " + s.row_no > d.first",
		t, k->key, t, k->key, pairs_of(w, k, "d"));
	e = im_bulk(w, sql, &found);
	if (e || !found)
		return e;
	snprintf(sql, sizeof(sql), "INSERT INTO import_issue (session_id, file_id, row_no, col, rule, severity, value, suggestion)"
		" SELECT s.session_id, s.file_id, s.row_no, '%.*s', 'DUPLICATE', 'error', s.%.*s, CONCAT('kept: line ', (SELECT f.row_no"
		" FROM stage_%s f FORCE INDEX (row_key) WHERE f.session_id = {S} AND f.bad <> 1 AND %s ORDER BY f.file_id, f.row_no LIMIT 1))"
		" FROM stage_%s s WHERE s.session_id = {S} AND s.bad = 1", (int)strcspn(k->key, ","), k->key, (int)strcspn(k->key, ","), k->key, t,
		pairs_of(w, k, "f"), t);
	return im_bulk(w, sql, NULL);
}

static enum bp_error refuse(struct im_work *w, const struct im_kind *k)
{
	enum bp_error e = BP_E_OK;

	for (size_t i = 0; !e && i < IM_REFUSALS_MOST && k->refuse[i].rule; i++) {
		char sql[SQL_MOST];
		uint64_t found = 0;

		snprintf(sql, sizeof(sql), "UPDATE stage_%s s SET s.bad = %zu" IM_FINE " AND %s", table_of(k), 2 + i, k->refuse[i].when);
		e = im_bulk(w, sql, &found);
		if (e || !found)
			continue;
		snprintf(sql, sizeof(sql), "INSERT INTO import_issue (session_id, file_id, row_no, col, rule, severity, value, suggestion)"
			" SELECT s.session_id, s.file_id, s.row_no, '%s', '%s', 'error', COALESCE(s.%s, ''), '' FROM stage_%s s"
			" WHERE s.session_id = {S} AND s.bad = %zu", k->refuse[i].column, k->refuse[i].rule, k->refuse[i].column, table_of(k), 2 + i);
		e = im_bulk(w, sql, NULL);
	}
	return e;
}

static enum bp_error judge(struct im_work *w, const struct im_kind *k)
{
	enum bp_error e = im_tell(w, table_of(k), 84, 0, 0);

	if (!e)
		e = find_duplicates(w, k);
	if (!e)
		e = run_list(w, k->find);
	if (!e && k->prepare)
		e = k->prepare(w, false);
	if (!e)
		e = im_bulk(w, k->compare, NULL);
	if (!e) /* after the comparison: what is stored otherwise can be refused */
		e = refuse(w, k);
	return e ? e : run_list(w, k->warn);
}

enum bp_error im_kinds_judge(struct im_work *w)
{
	enum bp_error e = each_kind(w, judge);

	return e ? e : im_bulk(w, "INSERT INTO import_issue_group (file_id, rule, col, session_id, severity, n)"
		" SELECT file_id, rule, col, session_id, severity, COUNT(*) FROM import_issue WHERE session_id = {S} AND rule IN (" OWN_RULES ")"
		" GROUP BY file_id, rule, col, session_id, severity", NULL);
}

static enum bp_error compare(struct im_work *w, const struct im_kind *k)
{
	char sql[SQL_MOST];
	enum bp_error e;

	snprintf(sql, sizeof(sql), "UPDATE stage_%s SET state = 0 WHERE session_id = {S} AND state > 0", table_of(k));
	e = im_bulk(w, sql, NULL);
	return e ? e : im_bulk(w, k->compare, NULL);
}

enum bp_error im_kinds_compare(struct im_work *w)
{
	return each_kind(w, compare);
}

static enum bp_error publish(struct im_work *w, const struct im_kind *k)
{
	enum bp_error e = im_tell(w, table_of(k), 90, 0, 0);

	if (!e)
		e = run_list(w, k->find);
	if (!e && k->prepare)
		e = k->prepare(w, true);
	if (!e)
		e = run_list(w, k->publish);
	return !e && k->finish ? k->finish(w) : e;
}

static enum bp_error publish_early(struct im_work *w, const struct im_kind *k)
{
	return k->before_outlets ? publish(w, k) : BP_E_OK;
}

static enum bp_error publish_late(struct im_work *w, const struct im_kind *k)
{
	return k->before_outlets ? BP_E_OK : publish(w, k);
}

enum bp_error im_kinds_publish(struct im_work *w, bool before_outlets)
{
	return each_kind(w, before_outlets ? publish_early : publish_late);
}

static enum bp_error clear(struct im_work *w, const struct im_kind *k)
{
	char sql[SQL_MOST];
	uint64_t gone = 1;
	enum bp_error e = BP_E_OK;

	snprintf(sql, sizeof(sql), "DELETE FROM stage_%s WHERE session_id = {S} LIMIT 50000", table_of(k));
	while (!e && gone && !(e = im_tell(w, "clearing", 99, 0, 0)))
		e = im_bulk(w, sql, &gone);
	return e;
}

enum bp_error im_kinds_clear(struct im_work *w)
{
	return each_kind(w, clear);
}
