/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beatplan migrate: bring the tables of a running state up to date. */
#include <getopt.h>
#include <stdio.h>

#include "daemon/cmd.h"
#include "daemon/state.h"
#include "db/migrate.h"
#include "db/rights.h"

int cmd_migrate(int argc, char **argv)
{
	static const struct option known[] = {{"state", required_argument, NULL, 's'}, {NULL, 0, NULL, 0}};
	char socket[96], dir[BP_STATE_PATH + 64], path[BP_STATE_PATH + 32];
	struct bp_db_conf dc = {.socket = socket, .multi = true};
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
	if (bp_state_init(&s, bp_cmd_state(state), &f) || bp_state_drop(&s, &f))
		return bp_cmd_failed("migrate", &f);
	snprintf(socket, sizeof(socket), "%s/db", s.run);
	snprintf(dir, sizeof(dir), "%s/share/beatplan/sql/schema", s.app);
	bp_state_path(&s, "beatplan.conf", path, sizeof(path));
	failed = bp_conf_load(&conf, path, &f);
	dc.user = s.user;
	dc.database = conf.db_name;
	failed = failed || bp_db_open(&db, &dc, &f) || bp_migrate(db, dir, &applied, &f) || bp_rights_give_all(db, &conf, &f);
	bp_db_free(db);
	bp_conf_release(&conf);
	if (failed)
		return bp_cmd_failed("migrate", &f);
	printf("%u schema patches applied\n", applied);
	return 0;
}
