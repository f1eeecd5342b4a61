/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/shape.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"

#define NAME_MAX_BYTES 96
#define AT(p, f, T) (*(T *)((char *)(p) + (f)->off))
#define AT_CONST(p, f, T) (*(T const *)((const char *)(p) + (f)->off))

void bp_wire_name(const char *name, char *out)
{
	while (*name) {
		if (*name == '_') {
			if (*++name)
				*out++ = (char)toupper((unsigned char)*name++);
		} else {
			*out++ = *name++;
		}
	}
	*out = '\0';
}

static void complain(json_t *errors, const char *at, const char *key, const char *problem)
{
	json_t *e = json_object();

	json_object_set_new(e, "pointer", json_sprintf("%s/%s", at, key));
	json_object_set_new(e, "problem", json_string(problem));
	json_array_append_new(errors, e);
}

static bool decode_at(const struct bp_shape *s, struct bp_arena *a, json_t *in, void *out, json_t *errors,
	const char *at);

static size_t item_size(const struct bp_field *f)
{
	switch (f->item) {
	case BP_TYPE_OBJ:
		return f->sub->size;
	case BP_TYPE_INT:
		return sizeof(int64_t);
	case BP_TYPE_DATE:
		return sizeof(struct bp_opt_int);
	default:
		return sizeof(const char *);
	}
}

static const char *decode_list(
	const struct bp_field *f, struct bp_arena *a, json_t *v, void *out, json_t *errors, const char *at)
{
	struct bp_list *list = &AT(out, f, struct bp_list);
	json_t *item;
	size_t i;

	if (!json_is_array(v))
		return "must be an array";
	if ((double)json_array_size(v) > f->max)
		return bp_sprintf(a, "must hold at most %.0f elements", f->max);
	list->n = json_array_size(v);
	list->v = bp_alloc_array(a, list->n, item_size(f));
	json_array_foreach(v, i, item) {
		char *where = bp_sprintf(a, "%s/%zu", at, i);

		switch (f->item) {
		case BP_TYPE_OBJ:
			decode_at(f->sub, a, item, (char *)list->v + i * f->sub->size, errors, where);
			break;
		case BP_TYPE_INT:
			if (!json_is_integer(item))
				complain(errors, at, bp_sprintf(a, "%zu", i), "must be an integer");
			((int64_t *)list->v)[i] = json_integer_value(item);
			break;
		case BP_TYPE_STR:
			if (!json_is_string(item))
				complain(errors, at, bp_sprintf(a, "%zu", i), "must be a string");
			((const char **)list->v)[i] = json_string_value(item);
			break;
		default:
			return "is not read";
		}
	}
	return NULL;
}

static void put_int(const struct bp_field *f, void *out, int64_t v)
{
	if (f->flags & BP_NUL)
		AT(out, f, struct bp_opt_int) = BP_SOME_INT(v);
	else
		AT(out, f, int64_t) = v;
}

