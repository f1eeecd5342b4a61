/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Staging: a file is read, checked and loaded in batches.  A batch is one transaction: rows, issues,
 * new dictionary entries, counts and the mark of how far the file is.  While the server takes one, the next is read.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/time.h"
#include "intake/dict.h"
#include "intake/open.h"
#include "intake/profile.h"
#include "intake/source.h"

enum { BATCH_ROWS = 50000, BATCH_BYTES = 12 << 20, WARNINGS_KEPT = 1000, DOWN_TRIES = 30,
	VALUES_MOST = 4096, VALUES_OF_CAUSE = 200 };

enum dict_kind { PLACE, ACCOUNT, DT, STORE, PRODUCT, SELLER, MEMBER, DICT__MAX };
static const char *const dict_names[] = {"PLACE", "ACCOUNT", "DT", "STORE", "PRODUCT", "SELLER", "MEMBER"};
static const char *const dict_words[] = {"territory", "account", "distributor", "outlet", "product", "distributor", "territory"};
static const size_t dict_most[] = {500000, 500000, 500000, 4000000, 4000000, 500000, 500000};

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
	{IM_MEMBERSHIPS, MEMBER, "place", {"model", "level_1", "level_2", "level_3", "level_4"}, 5},
};
enum { DICT_USES = sizeof(dict_uses) / sizeof(dict_uses[0]) };

/* What a fix mended, and how often a text stands behind a cause (rule, column and text, as the dictionary of values joins them). */
struct used_fix {
	int64_t id;
	uint64_t n;
};
struct seen_value {
	const char *key, *say;
	uint64_t n;
};
struct batch {
	struct bp_arena mem;
	struct bp_buf rows, issues, refs;
	uint64_t counted[IM_R__MAX][IM_COLUMNS_MOST + 1]; /* index 0 = the whole row */
	uint64_t read, rejected, warnings, from_row, last_row;
	struct used_fix *fix; /* this and what follows: once it is complete */
	struct seen_value *value;
	size_t n_fixes, n_values;
};

struct stager {
	struct im_work *w;
	struct im_opened o;
	struct q_import_file_get file;
	enum im_entity entity;
	struct im_checked out;
	struct im_profile *profile;
	struct im_dict values; /* texts behind causes, by rule and column */
	uint64_t value_n[VALUES_MOST]; /* of the batch that is read, by their number */
	const char *value_say[VALUES_MOST];
	size_t different[IM_R__MAX][IM_COLUMNS_MOST + 1];
	struct bp_arena rows_mem, keep;
	struct batch batch[2], *now, *full; /* one is read, the other written */
	pthread_t writer;
	bool writing;
	enum bp_error wrote;
	struct im_dict dict[DICT__MAX];
	int dict_col[DICT_USES][5], line; /* indexes of targets, -1 = none */
	uint64_t kept[IM_R__MAX][IM_COLUMNS_MOST + 1]; /* warnings written so far */
	uint64_t total_read, total_rejected;
	struct im_limits limits;
};

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
	struct im_dict *d = &s->dict[kind];
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
	i = im_dict_slot(d, key);
	if (d->slot[i].key)
		return d->no[i];
	im_dict_put(d, key, (uint32_t)d->n + 1);
	bp_buf_printf(&s->now->refs, "%s\t%zu", dict_names[kind], d->n);
	for (i = 0; i < 5; i++)
		put_cell(&s->now->refs, l[i] ? l[i] : "", false);
	bp_buf_chr(&s->now->refs, '\n');
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

		while (kind < MEMBER && strcmp(r[i].kind, dict_names[kind]))
			kind++;
		while (dict_uses[use].kind != kind)
			use++;
		for (size_t q = 0; q < dict_uses[use].key_parts; q++)
			p += snprintf(p, 270, "%.260s\x1F", l[q]);
		im_dict_put(&s->dict[kind], key, (uint32_t)r[i].no);
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

	bp_buf_int(&s->now->rows, (long long)line);
	for (size_t c = 0; c < s->o.k.n_cols; c++) {
		const char *v = s->out.value[c];

		if (s->o.k.col[c].flags & IM_F_DICT)
			continue;
		if ((int)c == s->line && (!v || !*v))
			v = "ALL";
		if (!v && (s->o.k.col[c].flags & IM_F_REQUIRED))
			v = ""; /* it is found by another key */
		put_cell(&s->now->rows, v, false);
	}
	for (size_t u = 0; u < DICT_USES; u++) {
		if (dict_uses[u].entity != s->entity)
			continue;
		for (int i = 0; i < 5; i++)
			l[i] = value_at(s, s->dict_col[u][i]);
		if (dict_uses[u].kind == PRODUCT && (!l[0] || !*l[0]))
			l[0] = l[1]; /* a product without a code goes by its name */
		put_no(&s->now->rows, dict_no(s, dict_uses[u].kind, l, dict_uses[u].key_parts));
	}
	bp_buf_chr(&s->now->rows, '\n');
}

