# SPDX-License-Identifier: GPL-3.0-or-later
check_PROGRAMS += tests/demand/t_rhythm
TESTS += tests/demand/t_rhythm
tests_demand_t_rhythm_SOURCES = tests/demand/t_rhythm.c tests/base/test.h
tests_demand_t_rhythm_LDADD = lib/demand/libdemand.a lib/base/libbase.a $(JANSSON_LIBS) $(CMOCKA_LIBS) -lm
