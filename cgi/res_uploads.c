/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_uploads.c - the files of an import: taking them in while they arrive, how they are read, their rejects. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cgi/once.h"
#include "cgi/res_imports.h"
#include "cgi/tus.h"
#include "intake/match.h"
#include "intake/open.h"
#include "intake/transfer.h"

#define FILE_FIELDS \
	BP_INT(bp_import_file, id, BP_REQ, 1, 9e15, "file"), \
	BP_STR(bp_import_file, name, BP_REQ, 1, 1020, "its name"), \
	BP_INT(bp_import_file, bytes, BP_REQ, 0, 9e15, "its size"), \
	BP_STR(bp_import_file, entity, BP_NUL, 0, 16, "what it holds, null = not known"), \
	BP_STR(bp_import_file, encoding, BP_REQ, 1, 24, "how its text is written"), \
	BP_STR(bp_import_file, delimiter, BP_REQ, 1, 4, "what separates its columns"), \
	BP_INT(bp_import_file, header_row, BP_REQ, 0, 9e15, "line of the header, 0 = none"), \
	BP_INT(bp_import_file, rows, BP_REQ, 0, 9e15, "rows of data, estimated until it is staged"), \
	BP_STR(bp_import_file, status, BP_REQ, 1, 12, "UPLOADED, STAGING, STAGED or PUBLISHED"), \
	BP_JSON(bp_import_file, mapping, BP_REQ, "array of {source, target, transforms, default, reading, confidence, reason}"), \
	BP_OBJ(bp_import_file, counts, BP_REQ, &bp_import_counts_shape, "what becomes of its rows"), \
	BP_STR(bp_import_file, mode, BP_REQ, 1, 8, "UPSERT, MERGE or APPEND"), \
	BP_BOOL(bp_import_file, complete, BP_REQ, "it names every outlet of its territories"), \
	BP_LIST_STR(bp_import_file, match, BP_REQ, IM_MATCH_MOST, "columns that together say which outlet a row is about; of other kinds of files always the code"), \
	BP_STR(bp_import_file, sha256, BP_NUL, 64, 64, "checksum of the upload as it came; not where many sessions are listed"), \
	BP_OBJ(bp_import_file, same_as, BP_NUL, &import_twin, "an earlier upload of the same bytes; not where many sessions are listed"), \
	BP_TIME(bp_import_file, raw_gone_at, BP_NUL, "when the raw file was removed, since its time was over")
BP_SHAPE(import_twin, bp_import_twin,
	BP_INT(bp_import_twin, session, BP_REQ, 1, 9e15, "session it belongs to"),
	BP_STR(bp_import_twin, name, BP_REQ, 1, 1020, "its name"),
	BP_TIME(bp_import_twin, at, BP_REQ, "when it came"));
static const struct bp_field file_fields[] = {FILE_FIELDS};
const struct bp_shape bp_import_file_shape = {"import_file", sizeof(struct bp_import_file), file_fields,
	sizeof(file_fields) / sizeof(*file_fields), 0};

struct bp_import_file bp_import_file_of(struct bp_arena *a, const struct q_import_files *r)
{
	struct bp_import_counts *c = bp_alloc(a, sizeof(*c));

	*c = (struct bp_import_counts){r->n_read, r->n_inserted, r->n_updated, r->n_unchanged, r->n_rejected + r->n_refused, r->n_duplicate,
		r->n_warnings};
	return (struct bp_import_file){r->id, r->name, r->bytes, *r->entity ? r->entity : NULL, r->encoding, r->delimiter, r->header_row,
		strcmp(r->status, "UPLOADED") && strcmp(r->status, "STAGING") ? r->n_read : r->rows_guess, r->status, r->mapping, c, r->mode,
		r->complete, bp_list_split(a, r->match_by, ','), NULL, NULL, {0, false}};
}

enum bp_error bp_import_file_origin(struct bp_req *rq, struct bp_import_file *f)
{
	struct q_import_file_origin o;
	enum bp_error e = q_import_file_origin(rq->db, rq->arena, f->id, &o);

	if (e)
		return e;
	f->sha256 = o.sha256;
	f->raw_gone_at = o.raw_gone_at;
	if (o.twin_session.set) {
		f->same_as = bp_alloc(rq->arena, sizeof(*f->same_as));
		*f->same_as = (struct bp_import_twin){o.twin_session.v, o.twin_name, o.twin_at.v};
	}
	return BP_E_OK;
}