/* Count the text behind an issue where single words can be mended. */
static void count_value(struct stager *s, const struct im_issue *is)
{
	char key[300];
	size_t i, n;

	if (is->column < 0 || !*is->value || !im_fix_suits(IM_FIX_VALUE, im_rules[is->rule].code))
		return;
	n = (size_t)snprintf(key, sizeof(key), "%s\x1F%s\x1F", im_rules[is->rule].code, s->o.k.col[is->column].name);
	snprintf(key + n, sizeof(key) - n, "%s", is->value);
	i = im_dict_slot(&s->values, key);
	if (s->values.slot[i].key) {
		s->value_n[s->values.no[i]]++;
		return;
	}
	if (s->values.n == VALUES_MOST || s->different[is->rule][is->column + 1] == VALUES_OF_CAUSE)
		return;
	s->different[is->rule][is->column + 1]++;
	s->value_say[s->values.n] = bp_strdup(&s->values.mem, is->suggestion);
	s->value_n[s->values.n] = 1;
	im_dict_put(&s->values, key, (uint32_t)s->values.n);
}

static void put_issues(struct stager *s, uint64_t line)
{
	for (size_t i = 0; i < s->out.n_issues; i++) {
		const struct im_issue *is = &s->out.issue[i];
		const struct im_rule_info *r = &im_rules[is->rule];

		bool error = s->o.k.severity[is->rule] == IM_ERROR;

		s->now->counted[is->rule][is->column + 1]++;
		s->now->warnings += !error;
		count_value(s, is);
		if (!error && ++s->kept[is->rule][is->column + 1] > WARNINGS_KEPT)
			continue;
		bp_buf_int(&s->now->issues, (long long)line);
		put_cell(&s->now->issues, is->column < 0 ? "" : s->o.k.col[is->column].name, false);
		put_cell(&s->now->issues, r->code, false);
		put_cell(&s->now->issues, error ? "error" : "warning", false);
		put_cell(&s->now->issues, is->value, false);
		put_cell(&s->now->issues, is->suggestion, false);
		bp_buf_chr(&s->now->issues, '\n');
	}
}

static int read_buf(void *ctx, char *buf, unsigned size)
{
	struct im_mem *m = ctx;

	return (int)im_read_mem(m, buf, size);
}

static enum bp_error load(struct bp_db *db, const struct bp_buf *b, const char *sql)
{
	struct im_mem m = {b->data, b->len};

	return b->len ? bp_db_load(db, sql, read_buf, &m, NULL) : BP_E_OK;
}

/* The columns of the stage table in the order in which put_row() writes them. */
static void row_columns(const struct stager *s, char *out, size_t size)
{
	size_t n = (size_t)snprintf(out, size, "(row_no");

	for (size_t c = 0; c < s->o.k.n_cols; c++)
		if (!(s->o.k.col[c].flags & IM_F_DICT))
			n += (size_t)snprintf(out + n, size - n, ", %s", s->o.k.col[c].name);
	for (size_t u = 0; u < DICT_USES; u++)
		if (dict_uses[u].entity == s->entity)
			n += (size_t)snprintf(out + n, size - n, ", %s", dict_uses[u].cell);
	snprintf(out + n, size - n, ")");
}

