# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += lib/geo/libgeo.a
lib_geo_libgeo_a_SOURCES = lib/geo/kdtree.c lib/geo/kdtree.h lib/geo/delaunay.c lib/geo/delaunay.h \
	lib/geo/outline.c lib/geo/outline.h lib/geo/net.c lib/geo/net.h lib/geo/polygon.c lib/geo/polygon.h lib/geo/cell.c lib/geo/cell.h lib/geo/country.c lib/geo/country.h lib/geo/countries.def