enum bp_error bp_import_file_read(struct bp_req *rq, uint64_t id)
{
	struct bp_import_file *out = bp_alloc(rq->arena, sizeof(*out));
	struct q_import_file_get r;
	struct q_import_files *all;
	size_t n = 0;
	enum bp_error e = q_import_file_get(rq->db, rq->arena, (int64_t)id, &r);

	if (!e)
		e = q_import_files(rq->db, rq->arena, r.session_id, &all, &n);
	for (size_t i = 0; !e && i < n; i++)
		if (all[i].id == (int64_t)id)
			*out = bp_import_file_of(rq->arena, &all[i]);
	rq->reply = out;
	return e ? e : bp_import_file_origin(rq, out);
}

/* --- upload --- */

struct upload_query {
	int64_t session;
	const char *name, *entity, *row;
};
BP_SHAPE(import_upload_query, upload_query,
	BP_INT(upload_query, session, BP_REQ, 1, 9e15, "session the file belongs to"),
	BP_STR(upload_query, name, BP_REQ, 1, 255, "name of the file"),
	BP_ENUM(upload_query, entity, BP_NUL, bp_import_entities, "what it holds, when it is known"),
	BP_STR(upload_query, row, BP_NUL, 1, 120, "of XML: the element that is one row; none = the shallowest that repeats"));

struct upload {
	struct bp_req *rq;
	const struct bp_import_taking *t;
	struct im_upload tables;
	struct bp_tus_body body;
	int64_t most;
	bool gone, too_large;
};

/* The first table of the upload, and what became of each: a workbook or a ZIP may hold several. */
struct upload_table {
	const char *name;
	struct bp_opt_int file;
	const char *problem;
};
BP_SHAPE(import_upload_table, upload_table,
	BP_STR(upload_table, name, BP_REQ, 1, 1020, "its name in the session"),
	BP_INT(upload_table, file, BP_NUL, 1, 9e15, "file of the session that it became"),
	BP_STR(upload_table, problem, BP_NUL, 1, 512, "why it was passed over"));
struct upload_reply {
	struct bp_import_file first;
	struct bp_list tables;
};
static const struct bp_field upload_fields[] = {FILE_FIELDS,
	BP_LIST(upload_reply, tables, BP_REQ, TB_TABLES_MOST, &import_upload_table, "every table of the upload")};
const struct bp_shape bp_import_upload_shape = {"import_upload", sizeof(struct upload_reply), upload_fields,
	sizeof(upload_fields) / sizeof(*upload_fields), 0};

static enum bp_error reply_tables(struct bp_req *rq, const struct im_part *part, size_t n)
{
	struct upload_reply *out = bp_alloc(rq->arena, sizeof(*out));
	struct upload_table *t = bp_alloc_array(rq->arena, n, sizeof(*t));
	uint64_t first = 0;
	enum bp_error e;

	for (size_t i = 0; i < n; i++) {
		t[i] = (struct upload_table){part[i].name, {(int64_t)part[i].file, !part[i].problem}, part[i].problem};
		if (!first && !part[i].problem)
			first = part[i].file;
	}
	e = bp_import_file_read(rq, first);
	if (!e)
		out->first = *(struct bp_import_file *)rq->reply;
	out->tables = (struct bp_list){t, n};
	rq->reply = out;
	return e;
}

static long read_body(void *ctx, void *buf, size_t n)
{
	struct upload *u = ctx;
	long k = bp_tus_read(&u->body, buf, n);

	u->gone = k < 0;
	u->too_large = u->body.bytes > u->most;
	return u->too_large ? -EFBIG : k;
}

static enum bp_error receive(struct upload *u)
{
	struct bp_req *rq = u->rq;
	enum bp_error e;

	u->too_large = rq->content_length > u->most;
	e = u->too_large ? BP_E_TOO_LARGE : im_receive(rq->app->upload_dir, u->t->name, u->t->row, read_body, u, rq->arena, &u->tables, &rq->fail);

