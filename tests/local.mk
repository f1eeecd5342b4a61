# SPDX-License-Identifier: GPL-3.0-or-later
# Unit tests speak TAP; `make check` runs the pure ones. Those with a database are built with them and run by tests/db/run.
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/tap-driver.sh
AM_TESTS_ENVIRONMENT = CMOCKA_MESSAGE_OUTPUT=TAP; export CMOCKA_MESSAGE_OUTPUT;
EXTRA_DIST += tests/check tests/count.awk tests/tap.sh tests/tap.mjs tests/t_source.sh tests/source_rules.txt tests/t_layers.sh tests/layers.txt \
	tests/t_docs.mjs tests/api .ci/run

base_tests = tests/base/t_arena tests/base/t_buf tests/base/t_error tests/base/t_time tests/base/t_shape tests/base/t_conf
check_PROGRAMS += $(base_tests)
TESTS += $(base_tests)
base_test_libs = lib/base/libbase.a $(JANSSON_LIBS) $(CMOCKA_LIBS) -lm
tests_base_t_arena_LDADD = $(base_test_libs)
tests_base_t_buf_LDADD = $(base_test_libs)
tests_base_t_error_LDADD = $(base_test_libs)
tests_base_t_time_LDADD = $(base_test_libs)
tests_base_t_shape_LDADD = $(base_test_libs)
tests_base_t_conf_LDADD = $(base_test_libs)
