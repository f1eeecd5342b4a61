/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/edits.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"

struct one {
	struct im_opened *o;
	struct im_checked *out;
	bool found;
};

static enum bp_error check_one(void *ctx, const struct im_row *row)
{
	struct one *one = ctx;

	one->found = true;
	im_open_check(one->o, row, one->out);
	return BP_E_OK;
}

/* Is a column of the file behind the target, or one of its own? */
static bool fed(const struct im_opened *o, int c)
{
	return c >= 0 && (o->feed[c].source >= 0 || o->feed[c].fallback);
}

enum bp_error im_edit_cell(struct bp_db *db, struct bp_arena *a, const char *upload_dir, uint64_t file, uint64_t line, const char *target,
	const char *value, uint64_t user, struct im_checked *out, struct bp_fail *f)
{
	struct im_opened o;
	struct one one = {&o, out, false};
	struct q_import_edit_count count;
	int64_t at = (int64_t)line;
	enum bp_error e = im_open(db, upload_dir, file, a, a, &o, f);

	if (!e && !fed(&o, im_column_index(o.entity, target)))
		e = bp_fail(f, BP_E_FIELDS, "no column of the file is mapped to \"%s\"", target);
	if (!e)
		e = q_import_edit_count(db, a, (int64_t)file, &count);
	if (!e && count.n >= IM_EDITS_MOST)
		e = bp_fail(f, BP_E_TOO_LARGE, "%d cells are corrected already: mend the file itself and upload it again", IM_EDITS_MOST);
	if (!e)
		e = value ? q_import_edit_put(db, (int64_t)file, at, target, value, (int64_t)user, NULL) : q_import_edit_drop(db, (int64_t)file, at, target, NULL);
	im_close(&o);
	if (e)
		return e;
	e = im_open(db, upload_dir, file, a, a, &o, f); /* now with the correction */
	if (!e)
		e = im_open_lines(&o, &at, 1, 30, check_one, &one, f);
	im_close(&o);
	if (!e && !one.found)
		e = bp_fail(f, BP_E_FIELDS, "the file has no row that begins on line %llu", (unsigned long long)line);
	return e ? e : q_import_file_dirty(db, (int64_t)file, NULL);
}

/* --- rejects that come back --- */

bool im_is_rejects(const struct im_sniffed *sn)
{
	return sn->n_columns > 2 && !strcmp(sn->column[0], "_row") && !strcmp(sn->column[1], "_error");
}

struct merging {
	struct bp_db *db;
	struct im_opened o;
	struct bp_arena rows;
	struct im_reader *in;
	struct im_row row; /* the mended row in hand */
	uint64_t line;     /* of the file, that it mends; 0 = none left */
	uint64_t user, header;
	struct im_merged *out;
	struct bp_fail *f;
};

static enum bp_error next_mended(struct merging *m)
{
	bool end = false;
	enum bp_error e;

	m->line = 0;
	do {
		e = im_reader_next(m->in, &m->row, &end, m->f);
	} while (!e && !end && (m->row.line <= m->header || m->row.fault != IM_ROW_FINE || m->row.n < 3));
	if (e || end)
		return e;
	m->out->rows++;
	m->line = strtoull(m->row.field[0].s, NULL, 10);
	return BP_E_OK;
}

/* The mended cells that differ from the file's become corrections, behind the chain as all of them. */
static enum bp_error take(struct merging *m, const struct im_row *old)
{
	struct im_row now = {.line = old->line, .n = m->row.n - 2, .field = m->row.field + 2};
	enum bp_error e = BP_E_OK;

	m->o.k.n_edits = 0;
	for (size_t c = 0; !e && c < m->o.k.n_cols; c++) {
		enum im_step_fault fault;
		const char *why, *a, *b;

		if (m->o.feed[c].source < 0)
			continue;
		a = im_cell(&m->o.k, old, (int)c, &fault, &why);
		b = im_cell(&m->o.k, &now, (int)c, &fault, &why);
		if (!strcmp(a ? a : "", b ? b : ""))
			continue;
		m->out->cells++;
		if (m->out->cells > IM_EDITS_MOST)
			return bp_fail(m->f, BP_E_TOO_LARGE, "more than %d cells differ: upload the whole file again instead", IM_EDITS_MOST);
		e = q_import_edit_put(m->db, m->o.file.id, (int64_t)old->line, m->o.k.col[c].name, b ? b : "", (int64_t)m->user, NULL);
	}
	return e;
}

static enum bp_error merge(struct merging *m)
{
	struct im_reader *r = bp_xcalloc(1, sizeof(*r));
	struct im_row old;
	bool end = false;
	enum bp_error e;

	if (lseek(m->o.fd, 0, SEEK_SET) < 0)
		e = bp_fail(m->f, BP_E_INTERNAL, "cannot read %s: %s", m->o.file.name, strerror(errno));
	else
		e = im_reader_init(r, &m->o.sn.dialect, im_read_fd, &m->o.fd, m->f);
	if (!e)
		e = next_mended(m);
	while (!e && m->line && !(e = im_reader_next(r, &old, &end, m->f)) && !end) {
		while (!e && m->line && m->line < old.line) { /* sorted otherwise, or never in the file */
			m->out->unknown++;
			e = next_mended(m);
		}
		if (e || m->line != old.line)
			continue;
		e = take(m, &old);
		bp_arena_clear(&m->rows);
		if (!e)
			e = next_mended(m);
	}
	for (; !e && m->line; e = next_mended(m))
		m->out->unknown++;
	im_reader_release(r);
	free(r);
	return e;
}

enum bp_error im_merge_rejects(struct bp_db *db, struct bp_arena *a, const char *upload_dir, uint64_t file, int fd, uint64_t bytes, uint64_t user,
	struct im_merged *out, struct bp_fail *f)
{
	struct merging *m = bp_alloc(a, sizeof(*m));
	struct im_sniffed sn;
	enum bp_error e = im_sniff(fd, bytes, NULL, a, &sn, f);

	memset(out, 0, sizeof(*out));
	if (e)
		return e;
	if (!im_is_rejects(&sn))
		return bp_fail(f, BP_E_IMPORT_FORMAT, "these are no rejected rows: the first two columns must be _row and _error, as in the download");
	*m = (struct merging){.db = db, .user = user, .header = sn.header_line, .out = out, .f = f, .in = bp_xcalloc(1, sizeof(*m->in))};
	bp_arena_init(&m->rows, 64u << 20);
	e = im_open(db, upload_dir, file, a, &m->rows, &m->o, f);
	for (size_t i = 0; !e && i + 2 < sn.n_columns; i++)
		if (i >= m->o.sn.n_columns || strcmp(sn.column[i + 2], m->o.sn.column[i]))
			e = bp_fail(f, BP_E_IMPORT_FORMAT, "these rows are not of %s: their column \"%.100s\" is not where that file has it", m->o.file.name,
				sn.column[i + 2]);
	if (!e && lseek(fd, 0, SEEK_SET) < 0)
		e = bp_fail(f, BP_E_INTERNAL, "cannot read the rows: %s", strerror(errno));
	if (!e)
		e = im_reader_init(m->in, &sn.dialect, im_read_fd, &fd, f);
	if (!e)
		e = merge(m);
	im_reader_release(m->in);
	free(m->in);
	im_close(&m->o);
	bp_arena_release(&m->rows);
	return e || !out->cells ? e : q_import_file_dirty(db, (int64_t)file, NULL);
}
