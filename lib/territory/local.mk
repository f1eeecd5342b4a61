# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += lib/territory/libterritory.a
lib_territory_libterritory_a_SOURCES = \
	lib/territory/allow.c \
	lib/territory/boundary.c lib/territory/boundary_read.c lib/territory/boundary.h \
	lib/territory/check.c lib/territory/check.h \
	lib/territory/choose.c lib/territory/choose.h \
	lib/territory/compare.c lib/territory/compare.h \
	lib/territory/conflict.c lib/territory/conflict.h lib/territory/conflicts.def \
	lib/territory/drawing.c lib/territory/drawing.h \
	lib/territory/edit.c lib/territory/edit.h \
	lib/territory/member.c lib/territory/member.h \
	lib/territory/overview.c lib/territory/overview.h \
	lib/territory/pin.c lib/territory/pin.h \
	lib/territory/place.c lib/territory/place.h \
	lib/territory/publish.c lib/territory/publish.h \
	lib/territory/rows.c lib/territory/rows.h \
	lib/territory/scenario.c lib/territory/scenario.h \
	lib/territory/transfer.c lib/territory/transfer.h \
	lib/territory/tree.c lib/territory/tree.h \
	lib/territory/unit_polygon.c lib/territory/unit_polygon.h \
	lib/territory/weigh.c lib/territory/weigh.h
lib_territory_libterritory_a_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
