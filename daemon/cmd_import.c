/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beatplan import: files of one session from the shell. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "daemon/cmd.h"
#include "daemon/import_run.h"
#include "daemon/shell.h"
#include "daemon/state.h"
#include "intake/match.h"
#include "intake/watch.h"
#include "queries.h"
#include "setting/setting.h"

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
	struct im_watch_conf c = {conf->drop_dir, conf->upload_dir, bp_setting(BP_SETTING_drop_settle_seconds), "shell"};
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
	fprintf(stderr, "usage: beatplan import FILE... [--check] [--name TEXT] [--row ELEMENT] [--entity NAME] [--fix FIX]... [--stop-percent N]\n"
		"                [--stop-rows N] [--model CODE --levels COLUMN,...] [--mode upsert|merge|append] [--match COLUMN,...] [--complete [--vanished keep|dormant|close]] [--state DIR]\n"
		"       beatplan import --watch [NAME] [--state DIR]\n"
		"  imports outlets, distributors, seats, mappings, plans, invoices, sales figures, accounts, needs, tiers, time windows,\n"
		"  closed days, holidays, visit policies, whitelist and blacklist from CSV, XLSX, XML or JSON files, also in gzip or ZIP,\n"
		"  in one session; --row names the XML element that is one row;\n"
		"  --entity says what the files hold where it is not found out: outlets, distributors, seats, dt_mapping, plan, invoices ...;\n"
		"  --fix mends a cause in all its rows and is remembered for the next file of the source: RULE[:COLUMN]=KIND[:VALUE], as\n"
		"  COORD_SWAPPED:lat=SWAP, REQUIRED:name=FILL:unnamed, UNKNOWN_WORD:tier=VALUE:gld:Gold, DUPLICATE:code=LAST;\n"
		"  --check says what would happen and publishes nothing;\n"
		"  --stop-percent and --stop-rows stop when more of a file is rejected;\n"
		"  --mode says what counts for known keys: all values (upsert), those that are not empty (merge), none (append);\n"
		"  --match finds outlets by other columns than their code: some of tax_no, phone, email, name, address, city, postcode;\n"
		"  --complete: the file names all outlets of its territories, and --vanished says what becomes of others;\n"
		"  --model and --levels: columns of the files, widest first, say where outlets lie in that territory model (beatplan detect finds them);\n"
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

/* The word of the list that is meant, whatever its case; NULL = none. */
static const char *one_of(const char *s, const char *const *list)
{
	while (*list && strcasecmp(s, *list))
		list++;
	return *list;
}

struct asked {
	struct bp_import_files in;
	const char *state;
	bool watching;
	struct im_mending fix[FIXES_MOST];
	struct bp_arena mem; /* of the fixes */
};

/* What the words of the command say; not 0 = the status with which it ends. */
static int read_options(int argc, char **argv, struct asked *o)
{
	static const char *const modes[] = {"UPSERT", "MERGE", "APPEND", NULL}, *const fates[] = {"ASK", "KEEP", "DORMANT", "CLOSE", NULL};
	static const struct option known[] = {{"state", required_argument, NULL, 's'}, {"name", required_argument, NULL, 'n'},
		{"row", required_argument, NULL, 'r'}, {"check", no_argument, NULL, 'c'}, {"fix", required_argument, NULL, 'f'},
		{"stop-percent", required_argument, NULL, 'p'}, {"stop-rows", required_argument, NULL, 'x'}, {"mode", required_argument, NULL, 'm'}, {"entity", required_argument, NULL, 'e'},
		{"match", required_argument, NULL, 'k'}, {"complete", no_argument, NULL, 'a'}, {"vanished", required_argument, NULL, 'v'}, {"watch", no_argument, NULL, 'w'},
		{"model", required_argument, NULL, 'o'}, {"levels", required_argument, NULL, 'l'}, {NULL, 0, NULL, 0}};
	struct bp_fail f = {0};
	uint32_t columns;
	int c;

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (c == 's')
			o->state = optarg;
		else if (c == 'n')
			o->in.name = optarg;
		else if (c == 'r')
			o->in.row = optarg;
		else if (c == 'e' && im_entity_of(optarg) < IM_ENTITY__MAX)
			o->in.entity = optarg;
		else if (c == 'c')
			o->in.check_only = true;
		else if (c == 'm' && (o->in.mode = one_of(optarg, modes)))
			;
		else if (c == 'a')
			o->in.complete = true;
		else if (c == 'v' && (o->in.vanished = one_of(optarg, fates)))
			;
		else if (c == 'k' && !im_match_parse(optarg, &columns, &f))
			o->in.match = optarg;
		else if (c == 'f' && o->in.n_fixes < FIXES_MOST && !im_mending_parse(optarg, &o->mem, &o->fix[o->in.n_fixes], &f))
			o->in.n_fixes++;
		else if ((c == 'f' || c == 'k') && f.code) {
			fprintf(stderr, "beatplan import: %s\n", f.detail);
			return 2;
		} else if (c == 'o')
			o->in.model = optarg;
		else if (c == 'l')
			o->in.levels = optarg;
		else if (c == 'w')
			o->watching = true;
		else if (c == 'p' && number(optarg, 100, &o->in.stop_percent))
			;
		else if (c == 'x' && number(optarg, INT64_MAX, &o->in.stop_rows))
			;
		else
			return usage();
	}
	o->in.path = (const char *const *)argv + optind;
	o->in.n = (size_t)(argc - optind);
	o->in.fix = o->fix;
	if (!o->in.model != !o->in.levels)
		return usage();
	return (o->watching ? o->in.n > 1 : !o->in.n || o->in.n > FILES_MOST) ? usage() : 0;
}

