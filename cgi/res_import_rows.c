/* SPDX-License-Identifier: GPL-3.0-or-later */
/* res_import_rows.c - single rows of an import's files: trying a mapping on them, correcting cells, sending rejects back. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cgi/once.h"
#include "cgi/res_imports.h"
#include "intake/edits.h"
#include "intake/transfer.h"

/* --- what a mapping makes of some values --- */

struct sample {
	const char *before, *after, *problem;
};
BP_SHAPE(import_sample, sample,
	BP_STR(sample, before, BP_REQ, 0, 65536, "as it stands in the file"),
	BP_STR(sample, after, BP_NUL, 0, 65536, "as it would be stored, null = left out"),
	BP_STR(sample, problem, BP_NUL, 0, 400, "what is wrong with it"));
struct tried {
	struct bp_list samples;
};
BP_SHAPE(import_tried, tried, BP_LIST(tried, samples, BP_REQ, 5, &import_sample, "different values of the first rows"));
struct try_body {
	int64_t source;
	const char *target, *fallback;
	json_t *transforms;
};
static const struct bp_field try_fields[] = {
	BP_INT(try_body, source, BP_REQ, -1, 100000, "column of the file, from 0; -1 = only the default"),
	BP_STR(try_body, target, BP_REQ, 1, 24, "column of ours"),
	BP_JSON(try_body, transforms, BP_NUL, BP_TRANSFORMS_DOC),
	{"default", BP_TYPE_STR, 0, offsetof(struct try_body, fallback), BP_NUL, 0, 200, "value for empty cells", NULL, NULL},
};
static const struct bp_shape import_try = {"import_try", sizeof(struct try_body), try_fields, sizeof(try_fields) / sizeof(*try_fields), 0};

/* What stands in a stored value for people to read. */
static const char *shown(struct bp_arena *a, const struct im_column *col, const char *v)
{
	if (v && (col->type == IM_T_LAT || col->type == IM_T_LON))
		return bp_sprintf(a, "%.6f", strtod(v, NULL) / 1e6);
	return v;
}

static bool seen_before(const struct sample *s, size_t n, const char *before)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(s[i].before, before))
			return true;
	return false;
}

/* The value that feeds the target in a row: its cell, and those that a step joins to it. */
static void try_row(struct bp_req *rq, struct im_opened *o, int c, size_t r, struct sample *s, size_t *n)
{
	struct im_row row = im_sample_row(&o->sn, r, rq->arena);
	int source = o->k.feed[c].source;
	const char *before = source >= 0 && (size_t)source < row.n ? row.field[source].s : "";
	struct im_checked *out = bp_alloc(rq->arena, sizeof(*out));

	if (seen_before(s, *n, before))
		return;
	im_open_check(o, &row, out);
	s[*n] = (struct sample){before, shown(rq->arena, &o->k.col[c], out->value[c]), NULL};
	for (size_t i = 0; i < out->n_issues && !s[*n].problem; i++)
		if (out->issue[i].column == c || (o->k.lat >= 0 && c == o->k.lon && out->issue[i].column == o->k.lat))
			s[*n].problem = im_rules[out->issue[i].rule].message;
	(*n)++;
}

static enum bp_error try(struct bp_req *rq)
{
	struct try_body *b = rq->body;
	struct tried *t = bp_alloc(rq->arena, sizeof(*t));
	struct sample *s = bp_alloc_array(rq->arena, 5, sizeof(*s));
	struct im_opened o;
	struct bp_fail why = {0};
	size_t n = 0;
	int c;
	enum bp_error e = im_open(rq->db, rq->app->upload_dir, rq->arg[0], rq->arena, rq->arena, &o, &rq->fail);

	c = e ? -1 : im_column_index(o.entity, b->target);
	if (!e && c < 0)
		e = bp_req_field(rq, "/target", "is no column of what the file holds");
	if (!e && (b->source >= (int64_t)o.sn.n_columns || (b->source < 0 && !b->fallback)))
		e = bp_req_field(rq, "/source", "is no column of the file");
	if (!e) {
		im_chain_release(o.feed[c].chain);
		o.feed[c].chain = NULL;
		if (im_chain_compile(b->transforms, o.sn.n_columns, rq->arena, &o.feed[c].chain, &why))
			e = bp_req_field(rq, "/transforms", bp_strdup(rq->arena, why.detail));
	}
	if (!e) {
		o.k.feed[c] = (struct im_feed){(int)b->source, o.feed[c].chain, b->fallback, o.feed[c].reading};
		for (size_t r = 0; r < o.sn.n_rows && n < 3; r++) /* values first: an empty cell says little */
			if (b->source < 0 || *o.sn.row[r][b->source])
				try_row(rq, &o, c, r, s, &n);
		for (size_t r = 0; r < o.sn.n_rows && n < 3; r++)
			try_row(rq, &o, c, r, s, &n);
	}
	im_close(&o);
	t->samples = (struct bp_list){s, n};
	rq->reply = t;
	return e;
}

