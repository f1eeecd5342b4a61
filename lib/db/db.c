/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "db/db.h"

#include <errmsg.h>
#include <mysql.h>
#include <mysqld_error.h>
#include <stdio.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "base/log.h"
#include "base/meter.h"
#include "base/time.h"
#include "queries.h"

#define TX_TRIES 5
#define TEXT_BUFFER 512u

/* A prepared statement with its result buffers, kept as long as the connection. */
struct statement {
	MYSQL_STMT *stmt;
	MYSQL_BIND *out;
	union {
		int64_t i;
		double d;
		MYSQL_TIME t;
	} *fixed;
	char *text; /* n_cols buffers of TEXT_BUFFER bytes */
	unsigned long *length;
	my_bool *null;
};

struct bp_db {
	MYSQL *my;
	struct bp_db_conf conf;
	char *strings[6];
	struct statement stmts[BP_QUERY_COUNT];
	struct bp_fail fail;
	bool in_tx, tx_lost;
	const char *after_tx; /* a statement, NULL = none */
	uint64_t insert_id;
};

static enum bp_error error_of(unsigned no)
{
	switch (no) {
	case ER_LOCK_DEADLOCK:
	case ER_LOCK_WAIT_TIMEOUT:
	case ER_CHECKREAD:
	case 1047: /* WSREP has not yet prepared node for application use */
		return BP_E_DB_RETRY;
	case ER_DUP_ENTRY:
	case ER_ROW_IS_REFERENCED_2:
	case ER_NO_REFERENCED_ROW_2:
		return BP_E_CONFLICT;
	case ER_DISK_FULL:
	case ER_RECORD_FILE_FULL:
	/* What temporary tables say when the disk is full; our own tables are InnoDB and never say it. */
	case ER_NOT_KEYFILE:
	case ER_CRASHED_ON_USAGE:
	case ER_TEMP_FILE_WRITE_FAILURE:
		return BP_E_DISK_FULL;
	case CR_SERVER_GONE_ERROR:
	case CR_SERVER_LOST:
	case CR_CONN_HOST_ERROR:
	case CR_UNKNOWN_HOST:
	case CR_SSL_CONNECTION_ERROR: /* also where an encrypted connection breaks off */
	case CR_CONNECTION_ERROR:
	case ER_SERVER_SHUTDOWN:
	case ER_CONNECTION_KILLED:
	case ER_CON_COUNT_ERROR:
		return BP_E_DB_DOWN;
	default:
		return BP_E_INTERNAL;
	}
}

static enum bp_error failed(struct bp_db *db, const char *what, unsigned no, const char *text)
{
	enum bp_error e = error_of(no);
	char quoted[600];

	/* errno 28 reaches us inside other errors: "Error writing file … (Errcode: 28 …)". */
	if (e == BP_E_INTERNAL && strstr(text, "No space left"))
		e = BP_E_DISK_FULL;
	bp_fail_clear(&db->fail);
	bp_fail(&db->fail, e, "%s: %u %s", what, no, text);
	if (e != BP_E_CONFLICT)
		bp_meter_add(1, "beatplan_db_errors_total{kind=\"%s\"}", bp_errors[e].name);
	if (e == BP_E_DB_DOWN && db->in_tx)
		db->tx_lost = true;
	if (e != BP_E_CONFLICT && e != BP_E_DB_RETRY)
		bp_log(BP_LOG_WARN, "ev=db_error query=%s errno=%u text=%s", what, no,
			bp_log_quote(quoted, sizeof(quoted), text));
	return e;
}

static void drop_statements(struct bp_db *db)
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

static bool is_on(const char *s)
{
	return s && strcmp(s, "off");
}

/* A machine that is cut off sends nothing any more, not even an end: what waits for it is told within a dozen seconds. */
static void notice_silence(MYSQL *my)
{
	int fd = (int)mysql_get_socket(my), on = 1, idle = 5, every = 2, times = 3;
	unsigned unsent_ms = 8000;

	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof(idle));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &every, sizeof(every));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &times, sizeof(times));
	setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &unsent_ms, sizeof(unsent_ms));
}

/* Does it only follow another? */
static bool is_replica(MYSQL *my)
{
	MYSQL_RES *r = mysql_query(my, "SELECT @@read_only") ? NULL : mysql_store_result(my);
	MYSQL_ROW row = r ? mysql_fetch_row(r) : NULL;
	bool only = row && row[0] && strcmp(row[0], "0");

	mysql_free_result(r);
	return only;
}

