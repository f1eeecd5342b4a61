/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beatplan user: accounts from the shell, many at a time, and for an administrator who cannot sign in. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "audit/audit.h"
#include "auth/auth.h"
#include "auth/factor.h"
#include "daemon/cmd.h"
#include "daemon/state.h"
#include "notice/notice.h"
#include "queries.h"
#include "setting/setting.h"

struct work {
	const struct verb *verb;
	const char *name, *role, *territory, *reason;
	struct bp_arena *a;
	struct q_user_login user;  /* of that name; not for `add` */
	int64_t place;             /* of --territory, 0 = everywhere */
	char password[BP_AUTH_GENERATED], hash[128];
	struct bp_audit au;
	const char *why;           /* it is refused, in words */
};

static enum bp_error refuse(struct work *w, const char *why)
{
	w->why = why;
	return BP_E_CONFLICT;
}

static enum bp_error add(struct bp_db *db, struct work *w)
{
	enum bp_error e = q_user_add(db, w->name, w->name, "", "en", w->hash, 0, bp_setting(BP_SETTING_first_password_days), NULL);

	if (e == BP_E_CONFLICT)
		return refuse(w, "there is such a user already");
	w->au.resource_id = bp_db_insert_id(db);
	return e ? e : q_user_scope_add(db, (int64_t)w->au.resource_id, w->place, w->role, NULL);
}

static enum bp_error reset(struct bp_db *db, struct work *w)
{
	enum bp_error e = q_user_set_password(db, w->user.id, w->hash, bp_setting(BP_SETTING_first_password_days), NULL);

	return e ? e : bp_auth_end_all(db, (uint64_t)w->user.id, true);
}

/* Somebody must be left who can mend what goes wrong. */
static enum bp_error keep_an_admin(struct bp_db *db, struct work *w)
{
	struct q_user_admins row;
	enum bp_error e = q_user_admins(db, w->a, w->user.id, &row);

	return e || row.n ? e : refuse(w, "that is the last administrator: make another one first");
}

static enum bp_error set_active(struct bp_db *db, struct work *w, bool active)
{
	bp_audit_change(&w->au, "active", w->user.active ? "1" : "0", active ? "1" : "0");
	return q_user_set(db, w->user.id, NULL, NULL, NULL, BP_SOME_INT(active), NULL);
}

static enum bp_error bar(struct bp_db *db, struct work *w)
{
	enum bp_error e = keep_an_admin(db, w);

	if (!e)
		e = set_active(db, w, false);
	return e ? e : bp_auth_end_all(db, (uint64_t)w->user.id, true);
}

static enum bp_error admit(struct bp_db *db, struct work *w)
{
	return set_active(db, w, true);
}

static enum bp_error grant(struct bp_db *db, struct work *w)
{
	enum bp_error e = q_user_scope_add(db, w->user.id, w->place, w->role, NULL);

	bp_audit_change(&w->au, "scopes", NULL, bp_sprintf(w->a, "+ %s@%lld", w->role, (long long)w->place));
	return e == BP_E_CONFLICT ? refuse(w, "that role is held there already") : e;
}

static enum bp_error revoke(struct bp_db *db, struct work *w)
{
	uint64_t gone = 0;
	enum bp_error e = !strcmp(w->role, "admin") && !w->place ? keep_an_admin(db, w) : BP_E_OK;

	if (!e)
		e = q_user_scope_drop(db, w->user.id, w->place, w->role, &gone);
	bp_audit_change(&w->au, "scopes", NULL, bp_sprintf(w->a, "- %s@%lld", w->role, (long long)w->place));
	return e || gone ? e : refuse(w, "that role is not held there");
}

static enum bp_error unlock(struct bp_db *db, struct work *w)
{
	return q_login_succeeded(db, bp_sprintf(w->a, "u:%s", w->name), NULL);
}

static enum bp_error sign_out(struct bp_db *db, struct work *w)
{
	return bp_auth_end_all(db, (uint64_t)w->user.id, true);
}

