/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The job kind IMPORT_WATCH; subject = the drop folder. And what the worker does by the clock. */
#include "base/time.h"
#include "daemon/jobs.h"
#include "daemon/kinds.h"
#include "export/store.h"
#include "intake/transfer.h"
#include "intake/watch.h"
#include "setting/setting.h"

#define SWEEP_SECONDS 3600

enum bp_error bp_kind_import_watch(struct bp_job_run *run)
{
	const struct bp_conf *c = bp_jobs_conf();
	struct im_watch_conf watch = {c->drop_dir, c->upload_dir, bp_setting(BP_SETTING_drop_settle_seconds), run->correlation};
	size_t taken = 0;
	enum bp_error e = bp_job_report(run, "looking", 0, NULL);

	if (!e && bp_setting(BP_SETTING_drop_folders)) /* it may have been switched off while this waited */
		e = im_watch_look(run->db, run->arena, &watch, run->subject, &taken, &run->fail);
	if (e == BP_E_NOT_FOUND) /* it was removed while this waited */
		e = BP_E_OK;
	run->result = json_object();
	json_object_set_new(run->result, "taken", json_integer((json_int_t)taken));
	return e;
}

void bp_import_tick(struct bp_db *db)
{
	static int64_t swept;
	const struct bp_conf *c = bp_jobs_conf();
	struct bp_arena a;

	bp_arena_init(&a, 8 << 20);
	if (bp_setting(BP_SETTING_drop_folders))
		im_watch_turn(db, &a);
	if (!swept || bp_monotonic_us() - swept > SWEEP_SECONDS * 1000000LL) {
		swept = bp_monotonic_us();
		q_request_key_sweep(db, NULL);
		im_sweep(db, c->upload_dir, (long)bp_setting(BP_SETTING_upload_keep_days));
		export_sweep(db, &a, c->export_dir, (long)bp_setting(BP_SETTING_export_keep_days));
		im_watch_sweep(db, &a, c->drop_dir, (long)bp_setting(BP_SETTING_upload_keep_days));
	}
	bp_arena_release(&a);
}