/* --- profiles --- */

struct profile {
	int64_t index;
	const char *name, *target, *profile;
};
BP_SHAPE(import_profile, profile,
	BP_INT(profile, index, BP_REQ, 0, 100000, "column of the file, from 0"),
	BP_STR(profile, name, BP_REQ, 0, 65536, "header text"),
	BP_STR(profile, target, BP_NUL, 0, 24, "column of ours it is mapped to"),
	BP_JSON(profile, profile, BP_REQ, "{rows, filled, distinct, numbers, least, most, top: [{value, n}], patterns: [{pattern, n}]}; distinct is"
		" about 2 % off above some hundreds, a value that first came behind 256 others is not in top"));
struct profile_page {
	struct bp_list items;
	const char *next;
};
BP_SHAPE(import_profile_page, profile_page,
	BP_LIST(profile_page, items, BP_REQ, 1024, &import_profile, "columns of the file; none before it is checked"),
	BP_STR(profile_page, next, BP_NUL, 0, 20, "always null"));

static enum bp_error profiles(struct bp_req *rq)
{
	struct profile_page *p = bp_alloc(rq->arena, sizeof(*p));
	struct q_import_file_get f;
	struct q_import_profiles *r;
	struct profile *v;
	size_t n = 0, k;
	json_t *columns, *map, *m;
	enum bp_error e = q_import_file_get(rq->db, rq->arena, (int64_t)rq->arg[0], &f);

	if (!e)
		e = q_import_profiles(rq->db, rq->arena, (int64_t)rq->arg[0], &r, &n);
	if (e)
		return e;
	columns = json_loads(f.columns, 0, NULL);
	map = json_loads(f.mapping, 0, NULL);
	v = bp_alloc_array(rq->arena, n, sizeof(*v));
	for (size_t i = 0; i < n; i++) {
		const char *name = json_string_value(json_array_get(columns, (size_t)r[i].col_no));

		v[i] = (struct profile){r[i].col_no, bp_strdup(rq->arena, name ? name : ""), NULL, r[i].profile};
		json_array_foreach(map, k, m)
			if (json_integer_value(json_object_get(m, "source")) == r[i].col_no)
				v[i].target = bp_strdup(rq->arena, json_string_value(json_object_get(m, "target")));
	}
	json_decref(columns);
	json_decref(map);
	p->items = (struct bp_list){v, n};
	rq->reply = p;
	return BP_E_OK;
}

/* --- rows with a problem --- */

struct row_issue {
	const char *column, *rule, *severity, *suggestion, *message;
};
static const char *const severities[] = {"error", "warning", NULL};
BP_SHAPE(import_row_issue, row_issue,
	BP_STR(row_issue, column, BP_NUL, 0, 24, "target column, null = the whole row"),
	BP_STR(row_issue, rule, BP_REQ, 1, 20, "rule"),
	BP_ENUM(row_issue, severity, BP_REQ, severities, "an error keeps the row out, a warning does not"),
	BP_STR(row_issue, suggestion, BP_REQ, 0, 800, "what is probably meant"),
	BP_STR(row_issue, message, BP_REQ, 1, 200, "what is wrong"));
struct bad_row {
	int64_t row;
	struct bp_list cells, issues;
};
BP_SHAPE(import_bad_row, bad_row,
	BP_INT(bad_row, row, BP_REQ, 0, 9e15, "line of the file on which the row begins"),
	BP_LIST_STR(bad_row, cells, BP_REQ, IM_COLUMNS_MOST, "texts behind the mapping, with corrections, in the order of columns"),
	BP_LIST(bad_row, issues, BP_REQ, IM_ISSUES_MOST, &import_row_issue, "what is wrong with it"));
