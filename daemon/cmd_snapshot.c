/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beatplan snapshot: build the snapshots of planning units now, or hold them against the database. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "daemon/cmd.h"
#include "daemon/shell.h"
#include "daemon/state.h"
#include "queries.h"
#include "snapshot/snapshot.h"

enum { GOOD = 0, FAILED = 1, OTHER = 3 };

static int usage(void)
{
	fprintf(stderr, "usage: beatplan snapshot build|verify [--territory CODE] [--state DIR]\n"
			"       of one planning unit or of all; verify reads the database anew and holds core and details against it:\n"
			"       it ends with 0 when all are good, 3 when one is not (a change of the last seconds is still being built)\n");
	return 2;
}

static enum bp_error build(struct bp_db *db, struct bp_arena *a, const char *dir, const struct q_snapshot_units *u, struct bp_fail *f)
{
	struct sn_info info;
	enum bp_error e = sn_build(db, a, dir, (uint64_t)u->id, &info, f);

	if (!e)
		printf("%-28s %s  %llu outlets, core %.2f MB, details %.2f MB\n", u->code, info.hash, (unsigned long long)info.outlets,
			(double)info.core.bytes / 1e6, (double)info.details.bytes / 1e6);
	return e;
}

static enum bp_error verify(struct bp_db *db, struct bp_arena *a, const char *dir, const struct q_snapshot_units *u, bool *other, struct bp_fail *f)
{
	enum sn_state state = SN_GOOD;
	enum bp_error e = sn_verify(db, a, dir, (uint64_t)u->id, &state, f);

	if (!e)
		printf("%-28s %s  %s\n", u->code, u->hash ? u->hash : "-", sn_states[state]);
	*other = *other || state != SN_GOOD;
	return e;
}

static int each_unit(struct bp_db *db, const char *dir, const char *code, bool anew)
{
	struct q_snapshot_units *u;
	struct bp_arena units, a;
	struct bp_fail f = {0};
	bool other = false;
	size_t n = 0;
	enum bp_error e;

	bp_arena_init(&units, (size_t)64 << 20);
	bp_arena_init(&a, (size_t)1 << 30);
	e = q_snapshot_units(db, &units, code, &u, &n);
	if (!e && !n)
		e = bp_fail(&f, BP_E_NOT_FOUND, code ? "there is no planning unit of that code" : "there are no planning units: import outlets first");
	for (size_t i = 0; !e && i < n; i++) {
		e = anew ? build(db, &a, dir, &u[i], &f) : verify(db, &a, dir, &u[i], &other, &f);
		bp_arena_clear(&a);
	}
	bp_arena_release(&a);
	bp_arena_release(&units);
	bp_fail(&f, e, "%s", bp_errors[e].message);
	return e ? (bp_cmd_failed("snapshot", &f), FAILED) : other ? OTHER : GOOD;
}

int cmd_snapshot(int argc, char **argv)
{
	static const struct option known[] = {{"state", required_argument, NULL, 's'}, {"territory", required_argument, NULL, 't'}, {NULL, 0, NULL, 0}};
	const char *state = NULL, *code = NULL;
	struct bp_conf conf = {0};
	struct bp_fail f = {0};
	struct bp_state s;
	struct bp_db *db;
	bool anew;
	int c, status;

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (c == 's')
			state = optarg;
		else if (c == 't')
			code = optarg;
		else
			return usage();
	}
	if (optind + 1 != argc)
		return usage();
	anew = !strcmp(argv[optind], "build");
	if (!anew && strcmp(argv[optind], "verify"))
		return usage();
	if (bp_state_init(&s, bp_cmd_state(state), &f) || bp_state_drop(&s, &f) || bp_state_open(&s, &conf, &db, false, &f))
		return bp_cmd_failed("snapshot", &f);
	status = each_unit(db, conf.snapshot_dir, code, anew);
	bp_db_free(db);
	bp_conf_release(&conf);
	if (anew && status == GOOD)
		bp_shell_note(&s, BP_ACTION_SNAPSHOT_BUILD, "unit", code ? code : "all");
	return status;
}
