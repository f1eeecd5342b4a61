# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += lib/event/libevent.a
lib_event_libevent_a_SOURCES = lib/event/event.c lib/event/event.h lib/event/look.c lib/event/look.h
lib_event_libevent_a_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS) $(SODIUM_CFLAGS)