static enum bp_error drop_factor(struct bp_db *db, struct work *w)
{
	uint64_t user = (uint64_t)w->user.id;
	enum bp_error e = w->user.factor ? bp_factor_drop(db, user) : refuse(w, "there is no second factor");

	w->au.reason = w->reason;
	if (!e)
		e = bp_auth_end_all(db, user, false);
	return e ? e : bp_notice_tell_account(db, BP_NOTICE_FACTOR_TAKEN, user, 0, w->reason);
}

enum { ROLE = 1, PASSWORD = 2, NEW = 4, REASON = 8 };
static const struct verb {
	const char *name;
	unsigned needs;
	enum bp_action action;
	enum bp_error (*run)(struct bp_db *, struct work *);
	const char *what;
} verbs[] = {
	{"add", ROLE | PASSWORD | NEW, BP_ACTION_USER_CREATE, add, "make users, each with a generated password and a role"},
	{"reset", PASSWORD, BP_ACTION_PASSWORD_RESET, reset, "give new generated passwords"},
	{"grant", ROLE, BP_ACTION_USER_CHANGE, grant, "give a role"},
	{"revoke", ROLE, BP_ACTION_USER_CHANGE, revoke, "take a role away"},
	{"bar", 0, BP_ACTION_USER_CHANGE, bar, "let nobody sign in by these accounts; ends their sessions"},
	{"admit", 0, BP_ACTION_USER_CHANGE, admit, "let them in again"},
	{"unlock", 0, BP_ACTION_USER_UNLOCK, unlock, "let them try again after too many failed sign-ins"},
	{"sign-out", 0, BP_ACTION_USER_SIGNOUT, sign_out, "end their sessions, and what programs have tokens"},
	{"drop-factor", REASON, BP_ACTION_FACTOR_RESET, drop_factor, "take lost second factors away, and end their sessions; they are told how you knew them"},
};
#define VERBS (sizeof(verbs) / sizeof(*verbs))

static enum bp_error one(struct bp_db *db, void *ctx)
{
	struct work *w = ctx;
	enum bp_error e = BP_E_OK;

	w->why = NULL;
	w->au = (struct bp_audit){.action = w->verb->action, .resource_type = "user"};
	if (!(w->verb->needs & NEW)) {
		e = q_user_login(db, w->a, w->name, &w->user);
		if (e == BP_E_NOT_FOUND)
			w->why = "there is no such user";
		w->au.resource_id = e ? 0 : (uint64_t)w->user.id;
	}
	if (!e)
		e = w->verb->run(db, w);
	return e ? e : bp_audit_write(db, &w->au);
}

/* Each name by itself: what is wrong with one does not hold up the others. */
static int each(struct bp_db *db, struct work *w, char **names, int n)
{
	int failed = 0;

	for (int i = 0; i < n; i++) {
		enum bp_error e = BP_E_OK;

		w->name = names[i];
		if (w->verb->needs & PASSWORD) {
			bp_auth_generate(w->password);
			e = bp_auth_hash(w->password, w->hash);
		}
		if (!e)
			e = bp_db_tx(db, one, w);
		if (e)
			fprintf(stderr, "beatplan user: %s: %s\n", w->name, w->why ? w->why : bp_db_failure(db)->detail);
		else if (w->verb->needs & PASSWORD)
			printf("user      %s\npassword  %s\n", w->name, w->password);
		else
			printf("%s: done\n", w->name);
		failed += e != BP_E_OK;
		bp_arena_clear(w->a);
	}
	return failed != 0;
}

static int list(struct bp_db *db, struct bp_arena *a)
{
	struct q_user_list *r;
	size_t n;

	if (q_user_list(db, a, NULL, BP_NO_INT, 0, 100000, &r, &n))
		return 1;
	for (size_t i = 0; i < n; i++) {
		struct q_user_scopes *s;
		size_t k = 0;

		printf("%6lld  %-20s %-6s %-6s %s", (long long)r[i].id, r[i].username, r[i].active ? "active" : "barred", r[i].factor ? "factor" : "-",
			r[i].name);
		if (q_user_scopes(db, a, r[i].id, &s, &k))
			return 1;
		for (size_t j = 0; j < k; j++)
			printf("%s%s@%s", j ? ", " : "  ", s[j].role, s[j].territory_name ? s[j].territory_name : "everywhere");
		putchar('\n');
	}
	return 0;
}