/* By the socket (host NULL) or over the network. */
static enum bp_error connect_one(struct bp_db *db, const char *host)
{
	static const char setup[] = "SET SESSION sql_mode='STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', "
		"time_zone='+00:00', innodb_snapshot_isolation=ON, innodb_lock_wait_timeout=10";
	unsigned seconds = host ? 2 : 5;
	unsigned long flags = db->conf.multi ? CLIENT_MULTI_STATEMENTS : 0;
	unsigned on = db->conf.local_infile;
	my_bool verify = 1;
	enum bp_error e;

	db->my = mysql_init(NULL);
	if (!db->my)
		return bp_fail(&db->fail, BP_E_DB_DOWN, "out of memory");
	mysql_options(db->my, MYSQL_OPT_CONNECT_TIMEOUT, &seconds);
	mysql_options(db->my, MYSQL_OPT_LOCAL_INFILE, &on);
	mysql_options(db->my, MYSQL_SET_CHARSET_NAME, "utf8mb4");
	if (host && is_on(db->conf.ca)) {
		mysql_ssl_set(db->my, NULL, NULL, db->conf.ca, NULL, NULL);
		mysql_options(db->my, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verify);
	}
	if (mysql_real_connect(db->my, host, db->conf.user, db->conf.password, db->conf.database, host ? db->conf.port : 0,
		    host ? NULL : db->conf.socket, flags) &&
		!mysql_query(db->my, setup)) {
		if (!host)
			return BP_E_OK;
		notice_silence(db->my);
		if (is_replica(db->my) == db->conf.replica)
			return BP_E_OK;
		e = bp_fail(&db->fail, BP_E_DB_DOWN, "%s %s", host, db->conf.replica ? "is no replica" : "only follows another");
	} else {
		e = failed(db, host ? host : "connect", mysql_errno(db->my), mysql_error(db->my));
	}
	mysql_close(db->my);
	db->my = NULL;
	return e == BP_E_INTERNAL ? BP_E_DB_DOWN : e;
}

static enum bp_error connect_now(struct bp_db *db)
{
	char hosts[512], *save = NULL;
	enum bp_error e = BP_E_DB_DOWN;

	drop_statements(db);
	if (db->my)
		mysql_close(db->my);
	db->my = NULL;
	bp_fail_clear(&db->fail);
	if (!is_on(db->conf.hosts))
		return connect_one(db, NULL);
	snprintf(hosts, sizeof(hosts), "%s", db->conf.hosts);
	for (char *host = strtok_r(hosts, ", \t", &save); host && e; host = strtok_r(NULL, ", \t", &save)) {
		bp_fail_clear(&db->fail);
		e = connect_one(db, host);
	}
	return e;
}

enum bp_error bp_db_open(struct bp_db **out, const struct bp_db_conf *conf, struct bp_fail *f)
{
	const char *given[6] = {conf->socket, conf->user, conf->password, conf->database, conf->hosts, conf->ca};
	struct bp_db *db = bp_xcalloc(1, sizeof(*db));
	enum bp_error e;

	db->conf = *conf;
	for (int i = 0; i < 6; i++)
		db->strings[i] = given[i] ? strdup(given[i]) : NULL;
	db->conf.socket = db->strings[0];
	db->conf.user = db->strings[1];
	db->conf.password = db->strings[2];
	db->conf.database = db->strings[3];
	db->conf.hosts = db->strings[4];
	db->conf.ca = db->strings[5];
	e = connect_now(db);
	if (e) {
		bp_fail(f, e, "%s", db->fail.detail);
		bp_db_free(db);
		db = NULL;
	}
	*out = db;
	return e;
}

void bp_db_free(struct bp_db *db)
{
	if (!db)
		return;
	drop_statements(db);
	if (db->my)
		mysql_close(db->my);
	for (int i = 0; i < 6; i++)
		free(db->strings[i]);
	free(db);
}

const struct bp_fail *bp_db_failure(const struct bp_db *db)
{
	return &db->fail;
}

uint64_t bp_db_insert_id(const struct bp_db *db)
{
	return db->insert_id;
}

bool bp_db_in_tx(const struct bp_db *db)
{
	return db->in_tx;
}

