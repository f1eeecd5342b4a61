# SPDX-License-Identifier: GPL-3.0-or-later
# Unit tests speak TAP; `make check` runs the pure ones. Those with a database are built with them and run by tests/db/run.
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/tap-driver.sh
AM_TESTS_ENVIRONMENT = CMOCKA_MESSAGE_OUTPUT=TAP; export CMOCKA_MESSAGE_OUTPUT;
EXTRA_DIST += tests/check tests/count.awk tests/tap.sh tests/tap.mjs tests/t_source.sh tests/source_rules.txt tests/t_layers.sh tests/layers.txt \
	tests/t_docs.mjs tests/api .ci/run

base_tests = tests/base/t_arena tests/base/t_buf tests/base/t_error tests/base/t_time tests/base/t_shape tests/base/t_conf tests/base/t_meter
check_PROGRAMS += $(base_tests)
TESTS += $(base_tests)
base_test_libs = lib/base/libbase.a $(JANSSON_LIBS) $(CMOCKA_LIBS) -lm
tests_base_t_arena_SOURCES = tests/base/t_arena.c tests/base/test.h
tests_base_t_arena_LDADD = $(base_test_libs)
tests_base_t_buf_SOURCES = tests/base/t_buf.c tests/base/test.h
tests_base_t_buf_LDADD = $(base_test_libs)
tests_base_t_error_SOURCES = tests/base/t_error.c tests/base/test.h
tests_base_t_error_LDADD = $(base_test_libs)
tests_base_t_time_SOURCES = tests/base/t_time.c tests/base/test.h
tests_base_t_time_LDADD = $(base_test_libs)
tests_base_t_shape_SOURCES = tests/base/t_shape.c tests/base/test.h
tests_base_t_shape_LDADD = $(base_test_libs)
tests_base_t_conf_SOURCES = tests/base/t_conf.c tests/base/test.h
tests_base_t_conf_LDADD = $(base_test_libs)
tests_base_t_meter_SOURCES = tests/base/t_meter.c tests/base/test.h
tests_base_t_meter_LDADD = $(base_test_libs)

