# SPDX-License-Identifier: GPL-3.0-or-later
noinst_LIBRARIES += cgi/libcgi.a
cgi_libcgi_a_SOURCES = cgi/endpoint.h cgi/route.c cgi/route.h cgi/dispatch.c cgi/access.c cgi/access.h cgi/replica.c cgi/replica.h cgi/meter.c cgi/meter.h cgi/once.c cgi/once.h cgi/change_set.c cgi/change_set.h cgi/resources.def \
	cgi/res_auth.c cgi/res_account.c cgi/res_programs.c cgi/res_all_programs.c cgi/res_users.c cgi/res_users.h cgi/res_audit.c cgi/res_jobs.c cgi/res_jobs.h cgi/res_schedules.c cgi/res_health.c cgi/res_system.c cgi/res_settings.c cgi/res_home.c \
	cgi/res_locks.c cgi/res_notices.c cgi/res_events.c cgi/res_profiles.c cgi/res_holidays.c cgi/res_absences.c cgi/res_seats.c cgi/draft_view.c cgi/draft_view.h cgi/res_sessions.c cgi/res_sessions.h cgi/res_board.c cgi/res_optimize.c cgi/res_plans.c cgi/res_plans.h cgi/res_visits.c cgi/res_beats.c cgi/res_windows.c cgi/res_windows.h cgi/res_chains.c cgi/res_exports.c cgi/res_explain.c cgi/of_plan.c cgi/of_plan.h cgi/res_review.c cgi/res_comments.c cgi/res_reasons.c \
	cgi/res_imports.c cgi/res_imports.h cgi/res_uploads.c cgi/res_import_schemas.c cgi/res_import_rows.c cgi/res_import_levels.c cgi/res_import_fixes.c cgi/res_import_undo.c cgi/res_import_delta.c \
	cgi/tus.c cgi/tus.h cgi/res_transfers.c cgi/res_tickets.c cgi/res_watches.c \
	cgi/res_territories.c cgi/res_models.c cgi/res_placings.c cgi/res_designs.c cgi/res_choices.c cgi/res_design_seats.c cgi/res_design_map.c cgi/res_comparison.c cgi/res_boundaries.c cgi/res_unit_polygons.c cgi/res_conflicts.c cgi/res_pins.c cgi/res_unplanned.c cgi/res_outlets.c cgi/res_outlet_edits.c cgi/res_sales.c cgi/res_reference.c
cgi_libcgi_a_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS) $(SODIUM_CFLAGS) $(QRENCODE_CFLAGS)

pkglibexec_PROGRAMS += beatplan.fcgi
beatplan_fcgi_SOURCES = cgi/main.c
beatplan_fcgi_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS) $(SODIUM_CFLAGS)
beatplan_fcgi_LDADD = cgi/libcgi.a $(ROOMS) $(QRENCODE_LIBS) $(FCGI_LIBS) $(ROOMS_LIBS)

noinst_PROGRAMS += cgi/apidoc
cgi_apidoc_SOURCES = cgi/apidoc.c cgi/apidoc_example.c cgi/apidoc_example.h
cgi_apidoc_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS) $(SODIUM_CFLAGS)
cgi_apidoc_LDADD = cgi/libcgi.a $(ROOMS) $(QRENCODE_LIBS) $(ROOMS_LIBS)

# What follows from the endpoint rows.
noinst_DATA += gen/openapi.json gen/api.js gen/permissions.md gen/errors.md gen/import-rules.md gen/pools.conf
CLEANFILES += gen/openapi.json gen/api.js gen/permissions.md gen/errors.md gen/import-rules.md gen/pools.conf
gen/openapi.json: cgi/apidoc$(EXEEXT)
	$(AM_V_GEN)cgi/apidoc openapi > $@.tmp && mv $@.tmp $@
gen/api.js: cgi/apidoc$(EXEEXT)
	$(AM_V_GEN)cgi/apidoc client > $@.tmp && mv $@.tmp $@
gen/permissions.md: cgi/apidoc$(EXEEXT)
	$(AM_V_GEN)cgi/apidoc matrix > $@.tmp && mv $@.tmp $@
gen/errors.md: cgi/apidoc$(EXEEXT)
	$(AM_V_GEN)cgi/apidoc errors > $@.tmp && mv $@.tmp $@
gen/import-rules.md: cgi/apidoc$(EXEEXT)
	$(AM_V_GEN)cgi/apidoc rules > $@.tmp && mv $@.tmp $@
gen/pools.conf: cgi/apidoc$(EXEEXT)
	$(AM_V_GEN)cgi/apidoc pools > $@.tmp && mv $@.tmp $@
