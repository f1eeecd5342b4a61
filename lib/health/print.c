/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The health as Prometheus' text. */
#include <string.h>

#include "base/time.h"
#include "health/health.h"

static void one(struct bp_buf *out, const char *metric, const char *type, const char *help, int64_t n)
{
	bp_buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n%s %lld\n", metric, help, metric, type, metric, (long long)n);
}

static void print_jobs(const struct bp_health *h, struct bp_buf *out)
{
	bp_buf_str(out, "# HELP beatplan_jobs Jobs that wait, run, or ended within a day.\n# TYPE beatplan_jobs gauge\n");
	for (size_t i = 0; i < h->n_jobs; i++)
		bp_buf_printf(out, "beatplan_jobs{kind=\"%s\",state=\"%s\"} %lld\n", h->jobs[i].kind, h->jobs[i].state, (long long)h->jobs[i].n);
	bp_buf_str(out, "# HELP beatplan_job_oldest_seconds Age of the oldest job that waits or runs.\n# TYPE beatplan_job_oldest_seconds gauge\n");
	for (size_t i = 0; i < h->n_jobs; i++)
		if (h->jobs[i].oldest.set)
			bp_buf_printf(out, "beatplan_job_oldest_seconds{kind=\"%s\",state=\"%s\"} %.0f\n", h->jobs[i].kind, h->jobs[i].state, h->jobs[i].oldest.v);
}

static void print_disks(const struct bp_health *h, struct bp_buf *out)
{
	bp_buf_str(out, "# HELP beatplan_disk_free_bytes Free where what is named lies; several may lie on one disk.\n# TYPE beatplan_disk_free_bytes gauge\n");
	for (int i = 0; i < BP_FOLDER__MAX; i++)
		if (h->disk[i].size)
			bp_buf_printf(out, "beatplan_disk_free_bytes{folder=\"%s\"} %lld\n", bp_folders[i], (long long)h->disk[i].free);
	bp_buf_str(out, "# HELP beatplan_disk_size_bytes Size of that disk.\n# TYPE beatplan_disk_size_bytes gauge\n");
	for (int i = 0; i < BP_FOLDER__MAX; i++)
		if (h->disk[i].size)
			bp_buf_printf(out, "beatplan_disk_size_bytes{folder=\"%s\"} %lld\n", bp_folders[i], (long long)h->disk[i].size);
}

/* Programs that are there and have not heard yet how the doors are, or are at something still. */
static void print_doors(const struct bp_health *h, struct bp_buf *out)
{
	int64_t late = 0, busy = 0;

	for (size_t i = 0; i < h->n_programs; i++) {
		late += h->programs[i].turn != h->doors.turn;
		busy += h->programs[i].busy > 0;
	}
	one(out, "beatplan_maintenance", "gauge", "1 while the doors of all machines are closed.", h->doors.closed);
	one(out, "beatplan_maintenance_programs_late", "gauge", "Programs that have not heard yet whether they are.", late);
	one(out, "beatplan_maintenance_programs_busy", "gauge", "Programs at changes or jobs, as they last said it.", busy);
}

/* Of the machine and of the group that limits its programs, where one does. */
static void print_memory(const struct bp_health *h, struct bp_buf *out)
{
	bp_buf_str(out, "# HELP beatplan_memory_free_bytes Memory that is left; of programs: of what a control group allows them.\n# TYPE beatplan_memory_free_bytes gauge\n");
	for (int i = 0; i < BP_MEMORY__MAX; i++)
		if (h->memory[i].size)
			bp_buf_printf(out, "beatplan_memory_free_bytes{of=\"%s\"} %lld\n", bp_memories_of[i], (long long)h->memory[i].free);
	bp_buf_str(out, "# HELP beatplan_memory_size_bytes How much it is.\n# TYPE beatplan_memory_size_bytes gauge\n");
	for (int i = 0; i < BP_MEMORY__MAX; i++)
		if (h->memory[i].size)
			bp_buf_printf(out, "beatplan_memory_size_bytes{of=\"%s\"} %lld\n", bp_memories_of[i], (long long)h->memory[i].size);
	bp_buf_str(out, "# HELP beatplan_certificate_ends_seconds Until the certificate that the web server shows ends.\n# TYPE beatplan_certificate_ends_seconds gauge\n");
	if (h->certificate.ends)
		bp_buf_printf(out, "beatplan_certificate_ends_seconds %lld\n", (long long)(h->certificate.ends - bp_now() / 1000000));
}

