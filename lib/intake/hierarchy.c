/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/hierarchy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "design/detect.h"
#include "intake/open.h"
#include "queries.h"

enum { ROWS_A_REPORT = 20000, FLUSH_BYTES = 1 << 16 };

struct finding {
	struct im_work *w;
	struct q_import_file_get file;
	int fd;
	struct im_sniffed sn;
	struct im_reader *rd;
	struct bp_arena arena; /* of the table */
	struct detect_table t;
	struct detect_result r;
	uint64_t *line; /* of each row */
	struct q_import_edits *edit; /* by line */
	size_t n_edits;
	json_t *map;
	const json_t *chosen;
};

char *im_hierarchy_path(struct bp_arena *a, const char *upload_dir, uint64_t session, uint64_t file)
{
	return bp_sprintf(a, "%s/%llu/%llu.levels.csv", upload_dir, (unsigned long long)session, (unsigned long long)file);
}

static enum bp_error rewind_rows(struct finding *d)
{
	if (lseek(d->fd, 0, SEEK_SET) < 0)
		return bp_fail(d->w->fail, BP_E_INTERNAL, "cannot read %s: %s", d->file.name, strerror(errno));
	return im_reader_init(d->rd, &d->sn.dialect, im_read_fd, &d->fd, d->w->fail);
}

/* The column of the file that a corrected target comes from, -1 = none. */
static json_int_t source_of(const struct finding *d, const char *target)
{
	json_t *m;
	size_t i;

	json_array_foreach(d->map, i, m)
		if (!strcmp(json_string_value(json_object_get(m, "target")), target))
			return json_integer_value(json_object_get(m, "source"));
	return -1;
}

/* The cells of a row as they count. *at is the first correction that is not behind the row. */
static void cells_of(const struct finding *d, const struct im_row *row, size_t *at, const char **cell)
{
	for (int32_t c = 0; c < d->t.n_columns; c++)
		cell[c] = (size_t)c < row->n ? row->field[c].s : "";
	while (*at < d->n_edits && (uint64_t)d->edit[*at].row_no < row->line)
		++*at;
	for (size_t i = *at; i < d->n_edits && (uint64_t)d->edit[i].row_no == row->line; i++) {
		json_int_t c = source_of(d, d->edit[i].col);

		if (c >= 0 && c < d->t.n_columns)
			cell[c] = d->edit[i].value;
	}
}

static enum bp_error read_rows(struct finding *d)
{
	const char *cell[DETECT_COLUMNS_MOST];
	size_t at = 0, cap = 0;
	struct im_row row;
	bool over = false;
	enum bp_error e = rewind_rows(d);

	while (!e && !(e = im_reader_next(d->rd, &row, &over, d->w->fail)) && !over) {
		if (row.line <= d->sn.header_line || row.fault != IM_ROW_FINE)
			continue;
		if ((size_t)d->t.n_rows == cap) {
			cap = cap ? 2 * cap : 1024;
			d->line = bp_xrealloc(d->line, cap * sizeof(*d->line));
		}
		d->line[d->t.n_rows] = row.line;
		cells_of(d, &row, &at, cell);
		e = detect_table_add(&d->t, cell, d->w->fail);
		if (!e && d->t.n_rows % ROWS_A_REPORT == 0)
			e = im_tell(d->w, "reading", 60 * (double)d->rd->bytes / (double)(d->file.bytes + 1), (uint64_t)d->t.n_rows, (uint64_t)d->file.rows_guess);
	}
	im_reader_release(d->rd);
	return e;
}

static enum bp_error compared(void *ctx, double part)
{
	struct finding *d = ctx;

	return im_tell(d->w, "comparing", 60 + 30 * part, (uint64_t)d->t.n_rows, (uint64_t)d->t.n_rows);
}

/* --- the rows that contradict --- */

static void put_reason(struct finding *d, const struct detect_exception *x, struct bp_buf *b)
{
	const struct detect_table *t = &d->t;
	char *why = bp_sprintf(&d->arena, "%s %s: %s is %s in this row, %s in %d others", t->name[x->column], detect_text(t, x->column, x->value),
		t->name[x->above], detect_text(t, x->above, x->other), detect_text(t, x->above, x->usual), (int)x->usual_rows);

	bp_buf_csv(b, why);
}

static enum bp_error flush(struct finding *d, int out, struct bp_buf *b)
{
	for (size_t at = 0; at < b->len;) {
		ssize_t k = write(out, b->data + at, b->len - at);

		if (k < 0 && errno != EINTR)
			return bp_fail(d->w->fail, bp_error_of_errno(errno), "cannot keep the rows that contradict: %s", strerror(errno));
		at += k > 0 ? (size_t)k : 0;
	}
	bp_buf_clear(b);
	return BP_E_OK;
}

