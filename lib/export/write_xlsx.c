/* SPDX-License-Identifier: GPL-3.0-or-later */
/* XLSX by libxlsxwriter, row after row in constant memory: the library writes a file, which is then handed on. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/error.h"
#include "export/writer.h"

#define ROWS_MOST 1048575 /* of a sheet, its head aside */

struct book {
	char path[64];
	lxw_workbook *book;
	lxw_worksheet *sheet;
	lxw_format *head, *date;
	lxw_row_t row;
	lxw_col_t columns;
	int sheets;
};

static enum bp_error xlsx_begin(struct export_writer *w)
{
	struct book *b = bp_xcalloc(1, sizeof(*b));
	lxw_workbook_options o = {.constant_memory = LXW_TRUE};
	int fd;

	snprintf(b->path, sizeof(b->path), "/tmp/beatplan-XXXXXX");
	fd = mkstemp(b->path);
	if (fd >= 0)
		close(fd);
	b->book = fd < 0 ? NULL : workbook_new_opt(b->path, &o);
	w->own = b;
	if (!b->book)
		return BP_E_DISK_FULL;
	b->head = workbook_add_format(b->book);
	format_set_bold(b->head);
	b->date = workbook_add_format(b->book);
	format_set_num_format(b->date, "yyyy-mm-dd");
	return BP_E_OK;
}

static void settle_sheet(struct book *b)
{
	if (b->sheet && b->row > 1)
		worksheet_autofilter(b->sheet, 0, 0, b->row - 1, (lxw_col_t)(b->columns - 1));
}

/* A sheet holds a million rows; what is more goes on in another. */
static bool new_sheet(struct book *b, const char *name, const struct export_row *r)
{
	char title[32];

	settle_sheet(b);
	snprintf(title, sizeof(title), b->sheets ? "%s %d" : "%s", name, b->sheets + 1);
	b->sheets++;
	b->sheet = workbook_add_worksheet(b->book, title);
	if (!b->sheet)
		return false;
	b->columns = (lxw_col_t)r->n;
	for (size_t i = 0; i < r->n; i++) {
		double width = r->f[i].type == EXPORT_TEXT && strstr(r->f[i].name, "name") ? 28 : 13;

		worksheet_set_column(b->sheet, (lxw_col_t)i, (lxw_col_t)i, width, NULL);
	}
	worksheet_freeze_panes(b->sheet, 1, 0);
	for (size_t i = 0; i < r->n; i++)
		worksheet_write_string(b->sheet, 0, (lxw_col_t)i, r->f[i].name, b->head);
	b->row = 1;
	return true;
}

static void write_date(struct book *b, lxw_col_t col, const char *text)
{
	lxw_datetime d = {0};

	d.year = (int)strtol(text, NULL, 10);
	d.month = (int)strtol(text + 5, NULL, 10);
	d.day = (int)strtol(text + 8, NULL, 10);
	worksheet_write_datetime(b->sheet, b->row, col, &d, b->date);
}

static enum bp_error xlsx_row(struct export_writer *w, const struct export_row *r)
{
	struct book *b = w->own;

	if ((!b->sheet || b->row > ROWS_MOST) && !new_sheet(b, export_name(w->job->what), r))
		return BP_E_INTERNAL;
	for (size_t i = 0; i < r->n; i++) {
		const struct export_field *f = &r->f[i];

		if (!f->value || !*f->value)
			continue;
		if (f->type == EXPORT_NUMBER)
			worksheet_write_number(b->sheet, b->row, (lxw_col_t)i, strtod(f->value, NULL), NULL);
		else if (f->type == EXPORT_DATE)
			write_date(b, (lxw_col_t)i, f->value);
		else
			worksheet_write_string(b->sheet, b->row, (lxw_col_t)i, f->value, NULL);
	}
	b->row++;
	return BP_E_OK;
}

static enum bp_error hand_on(struct export_writer *w, const char *path)
{
	FILE *f = fopen(path, "re");
	char part[65536];
	size_t n;

	if (!f)
		return BP_E_DISK_FULL;
	while ((n = fread(part, 1, sizeof(part), f)) > 0) {
		bp_buf_add(&w->out, part, n);
		export_flush(w);
	}
	fclose(f);
	return BP_E_OK;
}

static enum bp_error xlsx_end(struct export_writer *w, bool whole)
{
	struct book *b = w->own;
	enum bp_error e = BP_E_OK;

	/* A workbook without a sheet does not open. */
	if (b->book && !b->sheet)
		b->sheet = workbook_add_worksheet(b->book, export_name(w->job->what));
	else if (b->book)
		settle_sheet(b);
	if (b->book && workbook_close(b->book) != LXW_NO_ERROR)
		e = BP_E_DISK_FULL;
	if (!e && whole)
		e = hand_on(w, b->path);
	unlink(b->path);
	free(b);
	return e;
}
const struct export_form export_xlsx = {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx_begin, xlsx_row, xlsx_end};
