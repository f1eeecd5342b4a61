/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/sniff.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char delimiters[] = ",;\t|^";
enum { LINES_MOST = 64 };

/* Cells per record of the head, for one delimiter; records may span lines by quotes. */
static size_t cells_per_record(const char *s, size_t n, char delimiter, char eol, unsigned *cells)
{
	bool quoted = false, fresh = true, any = false;
	size_t records = 0;
	unsigned k = 1;

	for (size_t i = 0; i < n && records < LINES_MOST; i++) {
		char c = s[i];

		if (c == '"' && (quoted || fresh)) {
			quoted = !quoted || (i + 1 < n && s[i + 1] == '"' && ++i);
			fresh = false;
		} else if (quoted) {
			continue;
		} else if (c == delimiter) {
			k++;
			fresh = any = true;
		} else if (c == eol) {
			if (any)
				cells[records++] = k;
			k = 1;
			fresh = true;
			any = false;
		} else if (c != ' ' && c != '\r') {
			fresh = false;
			any = true;
		}
	}
	return records;
}

/* How well a delimiter cuts the head into records of one width; 0 = not at all. */
static double evenness(const char *s, size_t n, char delimiter, char eol)
{
	unsigned cells[LINES_MOST], best = 0, width = 0;
	size_t records = cells_per_record(s, n, delimiter, eol, cells);

	for (size_t i = 0; i < records; i++) {
		unsigned same = 0;

		for (size_t j = 0; j < records; j++)
			same += cells[j] == cells[i];
		if (cells[i] > 1 && (same > best || (same == best && cells[i] > width))) {
			best = same;
			width = cells[i];
		}
	}
	return records ? (double)best / (double)records * (1 + log2(width + 1.0) / 4) : 0;
}

static char find_delimiter(const char *s, size_t n, char eol)
{
	char best = 0;
	double most = 0;

	if (n > 5 && !memcmp(s, "sep=", 4))
		return s[4];
	for (const char *d = delimiters; *d; d++) {
		double e = evenness(s, n, *d, eol);

		if (e > most) {
			most = e;
			best = *d;
		}
	}
	return best;
}

/* A cell that no header would hold: a number, a date, an e-mail address. */
static bool is_datum(const struct im_field *c)
{
	size_t digits = 0, letters = 0;

	if (!c->n)
		return false;
	for (size_t i = 0; i < c->n; i++) {
		digits += c->s[i] >= '0' && c->s[i] <= '9';
		letters += (c->s[i] & 0x80) || ((c->s[i] | 32) >= 'a' && (c->s[i] | 32) <= 'z');
	}
	return (digits && !letters) || memchr(c->s, '@', c->n);
}

/* Would this row do as a header of `width` columns? */
static bool is_header(const struct im_row *row, size_t width)
{
	size_t filled = 0, again = 0;

	if (row->n < 2 || row->n + 1 < width)
		return false;
	for (size_t i = 0; i < row->n; i++) {
		if (is_datum(&row->field[i]) || row->field[i].n > 100)
			return false;
		filled += row->field[i].n > 0;
		for (size_t j = 0; j < i; j++)
			if (row->field[i].n > 3 && !strcmp(row->field[i].s, row->field[j].s)) {
				again++;
				break;
			}
	}
	return filled * 2 > row->n && again * 4 < filled; /* a name may come twice by mistake; data repeats more */
}

struct sample {
	struct im_row row[IM_SAMPLE_ROWS + 16];
	size_t n;
};

static void keep(struct sample *sm, const struct im_row *row, struct bp_arena *a)
{
	struct im_row *k = &sm->row[sm->n++];
	struct im_field *c = bp_alloc_array(a, row->n ? row->n : 1, sizeof(*c));

	for (size_t i = 0; i < row->n; i++) {
		c[i].s = bp_strndup(a, row->field[i].s, row->field[i].n);
		c[i].n = row->field[i].n;
	}
	*k = *row;
	k->field = c;
}

/* The width that most rows of the sample have. */
static size_t usual_width(const struct sample *sm)
{
	size_t best = 0, width = 0;

	for (size_t i = 0; i < sm->n; i++) {
		size_t same = 0;

		for (size_t j = 0; j < sm->n; j++)
			same += sm->row[j].n == sm->row[i].n;
		if (same > best || (same == best && sm->row[i].n > width)) {
			best = same;
			width = sm->row[i].n;
		}
	}
	return width;
}

