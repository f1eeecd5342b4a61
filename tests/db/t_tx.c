/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The transaction runner: all or nothing, deadlocks tried again, a lost connection found again. */
#include <pthread.h>

#include "tests/db/db.h"

static int setup(void **state)
{
	int rc = dbt_init(state);

	if (!rc) {
		dbt_sql("CREATE TABLE t_tx (id INT PRIMARY KEY, v INT NOT NULL); INSERT INTO t_tx VALUES (1, 0), (2, 0);"
			"GRANT SELECT, INSERT, UPDATE, DELETE ON bp_test.t_tx TO 'bp_app'@'localhost'");
	}
	return rc;
}

static enum bp_error bump(struct bp_db *db, int id)
{
	return bp_db_bulk(db, id == 1 ? "UPDATE t_tx SET v = v + 1 WHERE id = 1" : "UPDATE t_tx SET v = v + 1 WHERE id = 2", NULL);
}

struct plan {
	enum bp_error end;
	int calls;
};

static enum bp_error both(struct bp_db *db, void *ctx)
{
	struct plan *p = ctx;
	enum bp_error e = bump(db, 1);

	p->calls++;
	assert_true(bp_db_in_tx(db));
	if (!e)
		e = bump(db, 2);
	return e ? e : p->end;
}

static void a_transaction_is_all_or_nothing(void **state)
{
	struct plan p = {BP_E_OK, 0};

	(void)state;
	dbt_sql("UPDATE t_tx SET v = 0");
	assert_int_equal(bp_db_tx(dbt.app, both, &p), BP_E_OK);
	assert_int_equal(dbt_count("t_tx", "v = 1"), 2);
	p.end = BP_E_CONFLICT;
	assert_int_equal(bp_db_tx(dbt.app, both, &p), BP_E_CONFLICT);
	assert_int_equal(dbt_count("t_tx", "v = 1"), 2);
	assert_int_equal(p.calls, 2);
	assert_false(bp_db_in_tx(dbt.app));
}

static enum bp_error nested(struct bp_db *db, void *ctx)
{
	struct plan inner = {BP_E_OK, 0};
	enum bp_error e = bp_db_tx(db, both, &inner);

	(void)ctx;
	assert_true(bp_db_in_tx(db));
	return e ? e : BP_E_CONFLICT;
}

static void an_inner_transaction_joins_the_outer_one(void **state)
{
	(void)state;
	dbt_sql("UPDATE t_tx SET v = 0");
	assert_int_equal(bp_db_tx(dbt.app, nested, NULL), BP_E_CONFLICT);
	assert_int_equal(dbt_count("t_tx", "v = 0"), 2);
}

static enum bp_error always_deadlocks(struct bp_db *db, void *ctx)
{
	(void)db;
	++*(int *)ctx;
	return BP_E_DB_RETRY;
}

static void after_eight_tries_it_gives_up(void **state)
{
	int calls = 0;

	(void)state;
	assert_int_equal(bp_db_tx(dbt.app, always_deadlocks, &calls), BP_E_DB_RETRY);
	assert_int_equal(calls, 8);
}

/* Two threads take the same two rows in opposite order and meet in the middle of their first try: a real deadlock. */
struct crosser {
	pthread_barrier_t *meet;
	int first, second, calls;
	enum bp_error e;
};

static enum bp_error cross(struct bp_db *db, void *ctx)
{
	struct crosser *c = ctx;
	enum bp_error e = bump(db, c->first);

	if (!c->calls++)
		pthread_barrier_wait(c->meet);
	return e ? e : bump(db, c->second);
}

static void *cross_thread(void *ctx)
{
	struct crosser *c = ctx;
	struct bp_fail f = {0};
	struct bp_db *db = NULL;

	c->e = bp_db_open(&db, &dbt.app_conf, &f);
	if (!c->e)
		c->e = bp_db_tx(db, cross, c);
	bp_db_free(db);
	return NULL;
}