static enum bp_error write_rows(struct finding *d, int out, struct bp_buf *b)
{
	struct im_row row;
	bool over = false;
	int32_t at = 0;
	enum bp_error e = rewind_rows(d);

	bp_buf_str(b, "_row,_error");
	for (size_t c = 0; c < d->sn.n_columns; c++) {
		bp_buf_chr(b, ',');
		bp_buf_csv(b, d->sn.column[c]);
	}
	bp_buf_str(b, "\r\n");
	while (!e && at < d->r.n_wrong_rows && !(e = im_reader_next(d->rd, &row, &over, d->w->fail)) && !over) {
		if (row.line != d->line[d->r.wrong_rows[at]])
			continue;
		bp_buf_printf(b, "%llu,", (unsigned long long)row.line);
		put_reason(d, &d->r.exceptions[d->r.wrong_why[at]], b);
		for (size_t c = 0; c < row.n; c++) {
			bp_buf_chr(b, ',');
			bp_buf_csv(b, row.field[c].s);
		}
		bp_buf_str(b, "\r\n");
		at++;
		if (b->len > FLUSH_BYTES)
			e = flush(d, out, b);
		if (!e && at % ROWS_A_REPORT == 0)
			e = im_tell(d->w, "writing", 90 + 10 * (double)at / d->r.n_wrong_rows, (uint64_t)at, (uint64_t)d->r.n_wrong_rows);
	}
	im_reader_release(d->rd);
	return e ? e : flush(d, out, b);
}

/* Under another name first: whoever downloads gets all of the rows or those of before. */
static enum bp_error keep_rows(struct finding *d)
{
	char *path = im_hierarchy_path(d->w->arena, d->w->upload_dir, (uint64_t)d->file.session_id, (uint64_t)d->file.id);
	char *tmp = bp_sprintf(d->w->arena, "%s.XXXXXX", path);
	int out = mkostemp(tmp, O_CLOEXEC);
	struct bp_buf b;
	enum bp_error e;

	if (out < 0)
		return bp_fail(d->w->fail, bp_error_of_errno(errno), "cannot keep the rows that contradict: %s", strerror(errno));
	bp_buf_init(&b, 8 << 20);
	e = write_rows(d, out, &b);
	if (!e && rename(tmp, path))
		e = bp_fail(d->w->fail, bp_error_of_errno(errno), "cannot keep the rows that contradict: %s", strerror(errno));
	if (e)
		unlink(tmp);
	close(out);
	bp_buf_release(&b);
	return e;
}

/* --- what is kept of it --- */

static json_t *levels_json(const struct detect_level *level, int32_t n)
{
	json_t *all = json_array();

	for (int32_t l = 0; l < n; l++) {
		const struct detect_level *v = &level[l];
		json_t *same = json_array();

		for (int32_t s = 0; s < v->n_same; s++)
			json_array_append_new(same, json_integer(v->same[s]));
		json_array_append_new(all, json_pack("{s:i,s:o,s:i}", "column", (int)v->column, "same", same, "values", (int)v->values));
	}
	return all;
}

static json_t *others_json(const struct finding *d)
{
	json_t *all = json_array();

	for (int32_t i = 0; i < d->r.n_others; i++)
		json_array_append_new(all, levels_json(d->r.others[i].levels, d->r.others[i].n));
	return all;
}

static json_t *dependencies_json(const struct finding *d)
{
	json_t *all = json_array();

	for (int32_t i = 0; i < d->r.n_all; i++) {
		const struct detect_dependency *x = &d->r.all[i];

		json_array_append_new(all, json_pack("{s:i,s:i,s:i,s:i}", "below", (int)x->below, "above", (int)x->above, "rows", (int)x->rows,
			"exceptions", (int)x->exceptions));
	}
	return all;
}

static json_t *exceptions_json(const struct finding *d)
{
	const struct detect_table *t = &d->t;
	json_t *all = json_array();

	for (int32_t i = 0; i < d->r.n_exceptions && i < IM_EXCEPTIONS_KEPT; i++) {
		const struct detect_exception *x = &d->r.exceptions[i];

		json_array_append_new(all, json_pack("{s:i,s:s,s:i,s:s,s:i,s:s,s:i,s:b,s:I}", "column", (int)x->column, "value",
			detect_text(t, x->column, x->value), "above", (int)x->above, "usual", detect_text(t, x->above, x->usual), "usualRows",
			(int)x->usual_rows, "other", detect_text(t, x->above, x->other), "otherRows", (int)x->other_rows, "error", x->error,
			"row", (json_int_t)d->line[x->first_row]));
	}
	return all;
}