	if (!u->gone && !u->too_large)
		return e;
	bp_fail_clear(&rq->fail);
	if (u->too_large)
		return bp_fail(&rq->fail, BP_E_TOO_LARGE, "a file may have %lld MB (upload_most_mb): pack it with gzip or part it",
			(long long)bp_setting(BP_SETTING_upload_most_mb));
	return bp_fail(&rq->fail, BP_E_ABORTED, "%" PRId64 " of %" PRId64 " bytes came", u->body.bytes, rq->content_length);
}

static enum bp_error add_tx(struct bp_db *db, void *ctx)
{
	struct upload *u = ctx;
	const struct bp_import_taking *t = u->t;
	struct bp_req *rq = u->rq;
	uint64_t used = 1;
	const char *tables;
	enum bp_error e = im_session_reopen(db, rq->arena, t->session, &rq->fail);

	if (!e)
		e = im_upload_keep(db, rq->arena, rq->app->upload_dir, t->session, &u->tables, t->entity ? im_entity_of(t->entity) : IM_ENTITY__MAX,
			&tables, &rq->fail);
	if (!e && t->ticket)
		e = q_ticket_use(db, (int64_t)t->ticket, &used);
	if (!e && !used)
		e = bp_fail(&rq->fail, BP_E_UPLOAD_GONE, "this address was used already: it takes one file, once");
	return e ? e : reply_tables(rq, u->tables.part, u->tables.n);
}

enum bp_error bp_import_take(struct bp_req *rq, const struct bp_import_taking *t)
{
	struct upload u = {.rq = rq, .t = t, .body = {rq, 0}, .most = bp_setting(BP_SETTING_upload_most_mb) << 20};
	struct q_import_session_get s;
	enum bp_error e = bp_once_known(rq); /* before its bytes are read */

	if (e || rq->once.again)
		return e;
	e = q_import_session_get(rq->db, rq->arena, (int64_t)t->session, &s);
	if (e)
		return e;
	if (strcmp(s.status, "UPLOADING") && strcmp(s.status, "READY") && strcmp(s.status, "FAILED"))
		return bp_fail(&rq->fail, BP_E_IMPORT_STATE, "the session is %s", s.status);
	e = receive(&u);
	if (e)
		return e;
	rq->audit.resource_type = "import";
	rq->audit.resource_id = t->session;
	bp_audit_change(&rq->audit, "file", "", t->name);
	e = bp_req_tx(rq, add_tx, &u);
	im_upload_release(&u.tables);
	return e;
}

static enum bp_error upload(struct bp_req *rq)
{
	struct upload_query *q = rq->query;
	struct bp_import_taking t = {(uint64_t)q->session, im_plain_name(rq->arena, q->name), q->entity, q->row, 0};

	return bp_import_take(rq, &t);
}

/* --- rows as JSON --- */

struct rows_query {
	const char *name, *entity;
};
BP_SHAPE(import_rows_query, rows_query,
	BP_STR(rows_query, name, BP_NUL, 1, 255, "what to call them among the files of the session"),
	BP_ENUM(rows_query, entity, BP_NUL, bp_import_entities, "what they are, when it is known"));

static enum bp_error rows(struct bp_req *rq)
{
	const struct rows_query *q = rq->query;
	struct bp_import_taking t = {rq->arg[0], im_plain_name(rq->arena, q->name ? q->name : "rows.json"), q->entity, NULL, 0};
	struct q_import_session_get s;
	enum bp_error e = q_import_session_get(rq->db, rq->arena, (int64_t)rq->arg[0], &s);

	if (!e && (!rq->content_type || strncasecmp(rq->content_type, "application/json", 16)))
		e = bp_fail(&rq->fail, BP_E_MEDIA_TYPE, "send application/json");
	return e ? e : bp_import_take(rq, &t);
}

/* --- preview and mapping --- */

struct column {
	int64_t index;
	const char *name;
	struct bp_list samples;
	double fill;
	const char *target;
	double confidence;
	const char *reason;
};
BP_SHAPE(import_preview_column, column,
	BP_INT(column, index, BP_REQ, 0, 100000, "column of the file, from 0"),
	BP_STR(column, name, BP_REQ, 0, 65536, "header text"),
	BP_LIST_STR(column, samples, BP_REQ, 5, "some values"),
	BP_NUM(column, fill, BP_REQ, 0, 1, "share of the sampled rows that have a value"),
	BP_STR(column, target, BP_NUL, 0, 24, "column of ours it is mapped to"),
	BP_NUM(column, confidence, BP_REQ, 0, 1, "how sure the mapping is"),
	BP_STR(column, reason, BP_NUL, 0, 400, "why"));
