/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "daemon/map_score.h"

#include <stdbool.h>
#include <string.h>

#include "intake/suggest.h"

enum { COLUMNS_MOST = 512, CELLS = 8 };
enum { FILE_ID, SYSTEM, ENTITY, COL_NO, HEADER, GOLD, ALTERNATIVES, SAMPLE };

struct labelled {
	const char *file, *entity;
	size_t n;
	const char *header[COLUMNS_MOST], *gold[COLUMNS_MOST], *others[COLUMNS_MOST], *sample[COLUMNS_MOST];
};

struct scoring {
	struct bp_map_score *out;
	FILE *report;
	struct bp_arena *a;
};

/* The label set's word for one of our columns; NULL = the set has none for it. */
static const char *label_of(enum im_entity e, const char *column)
{
	static const char *const pairs[][2] = {{"lat", "latitude"}, {"lon", "longitude"}, {"postcode", "postal_code"},
		{"account", "parent_account"}, {"region", "state"}, {"zone", "territory"}, {"area", "territory"}, {"tax_no", "tax_id"},
		{"owner", "owner"}, {"since", "created_date"}, {"email", "email"}, {"address", "address"}, {"city", "city"}, {"phone", "phone"}, {"country", "country"},
		{"dt_code", "dt_code"}, {"dt_name", "dt_name"}, {"channel", "channel"}, {"tier", "tier"}, {"sales_volume", "sales_volume"}};

	static const char *const invoice[][2] = {{"invoice_no", "invoice_no"}, {"date", "invoice_date"}, {"outlet_code", "outlet_id"},
		{"outlet_name", "outlet_name"}, {"sku", "sku"}, {"product_name", "product_name"}, {"quantity", "quantity"}, {"unit_price", "unit_price"},
		{"discount", "discount"}, {"net", "amount"}, {"gross", "amount"}, {"tax", "tax"}};

	for (size_t i = 0; e == IM_INVOICES && i < sizeof(invoice) / sizeof(invoice[0]); i++)
		if (!strcmp(column, invoice[i][0]))
			return invoice[i][1];
	if (!strcmp(column, "code"))
		return e == IM_OUTLETS ? "outlet_id" : "dt_code";
	if (!strcmp(column, "name"))
		return e == IM_OUTLETS ? "outlet_name" : "dt_name";
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		if (!strcmp(column, pairs[i][0]))
			return pairs[i][1];
	return NULL;
}

static bool among(const char *list, const char *label)
{
	size_t n = strlen(label);

	for (const char *p = list; *p; p += strcspn(p, "|"), p += *p == '|')
		if (strcspn(p, "|") == n && !memcmp(p, label, n))
			return true;
	return false;
}

/* Does another column of that meaning have its target?  Each target is used once: the first one serves. */
static bool elsewhere(const struct labelled *l, const char *const *label, size_t i)
{
	for (size_t j = 0; j < l->n; j++)
		if (j != i && label[j] && !strcmp(label[j], l->gold[i]) && !strcmp(l->gold[j], l->gold[i]))
			return true;
	return false;
}

static void score_file(struct scoring *s, const struct labelled *l)
{
	enum im_entity e = !strcmp(l->entity, "outlet") ? IM_OUTLETS : !strcmp(l->entity, "distributor") ? IM_DISTRIBUTORS
		: !strcmp(l->entity, "invoice") ? IM_INVOICES : IM_ENTITY__MAX;
	const char **row[1] = {(const char **)(uintptr_t)l->sample}, *label[COLUMNS_MOST];
	struct im_sniffed sn = {.n_columns = l->n, .column = (const char **)(uintptr_t)l->header, .row = row};
	size_t asked = 0, got = 0, n;
	const struct im_column *col;
	struct im_guess *g;

	if (!l->n)
		return;
	if (e == IM_ENTITY__MAX) {
		s->out->other_files++;
		return;
	}
	for (size_t i = 0; i < l->n; i++)
		sn.n_rows |= l->sample[i][0] != 0;
	g = im_suggest(e, &sn, s->a);
	col = im_columns_of(e, &n);
	for (size_t i = 0; i < l->n; i++)
		label[i] = g[i].target < 0 ? NULL : label_of(e, col[g[i].target].name) ? label_of(e, col[g[i].target].name) : "";
	for (size_t i = 0; i < l->n; i++) {
		bool none = !strcmp(l->gold[i], "NONE"), fine = label[i] && (!strcmp(label[i], l->gold[i]) || among(l->others[i], label[i]));

		s->out->none += none;
		s->out->mapped_none += none && label[i] && !fine;
		s->out->wrong += label[i] && !fine;
		if (label[i] && !fine && s->report)
			fprintf(s->report, "%s: \"%s\" -> %s, should be %s\n", l->file, l->header[i], col[g[i].target].name, l->gold[i]);
		if (none || among(l->others[i], "NONE"))
			continue;
		asked++;
		fine = fine || (!label[i] && elsewhere(l, label, i));
		got += fine;
		if (!fine && !label[i] && s->report)
			fprintf(s->report, "%s: \"%s\" missed %s\n", l->file, l->header[i], l->gold[i]);
	}
	if (asked) {
		s->out->accuracy += (double)got / (double)asked;
		s->out->files++;
	}
}

int bp_map_score(FILE *labels, FILE *report, struct bp_map_score *out)
{
	struct bp_arena a;
	struct scoring s = {out, report, &a};
	struct labelled *l;
	char line[8192];
	bool first = true, sound = true;

	memset(out, 0, sizeof(*out));
	bp_arena_init(&a, (size_t)1 << 30);
	l = bp_alloc(&a, sizeof(*l));
	l->file = l->entity = "";
	while (sound && fgets(line, sizeof(line), labels)) {
		char *cell[CELLS], *p = line;

		line[strcspn(line, "\r\n")] = '\0';
		for (int i = 0; i < CELLS; i++)
			if (!(cell[i] = strsep(&p, "\t")))
				cell[i] = line + sizeof(line) - 1, line[sizeof(line) - 1] = '\0';
		if (first) {
			sound = !strcmp(cell[HEADER], "header") && !strcmp(cell[GOLD], "gold_field");
			first = false;
			continue;
		}
		if (strcmp(cell[FILE_ID], l->file)) {
			score_file(&s, l);
			l->n = 0;
			l->file = bp_strdup(&a, cell[FILE_ID]);
			l->entity = bp_strdup(&a, cell[ENTITY]);
		}
		if (l->n == COLUMNS_MOST)
			continue;
		l->header[l->n] = bp_strdup(&a, cell[HEADER]);
		l->gold[l->n] = bp_strdup(&a, *cell[GOLD] ? cell[GOLD] : "NONE");
		l->others[l->n] = bp_strdup(&a, cell[ALTERNATIVES]);
		l->sample[l->n++] = bp_strdup(&a, cell[SAMPLE]);
	}
	score_file(&s, l);
	out->accuracy = out->files ? out->accuracy / (double)out->files : 0;
	bp_arena_release(&a);
	return sound && !first;
}
