/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/mend.h"

#include <string.h>

#include "intake/check.h"
#include "queries.h"

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
		return im_mending_wrong(field, "column", f, "is no column of the file");
	if (c < 0 || !m->to || !*m->to)
		return BP_E_OK;
	for (int i = 0; i < IM_COLUMNS_MOST; i++)
		feed[i] = (struct im_feed){.source = -1};
	feed[c].fallback = m->to;
	im_checker_init(k, entity, feed, &none, a, a);
	im_check_row(k, &row, out);
	for (size_t i = 0; i < out->n_issues; i++)
		if (out->issue[i].column == c && out->issue[i].rule != IM_R_AMBIGUOUS && out->issue[i].rule != IM_R_COORD_HALF)
			return im_mending_wrong(field, "to", f, bp_sprintf(a, "%s%s%s", im_rules[out->issue[i].rule].message, *out->issue[i].suggestion ? ": " : "",
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
		return im_mending_wrong(field, "rule", f, "no row of this import has that problem: have it checked first");
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