static void a_deadlock_is_tried_again(void **state)
{
	pthread_barrier_t meet;
	struct crosser c[2] = {{&meet, 1, 2, 0, BP_E_OK}, {&meet, 2, 1, 0, BP_E_OK}};
	pthread_t t[2];

	(void)state;
	dbt_sql("UPDATE t_tx SET v = 0");
	pthread_barrier_init(&meet, NULL, 2);
	for (int i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&t[i], NULL, cross_thread, &c[i]), 0);
	for (int i = 0; i < 2; i++)
		pthread_join(t[i], NULL);
	pthread_barrier_destroy(&meet);
	assert_int_equal(c[0].e, BP_E_OK);
	assert_int_equal(c[1].e, BP_E_OK);
	assert_true(c[0].calls + c[1].calls >= 3);
	assert_int_equal(dbt_count("t_tx", "v = 2"), 2);
}

static enum bp_error own_id(struct bp_db *db, int64_t *id)
{
	static const struct bp_db_col cols[] = {{BP_DB_INT, false, 0}};
	static const struct bp_query q = {.index = 1, .name = "connection_id", .sql = "SELECT CONNECTION_ID()", .cols = cols,
		.n_cols = 1, .row_size = sizeof(int64_t)};

	return bp_db_one(db, &dbt.arena, &q, NULL, id);
}

static void cut(struct bp_db *db)
{
	int64_t id = 0;

	assert_int_equal(own_id(db, &id), BP_E_OK);
	dbt_sql(bp_sprintf(&dbt.arena, "KILL CONNECTION %lld", (long long)id));
}

static void a_lost_connection_is_opened_again(void **state)
{
	struct plan p = {BP_E_OK, 0};
	struct bp_db *db = dbt_connect();
	struct q_ping row = {0};
	enum bp_error e;

	(void)state;
	dbt_sql("UPDATE t_tx SET v = 0");
	assert_int_equal(q_ping(db, &dbt.arena, &row), BP_E_OK);
	cut(db);
	e = q_ping(db, &dbt.arena, &row);
	/* What was lost under way may have been done and is told; the next use works in any case. */
	assert_true(e == BP_E_OK || e == BP_E_DB_DOWN);
	row.one = 0;
	assert_int_equal(q_ping(db, &dbt.arena, &row), BP_E_OK);
	assert_int_equal(row.one, 1);
	cut(db);
	e = bp_db_tx(db, both, &p);
	if (e)
		e = bp_db_tx(db, both, &p);
	assert_int_equal(e, BP_E_OK);
	assert_int_equal(dbt_count("t_tx", "v = 1"), 2);
	bp_db_free(db);
}

static enum bp_error cut_in_the_middle(struct bp_db *db, void *ctx)
{
	enum bp_error e = bump(db, 1);

	++*(int *)ctx;
	assert_int_equal(e, BP_E_OK);
	cut(db);
	/* Must not go to a new connection and count for half a transaction. */
	return bump(db, 2);
}

static void a_connection_lost_in_a_transaction_loses_all_of_it(void **state)
{
	struct bp_db *db = dbt_connect();
	struct plan p = {BP_E_OK, 0};
	int calls = 0;

	(void)state;
	dbt_sql("UPDATE t_tx SET v = 0");
	assert_int_equal(bp_db_tx(db, cut_in_the_middle, &calls), BP_E_DB_DOWN);
	assert_int_equal(calls, 1);
	assert_int_equal(dbt_count("t_tx", "v = 0"), 2);
	assert_int_equal(bp_db_tx(db, both, &p), BP_E_OK);
	assert_int_equal(dbt_count("t_tx", "v = 1"), 2);
	bp_db_free(db);
}

static void a_server_that_is_not_there(void **state)
{
	struct bp_db_conf conf = dbt.app_conf;
	struct bp_db *db = (struct bp_db *)&conf;
	struct bp_fail f = {0};

	(void)state;
	conf.socket = "/nonexistent/db";
	assert_int_equal(bp_db_open(&db, &conf, &f), BP_E_DB_DOWN);
	assert_null(db);
	assert_true(*f.detail != '\0');
	conf = dbt.app_conf;
	conf.password = "wrong";
	bp_fail_clear(&f);
	assert_int_equal(bp_db_open(&db, &conf, &f), BP_E_DB_DOWN);
	assert_null(db);
}

