/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_TABLE_XMLIN_H
#define BP_TABLE_XMLIN_H
/* XML from a stranger as a stream of nodes: no network, no entities of its own, no DOCTYPE. */
#include <libxml/xmlreader.h>

#include "table/source.h"

struct tb_xmlin {
	xmlTextReaderPtr r;
	struct tb_source *src;
	struct bp_fail *f;
	enum bp_error error;
};

/* Read the member on which `src` stands. */
enum bp_error tb_xmlin_open(struct tb_xmlin *x, struct tb_source *src, struct bp_fail *f);
void tb_xmlin_close(struct tb_xmlin *x);
/* The next node; false at the end or when x->error is set (IMPORT_FORMAT with the line). */
bool tb_xmlin_next(struct tb_xmlin *x);
/* Is it the beginning (or the end) of this element, whatever its namespace? */
bool tb_xmlin_begins(struct tb_xmlin *x, const char *name);
bool tb_xmlin_ends(struct tb_xmlin *x, const char *name);
/* Value of an attribute of the node, for xmlFree(); NULL when there is none. */
char *tb_xmlin_attr(struct tb_xmlin *x, const char *name);

#endif
