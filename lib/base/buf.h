/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BP_BASE_BUF_H
#define BP_BASE_BUF_H
/*
 * A growing byte buffer with a ceiling.  `data` is never NULL after init and
 * always NUL-terminated at data[len].  An append that would pass the ceiling
 * appends nothing and sets `over`; check it once at the end.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

struct bp_buf {
	char *data;
	size_t len, cap, ceiling;
	bool over;
};

void bp_buf_init(struct bp_buf *b, size_t ceiling);
void bp_buf_release(struct bp_buf *b);
void bp_buf_clear(struct bp_buf *b); /* empty it, keep the memory */
void bp_buf_cut(struct bp_buf *b, size_t len); /* back to that many bytes */
/* Make room for n more bytes and return where they go (not counted in len yet); NULL when over. */
char *bp_buf_reserve(struct bp_buf *b, size_t n);
void bp_buf_add(struct bp_buf *b, const void *data, size_t n);
void bp_buf_str(struct bp_buf *b, const char *s);
void bp_buf_chr(struct bp_buf *b, char c);
void bp_buf_printf(struct bp_buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void bp_buf_int(struct bp_buf *b, long long v);
/* Ids as a JSON array, in the arena. */
const char *bp_ids_text(struct bp_arena *a, const int64_t *v, size_t n);
/* One CSV cell, quoted where it must be (RFC 4180), for programs to read. */
void bp_buf_cell(struct bp_buf *b, const char *s);
/* The same for people: a formula gets an apostrophe in front. */
void bp_buf_csv(struct bp_buf *b, const char *s);
/* Text for XML, in an element or an attribute; control characters, for which XML has no place, are left out. */
void bp_buf_xml(struct bp_buf *b, const char *s);
/* Would a spreadsheet take this cell for a formula? Signed numbers and telephone numbers are none. */
bool bp_csv_formula(const char *s);

#endif