/* --- the writing of a batch: by another thread, which touches nothing of the stager but the connection --- */

/* What fixes mended and what texts stand behind the causes. */
static enum bp_error count_mended(struct bp_db *db, struct batch *b, uint64_t session, int64_t file)
{
	enum bp_error e = BP_E_OK;

	for (size_t i = 0; !e && i < b->n_fixes; i++)
		e = q_import_fix_used(db, file, b->fix[i].id, (int64_t)b->fix[i].n, NULL);
	for (size_t i = 0; !e && i < b->n_values; i++) {
		const char *key = b->value[i].key, *col = strchr(key, '\x1F') + 1, *value = strchr(col, '\x1F') + 1;

		e = q_import_issue_value_count(db, file, bp_strndup(&b->mem, key, (size_t)(col - key - 1)), bp_strndup(&b->mem, col, (size_t)(value - col - 1)),
			value, (int64_t)session, b->value[i].say, (int64_t)b->value[i].n, NULL);
	}
	return e;
}

/* The batch as a transaction; may run several times. */
static enum bp_error batch_tx(struct bp_db *db, void *ctx)
{
	struct stager *s = ctx;
	struct batch *b = s->full;
	unsigned long long session = s->w->session, file = (unsigned long long)s->file.id;
	char sql[900], columns[600];
	uint64_t moved;
	enum bp_error e = q_import_file_batch(db, s->file.id, (int64_t)b->from_row, (int64_t)b->last_row, (int64_t)b->read,
		(int64_t)b->rejected, (int64_t)b->warnings, &moved);

	if (e)
		return e;
	if (!moved) { /* it is in already: the answer to its commit was lost */
		struct q_import_file_get now;

		e = q_import_file_get(db, &b->mem, s->file.id, &now);
		return e || (uint64_t)now.staged_row == b->last_row ? e : BP_E_CONFLICT;
	}
	row_columns(s, columns, sizeof(columns));
	snprintf(sql, sizeof(sql), "LOAD DATA LOCAL INFILE 'rows' INTO TABLE stage_%s CHARACTER SET utf8mb4 %s SET session_id = %llu, file_id = %llu",
		im_entities[s->entity].name, columns, session, file);
	e = load(db, &b->rows, sql);
	if (e)
		return e;
	snprintf(sql, sizeof(sql), "LOAD DATA LOCAL INFILE 'issues' INTO TABLE import_issue CHARACTER SET utf8mb4"
		" (row_no, col, rule, severity, value, suggestion) SET session_id = %llu, file_id = %llu", session, file);
	e = load(db, &b->issues, sql);
	if (e)
		return e;
	snprintf(sql, sizeof(sql), "LOAD DATA LOCAL INFILE 'refs' INTO TABLE stage_ref CHARACTER SET utf8mb4"
		" (kind, no, l1, l2, l3, l4, l5) SET session_id = %llu", session);
	e = load(db, &b->refs, sql);
	for (int r = 0; !e && r < IM_R__MAX; r++)
		for (size_t c = 0; !e && c <= s->o.k.n_cols; c++)
			if (b->counted[r][c])
				e = q_import_issue_count(db, s->file.id, im_rules[r].code, c ? s->o.k.col[c - 1].name : "",
					(int64_t)session, s->o.k.severity[r] == IM_ERROR ? "error" : "warning", (int64_t)b->counted[r][c], NULL);
	return e ? e : count_mended(db, b, session, s->file.id);
}

