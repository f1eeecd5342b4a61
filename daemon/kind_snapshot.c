/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The job kind SNAPSHOT; subject = the territory. And, by the clock, what is missing or not needed any more. */
#include "base/time.h"
#include "daemon/jobs.h"
#include "daemon/kinds.h"
#include "snapshot/snapshot.h"

#define LOOK_US 3600000000LL

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

void bp_snapshot_tick(struct bp_db *db)
{
	static int64_t looked;
	const char *dir = bp_jobs_conf()->snapshot_dir;
	struct bp_arena a;

	if (looked && bp_monotonic_us() - looked < LOOK_US)
		return;
	looked = bp_monotonic_us();
	bp_arena_init(&a, 64 << 20);
	sn_mend(db, &a, dir);
	sn_sweep(db, dir);
	bp_arena_release(&a);
}
