/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a sign-in does to what is kept of a password. */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "auth/auth.h"
#include "tests/db/db.h"

#define PASSWORD "tangerine-Fjord-77"

/* One user whose password was hashed by less than today's cost. */
static int fresh(void **state)
{
	char hash[crypto_pwhash_STRBYTES], sql[600];

	(void)state;
	dbt_sql("DELETE FROM login_failure; DELETE FROM user WHERE username = 'old.hand'");
	assert_int_equal(crypto_pwhash_str(hash, PASSWORD, strlen(PASSWORD), crypto_pwhash_OPSLIMIT_MIN, crypto_pwhash_MEMLIMIT_MIN), 0);
	snprintf(sql, sizeof(sql), "INSERT INTO user (username, name, email, locale, password, created_at) VALUES ('old.hand', 'Old Hand', '', 'en', '%s', UTC_TIMESTAMP(3))", hash);
	dbt_sql(sql);
	return 0;
}

static const char *stored(void)
{
	struct q_user_login row;

	assert_int_equal(q_user_login(dbt.app, &dbt.arena, "old.hand", &row), BP_E_OK);
	return row.password;
}

static enum bp_error sign_in(const char *password)
{
	struct bp_sign_in in = {.username = "old.hand", .password = password, .ip = "192.0.2.7", .agent = "test", .dir = "/nowhere"};
	struct bp_user user;

	return bp_auth_prove(dbt.app, &dbt.arena, &in, &user);
}

static bool is_of_today(const char *hash)
{
	return !crypto_pwhash_str_needs_rehash(hash, crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE);
}

static void a_hash_of_less_cost_is_renewed_by_a_sign_in(void **state)
{
	const char *renewed;

	(void)state;
	assert_false(is_of_today(stored()));
	assert_int_equal(sign_in(PASSWORD), BP_E_OK);
	renewed = stored();
	assert_true(is_of_today(renewed));
	assert_int_equal(sign_in(PASSWORD), BP_E_OK);
	assert_string_equal(stored(), renewed); /* once */
}

static void a_wrong_password_renews_nothing(void **state)
{
	const char *before = stored();

	(void)state;
	assert_int_equal(sign_in(PASSWORD "x"), BP_E_AUTH_CREDENTIALS);
	assert_string_equal(stored(), before);
}

/* Nor does a sign-in put back the former password that somebody changed while it was looked at. */
static void a_password_that_was_changed_meanwhile_stays(void **state)
{
	uint64_t done = 9;
	struct q_user_login before;

	(void)state;
	assert_int_equal(q_user_login(dbt.app, &dbt.arena, "old.hand", &before), BP_E_OK);
	dbt_sql("UPDATE user SET password = 'another' WHERE username = 'old.hand'");
	assert_int_equal(q_user_rehash(dbt.app, before.id, "x", before.password, &done), BP_E_OK);
	assert_int_equal(done, 0);
	assert_string_equal(stored(), "another");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_hash_of_less_cost_is_renewed_by_a_sign_in, fresh),
		cmocka_unit_test_setup(a_wrong_password_renews_nothing, fresh),
		cmocka_unit_test_setup(a_password_that_was_changed_meanwhile_stays, fresh),
	};

	return cmocka_run_group_tests(tests, dbt_init, dbt_release);
}
