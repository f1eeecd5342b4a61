/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "intake/transform.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <locale.h>
#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wctype.h>

#include "base/buf.h"
#include "base/time.h"
#include "intake/registry.h"
#include "intake/value.h"

/* Of one match, and of a file: a fixed allowance and a little for each text, so that honest patterns never meet it. */
enum { MATCH_LIMIT = 100000, DEPTH_LIMIT = 1000, HEAP_KIB = 1024, SUBJECT_MOST = 4096, BUDGET_US = 2000000, BUDGET_PER_TEXT_US = 5 };
enum { OUT_MOST = 16 << 10 };

enum kind { UPPER, LOWER, TRIM, DATE_FORMAT, NUMBER_LOCALE, LOOKUP, SPLIT_LATLON, REGEX, CONCAT, KIND__MAX };
static const char *const kinds[] = {"UPPER", "LOWER", "TRIM", "DATE_FORMAT", "NUMBER_LOCALE", "LOOKUP", "SPLIT_LATLON", "REGEX", "CONCAT"};

struct pair {
	char key[IM_STEP_TEXT_MOST + 2];
	const char *to;
};
struct step {
	enum kind kind;
	const char *pattern, *replacement, *separator; /* DATE_FORMAT, REGEX, CONCAT */
	char decimal, group;
	struct pair *table; /* by key */
	size_t n_table;
	const char *other; /* LOOKUP: for words that the table has not; NULL = an error */
	bool second, lon_first;
	int column[IM_CONCAT_MOST];
	size_t n_columns;
	pcre2_code *code;
};
struct im_chain {
	struct step step[IM_STEPS_MOST];
	size_t n;
	locale_t letters; /* 0 = only A to Z */
	pcre2_match_context *limits;
	pcre2_match_data *match;
	int64_t spent, allowed; /* microseconds of matching in this file */
	bool off;
};

/* --- compiling --- */

struct compiling {
	struct bp_arena *keep;
	struct bp_fail *f;
	size_t at, n_columns;
	pcre2_code *code;
};

static enum bp_error bad(struct compiling *c, const char *what)
{
	return bp_fail(c->f, BP_E_FIELDS, "step %zu: %s", c->at + 1, what);
}

/* A text of the step; NULL when it is not given. */
static enum bp_error text_of(struct compiling *c, json_t *o, const char *name, size_t most, const char **out)
{
	json_t *v = json_object_get(o, name);

	*out = NULL;
	if (!v || json_is_null(v))
		return BP_E_OK;
	if (!json_is_string(v) || json_string_length(v) > most || strlen(json_string_value(v)) != json_string_length(v))
		return bad(c, bp_sprintf(c->keep, "\"%s\" must be a text of at most %zu bytes", name, most));
	*out = bp_strdup(c->keep, json_string_value(v));
	return BP_E_OK;
}

static enum bp_error compile_date(struct compiling *c, json_t *o, struct step *s)
{
	enum bp_error e = text_of(c, o, "pattern", 40, &s->pattern);

	if (e)
		return e;
	if (!s->pattern || !strpbrk(s->pattern, "Dd") || !strchr(s->pattern, 'M') || !strpbrk(s->pattern, "Yy"))
		return bad(c, "a date pattern needs day, month and year, such as DD/MM/YYYY, D-MMM-YY or YYYYMMDD");
	return BP_E_OK;
}

static enum bp_error compile_number(struct compiling *c, json_t *o, struct step *s)
{
	const char *decimal, *group;
	enum bp_error e = text_of(c, o, "decimal", 1, &decimal);

	if (!e)
		e = text_of(c, o, "group", 2, &group);
	if (e)
		return e;
	if (!decimal || (*decimal != '.' && *decimal != ','))
		return bad(c, "\"decimal\" must be . or ,");
	if (group && *group && (!strchr(".,' ", *group) || group[1] || *group == *decimal))
		return bad(c, "\"group\" must be another one of . , ' and space, or empty");
	s->decimal = *decimal;
	s->group = group ? *group : 0;
	return BP_E_OK;
}

/* Words are compared like column names; what has neither letter nor digit, as it is. */
static void key_of(const char *s, char *out, size_t size)
{
	if (!im_squash(s, strlen(s), out, size))
		snprintf(out, size, "%s", s);
}

static int by_key(const void *a, const void *b)
{
	return strcmp(((const struct pair *)a)->key, ((const struct pair *)b)->key);
}

