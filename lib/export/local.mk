# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += lib/export/libexport.a
lib_export_libexport_a_SOURCES = lib/export/export.c lib/export/export.h
lib_export_libexport_a_CFLAGS = $(AM_CFLAGS) $(XML_CFLAGS)
