/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "health/health.h"

#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "health/doors.h"
#include "setting/setting.h"

#define HOUR_US 3600000000LL
#define DAY_US 86400000000LL
#define STUCK_SECONDS 900
#define BEATS_LOST 5
#define ON_ITS_WAY_SECONDS 43200 /* a large backup over a slow line */
#define REQUESTS_LEAST 100 /* of fewer, one that fails is not yet a share */

const struct bp_alarm_info bp_alarms[BP_ALARM__MAX] = {
#define OF_ALL true
#define OF_MACHINE false
#define ALARM(name, grave, of, what, french) {#name, #grave, what, french, OF_##of},
#include "health/alarms.def"
#undef ALARM
};
const char *const bp_health_pools[BP_HEALTH_POOLS] = {"api", "slow", "uploads", "events", "health"};

static void read_notes(struct bp_health *h)
{
	int64_t since = bp_now() - HOUR_US;
	size_t n = bp_meter_notes(h->note, BP_METER_NOTES);

	for (size_t i = 0; i < n; i++)
		if (h->note[i].at >= since) {
			h->slow += h->note[i].us > bp_setting(BP_SETTING_slow_milliseconds) * 1000;
			h->note[h->n_notes++] = h->note[i];
		}
}

static void read_pools(struct bp_health *h)
{
	char name[BP_METER_NAME];

	for (int i = 0; i < BP_HEALTH_POOLS; i++) {
		h->pool[i].name = bp_health_pools[i];
		snprintf(name, sizeof(name), "beatplan_pool_threads{pool=\"%s\"}", bp_health_pools[i]);
		h->pool[i].threads = bp_meter_get(name);
		snprintf(name, sizeof(name), "beatplan_pool_busy{pool=\"%s\"}", bp_health_pools[i]);
		h->pool[i].busy = bp_meter_get(name);
	}
}

static bool share(int64_t part, int64_t whole, int percent)
{
	return whole > 0 && part * 100 > whole * percent;
}

static void judge(struct bp_health *h)
{
	const int64_t drill_days = bp_setting(BP_SETTING_backup_drill_days);
	bool *on = h->alarm;

	for (int i = 0; i < BP_HEALTH_POOLS; i++) /* the one that answers this is busy itself */
		on[BP_ALARM_POOL_FULL] = on[BP_ALARM_POOL_FULL] || (h->pool[i].threads > 4 && share(h->pool[i].busy, h->pool[i].threads, 80));
	on[BP_ALARM_DB_CONNECTIONS] = share(h->database.connections, h->database.connections_most, 80);
	for (size_t i = 0; i < h->n_jobs; i++)
		on[BP_ALARM_JOBS_WAIT] = on[BP_ALARM_JOBS_WAIT] || (!strcmp(h->jobs[i].state, "queued") && h->jobs[i].oldest.set && h->jobs[i].oldest.v > 300);
	on[BP_ALARM_JOBS_FAIL] = share(h->counts.jobs_failed, h->counts.jobs_ended, 5);
	on[BP_ALARM_IMPORTS_FAIL] = share(h->counts.imports_failed, h->counts.imports, 5);
	on[BP_ALARM_ERRORS] = h->lately.n >= REQUESTS_LEAST && share(h->lately.failed, h->lately.n, 1);
	on[BP_ALARM_SLOW] = h->slow >= 10;
	on[BP_ALARM_AUDIT_BEHIND] = h->counts.audit_waiting > 0;
	on[BP_ALARM_OUTBOX_STUCK] = h->counts.outbox_age.set && h->counts.outbox_age.v > STUCK_SECONDS;
	for (size_t i = 0; i < h->n_duties; i++)
		on[BP_ALARM_HEARTBEAT_LOST] = on[BP_ALARM_HEARTBEAT_LOST] || (!strcmp(h->duties[i].name, "heartbeat") && h->duties[i].failures >= BEATS_LOST);
	for (size_t i = 0; i < h->n_duties; i++)
		on[BP_ALARM_SNAPSHOT_DIFFERED] = on[BP_ALARM_SNAPSHOT_DIFFERED] || (!strcmp(h->duties[i].name, "snapshots") && h->duties[i].failures);
	on[BP_ALARM_BACKUP_STAYS] = h->sent.failures || (h->sent.target && !h->sent.arrived && h->sent.age > ON_ITS_WAY_SECONDS);
	on[BP_ALARM_BACKUP_DRILL] = h->backups && drill_days && ((h->drill.state && !strcmp(h->drill.state, "failed")) ||
		(h->drill_good && h->drill_good < bp_now() - (drill_days + 1) * DAY_US));
	on[BP_ALARM_BACKUP_OLD] = h->backups && h->backup_at < bp_now() - DAY_US - HOUR_US;
}

