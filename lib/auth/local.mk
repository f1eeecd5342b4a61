# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += lib/auth/libauth.a
lib_auth_libauth_a_SOURCES = lib/auth/auth.c lib/auth/auth.h lib/auth/perm.c lib/auth/perm.h lib/auth/perms.def \
	lib/auth/token.c lib/auth/token.h lib/auth/program.c lib/auth/program.h lib/auth/factor.c lib/auth/factor.h lib/auth/limit.c lib/auth/limit.h lib/auth/password.c lib/auth/password.h lib/auth/known.c lib/auth/known.h lib/auth/leaked.c lib/auth/leaked.h
lib_auth_libauth_a_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS) $(SODIUM_CFLAGS) $(NETTLE_CFLAGS)
