# SPDX-License-Identifier: GPL-3.0-or-later
# Files in, rows out: the pure part (registry, sniffing, reading, mapping, checking).
noinst_LIBRARIES += lib/intake/libintake_pure.a
lib_intake_libintake_pure_a_SOURCES = lib/intake/registry.c lib/intake/registry.h lib/intake/columns.def \
	lib/intake/entities.def lib/intake/enums.def lib/intake/rules.def \
	lib/intake/reader.c lib/intake/reader.h lib/intake/sniff.c lib/intake/sniff_encoding.c lib/intake/sniff.h \
	lib/intake/value.c lib/intake/value_time.c lib/intake/value.h lib/intake/suggest.c lib/intake/suggest.h lib/intake/header.c lib/intake/header.h lib/intake/words.def \
	lib/intake/check.c lib/intake/check.h lib/intake/transform.c lib/intake/transform.h lib/intake/profile.c lib/intake/profile.h lib/intake/advice.def lib/intake/fix.c lib/intake/fix.h lib/intake/fixes.def lib/intake/mending.c lib/intake/mending.h lib/intake/tus.c lib/intake/tus.h
lib_intake_libintake_pure_a_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS) $(PCRE2_CFLAGS) $(SODIUM_CFLAGS)

# The part with the database: files, staging, checks across rows, publication.
noinst_LIBRARIES += lib/intake/libintake.a
lib_intake_libintake_a_SOURCES = lib/intake/intake.h lib/intake/files.c lib/intake/upload.c lib/intake/stage.c lib/intake/dict.c lib/intake/dict.h lib/intake/cross.c lib/intake/session.c \
	lib/intake/source.c lib/intake/source.h lib/intake/open.c lib/intake/open.h lib/intake/plausible.c lib/intake/edits.c lib/intake/edits.h lib/intake/mend.c lib/intake/mend.h \
	lib/intake/publish.c lib/intake/baseline.c lib/intake/undo.c lib/intake/delta.c lib/intake/delta.h lib/intake/kind.c lib/intake/kind.h lib/intake/kind_master.c lib/intake/kind_sales.c lib/intake/kind_chain.c \
	lib/intake/stores.c lib/intake/stores.h lib/intake/volume.c lib/intake/volume.h lib/intake/transfer.c lib/intake/transfer.h lib/intake/limits.c lib/intake/watch.c lib/intake/watch.h lib/intake/hierarchy.c lib/intake/hierarchy.h lib/intake/hierarchy_model.c lib/intake/search.c lib/intake/search.h lib/intake/match.c lib/intake/match.h lib/intake/overlay.c lib/intake/overlay.h lib/intake/overlay.def
lib_intake_libintake_a_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS) $(SODIUM_CFLAGS) $(NETTLE_CFLAGS)