static enum bp_error compile_lookup(struct compiling *c, json_t *o, struct step *s)
{
	json_t *table = json_object_get(o, "table"), *row;
	size_t i;
	enum bp_error e = text_of(c, o, "default", IM_STEP_TEXT_MOST, &s->other);

	if (e)
		return e;
	if (!json_is_array(table) || !json_array_size(table) || json_array_size(table) > IM_LOOKUP_MOST)
		return bad(c, "\"table\" must list 1 to 1000 pairs of from and to");
	s->table = bp_alloc_array(c->keep, json_array_size(table), sizeof(*s->table));
	json_array_foreach(table, i, row) {
		const char *from, *to;

		e = text_of(c, row, "from", IM_STEP_TEXT_MOST, &from);
		if (!e)
			e = text_of(c, row, "to", IM_STEP_TEXT_MOST, &to);
		if (!e && (!from || !to))
			e = bad(c, bp_sprintf(c->keep, "pair %zu of the table needs from and to", i + 1));
		if (e)
			return e;
		key_of(from, s->table[i].key, sizeof(s->table[i].key));
		s->table[i].to = to;
	}
	s->n_table = i;
	qsort(s->table, s->n_table, sizeof(*s->table), by_key);
	for (i = 1; i < s->n_table; i++)
		if (!strcmp(s->table[i - 1].key, s->table[i].key))
			return bad(c, bp_sprintf(c->keep, "the table has \"%.60s\" twice", s->table[i].key));
	return BP_E_OK;
}

static enum bp_error compile_split(struct compiling *c, json_t *o, struct step *s)
{
	const char *part, *order;
	enum bp_error e = text_of(c, o, "part", 3, &part);

	if (!e)
		e = text_of(c, o, "order", 6, &order);
	if (e)
		return e;
	if (!part || (strcmp(part, "LAT") && strcmp(part, "LON")))
		return bad(c, "\"part\" must be LAT or LON");
	if (order && strcmp(order, "LATLON") && strcmp(order, "LONLAT"))
		return bad(c, "\"order\" must be LATLON or LONLAT");
	s->second = !strcmp(part, "LON");
	s->lon_first = order && !strcmp(order, "LONLAT");
	return BP_E_OK;
}

static pcre2_code *pattern_code(const char *pattern, int *error, size_t *at)
{
	pcre2_compile_context *cc = pcre2_compile_context_create(NULL);
	pcre2_code *code;

	if (!cc)
		abort();
	pcre2_set_max_pattern_length(cc, IM_PATTERN_MOST);
	pcre2_set_parens_nest_limit(cc, 50);
	code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C, error, at, cc);
	pcre2_compile_context_free(cc);
	return code;
}

/* What is wrong with a replacement shows only when something matches: an empty pattern does. */
static int replacement_fault(const char *replacement)
{
	int error;
	size_t at, n = IM_PATTERN_MOST * 2;
	pcre2_code *code = pattern_code("", &error, &at);
	PCRE2_UCHAR out[IM_PATTERN_MOST * 2];
	int rc = code ? pcre2_substitute(code, (PCRE2_SPTR)"", 0, 0, PCRE2_SUBSTITUTE_UNKNOWN_UNSET | PCRE2_SUBSTITUTE_UNSET_EMPTY, NULL, NULL,
		(PCRE2_SPTR)replacement, PCRE2_ZERO_TERMINATED, out, &n) : 0;

	pcre2_code_free(code);
	return rc < 0 ? rc : 0;
}

static enum bp_error compile_regex(struct compiling *c, json_t *o, struct step *s)
{
	char what[120];
	size_t at = 0;
	int error;
	enum bp_error e = text_of(c, o, "pattern", IM_PATTERN_MOST, &s->pattern);

	if (!e)
		e = text_of(c, o, "replacement", IM_STEP_TEXT_MOST, &s->replacement);
	if (e)
		return e;
	if (!s->pattern || !*s->pattern)
		return bad(c, "\"pattern\" is missing");
	s->replacement = s->replacement ? s->replacement : "";
	s->code = pattern_code(s->pattern, &error, &at);
	if (!s->code) {
		pcre2_get_error_message(error, (PCRE2_UCHAR *)what, sizeof(what));
		return bad(c, bp_sprintf(c->keep, "the pattern is wrong at character %zu: %s", at + 1, what));
	}
	pcre2_jit_compile(s->code, PCRE2_JIT_COMPLETE); /* where there is none, matching is slower */
	error = replacement_fault(s->replacement);
	if (!error)
		return BP_E_OK;
	pcre2_get_error_message(error, (PCRE2_UCHAR *)what, sizeof(what));
	return bad(c, bp_sprintf(c->keep, "the replacement is wrong: %s", what));
}