/* Store one present, non-null value; returns what is wrong with it or NULL. */
static const char *store(
	const struct bp_field *f, struct bp_arena *a, json_t *v, void *out, json_t *errors, const char *at)
{
	double x;
	int64_t day;

	switch (f->type) {
	case BP_TYPE_STR:
		if (!json_is_string(v))
			return "must be a string";
		x = (double)json_string_length(v);
		if (strlen(json_string_value(v)) != json_string_length(v))
			return "must not hold a NUL character";
		if (x < f->min || x > f->max)
			return bp_sprintf(a, "must be %.0f to %.0f bytes long", f->min, f->max);
		AT(out, f, const char *) = json_string_value(v);
		return NULL;
	case BP_TYPE_ENUM:
		for (const char *const *c = f->choices; *c && json_is_string(v); c++)
			if (!strcmp(*c, json_string_value(v))) {
				AT(out, f, const char *) = *c;
				return NULL;
			}
		return "is not one of the allowed values";
	case BP_TYPE_INT:
		if (!json_is_integer(v))
			return "must be an integer";
		x = (double)json_integer_value(v);
		if (x < f->min || x > f->max)
			return bp_sprintf(a, "must be %.0f to %.0f", f->min, f->max);
		put_int(f, out, json_integer_value(v));
		return NULL;
	case BP_TYPE_NUM:
		if (!json_is_number(v))
			return "must be a number";
		x = json_number_value(v);
		if (!(x >= f->min && x <= f->max))
			return bp_sprintf(a, "must be %g to %g", f->min, f->max);
		if (f->flags & BP_NUL)
			AT(out, f, struct bp_opt_num) = BP_SOME_NUM(x);
		else
			AT(out, f, double) = x;
		return NULL;
	case BP_TYPE_BOOL:
		if (!json_is_boolean(v))
			return "must be true or false";
		AT(out, f, bool) = json_is_true(v);
		return NULL;
	case BP_TYPE_DATE:
		if (!json_is_string(v) || !bp_date_parse(json_string_value(v), &day))
			return "must be a date like 2026-11-23";
		put_int(f, out, day);
		return NULL;
	case BP_TYPE_OBJ:
		AT(out, f, void *) = bp_alloc(a, f->sub->size);
		decode_at(f->sub, a, v, AT(out, f, void *), errors, at);
		return NULL;
	case BP_TYPE_LIST:
		return decode_list(f, a, v, out, errors, at);
	case BP_TYPE_JSON:
		AT(out, f, json_t *) = v;
		return NULL;
	case BP_TYPE_TIME:
		break;
	}
	return "is not read";
}

static void store_null(const struct bp_field *f, void *out)
{
	switch (f->type) {
	case BP_TYPE_INT:
	case BP_TYPE_DATE:
	case BP_TYPE_TIME:
		AT(out, f, struct bp_opt_int) = BP_NO_INT;
		break;
	case BP_TYPE_NUM:
		AT(out, f, struct bp_opt_num) = (struct bp_opt_num){0};
		break;
	case BP_TYPE_BOOL:
		AT(out, f, bool) = false;
		break;
	case BP_TYPE_LIST:
		AT(out, f, struct bp_list) = (struct bp_list){0};
		break;
	default:
		AT(out, f, void *) = NULL;
	}
}

static bool decode_at(const struct bp_shape *s, struct bp_arena *a, json_t *in, void *out, json_t *errors,
	const char *at)
{
	size_t before = json_array_size(errors);
	char wire[NAME_MAX_BYTES];
	uint64_t seen = 0;
	const char *key;
	json_t *v;

	if (!json_is_object(in)) {
		complain(errors, at, "", "must be an object");
		return false;
	}
	for (size_t i = 0; i < s->n; i++) {
		const struct bp_field *f = &s->f[i];
		const char *problem = NULL;

		bp_wire_name(f->name, wire);
		v = json_object_get(in, wire);
		if (v)
			seen |= UINT64_C(1) << i;
		if (!v && f->flags & BP_REQ)
			problem = "is required";
		else if (json_is_null(v) && !(f->flags & BP_NUL))
			problem = "must not be null";
		else if (v && !json_is_null(v))
			problem = store(f, a, v, out, errors, bp_sprintf(a, "%s/%s", at, wire));
		else if (!(f->flags & BP_DEF))
			store_null(f, out);
		if (problem)
			complain(errors, at, wire, problem);
	}
	if (s->seen)
		*(uint64_t *)(void *)((char *)out + s->seen - 1) = seen;
	json_object_foreach(in, key, v) {
		size_t i;

		for (i = 0; i < s->n; i++) {
			bp_wire_name(s->f[i].name, wire);
			if (!strcmp(key, wire))
				break;
		}
		if (i == s->n)
			complain(errors, at, key, "is not a known field");
	}
	return json_array_size(errors) == before;
}

bool bp_shape_decode(const struct bp_shape *s, struct bp_arena *a, json_t *in, void *out, json_t *errors)
{
	return decode_at(s, a, in, out, errors, "");
}

void bp_url_decode(char *s)
{
	char *d = s;

	for (; *s; s++) {
		if (*s == '+') {
			*d++ = ' ';
		} else if (*s == '%' && isxdigit((unsigned char)s[1]) && isxdigit((unsigned char)s[2])) {
			char hex[3] = {s[1], s[2], '\0'};
			char c = (char)strtol(hex, NULL, 16);

			if (c)
				*d++ = c;
			s += 2;
		} else {
			*d++ = *s;
		}
	}
	*d = '\0';
}

