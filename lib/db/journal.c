/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "db/journal.h"

#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "queries.h"

enum { SQL_MOST = 1 << 16 };
#define MADE "+"
#define REMOVED "-"

static bool in_list(const char *list, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = list; *p; p += strcspn(p, ","), p += *p == ',')
		if (!strncmp(p, word, n) && (p[n] == ',' || !p[n]))
			return true;
	return false;
}

static bool watched(const struct q_journal_tables *t, const char *column)
{
	return strcmp(t->k1, column) && strcmp(t->k2, column) && !in_list(t->skip, column);
}

/* An expression on t as one on the row of a trigger. */
static void add_expression(struct bp_buf *b, const char *expression, const char *row)
{
	for (const char *p = expression; *p; p++)
		if (p[0] == 't' && p[1] == '.' && (p == expression || p[-1] == ' '))
			bp_buf_str(b, row); /* the point follows */
		else
			bp_buf_chr(b, *p);
}

static bool column_k2(const struct q_journal_tables *t)
{
	return *t->k2 && !strstr(t->k2, "t.");
}

/* What tells rows of one k1 apart, of `row`. */
static void add_k2(struct bp_buf *b, const struct q_journal_tables *t, const char *row)
{
	if (column_k2(t))
		bp_buf_printf(b, "%s.`%s`", row, t->k2);
	else if (*t->k2)
		add_expression(b, t->k2, row);
	else
		bp_buf_str(b, "''");
}

static enum bp_error run(struct bp_db *db, const struct bp_buf *b, uint64_t *affected)
{
	return b->over ? BP_E_INTERNAL : bp_db_bulk(db, b->data, affected);
}

/* --- the triggers --- */

/* An entry of the row; the first old value of a set stays, the last new one counts. */
static void add_entry(struct bp_buf *b, const struct q_journal_tables *t, const char *row, const char *field, const char *old, const char *new)
{
	bp_buf_printf(b, "INSERT INTO row_change (tbl, k1, k2, set_id, field, old_value, new_value) VALUES ('%s', %s.`%s`, ", t->name, row, t->k1);
	add_k2(b, t, row);
	bp_buf_printf(b, ", @change_set, '%s', %s%s%s, %s%s%s) ON DUPLICATE KEY UPDATE new_value = VALUES(new_value);\n", field, old ? "OLD.`" : "NULL",
		old ? old : "", old ? "`" : "", new ? "NEW.`" : "NULL", new ? new : "", new ? "`" : "");
}

static void begin_trigger(struct bp_buf *b, const struct q_journal_tables *t, const char *event, const char *none)
{
	bp_buf_clear(b);
	bp_buf_printf(b, "CREATE OR REPLACE TRIGGER journal_%s_%s AFTER %s ON `%s` FOR EACH ROW IF @change_set IS NOT NULL", t->name, event, event, t->name);
	if (*none) {
		bp_buf_str(b, " AND NOT (");
		add_expression(b, none, "NEW");
		bp_buf_str(b, ")");
	}
	bp_buf_str(b, " THEN\n");
}

static enum bp_error end_trigger(struct bp_db *db, struct bp_buf *b)
{
	bp_buf_str(b, "END IF");
	return run(db, b, NULL);
}

static enum bp_error install(struct bp_db *db, struct bp_arena *a, const struct q_journal_tables *t, const struct q_journal_columns *c, size_t n, struct bp_buf *b)
{
	enum bp_error e;