static int usage(const char *why)
{
	if (why)
		fprintf(stderr, "beatplan user: %s\n", why);
	fprintf(stderr, "usage: beatplan user list   [--state DIR]\n");
	for (size_t i = 0; i < VERBS; i++)
		fprintf(stderr, "       beatplan user %s NAME...%s   %s\n", verbs[i].name,
			verbs[i].needs & ROLE ? " --role ROLE [--territory CODE]" : verbs[i].needs & REASON ? " --reason TEXT" : "", verbs[i].what);
	fprintf(stderr, "roles:");
	for (const struct bp_role *r = bp_roles; r->name; r++)
		fprintf(stderr, " %s", r->name);
	fputc('\n', stderr);
	return 2;
}

/* What is wrong with the words, NULL = nothing. */
static const char *faults(const struct work *w, char **names, int n)
{
	if (!n)
		return "a user name is missing";
	for (int i = 0; i < n; i++)
		if (strlen(names[i]) < 2 || strlen(names[i]) > 64)
			return "a user name has 2 to 64 characters";
	if (w->verb->needs & ROLE && (!w->role || !bp_role_find(w->role)))
		return w->role ? "there is no such role" : "--role ROLE is missing";
	if (w->verb->needs & REASON && (!w->reason || strlen(w->reason) < 3 || strlen(w->reason) > 400))
		return "--reason TEXT: say in 3 to 400 characters how you made sure that it is these people who ask";
	return NULL;
}

static enum bp_error find_place(struct bp_db *db, struct work *w, struct bp_fail *f)
{
	struct q_territory_of_code t;
	enum bp_error e = w->territory ? q_territory_of_code(db, w->a, w->territory, &t) : BP_E_OK;

	if (e)
		return bp_fail(f, e, "there is no territory with the code %s", w->territory);
	w->place = w->territory ? t.id : 0;
	return BP_E_OK;
}

int cmd_user(int argc, char **argv)
{
	static const struct option known[] = {{"state", required_argument, NULL, 's'}, {"role", required_argument, NULL, 'r'},
		{"territory", required_argument, NULL, 't'}, {"reason", required_argument, NULL, 'w'}, {NULL, 0, NULL, 0}};
	struct work w = {0};
	const char *state = NULL, *verb, *wrong = NULL;
	struct bp_conf conf = {0};
	struct bp_fail f = {0};
	struct bp_arena a;
	struct bp_state s;
	struct bp_db *db;
	int c;

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (c == 's')
			state = optarg;
		else if (c == 'r')
			w.role = optarg;
		else if (c == 't')
			w.territory = optarg;
		else if (c == 'w')
			w.reason = optarg;
		else
			return usage(NULL);
	}
	verb = optind < argc ? argv[optind++] : "";
	for (size_t i = 0; i < VERBS; i++)
		if (!strcmp(verb, verbs[i].name))
			w.verb = &verbs[i];
	if (!w.verb && strcmp(verb, "list"))
		return usage("say what to do");
	if (w.verb)
		wrong = faults(&w, argv + optind, argc - optind);
	if (wrong)
		return usage(wrong);
	bp_arena_init(&a, 256u << 20);
	w.a = &a;
	if (bp_state_init(&s, bp_cmd_state(state), &f) || bp_state_open(&s, &conf, &db, false, &f))
		return bp_cmd_failed("user", &f);
	if (find_place(db, &w, &f))
		c = bp_cmd_failed("user", &f);
	else
		c = w.verb ? each(db, &w, argv + optind, argc - optind) : list(db, &a);
	bp_arena_release(&a);
	bp_db_free(db);
	bp_conf_release(&conf);
	return c;
}
