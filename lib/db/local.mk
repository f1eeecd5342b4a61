# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += lib/db/libdb.a
lib_db_libdb_a_SOURCES = lib/db/connection.c lib/db/connection.h lib/db/statement.c lib/db/db.h lib/db/migrate.c lib/db/migrate.h \
	lib/db/journal.c lib/db/journal.h lib/db/rights.c lib/db/rights.h lib/db/rights.def
nodist_lib_db_libdb_a_SOURCES = gen/queries.c gen/queries.h
lib_db_libdb_a_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS) $(MARIADB_CFLAGS) $(SODIUM_CFLAGS)

QUERIES = $(sort $(wildcard $(top_srcdir)/sql/q/*.sql))
BUILT_SOURCES += gen/queries.h
CLEANFILES += gen/queries.h gen/queries.c
EXTRA_DIST += sql

gen/queries.h: sql/q2c.awk $(QUERIES)
	@$(MKDIR_P) gen
	$(AM_V_GEN)$(AWK) -v part=h -f $(top_srcdir)/sql/q2c.awk $(QUERIES) > $@.tmp && mv $@.tmp $@
gen/queries.c: sql/q2c.awk $(QUERIES)
	@$(MKDIR_P) gen
	$(AM_V_GEN)$(AWK) -v part=c -f $(top_srcdir)/sql/q2c.awk $(QUERIES) > $@.tmp && mv $@.tmp $@
