/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was kept as long as the settings say goes. */
#include "base/log.h"
#include "daemon/jobs.h"
#include "daemon/kinds.h"
#include "export/store.h"
#include "intake/transfer.h"
#include "intake/watch.h"
#include "plan/retention.h"
#include "queries.h"
#include "setting/setting.h"
#include "territory/scenario.h"

enum { VERSIONS_MOST = 200 };

/* How much of it went; the first failure is what is told, and what comes after it goes all the same. */
static void told(const char *what, enum bp_error e, uint64_t gone, enum bp_error *first, struct bp_fail *f)
{
	if (e && !*first)
		*first = bp_fail(f, e, "%s: %s", what, bp_errors[e].message);
	if (!e && gone)
		bp_log(BP_LOG_INFO, "ev=swept what=%s n=%llu", what, (unsigned long long)gone);
}

enum bp_error bp_schedule_sweep(struct bp_db *db, struct bp_fail *f)
{
	const struct bp_conf *c = bp_jobs_conf();
	int64_t versions = bp_setting(BP_SETTING_version_keep_days);
	struct bp_arena a;
	size_t n = 0;
	uint64_t gone = 0;
	enum bp_error e, first = BP_E_OK;

	bp_arena_init(&a, 8 << 20);
	im_sweep(db, c->upload_dir, (long)bp_setting(BP_SETTING_upload_keep_days));
	export_sweep(db, &a, c->export_dir, (long)bp_setting(BP_SETTING_export_keep_days));
	im_watch_sweep(db, &a, c->drop_dir, (long)bp_setting(BP_SETTING_upload_keep_days));
	e = plan_versions_sweep(db, &a, bp_setting(BP_SETTING_auto_keep_days), versions, VERSIONS_MOST, &n);
	told("versions", e, n, &first, f);
	e = q_op_sweep(db, versions, &gone);
	told("operations", e, gone, &first, f);
	e = tr_scenarios_sweep(db, &a, bp_setting(BP_SETTING_scenario_keep_days), &n);
	told("scenarios", e, n, &first, f);
	e = q_job_sweep(db, bp_setting(BP_SETTING_job_keep_days), &gone);
	told("jobs", e, gone, &first, f);
	e = q_notice_sweep(db, bp_setting(BP_SETTING_notice_keep_days), &gone);
	told("notices", e, gone, &first, f);
	e = q_request_key_sweep(db, &gone);
	told("request_keys", e, gone, &first, f);
	bp_arena_release(&a);
	return first;
}