/* Index of the header in the sample, -1 = none. */
static int find_header(const struct sample *sm, size_t width, int64_t wish)
{
	for (size_t i = 0; i < sm->n && i < 16; i++) {
		if (!i && sm->row[0].n && !strncmp(sm->row[0].field[0].s, "sep=", 4))
			continue; /* a line that Excel writes for itself */
		if (wish >= 0 ? (int64_t)sm->row[i].line == wish : is_header(&sm->row[i], width))
			return (int)i;
		if (wish < 0 && sm->row[i].n == width)
			return -1; /* data came first */
	}
	return -1;
}

static void lay_out(const struct sample *sm, int header, size_t width, struct bp_arena *a, struct im_sniffed *out)
{
	size_t commas = 0, dots = 0;

	if (header >= 0 && sm->row[header].n > width)
		width = sm->row[header].n;
	out->n_columns = width;
	out->header_line = header >= 0 ? sm->row[header].line : 0;
	out->column = bp_alloc_array(a, width, sizeof(*out->column));
	for (size_t i = 0; i < width; i++)
		out->column[i] = header >= 0 && i < sm->row[header].n && sm->row[header].field[i].n
			? sm->row[header].field[i].s
			: bp_sprintf(a, "Column %zu", i + 1);
	out->row = bp_alloc_array(a, sm->n + 1, sizeof(*out->row));
	for (size_t r = (size_t)(header + 1); r < sm->n && out->n_rows < IM_SAMPLE_ROWS; r++) {
		const char **cells = bp_alloc_array(a, width, sizeof(*cells));

		for (size_t i = 0; i < width; i++) {
			const char *s = cells[i] = i < sm->row[r].n ? sm->row[r].field[i].s : "";
			size_t digits = strspn(s, "-+0123456789"), frac = s[digits] ? strspn(s + digits + 1, "0123456789") : 0;

			if (digits && frac && frac != 3 && !s[digits + 1 + frac]) {
				commas += s[digits] == ',';
				dots += s[digits] == '.';
			}
		}
		out->row[out->n_rows++] = cells;
	}
	out->decimal_comma = commas > dots;
}

/* Lines of a file; a last one without its end counts. */
static uint64_t count_lines(int fd, char eol)
{
	char buf[1 << 16];
	uint64_t lines = 1;
	ssize_t n;

	if (lseek(fd, 0, SEEK_SET) < 0)
		return 0;
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		for (const char *p = buf; (p = memchr(p, eol, (size_t)(buf + n - p))); p++)
			lines++;
	return lines;
}

/* Does the last line of the file end before its row does?  Only a file without a last line end can. */
static enum bp_error check_tail(int fd, uint64_t size, const struct im_sniffed *sn, struct bp_fail *f)
{
	char tail[IM_TAIL_BYTES + 1], *line, *last;
	uint64_t from = size > IM_TAIL_BYTES ? size - IM_TAIL_BYTES : 0;
	size_t cells = 1, quotes = 0;
	ssize_t n;

	if (!strncmp(sn->dialect.encoding, "UTF-16", 6))
		return size % 2 ? bp_fail(f, BP_E_IMPORT_FORMAT, "the file ends in the middle of a character: it was cut off") : BP_E_OK;
	if (lseek(fd, (off_t)from, SEEK_SET) < 0 || (n = read(fd, tail, IM_TAIL_BYTES)) <= 0)
		return BP_E_OK;
	while (n && (tail[n - 1] == 0x1A || tail[n - 1] == 0))
		n--;
	if (!n || tail[n - 1] == sn->dialect.eol)
		return BP_E_OK;
	last = memrchr(tail, sn->dialect.eol, (size_t)n);
	if (!last)
		return BP_E_OK;
	for (line = last + 1; line < tail + n; line++) {
		quotes += *line == '"';
		cells += *line == sn->dialect.delimiter && quotes % 2 == 0;
	}
	if (quotes % 2 || cells < sn->n_columns)
		return bp_fail(f, BP_E_IMPORT_FORMAT,
			"the file ends in the middle of a row, in line %" PRIu64 " (%zu of %zu columns): it was cut off, send it again",
			count_lines(fd, sn->dialect.eol), cells, sn->n_columns);
	return BP_E_OK;
}

static enum bp_error read_head(int fd, char *head, size_t most, size_t *n, struct bp_fail *f)
{
	ssize_t k;

	*n = 0;
	if (lseek(fd, 0, SEEK_SET) < 0)
		return bp_fail(f, BP_E_INTERNAL, "cannot read the file: %s", strerror(errno));
	while (*n < most && (k = read(fd, head + *n, most - *n)) != 0) {
		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			return bp_fail(f, BP_E_INTERNAL, "cannot read the file: %s", strerror(errno));
		*n += (size_t)k;
	}
	return BP_E_OK;
}

