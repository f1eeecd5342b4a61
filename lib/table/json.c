/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON: one object a line, an array of objects, or an object with one array of objects in it.  Nested fields are named "a.b". */
#include <ctype.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "table/rows.h"
#include "table/source.h"

enum { VALUE_MOST = 256 << 20, DEPTH_MOST = 6, PATH_MOST = 240 };

struct stream {
	struct tb_source src;
	struct tb_rows *rows;
	char buf[1 << 16];
	size_t n, at, taken; /* taken: bytes of the value in work */
	size_t line;
	bool begun; /* a value has come: '[' opens no table any more */
	struct bp_fail *f;
};

/* The next byte without taking it; -1 at the end or after an error. */
static int peek(struct stream *s)
{
	if (s->at == s->n) {
		long k = tb_source_read(&s->src, s->buf, sizeof(s->buf));

		s->at = 0;
		s->n = k > 0 ? (size_t)k : 0;
		if (k <= 0)
			return -1;
	}
	return (unsigned char)s->buf[s->at];
}

static int take(struct stream *s)
{
	int c = peek(s);

	s->at += c >= 0;
	s->line += c == '\n';
	return c;
}

/* For jansson, which would read on into the next value if it were given more than a byte at a time. */
static size_t one_byte(void *buf, size_t n, void *ctx)
{
	struct stream *s = ctx;
	int c = n && s->taken < VALUE_MOST ? take(s) : -1;

	if (c < 0)
		return n && s->taken >= VALUE_MOST ? (size_t)-1 : 0;
	s->taken++;
	*(char *)buf = (char)c;
	return 1;
}

static enum bp_error put_value(struct tb_rows *r, const char *path, json_t *v, int depth, struct bp_fail *f);

static enum bp_error put_object(struct tb_rows *r, const char *path, json_t *o, int depth, struct bp_fail *f)
{
	enum bp_error e = BP_E_OK;
	const char *key;
	json_t *v;

	json_object_foreach(o, key, v) {
		char name[PATH_MOST];

		snprintf(name, sizeof(name), "%s%s%s", path, *path ? "." : "", key);
		e = put_value(r, name, v, depth + 1, f);
		if (e)
			break;
	}
	return e;
}

static enum bp_error put_value(struct tb_rows *r, const char *path, json_t *v, int depth, struct bp_fail *f)
{
	enum bp_error e = BP_E_OK;
	char number[40], *text;
	json_t *item;
	size_t i;

	switch (json_typeof(v)) {
	case JSON_STRING: return tb_rows_cell(r, path, json_string_value(v), f);
	case JSON_TRUE: return tb_rows_cell(r, path, "true", f);
	case JSON_FALSE: return tb_rows_cell(r, path, "false", f);
	case JSON_NULL: return tb_rows_cell(r, path, "", f);
	case JSON_INTEGER:
		snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT, json_integer_value(v));
		return tb_rows_cell(r, path, number, f);
	case JSON_REAL:
		snprintf(number, sizeof(number), "%.15g", json_real_value(v));
		return tb_rows_cell(r, path, number, f);
	case JSON_OBJECT:
		if (depth < DEPTH_MOST)
			return put_object(r, path, v, depth, f);
		break;
	case JSON_ARRAY:
		json_array_foreach(v, i, item)
			if (!e && !json_is_object(item) && !json_is_array(item))
				e = put_value(r, path, item, depth + 1, f);
			else if (!e)
				goto whole;
		return e;
	}
whole:
	text = json_dumps(v, JSON_COMPACT);
	e = tb_rows_cell(r, path, text ? text : "", f);
	free(text);
	return e;
}

/* The one array of objects in an object that wraps the table; NULL when it is a row itself. */
static json_t *wrapped(json_t *o)
{
	json_t *v, *found = NULL;
	const char *key;

	json_object_foreach(o, key, v)
		if (json_is_array(v) && json_is_object(json_array_get(v, 0))) {
			if (found)
				return NULL;
			found = v;
		}
	return found;
}

static enum bp_error put_row(struct stream *s, json_t *v, const struct tb_sink *sink, bool only)
{
	json_t *inner = only ? wrapped(v) : NULL, *row;
	enum bp_error e = BP_E_OK;
	size_t i;

	if (!inner) {
		e = put_object(s->rows, "", v, 0, s->f);
		return e ? e : tb_rows_row(s->rows, sink, s->f);
	}
	json_array_foreach(inner, i, row) {
		if (!json_is_object(row))
			return bp_fail(s->f, BP_E_IMPORT_FORMAT, "row %zu is no object with fields", i + 1);
		e = put_object(s->rows, "", row, 0, s->f);
		if (!e)
			e = tb_rows_row(s->rows, sink, s->f);
		if (e)
			break;
	}
	return e;
}

/* Step over what stands between two values; the next byte, -1 = end. */
static int between(struct stream *s, bool *array)
{
	int c;

	while ((c = peek(s)) >= 0 && (isspace(c) || c == ',' || c == 0xEF || c == 0xBB || c == 0xBF || (c == '[' && !s->begun && !*array) ||
		(c == ']' && *array))) {
		*array |= c == '[';
		take(s);
	}
	return c;
}

static enum bp_error read_values(struct stream *s, const struct tb_sink *sink)
{
	bool array = false;
	enum bp_error e = BP_E_OK;

	s->line = 1;
	for (;;) {
		size_t line;
		json_error_t err;
		json_t *v;

		if (between(s, &array) < 0)
			break;
		line = s->line;
		s->begun = true;
		s->taken = 0;
		v = json_load_callback(one_byte, s, JSON_DISABLE_EOF_CHECK, &err);
		if (s->src.error) {
			json_decref(v);
			return s->src.error;
		}
		if (!json_is_object(v)) {
			bool broken = !v;

			json_decref(v);
			return broken ? bp_fail(s->f, BP_E_IMPORT_FORMAT, "line %zu: this is no JSON: %s", s->line, err.text)
				      : bp_fail(s->f, BP_E_IMPORT_FORMAT, "line %zu: a row must be an object with fields", line);
		}
		/* Alone in the file, it may hold the table. */
		e = put_row(s, v, sink, !array && !s->rows->rows && between(s, &array) < 0);
		json_decref(v);
		if (e)
			return e;
	}
	return s->src.error;
}

enum bp_error tb_json(int fd, size_t index, const char *part, const struct tb_sink *sink, struct bp_fail *f)
{
	struct stream *s = bp_xcalloc(1, sizeof(*s));
	struct tb_rows *r = bp_xmalloc(sizeof(*r));
	enum bp_error e = BP_E_OK;

	tb_rows_init(r);
	for (int pass = 0; pass < 2 && !e; pass++) {
		s->n = s->at = 0;
		s->begun = false;
		s->rows = r;
		s->f = f;
		e = tb_source_seek(&s->src, fd, index, f);
		if (!e)
			e = read_values(s, sink);
		tb_source_close(&s->src);
		if (!e && !r->rows)
			e = bp_fail(f, BP_E_IMPORT_FORMAT, "there is no row in it");
		if (!e)
			e = pass ? tb_rows_end(r, sink, f) : tb_rows_header(r, sink, part, f);
	}
	tb_rows_release(r);
	free(r);
	free(s);
	return e;
}