/* Every type goes there and comes back, and so does NULL. */
static void values_go_there_and_back(void **state)
{
	static const struct bp_db_col cols[] = {{BP_DB_INT, false, 0}, {BP_DB_NUM, false, 8}, {BP_DB_STR, false, 16},
		{BP_DB_TIME, false, 24}, {BP_DB_DATE, false, 32}, {BP_DB_BIN, false, 40}, {BP_DB_STR, true, 56}, {BP_DB_INT, true, 64},
		{BP_DB_NUM, true, 80}};
	static const unsigned char binds[] = {0, 1, 2, 3, 4, 5, 6, 7, 8};
	static const struct bp_query q = {.index = 2, .name = "echo",
		.sql = "SELECT CAST(? AS SIGNED), CAST(? AS DOUBLE), ?, CAST(? AS DATETIME(6)), CAST(? AS DATE), CAST(? AS BINARY(300)), ?, "
		       "CAST(? AS SIGNED), CAST(? AS DOUBLE)",
		.binds = binds, .n_binds = 9, .n_args = 9, .cols = cols, .n_cols = 9, .row_size = 96};
	struct {
		int64_t i;
		double d;
		const char *s;
		int64_t at, day;
		struct bp_bytes b;
		const char *none;
		struct bp_opt_int no_int;
		struct bp_opt_num no_num;
	} row;
	char text[3000];
	unsigned char raw[300];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	for (size_t i = 0; i < sizeof(raw); i++)
		raw[i] = (unsigned char)i;
	const struct bp_db_arg args[] = {bp_db_int(INT64_MIN + 1), bp_db_num(-0.1), bp_db_str(text),
		bp_db_instant(INT64_C(1763830800123456)), bp_db_date(20780), bp_db_bin((struct bp_bytes){raw, sizeof(raw)}), bp_db_str(NULL),
		bp_db_opt_int(BP_NO_INT), bp_db_opt_num((struct bp_opt_num){0})};

	assert_int_equal(bp_db_one(dbt.app, &dbt.arena, &q, args, &row), BP_E_OK);
	assert_true(row.i == INT64_MIN + 1 && row.d == -0.1);
	assert_string_equal(row.s, text);
	assert_int_equal(row.at, INT64_C(1763830800123456));
	assert_int_equal(row.day, 20780);
	assert_int_equal(row.b.n, sizeof(raw));
	assert_memory_equal(row.b.p, raw, sizeof(raw));
	assert_null(row.none);
	assert_false(row.no_int.set || row.no_num.set);
}

/* What somebody wrote into the configuration may hold anything. */
static void odd_names_and_passwords_are_quoted(void **state)
{
	static const char odd[] = "o'd\\d\"n`m";
	struct bp_db_conf conf = {.socket = dbt.admin_conf.socket, .user = odd, .password = odd, .database = odd};
	const char *name = bp_db_name(&dbt.arena, odd), *text = bp_db_text(&dbt.arena, odd);
	struct bp_db *admin = NULL, *db = NULL;
	struct bp_fail f = {0};
	unsigned applied;

	(void)state;
	assert_int_equal(bp_db_open(&admin, &dbt.admin_conf, &f), BP_E_OK);
	assert_int_equal(bp_db_bulk(admin, bp_sprintf(&dbt.arena, "DROP DATABASE IF EXISTS %s; CREATE DATABASE %s; USE %s;"
		" CREATE OR REPLACE USER %s@'localhost' IDENTIFIED BY %s", name, name, name, text, text), NULL), BP_E_OK);
	if (bp_migrate(admin, getenv("BP_TEST_SCHEMA"), &applied, &f) || bp_rights_give(admin, odd, odd, BP_ACCOUNT_APP, &f) || bp_db_open(&db, &conf, &f))
		fail_msg("%s", f.detail);
	assert_int_equal(bp_db_bulk(db, "DELETE FROM outbox", NULL), BP_E_OK);
	assert_int_not_equal(bp_db_bulk(db, "DROP TABLE outbox", NULL), BP_E_OK);
	bp_db_free(db);
	bp_db_free(admin);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_transaction_is_all_or_nothing),
		cmocka_unit_test(an_inner_transaction_joins_the_outer_one),
		cmocka_unit_test(after_eight_tries_it_gives_up),
		cmocka_unit_test(a_deadlock_is_tried_again),
		cmocka_unit_test(a_lost_connection_is_opened_again),
		cmocka_unit_test(a_connection_lost_in_a_transaction_loses_all_of_it),
		cmocka_unit_test(a_server_that_is_not_there),
		cmocka_unit_test(values_go_there_and_back),
		cmocka_unit_test(odd_names_and_passwords_are_quoted),
	};

	return cmocka_run_group_tests(tests, setup, dbt_release);
}
