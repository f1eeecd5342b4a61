/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_INTAKE_READER_H
#define BP_INTAKE_READER_H
/*
 * A CSV file as a stream of rows in UTF-8, in constant memory: bytes -> iconv (only where the file is
 * not UTF-8) -> libcsv.  One bad row never spoils the others: a field above IM_FIELD_MOST, a row above
 * IM_ROW_MOST or a quotation mark that is never closed makes that row an error, and reading goes on at
 * the next line of the file.
 *
 * Rows are counted by the line of the file on which they begin (from 1), so that an editor finds them.
 * Rows without any text are passed over.  A row's fields stay valid until the next call.
 */
#include <csv.h>
#include <iconv.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"

enum { IM_FIELD_MOST = 64 << 10, IM_ROW_MOST = 1 << 20, IM_FIELDS_MOST = 1024 };

/* How a file is written; im_sniff() finds it, a person may correct it. */
struct im_dialect {
	char encoding[24]; /* a name that iconv knows; "UTF-8" is read without it */
	char delimiter;
	char eol;          /* '\n', or '\r' for files of old */
};

struct im_field {
	const char *s; /* NUL-terminated UTF-8 without control characters at its ends */
	size_t n;
};

enum im_row_fault { IM_ROW_FINE, IM_ROW_TOO_LARGE, IM_ROW_QUOTE, IM_ROW_CUT_OFF };

struct im_row {
	uint64_t line;           /* where it begins */
	size_t n;                /* fields */
	const struct im_field *field;
	enum im_row_fault fault; /* not IM_ROW_FINE: there are no fields */
	bool replaced;           /* bytes that are no text in this encoding became '?' */
};

/* Read up to n bytes into buf; > 0 bytes, 0 end, < 0 = -errno. */
typedef long im_read_fn(void *ctx, void *buf, size_t n);

struct im_reader {
	struct im_dialect dialect;
	im_read_fn *read;
	void *ctx;
	iconv_t cd;
	size_t raw_n;
	bool raw_eof, first, any_replaced;
	struct bp_buf in;     /* decoded text; the row in work is kept whole */
	size_t pos;           /* next byte of `in` for the parser */
	uint64_t line;        /* line at pos */
	struct csv_parser csv;
	struct bp_buf text;   /* fields of the row in work */
	size_t n_fields;
	bool row_done, overflow;
	uint64_t bytes;       /* raw bytes taken from `read` */
	/* What follows is large and need not be cleared. */
	char raw[1 << 16];
	size_t field_at[IM_FIELDS_MOST + 1];
	struct im_field field[IM_FIELDS_MOST];
};

/* The reader borrows `read`'s context.  Fails with IMPORT_FORMAT when iconv does not know the encoding. */
enum bp_error im_reader_init(struct im_reader *r, const struct im_dialect *d, im_read_fn *read, void *ctx,
	struct bp_fail *f);
void im_reader_release(struct im_reader *r);
/* The next row; *end is set instead when there is none.  Fails only when `read` fails. */
enum bp_error im_reader_next(struct im_reader *r, struct im_row *row, bool *end, struct bp_fail *f);

/* im_read_fn over a file descriptor (ctx = int *), restarting on EINTR. */
long im_read_fd(void *ctx, void *buf, size_t n);
/* im_read_fn over memory; ctx = struct im_mem. */
struct im_mem {
	const char *p;
	size_t n;
};
long im_read_mem(void *ctx, void *buf, size_t n);

/* Length of the longest prefix of s[0..n) that is well-formed UTF-8 (RFC 3629) without NUL. */
size_t im_utf8_prefix(const char *s, size_t n);

#endif