bool bp_health_obeys(const struct bp_health *h, const char *place)
{
	bool any = false, all = true;

	for (size_t i = 0; i < h->n_programs; i++)
		if (!strcmp(h->programs[i].place, place)) {
			any = true;
			all = all && h->programs[i].turn == h->doors.turn;
		}
	return any && all;
}

enum bp_error bp_health_databases(struct bp_db *db, struct bp_arena *a, struct bp_health *h)
{
	enum bp_error e = q_databases(db, a, &h->databases, &h->n_databases);
	bool *on = &h->alarm[BP_ALARM_REPLICA];

	*on = false;
	for (size_t i = 0; i < h->n_databases && !e; i++) {
		const struct q_databases *d = &h->databases[i];

		*on = *on || (d->follows && (!d->lag.set || d->lag.v > (double)bp_setting(BP_SETTING_replica_lag_seconds)));
	}
	return e;
}

enum bp_error bp_health_read(struct bp_db *db, struct bp_arena *a, const struct bp_conf *c, struct bp_health *h)
{
	struct q_backup_last backup;
	struct q_drill_since since;
	enum bp_error e;

	memset(h, 0, sizeof(*h));
	h->alarm[BP_ALARM_DISK_LOW] = bp_disks(c, h->disk);
	h->alarm[BP_ALARM_MEMORY_LOW] = bp_memories(h->memory);
	h->certificate = bp_certificate(c);
	h->alarm[BP_ALARM_CERTIFICATE_ENDS] = h->certificate.ends && bp_certificate_days(&h->certificate) < BP_CERTIFICATE_BAD_DAYS;
	h->alarm[BP_ALARM_CERTIFICATE] = h->certificate.ends && !h->alarm[BP_ALARM_CERTIFICATE_ENDS] && bp_certificate_days(&h->certificate) < BP_CERTIFICATE_WARN_DAYS;
	read_pools(h);
	read_notes(h);
	bp_meter_window(BP_HEALTH_MINUTES, bp_now(), &h->lately);
	e = q_health_database(db, a, &h->database);
	if (!e)
		e = q_health_counts(db, a, &h->counts);
	if (!e)
		e = q_health_jobs(db, a, &h->jobs, &h->n_jobs);
	if (!e)
		e = q_duties(db, a, &h->duties, &h->n_duties);
	if (!e)
		e = q_machines(db, a, &h->machines, &h->n_machines);
	if (!e)
		e = q_doors(db, a, &h->doors);
	if (!e)
		e = q_programs(db, a, BP_PROGRAM_LIVE, &h->programs, &h->n_programs);
	if (!e)
		e = bp_health_databases(db, a, h);
	if (!e) {
		e = q_backup_last(db, a, &backup);
		h->backup_at = e ? 0 : backup.ended_at;
		e = e == BP_E_NOT_FOUND ? BP_E_OK : e;
	}
	if (!e) {
		e = q_backup_push_last(db, a, &h->sent);
		e = e == BP_E_NOT_FOUND ? BP_E_OK : e;
	}
	if (!e) {
		e = q_drill_last(db, a, &h->drill);
		e = e == BP_E_NOT_FOUND ? BP_E_OK : e;
	}
	if (!e) {
		e = q_drill_since(db, a, &since);
		h->drill_good = !e && since.good.set ? since.good.v : 0;
	}
	h->backups = strcmp(c->backup_dir, "off");
	for (size_t i = 0; i < h->n_duties; i++)
		h->backups = h->backups || !strcmp(h->duties[i].name, "backup");
	judge(h);
	return e;
}
