/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/xmlin.h"

#include <stdio.h>
#include <string.h>

static int read_some(void *ctx, char *buf, int n)
{
	return (int)tb_source_read(ctx, buf, (size_t)n);
}

/* Keeps the first thing that is wrong, with its line. */
static void complain(void *ctx, const xmlError *err)
{
	struct tb_xmlin *x = ctx;
	size_t n = err->message ? strcspn(err->message, "\n") : 0;

	char line[32] = "";

	if (x->error || err->level < XML_ERR_ERROR || x->src->error)
		return;
	if (err->line > 0)
		snprintf(line, sizeof(line), "line %d: ", err->line);
	x->error = bp_fail(x->f, BP_E_IMPORT_FORMAT, "%sthis is no sound XML: %.*s", line, (int)(n > 200 ? 200 : n), n ? err->message : "");
}

/* libxml2 2.12 added a const to the type of the handler; both forms are called alike. */
static void on_error(void *ctx, xmlErrorPtr err)
{
	complain(ctx, err);
}

enum bp_error tb_xmlin_open(struct tb_xmlin *x, struct tb_source *src, struct bp_fail *f)
{
	*x = (struct tb_xmlin){.src = src, .f = f};
	x->r = xmlReaderForIO(read_some, NULL, src, NULL, NULL, XML_PARSE_NONET | XML_PARSE_NOCDATA | XML_PARSE_COMPACT);
	if (!x->r)
		return bp_fail(f, BP_E_INTERNAL, "no memory to read XML");
	xmlTextReaderSetStructuredErrorHandler(x->r, (xmlStructuredErrorFunc)on_error, x);
	return BP_E_OK;
}

void tb_xmlin_close(struct tb_xmlin *x)
{
	if (x->r)
		xmlFreeTextReader(x->r);
	x->r = NULL;
}

bool tb_xmlin_next(struct tb_xmlin *x)
{
	int r;

	/* What goes wrong in turning an encoding round is told to the thread's handler, not to the reader's. */
	xmlSetStructuredErrorFunc(x, (xmlStructuredErrorFunc)on_error);
	r = xmlTextReaderRead(x->r);
	xmlSetStructuredErrorFunc(NULL, NULL);
	if (x->src->error)
		x->error = x->src->error;
	if (!x->error && r < 0)
		x->error = bp_fail(x->f, BP_E_IMPORT_FORMAT, "this is no sound XML");
	if (!x->error && r == 1 && xmlTextReaderNodeType(x->r) == XML_READER_TYPE_DOCUMENT_TYPE)
		x->error = bp_fail(x->f, BP_E_IMPORT_FORMAT, "the file has a DOCTYPE, which is not read for safety: save it without one");
	return r == 1 && !x->error;
}

static bool is(struct tb_xmlin *x, int type, const char *name)
{
	const xmlChar *n = xmlTextReaderNodeType(x->r) == type ? xmlTextReaderConstLocalName(x->r) : NULL;

	return n && !strcmp((const char *)n, name);
}

bool tb_xmlin_begins(struct tb_xmlin *x, const char *name)
{
	return is(x, XML_READER_TYPE_ELEMENT, name);
}

bool tb_xmlin_ends(struct tb_xmlin *x, const char *name)
{
	return is(x, XML_READER_TYPE_END_ELEMENT, name) || (is(x, XML_READER_TYPE_ELEMENT, name) && xmlTextReaderIsEmptyElement(x->r));
}

char *tb_xmlin_attr(struct tb_xmlin *x, const char *name)
{
	return (char *)xmlTextReaderGetAttribute(x->r, (const xmlChar *)name);
}
