# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += lib/audit/libaudit.a
lib_audit_libaudit_a_SOURCES = lib/audit/audit.c lib/audit/audit.h lib/audit/actions.def lib/audit/chain.c lib/audit/chain.h lib/audit/chain_own.h \
	lib/audit/archive.c lib/audit/verify.c lib/audit/trail.c lib/audit/trail.h
lib_audit_libaudit_a_CFLAGS = $(AM_CFLAGS) $(SODIUM_CFLAGS) $(ZLIB_CFLAGS)
