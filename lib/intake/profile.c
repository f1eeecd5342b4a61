/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/profile.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "intake/value.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" /* a code may end in digits, a number has none of these */

enum { REGISTERS = 4096, REGISTER_BITS = 12, VALUES = 256, FORMS = 64, TEXT_MOST = 60, FORM_MOST = 24, SHOWN = 8 };

struct counted {
	char text[TEXT_MOST + 4];
	uint64_t hash, n;
};
struct table {
	struct counted *slot;
	size_t size, most, n; /* `size` is a power of two above `most` */
};
struct column {
	uint64_t filled, numbers;
	double lo, hi;
	char least[TEXT_MOST + 4], most[TEXT_MOST + 4];
	unsigned char reg[REGISTERS];
	struct table values, forms;
};
struct im_profile {
	uint64_t rows;
	size_t n;
	bool decimal_comma;
	struct column *column;
};

static void table_init(struct table *t, size_t most, struct bp_arena *a)
{
	t->most = most;
	t->size = most * 2;
	t->slot = bp_alloc_array(a, t->size, sizeof(*t->slot));
}

struct im_profile *im_profile_new(size_t n_columns, bool decimal_comma, struct bp_arena *keep)
{
	struct im_profile *p = bp_alloc(keep, sizeof(*p));

	p->n = n_columns;
	p->decimal_comma = decimal_comma;
	p->column = bp_alloc_array(keep, n_columns, sizeof(*p->column));
	for (size_t i = 0; i < n_columns; i++) {
		table_init(&p->column[i].values, VALUES, keep);
		table_init(&p->column[i].forms, FORMS, keep);
	}
	return p;
}

static uint64_t hash_of(const char *s, size_t n)
{
	uint64_t h = 1469598103934665603u;

	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)s[i]) * 1099511628211u;
	h ^= h >> 33; /* the finish of MurmurHash3: all bits are needed */
	h *= 0xff51afd7ed558ccdu;
	h ^= h >> 33;
	h *= 0xc4ceb9fe1a85ec53u;
	return h ^ h >> 33;
}

/* The first TEXT_MOST bytes, whole characters. */
static void keep_text(char out[TEXT_MOST + 4], const char *s, size_t n)
{
	size_t k = n < TEXT_MOST ? n : TEXT_MOST;

	while (k < n && k && ((unsigned char)s[k] & 0xC0) == 0x80)
		k--;
	memcpy(out, s, k);
	memcpy(out + k, k < n ? "\xE2\x80\xA6" : "", k < n ? 4 : 1);
}

static void count(struct table *t, const char *s, size_t n, uint64_t hash)
{
	size_t i = hash & (t->size - 1);

	while (t->slot[i].n && t->slot[i].hash != hash)
		i = (i + 1) & (t->size - 1);
	if (!t->slot[i].n) {
		if (t->n == t->most)
			return;
		t->n++;
		t->slot[i].hash = hash;
		keep_text(t->slot[i].text, s, n);
	}
	t->slot[i].n++;
}

/* "AB-1234" -> "AA-9999", at most FORM_MOST characters; everything beyond ASCII is a letter. */
static size_t form_of(const char *s, char out[FORM_MOST + 1])
{
	size_t k = 0;

	for (; *s && k < FORM_MOST; s++) {
		unsigned char c = (unsigned char)*s;

		if ((c & 0xC0) == 0x80)
			continue;
		out[k++] = c >= '0' && c <= '9' ? '9' : c >= 'A' && c <= 'Z' ? 'A' : (c >= 'a' && c <= 'z') || c >= 0x80 ? 'a' : (char)c;
	}
	out[k] = '\0';
	return k;
}

