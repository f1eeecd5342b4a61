/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beatplan token: the keys that access tokens of programs are signed with. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "daemon/cmd.h"
#include "daemon/shell.h"
#include "daemon/state.h"

int cmd_token(int argc, char **argv)
{
	static const struct option known[] = {{"state", required_argument, NULL, 's'}, {"only", no_argument, NULL, 'o'}, {NULL, 0, NULL, 0}};
	const char *state = NULL;
	struct bp_token_keys keys;
	struct bp_fail f = {0};
	struct bp_state s;
	bool only = false;
	int c;

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (c == 's')
			state = optarg;
		else if (c == 'o')
			only = true;
		else
			return 2;
	}
	if (optind + 1 != argc || strcmp(argv[optind], "rotate")) {
		fprintf(stderr, "beatplan token: say rotate\nusage: beatplan token rotate [--only] [--state DIR]\n");
		return 2;
	}
	if (bp_state_init(&s, bp_cmd_state(state), &f) || bp_token_keys_load(s.dir, &keys, &f))
		return bp_cmd_failed("token", &f);
	bp_token_keys_add(&keys);
	if (only)
		keys.n = 1;
	if (bp_state_put_keys(&s, &keys, &f))
		return bp_cmd_failed("token", &f);
	bp_shell_note(&s, BP_ACTION_KEYS_ROTATE, "former", only ? "void" : "good until they end");
	printf("new tokens are signed with the key %s\n", keys.key[0].id);
	if (only)
		printf("all former tokens are void: programs renew theirs at the next call\n");
	else
		printf("those of %s are taken for their last %d minutes\n", keys.key[1].id, BP_TOKEN_SECONDS / 60);
	return 0;
}