db_tests = tests/db/t_schema tests/db/t_tx tests/db/t_races tests/db/t_job tests/db/t_scenario tests/db/t_choose tests/db/t_check tests/db/t_visits tests/db/t_retention tests/db/t_chains tests/db/t_audit tests/db/t_due tests/db/t_snapshot tests/db/t_alarm tests/db/t_rights tests/db/t_analyst tests/db/t_sign_in
check_PROGRAMS += $(db_tests)
check_LIBRARIES = tests/db/libdbt.a
db_test_libs = tests/db/libdbt.a $(ROOMS) $(ROOMS_LIBS) $(CMOCKA_LIBS)
db_test_flags = $(AM_CFLAGS) $(JANSSON_CFLAGS) $(SODIUM_CFLAGS)
EXTRA_DIST += tests/db/run
tests_db_libdbt_a_SOURCES = tests/db/db.c tests/db/db.h tests/base/test.h
tests_db_libdbt_a_CFLAGS = $(db_test_flags)
tests_db_t_schema_SOURCES = tests/db/t_schema.c tests/db/db.h tests/base/test.h
tests_db_t_schema_CFLAGS = $(db_test_flags)
tests_db_t_schema_LDADD = $(db_test_libs)
tests_db_t_tx_SOURCES = tests/db/t_tx.c tests/db/db.h tests/base/test.h
tests_db_t_tx_CFLAGS = $(db_test_flags)
tests_db_t_tx_LDADD = $(db_test_libs)
tests_db_t_races_SOURCES = tests/db/t_races.c tests/db/db.h tests/base/test.h
tests_db_t_races_CFLAGS = $(db_test_flags)
tests_db_t_races_LDADD = $(db_test_libs)
tests_db_t_scenario_SOURCES = tests/db/t_scenario.c tests/db/scenario.h tests/db/db.h tests/base/test.h
tests_db_t_scenario_CFLAGS = $(db_test_flags)
tests_db_t_scenario_LDADD = $(db_test_libs)
tests_db_t_choose_SOURCES = tests/db/t_choose.c tests/db/db.h tests/base/test.h
tests_db_t_choose_CFLAGS = $(db_test_flags)
tests_db_t_choose_LDADD = $(db_test_libs)
tests_db_t_check_SOURCES = tests/db/t_check.c tests/db/db.h tests/base/test.h
tests_db_t_check_CFLAGS = $(db_test_flags)
tests_db_t_check_LDADD = $(db_test_libs)
tests_db_t_visits_SOURCES = tests/db/t_visits.c tests/db/db.h tests/base/test.h
tests_db_t_visits_CFLAGS = $(db_test_flags)
tests_db_t_visits_LDADD = $(db_test_libs)
tests_db_t_retention_SOURCES = tests/db/t_retention.c tests/db/db.h tests/base/test.h
tests_db_t_retention_CFLAGS = $(db_test_flags)
tests_db_t_retention_LDADD = $(db_test_libs)
tests_db_t_due_SOURCES = tests/db/t_due.c tests/db/db.h tests/base/test.h
tests_db_t_due_CFLAGS = $(db_test_flags)
tests_db_t_due_LDADD = $(db_test_libs)
tests_db_t_chains_SOURCES = tests/db/t_chains.c tests/db/db.h tests/base/test.h
tests_db_t_chains_CFLAGS = $(db_test_flags)
tests_db_t_chains_LDADD = $(db_test_libs)
tests_db_t_job_SOURCES = tests/db/t_job.c tests/db/db.h tests/base/test.h
tests_db_t_job_CFLAGS = $(db_test_flags)
tests_db_t_job_LDADD = $(db_test_libs)
tests_db_t_snapshot_SOURCES = tests/db/t_snapshot.c tests/db/db.h tests/base/test.h
tests_db_t_snapshot_CFLAGS = $(db_test_flags)
tests_db_t_snapshot_LDADD = $(db_test_libs)
tests_db_t_alarm_SOURCES = tests/db/t_alarm.c tests/db/db.h tests/base/test.h
tests_db_t_alarm_CFLAGS = $(db_test_flags)
tests_db_t_alarm_LDADD = $(db_test_libs)
tests_db_t_rights_SOURCES = tests/db/t_rights.c tests/db/db.h tests/base/test.h
tests_db_t_rights_CFLAGS = $(db_test_flags)
tests_db_t_rights_LDADD = $(db_test_libs)
tests_db_t_analyst_SOURCES = tests/db/t_analyst.c tests/db/db.h tests/base/test.h
tests_db_t_analyst_CFLAGS = $(db_test_flags)
tests_db_t_analyst_LDADD = $(db_test_libs)
tests_db_t_sign_in_SOURCES = tests/db/t_sign_in.c tests/db/db.h tests/base/test.h
tests_db_t_sign_in_CFLAGS = $(db_test_flags)
tests_db_t_sign_in_LDADD = $(db_test_libs)
tests_db_t_audit_SOURCES = tests/db/t_audit.c tests/db/db.h tests/base/test.h
tests_db_t_audit_CFLAGS = $(db_test_flags)
tests_db_t_audit_LDADD = $(db_test_libs)
print-db-tests:
	@echo $(db_tests)
.PHONY: print-db-tests

# The dispatcher without a database: it links the rooms, but connects to nothing.
check_PROGRAMS += tests/cgi/t_dispatch
TESTS += tests/cgi/t_dispatch
tests_cgi_t_dispatch_SOURCES = tests/cgi/t_dispatch.c tests/base/test.h
tests_cgi_t_dispatch_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS) $(SODIUM_CFLAGS)
tests_cgi_t_dispatch_LDADD = $(cgi_apidoc_LDADD) $(CMOCKA_LIBS)

# Access, as far as it needs no database.
check_PROGRAMS += tests/auth/t_auth
TESTS += tests/auth/t_auth
tests_auth_t_auth_SOURCES = tests/auth/t_auth.c tests/base/test.h
tests_auth_t_auth_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS) $(SODIUM_CFLAGS) $(NETTLE_CFLAGS)
tests_auth_t_auth_LDADD = $(ROOMS) $(ROOMS_LIBS) $(CMOCKA_LIBS)
