# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += lib/design/libdesign.a
lib_design_libdesign_a_SOURCES = lib/design/design.h lib/design/engine.h lib/design/engine.c lib/design/design.c lib/design/graph.c \
	lib/design/kmeans.c lib/design/connect.c lib/design/balance.c lib/design/refine.c lib/design/exact.c lib/design/check.c \
	lib/design/detect.h lib/design/detect.c
