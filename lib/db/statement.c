/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "db/connection.h"

#include <errmsg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"

#define TEXT_BUFFER 512u /* longer texts are fetched once more */

void bp_db_drop_statements(struct bp_db *db)
{
	for (size_t i = 0; i < BP_QUERY_COUNT; i++) {
		struct statement *s = &db->stmts[i];

		if (s->stmt)
			mysql_stmt_close(s->stmt);
		free(s->out);
		free(s->fixed);
		free(s->text);
		free(s->length);
		free(s->null);
		memset(s, 0, sizeof(*s));
	}
}

static enum bp_error prepare(struct bp_db *db, const struct bp_query *q, struct statement **out)
{
	struct statement *s = &db->stmts[q->index];

	*out = s;
	if (s->stmt)
		return BP_E_OK;
	s->stmt = mysql_stmt_init(db->my);
	if (!s->stmt)
		return bp_db_failed(db, q->name, CR_OUT_OF_MEMORY, "out of memory");
	if (mysql_stmt_prepare(s->stmt, q->sql, strlen(q->sql))) {
		enum bp_error e = bp_db_failed(db, q->name, mysql_stmt_errno(s->stmt), mysql_stmt_error(s->stmt));

		mysql_stmt_close(s->stmt);
		s->stmt = NULL;
		return e;
	}
	if (mysql_stmt_param_count(s->stmt) != q->n_binds || mysql_stmt_field_count(s->stmt) != q->n_cols)
		return bp_db_failed(db, q->name, 0, "declared and real number of arguments or columns differ");
	if (!q->n_cols)
		return BP_E_OK;
	s->out = bp_xcalloc(q->n_cols, sizeof(*s->out));
	s->fixed = bp_xcalloc(q->n_cols, sizeof(*s->fixed));
	s->text = bp_xcalloc(q->n_cols, TEXT_BUFFER);
	s->length = bp_xcalloc(q->n_cols, sizeof(*s->length));
	s->null = bp_xcalloc(q->n_cols, sizeof(*s->null));
	for (size_t i = 0; i < q->n_cols; i++) {
		MYSQL_BIND *b = &s->out[i];

		b->length = &s->length[i];
		b->is_null = &s->null[i];
		b->buffer = &s->fixed[i];
		switch (q->cols[i].type) {
		case BP_DB_INT:
			b->buffer_type = MYSQL_TYPE_LONGLONG;
			break;
		case BP_DB_NUM:
			b->buffer_type = MYSQL_TYPE_DOUBLE;
			break;
		case BP_DB_TIME:
		case BP_DB_DATE:
			b->buffer_type = MYSQL_TYPE_DATETIME;
			break;
		default:
			b->buffer_type = q->cols[i].type == BP_DB_STR ? MYSQL_TYPE_STRING : MYSQL_TYPE_BLOB;
			b->buffer = s->text + i * TEXT_BUFFER;
			b->buffer_length = TEXT_BUFFER - 1;
		}
	}
	if (mysql_stmt_bind_result(s->stmt, s->out))
		return bp_db_failed(db, q->name, mysql_stmt_errno(s->stmt), mysql_stmt_error(s->stmt));
	return BP_E_OK;
}

static void time_to_my(int64_t us, bool date_only, MYSQL_TIME *t)
{
	int64_t day = us, rest = 0;
	int y, m, d;

	memset(t, 0, sizeof(*t));
	if (!date_only) {
		day = us / 86400000000 - (us % 86400000000 < 0);
		rest = us - day * 86400000000;
	}
	bp_date_split(day, &y, &m, &d);
	t->year = (unsigned)y;
	t->month = (unsigned)m;
	t->day = (unsigned)d;
	t->hour = (unsigned)(rest / 3600000000);
	t->minute = (unsigned)(rest / 60000000 % 60);
	t->second = (unsigned)(rest / 1000000 % 60);
	t->second_part = (unsigned long)(rest % 1000000);
	t->time_type = date_only ? MYSQL_TIMESTAMP_DATE : MYSQL_TIMESTAMP_DATETIME;
}

