/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beatplan migrate: bring the tables of a running state up to date. */
#include <getopt.h>
#include <stdio.h>

#include "daemon/cmd.h"
#include "daemon/state.h"
#include "db/migrate.h"

int cmd_migrate(int argc, char **argv)
{
	static const struct option known[] = {{"state", required_argument, NULL, 's'}, {NULL, 0, NULL, 0}};
	char socket[96], dir[BP_STATE_PATH + 64];
	struct bp_db_conf dc = {.socket = socket, .database = "beatplan", .multi = true};
	const char *state = NULL;
	struct bp_fail f = {0};
	struct bp_state s;
	struct bp_db *db = NULL;
	unsigned applied = 0;
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
	if (bp_state_init(&s, bp_cmd_state(state), &f) || bp_state_drop(&s, &f))
		return bp_cmd_failed("migrate", &f);
	snprintf(socket, sizeof(socket), "%s/db", s.run);
	snprintf(dir, sizeof(dir), "%s/share/beatplan/sql/schema", s.app);
	dc.user = s.user;
	if (bp_db_open(&db, &dc, &f) || bp_migrate(db, dir, &applied, &f) || bp_migrate_grant(db, "beatplan", "bp_app", &f)) {
		bp_db_free(db);
		return bp_cmd_failed("migrate", &f);
	}
	bp_db_free(db);
	printf("%u schema patches applied\n", applied);
	return 0;
}
