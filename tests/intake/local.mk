# SPDX-License-Identifier: GPL-3.0-or-later
check_PROGRAMS += tests/intake/t_reader tests/intake/t_values tests/intake/t_mapping tests/intake/t_tus tests/intake/t_transform
TESTS += tests/intake/t_reader tests/intake/t_values tests/intake/t_mapping tests/intake/t_tus tests/intake/t_transform
EXTRA_DIST += tests/data/headers/dev.tsv tests/data/headers/README tests/data/csv-spectrum
intake_test_libs = lib/intake/libintake_pure.a lib/table/libtable.a lib/geo/libgeo.a lib/base/libbase.a $(CSV_LIBS) $(JANSSON_LIBS) $(SODIUM_LIBS) $(PCRE2_LIBS) $(CMOCKA_LIBS) -lm
tests_intake_t_reader_LDADD = $(intake_test_libs)
tests_intake_t_tus_LDADD = $(intake_test_libs)
tests_intake_t_transform_LDADD = $(intake_test_libs)
tests_intake_t_values_LDADD = $(intake_test_libs)
tests_intake_t_mapping_SOURCES = tests/intake/t_mapping.c daemon/map_score.c daemon/map_score.h
tests_intake_t_mapping_LDADD = $(intake_test_libs)
tests_intake_t_mapping_CPPFLAGS = $(AM_CPPFLAGS) -DDATA_DIR='"$(abs_top_srcdir)/tests/data"'
tests_intake_t_reader_CPPFLAGS = $(tests_intake_t_mapping_CPPFLAGS)

# With a database: run by tests/db/run.
db_tests += tests/intake/t_import tests/intake/t_entities
tests_intake_t_import_SOURCES = tests/intake/t_import.c tests/intake/session.h tests/db/db.h tests/base/test.h
tests_intake_t_import_CFLAGS = $(db_test_flags)
tests_intake_t_import_LDADD = $(db_test_libs)
tests_intake_t_entities_SOURCES = tests/intake/t_entities.c tests/intake/session.h tests/db/db.h tests/base/test.h
tests_intake_t_entities_CFLAGS = $(db_test_flags)
tests_intake_t_entities_LDADD = $(db_test_libs)

db_tests += tests/intake/t_undo
tests_intake_t_undo_SOURCES = tests/intake/t_undo.c tests/intake/session.h tests/db/db.h tests/base/test.h
tests_intake_t_undo_CFLAGS = $(db_test_flags)
tests_intake_t_undo_LDADD = $(db_test_libs)

db_tests += tests/intake/t_overlay
tests_intake_t_overlay_SOURCES = tests/intake/t_overlay.c tests/intake/session.h tests/db/db.h tests/base/test.h
tests_intake_t_overlay_CFLAGS = $(db_test_flags)
tests_intake_t_overlay_LDADD = $(db_test_libs)

db_tests += tests/intake/t_match
tests_intake_t_match_SOURCES = tests/intake/t_match.c tests/intake/session.h tests/db/db.h tests/base/test.h
tests_intake_t_match_CFLAGS = $(db_test_flags)
tests_intake_t_match_LDADD = $(db_test_libs)