struct dates {
	const char *target;
	int64_t day_first, month_first, either;
	const char *reading;
	bool whole;
};
BP_SHAPE(import_dates, dates,
	BP_STR(dates, target, BP_REQ, 1, 24, "date column of ours"),
	BP_INT(dates, day_first, BP_REQ, 0, 9e15, "values that can only begin with the day"),
	BP_INT(dates, month_first, BP_REQ, 0, 9e15, "values that can only begin with the month"),
	BP_INT(dates, either, BP_REQ, 0, 9e15, "values that may be either"),
	BP_ENUM(dates, reading, BP_NUL, bp_import_readings, "FIRST = day first, SECOND = month first, null = nothing decides: each is told"),
	BP_BOOL(dates, whole, BP_REQ, "all rows said so, not only the first ones"));
struct asked {
	const char *target, *value, *readings;
};
BP_SHAPE(import_asked, asked,
	BP_STR(asked, target, BP_REQ, 1, 24, "column of ours"),
	BP_STR(asked, value, BP_REQ, 0, 800, "a value that has two readings"),
	BP_STR(asked, readings, BP_REQ, 0, 200, "both, the one that is taken first"));
struct preview {
	struct bp_list columns;
	const char *rows;
	const char *encoding, *delimiter;
	int64_t header_row;
	const char *entity;
	struct bp_list missing;
	const char *memory;
	struct bp_list dates, asks;
};
BP_SHAPE(import_preview, preview,
	BP_LIST(preview, columns, BP_REQ, 100000, &import_preview_column, "columns of the file"),
	BP_JSON(preview, rows, BP_REQ, "first 50 rows of data, arrays of text"),
	BP_STR(preview, encoding, BP_REQ, 1, 24, "how its text is written"),
	BP_STR(preview, delimiter, BP_REQ, 1, 4, "what separates its columns"),
	BP_INT(preview, header_row, BP_REQ, 0, 9e15, "line of the header, 0 = none"),
	BP_STR(preview, entity, BP_NUL, 0, 16, "what it holds"),
	BP_LIST_STR(preview, missing, BP_REQ, 64, "required columns of ours that nothing is mapped to"),
	BP_JSON(preview, memory, BP_NUL, "{name, used, new, missing}: the last file of this source, by which it is mapped, and the columns that changed since"),
	BP_LIST(preview, dates, BP_REQ, IM_COLUMNS_MOST, &import_dates, "in which order dates are written"),
	BP_LIST(preview, asks, BP_REQ, IM_COLUMNS_MOST, &import_asked, "columns whose values have two readings that nobody has chosen from"));

static enum bp_error open_raw(struct bp_req *rq, const struct q_import_file_get *r, int *fd)
{
	*fd = open(im_upload_path(rq->arena, rq->app->upload_dir, (uint64_t)r->session_id, (uint64_t)r->id), O_RDONLY | O_CLOEXEC);
	return *fd < 0 ? bp_fail(&rq->fail, BP_E_NOT_FOUND, "the raw file is kept no longer") : BP_E_OK;
}

static struct column column_of(struct bp_req *rq, const struct im_sniffed *sn, size_t i, json_t *map)
{
	struct column c = {.index = (int64_t)i, .name = sn->column[i]};
	const char **samples = bp_alloc_array(rq->arena, 5, sizeof(*samples));
	size_t filled = 0, k = 0, m;
	json_t *entry;

	for (size_t r = 0; r < sn->n_rows; r++) {
		filled += *sn->row[r][i] != 0;
		if (*sn->row[r][i] && k < 5)
			samples[k++] = sn->row[r][i];
	}
	c.samples = (struct bp_list){samples, k};
	c.fill = sn->n_rows ? (double)filled / (double)sn->n_rows : 0;
	json_array_foreach(map, m, entry) {
		if (json_integer_value(json_object_get(entry, "source")) != (json_int_t)i)
			continue;
		c.target = bp_strdup(rq->arena, json_string_value(json_object_get(entry, "target")));
		c.confidence = json_number_value(json_object_get(entry, "confidence"));
		c.reason = bp_strdup(rq->arena, json_string_value(json_object_get(entry, "reason")));
	}
	return c;
}

