# SPDX-License-Identifier: GPL-3.0-or-later
check_PROGRAMS += tests/table/t_table
TESTS += tests/table/t_table
tests_table_t_table_CFLAGS = $(AM_CFLAGS) $(ARCHIVE_CFLAGS)
tests_table_t_table_LDADD = lib/table/libtable.a lib/base/libbase.a $(JANSSON_LIBS) $(XML_LIBS) $(ARCHIVE_LIBS) $(CMOCKA_LIBS) -lm
