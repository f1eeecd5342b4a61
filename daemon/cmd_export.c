/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beatplan export: plans, visit lists, what people changed and said of them, and the rules of chains as files from the shell. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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
			"                       [--seat CODE] [--beat CODE] [--version N] [--base N] [--from DATE] [--to DATE] [--out FILE|FOLDER] [--state DIR]\n"
			"  writes the committed plan of a unit, or its version N, or the stops that are not as in version --base N, or the visits of those dates,\n"
			"  or what people changed in it with the reasons and minutes, or said of it, or how the work is shared; to standard output when no file is named;\n"
			"  of a territory with several units a file of each into the folder\n"
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

/* What of a plan is asked for, as it is typed. */
struct asked {
	const char *territory, *channel, *seat, *beat, *version, *base, *from, *to;
};

static enum bp_error version_of(struct bp_db *db, struct bp_arena *a, uint64_t plan, const char *number, uint64_t *id, struct bp_fail *f)
{
	struct q_export_version v;
	enum bp_error e = number ? q_export_version(db, a, (int64_t)plan, strtol(number, NULL, 10), &v) : BP_E_OK;

	if (number && !e)
		*id = (uint64_t)v.id;
	return e ? bp_fail(f, e, "the plan has no version %s", number) : BP_E_OK;
}

/* Codes and the numbers of versions become ids. */
static enum bp_error narrow(struct bp_db *db, struct bp_arena *a, struct export_job *job, const struct asked *n, struct bp_fail *f)
{
	struct q_export_seat s;
	struct q_export_beat b;
	enum bp_error e = n->seat ? q_export_seat(db, a, n->seat, &s) : BP_E_OK;

	if (e)
		return bp_fail(f, e, "there is no seat with the code %s", n->seat);
	e = n->beat ? q_export_beat(db, a, (int64_t)job->plan, n->beat, &b) : BP_E_OK;
	if (e)
		return bp_fail(f, e, "the plan has no beat with the code %s", n->beat);
	job->seat = n->seat ? BP_SOME_INT(s.id) : BP_NO_INT;
	job->beat = n->beat ? BP_SOME_INT(b.id) : BP_NO_INT;
	e = version_of(db, a, job->plan, n->version, &job->version, f);
	return e ? e : version_of(db, a, job->plan, n->base, &job->base, f);
}

/* The plan of the unit, or a file of each unit beneath the territory. */
static enum bp_error of_plans(struct bp_db *db, struct bp_arena *a, struct export_job *job, const struct asked *n, const char *out, struct bp_fail *f)
{
	struct stat st;
	struct q_plans_beneath *p;
	size_t count = 0;
	bool folder = out && !stat(out, &st) && S_ISDIR(st.st_mode);
	enum bp_error e = q_plans_beneath(db, a, n->territory, n->channel, &p, &count);

	if (!e && !count)
		e = bp_fail(f, BP_E_NOT_FOUND, "there is no committed %s plan of a unit with the code %s, or beneath it", n->channel, n->territory);
	if (!e && count > 1 && !folder)
		e = bp_fail(f, BP_E_CONFLICT, "%s has %zu planned units: name a folder with --out for a file of each", n->territory, count);
	if (!e && count > 1 && (n->seat || n->beat || n->version || n->base))
		e = bp_fail(f, BP_E_CONFLICT, "%s has %zu planned units: --seat, --beat, --version and --base are of one", n->territory, count);
	for (size_t i = 0; i < count && !e; i++) {
		const char *file = folder ? bp_sprintf(a, "%s/%s-%s-%s.%s", out, p[i].unit, n->channel, export_name(job->what), export_formats[job->format]) : out;

		job->plan = (uint64_t)p[i].id;
		job->version = (uint64_t)p[i].version;
		e = narrow(db, a, job, n, f);
		if (!e)
			e = to_file(db, job, file, f);
	}
	return e;
}

static enum bp_error of_territory(struct bp_db *db, struct bp_arena *a, struct export_job *job, const char *territory, const char *out, struct bp_fail *f)
{
	struct q_territory_of_code t;
	enum bp_error e = q_territory_of_code(db, a, territory, &t);

	if (e)
		return e == BP_E_NOT_FOUND ? bp_fail(f, e, "there is no territory with the code %s", territory) : e;
	job->territory = (uint64_t)t.id;
	return to_file(db, job, out, f);
}

