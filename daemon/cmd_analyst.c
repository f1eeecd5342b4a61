/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beatplan analyst: users of the database who read the views bi_... by tools of their own, on the machine that has the database. */
#include <getopt.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "audit/audit.h"
#include "base/time.h"
#include "daemon/cmd.h"
#include "daemon/state.h"
#include "db/rights.h"
#include "queries.h"

#define NAME_MOST 24
/* So that no question of theirs keeps planners waiting. */
#define BOUNDS " WITH MAX_USER_CONNECTIONS 5 MAX_STATEMENT_TIME 120"

struct work {
	struct bp_arena *a;
	struct bp_fail *f;
	const struct bp_conf *conf;
	const char *verb, *user, *territory;
	const char *password; /* made by this run */
};

static int usage(const char *why)
{
	fprintf(stderr, "beatplan analyst: %s\nusage: beatplan analyst add NAME [--territory CODE] | renew NAME | remove NAME | list [--state DIR]\n"
		"       add prints the password; without --territory the analyst sees all. NAME has 1 to %d of a-z, 0-9 and _\n", why, NAME_MOST);
	return 2;
}

static enum bp_error add(struct bp_db *db, const struct work *w, struct bp_audit *au)
{
	struct q_territory_of_code t = {0};
	enum bp_error e = w->territory ? q_territory_of_code(db, w->a, w->territory, &t) : BP_E_OK;

	if (e)
		return bp_fail(w->f, e, "there is no territory with the code %s", w->territory);
	e = q_analyst_add(db, w->user, t.id, NULL);
	au->action = BP_ACTION_ANALYST_ADD;
	bp_audit_change(au, "territory", NULL, w->territory ? w->territory : "all");
	return e == BP_E_CONFLICT ? bp_fail(w->f, e, "%s is there already: `beatplan analyst renew` gives a new password", w->user) : e;
}

static enum bp_error change(struct bp_db *db, void *ctx)
{
	struct work *w = ctx;
	struct bp_audit au = {.resource_type = "analyst", .action = BP_ACTION_ANALYST_RENEW};
	uint64_t n = 1;
	enum bp_error e;

	bp_fail_clear(w->f);
	bp_audit_change(&au, "analyst", NULL, w->user);
	if (!strcmp(w->verb, "add")) {
		e = add(db, w, &au);
	} else if (!strcmp(w->verb, "renew")) {
		e = q_analyst_renewed(db, w->user, &n);
	} else {
		au.action = BP_ACTION_ANALYST_REMOVE;
		e = q_analyst_drop(db, w->user, &n);
	}
	if (!e && !n)
		return bp_fail(w->f, BP_E_NOT_FOUND, "there is no analyst %s: see `beatplan analyst list`", w->user);
	return e ? e : bp_audit_write(db, &au);
}

/* The database user, anew, from a host; where others reach the database they have to by TLS. */
static enum bp_error let_in(struct bp_db *db, const struct work *w, const char *host, const char *demand)
{
	return bp_db_bulk(db, bp_sprintf(w->a, "CREATE OR REPLACE USER '%s'@'%s' IDENTIFIED BY '%s'%s" BOUNDS "; GRANT " BP_ANALYST_ROLE " TO '%s'@'%s';"
		" SET DEFAULT ROLE " BP_ANALYST_ROLE " FOR '%s'@'%s'", w->user, host, w->password, demand, w->user, host, w->user, host), NULL);
}

static enum bp_error account(struct bp_db *db, struct work *w)
{
	unsigned char raw[24];
	char *password = bp_alloc(w->a, 40);
	enum bp_error e;

	if (!strcmp(w->verb, "remove"))
		return bp_db_bulk(db, bp_sprintf(w->a, "DROP USER IF EXISTS '%s'@'localhost', '%s'@'%%'", w->user, w->user), NULL);
	randombytes_buf(raw, sizeof(raw));
	w->password = sodium_bin2base64(password, 40, raw, sizeof(raw), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	e = let_in(db, w, "localhost", "");
	if (!e && strcmp(w->conf->db_listen, "off"))
		e = let_in(db, w, "%", " REQUIRE SSL");
	return e;
}

static enum bp_error list(struct bp_db *db, struct bp_arena *a)
{
	struct q_analysts *r = NULL;
	char at[BP_INSTANT_SIZE];
	size_t n = 0;
	enum bp_error e = q_analysts(db, a, NULL, &r, &n);

	for (size_t i = 0; i < n; i++) {
		bp_instant_format(r[i].renewed_at, at);
		printf("%-28s %-20s password of %.10s\n", r[i].name, r[i].territory ? r[i].territory : "all", at);
	}
	return e;
}

static enum bp_error work(struct bp_db *db, struct work *w)
{
	enum bp_error e = !strcmp(w->verb, "list") ? list(db, w->a) : bp_db_tx(db, change, w);

	if (!e && strcmp(w->verb, "list"))
		e = account(db, w);
	if (e)
		return bp_fail(w->f, e, "%s", bp_db_failure(db)->detail);
	if (w->password)
		printf("socket    %s\ndatabase  %s\nuser      %s\npassword  %s\n", w->conf->db_socket, w->conf->db_name, w->user, w->password);
	return BP_E_OK;
}

static const char *faults(const char *verb, const char *name, int n, bool place)
{
	bool all = verb && !strcmp(verb, "list");

	if (!verb || (!all && strcmp(verb, "add") && strcmp(verb, "renew") && strcmp(verb, "remove")))
		return "say list, add, renew or remove";
	if (n != !all)
		return all ? "list takes no name" : "name one analyst";
	if (place && strcmp(verb, "add"))
		return "--territory goes with add: to change it, remove the analyst and add them anew";
	if (!all && (!*name || strlen(name) > NAME_MOST || name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_")]))
		return "that is no name for an analyst";
	return NULL;
}

int cmd_analyst(int argc, char **argv)
{
	static const struct option known[] = {{"state", required_argument, NULL, 's'}, {"territory", required_argument, NULL, 't'}, {NULL, 0, NULL, 0}};
	struct bp_conf conf = {0};
	struct bp_fail f = {0};
	struct bp_arena a;
	struct work w = {.a = &a, .f = &f, .conf = &conf};
	const char *state = NULL, *wrong;
	struct bp_db *db = NULL;
	struct bp_state s;
	bool failed;
	int c;

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (c == 's')
			state = optarg;
		else if (c == 't')
			w.territory = optarg;
		else
			return usage("that is no option");
	}
	w.verb = optind < argc ? argv[optind++] : NULL;
	wrong = faults(w.verb, optind < argc ? argv[optind] : NULL, argc - optind, w.territory);
	if (wrong)
		return usage(wrong);
	bp_arena_init(&a, 4u << 20);
	w.user = optind < argc ? bp_sprintf(&a, "bi_%s", argv[optind]) : NULL;
	failed = bp_state_init(&s, bp_cmd_state(state), &f) || bp_state_own(&s, &conf, &db, &f) || work(db, &w);
	bp_db_free(db);
	bp_conf_release(&conf);
	bp_arena_release(&a);
	return failed ? bp_cmd_failed("analyst", &f) : 0;
}
