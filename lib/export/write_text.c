/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CSV, XML and GeoJSON. */
#include <libxml/xmlwriter.h>
#include <stdlib.h>
#include <string.h>

#include "base/shape.h"
#include "export/writer.h"

#define NAMESPACE "urn:beatplan:plan:1"

/* --- CSV --- */

static enum bp_error csv_begin(struct export_writer *w)
{
	w->own = NULL; /* set once the head is written */
	return BP_E_OK;
}

static enum bp_error csv_row(struct export_writer *w, const struct export_row *r)
{
	for (size_t i = 0; i < r->n && !w->own; i++)
		bp_buf_printf(&w->out, "%s%s", i ? "," : "", r->f[i].name);
	if (!w->own)
		bp_buf_str(&w->out, "\r\n");
	w->own = w;
	for (size_t i = 0; i < r->n; i++) {
		if (i)
			bp_buf_chr(&w->out, ',');
		if (r->f[i].value)
			bp_buf_csv(&w->out, r->f[i].value);
	}
	bp_buf_str(&w->out, "\r\n");
	return BP_E_OK;
}

static enum bp_error csv_end(struct export_writer *w, bool whole)
{
	(void)w;
	(void)whole;
	return BP_E_OK;
}
const struct export_form export_csv = {"text/csv; charset=utf-8", csv_begin, csv_row, csv_end};

/* --- XML --- */

/* XML 1.0 has no place for control characters. */
static const xmlChar *xml_safe(char *copy, size_t size, const char *s)
{
	size_t n = 0;

	for (; *s && n + 1 < size; s++)
		if ((unsigned char)*s >= 0x20 || *s == '\t' || *s == '\n')
			copy[n++] = *s;
	copy[n] = '\0';
	return (const xmlChar *)copy;
}

static int xml_out(void *ctx, const char *data, int n)
{
	struct export_writer *w = ctx;

	bp_buf_add(&w->out, data, (size_t)n);
	return n;
}

static int xml_close(void *ctx)
{
	(void)ctx;
	return 0;
}

static enum bp_error xml_begin(struct export_writer *w)
{
	xmlOutputBufferPtr out = xmlOutputBufferCreateIO(xml_out, xml_close, w, NULL);

	w->own = out ? xmlNewTextWriter(out) : NULL;
	if (!w->own)
		return BP_E_INTERNAL;
	xmlTextWriterStartDocument(w->own, "1.0", "UTF-8", NULL);
	xmlTextWriterStartElementNS(w->own, NULL, (const xmlChar *)export_name(w->job->what), (const xmlChar *)NAMESPACE);
	return BP_E_OK;
}

static enum bp_error xml_row(struct export_writer *w, const struct export_row *r)
{
	char copy[2048];

	xmlTextWriterStartElement(w->own, (const xmlChar *)export_row_name(w->job->what));
	for (size_t i = 0; i < r->n; i++)
		if (r->f[i].value && *r->f[i].value)
			xmlTextWriterWriteAttribute(w->own, (const xmlChar *)r->f[i].name, xml_safe(copy, sizeof(copy), r->f[i].value));
	xmlTextWriterEndElement(w->own);
	return BP_E_OK;
}

static enum bp_error xml_end(struct export_writer *w, bool whole)
{
	if (w->own && whole)
		xmlTextWriterEndDocument(w->own);
	if (w->own)
		xmlFreeTextWriter(w->own);
	return BP_E_OK;
}
const struct export_form export_xml = {"application/xml", xml_begin, xml_row, xml_end};

/* --- GeoJSON (RFC 7946): a point for each row; without coordinates the geometry is null --- */

static enum bp_error geo_begin(struct export_writer *w)
{
	bp_buf_str(&w->out, "{\"type\":\"FeatureCollection\",\"features\":[");
	w->own = NULL; /* set once there is a feature */
	return BP_E_OK;
}

static enum bp_error geo_row(struct export_writer *w, const struct export_row *r)
{
	bp_buf_printf(&w->out, "%s\n{\"type\":\"Feature\",\"geometry\":", w->own ? "," : "");
	w->own = w;
	if (r->lat.set && r->lon.set)
		bp_buf_printf(&w->out, "{\"type\":\"Point\",\"coordinates\":[%.6f,%.6f]}", (double)r->lon.v / 1e6, (double)r->lat.v / 1e6);
	else
		bp_buf_str(&w->out, "null");
	bp_buf_str(&w->out, ",\"properties\":{");
	for (size_t i = 0; i < r->n; i++) {
		bp_buf_printf(&w->out, "%s\"%s\":", i ? "," : "", r->f[i].name);
		if (r->f[i].type == EXPORT_NUMBER && r->f[i].value)
			bp_buf_str(&w->out, r->f[i].value);
		else
			bp_json_string(&w->out, r->f[i].value);
	}
	bp_buf_str(&w->out, "}}");
	return BP_E_OK;
}

static enum bp_error geo_end(struct export_writer *w, bool whole)
{
	if (whole)
		bp_buf_str(&w->out, "\n]}\n");
	return BP_E_OK;
}
const struct export_form export_geojson = {"application/geo+json", geo_begin, geo_row, geo_end};
