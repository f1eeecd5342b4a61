/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_HEALTH_DOCTOR_H
#define BP_HEALTH_DOCTOR_H
/*
 * What is wrong here, and how to mend it: each check of checks.def looked at once.  It changes nothing, asks nothing that takes
 * long, and works without a database as far as it can.
 */
#include "base/conf.h"
#include "db/db.h"

enum bp_verdict { BP_VERDICT_OK, BP_VERDICT_WARN, BP_VERDICT_BAD, BP_VERDICT_SKIPPED };
extern const char *const bp_verdicts[]; /* "ok", "warn", ..., NULL */

enum bp_check {
#define CHECK(name, fn, grave, what, mend) BP_CHECK_##name,
#include "health/checks.def"
#undef CHECK
	BP_CHECK__MAX
};
struct bp_finding {
	const char *name, *what, *mend;
	enum bp_verdict verdict;
	char detail[300]; /* what was found, "" = nothing to say */
};

/* `db` may be NULL: then what needs it is skipped. */
void bp_doctor(struct bp_db *db, const struct bp_conf *c, struct bp_finding out[BP_CHECK__MAX]);
/* The worst of all. */
enum bp_verdict bp_doctor_worst(const struct bp_finding f[BP_CHECK__MAX]);

/* Between doctor.c and doctor_machine.c. */
struct bp_look {
	struct bp_db *db;
	struct bp_arena *arena;
	const struct bp_conf *conf;
	char run[256]; /* where the sockets lie */
	bool failed, skipped;
	char detail[300];
};
/* The check fails; what was found is added to what is said already. */
void bp_look_found(struct bp_look *l, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
#define CHECK(name, fn, grave, what, mend) void bp_look_##fn(struct bp_look *l);
#include "health/checks.def"
#undef CHECK

#endif
