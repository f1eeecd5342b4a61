# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += lib/table/libtable.a
lib_table_libtable_a_SOURCES = lib/table/table.c lib/table/table.h lib/table/ending.c lib/table/foreign.c lib/table/ending.h lib/table/source.c lib/table/source.h lib/table/rows.c lib/table/rows.h \
	lib/table/json.c lib/table/xmlin.c lib/table/xmlin.h lib/table/xml.c lib/table/workbook.c
lib_table_libtable_a_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS) $(XML_CFLAGS) $(ARCHIVE_CFLAGS)