struct bad_rows {
	struct bp_list columns, items;
	const char *next;
};
BP_SHAPE(import_bad_rows, bad_rows,
	BP_LIST_STR(bad_rows, columns, BP_REQ, IM_COLUMNS_MOST, "target columns that the file feeds"),
	BP_LIST(bad_rows, items, BP_REQ, BP_PAGE_MOST, &import_bad_row, "rows in the order of the file"),
	BP_STR(bad_rows, next, BP_NUL, 0, 20, "cursor of the next page"));
struct bad_query {
	const char *severity, *rule, *column;
	struct bp_opt_int limit, after;
};
BP_SHAPE(import_bad_query, bad_query,
	BP_ENUM(bad_query, severity, BP_NUL, severities, "only rows with a problem of this severity"),
	BP_STR(bad_query, rule, BP_NUL, 1, 20, "only of this rule"),
	BP_STR(bad_query, column, BP_NUL, 1, 24, "only of this target column; - = of whole rows"),
	BP_INT(bad_query, limit, BP_NUL, 1, BP_PAGE_MOST, "rows a page"),
	BP_INT(bad_query, after, BP_NUL, 0, 9e15, "cursor"));

struct gathering {
	struct bp_req *rq;
	struct im_opened *o;
	int fed[IM_COLUMNS_MOST];
	size_t n_fed, n;
	struct bad_row *row;
	struct q_import_line_issues *issue;
	size_t n_issues;
};

static enum bp_error gather(void *ctx, const struct im_row *row)
{
	struct gathering *g = ctx;
	struct im_checked *out = bp_alloc(g->rq->arena, sizeof(*out));
	const char **cells = bp_alloc_array(g->rq->arena, g->n_fed, sizeof(*cells));
	struct row_issue *issues = bp_alloc_array(g->rq->arena, IM_ISSUES_MOST, sizeof(*issues));
	size_t n = 0;

	im_open_check(g->o, row, out); /* sets the corrections of the line */
	for (size_t i = 0; i < g->n_fed; i++) {
		enum im_step_fault fault;
		const char *why, *s = row->fault == IM_ROW_FINE ? im_cell(&g->o->k, row, g->fed[i], &fault, &why) : "";

		cells[i] = bp_strdup(g->rq->arena, s ? s : "");
	}
	for (size_t i = 0; i < g->n_issues && n < IM_ISSUES_MOST; i++)
		if ((uint64_t)g->issue[i].row_no == row->line)
			issues[n++] = (struct row_issue){*g->issue[i].col ? g->issue[i].col : NULL, g->issue[i].rule, g->issue[i].severity,
				g->issue[i].suggestion, bp_import_rule_message(g->issue[i].rule)};
	g->row[g->n++] = (struct bad_row){(int64_t)row->line, {cells, g->n_fed}, {issues, n}};
	return BP_E_OK;
}

static enum bp_error bad_rows(struct bp_req *rq)
{
	struct bad_query *q = rq->query;
	struct bad_rows *p = bp_alloc(rq->arena, sizeof(*p));
	struct gathering g = {.rq = rq};
	struct q_import_bad_lines *r;
	struct im_opened o;
	const char **names;
	int64_t *line;
	size_t n = 0;
	enum bp_error e = im_open(rq->db, rq->app->upload_dir, rq->arg[0], rq->arena, rq->arena, &o, &rq->fail);

	if (!e)
		e = q_import_bad_lines(rq->db, rq->arena, (int64_t)rq->arg[0], q->severity, q->rule,
			q->column && !strcmp(q->column, "-") ? "" : q->column, q->after.set ? q->after.v : 0, bp_page_limit(q->limit), &r, &n);
	if (!e && n)
		e = q_import_line_issues(rq->db, rq->arena, (int64_t)rq->arg[0], r[0].row_no, r[n - 1].row_no, &g.issue, &g.n_issues);
	if (e) {
		im_close(&o);
		return e;
	}
	g.o = &o;
	names = bp_alloc_array(rq->arena, o.k.n_cols, sizeof(*names));
	for (size_t c = 0; c < o.k.n_cols; c++)
		if (o.feed[c].source >= 0 || o.feed[c].fallback) {
			names[g.n_fed] = o.k.col[c].name;
			g.fed[g.n_fed++] = (int)c;
		}
	line = bp_alloc_array(rq->arena, n, sizeof(*line));
	g.row = bp_alloc_array(rq->arena, n, sizeof(*g.row));
	for (size_t i = 0; i < n; i++)
		line[i] = r[i].row_no;
	e = im_open_lines(&o, line, n, 20, gather, &g, &rq->fail);
	im_close(&o);
	*p = (struct bad_rows){{names, g.n_fed}, {g.row, g.n}, n ? bp_page_next(rq->arena, n, bp_page_limit(q->limit), r[n - 1].row_no) : NULL};
	rq->reply = p;
	return e;
}

