/* SPDX-License-Identifier: GPL-3.0-or-later */
/* By the clock: the audit trail is sealed every few seconds, published each minute, archived when a month is over. */
#include <string.h>

#include "audit/chain.h"
#include "base/log.h"
#include "base/time.h"
#include "daemon/jobs.h"
#include "daemon/kinds.h"
#include "setting/setting.h"

#define PUBLISH_US 60000000LL
#define ARCHIVE_US 3600000000LL

static bool due(int64_t *last, int64_t every)
{
	if (*last && bp_monotonic_us() - *last < every)
		return false;
	*last = bp_monotonic_us();
	return true;
}

void bp_audit_tick(struct bp_db *db)
{
	static int64_t published, archived;
	const struct bp_conf *c = bp_jobs_conf();
	const char *step = "seal";
	struct bp_fail f = {0};
	int64_t n;
	enum bp_error e = bp_audit_seal(db, &n);

	if (!e && strcmp(c->audit_dir, "off") && due(&published, PUBLISH_US)) {
		step = "publish";
		e = bp_audit_publish(db, c->audit_dir, &f);
		if (!e && due(&archived, ARCHIVE_US)) {
			step = "archive";
			e = bp_audit_archive(db, c->audit_dir, bp_now(), &n, &f);
			if (!e)
				e = bp_audit_prune(db, (long)bp_setting(BP_SETTING_audit_keep_days));
		}
	}
	if (e && e != BP_E_DB_DOWN)
		bp_log(BP_LOG_ERROR, "ev=audit_failed step=%s err=%s detail=\"%s\"", step, bp_errors[e].name, f.detail);
}
