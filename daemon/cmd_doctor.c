/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beatplan doctor: what is wrong here, and how to mend it. */
#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "daemon/cmd.h"
#include "daemon/doctor.h"

static void print_text(const struct bp_finding *f)
{
	for (int i = 0; i < BP_CHECK__MAX; i++) {
		printf("%-8s %s%s%s\n", bp_verdicts[f[i].verdict], f[i].what, *f[i].detail ? ": " : "", f[i].detail);
		if (f[i].verdict == BP_VERDICT_WARN || f[i].verdict == BP_VERDICT_BAD)
			printf("         -> %s\n", f[i].mend);
	}
}

json_t *bp_doctor_json(const struct bp_finding *f)
{
	json_t *list = json_array();

	for (int i = 0; i < BP_CHECK__MAX; i++)
		json_array_append_new(list, json_pack("{s:s,s:s,s:s,s:s,s:s}", "name", f[i].name, "verdict", bp_verdicts[f[i].verdict], "what", f[i].what, "detail",
			f[i].detail, "mend", f[i].mend));
	return json_pack("{s:s,s:o}", "worst", bp_verdicts[bp_doctor_worst(f)], "checks", list);
}

enum bp_error bp_doctor_look(const struct bp_state *s, struct bp_conf *conf, struct bp_finding *out, struct bp_fail *f)
{
	struct bp_fail down = {0};
	struct bp_db *db = NULL;
	enum bp_error e = bp_state_look(s, conf, &db, &down);

	/* Without a configuration there is nothing to look at; without a database there is. */
	if (e && !conf->db_socket)
		return bp_fail(f, e, "%s", down.detail);
	bp_doctor(db, conf, out);
	bp_db_free(db);
	return BP_E_OK;
}

int cmd_doctor(int argc, char **argv)
{
	static const struct option known[] = {{"state", required_argument, NULL, 's'}, {"json", no_argument, NULL, 'j'}, {NULL, 0, NULL, 0}};
	struct bp_finding found[BP_CHECK__MAX];
	const char *state = NULL;
	struct bp_conf conf = {0};
	struct bp_fail f = {0};
	struct bp_state s;
	bool json = false;
	int c;

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (c == 's')
			state = optarg;
		else if (c == 'j')
			json = true;
		else
			break;
	}
	if (c != -1 || optind < argc) {
		fprintf(stderr, "usage: beatplan doctor [--json] [--state DIR]\n");
		return 2;
	}
	if (bp_state_init(&s, bp_cmd_state(state), &f) || bp_doctor_look(&s, &conf, found, &f))
		return bp_cmd_failed("doctor", &f);
	if (json) {
		json_t *all = bp_doctor_json(found);

		json_dumpf(all, stdout, JSON_COMPACT);
		putchar('\n');
		json_decref(all);
	} else {
		print_text(found);
	}
	bp_conf_release(&conf);
	return bp_doctor_worst(found) == BP_VERDICT_BAD ? 3 : 0;
}
