# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += lib/base/libbase.a
lib_base_libbase_a_SOURCES = lib/base/error.c lib/base/error.h lib/base/errors.def \
	lib/base/arena.c lib/base/arena.h lib/base/buf.c lib/base/buf.h \
	lib/base/log.c lib/base/log.h lib/base/opt.h \
	lib/base/meter.c lib/base/meter.h lib/base/time.c lib/base/time.h lib/base/shape.c lib/base/shape.h \
	lib/base/conf.c lib/base/conf.h lib/base/conf.def
lib_base_libbase_a_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS) $(XML_CFLAGS) $(PCRE2_CFLAGS) $(SODIUM_CFLAGS)