const char *bp_import_rows_json(struct bp_req *rq, const struct im_sniffed *sn)
{
	struct bp_buf b;
	const char *text;

	bp_buf_init(&b, 16 << 20);
	bp_buf_chr(&b, '[');
	for (size_t r = 0; r < sn->n_rows && r < 50; r++) {
		bp_buf_str(&b, r ? ",[" : "[");
		for (size_t i = 0; i < sn->n_columns; i++) {
			if (i)
				bp_buf_chr(&b, ',');
			bp_json_string(&b, sn->row[r][i]);
		}
		bp_buf_chr(&b, ']');
	}
	bp_buf_chr(&b, ']');
	text = b.over ? "[]" : bp_strdup(rq->arena, b.data);
	bp_buf_release(&b);
	return text;
}

/* What is remembered of the file's source, and what is not certain in its first rows. */
static enum bp_error uncertain(struct bp_req *rq, struct preview *p)
{
	struct dates *d = bp_alloc_array(rq->arena, IM_COLUMNS_MOST, sizeof(*d));
	struct asked *a = bp_alloc_array(rq->arena, IM_COLUMNS_MOST, sizeof(*a));
	struct im_checked *out = bp_alloc(rq->arena, sizeof(*out));
	bool asked[IM_COLUMNS_MOST] = {false};
	size_t n = 0, k = 0;
	struct im_opened o;
	enum bp_error e = im_open(rq->db, rq->app->upload_dir, rq->arg[0], rq->arena, rq->arena, &o, &rq->fail);

	p->memory = o.more.memory;
	for (size_t c = 0; !e && c < o.k.n_cols; c++) {
		const struct im_date_votes *v = &o.dates[c];

		if (v->day_first || v->month_first || v->either)
			d[n++] = (struct dates){o.k.col[c].name, (int64_t)v->day_first, (int64_t)v->month_first, (int64_t)v->either,
				o.k.reading[c] == IM_READ_ASK ? NULL : bp_import_readings[o.k.reading[c] - IM_READ_FIRST], o.whole};
	}
	for (size_t r = 0; !e && r < o.sn.n_rows; r++) {
		struct im_row row = im_sample_row(&o.sn, r, rq->arena);

		im_open_check(&o, &row, out);
		for (size_t i = 0; i < out->n_issues; i++) {
			const struct im_issue *is = &out->issue[i];

			if (is->rule != IM_R_AMBIGUOUS || is->column < 0 || asked[is->column])
				continue;
			asked[is->column] = true;
			a[k++] = (struct asked){o.k.col[is->column].name, is->value, is->suggestion};
		}
	}
	im_close(&o);
	p->dates = (struct bp_list){d, n};
	p->asks = (struct bp_list){a, k};
	return e;
}

static enum bp_error preview(struct bp_req *rq)
{
	struct preview *p = bp_alloc(rq->arena, sizeof(*p));
	struct q_import_file_get r;
	struct im_sniffed sn;
	struct im_wish wish;
	struct column *cols;
	enum im_entity entity;
	json_t *map;
	int fd = -1;
	enum bp_error e = q_import_file_get(rq->db, rq->arena, (int64_t)rq->arg[0], &r);

	if (!e)
		e = open_raw(rq, &r, &fd);
	if (e)
		return e;
	wish = im_wish_of(r.encoding, r.delimiter, r.header_row);
	e = im_sniff(fd, (uint64_t)r.bytes, &wish, rq->arena, &sn, &rq->fail);
	close(fd);
	if (e)
		return e;
	map = json_loads(r.mapping, 0, NULL);
	cols = bp_alloc_array(rq->arena, sn.n_columns, sizeof(*cols));
	for (size_t i = 0; i < sn.n_columns; i++)
		cols[i] = column_of(rq, &sn, i, map);
	*p = (struct preview){.columns = {cols, sn.n_columns}, .rows = bp_import_rows_json(rq, &sn), .encoding = r.encoding, .delimiter = r.delimiter,
		.header_row = r.header_row, .entity = *r.entity ? r.entity : NULL};
	entity = im_entity_of(r.entity);
	if (entity < IM_ENTITY__MAX) {
		struct im_feed feed[IM_COLUMNS_MOST];
		size_t n;
		const struct im_column *col = im_columns_of(entity, &n);
		const char **missing = bp_alloc_array(rq->arena, n, sizeof(*missing));
		uint32_t required = im_required(entity, r.match_by);

		e = im_feeds_of(map, entity, sn.n_columns, rq->arena, feed, &rq->fail);
		im_feeds_release(feed);
		for (size_t i = 0; i < n; i++)
			if ((required >> i & 1) && feed[i].source < 0 && !feed[i].fallback)
				missing[p->missing.n++] = col[i].name;
		p->missing.v = missing;
		if (!e)
			e = uncertain(rq, p);
	}
	json_decref(map);
	rq->reply = p;
	return e;
}

