/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "db/connection.h"

#include <errmsg.h>
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

#define TX_TRIES 8

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

enum bp_error bp_db_failed(struct bp_db *db, const char *what, unsigned no, const char *text)
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
		e = bp_db_failed(db, host ? host : "connect", mysql_errno(db->my), mysql_error(db->my));
	}
	mysql_close(db->my);
	db->my = NULL;
	return e == BP_E_INTERNAL ? BP_E_DB_DOWN : e;
}

enum bp_error bp_db_connect(struct bp_db *db)
{
	char hosts[512], *save = NULL;
	enum bp_error e = BP_E_DB_DOWN;

	bp_db_drop_statements(db);
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
	e = bp_db_connect(db);
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
	bp_db_drop_statements(db);
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
	return mysql_query(db->my, sql) ? bp_db_failed(db, sql, mysql_errno(db->my), mysql_error(db->my)) : BP_E_OK;
}

static enum bp_error begin(struct bp_db *db)
{
	enum bp_error e = db->my ? simple(db, "START TRANSACTION") : BP_E_DB_DOWN;

	if (e == BP_E_DB_DOWN) {
		e = bp_db_connect(db);
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
			bp_db_connect(db);
		else if (db->after_tx)
			simple(db, db->after_tx);
		db->after_tx = NULL;
		if (e != BP_E_DB_RETRY)
			break;
	}
	return e;
}
