/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mapping suggestions scored on labelled header lines: mapped columns only, averaged per file; false mappings apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "intake/suggest.h"

enum { COLUMNS_MOST = 64 };

struct labelled {
	char file[16], entity[16];
	size_t n;
	const char *header[COLUMNS_MOST], *gold[COLUMNS_MOST], *others[COLUMNS_MOST], *sample[COLUMNS_MOST];
};

/* The label set's word for one of our columns; NULL = the set has none for it. */
static const char *label_of(enum im_entity e, const char *column)
{
	static const char *const pairs[][2] = {{"lat", "latitude"}, {"lon", "longitude"}, {"postcode", "postal_code"},
		{"account", "parent_account"}, {"region", "state"}, {"zone", "territory"}, {"area", "territory"},
		{"address", "address"}, {"city", "city"}, {"phone", "phone"}, {"country", "country"}, {"dt_code", "dt_code"},
		{"dt_name", "dt_name"}, {"channel", "channel"}, {"tier", "tier"}, {"sales_volume", "sales_volume"}};

	if (!strcmp(column, "code"))
		return e == IM_OUTLETS ? "outlet_id" : "dt_code";
	if (!strcmp(column, "name"))
		return e == IM_OUTLETS ? "outlet_name" : "dt_name";
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		if (!strcmp(column, pairs[i][0]))
			return pairs[i][1];
	return NULL;
}

static bool right(const struct labelled *l, size_t i, const char *label)
{
	const char *p = l->others[i];

	if (!strcmp(l->gold[i], label))
		return true;
	while ((p = strstr(p, label))) {
		if (p[strlen(label)] == '\0' || p[strlen(label)] == '|')
			return true;
		p++;
	}
	return false;
}

static bool wanted(enum im_entity e, const char *gold)
{
	size_t n;
	const struct im_column *c = im_columns_of(e, &n);

	for (size_t i = 0; i < n; i++)
		if (label_of(e, c[i].name) && !strcmp(label_of(e, c[i].name), gold))
			return true;
	return false;
}

static void tally(const struct labelled *l, double *score, size_t *files, size_t *wrong, size_t *unlabelled, struct bp_arena *a)
{
	enum im_entity e = !strcmp(l->entity, "outlet") ? IM_OUTLETS : IM_DISTRIBUTORS;
	struct im_sniffed sn = {.n_columns = l->n};
	const char **row[1] = {(const char **)l->sample};
	size_t asked = 0, got = 0, n;
	const struct im_column *col = im_columns_of(e, &n);
	struct im_guess *g;
	bool sampled = false;

	for (size_t i = 0; i < l->n; i++)
		sampled |= l->sample[i][0] != 0;
	sn.column = (const char **)l->header;
	sn.row = row;
	sn.n_rows = sampled;
	g = im_suggest(e, &sn, a);
	for (size_t i = 0; i < l->n; i++) {
		const char *label = g[i].target < 0 ? "NONE" : label_of(e, col[g[i].target].name);
		bool none_is_fine = strstr(l->others[i], "NONE") != NULL;
		bool needed = strcmp(l->gold[i], "NONE") && wanted(e, l->gold[i]) && !none_is_fine;

		asked += needed;
		if (!label) {
			(*unlabelled)++; /* a field that the label set does not know */
			print_message("%s: \"%s\" -> %s (not in the label set)\n", l->file, l->header[i], col[g[i].target].name);
		} else if (g[i].target >= 0 && !right(l, i, label)) {
			(*wrong)++;
			print_message("%s: \"%s\" -> %s, should be %s\n", l->file, l->header[i], label, l->gold[i]);
		} else if (needed) {
			/* The second column of one meaning cannot be mapped too: it counts as right when the first is. */
			bool first_is = false;

			for (size_t j = 0; g[i].target < 0 && j < l->n; j++)
				first_is |= j != i && g[j].target >= 0 && label_of(e, col[g[j].target].name) &&
					!strcmp(label_of(e, col[g[j].target].name), l->gold[i]) && !strcmp(l->gold[j], l->gold[i]);
			got += g[i].target >= 0 || first_is;
			if (g[i].target < 0 && !first_is)
				print_message("%s: \"%s\" missed %s\n", l->file, l->header[i], l->gold[i]);
		}
	}
	if (asked) {
		*score += (double)got / (double)asked;
		(*files)++;
	}
}

static void labelled_headers(void **state)
{
	FILE *fp = fopen(DATA_DIR "/headers/dev.tsv", "r");
	struct bp_arena a;
	struct labelled *l;
	char line[1024];
	double score = 0;
	size_t files = 0, wrong = 0, unlabelled = 0;

	(void)state;
	assert_non_null(fp);
	bp_arena_init(&a, 64 << 20);
	l = bp_alloc(&a, sizeof(*l));
	assert_non_null(fgets(line, sizeof(line), fp));
	for (;;) {
		char *f[8] = {0}, *p = line;
		bool more = fgets(line, sizeof(line), fp) != NULL;

		if (more)
			for (int i = 0; i < 8; i++)
				if (!(f[i] = strsep(&p, "\t\n")))
					f[i] = line + strlen(line);
		if (l->n && (!more || strcmp(f[0], l->file))) {
			if (!strcmp(l->entity, "outlet") || !strcmp(l->entity, "distributor"))
				tally(l, &score, &files, &wrong, &unlabelled, &a);
			l->n = 0;
		}
		if (!more)
			break;
		snprintf(l->file, sizeof(l->file), "%s", f[0]);
		snprintf(l->entity, sizeof(l->entity), "%s", f[2]);
		l->header[l->n] = bp_strdup(&a, f[4]);
		l->gold[l->n] = bp_strdup(&a, f[5]);
		l->others[l->n] = bp_strdup(&a, f[6]);
		l->sample[l->n] = bp_strdup(&a, f[7]);
		l->n++;
	}
	fclose(fp);
	print_message("mapping: %zu files, %.1f %% of the mapped columns right, %zu false, %zu not in the label set\n", files,
		100 * score / (double)files, wrong, unlabelled);
	assert_true(score / (double)files > 0.95);
	assert_true(wrong <= 6);
	bp_arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(labelled_headers)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
