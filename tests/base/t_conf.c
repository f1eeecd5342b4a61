/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sys/stat.h>
#include <unistd.h>

#include "base/conf.h"
#include "tests/base/test.h"

static char path[] = "/tmp/t_conf.XXXXXX";

static enum bp_error load(struct bp_conf *c, const char *text, struct bp_fail *f)
{
	FILE *out = fopen(path, "we");

	assert_non_null(out);
	fputs(text, out);
	fclose(out);
	bp_fail_clear(f);
	return bp_conf_load(c, path, f);
}

#define NEEDED "db_socket = /run/x/db\ndb_password = s=e#c ret\nupload_dir=/u\nsnapshot_dir =/s\n"

static void keys_comments_and_defaults(void **state)
{
	struct bp_fail f = {0};
	struct bp_conf c;

	(void)state;
	assert_int_equal(load(&c, "# words\n\n  \t\n" NEEDED "workers = 5\r\ndemo = yes\n", &f), BP_E_OK);
	assert_string_equal(c.db_socket, "/run/x/db");
	assert_string_equal(c.db_password, "s=e#c ret");
	assert_string_equal(c.snapshot_dir, "/s");
	assert_string_equal(c.db_name, "beatplan");
	assert_int_equal(c.workers, 5);
	assert_int_equal(c.solver_threads, 2);
	assert_true(c.demo);
	bp_conf_release(&c);
	assert_null(c.memory);
}

static void a_program_without_a_password_is_db_user(void **state)
{
	struct bp_fail f = {0};
	struct bp_conf c;

	(void)state;
	assert_int_equal(load(&c, NEEDED "db_worker_password = w\ndb_optimizer_user = o\n", &f), BP_E_OK);
	assert_string_equal(bp_conf_login(&c, BP_ACCOUNT_WORKER).user, "bp_worker");
	assert_string_equal(bp_conf_login(&c, BP_ACCOUNT_WORKER).password, "w");
	assert_true(bp_conf_login(&c, BP_ACCOUNT_WORKER).own);
	for (const enum bp_account *a = (const enum bp_account[]){BP_ACCOUNT_APP, BP_ACCOUNT_WEB, BP_ACCOUNT_OPTIMIZER, BP_ACCOUNT__MAX}; *a != BP_ACCOUNT__MAX; a++) {
		assert_string_equal(bp_conf_login(&c, *a).user, "bp_app");
		assert_string_equal(bp_conf_login(&c, *a).password, "s=e#c ret");
		assert_int_equal(bp_conf_login(&c, *a).own, *a == BP_ACCOUNT_APP);
	}
	bp_conf_release(&c);
}

/* Of a machine that joined: subcommands have no account there, its programs have. */
static void a_machine_needs_the_passwords_of_what_it_runs(void **state)
{
	static const char files[] = "db_socket = /x\nupload_dir=/u\nsnapshot_dir=/s\n";
	static const struct {
		const char *rest, *missing;
	} cases[] = {{"runs = web\ndb_web_password = w\n", NULL}, {"runs = optimizer\ndb_password = a\n", NULL}, {"runs = web, worker\ndb_web_password = w\n", "'db_worker_password'"},
		{"runs = optimizer\ndb_web_password = w\n", "'db_optimizer_password'"}, {"runs = replica\ndb_web_password = w\n", "'db_password'"}};
	struct bp_fail f;
	struct bp_conf c;
	char text[400];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		memset(&f, 0, sizeof(f));
		snprintf(text, sizeof(text), "%s%s", files, cases[i].rest);
		assert_int_equal(load(&c, text, &f), cases[i].missing ? BP_E_INTERNAL : BP_E_OK);
		assert_true(!cases[i].missing || strstr(f.detail, cases[i].missing));
		assert_int_equal(bp_conf_login(&c, BP_ACCOUNT_APP).own, i == 1);
		bp_conf_release(&c);
	}
}

