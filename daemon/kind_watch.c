/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The job kind IMPORT_WATCH; subject = the drop folder. And whose turn it is by the clock. */
#include "daemon/jobs.h"
#include "daemon/kinds.h"
#include "health/room.h"
#include "intake/watch.h"
#include "setting/setting.h"

enum bp_error bp_kind_import_watch(struct bp_job_run *run)
{
	const struct bp_conf *c = bp_jobs_conf();
	struct im_watch_conf watch = {c->drop_dir, c->upload_dir, bp_setting(BP_SETTING_drop_settle_seconds), run->correlation};
	size_t taken = 0;
	enum bp_error e = bp_job_report(run, "looking", 0, NULL);

	if (!e)
		e = bp_room(c, &run->fail);
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
	struct bp_arena a;

	bp_arena_init(&a, 8 << 20);
	if (bp_setting(BP_SETTING_drop_folders))
		im_watch_turn(db, &a);
	bp_arena_release(&a);
}
