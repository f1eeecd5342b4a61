/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Staging: a file is read, checked and loaded in batches.  A batch is one transaction: rows, issues,
 * new dictionary entries, counts and the mark of how far the file is.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/time.h"
#include "intake/intake.h"
#include "queries.h"

enum { BATCH_ROWS = 50000, BATCH_BYTES = 12 << 20, WARNINGS_KEPT = 1000, DOWN_TRIES = 30 };

enum dict_kind { PLACE, ACCOUNT, DT, STORE, PRODUCT, SELLER, DICT__MAX };
static const char *const dict_names[] = {"PLACE", "ACCOUNT", "DT", "STORE", "PRODUCT", "SELLER"};
static const char *const dict_words[] = {"territory", "account", "distributor", "outlet", "product", "distributor"};
static const size_t dict_most[] = {500000, 500000, 500000, 4000000, 4000000, 500000};

/* The columns with IM_F_DICT: which of them are numbered together, and in what column of the stage table the number goes.
 * The first `key_parts` tell one combination from another, the rest goes along with the first that is met. */
static const struct dict_use {
	enum im_entity entity;
	enum dict_kind kind;
	const char *cell, *col[5];
	size_t key_parts;
} dict_uses[] = {
	{IM_OUTLETS, PLACE, "place", {"country", "zone", "region", "area", "dt_code"}, 5},
	{IM_OUTLETS, ACCOUNT, "account", {"account"}, 1},
	{IM_OUTLETS, DT, "dt", {"dt_code", "dt_name"}, 1},
	{IM_DT_MAPPING, DT, "dt", {"dt_code"}, 1},
	{IM_INVOICES, STORE, "store", {"outlet_code", "tax_no", "phone", "outlet_name", "postcode"}, 5},
	{IM_INVOICES, PRODUCT, "product", {"sku", "product_name"}, 1},
	{IM_INVOICES, SELLER, "seller", {"dt_code"}, 1},
};
enum { DICT_USES = sizeof(dict_uses) / sizeof(dict_uses[0]) };

/* Texts -> numbers from 1, the numbers that stage_ref knows. */
struct dict {
	struct bp_arena mem;
	struct dict_entry {
		const char *key;
		uint32_t hash;
	} *slot;
	uint32_t *no;
	size_t n, slots;
};

struct stager {
	struct im_work *w;
	struct q_import_file_get file;
	enum im_entity entity;
	struct im_checker k;
	struct im_checked out;
	struct bp_arena rows_mem, keep;
	struct bp_buf rows, issues, refs;
	struct dict dict[DICT__MAX];
	int dict_col[DICT_USES][5], line; /* indexes of targets, -1 = none */
	uint64_t counted[IM_R__MAX][IM_COLUMNS_MOST + 1]; /* of the batch; index 0 = the whole row */
	uint64_t kept[IM_R__MAX][IM_COLUMNS_MOST + 1];    /* warnings written so far */
	uint64_t read, rejected, warnings, n_rows, last_row, from_row, total_read;
};

static uint32_t hash_of(const char *s)
{
	uint32_t h = 2166136261u;

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 16777619u;
	return h ^ h >> 15;
}

static void dict_init(struct dict *d)
{
	bp_arena_init(&d->mem, 256 << 20);
	d->n = 0;
	d->slots = 1024;
	d->slot = bp_xcalloc(d->slots, sizeof(*d->slot));
	d->no = bp_xcalloc(d->slots, sizeof(*d->no));
}

static void dict_release(struct dict *d)
{
	bp_arena_release(&d->mem);
	free(d->slot);
	free(d->no);
}

static size_t dict_slot(const struct dict *d, const char *key, uint32_t hash)
{
	size_t i = hash & (d->slots - 1);

	while (d->slot[i].key && (d->slot[i].hash != hash || strcmp(d->slot[i].key, key)))
		i = (i + 1) & (d->slots - 1);
	return i;
}

static void dict_put(struct dict *d, const char *key, uint32_t no)
{
	uint32_t hash = hash_of(key);
	size_t i;

	if (d->n * 2 >= d->slots) {
		struct dict old = *d;

		d->slots *= 2;
		d->slot = bp_xcalloc(d->slots, sizeof(*d->slot));
		d->no = bp_xcalloc(d->slots, sizeof(*d->no));
		for (i = 0; i < old.slots; i++)
			if (old.slot[i].key) {
				size_t j = dict_slot(d, old.slot[i].key, old.slot[i].hash);

				d->slot[j] = old.slot[i];
				d->no[j] = old.no[i];
			}
		free(old.slot);
		free(old.no);
	}
	i = dict_slot(d, key, hash);
	d->slot[i] = (struct dict_entry){bp_strdup(&d->mem, key), hash};
	d->no[i] = no;
	d->n++;
}