static void what_is_wrong_is_named(void **state)
{
	static const char *const cases[][2] = {
		{NEEDED "colour = red\n", "there is no key 'colour'"},
		{NEEDED "workers = many\n", "the value of 'workers' is not of its type"},
		{NEEDED "workers =\n", "the value of 'workers' is not of its type"},
		{NEEDED "workers = 99999999999999999999\n", "the value of 'workers' is not of its type"},
		{NEEDED "demo = perhaps\n", "the value of 'demo' is not of its type"},
		{NEEDED "workers\n", "is no `key = value`"},
		{"db_socket = /x\nupload_dir=/u\nsnapshot_dir=/s\n", "'db_password'"},
		{"", "'db_socket'"},
	};
	struct bp_fail f = {0};
	struct bp_conf c;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_int_equal(load(&c, cases[i][0], &f), BP_E_INTERNAL);
		if (!strstr(f.detail, cases[i][1]) || !strstr(f.detail, path))
			fail_msg("case %zu says: %s", i, f.detail);
		bp_conf_release(&c);
	}
}

static void a_file_that_is_missing_or_too_long(void **state)
{
	struct bp_fail f = {0};
	struct bp_conf c;
	char *text = calloc(1, 70001);

	(void)state;
	assert_non_null(text);
	memset(text, '#', 70000);
	assert_int_equal(load(&c, text, &f), BP_E_INTERNAL);
	assert_non_null(strstr(f.detail, "is longer than"));
	bp_conf_release(&c);
	free(text);
	bp_fail_clear(&f);
	assert_int_equal(bp_conf_load(&c, "/nonexistent/beatplan.conf", &f), BP_E_INTERNAL);
	assert_non_null(strstr(f.detail, "/nonexistent/beatplan.conf"));
	bp_conf_release(&c);
}

static void words_of_a_list(void **state)
{
	(void)state;
	assert_true(bp_conf_lists("a", "a") && bp_conf_lists(" a , bc", "a") && bp_conf_lists("a,bc", "bc") && bp_conf_lists("a, bc ,d", "bc"));
	assert_false(bp_conf_lists("abc", "a") || bp_conf_lists("abc", "bc") || bp_conf_lists("a", "ab") || bp_conf_lists("", "a"));
	assert_false(bp_conf_lists("off", "off") || bp_conf_lists("a,,b", "") || bp_conf_lists("a, b", "a, b x"));
}

static void what_is_included_counts_more(void **state)
{
	static char site[] = "/tmp/t_conf_site.XXXXXX";
	char text[512];
	struct bp_fail f = {0};
	struct bp_conf c;
	int fd = mkstemp(site);

	(void)state;
	assert_true(fd >= 0 && dprintf(fd, "workers = 7\n# of the administrator\n") > 0);
	snprintf(text, sizeof(text), NEEDED "workers = 3\ninclude = %s\nsolver_threads = 4\n", site);
	assert_int_equal(load(&c, text, &f), BP_E_OK);
	assert_int_equal(c.workers, 7);
	assert_int_equal(c.solver_threads, 4);
	bp_conf_release(&c);
	assert_true(dprintf(fd, "include = /elsewhere\n") > 0);
	assert_int_equal(load(&c, text, &f), BP_E_INTERNAL);
	assert_non_null(strstr(f.detail, "includes no other"));
	bp_conf_release(&c);
	close(fd);
	unlink(site);
	assert_int_equal(load(&c, text, &f), BP_E_OK); /* none yet */
	assert_int_equal(c.workers, 3);
	bp_conf_release(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_comments_and_defaults),
		cmocka_unit_test(a_program_without_a_password_is_db_user),
		cmocka_unit_test(a_machine_needs_the_passwords_of_what_it_runs),
		cmocka_unit_test(what_is_wrong_is_named),
		cmocka_unit_test(what_is_included_counts_more),
		cmocka_unit_test(a_file_that_is_missing_or_too_long),
		cmocka_unit_test(words_of_a_list),
	};
	int rc, fd = mkstemp(path);

	if (fd < 0)
		return 1;
	close(fd);
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(path);
	return rc;
}
