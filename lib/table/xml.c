/* SPDX-License-Identifier: GPL-3.0-or-later */
/* XML: each element of one name is a row; its attributes and the text of what lies in it are the fields, "a.b" when nested. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "table/rows.h"
#include "table/xmlin.h"

enum { LEVELS = 32, NAMES_MOST = 200, NAME_SIZE = 128, TEXT_MOST = 1 << 20, PATH_MOST = 240 };

/* --- which element is a row --- */

struct seen {
	char name[NAME_SIZE];
	int depth;
	size_t times;
	bool holds; /* elements or attributes: a row has fields */
};

static struct seen *note(struct seen *v, size_t *n, const char *name, int depth)
{
	for (size_t i = 0; i < *n; i++)
		if (v[i].depth == depth && !strcmp(v[i].name, name))
			return &v[i];
	if (*n == NAMES_MOST)
		return NULL;
	v[*n].depth = depth;
	snprintf(v[*n].name, sizeof(v[*n].name), "%.*s", NAME_SIZE - 1, name);
	return &v[(*n)++];
}

/* The shallowest element that comes more than once and has fields; one that comes once when there is no other. */
static enum bp_error find_row(struct tb_xmlin *x, char row[NAME_SIZE])
{
	struct seen *v = bp_xcalloc(NAMES_MOST, sizeof(*v)), *open[LEVELS] = {NULL}, *best = NULL;
	size_t n = 0, nodes = 0;

	while (nodes++ < 2000000 && tb_xmlin_next(x)) {
		int depth = xmlTextReaderDepth(x->r);

		if (xmlTextReaderNodeType(x->r) != XML_READER_TYPE_ELEMENT || depth >= LEVELS)
			continue;
		open[depth] = note(v, &n, (const char *)xmlTextReaderConstLocalName(x->r), depth);
		if (open[depth]) {
			open[depth]->times++;
			open[depth]->holds |= xmlTextReaderHasAttributes(x->r) == 1;
		}
		if (depth && open[depth - 1])
			open[depth - 1]->holds = true;
	}
	for (size_t i = 0; i < n; i++)
		if (v[i].depth && v[i].holds && (!best || (v[i].times > 1 && (best->times < 2 || v[i].depth < best->depth ||
			(v[i].depth == best->depth && v[i].times > best->times)))))
			best = &v[i];
	*row = '\0';
	if (best)
		memcpy(row, best->name, NAME_SIZE);
	free(v);
	return x->error || best ? x->error : bp_fail(x->f, BP_E_IMPORT_FORMAT, "no element in it looks like a row: name the one that is");
}

/* --- rows --- */

struct walk {
	struct tb_xmlin *x;
	struct tb_rows *rows;
	const struct tb_sink *sink;
	char path[PATH_MOST];
	size_t cut[LEVELS]; /* length of the path above each level */
	bool leaf[LEVELS];  /* no element in it so far */
	int depth;          /* within the row: 0 = the row itself */
	struct bp_buf text;
};

static void down(struct walk *w, const char *name)
{
	size_t n = strlen(w->path);

	w->leaf[w->depth] = false;
	w->cut[++w->depth] = n;
	w->leaf[w->depth] = true;
	snprintf(w->path + n, sizeof(w->path) - n, "%s%s", n ? "." : "", name);
	bp_buf_clear(&w->text);
}

static enum bp_error attributes(struct walk *w)
{
	enum bp_error e = BP_E_OK;
	char name[PATH_MOST * 2];

	while (!e && xmlTextReaderMoveToNextAttribute(w->x->r) == 1) {
		const xmlChar *value = xmlTextReaderConstValue(w->x->r);

		if (xmlTextReaderIsNamespaceDecl(w->x->r))
			continue;
		snprintf(name, sizeof(name), "%s%s%s", w->path, *w->path ? "." : "", (const char *)xmlTextReaderConstLocalName(w->x->r));
		e = tb_rows_cell(w->rows, name, value ? (const char *)value : "", w->x->f);
	}
	xmlTextReaderMoveToElement(w->x->r);
	return e;
}

