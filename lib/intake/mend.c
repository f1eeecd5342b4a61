/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/mend.h"

#include <string.h>

#include "intake/check.h"
#include "queries.h"

static enum bp_error wrong(const char **field, const char *name, struct bp_fail *f, const char *why)
{
	*field = name;
	return bp_fail(f, BP_E_FIELDS, "%s", why);
}

enum bp_error im_mend_judge(const struct im_mending *m, const char **field, struct bp_fail *f)
{
	enum im_fix_kind k = im_fix_kind_of(m->kind);

	if (im_rule_of(m->rule) == IM_R__MAX)
		return wrong(field, "rule", f, "no rule is called so");
	if (k == IM_FIX__MAX || !im_fix_suits(k, m->rule))
		return wrong(field, "kind", f, "does not mend this cause: see the fixes that it names");
	if (k == IM_FIX_VALUE && (!m->from || !m->to))
		return wrong(field, m->from ? "to" : "from", f, "say which text is read as which");
	if (k == IM_FIX_FILL && (!m->to || !*m->to))
		return wrong(field, "to", f, "say what to put into the empty cells");
	if ((k == IM_FIX_VALUE || k == IM_FIX_FILL) && !m->column)
		return wrong(field, "column", f, "say in which column");
	return BP_E_OK;
}

/* Does the column take the value?  A value that it would leave out mends nothing. */
static enum bp_error fits(struct bp_arena *a, const struct im_mending *m, enum im_entity entity, const char **field, struct bp_fail *f)
{
	int c = m->column ? im_column_index(entity, m->column) : -1;
	struct im_feed feed[IM_COLUMNS_MOST];
	struct im_sniffed none = {.n_columns = 0};
	struct im_checker *k = bp_alloc(a, sizeof(*k));
	struct im_checked *out = bp_alloc(a, sizeof(*out));
	struct im_row row = {.line = 1};

	if (m->column && c < 0)
		return wrong(field, "column", f, "is no column of the file");
	if (c < 0 || !m->to || !*m->to)
		return BP_E_OK;
	for (int i = 0; i < IM_COLUMNS_MOST; i++)
		feed[i] = (struct im_feed){.source = -1};
	feed[c].fallback = m->to;
	im_checker_init(k, entity, feed, &none, a, a);
	im_check_row(k, &row, out);
	for (size_t i = 0; i < out->n_issues; i++)
		if (out->issue[i].column == c && out->issue[i].rule != IM_R_AMBIGUOUS && out->issue[i].rule != IM_R_COORD_HALF)
			return wrong(field, "to", f, bp_sprintf(a, "%s%s%s", im_rules[out->issue[i].rule].message, *out->issue[i].suggestion ? ": " : "",
				out->issue[i].suggestion));
	return BP_E_OK;
}

enum bp_error im_mend(struct bp_db *db, struct bp_arena *a, uint64_t session, uint64_t user, const struct im_mending *m, const char **field,
	struct bp_fail *f)
{
	struct q_import_cause_files *file;
	const char *col = m->column ? m->column : "";
	size_t n = 0;
	enum bp_error e = im_mend_judge(m, field, f);

	if (!e)
		e = q_import_cause_files(db, a, (int64_t)session, m->rule, col, &file, &n);
	if (!e && !n)
		return wrong(field, "rule", f, "no row of this import has that problem: have it checked first");
	for (size_t i = 0; !e && i < n; i++) {
		e = fits(a, m, im_entity_of(file[i].entity), field, f);
		if (!e && file[i].source.set)
			e = q_import_fix_put(db, file[i].source.v, m->once ? (int64_t)session : 0, m->rule, col, m->kind, m->from ? m->from : "",
				m->to ? m->to : "", (int64_t)user, NULL);
		if (!e && file[i].source.set)
			e = q_import_source_dirty(db, (int64_t)session, file[i].source.v, NULL);
	}
	return e;
}

enum bp_error im_mending_parse(const char *s, struct bp_arena *a, struct im_mending *m, struct bp_fail *f)
{
	size_t cause = strcspn(s, "="), rule = strcspn(s, ":=");
	char *what, *to;

	memset(m, 0, sizeof(*m));
	if (!s[cause] || !rule || !s[cause + 1])
		return bp_fail(f, BP_E_FIELDS, "\"%s\" is no fix: write RULE[:COLUMN]=KIND[:VALUE], such as COORD_SWAPPED:lat=SWAP or UNKNOWN_WORD:tier=VALUE:gld:Gold", s);
	m->rule = bp_strndup(a, s, rule);
	m->column = rule < cause ? bp_strndup(a, s + rule + 1, cause - rule - 1) : NULL;
	m->kind = what = bp_strdup(a, s + cause + 1);
	to = strchr(what, ':');
	if (!to)
		return BP_E_OK;
	*to++ = '\0';
	if (!strcmp(m->kind, im_fix_kinds[IM_FIX_VALUE].name)) {
		m->from = to;
		to = strrchr(to, ':');
		if (!to)
			return bp_fail(f, BP_E_FIELDS, "\"%s\": write VALUE:FROM:TO", s);
		*to++ = '\0';
	}
	m->to = to;
	return BP_E_OK;
}
