/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beatplan migrate: bring the tables of a running state up to date. */
#include <getopt.h>
#include <stdio.h>

#include "daemon/cmd.h"
#include "daemon/shell.h"
#include "daemon/state.h"
#include "db/migrate.h"
#include "db/rights.h"

int cmd_migrate(int argc, char **argv)
{
	static const struct option known[] = {{"state", required_argument, NULL, 's'}, {NULL, 0, NULL, 0}};
	char dir[BP_STATE_PATH + 64], patches[16];
	struct bp_conf conf = {0};
	const char *state = NULL;
	struct bp_fail f = {0};
	struct bp_state s;
	struct bp_db *db = NULL;
	unsigned applied = 0;
	bool failed;
	int c;

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (c != 's')
			break;
		state = optarg;
	}
	if (c != -1 || optind < argc) {
		fprintf(stderr, "usage: beatplan migrate [--state DIR]\n");
		return 2;
	}
	if (bp_state_init(&s, bp_cmd_state(state), &f))
		return bp_cmd_failed("migrate", &f);
	snprintf(dir, sizeof(dir), "%s/share/beatplan/sql/schema", s.app);
	failed = bp_state_own(&s, &conf, &db, &f) || bp_migrate(db, dir, &applied, &f) || bp_rights_give_all(db, &conf, &f);
	bp_db_free(db);
	bp_conf_release(&conf);
	if (failed)
		return bp_cmd_failed("migrate", &f);
	snprintf(patches, sizeof(patches), "%u", applied);
	bp_shell_note(&s, BP_ACTION_MIGRATE, "patches", patches);
	printf("%u schema patches applied\n", applied);
	return 0;
}
