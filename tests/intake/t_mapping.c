/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mapping suggestions scored on labelled header lines, as `beatplan map --score` does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/map_score.h"

static void labelled_headers(void **state)
{
	FILE *fp = fopen(DATA_DIR "/headers/dev.tsv", "r");
	struct bp_map_score s;

	(void)state;
	assert_non_null(fp);
	assert_true(bp_map_score(fp, stdout, &s));
	fclose(fp);
	print_message("%.4f of the columns with a meaning in %zu files, %zu of %zu without one mapped, %zu wrong\n", s.accuracy, s.files,
		s.mapped_none, s.none, s.wrong);
	assert_true(s.files > 20);
	assert_int_equal(s.other_files, 0);
	assert_true(s.accuracy > 0.97);
	assert_true((double)s.mapped_none < 0.03 * (double)s.none);
	assert_true(s.wrong <= 8);
}

static void any_other_file(void **state)
{
	char text[] = "a\tb\n1\t2\n";
	FILE *fp = fmemopen(text, strlen(text), "r");
	struct bp_map_score s;

	(void)state;
	assert_false(bp_map_score(fp, NULL, &s));
	fclose(fp);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(labelled_headers), cmocka_unit_test(any_other_file)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