static int64_t time_from_my(const MYSQL_TIME *t, bool date_only)
{
	int64_t day = bp_date_of((int)t->year, (int)t->month, (int)t->day);

	if (date_only)
		return day;
	return ((day * 24 + t->hour) * 60 + t->minute) * 60000000 + (int64_t)t->second * 1000000 +
		(int64_t)t->second_part;
}

struct bp_db_arg bp_db_str(const char *s)
{
	return (struct bp_db_arg){.type = BP_DB_STR, .null = !s, .b = {s, s ? strlen(s) : 0}};
}

static enum bp_error execute(
	struct bp_db *db, const struct bp_query *q, const struct bp_db_arg *args, struct statement **out)
{
	MYSQL_BIND in[64];
	MYSQL_TIME times[64];
	struct statement *s;
	enum bp_error e;

	if (q->n_binds > 64)
		return bp_fail(&db->fail, BP_E_INTERNAL, "%s: more than 64 arguments", q->name);
	for (int attempt = 0;; attempt++) {
		unsigned no;

		e = db->my ? BP_E_OK : db->in_tx ? BP_E_DB_DOWN : bp_db_connect(db);
		if (!e)
			e = prepare(db, q, &s);
		if (e == BP_E_DB_DOWN && db->my && !db->in_tx && !attempt && !bp_db_connect(db))
			continue;
		if (e)
			return e;
		memset(in, 0, q->n_binds * sizeof(*in));
		for (size_t i = 0; i < q->n_binds; i++) {
			const struct bp_db_arg *a = &args[q->binds[i]];

			in[i].buffer_type = MYSQL_TYPE_NULL;
			if (a->null)
				continue;
			switch (a->type) {
			case BP_DB_INT:
				in[i].buffer_type = MYSQL_TYPE_LONGLONG;
				in[i].buffer = (void *)(uintptr_t)&a->i;
				break;
			case BP_DB_NUM:
				in[i].buffer_type = MYSQL_TYPE_DOUBLE;
				in[i].buffer = (void *)(uintptr_t)&a->d;
				break;
			case BP_DB_TIME:
			case BP_DB_DATE:
				time_to_my(a->i, a->type == BP_DB_DATE, &times[i]);
				in[i].buffer_type = a->type == BP_DB_DATE ? MYSQL_TYPE_DATE : MYSQL_TYPE_DATETIME;
				in[i].buffer = &times[i];
				break;
			default:
				in[i].buffer_type = a->type == BP_DB_STR ? MYSQL_TYPE_STRING : MYSQL_TYPE_BLOB;
				in[i].buffer = (void *)(uintptr_t)a->b.p;
				in[i].buffer_length = a->b.n;
			}
		}
		if (q->n_binds && mysql_stmt_bind_param(s->stmt, in))
			return bp_db_failed(db, q->name, mysql_stmt_errno(s->stmt), mysql_stmt_error(s->stmt));
		if (!mysql_stmt_execute(s->stmt))
			break;
		no = mysql_stmt_errno(s->stmt);
		e = bp_db_failed(db, q->name, no, mysql_stmt_error(s->stmt));
		/* "Gone away" was never sent, so it may be sent again; "lost" may have been done. */
		if (no == CR_SERVER_GONE_ERROR && !db->in_tx && !attempt && !bp_db_connect(db))
			continue;
		if (e == BP_E_DB_DOWN && !db->in_tx)
			bp_db_connect(db);
		return e;
	}
	db->insert_id = mysql_stmt_insert_id(s->stmt);
	*out = s;
	return BP_E_OK;
}

/* An error that comes in the middle of the rows stands on the connection, not on the statement. */
static int fetch_failed(struct bp_db *db, const struct bp_query *q, struct statement *s)
{
	unsigned no = mysql_stmt_errno(s->stmt);

	if (no)
		bp_db_failed(db, q->name, no, mysql_stmt_error(s->stmt));
	else
		bp_db_failed(db, q->name, mysql_errno(db->my), mysql_error(db->my));
	return -1;
}