	if (*t->made_by) {
		e = bp_db_bulk(db, bp_sprintf(a, "DROP TRIGGER IF EXISTS journal_%s_insert", t->name), NULL);
	} else {
		begin_trigger(b, t, "insert", t->no_made);
		add_entry(b, t, "NEW", MADE, NULL, NULL);
		e = end_trigger(db, b);
	}
	begin_trigger(b, t, "update", t->no_value);
	bp_buf_str(b, "DO 0;\n"); /* a table of nothing but keys still needs a statement */
	for (size_t i = 0; i < n; i++)
		if (watched(t, c[i].name)) {
			const char *binary = c[i].is_text ? "BINARY " : "";

			bp_buf_printf(b, "IF NOT (%sOLD.`%s` <=> %sNEW.`%s`) THEN ", binary, c[i].name, binary, c[i].name);
			add_entry(b, t, "NEW", c[i].name, c[i].name, c[i].name);
			bp_buf_str(b, "END IF;\n");
		}
	if (!e)
		e = end_trigger(db, b);
	/* What the set made itself leaves no trace; anything else is written down whole. */
	begin_trigger(b, t, "delete", "");
	bp_buf_printf(b, "DELETE FROM row_change WHERE tbl = '%s' AND k1 = OLD.`%s` AND k2 = ", t->name, t->k1);
	add_k2(b, t, "OLD");
	bp_buf_str(b, " AND set_id = @change_set AND field = '" MADE "';\nIF ROW_COUNT() = 0 THEN\n");
	add_entry(b, t, "OLD", REMOVED, NULL, NULL);
	for (size_t i = 0; i < n; i++)
		if (watched(t, c[i].name))
			add_entry(b, t, "OLD", c[i].name, c[i].name, NULL);
	bp_buf_str(b, "END IF;\n");
	return e ? e : end_trigger(db, b);
}

/* --- a set as a whole --- */

enum bp_error bp_journal_open(struct bp_db *db, const struct bp_change_set *s, uint64_t *id)
{
	struct bp_buf b;
	enum bp_error e = q_journal_open(db, s->kind, s->import ? BP_SOME_INT((int64_t)s->import) : BP_NO_INT, (int64_t)s->user, s->reason ? s->reason : "", NULL);

	if (e)
		return e;
	*id = bp_db_insert_id(db);
	bp_db_after_tx(db, "SET @change_set = NULL");
	bp_buf_init(&b, 200);
	bp_buf_printf(&b, "SET @change_set = %" PRIu64 ", @change_import = %" PRIu64, *id, s->import);
	e = run(db, &b, NULL);
	bp_buf_release(&b);
	return e;
}

struct visit {
	struct bp_db *db;
	struct bp_arena *a;
	uint64_t set;
	struct bp_buf b;
};

/* The entries of the set on a table of their own: triggers write into row_change while they are read. */
static const char take_entries[] =
	"INSERT INTO undo_entry SELECT r.tbl, r.field, r.k1, r.k2, r.old_value, r.new_value,"
	" EXISTS (SELECT 1 FROM row_change x WHERE x.tbl = r.tbl AND x.k1 = r.k1 AND x.k2 = r.k2 AND x.set_id > r.set_id),"
	" EXISTS (SELECT 1 FROM row_change x WHERE x.tbl = r.tbl AND x.k1 = r.k1 AND x.k2 = r.k2 AND x.set_id = r.set_id AND x.field = '" REMOVED "')"
	" FROM row_change r WHERE r.set_id = ";

static enum bp_error open_entries(struct visit *v)
{
	enum bp_error e = bp_db_bulk(v->db, "CREATE OR REPLACE TEMPORARY TABLE undo_entry (tbl VARCHAR(24) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,"
		" field VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL, k1 BIGINT UNSIGNED NOT NULL, k2 VARCHAR(64) COLLATE utf8mb4_nopad_bin NOT NULL,"
		" old_value TEXT CHARACTER SET utf8mb4 NULL, new_value TEXT CHARACTER SET utf8mb4 NULL, fate TINYINT NOT NULL COMMENT '1 = a later set changed the row, 2 = it goes', removed TINYINT NOT NULL,"
		" PRIMARY KEY (tbl, field, k1, k2))", NULL);

	bp_buf_printf(&v->b, "%s%" PRIu64, take_entries, v->set);
	return e ? e : run(v->db, &v->b, NULL);
}

/* Entries of a field joined with the rows they speak of; those of removed rows come back with their rows. */
static void add_join(struct visit *v, const struct q_journal_tables *t, const char *field)
{
	bp_buf_printf(&v->b, " undo_entry r STRAIGHT_JOIN `%s` t ON t.`%s` = r.k1", t->name, t->k1);
	if (*t->k2) {
		bp_buf_str(&v->b, " AND r.k2 = ");
		add_k2(&v->b, t, "t");
	}
	bp_buf_printf(&v->b, " AND r.tbl = '%s' AND r.field = '%s' AND NOT r.removed", t->name, field);
}