static enum bp_error compile_concat(struct compiling *c, json_t *o, struct step *s)
{
	json_t *columns = json_object_get(o, "columns"), *v;
	size_t i;
	enum bp_error e = text_of(c, o, "separator", 20, &s->separator);

	if (e)
		return e;
	if (!json_is_array(columns) || !json_array_size(columns) || json_array_size(columns) > IM_CONCAT_MOST)
		return bad(c, "\"columns\" must list 1 to 10 columns");
	json_array_foreach(columns, i, v) {
		if (!json_is_integer(v) || json_integer_value(v) < 0 || json_integer_value(v) >= (json_int_t)c->n_columns)
			return bad(c, bp_sprintf(c->keep, "column %zu to join is none of the file", i + 1));
		s->column[s->n_columns++] = (int)json_integer_value(v);
	}
	s->separator = s->separator ? s->separator : " ";
	return BP_E_OK;
}

static enum bp_error compile_step(struct compiling *c, json_t *o, struct step *s)
{
	static enum bp_error (*const compile[KIND__MAX])(struct compiling *, json_t *, struct step *) = {[DATE_FORMAT] = compile_date,
		[NUMBER_LOCALE] = compile_number, [LOOKUP] = compile_lookup, [SPLIT_LATLON] = compile_split, [REGEX] = compile_regex,
		[CONCAT] = compile_concat};
	const char *kind = json_string_value(json_object_get(o, "kind"));
	int k = 0;

	while (k < KIND__MAX && (!kind || strcmp(kinds[k], kind)))
		k++;
	if (k == KIND__MAX)
		return bad(c, "\"kind\" must be UPPER, LOWER, TRIM, DATE_FORMAT, NUMBER_LOCALE, LOOKUP, SPLIT_LATLON, REGEX or CONCAT");
	s->kind = (enum kind)k;
	return compile[k] ? compile[k](c, o, s) : BP_E_OK;
}

enum bp_error im_chain_compile(json_t *steps, size_t n_columns, struct bp_arena *keep, struct im_chain **out, struct bp_fail *f)
{
	struct compiling c = {.keep = keep, .f = f, .n_columns = n_columns};
	struct im_chain *ch;
	enum bp_error e = BP_E_OK;

	*out = NULL;
	if (!steps || json_is_null(steps) || (json_is_array(steps) && !json_array_size(steps)))
		return BP_E_OK;
	if (!json_is_array(steps) || json_array_size(steps) > IM_STEPS_MOST)
		return bp_fail(f, BP_E_FIELDS, "\"transforms\" must list at most %d steps", IM_STEPS_MOST);
	ch = bp_alloc(keep, sizeof(*ch));
	for (ch->n = 0; !e && ch->n < json_array_size(steps); ch->n++) {
		c.at = ch->n;
		e = compile_step(&c, json_array_get(steps, ch->n), &ch->step[ch->n]);
		if (ch->step[ch->n].code && !ch->match) {
			ch->limits = pcre2_match_context_create(NULL);
			ch->match = pcre2_match_data_create(32, NULL);
			if (!ch->limits || !ch->match)
				abort();
			pcre2_set_match_limit(ch->limits, MATCH_LIMIT);
			pcre2_set_depth_limit(ch->limits, DEPTH_LIMIT);
			pcre2_set_heap_limit(ch->limits, HEAP_KIB);
		}
	}
	ch->allowed = BUDGET_US;
	ch->letters = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	if (e)
		im_chain_release(ch);
	else
		*out = ch;
	return e;
}

void im_chain_release(struct im_chain *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < IM_STEPS_MOST; i++)
		pcre2_code_free(c->step[i].code);
	pcre2_match_context_free(c->limits);
	pcre2_match_data_free(c->match);
	if (c->letters)
		freelocale(c->letters);
}

bool im_chain_off(const struct im_chain *c)
{
	return c && c->off;
}

bool im_chain_splits(const struct im_chain *c)
{
	for (size_t i = 0; c && i < c->n; i++)
		if (c->step[i].kind == SPLIT_LATLON)
			return true;
	return false;
}

/* --- running --- */

/* One code point at *p of well-formed UTF-8; a byte that is none stands for itself. */
static unsigned long take(const unsigned char **p)
{
	unsigned long c = *(*p)++;
	int more = c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : c >= 0xC0 ? 1 : 0;

	if (more)
		c &= 0x3Fu >> more;
	for (; more && (**p & 0xC0) == 0x80; more--)
		c = c << 6 | (*(*p)++ & 0x3F);
	return c;
}

