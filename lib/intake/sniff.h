/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_INTAKE_SNIFF_H
#define BP_INTAKE_SNIFF_H
/*
 * How is this file written?  Looks at the head and the tail of a file and finds encoding, delimiter,
 * header row and column names - or refuses with a reason that a person can act on: empty, binary, a
 * spreadsheet or archive, one column, header only, cut off in mid-row.
 */
#include "base/arena.h"
#include "base/error.h"
#include "intake/reader.h"

enum { IM_HEAD_BYTES = 256 << 10, IM_TAIL_BYTES = 8 << 10, IM_SAMPLE_ROWS = 200 };

struct im_sniffed {
	struct im_dialect dialect;
	uint64_t header_line;  /* line of the header row, 0 = there is none */
	size_t n_columns;
	const char **column;   /* names; "Column 3" where there is none */
	size_t n_rows;         /* sample rows behind the header, at most IM_SAMPLE_ROWS */
	const char ***row;     /* [n_rows][n_columns], "" where a row is short */
	uint64_t rows_guess;   /* rows of the whole file, from the average length of the sample */
	bool decimal_comma;    /* "12,5" is a number here */
};

/* What is forced instead of found; zero values find. */
struct im_wish {
	const char *encoding;
	char delimiter;
	int64_t header_line; /* -1 = find, 0 = there is none */
};

/*
 * Reads the file `fd` of `size` bytes; its position moves.  Memory belongs to the arena.
 * Errors: IMPORT_FORMAT with the reason; INTERNAL when the file cannot be read.
 */
enum bp_error im_sniff(int fd, uint64_t size, const struct im_wish *wish, struct bp_arena *a,
	struct im_sniffed *out, struct bp_fail *f);

/* Encoding of a head of n bytes ("UTF-8", "UTF-16LE", "windows-1252", ...), static string. */
enum bp_error im_sniff_encoding(const char *s, size_t n, bool whole, const char **encoding, struct bp_fail *f);

#endif