/* How many entries of the field came back; those that are still joined and do not satisfy `done` were kept. */
static enum bp_error tell(struct visit *v, const struct q_journal_tables *t, const char *field, uint64_t back, const char *done)
{
	bp_buf_clear(&v->b);
	bp_buf_printf(&v->b, "INSERT INTO undo_count (set_id, tbl, field, back, kept) SELECT %" PRIu64 ", '%s', '%s', %" PRIu64 ", COUNT(*) FROM", v->set, t->name,
		field, back);
	add_join(v, t, field);
	bp_buf_printf(&v->b, " WHERE NOT (%s)", done);
	return run(v->db, &v->b, NULL);
}

/* Values go back where they are still as the set wrote them. */
static enum bp_error revert_value(struct visit *v, const struct q_journal_tables *t, const struct q_journal_columns *c)
{
	const char *binary = c->is_text ? "BINARY " : "";
	uint64_t back = 0;
	enum bp_error e;

	bp_buf_clear(&v->b);
	bp_buf_str(&v->b, "UPDATE");
	add_join(v, t, c->name);
	bp_buf_printf(&v->b, " SET t.`%s` = r.old_value WHERE %st.`%s` <=> %sr.new_value", c->name, binary, c->name, binary);
	e = run(v->db, &v->b, &back);
	return e ? e : tell(v, t, c->name, back, bp_sprintf(v->a, "%st.`%s` <=> %sr.old_value", binary, c->name, binary));
}

/* Rows that the set removed, with the values they had. */
static enum bp_error revert_removed(struct visit *v, const struct q_journal_tables *t, const struct q_journal_columns *c, size_t n)
{
	uint64_t back = 0;
	enum bp_error e;

	bp_buf_clear(&v->b);
	bp_buf_printf(&v->b, "INSERT INTO `%s` (`%s`", t->name, t->k1);
	if (column_k2(t))
		bp_buf_printf(&v->b, ", `%s`", t->k2);
	for (size_t i = 0; i < n; i++)
		if (watched(t, c[i].name))
			bp_buf_printf(&v->b, ", `%s`", c[i].name);
	bp_buf_printf(&v->b, ") SELECT r.k1%s", column_k2(t) ? ", r.k2" : "");
	for (size_t i = 0; i < n; i++)
		if (watched(t, c[i].name))
			bp_buf_printf(&v->b, ", MAX(IF(r.field = '%s', r.old_value, NULL))", c[i].name);
	bp_buf_printf(&v->b, " FROM undo_entry r WHERE r.tbl = '%s' AND r.removed GROUP BY r.k1, r.k2 ON DUPLICATE KEY UPDATE `%s` = VALUES(`%s`)", t->name, t->k1,
		t->k1);
	for (size_t i = 0; i < n; i++)
		if (watched(t, c[i].name))
			bp_buf_printf(&v->b, ", `%s` = VALUES(`%s`)", c[i].name, c[i].name);
	e = run(v->db, &v->b, &back);
	return e ? e : tell(v, t, REMOVED, back, "1");
}

/* Rows that the set made go, unless something holds them or a later set changed them. Some hold each other: again, until none goes. */
static enum bp_error revert_made(struct visit *v, const struct q_journal_tables *t)
{
	uint64_t back = 0, gone = 1;
	enum bp_error e = BP_E_OK;

	/* Marked first: a statement cannot remove from a table that its condition reads. */
	while (!e && gone) {
		bp_buf_clear(&v->b);
		bp_buf_str(&v->b, "UPDATE");
		add_join(v, t, MADE);
		bp_buf_printf(&v->b, " SET r.fate = 2 WHERE r.fate = 0%s%s%s", *t->held ? " AND NOT (" : "", t->held, *t->held ? ")" : "");
		e = run(v->db, &v->b, NULL);
		bp_buf_clear(&v->b);
		bp_buf_str(&v->b, "DELETE t FROM");
		add_join(v, t, MADE);
		bp_buf_str(&v->b, " WHERE r.fate = 2");
		if (!e)
			e = run(v->db, &v->b, &gone);
		back += gone;
	}
	return e ? e : tell(v, t, MADE, back, "0");
}

