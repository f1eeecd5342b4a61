/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two people at once: what one decides by must not change before it is written. */
#include "lock/lock.h"
#include "tests/db/db.h"

static struct bp_db *other;

static int setup(void **state)
{
	int rc = dbt_init(state);

	if (!rc) {
		dbt_sql("INSERT INTO user (id, username, name, created_at) VALUES (1, 'ann', 'Ann', UTC_TIMESTAMP(3)),"
			" (2, 'bob', 'Bob', UTC_TIMESTAMP(3));"
			"INSERT INTO user_scope (user_id, territory_id, role) VALUES (1, 0, 'admin'), (2, 0, 'admin');"
			"INSERT INTO territory (id, rank, code, name, is_unit) VALUES (7, 1, 'T7', 'Seven', 1);"
			"INSERT INTO territory_closure (ancestor, descendant, depth) VALUES (7, 7, 0)");
		other = dbt_connect();
		assert_int_equal(bp_db_bulk(other, "SET SESSION innodb_lock_wait_timeout = 1", NULL), BP_E_OK);
	}
	return rc;
}

static int teardown(void **state)
{
	bp_db_free(other);
	return dbt_release(state);
}

/* Ann looks, Bob takes the lock meanwhile, Ann tries. */
static enum bp_error look_and_take(struct bp_db *db, void *ctx)
{
	struct bp_lock seen, *got, *refused;
	struct bp_fail *f = ctx;
	size_t n, n_refused;
	enum bp_error e = bp_lock_get(db, &dbt.arena, 7, "GT", &seen);

	if (e == BP_E_NOT_FOUND)
		assert_int_equal(bp_lock_take(other, &dbt.arena, 7, "GT", 2, &got, &n, &refused, &n_refused, NULL), BP_E_OK);
	bp_fail_clear(f);
	return bp_lock_take(db, &dbt.arena, 7, "GT", 1, &got, &n, &refused, &n_refused, f);
}

static void who_comes_second_is_told_who_holds_the_lock(void **state)
{
	struct bp_fail f = {0};

	(void)state;
	assert_int_equal(bp_db_tx(dbt.app, look_and_take, &f), BP_E_LOCK_TAKEN);
	assert_non_null(strstr(f.detail, "Bob"));
}

/* While one administrator is being switched off, nobody may count him for another. */
static enum bp_error count_for_ann_and_bob(struct bp_db *db, void *ctx)
{
	struct q_user_admins row;
	enum bp_error e = q_user_admins(db, &dbt.arena, 1, &row);

	assert_int_equal(e, BP_E_OK);
	assert_int_equal(row.n, 1);
	*(enum bp_error *)ctx = q_user_admins(other, &dbt.arena, 2, &row);
	return BP_E_OK;
}

static void two_administrators_cannot_leave_at_once(void **state)
{
	enum bp_error second = BP_E_OK;

	(void)state;
	assert_int_equal(bp_db_tx(dbt.app, count_for_ann_and_bob, &second), BP_E_OK);
	assert_int_equal(second, BP_E_DB_RETRY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_comes_second_is_told_who_holds_the_lock),
		cmocka_unit_test(two_administrators_cannot_leave_at_once),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
