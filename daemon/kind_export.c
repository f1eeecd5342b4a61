/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The job kind EXPORT: a plan as a file of the user who asked; subject = the plan. */
#include <string.h>

#include "daemon/jobs.h"
#include "daemon/kinds.h"
#include "export/store.h"

static int64_t number(const struct bp_job_run *run, const char *name)
{
	return json_integer_value(json_object_get(run->payload, name));
}

static struct bp_opt_int some(const struct bp_job_run *run, const char *name)
{
	return (struct bp_opt_int){number(run, name), number(run, name) != 0};
}

enum bp_error bp_kind_export(struct bp_job_run *run)
{
	const char *name = json_string_value(json_object_get(run->payload, "name"));
	struct export_job job = {.what = (enum export_what)number(run, "what"), .format = (enum export_format)number(run, "format"),
		.plan = run->subject, .version = (uint64_t)number(run, "version"), .base = (uint64_t)number(run, "base"), .from = number(run, "from"),
		.to = number(run, "to"), .seat = some(run, "seat"), .beat = some(run, "beat")};
	uint64_t id = 0, bytes = 0;
	enum bp_error e = bp_job_report(run, "writing", 10, NULL);

	if (!e)
		e = export_keep(run->db, run->arena, bp_jobs_conf()->export_dir, run->user, &job, name ? name : "export", &id, &bytes, &run->fail);
	if (!e)
		run->result = json_pack("{s:I,s:s,s:I}", "fileId", (json_int_t)id, "name", name, "bytes", (json_int_t)bytes);
	if (e && !run->fail.code)
		bp_fail(&run->fail, e, "%s", bp_errors[e].message);
	return e;
}
