# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += lib/audit/libaudit.a
lib_audit_libaudit_a_SOURCES = lib/audit/audit.c lib/audit/audit.h lib/audit/actions.def
