/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beatplan export: plans, visit lists, what people changed and said of them, and the rules of chains as files from the shell. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/time.h"
#include "daemon/cmd.h"
#include "daemon/shell.h"
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
	fprintf(stderr, "usage: beatplan export plan|visits|changes|overrides|comments|fairness --territory CODE [--channel GT|MT] [--format csv|xml|xlsx|ics|geojson]\n"
			"                       [--seat CODE] [--beat CODE] [--base N] [--out FILE] [--state DIR]\n"
			"  writes the committed plan of a unit, or its stops that are not as in version N,\n"
			"  or what people changed in it with the reasons and minutes, or said of it, or how the work is shared; to standard output when no file is named\n"
			"       beatplan export " EXPORT_CHAINS_NAME " [--format csv|xlsx] [--out FILE] [--state DIR]\n"
			"  writes what chains and banners say of visits to their stores, as an import takes it\n"
			"       beatplan export " EXPORT_CONFLICTS_NAME " --territory CODE [--format csv|xlsx] [--out FILE] [--state DIR]\n"
			"  writes where the data of a territory contradict each other in who serves what\n");
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

static int index_in(const char *const *names, const char *name)
{
	for (int i = 0; names[i]; i++)
		if (!strcmp(names[i], name))
			return i;
	return -1;
}

/* EXPORT_WHATS when there is nothing of that name. */
enum { EXPORT_WHATS = EXPORT_CONFLICTS + 1 };
static int what_of(const char *name)
{
	for (int i = 0; i < EXPORT_WHATS; i++)
		if (!strcmp(export_name((enum export_what)i), name))
			return i;
	return EXPORT_WHATS;
}

/* Codes and the number of a version become ids. */
static enum bp_error narrow(struct bp_db *db, struct bp_arena *a, struct export_job *job, const char *seat, const char *beat, const char *base,
	struct bp_fail *f)
{
	struct q_export_seat s;
	struct q_export_beat b;
	struct q_export_version v;
	enum bp_error e = seat ? q_export_seat(db, a, seat, &s) : BP_E_OK;

	if (e)
		return bp_fail(f, e, "there is no seat with the code %s", seat);
	e = beat ? q_export_beat(db, a, (int64_t)job->plan, beat, &b) : BP_E_OK;
	if (e)
		return bp_fail(f, e, "the plan has no beat with the code %s", beat);
	e = base ? q_export_version(db, a, (int64_t)job->plan, strtol(base, NULL, 10), &v) : BP_E_OK;
	if (e)
		return bp_fail(f, e, "the plan has no version %s", base);
	job->seat = seat ? BP_SOME_INT(s.id) : BP_NO_INT;
	job->beat = beat ? BP_SOME_INT(b.id) : BP_NO_INT;
	job->base = base ? (uint64_t)v.id : 0;
	return BP_E_OK;
}

/* What it is of: nothing, a territory, or the plan of a unit. */
static enum bp_error find(struct bp_db *db, struct bp_arena *a, struct export_job *job, const char *territory, const char *channel, struct bp_fail *f)
{
	struct q_territory_of_code t;
	struct q_plan_by_code plan;
	enum bp_error e;

	if (job->what == EXPORT_CHAINS)
		return BP_E_OK;
	if (job->what == EXPORT_CONFLICTS) {
		e = q_territory_of_code(db, a, territory, &t);
		job->territory = e ? 0 : (uint64_t)t.id;
		return e == BP_E_NOT_FOUND ? bp_fail(f, e, "there is no territory with the code %s", territory) : e;
	}
	e = q_plan_by_code(db, a, territory, channel, &plan);
	if (e == BP_E_NOT_FOUND)
		bp_fail(f, e, "there is no committed %s plan of a unit with the code %s", channel, territory);
	job->plan = e ? 0 : (uint64_t)plan.id;
	job->version = e ? 0 : (uint64_t)plan.version.v;
	return e;
}

int cmd_export(int argc, char **argv)
{
	static const struct option known[] = {{"state", required_argument, NULL, 's'}, {"territory", required_argument, NULL, 't'},
		{"channel", required_argument, NULL, 'c'}, {"format", required_argument, NULL, 'f'}, {"out", required_argument, NULL, 'o'},
		{"seat", required_argument, NULL, 'e'}, {"beat", required_argument, NULL, 'b'}, {"base", required_argument, NULL, 'v'},
		{NULL, 0, NULL, 0}};
	const char *state = NULL, *territory = NULL, *channel = "GT", *format = "csv", *out = NULL, *seat = NULL, *beat = NULL, *base = NULL, *what;
	int64_t today = bp_today();
	struct export_job job = {.write = write_file, .from = today, .to = today + PLAN_VISITS_DAYS};
	bool of_plan;
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
		case 'e': seat = optarg; break;
		case 'b': beat = optarg; break;
		case 'v': base = optarg; break;
		default: return usage(NULL);
		}
	}
	what = optind + 1 == argc ? argv[optind] : "";
	if (what_of(what) == EXPORT_WHATS)
		return usage("say what: plan, visits, changes, overrides, comments, fairness, " EXPORT_CHAINS_NAME " or " EXPORT_CONFLICTS_NAME);
	job.what = (enum export_what)what_of(what);
	of_plan = job.what < EXPORT_CHAINS;
	if (job.what == EXPORT_CHAINS && territory)
		return usage("the rules of chains are of no territory");
	if (!of_plan && (seat || beat || base))
		return usage("all of these are written: --seat, --beat and --base narrow what is of a plan");
	if (job.what != EXPORT_CHAINS && !territory)
		return usage("--territory CODE is missing");
	if (index_in(export_formats, format) < 0)
		return usage("--format takes csv, xml, xlsx, ics or geojson");
	job.format = (enum export_format)index_in(export_formats, format);
	if (!export_knows(job.what, job.format))
		return usage(!of_plan ? "--format takes csv or xlsx here" : "a calendar holds visits only, and a map has places for the plan and its visits only");
	if ((job.what == EXPORT_CHANGES) != !!base)
		return usage("changes are told against --base N, the number of a version");
	if (of_plan && job.what > EXPORT_CHANGES && (seat || beat))
		return usage("--seat and --beat do not narrow what people changed or said, or how their work is shared");
	if (strcmp(channel, "GT") && strcmp(channel, "MT"))
		return usage("--channel takes GT or MT");
	if (bp_state_init(&s, bp_cmd_state(state), &f) || bp_state_open(&s, &conf, &db, false, &f))
		return bp_cmd_failed("export", &f);
	bp_arena_init(&a, 64u << 20);
	e = find(db, &a, &job, territory, channel, &f);
	if (!e)
		e = narrow(db, &a, &job, seat, beat, base, &f);
	if (!e)
		e = to_file(db, &job, out, &f);
	bp_arena_release(&a);
	bp_db_free(db);
	bp_conf_release(&conf);
	bp_fail(&f, e, "%s", bp_errors[e].message);
	if (!e)
		bp_shell_note(&s, job.what == EXPORT_CONFLICTS ? BP_ACTION_CONFLICT_EXPORT : BP_ACTION_PLAN_EXPORT, what, territory ? territory : "all");
	return e ? bp_cmd_failed("export", &f) : 0;
}
