/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/open.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/time.h"
#include "intake/match.h"

static enum bp_error load_fixes(struct bp_db *db, struct bp_arena *keep, struct im_opened *o)
{
	struct q_import_fixes_of *r;
	struct im_fix *fix;
	size_t n = 0, k = 0;
	enum bp_error e = q_import_fixes_of(db, keep, o->more.source, o->file.session_id, IM_FIXES_MOST, &r, &n);

	fix = bp_alloc_array(keep, n + 1, sizeof(*fix)); /* one more: a preview tries one */
	for (size_t i = 0; !e && i < n; i++) {
		struct im_fix f = {.id = r[i].id, .rule = im_rule_of(r[i].rule), .kind = im_fix_kind_of(r[i].kind), .from = r[i].from_value,
			.to = r[i].to_value, .column = *r[i].col ? im_column_index(o->entity, r[i].col) : -1};

		if (f.rule < IM_R__MAX && f.kind < IM_FIX__MAX && (f.column >= 0 || !*r[i].col))
			fix[k++] = f;
	}
	im_fixes_index(&o->fixes, fix, k, keep);
	o->k.fixes = &o->fixes;
	return e;
}

static enum bp_error load_edits(struct bp_db *db, struct bp_arena *keep, struct im_opened *o)
{
	struct q_import_edits *r;
	size_t n = 0;
	enum bp_error e = q_import_edits(db, keep, o->file.id, IM_EDITS_MOST, &r, &n);

	o->edit = bp_alloc_array(keep, n, sizeof(*o->edit));
	for (size_t i = 0; !e && i < n; i++) {
		int c = im_column_index(o->entity, r[i].col);

		if (c >= 0)
			o->edit[o->n_edits++] = (struct im_edit){(uint64_t)r[i].row_no, c, r[i].value};
	}
	return e;
}

/* What the company calls its tiers goes before what everybody does. */
static enum bp_error add_tier_words(struct bp_db *db, struct bp_arena *keep, struct im_checker *k)
{
	struct q_tiers *t;
	size_t n = 0;
	enum bp_error e = q_tiers(db, keep, &t, &n);

	for (size_t i = 0; !e && i < n; i++)
		for (const char *p = t[i].words; *p;) {
			size_t len = strcspn(p, "|;,");

			im_lexicon_add(k->lexicon, IM_T_TIER, t[i].rank, p, len);
			p += len + (p[len] != 0);
		}
	return e;
}

static enum bp_error load_severities(struct bp_db *db, struct bp_arena *keep, struct im_checker *k)
{
	struct q_import_severities *r;
	size_t n = 0;
	enum bp_error e = q_import_severities(db, keep, &r, &n);

	for (size_t i = 0; !e && i < n; i++) {
		enum im_rule rule = im_rule_of(r[i].rule);

		if (rule < IM_R__MAX && im_rule_advice[rule].open)
			k->severity[rule] = strcmp(r[i].severity, "error") ? IM_WARNING : IM_ERROR;
	}
	return e;
}

/* How dates are read: as all rows said when they were looked through, else as the sample says. */
static void read_dates(struct im_opened *o, struct bp_arena *keep)
{
	struct im_date_votes *v = o->dates;
	json_t *told = o->more.dates ? json_loads(o->more.dates, 0, NULL) : NULL;

	for (size_t r = 0; !told && r < o->sn.n_rows; r++) {
		struct im_row row = im_sample_row(&o->sn, r, keep);

		im_vote_row(&o->k, &row, v);
	}
	for (size_t c = 0; c < o->k.n_cols; c++) {
		json_t *t = json_object_get(told, o->k.col[c].name);

		if (t)
			v[c] = (struct im_date_votes){(uint64_t)json_integer_value(json_object_get(t, "dayFirst")),
				(uint64_t)json_integer_value(json_object_get(t, "monthFirst")), (uint64_t)json_integer_value(json_object_get(t, "either"))};
		o->k.reading[c] = o->feed[c].reading != IM_READ_ASK ? o->feed[c].reading : im_date_reading(&v[c]);
	}
	o->whole = told;
	json_decref(told);
}

