/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beatplan machine: further machines for one Beatplan. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "daemon/cmd.h"
#include "daemon/machine.h"
#include "daemon/shell.h"
#include "health/doors.h"

struct options {
	const char *state, *address, *runs, *out;
	bool force, deaf;
};

static int usage(const char *why)
{
	fprintf(stderr, "beatplan machine: %s\nusage: beatplan machine list [--deaf] [--state DIR]    --deaf: only those whose programs are too old to obey maintenance\n"
		"       beatplan machine add --runs web,worker,optimizer --out KIT [--state DIR]\n"
		"       beatplan machine add --runs replica --address ADDRESS --out KIT [--state DIR]\n"
		"       beatplan machine promote [--force] [--state DIR]\n", why);
	return 2;
}

/* What others may run; a second database would be another Beatplan. */
static bool runs_known(const char *list)
{
	static const char *const known[] = {"web", "worker", "optimizer", "replica"};
	size_t words = 0, found = 0;
	const char *p = list;

	for (; *p; p += strspn(p, ", ")) {
		words++;
		p += strcspn(p, ", ");
	}
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		found += bp_conf_lists(list, known[i]);
	return words && words == found;
}

static bool address_known(const char *s)
{
	return *s && strlen(s) <= 40 && !s[strspn(s, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.:-")];
}

static int add(const struct options *o, const struct bp_state *s, const struct bp_conf *c, struct bp_db *db, struct bp_fail *f)
{
	bool replica = bp_conf_lists(o->runs, "replica");

	if (bp_machine_kit(s, c, db, o->runs, o->address ? o->address : "", o->out, f))
		return bp_cmd_failed("machine", f);
	bp_shell_note(s, BP_ACTION_MACHINE_ADD, "runs", o->runs);
	printf("%s is the kit of one machine. Bring it there, say `beatplan up --join KIT --state DIR`, and destroy it.\n", o->out);
	if (replica)
		printf("Let beatplan.conf of the other machines say db_host = %s, %s: they read from it, and find it when it is promoted.\n",
			strcmp(c->db_host, "off") ? c->db_host : c->db_listen, o->address);
	return 0;
}

static int promote(const struct options *o, const struct bp_state *s, const struct bp_conf *c, struct bp_db *db, struct bp_fail *f)
{
	if (bp_machine_promote(s, c, db, o->force, f))
		return bp_cmd_failed("machine", f);
	bp_shell_note(s, BP_ACTION_MACHINE_PROMOTE, "forced", o->force ? "yes" : "no");
	puts("this machine takes changes now; the others find it within seconds. The former one may only come back as a new replica.");
	return 0;
}

/* Which programs ask the database, what each obeys, and the machines of which none does. */
static int list(const struct options *o, struct bp_db *db, struct bp_fail *f)
{
	struct q_programs *p = NULL;
	struct q_programs_deaf *d = NULL;
	struct q_machines_connected *m = NULL;
	struct q_doors_there there = {0};
	size_t n = 0, deaf = 0, others = 0;
	struct bp_arena a;
	enum bp_error e;

	bp_arena_init(&a, 4u << 20);
	e = q_doors_there(db, &a, &there);
	if (!e && there.n && !o->deaf)
		e = q_programs(db, &a, BP_PROGRAM_LIVE, &p, &n);
	if (!e && there.n)
		e = q_programs_deaf(db, &a, BP_PROGRAM_LIVE, &d, &deaf);
	if (!e && !there.n)
		e = q_machines_connected(db, &a, &m, &others);
	for (size_t i = 0; i < n; i++)
		printf("%-40s %-12s from %-16s turn %lld, at %lld\n", p[i].place, p[i].name, p[i].host, (long long)p[i].turn, (long long)p[i].busy);
	for (size_t i = 0; i < deaf; i++)
		printf("%-40s does not obey maintenance\n", d[i].host);
	for (size_t i = 0; i < others; i++)
		printf("%-40s does not obey maintenance\n", m[i].host);
	bp_arena_release(&a);
	return e ? (bp_fail(f, e, "%s", bp_db_failure(db)->detail), bp_cmd_failed("machine", f)) : 0;
}

int cmd_machine(int argc, char **argv)
{
	static const struct option known[] = {{"state", required_argument, NULL, 's'}, {"address", required_argument, NULL, 'a'},
		{"runs", required_argument, NULL, 'r'}, {"out", required_argument, NULL, 'o'}, {"force", no_argument, NULL, 'f'},
		{"deaf", no_argument, NULL, 'd'}, {NULL, 0, NULL, 0}};
	struct options o = {0};
	struct bp_conf conf = {0};
	struct bp_fail f = {0};
	struct bp_state s;
	struct bp_db *db = NULL;
	bool adds, lists;
	int c, rc;

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (c == 's')
			o.state = optarg;
		else if (c == 'a')
			o.address = optarg;
		else if (c == 'r')
			o.runs = optarg;
		else if (c == 'o')
			o.out = optarg;
		else if (c == 'f')
			o.force = true;
		else if (c == 'd')
			o.deaf = true;
		else
			return 2;
	}
	if (optind + 1 != argc || (strcmp(argv[optind], "add") && strcmp(argv[optind], "promote") && strcmp(argv[optind], "list")))
		return usage("say list, add or promote");
	adds = !strcmp(argv[optind], "add");
	lists = !strcmp(argv[optind], "list");
	if (adds && (!o.runs || !o.out || !runs_known(o.runs)))
		return usage("say with --runs what it runs (web, worker, optimizer or replica, with commas) and with --out where the kit goes");
	if (adds && bp_conf_lists(o.runs, "replica") != (o.address != NULL))
		return usage("--address is where others reach a replica, and nothing else");
	if (o.address && !address_known(o.address))
		return usage("--address takes an address or the name of a machine");
	if (bp_state_init(&s, bp_cmd_state(o.state), &f) || bp_state_own(&s, &conf, &db, &f))
		rc = bp_cmd_failed("machine", &f);
	else
		rc = lists ? list(&o, db, &f) : adds ? add(&o, &s, &conf, db, &f) : promote(&o, &s, &conf, db, &f);
	bp_db_free(db);
	bp_conf_release(&conf);
	return rc;
}