static void print_copies(const struct bp_health *h, struct bp_buf *out)
{
	bp_buf_str(out, "# HELP beatplan_replica_lag_seconds How far a copy of the database is behind; -1 = it does not answer.\n# TYPE beatplan_replica_lag_seconds gauge\n");
	for (size_t i = 0; i < h->n_databases; i++)
		if (h->databases[i].follows)
			bp_buf_printf(out, "beatplan_replica_lag_seconds{host=\"%s\"} %.3f\n", h->databases[i].host, h->databases[i].lag.set ? h->databases[i].lag.v : -1);
}

static void print_database(const struct q_health_database *d, struct bp_buf *out)
{
	one(out, "beatplan_db_uptime_seconds", "gauge", "Since the database started.", d->uptime);
	one(out, "beatplan_db_connections", "gauge", "Connections to the database.", d->connections);
	one(out, "beatplan_db_connections_most", "gauge", "Connections it allows.", d->connections_most);
	one(out, "beatplan_db_statements_total", "counter", "Statements it was asked.", d->statements);
	one(out, "beatplan_db_deadlocks_total", "counter", "Deadlocks it broke.", d->deadlocks);
	one(out, "beatplan_db_lock_waits_total", "counter", "Statements that waited for a row.", d->lock_waits);
	one(out, "beatplan_db_lock_wait_milliseconds_total", "counter", "How long they waited.", d->lock_wait_ms);
	one(out, "beatplan_db_slow_total", "counter", "Statements that took more than a second.", d->slow);
	one(out, "beatplan_db_timeouts_total", "counter", "Statements that ran out of their time.", d->timeouts);
}

static void print_duties(const struct bp_health *h, struct bp_buf *out)
{
	bp_buf_str(out, "# HELP beatplan_duty_age_seconds Since a worker last took its turn of what one does for all.\n# TYPE beatplan_duty_age_seconds gauge\n");
	for (size_t i = 0; i < h->n_duties; i++)
		bp_buf_printf(out, "beatplan_duty_age_seconds{name=\"%s\"} %.0f\n", h->duties[i].name, h->duties[i].age > 0 ? h->duties[i].age : 0);
	bp_buf_str(out, "# HELP beatplan_duty_failures How often it failed since it last went well.\n# TYPE beatplan_duty_failures gauge\n");
	for (size_t i = 0; i < h->n_duties; i++)
		bp_buf_printf(out, "beatplan_duty_failures{name=\"%s\"} %lld\n", h->duties[i].name, (long long)h->duties[i].failures);
}

void bp_health_print(const struct bp_health *h, struct bp_buf *out)
{
	const struct q_health_counts *c = &h->counts;

	bp_meter_print(out);
	print_disks(h, out);
	print_memory(h, out);
	one(out, "beatplan_sessions_active", "gauge", "People seen within a quarter of an hour.", c->sessions);
	one(out, "beatplan_planning_sessions_active", "gauge", "Open plans that were worked on within a day.", c->drafts);
	one(out, "beatplan_locks_held", "gauge", "Locks on planning units.", c->locks);
	one(out, "beatplan_outbox_depth", "gauge", "What has not gone out yet.", c->outbox);
	one(out, "beatplan_outbox_oldest_seconds", "gauge", "How long the oldest of it has waited.", (int64_t)(c->outbox_age.set ? c->outbox_age.v : 0));
	one(out, "beatplan_outbox_given_up", "gauge", "Events that the webhook has not taken and that are no longer tried.", c->given_up);
	print_duties(h, out);
	one(out, "beatplan_audit_unsealed", "gauge", "Events of the trail that wait for their seal for more than five minutes.", c->audit_waiting);
	one(out, "beatplan_backup_age_seconds", "gauge", "Since the last backup that was whole; -1 = there is none.",
		h->backup_at ? (bp_now() - h->backup_at) / 1000000 : -1);
	one(out, "beatplan_backup_sent_age_seconds", "gauge", "Since a backup last arrived off this machine; -1 = none has.",
		h->sent.last.set ? (bp_now() - h->sent.last.v) / 1000000 : -1);
	one(out, "beatplan_backup_send_failures", "gauge", "How often in a row none arrived there.", h->sent.failures);
	one(out, "beatplan_backup_wanted", "gauge", "1 when daily backups are to be made, by whichever machine.", h->backups);
	one(out, "beatplan_backup_drill_age_seconds", "gauge", "Since a backup was last restored aside and found good, or since the first backup; -1 = there is none.",
		h->drill_good ? (bp_now() - h->drill_good) / 1000000 : -1);
	print_copies(h, out);
	print_doors(h, out);
	print_jobs(h, out);
	print_database(&h->database, out);
	bp_buf_str(out, "# HELP beatplan_alarm What the Health screen warns of, 1 = now.\n# TYPE beatplan_alarm gauge\n");
	for (int i = 0; i < BP_ALARM__MAX; i++)
		bp_buf_printf(out, "beatplan_alarm{name=\"%s\"} %d\n", bp_alarms[i].name, h->alarm[i]);
}