/* Append a cell of a LOAD DATA row: tab before it, NULL as \N. */
static void put_cell(struct bp_buf *b, const char *s, bool first)
{
	size_t n;

	if (!first)
		bp_buf_chr(b, '\t');
	if (!s) {
		bp_buf_add(b, "\\N", 2);
		return;
	}
	while (*(s += (n = strcspn(s, "\\\t\n\r"), bp_buf_add(b, s, n), n))) {
		char e[2] = {'\\', *s == '\\' ? '\\' : *s == '\t' ? 't' : *s == '\n' ? 'n' : 'r'};

		bp_buf_add(b, e, 2);
		s++;
	}
}

/* The number of a combination of texts; 0 when all are empty. New ones go into stage_ref with the batch. */
static uint32_t dict_no(struct stager *s, enum dict_kind kind, const char *const l[5], size_t key_parts)
{
	struct dict *d = &s->dict[kind];
	char key[1400], *p = key;
	bool any = false;
	size_t i;

	for (i = 0; i < key_parts; i++) {
		size_t n = l[i] ? strnlen(l[i], 260) : 0;

		memcpy(p, n ? l[i] : "", n);
		p += n;
		*p++ = '\x1F';
		any |= n > 0;
	}
	*p = '\0';
	if (!any)
		return 0;
	i = dict_slot(d, key, hash_of(key));
	if (d->slot[i].key)
		return d->no[i];
	dict_put(d, key, (uint32_t)d->n + 1);
	bp_buf_printf(&s->refs, "%s\t%zu", dict_names[kind], d->n);
	for (i = 0; i < 5; i++)
		put_cell(&s->refs, l[i] ? l[i] : "", false);
	bp_buf_chr(&s->refs, '\n');
	return (uint32_t)d->n;
}

static enum bp_error load_dict(struct stager *s)
{
	struct q_import_refs *r;
	struct bp_arena a;
	size_t n;
	enum bp_error e;

	bp_arena_init(&a, 512 << 20);
	e = q_import_refs(s->w->db, &a, (int64_t)s->w->session, &r, &n);
	for (size_t i = 0; !e && i < n; i++) {
		const char *l[5] = {r[i].l1, r[i].l2, r[i].l3, r[i].l4, r[i].l5};
		enum dict_kind kind = PLACE;
		char key[1400], *p = key;
		size_t use = 0;

		while (kind < SELLER && strcmp(r[i].kind, dict_names[kind]))
			kind++;
		while (dict_uses[use].kind != kind)
			use++;
		for (size_t q = 0; q < dict_uses[use].key_parts; q++)
			p += snprintf(p, 270, "%.260s\x1F", l[q]);
		dict_put(&s->dict[kind], key, (uint32_t)r[i].no);
	}
	bp_arena_release(&a);
	return e;
}

static const char *value_at(const struct stager *s, int c)
{
	return c >= 0 ? s->out.value[c] : NULL;
}

static void put_no(struct bp_buf *b, uint32_t no)
{
	bp_buf_chr(b, '\t');
	if (no)
		bp_buf_int(b, no);
	else
		bp_buf_add(b, "\\N", 2);
}

/* One sound row: the plain columns in registry order, then the numbers of its shared texts. */
static void put_row(struct stager *s, uint64_t line)
{
	const char *l[5];

	bp_buf_int(&s->rows, (long long)line);
	for (size_t c = 0; c < s->k.n_cols; c++) {
		const char *v = s->out.value[c];

		if (s->k.col[c].flags & IM_F_DICT)
			continue;
		if ((int)c == s->line && (!v || !*v))
			v = "ALL";
		put_cell(&s->rows, v, false);
	}
	for (size_t u = 0; u < DICT_USES; u++) {
		if (dict_uses[u].entity != s->entity)
			continue;
		for (int i = 0; i < 5; i++)
			l[i] = value_at(s, s->dict_col[u][i]);
		if (dict_uses[u].kind == PRODUCT && (!l[0] || !*l[0]))
			l[0] = l[1]; /* a product without a code goes by its name */
		put_no(&s->rows, dict_no(s, dict_uses[u].kind, l, dict_uses[u].key_parts));
	}
	bp_buf_chr(&s->rows, '\n');
	s->n_rows++;
}