static char *put(char *o, unsigned long c)
{
	if (c < 0x80) {
		*o++ = (char)c;
	} else if (c < 0x800) {
		*o++ = (char)(0xC0 | c >> 6);
		*o++ = (char)(0x80 | (c & 0x3F));
	} else if (c < 0x10000) {
		*o++ = (char)(0xE0 | c >> 12);
		*o++ = (char)(0x80 | (c >> 6 & 0x3F));
		*o++ = (char)(0x80 | (c & 0x3F));
	} else {
		*o++ = (char)(0xF0 | c >> 18);
		*o++ = (char)(0x80 | (c >> 12 & 0x3F));
		*o++ = (char)(0x80 | (c >> 6 & 0x3F));
		*o++ = (char)(0x80 | (c & 0x3F));
	}
	return o;
}

/* Capital or small letters of any script. */
static const char *letters(const struct im_chain *ch, const char *s, bool upper, struct bp_arena *a)
{
	char *out = bp_alloc(a, strlen(s) * 2 + 5), *o = out; /* no letter grows beyond three bytes for two */

	for (const unsigned char *p = (const unsigned char *)s; *p;) {
		unsigned long c = take(&p);

		if (c < 0x80)
			c = upper ? (c >= 'a' && c <= 'z' ? c - 32 : c) : c >= 'A' && c <= 'Z' ? c + 32 : c;
		else if (ch->letters)
			c = upper ? towupper_l((wint_t)c, ch->letters) : towlower_l((wint_t)c, ch->letters);
		o = put(o, c);
	}
	*o = '\0';
	return out;
}

/* Spaces at the ends go, also no-break ones; several inside become one. */
static const char *trim(const char *s, struct bp_arena *a)
{
	char *out = bp_alloc(a, strlen(s) + 1), *o = out;

	for (; *s; s++) {
		bool gap = *s == ' ' || (unsigned char)*s < 0x20;

		if (!strncmp(s, "\xC2\xA0", 2)) {
			gap = true;
			s++;
		}
		if (!gap)
			*o++ = *s;
		else if (o > out && o[-1] != ' ')
			*o++ = ' ';
	}
	if (o > out && o[-1] == ' ')
		o--;
	*o = '\0';
	return out;
}

/* Digits at *s, at least one and at most `most`; -1 when there are none. */
static int digits(const char **s, int most)
{
	int v = 0, n = 0;

	for (; n < most && **s >= '0' && **s <= '9'; n++)
		v = v * 10 + (*(*s)++ - '0');
	return n ? v : -1;
}

static const char *date(const char *pattern, const char *s, struct bp_arena *a)
{
	int day = 0, month = 0, year = 0, v = 0;
	int64_t days;
	char *iso;

	for (const char *p = pattern; *p && v >= 0;) {
		size_t n = strspn(p, (char[]){*p, '\0'});

		if (!strncmp(p, "MI", 2)) { /* minutes */
			v = digits(&s, 2);
			p += 2;
			continue;
		}
		switch (*p) {
		case 'Y': case 'y': v = year = digits(&s, n > 2 ? 4 : 2); break;
		case 'D': case 'd': v = day = digits(&s, 2); break;
		case 'M':
			if (n < 3) {
				v = month = digits(&s, 2);
				break;
			}
			v = month = im_month_of(s);
			while ((*s >= 'A' && *s <= 'Z') || (*s >= 'a' && *s <= 'z') || (unsigned char)*s >= 0x80)
				s++;
			break;
		case 'H': case 'h': case 'm': case 'S': case 's': v = digits(&s, 2); break;
		default:
			n = 1;
			v = *s == *p ? 0 : -1;
			s += v == 0;
		}
		p += n;
	}
	if (v < 0 || *s)
		return NULL;
	if (year < 100)
		year += year < 70 ? 2000 : 1900;
	iso = bp_sprintf(a, "%04d-%02d-%02d", year, month, day);
	return bp_date_parse(iso, &days) ? iso : NULL;
}

