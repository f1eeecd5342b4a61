/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beatplan user: accounts from the shell, for an administrator who cannot sign in. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "audit/audit.h"
#include "auth/auth.h"
#include "daemon/cmd.h"
#include "daemon/state.h"
#include "queries.h"

struct work {
	const char *verb, *name, *role;
	char password[20], hash[128];
};

static enum bp_error change(struct bp_db *db, void *ctx)
{
	struct work *w = ctx;
	struct bp_audit au = {.resource_type = "user", .agent = "beatplan user"};
	struct q_user_login row;
	struct bp_arena a;
	enum bp_error e;

	bp_arena_init(&a, 1u << 20);
	if (!strcmp(w->verb, "add")) {
		au.action = BP_ACTION_USER_CREATE;
		e = q_user_add(db, w->name, w->name, "", "en", w->hash, 0, NULL);
		au.resource_id = bp_db_insert_id(db);
		if (!e)
			e = q_user_scope_add(db, (int64_t)au.resource_id, 0, w->role, NULL);
	} else {
		au.action = BP_ACTION_PASSWORD_RESET;
		e = q_user_login(db, &a, w->name, &row);
		au.resource_id = e ? 0 : (uint64_t)row.id;
		if (!e)
			e = q_user_set_password(db, row.id, w->hash, NULL);
		if (!e)
			e = bp_auth_end_all(db, (uint64_t)row.id);
	}
	bp_arena_release(&a);
	return e ? e : bp_audit_write(db, &au);
}

static int list(struct bp_db *db)
{
	struct q_user_list *r;
	struct bp_arena a;
	size_t n;

	bp_arena_init(&a, 256u << 20);
	if (q_user_list(db, &a, NULL, BP_NO_INT, 0, 100000, &r, &n))
		return 1;
	for (size_t i = 0; i < n; i++)
		printf("%6lld  %-20s %-8s %s\n", (long long)r[i].id, r[i].username, r[i].active ? "active" : "off", r[i].name);
	bp_arena_release(&a);
	return 0;
}

static int usage(const char *why)
{
	if (why)
		fprintf(stderr, "beatplan user: %s\n", why);
	fprintf(stderr, "usage: beatplan user add NAME --role ROLE | reset NAME | list   [--state DIR]\nroles:");
	for (const struct bp_role *r = bp_roles; r->name; r++)
		fprintf(stderr, " %s", r->name);
	fputc('\n', stderr);
	return 2;
}

int cmd_user(int argc, char **argv)
{
	static const struct option known[] = {{"state", required_argument, NULL, 's'}, {"role", required_argument, NULL, 'r'},
		{NULL, 0, NULL, 0}};
	struct work w = {0};
	const char *state = NULL;
	struct bp_conf conf = {0};
	struct bp_fail f = {0};
	struct bp_state s;
	struct bp_db *db;
	enum bp_error e;
	int c;

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (c == 's')
			state = optarg;
		else if (c == 'r')
			w.role = optarg;
		else
			return usage(NULL);
	}
	w.verb = optind < argc ? argv[optind] : "";
	w.name = optind + 1 < argc ? argv[optind + 1] : NULL;
	if (strcmp(w.verb, "list") && strcmp(w.verb, "add") && strcmp(w.verb, "reset"))
		return usage("say what: add, reset or list");
	if (strcmp(w.verb, "list") && (!w.name || strlen(w.name) < 2 || strlen(w.name) > 64))
		return usage("a user name of 2 to 64 characters is missing");
	if (!strcmp(w.verb, "add") && (!w.role || !bp_role_find(w.role)))
		return usage(w.role ? "there is no such role" : "--role ROLE is missing");
	if (bp_state_init(&s, bp_cmd_state(state), &f) || bp_state_open(&s, &conf, &db, false, &f))
		return bp_cmd_failed("user", &f);
	if (!strcmp(w.verb, "list")) {
		c = list(db);
	} else {
		bp_auth_generate(w.password);
		e = bp_auth_hash(w.password, w.hash);
		if (!e)
			e = bp_db_tx(db, change, &w);
		c = e != BP_E_OK;
		if (e == BP_E_CONFLICT)
			fprintf(stderr, "beatplan user: there is a user '%s' already\n", w.name);
		else if (e == BP_E_NOT_FOUND)
			fprintf(stderr, "beatplan user: there is no user '%s'\n", w.name);
		else if (e)
			fprintf(stderr, "beatplan user: %s\n", bp_db_failure(db)->detail);
		else
			printf("user      %s\npassword  %s\n", w.name, w.password);
	}
	bp_db_free(db);
	bp_conf_release(&conf);
	return c;
}
