/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A workbook as ECMA-376 describes it (XLSX): which sheets there are, the texts that cells share, which number formats
 * are dates, and then each visible sheet as a stream of rows.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "table/rows.h"
#include "table/xmlin.h"

enum { STYLES_MOST = 65536, CELLS_MOST = 16384, TEXT_MOST = 1 << 20, ROWS_MOST = 1048576 };
enum style { PLAIN, DATE, TIME, DATE_TIME };

struct sheet {
	const char *name, *rel, *path; /* path within the ZIP */
	bool hidden;
};

struct book {
	struct bp_arena mem;
	struct sheet sheet[TB_TABLES_MOST];
	size_t n_sheets;
	struct rel {
		const char *id, *target;
	} *rel;
	size_t n_rels, room_rels;
	char **shared;
	size_t n_shared, room_shared;
	unsigned char *style; /* of a cell's s="..." */
	size_t n_styles;
	struct format {
		long id;
		enum style style;
	} format[256];
	size_t n_formats;
	bool from_1904;
};

static const char *kept_attr(struct book *b, struct tb_xmlin *x, const char *name)
{
	char *v = tb_xmlin_attr(x, name);
	const char *kept = v ? bp_strdup(&b->mem, v) : NULL;

	xmlFree(v);
	return kept;
}

static long number_attr(struct tb_xmlin *x, const char *name, long without)
{
	char *v = tb_xmlin_attr(x, name);
	long n = v ? strtol(v, NULL, 10) : without;

	xmlFree(v);
	return n;
}

static void read_workbook(struct book *b, struct tb_xmlin *x)
{
	while (tb_xmlin_next(x)) {
		if (tb_xmlin_begins(x, "workbookPr")) {
			char *v = tb_xmlin_attr(x, "date1904");

			b->from_1904 = v && (!strcmp(v, "1") || !strcmp(v, "true"));
			xmlFree(v);
		} else if (tb_xmlin_begins(x, "sheet") && b->n_sheets < TB_TABLES_MOST) {
			struct sheet *s = &b->sheet[b->n_sheets++];
			const char *state = kept_attr(b, x, "state");
			xmlChar *rel = xmlTextReaderGetAttributeNs(x->r, (const xmlChar *)"id",
				(const xmlChar *)"http://schemas.openxmlformats.org/officeDocument/2006/relationships");

			s->name = kept_attr(b, x, "name");
			s->rel = rel ? bp_strdup(&b->mem, (char *)rel) : kept_attr(b, x, "r:id");
			s->hidden = state && strcmp(state, "visible");
			xmlFree(rel);
		}
	}
}

static void read_rels(struct book *b, struct tb_xmlin *x)
{
	while (tb_xmlin_next(x)) {
		const char *target;

		if (!tb_xmlin_begins(x, "Relationship"))
			continue;
		if (b->n_rels == b->room_rels) {
			b->rel = bp_grow_array(&b->mem, b->rel, b->n_rels, b->n_rels * 2 + 16, sizeof(*b->rel));
			b->room_rels = b->n_rels * 2 + 16;
		}
		target = kept_attr(b, x, "Target");
		/* Relative to xl/, or absolute within the ZIP. */
		b->rel[b->n_rels++] = (struct rel){kept_attr(b, x, "Id"),
			!target ? NULL : *target == '/' ? target + 1 : bp_sprintf(&b->mem, "xl/%s", target)};
	}
}

/* Text of the element on which the reader stands, phonetic readings left out. */
static void text_within(struct tb_xmlin *x, const char *element, struct bp_buf *out)
{
	int phonetic = 0;

	if (xmlTextReaderIsEmptyElement(x->r))
		return;
	while (tb_xmlin_next(x) && !tb_xmlin_ends(x, element)) {
		int type = xmlTextReaderNodeType(x->r);

		if (tb_xmlin_begins(x, "rPh"))
			phonetic += !xmlTextReaderIsEmptyElement(x->r);
		else if (tb_xmlin_ends(x, "rPh"))
			phonetic--;
		else if (!phonetic && (type == XML_READER_TYPE_TEXT || type == XML_READER_TYPE_CDATA || type == XML_READER_TYPE_SIGNIFICANT_WHITESPACE))
			bp_buf_str(out, (const char *)xmlTextReaderConstValue(x->r));
	}
}

