/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_DB_DB_H
#define BP_DB_DB_H
/*
 * The database.  One struct bp_db is one connection of one thread.  All SQL but
 * the bulk paths and the schema patches stands in sql/q/NAME.sql as named
 * queries; sql/q2c.awk turns each into a typed function q_NAME() in
 * gen/queries.h, prepared once per connection when first used.
 *
 * A lost connection is opened again at the next use outside a transaction.
 * Instants travel as microseconds UTC, dates as days (base/time.h).
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/opt.h"

struct bp_db;

/*
 * Where it is.  `hosts` are machines with commas, of which one takes changes: each is asked in turn, and that one is taken; with
 * `replica` one that takes none.  So programs find a replica that was promoted by connecting again.
 */
struct bp_db_conf {
	const char *socket, *user, *password, *database;
	const char *hosts; /* NULL or "off": by the socket */
	const char *ca;    /* file of certificates that a host's must be signed by; NULL or "off": not encrypted */
	unsigned port;
	bool replica;      /* one that only follows: what it tells may be old */
	bool local_infile; /* LOAD DATA LOCAL through own handlers; the worker's connection only */
	bool multi;        /* several statements a call; migrations only */
};

/* Open a connection; `conf` is copied. BP_E_DB_DOWN with the server's words in `f`. */
enum bp_error bp_db_open(struct bp_db **db, const struct bp_db_conf *conf, struct bp_fail *f);
void bp_db_free(struct bp_db *db); /* NULL is fine */

/* What the last failed call said: for logs, never for clients. */
const struct bp_fail *bp_db_failure(const struct bp_db *db);
/* The AUTO_INCREMENT value of the last INSERT. */
uint64_t bp_db_insert_id(const struct bp_db *db);

/* Run fn in one transaction; deadlocks, lock waits and snapshot conflicts are tried again, up to eight times in
 * all, so fn MUST have no effect outside the database and must set its results anew each time. Inside a
 * transaction it joins that one. */
enum bp_error bp_db_tx(struct bp_db *db, enum bp_error (*fn)(struct bp_db *, void *), void *ctx);
/* True inside bp_db_tx. */
bool bp_db_in_tx(const struct bp_db *db);
/* Run a statement, a literal, when this transaction has ended, however it did. */
void bp_db_after_tx(struct bp_db *db, const char *sql);

/* The declared exception to "named queries only": schema patches, LOAD DATA and the set-based statements around it.
 * `sql` is a constant of ours with numbers put in, and other text only as the two below make it.  `affected` may be NULL. */
enum bp_error bp_db_bulk(struct bp_db *db, const char *sql, uint64_t *affected);
/* A text, or the name of a table or database, as it stands in a statement, with its quotes. */
char *bp_db_text(struct bp_arena *a, const char *text);
char *bp_db_name(struct bp_arena *a, const char *name);
/* LOAD DATA LOCAL INFILE '-' …: the rows come from read(), as for mysql_set_local_infile_handler:
 * bytes written to buf, 0 at the end, -1 when it failed. */
enum bp_error bp_db_load(struct bp_db *db, const char *sql, int (*read)(void *ctx, char *buf, unsigned size), void *ctx,
	uint64_t *affected);

/* --- what the generated code is made of --- */

enum bp_db_type { BP_DB_INT, BP_DB_NUM, BP_DB_STR, BP_DB_BIN, BP_DB_TIME, BP_DB_DATE, BP_DB_END };

struct bp_db_arg {
	enum bp_db_type type;
	bool null;
	union {
		int64_t i;
		double d;
		struct bp_bytes b;
	};
};
struct bp_db_col {
	enum bp_db_type type;
	bool opt;   /* the member is struct bp_opt_*; text may be NULL */
	size_t off; /* of the member in the row struct */
};
struct bp_query {
	unsigned index; /* of the statement in a connection's cache */
	const char *name, *sql;
	const unsigned char *binds; /* argument number of each ?, in order */
	size_t n_binds, n_args;
	const struct bp_db_col *cols;
	size_t n_cols, row_size;
};

static inline struct bp_db_arg bp_db_int(int64_t v)
{
	return (struct bp_db_arg){.type = BP_DB_INT, .i = v};
}
static inline struct bp_db_arg bp_db_opt_int(struct bp_opt_int v)
{
	return (struct bp_db_arg){.type = BP_DB_INT, .null = !v.set, .i = v.v};
}
static inline struct bp_db_arg bp_db_num(double v)
{
	return (struct bp_db_arg){.type = BP_DB_NUM, .d = v};
}
static inline struct bp_db_arg bp_db_opt_num(struct bp_opt_num v)
{
	return (struct bp_db_arg){.type = BP_DB_NUM, .null = !v.set, .d = v.v};
}
struct bp_db_arg bp_db_str(const char *s); /* NULL is SQL NULL */
static inline struct bp_db_arg bp_db_bin(struct bp_bytes b)
{
	return (struct bp_db_arg){.type = BP_DB_BIN, .null = !b.p, .b = b};
}
static inline struct bp_db_arg bp_db_instant(int64_t v)
{
	return (struct bp_db_arg){.type = BP_DB_TIME, .i = v};
}
static inline struct bp_db_arg bp_db_opt_instant(struct bp_opt_int v)
{
	return (struct bp_db_arg){.type = BP_DB_TIME, .null = !v.set, .i = v.v};
}
static inline struct bp_db_arg bp_db_date(int64_t v)
{
	return (struct bp_db_arg){.type = BP_DB_DATE, .i = v};
}
static inline struct bp_db_arg bp_db_opt_date(struct bp_opt_int v)
{
	return (struct bp_db_arg){.type = BP_DB_DATE, .null = !v.set, .i = v.v};
}

/* Change rows; `affected` may be NULL. */
enum bp_error bp_db_exec(struct bp_db *db, const struct bp_query *q, const struct bp_db_arg *args, uint64_t *affected);
/* Exactly the first row; BP_E_NOT_FOUND when there is none. */
enum bp_error bp_db_one(struct bp_db *db, struct bp_arena *a, const struct bp_query *q, const struct bp_db_arg *args,
	void *row);
/* All rows as an array in the arena. */
enum bp_error bp_db_many(struct bp_db *db, struct bp_arena *a, const struct bp_query *q,
	const struct bp_db_arg *args, void *rows /* T ** */, size_t *n);
/* Row by row without keeping them; texts live until fn returns, and fn must not use the connection. */
enum bp_error bp_db_each(struct bp_db *db, const struct bp_query *q, const struct bp_db_arg *args,
	enum bp_error (*fn)(void *ctx, const void *row), void *ctx);

/* Prepare every query and compare it with the tables: the number of columns, and that no column that may be NULL
 * is read into a member that cannot be. Returns the number of faults, each printed on stderr. For the tests. */
int bp_db_check_queries(struct bp_db *db, const struct bp_query *const *all, size_t n);

#endif