/* What a query value means for a field, as JSON; NULL when it is no such value. */
static json_t *query_value(const struct bp_field *f, const char *s)
{
	char *end;

	errno = 0;
	if (f->type == BP_TYPE_INT) {
		long long v = strtoll(s, &end, 10);

		return *s && !*end && !errno ? json_integer(v) : NULL;
	}
	if (f->type == BP_TYPE_NUM) {
		double v = strtod(s, &end);

		return *s && !*end && isfinite(v) ? json_real(v) : NULL;
	}
	if (f->type == BP_TYPE_BOOL)
		return !strcmp(s, "1") || !strcmp(s, "true") ? json_true()
			: !strcmp(s, "0") || !strcmp(s, "false") ? json_false() : NULL;
	return json_string(s);
}

bool bp_shape_decode_query(
	const struct bp_shape *s, struct bp_arena *a, const char *query, void *out, json_t *errors)
{
	json_t *in = json_object();
	char *copy = bp_strdup(a, query ? query : ""), *save = NULL, wire[NAME_MAX_BYTES];
	bool ok, sound = true;

	for (char *pair = strtok_r(copy, "&", &save); pair; pair = strtok_r(NULL, "&", &save)) {
		char *value = strchr(pair, '=');
		json_t *v = NULL;
		size_t i;

		if (value)
			*value++ = '\0';
		else
			value = pair + strlen(pair);
		bp_url_decode(pair);
		bp_url_decode(value);
		for (i = 0; i < s->n; i++) {
			bp_wire_name(s->f[i].name, wire);
			if (!strcmp(pair, wire))
				break;
		}
		/* An empty value is the same as none: forms send them. */
		if (i < s->n && !*value)
			continue;
		if (i < s->n)
			v = query_value(&s->f[i], value);
		if (json_object_get(in, pair)) {
			complain(errors, "", i < s->n ? wire : "?", "is given twice");
			sound = false;
		}
		/* Anything else goes to the decoder as a string, which then complains in the usual words. */
		if (json_object_set_new(in, pair, v ? v : json_string(value))) {
			complain(errors, "", i < s->n ? wire : "?", "is not UTF-8");
			sound = false;
		}
	}
	ok = bp_shape_decode(s, a, in, out, errors) && sound;
	/* Strings are borrowed from `in`: move them to the arena before it goes. */
	for (size_t i = 0; i < s->n && ok; i++)
		if (s->f[i].type == BP_TYPE_STR)
			AT(out, &s->f[i], const char *) = bp_strdup(a, AT(out, &s->f[i], const char *));
	json_decref(in);
	return ok;
}

/* Length of the UTF-8 character at s, or 0 when it is none. */
static size_t utf8_length(const unsigned char *s)
{
	size_t n = *s < 0x80 ? 1 : *s >= 0xC2 && *s < 0xE0 ? 2 : *s >= 0xE0 && *s < 0xF0 ? 3 : *s >= 0xF0 && *s < 0xF5 ? 4 : 0;

	for (size_t i = 1; i < n; i++)
		if ((s[i] & 0xC0) != 0x80)
			return 0;
	if ((n == 3 && ((*s == 0xE0 && s[1] < 0xA0) || (*s == 0xED && s[1] > 0x9F))) ||
		(n == 4 && ((*s == 0xF0 && s[1] < 0x90) || (*s == 0xF4 && s[1] > 0x8F))))
		return 0;
	return n;
}

void bp_json_string(struct bp_buf *out, const char *s)
{
	const unsigned char *p = (const unsigned char *)s, *plain;

	if (!s) {
		bp_buf_str(out, "null");
		return;
	}
	bp_buf_chr(out, '"');
	for (plain = p; *p;) {
		size_t n = *p >= 0x20 && *p != '"' && *p != '\\' && *p != 0x7f ? utf8_length(p) : 0;

		if (n) {
			p += n;
			continue;
		}
		bp_buf_add(out, plain, (size_t)(p - plain));
		if (*p == '"' || *p == '\\')
			bp_buf_printf(out, "\\%c", *p);
		else if (*p < 0x80)
			bp_buf_printf(out, "\\u%04x", *p);
		else
			bp_buf_str(out, "\\ufffd");
		plain = ++p;
	}
	bp_buf_add(out, plain, (size_t)(p - plain));
	bp_buf_chr(out, '"');
}

