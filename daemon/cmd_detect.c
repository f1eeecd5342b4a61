/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beatplan detect FILE: the hierarchy of territories that the columns of a file hold. */
#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/cmd.h"
#include "daemon/read_tables.h"
#include "daemon/state.h"
#include "design/detect.h"

enum { SHOWN_MOST = 20 };

struct detection {
	struct bp_arena arena;
	struct im_sniffed sn;
	struct detect_table t;
	struct detect_result r;
	uint64_t *line; /* of each row */
	size_t lines;
	bool json, found; /* found: a table has been shown */
	const char *chosen; /* columns of levels, widest first, NULL = those found */
	struct bp_fail *fail;
};

static void add_row(void *ctx, const struct im_row *row)
{
	struct detection *d = ctx;
	const char *cell[DETECT_COLUMNS_MOST] = {0};

	if (row->fault != IM_ROW_FINE || d->fail->code)
		return;
	for (size_t i = 0; i < row->n && i < (size_t)d->t.n_columns; i++)
		cell[i] = row->field[i].s;
	if ((size_t)d->t.n_rows == d->lines) {
		size_t more = d->lines ? 2 * d->lines : 1024;

		d->line = bp_grow_array(&d->arena, d->line, d->lines, more, sizeof(*d->line));
		d->lines = more;
	}
	d->line[d->t.n_rows] = row->line;
	detect_table_add(&d->t, cell, d->fail);
}

static void print_levels(const struct detect_table *t, const struct detect_level *level, int32_t n)
{
	for (int32_t l = 0; l < n; l++) {
		const struct detect_level *v = &level[l];

		printf("%*s%s", 2 * (int)l, "", t->name[v->column]);
		for (int32_t s = 0; s < v->n_same; s++)
			printf(" = %s", t->name[v->same[s]]);
		printf(", %d values", (int)v->values);
		if (l)
			printf(", each below one %s in %.2f %% of the rows", t->name[level[l - 1].column], 100 * v->confidence);
		printf("\n");
	}
}

static void print_text(const struct detection *d)
{
	const struct detect_table *t = &d->t;

	if (!d->r.n_levels)
		printf("no hierarchy: no column determines another\n");
	print_levels(t, d->r.levels, d->r.n_levels);
	for (int32_t i = 0; i < d->r.n_others; i++) {
		printf("another, for a territory model of its own\n");
		print_levels(t, d->r.others[i].levels, d->r.others[i].n);
	}
	for (int32_t i = 0; i < d->r.n_exceptions && i < SHOWN_MOST; i++) {
		const struct detect_exception *x = &d->r.exceptions[i];

		printf("%s %s: %s %s in %d rows, %s in %d%s (first in line %llu)\n", t->name[x->column], detect_text(t, x->column, x->value),
			t->name[x->above], detect_text(t, x->above, x->usual), (int)x->usual_rows, detect_text(t, x->above, x->other),
			(int)x->other_rows, x->error ? ", probably wrong" : "", (unsigned long long)d->line[x->first_row]);
	}
	if (d->r.n_exceptions > SHOWN_MOST)
		printf("and %d more\n", (int)d->r.n_exceptions - SHOWN_MOST);
}

static json_t *levels_json(const struct detection *d, const struct detect_level *level, int32_t n)
{
	json_t *all = json_array();

	for (int32_t l = 0; l < n; l++) {
		const struct detect_level *v = &level[l];
		json_t *same = json_array();

		for (int32_t s = 0; s < v->n_same; s++)
			json_array_append_new(same, json_string(d->t.name[v->same[s]]));
		json_array_append_new(all, json_pack("{s:s,s:o,s:i,s:f}", "column", d->t.name[v->column], "same", same, "values", (int)v->values,
			"confidence", v->confidence));
	}
	return all;
}

static json_t *exceptions_json(const struct detection *d)
{
	const struct detect_table *t = &d->t;
	json_t *all = json_array();

	for (int32_t i = 0; i < d->r.n_exceptions; i++) {
		const struct detect_exception *x = &d->r.exceptions[i];

		json_array_append_new(all, json_pack("{s:s,s:s,s:s,s:s,s:i,s:s,s:i,s:b,s:I}", "column", t->name[x->column], "value",
			detect_text(t, x->column, x->value), "above", t->name[x->above], "usual", detect_text(t, x->above, x->usual), "usualRows",
			(int)x->usual_rows, "other", detect_text(t, x->above, x->other), "otherRows", (int)x->other_rows, "error", x->error,
			"line", (json_int_t)d->line[x->first_row]));
	}
	return all;
}