static const char *number(const struct step *st, const char *s, struct bp_arena *a)
{
	char *out = bp_alloc(a, strlen(s) + 2), *o = out;
	bool dot = false, any = false;
	size_t behind = 0;

	if (*s == '-' || *s == '+')
		*o++ = *s++;
	for (; *s; s++) {
		if (*s >= '0' && *s <= '9') {
			*o++ = *s;
			any = true;
			behind += dot;
		} else if (*s == st->decimal && !dot) {
			dot = true;
			*o++ = '.';
		} else if (!strncmp(s, "\xC2\xA0", 2) && st->group == ' ') {
			s++;
		} else if (!strncmp(s, "\xE2\x80\xAF", 3) && st->group == ' ') {
			s += 2;
		} else if (!st->group || *s != st->group || dot) {
			return NULL;
		}
	}
	if (behind == 3) /* three digits behind a mark could be read as a group again */
		*o++ = '0';
	*o = '\0';
	return any ? out : NULL;
}

static const char *lookup(const struct step *st, const char *s)
{
	struct pair want, *hit;

	if (strlen(s) > IM_STEP_TEXT_MOST)
		return st->other;
	key_of(s, want.key, sizeof(want.key));
	hit = bsearch(&want, st->table, st->n_table, sizeof(want), by_key);
	return hit ? hit->to : st->other;
}

static const char *split(const struct step *st, const char *s, struct bp_arena *a)
{
	int64_t v[2];
	int n;

	if (im_parse_coordinates(s, v, &n) != IM_P_FINE || n != 2)
		return NULL;
	return bp_sprintf(a, "%.6f", (double)v[st->second != st->lon_first] / 1e6);
}

static const char *concat(const struct step *st, const char *s, const struct im_row *row, struct bp_arena *a)
{
	struct bp_buf b;
	const char *out;

	bp_buf_init(&b, IM_FIELD_MOST * 2);
	bp_buf_str(&b, s);
	for (size_t i = 0; i < st->n_columns; i++) {
		const char *t = row && (size_t)st->column[i] < row->n ? row->field[st->column[i]].s : "";

		if (*t && b.len)
			bp_buf_str(&b, st->separator);
		bp_buf_str(&b, t);
	}
	out = bp_strdup(a, b.data);
	bp_buf_release(&b);
	return out;
}

static const char *replace(struct im_chain *ch, const struct step *st, const char *s, struct bp_arena *a)
{
	size_t len = strlen(s), n = OUT_MOST;
	PCRE2_UCHAR out[OUT_MOST];
	int64_t start;
	int rc;

	if (ch->off || len > SUBJECT_MOST)
		return NULL;
	start = bp_monotonic_us();
	rc = pcre2_substitute(st->code, (PCRE2_SPTR)s, len, 0, PCRE2_SUBSTITUTE_GLOBAL | PCRE2_SUBSTITUTE_UNKNOWN_UNSET | PCRE2_SUBSTITUTE_UNSET_EMPTY,
		ch->match, ch->limits, (PCRE2_SPTR)st->replacement, PCRE2_ZERO_TERMINATED, out, &n);
	ch->spent += bp_monotonic_us() - start;
	ch->allowed += BUDGET_PER_TEXT_US;
	ch->off = ch->spent > ch->allowed;
	return rc < 0 ? NULL : rc == 0 ? s : bp_strndup(a, (const char *)out, n);
}

const char *im_chain_run(struct im_chain *c, const char *s, const struct im_row *row, struct bp_arena *a, enum im_step_fault *fault,
	const char **remedy)
{
	*fault = IM_S_FINE;
	*remedy = "";
	s = s ? s : "";
	for (size_t i = 0; c && i < c->n; i++) {
		struct step *st = &c->step[i];
		const char *next = s;

		if (!*s && st->kind != CONCAT && (st->kind != LOOKUP || !lookup(st, s)))
			continue;
		switch (st->kind) {
		case UPPER: next = letters(c, s, true, a); break;
		case LOWER: next = letters(c, s, false, a); break;
		case TRIM: next = trim(s, a); break;
		case DATE_FORMAT: next = date(st->pattern, s, a); break;
		case NUMBER_LOCALE: next = number(st, s, a); break;
		case LOOKUP: next = lookup(st, s); break;
		case SPLIT_LATLON: next = split(st, s, a); break;
		case REGEX: next = replace(c, st, s, a); break;
		default: next = concat(st, s, row, a); break;
		}
		if (!next) {
			*fault = st->kind == LOOKUP ? IM_S_LOOKUP : st->kind == REGEX ? IM_S_REGEX : IM_S_FORM;
			*remedy = st->kind == DATE_FORMAT ? st->pattern : st->kind == REGEX ? st->pattern : st->kind == SPLIT_LATLON ? "two coordinates" : "";
			return s;
		}
		s = next;
	}
	return s;
}
