# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += lib/demand/libdemand.a
lib_demand_libdemand_a_SOURCES = lib/demand/rhythm.c lib/demand/rhythm.h