static enum bp_error read_shared(struct book *b, struct tb_xmlin *x)
{
	struct bp_buf text;
	size_t used = 0;

	bp_buf_init(&text, TEXT_MOST);
	while (tb_xmlin_next(x)) {
		if (!tb_xmlin_begins(x, "si"))
			continue;
		bp_buf_clear(&text);
		text_within(x, "si", &text);
		used += text.len + 32;
		if (used > TB_STRINGS_MOST) {
			x->error = bp_fail(x->f, BP_E_IMPORT_FORMAT, "the workbook holds more than %d MB of different texts: save it as CSV",
				TB_STRINGS_MOST >> 20);
			break;
		}
		if (b->n_shared == b->room_shared) {
			b->room_shared = b->room_shared * 2 + 1024;
			b->shared = bp_xrealloc(b->shared, b->room_shared * sizeof(*b->shared));
		}
		b->shared[b->n_shared++] = bp_strdup(&b->mem, text.data);
	}
	bp_buf_release(&text);
	return x->error;
}

/* A number format that shows a date or a time: letters outside of quotes, brackets and escapes. */
static enum style style_of_code(const char *s)
{
	bool date = false, time = false;

	for (; *s; s++) {
		if (*s == '"')
			s += strcspn(s + 1, "\"") + 1;
		else if (*s == '[' && !strchr("hHmMsS", s[1]))
			s += strcspn(s, "]");
		else if (*s == '\\' || *s == '_' || *s == '*')
			s++;
		else if (strchr("yYdD", *s))
			date = true;
		else if (strchr("hHsS", *s))
			time = true;
		else if (*s == ';')
			break;
		if (!*s)
			break;
	}
	return date && time ? DATE_TIME : date ? DATE : time ? TIME : PLAIN;
}

static enum style style_of_id(const struct book *b, long id)
{
	for (size_t i = 0; i < b->n_formats; i++)
		if (b->format[i].id == id)
			return b->format[i].style;
	if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || (id >= 34 && id <= 36) || (id >= 50 && id <= 58))
		return DATE;
	return id == 22 ? DATE_TIME : (id >= 18 && id <= 21) || (id >= 45 && id <= 47) || id == 32 || id == 33 ? TIME : PLAIN;
}

static void read_styles(struct book *b, struct tb_xmlin *x)
{
	bool in_cells = false;

	b->style = bp_alloc_array(&b->mem, STYLES_MOST, 1);
	while (tb_xmlin_next(x)) {
		if (tb_xmlin_begins(x, "numFmt") && b->n_formats < 256) {
			char *code = tb_xmlin_attr(x, "formatCode");

			b->format[b->n_formats++] = (struct format){number_attr(x, "numFmtId", -1), code ? style_of_code(code) : PLAIN};
			xmlFree(code);
		} else if (tb_xmlin_begins(x, "cellXfs")) {
			in_cells = true;
		} else if (tb_xmlin_ends(x, "cellXfs")) {
			in_cells = false;
		} else if (in_cells && tb_xmlin_begins(x, "xf") && b->n_styles < STYLES_MOST) {
			b->style[b->n_styles++] = (unsigned char)style_of_id(b, number_attr(x, "numFmtId", 0));
		}
	}
}

/* Everything but the sheets, in whatever order the ZIP holds it. */
static enum bp_error read_book(struct book *b, int fd, struct bp_fail *f)
{
	struct tb_source src;
	bool end = false;
	enum bp_error e = tb_source_open(&src, fd, f);