/* --- correcting --- */

struct cell_body {
	int64_t row;
	const char *column, *value;
};
BP_SHAPE(import_cell, cell_body,
	BP_INT(cell_body, row, BP_REQ, 1, 9e15, "line of the file on which the row begins"),
	BP_STR(cell_body, column, BP_REQ, 1, 24, "target column"),
	BP_STR(cell_body, value, BP_NUL, 0, 1000, "what counts instead of the file's text; null = the file's text again"));
struct judged {
	bool rejected;
	struct bp_list issues;
};
BP_SHAPE(import_judged, judged,
	BP_BOOL(judged, rejected, BP_REQ, "the row is kept out by what stands in it"),
	BP_LIST(judged, issues, BP_REQ, IM_ISSUES_MOST, &import_row_issue, "what is wrong with it now; duplicates and references show when all rows are checked again"));

/* The file may be changed: its session goes back to before the check. */
static enum bp_error reopen(struct bp_req *rq, struct bp_db *db, struct q_import_file_get *f)
{
	enum bp_error e = q_import_file_get(db, rq->arena, (int64_t)rq->arg[0], f);

	rq->audit.resource_type = "import";
	rq->audit.resource_id = e ? 0 : (uint64_t)f->session_id;
	return e ? e : im_session_reopen(db, rq->arena, (uint64_t)f->session_id, &rq->fail);
}

static enum bp_error put_cell(struct bp_req *rq)
{
	struct cell_body *b = rq->body;
	struct im_checked *out = bp_alloc(rq->arena, sizeof(*out));
	struct judged *j = bp_alloc(rq->arena, sizeof(*j));
	struct row_issue *issues = bp_alloc_array(rq->arena, IM_ISSUES_MOST, sizeof(*issues));
	struct q_import_file_get f;
	const struct im_column *col;
	size_t n;
	enum bp_error e = reopen(rq, rq->db, &f);

	if (!e)
		e = im_edit_cell(rq->db, rq->arena, rq->app->upload_dir, rq->arg[0], (uint64_t)b->row, b->column, b->value, rq->user.id, out, &rq->fail);
	if (e == BP_E_FIELDS)
		return bp_req_field(rq, strstr(rq->fail.detail, "line") ? "/row" : "/column", bp_strdup(rq->arena, rq->fail.detail));
	if (e)
		return e;
	bp_audit_change(&rq->audit, bp_sprintf(rq->arena, "line %lld %s", (long long)b->row, b->column), "", b->value ? b->value : "");
	col = im_columns_of(im_entity_of(f.entity), &n);
	for (size_t i = 0; i < out->n_issues; i++) {
		const struct im_issue *is = &out->issue[i];

		issues[i] = (struct row_issue){is->column < 0 ? NULL : col[is->column].name, im_rules[is->rule].code,
			im_rules[is->rule].severity == IM_ERROR ? "error" : "warning", is->suggestion, im_rules[is->rule].message};
	}
	*j = (struct judged){out->rejected, {issues, out->n_issues}};
	rq->reply = j;
	return BP_E_OK;
}

struct merged {
	int64_t rows, cells, unknown;
};
BP_SHAPE(import_merged, merged,
	BP_INT(merged, rows, BP_REQ, 0, 9e15, "rows that came"),
	BP_INT(merged, cells, BP_REQ, 0, 9e15, "cells that differ from the file and count instead of it"),
	BP_INT(merged, unknown, BP_REQ, 0, 9e15, "rows that the file has not"));

struct merging {
	struct bp_req *rq;
	int fd;
	uint64_t bytes;
	struct im_merged out;
};

static enum bp_error merge_tx(struct bp_db *db, void *ctx)
{
	struct merging *m = ctx;
	struct bp_req *rq = m->rq;
	struct q_import_file_get f;
	struct merged *out;
	enum bp_error e = reopen(rq, db, &f);

