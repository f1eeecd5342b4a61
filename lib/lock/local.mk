# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += lib/lock/liblock.a
lib_lock_liblock_a_SOURCES = lib/lock/lock.c lib/lock/lock.h