void bp_json_number(struct bp_buf *out, double v)
{
	if (!isfinite(v))
		bp_buf_str(out, "null");
	else if (v == floor(v) && fabs(v) < 1e15)
		bp_buf_int(out, (long long)v);
	else
		bp_buf_printf(out, "%.10g", v);
}

static void encode_date(struct bp_buf *out, int64_t date)
{
	char text[BP_DATE_SIZE];

	bp_date_format(date, text);
	bp_buf_printf(out, "\"%s\"", text);
}

static void encode_list(const struct bp_field *f, const struct bp_list *list, struct bp_buf *out)
{
	bp_buf_chr(out, '[');
	for (size_t i = 0; i < list->n; i++) {
		if (i)
			bp_buf_chr(out, ',');
		switch (f->item) {
		case BP_TYPE_OBJ:
			bp_shape_encode(f->sub, (const char *)list->v + i * f->sub->size, out);
			break;
		case BP_TYPE_INT:
			bp_buf_int(out, ((const int64_t *)list->v)[i]);
			break;
		case BP_TYPE_DATE:
			if (((const struct bp_opt_int *)list->v)[i].set)
				encode_date(out, ((const struct bp_opt_int *)list->v)[i].v);
			else
				bp_buf_str(out, "null");
			break;
		default:
			bp_json_string(out, ((const char *const *)list->v)[i]);
		}
	}
	bp_buf_chr(out, ']');
}

static void encode_field(const struct bp_field *f, const void *in, struct bp_buf *out)
{
	struct bp_opt_int i = {0};
	char text[BP_INSTANT_SIZE];

	switch (f->type) {
	case BP_TYPE_STR:
	case BP_TYPE_ENUM:
		bp_json_string(out, AT_CONST(in, f, char *));
		return;
	case BP_TYPE_INT:
	case BP_TYPE_DATE:
	case BP_TYPE_TIME:
		i = f->flags & BP_NUL ? AT_CONST(in, f, struct bp_opt_int) : BP_SOME_INT(AT_CONST(in, f, int64_t));
		if (!i.set) {
			bp_buf_str(out, "null");
		} else if (f->type == BP_TYPE_INT) {
			bp_buf_int(out, i.v);
		} else if (f->type == BP_TYPE_DATE) {
			encode_date(out, i.v);
		} else {
			bp_instant_format(i.v, text);
			bp_buf_printf(out, "\"%s\"", text);
		}
		return;
	case BP_TYPE_NUM:
		if (!(f->flags & BP_NUL))
			bp_json_number(out, AT_CONST(in, f, double));
		else if (AT_CONST(in, f, struct bp_opt_num).set)
			bp_json_number(out, AT_CONST(in, f, struct bp_opt_num).v);
		else
			bp_buf_str(out, "null");
		return;
	case BP_TYPE_BOOL:
		bp_buf_str(out, AT_CONST(in, f, bool) ? "true" : "false");
		return;
	case BP_TYPE_OBJ:
		if (AT_CONST(in, f, void *))
			bp_shape_encode(f->sub, AT_CONST(in, f, void *), out);
		else
			bp_buf_str(out, "null");
		return;
	case BP_TYPE_LIST:
		encode_list(f, &AT_CONST(in, f, struct bp_list), out);
		return;
	case BP_TYPE_JSON:
		bp_buf_str(out, AT_CONST(in, f, char *) ? AT_CONST(in, f, char *) : "null");
		return;
	}
}

void bp_shape_encode(const struct bp_shape *s, const void *in, struct bp_buf *out)
{
	char wire[NAME_MAX_BYTES];

	bp_buf_chr(out, '{');
	for (size_t i = 0; i < s->n; i++) {
		bp_wire_name(s->f[i].name, wire);
		bp_buf_printf(out, "%s\"%s\":", i ? "," : "", wire);
		encode_field(&s->f[i], in, out);
	}
	bp_buf_chr(out, '}');
}

