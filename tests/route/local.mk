route_test_libs = lib/route/libroute.a lib/geo/libgeo.a lib/base/libbase.a $(JANSSON_LIBS) \
	$(CMOCKA_LIBS) -lm -lpthread

route_tests = tests/route/t_geo tests/route/t_model tests/route/t_solve tests/route/t_read tests/route/t_oracle \
	tests/route/t_legs tests/route/t_random tests/route/t_alternatives tests/route/t_warm tests/route/t_engine
check_PROGRAMS += $(route_tests)
TESTS += $(route_tests)
EXTRA_DIST += tests/data/legs.csv
tests_route_t_legs_SOURCES = tests/route/t_legs.c
tests_route_t_legs_LDADD = $(route_test_libs)
tests_route_t_geo_SOURCES = tests/route/t_geo.c
tests_route_t_geo_LDADD = $(route_test_libs)
tests_route_t_model_SOURCES = tests/route/t_model.c tests/route/make.h tests/route/make.c
tests_route_t_model_LDADD = $(route_test_libs)
tests_route_t_solve_SOURCES = tests/route/t_solve.c tests/route/run.h tests/route/make.h tests/route/make.c
tests_route_t_solve_LDADD = $(route_test_libs)
tests_route_t_read_SOURCES = tests/route/t_read.c
tests_route_t_read_LDADD = $(route_test_libs)
tests_route_t_oracle_SOURCES = tests/route/t_oracle.c tests/route/make.h tests/route/make.c
tests_route_t_oracle_LDADD = $(route_test_libs) $(GLPK_LIBS)
tests_route_t_warm_SOURCES = tests/route/t_warm.c tests/route/make.h tests/route/make.c
tests_route_t_warm_LDADD = $(route_test_libs)
# ./t_alternatives 200 prints the distribution.
tests_route_t_alternatives_SOURCES = tests/route/t_alternatives.c tests/route/make.h tests/route/make.c
tests_route_t_alternatives_LDADD = $(route_test_libs)
# ./t_random 10000 is the campaign.
tests_route_t_random_SOURCES = tests/route/t_random.c tests/route/make.h tests/route/make.c \
	daemon/cmd_solve.h daemon/cmd_verify.c
tests_route_t_random_LDADD = $(route_test_libs)

check_PROGRAMS += tests/osrm/t_osrm
TESTS += tests/osrm/t_osrm
tests_osrm_t_osrm_SOURCES = tests/osrm/t_osrm.c tests/route/make.h tests/route/make.c
tests_osrm_t_osrm_LDADD = lib/osrm/libosrm.a $(route_test_libs) $(CURL_LIBS)

check_PROGRAMS += tests/daemon/t_solve_child
TESTS += tests/daemon/t_solve_child
tests_daemon_t_solve_child_SOURCES = tests/daemon/t_solve_child.c daemon/solve_child.c daemon/solve_child.h daemon/pipe.c daemon/pipe.h \
	tests/route/run.h tests/route/make.h tests/route/make.c
tests_daemon_t_solve_child_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
tests_daemon_t_solve_child_LDADD = $(ROOMS) $(ROOMS_LIBS) $(CMOCKA_LIBS)
tests_route_t_engine_SOURCES = tests/route/t_engine.c tests/route/run.h tests/route/make.h tests/route/make.c
tests_route_t_engine_LDADD = $(route_test_libs)
