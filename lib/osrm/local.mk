noinst_LIBRARIES += lib/osrm/libosrm.a
lib_osrm_libosrm_a_SOURCES = lib/osrm/osrm.c lib/osrm/osrm.h lib/osrm/table.c lib/osrm/table.h
lib_osrm_libosrm_a_CFLAGS = $(AM_CFLAGS) $(CURL_CFLAGS) $(JANSSON_CFLAGS)