static json_t *values_json(const struct finding *d)
{
	json_t *all = json_array();

	for (int32_t c = 0; c < d->t.n_columns; c++)
		json_array_append_new(all, d->t.cell[c] ? json_integer(detect_values(&d->t, c)) : json_null());
	return all;
}

static enum bp_error keep(struct finding *d)
{
	enum { PARTS = 5 };
	json_t *part[PARTS] = {values_json(d), levels_json(d->r.levels, d->r.n_levels), others_json(d), dependencies_json(d), exceptions_json(d)};
	const char *read_as = bp_sprintf(d->w->arena, "%s|%s|%s|%lld", d->file.encoding, d->file.delimiter, d->file.eol, (long long)d->file.header_row);
	char *text[PARTS], *chosen = json_array_size(d->chosen) ? json_dumps(d->chosen, JSON_COMPACT) : NULL;
	enum bp_error e;

	for (int i = 0; i < PARTS; i++) {
		text[i] = json_dumps(part[i], JSON_COMPACT);
		json_decref(part[i]);
	}
	e = q_import_hierarchy_put(d->w->db, d->file.id, read_as, d->t.n_rows, d->r.n_wrong_rows, d->r.n_exceptions, text[0], text[1], text[2], chosen, text[3], text[4], NULL);
	free(chosen);
	for (int i = 0; i < PARTS; i++)
		free(text[i]);
	return e;
}

static enum bp_error open_file(struct finding *d, uint64_t file)
{
	struct im_work *w = d->w;
	struct im_wish wish;
	enum bp_error e = q_import_file_get(w->db, w->arena, (int64_t)file, &d->file);

	if (e)
		return e;
	d->fd = open(im_upload_path(w->arena, w->upload_dir, (uint64_t)d->file.session_id, file), O_RDONLY | O_CLOEXEC);
	if (d->fd < 0)
		return bp_fail(w->fail, errno == ENOENT ? BP_E_NOT_FOUND : bp_error_of_errno(errno), "the raw file of %s is gone: %s", d->file.name,
			strerror(errno));
	wish = im_wish_of(d->file.encoding, d->file.delimiter, d->file.header_row);
	e = im_sniff(d->fd, (uint64_t)d->file.bytes, &wish, w->arena, &d->sn, w->fail);
	d->map = json_loads(d->file.mapping, 0, NULL);
	return e ? e : q_import_edits(w->db, w->arena, (int64_t)file, IM_EDITS_MOST, &d->edit, &d->n_edits);
}

/* What contradicts the chosen levels, in place of those found. */
static enum bp_error take_chosen(struct finding *d)
{
	int32_t column[DETECT_COLUMNS_MOST], n = 0;
	size_t i;
	json_t *c;

	json_array_foreach(d->chosen, i, c) {
		json_int_t at = json_integer_value(c);

		if (at < 0 || at >= d->t.n_columns || n == DETECT_COLUMNS_MOST)
			return bp_fail(d->w->fail, BP_E_NOT_FOUND, "%s has no column %lld in which levels are looked for", d->file.name, (long long)at + 1);
		column[n++] = (int32_t)at;
	}
	if (n)
		detect_contradictions(&d->t, &d->r, column, n);
	return BP_E_OK;
}

enum bp_error im_hierarchy_find(struct im_work *w, uint64_t file, const json_t *chosen, int64_t *levels, int64_t *wrong_rows)
{
	struct finding d = {.w = w, .chosen = chosen, .fd = -1, .rd = bp_xcalloc(1, sizeof(*d.rd))};
	enum bp_error e = open_file(&d, file);

	bp_arena_init(&d.arena, (size_t)1 << 30);
	if (!e) {
		detect_table_init(&d.t, &d.arena, d.sn.column, (int32_t)d.sn.n_columns);
		e = read_rows(&d);
	}
	if (!e)
		e = detect_hierarchy(&d.t, &d.r, compared, &d);
	if (!e)
		e = take_chosen(&d);
	if (!e)
		e = keep_rows(&d);
	if (!e)
		e = keep(&d);
	*levels = d.r.n_levels;
	*wrong_rows = d.r.n_wrong_rows;
	detect_table_release(&d.t);
	bp_arena_release(&d.arena);
	json_decref(d.map);
	free(d.line);
	free(d.rd);
	if (d.fd >= 0)
		close(d.fd);
	return e;
}
