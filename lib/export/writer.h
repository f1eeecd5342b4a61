/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_EXPORT_WRITER_H
#define BP_EXPORT_WRITER_H
/* One form of file: begin, a call for each row, end.  Private to this room; write_*.c. */
#include "base/buf.h"
#include "export/export.h"

#define EXPORT_FIELDS 18

enum export_type { EXPORT_TEXT, EXPORT_NUMBER, EXPORT_DATE };
/* A value as text; NULL = empty. */
struct export_field {
	const char *name, *value;
	enum export_type type;
};
struct export_row {
	struct export_field f[EXPORT_FIELDS];
	size_t n;
	struct bp_opt_int lat, lon; /* of the outlet, micro-degrees */
	const char *seat, *seat_name, *outlet, *address;
	int64_t date, place; /* of a visit; place in its tour, from 1 */
};
struct export_writer {
	const struct export_job *job;
	struct bp_buf out; /* handed on when it is long enough */
	bool failed;       /* the reader went away */
	void *own;         /* of the form */
};
struct export_form {
	const char *media;
	/* INTERNAL when the library will not. `whole` = all rows came: half a file must not look like a whole one. */
	enum bp_error (*begin)(struct export_writer *w);
	enum bp_error (*row)(struct export_writer *w, const struct export_row *r);
	enum bp_error (*end)(struct export_writer *w, bool whole);
};
extern const struct export_form export_csv, export_xml, export_xlsx, export_ics, export_geojson;

/* Hand on what has been written so far. */
void export_flush(struct export_writer *w);
/* Element of one row: stop, visit, change, override, comment, rule, conflict. */
const char *export_row_name(enum export_what what);

#endif
