# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += lib/outbox/liboutbox.a
lib_outbox_liboutbox_a_SOURCES = lib/outbox/outbox.c lib/outbox/outbox.h lib/outbox/call.c lib/outbox/call.h
lib_outbox_liboutbox_a_CFLAGS = $(AM_CFLAGS) $(CURL_CFLAGS) $(JANSSON_CFLAGS) $(SODIUM_CFLAGS)
