# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += lib/export/libexport.a
lib_export_libexport_a_SOURCES = lib/export/export.c lib/export/export.h lib/export/writer.h lib/export/write_text.c lib/export/write_xlsx.c \
	lib/export/write_ics.c lib/export/store.c lib/export/store.h
lib_export_libexport_a_CFLAGS = $(AM_CFLAGS) $(XML_CFLAGS) $(JANSSON_CFLAGS) $(XLSX_CFLAGS)
