/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The counters of several programs in one file: what they do at once, and what one does to the file of another. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/meter.h"
#include "tests/base/test.h"

enum { PROGRAMS = 8, NAMES = 300, OTHER = 64 << 20 };

static char path[64];

static int fresh(void **state)
{
	int fd;

	(void)state;
	snprintf(path, sizeof(path), "/tmp/t_meter.XXXXXX");
	fd = mkstemp(path);
	return fd < 0 ? -1 : close(fd);
}

static int drop(void **state)
{
	(void)state;
	return unlink(path);
}

/* Wait until a pipe is closed: all begin at once. */
static void begin_together(int fd)
{
	char c;

	while (read(fd, &c, 1) > 0)
		;
}

static void wait_for(const pid_t *pid, int n)
{
	int status;

	for (int i = 0; i < n; i++) {
		assert_int_equal(waitpid(pid[i], &status, 0), pid[i]);
		assert_int_equal(status, 0);
	}
}

static void programs_that_count_the_same_at_once_make_one_series(void **state)
{
	pid_t pid[PROGRAMS];
	struct bp_buf out;
	int start[2];

	(void)state;
	assert_int_equal(pipe(start), 0);
	for (int p = 0; p < PROGRAMS; p++) {
		pid[p] = fork();
		if (pid[p])
			continue;
		close(start[1]);
		begin_together(start[0]);
		if (!bp_meter_open(path))
			_exit(1);
		for (int i = 0; i < NAMES; i++)
			bp_meter_add(1, "t_total{n=\"%d\"}", i);
		_exit(0);
	}
	close(start[0]);
	close(start[1]);
	wait_for(pid, PROGRAMS);
	assert_true(bp_meter_open(path));
	bp_buf_init(&out, 1 << 20);
	bp_meter_print(&out);
	for (int i = 0; i < NAMES; i++) {
		char line[64], *at;

		snprintf(line, sizeof(line), "\nt_total{n=\"%d\"} %d\n", i, PROGRAMS);
		at = strstr(out.data, line);
		if (!at)
			fail_msg("%d: not once with %d", i, PROGRAMS);
		*strrchr(line, ' ') = '\0';
		assert_null(strstr(at + 1, line));
	}
	bp_buf_release(&out);
}

/* Programs of before an upgrade count on while those of after it begin. */
static void a_file_of_another_layout_is_left_to_its_programs(void **state)
{
	struct stat st;
	int fd = open(path, O_RDWR | O_CLOEXEC);
	char *old;
	pid_t pid;

	(void)state;
	assert_int_equal(write(fd, "other", 5), 5);
	assert_int_equal(ftruncate(fd, OTHER), 0);
	old = mmap(NULL, OTHER, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_ptr_not_equal(old, MAP_FAILED);
	close(fd);
	pid = fork();
	if (!pid) {
		bool had = bp_meter_open(path);

		bp_meter_add(7, "t_total");
		_exit(!had || bp_meter_get("t_total") != 7);
	}
	wait_for(&pid, 1);
	old[OTHER - 1] = 1; /* it would be gone from under us */
	assert_string_equal(old, "other");
	assert_int_equal(stat(path, &st), 0);
	assert_true(st.st_size < OTHER);
	munmap(old, OTHER);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fresh, drop)

static void a_window_forgets_and_tells_shares(void **state)
{
	const int64_t now = 1000000LL * 60000000;
	struct bp_meter_window w;

	(void)state;
	assert_true(bp_meter_open(path));
	bp_meter_window(15, now, &w);
	assert_true(bp_meter_quantile(&w, .95) < 0);
	for (int i = 0; i < 100; i++)
		bp_meter_lately(i < 90 ? 4000 : i < 98 ? 400000 : 20000000, i >= 97, now - (i % 15) * 60000000LL);
	bp_meter_lately(-1, true, now);
	bp_meter_lately(1000, true, now - 15 * 60000000LL); /* too long ago */
	bp_meter_window(15, now, &w);
	assert_int_equal(w.n, 101);
	assert_int_equal(w.failed, 4);
	assert_true(bp_meter_quantile(&w, .5) < .005);
	assert_in_range(bp_meter_quantile(&w, .95) * 1000, 250, 500);
	assert_true(bp_meter_quantile(&w, .99) == 10);
	bp_meter_window(60, now, &w);
	assert_int_equal(w.n, 102);
	/* An hour later the slots are others'. */
	bp_meter_lately(1000, false, now + 60 * 60000000LL);
	bp_meter_window(60, now + 60 * 60000000LL, &w);
	assert_int_equal(w.n, 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {TEST(programs_that_count_the_same_at_once_make_one_series), TEST(a_file_of_another_layout_is_left_to_its_programs),
		TEST(a_window_forgets_and_tells_shares)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