struct map_in {
	int64_t source;
	const char *target, *transform, *fallback;
	json_t *transforms;
	const char *reading;
};
static const struct bp_field map_fields[] = {
	BP_INT(map_in, source, BP_REQ, -1, 100000, "column of the file, from 0; -1 = only the default"),
	BP_STR(map_in, target, BP_NUL, 0, 24, "column of ours, null = leave it out"),
	BP_ENUM(map_in, transform, BP_NUL, bp_import_transforms, "short for transforms with this single step"),
	BP_JSON(map_in, transforms, BP_NUL, BP_TRANSFORMS_DOC),
	BP_ENUM(map_in, reading, BP_NUL, bp_import_readings, "of values with two readings, such as 03/04/2026 or F4; null = the column decides"),
	{"default", BP_TYPE_STR, 0, offsetof(struct map_in, fallback), BP_NUL, 0, 200, "value for empty cells", NULL, NULL},
};
static const struct bp_shape import_map_in = {"import_map_in", sizeof(struct map_in), map_fields, sizeof(map_fields) / sizeof(*map_fields), 0};
struct patch {
	uint64_t seen;
	const char *entity, *encoding, *delimiter;
	int64_t header_row;
	struct bp_list mapping;
	bool fresh;
};
enum { P_ENTITY, P_ENCODING, P_DELIMITER, P_HEADER, P_MAPPING, P_FRESH };
#define SEEN(p, f) ((p)->seen >> (f) & 1)
BP_PATCH(import_file_patch, patch,
	BP_ENUM(patch, entity, BP_DEF, bp_import_entities, "what the file holds"),
	BP_STR(patch, encoding, BP_DEF, 1, 23, "as iconv calls it"),
	BP_STR(patch, delimiter, BP_DEF, 1, 1, "one character"),
	BP_INT(patch, header_row, BP_DEF, 0, 1000, "line of the header, 0 = none"),
	BP_LIST(patch, mapping, 0, 1000, &import_map_in, "replaces the whole mapping"),
	BP_BOOL(patch, fresh, BP_DEF, "without a mapping: suggest one, whatever the last file of the source had"));

static enum bp_error change(struct bp_req *rq)
{
	struct patch *p = rq->body;
	const struct map_in *m = p->mapping.v;
	struct im_map_entry *map = bp_alloc_array(rq->arena, p->mapping.n, sizeof(*map));
	struct q_import_file_get r;
	struct im_wish wish;
	enum im_entity entity;
	enum bp_error e = q_import_file_get(rq->db, rq->arena, (int64_t)rq->arg[0], &r);

	if (!e)
		e = im_session_reopen(rq->db, rq->arena, (uint64_t)r.session_id, &rq->fail);
	if (e)
		return e;
	for (size_t i = 0; i < p->mapping.n; i++)
		map[i] = (struct im_map_entry){(int)m[i].source, m[i].target, m[i].fallback,
			bp_import_steps(m[i].transforms, m[i].transform), m[i].reading};
	entity = im_entity_of(SEEN(p, P_ENTITY) ? p->entity : r.entity);
	wish = im_wish_of(SEEN(p, P_ENCODING) ? p->encoding : r.encoding, SEEN(p, P_DELIMITER) ? p->delimiter : r.delimiter,
		SEEN(p, P_HEADER) ? p->header_row : r.header_row);
	e = im_file_change(rq->db, rq->arena, rq->app->upload_dir, rq->arg[0], entity, &wish, map, p->mapping.n, SEEN(p, P_MAPPING), p->fresh, &rq->fail);
	for (size_t i = 0; i < p->mapping.n; i++)
		json_decref(map[i].steps);
	rq->audit.resource_type = "import";
	rq->audit.resource_id = (uint64_t)r.session_id;
	bp_audit_change(&rq->audit, "entity", r.entity, entity < IM_ENTITY__MAX ? im_entities[entity].name : "");
	if (e == BP_E_FIELDS)
		return bp_req_field(rq, "/mapping", rq->fail.detail);
	return e ? e : bp_import_file_read(rq, rq->arg[0]);
}