static void put_issues(struct stager *s, uint64_t line)
{
	for (size_t i = 0; i < s->out.n_issues; i++) {
		const struct im_issue *is = &s->out.issue[i];
		const struct im_rule_info *r = &im_rules[is->rule];

		s->counted[is->rule][is->column + 1]++;
		s->warnings += r->severity == IM_WARNING;
		if (r->severity == IM_WARNING && ++s->kept[is->rule][is->column + 1] > WARNINGS_KEPT)
			continue;
		bp_buf_int(&s->issues, (long long)line);
		put_cell(&s->issues, is->column < 0 ? "" : s->k.col[is->column].name, false);
		put_cell(&s->issues, r->code, false);
		put_cell(&s->issues, r->severity == IM_ERROR ? "error" : "warning", false);
		put_cell(&s->issues, is->value, false);
		put_cell(&s->issues, is->suggestion, false);
		bp_buf_chr(&s->issues, '\n');
	}
}

static int read_buf(void *ctx, char *buf, unsigned size)
{
	struct im_mem *m = ctx;

	return (int)im_read_mem(m, buf, size);
}

static enum bp_error load(struct stager *s, const struct bp_buf *b, const char *sql)
{
	struct im_mem m = {b->data, b->len};

	return b->len ? bp_db_load(s->w->db, sql, read_buf, &m, NULL) : BP_E_OK;
}

/* The columns of the stage table in the order in which put_row() writes them. */
static void row_columns(const struct stager *s, char *out, size_t size)
{
	size_t n = (size_t)snprintf(out, size, "(row_no");

	for (size_t c = 0; c < s->k.n_cols; c++)
		if (!(s->k.col[c].flags & IM_F_DICT))
			n += (size_t)snprintf(out + n, size - n, ", %s", s->k.col[c].name);
	for (size_t u = 0; u < DICT_USES; u++)
		if (dict_uses[u].entity == s->entity)
			n += (size_t)snprintf(out + n, size - n, ", %s", dict_uses[u].cell);
	snprintf(out + n, size - n, ")");
}

/* The batch as a transaction; may run several times. */
static enum bp_error batch_tx(struct bp_db *db, void *ctx)
{
	struct stager *s = ctx;
	unsigned long long session = s->w->session, file = (unsigned long long)s->file.id;
	char sql[900], columns[600];
	uint64_t moved;
	enum bp_error e = q_import_file_batch(db, s->file.id, (int64_t)s->from_row, (int64_t)s->last_row, (int64_t)s->read,
		(int64_t)s->rejected, (int64_t)s->warnings, &moved);

	if (e)
		return e;
	if (!moved) { /* it is in already: the answer to its commit was lost */
		struct q_import_file_get now;

		e = q_import_file_get(db, s->w->arena, s->file.id, &now);
		return e || (uint64_t)now.staged_row == s->last_row ? e : BP_E_CONFLICT;
	}
	row_columns(s, columns, sizeof(columns));
	snprintf(sql, sizeof(sql), "LOAD DATA LOCAL INFILE 'rows' INTO TABLE stage_%s CHARACTER SET utf8mb4 %s SET session_id = %llu, file_id = %llu",
		im_entities[s->entity].name, columns, session, file);
	e = load(s, &s->rows, sql);
	if (e)
		return e;
	snprintf(sql, sizeof(sql), "LOAD DATA LOCAL INFILE 'issues' INTO TABLE import_issue CHARACTER SET utf8mb4"
		" (row_no, col, rule, severity, value, suggestion) SET session_id = %llu, file_id = %llu", session, file);
	e = load(s, &s->issues, sql);
	if (e)
		return e;
	snprintf(sql, sizeof(sql), "LOAD DATA LOCAL INFILE 'refs' INTO TABLE stage_ref CHARACTER SET utf8mb4"
		" (kind, no, l1, l2, l3, l4, l5) SET session_id = %llu", session);
	e = load(s, &s->refs, sql);
	for (int r = 0; !e && r < IM_R__MAX; r++)
		for (size_t c = 0; !e && c <= s->k.n_cols; c++)
			if (s->counted[r][c])
				e = q_import_issue_count(db, s->file.id, im_rules[r].code, c ? s->k.col[c - 1].name : "",
					(int64_t)session, im_rules[r].severity == IM_ERROR ? "error" : "warning",
					(int64_t)s->counted[r][c], NULL);
	return e;
}

/* Commit the batch; a database that is away is waited for, since the batch is still in our hands. */
static enum bp_error flush(struct stager *s)
{
	enum bp_error e;

