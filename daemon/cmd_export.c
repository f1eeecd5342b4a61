/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beatplan export: plans and visit lists as files from the shell. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/time.h"
#include "daemon/cmd.h"
#include "daemon/state.h"
#include "export/export.h"
#include "plan/version.h"

static bool write_file(void *ctx, const char *data, size_t n)
{
	return fwrite(data, 1, n, ctx) == n;
}

static int usage(const char *why)
{
	if (why)
		fprintf(stderr, "beatplan export: %s\n", why);
	fprintf(stderr, "usage: beatplan export plan|visits --territory CODE [--channel GT|MT] [--format csv|xml] [--out FILE] [--state DIR]\n"
			"  writes the committed plan of a unit; to standard output when no file is named\n");
	return 2;
}

/* Write beside and rename, so that a full disk leaves what was there. */
static enum bp_error to_file(struct bp_db *db, struct export_job *job, const char *path, struct bp_fail *f)
{
	char temp[4096];
	FILE *out;
	enum bp_error e;

	if (!path) {
		job->ctx = stdout;
		e = export_run(db, job);
		return e ? e : fflush(stdout) ? bp_error_of_errno(errno) : BP_E_OK;
	}
	snprintf(temp, sizeof(temp), "%s.new", path);
	out = fopen(temp, "we");
	if (!out)
		return bp_fail(f, bp_error_of_errno(errno), "cannot write %s: %s", temp, strerror(errno));
	job->ctx = out;
	e = export_run(db, job);
	if (fclose(out) && !e)
		e = bp_error_of_errno(errno);
	if (!e && rename(temp, path))
		e = bp_error_of_errno(errno);
	if (e) {
		bp_fail(f, e, "cannot write %s: %s", path, e == BP_E_DISK_FULL || e == BP_E_ABORTED ? strerror(errno) : bp_errors[e].message);
		unlink(temp);
	}
	return e;
}

int cmd_export(int argc, char **argv)
{
	static const struct option known[] = {{"state", required_argument, NULL, 's'}, {"territory", required_argument, NULL, 't'},
		{"channel", required_argument, NULL, 'c'}, {"format", required_argument, NULL, 'f'}, {"out", required_argument, NULL, 'o'},
		{NULL, 0, NULL, 0}};
	const char *state = NULL, *territory = NULL, *channel = "GT", *format = "csv", *out = NULL, *what;
	int64_t today = bp_today();
	struct export_job job = {.write = write_file, .from = today, .to = today + PLAN_VISITS_DAYS};
	struct q_plan_by_code plan;
	struct bp_conf conf = {0};
	struct bp_fail f = {0};
	struct bp_state s;
	struct bp_db *db;
	struct bp_arena a;
	enum bp_error e;
	int c;

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		switch (c) {
		case 's': state = optarg; break;
		case 't': territory = optarg; break;
		case 'c': channel = optarg; break;
		case 'f': format = optarg; break;
		case 'o': out = optarg; break;
		default: return usage(NULL);
		}
	}
	what = optind + 1 == argc ? argv[optind] : "";
	if (strcmp(what, "plan") && strcmp(what, "visits"))
		return usage("say what: plan or visits");
	if (!territory)
		return usage("--territory CODE is missing");
	if (strcmp(format, "csv") && strcmp(format, "xml"))
		return usage("--format takes csv or xml");
	if (strcmp(channel, "GT") && strcmp(channel, "MT"))
		return usage("--channel takes GT or MT");
	if (bp_state_init(&s, bp_cmd_state(state), &f) || bp_state_open(&s, &conf, &db, false, &f))
		return bp_cmd_failed("export", &f);
	bp_arena_init(&a, 64u << 20);
	e = q_plan_by_code(db, &a, territory, channel, &plan);
	if (e == BP_E_NOT_FOUND)
		bp_fail(&f, e, "there is no committed %s plan of a unit with the code %s", channel, territory);
	job.what = strcmp(what, "plan") ? EXPORT_VISITS : EXPORT_PLAN;
	job.format = strcmp(format, "xml") ? EXPORT_CSV : EXPORT_XML;
	job.plan = e ? 0 : (uint64_t)plan.id;
	job.version = e ? 0 : (uint64_t)plan.version.v;
	if (!e)
		e = to_file(db, &job, out, &f);
	bp_arena_release(&a);
	bp_db_free(db);
	bp_conf_release(&conf);
	bp_fail(&f, e, "%s", bp_errors[e].message);
	return e ? bp_cmd_failed("export", &f) : 0;
}