/* The same where the rows say themselves which import made them. */
static enum bp_error revert_made_by(struct visit *v, const struct q_journal_tables *t)
{
	static const char import[] = "(SELECT import_id FROM change_set WHERE id = ";
	uint64_t back = 0;
	enum bp_error e;

	bp_buf_clear(&v->b);
	bp_buf_printf(&v->b, "DELETE t FROM `%s` t WHERE t.`%s` = %s%" PRIu64 ")%s%s%s", t->name, t->made_by, import, v->set, *t->held ? " AND NOT (" : "", t->held,
		*t->held ? ")" : "");
	e = run(v->db, &v->b, &back);
	bp_buf_clear(&v->b);
	bp_buf_printf(&v->b, "INSERT INTO undo_count (set_id, tbl, field, back, kept) SELECT %" PRIu64 ", '%s', '" MADE "', %" PRIu64 ", COUNT(*) FROM `%s` WHERE `%s` = %s%"
		PRIu64 ") HAVING COUNT(*) + %" PRIu64 " > 0", v->set, t->name, back, t->name, t->made_by, import, v->set, back);
	return e ? e : run(v->db, &v->b, NULL);
}

static enum bp_error revert_table(struct visit *v, const struct q_journal_tables *t)
{
	struct q_journal_fields *f;
	struct q_journal_columns *c;
	size_t n = 0, k = 0;
	bool made = false;
	enum bp_error e = q_journal_fields(v->db, v->a, (int64_t)v->set, t->name, &f, &n);

	if (!e && n)
		e = q_journal_columns(v->db, v->a, t->name, &c, &k);
	for (size_t i = 0; !e && i < n; i++) {
		made |= !strcmp(f[i].field, MADE);
		for (size_t j = 0; !e && j < k; j++)
			if (!strcmp(c[j].name, f[i].field) && watched(t, c[j].name))
				e = revert_value(v, t, &c[j]);
		if (!e && !strcmp(f[i].field, REMOVED))
			e = revert_removed(v, t, c, k);
	}
	if (!e && made)
		e = revert_made(v, t);
	return !e && *t->made_by ? revert_made_by(v, t) : e;
}

enum bp_error bp_journal_revert(struct bp_db *db, struct bp_arena *a, uint64_t id)
{
	struct visit v = {.db = db, .a = a, .set = id};
	struct q_journal_tables *t;
	size_t n = 0;
	enum bp_error e = q_journal_tables(db, a, &t, &n);

	bp_buf_init(&v.b, SQL_MOST);
	bp_buf_printf(&v.b, "SET @undo_set = %" PRIu64, id); /* conditions may speak of it */
	if (!e)
		e = run(db, &v.b, NULL);
	bp_buf_clear(&v.b);
	if (!e)
		e = open_entries(&v);
	for (size_t i = 0; !e && i < n; i++)
		e = revert_table(&v, &t[i]);
	bp_buf_release(&v.b);
	return e ? e : bp_db_bulk(db, "DROP TEMPORARY TABLE undo_entry", NULL);
}

enum bp_error bp_journal_install(struct bp_db *db, struct bp_fail *f)
{
	struct q_journal_tables *t;
	struct q_journal_columns *c;
	struct bp_arena a;
	struct bp_buf b;
	size_t n = 0, k;
	enum bp_error e;

	bp_arena_init(&a, 1u << 20);
	bp_buf_init(&b, SQL_MOST);
	e = q_journal_tables(db, &a, &t, &n);
	for (size_t i = 0; !e && i < n; i++) {
		e = q_journal_columns(db, &a, t[i].name, &c, &k);
		if (!e)
			e = install(db, &a, &t[i], c, k, &b);
	}
	if (e)
		bp_fail(f, e, "the journal of changes: %s", bp_db_failure(db)->detail);
	bp_buf_release(&b);
	bp_arena_release(&a);
	return e;
}
