/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The job kind SNAPSHOT; subject = the territory. And, by the clock, what is missing or not needed any more. */
#include "daemon/jobs.h"
#include "daemon/kinds.h"
#include "snapshot/snapshot.h"

enum bp_error bp_kind_snapshot(struct bp_job_run *run)
{
	struct sn_info info;
	enum bp_error e = bp_job_report(run, "building", 10, NULL);

	if (!e)
		e = sn_build(run->db, run->arena, bp_jobs_conf()->snapshot_dir, run->subject, &info, &run->fail);
	if (e)
		return e;
	run->result = json_object();
	json_object_set_new(run->result, "hash", json_string(info.hash));
	json_object_set_new(run->result, "outlets", json_integer((json_int_t)info.outlets));
	json_object_set_new(run->result, "bytes", json_integer((json_int_t)(info.core.bytes + info.details.bytes)));
	return BP_E_OK;
}

enum bp_error bp_schedule_snapshots(struct bp_db *db, struct bp_fail *f)
{
	const char *dir = bp_jobs_conf()->snapshot_dir;
	struct bp_arena a;
	enum bp_error e;

	(void)f;
	bp_arena_init(&a, 64 << 20);
	e = sn_mend(db, &a, dir);
	sn_sweep(db, dir);
	bp_arena_release(&a);
	return e;
}
