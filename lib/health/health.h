/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_HEALTH_HEALTH_H
#define BP_HEALTH_HEALTH_H
/* How it goes: disk, database, pools, jobs, what was slow or failed, and what of that is alarming. */
#include "base/conf.h"
#include "base/meter.h"
#include "db/db.h"
#include "health/memory.h"
#include "health/room.h"
#include "health/served.h"
#include "queries.h"

enum bp_alarm {
#define ALARM(name, grave, of, what, french) BP_ALARM_##name,
#include "health/alarms.def"
#undef ALARM
	BP_ALARM__MAX
};
struct bp_alarm_info {
	const char *name, *grave, *what, *french; /* grave: "BAD" or "WARN" */
	bool everywhere;                          /* it is about all machines, not the one that looks */
};
extern const struct bp_alarm_info bp_alarms[BP_ALARM__MAX];

#define BP_HEALTH_MINUTES 15
#define BP_HEALTH_POOLS 5
struct bp_health {
	struct bp_disk disk[BP_FOLDER__MAX];          /* of each folder that is on this machine */
	struct bp_memory memory[BP_MEMORY__MAX];      /* of this machine, and of what its programs may use */
	struct bp_served certificate;                 /* that its web server shows */
	struct q_health_database database;
	struct q_health_counts counts;                /* sessions, locks, outbox, audit */
	struct {
		const char *name;
		int64_t threads, busy;
	} pool[BP_HEALTH_POOLS];
	struct q_health_jobs *jobs;                   /* by kind and state */
	size_t n_jobs;
	struct bp_meter_note note[BP_METER_NOTES];    /* of the last hour, newest first */
	size_t n_notes;
	int64_t slow;                                 /* of these */
	struct bp_meter_window lately;                /* of all requests of the last BP_HEALTH_MINUTES */
	struct q_duties *duties;                      /* what workers do for all */
	size_t n_duties;
	struct q_machines *machines;                  /* whose programs say that they are there */
	size_t n_machines;
	struct q_doors doors;                         /* maintenance of all machines */
	struct q_programs *programs;                  /* that are there, and what they obey of it */
	size_t n_programs;
	struct q_databases *databases;                /* of db_host */
	size_t n_databases;
	int64_t backup_at;                            /* when the last backup was whole, 0 = never */
	bool backups;                                 /* they are to be made, here or by another machine */
	struct q_drill_last drill;                    /* the last one of a backup; its state is NULL when there was none */
	int64_t drill_good;                           /* when the last good one was begun, or since when there are backups; 0 = there are none */
	struct q_backup_push_last sent;               /* the newest that was sent off this machine; its target is NULL when none was */
	bool alarm[BP_ALARM__MAX];
};
extern const char *const bp_health_pools[BP_HEALTH_POOLS]; /* as they name themselves in the meters */

/* Do all programs of a machine know how the doors are? */
bool bp_health_obeys(const struct bp_health *h, const char *place);
enum bp_error bp_health_read(struct bp_db *db, struct bp_arena *a, const struct bp_conf *c, struct bp_health *h);
/* Read again how the databases stand, and whether that is alarming. */
enum bp_error bp_health_databases(struct bp_db *db, struct bp_arena *a, struct bp_health *h);
/* As Prometheus' text, with all that is counted in the meters. */
void bp_health_print(const struct bp_health *h, struct bp_buf *out);

#endif