static const char *trimmed(struct bp_buf *b)
{
	char *s = b->data + strspn(b->data, " \t\r\n");

	while (b->len && strchr(" \t\r\n", b->data[b->len - 1]))
		b->data[--b->len] = '\0';
	return s > b->data + b->len ? b->data : s;
}

static enum bp_error up(struct walk *w)
{
	enum bp_error e = w->leaf[w->depth] ? tb_rows_cell(w->rows, *w->path ? w->path : "value", trimmed(&w->text), w->x->f) : BP_E_OK;

	w->path[w->cut[w->depth--]] = '\0';
	bp_buf_clear(&w->text);
	return e;
}

/* The row on whose element the reader stands, to its end. */
static enum bp_error one_row(struct walk *w)
{
	bool empty = xmlTextReaderIsEmptyElement(w->x->r);
	enum bp_error e;

	w->depth = 0;
	w->leaf[0] = true;
	w->path[0] = '\0';
	e = attributes(w);
	while (!e && !empty && tb_xmlin_next(w->x)) {
		int type = xmlTextReaderNodeType(w->x->r);

		if (type == XML_READER_TYPE_ELEMENT) {
			if (w->depth + 1 == LEVELS)
				return bp_fail(w->x->f, BP_E_IMPORT_FORMAT, "row %zu: elements lie deeper than %d levels", w->rows->rows + 1, LEVELS);
			down(w, (const char *)xmlTextReaderConstLocalName(w->x->r));
			e = attributes(w);
			if (!e && xmlTextReaderIsEmptyElement(w->x->r))
				e = up(w);
		} else if (type == XML_READER_TYPE_END_ELEMENT) {
			if (!w->depth)
				break;
			e = up(w);
		} else if (type == XML_READER_TYPE_TEXT || type == XML_READER_TYPE_CDATA) {
			bp_buf_str(&w->text, (const char *)xmlTextReaderConstValue(w->x->r));
		}
	}
	if (!e && !w->x->error && w->leaf[0] && w->text.len)
		e = tb_rows_cell(w->rows, "value", trimmed(&w->text), w->x->f);
	bp_buf_clear(&w->text);
	return e ? e : w->x->error ? w->x->error : tb_rows_row(w->rows, w->sink, w->x->f);
}

enum bp_error tb_xml(int fd, size_t index, const char *part, const char *row, const struct tb_sink *sink, struct bp_fail *f)
{
	struct tb_rows *rows = bp_xmalloc(sizeof(*rows));
	struct tb_source src = {.fd = -1};
	struct tb_xmlin x = {.r = NULL};
	struct walk w = {.x = &x, .rows = rows, .sink = sink};
	char found[NAME_SIZE] = "";
	enum bp_error e = BP_E_OK;

	tb_rows_init(rows);
	bp_buf_init(&w.text, TEXT_MOST);
	/* Which element, which fields, the rows. */
	for (int pass = row && *row ? 1 : 0; pass < 3 && !e; pass++) {
		e = tb_source_seek(&src, fd, index, f);
		if (!e)
			e = tb_xmlin_open(&x, &src, f);
		if (!e && !pass)
			e = find_row(&x, found);
		while (!e && pass && tb_xmlin_next(&x))
			if (tb_xmlin_begins(&x, row && *row ? row : found))
				e = one_row(&w);
		if (!e)
			e = x.error;
		tb_xmlin_close(&x);
		tb_source_close(&src);
		if (!e && pass && !rows->rows)
			e = bp_fail(f, BP_E_IMPORT_FORMAT, "there is no element <%.60s> in it", row && *row ? row : found);
		if (!e && pass)
			e = pass == 2 ? tb_rows_end(rows, sink, f) : tb_rows_header(rows, sink, part, f);
	}
	bp_buf_release(&w.text);
	tb_rows_release(rows);
	free(rows);
	return e;
}
