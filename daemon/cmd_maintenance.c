/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beatplan maintenance: close the doors for a while. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "daemon/cmd.h"
#include "daemon/upgrade.h"

int cmd_maintenance(int argc, char **argv)
{
	static const struct option known[] = {{"state", required_argument, NULL, 's'}, {NULL, 0, NULL, 0}};
	const char *state = NULL;
	struct bp_fail f = {0};
	struct bp_state s;
	int c;

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (c != 's')
			break;
		state = optarg;
	}
	if (c != -1 || optind + 1 != argc || (strcmp(argv[optind], "on") && strcmp(argv[optind], "off"))) {
		fprintf(stderr, "usage: beatplan maintenance on|off [--state DIR]\n");
		return 2;
	}
	if (bp_state_init(&s, bp_cmd_state(state), &f) || bp_maintenance(&s, !strcmp(argv[optind], "on"), &f))
		return bp_cmd_failed("maintenance", &f);
	printf("maintenance is %s\n", argv[optind]);
	return 0;
}
