/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/reader.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

long im_read_fd(void *ctx, void *buf, size_t n)
{
	ssize_t k;

	do
		k = read(*(int *)ctx, buf, n);
	while (k < 0 && errno == EINTR);
	return k < 0 ? -errno : (long)k;
}

long im_read_mem(void *ctx, void *buf, size_t n)
{
	struct im_mem *m = ctx;

	if (n > m->n)
		n = m->n;
	memcpy(buf, m->p, n);
	m->p += n;
	m->n -= n;
	return (long)n;
}

size_t im_utf8_prefix(const char *s, size_t n)
{
	const unsigned char *p = (const unsigned char *)s;
	size_t i = 0;

	while (i < n) {
		unsigned c = p[i], lo = 0x80, hi = 0xBF;
		size_t more;

		if (c < 0x80) {
			if (!c)
				break;
			i++;
			continue;
		}
		if (c >= 0xC2 && c <= 0xDF)
			more = 1;
		else if (c >= 0xE0 && c <= 0xEF)
			more = 2;
		else if (c >= 0xF0 && c <= 0xF4)
			more = 3;
		else
			break;
		if (c == 0xE0)
			lo = 0xA0; /* no overlong forms, no surrogates, nothing above U+10FFFF */
		else if (c == 0xED)
			hi = 0x9F;
		else if (c == 0xF0)
			lo = 0x90;
		else if (c == 0xF4)
			hi = 0x8F;
		if (i + more >= n || p[i + 1] < lo || p[i + 1] > hi)
			break;
		if ((more > 1 && (p[i + 2] & 0xC0) != 0x80) || (more > 2 && (p[i + 3] & 0xC0) != 0x80))
			break;
		i += more + 1;
	}
	return i;
}

