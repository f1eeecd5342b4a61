# SPDX-License-Identifier: GPL-3.0-or-later
design_test_libs = lib/design/libdesign.a lib/geo/libgeo.a lib/base/libbase.a $(JANSSON_LIBS) $(CMOCKA_LIBS) $(GLPK_LIBS) -lm
design_tests = tests/design/t_graph tests/design/t_outline tests/design/t_polygon tests/design/t_design tests/design/t_detect
check_PROGRAMS += $(design_tests)
TESTS += $(design_tests)
tests_design_t_graph_SOURCES = tests/design/t_graph.c tests/design/town.h tests/base/test.h
tests_design_t_graph_LDADD = $(design_test_libs)
tests_design_t_design_SOURCES = tests/design/t_design.c tests/design/town.h tests/base/test.h
tests_design_t_design_LDADD = $(design_test_libs)
tests_design_t_detect_SOURCES = tests/design/t_detect.c tests/base/test.h
tests_design_t_detect_LDADD = $(design_test_libs)
tests_design_t_outline_SOURCES = tests/design/t_outline.c tests/design/town.h tests/base/test.h
tests_design_t_outline_LDADD = $(design_test_libs)
tests_design_t_polygon_SOURCES = tests/design/t_polygon.c tests/base/test.h
tests_design_t_polygon_LDADD = $(design_test_libs)