static enum bp_error get(struct bp_req *rq)
{
	return bp_import_file_read(rq, rq->arg[0]);
}

static enum bp_error drop_tx(struct bp_db *db, void *ctx)
{
	struct bp_req *rq = ctx;
	enum bp_error e = im_session_reopen(db, rq->arena, rq->audit.resource_id, &rq->fail);

	return e ? e : q_import_file_delete(db, (int64_t)rq->arg[0], NULL);
}

/* What was staged goes before, in parts: a file that stays after all is staged again. */
static enum bp_error drop(struct bp_req *rq)
{
	struct q_import_file_get r;
	enum bp_error e = bp_once_known(rq); /* it is gone then */

	if (!e && !rq->once.again)
		e = q_import_file_get(rq->db, rq->arena, (int64_t)rq->arg[0], &r);
	if (e || rq->once.again)
		return e;
	rq->audit.resource_type = "import";
	rq->audit.resource_id = (uint64_t)r.session_id;
	bp_audit_change(&rq->audit, "file", r.name, "");
	e = im_session_reopen(rq->db, rq->arena, (uint64_t)r.session_id, &rq->fail);
	if (!e)
		e = im_file_clear(rq->db, rq->arena, (uint64_t)r.session_id, rq->arg[0]);
	if (!e)
		e = bp_req_tx(rq, drop_tx, rq);
	if (!e)
		im_file_unlink(rq->arena, rq->app->upload_dir, (uint64_t)r.session_id, rq->arg[0]);
	return e;
}

/* --- rejects --- */

static void put_cell(struct bp_buf *b, const char *s)
{
	bp_buf_chr(b, ',');
	bp_buf_csv(b, s);
}

struct rejects {
	struct bp_req *rq;
	struct bp_arena page;
	struct q_import_rejects *r;
	size_t n, at;
	int64_t after;
	bool over;
};

enum { REJECT_PAGE = 2000 };

/* The next rejected line, 0 = none left. */
static enum bp_error next_reject(struct rejects *j, uint64_t *line)
{
	enum bp_error e = BP_E_OK;

	if (j->at == j->n && !j->over) {
		bp_arena_clear(&j->page);
		e = q_import_rejects(j->rq->db, &j->page, (int64_t)j->rq->arg[0], j->after, REJECT_PAGE, &j->r, &j->n);
		j->at = 0;
		j->over = e || j->n < REJECT_PAGE;
		j->after = e || !j->n ? 0 : j->r[j->n - 1].row_no;
	}
	*line = e || j->at == j->n ? 0 : (uint64_t)j->r[j->at].row_no;
	return e;
}

static enum bp_error write_rejects(struct bp_req *rq, struct im_reader *rd, struct bp_buf *b)
{
	struct rejects j = {.rq = rq};
	struct im_row row;
	uint64_t line;
	bool end = false;
	enum bp_error e;

	bp_arena_init(&j.page, 64u << 20);
	e = next_reject(&j, &line);
	while (!e && line && !(e = im_reader_next(rd, &row, &end, &rq->fail)) && !end) {
		if (row.line != line)
			continue;
		bp_buf_clear(b);
		bp_buf_int(b, (long long)row.line);
		put_cell(b, j.r[j.at].error);
		for (size_t i = 0; i < row.n; i++)
			put_cell(b, row.field[i].s);
		bp_buf_str(b, "\r\n");
		j.at++;
		e = bp_req_write(rq, b->data, b->len) ? next_reject(&j, &line) : BP_E_ABORTED;
	}
	bp_arena_release(&j.page);
	return e;
}

static enum bp_error rejects(struct bp_req *rq)
{
	struct im_reader *rd = bp_alloc(rq->arena, sizeof(*rd));
	struct q_import_file_get f;
	struct im_sniffed sn;
	struct im_wish wish;
	struct bp_buf b;
	int fd = -1;
	enum bp_error e = q_import_file_get(rq->db, rq->arena, (int64_t)rq->arg[0], &f);

