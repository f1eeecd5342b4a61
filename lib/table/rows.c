/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/rows.h"

#include <string.h>

enum { CELL_MOST = 1 << 20, TEXT_ENOUGH = 1 << 16 };

void tb_rows_init(struct tb_rows *r)
{
	memset(r, 0, sizeof(*r));
	bp_arena_init(&r->arena, 1 << 20);
	bp_buf_init(&r->text, (size_t)CELL_MOST * 16);
}

void tb_rows_release(struct tb_rows *r)
{
	for (size_t i = 0; i < r->n; i++)
		bp_buf_release(&r->cell[i]);
	bp_buf_release(&r->text);
	bp_arena_release(&r->arena);
}

static enum bp_error add_column(struct tb_rows *r, const char *name, struct bp_fail *f)
{
	if (r->n == TB_COLUMNS_MOST)
		return bp_fail(f, BP_E_IMPORT_FORMAT, "the records have more than %d different fields; the next would be \"%.60s\"",
			TB_COLUMNS_MOST, name);
	if (strlen(name) > 250)
		return bp_fail(f, BP_E_IMPORT_FORMAT, "a field has a name of %zu bytes: \"%.60s\"", strlen(name), name);
	bp_buf_init(&r->cell[r->n], CELL_MOST);
	r->name[r->n++] = bp_strdup(&r->arena, name);
	return BP_E_OK;
}

enum bp_error tb_rows_cell(struct tb_rows *r, const char *name, const char *value, struct bp_fail *f)
{
	size_t i = r->cursor;

	/* Records name their fields in the same order, mostly. */
	if (i >= r->n || strcmp(r->name[i], name))
		for (i = 0; i < r->n && strcmp(r->name[i], name);)
			i++;
	r->cursor = i + 1;
	if (i == r->n && !r->known)
		return add_column(r, name, f);
	if (i == r->n || !r->known)
		return BP_E_OK;
	if (r->cell[i].len)
		bp_buf_chr(&r->cell[i], ';');
	bp_buf_str(&r->cell[i], value);
	return r->cell[i].over ? bp_fail(f, BP_E_IMPORT_FORMAT, "row %zu: the field \"%.60s\" is larger than a megabyte", r->rows + 1, name)
		: BP_E_OK;
}

enum bp_error tb_flush(struct bp_buf *text, bool all, const struct tb_sink *sink, struct bp_fail *f)
{
	enum bp_error e = BP_E_OK;

	if (text->over)
		return bp_fail(f, BP_E_IMPORT_FORMAT, "a row is larger than %zu MB", text->ceiling >> 20);
	if (text->len >= TEXT_ENOUGH || (all && text->len)) {
		e = sink->write(sink->ctx, text->data, text->len, f);
		bp_buf_clear(text);
	}
	return e;
}

enum bp_error tb_rows_header(struct tb_rows *r, const struct tb_sink *sink, const char *part, struct bp_fail *f)
{
	enum bp_error e = sink->begin(sink->ctx, part, f);

	for (size_t i = 0; i < r->n; i++) {
		if (i)
			bp_buf_chr(&r->text, ',');
		bp_buf_cell(&r->text, r->name[i]);
	}
	bp_buf_str(&r->text, "\n");
	r->known = true;
	r->rows = r->cursor = 0;
	return e;
}

enum bp_error tb_rows_row(struct tb_rows *r, const struct tb_sink *sink, struct bp_fail *f)
{
	r->rows++;
	r->cursor = 0;
	if (!r->known)
		return BP_E_OK;
	for (size_t i = 0; i < r->n; i++) {
		if (i)
			bp_buf_chr(&r->text, ',');
		bp_buf_cell(&r->text, r->cell[i].data);
		bp_buf_clear(&r->cell[i]);
	}
	bp_buf_str(&r->text, "\n");
	return tb_flush(&r->text, false, sink, f);
}

enum bp_error tb_rows_end(struct tb_rows *r, const struct tb_sink *sink, struct bp_fail *f)
{
	enum bp_error e = tb_flush(&r->text, true, sink, f);

	return e ? e : sink->end(sink->ctx, f);
}
