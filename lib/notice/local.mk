# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += lib/notice/libnotice.a
lib_notice_libnotice_a_SOURCES = lib/notice/notice.c lib/notice/notice.h lib/notice/kinds.def
lib_notice_libnotice_a_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
