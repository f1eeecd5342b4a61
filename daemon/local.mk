# SPDX-License-Identifier: GPL-3.0-or-later
bin_PROGRAMS += beatplan-cli
beatplan_cli_SOURCES = daemon/beatplan.c daemon/cmd.h daemon/cmds.def daemon/state.c daemon/state.h \
	daemon/supervisor.c daemon/supervisor.h daemon/rotate.c daemon/rotate.h daemon/setup.c daemon/setup.h \
	daemon/cmd_up.c daemon/cmd_migrate.c daemon/cmd_doctor.c daemon/doctor.h daemon/cmd_support.c daemon/cmd_maintenance.c daemon/cmd_upgrade.c daemon/upgrade.c daemon/upgrade.h daemon/shell.c daemon/shell.h daemon/trail.c daemon/cmd_user.c daemon/machine.c daemon/machine_replica.c daemon/machine.h daemon/cmd_analyst.c daemon/cmd_machine.c daemon/cmd_token.c daemon/cmd_setting.c daemon/cmd_job.c daemon/cmd_lock.c daemon/cmd_model.c daemon/cmd_units.c daemon/cmd_profile.c daemon/cmd_audit.c daemon/cmd_faults.c daemon/faults.c daemon/faults_plan.c daemon/faults.h daemon/harm.c daemon/harm.h daemon/relay.c daemon/relay.h daemon/cmd_backup.c daemon/backup.c daemon/backup_forward.c daemon/backup_seal.c daemon/backup_push.c daemon/backup_drill.c daemon/backup_drill.h daemon/backup.h daemon/private_db.c daemon/private_db.h daemon/cmd_import.c daemon/cmd_undo.c daemon/import_run.c daemon/import_run.h \
	daemon/cmd_read.c daemon/read_tables.c daemon/read_tables.h daemon/cmd_detect.c daemon/cmd_map.c daemon/map_score.c daemon/map_score.h \
	daemon/bench_db.c daemon/bench_db.h daemon/bench_invoices.c daemon/bench_invoices.h daemon/cmd_bench_import.c daemon/cmd_bench_reads.c daemon/cmd_bench_planners.c daemon/bench_planner.c daemon/bench_planner.h daemon/bench_memory.c daemon/bench_memory.h \
	daemon/cmd_bench_optimise.c \
	daemon/optimize_run.c daemon/optimize_run.h daemon/cmd_optimize.c daemon/cmd_design.c daemon/cmd_explain.c daemon/cmd_rerun.c daemon/cmd_snapshot.c daemon/cmd_export.c daemon/cmd_bench.c daemon/benches.def \
	daemon/cmd_solve.h daemon/cmd_solve.c daemon/cmd_verify.c daemon/cmd_bench_journey.c daemon/cmd_bench_territory.c daemon/journey_case.h daemon/journey_case.c \
	daemon/demo.c daemon/demo.h
beatplan_cli_CFLAGS = $(AM_CFLAGS) -DBP_CONF_DIR='"$(abs_top_srcdir)/conf"' -DBP_SCHEMA_DIR='"$(abs_top_srcdir)/sql/schema"' $(JANSSON_CFLAGS) $(SODIUM_CFLAGS) $(CURL_CFLAGS)
beatplan_cli_LDADD = $(ROOMS) $(ROOMS_LIBS)

pkglibexec_PROGRAMS += beatplan-workerd beatplan-optimizerd
beatplan_workerd_SOURCES = daemon/workerd.c daemon/kind_import.c daemon/kind_levels.c daemon/kind_due.c daemon/kind_watch.c daemon/tick_audit.c daemon/trail.c daemon/shell.h daemon/tick_sweep.c daemon/outside.c daemon/outside.h daemon/kind_words.c daemon/kind_snapshot.c daemon/kind_visit_list.c daemon/kind_explain.c daemon/kind_export.c daemon/kind_territory.c daemon/kind_reset_mail.c daemon/kind_notice_mail.c daemon/mail.c daemon/mail.h daemon/jobs.c daemon/jobs.h daemon/kinds.h
beatplan_workerd_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS) $(SODIUM_CFLAGS) $(CURL_CFLAGS)
beatplan_workerd_LDADD = $(ROOMS) $(ROOMS_LIBS)
beatplan_optimizerd_SOURCES = daemon/optimizerd.c daemon/kind_optimize.c daemon/kind_what_if.c daemon/kind_design.c daemon/solve_child.c daemon/solve_child.h daemon/pipe.c daemon/pipe.h daemon/jobs.c daemon/jobs.h daemon/kinds.h
beatplan_optimizerd_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS) $(SODIUM_CFLAGS)
beatplan_optimizerd_LDADD = $(ROOMS) $(ROOMS_LIBS)
