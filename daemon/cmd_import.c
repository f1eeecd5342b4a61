/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beatplan import: files of one session from the shell. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/cmd.h"
#include "daemon/import_run.h"
#include "daemon/state.h"
#include "intake/watch.h"
#include "queries.h"

enum { FILES_MOST = 32, FIXES_MOST = 32 };

static void print_files(struct bp_db *db, uint64_t session)
{
	struct q_import_files *r;
	struct q_import_issue_groups *g;
	struct q_import_fixes *x;
	struct bp_arena a;
	size_t n;

	bp_arena_init(&a, 64 << 20);
	if (!q_import_files(db, &a, (int64_t)session, &r, &n))
		for (size_t i = 0; i < n; i++)
			printf("%-28s %-13s %9lld read %9lld new %9lld changed %9lld unchanged %7lld rejected %7lld duplicate %7lld warnings\n", r[i].name,
				r[i].entity, (long long)r[i].n_read, (long long)r[i].n_inserted, (long long)r[i].n_updated,
				(long long)r[i].n_unchanged, (long long)(r[i].n_rejected + r[i].n_refused), (long long)r[i].n_duplicate,
				(long long)r[i].n_warnings);
	if (!q_import_issue_groups(db, &a, (int64_t)session, BP_NO_INT, &g, &n))
		for (size_t i = 0; i < n; i++)
			printf("  %-8s %-18s %-16s %9lld\n", g[i].severity, g[i].rule, g[i].col, (long long)g[i].n);
	if (!q_import_fixes(db, &a, BP_SOME_INT(session), 0, 500, &x, &n))
		for (size_t i = 0; i < n; i++)
			printf("  mended   %-18s %-16s %9lld  %s%s%s%s%s\n", x[i].rule, x[i].col, (long long)x[i].used, x[i].kind, *x[i].from_value ? " " : "",
				x[i].from_value, *x[i].to_value ? " -> " : "", x[i].to_value);
	bp_arena_release(&a);
}

/* Look into the drop folder of that name, or into all that are active; what is taken is checked by the worker. */
static enum bp_error watch(struct bp_db *db, const struct bp_conf *conf, const char *name, struct bp_fail *f)
{
	struct im_watch_conf c = {conf->drop_dir, conf->upload_dir, conf->drop_settle_seconds, "shell"};
	struct q_watches *w;
	struct bp_arena a;
	bool known = false;
	size_t n = 0, taken;
	enum bp_error e, first;

	bp_arena_init(&a, 256 << 20);
	e = first = q_watches(db, &a, &w, &n);
	for (size_t i = 0; !first && i < n; i++) {
		struct bp_fail why = {0};

		if (name ? strcmp(name, w[i].name) : !w[i].active)
			continue;
		known = true;
		e = im_watch_look(db, &a, &c, (uint64_t)w[i].id, &taken, &why);
		printf("%-28s %zu taken%s%s\n", w[i].name, taken, e ? ", " : "", e ? why.detail : "");
		if (e && !f->code)
			bp_fail(f, e, "%s: %s", w[i].name, why.detail);
	}
	if (!first && name && !known)
		first = bp_fail(f, BP_E_NOT_FOUND, "there is no drop folder called %s", name);
	bp_arena_release(&a);
	return first ? first : f->code;
}

static int usage(void)
{
	fprintf(stderr, "usage: beatplan import FILE... [--check] [--name TEXT] [--row ELEMENT] [--fix FIX]... [--stop-percent N] [--stop-rows N] [--state DIR]\n"
		"       beatplan import --watch [NAME] [--state DIR]\n"
		"  imports outlets, distributors, seats, mappings, plans, invoices, sales figures, accounts, needs, tiers, time windows,\n"
		"  closed days, holidays, visit policies, whitelist and blacklist from CSV, XLSX, XML or JSON files, also in gzip or ZIP,\n"
		"  in one session; --row names the XML element that is one row;\n"
		"  --fix mends a cause in all its rows and is remembered for the next file of the source: RULE[:COLUMN]=KIND[:VALUE], as\n"
		"  COORD_SWAPPED:lat=SWAP, REQUIRED:name=FILL:unnamed, UNKNOWN_WORD:tier=VALUE:gld:Gold, DUPLICATE:code=LAST;\n"
		"  --check says what would happen and publishes nothing;\n"
		"  --stop-percent and --stop-rows stop when more of a file is rejected;\n"
		"  --watch takes what lies in the drop folders (all that are active, or the one of that name), as the worker does by the clock\n");
	return 2;
}