	while (!e && !(e = tb_source_next(&src, &end, f)) && !end) {
		const char *name = tb_source_name(&src);
		bool shared = !strcmp(name, "xl/sharedStrings.xml"), styles = !strcmp(name, "xl/styles.xml"),
		     book = !strcmp(name, "xl/workbook.xml"), rels = !strcmp(name, "xl/_rels/workbook.xml.rels");
		struct tb_xmlin x;

		if (!shared && !styles && !book && !rels)
			continue;
		e = tb_xmlin_open(&x, &src, f);
		if (e)
			break;
		if (shared)
			read_shared(b, &x);
		else if (styles)
			read_styles(b, &x);
		else if (book)
			read_workbook(b, &x);
		else
			read_rels(b, &x);
		e = x.error;
		tb_xmlin_close(&x);
	}
	tb_source_close(&src);
	for (size_t i = 0; i < b->n_sheets; i++)
		for (size_t k = 0; k < b->n_rels && b->sheet[i].rel; k++)
			if (b->rel[k].id && !strcmp(b->rel[k].id, b->sheet[i].rel))
				b->sheet[i].path = b->rel[k].target;
	return e;
}

/* --- cells --- */

/* A day number of the workbook as text; days are counted from 1899-12-30, which hides the leap day of 1900 that never was. */
static void put_date(const struct book *b, double v, enum style style, char *out, size_t size)
{
	double day = floor(v + 0.5 / 86400);
	int second = (int)((v - day) * 86400 + 0.5);
	char date[BP_DATE_SIZE];

	second = second < 0 ? 0 : second > 86399 ? 86399 : second;
	bp_date_format((int64_t)day - (b->from_1904 ? 24107 : 25569), date);
	if (style == TIME && day < 1)
		snprintf(out, size, "%02d:%02d", second / 3600, second / 60 % 60);
	else if (style == DATE || !second)
		snprintf(out, size, "%s", date);
	else
		snprintf(out, size, "%s %02d:%02d", date, second / 3600, second / 60 % 60);
}

static const char *number_text(const struct book *b, const char *v, long s, char *out, size_t size)
{
	enum style style = s >= 0 && (size_t)s < b->n_styles ? b->style[s] : PLAIN;
	char *end;
	double d = strtod(v, &end);

	if (end == v || *end || !isfinite(d))
		return v;
	if (style != PLAIN && d >= 0 && d < 2958466)
		put_date(b, d, style, out, size);
	else if (strlen(v) > 15 || strpbrk(v, "eE"))
		snprintf(out, size, fabs(d) < 1e15 && d == floor(d) ? "%.0f" : "%.15g", d); /* as the sheet shows it */
	else
		return v;
	return out;
}

/* Column of "BC12", from 0; -1 when there is none. */
static long column_of(const char *ref)
{
	long c = 0;

	if (!ref)
		return -1;
	for (; *ref >= 'A' && *ref <= 'Z' && c < CELLS_MOST * 26; ref++)
		c = c * 26 + *ref - 'A' + 1;
	return c - 1;
}

struct grid {
	const struct book *b;
	struct tb_xmlin *x;
	struct bp_buf text, value;
	long row, column; /* written so far */
	long next;        /* column of a cell that does not say its own */
	char number[64];
};

static const char *cell_text(struct grid *g, const char *type, long style)
{
	const char *v = g->value.data;
	size_t k;

	if (!type || !strcmp(type, "n"))
		return number_text(g->b, v, style, g->number, sizeof(g->number));
	if (!strcmp(type, "s")) {
		k = strtoul(v, NULL, 10);
		return *v && k < g->b->n_shared ? g->b->shared[k] : "";
	}
	if (!strcmp(type, "b"))
		return *v == '1' ? "TRUE" : "FALSE";
	return v;
}