	if (s->last_row == s->from_row)
		return BP_E_OK;
	if (s->rows.over || s->issues.over || s->refs.over)
		return bp_fail(s->w->fail, BP_E_INTERNAL, "a batch grew beyond its buffer");
	for (int tries = 0; (e = bp_db_tx(s->w->db, batch_tx, s)) == BP_E_DB_DOWN && tries < DOWN_TRIES; tries++) {
		struct timespec second = {1, 0};

		nanosleep(&second, NULL);
	}
	if (e)
		return bp_fail(s->w->fail, e, "staging stopped behind line %" PRIu64 " of %s", s->from_row, s->file.name);
	bp_buf_clear(&s->rows);
	bp_buf_clear(&s->issues);
	bp_buf_clear(&s->refs);
	bp_arena_clear(&s->rows_mem);
	memset(s->counted, 0, sizeof(s->counted));
	s->from_row = s->last_row;
	s->read = s->rejected = s->warnings = s->n_rows = 0;
	return BP_E_OK;
}

static enum bp_error stage_rows(struct stager *s, struct im_reader *r, double from, double to)
{
	int64_t told = bp_monotonic_us();
	struct im_row row;
	enum bp_error e = BP_E_OK;
	bool end = false;

	while (!e) {
		e = im_reader_next(r, &row, &end, s->w->fail);
		if (e || end)
			break;
		if (row.line <= (uint64_t)s->file.header_row || row.line <= s->from_row)
			continue;
		im_check_row(&s->k, &row, &s->out);
		s->read++;
		s->total_read++;
		s->last_row = row.line;
		put_issues(s, row.line);
		if (s->out.rejected)
			s->rejected++;
		else
			put_row(s, row.line);
		for (int i = 0; i < DICT__MAX; i++)
			if (s->dict[i].n > dict_most[i])
				return bp_fail(s->w->fail, BP_E_IMPORT_SCHEMA, "the %s column of %s has more than %zu different values: map another one",
					dict_words[i], s->file.name, dict_most[i]);
		if (s->read >= BATCH_ROWS || s->rows.len + s->issues.len > BATCH_BYTES)
			e = flush(s);
		if (!e && s->total_read % 1024 == 0 && bp_monotonic_us() - told > 500000) {
			told = bp_monotonic_us();
			e = im_tell(s->w, "staging", from + (to - from) * (double)r->bytes / (double)(s->file.bytes ? s->file.bytes : 1),
				(uint64_t)s->file.n_read + s->total_read, (uint64_t)s->file.rows_guess);
		}
	}
	return e ? e : flush(s);
}

/* Every required target must be fed. */
static enum bp_error check_mapping(struct stager *s, const struct im_feed *feed, const struct im_column *col, size_t n_cols)
{
	for (size_t c = 0; c < n_cols; c++)
		if ((col[c].flags & IM_F_REQUIRED) && feed[c].source < 0 && !feed[c].fallback)
			return bp_fail(s->w->fail, BP_E_IMPORT_SCHEMA, "%s: no column is mapped to \"%s\"", s->file.name, col[c].name);
	return BP_E_OK;
}

/* What the company calls its tiers goes before what everybody does. */
static enum bp_error add_tier_words(struct stager *s)
{
	struct q_tiers *t;
	size_t n = 0;
	enum bp_error e = q_tiers(s->w->db, &s->keep, &t, &n);

	for (size_t i = 0; !e && i < n; i++)
		for (const char *p = t[i].words; *p;) {
			size_t k = strcspn(p, "|;,");

			im_lexicon_add(s->k.lexicon, IM_T_TIER, t[i].rank, p, k);
			p += k + (p[k] != 0);
		}
	return e;
}

static enum bp_error open_file(struct stager *s, int *fd, struct im_sniffed *sn)
{
	char *path = im_upload_path(&s->keep, s->w->upload_dir, s->w->session, (uint64_t)s->file.id);
	struct im_feed feed[IM_COLUMNS_MOST];
	struct im_wish wish = im_wish_of(s->file.encoding, s->file.delimiter, s->file.header_row);
	json_t *map = json_loads(s->file.mapping, 0, NULL);
	enum bp_error e = BP_E_OK;
	size_t n_cols;
	const struct im_column *col = im_columns_of(s->entity, &n_cols);

