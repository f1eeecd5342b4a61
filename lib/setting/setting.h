/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_SETTING_SETTING_H
#define BP_SETTING_SETTING_H
/*
 * Settings: what an operator changes while Beatplan runs.  Each change is a row, the newest of a name is in force, and going back is
 * one more row.  Without any the configuration counts, or what settings.def says.  Reading one costs nothing: every program keeps all
 * of them in memory and looks for newer ones once a second, when it does something.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/conf.h"
#include "db/db.h"

enum bp_setting {
	BP_SETTING_NONE,
#define NUMBER(name, ...) BP_SETTING_##name,
#define KEY(name, ...) BP_SETTING_##name,
#define ADDRESS(name, ...) BP_SETTING_##name,
#define SWITCH(name, ...) BP_SETTING_##name,
#include "setting/settings.def"
	BP_SETTING__MAX
};
enum bp_setting_type { BP_SETTING_NUMBER, BP_SETTING_ADDRESS, BP_SETTING_SWITCH };
#define BP_SETTING_TEXT 200 /* bytes of a value */

struct bp_setting_info {
	const char *name, *area, *unit, *what;
	enum bp_setting_type type;
	int64_t least, most;
	const char *off; /* of a switch: what is told when it is off */
};
extern const struct bp_setting_info bp_settings[BP_SETTING__MAX];
extern const char *const bp_setting_types[]; /* names of enum bp_setting_type, ended by NULL */

/* BP_SETTING_NONE when there is none of that name. */
enum bp_setting bp_setting_find(const char *name);

/* At the start of a program: take the defaults that the configuration gives. */
void bp_settings_begin(const struct bp_conf *c);
/* Look for newer ones, unless that was done within the last second; not inside a transaction. */
void bp_settings_fresh(struct bp_db *db);
/* What is in force: the number, or 1 and 0 of a switch. */
int64_t bp_setting(enum bp_setting s);
/* The same of an address. */
const char *bp_setting_text(struct bp_arena *a, enum bp_setting s);
/* What holds where nobody has changed it, as text. */
const char *bp_setting_default(enum bp_setting s);

/* What is wrong with a value, in words; NULL when it may be set. A switch is "on" or "off". */
const char *bp_setting_fault(struct bp_arena *a, enum bp_setting s, const char *value);

struct bp_setting_change {
	enum bp_setting setting;
	const char *value; /* NULL = the default again */
	const char *reason;
	struct bp_opt_int reverts; /* the change whose value this is, 0 = the default; not set = a new value */
	int64_t seen;              /* the newest change that was looked at, 0 = none */
	uint64_t user;             /* 0 = from the shell */
};
/* CONFLICT when somebody changed it since. The value has been looked at by bp_setting_fault. */
enum bp_error bp_setting_put(struct bp_db *db, struct bp_arena *a, const struct bp_setting_change *c, struct bp_fail *f);
/* Fill in the value that held with change `to` (0 = the default), or before the newest one where `to` is not set. NOT_FOUND, or
 * CONFLICT when there is nothing to go back from. */
enum bp_error bp_setting_back(struct bp_db *db, struct bp_arena *a, struct bp_opt_int to, struct bp_setting_change *c, struct bp_fail *f);

#endif