int cmd_import(int argc, char **argv)
{
	struct asked o = {.in = {.name = "from the shell"}};
	struct bp_import_outcome out;
	struct bp_conf conf = {0};
	struct bp_fail f = {0};
	struct bp_db *db = NULL;
	struct bp_state s;
	int fd[FILES_MOST], status;
	enum bp_error e;

	bp_arena_init(&o.mem, 1 << 20);
	status = read_options(argc, argv, &o);
	if (status)
		return status;
	o.in.fd = fd;
	if (o.watching) {
		if (bp_state_init(&s, bp_cmd_state(o.state), &f) || bp_state_drop(&s, &f) || bp_state_open(&s, &conf, &db, true, &f))
			return bp_cmd_failed("import", &f);
		e = watch(db, &conf, o.in.n ? o.in.path[0] : NULL, &f);
		bp_db_free(db);
		bp_conf_release(&conf);
		if (!e)
			bp_shell_note(&s, BP_ACTION_WATCH_RUN, "folder", o.in.n ? o.in.path[0] : "all");
		return e ? bp_cmd_failed("import", &f) : 0;
	}
	for (size_t i = 0; i < o.in.n; i++) /* while we may still read what the caller may read */
		if ((fd[i] = open(o.in.path[i], O_RDONLY | O_CLOEXEC)) < 0) {
			fprintf(stderr, "beatplan import: cannot open %s: %s\n", o.in.path[i], strerror(errno));
			return 1;
		}
	if (bp_state_init(&s, bp_cmd_state(o.state), &f) || bp_state_drop(&s, &f) || bp_state_open(&s, &conf, &db, true, &f))
		return bp_cmd_failed("import", &f);
	e = bp_import_run(db, &conf, &o.in, &out, &f);
	if (out.session)
		print_files(db, out.session);
	if (e)
		bp_cmd_failed("import", &f);
	else
		printf("%s: %lld rows = %lld new + %lld changed + %lld unchanged + %lld rejected + %lld duplicate, in %.1f s\n",
			o.in.check_only ? "checked" : "published", (long long)out.read, (long long)out.inserted, (long long)out.updated,
			(long long)out.unchanged, (long long)out.rejected, (long long)out.duplicate, out.stage_seconds + out.publish_seconds);
	bp_db_free(db);
	bp_conf_release(&conf);
	bp_arena_release(&o.mem);
	if (!e && o.in.check_only) /* one that is published says so itself */
		bp_shell_note(&s, BP_ACTION_IMPORT_CHECK, NULL, NULL);
	return e != BP_E_OK;
}