static bool number(const char *s, int64_t most, int64_t *out)
{
	char *end;

	errno = 0;
	*out = strtoll(s, &end, 10);
	return *s && !*end && !errno && *out >= 0 && *out <= most;
}

int cmd_import(int argc, char **argv)
{
	static const struct option known[] = {{"state", required_argument, NULL, 's'}, {"name", required_argument, NULL, 'n'},
		{"row", required_argument, NULL, 'r'}, {"check", no_argument, NULL, 'c'}, {"fix", required_argument, NULL, 'f'},
		{"stop-percent", required_argument, NULL, 'p'}, {"stop-rows", required_argument, NULL, 'x'}, {"watch", no_argument, NULL, 'w'}, {NULL, 0, NULL, 0}};
	struct bp_import_files in = {.name = "from the shell"};
	struct bp_import_outcome out;
	const char *state = NULL;
	int fd[FILES_MOST], c;
	struct bp_conf conf = {0};
	struct bp_fail f = {0};
	struct bp_state s;
	struct bp_db *db = NULL;
	bool watching = false;
	struct im_mending fix[FIXES_MOST];
	struct bp_arena a;
	enum bp_error e;

	bp_arena_init(&a, 1 << 20);
	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (c == 's')
			state = optarg;
		else if (c == 'n')
			in.name = optarg;
		else if (c == 'r')
			in.row = optarg;
		else if (c == 'c')
			in.check_only = true;
		else if (c == 'f' && in.n_fixes < FIXES_MOST && !im_mending_parse(optarg, &a, &fix[in.n_fixes], &f))
			in.n_fixes++;
		else if (c == 'f' && f.code) {
			fprintf(stderr, "beatplan import: %s\n", f.detail);
			return 2;
		} else if (c == 'w')
			watching = true;
		else if (c == 'p' && number(optarg, 100, &in.stop_percent))
			;
		else if (c == 'x' && number(optarg, INT64_MAX, &in.stop_rows))
			;
		else
			return usage();
	}
	in.path = (const char *const *)argv + optind;
	in.n = (size_t)(argc - optind);
	in.fd = fd;
	in.fix = fix;
	if (watching ? in.n > 1 : !in.n || in.n > FILES_MOST)
		return usage();
	if (watching) {
		if (bp_state_init(&s, bp_cmd_state(state), &f) || bp_state_drop(&s, &f) || bp_state_open(&s, &conf, &db, true, &f))
			return bp_cmd_failed("import", &f);
		e = watch(db, &conf, in.n ? in.path[0] : NULL, &f);
		bp_db_free(db);
		bp_conf_release(&conf);
		return e ? bp_cmd_failed("import", &f) : 0;
	}
	for (size_t i = 0; i < in.n; i++) /* while we may still read what the caller may read */
		if ((fd[i] = open(in.path[i], O_RDONLY | O_CLOEXEC)) < 0) {
			fprintf(stderr, "beatplan import: cannot open %s: %s\n", in.path[i], strerror(errno));
			return 1;
		}
	if (bp_state_init(&s, bp_cmd_state(state), &f) || bp_state_drop(&s, &f) || bp_state_open(&s, &conf, &db, true, &f))
		return bp_cmd_failed("import", &f);
	e = bp_import_run(db, &conf, &in, &out, &f);
	if (out.session)
		print_files(db, out.session);
	if (e)
		bp_cmd_failed("import", &f);
	else
		printf("%s: %lld rows = %lld new + %lld changed + %lld unchanged + %lld rejected + %lld duplicate, in %.1f s\n",
			in.check_only ? "checked" : "published", (long long)out.read, (long long)out.inserted, (long long)out.updated,
			(long long)out.unchanged, (long long)out.rejected, (long long)out.duplicate, out.stage_seconds + out.publish_seconds);
	bp_db_free(db);
	bp_conf_release(&conf);
	bp_arena_release(&a);
	return e != BP_E_OK;
}
