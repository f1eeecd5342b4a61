route_test_libs = lib/route/libroute.a lib/geo/libgeo.a lib/base/libbase.a $(JANSSON_LIBS) \
	$(CMOCKA_LIBS) -lm -lpthread

check_PROGRAMS += tests/route/t_geo tests/route/t_model tests/route/t_solve tests/route/t_read \
	tests/route/t_oracle tests/route/t_engine
TESTS += tests/route/t_geo tests/route/t_model tests/route/t_solve tests/route/t_read \
	tests/route/t_oracle tests/route/t_engine
tests_route_t_geo_SOURCES = tests/route/t_geo.c
tests_route_t_geo_LDADD = $(route_test_libs)
tests_route_t_model_SOURCES = tests/route/t_model.c tests/route/make.h tests/route/make.c
tests_route_t_model_LDADD = $(route_test_libs)
tests_route_t_solve_SOURCES = tests/route/t_solve.c tests/route/make.h tests/route/make.c
tests_route_t_solve_LDADD = $(route_test_libs)
tests_route_t_read_SOURCES = tests/route/t_read.c
tests_route_t_read_LDADD = $(route_test_libs)
tests_route_t_oracle_SOURCES = tests/route/t_oracle.c tests/route/make.h tests/route/make.c
tests_route_t_oracle_LDADD = $(route_test_libs) $(GLPK_LIBS)
tests_route_t_engine_SOURCES = tests/route/t_engine.c tests/route/make.h tests/route/make.c
tests_route_t_engine_LDADD = $(route_test_libs)