static json_t *schema_of_type(enum bp_type t)
{
	static const char *const names[] = {"string", "string", "integer", "number", "boolean", "string", "string",
		"object", "array", NULL};
	json_t *o = json_object();

	if (names[t])
		json_object_set_new(o, "type", json_string(names[t]));
	if (t == BP_TYPE_DATE)
		json_object_set_new(o, "format", json_string("date"));
	if (t == BP_TYPE_TIME)
		json_object_set_new(o, "format", json_string("date-time"));
	return o;
}

static json_t *schema_ref(const struct bp_shape *s)
{
	json_t *o = json_object();

	json_object_set_new(o, "$ref", json_sprintf("#/components/schemas/%s", s->name));
	return o;
}

static json_t *schema_or_null(json_t *schema)
{
	json_t *any = json_array(), *null = json_object(), *o = json_object();

	json_object_set_new(null, "type", json_string("null"));
	json_array_append_new(any, schema);
	json_array_append_new(any, null);
	json_object_set_new(o, "anyOf", any);
	return o;
}

static json_t *schema_of_field(const struct bp_field *f)
{
	json_t *o, *items;

	if (f->type == BP_TYPE_OBJ) {
		o = schema_ref(f->sub);
	} else {
		o = schema_of_type(f->type);
		if (f->type == BP_TYPE_STR && f->max > 0) {
			json_object_set_new(o, "minLength", json_integer(f->min > 0));
			json_object_set_new(o, "maxLength", json_integer((json_int_t)f->max));
		} else if (f->type == BP_TYPE_INT && f->max > f->min) {
			json_object_set_new(o, "minimum", json_integer((json_int_t)f->min));
			json_object_set_new(o, "maximum", json_integer((json_int_t)f->max));
		} else if (f->type == BP_TYPE_NUM && f->max > f->min) {
			json_object_set_new(o, "minimum", json_real(f->min));
			json_object_set_new(o, "maximum", json_real(f->max));
		} else if (f->type == BP_TYPE_ENUM) {
			json_object_set_new(o, "enum", items = json_array());
			for (const char *const *c = f->choices; *c; c++)
				json_array_append_new(items, json_string(*c));
		} else if (f->type == BP_TYPE_LIST) {
			items = f->item == BP_TYPE_OBJ ? schema_ref(f->sub) : schema_of_type(f->item);
			if (f->item == BP_TYPE_DATE)
				items = schema_or_null(items);
			json_object_set_new(o, "items", items);
			if (f->max > 0)
				json_object_set_new(o, "maxItems", json_integer((json_int_t)f->max));
		}
	}
	if (f->flags & BP_NUL)
		o = schema_or_null(o);
	json_object_set_new(o, "description", json_string(f->doc));
	return o;
}

json_t *bp_shape_schema(const struct bp_shape *s)
{
	json_t *o = json_object(), *props = json_object(), *req = json_array();
	char wire[NAME_MAX_BYTES];

	for (size_t i = 0; i < s->n; i++) {
		bp_wire_name(s->f[i].name, wire);
		json_object_set_new(props, wire, schema_of_field(&s->f[i]));
		if (s->f[i].flags & BP_REQ)
			json_array_append_new(req, json_string(wire));
	}
	json_object_set_new(o, "type", json_string("object"));
	json_object_set_new(o, "properties", props);
	json_object_set_new(o, "required", req);
	json_object_set_new(o, "additionalProperties", json_false());
	return o;
}

struct bp_list bp_list_split(struct bp_arena *a, const char *s, char sep)
{
	const char **v;
	size_t n = 0;

	for (const char *p = s; p && *p; p++)
		n += *p == sep;
	v = bp_alloc_array(a, n + 1, sizeof(*v));
	for (n = 0; s && *s;) {
		const char *end = strchr(s, sep);

		v[n++] = end ? bp_strndup(a, s, (size_t)(end - s)) : s;
		s = end ? end + 1 : NULL;
	}
	return (struct bp_list){v, n};
}
