/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_HEALTH_ALARM_H
#define BP_HEALTH_ALARM_H
/*
 * Alarms that people are told of: notices to those who look after the system, by mail where they want that, and an event for the
 * webhook.  Each alarm is remembered, so that one that goes on is told once, and again only after `alarm_again_hours`.
 *
 * Against floods: it has to sound for `alarm_wait_minutes` before it stands, and to be silent for `alarm_calm_minutes` before it has
 * ended, twice as long each time that it came back within a day.  So whatever comes and goes soon simply stands.
 */
#include <stdbool.h>

#include "db/db.h"
#include "health/health.h"

struct bp_alarm_state {
	bool sounds, stands;                 /* its condition holds; people know of it */
	int64_t turned, began, ended, told;  /* since when it sounds or not; when it began, ended, was last told; 0 = never */
	int64_t flaps;                       /* how often it came back within a day */
};
struct bp_alarm_limits {
	int64_t wait, calm, again; /* microseconds */
};
enum bp_alarm_news { BP_ALARM_NO_NEWS, BP_ALARM_BEGAN, BP_ALARM_STANDS, BP_ALARM_ENDED };
/* One look at one alarm: what is to be told now. */
enum bp_alarm_news bp_alarm_step(struct bp_alarm_state *s, bool sounds, int64_t now, const struct bp_alarm_limits *l);

/* Take this look at the alarms of one place ("" = those that are about all machines; see bp_conf_place) into the table, and tell
 * what is new, in one transaction. */
enum bp_error bp_alarms_take(struct bp_db *db, const char *place, const bool sounds[BP_ALARM__MAX], int64_t now);

/* The turn of this machine: its own alarms, and those of all when nobody has looked at them within the last `every` seconds. */
enum bp_error bp_alarms_look(struct bp_db *db, const struct bp_conf *c, long every);

#endif