	im_feeds_of(map, s->entity, feed);
	*fd = open(path, O_RDONLY | O_CLOEXEC);
	if (*fd < 0)
		e = bp_fail(s->w->fail, BP_E_IMPORT_FAILED, "the raw file of %s is gone: %s", s->file.name, strerror(errno));
	if (!e)
		e = check_mapping(s, feed, col, n_cols);
	if (!e)
		e = im_sniff(*fd, (uint64_t)s->file.bytes, &wish, &s->keep, sn, s->w->fail);
	if (!e && lseek(*fd, 0, SEEK_SET) < 0)
		e = bp_fail(s->w->fail, BP_E_INTERNAL, "cannot read %s: %s", s->file.name, strerror(errno));
	if (!e) {
		struct q_import_known_place at;

		im_checker_init(&s->k, s->entity, feed, sn, &s->keep, &s->rows_mem);
		s->k.empty_says_nothing = !strcmp(s->file.mode, "MERGE");
		e = add_tier_words(s);
		if (!q_import_known_place(s->w->db, &s->keep, &at) && at.n)
			im_checker_known_place(&s->k, at.lat, at.lon);
		for (size_t i = 0; i < n_cols; i++) /* a feed with a fallback keeps its text */
			if (feed[i].fallback)
				s->k.feed[i].fallback = bp_strdup(&s->keep, feed[i].fallback);
	}
	json_decref(map);
	return e;
}

static void find_targets(struct stager *s)
{
	for (size_t u = 0; u < DICT_USES; u++)
		for (int i = 0; i < 5; i++)
			s->dict_col[u][i] = dict_uses[u].entity == s->entity && dict_uses[u].col[i] ? im_column_index(s->entity, dict_uses[u].col[i]) : -1;
	s->line = im_column_index(s->entity, "line");
}

enum bp_error im_stage_file(struct im_work *w, uint64_t file, double from, double to)
{
	struct stager *s = bp_xcalloc(1, sizeof(*s));
	struct im_reader *r = bp_xcalloc(1, sizeof(*r));
	struct im_sniffed sn;
	int fd = -1;
	enum bp_error e;

	s->w = w;
	bp_arena_init(&s->rows_mem, 512 << 20);
	bp_arena_init(&s->keep, 64 << 20);
	bp_buf_init(&s->rows, BATCH_BYTES * 2);
	bp_buf_init(&s->issues, BATCH_BYTES * 4);
	bp_buf_init(&s->refs, BATCH_BYTES * 4);
	for (int i = 0; i < DICT__MAX; i++)
		dict_init(&s->dict[i]);
	e = q_import_file_get(w->db, &s->keep, (int64_t)file, &s->file);
	if (!e) {
		s->entity = im_entity_of(s->file.entity);
		if (s->entity == IM_ENTITY__MAX)
			e = bp_fail(w->fail, BP_E_IMPORT_SCHEMA, "%s: say what the file holds", s->file.name);
	}
	if (!e)
		e = open_file(s, &fd, &sn);
	if (!e) {
		find_targets(s);
		s->from_row = s->last_row = (uint64_t)s->file.staged_row;
		e = load_dict(s);
	}
	if (!e)
		e = im_reader_init(r, &sn.dialect, im_read_fd, &fd, w->fail);
	if (!e)
		e = stage_rows(s, r, from, to);
	if (!e)
		e = q_import_file_staged(w->db, (int64_t)file, NULL);
	im_reader_release(r);
	if (fd >= 0)
		close(fd);
	for (int i = 0; i < DICT__MAX; i++)
		dict_release(&s->dict[i]);
	bp_buf_release(&s->rows);
	bp_buf_release(&s->issues);
	bp_buf_release(&s->refs);
	bp_arena_release(&s->rows_mem);
	bp_arena_release(&s->keep);
	free(s);
	free(r);
	return e;
}

enum bp_error im_unstage_file(struct im_work *w, uint64_t file)
{
	struct q_import_file_get f;
	enum bp_error e = q_import_file_get(w->db, w->arena, (int64_t)file, &f);
	uint64_t gone = 1;
	char sql[200];

	/* In parts, so that no transaction grows with the file; the mark goes back last. The entity may have changed: look everywhere. */
	for (int k = 0; !e && k < IM_ENTITY__MAX; k++) {
		snprintf(sql, sizeof(sql), "DELETE FROM stage_%s WHERE session_id = %llu AND file_id = %llu LIMIT 50000", im_entities[k].name,
			(unsigned long long)w->session, (unsigned long long)file);
		for (gone = 1; !e && gone;) {
			e = bp_db_bulk(w->db, sql, &gone);
			if (!e)
				e = im_tell(w, "clearing", 0, 0, 0);
		}
	}
	snprintf(sql, sizeof(sql), "DELETE FROM import_issue WHERE file_id = %llu LIMIT 50000", (unsigned long long)file);
	for (gone = 1; !e && gone;)
		e = bp_db_bulk(w->db, sql, &gone);
	snprintf(sql, sizeof(sql), "DELETE FROM import_issue_group WHERE file_id = %llu", (unsigned long long)file);
	if (!e)
		e = bp_db_bulk(w->db, sql, NULL);
	return e ? e : q_import_file_reset(w->db, (int64_t)file, NULL);
}