/* Rows of the head by a reader of the found dialect.  A last row that the head cuts is not kept. */
static enum bp_error read_sample(const char *head, size_t n, bool whole, struct im_sniffed *out, struct bp_arena *a,
	struct sample *sm, uint64_t *used, struct bp_fail *f)
{
	struct im_mem mem = {head, n};
	struct im_reader *r = bp_xmalloc(sizeof(*r));
	bool end = false;
	enum bp_error e = im_reader_init(r, &out->dialect, im_read_mem, &mem, f);

	while (!e && sm->n < IM_SAMPLE_ROWS + 16) {
		struct im_row row;

		e = im_reader_next(r, &row, &end, f);
		if (e || end)
			break;
		if (row.fault == IM_ROW_FINE)
			keep(sm, &row, a);
	}
	if (!e && end && !whole && sm->n)
		sm->n--;
	/* rows by bytes, from what of the head was read; UTF-16 has two bytes a character */
	*used = r->bytes - (uint64_t)(r->in.len - r->pos) * (strncmp(out->dialect.encoding, "UTF-16", 6) ? 1 : 2);
	im_reader_release(r);
	free(r);
	return e;
}

/* Decode enough of the head to count delimiters and line ends in it. */
static enum bp_error decode_head(const char *head, size_t n, struct im_sniffed *out, const struct im_wish *wish,
	struct bp_arena *a, struct bp_fail *f)
{
	char *text = bp_alloc(a, n * 4 + 8), *to = text, *from = (char *)(uintptr_t)head;
	size_t left = n, room = n * 4;
	iconv_t cd = iconv_open("UTF-8", out->dialect.encoding);

	if (cd == (iconv_t)-1)
		return bp_fail(f, BP_E_IMPORT_FORMAT, "the encoding \"%s\" is not known", out->dialect.encoding);
	while (left && iconv(cd, &from, &left, &to, &room) == (size_t)-1 && errno == EILSEQ) {
		from++;
		left--;
	}
	iconv_close(cd);
	if (to - text >= 3 && !memcmp(text, "\xEF\xBB\xBF", 3))
		text += 3;
	n = (size_t)(to - text);
	out->dialect.eol = memchr(text, '\n', n) || !memchr(text, '\r', n) ? '\n' : '\r';
	out->dialect.delimiter = wish->delimiter ? wish->delimiter : find_delimiter(text, n, out->dialect.eol);
	if (strspn(text, " \t\r\n,;") < n)
		return out->dialect.delimiter ? BP_E_OK
			: bp_fail(f, BP_E_IMPORT_FORMAT, "there is only one column: columns are separated by comma, semicolon, tab or |");
	return bp_fail(f, BP_E_IMPORT_FORMAT, "the file is empty: it holds only blanks");
}

enum bp_error im_sniff(int fd, uint64_t size, const struct im_wish *wish, struct bp_arena *a, struct im_sniffed *out,
	struct bp_fail *f)
{
	static const struct im_wish none = {NULL, 0, -1};
	size_t most = size < IM_HEAD_BYTES ? (size_t)size : IM_HEAD_BYTES;
	char *head = bp_alloc(a, most);
	struct sample *sm = bp_alloc(a, sizeof(*sm));
	const char *encoding = NULL;
	uint64_t used = 0;
	size_t n, width;
	int header;
	enum bp_error e = read_head(fd, head, most, &n, f);

	memset(out, 0, sizeof(*out));
	wish = wish ? wish : &none;
	if (e)
		return e;
	if (!n)
		return bp_fail(f, BP_E_IMPORT_FORMAT, "the file is empty");
	e = im_sniff_encoding(head, n, n == size, &encoding, f);
	if (e)
		return e;
	snprintf(out->dialect.encoding, sizeof(out->dialect.encoding), "%s", wish->encoding ? wish->encoding : encoding);
	e = decode_head(head, n, out, wish, a, f);
	if (!e)
		e = read_sample(head, n, n == size, out, a, sm, &used, f);
	if (e)
		return e;
	width = usual_width(sm);
	if (width < 2)
		return bp_fail(f, BP_E_IMPORT_FORMAT,
			"there is only one column: columns are separated by comma, semicolon, tab or |");
	header = find_header(sm, width, wish->header_line);
	if (wish->header_line > 0 && header < 0)
		return bp_fail(f, BP_E_IMPORT_FORMAT, "line %lld is not among the first rows", (long long)wish->header_line);
	lay_out(sm, header, width, a, out);
	if (!out->n_rows)
		return bp_fail(f, BP_E_IMPORT_FORMAT, "there is a header but no row of data");
	out->rows_guess = (uint64_t)((double)size / (double)(used ? used : 1) * (double)sm->n) - (uint64_t)(header + 1);
	return check_tail(fd, size, out, f);
}
