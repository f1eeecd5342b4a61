/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

void bp_buf_init(struct bp_buf *b, size_t ceiling)
{
	b->cap = ceiling < 256 ? ceiling + 1 : 256;
	b->data = bp_xmalloc(b->cap);
	b->data[0] = '\0';
	b->len = 0;
	b->ceiling = ceiling;
	b->over = false;
}

void bp_buf_release(struct bp_buf *b)
{
	free(b->data);
	memset(b, 0, sizeof(*b));
}

void bp_buf_clear(struct bp_buf *b)
{
	bp_buf_cut(b, 0);
}

void bp_buf_cut(struct bp_buf *b, size_t len)
{
	b->len = len;
	b->over = false;
	b->data[len] = '\0';
}

char *bp_buf_reserve(struct bp_buf *b, size_t n)
{
	if (b->over || n > b->ceiling || b->len + n > b->ceiling) {
		b->over = true;
		return NULL;
	}
	if (b->len + n + 1 > b->cap) {
		size_t cap = b->cap * 2;

		if (cap < b->len + n + 1)
			cap = b->len + n + 1;
		b->data = bp_xrealloc(b->data, cap);
		b->cap = cap;
	}
	return b->data + b->len;
}

void bp_buf_add(struct bp_buf *b, const void *data, size_t n)
{
	char *p = bp_buf_reserve(b, n);

	if (!p)
		return;
	memcpy(p, data, n);
	b->len += n;
	b->data[b->len] = '\0';
}

void bp_buf_str(struct bp_buf *b, const char *s)
{
	bp_buf_add(b, s, strlen(s));
}

void bp_buf_chr(struct bp_buf *b, char c)
{
	bp_buf_add(b, &c, 1);
}

void bp_buf_printf(struct bp_buf *b, const char *fmt, ...)
{
	va_list ap, again;
	char *p;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	p = n < 0 ? NULL : bp_buf_reserve(b, (size_t)n);
	if (p) {
		vsnprintf(p, (size_t)n + 1, fmt, again);
		b->len += (size_t)n;
	}
	va_end(again);
}

void bp_buf_int(struct bp_buf *b, long long v)
{
	char tmp[24], *p = tmp + sizeof(tmp);
	unsigned long long u = v < 0 ? 0ull - (unsigned long long)v : (unsigned long long)v;

	do {
		*--p = (char)('0' + u % 10);
		u /= 10;
	} while (u);
	if (v < 0)
		*--p = '-';
	bp_buf_add(b, p, (size_t)(tmp + sizeof(tmp) - p));
}

bool bp_csv_formula(const char *s)
{
	if (*s == '+' || *s == '-')
		return s[1 + strspn(s + 1, "0123456789 .,()/-")] != '\0';
	return *s && strchr("=@\t\r", *s);
}

static void put_cell(struct bp_buf *b, const char *s, bool formula)
{
	if (!formula && !strpbrk(s, ",;\"\n\r\t")) {
		bp_buf_str(b, s);
		return;
	}
	bp_buf_str(b, formula ? "\"'" : "\"");
	for (; *s; s++) {
		if (*s == '"')
			bp_buf_chr(b, '"');
		bp_buf_chr(b, *s);
	}
	bp_buf_chr(b, '"');
}

void bp_buf_cell(struct bp_buf *b, const char *s)
{
	put_cell(b, s, false);
}

void bp_buf_csv(struct bp_buf *b, const char *s)
{
	put_cell(b, s, bp_csv_formula(s));
}

void bp_buf_xml(struct bp_buf *b, const char *s)
{
	for (; *s; s++)
		switch (*s) {
		case '&': bp_buf_str(b, "&amp;"); break;
		case '<': bp_buf_str(b, "&lt;"); break;
		case '>': bp_buf_str(b, "&gt;"); break;
		case '"': bp_buf_str(b, "&quot;"); break;
		case '\t': bp_buf_str(b, "&#9;"); break;
		case '\n': bp_buf_str(b, "&#10;"); break;
		default:
			if ((unsigned char)*s >= 0x20)
				bp_buf_chr(b, *s);
		}
}

const char *bp_ids_text(struct bp_arena *a, const int64_t *v, size_t n)
{
	struct bp_buf b;
	const char *text;

	bp_buf_init(&b, (n + 1) * 24);
	bp_buf_chr(&b, '[');
	for (size_t i = 0; i < n; i++) {
		if (i)
			bp_buf_chr(&b, ',');
		bp_buf_int(&b, v[i]);
	}
	bp_buf_chr(&b, ']');
	text = bp_strndup(a, b.data, b.len);
	bp_buf_release(&b);
	return text;
}