/* Commit the batch; a database that is away is waited for, since the batch is still in our hands. */
static void *write_full(void *ctx)
{
	struct stager *s = ctx;

	for (int tries = 0; (s->wrote = bp_db_tx(s->w->db, batch_tx, s)) == BP_E_DB_DOWN && tries < DOWN_TRIES; tries++) {
		struct timespec second = {1, 0};

		nanosleep(&second, NULL);
	}
	return NULL;
}

/* Wait until the batch that is being written is in. */
static enum bp_error settle(struct stager *s)
{
	if (!s->writing)
		return BP_E_OK;
	pthread_join(s->writer, NULL);
	s->writing = false;
	return s->wrote ? bp_fail(s->w->fail, s->wrote, "staging stopped behind line %" PRIu64 " of %s", s->full->from_row, s->file.name) : BP_E_OK;
}

/* Note in the batch what was counted while it was read. */
static void complete(struct stager *s, struct batch *b)
{
	b->fix = bp_alloc_array(&b->mem, s->o.fixes.n, sizeof(*b->fix));
	b->value = bp_alloc_array(&b->mem, s->values.n, sizeof(*b->value));
	b->n_fixes = b->n_values = 0;
	for (size_t i = 0; i < s->o.fixes.n; i++)
		if (s->o.fixes.fix[i].used) {
			b->fix[b->n_fixes++] = (struct used_fix){s->o.fixes.fix[i].id, s->o.fixes.fix[i].used};
			s->o.fixes.fix[i].used = 0;
		}
	for (size_t i = 0; i < s->values.slots; i++) {
		uint32_t no = s->values.no[i];

		if (s->values.slot[i].key && s->value_n[no])
			b->value[b->n_values++] = (struct seen_value){s->values.slot[i].key, s->value_say[no], s->value_n[no]};
	}
	memset(s->value_n, 0, sizeof(s->value_n));
}

/* Have what was read written, and go on with an empty batch. */
static enum bp_error flush(struct stager *s)
{
	struct batch *full = s->now, *next = s->full;
	enum bp_error e;

	if (full->last_row == full->from_row)
		return BP_E_OK;
	if (full->rows.over || full->issues.over || full->refs.over)
		return bp_fail(s->w->fail, BP_E_INTERNAL, "a batch grew beyond its buffer");
	e = settle(s);
	if (e)
		return e;
	complete(s, full);
	bp_arena_clear(&s->rows_mem);
	bp_arena_clear(&next->mem);
	bp_buf_clear(&next->rows);
	bp_buf_clear(&next->issues);
	bp_buf_clear(&next->refs);
	memset(next->counted, 0, sizeof(next->counted));
	next->read = next->rejected = next->warnings = 0;
	next->from_row = next->last_row = full->last_row;
	s->now = next;
	s->full = full;
	s->writing = !pthread_create(&s->writer, NULL, write_full, s);
	return s->writing ? BP_E_OK : bp_fail(s->w->fail, BP_E_INTERNAL, "no thread can be made");
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
		if (row.line <= (uint64_t)s->file.header_row || row.line <= s->now->from_row)
			continue;
		im_profile_row(s->profile, &row);
		im_open_check(&s->o, &row, &s->out);
		s->now->read++;
		s->total_read++;
		s->now->last_row = row.line;
		put_issues(s, row.line);
		s->total_rejected += s->out.rejected;
		if (s->out.rejected)
			s->now->rejected++;
		else
			put_row(s, row.line);
		for (int i = 0; i < DICT__MAX; i++)
			if (s->dict[i].n > dict_most[i])
				return bp_fail(s->w->fail, BP_E_IMPORT_SCHEMA, "the %s column of %s has more than %zu different values: map another one",
					dict_words[i], s->file.name, dict_most[i]);
		e = im_limits_hold(&s->limits, s->file.name, (uint64_t)s->file.n_read + s->total_read, (uint64_t)s->file.n_rejected + s->total_rejected,
			false, s->w->fail);
		if (e) { /* what was found so far is shown, and a next try goes on behind it */
			if (!flush(s))
				settle(s);
			return e;
		}
		if (s->now->read >= BATCH_ROWS || s->now->rows.len + s->now->issues.len > BATCH_BYTES)
			e = flush(s);
		if (!e && s->total_read % 1024 == 0 && bp_monotonic_us() - told > 500000) {
			told = bp_monotonic_us();
			e = im_tell(s->w, "staging", from + (to - from) * (double)r->bytes / (double)(s->file.bytes ? s->file.bytes : 1),
				(uint64_t)s->file.n_read + s->total_read, (uint64_t)s->file.rows_guess);
		}
	}
	if (!e)
		e = flush(s);
	if (!e)
		e = settle(s);
	return e ? e : im_limits_hold(&s->limits, s->file.name, (uint64_t)s->file.n_read + s->total_read,
		(uint64_t)s->file.n_rejected + s->total_rejected, true, s->w->fail);
}

