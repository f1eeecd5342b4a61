/* SPDX-License-Identifier: GPL-3.0-or-later */
/* beatplan read FILE: how a file is read, as an import would; --conformance DIR: against tables that are known to be right. */
#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "daemon/cmd.h"
#include "daemon/read_tables.h"
#include "daemon/state.h"

/* --- one file, for a person --- */

struct shown {
	const char *name;
	struct bp_buf line;
	uint64_t rows, faults;
	bool cells;
};

static void show_row(void *ctx, const struct im_row *r)
{
	struct shown *s = ctx;

	s->rows++;
	s->faults += r->fault != IM_ROW_FINE;
	if (!s->cells)
		return;
	bp_buf_clear(&s->line);
	for (size_t i = 0; i < r->n; i++) {
		if (i)
			bp_buf_chr(&s->line, ',');
		bp_buf_cell(&s->line, r->field[i].s);
	}
	puts(s->line.data);
}

static enum bp_error show_table(void *ctx, const char *part, int fd, uint64_t size, struct bp_fail *f)
{
	struct shown *s = ctx;
	struct im_sniffed sn;
	struct bp_arena a;
	enum bp_error e;

	bp_arena_init(&a, 256 << 20);
	s->rows = s->faults = 0;
	e = im_sniff(fd, size, NULL, &a, &sn, f);
	if (!e)
		e = bp_read_rows(fd, &sn, show_row, s, f);
	if (!e)
		fprintf(stderr, "%s%s%s: %s, delimiter %s, header in line %llu, %zu columns, %llu rows%s\n", s->name, *part ? " \xE2\x80\xBA " : "", part,
			sn.dialect.encoding, sn.dialect.delimiter == '\t' ? "TAB" : (char[]){sn.dialect.delimiter, 0},
			(unsigned long long)sn.header_line, sn.n_columns, (unsigned long long)s->rows, sn.decimal_comma ? ", decimal comma" : "");
	if (!e && s->faults)
		fprintf(stderr, "  %llu rows cannot be read\n", (unsigned long long)s->faults);
	bp_arena_release(&a);
	return e;
}

/* --- conformance --- */

struct expectation {
	json_t *want, *got;
	struct im_sniffed sn;
	struct bp_arena a;
	bool objects;
};

static void keep_row(void *ctx, const struct im_row *r)
{
	struct expectation *x = ctx;
	json_t *row = x->objects ? json_object() : json_array();

	for (size_t i = 0; i < r->n && (!x->objects || i < x->sn.n_columns); i++)
		if (x->objects)
			json_object_set_new(row, x->sn.column[i], json_string(r->field[i].s));
		else
			json_array_append_new(row, json_string(r->field[i].s));
	json_array_append_new(x->got, row);
}

static enum bp_error keep_table(void *ctx, const char *part, int fd, uint64_t size, struct bp_fail *f)
{
	struct expectation *x = ctx;
	enum bp_error e;

	(void)part;
	if (json_array_size(x->got))
		return BP_E_OK; /* one table is expected: the first */
	x->objects = !json_is_array(json_array_get(x->want, 0));
	e = im_sniff(fd, size, NULL, &x->a, &x->sn, f);
	if (!e && !x->objects)
		x->sn.header_line = 0; /* expected with the header */
	return e ? e : bp_read_rows(fd, &x->sn, keep_row, x, f);
}

/* Line breaks in cells count as one, since tools that carry text files rewrite them. */
static char *text_of(const json_t *v)
{
	char *s = json_dumps(v, JSON_COMPACT | JSON_SORT_KEYS), *p = s;

	while (p && (p = strstr(p, "\\r\\n")))
		memmove(p, p + 2, strlen(p + 2) + 1);
	return s;
}

static bool equal(const json_t *a, const json_t *b)
{
	char *x = text_of(a), *y = text_of(b);
	bool same = x && y && !strcmp(x, y);

	free(x);
	free(y);
	return same;
}

static bool matches(const char *path, const char *want, struct bp_fail *f)
{
	struct expectation x = {.want = json_load_file(want, JSON_DECODE_ANY, NULL), .got = json_array()};
		bool same;

	bp_arena_init(&x.a, 256 << 20);
	if (!x.want)
		bp_fail(f, BP_E_INTERNAL, "%s is no JSON", want);
	same = x.want && !bp_read_tables(path, NULL, keep_table, &x, f) && equal(x.want, x.got);
	if (x.want && !same && !f->code) {
		char *got = json_dumps(x.got, JSON_COMPACT);

		bp_fail(f, BP_E_INTERNAL, "it was read as %.400s", got ? got : "");
		free(got);
	}
	json_decref(x.want);
	json_decref(x.got);
	bp_arena_release(&x.a);
	return same;
}

/* DIR/csvs/NAME.* and DIR/json/NAME.json, or both side by side in DIR: arrays of objects by column, or of arrays with the header. */
static int conformance(const char *dir)
{
	char in[PATH_MAX], path[PATH_MAX + 256], want[PATH_MAX + 256];
	size_t files = 0, matched = 0;
	struct dirent **entry;
	bool apart;
	int n;

	snprintf(in, sizeof(in), "%s/csvs", dir);
	apart = !access(in, X_OK);
	if (!apart)
		snprintf(in, sizeof(in), "%s", dir);
	n = scandir(in, &entry, NULL, alphasort);
	if (n < 0) {
		fprintf(stderr, "beatplan read: cannot open %s: %s\n", in, strerror(errno));
		return 1;
	}
	for (int i = 0; i < n; i++) {
		const char *name = entry[i]->d_name, *dot = strchr(name, '.');
		struct bp_fail f = {0};

		snprintf(path, sizeof(path), "%s/%s", in, name);
		snprintf(want, sizeof(want), "%s%s/%.*s.json", dir, apart ? "/json" : "", (int)(dot ? (size_t)(dot - name) : strlen(name)), name);
		if (*name != '.' && (apart || (strcmp(path, want) && !access(want, R_OK)))) {
			files++;
			if (matches(path, want, &f))
				matched++;
			else
				printf("%s: %s\n", name, f.detail);
		}
		free(entry[i]);
	}
	free(entry);
	printf("{\"files\":%zu,\"matched\":%zu,\"match_rate\":%.4f}\n", files, matched, files ? (double)matched / (double)files : 0);
	return files && matched == files ? 0 : 1;
}

int cmd_read(int argc, char **argv)
{
	static const struct option known[] = {{"conformance", required_argument, NULL, 'c'}, {"row", required_argument, NULL, 'r'},
		{"quiet", no_argument, NULL, 'q'}, {NULL, 0, NULL, 0}};
	const char *dir = NULL, *row = NULL;
	struct shown s = {.cells = true};
	struct bp_fail f = {0};
	int c;

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (c == 'c')
			dir = optarg;
		else if (c == 'r')
			row = optarg;
		else if (c == 'q')
			s.cells = false;
		else
			break;
	}
	if (c != -1 || (dir ? optind != argc : optind + 1 != argc)) {
		fputs("usage: beatplan read FILE [--row ELEMENT] [--quiet]     prints its rows as CSV, and how they are written\n"
		      "       beatplan read --conformance DIR                  reads DIR/csvs/* and compares with DIR/json/*.json\n", stderr);
		return 2;
	}
	if (dir)
		return conformance(dir);
	s.name = argv[optind];
	bp_buf_init(&s.line, 64 << 20);
	if (bp_read_tables(s.name, row, show_table, &s, &f))
		return bp_cmd_failed("read", &f);
	bp_buf_release(&s.line);
	return 0;
}