/* Fetch one row into `row`; 1 = got it, 0 = no more, -1 = failed. Texts go to `a`. */
static int fetch(struct bp_db *db, struct bp_arena *a, const struct bp_query *q, struct statement *s, char *row)
{
	int rc = mysql_stmt_fetch(s->stmt);

	if (rc == MYSQL_NO_DATA)
		return 0;
	if (rc && rc != MYSQL_DATA_TRUNCATED)
		return fetch_failed(db, q, s);
	for (size_t i = 0; i < q->n_cols; i++) {
		const struct bp_db_col *c = &q->cols[i];
		void *to = row + c->off;
		bool date = c->type == BP_DB_DATE;
		struct bp_opt_int v = {0};
		char *text;

		switch (c->type) {
		case BP_DB_NUM:
			if (c->opt)
				*(struct bp_opt_num *)to = s->null[i] ? (struct bp_opt_num){0} : BP_SOME_NUM(s->fixed[i].d);
			else
				*(double *)to = s->null[i] ? 0 : s->fixed[i].d;
			continue;
		case BP_DB_INT:
		case BP_DB_TIME:
		case BP_DB_DATE:
			if (!s->null[i])
				v = BP_SOME_INT(c->type == BP_DB_INT ? s->fixed[i].i : time_from_my(&s->fixed[i].t, date));
			if (c->opt)
				*(struct bp_opt_int *)to = v;
			else
				*(int64_t *)to = v.v;
			continue;
		default:
			break;
		}
		text = s->null[i] ? NULL : bp_alloc(a, s->length[i] + 1);
		if (text && s->length[i] < TEXT_BUFFER) {
			memcpy(text, s->text + i * TEXT_BUFFER, s->length[i]);
		} else if (text) {
			MYSQL_BIND big = {.buffer_type = s->out[i].buffer_type, .buffer = text, .buffer_length = s->length[i],
				.length = &s->length[i]};

			if (mysql_stmt_fetch_column(s->stmt, &big, (unsigned)i, 0))
				return fetch_failed(db, q, s);
		}
		if (c->type == BP_DB_BIN)
			*(struct bp_bytes *)to = (struct bp_bytes){text, text ? s->length[i] : 0};
		else
			*(const char **)to = text ? text : c->opt ? NULL : "";
	}
	return 1;
}

enum bp_error bp_db_exec(struct bp_db *db, const struct bp_query *q, const struct bp_db_arg *args, uint64_t *affected)
{
	struct statement *s;
	enum bp_error e = execute(db, q, args, &s);

	if (!e && affected)
		*affected = mysql_stmt_affected_rows(s->stmt);
	return e;
}

enum bp_error bp_db_one(
	struct bp_db *db, struct bp_arena *a, const struct bp_query *q, const struct bp_db_arg *args, void *row)
{
	struct statement *s;
	enum bp_error e = execute(db, q, args, &s);
	int got;

	if (e)
		return e;
	got = fetch(db, a, q, s, row);
	mysql_stmt_free_result(s->stmt);
	return got > 0 ? BP_E_OK : got < 0 ? db->fail.code : BP_E_NOT_FOUND;
}

enum bp_error bp_db_many(struct bp_db *db, struct bp_arena *a, const struct bp_query *q, const struct bp_db_arg *args,
	void *rows, size_t *n)
{
	struct statement *s;
	enum bp_error e = execute(db, q, args, &s);
	size_t have = 0, room = 0;
	char *v = NULL;
	int got = 0;

	*(void **)rows = NULL;
	*n = 0;
	if (e)
		return e;
	for (;;) {
		if (have == room) {
			v = bp_grow_array(a, v, have, room ? room * 2 : 16, q->row_size);
			room = room ? room * 2 : 16;
		}
		got = fetch(db, a, q, s, v + have * q->row_size);
		if (got <= 0)
			break;
		have++;
	}
	mysql_stmt_free_result(s->stmt);
	*(void **)rows = v;
	*n = have;
	return got < 0 ? db->fail.code : BP_E_OK;
}

enum bp_error bp_db_each(struct bp_db *db, const struct bp_query *q, const struct bp_db_arg *args,
	enum bp_error (*fn)(void *ctx, const void *row), void *ctx)
{
	struct statement *s;
	enum bp_error e = execute(db, q, args, &s);
	struct bp_arena texts;
	void *row;
	int got = 0;

