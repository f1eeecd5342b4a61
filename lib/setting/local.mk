# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += lib/setting/libsetting.a
lib_setting_libsetting_a_SOURCES = lib/setting/setting.c lib/setting/setting.h lib/setting/settings.def
lib_setting_libsetting_a_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