/* Every required target must be fed. */
static enum bp_error check_mapping(struct stager *s)
{
	const struct im_checker *k = &s->o.k;

	for (size_t c = 0; c < k->n_cols; c++)
		if ((k->required >> c & 1) && s->o.feed[c].source < 0 && !s->o.feed[c].fallback)
			return bp_fail(s->w->fail, BP_E_IMPORT_SCHEMA, "%s: no column is mapped to \"%s\"", s->file.name, k->col[c].name);
	return BP_E_OK;
}

/* Dates that may begin with the day or the month: all rows of the column decide, once, before the first is staged. */
static enum bp_error order_of_dates(struct stager *s, struct im_reader *r)
{
	struct im_date_votes v[IM_COLUMNS_MOST] = {{0}};
	json_t *told = json_object();
	bool asked = false, end = false;
	char *text;
	enum bp_error e;

	for (size_t i = 0; i < s->o.sn.n_rows; i++) {
		struct im_row row = im_sample_row(&s->o.sn, i, &s->keep);

		im_vote_row(&s->o.k, &row, v);
	}
	for (size_t c = 0; c < s->o.k.n_cols; c++)
		asked |= v[c].either || v[c].day_first || v[c].month_first;
	if (s->o.more.dates || !asked) {
		json_decref(told);
		return BP_E_OK;
	}
	memset(v, 0, sizeof(v));
	e = im_reader_init(r, &s->o.sn.dialect, im_read_fd, &s->o.fd, s->w->fail);
	for (uint64_t n = 1; !e && !end; n++) {
		struct im_row row;

		e = im_reader_next(r, &row, &end, s->w->fail);
		if (!e && !end && row.fault == IM_ROW_FINE && row.line > (uint64_t)s->file.header_row)
			im_vote_row(&s->o.k, &row, v);
		if (n % 4096 == 0) {
			bp_arena_clear(&s->rows_mem);
			if (!e && n % 65536 == 0)
				e = im_tell(s->w, "reading dates", 0, n, (uint64_t)s->file.rows_guess);
		}
	}
	im_reader_release(r);
	memset(r, 0, sizeof(*r));
	for (size_t c = 0; c < s->o.k.n_cols; c++) {
		if (s->o.feed[c].reading == IM_READ_ASK)
			s->o.k.reading[c] = im_date_reading(&v[c]);
		if (v[c].day_first || v[c].month_first || v[c].either)
			json_object_set_new(told, s->o.k.col[c].name, json_pack("{s:I, s:I, s:I}", "dayFirst", (json_int_t)v[c].day_first, "monthFirst",
				(json_int_t)v[c].month_first, "either", (json_int_t)v[c].either));
	}
	text = json_dumps(told, JSON_COMPACT);
	if (!e)
		e = q_import_file_dates(s->w->db, s->file.id, text, NULL);
	if (!e && lseek(s->o.fd, 0, SEEK_SET) < 0)
		e = bp_fail(s->w->fail, BP_E_INTERNAL, "cannot read %s: %s", s->file.name, strerror(errno));
	free(text);
	json_decref(told);
	return e;
}

