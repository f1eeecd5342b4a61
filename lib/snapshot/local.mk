# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += lib/snapshot/libsnapshot.a
lib_snapshot_libsnapshot_a_SOURCES = lib/snapshot/snapshot.c lib/snapshot/keep_true.c lib/snapshot/snapshot.h
lib_snapshot_libsnapshot_a_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS) $(SODIUM_CFLAGS) $(DEFLATE_CFLAGS)