static void print_json(const struct detection *d)
{
	json_t *wrong = json_array(), *others = json_array(), *o;

	for (int32_t i = 0; i < d->r.n_wrong_rows; i++)
		json_array_append_new(wrong, json_integer((json_int_t)d->line[d->r.wrong_rows[i]]));
	for (int32_t i = 0; i < d->r.n_others; i++)
		json_array_append_new(others, levels_json(d, d->r.others[i].levels, d->r.others[i].n));
	o = json_pack("{s:i,s:o,s:o,s:o,s:o}", "rows", (int)d->t.n_rows, "levels", levels_json(d, d->r.levels, d->r.n_levels), "others", others, "exceptions", exceptions_json(d), "wrongLines", wrong);
	json_dumpf(o, stdout, JSON_COMPACT | JSON_REAL_PRECISION(6));
	printf("\n");
	json_decref(o);
}

/* What contradicts the levels of --levels, by their names. */
static enum bp_error take_chosen(struct detection *d, struct bp_fail *f)
{
	int32_t column[DETECT_COLUMNS_MOST], n = 0;
	char *text = bp_strdup(&d->arena, d->chosen), *rest = NULL;

	for (char *w = strtok_r(text, ",", &rest); w; w = strtok_r(NULL, ",", &rest)) {
		int32_t c = 0;

		while (c < d->t.n_columns && strcmp(d->t.name[c], w))
			c++;
		if (c == d->t.n_columns || n == DETECT_COLUMNS_MOST)
			return bp_fail(f, BP_E_NOT_FOUND, "there is no column \"%s\" in which levels are looked for", w);
		column[n++] = c;
	}
	detect_contradictions(&d->t, &d->r, column, n);
	return BP_E_OK;
}

static enum bp_error detect(void *ctx, const char *part, int fd, uint64_t size, struct bp_fail *f)
{
	struct detection *d = ctx;
	enum bp_error e;

	if (d->found)
		return BP_E_OK; /* the first table of the file */
	d->found = true;
	d->fail = f;
	if (*part)
		fprintf(stderr, "%s\n", part);
	e = im_sniff(fd, size, NULL, &d->arena, &d->sn, f);
	if (e)
		return e;
	detect_table_init(&d->t, &d->arena, d->sn.column, (int32_t)d->sn.n_columns);
	e = bp_read_rows(fd, &d->sn, add_row, d, f);
	if (e || f->code)
		return e ? e : f->code;
	detect_hierarchy(&d->t, &d->r, NULL, NULL);
	if (d->chosen && (e = take_chosen(d, f)))
		return e;
	if (d->json)
		print_json(d);
	else
		print_text(d);
	return BP_E_OK;
}

int cmd_detect(int argc, char **argv)
{
	static const struct option known[] = {{"json", no_argument, NULL, 'j'}, {"levels", required_argument, NULL, 'l'}, {NULL, 0, NULL, 0}};
	struct detection d = {0};
	struct bp_fail f = {0};
	enum bp_error e;
	int c;

	while ((c = getopt_long(argc, argv, "", known, NULL)) == 'j' || c == 'l') {
		d.json = d.json || c == 'j';
		d.chosen = c == 'l' ? optarg : d.chosen;
	}
	if (c != -1 || optind + 1 != argc) {
		fputs("usage: beatplan detect FILE [--levels COLUMN,COLUMN...] [--json]\n"
			"       finds the hierarchy in its columns, and the rows that contradict it, or the levels that are named, widest first\n", stderr);
		return 2;
	}
	bp_arena_init(&d.arena, (size_t)8 << 30);
	e = bp_read_tables(argv[optind], NULL, detect, &d, &f);
	detect_table_release(&d.t);
	bp_arena_release(&d.arena);
	return e ? bp_cmd_failed("detect", &f) : 0;
}
