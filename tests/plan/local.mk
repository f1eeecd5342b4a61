# SPDX-License-Identifier: GPL-3.0-or-later
check_PROGRAMS += tests/plan/t_draft
TESTS += tests/plan/t_draft
tests_plan_t_draft_SOURCES = tests/plan/t_draft.c tests/plan/make.h tests/base/test.h
tests_plan_t_draft_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
tests_plan_t_draft_LDADD = $(ROOMS) $(ROOMS_LIBS) $(CMOCKA_LIBS)