static int is_space(unsigned char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static int is_term(unsigned char c)
{
	return c == '\n';
}

enum bp_error im_reader_init(struct im_reader *r, const struct im_dialect *d, im_read_fn *read, void *ctx,
	struct bp_fail *f)
{
	memset(r, 0, offsetof(struct im_reader, raw));
	r->dialect = *d;
	r->read = read;
	r->ctx = ctx;
	r->first = true;
	r->line = 1;
	r->cd = (iconv_t)-1;
	if (strcmp(d->encoding, "UTF-8")) {
		r->cd = iconv_open("UTF-8", d->encoding);
		if (r->cd == (iconv_t)-1)
			return bp_fail(f, BP_E_IMPORT_FORMAT, "the encoding \"%s\" is not known", d->encoding);
	}
	csv_init(&r->csv, CSV_APPEND_NULL);
	csv_set_delim(&r->csv, (unsigned char)d->delimiter);
	csv_set_space_func(&r->csv, is_space);
	csv_set_term_func(&r->csv, is_term);
	csv_set_blk_size(&r->csv, 4096);
	bp_buf_init(&r->in, (size_t)IM_ROW_MOST * 8);
	bp_buf_init(&r->text, (size_t)IM_ROW_MOST * 2);
	return BP_E_OK;
}

void im_reader_release(struct im_reader *r)
{
	if (!r->in.data)
		return; /* never begun */
	if (r->cd != (iconv_t)-1)
		iconv_close(r->cd);
	csv_free(&r->csv);
	bp_buf_release(&r->in);
	bp_buf_release(&r->text);
}

/* Through iconv; what it cannot read becomes '?'.  Bytes of an unfinished character stay in raw. */
static void decode(struct im_reader *r)
{
	char *src = r->raw;
	size_t left = r->raw_n;

	while (left) {
		size_t room = left * 4 + 16, got;
		char *dst = bp_buf_reserve(&r->in, room), *from = dst;
		size_t k = iconv(r->cd, &src, &left, &dst, &room);

		got = (size_t)(dst - from);
		r->in.len += got;
		if (k != (size_t)-1 || errno == E2BIG)
			continue;
		if (errno == EINVAL && !r->raw_eof)
			break;
		bp_buf_chr(&r->in, '?');
		r->any_replaced = true;
		k = !strncmp(r->dialect.encoding, "UTF-16", 6) && left > 1 ? 2 : 1;
		src += k;
		left -= k;
		iconv(r->cd, NULL, NULL, NULL, NULL);
	}
	memmove(r->raw, src, left);
	r->raw_n = left;
}

/* Get more text into `in`; a line end is put behind a last line that has none. */
static enum bp_error fill(struct im_reader *r, size_t keep_from, struct bp_fail *f)
{
	size_t before;
	long k;

	if (keep_from) {
		memmove(r->in.data, r->in.data + keep_from, r->in.len - keep_from);
		r->in.len -= keep_from;
		r->pos -= keep_from;
	}
	before = r->in.len;
	k = r->read(r->ctx, r->raw + r->raw_n, sizeof(r->raw) - r->raw_n);
	if (k < 0)
		return bp_fail(f, bp_error_of_errno((int)-k), "cannot read the file: %s", strerror((int)-k));
	r->bytes += (uint64_t)k;
	r->raw_n += (size_t)k;
	r->raw_eof = k == 0;
	if (r->cd == (iconv_t)-1) {
		bp_buf_add(&r->in, r->raw, r->raw_n);
		r->raw_n = 0;
	} else {
		decode(r);
	}
	if (r->first && (r->in.len >= 3 || r->raw_eof)) {
		r->first = false;
		if (r->in.len >= 3 && !memcmp(r->in.data, "\xEF\xBB\xBF", 3))
			r->pos = 3;
	}
	if (r->dialect.eol == '\r')
		for (char *p = r->in.data + before; (p = memchr(p, '\r', (size_t)(r->in.data + r->in.len - p)));)
			*p++ = '\n';
	return BP_E_OK;
}

static void on_field(void *s, size_t n, void *ctx)
{
	struct im_reader *r = ctx;

	if (n > IM_FIELD_MOST || r->n_fields == IM_FIELDS_MOST) {
		r->overflow = true;
		return;
	}
	r->field_at[r->n_fields++] = r->text.len;
	bp_buf_add(&r->text, s, n + 1); /* with the NUL of CSV_APPEND_NULL */
	r->field_at[r->n_fields] = r->text.len;
}

static void on_row(int c, void *ctx)
{
	(void)c;
	((struct im_reader *)ctx)->row_done = true;
}

static void begin_row(struct im_reader *r)
{
	r->csv.pstate = 0;
	r->csv.quoted = 0;
	r->csv.spaces = 0;
	r->csv.entry_pos = 0;
	bp_buf_clear(&r->text);
	r->n_fields = 0;
	r->row_done = r->overflow = false;
}

/* Make broken bytes visible: in place, one '?' each. */
static bool mend_text(char *s, size_t n)
{
	bool mended = false;

	for (size_t at = 0; (at += im_utf8_prefix(s + at, n - at)) < n;) {
		s[at++] = '?';
		mended = true;
	}
	return mended;
}

/* Hand out the fields; false when the row holds no text at all. */
static bool finish_row(struct im_reader *r, struct im_row *row)
{
	bool any = false;

	row->replaced = r->any_replaced;
	for (size_t i = 0; i < r->n_fields; i++) {
		char *s = r->text.data + r->field_at[i];
		size_t n = r->field_at[i + 1] - r->field_at[i] - 1;

		while (n && (s[n - 1] == ' ' || s[n - 1] == '\t' || s[n - 1] == '\r' || s[n - 1] == '\n'))
			n--;
		while (n && (*s == ' ' || *s == '\t' || *s == '\n' || *s == '\r')) {
			s++;
			n--;
		}
		s[n] = '\0';
		if (mend_text(s, n))
			row->replaced = true;
		any |= n > 0;
		r->field[i].s = s;
		r->field[i].n = n;
	}
	row->n = r->n_fields;
	row->field = r->field;
	return any;
}

/* Go on at the second line of the row in work: what follows may be sound. */
static void resync(struct im_reader *r, size_t start)
{
	char *nl = memchr(r->in.data + start, '\n', r->in.len - start);

	r->pos = nl ? (size_t)(nl - r->in.data) + 1 : r->in.len;
}

/* A line that alone is too large: drop it without keeping it. */
static enum bp_error skip_line(struct im_reader *r, struct bp_fail *f)
{
	for (;;) {
		char *nl = memchr(r->in.data + r->pos, '\n', r->in.len - r->pos);
		enum bp_error e;

		if (nl || r->raw_eof) {
			r->pos = nl ? (size_t)(nl - r->in.data) + 1 : r->in.len;
			return BP_E_OK;
		}
		r->pos = r->in.len;
		e = fill(r, r->in.len, f);
		if (e)
			return e;
	}
}

static enum bp_error fault(struct im_reader *r, struct im_row *row, size_t start, enum im_row_fault why)
{
	row->fault = why;
	r->line = row->line + 1;
	resync(r, start);
	return BP_E_OK;
}

enum bp_error im_reader_next(struct im_reader *r, struct im_row *row, bool *end, struct bp_fail *f)
{
	size_t start = r->pos;
	enum bp_error e;

	*end = false;
	memset(row, 0, sizeof(*row));
	row->line = r->line;
	r->any_replaced = false;
	begin_row(r);
	for (;;) {
		char *at = r->in.data + r->pos;
		char *nl = memchr(at, '\n', r->in.len - r->pos);
		size_t n;

		if (!nl && !r->raw_eof) {
			if (r->in.len - start > IM_ROW_MOST) {
				bool one_line = r->pos == start;

				row->fault = IM_ROW_TOO_LARGE;
				r->line = row->line + 1;
				if (one_line)
					return skip_line(r, f);
				resync(r, start);
				return BP_E_OK;
			}
			bool at_first = r->first;

			e = fill(r, start, f);
			if (e)
				return e;
			start = at_first ? r->pos : 0; /* behind a byte order mark */
			continue;
		}
		if (!nl) {
			if (r->pos == r->in.len && r->pos == start) {
				*end = true;
				return BP_E_OK;
			}
			if (r->pos == r->in.len) /* the text ended within quotes */
				return fault(r, row, start, IM_ROW_QUOTE);
			bp_buf_chr(&r->in, '\n');
			continue;
		}
		n = (size_t)(nl - at) + 1;
		csv_parse(&r->csv, at, n, on_field, on_row, r);
		r->pos += n;
		r->line++;
		if (r->overflow || r->csv.entry_pos > IM_FIELD_MOST || r->pos - start > IM_ROW_MOST)
			return fault(r, row, start, r->row_done ? IM_ROW_TOO_LARGE : IM_ROW_QUOTE);
		if (!r->row_done && r->csv.pstate == 0 && !r->n_fields)
			r->row_done = true; /* an empty line */
		if (!r->row_done)
			continue;
		if (finish_row(r, row))
			return BP_E_OK;
		start = r->pos;
		row->line = r->line;
		begin_row(r);
	}
}
