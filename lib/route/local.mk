noinst_LIBRARIES += lib/route/libroute.a
lib_route_libroute_a_SOURCES = lib/route/route.h lib/route/problem.h lib/route/problem.c \
	lib/route/solution.h lib/route/solution.c lib/route/travel.h lib/route/travel.c \
	lib/route/leg.h lib/route/compact.h lib/route/pattern.h lib/route/pattern.c lib/route/params.c \
	lib/route/engine.h lib/route/engine.c lib/route/near.c lib/route/pcache.h lib/route/pcache.c lib/route/tours.c lib/route/window.c \
	lib/route/insert.c lib/route/moves.c lib/route/ruin.c lib/route/anneal.c lib/route/savings.c lib/route/fleet.c lib/route/eject.c \
	lib/route/cells.h lib/route/cells.c lib/route/construct.c lib/route/reason.c lib/route/parts.c lib/route/solve.c lib/route/tour.c \
	lib/route/check.c lib/route/edit.h lib/route/edit.c lib/route/price.c lib/route/repair.c lib/route/alternatives.c lib/route/explain.c lib/route/relax.c lib/route/reseq.c lib/route/fallback.c lib/route/read.h \
	lib/route/read.c lib/route/read_vrp.c lib/route/read_journey.c lib/route/write_journey.c lib/route/sol.c

# The solver's subcommands as a program of their own.
noinst_PROGRAMS += beatplan-solve
beatplan_solve_SOURCES = daemon/solve.c daemon/cmd_solve.h daemon/cmd_solve.c daemon/cmd_verify.c \
	daemon/cmd_bench_journey.c daemon/journey_case.h daemon/journey_case.c
beatplan_solve_CFLAGS = $(AM_CFLAGS) -DBP_CONF_DIR='"$(abs_top_srcdir)/conf"'
beatplan_solve_LDADD = lib/osrm/libosrm.a lib/route/libroute.a lib/geo/libgeo.a lib/base/libbase.a $(JANSSON_LIBS) \
	$(CURL_LIBS) -lm -lpthread
