/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_DB_CONNECTION_H
#define BP_DB_CONNECTION_H
/* What only this room sees of a connection: connection.c makes, mends and ends it, statement.c runs statements on it. */
#include <mysql.h>

#include "db/db.h"
#include "queries.h"

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

/* Keep what went wrong, log and count it; which of our errors it is. `no` and `text` as the client library says. */
enum bp_error bp_db_failed(struct bp_db *db, const char *what, unsigned no, const char *text);

/* Connect anew, to the first host that serves; what was prepared is gone. DB_DOWN when none does. */
enum bp_error bp_db_connect(struct bp_db *db);

/* Forget what was prepared: it lives as long as the connection. */
void bp_db_drop_statements(struct bp_db *db);

#endif