static void look(struct im_profile *p, struct column *c, const char *s, size_t n)
{
	uint64_t h = hash_of(s, n), rest = h << REGISTER_BITS;
	unsigned char rank = rest ? (unsigned char)(__builtin_clzll(rest) + 1) : 64 - REGISTER_BITS + 1;
	char form[FORM_MOST + 1];
	struct im_two two;
	double d;

	c->filled++;
	if (rank > c->reg[h >> (64 - REGISTER_BITS)])
		c->reg[h >> (64 - REGISTER_BITS)] = rank;
	count(&c->values, s, n, h);
	n = form_of(s, form);
	count(&c->forms, form, n, hash_of(form, n));
	if (!strpbrk(s, LETTERS) && im_parse_number(s, p->decimal_comma, &d, &two) <= IM_P_TWO_WAYS) {
		c->lo = c->numbers && c->lo < d ? c->lo : d;
		c->hi = c->numbers && c->hi > d ? c->hi : d;
		c->numbers++;
	}
	if (c->filled == 1 || strncmp(s, c->least, TEXT_MOST) < 0)
		keep_text(c->least, s, strlen(s));
	if (c->filled == 1 || strncmp(s, c->most, TEXT_MOST) > 0)
		keep_text(c->most, s, strlen(s));
}

void im_profile_row(struct im_profile *p, const struct im_row *row)
{
	p->rows++;
	for (size_t i = 0; i < p->n && i < row->n; i++)
		if (row->field[i].n)
			look(p, &p->column[i], row->field[i].s, row->field[i].n);
}

static uint64_t distinct(const struct column *c)
{
	double sum = 0, e;
	size_t zeros = 0;

	if (c->values.n < c->values.most)
		return c->values.n;
	for (size_t i = 0; i < REGISTERS; i++) {
		sum += ldexp(1, -c->reg[i]);
		zeros += c->reg[i] == 0;
	}
	e = 0.7213 / (1 + 1.079 / REGISTERS) * REGISTERS * REGISTERS / sum;
	if (e < 2.5 * REGISTERS && zeros)
		e = REGISTERS * log((double)REGISTERS / (double)zeros);
	return (uint64_t)(e + 0.5) < c->filled ? (uint64_t)(e + 0.5) : c->filled;
}

static int by_count(const void *a, const void *b)
{
	const struct counted *x = *(const struct counted *const *)a, *y = *(const struct counted *const *)b;

	return x->n != y->n ? (x->n < y->n) - (x->n > y->n) : strcmp(x->text, y->text);
}

static json_t *most_frequent(const struct table *t, const char *name)
{
	const struct counted *list[VALUES];
	json_t *out = json_array();
	size_t n = 0;

	for (size_t i = 0; i < t->size; i++)
		if (t->slot[i].n)
			list[n++] = &t->slot[i];
	qsort(list, n, sizeof(list[0]), by_count);
	for (size_t i = 0; i < n && i < SHOWN; i++) {
		json_t *o = json_object();

		json_object_set_new(o, name, json_string(list[i]->text));
		json_object_set_new(o, "n", json_integer((json_int_t)list[i]->n));
		json_array_append_new(out, o);
	}
	return out;
}

char *im_profile_json(const struct im_profile *p, size_t column)
{
	const struct column *c = &p->column[column];
	bool numbers = c->filled && c->numbers * 20 >= c->filled * 19;
	char lo[32], hi[32], *text;
	json_t *o = json_object();

	snprintf(lo, sizeof(lo), "%.10g", c->lo);
	snprintf(hi, sizeof(hi), "%.10g", c->hi);
	json_object_set_new(o, "rows", json_integer((json_int_t)p->rows));
	json_object_set_new(o, "filled", json_integer((json_int_t)c->filled));
	json_object_set_new(o, "distinct", json_integer((json_int_t)distinct(c)));
	json_object_set_new(o, "numbers", json_integer((json_int_t)c->numbers));
	json_object_set_new(o, "least", c->filled ? json_string(numbers ? lo : c->least) : json_null());
	json_object_set_new(o, "most", c->filled ? json_string(numbers ? hi : c->most) : json_null());
	json_object_set_new(o, "top", most_frequent(&c->values, "value"));
	json_object_set_new(o, "patterns", most_frequent(&c->forms, "pattern"));
	text = json_dumps(o, JSON_COMPACT);
	json_decref(o);
	return text;
}