void bp_db_after_tx(struct bp_db *db, const char *sql)
{
	db->after_tx = sql;
}

static enum bp_error simple(struct bp_db *db, const char *sql)
{
	if (!db->my)
		return BP_E_DB_DOWN;
	return mysql_query(db->my, sql) ? failed(db, sql, mysql_errno(db->my), mysql_error(db->my)) : BP_E_OK;
}

static enum bp_error begin(struct bp_db *db)
{
	enum bp_error e = db->my ? simple(db, "START TRANSACTION") : BP_E_DB_DOWN;

	if (e == BP_E_DB_DOWN) {
		e = connect_now(db);
		if (!e)
			e = simple(db, "START TRANSACTION");
	}
	return e;
}

enum bp_error bp_db_tx(struct bp_db *db, enum bp_error (*fn)(struct bp_db *, void *), void *ctx)
{
	enum bp_error e = BP_E_OK;

	if (db->in_tx)
		return fn(db, ctx);
	for (int attempt = 1; attempt <= TX_TRIES; attempt++) {
		struct timespec pause = {0, (long)attempt * attempt * 4000000L};

		if (attempt > 1)
			nanosleep(&pause, NULL);
		bp_fail_clear(&db->fail);
		e = begin(db);
		if (e)
			return e;
		db->in_tx = true;
		db->tx_lost = false;
		e = fn(db, ctx);
		if (!e)
			e = simple(db, "COMMIT");
		if (e && !db->tx_lost) {
			struct bp_fail cause = db->fail;

			simple(db, "ROLLBACK");
			db->fail = cause;
		}
		db->in_tx = false;
		if (db->tx_lost)
			connect_now(db);
		else if (db->after_tx)
			simple(db, db->after_tx);
		db->after_tx = NULL;
		if (e != BP_E_DB_RETRY)
			break;
	}
	return e;
}

/* --- prepared statements --- */

static enum bp_error prepare(struct bp_db *db, const struct bp_query *q, struct statement **out)
{
	struct statement *s = &db->stmts[q->index];

	*out = s;
	if (s->stmt)
		return BP_E_OK;
	s->stmt = mysql_stmt_init(db->my);
	if (!s->stmt)
		return failed(db, q->name, CR_OUT_OF_MEMORY, "out of memory");
	if (mysql_stmt_prepare(s->stmt, q->sql, strlen(q->sql))) {
		enum bp_error e = failed(db, q->name, mysql_stmt_errno(s->stmt), mysql_stmt_error(s->stmt));

		mysql_stmt_close(s->stmt);
		s->stmt = NULL;
		return e;
	}
	if (mysql_stmt_param_count(s->stmt) != q->n_binds || mysql_stmt_field_count(s->stmt) != q->n_cols)
		return failed(db, q->name, 0, "declared and real number of arguments or columns differ");
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
		return failed(db, q->name, mysql_stmt_errno(s->stmt), mysql_stmt_error(s->stmt));
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

		e = db->my ? BP_E_OK : db->in_tx ? BP_E_DB_DOWN : connect_now(db);
		if (!e)
			e = prepare(db, q, &s);
		if (e == BP_E_DB_DOWN && db->my && !db->in_tx && !attempt && !connect_now(db))
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
			return failed(db, q->name, mysql_stmt_errno(s->stmt), mysql_stmt_error(s->stmt));
		if (!mysql_stmt_execute(s->stmt))
			break;
		no = mysql_stmt_errno(s->stmt);
		e = failed(db, q->name, no, mysql_stmt_error(s->stmt));
		/* "Gone away" was never sent, so it may be sent again; "lost" may have been done. */
		if (no == CR_SERVER_GONE_ERROR && !db->in_tx && !attempt && !connect_now(db))
			continue;
		if (e == BP_E_DB_DOWN && !db->in_tx)
			connect_now(db);
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
		failed(db, q->name, no, mysql_stmt_error(s->stmt));
	else
		failed(db, q->name, mysql_errno(db->my), mysql_error(db->my));
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

enum bp_error bp_db_bulk(struct bp_db *db, const char *sql, uint64_t *affected)
{
	uint64_t sum = 0;
	int rc;

	if (!db->my && (db->in_tx || connect_now(db)))
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
		return failed(db, "bulk", mysql_errno(db->my), mysql_error(db->my));
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

	if (!db->my && (db->in_tx || connect_now(db)))
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