	if (!e)
		e = open_raw(rq, &f, &fd);
	if (e)
		return e;
	wish = im_wish_of(f.encoding, f.delimiter, f.header_row);
	e = im_sniff(fd, (uint64_t)f.bytes, &wish, rq->arena, &sn, &rq->fail);
	if (!e && lseek(fd, 0, SEEK_SET) < 0)
		e = BP_E_INTERNAL;
	if (!e)
		e = im_reader_init(rd, &sn.dialect, im_read_fd, &fd, &rq->fail);
	if (!e) {
		bp_buf_init(&b, 8 << 20);
		bp_req_begin(rq, "rejects.csv");
		bp_buf_str(&b, "_row,_error");
		for (size_t i = 0; i < sn.n_columns; i++)
			put_cell(&b, sn.column[i]);
		bp_buf_str(&b, "\r\n");
		bp_req_write(rq, b.data, b.len);
		e = write_rejects(rq, rd, &b);
		bp_buf_release(&b);
		im_reader_release(rd);
	}
	close(fd);
	return e;
}

#define WORLD BP_SCOPE_WORLD, BP_PERM_IMPORT_DATA
#define UPLOAD_FAILS {BP_E_NOT_FOUND, BP_E_IMPORT_STATE, BP_E_IMPORT_FORMAT, BP_E_ABORTED, BP_E_TOO_LARGE}
#define TAKES (BP_EP_NO_TX | BP_EP_STREAM_IN | BP_EP_UPLOAD | BP_EP_ROOM)
static const struct bp_endpoint ep[] = {
	{"PUT", "/import/uploads", "Upload a file into a session: the raw body, of any size", WORLD, TAKES, .query = &import_upload_query, .reply = &bp_import_upload_shape,
		.audit = BP_ACTION_IMPORT_UPLOAD, .fails = UPLOAD_FAILS, .handle = upload},
	{"POST", "/import/uploads", "The same as PUT", WORLD, TAKES, .query = &import_upload_query,
		.reply = &bp_import_upload_shape, .audit = BP_ACTION_IMPORT_UPLOAD, .fails = UPLOAD_FAILS, .handle = upload},
	{"POST", "/import/sessions/{id}/rows", "Add rows as a JSON array of objects", WORLD, TAKES, .query = &import_rows_query,
		.reply = &bp_import_upload_shape,
		.audit = BP_ACTION_IMPORT_UPLOAD, .fails = {BP_E_NOT_FOUND, BP_E_IMPORT_STATE, BP_E_IMPORT_FORMAT, BP_E_ABORTED, BP_E_TOO_LARGE,
			BP_E_MEDIA_TYPE}, .handle = rows},
	{"GET", "/import/files/{id}", "Read a file of a session", WORLD, 0, .reply = &bp_import_file_shape, .fails = {BP_E_NOT_FOUND}, .handle = get},
	{"GET", "/import/files/{id}/preview", "Show the columns and first rows of a file", WORLD, 0, .reply = &import_preview,
		.fails = {BP_E_NOT_FOUND, BP_E_IMPORT_FORMAT}, .handle = preview},
	{"PATCH", "/import/files/{id}", "Say what a file holds, how it is read and what maps to what", WORLD, 0, .body = &import_file_patch,
		.reply = &bp_import_file_shape, .audit = BP_ACTION_IMPORT_MAP, .fails = {BP_E_NOT_FOUND, BP_E_IMPORT_STATE, BP_E_IMPORT_FORMAT},
		.handle = change},
	{"DELETE", "/import/files/{id}", "Remove a file from a session", WORLD, BP_EP_NO_TX, .audit = BP_ACTION_IMPORT_MAP,
		.fails = {BP_E_NOT_FOUND, BP_E_IMPORT_STATE}, .handle = drop},
	{"GET", "/import/files/{id}/rejects", "Download the rows that were kept out, with the reasons", WORLD, BP_EP_STREAM_OUT,
		.media = "text/csv; charset=utf-8", .fails = {BP_E_NOT_FOUND, BP_E_IMPORT_FORMAT}, .handle = rejects},
};
BP_RESOURCE(uploads, ep);
