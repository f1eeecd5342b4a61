# SPDX-License-Identifier: GPL-3.0-or-later
# Every parser of bytes from outside: its corpus is replayed as a unit test; tests/fuzz/run searches for more with clang.
fuzz_tests = tests/fuzz/f_values tests/fuzz/f_rows tests/fuzz/f_headers tests/fuzz/f_mapping tests/fuzz/f_tables tests/fuzz/f_problem tests/fuzz/f_requests tests/fuzz/f_boundaries tests/fuzz/f_tokens
check_PROGRAMS += $(fuzz_tests)
TESTS += $(fuzz_tests)
EXTRA_DIST += tests/fuzz/corpus tests/fuzz/run
fuzz_common = tests/fuzz/fuzz.c tests/fuzz/fuzz.h tests/fuzz/replay.c
fuzz_flags = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
fuzz_corpus = -DFUZZ_CORPUS='"$(abs_top_srcdir)/tests/fuzz/corpus
tests_fuzz_f_values_SOURCES = tests/fuzz/f_values.c $(fuzz_common)
tests_fuzz_f_values_CPPFLAGS = $(fuzz_flags) $(fuzz_corpus)/values"'
tests_fuzz_f_values_LDADD = $(intake_test_libs)
tests_fuzz_f_rows_SOURCES = tests/fuzz/f_rows.c $(fuzz_common)
tests_fuzz_f_rows_CPPFLAGS = $(fuzz_flags) $(fuzz_corpus)/rows"'
tests_fuzz_f_rows_LDADD = $(intake_test_libs)
tests_fuzz_f_headers_SOURCES = tests/fuzz/f_headers.c $(fuzz_common)
tests_fuzz_f_headers_CPPFLAGS = $(fuzz_flags) $(fuzz_corpus)/rows"'
tests_fuzz_f_headers_LDADD = $(intake_test_libs)
tests_fuzz_f_mapping_SOURCES = tests/fuzz/f_mapping.c $(fuzz_common)
tests_fuzz_f_mapping_CPPFLAGS = $(fuzz_flags) $(fuzz_corpus)/rows"'
tests_fuzz_f_mapping_LDADD = $(intake_test_libs)
tests_fuzz_f_tables_SOURCES = tests/fuzz/f_tables.c $(fuzz_common)
tests_fuzz_f_tables_CPPFLAGS = $(fuzz_flags) $(fuzz_corpus)/tables"'
tests_fuzz_f_tables_LDADD = $(tests_table_t_table_LDADD)
tests_fuzz_f_problem_SOURCES = tests/fuzz/f_problem.c $(fuzz_common)
tests_fuzz_f_problem_CPPFLAGS = $(fuzz_flags) $(fuzz_corpus)/problem"'
tests_fuzz_f_problem_LDADD = $(tests_route_t_read_LDADD)
tests_fuzz_f_requests_SOURCES = tests/fuzz/f_requests.c $(fuzz_common)
tests_fuzz_f_requests_CPPFLAGS = $(fuzz_flags) $(fuzz_corpus)/requests"'
tests_fuzz_f_requests_LDADD = $(intake_test_libs)
tests_fuzz_f_boundaries_SOURCES = tests/fuzz/f_boundaries.c $(fuzz_common)
tests_fuzz_f_boundaries_CPPFLAGS = $(fuzz_flags) $(fuzz_corpus)/boundaries"'
tests_fuzz_f_boundaries_LDADD = $(ROOMS) $(ROOMS_LIBS)
tests_fuzz_f_tokens_SOURCES = tests/fuzz/f_tokens.c $(fuzz_common)
tests_fuzz_f_tokens_CPPFLAGS = $(fuzz_flags) $(SODIUM_CFLAGS) $(fuzz_corpus)/tokens"'
tests_fuzz_f_tokens_LDADD = $(ROOMS) $(ROOMS_LIBS)
