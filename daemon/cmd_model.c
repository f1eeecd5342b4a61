/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beatplan model: which outlets lie where in a territory model beside the sales geography, from the shell as on the screens. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/audit.h"
#include "base/shape.h"
#include "base/time.h"
#include "daemon/cmd.h"
#include "daemon/state.h"
#include "queries.h"
#include "territory/member.h"

struct work {
	const char *verb, *model, *into, *reason, *file;
	char **words;
	int n;
	struct bp_buf codes; /* JSON */
	struct bp_arena *a;
	struct bp_fail *f;
	int64_t outlets, kept;
	uint64_t set;
	struct q_model_changes *change;
	size_t n_changes;
};

static int usage(const char *why)
{
	if (why)
		fprintf(stderr, "beatplan model: %s\n", why);
	fprintf(stderr, "usage: beatplan model put --model CODE --into LEVEL[/LEVEL...] --reason TEXT OUTLET... | --file FILE\n"
		"       beatplan model out --model CODE --reason TEXT OUTLET... | --file FILE       they lie in no territory of the model\n"
		"       beatplan model changes --model CODE\n"
		"       beatplan model undo --model CODE --reason TEXT CHANGE                       by the number of `changes`\n"
		"FILE has the code of an outlet in each line, - = standard input  [--state DIR]\n");
	return 2;
}

static void add_code(struct work *w, const char *code)
{
	if (!*code)
		return;
	bp_buf_chr(&w->codes, w->codes.len ? ',' : '[');
	bp_json_string(&w->codes, code);
}

static enum bp_error read_codes(struct work *w)
{
	FILE *in = !w->file ? NULL : strcmp(w->file, "-") ? fopen(w->file, "r") : stdin;
	char *line = NULL;
	size_t room = 0;

	if (w->file && !in)
		return bp_fail(w->f, BP_E_NOT_FOUND, "cannot read %s", w->file);
	while (in && getline(&line, &room, in) >= 0) {
		line[strcspn(line, "\r\n")] = '\0';
		add_code(w, line);
	}
	free(line);
	if (in && in != stdin)
		fclose(in);
	for (int i = 0; i < w->n; i++)
		add_code(w, w->words[i]);
	bp_buf_str(&w->codes, w->codes.len ? "]" : "[]");
	return BP_E_OK;
}

/* The outlets that are named by their codes. */
static enum bp_error find_outlets(struct bp_db *db, struct work *w, struct tr_members *m)
{
	struct q_member_codes *r;
	int64_t *id;
	size_t n = 0;
	enum bp_error e = q_member_codes(db, w->a, w->codes.data, &r, &n);

	id = bp_alloc_array(w->a, n, sizeof(*id));
	for (size_t i = 0; !e && i < n; i++) {
		if (!r[i].id.set)
			return bp_fail(w->f, BP_E_NOT_FOUND, "there is no outlet %s", r[i].code);
		id[i] = r[i].id.v;
	}
	if (!e && (!n || n > TR_MEMBERS_MOST))
		return bp_fail(w->f, BP_E_NOT_FOUND, n ? "name at most %d outlets at once" : "no outlet is named", TR_MEMBERS_MOST);
	m->outlet = id;
	m->n = n;
	return e;
}

static enum bp_error put(struct bp_db *db, struct work *w, struct tr_members *m)
{
	char *rest = w->into ? bp_strdup(w->a, w->into) : NULL, *level;
	enum bp_error e = find_outlets(db, w, m);

	for (int i = 0; rest && (level = strtok_r(i ? NULL : rest, "/", &rest)); i++) {
		if (i == TR_MODEL_LEVELS)
			return bp_fail(w->f, BP_E_NOT_FOUND, "a model has at most %d levels", TR_MODEL_LEVELS);
		m->path[i] = level;
	}
	return e ? e : tr_members_put(db, w->a, m, &w->outlets, &w->set, w->f);
}

static enum bp_error work(struct bp_db *db, void *ctx)
{
	struct work *w = ctx;
	struct q_model_of_code model;
	bool undo = !strcmp(w->verb, "undo");
	struct bp_audit au = {.action = undo ? BP_ACTION_MODEL_MEMBERS_UNDO : BP_ACTION_MODEL_MEMBERS, .resource_type = "territory_model", .reason = w->reason, .correlation = "shell"};
	struct tr_members m = {.reason = w->reason};
	enum bp_error e = q_model_of_code(db, w->a, w->model, &model);