static enum bp_error open_file(struct stager *s, uint64_t file, struct im_reader *r)
{
	enum bp_error e = im_source_remember(s->w->db, &s->keep, (int64_t)file);

	if (!e)
		e = im_open(s->w->db, s->w->upload_dir, file, &s->keep, &s->rows_mem, &s->o, s->w->fail);
	if (e == BP_E_NOT_FOUND)
		e = bp_fail(s->w->fail, BP_E_IMPORT_FAILED, "the file is not there any more");
	s->file = s->o.file;
	s->entity = s->o.entity;
	if (!e)
		e = check_mapping(s);
	if (!e && lseek(s->o.fd, 0, SEEK_SET) < 0)
		e = bp_fail(s->w->fail, BP_E_INTERNAL, "cannot read %s: %s", s->file.name, strerror(errno));
	if (!e)
		e = order_of_dates(s, r);
	if (!e)
		s->profile = im_profile_new(s->o.sn.n_columns, s->o.sn.decimal_comma, &s->keep);
	return e;
}

static enum bp_error keep_profiles(struct stager *s)
{
	enum bp_error e = BP_E_OK;

	for (size_t i = 0; !e && i < s->o.sn.n_columns; i++) {
		char *text = im_profile_json(s->profile, i);

		e = text ? q_import_profile_put(s->w->db, s->file.id, (int64_t)i, text, NULL) : BP_E_OK;
		free(text);
	}
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
	enum bp_error e;

	s->w = w;
	s->o.fd = -1;
	bp_arena_init(&s->rows_mem, 512 << 20);
	bp_arena_init(&s->keep, 64 << 20);
	s->now = &s->batch[0];
	s->full = &s->batch[1];
	for (int i = 0; i < 2; i++) {
		bp_arena_init(&s->batch[i].mem, 64 << 20);
		bp_buf_init(&s->batch[i].rows, BATCH_BYTES * 2);
		bp_buf_init(&s->batch[i].issues, BATCH_BYTES * 4);
		bp_buf_init(&s->batch[i].refs, BATCH_BYTES * 4);
	}
	for (int i = 0; i < DICT__MAX; i++)
		im_dict_init(&s->dict[i]);
	im_dict_init(&s->values);
	e = open_file(s, file, r);
	if (!e) {
		find_targets(s);
		s->now->from_row = s->now->last_row = (uint64_t)s->file.staged_row;
		e = load_dict(s);
	}
	if (!e) {
		e = im_limits_load(w, &s->limits);
	}
	if (!e)
		e = im_reader_init(r, &s->o.sn.dialect, im_read_fd, &s->o.fd, w->fail);
	if (!e)
		e = stage_rows(s, r, from, to);
	if (!e)
		e = keep_profiles(s);
	if (!e)
		e = q_import_file_staged(w->db, (int64_t)file, NULL);
	settle(s); /* of a reading that went wrong */
	im_reader_release(r);
	im_close(&s->o);
	im_dict_release(&s->values);
	for (int i = 0; i < DICT__MAX; i++)
		im_dict_release(&s->dict[i]);
	for (int i = 0; i < 2; i++) {
		bp_arena_release(&s->batch[i].mem);
		bp_buf_release(&s->batch[i].rows);
		bp_buf_release(&s->batch[i].issues);
		bp_buf_release(&s->batch[i].refs);
	}
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
	static const char *const counts[] = {"import_issue_group", "import_issue_value", "import_fix_use", "import_profile", "stage_held"};
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
	for (size_t i = 0; !e && i < sizeof(counts) / sizeof(counts[0]); i++) {
		snprintf(sql, sizeof(sql), "DELETE FROM %s WHERE file_id = %llu", counts[i], (unsigned long long)file);
		e = bp_db_bulk(w->db, sql, NULL);
	}
	return e ? e : q_import_file_reset(w->db, (int64_t)file, NULL);
}
