/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beatplan undo: take a published import back. */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/cmd.h"
#include "daemon/state.h"
#include "intake/intake.h"
#include "queries.h"

static int usage(void)
{
	fprintf(stderr, "usage: beatplan undo IMPORT --reason TEXT [--state DIR]\n"
		"  takes the published import session of that number back; what somebody changed since stays, and is listed\n");
	return 2;
}

static enum bp_error take_back(struct bp_db *db, struct im_work *w)
{
	struct q_import_change_set set;
	const char *why;
	uint64_t moved = 0;
	enum bp_error e = im_undo_allowed(db, w->arena, w->session, &set, &why);

	if (!e && why)
		return bp_fail(w->fail, BP_E_IMPORT_STATE, "import %" PRIu64 ": %s", w->session, why);
	if (!e)
		e = q_import_session_move(db, (int64_t)w->session, "COMPLETED", "UNDOING", &moved);
	if (!e && !moved)
		return bp_fail(w->fail, BP_E_IMPORT_STATE, "import %" PRIu64 " is at work", w->session);
	if (!e)
		e = im_undo_session(w);
	if (e)
		q_import_session_move(db, (int64_t)w->session, "UNDOING", "COMPLETED", NULL);
	return e;
}

static void print_counts(struct bp_db *db, struct im_work *w)
{
	struct q_import_change_set set;
	struct q_import_undo_counts *c;
	size_t n = 0;

	if (q_import_change_set(db, w->arena, (int64_t)w->session, &set) || q_import_undo_counts(db, w->arena, set.id, &c, &n))
		return;
	for (size_t i = 0; i < n; i++)
		printf("%-14s %-16s %9lld back %9lld kept\n", c[i].tbl, !strcmp(c[i].field, "+") ? "(made)" : !strcmp(c[i].field, "-") ? "(removed)" : c[i].field,
			(long long)c[i].back, (long long)c[i].kept);
}

int cmd_undo(int argc, char **argv)
{
	static const struct option known[] = {{"state", required_argument, NULL, 's'}, {"reason", required_argument, NULL, 'r'}, {NULL, 0, NULL, 0}};
	struct im_work w = {.correlation = "shell"};
	struct bp_conf conf = {0};
	struct bp_fail f = {0};
	struct bp_arena a;
	struct bp_state s;
	const char *state = NULL;
	char *end = NULL;
	int c;
	enum bp_error e;

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (c == 's')
			state = optarg;
		else if (c == 'r')
			w.reason = optarg;
		else
			return usage();
	}
	if (optind + 1 != argc || !w.reason || (w.session = strtoull(argv[optind], &end, 10)) == 0 || *end)
		return usage();
	if (bp_state_init(&s, bp_cmd_state(state), &f) || bp_state_drop(&s, &f) || bp_state_open(&s, &conf, &w.db, true, &f))
		return bp_cmd_failed("undo", &f);
	bp_arena_init(&a, 256 << 20);
	w.arena = &a;
	w.fail = &f;
	e = take_back(w.db, &w);
	if (e && !f.detail[0])
		bp_fail(&f, e, "%s", bp_db_failure(w.db)->detail);
	if (e)
		bp_cmd_failed("undo", &f);
	else
		print_counts(w.db, &w);
	bp_db_free(w.db);
	bp_conf_release(&conf);
	bp_arena_release(&a);
	return e != BP_E_OK;
}
