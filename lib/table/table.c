/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/table.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "table/ending.h"
#include "table/source.h"

enum { HEAD = 64, PART_MOST = 200 };

enum tb_form tb_form_of(const char *head, size_t n)
{
	size_t i = n >= 3 && !memcmp(head, "\xEF\xBB\xBF", 3) ? 3 : 0;

	if (n >= 2 && !memcmp(head, "\x1F\x8B", 2))
		return TB_GZIP;
	if (n >= 4 && (!memcmp(head, "PK\3\4", 4) || !memcmp(head, "PK\5\6", 4)))
		return TB_ZIP;
	while (i < n && strchr(" \t\r\n", head[i]) && head[i])
		i++;
	if (i < n && head[i] == '<')
		return TB_XML;
	if (i < n && (head[i] == '{' || head[i] == '[')) {
		for (i++; i < n && head[i] && strchr(" \t\r\n[{", head[i]);)
			i++;
		return i == n || head[i] == '"' || head[i] == '}' || head[i] == ']' ? TB_JSON : TB_TEXT;
	}
	return TB_TEXT;
}

struct job {
	int fd;
	const char *name, *row;
	const struct tb_sink *sink;
	struct bp_fail *f;
	size_t tables;
};

/* Copy a text as it is. */
static enum bp_error copy(struct job *j, struct tb_source *src, const char *head, size_t n, const char *part)
{
	char *buf = bp_xmalloc(1 << 16);
	long k = 0;
	enum bp_error e = j->sink->begin(j->sink->ctx, part, j->f);

	if (!e)
		e = j->sink->write(j->sink->ctx, head, n, j->f);
	while (!e && (k = tb_source_read(src, buf, 1 << 16)) > 0)
		e = j->sink->write(j->sink->ctx, buf, (size_t)k, j->f);
	free(buf);
	if (!e && k < 0)
		e = src->error;
	return e ? e : j->sink->end(j->sink->ctx, j->f);
}

/* What the bytes within call themselves: a packed file by its own name, what gzip holds by that of the file without its ending. */
static const char *called(const struct job *j, const struct tb_source *src, char inner[PART_MOST])
{
	size_t n = j->name ? strlen(j->name) : 0;

	if (*tb_source_name(src))
		return tb_source_name(src);
	if (n > 3 && n - 3 < PART_MOST && !strcasecmp(j->name + n - 3, ".gz")) {
		memcpy(inner, j->name, n - 3);
		inner[n - 3] = '\0';
		return inner;
	}
	return j->name ? j->name : "";
}

/* The member on which `src` stands, whatever its form. */
static enum bp_error member(struct job *j, struct tb_source *src, const char *part)
{
	char head[HEAD], inner[PART_MOST];
	size_t n = 0;
	long k = 0;
	enum bp_error e;

	while (n < HEAD && (k = tb_source_read(src, head + n, HEAD - n)) > 0)
		n += (size_t)k;
	if (k < 0)
		return src->error;
	if (++j->tables > TB_TABLES_MOST)
		return bp_fail(j->f, BP_E_IMPORT_FORMAT, "the archive holds more than %d tables", TB_TABLES_MOST);
	e = tb_ending_fits(called(j, src, inner), head, n, j->f);
	if (e)
		return e;
	switch (tb_form_of(head, n)) {
	case TB_XML: return tb_xml(j->fd, src->index, part, j->row, j->sink, j->f);
	case TB_JSON: return tb_json(j->fd, src->index, part, j->sink, j->f);
	case TB_GZIP: case TB_ZIP:
		return bp_fail(j->f, BP_E_IMPORT_FORMAT, "\"%.100s\" is packed once more: unpack it first", *part ? part : "what it holds");
	default: return copy(j, src, head, n, part);
	}
}

/* Files that an operating system or an office program puts beside the tables. */
static bool is_clutter(const char *path)
{
	const char *base = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;

	return !*base || *base == '.' || !strncmp(path, "__MACOSX/", 9) || !strcmp(base, "Thumbs.db");
}

/* Every file of a ZIP, unless it is a workbook; then *workbook. */
static enum bp_error archive(struct job *j, bool *workbook)
{
	struct tb_source src;
	size_t files = 0;
	bool end = false;
	enum bp_error e = tb_source_open(&src, j->fd, j->f);

	*workbook = false;
	while (!e && !*workbook && !(e = tb_source_next(&src, &end, j->f)) && !end) {
		*workbook = !strcmp(tb_source_name(&src), "xl/workbook.xml");
		files += !is_clutter(tb_source_name(&src));
	}
	tb_source_close(&src);
	if (e || *workbook)
		return e;
	if (!files)
		return bp_fail(j->f, BP_E_IMPORT_FORMAT, "the archive is empty");
	end = false;
	for (size_t index = 0; !e && !end; index = src.index + 1) {
		char part[PART_MOST];

		/* The readers of XML and JSON move in the same file: stand anew for each member. */
		e = tb_source_open(&src, j->fd, j->f);
		while (!e && !(e = tb_source_next(&src, &end, j->f)) && !end && (src.index < index || is_clutter(tb_source_name(&src))))
			;
		if (!e && !end) {
			snprintf(part, sizeof(part), "%s", files > 1 ? tb_source_name(&src) : "");
			e = member(j, &src, part);
		}
		tb_source_close(&src);
	}
	return e;
}

/* Counts what is handed on: a word that a workbook holds once may be told in a million cells. */
struct meter {
	const struct tb_sink *sink;
	uint64_t out, size;
};

static enum bp_error metered_begin(void *ctx, const char *part, struct bp_fail *f)
{
	const struct tb_sink *sink = ((struct meter *)ctx)->sink;

	return sink->begin(sink->ctx, part, f);
}

static enum bp_error metered_write(void *ctx, const void *p, size_t n, struct bp_fail *f)
{
	struct meter *m = ctx;
	enum bp_error e = tb_too_much(m->out += n, m->size, f);

	return e ? e : m->sink->write(m->sink->ctx, p, n, f);
}

static enum bp_error metered_end(void *ctx, struct bp_fail *f)
{
	const struct tb_sink *sink = ((struct meter *)ctx)->sink;

	return sink->end(sink->ctx, f);
}

enum bp_error tb_unwrap(int fd, const char *name, const char *row, const struct tb_sink *into, struct bp_fail *f)
{
	struct meter m = {.sink = into};
	const struct tb_sink metered = {metered_begin, metered_write, metered_end, &m}, *sink = &metered;
	struct job j = {.fd = fd, .name = name, .row = row, .sink = sink, .f = f};
	struct tb_source src;
	bool workbook = false, end = false;
	enum bp_error e = tb_source_open(&src, fd, f);

	m.size = src.packed;
	if (!e)
		e = tb_source_next(&src, &end, f);
	if (!e && !end && !*tb_source_name(&src))
		e = member(&j, &src, "");
	else if (!e && end)
		e = bp_fail(f, BP_E_IMPORT_FORMAT, "the file is empty");
	else if (!e)
		workbook = true; /* a ZIP, of whatever kind */
	tb_source_close(&src);
	if (workbook && !(e = archive(&j, &workbook)))
		e = tb_ending_fits_archive(name ? name : "", workbook, f);
	return !e && workbook ? tb_workbook(fd, sink, f) : e;
}
