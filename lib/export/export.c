/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "export/export.h"

#include <libxml/xmlwriter.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/time.h"
#include "queries.h"

#define FIELDS_MOST 16
#define CHUNK 65536
#define NAMESPACE "urn:beatplan:plan:1"

/* One row as texts; NULL = empty. */
struct field {
	const char *name, *value;
};

struct writer {
	const struct export_job *job;
	struct bp_buf out;
	xmlTextWriterPtr xml;
	struct field f[FIELDS_MOST];
	char scratch[FIELDS_MOST][32];
	size_t n;
	char seat[256]; /* of the last row, with its day, position and the place in the tour that it stands for */
	int64_t day, pos, place;
	bool headed, failed;
};

static void flush(struct writer *w)
{
	if (w->out.len && !w->failed && !w->job->write(w->job->ctx, w->out.data, w->out.len))
		w->failed = true;
	bp_buf_clear(&w->out);
}

static void csv_row(struct writer *w)
{
	for (size_t i = 0; i < w->n && !w->headed; i++)
		bp_buf_printf(&w->out, "%s%s", i ? "," : "", w->f[i].name);
	if (!w->headed)
		bp_buf_str(&w->out, "\r\n");
	w->headed = true;
	for (size_t i = 0; i < w->n; i++) {
		if (i)
			bp_buf_chr(&w->out, ',');
		if (w->f[i].value)
			bp_buf_csv(&w->out, w->f[i].value);
	}
	bp_buf_str(&w->out, "\r\n");
}

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

static void xml_row(struct writer *w)
{
	char copy[2048];

	xmlTextWriterStartElement(w->xml, (const xmlChar *)(w->job->what == EXPORT_PLAN ? "stop" : "visit"));
	for (size_t i = 0; i < w->n; i++)
		if (w->f[i].value && *w->f[i].value)
			xmlTextWriterWriteAttribute(w->xml, (const xmlChar *)w->f[i].name, xml_safe(copy, sizeof(copy), w->f[i].value));
	xmlTextWriterEndElement(w->xml);
}

static enum bp_error put_row(struct writer *w)
{
	if (w->xml)
		xml_row(w);
	else
		csv_row(w);
	if (w->out.len > CHUNK)
		flush(w);
	return w->failed ? BP_E_ABORTED : BP_E_OK;
}

static void text(struct writer *w, const char *name, const char *value)
{
	w->f[w->n++] = (struct field){name, value};
}

static void number(struct writer *w, const char *name, int64_t v)
{
	snprintf(w->scratch[w->n], sizeof(w->scratch[0]), "%lld", (long long)v);
	w->f[w->n] = (struct field){name, w->scratch[w->n]};
	w->n++;
}

static void degrees(struct writer *w, const char *name, struct bp_opt_int micro)
{
	snprintf(w->scratch[w->n], sizeof(w->scratch[0]), "%.6f", (double)micro.v / 1e6);
	w->f[w->n] = (struct field){name, micro.set ? w->scratch[w->n] : NULL};
	w->n++;
}

static void date(struct writer *w, const char *name, struct bp_opt_int v)
{
	if (v.set)
		bp_date_format(v.v, w->scratch[w->n]);
	w->f[w->n] = (struct field){name, v.set ? w->scratch[w->n] : NULL};
	w->n++;
}

static const char *weekday(int64_t day)
{
	static const char *const names[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

	return names[bp_date_weekday(day) - 1];
}

/* Positions have holes after changes by hand; people count calls from 1. Rows come in the order of the tours. */
static int64_t place_in_tour(struct writer *w, const char *seat, int64_t day, int64_t pos)
{
	if (day != w->day || strcmp(seat, w->seat)) {
		snprintf(w->seat, sizeof(w->seat), "%s", seat);
		w->day = day;
		w->place = 0;
		w->pos = -1;
	}
	w->place += pos != w->pos;
	w->pos = pos;
	return w->place;
}

static enum bp_error plan_row(void *ctx, const void *row)
{
	const struct q_export_plan *r = row;
	struct writer *w = ctx;

	w->n = 0;
	text(w, "outlet_code", r->outlet_code);
	text(w, "outlet_name", r->outlet_name);
	text(w, "line", r->line);
	text(w, "seat", r->seat);
	text(w, "seat_name", r->seat_name);
	text(w, "beat", r->beat);
	text(w, "beat_name", r->beat_name);
	number(w, "week", r->day / 7 + 1);
	text(w, "weekday", weekday(r->anchor + r->day));
	number(w, "position", place_in_tour(w, r->seat, r->day, r->pos));
	date(w, "from_date", r->from);
	date(w, "to_date", r->to);
	date(w, "anchor", BP_SOME_INT(r->anchor));
	number(w, "weeks", r->weeks);
	return put_row(w);
}

static enum bp_error visit_row(void *ctx, const void *row)
{
	const struct q_export_visits *r = row;
	struct writer *w = ctx;

	w->n = 0;
	date(w, "date", BP_SOME_INT(r->day));
	text(w, "weekday", weekday(r->day));
	text(w, "seat", r->seat);
	text(w, "seat_name", r->seat_name);
	text(w, "beat", r->beat);
	number(w, "position", place_in_tour(w, r->seat, r->day, r->pos));
	text(w, "outlet_code", r->outlet_code);
	text(w, "outlet_name", r->outlet_name);
	text(w, "line", r->line);
	text(w, "address", r->address);
	text(w, "city", r->city);
	degrees(w, "latitude", r->lat);
	degrees(w, "longitude", r->lon);
	return put_row(w);
}

static int xml_out(void *ctx, const char *data, int n)
{
	struct writer *w = ctx;

	bp_buf_add(&w->out, data, (size_t)n);
	return n;
}

static int xml_close(void *ctx)
{
	(void)ctx;
	return 0;
}

static enum bp_error xml_begin(struct writer *w)
{
	xmlOutputBufferPtr out = xmlOutputBufferCreateIO(xml_out, xml_close, w, NULL);

	w->xml = out ? xmlNewTextWriter(out) : NULL;
	if (!w->xml)
		return BP_E_INTERNAL;
	xmlTextWriterStartDocument(w->xml, "1.0", "UTF-8", NULL);
	xmlTextWriterStartElementNS(w->xml, NULL, (const xmlChar *)(w->job->what == EXPORT_PLAN ? "plan" : "visits"),
		(const xmlChar *)NAMESPACE);
	return BP_E_OK;
}

enum bp_error export_run(struct bp_db *db, const struct export_job *job)
{
	struct writer w = {.job = job};
	enum bp_error e = BP_E_OK;

	bp_buf_init(&w.out, 16u << 20);
	if (job->format == EXPORT_XML)
		e = xml_begin(&w);
	if (!e && job->what == EXPORT_PLAN)
		e = q_export_plan(db, (int64_t)job->version, plan_row, &w);
	else if (!e)
		e = q_export_visits(db, (int64_t)job->plan, job->from, job->to, visit_row, &w);
	if (w.xml) {
		if (!e) /* half a document must not look like a whole one */
			xmlTextWriterEndDocument(w.xml);
		xmlFreeTextWriter(w.xml);
	}
	flush(&w);
	bp_buf_release(&w.out);
	return e ? e : w.failed ? BP_E_ABORTED : BP_E_OK;
}
