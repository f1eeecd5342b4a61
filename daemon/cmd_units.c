/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beatplan units: the levels beneath a territory, and which of them is planned, from the shell as on the screens. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "audit/audit.h"
#include "daemon/cmd.h"
#include "daemon/state.h"
#include "snapshot/snapshot.h"
#include "territory/check.h"
#include "territory/choose.h"

struct work {
	const char *verb, *territory, *level;
	struct tr_chooser who;
	struct bp_arena *a;
	struct bp_fail *f;
	struct tr_check check;
	struct tr_choice c;
	int64_t *unit; /* of an undo */
	size_t n;
};

static int usage(const char *why)
{
	if (why)
		fprintf(stderr, "beatplan units: %s\n", why);
	fprintf(stderr, "usage: beatplan units levels --territory CODE                      how the territories of each level would do as units\n"
		"       beatplan units look LEVEL --territory CODE                  what would change if they were the units\n"
		"       beatplan units choose LEVEL --territory CODE --reason TEXT [--end-plans]\n"
		"       beatplan units undo --territory CODE --reason TEXT          the level that was chosen last is taken back\n"
		"LEVEL is COUNTRY, ZONE, REGION, AREA or DT  [--state DIR]\n");
	return 2;
}

static enum bp_error done(struct bp_db *db, struct work *w, enum bp_action action)
{
	enum bp_error e = BP_E_OK;

	for (size_t i = 0; !e && i < w->n; i++)
		e = sn_request(db, w->a, (uint64_t)w->unit[i], 0, "shell");
	return e ? e : bp_audit_write(db, &(struct bp_audit){.action = action, .resource_type = "territory", .resource_id = w->who.territory,
		.territory = w->who.territory, .reason = w->who.reason, .correlation = "shell"});
}

static enum bp_error choose(struct bp_db *db, struct work *w)
{
	enum bp_error e = tr_choose(db, w->a, &w->who, w->level, &w->c, w->f);

	w->unit = bp_alloc_array(w->a, e ? 0 : w->c.n_units, sizeof(*w->unit));
	w->n = 0;
	for (size_t i = 0; !e && i < w->c.n_units; i++)
		if (!w->c.unit[i].was)
			w->unit[w->n++] = w->c.unit[i].id;
	return e ? e : done(db, w, BP_ACTION_UNITS_CHOOSE);
}

static enum bp_error work(struct bp_db *db, void *ctx)
{
	struct work *w = ctx;
	struct q_territory_of_code t;
	enum bp_error e = q_territory_of_code(db, w->a, w->territory, &t);

	if (e)
		return e == BP_E_NOT_FOUND ? bp_fail(w->f, BP_E_TERRITORY_NONE, "no territory has the code %s", w->territory) : e;
	w->who.territory = (uint64_t)t.id;
	if (!strcmp(w->verb, "levels"))
		return tr_check(db, w->a, w->who.territory, &w->check);
	if (!strcmp(w->verb, "look"))
		return tr_choice_look(db, w->a, w->who.territory, w->level, &w->c, w->f);
	if (!strcmp(w->verb, "choose"))
		return choose(db, w);
	e = tr_unchoose(db, w->a, &w->who, &w->unit, &w->n, w->f);
	return e ? e : done(db, w, BP_ACTION_UNITS_UNDO);
}

static void show_levels(const struct tr_check *c)
{
	for (size_t i = 0; i < c->n_levels; i++) {
		const struct tr_level_size *l = &c->level[i];

		printf("%-8s %-16s %6lld territories  %6lld units  %9.0f to %.0f outlets  %8.0f hours at most%s\n", l->level, strcmp(l->name, l->level) ? l->name : "", (long long)l->nodes, (long long)l->units,
			l->outlets->least, l->outlets->most, l->hours->most, l->recommended ? "  recommended" : "");
	}
}

static void show_choice(const struct tr_choice *c)
{
	printf("%s: %lld territories become units, %lld units end, %lld stay; %zu plans out of force, %lld outlets in no unit, %lld seats in none\n", c->level,
		(long long)c->begun, (long long)c->ended, (long long)c->n_units - (long long)c->begun - (long long)c->ended, c->n_plans, (long long)c->uncovered,
		(long long)c->seats);
	for (size_t i = 0; i < c->n_plans; i++)
		printf("  plan of %s (%s)%s\n", c->plan[i].name, c->plan[i].channel, c->plan[i].waits ? ": waits for approval" : "");
	for (size_t i = 0; i < c->n_locks; i++)
		printf("  %s (%s) is being planned by %s\n", c->lock[i].name, c->lock[i].channel, c->lock[i].holder ? c->lock[i].holder : "somebody");
}

/* The verbs: whether they take a level, and a reason. */
static const struct verb {
	const char *name;
	bool level, reason;
} verbs[] = {{"levels", false, false}, {"look", true, false}, {"choose", true, true}, {"undo", false, true}};

static const struct verb *verb_of(const char *name)
{
	for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++)
		if (!strcmp(verbs[i].name, name))
			return &verbs[i];
	return NULL;
}

int cmd_units(int argc, char **argv)
{
	static const struct option known[] = {{"state", required_argument, NULL, 's'}, {"reason", required_argument, NULL, 'r'},
		{"territory", required_argument, NULL, 't'}, {"end-plans", no_argument, NULL, 'e'}, {NULL, 0, NULL, 0}};
	const char *state = NULL;
	const struct verb *v;
	struct bp_fail f = {0};
	struct bp_arena a;
	struct work w = {.a = &a, .f = &f};
	int c, rc;

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1)
		switch (c) {
		case 's': state = optarg; break;
		case 'r': w.who.reason = optarg; break;
		case 't': w.territory = optarg; break;
		case 'e': w.who.end_plans = true; break;
		default: return usage(NULL);
		}
	w.verb = optind < argc ? argv[optind++] : "";
	v = verb_of(w.verb);
	if (!v)
		return usage("say what to do: levels, look, choose or undo");
	w.level = v->level && optind < argc ? argv[optind++] : NULL;
	if (!w.territory || (v->level && !w.level) || (v->reason && !w.who.reason) || optind < argc)
		return usage("a word is missing, or there is one too many");
	bp_arena_init(&a, 256u << 20);
	rc = bp_cmd_in_state(&(struct bp_cmd_work){"units", bp_cmd_state(state), true, work, &w, &f});
	if (!rc && !strcmp(w.verb, "levels"))
		show_levels(&w.check);
	else if (!rc && !strcmp(w.verb, "undo"))
		printf("%zu planning units, as before\n", w.n);
	else if (!rc)
		show_choice(&w.c);
	bp_arena_release(&a);
	return rc;
}