	if (!e && lseek(m->fd, 0, SEEK_SET) < 0)
		e = bp_fail(&rq->fail, BP_E_INTERNAL, "cannot read the rows: %s", strerror(errno));
	if (!e)
		e = im_merge_rejects(db, rq->arena, rq->app->upload_dir, rq->arg[0], m->fd, m->bytes, rq->user.id, &m->out, &rq->fail);
	if (!e)
		bp_audit_change(&rq->audit, "cells", "", bp_sprintf(rq->arena, "%llu", (unsigned long long)m->out.cells));
	out = bp_alloc(rq->arena, sizeof(*out));
	*out = (struct merged){(int64_t)m->out.rows, (int64_t)m->out.cells, (int64_t)m->out.unknown};
	rq->reply = out;
	return e;
}

static enum bp_error receive(struct bp_req *rq, struct merging *m)
{
	char buf[1 << 16];
	long n;

	while ((n = bp_req_read(rq, buf, sizeof(buf))) > 0) {
		for (long at = 0, k; at < n; at += k)
			if ((k = (long)write(m->fd, buf + at, (size_t)(n - at))) < 0)
				return bp_fail(&rq->fail, bp_error_of_errno(errno), "cannot keep the rows: %s", strerror(errno));
		m->bytes += (uint64_t)n;
	}
	if (n < 0 || (rq->content_length >= 0 && (int64_t)m->bytes < rq->content_length))
		return bp_fail(&rq->fail, BP_E_ABORTED, "%llu of %lld bytes came", (unsigned long long)m->bytes, (long long)rq->content_length);
	return BP_E_OK;
}

static enum bp_error merge(struct bp_req *rq)
{
	struct merging m = {.rq = rq};
	char *path = bp_sprintf(rq->arena, "%s/mended-XXXXXX", rq->app->upload_dir);
	struct q_import_file_get f;
	enum bp_error e = q_import_file_get(rq->db, rq->arena, (int64_t)rq->arg[0], &f);

	if (!e)
		e = bp_once_known(rq); /* before its bytes are read */
	if (e || rq->once.again)
		return e;
	m.fd = mkostemp(path, O_CLOEXEC);
	if (m.fd < 0)
		return bp_fail(&rq->fail, bp_error_of_errno(errno), "cannot keep the rows: %s", strerror(errno));
	unlink(path); /* it lives as long as it is open */
	e = receive(rq, &m);
	if (!e)
		e = bp_req_tx(rq, merge_tx, &m);
	close(m.fd);
	return e;
}

#define WORLD BP_SCOPE_WORLD, BP_PERM_IMPORT_DATA
#define READ_FAILS {BP_E_NOT_FOUND, BP_E_IMPORT_SCHEMA}
static const struct bp_endpoint ep[] = {
	{"POST", "/import/files/{id}/try", "Show what a mapping would make of some values of a file; changes nothing", WORLD, BP_EP_NO_TX, .unkeyed = BP_UNKEYED_READS,
		.body = &import_try, .reply = &import_tried, .fails = READ_FAILS, .handle = try},
	{"GET", "/import/files/{id}/profiles", "Show what the columns of a checked file hold", WORLD, 0, .reply = &import_profile_page,
		.fails = {BP_E_NOT_FOUND}, .handle = profiles},
	{"GET", "/import/files/{id}/rows", "List the rows of a checked file that have a problem, with their cells", WORLD, 0,
		.query = &import_bad_query, .reply = &import_bad_rows, .fails = READ_FAILS, .handle = bad_rows},
	{"PUT", "/import/files/{id}/cells", "Correct a cell of a file; it counts at the next check", WORLD, 0, .body = &import_cell,
		.reply = &import_judged, .audit = BP_ACTION_IMPORT_EDIT,
		.fails = {BP_E_NOT_FOUND, BP_E_IMPORT_STATE, BP_E_IMPORT_SCHEMA}, .handle = put_cell},
	{"POST", "/import/files/{id}/corrections", "Take rejected rows back, mended: the download as CSV with its columns _row and _error", WORLD,
		BP_EP_NO_TX | BP_EP_STREAM_IN, .reply = &import_merged, .audit = BP_ACTION_IMPORT_EDIT,
		.fails = {BP_E_NOT_FOUND, BP_E_IMPORT_STATE, BP_E_IMPORT_FORMAT, BP_E_ABORTED, BP_E_DISK_FULL},
		.handle = merge},
};
BP_RESOURCE(import_rows, ep);