/* The cell on which the reader stands. */
static void put_cell(struct grid *g)
{
	char *ref = tb_xmlin_attr(g->x, "r"), *type = tb_xmlin_attr(g->x, "t");
	long style = number_attr(g->x, "s", -1), at = column_of(ref);

	bp_buf_clear(&g->value);
	for (bool more = !xmlTextReaderIsEmptyElement(g->x->r); more && tb_xmlin_next(g->x) && !tb_xmlin_ends(g->x, "c");) {
		if (tb_xmlin_begins(g->x, "v"))
			text_within(g->x, "v", &g->value);
		else if (tb_xmlin_begins(g->x, "is"))
			text_within(g->x, "is", &g->value);
	}
	if (at < 0)
		at = g->next;
	g->next = at + 1;
	if (at >= CELLS_MOST)
		g->x->error = bp_fail(g->x->f, BP_E_IMPORT_FORMAT, "row %ld has a cell \"%.20s\", which no sheet has", g->row, ref ? ref : "");
	if (g->value.len && at >= g->column && !g->x->error) {
		for (; g->column < at; g->column++)
			bp_buf_chr(&g->text, ',');
		bp_buf_cell(&g->text, cell_text(g, type, style));
	}
	xmlFree(ref);
	xmlFree(type);
}

static enum bp_error read_sheet(struct grid *g, const struct tb_sink *sink)
{
	enum bp_error e = BP_E_OK;

	while (!e && tb_xmlin_next(g->x)) {
		long row;

		if (!tb_xmlin_begins(g->x, "row"))
			continue;
		row = number_attr(g->x, "r", g->row + 1);
		if (row <= g->row || row > ROWS_MOST)
			return bp_fail(g->x->f, BP_E_IMPORT_FORMAT, "row %ld stands behind row %ld", row, g->row);
		for (; g->row < row - 1; g->row++)
			bp_buf_chr(&g->text, '\n'); /* rows that are not there keep the numbers of the others */
		g->row = row;
		g->column = g->next = 0;
		for (bool more = !xmlTextReaderIsEmptyElement(g->x->r); more && tb_xmlin_next(g->x) && !tb_xmlin_ends(g->x, "row");)
			if (tb_xmlin_begins(g->x, "c"))
				put_cell(g);
		bp_buf_chr(&g->text, '\n');
		e = g->x->error ? g->x->error : tb_flush(&g->text, false, sink, g->x->f);
	}
	return e ? e : g->x->error ? g->x->error : tb_flush(&g->text, true, sink, g->x->f);
}

static enum bp_error one_sheet(const struct book *b, struct tb_source *src, const char *part, const struct tb_sink *sink, struct bp_fail *f)
{
	struct tb_xmlin x;
	struct grid g = {.b = b, .x = &x};
	enum bp_error e = tb_xmlin_open(&x, src, f);

	if (e)
		return e;
	bp_buf_init(&g.text, (size_t)TEXT_MOST * 16);
	bp_buf_init(&g.value, TEXT_MOST);
	e = sink->begin(sink->ctx, part, f);
	if (!e)
		e = read_sheet(&g, sink);
	if (!e)
		e = sink->end(sink->ctx, f);
	bp_buf_release(&g.text);
	bp_buf_release(&g.value);
	tb_xmlin_close(&x);
	return e;
}

enum bp_error tb_workbook(int fd, const struct tb_sink *sink, struct bp_fail *f)
{
	struct book *b = bp_xcalloc(1, sizeof(*b));
	struct tb_source src = {.fd = -1};
	size_t shown = 0, found = 0;
	bool end = false;
	enum bp_error e;

	bp_arena_init(&b->mem, (size_t)TB_STRINGS_MOST + (64 << 20));
	e = read_book(b, fd, f);
	for (size_t i = 0; i < b->n_sheets; i++)
		shown += !b->sheet[i].hidden;
	if (!e)
		e = tb_source_open(&src, fd, f);
	while (!e && !(e = tb_source_next(&src, &end, f)) && !end)
		for (size_t i = 0; i < b->n_sheets; i++) {
			const struct sheet *s = &b->sheet[i];

			if (s->hidden || !s->path || strcmp(s->path, tb_source_name(&src)))
				continue;
			found++;
			e = one_sheet(b, &src, shown > 1 && s->name ? s->name : "", sink, f);
			break;
		}
	tb_source_close(&src);
	if (!e && !found)
		e = bp_fail(f, BP_E_IMPORT_FORMAT, "the workbook has no visible sheet");
	free(b->shared);
	bp_arena_release(&b->mem);
	free(b);
	return e;
}
