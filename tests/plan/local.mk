# SPDX-License-Identifier: GPL-3.0-or-later
check_PROGRAMS += tests/plan/t_draft tests/plan/t_hold tests/plan/t_clash tests/plan/t_elsewhere
TESTS += tests/plan/t_draft tests/plan/t_hold tests/plan/t_clash tests/plan/t_elsewhere
tests_plan_t_draft_SOURCES = tests/plan/t_draft.c tests/plan/make.h tests/base/test.h
tests_plan_t_draft_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
tests_plan_t_draft_LDADD = $(ROOMS) $(ROOMS_LIBS) $(CMOCKA_LIBS)
tests_plan_t_clash_SOURCES = tests/plan/t_clash.c tests/plan/make.h tests/base/test.h
tests_plan_t_clash_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
tests_plan_t_clash_LDADD = $(ROOMS) $(ROOMS_LIBS) $(CMOCKA_LIBS)
tests_plan_t_hold_SOURCES = tests/plan/t_hold.c tests/plan/make.h tests/base/test.h
tests_plan_t_hold_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
tests_plan_t_hold_LDADD = $(ROOMS) $(ROOMS_LIBS) $(CMOCKA_LIBS)
tests_plan_t_elsewhere_SOURCES = tests/plan/t_elsewhere.c tests/plan/make.h tests/base/test.h
tests_plan_t_elsewhere_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
tests_plan_t_elsewhere_LDADD = $(ROOMS) $(ROOMS_LIBS) $(CMOCKA_LIBS)