int cmd_export(int argc, char **argv)
{
	static const struct option known[] = {{"state", required_argument, NULL, 's'}, {"territory", required_argument, NULL, 't'},
		{"channel", required_argument, NULL, 'c'}, {"format", required_argument, NULL, 'f'}, {"out", required_argument, NULL, 'o'},
		{"seat", required_argument, NULL, 'e'}, {"beat", required_argument, NULL, 'b'}, {"base", required_argument, NULL, 'v'},
		{"version", required_argument, NULL, 'n'}, {"from", required_argument, NULL, 'r'}, {"to", required_argument, NULL, 'u'}, {NULL, 0, NULL, 0}};
	const char *state = NULL, *format = "csv", *out = NULL, *what;
	struct asked n = {.channel = "GT"};
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
		case 't': n.territory = optarg; break;
		case 'c': n.channel = optarg; break;
		case 'f': format = optarg; break;
		case 'o': out = optarg; break;
		case 'e': n.seat = optarg; break;
		case 'b': n.beat = optarg; break;
		case 'v': n.base = optarg; break;
		case 'n': n.version = optarg; break;
		case 'r': n.from = optarg; break;
		case 'u': n.to = optarg; break;
		default: return usage(NULL);
		}
	}
	what = optind + 1 == argc ? argv[optind] : "";
	if (what_of(what) == EXPORT_WHATS)
		return usage("say what: plan, visits, changes, overrides, comments, fairness, " EXPORT_CHAINS_NAME " or " EXPORT_CONFLICTS_NAME);
	job.what = (enum export_what)what_of(what);
	of_plan = job.what < EXPORT_CHAINS;
	if (job.what == EXPORT_CHAINS && n.territory)
		return usage("the rules of chains are of no territory");
	if (!of_plan && (n.seat || n.beat || n.version || n.base))
		return usage("all of these are written: --seat, --beat, --version and --base narrow what is of a plan");
	if (job.what != EXPORT_CHAINS && !n.territory)
		return usage("--territory CODE is missing");
	if (index_in(export_formats, format) < 0)
		return usage("--format takes csv, xml, xlsx, ics or geojson");
	job.format = (enum export_format)index_in(export_formats, format);
	if (!export_knows(job.what, job.format))
		return usage(!of_plan ? "--format takes csv or xlsx here" : "a calendar holds visits only, and a map has places for the plan and its visits only");
	if ((job.what == EXPORT_CHANGES) != !!n.base)
		return usage("changes are told against --base N, the number of a version");
	if (of_plan && job.what > EXPORT_CHANGES && (n.seat || n.beat))
		return usage("--seat and --beat do not narrow what people changed or said, or how their work is shared");
	if (n.version && job.what != EXPORT_PLAN && job.what != EXPORT_CHANGES && job.what != EXPORT_FAIRNESS)
		return usage("--version is of plan, changes and fairness: visits, overrides and comments are of the plan");
	if ((n.from || n.to) && job.what != EXPORT_VISITS)
		return usage("--from and --to are dates of visits");
	if ((n.from && !bp_date_parse(n.from, &job.from)) || (n.to && !bp_date_parse(n.to, &job.to)))
		return usage("--from and --to take dates as 2026-12-31");
	if (job.to < job.from)
		return usage("--to lies before --from");
	if (strcmp(n.channel, "GT") && strcmp(n.channel, "MT"))
		return usage("--channel takes GT or MT");
	if (bp_state_init(&s, bp_cmd_state(state), &f) || bp_state_open(&s, &conf, &db, false, &f))
		return bp_cmd_failed("export", &f);
	bp_arena_init(&a, 64u << 20);
	e = of_plan ? of_plans(db, &a, &job, &n, out, &f) : job.what == EXPORT_CONFLICTS ? of_territory(db, &a, &job, n.territory, out, &f) : to_file(db, &job, out, &f);
	bp_arena_release(&a);
	bp_db_free(db);
	bp_conf_release(&conf);
	bp_fail(&f, e, "%s", bp_errors[e].message);
	if (!e)
		bp_shell_note(&s, job.what == EXPORT_CONFLICTS ? BP_ACTION_CONFLICT_EXPORT : BP_ACTION_PLAN_EXPORT, what, n.territory ? n.territory : "all");
	return e ? bp_cmd_failed("export", &f) : 0;
}