	if (e)
		return e;
	bp_arena_init(&texts, 64u << 20);
	row = bp_xcalloc(1, q->row_size);
	while (!e && (got = fetch(db, &texts, q, s, row)) > 0) {
		e = fn(ctx, row);
		bp_arena_clear(&texts);
	}
	free(row);
	bp_arena_release(&texts);
	mysql_stmt_free_result(s->stmt);
	return e ? e : got < 0 ? db->fail.code : BP_E_OK;
}

/* --- bulk --- */

static char *quoted(struct bp_arena *a, const char *s, char quote, char escape)
{
	char *out = bp_alloc(a, 2 * strlen(s) + 3), *p = out;

	*p++ = quote;
	for (; *s; s++) {
		if (*s == quote || *s == escape)
			*p++ = *s;
		*p++ = *s;
	}
	*p = quote;
	return out;
}

char *bp_db_text(struct bp_arena *a, const char *text)
{
	return quoted(a, text, '\'', '\\');
}

char *bp_db_name(struct bp_arena *a, const char *name)
{
	return quoted(a, name, '`', '`');
}

enum bp_error bp_db_bulk(struct bp_db *db, const char *sql, uint64_t *affected)
{
	uint64_t sum = 0;
	int rc;

	if (!db->my && (db->in_tx || bp_db_connect(db)))
		return BP_E_DB_DOWN;
	rc = mysql_real_query(db->my, sql, strlen(sql));
	while (!rc) {
		MYSQL_RES *res = mysql_store_result(db->my);

		if (res)
			mysql_free_result(res);
		else if (mysql_affected_rows(db->my) != (my_ulonglong)-1)
			sum += mysql_affected_rows(db->my);
		rc = mysql_next_result(db->my);
	}
	if (rc > 0)
		return bp_db_failed(db, "bulk", mysql_errno(db->my), mysql_error(db->my));
	if (affected)
		*affected = sum;
	return BP_E_OK;
}

struct loader {
	int (*read)(void *, char *, unsigned);
	void *ctx;
};

static int load_init(void **out, const char *name, void *given)
{
	(void)name;
	*out = given;
	return 0;
}

static int load_read(void *p, char *buf, unsigned size)
{
	struct loader *l = p;

	return l->read(l->ctx, buf, size);
}

static void load_end(void *p)
{
	(void)p;
}

static int load_error(void *p, char *text, unsigned size)
{
	(void)p;
	snprintf(text, size, "the rows could not be read");
	return CR_UNKNOWN_ERROR;
}

enum bp_error bp_db_load(struct bp_db *db, const char *sql, int (*read)(void *ctx, char *buf, unsigned size), void *ctx,
	uint64_t *affected)
{
	struct loader l = {read, ctx};
	enum bp_error e;

	if (!db->my && (db->in_tx || bp_db_connect(db)))
		return BP_E_DB_DOWN;
	mysql_set_local_infile_handler(db->my, load_init, load_read, load_end, load_error, &l);
	e = bp_db_bulk(db, sql, affected);
	mysql_set_local_infile_default(db->my);
	return e;
}

int bp_db_check_queries(struct bp_db *db, const struct bp_query *const *all, size_t n)
{
	int faults = 0;

	for (size_t i = 0; i < n; i++) {
		struct statement *s;
		MYSQL_RES *meta;

		if (prepare(db, all[i], &s)) {
			fprintf(stderr, "%s: %s\n", all[i]->name, db->fail.detail);
			faults++;
			continue;
		}
		meta = mysql_stmt_result_metadata(s->stmt);
		for (size_t c = 0; meta && c < all[i]->n_cols; c++) {
			const MYSQL_FIELD *field = mysql_fetch_field_direct(meta, (unsigned)c);

			/* Only columns of tables are judged: the server calls most expressions nullable. */
			if (!all[i]->cols[c].opt && field->org_table && *field->org_table && !(field->flags & NOT_NULL_FLAG)) {
				fprintf(stderr, "%s: column %s may be NULL, but is read as if it could not\n", all[i]->name,
					field->name);
				faults++;
			}
		}
		if (meta)
			mysql_free_result(meta);
	}
	return faults;
}