	bp_fail_clear(w->f);
	if (e)
		return e == BP_E_NOT_FOUND ? bp_fail(w->f, e, "there is no territory model %s", w->model) : e;
	au.resource_id = m.model = (uint64_t)model.id;
	if (!strcmp(w->verb, "changes"))
		return q_model_changes(db, w->a, model.id, INT64_MAX, 100, &w->change, &w->n_changes);
	e = undo ? tr_members_undo(db, w->a, &m, (uint64_t)strtoull(w->words[0], NULL, 10), &w->outlets, &w->kept, w->f) : put(db, w, &m);
	bp_audit_change(&au, "outlets", "", bp_sprintf(w->a, "%lld", (long long)w->outlets));
	return e ? e : bp_audit_write(db, &au);
}

static void show(const struct work *w)
{
	char at[BP_INSTANT_SIZE];

	for (size_t i = 0; i < w->n_changes; i++) {
		const struct q_model_changes *c = &w->change[i];

		bp_instant_format(c->at, at);
		printf("%8lld  %s  %-20s  %8lld outlets %s%s%s  %s\n", (long long)c->set, at, c->person ? c->person : "shell", (long long)c->outlets,
			c->territory ? "to " : "out", c->territory ? c->territory : "", c->undone ? ", taken back" : "", c->reason);
	}
	if (!strcmp(w->verb, "undo"))
		printf("%lld outlets are back, %lld stay\n", (long long)w->outlets, (long long)w->kept);
	else if (strcmp(w->verb, "changes"))
		printf("%lld outlets changed; taken back by: beatplan model undo --model %s --reason TEXT %llu\n", (long long)w->outlets, w->model,
			(unsigned long long)w->set);
}

/* What is wrong with the words, NULL = nothing. */
static const char *wrong(const struct work *w)
{
	bool puts = !strcmp(w->verb, "put"), outlets = puts || !strcmp(w->verb, "out"), undo = !strcmp(w->verb, "undo");

	if (!outlets && !undo && strcmp(w->verb, "changes"))
		return "say what to do";
	if (!w->model)
		return "--model CODE is missing";
	if ((outlets || undo) && (!w->reason || strlen(w->reason) < 3 || strlen(w->reason) > 500))
		return "--reason TEXT is missing";
	if (puts != (w->into && *w->into))
		return puts ? "--into LEVEL[/LEVEL...] is missing" : "only put has --into";
	if (undo && (w->n != 1 || w->file))
		return "say which change, by the number of `changes`";
	return outlets == (w->n > 0 || w->file) || undo ? NULL : outlets ? "name outlets, or a file of them" : "changes takes no outlet";
}

int cmd_model(int argc, char **argv)
{
	static const struct option known[] = {{"state", required_argument, NULL, 's'}, {"reason", required_argument, NULL, 'r'},
		{"model", required_argument, NULL, 'm'}, {"into", required_argument, NULL, 'i'}, {"file", required_argument, NULL, 'f'}, {NULL, 0, NULL, 0}};
	const char *state = NULL;
	struct bp_fail f = {0};
	struct bp_arena a;
	struct work w = {.a = &a, .f = &f};
	int c, rc;

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		const char **to = c == 's' ? &state : c == 'r' ? &w.reason : c == 'm' ? &w.model : c == 'i' ? &w.into : c == 'f' ? &w.file : NULL;

		if (!to)
			return usage(NULL);
		*to = optarg;
	}
	w.verb = optind < argc ? argv[optind++] : "";
	w.words = argv + optind;
	w.n = argc - optind;
	if (wrong(&w))
		return usage(wrong(&w));
	bp_arena_init(&a, 256u << 20);
	bp_buf_init(&w.codes, 32 << 20);
	rc = read_codes(&w) ? bp_cmd_failed("model", &f) : bp_cmd_in_state(&(struct bp_cmd_work){"model", bp_cmd_state(state), true, work, &w, &f});
	if (!rc)
		show(&w);
	bp_buf_release(&w.codes);
	bp_arena_release(&a);
	return rc;
}
