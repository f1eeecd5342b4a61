/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/error.h"
#include "base/log.h"
#include "tests/base/test.h"

static void the_first_failure_stays(void **state)
{
	struct bp_fail f = {0};

	(void)state;
	assert_int_equal(bp_fail(&f, BP_E_CONFLICT, "row %d", 7), BP_E_CONFLICT);
	assert_int_equal(bp_fail(&f, BP_E_INTERNAL, "clean-up failed too"), BP_E_INTERNAL);
	assert_int_equal(f.code, BP_E_CONFLICT);
	assert_string_equal(f.detail, "row 7");
	bp_fail_clear(&f);
	assert_int_equal(f.code, BP_E_OK);
	assert_string_equal(f.detail, "");
	assert_int_equal(bp_fail(NULL, BP_E_NOT_FOUND, "nobody listens"), BP_E_NOT_FOUND);
}

/* A detail is JSON text later: half of a character would spoil the reply. */
static void a_long_detail_is_cut_between_characters(void **state)
{
	char text[1200];

	(void)state;
	for (size_t lead = 0; lead < 4; lead++) {
		static const char *const letters[] = {"\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80"};

		for (size_t k = 0; k < 3; k++) {
			struct bp_fail f = {0};
			size_t n = strlen(letters[k]), len;

			memset(text, 'x', lead);
			for (len = lead; len + n < sizeof(text); len += n)
				memcpy(text + len, letters[k], n);
			text[len] = '\0';
			bp_fail(&f, BP_E_INTERNAL, "%s", text);
			len = strlen(f.detail);
			assert_in_range(len, sizeof(f.detail) - 1 - 4, sizeof(f.detail) - 1);
			assert_int_equal((len - lead) % n, 0);
		}
	}
}

static void every_error_has_its_own_wire_code(void **state)
{
	(void)state;
	for (int i = 0; i < BP_E__MAX; i++) {
		assert_non_null(bp_errors[i].code);
		assert_true(bp_errors[i].http >= 200 && bp_errors[i].http < 600);
		assert_true(*bp_errors[i].message != '\0');
		if (i) {
			assert_true(bp_errors[i].http >= 400);
			assert_int_equal(strncmp(bp_errors[i].code, "ERR_", 4), 0);
		}
		for (int k = 0; k < i; k++)
			assert_string_not_equal(bp_errors[i].code, bp_errors[k].code);
	}
}

/* The codes and statuses of the register (SRTO-ERR-01..13): they must never change. */
static void the_register_is_kept(void **state)
{
	static const struct {
		enum bp_error e;
		const char *code;
		int http;
	} rows[] = {
		{BP_E_AUTH_TOKEN, "ERR_AUTH_001", 401}, {BP_E_AUTH_PERMISSION, "ERR_AUTH_002", 403},
		{BP_E_LOCK_TAKEN, "ERR_LOCK_001", 409}, {BP_E_LOCK_GONE, "ERR_LOCK_002", 410},
		{BP_E_IMPORT_FORMAT, "ERR_IMPORT_001", 400}, {BP_E_IMPORT_SCHEMA, "ERR_IMPORT_002", 400},
		{BP_E_IMPORT_FAILED, "ERR_IMPORT_003", 500}, {BP_E_OPT_FAILED, "ERR_OPT_001", 500},
		{BP_E_OPT_TOO_LARGE, "ERR_OPT_002", 400}, {BP_E_TERRITORY_NONE, "ERR_DATA_001", 404},
		{BP_E_SNAPSHOT_FAILED, "ERR_DATA_002", 500}, {BP_E_SESSION_OVER, "ERR_SESSION_001", 410},
		{BP_E_SESSION_CONFLICT, "ERR_SESSION_002", 409},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_string_equal(bp_errors[rows[i].e].code, rows[i].code);
		assert_int_equal(bp_errors[rows[i].e].http, rows[i].http);
	}
}

static void a_full_disk_is_told_apart(void **state)
{
	(void)state;
	assert_int_equal(bp_error_of_errno(ENOSPC), BP_E_DISK_FULL);
	assert_int_equal(bp_error_of_errno(EDQUOT), BP_E_DISK_FULL);
	assert_int_equal(bp_error_of_errno(EFBIG), BP_E_DISK_FULL);
	assert_int_equal(bp_error_of_errno(EACCES), BP_E_INTERNAL);
	assert_int_equal(bp_errors[BP_E_DISK_FULL].http, 507);
}

/* One event is one line, whatever a user put into it. */
static void quoted_text_stays_on_one_line(void **state)
{
	char out[64], tiny[16];

	(void)state;
	assert_string_equal(bp_log_quote(out, sizeof(out), "plain"), "\"plain\"");
	assert_string_equal(bp_log_quote(out, sizeof(out), "a \"b\" \\ c"), "\"a \\\"b\\\" \\\\ c\"");
	assert_string_equal(bp_log_quote(out, sizeof(out), "x\ny\x1b"), "\"x\\x0ay\\x1b\"");
	for (size_t size = 1; size < sizeof(tiny); size++) {
		memset(tiny, 'z', sizeof(tiny));
		bp_log_quote(tiny, size, "a long text\n\n");
		assert_true(strnlen(tiny, size) < size);
		assert_int_equal(tiny[size], 'z');
	}
}

/* Whoever reads the copy on another machine sees the line as the file has it, with its severity. */
static void each_line_goes_to_the_syslog_too(void **state)
{
	struct sockaddr_un sa = {.sun_family = AF_UNIX};
	char dir[] = "/tmp/beatplan-log.XXXXXX", got[400] = "", want[100];
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(sa.sun_path, sizeof(sa.sun_path), "%s/log", dir);
	assert_int_equal(bind(fd, (struct sockaddr *)&sa, sizeof(sa)), 0);
	bp_log_copy(sa.sun_path);
	bp_log(BP_LOG_WARN, "ev=tried user=7");
	assert_true(recv(fd, got, sizeof(got) - 1, 0) > 0);
	snprintf(want, sizeof(want), "<28>beatplan[%d]: ", (int)getpid());
	assert_int_equal(strncmp(got, want, strlen(want)), 0);
	assert_non_null(strstr(got, "level=warn"));
	assert_string_equal(got + strlen(got) - 15, "ev=tried user=7");
	unlink(sa.sun_path);
	bp_log(BP_LOG_WARN, "ev=nobody_listens"); /* and that does no harm */
	bp_log_copy("off");
	close(fd);
	rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_failure_stays),
		cmocka_unit_test(a_long_detail_is_cut_between_characters),
		cmocka_unit_test(every_error_has_its_own_wire_code),
		cmocka_unit_test(the_register_is_kept),
		cmocka_unit_test(a_full_disk_is_told_apart),
		cmocka_unit_test(quoted_text_stays_on_one_line),
		cmocka_unit_test(each_line_goes_to_the_syslog_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
