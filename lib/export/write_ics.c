/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * iCalendar (RFC 5545): a whole-day event for each day of a seat, its calls in order in the description.  An event for every call
 * would bury a calendar under forty a day, and the plan knows the order, not the minute.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "export/writer.h"

struct day {
	bool open;
	char seat[256];
	int64_t date;
	int calls;
	struct bp_buf list; /* the description so far */
	char name[256];
};

/* A content line, folded at 75 octets and never inside a character. */
static void line(struct bp_buf *out, const char *text)
{
	size_t used = 0;

	for (const char *p = text; *p;) {
		size_t n = 1;

		while ((p[n] & 0xc0) == 0x80)
			n++;
		if (used + n > 75) {
			bp_buf_str(out, "\r\n ");
			used = 1;
		}
		bp_buf_add(out, p, n);
		used += n;
		p += n;
	}
	bp_buf_str(out, "\r\n");
}

/* Commas, semicolons and backslashes have a meaning; lines end as \n; other control characters have no place. */
static void escape(struct bp_buf *out, const char *s)
{
	for (; *s; s++) {
		if (strchr(",;\\", *s)) {
			bp_buf_chr(out, '\\');
			bp_buf_chr(out, *s);
		} else if (*s == '\n') {
			bp_buf_str(out, "\\n");
		} else if ((unsigned char)*s >= 0x20) {
			bp_buf_chr(out, *s);
		}
	}
}

static void event(struct export_writer *w, struct day *d)
{
	char text[BP_DATE_SIZE], next[BP_DATE_SIZE];
	struct bp_buf b;

	if (!d->open)
		return;
	bp_date_format(d->date, text);
	bp_date_format(d->date + 1, next);
	bp_buf_init(&b, 4u << 20);
	line(&w->out, "BEGIN:VEVENT");
	bp_buf_printf(&b, "UID:%s-", text);
	escape(&b, d->seat);
	bp_buf_printf(&b, "-%llu@beatplan", (unsigned long long)w->job->plan);
	line(&w->out, b.data);
	/* The same plan gives the same file: the stamp is that of the day. */
	bp_buf_printf(&w->out, "DTSTAMP:%.4s%.2s%.2sT000000Z\r\nDTSTART;VALUE=DATE:%.4s%.2s%.2s\r\n", text, text + 5, text + 8, text, text + 5, text + 8);
	bp_buf_printf(&w->out, "DTEND;VALUE=DATE:%.4s%.2s%.2s\r\nTRANSP:TRANSPARENT\r\n", next, next + 5, next + 8);
	bp_buf_clear(&b);
	bp_buf_str(&b, "SUMMARY:");
	escape(&b, d->name);
	bp_buf_printf(&b, ": %d call%s", d->calls, d->calls == 1 ? "" : "s");
	line(&w->out, b.data);
	bp_buf_clear(&b);
	bp_buf_str(&b, "DESCRIPTION:");
	bp_buf_add(&b, d->list.data, d->list.len);
	line(&w->out, b.data);
	line(&w->out, "END:VEVENT");
	bp_buf_release(&b);
	bp_buf_clear(&d->list);
	d->open = false;
}

static enum bp_error ics_begin(struct export_writer *w)
{
	struct day *d = bp_xcalloc(1, sizeof(*d));

	w->own = d;
	bp_buf_init(&d->list, 4u << 20);
	bp_buf_str(&w->out, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Beatplan//Visit list//EN\r\nCALSCALE:GREGORIAN\r\n");
	return BP_E_OK;
}

static enum bp_error ics_row(struct export_writer *w, const struct export_row *r)
{
	struct day *d = w->own;

	if (!d->open || d->date != r->date || strcmp(d->seat, r->seat)) {
		event(w, d);
		d->open = true;
		d->date = r->date;
		d->calls = 0;
		snprintf(d->seat, sizeof(d->seat), "%s", r->seat);
		snprintf(d->name, sizeof(d->name), "%s", r->seat_name && *r->seat_name ? r->seat_name : r->seat);
	}
	d->calls++;
	bp_buf_printf(&d->list, "%s%lld. ", d->calls > 1 ? "\\n" : "", (long long)r->place);
	escape(&d->list, r->outlet);
	if (r->address && *r->address) {
		bp_buf_str(&d->list, "\\, ");
		escape(&d->list, r->address);
	}
	return BP_E_OK;
}

static enum bp_error ics_end(struct export_writer *w, bool whole)
{
	struct day *d = w->own;

	if (!d)
		return BP_E_OK;
	if (whole) {
		event(w, d);
		bp_buf_str(&w->out, "END:VCALENDAR\r\n");
	}
	bp_buf_release(&d->list);
	free(d);
	return BP_E_OK;
}
const struct export_form export_ics = {"text/calendar; charset=utf-8", ics_begin, ics_row, ics_end};