enum bp_error im_open(struct bp_db *db, const char *upload_dir, uint64_t file, struct bp_arena *keep, struct bp_arena *rows,
	struct im_opened *o, struct bp_fail *f)
{
	struct q_import_known_place at;
	struct im_wish wish;
	json_t *map = NULL;
	enum bp_error e;

	memset(o, 0, sizeof(*o));
	o->fd = -1;
	e = q_import_file_get(db, keep, (int64_t)file, &o->file);
	if (!e)
		e = q_import_file_more(db, keep, (int64_t)file, &o->more);
	if (e)
		return e;
	o->entity = im_entity_of(o->file.entity);
	if (o->entity == IM_ENTITY__MAX)
		return bp_fail(f, BP_E_IMPORT_SCHEMA, "%s: say what the file holds", o->file.name);
	o->fd = open(im_upload_path(keep, upload_dir, (uint64_t)o->file.session_id, file), O_RDONLY | O_CLOEXEC);
	if (o->fd < 0)
		return bp_fail(f, errno == ENOENT ? BP_E_NOT_FOUND : bp_error_of_errno(errno), "the raw file of %s is gone: %s", o->file.name, strerror(errno));
	wish = im_wish_of(o->file.encoding, o->file.delimiter, o->file.header_row);
	e = im_sniff(o->fd, (uint64_t)o->file.bytes, &wish, keep, &o->sn, f);
	if (!e) {
		map = json_loads(o->file.mapping, 0, NULL);
		e = im_feeds_of(map, o->entity, o->sn.n_columns, keep, o->feed, f);
		json_decref(map);
	}
	if (e)
		return e;
	im_checker_init(&o->k, o->entity, o->feed, &o->sn, keep, rows);
	o->k.required = im_required(o->entity, o->file.match_by);
	o->k.empty_says_nothing = !strcmp(o->file.mode, "MERGE");
	if (!q_import_known_place(db, keep, &at) && at.n)
		im_checker_known_place(&o->k, at.lat, at.lon);
	read_dates(o, keep);
	e = add_tier_words(db, keep, &o->k);
	if (!e)
		e = load_fixes(db, keep, o);
	if (!e)
		e = load_edits(db, keep, o);
	return e ? e : load_severities(db, keep, &o->k);
}

void im_close(struct im_opened *o)
{
	if (o->fd >= 0)
		close(o->fd);
	o->fd = -1;
	im_feeds_release(o->feed);
}

void im_open_rewind(struct im_opened *o)
{
	o->at_edit = 0;
}

void im_open_check(struct im_opened *o, const struct im_row *row, struct im_checked *out)
{
	while (o->at_edit < o->n_edits && o->edit[o->at_edit].line < row->line)
		o->at_edit++;
	o->k.edit = o->edit + o->at_edit;
	o->k.n_edits = 0;
	while (o->at_edit + o->k.n_edits < o->n_edits && o->k.edit[o->k.n_edits].line == row->line)
		o->k.n_edits++;
	im_check_row(&o->k, row, out);
}

enum bp_error im_open_lines(struct im_opened *o, const int64_t *line, size_t n, double seconds,
	enum bp_error (*fn)(void *ctx, const struct im_row *row), void *ctx, struct bp_fail *f)
{
	struct im_reader *r = bp_xcalloc(1, sizeof(*r));
	int64_t end_at = bp_monotonic_us() + (int64_t)(seconds * 1e6);
	struct im_row row;
	bool end = false;
	size_t at = 0;
	enum bp_error e = BP_E_OK;

	im_open_rewind(o);
	if (lseek(o->fd, 0, SEEK_SET) < 0)
		e = bp_fail(f, BP_E_INTERNAL, "cannot read %s: %s", o->file.name, strerror(errno));
	if (!e)
		e = im_reader_init(r, &o->sn.dialect, im_read_fd, &o->fd, f);
	for (uint64_t count = 0; !e && at < n; count++) {
		e = im_reader_next(r, &row, &end, f);
		if (e || end || (count % 1024 == 0 && bp_monotonic_us() > end_at))
			break;
		while (at < n && (uint64_t)line[at] < row.line)
			at++;
		if (at < n && (uint64_t)line[at] == row.line) {
			e = fn(ctx, &row);
			at++;
		}
	}
	im_reader_release(r);
	free(r);
	return e;
}
