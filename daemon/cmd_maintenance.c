/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beatplan maintenance: close the doors of all machines for a while. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/time.h"
#include "daemon/cmd.h"
#include "daemon/upgrade.h"

#define HEARD_US 5000000 /* they look each second */

/* Whom it did not reach, or who is still at something: what runs may end. */
static void tell_others(const struct bp_state *s, bool on)
{
	int64_t until = bp_monotonic_us() + HEARD_US;
	char waits[1000] = "";
	struct bp_fail f = {0};

	do {
		struct timespec pause = {0, 200000000};

		nanosleep(&pause, NULL);
		if (bp_maintenance_waits(s, on, waits, sizeof(waits), &f))
			return;
	} while (*waits && bp_monotonic_us() < until);
	if (*waits && on)
		printf("not yet: %s\n", waits);
	else if (on)
		puts("every program has heard of it, and is at nothing");
}

int cmd_maintenance(int argc, char **argv)
{
	static const struct option known[] = {{"state", required_argument, NULL, 's'}, {NULL, 0, NULL, 0}};
	const char *state = NULL;
	char deaf[1000] = "";
	struct bp_fail f = {0}, none = {0};
	struct bp_state s;
	bool on, alone = false;
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
	on = !strcmp(argv[optind], "on");
	if (bp_state_init(&s, bp_cmd_state(state), &f))
		return bp_cmd_failed("maintenance", &f);
	if (on && !bp_maintenance_deaf(&s, deaf, sizeof(deaf), &none) && *deaf)
		fprintf(stderr, "beatplan maintenance: programs of an older version will go on at %s: say `beatplan down` there\n", deaf);
	if (bp_maintenance(&s, on, &alone, &f))
		return bp_cmd_failed("maintenance", &f);
	printf("maintenance is %s%s\n", argv[optind], alone ? " at this machine only: no database of this version answers; say it again when it does" : "");
	if (!alone)
		tell_others(&s, on);
	return 0;
}
