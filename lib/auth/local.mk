# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += lib/auth/libauth.a
lib_auth_libauth_a_SOURCES = lib/auth/auth.c lib/auth/auth.h lib/auth/perm.c lib/auth/perm.h lib/auth/perms.def
lib_auth_libauth_a_CFLAGS = $(AM_CFLAGS) $(SODIUM_CFLAGS)
