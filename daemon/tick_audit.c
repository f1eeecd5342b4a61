/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The audit trail is sealed every few seconds, published each minute, archived when a month is over. */
#include <string.h>

#include "audit/chain.h"
#include "base/log.h"
#include "base/time.h"
#include "daemon/jobs.h"
#include "daemon/kinds.h"
#include "daemon/shell.h"
#include "setting/setting.h"

void bp_audit_tick(struct bp_db *db)
{
	bool restored = false;
	int64_t n;
	enum bp_error e = bp_shell_catch_up(db, bp_jobs_conf()->dir, &restored);

	if (!e)
		e = bp_audit_seal(db, &n);
	if (e && e != BP_E_DB_DOWN)
		bp_log(BP_LOG_ERROR, "ev=audit_failed step=seal err=%s", bp_errors[e].name);
}

/* Where it lies outside the database, NULL = nowhere. */
static const char *outside(void)
{
	const char *dir = bp_jobs_conf()->audit_dir;

	return strcmp(dir, "off") ? dir : NULL;
}

enum bp_error bp_schedule_audit_publish(struct bp_db *db, struct bp_fail *f)
{
	return outside() ? bp_audit_publish(db, outside(), f) : BP_E_OK;
}

enum bp_error bp_schedule_audit_archive(struct bp_db *db, struct bp_fail *f)
{
	int64_t n;
	enum bp_error e = outside() ? bp_audit_archive(db, outside(), bp_now(), &n, f) : BP_E_OK;

	return e || !outside() ? e : bp_audit_prune(db, (long)bp_setting(BP_SETTING_audit_keep_days));
}
